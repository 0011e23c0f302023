#!/usr/bin/env python3
"""Times a probe of a healthy server against openssl s_client to the same server.

  probe.py TLSDIAG

One openssl s_server on loopback for each kind of key. Both clients run in turn, round after round, and
the medians of the time from start to end are compared. Exit status 1: the bound is missed.
"""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 31
RATIO_MAX = 1.5
KEYS = {'EC P-256': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
        'RSA 2048': ['rsa:2048']}


def make_credential(folder, key):
    """A CA-less certificate for localhost: a root that is its own leaf."""
    cert, private = os.path.join(folder, 'cert.pem'), os.path.join(folder, 'key.pem')
    subprocess.run(['openssl', 'req', '-x509', '-nodes', '-newkey', *key, '-keyout', private,
                    '-out', cert, '-subj', '/CN=localhost', '-days', '30',
                    '-addext', 'subjectAltName=DNS:localhost'],
                   check=True, stderr=subprocess.DEVNULL)
    return cert, private


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(('127.0.0.1', port)) == 0


def serve(cert, private, port):
    server = subprocess.Popen(['openssl', 's_server', '-quiet', '-accept', f'127.0.0.1:{port}',
                               '-cert', cert, '-key', private],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    for _ in range(100):
        if listens(port):
            return server
        time.sleep(0.05)
    server.terminate()
    sys.exit('probe.py: openssl s_server does not come up')


def seconds(command):
    start = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=60)
    if done.returncode != 0:
        sys.exit(f'probe.py: {" ".join(command)}: exit status {done.returncode}')
    return time.monotonic() - start


def compare(tlsdiag, cert, port):
    commands = [[tlsdiag, 'probe', '--ca', cert, '-4', f'localhost:{port}'],
                ['openssl', 's_client', '-4', '-CAfile', cert, '-connect', f'localhost:{port}',
                 '-servername', 'localhost']]
    times = [[], []]
    for i in range(ROUNDS + 1):
        for n, command in enumerate(commands):
            took = seconds(command)
            if i != 0:  # the first round only brings the programs into memory
                times[n].append(took)
    return [statistics.median(t) for t in times]


def main():
    tlsdiag = sys.argv[1]
    missed = False
    print('\na healthy server: tlsdiag probe against openssl s_client, from start to end')
    for name, key in KEYS.items():
        with tempfile.TemporaryDirectory() as folder:
            cert, private = make_credential(folder, key)
            port = free_port()
            server = serve(cert, private, port)
            try:
                ours, theirs = compare(tlsdiag, cert, port)
            finally:
                server.terminate()
                server.wait()
        ratio = ours / theirs
        missed |= ratio > RATIO_MAX
        print(f'  {name:10} {1000 * ours:6.1f} ms, {1000 * theirs:6.1f} ms, ratio {ratio:.2f}'
              f'  (bound {RATIO_MAX}){"  MISSED" if ratio > RATIO_MAX else ""}')
    return 1 if missed else 0


if __name__ == '__main__':
    sys.exit(main())
