#!/usr/bin/env python3
"""`tenure uncertainty`: what it writes keeps to the schema, agrees with what `compare` and counting say, is the same for
any number of threads, and refuses what means nothing."""

import statistics

from program_runner import BAD_INPUT, BAD_USAGE, DEALERSHIP, DIVERGENT, ProgramTest, case, main, model


def choice(states, transition, without):
    """One person arrives in the first state, but under "stop" nobody does; `without` names the scenario without it."""
    return model(states, [transition], f"""
[[arrivals]]
state = "{states[0][0]}"
count = 1
[[lever]]
name = "door"
kind = "acquisition"
spend_per = "period"
[[lever.effect]]
arrivals = "{states[0][0]}"
limit = 0
shape = "table"
points = [[0, 0], [1e-12, 1]]
[[scenario]]
name = "{without}"
[[scenario]]
name = "stop"
spend = {{ door = 1e-12 }}
""", horizon=1)


# One person is worth p1 - p2 where somebody arrives.
CHOICE = choice([("person", "servicing", "{ mean = 1, uncertain = { sd = 1 } }"), ("gone", "lost", 0)],
                ("person", "gone", 1, "cash_flow = { mean = 0, uncertain = { sd = 2 } }"), "baseline")


def unit_loss(mean, sd):
    normal = statistics.NormalDist()
    return mean * normal.cdf(mean / sd) + sd * normal.pdf(mean / sd) - max(0, mean)


class Uncertainty(ProgramTest):
    def test_closed_forms(self):
        document = self.document("uncertainty", "-", "--draws", "16384", stdin=CHOICE)
        worth = {each["number"]: each for each in document["evppi"]}
        worth["all"] = {"value": document["evpi"], "standard_error": document["evpi_standard_error"]}
        for name, sd in (("all", 5 ** 0.5), ("state person, cash_flow", 1), ("transition person -> gone, cash_flow", 2)):
            with self.subTest(name=name):
                self.assertLess(worth[name]["standard_error"], 0.01)
                self.assertLess(abs(worth[name]["value"] - unit_loss(1, sd)), 4 * worth[name]["standard_error"] + 1e-9)

    def test_correlation(self):
        text = CHOICE + ('[[correlation]]\nbetween = ["state person, cash_flow", "transition person -> gone, cash_flow"]\n'
                         "value = -0.9\n")
        document = self.document("uncertainty", "-", "--draws", "16384", stdin=text)
        variance = 1 + 4 - 0.9 * 2 * 2
        self.assertLess(abs(document["evpi"] - unit_loss(1, variance ** 0.5)), 4 * document["evpi_standard_error"] + 1e-9)

    def test_the_dealership(self):
        document = self.document("uncertainty", DEALERSHIP, "--draws", "1024")
        self.assertEqual(document["draws"], 1024)
        self.assertAlmostEqual(sum(each["probability_best"] for each in document["scenarios"]), 1)
        compared = self.document("compare", DEALERSHIP)
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
        options = ("uncertainty", DEALERSHIP, "--draws", "300", "--format", "json")
        expected = self.done(*options, "--threads", "1").out
        for threads in ("2", "5"):
            self.assertEqual(self.done(*options, "--threads", threads).out, expected)
        self.assertNotEqual(self.done(*options, "--seed", "2").out, expected)

    def test_other_axes_groups_and_pilots(self):
        for axis in ("budget", "hurdle_rate"):
            self.assertEqual(self.document("uncertainty", DEALERSHIP, "--draws", "64", "--acceptability", axis)["acceptability"]["axis"], axis)
        document = self.document("uncertainty", DEALERSHIP, "--draws", "512", "--group", "buying=transition prospect -> owner;transition replacing -> owner",
                                 "--pilot", "transition in service -> drifting=250")
        self.assertEqual(document["groups"][0]["group"], "buying")
        self.assertEqual([(each["number"], each["customers"]) for each in document["evsi"]], [("transition in service -> drifting", 250)])

    def test_tables_and_csv(self):
        table = self.done("uncertainty", DEALERSHIP, "--draws", "512")
        for words in ("worth most on average", "worth knowing", "pilot", "How likely each is the best"):
            self.assertIn(words, table.text)
        rows = self.done("uncertainty", DEALERSHIP, "--draws", "64", "--format", "csv").text.splitlines()
        self.assertEqual(rows[0], "measure,name,point,value,standard_error")
        self.assertTrue(any(row.startswith("evpi,") for row in rows))

    def test_ties_share_the_first_place_and_are_called_ties(self):
        same = CHOICE.replace("spend = { door = 1e-12 }", "spend = { door = 0 }")
        document = self.document("uncertainty", "-", "--draws", "64", stdin=same)
        self.assertEqual([(each["name"], each["probability_best"]) for each in document["scenarios"]],
                         [("baseline", 0.5), ("stop", 0.5)])
        self.assertEqual((document["best"], document["ties"], document["evpi"]), ("baseline", ["stop"], 0))
        table = self.done("uncertainty", "-", "--draws", "64", stdin=same).words
        self.assertIn("It is a tie: “baseline” and “stop” are worth the same on average, and nothing is worth more. "
                      "One of them is the best of all with probability 100", table)
        self.assertIn("stop (tie)", table)
        self.assertEqual(self.document("uncertainty", "-", "--draws", "64", stdin=CHOICE)["ties"], [])
        # a scenario that spends nothing is the baseline, and is not listed twice
        renamed = CHOICE.replace('name = "baseline"', 'name = "no new money"')
        for options in ((), ("--scenario", "baseline", "--scenario", "no new money", "--scenario", "stop")):
            document = self.document("uncertainty", "-", "--draws", "64", *options, stdin=renamed)
            self.assertEqual([each["name"] for each in document["scenarios"]], ["no new money", "stop"])

    def test_what_cannot_be_piloted_is_said(self):
        document = self.document("uncertainty", "-", "--draws", "1024", stdin=CHOICE)
        self.assertEqual(document["evsi"], [])
        self.assertEqual({each["number"] for each in document["not_piloted"]}, set(document["numbers"]))
        table = self.done("uncertainty", "-", "--draws", "1024", stdin=CHOICE).words
        self.assertIn("None of the uncertain numbers can be piloted. No pilot can be asked of “transition person -> gone, "
                      "cash_flow” (worth ", table)
        self.assertIn("an amount of money, which no count of customers tells", table)
        # a beta law by sd, beside a lever's half_spend: what can be piloted and what not is said apart
        saas = case("saas.toml")
        document = self.document("uncertainty", "-", "--draws", "32", stdin=saas)
        piloted = {each["number"] for each in document["evsi"]}
        other = {each["number"] for each in document["not_piloted"]}
        self.assertEqual(piloted | other, set(document["numbers"]))
        self.assertFalse(piloted & other)
        self.assertEqual(other, {"lever paid search, arrivals paid, half_spend"})
        self.assertIn("lever customer success, transition at risk -> active, limit", piloted)
        self.assertNotIn("baseline", [each["name"] for each in document["scenarios"]])

    def test_a_pilot_is_worth_what_counting_says(self):
        for alpha, beta, gain, cost, worth in ((5, 95, 1000, 50, (3.26344, 5.99617, 7.64172, 8.29503)),
                                               (12, 56, 5000, 900, (35.9832, 62.6913, 76.5937, 81.5992))):
            mean, count = alpha / (alpha + beta), alpha + beta
            for law in (f"count = {count}", f"sd = {(mean * (1 - mean) / (count + 1)) ** 0.5!r}"):
                text = choice([("asked", "acquisition", -cost), ("sold", "servicing", 0)],
                              ("asked", "sold", f"{{ mean = {mean!r}, uncertain = {{ {law} }} }}", f"cash_flow = {gain}"), "go")
                pilots = [f"--pilot=transition asked -> sold={n}" for n in (20, 100, 400, 1600)]
                document = self.document("uncertainty", "-", "--draws", "256", *pilots, stdin=text)
                for found, expected in zip(document["evsi"], worth):
                    self.assertLess(abs(found["value"] / expected - 1), 2e-6)
                    self.assertLess(found["standard_error"], 1e-6 * expected)

    def test_nothing_uncertain_and_one_draw(self):
        certain = CHOICE.replace("{ mean = 1, uncertain = { sd = 1 } }", "1").replace("{ mean = 0, uncertain = { sd = 2 } }", "0")
        document = self.document("uncertainty", "-", stdin=certain)
        self.assertEqual((document["draws"], document["evpi"], document["evppi"]), (1, 0, []))
        self.assertIn("No number of this model is uncertain", self.done("uncertainty", "-", stdin=certain).text)
        document = self.document("uncertainty", "-", "--draws", "1", stdin=CHOICE)
        self.assertIsNone(document["evpi_standard_error"])
        self.assertIsNone(document["evppi"][0]["value"])
        self.done("uncertainty", "-", "--draws", "1", stdin=CHOICE)

    def test_refusals(self):
        self.assert_refused(BAD_USAGE, "--draws", "uncertainty", DEALERSHIP, "--draws", "0")
        self.assert_refused(BAD_USAGE, "is not NUMBER=CUSTOMERS", "uncertainty", DEALERSHIP, "--pilot", "transition a -> b")
        self.assert_refused(BAD_USAGE, "is none of horizon|hurdle_rate|budget", "uncertainty", DEALERSHIP, "--acceptability", "luck")
        self.assert_refused(BAD_INPUT, ("no uncertain number", "transition replacing -> owner"), "uncertainty", DEALERSHIP, "--pilot", "transition replacing -> ownr=5")
        self.assert_refused(BAD_INPUT, "has no beta law", "uncertainty", "-", "--pilot", "state person, cash_flow=5", stdin=CHOICE)
        self.assert_refused(BAD_INPUT, "nobody arrives", "uncertainty", "-", stdin=CHOICE.split("[[arrivals]]")[0])
        endless = CHOICE.replace("horizon = 1", 'horizon = "infinite"').split("[[lever]]")[0] + (
            '[[referral]]\nfrom = "person"\nto = "person"\nper_period = { mean = 0.7, uncertain = { sd = 0.2 } }\n')
        self.assert_refused(DIVERGENT, ("of the uncertain numbers", "referral person -> person"), "uncertainty", "-", stdin=endless)

    def test_interrupted(self):
        self.interrupted("uncertainty", DEALERSHIP, "--draws", "4000000")


if __name__ == "__main__":
    main()
