#!/usr/bin/env python3
"""Measures how fast lives are simulated in Python, on the chain of bench/life_chain.hpp: in numpy, plainly and with
those who have left taken out, and in numba where it is installed, alone and on arrays. Wants numpy; no test does.

    scripts/bench_rivals.py [--lives N] [--seconds S] [--json FILE]

Each way is checked before it counts: its mean must be within five standard errors of the exact one, computed here by the
backward recursion. Prints live customers advanced by a period, per second of one processor's time.
"""

import argparse
import json
import math
import pathlib
import platform
import re
import sys
import time

try:
    import numpy
except ImportError:
    sys.exit("bench_rivals.py wants numpy (Debian's python3-numpy)")

PERIODS = 240


def life_chain():
    """Rows, rewards and discount factor, read from the header that the C++ benchmarks use."""
    header = pathlib.Path(__file__).resolve().parent.parent / "bench" / "life_chain.hpp"
    text = header.read_text(encoding="utf-8")

    def numbers(name):
        body = re.search(name + r"\[[^=]*=\s*(\{.*?\});", text, re.DOTALL).group(1)
        return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", body)]

    rewards = numpy.array(numbers("life_rewards"))
    rows = numpy.array(numbers("life_rows")).reshape(len(rewards), len(rewards))
    discount = float(re.search(r"monthly_discount = ([0-9.]+)", text).group(1))
    assert numpy.allclose(rows.sum(axis=1), 1) and rows[-1, -1] == 1, "life_chain.hpp is not what it was"
    return rows, rewards, discount


def exact_moments(rows, rewards, discount):
    """Mean, standard deviation and live steps of a life from the first state."""
    mean, second, steps = (numpy.zeros(len(rewards)) for _ in range(3))
    alive = numpy.ones(len(rewards))
    alive[-1] = 0
    for _ in range(PERIODS):
        next_mean = discount * rows @ mean
        second = rewards**2 + 2 * rewards * next_mean + discount**2 * rows @ second
        mean = rewards + next_mean
        steps = alive + rows @ steps
    return mean[0], math.sqrt(second[0] - mean[0] ** 2), steps[0]


class Plainly:
    """Everybody takes a step in each period, those who have left as well."""

    def __init__(self, rows, rewards, discount):
        self.cumulated = numpy.cumsum(rows, axis=1)[:, :-1]
        self.rewards, self.discount = rewards, discount
        self.random = numpy.random.Generator(numpy.random.SFC64(1))

    def next_states(self, state):
        drawn = self.random.random(len(state))
        return (drawn[:, None] >= self.cumulated[state]).sum(axis=1)

    def __call__(self, lives):
        state = numpy.zeros(lives, dtype=numpy.int64)
        value = numpy.zeros(lives)
        factor = 1.0
        for _ in range(PERIODS):
            value += factor * self.rewards[state]
            state = self.next_states(state)
            factor *= self.discount
        return value


class Compacted(Plainly):
    """Only those who have not left are kept, and drawn for one state after the other by searching in its row."""

    def next_states(self, state):
        order = numpy.argsort(state.astype(numpy.uint8), kind="stable")  # a radix sort
        moved = numpy.empty(len(state), dtype=numpy.int64)
        ends = numpy.cumsum(numpy.bincount(state, minlength=len(self.rewards)))
        begin = 0
        drawn = self.random.random(len(state))
        for i, end in enumerate(ends):
            moved[order[begin:end]] = numpy.searchsorted(self.cumulated[i], drawn[begin:end], side="right")
            begin = end
        return moved

    def __call__(self, lives):
        person = numpy.arange(lives)
        state = numpy.zeros(lives, dtype=numpy.int64)
        value = numpy.zeros(lives)
        factor = 1.0
        for _ in range(PERIODS):
            value[person] += factor * self.rewards[state]
            state = self.next_states(state)
            alive = state != len(self.rewards) - 1
            person, state = person[alive], state[alive]
            factor *= self.discount
        return value


def numba_ways(rows, rewards, discount):
    """One life after the other, compiled; with a linear scan of the row, and with an alias table."""
    try:
        import numba
    except ImportError:
        print("numba is not installed: left out", file=sys.stderr)
        return {}
    cumulated = numpy.cumsum(rows, axis=1)
    size = len(rewards)

    @numba.njit
    def by_scan(lives):
        value = numpy.zeros(lives)
        for k in range(lives):
            state, factor, total = 0, 1.0, 0.0
            for _ in range(PERIODS):
                if state == size - 1:
                    break
                total += factor * rewards[state]
                factor *= discount
                drawn = numpy.random.random()
                j = 0
                while j < size - 1 and drawn >= cumulated[state, j]:
                    j += 1
                state = j
            value[k] = total
        return value

    threshold, other = alias_tables(rows)

    @numba.njit
    def by_alias(lives):
        value = numpy.zeros(lives)
        for k in range(lives):
            state, factor, total = 0, 1.0, 0.0
            for _ in range(PERIODS):
                if state == size - 1:
                    break
                total += factor * rewards[state]
                factor *= discount
                scaled = size * numpy.random.random()
                column = int(scaled)
                state = column if scaled - column < threshold[state, column] else other[state, column]
            value[k] = total
        return value

    return {"numba, a linear scan": by_scan, "numba, alias tables": by_alias}


def alias_tables(rows):
    """Vose 1991: for each state and column, the share that is the column's own, and whose the rest is."""
    size = len(rows)
    threshold = numpy.ones((size, size))
    other = numpy.tile(numpy.arange(size), (size, 1))
    for i in range(size):
        height = rows[i] * size
        low = [j for j in range(size) if height[j] < 1]
        high = [j for j in range(size) if height[j] >= 1]
        while low and high:
            small, large = low.pop(), high[-1]
            threshold[i, small], other[i, small] = height[small], large
            height[large] -= 1 - height[small]
            if height[large] < 1:
                low.append(high.pop())
    return threshold, other


def measure(way, lives, seconds):
    """Values of all lives, and the processor's time of a life."""
    way(16)  # compiles what is compiled
    values, spent = [], 0.0
    while spent < seconds:
        before = time.process_time()
        values.append(way(lives))
        spent += time.process_time() - before
    return numpy.concatenate(values), spent / (lives * len(values))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--lives", type=int, default=100_000, help="at once (default 100000)")
    parser.add_argument("--seconds", type=float, default=3.0, help="each way is measured for so long (default 3)")
    parser.add_argument("--json", help="write the figures to this file as well")
    options = parser.parse_args()
    rows, rewards, discount = life_chain()
    mean, deviation, steps = exact_moments(rows, rewards, discount)
    ways = {"numpy, plainly": Plainly(rows, rewards, discount), "numpy, compacted": Compacted(rows, rewards, discount)}
    ways.update(numba_ways(rows, rewards, discount))
    figures = []
    print("| who | customer-steps a second | ns a life | standard errors from the exact mean |")
    print("| --- | --- | --- | --- |")
    for name, way in ways.items():
        values, seconds = measure(way, options.lives, options.seconds)
        error = (values.mean() - mean) / (deviation / math.sqrt(len(values)))
        if not abs(error) < 5:
            sys.exit(f"{name}: the mean is {error:.1f} standard errors from the exact one")
        print(f"| {name} | {steps / seconds / 1e9:.3g} G | {seconds * 1e9:.4g} | {error:.2f} |", flush=True)
        figures.append({"name": name, "customer_steps": steps / seconds, "lives": 1 / seconds, "time_per_life": seconds})
    if options.json:
        context = {"python": platform.python_version(), "numpy": numpy.__version__}
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"context": context, "rivals": figures}, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
