/*
 * Sessions that are offered again, and keys that both have (RFC 8446 2.2, 4.2.11, 4.6.1; RFC 5077; RFC 5246
 * 7.3). A ticket is what a server gives for that; up to TLS 1.2 the session's id does as well.
 */
#include "client/talk_inside.h"

#include "base/secret.h"

enum { TLS13 = 0x0304, NONCE_MAX = 255 };

void talk_session_free(struct talk_session *s)
{
	talk_free_secret(&s->ticket);
	wipe(s, sizeof *s);
}

/* ---- what is offered ---- */

static bool offers_session(const struct talk *t)
{
	const struct talk_session *s = t->options->session;

	return s != NULL && s->version != 0 && offer_has_version(t->options->offer, s->version) &&
	       offer_list_has(&t->options->offer->suites, s->suite);
}

static void offer_older(struct talk *t)
{
	const struct talk_session *s = t->options->session;

	t->parts.ticket = put_text(&s->ticket);
	if (s->ticket.len == 0) {
		memcpy(t->parts.session_id, s->id, s->id_len);
		t->parts.session_id_len = s->id_len;
	} else { /* RFC 5077 3.4: one of our own, so that the answer shows whether it was taken */
		t->parts.session_id_len = OFFER_SESSION_ID;
	}
}

static void offer_psk(struct talk *t, struct bytes identity, uint32_t age)
{
	t->parts.psk = (struct offer_psk){ .identity = identity,
		.ticket_age = age,
		.binder_length = crypto_hash_length(t->psk_hash) };
}

static void offer_ticket(struct talk *t)
{
	const struct talk_session *s = t->options->session;
	const struct suite *suite = suite_find(s->suite);

	if (suite == NULL)
		return;
	t->psk = key_secret_bytes(&s->secret);
	t->psk_hash = prf_hash_of(s->version, (enum hash)suite->prf_hash);
	offer_psk(t, put_text(&s->ticket), t->options->session_age_ms + s->age_add);
}

/* RFC 8446 4.2.11: of a key whose hash nobody has named it is SHA-256. */
static void offer_external(struct talk *t)
{
	const char *identity = t->options->psk_identity;
	struct bytes key = t->options->psk;

	if (identity == NULL || *identity == '\0')
		return;
	t->psk = key;
	t->psk_hash = HASH_SHA256;
	t->psk_external = true;
	offer_psk(t, bytes_of(identity, strlen(identity)), 0);
}

bool talk_offer_session(struct talk *t)
{
	if (offers_session(t) && t->options->session->version >= TLS13)
		offer_ticket(t);
	else if (offers_session(t))
		offer_older(t);
	else if (t->options->psk.len != 0 && offer_has_version(t->options->offer, TLS13))
		offer_external(t);
	return true;
}

/* ---- the binder ---- */

/* Of the messages before this hello, and of as much of it as stands before its binders. */
static bool binder_hash(const struct talk *t, struct bytes hello, struct digest *out)
{
	const struct bytes parts[] = { put_text(&t->transcript), hello };

	return crypto_hash(t->psk_hash, parts, 2, out);
}

/* Early secret, binder key, finished key (RFC 8446 7.1, 4.2.11.2). */
static bool make_binder(const struct talk *t, struct bytes hello, struct digest *binder)
{
	struct schedule s = schedule_of(TLS13, t->psk_hash);
	struct bytes none = bytes_of(NULL, 0);
	struct key_secret early, key;
	struct digest empty, transcript;
	bool ok = schedule_extract(&s, none, t->psk, &early) &&
		  crypto_hash(t->psk_hash, &none, 1, &empty) &&
		  schedule_derive(&s, &early, t->psk_external ? "ext binder" : "res binder", &empty,
			  &key) &&
		  binder_hash(t, hello, &transcript) &&
		  schedule_finished(&s, &key, &transcript, binder);

	wipe(&early, sizeof early);
	wipe(&key, sizeof key);
	return ok;
}

bool talk_bind(struct talk *t, struct strbuf *hello)
{
	const struct offer_psk *psk = &t->parts.psk;
	struct digest binder;

	if (psk->identity.len == 0)
		return true;
	if (hello->failed ||
		!make_binder(t,
			bytes_slice(put_text(hello), 0, hello->len - offer_binders_length(psk)),
			&binder))
		return false;
	memcpy(hello->text + hello->len - psk->binder_length, binder.data, binder.len);
	return true;
}

void talk_session_after_retry(struct talk *t, uint16_t suite)
{
	const struct suite *s = suite_find(suite);

	if (s == NULL || prf_hash_of(TLS13, (enum hash)s->prf_hash) != t->psk_hash)
		t->parts.psk = (struct offer_psk){ .ticket_age = 0 };
}

/* ---- the answer ---- */

static bool psk_taken(struct talk *t, const struct server_hello *hello)
{
	if (!hello->ext.has_pre_shared_key || t->parts.psk.identity.len == 0)
		return true;
	if (hello->ext.selected_identity != 0 ||
		prf_hash_of(TLS13, (enum hash)t->suite->prf_hash) != t->psk_hash) {
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
		return false;
	}
	t->resumes = true;
	return true;
}

/* RFC 7627 5.3: what was agreed on stays agreed on. */
static bool older_taken(struct talk *t, const struct server_hello *hello)
{
	const struct talk_session *s = t->options->session;
	struct bytes sent = bytes_of(t->parts.session_id, t->parts.session_id_len);

	if (!offers_session(t) || s->version >= TLS13 || sent.len == 0 ||
		!bytes_equal(hello->session_id, sent))
		return true;
	if (t->version != s->version || hello->suite != s->suite) {
		talk_end_refused(t, ALERT_ILLEGAL_PARAMETER);
		return false;
	}
	if (t->extended_master != s->extended_master) {
		talk_end_refused(t, ALERT_HANDSHAKE_FAILURE);
		return false;
	}
	t->resumes = true;
	t->master = s->secret;
	talk_log_key(t, "CLIENT_RANDOM", &t->master);
	return true;
}

bool talk_session_taken(struct talk *t, const struct server_hello *hello)
{
	if (t->version >= TLS13)
		return psk_taken(t, hello);
	if (hello->session_id.len <= sizeof t->session.id) {
		memcpy(t->session.id, hello->session_id.data, hello->session_id.len);
		t->session.id_len = hello->session_id.len;
	}
	return older_taken(t, hello);
}

/* ---- what is given ---- */

static void keep_ticket(struct talk *t, struct bytes ticket)
{
	strbuf_clear(&t->session.ticket);
	put_bytes(&t->session.ticket, ticket);
	if (t->session.ticket.failed)
		talk_fail(t);
}

/* RFC 5077 3.3: an empty one says that there is none. */
void talk12_take_ticket(struct talk *t, struct bytes message)
{
	struct new_session_ticket ticket;
	struct parse_err err;
	struct cur body = cur_init(talk_body(message), &err);

	if (parse_new_session_ticket(&body, &ticket))
		keep_ticket(t, ticket.ticket);
	else
		talk_refuse(t, ALERT_DECODE_ERROR);
}

/* RFC 8446 4.6.1. The first will do. */
void talk13_take_ticket(struct talk *t, struct bytes message)
{
	struct schedule s = schedule_of(t->version, (enum hash)t->suite->prf_hash);
	struct parse_err err;
	struct cur c = cur_init(talk_body(message), &err);
	struct cur nonce, ticket;
	uint32_t age_add;

	(void)cur_u32(&c, "ticket_lifetime");
	age_add = cur_u32(&c, "ticket_age_add");
	nonce = cur_vec8(&c, "ticket_nonce", 0, NONCE_MAX);
	ticket = cur_vec16(&c, "ticket", 1, 65535);
	if (!cur_ok(&c) || t->session.ticket.len != 0)
		return;
	t->session.secret.len = t->resumption.len;
	t->session.age_add = age_add;
	keep_ticket(t, cur_rest(&ticket));
	if (!schedule_expand(&s, key_secret_bytes(&t->resumption), "resumption", cur_rest(&nonce),
		    t->session.secret.data, t->session.secret.len))
		talk_fail(t);
}

bool talk_take_session(struct talk *t, struct talk_session *out)
{
	struct talk_session *s = &t->session;

	talk_session_free(out);
	if (t->state != TALK_COMPLETED ||
		(s->ticket.len == 0 && (t->version >= TLS13 || s->id_len == 0)))
		return false;
	s->version = t->version;
	s->suite = t->suite->value;
	s->extended_master = t->extended_master;
	if (t->version < TLS13)
		s->secret = t->master;
	*out = *s;
	*s = (struct talk_session){ .version = 0 };
	return true;
}
