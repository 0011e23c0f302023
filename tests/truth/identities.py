"""The certificates that the servers show: one good chain, and one for each thing that can be wrong with it."""
import functools

from arithmetic import EcKey, RsaKey
from certificates import Certificate, authority

NAME = 'server.example'
LEAF = {'names': (NAME,), 'usages': ('digitalSignature',), 'purposes': ('serverAuth',)}
SUB = {'ca': True, 'path_length': 0, 'usages': ('keyCertSign', 'cRLSign')}


class Identity:
    """A chain of certificates (DER) and the key that signs for it."""

    def __init__(self, key, *certificates):
        self.key, self.chain = key, [getattr(c, 'der', c) for c in certificates]


@functools.cache
def root():
    return authority('Truth Root CA')


@functools.cache
def sub(**more):
    return Certificate('Truth Sub CA', EcKey('Truth Sub CA'), root(), **{**SUB, **more})


@functools.cache
def key(name=NAME):
    return EcKey('truth ' + name)


def leaf(issuer=None, **more):
    return Certificate(NAME, more.pop('key', None) or key(), issuer or sub(), **{**LEAF, **more})


@functools.cache
def good():
    return Identity(key(), leaf(), sub())


def of_leaf(**more):
    """The good chain with a leaf that differs."""
    return Identity(key(), leaf(**more), sub())


def self_signed():
    return Identity(key(), Certificate(NAME, key(), None, **LEAF))


def other_root():
    above = authority('Other Root CA')
    return Identity(key(), leaf(above), above)


def lone_leaf():
    return Identity(key(), leaf())


def issuer_not_a_ca():
    plain = Certificate('Truth Sub CA', EcKey('Truth Sub CA'), root(), ca=False, usages=('digitalSignature',))
    return Identity(key(), leaf(plain), plain)


def path_too_long():
    lower = Certificate('Truth Lower CA', EcKey('Truth Lower CA'), sub(), ca=True, usages=('keyCertSign', 'cRLSign'))
    return Identity(key(), leaf(lower), lower, sub())


def bad_chain_signature():
    der = bytearray(leaf().der)
    der[-3] ^= 0x40
    return Identity(key(), bytes(der), sub())


def out_of_order():
    return Identity(key(), sub(), leaf())


@functools.cache
def rsa(bits):
    return RsaKey('truth rsa %d' % bits, bits)


def rsa_chain(bits=2048):
    return Identity(rsa(bits), leaf(key=rsa(bits), usages=('digitalSignature', 'keyEncipherment')), sub())


def sha1_chain():
    return Identity(key(), leaf(hash_name='sha1'), sub())


def root_first():
    return Identity(key(), root(), leaf(), sub())


def stranger_first():
    """Another server's certificate stands before the one whose key is at work."""
    other = Certificate('other.example', EcKey('truth other'), sub(), **{**LEAF, 'names': ('other.example',)})
    return Identity(key(), other, leaf(), sub())
