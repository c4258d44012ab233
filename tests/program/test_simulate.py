#!/usr/bin/env python3
"""`tenure simulate` and `tenure compare --simulate`: what they write keeps to the schemas, says the same for any threads
and instructions, agrees with the exact engine, and refuses what means nothing."""

import os
import pathlib
import resource
import signal
import subprocess

from program_runner import (BAD_INPUT, BAD_USAGE, DEALERSHIP, DONE, INTERRUPTED, LIMIT, PROGRAM, SERVICE, ProgramTest,
                            changed, is_sanitized, main, model)

CERTAIN = model([("owner", "servicing", 100), ("lost", "lost", 0)], [("owner", "lost", 1)], horizon=3)
ARRIVING = CERTAIN + '[[arrivals]]\nstate = "owner"\ncount = 10\n'


class Simulate(ProgramTest):
    def test_each_engine_keeps_to_the_schema(self):
        for options, engine in (((), "exact"), (("--people", "5000"), "individual"), (("--referrals", "--people", "500"), "individual"),
                                (("--replicates", "40"), "population"), (("--engine", "cohort", "--replicates", "1"), "population"),
                                (("--people", "1"), "individual"), (("--from", "owner", "--engine", "individual", "--people", "99"), "individual")):
            with self.subTest(options=options):
                if "owner" in options and '"owner"' not in pathlib.Path(DEALERSHIP).read_text(encoding="utf-8"):
                    continue
                document = self.document("simulate", DEALERSHIP, *options)
                self.assertEqual(document["engine"], engine)
                self.assertTrue(document["complete"])

    def test_a_certain_life(self):
        for options in ((), ("--people", "1000")):
            scenario = self.document("simulate", "-", *options, stdin=ARRIVING)["scenarios"][0]
            self.assertEqual((scenario["mean"], scenario["sd"], scenario["skewness"]), (100, 0, None))
            self.assertEqual(set(scenario["quantiles"].values()), {100})

    def test_threads_and_instructions_change_no_byte(self):
        command = ("simulate", DEALERSHIP, "--people", "9000", "--format", "json")
        expected = self.done(*command, "--threads", "1").out
        for threads in ("2", "3", "7"):
            self.assertEqual(self.done(*command, "--threads", threads).out, expected)
        for instructions in ("portable", "sse4", "avx2", "avx512", "neon"):
            answer = self.run_program(*command, "--instructions", instructions)
            if answer.status == LIMIT:
                self.assertIn(instructions, answer.messages[0])
            else:
                self.assertEqual(answer.out, expected)
        self.assertNotEqual(self.done(*command, "--seed", "2").out, expected)

    def test_a_scenario_alone_is_what_it_is_among_others(self):
        together = self.document("simulate", DEALERSHIP, "--people", "20000")["scenarios"]
        farm = next(scenario for scenario in together if scenario["name"] == "farm")
        self.assertEqual(self.document("simulate", DEALERSHIP, "--people", "20000", "--scenario", "farm")["scenarios"], [farm])

    def test_lives_agree_with_the_exact_distribution(self):
        exact = self.document("simulate", DEALERSHIP)["scenarios"]
        lived = self.document("simulate", DEALERSHIP, "--people", "50000")["scenarios"]
        for one, other in zip(exact, lived):
            self.assertLess(abs(one["mean"] - other["mean"]), 5 * other["standard_error"])
            self.assertLess(abs(one["sd"] / other["sd"] - 1), 0.03)

    def test_scenarios_that_are_the_same_tie(self):
        text = changed(ARRIVING, "probability = 1", "probability = 0.5") + SERVICE + '[[scenario]]\nname = "today"\n' + "".join(
            f'[[scenario]]\nname = "{name}"\nspend = {{ service = 5 }}\n' for name in ("one", "other"))
        document = self.document("compare", "-", "--simulate", "--replicates", "200", stdin=text)
        share = {each["name"]: each["simulated"]["probability_best"] for each in document["scenarios"]}
        self.assertEqual(list(share), ["today", "one", "other"])  # "today" is the baseline
        self.assertEqual(share["one"], share["other"])
        self.assertAlmostEqual(2 * share["one"] + share["today"], 1)
        table = self.done("compare", "-", "--simulate", "--replicates", "200", stdin=text).words
        self.assertIn("It is a tie: “one” and “other” are best and are worth the same", table)
        self.assertIn("★ highest customer equity: a tie.", table)
        losing = changed(text, "cash_flow = 100", "cash_flow = -100")
        self.assertIn("No plan pays: each of them loses money. “today”, the reference, loses least and is worth",
                      self.done("compare", "-", stdin=losing).words)

    def test_businesses_agree_with_their_expectation(self):
        document = self.document("compare", DEALERSHIP, "--simulate", "--replicates", "100")
        self.assertAlmostEqual(sum(scenario["simulated"]["probability_best"] for scenario in document["scenarios"]), 1)
        for scenario in document["scenarios"]:
            simulated = scenario["simulated"]
            self.assertLess(abs(simulated["mean"] - scenario["customer_equity"]), 5 * simulated["standard_error"])
            if simulated["incremental"]:
                gain = simulated["incremental"]
                self.assertLess(abs(gain["mean"] - scenario["incremental_value"]), 5 * gain["standard_error"])
                self.assertLess(gain["standard_error"], simulated["standard_error"])  # common luck

    def test_precision_is_reached(self):
        scenario = self.document("simulate", DEALERSHIP, "--scenario", "farm", "--precision", "2%")["scenarios"][0]
        self.assertLessEqual(scenario["standard_error"], 0.02 * scenario["mean"])
        amount = self.document("simulate", DEALERSHIP, "--scenario", "farm", "--precision", "15")["scenarios"][0]
        self.assertLessEqual(amount["standard_error"], 15)

    def test_it_says_what_it_reached(self):
        precise = self.document("simulate", DEALERSHIP, "--scenario", "farm", "--precision", "2%")
        reached, scenario = precise["reached"], precise["scenarios"][0]
        self.assertEqual((reached["precision"], reached["ended_by"], reached["least"]), (0.02, "precision", 65536))
        self.assertAlmostEqual(reached["error"], scenario["standard_error"] / scenario["mean"])
        self.assertGreaterEqual(precise["people"], reached["least"])
        capped = self.document("simulate", DEALERSHIP, "--precision", "1", "--people", "5000")
        self.assertEqual((capped["people"], capped["reached"]["ended_by"], capped["reached"]["most"]), (5000, "count", 5000))
        self.assertEqual(capped["reached"]["error"], max(scenario["standard_error"] for scenario in capped["scenarios"]))
        timed = self.document("simulate", DEALERSHIP, "--seconds", "0.1")
        self.assertEqual((timed["reached"]["ended_by"], timed["people"] % 4096), ("seconds", 0))
        compared = self.document("compare", DEALERSHIP, "--simulate", "--precision", "5%")
        added = [scenario["simulated"]["incremental"] for scenario in compared["scenarios"] if scenario["simulated"]["incremental"]]
        self.assertEqual(compared["reached"]["error"], max(gain["standard_error"] / abs(gain["mean"]) for gain in added))
        self.assertEqual((compared["replicates"], compared["reached"]["ended_by"]), (256, "precision"))
        self.assertIsNone(self.document("simulate", DEALERSHIP, "--people", "500")["reached"])
        self.assertIn("with the most", self.done("simulate", DEALERSHIP, "--precision", "1", "--people", "5000").text)

    def test_the_exact_mean_stands_beside_the_simulated_one(self):
        for options in (("--people", "20000"), ("--people", "20000", "--referrals"), ("--replicates", "200")):
            for scenario in self.document("simulate", DEALERSHIP, *options)["scenarios"]:
                self.assertLess(abs(scenario["mean"] - scenario["exact_mean"]), 6 * scenario["standard_error"])

    def test_csv_and_tables(self):
        lines = self.done("simulate", DEALERSHIP, "--people", "1000", "--format", "csv").text.splitlines()
        self.assertEqual(lines[0], "scenario,measure,share,value,low,high")
        self.assertIn("1,000 people", self.done("simulate", DEALERSHIP, "--people", "1000").text)
        self.assertIn("best in", self.done("compare", DEALERSHIP, "--simulate", "--replicates", "50").text)

    def test_what_means_nothing_is_refused(self):
        for options in (("--engine", "magic"), ("--people", "0"), ("--people", "5", "--replicates", "5"), ("--precision", "0"),
                        ("--precision", "abc"), ("--precision", "-1%"), ("--precision", "nan"), ("--seconds", "-1"),
                        ("--instructions", "mmx")):
            with self.subTest(options=options):
                self.assert_refused(BAD_USAGE, options[0], "simulate", DEALERSHIP, *options)
        self.assert_refused(BAD_INPUT, "ownr", "simulate", "-", "--from", "ownr", stdin=ARRIVING)
        self.assert_refused(BAD_INPUT, "--from", "simulate", "-", stdin=CERTAIN)
        self.assert_refused(LIMIT, "referrals", "simulate", DEALERSHIP, "--engine", "exact", "--referrals")

    def test_interrupted_it_tells_what_is_finished(self):
        """By Ctrl-C, by the end of a session, by a line that is hung up: all alike."""
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=asked):
                # rounds begin small: the first are long done
                document = self.interrupted("simulate", DEALERSHIP, "--scenario", "farm", "--people", "200000000000", asked=asked, after=2)
                if document:
                    self.assertEqual(document["people"] % 4096, 0)

    def test_interrupted_comparisons_tell_what_is_finished(self):
        self.interrupted("compare", DEALERSHIP, "--simulate", "--replicates", "4000000000", asked=signal.SIGTERM, after=2)

    def test_interrupted_while_it_waits_for_a_file(self):
        waited_for, other_end = os.pipe()
        self.addCleanup(os.close, waited_for)
        self.addCleanup(os.close, other_end)
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=asked):
                answer = self.run_stopped("value", "-", asked=asked, after=0.5, timeout=60, stdin=waited_for)
                self.assertEqual((answer.status, answer.out), (INTERRUPTED, b""), answer)
                self.assertIn("interrupted", answer.messages[0])

    def test_without_a_terminal_it_goes_on_if_that_was_wished(self):
        """What nohup has ignored stays ignored; SIGTERM still is heard."""
        command = [PROGRAM, "simulate", DEALERSHIP, "--scenario", "farm", "--people", "200000000000"]
        ignoring = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=ignoring) as program:
            with self.assertRaises(subprocess.TimeoutExpired):
                program.wait(timeout=1)
            program.send_signal(signal.SIGHUP)
            with self.assertRaises(subprocess.TimeoutExpired):
                program.wait(timeout=1)
            program.send_signal(signal.SIGTERM)
            program.communicate()
        self.assertEqual(program.returncode, INTERRUPTED)

    def test_threads_and_memory_that_cannot_be_had(self):
        """Fewer threads, or status 6: whatever the system refuses, nothing is called a defect."""
        if is_sanitized():
            self.skipTest("sanitizers need more")
        for kibibytes in (*range(20_000, 60_000, 4_000), 100_000, 400_000):
            for threads in ("0", "64"):
                with self.subTest(kibibytes=kibibytes, threads=threads):
                    limit = lambda most=kibibytes * 1024: resource.setrlimit(resource.RLIMIT_AS, (most, most))
                    answer = self.run_program("simulate", "-", "--people", "100000", "--threads", threads, "--format", "json",
                                              stdin=ARRIVING, preexec_fn=limit)
                    if answer.status == 127:  # the program itself did not fit
                        continue
                    self.assertIn(answer.status, (DONE, LIMIT), answer)
                    self.assertTrue(answer.status == DONE or answer.err.startswith((b"standard input: error: ", b"tenure: ")), answer)


if __name__ == "__main__":
    main()
