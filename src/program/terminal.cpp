// See terminal.hpp.

#include "terminal.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "tenure/io/unicode.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::program {
namespace {

[[nodiscard]] std::string escaped(std::string_view character) {
  std::string result;
  for (const char byte : character) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return result;
}

[[nodiscard]] std::string place_in(const std::string& file, const Location& location) {
  if (location.line == 0) return file;
  return fmt::format("{}:{}:{}", file, location.line, location.column);
}

constexpr std::size_t longest_line = 400;  // characters
constexpr std::size_t end_of_line = 120;   // of a line that is cut: its hint and its code
constexpr std::size_t longest_name = 200;  // of a file

/// At most so many characters of a text, so many of them from its end.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most, std::size_t from_end) {
  const std::vector<SeenCharacter> characters = characters_of(text);
  if (characters.size() <= most) return std::string{text};
  const std::string_view last = characters[characters.size() - from_end].bytes;
  const std::string_view first_left_out = characters[most - from_end - 1].bytes;
  return std::string{text.data(), first_left_out.data()} + "…" + std::string{last.data(), text.data() + text.size()};
}

}  // namespace

Colour colour_of_output() {
  const char* no_colour = std::getenv("NO_COLOR");
  const bool refused = no_colour && *no_colour != '\0';
  return !refused && ::isatty(STDOUT_FILENO) ? Colour::ansi : Colour::none;
}

std::string harmless(std::string_view text) {
  std::string result;
  for (const SeenCharacter& character : characters_of(text)) {
    const std::string_view bytes = character.bytes;
    const bool moves = detail::contains_control_character(bytes) && bytes != "\t";
    result += moves || character.hides || !character.valid ? escaped(bytes) : std::string{bytes};
  }
  return result;
}

void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

void say_line(std::string_view text) {
  constexpr std::size_t enough = 8 * longest_line;  // bytes of either end; a text may be a file's worth of them
  const std::string ends = text.size() <= 2 * enough
                               ? std::string{text}
                               : std::string{text.substr(0, enough)} + std::string{text.substr(text.size() - enough)};
  say(shortened(harmless(ends), longest_line, end_of_line) + "\n");
}

void report(const std::string& file, const std::string& severity, const std::vector<Problem>& problems) {
  const std::size_t shown = std::min(problems.size(), limits::problems_shown);
  const std::string name = file == "-" ? "standard input" : shortened(harmless(file), longest_name, longest_name / 2);
  for (std::size_t k = 0; k < shown; ++k) {
    Problem problem = problems[k];
    if (problem.path == (file == "-" ? name : file)) problem.path.clear();  // it is said already
    say_line(fmt::format("{}: {}: {}", place_in(name, problem.location), severity, describe(problem)));
  }
  if (problems.size() > shown) say_line(fmt::format("… and {} more", problems.size() - shown));
}

namespace {
volatile std::sig_atomic_t was_interrupted = 0;
constexpr int interruptions[]{SIGINT, SIGTERM, SIGHUP};
}  // namespace

void heed_interruptions() {
  struct sigaction asks {};
  ::sigemptyset(&asks.sa_mask);
  asks.sa_handler = [](int) {  // whatever waits for input must see it, so nothing is restarted
    was_interrupted = 1;
    for (const int signal : interruptions) std::signal(signal, SIG_DFL);
  };
  for (const int signal : interruptions) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    const bool is_ignored = signal == SIGHUP && before.sa_handler == SIG_IGN;  // as nohup has it
    if (!is_ignored) ::sigaction(signal, &asks, nullptr);
  }
}

bool interrupted() { return was_interrupted != 0; }

ProgressBar::ProgressBar(bool quiet)
    : wanted_{!quiet && ::isatty(STDERR_FILENO) != 0}, start_{std::chrono::steady_clock::now()} {}

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
