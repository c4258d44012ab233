#!/usr/bin/env python3
"""What the program writes as JSON keeps to the installed schemas, and its numbers are read back as they were computed.

Runs check, value and compare on the examples, on models written here for the corners of the format, and on random
models.
"""

import copy
import sys

from program_runner import BAD_INPUT, DIVERGENT, DONE, LIMIT, SOURCE, ProgramTest, main, parsed, validator

RANDOM_MODELS = 40

sys.path.insert(0, str(SOURCE / "tests" / "property"))
import random_models  # noqa: E402

ROWS = """
[[state]]
name = "guest"
stage = "servicing"
cash_flow = 40
[[state]]
name = "gone"
stage = "lost"
[[transition]]
from = "guest"
to = "gone"
probability = 0.3
"""
DOOR = '[[arrivals]]\nname = "door"\nstate = "guest"\nper_period = 7\n'
LETTERS = """
[[lever]]
name = "letters"
kind = "retention"
while_in = ["guest"]
[[lever.effect]]
transition = ["guest", "gone"]
limit = 0.1
half_spend = 3
"""
PLANS = """
[[scenario]]
name = "baseline"
[[scenario]]
name = "=1+1"
note = "a level"
spend = { letters = 3 }
[[scenario]]
name = "pot"
budget = 100
split = { letters = 1 }
"""


def head(horizon, rest=""):
    return f'format = 1\n[model]\nname = "A <b>model</b>"\nperiod = "month"\nhorizon = {horizon}\n{rest}'


# name: text, and the exit statuses of value and compare
WRITTEN_HERE = {
    "no arrivals": (head(5) + ROWS, DONE, BAD_INPUT),
    "no arrivals, but spend": (
        head(5) + ROWS + LETTERS + '[[scenario]]\nname = "x"\nspend = { letters = 2 }\n', DONE, BAD_INPUT),
    "no period at all": (head(0) + ROWS + DOOR, DONE, DONE),
    "one scenario": (head(5, 'currency = "EUR"\n') + ROWS + DOOR, DONE, DONE),
    "for ever": (head('"infinite"', "discount_rate = 0.1\n") + ROWS + DOOR + LETTERS + PLANS, DONE, DONE),
    "for ever, once, undiscounted": (
        head('"infinite"') + ROWS + DOOR.replace("per_period", "count") + LETTERS + PLANS, DONE, DONE),
    "for ever, without an answer": (head('"infinite"') + ROWS + DOOR, DIVERGENT, DIVERGENT),
    "nobody comes": (head(5) + ROWS + DOOR.replace("7", "0"), DONE, DONE),
    "plans and a currency": (head('"2 years"', 'currency = "元"\n') + ROWS + DOOR + LETTERS + PLANS, DONE, DONE),
    "tiny and huge": (
        head(30, "discount_rate = 0.3\n") + ROWS.replace("40", "1.2345678901234567e80")
        + DOOR.replace("7", "3e-300"), DONE, DONE),
    "a referral": (
        head(9) + ROWS + DOOR + '[[referral]]\nfrom = "guest"\nto = "guest"\nper_period = 0.05\n', DONE, DONE),
    "a correlation": (
        head(9) + ROWS.replace("40", "{ mean = 40, uncertain = { sd = 9 } }").replace("0.3", "{ mean = 0.3, uncertain = { sd = 0.1 } }")
        + DOOR + '[[correlation]]\nbetween = ["state guest, cash_flow", "transition guest -> gone"]\nvalue = -0.5\n', DONE, DONE),
    "a season": (head(9) + ROWS + DOOR + '[[calendar]]\ntransition = ["guest", "gone"]\nodds = [1, 2, 0.5]\nuntil = 7\n',
                 DONE, DONE),
    "a dwell": (
        head(9) + ROWS.replace("cash_flow = 40", 'dwell = { distribution = "weibull", scale = 3, shape = 2 }')
        .replace("0.3", "1") + DOOR, DONE, DONE),
    "segments": (
        head(9) + ROWS + DOOR + 'mix = { few = 0.5, many = 0.5 }\n'
        '[[segment]]\nname = "few"\nshare = 0.25\n[[segment.transition]]\nfrom = "guest"\nto = "gone"\nprobability = 0.5\n'
        '[[segment.state]]\nname = "guest"\ncash_flow = 1\n[[segment]]\nname = "many"\nshare = 0.75\n', DONE, DONE),
    "a market": (
        head(9) + ROWS + DOOR + '[environment]\nstates = ["calm", "war"]\nstart = "calm"\n'
        'matrix = [[0.9, 0.1], [0.5, 0.5]]\n[[environment.effect]]\nwhen = "war"\ntransition = ["guest", "gone"]\nodds = 3\n'
        '[[environment.effect]]\nwhen = "war"\nstate = "guest"\ncash_flow_factor = 0.5\n'
        '[[environment.effect]]\nwhen = "war"\narrivals = "door"\nfactor = 0.5\n', DONE, DONE),
    "probabilities that differ": (
        head(9) + ROWS.replace("0.3", "{ mean = 0.3, differs = { sd = 0.1 } }") + DOOR, DONE, DONE),
    "events that vary": (head(9) + ROWS.replace("40", "{ mean = 40, varies = { sd = 9 } }") + DOOR, DONE, DONE),
    "more than can be combined": (
        head(9) + ROWS.replace("0.3", "{ mean = 0.3, differs = { sd = 0.1 } }").replace(
            "40", "{ mean = 40, differs = { sd = 9 } }") + DOOR
        + '[[referral]]\nfrom = "guest"\nto = "guest"\nper_period = { mean = 0.1, differs = { sd = 0.1 } }\n'
        + '[[state]]\nname = "regular"\nstage = "servicing"\ncash_flow = { mean = 50, differs = { sd = 9 } }\n', LIMIT, LIMIT),
    "every kind of effect": (
        head(9) + ROWS + DOOR + '[[referral]]\nfrom = "guest"\nto = "guest"\nper_period = 0\n'
        '[[lever]]\nname = "x"\nlabel = "All of it"\nkind = "development"\nspend_per = "period"\nfrom = 2\nuntil = 5\n'
        'carry_over = 0.5\n'
        '[[lever.effect]]\nstate = "guest"\nlimit = 50\nhalf_spend = 4\nshape = "hill"\nsteepness = 2\n'
        '[[lever.effect]]\nreferral = ["guest", "guest"]\nlimit = 0.1\nshape = "table"\npoints = [[0, 0], [5, 0.5], [9, 1]]\n'
        '[[lever.effect]]\narrivals = "door"\nlimit = 2\nhalf_spend = 4\n[[scenario]]\nname = "all"\nspend = { x = 3 }\n',
        DONE, DONE),
}


def examples():
    return {str(file.relative_to(SOURCE)): file.read_text(encoding="utf-8")
            for file in sorted((SOURCE / "examples").glob("*/*.toml"))}


class SchemaTest(ProgramTest):
    maxDiff = None

    def run_quietly(self, command, text, output_format="json"):
        return self.run_program(command, "-", "--format", output_format, "--quiet", stdin=text)

    def kept_if_done(self, command, text, *statuses):
        """The document where the run goes well, and nothing where it ends with another of these statuses."""
        answer = self.run_quietly(command, text)
        self.assertIn(answer.status, statuses, answer)
        if answer.status == DONE:
            return self.kept(command, answer)
        self.assertEqual(answer.out, b"")
        return None

    def check_csv_agrees(self, text, document):
        """CSV is written by other means: a figure that both read back alike is the one that was computed."""
        answer = self.run_quietly("value", text, "csv")
        self.assertEqual(answer.status, DONE, answer)
        cells = {(row["scenario"].removeprefix("'"), row["measure"], row["name"].removeprefix("'")): row["value"]
                 for row in answer.rows if row["period"] == ""}
        number = lambda cell: None if cell == "" else float(cell)  # noqa: E731
        for scenario in document["scenarios"]:
            for measure in ("customer_equity", "investment", "acquired", "acquisition_cost", "retention_rate"):
                self.assertEqual(number(cells[scenario["name"], measure, ""]), scenario[measure], measure)
            for state in scenario["states"]:
                for measure in ("clv", "clv_sd", "clv_with_referrals", "expected_periods_as_customer"):
                    self.assertEqual(number(cells[scenario["name"], measure, state["name"]]), state[measure])

    def check_contract(self, checked, valued):
        """What no schema can say: lists agree in length and order, and traces with the horizon."""
        names = [state["name"] for state in checked["states"]]
        for scenario in valued["scenarios"]:
            self.assertEqual([state["name"] for state in scenario["states"]], names)
            self.assertEqual([lever["name"] for lever in scenario["levers"]], [one["name"] for one in checked["levers"]])
            segments = scenario.get("segments", [])
            self.assertEqual([segment["name"] for segment in segments], [one["name"] for one in checked["segments"]])
            for segment in segments:
                self.assertEqual([state["name"] for state in segment["states"]], names)
            business = bool(checked["arrivals"])
            self.assertEqual(scenario["customer_equity"] is not None, business)
            trace = scenario["trace"]
            self.assertEqual(trace is not None, business and valued["horizon"] != "infinite")
            if trace:
                self.assertEqual(list(trace["people"]), names)
                for course in (trace["cash_flow"], trace["discounted_cash_flow"], trace["spend"], *trace["people"].values()):
                    self.assertEqual(len(course), valued["horizon"])
        for state in checked["states"]:
            self.assertAlmostEqual(sum(entry["probability"] for entry in state["row"]), 1, delta=1e-9)

    def check_model(self, text, value_status=DONE, compare_status=DONE):
        checked = self.kept_if_done("check", text, DONE)
        self.assertEqual(sum(scenario["reference"] for scenario in checked["scenarios"]), 1)
        if valued := self.kept_if_done("value", text, value_status):
            self.check_csv_agrees(text, valued)
            self.check_contract(checked, valued)
        if compared := self.kept_if_done("compare", text, compare_status):
            self.assertIn(compared["reference"], [scenario["name"] for scenario in compared["scenarios"]])

    def test_models_written_here(self):
        for name, (text, value_status, compare_status) in WRITTEN_HERE.items():
            with self.subTest(name):
                self.check_model(text, value_status, compare_status)

    def test_examples(self):
        for name, text in examples().items():
            with self.subTest(name):
                self.kept_if_done("check", text, DONE)
                for command in ("value", "compare"):
                    self.kept_if_done(command, text, DONE, BAD_INPUT, DIVERGENT, LIMIT)

    def test_random_models(self):
        for seed in range(RANDOM_MODELS):
            text = random_models.random_model(seed)
            with self.subTest(seed=seed):
                self.check_model(text, DONE, DONE if "[[arrivals]]" in text else BAD_INPUT)

    def test_same_bytes_twice(self):
        text = WRITTEN_HERE["plans and a currency"][0]
        for command in ("check", "value", "compare"):
            self.assertEqual(self.run_quietly(command, text).out, self.run_quietly(command, text).out)


def broken_versions(document, path=()):
    """The document with one key more, or one key or item of a list less or wrong, at every place."""
    if isinstance(document, dict):
        for key in document:
            yield path + (key,), "missing"
            yield from broken_versions(document[key], path + (key,))
        yield path, "more"
    elif isinstance(document, list):
        for k, item in enumerate(document[:1]):
            yield from broken_versions(item, path + (k,))
    else:
        yield path, "wrong"


def broken(document, path, how):
    """A copy that is broken in this way."""
    result = copy.deepcopy(document)
    place = result
    for step in path if how == "more" else path[:-1]:
        place = place[step]
    if how == "more":
        place["one key more"] = 1
    elif how == "missing":
        del place[path[-1]]
    else:
        place[path[-1]] = {"wrong": "NaN"}
    return result


class SchemaIsStrictTest(ProgramTest):
    """The schemas refuse what is not to be: otherwise they would prove nothing."""

    FREE_KEYS = {"people", "spend", "split", "mix"}  # objects whose keys are names, so that none is missing or too many

    def test_broken_documents_are_refused(self):
        text = WRITTEN_HERE["plans and a currency"][0]
        for command in ("check", "value", "compare"):
            document = self.document(command, "-", stdin=text)
            strict = validator(command)
            self.assertTrue(strict.is_valid(document))
            for path, how in broken_versions(document):
                within_names = how == "missing" and len(path) > 1 and path[-2] in self.FREE_KEYS
                if within_names and isinstance(path[-1], str):
                    continue
                if how == "more" and path and path[-1] in self.FREE_KEYS - {"people"}:
                    continue
                with self.subTest(command=command, path=path, how=how):
                    self.assertFalse(strict.is_valid(broken(document, path, how)))

    def test_numbers_out_of_range_are_refused(self):
        text = WRITTEN_HERE["plans and a currency"][0]
        document = self.document("value", "-", stdin=text)
        strict = validator("value")
        for path, number in ((("scenarios", 0, "retention_rate"), 1.5), (("scenarios", 0, "acquired"), -1),
                             (("discount_factor",), 0), (("horizon",), 2.5), (("horizon",), -1),
                             (("scenarios", 0, "states", 0, "clv_sd"), -1)):
            wrong = copy.deepcopy(document)
            place = wrong
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = number
            with self.subTest(path=path):
                self.assertFalse(strict.is_valid(wrong))

    def test_constants_and_double_keys_are_refused(self):
        for text in (b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1, "a": 2}', b'{"a": 1e999}'):
            with self.assertRaises(ValueError):
                parsed(text)


if __name__ == "__main__":
    main()
