"""What happens to captures before somebody sends them: each damage makes another file of the same packets.

`ALL` lists them. A damage has a kind, by which the verdict knows what it may have taken away:
  whole   nothing is lost and nothing reordered: the diagnosis must be the same
  lossy   bytes, or the order of events, are gone: less may be said, never something else
  clock   the times are wrong: what only times tell may become unknown
A damage that does not apply to a capture gives None.
"""
import collections
import struct

from packets import (ACK, COOKED, COOKED_2, FIN, LOOPBACK, NFLOG, PSH, RAW, RST, SECOND, SYN, Packet, checksum,
                     classic, datagram_of, internet, kind_of, next_generation, stations)

Damage = collections.namedtuple('Damage', 'name kind make')
ALL = []
MILLISECOND = SECOND // 1000
DAY = 86400 * SECOND
LOSSES = 12                  # data packets that are lost one at a time


def damage(name, kind, *arguments):
    """Makes a damage of a function of (packets, random, *arguments)."""
    def register(make):
        ALL.append(Damage(name, kind, lambda packets, random: make(packets, random, *arguments)))
        return make
    return register


def file_of(packets):
    """None, if nothing is left of it."""
    return classic(packets) if packets else None


def flows(packets):
    """The segments of each connection."""
    found = {}
    for p in packets:
        if p.tcp:
            found.setdefault(p.flow, []).append(p)
    return found


def client_of(segments):
    """(address, port) of who asked: who sent the SYN, or else the first bytes of a ClientHello."""
    for p in segments:
        if p.flags & (SYN | ACK) == SYN:
            return p.source, p.source_port
    for p in segments:
        if p.payload[:1] == b'\x16' and p.payload[5:6] == b'\x01':
            return p.source, p.source_port
    return max((p.source_port, p.source) for p in segments)[::-1]


def clients(packets):
    return {flow: client_of(segments) for flow, segments in flows(packets).items()}


def by_client(p, who):
    return (p.source, p.source_port) == who.get(p.flow)


def data(packets):
    """Where segments with bytes are."""
    return [i for i, p in enumerate(packets) if p.tcp and p.payload]


def without(packets, numbers):
    return [p for i, p in enumerate(packets) if i not in numbers]


# The capture begins late, or ends early.

@damage('late-second-packet', 'lossy', 1)
@damage('late-third-packet', 'lossy', 2)
@damage('late-tenth-packet', 'lossy', 9)
def late(packets, _, n):
    return file_of(packets[n:])


@damage('late-without-syn', 'lossy')
def late_without_syn(packets, _):
    """Each connection from its first bytes on."""
    seen = set()
    kept = []
    for p in packets:
        if p.tcp and p.payload:
            seen.add(p.flow)
        if not p.tcp or p.flow in seen:
            kept.append(p)
    return file_of(kept) if len(kept) < len(packets) else None


def from_event(packets, begins):
    """Of each connection what follows the first segment for which `begins` is true; the rest is gone."""
    who, seen, kept = clients(packets), set(), []
    for p in packets:
        if p.tcp and begins(p, by_client(p, who)):
            seen.add(p.flow)
        if p.tcp and p.flow in seen:
            kept.append(p)
    return file_of(kept)


@damage('late-at-the-answer', 'lossy')
def late_at_the_answer(packets, _):
    return from_event(packets, lambda p, client: p.payload and not client)


@damage('late-at-second-hello', 'lossy')
def late_at_second_hello(packets, _):
    hellos = collections.Counter()

    def second(p, client):
        hellos[p.flow] += client and p.payload[:1] == b'\x16' and p.payload[5:6] == b'\x01'
        return hellos[p.flow] == 2
    return from_event(packets, second)


@damage('late-at-second-flight', 'lossy')
def late_at_second_flight(packets, _):
    answered = set()

    def second(p, client):
        if p.payload and not client:
            answered.add(p.flow)
        return client and p.payload and p.flow in answered
    return from_event(packets, second)


@damage('early-last-packet', 'lossy', 1)
@damage('early-last-two', 'lossy', 2)
@damage('early-last-five', 'lossy', 5)
def early(packets, _, n):
    return file_of(packets[:-n])


@damage('early-half', 'lossy', 1, 2)
@damage('early-third', 'lossy', 1, 3)
@damage('early-three-quarters', 'lossy', 3, 4)
def early_share(packets, _, over, under):
    return file_of(packets[:len(packets) * over // under])


@damage('early-no-closing', 'lossy')
def early_no_closing(packets, _):
    """Nobody's FIN or reset was captured."""
    return file_of([p for p in packets if not p.tcp or not p.flags & (FIN | RST) or p.payload])


# Packets are missing, or parts of them.

def lose(packets, _, n):
    found = data(packets)
    return file_of(without(packets, {found[n]})) if n < len(found) else None


for number in range(LOSSES):
    damage('lose-data-%d' % (number + 1), 'lossy', number)(lose)


@damage('lose-5-percent', 'lossy', 0.05)
@damage('lose-10-percent', 'lossy', 0.1)
@damage('lose-30-percent', 'lossy', 0.3)
def lose_share(packets, random, share):
    gone = {i for i in range(len(packets)) if random.random() < share} or {random.randrange(len(packets))}
    return file_of(without(packets, gone))


@damage('lose-data-1-and-3', 'lossy', 0, 2)
@damage('lose-data-2-and-4', 'lossy', 1, 3)
@damage('lose-data-3-to-5', 'lossy', 2, 3, 4)
def lose_several(packets, _, *numbers):
    found = data(packets)
    gone = {found[n] for n in numbers if n < len(found)}
    return file_of(without(packets, gone)) if len(gone) == len(numbers) else None


@damage('lose-half-of-the-client', 'lossy', True)
@damage('lose-half-of-the-server', 'lossy', False)
def lose_of_one_side(packets, random, client):
    """The busier port of a switch drops, the other does not."""
    who = clients(packets)
    kept = [p for p in packets if not p.tcp or by_client(p, who) != client or random.random() < 0.5]
    return file_of(kept) if len(kept) < len(packets) else None


@damage('lose-acknowledgements', 'lossy')
def lose_acknowledgements(packets, _):
    return file_of([p for p in packets if not p.tcp or p.payload or p.flags & (SYN | FIN | RST)])


@damage('snaplen-64', 'lossy', 64)
@damage('snaplen-96', 'lossy', 96)
@damage('snaplen-128', 'lossy', 128)
@damage('snaplen-200', 'lossy', 200)
@damage('snaplen-256', 'lossy', 256)
@damage('snaplen-500', 'lossy', 500)
@damage('snaplen-1000', 'lossy', 1000)
def snaplen(packets, _, length):
    return classic(packets, snaplen=length)


@damage('only-the-client', 'lossy', True)
@damage('only-the-server', 'lossy', False)
def one_side(packets, _, client):
    who = clients(packets)
    return file_of([p for p in packets if p.tcp and by_client(p, who) == client])


# Packets are there more than once, or in another order.

def merged(*lists):
    return sorted((p for packets in lists for p in packets), key=lambda p: p.time)


@damage('twice-adjacent', 'whole')
def twice_adjacent(packets, _):
    return file_of([q for p in packets for q in (p, p)])


@damage('twice-at-once-retransmitted', 'whole')
def twice_retransmitted(packets, _):
    """Each segment with bytes is sent again 30 microseconds later."""
    again = [p.changed(time=p.time + 30000) for p in packets if p.tcp and p.payload]
    return file_of(merged(packets, again))


@damage('twice-retransmitted-late', 'whole')
def twice_retransmitted_late(packets, _):
    """Each segment with bytes returns 210 ms later, whatever was said meanwhile."""
    again = [p.changed(time=p.time + 210 * MILLISECOND) for p in packets if p.tcp and p.payload]
    return file_of(merged(packets, again))


@damage('twice-other-tap', 'whole')
def twice_other_tap(packets, _):
    again = [p.changed(time=p.time + 40000, hops=p.hops - 1, hardware=1) for p in packets if p.tcp]
    return file_of(merged(packets, again))


def translated(packets, client, address, port):
    """As seen beyond a device that gives the client (or the server) another address and port."""
    who = clients(packets)
    for p in packets:
        if not p.tcp or len(p.source) != 4:
            continue
        p = p.changed(time=p.time + 300000, hops=p.hops - 1, hardware=2)
        if by_client(p, who) == client:
            yield p.changed(source=address, source_port=port(p.source_port))
        else:
            yield p.changed(target=address, target_port=port(p.target_port))


@damage('twice-client-translated', 'whole')
def twice_client_translated(packets, _):
    again = list(translated(packets, True, bytes([203, 0, 113, 7]), lambda port: port ^ 0x0400))
    return file_of(merged(packets, again)) if again else None


@damage('twice-server-translated', 'whole')
def twice_server_translated(packets, _):
    again = list(translated(packets, False, bytes([203, 0, 113, 8]), lambda port: port))
    return file_of(merged(packets, again)) if again else None


def retimed(packets, order):
    """The packets in another order, at the times that were there."""
    return file_of([q.changed(time=p.time) for p, q in zip(packets, order)])


@damage('shuffled-neighbours', 'whole')
def shuffled_neighbours(packets, _):
    """Segments of one side that follow each other change places."""
    order = list(packets)
    i = 0
    while i + 1 < len(order):
        a, b = order[i], order[i + 1]
        if a.tcp and b.tcp and (a.source, a.source_port, a.target) == (b.source, b.source_port, b.target) and \
                a.payload and b.payload and not (a.flags | b.flags) & (SYN | FIN | RST):
            order[i], order[i + 1] = b, a
            i += 1
        i += 1
    return retimed(packets, order) if order != list(packets) else None


@damage('shuffled-by-4', 'lossy', 4)
@damage('shuffled-by-16', 'lossy', 16)
def shuffled(packets, random, window):
    order = []
    for i in range(0, len(packets), window):
        part = packets[i:i + window]
        random.shuffle(part)
        order += part
    return retimed(packets, order)


@damage('file-out-of-order', 'lossy')
def file_out_of_order(packets, random):
    """Written by several queues: the times are right, the places in the file are not."""
    order = sorted(enumerate(packets), key=lambda x: x[0] + random.uniform(0, 4))
    return file_of([p for _, p in order])


@damage('taps-apart', 'lossy', 5)
@damage('taps-far-apart', 'lossy', 60)
def taps_apart(packets, _, milliseconds):
    """Two taps, one for each direction, whose clocks differ: the file is in the order of the times."""
    who = clients(packets)
    moved = [p.changed(time=p.time + (0 if p.tcp and by_client(p, who) else milliseconds * MILLISECOND))
             for p in packets]
    return file_of(merged(moved))


# Clocks.

@damage('clock-1970', 'clock', 100 * SECOND)
@damage('clock-zero', 'clock', 0)
@damage('clock-2106', 'clock', 0xFFFFF000 * SECOND)
def clock(packets, _, start):
    first = min(p.time for p in packets)
    return file_of([p.changed(time=p.time - first + start) for p in packets])


@damage('clock-stands', 'clock')
def clock_stands(packets, _):
    return file_of([p.changed(time=packets[0].time) for p in packets])


@damage('clock-all-zero', 'clock')
def clock_all_zero(packets, _):
    return file_of([p.changed(time=0) for p in packets])


@damage('clock-jumps-back', 'clock', -DAY)
@damage('clock-jumps-ahead', 'clock', DAY)
def clock_jumps(packets, _, step):
    half = len(packets) // 2
    return file_of([p.changed(time=p.time + (step if i >= half else 0)) for i, p in enumerate(packets)])


# Other link layers, tunnels, file formats.

def framed(name, link):
    """A damage of a function that makes a frame of (packet, its datagram)."""
    def register(frame):
        def frame_of(p):
            if p.frame is not None:
                return None
            whole = frame(p, datagram_of(p))
            return whole[:len(whole) - p.lost], p.lost
        ALL.append(Damage(name, 'whole', lambda packets, _: classic(packets, frame_of, link)))
        return frame
    return register


def tunnel(p, protocol, body):
    """An IPv4 packet between two routers, on Ethernet."""
    return stations(p) + b'\x08\0' + internet(bytes([198, 51, 100, 1]), bytes([198, 51, 100, 2]), protocol, 64, body)


@framed('wrapped-vlan', 1)
def vlan(p, datagram):
    return stations(p) + struct.pack('!HH', 0x8100, 0x0064) + kind_of(datagram) + datagram


@framed('wrapped-qinq', 1)
def qinq(p, datagram):
    return stations(p) + struct.pack('!HHHH', 0x88A8, 0x0200, 0x8100, 0x0064) + kind_of(datagram) + datagram


@framed('wrapped-pppoe', 1)
def pppoe(p, datagram):
    protocol = 0x57 if datagram[0] >> 4 == 6 else 0x21
    return stations(p) + struct.pack('!HBBHHH', 0x8864, 0x11, 0, 7, len(datagram) + 2, protocol) + datagram


@framed('wrapped-gre', 1)
def gre(p, datagram):
    return tunnel(p, 47, b'\0\0' + kind_of(datagram) + datagram)


@framed('wrapped-ip-in-ip', 1)
def ip_in_ip(p, datagram):
    return tunnel(p, 41 if datagram[0] >> 4 == 6 else 4, datagram)


@framed('wrapped-vxlan', 1)
def vxlan(p, datagram):
    inner = stations(p) + kind_of(datagram) + datagram
    return tunnel(p, 17, struct.pack('!HHHHII', 54321, 4789, 16 + len(inner), 0, 0x08000000, 42 << 8) + inner)


@framed('wrapped-mpls', 1)
def mpls(p, datagram):
    return stations(p) + struct.pack('!HI', 0x8847, 16 << 12 | 0x100 | 64) + datagram


@framed('wrapped-cooked', COOKED)
def cooked(p, datagram):
    return struct.pack('!HHH', 0, 1, 6) + stations(p)[6:] + b'\0\0' + kind_of(datagram) + datagram


@framed('wrapped-cooked-2', COOKED_2)
def cooked_2(p, datagram):
    return kind_of(datagram) + struct.pack('!HIHBB', 0, 3, 1, 0, 6) + stations(p)[6:] + b'\0\0' + datagram


@framed('wrapped-loopback', LOOPBACK)
def loopback(_, datagram):
    return struct.pack('<I', 30 if datagram[0] >> 4 == 6 else 2) + datagram


@framed('wrapped-raw', RAW)
def raw(_, datagram):
    return datagram


@framed('wrapped-nflog', NFLOG)
def nflog(_, datagram):
    """Attributes of length, type and value (LINKTYPE_NFLOG): the packet's header, and the packet."""
    v6 = datagram[0] >> 4 == 6
    head = struct.pack('<HH', 8, 1) + kind_of(datagram) + b'\x03\0'
    return struct.pack('!BBH', 10 if v6 else 2, 0, 5) + head + struct.pack('<HH', 4 + len(datagram), 9) + datagram


@damage('wrapped-fragments', 'whole', 200)
def fragments(packets, _, size):
    """What is longer travels as IPv4 fragments (RFC 791 3.2), the first one last."""
    out = []
    for n, p in enumerate(packets):
        datagram = datagram_of(p) if p.frame is None else b''
        if datagram[:1] != b'\x45' or len(datagram) <= 20 + size or p.lost:
            out.append(p)
            continue
        pieces = range(20, len(datagram), size // 8 * 8)
        out += [p.changed(datagram=fragment(datagram, n, at, size // 8 * 8)) for at in reversed(pieces)]
    return file_of(out) if len(out) > len(packets) else None


def fragment(datagram, ident, at, size):
    """The piece of an IPv4 packet that begins at that byte of it."""
    piece = datagram[at:at + size]
    more = 0x2000 if at + size < len(datagram) else 0
    head = datagram[:2] + struct.pack('!HHH', 20 + len(piece), ident + 1 & 0xFFFF, more | (at - 20) // 8)
    head += datagram[8:10] + b'\0\0' + datagram[12:20]
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + piece


@damage('wrapped-ipv6', 'whole')
def ipv6(packets, _):
    prefix = bytes.fromhex('20010db8' + '00' * 8)
    if not all(len(p.source) == 4 for p in packets if p.tcp):
        return None
    return file_of([p.changed(source=prefix + p.source, target=prefix + p.target) for p in packets if p.tcp])


@damage('pcapng-two-interfaces', 'whole')
def pcapng_two_interfaces(packets, _):
    who = clients(packets)
    return next_generation(packets, lambda p: int(p.tcp and by_client(p, who)), 2)


@damage('pcapng-big-endian', 'whole')
def pcapng_big_endian(packets, _):
    return next_generation(packets, lambda p: 0, 1, order='>', unit=1)


@damage('pcap-big-endian', 'whole', '>', 1000)
@damage('pcap-nanoseconds', 'whole', '<', 1)
def pcap_other(packets, _, order, unit):
    return classic(packets, order=order, unit=unit)


@damage('file-cut-half', 'lossy', 1, 2)
@damage('file-cut-near-end', 'lossy', 19, 20)
def file_cut(packets, _, over, under):
    whole = classic(packets)
    return whole[:max(24, len(whole) * over // under)]


@damage('file-cut-in-a-header', 'lossy')
def file_cut_in_a_header(packets, _):
    half = packets[:max(1, len(packets) * 2 // 3)]
    return classic(half) + bytes(7)


# Other segments of the same bytes.

@damage('segments-of-1', 'whole', 1)
@damage('segments-of-100', 'whole', 100)
def segments_of(packets, _, size):
    out = []
    for p in packets:
        if not p.tcp or len(p.payload) <= size or p.lost:
            out.append(p)
            continue
        for i in range(0, len(p.payload), size):
            last = i + size >= len(p.payload)
            out.append(p.changed(seq=(p.seq + i + bool(p.flags & SYN)) & 0xFFFFFFFF, payload=p.payload[i:i + size],
                                 flags=p.flags if last else p.flags & ~(FIN | PSH | SYN)))
    return file_of(out)


@damage('segments-joined', 'whole')
def segments_joined(packets, _):
    """As a network card hands them over: segments that follow each other are one."""
    out = []
    for p in packets:
        q = out[-1] if out else None
        if q and p.tcp and q.tcp and p.payload and q.payload and (p.source, p.source_port, p.flow) == \
                (q.source, q.source_port, q.flow) and not (p.lost or q.lost or q.flags & (SYN | FIN | RST)) and \
                p.seq == (q.seq + len(q.payload)) & 0xFFFFFFFF and len(p.payload) + len(q.payload) < 60000:
            out[-1] = q.changed(payload=q.payload + p.payload, flags=q.flags | p.flags)
        else:
            out.append(p)
    return file_of(out) if len(out) < len(packets) else None


@damage('retransmitted-with-other-bytes', 'whole')
def other_bytes(packets, _):
    """A copy that differs comes after the peer has acknowledged the first: nobody takes it."""
    out, waiting = [], []
    for p in packets:
        out.append(p)
        if not p.tcp:
            continue
        taken = [q for q in waiting if q.flow == p.flow and q.source_port != p.source_port and
                 p.flags & ACK and (p.ack - q.seq - len(q.payload)) & 0xFFFFFFFF < 0x80000000]
        out += [q.changed(time=p.time, payload=bytes(b ^ 0x5A for b in q.payload)) for q in taken]
        waiting = [q for q in waiting if q not in taken]
        if p.payload and not p.lost:
            waiting.append(p)
    return file_of(out) if len(out) > len(packets) else None


@damage('retransmitted-overlapping', 'whole')
def overlapping(packets, _):
    """After each segment its second half comes again, with the first half of the next one."""
    out, last = [], {}
    for p in packets:
        side = (p.flow, p.source, p.source_port) if p.tcp else None
        before = last.get(side)
        if p.tcp and p.payload and not p.lost and not p.flags & SYN:
            if before is not None and (before.seq + len(before.payload)) & 0xFFFFFFFF == p.seq:
                half = len(before.payload) // 2
                out.append(p.changed(seq=(before.seq + half) & 0xFFFFFFFF, flags=p.flags & ~(FIN | RST),
                                     payload=before.payload[half:] + p.payload[:len(p.payload) // 2]))
            last[side] = p
        out.append(p)
    return file_of(out) if len(out) > len(packets) else None


@damage('reset-at-the-end', 'whole')
def reset_at_the_end(packets, _):
    """Once all is over a side that has forgotten the connection resets it."""
    out = list(packets)
    for segments in flows(packets).values():
        closed = [p for p in segments if p.flags & FIN]
        if len({p.source_port for p in closed}) < 2 or any(p.flags & RST for p in segments):
            continue
        last = closed[-1]
        out.append(last.changed(time=max(p.time for p in segments) + 5 * MILLISECOND, flags=RST | ACK, payload=b'',
                                seq=(last.seq + len(last.payload) + 1) & 0xFFFFFFFF))
    return file_of(merged(out)) if len(out) > len(packets) else None


@damage('reset-before-the-syn', 'whole')
def reset_before_the_syn(packets, _):
    """An earlier connection of the same ports was reset by the server just before."""
    out, seen = [], set()
    for p in packets:
        if p.tcp and p.flags & (SYN | ACK) == SYN and not p.payload and p.flow not in seen:
            seen.add(p.flow)
            out.append(p.changed(time=p.time - 5 * MILLISECOND, source=p.target, source_port=p.target_port,
                                 target=p.source, target_port=p.source_port, flags=RST, payload=b'',
                                 seq=(p.seq + 0x20000000) & 0xFFFFFFFF, ack=0))
    return file_of(merged(packets, out)) if out else None


# Other traffic in the same file. `others` is set by who has captures to add.

others = {'tls13': [], 'psk': []}


def elsewhere(name, packets, network):
    """The packets of another capture, begun at the same time, with addresses of its own."""
    start = min(p.time for p in packets)
    first = others[name][0].time

    def moved(address):
        return bytes([198, 18, network]) + address[-1:]
    return [p.changed(time=p.time - first + start, source=moved(p.source), target=moved(p.target), hardware=3)
            for p in others[name] if p.tcp]


def scan(packets):
    """Somebody asks sixty ports of a host: most refuse, some accept and are closed at once, some say nothing."""
    start, out = min(p.time for p in packets), []
    for n in range(60):
        t = start + n * 3 * MILLISECOND
        ask = {'source': bytes([198, 18, 9, 9]), 'source_port': 40000 + n, 'target': bytes([198, 18, 9, 1]),
               'target_port': 20 + n * 17, 'window': 1024}
        answer = {'source': ask['target'], 'source_port': ask['target_port'], 'target': ask['source'],
                  'target_port': ask['source_port']}
        out.append(Packet(time=t, seq=1000, flags=SYN, **ask))
        if n % 5 == 0:
            out.append(Packet(time=t + 1000, seq=7, ack=1001, flags=SYN | ACK, window=29200, **answer))
            out.append(Packet(time=t + 2000, seq=1001, flags=RST, **ask))
        elif n % 5 != 1:
            out.append(Packet(time=t + 1000, seq=0, ack=1001, flags=RST | ACK, **answer))
    return out


@damage('with-healthy-of-the-same-server', 'whole')
def with_healthy_of_the_same_server(packets, _):
    """Another client got through to the server just before: there is more to compare."""
    segments = next((s for s in flows(packets).values() if any(p.payload for p in s)), None)
    if segments is None:
        return None
    client, port = client_of(segments)
    asked = next((p for p in segments if (p.source, p.source_port) == (client, port)), None)
    if asked is None or len(asked.source) != 4:
        return None
    first = others['tls13'][0].time
    start = min(p.time for p in packets) - 2 * SECOND
    added = []
    for p in others['tls13']:
        if p.tcp and p.target_port == others['tls13'][0].target_port:
            p = p.changed(source=bytes([198, 18, 1]) + p.source[-1:], target=asked.target, target_port=asked.target_port)
        elif p.tcp:
            p = p.changed(target=bytes([198, 18, 1]) + p.target[-1:], source=asked.target, source_port=asked.target_port)
        else:
            continue
        added.append(p.changed(time=p.time - first + start, hardware=3))
    return file_of(merged(packets, added)) if start > 0 else None


@damage('with-healthy', 'whole', ('tls13',), False)
@damage('with-healthy-psk', 'whole', ('psk',), False)
@damage('with-scan', 'whole', (), True)
@damage('with-all', 'whole', ('tls13', 'psk', 'tls13'), True)
def with_others(packets, _, names, scanned):
    added = [elsewhere(name, packets, i + 1) for i, name in enumerate(names)]
    return file_of(merged(packets, *added, *([scan(packets)] if scanned else [])))
