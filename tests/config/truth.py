#!/usr/bin/env python3
"""Holds `tlsdiag config` against the compiler: the same verdict as check_config.h, and the macro named.

    tests/config/truth.py [--every N] VERSION=INCLUDE...

INCLUDE is the folder that holds mbedtls/ of that release. Its own configuration and the samples in its configs/ folder
must have no error; then one thing of each is broken, a switch off or on, a value, and the preprocessor reads the
result with the release's headers. Every N-th variant only, where a sample will do. Both are told to be GCC 12 on the host.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TLSDIAG = os.environ.get("TLSDIAG", "build/tlsdiag")
CC = os.environ.get("CC", "cc").split()
SIZES = {"config-out-of-range", "config-mpi-too-small", "config-ecp-bits-too-small", "config-content-too-small"}
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


def compiles(version, include, path):
    major = int(version.split(".")[0])
    header = "build_info.h" if major >= 3 else "check_config.h"
    first = f'#include "{path}"\n' if major < 3 else ""
    code = f"#include <limits.h>\n{first}#include <mbedtls/{header}>\n"
    run = subprocess.run(
        CC + ["-E", "-x", "c", f"-I{include}", f"-I{include}/mbedtls", f'-DMBEDTLS_CONFIG_FILE="{path}"', "-o", os.devnull, "-"],
        input=code, capture_output=True, text=True, check=False)
    return run.returncode == 0, "".join(re.findall(r"#error.*", run.stderr)[:1])


def judged(version, path):
    run = subprocess.run([TLSDIAG, "config", "--json", "--mbedtls-version", version, path], capture_output=True, text=True,
                         check=False)
    if run.returncode not in (0, 1):
        return [{"id": "none", "reason": run.stderr}]
    found = json.loads(run.stdout)["configs"][0]["findings"]
    return [f for f in found if f["severity"] == "error"]


def hold(case):
    """None, or what is wrong."""
    version, include, name, (what, macro, text), folder, i = case
    path = os.path.join(folder, f"{version}-{i}.h")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    fine, why = compiles(version, include, path)
    errors = judged(version, path)
    title = f"{version} {name}: {macro or ''} {what}"
    if what.startswith("="):  # sizes that compile, and cannot work
        errors = [f for f in errors if not fine or f["id"] not in SIZES]
    if fine and errors:
        return f"{title}: compiles, but is told {errors[0]['id']}: {errors[0]['reason']}"
    if not fine and not errors:
        return f"{title}: does not compile ({why}), and is told nothing"
    if not fine and macro and not any(macro in f.get("macro", "") + f["reason"] + f["fix"] for f in errors):
        return f"{title}: {macro} is not named, but {errors[0]['reason']}"
    if not fine and not any("line" in f for f in errors):
        return f"{title}: no line is named"
    return "" if not fine else None


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
            with open(path, encoding="utf-8") as f:
                text = f.read()
            for i, variant in enumerate(variants(text)):
                if i % every == 0:
                    yield version, include, os.path.basename(path), variant, folder, n
                n += 1


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--every", type=int, default=1)
    p.add_argument("given", nargs="+", metavar="VERSION=INCLUDE")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        results = list(pool.map(hold, cases(a.given, a.every, folder)))
    wrong = [r for r in results if r]
    print("\n".join(wrong))
    print(f"{len(results)} configurations, {sum(r is not None for r in results)} refused or wrong, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
