#!/usr/bin/env python3
"""`tenure sensitivity`: what it writes keeps to the schema, agrees with compare, and what cannot be asked is refused.

TENURE_PROGRAM names the program, TENURE_SCHEMA_DIR the schemas, TENURE_SOURCE_DIR the source tree.
"""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import unittest

try:
    import jsonschema
except ImportError:
    sys.exit("the Python module jsonschema is needed")

PROGRAM = os.environ["TENURE_PROGRAM"]
SCHEMA_DIR = pathlib.Path(os.environ["TENURE_SCHEMA_DIR"])
SOURCE_DIR = pathlib.Path(os.environ.get("TENURE_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
DEALERSHIP = str(SOURCE_DIR / "examples" / "02_dealership" / "dealership.toml")
DONE, BAD_USAGE, BAD_INPUT = 0, 2, 3
SCHEMA = json.loads((SCHEMA_DIR / "sensitivity.schema.json").read_text(encoding="utf-8"))

MODEL = """format = 1
[model]
name = "Loyal"
period = "year"
horizon = "infinite"
discount_rate = 0.1
[[state]]
name = "owner"
stage = "servicing"
cash_flow = 100
satisfaction = 0.5
[[state]]
name = "lost"
stage = "lost"
[[transition]]
from = "owner"
to = "lost"
probability = 0.1
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
"""


def run(*arguments, stdin=None):
    return subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, text=True, check=False)


def document(*arguments, stdin=None):
    done = run("sensitivity", *arguments, "--format", "json", stdin=stdin)
    if done.returncode != DONE:
        raise AssertionError(done.stderr)
    result = json.loads(done.stdout)
    jsonschema.validate(result, SCHEMA)
    return result


class Sensitivity(unittest.TestCase):
    def test_examples_keep_to_the_schema_and_agree_with_compare(self):
        compared = json.loads(run("compare", DEALERSHIP, "--format", "json").stdout)
        equity = {scenario["name"]: scenario["customer_equity"] for scenario in compared["scenarios"]}
        first, second = list(equity)[:2]
        found = document(DEALERSHIP, "--scenario", second, "--versus", first)
        self.assertAlmostEqual(found["customer_equity"] / equity[second], 1, places=9)
        self.assertAlmostEqual(found["versus_customer_equity"] / equity[first], 1, places=9)
        swings = [abs(n["at_high"] - n["at_low"]) for n in found["numbers"] if n["at_low"] is not None is not n["at_high"]]
        self.assertGreater(swings[0], 0)
        self.assertTrue(any(point["worth_of_a_point"] for point in found["waveline"]))

    def test_derivative_of_a_simple_customer(self):
        found = document("-", stdin=MODEL)
        by_name = {number["number"]: number for number in found["numbers"]}
        churn = by_name["transition owner -> lost"]
        self.assertAlmostEqual(churn["derivative"], -100 * 110 / 0.04, delta=1e-4)
        self.assertAlmostEqual(churn["elasticity"], -0.5)
        self.assertIsNone(churn["flips"])
        self.assertIsNone(found["versus"])
        self.assertIsNone(found["over_time"])

    def test_break_even(self):
        name = "lever gift, state owner, limit"
        found = document("-", "--scenario", "gifts", "--versus", "nothing", "--break-even", name, stdin=MODEL)
        by_name = {number["number"]: number for number in found["numbers"]}
        self.assertAlmostEqual(by_name[name]["break_even"]["value"], 110, places=6)
        self.assertTrue(by_name[name]["flips"])
        page = run("sensitivity", "-", "--scenario", "gifts", "--versus", "nothing", "--break-even", name, stdin=MODEL)
        self.assertIn("tie at 110", page.stdout)
        self.assertIn("flips", page.stdout)
        self.assertIn("█", page.stdout)

    def test_scenarios_with_a_budget_hold_their_levels(self):
        found = document("-", "--scenario", "budget", stdin=MODEL)
        spend = [number for number in found["numbers"] if number["number"] == "spend on gift"]
        self.assertEqual(len(spend), 1)
        self.assertAlmostEqual(spend[0]["value"] * 550, 2000, places=4)

    def test_csv_has_a_line_a_number(self):
        lines = list(csv.DictReader(io.StringIO(run("sensitivity", "-", "--format", "csv", stdin=MODEL).stdout)))
        self.assertEqual(len(lines), len(document("-", stdin=MODEL)["numbers"]))
        self.assertEqual(float(lines[0]["value"]), document("-", stdin=MODEL)["numbers"][0]["value"])

    def test_refusals(self):
        unknown = run("sensitivity", "-", "--scenario", "gift", stdin=MODEL)
        self.assertEqual(unknown.returncode, BAD_INPUT)
        self.assertIn("gifts", unknown.stderr)
        alone = run("sensitivity", "-", "--break-even", "spend on gift", stdin=MODEL)
        self.assertEqual(alone.returncode, BAD_USAGE)
        self.assertIn("--versus", alone.stderr)


if __name__ == "__main__":
    unittest.main()
