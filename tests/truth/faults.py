"""What a server can do wrong: the table of faults, each with the diagnoses that are true of it.

  right    ids of which the first diagnosis has to be one
  accept   ids that are honest, if they are not said to be certain: they say less, or what it looks like
  hidden   TLS 1.3 encrypts what shows it: who has no keys may say so
  late     both sides had finished the handshake before: to call it completed is true
  skips    a client (a part of its name) that the fault is none for
  changes  what the server does differently (talk.py): functions of (talk, value), or of (talk) for stages
A client may put up with a fault. Whether it did, the server knows; then nothing need be said, and no
failure may be.
"""
import collections
import functools

Fault = collections.namedtuple('Fault', 'name version right accept hidden late identity groups skips changes')
ALL = []
HEALTHY = Fault('healthy', 0, frozenset(), frozenset(), False, False, 'good', None, '-', {})
NEGOTIATION = ('no-common-cipher-suite', 'no-common-group', 'no-common-signature-scheme', 'no-common-version',
               'certificate-type-unusable', 'sni-missing', 'sni-unknown', 'alpn-mismatch')
ENDED = ('peer-closed', 'connection-reset', 'server-silent')


def add(name, right, changes, accept=(), hidden=False, late=False, version=12, identity='good', groups=None, skips='-'):
    """`identity` names a function of identities.py; `groups` are all that the client is to offer."""
    right = (right,) if isinstance(right, str) else right
    ALL.append(Fault('%d-%s' % (version, name), version, frozenset(right), frozenset(accept), hidden, late, identity,
                     groups, skips, changes))


add_13 = functools.partial(add, version=13)
hidden_13 = functools.partial(add, version=13, hidden=True)


def keeps_waiting(fault):
    """May client and server wait for each other, until one of them has had enough?"""
    return 'server-silent' in fault.right | fault.accept


# Changes of values.

def to(value):
    return lambda talk, old: value


def put(**fields):
    """Other fields of a hello."""
    return lambda talk, old: {**old, **fields}


def by(change):
    """A function of the value alone."""
    return lambda talk, old: change(old)


def with_extension(kind, body, first=False):
    def change(_, fields):
        one = [(kind, body)]
        return {**fields, 'extensions': one + fields['extensions'] if first else fields['extensions'] + one}
    return change


def without_extension(kind):
    return lambda talk, fields: {**fields, 'extensions': [e for e in fields['extensions'] if e[0] != kind]}


def replaced_extension(kind, body):
    def change(_, fields):
        return {**fields, 'extensions': [(k, body if k == kind else b) for k, b in fields['extensions']]}
    return change


def cut(n):
    return by(lambda body: body[:n])


def longer(more=b'\0'):
    return by(lambda body: body + more)


def flipped(at, mask=0x10):
    def change(_, old):
        data = bytearray(old)
        data[at] ^= mask
        return bytes(data)
    return change


def at_byte(place, value):
    """That byte is another."""
    def change(_, old):
        data = bytearray(old)
        data[place] = value(data[place]) & 0xFF if callable(value) else value
        return bytes(data)
    return change


def length_by(more):
    """The length in a message's header is wrong by so much."""
    return by(lambda whole: whole[:1] + (int.from_bytes(whole[1:4], 'big') + more).to_bytes(3, 'big') + whole[4:])


# Changes of flights: lists of (name, message).

def missing(name):
    return by(lambda flight: [m for m in flight if m[0] != name])


def doubled(name):
    return by(lambda flight: [m for n in flight for m in ([n, n] if n[0] == name else [n])])


def moved(name, before):
    def change(_, flight):
        one = [m for m in flight if m[0] == name]
        rest = [m for m in flight if m[0] != name]
        at = next(i for i, m in enumerate(rest) if m[0] == before)
        return rest[:at] + one + rest[at:]
    return change


def inserted(name, whole, before):
    def change(_, flight):
        at = next(i for i, m in enumerate(flight) if m[0] == before)
        return flight[:at] + [(name, whole)] + flight[at:]
    return change


# Stages.

def says(code, level=2, then='fin'):
    def stage(talk):
        talk.alert(code, level)
        talk.close(then)
    return stage


def closes(how='fin'):
    return lambda talk: talk.close(how)


def waits(talk):
    talk.hold()


def sends(data, then=None):
    """Raw bytes; then it goes on, closes, or waits."""
    def stage(talk):
        talk.raw(data)
        if then == 'wait':
            talk.hold()
        elif then:
            talk.close(then)
    return stage
