#!/usr/bin/env python3
"""Model files that say something impossible, absurd, or merely unusual: what the program answers.

Rows M1 … M50 of the list of faults. Each test says which; what is expected follows from the model file's contract,
which stands above the list where both differ:

    M5, M7   an excess of rounding is accepted as 1 and rescaled; a result carries no notes, so that none is looked for
    M12      the note on Monte Carlo belongs to the simulation engines
    M47      a schedule that is shorter than the horizon repeats its last number

Not applicable yet, or never, to a file of format 1:

    M14      a model has no matrix but the market's: see test_model_keys.py
    M20      there is no start distribution; arrivals and their mixes take its place (tested)
    M22      no key declares a state absorbing: it is so if it has no transitions
    M31      the key carries its unit: discount_rate is effective and annual; there is no other (tested)
    M34      populations are simulated by the engines to come
    M35      a condition number is not reported; what cannot be decided is refused (M33)
    M43      there is no cost of an acquisition to be 0; a lever's half_spend takes its place (tested)
    M48      there are no generators of continuous time
    M49      there is no estimation yet
"""

import math
import re

import program_runner
from program_runner import DIVERGENT, LEVER, LIMIT, SHOP, ProgramTest, changed, model, one_arrival

FARM = SHOP + LEVER
PROBABILITY = "probability = 0.2"
TWO_STATES = (("a", "servicing", 5), ("end", "lost", 0))
THREE_STATES = (("a", "servicing", 5), ("b", "advocacy", 5), ("end", "lost", 0))
INFINITE = '"infinite"'


def shop(old, new):
    return changed(SHOP, old, new)


def farm(old, new):
    return changed(FARM, old, new)


def with_probability(value):
    return shop(PROBABILITY, f"probability = {value}")


def with_cash_flow(value):
    return shop("cash_flow = 100", f"cash_flow = {value}")


def row(*probabilities, **how):
    """A model in which "a" leads to "b" and "end", and to itself if there is a third probability."""
    pairs = zip(("b", "end", "a"), probabilities)
    return model(THREE_STATES, [("a", to, p) for to, p in pairs], one_arrival("a"), **how)


def referring(rate, leaving=0.2, horizon=INFINITE, head="discount_rate = 0.1"):
    rest = f'\n[[referral]]\nfrom = "a"\nto = "a"\nper_period = {rate}\n' + one_arrival("a")
    return model(TWO_STATES, [("a", "end", leaving)], rest, horizon, head)


class FaultTest(ProgramTest):
    def refused_each(self, cases, key="transition[1].probability"):
        """cases: (text with a mark, code, words…), all for one key."""
        for text, code, *words in cases:
            with self.subTest(code=code, words=words):
                self.refused(text, (code, key, *words))

    def completed_row(self, text, state="a"):
        states = self.accepted(text, "check", "--format", "json").json["states"]
        return next(one for one in states if one["name"] == state)

    def entries(self, text, state="a"):
        return {entry["to"]: entry["probability"] for entry in self.completed_row(text, state)["row"]}


class Probabilities(FaultTest):
    def test_m1_m2_not_finite(self):
        """TOML allows these literals, a model does not."""
        for literal, shown in (("nan", "nan"), ("+nan", "nan"), ("inf", "inf"), ("+inf", "inf"), ("-inf", "-inf")):
            with self.subTest(literal=literal):
                words = (f"{shown} is not a finite number", "give a finite number")
                self.refused(with_probability("§" + literal), ("not-finite", "transition[1].probability", *words))

    def test_m3_negative(self):
        self.refused(with_probability("§-0.1"),
                     ("probability", "transition[1].probability", "-0.1 is not a probability", "from 0 to 1"))

    def test_m4_minus_zero_is_zero_in_silence(self):
        answer = self.accepted(row("-0.0", 0.5), "check", "--format", "json")
        self.assertEqual(self.entries(row("-0.0", 0.5)), {"a": 0.5, "b": 0, "end": 0.5})
        self.assertNotIn(b"-0", answer.out)
        self.assertEqual(self.value_of(row("-0.0", 0.5)).state("a")["clv"],
                         self.value_of(row(0, 0.5)).state("a")["clv"])

    def test_m4_what_a_subtraction_left(self):
        words = ("-1e-18 is not a probability", 'if it is what other probabilities leave over, write "rest"')
        self.refused(with_probability("§-1e-18"), ("probability", "transition[1].probability", *words))

    def test_m5_one_with_a_rounding_error(self):
        certain = self.value_of(with_probability("1")).state("owner")
        for excess in ("1.0000000000000002", "1.0000000000000009"):  # 1 + 1 and 4 units in the last place
            with self.subTest(excess=excess):
                self.assertEqual(self.value_of(with_probability(excess)).state("owner"), certain)
        for beyond in ("1.000000000000001", "1.0001"):
            with self.subTest(beyond=beyond):
                problem = ("probability", "transition[1].probability", f"{beyond} is not a probability")
                text, sum_too = with_probability("§" + beyond), ("row-sum", "transition[1].probability", beyond)
                self.refused(text, *([problem] if beyond == "1.000000000000001" else [problem, sum_too]))

    def test_m6_percentages(self):
        text = row("§§85", "§10", "§5")
        self.refused(text,
                     ("probability", "transition[1].probability", "85 is not a probability", "divide by 100: 0.85"),
                     ("row-sum", "transition[1].probability", '"a" sum to 100', "for percentages, divide by 100"),
                     ("probability", "transition[2].probability", "10 is not a probability", "divide by 100: 0.1"),
                     ("probability", "transition[3].probability", "5 is not a probability", "divide by 100: 0.05"))

    def test_probabilities_of_other_types(self):
        number = ("give a number", "{ mean = 0.5")
        self.refused_each([
            (with_probability('§"0.2"'), "type", 'found the text "0.2"', "without quotes", '"rest"'),
            (with_probability('§"Rest"'), "type", 'found the text "Rest"', '"rest"'),
            (with_probability("§[0.2]"), "type", "found an array", *number),
            (with_probability("§true"), "type", "found true", *number),
            (with_probability("§1979-05-27"), "type", "found a date or time", *number),
            (with_probability("§{}"), "missing", "`mean` is missing"),
        ])


class Rows(FaultTest):
    def test_m7_rounding_is_rescaled(self):
        """0.1 + 0.2 + 0.7 is not 1 in double precision, and nobody who writes it means that somebody stays."""
        for parts in ((0.1, 0.9), ("0.30000000000000004", 0.7), (0.6, "0.4000000000001"), (0.6, "0.3999999999995")):
            with self.subTest(parts=parts):
                entries = self.entries(row(*parts))
                self.assertEqual(entries.get("a", 0), 0)
                self.assert_close(entries["b"] + entries["end"], 1, 2**-52)
                self.assert_close(entries["b"] / entries["end"], float(parts[0]) / float(parts[1]), 1e-15)

    def test_m8_a_sum_above_one(self):
        self.assert_close(sum(self.entries(row(0.5, 0.5000000009)).values()), 1, 2**-52)  # an excess of less than 1e-9
        words = ('the probabilities of "a" sum to 1.0000000020', "must not sum to more than 1")
        self.refused(row("§0.5", 0.500000002), ("row-sum", "transition[1].probability", *words))
        self.refused(row("§0.85", 0.1, 0.5), ("row-sum", "transition[1].probability", '"a" sum to 1.45'))

    def test_m9_what_is_missing_stays(self):
        completed = self.completed_row(row(0.5, 0.48))
        staying = [entry for entry in completed["row"] if entry["origin"] == "staying"]
        self.assertEqual([entry["to"] for entry in staying], ["a"])
        self.assert_close(staying[0]["probability"], 1 - 0.98)
        self.assert_close(completed["row_sum"], 0.98)
        self.assertIn("0.02", self.accepted(row(0.5, 0.48)).text)

    def test_m10_all_zeros(self):
        words = ('all probabilities of "a" are 0', "leave its transitions out to make the state absorbing")
        self.refused(row("§0", 0.0), ("row-zero", "transition[1].probability", *words))
        self.refused(with_probability("§-0.0"), ("row-zero", "transition[1].probability", '"owner"'))
        self.accepted(farm(PROBABILITY, "probability = 0"), "value")  # a lever may start what does not happen today

    def test_m11_rest(self):
        words = ('the row of "a" has "rest" 2 times', "at most one transition")
        self.refused(row('§"rest"', '"rest"'), ("rest-twice", "transition[1].probability", *words))
        self.refused(row('§"rest"', 0.7, 0.7), ("row-sum", "transition[1].probability", '"a" sum to 1.4'))
        self.assertEqual(self.entries(row('"rest"', 0.25)), {"b": 0.75, "end": 0.25})
        self.assertEqual(self.entries(row('"rest"', 1)), {"b": 0, "end": 1})

    def test_a_rest_does_not_differ_by_itself(self):
        key = "transition[1].probability"
        law = '§{ mean = "rest", differs = { sd = 0.1 } }'
        self.refused(row(law, 0.25), ("type", key, "its mean is a text", '"rest" has no table'))

    def test_laws_that_do_not_fit_name_those_that_do(self):
        law = '{ mean = 0.2, differs = §{ sd = 0.1, distribution = "gamma" } }'
        key = "transition[1].probability.differs"
        self.refused(row(law, 0.25), ("distribution", key, "a gamma distribution does not fit here",
                                      "give one of beta, uniform, fixed"))

    def test_too_many_numbers_that_differ_are_refused_where_the_first_too_many_stands(self):
        amount, chance = "{ mean = 3, differs = §{ sd = 1 } }", "{ mean = 0.2, differs = { low = 0.1, high = 0.3 } }"
        unmarked = amount.replace("§", "")
        states = (("a", "servicing", unmarked), ("b", "advocacy", unmarked), ("end", "lost", amount))
        marked = model(states, [("a", "b", chance), ("b", "end", 0.1)], one_arrival("a"))
        self.refused(marked, ("differs", "state[3].cash_flow.differs", "4 numbers differ from person to person",
                              "let at most 3 of them differ"), status=LIMIT, command=("value",))

    def test_a_pair_listed_twice(self):
        again = '\n§[[transition]]\nfrom = "a"\nto = "b"\nprobability = 0.1\n'
        words = ('"a" -> "b" is listed as transition[1] already', "list each pair once")
        self.refused(row(0.1, 0.2) + again, ("duplicate-transition", "transition[3]", *words))

    def test_rows_that_move_with_time(self):
        key = "transition[1].probability"
        self.refused(with_probability("§{ schedule = §[0.1, 1.2] }"),
                     ("row-sum", key, "sum to 1.2 in period 1"),
                     ("probability", key + ".schedule", "1.2 is not a probability"))
        self.refused(with_probability("{ schedule = §[] }"), ("missing", key + ".schedule", "the schedule is empty"))
        self.refused(with_probability("{ schedule = §[0.1, nan] }"), ("not-finite", key + ".schedule", "nan"))
        self.refused(with_probability('{ schedule = §[0.1, "x"] }'), ("type", key + ".schedule", 'found the text "x"'))
        self.refused(with_probability("{ schedule = §0.1 }"), ("type", key + ".schedule", "found the number 0.1"))
        grown = 0.2 * 1.5**9  # in the last of ten years
        self.refused(with_probability("§{ mean = 0.2, growth = §0.5 }"),
                     ("row-sum", key, "in period 9", f"{grown:.6}"[:6]),
                     ("growth", key + ".growth", f"it grows to {grown:.6}"[:18], "in every period"))
        self.refused(with_probability("{ mean = 0.2, growth = §-1 }"), ("growth", key + ".growth", "-1", "above -1"))
        self.refused(with_probability("{ growth = §0.1, schedule = [0.1] }"),
                     ("growth", key + ".growth", "either a schedule or growth"))
        forever = changed(with_probability("{ mean = 0.2, growth = §0.01 }"), "horizon = 10", f"horizon = {INFINITE}")
        self.refused(forever, ("growth", key + ".growth", "beyond 1 for ever"))

    def test_m47_a_short_schedule_repeats_its_last_number(self):
        short = self.value_of(with_probability("{ schedule = [0.1, 0.3] }")).state("owner")
        whole = self.value_of(with_probability(f"{{ schedule = {[0.1] + [0.3] * 9} }}")).state("owner")
        self.assertEqual(short, whole)
        self.assert_close(short["clv"], 100 * (1 + 0.9 * sum(0.7**k for k in range(9))))

    def test_m12_the_smallest_probability(self):
        """It never happens in a simulation, but money of 1e90 may hang on it."""
        text = model(TWO_STATES, [("a", "end", "5e-324\ncash_flow = 1e90")], one_arrival("a"), 3)
        clv = self.value_of(changed(text, "cash_flow = 5\n", "cash_flow = 0\n")).state("a")["clv"]
        self.assert_close(clv, 3 * (5e-324 * 1e90))
        self.assertEqual(self.value_of(changed(text, "\ncash_flow = 1e90", "")).state("a")["clv"], 15)

    def test_m13_a_stay_of_nine_quadrillion_periods(self):
        text = model(TWO_STATES, [("a", "a", "0.99999999999999988898"), ("a", "end", '"rest"')], one_arrival("a"),
                     INFINITE)
        state = self.value_of(text).state("a")
        self.assert_close(state["clv"], 5 * 2.0**53)  # leaving is 2^-53, exactly
        self.assert_close(state["expected_periods_as_customer"], 2.0**53)

    def test_m50_a_state_twice_is_worth_the_same(self):
        one = self.value_of(model(TWO_STATES, [("a", "end", 0.25)], one_arrival("a"))).state("a")
        two = [("a", "a", 0.375), ("a", "b", 0.375), ("a", "end", 0.25), ("b", "a", 0.5), ("b", "b", 0.25),
               ("b", "end", 0.25)]
        split = self.value_of(model(THREE_STATES, two, one_arrival("a"))).state("a")
        for figure in ("clv", "clv_sd", "expected_periods_as_customer"):
            self.assert_close(split[figure], one[figure])


class Names(FaultTest):
    def test_m15_names_that_stand_twice(self):
        apart = "give each a name of its own"
        for name, words in (("owner", '"owner" is the name of state[1] already'),
                            (" Owner ", '" Owner " and "owner" differ only in capitals, blanks or the way their')):
            with self.subTest(name=name):
                self.refused(SHOP + f'\n[[state]]\nname = §"{name}"\nstage = "lost"\n',
                             ("duplicate-name", "state[3].name", words, apart))
        self.refused(FARM + '[[scenario]]\nname = §"Farm"\n',
                     ("duplicate-name", "scenario[2].name", '"Farm" and "farm" differ only', apart))
        self.refused(FARM + LEVER[:LEVER.index("\n[[scenario]]")].replace('"service"', '§"service"'),
                     ("duplicate-name", "lever[2].name", '"service" is the name of lever[1] already', apart))

    def test_m15_names_that_look_the_same(self):
        """The same letters in other code points: Unicode's canonical equivalence and full case folding."""
        for name, other in (("Bogot\u00e1", "Bogota\u0301"), ("\u00c5land", "\u212bland"), ("groß", "GROSS"),
                            ("πελάτης", "ΠΕΛΆΤΗΣ"), ("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")):
            with self.subTest(name=name):
                text = shop("[[arrivals]]", f'[[state]]\nname = "{name}"\nstage = "lost"\n\n[[arrivals]]')
                words = f'"{other}" and "{name}" differ only in capitals, blanks or the way their accents are written'
                self.refused(text + f'\n[[state]]\nname = §"{other}"\nstage = "lost"\n',
                             ("duplicate-name", "state[4].name", words, "give each a name of its own"))

    def test_m15_names_that_differ_enough(self):
        names = ("Bogota", "Bogotá", "ırmak", "irmak", "i̇rmak", "😀", "😁", "👍", "👍🏽", "ﾊ", "ハ", "バ")
        answer = self.value_of(model([("a", "servicing", 5), *((name, "lost", 0) for name in names)],
                                     [("a", name, 0.05) for name in names], one_arrival("a")))
        self.assertEqual([state["name"] for state in answer.scenario()["states"]], ["a", *names])

    def test_m16_no_states(self):
        head = SHOP[:SHOP.index("[[state]]")]
        words = ("the model has no states", "add a [[state]] table")
        self.refused("§" + head, ("no-states", "state", *words))
        self.refused(changed(head, "[model]", "state = §[]\n[model]"), ("no-states", "state", *words))

    def test_m17_one_state(self):
        text = model([("a", "servicing", 5)], (), one_arrival("a"), INFINITE, "discount_rate = 0.25")
        state = self.value_of(text).state("a")
        self.assert_close(state["clv"], 5 * 1.25 / 0.25)  # m(1 + r)/(1 + r - p) with p = 1
        self.assertEqual(state["clv_sd"], 0)
        self.assertIsNone(state["expected_periods_as_customer"])
        self.assertEqual(self.value_of(model([("a", "servicing", 5)])).state("a")["clv"], 50)

    def test_m18_undeclared_states(self):
        """Wherever a state is named, the nearest one is suggested."""
        lots = ('there is no state "lots"', 'did you mean "lost"?')
        ownr = ('there is no state "ownr"', 'did you mean "owner"?')
        cases = [
            (shop('to = "lost"', 'to = §"lots"'), "transition[1].to", lots),
            (shop('from = "owner"', 'from = §"ownr"'), "transition[1].from", ownr),
            (shop('state = "owner"', 'state = §"ownr"'), "arrivals[1].state", ownr),
            (SHOP + '[[referral]]\nfrom = §"ownr"\nto = "owner"\nper_period = 1\n', "referral[1].from", ownr),
            (SHOP + '[[referral]]\nfrom = "owner"\nto = §"lots"\nper_period = 1\n', "referral[1].to", lots),
            (SHOP + '[[calendar]]\ntransition = §["owner", "lots"]\nodds = [2]\n', "calendar[1].transition", lots),
            (farm('while_in = ["owner"]', 'while_in = §["ownr"]'), "lever[1].while_in", ownr),
            (farm('transition = ["owner", "lost"]', 'transition = §["ownr", "lost"]'), "lever[1].effect[1].transition",
             ownr),
            (farm('transition = ["owner", "lost"]', 'state = §"ownr"'), "lever[1].effect[1].state", ownr),
        ]
        for text, key, words in cases:
            with self.subTest(key=key):
                self.refused(text, ("unknown-state", key, *words))
        far = SHOP + '[[arrivals]]\nstate = §"xyzzy"\ncount = 1\n'
        self.refused(far, ("unknown-state", "arrivals[2].state", '"xyzzy"', 'known are "owner", "lost"'))

    def test_m19_unreachable_states(self):
        """Nobody comes to "x", so that its money for ever does not make the model divergent."""
        nowhere = '\n§[[state]]\nname = "x"\nstage = "dormant"\ncash_flow = 7\n'
        text = model(TWO_STATES, [("a", "end", 0.5)], nowhere + one_arrival("a"), INFINITE)
        answer = self.warned(text, "unreachable", "state[3]", 'nobody ever comes to "x"')
        self.assertEqual(answer.state("a")["clv"], 10)
        self.assertEqual(answer.scenario()["customer_equity"], 10)
        self.assertIsNone(answer.state("x")["clv"])

    def test_m20_m21_arrivals(self):
        key = "arrivals[1].count"
        for value, code, *words in (("nan", "not-finite", "nan is not a finite number"),
                                    ("inf", "not-finite", "inf is not a finite number"),
                                    ("-1", "arrivals", "-1 people cannot arrive", "from 0 to 1e15"),
                                    ("1e16", "arrivals", "1e+16 people cannot arrive", "from 0 to 1e15")):
            with self.subTest(value=value):
                self.refused(shop("count = 10", f"count = §{value}"), (code, key, *words))
        at_the_end = self.value_of(shop('state = "owner"\ncount', 'state = "lost"\ncount'), warnings=1)
        self.assertEqual(at_the_end.scenario()["customer_equity"], 0)
        rewarded = model([("a", "lost", 5)], (), one_arrival("a"))
        self.assertEqual(self.value_of(rewarded).scenario()["customer_equity"], 50)

    def test_many_names_that_look_alike(self):
        """Twenty thousand names with one long beginning: reading, looking up and valuing takes no time to speak of."""
        count = 20_000
        name = "n" * 150 + "{:05}"
        states = [(name.format(k), "servicing", 1) for k in range(count)]
        transitions = [(name.format(k), name.format(k + 1), 1) for k in range(count - 1)]
        answer = self.value_of(model(states, transitions, one_arrival(states[0][0]), 3))
        self.assertEqual(answer.state(states[0][0])["clv"], 3)

    def test_names_that_collide_in_a_hash_table(self):
        """All of 2^12 names made of blocks that FNV and the like cannot tell apart must be told apart."""
        names = ["".join(("Aa", "BB")[k >> bit & 1] for bit in range(12)) for k in range(4096)]
        states = [(name, "servicing", k % 7) for k, name in enumerate(names)]
        transitions = [(name, names[(k + 1) % 4096], 0.5) for k, name in enumerate(names)]
        answer = self.value_of(model(states, transitions, one_arrival(names[0]), 1))
        self.assertEqual([state["clv"] for state in answer.scenario()["states"]], [k % 7 for k in range(4096)])

    def test_thousands_of_mistyped_names(self):
        """A file in which everything is wrong is answered as fast as any other."""
        count = 20_000
        text = model([(f"s{k}", "lost", 0) for k in range(count)], [(f"x{k}", f"y{k}", 1) for k in range(count)])
        answer = self.run_on(text)
        self.assertEqual((answer.status, len(answer.messages)), (program_runner.BAD_INPUT, 21), answer)
        self.assertEqual(answer.messages[-1], f"… and {2 * count - 20} more")


class InfiniteHorizons(FaultTest):
    def divergent(self, text, code, *words, command=("value",), place="model.toml"):
        self.assert_failed(self.run_on(text, *command), DIVERGENT, place, code, *words)

    def test_m23_m36_money_in_a_class_that_is_never_left(self):
        """Two states in turn, undiscounted: 2 a period on average, and 40 within the twenty years that are offered."""
        transitions = [("a", "b", 1), ("b", "a", 1)]
        states = (("a", "servicing", 3), ("b", "dormant", 1))
        offer = 'within 20 years the customer equity is 40'
        for command in ("value", "compare"):
            with self.subTest(command=command):
                self.divergent(model(states, transitions, one_arrival("a"), INFINITE), "divergent", '"a", "b"',
                               "on average 2 a period", "give a finite horizon", offer, command=(command,))
        self.divergent(model(states, transitions, "", INFINITE), "divergent", '"a", "b"', "on average 2 a period",
                       'within 20 years the value of a person in "a" is 40')

    def test_m24_money_in_a_final_state(self):
        text = model((("a", "servicing", 0), ("end", "lost", -2)), [("a", "end", 1)], one_arrival("a"), INFINITE)
        self.divergent(text, "divergent", '"end"', "on average -2 a period", "the customer equity is -38")

    def test_m25_money_that_averages_to_nothing(self):
        """1 - 1 + 1 - 1 … has no sum, whatever its average is."""
        states = (("a", "servicing", 1), ("b", "dormant", -1))
        text = model(states, [("a", "b", 1), ("b", "a", 1)], one_arrival("a"), INFINITE)
        self.divergent(text, "divergent", '"a", "b"', "on average 0 a period", "the customer equity is 0")

    def test_m36_periodic_chains_with_an_answer(self):
        circle = [("a", "b", 0.5), ("b", "c", 1), ("c", "b", 1)]
        states = (("a", "servicing", 5), ("b", "dormant", 0), ("c", "dormant", 0))
        state = self.value_of(model(states, circle, one_arrival("a"), INFINITE)).state("a")
        self.assertEqual(state["clv"], 10)
        self.assertIsNone(state["expected_periods_as_customer"])
        turn = model((("a", "servicing", 3), ("b", "dormant", 1)), [("a", "b", 1), ("b", "a", 1)], one_arrival("a"),
                     INFINITE, "discount_rate = 1")
        self.assert_close(self.value_of(turn, warnings=1).state("a")["clv"], (3 + 1 / 2) / (1 - 1 / 4))

    def test_m37_equal_amounts_everywhere(self):
        for amount in (0, 5):
            states = [(name, stage, amount) for name, stage, _ in THREE_STATES]
            answer = self.value_of(model(states, [("a", "b", 0.3), ("b", "end", 0.7)], one_arrival("a"), 7))
            for state in answer.scenario()["states"]:
                self.assert_close(state["clv"], 7 * amount)
                self.assert_close(state["clv_sd"] + 1, 1)
        nothing = [(name, stage, 0) for name, stage, _ in THREE_STATES]
        answer = self.value_of(model(nothing, [("a", "b", 0.3), ("b", "a", 0.7)], one_arrival("a"), INFINITE),
                               warnings=1)
        self.assertEqual(answer.state("a")["clv"], 0)

    def test_m32_people_who_bring_more_people(self):
        """One stays with 0.8, brings 0.5, and money halves its worth in 7.3 years: 1.3/1.1 a year."""
        factor, finite = 1.3 / 1.1, sum(5 * (1.3 / 1.1) ** t for t in range(20))
        for command in ("value", "compare"):
            with self.subTest(command=command):
                self.divergent(referring(0.5), "divergent", f"by a factor of {factor:.12}"[:-1],
                               "doubling every 4.149238",
                               "lower the referral rates", f"the customer equity is {finite:.10}"[:-1],
                               command=(command,))
        self.assert_close(self.value_of(referring(0.2)).state("a")["clv_with_referrals"], 5 / (1 - 1.0 / 1.1))

    def test_m33_too_close_to_tell(self):
        """Everyone who leaves is replaced but for 1e-10 of them: double precision cannot decide."""
        for rate in ("0.2", "0.1999999999"):
            with self.subTest(rate=rate):
                self.divergent(referring(rate, head=""), "undecidable", "within 1e-9 of 1", "give a finite horizon",
                               "the customer equity is")
        self.assert_close(self.value_of(referring(0.19, head="")).state("a")["clv_with_referrals"], 5 / 0.01, 1e-10)
        self.assert_close(self.value_of(referring(0.2, head="", horizon=30)).state("a")["clv_with_referrals"], 150)

    def test_arrivals_for_ever(self):
        web = '\n§[[arrivals]]\nstate = "a"\nper_period = 1\n{}'
        text = model(TWO_STATES, [("a", "end", 0.5)], web.format(""), INFINITE)
        words = ("people arrive for ever", "by a factor of 1 a year", "give `until`", "within 20 years")
        self.refused(text, ("divergent", "arrivals", *words), status=DIVERGENT, command=("value",))
        growing = model(TWO_STATES, [("a", "end", 0.5)], web.format("growth = 0.2\n"), INFINITE, "discount_rate = 0.1")
        words = ("people arrive for ever", "by a factor of 1.0909")  # 1.2 / 1.1
        self.refused(growing, ("divergent", "arrivals", *words), status=DIVERGENT, command=("value",))
        outgrown = model(TWO_STATES, [("a", "end", 0.5)], web.format("").replace("§", ""), INFINITE,
                         "discount_rate = 1")
        self.assert_close(self.value_of(outgrown, warnings=1).scenario()["customer_equity"], 2 * 5 / (1 - 0.25))

    def test_what_never_settles(self):
        growing = changed(with_cash_flow("{ mean = 1, growth = 0.1 }"), "horizon = 10", f"horizon = §{INFINITE}")
        self.refused(growing, ("unsettled", "model.horizon", "must stop changing", "give a finite horizon"),
                     status=LIMIT,
                     command=("value",))
        lists = "".join(f'[[calendar]]\ntransition = ["owner", "lost"]\nodds = {[1.1] * n}\n' for n in (997, 1009,
                                                                                                        1013))
        seasons = changed(SHOP + "§" + lists, "horizon = 10", f"horizon = {INFINITE}")
        self.refused(seasons, ("season", "calendar", "repeat only after", "common factors"), status=LIMIT,
                     command=("value",))


class Discounting(FaultTest):
    def rate(self, value, horizon="10"):
        return shop("horizon = 10", f"horizon = {horizon}\ndiscount_rate = {value}")

    def test_m28_m30_no_rate(self):
        key = "model.discount_rate"
        for value in ("nan", "inf", "-inf"):
            with self.subTest(value=value):
                self.refused(self.rate(f"§{value}"), ("not-finite", key, f"{value} is not a finite number"))
        for value in ("-1", "-1.0000001", "-2"):
            with self.subTest(value=value):
                words = (f"{value} is no effective annual rate", "give a number above -1")
                self.refused(self.rate(f"§{value}"), ("discount-rate", key, *words))
        self.refused(self.rate('§"8%"'), ("type", key, 'found the text "8%"', "a number, without quotes"))
        self.refused(self.rate("§-0.99999999"), ("discount-rate", key, "no usable factor"))

    def test_m28_a_negative_rate_is_warned_about(self):
        answer = self.warned(self.rate("§-0.5"), "discount-rate", "model.discount_rate", "worth more than today's")
        self.assertEqual(answer.json["discount_factor"], 2)
        self.assert_close(answer.state("owner")["clv"], 100 * (1.6**10 - 1) / 0.6)

    def test_m29_a_factor_written_as_a_rate(self):
        answer = self.warned(self.rate("§0.9"), "discount-rate", "model.discount_rate", "above 50 % a period",
                             "an annual rate, not a factor")
        self.assert_close(answer.json["discount_factor"], 1 / 1.9)
        self.refused(shop("horizon = 10", "horizon = 10\n§discount_factor = 0.9"),
                     ("unknown-key", "model.discount_factor", 'did you mean "discount_rate"?'))

    def test_m26_later_money_is_worth_nothing(self):
        answer = self.value_of(self.rate("1e300", INFINITE), warnings=1)
        self.assertEqual(answer.state("owner")["clv"], 100)
        self.assertEqual(answer.scenario()["customer_equity"], 1000)

    def test_m27_no_discounting(self):
        self.assert_close(self.value_of(SHOP).state("owner")["clv"], 100 * (1 - 0.8**10) / 0.2)
        self.assert_close(self.value_of(self.rate("0", INFINITE)).state("owner")["clv"], 500)

    def test_m31_the_rate_is_annual(self):
        for period, in_a_year in (("day", 365.25), ("week", 365.25 / 7), ("month", 12), ("quarter", 4), ("year", 1)):
            with self.subTest(period=period):
                text = changed(self.rate("0.08"), 'period = "year"', f'period = "{period}"')
                self.assert_close(self.value_of(text).json["discount_factor"], 1.08 ** (-1 / in_a_year), 1e-15)


class Horizons(FaultTest):
    def horizon_of(self, value, period="month"):
        text = changed(shop("horizon = 10", f"horizon = {value}"), 'period = "year"', f'period = "{period}"')
        return self.accepted(text, "check", "--format", "json", warnings=0).json["horizon"]

    def test_m45_horizons_that_are_understood(self):
        cases = {"240": 240, '"20 years"': 240, '"1 year"': 12, '"1.5 years"': 18, '"2 quarters"': 6, '"0.1 days"': 1,
                 '"90 days"': 3, '"7 months"': 7, '"infinite"': "infinite", "10000000": 10_000_000}
        for value, periods in cases.items():
            with self.subTest(value=value):
                self.assertEqual(self.horizon_of(value), periods)
        self.assertEqual(self.horizon_of('"20 years"', "day"), 7305)
        self.assertEqual(self.horizon_of('"20 years"', "week"), 1044)  # 1043.57

    def test_m45_horizons_that_are_not(self):
        key = "model.horizon"
        for value in ("-1", "10000001", "1000000000000000000", "9223372036854775807"):
            with self.subTest(value=value):
                words = (f"{value} periods", 'give 0 to 10000000 periods, or "infinite"')
                self.refused(shop("horizon = 10", f"horizon = §{value}"), ("horizon", key, *words))
        for value, found in (("1e18", "the number 1e+18"), ("20.0", "the number 20"), ("true", "true"),
                             ("[10]", "an array")):
            with self.subTest(value=value):
                self.refused(shop("horizon = 10", f"horizon = §{value}"), ("type", key, f"found {found}", '"20 years"'))
        for text in ("-5 years", "0 years", "20years", "1e3 years", "nan years", "inf years", "1 fortnight", "Infinite",
                     "",
                     "years", "20 years ago", "9999999999 years", "0x10 years"):
            with self.subTest(text=text):
                words = (f'"{text}" is no horizon', 'such as "20 years"', '"infinite"')
                self.refused(shop("horizon = 10", f'horizon = §"{text}"'), ("horizon", key, *words))
        weeks = changed(shop("horizon = 10", 'horizon = §"1000000 years"'), 'period = "year"', 'period = "week"')
        self.refused(weeks, ("horizon", key, "52178571 periods"))

    def test_m45_beyond_what_toml_can_say(self):
        text = shop("horizon = 10", "horizon = 9223372036854775808")
        self.assertEqual(self.run_on(text).status, program_runner.BAD_INPUT)
        self.assert_message(self.run_on(text).messages[0], "model.toml:6:30", "toml", "", "9223372036854775808",
                            "64 bits")

    def test_m44_no_period_and_nobody(self):
        text = shop("horizon = 10", "horizon = §0")
        answer = self.warned(text, "horizon", "model.horizon", "no period at all")
        self.assertEqual(answer.scenario()["customer_equity"], 0)
        self.assertEqual(answer.scenario()["trace"]["cash_flow"], [])
        self.assertIsNone(answer.scenario()["retention_rate"])
        nobody = self.value_of(shop("count = 10", "count = 0")).scenario()
        self.assertEqual((nobody["customer_equity"], nobody["acquired"]), (0, 0))
        self.assertIsNone(nobody["acquisition_cost"])
        self.assertEqual(self.accepted(shop("count = 10", "count = 0"), "compare", "--format", "json").status, 0)

    def test_m46_more_memory_than_there_should_be(self):
        """Said before the work starts: 60 states over ten million periods are 4.8 GB of people alone."""
        states = [(f"s{k}", "servicing", 1) for k in range(60)]
        transitions = [(f"s{k}", f"s{k + 1}", 0.5) for k in range(59)]
        text = model(states, transitions, one_arrival("s0"), "§10_000_000")
        self.refused(text, ("memory", "model.horizon", "60 states", "10000000 periods"), status=LIMIT,
                     command=("value",))

    def test_m46_twenty_thousand_states(self):
        count = 20_000
        states = [(f"s{k}", "servicing", 1) for k in range(count)]
        transitions = [(f"s{k}", f"s{(k * 7 + 1) % count}", 0.25) for k in range(count)]
        answer = self.value_of(model(states, transitions, one_arrival("s0"), 4),
                               warnings=20 + 1)  # most are unreachable
        self.assertEqual(answer.state("s0")["clv"], 4)


class Amounts(FaultTest):
    def test_m38_amounts_that_would_overflow(self):
        for value, shown in (("1e308", "1e+308"), ("-1e308", "-1e+308"), ("1.1e90", "1.1e+90")):
            with self.subTest(value=value):
                words = (f"{shown} is out of range", "at most 1e90")
                self.refused(with_cash_flow(f"§{value}"), ("number", "state[1].cash_flow", *words))
        self.refused(shop(PROBABILITY, PROBABILITY + "\ncash_flow = §1e308"),
                     ("number", "transition[1].cash_flow", "1e+308 is out of range"))
        most = self.value_of(changed(with_cash_flow("1e90"), "count = 10", "per_period = 1e15"))
        self.assert_close(most.scenario()["trace"]["cash_flow"][0], 1e105)

    def test_m38_growth_beyond_double_precision(self):
        text = changed(referring("1e80", horizon=30), "cash_flow = 5\n", "cash_flow = 1e90\n")
        answer = self.run_on(text, "value")
        self.assert_failed(answer, DIVERGENT, "model.toml", "overflow", "exceeds what double precision can hold")
        self.assertEqual(answer.out, b"")

    def test_m39_amounts_that_are_none(self):
        for value in ("nan", "inf", "-inf"):
            with self.subTest(value=value):
                self.refused(with_cash_flow(f"§{value}"),
                             ("not-finite", "state[1].cash_flow", f"{value} is not a finite"))
                self.refused(shop(PROBABILITY, PROBABILITY + f"\ncash_flow = §{value}"),
                             ("not-finite", "transition[1].cash_flow", f"{value} is not a finite number"))
        self.refused(with_cash_flow('§"100"'), ("type", "state[1].cash_flow", 'found the text "100"'))

    def test_m39_more_digits_than_a_double_holds(self):
        """A whole number that would have to be altered is no number of a model; one that fits is, however long."""
        for number, nearest in (("9007199254740993", "9007199254740992"), ("-9007199254740993", "-9007199254740992"),
                                ("9223372036854775807", "9223372036854775808")):
            with self.subTest(number=number):
                words = (f"the whole number {number} has more digits", f"the nearest that it holds is {nearest}")
                self.refused(with_cash_flow(f"§{number}"), ("precision", "state[1].cash_flow", *words))
        for number in ("9007199254740992", "123456789012345680", "-9223372036854775808"):
            with self.subTest(number=number):
                text = changed(with_cash_flow(number), "horizon = 10", "horizon = 1")
                self.assertEqual(self.value_of(text).state("owner")["clv"], float(number))

    def test_m40_large_amounts_that_cancel(self):
        states = (("a", "servicing", "1e15"), ("b", "servicing", "-1e15"), ("c", "servicing", 1))
        answer = self.value_of(model(states, [("a", "b", 1), ("b", "c", 1)], one_arrival("a"), 3))
        self.assertEqual(answer.state("a")["clv"], 1)
        self.assertEqual(answer.scenario()["customer_equity"], 1)


class Levers(FaultTest):
    limit_key = "lever[1].effect[1].limit"

    def test_m41_limits_that_are_no_probabilities(self):
        for value, code, *words in (("1.2", "probability", "1.2 is not a probability", "from 0 to 1"),
                                    ("-0.1", "probability", "-0.1 is not a probability", "from 0 to 1"),
                                    ("nan", "not-finite", "nan"), ("inf", "not-finite", "inf")):
            with self.subTest(value=value):
                self.refused(farm("limit = 0.1", f"limit = §{value}"), (code, self.limit_key, *words))
        for value in ("0", "1"):
            answer = self.value_of(changed(farm("limit = 0.1", f"limit = {value}"), "service = 10", "service = 1e9"))
            first, second = answer.scenario("farm")["trace"]["people"]["owner"][:2]
            self.assertEqual((first, second), (10, 10 if value == "0" else 0))

    def test_m42_curves_that_are_none(self):
        key = "lever[1].effect[1]"
        shape = 'shape = "table"\npoints = §{}'
        pairs = "give [spend, share] pairs from [0, 0] on"
        cases = [("[]", "begins at [0, 0]", pairs), ("[[0, 0]]", "at least two points", pairs),
                 ("[[1, 0], [2, 1]]", "begins at [0, 0]", pairs), ("[[0, 0.1], [2, 1]]", "begins at [0, 0]", pairs),
                 ("[[0, 0], [10, 0.5], [20, 0.4]]", "point 3 is [20, 0.4]", pairs),
                 ("[[0, 0], [10, 0.5], [10, 0.6]]", "point 3 is [10, 0.6]", pairs),
                 ("[[0, 0], [10, 1.5]]", "point 2 is [10, 1.5]", pairs), ("[[0, 0], [10]]", "a point has 1 numbers")]
        for points, *words in cases:
            with self.subTest(points=points):
                self.refused(farm("half_spend = 5", shape.format(points)), ("response-table", key + ".points", *words))
        for value, code in (("0", "number"), ("-1", "number"), ("1e91", "number"), ("nan", "not-finite"),
                            ("inf", "not-finite")):
            with self.subTest(half_spend=value):
                self.refused(farm("half_spend = 5", f"half_spend = §{value}"), (code, key + ".half_spend", value[:2]))
        for value in ("0", "-1", "101"):
            with self.subTest(steepness=value):
                self.refused(farm("half_spend = 5", f'half_spend = 5\nshape = "hill"\nsteepness = §{value}'),
                             ("steepness", key + ".steepness", f"{value} is out of range", "above 0, up to 100"))

    def farm_at(self, level, curve="half_spend = 5"):
        text = changed(farm("half_spend = 5", curve), "service = 10", f"service = {level}")
        return self.value_of(text).scenario("farm")

    def test_m42_curves_at_nothing_little_and_much(self):
        """No spend is today's value, a trace of it next to that, unlimited spend the limit; nothing divides by 0."""
        today = self.value_of(SHOP).scenario()["customer_equity"]
        at_limit = self.value_of(with_probability("0.1")).scenario()
        curves = ("half_spend = 5", 'half_spend = 5\nshape = "hill"', 'half_spend = 5\nshape = "hill"\nsteepness = 100',
                  'shape = "table"\npoints = [[0, 0], [10, 0.5], [20, 1]]')
        for curve in curves:
            with self.subTest(curve=curve):
                self.assertEqual(self.farm_at("0", curve)["customer_equity"], today)
                self.assert_close(self.farm_at("5e-324", curve)["customer_equity"], today, 1e-15)
                self.assert_close(self.farm_at("1e-300", curve)["customer_equity"], today, 1e-15)
                much = self.farm_at("1e12", curve)
                self.assert_close(much["customer_equity"] + much["investment"], at_limit["customer_equity"], 1e-3)
                self.assert_close(much["retention_rate"], 0.9)
        self.assert_close(self.farm_at("10", "half_spend = 5e-324")["retention_rate"], 0.9)
        self.assert_close(self.farm_at("10", "half_spend = 1e90")["retention_rate"], 0.8)

    def test_m43_budgets_and_spends_that_are_none(self):
        spend, plan = "spend = { service = 10 }", "budget = {}\nsplit = {{ service = 1 }}"
        for value in ("-5", "1e91"):
            with self.subTest(budget=value):
                self.refused(farm(spend, plan.format(f"§{value}")),
                             ("budget", "scenario[1].budget", "is no budget", value[:3].rstrip("e"), "at least 0"))
        self.refused(farm(spend, plan.format("§inf")), ("not-finite", "scenario[1].budget", "inf"))
        self.refused(farm(spend, "spend = §{ service = -1 }"),
                     ("spend", "scenario[1].spend", 'the spend on "service" is -1', "at least 0"))
        self.refused(farm(spend, "spend = §{ service = nan }"), ("not-finite", "scenario[1].spend", "nan"))

    def test_m43_budgets_that_cannot_be_spent(self):
        """Where nobody ever is, nothing can be spent; where spending drives people away, there is a largest budget."""
        plan = farm("spend = { service = 10 }", "budget = 5000\nsplit = { service = 1 }")
        answer = self.run_on(changed(plan, "count = 10", "count = 0"), "value")
        self.assert_failed(answer, program_runner.BAD_INPUT, "model.toml", "budget-not-spendable", '"farm"', "5000",
                           '"service"', "its largest budget is 0")
        self.assertEqual(self.value_of(changed(plan, "5000", "0")).scenario("farm")["investment"], 0)
        self.assert_close(self.value_of(plan).scenario("farm")["investment"], 5000, 1e-9)

    def test_m43_the_largest_budget_is_named(self):
        """Spend on owners keeps prospects from becoming any: s a head on 5e6·2^-s people is 5e6/(e·ln 2) at most."""
        states = (("p", "acquisition", 0), ("o", "servicing", 1))
        lever = changed(changed(LEVER, '["owner"]', '["o"]'), '["owner", "lost"]', '["p", "o"]')
        lever = changed(changed(lever, "limit = 0.1", "limit = 0"), "half_spend = 5", "half_spend = 1")
        lever = changed(lever, "spend = { service = 10 }", "budget = 3_999_999\nsplit = { service = 1 }")
        arrivals = '\n[[arrivals]]\nstate = "p"\ncount = 10_000_000\n'
        answer = self.run_on(model(states, [("p", "o", 0.5)], arrivals + lever, 2), "value")
        self.assert_failed(answer, program_runner.BAD_INPUT, "model.toml", "budget-not-spendable", '"farm"', "3999999",
                           '"service"', "the largest budget that can be spent this way is about ")
        largest = float(re.search(r"is about ([0-9.e+]+) ", answer.messages[0])[1])
        self.assert_close(largest, 5e6 / (math.e * math.log(2)), 1e-4)


if __name__ == "__main__":
    program_runner.main()
