#pragma once
// What each command does: from options to the text of its result.

#include <string>

#include "options.hpp"
#include "tenure/io/model_file.hpp"

namespace tenure::program {

/// Runs a command on a model that has been read. Throws tenure's errors.
[[nodiscard]] std::string run(const Options& options, const ModelFile& file);

}  // namespace tenure::program
