#!/usr/bin/env python3
"""What README.md shows as output is what the program prints, byte for byte."""

import os
import pathlib
import re
import shlex
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["TENURE_SOURCE_DIR"])
SHOWN = re.compile(r"<!-- output: tenure (?P<arguments>.*?) -->\n```text\n(?P<output>.*?)```\n", re.DOTALL)


class DocumentedOutput(unittest.TestCase):
    def test_every_shown_output_is_real(self):
        shown = list(SHOWN.finditer((SOURCE / "README.md").read_text(encoding="utf-8")))
        self.assertTrue(shown)
        for match in shown:
            with self.subTest(arguments=match["arguments"]):
                command = [os.environ["TENURE_PROGRAM"], *shlex.split(match["arguments"])]
                printed = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=True).stdout
                self.assertEqual(printed.rstrip("\n"), match["output"].rstrip("\n"))


if __name__ == "__main__":
    unittest.main()
