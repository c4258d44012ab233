#!/usr/bin/env python3
"""Writes include/tenure/model/look_alike_tables.hpp from the Unicode Character Database that Python brings along:

    look_alike_tables.py           writes the header
    look_alike_tables.py --check   ends with 1 if the header's tables are not what a reader of names needs, judged for
                                   each code point; newer characters than the header's are left out

Two names look alike if their letters are the same after canonical decomposition, full case folding and canonical
decomposition again (Unicode standard, section 3.13, D145). To fold letter by letter comes to the same, but for one
mark: the iota below (U+0345) folds to a letter, and may do so only when the marks stand in order. The tables leave it
alone.
"""

import re
import sys
import unicodedata
from pathlib import Path

HEADER = Path(__file__).resolve().parent.parent / "include/tenure/model/look_alike_tables.hpp"
IOTA_BELOW = "\u0345"
HANGUL = range(0xAC00, 0xD7A4)  # by arithmetic
SURROGATES = range(0xD800, 0xE000)
IDEOGRAPHS = (range(0xF900, 0xFADA), range(0x2F800, 0x2FA1E))  # a table without gaps for each
IDEOGRAPH_TABLES = ("ideographs_from_f900", "ideographs_from_2f800")
FEWEST_IN_A_RANGE = 3

HEAD = """#pragma once
// What names are compared by: the canonical decomposition and full case folding of each code point, and the canonical
// combining class of marks, by the Unicode Character Database {version}. Written by scripts/look_alike_tables.py.

namespace tenure::detail {{

/// A letter becomes another one, or two; what it becomes is looked up again.
struct FoldedLetter {{
  char32_t from;
  char32_t first;
  char32_t second = 0;  ///< 0 if there is none
}};

/// Each letter from the first to the last, or each second one, becomes the one that stands at an offset from it.
struct FoldedRange {{
  char32_t first;
  char32_t last;
  char32_t step;
  int offset;
}};

/// Marks of different classes may be written in any order.
struct MarkClass {{
  char32_t first;
  char32_t last;
  int value;
}};

// clang-format off
"""
TAIL = """// clang-format on

}  // namespace tenure::detail
"""


def code_points():
    return (c for c in range(sys.maxunicode + 1) if c not in SURROGATES and c not in HANGUL)


def folded(text):
    """What the tables must make of a text, but for the order of its marks."""
    apart = unicodedata.normalize("NFD", text)
    small = "".join(c if c == IOTA_BELOW else c.casefold() for c in apart)
    return unicodedata.normalize("NFD", small)


def canonical_parts(letter):
    mapping = unicodedata.decomposition(letter)
    return "" if mapping.startswith("<") else "".join(chr(int(part, 16)) for part in mapping.split())


def one_step(letter):
    """The one or two letters that a letter becomes first, preferably its small one."""
    wanted = folded(letter)
    for step in (letter.lower(), letter.casefold(), canonical_parts(letter)):
        if len(step) in (1, 2) and step != letter and folded(step) == wanted:
            return step
    return next(chr(c) + wanted[-1] for c in code_points() if folded(chr(c)) == wanted[:-1])


def ranges_and_letters():
    ideographs = {c for block in IDEOGRAPHS for c in block}
    steps = {c: one_step(chr(c)) for c in code_points() if folded(chr(c)) != chr(c) and c not in ideographs}
    offsets = {c: ord(step) - c for c, step in steps.items() if len(step) == 1}

    def members(first, step):
        last = first
        while first in offsets and offsets.get(last + step) == offsets[first]:
            last += step
        return range(first, last + 1, step)

    ranges, letters = [], []
    left = sorted(steps)
    while left:
        alike = max(members(left[0], 1), members(left[0], 2), key=lambda m: (len(m) >= FEWEST_IN_A_RANGE, -m.step))
        if len(alike) >= FEWEST_IN_A_RANGE:
            ranges.append((alike, offsets[left[0]]))
            left = [c for c in left if c not in alike]
        else:
            letters.append((left[0], steps[left[0]]))
            left = left[1:]
    return ranges, letters


def mark_classes():
    runs = []
    for c in code_points():
        value = unicodedata.combining(chr(c))
        if value and runs and runs[-1][1:] == [c - 1, value]:
            runs[-1][1] = c
        elif value:
            runs.append([c, c, value])
    return runs


def table(declaration, entries):
    lines, line = [f"inline constexpr {declaration}[]{{"], ""
    for entry in entries:
        if len(line) + len(entry) + 6 > 120:
            lines.append("    " + line.rstrip())
            line = ""
        line += entry + ", "
    return "\n".join([*lines, "    " + line.rstrip(), "};"]) + "\n"


def header():
    ranges, letters = ranges_and_letters()
    tables = [
        table("FoldedRange folded_ranges", (f"{{{r[0]:#x}, {r[-1]:#x}, {r.step}, {o}}}" for r, o in ranges)),
        table("FoldedLetter folded_letters", ("{" + ", ".join(f"{c:#x}" for c in (letter, *map(ord, step))) + "}"
                                              for letter, step in letters)),
        *(table(f"char32_t {name}", (f"{ord(folded(chr(c))):#x}" for c in block))
          for name, block in zip(IDEOGRAPH_TABLES, IDEOGRAPHS)),
        table("MarkClass mark_classes", (f"{{{first:#x}, {last:#x}, {value}}}"
                                         for first, last, value in mark_classes())),
    ]
    version = unicodedata.unidata_version.removesuffix(".0")
    return HEAD.format(version=version) + "\n".join(tables) + TAIL


def body(text, name):
    return re.search(rf"{name}\[\]{{(.*?)\n}};", text, re.DOTALL)[1]


def rows(text, name):
    return [[int(number, 0) for number in row.split(",")] for row in re.findall(r"{(.*?)}", body(text, name))]


def check(text):
    """Reads the tables as the library does, and compares with what Python knows of each code point."""
    ends, steps, classes, complaints = {}, {}, {}, []
    for name in ("folded_ranges", "folded_letters", "mark_classes"):
        spans = [(row[0], row[0] if name == "folded_letters" else row[1]) for row in rows(text, name)]
        complaints += [f"{name}: {b[0]:#x} must stand alone and behind what is smaller"
                       for a, b in zip(spans, spans[1:]) if not a[1] < b[0]]
    for first, last, step, offset in rows(text, "folded_ranges"):
        steps |= {c: (c + offset,) for c in range(first, last + 1, step)}
    for letter, *parts in rows(text, "folded_letters"):
        steps[letter] = tuple(parts)
    for name, block in zip(IDEOGRAPH_TABLES, IDEOGRAPHS):
        numbers = [int(number, 0) for number in re.findall(r"\w+", body(text, name))]
        ends |= {c: chr(number) for c, number in zip(block, numbers, strict=True)}
    for first, last, value in rows(text, "mark_classes"):
        classes |= dict.fromkeys(range(first, last + 1), value)

    def letters_of(c):
        return "".join(map(letters_of, steps[c])) if c in steps else ends.get(c, chr(c))

    known = re.search(r"Unicode Character Database (\d+)", text)[1]
    same = known == unicodedata.unidata_version.split(".")[0]
    for c in code_points():
        letter = chr(c)
        expected = (folded(letter), unicodedata.combining(letter))
        if (letters_of(c), classes.get(c, 0)) != expected and (same or c in steps or c in classes):
            complaints.append(f"U+{c:04X} {unicodedata.name(letter, '?')}: expected {expected}")
        # what folding letter by letter relies on
        if expected[1] and letter != IOTA_BELOW and not all(map(unicodedata.combining, expected[0])):
            complaints.append(f"U+{c:04X} {unicodedata.name(letter)} is a mark and becomes a letter")
    print("\n".join(complaints) or f"agrees with the Unicode Character Database {unicodedata.unidata_version}")
    return not complaints


def main():
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if check(HEADER.read_text(encoding="utf-8")) else 1)
    if sys.argv[1:]:
        sys.exit(__doc__)
    HEADER.write_text(header(), encoding="utf-8")


if __name__ == "__main__":
    main()
