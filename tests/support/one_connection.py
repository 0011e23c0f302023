#!/usr/bin/env python3
"""Writes a capture of one TCP connection to port 443, with what each side sends.

usage: one_connection.py FILE c:HEX|s:HEX...   (c: the client sends these bytes, s: the server)

The server closes it at the end.
"""
import struct
import sys

SYN, FIN, PUSH, ACK = 2, 1, 8, 16
CLIENT = (b"\xc0\x00\x02\x0a", 40000)
SERVER = (b"\xc0\x00\x02\x01", 443)


def packet(sender, receiver, flags, seq, ack, data):
    (source, sport), (target, dport) = sender, receiver
    tcp = struct.pack(">HHIIBBHHH", sport, dport, seq, ack, 0x50, flags, 8192, 0, 0) + data
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + source + target + tcp


def main(path, *said):
    steps = [("c", SYN, b""), ("s", SYN | ACK, b""), ("c", ACK, b"")]
    steps += [(s[0], PUSH | ACK, bytes.fromhex(s[2:])) for s in said]
    steps += [("s", FIN | ACK, b"")]
    seq = {"c": 1000, "s": 5000}
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for n, (who, flags, data) in enumerate(steps):
            ends = (CLIENT, SERVER) if who == "c" else (SERVER, CLIENT)
            p = packet(*ends, flags, seq[who], seq["s" if who == "c" else "c"], data)
            out.write(struct.pack("<IIII", 1600000000, n * 1000, len(p), len(p)) + p)
            seq[who] += len(data) + (1 if flags & (SYN | FIN) else 0)


main(*sys.argv[1:])
