// Names: which are admissible, which was probably meant, and how they are quoted.

#include <string>
#include <vector>

#include "catch.hpp"
#include "tenure/model/names.hpp"

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
