#!/usr/bin/env python3
"""Builds configurations that compile and cannot work, runs them, and asks whether tlsdiag config warns of each.

    tests/config/traps.py [--rows ID,...] VERSION=SOURCES...            is tests/config/traps.tsv true?
    tests/config/traps.py --write VERSION=SOURCES... > traps.tsv        the table again, with what happened

`outcome` is what happened with OpenSSL as the peer: ok; `no build`; `no start` or `no handshake`, with the code of the
library. `finding`, `severity` and `macro` are what tlsdiag config has to say, on the line of that macro.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from builds import ROOT, TLSDIAG, Build, Server, client_args, configuration, free_port, rows_of, run

TABLE = os.path.join(ROOT, "tests", "config", "traps.tsv")
COLUMNS = ("id", "version", "base", "change", "server", "outcome", "finding", "severity", "macro")


def code_of(text):
    found = re.findall(r"returned (-0x[0-9a-fA-F]+)", text)
    return (" " + found[-1].lower()) if found else ""


def log_of(build):
    with open(os.path.join(build.folder, "server.log"), encoding="utf-8", errors="replace") as f:
        return f.read()


def as_server(build, words):
    try:
        with Server(build) as server:
            option = ["-tls1_3"] if "tls13" in words else ["-cipher", "ALL:@SECLEVEL=0"]
            done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", *option], input="",
                                  capture_output=True, text=True, check=False, timeout=20)
            time.sleep(0.2)
    except RuntimeError:
        return "no start" + code_of(log_of(build))
    good = done.returncode == 0 and "Cipher is (NONE)" not in done.stdout
    return "ok" if good else "no handshake" + code_of(log_of(build))


def as_client(build):
    port = free_port()
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
         "-keyout", "k.pem", "-out", "c.pem"], build.folder)
    peer = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-key", "k.pem", "-cert", "c.pem", "-www"],
                            cwd=build.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    args = client_args(build, [f"server_port={port}", "ca_file=none", "crt_file=none", "key_file=none"])
    done = subprocess.run(args, cwd=build.folder, capture_output=True, text=True, check=False, timeout=30)
    peer.terminate()
    peer.wait()
    return "ok" if "Ciphersuite is " in done.stdout else "no handshake" + code_of(done.stdout)


def happens(row, sources, pool):
    words = row["server"].split()
    with tempfile.TemporaryDirectory() as folder:
        build = Build(row, sources, folder, pool)
        try:
            build.make()
        except RuntimeError as e:
            return "no build", str(e)
        return (as_client(build) if "client" in words else as_server(build, words)), ""


def findings(row):
    """(id, severity, the macro of the line that is named) of each."""
    text = configuration(row)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "c.h")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        done = subprocess.run([TLSDIAG, "config", "--json", "--mbedtls-version", row["version"], path], capture_output=True,
                              text=True, check=False)
    lines = text.split("\n")
    for f in json.loads(done.stdout)["configs"][0]["findings"]:
        on_line = re.findall(r"MBEDTLS_\w+", lines[f["line"] - 1])[:1] if "line" in f else []
        yield f["id"], f["severity"], on_line[0] if on_line else ""


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rows")
    p.add_argument("--write", action="store_true")
    p.add_argument("given", nargs="+", metavar="VERSION=SOURCES")
    a = p.parse_args()
    sources, wrong = dict(g.split("=", 1) for g in a.given), 0
    if a.write:
        print("\t".join(COLUMNS))
    with ThreadPoolExecutor(2) as pool:
        for row in rows_of(TABLE):
            if row["version"] in sources and (not a.rows or row["id"] in a.rows.split(",")):
                outcome, why = happens(row, sources[row["version"]], pool)
                said = list(findings(row))
                wanted = (row["finding"], row["severity"], row["macro"])
                silent = wanted not in said if row["finding"] else any(s[1] == "error" for s in said)
                wrong += silent or (not a.write and outcome != row["outcome"])
                print(f"{row['id']} {outcome} {why[-200:]} {'NOT SAID' if silent else ''} "
                      f"{sorted(s for s in said if s[1] != 'note')}", file=sys.stderr, flush=True)
                row["outcome"] = outcome
            if a.write:
                print("\t".join(row[k] for k in COLUMNS), flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
