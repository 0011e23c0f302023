"""What is known to be true of captures: fixtures with an expect.json, folders with a case.json.

Fixtures of captures without any TLS say nothing of what is to be found: nothing is.
"""
import collections
import json
import pathlib

from packets import Unreadable, read

# name: for people and patterns; folder: where the command runs; args: with the capture's place in them;
# expect: acceptable ids of the first diagnosis, empty where nothing is wrong; must_not: ids that would be
# false; breaks_off: the file ends inside a packet; tls: there is any in it.
Case = collections.namedtuple('Case', 'name folder args at expect must_not failing breaks_off tls')
MAGIC = {bytes.fromhex(x) for x in ('d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '0a0d0d0a')}


def is_capture(path):
    if not path.is_file():
        return False
    with path.open('rb') as f:
        return f.read(4) in MAGIC


def capture_at(folder, args):
    """Which argument is the one capture; None, where there is not one."""
    found = [i for i, x in enumerate(args) if i > 0 and not x.startswith('-') and is_capture(folder / x)]
    return found[0] if args[0] == 'pcap' and len(found) == 1 else None


def breaks_off(path):
    try:
        return read(path)[1]
    except Unreadable:
        return False


def described(root, file, label):
    """The cases of all folders that a file of that name describes."""
    for path in sorted(root.rglob(file)):
        truth = json.loads(path.read_text(encoding='utf8'))
        at = capture_at(path.parent, truth['args'])
        if at is None or 'expect' not in truth:
            continue
        expect = frozenset(truth['expect'])
        if 'capture-incomplete' in expect:   # what keys hide has had an id of its own since
            expect |= {'hidden-by-encryption'}
        yield Case(label + str(path.parent.relative_to(root)), path.parent, tuple(truth['args']), at, expect,
                   frozenset(truth.get('must_not', [])), bool(expect), breaks_off(path.parent / truth['args'][at]),
                   True)


def without_tls(folder):
    for path in sorted(folder.iterdir()):
        if is_capture(path):
            yield Case('capture/' + path.stem, folder, ('pcap', path.name), 1, frozenset(), frozenset(), False,
                       breaks_off(path), False)


def gather(fixtures, folders):
    """All cases that have packets of TCP."""
    found = [*described(fixtures, 'expect.json', ''), *without_tls(fixtures / 'capture')]
    for folder in map(pathlib.Path, folders):
        found += described(folder.resolve(), 'case.json', folder.name + '/')
    return [case for case in found if has_tcp(case)]


def packets_of(case):
    return read(case.folder / case.args[case.at])[0]


def has_tcp(case):
    try:
        return any(p.tcp for p in packets_of(case))
    except Unreadable:
        return False
