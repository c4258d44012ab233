#!/usr/bin/env python3
"""Every table of a model file, key by key: what is missing, of the wrong type, out of range, or said twice.

The rows of the list of faults are in test_model_faults.py and test_file_faults.py. Here is what the contract says of
the keys themselves: every message names the place, the key, what was found and what is allowed; all problems of a file
are reported in one go; what each feature is worth in a model small enough for sums by hand; and that persons are
followed through all of it.
"""

import json

import program_runner
from program_runner import LEVER, LIMIT, SHOP, ProgramTest, changed, model, one_arrival

FARM = SHOP + LEVER
INFINITE = '"infinite"'

SEGMENTS = """
[[segment]]
name = "deal seekers"
share = 0.4

[[segment.transition]]
from = "owner"
to = "lost"
probability = 0.5

[[segment.state]]
name = "owner"
cash_flow = 20

[[segment]]
name = "devoted"
share = 0.6
"""

MARKET = """
[environment]
states = ["calm", "price war"]
start = "calm"
matrix = [[0.97, 0.03], [0.15, 0.85]]

[[environment.effect]]
when = "price war"
transition = ["owner", "lost"]
odds = 4
"""

CALENDAR = """
[[calendar]]
transition = ["owner", "lost"]
odds = [1, 1.5]
"""

REFERRAL = """
[[referral]]
from = "owner"
to = "owner"
per_period = 0.1
"""

CORRELATION = """
[[correlation]]
between = ["state owner, cash_flow", "lever service, transition owner -> lost, half_spend"]
value = 0.3
"""

EVERYTHING = SHOP + LEVER + SEGMENTS + MARKET + CALENDAR + REFERRAL
CORRELATED = (changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, uncertain = { sd = 9 } }")
              + changed(LEVER, "half_spend = 5", "half_spend = { mean = 5, uncertain = { sd = 1 } }") + CORRELATION)


class KeyTest(ProgramTest):
    def each(self, cases):
        """cases: (old, new with a mark, code, key, words…), each a change of the file that has everything."""
        for old, new, *problem in cases:
            with self.subTest(new=new, problem=problem):
                self.refused(changed(EVERYTHING, old, new), tuple(problem))


class MissingKeys(KeyTest):
    def test_every_required_key(self):
        """Taken out one by one; the message names it and the table in which it is missing."""
        cases = [
            ("format = 1\n", "", "§", "", "`format` is missing", "format = 1"),
            ('name = "Shop"\n', "", "[model]", "model", "`name` is missing"),
            ('period = "year"\n', "", "[model]", "model", "`period` is missing", "day, week, month, quarter, year"),
            ("horizon = 10\n", "", "[model]", "model", "`horizon` is missing", '"20 years"'),
            ('stage = "lost"\n', "", '[[state]]\nname = "lost"', "state[2]", "`stage` is missing", "advocacy"),
            ("probability = 0.2\n", "", "[[transition]]", "transition[1]", "`probability` is missing", '"rest"'),
            ('state = "owner"\ncount', "count", "[[arrivals]]", "arrivals[1]", "`state` is missing"),
            ("per_period = 0.1\n", "", "[[referral]]", "referral[1]", "`per_period` is missing"),
            ("share = 0.4\n", "", "[[segment]]\nname = \"deal", "segment[1]", "`share` is missing"),
            ('start = "calm"\n', "", "[environment]", "environment", "`start` is missing"),
            ('when = "price war"\n', "", "[[environment.effect]]", "environment.effect[1]", "`when` is missing"),
            ("odds = 4\n", "", "[[environment.effect]]", "environment.effect[1]", "`odds` is missing"),
            ("odds = [1, 1.5]\n", "", "[[calendar]]", "calendar[1]", "`odds` is missing"),
            ('kind = "retention"\n', "", "[[lever]]", "lever[1]", "`kind` is missing", "development"),
            ("limit = 0.1\n", "", "[[lever.effect]]", "lever[1].effect[1]", "`limit` is missing"),
            ("half_spend = 5\n", "", "[[lever.effect]]", "lever[1].effect[1]", "`half_spend` is missing"),
            ('name = "farm"\n', "", "[[scenario]]", "scenario[1]", "`name` is missing"),
        ]
        for old, new, table, key, *words in cases:
            with self.subTest(key=key, words=words):
                text = changed(EVERYTHING, old, new)
                text = "§" + text if table == "§" else changed(text, table, "§" + table)
                self.refused(text, ("missing", key, *words))

    def test_nothing_but_a_version(self):
        self.refused("§format = 1\n", ("missing", "", "the table [model] is missing", "name, period and horizon"),
                     ("no-states", "state", "the model has no states"))

    def test_what_is_missing_hides_nothing_else(self):
        """A name that is missing is one mistake, an impossible amount in the same table another."""
        text = changed(SHOP, '[[state]]\nname = "lost"\n', '§[[state]]\ncash_flow = §1e91\n')
        text = changed(text, 'to = "lost"', 'to = "owner"')
        self.refused(text, ("missing", "state[2]", "`name` is missing"), ("number", "state[2].cash_flow", "1e+91"))


class UnknownKeys(KeyTest):
    def test_the_nearest_key_is_suggested(self):
        cases = [
            ("horizon = 10", "horizon = 10\n§discount_raet = 0.1", "model.discount_raet", "discount_rate"),
            ("cash_flow = 100", "cash_flow = 100\n§satisfacton = 0.1", "state[1].satisfacton", "satisfaction"),
            ("probability = 0.2", "probability = 0.2\n§cash_flwo = 1", "transition[1].cash_flwo", "cash_flow"),
            ("count = 10", "count = 10\n§untill = 3", "arrivals[1].untill", "until"),
            ("per_period = 0.1", "per_period = 0.1\n§form = 1", "referral[1].form", "from"),
            ("share = 0.4", "share = 0.4\n§nmae = 1", "segment[1].nmae", "name"),
            ('start = "calm"', 'start = "calm"\n§matrx = 1', "environment.matrx", "matrix"),
            ("odds = 4", "odds = 4\n§stat = 1", "environment.effect[1].stat", "state"),
            ("odds = [1, 1.5]", "odds = [1, 1.5]\n§untl = 1", "calendar[1].untl", "until"),
            ('kind = "retention"', 'kind = "retention"\n§carryover = 1', "lever[1].carryover", "carry_over"),
            ("half_spend = 5", "half_spend = 5\n§stepness = 1", "lever[1].effect[1].stepness", "steepness"),
            ('name = "farm"', 'name = "farm"\n§referense = true', "scenario[1].referense", "reference"),
            ("probability = 0.2", "probability = { mean = 0.2, §uncertan = 1 }", "transition[1].probability.uncertan",
             "uncertain"),
            ("probability = 0.2", "probability = { mean = 0.2, uncertain = { sd = 0.1, §conut = 1 } }",
             "transition[1].probability.uncertain.conut", "count"),
        ]
        for old, new, key, nearest in cases:
            with self.subTest(key=key):
                name = key.rsplit(".", 1)[-1]
                words = (f'there is no key "{name}" here', f'did you mean "{nearest}"?')
                self.refused(changed(EVERYTHING, old, new), ("unknown-key", key, *words))
        self.refused(changed(SHOP, "\n[model]", "\n[§modle]").replace("format", "§format", 1),
                     ("missing", "", "the table [model] is missing"),
                     ("unknown-key", "modle", 'did you mean "model"?'))

    def test_where_no_key_is_near_the_known_ones_are_listed(self):
        self.refused(changed(SHOP, "horizon = 10", "horizon = 10\n§retentoin = 0.9"),
                     ("unknown-key", "model.retentoin", 'known are "name", "currency", "period"'))
        self.refused(changed(EVERYTHING, "cash_flow = 20", "cash_flow = 20\n§wanted = 1"),
                     ("unknown-key", "segment[1].state[1].wanted", 'known are "name", "cash_flow" ['))


class Types(KeyTest):
    """Nothing is converted: a number in quotation marks is a text, a single value no list, 1.0 no whole number."""

    def test_head_and_states(self):
        self.each([
            ("format = 1\n", 'format = §"1"\n', "type", "format", 'found the text "1"', "a whole number"),
            ("format = 1\n", "format = §1.0\n", "type", "format", "found the number 1", "a whole number"),
            ('name = "Shop"', "name = §5", "type", "model.name", "found the whole number 5", "a text in quotes"),
            ('period = "year"', "period = §1", "type", "model.period", "found the whole number 1", "a text in quotes"),
            ('stage = "servicing"', "stage = §true", "type", "state[1].stage", "found true", "a text in quotes"),
            ("cash_flow = 100", "cash_flow = §[100]", "type", "state[1].cash_flow", "found an array", "a number"),
            ("cash_flow = 100", 'satisfaction = §"1"', "type", "state[1].satisfaction", 'found the text "1"',
             "a number"),
        ])
        self.refused("format = 1\nmodel = §3\nstate = §3\n",
                     ("type", "model", "found the whole number 3", "a table, [model]"),
                     ("type", "state", "found the whole number 3", "an array of tables, [[state]]"))

    def test_people(self):
        self.each([
            ("count = 10", 'count = §"10"', "type", "arrivals[1].count", 'found the text "10"', "without quotes"),
            ("count = 10", "count = 10\nfrom = §1.0", "type", "arrivals[1].from", "found the number 1",
             "a whole number"),
            ("count = 10", "schedule = §10", "type", "arrivals[1].schedule", "the whole number 10",
             "an array of numbers"),
            ("count = 10", "count = 10\nmix = §[0.5]", "type", "arrivals[1].mix", "found an array", "{ name = 0.5 }"),
            ("per_period = 0.1", 'per_period = §"0.1"', "type", "referral[1].per_period", 'the text "0.1"', "a number"),
            ("share = 0.4", 'share = §"0.4"', "type", "segment[1].share", 'found the text "0.4"', "without quotes"),
        ])

    def test_surroundings(self):
        self.each([
            ('["calm", "price war"]', '§"calm"', "type", "environment.states", 'the text "calm"', "an array of texts"),
            ("[[0.97, 0.03], [0.15, 0.85]]", "§[0.97, 0.03]", "type", "environment.matrix", "the number 0.97",
             "an array of rows"),
            ("odds = 4", 'odds = §"4"', "type", "environment.effect[1].odds", 'found the text "4"', "without quotes"),
            ('["owner", "lost"]\nodds = [', '§"owner"\nodds = [', "type", "calendar[1].transition", 'the text "owner"'),
            ('["owner", "lost"]\nodds = [', '§["owner"]\nodds = [', "type", "calendar[1].transition",
             "found an array of 1 texts", '["from", "to"]'),
            ("odds = [1, 1.5]", "odds = §2", "type", "calendar[1].odds", "the whole number 2", "an array of numbers"),
        ])
        self.refused(SHOP + MARKET.replace("[environment]", "§[[environment]]", 1).split("[[environment.effect]]")[0],
                     ("type", "environment", "found an array", "a table, [environment]"))

    def test_levers_and_scenarios(self):
        effect = "lever[1].effect[1]"
        self.each([
            ('while_in = ["owner"]', 'while_in = §"owner"', "type", "lever[1].while_in", 'the text "owner"', "texts"),
            ('["owner", "lost"]\nlimit', '§["owner", 3]\nlimit', "type", effect + ".transition", "the whole number 3"),
            ("limit = 0.1", 'limit = §"0.1"', "type", effect + ".limit", 'found the text "0.1"', "a number"),
            ("half_spend = 5", "half_spend = 5\nshape = §1", "type", effect + ".shape", "found the whole number 1"),
            ("half_spend = 5", 'shape = "table"\npoints = §[0, 1]', "type", effect + ".points", "the whole number 0"),
            ("spend = { service = 10 }", "spend = §10", "type", "scenario[1].spend", "found the whole number 10"),
            ("{ service = 10 }", '§{ service = "10" }', "type", "scenario[1].spend", 'found the text "10"'),
            ("{ service = 10 }", '{ service = 10 }\nreference = §"yes"', "type", "scenario[1].reference",
             'found the text "yes"', "true or false"),
            ("spend = { service = 10 }", 'budget = §"5"\nsplit = { service = 1 }', "type", "scenario[1].budget",
             'found the text "5"'),
        ])


class Words(KeyTest):
    """Keys that take one of a few words."""

    def test_the_nearest_word_is_suggested(self):
        self.each([
            ('period = "year"', 'period = §"yaer"', "choice", "model.period", '"yaer" is not known here', '"quarter"',
             'did you mean "year"?'),
            ("horizon = 10", 'horizon = 10\ncash_flow_timing = §"begin"', "choice", "model.cash_flow_timing",
             '"middle"'),
            ('stage = "servicing"', 'stage = §"serving"', "choice", "state[1].stage", 'did you mean "servicing"?'),
            ('stage = "servicing"', 'stage = §"xyzzyquux"', "choice", "state[1].stage",
             '"advocacy", "dormant", "lost"'),
            ('kind = "retention"', 'kind = §"retension"', "choice", "lever[1].kind", 'did you mean "retention"?'),
            ('kind = "retention"', 'kind = "retention"\nspend_per = §"month"', "choice", "lever[1].spend_per",
             '"customer", "period"'),
            ("half_spend = 5", 'half_spend = 5\nshape = §"hil"', "choice", "lever[1].effect[1].shape", '"hill"?'),
        ])


class PeopleAndSurroundings(KeyTest):
    def test_arrivals(self):
        flow = "give one of count (once), per_period (every period) or schedule"
        self.each([
            ("[[arrivals]]\nstate = \"owner\"\ncount = 10", '§[[arrivals]]\nstate = "owner"', "arrivals", "arrivals[1]",
             "nobody arrives", flow),
            ("[[arrivals]]\nstate = \"owner\"\ncount = 10", '§[[arrivals]]\nstate = "owner"\ncount = 1\nper_period = 1',
             "arrivals", "arrivals[1]", "said in two ways", flow),
            ("count = 10", "count = 10\ngrowth = §0.1", "arrivals", "arrivals[1].growth", "goes with per_period"),
            ("count = 10", "per_period = 1\ngrowth = §-1", "growth", "arrivals[1].growth", "-1 is no growth",
             "above -1"),
            ("count = 10", "per_period = §-2", "arrivals", "arrivals[1].per_period", "-2 people cannot arrive"),
            ("count = 10", "schedule = §[1, 2e15]", "arrivals", "arrivals[1].schedule", "2e+15 people cannot arrive"),
            ("count = 10", "count = 10\nfrom = §-1", "window", "arrivals[1].from", "-1 is no period", "0 to 10000000"),
            ("count = 10", "per_period = 1\nfrom = 3\nuntil = §3", "window", "arrivals[1].until",
             "3 does not come after from = 3"),
            ("count = 10", 'count = 10\nmix = §{ devoted = 0.5, "deal seekers" = 0.4 }', "share", "arrivals[1].mix",
             "the shares sum to 0.9", "must sum to 1"),
            ("count = 10", "count = 10\nmix = §{ devotd = 1 }", "unknown-segment", "arrivals[1].mix",
             'there is no segment "devotd"', 'did you mean "devoted"?'),
            ("count = 10", 'count = 10\nname = §"a\\u0007"', "name", "arrivals[1].name", "control characters", "\\x07"),
        ])
        self.warned(changed(SHOP, "count = 10", "count = 10\nfrom = §10"), "arrivals", "arrivals[1].from",
                    "nobody arrives within the horizon")

    def test_referrals(self):
        self.each([
            ("per_period = 0.1", "per_period = §-0.1", "number", "referral[1].per_period", "-0.1 is out of range",
             "at least 0"),
            ("per_period = 0.1", "per_period = §nan", "not-finite", "referral[1].per_period", "nan"),
        ])
        self.refused(SHOP + REFERRAL + REFERRAL.replace("[[", "§[["),
                     ("duplicate-referral", "referral[2]", '"owner" -> "owner" is listed already',
                      "referral[1] is the first"))

    def test_segments(self):
        self.refused(SHOP + changed(SEGMENTS, "share = 0.6", "share = 0.5").replace("[[segment]]", "§[[segment]]", 1),
                     ("share", "segment", "the shares sum to 0.9", "must sum to 1"))
        name = "segment[1].state[1].name"
        self.each([
            ('name = "devoted"', 'name = §"Deal Seekers"', "duplicate-name", "segment[2].name",
             "differ only in capitals, blanks"),
            ("probability = 0.5", "probability = §1.5", "probability", "segment[1].transition[1].probability", "1.5"),
            ('[[segment.state]]\nname = "owner"', '[[segment.state]]\nname = §"onwer"', "unknown-state", name,
             '"owner"?'),
            ("cash_flow = 20", "cash_flow = §1e91", "number", "segment[1].state[1].cash_flow", "1e+91 is out of range"),
            ("cash_flow = 20", 'cash_flow = 20\n[[segment.state]]\nname = §"owner"', "duplicate-name",
             "segment[1].state[2].name", '"owner" is listed as state[1] of this segment already'),
            ('[[segment.transition]]\nfrom = "owner"\nto = "lost"',
             '§[[segment.transition]]\nfrom = "owner"\nto = "owner"',
             "unknown-transition", "segment[1].transition[1]", 'there is no transition "owner" -> "owner"',
             "list it under"),
        ])

    def test_rows_of_a_segment(self):
        """A row is whole with the model's numbers and yet too much with the segment's own: said of the segment's."""
        more = '\n[[transition]]\nfrom = "owner"\nto = "owner"\nprobability = 0.7\n'
        text = SHOP + more + changed(SEGMENTS, "probability = 0.5", "probability = §0.5")
        self.refused(text, ("row-sum", "segment[1].transition[1].probability", "in this segment", '"owner" sum to 1.2'))

    def test_correlations(self):
        both = '["state owner, cash_flow", "lever service, transition owner -> lost, half_spend"]'
        for old, new, *problem in [
                (f"between = {both}\n", "", "missing", "correlation[1]", "`between` is missing"),
                ("value = 0.3\n", "", "missing", "correlation[1]", "`value` is missing"),
                ("value = 0.3", "value = 0.3\n§vale = 1", "unknown-key", "correlation[1].vale", 'did you mean "value"?'),
                ("value = 0.3", "value = §1.5", "correlation", "correlation[1].value", "1.5 is no correlation",
                 "between -1 and 1"),
                ("value = 0.3", "value = §nan", "not-finite", "correlation[1].value"),
                (both, "§[]", "correlation", "correlation[1].between", "between two numbers or more"),
                (both, '§"x"', "type", "correlation[1].between"),
                (both, '§["state owner, cash_flow", "state owner, cash_flow"]', "duplicate", "correlation[1].between",
                 "is named twice"),
                (both, '§["state ownr, cash_flow", "lever service, transition owner -> lost, half_spend"]',
                 "unknown-number", "correlation[1].between", 'there is no number "state ownr, cash_flow"',
                 'did you mean "state owner, cash_flow"?'),
                (both, '§["state owner, cash_flow", "transition owner -> lost"]', "not-uncertain",
                 "correlation[1].between", '"transition owner -> lost" is not uncertain'),
        ]:
            with self.subTest(new=new, problem=problem):
                text = changed(CORRELATED, old, new)
                if problem[0] == "missing":
                    text = text.replace("[[correlation]]", "§[[correlation]]")
                self.refused(text, tuple(problem))
        twice = CORRELATED + CORRELATION.replace("between = ", "between = §")
        self.refused(twice, ("duplicate", "correlation[2].between", "is said twice"))

    def test_the_calendar(self):
        self.each([
            ("odds = [1, 1.5]", "odds = §[]", "odds", "calendar[1].odds", "there are no odds"),
            ("odds = [1, 1.5]", "odds = §[1, -2]", "odds", "calendar[1].odds", "-2 is no odds multiplier",
             "from 0 to 1e12"),
            ("odds = [1, 1.5]", "odds = §[1e13]", "odds", "calendar[1].odds", "1e+13 is no odds multiplier"),
            ("odds = [1, 1.5]", "odds = §[nan]", "not-finite", "calendar[1].odds", "nan is not a finite number"),
            ("odds = [1, 1.5]", "odds = [1]\nfrom = 3\nuntil = §2", "window", "calendar[1].until",
             "2 does not come after"),
            ('["owner", "lost"]\nodds = [', '§["lost", "owner"]\nodds = [', "unknown-transition",
             "calendar[1].transition",
             'there is no transition "lost" -> "owner"', "with probability 0 if it does not happen today"),
        ])
        certain = changed(SHOP, "probability = 0.2", "probability = 1") + CALENDAR
        self.warned(certain.replace('["owner', '§["owner'), "certain-transition", "calendar[1].transition",
                    "cannot be moved")
        self.refused(changed(changed(SHOP, "probability = 0.2", "probability = 1") + CALENDAR, "[1, 1.5]", "[1, 0]")
                     .replace("[[calendar]]", "§[[calendar]]"),
                     ("nothing-left", "calendar[1]", 'the row of "owner" nowhere to go in period 1'),
                     command=("value", "--quiet"))

    def test_the_market(self):
        effect = "environment.effect[1]"
        self.each([
            ('start = "calm"', 'start = §"clam"', "unknown-market-state", "environment.start", "clam",
             'did you mean "calm"?'),
            ('when = "price war"', 'when = §"peace"', "unknown-market-state", effect + ".when", '"peace"'),
            ('["calm", "price war"]', "§[]", "no-states", "environment.states", "the market has no states"),
            ("odds = 4", "odds = §-4", "factor", effect + ".odds", "-4 is no multiplier", "from 0 to 1e12"),
            ("odds = 4", "odds = §inf", "not-finite", effect + ".odds", "inf is not a finite number"),
            ("odds = 4", "odds = 4\nfactor = §2", "effect-target", effect + ".factor", "`factor` goes with arrivals"),
            ('transition = ["owner", "lost"]\nodds = 4', 'state = "owner"\ncash_flow_factor = §1e13', "factor",
             effect + ".cash_flow_factor", "1e+13 is no multiplier", "-1e12 to 1e12"),
            ('transition = ["owner", "lost"]\nodds = 4', 'arrivals = "owner"\nfactor = §-1', "factor",
             effect + ".factor",
             "-1 is no multiplier"),
            ('transition = ["owner", "lost"]\nodds = 4', 'arrivals = §"onwer"\nfactor = 1', "unknown-arrivals",
             effect + ".arrivals", 'did you mean "owner"?'),
        ])
        for target in ("", 'transition = ["owner", "lost"]\nodds = 4\nstate = "owner"\ncash_flow_factor = 1'):
            text = changed(SHOP + MARKET, 'transition = ["owner", "lost"]\nodds = 4', target)
            self.refused(text.replace("[[environment.effect]]", "§[[environment.effect]]"),
                         ("effect-target", effect, "moves one thing", "give transition and odds"))

    def test_m14_the_matrix_of_the_market(self):
        """The one matrix of a model: not square, not whole, or not of probabilities."""
        matrix, key = "[[0.97, 0.03], [0.15, 0.85]]", "environment.matrix"
        self.each([
            (matrix, "§[[0.97, 0.03]]", "matrix-shape", key, "1 rows for 2 states", "one row for each state"),
            (matrix, "§[[0.97, 0.03], [0.15, 0.85], [0, 1]]", "matrix-shape", key, "3 rows for 2 states"),
            (matrix, "§[[0.97, 0.03], [0.15, 0.8, 0.05]]", "matrix-shape", key, "row 2 has 3 entries for 2 states"),
            (matrix, "§[[0.97, 0.03], [0.15, 0.8]]", "row-sum", key, "row 2 sums to 0.95", "must sum to 1"),
            (matrix, "§[[0.97, 0.03], [nan, 0.85]]", "not-finite", key, "nan is not a finite number"),
        ])
        self.refused(changed(SHOP + MARKET, matrix, "§[[0.97, 0.03], [-0.15, 1.15]]"),
                     ("probability", key, "-0.15 is not a probability"),
                     ("probability", key, "1.15 is not a probability"))
        three = changed(SHOP + MARKET, '["calm", "price war"]', '§["calm", "price war", "Calm"]')
        self.refused(changed(three, matrix, "§" + matrix),
                     ("duplicate-name", "environment.states[3].name", '"Calm" and "calm" differ only'),
                     ("matrix-shape", key, "2 rows for 3 states"))


class LeversAndScenarios(KeyTest):
    def test_levers(self):
        self.each([
            ('while_in = ["owner"]\n', 'while_in = §["owner", "owner"]\n', "while-in", "lever[1].while_in",
             "named twice", "owner"),
            ('kind = "retention"', 'kind = "retention"\ncarry_over = §1', "carry-over", "lever[1].carry_over",
             "1 is out of range"),
            ('kind = "retention"', 'kind = "retention"\ncarry_over = §-0.1', "carry-over", "lever[1].carry_over",
             "-0.1"),
            ('kind = "retention"', 'kind = "retention"\ncarry_over = §nan', "not-finite", "lever[1].carry_over", "nan"),
            ('kind = "retention"', 'kind = "retention"\nfrom = 5\nuntil = §5', "window", "lever[1].until",
             "5 does not come after"),
            ('kind = "retention"', 'kind = "retention"\nsegments = §["devotd"]', "unknown-segment", "lever[1].segments",
             'did you mean "devoted"?'),
            ('kind = "retention"', 'kind = "retention"\nsegments = §[]', "missing", "lever[1].segments",
             "the list of segments is empty", "leave it out", "name segments"),
            ('kind = "retention"', 'kind = "retention"\nlabel = §"a\\u001b[1m"', "name", "lever[1].label", "\\x1b[1m"),
        ])
        self.refused(changed(FARM, 'while_in = ["owner"]\n', "").replace("[[lever]]", "§[[lever]]"),
                     ("while-in", "lever[1].while_in", "needs to know on whom", 'spend_per = "period"'))
        self.refused(FARM[:FARM.index("[[lever.effect]]")].replace("[[lever]]", "§[[lever]]"),
                     ("no-effect", "lever[1]", 'the lever "service" changes nothing', "[[lever.effect]]"))
        self.warned(changed(FARM, 'while_in = ["owner"]', 'while_in = §["owner"]\nspend_per = "period"'),
                    "while-in", "lever[1].while_in", "falls on nobody in particular")

    def test_a_lever_starts_from_where_its_segments_are(self):
        """Deal seekers leave with 0.5, the devoted with the model's 0.2; 0.4 and 0.6 of all are one and the other."""
        whom = {'["deal seekers"]': (0.5, "from 0.5 towards 0.1"), '["devoted"]': (0.2, "from 0.2 towards 0.1"),
                '["devoted", "deal seekers"]': (0.32, "from 0.5 (deal seekers) and 0.2 (devoted) towards 0.1")}
        for segments, (today, words) in whom.items():
            with self.subTest(segments=segments):
                text = changed(FARM, 'kind = "retention"', f'kind = "retention"\nsegments = {segments}') + SEGMENTS
                found = self.accepted(text, "check", "--format", "json").json["levers"][0]["effects"][0]
                self.assertAlmostEqual(found["today"], today, delta=1e-15)
                self.assertIn(words, " ".join(self.accepted(text).text.split()))
        money = changed(FARM, 'transition = ["owner", "lost"]\nlimit', 'state = "owner"\nlimit') + SEGMENTS
        money = changed(money, 'kind = "retention"', 'kind = "retention"\nsegments = ["deal seekers"]')
        self.assertIn("from 20 towards", " ".join(self.accepted(money).text.split()))

    def test_targets_of_effects(self):
        old, key = 'transition = ["owner", "lost"]', "lever[1].effect[1]"
        self.each([
            (old + "\nlimit", 'transition = §["lost", "owner"]\nlimit', "unknown-transition", key + ".transition",
             'there is no transition "lost" -> "owner"'),
            (old + "\nlimit", 'referral = §["lost", "owner"]\nlimit', "unknown-referral", key + ".referral",
             'there is no referral "lost" -> "owner"', "with per_period = 0"),
            (old + "\nlimit", 'arrivals = §"web"\nlimit', "unknown-arrivals", key + ".arrivals", '"web"', "owner"),
            (old + "\nlimit", 'dwell = §"owner"\nlimit', "no-dwell", key + ".dwell", '"owner" has no dwell'),
            ("half_spend = 5", "half_spend = 5\nsteepness = §2", "shape", key + ".steepness",
             'goes with shape = "hill"'),
            ("half_spend = 5", "half_spend = 5\npoints = §[[0, 0], [1, 1]]", "shape", key + ".points",
             'goes with shape = "table"'),
        ])
        for target, words in (("", "does not say what it moves"), (old + '\nstate = "owner"', "moves several things")):
            text = changed(FARM, old, target).replace("[[lever.effect]]", "§[[lever.effect]]")
            self.refused(text, ("effect-target", key, words, "one [[lever.effect]] for each"))
        again = '\n§[[lever.effect]]\ntransition = ["owner", "lost"]\nlimit = 0.1\nhalf_spend = 5\n'
        self.refused(changed(FARM, "\n[[scenario]]", again + "\n[[scenario]]"),
                     ("moved-twice", "lever[1].effect[2]", '"owner" -> "lost" twice', "effect[1] does already"))

    def test_what_is_certain_cannot_be_moved(self):
        for probability in ("1", '"rest"'):
            text = changed(FARM, "probability = 0.2", f"probability = {probability}")
            self.refused(changed(text, 'transition = ["owner"', 'transition = §["owner"'),
                         ("certain-transition", "lever[1].effect[1].transition", '"owner" -> "lost" is certain',
                          "another"))

    def test_influences_that_cannot_be_combined(self):
        """A limit of exactly 0 or 1 cannot be said in odds, so that nothing else may move that row."""
        text = changed(FARM, "limit = 0.1", "limit = 0").replace("[[lever.effect]]", "§[[lever.effect]]") + CALENDAR
        words = ('"owner" -> "lost"', "while something else moves its row in period 1")
        for command in ("check", "value", "compare"):
            self.refused(text, ("only-alone", "lever[1].effect[1]", *words), command=(command,))

    def test_scenarios(self):
        spend = "spend = { service = 10 }"
        self.each([
            ("{ service = 10 }", "§{ servise = 10 }", "unknown-lever", "scenario[1].spend", 'did you mean "service"?'),
            (spend, "budget = 5\nsplit = §{ service = 0.9 }", "share", "scenario[1].split", "the shares sum to 0.9"),
            (spend, "budget = 5\nsplit = §{}", "share", "scenario[1].split", "the shares sum to 0"),
            (spend, 'note = §"a\\u0007"', "name", "scenario[1].note", "control or invisible characters", "\\x07"),
        ])
        head = '§[[scenario]]\nname = "farm"\n'
        for plan, *words in (("budget = 5", "`split` is missing"), ("split = { service = 1 }", "`budget` is missing"),
                             ("spend = {}\nbudget = 5\nsplit = { service = 1 }", "the plan is said in two ways")):
            text = changed(FARM, '[[scenario]]\nname = "farm"\n' + spend, head + plan)
            self.refused(text, ("scenario", "scenario[1]", *words))
        self.refused(FARM + 'reference = true\n\n[[scenario]]\nname = "b"\nreference = §true\n',
                     ("two-references", "scenario[2].reference", '"farm" is the reference already'))

    def test_a_comparison_needs_somebody(self):
        text = model([("a", "servicing", 5)])
        plain = self.run_on(text, "compare")
        self.assertEqual(plain.status, program_runner.BAD_INPUT, plain)
        self.assert_message(plain.messages[0], "model.toml:1:1", "no-arrivals", "arrivals", "nobody arrives", "`value`")
        alone = self.value_of(text).scenario()
        for figure in ("customer_equity", "acquired", "acquisition_cost", "retention_rate", "trace"):
            self.assertIsNone(alone[figure])


class NumbersThatAreNotOne(KeyTest):
    key = "transition[1].probability"

    def number(self, table):
        return changed(SHOP, "probability = 0.2", f"probability = {table}")

    def test_laws_that_do_not_exist(self):
        spread = "its spread is missing or said in two ways"
        cases = [
            ("{ mean = 0.2, uncertain = §{ sd = 0.5 } }", "uncertain", "no beta distribution has this mean and sd"),
            ("{ mean = 0.2, uncertain = §{ sd = -1 } }", "uncertain", "sd must not be negative", "mean 0.2"),
            ("{ mean = 0.2, uncertain = §{ count = 0 } }", "uncertain", "count must be above 0"),
            ("{ mean = 0.2, uncertain = §{ alpha = 1, beta = 3 } }", "uncertain", "its mean is 0.25, but mean is 0.2"),
            ("{ mean = 0.2, uncertain = §{ low = -0.1, high = 0.5 } }", "uncertain", "the range leaves 0 … 1"),
            ("{ mean = 0.2, uncertain = §{ low = 0.3, high = 0.1 } }", "uncertain", "low must not be above high"),
            ('{ mean = 0.2, uncertain = §{ sd = 0.1, distribution = "normal" } }', "uncertain",
             "a normal distribution"),
            ('{ mean = 0.2, uncertain = §{ count = 4, distribution = "uniform" } }', "uncertain", "go with beta only"),
            ("{ mean = 0.2, differs = §{} }", "differs", spread),
            ("{ mean = 0.2, differs = §{ alpha = 1 } }", "differs", spread),
            ("{ mean = 0.2, differs = §{ sd = 0.1, count = 4 } }", "differs", spread, "give one of sd, alpha and beta"),
        ]
        for table, word, *words in cases:
            with self.subTest(table=table):
                self.refused(self.number(table), ("distribution", f"{self.key}.{word}", *words))

    def test_no_spread_is_no_law(self):
        plain = self.value_of(SHOP).json["scenarios"]
        for word in ("differs", "uncertain"):
            self.assertEqual(self.value_of(self.number(f"{{ mean = 0.2, {word} = {{ sd = 0 }} }}")).json["scenarios"], plain)
        for word in ("differs", "uncertain", "varies"):
            money = changed(SHOP, "cash_flow = 100", f"cash_flow = {{ mean = 100, {word} = {{ sd = 0 }} }}")
            self.assertEqual(self.value_of(money).json["scenarios"], plain)
        nothing = changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 0, varies = { sd = 0 } }")
        self.assertEqual(self.value_of(nothing).state("owner")["clv_sd"], 0)

    def test_what_varies_around_nothing_is_normal(self):
        varies = "cash_flow = { mean = 0, varies = §{ sd = 3 } }"
        self.refused(changed(SHOP, "cash_flow = 100", varies),
                     ("distribution", "state[1].cash_flow.varies", "needs a mean other than 0", 'distribution = "normal"'))
        normal = changed(SHOP, "cash_flow = 100", varies.replace("§", "").replace("3 }", '3, distribution = "normal" }'))
        self.accepted(normal)
        self.refused(self.number("{ schedule = [0, 0.3], differs = §{ sd = 0.05 } }"),
                     ("distribution", self.key + ".differs", "needs a mean above 0", "`mean` of its own beside the schedule"))
        self.accepted(self.number("{ schedule = [0, 0.3], mean = 0.3, differs = { sd = 0.05 } }"))

    def test_words_in_the_wrong_place(self):
        self.refused(self.number("{ mean = 0.2, varies = §{ sd = 0.1 } }"),
                     ("word", self.key + ".varies", "varies is not allowed here", "cash flows"))
        self.refused(changed(FARM, "limit = 0.1", "limit = { mean = 0.1, differs = §{ sd = 0.01 } }"),
                     ("word", "lever[1].effect[1].limit.differs", "differs is not allowed here"))
        self.refused(self.number("{ mean = 0.2, uncertain = §0.1 }"),
                     ("type", self.key + ".uncertain", "found the number 0.1", "a table"))
        self.refused(self.number('{ mean = 0.2, uncertain = { sd = 0.1, distribution = §"bete" } }'),
                     ("choice", self.key + ".uncertain.distribution", 'did you mean "beta"?'))
        self.refused(self.number("{ mean = 0.2, uncertain = { sd = §nan } }"),
                     ("not-finite", self.key + ".uncertain.sd", "nan is not a finite number"))

    def test_draws_that_may_be_too_much(self):
        text = changed(SHOP, "probability = 0.2", "probability = §{ mean = 0.2, uncertain = { sd = 0.1 } }")
        more = '\n[[transition]]\nfrom = "owner"\nto = "owner"\nprobability = 0.7\n'
        self.warned(text + more, "row-draws", self.key, "can sum to more than 1", "rescaled")

    def test_dwells(self):
        kinds = [
            ('{ distribution = "fixed", periods = §0 }', "dwell", "state[1].dwell.periods",
             "0 is no number of periods"),
            ('{ distribution = "fixed", periods = §1.5 }', "dwell", "state[1].dwell.periods",
             "1.5 is no number of periods"),
            ('§{ distribution = "fixed" }', "missing", "state[1].dwell", "`periods` is missing"),
            ('§{ distribution = "negative_binomial", mean = 54, sd = 7 }', "dwell", "state[1].dwell",
             "mean 54 and sd 7",
             "sd² > mean - 1"),
            ('§{ distribution = "weibull", scale = 0, shape = 1 }', "dwell", "state[1].dwell", "above 0",
             "are 0 and 1"),
            ('{ distribution = "weibull", scale = 1, shape = §nan }', "not-finite", "state[1].dwell.shape", "nan"),
            ('{ distribution = "table", hazard = §[] }', "dwell", "state[1].dwell.hazard", "the hazard table is empty"),
            ('{ distribution = "table", hazard = §[0.1, 0] }', "dwell", "state[1].dwell.hazard", "would never end"),
            ('{ distribution = "table", hazard = §[1.5] }', "probability", "state[1].dwell.hazard",
             "1.5 is not a probability"),
            ('{ distribution = §"tabel" }', "choice", "state[1].dwell.distribution", 'did you mean "table"?'),
            ("§{ periods = 3 }", "missing", "state[1].dwell", "`distribution` is missing"),
            ("§3", "type", "state[1].dwell", "found the whole number 3", "a table, dwell = {"),
            ('{ distribution = "fixed", periods = 3, §mean = 2 }', "unknown-key", "state[1].dwell.mean", '"mean"'),
        ]
        for dwell, *problem in kinds:
            with self.subTest(dwell=dwell):
                text = changed(SHOP, "cash_flow = 100", f"dwell = {dwell}")
                self.refused(changed(text, "probability = 0.2", "probability = 1"), tuple(problem))

    def test_rows_of_a_dwell(self):
        fixed = changed(SHOP, "cash_flow = 100", 'dwell = { distribution = "fixed", periods = 3 }')
        self.refused(changed(fixed, "probability = 0.2", "probability = §0.2"),
                     ("dwell-row", self.key, '"owner" sum to 0.2', "leaves for certain when it ends"))
        back = changed(changed(fixed, "probability = 0.2", "probability = 1"), 'to = "lost"', 'to = "owner"')
        self.refused(back.replace("[[transition]]", "§[[transition]]"),
                     ("dwell-row", "transition[1]", "leads back to itself", "lead elsewhere"))


class WholeModels(KeyTest):
    """Each feature alone in a model small enough for sums by hand: ten owners, ten undiscounted years, 100 a year."""

    FIXED = changed(changed(SHOP, "cash_flow = 100", 'cash_flow = 100\ndwell = { distribution = "fixed", periods = 3 }'),
                    "probability = 0.2", "probability = 1")
    STAYS = [0.8 ** t for t in range(10)]  # probability of being an owner in year t

    def owner(self, text):
        """Valued without a warning, and with none from check: the scenario, and its figures for an owner."""
        self.assertEqual(self.accepted(text, "check", "--format", "json").json["warnings"], [])
        [scenario] = self.value_of(text).json["scenarios"]
        return scenario, scenario["states"][0]

    def years_as_owner(self):
        """Mean and mean square of the years in which an owner pays."""
        lasts = [self.STAYS[t] - (self.STAYS[t + 1] if t < 9 else 0) for t in range(10)]
        return sum(self.STAYS), sum(share * (t + 1) ** 2 for t, share in enumerate(lasts))

    def test_a_stay_of_three_years(self):
        scenario, owner = self.owner(self.FIXED)
        self.assert_close(scenario["customer_equity"], 3000)
        self.assert_close(owner["clv"], 300)
        self.assertEqual(owner["clv_sd"], 0)
        self.assert_close(owner["expected_periods_as_customer"], 3)

    def test_segments(self):
        scenario, owner = self.owner(SHOP + SEGMENTS)
        worth = [20 * sum(0.5 ** t for t in range(10)), 100 * sum(self.STAYS)]
        self.assert_close(owner["clv"], 0.4 * worth[0] + 0.6 * worth[1])
        self.assert_close(scenario["customer_equity"], 10 * owner["clv"])
        self.assertEqual([segment["name"] for segment in scenario["segments"]], ["deal seekers", "devoted"])
        spread = 0.4 * (worth[0] - owner["clv"]) ** 2 + 0.6 * (worth[1] - owner["clv"]) ** 2
        for segment, share, each in zip(scenario["segments"], (0.4, 0.6), worth):
            self.assertEqual(segment["share"], share)
            self.assert_close(segment["people"], 10 * share)
            self.assert_close(segment["value_each"], each)
            self.assert_close(segment["customer_equity"], 10 * share * each)
            self.assert_close(segment["states"][0]["clv"], each)
            spread += share * segment["states"][0]["clv_sd"] ** 2
        self.assert_close(owner["clv_sd"] ** 2, spread)

    def test_a_market(self):
        leaves = [0.2, 0.2 * 4 / (0.2 * 4 + 0.8)]
        worth = [0, 0]
        for _ in range(10):
            follows = [0.97 * worth[0] + 0.03 * worth[1], 0.15 * worth[0] + 0.85 * worth[1]]
            worth = [100 + (1 - leaves[e]) * follows[e] for e in (0, 1)]
        scenario, owner = self.owner(SHOP + MARKET)
        self.assert_close(owner["clv"], worth[0])
        self.assert_close(scenario["customer_equity"], 10 * worth[0])

    def test_a_market_that_moves_nothing_is_none(self):
        still = MARKET.replace("odds = 4", "odds = 1")
        self.assertEqual(self.value_of(SHOP + still).out, self.value_of(SHOP).out)

    def test_a_probability_that_differs(self):
        """Beta with parameters 3 and 12: the moments of staying are products."""
        scenario, owner = self.owner(changed(SHOP, "probability = 0.2", "probability = { mean = 0.2, differs = { sd = 0.1 } }"))
        worth, stays = 0, 1
        for t in range(10):
            worth += 100 * stays
            stays *= (12 + t) / (15 + t)
        self.assert_close(owner["clv"], worth)
        self.assert_close(scenario["customer_equity"], 10 * worth)
        self.assertLessEqual(scenario["quadrature_error"], 1e-12)

    def test_a_cash_flow_that_differs(self):
        scenario, owner = self.owner(changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, differs = { sd = 9 } }"))
        mean, square = self.years_as_owner()
        self.assert_close(owner["clv"], 100 * mean)
        self.assert_close(owner["clv_sd"] ** 2, 100 ** 2 * (square - mean ** 2) + 9 ** 2 * square)
        self.assertNotIn("quadrature_error", scenario)

    def test_a_cash_flow_that_varies(self):
        _, owner = self.owner(changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, varies = { sd = 9 } }"))
        mean, square = self.years_as_owner()
        self.assert_close(owner["clv"], 100 * mean)
        self.assert_close(owner["clv_sd"] ** 2, 100 ** 2 * (square - mean ** 2) + 9 ** 2 * mean)

    def test_a_probability_that_differs_around_a_schedule(self):
        """By an even law from 0.1 to 0.3, of mean 0.2: half of it in year 0, 1.5 times it from then on."""
        law = "differs = { low = 0.1, high = 0.3 }"
        _, owner = self.owner(changed(SHOP, "probability = 0.2", f"probability = {{ schedule = [0.1, 0.3], {law} }}"))
        worth = 1
        for n in range(9):  # (1 - x/2)·(1 - 1.5x)ⁿ = (2 + u)/3·uⁿ, whose integral is known
            integral = [2 * u ** (n + 1) / (n + 1) + u ** (n + 2) / (n + 2) for u in (0.55, 0.85)]
            worth += (integral[1] - integral[0]) / 4.5 / 0.2
        self.assert_close(owner["clv"], 100 * worth)

    def test_the_schedule_says_the_mean_of_each_period(self):
        two = changed(SHOP, "horizon = 10", "horizon = 2")
        for more in ("", ", mean = 0.2"):
            number = f"probability = {{ schedule = [0.1, 0.3], differs = {{ alpha = 2, beta = 8 }}{more} }}"
            text = changed(two, "probability = 0.2", number)  # half as much again as the law's 0.9 is more than 1
            self.assert_close(self.value_of(text, warnings=1).state("owner")["clv"], 100 * 1.9)

    def schedule_of_years(self, first, later):
        """Of what an owner brings in all years: the mean, the mean square, and the mean sum of squares of a year."""
        chances = [0.2 * 0.8 ** (n - 1) for n in range(1, 10)] + [0.8 ** 9]
        sums = [first + later * n for n in range(10)]
        squares = [first ** 2 + later ** 2 * n for n in range(10)]
        return (sum(p * v for p, v in zip(chances, sums)), sum(p * v * v for p, v in zip(chances, sums)),
                sum(p * q for p, q in zip(chances, squares)))

    def test_a_cash_flow_that_differs_around_a_schedule(self):
        mean, square, _ = self.schedule_of_years(10, 20)
        for number, around in (("schedule = [10, 20], mean = 15", 15), ("schedule = [10, 20]", 10)):
            _, owner = self.owner(changed(SHOP, "cash_flow = 100", f"cash_flow = {{ {number}, differs = {{ sd = 2 }} }}"))
            self.assert_close(owner["clv"], mean)
            self.assert_close(owner["clv_sd"] ** 2, (1 + (2 / around) ** 2) * square - mean ** 2)

    def test_a_cash_flow_that_varies_around_a_schedule(self):
        mean, square, squares = self.schedule_of_years(10, 20)
        for number, around in (("schedule = [10, 20], mean = 15", 15), ("schedule = [10, 20]", 10)):
            _, owner = self.owner(changed(SHOP, "cash_flow = 100", f"cash_flow = {{ {number}, varies = {{ sd = 2 }} }}"))
            self.assert_close(owner["clv"], mean)
            self.assert_close(owner["clv_sd"] ** 2, square - mean ** 2 + (2 / around) ** 2 * squares)

    def test_schedules_and_laws_around_nothing(self):
        """A law around 0 has no ratios: who has 3 more in one year has 3 more in all."""
        mean, square, _ = self.schedule_of_years(0, 20)
        years, squared_years = self.years_as_owner()
        _, owner = self.owner(changed(SHOP, "cash_flow = 100", "cash_flow = { schedule = [0, 20], differs = { sd = 2 } }"))
        self.assert_close(owner["clv"], mean)
        self.assert_close(owner["clv_sd"] ** 2, square - mean ** 2 + 4 * squared_years)
        varies = 'cash_flow = { schedule = [0, 20], varies = { sd = 2, distribution = "normal" } }'
        _, owner = self.owner(changed(SHOP, "cash_flow = 100", varies))
        self.assert_close(owner["clv_sd"] ** 2, square - mean ** 2 + 4 * years)
        spread = "cash_flow = { schedule = [0, 20], mean = 20, differs = { sd = 2 } }"
        _, owner = self.owner(changed(SHOP, "cash_flow = 100", spread))
        self.assert_close(owner["clv_sd"] ** 2, 1.01 * square - mean ** 2)

    def test_a_referral_rate_that_differs(self):
        """Those who are brought draw anew, so that a mean knows of the mean rate only."""
        _, owner = self.owner(SHOP + REFERRAL.replace("0.1", "{ mean = 0.1, differs = { sd = 0.1 } }"))
        worth = 0
        for _ in range(10):
            worth = 100 + (0.8 + 0.1) * worth
        self.assert_close(owner["clv_with_referrals"], worth)

    def test_acquisition_costs_count_by_kind(self):
        """A welcome that costs some and brings others as much is a cost for those whom it costs."""
        prospects = changed(SHOP, 'stage = "servicing"\ncash_flow = 100', 'stage = "acquisition"')
        prospects = changed(prospects, 'stage = "lost"', 'stage = "servicing"')
        gift = changed(prospects, "probability = 0.2", "probability = 1\ncash_flow = -5")
        sure = self.value_of(gift).json["scenarios"][0]
        self.assert_close(sure["acquisition_cost"], 5)
        differs = changed(gift, "cash_flow = -5", "cash_flow = { mean = 0, differs = { sd = 5 } }")
        self.assert_close(self.value_of(differs).json["scenarios"][0]["acquisition_cost"], 2.5)

    def test_four_numbers_that_differ(self):
        """Three are combined; with a fourth the work is refused, but people can still be followed one by one."""
        three = changed(changed(SHOP, "probability = 0.2", "probability = { mean = 0.2, differs = { sd = 0.1 } }"),
                        "cash_flow = 100", "cash_flow = { mean = 100, differs = { sd = 9 } }")
        three += REFERRAL.replace("0.1", "{ mean = 0.1, differs = §{ sd = 0.1 } }")
        self.value_of(three.replace("§", ""))
        four = changed(three, 'name = "lost"', 'name = "lost"\ncash_flow = { mean = 1, differs = { sd = 0.1 } }')
        self.assertEqual(self.run_on(four.replace("§", ""), "simulate", "--people", "1000").status, program_runner.DONE)
        beyond = ("differs", "referral[1].per_period.differs", "at most 3")
        for command in (("value",), ("compare",), ("simulate", "--engine", "population"), ("simulate", "--engine", "exact")):
            self.refused(four, (*beyond, "4 numbers differ from person to person in the model"), status=LIMIT,
                         command=command)
        self.refused(four + SEGMENTS, (*beyond, 'in the segment "devoted"'), status=LIMIT, command=("value",))


class FollowedOneByOne(KeyTest):
    """Single persons are followed through everything; their exact distribution knows no amounts that vary or differ."""

    def agrees(self, text, *options):
        """The mean of people one by one is that of the exact engine, which could tell another one."""
        answer = self.run_on(text, "simulate", "--engine", "individual", "--people", "200000", "--format", "json", *options)
        self.assertEqual(answer.status, program_runner.DONE, answer.err)
        found = json.loads(answer.out)["scenarios"][0]
        self.assertIsNotNone(found["exact_mean"])
        self.assertLess(abs(found["mean"] - found["exact_mean"]), 5 * found["standard_error"])
        return found

    def test_amounts(self):
        varies = changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, varies = { sd = 90 } }")
        differs = changed(SHOP, "cash_flow = 100", "cash_flow = { mean = 100, differs = { sd = 90 } }")
        rate = SHOP + REFERRAL.replace("0.1", "{ mean = 0.1, differs = { sd = 0.1 } }")
        plain = self.agrees(SHOP)
        for text, words in ((varies, "vary from event to event"), (differs, "differ from person to person"),
                            (rate, "differ from person to person")):
            with self.subTest(words=words):
                self.assert_failed(self.run_on(text, "simulate", "--engine", "exact"), LIMIT, "model.toml",
                                   "unsupported", words, "--engine individual")
                found = self.agrees(text, "--referrals")
                self.assertIsNone(found["risk"])
                if text != rate:
                    self.assertGreater(found["sd"], 1.05 * plain["sd"])
            self.assertEqual(self.run_on(text, "simulate", "--replicates", "10").status, program_runner.DONE)
            self.assertEqual(self.run_on(text, "simulate", "--people", "1000").status, program_runner.DONE)

    def test_a_schedule(self):
        for word in ("varies", "differs"):
            number = f"cash_flow = {{ schedule = [10, 20, 30], mean = 25, {word} = {{ sd = 20 }} }}"
            text = changed(SHOP, "cash_flow = 100", number)
            found = self.agrees(text)
            self.assertAlmostEqual(found["sd"], self.value_of(text).state("owner")["clv_sd"], delta=0.01 * found["sd"])

    def test_who_arrives_once_needs_no_horizon(self):
        late = '\n[[arrivals]]\nname = "late"\nstate = "owner"\nfrom = 3\nschedule = [4, 0, 2]\n'
        text = changed(SHOP, "horizon = 10", f"horizon = {INFINITE}\ndiscount_rate = 0.1")
        self.assertAlmostEqual(self.agrees(text)["exact_mean"], 100 / (1 - 0.8 / 1.1), delta=1e-9)
        for more in (late, late + MARKET, late + REFERRAL):
            self.agrees(text + more)
            self.assertEqual(self.run_on(text + more, "simulate").status, program_runner.DONE)
        for_ever = changed(text, "count = 10", "per_period = 10")
        self.refused(changed(for_ever, INFINITE, "§" + INFINITE),
                     ("horizon", "model.horizon", "people arrive for ever", "--from STATE"), status=LIMIT,
                     command=("simulate", "--engine", "individual"))
        self.agrees(for_ever, "--from", "owner")

    def test_a_market(self):
        text = SHOP + MARKET
        found = self.agrees(text)
        self.assertAlmostEqual(found["risk"]["sd_from_people"] ** 2 + found["risk"]["sd_from_market"] ** 2,
                               found["risk"]["sd"] ** 2, delta=1e-9 * found["risk"]["sd"] ** 2)
        self.assertAlmostEqual(found["risk"]["sd"], found["sd"], delta=0.02 * found["sd"])
        for options in (("--engine", "exact"), ("--replicates", "10")):
            self.assertEqual(self.run_on(text, "simulate", *options).status, program_runner.DONE)


class UncertainNumbers(KeyTest):
    def test_uncertain_numbers_stand_for_their_mean(self):
        uncertain = changed(SHOP, "probability = 0.2", "probability = { mean = 0.2, uncertain = { sd = 0.03 } }")
        self.assertEqual(self.value_of(uncertain).out, self.value_of(SHOP).out)


class ManyProblems(KeyTest):
    def test_all_are_reported_in_one_go(self):
        """Mistakes of the file's form and of its sense, in the same tables and in others, in the order of the file."""
        text = changed(SHOP, 'period = "year"\nhorizon = 10',
                       'period = §"yaer"\nhorizon = §"soon"\ndiscount_rate = §-3')
        text = changed(text, "cash_flow = 100", "cash_flow = §1e91\n§stag = 1")
        text = changed(text, "probability = 0.2", "probability = §-0.2\n§cash_flw = 3")
        text = changed(text, 'state = "owner"\ncount = 10', 'state = §"onwer"\ncount = §-1')
        self.refused(text,
                     ("choice", "model.period", '"yaer"'), ("horizon", "model.horizon", '"soon"'),
                     ("discount-rate", "model.discount_rate", "-3"), ("number", "state[1].cash_flow", "1e+91"),
                     ("unknown-key", "state[1].stag", '"stage"'), ("probability", "transition[1].probability", "-0.2"),
                     ("unknown-key", "transition[1].cash_flw", '"cash_flow"'),
                     ("unknown-state", "arrivals[1].state", '"onwer"'), ("arrivals", "arrivals[1].count", "-1 people"))

    def test_twenty_are_spelt_out_and_the_rest_counted(self):
        for count, last in ((20, None), (21, "… and 1 more"), (45, "… and 25 more")):
            wrong = [f'\n[[referral]]\nfrom = "owner"\nto = "s{k}"\nper_period = 0\n' for k in range(count)]
            answer = self.run_on(SHOP + "".join(wrong))
            self.assertEqual(answer.status, program_runner.BAD_INPUT)
            self.assertEqual(len(answer.messages), min(count, 21), answer)
            if last:
                self.assertEqual(answer.messages[-1], last)
            for k, line in enumerate(answer.messages[:20]):
                self.assertIn(f'referral[{k + 1}].to: there is no state "s{k}"', line)

    def test_warnings_are_limited_too(self):
        text = SHOP + "".join(f'\n[[state]]\nname = "s{k}"\nstage = "lost"\n' for k in range(45))
        answer = self.accepted(text, "value", warnings=21)
        self.assertEqual(answer.messages[-1], "… and 25 more")
        self.assertEqual(len(self.accepted(text, "check", "--format", "json").json["warnings"]), 45)
        self.assertEqual(self.accepted(text, "value", "--quiet").messages, [])

    def test_the_texts_that_these_tests_change_are_sound(self):
        self.accepted(model([("a", "servicing", 5)], (), one_arrival("a")), "value")
        self.accepted(FARM, "compare")
        self.accepted(EVERYTHING, "check")


if __name__ == "__main__":
    program_runner.main()
