"""Packets as the damages see them: a capture file read into datagrams, and written again.

The link layer of the file that was read is taken off, as far as it is one that captures of this project
have; a segment of TCP is taken apart, so that its fields can be changed, and put together with right
lengths and checksums. What is no TCP stays the bytes it was.
"""
import dataclasses
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ETHERNET, RAW, LOOPBACK, COOKED, COOKED_2, NFLOG = 1, 101, 0, 113, 276, 239
IPV4, IPV6, TCP = 0x0800, 0x86DD, 6
SECOND = 1000000000          # times are nanoseconds since 1970
PCAP = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}
SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 3, 6


class Unreadable(Exception):
    """No capture that this reader knows."""


@dataclasses.dataclass
class Packet:
    """What went over the wire once. `lost` bytes at its end are not in the capture."""
    time: int
    lost: int = 0
    frame: bytes = None      # of a link layer that was not taken off; then nothing below is set
    datagram: bytes = None   # IP that carries no TCP
    source: bytes = b''
    target: bytes = b''
    hops: int = 64
    source_port: int = 0
    target_port: int = 0
    seq: int = 0
    ack: int = 0
    flags: int = 0
    window: int = 0
    options: bytes = b''
    payload: bytes = b''
    hardware: int = 0        # another number, other Ethernet addresses

    @property
    def tcp(self):
        return self.frame is None and self.datagram is None

    @property
    def flow(self):
        """The same for both directions of a connection."""
        return tuple(sorted([(self.source, self.source_port), (self.target, self.target_port)]))

    def changed(self, **fields):
        return dataclasses.replace(self, **fields)


def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def internet(source, target, protocol, hops, body):
    """An IP packet; the addresses say which version."""
    if len(source) == 16:
        return struct.pack('!IHBB', 6 << 28, len(body), protocol, hops) + source + target + body
    head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), 0, 0x4000, hops, protocol, 0) + source + target
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + body


def datagram_of(p):
    """The IP packet as it went over the wire; what the capture lost is zeros."""
    if not p.tcp:
        return p.datagram + bytes(p.lost)
    payload = p.payload + bytes(p.lost)
    head = struct.pack('!HHIIHH', p.source_port, p.target_port, p.seq, p.ack,
                       (20 + len(p.options)) // 4 << 12 | p.flags, p.window)
    length = 20 + len(p.options) + len(payload)
    pseudo = p.source + p.target + (struct.pack('!II', length, TCP) if len(p.source) == 16
                                    else struct.pack('!HH', TCP, length))
    total = checksum(pseudo + head + bytes(4) + p.options + payload)
    return internet(p.source, p.target, TCP, p.hops, head + struct.pack('!HH', total, 0) + p.options + payload)


# Reading.

def read(path):
    """(packets, whether the file breaks off) of a pcap or pcapng file."""
    data = path.read_bytes()
    if len(data) < 24:
        raise Unreadable(str(path))
    if struct.unpack_from('>I', data)[0] == SECTION:
        return list(read_blocks(data)), False
    for order in '<>':
        unit = PCAP.get(struct.unpack_from(order + 'I', data)[0])
        if unit:
            return read_classic(data, order, unit)
    raise Unreadable(str(path))


def read_classic(data, order, unit):
    link = struct.unpack_from(order + 'I', data, 20)[0] & 0xFFFF
    packets, at = [], 24
    while at + 16 <= len(data):
        seconds, rest, kept, length = struct.unpack_from(order + 'IIII', data, at)
        if at + 16 + kept > len(data):
            break
        packets.append(parse(seconds * SECOND + rest * unit, link, data[at + 16:at + 16 + kept], length))
        at += 16 + kept
    return packets, at != len(data)


def read_blocks(data):
    order, at, interfaces = '<', 0, []
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + 'I', data, at)[0]
        if kind == SECTION:
            order = '<' if data[at + 8:at + 12] == b'\x4d\x3c\x2b\x1a' else '>'
            interfaces = []
        length = struct.unpack_from(order + 'I', data, at + 4)[0]
        body = data[at + 8:at + length - 4]
        if kind == INTERFACE:
            interfaces.append((struct.unpack_from(order + 'H', body)[0], resolution(order, body[8:])))
        elif kind == ENHANCED:
            number, high, low, kept, wire = struct.unpack_from(order + 'IIIII', body)
            link, unit = interfaces[number]
            yield parse((high << 32 | low) * SECOND // unit, link, body[20:20 + kept], wire)
        at += max(length, 12)


def resolution(order, options):
    """Ticks of a second, of an interface's options (if_tsresol)."""
    while len(options) >= 4:
        code, length = struct.unpack_from(order + 'HH', options)
        if code == 9:
            value = options[4]
            return 2 ** (value & 0x7F) if value & 0x80 else 10 ** value
        options = options[4 + (length + 3) // 4 * 4:]
    return 1000000


def parse(time, link, data, wire):
    """One captured packet without its link layer, if we know that."""
    start = ip_start(link, data)
    if start is None or len(data) < start + 20:
        return Packet(time, wire - len(data), frame=data)
    ip, wire = data[start:], wire - start
    if ip[0] >> 4 == 4:
        return parse_ipv4(time, ip, wire)
    if ip[0] >> 4 == 6 and len(ip) >= 40:
        return parse_ipv6(time, ip, wire)
    return Packet(time, wire - len(ip), frame=data)


def ip_start(link, data):
    if link == RAW:
        return 0
    if link == LOOPBACK:
        return 4
    at = {ETHERNET: 12, COOKED: 14, COOKED_2: 0}.get(link)
    if at is None or len(data) < at + 2:
        return None
    kind = struct.unpack_from('!H', data, at)[0]
    while kind in (0x8100, 0x88A8) and len(data) >= at + 6:
        at += 4
        kind = struct.unpack_from('!H', data, at)[0]
    if kind not in (IPV4, IPV6):
        return None
    return 20 if link == COOKED_2 else at + 2


def parse_ipv4(time, ip, wire):
    head, total, fragment = (ip[0] & 15) * 4, *struct.unpack_from('!HxxH', ip, 2)
    total = total or wire
    kept = ip[:total]
    lost = max(0, min(total, wire) - len(kept))
    if ip[9] != TCP or fragment & 0x3FFF or len(kept) < head + 20:
        return Packet(time, lost, datagram=kept)
    return parse_tcp(time, kept[head:], lost, kept, ip[12:16], ip[16:20], ip[8])


def parse_ipv6(time, ip, wire):
    total = 40 + struct.unpack_from('!H', ip, 4)[0]
    kept = ip[:total]
    lost = max(0, min(total, wire) - len(kept))
    if ip[6] != TCP or len(kept) < 60:
        return Packet(time, lost, datagram=kept)
    return parse_tcp(time, kept[40:], lost, kept, ip[8:24], ip[24:40], ip[7])


def parse_tcp(time, tcp, lost, whole, source, target, hops):
    source_port, target_port, seq, ack, bits, window = struct.unpack_from('!HHIIHH', tcp)
    head = (bits >> 12) * 4
    if head < 20 or head > len(tcp):
        return Packet(time, lost, datagram=whole)
    return Packet(time, lost, None, None, source, target, hops, source_port, target_port, seq, ack, bits & 0x1FF,
                  window, tcp[20:head], tcp[head:])


# Writing.

def stations(p):
    """The two Ethernet addresses of a packet: of its target and of its source."""
    ends = sorted([p.source, p.target])
    mac = [bytes([2, 0, 0, 0, p.hardware, 1 + ends.index(x)]) for x in (p.target, p.source)]
    return mac[0] + mac[1] if p.tcp else bytes.fromhex('020000000001020000000002')


def kind_of(datagram):
    return struct.pack('!H', IPV6 if datagram[0] >> 4 == 6 else IPV4)


def on_ethernet(p):
    """(frame, lost bytes at its end)."""
    if p.frame is not None:
        return p.frame, p.lost
    datagram = datagram_of(p)
    frame = stations(p) + kind_of(datagram) + datagram
    return frame[:len(frame) - p.lost], p.lost


def classic(packets, frame_of=on_ethernet, link=ETHERNET, order='<', unit=1000, snaplen=262144):
    """A pcap file. `frame_of` gives (bytes, lost) of a packet, or None for one it cannot carry."""
    magic = 0xA1B2C3D4 if unit == 1000 else 0xA1B23C4D
    out = [struct.pack(order + 'IHHiIII', magic, 2, 4, 0, 0, snaplen, link)]
    for p in packets:
        made = frame_of(p)
        if made is None:
            continue
        frame, lost = made
        kept = frame[:snaplen]
        out.append(struct.pack(order + 'IIII', p.time // SECOND & 0xFFFFFFFF, p.time % SECOND // unit, len(kept),
                               len(frame) + lost) + kept)
    return b''.join(out)


def block(order, kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack(order + 'I', len(body) + 12)
    return struct.pack(order + 'I', kind) + length + body + length


def next_generation(packets, interface_of, n_interfaces, order='<', unit=1000):
    """A pcapng file with Ethernet interfaces; `interface_of` says on which one a packet was seen."""
    section = struct.pack(order + 'IHHq', 0x1A2B3C4D, 1, 0, -1)
    tick = struct.pack(order + 'HHB3xHH', 9, 1, 9 if unit == 1 else 6, 0, 0)
    out = [block(order, SECTION, section)]
    out += [block(order, INTERFACE, struct.pack(order + 'HHI', ETHERNET, 0, 0) + tick)] * n_interfaces
    for p in packets:
        frame, lost = on_ethernet(p)
        time = p.time // unit
        head = struct.pack(order + 'IIIII', interface_of(p), time >> 32, time & 0xFFFFFFFF, len(frame),
                           len(frame) + lost)
        out.append(block(order, ENHANCED, head + frame))
    return b''.join(out)
