#!/usr/bin/env python3
"""Judges simulations of random whole models by the exact mean and variance of each, all models together.

For every model that the exact engine values over a finite horizon, `tenure simulate` follows persons (those who enter
one state) and draws whole businesses. Each gives a mean and, where its law is known, a variance; each
becomes a number z that a true engine makes standard normal. Models with events rarer than one in 10,000 are left out. Five verdicts on all others:

  1. no |z| beyond what one of so many reaches with probability 1e-9;
  2. the sum of squares, by its chi-squared law: people or replicates who share luck stray too far, all a little;
  3. the sum, by its normal law: small biases of one sign stray together;
  4. the largest distance of their distribution from the normal one (Kolmogorov, Massart's bound);
  5. what is certain comes out as it is, to rounding.

Laws of means over thousands are normal but for their skewness γ, which moves a far tail: a z is first brought back by
Cornish and Fisher's γ(z² - 1)/6√n. Verdicts 2 to 4 allow z a standard deviation of 1 ± 0.03 for what remains.

`--control NAME` simulates models that are not quite those they are judged by, or judges as if people shared their luck in pairs or had another deviation; it succeeds if the verdicts named by `--falls` do, and one at least.
"""

import argparse
import json
import math
import multiprocessing
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import random_models

PEOPLE = 20480
REPLICATES = 1024
FALSE_ALARM = 1e-9
ALLOWANCE = 0.03
TIME_LIMIT = 300
RARE = 1e-4


def more_discounted(text):
    return re.sub(r"^discount_rate = (.*)$", lambda m: f"discount_rate = {float(m[1]) * 1.05 + 0.002}", text, flags=re.M)


def scaled(text, before, factor):
    """Every number after some words, multiplied."""
    return re.sub(f"({before})([0-9.eE+-]+)", lambda m: f"{m[1]}{float(m[2]) * factor}", text)


def wider_events(text):
    return scaled(text, r'"varies" = \{ "sd" = ', 1.3)


def longer_stays(text):
    text = re.sub(r'("periods" = )(\d+)', lambda m: f"{m[1]}{int(m[2]) + 1}", text)
    text = re.sub(r'("hazard" = \[)', r"\g<1>0.0, ", text)
    return scaled(text, r'"scale" = ', 1.2)


def paid_later(text):
    return re.sub(r'^cash_flow_timing = "start"$', 'cash_flow_timing = "middle"', text, flags=re.M)


CONTROLS = {"more discounted": more_discounted, "wider events": wider_events, "longer stays": longer_stays,
            "paid later": paid_later, "shared luck": None, "wrong deviation": None}


class NoAnswer(Exception):
    """The program has nothing to compare for this model."""


def run(program, path, *arguments):
    done = subprocess.run([program, arguments[0], str(path), *arguments[1:], "--format", "json", "--quiet"], capture_output=True,
                          timeout=TIME_LIMIT, check=False)
    if done.returncode in (4, 6):
        raise NoAnswer(done.stderr.decode("utf-8", "replace"))
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]}: exit status {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
    return json.loads(done.stdout)


def kurtosis(scenario):
    """Of the simulated values, from their histogram."""
    edges, counts = scenario["histogram"]["edges"], scenario["histogram"]["counts"]
    mean, sd, total = scenario["mean"], scenario["sd"], sum(counts)
    middles = [(a + b) / 2 for a, b in zip(edges, edges[1:])]
    return sum(n * ((x - mean) / sd) ** 4 for n, x in zip(counts, middles)) / total


def corrected(z, skewness, count):
    """Without the skewness of a mean over `count`."""
    z = max(-40.0, min(40.0, z))
    return z - (skewness or 0) * (min(z * z, 36) - 1) / (6 * math.sqrt(count))


def figures_in(table, keys):
    """All numbers that stand under some keys of a document, at any depth."""
    if isinstance(table, list):
        return [x for each in table for x in figures_in(each, keys)]
    if not isinstance(table, dict):
        return []
    found = []
    for key, value in table.items():
        if key in keys:
            values = [value] if not isinstance(value, dict) else [value.get("mean", 0), *value.get("schedule", [])]
            found += [x for x in values if isinstance(x, (int, float))]
        found += figures_in(value, keys)
    return found


def has_rare_events(document):
    """Whether something in a model happens, or fails to happen, so rarely that thousands of lives tell nothing of it."""
    chances = figures_in(document, ("probability", "limit"))
    rates = figures_in(document, ("per_period",))
    return any(0 < x < RARE or 0 < 1 - x < RARE for x in chances) or any(0 < x < RARE for x in rates)


def numbers_of(scenario, exact_mean, exact_sd, shares_market, count, rounding):
    """(z of the mean, z of the variance); None where there is no law, NaN-free. Certain values give a sentence."""
    scale = abs(exact_mean) + (exact_sd or 0)
    if exact_sd is not None and exact_sd <= max(1e-7 * scale, 10 * rounding):
        off = abs(scenario["mean"] - exact_mean) > 1e-8 * scale + rounding
        return None, None, f"{scenario['mean']} is not {exact_mean}" if off else None
    error = scenario["standard_error"]
    if exact_sd is not None and not shares_market:
        error = exact_sd / math.sqrt(count)
    if not error:
        return None, None, None
    skewness = scenario["skewness"]
    if shares_market:
        count = count / 64
        skewness = 0
    z_mean = corrected((scenario["mean"] - exact_mean) / error, skewness, count)
    if exact_sd is None or shares_market or not scenario["sd"] or abs(scenario["skewness"] or 0) > 6:
        return z_mean, None, None
    spread = max(kurtosis(scenario) - 1, 0.1)
    z_variance = (scenario["sd"] ** 2 / exact_sd ** 2 - 1) / math.sqrt(spread / count)
    return z_mean, z_variance, None


def least_rare(value):
    """The state whose value is least a matter of rare events: some thousand lives tell nothing of those."""
    states = value["scenarios"][0]["states"]
    def sureness(state):
        return abs(state["clv"]) / state["clv_sd"] if state["clv"] and state["clv_sd"] else 0
    return max(range(len(states)), key=lambda place: sureness(states[place]))


def persons(program, path, judged, seed, value, rounding):
    place = least_rare(value)
    name = value["scenarios"][0]["states"][place]["name"]
    found = run(program, path, "simulate", "--engine", "individual", "--people", str(PEOPLE), "--seed", str(seed),
                "--threads", "1", f"--from={name}", "--scenario", "baseline")
    state = judged["scenarios"][0]["states"][place]
    if state["clv"] is None:
        raise NoAnswer
    scenario = found["scenarios"][0]
    return numbers_of(scenario, state["clv"], state["clv_sd"], scenario["risk"] is not None, PEOPLE,
                      rounding)


def businesses(program, path, judged, seed, rounding):
    exact = judged["scenarios"][0]
    if exact["customer_equity"] is None or exact["risk"] is None:
        raise NoAnswer
    found = run(program, path, "simulate", "--engine", "population", "--replicates", str(REPLICATES), "--seed", str(seed),
                "--threads", "1", "--scenario", "baseline")
    return numbers_of(found["scenarios"][0], exact["customer_equity"], exact["risk"]["sd"], False, REPLICATES,
                      rounding)


def simulate_seed(task):
    """{engine: numbers} of one model, and how it is judged."""
    program, seed, folder, control = task
    path = pathlib.Path(folder) / f"model-{seed}.toml"
    text = random_models.random_model(seed, True)
    path.write_text(text, encoding="utf-8")
    document = tomllib.loads(text)
    found = {}
    if has_rare_events(document):
        return found
    # persons' money is counted in units of 2^-39 of the widest range of amounts
    rounding = 1e-10 * max(map(abs, figures_in(document, ("cash_flow",))), default=0)
    try:
        judged = run(program, path, "value", "--scenario", "baseline")
        if judged["horizon"] == "infinite":
            return found
        if CONTROLS.get(control):
            path.write_text(CONTROLS[control](text), encoding="utf-8")
        value = run(program, path, "value", "--scenario", "baseline") if CONTROLS.get(control) else judged
        for engine, numbers in (("individual", lambda: persons(program, path, judged, seed, value, rounding)),
                                ("population", lambda: businesses(program, path, judged, seed, rounding))):
            try:
                found[engine] = numbers()
            except NoAnswer:
                pass
    except NoAnswer:
        pass
    finally:
        path.unlink()
    return found


def normal_tail(z):
    return math.erfc(abs(z) / math.sqrt(2))


def verdicts(numbers, broken):
    """The five, each as (what was seen, whether it falls)."""
    n = len(numbers)
    far = max(numbers, key=abs)
    limit = 6.7 * (1 + ALLOWANCE)  # normal_tail(6.7) · 1000 < 1e-7; far tails of means of skewed amounts are heavier
    squares = sum(z * z for z in numbers)
    spread = math.sqrt(2 * n)
    total = sum(numbers) / math.sqrt(n)
    ordered = sorted(numbers)
    distance = max(max(abs((k + 1) / n - 0.5 * math.erfc(-z / math.sqrt(2))),
                       abs(k / n - 0.5 * math.erfc(-z / math.sqrt(2)))) for k, z in enumerate(ordered))
    # a standard deviation of 1 ± a moves the normal distribution function by at most a·φ(1) = 0.242 a
    reach = math.sqrt(math.log(2 / FALSE_ALARM) / (2 * n)) + 0.242 * ALLOWANCE
    return [("largest", far, abs(far) > limit),
            ("sum of squares, standardised", (squares - n) / spread, abs(squares - n) > 6.2 * spread + 2 * ALLOWANCE * n),
            ("sum, standardised", total, abs(total) > 6.2 * (1 + ALLOWANCE)),
            ("distance from normal", distance, distance > reach),
            ("certain values broken", broken, broken > 0)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--control", choices=sorted(CONTROLS))
    parser.add_argument("--falls", type=int, nargs="*", default=[], choices=range(1, 6),
                        help="the verdicts that must fall with the control, by number, for some engine and figure")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.count)
    found = {"individual": [], "population": []}
    with tempfile.TemporaryDirectory(prefix="tenure-agree-") as folder:
        tasks = [(arguments.program, seed, folder, arguments.control) for seed in seeds]
        with multiprocessing.Pool(arguments.jobs) as pool:
            for numbers in pool.imap(simulate_seed, tasks, chunksize=4):
                for engine, of_model in numbers.items():
                    found[engine].append(of_model)
    fallen = set()
    for engine, of_models in found.items():
        factor = {"shared luck": math.sqrt(2), "wrong deviation": 1 / 0.7}.get(arguments.control, 1)
        means = [mean * factor for mean, _, _ in of_models if mean is not None]
        variances = [variance for _, variance, _ in of_models if variance is not None]
        broken = [sentence for _, _, sentence in of_models if sentence]
        print(f"{engine}: {len(of_models)} models, {len(means)} means and {len(variances)} variances of chance")
        for what, numbers in (("means", means), ("variances", variances)):
            for place, (name, seen, falls) in enumerate(verdicts(numbers, len(broken)), 1):
                print(f"  {what}, verdict {place}: {name} {seen:.4g}{'  FALLS' if falls else ''}")
                if falls:
                    fallen.add(place)
        for sentence in broken[:5]:
            print(f"  {sentence}")
    if arguments.control:
        stands = sorted(set(arguments.falls) - fallen)
        print(f"verdicts that fall: {sorted(fallen)}" + (f"; {stands} should" if stands else ""))
        return 0 if fallen and not stands else 1
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
