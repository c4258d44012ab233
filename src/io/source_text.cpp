// See source_text.hpp. The scan of dots and brackets follows TOML's lexical rules for strings and comments, so that
// text inside quotes counts for nothing.

#include "source_text.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "tenure/model/detail/characters.hpp"
#include "tenure/model/names.hpp"
#include "tenure/model/number_meant.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"

namespace tenure::detail {
namespace {

[[nodiscard]] Location location_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  const auto column = static_cast<std::size_t>(
                          std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(), is_start)) +
                      1;
  return {line, column};
}

[[noreturn]] void refuse(std::string code, std::string message, std::string hint, Location location = {}) {
  throw ModelError{{{std::move(code), "", std::move(message), std::move(hint), location}}};
}

void refuse_other_encodings(std::string_view text) {
  const auto starts = [&](std::string_view mark) { return text.substr(0, mark.size()) == mark; };
  const bool wide = text.size() >= 2 && (text[0] == '\0' || text[1] == '\0');
  if (starts("\xff\xfe") || starts("\xfe\xff") || wide) {
    refuse("encoding", "this is not UTF-8 but looks like UTF-16, from byte 0 on", "save the file as UTF-8", {1, 1});
  }
}

/// Bytes are counted from the beginning of the file, before which `skipped` of them stand.
void refuse_bad_bytes(std::string_view text, std::size_t skipped) {
  const auto number = [&](std::size_t at) { return std::to_string(skipped + at); };
  for (std::size_t at = 0; at < text.size();) {
    const Character character = first_character(text.substr(at));
    if (!character.valid) {
      refuse("encoding", "byte " + number(at) + " is not valid UTF-8", "save the file as UTF-8", location_of(text, at));
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) {
      refuse("line-end", "a carriage return stands alone at byte " + number(at),
             "end lines with a line feed, with or without a carriage return before it", location_of(text, at));
    }
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f) {
      refuse("control-character", "byte " + number(at) + " is a control character", "remove it", location_of(text, at));
    }
    at += character.bytes;
  }
}

/// Walks over a text outside of strings and comments, counting the dots of keys and the depth of brackets.
class ShapeScan {
 public:
  explicit ShapeScan(std::string_view text) : text_{text} {
    while (at_ < text_.size()) step();
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return skip_string(c);
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    if (std::string_view{",=[]{}\n"}.find(c) != std::string_view::npos) dots_ = 0;
    if (c == '.' && ++dots_ > limits::dots_in_a_key) {
      refuse("dotted-key", "a key has more than " + std::to_string(limits::dots_in_a_key) + " dots",
             "keys of a model file have a few parts at most", location_of(text_, at_));
    }
    if ((c == '[' || c == '{') && ++depth_ > limits::nesting_depth) {
      refuse("nesting", "arrays and tables are nested more than " + std::to_string(limits::nesting_depth) + " deep",
             "a model file needs a few levels at most", location_of(text_, at_));
    }
    if ((c == ']' || c == '}') && depth_ > 0) --depth_;
    ++at_;
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool multi_line = text_.substr(at_, 3) == three;
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        at_ += 2;
      } else if (multi_line ? text_.substr(at_, 3) == three : text_[at_] == quote || text_[at_] == '\n') {
        at_ += multi_line ? 3 : 1;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t dots_ = 0;
  std::size_t depth_ = 0;
};

[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return lines;
}

[[nodiscard]] std::string_view without_blanks_before(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

[[nodiscard]] bool is_header(std::string_view line) { return without_blanks_before(line).starts_with('['); }

/// Whether a line gives a key, as `key = …`, or as the header of a table or of one of many.
[[nodiscard]] bool gives(std::string_view line, std::string_view key) {
  line = without_blanks_before(line);
  const bool header = line.starts_with('[');
  while (line.starts_with('[')) line = without_blanks_before(line.substr(1));
  if (!line.starts_with(key)) return false;
  return without_blanks_before(line.substr(key.size())).starts_with(header ? ']' : '=');
}

[[nodiscard]] std::string_view without_blanks(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r");
  return end == std::string_view::npos ? std::string_view{} : without_blanks_before(text.substr(0, end + 1));
}

[[nodiscard]] bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

/// How to write a number that TOML cannot read as it stands; nothing where it could, or where it is none.
[[nodiscard]] std::string slip_in_number(std::string_view value) {
  const bool can_be_read = whole_number_text(value) && !value.starts_with('.') && !value.ends_with('.');
  const auto meant = can_be_read ? std::nullopt : number_meant(value);
  return meant ? "write " + *meant + ", a number without separators and signs" : "";
}

/// What a value was meant to be that TOML cannot read, if it is one of the usual slips.
[[nodiscard]] std::string slip_in_value(std::string_view key, std::string_view value) {
  if (value.empty()) return "a value is missing";
  if (starts_with_any(value, {"\u201c", "\u201d", "\u201e", "\u2018", "\u2019", "\u201a", "\u00ab", "\u00bb"})) {
    return "write straight quotation marks, \" or '";
  }
  const bool is_quoted = value.starts_with('"') || value.starts_with('\'');
  if (is_quoted)
    return value.find(value.front(), 1) == std::string_view::npos ? "its closing quotation mark is missing" : "";
  value = without_blanks(value.substr(0, value.find('#')));
  if (const std::string slip = slip_in_number(value); !slip.empty()) return slip;
  for (const std::string_view word : {"yes", "Yes", "no", "No", "on", "off", "True", "False", "TRUE", "FALSE"}) {
    if (value == word) return "write true or false";
  }
  const bool is_text = !whole_number_text(value) && value.find_first_of("[]{}=\"',") == std::string_view::npos;
  if (!is_text) return "";
  return "a text stands in quotation marks: " + std::string{key.substr(0, 40)} + " = " + in_quotes(value.substr(0, 40));
}

}  // namespace

std::string slip_at(std::string_view text, std::size_t line) {
  const std::string general =
      "mend the TOML text there: texts, and names with blanks, stand in quotation marks; numbers have no separators";
  const std::vector<std::string_view> lines = lines_of(text);
  if (line < 1 || line > lines.size()) return general;
  const std::string_view wrong = without_blanks(lines[line - 1]);
  const std::size_t equals = wrong.find('=');
  if (equals == std::string_view::npos) {
    const bool has_colon = wrong.find(':') != std::string_view::npos && !is_header(wrong) && !wrong.starts_with('#');
    return has_colon ? "write key = value, with an equals sign" : general;
  }
  const std::string_view key = without_blanks(wrong.substr(0, equals));
  std::string_view value = without_blanks(wrong.substr(equals + 1));
  if (value.starts_with('{')) {  // of the entries within, one with a number in other words tells itself
    value = without_blanks(value.substr(value.rfind('=') == std::string_view::npos ? 1 : value.rfind('=') + 1));
    value = without_blanks(value.substr(0, value.find('}')));
    const std::string slip = slip_in_number(value);
    return slip.empty() ? general : slip;
  }
  const std::string slip = slip_in_value(key, value);
  return slip.empty() ? general : slip;
}

std::optional<std::size_t> first_line_of(std::string_view key, std::size_t later, std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (key.empty() || later < 1 || later > lines.size()) return std::nullopt;
  const bool header = is_header(lines[later - 1]);
  for (std::size_t line = later - 1; line >= 1; --line) {
    if (gives(lines[line - 1], key)) return line;
    if (!header && is_header(lines[line - 1])) break;  // another table begins
  }
  const std::string_view same = lines[later - 1];
  const std::size_t once = same.find(key);
  const bool twice = once != std::string_view::npos && same.find(key, once + key.size()) != std::string_view::npos;
  return twice ? std::optional{later} : std::nullopt;
}

std::string_view admissible_text(std::string_view text) {
  if (text.size() > limits::file_bytes) {
    throw LimitError{{{"file-size",
                       "",
                       "the model file has more than " + std::to_string(limits::file_bytes >> 20) + " MiB",
                       "a model of that size is better built in C++",
                       {}}}};
  }
  refuse_other_encodings(text);
  const std::size_t mark = text.substr(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
  text.remove_prefix(mark);
  refuse_bad_bytes(text, mark);
  const ShapeScan scan{text};
  return text;
}

}  // namespace tenure::detail
