/* TLS 1.0 to 1.2 after its ServerHello (RFC 5246 7.4, RFC 8422 5, RFC 4279, RFC 5489). */
#include "client/talk_inside.h"

#include "base/memory.h"
#include "base/secret.h"
#include "crypto/rsa_encrypt.h"
#include "pki/cert.h"

#include <stdlib.h>

enum { PREMASTER_RSA = 48, PREMASTER_MAX = 2 * (EXCHANGE_MAX + 2) };

static enum hash prf_hash(const struct talk *t)
{
	return prf_hash_of(t->version, (enum hash)t->suite->prf_hash);
}

static bool with_psk(enum key_exchange kx)
{
	return kx == KX_PSK || kx == KX_DHE_PSK || kx == KX_ECDHE_PSK || kx == KX_RSA_PSK;
}

/* ---- the server's flight ---- */

/* RFC 4492 2.1, 2.3: the server's share of a static ECDH is the key of its certificate. */
static void take_static_key(struct talk *t)
{
	struct cert *leaf = t->n_chain != 0 ? memory_get(sizeof *leaf) : NULL;

	if (leaf == NULL)
		return;
	cert_parse(t->chain[0], leaf);
	t->beyond |= leaf->key == KEY_EC && !exchange_knows(leaf->key_group);
	if (leaf->key == KEY_EC && talk_keep(t, &t->peer_public, leaf->key_point))
		t->exchange = exchange_open(leaf->key_group);
	free(leaf);
}

/* Is it one of those that make_premaster() can do? */
static bool is_ours(enum key_exchange kx)
{
	return kx == KX_RSA || kx == KX_DHE || kx == KX_ECDH || kx == KX_ECDHE || with_psk(kx);
}

/* What it chose decides whether there is anything to agree with. */
static void take_params(struct talk *t, const struct server_key_exchange *ske)
{
	bool dh = ske->kx == KX_DHE || ske->kx == KX_DHE_PSK;
	bool ecdh = ske->kx == KX_ECDHE || ske->kx == KX_ECDHE_PSK;

	if (t->exchange != NULL || !talk_keep(t, &t->peer_public, ske->public_key))
		return;
	if (ecdh && ske->has_group && !offer_list_has(&t->options->offer->groups, ske->group))
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	t->beyond |= ecdh && ske->has_group && !exchange_knows(ske->group);
	if (ecdh && ske->has_group)
		t->exchange = exchange_open(ske->group);
	else if (dh)
		t->exchange = exchange_open_dh(ske->dh_p, ske->dh_g);
}

static void take_key_exchange(struct talk *t, struct bytes message)
{
	struct server_key_exchange ske;
	struct parse_err err;
	struct cur body = cur_init(talk_body(message), &err);

	if (!parse_server_key_exchange(&body, t->version, t->suite->kx, t->suite->auth, &ske)) {
		talk_refuse(t, ALERT_DECODE_ERROR);
		return;
	}
	take_params(t, &ske);
	if (ske.has_signature) {
		const struct bytes parts[] = { bytes_of(t->parts.random, sizeof t->parts.random),
			bytes_of(t->server_random, sizeof t->server_random), ske.params };

		talk_judge_signature(t, ske.scheme, ske.has_scheme, parts, 3, ske.signature);
	}
}

/* ---- the premaster secret ---- */

static void put_secret(struct strbuf *out, struct bytes secret)
{
	size_t at = put_begin(out, 2);

	put_bytes(out, secret);
	put_end(out, at, 2);
}

/* RFC 5246 7.4.7.1: the version offered, and 46 bytes. */
static bool make_rsa(struct talk *t, struct strbuf *message, struct strbuf *premaster)
{
	uint8_t secret[PREMASTER_RSA], encrypted[EXCHANGE_MAX];
	struct cert *leaf = t->n_chain != 0 ? memory_get(sizeof *leaf) : NULL;
	uint16_t offered = offer_legacy_version(t->options->offer);
	size_t len = 0, at;
	bool ok = leaf != NULL && crypto_random(secret, sizeof secret);

	secret[0] = (uint8_t)(offered >> 8);
	secret[1] = (uint8_t)offered;
	if (ok) {
		cert_parse(t->chain[0], leaf);
		ok = crypto_rsa_encrypt(leaf->spki, bytes_of(secret, sizeof secret), encrypted,
			sizeof encrypted, &len);
	}
	at = put_begin(message, 2);
	put_bytes(message, bytes_of(encrypted, ok ? len : 0));
	put_end(message, at, 2);
	put_bytes(premaster, bytes_of(secret, sizeof secret));
	wipe(secret, sizeof secret);
	free(leaf);
	return ok;
}

/* RFC 5246 8.1.2: of a prime's secret the zeros in front are left out, of a curve's they stay. */
static bool make_agreed(struct talk *t, struct strbuf *message, struct strbuf *premaster)
{
	bool dh = t->suite->kx == KX_DHE || t->suite->kx == KX_DHE_PSK;
	struct exchange_secret shared = { .len = 0 };
	struct bytes z;
	size_t at;

	if (t->exchange == NULL || !exchange_agree(t->exchange, put_text(&t->peer_public), &shared))
		return false;
	z = bytes_of(shared.data, shared.len);
	at = put_begin(message, dh ? 2 : 1);
	put_bytes(message, exchange_public(t->exchange));
	put_end(message, at, dh ? 2 : 1);
	put_bytes(premaster, dh ? bytes_skip_zeros(z) : z);
	wipe(&shared, sizeof shared);
	return true;
}

/* RFC 4279 2: without another exchange as many zeros as the key is long. */
static bool make_other(struct talk *t, struct strbuf *message, struct strbuf *other)
{
	enum key_exchange kx = t->suite->kx;

	if (kx == KX_RSA || kx == KX_RSA_PSK)
		return make_rsa(t, message, other);
	if (kx == KX_PSK)
		for (size_t i = 0; i < t->options->psk.len; i++)
			put_u8(other, 0);
	return kx == KX_PSK || make_agreed(t, message, other);
}

/* The ClientKeyExchange, and the secret that belongs to it. */
static bool make_premaster(struct talk *t, struct strbuf *message, struct strbuf *premaster)
{
	struct strbuf other = { .text = NULL };
	bool psk = with_psk(t->suite->kx), ok;
	size_t at;

	put_u8(message, HS_CLIENT_KEY_EXCHANGE);
	at = put_begin(message, 3);
	if (psk)
		put_secret(message,
			bytes_of(t->options->psk_identity,
				t->options->psk_identity != NULL ? strlen(t->options->psk_identity)
								 : 0));
	ok = (!psk || t->options->psk.len != 0) && make_other(t, message, &other);
	put_end(message, at, 3);
	if (psk) {
		put_secret(premaster, put_text(&other));
		put_secret(premaster, t->options->psk);
	} else {
		put_bytes(premaster, put_text(&other));
	}
	talk_free_secret(&other);
	return ok && !message->failed && !premaster->failed;
}

static bool make_master(struct talk *t, const struct strbuf *premaster)
{
	struct digest session;

	if (t->extended_master && !talk_hash(t, &session))
		return false;
	if (!prf_master(prf_hash(t), put_text(premaster), t->parts.random, t->server_random,
		    t->extended_master ? &session : NULL, &t->master))
		return false;
	talk_log_key(t, "CLIENT_RANDOM", &t->master);
	return true;
}

/* ---- our flight ---- */

static void send_finished(struct talk *t)
{
	static const uint8_t one = 1;
	uint8_t verify_data[VERIFY_DATA12];
	struct strbuf out = { .text = NULL };
	struct digest transcript;
	size_t message;

	talk_send_record(t, CONTENT_CHANGE_CIPHER_SPEC, bytes_of(&one, 1));
	t->writes = record_keys_seal12(&t->protection, prf_hash(t), &t->master, t->parts.random,
		t->server_random, true, t->version);
	if (t->writes == NULL || !talk_hash(t, &transcript) ||
		!prf_verify_data(prf_hash(t), &t->master, true, &transcript, verify_data)) {
		talk_fail(t);
		return;
	}
	put_u8(&out, HS_FINISHED);
	message = put_begin(&out, 3);
	put_bytes(&out, bytes_of(verify_data, sizeof verify_data));
	put_end(&out, message, 3);
	talk_send_message(t, &out);
	strbuf_free(&out);
}

/* All that the server has to say before us was said. */
static void answer(struct talk *t)
{
	struct strbuf message = { .text = NULL }, premaster = { .text = NULL };

	t->flight_done = true;
	t->beyond |= !is_ours(t->suite->kx);
	if (t->suite->kx == KX_ECDH)
		take_static_key(t);
	talk_judge_chain(t);
	if (t->refusal == TALK_NO_ALERT && t->asked)
		talk_send_certificate(t);
	if (t->refusal == TALK_NO_ALERT && !make_premaster(t, &message, &premaster))
		t->stuck = true;
	if (t->refusal == TALK_NO_ALERT && (t->beyond || !t->can_protect)) {
		t->state = TALK_BEYOND;
	} else if (t->refusal != TALK_NO_ALERT || t->stuck) {
		/* A value that gives no secret is no value (RFC 8422 5.11). */
		talk_end_refused(t, t->refusal != TALK_NO_ALERT ? t->refusal
				    : t->exchange != NULL       ? ALERT_ILLEGAL_PARAMETER
								: ALERT_HANDSHAKE_FAILURE);
	} else {
		talk_send_message(t, &message);
		if (!make_master(t, &premaster))
			talk_fail(t);
		else if (t->asked)
			talk_send_verify(t);
		if (t->refusal != TALK_NO_ALERT)
			talk_end_refused(t, t->refusal);
		else if (t->state == TALK_READING)
			send_finished(t);
	}
	strbuf_free(&message);
	talk_free_secret(&premaster);
}

/* ---- the end ---- */

void talk12_change_cipher_spec(struct talk *t)
{
	if (t->reads != NULL)
		return;
	if (t->writes == NULL && !t->resumes) {
		talk_refuse(t, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	t->reads = record_keys_open12(&t->protection, prf_hash(t), &t->master, t->parts.random,
		t->server_random, false, t->version);
	if (t->reads == NULL)
		talk_fail(t);
}

static void take_finished(struct talk *t, struct bytes message)
{
	uint8_t due[VERIFY_DATA12];
	struct digest transcript;

	if (t->reads == NULL) {
		talk_end_refused(t, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	if (!talk_hash(t, &transcript) ||
		!prf_verify_data(prf_hash(t), &t->master, false, &transcript, due)) {
		talk_fail(t);
		return;
	}
	t->got_finished = true;
	if (!bytes_equal(talk_body(message), bytes_of(due, sizeof due)))
		talk_refuse(t, ALERT_DECRYPT_ERROR);
	if (t->refusal != TALK_NO_ALERT)
		talk_end_refused(t, t->refusal);
	else if (t->resumes && talk_keep(t, &t->transcript, message)) /* its flight comes first */
		send_finished(t);
	if (t->state == TALK_READING)
		t->state = TALK_COMPLETED;
}

static bool take(struct talk *t, uint8_t type, struct bytes message)
{
	switch (type) {
	case HS_CERTIFICATE:
		talk_take_certificate(t, message);
		return true;
	case HS_SERVER_KEY_EXCHANGE:
		take_key_exchange(t, message);
		return true;
	case HS_CERTIFICATE_REQUEST:
		talk_take_request(t, message);
		return true;
	case HS_FINISHED:
		take_finished(t, message);
		return true;
	case HS_NEW_SESSION_TICKET:
		talk12_take_ticket(t, message);
		return true;
	case HS_SERVER_HELLO_DONE:
	case HS_CERTIFICATE_STATUS:
		return true;
	default:
		return false;
	}
}

bool talk12_message(struct talk *t, uint8_t type, struct bytes message)
{
	bool known;

	if (type == HS_HELLO_REQUEST || t->state == TALK_COMPLETED) /* we do not renegotiate */
		return true;
	known = take(t, type, message);
	if (type != HS_FINISHED && !talk_keep(t, &t->transcript, message))
		return true;
	if (type == HS_SERVER_HELLO_DONE && !t->flight_done && t->state == TALK_READING &&
		!talk_seen(t, TALK_FLIGHT))
		answer(t);
	return known;
}
