#!/usr/bin/env python3
"""Ctrl-C ends every command that works long, in the middle of whatever it does, with status 130 and without a result
that means nothing; and what would never end is refused before it begins."""

import resource

from program_runner import DONE, LIMIT, ProgramTest, is_sanitized, main

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


class Interruption(ProgramTest):
    def model(self, horizon, scale):
        return self.file(LONG.format(horizon=horizon, scale=scale))

    def test_every_long_command_ends_at_once(self):
        path = self.model(60_000, 10_000)  # minutes of work for each valuation
        for command in (["value", path], ["compare", path], ["sensitivity", path], ["uncertainty", path],
                        ["compare", path, "--simulate"], ["optimize", path, "--budget", "1000"],
                        ["simulate", path, "--engine", "population"], ["simulate", path, "--people", "100000000"]):
            with self.subTest(command=command[0]):
                self.interrupted(*command, timeout=60)

    def test_what_would_take_days_is_refused_at_once(self):
        path = self.model(1_000_000, 100_000)
        for command in (["value", path], ["compare", path], ["sensitivity", path], ["optimize", path, "--budget", "1"],
                        ["simulate", path, "--engine", "population"]):
            with self.subTest(command=command[0]):
                answer = self.run_program(*command, timeout=60)
                self.assertEqual(answer.status, LIMIT, answer)
                self.assertRegex(answer.messages[0], r"10\^12 steps|\d GB")

    def test_where_memory_for_threads_cannot_be_had_fewer_do_the_work_or_it_is_a_limit(self):
        if is_sanitized():
            self.skipTest("sanitizers need more")
        path = self.model(24, 10)
        command = ("simulate", path, "--people", "100000", "--threads")
        alone = self.done(*command, "1")
        for kibibytes in (20_000, 30_000, 45_000, 60_000, 100_000):
            limit = lambda most=kibibytes * 1024: resource.setrlimit(resource.RLIMIT_AS, (most, most))
            answer = self.run_program(*command, "64", timeout=120, preexec_fn=limit)
            with self.subTest(kibibytes=kibibytes):
                if answer.status == 127:
                    continue  # not even the program could be loaded
                self.assertIn(answer.status, (DONE, LIMIT), answer)
                if answer.status == DONE:
                    self.assertEqual(answer.out, alone.out)


if __name__ == "__main__":
    main()
