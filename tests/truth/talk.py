"""One connection of a TLS server of our own: records, messages, TLS 1.2 and TLS 1.3, each as wrong as a fault wants.

A fault is a table of functions (faults.py). At each place that can be wrong the server asks for the one of
that name and takes what it returns: `value = self.change(name, value)`. Stages are such places too, where a
fault may send, close or wait; it ends the connection by raising Over.
"""
import os
import socket
import struct
import time

import tls_keys as keys
from arithmetic import CURVES, EcKey
from hellos import extension_block, numbers, vec8, vec16, vec24

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
KINDS = {'ClientHello': 1, 'ServerHello': 2, 'NewSessionTicket': 4, 'EncryptedExtensions': 8, 'Certificate': 11,
         'ServerKeyExchange': 12, 'CertificateRequest': 13, 'ServerHelloDone': 14, 'CertificateVerify': 15,
         'ClientKeyExchange': 16, 'Finished': 20, 'KeyUpdate': 24}
ECDHE_ECDSA, ECDHE_RSA, TLS13 = 0xCCA9, 0xCCA8, 0x1303        # all with ChaCha20-Poly1305 and SHA-256
X25519, SECP256R1, SECP384R1 = 29, 23, 24
ECDSA_SHA256, RSA_SHA256, RSA_PSS_SHA256 = 0x0403, 0x0401, 0x0804
RETRY_RANDOM = keys.sha256(b'HelloRetryRequest')
SECONDS = 10                 # longest to wait for the client
HELD = 4                     # seconds of saying nothing


class Over(Exception):
    """The conversation has come to its end; `closing` says how: 'fin', 'reset'."""

    def __init__(self, closing='fin'):
        super().__init__(closing)
        self.closing = closing


class Refused(Exception):
    """The client sent a fatal alert, or went away."""


def message(kind, body):
    return bytes([KINDS.get(kind, kind)]) + vec24(body)


def server_hello_body(fields):
    return (struct.pack('!H', fields['version']) + fields['random'] + vec8(fields['session_id']) +
            struct.pack('!HB', fields['suite'], fields['compression']) + extension_block(fields['extensions']))


class Hello:
    """What matters of a ClientHello."""

    def __init__(self, body):
        self.random, at = body[2:34], 35 + body[34]
        self.session_id = body[35:at]
        length = struct.unpack_from('!H', body, at)[0]
        self.suites = [v for v, in struct.iter_unpack('!H', body[at + 2:at + 2 + length])]
        at += 2 + length
        at += 1 + body[at]
        self.extensions, at = {}, at + 2
        while at + 4 <= len(body):
            kind, length = struct.unpack_from('!HH', body, at)
            self.extensions[kind] = body[at + 4:at + 4 + length]
            at += 4 + length

    def list16(self, kind, head=2):
        body = self.extensions.get(kind, b'')[head:]
        return [v for v, in struct.iter_unpack('!H', body[:len(body) // 2 * 2])]

    @property
    def groups(self):
        return self.list16(10)

    @property
    def shares(self):
        body, found, at = self.extensions.get(51, b''), {}, 2
        while at + 4 <= len(body):
            group, length = struct.unpack_from('!HH', body, at)
            found[group] = body[at + 4:at + 4 + length]
            at += 4 + length
        return found


class Share:
    """An ephemeral key of ours."""

    def __init__(self, group):
        self.group = group
        if group == X25519:
            self.private = os.urandom(32)
            self.public = keys.x25519(self.private, keys.X25519_BASE)
        else:
            curve = CURVES[group]
            self.private = EcKey('', curve, int.from_bytes(os.urandom(64), 'big') % (curve.n - 1) + 1)
            self.public = self.private.public_bits()

    def secret(self, peer):
        if self.group == X25519:
            return keys.x25519(self.private, peer)
        curve = self.private.curve
        point = tuple(int.from_bytes(peer[at:at + curve.size], 'big') for at in (1, 1 + curve.size))
        return curve.times(self.private.private, point)[0].to_bytes(curve.size, 'big')


class Talk:
    """What both versions need."""

    def __init__(self, connection, fault, identity, through):
        self.connection, self.fault, self.identity, self.through = connection, fault, identity, through
        self.pending = self.messages = self.transcript = self.held = b''
        self.reads = self.writes = None      # keys, once there are any
        self.completed = False
        connection.settimeout(SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # ---- where a fault comes in ----

    def change(self, name, value):
        change = self.fault.changes.get(name)
        return change(self, value) if change else value

    def stage(self, name):
        stage = self.fault.changes.get(name)
        if stage:
            self.flush()
            stage(self)

    # ---- sending ----

    def flush(self):
        if self.held:
            self.connection.sendall(self.held)
            self.held = b''

    def raw(self, data):
        self.held += data
        self.flush()

    def put(self, kind, body, version=0x0303):
        self.held += struct.pack('!BHH', kind, version, len(body)) + body

    def alert(self, code, level=2):
        self.put_protected(ALERT, bytes([level, code]))
        self.flush()

    def put_protected(self, kind, body):
        """Under the keys, when there are some."""
        self.put(kind, body)

    def say(self, name, body):
        """A handshake message, changed as the fault wants it."""
        whole = self.change('message ' + name, message(name, self.change(name, body)))
        self.transcript += whole
        return whole

    def send_flight(self, flight):
        """[(name, message)]; a fault may change the list, and stop after any of them."""
        for name, whole in self.change('flight', flight):
            self.put_message(name, whole)
            self.stage('after ' + name)

    def put_message(self, name, whole):
        if whole is not None:
            for part in self.change('records', [whole]):
                self.put_protected(CHANGE_CIPHER_SPEC if name == 'ChangeCipherSpec' else HANDSHAKE, part)

    def close(self, how='fin'):
        raise Over(how)

    def hold(self):
        """Says nothing until the client goes away, or long enough."""
        self.flush()
        end = time.monotonic() + HELD
        while time.monotonic() < end:
            self.connection.settimeout(max(0.05, end - time.monotonic()))
            try:
                if not self.connection.recv(16384):
                    break
            except TimeoutError:
                break
        raise Over

    def sign(self, covered):
        signer = self.change('signer', self.identity.key)
        return self.change('signature', signer.sign(self.change('hash', 'sha256'), covered))

    # ---- receiving ----

    def take(self, n):
        while len(self.pending) < n:
            data = self.connection.recv(16384)
            if not data:
                raise Refused('the client is gone')
            self.pending += data
        taken, self.pending = self.pending[:n], self.pending[n:]
        return taken

    def record(self):
        """(kind, content), without its protection."""
        head = self.take(5)
        body = self.take(struct.unpack('!H', head[3:])[0])
        kind = head[0]
        if self.reads and kind != CHANGE_CIPHER_SPEC:
            kind, body = self.open_record(kind, body)
        if kind == ALERT and body != b'\1\0' and body[:1] == b'\2':
            raise Refused('alert %d' % body[1])
        return kind, body

    def open_record(self, kind, body):
        raise NotImplementedError

    def read_message(self, wanted):
        """The next handshake message, which has to be of that name; into the transcript."""
        data = self.messages
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[1:4], 'big'):
            kind, body = self.record()
            if kind == HANDSHAKE:
                data += body
            elif kind == ALERT:
                raise Refused('closed')
        if data[0] != KINDS[wanted]:
            raise Refused('message %d, wanted %s' % (data[0], wanted))
        length = 4 + int.from_bytes(data[1:4], 'big')
        self.messages = data[length:]
        self.transcript += data[:length]
        return data[4:length]

    def chat(self):
        """Data until the client closes: then the handshake was a success for both."""
        self.flush()
        self.through.set()
        while True:
            try:
                kind, body = self.record()
            except (Refused, OSError):
                return
            if kind == DATA or (kind == ALERT and body == b'\1\0'):
                self.completed = True
            if kind == ALERT:
                self.alert(0, 1)
                return
            if kind == DATA and body:
                self.put_protected(DATA, b'HTTP/1.0 204 No Content\r\n\r\n')
                self.flush()

    # ---- the conversation ----

    def hello(self):
        self.stage('accepted')
        self.client = Hello(self.read_message('ClientHello'))
        self.stage('hello')

    def run(self):
        """True when both sides were content."""
        closing = 'fin'
        try:
            self.hello()
            self.converse()
            self.chat()
        except Over as over:
            closing = over.closing
        except (Refused, OSError, ValueError, IndexError, struct.error):
            pass
        self.end(closing)
        return self.completed

    def end(self, closing):
        try:
            self.flush()
            if closing == 'reset':
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            else:
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(2)
                while self.connection.recv(16384):
                    pass
        except OSError:
            pass
        self.connection.close()

    def converse(self):
        raise NotImplementedError


class Talk12(Talk):
    """TLS 1.2 with ECDHE."""

    def server_hello(self):
        suite = ECDHE_RSA if self.identity.key.kind == 'rsa' else ECDHE_ECDSA
        extensions = [(0xFF01, b'\0'), (11, b'\1\0')] + ([(23, b'')] if 23 in self.client.extensions else [])
        hello = self.change('hello fields', {'version': 0x0303, 'random': os.urandom(32), 'session_id': b'',
                                             'suite': suite, 'compression': 0, 'extensions': extensions})
        self.random = hello['random']
        return self.say('ServerHello', server_hello_body(hello))

    def key_exchange(self):
        own = self.change('share', Share(self.change('group', SECP256R1)))
        self.own = own
        params = self.change('params', struct.pack('!BH', 3, own.group) + vec8(self.change('point', own.public)))
        scheme = RSA_SHA256 if self.identity.key.kind == 'rsa' else ECDSA_SHA256
        covered = self.change('covered', self.client.random + self.random + params)
        signed = self.sign(covered)
        params = self.change('params sent', params)
        return self.say('ServerKeyExchange', params + numbers([self.change('scheme', scheme)]) + vec16(signed))

    def converse(self):
        flight = [('ServerHello', self.server_hello())]
        flight.append(('Certificate', self.say('Certificate', vec24(b''.join(vec24(c) for c in self.identity.chain)))))
        flight.append(('ServerKeyExchange', self.key_exchange()))
        asks = self.fault.changes.get('asks')
        if asks:
            request = vec8(b'\x40\1') + vec16(numbers([ECDSA_SHA256, RSA_SHA256])) + vec16(b'')
            flight.append(('CertificateRequest', self.say('CertificateRequest', request)))
        flight.append(('ServerHelloDone', self.say('ServerHelloDone', b'')))
        self.send_flight(flight)
        self.flush()
        self.stage('flight sent')
        if asks and self.read_message('Certificate') == b'\0\0\0':
            self.stage('no certificate')
        self.client_flight()
        self.finish()

    def client_flight(self):
        public = self.read_message('ClientKeyExchange')
        secret = self.change('secret', self.own.secret(public[1:]))
        if 23 in self.client.extensions and not self.fault.changes.get('forgets master secret'):
            master = keys.prf(secret, b'extended master secret', keys.sha256(self.transcript), 48)
        else:
            master = keys.prf(secret, b'master secret', self.client.random + self.random, 48)
        block = keys.prf(master, b'key expansion', self.random + self.client.random, 88)
        self.master = master
        self.next_reads = keys.Direction(block[:32], block[64:76])
        self.next_writes = keys.Direction(block[32:64], block[76:88])
        self.stage('client key')
        while self.record()[0] != CHANGE_CIPHER_SPEC:
            pass
        self.reads = self.next_reads
        before = keys.sha256(self.transcript)
        said = self.read_message('Finished')
        if said != keys.prf(master, b'client finished', before, 12):
            raise Refused('client Finished')
        self.stage('client finished')

    def open_record(self, kind, body):
        plain = self.reads.unseal_12(kind, body)
        if plain is None:
            self.alert(20)
            raise Refused('bad record')
        return kind, plain

    def put_protected(self, kind, body):
        if self.writes:
            body = self.change('sealed', self.writes.seal_12(kind, body))
        self.put(kind, body)

    def finish(self):
        verify = keys.prf(self.master, b'server finished', keys.sha256(self.transcript), 12)
        ccs = self.change('ccs', b'\1')
        if ccs is not None:
            self.put(CHANGE_CIPHER_SPEC, ccs)
        self.stage('ccs sent')
        if not self.fault.changes.get('no keys'):
            self.writes = self.next_writes
        whole = self.say('Finished', self.change('verify data', verify))
        self.put_message('Finished', whole)
        self.flush()
        self.stage('finished')


class Talk13(Talk):
    """TLS 1.3 with the group of the client's first key share that we know."""

    def hello(self):
        super().hello()
        self.group = next((g for g in self.client.shares if g in (X25519, SECP256R1)), X25519)

    def retry(self, group, fields='retry fields'):
        """HelloRetryRequest, and the second ClientHello (RFC 8446 4.4.1: the first becomes its hash)."""
        if fields == 'retry fields':
            self.transcript = b'\xfe\0\0\x20' + keys.sha256(self.transcript)
        hello = self.change(fields, {'version': 0x0303, 'random': RETRY_RANDOM, 'session_id': self.client.session_id,
                                     'suite': TLS13, 'compression': 0,
                                     'extensions': [(43, b'\3\4'), (51, numbers([group]))]})
        self.put(HANDSHAKE, self.say('HelloRetryRequest', server_hello_body(hello)))
        self.flush()
        self.stage('retry')
        self.client = Hello(self.read_message('ClientHello'))
        self.group = group

    def say(self, name, body):
        if name == 'HelloRetryRequest':
            whole = self.change('message ' + name, message('ServerHello', body))
            self.transcript += whole
            return whole
        return super().say(name, body)

    def server_hello(self):
        self.own = Share(self.group)
        share = numbers([self.change('group', self.group)]) + vec16(self.change('point', self.own.public))
        hello = self.change('hello fields', {'version': 0x0303, 'random': os.urandom(32),
                                             'session_id': self.client.session_id, 'suite': TLS13, 'compression': 0,
                                             'extensions': [(43, b'\3\4'), (51, share)]})
        return self.say('ServerHello', server_hello_body(hello))

    def handshake_keys(self):
        if self.group not in self.client.shares:
            raise Refused('no key share for the group')
        secret = self.change('secret', self.own.secret(self.client.shares[self.group]))
        early = keys.extract(bytes(32), bytes(32))
        handshake = keys.extract(keys.expand_label(early, b'derived', keys.sha256(b''), 32), secret)
        so_far = keys.sha256(self.transcript)
        self.client_secret = keys.expand_label(handshake, b'c hs traffic', so_far, 32)
        self.server_secret = keys.expand_label(handshake, b's hs traffic', so_far, 32)
        self.main = keys.extract(keys.expand_label(handshake, b'derived', keys.sha256(b''), 32), bytes(32))
        self.reads, self.writes = map(keys.Direction.of_secret, (self.client_secret, self.server_secret))

    def finished_mac(self, secret):
        return keys.hmac.digest(keys.expand_label(secret, b'finished', b'', 32), keys.sha256(self.transcript), 'sha256')

    def certificate(self):
        entries = b''.join(vec24(c) + vec16(b'') for c in self.identity.chain)
        return self.say('Certificate', self.change('context', b'\0') + vec24(entries))

    def certificate_verify(self):
        context = self.change('context string', b'TLS 1.3, server CertificateVerify')
        covered = self.change('covered', b' ' * 64 + context + b'\0' + keys.sha256(self.transcript))
        signed = self.sign(covered)
        return self.say('CertificateVerify', numbers([self.change('scheme', ECDSA_SHA256)]) + vec16(signed))

    def converse(self):
        retried = self.fault.changes.get('retries')
        if retried:
            retried(self)
        hello = self.server_hello()
        self.put(HANDSHAKE, hello)
        self.stage('after ServerHello')
        self.handshake_keys()
        ccs = self.change('ccs', b'\1')
        if ccs is not None:
            self.put(CHANGE_CIPHER_SPEC, ccs)
        self.stage('ccs sent')
        self.send_flight(self.encrypted_flight())
        self.application_keys()
        self.flush()
        self.stage('flight sent')
        self.client_flight()
        ticket = struct.pack('!II', 7200, 0) + vec8(b'\0') + vec16(os.urandom(40)) + vec16(b'')
        self.put_message('NewSessionTicket', self.change('message NewSessionTicket', message(
            'NewSessionTicket', self.change('NewSessionTicket', ticket))))
        self.flush()
        self.stage('finished')

    def encrypted_flight(self):
        flight = [('EncryptedExtensions', self.say('EncryptedExtensions', vec16(self.change('extensions', b''))))]
        if self.fault.changes.get('asks'):
            request = b'\0' + vec16(numbers([13]) + vec16(vec16(numbers([ECDSA_SHA256, RSA_PSS_SHA256]))))
            flight.append(('CertificateRequest', self.say('CertificateRequest', request)))
        flight.append(('Certificate', self.certificate()))
        flight.append(('CertificateVerify', self.certificate_verify()))
        verify = self.change('verify data', self.finished_mac(self.server_secret))
        flight.append(('Finished', self.say('Finished', verify)))
        return flight

    def application_keys(self):
        so_far = keys.sha256(self.transcript)
        self.flush()
        self.writes = keys.Direction.of_secret(keys.expand_label(self.main, b's ap traffic', so_far, 32))
        self.next_reads = keys.Direction.of_secret(keys.expand_label(self.main, b'c ap traffic', so_far, 32))

    def client_flight(self):
        if self.fault.changes.get('asks') and len(self.read_message('Certificate')) <= 4:
            self.no_certificate = True
        wanted = self.finished_mac(self.client_secret)
        if self.read_message('Finished') != wanted:
            raise Refused('client Finished')
        self.reads = self.next_reads
        if getattr(self, 'no_certificate', False):
            self.stage('no certificate')
        self.stage('client finished')

    def open_record(self, kind, body):
        if kind == ALERT:
            return kind, body        # a client that has not yet got keys says it in the clear
        opened = self.reads.unseal_13(body)
        if opened is None:
            self.alert(20)
            raise Refused('bad record')
        return opened

    def put_protected(self, kind, body):
        if not self.writes or kind == CHANGE_CIPHER_SPEC:
            return self.put(kind, body)
        inner_kind, body, padding = self.change('inner', (kind, body, 0))
        return self.put(DATA, self.change('sealed', self.writes.seal_13(inner_kind, body, padding)))
