#!/usr/bin/env python3
"""What `tenure optimize` says, against an independent search: random problems with 1 to 12 pieces, limits on levers and
on kinds, levers that nobody is there for, S-shaped and concave curves, amounts and budgets from 1e-3 to 1e12.

A problem is valued here by a recursion of its own, for many plans at once, and searched by sequential quadratic
programming (SciPy's SLSQP) from many starts and from the program's own answer. Then

  value            is what the plan is worth here, and no start of the other search ends higher
  shadow price     lies between what one unit less and one unit more of budget bring, both optima searched here
  marginal return  by lever and piece, is the quotient of differences here
  unusable         are the levers and pieces whose levels cost nothing, and these alone; their levels are 0
  left over        is money whose use nothing but a limit forbids, or that would return nothing

    optimize_agrees.py --program PROGRAM [--first SEED] [--count N] [--starts N]

Wants numpy and SciPy. Exit status 0 if all agree.
"""

import argparse
import concurrent.futures
import json
import math
import os
import random
import subprocess
import sys

import numpy as np
from scipy.optimize import minimize

STATES = ("prospect", "member", "fan", "lost")
PROSPECT, MEMBER, FAN, LOST = range(4)
BASE = np.array([[0.35, 0.15, 0, 0.5], [0, 0.65, 0.1, 0.25], [0, 0, 0.9, 0.1], [0, 0, 0, 1.0]])
RATE = 0.1
TINY = 1e-300


class Problem:
    """A random problem, its model file, and what plans for it are worth."""

    def __init__(self, seed):
        luck = random.Random(seed * 7919 + 1)
        self.seed = seed
        self.unit = 10 ** luck.uniform(-2, 6) if luck.random() < 0.5 else 1  # of money
        self.horizon = luck.randint(4, 14)
        self.pieces = luck.choice((1, 1, 2, 3, luck.randint(4, min(12, self.horizon))))
        self.first = [self.horizon * k // self.pieces for k in range(self.pieces)]
        self.piece_of = [max(k for k in range(self.pieces) if self.first[k] <= t) for t in range(self.horizon)]
        self.arrives_from = luck.choice((0, 0, luck.randint(0, self.horizon - 1)))
        self.base = luck.choice((0, 50))
        self.cash = np.array([0, 100, 160, 0.0]) * self.unit
        self.referral = 0.1
        self.levers = self._levers(luck)
        steep = 10 ** luck.uniform(2, 8) if luck.random() < 0.2 else 1
        for lever in self.levers:
            if lever["on"] == "cash":
                lever["limit"] *= steep
        natural = 10000 * self.unit
        self.budget = natural * 10 ** luck.uniform(-1, 1) if luck.random() < 0.75 else 10 ** luck.uniform(-3, 12)
        self.limits = self._limits(luck)

    def _levers(self, luck):
        kinds = [("arrivals", None, "acquisition"), ("row", (PROSPECT, MEMBER), "acquisition"),
                 ("row", (MEMBER, LOST), "retention"), ("row", (FAN, LOST), "retention"), ("cash", FAN, "development"),
                 ("referral", (FAN, PROSPECT), "referral")]
        levers = []
        for on, where, kind in luck.sample(kinds, luck.randint(1, 4)):
            hill = luck.random() < 0.5
            lever = {"name": f"lever {len(levers)}", "on": on, "where": where, "kind": kind,
                     "steepness": luck.choice((1, luck.uniform(1.5, 4))) if hill else None,
                     "carry": luck.choice((0, 0, luck.uniform(0.1, 0.7))),
                     "from": luck.choice((0, 0, 0, 1)), "until": luck.choice((None, None, self.horizon - 1))}
            state = where if isinstance(where, int) else where[0] if where else None
            lever["state"] = state if state is not None and luck.random() < 0.9 else None
            if lever["state"] is None and state is not None and luck.random() < 0.3:
                lever["state"] = LOST if luck.random() < 0.3 else state
            today = {"arrivals": 1, "cash": self.cash[FAN], "referral": self.referral}.get(on)
            if on == "row":
                today = BASE[where]
                low, high = {PROSPECT: (0.2, 0.5), MEMBER: (0.05, 0.2), FAN: (0.01, 0.09)}[where[0]]
                lever["limit"] = luck.uniform(low, high)
            else:
                lever["limit"] = today * luck.uniform(1.2, 3)
            lever["today"] = today
            lever["half"] = luck.uniform(1, 30) * self.unit * (1 if lever["state"] is not None else 100)
            levers.append(lever)
        return levers

    def _limits(self, luck):
        limits = []
        kinds = sorted({lever["kind"] for lever in self.levers})
        if luck.random() < 0.35:
            lever = luck.choice(self.levers)
            limits.append(("--at-most", lever["name"], [self.levers.index(lever)], self.budget * luck.uniform(0.05, 0.6)))
        if luck.random() < 0.2:
            kind = luck.choice(kinds)
            of_kind = [k for k, lever in enumerate(self.levers) if lever["kind"] == kind]
            limits.append(("--at-most-kind", kind, of_kind, self.budget * luck.uniform(0.05, 0.6)))
        return limits

    def text(self):
        lines = ["format = 1", "[model]", 'name = "Random"', 'period = "year"', f"horizon = {self.horizon}",
                 f"discount_rate = {RATE}"]
        stages = ("acquisition", "servicing", "advocacy", "lost")
        for name, stage, cash in zip(STATES, stages, self.cash):
            lines += ["[[state]]", f'name = "{name}"', f'stage = "{stage}"', f"cash_flow = {float(cash)!r}"]
        for i in range(3):
            for j in range(4):
                if i != j and BASE[i, j] > 0:
                    lines += ["[[transition]]", f'from = "{STATES[i]}"', f'to = "{STATES[j]}"',
                              f"probability = {BASE[i, j]!r}"]
        lines += ["[[referral]]", 'from = "fan"', 'to = "prospect"', f"per_period = {self.referral!r}"]
        lines += ["[[arrivals]]", 'name = "web"', 'state = "prospect"', "per_period = 100", f"from = {self.arrives_from}"]
        if self.base:
            lines += ["[[arrivals]]", 'name = "base"', 'state = "member"', f"count = {self.base}"]
        for lever in self.levers:
            lines += ["[[lever]]", f'name = "{lever["name"]}"', f'kind = "{lever["kind"]}"', f"from = {lever['from']}",
                      f"carry_over = {lever['carry']!r}"]
            if lever["until"] is not None:
                lines.append(f"until = {lever['until']}")
            if lever["state"] is None:
                lines.append('spend_per = "period"')
            else:
                lines.append(f'while_in = ["{STATES[lever["state"]]}"]')
            lines.append("[[lever.effect]]")
            target = {"arrivals": 'arrivals = "web"', "cash": 'state = "fan"'}.get(lever["on"])
            if target is None:
                word = "transition" if lever["on"] == "row" else "referral"
                target = f'{word} = ["{STATES[lever["where"][0]]}", "{STATES[lever["where"][1]]}"]'
            lines += [target, f"limit = {float(lever['limit'])!r}", f"half_spend = {lever['half']!r}"]
            if lever["steepness"]:
                lines += ['shape = "hill"', f"steepness = {lever['steepness']!r}"]
        return "\n".join(lines) + "\n"

    @property
    def places(self):
        return len(self.levers) * self.pieces

    def evaluate(self, levels):
        """Equity and spend by place of plans: levels is (plans, levers · pieces)."""
        levels = np.atleast_2d(levels).reshape(-1, len(self.levers), self.pieces)
        plans = len(levels)
        people = np.zeros((plans, 4))
        if self.base:
            people[:, MEMBER] = self.base
        effective = np.zeros((plans, len(self.levers)))
        equity = np.zeros(plans)
        spend = np.zeros((plans, len(self.levers), self.pieces))
        for t in range(self.horizon):
            discount = (1 + RATE) ** -t
            rows = np.broadcast_to(BASE, (plans, 4, 4)).copy()
            cash = np.broadcast_to(self.cash, (plans, 4)).copy()
            referral = np.full(plans, self.referral)
            arriving = np.full(plans, 100.0 if t >= self.arrives_from else 0.0)
            paid = np.zeros((plans, len(self.levers)))
            for k, lever in enumerate(self.levers):
                runs = t >= lever["from"] and (lever["until"] is None or t < lever["until"])
                paid[:, k] = levels[:, k, self.piece_of[t]] if runs else 0
                effective[:, k] = (1 - lever["carry"]) * paid[:, k] + lever["carry"] * effective[:, k]
                ratio = effective[:, k] / lever["half"]
                if lever["steepness"]:
                    with np.errstate(over="ignore", invalid="ignore"):
                        odds = ratio ** lever["steepness"]
                        share = np.where(np.isinf(odds), 1.0, odds / (1 + odds))
                else:
                    share = -np.expm1(-math.log(2) * ratio)
                value = lever["today"] + (lever["limit"] - lever["today"]) * share
                if lever["on"] == "arrivals":
                    arriving *= value
                elif lever["on"] == "cash":
                    cash[:, FAN] += value - lever["today"]
                elif lever["on"] == "referral":
                    referral += value - lever["today"]
                else:
                    i, j = lever["where"]
                    scale = (1 - value) / (1 - BASE[i, j])
                    rows[:, i, :] *= scale[:, None]
                    rows[:, i, j] = value
            people[:, PROSPECT] += arriving
            for k, lever in enumerate(self.levers):
                heads = 1.0 if lever["state"] is None else people[:, lever["state"]]
                cost = discount * paid[:, k] * heads
                spend[:, k, self.piece_of[t]] += cost
                equity -= cost
            equity += discount * (people * cash).sum(axis=1)
            brought = referral * people[:, FAN]
            people = np.einsum("bi,bij->bj", people, rows)
            people[:, PROSPECT] += brought
        return equity, spend.reshape(plans, -1)

    def usable(self):
        """By place whether somebody is there, or may be."""
        _, spend = self.evaluate(np.tile(np.repeat([lever["half"] for lever in self.levers], self.pieces), (1, 1)))
        return spend[0] > 0

    def steps(self, levels):
        halves = np.repeat([lever["half"] for lever in self.levers], self.pieces)
        return 1e-6 * np.maximum(levels, halves)

    def slopes(self, levels, one_sided=False):
        """Of equity and of total and lever-wise spend by level, by differences."""
        step = self.steps(levels)
        below = np.where((levels < step) | one_sided, 0.0, step)
        up = levels + np.diag(step)
        down = levels - np.diag(below)
        e_up, s_up = self.evaluate(up)
        e_down, s_down = self.evaluate(down)
        width = step + below
        return (e_up - e_down) / width, (s_up - s_down) / width[:, None]


class Search:
    """The best plan of a problem within a budget, by SLSQP in levels measured in half_spends."""

    def __init__(self, problem, budget):
        self.problem, self.budget = problem, budget
        self.usable = problem.usable()
        self.halves = np.repeat([lever["half"] for lever in problem.levers], problem.pieces)
        self.groups = [(np.ones(problem.places, bool), budget)]
        for _, _, levers, most in problem.limits:
            on = np.zeros(problem.places, bool)
            for lever in levers:
                on[lever * problem.pieces:(lever + 1) * problem.pieces] = True
            self.groups.append((on, most))

    def levels(self, x):
        full = np.zeros(self.problem.places)
        full[self.usable] = np.maximum(x, 0) * self.halves[self.usable]
        return full

    def keeps(self, levels, slack=1e-9):
        _, spend = self.problem.evaluate(levels)
        return all(spend[0][on].sum() <= most * (1 + slack) for on, most in self.groups)

    def scaled(self, x):
        """Within all limits, by scaling down."""
        for _ in range(60):
            _, spend = self.problem.evaluate(self.levels(x))
            over = max(spend[0][on].sum() / max(most, TINY) for on, most in self.groups)
            if over <= 1:
                break
            x = x * min(0.999, 1 / over)
        return x

    def climb(self, x, rounds=200):
        problem, usable, halves = self.problem, self.usable, self.halves[self.usable]
        size = max(self.budget, TINY)
        start, _ = problem.evaluate(self.levels(x))
        gain = max(abs(problem.slopes(self.levels(x))[0][usable] * halves).max(), TINY)

        def value(x):
            return -(problem.evaluate(self.levels(x))[0][0] - start[0]) / gain

        def slope(x):
            return -problem.slopes(self.levels(x))[0][usable] * halves / gain

        def room(x):
            _, spend = problem.evaluate(self.levels(x))
            return np.array([(most - spend[0][on].sum()) / size for on, most in self.groups])

        def room_slope(x):
            _, by_level = problem.slopes(self.levels(x))
            return np.array([-(by_level[usable][:, on].sum(axis=1) * halves) / size for on, _ in self.groups])

        found = minimize(value, x, jac=slope, method="SLSQP", bounds=[(0, None)] * len(x),
                         constraints=[{"type": "ineq", "fun": room, "jac": room_slope}],
                         options={"maxiter": rounds, "ftol": 1e-13})
        return self.scaled(np.maximum(found.x, 0))

    def best(self, starts):
        best = None
        for start in starts:
            x = self.climb(self.scaled(start))
            equity = self.problem.evaluate(self.levels(x))[0][0]
            if best is None or equity > best[0]:
                best = (equity, x)
        return best


def run(program, problem):
    words = [program, "optimize", "-", "--budget", repr(problem.budget), "--pieces", str(problem.pieces), "--format",
             "json", "--threads", "1"]
    for option, name, _, most in problem.limits:
        words += [option, f"{name}={most!r}"]
    done = subprocess.run(words, input=problem.text().encode(), capture_output=True, check=False, timeout=600)
    if done.returncode != 0:
        raise AssertionError(f"status {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout)


def complaints_about(problem, answer, starts):
    luck = random.Random(problem.seed)
    levels = np.array([level for lever in answer["levers"] for level in lever["levels"]])
    returns = [r for lever in answer["levers"] for r in lever["marginal_return_by_piece"]]
    standings = [s for lever in answer["levers"] for s in lever["standing_by_piece"]]
    equity, spend = problem.evaluate(levels)
    equity, spend = equity[0], spend[0]
    search = Search(problem, problem.budget)
    rounding = 1e-10 * abs(equity)
    if abs(equity - answer["customer_equity"]) > rounding:
        yield f"the plan is worth {equity!r} here and {answer['customer_equity']!r} there"
    if not search.keeps(levels):
        yield "the plan does not keep its limits"
    for k in range(problem.places):
        if levels[k] > 0 and not spend[k] > 0:
            yield f"place {k} is at {levels[k]} and costs nothing"
        if (standings[k] == "unusable") != (not search.usable[k]):
            yield f"place {k} is said to be {standings[k]}, and somebody is there: {search.usable[k]}"
        if standings[k] == "unusable" and (levels[k] > 0 or returns[k] is not None):
            yield f"place {k} is unusable, at {levels[k]} and returns {returns[k]}"
    if not search.usable.any():
        if answer["left_over_for"] != "nobody":
            yield f"nobody is there, and left over is for {answer['left_over_for']}"
        return

    # value: no other start ends higher, and the answer cannot be climbed from
    own = levels[search.usable] / search.halves[search.usable]
    scale = abs(answer["incremental_value"]) + rounding
    points = [own] + [np.array([luck.uniform(0, 3) * (luck.random() < 0.6) for _ in own]) for _ in range(starts)]
    best, _ = search.best(points)
    if best > equity + 1e-6 * scale + rounding:
        yield f"another plan adds {(best - equity) / scale:.2e} of the gain more ({best!r} for {equity!r})"

    # marginal returns by differences
    slopes, by_spend = problem.slopes(levels)
    total = by_spend.sum(axis=1)
    largest = max([abs(r) for r in returns if r is not None] + [1])
    noise = 4e-16 * abs(equity) / (problem.steps(levels) * np.maximum(abs(total), TINY))
    for k in range(problem.places):
        if returns[k] is None:
            continue
        bends_at_zero = levels[k] == 0 and problem.levers[k // problem.pieces]["steepness"] not in (None, 1)
        expected = slopes[k] / total[k]
        allowed = (4e-3 if bends_at_zero else 1e-4) * largest + 4 * noise[k]  # 1e-6 to the power of 0.5 and more
        if abs(returns[k] - expected) > allowed:
            yield f"place {k} returns {returns[k]}, by differences {expected}"

    # the conditions, and the price between what one unit less and one more bring
    price = answer["shadow_price"]
    if not (math.isfinite(price) and price >= 0):
        yield f"shadow price {price}"
    for k in range(problem.places):
        # a lever that brings people under another lever's limit returns more or less than the price of the budget
        if standings[k] == "inside" and not problem.limits and abs(returns[k] - price) > 1e-4 * largest:
            yield f"place {k} is inside and returns {returns[k]} at a shadow price of {price}"
    if answer["certificate"]["residual"] > 1e-5:
        yield f"residual {answer['certificate']['residual']}"
    step = 1e-3 * problem.budget
    if answer["left_over_for"] is None and 1e-4 * step * largest > 1e3 * rounding:
        around = []
        for budget in (problem.budget - step, problem.budget + step):
            moved = Search(problem, budget)
            around.append(moved.best([own * budget / problem.budget, own])[0])
        less, more = (equity - around[0]) / step, (around[1] - equity) / step
        allowed = 2e-3 * largest + 4 * rounding / step
        if not min(less, more) - allowed <= price <= max(less, more) + allowed:
            yield f"shadow price {price}, one unit less costs {less} and one more brings {more}"
    if answer["left_over_for"] == "returns":
        for k in range(problem.places):
            if returns[k] is not None and returns[k] > 1e-4 * largest and standings[k] in ("inside", "off"):
                yield f"money is left over for want of returns, and place {k} returns {returns[k]}"
    if answer["left_over_for"] == "limits":
        if not any(r is not None and r > 0 for r in returns):
            yield "limits are said to hold what would return nothing"


def judged(program, seed, starts):
    problem = Problem(seed)
    try:
        return list(complaints_about(problem, run(program, problem), starts))
    except (AssertionError, subprocess.TimeoutExpired) as error:
        return [str(error)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--starts", type=int, default=4)
    parser.add_argument("--show", action="store_true", help="print the model file of the first seed and end")
    asked = parser.parse_args()
    if asked.show:
        problem = Problem(asked.first)
        print(problem.text(), "#", problem.budget, problem.pieces, problem.limits)
        return 0
    seeds = range(asked.first, asked.first + asked.count)
    differ = 0
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for seed, complaints in zip(seeds, pool.map(judged, [asked.program] * asked.count, seeds,
                                                    [asked.starts] * asked.count, chunksize=1)):
            differ += bool(complaints)
            for complaint in complaints:
                print(f"seed {seed}: {complaint}", flush=True)
    print(f"{asked.count - differ} problems agree, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
