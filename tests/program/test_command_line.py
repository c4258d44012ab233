#!/usr/bin/env python3
"""The command line: what it takes, what it refuses, what it says for help, and where everything is written to.

Row S20 of the list of faults (seeds) and X1 (threads), O3 (colours), X20 (the environment changes nothing), and all of
the contract's options. Exit status 130 waits for runs that are long enough to be interrupted.
"""

import os
import pty
import re

import program_runner
from program_runner import (BAD_FILE, BAD_INPUT, BAD_USAGE, DIVERGENT, DONE, LEVER, LIMIT, SHOP, SOURCE, ProgramTest,
                            case, changed, model, without_marks)

FARM = SHOP + LEVER
COMMANDS = ("check", "value", "compare")
FORMATS = {"check": ("table", "json", "toml"), "value": ("table", "json", "csv"), "compare": ("table", "json", "csv")}


class CommandLineTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file(FARM)

    def misused(self, *arguments, words=()):
        """Exit status 2, no result, one line that says what was wrong, one that leads to the help."""
        answer = self.run_program(*arguments)
        self.assertEqual((answer.status, answer.out), (BAD_USAGE, b""), answer)
        self.assertEqual(len(answer.messages), 2, answer)
        self.assertTrue(answer.messages[0].startswith("tenure: "), answer)
        self.assertEqual(answer.messages[1], "Run `tenure --help` for what can be said.")
        for text in words:
            self.assertIn(text, answer.messages[0])
        self.assertTrue(all(character.isprintable() for character in answer.messages[0]), answer)


class Usage(CommandLineTest):
    def test_no_command(self):
        self.misused()
        self.misused("--quiet")

    def test_unknown_commands(self):
        self.misused("chek", "model.toml", words=('there is no command "chek"', 'did you mean "check"?'))
        self.misused("compar", words=('there is no command "compar"', 'did you mean "compare"?'))
        self.misused("model.toml", words=('there is no command "model.toml"', '"check", "value", "simulate", "sensitivity", '
                                          '"compare", "policy", "uncertainty", "optimize"'))
        self.misused("fit", "model.toml", words=('there is no command "fit"',))  # planned, not there
        self.misused("\x1b[31m", words=("\\x1b[31m",))

    def test_files(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.misused(command, words=("FILE is required",))
                self.misused(command, "model.toml", "other.toml", words=("other.toml",))

    def test_unknown_options(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.misused(command, "model.toml", "--frmat", "json", words=("--frmat",))
                self.misused(command, "model.toml", "-x", words=("-x",))
        self.misused("check", "model.toml", "--raw-csv", words=("--raw-csv",))
        self.misused("check", "model.toml", "--scenario", "farm", words=("--scenario",))
        self.misused("--quiet", "check", "model.toml", words=("--quiet",))

    def test_options_without_a_value(self):
        for option in ("--format", "--output", "--seed", "--threads", "--scenario"):
            with self.subTest(option=option):
                self.misused("value", "model.toml", option, words=(option,))
        self.misused("value", "model.toml", "--output", "", words=("--output", "the name of the file is empty"))
        self.misused("value", "model.toml", "--quiet=maybe", words=("--quiet",))

    def test_options_that_stand_twice(self):
        for option, value in (("--seed", "1"), ("--threads", "1"), ("--format", "json"), ("--output", "x")):
            with self.subTest(option=option):
                self.misused("value", "model.toml", option, value, option, value, words=(option,))
        self.assertFalse(os.path.exists(self.path("x")))

    def test_formats(self):
        """Each command has three; the message lists them."""
        for command, formats in FORMATS.items():
            for form in ("table", "json", "csv", "toml", "JSON", "xml", ""):
                with self.subTest(command=command, form=form):
                    if form in formats:
                        self.assertGreater(len(self.done(command, "model.toml", "--format", form).out), 0)
                    else:
                        self.misused(command, "model.toml", "--format", form,
                                     words=("--format", f"'{form}' is none of", *formats))

    def test_the_order_of_options_does_not_matter(self):
        expected = self.done("value", "model.toml", "--format", "json", "--scenario", "farm").out
        self.assertEqual(self.done("value", "--scenario", "farm", "--format", "json", "model.toml").out, expected)
        self.assertEqual(self.done("value", "--format=json", "model.toml", "--scenario=farm").out, expected)

    def test_table_is_the_default(self):
        for command in COMMANDS:
            self.assertEqual(self.done(command, "model.toml").out,
                             self.done(command, "model.toml", "--format", "table").out)


class ExitStatuses(CommandLineTest):
    def test_every_status_that_there_is(self):
        endless = model([("a", "servicing", 1)], horizon='"infinite"')
        unsettled = changed(changed(SHOP, "horizon = 10", 'horizon = "infinite"'), "cash_flow = 100",
                            "cash_flow = { mean = 100, growth = 0.02 }")
        for status, content in ((DONE, FARM), (BAD_INPUT, "format = 2"), (DIVERGENT, endless), (LIMIT, unsettled)):
            with self.subTest(status=status):
                self.file(content)
                self.assertEqual(self.run_program("value", "model.toml").status, status)
        self.assertEqual(self.run_program("value", "nowhere.toml").status, BAD_FILE)
        self.assertEqual(self.run_program("value").status, BAD_USAGE)

    def test_results_and_messages_are_apart(self):
        """Warnings and results of one run: each on its own stream, so that a pipe gets nothing but results."""
        text, [(line, column)] = without_marks(changed(FARM, "horizon = 10", "horizon = 10\ndiscount_rate = §-0.1"))
        self.file(text)
        for command in ("value", "compare"):
            for form in FORMATS[command]:
                answer = self.done(command, "model.toml", "--format", form)
                self.assertNotIn("warning", answer.text)
                self.assertEqual(len(answer.messages), 1, answer)
                self.assert_message(answer.messages[0], f"model.toml:{line}:{column}", "discount-rate",
                                    "model.discount_rate", severity="warning")

    def test_check_tells_its_warnings(self):
        """In its result, for it is what was asked for; beside it where the result is a model."""
        self.file(changed(FARM, "horizon = 10", "horizon = 10\ndiscount_rate = -0.1"))
        table = self.done("check", "model.toml")
        self.assertIn("a negative rate makes later money worth more than today's", " ".join(table.text.split()))
        self.assertEqual(table.messages, [])
        self.assertEqual([one["code"] for one in self.done("check", "model.toml", "--format", "json").json["warnings"]],
                         ["discount-rate"])
        toml = self.done("check", "model.toml", "--format", "toml")
        self.assertNotIn("warning", toml.text)
        self.assertEqual(len(toml.messages), 1, toml)
        self.assertEqual(self.done("check", "model.toml", "--format", "toml", "--quiet").messages, [])

    def test_quiet(self):
        self.file(changed(FARM, "horizon = 10", "horizon = 10\ndiscount_rate = -0.1"))
        for command in COMMANDS:
            quiet = self.done(command, "model.toml", "--quiet")
            self.assertEqual(quiet.messages, [])
            self.assertEqual(quiet.out, self.done(command, "model.toml").out)
        self.file(changed(FARM, "probability = 0.2", "probability = nan"))
        for command in COMMANDS:
            answer = self.run_program(command, "model.toml", "--quiet")
            self.assertEqual((answer.status, len(answer.messages)), (BAD_INPUT, 1), answer)


class Help(CommandLineTest):
    def test_help_of_the_program(self):
        answer = self.done("--help")
        self.assertEqual(answer.messages, [])
        self.assertEqual(self.done("-h").out, answer.out)
        for command in COMMANDS:
            self.assertRegex(answer.text, rf"(?m)^  {command}\s+\S")
        examples = answer.text[answer.text.index("Examples:"):]
        for command in COMMANDS:
            self.assertIn(f"tenure {command} ", examples)
        for status in ("0 done", "1 a defect", "2 bad usage", "3 bad input", "4 no finite answer", "5 ", "6 a limit",
                       "130 "):
            self.assertIn(status, answer.text)

    def test_help_names_the_limits(self):
        """Every number of the contract's table of limits stands in one place of the help."""
        limits = re.sub(r"\s+", " ", self.done("--help").text.split("Limits:")[1])
        for limit in ("file 16 MiB", "names 200 bytes", "64 nested", "64 dots", "1000000 states", "10000000 periods",
                      "4 GiB", "20 problems", "1000000 periods until", "up to 1e+90", "1e+15 people"):
            self.assertIn(limit, limits)

    def test_help_of_each_command(self):
        options = {"check": (), "value": ("--scenario", "--raw-csv"), "compare": ("--scenario", "--raw-csv")}
        for command in COMMANDS:
            with self.subTest(command=command):
                text = self.done(command, "--help").text
                for option in ("FILE", "--seed", "--threads", "--format", "--output", "--quiet", *options[command]):
                    self.assertIn(option, text)
                for form in FORMATS[command]:
                    self.assertIn(form, text)
                self.assertIn(f"tenure {command} ", text[text.index("Examples:"):])

    def test_help_is_plain_text(self):
        """Not a byte of it that a screen does not show, in lines that a terminal takes."""
        for arguments in (("--help",), *((command, "--help") for command in COMMANDS)):
            for line in self.done(*arguments).text.splitlines():
                self.assertTrue(line.isprintable(), repr(line))
                self.assertLessEqual(len(line), 120)

    def test_version(self):
        answer = self.done("--version")
        header = (SOURCE / "include" / "tenure" / "version.hpp").read_text(encoding="utf-8")
        version = ".".join(re.findall(r"#define TENURE_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header))
        self.assertEqual(answer.text.splitlines()[0], f"tenure {version}")
        self.assertRegex(answer.text, r"compiler: \S+")
        self.assertEqual(self.done("value", "model.toml", "--format", "json").json["tenure"], version)

    def test_help_needs_no_file(self):
        for command in COMMANDS:
            self.assertEqual(self.done(command, "nowhere.toml", "--help").messages, [])


class Numbers(CommandLineTest):
    def test_s20_seeds_that_are_taken(self):
        """Decimal or hexadecimal, 0 … 2^64 - 1; in these commands nothing is random, so that none changes a byte."""
        expected = self.done("value", "model.toml").out
        for seed in ("0", "1", "007", "18446744073709551615", "0x0", "0xffffffffffffffff", "0XDEADbeef"):
            with self.subTest(seed=seed):
                for command in COMMANDS:
                    self.done(command, "model.toml", "--seed", seed)
                self.assertEqual(self.done("value", "model.toml", "--seed", seed).out, expected)

    def test_s20_seeds_that_are_not(self):
        for seed in ("-1", "-0", "1.5", "1.0", "abc", "1e3", "18446744073709551616", "99999999999999999999999", "",
                     "0x10000000000000000", "0x", "0x-1", "+1", " 1", "1 ", "1_000", "1,000", "0b1", "0o7", "0xg", "١",
                     "nan", "inf", "1\n"):
            with self.subTest(seed=seed):
                found = () if "\n" in seed else (f"'{seed}' is no whole number from 0 to 2^64 - 1",)
                self.misused("value", "model.toml", "--seed", seed, words=("--seed", *found))

    def test_x1_threads(self):
        """No result depends on their number."""
        expected = self.done("value", "model.toml", "--format", "json").out
        for threads in ("0", "1", "2", "7", "4096"):
            self.assertEqual(self.done("value", "model.toml", "--format", "json", "--threads", threads).out, expected)
        for threads in ("-1", "4097", "100000", "1.5", "abc", "", "18446744073709551616"):
            with self.subTest(threads=threads):
                self.misused("value", "model.toml", "--threads", threads, words=("--threads",))


class Remedies(CommandLineTest):
    """What is refused says in a few words how to write it."""

    def test_numbers_that_are_written_otherwise(self):
        for text, remedy in (("3M", "write 3000000"), ("3,000,000", "write 3000000"), ("3.000.000", "write 3000000"), ("3'000'000", "write 3000000"),
                             ("3 000 000", "write 3000000"), ("3_000_000", "write 3000000"), ("2.5 million", "write 2500000"), ("4k", "write 4000"),
                             ("1.000,5", "write 1000.5"), ("1,5", "write 1.5"), ("$300", "write 300"), ("300 EUR", "write 300"), ("+7", "write 7"),
                             ("1,2,3", "give one number, without separators")):
            with self.subTest(text=text):
                self.misused("optimize", "model.toml", "--budget", text,
                             words=(f"--budget: '{text}' is no amount of money, 0 or more; {remedy}",))
        for text, remedy in (("1e6", "write 1000000"), ("70,000", "write 70000"), ("70k", "write 70000")):
            with self.subTest(text=text):
                self.misused("simulate", "model.toml", "--people", text, words=(f"--people: '{text}' is no whole number from 1 to", remedy))

    def test_numbers_that_are_none(self):
        """None is taken, none is answered by more than a line, and no remedy is made up."""
        for command, option, complaint in (("optimize", "--budget", "is no amount of money, 0 or more"), ("simulate", "--seconds", "is no number of seconds above 0"),
                                           ("simulate", "--people", "is no whole number from 1 to 281474976710656"),
                                           ("optimize", "--target", "is no amount of money"), ("uncertainty", "--draws", "is no whole number from 1 to 4294967296"),
                                           ("optimize", "--pieces", "is no whole number from 1 to 24"), ("simulate", "--precision", "is no share like 0.1%, or amount above 0")):
            for text in ("nan", "inf", "1e309", "many", "", "\u0663", "0x10", "9" * 309):
                with self.subTest(option=option, text=text):
                    answer = self.run_program(command, "model.toml", option, text)
                    self.assertEqual((answer.status, answer.out), (BAD_USAGE, b""), answer)
                    self.assertIn(f"tenure: {option}: '{text[:80]}", answer.messages[0])
                    self.assertIn(complaint, answer.messages[0])
                    self.assertNotIn("write", answer.messages[0])
                    self.assertLess(len(answer.messages[0]), 250)

    def test_zero_and_less(self):
        for text in ("0", "-0", "-1"):
            self.misused("simulate", "model.toml", f"--seconds={text}", words=(f"'{text}' is no number of seconds above 0",))
        self.misused("optimize", "model.toml", "--budget=-1", words=("'-1' is no amount of money, 0 or more",))
        self.done("optimize", "model.toml", "--budget", "-0")

    def test_a_case_in_which_time_never_ended(self):
        self.file(case("seconds-nan.toml"))
        self.misused("simulate", "model.toml", "--seconds", "nan", words=("--seconds",))
        self.misused("simulate", "model.toml", "--seconds", "nan", "--people", "70000", "--format", "json", words=("--seconds",))
        self.assertEqual(self.done("simulate", "model.toml", "--people", "70000", "--format", "json").json["people"], 70000)

    def test_options_that_were_meant(self):
        for given, meant in (("--fromat", "--format"), ("--format-", "--format"), ("--secnario", "--scenario"), ("--quite", "--quiet"), ("--thread=2", "--threads"),
                             ("--scen", "--scenario"), ("-quiet", "--quiet"), ("\u2014quiet", "--quiet"), ("\u2013\u2013output", "--output")):
            with self.subTest(given=given):
                name = given.split("=", 1)[0]
                self.misused("value", "model.toml", given, words=(f'`value` has no option "{name}"; did you mean {meant}?',))
        self.misused("value", "model.toml", "--fromat", "json", words=('"--fromat"; did you mean --format?',))
        answer = self.run_program("value", "model.toml", "--zzzzzzzzzz")
        self.assertNotIn("did you mean", answer.messages[0])

    def test_words_too_many(self):
        self.misused("value", "model.toml", "--scenario", "all", "in", words=('"in" is one word too many', "quotation marks"))

    def test_bytes_that_are_no_text(self):
        """Shown as what they are, in a message that is UTF-8, by the status that fits."""
        for status, *arguments in ((BAD_FILE, "value", b"model\xff.toml"), (BAD_INPUT, "value", "model.toml", "--scenario", b"f\xe4rm"),
                                   (BAD_INPUT, "simulate", "model.toml", "--from", b"\xed\xa0\x80"), (BAD_USAGE, "value", "model.toml", "--format", b"\xc3"),
                                   (BAD_USAGE, "value", "model.toml", b"--\xc3"), (BAD_USAGE, b"\xc3\x28"),
                                   (BAD_FILE, "value", "model.toml", "--output", b"no/\xff"), (BAD_USAGE, "uncertainty", "model.toml", "--group", b"\xff=a"),
                                   (BAD_INPUT, "uncertainty", "model.toml", "--pilot", b"\xff=5")):
            with self.subTest(arguments=arguments):
                answer = self.run_program(*arguments)
                self.assertEqual((answer.status, answer.out), (status, b""), answer)
                self.assertRegex(answer.messages[0], r"\\x(ff|e4|ed|c3)")
                self.assertTrue(all(character.isprintable() for character in answer.messages[0]), answer)

    def test_lines_of_bounded_length(self):
        """Whatever is long is cut; what to do about it, and the code, are still there."""
        long = "n" * 5000
        for arguments in (("value", "model.toml", "--scenario", long), ("value", long), ("value", "model.toml", "--" + long), (long,),
                          ("value", "model.toml", "--format", long), ("value", "model.toml", "--output", long), ("value", "model.toml", "--seed", long),
                          ("uncertainty", "model.toml", "--group", long), ("sensitivity", "model.toml", "--scenario", "farm", "--versus", "baseline", "--break-even", long),
                          ("value", "/".join(["folder"] * 500)), ("value", "model.toml", "--scenario", "\x1b" * 500)):
            with self.subTest(arguments=[text[:20] for text in arguments]):
                answer = self.run_program(*arguments)
                self.assertIn(answer.status, (BAD_USAGE, BAD_INPUT, BAD_FILE))
                self.assertLessEqual(max(len(line) for line in answer.messages), 400)
        self.file(FARM + "\n" + "k" * 5000 + " = 1\n" + "k" * 5000 + " = 1\n")
        answer = self.run_program("value", "model.toml")
        self.assertLessEqual(len(answer.messages[0]), 400)
        self.assertTrue(answer.messages[0].endswith("[toml]"), answer)


class Scenarios(CommandLineTest):
    def names(self, *arguments):
        return [one["name"] for one in self.done(*arguments, "--format", "json").json["scenarios"]]

    def test_unknown_scenarios(self):
        for command in ("value", "compare"):
            for name, *words in (("frm", 'did you mean "farm"?'), ("Farm", 'did you mean "farm"?'),
                                 ("zzzzzzzzz", 'known are "baseline", "farm"'), ("", 'there is no scenario ""')):
                with self.subTest(command=command, name=name):
                    answer = self.run_program(command, "model.toml", "--scenario", name)
                    self.assertEqual(answer.out, b"")
                    self.assert_failed(answer, BAD_INPUT, "model.toml", "unknown-scenario",
                                       f'there is no scenario "{name}"', *words)

    def test_one_of_several(self):
        self.assertEqual(self.names("value", "model.toml"), ["baseline", "farm"])
        self.assertEqual(self.names("value", "model.toml", "--scenario", "farm"), ["farm"])
        self.assertEqual(self.names("value", "model.toml", "--scenario", "baseline"), ["baseline"])
        self.assertEqual(self.names("value", "model.toml", "--scenario", "farm", "--scenario", "baseline"),
                         ["farm", "baseline"])

    def test_compare_keeps_the_reference(self):
        """`farm` is written first, so that the others are compared with it."""
        self.assertEqual(set(self.names("compare", "model.toml", "--scenario", "baseline")), {"baseline", "farm"})
        self.assertEqual(self.names("compare", "model.toml", "--scenario", "farm"), ["farm"])
        self.file(FARM.replace('[[scenario]]\nname = "farm"',
                               '[[scenario]]\nname = "baseline"\n\n[[scenario]]\nname = "farm"'))
        answer = self.done("compare", "model.toml", "--scenario", "farm", "--format", "json").json
        self.assertEqual((answer["reference"], [one["name"] for one in answer["scenarios"]]),
                         ("baseline", ["baseline", "farm"]))


class StandardInput(CommandLineTest):
    def test_a_dash_is_standard_input(self):
        for command, formats in FORMATS.items():
            for form in formats:
                with self.subTest(command=command, form=form):
                    expected = self.done(command, "model.toml", "--format", form).out
                    self.assertEqual(self.done(command, "-", "--format", form, stdin=FARM.encode()).out, expected)

    def test_its_problems_have_places_too(self):
        text, [(line, column)] = without_marks(changed(FARM, "probability = 0.2", "probability = §1.5e0"))
        answer = self.run_program("value", "-", stdin=text.encode())
        self.assertEqual(answer.status, BAD_INPUT)
        self.assert_message(answer.messages[0], f"standard input:{line}:{column}", "probability",
                            "transition[1].probability", "1.5 is not a probability")

    def test_a_file_that_is_called_dash(self):
        self.file("nonsense", "-")
        self.assertEqual(self.run_program("check", "./-").status, BAD_INPUT)
        self.done("check", "-", stdin=FARM.encode())


class Colours(CommandLineTest):
    ESCAPE = b"\x1b"

    def on_a_terminal(self, *arguments, **environment):
        """What a terminal gets to see."""
        try:
            master, slave = pty.openpty()
        except OSError:
            self.skipTest("there are no pseudo-terminals here")
        self.addCleanup(os.close, master)
        clean = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        answer = self.run_program(*arguments, stdout=slave, env={**clean, "TERM": "xterm-256color", **environment})
        os.close(slave)
        self.assertEqual(answer.status, DONE, answer)
        seen = b""
        try:
            while block := os.read(master, 1 << 16):
                seen += block
        except OSError:  # the other end is closed and all is read
            pass
        return seen

    def test_none_where_there_is_no_terminal(self):
        for command, formats in FORMATS.items():
            for form in formats:
                with self.subTest(command=command, form=form):
                    self.assertNotIn(self.ESCAPE, self.done(command, "model.toml", "--format", form).out)

    def test_on_a_terminal_unless_they_are_refused(self):
        plain = self.done("compare", "model.toml").out
        coloured = self.on_a_terminal("compare", "model.toml")
        self.assertIn(self.ESCAPE, coloured)
        without = re.sub(rb"\x1b\[[0-9;]*m", b"", coloured).replace(b"\r\n", b"\n")
        self.assertEqual(without, plain)  # colours, and nothing but colours
        for value in ("1", "0", "yes"):
            self.assertNotIn(self.ESCAPE, self.on_a_terminal("compare", "model.toml", NO_COLOR=value))
        self.assertIn(self.ESCAPE,
                      self.on_a_terminal("compare", "model.toml", NO_COLOR=""))  # set to nothing is not set

    def test_never_in_what_other_programs_read(self):
        for form in ("json", "csv"):
            self.assertNotIn(self.ESCAPE, self.on_a_terminal("compare", "model.toml", "--format", form))
        self.assertEqual(self.on_a_terminal("compare", "model.toml", "--output", "result"), b"")
        with open(self.path("result"), "rb") as result:
            self.assertNotIn(self.ESCAPE, result.read())


class Surroundings(CommandLineTest):
    def test_x20_nothing_depends_on_the_environment(self):
        """Language, time zone, the folder in which it is run: same file, same version, same bytes."""
        for command, formats in FORMATS.items():
            for form in formats:
                expected = self.done(command, "model.toml", "--format", form).out
                for variables in ({"LC_ALL": "C"}, {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
                                  {"LC_ALL": "tr_TR.UTF-8"},
                                  {"TZ": "Asia/Kathmandu"}, {"COLUMNS": "20"}, {"HOME": "/nowhere"},
                                  {"OMP_NUM_THREADS": "3"}):
                    with self.subTest(command=command, form=form, variables=variables):
                        answer = self.done(command, "model.toml", "--format", form, env={**os.environ, **variables})
                        self.assertEqual(answer.out, expected)

    def test_without_any_environment(self):
        self.assertEqual(self.done("value", "model.toml", env={}).out, self.done("value", "model.toml").out)

    def test_the_same_run_twice_has_the_same_bytes(self):
        for command, formats in FORMATS.items():
            for form in formats:
                runs = {self.done(command, "model.toml", "--format", form).out for _ in range(3)}
                self.assertEqual(len(runs), 1)


if __name__ == "__main__":
    program_runner.main()
