"""The first part of truth.py: every fixture and case, damaged in all the ways of damages.py.

The report on each variant is held against what is true of the capture (verdict.py). Captures of wrong ones
stay in BUILD/truth, and their list in BUILD/truth/damaged.txt.
"""
import concurrent.futures
import functools
import os
import pathlib
import random
import shlex
import time

import cases
import damages
import lots
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
    if said.word in ('right', 'silent', 'below'):
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


def chosen(found, options):
    """(case, names of damages)."""
    for case in found:
        names = [name for name in by_name() if lots.drawn(options, case.name, name)]
        if names:
            yield case, names


def run(options):
    """(how many passed, how many failed)."""
    started = time.monotonic()
    found = cases.gather(ROOT / 'fixtures', options.cases)
    lend(found)
    todo = list(chosen(found, options))
    if not todo:
        return 0, 0
    print('damaged, seed %s, share %s: %d variants of %d captures' % (
        options.seed, options.share, sum(len(names) for _, names in todo), len(todo)), flush=True)
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
    print('%d s\n' % (time.monotonic() - started))
    return len(rows) - failed, failed
