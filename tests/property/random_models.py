#!/usr/bin/env python3
"""Random model files for comparing the program with the rational oracle.

`random_model(seed)` is the text of a valid model; the same seed gives the same text on any machine. The models
lean towards what goes wrong: short horizons, structural zeros, periodic and sticky chains, amounts from 1e-9 to
1e9, rows that are full to the last bit, awkward names. `--count N --coverage` counts how often each feature is
there, so that a feature that silently stops being generated is seen.

Two things are avoided on purpose. Full rows of decimals (0.1, 0.2, 0.7), whose doubles miss 1 by a few 1e-17,
come with amounts of one size: whether that remainder stays or is rounded away is then below any tolerance. And
nothing diverges: in an infinite horizon only what is constant in time, and no money in a class that is never
left unless it is discounted.

`random_model(seed, whole=True)` (`--whole`) is a second family: the same and, in each model, one to four of what
whole_model_oracle.py understands beyond it. Where the contract leaves a choice open, they keep out of it: a
segment replaces no "rest", nothing differs where the cost of acquisition is counted, a differing probability is
constant in time and its horizon short, and at most two numbers differ.
"""

import argparse
import random
import tomllib
from collections import Counter

VERSION = 1

PERIODS_PER_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
CUSTOMER_STAGES = ("servicing", "repurchase", "advocacy", "dormant")
KINDS = ("acquisition", "retention", "referral", "development")
HORIZONS = (1, 2, 3, 5, 10, 24, 40, "infinite")
HORIZON_WEIGHTS = (8, 14, 16, 18, 14, 8, 6, 16)
RATES = (0, 0.08, 0.2, 1.0, 0.1, 0.03, 0.12, 0.5, 0.001, 4.0)
TEXT_HORIZONS = {("year", 10): "10 years", ("month", 24): "2 years", ("quarter", 40): "10 years",
                 ("quarter", 10): "30 months", ("week", 10): "70 days", ("week", 3): "3 weeks",
                 ("day", 24): "24 days", ("month", 3): "1 quarter",
                 ("month", 5): "21 weeks", ("year", 1): "3 days", ("year", 3): "12 quarters"}
# A lever's effect on p is said in p, so that 1 - p' loses the digits that 1 - p has beyond this.
NEARLY_CERTAIN = 0.999
NAMES = ("owner", "prospect", "web", "lost for good", 'the "best"', "back\\slash", "Überläufer", "顧客", "a.b",
         "O'Brien", "x=y", "#hash", "[table]", "naïve café", "клиент", "=1+1", "<b>bold</b>", "100 %", "comma, comma",
         "🚗 dream car", "true", "1", "null", "baseline?", "{curly}", "-dash", "αβγ", "two  spaces", "a" * 60)


def random_model(seed, whole=False):
    """The text of one valid model file."""
    return maker(seed, whole).text()


def maker(seed, whole):
    """The model of a seed, in one family or the other."""
    if whole:
        return WholeMaker(random.Random(f"tenure-whole-model-{VERSION}-{seed}"), seed)
    return Maker(random.Random(f"tenure-model-{VERSION}-{seed}"), seed)


# --- TOML ---------------------------------------------------------------------------------------------------

def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def toml(value):
    """A value as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return "{ " + ", ".join(f"{quoted(key)} = {toml(item)}" for key, item in value.items()) + " }" if value else "{}"


def block(header, table):
    return [f"[[{header}]]" if header != "model" else "[model]",
            *(f"{key} = {toml(value)}" for key, value in table.items()), ""]


# --- numbers over time, as doubles --------------------------------------------------------------------------

def at(spec, t, periods_per_year):
    """A number of section 4 in period t."""
    if not isinstance(spec, dict):
        return float(spec)
    if "schedule" in spec:
        return float(spec["schedule"][min(t, len(spec["schedule"]) - 1)])
    return spec["mean"] * (1 + spec.get("growth", 0)) ** (t / periods_per_year)


def two_digits(value, digits=2):
    """A number such as an analyst would write: few significant digits."""
    return float(f"{value:.{digits}g}")


class Maker:
    """One model in the making."""

    horizon_weights = HORIZON_WEIGHTS

    def __init__(self, rng, seed):
        self.rng, self.seed = rng, seed
        self.size = rng.choice((1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8))
        self.make_head()
        self.make_states()
        self.make_rows()
        self.make_amounts()
        self.make_arrivals()
        self.make_referrals()
        self.make_levers()
        self.make_calendar()
        self.keep_finite()
        self.make_scenarios()

    def chance(self, probability):
        return self.rng.random() < probability

    # head and states

    def make_head(self):
        rng = self.rng
        self.period = rng.choice(tuple(PERIODS_PER_YEAR))
        self.ppy = PERIODS_PER_YEAR[self.period]
        horizon, = rng.choices(HORIZONS, self.horizon_weights)
        self.infinite = horizon == "infinite"
        self.periods = 1 if self.infinite else horizon
        self.rate = rng.choice(RATES)
        if not self.infinite and self.chance(0.06):
            self.rate = rng.choice((-0.02, -0.1))
        text = TEXT_HORIZONS.get((self.period, horizon))
        self.head = {"name": f"model {self.seed}: {rng.choice(NAMES)}", "currency": rng.choice(("USD", "EUR", "¥")),
                     "period": self.period, "horizon": text if text and self.chance(0.7) else horizon}
        if self.rate != 0 or self.chance(0.5):
            self.head["discount_rate"] = self.rate
        if self.chance(0.75):
            self.head["cash_flow_timing"] = rng.choice(("start", "middle", "end"))
        self.undiscounted_for_ever = self.infinite and self.rate == 0

    def make_states(self):
        names = self.rng.sample(NAMES, self.size)
        weights = (3, 5, 1, 2, 1, 3)
        stages = self.rng.choices(("acquisition", *CUSTOMER_STAGES, "lost"), weights, k=self.size)
        if self.chance(0.9) and not set(stages) & set(CUSTOMER_STAGES):
            stages[self.rng.randrange(self.size)] = "servicing"
        self.states = [{"name": name, "stage": stage} for name, stage in zip(names, stages)]
        for state in self.states:
            if self.chance(0.1):
                state["satisfaction"] = self.rng.choice((-1, -0.5, 0, 0.4, 1.0))

    def name(self, i):
        return self.states[i]["name"]

    # rows

    def make_rows(self):
        """self.rows[i] is {j: probability spec}; the shape of the whole first, then how each row is written."""
        shapes = ("random", "absorbing", "several absorbing", "never ending", "periodic", "nearly periodic",
                  "sticky", "weak blocks", "recency", "deterministic", "duplicate rows")
        self.shape, = self.rng.choices(shapes, (18, 14, 8, 8, 6, 6, 8, 8, 8, 5, 8))
        self.one_size = False
        targets = self.row_targets()
        self.rows = [self.write_row(i, targets[i]) for i in range(self.size)]
        if self.shape in ("sticky", "periodic", "nearly periodic", "weak blocks", "deterministic"):
            self.special_rows()
        if self.shape == "duplicate rows" and self.size > 1:
            first, second = self.rng.sample(range(self.size), 2)
            self.rows[second] = dict(self.rows[first])

    def row_targets(self):
        """Which transitions exist: at most 70 % of all."""
        size, rng = self.size, self.rng
        targets = [[j for j in range(size) if rng.random() < 0.45] for _ in range(size)]
        if self.shape == "absorbing":
            targets[-1] = []
        elif self.shape == "several absorbing":
            for i in rng.sample(range(size), min(size, rng.choice((2, 3)))):
                targets[i] = []
        elif self.shape == "never ending":
            for i in range(size):
                targets[i] = sorted({*targets[i], (i + 1) % size})
        elif self.shape == "recency":
            targets = [sorted({0, min(i + 1, size - 1)}) for i in range(size - 1)] + [[]]
        return [row[:5] for row in targets]

    def write_row(self, i, targets):
        """One row in one of the ways in which a row can be written."""
        if not targets:
            return {}
        way, = self.rng.choices(("part", "rest", "full dyadic", "excess", "decimals", "with zero"),
                                (40, 26, 12, 6, 8, 8))
        if way == "full dyadic":
            return dict(zip(targets, self.dyadic_parts(len(targets))))
        if way == "decimals":
            return self.full_decimals(targets)
        if way == "excess" and len(targets) > 1:
            parts = self.dyadic_parts(len(targets))
            parts[0] += self.rng.choice((1, 3, 5)) * 1e-10
            return dict(zip(targets, parts))
        room = self.rng.choice((0.3, 0.6, 0.9))
        row = self.partial_row(targets, room)
        if way == "rest" or way == "excess":
            row[self.rng.choice(targets)] = "rest"
        elif way == "with zero" and len(targets) > 1:
            row[self.rng.choice(targets)] = 0 if self.chance(0.5) else 0.0
        return row if any(p != 0 for p in row.values()) else {targets[0]: "rest"}

    def dyadic_parts(self, count):
        """Multiples of 1/1024 that sum to 1 exactly."""
        cuts = sorted(self.rng.sample(range(1, 1024), count - 1))
        return [(b - a) / 1024 for a, b in zip([0] + cuts, cuts + [1024])]

    def full_decimals(self, targets):
        """Hundredths that sum to 1 on paper."""
        self.one_size = True
        cuts = sorted(self.rng.sample(range(1, 100), len(targets) - 1))
        return {j: (b - a) / 100 for j, a, b in zip(targets, [0] + cuts, cuts + [100])}

    def partial_row(self, targets, room):
        """Probabilities that leave at least 1 - room to `rest` or staying, in every period."""
        weights = [self.rng.random() + 0.05 for _ in targets]
        total = sum(weights) * 1.3
        return {j: self.timed_probability(room * weight / total) for j, weight in zip(targets, weights)}

    def timed_probability(self, p):
        """p, or something around p that never exceeds 1.3 p."""
        p = two_digits(p) if self.chance(0.6) else p
        if self.infinite or self.chance(0.75):
            return {"mean": p, "uncertain": {"sd": two_digits(p * (1 - p) / 4)}} if self.chance(0.02) else p
        if self.chance(0.6):
            schedule = [p * self.rng.uniform(0.2, 1.2) for _ in range(self.rng.randint(1, 6))]
            spec = {"schedule": [two_digits(value, 3) for value in schedule]}
            return {"mean": p} | spec if self.chance(0.2) else spec
        years = max(self.periods / self.ppy, 0.1)
        high = min(0.5, 1.2 ** (1 / years) - 1)
        return {"mean": p, "growth": two_digits(self.rng.choice((-0.3, -0.05, high, high / 2)), 3)}

    def special_rows(self):
        size, rng = self.size, self.rng
        tiny = rng.choice((1e-9, 1e-9, 1e-6))
        if self.shape in ("periodic", "nearly periodic"):
            self.cycle(0.0 if self.shape == "periodic" else rng.choice((tiny, 1e-3)))
        elif self.shape == "sticky":
            i = rng.randrange(size)
            if self.chance(0.5) or size == 1:
                self.rows[i] = {i: 1 - tiny} | ({(i + 1) % size: "rest"} if size > 1 else {})
            else:
                self.rows[i] = {(i + 1) % size: tiny}
        elif self.shape == "weak blocks" and size >= 2:
            self.weak_blocks(tiny)
        elif self.shape == "deterministic":
            for i in range(size):
                self.rows[i] = rng.choice(({}, {rng.randrange(size): 1}, {rng.randrange(size): 1.0},
                                           {rng.randrange(size): "rest"}))

    def cycle(self, slip):
        """A round trip through some states; the others lead into it."""
        length = self.rng.randint(1, self.size)
        for i in range(length):
            self.rows[i] = {(i + 1) % length: 1 - slip if slip or self.chance(0.5) else "rest"}

    def weak_blocks(self, tiny):
        """Two halves joined by a thread."""
        half = max(1, self.size // 2)
        for i in range(self.size):
            block_of = range(half) if i < half else range(half, self.size)
            self.rows[i] = self.partial_row([j for j in block_of if self.chance(0.6)], 0.8)
        self.rows[0][self.size - 1] = tiny
        if self.chance(0.5):
            self.rows[self.size - 1][0] = tiny

    def completed(self, i, t):
        """Row i in period t, as doubles."""
        row = {j: at(p, t, self.ppy) for j, p in self.rows[i].items() if p != "rest"}
        left = max(0.0, 1 - sum(row.values()))
        target = next((j for j, p in self.rows[i].items() if p == "rest"), i)
        row[target] = row.get(target, 0) + left
        return row

    def probabilities(self, i, j):
        return [self.completed(i, t).get(j, 0.0) for t in range(self.periods)]

    # amounts

    def make_amounts(self):
        styles, weights = ("zero", "equal", "mixed", "wide", "positive", "plain"), (6, 8, 30, 14, 20, 22)
        if self.one_size:
            styles, weights = styles[:3], weights[:3]
        self.amounts, = self.rng.choices(styles, weights)
        self.equal = self.amount("mixed")
        for state in self.states:
            if self.chance(0.85):
                state["cash_flow"] = self.timed_amount()
        self.gains = [{j: self.timed_amount() for j in row if self.chance(0.3)} for row in self.rows]

    def amount(self, style):
        rng = self.rng
        if style == "zero":
            return rng.choice((0, 0.0))
        if style == "equal":
            return self.equal
        if style == "mixed":
            return two_digits(rng.uniform(-100, 100), 4)
        if style == "positive":
            return two_digits(rng.expovariate(1 / 50) + 0.01, 3)
        if style == "wide":
            return rng.choice((-1, 1, 1)) * two_digits(10 ** rng.uniform(-9, 9), 5)
        return rng.randint(-20, 60)

    def timed_amount(self):
        amount = self.amount(self.amounts)
        if self.infinite or self.chance(0.8):
            return {"mean": amount, "uncertain": {"sd": 1.5}} if self.chance(0.02) else amount
        if self.chance(0.6):
            return {"schedule": [self.amount(self.amounts) for _ in range(self.rng.randint(1, 5))]}
        return {"mean": amount, "growth": self.rng.choice((-0.5, -0.02, 0.02, 0.3))}

    # arrivals and referrals

    def make_arrivals(self):
        self.arrivals = []
        if self.chance(0.1):
            return
        channels = self.rng.sample(NAMES, 2)
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            entry = {"state": self.name(self.rng.randrange(self.size))}
            if self.chance(0.6):
                entry["name"] = self.rng.choice(channels)
            self.arrivals.append(entry | self.arriving_people())

    def arriving_people(self):
        rng = self.rng
        people = rng.choice((1, 1000, 10000, two_digits(10 ** rng.uniform(-2, 5), 3)))
        start = rng.choice((0, 0, rng.randrange(self.periods)))
        window = {"from": start} if start or self.chance(0.5) else {}
        form, = rng.choices(("count", "per_period", "schedule"), (4, 5, 2))
        if form == "count" and self.chance(0.04):
            people = 0
        if self.infinite:
            return self.arriving_for_ever(form, people)
        if form == "per_period":
            if self.chance(0.4):
                window["until"] = rng.randint(start + 1, self.periods)
            if self.chance(0.4):
                window["growth"] = rng.choice((-0.2, 0.05, 0.5))
        elif form == "schedule":
            longest = self.periods - start
            length = longest if self.chance(0.7) else rng.randint(1, longest)
            people = [two_digits(people * rng.uniform(0, 2), 3) for _ in range(length)]
        return {form: people} | window

    def arriving_for_ever(self, form, people):
        start = self.rng.choice((0, 0, 3))
        window = {"from": start} if start or self.chance(0.5) else {}
        if form == "per_period" and (self.undiscounted_for_ever or self.chance(0.4)):
            window["until"] = start + self.rng.randint(1, 12)
        elif form == "schedule":
            people = [two_digits(people * self.rng.uniform(0, 2), 3) for _ in range(self.rng.randint(1, 5))]
        return {form: people} | window

    def make_referrals(self):
        self.referrals = []
        customers = [i for i, state in enumerate(self.states) if state["stage"] in CUSTOMER_STAGES]
        if not customers or self.undiscounted_for_ever or not self.chance(0.35):
            return
        pairs = [(i, self.rng.randrange(self.size)) for i in customers]
        for i, k in self.rng.sample(pairs, self.rng.randint(1, min(3, len(pairs)))):
            self.referrals.append({"from": self.name(i), "to": self.name(k), "per_period": self.referral_rate(i)})
        self.bringing = {self.index(r["from"]) for r in self.referrals}

    def index(self, name):
        return next(i for i, state in enumerate(self.states) if state["name"] == name)

    def largest_endless_rate(self):
        """Referral rates up to here leave d (P + rho) below 1 in an infinite horizon."""
        return 0.5 * ((1 + self.rate) ** (1 / self.ppy) - 1)

    def referral_rate(self, i):
        if self.infinite:
            return two_digits(self.largest_endless_rate() * self.rng.uniform(0.1, 1), 3)
        rate = self.rng.choice((0, 0.02, 0.05, 0.2, 0.5, 0.99, 1.01, two_digits(self.rng.random() / 5)))
        if self.chance(0.7):
            return rate
        if self.chance(0.5):
            return {"schedule": [two_digits(rate * self.rng.random(), 3) for _ in range(self.rng.randint(1, 4))]}
        return {"mean": rate, "growth": self.rng.choice((-0.3, 0.1))}

    # levers

    def make_levers(self):
        self.levers, self.alone, self.influenced, self.moved_rates = [], set(), set(), set()
        if not self.chance(0.78):
            return
        for name in self.rng.sample(NAMES, self.rng.choice((1, 2, 2, 3, 4))):
            lever = self.lever(name)
            effects = []
            for _ in range(self.rng.choice((1, 1, 2, 3))):
                effect = self.effect({self.target(e) for e in effects})
                if effect:
                    effects.append(effect)
            if effects:
                self.levers.append(lever | {"effect": effects})

    def lever(self, name):
        rng = self.rng
        lever = {"name": name, "kind": rng.choice(KINDS)}
        if self.chance(0.3):
            lever["label"] = rng.choice(NAMES)
        if self.chance(0.35) and not self.undiscounted_for_ever:
            lever["spend_per"] = "period"
        else:
            if self.chance(0.5):
                lever["spend_per"] = "customer"
            lever["while_in"] = [self.name(i) for i in sorted(rng.sample(range(self.size), rng.randint(1, self.size)))]
        if not self.infinite:
            if self.chance(0.3):
                lever["from"] = rng.randrange(self.periods)
            if self.chance(0.3):
                lever["until"] = rng.randint(lever.get("from", 0) + 1, self.periods)
            if self.chance(0.4):
                lever["carry_over"] = rng.choice((0.3, 0.6, 0.9, 0))
        return lever

    @staticmethod
    def target(effect):
        return next((key, str(effect[key])) for key in ("transition", "state", "referral", "arrivals", "dwell")
                    if key in effect)

    def effect(self, taken):
        """An effect on something that this lever does not move yet, or None."""
        what = self.rng.choice(("transition", "transition", "transition", "state", "referral", "arrivals"))
        effect = getattr(self, f"effect_on_{what}")()
        if effect is None or self.target(effect) in taken:
            return None
        if what == "transition":
            self.claim(effect)
        return self.response(effect)

    def effect_on_transition(self):
        """A transition that may be moved: never certain; 0, or a limit of 0 or 1, only where the row is untouched."""
        pairs = [(i, j) for i, row in enumerate(self.rows) for j in row if i not in self.alone]
        crowded = [(i, j) for i, j in pairs if i in self.influenced]
        if crowded and self.chance(0.4):
            pairs = crowded
        zeros = [(i, j) for i, j in pairs if self.rows[i][j] == 0 and i not in self.influenced]
        if zeros and self.chance(0.5):
            pairs = zeros
        if not pairs:
            return None
        i, j = self.rng.choice(pairs)
        ps = self.probabilities(i, j)
        if max(ps) > NEARLY_CERTAIN or (min(ps) == 0 and i in self.influenced):
            return None
        limit = self.limit_of_probability(ps)
        if i not in self.influenced and self.chance(0.08) and not self.undiscounted_for_ever:
            limit = self.rng.choice((0, 1))
        return {"transition": [self.name(i), self.name(j)], "limit": limit}

    def limit_of_probability(self, ps):
        limit = two_digits(self.rng.choice((self.rng.uniform(0.01, 0.99), min(0.99, ps[0] * 1.5 + 1e-3),
                                            max(0.001, ps[0] * 0.5))), 3)
        if not self.infinite and self.chance(0.1):
            return {"schedule": [limit, two_digits(self.rng.uniform(0.05, 0.95)), limit]}
        return limit

    def claim(self, effect):
        i, j = (self.index(name) for name in effect["transition"])
        limit = effect["limit"]
        if min(self.probabilities(i, j)) == 0 or limit in (0, 1):
            self.alone.add(i)
        self.influenced.add(i)

    def effect_on_state(self):
        i = self.rng.choice((0, self.rng.randrange(self.size)))
        limit = self.amount(self.amounts if self.amounts != "zero" else "mixed")
        if not self.infinite and self.chance(0.15):
            limit = {"mean": limit, "growth": 0.03}
        return {"state": self.name(i), "limit": limit}

    def effect_on_referral(self):
        """Upwards only, or alone: two levers that halve a rate add up to nothing or less."""
        if not self.referrals:
            return None
        referral = self.rng.choice(self.referrals)
        pair = (referral["from"], referral["to"])
        top = max(at(referral["per_period"], t, self.ppy) for t in range(self.periods))
        limit = two_digits(self.largest_endless_rate() * 1.2 if self.infinite else top * 1.4 + 0.01, 3)
        if pair in self.moved_rates and self.infinite:
            return None
        if pair not in self.moved_rates and self.chance(0.3):
            limit = 0
            if any(self.target({"referral": list(pair)}) == self.target(e) for lever in self.levers
                   for e in lever["effect"]):
                return None
        elif pair in self.moved_rates and self.lowered(pair):
            return None
        self.moved_rates.add(pair)
        return {"referral": list(pair), "limit": limit}

    def lowered(self, pair):
        return any(effect.get("referral") == list(pair) and effect["limit"] == 0
                   for lever in self.levers for effect in lever["effect"])

    def effect_on_arrivals(self):
        if not self.arrivals:
            return None
        entry = self.rng.choice(self.arrivals)
        return {"arrivals": entry.get("name", entry["state"]), "limit": self.rng.choice((0.5, 1.8, 2.5, 4))}

    def response(self, effect):
        """How spend carries towards the limit."""
        rng = self.rng
        half = two_digits(10 ** rng.uniform(-1, 4), 2)
        shape = rng.choice(("exponential", "default", "hill", "hill", "table"))
        if shape == "table":
            return effect | {"shape": "table", "points": self.points(half)}
        if not self.infinite and self.chance(0.1):
            half = {"schedule": [half, 2 * half]} if self.chance(0.5) else {"mean": half, "growth": 0.1}
        effect = effect | {"half_spend": half}
        if shape == "hill":
            effect |= {"shape": "hill"}
            if self.chance(0.8):
                effect |= {"steepness": rng.choice((1, 2, 3.0, 1.5, 0.7, 2.25))}
        elif shape == "exponential":
            effect |= {"shape": "exponential"}
        return effect

    def points(self, half):
        count = self.rng.randint(1, 5)
        spends = sorted(self.rng.sample(range(1, 40), count))
        shares = sorted(self.rng.choice((1, 0.9, 0.5, 0.25, two_digits(self.rng.random()))) for _ in range(count))
        return [[0, 0]] + [[two_digits(half * spend / 10, 4), share] for spend, share in zip(spends, shares)]

    # calendar

    def make_calendar(self):
        self.calendar = []
        if not self.chance(0.15 if self.infinite else 0.35):
            return
        for _ in range(self.rng.choice((1, 1, 2))):
            pairs = [(i, j) for i, row in enumerate(self.rows) for j in row
                     if i not in self.alone and min(self.probabilities(i, j)) > 0 and max(self.probabilities(i, j)) < 1]
            crowded = [(i, j) for i, j in pairs if i in self.influenced]
            if crowded and self.chance(0.4):
                pairs = crowded
            if pairs:
                self.calendar.append(self.season(*self.rng.choice(pairs)))

    def season(self, i, j):
        rng = self.rng
        count = 1 if self.infinite else rng.randint(1, 5)
        entry = {"transition": [self.name(i), self.name(j)],
                 "odds": [rng.choice((0.8, 1.0, 1.1, 2, 0.25, 4.5)) for _ in range(count)]}
        if not self.infinite and self.chance(0.5):
            entry["from"] = rng.randrange(self.periods)
            if self.chance(0.6):
                entry["until"] = rng.randint(entry["from"] + 1, self.periods)
        return entry

    # what an infinite horizon without discount must not have

    def keep_finite(self):
        """No money in a class that is never left."""
        if not self.undiscounted_for_ever:
            return
        for i in self.lasting_states():
            self.states[i].pop("cash_flow", None)
            self.gains[i] = {}
            for lever in self.levers:
                lever["while_in"] = [name for name in lever["while_in"] if name != self.name(i)]
                lever["effect"] = [e for e in lever["effect"] if e.get("state") != self.name(i)]
        self.levers = [lever for lever in self.levers if lever["while_in"] and lever["effect"]]

    def lasting_states(self):
        rows = [{j for j, p in self.completed(i, 0).items() if p > 0} | self.opened(i) for i in range(self.size)]
        reach = [{i} for i in range(self.size)]
        for _ in range(self.size):
            reach = [set().union(*(reach[j] | {j} for j in rows[i]), {i}) for i in range(self.size)]
        plain = [{j for j, p in self.completed(i, 0).items() if p > 0} for i in range(self.size)]
        narrow = [{i} for i in range(self.size)]
        for _ in range(self.size):
            narrow = [set().union(*(narrow[j] | {j} for j in plain[i]), {i}) for i in range(self.size)]
        return [i for i in range(self.size)
                if all(i in narrow[j] for j in narrow[i]) or all(i in reach[j] for j in reach[i])]

    def opened(self, i):
        """Transitions of probability 0 that a lever may open."""
        return {self.index(e["transition"][1]) for lever in self.levers for e in lever["effect"]
                if "transition" in e and self.index(e["transition"][0]) == i}

    # scenarios

    def make_scenarios(self):
        self.scenarios = []
        names = [f"{name} plan" for name in self.rng.sample(NAMES, 5)]
        for name in names[:self.rng.choice((0, 1, 2, 2, 3) if self.levers else (0, 0, 1))]:
            self.scenarios.append({"name": name} | self.plan())
        if self.scenarios and self.chance(0.12):
            self.rng.choice(self.scenarios)["name"] = "baseline"
        if self.scenarios and self.chance(0.2):
            self.rng.choice(self.scenarios)["reference"] = True
        if self.scenarios and self.chance(0.1):
            self.scenarios[-1]["note"] = self.rng.choice(NAMES)
        if len(self.scenarios) > 1 and self.chance(0.1):
            first, last = self.scenarios[0], self.scenarios[-1]
            for key in ("spend", "budget", "split"):
                last.pop(key, None)
                if key in first:
                    last[key] = first[key]

    def plan(self):
        spendable = [lever for lever in self.levers if self.people_in_reach(lever) > 0]
        if spendable and self.chance(0.4):
            return self.budget_plan(spendable)
        spend = {lever["name"]: two_digits(self.typical_spend(lever) * self.rng.choice((0.1, 0.5, 1, 3)), 3)
                 for lever in self.levers if self.chance(0.7)}
        if spend and self.chance(0.1):
            spend[next(iter(spend))] = 0
        return {"spend": spend}

    def typical_spend(self, lever):
        """The half-way spend of the lever's most sensitive effect."""
        halves = []
        for effect in lever["effect"]:
            if "points" in effect:
                halves.append(effect["points"][-1][0] / 2)
            else:
                halves.append(at(effect["half_spend"], 0, self.ppy))
        return min(halves)

    def people_in_reach(self, lever):
        """Arrivals in the lever's window into its states: people whom no spend can take away.

        They bound the cost of one unit from below, so that every budget can be spent.
        """
        first, last = lever.get("from", 0), lever.get("until", self.periods)
        if not lever.get("while_in"):
            return last - first if self.arrivals else 0
        people = 0.0
        for entry in self.arrivals:
            if entry["state"] in lever["while_in"]:
                people += self.directly_arriving(entry, first, last)
        return people / 4

    def directly_arriving(self, entry, first, last):
        start = entry.get("from", 0)
        if self.infinite:
            return 0.1 * (entry.get("count") or entry.get("per_period") or entry.get("schedule", [0])[0])
        if "count" in entry:
            return entry["count"] if first <= start < last else 0
        if "schedule" in entry:
            return sum(n for t, n in enumerate(entry["schedule"], start) if first <= t < last)
        overlap = min(last, entry.get("until", self.periods)) - max(first, start)
        return entry["per_period"] * max(0, overlap) * 0.5

    def budget_plan(self, spendable):
        """A budget that asks for about half-way spends, or less."""
        chosen = self.rng.sample(spendable, self.rng.randint(1, min(3, len(spendable))))
        shares = self.rng.choice({1: [[1.0], [1]], 2: [[0.5, 0.5], [0.25, 0.75], [0.4, 0.6], [1, 0]],
                                  3: [[0.5, 0.25, 0.25], [0.125, 0.5, 0.375]]}[len(chosen)])
        wanted = [self.typical_spend(lever) * self.people_in_reach(lever) / share
                  for lever, share in zip(chosen, shares) if share]
        budget = two_digits(min(wanted) * self.rng.choice((0.2, 0.6, 1)), 3) if self.chance(0.98) else 0
        return {"budget": budget, "split": {lever["name"]: share for lever, share in zip(chosen, shares)}}

    # the file

    def text(self):
        return "\n".join(self.lines())

    def lines(self):
        lines = ["format = 1", "", *block("model", self.head)]
        for state in self.states:
            lines += block("state", state)
        for i, row in enumerate(self.rows):
            for j, p in row.items():
                gain = {"cash_flow": self.gains[i][j]} if j in self.gains[i] else {}
                lines += block("transition", {"from": self.name(i), "to": self.name(j), "probability": p} | gain)
        for header, tables in (("arrivals", self.arrivals), ("referral", self.referrals), ("calendar", self.calendar)):
            for table in tables:
                lines += block(header, table)
        for lever in self.levers:
            lines += block("lever", {key: value for key, value in lever.items() if key != "effect"})
            for effect in lever["effect"]:
                lines += block("lever.effect", effect)
        for scenario in self.scenarios:
            lines += block("scenario", scenario)
        return lines


# --- whole models -------------------------------------------------------------------------------------------

class WholeMaker(Maker):
    """One model of the second family in the making."""

    extras = ("dwell", "dwell", "segments", "mix", "segment levers", "differs", "differs", "varies", "market odds",
              "market cash flow", "market arrivals", "dwell levers")
    needed = {"mix": "segments", "segment levers": "segments", "dwell levers": "dwell"}
    beta_shapes = ((1, 3), (1, 7), (2, 6), (3, 13), (1, 15), (0.5, 1.5), (5, 3), (0.75, 0.25))

    def __init__(self, rng, seed):
        self.wanted = set(rng.sample(self.extras, rng.choice((1, 2, 2, 3, 4))))
        self.wanted |= {self.needed[extra] for extra in self.wanted if extra in self.needed}
        short = "differs" in self.wanted and rng.random() < 0.7
        self.horizon_weights = (4, 16, 22, 26, 14, 0, 0, 8) if short else (4, 12, 18, 22, 16, 5, 3, 20)
        self.dwells, self.segments, self.environment, self.differing = {}, [], None, 0
        super().__init__(rng, seed)

    # dwell times

    def make_rows(self):
        super().make_rows()
        if "dwell" not in self.wanted:
            return
        able = [i for i in range(self.size) if set(self.rows[i]) - {i}]
        for i in self.rng.sample(able, min(len(able), self.rng.choice((1, 1, 2)))):
            self.rows[i] = self.leaving_row(i)
            self.dwells[i] = self.states[i]["dwell"] = self.dwell()

    def leaving_row(self, i):
        """The row without staying, and full."""
        row = {j: p for j, p in self.rows[i].items() if j != i}
        full = len(row) == len(self.rows[i]) and "rest" not in row.values()
        if full and all(not isinstance(p, dict) for p in row.values()) and sum(row.values()) > 1 - 1e-12:
            return row
        if "rest" not in row.values():
            row[self.rng.choice(list(row))] = "rest"
        return row

    def dwell(self):
        rng = self.rng
        kind = rng.choice(("fixed", "negative_binomial", "weibull", "table"))
        if kind == "fixed":
            return {"distribution": kind, "periods": rng.choice((1, 2, 3, 5, 12))}
        if kind == "negative_binomial":
            mean = two_digits(rng.choice((1.2, 2, 3.5, rng.uniform(1.5, 9), rng.uniform(1.5, 9))))
            return {"distribution": kind, "mean": mean, "sd": two_digits((mean - 1) ** 0.5 * rng.uniform(1.1, 2.5), 3)}
        if kind == "weibull":
            return {"distribution": kind, "scale": two_digits(rng.uniform(0.7, 6)),
                    "shape": rng.choice((0.8, 1, 1.5, 2.0, 3.3))}
        hazards = [rng.choice((0, 0.05, 0.1, 0.3, 0.5, two_digits(rng.random()))) for _ in range(rng.randint(0, 5))]
        return {"distribution": kind, "hazard": hazards + [rng.choice((0.05, 0.2, 0.5, 0.9, 1))]}

    # levers

    def make_levers(self):
        needed = self.wanted & {"segment levers", "dwell levers"}
        super().make_levers()
        for _ in range(20):
            if self.levers or not needed:
                break
            super().make_levers()
        if "dwell levers" in self.wanted and self.dwells:
            for lever in self.rng.sample(self.levers, min(len(self.levers), self.rng.choice((1, 1, 2)))):
                self.add_dwell_effect(lever)

    def add_dwell_effect(self, lever):
        i = self.rng.choice(list(self.dwells))
        limit = self.rng.choice((0.5, 0.8, 1.3, 2, 1))
        lever["effect"].append(self.response({"dwell": self.name(i), "limit": limit}))

    # the calendar, and what else moves rows: all of them known before segments are made

    def make_calendar(self):
        super().make_calendar()
        if self.wanted & {"market odds", "market cash flow", "market arrivals"}:
            self.make_environment()
        if "segments" in self.wanted:
            self.make_segments()
        for word, add in (("differs", self.make_differing), ("varies", self.make_varying)):
            if word in self.wanted:
                add()

    def make_environment(self):
        rng = self.rng
        names = rng.sample(NAMES, rng.choice((2, 2, 3)))
        self.environment = {"states": names, "start": rng.choice(names),
                            "matrix": [self.market_row(e, len(names)) for e in range(len(names))]}
        effects = {}
        for extra in sorted(self.wanted & {"market odds", "market cash flow", "market arrivals"}):
            for _ in range(rng.choice((1, 2, 3))):
                effect = getattr(self, extra.replace(" ", "_"))()
                if effect:
                    when = rng.choice(names)
                    effects.setdefault((when, str(self.target(effect))), {"when": when} | effect)
        self.market_effects = list(effects.values())

    def market_row(self, e, count):
        way = self.rng.choice(("dyadic", "dyadic", "decimal", "certain"))
        if way == "certain":
            target = self.rng.randrange(count)
            return [int(f == target) for f in range(count)]
        if way == "decimal":
            return [[0.97, 0.03], [0.15, 0.85]][e % 2] if count == 2 else [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1],
                                                                       [0.3, 0.3, 0.4]][e]
        return self.dyadic_parts(count)

    def market_odds(self):
        pairs = [(i, j) for i, row in enumerate(self.rows) for j in row if self.may_be_moved(self.rows, i, j)]
        if not pairs:
            return None
        i, j = self.rng.choice(pairs)
        return {"transition": [self.name(i), self.name(j)], "odds": self.rng.choice((0.25, 0.8, 1.5, 2, 4.0))}

    def may_be_moved(self, rows, i, j):
        ps = [self.completed_of(rows, i, t).get(j, 0.0) for t in range(self.periods)]
        return i not in self.alone and min(ps) > 0 and max(ps) <= NEARLY_CERTAIN

    def completed_of(self, rows, i, t):
        kept, self.rows = self.rows, rows
        try:
            return self.completed(i, t)
        finally:
            self.rows = kept

    def market_cash_flow(self):
        return {"state": self.name(self.rng.randrange(self.size)),
                "cash_flow_factor": self.rng.choice((0.7, 0.5, 1.3, 2, 0))}

    def market_arrivals(self):
        if not self.arrivals:
            return None
        entry = self.rng.choice(self.arrivals)
        return {"arrivals": entry.get("name", entry["state"]), "factor": self.rng.choice((0.25, 0.8, 1.5, 3))}

    def moved_pairs(self):
        """The transitions that a lever, the calendar or the market moves."""
        effects = [effect for lever in self.levers for effect in lever["effect"]] + self.calendar
        effects += self.market_effects if self.environment else []
        return {tuple(self.index(name) for name in effect["transition"]) for effect in effects
                if "transition" in effect}

    # segments

    def make_segments(self):
        rng = self.rng
        names = rng.sample(NAMES, rng.choice((2, 2, 3)))
        shares = rng.choice(([0.35, 0.65], [0.5, 0.5], [0.9, 0.1])) if len(names) == 2 else [0.2, 0.3, 0.5]
        if self.chance(0.4):
            shares = self.dyadic_parts(len(names))
        lasting = set(self.lasting_states()) if self.undiscounted_for_ever else set()
        for name, share in zip(names, shares):
            self.segments.append({"name": name, "share": share, "transition": self.replaced_transitions(lasting),
                                  "state": self.replaced_states(lasting)})
        if "segment levers" in self.wanted:
            for lever in rng.sample(self.levers, min(len(self.levers), rng.choice((1, 1, 2)))):
                lever["segments"] = rng.sample(names, rng.randint(1, len(names) - 1))
        if "mix" in self.wanted and self.arrivals:
            for entry in rng.sample(self.arrivals, rng.randint(1, len(self.arrivals))):
                entry["mix"] = self.mix(names)

    def mix(self, names):
        chosen = self.rng.sample(names, self.rng.choice((1, 2, len(names), len(names))))
        return dict(zip(chosen, self.dyadic_parts(len(chosen)) if len(chosen) > 1 else [1]))

    def replaced_transitions(self, lasting):
        entries = {}
        pairs = [(i, j) for i, row in enumerate(self.rows) for j in row]
        for i, j in self.rng.sample(pairs, min(len(pairs), self.rng.choice((0, 1, 2, 3)))):
            entry = {}
            if self.chance(0.8):
                entry |= self.replaced_probability(i, j, entries)
            if i not in lasting and self.chance(0.4 if entry else 0.8):
                entry["cash_flow"] = self.timed_amount()
            if entry:
                entries[i, j] = entry
        return [{"from": self.name(i), "to": self.name(j)} | entry for (i, j), entry in entries.items()]

    def replaced_probability(self, i, j, entries):
        """Something smaller, which leaves to what is moved in this row neither nothing nor everything."""
        p = self.rows[i][j]
        full = i in self.dwells and "rest" not in self.rows[i].values()
        if p == "rest" or at(p, 0, self.ppy) in (0, 1) or i in self.alone or full:
            return {}
        new = self.timed_probability(at(p, 0, self.ppy) * self.rng.uniform(0.2, 0.8))
        others = {k: entry["probability"] for (source, k), entry in entries.items()
                  if source == i and "probability" in entry}
        rows = list(self.rows)
        rows[i] = self.rows[i] | others | {j: new}
        moved = [(source, k) for source, k in self.moved_pairs() if source == i]
        return {"probability": new} if all(self.may_be_moved(rows, i, k) for _, k in moved) else {}

    def replaced_states(self, lasting):
        able = [i for i in range(self.size) if i not in lasting]
        return [{"name": self.name(i), "cash_flow": self.timed_amount()}
                for i in sorted(self.rng.sample(able, min(len(able), self.rng.choice((0, 1, 1, 2)))))]

    # numbers that differ between persons or vary between events

    def amounts_of_customers(self):
        """(table, key, where the cash flow falls) of every cash flow on which nobody's acquisition depends."""
        places = [(state, "cash_flow", i) for i, state in enumerate(self.states) if "cash_flow" in state]
        places += [(gains, j, i) for i, gains in enumerate(self.gains) for j in gains]
        for segment in self.segments:
            places += [(state, "cash_flow", self.index(state["name"])) for state in segment["state"]]
            places += [(entry, "cash_flow", self.index(entry["from"])) for entry in segment["transition"]
                       if "cash_flow" in entry]
        return places

    def make_differing(self):
        for _ in range(self.rng.choice((1, 1, 2))):
            what, = self.rng.choices((self.differing_probability, self.differing_amount, self.differing_rate),
                                     (9, 6, 2))
            if not what():
                self.differing_amount()

    def differing_amount(self):
        places = [(table, key) for table, key, i in self.amounts_of_customers()
                  if self.states[i]["stage"] != "acquisition" and self.first_amount(table[key]) != 0
                  and "differs" not in table_of(table[key])]
        if not places:
            return False
        table, key = self.rng.choice(places)
        self.spread(table, key, "differs", ("normal", "gamma", "lognormal", "uniform"))
        return True

    def first_amount(self, spec):
        return at(spec, 0, self.ppy)

    def spread(self, table, key, word, names):
        """Adds what differs or varies to a cash flow."""
        spec = table_of(table[key])
        mean = self.first_amount(spec)
        always = [at(spec, t, self.ppy) for t in range(self.periods)]
        name = self.rng.choice(names if min(always) > 0 else ("normal",))
        law = {"sd": two_digits(abs(mean) * self.rng.uniform(0.1, 1), 3)}
        if name != ("normal" if word == "differs" else "gamma") or self.chance(0.3):
            law["distribution"] = name
        if name == "uniform" and "schedule" not in spec and set(always) == {mean} and self.chance(0.5):
            law = {"low": mean * 0.5, "high": mean * 1.5, "distribution": name}
        if word == "varies" and max(always) < 0 and self.chance(0.5):
            law.pop("distribution", None)
        if "schedule" in spec:
            spec.pop("mean", None)
        table[key] = spec | {word: law}

    def differing_rate(self):
        able = [entry for entry in self.referrals if self.first_amount(entry["per_period"]) > 0
                and "differs" not in table_of(entry["per_period"])]
        if not able:
            return False
        entry = self.rng.choice(able)
        spec = table_of(entry["per_period"])
        entry["per_period"] = spec | {"differs": {"sd": two_digits(self.first_amount(spec) * self.rng.uniform(0.2, 1))}}
        return True

    def differing_probability(self):
        """A beta, or a uniform; two of them only where the horizon is very short."""
        if self.infinite or self.periods > (12 if self.differing == 0 else 3):
            return False
        if self.differing and (self.size > 4 or self.dwells):
            return False
        few_changes = self.differing == 0 and self.periods <= 5
        places = [(self.rows[i], j, i) for i in range(self.size) for j in self.rows[i]]
        places += [(entry, "probability", self.index(entry["from"])) for segment in self.segments
                   for entry in segment["transition"] if "probability" in entry]
        places = [(table, key) for table, key, i in places if isinstance(table[key], float)
                  and 0.02 <= table[key] <= 0.95 and i not in self.alone and (few_changes or self.constant_row(i))
                  and (i not in self.dwells or "rest" in self.rows[i].values())]
        if not places:
            return False
        table, key = self.rng.choice(places)
        table[key] = self.differing_law(table[key])
        self.differing += 1
        return True

    def constant_row(self, i):
        """Whether nobody's row changes with time; each change is one more place where rescaling may begin."""
        specs = list(self.rows[i].values()) + [entry["probability"] for segment in self.segments
                                               for entry in segment["transition"]
                                               if self.index(entry["from"]) == i and "probability" in entry]
        return not any(isinstance(spec, dict) and spec.keys() & {"schedule", "growth"} for spec in specs)

    def differing_law(self, p):
        rng = self.rng
        way = rng.choice(("sd", "sd", "sd", "shape", "count", "low", "uniform"))
        if way == "shape":
            shapes = [(a, b) for a, b in self.beta_shapes if p / 2 <= a / (a + b) <= p]
            if shapes:
                a, b = rng.choice(shapes)
                return {"mean": a / (a + b), "differs": {"alpha": a, "beta": b}}
        if way == "low" and p >= 1 / 16:
            middle = int(p * 64) / 64
            half = rng.randint(1, int(min(middle, 1 - middle) * 64)) / 64
            return {"mean": middle, "differs": {"low": middle - half, "high": middle + half, "distribution": "uniform"}}
        if way == "uniform":
            sd = two_digits(min(p, 1 - p) / 3 ** 0.5 * rng.uniform(0.1, 0.9))
            return {"mean": p, "differs": {"sd": sd, "distribution": "uniform"}}
        if way == "count":
            return {"mean": p, "differs": {"count": rng.choice((3, 12, 25.5))}}
        law = {"sd": two_digits((p * (1 - p)) ** 0.5 * rng.uniform(0.15, 0.75))}
        return {"mean": p, "differs": law | ({"distribution": "beta"} if self.chance(0.3) else {})}

    def make_varying(self):
        places = [(table, key) for table, key, _ in self.amounts_of_customers() if self.first_amount(table[key]) != 0]
        for table, key in self.rng.sample(places, min(len(places), self.rng.choice((1, 2, 3)))):
            self.spread(table, key, "varies", ("gamma", "gamma", "normal", "lognormal", "uniform"))

    # scenarios and the file

    def people_in_reach(self, lever):
        """As for plain models; nobody where only some segments are reached, or market and mix take people away."""
        if "segments" in lever:
            return 0
        return super().people_in_reach(lever) / (4 if self.environment and lever.get("while_in") else 1)

    def lines(self):
        lines = super().lines()
        for segment in self.segments:
            lines += block("segment", {key: segment[key] for key in ("name", "share")})
            for header in ("transition", "state"):
                for entry in segment[header]:
                    lines += block(f"segment.{header}", entry)
        if self.environment:
            lines += ["[environment]", *block("environment", self.environment)[1:]]
            for effect in self.market_effects:
                lines += block("environment.effect", effect)
        return lines


def table_of(spec):
    """A number of section 4 as a table."""
    return dict(spec) if isinstance(spec, dict) else {"mean": spec}


# --- coverage -----------------------------------------------------------------------------------------------

def numbers_of(document):
    """Every place where a number of section 4 may stand."""
    for state in document["state"]:
        yield "state cash flow", state.get("cash_flow")
    for entry in document.get("transition", []):
        yield "probability", entry["probability"]
        yield "transition cash flow", entry.get("cash_flow")
    for entry in document.get("referral", []):
        yield "referral rate", entry["per_period"]
    for lever in document.get("lever", []):
        for effect in lever["effect"]:
            yield "limit", effect["limit"]
            yield "half_spend", effect.get("half_spend")


def features(document):
    """The features of one model, each once."""
    head, transitions = document["model"], document.get("transition", [])
    found = {f"period {head['period']}", f"timing {head.get('cash_flow_timing', 'default')}",
             f"rate {head.get('discount_rate', 'default')}", f"states {len(document['state'])}",
             f"horizon {head['horizon']}"}
    found |= {f"stage {state['stage']}" for state in document["state"]}
    found |= {f"{place}: {key}" for place, spec in numbers_of(document) if isinstance(spec, dict) for key in spec}
    found |= row_features(document["state"], transitions) | lever_features(document.get("lever", []))
    found |= crossing_features(document)
    for entry in document.get("arrivals", []):
        form = next(key for key in ("count", "per_period", "schedule") if key in entry)
        found.add(f"arrivals {form}")
        found |= {f"arrivals {form}: {key}" for key in entry if key in ("until", "growth", "from")}
    arrivals = [entry.get("name", entry["state"]) for entry in document.get("arrivals", [])]
    found.add("arrivals none" if not arrivals else f"arrivals in {min(len(arrivals), 3)} entries")
    if len(set(arrivals)) < len(arrivals):
        found.add("arrivals sharing a name")
    if "referral" in document:
        found.add("referrals")
    for entry in document.get("calendar", []):
        found |= {"calendar"} | {f"calendar {key}" for key in entry if key in ("from", "until")}
    for scenario in document.get("scenario", []):
        found |= {f"scenario {key}" for key in scenario if key in ("spend", "budget", "reference", "note")}
        if "split" in scenario:
            found.add(f"scenario budget over {len(scenario['split'])}")
        if scenario["name"] == "baseline":
            found.add("scenario baseline written")
    found.add(f"scenarios {len(document.get('scenario', []))}")
    return found


def row_features(states, transitions):
    found, rows = set(), {state["name"]: {} for state in states}
    for entry in transitions:
        rows[entry["from"]][entry["to"]] = entry["probability"]
    absorbing = [name for name, row in rows.items() if not set(row) - {name}]
    found.add(f"absorbing {min(len(absorbing), 3)}")
    for name, row in rows.items():
        plain = [p for p in row.values() if not isinstance(p, (dict, str))]
        found |= {f"row {feature}" for feature, there in (
            ("with rest", "rest" in row.values()), ("with itself listed", name in row), ("certain", 1 in plain),
            ("with 0 listed", 0 in plain), ("excess", len(plain) == len(row) and sum(plain) > 1 + 1e-12),
            ("full", len(plain) == len(row) > 1 and abs(sum(plain) - 1) < 1e-12),
            ("1-1e-9", 1 - 1e-9 in plain), ("1e-9", 1e-9 in plain)) if there}
    listed = sum(1 for row in rows.values() for p in row.values() if p != 0)
    if len(states) > 1 and listed <= 0.7 * len(states) ** 2:
        found.add("zeros 30 % or more")
    if len({str(row) for row in rows.values() if row}) < sum(1 for row in rows.values() if row):
        found.add("duplicate rows")
    return found


def crossing_features(document):
    """What only several tables together tell."""
    probabilities = {(entry["from"], entry["to"]): entry["probability"] for entry in document.get("transition", [])}
    moved = [tuple(effect["transition"]) for lever in document.get("lever", []) for effect in lever["effect"]
             if "transition" in effect]
    seasons = [tuple(entry["transition"]) for entry in document.get("calendar", [])]
    rows = Counter(source for source, _ in {*moved, *seasons})
    endless = document["model"]["horizon"] == "infinite"
    free = endless and document["model"].get("discount_rate", 0) == 0
    return {name for name, there in (
        ("lever on probability 0", any(probabilities[pair] == 0 for pair in moved)),
        ("lever on rest", any(probabilities[pair] == "rest" for pair in moved)),
        ("lever and calendar on one transition", set(moved) & set(seasons)),
        ("several moved transitions in one row", any(count > 1 for count in rows.values())),
        ("infinite horizon with levers", endless and "lever" in document),
        ("infinite horizon with referrals", endless and "referral" in document),
        ("infinite horizon with a calendar", endless and seasons),
        ("infinite horizon with a budget", endless and any("budget" in s for s in document.get("scenario", []))),
        ("infinite horizon without discount", free),
        ("infinite horizon without discount, with arrivals", free and "arrivals" in document)) if there}


def lever_features(levers):
    found = {f"levers {len(levers)}"}
    moved = Counter()
    for lever in levers:
        found |= {f"lever kind {lever['kind']}", f"lever per {lever.get('spend_per', 'default')}"}
        found |= {f"lever {key}" for key in lever if key in ("from", "until", "carry_over", "label")}
        for effect in lever["effect"]:
            what, target = Maker.target(effect)
            shape = effect.get("shape", "default")
            moved[what, target] += 1
            found |= {f"effect on {what}", f"shape {shape}", f"{shape} on {what}"}
            if what == "transition" and effect["limit"] in (0, 1):
                found.add("effect to a limit of 0 or 1")
    return found | {f"two levers on one {what}" for (what, _), count in moved.items() if count > 1}


def whole_features(document):
    """What only models of the second family have, each once."""
    found, segments = set(), document.get("segment", [])
    for state in document["state"]:
        if "dwell" in state:
            found.add(f"dwell {state['dwell']['distribution']}")
    found |= {f"segments {len(segments)}"} if segments else set()
    for segment in segments:
        for entry in (*segment.get("transition", []), *segment.get("state", [])):
            found |= {f"segment replaces {key}" for key in entry if key in ("probability", "cash_flow")}
            found |= {f"segment's {key}: {word}" for key, spec in entry.items() if isinstance(spec, dict)
                      for word in spec}
    if any("mix" in entry for entry in document.get("arrivals", [])):
        found.add("mix")
    for lever in document.get("lever", []):
        if "segments" in lever:
            found |= {"lever for segments"} | {f"lever for segments on {Maker.target(e)[0]}" for e in lever["effect"]}
    found |= market_features(document) | spread_features(document)
    groups = {"dwell": "dwell", "segments": "segments", "environment": "market", "differs": "differ", "varies": "var"}
    found.add(f"kinds of features {sum(any(word in feature for feature in found) for word in groups.values())}")
    if document["model"]["horizon"] == "infinite":
        found |= {f"infinite horizon: {feature}" for feature in list(found) if feature.startswith(("dwell", "market"))}
    return found


def market_features(document):
    environment = document.get("environment")
    if not environment:
        return set()
    found = {f"market of {len(environment['states'])}"}
    rows = environment["matrix"]
    if any(1 in row for row in rows):
        found.add("market with a certain step")
    return found | {f"market moves {Maker.target(effect)[0]}" for effect in environment.get("effect", [])}


def spread_features(document):
    """What differs or varies, and how it is said."""
    found, differing = set(), 0
    entries = [("state", entry) for entry in document["state"]]
    entries += [("transition", entry) for entry in document.get("transition", [])]
    entries += [("referral", entry) for entry in document.get("referral", [])]
    for segment in document.get("segment", []):
        entries += [("state", entry) for entry in segment.get("state", [])]
        entries += [("transition", entry) for entry in segment.get("transition", [])]
    for place, entry in entries:
        for key, spec in entry.items():
            for word in ("differs", "varies"):
                if isinstance(spec, dict) and word in spec:
                    differing += word == "differs"
                    law = spec[word]
                    found |= {f"{word}: {place} {key}", f"{word}: {law.get('distribution', 'default')}",
                              f"{word} by {'/'.join(sorted(set(law) - {'distribution'}))}"}
                    if "differs" in spec and "varies" in spec:
                        found.add("differs and varies at once")
                    if "growth" in spec or "schedule" in spec:
                        found.add(f"{word} while changing with time")
    return found | ({f"differing numbers {differing}"} if differing else set())


def coverage(first, count, whole=False):
    counts = Counter()
    for seed in range(first, first + count):
        made = maker(seed, whole)
        document = tomllib.loads(made.text())
        counts.update(features(document))
        counts.update((f"amounts {made.amounts}", f"chain {made.shape}"))
        if whole:
            counts.update(whole_features(document))
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many seeds")
    parser.add_argument("--whole", action="store_true", help="the second family: dwell times, segments, the market")
    parser.add_argument("--coverage", action="store_true", help="count features instead of printing models")
    arguments = parser.parse_args()
    if not arguments.coverage:
        for seed in range(arguments.first, arguments.first + arguments.count):
            print(random_model(seed, arguments.whole))
        return
    for feature, number in sorted(coverage(arguments.first, arguments.count, arguments.whole).items()):
        print(f"{number:7d}  {feature}")


if __name__ == "__main__":
    main()
