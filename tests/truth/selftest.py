#!/usr/bin/env python3
"""Can the harness be believed? Its own arithmetic, its captures, and its verdicts, each against what is known."""
import pathlib
import random
import shutil
import struct
import tempfile
import unittest

import cases
import damaged
import damages
import faults
import live
import tls_keys as keys
import verdict
from packets import ACK, SYN, checksum, classic, read

# Ids of the catalogue that a report may use as soon as there is such a cause.
ACCEPTED_BESIDE = {'hidden-by-encryption', 'ca-certificate-as-leaf'}
FIXTURES = pathlib.Path(__file__).resolve().parents[2] / 'fixtures'


def of_hex(text):
    return bytes.fromhex(text.replace(' ', ''))


def packets_of(data):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'x.pcap'
        path.write_bytes(data)
        return read(path)[0]


def some_packets():
    return read(FIXTURES / 'healthy' / 'ecdsa' / 'capture.pcap')[0]


def stream_of(packets, client):
    """The bytes of one side, by their sequence numbers; the first that came stay."""
    who, found = damages.clients(packets), {}
    for p in packets:
        if p.tcp and damages.by_client(p, who) == client:
            for i, byte in enumerate(p.payload):
                found.setdefault((p.seq + i) & 0xFFFFFFFF, byte)
    return bytes(found[at] for at in sorted(found))


def setUpModule():
    damaged.lend(cases.gather(FIXTURES, []))


class Arithmetic(unittest.TestCase):
    def test_x25519__rfc_7748(self):
        scalar = of_hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4')
        point = of_hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c')
        self.assertEqual(keys.x25519(scalar, point),
                         of_hex('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'))

    def test_chacha20_poly1305__rfc_8439(self):
        key, nonce = bytes(range(0x80, 0xA0)), of_hex('070000004041424344454647')
        associated = of_hex('50515253c0c1c2c3c4c5c6c7')
        text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                b"sunscreen would be it.")
        sealed = keys.seal(key, nonce, associated, text)
        self.assertEqual(sealed[:16], of_hex('d31a8d34648e60db7b86afbc53ef7ec2'))
        self.assertEqual(sealed[-16:], of_hex('1ae10b594f09e26a7e902ecbd0600691'))
        self.assertEqual(keys.unseal(key, nonce, associated, sealed), text)
        self.assertIsNone(keys.unseal(key, nonce, b'', sealed))


class Captures(unittest.TestCase):
    def test_written__is_read_again(self):
        packets = [p.changed(hardware=0) for p in some_packets()]
        self.assertEqual(packets_of(classic(packets)), packets)

    def test_checksums__are_right(self):
        for p in packets_of(classic(some_packets()))[:5]:
            ip = damages.datagram_of(p)
            self.assertEqual(checksum(ip[:20]), 0)
            self.assertEqual(checksum(ip[12:20] + struct.pack('!HH', 6, len(ip) - 20) + ip[20:]), 0)

    def test_snaplen__cuts_and_says_so(self):
        cut = packets_of(classic(some_packets(), snaplen=96))
        self.assertTrue(any(p.lost for p in cut))
        for p, q in zip(some_packets(), cut):
            self.assertEqual(len(q.payload) + q.lost, len(p.payload))
            self.assertTrue(p.payload.startswith(q.payload))

    def test_damages__are_many_and_readable(self):
        packets, names = some_packets(), set()
        for damage in damages.ALL:
            made = damage.make(packets, random.Random(1))
            if made is not None:
                names.add(damage.name)
                self.assertGreaterEqual(len(made), 24, damage.name)
        self.assertGreaterEqual(len(names), 70)
        self.assertEqual(len({d.name for d in damages.ALL}), len(damages.ALL))

    def test_whole_damages__keep_every_byte(self):
        packets = some_packets()
        sides = [stream_of(packets, client) for client in (True, False)]
        seen = 0
        for damage in damages.ALL:
            made = damage.make(packets, random.Random(1)) if damage.kind == 'whole' else None
            if made is None or damage.name.startswith(('twice-', 'wrapped-', 'with-')):
                continue
            again = packets_of(made)
            self.assertEqual([stream_of(again, client) for client in (True, False)], sides, damage.name)
            seen += 1
        self.assertGreaterEqual(seen, 7)

    def test_losses__lose(self):
        whole = len(stream_of(some_packets(), False))
        for damage in damages.ALL:
            if damage.name in ('only-the-client', 'snaplen-64', 'early-third', 'late-at-second-flight'):
                again = packets_of(damage.make(some_packets(), random.Random(1)))
                self.assertLess(len(stream_of(again, False)), whole, damage.name)


def report_of(diagnoses, outcome='failed', port=50000, checks=()):
    return {'diagnoses': [dict(zip(('id', 'severity', 'confidence'), d)) for d in diagnoses],
            'handshakes': [{'client': {'port': port}, 'outcome': outcome, 'checks': list(checks)}]}


def case_of(*expect, must_not=()):
    return cases.Case('x', None, ('pcap', 'x'), 1, frozenset(expect), frozenset(must_not), bool(expect), False, True)


class Verdicts(unittest.TestCase):
    def judged(self, case, kind, document, status=1, before=None):
        damage = damages.Damage('x', kind, None)
        return verdict.judge(case, damage, before or {50000: {'failed'}}, (status, document, None))[:2]

    def test_right__by_its_confidence(self):
        document = report_of([('weak-key', 'note', 'certain'), ('name-mismatch', 'error', 'likely')])
        self.assertEqual(self.judged(case_of('name-mismatch'), 'whole', document), ('right', 'likely'))

    def test_another_cause__is_wrong(self):
        document = report_of([('weak-key', 'warning', 'possible'), ('name-mismatch', 'error', 'likely')])
        self.assertEqual(self.judged(case_of('name-mismatch'), 'lossy', document), ('wrong', 'possible'))

    def test_what_must_not_be__is_wrong_behind_the_truth_too(self):
        document = report_of([('name-mismatch', 'error', 'likely'), ('weak-key', 'error', 'certain')])
        self.assertEqual(self.judged(case_of('name-mismatch', must_not=['weak-key']), 'whole', document),
                         ('wrong', 'certain'))

    def test_missing_bytes__are_honest_where_bytes_are_missing(self):
        document = report_of([('capture-incomplete', 'error', 'certain')])
        self.assertEqual(self.judged(case_of('name-mismatch'), 'lossy', document), ('silent', None))
        self.assertEqual(self.judged(case_of('name-mismatch'), 'whole', document), ('wrong', 'certain'))

    def test_peer_closed__is_honest_when_not_certain(self):
        for sure, word in (('likely', 'silent'), ('certain', 'wrong')):
            document = report_of([('peer-closed', 'error', sure)])
            self.assertEqual(self.judged(case_of('name-mismatch'), 'lossy', document)[0], word)

    def test_silence__is_missed_where_all_is_there(self):
        for kind, word in (('whole', 'missed'), ('lossy', 'silent'), ('clock', 'silent')):
            self.assertEqual(self.judged(case_of('name-mismatch'), kind, report_of([]))[0], word)

    def test_a_failure_called_completed__is_no_silence(self):
        self.assertEqual(self.judged(case_of('name-mismatch'), 'lossy', report_of([], 'completed'), 0)[0], 'OK')
        doubt = report_of([], 'completed', checks=[{'id': 'finished-accepted', 'status': 'unknown'}])
        self.assertEqual(self.judged(case_of('name-mismatch'), 'lossy', doubt, 0)[0], 'silent')

    def test_healthy__has_no_error_and_no_failure(self):
        good = {50000: {'completed'}}
        warned, accused = (report_of([('weak-key', severity, 'likely')], 'completed')
                           for severity in ('warning', 'error'))
        self.assertEqual(self.judged(case_of(), 'lossy', report_of([], 'completed'), 0, good)[0], 'right')
        self.assertEqual(self.judged(case_of(), 'lossy', warned, 0, good)[0], 'right')
        self.assertEqual(self.judged(case_of(), 'lossy', accused, 1, good), ('wrong', 'likely'))
        self.assertEqual(self.judged(case_of(), 'lossy', report_of([]), 1, good)[0], 'failed')
        self.assertEqual(self.judged(case_of(), 'whole', report_of([], 'completed', port=1), 4, good)[0], 'missed')

    def test_healthy__a_refused_port_is_true_of_a_capture_without_tls(self):
        refused = report_of([('connection-refused', 'error', 'certain')])
        refused['handshakes'][0]['ending'] = 'refused'
        self.assertEqual(self.judged(case_of()._replace(tls=False), 'lossy', refused, 1, {})[0], 'right')
        self.assertEqual(self.judged(case_of(), 'lossy', refused, 1, {})[0], 'wrong')

    def test_no_report__is_broken(self):
        damage = damages.Damage('x', 'lossy', None)
        self.assertEqual(verdict.judge(case_of(), damage, {}, (-11, None, 'signal 11')).word, 'broken')
        self.assertEqual(verdict.judge(case_of(), damage, {}, (3, report_of([]), None)).word, 'broken')


class Faults(unittest.TestCase):
    def test_faults__are_many_of_both_versions(self):
        for version in (12, 13):
            self.assertGreaterEqual(sum(f.version == version for f in faults.ALL), 100)
        self.assertEqual(len({f.name for f in faults.ALL}), len(faults.ALL))

    def test_faults__name_causes_that_there_are(self):
        causes = {p.stem for p in (FIXTURES.parent / 'docs' / 'rules').glob('*.md')}
        named = set().union(*(f.right | f.accept for f in faults.ALL))
        self.assertEqual(named - causes - ACCEPTED_BESIDE, set())

    def test_every_identity__can_be_made(self):
        for name in {f.identity for f in faults.ALL if 'rsa' not in f.identity}:
            self.assertTrue(live.identity_of(name).chain, name)

    def test_talk__completes_with_a_healthy_client(self):
        if shutil.which('openssl') is None:
            self.skipTest('no openssl')
        live.write_ca()
        for healthy in live.table_of_faults()[:2]:
            server = live.Server(healthy)
            relay = live.Relay(server.port)
            live.run_client(live.openssl(healthy, relay.port), server)
            packets = packets_of(relay.close())
            self.assertTrue(server.close(), healthy.name)
            self.assertTrue(any(p.payload[:1] == b'\x16' for p in packets))
            self.assertEqual(packets[0].flags, SYN)
            self.assertEqual(packets[1].flags, SYN | ACK)


if __name__ == '__main__':
    unittest.main()
