"""Runs the program on model texts and reads what it said; shared by the tests of this folder.

In a model text, the mark § stands where a problem must be reported: it is taken out before the file is written, and the
line and column at which it stood are what the message has to say. So no test counts lines.

TENURE_PROGRAM names the program, TENURE_SOURCE_DIR the source tree, TENURE_SCHEMA_DIR the schemas.
"""

import atexit
import csv
import functools
import io
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest


def reachable_by_all(program):
    """The program, or a copy of it where folders above it are closed to others, as the superuser's home is."""
    if os.geteuid() != 0 or not os.path.isabs(program):
        return program
    folders = [os.path.dirname(program)]
    while folders[-1] != "/":
        folders.append(os.path.dirname(folders[-1]))
    if all(os.stat(folder).st_mode & 0o001 for folder in folders):
        return program
    place = tempfile.mkdtemp(prefix="tenure-program-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.chmod(place, 0o755)
    return shutil.copy(program, place)


def named_program():
    """The program with its whole path, for it runs in folders of its own."""
    name = os.environ.get("TENURE_PROGRAM", "tenure")
    found = shutil.which(name)
    return reachable_by_all(os.path.abspath(found)) if found else name


PROGRAM = named_program()
SOURCE = pathlib.Path(os.environ.get("TENURE_SOURCE_DIR", pathlib.Path(__file__).parents[2])).resolve()
SCHEMAS = pathlib.Path(os.environ.get("TENURE_SCHEMA_DIR", SOURCE / "schema"))
CASES = SOURCE / "tests" / "cases"
DEALERSHIP = str(SOURCE / "examples" / "02_dealership" / "dealership.toml")
MAILING = str(SOURCE / "examples" / "06_whom_to_let_go" / "mailing.toml")
MARK = "§"

DONE, DEFECT, BAD_USAGE, BAD_INPUT, DIVERGENT, BAD_FILE, LIMIT = range(7)
INTERRUPTED = 130
LONGEST_LINE = 400  # of a message

SHOP = """format = 1

[model]
name = "Shop"
period = "year"
horizon = 10

[[state]]
name = "owner"
stage = "servicing"
cash_flow = 100

[[state]]
name = "lost"
stage = "lost"

[[transition]]
from = "owner"
to = "lost"
probability = 0.2

[[arrivals]]
state = "owner"
count = 10
"""

SERVICE = """
[[lever]]
name = "service"
kind = "retention"
while_in = ["owner"]

[[lever.effect]]
transition = ["owner", "lost"]
limit = 0.1
half_spend = 5
"""

LEVER = SERVICE + """
[[scenario]]
name = "farm"
spend = { service = 10 }
"""


def case(name):
    """The text of a model in tests/cases."""
    return (CASES / name).read_text(encoding="utf-8")


def is_sanitized(program=PROGRAM):
    """Whether it was built with a sanitizer that needs address space without bounds."""
    with open(shutil.which(program) or program, "rb") as file:
        content = file.read()
    return b"__asan_init" in content or b"__tsan_init" in content


def changed(text, old, new):
    """The text with one place changed; a test whose place is gone or ambiguous must not pass for another reason."""
    if text.count(old) != 1:
        raise AssertionError(f"{old!r} stands {text.count(old)} times in the text")
    return text.replace(old, new)


def model(states, transitions=(), rest="", horizon=10, head=""):
    """A model by periods of a year: states as (name, stage, cash flow), transitions as (from, to, probability), both with
    what else there is to say of them in lines of their own."""
    text = f'format = 1\n\n[model]\nname = "Model"\nperiod = "year"\nhorizon = {horizon}\n{head}\n'
    for name, stage, cash_flow, *more in states:
        text += "\n".join((f'\n[[state]]\nname = "{name}"\nstage = "{stage}"\ncash_flow = {cash_flow}', *more, ""))
    for before, after, probability, *more in transitions:
        text += "\n".join((f'\n[[transition]]\nfrom = "{before}"\nto = "{after}"\nprobability = {probability}', *more, ""))
    return text + rest


def one_arrival(state):
    return f'\n[[arrivals]]\nstate = "{state}"\ncount = 1\n'


def without_marks(text):
    """The text, and the (line, column) of every mark that stood in it, columns counted in characters from 1."""
    places = []
    while MARK in text:
        before, text = text.split(MARK, 1)
        places.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
        text = before + text
    return text, places


def exact_float(token):
    """A number as it stands: readable as a double, which Python writes and reads back to itself, in 17 digits at most."""
    value = float(token)
    if float(repr(value)) != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{token} is no double")
    mantissa = token.lower().split("e")[0].replace("-", "").replace(".", "").strip("0")
    if len(mantissa) > 17:
        raise ValueError(f"{token} has more digits than a double")
    return value


def no_constant(token):
    raise ValueError(f"{token} is not JSON")


def no_key_twice(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


def parsed(output):
    """JSON, read strictly: NaN and infinities, which Python would read, are refused."""
    return json.loads(output.decode("utf-8"), parse_float=exact_float, parse_constant=no_constant,
                      object_pairs_hook=no_key_twice)


@functools.cache
def validator(command):
    """Judges what a command writes as JSON. The module is asked for here, for most tests do without it."""
    import jsonschema

    schema = json.loads((SCHEMAS / f"{command}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class Answer:
    """What a run said and how it ended."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err
        self.memory = None

    @property
    def text(self):
        return self.out.decode("utf-8")

    @property
    def messages(self):
        """The lines on standard error; that they are UTF-8 is a part of every test."""
        return self.err.decode("utf-8").splitlines()

    @property
    def words(self):
        """The result without regard to where its lines are broken."""
        return " ".join(self.text.split())

    @property
    def json(self):
        return parsed(self.out)

    @property
    def rows(self):
        """The lines of a result as CSV."""
        return list(csv.DictReader(io.StringIO(self.text, newline="")))

    def wrong_messages(self):
        """What is wrong with the lines on standard error, or nothing."""
        try:
            longest = max(len(line) for line in self.err.decode("utf-8").split("\n"))
        except UnicodeDecodeError:
            return f"messages are no UTF-8: {self.err[:400]!r}"
        return f"a line of {longest} characters: {self.err[:500]!r}" if longest > LONGEST_LINE else None

    def scenario(self, name="baseline"):
        return next(scenario for scenario in self.json["scenarios"] if scenario["name"] == name)

    def state(self, name, scenario="baseline"):
        return next(state for state in self.scenario(scenario)["states"] if state["name"] == name)

    def __str__(self):
        said = "\n".join(self.messages)
        return f"status {self.status}\nstandard output: {self.out[:2000]!r}\nstandard error:\n{said}"


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tenure-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, content, name="model.toml"):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
        return self.path(name)

    def run_program(self, *arguments, stdin=None, timeout=300, **how):
        """Runs it in the test's folder. stdin is text, bytes, or a file; without it there is none to read from."""
        stdin = stdin.encode() if isinstance(stdin, str) else stdin
        source = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin or subprocess.DEVNULL}
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        run = subprocess.run([PROGRAM, *arguments], cwd=self.folder, timeout=timeout, check=False, **source, **how)
        return Answer(run.returncode, run.stdout or b"", run.stderr or b"")

    def run_measured(self, *arguments, stdin=None, timeout=300):
        """As run_program, with the most memory that it had at once, in bytes, as `memory` of the answer."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            source = stdin or subprocess.DEVNULL
            process = subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, stdin=source, stdout=out, stderr=err)
            alarm = threading.Timer(timeout, process.kill)
            alarm.start()
            _, status, usage = os.wait4(process.pid, 0)
            alarm.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            answer = Answer(process.returncode, out.read(), err.read())
        answer.memory = usage.ru_maxrss * 1024
        return answer

    def run_stopped(self, *arguments, asked=signal.SIGINT, after=1, timeout=300, **how):
        """As run_program; if the run goes on after so many seconds, it is sent this signal."""
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        with subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, **how) as process:
            try:
                out, err = process.communicate(timeout=after)
            except subprocess.TimeoutExpired:
                process.send_signal(asked)
                try:
                    out, err = process.communicate(timeout=timeout)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
        return Answer(process.returncode, out, err)

    def interrupted(self, *arguments, **how):
        """What a run that was told to stop has finished, or nothing where it says that nothing was."""
        answer = self.run_stopped(*arguments, "--format", "json", **how)
        self.assertEqual(answer.status, INTERRUPTED, answer)
        if not answer.out:
            self.assertIn("interrupted before anything was finished", answer.messages[0])
            return None
        document = self.kept(arguments[0], answer)
        self.assertIs(document["complete"], False)
        return document

    def done(self, *arguments, **how):
        answer = self.run_program(*arguments, **how)
        self.assertEqual(answer.status, DONE, answer)
        return answer

    def document(self, *arguments, **how):
        """What a command that goes well writes as JSON."""
        return self.kept(arguments[0], self.done(*arguments, "--format", "json", **how))

    def kept(self, command, answer):
        """The answer's JSON, which must keep to the command's schema and be the same when it is written again."""
        document = answer.json
        problems = [f"{list(error.absolute_path)}: {error.message[:300]}"
                    for error in validator(command).iter_errors(document)]
        self.assertEqual(problems, [])
        self.assertEqual(parsed(json.dumps(document).encode()), document)
        return document

    def run_on(self, content, *command, name="model.toml", **how):
        """Runs a command (default: check) on a model given by its text."""
        self.file(content, name)
        first, *options = command or ("check",)
        return self.run_program(first, name, *options, **how)

    def accepted(self, content, *command, warnings=0):
        """The answer of a run that went well."""
        answer = self.run_on(content, *command)
        self.assertEqual(answer.status, DONE, answer)
        self.assertEqual(len(answer.messages), warnings, answer)
        return answer

    def value_of(self, content, warnings=0):
        return self.accepted(content, "value", "--format", "json", warnings=warnings)

    def refused(self, marked, *problems, status=BAD_INPUT, command=("check",)):
        """The run ends with this status, prints no result, and reports exactly these problems, in this order.

        Each is (code, key, words…): the code in brackets at the end of the line, the key after the place, and texts
        that stand in the message: what was found, what is allowed. Places are those of the marks, the only mark that
        of all.
        """
        text, places = without_marks(marked)
        answer = self.run_on(text, *command)
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.out, b"", answer)
        self.assertEqual(len(answer.messages), len(problems), answer)
        if len(places) == 1:
            places = places * len(problems)
        self.assertEqual(len(places), len(problems), "one mark for each problem, or one for all")
        for line, (row, column), problem in zip(answer.messages, places, problems):
            self.assert_message(line, f"model.toml:{row}:{column}", *problem)
        return answer

    def assert_message(self, line, place, code, key, *words, severity="error"):
        beginning = f"{place}: {severity}: {key}: " if key else f"{place}: {severity}: "
        self.assertTrue(line.startswith(beginning), f"{line}\nshould begin with\n{beginning}")
        self.assertTrue(line.endswith(f" [{code}]"), f"{line}\nshould end with [{code}]")
        for text in words:
            self.assertIn(text, line)

    def assert_refused(self, status, words, *arguments, **how):
        """The run ends with this status, prints no result, and its messages say this: a text, or several."""
        answer = self.run_program(*arguments, **how)
        self.assertEqual((answer.status, answer.out), (status, b""), answer)
        for text in (words,) if isinstance(words, str) else words:
            self.assertIn(text, "\n".join(answer.messages))
        return answer

    def warned(self, marked, code, key, *words, command=("value", "--format", "json")):
        """The run goes well, with exactly this warning at the mark."""
        text, [(row, column)] = without_marks(marked)
        answer = self.accepted(text, *command, warnings=1)
        self.assert_message(answer.messages[0], f"model.toml:{row}:{column}", code, key, *words, severity="warning")
        return answer

    def assert_failed(self, answer, status, place, code, *words):
        """One message of a run that has no place in a model: files, outputs, questions without an answer."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(len(answer.messages), 1, answer)
        self.assert_message(answer.messages[0], place, code, "", *words)

    def assert_close(self, found, expected, relative=1e-12):
        self.assertIsNotNone(found)
        self.assertLessEqual(abs(found - expected), relative * max(abs(expected), 1e-300), f"{found} for {expected}")


def as_somebody_else(test):
    """What to run a program with so that permissions hold, which they do not for the superuser."""
    if os.geteuid() != 0:
        return {}
    nobody = 65534
    probe = subprocess.run([PROGRAM, "--version"], user=nobody, group=nobody, extra_groups=[], capture_output=True,
                           check=False)
    if probe.returncode != DONE:
        test.skipTest("nobody but the superuser may run the program here")
    return {"user": nobody, "group": nobody, "extra_groups": []}


def numbers_in(text):
    """The numbers of a JSON text as they are written."""
    return re.findall(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.sub(r'"(?:[^"\\]|\\.)*"', "", text))


def main():
    unittest.main(verbosity=1)
