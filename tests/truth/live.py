"""The second part of truth.py: a server that does one thing wrong, and those who meet it.

Each fault (faults_12.py, faults_13.py) is met by `tlsdiag probe`, of each build that is there, and by
openssl and gnutls clients, whose conversation a relay records for `tlsdiag pcap`. The reports are held
against what the fault declares; a client that put up with it makes nothing wrong. Captures of wrong ones
stay in BUILD/truth/live, and their list in BUILD/truth/live.txt.
"""
import concurrent.futures
import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / 'fixtures' / 'make'))

import faults           # noqa: E402
import faults_12        # noqa: E402, F401
import faults_13        # noqa: E402, F401
import identities       # noqa: E402
import lots             # noqa: E402
import report           # noqa: E402
import verdict          # noqa: E402
from relay import Relay             # noqa: E402
from talk import Talk12, Talk13     # noqa: E402

BUILD = ROOT / os.environ.get('BUILD', 'build')
SCRATCH = BUILD / 'truth' / 'live'
WORKERS = 6                  # who meets a fault mostly waits
CLIENT_SECONDS = 5
BUSY_SECONDS = 20            # where nobody falls silent on purpose, only a busy machine takes long
SETTLED = 0.2                # for what else the server sends, and what the client thinks of it
CURVES = {'P-256': ('P-256', 'GROUP-SECP256R1', 'secp256r1')}


def identity_of(text):
    """What a function of identities.py gives: `name key=value...`."""
    name, *pairs = text.split()
    values = {'yes': True}
    arguments = {}
    for pair in pairs:
        key, value = pair.split('=')
        arguments[key] = (value,) if key in ('names', 'purposes', 'usages') else \
            int(value) if key == 'bits' else values.get(value, value)
    return getattr(identities, name)(**arguments)


class Server:
    """On a port of 127.0.0.1; `ends` says of each connection whether both sides were content."""

    def __init__(self, fault):
        self.fault, self.identity = fault, identity_of(fault.identity)
        self.ends, self.threads, self.mistake = [], [], None
        self.through = threading.Event()     # both sides have got to the end of the handshake
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.attend, args=(connection,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def attend(self, connection):
        kind = Talk13 if self.fault.version == 13 else Talk12
        try:
            self.ends.append(kind(connection, self.fault, self.identity, self.through).run())
        except Exception as mistake:     # one of this harness: whoever waits for the result is to see it
            self.mistake = mistake

    def close(self):
        """True when every connection was a success."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(CLIENT_SECONDS)
        if self.mistake:
            raise RuntimeError(self.fault.name) from self.mistake
        return bool(self.ends) and all(self.ends)


def patience(fault, seconds):
    """So many seconds for a fault that leaves its client waiting; for others longer than it takes."""
    return seconds if faults.keeps_waiting(fault) else BUSY_SECONDS


def run_client(command, server):
    """A client that has nothing to say: it leaves when both sides have got through, or when time is up."""
    end = time.monotonic() + patience(server.fault, CLIENT_SECONDS)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env={**os.environ, 'LC_ALL': 'C'}) as client:
        while client.poll() is None and time.monotonic() < end:
            if server.through.wait(0.02):
                time.sleep(SETTLED)
                break
        try:
            if server.through.is_set():
                client.communicate(timeout=CLIENT_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        client.kill()


def openssl(fault, port):
    command = ['openssl', 's_client', '-connect', '127.0.0.1:%d' % port, '-servername', identities.NAME, '-CAfile',
               str(SCRATCH / 'ca.pem'), '-verify_return_error', '-verify_hostname', identities.NAME]
    return command + (['-groups', CURVES[fault.groups][0]] if fault.groups else []) + \
        (['-tls1_2'] if fault.version == 12 and fault.name.startswith('12-version') else [])


def gnutls(fault, port):
    priority = 'NORMAL' + (':-GROUP-ALL:+' + CURVES[fault.groups][1] if fault.groups else '')
    return ['gnutls-cli', '--x509cafile', str(SCRATCH / 'ca.pem'), '--sni-hostname', identities.NAME,
            '--verify-hostname', identities.NAME, '--priority', priority, '-p', str(port), '127.0.0.1']


CLIENTS = {'openssl': openssl, 'gnutls': gnutls}
PROGRAMS = {'openssl': 'openssl', 'gnutls': 'gnutls-cli'}


def met_by_client(client, fault, program):
    """(whether it was a success, the report's result, a command that shows it again)."""
    server = Server(fault)
    relay = Relay(server.port)
    run_client(CLIENTS[client](fault, relay.port), server)
    capture = relay.close()
    content = server.close()
    path = SCRATCH / ('%s-%s.pcap' % (fault.name, client))
    path.write_bytes(capture)
    args = ['pcap', str(path), '--ca', str(SCRATCH / 'ca.pem'), '--name', identities.NAME]
    return content, verdict.run(program, '.', args), shlex.join([program, *args]), path


def met_by_probe(fault, program):
    server = Server(fault)
    path = SCRATCH / ('%s-%s.pcap' % (fault.name, pathlib.Path(program).parent.name))
    path.unlink(missing_ok=True)
    args = ['probe', '127.0.0.1:%d' % server.port, '--ca', str(SCRATCH / 'ca.pem'), '--name', identities.NAME, '--sni',
            identities.NAME, '--timeout', str(patience(fault, 2)), '--deadline', str(patience(fault, 12)),
            '--write-pcap', str(path)]
    if fault.groups:
        args += ['--groups', CURVES[fault.groups][2]]
    result = verdict.run(program, '.', args)
    again = 'TLSDIAG=%s make truth ONLY=%s' % (shlex.quote(program), shlex.quote(fault.name + ':probe*'))
    return server.close(), result, '%s; tlsdiag pcap %s' % (again, path), path


def meet(fault, client, program):
    try:
        content, result, command, path = (met_by_client(client, fault, program) if client in CLIENTS else
                                          met_by_probe(fault, program))
    except RuntimeError as error:
        said = verdict.Verdict('broken', None, 'the harness: %r' % error.__cause__)
        return report.Row(fault.name, client, True, fault.right, said, '')
    said = verdict.judge_live(fault, client in CLIENTS, content, result)
    if said.word in ('right', 'silent', 'below'):
        path.unlink(missing_ok=True)
    return report.Row(fault.name, client, bool(fault.right or fault.accept) and not content, fault.right, said,
                      command + (' # the client was content' if content else ''))


def has_mbedtls_3(program):
    said = subprocess.run([program, '--version'], capture_output=True, text=True, check=False).stdout
    return 'mbedTLS 2.' not in said


def viewers(programs):
    """[(name, program)] of those that are here: the first program reads the captures."""
    found = [(name, programs[0]) for name in CLIENTS if shutil.which(PROGRAMS[name])]
    for program in programs:
        found.append(('probe, mbedTLS %s' % ('3' if has_mbedtls_3(program) else '2'), program))
    return found


def table_of_faults():
    """All faults, and a healthy server of either version."""
    return [faults.HEALTHY._replace(name='%d-healthy' % v, version=v) for v in (12, 13)] + faults.ALL


def write_ca():
    SCRATCH.mkdir(parents=True, exist_ok=True)
    (SCRATCH / 'ca.pem').write_text(identities.root().pem())


def chosen(options, found):
    for fault in table_of_faults():
        for name, program in found:
            if fault.skips not in name and lots.drawn(options, fault.name, name):
                yield fault._replace(changes=dict(fault.changes)), name, program


def run(options):
    """(how many passed, how many failed)."""
    started = time.monotonic()
    programs = [os.environ.get('TLSDIAG', str(BUILD / 'tlsdiag')), *os.environ.get('TLSDIAGS', '').split()]
    write_ca()
    todo = list(chosen(options, viewers(programs)))
    if not todo:
        return 0, 0
    print('live, seed %s, share %s: %d meetings with %d faults' % (
        options.seed, options.share, len(todo), len({fault.name for fault, _, _ in todo})), flush=True)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        rows = list(pool.map(lambda one: meet(*one), todo))
    failed = report.show(sorted(rows, key=lambda r: r.variant), 'client', BUILD / 'truth' / 'live.txt', options.list)
    print('%d s\n' % (time.monotonic() - started))
    return len(rows) - failed, failed
