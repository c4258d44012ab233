#pragma once
// Model files, format 1: one TOML document each, described in docs/model-file.md.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/model/model.hpp"

namespace tenure {

/// Where in a file each key of a model stands, by its path, such as "transition[3].probability".
using SourceMap = std::map<std::string, Location>;

/// A model and the places that it was read from.
struct ModelFile {
  Model model;
  SourceMap places{};
};

/// Reads and checks a model. Throws ModelError with every problem of the text, each with its line and column, and
/// LimitError for a text that is too large.
[[nodiscard]] ModelFile parse_model(std::string_view text);

/// Reads, parses and checks a file; "-" is standard input. Throws FileError if it cannot be read.
[[nodiscard]] ModelFile read_model_file(const std::filesystem::path& file);

/// The text of a file that reads to an equal model. Throws ModelError for a model that no file can say: built in
/// C++ with names that no file may have, or with drawn values whose rows come to more than 1.
[[nodiscard]] std::string to_toml(const Model& model);

/// The problems with the line and column of their key, or of the nearest table around it.
[[nodiscard]] std::vector<Problem> located(std::vector<Problem> problems, const SourceMap& places);

}  // namespace tenure
