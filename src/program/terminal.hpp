#pragma once
// What the program says beside its results, on standard error: problems, warnings, progress.

#include <chrono>
#include <string>
#include <vector>

#include "tenure/io/table.hpp"
#include "tenure/quantity/error.hpp"

namespace tenure::program {

/// Colours for standard output: where that is a terminal, and NO_COLOR is not set.
[[nodiscard]] Colour colour_of_output();

/// "FILE:line:column: path: message; hint [code]", one line each, the first twenty of them.
void report(const std::string& file, const std::string& severity, const std::vector<Problem>& problems);

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
