#!/usr/bin/env python3
"""Looks for inputs that reach something new, and adds them to the listings in tests/unit/facts/found.

usage: tests/fuzz/explore.py EXPLORERS BUILD SECONDS KIND...

EXPLORERS has explore_KIND, the test as a target of libFuzzer, and BUILD the test itself; `make explore` makes both.
The inputs of a listing are what is begun with. Of those that were found as few are added as reach all that is new,
where they are quickly played and come to the same whenever they are; the test then writes down what that is.
"""
import hashlib
import os
import resource
import shutil
import subprocess
import sys

# Of an input, and how long playing it may take besides starting the program (seconds of the processor).
BYTES_MOST, COST_MOST = 300, 0.005


def listing(kind):
    return f"tests/unit/facts/found/{kind}.txt"


def inputs_of(kind):
    with open(listing(kind), encoding="ascii") as f:
        return [line.split()[1] for line in f if line.startswith("> ")]


def told(program, given):
    """What is told of an input, and what that cost."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run = subprocess.run([program, "--tell", given], stdout=subprocess.PIPE, check=True)
    return run.stdout, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def is_fit(program, given, start):
    (first, cost), (second, again) = told(program, given), told(program, given)
    return first == second and min(cost, again) - start <= COST_MOST


def explored(explorers, kind, seconds):
    """The inputs, in hexadecimal, that reach what those of the listing do not."""
    seeds, corpus, merged = (f"{explorers}/found/{kind}{part}" for part in ("-seeds", "", "-merged"))
    for folder in (seeds, corpus, merged):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    for given in inputs_of(kind):
        with open(f"{seeds}/{hashlib.sha1(given.encode()).hexdigest()}", "wb") as f:
            f.write(bytes.fromhex(given))
    target = f"{explorers}/explore_{kind}"
    shutil.copytree(seeds, merged, dirs_exist_ok=True)
    with open(f"{explorers}/{kind}.log", "wb") as log:
        subprocess.run([target, corpus, seeds, f"-max_total_time={seconds}", f"-max_len={BYTES_MOST}", "-len_control=0",
                        "-use_value_profile=1", "-entropic=0", "-timeout=10", "-close_fd_mask=1",
                        f"-artifact_prefix={explorers}/{kind}-"],
                       stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=True)
        subprocess.run([target, "-merge=1", merged, corpus], stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=True)
    found = set()
    for name in os.listdir(merged):
        with open(f"{merged}/{name}", "rb") as f:
            found.add(f.read().hex())
    return sorted(found - set(inputs_of(kind)) - {""}, key=lambda given: (len(given), given))


def main():
    explorers, build, seconds = sys.argv[1:4]
    for kind in sys.argv[4:]:
        program = f"{build}/tests/unit/test_found_{kind}"
        start = told(program, "00")[1]
        new = [given for given in explored(explorers, kind, seconds) if is_fit(program, given, start)]
        with open(listing(kind), "a", encoding="ascii") as f:
            f.writelines(f"> {given}\n" for given in new)
        subprocess.run([program, "--write"], check=True)
        print(f"{kind}: {len(new)} new, {len(inputs_of(kind))} in all", flush=True)


main()
