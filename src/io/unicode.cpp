// See unicode.hpp.

#include "tenure/io/unicode.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <new>

#include <utf8proc.h>

#include "tenure/model/detail/characters.hpp"

namespace tenure {

namespace {

struct CodePointRange {
  char32_t first;
  char32_t last;
};

template <std::size_t size>
[[nodiscard]] bool lies_in(const CodePointRange (&ranges)[size], char32_t code_point) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const CodePointRange& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

[[nodiscard]] const utf8proc_property_t& properties_of(char32_t code_point) {
  return *utf8proc_get_property(static_cast<utf8proc_int32_t>(code_point));
}

[[nodiscard]] utf8proc_category_t category_of(char32_t code_point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code_point));
}

/// What utf8proc does not know to be invisible: code points that Unicode keeps for ignorable characters and never are
/// any (DerivedCoreProperties.txt and PropList.txt), and what has no ink though it is a symbol: annotations, the blank
/// Braille pattern, the note without a head.
constexpr CodePointRange also_invisible[]{{0x2065, 0x2065}, {0x2800, 0x2800},   {0xfdd0, 0xfdef},
                                          {0xfff0, 0xfffb}, {0x1d159, 0x1d159}, {0xe0000, 0xe0fff}};

[[nodiscard]] bool is_invisible(char32_t code_point) {
  if (code_point < 0x80) return false;
  const utf8proc_category_t category = category_of(code_point);
  const bool no_character = (code_point & 0xfffe) == 0xfffe;  // the last two of each plane
  return properties_of(code_point).ignorable || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
         no_character || lies_in(also_invisible, code_point);
}

/// Scripts in which a joiner can be seen, by Unicode's Blocks.txt, since utf8proc knows no scripts: Arabic and its kin,
/// those of India and of lands around it, Mongolian.
constexpr CodePointRange joining_scripts[]{
    {0x600, 0x8ff},   {0x900, 0xdff},     {0xf00, 0x109f},    {0x1700, 0x18af},  {0x1900, 0x1aff}, {0x1b00, 0x1cff},
    {0xa800, 0xa8ff}, {0xa930, 0xa9ff},   {0xaa00, 0xaa7f},   {0xabc0, 0xabff},  {0xfb50, 0xfdcf}, {0xfdf0, 0xfdff},
    {0xfe70, 0xfefe}, {0x10ac0, 0x10aff}, {0x11000, 0x11fff}, {0x1e900, 0x1e95f}};

/// Their letters and the marks on them; digits and stops join with nothing.
[[nodiscard]] bool joins(char32_t code_point) {
  const utf8proc_category_t category = category_of(code_point);
  const bool is_letter_or_mark = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
  return is_letter_or_mark && lies_in(joining_scripts, code_point) && !is_invisible(code_point);
}

/// Whether it may be shown as an emoji.
[[nodiscard]] bool is_picture(char32_t code_point) {
  return properties_of(code_point).boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

constexpr char32_t non_joiner = 0x200c;
constexpr char32_t joiner = 0x200d;
constexpr char32_t as_text = 0xfe0e;
constexpr char32_t as_emoji = 0xfe0f;
constexpr char32_t keycap = 0x20e3;

/// Whether a character hides between these two; there are none before the first and behind the last.
[[nodiscard]] bool hides(const SeenCharacter& character, const SeenCharacter& before, const SeenCharacter& after) {
  const char32_t code_point = character.code_point;
  if (!character.valid || !is_invisible(code_point)) return false;
  const bool ties_pictures = after.continues && is_picture(after.code_point);
  if (code_point == joiner && ties_pictures) return false;
  if (code_point == joiner || code_point == non_joiner) return !(joins(before.code_point) && joins(after.code_point));
  if (code_point != as_text && code_point != as_emoji) return true;
  const char32_t key = before.code_point;
  const bool on_a_key = key == '#' || key == '*' || (key >= '0' && key <= '9');
  return !is_picture(key) && !(on_a_key && after.code_point == keycap);
}

/// The text without what nobody sees, and without blanks around it.
[[nodiscard]] std::string seen_part(std::string_view text) {
  std::string seen;
  std::size_t end = 0;  // behind the last that is no blank
  for (std::size_t bytes = 0; !text.empty(); text.remove_prefix(bytes)) {
    const detail::Character next = detail::first_character(text);
    bytes = next.bytes;
    const bool is_blank = detail::is_blank(next.code_point);
    const bool stands_before = is_blank && seen.empty();
    if (stands_before || is_invisible(next.code_point)) continue;
    seen += text.substr(0, bytes);
    if (!is_blank) end = seen.size();
  }
  return seen.substr(0, end);
}

/// By utf8proc, which fails with text in UTF-8 only where there is no memory.
[[nodiscard]] std::string mapped(const std::string& text, int options) {
  utf8proc_uint8_t* bytes = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &bytes, static_cast<utf8proc_option_t>(options));
  if (size < 0) throw std::bad_alloc{};
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{bytes, &std::free};
  return {bytes, bytes + size};
}

[[nodiscard]] bool contains_hidden_character(std::string_view text) {
  if (detail::is_ascii(text)) return false;
  const std::vector<SeenCharacter> characters = characters_of(text);
  return std::any_of(characters.begin(), characters.end(), [](const SeenCharacter& c) { return c.hides; });
}

}  // namespace

namespace detail {

bool is_blank(char32_t code_point) { return code_point == '\t' || category_of(code_point) == UTF8PROC_CATEGORY_ZS; }

}  // namespace detail

std::vector<SeenCharacter> characters_of(std::string_view text) {
  std::vector<SeenCharacter> characters;
  characters.reserve(text.size());
  utf8proc_int32_t state = 0;  // of the search for what continues
  while (!text.empty()) {
    const detail::Character next = detail::first_character(text);
    SeenCharacter character{text.substr(0, next.bytes), next.code_point, next.valid};
    const bool follows = next.valid && !characters.empty() && characters.back().valid;
    if (follows) {
      character.continues =
          !utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(characters.back().code_point),
                                            static_cast<utf8proc_int32_t>(next.code_point), &state);
    } else {
      state = 0;
    }
    characters.push_back(character);
    text.remove_prefix(next.bytes);
  }
  for (std::size_t i = 0; i < characters.size(); ++i) {
    characters[i].hides = hides(characters[i], i == 0 ? SeenCharacter{} : characters[i - 1],
                                i + 1 == characters.size() ? SeenCharacter{} : characters[i + 1]);
  }
  return characters;
}

std::string look_alike_key(std::string_view name) {
  if (detail::is_ascii(name) || !detail::is_utf8(name)) return folded_name(name);
  // Apart first, so that an iota below (U+0345), which folds to a letter, is in its place before it does.
  const std::string apart = mapped(seen_part(name), UTF8PROC_DECOMPOSE);
  return mapped(apart, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
}

NameRules unicode_rules() { return {contains_hidden_character, look_alike_key}; }

}  // namespace tenure
