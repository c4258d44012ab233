#!/usr/bin/env python3
"""`tenure optimize`: what it writes keeps to its schema, `compare` agrees with it, limits are kept, and what means
nothing is refused."""

import pathlib
from program_runner import BAD_INPUT, BAD_USAGE, DEALERSHIP, ProgramTest, case, changed, main

SHORT = pathlib.Path(DEALERSHIP).read_text(encoding="utf-8")
SHORT = changed(SHORT, '"20 years"', '"4 years"').replace("until      = 120", "until      = 24")
BUDGET = 800000


class Optimize(ProgramTest):
    def optimized(self, *options, stdin=SHORT):
        return self.done("optimize", "-", *options, stdin=stdin)

    def plan(self, *options, stdin=SHORT):
        return self.document("optimize", "-", *options, stdin=stdin)

    def test_compare_agrees_with_the_plan(self):
        document = self.plan("--budget", str(BUDGET))
        levels = ", ".join(f'{lever["name"]} = {lever["levels"][0]!r}' for lever in document["levers"])
        text = SHORT + f'\n[[scenario]]\nname = "found"\nspend = {{ {levels} }}\n'
        compared = self.document("compare", "-", stdin=text)["scenarios"]
        found = next(scenario for scenario in compared if scenario["name"] == "found")
        self.assertAlmostEqual(found["customer_equity"] / document["customer_equity"], 1, delta=1e-11)
        self.assertAlmostEqual(found["incremental_value"] / document["incremental_value"], 1, delta=1e-8)
        self.assertAlmostEqual(found["investment"], document["investment"], delta=1e-6)
        for ours, theirs in zip(document["levers"], found["levers"], strict=True):
            self.assertAlmostEqual(ours["spend"], theirs["investment"], delta=1e-6)
        self.assertLessEqual(document["investment"], BUDGET)

    def test_no_split_of_a_fine_grid_is_better(self):
        document = self.plan("--budget", str(BUDGET))
        text = SHORT
        for percent in range(0, 101, 5):
            text += (f'\n[[scenario]]\nname = "{percent} %"\nbudget = {BUDGET}\n'
                     f"split = {{ lounge = {percent / 100}, advertising = {1 - percent / 100} }}\n")
        compared = self.document("compare", "-", stdin=text)["scenarios"]
        best = max(scenario["customer_equity"] for scenario in compared if scenario["name"].endswith("%"))
        self.assertGreaterEqual(document["customer_equity"], best)

    def test_limits(self):
        free = self.plan("--budget", str(BUDGET))
        for option, name in (("--at-most", "lounge"), ("--at-most-kind", "retention")):
            most = free["levers"][0]["spend"] / 2
            limited = self.plan("--budget", str(BUDGET), option, f"{name}={most}")
            self.assertAlmostEqual(limited["levers"][0]["spend"] / most, 1, delta=1e-7)
            self.assertEqual(limited["levers"][0]["standing"], "at most")
            self.assertLess(limited["customer_equity"], free["customer_equity"])

    def test_pieces_and_frontier(self):
        document = self.plan("--budget", str(BUDGET), "--pieces", "2", "--frontier")
        self.assertEqual(document["pieces"], [0, 24])
        self.assertEqual([point["share_retention"] for point in document["frontier"]], [k / 10 for k in range(11)])
        equities = [point["customer_equity"] for point in document["frontier_by_budget"]]
        self.assertEqual(equities, sorted(equities))
        for point in document["frontier"]:
            self.assertLessEqual(point["customer_equity"], document["customer_equity"] * (1 + 1e-12))

    def test_target(self):
        gain = 0.5 * self.plan("--budget", str(BUDGET))["incremental_value"]
        document = self.plan("--target-gain", str(gain))
        self.assertAlmostEqual(document["incremental_value"] / gain, 1, delta=1e-6)
        self.assertLess(document["budget"], BUDGET)
        other = self.plan("--target", str(document["target"]))
        self.assertAlmostEqual(other["budget"] / document["budget"], 1, delta=1e-9)

    def test_same_bytes_for_any_threads(self):
        one = self.optimized("--budget", str(BUDGET), "--threads", "1", "--format", "json").text
        self.assertEqual(self.optimized("--budget", str(BUDGET), "--threads", "3", "--format", "json").text, one)

    def test_csv_and_table(self):
        document = self.plan("--budget", str(BUDGET))
        rows = self.optimized("--budget", str(BUDGET), "--format", "csv").rows
        self.assertEqual([float(row["spend"]) for row in rows], [lever["spend"] for lever in document["levers"]])
        table = self.optimized("--budget", str(BUDGET), "--frontier").text
        for words in ("Spend ", "Service lounge", "marginal", "█", "The best for each budget", "retention"):
            self.assertIn(words, table)
        left = self.optimized("--budget", "1e12").text
        self.assertIn("is left over", left)
        self.assertIn("Spend nothing", self.optimized("--budget", "0").text)

    def test_each_piece_returns_its_own(self):
        text = case("optimize-in-pieces.toml")
        at = {budget: self.plan("--budget", str(budget), "--pieces", "3", stdin=text) for budget in (599000, 600000, 601000)}
        plan = at[600000]
        ads, care = plan["levers"]
        by_optima = (at[601000]["customer_equity"] - at[599000]["customer_equity"]) / 2000
        self.assertAlmostEqual(by_optima, 1.952, delta=5e-4)
        self.assertAlmostEqual(plan["shadow_price"], by_optima, delta=1e-4)
        self.assertEqual((ads["standing"], care["standing"]), ("inside", "off"))
        for found, right in zip(care["marginal_return_by_piece"], (1.66, 1.05, -0.14)):
            self.assertAlmostEqual(found, right, delta=5e-3)
        for found in ads["marginal_return_by_piece"]:
            self.assertAlmostEqual(found, plan["shadow_price"], delta=1e-5)
        self.assertLess(plan["certificate"]["residual"], 1e-6)
        table = self.optimized("--budget", "600000", "--pieces", "3", stdin=text)
        self.assertIn("One more unit of budget would add 1.95", table.words)
        self.assertRegex(table.text, r"care +retention +1\.66 +1\.05 +-0\.14")
        more = self.plan("--budget", "600000", "--pieces", "6", stdin=text)
        self.assertEqual((more["levers"][1]["standing"], more["levers"][1]["spend"]), ("off", 0))

    def test_caps_are_why_money_is_left_over(self):
        text = case("bounded-channels.toml")
        caps = [word for name, most in (("search", 120000), ("demand gen", 60000), ("performance max", 96000))
                for word in ("--at-most", f"{name}={most}")]
        plan = self.plan("--budget", "400000", *caps, stdin=text)
        self.assertAlmostEqual(plan["left_over"], 124000, delta=1e-3)
        self.assertEqual((plan["left_over_for"], plan["shadow_price"]), ("limits", 0))
        for lever, right in zip(plan["levers"], (0.03, 1.13, 0.18)):
            self.assertEqual(lever["standing"], "at most")
            self.assertAlmostEqual(lever["marginal_return"], right, delta=5e-3)
        table = self.optimized("--budget", "400000", *caps, stdin=text)
        self.assertIn("is left over: “search”, “demand gen” and “performance max” are at their most", table.words)
        self.assertIn("would still return 0.03, 1.13 and 0.18", table.words)

    def test_where_every_plan_loses_money_the_sentence_says_so(self):
        text = case("optimize-in-pieces.toml")
        loses = self.optimized("--budget", "1000", stdin=text.replace("cash_flow = 20", "cash_flow = -20")).words
        self.assertIn("Spend nothing: no lever would earn what it costs with more.", loses)
        self.assertIn("No plan pays: even the best one loses money.", loses)

    def test_the_frontier_says_what_is_spent(self):
        words = self.optimized("--budget", "10000000", "--frontier").words
        document = self.plan("--budget", "10000000", "--frontier")
        last = document["frontier_by_budget"][-1]
        self.assertGreater(last["left_over"], 1e6)
        self.assertIn(f"20,000,000 {round(last['investment']):,}", words)

    def test_refusals(self):
        for status, word, *options in (
                (BAD_USAGE, "--budget"),
                (BAD_USAGE, "--target", "--budget", "5", "--target", "6"),
                (BAD_USAGE, "--budget", "--budget", "-5"),
                (BAD_USAGE, "NAME=AMOUNT", "--budget", "5", "--at-most", "lounge"),
                (BAD_USAGE, "acquisition|retention", "--budget", "5", "--at-most-kind", "lounge=5"),
                (BAD_USAGE, "--pieces", "--budget", "5", "--pieces", "0"),
                (BAD_INPUT, '"lounge"', "--budget", "5", "--at-most", "lunge=3"),
                (BAD_INPUT, "no plan keeps all limits", "--budget", "5", "--at-least", "lounge=30"),
                (BAD_INPUT, "out of reach", "--target", "1e15"),
                (BAD_INPUT, '"farm"', "--budget", "5", "--scenario", "fram")):
            self.assert_refused(status, word, "optimize", "-", *options, stdin=SHORT)


if __name__ == "__main__":
    main()
