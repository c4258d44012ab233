#!/usr/bin/env python3
"""`tenure uncertainty`: what it writes keeps to the schema, agrees with what `compare` and counting say, is the same for
any number of threads, and refuses what means nothing.

TENURE_PROGRAM names the program, TENURE_SCHEMA_DIR the schemas, TENURE_SOURCE_DIR the source tree.
"""

import json
import os
import pathlib
import signal
import statistics
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
DONE, BAD_USAGE, BAD_INPUT, DIVERGENT, INTERRUPTED = 0, 2, 3, 4, 130

# One person is worth p1 - p2 under "go" and nothing under "stop", which keeps everybody out.
CHOICE = """format = 1
[model]
name = "Choice"
period = "year"
horizon = 1
[[state]]
name = "person"
stage = "servicing"
cash_flow = { mean = 1, uncertain = { sd = 1 } }
[[state]]
name = "gone"
stage = "lost"
[[transition]]
from = "person"
to = "gone"
probability = 1
cash_flow = { mean = 0, uncertain = { sd = 2 } }
[[arrivals]]
state = "person"
count = 1
[[lever]]
name = "door"
kind = "acquisition"
spend_per = "period"
[[lever.effect]]
arrivals = "person"
limit = 0
shape = "table"
points = [[0, 0], [1e-12, 1]]
[[scenario]]
name = "baseline"
[[scenario]]
name = "stop"
spend = { door = 1e-12 }
"""


def run(*arguments, stdin=None):
    return subprocess.run([PROGRAM, "uncertainty", *arguments], input=stdin, capture_output=True, text=True, check=False)


def unit_loss(mean, sd):
    normal = statistics.NormalDist()
    return mean * normal.cdf(mean / sd) + sd * normal.pdf(mean / sd) - max(0, mean)


class Uncertainty(unittest.TestCase):
    def document(self, *arguments, stdin=None, status=DONE):
        answer = run(*arguments, "--format", "json", stdin=stdin)
        self.assertEqual(answer.returncode, status, answer.stderr)
        document = json.loads(answer.stdout)
        schema = json.loads((SCHEMA_DIR / "uncertainty.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(document)
        return document

    def refused(self, status, words, *arguments, stdin=None):
        answer = run(*arguments, stdin=stdin)
        self.assertEqual((answer.returncode, answer.stdout), (status, ""), answer)
        for word in words:
            self.assertIn(word, answer.stderr)

    def test_closed_forms(self):
        document = self.document("-", "--draws", "16384", stdin=CHOICE)
        worth = {each["number"]: each for each in document["evppi"]}
        worth["all"] = {"value": document["evpi"], "standard_error": document["evpi_standard_error"]}
        for name, sd in (("all", 5 ** 0.5), ("state person, cash_flow", 1), ("transition person -> gone, cash_flow", 2)):
            with self.subTest(name=name):
                self.assertLess(worth[name]["standard_error"], 0.01)
                self.assertLess(abs(worth[name]["value"] - unit_loss(1, sd)), 4 * worth[name]["standard_error"] + 1e-9)

    def test_correlation(self):
        text = CHOICE + ('[[correlation]]\nbetween = ["state person, cash_flow", "transition person -> gone, cash_flow"]\n'
                         "value = -0.9\n")
        document = self.document("-", "--draws", "16384", stdin=text)
        variance = 1 + 4 - 0.9 * 2 * 2
        self.assertLess(abs(document["evpi"] - unit_loss(1, variance ** 0.5)), 4 * document["evpi_standard_error"] + 1e-9)

    def test_the_dealership(self):
        document = self.document(DEALERSHIP, "--draws", "1024")
        self.assertEqual(document["draws"], 1024)
        self.assertAlmostEqual(sum(each["probability_best"] for each in document["scenarios"]), 1)
        compared = json.loads(subprocess.run([PROGRAM, "compare", DEALERSHIP, "--format", "json"], capture_output=True,
                                             text=True, check=True).stdout)
        for each, exact in zip(document["scenarios"], compared["scenarios"]):
            self.assertEqual(each["name"], exact["name"])
            self.assertLess(abs(each["at_means"] / exact["customer_equity"] - 1), 1e-9)
            self.assertLess(abs(each["sd_from_chance"] / exact["risk"]["sd"] - 1), 0.2)
        least = min(each["expected_loss"] for each in document["scenarios"])
        self.assertEqual(document["evpi"], least)
        for worth in document["evppi"] + document["evsi"]:
            self.assertLess(worth["value"], document["evpi"] + 3 * (worth["standard_error"] + document["evpi_standard_error"]) + 1)
        by_number = {}
        for worth in document["evsi"]:
            by_number.setdefault(worth["number"], []).append(worth["value"])
        for values in by_number.values():
            self.assertEqual(values, sorted(values))  # more customers tell more
        whole = document["acceptability"]
        self.assertEqual(whole["points"][-1], document["horizon"])
        for each in document["scenarios"]:
            self.assertEqual(whole["probability_best"][each["name"]][-1], each["probability_best"])

    def test_threads_change_no_byte(self):
        options = (DEALERSHIP, "--draws", "300", "--format", "json")
        expected = run(*options, "--threads", "1").stdout
        for threads in ("2", "5"):
            self.assertEqual(run(*options, "--threads", threads).stdout, expected)
        self.assertNotEqual(run(*options, "--seed", "2").stdout, expected)

    def test_other_axes_groups_and_pilots(self):
        for axis in ("budget", "hurdle_rate"):
            self.assertEqual(self.document(DEALERSHIP, "--draws", "64", "--acceptability", axis)["acceptability"]["axis"], axis)
        document = self.document(DEALERSHIP, "--draws", "512", "--group", "buying=transition prospect -> owner;transition replacing -> owner",
                                 "--pilot", "transition in service -> drifting=250")
        self.assertEqual(document["groups"][0]["group"], "buying")
        self.assertEqual([(each["number"], each["customers"]) for each in document["evsi"]], [("transition in service -> drifting", 250)])

    def test_tables_and_csv(self):
        table = run(DEALERSHIP, "--draws", "512")
        self.assertEqual(table.returncode, DONE, table.stderr)
        for words in ("worth most on average", "worth knowing", "pilot", "How likely each is the best"):
            self.assertIn(words, table.stdout)
        rows = run(DEALERSHIP, "--draws", "64", "--format", "csv").stdout.splitlines()
        self.assertEqual(rows[0], "measure,name,point,value,standard_error")
        self.assertTrue(any(row.startswith("evpi,") for row in rows))

    def test_ties_share_the_first_place_and_are_called_ties(self):
        same = CHOICE.replace("spend = { door = 1e-12 }", "spend = { door = 0 }")
        document = self.document("-", "--draws", "64", stdin=same)
        self.assertEqual([(each["name"], each["probability_best"]) for each in document["scenarios"]],
                         [("baseline", 0.5), ("stop", 0.5)])
        self.assertEqual((document["best"], document["ties"], document["evpi"]), ("baseline", ["stop"], 0))
        table = " ".join(run("-", "--draws", "64", stdin=same).stdout.split())
        self.assertIn("It is a tie: “baseline” and “stop” are worth the same on average, and nothing is worth more. "
                      "One of them is the best of all with probability 100", table)
        self.assertIn("stop (tie)", table)
        self.assertEqual(self.document("-", "--draws", "64", stdin=CHOICE)["ties"], [])
        # a scenario that spends nothing is the baseline, and is not listed twice
        renamed = CHOICE.replace('name = "baseline"', 'name = "no new money"')
        for options in ((), ("--scenario", "baseline", "--scenario", "no new money", "--scenario", "stop")):
            document = self.document("-", "--draws", "64", *options, stdin=renamed)
            self.assertEqual([each["name"] for each in document["scenarios"]], ["no new money", "stop"])

    def test_what_cannot_be_piloted_is_said(self):
        document = self.document("-", "--draws", "1024", stdin=CHOICE)
        self.assertEqual(document["evsi"], [])
        self.assertEqual({each["number"] for each in document["not_piloted"]}, set(document["numbers"]))
        table = " ".join(run("-", "--draws", "1024", stdin=CHOICE).stdout.split())
        self.assertIn("None of the uncertain numbers can be piloted. No pilot can be asked of “transition person -> gone, "
                      "cash_flow” (worth ", table)
        self.assertIn("an amount of money, which no count of customers tells", table)
        # a beta law by sd, beside a lever's half_spend: what can be piloted and what not is said apart
        saas = (SOURCE_DIR / "tests" / "cases" / "saas.toml").read_text(encoding="utf-8")
        document = self.document("-", "--draws", "32", stdin=saas)
        piloted = {each["number"] for each in document["evsi"]}
        other = {each["number"] for each in document["not_piloted"]}
        self.assertEqual(piloted | other, set(document["numbers"]))
        self.assertFalse(piloted & other)
        self.assertEqual(other, {"lever paid search, arrivals paid, half_spend"})
        self.assertIn("lever customer success, transition at risk -> active, limit", piloted)
        self.assertNotIn("baseline", [each["name"] for each in document["scenarios"]])

    def test_a_pilot_is_worth_what_counting_says(self):
        text = """format = 1
[model]
name = "Pilot"
period = "year"
horizon = 1
[[state]]
name = "asked"
stage = "acquisition"
cash_flow = -%s
[[state]]
name = "sold"
stage = "servicing"
[[transition]]
from = "asked"
to = "sold"
probability = { mean = %s, uncertain = { %s } }
cash_flow = %s
[[arrivals]]
state = "asked"
count = 1
[[lever]]
name = "door"
kind = "acquisition"
spend_per = "period"
[[lever.effect]]
arrivals = "asked"
limit = 0
shape = "table"
points = [[0, 0], [1e-12, 1]]
[[scenario]]
name = "go"
[[scenario]]
name = "stop"
spend = { door = 1e-12 }
"""
        for alpha, beta, gain, cost, worth in ((5, 95, 1000, 50, (3.26344, 5.99617, 7.64172, 8.29503)),
                                               (12, 56, 5000, 900, (35.9832, 62.6913, 76.5937, 81.5992))):
            mean, count = alpha / (alpha + beta), alpha + beta
            for law in (f"count = {count}", f"sd = {(mean * (1 - mean) / (count + 1)) ** 0.5!r}"):
                pilots = [f"--pilot=transition asked -> sold={n}" for n in (20, 100, 400, 1600)]
                document = self.document("-", "--draws", "256", *pilots, stdin=text % (cost, repr(mean), law, gain))
                for found, expected in zip(document["evsi"], worth):
                    self.assertLess(abs(found["value"] / expected - 1), 2e-6)
                    self.assertLess(found["standard_error"], 1e-6 * expected)

    def test_nothing_uncertain_and_one_draw(self):
        certain = CHOICE.replace("{ mean = 1, uncertain = { sd = 1 } }", "1").replace("{ mean = 0, uncertain = { sd = 2 } }", "0")
        document = self.document("-", stdin=certain)
        self.assertEqual((document["draws"], document["evpi"], document["evppi"]), (1, 0, []))
        self.assertIn("No number of this model is uncertain", run("-", stdin=certain).stdout)
        document = self.document("-", "--draws", "1", stdin=CHOICE)
        self.assertIsNone(document["evpi_standard_error"])
        self.assertIsNone(document["evppi"][0]["value"])
        self.assertEqual(run("-", "--draws", "1", stdin=CHOICE).returncode, DONE)

    def test_refusals(self):
        self.refused(BAD_USAGE, ["--draws"], DEALERSHIP, "--draws", "0")
        self.refused(BAD_USAGE, ["is not NUMBER=CUSTOMERS"], DEALERSHIP, "--pilot", "transition a -> b")
        self.refused(BAD_USAGE, ["is none of horizon|hurdle_rate|budget"], DEALERSHIP, "--acceptability", "luck")
        self.refused(BAD_INPUT, ["no uncertain number", "transition replacing -> owner"], DEALERSHIP, "--pilot", "transition replacing -> ownr=5")
        self.refused(BAD_INPUT, ["has no beta law"], "-", "--pilot", "state person, cash_flow=5", stdin=CHOICE)
        self.refused(BAD_INPUT, ["nobody arrives"], "-", stdin=CHOICE.split("[[arrivals]]")[0])
        endless = CHOICE.replace("horizon = 1", 'horizon = "infinite"').split("[[lever]]")[0] + (
            '[[referral]]\nfrom = "person"\nto = "person"\nper_period = { mean = 0.7, uncertain = { sd = 0.2 } }\n')
        self.refused(DIVERGENT, ["of the uncertain numbers", "referral person -> person"], "-", stdin=endless)

    def test_interrupted(self):
        process = subprocess.Popen([PROGRAM, "uncertainty", DEALERSHIP, "--draws", "4000000", "--format", "json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, INTERRUPTED, err)
        if out:
            self.assertFalse(json.loads(out)["complete"])
        else:
            self.assertIn("interrupted before anything was finished", err)


if __name__ == "__main__":
    unittest.main(verbosity=1)
