#!/usr/bin/env python3
"""Derives data/config from the headers of an mbedTLS release.

    tools/config-rules.py rules INCLUDE > data/config/rules-3.6.tsv
    tools/config-rules.py derived INCLUDE > data/config/derived-3.6.tsv
    tools/config-rules.py values INCLUDE... > data/config/values.tsv

INCLUDE is the folder that holds mbedtls/ and psa/. `rules` prints, for each #error of build_info.h and check_config.h,
the condition that leads to it; `derived` the directives that 3.x runs after the configuration's files (build_info.h and what it
includes); `values` the macros of the stock configurations that stand for a value. Messages and comments are not taken.
"""

import os
import re
import sys

CONFIGS = ("mbedtls_config.h", "config.h")


def directives(path):
    """(line, directive, argument) of each, with comments gone and continued lines joined."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = re.sub(r"/\*.*?\*/", lambda m: " " + "\n" * m.group().count("\n"), text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    number = 1
    for line in re.sub(r"\\\n", "\x01", text).split("\n"):
        m = re.match(r"\s*#\s*(\w+)\s*(.*)", line.replace("\x01", " "))
        if m:
            yield number, m.group(1), " ".join(m.group(2).split())
        number += 1 + line.count("\x01")


def opening(word, argument):
    """The condition of #if, #ifdef, #ifndef."""
    return {"ifdef": f"defined({argument})", "ifndef": f"!defined({argument})"}.get(word, argument)


def whole(levels):
    """The condition under which a line is reached."""
    parts = []
    for passed, now in levels:
        parts += [f"!({p})" for p in passed] + [now]
    parts = [p for p in parts if p != "1" and not re.fullmatch(r"!defined\(\w+_H\)", p)]
    return " && ".join(f"({p})" if "||" in p and len(parts) > 1 else p for p in parts) or "1"


def rules(path):
    """(line, condition) of each #error; each level is [branches passed over, this branch]."""
    levels = []
    own = {}  # macros that it defines for a while: when they are defined
    found = list(directives(path))
    passing = {argument for _, word, argument in found if word == "undef"}
    for line, word, argument in found:
        for name, when in own.items():
            argument = re.sub(rf"defined\({name}\)", "(" + (" || ".join(when) or "0") + ")", argument)
        if word in ("if", "ifdef", "ifndef"):
            levels.append([[], opening(word, argument)])
        elif word == "define" and argument in passing:
            when = whole(levels)
            own.setdefault(argument, []).extend([] if "__has_" in when else [when])  # GCC has none
        elif word in ("elif", "else"):
            levels[-1][0].append(levels[-1][1])
            levels[-1][1] = argument if word == "elif" else "1"
        elif word == "endif":
            levels.pop()
        elif word == "error":
            condition = whole(levels)
            if "__has_" not in condition and "__MINGW" not in condition and "_WIN32" not in condition:
                yield line, condition


def derived(include, path):
    """The directives of a file, those of what it includes in their place."""
    guard = None
    depth = 0
    for _, word, argument in directives(path):
        if word == "ifndef" and guard is None and argument.endswith("_H"):
            guard = argument
            continue
        if word == "define" and argument == guard:
            continue
        depth += (word in ("if", "ifdef", "ifndef")) - (word == "endif")
        if depth < 0:
            return
        if word == "include":
            file = os.path.join(include, argument.strip('"<>'))
            name = os.path.basename(file)
            if os.path.exists(file) and name not in CONFIGS + ("check_config.h",):
                yield from derived(include, file)
        elif word not in ("error", "pragma", "warning"):
            yield word, argument


def values(paths):
    """Macros that a stock configuration, or a comment in it, gives a value."""
    found = set()
    for include in paths:
        for name in CONFIGS:
            path = os.path.join(include, "mbedtls", name)
            if os.path.exists(path):
                with open(path, encoding="utf-8") as f:
                    found |= set(re.findall(r"^(?://)?#define (MBEDTLS_\w+)[ \t]+[^ \t/\n]", f.read(), flags=re.M))
    return sorted(found)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("rules", "derived", "values"):
        sys.exit(__doc__)
    include = sys.argv[2]
    if sys.argv[1] == "rules":
        print("line\tcondition")
        for name in ("build_info.h", "check_config.h"):
            path = os.path.join(include, "mbedtls", name)
            for line, condition in rules(path) if os.path.exists(path) else ():
                if not re.fullmatch(r"defined\(MBEDTLS_CONFIG_\w+\)", condition):  # its own marks of what was read
                    print(f"{line}\t{condition}")
    elif sys.argv[1] == "derived":
        print("directive\targument")
        for word, argument in derived(include, os.path.join(include, "mbedtls", "build_info.h")):
            print(f"{word}\t{argument}")
    else:
        print("macro")
        print("\n".join(values(sys.argv[2:])))


if __name__ == "__main__":
    main()
