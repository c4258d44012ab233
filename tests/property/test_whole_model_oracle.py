#!/usr/bin/env python3
"""Tries whole_model_oracle.py on closed forms, and on the plain models that a whole one is made of.

A whole model on one path of the market, with each segment's persons, draws, ages and events written out as states
of their own, is a plain model, which rational_oracle.py values. `Flat` writes it: the average over all paths must be
what whole_model_oracle.py says at once. The draws of amounts are others than there, with the same mean and sd; those
of probabilities are two crude ones in both, for their integrals are tried on their own.
"""

import decimal
import itertools
import sys
import tomllib
import unittest
from unittest import mock
from decimal import Decimal
from fractions import Fraction

import random_models
import rational_oracle
import whole_model_oracle
from rational_oracle import UNSPECIFIED, WORKING, Figure, Spread, chain_document, close
from whole_model_oracle import Law, WholeModel, evaluate, leaving_hazards, segment_document

AGREES = Fraction(1, 10**25)


def baseline(document):
    return evaluate(document)["scenarios"][0]


def both_equal(one, other, digits=Fraction(1, 10**25), ignore=()):
    """The paths at which two results differ by more than a part of the first's scale."""
    if isinstance(one, (Figure, Spread)) and type(one) is type(other):
        gap = abs(Fraction(one[0]) - Fraction(other[0]))
        return [] if gap <= digits * max(Fraction(one.scale), Fraction(other.scale)) else [((), one, other)]
    if isinstance(one, dict) and isinstance(other, dict):
        return [((key, *path), *pair) for key in one if key in other and key not in ignore
                for path, *pair in both_equal(one[key], other[key], digits, ignore)]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [((k, *path), *pair) for k, (a, b) in enumerate(zip(one, other))
                for path, *pair in both_equal(a, b, digits, ignore)]
    return [] if one == other else [((), one, other)]


# --- a whole model as plain ones ------------------------------------------------------------------------------

def at(spec, t, periods_per_year):
    """The mean of a number of section 4 in period t."""
    if not isinstance(spec, dict):
        return WORKING.plus(Decimal(spec))
    if "schedule" in spec:
        return Decimal(spec["schedule"][min(t, len(spec["schedule"]) - 1)])
    factor = Decimal(1)
    if spec.get("growth") and t:
        factor = WORKING.power(1 + Decimal(spec["growth"]),
                               WORKING.divide(Decimal(t * periods_per_year.denominator),
                                              Decimal(periods_per_year.numerator)))
    return Decimal(spec["mean"]) * factor


def deviation(spec, word):
    """The sd of what differs or varies in a number."""
    if not isinstance(spec, dict) or word not in spec:
        return Decimal(0)
    law = spec[word]
    if "low" in law:
        return (Decimal(law["high"]) - Decimal(law["low"])) / Decimal(12).sqrt(WORKING)
    return Decimal(law["sd"])


class Flat:
    """One scenario of a whole model on one path of the market, as a document for rational_oracle.py."""

    def __init__(self, document, levels, path):
        self.document, self.levels, self.path = document, levels, path
        self.whole = WholeModel(document)
        self.periods, self.ppy = self.whole.periods, self.whole.periods_per_year
        self.names = [state["name"] for state in document["state"]]
        written = document.get("segment") or [{"name": None, "share": 1}]
        total = sum(Decimal(s["share"]) for s in written)
        self.segments = [(s["name"], Decimal(s["share"]) / total, segment_document(document, s) if s["name"] else
                          document) for s in written]
        self.responses = {lever["name"]: self.response(lever) for lever in self.whole.levers}
        numbers = [spec for part in (document, *(part for _, _, part in self.segments)) for spec in self.amounts(part)]
        self.signs = list(itertools.product(
            (1, -1) if any(deviation(state.get("cash_flow"), "varies") for _, _, part in self.segments
                           for state in part["state"]) else (0,),
            (1, -1) if any(deviation(spec, "varies") for spec in numbers) else (0,)))

    def amounts(self, part):
        return [entry.get("cash_flow") for entry in part.get("transition", [])]

    def response(self, lever):
        """share[effect][t] of the way that a lever carries."""
        spends = rational_oracle.effective_spends(lever, self.whole.numbers.number(self.levels[lever["name"]]),
                                                  self.periods)
        return [[Decimal(1) * dec(rational_oracle.share_of_the_way(self.whole.numbers, effect, spend, t))
                 for t, spend in enumerate(spends)] for effect in lever["effects"]]

    def effects(self, s, key, target):
        """[(wanted by period)] of the levers that reach a segment, on one target."""
        name = self.segments[s][0]
        for lever in self.document.get("lever", []):
            if name is None or name in lever.get("segments", [name]):
                for effect, shares in zip(lever["effect"], self.responses[lever["name"]]):
                    if effect.get(key) == target:
                        yield effect, shares

    def market(self, t, key, target, factor):
        """The market's factors on one target in period t."""
        effects = self.document.get("environment", {}).get("effect", [])
        return [Decimal(effect[factor]) for effect in effects
                if effect["when"] == self.path[t] and effect.get(key) == target]

    def draws(self, s):
        """[(weight, {place: own value - mean at first})]: 2 sd above in one of five, half an sd below else."""
        part, found = self.segments[s][2], [(Decimal(1), {})]
        specs = [(("state", state["name"]), state.get("cash_flow")) for state in part["state"]]
        specs += [(("gain", e["from"], e["to"]), e.get("cash_flow")) for e in part.get("transition", [])]
        specs += [(("rate", e["from"], e["to"]), e["per_period"]) for e in part.get("referral", [])]
        for e in part.get("transition", []):
            if isinstance(e["probability"], dict) and "differs" in e["probability"]:
                place, mean = ("probability", e["from"], e["to"]), Decimal(e["probability"]["mean"])
                found = [(weight * chance, own | {place: p}) for weight, own in found
                         for p, chance in crude_nodes(mean)]
        for place, spec in specs:
            sd = deviation(spec, "differs")
            if sd:
                found = [(weight * chance, own | {place: step * sd}) for weight, own in found
                         for step, chance in ((Decimal(2), Decimal("0.2")), (Decimal("-0.5"), Decimal("0.8")))]
        return found

    def own(self, spec, shift, t):
        mean, first = at(spec, t, self.ppy), at(spec, 0, self.ppy)
        return mean + (shift * mean / first if shift and first else shift)

    def noise(self, spec, t):
        mean, first = at(spec, t, self.ppy), at(spec, 0, self.ppy)
        sd = deviation(spec, "varies")
        return sd * mean / first if sd and first else sd

    def completed_row(self, s, name, t, own):
        """{to: probability}, with a person's own ones."""
        entries = [e for e in self.segments[s][2].get("transition", []) if e["from"] == name]
        row = {e["to"]: at(e["probability"], t, self.ppy) for e in entries if e["probability"] != "rest"} | own
        rest = [e["to"] for e in entries if e["probability"] == "rest"]
        total = sum(row.values())
        if total > 1 or (not rest and abs(total - 1) <= Decimal("1e-12")):
            row = {to: p / total for to, p in row.items()}
            total = Decimal(1)
        target = rest[0] if rest else name
        row[target] = row.get(target, Decimal(0)) + 1 - total
        return row

    def row(self, s, q, name, t):
        """{to: probability}, influenced."""
        own = {place[2]: p for place, p in self.draws(s)[q][1].items() if place[:2] == ("probability", name)}
        row, wanted, odds = self.completed_row(s, name, t, {}), [], []
        for to in row:
            wanted += [(to, row[to] + (at(effect["limit"], t, self.ppy) - row[to]) * shares[t])
                       for effect, shares in self.effects(s, "transition", [name, to]) if shares[t] != 0]
            odds += [(to, m) for m in self.market(t, "transition", [name, to], "odds")]
            odds += [(to, m) for m in self.seasons(t, name, to)]
        if len(wanted) == 1 and not odds and not own:
            (to, p), = wanted
            others = 1 - row[to]
            return {k: p if k == to else q * (1 - p) / others for k, q in row.items()}
        weights = self.completed_row(s, name, t, own)
        for to, p in wanted:
            if p != row[to]:
                weights[to] *= p / (1 - p) * (1 - row[to]) / row[to]
        for to, m in odds:
            weights[to] *= m
        total = sum(weights.values())
        return {to: w / total for to, w in weights.items()}

    def seasons(self, t, name, to):
        for entry in self.document.get("calendar", []):
            first, last = entry.get("from", 0), entry.get("until", self.periods)
            if entry["transition"] == [name, to] and first <= t < last:
                yield Decimal(entry["odds"][(t - first) % len(entry["odds"])])

    def hazard(self, s, state, age, t):
        hazards = leaving_hazards(state["dwell"], self.periods)
        hazard = dec(hazards[min(age, len(hazards) - 1)])
        for effect, shares in self.effects(s, "dwell", state["name"]):
            factor = 1 + (at(effect["limit"], t, self.ppy) - 1) * shares[t]
            hazard = 1 - (WORKING.power(1 - hazard, factor) if hazard < 1 else 0)
        return hazard

    def copies(self, s):
        """(draw, state's index, age, signs) of a segment."""
        for q in range(len(self.draws(s))):
            for i, state in enumerate(self.document["state"]):
                for age in range(self.periods if "dwell" in state else 1):
                    for signs in self.signs:
                        yield q, i, age, signs

    @staticmethod
    def label(s, q, i, age, signs):
        return f"{s}|{q}|{i}|{age}|{signs}"

    def flat(self):
        """The plain document."""
        states, transitions, referrals, arrivals = [], [], [], []
        for s in range(len(self.segments)):
            for copy in self.copies(s):
                states.append(self.flat_state(s, *copy))
                transitions += self.flat_transitions(s, *copy)
                referrals += self.flat_referrals(s, *copy)
            for entry in self.document.get("arrivals", []):
                arrivals += self.flat_arrivals(s, entry)
        spend = {name: self.levels[name] for name in self.responses}
        levers = [self.flat_lever(lever, states[0]) for lever in self.document.get("lever", [])]
        found = {"format": 1, "model": self.document["model"], "state": states, "transition": transitions,
                 "referral": referrals, "lever": levers, "scenario": [{"name": "baseline", "spend": spend}]}
        return found | ({"arrivals": arrivals} if arrivals else {})

    def over_time(self, value):
        return {"schedule": [value(t) for t in range(self.periods)]}

    def flat_state(self, s, q, i, age, signs):
        name, spec = self.names[i], self.segments[s][2]["state"][i].get("cash_flow", 0)
        shift = self.draws(s)[q][1].get(("state", name), 0)

        def amount(t):
            mean = at(spec, t, self.ppy)
            moved = sum((at(effect["limit"], t, self.ppy) - mean) * shares[t]
                        for effect, shares in self.effects(s, "state", name))
            whole = self.own(spec, shift, t) + moved + signs[0] * self.noise(spec, t)
            for factor in self.market(t, "state", name, "cash_flow_factor"):
                whole *= factor
            return whole
        return {"name": self.label(s, q, i, age, signs), "stage": self.document["state"][i]["stage"],
                "cash_flow": self.over_time(amount)}

    def flat_transitions(self, s, q, i, age, signs):
        here, name, state = self.label(s, q, i, age, signs), self.names[i], self.document["state"][i]
        gains = {e["to"]: e.get("cash_flow", 0) for e in self.segments[s][2].get("transition", [])
                 if e["from"] == name}
        rows = [self.row(s, q, name, t) for t in range(self.periods)]
        leaving = [self.hazard(s, state, age, t) if "dwell" in state else 1 for t in range(self.periods)]
        for j, to in enumerate(self.names):
            if any(row.get(to) for row in rows):
                spec, shift = gains.get(to, 0), self.draws(s)[q][1].get(("gain", name, to), 0)
                for there in self.signs:
                    yield {"from": here, "to": self.label(s, q, j, 0, there), "probability":
                           self.over_time(lambda t: leaving[t] * rows[t].get(to, 0) / len(self.signs)), "cash_flow":
                           self.over_time(lambda t: self.own(spec, shift, t) + there[1] * self.noise(spec, t))}
        if "dwell" in state and age + 1 < self.periods:
            for there in self.signs:
                yield {"from": here, "to": self.label(s, q, i, age + 1, there),
                       "probability": self.over_time(lambda t: (1 - leaving[t]) / len(self.signs))}

    def flat_referrals(self, s, q, i, age, signs):
        for entry in self.document.get("referral", []):
            if entry["from"] == self.names[i]:
                shift = self.draws(s)[q][1].get(("rate", entry["from"], entry["to"]), 0)

                def rate(t):
                    mean = at(entry["per_period"], t, self.ppy)
                    return self.own(entry["per_period"], shift, t) + sum(
                        (at(effect["limit"], t, self.ppy) - mean) * shares[t]
                        for effect, shares in self.effects(s, "referral", [entry["from"], entry["to"]]))
                for there, weight in self.entering(s, self.names.index(entry["to"])):
                    yield {"from": self.label(s, q, i, age, signs), "to": there,
                           "per_period": self.over_time(lambda t: weight * rate(t))}

    def entering(self, s, i):
        for q, (weight, _) in enumerate(self.draws(s)):
            for signs in self.signs:
                yield self.label(s, q, i, 0, signs), weight / len(self.signs)

    def flat_arrivals(self, s, entry):
        name, share, _ = self.segments[s]
        if "mix" in entry:
            share = Decimal(entry["mix"].get(name, 0)) / sum(Decimal(part) for part in entry["mix"].values())
        channel = entry.get("name", entry["state"])

        def people(t):
            count = self.people(entry, t) * share
            for effect, shares in self.effects(s, "arrivals", channel):
                count *= 1 + (at(effect["limit"], t, self.ppy) - 1) * shares[t]
            for factor in self.market(t, "arrivals", channel, "factor"):
                count *= factor
            return count
        for there, weight in self.entering(s, self.names.index(entry["state"])):
            yield {"name": f"{s}|{channel}", "state": there,
                   "schedule": [weight * people(t) for t in range(self.periods)]}

    def people(self, entry, t):
        start = entry.get("from", 0)
        if "count" in entry:
            return Decimal(entry["count"]) if t == start else Decimal(0)
        if "schedule" in entry:
            return Decimal(entry["schedule"][t - start]) if 0 <= t - start < len(entry["schedule"]) else Decimal(0)
        if not start <= t < entry.get("until", self.periods):
            return Decimal(0)
        return at({"mean": entry["per_period"], "growth": entry.get("growth", 0)}, t - start, self.ppy)

    def flat_lever(self, lever, first):
        """A lever that costs what it does and moves nothing: what it moves is written out already."""
        found = {key: lever[key] for key in ("name", "kind", "spend_per", "from", "until") if key in lever}
        if "while_in" in lever:
            found["while_in"] = [self.label(s, *copy) for s, (name, _, _) in enumerate(self.segments)
                                 if name is None or name in lever.get("segments", [name])
                                 for copy in self.copies(s) if self.names[copy[1]] in lever["while_in"]]
        return found | {"effect": [{"state": first["name"], "limit": first["cash_flow"], "half_spend": 1}]}


def crude_nodes(mean):
    """Two draws that stand for a law of probabilities while its integral is not what is tried."""
    return [(mean / 3, Decimal("0.25")), (mean + (1 - mean) / 4, Decimal("0.75"))]


def dec(number):
    return number if isinstance(number, Decimal) else WORKING.divide(Decimal(number.numerator),
                                                                    Decimal(number.denominator))


class Average:
    """The figures of a scenario as the average over all paths of the market."""

    def __init__(self, document, levels):
        self.document, self.total = document, {}
        self.names = [state["name"] for state in document["state"]]
        for chance, path in market_paths(document, WholeModel(document).periods):
            flat = Flat(document, levels, path)
            result = rational_oracle.evaluate(flat.flat(), "rounded")["scenarios"][0]
            self.add(chance, flat, result)

    def sum_up(self, key, amount):
        self.total[key] = self.total.get(key, Fraction(0)) + amount

    def add(self, chance, flat, result):
        chance, result = Fraction(chance), in_fractions(result)
        states = {state["name"]: state for state in result["states"]}
        for s, (name, share, _) in enumerate(flat.segments):
            for i in range(len(self.names)):
                for label, weight in flat.entering(s, i):
                    self.add_state(chance * Fraction(weight), s, i, states[label])
        if not result["arrivals"]:
            return
        acquired = result["acquired"].value
        costs = result["acquisition_cost"].value * acquired if result["acquisition_cost"] else 0
        customers = {label for label, state in states.items() if state["stage"] in rational_oracle.CUSTOMER_STAGES}
        could = sum(sum(map(lambda f: f.value, series[:-1])) for label, series in result["trace"]["people"].items()
                    if label in customers)
        stayed = result["retention_rate"].value * could if result["retention_rate"] else 0
        for key, amount in (("customer_equity", result["customer_equity"].value), ("acquired", acquired),
                            ("investment", result["investment"].value), ("costs", costs), ("could", could),
                            ("stayed", stayed)):
            self.sum_up(key, chance * amount)
        for group in result["arrivals"]:
            s, channel = group["name"].split("|", 1)
            for key in ("people", "customer_equity"):
                self.sum_up(("segment", int(s), key), chance * group[key].value)
                self.sum_up(("arrivals", channel, key), chance * group[key].value)
        for key in ("cash_flow", "discounted_cash_flow", "spend"):
            for t, figure in enumerate(result["trace"][key]):
                self.sum_up(("trace", key, t), chance * figure.value)
        for label, series in result["trace"]["people"].items():
            for t, figure in enumerate(series):
                self.sum_up(("people", self.names[int(label.split("|")[2])], t), chance * figure.value)

    def add_state(self, chance, s, i, state):
        clv = state["clv"].value
        self.sum_up(("clv", s, i), chance * clv)
        self.sum_up(("moment", s, i), chance * (state["clv_sd"].variance + clv * clv))
        self.sum_up(("tree", s, i), chance * state["clv_with_referrals"].value)
        self.sum_up(("stay", s, i), chance * state["expected_periods_as_customer"].value)

    def differences(self, result, shares, costs_too):
        """What a whole result says otherwise: (where, found, expected)."""
        total, found = self.total, []

        def expect(where, figure, value):
            scale = max(abs(Fraction(figure.scale)), Fraction(1, 10**40))
            if abs(Fraction(figure[0]) - Fraction(value)) > AGREES * scale:
                found.append((where, float(figure[0]), float(value)))

        def expect_state(where, state, i, parts):
            clv, moment, tree, stay = (sum(share * total[key, s, i] for s, share in parts)
                                       for key in ("clv", "moment", "tree", "stay"))
            expect((where, "clv"), state["clv"], clv)
            expect((where, "sd"), state["clv_sd"], moment - clv * clv)
            expect((where, "tree"), state["clv_with_referrals"], tree)
            expect((where, "stay"), state["expected_periods_as_customer"], stay)
        for i, state in enumerate(result["states"]):
            expect_state(state["name"], state, i, list(enumerate(shares)))
        for s, segment in enumerate(result.get("segments", [])):
            for i, state in enumerate(segment["states"]):
                expect_state((segment["name"], state["name"]), state, i, [(s, 1)])
            for key in ("people", "customer_equity") if result["arrivals"] else ():
                expect((segment["name"], key), segment[key], total.get(("segment", s, key), 0))
        if not result["arrivals"]:
            return found
        for key in ("customer_equity", "acquired", "investment"):
            expect(key, result[key], total[key])
        if result["retention_rate"]:
            expect("retention", result["retention_rate"], total["stayed"] / total["could"])
        if result["acquisition_cost"] and costs_too:
            expect("cost", result["acquisition_cost"], total["costs"] / total["acquired"])
        for group in result["arrivals"]:
            for key in ("people", "customer_equity"):
                expect((group["name"], key), group[key], total["arrivals", group["name"], key])
        for key in ("cash_flow", "discounted_cash_flow", "spend"):
            for t, figure in enumerate(result["trace"][key]):
                expect((key, t), figure, total["trace", key, t])
        for name, series in result["trace"]["people"].items():
            for t, figure in enumerate(series):
                expect((name, t), figure, total["people", name, t])
        return found


def in_fractions(tree):
    """Figures in whatever arithmetic as fractions."""
    if isinstance(tree, (Figure, Spread)):
        return type(tree)(*(Fraction(part) for part in tree))
    if isinstance(tree, dict):
        return {key: in_fractions(value) for key, value in tree.items()}
    return [in_fractions(value) for value in tree] if isinstance(tree, list) else tree


def market_paths(document, periods):
    environment = document.get("environment", {"states": [None], "start": None, "matrix": [[1]]})
    names = environment["states"]
    rows = [[Decimal(p) / sum(map(Decimal, row)) for p in row] for row in environment["matrix"]]
    for steps in itertools.product(range(len(names)), repeat=periods - 1):
        path = [names.index(environment["start"]), *steps]
        chance = Decimal(1)
        for e, f in zip(path, path[1:]):
            chance *= rows[e][f]
        if chance:
            yield chance, [names[e] for e in path]


def work_of(document):
    """How many steps all paths of a flat model take; None where it has no end."""
    model = WholeModel(document)
    if model.infinite:
        return None
    flat = Flat(document, {lever["name"]: 0 for lever in document.get("lever", [])},
                [document.get("environment", {}).get("start")] * model.periods)
    copies = sum(1 for s in range(len(flat.segments)) for _ in flat.copies(s))
    paths = sum(1 for _ in market_paths(document, model.periods)) if model.periods <= 5 else 10**9
    return copies * copies * paths * model.periods


def flat_differences(document):
    """Where the oracle and the average of plain models part, over all scenarios."""
    crude = mock.patch.object(Law, "nodes", lambda law, *_: crude_nodes(dec(law.mean)))
    with decimal.localcontext(WORKING), crude:
        levels = {scenario["name"]: dict.fromkeys(scenario["split"], 1.5) for scenario in document.get("scenario", [])
                  if "budget" in scenario}
        noisy = any(deviation(entry.get("cash_flow"), "varies") for part in (document, *document.get("segment", []))
                    for key in ("state", "transition") for entry in part.get(key, []))
        evaluation = evaluate(document, given_levels=levels)
        whole = WholeModel(document)
        shares = [Fraction(share) for _, share, _ in whole.segments]
        found = []
        for result in evaluation["scenarios"]:
            spent = {lever["name"]: lever["spend"].value for lever in result["levers"]}
            average = Average(document, spent)
            found += average.differences(result, shares, costs_too=not noisy)
        return found


def full_document(horizon):
    """A small model with everything that a whole one can have."""
    document = chain_document(
        [("prospect", "acquisition", -2), ("owner", "servicing", {"mean": 20, "differs": {"sd": 6}, "varies":
          {"sd": 5}}), ("past", "dormant", 1), ("gone", "lost", 0)],
        [("prospect", "owner", 0.25, {"mean": -4, "varies": {"sd": 1}}), ("owner", "past", 0.5, {"mean": 3, "varies":
          {"sd": 2}}), ("owner", "gone", "rest"), ("past", "owner", 0.25), ("past", "gone", 0.25)],
        horizon, 0.5, arrivals=[{"state": "prospect", "count": 80}, {"name": "web", "state": "owner", "per_period": 5,
                                                                     "mix": {"rich": 0.75, "poor": 0.25}}],
        referral=[{"from": "owner", "to": "prospect", "per_period": {"mean": 0.03, "differs": {"sd": 0.01}}}],
        segment=[{"name": "rich", "share": 0.25, "state": [{"name": "past", "cash_flow": 3}]},
                 {"name": "poor", "share": 0.75, "transition": [{"from": "owner", "to": "past", "probability": 0.25,
                                                                "cash_flow": 1}]}],
        environment={"states": ["calm", "storm"], "start": "storm", "matrix": [[0.75, 0.25], [0.5, 0.5]], "effect": [
            {"when": "storm", "transition": ["owner", "past"], "odds": 2}, {"when": "calm", "arrivals": "web",
                                                                           "factor": 1.5},
            {"when": "storm", "state": "owner", "cash_flow_factor": 0.5}]},
        lever=[{"name": "care", "kind": "acquisition", "while_in": ["owner", "prospect"], "segments": ["poor"],
                "effect": [{"state": "owner", "limit": 30, "half_spend": 1}, {"arrivals": "web", "limit": 2,
                                                                              "half_spend": 4},
                           {"dwell": "owner", "limit": 0.5, "half_spend": 2}]},
               {"name": "news", "kind": "retention", "spend_per": "period", "effect": [
                   {"transition": ["owner", "past"], "limit": 0.75, "half_spend": 3},
                   {"state": "owner", "limit": 10, "half_spend": 9}, {"dwell": "owner", "limit": 2, "half_spend": 2},
                   {"referral": ["owner", "prospect"], "limit": 0.04, "half_spend": 1}]}],
        scenario=[{"name": "both", "spend": {"care": 1.5, "news": 2}}])
    document["state"][1]["dwell"] = {"distribution": "table", "hazard": [0, 0.25, 0.5]}
    return document


class FlatModels(unittest.TestCase):
    """Whole models that are small enough to be written out."""

    def test_full_model(self):
        self.assertEqual(flat_differences(full_document(3)), [])

    def test_random_models(self):
        tried = 0
        for seed in range(70):
            document = tomllib.loads(random_models.random_model(seed, whole=True))
            with decimal.localcontext(WORKING):
                work = work_of(document)
            if work is not None and work <= 8000:
                tried += 1
                self.assertEqual(flat_differences(document), [], f"seed {seed}")
        self.assertGreater(tried, 20)


# --- closed forms -------------------------------------------------------------------------------------------

def car_owner(length, rho, horizon):
    """Two cars in turn: a new one is bought with rho when the old one is worn out."""
    document = chain_document([("first", "servicing", 0), ("second", "servicing", 0), ("gone", "lost", 0)],
                              [("first", "second", rho, 1), ("first", "gone", "rest"),
                               ("second", "first", rho, 1), ("second", "gone", "rest")], horizon, 0.08)
    for state in document["state"][:2]:
        state["dwell"] = {"distribution": "fixed", "periods": length}
    return document


def churning(law, horizon, rate, **more):
    """An owner worth 1 a period who leaves with their own probability."""
    return chain_document([("owner", "servicing", 1), ("gone", "lost", 0)], [("owner", "gone", law)], horizon, rate,
                          **more)


def gaining(transitions):
    """One period, in which the first transition earns 1: the value is its expected probability."""
    names = ["here", *dict.fromkeys(t[1] for t in transitions if t[1] != "here")]
    return chain_document([(name, "servicing", 0) for name in names],
                          [(*transitions[0], 1), *transitions[1:]], 1, 0)


class Dwell(unittest.TestCase):
    def test_fixed_renewal(self):
        """1 / (1 - rho d^L), the first purchase counted."""
        for horizon in ("infinite", 2000):
            for length in (1, 4, 7):
                value = 1 + baseline(car_owner(length, 0.375, horizon))["states"][0]["clv"].value
                expected = 1 / (1 - Decimal("0.375") * (1 / (1 + Decimal(0.08))) ** length)
                self.assertLess(abs(Decimal(value) - expected), Decimal("1e-24"))

    def test_laws(self):
        """Mean and sd of a negative binomial, survival of a Weibull."""
        left, mean, square = Fraction(1), Fraction(0), Fraction(0)
        for k, h in enumerate(leaving_hazards({"distribution": "negative_binomial", "mean": 5.5, "sd": 3}, None), 1):
            mean, square, left = mean + left * h * k, square + left * h * k * k, left * (1 - h)
            left = Fraction(rational_oracle.to_decimal(left))
        self.assertTrue(close(mean, 5.5, 9) and close(square - mean * mean, 9, 7))
        left = 1
        for k, h in enumerate(leaving_hazards({"distribution": "weibull", "scale": 3, "shape": 2}, 6), 1):
            left *= 1 - h
            self.assertTrue(close(left, 2.718281828459045 ** -((k / 3) ** 2), 12))

    def test_geometric(self):
        """A hazard that does not change is a state without dwell."""
        for horizon in (1, 6, "infinite"):
            plain = rational_oracle.funnel_document(horizon)
            plain["model"]["discount_rate"] = 0.1
            aging = rational_oracle.funnel_document(horizon)
            aging["model"]["discount_rate"] = 0.1
            aging["state"][2]["dwell"] = {"distribution": "table", "hazard": [0.75, 0.75]}
            aging["transition"][3:] = [{"from": "past", "to": "owner", "probability": 0.25 / 0.75},
                                       {"from": "past", "to": "gone", "probability": "rest"}]
            gaps = both_equal(baseline(plain), baseline(aging), Fraction(1, 10**15), ("condition", "course"))
            self.assertEqual(gaps, [])

    def test_lever(self):
        """A factor 2 on hazards 1/4, then 1/2: by hand."""
        document = chain_document([("owner", "servicing", 1), ("gone", "lost", 0)], [("owner", "gone", 1)], 3, 0)
        document["state"][0]["dwell"] = {"distribution": "table", "hazard": [0.25, 0.5]}
        document["lever"] = [{"name": "haste", "kind": "retention", "spend_per": "period",
                              "effect": [{"dwell": "owner", "limit": 3, "half_spend": 5}]}]
        document["scenario"] = [{"name": "fast", "spend": {"haste": 5}}]
        fast = evaluate(document)["scenarios"][1]["states"][0]
        self.assertEqual(fast["clv"].value, 1 + Fraction(9, 16) + Fraction(9, 16) * Fraction(1, 4))


class OwnNumbers(unittest.TestCase):
    law = {"mean": 0.764 / (0.764 + 1.296), "differs": {"alpha": 0.764, "beta": 1.296}}

    @staticmethod
    def survival(n):
        alpha, beta = Fraction(0.764), Fraction(1.296)
        left = Fraction(1)
        for i in range(1, n + 1):
            left *= (beta + n - i) / (alpha + beta + n - i)
        return left

    def test_beta_geometric(self):
        """Fader and Hardie's discounted expected lifetime, and its beginning exactly."""
        owner = baseline(churning(self.law, "infinite", 0.1))["states"][0]
        self.assertTrue(close(owner["clv"].value, 3.62019, 4.9))
        owner = baseline(churning(self.law, 12, 0.1))["states"][0]
        discount = 1 / (1 + Fraction(0.1))
        expected = sum(self.survival(n) * discount ** n for n in range(12))
        self.assertLess(abs(Fraction(owner["clv"].value) - expected), Fraction(1, 10**13))
        # The variance, from the lifetime's own distribution.
        worth = [sum(discount ** t for t in range(n)) for n in range(13)]
        chances = [self.survival(n - 1) - self.survival(n) for n in range(1, 12)] + [self.survival(11)]
        square = sum(p * worth[n] ** 2 for n, p in enumerate(chances, 1))
        self.assertLess(abs(Fraction(owner["clv_sd"].variance) - (square - expected ** 2)), Fraction(1, 10**13))
        self.assertLess(abs(Fraction(owner["expected_periods_as_customer"].value)
                            - sum(self.survival(n) for n in range(12))), Fraction(1, 10**13))

    def test_moments(self):
        """The integrals of powers, for tame, lopsided and steep betas, with breaks and without."""
        for mean, sd in ((0.5, 0.05), (0.03, 0.02), (0.7, 0.4), (0.95, 0.1), (0.48, 0.2)):
            law = Law("probability", mean, {"sd": sd})
            wanted = law.moments(24)
            for breaks in ((), (Decimal("0.4"),), (Decimal("0.01"), Decimal("0.9"))):
                nodes = law.nodes(breaks, whole_model_oracle.QUADRATURE_STEPS["free"])
                for k, moment in enumerate(wanted, 1):
                    found = Fraction(sum(w * x ** k for x, w in nodes))
                    self.assertLess(abs(found - moment), Fraction(1, 10**13), (mean, sd, breaks, k))

    def test_polynomial(self):
        """Values are polynomials in p: through exact values at a few p, with the beta's exact moments."""
        horizon, law = 5, {"mean": 0.25, "differs": {"alpha": 1, "beta": 3}}
        found = baseline(self.turning(law, horizon))["states"]
        points = [Fraction(k, 16) for k in range(horizon + 1)]
        values = [baseline(self.turning(p, horizon))["states"] for p in points]
        moments = [Fraction(1), *Law("probability", 0.25, law["differs"]).moments(horizon)]
        for i, state in enumerate(found):
            clv = [Fraction(v[i]["clv"].value) for v in values]
            mean = integral(points, clv, moments)
            self.assertLess(abs(mean - Fraction(state["clv"].value)), Fraction(1, 10**12))
            squares = [Fraction(v[i]["clv_sd"].variance) + value ** 2 for v, value in zip(values, clv)]
            variance = integral(points, squares, moments) - mean ** 2
            self.assertLess(abs(variance - Fraction(state["clv_sd"].variance)), Fraction(1, 10**10))

    @staticmethod
    def turning(p, horizon):
        return chain_document([("a", "servicing", 3), ("b", "dormant", -1), ("c", "lost", 0)],
                              [("a", "b", p, 2), ("a", "c", "rest", -4), ("b", "a", 0.5), ("b", "c", 0.125)],
                              horizon, 0.25)

    def test_rescaled_row(self):
        """p uniform on 0.2 ... 0.8 beside a fixed 1/2."""
        law = {"mean": 0.5, "differs": {"low": 0.2, "high": 0.8, "distribution": "uniform"}}
        found = baseline(gaining([("here", "there", law), ("here", "away", 0.5)]))["states"][0]["clv"].value
        rescaled = Decimal("0.3") - Decimal("1.3").ln() / 2
        self.assertTrue(close(found, float((Decimal("0.105") + rescaled) / Decimal("0.6")), 12))

    def test_two_in_a_row(self):
        """E[p / max(1, p+q)] of two uniforms is 5/12."""
        law = {"mean": 0.5, "differs": {"low": 0, "high": 1, "distribution": "uniform"}}
        found = baseline(gaining([("here", "there", law), ("here", "away", law)]))["states"][0]["clv"].value
        self.assertTrue(close(found, 5 / 12, 12))

    def test_levers_odds(self):
        """A lever that takes the mean from 1/4 to 1/2 triples everybody's odds."""
        law = {"mean": 0.25, "differs": {"low": 0, "high": 0.5, "distribution": "uniform"}}
        document = gaining([("here", "there", law)])
        document["lever"] = [{"name": "push", "kind": "development", "spend_per": "period", "effect": [
            {"transition": ["here", "there"], "limit": 0.75, "half_spend": 1}]}]
        document["scenario"] = [{"name": "pushed", "spend": {"push": 1}}]
        found = evaluate(document)["scenarios"][1]["states"][0]["clv"].value
        # The mean of 3p / (1+2p) over 0 ... 1/2: 3/2 - 3/2 ln 2.
        self.assertTrue(close(found, float(Decimal("1.5") - Decimal("1.5") * Decimal(2).ln()), 12))

    def test_total_variance(self):
        """By hand: one or two periods of an own amount, each with its own noise."""
        document = chain_document([("owner", "servicing", {"mean": 10, "differs": {"sd": 3}, "varies": {"sd": 2}}),
                                   ("gone", "lost", 0)], [("owner", "gone", 0.5)], 2, 0)
        owner = baseline(document)["states"][0]
        self.assertEqual(owner["clv"].value, 15)
        # E[N] 4 + E[N^2] E[c^2] - (E[N] E[c])^2 with N = 1 or 2.
        self.assertEqual(owner["clv_sd"].variance, Fraction("1.5") * 4 + Fraction("2.5") * 109 - 15 * 15)


def integral(points, values, moments):
    """The expectation of the polynomial through some points, given the moments 1, E[p], E[p^2], ..."""
    total = Fraction(0)
    for k, value in enumerate(values):
        basis = [Fraction(1)]
        for m, point in enumerate(points):
            if m != k:
                low = [-point * c for c in basis] + [Fraction(0)]
                high = [Fraction(0)] + basis
                basis = [(a + b) / (points[k] - point) for a, b in zip(low, high)]
        total += value * sum(c * moment for c, moment in zip(basis, moments))
    return total


class Segments(unittest.TestCase):
    def test_identical(self):
        """Two segments without replacements are none; so they are if one replaces numbers by themselves."""
        for horizon in (4, "infinite"):
            plain = rational_oracle.funnel_document(horizon)
            plain["model"]["discount_rate"] = 0.1
            same = plain | {"segment": [{"name": "one", "share": 0.25}, {"name": "two", "share": 0.75, "transition": [
                {"from": "owner", "to": "past", "probability": 0.5}], "state": [{"name": "owner", "cash_flow": 9}]}]}
            one, other = baseline(plain), baseline(same)
            gaps = both_equal(one, other, AGREES, ("condition", "course"))
            self.assertEqual(gaps, [])
            self.assertEqual([s["people"].value * 4 for s in other["segments"]], [80, 240])

    def test_mixture(self):
        """The variance of a mixture, by hand: 4 or 8 for certain, one in four."""
        document = chain_document([("owner", "servicing", 4)], [], 1, 0, arrivals=[
            {"state": "owner", "count": 10}, {"state": "owner", "name": "shop", "count": 10, "mix": {"rich": 1}}])
        document["segment"] = [{"name": "poor", "share": 0.75},
                               {"name": "rich", "share": 0.25, "state": [{"name": "owner", "cash_flow": 8}]}]
        result = baseline(document)
        self.assertEqual(result["states"][0]["clv"].value, 5)
        self.assertEqual(result["states"][0]["clv_sd"].variance, 3)
        self.assertEqual([group["value_each"].value for group in result["arrivals"]], [5, 8])
        self.assertEqual([segment["customer_equity"].value for segment in result["segments"]], [30, 100])
        self.assertEqual([segment["value_each"].value for segment in result["segments"]], [4, 8])


class Environment(unittest.TestCase):
    @staticmethod
    def two_regimes(effects):
        names = ["calm", "storm"]
        return {"states": names, "start": "calm", "matrix": [[0.75, 0.25], [0.5, 0.5]],
                "effect": [{"when": name} | effect for name in names for effect in effects]}

    def test_identical(self):
        """Two regimes that do the same are a calendar that never ends, and other amounts."""
        for horizon in (5, "infinite"):
            plain = rational_oracle.funnel_document(horizon)
            plain["model"]["discount_rate"] = 0.1
            stormy = plain | {"environment": self.two_regimes([
                {"transition": ["owner", "past"], "odds": 2}, {"state": "owner", "cash_flow_factor": 0.5},
                {"arrivals": "prospect", "factor": 1.5}])}
            always = rational_oracle.funnel_document(horizon)
            always["model"]["discount_rate"] = 0.1
            always["calendar"] = [{"transition": ["owner", "past"], "odds": [2]}]
            always["state"][1]["cash_flow"] = 4.5
            always["arrivals"][0]["count"] = 120
            gaps = both_equal(baseline(always), baseline(stormy), AGREES, ("condition", "course"))
            self.assertEqual(gaps, [])

    def test_two_periods(self):
        """By hand: the market of a period decides its row and its amount, the next one its own."""
        document = chain_document([("owner", "servicing", 8), ("gone", "lost", 0)], [("owner", "gone", 0.5)], 3, 0)
        document["environment"] = {"states": ["calm", "storm"], "start": "calm", "matrix": [[0.75, 0.25], [0, 1]],
                                   "effect": [{"when": "storm", "transition": ["owner", "gone"], "odds": 3},
                                              {"when": "storm", "state": "owner", "cash_flow_factor": 0.5}]}
        # Alive at 1 with 1/2; there calm pays 8 and keeps 1/2, storm pays 4 and keeps 1/4.
        calm, storm = Fraction(3, 4), Fraction(1, 4)
        last = calm * Fraction(1, 2) * (calm * 8 + storm * 4) + storm * Fraction(1, 4) * 4
        expected = 8 + Fraction(1, 2) * (calm * 8 + storm * 4 + last)
        self.assertEqual(baseline(document)["states"][0]["clv"].value, expected)


class Endless(unittest.TestCase):
    def test_full_model(self):
        """Endless, and for a hundred years."""
        for one, other in zip(*(evaluate(full_document(horizon))["scenarios"] for horizon in ("infinite", 200))):
            for key in ("states", "arrivals", "segments", "customer_equity", "investment", "levers"):
                self.assertEqual(both_equal(one[key], other[key], Fraction(1, 10**15)), [])

    def test_acquired_and_retained(self):
        """What is not discounted: those who come once, and whom they bring."""
        found = []
        for horizon in ("infinite", 400):
            document = full_document(horizon)
            document["arrivals"][1] = {"name": "web", "state": "owner", "schedule": [5, 3]}
            found.append([[scenario[key] for key in ("acquired", "acquisition_cost", "retention_rate", "states")]
                          for scenario in evaluate(document)["scenarios"]])
        self.assertEqual(both_equal(*found, Fraction(1, 10**13)), [])

    def test_limit(self):
        """A long horizon comes to what an endless one is solved to be."""
        tried = 0
        for seed in range(400):
            document = tomllib.loads(random_models.random_model(seed, whole=True))
            head = document["model"]
            if head["horizon"] != "infinite" or head.get("discount_rate", 0) < 0.5 or head["period"] != "year":
                continue
            if any("budget" in scenario for scenario in document.get("scenario", [])):
                continue
            long = document | {"model": head | {"horizon": 100}}
            for one, other in zip(evaluate(document)["scenarios"], evaluate(long)["scenarios"]):
                for key in ("states", "arrivals", "segments", "customer_equity", "investment"):
                    if one.get(key) is not None and not isinstance(one[key], type(UNSPECIFIED)):
                        self.compare(seed, key, one[key], other[key])
            tried += 1
            if tried == 4:
                break
        self.assertEqual(tried, 4)

    def compare(self, seed, key, one, other):
        """What is not discounted needs longer than that."""
        unlike = both_equal(one, other, Fraction(1, 10**9), ("expected_periods_as_customer",))
        self.assertEqual(unlike, [], f"seed {seed} {key}")


class Plain(unittest.TestCase):
    def test_plain_models(self):
        """On models without any of it, both oracles say the same."""
        for seed in range(60):
            document = tomllib.loads(random_models.random_model(seed))
            one = rational_oracle.evaluate(document)
            levels = {result["name"]: {lever["name"]: lever["spend"].value for lever in result["levers"]}
                      for result in one["scenarios"]}
            other = evaluate(document, given_levels=levels)
            gaps = both_equal(one, other, AGREES, ("condition", "course", "bisected", "targets", "budget"))
            self.assertEqual(gaps, [], f"seed {seed}")


if __name__ == "__main__":
    sys.argv = [argument for argument in sys.argv if argument != "--self-test"]
    unittest.main()
