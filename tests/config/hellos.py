"""ClientHellos written by hand, and what a server says to them: for tests/config/builds.py. Nothing here is tlsdiag's."""

import os
import socket
import struct


def vec(width, body):
    return len(body).to_bytes(width, "big") + body


def words(values):
    return b"".join(struct.pack(">H", v) for v in values)


def extension(number, body):
    return struct.pack(">H", number) + vec(2, body)


def client_hello(version, suites, groups, schemes):
    """A record with a ClientHello of that version at most; of TLS 1.3 without a key share, so that a retry asks for one."""
    ext = extension(11, b"\x01\x00") + extension(23, b"")
    if groups:
        ext += extension(10, vec(2, words(groups)))
    if version >= 0x0303:
        ext += extension(13, vec(2, words(schemes)))
    if version == 0x0304:
        ext += extension(43, vec(1, words([version]))) + extension(51, vec(2, b"")) + extension(45, b"\x01\x01")
    body = struct.pack(">H", min(version, 0x0303)) + os.urandom(32) + vec(1, b"")
    body += vec(2, words([*suites, 0x00FF])) + vec(1, b"\x00") + vec(2, ext)
    message = b"\x01" + vec(3, body)
    return b"\x16" + struct.pack(">H", min(version, 0x0301)) + vec(2, message)


def receive(sock, n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            raise ConnectionError("closed")
        data += more
    return data


def records(sock):
    while True:
        head = receive(sock, 5)
        yield head[0], receive(sock, int.from_bytes(head[3:], "big"))


def messages(sock):
    """(type, body) of handshake messages in the clear."""
    data = b""
    for kind, body in records(sock):
        if kind != 22:
            return
        data += body
        while len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[1:4], "big"):
            size = int.from_bytes(data[1:4], "big")
            yield data[0], data[4 : 4 + size]
            data = data[4 + size :]


def extensions(data):
    at = 2
    while at + 4 <= len(data):
        number, size = struct.unpack(">HH", data[at : at + 4])
        yield number, data[at + 4 : at + 4 + size]
        at += 4 + size


def server_hello(body, answer):
    answer["version"] = int.from_bytes(body[:2], "big")
    at = 35 + body[34]
    answer["suite"] = int.from_bytes(body[at : at + 2], "big")
    for number, data in extensions(body[at + 3 :]):
        if number == 43:
            answer["version"] = int.from_bytes(data, "big")
        if number == 51:
            answer["group"] = int.from_bytes(data[:2], "big")


def ask(port, hello, has_curve):
    """What a server takes of a ClientHello: version, suite, group; {} where it takes nothing."""
    answer = {}
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(hello)
        try:
            for kind, body in messages(sock):
                if kind == 2:
                    server_hello(body, answer)
                    if answer["version"] == 0x0304:
                        break
                if kind == 12 and has_curve(answer["suite"]):
                    at = 2 + int.from_bytes(body[:2], "big") if body[0] != 3 else 0  # a hint comes first with a PSK
                    answer["group"] = int.from_bytes(body[at + 1 : at + 3], "big")
                if kind == 14:
                    break
        except (ConnectionError, socket.timeout):
            if "group" not in answer and has_curve(answer.get("suite", 0)) and answer.get("version") != 0x0304:
                answer = {}  # no key share came of it
    return answer


def values(data, width):
    size = int.from_bytes(data[:width], "big")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(width, width + size, 2)]


def read_client_hello(sock):
    """The lists of the ClientHello that a client sends."""
    hello = {"groups": [], "schemes": [], "extensions": []}
    for kind, body in messages(sock):
        if kind != 1:
            continue
        at = 35 + body[34]
        hello["versions"] = [int.from_bytes(body[:2], "big")]
        hello["suites"] = [v for v in values(body[at:], 2) if v not in (0x00FF, 0x5600)]
        at += 2 + int.from_bytes(body[at : at + 2], "big")
        at += 1 + body[at]
        for number, data in extensions(body[at:]):
            hello["extensions"].append(number)
            if number == 43:
                hello["versions"] = values(data, 1)
            elif number == 10:
                hello["groups"] = values(data, 2)
            elif number == 13:
                hello["schemes"] = values(data, 2)
        return hello
    return None
