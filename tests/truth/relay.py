"""Carries connections to a server, and records what passes as a capture: no rights are needed for that.

What each side sent is written down in the order in which it came, as segments between two addresses of
documentation, with the SYN, FIN and RST that belong to it.
"""
import select
import socket
import struct
import threading
import time

from packets import ACK, FIN, PSH, RST, SYN, Packet, classic

CLIENT, SERVER, PORT = bytes([192, 0, 2, 10]), bytes([192, 0, 2, 1]), 4433
SEGMENT = 1460
SECONDS = 30                 # longest for a connection


class Tape:
    """The packets of one connection."""

    def __init__(self, port):
        self.packets, self.last = [], 0
        self.ends = {True: (CLIENT, port), False: (SERVER, PORT)}
        self.next = {True: 1000, False: 500000}
        self.add(True, SYN)
        self.add(False, SYN | ACK)
        self.add(True, ACK)

    def add(self, client, flags, payload=b''):
        self.last = max(self.last + 1000, time.time_ns())
        (source, source_port), (target, target_port) = self.ends[client], self.ends[not client]
        self.packets.append(Packet(self.last, source=source, source_port=source_port, target=target,
                                   target_port=target_port, seq=self.next[client], window=64240,
                                   ack=self.next[not client] if flags & ACK else 0, flags=flags, payload=payload))
        self.next[client] += len(payload) + bool(flags & (SYN | FIN))

    def data(self, client, data):
        for at in range(0, len(data), SEGMENT):
            self.add(client, ACK | PSH, data[at:at + SEGMENT])
        self.add(not client, ACK)


class Relay:
    """Listens on `port`, until closed."""

    def __init__(self, server_port):
        self.server_port, self.tapes, self.threads = server_port, [], []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, address = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.carry, args=(client, address[1]), daemon=True)
            self.threads.append(thread)
            thread.start()

    def carry(self, client, port):
        tape = Tape(port)
        self.tapes.append(tape)
        with client, socket.create_connection(('127.0.0.1', self.server_port)) as server:
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pump(tape, client, server)

    def close(self):
        """The capture of all that passed, once the connections are over."""
        self.listener.shutdown(socket.SHUT_RDWR)    # wakes who waits in accept()
        self.listener.close()
        for thread in self.threads:
            thread.join(SECONDS)
        packets = sorted((p for tape in self.tapes for p in tape.packets), key=lambda p: p.time)
        return classic(packets)


def pump(tape, client, server):
    other = {client: server, server: client}
    reading, end = [client, server], time.monotonic() + SECONDS
    while reading and time.monotonic() < end:
        for side in select.select(reading, [], [], 0.2)[0]:
            try:
                data = side.recv(65536)
                if data:
                    tape.data(side is client, data)
                    other[side].sendall(data)
                    continue
                tape.add(side is client, FIN | ACK)
                tape.add(side is not client, ACK)
                other[side].shutdown(socket.SHUT_WR)
            except ConnectionResetError:
                tape.add(side is client, RST | ACK)
                other[side].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                return
            except OSError:
                pass
            reading.remove(side)
