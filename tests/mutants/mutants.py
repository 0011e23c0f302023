#!/usr/bin/env python3
"""Do the tests bite? Changes one small thing in the sources at a time, and sees whether a test fails.

usage: tests/mutants/mutants.py [-n N] [--seed S] [--most PERCENT] [--quick] [--at FILE:LINE] [-v] [--list] [FOLDER...]

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
import itertools
import json
import os
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ.get("BUILD", "build/mutants")
CC = shlex.split(os.environ.get("CC", "gcc"))
CFLAGS = shlex.split(os.environ.get("CFLAGS", ""))
LIBS = shlex.split(os.environ.get("LIBS", ""))
# As under the undefined behaviour sanitizer, with which all tests are run besides: a mutant that reaches beyond an array,
# or overflows, is noticed.
TRAPS = ["-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]
# What the allocator fills memory with that nobody has written yet, or that was given back: as tests/run.sh has it.
PERTURB = "165"
FOLDERS = ["src/diagnose/checks", "src/diagnose/causes", "src/crypto", "src/session", "src/pki", "src/wire"]
# A test that takes this much longer than without a mutant hangs: it has noticed.
LEAST_SECONDS, SLOWER = 15, 8
FIRST_SECONDS = 300
REPORT_SECONDS, JUDGE_SECONDS = 60, 300
SLOW_SECONDS, SLOW_FIXTURES = 1, 3
# What a mutant that has lost its way may take.
MOST_MEMORY = 8 << 30

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
# The room of an array may as well be one more; only its bounds count, which are told elsewhere.
ROOM = re.compile(r"\b(?:char|bool|int|unsigned|size_t|u?int\d+_t|(?:struct|enum) \w+) \*?\w+\[[^\]]*\](?:, \*?\w+\[[^\]]*\])*")
# The most that the length of a vector can say anyway.
MOST = re.compile(r"\bcur_vec(?:8\([^;]*, 255|16\([^;]*, 65535)\)")
# How much more room an array is given at a time: whether it has enough is asked where it is filled.
GROWTH = re.compile(r"(?<= != 0 \? )[^;:?]*(?:\* 2|2 \*)[^;:?]* : \w+(?=;)")
# A call whose result nobody looks at, left out.
STATEMENT = re.compile(r"^\t+(?:\(void\))?[a-z]\w*\([^;{}]*\);$", re.M)

# What other suites hold, and the fast ones cannot see: what is returned when memory is refused, and that
# the library's lack of it is counted (tests/alloc/ refuses every request once), memory given back (the
# address sanitizer), and locks (the thread sanitizer).
ASKS = r"(?:memory_(?:get|new|zeroed|resize|text)|arena_\w+|secret_new|items_add|calloc|malloc|conn_event)\("
ELSEWHERE = [
    re.compile(r"\b(?:pthread_\w+|(?:\w+_)?free)\([^;]*\);"),
    re.compile(r"\b(?:link_memory|cert_store|trust|told|session|prover|pool|material|group_memo|chain_memo|fixed_base|c_reader)_close\([^;]*\);"),
    re.compile(r"^\t+\(void\)library_ok\(\w+\);", re.M),
    re.compile(rf"if \((?:!\w*{ASKS}|\(\S+ = [^;{{}}]*{ASKS})[^;{{}}]*\)\s*return (?:false|NULL);"),
    re.compile(rf"([\w.>\[\]-]+) = [^;{{}}]*{ASKS}[^;{{}}]*;(?:[^;{{}}]*;)?\s*if \((?:\1 == NULL|[^;{{}}]*\|\| \1 == NULL)\)\s*return (?:false|NULL);"),
]

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

    for pattern in [ROOM, MOST, GROWTH, *ELSEWHERE]:
        for m in pattern.finditer(code):
            begin = m.start() + max(m.group().rfind("return"), m.group().rfind(", ") if pattern is MOST else 0, 0)
            code = code[:begin] + re.sub(r"\S", " ", code[begin:m.end()]) + code[m.end():]
    for pattern, alternatives in OPERATORS:
        for m in re.finditer(pattern, code):
            for now in alternatives:
                add(*m.span(), str(int(m.group()) + 1) if now == "+1" else now)
    for m in STATEMENT.finditer(code):
        start = m.start() + len(m.group()) - len(m.group().lstrip("\t"))
        add(start, m.end(), ";")
    return found


# A group, so that its children can be ended with it. Not a session, where the system lets us choose: Linux gives each
# an equal share of the processor, whatever the priority of this program.
GROUP = {"process_group": 0} if sys.version_info >= (3, 11) else {"start_new_session": True}


def command(*words, seconds=None, **options):
    """Its exit status, None when it takes too long, and its standard output. Its children end with it."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               **GROUP, **options)
    try:
        output = process.communicate(timeout=seconds)[0]
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None, b""


def succeeds(*words, **options):
    return command(*words, **options)[0] == 0


def measured(*words, seconds, **options):
    """Whether it succeeds, and the seconds of processor time that it takes, which other work on the machine does not
    make longer."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               **GROUP, **options)
    patience = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
    patience.start()
    _, status, usage = os.wait4(process.pid, 0)
    patience.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode == 0, usage.ru_utime + usage.ru_stime


def where(m):
    was, now = (" ".join(text.split()) for text in (m.was, m.now))
    return f"{m.file}:{m.line}:{m.column}: '{was}' to '{now}'"


class Reach:
    """Which files of the library a program reaches. Functions of other files are found when they are first called, and
    the linker of the running program tells of each (LD_DEBUG). What a file takes the address of, a table or a
    function, it may use without that: where it is reached, so is the other."""

    def __init__(self, objects):
        self.owner, self.takes = {}, collections.defaultdict(set)
        for o in objects:
            for line in self.output("nm", "--defined-only", "--extern-only", o):
                self.owner[line.split()[-1]] = o
        for o in objects:
            for line in self.output("readelf", "--relocs", "--wide", o):
                words = line.split()
                if len(words) > 4 and words[2].startswith("R_") and "PLT" not in words[2] and words[4] in self.owner:
                    self.takes[o].add(self.owner[words[4]])

    @staticmethod
    def output(*words):
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()

    def closed(self, objects):
        found, waiting = set(), list(objects)
        while waiting:
            o = waiting.pop()
            if o not in found:
                found.add(o)
                waiting += self.takes[o]
        return found

    def of(self, program, told):
        """told: what LD_DEBUG said. What is bound before the program begins, and what the program itself takes the
        address of, is taken for reached."""
        called, begun = set(), False
        for line in told:
            begun = begun or "initialize program:" in line
            name = re.search(r"symbol `(\w+)'", line)
            if begun and name and name.group(1) in self.owner:
                called.add(self.owner[name.group(1)])
        for line in self.output("readelf", "--relocs", "--wide", program):
            words = line.split()
            if len(words) > 4 and words[2].startswith("R_") and "JUMP_SLO" not in words[2]:
                called.add(self.owner.get(words[4].split("@")[0]))
        return self.closed(called - {None}) if begun else None


class Program:
    """The program of one test file. Quick ones that speak of the mutated file go first."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        self.seconds = 0.0
        self.slow = False
        self.reached = None
        self.kills = 0
        with open(f"{os.path.relpath(path, BUILD)}.c", encoding="utf8") as f:
            self.words = set(re.findall(r"[a-z]\w+", f.read().lower()))

    def learn(self, environment, quick, reach):
        """Without a mutant: how long does it take, and what does it reach? Where haste is wanted, a slow one is cut
        short. False: it fails."""
        cut_short = ["prlimit", f"--cpu={SLOW_SECONDS + 1}"] if quick else []
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            told = dict(environment, LD_DEBUG="bindings,files", LD_DEBUG_OUTPUT=f"{os.path.abspath(folder)}/told")
            start = time.monotonic()
            well, processor = measured(*cut_short, self.path, seconds=FIRST_SECONDS, env=told)
            self.seconds = time.monotonic() - start
            lines = [line for name in os.listdir(folder) for line in open(f"{folder}/{name}", encoding="utf8", errors="replace")]
        self.slow = processor > 0.9 * SLOW_SECONDS
        self.reached = reach.of(self.path, lines)
        return well or (quick and self.slow)

    def may_notice(self, own):
        return self.reached is None or own in self.reached

    def fails(self, environment):
        return not succeeds(self.path, seconds=LEAST_SECONDS + SLOWER * self.seconds, env=environment)

    def rank(self, file):
        stem, folder = os.path.basename(file)[:-2], os.path.basename(os.path.dirname(file))
        speaks = 4 * (stem in self.words) + 2 * (stem in self.name or folder in self.name) + (folder in self.words)
        return self.slow and self.kills == 0, -speaks, -self.kills, self.seconds

    def is_for(self, file):
        return os.path.basename(os.path.dirname(file)) in self.name


class Fixtures:
    """All fixtures, as one test. A report of the same bytes as before needs no judge: only the others are judged."""

    name, slow = "fixtures", False

    def __init__(self):
        self.folders = sorted(map(os.path.dirname, glob.glob("fixtures/**/expect.json", recursive=True)))
        self.words = {}
        for folder in self.folders:
            with open(f"{folder}/expect.json", encoding="utf8") as f:
                self.words[folder] = json.load(f)["args"]
        self.kills = 0
        self.before = {}

    def report(self, folder, environment):
        return command(environment["TLSDIAG"], *self.words[folder], "--json", cwd=folder, env=environment,
                       seconds=REPORT_SECONDS)

    def judged(self, folders, environment):
        return succeeds("bash", "tests/fixtures.sh", *folders, seconds=JUDGE_SECONDS, env=environment)

    def may_notice(self, own):
        return True

    def learn(self, environment, quick, reach):
        """The reports as they should be. Quick ones go first; where haste is wanted, slow ones not at all, and the
        reports are trusted."""
        seconds = {}
        for folder in self.folders:
            start = time.monotonic()
            self.before[folder] = self.report(folder, environment)
            seconds[folder] = time.monotonic() - start
        self.folders.sort(key=seconds.get)
        if quick:
            del self.folders[-SLOW_FIXTURES:]
        return quick or self.judged(self.folders, environment)

    def fails(self, environment):
        changed = []
        for folder in self.folders:
            report = self.report(folder, environment)
            if report[0] is None or report[0] < 0:
                return True
            if report != self.before[folder]:
                changed.append(folder)
            if len(changed) == 8:
                if not self.judged(changed, environment):
                    return True
                changed = []
        return bool(changed) and not self.judged(changed, environment)

    def rank(self, file):
        return False, 1, 0, 0

    def is_for(self, file):
        return True


class Workshop:
    """Builds mutants in a folder of its own and holds the tests against them."""

    def __init__(self, quick):
        self.objects = sorted(glob.glob(f"{BUILD}/obj/src/**/*.o", recursive=True))
        self.objects = [o for o in self.objects if "/src/cli/" not in o]
        self.tests = [Program(t) for t in sorted(glob.glob(f"{BUILD}/tests/unit/test_*") + glob.glob(f"{BUILD}/tests/rules/test_*"))]
        self.tests.append(Fixtures())
        self.quick = quick
        self.plain = {}
        self.lock = threading.Lock()

    def compile(self, mutant, folder):
        """The object file of a mutant; None when it does not compile or is no change."""
        with self.lock:
            if mutant.file not in self.plain:
                with open(mutant.file, encoding="utf8") as f:
                    made = self.object_of(f.read(), mutant.file, folder)
                self.plain[mutant.file] = self.code(made)
        made = self.object_of(mutant.text, mutant.file, folder)
        if made is None or self.code(made) == self.plain[mutant.file]:
            return None
        return self.object_of(mutant.text, mutant.file, folder, *TRAPS)

    @staticmethod
    def object_of(text, file, folder, *flags):
        source, made = f"{folder}/mutant.c", f"{folder}/mutant.o"
        with open(source, "w", encoding="utf8") as f:
            f.write(text)
        words = [*CC, *CFLAGS, *flags, f"-I{os.path.dirname(file)}", "-w", "-c", source, "-o", made]
        return made if succeeds(*words) else None

    @staticmethod
    def code(object_file):
        """Machine code and data, without names of files."""
        plain = object_file + ".plain"
        if not succeeds("objcopy", "--strip-all", "-R", ".comment", "-R", ".note*", object_file, plain):
            raise SystemExit(f"objcopy cannot read {object_file}")
        with open(plain, "rb") as f:
            return f.read()

    @staticmethod
    def environment(folder):
        """The one in which the programs find the library of that folder."""
        return dict(os.environ, LD_LIBRARY_PATH=folder, TLSDIAG=os.path.abspath(f"{BUILD}/tlsdiag"), TZ="UTC",
                    LC_ALL="C.UTF-8", NO_COLOR="1", PATH="/usr/bin:" + os.environ["PATH"], MALLOC_PERTURB_=PERTURB)

    def link(self, objects, folder):
        """Whether these objects make a library."""
        return succeeds(*CC, "-shared", "-Wl,-soname,libtlsdiag.so", "-o", f"{folder}/libtlsdiag.so", *objects, *LIBS)

    def failing(self, environment, file, own):
        """The first test that fails; None when none does. own: the file's object."""
        for test in sorted(self.tests, key=lambda t: t.rank(file)):
            if not test.may_notice(own):
                continue
            if self.quick and test.slow and not test.is_for(file):
                continue
            if test.fails(environment):
                test.kills += 1
                return test.name
        return None

    def complaint(self):
        """What makes the measure worth nothing: a test that fails without a mutant would be taken for a watchful
        one, and one that does not load our library for a blind one. None when all is well."""
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            environment = self.environment(os.path.abspath(folder))
            if not self.link(self.objects, folder):
                return "the library cannot be linked"
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                # The fixtures take longest: they are begun with.
                tests = self.tests[::-1]
                reach = Reach(self.objects)
                for test, well in zip(tests, pool.map(lambda t: t.learn(environment, self.quick, reach), tests)):
                    if not well:
                        return f"{test.name} fails without any mutant"
                with open(f"{folder}/libtlsdiag.so", "wb"):
                    pass
                for test, fails in zip(tests, pool.map(lambda t: t.fails(environment), tests)):
                    if not fails:
                        return f"{test.name} does not load the library of a mutant"
        return None

    def judge(self, mutant):
        """(mutant, what became of it, by whom)"""
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            folder = os.path.abspath(folder)
            object_file = self.compile(mutant, folder)
            if object_file is None:
                return mutant, "no change", None
            own = f"{BUILD}/obj/{mutant.file[:-2]}.o"
            if not self.link([object_file if o == own else o for o in self.objects], folder):
                return mutant, "no change", None
            by = self.failing(self.environment(folder), mutant.file, own)
            return mutant, "killed" if by else "survived", by


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("-n", type=int, default=200)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--most", type=float, default=5.0, help="percent that may survive")
    p.add_argument("-v", action="store_true", help="print what becomes of each mutant, and which test notices it")
    p.add_argument("--quick", action="store_true", help="leave out the tests that take long, so that more survive, and trust the fixtures")
    p.add_argument("--at", metavar="FILE:LINE", action="append", default=[], help="only the mutants of that place")
    p.add_argument("--list", action="store_true", help="print the mutants, and build none")
    p.add_argument("folders", nargs="*", default=FOLDERS)
    return p.parse_args()


def main():
    args = arguments()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 31)
    files = [f for folder in args.folders for f in ([folder] if folder.endswith(".c") else sorted(glob.glob(f"{folder}/*.c")))]
    everything = [m for f in files for m in mutants_of(f)]
    if args.at:
        everything = [m for m in everything if any(f"{m.file}:{m.line}:".startswith(f"{at}:") for at in args.at)]
    random.Random(seed).shuffle(everything)
    print(f"{len(everything)} mutants of {len(files)} files, seed {seed}", flush=True)
    if args.list:
        for m in everything[:args.n]:
            print(where(m))
        return 0
    # Tests of signals fail where a shell in the background or nohup has them ignored.
    for number, handler in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGQUIT, signal.SIG_DFL),
                            (signal.SIGINT, signal.default_int_handler)):
        signal.signal(number, handler)
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))
    shop = Workshop(args.quick)
    complaint = shop.complaint()
    if complaint is not None:
        print(complaint, file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    killed, survivors, at = 0, [], 0
    waiting, busy = iter(everything), set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        while killed + len(survivors) < args.n:
            room = min(os.cpu_count(), args.n - killed - len(survivors)) - len(busy)
            busy.update(pool.submit(shop.judge, m) for m in itertools.islice(waiting, room))
            if not busy:
                break
            done, busy = concurrent.futures.wait(busy, return_when=concurrent.futures.FIRST_COMPLETED)
            for m, fate, by in sorted(d.result() for d in done):
                at += 1
                if args.v:
                    print(f"{fate} {'' if by is None else by}: {where(m)}", flush=True)
                elif fate == "survived":
                    print(f"survived: {where(m)}", flush=True)
                killed += fate == "killed"
                survivors += [m] if fate == "survived" else []
    made = collections.Counter(os.path.dirname(m.file) for m in survivors)
    for folder in sorted(made):
        print(f"{folder:<24} {made[folder]} survived")
    print(f"{at} tried, {at - killed - len(survivors)} of them no change or no program")
    print(f"{killed} passed, {len(survivors)} failed")
    return 1 if len(survivors) * 100 > args.most * max(1, killed + len(survivors)) else 0


sys.exit(main())
