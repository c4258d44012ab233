#!/usr/bin/env python3
"""Figures that people read: in tables with their doubt and in the unit that was asked for, and warnings where a number
looks like another kind of number.
"""

import re
import unittest

from program_runner import (BAD_INPUT, BAD_USAGE, CASES, DEALERSHIP, DONE, LEVER, MAILING, SHOP, ProgramTest, case,
                            changed)

HUNT = """
[[lever]]
name = "posters"
kind = "acquisition"
spend_per = "period"

[[lever.effect]]
arrivals = "owner"
limit = 2700
half_spend = 5000
"""


class Warnings(ProgramTest):
    def warning_of(self, text):
        answer = self.accepted(text, "value", warnings=1)
        return answer.messages[0]

    def test_a_rate_that_looks_like_percent(self):
        said = self.warning_of(case("discount-in-percent.toml"))
        self.assertIn("model.toml:6:17: warning: model.discount_rate: 8 is 800 % a year; if 8 % was meant, write 0.08"
                      " [discount-rate]", said)

    def test_a_multiple_that_looks_like_a_count(self):
        said = self.warning_of(SHOP.replace("count = 10", "per_period = 1800") + HUNT)
        self.assertIn("lever[1].effect[1].limit: 2700 is a multiple: so many times today's arrivals; if 2700 people a"
                      " year were meant, write 1.5 [multiple]", said)

    def test_growth_that_looks_like_percent(self):
        said = self.warning_of(changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, growth = 3 }"))
        self.assertIn("3 is a growth of 300 % a year; if 3 % was meant, write 0.03 [growth]", said)

    def test_an_sd_that_looks_like_a_share(self):
        said = self.warning_of(changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, varies = { sd = 0.1 } }"))
        self.assertIn("if 10 % of the mean was meant, write 10 [distribution]", said)

    def test_percent_where_a_share_is_wanted_is_refused_with_what_to_write(self):
        lever = changed(LEVER, 'kind = "retention"', 'kind = "retention"\ncarry_over = 60')
        answer = self.run_on(SHOP + lever)
        self.assertEqual(answer.status, BAD_INPUT, answer)
        self.assertIn("for a percentage, divide by 100: 0.6", answer.messages[0])

    def test_no_warning_of_what_cannot_happen(self):
        answer = self.run_program("value", DEALERSHIP)
        self.assertEqual(answer.status, DONE)
        self.assertEqual(answer.messages, [])


class Doubt(ProgramTest):
    def simulated(self, seed):
        return self.run_program("simulate", str(CASES / "default-seed-market.toml"), "--engine", "population", "--seed", seed)

    def test_a_sampled_mean_that_luck_explains_badly_says_so_beside_the_exact_one(self):
        answer = self.simulated("1")
        self.assertEqual(answer.status, DONE, answer)
        line = next(line for line in answer.text.splitlines() if line.startswith("baseline"))
        self.assertEqual(line.split()[1:5], ["2,456,000,000", "2,463,125,251", "-3.4", "2,200,000"])
        self.assertIn("that of “baseline” by 3.4 standard errors", answer.words)
        self.assertNotIn("standard errors", self.simulated("3").text)

    def test_a_law_almost_all_at_0_and_1_has_an_answer_or_is_refused(self):
        answer = self.run_program("sensitivity", str(CASES / "beta-count-tiny.toml"))
        self.assertIn(answer.status, (DONE, BAD_INPUT), answer)


class Units(ProgramTest):
    RUNS = [
        ("value", DEALERSHIP),
        ("compare", DEALERSHIP),
        ("compare", DEALERSHIP, "--simulate", "--replicates", "300"),
        ("simulate", DEALERSHIP, "--replicates", "300"),
        ("sensitivity", DEALERSHIP),
        ("uncertainty", DEALERSHIP, "--draws", "64"),
        ("policy", MAILING),
        ("optimize", DEALERSHIP, "--budget", "1000000"),
    ]

    @staticmethod
    def first_amount(page, unit):
        """The first number before that unit, or in the line of the first scenario."""
        if "engine" in page.split("\n\n")[1]:
            return float(page[page.index("\nbaseline"):].split()[1].replace(",", ""))
        return float(re.search(rf"([0-9][0-9,.]*)\s+{unit}\b", " ".join(page.split()))[1].replace(",", ""))

    def test_all_commands_print_money_in_the_unit_asked_for(self):
        for arguments in self.RUNS:
            with self.subTest(arguments=arguments):
                plain, thousands, millions = (self.run_program(*arguments, *scale) for scale in
                                              ((), ("--scale", "k"), ("--scale", "M")))
                currency = re.search(r"Amounts are in (\w+),", plain.text)[1]
                self.assertIn(f"Amounts are in k {currency},", thousands.text)
                self.assertIn(f"Amounts are in M {currency},", millions.text)
                self.assertNotIn(f"k {currency}", plain.text)
                amount = self.first_amount(plain.text, currency)
                self.assertAlmostEqual(self.first_amount(thousands.text, f"k {currency}") * 1e3, amount,
                                       delta=max(1e3, 0.01 * amount))
                self.assertAlmostEqual(self.first_amount(millions.text, f"M {currency}") * 1e6, amount,
                                       delta=max(1e4, 0.01 * amount))

    def test_other_formats_stay_as_they_are(self):
        for form in ("json", "csv"):
            plain = self.run_program("value", DEALERSHIP, "--format", form)
            scaled = self.run_program("value", DEALERSHIP, "--format", form, "--scale", "k")
            self.assertEqual(plain.out, scaled.out)

    def test_units_that_do_not_exist(self):
        answer = self.run_program("value", DEALERSHIP, "--scale", "m")
        self.assertEqual(answer.status, BAD_USAGE)
        self.assertIn("'m' is neither k nor M", answer.messages[0])

    def test_no_exponent_in_any_table_of_the_dealership(self):
        for arguments in self.RUNS:
            with self.subTest(arguments=arguments):
                page = self.run_program(*arguments).text
                table = "\n".join(line for line in page.splitlines() if not re.search("alike, to|^Proved", line))
                self.assertIsNone(re.search(r"\d[eE][+-]?\d", table), page)
                self.assertIsNone(re.search(r"(?<![\w.,])-0(\.0*)?(?![\d.,])", page), page)

    def test_names_in_a_tornado_have_room(self):
        page = self.run_program("sensitivity", DEALERSHIP).text.splitlines()
        for name in ("transition prospect -> owner", "referral advocate -> referred"):
            self.assertTrue(any(line.startswith(name) for line in page), name)


if __name__ == "__main__":
    unittest.main()
