#pragma once
// What the program says beside its results, on standard error: problems, warnings, progress.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/io/table.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::program {

/// Colours for standard output: where that is a terminal, and NO_COLOR is not set.
[[nodiscard]] Colour colour_of_output();

/// A text that can neither move the cursor, nor colour the screen, nor hide or turn round a part of itself; UTF-8,
/// whatever it was made from.
[[nodiscard]] std::string harmless(std::string_view text);

/// On standard error. Where that takes nothing, as when it is closed, nothing is said.
void say(const std::string& text);

/// One line of at most 400 characters, harmless; what is longer loses its middle.
void say_line(std::string_view text);

/// "FILE:line:column: path: message; hint [code]", one line each, the first twenty of them.
void report(const std::string& file, const std::string& severity, const std::vector<Problem>& problems);

/// From now on the first interruption (Ctrl-C, a hang-up, the end of a session) asks for what is finished; the second
/// ends the program.
void heed_interruptions();
[[nodiscard]] bool interrupted();

/// A bar on standard error, where that is a terminal and the work has lasted for a second.
class ProgressBar {
 public:
  explicit ProgressBar(bool quiet);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();
  void show(double share);

 private:
  bool wanted_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace tenure::program
