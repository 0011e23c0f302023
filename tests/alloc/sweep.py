#!/usr/bin/env python3
"""Runs a command again and again, each time with another request for memory refused.

  sweep.py [--outputs FILE...] -- COMMAND...

Once as it is; then with the N-th request refused (and only that), and with all from the N-th on: every
N up to the first 300, then samples up to the number of requests of the whole run. Of each run must
hold:

  - it ends by itself, with the status it had without a failure, or with 3;
  - with 3, something is said on standard error, and no line of it is empty after "tlsdiag: ";
  - a report in JSON, NDJSON or XML is well formed, or there is none;
  - it finds nothing, and calls no handshake failed or completed, that it did not without a failure.

ALLOC_SWEEP=full runs all of these; without it, a part that takes seconds. The preloaded library is
failing.so beside the program ($TLSDIAG), in tests/alloc.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

FULL = os.environ.get("ALLOC_SWEEP") == "full"
FIRST = 300
TIMEOUT = 60
TEXT_FINDING = re.compile(r"^ +([a-z0-9-]+), (certain|likely|possible), fault of", re.M)


class Run:
    """One run: what it ended with, said and wrote."""

    def __init__(self, command, outputs, variables):
        self.label = " ".join(f"{k}={v}" for k, v in variables.items() if k.startswith("FAIL_"))
        with tempfile.TemporaryDirectory() as folder:
            paths = {o: os.path.join(folder, o) for o in outputs}
            command = [paths.get(a, a) for a in command]
            self.count, self.status = 0, None
            reader, writer = os.pipe()
            environment = dict(os.environ, FAIL_COUNT=str(writer), **variables)
            try:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                                      env=environment, pass_fds=[writer], timeout=TIMEOUT,
                                      check=False)
                self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
            except subprocess.TimeoutExpired as late:
                self.out, self.err = late.stdout or b"", late.stderr or b""
            os.close(writer)
            told = os.read(reader, 64)
            os.close(reader)
            self.count = int(told) if told.strip() else 0
            self.files = {}
            for name, path in paths.items():
                if os.path.exists(path):
                    with open(path, "rb") as f:
                        self.files[name] = f.read()

    def documents(self):
        """What was written that claims to be JSON; raises ValueError where it is not."""
        texts = [t for t in [self.out, *self.files.values()] if t.lstrip()[:1] == b"{"]
        found = []
        for text in texts:
            try:
                found.append(json.loads(text))
            except ValueError:
                found += [json.loads(line) for line in text.splitlines()]
        return found

    def facts(self):
        """Accusations: findings, and handshakes that failed or completed."""
        facts = {"finding " + i for i, _ in TEXT_FINDING.findall(self.out.decode("utf-8", "replace"))}
        for document in self.documents():
            facts |= {"finding " + d["id"] for d in document.get("diagnoses", [])}
            facts |= {"finding " + d["id"] for d in document.get("findings", [])}
            facts |= {f"handshake {h['id']} {h['outcome']}" for h in
                      document.get("handshakes", []) + [document] if h.get("outcome")
                      in ("failed", "completed")}
            for run in document.get("runs", []):
                facts |= {"finding " + r["ruleId"] for r in run["results"]}
        return facts

    def wrong(self, whole):
        """What must not be, compared with the run without a failure; None when all is well."""
        if self.status is None:
            return f"does not end in {TIMEOUT} s"
        if self.status not in (whole.status, 3):
            return f"ends with {self.status}"
        lines = self.err.decode("utf-8", "replace").splitlines()
        if self.status == 3 and not lines:
            return "ends with 3 and says nothing"
        if any(re.fullmatch(r"tlsdiag: *", line) for line in lines):
            return "says nothing after 'tlsdiag: '"
        try:
            more = self.facts() - whole.facts()
            for text in self.files.values():
                if text.lstrip()[:1] == b"<":
                    xml.fromstring(text)
        except (ValueError, xml.ParseError) as e:
            return f"writes a report that is not well formed: {e}"
        if more:
            return "finds " + ", ".join(sorted(more))
        return None


def numbers(count):
    """The requests to be refused."""
    first = min(FIRST, count)
    if FULL:
        chosen = set(range(1, first + 1))
        samples = 300
    else:
        chosen = set(range(1, first + 1, 1 + first // 40))
        samples = 12
    chosen |= {first + (count - first) * i // samples for i in range(1, samples + 1)}
    return sorted(n for n in chosen if n <= count)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outputs", nargs="*", default=[],
                        help="arguments that stand for files to be written")
    parser.add_argument("command", nargs="+")
    a = parser.parse_args()
    library = os.path.join(os.path.dirname(os.environ["TLSDIAG"]), "tests/alloc/failing.so")
    command = [shutil.which(a.command[0]) or a.command[0]] + a.command[1:]
    # With it the allocator fills what it gives and takes back: use after free shows as well.
    preload = {"LD_PRELOAD": library, "MALLOC_PERTURB_": "165"}
    whole = Run(command, a.outputs, preload)
    if whole.count == 0 or whole.status not in (0, 1, 4):
        sys.exit(f"status {whole.status}, {whole.count} requests: {whole.err.decode()}")
    rows = [dict(preload, **{how: str(n)}) for n in numbers(whole.count)
            for how in ("FAIL_AT", "FAIL_FROM")]
    bad = ended = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() if FULL else 1) as pool:
        for run in pool.map(lambda row: Run(command, a.outputs, row), rows):
            why = run.wrong(whole)
            ended += run.status == 3
            if why is not None:
                bad += 1
                if bad <= 20:
                    print(f"{run.label}: {why}")
                    print("    " + run.err.decode("utf-8", "replace").strip()[:300])
    print(f"{len(rows)} runs of {whole.count} requests, {ended} ended with 3, {bad} wrong")
    if ended == 0:
        sys.exit("no request was refused that mattered: nothing was tested")
    sys.exit(bad != 0)


main()
