#pragma once
// Texts by the tables of Unicode, which libutf8proc brings along and the floors below do without: which characters a
// reader sees, which share a place on the screen, and which names look alike.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tenure/model/names.hpp"

namespace tenure {

/// A character of a text, and what becomes of it where it stands.
struct SeenCharacter {
  std::string_view bytes;
  char32_t code_point = 0;  ///< 0 where the bytes are no UTF-8
  bool valid = false;
  bool continues = false;  ///< belongs to the one before: an accent, what a joiner ties, the second letter of a flag
  bool hides = false;      ///< cannot be seen, or turns the reading direction
};

/// The characters of a text, one after the other, bytes that are no UTF-8 each by itself.
///
/// What hides: what Unicode lets a screen leave out (Default_Ignorable_Code_Point), separators of lines, annotations,
/// tags, blank letters, and code points that never are characters. Two kinds of them are at home in writing, and do not
/// hide there: joiners between letters of scripts that join, and what holds an emoji together.
[[nodiscard]] std::vector<SeenCharacter> characters_of(std::string_view text);

/// What two names have in common if a person would take one for the other: they differ only in outer blanks, in
/// capitals, in characters that nobody sees, or in the way their accents are written down ("é" is one character or
/// two). Canonical caseless matching, Unicode standard, section 3.13, D145. Of bytes that are no UTF-8 only ASCII is
/// folded.
[[nodiscard]] std::string look_alike_key(std::string_view name);

/// What model files are judged by: check(draft, unicode_rules()) finds what a file with this model would be refused
/// for.
[[nodiscard]] NameRules unicode_rules();

namespace detail {

/// A blank of any width.
[[nodiscard]] bool is_blank(char32_t code_point);

}  // namespace detail

}  // namespace tenure
