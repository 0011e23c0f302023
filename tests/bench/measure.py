#!/usr/bin/env python3
"""Measures tlsdiag on large captures and holds it against its bounds.

  measure.py TLSDIAG FLOOR FOLDER

FOLDER has hs.pcap, mix.pcap, and a small slice of each for tshark. All programs run in turn, round
after round, so that what else the machine does falls on each alike; what is compared are the
medians of the CPU time (user and system). Exit status 1: a bound is missed.
"""
import os
import statistics
import subprocess
import sys

ROUNDS, TSHARK_ROUNDS = 5, 3
MEMORY_MAX = 64  # MiB
TEXT_MAX = {'mix': 1.5, 'hs': 5.0}  # times the bare loop
TSHARK_MIN = 30  # times faster than

TITLES = {'hs': 'handshakes only', 'mix': '95% application data'}


def run(command):
    """CPU seconds and peak memory in MiB."""
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode not in (0, 1):
        sys.exit(f'measure.py: {" ".join(command)}: exit status {p.returncode}')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def rounds(commands, n):
    """name: (median of CPU seconds, highest peak memory)."""
    results = {name: [] for name in commands}
    for i in range(n + 1):
        for name, command in commands.items():
            result = run(command)
            if i != 0:  # the first round only brings the files into memory
                results[name].append(result)
    return {name: (statistics.median(cpu for cpu, _ in r), max(rss for _, rss in r))
            for name, r in results.items()}


missed = []


def bound(ok, text):
    if not ok:
        missed.append(text)
    return '' if ok else '  MISSED'


def show_forms(kind, file, tlsdiag, floor):
    pcap = [tlsdiag, 'pcap', '--verify=none']
    r = rounds({
        'libpcap loop': [floor, file],
        'text': pcap + [file],
        '--only all': pcap + ['--only', 'all', file],
        '--ndjson': pcap + ['--ndjson', file],
        '--json': pcap + ['--json', file],
    }, ROUNDS)
    loop = r['libpcap loop'][0]
    for name, (cpu, memory) in r.items():
        ratio = cpu / loop
        note = ''
        if name == 'text':
            note = f'  (bound {TEXT_MAX[kind]})' + bound(
                ratio <= TEXT_MAX[kind], f'{kind}: text takes {ratio:.2f} times the bare loop')
        if name != 'libpcap loop':
            note += bound(memory <= MEMORY_MAX, f'{kind}: {name} takes {memory:.0f} MiB')
        print(f'  {name:14} {cpu:8.3f} s  {ratio:6.2f} x loop  {memory:6.1f} MiB{note}')
    return r['--ndjson'][0]


def show_tshark(kind, ndjson, size, slice_file):
    r = rounds({'tshark': ['tshark', '-r', slice_file, '-Y', 'tls.handshake', '-T', 'json']},
               TSHARK_ROUNDS)
    per_byte = r['tshark'][0] / os.path.getsize(slice_file)
    ratio = per_byte / (ndjson / size)
    note = bound(ratio >= TSHARK_MIN, f'{kind}: --ndjson is only {ratio:.0f} times as fast')
    print(f'  {"tshark json":14} {per_byte * size:8.3f} s  (from a slice) '
          f'--ndjson is {ratio:.0f} times as fast  (bound {TSHARK_MIN}){note}')


def main():
    tlsdiag, floor, folder = sys.argv[1:]
    for kind, title in TITLES.items():
        file = f'{folder}/{kind}.pcap'
        size = os.path.getsize(file)
        print(f'{kind}.pcap: {size / 2**20:.0f} MiB, {title}')
        ndjson = show_forms(kind, file, tlsdiag, floor)
        show_tshark(kind, ndjson, size, f'{folder}/{kind}-slice.pcap')
    for text in missed:
        print(f'MISSED  {text}')
    sys.exit(1 if missed else 0)


if __name__ == '__main__':
    main()
