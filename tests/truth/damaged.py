#!/usr/bin/env python3
"""Does the diagnosis stay true when the capture is not what one would wish?

  damaged.py [--seed N] [--share 1/10] [--only PATTERN] [--cases FOLDER]... [--list N]

Each fixture and each case of the FOLDERs is damaged in all the ways of damages.py, and the report on each
variant is held against what is true of the capture (verdict.py). Prints a table of the damages, what was
right of all by confidence, the kinds of wrong ones, and the commands that show them again; their captures
stay in BUILD/truth. The last line is "N passed, M failed": a failure is what breaks the goals, that
is a wrong `certain`, any error or failure over a healthy handshake, a failure called OK, a broken run,
and the wrong `likely` ones where they are more than one in ten.

PATTERN is a shell pattern of CASE:DAMAGE, or of either of them where it has no colon. Environment: TLSDIAG (the program), BUILD.
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import fractions
import functools
import hashlib
import os
import pathlib
import random
import shlex
import sys
import time

import cases
import damages
import report
import verdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get('BUILD', 'build')
TLSDIAG = os.environ.get('TLSDIAG', str(BUILD / 'tlsdiag'))
SCRATCH = BUILD / 'truth'
WORKERS = 2
AS_IT_IS = damages.Damage('as-it-is', 'whole', None)
UNKNOWN_OPTION = 2           # an exit status
HEALTHY = {'tls13': 'healthy/tls13', 'psk': 'healthy/psk'}


def variant_path(case, name):
    return SCRATCH / case.name.replace('/', '.') / (name + '.pcap')


def arguments(case, path):
    args = list(case.args)
    args[case.at] = str(path)
    return args


@functools.lru_cache(maxsize=4)
def original(case):
    """The packets of a case, and the report on them undamaged, as verdict.run() gives it."""
    return cases.packets_of(case), verdict.run(TLSDIAG, case.folder, case.args)


def command(case, path):
    args = arguments(case, os.path.relpath(path, case.folder)) if path else case.args
    return '(cd %s && %s %s)' % (shlex.quote(os.path.relpath(case.folder)), shlex.quote(TLSDIAG), shlex.join(args))


def try_one(seed, case, damage):
    """A row of results, or None where the damage does not apply."""
    packets, result = original(case)
    before = verdict.outcomes(result[1]) if result[1] else {}
    if damage.make is None:
        return report.Row(case.name, damage.name, case.failing, case.expect,
                          verdict.judge(case, damage, before, result), command(case, None))
    made = damage.make(packets, random.Random('%s %s %s' % (seed, case.name, damage.name)))
    if made is None:
        return None
    path = variant_path(case, damage.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)
    said = verdict.judge(case, damage, before, verdict.run(TLSDIAG, case.folder, arguments(case, path)))
    if said.word in ('right', 'silent'):
        path.unlink()
    return report.Row(case.name, damage.name, case.failing, case.expect, said, command(case, path))


def by_name():
    return {d.name: d for d in [AS_IT_IS, *damages.ALL]}


def try_some(seed, case, names):
    """The rows of one case; None where the program does not know an option of its command line."""
    known = by_name()
    if original(case)[1][0] == UNKNOWN_OPTION:
        return None
    rows = (try_one(seed, case, known[name]) for name in names)
    return [row for row in rows if row]


def lend(found):
    """The damages that add other traffic take it from healthy fixtures."""
    for name, fixture in HEALTHY.items():
        case = next(c for c in found if c.name == fixture)
        damages.others[name] = cases.packets_of(case)


def matches(case, name, pattern):
    if ':' in pattern:
        return fnmatch.fnmatchcase('%s:%s' % (case.name, name), pattern)
    return fnmatch.fnmatchcase(case.name, pattern) or fnmatch.fnmatchcase(name, pattern)


def chosen(found, options):
    """{case: names of damages}: a share of all, picked by the seed, each pair for itself."""
    for case in found:
        names = []
        for name in by_name():
            pair = '%s:%s' % (case.name, name)
            lot = int.from_bytes(hashlib.sha256(('%s %s' % (options.seed, pair)).encode()).digest()[:8], 'big')
            if matches(case, name, options.only) and lot < options.share * 2 ** 64:
                names.append(name)
        if names:
            yield case, names


def options_of(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seed', default=str(random.randrange(1000000)))
    parser.add_argument('--share', type=fractions.Fraction, default=fractions.Fraction(1))
    parser.add_argument('--only', default='*')
    parser.add_argument('--cases', action='append', default=[], metavar='FOLDER')
    parser.add_argument('--list', type=int, default=40, metavar='N', help='wrong variants to show (all are in the file)')
    return parser.parse_args(argv)


def main():
    options = options_of(sys.argv[1:])
    started = time.monotonic()
    found = cases.gather(ROOT / 'fixtures', options.cases)
    lend(found)
    todo = list(chosen(found, options))
    print('seed %s, share %s: %d variants of %d captures' % (options.seed, options.share, sum(len(n) for _, n in todo),
                                                            len(todo)), flush=True)
    rows, unknown = [], 0
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
        for future in concurrent.futures.as_completed(
                [pool.submit(try_some, options.seed, case, names) for case, names in todo]):
            some = future.result()
            unknown += some is None
            rows += some or []
    order = {name: i for i, name in enumerate(by_name())}
    rows.sort(key=lambda r: (order[r.variant], r.case))
    failed = report.show(rows, 'damage', SCRATCH / 'damaged.txt', options.list)
    if unknown:
        print('%d captures left out: the program does not know an option of their command lines' % unknown)
    print('%d s' % (time.monotonic() - started))
    print('%d passed, %d failed' % (len(rows) - failed, failed))
    return 1 if failed or not rows else 0


if __name__ == '__main__':
    sys.exit(main())
