#!/usr/bin/env python3
"""Holds JUnit reports against what CI systems read.

usage: junit.py REPORT...

Prints a line for each case: suite, name, result (passed, failed, broken, skipped) and message, with
tabs between; the report before them, when there are several. Says on standard error what is wrong,
and ends with 1, when a count does not fit, when an element or attribute is not in the dialect, or
when two cases have one name.
"""
import re
import sys
from xml.etree import ElementTree

SECONDS = re.compile(r"\d+\.\d{6}")
COUNTS = ("tests", "failures", "errors", "skipped")
RESULTS = {"failure": "failed", "error": "broken", "skipped": "skipped", "system-out": "passed"}

# element: (attributes it must have, attributes it may have, elements in it)
DIALECT = {
    "testsuites": ({"name", "time", *COUNTS}, set(), {"testsuite"}),
    "testsuite": ({"name", "time", *COUNTS}, {"timestamp"}, {"testcase"}),
    "testcase": ({"classname", "name", "time"}, set(), set(RESULTS)),
    "failure": ({"message", "type"}, set(), set()),
    "error": ({"message"}, {"type"}, set()),
    "skipped": ({"message"}, set(), set()),
    "system-out": (set(), set(), set()),
}

wrong = []


def look_at(element):
    needed, allowed, inside = DIALECT[element.tag]
    names = set(element.attrib)
    if not needed <= names or not names <= needed | allowed:
        wrong.append(f"{element.tag} has the attributes {sorted(names)}")
    if "time" in names and not SECONDS.fullmatch(element.get("time")):
        wrong.append(f"time {element.get('time')}")
    if "timestamp" in names and not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", element.get("timestamp")):
        wrong.append(f"timestamp {element.get('timestamp')}")
    if element.tag == "testcase" and len(element) > 1:
        wrong.append(f"the case {element.get('name')} has {len(element)} results")
    for part in element:
        if part.tag not in inside:
            wrong.append(f"{part.tag} stands in {element.tag}")
        else:
            look_at(part)


def result(case):
    return RESULTS[case[0].tag] if len(case) else "passed"


def microseconds(element):
    return int(element.get("time").replace(".", ""))


def count(element, cases):
    """The counts and the time of a suite, or of all, are the sums over its cases."""
    results = [result(case) for case in cases]
    real = [len(results), *(results.count(what) for what in ("failed", "broken", "skipped"))]
    told = [int(element.get(name)) for name in COUNTS]
    if real != told:
        wrong.append(f"{element.tag} {element.get('name')} tells {told}, has {real}")
    # each is rounded down by itself
    if not 0 <= microseconds(element) - sum(map(microseconds, cases)) <= len(cases):
        wrong.append(f"{element.tag} {element.get('name')} takes {element.get('time')}")


def read(path, before):
    root = ElementTree.parse(path).getroot()
    if root.tag != "testsuites":
        sys.exit(f"{path}: the root is {root.tag}")
    look_at(root)
    if wrong:
        sys.exit(f"{path}:\n" + "\n".join(wrong))
    count(root, root.findall("testsuite/testcase"))
    seen = set()
    for suite in root:
        count(suite, suite.findall("testcase"))
        for case in suite:
            key = case.get("classname"), case.get("name")
            if key in seen:
                wrong.append(f"two cases are {key}")
            seen.add(key)
            message = case[0].get("message", "") if len(case) else ""
            print(*before, suite.get("name"), case.get("name"), result(case), message, sep="\t")
    if wrong:
        sys.exit(f"{path}:\n" + "\n".join(wrong))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        read(path, [path] if len(sys.argv) > 2 else [])


if __name__ == "__main__":
    main()
