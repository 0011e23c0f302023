/*
 * What is signed is put together from what was seen: where a byte is missing the answer is "not
 * known".
 */
#include "session/prove_signature.h"

#include "base/array.h"

enum { TLS12 = 0x0303, SSL30 = 0x0300, SSLV2_RECORD = 0x0002, SSLV2_HEADER = 2 };

static struct verdict invalid(const char *why)
{
	return (struct verdict){ PROOF_INVALID, why };
}

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

static const struct cert *leaf_of(const struct handshake *hs, enum side s)
{
	return hs->side[s].n_certs != 0 ? hs->side[s].certs[0] : NULL;
}

/* Before TLS 1.2 nothing in the message names the algorithm: the key's kind fixes it (RFC 4346
 * 7.4.3, RFC 8422 5.4). */
static struct signature_method method_by_key(enum key_kind key)
{
	switch (key) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return (struct signature_method){ SIG_RSA_PKCS1, HASH_MD5_SHA1 };
	case KEY_EC:
		return (struct signature_method){ SIG_ECDSA, HASH_SHA1 };
	case KEY_DSA:
		return (struct signature_method){ SIG_DSA, HASH_SHA1 };
	case KEY_ED25519:
		return (struct signature_method){ SIG_ED25519, HASH_INTRINSIC };
	case KEY_ED448:
		return (struct signature_method){ SIG_ED448, HASH_INTRINSIC };
	case KEY_UNKNOWN:
	case KEY_DH:
	case KEY_X25519:
	case KEY_X448:
	case KEY_GOST:
		break;
	}
	return (struct signature_method){ SIG_OTHER, HASH_NONE };
}

static struct signature_method method_of(bool has_scheme, uint16_t scheme, const struct cert *leaf)
{
	struct scheme s;

	if (!has_scheme)
		return method_by_key(leaf != NULL ? leaf->key : KEY_UNKNOWN);
	s = scheme_decode(scheme);
	return (struct signature_method){ s.signature, s.hash };
}

struct signature_method server_method(const struct handshake *hs)
{
	return method_of(hs->ske.has_scheme, hs->ske.scheme, leaf_of(hs, SIDE_SERVER));
}

struct signature_method client_method(const struct handshake *hs)
{
	return method_of(hs->side[SIDE_CLIENT].verify.has_scheme,
		hs->side[SIDE_CLIENT].verify.scheme, leaf_of(hs, SIDE_CLIENT));
}

void read_signatures(struct handshake *hs)
{
	const struct server_key_exchange *ske = &hs->ske;
	const struct certificate_verify *cv = &hs->side[SIDE_CLIENT].verify;

	if (ske->has_signature) {
		hs->side[SIDE_SERVER].proof.method = server_method(hs);
		if (hs->side[SIDE_SERVER].proof.method.signature == SIG_ECDSA)
			hs->side[SIDE_SERVER].proof.ecdsa = crypto_ecdsa_decode(ske->signature);
	}
	if (cv->seen) {
		hs->side[SIDE_CLIENT].proof.method = client_method(hs);
		if (hs->side[SIDE_CLIENT].proof.method.signature == SIG_ECDSA)
			hs->side[SIDE_CLIENT].proof.ecdsa = crypto_ecdsa_decode(cv->signature);
	}
}

/* ---- whether the scheme and the key go together at all ---- */

/* Of a signature that we do not know nothing is known against it. */
static bool key_signs(enum key_kind key, enum signature_kind signature)
{
	return signature == SIG_ANONYMOUS || signature == SIG_OTHER ||
	       crypto_key_makes(key, signature);
}

static const char *clash_text(enum signature_kind signature)
{
	static const char *const texts[SIG_OTHER + 1] = {
		[SIG_RSA_PKCS1] = "the scheme says RSA, the certificate's key is of another kind",
		[SIG_RSA_PSS] = "the scheme says RSA-PSS, the certificate's key is of another kind",
		[SIG_DSA] = "the scheme says DSA, the certificate's key is of another kind",
		[SIG_ECDSA] = "the scheme says ECDSA, the certificate's key is of another kind",
	};

	if (texts[signature] != NULL)
		return texts[signature];
	return "the scheme says EdDSA, the certificate's key is of another kind";
}

static struct verdict verify(const struct cert *leaf, struct signature_method method,
	const struct bytes parts[], size_t n, struct bytes signature)
{
	if (leaf->spki.len == 0)
		return unverifiable("the certificate's key cannot be read");
	if (leaf->key != KEY_UNKNOWN && !key_signs(leaf->key, method.signature))
		return invalid(clash_text(method.signature));
	return crypto_verify(leaf->spki, method, parts, n, signature);
}

/* A key of a larger curve makes larger numbers: that is another mistake. */
static void note_range(struct signature_proof *p, const struct cert *leaf)
{
	if (p->signature.state != PROOF_INVALID || leaf == NULL || leaf->key != KEY_EC ||
		p->ecdsa.r_bits > leaf->key_bits || p->ecdsa.s_bits > leaf->key_bits)
		return;
	p->out_of_range = crypto_ecdsa_out_of_range(leaf->key_group, &p->ecdsa);
}

/* ---- ServerKeyExchange ---- */

/* mbedTLS's own client completes a handshake only after it has verified this very signature. */
static bool verified_by_client(const struct handshake *hs)
{
	const struct library_word *w = &hs->side[SIDE_CLIENT].word;

	return !hs->logged && !hs->has_log && w->release != NULL && w->code == 0 &&
	       hs->outcome == OUTCOME_COMPLETED;
}

void prove_server_signature(struct handshake *hs)
{
	const struct cert *leaf = leaf_of(hs, SIDE_SERVER);
	struct verdict *v = &hs->side[SIDE_SERVER].proof.signature;
	struct bytes part[3];

	if (!hs->ske.seen || !hs->ske.has_signature)
		return;
	if (leaf == NULL)
		*v = unverifiable("the server's certificate was not seen");
	else if (!handshake_ske_signed(hs, part))
		*v = unverifiable("a hello is missing from the capture");
	else if (verified_by_client(hs))
		*v = (struct verdict){ PROOF_VALID, NULL };
	else
		*v = verify(leaf, hs->side[SIDE_SERVER].proof.method, part, 3, hs->ske.signature);
	note_range(&hs->side[SIDE_SERVER].proof, leaf);
}

/* ---- CertificateVerify up to TLS 1.2 ---- */

struct transcript {
	struct bytes part[EVENTS_MAX];
	size_t n;
};

static bool is_whole(const struct event *ev)
{
	return !ev->unread && ev->raw.len != 0;
}

/* The bytes of an event that the transcript has: an SSLv2-format hello goes in without its record
 * header (RFC 5246 E.2). */
static struct bytes transcript_bytes(const struct event *ev)
{
	size_t skip = ev->type == HS_CLIENT_HELLO && ev->record_version == SSLV2_RECORD
			      ? SSLV2_HEADER
			      : 0;

	return bytes_slice(ev->raw, skip, ev->raw.len);
}

/*
 * Adds what one side sent, from its `first` message on, up to its `last` or before its `stop`.
 * HelloRequest is not part of it (RFC 5246 7.4.1.1). False: a message is not whole, or the end was
 * not found.
 */
static bool add_flight(
	struct transcript *t, const struct handshake *hs, enum side from, bool hello, uint8_t last)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind != EVENT_MESSAGE || ev->from != from || ev->type == HS_HELLO_REQUEST ||
			(ev->type == HS_CLIENT_HELLO) != hello)
			continue;
		if (ev->type == HS_CERTIFICATE_VERIFY && last == HS_CERTIFICATE_VERIFY)
			return true;
		if (!is_whole(ev) || t->n == EVENTS_MAX)
			return false;
		t->part[t->n++] = transcript_bytes(ev);
		if (ev->type == last)
			return true;
	}
	return false;
}

/* Bytes missing between the ClientHello and the CertificateVerify may have been a message. */
static bool lost_between(
	const struct handshake *hs, const struct event *hello, const struct event *verify_event)
{
	for (size_t i = 0; i < hs->n_gaps; i++)
		if (hs->gaps[i].packet > hello->packet &&
			hs->gaps[i].packet <= verify_event->packet)
			return true;
	return hs->events_dropped;
}

/*
 * ClientHello, the server's flight, the client's up to ClientKeyExchange: put together by side, as
 * the two directions of a capture need not be in step.
 */
static bool build_transcript(const struct handshake *hs, struct transcript *t)
{
	const struct event *hello = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	const struct event *cv = handshake_message(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY);

	t->n = 0;
	return hello != NULL && cv != NULL && !lost_between(hs, hello, cv) &&
	       handshake_message(hs, SIDE_SERVER, HS_SERVER_HELLO) != NULL &&
	       handshake_message(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST) != NULL &&
	       handshake_message(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE) != NULL &&
	       add_flight(t, hs, SIDE_CLIENT, true, HS_CLIENT_HELLO) &&
	       add_flight(t, hs, SIDE_SERVER, false, HS_SERVER_HELLO_DONE) &&
	       add_flight(t, hs, SIDE_CLIENT, false, HS_CERTIFICATE_VERIFY);
}

void prove_client_signature(struct handshake *hs)
{
	const struct cert *leaf = leaf_of(hs, SIDE_CLIENT);
	struct verdict *v = &hs->side[SIDE_CLIENT].proof.signature;
	struct transcript t;

	if (!hs->side[SIDE_CLIENT].verify.seen || hs->tls13)
		return;
	hs->side[SIDE_CLIENT].proof.transcript_whole = build_transcript(hs, &t);
	if (leaf == NULL)
		*v = unverifiable("the client's certificate was not seen");
	else if (hs->version == SSL30) /* RFC 6101 5.6.8 */
		*v = unverifiable("in SSL 3.0 the master secret is part of what is signed");
	else if (hs->side[SIDE_CLIENT].verify.signature.len == 0)
		*v = unverifiable("the signature cannot be read");
	else if (!hs->side[SIDE_CLIENT].proof.transcript_whole)
		*v = unverifiable("a message that it covers is missing from the capture");
	else
		*v = verify(leaf, hs->side[SIDE_CLIENT].proof.method, t.part, t.n,
			hs->side[SIDE_CLIENT].verify.signature);
	note_range(&hs->side[SIDE_CLIENT].proof, leaf);
}
