#!/usr/bin/env python3
"""Makes chains with more than one way from the leaf to a root: tests/unit/facts/paths.jsonl.

    make_paths.py >tests/unit/facts/paths.jsonl

One a line, as make_chains.py makes them; what becomes of each stands in tests/unit/facts/pki.txt.
"""
import copy
import json

from make_chains import AKI, BC, DAY, NOW, SKI, Case, Cert, curve, der, ec, ext, integer, rsa_key, seq, utc

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def twin(cert):
    """The same name and key in another certificate."""
    other = copy.copy(cert)
    other.exts = dict(cert.exts)
    Cert.serials += 7
    other.serial = integer(Cert.serials)
    other.made = None
    return other


def broken(cert):
    """Its signature is of other bytes."""
    cert.finish = lambda whole: whole[:-1] + bytes([whole[-1] ^ 1])
    return cert


def no_ids(*certs):
    for cert in certs:
        cert.exts.pop(SKI, None)
        cert.exts.pop(AKI, None)


def of_one_name(c, n, place, good=True):
    """n CAs with the intermediate's name, each with a key of its own; the one that signed stands at `place`."""
    no_ids(c.leaf, c.inter)
    cas = []
    for _ in range(n):
        other = Cert("Orchard Issuing", curve(ec.SECP256R1()), c.root, ca=True)
        no_ids(other)
        cas.append(other)
    if good:
        cas[place] = c.inter
    return cas


def twins(change):
    def first(c):
        other = twin(c.inter)
        change(c, other)
        c.chain = lambda: [c.leaf.make(), other.make(), c.inter.make()]

    def last(c):
        other = twin(c.inter)
        change(c, other)
        c.chain = lambda: [c.leaf.make(), c.inter.make(), other.make()]

    def alone(c):
        other = twin(c.inter)
        change(c, other)
        c.chain = lambda: [c.leaf.make(), other.make()]
    return first, last, alone


def is_broken(c, other):
    broken(other)


def is_no_ca(c, other):
    other.exts[BC] = ext(BC, seq(), True)


def has_expired(c, other):
    other.not_after = utc(NOW - DAY)


def is_of_another(c, other):
    above = Cert("Orchard Other Root", curve(ec.SECP256R1()), ca=True)
    other.above, other.issuer = above, above.subject
    other.exts.pop(AKI)


def is_signed_by_itself(c, other):
    other.above, other.issuer = None, other.subject
    other.exts.pop(AKI)


for change in (is_broken, is_no_ca, has_expired, is_of_another, is_signed_by_itself):
    for place, function in zip(("first", "last", "alone"), twins(change)):
        CASES[f"twin_{change.__name__}_{place}"] = function


def roots_of_one_name(ids, place):
    def make(c):
        other = Cert("Orchard Root", curve(ec.SECP256R1()), ca=True)
        if not ids:
            no_ids(c.inter, c.root, other)
        roots = [other, c.root] if place == "last" else [c.root, other]
        c.trust = lambda: [r.make() for r in roots]
    return make


for ids in (True, False):
    for place in ("first", "last"):
        CASES[f"root_{place}_{'with' if ids else 'without'}_ids"] = roots_of_one_name(ids, place)


def cas_sent(n, place, good=True):
    def make(c):
        cas = of_one_name(c, n, place, good)
        c.chain = lambda: [c.leaf.make(), *(ca.make() for ca in cas)]
    return make


def cas_trusted(n, place, good=True):
    def make(c):
        cas = of_one_name(c, n, place, good)
        c.chain = lambda: [c.leaf.make()]
        c.trust = lambda: [ca.make() for ca in cas]
    return make


for n in (20, 21):
    CASES[f"cas_sent_{n}"] = cas_sent(n, n - 1)
    CASES[f"cas_trusted_{n}"] = cas_trusted(n, n - 1)
CASES["cas_sent_none"] = cas_sent(3, 0, False)
CASES["cas_sent_many_none"] = cas_sent(18, 0, False)
CASES["cas_trusted_none"] = cas_trusted(3, 0, False)


def by_rsa(where, what):
    def make(c):
        c.inter = Cert("Orchard Issuing", rsa_key(2048), c.root, ca=True)
        c.reissue()
        no_ids(c.leaf, c.inter)
        other = Cert("Orchard Issuing", rsa_key(2048), c.root, ca=True)
        no_ids(other)
        if what == "damaged":  # its serial number, not its signature
            c.leaf.finish = lambda whole: whole[:17] + bytes([whole[17] ^ 1]) + whole[18:]
        cas = [other, c.inter] if what != "other" else [other]
        if where == "trusted":
            c.chain = lambda: [c.leaf.make()]
            c.trust = lambda: [ca.make() for ca in cas]
        else:
            c.chain = lambda: [c.leaf.make(), *(ca.make() for ca in cas)]
    return make


for where in ("trusted", "sent"):
    for what in ("good", "damaged", "other"):
        CASES[f"rsa_{where}_{what}"] = by_rsa(where, what)


@case
def damaged_by_ec_trusted(c):
    no_ids(c.leaf, c.inter)
    broken(c.leaf)
    c.chain = lambda: [c.leaf.make()]
    c.trust = lambda: [c.inter.make()]


@case
def damaged_with_ids_trusted(c):
    broken(c.leaf)
    c.chain = lambda: [c.leaf.make()]
    c.trust = lambda: [c.inter.make()]


@case
def loop(c):
    upper = Cert("Orchard Upper", curve(ec.SECP256R1()), c.inter, ca=True)
    c.inter.above, c.inter.issuer = upper, upper.subject
    c.inter.exts[AKI] = ext(AKI, seq(der(0x80, upper.key.id)))
    c.inter.exts[BC] = ext(BC, seq(der(1, b"\xff")), True)
    c.chain = lambda: [c.leaf.make(), c.inter.make(), upper.make()]


@case
def crossed_root_sent(c):
    old = Cert("Orchard Old Root", curve(ec.SECP256R1()), ca=True)
    cross = twin(c.root)
    cross.above, cross.issuer = old, old.subject
    c.chain = lambda: [c.leaf.make(), c.inter.make(), cross.make()]


@case
def crossed_root_needed(c):
    old = Cert("Orchard Old Root", curve(ec.SECP256R1()), ca=True)
    cross = twin(c.root)
    cross.above, cross.issuer = old, old.subject
    c.chain = lambda: [c.leaf.make(), c.inter.make(), cross.make()]
    c.trust = lambda: [old.make()]


@case
def root_not_signed_by_itself(c):
    broken(c.root)
    c.chain = lambda: [c.leaf.make(), c.inter.make(), c.root.make()]
    c.trust = lambda: []


@case
def root_sent_and_not_trusted(c):
    c.chain = lambda: [c.leaf.make(), c.inter.make(), c.root.make()]
    c.trust = lambda: [Cert("Orchard Other Root", curve(ec.SECP256R1()), ca=True).make()]


@case
def leaf_twice(c):
    c.chain = lambda: [c.leaf.make(), c.leaf.make(), c.inter.make(), c.inter.make()]


@case
def leaf_trusted(c):
    c.trust = lambda: [c.leaf.make(), c.root.make()]


def main():
    for name, change in CASES.items():
        made = Case()
        change(made)
        print(json.dumps({"name": f"path_{name}", "host": made.host, "at": int(NOW.timestamp()),
                          "chain": [x.hex() for x in made.chain()], "trust": [x.hex() for x in made.trust()]},
                         separators=(",", ":")))


main()
