#!/usr/bin/env python3
"""Measures tlsdiag on large logs and holds it against its bounds.

  logs.py TLSDIAG BYTES FOLDER

The logs are those of fixtures/log, one after the other until they are large, as a device that tries again and again
prints them. BYTES is the program that only looks at each byte (bytes.c): what is compared are medians of CPU time, as
multiples of its. Exit status 1: a bound is missed.
"""
import os
import random
import re
import statistics
import subprocess
import sys

ROUNDS = 3
MEMORY_MAX = 64  # MiB
RATIO_MAX = 36   # times the bare loop, which takes 0.1 s for 100 MB here
SIZE = 24 << 20
SIZE_BAD = 96 << 20  # forensics have less, the larger the log is: see set_deep() in src/door/log_conn.c


def text(name):
    with open(f'fixtures/log/{name}', 'rb') as f:
        return f.read()


def of_level(log, most):
    level = re.compile(rb'\|([0-9])\|')
    lines = (line for line in log.splitlines(keepends=True))
    return b''.join(x for x in lines if (m := level.search(x)) is None or int(m[1]) <= most)


def as_esp(log):
    place = re.compile(rb'(\S+\.c):0*([0-9]+): \|[0-9]\| ')
    out = []
    for i, line in enumerate(log.splitlines()):
        out.append(b'\x1b[0;32mI (%d) mbedtls: ' % (1000 + 3 * i) + place.sub(rb'\1:\2 ', line) + b'\x1b[0m\r\n')
    return b''.join(out)


def noise():
    r = random.Random(1)
    return b''.join(r.randbytes(r.randrange(5, 120)) + b'\n' for _ in range(20000))


def other_signatures(log, n):
    """The same handshake n times, each with a signature of its own."""
    r = random.Random(2)
    row = re.compile(rb'^(.*[0-9a-f]{4}:  )((?:[0-9a-f]{2} ){16})(.*)$', re.M)
    rows = [m for m in row.finditer(log)]
    stream = b''.join(bytes.fromhex(m[2].decode()) for m in rows)
    # ServerKeyExchange: a scheme, a length, and a DER sequence of two integers
    first = re.search(rb'[\x04-\x06]\x03\x00[\x44-\x4a]\x30[\x42-\x48]\x02', stream)
    value = stream[first.start() + 10:first.start() + 26]
    for _ in range(n):
        yield replace(log, rows, stream, value, r.randbytes(len(value)))


def replace(log, rows, stream, old, new):
    out = bytearray(log)
    at = stream.find(old)
    while at >= 0:
        for i, b in enumerate(new):
            m = rows[(at + i) // 16]
            place = m.start(2) + 3 * ((at + i) % 16)
            out[place:place + 2] = b'%02x' % b
        at = stream.find(old, at + 1)
    return bytes(out)


def make(path, pieces, least):
    if os.path.exists(path):
        return
    size = 0
    with open(path + '.part', 'wb') as f:
        while size < least:
            for piece in pieces():
                size += f.write(piece)
    os.rename(path + '.part', path)


def cost(command):
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode not in (0, 1, 4):
        sys.exit(f'logs.py: {" ".join(command)}: exit status {p.returncode}')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    tlsdiag, loop, folder = sys.argv[1:]
    untrusted, bad = text('untrusted.log'), text('agree/device-bad-signature.log')
    kinds = {
        'mbedTLS, level 1': lambda: [of_level(untrusted, 1)],
        'mbedTLS, level 2': lambda: [of_level(untrusted, 2)],
        'mbedTLS, level 4': lambda: [untrusted],
        'mbedTLS, all well': lambda: [text('agree/device-well.log')],
        'ESP-IDF': lambda: [as_esp(of_level(untrusted, 3))],
        's_client -debug': lambda: [text('agree/openssl-untrusted.log')],
        'bad signatures': lambda: other_signatures(bad, 50),
        'noise': lambda: [noise()],
    }
    missed = 0
    for i, (title, pieces) in enumerate(kinds.items()):
        file = f'{folder}/log-{i}.log'
        make(file, pieces, SIZE_BAD if title == 'bad signatures' else SIZE)
        costs = {'loop': [], 'log': []}
        for k in range(ROUNDS + 1):
            for name, command in (('loop', [loop, file]), ('log', [tlsdiag, 'log', file])):
                c = cost(command)
                if k != 0:
                    costs[name].append(c)
        cpu, bare = (statistics.median(c for c, _ in costs[n]) for n in ('log', 'loop'))
        memory = max(m for _, m in costs['log'])
        ratio = cpu / bare
        over = ratio > RATIO_MAX or memory > MEMORY_MAX
        missed += over
        print(f'  {title:18} {cpu * 100e6 / os.path.getsize(file):6.2f} s for 100 MB  {ratio:6.1f} x loop  '
              f'{memory:5.1f} MiB{"  MISSED" if over else ""}')
    sys.exit(1 if missed else 0)


if __name__ == '__main__':
    main()
