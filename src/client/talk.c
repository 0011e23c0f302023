/* Records in and out, messages put together, and how a talk ends. */
#include "client/talk_inside.h"

#include "base/memory.h"
#include "base/secret.h"

#include <stdlib.h>
#include <unistd.h>

enum { TLS10 = 0x0301, TLS12 = 0x0303, TLS13 = 0x0304 };

void talk_refuse(struct talk *t, int alert)
{
	if (t->refusal == TALK_NO_ALERT)
		t->refusal = alert;
}

void talk_fail(struct talk *t)
{
	t->state = TALK_FAILED;
}

bool talk_keep(struct talk *t, struct strbuf *into, struct bytes b)
{
	put_bytes(into, b);
	if (into->failed)
		talk_fail(t);
	return !into->failed;
}

bool talk_hash(const struct talk *t, struct digest *out)
{
	struct bytes all = put_text(&t->transcript);

	return crypto_hash(prf_hash_of(t->version, (enum hash)t->suite->prf_hash), &all, 1, out);
}

void talk_log_key(struct talk *t, const char *label, const struct key_secret *secret)
{
	strbuf_printf(&t->keys, "%s ", label);
	strbuf_hex(&t->keys, bytes_of(t->parts.random, sizeof t->parts.random));
	strbuf_puts(&t->keys, " ");
	strbuf_hex(&t->keys, key_secret_bytes(secret));
	strbuf_puts(&t->keys, "\n");
}

/* ---- out ---- */

/* A ClientHello says TLS 1.0: there are servers that want it (RFC 8446 5.1). */
static uint16_t record_version(const struct talk *t)
{
	if (t->version == 0)
		return t->options->offer->record_version != 0 ? t->options->offer->record_version
							      : TLS10;
	return t->version < TLS12 ? t->version : TLS12;
}

static void put_record(struct talk *t, uint8_t type, struct bytes fragment)
{
	put_u8(&t->out, type);
	put_u16(&t->out, record_version(t));
	put_u16(&t->out, (unsigned)fragment.len);
	put_bytes(&t->out, fragment);
}

static void seal_record(struct talk *t, uint8_t type, struct bytes content)
{
	struct sealed_room *room = memory_get(sizeof *room);

	if (room == NULL || !record_keys_seal(t->writes, type, record_version(t), content, room))
		talk_fail(t);
	else
		put_record(t, room->type, bytes_of(room->data, room->len));
	free(room);
}

/* Before the server has said a word, what goes out is the ClientHello. */
static size_t record_room(const struct talk *t)
{
	size_t room = t->n_messages == 0 ? t->options->hello_record : 0;

	return room != 0 && room < RECORD_PLAINTEXT_MAX ? room : RECORD_PLAINTEXT_MAX;
}

void talk_send_record(struct talk *t, uint8_t type, struct bytes content)
{
	size_t room = record_room(t);

	for (size_t at = 0; at == 0 || at < content.len; at += room) {
		struct bytes part = bytes_slice(content, at, room);

		if (t->writes != NULL)
			seal_record(t, type, part);
		else
			put_record(t, type, part);
	}
	if (t->out.failed)
		talk_fail(t);
}

void talk_send_message(struct talk *t, const struct strbuf *message)
{
	if (message->failed || !talk_keep(t, &t->transcript, put_text(message))) {
		talk_fail(t);
		return;
	}
	talk_send_record(t, CONTENT_HANDSHAKE, put_text(message));
}

static void send_alert(struct talk *t, uint8_t level, uint8_t code)
{
	const uint8_t alert[2] = { level, code };

	talk_send_record(t, CONTENT_ALERT, bytes_of(alert, sizeof alert));
}

void talk_end_refused(struct talk *t, int alert)
{
	if (t->state > TALK_COMPLETED)
		return;
	talk_refuse(t, alert);
	t->state = TALK_REFUSED;
	t->alert = (uint8_t)t->refusal;
	send_alert(t, ALERT_LEVEL_FATAL, t->alert);
}

void talk_give_up(struct talk *t)
{
	if (t->refusal != TALK_NO_ALERT)
		talk_end_refused(t, t->refusal);
}

void talk_goodbye(struct talk *t)
{
	if (t->state == TALK_COMPLETED || t->state == TALK_SEEN)
		send_alert(t, ALERT_LEVEL_WARNING, ALERT_CLOSE_NOTIFY);
}

bool talk_seen(struct talk *t, enum talk_depth reached)
{
	if (t->options->depth == TALK_WHOLE ||
		(t->options->depth == TALK_FLIGHT && reached == TALK_HELLO))
		return false;
	t->state = TALK_SEEN;
	return true;
}

/* ---- in: messages ---- */

static bool belongs(struct talk *t, uint8_t type, struct bytes message)
{
	if (type == HS_SERVER_HELLO && t->suite == NULL) {
		talk_server_hello(t, message);
		return true;
	}
	if (t->suite == NULL)
		return type == HS_HELLO_REQUEST;
	return t->version >= TLS13 ? talk13_message(t, type, message)
				   : talk12_message(t, type, message);
}

static void take_message(struct talk *t, struct bytes message)
{
	uint8_t type = message.data[0];

	if (++t->n_messages > TALK_MESSAGES_MAX)
		talk_end_refused(t, ALERT_UNEXPECTED_MESSAGE);
	else if (!belongs(t, type, message))
		talk_refuse(t, ALERT_UNEXPECTED_MESSAGE);
}

static uint32_t length_of(const uint8_t *header)
{
	return (uint32_t)header[1] << 16 | (uint32_t)header[2] << 8 | header[3];
}

/* Those behind the first `done` bytes. A buffer that is read moves once, at the end. */
static void drop_front(struct strbuf *b, size_t done)
{
	if (done == 0)
		return;
	memmove(b->text, b->text + done, b->len - done);
	b->len -= done;
}

static void take_messages(struct talk *t, struct bytes content)
{
	size_t at = 0;

	if (!talk_keep(t, &t->messages, content))
		return;
	while (t->state <= TALK_COMPLETED && t->messages.len - at >= HANDSHAKE_HEADER) {
		struct bytes left = bytes_slice(put_text(&t->messages), at, SIZE_MAX);
		size_t len = HANDSHAKE_HEADER + (size_t)length_of(left.data);

		if (len - HANDSHAKE_HEADER > handshake_body_max(left.data[0])) {
			talk_end_refused(t, ALERT_DECODE_ERROR);
			return;
		}
		if (left.len < len)
			break;
		at += len;
		take_message(t, bytes_slice(left, 0, len));
	}
	drop_front(&t->messages, at);
}

/* ---- in: records ---- */

static void take_alert(struct talk *t, struct bytes content)
{
	struct parse_err err;
	struct cur c = cur_init(content, &err);
	struct alert alert;

	if (!parse_alert(&c, &alert)) {
		talk_refuse(t, ALERT_DECODE_ERROR);
		return;
	}
	if (alert.code == ALERT_CLOSE_NOTIFY) {
		t->closed = true;
		return;
	}
	/* From TLS 1.3 on the level says nothing (RFC 8446 6). */
	if (alert.level != ALERT_LEVEL_FATAL &&
		(t->version < TLS13 || alert.code == ALERT_USER_CANCELED))
		return;
	t->state = TALK_ALERTED;
	t->alert = alert.code;
}

static void take_content(struct talk *t, uint8_t type, struct bytes content)
{
	/* RFC 8446 5.1: only data may be empty. */
	if (content.len == 0 && type != CONTENT_APPLICATION_DATA)
		talk_refuse(t, ALERT_UNEXPECTED_MESSAGE);
	t->word |= t->state == TALK_COMPLETED && t->reads != NULL && type != CONTENT_ALERT;
	switch (type) {
	case CONTENT_HANDSHAKE:
		take_messages(t, content);
		break;
	case CONTENT_ALERT:
		take_alert(t, content);
		break;
	case CONTENT_CHANGE_CIPHER_SPEC:
		if (content.len != 1 || content.data[0] != 1)
			talk_refuse(t, ALERT_ILLEGAL_PARAMETER);
		if (t->version != 0 && t->version < TLS13)
			talk12_change_cipher_spec(t);
		break;
	case CONTENT_APPLICATION_DATA:
		if (t->state != TALK_COMPLETED)
			talk_refuse(t, ALERT_UNEXPECTED_MESSAGE);
		break;
	default:
		talk_refuse(t, ALERT_UNEXPECTED_MESSAGE);
	}
}

/* TLS 1.3 leaves these in the clear, for middleboxes and for a peer that has no keys. */
static bool is_clear(const struct talk *t, uint8_t type)
{
	if (t->reads == NULL)
		return true;
	return t->version >= TLS13 && type != CONTENT_APPLICATION_DATA;
}

static void take_record(struct talk *t, const struct sealed_record *r)
{
	struct opened_record opened;
	uint8_t *room;

	if (is_clear(t, r->type)) {
		take_content(t, r->type, r->fragment);
		return;
	}
	room = memory_get(OPENED_MAX);
	if (room == NULL) {
		talk_fail(t);
		return;
	}
	switch (record_keys_open(t->reads, r, room, &opened)) {
	case RECORD_OPENS:
		take_content(t, opened.type, opened.content);
		break;
	case RECORD_BARE:
		talk_end_refused(t, ALERT_UNEXPECTED_MESSAGE);
		break;
	case RECORD_REFUSED:
		talk_end_refused(t, ALERT_BAD_RECORD_MAC);
		break;
	}
	wipe(room, OPENED_MAX);
	free(room);
}

void talk_feed(struct talk *t, struct bytes b)
{
	size_t at = 0;

	t->received += b.len;
	if (t->received > TALK_BYTES_MAX || !talk_keep(t, &t->in, b))
		return;
	while (t->state <= TALK_COMPLETED && t->in.len - at >= RECORD_HEADER) {
		struct bytes left = bytes_slice(put_text(&t->in), at, SIZE_MAX);
		struct record_header h;

		if (!record_parse_header(left, &h) || h.type < CONTENT_CHANGE_CIPHER_SPEC ||
			h.type > CONTENT_HEARTBEAT || h.version >> 8 != 3) {
			/* It is no TLS: there is nobody to send an alert to. */
			t->state = TALK_STUCK;
			return;
		}
		if (h.length > RECORD_CIPHERTEXT_MAX) {
			talk_end_refused(t, ALERT_RECORD_OVERFLOW);
			return;
		}
		if (left.len < RECORD_HEADER + (size_t)h.length)
			break;
		at += RECORD_HEADER + (size_t)h.length;
		take_record(t, &(struct sealed_record){ h.type, h.version,
				       bytes_slice(left, RECORD_HEADER, h.length) });
	}
	drop_front(&t->in, at);
}

/* ---- one of them ---- */

struct talk *talk_open(const struct talk_options *o)
{
	struct talk *t = memory_new(sizeof *t);

	if (t == NULL)
		return NULL;
	t->options = o;
	t->refusal = TALK_NO_ALERT;
	if (talk_say_hello(t) && t->state == TALK_READING)
		return t;
	talk_close(t);
	return NULL;
}

void talk_free_secret(struct strbuf *b)
{
	if (b->text != NULL)
		wipe(b->text, b->size);
	strbuf_free(b);
}

void talk_close(struct talk *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < OFFER_SHARES_MAX; i++)
		exchange_close(t->shares[i]);
	for (size_t i = 0; i < OFFER_SHARES_MAX; i++)
		strbuf_free(&t->fillers[i]);
	exchange_close(t->exchange);
	record_keys_close(t->reads);
	record_keys_close(t->writes);
	talk_session_free(&t->session);
	talk_free_secret(&t->keys);
	strbuf_free(&t->in);
	talk_free_secret(&t->messages);
	strbuf_free(&t->out);
	strbuf_free(&t->transcript);
	strbuf_free(&t->cookie);
	strbuf_free(&t->certificates);
	strbuf_free(&t->request);
	strbuf_free(&t->peer_public);
	wipe(t, sizeof *t);
	free(t);
}

struct bytes talk_out(const struct talk *t)
{
	return put_text(&t->out);
}

void talk_sent(struct talk *t)
{
	strbuf_clear(&t->out);
}

struct bytes talk_keys(const struct talk *t)
{
	return put_text(&t->keys);
}

struct talk_view talk_view(const struct talk *t)
{
	return (struct talk_view){ .state = t->state,
		.version = t->version,
		.alert = t->alert,
		.certificate_asked = t->asked,
		.certificate_sent = t->sent_certificate,
		.refusing = t->refusal != TALK_NO_ALERT,
		.word = t->word,
		.closed = t->closed,
		.chain = t->chain,
		.n_chain = t->n_chain,
		.verified = t->verified,
		.resumed = t->resumes };
}
