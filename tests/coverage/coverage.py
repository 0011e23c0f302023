#!/usr/bin/env python3
"""Prints which share of the lines and branches of each folder of src the tests have reached, and holds
it against the goals below.

usage: BUILD=build/coverage tests/coverage/coverage.py begin|unit|whole

`make coverage` runs it: `begin` forgets what was counted before, `unit` is asked after the unit and rule
tests alone and keeps their numbers, `whole` after all others, and prints the table. A branch is one of
the compiler's: what it makes of `a && b` are four. Of a folder below its goal the files that lack most
are named. The last line is "N passed, M failed", of folders.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

# Percent of lines and branches: of the folders named here by the unit and rule tests alone, of all
# others by the whole run.
UNIT_GOALS = {"config": (90, 75)}
GOAL = (85, 70)

LEAST = 8  # files named of a folder below its goal
COUNTS = ("line_covered", "line_total", "branch_covered", "branch_total")

BUILD = pathlib.Path(os.environ.get("BUILD", "build/coverage"))
KEPT = BUILD / "coverage-unit.json"


def files():
    """[(path below src, lines, of, branches, of)]"""
    report = subprocess.run(
        ["gcovr", "--root", ".", "--filter", "src/", "--json-summary", "-", str(BUILD / "obj/src")],
        check=True, stdout=subprocess.PIPE).stdout
    return [(f["filename"].removeprefix("src/"), *(f[c] for c in COUNTS)) for f in json.loads(report)["files"]]


def folders(of_files):
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for path, *counts in of_files:
        for name in (os.path.dirname(path), "all of it"):
            sums[name] = [a + b for a, b in zip(sums[name], counts)]
    return sums


def percent(some, of):
    return 100 * some / of if of else 100.0


def reaches(counts, goal):
    lines, n_lines, branches, n_branches = counts
    return percent(lines, n_lines) >= goal[0] and percent(branches, n_branches) >= goal[1]


def row(name, counts, goal, note=""):
    lines, n_lines, branches, n_branches = counts
    goals = ("", "") if goal is None else goal
    print(f"{name:<24}{percent(lines, n_lines):6.1f} {goals[0]:>5} {n_lines:>7}"
          f"{percent(branches, n_branches):10.1f} {goals[1]:>5} {n_branches:>7}  {note}".rstrip())


def name_least(folder, of_files):
    inside = [f for f in of_files if os.path.dirname(f[0]) == folder]
    inside.sort(key=lambda f: f[1] - f[2] + f[3] - f[4])
    for path, *counts in inside[:LEAST]:
        row("  " + os.path.basename(path), counts, None)


def judge(name, folder, of_files, counts, goal):
    ok = reaches(counts, goal)
    row(name, counts, goal, "" if ok else "below its goal")
    if not ok:
        name_least(folder, of_files)
    return ok


def whole():
    by_all, by_units = files(), json.loads(KEPT.read_text())
    sums, unit_sums = folders(by_all), folders(by_units)
    print(f"{'folder':<24}{'lines':>6} {'goal':>5} {'of':>7}{'branches':>10} {'goal':>5} {'of':>7}")
    results = []
    for name in sorted(sums.keys() - {"all of it"}):
        if name in UNIT_GOALS:
            results.append(judge(name + ", by unit tests", name, by_units, unit_sums[name], UNIT_GOALS[name]))
        else:
            results.append(judge(name, name, by_all, sums[name], GOAL))
    row("all of it", sums["all of it"], None)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


def main():
    what = sys.argv[1:]
    if what == ["begin"]:
        for counted in BUILD.rglob("*.gcda"):
            counted.unlink()
    elif what == ["unit"]:
        KEPT.write_text(json.dumps(files()))
    elif what == ["whole"]:
        return whole()
    else:
        sys.exit(__doc__)
    return 0


sys.exit(main())
