// Names: which are admissible, which was probably meant, and how they are quoted.

#include <string>
#include <string_view>
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

TEST_CASE("Names: not empty, no controls") {
  CHECK(name_refusal("") == "a name must not be empty");
  CHECK(name_refusal("   ") == "a name must not be empty");
  for (const std::string name : {"a\tb", "a\nb", "\x1b[31m", "a\x7f", "\u0080", "\u009f"}) {
    CHECK(name_refusal(name) == "a name must not contain control characters");
  }
  CHECK_FALSE(name_refusal("\u00a0x").has_value());  // the first after the controls
}

TEST_CASE("Names: folded by ASCII alone") {
  CHECK(folded_name("  Owner ") == "owner");
  CHECK(folded_name("\tO wner") == "o wner");
  CHECK(folded_name(" ").empty());
  CHECK(folded_name("").empty());
  CHECK(folded_name("@AZ[`az{") == "@az[`az{");  // the neighbours of the letters
  CHECK(folded_name("CAF\u00c9\u00a0") == "caf\u00c9\u00a0");
}

TEST_CASE("Names: rules that know more than ASCII say what hides") {
  const NameRules rules{.hides = [](std::string_view text) { return text.find('~') != std::string_view::npos; }};
  CHECK(name_refusal("a~b", rules) == "a name must not contain invisible or text-direction characters");
  CHECK_FALSE(name_refusal("ab", rules).has_value());
  CHECK_FALSE(is_plain("a~b", rules));
  CHECK_FALSE(is_plain("a\tb", rules));
  CHECK(is_plain("ab", rules));
}

TEST_CASE("Names: bytes that are no UTF-8 are none") {
  for (const std::string name : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"})
    CHECK(name_refusal(name) == "a name must be UTF-8");
}

TEST_CASE("Names: the number that a text was meant to be") {
  for (const auto& [text, meant] : std::vector<std::pair<std::string, std::string>>{{"3M", "3000000"},
                                                                                    {"3,000,000", "3000000"},
                                                                                    {"3.000.000", "3000000"},
                                                                                    {"3,000", "3000"},
                                                                                    {"1,5", "1.5"},
                                                                                    {"1.000,5", "1000.5"},
                                                                                    {"1,000.5", "1000.5"},
                                                                                    {"-2 500", "-2500"},
                                                                                    {"12'345'678.25", "12345678.25"},
                                                                                    {"5%", "0.05"},
                                                                                    {"2.5 million", "2500000"},
                                                                                    {"$ 20", "20"},
                                                                                    {"20€", "20"},
                                                                                    {"+7", "7"},
                                                                                    {".5", "0.5"},
                                                                                    {"5.", "5"},
                                                                                    {"1e6", "1000000"},
                                                                                    {"1e20", "1e+20"},
                                                                                    {"4 k", "4000"}}) {
    INFO(text);
    CHECK(number_meant(text) == meant);
  }
  for (const std::string text : {"", "M", "nan", "inf", "1e999", "5 years", "1,2,3", "1,00,000", "3,000,00", "1.2.3",
                                 "--5", "owner", "3,000.000,5"}) {
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
