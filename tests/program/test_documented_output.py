#!/usr/bin/env python3
"""What README.md and docs/ show as output is what the program prints, byte for byte, and what they show of a file is that
file.

A block of text below <!-- output: tenure ARGUMENTS --> is such an output; what stands below <!-- file: NAME --> is a file
that these commands find, as do the examples. A block below <!-- shown: PATH --> is a file of this source tree, such as an
example's program and what it prints. After a change of what the program prints, or of a file that is shown,

    TENURE_PROGRAM=build/release/bin/tenure python3 tests/program/test_documented_output.py --write

puts what there is now into the pages: read the difference.
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

from program_runner import PROGRAM, SOURCE

PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]
SHOWN = re.compile(r"(?P<head><!-- output: tenure (?P<arguments>.*?) -->\n```text\n)(?P<output>.*?)```\n", re.DOTALL)
FILE = re.compile(r"<!-- file: (?P<name>[\w.]+) -->\n```toml\n(?P<content>.*?)```\n", re.DOTALL)
SHOWN_FILE = re.compile(r"(?P<head><!-- shown: (?P<path>[\w./-]+) -->\n```\w*\n)(?P<content>.*?)```\n", re.DOTALL)


def put_files(page, folder):
    """What the commands of a page find: the examples, and the files that it shows."""
    (folder / "examples").symlink_to(SOURCE / "examples")
    for match in FILE.finditer(page):
        (folder / match["name"]).write_text(match["content"], encoding="utf-8")


def printed(arguments, folder):
    run = subprocess.run([PROGRAM, *shlex.split(arguments)], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.rstrip("\n") + "\n"


def with_files(page):
    """The page with the files that it shows as they are today."""
    return SHOWN_FILE.sub(lambda match: match["head"] + (SOURCE / match["path"]).read_text(encoding="utf-8") + "```\n",
                          page)


def as_printed(page):
    """The page with what the program prints today."""
    with tempfile.TemporaryDirectory(prefix="tenure-shown-") as name:
        folder = pathlib.Path(name)
        put_files(page, folder)
        return with_files(
            SHOWN.sub(lambda match: match["head"] + printed(match["arguments"], folder) + "```\n", page))


class DocumentedOutput(unittest.TestCase):
    maxDiff = None

    def test_every_shown_output_is_real(self):
        shown = 0
        for file in PAGES:
            page = file.read_text(encoding="utf-8")
            shown += len(SHOWN.findall(page))
            with self.subTest(page=file.name):
                self.assertEqual(page, as_printed(page))
        self.assertGreaterEqual(shown, 2)

    def test_every_recipe_is_shown_with_its_output(self):
        recipes = SOURCE / "examples" / "07_recipes"
        files = {f"examples/07_recipes/{file.name}" for file in recipes.iterdir() if file.suffix in (".cpp", ".txt")}
        page = (SOURCE / "docs" / "embedding.md").read_text(encoding="utf-8")
        self.assertEqual(files, {match["path"] for match in SHOWN_FILE.finditer(page)})
        self.assertEqual(10, len(files))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for file in PAGES:
            file.write_text(as_printed(file.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        unittest.main()
