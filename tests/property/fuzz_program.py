#!/usr/bin/env python3
"""Files that somebody spoiled: whatever is done to a model file, the program answers in time and never by a defect.

Example files, and a text with a bit of everything, are mutated: bytes flipped, lines left out, doubled and swapped, numbers
replaced by extreme ones, keys renamed, values exchanged, the end cut off. Each mutant is checked; where check passes, its
value is computed, and for some of them the other commands have their say. Nothing may end with status 1 or by a signal;
results are JSON without NaN that keeps to its schema; messages are short and UTF-8; and what a run begins, it ends: where
the work is too much, it must be refused.

    fuzz_program.py --program build/tenure --first 0 --count 2000

The mutant of a number is always the same, so that one that fails can be run alone.
"""

import argparse
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

try:
    import jsonschema
except ImportError:
    sys.exit("the Python module jsonschema is needed")

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))
from program_runner import (BAD_FILE, BAD_INPUT, DIVERGENT, DONE, LIMIT, SOURCE, Answer, is_sanitized,  # noqa: E402
                            validator)

STATUSES = {DONE, BAD_INPUT, DIVERGENT, BAD_FILE, LIMIT}
MEMORY = 3 << 30  # bytes; two run side by side
PATIENCE = 60  # seconds of a processor; what is not refused takes a few
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
EXTREMES = ["0", "-0.0", "1", "-1", "0.5", "1e-308", "5e-324", "1e308", "-1e308", "1e90", "1e15", "1e-17", "0.9999999999999999", "1.0000000001", "1e6", "1e7",
            "10000000", "9223372036854775807", "-9223372036854775808", "nan", "inf", "-inf", "100", "3.7", "1_000", "3,000", "\"1\"", "true", "[]", "[1]",
            "{ mean = 0.1 }", "{ mean = 0.3, differs = { sd = 0.1 } }", "{ mean = 0.3, uncertain = { sd = 0.1 } }", "{ mean = 9, varies = { sd = 4 } }",
            "{ schedule = [0.1, 0.2] }", "{ mean = 0.2, growth = 0.5 }", "{ mean = 0.2, uncertain = { count = 1e-3 } }", "\"rest\"", "\"infinite\""]

EVERYTHING = """format = 1
[model]
name = "Everything"
period = "month"
horizon = 24
discount_rate = 0.1
cash_flow_timing = "middle"
[[state]]
name = "guest"
stage = "acquisition"
[[state]]
name = "owner"
stage = "servicing"
cash_flow = { mean = 30, varies = { sd = 5 } }
satisfaction = 0.5
dwell = { distribution = "negative_binomial", mean = 6, sd = 4 }
[[state]]
name = "gone"
stage = "lost"
[[transition]]
from = "guest"
to = "owner"
probability = { mean = 0.1, uncertain = { sd = 0.02 } }
cash_flow = 12
[[transition]]
from = "owner"
to = "guest"
probability = 0.2
[[transition]]
from = "owner"
to = "gone"
probability = "rest"
[[arrivals]]
name = "web"
state = "guest"
per_period = 100
until = 20
growth = 0.05
[[arrivals]]
name = "book"
state = "owner"
count = 500
[[referral]]
from = "owner"
to = "guest"
per_period = 0.02
[[segment]]
name = "many"
share = 0.7
[[segment]]
name = "few"
share = 0.3
[[segment.state]]
name = "owner"
cash_flow = { mean = 80, differs = { sd = 20 } }
[[calendar]]
transition = ["guest", "owner"]
odds = [0.8, 1.0, 1.1]
[environment]
states = ["calm", "war"]
start = "calm"
matrix = [[0.97, 0.03], [0.15, 0.85]]
[[environment.effect]]
when = "war"
transition = ["owner", "gone"]
odds = 2.0
[[lever]]
name = "ads"
kind = "acquisition"
spend_per = "period"
carry_over = 0.5
[[lever.effect]]
arrivals = "web"
limit = 2.5
half_spend = 4000
[[lever]]
name = "care"
kind = "retention"
while_in = ["owner"]
[[lever.effect]]
transition = ["owner", "guest"]
limit = 0.1
half_spend = 5
shape = "hill"
steepness = 2
[[scenario]]
name = "hunt"
spend = { ads = 3000, care = 0 }
[[scenario]]
name = "both"
budget = 50000
split = { ads = 0.5, care = 0.5 }
"""


def texts():
    files = sorted(SOURCE.glob("examples/*/*.toml"))
    if len(files) < 5:
        sys.exit(f"there are only {len(files)} example files in {SOURCE}")
    return [(file.stem, file.read_text(encoding="utf-8")) for file in files] + [("everything", EVERYTHING)] * 3


def with_other_number(text, draw):
    numbers = list(NUMBER.finditer(text))
    if not numbers:
        return text
    found = draw.choice(numbers)
    scaled = str(float(found.group()) * draw.choice((0, -1, 0.001, 0.5, 0.9, 0.99, 1.01, 1.1, 2, 100, 1e6)))
    new = draw.choice((draw.choice(EXTREMES), scaled))
    return text[:found.start()] + new + text[found.end():]


def with_other_lines(text, draw):
    lines = text.split("\n")
    k, j = draw.randrange(len(lines)), draw.randrange(len(lines))
    kind = draw.randrange(4)
    if kind == 0:
        del lines[k]
    elif kind == 1:
        lines.insert(j, lines[k])
    elif kind == 2:
        lines[k], lines[j] = lines[j], lines[k]
    else:
        del lines[min(k, j):min(k, j) + draw.randrange(1, 6)]
    return "\n".join(lines)


def with_other_word(text, draw):
    """A key or a name in the place of another, or one letter of it changed."""
    words = list(re.finditer(r"[A-Za-z_]{2,}", text))
    if not words:
        return text
    found, other = draw.choice(words), draw.choice(words)
    letters = list(found.group())
    letters[draw.randrange(len(letters))] = draw.choice("abcxyz_ \u00ad\u200b.\"'=")
    new = other.group() if draw.randrange(2) else "".join(letters)
    return text[:found.start()] + new + text[found.end():]


def mutant(number, sources):
    """(name of its source, bytes): one to three changes, most of them to numbers, for those reach furthest."""
    draw = random.Random(f"mutant {number}")
    name, text = draw.choice(sources)
    for _ in range(draw.choice((1, 1, 2, 3))):
        change = draw.choice((with_other_number, with_other_number, with_other_number, with_other_lines, with_other_word))
        text = change(text, draw)
    content = bytearray(text.encode())
    if draw.randrange(8) == 0:
        for _ in range(draw.randrange(1, 4)):
            content[draw.randrange(len(content))] = draw.randrange(256)
    if draw.randrange(16) == 0:
        del content[draw.randrange(len(content)):]
    return name, bytes(content)


def be_brief(memory):
    """A run that needs more than it may is ended: by a signal for time, which is a fault, by status 6 for memory."""
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 5))


class Judge:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.memory = None if is_sanitized(program) else MEMORY

    def run(self, file, command, *options):
        """(status, what is wrong with the run or nothing)."""
        line = [self.program, command, file, *options, "--format", "json", "--threads", "1"]
        run = subprocess.run(line, cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL, check=False,
                             preexec_fn=lambda: be_brief(self.memory))
        if run.returncode == -signal.SIGXCPU:
            return run.returncode, f"{command}: it goes on for more than {PATIENCE} s"
        answer = Answer(run.returncode, run.stdout, run.stderr)
        if answer.status not in STATUSES:
            return answer.status, f"{command}: status {answer.status}: {answer.err[:400]!r}"
        if wrong := answer.wrong_messages():
            return answer.status, f"{command}: {wrong}"
        if answer.status == DONE:
            try:
                validator(command).validate(answer.json)
            except (ValueError, jsonschema.ValidationError) as error:
                return answer.status, f"{command}: {str(error)[:300]}"
        elif answer.out or not answer.err:
            return answer.status, f"{command}: status {answer.status} with a result, or without a word"
        return answer.status, None

    def judge(self, number, sources):
        """(whether check passed, what is wrong with a mutant or nothing)."""
        name, content = mutant(number, sources)
        file = f"{number}.toml"
        path = os.path.join(self.folder, file)
        with open(path, "wb") as target:
            target.write(content)
        status, wrong = self.run(file, "check")
        passed = status == 0
        more = {0: ("compare",), 1: ("simulate", "--people", "200"), 2: ("simulate", "--replicates", "2"), 3: ("policy",),
                4: ("sensitivity",), 5: ("uncertainty", "--draws", "8"), 6: ("optimize", "--budget", "1000")}
        is_quick = name in ("first_model", "dream_car", "mailing")
        commands = [("value",)] if name != "loyalty" or number % 8 == 0 else []
        if is_quick and number % 4 == 0:
            commands.append(more[number // 4 % len(more)])
        for command in commands:
            if passed and not wrong:
                _, wrong = self.run(file, *command)
        if not wrong:
            os.unlink(path)
        return passed, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--keep", help="a folder in which mutants stay that fail")
    asked = parser.parse_args()
    sources = texts()
    with tempfile.TemporaryDirectory(prefix="tenure-") as folder:
        judge = Judge(os.path.abspath(asked.program), asked.keep or folder)
        numbers = range(asked.first, asked.first + asked.count)
        with ThreadPoolExecutor(max_workers=2) as pool:
            found = list(zip(numbers, pool.map(lambda number: judge.judge(number, sources), numbers)))
    wrong = [f"mutant {number}: {fault}" for number, (_, fault) in found if fault]
    passed = sum(passed for _, (passed, _) in found)
    print(f"{len(found)} mutants, {passed} of them models; {len(wrong)} that should not be so", *wrong[:50], sep="\n")
    if asked.count >= 500 and not len(found) / 10 < passed < len(found) * 9 / 10:
        sys.exit("mutants are too tame or too wild to show anything")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
