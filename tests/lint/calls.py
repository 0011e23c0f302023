#!/usr/bin/env python3
"""No circle of calls: the files of a room of src call each other in one direction.

usage: tests/lint/calls.py [ROOM...]

A file calls another when it names a function that the other defines. The rooms that keep to this are
listed here; a new one is added when it does.
"""
import glob
import re
import sys

ROOMS = ["session", "wire", "diagnose/checks", "diagnose/causes", "forensic", "drive", "door", "sandbox", "config"]
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
# At the start of a line, not static: what the file offers.
DEFINED = re.compile(r"^(?!static|typedef|extern|return|else)[A-Za-z_][\w\s*]*?\b(\w+)\((?:[^;{}]|\n)*?\)\s*\n\{", re.M)


def calls(room):
    """{file: {files it calls}}"""
    source = {p: COMMENT.sub(" ", open(p, encoding="utf8").read()) for p in glob.glob(f"src/{room}/*.c")}
    owner = {name: p for p, text in source.items() for name in DEFINED.findall(text)}
    return {p: {owner[n] for n in re.findall(r"(?<![\w.>])(\w+)\s*\(", text) if owner.get(n, p) != p} for p, text in source.items()}


def circle(graph):
    """The files of one circle, in order; [] when there is none."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return []
        path.append(node)
        for other in sorted(graph[node]):
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(node)
        return []

    for node in sorted(graph):
        found = visit(node)
        if found:
            return found
    return []


def main():
    bad = 0
    for room in sys.argv[1:] or ROOMS:
        graph = calls(room)
        found = circle(graph)
        if not graph:
            print(f"src/{room}: no files")
            bad = 1
        if found:
            print(f"src/{room}: a circle of calls: " + " -> ".join(p.rsplit("/", 1)[1] for p in found))
            bad = 1
    return bad


sys.exit(main())
