#!/usr/bin/env python3
"""Holds `tlsdiag config` against the compiler: the same verdict as check_config.h, and the macro named.

    tests/config/truth.py [--every N] VERSION=INCLUDE...
    tests/config/truth.py --random N [--seed SEED] [--whole] VERSION=INCLUDE...

INCLUDE is the folder that holds mbedtls/ of that release. Its own configuration and the samples in its configs/ folder
must have no error; then one thing of each is broken, a switch off or on, a value, and the preprocessor reads the
result with the release's headers. Every N-th variant only, where a sample will do. Both are told to be GCC 12 on the host.
--random turns two to twelve things at once instead, also in the bare lists of tests/config and the forum's: then each line that is named must
be of a macro that a rule of those that refuse speaks of, and each rule that refuses must be among what is told. --whole
also compiles all of ../library where nothing was refused: code can refuse what no rule does.
"""

import argparse
import glob
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TLSDIAG = os.environ.get("TLSDIAG", "build/tlsdiag")
CC = os.environ.get("CC", "cc").split()
# What says that it does not compile; other errors may compile, and cannot work.
REFUSED = {"config-missing-dependency", "config-contradiction"}
SIZES = {"config-out-of-range", "config-mpi-too-small", "config-ecp-bits-too-small", "config-content-too-small"}
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FORUM = os.path.join(ROOT, "fixtures", "config", "forum", "config.h")
SWITCH = re.compile(r"^(//)?[ \t]*#define (MBEDTLS_\w+)[ \t]*$", re.M)
VALUE = re.compile(r"^(?://)?[ \t]*#define (MBEDTLS_\w+)[ \t]+\(?\d[^/\n]*", re.M)


def variants(text):
    """(what, macro, text) with one switch turned, or one value far from what it was."""
    yield "as it is", None, text
    for m in SWITCH.finditer(text):
        turned = f"#define {m.group(2)}" if m.group(1) else f"/* {m.group(2)} */"
        yield "on" if m.group(1) else "off", m.group(2), text[: m.start()] + turned + text[m.end() :]
    for m in VALUE.finditer(text):
        for value in (0, 1, 100000):
            turned = f"#define {m.group(1)} {value} "
            yield f"= {value}", m.group(1), text[: m.start()] + turned + text[m.end() :]


def edits(text):
    """(from, to, macro, new line) of each thing that can be turned: switches, values, and both defined in odd ways."""
    for m in SWITCH.finditer(text):
        new = [f"#define {m.group(2)}", f"#define {m.group(2)} 0", f"#define {m.group(2)} 1"]
        yield m.start(), m.end(), m.group(2), new if m.group(1) else [f"/* {m.group(2)} */", *new[1:]]
    for m in VALUE.finditer(text):
        values = ["", "0", "1", "2", "16", "256", "100000", "(64)", "0x40", "64u", "(2 * 32)"]
        yield m.start(), m.end(), m.group(1), [f"#define {m.group(1)} {v} " for v in values]


def several(text, others, rng):
    """A text with two to twelve things turned; a bare list of defines gets what others have at its end."""
    places = list(edits(text))
    more = sorted({p[2] for p in edits(others)} - {p[2] for p in places})
    n = rng.randint(2, 12)
    chosen = rng.sample(places, min(n // 2 if more else n, len(places)))
    for start, end, _, new in sorted(chosen, reverse=True):
        text = text[:start] + rng.choice(new) + text[end:]
    added = rng.sample(more, min(len(more), n - n // 2))
    ends = [m.start() for m in re.finditer(r"^#include .mbedtls/(?:check_config|config_psa)\.h|^#endif[^\n]*\s*\Z", text, re.M)]
    tail = ends[0] if ends else len(text)  # what is defined after the check is not checked
    values = {p[2]: p[3] for p in edits(others) if p[3][0].endswith(" ")}
    lines = "".join((rng.choice(values[m]) if m in values else f"#define {m}") + "\n"
                    for m in added if not re.search(r"_ALT$|PLATFORM_STD|_MACRO$|_FILE$", m))
    what = " ".join([c[2] for c in chosen] + ["+" + m for m in added])
    return what, None, text[:tail] + "\n" + lines + text[tail:]


def compiles(version, include, path):
    major = int(version.split(".")[0])
    header = "build_info.h" if major >= 3 else "check_config.h"
    first = f'#include "{path}"\n' if major < 3 else ""
    code = f"#include <limits.h>\n{first}#include <mbedtls/{header}>\n"
    run = subprocess.run(
        CC + ["-E", "-x", "c", f"-I{include}", f"-I{include}/mbedtls", f'-DMBEDTLS_CONFIG_FILE="{path}"', "-o", os.devnull, "-"],
        input=code, capture_output=True, text=True, check=False)
    places = re.findall(r"(\w+\.h):(\d+):\d+: error", run.stderr)
    return run.returncode == 0, "".join(re.findall(r"error.*", run.stderr)[:1]), {(f, int(n)) for f, n in places}


def library_compiles(include, path):
    """(does all of it, the first message)"""
    files = sorted(glob.glob(os.path.join(include, "..", "library", "*.c")))
    flags = ["-fsyntax-only", "-w", f"-I{include}", f"-I{include}/mbedtls", f"-I{include}/../library"]
    flags += [f"-I{include}/../3rdparty/everest/include", f'-DMBEDTLS_CONFIG_FILE="{path}"']
    run = subprocess.run(CC + flags + ["-include", "limits.h", *files], capture_output=True, text=True, check=False)
    return run.returncode == 0, "".join(re.findall(r"[^/\n]*(?:error|#error).*", run.stderr)[:1])


def rules_of(include):
    """(file, line) of each #error of the release, and the macros that its condition names."""
    tool = os.path.join(ROOT, "tools", "config-rules.py")
    spec = importlib.util.spec_from_file_location("config_rules", tool)
    rules = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rules)
    for name in ("build_info.h", "check_config.h"):
        path = os.path.join(include, "mbedtls", name)
        for line, condition in rules.rules(path) if os.path.exists(path) else ():
            yield (name, line), set(re.findall(r"MBEDTLS_\w+|PSA_\w+", condition))


def judged(version, path, fine):
    """What is told: errors; and of what the compiler refuses, what another file might have mended, which is a warning."""
    run = subprocess.run([TLSDIAG, "config", "--json", "--mbedtls-version", version, path], capture_output=True, text=True,
                         check=False)
    if run.returncode not in (0, 1):
        return [{"id": "none", "reason": run.stderr}]
    found = json.loads(run.stdout)["configs"][0]["findings"]
    return [f for f in found if f["severity"] == "error" or (not fine and "unless psa/crypto_config.h" in f["reason"])]


def is_by_rule(f):
    """Of what the release's own rules refuse: not what its code does, nor what compiles and cannot work."""
    other = ("though the release has no rule about it", "unless psa/crypto_config.h")
    return f["id"] in REFUSED and not any(words in f["reason"] for words in other)


def hold(case):
    """None, or what is wrong."""
    version, include, name, (what, macro, text), folder, i = case
    path = os.path.join(folder, f"{version}-{i}.h")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    fine, why, _ = compiles(version, include, path)
    errors = judged(version, path, fine)
    title = f"{version} {name}: {macro or ''} {what}"
    if fine:
        errors = [f for f in errors if is_by_rule(f) or (f["id"] in SIZES and not what.startswith("="))]
    if fine and errors:
        return f"{title}: compiles, but is told {errors[0]['id']}: {errors[0]['reason']}"
    if not fine and not errors:
        return f"{title}: does not compile ({why}), and is told nothing"
    if not fine and macro and not any(macro in f.get("macro", "") + f["reason"] + f["fix"] for f in errors):
        return f"{title}: {macro} is not named, but {errors[0]['reason']}"
    if not fine and not any("line" in f for f in errors):
        return f"{title}: no line is named"
    return "" if not fine else None


def hold_several(case):
    """The same of a configuration with several things turned, and the rules themselves."""
    version, include, name, (what, _, text), folder, i, whole = case
    path = os.path.join(folder, f"{version}-{i}.h")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    fine, why, places = compiles(version, include, path)
    errors = judged(version, path, fine)
    title = f"{version} {name}: {what}"
    if fine and whole and not errors:
        all_of, why = library_compiles(include, path)
        if not all_of:
            return f"{title}: does not compile ({why}), and is told nothing"
    if fine:
        errors = [f for f in errors if is_by_rule(f)]
        return f"{title}: compiles, but is told {errors[0]['id']}: {errors[0]['reason']}" if errors else None
    if not errors:
        return f"{title}: does not compile ({why}), and is told nothing"
    known = dict(rules_of(include))
    # Of a condition that is no expression the compiler names the #if, whose #error comes next.
    nexts = [min((k for k in known if k[0] == f and k[1] >= n), default=None) for f, n in places]
    true = [known[k] for k in nexts if k]
    told = [f.get("macro", "") + " " + f["reason"] + " " + f["fix"] for f in errors]
    lines = text.split("\n")
    for macros in true:
        if not any(m in re.findall(r"\w+", " ".join(told)) for m in macros):
            return f"{title}: nothing is told of the rule about {' '.join(sorted(macros))}"
    for f in errors if true else []:
        named = re.findall(r"(?:MBEDTLS|PSA)_\w+", lines[f["line"] - 1])[:1] if "line" in f else []
        named += re.findall(r"(?:MBEDTLS|PSA)_\w+", f["reason"])[:1]  # a macro of the library's, which follows from the line's
        if is_by_rule(f) and not any(macros & {*named, f.get("macro")} for macros in true):
            return f"{title}: line {f['line']} ({named}) is of none of the rules that refuse, but {f['reason']}"
    return ""


def configurations(include):
    yield from (os.path.join(include, "mbedtls", n) for n in ("config.h", "mbedtls_config.h"))
    samples = os.path.join(include, "..", "configs")
    if os.path.isdir(samples):
        yield from (os.path.join(samples, n) for n in sorted(os.listdir(samples)) if re.match(r"config-.*\.h$", n))


def cases(given, every, folder):
    for item in given:
        version, include = item.split("=", 1)
        n = 0
        for path in configurations(include):
            if not os.path.exists(path):
                continue
            for i, variant in enumerate(variants(read(path))):
                if i % every == 0:
                    yield version, include, os.path.basename(path), variant, folder, n
                n += 1


def random_cases(a, folder):
    rng = random.Random(a.seed)
    for item in a.given:
        version, include = item.split("=", 1)
        paths = [p for p in configurations(include) if os.path.exists(p)]
        stock = read(paths[0])
        paths = [p for p in paths if "tfm" not in p]  # it is hardly more than what it includes
        paths += sorted(glob.glob(os.path.join(ROOT, "tests", "config", f"*-{version[0]}.*.h")))
        paths += [FORUM] if version[0] == "2" else []
        for i in range(a.random):
            path = rng.choice(paths)
            yield version, include, os.path.basename(path), several(read(path), stock, rng), folder, i, a.whole


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--every", type=int, default=1)
    p.add_argument("--random", type=int)
    p.add_argument("--whole", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("given", nargs="+", metavar="VERSION=INCLUDE")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        if a.random:
            results = list(pool.map(hold_several, random_cases(a, folder)))
        else:
            results = list(pool.map(hold, cases(a.given, a.every, folder)))
    wrong = [r for r in results if r]
    print("\n".join(wrong))
    print(f"{len(results)} configurations, {sum(r is not None for r in results)} refused or wrong, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
