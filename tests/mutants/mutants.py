#!/usr/bin/env python3
"""Do the tests bite? Changes one small thing in the sources at a time, and sees whether a test fails.

usage: tests/mutants/mutants.py [-n N] [--seed S] [--most PERCENT] [--list] [FOLDER...]

`make mutants` builds what this needs and calls it: the library as a shared object, so that a mutant
costs one compilation and one link, and the programs of the unit and rule tests. A mutant that
compiles to the same machine code is no change and is not counted. One that no test of the fast suites
(unit, rules, fixtures) notices is a survivor: it is printed with its place. The last line is
`N passed, M failed` (killed, survived); the exit status is 1 when more than --most percent survive.

Environment: BUILD (the folder of that build), CC, CFLAGS, LIBS.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD", "build/mutants")
CC = shlex.split(os.environ.get("CC", "gcc"))
CFLAGS = shlex.split(os.environ.get("CFLAGS", ""))
LIBS = shlex.split(os.environ.get("LIBS", ""))
FOLDERS = ["src/diagnose/checks", "src/diagnose/causes", "src/crypto", "src/session", "src/pki", "src/wire"]
TEST_SECONDS = 60
FIXTURE_SECONDS = 300

# What is exchanged for what; each alternative is a mutant of its own.
OPERATORS = [
    (r"<=", ["<", ">="]), (r">=", [">", "<="]), (r"==", ["!="]), (r"!=", ["=="]),
    (r"(?<![<>=!+\-*/&|^%\s])\s<\s(?!<)", [" <= ", " > "]), (r"(?<![<>=!\-\s])\s>\s(?!>)", [" >= ", " < "]),
    (r"&&", ["||"]), (r"\|\|", ["&&"]),
    (r"\s\+\s", [" - "]), (r"(?<=[\w)\]])\s-\s", [" + "]),
    (r"\s\*\s(?=[\w(])", [" + "]), (r"\s/\s", [" * "]), (r"\s%\s", [" / "]),
    (r"<<", [">>"]), (r">>", ["<<"]), (r"\s&\s", [" | "]), (r"\s\|\s", [" & "]),
    (r"\+=", ["-="]), (r"-=", ["+="]), (r"\|=", ["&="]), (r"&=", ["|="]),
    (r"\+\+", ["--"]), (r"(?<!-)--(?!-)", ["++"]),
    (r"!(?=[a-z_(])", [""]),
    (r"\btrue\b", ["false"]), (r"\bfalse\b", ["true"]),
    (r"\bPASS\b", ["FAIL"]), (r"\bFAIL\b", ["PASS"]),
    (r"\bbreak;", [";"]), (r"\bcontinue;", [";"]),
    (r"(?<![\w.\"'x])(\d+)(?![\w.\"'])", ["+1"]),
]
# A call whose result nobody looks at, left out.
STATEMENT = re.compile(r"^\t+(?:\(void\))?[a-z]\w*\([^;{}]*\);$", re.M)

Mutant = collections.namedtuple("Mutant", "file line column was now text")


def blank(source):
    """The source with comments, strings and directives replaced by blanks of the same length."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', re.S | re.M)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), source)


def mutants_of(path):
    source = open(path, encoding="utf8").read()
    code = blank(source)
    found = []

    def add(start, end, now):
        line = source.count("\n", 0, start) + 1
        column = start - source.rfind("\n", 0, start)
        found.append(Mutant(path, line, column, source[start:end], now, source[:start] + now + source[end:]))

    for pattern, alternatives in OPERATORS:
        for m in re.finditer(pattern, code):
            for now in alternatives:
                add(*m.span(), str(int(m.group()) + 1) if now == "+1" else now)
    for m in STATEMENT.finditer(code):
        start = m.start() + len(m.group()) - len(m.group().lstrip("\t"))
        add(start, m.end(), ";")
    return found


def command(*words, **options):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def where(m):
    return f"{m.file}:{m.line}:{m.column}: '{m.was.strip()}' to '{m.now.strip()}'"


class Workshop:
    """Builds mutants in a folder of its own and holds the tests against them."""

    def __init__(self):
        self.objects = sorted(glob.glob(f"{BUILD}/obj/src/**/*.o", recursive=True))
        self.objects = [o for o in self.objects if "/src/cli/" not in o]
        self.tests = sorted(glob.glob(f"{BUILD}/tests/unit/test_*") + glob.glob(f"{BUILD}/tests/rules/test_*"))
        self.kills = collections.Counter()

    def compile(self, mutant, folder):
        """The object file of a mutant; None when it does not compile or is no change."""
        source, result = f"{folder}/mutant.c", f"{folder}/mutant.o"
        with open(source, "w", encoding="utf8") as f:
            f.write(mutant.text)
        here = os.path.dirname(mutant.file)
        if command(*CC, *CFLAGS, f"-I{here}", "-w", "-c", source, "-o", result).returncode != 0:
            return None
        was = f"{folder}/was.o"
        if command(*CC, *CFLAGS, "-w", "-c", mutant.file, "-o", was).returncode != 0:
            return None
        return None if self.code(result) == self.code(was) else result

    @staticmethod
    def code(object_file):
        """Machine code and data, without names of files."""
        plain = object_file + ".plain"
        command("objcopy", "--strip-all", "-R", ".comment", "-R", ".note*", object_file, plain, check=True)
        with open(plain, "rb") as f:
            return f.read()

    def passes(self, environment, words, seconds):
        try:
            return command(*words, env=environment, timeout=seconds).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def link(self, objects, folder):
        """The environment in which the tests find a library of these objects; None: it does not link."""
        if command(*CC, "-shared", "-o", f"{folder}/libtlsdiag.so", *objects, *LIBS).returncode != 0:
            return None
        return dict(os.environ, LD_LIBRARY_PATH=folder, TLSDIAG=os.path.abspath(f"{BUILD}/tlsdiag"), TZ="UTC",
                    LC_ALL="C.UTF-8", NO_COLOR="1", PATH="/usr/bin:" + os.environ["PATH"])

    def failing(self, environment):
        """The first test that fails; None when none does."""
        for test in sorted(self.tests, key=lambda t: -self.kills[t]):
            if not self.passes(environment, [test], TEST_SECONDS):
                self.kills[test] += 1
                return test
        return None if self.passes(environment, ["bash", "tests/fixtures.sh"], FIXTURE_SECONDS) else "fixtures"

    def sound(self):
        """Without a mutant every test has to pass, or one that fails would be taken for a watchful one."""
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            folder = os.path.abspath(folder)
            return self.failing(self.link(self.objects, folder))

    def judge(self, mutant):
        """(mutant, what became of it, by whom)"""
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            folder = os.path.abspath(folder)
            object_file = self.compile(mutant, folder)
            if object_file is None:
                return mutant, "no change", None
            own = f"{BUILD}/obj/{mutant.file[:-2]}.o"
            environment = self.link([object_file if o == own else o for o in self.objects], folder)
            by = self.failing(environment) if environment else "the linker"
            return mutant, "killed" if by else "survived", by


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("-n", type=int, default=200)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--most", type=float, default=5.0, help="percent that may survive")
    p.add_argument("-v", action="store_true", help="also print the mutants that a test notices, and which")
    p.add_argument("--list", action="store_true", help="print the mutants, and build none")
    p.add_argument("folders", nargs="*", default=FOLDERS)
    return p.parse_args()


def main():
    args = arguments()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 31)
    files = [f for folder in args.folders for f in ([folder] if folder.endswith(".c") else sorted(glob.glob(f"{folder}/*.c")))]
    everything = [m for f in files for m in mutants_of(f)]
    random.Random(seed).shuffle(everything)
    print(f"{len(everything)} mutants of {len(files)} files, seed {seed}", flush=True)
    if args.list:
        for m in everything[:args.n]:
            print(where(m))
        return 0
    shop = Workshop()
    broken = shop.sound()
    if broken is not None:
        print(f"{broken} fails without any mutant", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    killed, survivors, at = 0, [], 0
    waiting = iter(everything)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        while killed + len(survivors) < args.n:
            batch = [m for _, m in zip(range(min(16, args.n - killed - len(survivors))), waiting)]
            if not batch:
                break
            for m, fate, by in pool.map(shop.judge, batch):
                at += 1
                if args.v and fate == "killed":
                    print(f"{os.path.basename(by)}: {where(m)}", flush=True)
                if fate == "killed":
                    killed += 1
                elif fate == "survived":
                    survivors.append(m)
                    print(f"survived: {where(m)}", flush=True)
    made = collections.Counter(os.path.dirname(m.file) for m in survivors)
    for folder in sorted(made):
        print(f"{folder:<24} {made[folder]} survived")
    print(f"{at} tried, {at - killed - len(survivors)} of them no change or no program")
    print(f"{killed} passed, {len(survivors)} failed")
    return 1 if len(survivors) * 100 > args.most * max(1, killed + len(survivors)) else 0


sys.exit(main())
