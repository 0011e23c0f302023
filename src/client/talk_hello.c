/*
 * Hellos: ours, the server's answer, and a second one of ours where it asks for that. What the answer may
 * say depends on what was offered (RFC 8446 4.1.3, 4.1.4, 4.2; RFC 5246 7.4.1.3, 7.4.1.4).
 */
#include "client/talk_inside.h"

#include "client/filler.h"
#include "crypto/rsa_encrypt.h"

enum { TLS12 = 0x0303, TLS13 = 0x0304, DOWNGRADE = 8 };

/* ---- ours ---- */

static bool make_share(struct talk *t, size_t i, uint16_t group, size_t length)
{
	exchange_close(t->shares[i]);
	strbuf_clear(&t->fillers[i]);
	t->shares[i] = exchange_open(group);
	if (t->shares[i] == NULL && !filler_share(group, length, &t->fillers[i]))
		return false;
	t->parts.share_group[i] = group;
	t->parts.share[i] =
		t->shares[i] != NULL ? exchange_public(t->shares[i]) : put_text(&t->fillers[i]);
	return true;
}

static bool make_shares(struct talk *t, const struct offer *o)
{
	for (size_t i = 0; i < o->n_shares; i++)
		if (!make_share(t, i, o->shares[i], o->share_length[i]))
			return false;
	t->parts.n_shares = o->n_shares;
	return true;
}

static bool make_parts(struct talk *t)
{
	const struct offer *o = t->options->offer;
	bool tls13 = offer_has_version(o, TLS13);

	bool id = o->session_id == OFFER_ID_BY_VERSION ? tls13 : o->session_id == OFFER_ID_RANDOM;

	t->parts.session_id_len = id ? OFFER_SESSION_ID : 0;
	return crypto_random(t->parts.random, sizeof t->parts.random) &&
	       crypto_random(t->parts.session_id, sizeof t->parts.session_id) &&
	       (!tls13 || make_shares(t, o)) && talk_offer_session(t);
}

bool talk_say_hello(struct talk *t)
{
	struct strbuf message = { .text = NULL };

	if (!t->retried && !make_parts(t)) {
		talk_fail(t);
		return false;
	}
	offer_write(t->options->offer, &t->parts, &message);
	if (talk_bind(t, &message))
		talk_send_message(t, &message);
	else
		talk_fail(t);
	strbuf_free(&message);
	return t->state == TALK_READING;
}

/* ---- the server's ---- */

/* Where the version stands decides what else may. A server of TLS 1.3 says in the extension what it chose. */
static bool take_version(struct talk *t, const struct server_hello *hello)
{
	uint16_t version = server_hello_version(hello);

	if (offer_has_version(t->options->offer, version)) {
		t->version = version;
		if (hello->ext.selected_version != 0 &&
			(version < TLS13 || hello->version != TLS12))
			talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
		return true;
	}
	talk_end_refused(t, hello->ext.selected_version != 0 ? ALERT_ILLEGAL_PARAMETER
							     : ALERT_PROTOCOL_VERSION);
	return false;
}

/* RFC 8446 4.1.3: the last bytes of the random of a server that could do better than it was let. It says no more
 * than is known where no better was offered. */
static bool is_downgrade(const struct talk *t)
{
	static const uint8_t sentinel[DOWNGRADE - 1] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D' };
	const uint8_t *end = t->server_random + sizeof t->server_random - DOWNGRADE;

	if (memcmp(end, sentinel, sizeof sentinel) != 0 || end[DOWNGRADE - 1] > 1)
		return false;
	return t->version < offer_highest_version(t->options->offer) &&
	       (t->version < TLS12 || offer_has_version(t->options->offer, TLS13));
}

static bool take_suite(struct talk *t, const struct server_hello *hello)
{
	struct protection_terms terms = { .version = t->version };
	const struct suite *s = suite_find(hello->suite);
	const char *why;

	if (s == NULL || !offer_list_has(&t->options->offer->suites, hello->suite) ||
		s->tls13 != (t->version >= TLS13)) {
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
		return false;
	}
	if (t->retried && hello->suite != t->retry_suite)
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	terms.encrypt_then_mac = hello->ext.encrypt_then_mac;
	t->suite = s;
	t->extended_master = hello->ext.extended_master_secret;
	t->can_protect = protection_of(s, terms, &t->protection, &why);
	return true;
}

/* A cookie is the one answer that nobody asked for; TLS 1.3 keeps most out of its ServerHello (4.2). */
static bool may_answer(const struct talk *t, const struct server_hello *hello, uint16_t type)
{
	bool tls13 = t->version >= TLS13;

	if (type == EXT_COOKIE)
		return hello->is_retry;
	if (tls13)
		return type == EXT_SUPPORTED_VERSIONS || type == EXT_KEY_SHARE ||
		       (type == EXT_PRE_SHARED_KEY && t->parts.psk.identity.len != 0);
	/* RFC 5746 3.6: a suite stands for the extension. */
	if (type == EXT_RENEGOTIATION_INFO &&
		offer_list_has(&t->options->offer->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV))
		return true;
	return offer_has_extension(t->options->offer, type);
}

static void judge_extensions(struct talk *t, const struct server_hello *hello)
{
	const struct extensions *ext = &hello->ext;

	for (size_t i = 0; i < ext->n; i++) {
		if (!may_answer(t, hello, ext->list[i].type))
			talk_refuse(t, offer_has_extension(t->options->offer, ext->list[i].type)
					       ? ALERT_ILLEGAL_PARAMETER
					       : ALERT_UNSUPPORTED_EXTENSION);
		for (size_t k = 0; k < i; k++)
			if (ext->list[k].type == ext->list[i].type)
				talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	}
}

static void judge_rest(struct talk *t, const struct server_hello *hello)
{
	struct bytes sent = bytes_of(t->parts.session_id, t->parts.session_id_len);

	if (hello->compression != 0)
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	if (t->version >= TLS13 && !bytes_equal(hello->session_id, sent))
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	if (!hello->is_retry && is_downgrade(t))
		talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
	judge_extensions(t, hello);
}

/* ---- another hello ---- */

static bool has_share(const struct talk *t, uint16_t group)
{
	for (size_t i = 0; i < t->parts.n_shares; i++)
		if (t->parts.share_group[i] == group)
			return true;
	return false;
}

/* 4.4.1: the first hello is in the transcript by its hash. */
static bool fold_transcript(struct talk *t)
{
	struct digest first;
	struct strbuf folded = { .text = NULL };

	if (!talk_hash(t, &first))
		return false;
	put_u8(&folded, HS_MESSAGE_HASH);
	put_u8(&folded, 0);
	put_u16(&folded, (unsigned)first.len);
	put_bytes(&folded, bytes_of(first.data, first.len));
	strbuf_free(&t->transcript);
	t->transcript = folded;
	return !folded.failed;
}

static bool may_retry(struct talk *t, const struct server_hello *hello)
{
	const struct offer *o = t->options->offer;
	uint16_t group = hello->ext.n_shares != 0 ? hello->ext.shares[0].group : 0;

	if (t->retried) {
		talk_end_refused(t, ALERT_UNEXPECTED_MESSAGE);
		return false;
	}
	/* 4.1.4: it has to change something, and to something that was offered. */
	if ((group == 0 && !hello->ext.cookie) ||
		(group != 0 && (!offer_list_has(&o->groups, group) || has_share(t, group)))) {
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
		return false;
	}
	return true;
}

/* The extension's body is a vector of its own: what was put in is what is sent back. */
static bool keep_cookie(struct talk *t, const struct server_hello *hello)
{
	const struct extension *ext = extensions_find(&hello->ext, EXT_COOKIE);

	if (ext == NULL || ext->body.len < 2)
		return true;
	if (!talk_keep(t, &t->cookie, bytes_slice(ext->body, 2, SIZE_MAX)))
		return false;
	t->parts.cookie = put_text(&t->cookie);
	return true;
}

static void retry(struct talk *t, const struct server_hello *hello, struct bytes message)
{
	static const uint8_t ccs = 1;
	const uint16_t group = hello->ext.n_shares != 0 ? hello->ext.shares[0].group : 0;

	if (!may_retry(t, hello) || !keep_cookie(t, hello))
		return;
	t->retried = true;
	t->retry_group = group;
	t->retry_suite = hello->suite;
	if (!fold_transcript(t) || !talk_keep(t, &t->transcript, message)) {
		talk_fail(t);
		return;
	}
	talk_session_after_retry(t, hello->suite);
	t->suite = NULL; /* the ServerHello says it again */
	if (group != 0 && !exchange_knows(group)) {
		t->state = TALK_BEYOND;
		return;
	}
	if (group != 0 && !make_share(t, 0, group, 0)) {
		talk_fail(t);
		return;
	}
	if (group != 0)
		t->parts.n_shares = 1;
	talk_send_record(t, CONTENT_CHANGE_CIPHER_SPEC, bytes_of(&ccs, 1));
	(void)talk_say_hello(t);
}

/* ---- both ---- */

/* In TLS 1.3 nothing can be read without: what is wrong with the share ends the handshake here. */
static void agree(struct talk *t, const struct server_hello *hello)
{
	uint16_t group = hello->ext.n_shares != 0 ? hello->ext.shares[0].group : 0;

	if (!hello->ext.has_key_share)
		talk_end_refused(t, ALERT_MISSING_EXTENSION);
	else if (!has_share(t, group) || (t->retry_group != 0 && group != t->retry_group))
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
	else
		talk13_begin(t, hello);
}

void talk_server_hello(struct talk *t, struct bytes message)
{
	struct server_hello hello;
	struct parse_err err;
	struct cur body = cur_init(talk_body(message), &err);
	bool whole = parse_server_hello(&body, &hello);

	if (!whole)
		talk_refuse(t, ALERT_DECODE_ERROR);
	if (!hello.has_suite) {
		talk_end_refused(t, ALERT_DECODE_ERROR);
		return;
	}
	memcpy(t->server_random, hello.random, sizeof t->server_random);
	if (!take_version(t, &hello) || !take_suite(t, &hello))
		return;
	judge_rest(t, &hello);
	if (t->version >= TLS13 && talk_seen(t, TALK_HELLO))
		return;
	if (hello.is_retry) {
		retry(t, &hello, message);
		return;
	}
	if (!talk_session_taken(t, &hello))
		return;
	if (talk_keep(t, &t->transcript, message) && t->version >= TLS13)
		agree(t, &hello);
}
