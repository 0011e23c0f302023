#!/usr/bin/env python3
"""How far `tlsdiag check` and the measurements of real verifiers agree.

    agree.py TLSDIAG DATA [CHAIN.json | FOLDER]...

DATA is the folder of the tables (verifiers.tsv, verifier-atlas.tsv, verifier-properties.tsv). A chain
is a JSON document: "name" (the property that it was made for), "host", "chain" and "trust" (lists of
DER in hexadecimal), and "at", the time that it is judged at (seconds since 1970; without it, now).
Each is given to `check --json` as a PEM file, and what that says of every verifier of the nine stacks,
in every version and role, is compared with the table: the verdict, and the alert of a refusal.

Prints the share that agree, by stack, and what does not; ends with 1 when it is below --least
(percent, 97 by default).
"""
import argparse
import base64
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

NINE = ["OpenSSL", "GnuTLS", "mbedTLS", "Go", "Java", "NSS", "wolfSSL", "rustls", "Chromium"]
ROLES = {"c": "client-tls12", "t": "client-tls13", "s": "server"}
LETTER = {"client": "c", "client13": "t", "server": "s"}


def table(path):
    lines = path.read_text().splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


class Measured:
    def __init__(self, data):
        self.verifiers = {v["verifier"]: v for v in table(data / "verifiers.tsv")}
        self.properties = {p["property"]: p for p in table(data / "verifier-properties.tsv")}
        self.refusals = {}
        for row in table(data / "verifier-atlas.tsv"):
            for who in row["who"].split():
                verifier, roles = who.split(":")
                for role in roles:
                    self.refusals[row["property"], verifier, role] = row["result"]

    def cells(self, name):
        """(verifier, role letter, result): "accepts", an alert's number, none, close_notify, store."""
        roles = [LETTER[r] for r in self.properties[name]["roles"].split()]
        for verifier, row in self.verifiers.items():
            if row["stack"] not in NINE:
                continue
            for role in (LETTER[r] for r in row["roles"].split()):
                result = self.refusals.get((name, verifier, role), "accepts")
                if role in roles and result != "n/a":
                    yield verifier, role, result


def pem(ders):
    out = []
    for der in ders:
        text = base64.b64encode(bytes.fromhex(der)).decode()
        lines = [text[i:i + 64] for i in range(0, len(text), 64)]
        out += ["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]
    return "\n".join(out)


def ask(program, case, folder):
    chain, trust = folder / "chain.pem", folder / "trust.pem"
    chain.write_text(pem(case["chain"]))
    trust.write_text(pem(case["trust"]))
    command = [program, "check", "--json", "--cert", chain, "--ca", trust, "--name", case["host"]]
    if "at" in case:
        command += ["--at", "@%d" % case["at"] if isinstance(case["at"], int) else case["at"]]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return json.loads(done.stdout)


def same(said, result):
    if result == "accepts":
        return said["verdict"] == "accepts"
    if said["verdict"] != "refuses":
        return False
    if result in ("none", "close_notify", "store"):
        return said["ending"] == result
    return int(result) == said["alert"] or int(result) in said["alerts"]


def chains(paths):
    for path in paths:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        yield from (json.loads(f.read_text()) for f in files)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--least", type=float, default=97.0)
    parser.add_argument("--at", help="time to judge chains at that name none")
    parser.add_argument("--skip", action="append", default=[], metavar="NAME",
                        help="a property that does not show in the bytes")
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("chains", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    measured = Measured(args.data)
    right, all_cells, wrong = collections.Counter(), collections.Counter(), []
    exact = n = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in chains(args.chains):
            if args.at:
                case.setdefault("at", args.at)
            if case["name"] in args.skip:
                continue
            report = ask(args.program, case, pathlib.Path(folder))
            said = {(v["verifier"], v["role"]): v for v in report["verifiers"]}
            before = len(wrong)
            for verifier, role, result in measured.cells(case["name"]):
                stack = measured.verifiers[verifier]["stack"]
                answer = said.get((verifier, ROLES[role]))
                all_cells[stack] += 1
                if answer is not None and same(answer, result):
                    right[stack] += 1
                else:
                    wrong.append((case["name"], verifier, role, result, answer and (
                        answer["verdict"], answer["alert"], answer["because"])))
            n += 1
            exact += len(wrong) == before
    for line in wrong:
        print("%s: %s/%s was measured %s, check says %s" % line)
    for stack in NINE:
        print("%-9s %5d of %5d  %6.2f %%" % (stack, right[stack], all_cells[stack],
                                            100 * right[stack] / max(1, all_cells[stack])))
    share = 100 * sum(right.values()) / max(1, sum(all_cells.values()))
    print("all       %5d of %5d  %6.2f %%; %d of %d chains without a difference" % (
        sum(right.values()), sum(all_cells.values()), share, exact, n))
    return share < args.least


if __name__ == "__main__":
    sys.exit(main())
