#pragma once
// What each command does: from options to the text of its result.

#include <string>

#include "options.hpp"
#include "tenure/io/model_file.hpp"

namespace tenure::program {

/// What a command has to say, and whether it did all that was asked.
struct Outcome {
  std::string text{};
  bool complete = true;
};

/// Runs a command on a model that has been read. Throws tenure's errors.
[[nodiscard]] Outcome run(const Options& options, const ModelFile& file);

}  // namespace tenure::program
