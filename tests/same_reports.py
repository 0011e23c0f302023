#!/usr/bin/env python3
"""Do two programs write the same reports? For before and after a change that no user is to see.

  same_reports.py PROGRAM BASE [FOLDER...]

Both are run on every fixture that has a command line (expect.json) and on every capture under
fixtures and the FOLDERs, in each form below; standard output, standard error and the exit status are
compared byte by byte. What differs is made once more by each alone, and shown by its first lines that
differ. Where forensics were stopped by their bound on CPU time, what they found until then depends on
the machine: such reports are compared without them. The last line counts. Exit status 1: some differ.
"""
import concurrent.futures
import difflib
import json
import os
import pathlib
import subprocess
import sys

FORMS = ([], ['--json'], ['--only', 'all'])
SECONDS = 120
LINES_SHOWN = 8
MAGIC = {bytes.fromhex(x) for x in ('d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '0a0d0d0a')}
ENVIRONMENT = {**os.environ, 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'NO_COLOR': '1', 'COLUMNS': '80'}


def is_capture(path):
    with path.open('rb') as f:
        return f.read(4) in MAGIC


def command_lines(folders):
    """(where, arguments) of all that is to be run, without a form."""
    fixtures = pathlib.Path('fixtures').resolve()
    for expect in sorted(fixtures.rglob('expect.json')):
        yield expect.parent, json.loads(expect.read_text())['args']
    for folder in [fixtures, *folders]:
        for path in sorted(pathlib.Path(folder).resolve().rglob('*')):
            if path.is_file() and is_capture(path):
                yield path.parent, ['pcap', path.name]


def run(program, where, arguments):
    try:
        p = subprocess.run([program, *arguments], cwd=where, env=ENVIRONMENT, timeout=SECONDS,
                           stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        return b'', b'', 'over time'
    return p.stdout, p.stderr, p.returncode


def differ(programs, job):
    """None, or what both wrote."""
    was, now = (run(program, *job) for program in programs)
    return None if was == now else (was, now)


def differ_for_good(programs, job):
    pair = differ(programs, job)
    if pair and any(b'stopped by --deep' in out for out, _, _ in pair):
        where, arguments = job
        pair = differ(programs, (where, [*arguments, '--deep', '0']))
    return pair


def show(job, pair):
    where, arguments = job
    (out, err, status), (new_out, new_err, new_status) = pair
    print(f'differs: {os.path.relpath(where)}: {" ".join(arguments)}')
    if status != new_status:
        print(f'  exit status {status}, now {new_status}')
    for was, now in ((out, new_out), (err, new_err)):
        lines = difflib.unified_diff(*(x.decode(errors='replace').splitlines() for x in (was, now)),
                                     n=0, lineterm='')
        for line in [x for x in lines if not x.startswith(('---', '+++', '@@'))][:LINES_SHOWN]:
            print(f'  {line[:200]}')


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    programs = [str(pathlib.Path(p).resolve()) for p in (sys.argv[2], sys.argv[1])]
    jobs = [(where, [*arguments, *form]) for where, arguments in command_lines(sys.argv[3:])
            for form in FORMS if arguments[:1] == ['pcap'] or form in ([], ['--json'])]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda job: differ(programs, job), jobs))
    failed = 0
    for job in (job for job, pair in zip(jobs, found) if pair):
        pair = differ_for_good(programs, job)
        if pair:
            failed += 1
            show(job, pair)
    print(f'{len(jobs)} reports of each, {failed} differ')
    sys.exit(1 if failed or not jobs else 0)


if __name__ == '__main__':
    main()
