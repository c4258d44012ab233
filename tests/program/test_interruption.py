#!/usr/bin/env python3
"""Ctrl-C ends every command that works long, in the middle of whatever it does, with status 130 and without a result
that means nothing; and what would never end is refused before it begins."""

import json
import os
import signal
import subprocess
import tempfile
import unittest

from program_runner import is_sanitized

PROGRAM = os.environ["TENURE_PROGRAM"]
INTERRUPTED = 130
LIMIT = 6

LONG = """format = 1
[model]
name = "long"
period = "month"
horizon = {horizon}
discount_rate = 0.1
[[state]]
name = "customer"
stage = "servicing"
cash_flow = 10
dwell = {{ distribution = "weibull", scale = {scale}, shape = 1.2 }}
[[state]]
name = "gone"
stage = "lost"
[[transition]]
from = "customer"
to = "gone"
probability = "rest"
[[arrivals]]
name = "web"
state = "customer"
per_period = 10
[[lever]]
name = "posters"
kind = "acquisition"
spend_per = "period"
[[lever.effect]]
arrivals = "web"
limit = 2
half_spend = {{ mean = 100, uncertain = {{ sd = 10 }} }}
[[scenario]]
name = "spent"
spend = {{ posters = 50 }}
"""


class Interruption(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def model(self, horizon, scale):
        path = os.path.join(self.folder.name, f"{horizon}.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(LONG.format(horizon=horizon, scale=scale))
        return path

    def test_every_long_command_ends_at_once(self):
        path = self.model(60_000, 10_000)  # minutes of work for each valuation
        for command in (["value", path], ["compare", path], ["sensitivity", path], ["uncertainty", path],
                        ["compare", path, "--simulate"], ["optimize", path, "--budget", "1000"],
                        ["simulate", path, "--engine", "population"], ["simulate", path, "--people", "100000000"]):
            with self.subTest(command=command[0]):
                with subprocess.Popen([PROGRAM, *command, "--format", "json"], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) as program:
                    try:
                        program.communicate(timeout=1)
                    except subprocess.TimeoutExpired:
                        program.send_signal(signal.SIGINT)
                    out, err = program.communicate(timeout=60)
                self.assertEqual(program.returncode, INTERRUPTED, err)
                if out:
                    self.assertIs(json.loads(out)["complete"], False)
                else:
                    self.assertIn("interrupted before", err)

    def test_what_would_take_days_is_refused_at_once(self):
        path = self.model(1_000_000, 100_000)
        for command in (["value", path], ["compare", path], ["sensitivity", path], ["optimize", path, "--budget", "1"],
                        ["simulate", path, "--engine", "population"]):
            with self.subTest(command=command[0]):
                done = subprocess.run([PROGRAM, *command], capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, LIMIT, done.stderr)
                self.assertRegex(done.stderr, r"10\^12 steps|\d GB")

    def test_where_memory_for_threads_cannot_be_had_fewer_do_the_work_or_it_is_a_limit(self):
        if is_sanitized(PROGRAM):
            self.skipTest("sanitizers need more")
        path = self.model(24, 10)
        alone = subprocess.run([PROGRAM, "simulate", path, "--people", "100000", "--threads", "1"], capture_output=True,
                               text=True, check=True)
        for kilobytes in (20_000, 30_000, 45_000, 60_000, 100_000):
            command = f"ulimit -v {kilobytes}; exec {PROGRAM} simulate {path} --people 100000 --threads 64"
            done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120, check=False)
            with self.subTest(kilobytes=kilobytes):
                if done.returncode == 127:
                    continue  # not even the program could be loaded
                self.assertIn(done.returncode, (0, LIMIT), done.stderr)
                if done.returncode == 0:
                    self.assertEqual(done.stdout, alone.stdout)


if __name__ == "__main__":
    unittest.main()
