#!/usr/bin/env python3
"""Results that cannot be written, or that could do harm where they are read.

Rows O1 … O8 of the list of faults, and what the contract says of `--output`: a failed run leaves the old file as it
was.

Not applicable yet:

    O1, O8   there are no HTML reports
    O4       there is no Markdown or LaTeX output
    O5       no file is named after anything in a model
    O7       there are no partial results; a divergent run prints no figure at all (tested)

Of the rows on disks and pipes, X7, X9, X10 and X11 are here as well: full disks, files that exist, missing folders,
closed pipes. X12 … X18 wait for long runs, checkpoints and shards.
"""

import csv
import fcntl
import io
import os
import resource
import signal
import stat
import subprocess

import program_runner
from program_runner import BAD_FILE, BAD_INPUT, DIVERGENT, DONE, LEVER, LIMIT, PROGRAM, SHOP, ProgramTest, changed, model

FARM = SHOP + LEVER
OLD = b"what stood here before\n"
RUNS = (("check", "--format", "table"), ("check", "--format", "json"), ("check", "--format", "toml"),
        ("value", "--format", "table"), ("value", "--format", "json"), ("value", "--format", "csv"),
        ("compare", "--format", "table"), ("compare", "--format", "json"), ("compare", "--format", "csv"))


class OutputTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file(FARM)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write_to(self, output, command="value", **how):
        return self.run_program(command, "model.toml", "--output", output, **how)

    def assert_not_written(self, answer, output, *words):
        """Exit status 5, one message that names the output and the reason, and nothing on standard output."""
        self.assert_failed(answer, BAD_FILE, "model.toml", "output", f"error: {output[:200]}", *words)
        self.assertEqual(answer.out, b"")

    def assert_tidy(self, *expected):
        """No temporary file was left beside the others."""
        self.assertEqual(sorted(os.listdir(self.folder)), sorted(["model.toml", *expected]))


class Writing(OutputTest):
    def test_a_file_takes_what_standard_output_would(self):
        for command, *options in RUNS:
            with self.subTest(command=command, options=options):
                plain = self.run_program(command, "model.toml", *options)
                answer = self.run_program(command, "model.toml", *options, "--output", "result")
                self.assertEqual((answer.status, answer.out, answer.err), (DONE, b"", b""), answer)
                self.assertEqual(self.read("result"), plain.out)
        self.assert_tidy("result")

    def test_x9_an_existing_file_is_replaced(self):
        self.file(OLD * 10_000, "result")
        before = os.stat(self.path("result")).st_ino
        self.assertEqual(self.write_to("result").status, DONE)
        self.assertNotIn(OLD, self.read("result"))
        self.assertNotEqual(os.stat(self.path("result")).st_ino, before)  # a new file took its place, in one step
        self.assert_tidy("result")

    def test_a_replaced_file_keeps_its_permissions(self):
        for mode in (0o600, 0o640, 0o664, 0o777):
            with self.subTest(mode=oct(mode)):
                os.chmod(self.file(OLD, "result"), mode)
                self.assertEqual(self.write_to("result").status, DONE)
                self.assertEqual(stat.S_IMODE(os.stat(self.path("result")).st_mode), mode)

    def test_a_new_file_has_the_usual_permissions(self):
        for mask, mode in ((0o022, 0o644), (0o077, 0o600), (0o002, 0o664)):
            with self.subTest(mask=oct(mask)):
                self.assertEqual(self.write_to(f"new{mask}", umask=mask).status, DONE)
                self.assertEqual(stat.S_IMODE(os.stat(self.path(f"new{mask}")).st_mode), mode)

    def test_x9_a_failed_run_leaves_the_old_file_as_it_was(self):
        for content, status in ((changed(FARM, "probability = 0.2", "probability = nan"), BAD_INPUT),
                                ("", BAD_INPUT),
                                (model([("a", "servicing", 1)], horizon='"infinite"'), DIVERGENT),
                                (changed(FARM, "limit = 0.1", "limit = 0.1\n"), DONE)):
            with self.subTest(status=status):
                before = os.stat(self.file(OLD, "result"))
                self.file(content)
                answer = self.write_to("result")
                self.assertEqual(answer.status, status, answer)
                if status == DONE:
                    continue  # the same run without the fault does write
                self.assertEqual(self.read("result"), OLD)
                self.assertEqual(os.stat(self.path("result")).st_mtime_ns, before.st_mtime_ns)
                self.assert_tidy("result")

    def test_a_failed_run_makes_no_file(self):
        self.file(changed(FARM, "probability = 0.2", "probability = nan"))
        self.assertEqual(self.write_to("result").status, BAD_INPUT)
        self.assert_tidy()

    def test_the_model_may_be_the_output(self):
        """`check --format toml --output` on the file itself: read to its end before it is replaced."""
        answer = self.run_program("check", "model.toml", "--format", "toml", "--output", "model.toml")
        self.assertEqual(answer.status, DONE, answer)
        again = self.run_program("check", "model.toml", "--format", "toml")
        self.assertEqual(again.out, self.read("model.toml"))

    def left_over(self, name="result"):
        return self.path(f".{name}.tenure-{os.geteuid()}")

    def test_what_a_killed_run_left_is_cleaned_up(self):
        """By the next that writes the same file, and nothing else is touched that stands beside it."""
        self.file(SHOP.replace("horizon = 10", "horizon = 60000"))
        others = {".result.tenure", ".result.tenure-x", ".other.tenure-0", "result.AbCdEf", f".result.tenure-{os.geteuid()}.txt"}
        for name in others:
            self.file(OLD, name)
        command = [PROGRAM, "value", "model.toml", "--format", "json", "--output", "result"]
        for _ in range(20):
            with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
                while run.poll() is None:
                    if os.path.exists(self.left_over()):
                        run.kill()
            if os.path.exists(self.left_over()):
                break
        else:
            self.skipTest("no run could be killed while it wrote")
        self.assertEqual(self.write_to("result").status, DONE)
        self.assert_tidy("result", *others)
        for name in others:
            self.assertEqual(self.read(name), OLD)

    def test_a_run_that_lives_keeps_what_it_writes(self):
        """Whoever holds the lock on it is alive, and is waited for."""
        left = self.file(OLD, os.path.basename(self.left_over()))
        with open(left, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            command = [PROGRAM, "value", "model.toml", "--output", "result"]
            with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
                with self.assertRaises(subprocess.TimeoutExpired):
                    run.communicate(timeout=1)
                self.assertEqual(self.read(os.path.basename(left)), OLD)
                fcntl.flock(lock, fcntl.LOCK_UN)
                _, err = run.communicate(timeout=60)
            self.assertEqual((run.returncode, err), (DONE, b""))
        self.assert_tidy("result")

    def test_x10_what_stands_in_the_way_is_not_followed(self):
        """A link, a folder or a pipe in the place of the temporary file: nothing is written through it or removed."""
        victim = self.file(OLD, "victim")
        for make in (lambda: os.symlink("victim", self.left_over()), lambda: os.mkdir(self.left_over()), lambda: os.mkfifo(self.left_over())):
            make()
            self.assert_not_written(self.write_to("result"), "result", "no temporary file can be made beside it")
            self.assertTrue(os.path.lexists(self.left_over()))
            os.rmdir(self.left_over()) if os.path.isdir(self.left_over()) else os.unlink(self.left_over())
        os.link(victim, self.left_over())  # another name for a file: that name goes, the file stays as it is
        self.assertEqual(self.write_to("result").status, DONE)
        self.assertEqual(self.read("victim"), OLD)
        self.assert_tidy("result", "victim")

    def test_targets_with_long_names(self):
        for name in ("r" * 255, "\u00e9" * 127):
            self.assertEqual(self.write_to(name).status, DONE)
        self.assert_tidy("r" * 255, "\u00e9" * 127)

    def test_two_runs_may_write_one_file(self):
        runs = [subprocess.Popen([PROGRAM, "value", "model.toml", "--output", "result"], cwd=self.folder, stderr=subprocess.PIPE) for _ in range(8)]
        for run in runs:
            self.assertEqual((run.communicate()[1], run.returncode), (b"", DONE))
        self.assertEqual(self.read("result"), self.run_program("value", "model.toml").out)
        self.assert_tidy("result")

    def test_links(self):
        """A link stays a link, and the file that it leads to is replaced."""
        self.file(OLD, "there")
        os.symlink("there", self.path("here"))
        self.assertEqual(self.write_to("here").status, DONE)
        self.assertTrue(os.path.islink(self.path("here")))
        self.assertNotIn(OLD, self.read("there"))
        self.assert_tidy("here", "there")


class NotWriting(OutputTest):
    def test_x10_places_that_are_none(self):
        for output, *words in (("no/such/folder/result", "No such file or directory"),
                               ("model.toml/result", "Not a directory"),
                               ("n" * 300, "File name too long"), ("/proc/result", "no temporary file")):
            with self.subTest(output=output[:20]):
                self.assert_not_written(self.write_to(output), output, "check the folder", *words)
        self.assert_tidy()

    def test_x10_a_folder(self):
        os.mkdir(self.path("folder"))
        for output in ("folder", "folder/", "."):
            self.assert_not_written(self.write_to(output), output, "Is a directory")
        self.assertEqual(os.listdir(self.path("folder")), [])

    def test_x10_a_folder_that_takes_no_files(self):
        how = program_runner.as_somebody_else(self)
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("closed"))
        self.file(OLD, "closed/result")
        os.chmod(self.path("closed"), 0o555)
        self.addCleanup(os.chmod, self.path("closed"), 0o755)
        self.assert_not_written(self.write_to("closed/result", **how), "closed/result", "Permission denied")
        self.assert_not_written(self.write_to("closed/new", **how), "closed/new", "Permission denied")
        self.assertEqual(self.read("closed/result"), OLD)

    def test_x7_a_full_device(self):
        """It is written to, not replaced: renaming a file over a device would take it away from everybody."""
        before = os.stat("/dev/full")
        self.assert_not_written(self.write_to("/dev/full"), "/dev/full", "No space left on device")
        after = os.stat("/dev/full")
        self.assertTrue(stat.S_ISCHR(after.st_mode))
        self.assertEqual((after.st_ino, after.st_rdev), (before.st_ino, before.st_rdev))

    def test_devices_and_pipes_are_written_to(self):
        self.assertEqual(self.write_to("/dev/null").status, DONE)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
        plain = self.run_program("value", "model.toml")
        self.assertEqual(self.write_to("/dev/stdout").out, plain.out)
        os.mkfifo(self.path("pipe"))
        with subprocess.Popen(["cat", self.path("pipe")], stdout=subprocess.PIPE) as reader:
            self.assertEqual(self.write_to("pipe").status, DONE)
            self.assertEqual(reader.communicate(timeout=60)[0], plain.out)
        self.assertTrue(stat.S_ISFIFO(os.stat(self.path("pipe")).st_mode))

    def test_x7_a_file_that_may_not_grow(self):
        """A limit on the size of files, like a full disk: exit status 5, and the old file as it was."""

        def at_most_a_kilobyte():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

        self.file(OLD, "result")
        long = changed(FARM, "horizon = 10", "horizon = 1000")
        self.file(long)
        answer = self.run_program("value", "model.toml", "--format", "json", "--output", "result",
                                  preexec_fn=at_most_a_kilobyte)
        self.assert_not_written(answer, "result", "File too large")
        self.assertEqual(self.read("result"), OLD)
        self.assert_tidy("result")


class StandardOutput(OutputTest):
    def test_x7_standard_output_is_full(self):
        """Every result, help and version too: what was not written is no success."""
        for arguments in (*((command, "model.toml", *options) for command, *options in RUNS), ("--help",),
                          ("--version",),
                          ("value", "--help")):
            with self.subTest(arguments=arguments), open("/dev/full", "wb") as full:
                answer = self.run_program(*arguments, stdout=full)
                self.assertEqual(answer.status, BAD_FILE, answer)
                self.assertEqual(len(answer.messages), 1, answer)
                self.assertIn("error: standard output: it cannot be written: No space left on device",
                              answer.messages[0])
                self.assertTrue(answer.messages[0].endswith(" [output]"), answer)

    def shell(self, command):
        run = subprocess.run(["/bin/sh", "-c", command, PROGRAM], cwd=self.folder, capture_output=True, timeout=60,
                             check=False)
        return program_runner.Answer(run.returncode, run.stdout, run.stderr)

    def test_x11_standard_output_is_closed(self):
        answer = self.shell('exec "$0" value model.toml >&-')
        self.assertEqual(answer.status, BAD_FILE, answer)
        self.assertIn("standard output: it cannot be written: Bad file descriptor", answer.messages[0])

    def test_x11_a_file_is_complete_although_standard_output_is_closed(self):
        expected = self.run_program("value", "model.toml").out
        for closed in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed=closed):
                self.assertEqual(self.shell(f'exec "$0" value model.toml --output result {closed}').status, DONE)
                self.assertEqual(self.read("result"), expected)

    def test_warnings_never_get_into_a_file(self):
        """With standard error closed, the next file to be opened takes its number; no message may end up in it."""
        self.file(changed(FARM, "horizon = 10", "horizon = 10\ndiscount_rate = -0.1"))
        expected = self.run_program("value", "model.toml", "--quiet").out
        self.assertEqual(self.shell('exec "$0" value model.toml --output result 2>&-').status, DONE)
        self.assertEqual(self.read("result"), expected)
        self.assertEqual(self.read("model.toml").count(b"warning"), 0)

    def test_standard_error_takes_nothing(self):
        """Then nothing is said, and the exit status still tells."""
        self.file(changed(FARM, "probability = 0.2", "probability = nan"), "bad.toml")
        for to in ("2>/dev/full", "2>&-"):
            with self.subTest(to=to):
                self.assertEqual(self.shell(f'exec "$0" value bad.toml {to}').status, BAD_INPUT)
                self.assertEqual(self.shell(f'exec "$0" value nowhere.toml {to}').status, BAD_FILE)
                self.assertEqual(self.shell(f'exec "$0" value {to}').status, program_runner.BAD_USAGE)

    def test_x11_a_reader_that_has_seen_enough(self):
        """`tenure … | head -1`: it ends without a word of complaint, or with status 5 where the signal is ignored."""
        self.file(changed(FARM, "horizon = 10", "horizon = 20000"))
        with subprocess.Popen([PROGRAM, "value", "model.toml", "--format", "csv"], cwd=self.folder,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as run:
            run.stdout.readline()
            run.stdout.close()
            complaint = run.stderr.read()
            self.assertEqual(run.wait(timeout=60), -signal.SIGPIPE)
        self.assertEqual(complaint, b"")
        with subprocess.Popen([PROGRAM, "value", "model.toml", "--format", "csv"], cwd=self.folder,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, restore_signals=False) as run:
            run.stdout.close()
            self.assertIn(b"Broken pipe", run.stderr.read())
            self.assertEqual(run.wait(timeout=60), BAD_FILE)


class ContentOfResults(OutputTest):
    def test_o7_a_question_without_an_answer_prints_no_figure(self):
        self.file(model([("a", "servicing", 1)], horizon='"infinite"'))
        for command, *options in RUNS[3:6]:
            answer = self.run_program(command, "model.toml", *options)
            self.assertEqual((answer.status, answer.out), (DIVERGENT, b""), answer)

    def rows(self, *arguments):
        answer = self.run_program(*arguments, "--format", "csv")
        self.assertEqual(answer.status, DONE, answer)
        return list(csv.reader(io.StringIO(answer.text)))

    def test_o2_texts_that_a_spreadsheet_would_run(self):
        """They get an apostrophe, and nothing else changes; --raw-csv leaves them as they are."""
        for name in ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=1,2", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "\ufe661",
                     "\u22121", " =1+1", "  \u00a0+1", "\u3000@SUM(A1)", "\u2003\uff1d1"):
            with self.subTest(name=name):
                literal = "'" + name + "'"
                text = SHOP.replace('"owner"', literal) + LEVER.replace('"owner"', literal).replace('"farm"', literal)
                self.file(text)
                for command in ("value", "compare"):
                    defused = self.rows(command, "model.toml")
                    raw = self.rows(command, "model.toml", "--raw-csv")
                    cells = [cell for row in raw for cell in row]
                    self.assertIn(name, cells)
                    expected = [["'" + cell if cell == name else cell for cell in row] for row in raw]
                    self.assertEqual(defused, expected)

    def test_o2_what_is_no_formula_stays(self):
        for name in ("a=1", "1+1", " a", "\u00a0owner", "\uff11", "(=1)", "'=1"):
            with self.subTest(name=name):
                self.file(SHOP.replace('"owner"', '"' + name + '"'))
                self.assertEqual(self.rows("value", "model.toml"), self.rows("value", "model.toml", "--raw-csv"))

    def test_a_simulated_comparison_has_the_columns_of_a_comparison(self):
        plain = self.rows("compare", "model.toml")
        simulated = self.rows("compare", "model.toml", "--simulate", "--replicates", "20")
        self.assertEqual([row[:len(plain[0])] for row in simulated], plain)
        self.assertEqual(simulated[0][len(plain[0]):],
                         ["mean", "standard_error", "sd", "quantile_0.05", "quantile_0.5", "quantile_0.95", "probability_best", "probability_best_standard_error",
                          "incremental_mean", "incremental_standard_error", "incremental_0.05", "incremental_0.5", "incremental_0.95"])
        drawn = self.run_program("compare", "model.toml", "--simulate", "--replicates", "20", "--format", "json").json["scenarios"]
        for row, scenario in zip(simulated[1:], drawn):
            self.assertEqual(float(row[len(plain[0])]), scenario["simulated"]["mean"])

    def test_o2_headers_too(self):
        self.file(FARM.replace('"service"', '"=service"').replace("service =", '"=service" ='))
        header = self.rows("compare", "model.toml")[0]
        self.assertTrue(all(cell[0] not in "=+-@\t\r" for cell in header), header)
        self.assertTrue(any("=service" in cell for cell in header), header)

    def test_o2_numbers_are_never_touched(self):
        self.file(changed(SHOP, "cash_flow = 100", "cash_flow = -100"))
        rows = self.rows("value", "model.toml")
        equity = next(row for row in rows if row[1] == "customer_equity")
        self.assertLess(float(equity[4]), 0)
        self.assertEqual(rows, self.rows("value", "model.toml", "--raw-csv"))

    def test_csv_quotes_what_it_must(self):
        name = 'a, "b"'
        self.file(SHOP.replace('"owner"', "'" + name + "'"))
        self.assertIn(name, [row[2] for row in self.rows("value", "model.toml")])
        text = self.run_program("value", "model.toml", "--format", "csv").text
        self.assertIn('"a, ""b"""', text)

    def test_o3_no_name_can_colour_a_screen(self):
        """Names with escape sequences are refused, and the refusal shows them escaped."""
        answer = self.run_on(changed(FARM, 'name = "farm"', 'name = "\\u001b[31mfarm\\u001b[0m"'), "compare")
        self.assertEqual(answer.status, BAD_INPUT)
        self.assertNotIn(b"\x1b", answer.err)
        self.assertIn("\\x1b[31mfarm", answer.messages[0])
        odd = self.run_program("compare", "model.toml", "--scenario", "\x1b[31m\x9b\u202e")
        self.assertEqual(odd.status, BAD_INPUT)
        self.assertTrue(all(character.isprintable() for character in odd.messages[0]), odd)

    def test_a_result_that_no_memory_holds_is_refused_before_it_is_computed(self):
        """Numbers of each period, in JSON and as text, take more than they do alone."""
        self.file(changed(FARM, "horizon = 10", "horizon = 10_000_000"))
        for form in ("json", "csv"):
            answer = self.run_program("value", "model.toml", "--format", form)
            self.assertEqual((answer.status, answer.out), (LIMIT, b""), answer)
            self.assertIn("the course of 2 states over 10000000 periods in 2 scenarios", answer.messages[0])

    def test_o6_numbers_have_as_many_digits_as_they_need(self):
        """Each reads back to the same double, and none is longer than the shortest text that does."""
        self.file(changed(FARM, "probability = 0.2", "probability = 0.2137\ncash_flow = -0.1"))
        for command in ("value", "compare"):
            answer = self.run_program(command, "model.toml", "--format", "json")
            texts = program_runner.numbers_in(answer.text)
            self.assertGreater(len(texts), 20)
            for text in texts:
                digits = text.lower().lstrip("-").split("e")[0].replace(".", "").strip("0")
                shortest = repr(float(text)).lower().lstrip("-").split("e")[0].replace(".", "").strip("0")
                self.assertEqual(digits, shortest, text)

    def test_o6_json_and_csv_agree_to_the_last_bit(self):
        rows = self.rows("value", "model.toml")
        scenarios = {one["name"]: one for one in
                     self.run_program("value", "model.toml", "--format", "json").json["scenarios"]}
        compared = 0
        for scenario, measure, name, period, value in rows[1:]:
            if measure in ("customer_equity", "investment", "retention_rate") and not name:
                self.assertEqual(float(value), scenarios[scenario][measure])
                compared += 1
            elif measure == "cash_flow":
                self.assertEqual(float(value), scenarios[scenario]["trace"]["cash_flow"][int(period)])
                compared += 1
        self.assertEqual(compared, 2 * (3 + 10))


if __name__ == "__main__":
    program_runner.main()
