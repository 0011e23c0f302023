#!/usr/bin/env python3
"""Servers on 127.0.0.1 that do one thing wrong, or one thing before TLS.

usage: tests/live/misbehave.py MODE[:TARGET-PORT]...

Prints a line `MODE PORT` for each mode named, once they all listen. A mode is a function below that is
marked as one, with dashes for underlines; `misbehave.py help` lists them. Those that relay want the port
of a real server on 127.0.0.1. Every connection is bounded in time, and so is the whole.
"""
import random
import socket
import struct
import sys
import threading
import time

CONNECTION_SECONDS = 20
SERVER_SECONDS = 600
CONNECTIONS = 400
MODES = {}


def mode(function):
    MODES[function.__name__.replace("_", "-")] = function
    return function


class Peer:
    """An accepted connection; whoever reads past its end, or waits too long, leaves by an OSError."""

    def __init__(self, connection, target_port):
        self.connection, self.target_port, self.pending = connection, target_port, b""
        self.connection.settimeout(CONNECTION_SECONDS)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.connection.sendall(data)

    def more(self):
        data = self.connection.recv(16384)
        if not data:
            raise ConnectionError("the client is gone")
        self.pending += data

    def take(self, n):
        while len(self.pending) < n:
            self.more()
        taken, self.pending = self.pending[:n], self.pending[n:]
        return taken

    def take_to(self, end):
        """Text up to and with `end`, which the client has to say within 64 KiB."""
        while end not in self.pending:
            if len(self.pending) > 65536:
                raise ConnectionError("the client does not come to an end")
            self.more()
        return self.take(self.pending.index(end) + len(end)).decode("latin-1")

    def line(self):
        return self.take_to(b"\n").rstrip("\r\n")

    def hello(self):
        """The record with the ClientHello."""
        head = self.take(5)
        return head + self.take(struct.unpack(">H", head[3:])[0])

    def hold(self):
        """Says nothing until the client goes away."""
        end = time.monotonic() + CONNECTION_SECONDS
        while time.monotonic() < end and self.connection.recv(16384):
            pass

    def reset(self):
        """What close() will do: RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def relay(self, cut=16384, pause=0.0):
        """To the target and back; what comes back is cut into pieces, with a pause before each."""
        with socket.create_connection(("127.0.0.1", self.target_port), CONNECTION_SECONDS) as target:
            target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            target.sendall(self.pending)
            forth = threading.Thread(target=pour, args=(self.connection, target), daemon=True)
            forth.start()
            pour(target, self.connection, cut, pause)
            forth.join(CONNECTION_SECONDS)


def pour(source, sink, cut=16384, pause=0.0):
    try:
        while data := source.recv(16384):
            for at in range(0, len(data), cut):
                time.sleep(pause)
                sink.sendall(data[at:at + cut])
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


# What is not TLS, or stops being it.

@mode
def silent(peer):
    peer.hold()


@mode
def silent_after_hello(peer):
    peer.hello()
    peer.hold()


@mode
def close(peer):
    """FIN, and no RST for what the client goes on to say."""
    peer.connection.shutdown(socket.SHUT_WR)
    peer.hold()


@mode
def close_after_hello(peer):
    peer.hello()


@mode
def reset(peer):
    peer.reset()


@mode
def reset_after_hello(peer):
    peer.hello()
    peer.reset()


@mode
def http(peer):
    peer.hello()
    page = b"<html><head><title>400 Bad Request</title></head><body>Bad Request</body></html>\r\n"
    peer.send(b"HTTP/1.1 400 Bad Request\r\nServer: example\r\nContent-Type: text/html\r\n"
              b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(page) + page)


@mode
def ssh(peer):
    peer.send(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    peer.hold()


@mode
def smtp(peer):
    peer.send(b"220 mail.example ESMTP\r\n")
    peer.hello()
    peer.send(b"500 5.5.2 Error: bad syntax\r\n")
    peer.hold()


def half_a_server_hello(peer):
    peer.hello()
    body = b"\x02\x00\x00\x46" + b"\x03\x03" + bytes(range(32)) + b"\x20" + bytes(32) + b"\xc0\x2b\x00"
    peer.send(b"\x16\x03\x03" + struct.pack(">H", len(body)) + body[:24])


@mode
def half_record_close(peer):
    half_a_server_hello(peer)


@mode
def half_record_silent(peer):
    half_a_server_hello(peer)
    peer.hold()


@mode
def garbage(peer):
    peer.hello()
    peer.send(random.Random(1).randbytes(16384))
    peer.hold()


@mode
def alert_after_hello(peer):
    """handshake_failure, of which nothing says why."""
    peer.hello()
    peer.send(b"\x15\x03\x03\x00\x02\x02\x28")


# Real servers behind a bad or an unusual way.

@mode
def relay(peer):
    peer.relay()


@mode
def dribble(peer):
    peer.relay(cut=1)


@mode
def slow(peer):
    peer.relay(pause=0.4)


def to_the_end_of_the_handshake(peer, answer):
    """Of TLS 1.3 or a full one of TLS 1.2: the client's last flight is taken; it is answered, or not."""
    with socket.create_connection(("127.0.0.1", peer.target_port), CONNECTION_SECONDS) as target:
        for last in (False, True):
            peer.more()
            target.sendall(peer.pending)
            peer.pending = b""
            target.settimeout(0.3)
            try:
                while not last or answer:
                    peer.send(target.recv(16384))
            except TimeoutError:
                pass


@mode
def drop_after_finished(peer):
    """As a server that refuses the client's certificate without a word."""
    to_the_end_of_the_handshake(peer, answer=False)
    peer.connection.shutdown(socket.SHUT_WR)
    peer.hold()


@mode
def stay_open(peer):
    """Says nothing to the client's close_notify."""
    to_the_end_of_the_handshake(peer, answer=True)
    peer.hold()


@mode
def proxy(peer):
    """HTTP CONNECT; whatever the client asks for, it gets the target."""
    head = peer.take_to(b"\r\n\r\n")
    if not head.startswith("CONNECT "):
        peer.send(b"HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n")
        return
    peer.send(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy.example\r\n\r\n")
    peer.relay()


@mode
def proxy_wants_credentials(peer):
    peer.take_to(b"\r\n\r\n")
    peer.send(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"example\"\r\n"
              b"Content-Length: 0\r\n\r\n")


# STARTTLS. Text protocols: a greeting, what the client may say, and the answers to it; where the answer
# to the last word of a dialogue is "yes", TLS begins.

DIALOGUES = {
    "smtp": (b"220-mail.example\r\n220 mail.example ESMTP\r\n", (
        ("EHLO", b"250-mail.example\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n"), ("HELO", b"250 mail.example\r\n")),
        "STARTTLS", b"220 2.0.0 Ready to start TLS\r\n", b"454 4.7.0 TLS not available\r\n"),
    "imap": (b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", (
        ("CAPABILITY", b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK done\r\n"),),
        "STARTTLS", b"%s OK Begin TLS negotiation now.\r\n", b"%s BAD TLS is disabled.\r\n"),
    "pop3": (b"+OK ready\r\n", (("CAPA", b"+OK\r\nSTLS\r\nUSER\r\n.\r\n"),),
             "STLS", b"+OK Begin TLS negotiation now.\r\n", b"-ERR TLS is disabled.\r\n"),
    "ftp": (b"220-Welcome\r\n to the files\r\n220 ready\r\n", (("FEAT", b"211-Features\r\n AUTH TLS\r\n211 End\r\n"),),
            "AUTH TLS", b"234 Proceed with negotiation.\r\n", b"530 Please login with USER and PASS.\r\n"),
}


def converse(peer, greeting, questions, wanted, yes, no, refuses):
    """True once the client asked for TLS and was granted it. IMAP's tags come back where %s stands."""
    peer.send(greeting)
    for _ in range(20):
        said = peer.line()
        tag, _, rest = said.partition(" ")
        word = (rest if b"%s" in yes else said).upper()
        if word.startswith(wanted):
            answer = no if refuses else yes
        else:
            answer = next((a for q, a in questions if word.startswith(q)), b"%s BAD\r\n" if b"%s" in yes else b"500 what?\r\n")
        peer.send(answer.replace(b"%s", tag.encode("latin-1")))
        if word.startswith(wanted):
            return not refuses
    return False


def text(protocol):
    return lambda peer, refuses: converse(peer, *DIALOGUES[protocol], refuses)


def ldap(peer, refuses):
    """An ExtendedResponse (RFC 4511 4.12) with the request's messageID: success, or protocolError."""
    head = peer.take(2)
    request = peer.take(head[1])
    if b"1.3.6.1.4.1.1466.20037" not in request or request[0] != 2:
        return False
    message_id = request[:2 + request[1]]
    code, why = (2, b"unsupported extended operation") if refuses else (0, b"")
    response = b"\x0a\x01" + bytes([code]) + b"\x04\x00\x04" + bytes([len(why)]) + why
    body = message_id + b"\x78" + bytes([len(response)]) + response
    peer.send(b"\x30" + bytes([len(body)]) + body)
    return not refuses


def xmpp(peer, refuses):
    while "<stream:stream" not in peer.take_to(b">"):
        pass
    peer.send(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
              b"id='1' from='localhost' version='1.0'><stream:features>"
              b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>")
    while "<starttls" not in peer.take_to(b">"):
        pass
    peer.send(b"<%s xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" % (b"failure" if refuses else b"proceed"))
    return not refuses


def postgres(peer, refuses):
    if peer.take(8) != b"\x00\x00\x00\x08\x04\xd2\x16\x2f":
        return False
    peer.send(b"N" if refuses else b"S")
    return not refuses


def mysql(peer, refuses):
    """A version 10 greeting; CLIENT_SSL (0x0800) is missing where TLS is refused. The client asks, and begins."""
    capabilities = 0xf7ff if refuses else 0xffff
    greeting = (b"\x0a8.0.36\x00" + b"\x07\x00\x00\x00" + b"abcdefgh\x00" + struct.pack("<H", capabilities) + b"\x2d"
                + b"\x02\x00" + b"\xff\xdf" + b"\x15" + bytes(10) + b"ijklmnopqrst\x00" + b"caching_sha2_password\x00")
    peer.send(len(greeting).to_bytes(3, "little") + b"\x00" + greeting)
    head = peer.take(4)
    request = peer.take(int.from_bytes(head[:3], "little"))
    return not refuses and struct.unpack("<I", request[:4])[0] & 0x0800 != 0


def starttls_modes():
    protocols = {name: text(name) for name in DIALOGUES}
    protocols.update(ldap=ldap, xmpp=xmpp, postgres=postgres, mysql=mysql)
    for name, begin in protocols.items():
        def grant(peer, begin=begin):
            if begin(peer, False):
                peer.relay()

        def refuse(peer, begin=begin):
            begin(peer, True)
            peer.hold()
        MODES["starttls-" + name] = grant
        MODES["refuse-" + name] = refuse


def attend(connection, what, target_port):
    with connection:
        try:
            what(Peer(connection, target_port))
        except (OSError, struct.error, IndexError):
            pass


def serve(listener, what, target_port):
    for _ in range(CONNECTIONS):
        connection, _ = listener.accept()
        threading.Thread(target=attend, args=(connection, what, target_port), daemon=True).start()


def main():
    starttls_modes()
    wanted = [argument.partition(":") for argument in sys.argv[1:]]
    if not wanted or any(name not in MODES for name, _, _ in wanted):
        sys.exit(__doc__.strip() + "\n\nmodes: " + " ".join(MODES))
    lines = []
    for name, _, target_port in wanted:
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(listener, MODES[name], int(target_port or 0)), daemon=True).start()
        lines.append("%s %d\n" % (name, listener.getsockname()[1]))
    sys.stdout.write("".join(lines))
    sys.stdout.flush()
    time.sleep(SERVER_SECONDS)


if __name__ == "__main__":
    main()
