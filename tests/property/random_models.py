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


def random_model(seed):
    """The text of one valid model file."""
    return Maker(random.Random(f"tenure-model-{VERSION}-{seed}"), seed).text()


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
        horizon, = rng.choices(HORIZONS, HORIZON_WEIGHTS)
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
        return next((key, str(effect[key])) for key in ("transition", "state", "referral", "arrivals") if key in effect)

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
        return "\n".join(lines)


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


def coverage(first, count):
    counts = Counter()
    for seed in range(first, first + count):
        maker = Maker(random.Random(f"tenure-model-{VERSION}-{seed}"), seed)
        counts.update(features(tomllib.loads(maker.text())))
        counts.update((f"amounts {maker.amounts}", f"chain {maker.shape}"))
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many seeds")
    parser.add_argument("--coverage", action="store_true", help="count features instead of printing models")
    arguments = parser.parse_args()
    if not arguments.coverage:
        for seed in range(arguments.first, arguments.first + arguments.count):
            print(random_model(seed))
        return
    for feature, number in sorted(coverage(arguments.first, arguments.count).items()):
        print(f"{number:7d}  {feature}")


if __name__ == "__main__":
    main()
