/*
 * Records and messages are only measured; ServerHello alone is read: after a retry, and in TLS 1.3,
 * the end is not to be seen.
 */
#include "drive/flight.h"

#include "wire/handshake.h"
#include "wire/record.h"

static struct bytes bytes_in(const struct strbuf *b)
{
	return bytes_of((const uint8_t *)strbuf_text(b), b->len);
}

/* Forgets the first n bytes. */
static void drop(struct strbuf *b, size_t n)
{
	if (n == 0)
		return;
	memmove(b->text, b->text + n, b->len - n);
	b->len -= n;
}

static void see_server_hello(struct flight *f, struct bytes body)
{
	struct server_hello hello = { 0 };
	struct parse_err err;
	struct cur c = cur_init(body, &err);

	(void)parse_server_hello(&c, &hello);
	if (hello.is_retry)
		f->state = FLIGHT_RETRY;
	else if (server_hello_version(&hello) == 0x0304)
		f->state = FLIGHT_HIDDEN;
}

/* Whole messages of what was put together so far. */
static void see_messages(struct flight *f)
{
	struct bytes b = bytes_in(&f->messages);

	while (f->state == FLIGHT_MORE) {
		size_t len = b.len >= HANDSHAKE_HEADER
				     ? (size_t)b.data[1] << 16 | (size_t)b.data[2] << 8 | b.data[3]
				     : 0;

		if (b.len < HANDSHAKE_HEADER || b.len - HANDSHAKE_HEADER < len)
			break;
		if (b.data[0] == HS_SERVER_HELLO)
			see_server_hello(f, bytes_slice(b, HANDSHAKE_HEADER, len));
		else if (b.data[0] == HS_SERVER_HELLO_DONE)
			f->state = FLIGHT_WHOLE;
		b = bytes_slice(b, HANDSHAKE_HEADER + len, b.len);
	}
	drop(&f->messages, f->messages.len - b.len);
}

static void see_record(struct flight *f, uint8_t type, struct bytes fragment)
{
	switch (type) {
	case CONTENT_ALERT:
		if (fragment.len == 2 && fragment.data[0] == ALERT_LEVEL_FATAL)
			f->state = FLIGHT_ALERT;
		return;
	case CONTENT_CHANGE_CIPHER_SPEC:
		f->ccs = true;
		return;
	case CONTENT_HANDSHAKE:
		if (f->ccs) { /* of a resumed session: the Finished */
			f->state = FLIGHT_WHOLE;
			return;
		}
		strbuf_add(&f->messages, (const char *)fragment.data, fragment.len);
		see_messages(f);
		return;
	default:
		return;
	}
}

static void see_records(struct flight *f)
{
	struct bytes rest = bytes_in(&f->in);
	struct record_header h;

	while (f->state == FLIGHT_MORE) {
		if (rest.len >= RECORD_HEADER && !record_plausible(rest))
			f->state = FLIGHT_NOT_TLS;
		if (!record_parse_header(rest, &h) || rest.len - RECORD_HEADER < h.length)
			break;
		if (f->state == FLIGHT_MORE)
			see_record(f, h.type, bytes_slice(rest, RECORD_HEADER, h.length));
		rest = bytes_slice(rest, RECORD_HEADER + (size_t)h.length, rest.len);
	}
	drop(&f->in, f->in.len - rest.len);
}

void flight_feed(struct flight *f, struct bytes b)
{
	if (f->state != FLIGHT_MORE)
		return;
	f->received += b.len;
	strbuf_add(&f->in, (const char *)b.data, b.len);
	see_records(f);
	if (f->state == FLIGHT_MORE &&
		(f->received > FLIGHT_BYTES_MAX || f->in.failed || f->messages.failed))
		f->state = FLIGHT_ENDLESS;
}

void flight_free(struct flight *f)
{
	strbuf_free(&f->in);
	strbuf_free(&f->messages);
}
