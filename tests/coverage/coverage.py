#!/usr/bin/env python3
"""Prints which share of the lines and branches of each folder of src a run of the tests has reached.

usage: BUILD=build/coverage tests/coverage.py

`make coverage` runs it. Counted are all folders, also by the programs that the tests start. A branch is
one of the compiler's: what it makes of `a && b` are two.
"""
import collections
import json
import os
import subprocess
import sys


def counts():
    """{folder: [lines, of, branches, of]}"""
    build = os.environ.get("BUILD", "build/coverage")
    report = subprocess.run(
        ["gcovr", "--root", ".", "--filter", "src/", "--json-summary", "-", build + "/obj/src"],
        check=True, stdout=subprocess.PIPE).stdout
    folders = collections.defaultdict(lambda: [0, 0, 0, 0])
    for f in json.loads(report)["files"]:
        parts = f["filename"].split("/")
        for name in ("/".join(parts[1:-1]), "all of it"):
            sums = folders[name]
            for i, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
                sums[i] += f[key]
    return folders


def share(some, all_of_them):
    return f"{100 * some / all_of_them:5.1f}" if all_of_them else "    -"


def main():
    folders = counts()
    print(f"{'folder':<20} lines  of     branches  of")
    for name in sorted(folders, key=lambda n: (n == "all of it", n)):
        lines, n_lines, branches, n_branches = folders[name]
        print(f"{name:<20} {share(lines, n_lines)}  {n_lines:<6} {share(branches, n_branches)}     {n_branches}")
    return 0


sys.exit(main())
