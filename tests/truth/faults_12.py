"""Faults of a TLS 1.2 server, from the first byte to the last."""
import os
import struct

from arithmetic import P256, EcKey, der, der_int, signature
from faults import (ENDED, NEGOTIATION, add, at_byte, by, closes, cut, doubled, flipped, inserted, length_by, longer,
                    missing, moved, put, replaced_extension, says, sends, to, waits, with_extension, without_extension)
from hellos import vec24
from talk import message

RENEGOTIATION, POINT_FORMATS = 0xFF01, 11
NOT_OFFERED = 'parameter-not-offered'
MALFORMED = 'message-malformed'
ORDER = 'unexpected-message'

# ServerHello: what was never offered.
# (Our own client offers TLS 1.0 and 1.1, and mbedTLS 2.28's.)
for name, version, skips in (('ssl3', 0x0300, '-'), ('tls10', 0x0301, 'probe'), ('tls11', 0x0302, 'probe'),
                             ('unknown', 0x0505, '-')):
    add('version-' + name, (NOT_OFFERED, 'no-common-version'), {'hello fields': put(version=version)},
        accept=('downgrade-sentinel',), skips=skips)
add('version-tls13-in-the-field', (NOT_OFFERED, 'no-common-version', MALFORMED), {'hello fields': put(version=0x0304)})
add('suite-not-offered', NOT_OFFERED, {'hello fields': put(suite=0x0034)})     # DH_anon: of no client's own accord
add('suite-null', NOT_OFFERED, {'hello fields': put(suite=0x0000)})
add('suite-grease', NOT_OFFERED, {'hello fields': put(suite=0x0A0A)})
add('suite-of-tls13', (NOT_OFFERED, MALFORMED), {'hello fields': put(suite=0x1301)}, accept=('no-common-cipher-suite',))
add('suite-of-rsa-with-ec-key', ('certificate-type-unusable', 'signature-scheme-mismatch'),
    {'hello fields': put(suite=0xCCA8)})
add('compression', (NOT_OFFERED, MALFORMED), {'hello fields': put(compression=1)})
add('compression-unknown', (NOT_OFFERED, MALFORMED), {'hello fields': put(compression=0x77)})
add('session-id-too-long', MALFORMED, {'hello fields': put(session_id=bytes(range(33)))})
add('session-id-claims-resumption', (ORDER, 'stale-session', NOT_OFFERED),
    {'hello fields': lambda talk, old: {**old, 'session_id': talk.client.session_id or old['session_id']}})
add('extension-not-offered', NOT_OFFERED, {'hello fields': with_extension(0x1234, b'abc')})
add('extension-alpn-not-asked', NOT_OFFERED, {'hello fields': with_extension(16, b'\0\3\2h2')},
    accept=('alpn-mismatch',))
add('extension-fragment-length-not-asked', NOT_OFFERED, {'hello fields': with_extension(1, b'\1')})
add('extension-twice', (MALFORMED, NOT_OFFERED), {'hello fields': with_extension(RENEGOTIATION, b'\0')})
add('extension-twice-other', (MALFORMED, NOT_OFFERED), {'hello fields': with_extension(POINT_FORMATS, b'\1\0')})
add('extension-cookie', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(44, b'\0\1a')})
add('extension-shared-key', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(41, b'\0\0')})
add('extension-of-tls13', (NOT_OFFERED, MALFORMED), {'hello fields': with_extension(51, b'\0\x1d\0\1a')})
add('renegotiation-info-missing', 'renegotiation-info-missing', {'hello fields': without_extension(RENEGOTIATION)})
add('renegotiation-info-not-empty', (MALFORMED, 'renegotiation-info-missing', NOT_OFFERED),
    {'hello fields': replaced_extension(RENEGOTIATION, b'\x0cabcdefghijkl')})
add('renegotiation-info-length', MALFORMED, {'hello fields': replaced_extension(RENEGOTIATION, b'\5a')})
add('point-formats-empty', MALFORMED, {'hello fields': replaced_extension(POINT_FORMATS, b'')})
add('master-secret-not-empty', MALFORMED, {'hello fields': replaced_extension(23, b'x')})
add('master-secret-forgotten', ('finished-mismatch', 'record-cipher-broken', 'extended-master-secret-mismatch'),
    {'forgets master secret': True})

# ServerHello: its bytes.
add('hello-cut', MALFORMED, {'ServerHello': cut(20)})
add('hello-cut-in-extensions', MALFORMED, {'ServerHello': by(lambda body: body[:-3])})
add('hello-longer', MALFORMED, {'ServerHello': longer(b'\0\0\0')})
add('hello-extensions-length', MALFORMED, {'ServerHello': at_byte(39, lambda n: n + 9)})
add('hello-empty', MALFORMED, {'ServerHello': to(b'')})
add('hello-length-too-long', (MALFORMED, 'server-silent', 'message-fragmented'),
    {'message ServerHello': length_by(0x4000)},
    accept=ENDED)
add('hello-length-huge', (MALFORMED, 'server-silent', 'message-fragmented', 'record-too-large', 'heap-exhausted'),
    {'message ServerHello': length_by(0xF00000)}, accept=ENDED)
add('hello-twice', ORDER, {'flight': doubled('ServerHello')})
add('hello-missing', ORDER, {'flight': missing('ServerHello')})
add('hello-after-certificate', ORDER, {'flight': moved('Certificate', 'ServerHello')})

# Certificate: the message.
add('certificate-none', ('certificate-malformed', MALFORMED, 'certificate-type-unusable'),
    {'Certificate': to(b'\0\0\0')})
add('certificate-body-empty', MALFORMED, {'Certificate': to(b'')})
add('certificate-entry-empty', ('certificate-malformed', MALFORMED), {'Certificate': to(b'\0\0\3\0\0\0')})
add('certificate-cut', 'certificate-malformed', {'Certificate': by(lambda body: vec24(vec24(body[6:206])))})
add('certificate-garbage', 'certificate-malformed', {'Certificate': lambda *_: vec24(vec24(os.urandom(300)))})
add('certificate-zeros', 'certificate-malformed', {'Certificate': to(vec24(vec24(bytes(300))))})
add('certificate-list-longer', MALFORMED, {'Certificate': at_byte(2, lambda n: n + 5)})
add('certificate-list-shorter', MALFORMED, {'Certificate': at_byte(1, lambda n: n - 1)})
add('certificate-entry-longer', MALFORMED, {'Certificate': at_byte(3, 7)})
add('certificate-message-longer', MALFORMED, {'Certificate': longer(b'\0\0')})
add('certificate-missing', ORDER, {'flight': missing('Certificate')})
add('certificate-twice', ORDER, {'flight': doubled('Certificate')})
add('certificate-after-key-exchange', ORDER, {'flight': moved('ServerKeyExchange', 'Certificate')})

# Certificate: the chain.
TRUST = {
    'self-signed': ('self_signed', ('ca-not-trusted',)), 'other-root': ('other_root', ('ca-not-trusted',)),
    'intermediate-missing': ('lone_leaf', ('intermediate-missing',)),
    'issuer-not-a-ca': ('issuer_not_a_ca', ('issuer-not-a-ca',)),
    'path-too-long': ('path_too_long', ('path-too-long',)),
    'bad-signature': ('bad_chain_signature', ('chain-signature-bad',)),
    'out-of-order': ('out_of_order', ('chain-out-of-order',)), 'root-first': ('root_first', ('chain-out-of-order',)),
    'stranger-first': ('stranger_first', ('name-mismatch', 'wrong-private-key', 'chain-out-of-order')),
    'sha1': ('sha1_chain', ('weak-signature',)),
    'expired': ('of_leaf ends=2020-01-01', ('certificate-expired',)),
    'not-yet-valid': ('of_leaf begins=2044-01-01', ('certificate-not-yet-valid', 'clock-wrong')),
    'other-name': ('of_leaf names=other.example', ('name-mismatch',)),
    'for-clients': ('of_leaf purposes=clientAuth', ('ext-key-usage-forbids',)),
    'usage': ('of_leaf usages=keyAgreement', ('key-usage-forbids',)),
    'is-a-ca': ('of_leaf ca=yes', ('ca-certificate-as-leaf', 'key-usage-forbids')),
}
for name, (identity, right) in TRUST.items():
    add('chain-' + name, right, {}, identity=identity)
add('chain-rsa-1024', 'weak-key', {}, identity='rsa_chain bits=1024')
add('key-of-another', ('wrong-private-key', 'ec-arithmetic-broken'), {'signer': lambda *_: EcKey('truth another')})

# ServerKeyExchange: parameters.
POINT = ('point-encoding', MALFORMED)
add('point-off-curve', 'ec-arithmetic-broken', {'point': flipped(40)})
add('point-changed-after-signing', ('message-corrupted', 'ec-arithmetic-broken'), {'params sent': flipped(-5)})
add('point-compressed', (*POINT, NOT_OFFERED), {'point': by(lambda p: bytes([2 + (p[-1] & 1)]) + p[1:33])})
add('point-infinity', (*POINT, 'ec-arithmetic-broken', 'ephemeral-key-trivial'), {'point': to(b'\0')})
add('point-of-another-length', POINT, {'point': longer(bytes(32))})
add('point-cut', POINT, {'point': cut(64)})
add('point-without-form', POINT, {'point': by(lambda p: p[1:])})
add('point-hybrid', POINT, {'point': by(lambda p: bytes([6 + (p[-1] & 1)]) + p[1:])})
add('point-little-endian', 'point-encoding', {'point': by(lambda p: p[:1] + p[32:0:-1] + p[64:32:-1])})
add('point-swapped', 'point-encoding', {'point': by(lambda p: p[:1] + p[33:] + p[1:33])})
add('point-empty', MALFORMED, {'point': to(b'')}, accept=('point-encoding',))
add('point-generator', 'ephemeral-key-trivial', {'point': to(P256.encode(P256.g))},
    accept=('record-cipher-broken', 'finished-mismatch'))
add('x25519-zero', ('ephemeral-key-trivial', 'ephemeral-key-repeats', 'ec-arithmetic-broken', MALFORMED),
    {'group': to(29), 'point': to(bytes(32))})
add('x25519-short', POINT, {'group': to(29), 'point': cut(31)})
add('group-not-offered', NOT_OFFERED, {'params': by(lambda p: p[:1] + b'\0\1' + p[3:])})
add('group-unknown', NOT_OFFERED, {'params': by(lambda p: p[:1] + b'\xfe\xfe' + p[3:])})
add('group-not-of-the-point', POINT, {'params': by(lambda p: p[:1] + b'\0\x18' + p[3:])})
add('curve-explicit', (MALFORMED, NOT_OFFERED), {'params': by(lambda p: b'\1' + p[1:])})
add('curve-type-unknown', (MALFORMED, NOT_OFFERED), {'params': by(lambda p: b'\x09' + p[1:])})
add('point-length-longer', MALFORMED, {'params sent': at_byte(3, 200)})
add('point-length-shorter', POINT, {'params sent': at_byte(3, 20)})

# ServerKeyExchange: the signature.
ENCODING = ('signature-encoding',)


def numbers_of(der_signature):
    r_length = der_signature[3]
    return der_signature[4:4 + r_length], der_signature[6 + r_length:]


def with_numbers(change):
    def of(_, signed):
        r, s = change(*numbers_of(signed))
        return der(0x30, der(2, r), der(2, s))
    return of


def raw_numbers(_, signed):
    return b''.join(n[-32:].rjust(32, b'\0') for n in numbers_of(signed))


add('signature-empty', (*ENCODING, MALFORMED), {'signature': to(b'')})
add('signature-cut', (*ENCODING, MALFORMED), {'signature': by(lambda s: s[:-6])})
add('signature-longer', ENCODING, {'signature': longer(b'\0\0')})
add('signature-padded', ENCODING, {'signature': with_numbers(lambda r, s: (b'\0\0' + r, s))})
# (Where both numbers have a clear first bit, this is no fault, and the client puts up with it.)
add('signature-negative', ENCODING, {'signature': with_numbers(lambda r, s: (r.lstrip(b'\0'), s.lstrip(b'\0')))},
    accept=('ec-arithmetic-broken', 'wrong-private-key', 'message-corrupted'))
add('signature-raw', ENCODING, {'signature': raw_numbers})
add('signature-long-form', ENCODING, {'signature': by(lambda s: b'\x30\x81' + s[1:])})
add('signature-r-zero', (*ENCODING, 'ec-arithmetic-broken'), {'signature': with_numbers(lambda r, s: (b'\0', s))})
add('signature-s-zero', (*ENCODING, 'ec-arithmetic-broken'), {'signature': with_numbers(lambda r, s: (r, b'\0'))})
add('signature-r-is-order', (*ENCODING, 'ec-arithmetic-broken'),
    {'signature': with_numbers(lambda r, s: (der_int(P256.n)[2:], s))})
add('signature-both-zero', (*ENCODING, 'ec-arithmetic-broken'),
    {'signature': with_numbers(lambda r, s: (b'\0', b'\0'))})
add('signature-s-is-order', (*ENCODING, 'ec-arithmetic-broken'),
    {'signature': with_numbers(lambda r, s: (r, der_int(P256.n)[2:]))})
add('signature-one-number', ENCODING, {'signature': lambda _, s: der(0x30, der(2, numbers_of(s)[0]))})
add('signature-of-octets', ENCODING, {'signature': lambda _, s: der(0x04, s)})
add('signature-flipped', 'message-corrupted', {'signature': flipped(-4)}, accept=('ec-arithmetic-broken',))
add('signature-random', 'ec-arithmetic-broken',
    {'signature': lambda *_: signature(*(int.from_bytes(os.urandom(31), 'big') for _ in 'rs'))},
    accept=('wrong-private-key',))
add('signature-zeros', (*ENCODING, MALFORMED), {'signature': by(lambda s: bytes(len(s)))})
add('signature-other-hash', 'signature-hash-mismatch', {'scheme': to(0x0603)})
add('signature-sha1-labelled-sha256', 'signature-hash-mismatch', {'hash': to('sha1')})
add('signature-randoms-swapped', 'signature-transcript-mismatch', {'covered': by(lambda c: c[32:64] + c[:32] + c[64:])})
add('signature-params-only', 'signature-transcript-mismatch', {'covered': by(lambda c: c[64:])})
add('signature-without-client-random', 'signature-transcript-mismatch', {'covered': by(lambda c: c[32:])})
add('scheme-not-offered', NOT_OFFERED, {'scheme': to(0x0003)}, accept=('signature-scheme-mismatch',))
add('scheme-unknown', NOT_OFFERED, {'scheme': to(0x0903)}, accept=('signature-scheme-mismatch',))
add('scheme-of-rsa', 'signature-scheme-mismatch', {'scheme': to(0x0401)})
add('key-exchange-missing', ORDER, {'flight': missing('ServerKeyExchange')})
add('key-exchange-twice', ORDER, {'flight': doubled('ServerKeyExchange')})
add('key-exchange-longer', MALFORMED, {'ServerKeyExchange': longer(b'\0')})
add('key-exchange-cut', MALFORMED, {'ServerKeyExchange': by(lambda b: b[:50])})
add('key-exchange-empty', MALFORMED, {'ServerKeyExchange': to(b'')})
add('key-exchange-length-longer', (MALFORMED, ORDER), {'message ServerKeyExchange': length_by(4)}, accept=ENDED)
add('key-exchange-length-shorter', MALFORMED, {'message ServerKeyExchange': length_by(-7)}, accept=(ORDER,))

# The rest of the flight.
add('done-missing', (ORDER, 'server-silent'), {'flight': missing('ServerHelloDone')})
add('done-not-empty', MALFORMED, {'ServerHelloDone': to(b'\0\0')})
add('done-early', ORDER, {'flight': moved('ServerHelloDone', 'ServerKeyExchange')})
add('request-malformed', MALFORMED, {'asks': True, 'CertificateRequest': cut(4)})
add('request-empty', MALFORMED, {'asks': True, 'CertificateRequest': to(b'')})
add('request-before-certificate', ORDER, {'asks': True, 'flight': moved('CertificateRequest', 'Certificate')})
add('request-and-refusal', 'client-certificate-missing', {'asks': True, 'no certificate': says(40)})
add('request-and-refusal-42', 'client-certificate-missing', {'asks': True, 'no certificate': says(42)})
for code in (20, 51):                # about records and keys, though no certificate came
    add('request-and-alert-%d' % code, ('finished-mismatch', 'record-cipher-broken'),
        {'asks': True, 'client finished': says(code)})
add('message-unknown', (ORDER, MALFORMED), {'flight': inserted('x', message(99, b'abc'), 'Certificate')})
add('message-of-tls13', ORDER, {'flight': inserted('x', message('EncryptedExtensions', b'\0\0'), 'Certificate')})
add('message-of-a-client', ORDER, {'flight': inserted('x', message('ClientKeyExchange', b'\1a'), 'Certificate')})
add('finished-in-the-flight', ORDER, {'flight': inserted('x', message('Finished', bytes(12)), 'ServerHelloDone')})
add('change-cipher-spec-early', ORDER, {'after ServerHello': sends(b'\x14\3\3\0\1\1')})
add('change-cipher-spec-after-flight', ORDER, {'flight': by(lambda f: f + [('ChangeCipherSpec', b'\1')])})
add('data-in-the-flight', ORDER, {'after Certificate': sends(b'\x17\3\3\0\5hello')})
add('warning-in-the-flight', (), {'after Certificate': lambda talk: talk.alert(112, 1)}, accept=('sni-unknown',))

# Records.
add('record-version-2', (MALFORMED, 'not-tls'), {'hello': sends(b'\x16\2\0\0\4\2\0\0\0', 'fin')})
add('record-version-5', (MALFORMED, 'not-tls'), {'hello': sends(b'\x16\5\5\0\4\2\0\0\0', 'fin')})
add('record-kind-unknown', (MALFORMED, 'not-tls', ORDER), {'hello': sends(b'\x63\3\3\0\4\2\0\0\0', 'fin')})
add('record-kind-unknown-later', (MALFORMED, 'not-tls', ORDER), {'after ServerHello': sends(b'\x63\3\3\0\4\2\0\0\0')})
add('record-empty', (MALFORMED, ORDER), {'after ServerHello': sends(b'\x16\3\3\0\0')})
add('record-empty-many', (MALFORMED, ORDER, 'answer-endless'), {'after ServerHello': sends(b'\x16\3\3\0\0' * 200)})
add('record-too-long', ('record-too-large', MALFORMED),
    {'after ServerHello': sends(b'\x16\3\3\x4e\x20\x0b\0\x4e\x1c' + bytes(19996), 'fin')})
add('record-length-lies', ('peer-closed', MALFORMED, 'connection-reset'),
    {'after ServerHello': sends(b'\x16\3\3\x3f\xff\x0b\0\3\0' + bytes(100), 'fin')})
add('record-each-byte', (), {'records': by(lambda parts: [p[i:i + 1] for p in parts for i in range(len(p))])},
    accept=('message-fragmented', 'record-too-large'))
add('record-header-cut', ENDED, {'after ServerHello': sends(b'\x16\3', 'fin')}, accept=(MALFORMED,))
add('garbage-after-hello', (MALFORMED, 'not-tls'),
    {'after ServerHello': lambda t: sends(b'\x81' + os.urandom(200), 'fin')(t)})
add('garbage-after-flight', (MALFORMED, 'not-tls', ORDER), {'client key': sends(b'\xa7' * 90, 'fin')})
add('http-after-hello', (MALFORMED, 'not-tls', 'plain-http'),
    {'after ServerHello': sends(b'HTTP/1.1 500 No\r\n\r\n', 'fin')})

# Finished, and what is under the keys.
CIPHER = ('record-cipher-broken', 'finished-mismatch')
add('secret-wrong', CIPHER, {'secret': flipped(3)})
add('verify-data-wrong', 'finished-mismatch', {'verify data': flipped(3)}, hidden=True, accept=CIPHER)
add('verify-data-short', ('finished-mismatch', MALFORMED), {'verify data': cut(11)}, hidden=True, accept=CIPHER)
add('verify-data-long', ('finished-mismatch', MALFORMED), {'verify data': longer()}, hidden=True, accept=CIPHER)
add('verify-data-empty', ('finished-mismatch', MALFORMED), {'verify data': to(b'')}, hidden=True, accept=CIPHER)
add('record-mac-wrong', CIPHER, {'sealed': flipped(-1)}, hidden=True)
add('record-cipher-short', (*CIPHER, MALFORMED), {'sealed': cut(9)})
add('finished-in-the-clear', (*CIPHER, ORDER, MALFORMED), {'no keys': True})
add('change-cipher-spec-missing', (*CIPHER, ORDER, MALFORMED), {'ccs': to(None)})
add('change-cipher-spec-long', (MALFORMED, ORDER), {'ccs': to(b'\1\1')})
add('change-cipher-spec-2', (MALFORMED, ORDER), {'ccs': to(b'\2')})
add('change-cipher-spec-empty', (MALFORMED, ORDER), {'ccs': to(b'')})
add('finished-missing', (ORDER, 'server-silent'), {'ccs sent': waits}, accept=ENDED)
add('finished-missing-closed', (ORDER, 'peer-closed'), {'ccs sent': closes()}, accept=CIPHER)
add('finished-missing-reset', (ORDER, 'connection-reset'), {'ccs sent': closes('reset')}, accept=CIPHER)
for code in (10, 20, 40, 47, 51, 80):
    add('alert-%d-for-finished' % code, CIPHER if code in (20, 51) else (), {'client finished': says(code)},
        accept=(*CIPHER, 'heap-exhausted'))
for code in (42, 46, 48, 116):
    add('alert-%d-for-no-certificate-asked' % code, (), {'client finished': says(code)}, accept=CIPHER)

# Alerts in answer to the hello: what the server says of itself is believed as far as the hello bears it out.
add('alert-70', 'no-common-version', {'hello': says(70)})
add('alert-71', ('no-common-cipher-suite', 'weak-key'), {'hello': says(71)}, accept=NEGOTIATION)
add('alert-112', 'sni-unknown', {'hello': says(112)})
add('alert-40', (), {'hello': says(40)}, accept=NEGOTIATION)
for code in (0, 10, 20, 22, 30, 42, 43, 46, 47, 48, 49, 50, 51, 60, 80, 86, 90, 100, 109, 110, 115, 116, 120, 255):
    add('alert-%d' % code, (), {'hello': says(code)}, accept=(
        *NEGOTIATION, 'peer-closed', 'client-certificate-missing', 'psk-unknown-identity', 'downgrade-sentinel',
        'heap-exhausted', 'record-too-large', 'message-malformed', 'client-hello-too-large'))
add('alert-warning-then-close', ('peer-closed',), {'hello': says(90, 1)}, accept=NEGOTIATION)
for stage in ('ServerHello', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone'):
    add('alert-80-after-' + stage, (), {'after ' + stage: says(80)}, accept=('heap-exhausted', 'peer-closed'))
add('alert-40-after-ServerHello', (), {'after ServerHello': says(40)}, accept=('peer-closed', *NEGOTIATION))
add('alert-short', MALFORMED, {'hello': sends(b'\x15\3\3\0\1\2', 'fin')}, accept=ENDED)
add('alert-long', MALFORMED, {'hello': sends(b'\x15\3\3\0\3\2\x28\0', 'fin')}, accept=(*ENDED, *NEGOTIATION))
add('alert-empty', MALFORMED, {'hello': sends(b'\x15\3\3\0\0', 'fin')}, accept=(*ENDED, *NEGOTIATION))
add('alert-short-later', MALFORMED, {'after Certificate': sends(b'\x15\3\3\0\1\2', 'fin')}, accept=ENDED)
add('change-cipher-spec-long-early', (MALFORMED, ORDER), {'after ServerHello': sends(b'\x14\3\3\0\2\1\1', 'fin')})
add('alert-level-7', MALFORMED, {'hello': sends(b'\x15\3\3\0\2\7\x28', 'fin')}, accept=(*ENDED, *NEGOTIATION))

# Who goes away, and when.
STAGES = {'before-hello': 'accepted', 'at-hello': 'hello', 'after-ServerHello': 'after ServerHello',
          'after-Certificate': 'after Certificate', 'after-flight': 'flight sent', 'at-client-key': 'client key',
          'at-client-finished': 'client finished'}
for name, stage in STAGES.items():
    add('closes-' + name, 'peer-closed', {stage: closes()}, accept=ENDED)
    add('resets-' + name, 'connection-reset', {stage: closes('reset')}, accept=ENDED)
    add('silent-' + name, 'server-silent', {stage: waits}, accept=ENDED)
add('closes-in-a-record', 'peer-closed', {'after ServerHello': sends(b'\x16\3\3\2\0\x0b\0\1\xfc\0\1\xf9', 'fin')},
    accept=(MALFORMED,))
add('closes-after-finished', 'peer-closed', {'finished': closes()}, accept=ENDED, late=True)
add('resets-after-finished', 'connection-reset', {'finished': closes('reset')}, accept=ENDED, late=True)

# Something else answers.
OTHERS = {
    'http': (b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 'plain-http'),
    'html': (b'<html><body>400</body></html>', ('not-tls', 'plain-http')),
    'smtp': (b'220 mail.example ESMTP\r\n', 'starttls-needed'), 'ftp': (b'220 (vsFTPd 3.0.3)\r\n', 'starttls-needed'),
    'imap': (b'* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n', 'starttls-needed'),
    'pop3': (b'+OK POP3 ready\r\n', 'starttls-needed'), 'ssh': (b'SSH-2.0-OpenSSH_9.2\r\n', 'not-tls'),
    'redis': (b'-ERR unknown command\r\n', 'not-tls'), 'zeros': (bytes(64), 'not-tls'),
    'noise': (b'\xc3\x28' * 40, 'not-tls'), 'mqtt': (b'\x20\2\0\1', 'not-tls'),
    'one-byte': (b'N', ('not-tls', 'starttls-needed')),
    'mysql': (b'\x4a\0\0\0\x0a8.0.36\0' + bytes(69), ('starttls-needed', 'not-tls')),
    'sslv2': (b'\x80\x03\0\0\1', ('not-tls', 'no-common-version', MALFORMED)),
}
for name, (data, right) in OTHERS.items():
    add('answers-' + name, right, {'hello': sends(data, 'fin')})
for name in ('smtp', 'ssh'):
    add('greets-' + name, OTHERS[name][1], {'accepted': sends(OTHERS[name][0], 'fin')})


def echo(talk):
    talk.raw(struct.pack('!BHH', 22, 0x0301, len(talk.transcript)) + talk.transcript)
    talk.close()


add('answers-the-same', (ORDER, 'not-tls'), {'hello': echo})
