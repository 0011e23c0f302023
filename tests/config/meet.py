#!/usr/bin/env python3
"""Holds `tlsdiag config --with-peer` against a server: what it says of known hellos is what happens when they are said.

    tests/config/meet.py CONFIG SERVER EC|RSA CERTIFICATE KEY [PEER...]

SERVER is an ssl_server2 that was built with CONFIG. Each hello is said to it by `tlsdiag probe --hello`; version, suite,
group and scheme have to be those that were foretold, or nothing is agreed, as foretold. Without a PEER all are said.
"""

import json
import os
import socket
import subprocess
import sys
import time

TLSDIAG = os.environ.get("TLSDIAG", "build/tlsdiag")


def asked(*args):
    return json.loads(subprocess.run([TLSDIAG, *args], capture_output=True, text=True, check=False).stdout)


def foretold(config, peers, kind):
    """By name of the hello: what is agreed, (None,) nothing."""
    args = [arg for peer in peers or ["all"] for arg in ("--with-peer", peer)]
    out = {}
    for peer in asked("config", "--json", *args, config)["configs"][0]["peers"]:
        met = next(m for m in peer["meetings"] if m["key"].startswith(kind))
        keys = ("version", "cipher_suite", "group", "signature_scheme")
        out[peer["name"]] = [met.get(k, {}).get("name" if k != "signature_scheme" else "value") for k in keys]
    return out


def values(node, key):
    if isinstance(node, dict):
        for k, v in node.items():
            if k == key:
                yield v
            yield from values(v, key)
    elif isinstance(node, list):
        for v in node:
            yield from values(v, key)


def happened(hello, port):
    report = asked("probe", "--json", "--hello", hello, "--attempts", "1", "--deep", "0", f"127.0.0.1:{port}")
    first = next((h for h in report["handshakes"] if "asked_otherwise" not in h), {})
    suite = (first.get("cipher_suite") or {}).get("name")
    if suite is None:
        return [None] * 4
    group = next((g["name"] for g in values(first, "group") if g), None)
    scheme = next((s["value"] for s in values(first, "signature_scheme") if s), None)
    return [first["version"], suite, group, scheme]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def same(told, seen):
    """What a capture does not show (the scheme under the keys of TLS 1.3) is not compared."""
    return told[:2] == seen[:2] and all(s is None or t == s for t, s in zip(told[2:], seen[2:]))


def main():
    config, server, kind, cert, key, *peers = sys.argv[1:]
    told = foretold(config, peers, kind)
    port = free_port()
    command = [server, "server_addr=127.0.0.1", f"server_port={port}", f"crt_file={cert}", f"key_file={key}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 20
            while not answers(port) and time.monotonic() < deadline:
                time.sleep(0.1)
            wrong = 0
            for hello, expected in told.items():
                seen = happened(hello, port)
                if not same(expected, seen):
                    wrong += 1
                    print(f"{hello}: foretold {expected}, seen {seen}")
        finally:
            process.kill()
    print(f"{len(told) - wrong} hellos as foretold, {wrong} not")
    sys.exit(wrong != 0 or not told)


if __name__ == "__main__":
    main()
