#!/usr/bin/env python3
"""many_servers.py ONE.pcap N LAST.pcap: a capture on standard output with the packets of ONE for N
servers (of addresses 10.1.0.0 on), and then those of LAST. Both are classic, little-endian, Ethernet."""
import struct
import sys

FILE_HEADER, PACKET_HEADER, IP = 24, 16, 14


def packets(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data[:4] == b"\xd4\xc3\xb2\xa1" and data[20] == 1, path
    at, out = FILE_HEADER, []
    while at < len(data):
        head = struct.unpack("<4I", data[at:at + PACKET_HEADER])
        at += PACKET_HEADER
        out.append((head, data[at:at + head[2]]))
        at += head[2]
    return data[:FILE_HEADER], out


def main():
    header, one = packets(sys.argv[1])
    server = one[0][1][IP + 16:IP + 20]
    out = sys.stdout.buffer
    out.write(header)
    for i in range(int(sys.argv[2])):
        address = bytes([10, 1 + (i >> 16), i >> 8 & 255, i & 255])
        for head, frame in one:
            frame = bytearray(frame)
            for at in (IP + 12, IP + 16):
                if frame[at:at + 4] == server:
                    frame[at:at + 4] = address
            out.write(struct.pack("<4I", head[0] + i // 50, *head[1:]) + frame)
    for head, frame in packets(sys.argv[3])[1]:
        out.write(struct.pack("<4I", *head) + frame)


main()
