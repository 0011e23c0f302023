#!/usr/bin/env python3
"""Validates SARIF reports against tests/schema/sarif.schema.json and what a schema cannot say.

usage: sarif.py REPORT...

Prints a line for each result: rule, level, path and line, with tabs between. Says on standard error
what is wrong and ends with 1.
"""
import json
import pathlib
import sys
import urllib.parse

import jsonschema

SCHEMA = pathlib.Path(__file__).with_name("sarif.schema.json")


def complaints(report):
    run = report["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if len(set(rules)) != len(rules):
        yield f"a rule stands twice among {rules}"
    used = set()
    for result in run["results"]:
        index = result["ruleIndex"]
        if index >= len(rules) or rules[index] != result["ruleId"]:
            yield f"{result['ruleId']} points to rule {index} of {rules}"
        used.add(result["ruleId"])
    if used != set(rules):
        yield f"no result breaks {sorted(set(rules) - used)}"


def path_of(location):
    return urllib.parse.unquote(
        urllib.parse.urlsplit(location["artifactLocation"]["uri"]).path, errors="surrogateescape")


def read(path, validator):
    report = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    wrong = [f"{error.json_path}: {error.message[:300]}"
             for error in validator.iter_errors(report)]
    wrong += [] if wrong else complaints(report)
    if wrong:
        sys.exit(f"{path}:\n" + "\n".join(wrong))
    for result in report["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        print(result["ruleId"], result["level"], path_of(place), place["region"]["startLine"],
              sep="\t")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.stdout.reconfigure(errors="surrogateescape")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in sys.argv[1:]:
        read(path, validator)


if __name__ == "__main__":
    main()
