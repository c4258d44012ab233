// See terminal.hpp.

#include "terminal.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "tenure/quantity/limits.hpp"

namespace tenure::program {
namespace {

/// Whatever a message quotes, it must not move the cursor or colour the screen.
[[nodiscard]] std::string harmless(std::string_view text) {
  std::string result;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) result += fmt::format("\\x{:02x}", byte);
    else result += character;
  }
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

void report(const std::string& file, const std::string& severity, const std::vector<Problem>& problems) {
  const std::size_t shown = std::min(problems.size(), limits::problems_shown);
  const std::string name = file == "-" ? "standard input" : file;
  for (std::size_t k = 0; k < shown; ++k) {
    const std::string line = fmt::format("{}: {}: {}", place_in(name, problems[k].location), severity, describe(problems[k]));
    fmt::print(stderr, "{}\n", harmless(line));
  }
  if (problems.size() > shown) fmt::print(stderr, "… and {} more\n", problems.size() - shown);
}

ProgressBar::ProgressBar(bool quiet) : wanted_{!quiet && ::isatty(STDERR_FILENO) != 0}, start_{std::chrono::steady_clock::now()} {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::show(double share) {
  if (!wanted_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds{1}) return;
  constexpr int width = 40;
  const int filled = std::clamp(static_cast<int>(share * width), 0, width);
  fmt::print(stderr, "\r[{:=<{}}{:<{}}] {:3.0f} %", "", filled, "", width - filled, share * 100);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace tenure::program
