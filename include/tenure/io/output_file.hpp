#pragma once
// Writing a result so that a failed run leaves the old file as it was: a temporary file beside the target takes the
// text, is flushed to the disk, and is renamed. What a killed run left of its own is removed by the next that writes
// there.

#include <filesystem>
#include <string_view>

namespace tenure {

/// Replaces a file's content, or writes to a device. Throws FileError if any part of that fails.
void write_output(const std::filesystem::path& file, std::string_view text);

/// Writes to standard output. Throws FileError if not all of it could be written.
void write_standard_output(std::string_view text);

}  // namespace tenure
