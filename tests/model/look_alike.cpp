// Names that look alike: pairs from the Unicode standard and its annexes, and pairs that only seem to be some.

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "tenure/model/look_alike.hpp"

namespace tenure::test::look_alike {

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
  for (const std::string name :
       {"owner", "50 %", "\u6240\u6709\u8005", "\U0001f600", "\U0001f44d\U0001f3fd", "\u2764",
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
  CHECK(look_alike_key("A\xff\xc3\x89") ==
        "a\xff"
        "e\xcc\x81");
}

}  // namespace tenure::test::look_alike
