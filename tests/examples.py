#!/usr/bin/env python3
"""Reads the workflows among docs/examples as their CI systems do.

usage: examples.py FILE...

Prints the shell commands of each, as one script. Says on standard error what is wrong, and ends with 1:
YAML that does not parse, keys that the system does not know, a report that is not kept, an expression
pasted into a script.
"""
import pathlib
import sys

import yaml

# key: what stands under it
GITHUB = {"name": str, "on": dict, "permissions": dict, "concurrency": dict, "jobs": dict}
GITHUB_JOB = {"runs-on": (str, list), "timeout-minutes": int, "env": dict, "steps": list}
GITHUB_STEP = {"name": str, "uses": str, "with": dict, "if": str, "run": str}
GITLAB_JOB = {"image": str, "timeout": str, "before_script": list, "script": list,
              "artifacts": dict}


class Loader(yaml.SafeLoader):
    """YAML 1.2 has no yes, no, on and off: "on" is a key of GitHub's."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def hold(path, where, value, known):
    for key, part in value.items():
        if key not in known:
            sys.exit(f"{path}: {where}: what is {key}?")
        if not isinstance(part, known[key]):
            sys.exit(f"{path}: {where}: {key} is {part!r}")


def github(path, workflow):
    hold(path, "workflow", workflow, GITHUB)
    for name, job in workflow["jobs"].items():
        hold(path, name, job, GITHUB_JOB)
        kept = False
        for step in job["steps"]:
            hold(path, name, step, GITHUB_STEP)
            if ("run" in step) == ("uses" in step):
                sys.exit(f"{path}: a step either runs or uses: {step}")
            if "${{" in step.get("run", ""):
                sys.exit(f"{path}: an expression stands in a script: {step}")
            kept |= step.get("uses", "").startswith("actions/upload-artifact@") and "if" in step
            yield step.get("run", "")
        if not kept:
            sys.exit(f"{path}: {name} does not keep its reports when it fails")


def gitlab(path, pipeline):
    for name, job in pipeline.items():
        hold(path, name, job, GITLAB_JOB)
        lines = job["before_script"] + job["script"]
        if not all(isinstance(line, str) for line in lines):
            sys.exit(f"{path}: a line of {name} is no text")
        if job["artifacts"]["when"] != "always" or "junit" not in job["artifacts"]["reports"]:
            sys.exit(f"{path}: {name} does not keep its reports when it fails")
        yield from lines


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in map(pathlib.Path, sys.argv[1:]):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader)
        read = github if "jobs" in document else gitlab
        print("\n".join(read(path, document)))


if __name__ == "__main__":
    main()
