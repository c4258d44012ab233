#!/usr/bin/env python3
"""A slow, exact second opinion on `tenure value` and `tenure compare`.

Written from the contract alone (the model file and the formulas), with the standard library alone, and in
another style than an engine would choose: plain dictionaries, one number at a time, everything computed twice
where there are two ways to compute it.

Arithmetic. Every number of a file is read as the double it denotes and then treated as that exact rational
number. Functions with irrational values (the discount factor, d^tau, growth, 2^(-a/half_spend), powers with a
fraction in the exponent) are computed with `decimal` to 64 digits. Everything else is exact (`Fraction`)
in infinite horizons and in horizons of at most EXACT_HORIZON periods; in longer ones the fractions would grow
without end, and sums and products are rounded to WORKING_DIGITS significant digits instead. `--arithmetic
exact` keeps the fractions, `--arithmetic double` shows what ordinary doubles make of the same recursions (it
is how the tolerances of compare_with_oracle.py were tried out).

Each figure carries its scale: the same figure with the absolute value of every cash flow and every spend. An
error is to be judged against that, since a figure may be a small difference of large amounts.

Covered: sections 1-6, `[[calendar]]`, levers (all targets but `dwell`) and scenarios of the model file, and of
section 4 `mean`, `schedule` and `growth` (`uncertain` leaves the mean as it is). Anything else is refused here;
whole_model_oracle.py takes the rest.
"""

import argparse
import decimal
import functools
import itertools
import json
import math
import sys
import tomllib
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

WORKING_DIGITS = 90
ELEMENTARY_DIGITS = 64
EXACT_HORIZON = 3
ROW_SHORTFALL = Fraction(1, 10**12)
ROW_EXCESS = Fraction(1, 10**9)

WORKING = decimal.Context(prec=WORKING_DIGITS, Emin=-10**9, Emax=10**9)
ELEMENTARY = decimal.Context(prec=ELEMENTARY_DIGITS, Emin=-10**9, Emax=10**9)

PERIODS_PER_YEAR = {"day": Fraction(1461, 4), "week": Fraction(1461, 28), "month": Fraction(12),
                    "quarter": Fraction(4), "year": Fraction(1)}
CUSTOMER_STAGES = ("servicing", "repurchase", "advocacy", "dormant")
STAGES = CUSTOMER_STAGES + ("acquisition", "lost")


class ModelFault(Exception):
    """The model breaks the contract."""


class Unsupported(Exception):
    """The model uses something this oracle does not cover."""


class Divergent(Exception):
    """The question has no finite answer."""


class Unspecified:
    """A figure of which the contract does not say what it is (an infinite count of people, say)."""

    def __repr__(self):
        return "UNSPECIFIED"


UNSPECIFIED = Unspecified()

# A figure, the same with absolute amounts, and a head count against which rounding of probabilities is judged.
Figure = namedtuple("Figure", "value scale floor", defaults=(0,))
# A standard deviation is compared through its square, against the second moment of the absolute amounts.
Spread = namedtuple("Spread", "variance scale")


# --- arithmetic ---------------------------------------------------------------------------------------------

def to_decimal(number):
    """A Fraction, Decimal or int as a Decimal of ELEMENTARY_DIGITS."""
    if isinstance(number, Fraction):
        return ELEMENTARY.divide(Decimal(number.numerator), Decimal(number.denominator))
    return ELEMENTARY.plus(Decimal(number))


@functools.lru_cache(maxsize=200_000)
def elementary_power(base, exponent):
    """base^exponent for Decimals, to ELEMENTARY_DIGITS."""
    if base == 0:
        return Decimal(0)
    return ELEMENTARY.power(base, exponent)


class ExactNumbers:
    """Fractions; only irrational functions are rounded."""

    name = "exact"

    def number(self, value):
        return Fraction(value)

    def power(self, base, exponent):
        if exponent == int(exponent):
            return Fraction(base) ** int(exponent)
        return Fraction(elementary_power(to_decimal(base), to_decimal(exponent)))

    def half_way_share(self, doublings):
        """1 - 2^-x: the share of the way after x half-way spends."""
        return 1 - Fraction(elementary_power(Decimal(2), to_decimal(-doublings)))

    def square_root(self, value):
        return Fraction(ELEMENTARY.sqrt(to_decimal(value)))


class RoundedNumbers:
    """Decimals of WORKING_DIGITS."""

    name = "rounded"

    def number(self, value):
        if isinstance(value, Fraction):
            return WORKING.divide(Decimal(value.numerator), Decimal(value.denominator))
        return WORKING.plus(Decimal(value))

    def power(self, base, exponent):
        if exponent == int(exponent):
            return WORKING.power(Decimal(base), int(exponent))
        return elementary_power(to_decimal(base), to_decimal(exponent))

    def half_way_share(self, doublings):
        return 1 - elementary_power(Decimal(2), to_decimal(-doublings))

    def square_root(self, value):
        return WORKING.sqrt(value)


class DoubleNumbers:
    """Doubles, as an engine would use them."""

    name = "double"

    def number(self, value):
        return float(value)

    def power(self, base, exponent):
        return math.pow(base, exponent)

    def half_way_share(self, doublings):
        return -math.expm1(-doublings * math.log(2.0))

    def square_root(self, value):
        return math.sqrt(max(value, 0.0))


ARITHMETIC = {kind.name: kind for kind in (ExactNumbers, RoundedNumbers, DoubleNumbers)}


def discount_factor(rate, periods_per_year):
    """(1 + rate)^(-1 / periods per year) to ELEMENTARY_DIGITS."""
    if rate == 0:
        return Decimal(1)
    return elementary_power(to_decimal(1 + Fraction(rate)), to_decimal(-1 / periods_per_year))


# --- the model file -----------------------------------------------------------------------------------------

class Model:
    """A file's contents with names looked up and every number that changes with time written out by period.

    Lists over time have `periods` entries: the horizon, or one where the horizon is infinite.
    """

    bisects = True  # whether a budget's only level is looked for a second time

    def __init__(self, document, arithmetic="auto"):
        self.refuse_uncovered(document)
        head = document["model"]
        self.name = head["name"]
        self.currency = head.get("currency")
        self.period = head["period"]
        self.periods_per_year = PERIODS_PER_YEAR[self.period]
        self.horizon = read_horizon(head["horizon"], self.periods_per_year)
        self.infinite = self.horizon is None
        self.periods = 1 if self.infinite else self.horizon
        self.numbers = ARITHMETIC[self.choose(arithmetic)]()
        self.set_discounting(head)
        self.states = document["state"]
        self.index = {state["name"]: i for i, state in enumerate(self.states)}
        self.stages = [state["stage"] for state in self.states]
        self.customer = [stage in CUSTOMER_STAGES for stage in self.stages]
        check(len(self.index) == len(self.states), "a state's name stands twice")
        check(all(stage in STAGES for stage in self.stages), "unknown stage")
        self.cash_flow = [self.series(state.get("cash_flow", 0)) for state in self.states]
        self.read_transitions(document.get("transition", []))
        self.referrals = [(self.index[r["from"]], self.index[r["to"]], self.series(r["per_period"]))
                          for r in document.get("referral", [])]
        check(len({r[:2] for r in self.referrals}) == len(self.referrals), "a referral stands twice")
        self.arrivals = [self.read_arrivals(a) for a in document.get("arrivals", [])]
        self.calendar = [self.read_calendar(c) for c in document.get("calendar", [])]
        self.levers = [self.read_lever(lever) for lever in document.get("lever", [])]
        self.scenarios = read_scenarios(document, {lever["name"] for lever in self.levers})
        self.check_influences()

    def refuse_uncovered(self, document):
        if "segment" in document or "environment" in document:
            raise Unsupported("segments or an environment")
        if any("dwell" in state for state in document["state"]):
            raise Unsupported("a dwell")
        check(document.get("format") == 1, "format must be 1")

    def choose(self, arithmetic):
        if arithmetic == "double":
            return arithmetic
        if arithmetic == "exact" or self.infinite or self.horizon <= EXACT_HORIZON:
            return "exact"
        return "rounded"

    def set_discounting(self, head):
        rate = head.get("discount_rate", 0)
        check(rate > -1, "discount_rate must be above -1")
        half = discount_factor(rate, 2 * self.periods_per_year)
        self.discount_factor = discount_factor(rate, self.periods_per_year)
        self.d = self.numbers.number(self.discount_factor)
        timing = head.get("cash_flow_timing", "start")
        self.d_tau = self.numbers.number({"start": Decimal(1), "middle": half, "end": self.discount_factor}[timing])
        self.discounts = [self.numbers.number(1)]
        for _ in range(self.periods):
            self.discounts.append(self.discounts[-1] * self.d)

    def growth_factors(self, growth, count):
        """(1 + growth)^(t / periods per year) for t = 0 ... count-1."""
        base = self.numbers.number(1 + Fraction(growth))
        return [self.numbers.power(base, Fraction(t) / self.periods_per_year) for t in range(count)]

    def series(self, spec):
        """A number of section 4, period by period; `uncertain` leaves it at its mean."""
        number = self.numbers.number
        if not isinstance(spec, dict):
            return [number(spec)] * self.periods
        if set(spec) - {"mean", "schedule", "growth", "uncertain"}:
            raise Unsupported(f"a number with {sorted(spec)}")
        if "schedule" in spec:
            values = [number(value) for value in spec["schedule"]]
            if self.infinite and len(set(values)) > 1:
                raise Unsupported("a schedule in an infinite horizon")
            return [values[min(t, len(values) - 1)] for t in range(self.periods)]
        mean = number(spec["mean"])
        if not spec.get("growth"):
            return [mean] * self.periods
        if self.infinite:
            raise Unsupported("growth in an infinite horizon")
        return [mean * factor for factor in self.growth_factors(spec["growth"], self.periods)]

    def read_transitions(self, transitions):
        """Completes the base rows: `base_rows[i][t]` is {j: p}, `gains[i][j]` the cash flow by period."""
        self.gains = [{} for _ in self.states]
        listed = self.listed = [{} for _ in self.states]
        rest = self.rest = [None] * len(self.states)
        for entry in transitions:
            i, j = self.index[entry["from"]], self.index[entry["to"]]
            check(j not in self.gains[i], "a transition stands twice")
            self.gains[i][j] = self.series(entry.get("cash_flow", 0))
            if entry["probability"] == "rest":
                check(rest[i] is None, "two transitions take the rest")
                rest[i] = j
            else:
                listed[i][j] = self.series(entry["probability"])
        self.base_rows = [self.complete_over_time(i, listed[i], rest[i]) for i in range(len(self.states))]

    def complete_over_time(self, i, listed, rest):
        rows = []
        for t in range(self.periods):
            given = {j: values[t] for j, values in listed.items()}
            if rows and given == rows[-1][0]:
                rows.append(rows[-1])
            else:
                rows.append((given, complete_row(i, given, rest)))
        return [row for _, row in rows]

    def read_arrivals(self, entry):
        """The people of a channel: {name, state, people by period, steady: people in every later period}."""
        if "mix" in entry:
            raise Unsupported("a mix of segments")
        number, start = self.numbers.number, entry.get("from", 0)
        group = {"name": entry.get("name", entry["state"]), "state": self.index[entry["state"]], "steady": 0}
        if "count" in entry:
            people = {start: number(entry["count"])}
        elif "schedule" in entry:
            people = {start + k: number(value) for k, value in enumerate(entry["schedule"])}
        else:
            end = entry.get("until", self.horizon)
            if end is None:
                check(not entry.get("growth"), "unending arrivals that grow")
                return group | {"people": {}, "steady": number(entry["per_period"]), "from": start}
            factors = self.growth_factors(entry.get("growth", 0), end - start)
            people = {start + k: number(entry["per_period"]) * factors[k] for k in range(end - start)}
        return group | {"people": {t: n for t, n in people.items() if self.infinite or t < self.horizon}}

    def read_calendar(self, entry):
        """Odds multipliers by period; 1 outside the calendar's window."""
        first, last = entry.get("from", 0), entry.get("until", self.horizon)
        if self.infinite and (len(set(entry["odds"])) > 1 or first > 0 or last is not None):
            raise Unsupported("a calendar in an infinite horizon")
        last = self.periods if last is None else last
        odds = [self.numbers.number(value) for value in entry["odds"]]
        i, j = (self.index[name] for name in entry["transition"])
        check(j in self.gains[i], "a calendar on a transition that is not listed")
        return i, j, [odds[(t - first) % len(odds)] if first <= t < last else None for t in range(self.periods)]

    def read_lever(self, entry):
        if "segments" in entry:
            raise Unsupported("a lever for segments")
        first, last = entry.get("from", 0), entry.get("until", self.horizon)
        carry_over = self.numbers.number(entry.get("carry_over", 0))
        if self.infinite and (first > 0 or last is not None or carry_over):
            raise Unsupported("a lever that changes with time in an infinite horizon")
        per_customer = entry.get("spend_per", "customer") == "customer"
        check("while_in" in entry or not per_customer, "while_in is missing")
        return {"name": entry["name"], "kind": entry["kind"], "per_customer": per_customer,
                "while_in": {self.index[name] for name in entry.get("while_in", [])},
                "from": first, "until": self.periods if last is None else last, "carry_over": carry_over,
                "effects": [self.read_effect(effect) for effect in entry["effect"]]}

    def read_target(self, entry):
        """(what an effect moves, which of them)."""
        if "dwell" in entry or entry.keys() & {"segment", "segments"}:
            raise Unsupported("an effect on a dwell")
        what = next(key for key in ("transition", "state", "referral", "arrivals") if key in entry)
        target = entry[what]
        if what in ("transition", "referral"):
            target = tuple(self.index[name] for name in target)
            referred = {to for source, to, _ in self.referrals if source == target[0]}
            known = self.gains[target[0]] if what == "transition" else referred
            check(target[1] in known, f"an effect on a {what} that is not listed")
        elif what == "state":
            target = self.index[target]
        else:
            check(any(group["name"] == target for group in self.arrivals), "an effect on unknown arrivals")
        return what, target

    def read_effect(self, entry):
        what, target = self.read_target(entry)
        shape = entry.get("shape", "exponential")
        return {"what": what, "target": target, "limit": self.series(entry["limit"]), "shape": shape,
                "half_spend": None if shape == "table" else self.series(entry["half_spend"]),
                "steepness": self.numbers.number(entry.get("steepness", 1)),
                "table": self.table(entry["points"]) if shape == "table" else None}

    def evaluate_levels(self, levels):
        """Every figure of a scenario."""
        chain = Chain(self, levels)
        return value_infinite(chain) if self.infinite else value_finite(chain)

    def present_values(self, levels):
        """The present value of each lever's spend at the given levels, and nothing else."""
        chain = Chain(self, levels)
        if not self.infinite:
            return FiniteCourse(chain).lever_value
        heads = discounted_heads(chain, InfiniteValues(chain), discounted_arrivals(chain)[0])
        return endless_lever_value(chain, heads)

    def table(self, points):
        xs, ys = ([self.numbers.number(point[k]) for point in points] for k in (0, 1))
        return xs, ys, monotone_slopes(xs, ys)

    def moved_by_others(self):
        """The transitions that something else than a lever moves."""
        return [(i, j) for i, j, _ in self.calendar]

    def check_influences(self):
        """A certain transition cannot be moved; 0, and limits of 0 and 1, bear no second influence on the row."""
        moves = [(*effect["target"], effect) for lever in self.levers for effect in lever["effects"]
                 if effect["what"] == "transition"]
        moves += [(i, j, None) for i, j in self.moved_by_others()]
        for i, j, effect in moves:
            probabilities = [row.get(j, 0) for row in self.base_rows[i]]
            check(max(probabilities) < 1, "a certain transition cannot be moved")
            if effect is not None:
                check(all(0 <= limit <= 1 for limit in effect["limit"]), "a limit outside 0 ... 1")
                fragile = min(probabilities) == 0 or not all(0 < limit < 1 for limit in effect["limit"])
                check(not fragile or sum(1 for other in moves if other[0] == i) == 1,
                      "a second influence on a row where one must be alone")


def check(holds, sentence):
    if not holds:
        raise ModelFault(sentence)


def read_horizon(spec, periods_per_year):
    """Periods, or None for an infinite horizon; a length of time is rounded to the nearest period, at least one."""
    if spec == "infinite":
        return None
    if isinstance(spec, int):
        check(spec >= 1, "a horizon of no period")
        return spec
    amount, unit = spec.split()
    exact = Fraction(amount) * periods_per_year / PERIODS_PER_YEAR[unit.rstrip("s")]
    return max(1, math.floor(exact + Fraction(1, 2)))


def complete_row(i, listed, rest):
    """The row with what is left over given to `rest`, or staying; a rounding excess or shortfall is rescaled."""
    check(all(0 <= p <= 1 for p in listed.values()), "a probability outside 0 ... 1")
    total = sum(listed.values())
    row = dict(listed)
    rounding = rest is None and abs(Fraction(total) - 1) <= ROW_SHORTFALL
    if total > 1 or rounding:
        check(Fraction(total) <= 1 + ROW_EXCESS, "a row's probabilities sum to more than 1")
        row = {j: p / total for j, p in row.items()}
        left = 0 * total
    else:
        left = 1 - total
    if rest is not None:
        row[rest] = left
    elif left > 0:
        row[i] = row.get(i, 0) + left
    return row


def spends_nothing(scenario):
    return scenario["budget"] == 0 if "budget" in scenario else not any(scenario.get("spend", {}).values())


def read_scenarios(document, levers):
    """The scenarios in the order of the output, and which of them is the reference."""
    written = document.get("scenario", [])
    names = [scenario["name"] for scenario in written]
    check(len(set(names)) == len(names), "a scenario's name stands twice")
    for scenario in written:
        check({*scenario.get("spend", {}), *scenario.get("split", {})} <= levers, "unknown lever")
    reference = next((s["name"] for s in written if s.get("reference")), (names + ["baseline"])[0])
    if "baseline" not in names and not any(spends_nothing(scenario) for scenario in written):
        written = [{"name": "baseline"}] + written
    return {"list": written, "reference": reference}


# --- what money changes -------------------------------------------------------------------------------------

def monotone_slopes(xs, ys):
    """Fritsch and Butland's slopes at the points of a table: they keep a cubic through them monotone.

    Inside, a weighted harmonic mean of the two chords; at the ends, the three-point formula, held between 0 and
    three times the chord.
    """
    steps = [b - a for a, b in zip(xs, xs[1:])]
    check(all(step > 0 for step in steps), "a table's spends must rise")
    chords = [(b - a) / step for a, b, step in zip(ys, ys[1:], steps)]
    if len(chords) == 1:
        return [chords[0], chords[0]]
    slopes = [end_slope(steps[0], steps[1], chords[0], chords[1])]
    for k in range(1, len(chords)):
        if chords[k - 1] * chords[k] <= 0:
            slopes.append(0 * chords[k])
        else:
            before, after = steps[k] * 2 + steps[k - 1], steps[k] + 2 * steps[k - 1]
            slopes.append((before + after) / (before / chords[k - 1] + after / chords[k]))
    slopes.append(end_slope(steps[-1], steps[-2], chords[-1], chords[-2]))
    return slopes


def end_slope(near_step, far_step, near_chord, far_chord):
    slope = ((2 * near_step + far_step) * near_chord - near_step * far_chord) / (near_step + far_step)
    if slope * near_chord <= 0:
        return 0 * slope
    if near_chord * far_chord <= 0 and abs(slope) > abs(3 * near_chord):
        return 3 * near_chord
    return slope


def table_share(table, spend):
    """Cubic Hermite interpolation; beyond the last point its share holds."""
    xs, ys, slopes = table
    if spend >= xs[-1]:
        return ys[-1]
    check(spend >= xs[0], "a spend below the table's first")
    k = max(k for k in range(len(xs) - 1) if xs[k] <= spend)
    step = xs[k + 1] - xs[k]
    u = (spend - xs[k]) / step
    return (ys[k] * (1 + 2 * u) * (1 - u) ** 2 + step * slopes[k] * u * (1 - u) ** 2
            + ys[k + 1] * u * u * (3 - 2 * u) - step * slopes[k + 1] * u * u * (1 - u))


def share_of_the_way(numbers, effect, spend, t):
    """How far the effective spend carries from today's value to the limit."""
    if effect["shape"] == "table":
        return table_share(effect["table"], spend)
    if spend == 0:
        return 0 * spend
    half = effect["half_spend"][t]
    check(half > 0, "half_spend must be positive")
    if effect["shape"] == "exponential":
        return numbers.half_way_share(spend / half)
    return 1 / (1 + numbers.power(half / spend, effect["steepness"]))


def effective_spends(lever, level, periods):
    """a_t = (1-carry) s_t + carry a_{t-1}: nothing before `from`, fading after `until`."""
    effective, kept = [], 0 * level
    for t in range(periods):
        now = level if lever["from"] <= t < lever["until"] else 0 * level
        kept = (1 - lever["carry_over"]) * now + lever["carry_over"] * kept
        effective.append(kept)
    return effective


def influenced_row(base, moved, odds):
    """A completed row under levers (`moved`: j -> wanted values) and calendars (`odds`: j -> multipliers)."""
    alone = len(moved) == 1 and not odds and len(next(iter(moved.values()))) == 1
    if alone:
        (j, (wanted,)), = moved.items()
        return row_with(base, j, wanted)
    weights = dict(base)
    for j, values in moved.items():
        for wanted in values:
            p = base[j]
            if wanted != p:
                check(p > 0 and wanted < 1, "several influences on a row where one must be alone")
                weights[j] *= wanted * (1 - p) / ((1 - wanted) * p)
    for j, values in odds.items():
        for multiplier in values:
            weights[j] *= multiplier
    total = sum(weights.values())
    return {j: weight / total for j, weight in weights.items()}


def row_with(base, j, wanted):
    """Puts exactly `wanted` at j and scales the rest of the row in proportion."""
    left = sum(p for k, p in base.items() if k != j)
    row = {k: p * (1 - wanted) / left for k, p in base.items() if k != j}
    row[j] = wanted
    return row


# --- one scenario, compiled to numbers ----------------------------------------------------------------------

class Chain:
    """A scenario as an engine would see it: rows, amounts and people by period.

    rows[t][i] is a list of (j, p, g); `amount[t][i]` the state's cash flow and `amount_scale` the sum of the
    absolute terms it was made of; per_person[t][i] and per_period[t] are lever spend.
    """

    def __init__(self, model, levels):
        self.model, self.size, self.periods = model, len(model.states), model.periods
        self.levels = {name: model.numbers.number(level) for name, level in levels.items()}
        self.shares = [self.lever_shares(lever) for lever in model.levers]
        self.memory = {}
        span = range(self.periods)
        self.rows = self.all_rows()
        self.amount, self.amount_scale = zip(*(self.cash_flows(t) for t in span))
        self.rates = [self.referral_rates(t) for t in span]
        self.multiples = [self.arrival_multiples(t) for t in span]
        self.set_spends()
        self.groups = self.group_arrivals()

    def lever_shares(self, lever):
        """shares[k][t] of the k-th effect of a lever."""
        spends = effective_spends(lever, self.levels[lever["name"]], self.periods)
        if self.model.infinite:
            spends = [self.levels[lever["name"]]]
        return [[share_of_the_way(self.model.numbers, effect, spend, t) for t, spend in enumerate(spends)]
                for effect in lever["effects"]]

    def effects(self, what, t):
        """(effect, share at t) of every effect on one kind of thing."""
        for lever, shares in zip(self.model.levers, self.shares):
            for effect, share in zip(lever["effects"], shares):
                if effect["what"] == what:
                    yield effect, share[t]

    def all_rows(self):
        return [[self.row(t, i) for i in range(self.size)] for t in range(self.periods)]

    def influences(self, t, i):
        """(wanted values by levers, odds multipliers of the calendar) on the transitions of a row."""
        base, moved, odds = self.model.base_rows[i][t], {}, {}
        for effect, share in self.effects("transition", t):
            source, j = effect["target"]
            if source == i and share != 0:
                today = base.get(j, 0)
                moved.setdefault(j, []).append(today + (effect["limit"][t] - today) * share)
        for source, j, multipliers in self.model.calendar:
            if source == i and multipliers[t] is not None:
                odds.setdefault(j, []).append(multipliers[t])
        return moved, odds

    def row(self, t, i):
        base = self.model.base_rows[i][t]
        moved, odds = self.influences(t, i)
        gains = {j: self.model.gains[i][j][t] for j in self.model.gains[i]}
        key = (i, repr(sorted(moved.items())), repr(sorted(odds.items())), id(base), tuple(gains.values()))
        if key not in self.memory:
            row = influenced_row(base, moved, odds) if moved or odds else base
            self.memory[key] = [(j, p, gains.get(j, 0)) for j, p in row.items() if p != 0]
        return self.memory[key]

    def cash_flows(self, t):
        amounts = [series[t] for series in self.model.cash_flow]
        scales = [abs(amount) for amount in amounts]
        for effect, share in self.effects("state", t):
            i = effect["target"]
            today, limit = self.model.cash_flow[i][t], effect["limit"][t]
            amounts[i] += (limit - today) * share
            scales[i] += (abs(limit) + abs(today)) * share
        return amounts, scales

    def referral_rates(self, t):
        """rates[i] is a list of (k, people brought per person and period)."""
        rates = {(i, k): series[t] for i, k, series in self.model.referrals}
        today = dict(rates)
        for effect, share in self.effects("referral", t):
            rates[effect["target"]] += (effect["limit"][t] - today[effect["target"]]) * share
        check(all(rate >= 0 for rate in rates.values()), "a negative referral rate")
        return [[(k, rate) for (source, k), rate in rates.items() if source == i and rate != 0]
                for i in range(self.size)]

    def arrival_multiples(self, t):
        multiples = {}
        for effect, share in self.effects("arrivals", t):
            multiple = 1 + (effect["limit"][t] - 1) * share
            multiples[effect["target"]] = multiples.get(effect["target"], 1) * multiple
        return multiples

    def set_spends(self):
        zero = self.model.numbers.number(0)
        self.per_person = [[zero] * self.size for _ in range(self.periods)]
        self.per_period = [zero] * self.periods
        for lever in self.model.levers:
            level = self.levels[lever["name"]]
            for t in range(max(0, lever["from"]), min(lever["until"], self.periods)):
                if lever["per_customer"]:
                    for i in lever["while_in"]:
                        self.per_person[t][i] += level
                else:
                    self.per_period[t] += level

    def group_arrivals(self):
        """{name: [(state, {t: people}, steady people from `from` on)]}, in the order of first appearance."""
        groups = {}
        for entry in self.model.arrivals:
            def multiple(t, name=entry["name"]):
                return self.multiples[0 if self.model.infinite else t].get(name, 1)
            people = {t: n * multiple(t) for t, n in entry["people"].items()}
            steady = (entry.get("from", 0), entry["steady"] * multiple(0))
            groups.setdefault(entry["name"], []).append((entry["state"], people, steady))
        return groups

    def arriving(self, t):
        people = [self.model.numbers.number(0)] * self.size
        for entries in self.groups.values():
            for i, by_period, _ in entries:
                people[i] += by_period.get(t, 0)
        return people


def lever_is_on(lever, t):
    return lever["from"] <= t < lever["until"]


def costs_of_acquisition(chain, t, i):
    """The negative cash flows of a person in an acquisition state, discounted to the period's start."""
    model = chain.model
    if model.stages[i] != "acquisition":
        return 0
    out = sum(p * max(-g, 0) for _, p, g in chain.rows[t][i])
    return model.d_tau * max(-chain.amount[t][i], 0) + model.d * out


def period_rewards(chain, t, i):
    """(reward of a period in a state, without the next state's value; the same with absolute amounts)."""
    model = chain.model
    gained = sum(p * g for _, p, g in chain.rows[t][i])
    gained_scale = sum(p * abs(g) for _, p, g in chain.rows[t][i])
    spend = chain.per_person[t][i]
    return (model.d_tau * chain.amount[t][i] - spend + model.d * gained,
            model.d_tau * chain.amount_scale[t][i] + spend + model.d * gained_scale)


def second_moment_step(chain, t, i, first, second, absolute):
    """E[Y^2] of Y = r + d (g + Y'), given the first and second moments of Y' by state."""
    model, d = chain.model, chain.model.d
    own = (model.d_tau * chain.amount_scale[t][i] + chain.per_person[t][i] if absolute
           else model.d_tau * chain.amount[t][i] - chain.per_person[t][i])
    mean = square = 0
    for j, p, g in chain.rows[t][i]:
        g = abs(g) if absolute else g
        mean += p * (g + first[j])
        square += p * (g * g + 2 * g * first[j] + second[j])
    return own * own + 2 * own * d * mean + d * d * square


# --- finite horizons ----------------------------------------------------------------------------------------

class FiniteValues:
    """Values by state and period, from the end of the horizon backwards."""

    def __init__(self, chain):
        zeros = [chain.model.numbers.number(0)] * chain.size
        names = ("clv", "clv_scale", "moment", "moment_scale", "tree", "tree_scale", "stay")
        later = dict.fromkeys(names, zeros)
        self.tree, self.tree_scale = [], []
        for t in reversed(range(chain.periods)):
            later = self.step(chain, t, later)
            self.tree.append(later["tree"])
            self.tree_scale.append(later["tree_scale"])
        self.tree.reverse()
        self.tree_scale.reverse()
        self.first = later

    def step(self, chain, t, later):
        d = chain.model.d
        now = {name: [] for name in later}
        for i in range(chain.size):
            row, rewards = chain.rows[t][i], period_rewards(chain, t, i)
            for absolute, suffix in ((0, ""), (1, "_scale")):
                clv, tree = later["clv" + suffix], later["tree" + suffix]
                now["clv" + suffix].append(rewards[absolute] + d * sum(p * clv[j] for j, p, _ in row))
                brought = sum(rate * tree[k] for k, rate in chain.rates[t][i])
                now["tree" + suffix].append(rewards[absolute] + d * (sum(p * tree[j] for j, p, _ in row) + brought))
                now["moment" + suffix].append(
                    second_moment_step(chain, t, i, clv, later["moment" + suffix], absolute))
            now["stay"].append(int(chain.model.customer[i]) + sum(p * later["stay"][j] for j, p, _ in row))
        return now


class FiniteCourse:
    """Expected head counts and money, from today forwards."""

    def __init__(self, chain):
        model, zero = chain.model, chain.model.numbers.number(0)
        self.chain = chain
        self.people, self.cash, self.cash_scale, self.net, self.net_scale, self.spend = [], [], [], [], [], []
        self.acquired = self.stayed = self.could_stay = self.acquisition_costs = zero
        self.lever_value = {lever["name"]: zero for lever in model.levers}
        self.negative = [zero] * chain.size
        people, fresh = [zero] * chain.size, [zero] * chain.size
        for t in range(chain.periods):
            arrivals = chain.arriving(t)
            people = [a + b for a, b in zip(people, arrivals)]
            fresh = [a + b for a, b in zip(fresh, arrivals)]
            self.acquired += sum(n for n, customer in zip(fresh, model.customer) if customer)
            fresh = [zero if customer else n for n, customer in zip(fresh, model.customer)]
            self.record_money(t, people)
            moved, brought = self.moves(t, people)
            if t < chain.periods - 1:
                self.record_retention(t, people)
            people = [a + b for a, b in zip(moved, brought)]
            fresh = [a + b for a, b in zip(self.moves(t, fresh)[0], brought)]

    def moves(self, t, people):
        """(those who move on, those brought), by state at t+1."""
        zero = self.chain.model.numbers.number(0)
        moved, brought = [zero] * self.chain.size, [zero] * self.chain.size
        for i, n in enumerate(people):
            if n != 0:
                for j, p, _ in self.chain.rows[t][i]:
                    moved[j] += n * p
                for k, rate in self.chain.rates[t][i]:
                    brought[k] += n * rate
        return moved, brought

    def record_retention(self, t, people):
        for i, n in enumerate(people):
            if self.chain.model.customer[i]:
                self.could_stay += n
                self.stayed += n * sum(p for j, p, _ in self.chain.rows[t][i] if self.chain.model.customer[j])

    def record_money(self, t, people):
        chain, model = self.chain, self.chain.model
        discount = model.discounts[t]
        cash = cash_scale = gained = gained_scale = worth = worth_scale = model.numbers.number(0)
        spend = chain.per_period[t]
        for i, n in enumerate(people):
            if n == 0:
                continue
            reward, reward_scale = period_rewards(chain, t, i)
            cash += n * chain.amount[t][i]
            cash_scale += n * chain.amount_scale[t][i]
            gained += n * sum(p * g for _, p, g in chain.rows[t][i])
            gained_scale += n * sum(p * abs(g) for _, p, g in chain.rows[t][i])
            worth += n * reward
            worth_scale += n * reward_scale
            spend += n * chain.per_person[t][i]
            self.acquisition_costs += discount * n * costs_of_acquisition(chain, t, i)
        self.people.append(people)
        self.cash.append(cash + gained)
        self.cash_scale.append(cash_scale + gained_scale)
        self.spend.append(spend)
        self.net.append(discount * (worth - chain.per_period[t]))
        self.net_scale.append(discount * (worth_scale + chain.per_period[t]))
        for lever in model.levers:
            if lever_is_on(lever, t):
                heads = sum(people[i] for i in lever["while_in"]) if lever["per_customer"] else 1
                self.lever_value[lever["name"]] += discount * chain.levels[lever["name"]] * heads


def value_finite(chain):
    """Every figure of a scenario in a finite horizon."""
    model, values, course = chain.model, FiniteValues(chain), FiniteCourse(chain)
    result = {"states": state_figures(model, values.first, values.first["stay"]),
              "arrivals": [], "levers": lever_figures(chain, course.lever_value)}
    for name, entries in chain.groups.items():
        people = equity = scale = model.numbers.number(0)
        for i, by_period, _ in entries:
            for t, n in by_period.items():
                people += model.discounts[t] * n
                equity += model.discounts[t] * n * values.tree[t][i]
                scale += model.discounts[t] * n * values.tree_scale[t][i]
        result["arrivals"].append(arrival_figures(name, people, equity, scale))
    per_period = sum(model.discounts[t] * chain.per_period[t] for t in range(chain.periods))
    add_equity(chain, result, per_period, sum(course.net))
    add_acquisition(chain, result, course.lever_value, course.acquired, course.acquisition_costs)
    result["retention_rate"] = positive_ratio(course.stayed, course.could_stay)
    result["trace"] = trace_figures(chain, course) if chain.groups else None
    result["course"] = list(zip(course.net, course.net_scale)) if chain.groups else None
    result["condition"] = 1
    return result


def trace_figures(chain, course):
    heads = [sum(people) for people in course.people]
    return {"cash_flow": [Figure(*pair) for pair in zip(course.cash, course.cash_scale)],
            "discounted_cash_flow": [Figure(*pair) for pair in zip(course.net, course.net_scale)],
            "spend": [Figure(spend, spend) for spend in course.spend],
            "people": {state["name"]: [Figure(people[i], people[i], total)
                                       for people, total in zip(course.people, heads)]
                       for i, state in enumerate(chain.model.states)}}


# --- what both kinds of horizon share -----------------------------------------------------------------------

def state_figures(model, values, stays):
    figures = []
    for i, state in enumerate(model.states):
        variance = values["moment"][i] - values["clv"][i] * values["clv"][i]
        figures.append({"name": state["name"], "stage": state["stage"],
                        "clv": Figure(values["clv"][i], values["clv_scale"][i]),
                        "clv_sd": Spread(variance, values["moment_scale"][i]),
                        "clv_with_referrals": Figure(values["tree"][i], values["tree_scale"][i]),
                        "expected_periods_as_customer":
                            stays[i] if stays[i] is UNSPECIFIED else Figure(stays[i], stays[i])})
    return figures


def lever_figures(chain, lever_value):
    return [{"name": name, "spend": Figure(chain.levels[name], chain.levels[name]), "investment": Figure(value, value)}
            for name, value in lever_value.items()]


def arrival_figures(name, people, equity, scale):
    each = Figure(equity / people, scale / people) if people != 0 else None
    return {"name": name, "people": Figure(people, people), "customer_equity": Figure(equity, scale),
            "value_each": each}


def add_equity(chain, result, per_period, forward):
    """Customer equity from the values by state, which must be what the cash flows add up to."""
    investment = sum(lever["investment"].value for lever in result["levers"])
    if not chain.groups:
        result["customer_equity"], result["investment"] = None, UNSPECIFIED
        return
    equity = sum(group["customer_equity"].value for group in result["arrivals"]) - per_period
    scale = sum(group["customer_equity"].scale for group in result["arrivals"]) + per_period
    exact = chain.model.numbers.name != "double"
    if exact and abs(Fraction(equity) - Fraction(forward)) > Fraction(scale) / 10**45:
        raise AssertionError(f"equity by values {float(equity)} and by cash flows {float(forward)}")
    result["customer_equity"] = Figure(equity, scale)
    result["investment"] = Figure(investment, investment)


def add_acquisition(chain, result, lever_value, acquired, costs):
    if not chain.groups:
        result["acquired"] = result["acquisition_cost"] = None
    elif acquired is UNSPECIFIED:
        result["acquired"] = result["acquisition_cost"] = UNSPECIFIED
    else:
        spend = sum(lever_value[lever["name"]] for lever in chain.model.levers if lever["kind"] == "acquisition")
        result["acquired"] = Figure(acquired, acquired)
        result["acquisition_cost"] = positive_ratio(spend + costs, acquired)


def positive_ratio(part, whole):
    """A ratio of sums of terms that are not negative; None where there is nothing to divide by."""
    return Figure(part / whole, part / whole) if whole != 0 else None


# --- infinite horizons --------------------------------------------------------------------------------------

def solve(matrix, columns):
    """x with matrix x = column, for each column, by Gaussian elimination down the diagonal.

    I - M with M >= 0 needs no other pivots, and has positive ones exactly if the sum of all M^n is finite. Whole
    numbers become fractions first: two ints divided would be a double.
    """
    size = len(matrix)
    rows = [[Fraction(x) if isinstance(x, int) else x for x in (*matrix[i], *(column[i] for column in columns))]
            for i in range(size)]
    for k in range(size):
        if rows[k][k] <= 0:
            raise Divergent("a sum over all periods that is not finite")
        for i in range(k + 1, size):
            if rows[i][k] != 0:
                factor = rows[i][k] / rows[k][k]
                for c in range(k, len(rows[k])):
                    if rows[k][c] != 0:
                        rows[i][c] -= factor * rows[k][c]
    answers = []
    for c in range(size, size + len(columns)):
        x = [0] * size
        for i in reversed(range(size)):
            x[i] = (rows[i][c] - sum(rows[i][j] * x[j] for j in range(i + 1, size) if x[j] != 0)) / rows[i][i]
        answers.append(x)
    return answers


def leading_to(matrix, targets):
    """The indices from which a positive path of the matrix leads to a target, targets included."""
    found = set(targets)
    grown = True
    while grown:
        more = {i for i, row in enumerate(matrix) if i not in found and any(row[j] != 0 for j in found)}
        found |= more
        grown = bool(more)
    return sorted(found)


class Restricted:
    """(I - M) on the states that lead to some targets; everything asked of it is zero elsewhere.

    `finite` says whether the sums over all periods converge; `condition` is the longest expected stay.
    """

    def __init__(self, matrix, targets):
        self.size = len(matrix)
        self.kept = leading_to(matrix, targets)
        self.system = [[int(i == j) - matrix[i][j] for j in self.kept] for i in self.kept]
        self.finite, self.condition = True, 1
        if self.kept:
            try:
                self.condition = max(solve(self.system, [[1] * len(self.kept)])[0])
            except Divergent:
                self.finite = False

    def values(self, *columns):
        """Backwards: x = column + M x."""
        return self.spread(solve(self.system, [[column[i] for i in self.kept] for column in columns]))

    def visits(self, entries):
        """Forwards: total people by state, x = entries + x M."""
        turned = [list(column) for column in zip(*self.system)]
        return self.spread(solve(turned, [[entries[i] for i in self.kept]]))[0]

    def spread(self, answers):
        spread = [[0] * self.size for _ in answers]
        for full, answer in zip(spread, answers):
            for i, x in zip(self.kept, answer):
                full[i] = x
        return spread


class InfiniteValues:
    """Values by state with everything constant in time."""

    def __init__(self, chain):
        self.chain, self.model, self.size = chain, chain.model, chain.size
        d, span = self.model.d, range(chain.size)
        self.step = [[0] * self.size for _ in span]
        for i in span:
            for j, p, _ in chain.rows[0][i]:
                self.step[i][j] += p
        self.tree_step = [list(row) for row in self.step]
        for i in span:
            for k, rate in chain.rates[0][i]:
                self.tree_step[i][k] += rate
        rewards, scales = zip(*(period_rewards(chain, 0, i) for i in span))
        rewarded = [i for i in span if scales[i] != 0]
        self.alone = Restricted(scaled(self.step, d), rewarded)
        self.tree = Restricted(scaled(self.tree_step, d), rewarded)
        if not (self.alone.finite and self.tree.finite):
            raise Divergent("a rewarded state recurs, or referrals explode")
        self.by_state = {}
        self.by_state["clv"], self.by_state["clv_scale"] = self.alone.values(rewards, scales)
        self.by_state["tree"], self.by_state["tree_scale"] = self.tree.values(rewards, scales)
        self.set_moments(rewarded)
        self.rewards = rewards

    def set_moments(self, rewarded):
        squares = Restricted(scaled(self.step, self.model.d * self.model.d), rewarded)
        columns = []
        for absolute, name in ((0, "clv"), (1, "clv_scale")):
            zeros = [0] * self.size
            columns.append([second_moment_step(self.chain, 0, i, self.by_state[name], zeros, absolute)
                            for i in range(self.size)])
        self.by_state["moment"], self.by_state["moment_scale"] = squares.values(*columns)

    def stays(self):
        """Expected periods as a customer; unspecified where they have no end."""
        customer = self.model.customer
        lasting = set(leading_to(self.step, self.lasting_customers()))
        rest = [i for i in range(self.size) if i not in lasting]
        inner = [[self.step[i][j] if i not in lasting and j not in lasting else 0 for j in range(self.size)]
                 for i in range(self.size)]
        ends = Restricted(inner, [i for i in rest if customer[i]])
        found, = ends.values([int(customer[i] and i not in lasting) for i in range(self.size)])
        return [UNSPECIFIED if i in lasting else x for i, x in enumerate(found)], ends.condition

    def lasting_customers(self):
        """Customer states in a class of states that is never left."""
        reach = [set(j for j in range(self.size) if i in leading_to(self.step, [j])) for i in range(self.size)]
        return [i for i in range(self.size) if self.model.customer[i] and all(i in reach[j] for j in reach[i])]


def scaled(matrix, factor):
    return [[factor * x for x in row] for row in matrix]


def discounted_arrivals(chain):
    """[(name, state, sum of d^t n_t)] and the undiscounted people by state (None where they never end)."""
    model, found, totals = chain.model, [], [0] * chain.size
    for name, entries in chain.groups.items():
        for i, by_period, (start, steady) in entries:
            people = sum(model.d ** t * n for t, n in by_period.items())
            if steady != 0:
                if model.d >= 1:
                    raise Divergent("arrivals without end or discount")
                people += model.d ** start * steady / (1 - model.d)
                totals[i] = None
            elif totals[i] is not None:
                totals[i] += sum(by_period.values())
            found.append((name, i, people))
    return found, totals


def people_ever_acquired(values, totals):
    """(how many ever become customers, condition); unspecified where they have no end."""
    chain, customer = values.chain, values.model.customer
    if None in totals:
        return UNSPECIFIED, 1
    entries, condition = list(totals), 1
    referrers = [i for i in range(chain.size) if chain.rates[0][i]]
    if referrers:
        tree = Restricted(values.tree_step, referrers)
        if not tree.finite:
            return UNSPECIFIED, 1
        people, condition = tree.visits(totals), tree.condition
        for i in referrers:
            for k, rate in chain.rates[0][i]:
                entries[k] += people[i] * rate
    prospects = [i for i in range(chain.size) if not customer[i]]
    inner = [[values.step[i][j] if not customer[i] and not customer[j] else 0 for j in range(chain.size)]
             for i in range(chain.size)]
    doors = [i for i in prospects if any(values.step[i][j] != 0 for j in range(chain.size) if customer[j])]
    passing = Restricted(inner, doors)
    waiting = passing.visits([0 if customer[i] else n for i, n in enumerate(entries)])
    entered = sum(waiting[i] * values.step[i][j] for i in doors for j in range(chain.size) if customer[j])
    return entered + sum(n for i, n in enumerate(entries) if customer[i]), max(condition, passing.condition)


def retention_for_ever(values, totals):
    """(the retention rate over all periods, condition); unspecified where customers have no end."""
    customer = values.model.customer
    if None in totals:
        return UNSPECIFIED, 1
    tree = Restricted(values.tree_step, [i for i, is_one in enumerate(customer) if is_one])
    if not tree.finite:
        return UNSPECIFIED, 1
    people = tree.visits(totals)
    customers = [i for i, is_one in enumerate(customer) if is_one]
    stayed = sum(people[i] * sum(values.step[i][j] for j in customers) for i in customers)
    return positive_ratio(stayed, sum(people[i] for i in customers)), tree.condition


def value_infinite(chain):
    """Every figure of a scenario in an infinite horizon with everything constant."""
    model, values = chain.model, InfiniteValues(chain)
    stays, stay_condition = values.stays()
    arrivals, totals = discounted_arrivals(chain)
    heads = discounted_heads(chain, values, arrivals)
    lever_value = endless_lever_value(chain, heads)
    result = {"states": state_figures(model, values.by_state, stays), "arrivals": [],
              "levers": lever_figures(chain, lever_value)}
    tree, tree_scale = values.by_state["tree"], values.by_state["tree_scale"]
    for name in chain.groups:
        own = [(i, people) for group, i, people in arrivals if group == name]
        result["arrivals"].append(arrival_figures(name, sum(people for _, people in own),
                                                  sum(people * tree[i] for i, people in own),
                                                  sum(people * tree_scale[i] for i, people in own)))
    per_period = sum(lever_value[lever["name"]] for lever in model.levers if not lever["per_customer"])
    add_equity(chain, result, per_period, sum(n * r for n, r in zip(heads, values.rewards)) - per_period)
    acquired, door_condition = people_ever_acquired(values, totals)
    costs = sum(n * costs_of_acquisition(chain, 0, i) for i, n in enumerate(heads))
    add_acquisition(chain, result, lever_value, acquired, costs)
    result["retention_rate"], stay_on_condition = retention_for_ever(values, totals)
    if not chain.groups:
        result["retention_rate"] = None
    result["trace"] = result["course"] = None
    result["condition"] = max(values.alone.condition, values.tree.condition, stay_condition, door_condition,
                              stay_on_condition, 1 / (1 - model.d) if model.d < 1 else 1)
    return result


def discounted_heads(chain, values, arrivals):
    """Sum of d^t people by state, wherever money still flows."""
    entries = [0] * chain.size
    for _, i, people in arrivals:
        entries[i] += people
    return values.tree.visits(entries)


def endless_lever_value(chain, heads):
    """The present value of each lever's spend, level for ever."""
    model = chain.model
    if any(chain.per_period) and model.d >= 1:
        raise Divergent("spend without end or discount")
    annuity = 1 / (1 - model.d) if model.d < 1 else 0
    return {lever["name"]: chain.levels[lever["name"]] *
            (sum(heads[i] for i in lever["while_in"]) if lever["per_customer"] else annuity)
            for lever in model.levers}


# --- scenarios and budgets ----------------------------------------------------------------------------------

def budget_targets(model, scenario):
    """{lever: the present value it is to spend}."""
    number = model.numbers.number
    return {name: number(share) * number(scenario["budget"]) for name, share in scenario["split"].items()}


def all_levels(model, levels):
    return {lever["name"]: 0 for lever in model.levers} | levels


def levels_for_budget(model, scenario, rounds=400):
    """Spend levels that meet a budget, as doubles: level <- target / (value of one unit at these levels)."""
    targets = budget_targets(model, scenario)
    levels = {name: 1e-3 if target > 0 else 0.0 for name, target in targets.items()}
    for _ in range(rounds):
        values = model.present_values(all_levels(model, levels))
        worst = 0.0
        for name, target in targets.items():
            if target > 0:
                if values[name] == 0:
                    raise Divergent(f"nobody to spend on with {name}")
                wanted = float(levels[name] * float(target / values[name]))
                worst = max(worst, abs(wanted / levels[name] - 1))
                levels[name] = wanted
        if worst < 1e-15:
            break
    if worst > 1e-9:
        raise Divergent("the levels of a budget do not settle")
    return levels


def level_by_bisection(model, scenario, digits=13):
    """The level of a budget's only lever, between bounds that are halved (or cut by the chord) until they meet."""
    (name, target), = budget_targets(model, scenario).items()
    number = model.numbers.number

    def excess(level):
        return model.present_values(all_levels(model, {name: level}))[name] - target

    low, high = number(0), number(1)
    below, above = -target, excess(high)
    while above < 0:
        low, below, high = high, above, 2 * high
        above = excess(high)
    last = 0
    while high - low > high * number(Fraction(1, 10 ** digits)):
        chord = low - below * (high - low) / (above - below)
        tried = (low + high) / 2 if not low < chord < high else number(Fraction(float(chord)))
        value = excess(tried)
        if value == 0:
            return tried
        if value < 0:
            low, below = tried, value
            above, last = (above / 2, -1) if last == -1 else (above, -1)
        else:
            high, above = tried, value
            below, last = (below / 2, 1) if last == 1 else (below, 1)
    return high


def scenario_levels(model, document, scenario, given):
    """The spend level of every lever: written, given from outside, or found."""
    if "budget" not in scenario:
        return all_levels(model, scenario.get("spend", {}))
    if given is not None:
        return all_levels(model, given)
    quick = type(model)(document, "double") if model.numbers.name != "double" else model
    return all_levels(model, levels_for_budget(quick, scenario))


def add_differences(model, results):
    """What each scenario is worth more than the reference."""
    reference = next(r for r in results if r["name"] == model.scenarios["reference"])
    for result in results:
        for key in ("incremental_value", "return_on_investment", "payback_period"):
            result[key] = None
        if result is not reference and result["customer_equity"] is not None:
            gain, extra = (difference(result[key], reference[key]) for key in ("customer_equity", "investment"))
            result["incremental_value"] = gain
            result["return_on_investment"] = return_on(gain, extra)
            result["extra_investment"] = extra
            result["payback_period"] = UNSPECIFIED
            if result["course"] is not None:
                result["lead"] = cumulated_lead(result["course"], reference["course"])
                result["payback_period"] = payback([figure.value for figure in result["lead"]])


def difference(one, other):
    return Figure(one.value - other.value, one.scale + other.scale)


def return_on(gain, extra):
    if extra.value <= 0:
        return None
    ratio = gain.value / extra.value
    return Figure(ratio, (gain.scale + abs(ratio) * extra.scale) / extra.value)


def cumulated_lead(course, reference):
    """Cumulated discounted net cash flow ahead of the reference, by period."""
    lead, value, scale = [], 0, 0
    for (net, net_scale), (other, other_scale) in zip(course, reference):
        value += net - other
        scale += net_scale + other_scale
        lead.append(Figure(value, scale))
    return lead


def payback(lead):
    """The first period from which on the lead is never negative."""
    behind = [t for t, value in enumerate(lead) if value < 0]
    first = behind[-1] + 1 if behind else 0
    return first if first < len(lead) else None


def evaluate(document, arithmetic="auto", given_levels=None, kind=Model):
    """Every scenario of a model; given_levels[scenario] are spend levels found by somebody else for a budget.

    `kind` is what the document is read as: this module's Model, or one that understands more.
    """
    with decimal.localcontext(WORKING):
        model = kind(document, arithmetic)
        results = []
        for scenario in model.scenarios["list"]:
            levels = scenario_levels(model, document, scenario, (given_levels or {}).get(scenario["name"]))
            result = {"name": scenario["name"]} | model.evaluate_levels(levels)
            if "budget" in scenario:
                result["targets"] = budget_targets(model, scenario)
                result["budget"] = model.numbers.number(scenario["budget"])
                lone = len(scenario["split"]) == 1 and result["budget"] > 0
                if given_levels is not None and lone and model.bisects:
                    result["bisected"] = level_by_bisection(model, scenario)
            results.append(result)
        add_differences(model, results)
        if model.numbers.name != "double":
            refuse_doubles(results)
        return {"model": model.name, "currency": model.currency, "period": model.period,
                "horizon": "infinite" if model.infinite else model.horizon,
                "discount_factor": float(model.discount_factor),
                "reference": model.scenarios["reference"], "scenarios": results}


def refuse_doubles(results):
    """No figure may have passed through a double on its way: one careless division would do it."""
    if isinstance(results, float):
        raise AssertionError("a double among the exact figures")
    if isinstance(results, (dict, list, tuple)):
        for item in results.values() if isinstance(results, dict) else results:
            refuse_doubles(item)


def load(model):
    """A parsed document from a path, or the document itself."""
    if isinstance(model, dict):
        return model
    with open(model, "rb") as file:
        return tomllib.load(file)


# --- output -------------------------------------------------------------------------------------------------

VALUE_KEYS = ("name", "customer_equity", "investment", "acquired", "acquisition_cost", "retention_rate", "states",
              "arrivals", "levers", "trace")
COMPARE_KEYS = ("name", "customer_equity", "investment", "acquired", "acquisition_cost", "retention_rate",
                "arrivals", "levers", "incremental_value", "return_on_investment", "payback_period")
HEAD_KEYS = ("model", "currency", "period", "horizon", "discount_factor")


def value_keys(result):
    """The keys of one scenario of `tenure value`: segments only where the model has some."""
    return VALUE_KEYS + (("segments",) if "segments" in result else ())


def plain(figure):
    """Figures as JSON values: correctly rounded doubles, null for what does not exist."""
    if isinstance(figure, Figure):
        return float(figure.value)
    if isinstance(figure, Spread):
        return float(to_decimal(max(figure.variance, 0)).sqrt(ELEMENTARY))
    if isinstance(figure, dict):
        return {key: plain(value) for key, value in figure.items()}
    if isinstance(figure, list):
        return [plain(value) for value in figure]
    return None if figure is UNSPECIFIED else figure


def as_output(evaluation, compare=False):
    """The document that `tenure value` (or `tenure compare`) prints, with the oracle's figures."""
    scenarios = [{key: plain(result[key]) for key in (COMPARE_KEYS if compare else value_keys(result))}
                 for result in evaluation["scenarios"]]
    head = {"tenure": "oracle"} | {key: evaluation[key] for key in HEAD_KEYS}
    return head | ({"reference": evaluation["reference"]} if compare else {}) | {"scenarios": scenarios}


# --- self-test ----------------------------------------------------------------------------------------------

def chain_document(states, transitions, horizon, rate, **more):
    """A small model: states as (name, stage, cash_flow), transitions as (from, to, probability[, cash_flow])."""
    return {"format": 1, "model": {"name": "test", "period": "year", "horizon": horizon, "discount_rate": rate},
            "state": [dict(zip(("name", "stage", "cash_flow"), state)) for state in states],
            "transition": [dict(zip(("from", "to", "probability", "cash_flow"), t)) for t in transitions]} | more


def close(found, expected, digits):
    return abs(float(found) - expected) <= 10.0 ** -digits


def baseline_states(document, arithmetic="auto"):
    return evaluate(document, arithmetic)["scenarios"][0]["states"]


def test_geometric_lifetime():
    """m (1+d) / (1+d-r): one state that is left with 1-r, for ever."""
    document = chain_document([("owner", "servicing", 100), ("gone", "lost", 0)],
                              [("owner", "owner", 0.75), ("owner", "gone", "rest")], "infinite", 0.25)
    owner = baseline_states(document)[0]
    assert owner["clv"].value == Fraction(100) * Fraction(5, 4) / (Fraction(5, 4) - Fraction(3, 4))
    assert owner["expected_periods_as_customer"].value == 4


def pfeifer_carraway(horizon):
    """Pfeifer and Carraway 2000: a recency chain."""
    back = (.3, .2, .15, .05)
    states = [("1", "servicing", 36), ("2", "servicing", -4), ("3", "servicing", -4), ("4", "servicing", -4),
              ("5", "lost", 0)]
    transitions = [(str(i + 1), "1", p) for i, p in enumerate(back)]
    transitions += [(str(i + 1), str(i + 2), "rest") for i in range(4)]
    return chain_document(states, transitions, horizon, 0.2)


def test_pfeifer_carraway():
    published = {"infinite": (52.3196, 5.5538, 1.2508, -1.8200, 0), 5: (50.115, 4.2199, .5921, -1.9801, 0)}
    for horizon, values in published.items():
        states = baseline_states(pfeifer_carraway(horizon))
        assert all(close(s["clv"].value, v, 3.3) for s, v in zip(states, values)), horizon
    variances = (788.27359, 627.64711, 411.09118, 117.66486)
    states = baseline_states(pfeifer_carraway("infinite"))
    assert all(close(s["clv_sd"].variance, v, 5.2) for s, v in zip(states, variances))


def test_referrals():
    """m (1+d) / (1+d-r-rho): each brings others like themselves."""
    document = chain_document([("owner", "advocacy", 100), ("gone", "lost", 0)],
                              [("owner", "owner", 0.8), ("owner", "gone", "rest")], "infinite", 0.1,
                              referral=[{"from": "owner", "to": "owner", "per_period": 0.05}])
    owner = baseline_states(document)[0]
    assert close(owner["clv"].value, 366.666666667, 8) and close(owner["clv_with_referrals"].value, 440.0, 8)


def test_closed_cohort():
    """A thousand people of Pfeifer and Carraway's chain at t = 4."""
    document = pfeifer_carraway(5) | {"arrivals": [{"state": "1", "count": 1000}]}
    people = evaluate(document)["scenarios"][0]["trace"]["people"]
    assert all(close(people[str(i + 1)][4].value, n, 1.2)
               for i, n in enumerate((139.7, 136.5, 128.8, 142.8, 452.2)))


def lively_document(horizon):
    """Something of everything, small enough to walk through path by path."""
    states = [("a", "acquisition", -3), ("b", "servicing", 20), ("c", "lost", 0)]
    transitions = [("a", "b", {"schedule": [0.25, 0.5]}, -1), ("b", "c", 0.125, -2), ("b", "a", 0.25, 4)]
    effects = [{"transition": ["b", "c"], "limit": 0.0625, "half_spend": 2, "shape": "hill", "steepness": 1.5},
               {"state": "b", "limit": 30, "shape": "table", "points": [[0, 0], [2, 0.5], [5, 0.75]]}]
    return chain_document(
        states, transitions, horizon, 0.2, arrivals=[{"state": "a", "per_period": 10, "growth": 0.1}],
        referral=[{"from": "b", "to": "a", "per_period": 0.5}],
        calendar=[{"transition": ["b", "a"], "odds": [1, 2]}],
        lever=[{"name": "care", "kind": "retention", "while_in": ["b"], "carry_over": 0.5, "until": 3,
                "effect": effects}],
        scenario=[{"name": "more", "spend": {"care": 3}}])


def test_paths():
    """Mean and variance of one person's value by walking every path."""
    with decimal.localcontext(WORKING):
        model = Model(lively_document(4), "exact")
        chain = Chain(model, {"care": 3})
    first = FiniteValues(chain).first
    for start in range(chain.size):
        mean = square = 0
        for path in itertools.product(range(chain.size), repeat=chain.periods):
            chance, value, here = Fraction(1), Fraction(0), start
            for t, there in enumerate(path):
                step = {j: (p, g) for j, p, g in chain.rows[t][here]}.get(there, (0, 0))
                value += model.discounts[t] * (model.d_tau * chain.amount[t][here] - chain.per_person[t][here]
                                               + model.d * step[1])
                chance *= step[0]
                here = there
            mean += chance * value
            square += chance * value * value
        assert mean == first["clv"][start] and square == first["moment"][start]


def test_arithmetics_agree():
    """Fractions kept whole, rounded ones and doubles tell the same story."""
    exact, rounded, double = (as_output(evaluate(lively_document(8), kind)) for kind in ARITHMETIC)
    assert exact == rounded
    for one, other in zip(exact["scenarios"], double["scenarios"]):
        assert math.isclose(one["customer_equity"], other["customer_equity"], rel_tol=1e-13)


def funnel_document(horizon):
    """Prospects who cost money, half of whom decide in a period; those who buy may leave and come back."""
    states = [("prospect", "acquisition", -2), ("owner", "servicing", 9), ("past", "dormant", 0), ("gone", "lost", 0)]
    transitions = [("prospect", "owner", 0.25, -4), ("prospect", "gone", 0.25), ("owner", "past", 0.5),
                   ("past", "owner", 0.25), ("past", "gone", 0.5)]
    return chain_document(states, transitions, horizon, 0, arrivals=[{"state": "prospect", "count": 80}])


def test_acquisition_and_retention():
    """By hand: prospects 80, 40, 20; owners 0, 20, 20; past owners 0, 0, 10."""
    result = evaluate(funnel_document(3))["scenarios"][0]
    assert [figure.value for figure in result["trace"]["people"]["owner"]] == [0, 20, 20]
    assert result["acquired"].value == 20 + 10
    assert result["acquisition_cost"].value == Fraction(2 * 140 + 140, 30)
    assert result["retention_rate"].value == 1
    assert result["trace"]["cash_flow"][1].value == 20 * 9 - 40 * 2 - 10 * 4
    endless = evaluate(funnel_document("infinite"))["scenarios"][0]
    assert endless["acquired"].value == 40


def test_infinite_is_the_limit():
    """A long horizon comes to what the endless one is solved to be, with referrals and a lever."""
    found = []
    for horizon in (1500, "infinite"):
        document = funnel_document(horizon) | {
            "referral": [{"from": "owner", "to": "prospect", "per_period": 0.125}],
            "lever": [{"name": "care", "kind": "acquisition", "while_in": ["owner"],
                       "effect": [{"transition": ["owner", "past"], "limit": 0.25, "half_spend": 1}]}],
            "scenario": [{"name": "care", "spend": {"care": 1}}]}
        document["model"]["discount_rate"] = 0.05
        result = evaluate(document)["scenarios"][1]
        found.append([result[key].value for key in ("customer_equity", "investment", "acquired", "acquisition_cost",
                                                    "retention_rate")]
                     + [state[key].value for state in result["states"]
                        for key in ("clv", "clv_with_referrals", "expected_periods_as_customer")]
                     + [state["clv_sd"].variance for state in result["states"]])
    assert all(abs(Fraction(a) - Fraction(b)) < Fraction(1, 10**25) for a, b in zip(*found))


def test_comparison():
    """A lever that pays back late: what it costs today comes in tomorrow."""
    document = funnel_document(4) | {
        "lever": [{"name": "care", "kind": "retention", "spend_per": "period", "until": 1, "carry_over": 0.5,
                   "effect": [{"state": "owner", "limit": 90, "half_spend": 50}]}],
        "scenario": [{"name": "idle", "spend": {}}, {"name": "care", "spend": {"care": 100}},
                     {"name": "waste", "spend": {"care": 10000}}]}
    evaluation = evaluate(document)
    idle, care, waste = evaluation["scenarios"]  # no baseline beside one that spends nothing
    assert evaluation["reference"] == "idle" and idle["incremental_value"] is None
    # Effective spends 50, 25, 12.5 go 1 - 2^-1, 1 - 2^-1/2, 1 - 2^-1/4 of the way from 9 to 90; owners 0, 20, 20.
    shares = (1 - 2 ** -0.5, 1 - 2 ** -0.25)
    gains = [81 * n * share for n, share in zip((20, 20), shares)]
    assert close(care["lead"][1].value, gains[0] - 100, 9) and close(care["lead"][2].value, sum(gains) - 100, 9)
    assert care["payback_period"] == 1 and waste["payback_period"] is None
    assert close(care["return_on_investment"].value * 100, float(care["incremental_value"].value), 9)


def test_head():
    """Lengths of time become periods, and the discount factor is the double nearest to the truth."""
    year = PERIODS_PER_YEAR
    assert read_horizon("20 years", year["month"]) == 240 and read_horizon("3 days", year["year"]) == 1
    assert read_horizon("21 weeks", year["month"]) == 5 and read_horizon("1 year", year["day"]) == 365
    monthly = discount_factor(0.08, year["month"])
    assert abs(monthly ** 12 * (1 + Decimal(0.08)) - 1) < Decimal("1e-26")


def test_table_shares():
    """scipy's PchipInterpolator([0, 1, 3, 4], [0, 0.5, 0.6, 1])."""
    xs, ys = [Fraction(x) for x in (0, 1, 3, 4)], [Fraction(y, 10) for y in (0, 5, 6, 10)]
    slopes = monotone_slopes(xs, ys)
    assert slopes[0] == Fraction(13, 20)
    assert slopes[1] == Fraction(9) / (5 / Fraction(1, 2) + 4 / Fraction(1, 20))
    assert slopes[3] == Fraction(31, 60)
    assert table_share((xs, ys, slopes), Fraction(7)) == 1


def test_lone_influence():
    """One influence alone puts exactly p' there; odds of a calendar scale the rest in proportion."""
    row = {0: Fraction(1, 2), 1: Fraction(1, 4), 2: Fraction(1, 4)}
    third = Fraction(1, 3)
    assert influenced_row(row, {1: [third]}, {})[1] == third
    assert influenced_row(row, {1: [third]}, {2: [1]}) == influenced_row(row, {1: [third]}, {})
    assert influenced_row(row, {}, {1: [3]}) == {0: third, 1: Fraction(1, 2), 2: Fraction(1, 6)}
    assert influenced_row({0: Fraction(1), 1: Fraction(0)}, {1: [third]}, {})[1] == third


def test_budget():
    """The level of a budget, by fixed point and by bisection."""
    document = lively_document(5)
    document["scenario"] = [{"name": "budget", "budget": 50, "split": {"care": 1.0}}]
    result = evaluate(document)["scenarios"][1]
    bisected = evaluate(document, given_levels={"budget": {"care": result["levers"][0]["spend"].value}})
    assert close(result["investment"].value, 50, 10)
    assert close(bisected["scenarios"][1]["bisected"], float(result["levers"][0]["spend"].value), 10)


def self_test():
    tests = [test for name, test in sorted(globals().items()) if name.startswith("test_")]
    for test in tests:
        test()
    print(f"{len(tests)} closed forms and published tables agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", help="a model file")
    parser.add_argument("--compare", action="store_true", help="print what `tenure compare` prints")
    parser.add_argument("--arithmetic", choices=["auto", *ARITHMETIC], default="auto")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if arguments.file is None:
        parser.error("a model file is needed")
    evaluation = evaluate(load(arguments.file), arguments.arithmetic)
    json.dump(as_output(evaluation, arguments.compare), sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
