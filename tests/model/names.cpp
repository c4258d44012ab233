// Names: which are admissible, which was probably meant, and how they are quoted.

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "tenure/model/names.hpp"
#include "tenure/model/number_meant.hpp"

namespace tenure::test::names {

const std::vector<std::string> known{"prospect", "owner", "showroom", "lost"};

TEST_CASE("Names: any script, any emoji, up to 200 bytes") {
  for (const std::string name : {"owner", "Käufer", "所有者", "😀", "a b", "50 %", "-", "'\"\\"}) {
    INFO(name);
    CHECK_FALSE(name_refusal(name).has_value());
  }
  CHECK_FALSE(name_refusal(std::string(200, 'x')).has_value());
  CHECK(name_refusal(std::string(201, 'x')) == "a name of 201 bytes is longer than 200");
}

TEST_CASE("Names: not empty, no controls, nothing that hides or turns text") {
  CHECK(name_refusal("") == "a name must not be empty");
  CHECK(name_refusal("   ") == "a name must not be empty");
  for (const std::string name : {"a\tb", "a\nb", "\x1b[31m", "a\x7f", "\u0080", "\u009f"}) {
    CHECK(name_refusal(name) == "a name must not contain control characters");
  }
  CHECK_FALSE(name_refusal("\u00a0x").has_value());  // the first after the controls
  for (const std::string name :
       {"a\u200b", "\u200e", "\u200f", "x\u202ay", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\u061c"}) {
    CHECK(name_refusal(name) == "a name must not contain invisible or text-direction characters");
  }
}

TEST_CASE("Names: no character that nobody sees, wherever it stands") {
  for (const char32_t hidden : {0xadU, 0x34fU, 0x115fU, 0x1160U, 0x17b5U, 0x180bU, 0x180fU, 0x200bU, 0x200cU, 0x200dU, 0x2028U, 0x206fU, 0x2800U, 0x3164U, 0xfdd0U,
                                0xfdefU, 0xfe00U, 0xfe0eU, 0xfe0fU, 0xffa0U, 0xfff0U, 0xfffbU, 0xfffeU, 0xffffU, 0x1bca3U, 0x1d17aU, 0x2ffffU, 0xe0001U, 0xe007fU,
                                0xe01efU, 0xe0fffU, 0x10fffeU}) {
    std::string character;
    tenure::detail::append_character(character, hidden);
    INFO(static_cast<unsigned>(hidden));
    for (const std::string& name : {character + "ab", "a" + character + "b", "ab" + character}) {
      CHECK(name_refusal(name) == "a name must not contain invisible or text-direction characters");
    }
  }
  for (const char32_t seen : {0xacU, 0xaeU, 0x34eU, 0x350U, 0x1161U, 0x2027U, 0x2070U, 0x3163U, 0xfdcfU, 0xfdf0U, 0xfffcU, 0xfffdU, 0x10000U, 0x10fffdU}) {
    std::string character;
    tenure::detail::append_character(character, seen);
    INFO(static_cast<unsigned>(seen));
    CHECK_FALSE(name_refusal("a" + character + "b").has_value());
  }
}

TEST_CASE("Names: joiners between letters of scripts that join, and within an emoji, nowhere else") {
  for (const std::string name : {"می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "👩🏽\u200d💻", "❤\ufe0f", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "☎\ufe0e"}) {
    INFO(name);
    CHECK_FALSE(name_refusal(name).has_value());
  }
  for (const std::string name : {"a\u200cb", "👩\u200d", "\u200d👩", "a\u200d💻", "م\u200c", "\u200cم", "م\u200c خ", "\u0661\u200c\u0662", "م\u200c\u200cخ", "拥\u200d有",
                                 "a\ufe0f", "1\ufe0f", "1\ufe0e\ufe0f\u20e3"}) {
    INFO(name);
    CHECK(name_refusal(name) == "a name must not contain invisible or text-direction characters");
  }
  CHECK(look_alike_key("می\u200cخواهم") == look_alike_key("میخواهم"));
  CHECK(look_alike_key("❤\ufe0f") == look_alike_key("❤"));
}

TEST_CASE("Names: bytes that are no UTF-8 are none") {
  for (const std::string name : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"}) CHECK(name_refusal(name) == "a name must be UTF-8");
}

TEST_CASE("Names: the number that a text was meant to be") {
  for (const auto& [text, meant] : std::vector<std::pair<std::string, std::string>>{
           {"3M", "3000000"}, {"3,000,000", "3000000"}, {"3.000.000", "3000000"}, {"3,000", "3000"}, {"1,5", "1.5"}, {"1.000,5", "1000.5"},
           {"1,000.5", "1000.5"}, {"-2 500", "-2500"}, {"12'345'678.25", "12345678.25"}, {"5%", "0.05"}, {"2.5 million", "2500000"}, {"$ 20", "20"},
           {"20€", "20"}, {"+7", "7"}, {".5", "0.5"}, {"5.", "5"}, {"1e6", "1000000"}, {"1e20", "1e+20"}, {"4 k", "4000"}}) {
    INFO(text);
    CHECK(number_meant(text) == meant);
  }
  for (const std::string text : {"", "M", "nan", "inf", "1e999", "5 years", "1,2,3", "1,00,000", "3,000,00", "1.2.3", "--5", "owner", "3,000.000,5"}) {
    INFO(text);
    CHECK_FALSE(number_meant(text).has_value());
  }
}

TEST_CASE("Names: the nearest known one, if near enough") {
  CHECK(nearest_name("onwer", known) == "owner");
  CHECK(nearest_name("Owner", known) == "owner");
  CHECK(nearest_name("prospects", known) == "prospect");
  CHECK(nearest_name("show room", known) == "showroom");
  CHECK(nearest_name("lst", known) == "lost");
  CHECK(nearest_name("cafe\u0301", std::vector<std::string>{"cave", "CAF\u00c9"}) == "CAF\u00c9");
  CHECK_FALSE(nearest_name("customer", known).has_value());
  CHECK_FALSE(nearest_name("", known).has_value());
  CHECK_FALSE(nearest_name("x", {}).has_value());
  CHECK_FALSE(nearest_name(std::string(1000, 'o'), known).has_value());
}

TEST_CASE("Names: half of the letters may be wrong, no more") {
  const std::vector<std::string> one{"abcd"};
  CHECK(nearest_name("abxy", one) == "abcd");
  CHECK_FALSE(nearest_name("axyz", one).has_value());
}

TEST_CASE("Names: the first of equally near ones is suggested") {
  const std::vector<std::string> both{"cat", "bat"};
  CHECK(nearest_name("hat", both) == "cat");
}

TEST_CASE("Names: a suggestion, or what is known") {
  CHECK(suggestion("onwer", known) == "did you mean \"owner\"?");
  CHECK(suggestion("xyz", known) == "known are \"prospect\", \"owner\", \"showroom\", \"lost\"");
  CHECK(suggestion("xyz", {}) == "there are none");
  const std::vector<std::string> many{"n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"};
  CHECK(suggestion("other", many) == "known are \"n1\", \"n2\", \"n3\", \"n4\", \"n5\", \"n6\", \"n7\", \"n8\", …");
}

TEST_CASE("Names: quoted with controls escaped, and cut between characters") {
  CHECK(in_quotes("owner") == "\"owner\"");
  CHECK(in_quotes("a\nb\x7f") == "\"a\\x0ab\\x7f\"");
  CHECK(in_quotes(std::string(80, 'x')) == "\"" + std::string(80, 'x') + "\"");
  CHECK(in_quotes(std::string(81, 'x')) == "\"" + std::string(80, 'x') + "…\"");
  const std::string cut = in_quotes(std::string(79, 'x') + "äöü");  // ä would be cut in two
  CHECK(cut == "\"" + std::string(79, 'x') + "…\"");
}

TEST_CASE("Names: places in a list") {
  const NameIndex index{{"b", "a", "b"}};
  CHECK(index.find("b") == 0);
  CHECK(index.find("a") == 1);
  CHECK_FALSE(index.find("c").has_value());
  CHECK(index.contains("a"));
  CHECK_FALSE(index.contains("A"));
  CHECK(index.names().size() == 3);
}

TEST_CASE("Names: numbers in messages read back to the same number") {
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(1e300) == "1e+300");
  CHECK(shortest(0.1 + 0.2) == "0.30000000000000004");
  CHECK(shortest(-0.0) == "-0");
  CHECK(place("transition", 2) == "transition[3]");
}

}  // namespace tenure::test::names
