#!/usr/bin/env python3
"""Turns the benchmark's JSON into a Markdown table, with every rival's ratio to the fastest way of simulating lives.

    bench_table.py build/bench.json
"""

import json
import platform
import sys

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def processor():
    """The processor's name, where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def readable(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    runs = [run for run in document["benchmarks"] if run.get("run_type", "iteration") == "iteration" and not run.get("error_occurred")]
    print(f"{processor()}, {document['context']['num_cpus']} logical processors\n")
    print("| benchmark | time each | customer-steps a second | lives a second | other |")
    print("| --- | --- | --- | --- | --- |")
    known = {"customer_steps", "lives"}
    standard = {"name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index", "threads",
                "iterations", "real_time", "cpu_time", "time_unit"}
    for run in runs:
        real = "real_time" if run["name"].endswith("real_time") else "cpu_time"
        others = [f"{key} {value:.4g}" for key, value in run.items() if key not in standard | known and isinstance(value, (int, float))]
        steps = f"{run['customer_steps'] / 1e9:.3g} G" if "customer_steps" in run else ""
        lives = f"{run['lives'] / 1e6:.3g} M" if "lives" in run else ""
        print(f"| {run['name']} | {readable(run[real] * UNITS[run['time_unit']])} | {steps} | {lives} | {', '.join(others)} |")
    steps = {run["name"]: run["customer_steps"] for run in runs if "customer_steps" in run}
    rivals = {name: value for name, value in steps.items() if name.startswith("rival")}
    ours = {name: value for name, value in steps.items() if name.startswith("bare_lives")}
    if rivals and ours:
        print("\n| times as fast as | " + " | ".join(rivals) + " |\n| --- |" + " --- |" * len(rivals))
        for name, value in ours.items():
            print(f"| {name} | " + " | ".join(f"{value / rival:.1f}" for rival in rivals.values()) + " |")


if __name__ == "__main__":
    main()
