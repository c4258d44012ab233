// Names by Unicode's tables, those of model files: which look alike, by pairs from the Unicode standard and its
// annexes, and pairs that only seem to be some; which hold what nobody sees; and what a file with such names is told.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/problems.hpp"
#include "tenure/io/model_file.hpp"
#include "tenure/io/unicode.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/model/model.hpp"

namespace tenure::test::unicode {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void require_alike(const Pairs& pairs) {
  for (const auto& [one, other] : pairs) {
    INFO(one << " and " << other);
    CHECK(look_alike_key(one) == look_alike_key(other));
    CHECK(look_alike_key("x " + one + " y") == look_alike_key("x " + other + " y"));
  }
}

void require_different(const Pairs& pairs) {
  for (const auto& [one, other] : pairs) {
    INFO(one << " and " << other);
    CHECK(look_alike_key(one) != look_alike_key(other));
  }
}

TEST_CASE("Look-alikes: capitals and outer blanks") {
  CHECK(look_alike_key("  Owner ") == "owner");
  CHECK(look_alike_key("OWNER") == "owner");
  CHECK(look_alike_key("o wner") == "o wner");
  CHECK(look_alike_key("\tOwner") == "owner");
  CHECK(look_alike_key("\u00a0Owner\u3000\u2003") == "owner");
  CHECK(look_alike_key("o\u00a0wner") != "o wner");
  CHECK(look_alike_key(" ").empty());
  CHECK(look_alike_key("\u00a0\u200b").empty());
  CHECK(look_alike_key("\u00e9 \u200b") == "e\u0301");
  CHECK(look_alike_key("").empty());
  CHECK(look_alike_key("@AZ[`az{") == "@az[`az{");  // the neighbours of the ASCII letters
}

TEST_CASE("Look-alikes: accents written as one character or as two") {
  require_alike({
      {"Caf\u00e9", "Cafe\u0301"},  // é
      {"CAF\u00c9", "cafe\u0301"},
      {"\u00c5", "A\u030a"},             // Å; UAX 15, figure 3
      {"\u212b", "\u00e5"},              // the sign for Ångström
      {"\u2126", "\u03c9"},              // the sign for ohm
      {"\u212a", "k"},                   // the sign for kelvin
      {"\u1e69", "s\u0323\u0307"},       // ṩ, two marks; UAX 15, figure 4
      {"\u1e69", "s\u0307\u0323"},       // below and above, in the other order
      {"\u1e0b\u0323", "\u1e0d\u0307"},  // ḋ and a dot below, ḍ and a dot above; UAX 15, figure 5
      {"\u01d5", "u\u0308\u0304"},       // Ǖ
      {"\u0439", "\u0418\u0306"},        // Cyrillic й
      {"\u0958", "\u0915\u093c"},        // Devanagari qa
      {"\uf900", "\u8c48"},              // an ideograph that was encoded twice
      {"\ufad9", "\u9f8e"},
      {"\U0002f800", "\u4e3d"},
      {"\U0002fa1d", "\U0002a600"},
      {"\U0001d15e", "\U0001d157\U0001d165"},  // a half note, beyond the first plane
  });
  require_different({
      {"e\u0301", "e\u0300"},
      {"e", "e\u0301"},
      {"a\u0308\u0304", "a\u0304\u0308"},  // both above: which is nearer to the letter can be seen
      {"\u0308a", "a\u0308"},              // a mark belongs to what it follows
      {"a\u0308b", "ab\u0308"},
      {"\uff21", "A"},  // wide and narrow forms can be told apart
  });
}

TEST_CASE("Look-alikes: of many marks, those of one class keep their order") {
  std::string mixed = "a";
  std::string above;
  std::string below;
  for (int i = 0; i < 20; ++i) {
    const std::string next = i % 3 == 0 ? "\u0301" : "\u0300";
    mixed += next + "\u0323";
    above += next;
    below += "\u0323";
  }
  CHECK(look_alike_key(mixed) == "a" + below + above);
}

TEST_CASE("Look-alikes: letters whose capitals are several, or look otherwise") {
  require_alike({
      {"Stra\u00dfe", "STRASSE"},  // sharp s
      {"stra\u1e9ee", "strasse"},  // and its capital
      {"\u03c3", "\u03c2"},        // sigma within and at the end of a word
      {"\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3", "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2"},  // Sisyphus
      {"\ufb03", "FFI"},                                                                             // a ligature
      {"\u01c4", "\u01c6"},                                                                          // DŽ and dž
      {"\u01c5", "\u01c6"},                                                                          // Dž and dž
      {"\u0149", "\u02bcN"},                                                                         // ŉ
      {"\u0390", "\u03b9\u0308\u0301"},  // iota with dialytika and tonos
      {"\u1fb3", "\u0391\u0399"},        // alpha with an iota below, alpha and iota
      {"\u1fb4", "\u03b1\u0345\u0301"},  // its marks in either order
      {"\u1fb4", "\u03b1\u0301\u0345"},
      {"\u1f88", "\u1f00\u03b9"},
      {"\u13a0", "\uab70"},          // Cherokee, whose small letters are the younger ones
      {"\u10d0", "\u1c90"},          // Georgian
      {"\U00010400", "\U00010428"},  // Deseret
      {"\U0001e921", "\U0001e943"},  // Adlam, the last of its capitals
  });
  require_different({{"s", "\u00df"}, {"\u0391", "A"}, {"\u0421", "C"}});  // Greek and Cyrillic are not Latin
}

TEST_CASE("Look-alikes: Turkish letters are folded as in all other languages") {
  CHECK(look_alike_key("I") == "i");
  require_alike({{"\u0130", "i\u0307"}, {"\u0130", "I\u0307"}});
  require_different({{"\u0130", "i"}, {"\u0130", "I"}, {"\u0131", "i"}, {"\u0131", "I"}, {"\u0130", "\u0131"}});
}

TEST_CASE("Look-alikes: Korean syllables and the letters they consist of") {
  require_alike({
      {"\uac00", "\u1100\u1161"},
      {"\uac01", "\u1100\u1161\u11a8"},
      {"\uac01", "\uac00\u11a8"},
      {"\ud4db", "\u1111\u1171\u11b6"},  // the example of the standard, section 3.12
      {"\ud7a3", "\u1112\u1175\u11c2"},  // the last one
  });
  CHECK(look_alike_key("\ud7a4") == "\ud7a4");
  require_different({{"\uac00", "\uac01"}, {"\uac00", "\u3131\u314f"}});
}

TEST_CASE("Look-alikes: what has neither capitals nor accents stays as it is") {
  for (const std::string name : {"owner", "50 %", "\u6240\u6709\u8005", "\U0001f600", "\U0001f44d\U0001f3fd", "\u2764",
                                 "\U0001f468\U0001f469\U0001f467", "\ufa0e", "\ufffd", "\U0010fffd"}) {
    INFO(name);
    CHECK(look_alike_key(name) == name);
  }
}

TEST_CASE("Look-alikes: what nobody sees makes no difference") {
  require_alike({
      {"\u2764\ufe0f", "\u2764"},
      {"\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\U0001f469\U0001f467"},
      {"ow\u00adner", "owner"},
      {"\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u062e"},
      {"\uffff\U0010ffffowner", "owner"},
  });
}

TEST_CASE("Look-alikes: bytes that are no UTF-8 stay as they are") {
  for (const std::string bytes : {"\x80", "\xff", "\xc3", "a\xc3(", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    CHECK(look_alike_key(bytes) == bytes);
  }
  CHECK(look_alike_key("A\xff\xc3\x89") == "a\xff\xc3\x89");
}

[[nodiscard]] std::string utf8(char32_t code_point) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (code_point < 0x80) return {byte(code_point)};
  std::string text;
  char32_t left = code_point;
  char32_t in_first = 0x20;  // what the first byte has no room for
  for (char32_t mark = 0xc0;; mark = 0x80 | mark >> 1, in_first >>= 1) {
    text.insert(text.begin(), byte(0x80 | (left & 0x3f)));
    left >>= 6;
    if (left < in_first) return byte(mark | left) + text;
  }
}

[[nodiscard]] std::optional<std::string> refusal(const std::string& name) {
  return name_refusal(name, unicode_rules());
}

TEST_CASE("Unicode: nothing that hides or turns text") {
  for (const std::string name :
       {"a\u200b", "\u200e", "\u200f", "x\u202ay", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\u061c"}) {
    CHECK(refusal(name) == "a name must not contain invisible or text-direction characters");
  }
}

TEST_CASE("Unicode: no character that nobody sees, wherever it stands") {
  for (const char32_t hidden :
       {0xadU,   0x34fU,  0x115fU,  0x1160U,  0x17b5U,  0x180bU,  0x180fU,  0x200bU,  0x200cU,  0x200dU,  0x2028U,
        0x206fU, 0x2800U, 0x3164U,  0xfdd0U,  0xfdefU,  0xfe00U,  0xfe0eU,  0xfe0fU,  0xffa0U,  0xfff0U,  0xfffbU,
        0xfffeU, 0xffffU, 0x1bca3U, 0x1d17aU, 0x2ffffU, 0xe0001U, 0xe007fU, 0xe01efU, 0xe0fffU, 0x10fffeU}) {
    const std::string character = utf8(hidden);
    INFO(static_cast<unsigned>(hidden));
    for (const std::string& name : {character + "ab", "a" + character + "b", "ab" + character}) {
      CHECK(refusal(name) == "a name must not contain invisible or text-direction characters");
    }
  }
  for (const char32_t seen : {0xacU, 0xaeU, 0x34eU, 0x350U, 0x1161U, 0x2027U, 0x2070U, 0x3163U, 0xfdcfU, 0xfdf0U,
                              0xfffcU, 0xfffdU, 0x10000U, 0x10fffdU}) {
    const std::string character = utf8(seen);
    INFO(static_cast<unsigned>(seen));
    CHECK_FALSE(refusal("a" + character + "b").has_value());
  }
}

TEST_CASE("Unicode: joiners between letters of scripts that join, and within an emoji, nowhere else") {
  for (const std::string name : {"می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "👩🏽\u200d💻", "❤\ufe0f",
                                 "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "☎\ufe0e"}) {
    INFO(name);
    CHECK_FALSE(refusal(name).has_value());
  }
  for (const std::string name :
       {"a\u200cb", "👩\u200d", "\u200d👩", "a\u200d💻", "م\u200c", "\u200cم", "م\u200c خ", "\u0661\u200c\u0662",
        "م\u200c\u200cخ", "拥\u200d有", "a\ufe0f", "1\ufe0f", "1\ufe0e\ufe0f\u20e3"}) {
    INFO(name);
    CHECK(refusal(name) == "a name must not contain invisible or text-direction characters");
  }
  CHECK(look_alike_key("می\u200cخواهم") == look_alike_key("میخواهم"));
  CHECK(look_alike_key("❤\ufe0f") == look_alike_key("❤"));
}

TEST_CASE("Unicode: what is read as one") {
  const auto parts_of = [](const std::string& text) {
    std::vector<std::string> parts;
    for (const SeenCharacter& character : characters_of(text)) {
      if (!character.continues) parts.emplace_back();
      parts.back() += character.bytes;
    }
    return parts;
  };
  const std::vector<std::string> parts{"a",
                                       "e\u0301",
                                       "\U0001f469\u200d\U0001f469\u200d\U0001f467",  // a family
                                       "\U0001f44d\U0001f3fd",                        // a thumb with a tone of skin
                                       "\U0001f1e9\U0001f1ea",                        // two flags
                                       "\U0001f1eb\U0001f1f7",
                                       "1\ufe0f\u20e3",
                                       "\u1112\u1161\u11ab",
                                       "\xff",
                                       "\xc3",
                                       "\u62e5"};
  std::string text;
  for (const std::string& part : parts) text += part;
  CHECK(parts_of(text) == parts);
  CHECK(parts_of("").empty());
}

TEST_CASE("Unicode: the nearest name is looked for among what looks alike") {
  CHECK(nearest_name("cafe\u0301", std::vector<std::string>{"cave", "CAF\u00c9"}, unicode_rules()) == "CAF\u00c9");
}

/// Two states of these names, and an arrival in a state of this name.
[[nodiscard]] std::string file_with(const std::string& first, const std::string& second, const std::string& arrives) {
  return "format = 1\n[model]\nname = \"b\"\nperiod = \"month\"\nhorizon = 3\n[[state]]\nname = \"" + first +
         "\"\nstage = \"servicing\"\n[[state]]\nname = \"" + second + "\"\nstage = \"lost\"\n[[arrivals]]\nstate = \"" +
         arrives + "\"\ncount = 1\n";
}

TEST_CASE("Unicode: a file is told which of its names look alike, hide something, or were meant") {
  const auto told = [](const std::string& file) { return problems_of<ModelError>([&] { return parse_model(file); }); };
  CHECK(says(
      told(file_with("perd\u00fa", "PERDU\u0301", "perd\u00fa")), "duplicate-name",
      "state[2].name: \"PERDU\u0301\" and \"perd\u00fa\" differ only in capitals, blanks or the way their accents are "
      "written; give each a name of its own"));
  CHECK(says(told(file_with("owner", "\\u202egnp.exe", "owner")), "name",
             "a name must not contain invisible or text-direction characters"));
  CHECK(says(told(file_with("cave", "CAF\u00c9", "cafe\u0301")), "unknown-state", "did you mean \"CAF\u00c9\"?"));
  CHECK(parse_model(file_with("caf\u00e9", "cafe", "cafe")).model.states().size() == 2);
}

TEST_CASE("Unicode: a model in C++ may have names that no file may, and cannot be written as one") {
  const auto with = [](const std::string& first, const std::string& second) {
    return ModelBuilder{"M", Period::month, Horizon{1}}.state(first, Stage::lost).state(second, Stage::lost).build();
  };
  const Model alike = with("caf\u00e9", "CAFE\u0301");
  CHECK(check(alike.draft()).errors.empty());
  CHECK(codes_of(check(alike.draft(), unicode_rules()).errors) == std::vector<std::string>{"duplicate-name"});
  CHECK(codes_of(problems_of<ModelError>([&] { return to_toml(alike); })) ==
        std::vector<std::string>{"duplicate-name"});
  CHECK(codes_of(problems_of<ModelError>([&] { return to_toml(with("a", "b\u200b")); })) ==
        std::vector<std::string>{"name"});
}

}  // namespace tenure::test::unicode
