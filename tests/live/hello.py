#!/usr/bin/env python3
"""Records the ClientHello of a program, and holds it against those that are kept in data/hellos/.

usage: tests/live/hello.py installed          each program that is installed here sends what is kept of its version
       tests/live/hello.py probed PROGRAM     `PROGRAM probe --hello STACK` sends what is kept of each stack
       tests/live/hello.py record TITLE HOW COMMAND...   prints a new file for data/hellos/

PORT in a command is where it is to connect to, on localhost, for the name tlsdiag.example. What differs from one
hello to the next is left out of the comparison: random, session id, key shares, the name, the values of RFC 8701,
and the order of extensions where the stack shuffles it.
"""
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

NAME = "tlsdiag.example"
SERVER_NAME, PADDING, KEY_SHARE, ENCRYPTED_CLIENT_HELLO = 0, 21, 51, 0xfe0d
SHUFFLES = ("chrome", "gnutls")
BUILD = os.environ.get("BUILD", "build")

PYTHON = ("import socket, ssl\nc = ssl.create_default_context()\nc.check_hostname = False\nc.verify_mode = ssl.CERT_NONE\n"
          f"c.wrap_socket(socket.create_connection(('127.0.0.1', PORT)), server_hostname='{NAME}')")
NODE = f"require('tls').connect({{host: '127.0.0.1', port: PORT, servername: '{NAME}'}}).on('error', () => {{}})"

# The stack, how its version is asked for (the first number with a dot in it counts), and how it is made to connect.
PROGRAMS = [
    ("openssl", ["openssl", "version"], ["openssl", "s_client", "-connect", "localhost:PORT", "-servername", NAME]),
    ("gnutls", ["gnutls-cli", "--version"],
     ["gnutls-cli", "--sni-hostname", NAME, "--insecure", "-p", "PORT", "localhost"]),
    ("curl", ["curl", "--version"], ["curl", "-k", "--resolve", f"{NAME}:PORT:127.0.0.1", f"https://{NAME}:PORT/"]),
    ("mbedtls", [f"{BUILD}/ssl_client2", "build_version=1"],
     [f"{BUILD}/ssl_client2", "server_addr=127.0.0.1", f"server_name={NAME}", "server_port=PORT"]),
    ("nss", ["dpkg-query", "-Wf", "${Version}", "libnss3-tools"],
     ["tstclnt", "-h", "127.0.0.1", "-p", "PORT", "-a", NAME, "-o", "-D"]),
    ("botan", ["botan", "version"], ["botan", "tls_client", "localhost", "--port=PORT"]),
    ("node", ["node", "--version"], ["node", "-e", NODE]),
]


def receive(server, got):
    """The first record of each connection, until one has all of a ClientHello."""
    server.settimeout(10)
    try:
        while not any(hello[:1] == b"\x16" for hello in got):
            connection, _ = server.accept()
            connection.settimeout(5)
            data = b""
            with connection:
                while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    data += piece
            got.append(data)
    except OSError:
        pass


def recorded(command):
    """The record that the command's ClientHello comes in; None: there was none."""
    server = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    got = []
    thread = threading.Thread(target=receive, args=(server, got))
    thread.start()
    port = str(server.getsockname()[1])
    try:
        process = subprocess.Popen([word.replace("PORT", port) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError:
        server.close()
        return None
    thread.join()
    server.close()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    hellos = [hello for hello in got if hello[:1] == b"\x16"]
    return hellos[0][:5 + int.from_bytes(hellos[0][3:5], "big")] if hellos else None


def is_grease(value):
    return value & 0x0f0f == 0x0a0a and value >> 8 == value & 0xff


def plain(value):
    return 0x0a0a if is_grease(value) else value


def numbers(data):
    return [plain(int.from_bytes(data[i:i + 2], "big")) for i in range(0, len(data) - 1, 2)]


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        self.at += n
        return self.data[self.at - n:self.at]

    def vector(self, length_bytes):
        return self.take(int.from_bytes(self.take(length_bytes), "big"))

    def left(self):
        return self.at < len(self.data)


def shares(data):
    reader, found = Reader(data[2:]), []
    while reader.left():
        group = plain(int.from_bytes(reader.take(2), "big"))
        found.append((group, len(reader.vector(2))))
    return found


def content(kind, body):
    """What of an extension is the same in each hello."""
    if kind in (SERVER_NAME, PADDING):
        return kind
    if kind == ENCRYPTED_CLIENT_HELLO: # of random length where it means nothing
        return kind, body[0]
    if kind == KEY_SHARE:
        return kind, shares(body)
    if kind in (10, 13):
        return kind, numbers(body[2:])
    if kind == 43:
        return kind, numbers(body[1:])
    return plain(kind), body.hex() if not is_grease(kind) else ""


def outline(record, shuffles):
    reader = Reader(record[9:])
    version, _ = reader.take(2), reader.take(32)
    session = len(reader.vector(1))
    suites, compression = numbers(reader.vector(2)), reader.vector(1)
    block, extensions = Reader(reader.vector(2)), []
    while block.left():
        kind = int.from_bytes(block.take(2), "big")
        extensions.append(content(kind, block.vector(2)))
    if shuffles:
        extensions.sort(key=str)
    return record[1:3].hex(), version.hex(), session, suites, compression.hex(), extensions


def kept(path):
    return bytes.fromhex("".join(line for line in open(path, encoding="ascii") if line[0] != "#"))


def hellos():
    return {os.path.basename(path)[:-4]: path for path in sorted(glob.glob("data/hellos/*.hex"))}


def compare(name, path, record):
    shuffles = name.split("-")[0] in SHUFFLES
    if record is None:
        print(f"not ok {name}: no ClientHello came")
        return False
    mine, theirs = outline(kept(path), shuffles), outline(record, shuffles)
    if mine == theirs:
        print(f"ok {name}")
        return True
    for what, a, b in zip(("record version", "legacy version", "session id", "suites", "compression", "extensions"),
                          mine, theirs):
        if a != b:
            print(f"not ok {name}: {what}: kept {a}, sent {b}")
    return False


def version_of(command):
    try:
        text = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except OSError:
        return None
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return found.groups() if found else None


def installed():
    ok, n, known = True, 0, hellos()
    for stack, ask, command in PROGRAMS:
        version = version_of(ask) if shutil.which(ask[0]) and shutil.which(command[0]) else None
        if version is None:
            print(f"skipped {stack}: it is not installed")
            continue
        names = [f"{stack}-{'.'.join(part for part in version[:n] if part)}" for n in (3, 2, 1)]
        name = next((name for name in names if name in known), None)
        if name is None:
            print(f"skipped {stack}: of its version {'.'.join(part for part in version if part)} none is kept")
            continue
        n += 1
        ok &= compare(name, known[name], recorded(command))
    return ok and n != 0


def probed(program):
    ok = True
    for name, path in hellos().items():
        ok &= compare(name, path, recorded([program, "probe", "--hello", name, "--sni", NAME, "--timeout", "1",
                                            "--attempts", "1", "127.0.0.1:PORT"]))
    return ok


def print_new(title, how, command):
    record = recorded(command)
    if record is None:
        return False
    data = bytearray(record)
    data[11:43] = bytes(32)
    session = data[43]
    data[44:44 + session] = bytes(session)
    reader = Reader(bytes(data[44 + session:]))
    reader.vector(2)
    reader.vector(1)
    reader.take(2)
    while reader.left():
        kind, length = int.from_bytes(reader.take(2), "big"), int.from_bytes(reader.take(2), "big")
        start = 44 + session + reader.at
        if kind == KEY_SHARE:
            at = start + 2
            while at < start + length:
                size = int.from_bytes(data[at + 2:at + 4], "big")
                data[at + 4:at + 4 + size] = bytes(size)
                at += 4 + size
        reader.take(length)
    text = data.hex()
    print(f"# {title}\n# {how}")
    for i in range(0, len(text), 96):
        print(text[i:i + 96])
    return True


def main():
    if sys.argv[1:] == ["installed"]:
        return installed()
    if len(sys.argv) == 3 and sys.argv[1] == "probed":
        return probed(sys.argv[2])
    if len(sys.argv) > 4 and sys.argv[1] == "record":
        return print_new(sys.argv[2], sys.argv[3], sys.argv[4:])
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
