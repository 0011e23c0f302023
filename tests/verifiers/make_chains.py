#!/usr/bin/env python3
"""Makes chains that have one property each, for agree.py: fixtures/verifiers holds some of them.

    make_chains.py FOLDER [PROPERTY]...

Every chain is made anew from raw DER, one step away from a good one (root, intermediate with
pathlen 0, leaf for device.example on P-256), so that what recognises a property is tested on bytes
that nothing was fitted to. Needs python3-cryptography for keys and signatures alone.
"""
import datetime
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa

NOW = datetime.datetime(2026, 11, 30, 12, 0, 0)
DAY = datetime.timedelta(days=1)


# ---- DER ----

def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def seq(*parts):
    return der(0x30, *parts)


def oid(text):
    numbers = [int(n) for n in text.split(".")]
    out = b""
    for n in [40 * numbers[0] + numbers[1]] + numbers[2:]:
        part = [n & 0x7f]
        while n > 0x7f:
            n >>= 7
            part.append(0x80 | n & 0x7f)
        out += bytes(reversed(part))
    return der(6, out)


def integer(n):
    return der(2, n.to_bytes(max(1, (n.bit_length() + 8) // 8), "big", signed=True))


def bits(data, unused=0):
    return der(3, bytes([unused]) + data)


def name(*parts):
    """(type, text) or (type, text, tag); a list of such is one RDN."""
    def one(part):
        kind, text, tag = (*part, 12)[:3]
        return seq(oid(kind), der(tag, text if isinstance(text, bytes) else text.encode()))
    return seq(*(der(0x31, *(one(p) for p in (part if isinstance(part, list) else [part]))) for part in parts))


O, CN, MAIL = "2.5.4.10", "2.5.4.3", "1.2.840.113549.1.9.1"


def utc(when):
    return der(23, when.strftime("%y%m%d%H%M%SZ").encode())


def general(when):
    return der(24, when.strftime("%Y%m%d%H%M%SZ").encode())


# ---- keys ----

class Key:
    def __init__(self, private, spki=None):
        self.private = private
        self.spki = spki or private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.id = hashlib.sha1(self.spki).digest()


def curve(which):
    return Key(ec.generate_private_key(which))


def rsa_key(size, e=65537):
    return Key(rsa.generate_private_key(public_exponent=e, key_size=size))


def rsa_with(modulus_of, e):
    """A public key only, with another exponent."""
    n = modulus_of.private.public_key().public_numbers().n
    body = seq(integer(n), integer(e))
    return Key(modulus_of.private, seq(seq(oid("1.2.840.113549.1.1.1"), der(5)), bits(body)))


def explicit(key):
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = bytes.fromhex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")
    g = bytes.fromhex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
    domain = seq(integer(1), seq(oid("1.2.840.10045.1.1"), integer(p)),
                 seq(der(4, (p - 3).to_bytes(32, "big")), der(4, b)), der(4, g), integer(n), integer(1))
    return Key(key.private, seq(seq(oid("1.2.840.10045.2.1"), domain), bits(point(key))))


def point(key, form=serialization.PublicFormat.UncompressedPoint):
    return key.private.public_key().public_bytes(serialization.Encoding.X962, form)


def with_point(key, data):
    return Key(key.private, seq(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), bits(data)))


def p192():
    """The curve's base point, which no library here makes keys on."""
    data = bytes.fromhex("04188da80eb03090f67cbf20eb43a18800f4ff0afd82ff101207192b95ffc8da78631011ed6b24cdd573f977a11e794811")
    return Key(P256.private, seq(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.1")), bits(data)))


P256 = curve(ec.SECP256R1())

HASHES = {"md5": hashes.MD5, "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256,
          "sha384": hashes.SHA384, "sha512": hashes.SHA512}
ECDSA = {"sha1": "1.2.840.10045.4.1", "sha224": "1.2.840.10045.4.3.1", "sha256": "1.2.840.10045.4.3.2",
         "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
RSA = {"md5": "1.2.840.113549.1.1.4", "sha1": "1.2.840.113549.1.1.5", "sha224": "1.2.840.113549.1.1.14",
       "sha256": "1.2.840.113549.1.1.11"}


def algorithm(key, hash_name="sha256"):
    if isinstance(key.private, rsa.RSAPrivateKey):
        return seq(oid(RSA[hash_name]), der(5))
    if isinstance(key.private, ed25519.Ed25519PrivateKey):
        return seq(oid("1.3.101.112"))
    if isinstance(key.private, dsa.DSAPrivateKey):
        return seq(oid("2.16.840.1.101.3.4.3.2"))
    return seq(oid(ECDSA[hash_name]))


def sign(key, data, hash_name="sha256"):
    if isinstance(key.private, rsa.RSAPrivateKey):
        if hash_name == "md5":  # by hand: the library refuses it
            digest = seq(seq(oid("1.2.840.113549.2.5"), der(5)), der(4, hashlib.md5(data).digest()))
            numbers = key.private.private_numbers()
            size = (numbers.public_numbers.n.bit_length() + 7) // 8
            em = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
            return pow(int.from_bytes(em, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
        return key.private.sign(data, padding.PKCS1v15(), HASHES[hash_name]())
    if isinstance(key.private, ed25519.Ed25519PrivateKey):
        return key.private.sign(data)
    if isinstance(key.private, dsa.DSAPrivateKey):
        return key.private.sign(data, hashes.SHA256())
    return key.private.sign(data, ec.ECDSA(HASHES[hash_name]()))


# ---- certificates ----

def ext(dotted, value, critical=False):
    return seq(oid(dotted), der(1, b"\xff") if critical else b"", der(4, value))


def usage(*numbers):
    value = 0
    for n in numbers:
        value |= 0x80 >> n
    return der(3, bytes([(value & -value).bit_length() - 1 if value else 7, value]) if value else b"\0")


DS, NR, KE, DE, KA, SIGN, CRL = range(7)
SERVER, CLIENT, CODE, ANY = ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3", "2.5.29.37.0")
SAN, BC, KU, EKU, SKI, AKI = "2.5.29.17", "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.14", "2.5.29.35"
NC, CP, PC, PM, IAP = "2.5.29.30", "2.5.29.32", "2.5.29.36", "2.5.29.33", "2.5.29.54"
ODD = "1.3.6.1.4.1.55555.1.2"


def dns(text):
    return der(0x82, text if isinstance(text, bytes) else text.encode())


def address(*octets):
    return der(0x87, bytes(octets))


def san(*names):
    return ext(SAN, seq(*names))


def purposes(*oids):
    return ext(EKU, seq(*(oid(o) for o in oids)))


class Cert:
    """Parts may be changed before make(). above: the Cert that signs it, None: itself."""

    serials = 0x1234567800

    def __init__(self, common_name, key, above=None, ca=False):
        Cert.serials += 7
        self.version = der(0xa0, integer(2))
        self.serial = integer(Cert.serials)
        self.subject = name((O, "Orchard"), (CN, common_name))
        self.key, self.above = key, above
        self.issuer = above.subject if above else self.subject
        self.not_before, self.not_after = utc(NOW - 11 * DAY), utc(NOW + 79 * DAY)
        self.hash, self.signer = "sha256", None
        self.inner = self.outer = None
        self.unique, self.behind = b"", b""
        self.exts = {}
        self.more, self.raw_exts = [], None
        self.finish = lambda whole: whole
        self.signature = lambda s: bits(s)
        if ca:
            self.not_before, self.not_after = utc(NOW - 200 * DAY), utc(NOW + 1500 * DAY)
            self.exts[BC] = ext(BC, seq(der(1, b"\xff")), True)
            self.exts[KU] = ext(KU, usage(SIGN, CRL), True)
        else:
            self.exts[BC] = ext(BC, seq(), True)
            self.exts[KU] = ext(KU, usage(DS), True)
            self.exts[EKU] = purposes(SERVER, CLIENT)
            self.exts[SAN] = san(dns("device.example"))
        self.exts[SKI] = ext(SKI, der(4, key.id))
        if above:
            self.exts[AKI] = ext(AKI, seq(der(0x80, above.key.id)))
        self.made = None

    def make(self):
        if self.made is None:
            signer = self.signer or (self.above.key if self.above else self.key)
            inner = self.inner or algorithm(signer, self.hash)
            exts = self.raw_exts
            if exts is None:
                exts = der(0xa3, seq(*self.exts.values(), *self.more))
            tbs = seq(self.version, self.serial, inner, self.issuer, seq(self.not_before, self.not_after),
                      self.subject, self.key.spki, self.unique, exts, self.behind)
            signature = sign(signer, tbs, self.hash)
            self.made = self.finish(seq(tbs, self.outer or inner, self.signature(signature)))
        return self.made


class Case:
    def __init__(self):
        self.host, self.rsa_exchange = "device.example", False
        self.root = Cert("Orchard Root", curve(ec.SECP256R1()), ca=True)
        self.root.not_after = utc(NOW + 3000 * DAY)
        self.inter = Cert("Orchard Issuing", curve(ec.SECP256R1()), self.root, ca=True)
        self.inter.exts[BC] = ext(BC, seq(der(1, b"\xff"), integer(0)), True)
        self.leaf = Cert("device.example", P256, self.inter)
        self.chain = lambda: [self.leaf.make(), self.inter.make()]
        self.trust = lambda: [self.root.make()]

    def reissue(self):
        """After root or intermediate was replaced."""
        for low, high in ((self.inter, self.root), (self.leaf, self.inter)):
            low.above, low.issuer = high, high.subject
            low.exts[AKI] = ext(AKI, seq(der(0x80, high.key.id)))


CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def simple(text, globals_=globals()):
    """Lines "property: statements on c, l (leaf), i, r"."""
    for line in text.strip().splitlines():
        key, code = line.split(":", 1)
        def make(c, code=code.strip()):
            exec(code, {**globals_, "c": c, "l": c.leaf, "i": c.inter, "r": c.root})
        CASES[key.strip()] = make


simple(r"""
ok: pass
ok_rsa: l.key = rsa_key(2048); l.exts[SKI] = ext(SKI, der(4, l.key.id)); l.exts[KU] = ext(KU, usage(DS, KE), True)
leaf_ca_true: l.exts[BC] = ext(BC, seq(der(1, b"\xff")), True)
leaf_ca_true_ku: l.exts[BC] = ext(BC, seq(der(1, b"\xff")), True); l.exts[KU] = ext(KU, usage(DS, SIGN), True)
leaf_bc_absent: del l.exts[BC]
leaf_bc_pathlen_nonca: l.exts[BC] = ext(BC, seq(integer(0)), True)
leaf_bc_explicit_false: l.exts[BC] = ext(BC, seq(der(1, b"\0")), True)
bool_true_01: l.exts[KU] = seq(oid(KU), der(1, b"\1"), der(4, usage(DS)))
leaf_v1: l.version = b""; l.raw_exts = b""
leaf_v1_ext: l.version = b""
leaf_v2_ext: l.version = der(0xa0, integer(1))
leaf_v4: l.version = der(0xa0, integer(3))
leaf_v3_noext: l.raw_exts = b""
exts_empty: l.raw_exts = der(0xa3, seq())
inter_v1: i.version = b""; i.raw_exts = b""
root_v1: r.version = b""; r.raw_exts = b""
serial_negative: l.serial = integer(-77)
serial_zero: l.serial = integer(0)
serial_20_octets: l.serial = der(2, b"\x51" * 20)
serial_21_octets: l.serial = der(2, b"\0" + b"\x91" * 20)
serial_40_octets: l.serial = der(2, b"\x11" * 40)
serial_padded: l.serial = der(2, b"\0\x11\x22")
serial_empty: l.serial = der(2)
uniqueid: l.unique = der(0x81, b"\0\xaa\xbb")
san_none: del l.exts[SAN]
san_other: l.exts[SAN] = san(dns("elsewhere.test"))
san_other_cn_other: l.exts[SAN] = san(dns("elsewhere.test")); l.subject = name((CN, "elsewhere.test"))
san_ip: l.exts[SAN] = san(address(127, 0, 0, 1))
san_ip_noCN: l.exts[SAN] = san(address(127, 0, 0, 1)); l.subject = name((CN, "pump"))
san_trailing_dot: l.exts[SAN] = san(dns("device.example.")); l.subject = name((CN, "pump"))
san_upper: l.exts[SAN] = san(dns("DEVICE.Example")); l.subject = name((CN, "pump"))
san_wild_ok: c.host = "q.device.example"; l.exts[SAN] = san(dns("*.device.example"))
san_wild_two_labels: c.host = "q.r.device.example"; l.exts[SAN] = san(dns("*.device.example"))
san_wild_apex: l.exts[SAN] = san(dns("*.device.example")); l.subject = name((CN, "pump"))
san_wild_tld: l.exts[SAN] = san(dns("*.example")); l.subject = name((CN, "pump"))
san_wild_partial: l.exts[SAN] = san(dns("dev*.example")); l.subject = name((CN, "pump"))
san_wild_partial3: c.host = "unit7.device.example"; l.exts[SAN] = san(dns("unit*.device.example"))
san_wild_double: c.host = "q.device.example"; l.exts[SAN] = san(dns("*.*.example"))
san_wild_middle: c.host = "q.device.example"; l.exts[SAN] = san(dns("q.*.example"))
san_wild_alone: l.exts[SAN] = san(dns("*")); l.subject = name((CN, "pump"))
cn_wild_no_san: c.host = "q.device.example"; del l.exts[SAN]; l.subject = name((CN, "*.device.example"))
san_uri: l.exts[SAN] = san(der(0x86, b"https://device.example/")); l.subject = name((CN, "pump"))
san_uri_cn: l.exts[SAN] = san(der(0x86, b"urn:pump:7"))
san_email_cn: l.exts[SAN] = san(der(0x81, b"ops@device.example"))
san_empty: l.exts[SAN] = san()
san_critical: l.exts[SAN] = ext(SAN, seq(dns("device.example")), True)
san_nul: l.exts[SAN] = san(dns(b"device.example\0.bad.test")); l.subject = name((CN, "pump"))
san_nul_second: l.exts[SAN] = san(dns("device.example"), dns(b"x\0y.example"))
san_utf8: l.exts[SAN] = san(dns("device.example"), dns("grün.example"))
san_underscore: c.host = "unit_7.example"; l.exts[SAN] = san(dns("unit_7.example"))
san_idn_alabel: c.host = "xn--grn-hoa.example"; l.exts[SAN] = san(dns("xn--grn-hoa.example"))
san_idn_ulabel: c.host = "xn--grn-hoa.example"; l.exts[SAN] = san(dns("grün.example"))
san_space: l.exts[SAN] = san(dns("device.example ")); l.subject = name((CN, "pump"))
san_bad_ip_len: l.exts[SAN] = san(dns("device.example"), address(1, 2, 3))
san_othername: l.exts[SAN] = san(der(0xa0, oid(ODD), der(0xa0, der(12, b"x"))), dns("device.example"))
cn_nul_san_ok: l.subject = name((CN, b"device.example\0x"))
cn_nul_no_san: del l.exts[SAN]; l.subject = name((CN, b"device.example\0.bad.test"))
subject_empty_crit: l.subject = seq(); l.exts[SAN] = ext(SAN, seq(dns("device.example")), True)
subject_empty: l.subject = seq()
dn_email: l.subject = name((CN, "device.example"), (MAIL, "a@b.test", 22))
dn_utf8: l.subject = name((O, "Gärtnerei"), (CN, "device.example"))
dn_bad_utf8: l.subject = name((O, b"G\xe4rtnerei"), (CN, "device.example"))
dn_bmp: l.subject = name((CN, "device.example".encode("utf-16-be"), 30))
dn_bmp_no_san: del l.exts[SAN]; l.subject = name((CN, "device.example".encode("utf-16-be"), 30))
dn_t61: l.subject = name((O, b"G\xe4rten", 20), (CN, "device.example"))
dn_printable_bad: l.subject = name((O, "a_b & c", 19), (CN, "device.example"))
dn_long_cn: l.subject = name((CN, "x" * 150))
dn_country3: l.subject = name(("2.5.4.6", "DEU", 19), (CN, "device.example"))
dn_multi_rdn: l.subject = name([(O, "Zz"), (CN, "device.example")])
dn_printable_vs_utf8: l.issuer = name((O, "Orchard", 19), (CN, "Orchard Issuing", 19))
dn_case: l.issuer = name((O, "ORCHARD"), (CN, "Orchard issuing"))
dn_spaces: l.issuer = name((O, "Orchard"), (CN, "Orchard   Issuing"))
dn_leaf_named_as_ca: l.subject = i.subject
dn_printable_vs_utf8_root: i.issuer = name((O, "Orchard", 19), (CN, "Orchard Root", 19))
dn_issuer_other: l.issuer = name((O, "Orchard"), (CN, "Another CA"))
unknown_crit_leaf: l.more = [ext(ODD, der(5), True)]
unknown_noncrit_leaf: l.more = [ext(ODD, der(5))]
unknown_crit_inter: i.more = [ext(ODD, der(5), True)]
unknown_crit_root: r.more = [ext(ODD, der(5), True)]
ct_poison: l.more = [ext("1.3.6.1.4.1.11129.2.4.3", der(5), True)]
must_staple: l.more = [ext("1.3.6.1.5.5.7.1.24", seq(integer(5)))]
must_staple_inter: i.more = [ext("1.3.6.1.5.5.7.1.24", seq(integer(5)))]
ns_certtype_client: l.more = [ext("2.16.840.1.113730.1.1", der(3, b"\7\x80"))]
nc_permitted_ok: i.more = [ext(NC, seq(der(0xa0, seq(dns("device.example")))), True)]
nc_permitted_parent: i.more = [ext(NC, seq(der(0xa0, seq(dns("example")))), True)]
nc_permitted_dot: i.more = [ext(NC, seq(der(0xa0, seq(dns(".example")))), True)]
nc_permitted_dot_host: i.more = [ext(NC, seq(der(0xa0, seq(dns(".device.example")))), True)]
nc_permitted_other: i.more = [ext(NC, seq(der(0xa0, seq(dns("elsewhere.test")))), True)]
nc_permitted_other_noncrit: i.more = [ext(NC, seq(der(0xa0, seq(dns("elsewhere.test")))))]
nc_excluded: i.more = [ext(NC, seq(der(0xa1, seq(dns("device.example")))), True)]
nc_excluded_parent: i.more = [ext(NC, seq(der(0xa1, seq(dns("example")))), True)]
nc_irrelevant_ip: i.more = [ext(NC, seq(der(0xa0, seq(address(10, 0, 0, 0, 255, 0, 0, 0)))), True)]
nc_irrelevant_email: i.more = [ext(NC, seq(der(0xa0, seq(der(0x81, b"elsewhere.test")))), True)]
nc_irrelevant_uri: i.more = [ext(NC, seq(der(0xa0, seq(der(0x86, b".elsewhere.test")))), True)]
nc_othername: i.more = [ext(NC, seq(der(0xa0, seq(der(0xa0, oid(ODD), der(0xa0, der(12, b"x")))))), True)]
nc_dirname_other: i.more = [ext(NC, seq(der(0xa0, seq(der(0xa4, name((O, "Meadow")))))), True)]
nc_dirname_ok: i.more = [ext(NC, seq(der(0xa0, seq(der(0xa4, name((O, "Orchard")))))), True)]
nc_cn_only: del l.exts[SAN]; i.more = [ext(NC, seq(der(0xa0, seq(dns("elsewhere.test")))), True)]
nc_empty: i.more = [ext(NC, seq(), True)]
nc_on_leaf: l.more = [ext(NC, seq(der(0xa0, seq(dns("device.example")))), True)]
nc_root: r.more = [ext(NC, seq(der(0xa0, seq(dns("elsewhere.test")))), True)]
ec_explicit: l.key = explicit(curve(ec.SECP256R1()))
ec_compressed: l.key = with_point(P256, point(P256, serialization.PublicFormat.CompressedPoint))
ec_hybrid: l.key = with_point(P256, bytes([6 + (point(P256)[-1] & 1)]) + point(P256)[1:])
ec_offcurve: l.key = with_point(P256, point(P256)[:-1] + bytes([point(P256)[-1] ^ 1]))
key_p192: l.key = p192()
key_p224: l.key = curve(ec.SECP224R1())
key_p384: l.key = curve(ec.SECP384R1())
key_p521: l.key = curve(ec.SECP521R1())
key_k256: l.key = curve(ec.SECP256K1())
key_bp256: l.key = curve(ec.BrainpoolP256R1())
key_ed25519: l.key = Key(ed25519.Ed25519PrivateKey.generate())
key_ed448: l.key = Key(P256.private, seq(seq(oid("1.3.101.113")), bits(bytes(range(57)))))
key_dsa: l.key = Key(dsa.generate_private_key(2048))
key_rsapss: l.key = pss(rsa_key(2048), b"")
key_rsapss_par: l.key = pss(rsa_key(2048), PSS_SHA256)
key_rsa512: both_uses(l, small_rsa(512))
key_rsa768: both_uses(l, small_rsa(768))
key_rsa1024: both_uses(l, rsa_key(1024))
key_rsa2047: both_uses(l, rsa_key(2047))
key_rsa3072: both_uses(l, rsa_key(3072))
key_rsa8192: both_uses(l, big_rsa(8192))
key_rsa_e3: both_uses(l, rsa_key(2048, 3))
key_rsa_e1: both_uses(l, rsa_with(rsa_key(2048), 1))
key_rsa_e35: both_uses(l, rsa_with(rsa_key(2048), 2**34 + 3))
inter_rsa2048: i.key = rsa_key(2048); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_rsa1024: i.key = rsa_key(1024); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_p384: i.key = curve(ec.SECP384R1()); l.hash = "sha384"; i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_p521: i.key = curve(ec.SECP521R1()); l.hash = "sha512"; i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_ed25519: i.key = Key(ed25519.Ed25519PrivateKey.generate()); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_k256: i.key = curve(ec.SECP256K1()); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_bp256: i.key = curve(ec.BrainpoolP256R1()); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_dsa: i.key = Key(dsa.generate_private_key(2048)); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_ec_explicit: i.key = explicit(i.key); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
inter_ec_compressed: i.key = with_point(i.key, point(i.key, serialization.PublicFormat.CompressedPoint)); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue()
sig_sha1_ecdsa: l.hash = "sha1"
sig_sha1_rsa: i.key = rsa_key(2048); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue(); l.hash = "sha1"
sig_md5_rsa: i.key = rsa_key(2048); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue(); l.hash = "md5"
sig_sha224: l.hash = "sha224"
sig_sha384_p256: l.hash = "sha384"
sig_sha512_p256: l.hash = "sha512"
sig_sha1_inter: i.hash = "sha1"
sig_sha1_root: r.hash = "sha1"
sig_ecdsa_null: l.inner = seq(oid(ECDSA["sha256"]), der(5))
sig_rsa_nonull: i.key = rsa_key(2048); i.exts[SKI] = ext(SKI, der(4, i.key.id)); c.reissue(); l.inner = seq(oid(RSA["sha256"]))
sig_alg_mismatch: l.inner = seq(oid(ECDSA["sha384"])); l.outer = seq(oid(ECDSA["sha256"]))
sig_bad: l.signer = curve(ec.SECP256R1())
sig_bad_inter: i.signer = curve(ec.SECP256R1())
sig_unusedbits: l.signature = lambda s: bits(s[:-1] + bytes([s[-1] & 0xfe]), 1)
sig_unknown_oid: l.inner = seq(oid("1.3.6.1.4.1.55555.9"))
sig_bad_root: r.signer = curve(ec.SECP256R1())
unknown_ca: c.trust = lambda: [Cert("Other Root", curve(ec.SECP256R1()), ca=True).make()]
root_same_dn_other_key: c.trust = lambda: [twin(r, Key(ec.generate_private_key(ec.SECP256R1()))).make()]
root_two_keys: c.trust = lambda: [twin(r, curve(ec.SECP256R1())).make(), r.make()]
leaf_in_store: c.chain = lambda: [l.make()]; c.trust = lambda: [l.make()]
inter_in_store: c.trust = lambda: [i.make()]
inter_in_store_leaf_only: c.trust = lambda: [i.make()]; c.chain = lambda: [l.make()]
aki_missing: del l.exts[AKI]
aki_wrong: l.exts[AKI] = ext(AKI, seq(der(0x80, b"\x44" * 20)))
aki_wrong_inter: i.exts[AKI] = ext(AKI, seq(der(0x80, b"\x44" * 20)))
aki_issuer_ok: l.exts[AKI] = ext(AKI, seq(der(0x80, i.key.id), der(0xa1, der(0xa4, i.issuer)), der(0x82, i.serial[2:])))
aki_issuer_wrong: l.exts[AKI] = ext(AKI, seq(der(0x80, i.key.id), der(0xa1, der(0xa4, i.issuer)), der(0x82, b"\x09")))
aki_issuer_only_wrong: l.exts[AKI] = ext(AKI, seq(der(0xa1, der(0xa4, i.issuer)), der(0x82, b"\x09")))
aki_critical: l.exts[AKI] = ext(AKI, seq(der(0x80, i.key.id)), True)
aki_empty: l.exts[AKI] = ext(AKI, seq())
ski_missing_leaf: del l.exts[SKI]
ski_missing_inter: del i.exts[SKI]
ski_missing_root: del r.exts[SKI]
aki_missing_inter: del i.exts[AKI]
root_no_aki_ski_ku: del r.exts[SKI]; del r.exts[KU]
ku_absent: del l.exts[KU]
ku_noncrit: l.exts[KU] = ext(KU, usage(DS))
ku_ke_only_ec: l.exts[KU] = ext(KU, usage(KE), True)
ku_ka_only_ec: l.exts[KU] = ext(KU, usage(KA), True)
ku_certsign_only: l.exts[KU] = ext(KU, usage(SIGN), True)
ku_ds_certsign: l.exts[KU] = ext(KU, usage(DS, SIGN), True)
ku_empty: l.exts[KU] = ext(KU, der(3, b"\0"), True)
ku_nr_only: l.exts[KU] = ext(KU, usage(NR), True)
ku_rsa_ds_only: both_uses(l, rsa_key(2048)); l.exts[KU] = ext(KU, usage(DS), True)
ku_rsa_ke_only: both_uses(l, rsa_key(2048)); l.exts[KU] = ext(KU, usage(KE), True)
ku_inter_no_certsign: i.exts[KU] = ext(KU, usage(DS), True)
ku_inter_absent: del i.exts[KU]
ku_inter_noncrit: i.exts[KU] = ext(KU, usage(SIGN, CRL))
ku_root_no_certsign: r.exts[KU] = ext(KU, usage(DS), True)
eku_absent: del l.exts[EKU]
eku_server: l.exts[EKU] = purposes(SERVER)
eku_client: l.exts[EKU] = purposes(CLIENT)
eku_code: l.exts[EKU] = purposes(CODE)
eku_any: l.exts[EKU] = purposes(ANY)
eku_odd: l.exts[EKU] = purposes(ODD)
eku_critical: l.exts[EKU] = ext(EKU, seq(oid(SERVER), oid(CLIENT)), True)
eku_empty: l.exts[EKU] = purposes()
eku_inter_client: i.exts[EKU] = purposes(CLIENT)
eku_inter_server: i.exts[EKU] = purposes(SERVER)
eku_inter_code: i.exts[EKU] = purposes(CODE)
eku_inter_any: i.exts[EKU] = purposes(ANY)
eku_root_code: r.exts[EKU] = purposes(CODE)
bc_inter_absent: del i.exts[BC]
bc_inter_false: i.exts[BC] = ext(BC, seq(), True)
bc_inter_noncrit: i.exts[BC] = ext(BC, seq(der(1, b"\xff"), integer(0)))
bc_root_absent: del r.exts[BC]
bc_root_false: r.exts[BC] = ext(BC, seq(), True)
bc_root_noncrit: r.exts[BC] = ext(BC, seq(der(1, b"\xff")))
pathlen_root0: r.exts[BC] = ext(BC, seq(der(1, b"\xff"), integer(0)), True)
pathlen_negative: i.exts[BC] = ext(BC, seq(der(1, b"\xff"), integer(-3)), True)
pathlen_huge: i.exts[BC] = ext(BC, seq(der(1, b"\xff"), integer(2**66)), True)
valid_397: l.not_after = utc(NOW + 386 * DAY)
valid_399: l.not_after = utc(NOW + 388 * DAY)
valid_825: l.not_after = utc(NOW + 814 * DAY)
valid_3650: l.not_before = utc(NOW - 2000 * DAY); l.not_after = utc(NOW + 1490 * DAY)
expired: l.not_after = utc(NOW - DAY)
expired_30d: l.not_after = utc(NOW - 30 * DAY); l.not_before = utc(NOW - 99 * DAY)
expired_1h: l.not_after = utc(NOW - DAY / 24)
notyet: l.not_before = utc(NOW + DAY * 0.99)
notyet_30d: l.not_before = utc(NOW + 30 * DAY)
notyet_inter: i.not_before = utc(NOW + DAY * 0.99)
notyet_inter_30d: i.not_before = utc(NOW + 30 * DAY)
expired_inter: i.not_after = utc(NOW - DAY)
expired_root: r.not_after = utc(NOW - DAY)
notyet_root: r.not_before = utc(NOW + DAY * 2)
na_before_nb: l.not_before = utc(NOW - 3 * DAY); l.not_after = utc(NOW - 5 * DAY)
na_before_nb_future: l.not_before = utc(NOW + 30 * DAY); l.not_after = utc(NOW + 10 * DAY)
time_gen_before_2050: l.not_after = general(NOW + 79 * DAY)
time_utc_offset: l.not_after = der(23, b"270101120000+0200")
time_utc_nosec: l.not_after = der(23, b"2701011200Z")
time_gen_frac: l.not_after = der(24, b"20270101120000.25Z")
time_9999: l.not_after = der(24, b"99991231235959Z")
time_1950: l.not_before = der(23, b"550101000000Z")
time_month13: l.not_after = der(23, b"271301120000Z")
time_2050_gen: l.not_after = der(24, b"20610101000000Z")
time_2038: l.not_after = der(23, b"410101000000Z")
leaf_outlives_ca: i.not_after = utc(NOW + 20 * DAY)
dup_san: l.more = [san(dns("device.example"))]
dup_san_differ: l.more = [san(dns("elsewhere.test"))]
dup_unknown: l.more = [ext(ODD, der(5)), ext(ODD, der(5))]
dup_bc_inter: i.more = [i.exts[BC]]
dup_eku: l.more = [purposes(CLIENT)]
der_trailing: l.finish = lambda whole: whole + b"\x30\0"
der_trailing_inter: i.finish = lambda whole: whole + b"\xab"
tbs_trailing: l.behind = der(4, b"x")
ext_trailing: l.exts[SAN] = ext(SAN, seq(dns("device.example")) + b"\5\0")
ber_len_outer: l.finish = lambda whole: b"\x30\x83\0" + whole[2:]
ber_indefinite: l.finish = lambda whole: b"\x30\x80" + whole[4:] + b"\0\0"
ber_len_tbs: l.subject = b"\x30\x81" + l.subject[1:]
der_truncated: l.finish = lambda whole: whole[:-1]
ext_garbage: l.exts[KU] = ext(KU, b"\xde\xad\xbe\xef", True)
ext_garbage_aki: l.exts[AKI] = ext(AKI, b"\xde\xad\xbe\xef")
policy_require: i.more = [ext(PC, seq(der(0x80, b"\0")), True)]
policy_require_met: i.more = [ext(PC, seq(der(0x80, b"\0")), True), policies("1.3.6.1.4.1.55555.3")]; l.more = [policies("1.3.6.1.4.1.55555.3")]
policy_disjoint: i.more = [ext(PC, seq(der(0x80, b"\0")), True), policies("1.3.6.1.4.1.55555.3")]; l.more = [policies("1.3.6.1.4.1.55555.4")]
policy_critical: l.more = [ext(CP, seq(seq(oid("1.3.6.1.4.1.55555.3"))), True)]
policy_inhibit_any: i.more = [ext(IAP, integer(0), True)]
policy_dup: l.more = [policies("1.3.6.1.4.1.55555.3", "1.3.6.1.4.1.55555.3")]
policy_mapping: i.more = [ext(PM, seq(seq(oid("1.3.6.1.4.1.55555.3"), oid("1.3.6.1.4.1.55555.4"))), True), policies("1.3.6.1.4.1.55555.3")]
big_17k: l.more = [ext(ODD, der(4, b"x" * 17000))]
big_70k: l.more = [ext(ODD, der(4, b"x" * 70000))]
san_2000: l.exts[SAN] = san(*(dns("unit-%04d.device.example" % n) for n in range(1999)), dns("device.example"))
chain_no_inter: c.chain = lambda: [l.make()]
chain_root_sent: c.chain = lambda: [l.make(), i.make(), r.make()]
chain_order: c.chain = lambda: [l.make(), r.make(), i.make()]
chain_reversed: c.chain = lambda: [r.make(), i.make(), l.make()]
chain_inter_first: c.chain = lambda: [i.make(), l.make()]
chain_dup_inter: c.chain = lambda: [l.make(), i.make(), i.make()]
chain_dup_leaf: c.chain = lambda: [l.make(), l.make(), i.make()]
chain_unrelated_tail: c.chain = lambda: [l.make(), i.make(), stranger().make()]
chain_unrelated_middle: c.chain = lambda: [l.make(), stranger().make(), i.make()]
chain_unneeded_5: c.chain = lambda: [l.make(), i.make()] + [stranger(n).make() for n in range(5)]
chain_unneeded_9: c.chain = lambda: [l.make(), i.make()] + [stranger(n).make() for n in range(9)]
chain_unneeded_20: c.chain = lambda: [l.make(), i.make()] + [stranger(n).make() for n in range(20)]
chain_unneeded_120: c.chain = lambda: [l.make(), i.make()] + [stranger(n).make() for n in range(120)]
chain_garbage_tail: c.chain = lambda: [l.make(), i.make(), hashlib.sha512(b"garbage").digest() * 5]
chain_empty_tail: c.chain = lambda: [l.make(), i.make(), b""]
chain_empty: c.chain = lambda: []
chain_deep_6: deep(c, 6)
chain_deep_8: deep(c, 8)
chain_deep_9: deep(c, 9)
chain_deep_10: deep(c, 10)
chain_deep_12: deep(c, 12)
two_inters_ok: deep(c, 2)
ip_san_ip: c.host = "127.0.0.1"; l.exts[SAN] = san(address(127, 0, 0, 1)); l.subject = name((CN, "pump"))
ip_san_dns: c.host = "127.0.0.1"; l.exts[SAN] = san(dns("127.0.0.1")); l.subject = name((CN, "pump"))
ip_cn_only: c.host = "127.0.0.1"; del l.exts[SAN]; l.subject = name((CN, "127.0.0.1"))
ip_san_other: c.host = "127.0.0.1"; l.exts[SAN] = san(address(10, 0, 0, 1)); l.subject = name((CN, "pump"))
ip_san_mapped: c.host = "127.0.0.1"; l.exts[SAN] = san(address(*([0] * 10), 255, 255, 127, 0, 0, 1)); l.subject = name((CN, "pump"))
ip_san_dnsname_cn_ip: c.host = "127.0.0.1"; l.subject = name((CN, "127.0.0.1"))
crldp_dead: l.more = [ext("2.5.29.31", seq(seq(der(0xa0, der(0xa0, der(0x86, b"http://127.0.0.1:9/x.crl"))))))]
""")

PSS_SHA256 = seq(der(0xa0, seq(oid("2.16.840.1.101.3.4.2.1"), der(5))))


def pss(key, parameters):
    n = key.private.public_key().public_numbers()
    return Key(key.private, seq(seq(oid("1.2.840.113549.1.1.10"), parameters), bits(seq(integer(n.n), integer(n.e)))))


def small_rsa(size):
    """No library makes one so small: a modulus that nobody signs with."""
    n = int.from_bytes(hashlib.sha512(b"n").digest() * 2, "big") >> (1024 - size) | 1 << (size - 1) | 1
    return Key(P256.private, seq(seq(oid("1.2.840.113549.1.1.1"), der(5)), bits(seq(integer(n), integer(65537)))))


def big_rsa(size):
    n = int.from_bytes(hashlib.sha512(b"n").digest() * (size // 512), "big") | 1 << (size - 1) | 1
    return Key(P256.private, seq(seq(oid("1.2.840.113549.1.1.1"), der(5)), bits(seq(integer(n), integer(65537)))))


def both_uses(leaf, key):
    leaf.key = key
    leaf.exts[SKI] = ext(SKI, der(4, key.id))
    leaf.exts[KU] = ext(KU, usage(DS, KE), True)


def policies(*oids):
    return ext(CP, seq(*(seq(oid(o)) for o in oids)))


def twin(root, key):
    """A root of the same name with another key."""
    other = Cert("x", key, ca=True)
    other.subject = other.issuer = root.subject
    return other


def stranger(n=0):
    return Cert("Stranger CA %d" % n, P256, ca=True)


def deep(c, n):
    above, sent = c.root, []
    for k in range(n):
        ca = Cert("Orchard CA %d" % k, curve(ec.SECP256R1()), above, ca=True)
        sent.insert(0, ca)
        above = ca
    c.leaf = Cert("device.example", P256, above)
    c.chain = lambda: [x.make() for x in [c.leaf] + sent]


def alone(c, **changes):
    c.leaf = Cert("device.example", curve(ec.SECP256R1()))
    c.chain = lambda: [c.leaf.make()]
    for key, value in changes.items():
        setattr(c.leaf, key, value)
    return c.leaf


@case
def selfsigned_untrusted(c):
    alone(c)


@case
def selfsigned_trusted(c):
    c.trust = lambda leaf=alone(c): [leaf.make()]


@case
def selfsigned_trusted_ca(c):
    leaf = alone(c)
    leaf.exts[BC] = ext(BC, seq(der(1, b"\xff")), True)
    leaf.exts[KU] = ext(KU, usage(DS, SIGN), True)
    c.trust = lambda: [leaf.make()]


@case
def selfsigned_sameDN(c):
    leaf = alone(c)
    c.trust = lambda: [twin(leaf, curve(ec.SECP256R1())).make()]


@case
def selfsigned_v1_trusted(c):
    leaf = alone(c, version=b"", raw_exts=b"")
    c.trust = lambda: [leaf.make()]


@case
def chain_two_swapped(c):
    deep(c, 2)
    whole = c.chain
    c.chain = lambda: [whole()[0], whole()[2], whole()[1]]


@case
def pathlen_inter0_two(c):
    upper = c.inter
    lower = Cert("Orchard Lower", curve(ec.SECP256R1()), upper, ca=True)
    c.leaf = Cert("device.example", P256, lower)
    c.chain = lambda: [c.leaf.make(), lower.make(), upper.make()]


@case
def sig_sha1_tail_unrelated(c):
    other = stranger()
    other.hash = "sha1"
    c.chain = lambda: [c.leaf.make(), c.inter.make(), other.make()]


def crossed(c, days=-40):
    """The root, signed by an older one; expired."""
    old = Cert("Old Root", curve(ec.SECP256R1()), ca=True)
    cross = Cert("Orchard Root", c.root.key, old, ca=True)
    cross.not_after = utc(NOW + days * DAY)
    c.chain = lambda: [c.leaf.make(), c.inter.make(), cross.make()]
    return old


@case
def expired_cross(c):
    crossed(c)


@case
def expired_cross_both(c):
    old = crossed(c)
    c.trust = lambda: [c.root.make(), old.make()]


@case
def expired_cross_oldroot(c):
    old = crossed(c)
    old.not_after = utc(NOW - 20 * DAY)
    c.trust = lambda: [c.root.make(), old.make()]


@case
def expired_cross_only(c):
    old = crossed(c)
    c.trust = lambda: [old.make()]


@case
def expired_inter_twin(c):
    old = Cert("Orchard Issuing", c.inter.key, c.root, ca=True)
    old.not_after = utc(NOW - 9 * DAY)
    c.chain = lambda: [c.leaf.make(), old.make(), c.inter.make()]


def main():
    folder = pathlib.Path(sys.argv[1])
    wanted = sys.argv[2:] or CASES
    folder.mkdir(parents=True, exist_ok=True)
    for key in wanted:
        c = Case()
        CASES[key](c)
        document = {"name": key, "host": c.host,
                    "at": (NOW - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1),
                    "chain": [d.hex() for d in c.chain()], "trust": [d.hex() for d in c.trust()]}
        (folder / (key + ".json")).write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
