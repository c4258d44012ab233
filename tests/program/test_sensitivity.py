#!/usr/bin/env python3
"""`tenure sensitivity`: what it writes keeps to the schema, agrees with compare, and what cannot be asked is refused."""

from program_runner import BAD_INPUT, BAD_USAGE, DEALERSHIP, ProgramTest, main, model

MODEL = model([("owner", "servicing", 100, "satisfaction = 0.5"), ("lost", "lost", 0)], [("owner", "lost", 0.1)], """
[[arrivals]]
state = "owner"
count = 100
[[lever]]
name = "gift"
kind = "development"
while_in = ["owner"]
[[lever.effect]]
state = "owner"
limit = 120
half_spend = 5
[[scenario]]
name = "nothing"
[[scenario]]
name = "gifts"
spend = { gift = 5 }
[[scenario]]
name = "budget"
budget = 2000
split = { gift = 1.0 }
""", '"infinite"', "discount_rate = 0.1")


class Sensitivity(ProgramTest):
    def test_examples_keep_to_the_schema_and_agree_with_compare(self):
        compared = self.document("compare", DEALERSHIP)
        equity = {scenario["name"]: scenario["customer_equity"] for scenario in compared["scenarios"]}
        first, second = list(equity)[:2]
        found = self.document("sensitivity", DEALERSHIP, "--scenario", second, "--versus", first)
        self.assertAlmostEqual(found["customer_equity"] / equity[second], 1, places=9)
        self.assertAlmostEqual(found["versus_customer_equity"] / equity[first], 1, places=9)
        swings = [abs(n["at_high"] - n["at_low"]) for n in found["numbers"] if n["at_low"] is not None is not n["at_high"]]
        self.assertGreater(swings[0], 0)
        self.assertTrue(any(point["worth_of_a_point"] for point in found["waveline"]))

    def test_derivative_of_a_simple_customer(self):
        found = self.document("sensitivity", "-", stdin=MODEL)
        by_name = {number["number"]: number for number in found["numbers"]}
        churn = by_name["transition owner -> lost"]
        self.assertAlmostEqual(churn["derivative"], -100 * 110 / 0.04, delta=1e-4)
        self.assertAlmostEqual(churn["elasticity"], -0.5)
        self.assertIsNone(churn["flips"])
        self.assertIsNone(found["versus"])
        self.assertIsNone(found["over_time"])

    def test_break_even(self):
        name = "lever gift, state owner, limit"
        found = self.document("sensitivity", "-", "--scenario", "gifts", "--versus", "nothing", "--break-even", name, stdin=MODEL)
        by_name = {number["number"]: number for number in found["numbers"]}
        self.assertAlmostEqual(by_name[name]["break_even"]["value"], 110, places=6)
        self.assertTrue(by_name[name]["flips"])
        page = self.done("sensitivity", "-", "--scenario", "gifts", "--versus", "nothing", "--break-even", name, stdin=MODEL)
        self.assertIn("tie at 110", page.text)
        self.assertIn("flips", page.text)
        self.assertIn("█", page.text)

    def test_scenarios_with_a_budget_hold_their_levels(self):
        found = self.document("sensitivity", "-", "--scenario", "budget", stdin=MODEL)
        spend = [number for number in found["numbers"] if number["number"] == "spend on gift"]
        self.assertEqual(len(spend), 1)
        self.assertAlmostEqual(spend[0]["value"] * 550, 2000, places=4)

    def test_csv_has_a_line_a_number(self):
        lines = self.done("sensitivity", "-", "--format", "csv", stdin=MODEL).rows
        self.assertEqual(len(lines), len(self.document("sensitivity", "-", stdin=MODEL)["numbers"]))
        self.assertEqual(float(lines[0]["value"]), self.document("sensitivity", "-", stdin=MODEL)["numbers"][0]["value"])

    def test_refusals(self):
        self.assert_refused(BAD_INPUT, "gifts", "sensitivity", "-", "--scenario", "gift", stdin=MODEL)
        self.assert_refused(BAD_USAGE, "--versus", "sensitivity", "-", "--break-even", "spend on gift", stdin=MODEL)


if __name__ == "__main__":
    main()
