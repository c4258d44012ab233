#!/usr/bin/env python3
"""`check --format toml`: a model printed back as a file reads to an equal model.

Equal is judged twice: the print of the print is the same text (so that nothing gets lost in the second reading that was
there in the first), and Python's own TOML parser finds in the print what the file said, number for number (so that
nothing gets lost in the first).
"""

import tomllib

import program_runner
from program_runner import LEVER, SHOP, SOURCE, ProgramTest, changed

EVERYTHING = """format = 1

[model]
name = 'A "name" with \\ and Käufer 拥有者'
currency = "EUR"
period = "month"
horizon = "2 years"
discount_rate = 0.08
cash_flow_timing = "middle"

[[state]]
name = "prospect"
stage = "acquisition"
cash_flow = -1.25

[[state]]
name = "owner"
stage = "servicing"
cash_flow = { mean = 35, varies = { sd = 12 }, differs = { sd = 5 }, uncertain = { sd = 2 } }
satisfaction = 0.4
dwell = { distribution = "negative_binomial", mean = 54, sd = 14 }

[[state]]
name = "showroom"
stage = "repurchase"
dwell = { distribution = "fixed", periods = 2 }

[[state]]
name = "fan"
stage = "advocacy"
cash_flow = { mean = 20, growth = 0.02 }
satisfaction = -1
dwell = { distribution = "weibull", scale = 30.5, shape = 1.5 }

[[state]]
name = "quiet"
stage = "dormant"
cash_flow = { schedule = [1, 2.5, -3] }
dwell = { distribution = "table", hazard = [0.1, 0.25, 0.5] }

[[state]]
name = "gone"
stage = "lost"

[[transition]]
from = "prospect"
to = "owner"
probability = { mean = 0.05, uncertain = { count = 400 } }
cash_flow = { mean = 6500, varies = { sd = 2100, distribution = "lognormal" } }

[[transition]]
from = "prospect"
to = "gone"
probability = { schedule = [0.010, 0.012, 0.019] }

[[transition]]
from = "prospect"
to = "quiet"
probability = { mean = 0.3, differs = { sd = 0.1 }, uncertain = { alpha = 3, beta = 7 } }

[[transition]]
from = "owner"
to = "showroom"
probability = 0.7

[[transition]]
from = "owner"
to = "gone"
probability = "rest"

[[transition]]
from = "showroom"
to = "owner"
probability = { mean = 0.5, uncertain = { low = 0.4, high = 0.6 } }
cash_flow = { mean = -100, varies = { sd = 20, distribution = "normal" } }

[[transition]]
from = "showroom"
to = "fan"
probability = "rest"

[[transition]]
from = "fan"
to = "quiet"
probability = 1

[[transition]]
from = "quiet"
to = "gone"
probability = "rest"

[[arrivals]]
name = "today"
state = "owner"
count = 4000.5

[[arrivals]]
name = "web"
state = "prospect"
per_period = 1200
from = 3
until = 60
growth = 0.05
mix = { "deal seekers" = 0.6, devoted = 0.4 }

[[arrivals]]
state = "prospect"
schedule = [1200, 0, 1450]
from = 2

[[referral]]
from = "fan"
to = "prospect"
per_period = { mean = 0.02, uncertain = { sd = 0.01, distribution = "lognormal" }, differs = { sd = 0.02 } }

[[segment]]
name = "deal seekers"
share = 0.35

[[segment.transition]]
from = "prospect"
to = "gone"
probability = 0.05
cash_flow = -2

[[segment.transition]]
from = "owner"
to = "gone"
probability = "rest"

[[segment.state]]
name = "owner"
cash_flow = 22.0

[[segment]]
name = "devoted"
share = 0.65

[[calendar]]
transition = ["prospect", "owner"]
odds = [0.8, 0.8, 1.0, 1.1]

[[calendar]]
transition = ["prospect", "gone"]
odds = [2, 0.3333333333333333]
from = 4
until = 9

[environment]
states = ["calm", "price war"]
start = "calm"
matrix = [[0.97, 0.03], [0.15, 0.85]]

[[environment.effect]]
when = "price war"
transition = ["prospect", "gone"]
odds = 4.0

[[environment.effect]]
when = "price war"
state = "owner"
cash_flow_factor = -0.7

[[environment.effect]]
when = "calm"
arrivals = "web"
factor = 0.8

[[lever]]
name = "lounge"
label = "Service lounge and loaner cars"
kind = "retention"
spend_per = "customer"
while_in = ["owner", "fan"]
from = 1
until = 24
carry_over = 0.6
segments = ["deal seekers"]

[[lever.effect]]
transition = ["prospect", "owner"]
limit = { mean = 0.09, uncertain = { sd = 0.01 } }
half_spend = { mean = 25, uncertain = { sd = 5 } }
shape = "hill"
steepness = 1.5

[[lever.effect]]
state = "fan"
limit = 60.0
half_spend = 40.0

[[lever.effect]]
referral = ["fan", "prospect"]
limit = 0.03
half_spend = 10.0

[[lever.effect]]
dwell = "owner"
limit = 1.3
half_spend = 20.0

[[lever]]
name = "web ads"
kind = "acquisition"
spend_per = "period"

[[lever.effect]]
arrivals = "web"
limit = 2.5
shape = "table"
points = [[0, 0], [10, 0.3], [50, 1]]

[[lever]]
name = "friends"
kind = "referral"
while_in = ["fan"]

[[lever.effect]]
state = "owner"
limit = { schedule = [40, 50] }
half_spend = { mean = 3, growth = -0.01 }

[[action]]
name = "court"
label = "A call and a gift"
in = ["prospect", "owner", "fan"]
cost = { schedule = [5, 4.5] }
segments = ["devoted"]

[[action.effect]]
transition = ["prospect", "gone"]
probability = { mean = 0.1, uncertain = { sd = 0.02 } }
cash_flow = -3

[[action.effect]]
state = "fan"
cash_flow = { mean = 61, growth = 0.01 }

[[action.effect]]
referral = ["fan", "prospect"]
per_period = 0.07

[[action.effect]]
dwell = "owner"
factor = 0.9

[[action]]
name = "no letter"
in = ["fan"]
cost = -1.5

[[scenario]]
name = "farm"
note = "All in on the people who already drive our cars"
spend = { lounge = 25.0, "web ads" = 0.0 }

[[scenario]]
name = "half and half"
budget = 4000000
split = { lounge = 0.5, "web ads" = 0.5 }
reference = true

[[scenario]]
name = "nothing"

[[correlation]]
between = ["state owner, cash_flow", "lever lounge, transition prospect -> owner, limit"]
value = -0.25

[[correlation]]
between = ["lever lounge, transition prospect -> owner, half_spend", "state owner, cash_flow"]
value = 0.3333333333333333
"""


class RoundTrip(ProgramTest):
    def printed(self, content):
        return self.run_on(content, "check", "--format", "toml")

    def round_trip(self, content):
        """The model as the program prints it, after making sure that the print is read to the same print."""
        first = self.printed(content)
        self.assertEqual(first.status, program_runner.DONE, first)
        second = self.printed(first.out)
        self.assertEqual(second.status, program_runner.DONE, second)
        self.assertEqual(second.text, first.text)
        for name in ("json", "table"):
            self.assertEqual(self.run_on(first.out, "check", "--format", name).status, program_runner.DONE)
        return tomllib.loads(first.text)

    def assert_said(self, said, printed, path=""):
        """Everything that a file says is in its print, under the same keys; numbers to the last bit."""
        if isinstance(said, dict):
            for key, value in said.items():
                self.assertIn(key, printed, path)
                self.assert_said(value, printed[key], f"{path}.{key}")
        elif isinstance(said, list):
            self.assertEqual(len(said), len(printed), path)
            for k, (one, other) in enumerate(zip(said, printed)):
                self.assert_said(one, other, f"{path}[{k}]")
        else:
            self.assertEqual(said, printed, path)

    def test_everything_that_the_format_can_say(self):
        said, printed = tomllib.loads(EVERYTHING), self.round_trip(EVERYTHING)
        self.assertEqual(said["model"].pop("horizon"), "2 years")
        self.assertEqual(printed["model"]["horizon"], 24)
        self.assert_said(said, printed)

    def test_the_json_of_a_model_and_of_its_print_are_the_same(self):
        """All that `check` understands, names and numbers, but for the places of warnings."""

        def understood(content):
            answer = self.run_on(content, "check", "--format", "json").json
            for warning in answer["warnings"]:
                del warning["line"], warning["column"]
            return answer

        for content in (EVERYTHING, SHOP + LEVER):
            self.assertEqual(understood(self.printed(content).out), understood(content))

    def test_values_of_a_model_and_of_its_print_are_the_same(self):
        content = SHOP + LEVER
        for command in ("value", "compare"):
            expected = self.run_on(content, command, "--format", "json")
            self.assertEqual(self.run_on(self.printed(content).out, command, "--format", "json").out, expected.out)

    def test_the_examples(self):
        paths = list(SOURCE.glob("examples/*/*.toml"))
        self.assertGreater(len(paths), 0)
        for path in paths:
            with self.subTest(path=path.name):
                content = path.read_bytes()
                said = tomllib.loads(content.decode())
                del said["model"]["horizon"]
                self.assert_said(said, self.round_trip(content))

    def test_numbers_to_the_last_bit(self):
        """Awkward doubles: the smallest, the largest, neighbours of 1, a third, integers beyond 2^53."""
        for number in ("5e-324", "1e90", "-1e90", "1e-310", "0.1", "0.30000000000000004", "0.3333333333333333", "-0.0",
                       "9007199254740992", "123456789012345680", "1.2345678901234568e17", "12345678901234567000.0",
                       "9007199254740994.0", "-1.2345678901234568e17", "1e22", "6.02214076e23"):
            with self.subTest(number=number):
                printed = self.round_trip(changed(SHOP, "cash_flow = 100", f"cash_flow = {number}"))
                found = printed["state"][0].get("cash_flow", 0)
                self.assertEqual(float(found), float(number))
        for number in ("0.9999999999999999", "1.0000000000000002", "5e-324"):
            with self.subTest(number=number):
                printed = self.round_trip(changed(SHOP, "probability = 0.2", f"probability = {number}"))
                self.assertEqual(printed["transition"][0]["probability"], float(number))

    def test_names_that_need_care(self):
        for name in ('a "quoted" name', "back\\slash", "it's", "#hash", "[x]", "a = b", "a.b.c", "Käufer", "拥有者",
                     "👩‍👩‍👧",
                     "{}", "'", '"', "\\u0041", "ends with \\", " outer blanks "):
            with self.subTest(name=name):
                literal = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
                text = SHOP.replace('"owner"', literal) + LEVER.replace('"owner"', literal)
                text = text.replace('name = "service"', f"name = {literal}").replace("service =", f"{literal} =")
                printed = self.round_trip(text.replace('"farm"', literal).replace('"Shop"', literal))
                self.assertEqual(printed["state"][0]["name"], name)
                self.assertEqual(printed["transition"][0]["from"], name)
                self.assertEqual(list(printed["scenario"][0]["spend"]), [name])
                self.assertEqual(printed["model"]["name"], name)

    def test_defaults_are_written_out(self):
        printed = self.round_trip(SHOP + LEVER)
        self.assertEqual(printed["model"]["discount_rate"], 0)
        self.assertEqual(printed["model"]["cash_flow_timing"], "start")
        self.assertEqual(printed["lever"][0]["label"], "service")
        self.assertEqual(printed["lever"][0]["spend_per"], "customer")
        self.assertEqual(printed["lever"][0]["effect"][0]["shape"], "exponential")
        self.assertEqual(printed["arrivals"][0]["name"], "owner")

    def test_horizons(self):
        for said, printed in (('"infinite"', "infinite"), ("0", 0), ('"1.5 years"', 2), ("10000000", 10_000_000)):
            self.assertEqual(self.round_trip(changed(SHOP, "horizon = 10", f"horizon = {said}"))["model"]["horizon"],
                             printed)

    def test_it_is_written_to_a_file_as_well(self):
        expected = self.printed(EVERYTHING)
        answer = self.run_program("check", "model.toml", "--format", "toml", "--output", "tidy.toml")
        self.assertEqual((answer.status, answer.out), (program_runner.DONE, b""), answer)
        with open(self.path("tidy.toml"), "rb") as file:
            self.assertEqual(file.read(), expected.out)

    def test_what_is_refused_is_not_printed(self):
        self.refused(changed(SHOP, "probability = 0.2", "probability = §nan"),
                     ("not-finite", "transition[1].probability", "nan"), command=("check", "--format", "toml"))


if __name__ == "__main__":
    program_runner.main()
