#!/usr/bin/env python3
"""Servers on 127.0.0.1 whose answer comes to no end, each in a way of its own.

usage: tests/live/endless.py MODE...

Prints a line `MODE PORT` for each mode named, once they all listen; `endless.py help` lists them. A flood sends as fast as it is read; a drip sends a
little, waits, and goes on. Every connection is bounded in time and in bytes, far above what a client should
take, and so is the whole.
"""
import itertools
import os
import random
import socket
import ssl
import struct
import sys
import threading
import time

CONNECTION_SECONDS = 40
CONNECTION_BYTES = 256 << 20
SERVER_SECONDS = 600
CONNECTIONS = 400
MODES = {}
BUFFER = 64 * 1024  # of the system, for a connection

RANDOM = os.urandom(32)
NOISE = random.Random(7).randbytes(16384)
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def record(kind, content, version=0x0303):
    return struct.pack(">BHH", kind, version, len(content)) + content


def message(kind, body, length=None):
    return struct.pack(">I", kind << 24 | (len(body) if length is None else length)) + body


def server_hello(suite=0xc02b, extensions=b"", head=RANDOM):
    body = b"\x03\x03" + head + b"\0" + struct.pack(">HB", suite, 0)
    return message(2, body + (struct.pack(">H", len(extensions)) + extensions if extensions else b""))


HELLO = server_hello()
HELLO_13 = server_hello(0x1301, bytes.fromhex("002b00020304" "00330024001d0020") + RANDOM)
RETRY = server_hello(0x1301, bytes.fromhex("002b00020304" "003300020018"), RETRY_RANDOM)


class Peer:
    def __init__(self, connection):
        self.connection = connection
        self.end = time.monotonic() + CONNECTION_SECONDS
        self.left = CONNECTION_BYTES
        self.random = os.urandom(len(RANDOM))
        connection.settimeout(CONNECTION_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.left -= len(data)
        if time.monotonic() > self.end or self.left < 0:
            raise ConnectionError("enough")
        self.connection.sendall(data.replace(RANDOM, self.random))

    def heard(self):
        """What the client has said by now; waits for its first words."""
        return self.connection.recv(65536)

    def flood(self, piece):
        """The same again and again, many at once where it is short."""
        many = piece * max(1, 16384 // len(piece))
        while True:
            self.send(many)

    def drip(self, pieces, pause):
        for piece in pieces:
            self.send(piece)
            time.sleep(pause)

    def hold(self):
        while self.connection.recv(65536):
            pass


def mode(function):
    MODES[function.__name__.replace("_", "-")] = function
    return function


def after_hello(name, first, again, pause=None):
    """A mode: what is said once the client has spoken, and what without end; with a pause before each."""
    def run(peer):
        peer.heard()
        if first:
            peer.send(first)
        if pause is None:
            peer.flood(again)
        else:
            peer.drip(itertools.repeat(again), pause)
    MODES[name] = run


def unasked(name, first, again, pause=None):
    """The same before the client has said a word."""
    def run(peer):
        peer.send(first)
        if pause is None:
            peer.flood(again)
        else:
            peer.drip(itertools.repeat(again), pause)
    MODES[name] = run


def warning(code):
    return record(21, bytes([1, code]))


def fragments(data, size):
    return b"".join(record(22, data[at:at + size]) for at in range(0, len(data), size))


CERTIFICATE = message(11, b"", 0xfffff0)[:4] + b"\xff\xff\xed"

# Floods of TLS.
after_hello("hello-requests", b"", record(22, message(0, b"")))
after_hello("hello-requests-after-hello", record(22, HELLO), record(22, message(0, b"")))
after_hello("hello-requests-packed", b"", record(22, message(0, b"") * 1000))
after_hello("empty-handshake", b"", record(22, b""))
after_hello("empty-handshake-after-hello", record(22, HELLO), record(22, b""))
after_hello("empty-data", b"", record(23, b""))
after_hello("empty-alerts", b"", record(21, b""))
after_hello("warnings-unrecognized-name", b"", warning(112))
after_hello("warnings-user-canceled", b"", warning(90))
after_hello("warnings-no-renegotiation", b"", warning(100))
after_hello("warnings-no-certificate", b"", warning(41))
after_hello("warnings-unknown", b"", warning(200))
after_hello("warnings-after-hello", record(22, HELLO), warning(112))
after_hello("warnings-packed", b"", record(21, bytes([1, 112]) * 500))
after_hello("ccs", b"", record(20, b"\1"))
after_hello("ccs-after-hello", record(22, HELLO), record(20, b"\1"))
after_hello("ccs-after-hello-13", record(22, HELLO_13), record(20, b"\1"))
after_hello("heartbeats", record(22, HELLO), record(24, b"\1\0\20" + bytes(32)))
after_hello("data-before-hello", b"", record(23, NOISE[:1000]))
after_hello("data-after-hello", record(22, HELLO), record(23, NOISE))
after_hello("data-after-hello-13", record(22, HELLO_13), record(23, NOISE))
after_hello("hello-without-end", record(22, message(2, HELLO[4:], 0xffffff)), record(22, bytes(16384)))
after_hello("certificate-without-end", record(22, HELLO) + record(22, CERTIFICATE), record(22, NOISE))
after_hello("certificate-in-bytes", record(22, HELLO) + record(22, CERTIFICATE), record(22, b"\0"))
after_hello("certificates", record(22, HELLO), record(22, message(11, b"\0\0\0")))
after_hello("hellos", b"", record(22, HELLO))
after_hello("retries", b"", record(22, RETRY))
after_hello("tickets", record(22, HELLO), record(22, message(4, bytes(4) + b"\0\20" + bytes(16))))
after_hello("key-updates", record(22, HELLO), record(22, message(24, b"\0")))
after_hello("unknown-messages", record(22, HELLO), record(22, message(99, b"x")))
after_hello("alert-and-hello", b"", warning(112) + record(22, HELLO))
after_hello("fatal-alert-and-on", record(21, b"\2\x28"), record(22, HELLO))

# Floods of something else.
after_hello("garbage", b"", NOISE)
after_hello("garbage-after-hello", record(22, HELLO), NOISE)
after_hello("unknown-records", b"", record(99, NOISE[:512]))
after_hello("sslv2", b"", b"\x84\x00\x04\x00\x01\x00\x02" + NOISE[:1000])
after_hello("zeros", b"", bytes(16384))
after_hello("http", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n")
unasked("text", b"hello\r\n", b"and another line of text\r\n")
unasked("garbage-unasked", b"", NOISE)

# Drips.
after_hello("drip-byte", b"", b"\x16", 2)
after_hello("drip-bytes-fast", b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb", b"\0", 0.2)
after_hello("drip-warning", b"", warning(112), 2)
after_hello("drip-hello-request", b"", record(22, message(0, b"")), 0.5)
after_hello("drip-empty", b"", record(22, b""), 0.5)
after_hello("drip-ccs", record(22, HELLO), record(20, b"\1"), 0.5)
after_hello("drip-certificate", record(22, HELLO) + record(22, CERTIFICATE), record(22, b"\0"), 0.3)
after_hello("drip-messages", record(22, HELLO), record(22, message(12, bytes(50))), 0.6)
unasked("drip-unasked", b"", b"\x16", 1)


@mode
def drip_hello(peer):
    """A good ServerHello, a byte at a time, and so on."""
    peer.heard()
    whole = record(22, HELLO) + record(22, CERTIFICATE) + fragments(bytes(4000), 1)
    peer.drip((whole[at:at + 1] for at in range(len(whole))), 0.25)


@mode
def drip_then_reset(peer):
    peer.heard()
    peer.drip(itertools.repeat(b"\x16", 1), 1)
    peer.drip(itertools.repeat(b"\3", 2), 0.8)
    peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@mode
def alert_late(peer):
    """Says no each time, and takes its time for it."""
    peer.heard()
    time.sleep(1.6)
    peer.send(record(21, b"\2\x28"))


# No flood at all.

@mode
def never_reads(peer):
    time.sleep(CONNECTION_SECONDS)


@mode
def hello_and_silence(peer):
    peer.heard()
    peer.send(record(22, HELLO))
    time.sleep(CONNECTION_SECONDS)


@mode
def half_hello_and_silence(peer):
    peer.heard()
    peer.send(record(22, HELLO)[:20])
    time.sleep(CONNECTION_SECONDS)


# Before TLS begins: STARTTLS and a proxy. `MODE` of starttls-PROTOCOL-* is for --starttls PROTOCOL.

unasked("starttls-smtp-banner", b"220-mail.example\r\n", b"220-and more\r\n")
unasked("starttls-smtp-line", b"220-", b"x" * 100)
unasked("starttls-smtp-drip", b"220-", b"x", 0.4)
unasked("starttls-imap-greeting", b"", b"* OK still greeting\r\n" * 10)
unasked("starttls-pop3-line", b"+OK ", b"and " * 100)
unasked("starttls-ftp-banner", b"220-\r\n", b" welcome\r\n")
unasked("starttls-mysql-packet", b"\xff\xff\xff\0\x0a", b"8.0" * 100)
unasked("starttls-xmpp-space", b"<?xml version='1.0'?>", b" " * 1000)
after_hello("starttls-ldap-response", b"\x30\x84\x7f\xff\xff\xff", bytes(1000))
after_hello("starttls-postgres-notice", b"", b"N" * 1000)
after_hello("starttls-postgres-drip", b"", b"E", 0.4)
after_hello("proxy-headers", b"HTTP/1.1 200 OK\r\n", b"X-Header: and another\r\n")
after_hello("proxy-line", b"HTTP/1.1 200 ", b"O" * 1000)
after_hello("proxy-garbage", b"HTTP/1.1 200 OK\r\n\r\n", NOISE)
after_hello("proxy-drip", b"HTTP/1.1 200", b" ", 0.4)


@mode
def proxy_flood(peer):
    peer.heard()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    peer.heard()
    peer.flood(warning(112))


@mode
def starttls_smtp_flood(peer):
    peer.send(b"220 mail.example ESMTP\r\n")
    peer.heard()
    peer.send(b"250-mail.example\r\n250 STARTTLS\r\n")
    peer.heard()
    peer.send(b"220 go on\r\n")
    peer.heard()
    peer.flood(record(22, message(0, b"")))


# A good server's flight, made with a certificate, $ENDLESS_CERT and $ENDLESS_KEY.

def tls_server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["ENDLESS_CERT"], os.environ["ENDLESS_KEY"])
    return context


def flight(peer):
    """The first flight to the client's hello."""
    said, answer = ssl.MemoryBIO(), ssl.MemoryBIO()
    said.write(peer.heard())
    try:
        tls_server().wrap_bio(said, answer, server_side=True).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return answer.read()


@mode
def flight_drip(peer):
    """Right, and too slow: a few bytes at a time."""
    whole = flight(peer)
    peer.drip((whole[at:at + 8] for at in range(0, len(whole), 8)), 0.3)


@mode
def flight_in_segments(peer):
    """Right, and too slow, in segments of a good size."""
    whole = flight(peer)
    peer.drip((whole[at:at + 200] for at in range(0, len(whole), 200)), 0.9)


@mode
def flight_half_and_silence(peer):
    peer.send(flight(peer)[:300])
    peer.hold()


@mode
def flight_then_warnings(peer):
    """What comes in the clear after a good server's first flight."""
    peer.send(flight(peer))
    peer.flood(warning(112))


@mode
def flight_then_hello_requests(peer):
    peer.send(flight(peer))
    peer.flood(record(22, message(0, b"")))


@mode
def flight_again_and_again(peer):
    peer.flood(flight(peer))


# A handshake that is well, and then no end.

def streaming(name, piece, pause=0.0):
    def run(peer):
        with tls_server().wrap_socket(peer.connection, server_side=True) as secured:
            while time.monotonic() < peer.end and peer.left > 0:
                secured.sendall(piece)
                peer.left -= len(piece)
                time.sleep(pause)
    MODES[name] = run


streaming("stream-after-handshake", bytes(16384))
streaming("stream-small-after-handshake", b"x")
streaming("drip-after-handshake", b"x", 0.1)


def attend(connection, what):
    with connection:
        try:
            what(Peer(connection))
        except (OSError, KeyError):
            pass


def serve(listener, what):
    for _ in range(CONNECTIONS):
        connection, _ = listener.accept()
        threading.Thread(target=attend, args=(connection, what), daemon=True).start()


def main():
    wanted = sys.argv[1:]
    if not wanted or any(name not in MODES for name in wanted):
        sys.exit(__doc__.strip() + "\n\nmodes: " + " ".join(MODES))
    lines = []
    for name in wanted:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        threading.Thread(target=serve, args=(listener, MODES[name]), daemon=True).start()
        lines.append("%s %d\n" % (name, listener.getsockname()[1]))
    sys.stdout.write("".join(lines))
    sys.stdout.flush()
    time.sleep(SERVER_SECONDS)


if __name__ == "__main__":
    main()
