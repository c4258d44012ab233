#pragma once
// What a text must be before a parser may see it: UTF-8 without control characters, of bounded size and depth. TOML
// parsers have been brought down by texts that are legal but absurd; these are answered here, in words.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tenure::detail {

/// The text without a byte order mark. Throws ModelError with the place of what is wrong, LimitError if it is too
/// large.
[[nodiscard]] std::string_view admissible_text(std::string_view text);

/// The line in which a key or table stood first that stands again in a later line, as far as lines alone can tell.
[[nodiscard]] std::optional<std::size_t> first_line_of(std::string_view key, std::size_t later, std::string_view text);

/// What to do about a line that is no TOML: the usual slips, such as a text without quotation marks or a number with
/// separators, told by what stands there.
[[nodiscard]] std::string slip_at(std::string_view text, std::size_t line);

}  // namespace tenure::detail
