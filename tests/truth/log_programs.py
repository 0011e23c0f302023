"""Programs whose logs people send: how each is run as a client, and what its log is made of.

  bytes  dumps of records or messages: what a capture proves, such a log can prove
  words  sentences, names of messages, alerts: nothing in it is proof
"""
import collections
import os
import pathlib
import shutil
import subprocess

import identities

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get('BUILD', 'build')
SCRATCH = BUILD / 'truth' / 'log'
CA = SCRATCH / 'ca.pem'
NAME = identities.NAME
CURVES = {'P-256': ('P-256', 'GROUP-SECP256R1', 'secp256r1')}

# make: a command, of (fault, port); needs: the program that has to be there; new: it speaks TLS 1.3;
# cost: of so many meetings with it only one takes place.
Talker = collections.namedtuple('Talker', 'name made_of make needs new cost environment')
ALL = []


def talker(name, made_of, make, needs, new=True, cost=1, **environment):
    ALL.append(Talker(name, made_of, make, needs, new, cost, environment))


def openssl(*more):
    def make(fault, port):
        command = ['openssl', 's_client', '-connect', '127.0.0.1:%d' % port, '-servername', NAME, '-CAfile', str(CA),
                   '-verify_return_error', '-verify_hostname', NAME, *more]
        return command + (['-groups', CURVES[fault.groups][0]] if fault.groups else []) + \
            (['-tls1_2'] if fault.version == 12 else [])
    return make


for options, made_of in (('', 'words'), ('-msg', 'bytes'), ('-msg -debug', 'bytes'), ('-debug', 'bytes'),
                         ('-trace', 'bytes'), ('-state', 'words'), ('-state -debug', 'bytes'),
                         ('-security_debug_verbose', 'words'), ('-tlsextdebug -msg', 'bytes'), ('-brief', 'words'),
                         ('-trace -msg -state', 'bytes'), ('-showcerts', 'words')):
    talker('openssl' + (options.replace(' ', '') or '-plain'), made_of, openssl(*options.split()), 'openssl')


def gnutls(level):
    def make(fault, port):
        priority = 'NORMAL' + (':-VERS-TLS1.3' if fault.version == 12 else '') + \
            (':-GROUP-ALL:+' + CURVES[fault.groups][1] if fault.groups else '')
        return ['gnutls-cli', '-d', str(level), '--x509cafile', str(CA), '--sni-hostname', NAME, '--verify-hostname',
                NAME, '--priority', priority, '-p', str(port), '127.0.0.1']
    return make


for level in (0, 1, 2, 3, 4, 5, 6, 9, 11, 99):
    # up to the highest level it prints lengths and names, and of messages no bytes
    talker('gnutls-d%d' % level, 'words', gnutls(level), 'gnutls-cli')


def curl(*more):
    def make(fault, port):
        return ['curl', '-sS', '-o', '/dev/null', *more, '--resolve', '%s:%d:127.0.0.1' % (NAME, port), '--cacert',
                str(CA), '--max-time', '4', 'https://%s:%d/status' % (NAME, port)] + \
            (['--tls-max', '1.2'] if fault.version == 12 else []) + \
            (['--curves', CURVES[fault.groups][0]] if fault.groups else [])
    return make


for name, options, made_of in (('v', '-v', 'words'), ('trace', '--trace -', 'bytes'), ('plain', '', 'words'),
                               ('trace-ascii', '--trace-ascii -', 'words'),
                               ('trace-time', '--trace-time --trace -', 'bytes'),
                               ('v-time', '--trace-time -v', 'words')):
    talker('curl-' + name, made_of, curl(*options.split()), 'curl')


def wget(*more):
    def make(fault, port):
        return ['wget', '-t', '1', '-T', '3', '-O', '/dev/null', *more, '--no-hsts', '--ca-certificate=' + str(CA),
                'https://localhost:%d/fw.bin' % port]
    return make


PYTHON = '''
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
if sys.argv[3] == "12":
    context.maximum_version = ssl.TLSVersion.TLSv1_2
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=4) as plain:
    with context.wrap_socket(plain, server_hostname="server.example") as tls:
        print("connected", tls.version(), tls.cipher())
        tls.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        tls.recv(100)
'''
NODE = '''
const tls = require("tls"), fs = require("fs");
const [port, ca, version] = process.argv.slice(1);
const s = tls.connect({port, host: "127.0.0.1", servername: "server.example", ca: fs.readFileSync(ca),
  maxVersion: version == "12" ? "TLSv1.2" : "TLSv1.3", timeout: 4000, enableTrace: !!process.env.TRACE}, () => {
  console.log("connected", s.getProtocol(), s.getCipher().name);
  s.end("GET / HTTP/1.0\\r\\n\\r\\n");
});
s.on("timeout", () => s.destroy(new Error("timeout")));
s.on("data", () => {});
'''


def python(fault, port):
    return ['/usr/bin/python3', '-c', PYTHON, str(port), str(CA), str(fault.version)]


def node(fault, port):
    return ['node', '-e', NODE, str(port), str(CA), str(fault.version)]


talker('python', 'words', python, '/usr/bin/python3')
talker('node', 'words', node, 'node', cost=3)
talker('node-debug', 'words', node, 'node', cost=4, NODE_DEBUG='tls')
talker('node-trace', 'bytes', node, 'node', cost=4, TRACE='1')


def java(debug):
    def make(fault, port):
        return ['java', '-XX:TieredStopAtLevel=1', *(['-Djavax.net.debug=' + debug] if debug else []), '-cp',
                str(SCRATCH), 'Client', str(port), str(CA), NAME, 'TLSv1.2' if fault.version == 12 else 'TLSv1.3']
    return make


talker('java', 'words', java(''), 'javac', cost=12)
talker('java-handshake', 'bytes', java('ssl:handshake'), 'javac', cost=8)
talker('java-verbose', 'bytes', java('ssl:handshake:verbose:trustmanager'), 'javac', cost=12)
talker('java-all', 'bytes', java('all'), 'javac', cost=12)


def mbedtls(program, level):
    def make(fault, port):
        command = [str(program), 'server_addr=127.0.0.1', 'server_port=%d' % port, 'server_name=' + NAME,
                   'ca_file=' + str(CA), 'debug_level=%d' % level, 'auth_mode=required', 'read_timeout=2500']
        if 'mbedtls-3' in str(program):
            command.append('max_version=' + ('tls12' if fault.version == 12 else 'tls13'))
        return command + (['curves=' + CURVES[fault.groups][2]] if fault.groups else [])
    return make


for series, where in (('2.28', BUILD), ('3.6', ROOT / 'build' / 'mbedtls-3.6')):
    for level in (0, 1, 2, 3, 4, 5):
        talker('mbedtls-%s-d%d' % (series, level), 'bytes' if level > 2 else 'words',
               mbedtls(where / 'ssl_client2', level), str(where / 'ssl_client2'), new=series != '2.28')


def prepare():
    """What clients need: the CA, and Java's program compiled."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    CA.write_text(identities.root().pem())
    source = pathlib.Path(__file__).with_name('Client.java')
    if shutil.which('javac') and not (SCRATCH / 'Client.class').exists():
        subprocess.run(['javac', '-d', str(SCRATCH), str(source)], check=True)


def here():
    """Those whose program is there."""
    return [t for t in ALL if shutil.which(t.needs)]


def program():
    return os.environ.get('TLSDIAG', str(BUILD / 'tlsdiag'))
