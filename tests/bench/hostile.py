#!/usr/bin/env python3
"""Holds tlsdiag against captures and files that are made to cost it much.

  hostile.py TLSDIAG FOLDER [MIB]

The bound is the CPU time per megabyte, against that of FOLDER/hs.pcap (real handshakes, made by
make_capture.py), measured in the same run: at most 20 times. Verification has a fixed start and
--deep is the budget of a run, whatever its input; so the ratio is taken of captures of MIB (32), of
which these are a small part; --deep 0 where no signature is to be taken apart, as in the yardstick. The same adversaries at the size at which they were first seen are held
against what those constants are worth: the CPU time of a capture that just uses up the start, and
--deep. Every report must say what was found and what was left out. Exit status 1: a bound is missed.
"""
import json
import os
import subprocess
import sys
import tempfile

from adversary import Maker, flood, servers

RATIO_MAX, MEMORY_MAX = 20, 128  # times; MiB
DEEP = 10  # the default of --deep
START_HANDSHAKES = 1000  # P-256, chains and signatures that were never seen: they use up the start
START_SLACK = 2.5  # the cost of work is known about so well
MIB = 1 << 20


# In a process of its own: what one with much memory starts is counted with that memory.
RUNNER = """
import os, subprocess, sys
p = subprocess.Popen(sys.argv[2:], stdout=open(sys.argv[1], 'wb'), stderr=subprocess.DEVNULL)
_, status, u = os.wait4(p.pid, 0)
print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def run(command):
    """CPU seconds, peak memory in MiB, exit status, what was written."""
    with tempfile.NamedTemporaryFile() as out:
        told = subprocess.run([sys.executable, '-c', RUNNER, out.name] + command, check=True,
                              stdout=subprocess.PIPE).stdout.split()
        return float(told[0]), float(told[1]), int(told[2]), out.read()


def best(command, rounds=2):
    return min((run(command) for _ in range(rounds)), key=lambda r: r[0])


class Report:
    def __init__(self, text):
        self.json = json.loads(text)
        self.limits = {x['id']: x for x in self.json['input'].get('limits', [])}
        self.causes = {d['id'] for d in self.json['diagnoses']}
        self.certain = {d['id'] for d in self.json['diagnoses'] if d['confidence'] == 'certain'}


missed = []


def must(ok, name, text):
    if not ok:
        missed.append(f'{name}: {text}')
        print(f'MISSED  {name}: {text}')


class Bench:
    def __init__(self, tlsdiag, folder, mib):
        self.tlsdiag, self.folder, self.mib = tlsdiag, folder, mib
        self.maker = Maker(f'{folder}/hostile')
        self.rate = self.start = 0.0

    def pcap(self, file, *options):
        return [self.tlsdiag, 'pcap', '--json', *options, file]

    def baseline(self):
        file = f'{self.folder}/hs.pcap'
        size = os.path.getsize(file) / MIB
        cpu, memory, _, _ = best(self.pcap(file, '--deep', '0'))
        self.rate = cpu / size
        print(f'{"handshakes only":34} {size:8.1f} MiB {cpu:7.2f} s {self.rate:7.3f} s/MiB '
              f'{memory:6.1f} MiB of memory')
        file = f'{self.folder}/hostile/start.pcap'
        servers(file, self.maker.flood('P-256', START_HANDSHAKES))
        self.start = best(self.pcap(file, '--deep', '0'))[0]
        print(f'{"what verification has for a start":34} {"":12} {self.start:7.2f} s')

    def measure(self, name, file, command, small, deep):
        """small: held against the constants, not the ratio."""
        size = os.path.getsize(file) / MIB
        cpu, memory, status, out = run(command)
        ratio = cpu / size / self.rate
        print(f'{name:34} {size:8.2f} MiB {cpu:7.2f} s {ratio:6.1f} times {memory:8.1f} MiB',
              flush=True)
        must(status in (0, 1, 4), name, f'exit status {status}')
        must(memory <= MEMORY_MAX, name, f'{memory:.0f} MiB of memory')
        if small:
            most = START_SLACK * self.start + (DEEP * 1.2 if deep else 0)
            must(cpu <= most or ratio <= RATIO_MAX, name, f'{cpu:.1f} s, not {most:.1f}')
        else:
            must(ratio <= RATIO_MAX, name, f'{ratio:.1f} times')
        return out

    def capture(self, name, conversations, expect, deep=False, small=True, each=1):
        file = f'{self.folder}/hostile/{name.replace(" ", "-")}.pcap'
        servers(file, conversations, each)
        options = [] if deep else ['--deep', '0']
        out = self.measure(name, file, self.pcap(file, *options), small, deep)
        expect(name, Report(out))
        os.remove(file)


# ---- what has to be in the reports ----


def tells(*limits, never=()):
    def expect(name, report):
        for limit in limits:
            must(limit in report.limits, name, f'the limit {limit} is not told')
        for cause in never:
            must(cause not in report.causes, name, f'{cause} was concluded')
    return expect


def all_found(name, report):
    n = sum('ske-signature' in d['explains'] for d in report.json['diagnoses'])
    must(n != 0, name, 'no bad signature is diagnosed')


UNTRIED = ('chain-signature-bad', 'ca-not-trusted', 'intermediate-missing')


def captures(b):
    m, size = b.maker, b.mib * MIB
    b.capture('same-named issuers, 20 servers', m.same_named(20), tells('chains', never=UNTRIED[::2]))
    b.capture('same-named issuers', m.same_named(size // 15700),
              tells('chains', 'signatures', never=UNTRIED[::2]), small=False)
    b.capture('DH moduli, 20', m.moduli(20), tells('dh-groups'))
    b.capture('DH moduli, 200', m.moduli(200), tells('dh-groups'))
    b.capture('DH moduli', m.moduli(size // 3300), tells('dh-groups'), small=False)
    b.capture('P-521, 300 servers', m.flood('P-521', 300), tells())
    b.capture('P-521, 3000 servers', m.flood('P-521', 3000), tells('signatures'))
    b.capture('P-521 servers', m.flood('P-521', size // 1430), tells('signatures'), small=False)
    b.capture('20 servers, bad signatures', m.flood('P-256', 20), all_found, deep=True)
    b.capture('20000 servers, bad signatures', m.flood('P-256', 20000),
              tells('signatures', 'forensics'), deep=True, small=False)


def connections(b):
    file = f'{b.folder}/hostile/flows.pcap'
    flood(file, 216000)
    b.measure('connections that collide', file, b.pcap(file), False, False)
    os.remove(file)


def crowds(b):
    for ids in (True, False):
        file = f'{b.folder}/hostile/crowd.pem'
        leaf = b.maker.bundle(file, 3000, ids)
        name = f'check, 3000 CAs {"with" if ids else "without"} key ids'
        out = b.measure(name, file, [b.tlsdiag, 'check', '--json', '--ca', file, leaf], True, False)
        report = Report(out)
        checks = {c['id']: c['status'] for c in report.json['credentials'][0]['checks']}
        must(checks['chain-trusted'] == ('pass' if ids else 'unknown'), name,
             f'chain-trusted is {checks["chain-trusted"]}')
        must(not report.causes & set(UNTRIED), name, f'concluded {report.causes}')


def main():
    b = Bench(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 32)
    b.baseline()
    captures(b)
    connections(b)
    crowds(b)
    print(f'{len(missed)} bounds missed' if missed else 'all within their bounds')
    sys.exit(bool(missed))


if __name__ == '__main__':
    main()
