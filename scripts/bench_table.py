#!/usr/bin/env python3
"""Turns the benchmark's JSON into a Markdown table with the machine and the compiler, and every rival's ratio to the
ways of simulating lives.

    bench_table.py build/bench.json [--json FILE] [--rivals FILE]

--json writes the same figures, without what only Google Benchmark needs; --rivals adds what bench_rivals.py wrote.
"""

import argparse
import json
import platform

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
STANDARD = {"name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index",
            "threads", "iterations", "real_time", "cpu_time", "time_unit"}


def processor():
    """The processor's name, where the system tells it, with the widest vectors that it has."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            facts = dict(map(str.strip, line.split(":", 1)) for line in lines if ":" in line)
    except OSError:
        return platform.machine()
    flags = facts.get("flags", "").split()
    vectors = next((name for flag, name in (("avx512_vbmi2", "AVX-512"), ("avx2", "AVX2"), ("sse4_1", "SSE4.1")) if flag in flags), "")
    family = f" (family {facts['cpu family']}, model {facts['model']})" if "cpu family" in facts else ""
    return facts.get("model name", platform.machine()) + family + (f", {vectors}" if vectors else "")


def readable(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9), ("ps", 1e-12)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def said(key, value):
    """A counter in words; those of time are in seconds."""
    is_time = key.startswith("time_per") or key.startswith("time_to") or key == "processor_time"
    return f"{key} {readable(value) if is_time else f'{value:.4g}'}"


def figures_of(document):
    """What each benchmark says: seconds, and its counters."""
    figures = []
    for run in document["benchmarks"]:
        if run.get("run_type", "iteration") != "iteration" or run.get("error_occurred"):
            continue
        real = run["name"].endswith(("real_time", "manual_time"))
        figure = {"name": run["name"], "seconds": run["real_time" if real else "cpu_time"] * UNITS[run["time_unit"]]}
        figure.update((key, value) for key, value in run.items() if key not in STANDARD and isinstance(value, (int, float)))
        figures.append(figure)
    return figures


def errors_of(document):
    return {run["name"]: run.get("error_message", "") for run in document["benchmarks"] if run.get("error_occurred")}


def print_figures(figures):
    print("| benchmark | time each | customer-steps a second | lives a second | other |")
    print("| --- | --- | --- | --- | --- |")
    known = {"name", "seconds", "customer_steps", "lives"}
    for figure in figures:
        others = ", ".join(said(key, value) for key, value in figure.items() if key not in known)
        steps = f"{figure['customer_steps'] / 1e9:.3g} G" if "customer_steps" in figure else ""
        lives = f"{figure['lives'] / 1e6:.3g} M" if "lives" in figure else ""
        print(f"| {figure['name']} | {readable(figure['seconds'])} | {steps} | {lives} | {others} |")


def ratios_of(figures):
    """How many times as fast as each rival the individual engine is."""
    steps = {figure["name"]: figure["customer_steps"] for figure in figures if "customer_steps" in figure}
    rivals = {name: value for name, value in steps.items() if name.startswith("rival")}
    ours = {name: value for name, value in steps.items() if name.startswith(("bare_lives", "simulated"))}
    return {name: {rival: value / its for rival, its in rivals.items()} for name, value in ours.items() if rivals}


def print_ratios(ratios):
    if not ratios:
        return
    rivals = list(next(iter(ratios.values())))
    print("\n| times as fast as | " + " | ".join(rivals) + " |\n| --- |" + " --- |" * len(rivals))
    for name, of_rivals in ratios.items():
        print(f"| {name} | " + " | ".join(f"{of_rivals[rival]:.1f}" for rival in rivals) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("benchmark")
    parser.add_argument("--json")
    parser.add_argument("--rivals")
    options = parser.parse_args()
    with open(options.benchmark, encoding="utf-8") as file:
        document = json.load(file)
    figures = figures_of(document)
    if options.rivals:
        with open(options.rivals, encoding="utf-8") as file:
            figures += [{"name": f"rival: {each.pop('name')}", "seconds": each["time_per_life"], **each}
                        for each in json.load(file)["rivals"]]
    machine = {"processor": processor(), "logical_processors": document["context"]["num_cpus"],
               "compiler": document["context"].get("compiler", "unknown"), "date": document["context"]["date"]}
    print(f"{machine['processor']}, {machine['logical_processors']} logical processors; {machine['compiler']}\n")
    print_figures(figures)
    ratios = ratios_of(figures)
    print_ratios(ratios)
    errors = errors_of(document)
    if errors:
        print("\nLeft out:\n\n" + "\n".join(f"- {name}: {message}" for name, message in errors.items()))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": machine, "figures": figures, "times_as_fast_as": ratios, "left_out": errors}, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
