#pragma once
// Which names look alike: those that differ only in outer blanks, in capitals, in characters that nobody sees, or in the
// way their accents are written down ("é" is one character or two, and nobody can see which). Canonical caseless
// matching, Unicode standard, section 3.13, D145, by tables of our own so that the answer is the same everywhere: the C
// library's depends on the locale.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "tenure/model/characters.hpp"
#include "tenure/model/invisible.hpp"
#include "tenure/model/look_alike_tables.hpp"

namespace tenure {

namespace detail {

/// The last entry of a sorted table that begins at a code point or before it; nothing if there is none.
template <class Entry, std::size_t size>
[[nodiscard]] const Entry* entry_at_or_before(const Entry (&table)[size], char32_t Entry::*start, char32_t code_point) {
  const Entry* after = std::upper_bound(std::begin(table), std::end(table), code_point,
                                        [&](char32_t wanted, const Entry& entry) { return wanted < entry.*start; });
  return after == std::begin(table) ? nullptr : std::prev(after);
}

/// Canonical combining class: 0 for what is no mark.
[[nodiscard]] inline int mark_class(char32_t code_point) {
  const MarkClass* found = entry_at_or_before(mark_classes, &MarkClass::first, code_point);
  return found != nullptr && code_point <= found->last ? found->value : 0;
}

/// Korean syllables come apart by arithmetic: Unicode standard, section 3.12.
inline void append_syllable(std::u32string& key, char32_t syllable) {
  const char32_t place = syllable - 0xac00;
  key += {static_cast<char32_t>(0x1100 + place / 588), static_cast<char32_t>(0x1161 + place % 588 / 28)};
  if (place % 28 != 0) key += static_cast<char32_t>(0x11a7 + place % 28);
}

/// A character taken apart and made small.
inline void append_folded(std::u32string& key, char32_t code_point) {
  if (code_point >= 0xac00 && code_point <= 0xd7a3) {
    append_syllable(key, code_point);
  } else if (code_point >= 0xf900 && code_point - 0xf900 < std::size(ideographs_from_f900)) {
    key += ideographs_from_f900[code_point - 0xf900];
  } else if (code_point >= 0x2f800 && code_point - 0x2f800 < std::size(ideographs_from_2f800)) {
    key += ideographs_from_2f800[code_point - 0x2f800];
  } else if (const auto* range = entry_at_or_before(folded_ranges, &FoldedRange::first, code_point);
             range != nullptr && code_point <= range->last && (code_point - range->first) % range->step == 0) {
    append_folded(key, static_cast<char32_t>(static_cast<int>(code_point) + range->offset));
  } else if (const auto* letter = entry_at_or_before(folded_letters, &FoldedLetter::from, code_point);
             letter != nullptr && letter->from == code_point) {
    append_folded(key, letter->first);
    if (letter->second != 0) append_folded(key, letter->second);
  } else {
    key += code_point;
  }
}

/// Marks in the order of their classes; those of one class stay as they are, because their order can be seen.
inline void order_marks(std::u32string& key) {
  for (auto first = key.begin(); first != key.end();) {
    const auto last = std::find_if(first, key.end(), [](char32_t mark) { return mark_class(mark) == 0; });
    std::stable_sort(first, last, [](char32_t a, char32_t b) { return mark_class(a) < mark_class(b); });
    first = last == key.end() ? last : std::next(last);
  }
}

[[nodiscard]] inline bool is_blank(char32_t code_point) {
  return code_point == ' ' || code_point == '\t' || code_point == 0xa0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200a) || code_point == 0x202f || code_point == 0x205f ||
         code_point == 0x3000;
}

}  // namespace detail

/// What two names have in common if a person would take one for the other. Bytes that are no UTF-8 stay as they are.
[[nodiscard]] inline std::string look_alike_key(std::string_view name) {
  constexpr char32_t first_invalid = 0x110000;  // a byte that is no character, behind all that are
  constexpr char32_t iota_below = 0x345;
  constexpr char32_t iota = 0x3b9;
  std::u32string key;
  while (!name.empty()) {
    const detail::Character next = detail::first_character(name);
    if (next.valid) {
      if (!detail::is_invisible(next.code_point)) detail::append_folded(key, next.code_point);
    } else {
      key += first_invalid + static_cast<unsigned char>(name.front());
    }
    name.remove_prefix(next.bytes);
  }
  detail::order_marks(key);
  std::replace(key.begin(), key.end(), iota_below, iota);  // the one mark that folds to a letter, now in its place

  const auto first = std::find_if_not(key.begin(), key.end(), detail::is_blank);
  const auto last = std::find_if_not(key.rbegin(), std::make_reverse_iterator(first), detail::is_blank).base();
  std::string bytes;
  std::for_each(first, last, [&](char32_t code_point) {
    if (code_point >= first_invalid) {
      bytes += static_cast<char>(static_cast<unsigned char>(code_point - first_invalid));
    } else {
      detail::append_character(bytes, code_point);
    }
  });
  return bytes;
}

}  // namespace tenure
