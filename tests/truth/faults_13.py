"""Faults of a TLS 1.3 server: first what all can see, then what its encryption hides."""
import os
import struct

from arithmetic import P256, EcKey
from faults import (ENDED, add_13, at_byte, by, closes, cut, doubled, flipped, hidden_13, inserted, length_by, longer,
                    missing, moved, put, replaced_extension, says, sends, to, waits, with_extension, without_extension)
from faults_12 import CIPHER, ENCODING, MALFORMED, NOT_OFFERED, ORDER, POINT, TRUST, with_numbers
from hellos import numbers, vec16, vec24
from talk import ALERT, DATA, HANDSHAKE, TLS13, message

VERSIONS, SHARE = 43, 51

# ServerHello.
add_13('suite-not-offered', NOT_OFFERED, {'hello fields': put(suite=0x13FF)})
add_13('suite-of-tls12', (NOT_OFFERED, MALFORMED), {'hello fields': put(suite=0xC02B)},
       accept=('no-common-cipher-suite',))
add_13('session-id-not-echoed', (NOT_OFFERED, MALFORMED), {'hello fields': put(session_id=b'')})
add_13('session-id-of-its-own', (NOT_OFFERED, MALFORMED), {'hello fields': put(session_id=bytes(range(32)))})
add_13('compression', (NOT_OFFERED, MALFORMED), {'hello fields': put(compression=1)})
add_13('version-field', (NOT_OFFERED, MALFORMED, 'no-common-version'), {'hello fields': put(version=0x0304)})
add_13('version-tls12-selected', (NOT_OFFERED, MALFORMED, 'no-common-version'),
       {'hello fields': replaced_extension(VERSIONS, b'\3\3')})
add_13('version-unknown-selected', (NOT_OFFERED, 'no-common-version'),
       {'hello fields': replaced_extension(VERSIONS, b'\3\5')})
add_13('version-length', MALFORMED, {'hello fields': replaced_extension(VERSIONS, b'\3\4\0')})
add_13('share-missing', (MALFORMED, NOT_OFFERED, 'unexpected-message'), {'hello fields': without_extension(SHARE)})
add_13('share-group-not-offered', NOT_OFFERED, {'group': to(0x0001)})
add_13('share-group-not-sent', NOT_OFFERED, {'group': to(0x0018)}, accept=POINT)
add_13('share-short', POINT, {'point': cut(31)})
add_13('share-long', POINT, {'point': longer(b'\0' * 33)})
add_13('share-empty', MALFORMED, {'point': to(b'')}, accept=('point-encoding',))
add_13('share-length', MALFORMED, {'hello fields': replaced_extension(SHARE, b'\0\x1d\0\x40' + bytes(32))})
# (Also to a client that sends a share of secp256r1 first.)
add_13('share-zero', ('ephemeral-key-trivial', 'ephemeral-key-repeats', 'ec-arithmetic-broken', MALFORMED),
       {'group': to(29), 'point': to(bytes(32))})
add_13('share-off-curve', 'ec-arithmetic-broken', {'point': flipped(40)}, groups='P-256')
add_13('share-compressed', (*POINT, NOT_OFFERED), {'point': by(lambda p: bytes([2 + (p[-1] & 1)]) + p[1:33])},
       groups='P-256')
add_13('share-little-endian', 'point-encoding', {'point': by(lambda p: p[:1] + p[32:0:-1] + p[64:32:-1])},
       groups='P-256')
add_13('share-generator', 'ephemeral-key-trivial', {'point': to(P256.encode(P256.g))}, groups='P-256', accept=CIPHER)
add_13('extension-not-offered', NOT_OFFERED, {'hello fields': with_extension(0x1234, b'abc')})
add_13('extension-twice', (MALFORMED, NOT_OFFERED), {'hello fields': with_extension(VERSIONS, b'\3\4')})
add_13('extension-of-another-message', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(0, b'')})
add_13('extension-alpn-in-the-hello', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(16, b'\0\3\2h2')})
add_13('extension-renegotiation-info', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(0xFF01, b'\0')})
add_13('extension-of-tls12', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(23, b'')})
add_13('pre-shared-key-not-offered', NOT_OFFERED, {'hello fields': with_extension(41, b'\0\0')})
add_13('hello-cut', MALFORMED, {'ServerHello': cut(50)})
add_13('hello-longer', MALFORMED, {'ServerHello': longer(b'\0\0')})
add_13('hello-extensions-length', MALFORMED,
       {'hello fields': with_extension(44, b''), 'ServerHello': by(lambda b: b[:-1])})
add_13('hello-length-longer', (MALFORMED, ORDER, *ENDED), {'message ServerHello': length_by(30)},
       accept=(*ENDED, *CIPHER))
add_13('hello-twice', ORDER,
       {'after ServerHello': lambda t: t.raw(struct.pack('!BHH', 22, 0x0303, len(again(t))) + again(t))})
add_13('secret-wrong', CIPHER, {'secret': flipped(3)}, accept=('hidden-by-encryption',))


def again(talk):
    """The ServerHello, which is the last of the transcript so far."""
    at = 4 + int.from_bytes(talk.transcript[1:4], 'big')
    return talk.transcript[at:]


# HelloRetryRequest.
def unshared(talk):
    """A group that the client has offered, and sent no share for."""
    return next(g for g in (23, 24) if g not in talk.client.shares)


def retries(group=None, fields=None):
    def change(talk):
        if fields:
            talk.fault.changes['retry fields'] = fields
        talk.retry(group or unshared(talk))
    return change


def retries_twice(talk):
    talk.retry(unshared(talk))
    talk.retry(29, 'second retry fields')


add_13('retry-group-not-offered', NOT_OFFERED, {'retries': retries(0x0001)})
add_13('retry-group-already-shared', (NOT_OFFERED, ORDER, MALFORMED), {'retries': lambda talk: talk.retry(talk.group)})
add_13('retry-twice', ORDER, {'retries': retries_twice})
add_13('retry-for-nothing', (MALFORMED, ORDER, NOT_OFFERED),
       {'retries': retries(fields=lambda t, f: {**f, 'extensions': f['extensions'][:1]})})
add_13('retry-cookie-empty', MALFORMED, {'retries': retries(fields=with_extension(44, b'\0\0'))})
add_13('retry-extension-not-offered', NOT_OFFERED, {'retries': retries(fields=with_extension(0x1234, b''))})
add_13('retry-without-version', (NOT_OFFERED, MALFORMED, 'no-common-version', ORDER),
       {'retries': retries(fields=without_extension(VERSIONS))})
add_13('retry-session-id', (NOT_OFFERED, MALFORMED), {'retries': retries(fields=put(session_id=b'x'))})
add_13('retry-then-another-suite', (NOT_OFFERED, MALFORMED, ORDER),
       {'retries': retries(), 'hello fields': put(suite=0x1301)})
add_13('retry-compression', (NOT_OFFERED, MALFORMED), {'retries': retries(fields=put(compression=1))})
add_13('retry-extension-twice', (NOT_OFFERED, MALFORMED), {'retries': retries(fields=with_extension(VERSIONS, b'\3\4'))})
add_13('retry-then-another-group', NOT_OFFERED, {'retries': retries(), 'group': to(29)}, accept=POINT)
add_13('retry-then-silence', 'server-silent', {'retries': retries(), 'retry': waits}, accept=ENDED)
add_13('retry-then-closed', 'peer-closed', {'retries': retries(), 'retry': closes()}, accept=ENDED)

# ChangeCipherSpec, and bytes in the clear where keys are due.
add_13('change-cipher-spec-first', ORDER, {'hello': sends(b'\x14\3\3\0\1\1')})
add_13('change-cipher-spec-long', (MALFORMED, ORDER), {'ccs': to(b'\1\1')})
add_13('change-cipher-spec-2', (MALFORMED, ORDER), {'ccs': to(b'\2')})
add_13('extensions-in-the-clear', (ORDER, MALFORMED, *CIPHER),
       {'after ServerHello': sends(b'\x16\3\3\0\6\x08\0\0\2\0\0', 'fin')})
add_13('certificate-in-the-clear', (ORDER, MALFORMED, *CIPHER),
       {'after ServerHello': sends(b'\x16\3\3\0\x08\x0b\0\0\4\0\0\0\0', 'fin')})
add_13('garbage-after-hello', (MALFORMED, 'not-tls', *CIPHER), {'after ServerHello': sends(b'\x99' * 77, 'fin')})
add_13('record-garbage-after-hello', CIPHER,
       {'after ServerHello': lambda t: sends(b'\x17\3\3\0\x50' + os.urandom(80), 'fin')(t)},
       accept=('hidden-by-encryption', *ENDED))
# What comes in the clear is out of its place, or a record that does not open, to a client that has its keys.
IN_THE_CLEAR = (ORDER, 'record-cipher-broken')
add_13('alert-40-after-hello', (), {'after ServerHello': sends(b'\x15\3\3\0\2\2\x28', 'fin')},
       accept=(*ENDED, 'no-common-signature-scheme', *IN_THE_CLEAR))
add_13('alert-80-after-hello', (), {'after ServerHello': sends(b'\x15\3\3\0\2\2\x50', 'fin')},
       accept=(*ENDED, 'heap-exhausted', *IN_THE_CLEAR))
for name, stage in (('hello', 'after ServerHello'), ('extensions', 'after EncryptedExtensions'),
                    ('certificate', 'after Certificate'), ('flight', 'flight sent'),
                    ('client-finished', 'client finished')):
    add_13('closes-after-' + name, 'peer-closed', {stage: closes()}, accept=(*ENDED, 'hidden-by-encryption'))
    add_13('resets-after-' + name, 'connection-reset', {stage: closes('reset')},
           accept=(*ENDED, 'hidden-by-encryption'))
    if name != 'client-finished':
        # (After its flight nothing need be said by a server: it may send no ticket, and the client may close.)
        add_13('silent-after-' + name, 'server-silent', {stage: waits}, accept=(*ENDED, 'hidden-by-encryption'),
               late=name == 'flight')

# Under the keys: messages.
hidden_13('extensions-missing', ORDER, {'flight': missing('EncryptedExtensions')})
hidden_13('extensions-twice', ORDER, {'flight': doubled('EncryptedExtensions')})
hidden_13('extensions-cut', MALFORMED, {'EncryptedExtensions': cut(1)})
hidden_13('extensions-longer', MALFORMED, {'EncryptedExtensions': longer(b'\0')})
hidden_13('extensions-not-offered', NOT_OFFERED, {'extensions': to(numbers([0x1234, 0]))}, accept=(MALFORMED,))
GROUPS = numbers([10]) + vec16(vec16(numbers([29])))
hidden_13('extensions-item-twice', MALFORMED, {'extensions': to(GROUPS + GROUPS)})
hidden_13('extensions-key-share', MALFORMED, {'extensions': to(numbers([51]) + vec16(numbers([29]) + vec16(bytes(32))))})
hidden_13('extensions-alpn-not-asked', (NOT_OFFERED, 'alpn-mismatch'),
          {'extensions': to(numbers([16]) + vec16(b'\0\3\2h2'))}, accept=(MALFORMED,))
hidden_13('extensions-share-inside', (NOT_OFFERED, MALFORMED), {'extensions': to(numbers([51]) + vec16(b'\0\x1d'))})
hidden_13('extensions-same-twice', (MALFORMED, NOT_OFFERED), {'extensions': to((numbers([0, 0])) * 2)})
hidden_13('request-cut', MALFORMED, {'asks': True, 'CertificateRequest': cut(2)})
hidden_13('request-without-schemes', (MALFORMED, 'no-common-signature-scheme'),
          {'asks': True, 'CertificateRequest': to(b'\0\0\0')})
hidden_13('certificate-missing', ORDER, {'flight': missing('Certificate')})
hidden_13('certificate-twice', ORDER, {'flight': doubled('Certificate')})
hidden_13('certificate-none', ('certificate-malformed', MALFORMED, 'certificate-type-unusable'),
          {'Certificate': to(b'\0\0\0\0')})
hidden_13('certificate-context', (MALFORMED, NOT_OFFERED), {'context': to(b'\2ab')})
hidden_13('certificate-cut', 'certificate-malformed',
          {'Certificate': by(lambda b: b'\0' + vec24(vec24(b[7:200]) + vec16(b'')))}, accept=(MALFORMED,))
hidden_13('certificate-garbage', 'certificate-malformed',
          {'Certificate': lambda *_: b'\0' + vec24(vec24(os.urandom(200)) + vec16(b''))}, accept=(MALFORMED,))
hidden_13('certificate-list-longer', MALFORMED, {'Certificate': at_byte(3, lambda n: n + 3)})
hidden_13('certificate-extension-not-offered', (NOT_OFFERED, MALFORMED),
          {'Certificate': by(lambda b: b[:1] + vec24(b[4:-2] + vec16(numbers([0x1234, 0]))))})
for name, (identity, right) in TRUST.items():
    hidden_13('chain-' + name, right, {}, identity=identity)
hidden_13('chain-ecdsa-key-of-another', ('wrong-private-key', 'ec-arithmetic-broken'),
          {'signer': lambda *_: EcKey('truth another')})
hidden_13('verify-missing', ORDER, {'flight': missing('CertificateVerify')})
hidden_13('verify-twice', ORDER, {'flight': doubled('CertificateVerify')})
hidden_13('verify-before-certificate', ORDER, {'flight': moved('CertificateVerify', 'Certificate')})
hidden_13('verify-scheme-of-another-curve', 'signature-scheme-mismatch', {'scheme': to(0x0503)},
          accept=('signature-hash-mismatch',))
hidden_13('verify-scheme-of-rsa', 'signature-scheme-mismatch', {'scheme': to(0x0804)})
hidden_13('verify-scheme-not-offered', NOT_OFFERED, {'scheme': to(0x0003)}, accept=('signature-scheme-mismatch',))
hidden_13('verify-scheme-pkcs1', (NOT_OFFERED, 'signature-scheme-mismatch'), {'scheme': to(0x0401)})
hidden_13('verify-context-of-client', 'signature-transcript-mismatch',
          {'context string': to(b'TLS 1.3, client CertificateVerify')})
hidden_13('verify-over-other-bytes', ('signature-transcript-mismatch', 'ec-arithmetic-broken', 'wrong-private-key'),
          {'covered': lambda *_: os.urandom(130)})
hidden_13('verify-without-padding', 'signature-transcript-mismatch', {'covered': by(lambda c: c[64:])},
          accept=('ec-arithmetic-broken', 'wrong-private-key'))
hidden_13('verify-hash-only', 'signature-transcript-mismatch', {'covered': by(lambda c: c[-32:])},
          accept=('ec-arithmetic-broken', 'wrong-private-key'))
hidden_13('verify-flipped', 'message-corrupted', {'signature': flipped(-4)},
          accept=('ec-arithmetic-broken', 'wrong-private-key'))
hidden_13('verify-empty', (*ENCODING, MALFORMED), {'signature': to(b'')})
hidden_13('verify-cut', (*ENCODING, MALFORMED), {'signature': by(lambda s: s[:-6])})
hidden_13('verify-r-zero', (*ENCODING, 'ec-arithmetic-broken'), {'signature': with_numbers(lambda r, s: (b'\0', s))})
hidden_13('verify-sha512', 'signature-hash-mismatch', {'hash': to('sha512')},
          accept=('ec-arithmetic-broken', 'wrong-private-key'))
hidden_13('finished-missing', (ORDER, 'server-silent'), {'flight': missing('Finished')}, accept=ENDED)
hidden_13('finished-before-verify', ORDER, {'flight': moved('Finished', 'CertificateVerify')}, accept=CIPHER)
hidden_13('finished-wrong', 'finished-mismatch', {'verify data': flipped(3)})
hidden_13('finished-short', ('finished-mismatch', MALFORMED), {'verify data': cut(31)})
hidden_13('finished-long', ('finished-mismatch', MALFORMED), {'verify data': longer()})
hidden_13('finished-empty', ('finished-mismatch', MALFORMED), {'verify data': to(b'')})
hidden_13('message-unknown', (ORDER, MALFORMED), {'flight': inserted('x', message(99, b'abc'), 'Certificate')})
hidden_13('message-of-tls12', ORDER, {'flight': inserted('x', message('ServerHelloDone', b''), 'Certificate')})
hidden_13('key-update-in-the-flight', ORDER, {'flight': inserted('x', message('KeyUpdate', b'\0'), 'Certificate')})
hidden_13('ticket-in-the-flight', ORDER,
          {'flight': inserted('x', message('NewSessionTicket', bytes(13)), 'Certificate')})
hidden_13('ticket-malformed', MALFORMED, {'NewSessionTicket': cut(7)}, late=True)
hidden_13('ticket-longer', MALFORMED, {'NewSessionTicket': longer(b'\0\0\0')}, late=True)
hidden_13('key-update-malformed', MALFORMED, {'message NewSessionTicket': to(message('KeyUpdate', b'\7'))}, late=True)
hidden_13('request-and-refusal', 'client-certificate-missing', {'asks': True, 'no certificate': says(116)})
for code in (40, 42):                # as Java and Go say it
    hidden_13('request-and-refusal-%d' % code, 'client-certificate-missing', {'asks': True, 'no certificate': says(code)},
              accept=CIPHER)
# (Its library is content, and its program closes: so Node. To call that completed is true as far as it goes.)
hidden_13('request-and-dropped-after-the-ticket', ('client-certificate-missing', 'peer-closed'),
          {'asks': True, 'finished': closes()}, accept=ENDED, late=True)

# Under the keys: records.
hidden_13('record-tag-wrong', CIPHER, {'sealed': flipped(-1)})
hidden_13('record-cut', CIPHER, {'sealed': cut(9)}, accept=(MALFORMED,))
hidden_13('record-without-kind', (MALFORMED, ORDER, *CIPHER), {'inner': to((0, b'', 20))})
hidden_13('record-empty', (MALFORMED, ORDER), {'inner': to((HANDSHAKE, b'', 0))})
hidden_13('record-of-data', ORDER, {'inner': by(lambda i: (DATA, *i[1:]))})
hidden_13('record-kind-unknown', (ORDER, MALFORMED), {'inner': by(lambda i: (99, *i[1:]))})
add_13('record-too-long', ('record-too-large', MALFORMED),
       {'after EncryptedExtensions': sends(b'\x17\3\3\x4e\x20' + bytes(20000), 'fin')},
       accept=('hidden-by-encryption', *CIPHER))
for code in (20, 40, 42, 46, 47, 48, 51, 80, 116, 120):
    hidden_13('alert-%d-for-finished' % code, {20: CIPHER, 51: CIPHER}.get(code, ()), {'client finished': says(code)},
              accept=(*CIPHER, *ENDED, 'client-certificate-missing', 'heap-exhausted', 'alpn-mismatch'))
hidden_13('alert-80-in-the-flight', (), {'after Certificate': says(80)}, accept=(*ENDED, 'heap-exhausted'))
hidden_13('alert-in-two-parts', MALFORMED, {'after EncryptedExtensions': lambda t: t.put_protected(ALERT, b'\2')})
hidden_13('alert-level-of-warning', (), {'client finished': says(47, 1)}, accept=(*CIPHER, *ENDED))

# It can do TLS 1.3, and says so, in TLS 1.2.
add_13('downgrade-signal', 'downgrade-sentinel',
       {'hello fields': lambda t, f: {**f, 'random': f['random'][:24] + b'DOWNGRD\1', 'suite': 0xCCA9,
                                      'session_id': b'', 'extensions': [(0xFF01, b'\0')]}}, accept=(ORDER,))
add_13('suite-of-another-hash', NOT_OFFERED, {'retries': retries(), 'hello fields': put(suite=TLS13 - 1)},
       accept=(MALFORMED, ORDER))
