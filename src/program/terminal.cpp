// See terminal.hpp.

#include "terminal.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "tenure/model/names.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::program {
namespace {

/// The first character of a text: its bytes as far as they belong together.
[[nodiscard]] std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && length < 4 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) ++length;
  return text.substr(0, static_cast<unsigned char>(text.front()) < 0x80 ? 1 : length);
}

[[nodiscard]] std::string escaped(std::string_view character) {
  std::string result;
  for (const char byte : character) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return result;
}

[[nodiscard]] std::string place_in(const std::string& file, const Location& location) {
  if (location.line == 0) return file;
  return fmt::format("{}:{}:{}", file, location.line, location.column);
}

}  // namespace

Colour colour_of_output() {
  const char* no_colour = std::getenv("NO_COLOR");
  const bool refused = no_colour && *no_colour != '\0';
  return !refused && ::isatty(STDOUT_FILENO) ? Colour::ansi : Colour::none;
}

std::string harmless(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    const bool moves = detail::contains_control_character(character) && character != "\t";
    const bool misleads = moves || detail::contains_direction_control(character);
    result += misleads ? escaped(character) : std::string{character};
    text.remove_prefix(character.size());
  }
  return result;
}

void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

void report(const std::string& file, const std::string& severity, const std::vector<Problem>& problems) {
  const std::size_t shown = std::min(problems.size(), limits::problems_shown);
  const std::string name = file == "-" ? "standard input" : file;
  for (std::size_t k = 0; k < shown; ++k) {
    Problem problem = problems[k];
    if (problem.path == name) problem.path.clear();  // it is said already
    const std::string line = fmt::format("{}: {}: {}", place_in(name, problem.location), severity, describe(problem));
    say(harmless(line) + "\n");
  }
  if (problems.size() > shown) say(fmt::format("… and {} more\n", problems.size() - shown));
}

namespace {
volatile std::sig_atomic_t was_interrupted = 0;
}  // namespace

void heed_interruptions() {
  std::signal(SIGINT, [](int) {
    was_interrupted = 1;
    std::signal(SIGINT, SIG_DFL);
  });
}

bool interrupted() { return was_interrupted != 0; }

ProgressBar::ProgressBar(bool quiet) : wanted_{!quiet && ::isatty(STDERR_FILENO) != 0}, start_{std::chrono::steady_clock::now()} {}

ProgressBar::~ProgressBar() {
  if (shown_) say("\r\x1b[K");
}

void ProgressBar::show(double share) {
  if (!wanted_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds{1}) return;
  constexpr int width = 40;
  const int filled = std::clamp(static_cast<int>(share * width), 0, width);
  say(fmt::format("\r[{:=<{}}{:<{}}] {:3.0f} %", "", filled, "", width - filled, share * 100));
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace tenure::program
