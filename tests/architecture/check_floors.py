#!/usr/bin/env python3
"""Keeps the house's floors: reads the include lines of a source tree, and a few patterns that break its promises.

    check_floors.py ROOT         prints every violation as FILE:LINE: message; ends with 1 if there is one
    check_floors.py --self-test  sees each rule refuse a tree that breaks it
"""

import re
import sys
import tempfile
from pathlib import Path

# Each folder under include/tenure, and the floors it may include besides itself. An engine reads chains, never models.
FLOORS = {
    "quantity": set(),
    "model": {"quantity"},
    "fit": {"quantity", "model"},
    "chain": {"quantity", "model"},
    "engine": {"quantity", "chain"},
    "decide": {"quantity", "model", "chain", "engine"},
    "io": {"quantity", "model", "fit", "chain", "engine", "decide"},
}
WITH_FILES = {"io"}  # the floors that may name streams and files
STREAMS_AND_FILES = {"iostream", "fstream", "filesystem", "cstdio", "stdio.h"}
NOT_IN_HEADERS = {"ranges", "format", "stop_token"}  # some supported libraries lack them

CODE_PATTERNS = [  # looked for outside comments and strings
    (re.compile(r"\bstd::(ranges::)?\w+_distribution\b"), "the standard library's distributions differ by platform"),
    (re.compile(r"(?<![\w.>:])(std::)?s?rand\s*\("), "rand() is neither addressed by meaning nor the same everywhere"),
    (re.compile(r"\bstd::(random_device|random_shuffle)\b"), "randomness comes from the seed alone"),
]
# What results depend on has the same bits everywhere: roots, sums and products do, the C library's transcendental
# functions do not, nor does what Boost.Math and Eigen make of them. quantity/ has what takes their place.
TRANSCENDENTAL = (r"(exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|cbrt|hypot|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh"
                  r"|tanh|asinh|acosh|atanh|erf|erfc|lgamma|tgamma|beta|expint|riemann_zeta|legendre|laguerre|hermite)")
DIFFERS = "differs by platform: see quantity/elementary.hpp, law/ and root.hpp"
RESULT_PATTERNS = [  # outside comments and strings of what is shipped
    (re.compile(rf"\bstd::{TRANSCENDENTAL}[fl]?\b"), DIFFERS),
    (re.compile(rf"(?<![\w.>:])(::)?{TRANSCENDENTAL.replace('|beta', '')}[fl]?\s*\("), DIFFERS),
    (re.compile(rf"(\.|->){TRANSCENDENTAL.replace('|beta', '')}\s*\("), DIFFERS),
    (re.compile(r"\bboost::math\b|#\s*include\s*[<\"]\s*boost/math"), DIFFERS),
]
NAMESPACE_PATTERNS = [(re.compile(r"^namespace tenure \{"), "under detail/ names are tenure::detail's")]
TEXT_PATTERNS = [(re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b"), "unfinished business belongs into an issue")]
BUILD_PATTERNS = [(re.compile(r"-ffast-math|-Ofast|-march=native|-ffp-contract=fast"), "this flag changes bits")]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CONDITIONAL = re.compile(r"^\s*#\s*(if|endif)")
# A header brings the definitions of what it declares at its end, where they are not compiled into the library.
BRINGS_DEFINITIONS = re.compile(r"^\s*#\s*if !defined\(TENURE_COMPILED\)")
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


class Tree:
    def __init__(self, root):
        self.root = Path(root).resolve()
        self.public = self.root / "include"
        self.violations = []
        self.graph = {}  # header -> [(line, header, whether it brings definitions)]

    def files(self, *folders, suffixes):
        for folder in folders:
            yield from sorted(f for f in (self.root / folder).rglob("*") if f.suffix in suffixes and f.is_file())

    def report(self, file, line, message):
        self.violations.append(f"{file.relative_to(self.root)}:{line}: {message}")

    def includes(self, file):
        """(line, name as written, the file of this tree it means or None, whether it brings definitions)"""
        depth, definitions = 0, None  # how deep in conditionals; how deep definitions are brought
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            conditional = CONDITIONAL.match(line)
            if conditional and conditional[1] == "if":
                depth += 1
                if BRINGS_DEFINITIONS.match(line):
                    definitions = depth
            elif conditional:
                definitions = None if definitions == depth else definitions
                depth -= 1
            found = INCLUDE.match(line)
            if found:
                beside = [file.parent / found[2]] if found[1] == '"' else []
                candidates = beside + [self.public / found[2], self.root / "src" / found[2]]
                meant = next((c.resolve() for c in candidates if c.is_file()), None)
                yield number, found[2], meant, definitions is not None

    def floor(self, file):
        """The floor a public header stands on; "" for those beside the floors, None for anything else."""
        try:
            parts = file.relative_to(self.public / "tenure").parts
        except ValueError:
            return None
        return parts[0] if len(parts) > 1 else ""

    def check(self):
        headers = list(self.files("include", suffixes={".hpp"}))
        for file in headers:
            self.check_header(file)
        for file in self.files("src/program", suffixes={".cpp", ".hpp"}):
            self.check_program(file)
        self.check_rings()
        self.check_detail()
        for file in self.files("include", "src", "examples", "bench", "python", suffixes={".cpp", ".hpp"}):
            text = file.read_text(encoding="utf-8")
            folder, code = file.relative_to(self.root).parts[0], COMMENT_OR_STRING.sub(blank, text)
            if folder != "bench":  # rivals may draw as they usually do
                self.check_patterns(file, code, CODE_PATTERNS)
            if folder in ("include", "src"):
                self.check_patterns(file, code, RESULT_PATTERNS)
            self.check_patterns(file, text, TEXT_PATTERNS)
        build_files = [*self.root.glob("CMake*.*"), *self.files("cmake", suffixes={".cmake", ".in"}),
                       *self.files("src", "tests", "examples", "bench", "python", suffixes={".txt"})]
        for file in build_files:
            self.check_patterns(file, file.read_text(encoding="utf-8"), BUILD_PATTERNS)
        if not headers:
            self.violations.append(f"{self.public}: no headers found")
        return self.violations

    def check_header(self, file):
        floor = self.floor(file)
        if floor and floor not in FLOORS:
            self.report(file, 1, f"{floor}/ is no floor of the house: {', '.join(FLOORS)}")
            return
        edges = self.graph.setdefault(file, [])
        for line, name, meant, definitions in self.includes(file):
            if name in NOT_IN_HEADERS:
                self.report(file, line, f"public headers do without <{name}>")
            if floor and floor not in WITH_FILES and name in STREAMS_AND_FILES:
                self.report(file, line, f"{floor} includes <{name}>: streams and files belong to io")
            if meant is None:
                if name.startswith("tenure/"):
                    self.report(file, line, f"there is no header {name}")
                continue
            edges.append((line, meant, definitions))
            other = self.floor(meant)
            if other is None:
                self.report(file, line, f"a public header includes {name}, which is not installed")
            elif floor and other == "" and meant.name != "version.hpp":
                self.report(file, line, f"{floor} includes {name}, which includes all floors")
            elif floor and other and other != floor and other not in FLOORS[floor]:
                allowed = ", ".join(f for f in FLOORS if f in FLOORS[floor]) or "nothing else"
                self.report(file, line, f"{floor} includes {name}; it may include {allowed}")

    def check_program(self, file):
        own = self.root / "src" / "program"
        for line, name, meant, _ in self.includes(file):
            if meant is None:
                if name.startswith("tenure/"):
                    self.report(file, line, f"there is no header {name}")
            elif own not in meant.parents and (self.floor(meant) is None or "detail" in meant.parts):
                self.report(file, line, f"the program includes {name}; it may include public headers only")

    def check_rings(self):
        reached = {}
        for start in self.graph:
            reached[start], ahead = set(), [start]
            while ahead:
                for _, other, _ in self.graph.get(ahead.pop(), []):
                    if other not in reached[start]:
                        reached[start].add(other)
                        ahead.append(other)
        reported = set()
        for file, edges in self.graph.items():
            ring = {other for other in reached[file] if file in reached.get(other, ())}
            # A declaration and its definitions may include each other, as long as nobody else stands between them.
            within = [definitions for f in ring for _, other, definitions in self.graph[f] if other in ring]
            pair = len(ring) == 2 and any(within)
            if ring and not pair and file not in reported:
                reported |= ring
                line = next(line for line, other, _ in edges if other in ring)
                self.report(file, line, f"includes run in a ring: {', '.join(sorted(f.name for f in ring))}")

    def check_detail(self):
        """What tenure.hpp brings where the library is linked is for users; all else stands in a detail folder, and there
        in a namespace of that name."""
        everything = self.public / "tenure" / "tenure.hpp"
        for_users, ahead = set(), [everything]
        while ahead:
            for _, other, definitions in self.graph.get(ahead.pop(), []):
                if not definitions and other not in for_users:
                    for_users.add(other)
                    ahead.append(other)
        for file in self.graph if for_users else []:
            declares = file.with_name(file.name.replace("-inl.hpp", ".hpp"))
            if declares not in for_users and self.floor(file) and "detail" not in file.parts:
                self.report(file, 1, "tenure.hpp does not bring it where the library is linked: it belongs under detail/")
            elif declares in for_users and "detail" in file.parts:
                self.report(file, 1, "tenure.hpp brings it where the library is linked: it does not belong under detail/")
            if "detail" in file.parts:
                self.check_patterns(file, file.read_text(encoding="utf-8"), NAMESPACE_PATTERNS)

    def check_patterns(self, file, text, patterns):
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, reason in patterns:
                found = pattern.search(line)
                if found:
                    self.report(file, number, f"{found.group().strip()}: {reason}")


def self_test():
    quantity = {"include/tenure/quantity/period.hpp": "#include <vector>\n"}
    model = {"include/tenure/model/model.hpp": '#include "tenure/quantity/period.hpp"\n'}
    house = quantity | model
    cases = [  # (files, what the one violation says, or None)
        (house, None),
        (house | {"include/tenure/version.hpp": "", "src/program/main.cpp": '#include <tenure/model/model.hpp>\n'
                  '#include "arguments.hpp"\n// rand() and "std::normal_distribution"\nint operand(int);\n',
                  "src/program/arguments.hpp": "#include <CLI/CLI.hpp>\n"}, None),
        (house | {"include/tenure/chain/c.hpp": "#include <tenure/model/model.hpp>\n"}, None),
        (house | {"include/tenure/quantity/q.hpp": "#include <tenure/model/model.hpp>\n"}, "may include nothing else"),
        (house | {"include/tenure/quantity/q.hpp": '#include "../model/model.hpp"\n'}, "may include nothing else"),
        (house | {"include/tenure/engine/e.hpp": "#include <tenure/model/model.hpp>\n"}, "may include quantity, chain"),
        (house | {"include/tenure/tenure.hpp": "", "include/tenure/engine/e.hpp": "#include <tenure/tenure.hpp>\n"},
         "includes all floors"),
        (house | {"include/tenure/cellar/c.hpp": ""}, "no floor"),
        (house | {"include/tenure/tenure.hpp": '#include "tenure/model/model.hpp"\n',
                  "include/tenure/quantity/q.hpp": ""}, "belongs under detail/"),
        (house | {"include/tenure/tenure.hpp": '#include "tenure/model/model.hpp"\n',
                  "include/tenure/quantity/detail/q.hpp": ""}, None),
        (house | {"include/tenure/tenure.hpp": '#include "tenure/model/model.hpp"\n'
                  '#include "tenure/quantity/detail/q.hpp"\n', "include/tenure/quantity/detail/q.hpp": ""},
         "does not belong under detail/"),
        (house | {"include/tenure/tenure.hpp": '#include "tenure/model/model.hpp"\n',
                  "include/tenure/quantity/detail/q.hpp": "namespace tenure {\n}\n"}, "names are tenure::detail's"),
        (house | {"include/tenure/quantity/a.hpp": '#include "b.hpp"\n', "include/tenure/quantity/b.hpp":
                  '#include "a.hpp"\n'}, "ring"),
        (house | {"include/tenure/quantity/a.hpp": '#ifdef X\n#endif\n#if !defined(TENURE_COMPILED)\n'
                  '#include "b.hpp"\n#endif\n', "include/tenure/quantity/b.hpp": '#include "a.hpp"\n'}, None),
        (house | {"include/tenure/quantity/a.hpp": '#if !defined(TENURE_COMPILED)\n#include "b.hpp"\n#endif\n',
                  "include/tenure/quantity/b.hpp": '#include "a.hpp"\n#include "part.hpp"\n',
                  "include/tenure/quantity/part.hpp": '#include "a.hpp"\n'}, "ring"),
        (house | {"include/tenure/quantity/a.hpp": '#if !defined(TENURE_COMPILED)\n#endif\n#include "b.hpp"\n',
                  "include/tenure/quantity/b.hpp": '#include "a.hpp"\n'}, "ring"),
        (house | {"include/tenure/quantity/q.hpp": "#include <tenure/quantity/missing.hpp>\n"}, "there is no header"),
        (house | {"include/tenure/quantity/q.hpp": "#include <iostream>\n"}, "belong to io"),
        (house | {"include/tenure/io/i.hpp": "#include <iostream>\n"}, None),
        (house | {"include/tenure/io/i.hpp": "#include <format>\n"}, "do without"),
        (house | {"src/io/x.hpp": "", "include/tenure/io/i.hpp": "#include <io/x.hpp>\n"}, "not installed"),
        (house | {"src/io/x.hpp": "", "src/program/main.cpp": "#include <io/x.hpp>\n"}, "public headers only"),
        (house | {"src/io/x.cpp": "std::normal_distribution<> d;\n"}, "distributions"),
        (house | {"bench/x.cpp": "std::normal_distribution<> d;\n"}, None),
        (house | {"src/io/x.cpp": "int x = rand();\n"}, "rand()"),
        (house | {"src/io/x.cpp": "int x = std::rand ();\n"}, "rand()"),
        (house | {"src/io/x.cpp": "double y = std::exp(x);\n"}, "std::exp: differs by platform"),
        (house | {"src/io/x.cpp": "double y = ::log1p(x);\n"}, "log1p(: differs by platform"),
        (house | {"include/tenure/quantity/q.hpp": "double y = 2 + pow(x, 2);\n"}, "pow(: differs by platform"),
        (house | {"include/tenure/quantity/q.hpp": "auto y = transformed(x, std::erfc);\n"}, "std::erfc: differs"),
        (house | {"src/io/x.cpp": "float y = std::sinf(x);\n"}, "std::sinf: differs"),
        (house | {"src/io/x.cpp": "auto y = x.array().exp();\n"}, ".exp(: differs"),
        (house | {"src/io/x.cpp": "#include <boost/math/distributions/beta.hpp>\n"}, "boost/math: differs"),
        (house | {"src/io/x.cpp": "#include <boost/random/sobol.hpp>\nlaw.beta(); exponential(x); std::sqrt(x);\n"
                  "// std::exp(x) is not used\nbeta(x); std::logic_error{\"pow(x)\"}; out.log_size(x); power(x, 2);\n"},
         None),
        (house | {"bench/x.cpp": "double y = std::exp(x);\n"}, None),
        (house | {"src/io/x.cpp": "// TO" "DO later\n"}, "unfinished"),
        (house | {"CMakeLists.txt": "add_compile_options(-ffast-math)\n"}, "changes bits"),
        ({}, "no headers found"),
    ]
    wrong = 0
    for number, (files, expected) in enumerate(cases):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                file = Path(root, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            found = Tree(root).check()
        right = found == [] if expected is None else len(found) == 1 and expected in found[0]
        if not right:
            wrong += 1
            print(f"case {number}: expected {expected!r}, found {found}")
    print(f"{len(cases) - wrong} of {len(cases)} cases right")
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 2
    violations = Tree(sys.argv[1]).check()
    print("\n".join(violations) if violations else "the floors hold")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
