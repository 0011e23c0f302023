"""Captures and files made to cost a reader much: the bytes of tests/bench/hostile.py.

Everything is put together here, byte by byte; openssl only makes the keys and certificates that
the others are made from, by exchanging serial numbers and public keys.
"""
import math
import os
import random
import struct
import subprocess

CLIENT, SERVER = 0, 1
SEGMENT = 1400
SERIAL = bytes.fromhex('02080123456789abcdef')  # the INTEGER that each copy changes
dice = random.Random(1)

# ---- numbers ----


class Curve:
    """Points one after the other: each is the one before plus the generator."""

    def __init__(self, name, p, a, start):
        self.name, self.p, self.a = name, p, a
        self.generator = self.point = start

    def next(self):
        (x1, y1), (x2, y2), p = self.point, self.generator, self.p
        if x1 == x2:
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, p) % p
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, p) % p
        x = (slope * slope - x1 - x2) % p
        self.point = x, (slope * (x1 - x) - y1) % p
        return self.encoded()

    def encoded(self):
        size = (self.p.bit_length() + 7) // 8
        return b'\4' + self.point[0].to_bytes(size, 'big') + self.point[1].to_bytes(size, 'big')


P256, P521 = 2**256 - 2**224 + 2**192 + 2**96 - 1, 2**521 - 1


def curve_from(name, encoded):
    """A walk over the curve that begins at the point of a key."""
    p = {'P-256': P256, 'P-521': P521}[name]
    size = (len(encoded) - 1) // 2
    return Curve(name, p, -3, (int.from_bytes(encoded[1:1 + size], 'big'),
                               int.from_bytes(encoded[1 + size:], 'big')))


def primorial(n):
    product, sieve = 1, bytearray(n)
    for i in range(2, n):
        if not sieve[i]:
            product *= i
            sieve[i::i] = b'\1' * len(sieve[i::i])
    return product


SMALL_PRIMES = primorial(2000)


def hard_modulus(bits):
    """Odd, without small factors: only an exponentiation tells that it is no prime."""
    while True:
        n = dice.getrandbits(bits) | 1 | 1 << (bits - 1)
        if math.gcd(n, SMALL_PRIMES) == 1:
            return n.to_bytes(bits // 8, 'big')


# ---- certificates ----


def openssl(*arguments):
    subprocess.run(('openssl',) + arguments, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def make_key(folder, name, curve):
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', f'ec_paramgen_curve:{curve}', '-out',
            f'{folder}/{name}.key')
    openssl('pkey', '-in', f'{folder}/{name}.key', '-pubout', '-outform', 'DER', '-out',
            f'{folder}/{name}.pub')
    return read(f'{folder}/{name}.pub')[-{'P-256': 65, 'P-521': 133}[curve]:]


def make_cert(folder, name, key, subject, issuer=None, issuer_key=None, ids=False, ca=False):
    """DER of a certificate with the serial number SERIAL; issuer: the PEM that signs it."""
    with open(f'{folder}/ext', 'w') as f:
        f.write(f'basicConstraints=critical,CA:{"TRUE" if ca else "FALSE"}\n'
                f'subjectKeyIdentifier={"hash" if ids else "none"}\n'
                f'authorityKeyIdentifier={"keyid" if ids and issuer else "none"}\n')
        if not ca:
            f.write('subjectAltName=DNS:device.example\n')
    openssl('req', '-new', '-key', f'{folder}/{key}.key', '-subj', f'/CN={subject}', '-out',
            f'{folder}/csr')
    sign = ['-CA', f'{folder}/{issuer}.pem', '-CAkey', f'{folder}/{issuer_key}.key'] if issuer \
        else ['-signkey', f'{folder}/{key}.key']
    openssl('x509', '-req', '-in', f'{folder}/csr', *sign, '-set_serial', '0x' + SERIAL[2:].hex(),
            '-days', '3650', '-extfile', f'{folder}/ext', '-out', f'{folder}/{name}.pem')
    openssl('x509', '-in', f'{folder}/{name}.pem', '-outform', 'DER', '-out',
            f'{folder}/{name}.der')
    return read(f'{folder}/{name}.der')


def another(der, i):
    """The same certificate with another serial number: its signature does not fit it."""
    return der.replace(SERIAL, SERIAL[:2] + struct.pack('>Q', 1 << 62 | i), 1)


def pem(der):
    import base64
    text = base64.encodebytes(der).decode().replace('\n', '')
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return '-----BEGIN CERTIFICATE-----\n' + '\n'.join(lines) + '\n-----END CERTIFICATE-----\n'


# ---- TLS 1.2 ----


def vec(size, data):
    return len(data).to_bytes(size, 'big') + data


def message(kind, body):
    return bytes([kind]) + vec(3, body)


def records(*messages):
    data, out = b''.join(messages), b''
    for at in range(0, len(data), 16384):
        out += b'\x16\3\3' + vec(2, data[at:at + 16384])
    return out


def some(n):
    return dice.getrandbits(8 * n).to_bytes(n, 'big')


def client_hello():
    groups = vec(2, bytes.fromhex('001700180019'))
    schemes = vec(2, bytes.fromhex('040305030603040105010601'))
    extensions = (b'\0\x0a' + vec(2, groups) + b'\0\x0d' + vec(2, schemes) + b'\0\x0b' +
                  vec(2, b'\1\0') + b'\xff\1\0\1\0')
    return message(1, b'\3\3' + some(32) + b'\0' +
                   vec(2, bytes.fromhex('c02bc02c009e009f00ff')) + b'\1\0' + vec(2, extensions))


def server_hello(suite):
    return message(2, b'\3\3' + some(32) + b'\0' + suite + b'\0' + vec(2, b'\xff\1\0\1\0'))


def certificate(chain):
    return message(11, vec(3, b''.join(vec(3, c) for c in chain)))


def integer(n):
    data = n.to_bytes(n.bit_length() // 8 + 1, 'big')
    return b'\2' + vec(1, data)


def bad_signature(bits):
    body = integer(dice.getrandbits(bits - 1) | 1) + integer(dice.getrandbits(bits - 1) | 1)
    return b'\x30' + (b'\x81' if len(body) > 127 else b'') + vec(1, body)


def ecdhe(point, bits):
    group = {65: b'\0\x17', 133: b'\0\x19'}[len(point)]
    return message(12, b'\3' + group + vec(1, point) + b'\4\3' + vec(2, bad_signature(bits)))


def dhe(p, bits):
    y = dice.getrandbits(8 * len(p) - 8).to_bytes(len(p), 'big')
    return message(12, vec(2, p) + vec(2, b'\2') + vec(2, y) + b'\4\3' +
                   vec(2, bad_signature(bits)))


def refused(chain, exchange, suite='c02b'):
    """A handshake that the client gives up with decrypt_error."""
    flight = records(server_hello(bytes.fromhex(suite)), certificate(chain), exchange,
                     message(14, b''))
    return [(CLIENT, records(client_hello())), (SERVER, flight),
            (CLIENT, b'\x15\3\3\0\2\2\x33')]


# ---- frames ----


class Capture:
    def __init__(self, path):
        self.file = open(path, 'wb')
        self.file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        self.time = 1700000000 * 1000000
        self.size = 24

    def frame(self, data):
        self.time += 100
        self.file.write(struct.pack('<IIII', self.time // 1000000, self.time % 1000000, len(data),
                                    len(data)) + data)
        self.size += 16 + len(data)

    def tcp4(self, source, target, header, payload=b''):
        """Addresses with ports as six bytes; header: sequence numbers and flags."""
        tcp = source[4:] + target[4:] + struct.pack('!IIBBHHH', *header, 8192, 0, 0) + payload
        self.frame(b'\2\0\0\0\0\2\2\0\0\0\0\1\x08\0' +
                   struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) +
                   source[:4] + target[:4] + tcp)

    def connection(self, client, server, said):
        ends, number = (client, server), [1000, 5000]

        def send(side, flags, payload=b''):
            ack = number[not side] if flags & 16 else 0
            self.tcp4(ends[side], ends[not side], (number[side], ack, 0x50, flags), payload)
            number[side] += len(payload) + (flags & 3 != 0)

        send(CLIENT, 2)
        send(SERVER, 18)
        for side, data in said:
            for at in range(0, len(data), SEGMENT):
                send(side, 24, data[at:at + SEGMENT])
        send(CLIENT, 17)
        send(SERVER, 17)

    def close(self):
        self.file.close()


def server_at(i, port=443):
    return struct.pack('!IH', 0xc6120001 + i, port)


def client_at(i):
    return struct.pack('!IH', 0x0a000001, 1024 + i % 60000)


def servers(path, conversations, each=1):
    """A server for each conversation."""
    c = Capture(path)
    for i, said in enumerate(conversations):
        c.connection(client_at(i), server_at(i // each), said)
    c.close()


# ---- connections whose keys have one hash, while it has no key of its own (bytes_hash) ----

MASK, FACTOR = (1 << 64) - 1, 0x9e3779b97f4a7c15
BACK = pow(FACTOR, -1, 1 << 64)


def unshift(h):
    """What h ^ h >> 29 came from."""
    x = h
    for _ in range(3):
        x = h ^ x >> 29
    return x


def mix(h, word):
    h = (h ^ word) * FACTOR & MASK
    return h ^ h >> 29


def unmix(h):
    """mix() backwards, but for the word."""
    return unshift(h) * BACK & MASK


def colliding(n):
    """(address, address, port, port): the keys of 40 bytes made of them have one hash."""
    low, high = bytes.fromhex('20010db8' + '00' * 12), bytes.fromhex('20010db800000001')
    words = [struct.unpack('<Q', w)[0] for w in (low[:8], low[8:], high)]
    h = mix(mix(0x2545f4914f6cdd1d ^ 40, words[0]), words[2])
    g = mix(0xd6e8feb86659fd93, words[1])
    for i in range(n):
        ports = struct.pack('<HH', 1024 + i % 60000, 443 + i // 60000)
        last, = struct.unpack('<Q', ports + bytes([6, 6, 0, 0]))
        word = unmix(unmix(last ^ 0x5eed) ^ h) ^ g
        yield low, high + struct.pack('<Q', word), ports[:2], ports[2:]


def flood(path, n):
    c = Capture(path)
    for low, high, port_low, port_high in colliding(n):
        ports = [struct.unpack('<H', p)[0] for p in (port_low, port_high)]
        tcp = struct.pack('!HHIIBBHHH', *ports, 1, 0, 0x50, 2, 8192, 0, 0)
        c.frame(b'\2\0\0\0\0\2\2\0\0\0\0\1\x86\xdd' +
                struct.pack('!IHBB', 6 << 28, len(tcp), 6, 64) + low + high + tcp)
    c.close()


# ---- what is made ----


class Maker:
    """Keys and certificates, made once."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.leaf, self.walk, self.issuers = {}, {}, []
        for curve in ('P-256', 'P-521'):
            point = make_key(folder, curve, curve)
            self.leaf[curve] = make_cert(folder, f'leaf{curve}', curve, 'device.example')
            self.walk[curve] = curve_from(curve, point)
        self.make_issuers()

    def make_issuers(self):
        """A CA on P-521, 31 of its name whose keys are others, and a leaf of none of them."""
        point = make_key(self.folder, 'ca', 'P-521')
        ca = make_cert(self.folder, 'ca', 'ca', 'Same CA', ca=True)
        self.of_ca = make_cert(self.folder, 'of_ca', 'P-521', 'device.example', 'ca', 'ca')
        walk = curve_from('P-521', point)
        self.issuers = [another(ca, i).replace(point, walk.next()) for i in range(31)]

    def bits(self, curve):
        return {'P-256': 256, 'P-521': 521}[curve]

    def flood(self, curve, n):
        for i in range(n):
            yield refused([another(self.leaf[curve], i)],
                          ecdhe(self.walk[curve].next(), self.bits(curve)))

    def same_named(self, n):
        for i in range(n):
            yield refused([another(self.of_ca, i)] + self.issuers,
                          ecdhe(self.walk['P-256'].next(), 521))

    def moduli(self, n):
        for i in range(n):
            yield refused([self.leaf['P-256']], dhe(hard_modulus(8192), 256), '009e')

    def bundle(self, path, n, ids):
        """A file of n CAs of one name with different keys, the issuer of the leaf last; the leaf's
        path is returned."""
        tag = 'ids' if ids else 'plain'
        point = make_key(self.folder, f'root{tag}', 'P-256')
        root = make_cert(self.folder, f'root{tag}', f'root{tag}', 'Crowd CA', ids=ids, ca=True)
        make_cert(self.folder, f'crowd{tag}', 'P-256', 'device.example', f'root{tag}',
                  f'root{tag}', ids=ids)
        walk = curve_from('P-256', point)
        with open(path, 'w') as f:
            for i in range(n - 1):
                other = another(root, i).replace(point, walk.next())
                f.write(pem(self.new_id(other) if ids else other))
            f.write(pem(root))
        return f'{self.folder}/crowd{tag}.pem'

    @staticmethod
    def new_id(der):
        at = der.index(bytes.fromhex('0603551d0e'))
        return der[:at + 9] + some(20) + der[at + 29:]
