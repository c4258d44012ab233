#!/usr/bin/env python3
"""Whatever stands after an option, the program ends soon or can be stopped, and says what is wrong in short lines.

For each option that takes a value, random ones: nan and infinities, the largest and smallest numbers, -0, integers of
hundreds of digits, digits of other scripts, texts, nothing at all, bytes that are no UTF-8. What runs on is stopped as by
Ctrl-C, and then tells what it has. 40 values for each option; 300 with --whole.
"""

import random
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

from program_runner import (BAD_FILE, BAD_INPUT, BAD_USAGE, DIVERGENT, DONE, INTERRUPTED, LEVER, LIMIT, SHOP,
                            ProgramTest, changed)

WHOLE = "--whole" in sys.argv
VALUES = 300 if WHOLE else 40
PATIENCE = 2.0 if WHOLE else 0.4  # seconds until a run is stopped
STATUSES = {DONE, BAD_USAGE, BAD_INPUT, DIVERGENT, BAD_FILE, LIMIT, INTERRUPTED}

UNCERTAIN = changed(SHOP, "probability = 0.2", "probability = { mean = 0.2, uncertain = { count = 50 } }") + LEVER
BUDGET = ("--budget", "100")
OF_ALL = [("--format", "{}"), ("--seed", "{}"), ("--threads", "{}"), ("--output", "{}")]
OPTIONS = {  # by command: the option, where the value goes, and what else must be said
    "check": OF_ALL,
    "value": [("--scenario", "{}"), ("--scale", "{}")],
    "simulate": [("--people", "{}"), ("--replicates", "{}"), ("--seconds", "{}"), ("--precision", "{}"), ("--engine", "{}"), ("--instructions", "{}"),
                 ("--from", "{}"), ("--scenario", "{}"), ("--threads", "{}", "--people", "10"), ("--seconds", "{}", "--people", "70000"),
                 ("--precision", "{}", "--people", "9000")],
    "compare": [("--replicates", "{}", "--simulate"), ("--seconds", "{}", "--simulate"), ("--scenario", "{}")],
    "optimize": [("--budget", "{}"), ("--target", "{}"), ("--target-gain", "{}"), ("--pieces", "{}", *BUDGET), ("--scenario", "{}", *BUDGET),
                 ("--at-most", "service={}", *BUDGET), ("--at-least", "service={}", *BUDGET), ("--at-most", "{}=1", *BUDGET),
                 ("--at-most-kind", "retention={}", *BUDGET), ("--at-least-kind", "{}=1", *BUDGET)],
    "sensitivity": [("--scenario", "{}"), ("--from", "{}"), ("--break-even", "{}", "--scenario", "farm", "--versus", "baseline")],
    "uncertainty": [("--draws", "{}"), ("--pilot", "{}"), ("--pilot", "transition owner -> lost={}"), ("--group", "{}=transition owner -> lost"),
                    ("--group", "both={}"), ("--acceptability", "{}")],
    "policy": [("--people", "{}"), ("--from", "{}", "--simulate"), ("--scenario", "{}")],
}

KNOWN = ["nan", "-nan", "inf", "-inf", "infinity", "1e308", "-1e308", "1e309", "1e-400", "5e-324", "-0", "0", "-0.0", "1", "-1", "2", "4", "24", "25",
         "4096", "4097", "1e3", "1.5", "70000", "281474976710656", "281474976710657", "18446744073709551615", "18446744073709551616", "9" * 309,
         "3M", "3,000,000", "1,2,3", "3_000", "5%", "0.1%", "nan%", "$5", "+5", " 5", "5 ", "0x10", "0b1", "1e", "e5", ".", ".5", "5.", "--", "-", "=",
         "", " ", "owner", "farm", "baseline", "{}", "[]", "[1,2]", "%s%n", "json", "\u0661\u0662", "\uff15", "\u202e5", "a\u00adb", "x" * 5000,
         b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"ok\x80", b"\x1b[31m", "\n", "1\n", "\u2014budget", "=1+1", "None", "true"]


def value(generator):
    kind = generator.randrange(6)
    if kind == 0:
        return repr(generator.choice((-1, 1)) * 10 ** generator.uniform(-320, 308))
    if kind == 1:
        return str(generator.choice((-1, 1)) * generator.randrange(10 ** generator.randrange(1, 60)))
    if kind == 2:
        return "".join(generator.choice("0123456789.,eE+-_ %naif") for _ in range(generator.randrange(1, 12)))
    if kind == 3:
        return bytes(generator.randrange(1, 256) for _ in range(generator.randrange(1, 40)))
    if kind == 4:
        return "".join(chr(generator.choice((generator.randrange(32, 127), generator.randrange(0xa0, 0xd800), generator.randrange(0xe000, 0x110000))))
                       for _ in range(generator.randrange(1, 200)))
    return generator.choice(KNOWN)


def values(generator):
    """All that are known to be hard, in an order of their own, then what chance brings."""
    hard = generator.sample(KNOWN, len(KNOWN))
    return [hard[k] if k < len(hard) and (WHOLE or k % 3) else value(generator) for k in range(VALUES)]


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


class OptionValues(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file(UNCERTAIN)

    def wrong_with(self, arguments):
        """What a run does that it must not; nothing if there is nothing."""
        try:
            answer = self.run_stopped(*arguments, after=PATIENCE, timeout=60)
        except subprocess.TimeoutExpired:
            return "it cannot be stopped"
        if answer.status not in STATUSES:
            return f"status {answer.status}: {answer.err[:300]!r}"
        if wrong := answer.wrong_messages():
            return wrong
        if answer.status == BAD_USAGE and not answer.err.startswith(b"tenure: "):
            return f"no word about what was wrong: {answer.err[:300]!r}"
        if answer.out and b"json" in arguments:
            try:
                answer.json
            except ValueError as error:
                return f"no JSON: {error}"
        return None

    def sweep(self, command):
        generator = random.Random(f"{command} 20261130")
        runs = []
        for name, place, *others in OPTIONS[command]:
            for given in values(generator):
                given = as_bytes(given)
                if name == "--output":
                    given = given.replace(b"/", b"")  # nothing beside the test's folder
                full = place.encode().replace(b"{}", given)
                spelled = [name.encode() + b"=" + full] if generator.randrange(2) else [name.encode(), full]
                form = [] if name in ("--format", "--output") else [b"--format", b"json"]
                runs.append([command.encode(), b"model.toml", *(word.encode() for word in others), *form, *spelled])
        with ThreadPoolExecutor(max_workers=2) as pool:
            wrong = [f"{b' '.join(run)[:200]!r}: {found}" for run, found in zip(runs, pool.map(self.wrong_with, runs)) if found]
        self.assertEqual(wrong, [], "\n".join(wrong[:20]))

    def test_check(self):
        self.sweep("check")

    def test_value(self):
        self.sweep("value")

    def test_simulate(self):
        self.sweep("simulate")

    def test_compare(self):
        self.sweep("compare")

    def test_optimize(self):
        self.sweep("optimize")

    def test_sensitivity(self):
        self.sweep("sensitivity")

    def test_uncertainty(self):
        self.sweep("uncertainty")

    def test_policy(self):
        self.sweep("policy")


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--whole"], verbosity=1)
