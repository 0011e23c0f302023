/*
 * Which secret a record is under follows from what was sent before it: in TLS 1.3 EndOfEarlyData, Finished
 * and KeyUpdate, before that ChangeCipherSpec. Where the capture lost one of them the next keys are tried.
 */
#include "session/unlock.h"

#include "session/transcript.h"

/* Did the client send its secret under the key of the server's certificate (RFC 5246 7.4.7.1)? */
static bool sent_encrypted(const struct handshake *hs)
{
	return hs->cke.encrypted_premaster.len != 0;
}

bool unlock_hopeful(struct conn *c, unsigned dir, const struct record *r)
{
	const struct handshake *hs = c->hs;
	struct lane *l = &c->lane[dir];
	struct party *p = &c->hs->side[conn_side(c, dir)];

	if (c->session->keys.log == NULL)
		return false;
	if (l->keyed &&
		!hs->tls13) { /* also of a handshake that goes on under the keys of another */
		p->keys = p->keys == KEYS_NOT_GIVEN ? KEYS_UNKNOWN : p->keys;
		return true;
	}
	if (!hs->client_hello.has_random || (c->session->keys.rsa_only && !sent_encrypted(hs)))
		return false;
	if (!hs->server_hello
			.seen) { /* early data (RFC 8446 2.3): of these only the number matters */
		l->early_records += r->type == CONTENT_APPLICATION_DATA;
		return false;
	}
	if (hs->tls13 ? r->type != CONTENT_APPLICATION_DATA : !l->ccs && !l->keyed)
		return false;
	if (p->keys == KEYS_NOT_GIVEN)
		p->keys = KEYS_UNKNOWN;
	return p->keys != KEYS_UNUSABLE;
}

void unlock_end(struct sealed_lane *l)
{
	record_keys_close(l->keys);
	l->keys = NULL;
	l->epoch = EPOCH_NONE;
	l->asked = l->opened = false;
	wipe(&l->traffic, sizeof l->traffic);
}

/* ---- secrets ---- */

static bool copy_secret(struct bytes from, struct key_secret *to)
{
	if (from.len == 0 || from.len > sizeof to->data)
		return false;
	memcpy(to->data, from.data, from.len);
	to->len = from.len;
	return true;
}

/* The n-th, where connections share a client random. */
bool unlock_find(const struct conn *c, enum keylog_kind kind, size_t n, struct key_secret *out)
{
	return c->session->keys.log != NULL && c->hs->client_hello.has_random &&
	       copy_secret(
		       keylog_find(c->session->keys.log, c->hs->client_hello.random, kind, n), out);
}

static enum keylog_kind kind_of(enum epoch epoch, bool client)
{
	if (epoch == EPOCH_EARLY)
		return KEYLOG_CLIENT_EARLY;
	if (epoch == EPOCH_HANDSHAKE)
		return client ? KEYLOG_CLIENT_HANDSHAKE : KEYLOG_SERVER_HANDSHAKE;
	return client ? KEYLOG_CLIENT_APPLICATION : KEYLOG_SERVER_APPLICATION;
}

static bool traffic_secret(
	const struct conn *c, unsigned dir, enum epoch epoch, size_t n, struct key_secret *out)
{
	return unlock_find(c, kind_of(epoch, conn_side(c, dir) == SIDE_CLIENT), n, out);
}

static bool premaster_secret(const struct conn *c, struct key_secret *out)
{
	const struct session_keys *keys = &c->session->keys;
	struct bytes encrypted = c->hs->cke.encrypted_premaster;

	if (unlock_find(c, KEYLOG_PREMASTER, 0, out) ||
		copy_secret(keylog_find_encrypted(keys->log, encrypted), out))
		return true;
	return keys->decrypt != NULL && keys->decrypt(keys->ctx, encrypted, out);
}

/* RFC 7627 4: a hash of all that was said up to ClientKeyExchange takes the place of the randoms. */
static bool session_hash(const struct handshake *hs, struct digest *out)
{
	struct transcript_parts t;

	return transcript_session(hs, &t) && crypto_hash(transcript_hash(hs), t.part, t.n, out);
}

static bool master_secret(const struct conn *c, size_t n, struct key_secret *out)
{
	const struct handshake *hs = c->hs;
	bool extended = hs->server_hello.ext.extended_master_secret;
	struct key_secret premaster;
	struct digest session;
	bool ok;

	if (unlock_find(c, KEYLOG_MASTER, n, out))
		return true;
	if (n != 0 || !premaster_secret(c, &premaster))
		return false;
	ok = (!extended || session_hash(hs, &session)) &&
	     prf_master(transcript_hash(hs), key_secret_bytes(&premaster), hs->client_hello.random,
		     hs->server_hello.random, extended ? &session : NULL, out);
	wipe(&premaster, sizeof premaster);
	return ok;
}

/* ---- keys ---- */

static bool protection(struct conn *c, unsigned dir, struct protection *out)
{
	const struct extensions *ext = &c->hs->server_hello.ext;
	struct party *p = &c->hs->side[conn_side(c, dir)];
	const struct protection_terms terms = { .version = c->hs->version,
		.encrypt_then_mac = ext->encrypt_then_mac,
		.truncated_hmac = extensions_find(ext, EXT_TRUNCATED_HMAC) != NULL };
	const char *why = "SSL 3.0 protects records in its own way";

	if ((c->hs->tls13 || c->hs->version > 0x0300) &&
		protection_of(c->hs->suite, terms, out, &why))
		return true;
	p->keys = KEYS_UNUSABLE;
	p->keys_why = why;
	c->sealed->lane[dir].given_up = true;
	return false;
}

static struct schedule schedule13(const struct handshake *hs)
{
	return schedule_of(hs->version, transcript_hash(hs));
}

static struct record_keys *keys13(struct conn *c, unsigned dir, const struct key_secret *traffic)
{
	struct schedule s = schedule13(c->hs);
	struct protection p;

	return protection(c, dir, &p) ? record_keys_open13(&p, &s, traffic, c->hs->version) : NULL;
}

/* Of those with the client's random, the first secret from *n on that makes keys. NULL: there are no more. */
static struct record_keys *keys_of_epoch(
	struct conn *c, unsigned dir, enum epoch epoch, size_t *n, struct key_secret *traffic)
{
	struct record_keys *keys = NULL;

	while (keys == NULL && traffic_secret(c, dir, epoch, *n, traffic)) {
		++*n;
		if ((keys = keys13(c, dir, traffic)) == NULL && c->sealed->lane[dir].given_up)
			return NULL;
	}
	if (keys != NULL && epoch == EPOCH_EARLY)
		(void)record_keys_skip(keys, c->lane[dir].early_records);
	return keys;
}

static struct record_keys *keys12(
	struct conn *c, unsigned dir, size_t *n, struct key_secret *master)
{
	const struct handshake *hs = c->hs;
	struct protection p;

	if (!protection(c, dir, &p) || !master_secret(c, *n, master))
		return NULL;
	++*n;
	return record_keys_open12(&p, transcript_hash(hs), master, hs->client_hello.random,
		hs->server_hello.random, conn_side(c, dir) == SIDE_CLIENT, hs->version);
}

static struct record_keys *keys_of(
	struct conn *c, unsigned dir, enum epoch epoch, size_t *n, struct key_secret *secret)
{
	return c->hs->tls13 ? keys_of_epoch(c, dir, epoch, n, secret) : keys12(c, dir, n, secret);
}

/* A client may send early data first, unless it was asked for another hello (4.2.10). */
static enum epoch first_epoch(const struct conn *c, unsigned dir)
{
	struct key_secret unused;
	bool early = c->hs->tls13 && conn_side(c, dir) == SIDE_CLIENT &&
		     c->hs->client_hello.ext.early_data && !c->hs->hello_retry.seen &&
		     traffic_secret(c, dir, EPOCH_EARLY, 0, &unused);

	wipe(&unused, sizeof unused);
	return early ? EPOCH_EARLY : EPOCH_HANDSHAKE;
}

/* What was asked for in vain is asked for again when the key log has grown. */
static bool worth_asking(struct conn *c, struct sealed_lane *l)
{
	const struct session_keys *keys = &c->session->keys;
	uint64_t generation;

	if (keys->follow != NULL && l->asked)
		(void)follow_more(keys->follow);
	generation = keylog_generation(keys->log);
	if (l->asked && l->asked_at == generation)
		return false;
	l->asked = true;
	l->asked_at = generation;
	return true;
}

bool unlock(struct conn *c, unsigned dir)
{
	struct sealed_lane *l = &c->sealed->lane[dir];
	enum epoch epoch;
	size_t n = 0;

	if (l->keys != NULL)
		return true;
	if (l->given_up || !worth_asking(c, l))
		return false;
	epoch = l->epoch != EPOCH_NONE ? l->epoch : first_epoch(c, dir);
	if ((l->keys = keys_of(c, dir, epoch, &n, &l->traffic)) == NULL)
		return false;
	l->epoch = epoch;
	l->handshake = c->hs->id;
	c->lane[dir].keyed = true;
	return true;
}

void unlock_wait(struct conn *c)
{
	struct session_keys *keys = &c->session->keys;

	if (keys->follow != NULL)
		(void)follow_wait(keys->follow);
}

/* ---- records ---- */

static enum epoch after(enum epoch e)
{
	return e == EPOCH_EARLY ? EPOCH_HANDSHAKE : EPOCH_APPLICATION;
}

/* Do any other secrets of this epoch, from the n-th on, open the record? Then they are the right ones. */
static bool try_epoch(struct conn *c, unsigned dir, enum epoch epoch, size_t n,
	const struct sealed_record *r, uint8_t *room, struct opened_record *out)
{
	struct sealed_lane *l = &c->sealed->lane[dir];
	struct key_secret secret;
	struct record_keys *keys;
	bool opens = false;

	while (!opens && (keys = keys_of(c, dir, epoch, &n, &secret)) != NULL) {
		opens = record_keys_open(keys, r, room, out) == RECORD_OPENS;
		if (!opens) {
			record_keys_close(keys);
			continue;
		}
		record_keys_close(l->keys);
		l->keys = keys;
		l->traffic = secret;
		l->epoch = epoch;
	}
	wipe(&secret, sizeof secret);
	return opens;
}

/* Another connection may have the same client random, and its secrets the same name. */
static bool try_others(struct conn *c, unsigned dir, const struct sealed_record *r, uint8_t *room,
	struct opened_record *out)
{
	const struct sealed_lane *l = &c->sealed->lane[dir];

	return !l->opened && try_epoch(c, dir, l->epoch, 1, r, room, out);
}

/* The message that ends an epoch was lost, or early data was not accepted. */
static bool try_next_epoch(struct conn *c, unsigned dir, const struct sealed_record *r,
	uint8_t *room, struct opened_record *out)
{
	const struct sealed_lane *l = &c->sealed->lane[dir];

	return c->hs->tls13 && l->epoch != EPOCH_APPLICATION &&
	       try_epoch(c, dir, after(l->epoch), 0, r, room, out);
}

/* A hole swallows records, and with them their numbers. */
static bool try_after_hole(struct conn *c, unsigned dir, const struct sealed_record *r,
	uint8_t *room, struct opened_record *out)
{
	struct record_keys *keys = c->sealed->lane[dir].keys;

	uint64_t n = 0;

	while (c->lane[dir].lost && n < HOLE_RECORDS_MAX) {
		n++;
		if (!record_keys_skip(keys, 1))
			break;
		if (record_keys_open(keys, r, room, out) == RECORD_OPENS)
			return true;
	}
	(void)record_keys_skip(keys, 0 - n);
	return false;
}

/* The Finished is made with the secret under which it is sent. */
static void note_opened(struct conn *c, unsigned dir)
{
	struct sealed *s = c->sealed;
	struct sealed_lane *l = &s->lane[dir];

	l->opened = true;
	if (l->handshake != c->hs->id)
		return; /* another one's keys, under which this one was begun */
	if (!c->hs->tls13)
		s->master = l->traffic;
	else if (l->epoch == EPOCH_HANDSHAKE)
		s->handshake_secret[conn_side(c, dir)] = l->traffic;
}

enum record_answer unlock_open(struct conn *c, unsigned dir, const struct sealed_record *r,
	uint8_t *room, struct opened_record *out)
{
	enum record_answer answer = record_keys_open(c->sealed->lane[dir].keys, r, room, out);

	if (answer == RECORD_REFUSED &&
		(try_others(c, dir, r, room, out) || try_next_epoch(c, dir, r, room, out) ||
			try_after_hole(c, dir, r, room, out)))
		answer = RECORD_OPENS;
	if (answer != RECORD_REFUSED)
		note_opened(c, dir);
	return answer;
}

bool unlock_is_early(const struct conn *c, unsigned dir)
{
	return c->hs->tls13 && conn_side(c, dir) == SIDE_CLIENT &&
	       c->hs->client_hello.ext.early_data &&
	       c->sealed->lane[dir].epoch <= EPOCH_HANDSHAKE &&
	       !handshake_began(c->hs, SIDE_CLIENT, HS_FINISHED);
}

void unlock_missing(struct conn *c, unsigned dir, uint64_t n)
{
	struct sealed_lane *l = &c->sealed->lane[dir];

	if (l->keys != NULL && !record_keys_skip(l->keys, n)) {
		unlock_end(l);
		l->given_up = true;
	}
}

/* RFC 8446 7.2. */
static void update(struct conn *c, unsigned dir)
{
	struct sealed_lane *l = &c->sealed->lane[dir];
	struct schedule s = schedule13(c->hs);

	record_keys_close(l->keys);
	l->keys = schedule_update(&s, &l->traffic) ? keys13(c, dir, &l->traffic) : NULL;
	l->given_up |= l->keys == NULL;
}

void unlock_next(struct conn *c, unsigned dir, uint16_t type)
{
	struct sealed_lane *l = &c->sealed->lane[dir];
	enum epoch epoch = l->epoch;

	if (!c->hs->tls13)
		return;
	if (type == HS_KEY_UPDATE && epoch == EPOCH_APPLICATION) {
		update(c, dir);
	} else if ((type == HS_FINISHED && epoch == EPOCH_HANDSHAKE) ||
		   (type == HS_END_OF_EARLY_DATA && epoch == EPOCH_EARLY)) {
		unlock_end(l);
		l->epoch = after(epoch);
	}
}
