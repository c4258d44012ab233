#!/usr/bin/env python3
"""Files that are no models for reasons of their form: encodings, sizes, depths, places, and what is not a file at all.

Rows S1 … S20 of the list of faults. Where each is tested, if not here:

    S1, S3   unknown keys and wrong types, key by key: test_model_keys.py (the form of it here)
    S4       literals that are no numbers: test_model_faults.py, M1, M2, M39 (here those in other places)
    S20      seeds: test_command_line.py

Not applicable to a file of format 1:

    S13      names have at most 200 bytes here, as the contract says, not 256
    S14      no key names another file, so that no path can lead elsewhere (such keys are unknown, tested)
    S15      there are no includes (the key is unknown, tested)
    S17      a file is read once, into memory, but no hash of it goes into a result
"""

import os
import socket
import subprocess
import threading

import program_runner
from program_runner import BAD_FILE, BAD_INPUT, DONE, LIMIT, PROGRAM, SHOP, ProgramTest, case, changed

MEBIBYTE = 1 << 20


class Toml(ProgramTest):
    def parsed(self, marked, *words):
        """The parser's refusal, with its own words; the place is where reading stopped."""
        self.refused(marked, ("toml", "", *words))

    def test_s1_keys_that_do_not_exist(self):
        self.refused(SHOP + "[[§stat]]\n",
                     ("unknown-key", "stat", 'there is no key "stat" here', 'did you mean "state"?'))
        for key in ("include", "log", "path"):  # S14, S15
            with self.subTest(key=key):
                self.refused(f'§{key} = "../../etc/passwd"\n' + SHOP,
                             ("unknown-key", key, f'there is no key "{key}" here'))

    def test_s1_keys_that_could_play_tricks(self):
        """Whatever a key is, its message is one harmless line."""
        answer = self.run_on(SHOP + '"\\u001b[31m\\u009b\\u202e\\n" = 1\n')
        self.assertEqual(answer.status, BAD_INPUT)
        self.assertEqual(len(answer.messages), 1, answer)
        self.assertIn("\\x1b[31m", answer.messages[0])
        for character in "\x1b\x9b\u202e\n":
            self.assertNotIn(character, answer.messages[0])
        long = self.run_on(SHOP + f'"a{"é" * 10_000}" = 1\n')
        self.assertLess(len(long.messages[0]), 600)
        self.assertIn("é…", long.messages[0])

    def test_s2_what_stands_twice(self):
        """Both lines are named: where it stands again, and where it stood first."""
        self.parsed(changed(SHOP, 'name = "owner"', 'name = "owner"\nname = §"x"'), "'name'", "line 9 gives it already")
        self.parsed(SHOP + "\n§[model]\n", "'model'", "line 3 gives it already")
        self.parsed(changed(SHOP, "probability = 0.2", "probability = { mean = 0.1, mean = §0.2 }"), "'mean'",
                    "line 20 gives it already")
        self.parsed(changed(SHOP, "[model]", "state = []\n\n[model]").replace("[[state]]", "§[[state]]", 1), "'state'",
                    "line 3 gives it already")

    def test_s4_not_finite(self):
        for literal in ("nan", "inf", "+inf", "-inf"):
            with self.subTest(literal=literal):
                found = literal.lstrip("+")
                self.refused(changed(SHOP, "count = 10", f"count = §{literal}"),
                             ("not-finite", "arrivals[1].count", found))
                self.refused(changed(SHOP, "horizon = 10", f"horizon = §{literal}"), ("type", "model.horizon", found))
                self.refused(changed(SHOP, "count = 10", f"count = 10\nfrom = §{literal}"),
                             ("type", "arrivals[1].from", found))

    def test_s5_beyond_what_numbers_can_hold(self):
        for number in ("9223372036854775808", "-9223372036854775809", "0x8000000000000000", "1e400", "-1e400",
                       "1e999999"):
            with self.subTest(number=number):
                answer = self.run_on(changed(SHOP, "cash_flow = 100", f"cash_flow = {number}"))
                self.assertEqual(answer.status, BAD_INPUT, answer)
                self.assertEqual(len(answer.messages), 1, answer)
                self.assertTrue(answer.messages[0].startswith("model.toml:11:"), answer)
                self.assertIn(number.lstrip("-").removeprefix("0x"), answer.messages[0])
                self.assertTrue(answer.messages[0].endswith(" [toml]"), answer)

    def test_texts_that_are_no_toml(self):
        for text in (SHOP + 'x = "abc\n', SHOP + "x = [1,\n", SHOP + 'x = """abc\n', "]]]\n", "= 1\n", "a b\n",
                     '"' * 99_999):
            with self.subTest(text=text[-12:]):
                answer = self.run_on(text)
                self.assertEqual((answer.status, len(answer.messages)), (BAD_INPUT, 1), answer)
                self.assertRegex(answer.messages[0], r"^model\.toml:\d+:\d+: error: .* \[toml\]$")

    def test_slips_have_remedies(self):
        """What people write who do not think of TOML: each is refused where it stands, with a word on how to write it."""
        for line, remedy in (("horizon = 5 years", 'a text stands in quotation marks: horizon = "5 years"'), ("horizon = infinite", 'horizon = "infinite"'),
                             ("horizon = 3,000,000", "write 3000000"), ("horizon = 1.000,5", "write 1000.5"), ("horizon = 5%", "write 0.05"),
                             ("horizon = .5", "write 0.5"), ("horizon = 5.", "write 5"), ("horizon = $10", "write 10"), ("horizon = 3M", "write 3000000"),
                             ("horizon = yes", "write true or false"), ("horizon = True", "write true or false"), ('horizon = "10', "closing quotation mark"),
                             ("horizon = \u201c10 years\u201d", "straight quotation marks"), ("horizon: 10", "with an equals sign"), ("horizon =", "a value is missing"),
                             ("spend = { lounge = 3,000,000 }", "write 3000000"), ("spend = { a lounge = 3 }", "names with blanks, stand in quotation marks"),
                             ("the horizon = 10", "names with blanks, stand in quotation marks")):
            with self.subTest(line=line):
                text = changed(SHOP, "horizon = 10", line)
                answer = self.run_on(text)
                self.assertEqual((answer.status, len(answer.messages)), (BAD_INPUT, 1), answer)
                self.assertRegex(answer.messages[0], r"^model\.toml:[67]:\d+: error: .* \[toml\]$")
                self.assertIn(remedy, answer.messages[0])
                self.assertLess(len(answer.messages[0]), 300)

    def test_a_slip_within_a_list_is_not_taken_for_a_number(self):
        answer = self.run_on(changed(SHOP, "horizon = 10", "horizon = [1 2]"))
        self.assertIn("numbers have no separators", answer.messages[0])

    def test_s9_nothing(self):
        for content in (b"", b"\n\n \t\n", b"# only\n# comments\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf# only\r\n"):
            with self.subTest(content=content):
                answer = self.run_on(content)
                self.assert_failed(answer, BAD_INPUT, "model.toml:1:1", "empty", "the file is empty", "format = 1",
                                   "[model]",
                                   "[[state]]")

    def test_s18_other_versions(self):
        self.refused("§" + changed(SHOP, "format = 1\n", ""), ("missing", "", "`format` is missing", "format = 1"))
        for version in ("2", "0", "-1", "999999999999"):
            with self.subTest(version=version):
                self.refused(changed(SHOP, "format = 1", f"format = §{version}"),
                             ("format", "format", f"this is format {version}", "this version reads format 1"))


class Shapes(ProgramTest):
    """Texts that are legal TOML, and absurd: answered before a parser sees them."""

    def refused_at(self, text, code, line, *words):
        answer = self.run_on(text)
        self.assertEqual((answer.status, len(answer.messages)), (BAD_INPUT, 1), answer)
        self.assertTrue(answer.messages[0].startswith(f"model.toml:{line}:"), answer)
        self.assertTrue(answer.messages[0].endswith(f" [{code}]"), answer)
        for word in words:
            self.assertIn(word, answer.messages[0])

    def test_s7_keys_of_very_many_parts(self):
        last = SHOP.count("\n") + 1
        for key in (".".join("a" * 120_000), ".".join(["'a'"] * 120_000), " . ".join(["a"] * 120_000),
                    '"a".' * 119_999 + "b"):
            for text in (f"{key} = 1\n", f"[{key}]\nx = 1\n", f"[[{key}]]\n", f"x = {{ {key} = 1 }}\n"):
                with self.subTest(text=text[:10]):
                    self.refused_at(SHOP + text, "dotted-key", last, "more than 64 dots")

    def test_s7_as_many_as_are_allowed(self):
        key = ("unknown-key", "a", 'there is no key "a" here')
        self.refused(SHOP + "\n[§" + ".".join("a" * 65) + "]\nx = 1\n", key)
        self.refused_at(SHOP + "[" + ".".join("a" * 66) + "]\n", "dotted-key", SHOP.count("\n") + 1)

    def test_s7_dots_in_texts_count_for_nothing(self):
        for note in ('"' + "a.b" * 100 + '"', "'" + "a.b" * 100 + "'", '"""' + "[.{" * 100 + '"""',
                     "'''" + "[.{" * 100 + "'''",
                     '"\\"' + "[." * 100 + '"', '"" # ' + "[." * 100):
            with self.subTest(note=note[:6]):
                self.accepted(SHOP + f'[[scenario]]\nname = "s"\nnote = {note}\n')
        self.accepted(changed(SHOP, "Shop", "." * 200))

    def test_s6_deep_nesting(self):
        last = SHOP.count("\n") + 1
        for text in ("x = " + "[" * 300 + "]" * 300, "x = " + "{a=" * 300 + "1" + "}" * 300,
                     "x = " + "[\n" * 300 + "]\n" * 300,
                     "x = " + "[{a=" * 150 + "1" + "}]" * 150, "[" * 100_000):
            with self.subTest(text=text[:8]):
                answer = self.run_on(SHOP + text + "\n")
                self.assertEqual((answer.status, len(answer.messages)), (BAD_INPUT, 1), answer)
                self.assertIn("nested more than 64 deep", answer.messages[0])
                self.assertTrue(answer.messages[0].endswith(" [nesting]"), answer)
        deepest = SHOP + "§x = " + "[" * 64 + "]" * 64 + "\n"
        self.refused(deepest, ("unknown-key", "arrivals[1].x", '"x"'))
        self.refused_at(SHOP + "x = " + "[" * 65 + "]" * 65 + "\n", "nesting", last)

    def test_deep_tables_by_headers(self):
        headers = "".join(f"[{'.'.join('a' * parts)}]\n" for parts in range(1, 65))
        self.refused(SHOP + headers.replace("[", "[§", 1), ("unknown-key", "a", '"a"'))

    def test_s19_comments_and_keys_without_end(self):
        comments = "# a comment that says nothing, over and over again\n" * 300_000
        self.assertEqual(self.value_of(SHOP + comments).out, self.value_of(SHOP).out)
        keys = self.run_on("".join(f"key{k} = 1\n" for k in range(300_000)) + SHOP)
        self.assertEqual((keys.status, len(keys.messages)), (BAD_INPUT, 21), keys)
        self.assertEqual(keys.messages[-1], "… and 299980 more")

    def test_s19_scenarios_without_end(self):
        count = 100_000
        self.accepted(SHOP + "".join(f'[[scenario]]\nname = "{k}"\n' for k in range(count)), "check", "--format",
                      "toml")

    def test_s19_mistakes_without_end(self):
        """Every transition has a mistyped key: two problems each, and none in time that grows with their square."""
        count = 60_000
        wrong = '[[transition]]\nform="owner"\nto="lost"\nprobability=1\n'
        answer = self.run_on(SHOP + wrong * count)
        self.assertEqual((answer.status, len(answer.messages)), (BAD_INPUT, 21), answer)
        self.assertEqual(answer.messages[-1], f"… and {2 * count - 20} more")


class Sizes(ProgramTest):
    def test_s8_sixteen_mebibytes_and_no_more(self):
        exactly = SHOP + "#" * (16 * MEBIBYTE - len(SHOP) - 1) + "\n"
        self.assertEqual(self.value_of(exactly).out, self.value_of(SHOP).out)
        answer = self.run_on(exactly + "\n")
        self.assert_failed(answer, LIMIT, "model.toml", "file-size", "more than 16 MiB")
        self.assertEqual(answer.out, b"")

    def too_much(self, place, *arguments, **how):
        """Refused, and not read to its end: whoever reads on takes more memory than a few copies of the limit."""
        answer = self.run_measured(*arguments, **how)
        self.assert_failed(answer, LIMIT, place, "file-size", "more than 16 MiB")
        self.assertLess(answer.memory, 512 * MEBIBYTE)

    def test_s8_a_file_of_a_gibibyte(self):
        with open(self.path("huge.toml"), "wb") as file:
            file.truncate(1 << 30)
        self.too_much("huge.toml", "check", "huge.toml")

    def test_s8_a_device_without_end(self):
        with open("/dev/zero", "rb") as zeros:
            self.too_much("standard input", "check", "-", stdin=zeros)

    def test_s8_a_pipe_without_end(self):
        """Comments that somebody goes on writing: the program ends although they do not."""
        read, write = os.pipe()

        def write_on():
            try:
                while True:
                    os.write(write, b"# and so on\n" * 5000)
            except BrokenPipeError:
                os.close(write)

        writer = threading.Thread(target=write_on)
        writer.start()
        with open(read, "rb") as pipe:
            self.too_much("standard input", "value", "-", stdin=pipe)
        writer.join(timeout=60)
        self.assertFalse(writer.is_alive())


class Encodings(ProgramTest):
    def answers(self, content):
        """All that the program makes of a model: its own form of it, and what it is worth."""
        return [self.accepted(content, *command).out
                for command in (("check", "--format", "toml"), ("value", "--format", "json"),
                                ("compare", "--format", "csv"))]

    def test_s10_one_model_in_several_dresses(self):
        """A byte order mark, Windows line ends, no final newline: the result is the same to the last byte."""
        text = changed(SHOP + program_runner.LEVER, "Shop", "Café 拥有者")
        plain = text.encode()
        expected = self.answers(plain)
        windows = plain.replace(b"\n", b"\r\n")
        for dress, content in (("mark", b"\xef\xbb\xbf" + plain), ("windows", windows),
                               ("both", b"\xef\xbb\xbf" + windows),
                               ("no end", plain.rstrip(b"\n")), ("windows, no end", windows.removesuffix(b"\r\n")),
                               ("mixed", plain.replace(b"\n", b"\r\n", 7))):
            with self.subTest(dress=dress):
                self.assertEqual(self.answers(content), expected)

    def test_s10_places_do_not_depend_on_the_dress(self):
        text, [place] = program_runner.without_marks(changed(SHOP, "probability = 0.2", "probability = §1.5"))
        for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.replace("\n", "\r\n").encode()):
            answer = self.run_on(content)
            self.assertTrue(answer.messages[0].startswith("model.toml:%d:%d: error: transition[1]" % place), answer)
        first, [place] = program_runner.without_marks("format = 1\n[model]\nname = 'é' §x\n")
        for content in (first.encode(), b"\xef\xbb\xbf" + first.encode()):
            self.assertTrue(self.run_on(content).messages[0].startswith("model.toml:%d:%d: " % place), answer)

    def refused_bytes(self, content, code, offset, line, column, *words):
        answer = self.run_on(content)
        self.assert_failed(answer, BAD_INPUT, f"model.toml:{line}:{column}", code, f"byte {offset}", *words)

    def test_s10_lone_carriage_returns(self):
        plain = SHOP.encode()
        advice = "end lines with a line feed"
        self.refused_bytes(plain.replace(b"\n", b"\r"), "line-end", 10, 1, 11, "stands alone", advice)
        self.refused_bytes(plain + b"# end\r", "line-end", len(plain) + 5, SHOP.count("\n") + 1, 6, advice)
        self.refused_bytes(plain.replace(b"Shop", b"Sh\rop"), "line-end", plain.index(b"Shop") + 2, 4, 11, advice)
        self.refused_bytes(plain.replace(b"\n", b"\r\r\n", 1), "line-end", 10, 1, 11, advice)

    def test_s11_utf_16(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            with self.subTest(encoding=encoding):
                self.refused_bytes(SHOP.encode(encoding), "encoding", 0, 1, 1, "UTF-16", "save the file as UTF-8")
        self.refused_bytes(b"\xfe\xff" + SHOP.encode("utf-16-be"), "encoding", 0, 1, 1, "UTF-16")

    def test_s11_bytes_that_are_no_utf_8(self):
        """Latin-1, stray and missing continuations, overlong forms, surrogates, what lies beyond Unicode."""
        bad = {"latin-1": b"\xe9", "stray": b"\x80", "missing": b"\xe2\x82", "overlong 2": b"\xc0\x80",
               "overlong 3": b"\xe0\x80\xaf",
               "overlong 4": b"\xf0\x80\x80\xaf", "surrogate": b"\xed\xa0\x80", "beyond": b"\xf4\x90\x80\x80",
               "5 bytes": b"\xf8\x88\x80\x80\x80",
               "never": b"\xff"}
        offset = SHOP.index("Shop") + 2
        for name, bytes_ in bad.items():
            with self.subTest(name=name):
                content = SHOP.encode().replace(b"Shop", b"Sh" + bytes_ + b"op")
                self.refused_bytes(content, "encoding", offset, 4, 11, "is not valid UTF-8", "save the file as UTF-8")
        with_mark = b"\xef\xbb\xbf" + SHOP.encode().replace(b"Shop", b"Caf\xe9")
        self.refused_bytes(with_mark, "encoding", 3 + SHOP.index("Shop") + 3, 4, 12, "is not valid UTF-8")
        self.refused_bytes(SHOP.encode() + b"# \xc3", "encoding", len(SHOP) + 2, SHOP.count("\n") + 1, 3)

    def test_columns_count_characters(self):
        content = changed(SHOP, "Shop", "Ça va 拥有者").encode().replace("者".encode(), b"\xff")
        offset = content.index(b"\xff")
        self.refused_bytes(content, "encoding", offset, 4, 17, "is not valid UTF-8")

    def test_s12_control_characters(self):
        for byte in (0x00, 0x01, 0x07, 0x08, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f):
            with self.subTest(byte=byte):
                content = SHOP.encode().replace(b"Shop", b"Sh" + bytes([byte]) + b"op")
                self.refused_bytes(content, "control-character", SHOP.index("Shop") + 2, 4, 11,
                                   "is a control character")
        self.refused_bytes(SHOP.encode() + b"# \0\n", "control-character", len(SHOP) + 2, SHOP.count("\n") + 1, 3)
        self.accepted(changed(SHOP, "horizon = 10", "horizon\t=\t10\t# tabs are welcome"))


class NamesOnScreen(ProgramTest):
    def named(self, name):
        return SHOP.replace('"owner"', f'"{name}"')

    def test_s12_characters_that_no_name_has(self):
        """Escaped in the file, they pass for text; in a name they could colour a screen or turn round a report."""
        control, hidden = "a name must not contain control characters", "invisible or text-direction characters"
        for character, words in (("\\u0000", control), ("\\u001b", control), ("\\u0007", control), ("\\t", control),
                                 ("\\n", control), ("\\r", control), ("\\u007f", control), ("\\u009b", control),
                                 ("\\u0085", control), ("\u0085", control), ("\u202e", hidden), ("\\u202e", hidden),
                                 ("\\u2066", hidden), ("\u200b", hidden), ("\u200f", hidden), ("\\ufeff", hidden),
                                 ("\\u2060", hidden), ("\\u061c", hidden)):
            with self.subTest(character=character.encode("ascii", "backslashreplace")):
                first = self.named(f"ow{character}ner").replace("name = \"ow", "name = §\"ow", 1)
                answer = self.refused(first, ("name", "state[1].name", words, '"ow'))
                for forbidden in answer.err.decode().rstrip("\n"):
                    self.assertTrue(forbidden.isprintable(), f"{forbidden!r} is shown as it is")

    def test_characters_that_nobody_sees(self):
        """One of each kind that Unicode lets a screen leave out, at the beginning, within and at the end."""
        hidden = "invisible or text-direction characters"
        for point in (0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200c, 0x200d, 0x2028, 0x2029, 0x2064, 0x206a, 0x2800, 0x3164, 0xfdd0, 0xfe00,
                      0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffe, 0x1bca0, 0x1d173, 0x1fffe, 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0x10ffff):
            for name in (f"\\U{point:08x}owner", f"ow\\U{point:08x}ner", f"owner\\U{point:08x}"):
                with self.subTest(name=name):
                    answer = self.refused(self.named(name).replace('name = "', 'name = §"', 2).replace('§"Shop', '"Shop', 1), ("name", "state[1].name", hidden))
                    self.assertTrue(answer.err.decode().rstrip("\n").isprintable(), answer)

    def test_a_case_of_two_states_that_look_alike(self):
        answer = self.run_on(case("invisible-names.toml"))
        self.assertEqual(answer.status, BAD_INPUT)
        self.assertIn('state[2].name: "ow\\xc2\\xadner\\xe2\\x80\\xa8x": a name must not contain invisible', answer.messages[0])

    def test_joiners_where_they_belong(self):
        """Between letters of scripts that join, and within an emoji; two names that differ in nothing else look alike."""
        for name in ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937", "\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f",
                     "\u2764\ufe0f\u200d\U0001f525", "1\ufe0f\u20e3", "\U0001f469\U0001f3fd\u200d\U0001f4bb"):
            with self.subTest(name=name):
                self.accepted(self.named(name))
                plain = "".join(character for character in name if character not in "\u200c\u200d\ufe0f")
                twice = changed(self.named(name), 'name = "lost"', f'name = "{plain}"').replace('to = "lost"', f'to = "{plain}"')
                answer = self.run_on(twice)
                self.assertEqual(answer.status, BAD_INPUT, answer)
                self.assertIn("[duplicate-name]", answer.messages[0])
        for name in ("a\u200cb", "a\u200d\U0001f4bb", "\u0645\u200c", "\u200c\u0645", "\u0661\u200c\u0662", "\u0645\u200c b", "a\ufe0f", "1\ufe0f", "\u62e5\u200d\u6709",
                     "\ud55c\u200c\uae00"):
            with self.subTest(name=name):
                answer = self.run_on(self.named(name))
                self.assertEqual((answer.status, "[name]" in answer.messages[0]), (BAD_INPUT, True), answer)

    def test_s12_every_kind_of_name(self):
        farm = SHOP + program_runner.LEVER
        bad = '"a\\u202eb"'
        cases = [("Shop", 'a\\u202eb', "model.name"), ('"service"\nkind', bad + "\nkind", "lever[1].name"),
                 ('"farm"', bad, "scenario[1].name"), ("count = 10", "count = 10\nname = " + bad, "arrivals[1].name"),
                 ('kind = "retention"', 'kind = "retention"\nlabel = ' + bad, "lever[1].label")]
        for old, new, key in cases:
            with self.subTest(key=key):
                text = changed(farm, old, new)
                text = text.replace('"a\\u202e', '§"a\\u202e')
                if key == "lever[1].name":
                    text = changed(text, "{ service = 10 }", "{ " + bad + " = 10 }")
                self.refused(text, ("name", key, "text-direction characters", "a\\xe2\\x80\\xaeb"))

    def test_s13_names_in_any_script(self):
        for name in ("Käufer", "拥有者", "العميل", "ग्राहक", "ลูกค้า", "👩‍👩‍👧 family", "=1+1", "<script>", "a.b[0]",
                     "it's", "#1", "-"):
            with self.subTest(name=name):
                answer = self.value_of(self.named(name))
                self.assertEqual(answer.state(name)["name"], name)
                self.accepted(self.named(name), "value")
                self.accepted(self.named(name), "check")

    def test_s13_as_long_as_allowed(self):
        for name in ("x" * 200, "é" * 100, "拥" * 66):
            self.assertEqual(self.value_of(self.named(name)).state(name)["name"], name)
        for name, size in (("x" * 201, 201), ("é" * 101, 202), ("x" * 10_000, 10_000)):
            with self.subTest(size=size):
                text = self.named(name).replace(f'name = "{name[0]}', f'name = §"{name[0]}', 1)
                answer = self.refused(text, ("name", "state[1].name", f"a name of {size} bytes is longer than 200",
                                             "…"))
                self.assertLess(len(answer.messages[0]), 250)  # what is found is shown in 80 bytes

    def test_names_that_are_empty(self):
        for name in ("", " ", "   "):
            text = SHOP + f'\n[[state]]\nname = §"{name}"\nstage = "lost"\n'
            self.refused(text, ("name", "state[3].name", f'"{name}": a name must not be empty'))


class PlacesThatAreNoFiles(ProgramTest):
    def failed(self, path, *words, place=None, **how):
        for command in ("check", "value", "compare"):
            answer = self.run_program(command, path, timeout=30, **how)
            self.assert_failed(answer, BAD_FILE, place or path, "file", *words)
            self.assertEqual(answer.out, b"")

    def test_s16_what_is_missing(self):
        self.failed("nowhere.toml", "there is no such file", "give - for standard input")
        self.failed("no/such/folder.toml", "there is no such file")
        self.file(SHOP)
        self.failed("model.toml/model.toml", "there is no such file")
        os.symlink("nowhere.toml", self.path("dangling.toml"))
        self.failed("dangling.toml", "there is no such file")
        os.symlink("loop.toml", self.path("loop.toml"))
        self.failed("loop.toml", "it cannot be reached")
        self.failed("n" * 300, "it cannot be reached", place="n" * 99 + "…" + "n" * 100)

    def test_s16_what_is_no_regular_file(self):
        self.failed(self.folder, "this is a directory", "give the model file in it")
        os.mkfifo(self.path("pipe"))
        self.failed("pipe", "not a regular file", "give - to read from standard input")
        self.failed("/dev/null", "not a regular file")
        self.failed("/dev/zero", "not a regular file")
        with socket.socket(socket.AF_UNIX) as server:
            here = os.getcwd()
            os.chdir(self.folder)
            server.bind("socket")
            os.chdir(here)
            self.failed("socket", "not a regular file")

    def test_s16_a_pipe_by_way_of_standard_input(self):
        answer = self.run_program("value", "-", "--format", "json", stdin=SHOP.encode())
        self.assertEqual(answer.status, DONE, answer)
        self.assertEqual(answer.out, self.value_of(SHOP).out)
        bad = self.run_program("check", "-", stdin=changed(SHOP, "probability = 0.2", "probability = nan").encode())
        self.assert_message(bad.messages[0], "standard input:20:15", "not-finite", "transition[1].probability", "nan")
        nothing = self.run_program("check", "-")
        self.assert_failed(nothing, BAD_INPUT, "standard input:1:1", "empty", "the file is empty")

    def test_links_to_files_are_files(self):
        self.file(SHOP, "there.toml")
        os.symlink("there.toml", self.path("here.toml"))
        self.assertEqual(self.run_program("check", "here.toml").status, DONE)

    def test_reading_that_fails(self):
        """A file that can be opened and not read, a folder as standard input, and no standard input at all."""
        self.failed("/proc/self/mem", "reading it failed")
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        self.failed("-", "reading it failed", place="standard input", stdin=folder)
        closed = subprocess.run(["/bin/sh", "-c", 'exec "$0" check - <&-', PROGRAM], capture_output=True, check=False)
        answer = program_runner.Answer(closed.returncode, closed.stdout, closed.stderr)
        self.assert_failed(answer, BAD_FILE, "standard input", "file", "reading it failed")

    def test_permissions(self):
        path = self.file(SHOP, "secret.toml")
        os.chmod(path, 0)
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("closed"), 0)
        self.failed("secret.toml", "it cannot be opened: Permission denied", "check its permissions",
                    **program_runner.as_somebody_else(self))
        self.failed("closed/model.toml", "it cannot be reached: Permission denied",
                    **program_runner.as_somebody_else(self))

    def test_names_of_files_that_could_play_tricks(self):
        answer = self.run_program("check", "a\x1b[31mb\nc\u202e.toml")
        self.assertEqual(answer.status, BAD_FILE)
        self.assertEqual(len(answer.messages), 1, answer)
        self.assertTrue(answer.messages[0].startswith("a\\x1b[31mb\\x0ac"), answer)
        for character in answer.messages[0]:
            self.assertTrue(character.isprintable(), repr(character))

    def test_a_file_called_like_an_option(self):
        self.file(SHOP, "--help")
        answer = self.run_program("check", "./--help")
        self.assertEqual(answer.status, DONE, answer)


if __name__ == "__main__":
    program_runner.main()
