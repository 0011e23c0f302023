#!/usr/bin/env python3
"""Makes a large capture of real TLS handshakes to measure with.

  make_capture.py OUT MIB [--data KIB] [--connections N]

Servers and clients of OpenSSL and GnuTLS talk on the loopback interface through a relay that notes
every byte and its time; no privileges are needed. From the notes come Ethernet frames with TCP
segments of 1448 bytes and their acknowledgements. They are repeated until OUT has MIB mebibytes:
each time between other addresses, at a later time, with other randoms, session ids, ephemeral keys
and signatures (so that nothing repeats that should not), and with right checksums.

Seven kinds of connections in turn: TLS 1.2 with ECDSA on P-256, with RSA, with ECDSA on P-384, and
with a client certificate; TLS 1.3; a client that does not trust the CA; a GnuTLS server. Every
tenth client is gnutls-cli. With --data each server sends about so much.
"""
import argparse
import asyncio
import contextlib
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

NAME = 'device.example'
CLIENT, SERVER = 0, 1
SEGMENT = 1448
FIRST_PORT = 4431
AT_ONCE = 8  # connections under way together

# ---- the servers ----

# name: (certificate, arguments of s_server); None: gnutls-serv
KINDS = {
    'ecdsa': ('p256', ['-tls1_2']),
    'rsa': ('rsa', ['-tls1_2']),
    'tls13': ('p256', ['-tls1_3']),
    'p384': ('p384', ['-tls1_2']),
    'mutual': ('p256', ['-tls1_2', '-Verify', '1', '-CAfile', 'ca.pem']),
    'untrusted': ('p256', ['-tls1_2']),
    'gnutls': ('p256', None),
}


def openssl(*arguments):
    subprocess.run(('openssl',) + arguments, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_certificates():
    with open('ext', 'w') as f:
        f.write(f'subjectAltName=DNS:{NAME}\nkeyUsage=digitalSignature\n')
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key')
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Bench CA', '-days', '30',
            '-out', 'ca.pem')
    for name, algorithm, option in (('p256', 'EC', 'ec_paramgen_curve:P-256'),
                                    ('p384', 'EC', 'ec_paramgen_curve:P-384'),
                                    ('rsa', 'RSA', 'rsa_keygen_bits:2048')):
        openssl('genpkey', '-algorithm', algorithm, '-pkeyopt', option, '-out', f'{name}.key')
        openssl('req', '-new', '-key', f'{name}.key', '-subj', f'/CN={NAME}', '-out',
                f'{name}.csr')
        openssl('x509', '-req', '-in', f'{name}.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
                '-CAcreateserial', '-days', '30', '-extfile', 'ext', '-out', f'{name}.pem')
        with open(f'{name}.chain', 'w') as f:
            f.write(open(f'{name}.pem').read() + open('ca.pem').read())


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def start_server(kind, port, data):
    certificate, arguments = KINDS[kind]
    if arguments is None:
        command = ['gnutls-serv', '--echo', '-q', '-p', str(port), '--x509certfile',
                   f'{certificate}.chain', '--x509keyfile', f'{certificate}.key']
    else:
        command = ['openssl', 's_server', '-accept', f'127.0.0.1:{port}', '-cert',
                   f'{certificate}.pem', '-cert_chain', 'ca.pem', '-key', f'{certificate}.key',
                   '-quiet', '-WWW' if data else '-rev'] + arguments
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def wait_for(port):
    for _ in range(100):
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f'make_capture.py: no server came up on port {port}')


# ---- the relay ----


class Notes:
    """What went over one connection: (time, direction, bytes), b'' for its end."""

    def __init__(self, port):
        self.port = port  # of the server, in the capture
        self.begin = time.time()
        self.said = []


async def pump(reader, writer, notes, direction):
    try:
        while data := await reader.read(65536):
            notes.said.append((time.time(), direction, data))
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # reset: told to the other side as an end
    notes.said.append((time.time(), direction, b''))
    with contextlib.suppress(OSError):
        writer.write_eof()


async def start_relay(to_port, shown_port, kept):
    async def take(client_reader, client_writer):
        notes = Notes(shown_port)
        reader, writer = await asyncio.open_connection('127.0.0.1', to_port)
        await asyncio.gather(pump(client_reader, writer, notes, CLIENT),
                             pump(reader, client_writer, notes, SERVER))
        writer.close()
        client_writer.close()
        kept.append(notes)

    server = await asyncio.start_server(take, '127.0.0.1', 0)
    return server.sockets[0].getsockname()[1]


# ---- the clients ----


def gnutls_client(port, request):
    subprocess.run(['gnutls-cli', '--x509cafile', 'ca.pem', '--sni-hostname', NAME,
                    '--verify-hostname', NAME, '-p', str(port), '127.0.0.1'], input=request,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)


def exchange(tls, kind, data):
    """Takes all that the server sends; gnutls-serv sends back the lines that it gets."""
    for _ in range(data // 4 if kind == 'gnutls' else 0):
        tls.sendall(b'e' * 4095 + b'\n')
        left = 4096
        while left:
            left -= len(tls.recv(left))
    if data and kind != 'gnutls':
        tls.sendall(b'GET /blob HTTP/1.0\r\n\r\n')
    else:
        tls.shutdown(socket.SHUT_WR)
    while tls.recv(65536):
        pass


def openssl_client(kind, port, data):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if kind != 'untrusted':
        context.load_verify_locations('ca.pem')
    if kind == 'mutual':
        context.load_cert_chain('p256.chain', 'p256.key')
    try:
        with socket.create_connection(('127.0.0.1', port), timeout=20) as s:
            with context.wrap_socket(s, server_hostname=NAME) as tls:
                exchange(tls, kind, data)
    except (ssl.SSLError, OSError):
        pass  # what 'untrusted' is for


def connect(i, ports, data):
    kind = list(KINDS)[i % len(KINDS)]
    if i % 10 == 9 and kind not in ('mutual', 'untrusted', 'gnutls'):
        gnutls_client(ports[kind], b'GET /blob HTTP/1.0\r\n\r\n' if data else b'')
    else:
        openssl_client(kind, ports[kind], data)


async def talk(n, data):
    kept, relays, servers = [], {}, []
    loop = asyncio.get_running_loop()
    try:
        for kind in KINDS:
            port = free_port()
            servers.append(start_server(kind, port, data))
            wait_for(port)
            relays[kind] = await start_relay(port, FIRST_PORT + len(relays), kept)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            await asyncio.gather(*(loop.run_in_executor(pool, connect, i, relays, data)
                                   for i in range(n)))
        await asyncio.sleep(0.5)
    finally:
        for server in servers:
            server.kill()
            server.wait()
    return kept


def record(n, data):
    with tempfile.TemporaryDirectory() as folder:
        back = os.getcwd()
        os.chdir(folder)
        try:
            make_certificates()
            with open('blob', 'wb') as f:
                f.write(os.urandom(data * 1024))
            return asyncio.run(talk(n, data))
        finally:
            os.chdir(back)


# ---- where a connection has values that should never come twice ----


def messages(stream):
    """(type, start of the body) of the handshake messages in the clear."""
    at = 0
    while at + 9 <= len(stream) and stream[at] in (20, 21, 22):
        end = at + 5 + int.from_bytes(stream[at + 3:at + 5], 'big')
        inside = at + 5
        while stream[at] == 22 and inside + 4 <= end:
            length = int.from_bytes(stream[inside + 1:inside + 4], 'big')
            if inside + 4 + length > end:
                break
            yield stream[inside], inside + 4
            inside += 4 + length
        at = end


def hello_values(stream, at, is_client):
    """The random, the session id and the first key share."""
    yield at + 2 + 16
    session = stream[at + 34]
    if session >= 16:
        yield at + 35 + 8
    at += 35 + session
    at += 3 if not is_client else 2 + int.from_bytes(stream[at:at + 2], 'big')
    at += 0 if not is_client else 1 + stream[at]
    end = at + 2 + int.from_bytes(stream[at:at + 2], 'big')
    at += 2
    while at + 4 <= end:
        kind, length = struct.unpack_from('!HH', stream, at)
        if kind == 51 and length >= 32:
            yield at + 4 + (6 if is_client else 4) + 12
        at += 4 + length


def key_exchange_values(stream, at):
    """The point, and the start of the signature after it."""
    if stream[at] != 3:
        return
    yield at + 4 + 12
    yield at + 4 + stream[at + 3] + 4 + 10


def values(stream):
    for kind, at in messages(stream):
        if kind in (1, 2):
            yield from hello_values(stream, at, kind == 1)
        elif kind == 12:
            yield from key_exchange_values(stream, at)
        elif kind == 16:
            yield at + 1 + 12


# ---- from notes to frames ----

FIN, SYN, ACK, PUSH = 1, 2, 16, 8
HEADERS = 14 + 20


def csum(data):
    if len(data) & 1:
        data += b'\0'
    return sum(struct.unpack(f'!{len(data) // 2}H', data))


def fold(total):
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


class Frame:
    """A frame without addresses; `values` are places of four bytes that each copy changes."""

    def __init__(self, when, direction, header, payload, places):
        tcp = header + payload
        self.when, self.direction = when, direction
        self.bytes = bytearray(b'\2\0\0\0\0\2\2\0\0\0\0\1\x08\0' + struct.pack(
            '!BBHHHBBH8x', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + tcp)
        self.places = [(HEADERS + len(header) + p, int.from_bytes(payload[p:p + 4], 'big'))
                       for p in places]
        self.ip = csum(bytes(self.bytes[14:34]))
        self.tcp = csum(tcp) + 6 + len(tcp)
        for _, value in self.places:
            self.tcp -= (value >> 16) + (value & 0xffff)

    def put(self, out, when, copy, source, target):
        b, tcp = self.bytes, self.tcp
        addresses = source + target
        both = csum(addresses)
        b[26:34] = addresses
        struct.pack_into('!H', b, 24, fold(self.ip + both) ^ 0xffff)
        for place, value in self.places:
            value ^= copy
            struct.pack_into('!I', b, place, value)
            tcp += (value >> 16) + (value & 0xffff)
        struct.pack_into('!H', b, 50, fold(tcp + both) ^ 0xffff)
        out.append(struct.pack('<IIII', when // 1000000, when % 1000000, len(b), len(b)))
        out.append(bytes(b))


class Conversation:
    """One connection as TCP: both sides' numbers, and which bytes are not acknowledged yet."""

    def __init__(self, notes, start, port):
        self.frames = []
        self.ports = port, notes.port
        self.next = [0x10000000 + 7919 * port, 0x20000000 + 104729 * port]
        self.waiting = [0, 0]  # segments of that side
        self.start = start
        self.streams = [b''.join(d for _, s, d in notes.said if s == side) for side in (0, 1)]
        self.places = [set(values(s)) for s in self.streams]
        self.at = [0, 0]
        for side, flags in ((CLIENT, SYN), (SERVER, SYN | ACK), (CLIENT, ACK)):
            self.send(notes.begin, side, flags)
        for when, side, data in notes.said:
            self.say(when, side, data)

    def header(self, when, side, flags):
        stamp = struct.pack('!II', int(when * 1000) & 0xffffffff, int(when * 1000) & 0xffffffff)
        options = b'\1\1\x08\x0a' + stamp
        if flags & SYN:
            options = b'\2\4\x05\xb4\4\2\x08\x0a' + stamp + b'\1\3\3\7'
        ack = self.next[not side] if flags & ACK else 0
        return struct.pack('!HHIIBBHHH', self.ports[side], self.ports[not side],
                           self.next[side] & 0xffffffff, ack & 0xffffffff,
                           (20 + len(options)) // 4 << 4, flags, 502, 0, 0) + options

    def send(self, when, side, flags, payload=b''):
        first, end = self.at[side], self.at[side] + len(payload)
        places = [p - first + (p - first) % 2 for p in self.places[side]
                  if first <= p and p + 5 <= end]
        self.frames.append(Frame(round((when - self.start) * 1000000), side,
                                 self.header(when, side, flags), payload, places))
        self.at[side] = end
        self.next[side] += len(payload) + (flags & (SYN | FIN) != 0)
        self.waiting[not side] = 0
        self.waiting[side] += len(payload) != 0

    def say(self, when, side, data):
        if not data:
            self.send(when, side, FIN | ACK)
            return
        for at in range(0, len(data), SEGMENT):
            if self.waiting[side] == 2:
                self.send(when, not side, ACK)
            self.send(when, side, ACK | PUSH, data[at:at + SEGMENT])


def frames_of(kept):
    start = min(n.begin for n in kept)
    frames = []
    for i, notes in enumerate(sorted(kept, key=lambda n: n.begin)):
        frames += Conversation(notes, start, 32768 + i).frames
    return sorted(frames, key=lambda f: f.when)


def write(path, size, begin, frames):
    """Copies of the frames, a server and a client address for each, one copy after the other."""
    begin, span = round(begin * 1000000), frames[-1].when + 10000
    written, copy = 24, 0
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        while written < size:
            ends = struct.pack('!I', 0x0a000001 + copy), struct.pack('!I', 0xc6120001 + copy)
            out = []
            for frame in frames:
                d = frame.direction
                frame.put(out, begin + copy * span + frame.when, copy, ends[d], ends[not d])
                written += 16 + len(frame.bytes)
                if written >= size:
                    break
            f.write(b''.join(out))
            copy += 1
    return copy


def share_of_data(kept):
    data = total = 0
    for notes in kept:
        for side in (CLIENT, SERVER):
            stream, at = b''.join(d for _, s, d in notes.said if s == side), 0
            while at + 5 <= len(stream):
                length = 5 + int.from_bytes(stream[at + 3:at + 5], 'big')
                data += length if stream[at] == 23 else 0
                total += length
                at += length
    return data / total


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out')
    parser.add_argument('mib', type=int)
    parser.add_argument('--data', type=int, default=0, metavar='KIB')
    parser.add_argument('--connections', type=int, default=210, metavar='N')
    a = parser.parse_args()
    kept = record(a.connections, a.data)
    frames = frames_of(kept)
    copies = write(a.out, a.mib << 20, min(n.begin for n in kept), frames)
    print(f'{a.out}: {a.mib} MiB, {copies} copies of {len(kept)} connections, '
          f'{len(frames)} packets; {100 * share_of_data(kept):.0f}% of the TLS bytes are '
          f'application data')


if __name__ == '__main__':
    main()
