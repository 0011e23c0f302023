"""Programs as servers, whose logs are read: who meets them, and what is true of that.

A scene is a client that refuses what such a server shows, has nothing in common with it, or is no client of
TLS at all. Scenes are faults (faults.py), whose fault it is beside the point: `right` and `accept` mean the same.
"""
import collections
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import time

import faults
import identities
from arithmetic import EcKey, pem
from certificates import Certificate, authority
from log_programs import BUILD, CA, NAME, ROOT, SCRATCH

SECONDS = 4
STARTING = 6                 # longest until a server listens
SETTLED = 0.3

# wants: what the server has to do: 'certificate' of the client, 'psk', 'alpn'. client: (port) -> None, or a command.
Scene = collections.namedtuple('Scene', 'fault identity wants client versions')
SCENES = []
# make: (scene, port) -> command; needs: a program.
Host = collections.namedtuple('Host', 'name made_of make needs new')
HOSTS = []
NEGOTIATION = faults.NEGOTIATION
REFUSED = ('ca-not-trusted', 'intermediate-missing', 'certificate-expired', 'name-mismatch', 'clock-wrong',
           'certificate-not-yet-valid', 'no-trust-anchor', 'weak-key', 'weak-signature', 'ext-key-usage-forbids',
           'key-usage-forbids', 'peer-closed')


def scene(name, right, client, accept=(), identity='good', wants='', versions=(12, 13)):
    right = (right,) if isinstance(right, str) else right
    for version in versions:
        fault = faults.HEALTHY._replace(
            name='%d-server-%s' % (version, name), version=version, right=frozenset(right), accept=frozenset(accept),
            hidden=bool(right))
        SCENES.append(Scene(fault, identity, wants, client, versions))


# ---- clients ----

def client(*more, trusts=CA, name=NAME):
    def command(port, version):
        return ['openssl', 's_client', '-connect', '127.0.0.1:%d' % port, '-servername', NAME, '-CAfile', str(trusts),
                '-verify_return_error', '-verify_hostname', name, *more] + \
            ([] if any(m.startswith('-tls1') for m in more) else ['-tls1_%d' % (version - 10)])
    return command


def raw(send, then='close', wait=0.3):
    """Sends that, waits, and goes away."""
    def talk(port, _):
        with socket.create_connection(('127.0.0.1', port), timeout=SECONDS) as s:
            if send:
                s.sendall(send)
            time.sleep(wait)
            if then == 'reset':
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    return talk


OWN = {name: str(SCRATCH / ('client-' + name)) for name in ('good', 'stranger', 'expired')}


def shows(who):
    return client('-cert', OWN[who] + '.crt', '-key', OWN[who] + '.key')


scene('healthy', (), client())
scene('healthy-mutual', (), shows('good'), wants='certificate')
scene('expired', 'certificate-expired', client(), ('clock-wrong', *REFUSED), 'of_leaf ends=2020-01-01')
scene('not-yet-valid', ('certificate-not-yet-valid', 'clock-wrong'), client(), REFUSED, 'of_leaf begins=2044-01-01')
scene('unknown-ca', ('ca-not-trusted', 'no-trust-anchor'), client(trusts=SCRATCH / 'other.pem'), REFUSED)
scene('intermediate-missing', 'intermediate-missing', client(), REFUSED, 'lone_leaf')
scene('other-name', 'name-mismatch', client(name='other.example'), REFUSED)
scene('sha1', 'weak-signature', client('-cipher', 'ALL:@SECLEVEL=2'), REFUSED, 'sha1_chain')
scene('for-clients', 'ext-key-usage-forbids', client(), (*REFUSED, 'certificate-type-unusable'), 'of_leaf purposes=clientAuth')
scene('version', 'no-common-version', client('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'), ('no-common-cipher-suite',),
      versions=(12,))
scene('suites', ('no-common-cipher-suite', 'certificate-type-unusable'),
      client('-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'), versions=(12,), accept=NEGOTIATION)
scene('groups', ('no-common-group', 'certificate-curve-unsupported'), client('-groups', 'brainpoolP512r1'), versions=(12,),
      accept=(*NEGOTIATION, 'certificate-curve-unsupported'))
scene('groups', 'no-common-group', client('-groups', 'ffdhe8192'), versions=(13,), accept=NEGOTIATION)
scene('schemes', ('no-common-signature-scheme', 'certificate-type-unusable'), client('-sigalgs', 'rsa_pss_rsae_sha256'),
      versions=(13,), accept=NEGOTIATION)
scene('alpn', 'alpn-mismatch', client('-alpn', 'mqtt'), wants='alpn', accept=NEGOTIATION)
scene('no-certificate', 'client-certificate-missing', client(), wants='certificate')
scene('strange-certificate', 'client-certificate-untrusted', shows('stranger'), wants='certificate',
      accept=('heap-exhausted',))
scene('expired-certificate', 'certificate-expired', shows('expired'), wants='certificate',
      accept=('clock-wrong', 'client-certificate-untrusted'))
scene('psk', 'psk-mismatch', client('-psk', 'ffeeddccbbaa99887766554433221100', '-psk_identity', 'sensor17'), wants='psk',
      accept=('finished-mismatch', 'record-cipher-broken', *NEGOTIATION), versions=(12,))
LEAVES = ('peer-closed',)
scene('http', ('plain-http', 'not-tls'), raw(b'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), versions=(12,),
      accept=('message-malformed', 'record-too-large', *LEAVES))
scene('mqtt', 'not-tls', raw(b'\x10\x12\0\4MQTT\4\2\0\x3c\0\6sensor'), versions=(12,),
      accept=('plain-http', 'message-malformed', 'record-too-large', *LEAVES))
scene('leaves', 'peer-closed', raw(b''), versions=(12,))
scene('resets', ('connection-reset', 'peer-closed'), raw(b'', 'reset'), versions=(12,))
scene('leaves-in-the-hello', 'peer-closed', raw(b'\x16\3\1\1\0\1\0\0\xfc\3\3' + bytes(40)), versions=(12,),
      accept=('message-malformed',))


# ---- servers ----

def host(name, made_of, make, needs, new=True):
    HOSTS.append(Host(name, made_of, make, needs, new))


def files_of(one):
    base = SCRATCH / one.identity.replace(' ', '-').replace('=', '-')
    return str(base) + '.crt', str(base) + '.key'


def openssl(*more):
    def make(one, port):
        chain, key = files_of(one)
        wants = {'certificate': ['-Verify', '3', '-CAfile', str(CA), '-verify_return_error'],
                 'alpn': ['-alpn', 'h2'], 'psk': ['-psk', '00112233445566778899aabbccddeeff', '-nocert']}
        return ['openssl', 's_server', '-accept', '127.0.0.1:%d' % port, '-naccept', '1', '-cert', chain, '-key', key,
                '-cert_chain', chain, '-tls1_%d' % (one.fault.version - 10), *wants.get(one.wants, ()), *more]
    return make


for options, made_of in (('', 'words'), ('-msg', 'bytes'), ('-msg -debug', 'bytes'), ('-trace', 'bytes'),
                         ('-state', 'words'), ('-debug', 'bytes'), ('-www', 'words'), ('-tlsextdebug', 'words')):
    host('openssl-server' + options.replace(' ', ''), made_of, openssl(*options.split()), 'openssl')


def gnutls(level):
    def make(one, port):
        chain, key = files_of(one)
        if one.wants == 'psk':
            return None
        wants = {'certificate': ['--require-client-cert', '--verify-client-cert', '--x509cafile', str(CA)],
                 'alpn': ['--alpn', 'h2', '--alpn-fatal', '-a']}
        return ['gnutls-serv', '-d', str(level), '-p', str(port), '--x509certfile', chain, '--x509keyfile', key, '--echo',
                '--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.%d' % (one.fault.version - 10), *wants.get(one.wants, ['-a'])]
    return make


for level in (0, 3, 4, 5, 9, 99):
    host('gnutls-server-d%d' % level, 'words', gnutls(level), 'gnutls-serv')


def mbedtls(program, level):
    def make(one, port):
        chain, key = files_of(one)
        wants = {'certificate': ['auth_mode=required', 'ca_file=' + str(CA)], 'alpn': ['alpn=h2'],
                 'psk': ['psk=00112233445566778899aabbccddeeff', 'psk_identity=sensor17']}
        return [program, 'server_addr=127.0.0.1', 'server_port=%d' % port, 'debug_level=%d' % level, 'crt_file=' + chain,
                'key_file=' + key, 'exchanges=1', 'read_timeout=2500',
                *(['force_version=tls%d' % one.fault.version] if 'mbedtls-3' in program else []),
                *wants.get(one.wants, ['auth_mode=none', 'ca_file=none'])]
    return make


for series, where in (('2.28', BUILD), ('3.6', ROOT / 'build' / 'mbedtls-3.6')):
    for level in (0, 1, 2, 3, 4):
        host('mbedtls-server-%s-d%d' % (series, level), 'bytes' if level > 2 else 'words',
             mbedtls(str(where / 'ssl_server2'), level), str(where / 'ssl_server2'), series != '2.28')


# ---- a scene played ----

def write(name, identity):
    (SCRATCH / (name + '.crt')).write_text(''.join(pem('CERTIFICATE', der) for der in identity.chain))
    (SCRATCH / (name + '.key')).write_text(identity.key.pem())


def prepare():
    import live      # which reads this table's faults in its turn
    for one in {s.identity for s in SCENES}:
        write(one.replace(' ', '-').replace('=', '-'), live.identity_of(one))
    (SCRATCH / 'other.pem').write_text(authority('Other Root CA').pem())
    of_client = {'names': (), 'usages': ('digitalSignature',), 'purposes': ('clientAuth',)}
    key = EcKey('truth client')
    for name, issuer, more in (('good', identities.root(), {}), ('stranger', authority('Other Root CA'), {}),
                               ('expired', identities.root(), {'ends': '2020-01-01'})):
        own = identities.Identity(key, Certificate('device 17', key, issuer, **of_client, **more))
        (pathlib.Path(OWN[name] + '.crt')).write_text(''.join(pem('CERTIFICATE', der) for der in own.chain))
        (pathlib.Path(OWN[name] + '.key')).write_text(key.pem())


def pairs():
    for one in SCENES:
        for who in HOSTS:
            if (who.new or one.fault.version == 12) and shutil.which(who.needs) and who.make(one, 1):
                yield one, who


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as s:
        return s.getsockname()[1]


def listens(port):
    """Without a connection, which would be in the log."""
    wanted = '%04X' % port
    for table in ('/proc/net/tcp', '/proc/net/tcp6'):
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(':' + wanted) and fields[3] == '0A':
                return True
    return False


def wait_for(server, port):
    end = time.monotonic() + STARTING
    while time.monotonic() < end and server.poll() is None and not listens(port):
        time.sleep(0.02)


def visit(one, port):
    """Was the client, if it is a program, content?"""
    command = one.client(port, one.fault.version)
    if command is None:
        return False
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as p:
        time.sleep(SETTLED)
        try:
            p.communicate(b'GET / HTTP/1.0\r\n\r\n', SECONDS)
        except (subprocess.TimeoutExpired, OSError):
            pass
        p.kill()
    return p.returncode == 0


# What a server may find a way around: it has another suite, group or version, or a certificate beside the PSK.
AVOIDABLE = {'no-common-version', 'no-common-cipher-suite', 'no-common-group', 'no-common-signature-scheme',
             'alpn-mismatch', 'psk-mismatch'}


def play(one, who):
    """(what the server printed, whether both sides were content)."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen(who.make(one, port), stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                              env={**os.environ, 'LC_ALL': 'C'}) as server:
            wait_for(server, port)
            content = False
            try:
                content = visit(one, port)
            except OSError:
                pass
            time.sleep(SETTLED)
            server.terminate()
            try:
                server.wait(1)
            except subprocess.TimeoutExpired:
                server.kill()
        log.seek(0)
        return log.read(), not one.fault.right or (content and bool(one.fault.right & AVOIDABLE))
