/* Certificates and what is signed with their keys, of the server and of ours. */
#include "client/talk_inside.h"

#include "base/memory.h"
#include "pki/cert.h"
#include "unpack/unpack_whole.h"

#include <stdlib.h>

enum { TLS12 = 0x0303, TLS13 = 0x0304 };

void talk_take_certificate(struct talk *t, struct bytes message)
{
	struct certificate_message certs;
	struct parse_err err;
	struct cur body;

	t->got_certificate = true;
	if (t->certificates.len != 0 || !talk_keep(t, &t->certificates, talk_body(message)))
		return;
	body = cur_init(put_text(&t->certificates), &err);
	if (!parse_certificate(&body, t->version >= TLS13, &certs) || certs.n == 0)
		talk_refuse(t, ALERT_DECODE_ERROR);
	for (size_t i = 0; i < certs.n && t->n_chain < TALK_CHAIN_MAX; i++)
		t->chain[t->n_chain++] = certs.entry[i];
}

/* The Certificate that it stands for, with a header; false: it is none. */
static bool unpack(struct talk *t, const struct compressed_certificate *m, struct strbuf *out)
{
	uint8_t *room = m->uncompressed_length <= UNCOMPRESSED_CERTIFICATE_MAX
				? memory_get(m->uncompressed_length + 1)
				: NULL;
	enum unpacked unpacked = UNPACKED_NOT;
	size_t at;

	if (room != NULL)
		unpacked = unpack_whole(m->algorithm, m->data, room, m->uncompressed_length);
	t->compressed = unpacked == UNPACKED_UNKNOWN;
	if (unpacked == UNPACKED_MEMORY)
		talk_fail(t);
	put_u8(out, HS_CERTIFICATE);
	at = put_begin(out, 3);
	if (unpacked == UNPACKED)
		put_bytes(out, bytes_of(room, m->uncompressed_length));
	put_end(out, at, 3);
	free(room);
	return unpacked == UNPACKED;
}

void talk_take_compressed(struct talk *t, struct bytes message)
{
	struct compressed_certificate m;
	struct strbuf plain = { .text = NULL };
	struct parse_err err;
	struct cur body = cur_init(talk_body(message), &err);

	t->got_certificate = true;
	if (!parse_compressed_certificate(&body, &m))
		talk_refuse(t, ALERT_DECODE_ERROR);
	else if (unpack(t, &m, &plain))
		talk_take_certificate(t, put_text(&plain));
	else if (!t->compressed) /* RFC 8879 4 */
		talk_refuse(t, ALERT_BAD_CERTIFICATE);
	strbuf_free(&plain);
}

void talk_take_request(struct talk *t, struct bytes message)
{
	struct parse_err err;
	struct cur body;

	t->asked = true;
	if (t->request.len != 0 || !talk_keep(t, &t->request, talk_body(message)))
		return;
	body = cur_init(put_text(&t->request), &err);
	if (!parse_certificate_request(&body, t->version, &t->wants))
		talk_refuse(t, ALERT_DECODE_ERROR);
	else if (t->version >= TLS13 && !t->wants.has_schemes) /* RFC 8446 4.3.2: MUST be there */
		talk_refuse(t, ALERT_MISSING_EXTENSION);
}

void talk_judge_chain(struct talk *t)
{
	const struct talk_options *o = t->options;
	int alert = TALK_NO_ALERT;

	if (o->judge != NULL && t->n_chain != 0)
		alert = o->judge(o->judge_ctx, t->chain, t->n_chain);
	if (alert != TALK_NO_ALERT)
		talk_refuse(t, alert);
}

/* Before TLS 1.2 the key says how it signs (RFC 2246 7.4.3, RFC 4492 5.4). */
static struct signature_method method_of(const struct cert *leaf, uint16_t scheme, bool has_scheme)
{
	struct scheme s = scheme_decode(scheme);

	if (has_scheme)
		return (struct signature_method){ s.signature, s.hash };
	if (leaf->key == KEY_EC)
		return (struct signature_method){ SIG_ECDSA, HASH_SHA1 };
	return (struct signature_method){ SIG_RSA_PKCS1, HASH_MD5_SHA1 };
}

/* RFC 8446 4.4.3: the curve belongs to the scheme, and PKCS #1 is no more. */
static bool fits(const struct talk *t, const struct cert *leaf, uint16_t scheme)
{
	struct scheme s = scheme_decode(scheme);

	if (t->version < TLS13)
		return true;
	return s.signature != SIG_RSA_PKCS1 && s.hash != HASH_SHA1 &&
	       (s.tls13_group == 0 || s.tls13_group == leaf->key_group);
}

void talk_judge_signature(struct talk *t, uint16_t scheme, bool has_scheme,
	const struct bytes parts[], size_t n, struct bytes signature)
{
	struct cert *leaf;
	enum proof proof;

	if (has_scheme && !offer_list_has(&t->options->offer->schemes, scheme))
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	if (t->n_chain == 0 || t->options->depth != TALK_WHOLE)
		return;
	leaf = memory_get(sizeof *leaf);
	if (leaf == NULL) {
		talk_fail(t);
		return;
	}
	cert_parse(t->chain[0], leaf);
	if (has_scheme && !fits(t, leaf, scheme))
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	proof = crypto_verify(leaf->spki, method_of(leaf, scheme, has_scheme), parts, n, signature)
			.state;
	t->verified = proof == PROOF_VALID;
	if (proof == PROOF_INVALID)
		talk_refuse(t, ALERT_DECRYPT_ERROR);
	free(leaf);
}

/* ---- ours ---- */

static void put_entry(struct strbuf *out, struct bytes der, bool tls13)
{
	size_t entry = put_begin(out, 3);

	put_bytes(out, der);
	put_end(out, entry, 3);
	if (tls13)
		put_u16(out, 0); /* no extensions */
}

void talk_send_certificate(struct talk *t)
{
	const struct talk_credential *own = &t->options->credential;
	bool tls13 = t->version >= TLS13;
	struct strbuf out = { .text = NULL };
	size_t message, list;

	put_u8(&out, HS_CERTIFICATE);
	message = put_begin(&out, 3);
	if (tls13) {
		size_t context = put_begin(&out, 1);

		put_bytes(&out,
			t->wants.seen
				? bytes_slice(put_text(&t->request), 1,
					  t->request.len != 0 ? (uint8_t)t->request.text[0] : 0)
				: bytes_of(NULL, 0));
		put_end(&out, context, 1);
	}
	list = put_begin(&out, 3);
	for (size_t i = 0; i < own->n; i++)
		put_entry(&out, own->chain[i], tls13);
	put_end(&out, list, 3);
	put_end(&out, message, 3);
	t->sent_certificate = own->n != 0;
	talk_send_message(t, &out);
	strbuf_free(&out);
}

/* RFC 8446 4.4.3: spaces, a sentence, a zero, and the hash of the transcript. */
static bool put_content(struct talk *t, struct strbuf *out)
{
	struct digest transcript;

	if (t->version < TLS13) {
		put_bytes(out, put_text(&t->transcript));
		return true;
	}
	if (!talk_hash(t, &transcript))
		return false;
	for (size_t i = 0; i < 64; i++)
		put_u8(out, ' ');
	strbuf_puts(out, "TLS 1.3, client CertificateVerify");
	put_u8(out, 0);
	put_bytes(out, bytes_of(transcript.data, transcript.len));
	return true;
}

void talk_send_verify(struct talk *t)
{
	const struct talk_credential *own = &t->options->credential;
	struct strbuf content = { .text = NULL }, signature = { .text = NULL },
		      out = { .text = NULL };
	uint16_t scheme = 0;
	size_t message, body;

	if (!t->sent_certificate)
		return;
	if (!put_content(t, &content) || content.failed ||
		!own->sign(own->ctx, t->version, t->wants.has_schemes ? &t->wants.schemes : NULL,
			put_text(&content), &scheme, &signature)) {
		t->stuck = true; /* no scheme that both know: said by what was sent */
		talk_refuse(t, ALERT_HANDSHAKE_FAILURE);
	} else {
		put_u8(&out, HS_CERTIFICATE_VERIFY);
		message = put_begin(&out, 3);
		if (t->version >= TLS12)
			put_u16(&out, scheme);
		body = put_begin(&out, 2);
		put_bytes(&out, put_text(&signature));
		put_end(&out, body, 2);
		put_end(&out, message, 3);
		talk_send_message(t, &out);
	}
	strbuf_free(&content);
	strbuf_free(&signature);
	strbuf_free(&out);
}
