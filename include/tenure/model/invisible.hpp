#pragma once
// Characters that nobody sees: those which Unicode lets a screen leave out (Default_Ignorable_Code_Point), separators of
// lines, annotations, tags, blank letters, and code points that never are characters. In a name they would let one pass
// for another. Two kinds of them are at home in writing, and are let be there: joiners between letters of scripts that
// join, and what holds an emoji together.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "tenure/model/characters.hpp"

namespace tenure::detail {

struct CodePointRange {
  char32_t first;
  char32_t last;
};

template <std::size_t size>
[[nodiscard]] bool lies_in(const CodePointRange (&ranges)[size], char32_t code_point) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const CodePointRange& range) { return range.first <= code_point && code_point <= range.last; });
}

inline constexpr char32_t non_joiner = 0x200c;
inline constexpr char32_t joiner = 0x200d;
inline constexpr char32_t as_text = 0xfe0e;
inline constexpr char32_t as_emoji = 0xfe0f;

inline constexpr CodePointRange invisible_characters[]{
    {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x2800, 0x2800},
    {0x3164, 0x3164},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0x1bca0, 0x1bca3}, {0x1d159, 0x1d159}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

[[nodiscard]] inline bool is_invisible(char32_t code_point) {
  const bool no_character = (code_point & 0xfffe) == 0xfffe;  // the last two of each plane
  return no_character || (code_point >= 0xad && lies_in(invisible_characters, code_point));
}

/// Scripts in which a joiner can be seen: Arabic and its kin, those of India and of lands around it, Mongolian.
inline constexpr CodePointRange joining_scripts[]{
    {0x600, 0x8ff},     {0x900, 0xdff},     {0xf00, 0x109f},    {0x1700, 0x18af},   {0x1900, 0x1aff},
    {0x1b00, 0x1cff},   {0xa800, 0xa8ff},   {0xa930, 0xa9ff},   {0xaa00, 0xaa7f},   {0xabc0, 0xabff},
    {0xfb50, 0xfdcf},   {0xfdf0, 0xfdff},   {0xfe70, 0xfefe},   {0x10ac0, 0x10aff}, {0x11000, 0x11fff},
    {0x1e900, 0x1e95f}};

/// Their digits and stops, which join with nothing.
inline constexpr CodePointRange digits_and_stops[]{
    {0x600, 0x61f},   {0x660, 0x66d},   {0x6d4, 0x6d4},   {0x6dd, 0x6de},   {0x6e9, 0x6e9},   {0x6f0, 0x6f9},
    {0x700, 0x70d},   {0x7c0, 0x7c9},   {0x964, 0x96f},   {0x9e6, 0x9ef},   {0xa66, 0xa6f},   {0xae6, 0xaef},
    {0xb66, 0xb6f},   {0xbe6, 0xbef},   {0xc66, 0xc6f},   {0xce6, 0xcef},   {0xd66, 0xd6f},   {0xde6, 0xdef},
    {0xf20, 0xf33},   {0x1040, 0x104f}, {0x17d4, 0x17e9}, {0x1800, 0x180a}, {0x1810, 0x1819}};

[[nodiscard]] inline bool joins(char32_t code_point) {
  return lies_in(joining_scripts, code_point) && !lies_in(digits_and_stops, code_point) && !is_invisible(code_point);
}

/// Symbols that may be shown as a picture, roughly: whole blocks.
inline constexpr CodePointRange pictures[]{
    {0xa9, 0xa9},     {0xae, 0xae},     {0x203c, 0x203c}, {0x2049, 0x2049}, {0x2122, 0x2122},  {0x2139, 0x2139},
    {0x2190, 0x21ff}, {0x2300, 0x23ff}, {0x24c2, 0x24c2}, {0x25a0, 0x27bf}, {0x2900, 0x297f},  {0x2b00, 0x2bff},
    {0x3030, 0x3030}, {0x303d, 0x303d}, {0x3297, 0x3297}, {0x3299, 0x3299}, {0x1f000, 0x1faff}};

[[nodiscard]] inline bool is_picture(char32_t code_point) { return lies_in(pictures, code_point); }

/// Whether a character hides where it stands. `before` is the one before it, not counting what says how to show that.
[[nodiscard]] inline bool hides(char32_t code_point, char32_t before, char32_t after) {
  if (!is_invisible(code_point)) return false;
  const bool between_pictures = is_picture(before) && is_picture(after);
  if (code_point == joiner && between_pictures) return false;
  if (code_point == joiner || code_point == non_joiner) return !(joins(before) && joins(after));
  if (code_point != as_text && code_point != as_emoji) return true;
  const bool keycap = before == '#' || before == '*' || (before >= '0' && before <= '9');
  return !is_picture(before) && !(keycap && after == 0x20e3);
}

/// Walks over a text and calls f(bytes, character, whether it hides) for each of its characters.
template <class Function>
void for_each_character(std::string_view text, Function&& f) {
  char32_t before = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::string_view rest = text.substr(character.bytes);
    const char32_t after = rest.empty() ? 0 : first_character(rest).code_point;
    const bool hidden = character.valid && hides(character.code_point, before, after);
    f(text.substr(0, character.bytes), character, hidden);
    const bool shows = character.code_point != as_text && character.code_point != as_emoji;
    if (shows || !is_picture(before)) before = character.code_point;
    text = rest;
  }
}

}  // namespace tenure::detail
