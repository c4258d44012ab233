#!/usr/bin/env python3
"""Compares `tenure value` and `tenure compare` with the rational oracle on random models.

A figure may be off by `--tolerance` of its scale, which is the same figure with the absolute value of every cash
flow and spend: a small difference of large amounts is not asked to be more exact than the amounts. In an
infinite horizon the tolerance grows with the condition of the system that is solved, once that passes what
`--tolerance` covers (a stay of 1-1e-9 without discount is a sum over 1e9 periods); `--strict` takes this back.
Expected head counts may also be off by a rounding of the row's probabilities, a few 1e-16 of all people there.
Null stands exactly where the contract says so. Figures of which it does not say what they are (an infinite
number of people, say) have to be null or a number, no more.

Models that differ are kept, one file each, and one line each says what differs.

`--whole` takes the second family of random models and whole_model_oracle.py, segments included; a dwell time that
is cut in an infinite horizon and integrals over persons leave less digits, so that the tolerance is wider there.
"""

import argparse
import copy
import json
import math
import multiprocessing
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from fractions import Fraction

import random_models
import rational_oracle
import whole_model_oracle
from rational_oracle import UNSPECIFIED, Figure, Spread

TIME_LIMIT = 120
ROUNDING = 2.0 ** -50
BUDGET_TOLERANCE = 1e-9
SAME_LEVEL = 1e-7
ERROR_BAD_MODEL = 3
TOLERANCE, WHOLE_TOLERANCE = 1e-11, 1e-9


class Differences(list):
    """What differs in one model: sentences, in the order found."""

    def __init__(self, tolerance, strict):
        super().__init__()
        self.tolerance, self.strict, self.notes = tolerance, strict, []
        self.allowed = tolerance

    def enter_scenario(self, expected, found=None):
        """Sets the tolerance of a scenario's figures: what it reports itself as its error is allowed, too."""
        self.allowed = max(self.tolerance, (found or {}).get("quadrature_error", 0))
        if not self.strict:
            self.allowed = max(self.allowed, ROUNDING * float(expected["condition"]))

    def add(self, where, found, expected, remark=""):
        self.append(f"{where}: program {found!r}, oracle {expected!r}{remark}")


# --- one figure ---------------------------------------------------------------------------------------------

def is_number(found):
    return isinstance(found, (int, float)) and not isinstance(found, bool) and math.isfinite(found)


def compare_figure(differences, where, found, expected):
    """A figure, a standard deviation, a list or table of them, or something that must be the same."""
    if expected is UNSPECIFIED:
        if found is not None and not is_number(found):
            differences.add(where, found, "null or a number")
    elif isinstance(expected, dict):
        compare_table(differences, where, found, expected)
    elif isinstance(expected, list):
        compare_list(differences, where, found, expected)
    elif isinstance(expected, (Figure, Spread)):
        if not is_number(found):
            differences.add(where, found, rational_oracle.plain(expected))
        elif isinstance(expected, Figure):
            compare_number(differences, where, found, expected)
        else:
            compare_spread(differences, where, found, expected)
    elif found != expected or type(found) is not type(expected):
        differences.add(where, found, expected)


def compare_table(differences, where, found, expected):
    if not isinstance(found, dict):
        differences.add(where, found, "an object")
        return
    for key, figure in expected.items():
        if key not in found:
            differences.add(f"{where} {key}", "nothing", rational_oracle.plain(figure))
        else:
            compare_figure(differences, f"{where} {key}", found[key], figure)


def compare_list(differences, where, found, expected):
    if not isinstance(found, list) or len(found) != len(expected):
        differences.add(where, found, f"{len(expected)} of them")
        return
    for k, (one, other) in enumerate(zip(found, expected)):
        compare_figure(differences, f"{where}[{k}]", one, other)


def compare_number(differences, where, found, expected):
    error = abs(Fraction(found) - Fraction(expected.value))
    allowed = Fraction(differences.allowed) * Fraction(expected.scale) + Fraction(ROUNDING) * Fraction(expected.floor)
    if error > allowed:
        scale = float(error / Fraction(expected.scale)) if expected.scale else math.inf
        differences.add(where, found, float(expected.value), f" (off by {scale:.2g} of its scale)")


def compare_spread(differences, where, found, expected):
    """Standard deviations by their squares."""
    error = abs(Fraction(found) ** 2 - Fraction(expected.variance))
    if found < 0 or error > Fraction(differences.allowed) * Fraction(expected.scale):
        differences.add(where, found, rational_oracle.plain(expected),
                        f" (square off by {float(error / Fraction(expected.scale or 1)):.2g} of the second moment)")


# --- one output ---------------------------------------------------------------------------------------------

def compare_value(differences, found, evaluation):
    """What `tenure value` printed."""
    head = {key: evaluation[key] for key in rational_oracle.HEAD_KEYS}
    head["discount_factor"] = Figure(Fraction(evaluation["discount_factor"]), 0)
    compare_table(differences, "value", found, head)
    keys = [key for key in rational_oracle.value_keys(evaluation["scenarios"][0]) if key != "levers"]
    compare_scenarios(differences, "value", found, evaluation, keys)
    for one, other in zip(found.get("scenarios", []), evaluation["scenarios"]):
        differences.enter_scenario(other)
        compare_levers(differences, f"value {other['name']!r}", one, other)


def compare_comparison(differences, found, evaluation):
    """What `tenure compare` printed."""
    compare_table(differences, "compare", found, {"reference": evaluation["reference"]})
    keys = [key for key in rational_oracle.COMPARE_KEYS
            if key not in ("levers", "payback_period", "return_on_investment")]
    compare_scenarios(differences, "compare", found, evaluation, keys)
    reference = next(s for s in evaluation["scenarios"] if s["name"] == evaluation["reference"])
    for one, other in zip(found.get("scenarios", []), evaluation["scenarios"]):
        where = f"compare {other['name']!r}"
        differences.enter_scenario(max(other, reference, key=lambda scenario: scenario["condition"]))
        compare_return(differences, where, one, other)
        compare_payback(differences, where, one, other)


def compare_scenarios(differences, where, found, evaluation, keys):
    expected = evaluation["scenarios"]
    reference = next(s for s in expected if s["name"] == evaluation["reference"])
    names = [scenario["name"] for scenario in found.get("scenarios", [])]
    if names != [scenario["name"] for scenario in expected]:
        differences.add(f"{where} scenarios", names, [scenario["name"] for scenario in expected])
        return
    for one, other in zip(found["scenarios"], expected):
        for key in keys:
            versus = max(other, reference, key=lambda s: s["condition"]) if key == "incremental_value" else other
            differences.enter_scenario(versus, one)
            compare_table(differences, f"{where} {other['name']!r}", one, {key: other[key]})


def compare_return(differences, where, found, expected):
    """The return on investment; where the investments are the same but for rounding, null or anything."""
    ratio = expected["return_on_investment"]
    extra = expected.get("extra_investment")
    if extra is not None and extra.value != 0:
        if abs(extra.value) <= Fraction(differences.allowed) * Fraction(extra.scale):
            ratio = UNSPECIFIED
    if isinstance(ratio, Figure):
        ratio = Figure(*(Fraction(part) for part in ratio))
    compare_table(differences, where, found, {"return_on_investment": ratio})


def compare_payback(differences, where, found, expected):
    """The payback period: from it on the lead is not negative, before it is, but for rounding."""
    right = expected["payback_period"]
    if "payback_period" not in found or right is UNSPECIFIED or "lead" not in expected:
        compare_table(differences, where, found, {"payback_period": right})
        return
    period, lead = found["payback_period"], expected["lead"]
    possible = period is None or type(period) is int and 0 <= period < len(lead)
    if not possible or not is_payback(differences, len(lead) if period is None else period, lead):
        differences.add(f"{where} payback_period", period, right)


def is_payback(differences, period, lead):
    slack = [Fraction(differences.allowed) * Fraction(step.scale) for step in lead]
    ahead = all(step.value >= 0 or -Fraction(step.value) <= slack[t] for t, step in enumerate(lead) if t >= period)
    return ahead and (period == 0 or Fraction(lead[period - 1].value) <= slack[period - 1])


def compare_levers(differences, where, found, expected):
    """Spend levels, the present value of each, and what a budget asked for."""
    given = {lever.get("name"): lever for lever in found.get("levers") or []}
    if "budget" in expected and not given:
        differences.add(f"{where} levers", found.get("levers"), "the levels of the budget")
        return
    for lever in expected["levers"] if given else []:
        name = lever["name"]
        if name in given:
            compare_table(differences, f"{where} lever {name!r}", given[name], lever)
        elif lever["spend"].value != 0:
            differences.add(f"{where} lever {name!r}", "nothing", float(lever["spend"].value))
    compare_budget(differences, where, expected)


def compare_budget(differences, where, expected):
    if "budget" not in expected:
        return
    for lever in expected["levers"]:
        target, value = expected["targets"].get(lever["name"], 0), lever["investment"].value
        if abs(float(value - target)) > BUDGET_TOLERANCE * float(expected["budget"]):
            differences.append(f"{where} lever {lever['name']!r}: the level {float(lever['spend'].value)!r} spends "
                               f"{float(value)!r}, not {float(target)!r}")
        elif "bisected" in expected and lever["name"] in expected["targets"]:
            level, bisected = float(lever["spend"].value), float(expected["bisected"])
            if abs(level - bisected) > SAME_LEVEL * max(level, bisected):
                differences.notes.append(f"{where}: levels {level!r} and {bisected!r} both spend the budget")


# --- one model ----------------------------------------------------------------------------------------------

class Failed(Exception):
    """The program did not print what can be compared."""


def run(program, command, path):
    try:
        done = subprocess.run([program, command, str(path), "--format", "json"], capture_output=True,
                              timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired as expired:
        raise Failed(f"{command}: no answer within {TIME_LIMIT} s") from expired
    return done


def run_json(program, command, path):
    done = run(program, command, path)
    if done.returncode != 0:
        message = done.stderr.decode("utf-8", "replace").strip().replace("\n", " | ")
        raise Failed(f"{command}: exit status {done.returncode}: {message[:400]}")
    try:
        return json.loads(done.stdout, parse_constant=refuse_constant)
    except ValueError as error:
        raise Failed(f"{command}: not JSON: {error}") from error


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON number")


def levels_of(found):
    """The spend levels that the program found, by scenario."""
    return {scenario.get("name"): {lever["name"]: lever["spend"] for lever in scenario.get("levers") or []}
            for scenario in found.get("scenarios", [])}


def oracle(whole):
    return whole_model_oracle if whole else rational_oracle


def compare_documents(document, value, comparison, tolerance, strict, whole=False):
    """The differences of both outputs from the oracle; `comparison` is None for a model without arrivals."""
    differences = Differences(tolerance, strict)
    levels = levels_of(value)
    evaluation = oracle(whole).evaluate(document, given_levels=levels)
    compare_value(differences, value, evaluation)
    if comparison is not None:
        if levels_of(comparison) not in (levels, {name: {} for name in levels}):
            differences.add("compare levers", levels_of(comparison), levels)
        compare_comparison(differences, comparison, evaluation)
    return differences


def compare_seed(task):
    """(seed, sentences, notes) for one random model; its file stays in the folder."""
    program, seed, folder, tolerance, strict, whole = task
    path = pathlib.Path(folder) / f"model-{seed}.toml"
    text = random_models.random_model(seed, whole)
    path.write_text(text, encoding="utf-8")
    document = tomllib.loads(text)
    try:
        value = run_json(program, "value", path)
        comparison = None
        if document.get("arrivals"):
            comparison = run_json(program, "compare", path)
        else:
            status = run(program, "compare", path).returncode
            if status != ERROR_BAD_MODEL:
                raise Failed(f"compare: exit status {status} for a model without arrivals, not {ERROR_BAD_MODEL}")
        differences = compare_documents(document, value, comparison, tolerance, strict, whole)
    except Failed as failure:
        return seed, [str(failure)], []
    except Exception as error:  # an output so odd that reading it failed is a difference of this model, not the end
        return seed, [f"comparison stopped: {type(error).__name__}: {error}"], []
    if whole and differences and whole_model_oracle.rescales_draws(document):
        differences[0] += " (some persons' rows are rescaled)"
    return seed, list(differences), differences.notes


def compare_seeds(arguments, folder):
    """Yields (seed, sentences, notes), in the order of the seeds."""
    tasks = [(arguments.program, seed, folder, arguments.tolerance, arguments.strict, arguments.whole)
             for seed in range(arguments.first, arguments.first + arguments.count)]
    if arguments.jobs == 1:
        yield from map(compare_seed, tasks)
        return
    with multiprocessing.Pool(arguments.jobs) as pool:
        yield from pool.imap(compare_seed, tasks, chunksize=8)


def keep(path, folder):
    """Moves the file of a model that differs to where it stays."""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.copy(path, folder / path.name)


def compare_all(arguments):
    """The number of models that differ."""
    failed = several = 0
    with tempfile.TemporaryDirectory(prefix="tenure-oracle-") as folder:
        for done, (seed, sentences, notes) in enumerate(compare_seeds(arguments, folder), 1):
            path = pathlib.Path(folder) / f"model-{seed}.toml"
            if sentences:
                failed += 1
                more = f"; and {len(sentences) - 1} more" if len(sentences) > 1 else ""
                print(f"seed {seed}: {sentences[0]}{more} [{keep(path, arguments.keep)}]", flush=True)
            path.unlink()
            several += bool(notes)
            if sys.stderr.isatty():
                print(f"\r{done} of {arguments.count} models, {failed} differ ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if several:
        print(f"{several} models have a budget that more than one level spends")
    print(f"{arguments.count - failed} models agree, {failed} differ")
    return failed


# --- self-test ----------------------------------------------------------------------------------------------

def leaves(tree, path=()):
    """The paths of all figures that are not zero by nature."""
    if isinstance(tree, Figure):
        if tree.scale != 0:
            yield path
    elif isinstance(tree, Spread):
        if tree.scale != 0:
            yield path
    elif isinstance(tree, (dict, list)):
        for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(item, (*path, key))


def moved(figure, part):
    """The figure, off by a part of its scale (and of what rounding may cost a head count)."""
    part = Fraction(part)
    if isinstance(figure, Spread):
        return Spread(Fraction(figure.variance) + part * Fraction(figure.scale), Fraction(figure.scale))
    slack = part * Fraction(figure.scale) + 3 * Fraction(ROUNDING) * Fraction(figure.floor)
    return Figure(Fraction(figure.value) + slack, Fraction(figure.scale), Fraction(figure.floor))


def self_test(first, count, tolerance, whole):
    """Doubles agree with the oracle on every figure; each figure moved by three tolerances is noticed."""
    mutants = 0
    for seed in range(first, first + count):
        document = tomllib.loads(random_models.random_model(seed, whole))
        doubles = oracle(whole).evaluate(document, "double")
        value, comparison = (rational_oracle.as_output(doubles, compare) for compare in (False, True))
        comparison = comparison if document.get("arrivals") else None
        differences = compare_documents(document, value, comparison, tolerance, False, whole)
        assert not differences, f"seed {seed}: {differences[0]}"
        evaluation = oracle(whole).evaluate(document, given_levels=levels_of(value))
        for k, scenario in enumerate(evaluation["scenarios"]):
            shown = {key: scenario[key] for key in rational_oracle.value_keys(scenario) if key != "levers"}
            paths = list(leaves(shown))
            for path in paths[::max(1, len(paths) // 12)]:
                changed = evaluation | {"scenarios": list(evaluation["scenarios"])}
                part = 3 * max(tolerance, ROUNDING * float(scenario["condition"]))
                changed["scenarios"][k] = with_moved(scenario, path, part)
                noticed = Differences(tolerance, False)
                compare_value(noticed, value, changed)
                assert noticed, f"seed {seed}: {path} moved, and nobody noticed"
                mutants += 1
    print(f"{count} models agree with their doubles, {mutants} moved figures noticed")


def with_moved(tree, path, part):
    """A copy of nested tables and lists with one figure moved by a part of its scale."""
    if not path:
        return moved(tree, part)
    changed = copy.copy(tree)
    changed[path[0]] = with_moved(tree[path[0]], path[1:], part)
    return changed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", help="the program `tenure`")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=500, help="how many seeds")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--whole", action="store_true", help="the second family of models, with every feature")
    parser.add_argument("--tolerance", type=float,
                        help=f"part of a figure's scale ({TOLERANCE}; with --whole {WHOLE_TOLERANCE})")
    parser.add_argument("--strict", action="store_true", help="the same tolerance for badly conditioned models")
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("oracle-differences"),
                        help="where the files of models that differ stay")
    parser.add_argument("--self-test", action="store_true", help="try the comparison itself, without a program")
    arguments = parser.parse_args()
    if arguments.tolerance is None:
        arguments.tolerance = WHOLE_TOLERANCE if arguments.whole else TOLERANCE
    if arguments.self_test:
        self_test(arguments.first, min(arguments.count, 100), arguments.tolerance, arguments.whole)
        return 0
    if arguments.program is None:
        parser.error("--program is needed")
    return 1 if compare_all(arguments) else 0


if __name__ == "__main__":
    sys.exit(main())
