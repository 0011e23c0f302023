"""What a TLS server computes under its keys: X25519, ChaCha20-Poly1305, and the key schedules.

For servers of tests only: slow, and not safe against anybody who measures time. Standard library only.
"""
import hashlib
import hmac
import struct

MASK = 0xFFFFFFFF
PRIME = 2 ** 255 - 19


# X25519 (RFC 7748 5).

def x25519(scalar, point):
    k = int.from_bytes(scalar, 'little') & ~7 & (1 << 255) - 1 | 1 << 254
    u = int.from_bytes(point, 'little') & (1 << 255) - 1
    x2, z2, x3, z3 = 1, 0, u, 1
    for t in reversed(range(255)):
        bit = k >> t & 1
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % PRIME, c * b % PRIME, a * a % PRIME, b * b % PRIME
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % PRIME, u * (da - cb) ** 2 % PRIME
        x2, z2 = aa * bb % PRIME, e * (aa + 121665 * e) % PRIME
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, -1, PRIME) % PRIME if z2 % PRIME else 0).to_bytes(32, 'little')


X25519_BASE = bytes([9]) + bytes(31)


# ChaCha20-Poly1305 (RFC 8439).

def quarter(s, a, b, c, d):
    s[a] = s[a] + s[b] & MASK
    x = s[d] ^ s[a]
    s[d] = (x << 16 | x >> 16) & MASK
    s[c] = s[c] + s[d] & MASK
    x = s[b] ^ s[c]
    s[b] = (x << 12 | x >> 20) & MASK
    s[a] = s[a] + s[b] & MASK
    x = s[d] ^ s[a]
    s[d] = (x << 8 | x >> 24) & MASK
    s[c] = s[c] + s[d] & MASK
    x = s[b] ^ s[c]
    s[b] = (x << 7 | x >> 25) & MASK


ROUND = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
         (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def chacha_block(key, counter, nonce):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *struct.unpack('<8I', key), counter,
             *struct.unpack('<3I', nonce)]
    s = list(start)
    for _ in range(10):
        for place in ROUND:
            quarter(s, *place)
    return struct.pack('<16I', *(a + b & MASK for a, b in zip(s, start)))


def chacha(key, nonce, data):
    blocks = b''.join(chacha_block(key, i + 1, nonce) for i in range((len(data) + 63) // 64))[:len(data)]
    return (int.from_bytes(data, 'big') ^ int.from_bytes(blocks, 'big')).to_bytes(len(data), 'big')


def poly1305(key, data):
    r, s = int.from_bytes(key[:16], 'little') & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF, int.from_bytes(key[16:], 'little')
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b'\1', 'little')) * r % (2 ** 130 - 5)
    return (total + s & 2 ** 128 - 1).to_bytes(16, 'little')


def tag_of(key, nonce, associated, sealed):
    padded = [x + bytes(-len(x) % 16) for x in (associated, sealed)]
    lengths = struct.pack('<QQ', len(associated), len(sealed))
    return poly1305(chacha_block(key, 0, nonce)[:32], b''.join(padded) + lengths)


def seal(key, nonce, associated, data):
    sealed = chacha(key, nonce, data)
    return sealed + tag_of(key, nonce, associated, sealed)


def unseal(key, nonce, associated, data):
    """None where the tag does not fit."""
    sealed, tag = data[:-16], data[-16:]
    return chacha(key, nonce, sealed) if tag_of(key, nonce, associated, sealed) == tag else None


# Key schedules.

def sha256(data):
    return hashlib.sha256(data).digest()


def prf(secret, label, seed, length):
    """RFC 5246 5, with SHA-256."""
    seed, out = label + seed, b''
    a = seed
    while len(out) < length:
        a = hmac.digest(secret, a, 'sha256')
        out += hmac.digest(secret, a + seed, 'sha256')
    return out[:length]


def expand_label(secret, label, context, length):
    """RFC 8446 7.1; up to 32 bytes."""
    label = b'tls13 ' + label
    info = struct.pack('!HB', length, len(label)) + label + bytes([len(context)]) + context
    return hmac.digest(secret, info + b'\1', 'sha256')[:length]


def extract(salt, secret):
    return hmac.digest(salt, secret, 'sha256')


class Direction:
    """One direction's key, and its count of records."""

    def __init__(self, key, iv):
        self.key, self.iv, self.n = key, iv, 0

    @classmethod
    def of_secret(cls, secret):
        return cls(expand_label(secret, b'key', b'', 32), expand_label(secret, b'iv', b'', 12))

    def nonce(self):
        made = (int.from_bytes(self.iv, 'big') ^ self.n).to_bytes(12, 'big')
        self.n += 1
        return made

    def associated_12(self, kind, length):
        return struct.pack('!QBHH', self.n, kind, 0x0303, length)

    def seal_12(self, kind, data):
        associated = self.associated_12(kind, len(data))
        return seal(self.key, self.nonce(), associated, data)

    def unseal_12(self, kind, data):
        associated = self.associated_12(kind, len(data) - 16)
        return unseal(self.key, self.nonce(), associated, data)

    def seal_13(self, kind, data, padding=0):
        inner = data + bytes([kind]) + bytes(padding)
        return seal(self.key, self.nonce(), struct.pack('!BHH', 23, 0x0303, len(inner) + 16), inner)

    def unseal_13(self, data):
        """(kind, content), or None."""
        inner = unseal(self.key, self.nonce(), struct.pack('!BHH', 23, 0x0303, len(data)), data)
        if inner is None:
            return None
        inner = inner.rstrip(b'\0')
        return (inner[-1], inner[:-1]) if inner else None
