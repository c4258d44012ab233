// Tables for people: exact pages of small results, alignment whatever the script, and nothing that a terminal obeys.

#include "tenure/decide/compare.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "results.hpp"

using namespace tenure;
using tenure::test::characters_in;
using tenure::test::lines_of;
using tenure::test::said;
using tenure::test::shop;
using tenure::test::timed;

namespace {

std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      plain += text[i];
  }
  return plain;
}

std::string line_with(const std::string& page, const std::string& part) {
  for (const std::string& line : lines_of(page)) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "";
}

/// Of a page that writes no wide characters but Chinese ones and emoji, and no combining mark but the acute accent.
std::size_t cells_in(const std::string& text) {
  std::size_t cells = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || (byte >= 0xc3 && byte != 0xcc && byte < 0xe4)) ++cells;
    if (byte >= 0xe4) cells += 2;
  }
  return cells;
}

bool has(const std::string& page, const std::string& part) { return page.find(part) != std::string::npos; }

/// A valuation of one person by state, with these values.
Valuation worth(const std::vector<double>& values) {
  ModelBuilder states{"Values", Period::year, Horizon{1}};
  ScenarioValue valued;
  valued.scenario.name = "baseline";
  for (std::size_t i = 0; i < values.size(); ++i) {
    states.state("s" + std::to_string(i), Stage::servicing);
    valued.value.states.push_back({.clv = values[i], .clv_sd = 0, .expected_periods_as_customer = 0});
  }
  return {states.build(), 1, {valued}};
}

/// How the value of state 0 is written beside the others.
std::string written(const std::vector<double>& values) {
  const std::string line = line_with(table(worth(values)), " s0 ");
  const std::size_t first = line.find_first_not_of(' ', line.find(" s0 ") + 4);
  return line.substr(first, line.find("  ", first) - first);
}

}  // namespace

TEST_CASE("the page of a comparison") {
  CHECK(table(compare(shop().build())) == R"(Shop: scenarios compared
Over 2 months, not discounted. Amounts are in EUR, as worth today.

“write” is best: it is worth 7 EUR more than “baseline”, the reference. That takes an additional
investment of 13 EUR, which this figure has paid for already, and returns 53.8 %: each EUR comes
back and brings 0.54 more. It pays back in month 1, 1 month in.

                         customer              value                             cost per
                           equity  investment  added          payback            acquired  retained
   scenario                   EUR         EUR    EUR  return    after  acquired       EUR   a month
───────────────────────────────────────────────────────────────────────────────────────────────────
   baseline (reference)       240           0      –       –        –         4         –    50.0 %
★  write                      247          13      7  53.8 %      1 m         4         –    62.5 %
★ highest customer equity. Value added, return and payback are measured against “baseline”.

What is spent

                                           level  investment
lever    spend level is          scenario    EUR         EUR
────────────────────────────────────────────────────────────
letters  per customer and month  write         2          13

Value added over “baseline”, EUR

write  ████████████████████████████████████████████  7

Notes

write: By hand
)");
}

TEST_CASE("the page of a valuation") {
  CHECK(table(value(shop().build())) == R"(Shop: what customers are worth
Over 2 months, not discounted. Amounts are in EUR, as worth today.

Scenario “baseline”

Customer equity                    240 EUR
Investment, already deducted       0 EUR
Customers acquired                 4
Cost of acquiring each             –
Customers retained each month      50.0 %
Give or take, chance among people  40 EUR

What one person is worth

                      is worth  ± sd  months as
stage      begins as       EUR   EUR   customer
───────────────────────────────────────────────
servicing  guest            60    20       1.50
lost       gone              0     0       0.00

Who comes, and what they bring

                              worth       all
                      people   each  together
who comes        as of today    EUR       EUR
─────────────────────────────────────────────
door                       4     60       240
customer equity                           240

How it goes on

customers             █▅  from 4 to 2
discounted cash flow  █▅  from 160 to 80

Scenario “write”
By hand

Customer equity                    247 EUR
Investment, already deducted       13 EUR
Customers acquired                 4
Cost of acquiring each             –
Customers retained each month      62.5 %
Give or take, chance among people  36.79 EUR

                                 level  investment
lever    spend level is            EUR         EUR
──────────────────────────────────────────────────
letters  per customer and month      2          13

What one person is worth

                      is worth   ± sd  months as
stage      begins as       EUR    EUR   customer
────────────────────────────────────────────────
servicing  guest         61.75  18.40       1.62
lost       gone           0.00   0.00       0.00

Who comes, and what they bring

                              worth       all
                      people   each  together
who comes        as of today    EUR       EUR
─────────────────────────────────────────────
door                       4  61.75       247
customer equity                           247

How it goes on

customers             █▅  from 4.00 to 2.50
discounted cash flow  █▅  from 152 to 95
)");
}

TEST_CASE("the page of a model") {
  CHECK(table(shop().build()) == R"(Shop
Time moves in months. The model looks 2 months ahead. Money later counts as much as money today. A
state's cash flow falls at the start of its month. Amounts are in EUR.

States, and how people move

                  money a                      money of
                    month            chance a  the move
stage      state      EUR  moves to     month       EUR
────────────────────────────────────────────────────────────────────────────────────
servicing  guest       40  gone           0.5
                           (stays)        0.5            left over
lost       gone         0                                final: whoever enters stays

Who comes

  door: 4 once, in month 0, as guest

Levers

  letters: retention, spent per customer and month in guest
    moves the transition guest → gone from 0.5 towards 0.25; half way at 2 EUR per customer and
      month

Scenarios

  baseline (reference): nothing is spent
  write: 2 EUR per customer and month on letters. By hand

There are no warnings.
)");
}

TEST_CASE("columns stay aligned whatever the script") {
  const Comparison comparison = said(timed(Period::month, 12), {{"now", 123456, 0},
                                                                {"顧客 farm", 2345678, 10000, 222.2, 3},
                                                                {"e\u0301te\u0301", -3456, 10, {}, {}},
                                                                {"🚗 car", 1, 0, {}, 0}});
  std::vector<std::size_t> widths;
  bool in_table = false;
  for (const std::string& line : lines_of(table(comparison))) {
    if (line.starts_with("★ highest")) break;
    const bool goes_on_with_a_name = cells_in(line) < 50;
    if (in_table && !goes_on_with_a_name) widths.push_back(cells_in(line));
    if (line.starts_with("───")) in_table = true;
  }
  CHECK(widths == std::vector<std::size_t>(4, widths.front()));
}

TEST_CASE("what is read as one takes two cells at most") {
  const auto page = [](const std::string& name, const std::string& stand_in) {
    std::string text =
        table(said(timed(Period::month, 12), {{"now", 123456, 0}, {name + " farm", 2345678, 10000, 222.2, 3}}));
    for (std::size_t i = 0; (i = text.find(name, i)) != std::string::npos; i += stand_in.size()) {
      text.replace(i, name.size(), stand_in);
    }
    return text;
  };
  for (const std::string wide :
       {"\u6240", "\U0001f697", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd",
        "\U0001f1e9\U0001f1ea", "\u2764\ufe0f", "1\ufe0f\u20e3", "\u1112\u1161\u11ab", "\u0915\u093e", "\U00020000"}) {
    INFO(wide);
    CHECK(page(wide, "xx") == page("xx", "xx"));
  }
  for (const std::string narrow :
       {"\u00e9", "e\u0323\u0301", "\u0e01\u0e35", "\u0915\u094d", "\u05d0", "\u2764", "\ufffd"}) {
    INFO(narrow);
    CHECK(page(narrow, "x") == page("x", "x"));
  }
}

TEST_CASE("amounts are rounded by the largest of their column") {
  CHECK(written({12345678.9}) == "12,345,679");
  CHECK(written({1234.5}) == "1,234.50");
  CHECK(written({0.75, 20000.0}) == "1");
  CHECK(written({12, 3}) == "12");
  CHECK(written({0.0123, 0.5}) == "0.012");
  CHECK(written({0.012345}) == "0.0123");
  CHECK(written({-0.0001, 20000}) == "0");
  CHECK(written({-1234567}) == "-1,234,567");
  CHECK(written({123456789012, 3}) == "123,456,789,012");
  CHECK(written({2.5e12}) == "2,500");  // of 10^9
  CHECK(written({2.5e90}).starts_with("2,500"));
  CHECK(written({1e-40}) == "1.000e-40");
  CHECK(written({0}) == "0");
}

TEST_CASE("amounts of more than twelve digits have a unit that the page names") {
  CHECK_FALSE(has(table(worth({999'999'999'999})), "billions"));
  CHECK(has(table(worth({1e12})), "Amounts are in billions, as worth today."));
  CHECK(has(line_with(table(worth({1e12})), " s0 "), " 1,000 "));
  CHECK(has(table(worth({2.5e15})), "Amounts are in trillions"));
  CHECK(has(table(worth({2.5e90})), "Amounts are in 10^87"));
  const std::string page = table(said(timed(Period::month, 24), {{"now", 3e13, 0}, {"then", 1e13, 0}}));
  CHECK(has(page, "bn USD"));
  CHECK(has(line_with(page, "★  now"), "30,000"));
  CHECK(has(line_with(page, "   then"), "10,000"));
}

/// The shop with all money so many times as much.
ModelBuilder shop_times(double factor, const std::string& currency) {
  ModelBuilder builder{"Shop", Period::month, Horizon{2}};
  builder.currency(currency)
      .state("guest", Stage::servicing, {.cash_flow = 40 * factor})
      .state("gone", Stage::lost)
      .transition("guest", "gone", 0.5)
      .arrivals("guest", once(4), {.name = "door"})
      .lever({.name = "letters",
              .while_in = {"guest"},
              .effects = {moves_transition("guest", "gone").towards(0.25).half_spend(2 * factor)}})
      .scenario("baseline", {})
      .scenario("write", {{"letters", 2.0 * factor}}, "By hand");
  return builder;
}

TEST_CASE("a page in thousands is that of a thousandth of the money") {
  const auto same = [](const auto& large, const auto& small, MoneyScale scale) {
    CHECK(table(large, Colour::none, scale) == table(small));
  };
  const Model model = shop_times(1, "k EUR").build();
  const Model thousandfold = shop_times(1000, "EUR").build();
  same(value(thousandfold), value(model), MoneyScale::thousands);
  same(compare(thousandfold), compare(model), MoneyScale::thousands);
  same(value(shop_times(1e6, "EUR").build()), value(shop_times(1, "M EUR").build()), MoneyScale::millions);
  same(compare(shop_times(1e6, "").build()), compare(shop_times(1, "millions").build()), MoneyScale::millions);
  const std::string page = table(compare(thousandfold), Colour::none, MoneyScale::thousands);
  CHECK(has(page, "it is worth 7 k EUR more"));
  CHECK(table(compare(thousandfold)) != page);
}

TEST_CASE("no page of a value shows more digits than its quadrature error allows, and says the error") {
  Comparison comparison =
      said(timed(Period::month, 24), {{"now", 28839970.3, 0}, {"then", 28954321.9, 51234.5, 1.232, 3}});
  for (ComparedScenario& compared : comparison.scenarios) {
    compared.valued.quadrature_error = 6e-4;
    compared.valued.value.states = {{.clv = 808.5912, .clv_sd = 1760.11}, {.clv = 0, .clv_sd = 0}};
    compared.valued.value.business->channels = {{1, 28839970.3, 28839970.3}};
  }
  const std::string page = table(comparison);
  CHECK(has(page, "28,840,000"));
  CHECK(has(page, "28,950,000"));
  CHECK(has(page, "it is worth 110,000 USD more"));
  CHECK(has(page, "51,230"));  // an investment is known to within a share of itself
  CHECK(has(page, "120 %"));   // ± 19 %
  CHECK(has(page, "0.06 %"));
  CHECK_FALSE(has(page, "28,839"));
  CHECK_FALSE(has(page, "114,3"));
  Valuation valuation{comparison.model, 1, {comparison.scenarios.front().valued}};
  const std::string values = table(valuation);
  CHECK(has(line_with(values, "Customer equity"), "28,840,000 USD"));
  CHECK(has(line_with(values, "Give or take, quadrature error"), "20,000 USD (0.06 %)"));
  CHECK(has(line_with(values, " guest"), "808.6 "));
  CHECK(has(line_with(values, " guest"), "1,760"));
  valuation.scenarios.front().quadrature_error = 0;
  CHECK(has(table(valuation), "28,839,970 USD"));
  CHECK_FALSE(has(table(valuation), "quadrature error"));
}

/// A simulation of one scenario.
Simulation sampled(double mean, double standard_error, double exact_mean) {
  SimulatedScenario one{.mean = {mean, standard_error}, .exact_mean = exact_mean, .standard_deviation = 216503318};
  one.scenario.name = "now";
  for (const double share : reported_quantiles) one.quantiles.push_back({share, {2034224990, 2030000000, 2040000000}});
  one.histogram = {{1, 2}, {1}, {10000}};
  return {
      .model = timed(Period::month, 24), .engine = SimulationEngine::population, .count = 10000, .scenarios = {one}};
}

TEST_CASE("sampled figures show the digits that their standard error allows") {
  const std::string line = line_with(table(sampled(2455781106, 2165033, 2456781106)), "now ");
  CHECK(has(line, " 2,456,000,000 "));
  CHECK(has(line, " 2,200,000 "));  // the error itself
  CHECK(has(line, " 2,456,781,106 "));
  CHECK(has(line, " 217,000,000 "));  // ± 1.5 million
  CHECK(has(line, " 2,034,000,000 "));
  CHECK_FALSE(has(line, "2,455,781"));
}

TEST_CASE("a sampled mean that luck explains badly says so beside the exact one") {
  const std::string far = table(sampled(2455781106, 2165033, 2463125251));
  CHECK(has(line_with(far, "now "), " -3.4 "));
  CHECK(has(far, "explains well: that of “now” by"));
  const std::string near = table(sampled(2457781106, 2165033, 2463125251));
  CHECK_FALSE(has(near, "standard errors"));
  Simulation coarse = sampled(2455781106, 2165033, 2463125251);
  coarse.scenarios.front().quadrature_error = 1e-3;  // of the exact mean
  CHECK_FALSE(has(table(coarse), "standard errors"));
}

TEST_CASE("numbers end in one column, negative ones too") {
  const std::string page = table(worth({-1234567, 89, 1000000}));
  const auto end_of = [&](const std::string& figure) {
    return line_with(page, " " + figure + " ").find(figure + " ") + figure.size();
  };
  CHECK(end_of("-1,234,567") == end_of("89"));
  CHECK(end_of("1,000,000") == end_of("89"));
}

TEST_CASE("who is best, who pays back and who never does") {
  const std::string page =
      table(said(timed(Period::month, 24),
                 {{"now", 500, 0}, {"a", 600, 50, 2.0, 14}, {"b", 600, 60, 1.6, 0}, {"c", 400, 10, -10.0, {}}}));
  CHECK(has(line_with(page, "★  a "), "1 y 2 m"));
  CHECK(has(line_with(page, "★  b "), "at once"));
  CHECK(has(line_with(page, "   c "), "never"));
  CHECK(line_with(page, "now (reference)").find("–") != std::string::npos);
  CHECK(has(page, "never: not within 24 months (2 years)."));
}

TEST_CASE("bars grow to both sides of the axis") {
  const std::string page =
      table(said(timed(Period::month, 24), {{"now", 100, 0}, {"up", 400, 0}, {"down", 0, 0}, {"same", 100, 0}}));
  const std::string from_axis = page.substr(page.find("Value added over"));
  CHECK(has(from_axis, "up               │█████████████████████████████████   300"));
  CHECK(has(from_axis, "down  ███████████│                                   -100"));
  CHECK(has(from_axis, "same             │                                      0"));
}

TEST_CASE("no bars where nothing differs") {
  CHECK_FALSE(has(table(said(timed(Period::month, 24), {{"now", 100, 0}, {"same", 100, 0}})), "Value added over"));
}

TEST_CASE("long names are broken, not cut, and the page keeps its width") {
  const std::string name = "a scenario whose name goes on and on, as names sometimes do when nobody stops them at all";
  const std::string page = table(said(timed(Period::month, 24), {{"now", 1e8, 0}, {name, 2e8, 1e7, 9.0, 3}}));
  for (const std::string& line : lines_of(page)) CHECK(characters_in(line) <= 100);
  for (const char* word : {"a scenario", "goes on", "sometimes", "stops"}) CHECK(has(page, word));
}

TEST_CASE("no colour without being asked, and the same text with it") {
  const auto check = [](const auto& result) {
    const std::string plain = table(result);
    const std::string coloured = table(result, Colour::ansi);
    CHECK_FALSE(has(plain, "\x1b"));
    CHECK(has(coloured, "\x1b[1m"));
    CHECK(without_escapes(coloured) == plain);
    for (const std::string& line : lines_of(coloured)) {
      const bool ends_as_it_began = !has(line, "\x1b") || line.ends_with("\x1b[0m");
      CHECK(ends_as_it_began);
    }
  };
  check(value(shop().build()));
  check(compare(shop().build()));
  check(shop().build());
  CHECK(line_with(table(compare(shop().build()), Colour::ansi), "★  write").starts_with("\x1b[32m★"));
}

TEST_CASE("names cannot play tricks on a terminal") {
  const std::string page =
      table(said(timed(Period::month, 24), {{"now", 1, 0}, {"\x1b[31mred\x07 \xc2\x9b \u202eback caf\xe9 \n", 2, 0}}));
  CHECK(has(page, R"(\x1b[31mred\x07 \x9b \u202eback caf\xe9 \x0a)"));
  CHECK(has(table(said(timed(Period::month, 24), {{"ow\u200bner", 1, 0}, {"tag\U000e0041", 2, 0}})), R"(ow\u200bner)"));
  CHECK(
      has(table(said(timed(Period::month, 24), {{"ow\u200bner", 1, 0}, {"tag\U000e0041", 2, 0}})), R"(tag\U000e0041)"));
}

TEST_CASE("a model in which nobody arrives") {
  const std::string page = table(worth({5}));
  CHECK(has(page, "Nobody arrives in this model"));
  CHECK_FALSE(has(page, "Who comes"));
  CHECK(has(line_with(page, " s0 "), "–") == false);
}

TEST_CASE("an infinite horizon") {
  const Model model = ModelBuilder{"Ever", Period::year, infinite_horizon, annual_rate(0.25)}
                          .state("guest", Stage::advocacy, {.cash_flow = 1})
                          .state("gone", Stage::lost)
                          .transition("guest", "gone", 0.25)
                          .arrivals("guest", per_period(1))
                          .referral("guest", "guest", 0.01)
                          .build();
  const std::string page = table(value(model));
  CHECK(has(page, "For ever, discounted at 25 % a year. Amounts are what they are worth today."));
  CHECK(has(page, "referrals"));
  CHECK_FALSE(has(page, "How it goes on"));
  CHECK(has(line_with(page, "Customers acquired"), "–"));
  CHECK(has(table(model), "The model looks for ever."));
}

TEST_CASE("everything that a model can say has its words") {
  Number price{35};
  price.varies = Distribution{DistributionKind::gamma, StandardDeviation{12}};
  price.growth = 0.02;
  Number leaving{0.1};
  leaving.uncertain = Distribution{DistributionKind::uniform, Range{0.05, 0.15}};
  const Model model =
      ModelBuilder{"Everything", Period::month, Horizon{38}, annual_rate(0.06)}
          .currency("EUR")
          .cash_flow_timing(CashFlowTiming::middle)
          .state("prospect", Stage::acquisition, {.cash_flow = -15})
          .state("owner", Stage::servicing,
                 {.cash_flow = price, .satisfaction = 0.5, .dwell = NegativeBinomialDwell{54, 14}})
          .state("lapsed", Stage::dormant)
          .state("lost", Stage::lost)
          .transition("prospect", "owner", 0.06, {.cash_flow = 2400})
          .transition("prospect", "lost", 0.2)
          .transition("owner", "lapsed", leaving)
          .transition("owner", "lost", rest)
          .transition("lapsed", "owner", scheduled({0.08, 0.07}))
          .referral("owner", "prospect", 0.02)
          .arrivals("prospect", per_period(1500, 0.05), {.name = "web"})
          .arrivals("owner", once(800), {.name = "today"})
          .arrivals("prospect", by_schedule({150, 0, 0, 150}), {.name = "fair", .from = 4})
          .segment({"devoted", 0.65})
          .segment({"others", 0.35, {{"owner", "lapsed", Probability{0.15}}}})
          .calendar("prospect", "owner", {0.5, 2})
          .environment({{"calm", "war"}, "calm", {{1, 0}, {1, 0}}, {{"war", MarketMovesArrivals{"web", 0.8}}}})
          .lever({.name = "lounge",
                  .label = "The lounge",
                  .kind = LeverKind::development,
                  .while_in = {"owner", "lapsed"},
                  .from = 2,
                  .until = 20,
                  .carry_over = 0.3,
                  .segments = {"devoted"},
                  .effects = {moves_cash_flow("owner").towards(45).half_spend(15).hill(2),
                              moves_referral("owner", "prospect").towards(0.05).table({{0, 0}, {10, 0.3}, {50, 1}}),
                              moves_arrivals("web").towards(1.5).half_spend(3), moves_dwell("owner").towards(0.5)}})
          .scenario("some", {{"lounge", 20.0}})
          .budget("pot", 1e6, {{"lounge", 1.0}})
          .build();
  std::string page;
  for (const std::string& line : lines_of(table(model)))
    page += line.substr(std::min(line.size(), line.find_first_not_of(' '))) + " ";
  for (const char* words : {"The model looks 38 months (3 years and 2 months) ahead. Money is discounted at 6 % a "
                            "year, a factor of 0.995156 a month.",
                            "A state's cash flow falls at the middle of its month. Amounts are in EUR.",
                            "sum of these      0.26",
                            "(stays)           0.74            left over",
                            "lasts 54 months",
                            "uncertain, ±0.0289",
                            "takes the rest",
                            "web: 1,500 every month, growing 5 % a year, as prospect",
                            "today: 800 once, in month 0, as owner",
                            "fair: 300 in all by a schedule of 4 months, as prospect, from month 4 on",
                            "owner brings 0.02 people a month as prospect",
                            "devoted: 65 % of those who come",
                            "others: 35 % of those who come; 1 transition of its own, 0 cash flows of its own",
                            "prospect → owner: odds times 0.5, 2, over and over",
                            "is calm and war; begins as calm; 1 effect",
                            "The lounge (“lounge”): development, spent per customer and month in owner and lapsed, "
                            "segments devoted only, from "
                            "month 2 to month 19; 30 % of the effect carries over from month to month",
                            "moves the cash flow of owner from 35 EUR towards 45 EUR; half way at 15 EUR per customer "
                            "and month (S-shaped, hill "
                            "of steepness 2)",
                            "moves the referrals owner → prospect from 0.02 towards 0.05; 30 % of the way at 10 and "
                            "100 % of the way at 50 EUR "
                            "per customer and month",
                            "moves the arrivals web from 1 × towards 1.5 ×; half way at 3 EUR per customer and month",
                            "moves how fast people leave owner from 1 × towards 0.5 ×",
                            "baseline: nothing is spent",
                            "some (reference): 20 EUR per customer and month on The lounge",
                            "pot: a budget worth 1,000,000 EUR today: 100 % on The lounge"}) {
    INFO(words << "\n" << page);
    CHECK(has(page, words));
  }
}

TEST_CASE("warnings have their line, their place and their remedy") {
  const Model model = shop().build().with_warnings(
      {{"unreachable", "state[3]", "nobody ever gets to \"x\"", "add a transition", {12, 3}},
       {"odd", "", "odd", "", {}}});
  const std::string page = table(model);
  CHECK(has(page,
            "\nWarnings\n\n  line 12, column 3: state[3]: nobody ever gets to \"x\" [unreachable]\n"
            "      add a transition\n  odd [odd]\n"));
  CHECK_FALSE(has(page, "There are no warnings."));
}

TEST_CASE("large models are cut, and the cut is said") {
  const std::string page = table(worth(std::vector<double>(1000, 1.0)));
  CHECK(has(page, "… and 800 more states; JSON and CSV list them all."));
  CHECK(has(page, " s199 "));
  CHECK_FALSE(has(page, " s200 "));
}
