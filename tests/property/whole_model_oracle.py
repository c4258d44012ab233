#!/usr/bin/env python3
"""The slow second opinion on whole models: dwell times, segments, numbers that differ or vary, and the market.

It builds on rational_oracle.py, which knows the rest, and replaces its chain by one that is plain and large. A
person is (kind, market, state, age): the kind is the segment and the person's own numbers, the market is the
state of the environment, the age the periods already spent in a state with a dwell. Every kind is walked
through on its own; nothing is summed up beforehand.

Kinds. A differing cash flow enters a person's value linearly and its square quadratically, so two people at mean
- sd and mean + sd stand for all of them, exactly. A differing referral rate enters linearly only (those who are
brought draw anew), so its mean stands for it. A differing probability is integrated by the tanh-sinh rule, cut
where a row starts to be rescaled, and refined until the law's own moments come out. `varies` needs its variance
only.

Arithmetic is that of rational_oracle.py, but for infinite horizons and integrals, which take rounded decimals. The
probabilities of dwell times are decimals of 64 digits.
"""

import argparse
import decimal
import functools
import itertools
import json
import sys
from decimal import Decimal
from fractions import Fraction

import rational_oracle
from rational_oracle import (ELEMENTARY, EXACT_HORIZON, UNSPECIFIED, WORKING, Chain, Divergent, Figure, Model,
                             ModelFault, Unsupported, add_acquisition, add_equity, arrival_figures, as_output, check,
                             complete_row, influenced_row, lever_figures, lever_is_on, load, positive_ratio, solve,
                             state_figures, to_decimal)

# A dwell is cut here in an infinite horizon.
DWELL_LEFT = Decimal("1e-12")
# In rounded arithmetic, a pivot this small is a closed class without discount.
SMALLEST_PIVOT = Fraction(1, 10**40)
# The rule for one differing probability starts with a step and refines until moments agree. What is a polynomial in
# p needs the least; odds m put a pole at 1/(1-m), which a calendar keeps at a distance and a lever may not.
QUADRATURE_STEPS = {"free": Decimal(1) / 4, "odds": Decimal(1) / 6, "lever": Decimal(1) / 9}
QUADRATURE_REACH = 7
QUADRATURE_AGREES = Decimal("1e-13")
NEGLIGIBLE_WEIGHT = Decimal("1e-18")
MEAN_AGREES = Fraction(1, 10**9)


# --- laws of numbers that are not one number -----------------------------------------------------------------

class Law:
    """What a person or an event draws: mean, variance, and the density where it is a probability."""

    def __init__(self, place, mean, word):
        default = {"probability": "beta"}.get(place, "normal")
        self.mean, self.name = Fraction(mean), word.get("distribution", default)
        self.alpha = self.beta = self.low = self.high = None
        if "count" in word:
            check(self.name == "beta", "a count belongs to a beta")
            self.alpha, self.beta = self.mean * Fraction(word["count"]), (1 - self.mean) * Fraction(word["count"])
        elif "alpha" in word:
            check(self.name == "beta", "alpha and beta belong to a beta")
            self.alpha, self.beta = Fraction(word["alpha"]), Fraction(word["beta"])
        elif "low" in word:
            self.low, self.high = to_decimal(Fraction(word["low"])), to_decimal(Fraction(word["high"]))
        self.variance = self.find_variance(word)
        if self.name == "beta" and self.alpha is None:
            check(0 < self.variance < self.mean * (1 - self.mean), "no beta has that sd")
            total = self.mean * (1 - self.mean) / self.variance - 1
            self.alpha, self.beta = self.mean * total, (1 - self.mean) * total
        if self.name == "uniform" and self.low is None:
            half = ELEMENTARY.sqrt(to_decimal(3 * self.variance))
            self.low, self.high = to_decimal(self.mean) - half, to_decimal(self.mean) + half
        self.check_mean()

    def find_variance(self, word):
        if self.name == "fixed":
            return Fraction(0)
        if self.alpha is not None:
            total = self.alpha + self.beta
            return self.alpha * self.beta / (total * total * (total + 1))
        if self.low is not None:
            return Fraction(self.high - self.low) ** 2 / 12
        return Fraction(word["sd"]) ** 2

    def check_mean(self):
        own = self.mean
        if self.alpha is not None:
            own = self.alpha / (self.alpha + self.beta)
        elif self.low is not None:
            own = Fraction(self.low + self.high) / 2
        check(abs(own - self.mean) <= MEAN_AGREES * abs(self.mean), "the mean is not that of the distribution")

    def support(self):
        return (Decimal(0), Decimal(1)) if self.name == "beta" else (self.low, self.high)

    def moments(self, count):
        """E[X], E[X^2], ... exactly."""
        if self.name == "beta":
            steps = [(self.alpha + k) / (self.alpha + self.beta + k) for k in range(count)]
            return list(itertools.accumulate(steps, lambda a, b: a * b))
        low, high = Fraction(self.low), Fraction(self.high)
        return [(high ** (k + 2) - low ** (k + 2)) / ((k + 2) * (high - low)) for k in range(count)]

    def density(self, x, complement):
        """Up to a constant; the complement is 1-x without its rounding."""
        if self.name == "uniform":
            return Decimal(1)
        return decimal_power(x, to_decimal(self.alpha) - 1) * decimal_power(complement, to_decimal(self.beta) - 1)

    def nodes(self, breaks=(), step=QUADRATURE_STEPS["lever"]):
        """[(value, weight)] that integrate what is smooth between the breaks."""
        if self.name == "fixed" or self.variance == 0:
            return [(to_decimal(self.mean), Decimal(1))]
        if self.name not in ("beta", "uniform"):
            raise Unsupported(f"a differing probability that is {self.name}")
        low, high = self.support()
        key = (self.name, self.alpha, self.beta, low, high, step, tuple(sorted({b for b in breaks if low < b < high})))
        if key not in NODES:
            NODES[key] = self.refined_nodes(key[-1], step)
        return NODES[key]

    def refined_nodes(self, breaks, step):
        wanted = [to_decimal(moment) for moment in self.moments(12)]
        for _ in range(6):
            nodes = tanh_sinh_nodes(self, breaks, step)
            found = [sum(w * x ** (k + 1) for x, w in nodes) for k in range(len(wanted))]
            if all(abs(a - b) < QUADRATURE_AGREES * max(b, wanted[1]) for a, b in zip(found, wanted)):
                return nodes
            step /= 2
        raise AssertionError("the quadrature does not settle")


NODES = {}


def decimal_power(base, exponent):
    return Decimal(1) if exponent == 0 else ELEMENTARY.power(base, exponent)


@functools.lru_cache(maxsize=100_000)
def unit_node(t):
    """(u, 1-u, du/dt) of the tanh-sinh rule on (0, 1), none of them rounded off."""
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
    e = ELEMENTARY.exp(t)
    sinh, cosh = (e - 1 / e) / 2, (e + 1 / e) / 2
    growth = ELEMENTARY.exp(pi * sinh)
    u, v = growth / (1 + growth), 1 / (1 + growth)
    return u, v, pi * cosh * u * v


def tanh_sinh_nodes(law, breaks, step):
    low, high = law.support()
    bounds = [low, *breaks, high]
    found = []
    reach = int(QUADRATURE_REACH / step)
    for a, b in zip(bounds, bounds[1:]):
        for k in range(-reach, reach + 1):
            u, v, slope = unit_node(k * step)
            x = a + (b - a) * u
            weight = (b - a) * slope * law.density(x, (1 - b) + (b - a) * v)
            found.append((x, weight))
    largest = max(weight for _, weight in found)
    found = [(x, weight) for x, weight in found if weight > NEGLIGIBLE_WEIGHT * largest]
    total = sum(weight for _, weight in found)
    return [(x, weight / total) for x, weight in found]


# --- dwell times --------------------------------------------------------------------------------------------

def leaving_hazards(law, periods):
    """h(1), h(2), ... for so many periods; for ever (None) cut at DWELL_LEFT, the last one repeated."""
    kind = law["distribution"]
    if kind == "fixed":
        return [Fraction(0)] * (law["periods"] - 1) + [Fraction(1)]
    if kind == "table":
        return [Fraction(h) for h in law["hazard"]]
    hazards, left = [], Decimal(1)
    source = {"negative_binomial": negative_binomial_hazards, "weibull": weibull_hazards}[kind](law)
    for hazard in source:
        hazards.append(hazard)
        left *= 1 - hazard
        if len(hazards) == periods or (periods is None and left < DWELL_LEFT):
            return [Fraction(h) for h in hazards]


def negative_binomial_hazards(law):
    """1 + a negative binomial with the mean less 1: P(N = k) / P(N >= k)."""
    mean, variance = Fraction(law["mean"]) - 1, Fraction(law["sd"]) ** 2
    check(variance > mean > 0, "a negative binomial needs sd^2 > mean - 1 > 0")
    size, success = mean * mean / (variance - mean), mean / variance
    chance = ELEMENTARY.power(to_decimal(success), to_decimal(size))
    left = Decimal(1)
    for k in itertools.count():
        yield chance / left
        left -= chance
        chance *= to_decimal((k + size) / (k + 1) * (1 - success))


def weibull_hazards(law):
    """1 - S(k+1)/S(k) of S(k) = exp(-(k/scale)^shape)."""
    scale, shape = to_decimal(Fraction(law["scale"])), to_decimal(Fraction(law["shape"]))
    before = Decimal(0)
    for k in itertools.count(1):
        after = ELEMENTARY.power(k / scale, shape)
        yield 1 - ELEMENTARY.exp(before - after)
        before = after


# --- the model as one segment sees it -----------------------------------------------------------------------

def plain_spec(spec):
    """A number without what differs or varies: the mean stands."""
    if not isinstance(spec, dict):
        return spec
    left = {key: value for key, value in spec.items() if key not in ("differs", "varies")}
    return left["mean"] if set(left) == {"mean"} else left


class SegmentModel(Model):
    """A document in which one segment's replacements are made already."""

    bisects = False

    def __init__(self, document, arithmetic="auto"):
        self.differs, self.noise = {}, {}
        self.integrates = any(isinstance(entry.get("probability"), dict) and "differs" in entry["probability"]
                              for part in (document, *document.get("segment", []))
                              for entry in part.get("transition", []))
        super().__init__(document, arithmetic)
        self.market = Market(self, document.get("environment"))
        self.read_own_numbers(document)
        self.hazards = [self.read_dwell(state) for state in self.states]
        if any(lever_effect["what"] == "dwell" and self.hazards[lever_effect["target"]] is None
               for lever in self.levers for lever_effect in lever["effects"]):
            raise ModelFault("an effect on a dwell that is not there")
        self.check_rows()

    def refuse_uncovered(self, document):
        check(document.get("format") == 1, "format must be 1")

    def choose(self, arithmetic):
        if arithmetic == "auto":
            short = not self.infinite and self.horizon <= EXACT_HORIZON
            return "exact" if short and not self.integrates else "rounded"
        return arithmetic

    def series(self, spec):
        return super().series(plain_spec(spec))

    def read_arrivals(self, entry):
        without = {key: value for key, value in entry.items() if key != "mix"}
        return super().read_arrivals(without) | {"mix": entry.get("mix")}

    def read_lever(self, entry):
        return super().read_lever({key: value for key, value in entry.items() if key != "segments"})

    def read_target(self, entry):
        if "dwell" in entry:
            return "dwell", self.index[entry["dwell"]]
        return super().read_target(entry)

    def check_influences(self):
        """Only once the market is known: see check_rows."""

    def moved_by_others(self):
        return super().moved_by_others() + [pair for odds in self.market.odds for pair in odds]

    def check_rows(self):
        super().check_influences()
        for i, hazards in enumerate(self.hazards):
            if hazards is not None:
                check(all(row.get(i, 0) == 0 for row in self.base_rows[i]), "a dwell's row that does not sum to 1")
                check(not self.infinite or hazards[-1] > 0, "a dwell without end")

    def read_dwell(self, state):
        if "dwell" not in state:
            return None
        hazards = leaving_hazards(state["dwell"], None if self.infinite else self.horizon)
        return [self.numbers.number(h) for h in hazards[:self.periods if not self.infinite else None]]

    def read_own_numbers(self, document):
        """What differs between persons and varies between events, by place."""
        for i, state in enumerate(self.states):
            self.read_words(("state", i), state.get("cash_flow"), self.cash_flow[i])
        for entry in document.get("transition", []):
            i, j = self.index[entry["from"]], self.index[entry["to"]]
            self.read_words(("gain", i, j), entry.get("cash_flow"), self.gains[i][j])
            self.read_words(("probability", i, j), entry["probability"], self.listed[i].get(j))
        if any(place[0] != "probability" and self.stages[place[1]] == "acquisition" for place in self.differs):
            raise Unsupported("a differing cash flow where acquisition costs are counted")

    def read_words(self, place, spec, series):
        if not isinstance(spec, dict) or not spec.keys() & {"differs", "varies"}:
            return
        constant = len(set(series)) == 1
        first = series[0]
        ratios = [self.numbers.number(1)] * self.periods if constant else [value / first for value in series]
        mean = spec["schedule"][0] if "schedule" in spec else spec["mean"]
        if "differs" in spec:
            if place[0] == "probability" and not constant:
                raise Unsupported("a differing probability that changes with time")
            self.differs[place] = (Law(place[0], mean, spec["differs"]), ratios)
        if "varies" in spec:
            check(place[0] != "probability", "a probability does not vary")
            variance = self.numbers.number(Law(place[0], mean, spec["varies"]).variance)
            self.noise[place] = [variance * ratio * ratio for ratio in ratios]

    # kinds of persons

    def kinds(self):
        """[(weight, {place: drawn value})], every combination of the segment's differing numbers."""
        number = self.numbers.number
        found = [(Decimal(1), {})]
        for place, (law, _) in sorted(self.differs.items()):
            grown = []
            for weight, draws in found:
                for value, chance in self.nodes(place, law, draws):
                    grown.append((weight * to_decimal(chance), draws | {place: value}))
            found = grown
        return [(number(weight), {place: number(value) for place, value in draws.items()}) for weight, draws in found]

    def nodes(self, place, law, draws):
        if place[0] == "probability":
            return law.nodes(self.breaks(place, draws), QUADRATURE_STEPS[self.influence_on(place[1])])
        sd = self.numbers.square_root(self.numbers.number(law.variance))
        mean, sd = to_decimal(law.mean), to_decimal(sd if not isinstance(sd, float) else Fraction(sd))
        return [(mean - sd, Fraction(1, 2)), (mean + sd, Fraction(1, 2))] if sd != 0 else [(mean, Decimal(1))]

    def influence_on(self, i):
        """What moves the row of a differing probability."""
        if any(effect["what"] == "transition" and effect["target"][0] == i
               for lever in self.levers for effect in lever["effects"]):
            return "lever"
        return "odds" if any(source == i for source, _ in self.moved_by_others()) else "free"

    def breaks(self, place, draws):
        """Where the row begins to be rescaled, seen from one of its probabilities with some others drawn."""
        _, i, own = place
        found = set()
        for t in range(self.periods):
            room = {Decimal(1)}
            for j, series in self.listed[i].items():
                other = ("probability", i, j)
                if j == own:
                    continue
                if other in draws:
                    steps = (draws[other],)
                elif other in self.differs and self.differs[other][0].variance != 0:
                    steps = self.differs[other][0].support()
                else:
                    steps = (to_decimal(Fraction(series[t])),)
                room = {left - step for left in room for step in steps}
            found |= room
        return found


class Market:
    """The environment: its states, how they follow each other, and what each does; one quiet state without."""

    def __init__(self, model, spec):
        number = model.numbers.number
        names = spec["states"] if spec else [None]
        self.size = len(names)
        self.start = names.index(spec["start"]) if spec else 0
        matrix = spec["matrix"] if spec else [[1]]
        self.steps = [normalised([number(p) for p in row]) for row in matrix]
        self.odds = [{} for _ in names]
        self.factors = [{} for _ in names]
        self.arrivals = [{} for _ in names]
        for effect in spec.get("effect", []) if spec else []:
            e = names.index(effect["when"])
            if "transition" in effect:
                pair = tuple(model.index[name] for name in effect["transition"])
                check(pair[1] in model.gains[pair[0]], "the market moves a transition that is not listed")
                check(effect["odds"] > 0, "odds must be positive")
                self.odds[e].setdefault(pair, []).append(number(effect["odds"]))
            elif "state" in effect:
                i = model.index[effect["state"]]
                self.factors[e][i] = self.factors[e].get(i, 1) * number(effect["cash_flow_factor"])
            else:
                name = effect["arrivals"]
                self.arrivals[e][name] = self.arrivals[e].get(name, 1) * number(effect["factor"])

    def after(self, chances):
        """The distribution one period later."""
        return [sum(chances[e] * self.steps[e][f] for e in range(self.size)) for f in range(self.size)]

    def at_start(self, number):
        return [number(int(e == self.start)) for e in range(self.size)]

    def expected(self, values):
        """[E[value next period] by today's market] of a list of tables by the next market."""
        found = []
        for row in self.steps:
            sums = {}
            for p, table in zip(row, values):
                if p != 0:
                    for key, value in table.items():
                        sums[key] = sums.get(key, 0) + p * value
            found.append(sums)
        return found


def normalised(row):
    total = sum(row)
    return [p / total for p in row]


def segment_document(document, segment):
    """The document with a segment's replacements made, and without the levers that do not reach it."""
    changed = {key: value for key, value in document.items() if key not in ("segment", "scenario")}
    states = {state["name"]: state for state in segment.get("state", [])}
    moves = {(entry["from"], entry["to"]): entry for entry in segment.get("transition", [])}
    listed = {(entry["from"], entry["to"]) for entry in document.get("transition", [])}
    check(set(moves) <= listed, "a segment replaces a transition that is not listed")
    check(set(states) <= {state["name"] for state in document["state"]}, "a segment replaces an unknown state")
    if any(set(state) - {"name", "cash_flow"} for state in states.values()):
        raise Unsupported("a segment that replaces more than a cash flow of a state")
    changed["state"] = [state | states.get(state["name"], {}) for state in document["state"]]
    changed["transition"] = [entry | moves.get((entry["from"], entry["to"]), {})
                             for entry in document.get("transition", [])]
    changed["lever"] = [lever for lever in document.get("lever", [])
                        if segment["name"] in lever.get("segments", [segment["name"]])]
    return changed


class WholeModel(SegmentModel):
    """A whole document: `segments` is [(name, share, SegmentModel)], one nameless segment where there is none."""

    def __init__(self, document, arithmetic="auto"):
        super().__init__(document, arithmetic)
        written = document.get("segment", [])
        self.named = bool(written)
        self.segments = [(s["name"], self.numbers.number(s["share"]),
                          SegmentModel(segment_document(document, s), self.numbers.name)) for s in written]
        if not written:
            self.segments = [(None, self.numbers.number(1), self)]
        shares = normalised([share for _, share, _ in self.segments])
        self.segments = [(name, share, model) for (name, _, model), share in zip(self.segments, shares)]

    def check_rows(self):
        """The segments check their own rows."""

    def mix(self, group):
        """{segment: share} of an entry of arrivals."""
        if group["mix"] is None:
            return {name: share for name, share, _ in self.segments}
        check(set(group["mix"]) <= {name for name, _, _ in self.segments}, "a mix of unknown segments")
        names = list(group["mix"])
        return dict(zip(names, normalised([self.numbers.number(group["mix"][name]) for name in names])))

    def evaluate_levels(self, levels):
        chain = WholeChain(self, levels)
        return value_endless(chain) if self.infinite else value_ending(chain)

    def present_values(self, levels):
        chain = WholeChain(self, levels)
        return EndlessTree(chain).lever_values() if self.infinite else Course(chain).lever_value


# --- one scenario -------------------------------------------------------------------------------------------

class SegmentChain(Chain):
    """What levers do in one segment, and the rows of each kind of person in each market."""

    def __init__(self, whole, name, share, segment, levels):
        self.whole, self.name, self.share = whole, name, share
        super().__init__(segment, levels)
        self.kinds = segment.kinds()
        self.rows_found, self.money_found = {}, {}
        self.factors = [self.dwell_factors(t) for t in range(self.periods)]
        self.hazards = [[self.hazards_at(t, i) for i in range(self.size)] for t in range(self.periods)]

    def all_rows(self):
        """Rows are made by kind and market, when asked for."""

    def group_arrivals(self):
        """As Chain's, with this segment's part of the people."""
        groups, found = super().group_arrivals(), {}
        entries = {}
        for entry in self.model.arrivals:
            entries.setdefault(entry["name"], []).append(self.whole.mix(entry).get(self.name, 0))
        for name, group in groups.items():
            found[name] = [(i, {t: n * part for t, n in people.items()}, (start, steady * part))
                           for (i, people, (start, steady)), part in zip(group, entries[name])]
        return found

    def dwell_factors(self, t):
        factors = {}
        for effect, share in self.effects("dwell", t):
            i = effect["target"]
            factors[i] = factors.get(i, 1) * (1 + (effect["limit"][t] - 1) * share)
        return factors

    def hazards_at(self, t, i):
        hazards, factor = self.model.hazards[i], self.factors[t].get(i, 1)
        if hazards is None or factor == 1:
            return hazards
        check(factor > 0, "a dwell factor must be positive")
        one = self.model.numbers.number(1)
        return [h if h in (0, 1) else 1 - self.model.numbers.power(one - h, factor) for h in hazards]

    def own_row(self, q, t, i):
        """The completed base row of a person of kind q."""
        draws = self.kinds[q][1]
        own = {place[2]: p for place, p in draws.items() if place[:2] == ("probability", i)}
        if not own:
            return self.model.base_rows[i][t], False
        given = {j: series[t] for j, series in self.model.listed[i].items()} | own
        total = sum(given.values())
        if total > 1:
            given = {j: p / total for j, p in given.items()}
            row = dict(given)
            if self.model.rest[i] is not None:
                row[self.model.rest[i]] = 0 * total
            return row, True
        return complete_row(i, given, self.model.rest[i]), True

    def row(self, q, t, e, i):
        """[(j, p, g, variance of g)] of kind q in market e."""
        moved, odds = self.influences(t, i)
        for (source, j), multipliers in self.model.market.odds[e].items():
            if source == i:
                odds.setdefault(j, []).extend(multipliers)
        row, own = self.own_row(q, t, i)
        if own:
            mean = self.model.base_rows[i][t]
            for j, wanted in moved.items():
                check(0 < mean[j] < 1 and all(0 < w < 1 for w in wanted), "a lever's odds on a differing row")
                odds.setdefault(j, []).extend(w / (1 - w) / (mean[j] / (1 - mean[j])) for w in wanted)
            moved = {}
        if moved or odds:
            row = influenced_row(row, moved, odds)
        return [(j, p, *self.gain(q, t, i, j)) for j, p in row.items() if p != 0]

    def gain(self, q, t, i, j):
        if j not in self.model.gains[i]:
            return 0, 0
        place = ("gain", i, j)
        return (self.own_amount(q, place, t, self.model.gains[i][j][t]), self.noise(place, t))

    def own_amount(self, q, place, t, mean):
        if place not in self.kinds[q][1]:
            return mean
        law, ratios = self.model.differs[place]
        return mean + (self.kinds[q][1][place] - self.model.numbers.number(law.mean)) * ratios[t]

    def noise(self, place, t):
        return self.model.noise[place][t] if place in self.model.noise else 0

    def known_row(self, q, t, e, i):
        key = (q, t, e, i)
        if key not in self.rows_found:
            self.rows_found[key] = self.row(*key)
        return self.rows_found[key]

    def exits(self, q, t, e, i, age):
        """[((j, age), p, g, variance of g)]: staying with a dwell, or moving as the row says."""
        row, hazards = self.known_row(q, t, e, i), self.hazards[t][i]
        if hazards is None:
            return [((j, 0), p, g, noise) for j, p, g, noise in row]
        leaving = hazards[min(age, len(hazards) - 1)]
        found = [((j, 0), leaving * p, g, noise) for j, p, g, noise in row] if leaving != 0 else []
        if leaving != 1:
            found.append(((i, min(age + 1, len(hazards) - 1)), 1 - leaving, 0, 0))
        return found

    def ages(self, t, i):
        """The ages that a person in a state can have in period t (None: ever)."""
        hazards = self.model.hazards[i]
        if hazards is None:
            return range(1)
        return range(len(hazards) if t is None else min(t + 1, len(hazards)))

    def positions(self, t):
        return [(i, age) for i in range(self.size) for age in self.ages(t, i)]

    def money(self, q, t, e, i):
        """(cash flow of the state, the same with absolute terms, its variance, lever spend on a person there)."""
        key = (q, t, e, i)
        if key not in self.money_found:
            mean, scale = self.model.cash_flow[i][t], self.amount_scale[t][i]
            own = self.own_amount(q, ("state", i), t, mean)
            factor = self.model.market.factors[e].get(i, 1)
            self.money_found[key] = ((self.amount[t][i] - mean + own) * factor,
                                     (scale - abs(mean) + abs(own)) * abs(factor),
                                     self.noise(("state", i), t) * factor * factor, self.per_person[t][i])
        return self.money_found[key]

    def costs(self, q, t, e, i, exits):
        """The negative cash flows of a person in an acquisition state, discounted to the period's start."""
        if self.model.stages[i] != "acquisition":
            return 0
        amount = self.money(q, t, e, i)[0]
        return (self.model.d_tau * max(-amount, 0) + self.model.d * sum(p * max(-g, 0) for _, p, g, _ in exits))


class WholeChain:
    """A scenario: one SegmentChain for each segment, and what belongs to the whole."""

    def __init__(self, model, levels):
        self.model, self.size, self.periods, self.market = model, len(model.states), model.periods, model.market
        self.segments = [SegmentChain(model, name, share, segment, levels) for name, share, segment in model.segments]
        self.levels = {name: model.numbers.number(level) for name, level in levels.items()}
        self.groups = {entry["name"]: None for entry in model.arrivals}
        self.per_period = [sum((self.levels[lever["name"]] for lever in model.levers
                                if not lever["per_customer"] and lever_is_on(lever, t)), 0)
                           for t in range(self.periods)]

    def lives(self, t):
        """Every (segment, kind, market, state, age) in period t."""
        for chain in self.segments:
            for q in range(len(chain.kinds)):
                for e in range(self.market.size):
                    for i, age in chain.positions(t):
                        yield chain, q, e, i, age


# --- finite horizons ----------------------------------------------------------------------------------------

NAMES = ("clv", "clv_scale", "moment", "moment_scale", "tree", "tree_scale", "stay")


class SegmentValues:
    """Values of one segment's persons, from the end of the horizon backwards.

    newcomer[t][e] is {i: (tree, its scale)} of one who enters a state, over the kinds.
    """

    def __init__(self, chain, market):
        self.chain, self.market, self.d = chain, market, chain.model.d
        zero = chain.model.numbers.number(0)
        nothing = [dict.fromkeys(((i, age) for i, age in chain.positions(chain.periods)), zero)
                   for _ in range(market.size)]
        later = {name: [nothing] * len(chain.kinds) for name in NAMES}
        self.newcomer = []
        for t in reversed(range(chain.periods)):
            later = self.step(t, later)
            self.newcomer.append([{i: (self.over_kinds(later["tree"], e, i), self.over_kinds(later["tree_scale"], e, i))
                                   for i in range(chain.size)} for e in range(market.size)])
        self.newcomer.reverse()
        self.first = {name: [self.over_kinds(later[name], market.start, i) for i in range(chain.size)]
                      for name in NAMES}

    def over_kinds(self, values, e, i):
        return sum(weight * values[q][e][i, 0] for q, (weight, _) in enumerate(self.chain.kinds))

    def step(self, t, later):
        chain, market = self.chain, self.market
        ahead = {name: [market.expected(by_market) for by_market in later[name]] for name in NAMES}
        brought = {name: [[self.over_kinds(ahead[name], e, i) for i in range(chain.size)] for e in range(market.size)]
                   for name in ("tree", "tree_scale")}
        now = {name: [[{} for _ in range(market.size)] for _ in chain.kinds] for name in NAMES}
        for q in range(len(chain.kinds)):
            for e in range(market.size):
                then = {name: ahead[name][q][e] for name in NAMES}
                rates = {name: [sum(rate * brought[name][e][k] for k, rate in chain.rates[t][i])
                                for i in range(chain.size)] for name in brought}
                for i, age in chain.positions(t):
                    for name, value in self.values_of(t, q, e, i, age, then, rates).items():
                        now[name][q][e][i, age] = value
        return now

    def values_of(self, t, q, e, i, age, then, rates):
        """Everything about one person in one position."""
        chain, d, d_tau = self.chain, self.d, self.chain.model.d_tau
        exits = chain.exits(q, t, e, i, age)
        amount, amount_scale, noise, spend = chain.money(q, t, e, i)
        found = {}
        for suffix, own, sign in (("", d_tau * amount - spend, None), ("_scale", d_tau * amount_scale + spend, abs)):
            clv, moment, tree = then["clv" + suffix], then["moment" + suffix], then["tree" + suffix]
            mean = square = grown = chain.model.numbers.number(0)
            for there, p, g, gain_noise in exits:
                g = sign(g) if sign else g
                mean += p * (g + clv[there])
                grown += p * (g + tree[there])
                square += p * (g * g + gain_noise + 2 * g * clv[there] + moment[there])
            found["clv" + suffix] = own + d * mean
            found["tree" + suffix] = own + d * (grown + rates["tree" + suffix][i])
            found["moment" + suffix] = own * own + d_tau * d_tau * noise + 2 * own * d * mean + d * d * square
        found["stay"] = int(chain.model.customer[i]) + sum(p * then["stay"][there] for there, p, _, _ in exits)
        return found


class Course:
    """Expected people and money, from today forwards; people are counted by kind and market together."""

    def __init__(self, whole):
        self.whole, self.model = whole, whole.model
        zero = self.zero = self.model.numbers.number(0)
        self.people, self.cash, self.cash_scale, self.net, self.net_scale, self.spend = [], [], [], [], [], []
        self.acquired = self.stayed = self.could_stay = self.acquisition_costs = zero
        self.lever_value = {lever["name"]: zero for lever in self.model.levers}
        self.chances = [whole.market.at_start(self.model.numbers.number)]
        people, fresh = {}, {}
        for t in range(whole.periods):
            for key, n in self.arriving(t).items():
                people[key] = people.get(key, zero) + n
                fresh[key] = fresh.get(key, zero) + n
            customer = self.model.customer
            self.acquired += sum((n for key, n in fresh.items() if customer[key[3]]), zero)
            fresh = {key: n for key, n in fresh.items() if not customer[key[3]]}
            self.record_money(t, people)
            if t < whole.periods - 1:
                self.record_retention(t, people)
            self.chances.append(whole.market.after(self.chances[-1]))
            brought = self.brought(t, people)
            people, fresh = (self.moved(t, who, brought) for who in (people, fresh))

    def arriving(self, t):
        """{(segment, kind, market, state, age): people}."""
        found = {}
        for s, chain in enumerate(self.whole.segments):
            for name, entries in chain.groups.items():
                for i, by_period, _ in entries:
                    for e, chance in enumerate(self.chances[t]):
                        n = by_period.get(t, 0) * chance * self.whole.market.arrivals[e].get(name, 1)
                        if n != 0:
                            self.spread(found, s, e, i, n)
        return found

    def spread(self, found, s, e, i, n):
        """Persons who enter a state draw their own numbers."""
        for q, (weight, _) in enumerate(self.whole.segments[s].kinds):
            found[s, q, e, i, 0] = found.get((s, q, e, i, 0), self.zero) + n * weight

    def brought(self, t, people):
        newcomers, found = {}, {}
        for (s, _, e, i, _), n in people.items():
            for k, rate in self.whole.segments[s].rates[t][i]:
                for f, p in enumerate(self.whole.market.steps[e]):
                    if p != 0:
                        newcomers[s, f, k] = newcomers.get((s, f, k), self.zero) + n * rate * p
        for (s, f, k), n in newcomers.items():
            self.spread(found, s, f, k, n)
        return found

    def moved(self, t, people, brought):
        found = dict(brought)
        for (s, q, e, i, age), n in people.items():
            for (j, b), p, _, _ in self.whole.segments[s].exits(q, t, e, i, age):
                for f, chance in enumerate(self.whole.market.steps[e]):
                    if chance != 0:
                        key = (s, q, f, j, b)
                        found[key] = found.get(key, self.zero) + n * p * chance
        return found

    def record_retention(self, t, people):
        customer = self.model.customer
        for (s, q, e, i, age), n in people.items():
            if customer[i]:
                self.could_stay += n
                exits = self.whole.segments[s].exits(q, t, e, i, age)
                self.stayed += n * sum(p for (j, _), p, _, _ in exits if customer[j])

    def record_money(self, t, people):
        model, whole, zero = self.model, self.whole, self.zero
        discount, heads, spend = model.discounts[t], [zero] * whole.size, zero + whole.per_period[t]
        cash = cash_scale = worth = worth_scale = zero
        within = [[zero] * whole.size for _ in whole.segments]
        for (s, q, e, i, age), n in people.items():
            chain = whole.segments[s]
            exits = chain.exits(q, t, e, i, age)
            amount, amount_scale, _, own_spend = chain.money(q, t, e, i)
            gained, gained_scale = sum(p * g for _, p, g, _ in exits), sum(p * abs(g) for _, p, g, _ in exits)
            cash += n * (amount + gained)
            cash_scale += n * (amount_scale + gained_scale)
            worth += n * (model.d_tau * amount + model.d * gained - own_spend)
            worth_scale += n * (model.d_tau * amount_scale + model.d * gained_scale + own_spend)
            spend += n * own_spend
            self.acquisition_costs += discount * n * chain.costs(q, t, e, i, exits)
            heads[i] += n
            within[s][i] += n
        self.people.append(heads)
        self.cash.append(cash)
        self.cash_scale.append(cash_scale)
        self.spend.append(spend)
        self.net.append(discount * (worth - whole.per_period[t]))
        self.net_scale.append(discount * (worth_scale + whole.per_period[t]))
        self.record_levers(t, within)

    def record_levers(self, t, within):
        discount, levels = self.model.discounts[t], self.whole.levels
        for lever in self.model.levers:
            if not lever["per_customer"] and lever_is_on(lever, t):
                self.lever_value[lever["name"]] += discount * levels[lever["name"]]
        for chain, heads in zip(self.whole.segments, within):
            for lever in chain.model.levers:
                if lever["per_customer"] and lever_is_on(lever, t):
                    reached = sum(heads[i] for i in lever["while_in"])
                    self.lever_value[lever["name"]] += discount * levels[lever["name"]] * reached


class Purse:
    """People, equity and its scale, for a channel or a segment."""

    def __init__(self, zero):
        self.people = self.equity = self.scale = zero

    def add(self, people, value, scale):
        self.people += people
        self.equity += people * value
        self.scale += people * scale

    def figures(self, name):
        return arrival_figures(name, self.people, self.equity, self.scale)


def value_ending(whole):
    """Every figure of a scenario in a finite horizon."""
    model, market, zero = whole.model, whole.market, whole.model.numbers.number(0)
    values = [SegmentValues(chain, market) for chain in whole.segments]
    course = Course(whole)
    channels = {name: Purse(zero) for name in whole.groups}
    purses = [Purse(zero) for _ in whole.segments]
    for chain, value, purse in zip(whole.segments, values, purses):
        for name, entries in chain.groups.items():
            for i, by_period, _ in entries:
                for t, n in by_period.items():
                    for e, chance in enumerate(course.chances[t]):
                        people = model.discounts[t] * n * chance * market.arrivals[e].get(name, 1)
                        channels[name].add(people, *value.newcomer[t][e][i])
                        purse.add(people, *value.newcomer[t][e][i])
    firsts = [value.first for value in values]
    result = shared_figures(whole, firsts, channels, purses)
    result["levers"] = lever_figures(whole, course.lever_value)
    per_period = sum((model.discounts[t] * whole.per_period[t] for t in range(whole.periods)), zero)
    add_equity(whole, result, per_period, sum(course.net))
    add_acquisition(whole, result, course.lever_value, course.acquired, course.acquisition_costs)
    result["retention_rate"] = positive_ratio(course.stayed, course.could_stay)
    result["trace"] = rational_oracle.trace_figures(whole, course) if whole.groups else None
    result["course"] = list(zip(course.net, course.net_scale)) if whole.groups else None
    result["condition"] = 1
    return result


def shared_figures(whole, firsts, channels, purses):
    """States, arrivals and segments from the values by segment."""
    model = whole.model
    shares = [chain.share for chain in whole.segments]
    mixed = {name: [mixture(shares, [first[name][i] for first in firsts]) for i in range(whole.size)]
             for name in firsts[0]}
    result = {"states": state_figures(model, mixed, mixed["stay"]),
              "arrivals": [purse.figures(name) for name, purse in channels.items()]}
    if model.named:
        result["segments"] = [segment_figures(model, *one, bool(channels))
                              for one in zip(whole.segments, firsts, purses)]
    return result


def mixture(shares, values):
    return UNSPECIFIED if UNSPECIFIED in values else sum(share * value for share, value in zip(shares, values))


def segment_figures(model, chain, first, purse, arriving):
    figures = {"name": chain.name, "share": Figure(chain.share, chain.share)} | {"people": UNSPECIFIED,
               "customer_equity": UNSPECIFIED, "value_each": UNSPECIFIED}
    if arriving:
        figures |= purse.figures(chain.name)
    return figures | {"states": state_figures(model, first, first["stay"])}


# --- infinite horizons --------------------------------------------------------------------------------------

def solve_sparsely(steps, columns, order):
    """x = column + steps x for each column, by elimination in the given order; {key: [x by column]}.

    As rational_oracle.solve, no pivots are chosen; the order keeps the rows short.
    """
    rows = {key: {key: 1} for key in order}
    users = {key: {key} for key in order}
    for key in order:
        for there, p in steps[key].items():
            if there in rows:
                rows[key][there] = rows[key].get(there, 0) - p
                users[there].add(key)
    sides = {key: [column.get(key, 0) for column in columns] for key in order}
    done = set()
    for key in order:
        pivot = rows[key][key]
        if pivot <= SMALLEST_PIVOT:
            raise Divergent("a sum over all periods that is not finite")
        done.add(key)
        for user in users[key] - done:
            factor = rows[user].pop(key, 0) / pivot
            if factor != 0:
                for there, x in rows[key].items():
                    if there != key:
                        rows[user][there] = rows[user].get(there, 0) - factor * x
                        users[there].add(user)
                sides[user] = [a - factor * b for a, b in zip(sides[user], sides[key])]
    found = {}
    for key in reversed(order):
        others = [(x, found[there]) for there, x in rows[key].items() if there != key]
        left = [side - sum(x * values[c] for x, values in others) for c, side in enumerate(sides[key])]
        found[key] = [x / rows[key][key] if x != 0 else 0 for x in left]  # 0 / 1 would be a float
    return found


def leading_back(steps, targets):
    """The keys from which a path leads to a target, targets included."""
    sources = {}
    for key, row in steps.items():
        for there, p in row.items():
            if p != 0:
                sources.setdefault(there, []).append(key)
    found, waiting = set(targets), list(targets)
    while waiting:
        for key in sources.get(waiting.pop(), []):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found


class Reduced:
    """x = column + steps x on the keys that lead to some targets, zero elsewhere."""

    def __init__(self, steps, targets, zero):
        kept = leading_back(steps, targets)
        self.steps, self.zero = steps, zero
        self.order = sorted(kept, key=lambda key: (key[0] == "new", -key[-1] if key[0] != "new" else 0, key[1:]))
        self.finite, self.condition = True, 1
        if self.order:
            try:
                one = {key: zero + 1 for key in self.order}
                self.condition = max(x for x, in solve_sparsely(steps, [one], self.order).values())
            except Divergent:
                self.finite = False

    def values(self, *columns):
        """One {key: x} for each column."""
        found = solve_sparsely(self.steps, columns, self.order)
        return [{key: found[key][c] if key in found else self.zero for key in self.steps}
                for c in range(len(columns))]


def times(steps, factor):
    return {key: {there: factor * p for there, p in row.items()} for key, row in steps.items()}


class Endless:
    """One segment's persons with everything constant in time.

    Keys are ("life", q, e, i, age), and ("new", e, i, 0) for one who enters a state and is yet to draw.
    """

    def __init__(self, chain, market):
        self.chain, self.market, self.model = chain, market, chain.model
        self.d, self.zero = chain.model.d, chain.model.numbers.number(0)
        self.lives = [("life", q, e, i, age) for q in range(len(chain.kinds)) for e in range(market.size)
                      for i, age in chain.positions(None)]
        self.exits = {key: chain.exits(key[1], 0, *key[2:]) for key in self.lives}
        self.steps = {key: self.life_step(key) for key in self.lives}
        self.drawing = {("new", e, k, 0): {("life", q, e, k, 0): weight for q, (weight, _) in enumerate(chain.kinds)}
                        for e in range(market.size) for k in range(chain.size)}
        self.bringing = {key: self.brought(key) for key in self.lives}

    def life_step(self, key):
        _, q, e, _, _ = key
        found = {}
        for (j, b), p, _, _ in self.exits[key]:
            for f, chance in enumerate(self.market.steps[e]):
                if chance != 0:
                    there = ("life", q, f, j, b)
                    found[there] = found.get(there, 0) + p * chance
        return found

    def brought(self, key):
        _, _, e, i, _ = key
        return {("new", f, k, 0): rate * chance for k, rate in self.chain.rates[0][i]
                for f, chance in enumerate(self.market.steps[e]) if chance != 0}

    def tree_steps(self, factor):
        """Lives and those they bring, each step weighed by the factor; who enters draws at once."""
        lives = {key: {there: factor * p for there, p in (*self.steps[key].items(), *self.bringing[key].items())}
                 for key in self.lives}
        return lives | self.drawing

    def rewards(self):
        """{key: (reward of a period, the same with absolute amounts)}."""
        found = {}
        for key in self.lives:
            _, q, e, i, _ = key
            amount, amount_scale, _, spend = self.chain.money(q, 0, e, i)
            gained = sum(p * g for _, p, g, _ in self.exits[key])
            gained_scale = sum(p * abs(g) for _, p, g, _ in self.exits[key])
            found[key] = (self.model.d_tau * amount - spend + self.d * gained,
                          self.model.d_tau * amount_scale + spend + self.d * gained_scale)
        return found

    def second_moment(self, key, clv, absolute):
        """E[Y^2] less d^2 E[Y'^2], with E[Y'] by the next position in `clv`."""
        _, q, e, i, _ = key
        amount, amount_scale, noise, spend = self.chain.money(q, 0, e, i)
        d, d_tau = self.d, self.model.d_tau
        own = d_tau * amount_scale + spend if absolute else d_tau * amount - spend
        mean = square = self.zero
        for (j, b), p, g, gain_noise in self.exits[key]:
            g = abs(g) if absolute else g
            next_mean = sum(chance * clv["life", q, f, j, b] for f, chance in enumerate(self.market.steps[e]))
            mean += p * (g + next_mean)
            square += p * (g * g + gain_noise + 2 * g * next_mean)
        return own * own + d_tau * d_tau * noise + 2 * own * d * mean + d * d * square

    def newcomers(self, values):
        """{(e, i): value} over the kinds."""
        return {(e, k): sum(p * values[there] for there, p in row.items())
                for (_, e, k, _), row in self.drawing.items()}

    def values_by_state(self):
        """({name: by state}, condition) of one who enters a state today."""
        rewards = self.rewards()
        rewarded = [key for key, (_, scale) in rewards.items() if scale != 0]
        alone = Reduced(times(self.steps, self.d), rewarded, self.zero)
        if not alone.finite:
            raise Divergent("a rewarded state recurs")
        clv, clv_scale = alone.values(*({key: pair[c] for key, pair in rewards.items()} for c in (0, 1)))
        squares = Reduced(times(self.steps, self.d * self.d), rewarded, self.zero)
        columns = ({key: self.second_moment(key, values, absolute) for key in squares.order}
                   for values, absolute in ((clv, False), (clv_scale, True)))
        moment, moment_scale = squares.values(*columns)
        found = {"clv": clv, "clv_scale": clv_scale, "moment": moment, "moment_scale": moment_scale}
        return {name: self.entering_today(values) for name, values in found.items()}, alone.condition

    def entering_today(self, values):
        newcomers = self.newcomers(values)
        return [newcomers[self.market.start, i] for i in range(self.chain.size)]

    # what has no discount

    def undiscounted_is_certain(self):
        """A differing probability may stay at its end too long for a mean to be finite; the contract is silent."""
        return not any(place[0] == "probability" for place in self.chain.model.differs)

    def stays(self):
        """(expected periods as a customer by state, condition); unspecified where they have no end."""
        if not self.undiscounted_is_certain():
            return [UNSPECIFIED] * self.chain.size, 1
        customer = self.model.customer
        lasting = self.lasting_states()
        inner = {key: {there: p for there, p in row.items() if there[3] not in lasting}
                 for key, row in self.steps.items() if key[3] not in lasting}
        ends = Reduced(inner, [key for key in inner if customer[key[3]]], self.zero)
        found, = ends.values({key: self.zero + 1 for key in inner if customer[key[3]]})
        newcomers = self.newcomers({key: found.get(key, self.zero) for key in self.lives})
        return [UNSPECIFIED if i in lasting else newcomers[self.market.start, i]
                for i in range(self.chain.size)], ends.condition

    def lasting_states(self):
        """States that lead to customers in a class of states that is never left."""
        edges = {i: {} for i in range(self.chain.size)}
        for key, row in self.steps.items():
            for there, p in row.items():
                if p != 0:
                    edges[key[3]][there[3]] = 1
        reach = {i: {j for j in edges if i in leading_back(edges, [j])} for i in edges}
        closed = [i for i in edges if self.model.customer[i] and all(i in reach[j] for j in reach[i])]
        return leading_back(edges, closed)

    def becoming_customers(self):
        """({(e, i): how many of those who enter become customers}, condition)."""
        customer = self.model.customer
        inner = {key: {there: p for there, p in row.items() if not customer[there[3]]}
                 for key, row in self.steps.items() if not customer[key[3]]}
        doors = {key: sum(p for there, p in self.steps[key].items() if customer[there[3]]) for key in inner}
        passing = Reduced(inner, [key for key, p in doors.items() if p != 0], self.zero)
        found, = passing.values(doors)
        return self.newcomers({key: self.zero + 1 if customer[key[3]] else found[key] for key in self.lives}), \
            passing.condition

    def acquired(self):
        """({(e, i): people acquired in the tree of one who enters}, condition), or None without end."""
        own, condition = self.becoming_customers()
        bringing = {key: sum(rate * own[there[1], there[2]] for there, rate in row.items())
                    for key, row in self.bringing.items() if row}
        if not bringing:
            return own, condition
        tree = Reduced(self.tree_steps(self.zero + 1), list(bringing), self.zero)
        if not tree.finite:
            return None, 1
        found, = tree.values(bringing)
        return {(e, i): own[e, i] + found["new", e, i, 0] for e, i in own}, max(condition, tree.condition)

    def retention(self):
        """({(e, i): (customer periods that go on, customer periods) of the tree}, condition), or None."""
        customer = self.model.customer
        customers = [key for key in self.lives if customer[key[3]]]
        tree = Reduced(self.tree_steps(self.zero + 1), customers, self.zero)
        if not tree.finite:
            return None, 1
        stayed = {key: sum(p for there, p in self.steps[key].items() if customer[there[3]]) for key in customers}
        found = tree.values(stayed, {key: self.zero + 1 for key in customers})
        return {(e, i): tuple(values["new", e, i, 0] for values in found) for _, e, i, _ in self.drawing}, \
            tree.condition


class EndlessTree:
    """Discounted money of all who come, and those they bring, in every segment."""

    def __init__(self, whole):
        self.whole, self.model = whole, whole.model
        self.segments = [Endless(chain, whole.market) for chain in whole.segments]
        self.arrivals = [arrivals_by_market(whole, chain) for chain in whole.segments]
        self.tree, self.condition = [], 1
        for endless in self.segments:
            self.tree.append(self.solve(endless))

    def solve(self, endless):
        """{name: {(e, i): value}}: tree, its scale, costs of acquisition, and each lever's spend."""
        chain, rewards = endless.chain, endless.rewards()
        rewarded = [key for key, (_, scale) in rewards.items() if scale != 0]
        tree = Reduced(endless.tree_steps(endless.d), rewarded, endless.zero)
        if not tree.finite:
            raise Divergent("referrals explode, or a rewarded state recurs")
        self.condition = max(self.condition, tree.condition)
        columns = {"tree": {key: pair[0] for key, pair in rewards.items()},
                   "tree_scale": {key: pair[1] for key, pair in rewards.items()},
                   "costs": {key: chain.costs(key[1], 0, key[2], key[3], endless.exits[key])
                             for key in endless.lives}}
        for lever in chain.model.levers:
            if lever["per_customer"]:
                columns["lever", lever["name"]] = {key: self.whole.levels[lever["name"]] for key in endless.lives
                                                   if key[3] in lever["while_in"]}
        found = tree.values(*columns.values())
        return {name: {(e, i): values["new", e, i, 0] for _, e, i, _ in endless.drawing}
                for name, values in zip(columns, found)}

    def total(self, name):
        """The sum of something over everybody who comes."""
        return sum(people * tree[name][e, i] for tree, arrivals in zip(self.tree, self.arrivals) if name in tree
                   for _, e, i, people, _ in arrivals)

    def lever_values(self):
        whole, model = self.whole, self.model
        if any(whole.per_period) and model.d >= 1:
            raise Divergent("spend without end or discount")
        annuity = 1 / (1 - model.d) if model.d < 1 else 0
        return {lever["name"]: self.total(("lever", lever["name"])) if lever["per_customer"]
                else whole.levels[lever["name"]] * annuity for lever in model.levers}


def arrivals_by_market(whole, chain):
    """[(channel, e, i, sum of d^t n_t, sum of n_t or None)] of one segment."""
    model, market, found = whole.model, whole.market, []
    zero = model.numbers.number(0)
    for name, entries in chain.groups.items():
        for i, by_period, (start, steady) in entries:
            last = max([start, *by_period])
            chances = [market.at_start(model.numbers.number)]
            for _ in range(last):
                chances.append(market.after(chances[-1]))
            for e in range(market.size):
                factor = market.arrivals[e].get(name, 1)
                people = sum((model.d ** t * n * factor * chances[t][e] for t, n in by_period.items()), zero)
                total = sum((n * factor * chances[t][e] for t, n in by_period.items()), zero)
                if steady != 0:
                    people += steady * factor * endless_stay(model, market, chances[start], start)[e]
                    total = None
                found.append((name, e, i, people, total))
    return found


def endless_stay(model, market, chances, start):
    """Sum over t >= start of d^t P(market is e), by e."""
    if model.d >= 1:
        raise Divergent("arrivals without end or discount")
    system = [[int(e == f) - model.d * market.steps[f][e] for f in range(market.size)] for e in range(market.size)]
    system = [[model.numbers.number(x) if isinstance(x, int) else x for x in row] for row in system]
    return [model.d ** start * x for x in solve(system, [chances])[0]]


def value_endless(whole):
    """Every figure of a scenario in an infinite horizon with everything constant."""
    model, zero = whole.model, whole.model.numbers.number(0)
    money = EndlessTree(whole)
    condition, firsts = money.condition, []
    channels = {name: Purse(zero) for name in whole.groups}
    purses = [Purse(zero) for _ in whole.segments]
    for endless, tree, arrivals, purse in zip(money.segments, money.tree, money.arrivals, purses):
        first, own_condition = endless.values_by_state()
        first["stay"], stay_condition = endless.stays()
        for name in ("tree", "tree_scale"):
            first[name] = [tree[name][whole.market.start, i] for i in range(whole.size)]
        firsts.append(first)
        condition = max(condition, own_condition, stay_condition)
        for name, e, i, people, _ in arrivals:
            channels[name].add(people, tree["tree"][e, i], tree["tree_scale"][e, i])
            purse.add(people, tree["tree"][e, i], tree["tree_scale"][e, i])
    result = shared_figures(whole, firsts, channels, purses)
    lever_value = money.lever_values()
    result["levers"] = lever_figures(whole, lever_value)
    per_period = sum((lever_value[lever["name"]] for lever in model.levers if not lever["per_customer"]), zero)
    add_equity(whole, result, per_period, money.total("tree") - per_period)
    acquired, door_condition = acquired_for_ever(money)
    add_acquisition(whole, result, lever_value, acquired, money.total("costs"))
    result["retention_rate"], stay_on_condition = retained_for_ever(money)
    if not whole.groups:
        result["retention_rate"] = None
    result["trace"] = result["course"] = None
    result["condition"] = max(condition, door_condition, stay_on_condition, 1 / (1 - model.d) if model.d < 1 else 1)
    return result


def comes_to_an_end(money):
    """Whether the people who ever come can be counted."""
    certain = all(endless.undiscounted_is_certain() for endless in money.segments)
    return certain and all(total is not None for arrivals in money.arrivals for *_, total in arrivals)


def acquired_for_ever(money):
    """(how many ever become customers, condition); unspecified where they have no end."""
    found, condition = 0, 1
    if not comes_to_an_end(money):
        return UNSPECIFIED, 1
    for endless, arrivals in zip(money.segments, money.arrivals):
        each, own_condition = endless.acquired()
        if each is None:
            return UNSPECIFIED, 1
        condition = max(condition, own_condition)
        found += sum(total * each[e, i] for _, e, i, _, total in arrivals)
    return found, condition


def retained_for_ever(money):
    """(the retention rate over all periods, condition); unspecified where customers have no end."""
    stayed = could_stay = 0
    condition = 1
    if not comes_to_an_end(money):
        return UNSPECIFIED, 1
    for endless, arrivals in zip(money.segments, money.arrivals):
        each, own_condition = endless.retention()
        if each is None:
            return UNSPECIFIED, 1
        condition = max(condition, own_condition)
        stayed += sum(total * each[e, i][0] for _, e, i, _, total in arrivals)
        could_stay += sum(total * each[e, i][1] for _, e, i, _, total in arrivals)
    return positive_ratio(stayed, could_stay), condition


def evaluate(document, arithmetic="auto", given_levels=None):
    """As rational_oracle.evaluate, for whole models."""
    return rational_oracle.evaluate(document, arithmetic, given_levels, WholeModel)


def rescales_draws(document):
    """Whether some persons' own probabilities are rescaled: there an integrand has a kink."""
    with decimal.localcontext(WORKING):
        for _, _, segment in WholeModel(document).segments:
            for place, (law, _) in segment.differs.items():
                if place[0] == "probability":
                    low, high = law.support()
                    if any(low < point < high for point in segment.breaks(place, {})):
                        return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="a model file")
    parser.add_argument("--compare", action="store_true", help="print what `tenure compare` prints")
    parser.add_argument("--arithmetic", choices=["auto", *rational_oracle.ARITHMETIC], default="auto")
    arguments = parser.parse_args()
    evaluation = evaluate(load(arguments.file), arguments.arithmetic)
    json.dump(as_output(evaluation, arguments.compare), sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
