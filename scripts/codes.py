#!/usr/bin/env python3
"""Writes docs/codes.md: every code of findings that the library's source can give, with its words and its remedy.

    scripts/codes.py            writes the page
    scripts/codes.py --check    says where the page is not what the source says, and which codes no test asks for

A finding is written in the source in one of two ways: as an aggregate {"code", place, message, hint, location}, mostly
within the exception that carries it, or as a call of error, warn, problem, report or refuse with the code first. What is
put into a message while the program runs is shown as …
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "codes.md"
TOKEN = re.compile(r'''(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])')'''
                   r'''|(?P<word>[A-Za-z_]\w*)|(?P<number>\.?\d[\w.']*)|(?P<mark>::|->|[^\s\w])''', re.DOTALL)
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*-?")
CLOSES = {"(": ")", "{": "}", "[": "]"}
# how a call that finds something lists its arguments: the places of the message and the hint behind the code
CALLS = {"error": (2, 3), "warn": (2, 3), "problem": (2, 3), "report": (2, 3), "refuse": (1, 2)}
NO_INPUT_RAISES = {"defect", "threads"}  # a fault of ours, and what a test could only bring about by luck
STATUS = {"ModelError": "3", "DivergentError": "4", "FileError": "5", "LimitError": "6", "InterruptedError": "130",
          # as the program says it
          "defect": "1", "bad_usage": "2", "bad_input": "3", "divergent": "4", "bad_file": "5", "limit": "6",
          "interrupted": "130"}
PUT_IN = "…"

HEAD = """# Codes

Every finding has a code that stays what it is, a sentence, and mostly a remedy. The code stands in brackets behind the
words, and under `code` in JSON. This page is made from the source by `scripts/codes.py`; … is what is put in as the
program runs. What the program then ends with stands beside each: 3 for a model that cannot mean anything, 4 for a question
without a finite answer, 5 for a file that cannot be read or written, 6 for too much work or what an engine cannot
do, 130 for work that was stopped, and *warning* for what does not stop it.

| code | status | what is found | remedy |
| --- | --- | --- | --- |
"""


def tokens_of(path):
    return [m[0] for m in TOKEN.finditer(path.read_text(encoding="utf-8")) if m.lastgroup != "comment"]


def group_end(tokens, opening):
    """The place of what closes the bracket at `opening`."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place] in CLOSES) - (tokens[place] in CLOSES.values())
        if depth == 0:
            return place
    return len(tokens) - 1


def parts_of(tokens, opening):
    """What stands between the commas of a bracket, each a list of tokens."""
    parts, depth = [[]], 0
    for token in tokens[opening + 1:group_end(tokens, opening)]:
        depth += (token in CLOSES) - (token in CLOSES.values())
        if token == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def is_text(token):
    return token.startswith('"')


def unquoted(token):
    return token[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def codes_in(part, kinds):
    """The codes that the first part of a finding can be; none if it is something else."""
    texts = [unquoted(token) for token in part if is_text(token)]
    if not texts or not all(CODE.fullmatch(text) for text in texts):
        return []
    if "?" in part:
        return texts
    if len(part) == 1 and not texts[0].endswith("-"):
        return texts
    return [texts[0] + kind.replace(" ", "-") for kind in kinds] if texts[0].endswith("-") else []


def words_of(part):
    """The sentence of an expression: its texts, and … for what stands between them."""
    words, depth = [], 0
    if {"hint_for", "suggestion"} & set(part):
        return "the nearest name, where one is near"
    if "?" in part and ":" in part:  # one sentence or another
        if is_text(part[part.index("?") + 1]) and "(" not in part[:part.index("?")]:
            part = part[part.index("?") + 1:]
            first, second = part[:part.index(":")], part[part.index(":") + 1:]
            return " / ".join(filter(None, (words_of(first), words_of(second))))
    for place, token in enumerate(part):
        depth += (token in CLOSES) - (token in CLOSES.values())
        if is_text(token) and depth == 0 or is_text(token) and depth == 1 and part[place - 1] in ("{", "("):
            words.append(unquoted(token))
        elif token not in ("+", "(", ")", "{", "}") and (not words or words[-1] != PUT_IN):
            words.append(PUT_IN)
    sentence = "".join(words).replace("{}", PUT_IN)
    return re.sub(PUT_IN + r"(\s*" + PUT_IN + ")+", PUT_IN, sentence).strip(" :;")


def exception_around(tokens, place):
    """The exception within whose braces a place is, or the status that follows it; ModelError where problems are listed."""
    end = group_end(tokens, place)
    if tokens[end + 1:end + 5] == ["}", ",", "ExitStatus", "::"]:
        return tokens[end + 5]
    depth = 0
    for before in range(place, max(0, place - 60), -1):
        token = tokens[before]
        if token in STATUS and depth < 0:
            return token
        depth += (token in CLOSES.values()) - (token in CLOSES and before != place)
        if token == ";":
            break
    return "ModelError"


def kinds_of(sources):
    """What may follow "unknown-": the kinds that check_known is called with."""
    kinds = set()
    for tokens in sources.values():
        for place, token in enumerate(tokens[:-2]):
            if token == "check_known" and tokens[place + 1] == "(" and is_text(tokens[place + 2]):
                kinds.add(unquoted(tokens[place + 2]))
    return sorted(kinds)


def exception_of_refuse(tokens):
    """What the function `refuse` of a file throws."""
    for place, token in enumerate(tokens):
        if token == "refuse":
            for thrown in tokens[place:place + 120]:
                if thrown in STATUS:
                    return thrown
    return "ModelError"


def findings_in(tokens, kinds):
    """All findings of a source: (code, status, message, hint)."""
    for place, token in enumerate(tokens):
        if token == "refuse_beyond_memory" and tokens[place + 1] == "(":
            parts = parts_of(tokens, place + 1)
            if len(parts) == 4 and any(map(is_text, parts[1])):
                yield "memory", STATUS["LimitError"], words_of(parts[1]) + f" would need {PUT_IN} GB", words_of(parts[3])
            continue
        if token in CALLS and place + 1 < len(tokens) and tokens[place + 1] == "(":
            parts = parts_of(tokens, place + 1)
            message, hint = CALLS[token]
            if len(parts) <= message:
                continue
            status = "warning" if token == "warn" else "3"
            if token == "refuse":
                status = STATUS[exception_of_refuse(tokens)]
        elif token == "{":
            parts = parts_of(tokens, place)
            message, hint = 2, 3
            if len(parts) != 5 or all(len(part) == 1 and is_text(part[0]) for part in parts):
                continue  # another list
            status = STATUS[exception_around(tokens, place)]
        else:
            continue
        for code in codes_in(parts[0], kinds):
            if hint >= len(parts) and not any(map(is_text, parts[message])):
                continue  # another call of that name
            yield code, status, words_of(parts[message]), words_of(parts[hint]) if hint < len(parts) else ""


def all_findings():
    paths = sorted([*(ROOT / "include").rglob("*.hpp"), *(ROOT / "src").rglob("*.cpp"), *(ROOT / "src").rglob("*.hpp")])
    sources = {path: tokens_of(path) for path in paths}
    kinds = kinds_of(sources)
    found = {}
    for tokens in sources.values():
        for code, status, message, hint in findings_in(tokens, kinds):
            found.setdefault((code, status), []).append((message, hint))
    return found


def cell(words):
    seen = list(dict.fromkeys(word for word in words if word and word != PUT_IN))
    return ("; ".join(seen) or PUT_IN).replace("|", "\\|").replace("<", "&lt;")


def page(found):
    rows = [f"| `{code}` | {status} | {cell(m for m, _ in said)} | {cell(h for _, h in said)} |"
            for (code, status), said in sorted(found.items())]
    return HEAD + "\n".join(rows) + "\n"


def asked_for(code, tests):
    """Whether a test asks for a code: as a text of its own, or in brackets as the program prints it."""
    return re.search(rf'["\'\[]{re.escape(code)}["\'\]]', tests) is not None


def main():
    found = all_findings()
    if sys.argv[1:] == ["--check"]:
        tests = "\n".join(path.read_text(encoding="utf-8")
                          for path in sorted((ROOT / "tests").rglob("*")) if path.suffix in (".cpp", ".hpp", ".py"))
        complaints = [f"no test asks for {code}" for code in sorted({code for code, _ in found})
                      if code not in NO_INPUT_RAISES and not asked_for(code, tests)]
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(found):
            complaints.append("docs/codes.md is not what the source says: run scripts/codes.py")
        print("\n".join(complaints) or f"{len(found)} codes, all in docs/codes.md and all asked for by tests")
        sys.exit(1 if complaints else 0)
    if sys.argv[1:]:
        sys.exit(__doc__)
    PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
