/* Bytes are told by their own lengths: a record, a message or a packet that ends where its header says. */
#include "log/flight.h"

#include "log/frame.h"
#include "names/names.h"
#include "wire/handshake.h"
#include "wire/record.h"

enum { HELLO_RANDOM_AT = HANDSHAKE_HEADER + 2 };
enum { DTLS_RECORD_HEADER = 13, SEARCHED_MAX = 4096, MESSAGES_LEAST = 12, CHAIN_ENOUGH = 64 };

static size_t be16(struct bytes b, size_t at)
{
	return (size_t)b.data[at] << 8 | b.data[at + 1];
}

static size_t be24(struct bytes b, size_t at)
{
	return (size_t)b.data[at] << 16 | be16(b, at + 1);
}

static void side_is(struct flight *f, enum side side)
{
	if (f->side_known)
		return;
	f->side_known = true;
	f->side = side;
}

/* RFC 8446 4.1.3: the random of a HelloRetryRequest; four bytes of it are sure enough. */
static bool is_retry(struct bytes message)
{
	static const uint8_t random[] = { 0xcf, 0x21, 0xad, 0x74 };

	return bytes_equal(bytes_slice(message, HELLO_RANDOM_AT, sizeof random),
		bytes_of(random, sizeof random));
}

/* What a message tells of who sent it, and of where the conversation stands. */
static void look_at_message(struct flight *f, struct bytes m)
{
	switch (m.data[0]) {
	case HS_CLIENT_HELLO:
		f->client_hello = true;
		side_is(f, SIDE_CLIENT);
		break;
	case HS_CLIENT_KEY_EXCHANGE:
		side_is(f, SIDE_CLIENT);
		break;
	case HS_SERVER_HELLO:
		f->retry = is_retry(m);
		f->server_hello = true;
		side_is(f, SIDE_SERVER);
		break;
	case HS_SERVER_HELLO_DONE:
		f->server_done = true;
		side_is(f, SIDE_SERVER);
		break;
	case HS_HELLO_VERIFY_REQUEST:
		f->retry = f->server_hello = true;
		side_is(f, SIDE_SERVER);
		break;
	case HS_HELLO_REQUEST:
	case HS_NEW_SESSION_TICKET:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST:
	case HS_CERTIFICATE_STATUS:
		side_is(f, SIDE_SERVER);
		break;
	case HS_CERTIFICATE:
		f->certificate = true;
		break;
	default:
		break;
	}
}

/* ---- records ---- */

/* The messages that lie whole, or at least begin, in what is there of a record. */
static void look_into(struct flight *f, struct bytes fragment)
{
	while (fragment.len >= HANDSHAKE_HEADER && be24(fragment, 1) <= 1u << 17 &&
		name_handshake_type(fragment.data[0]) != NULL) {
		look_at_message(f, fragment);
		fragment =
			bytes_slice(fragment, HANDSHAKE_HEADER + be24(fragment, 1), fragment.len);
	}
}

static void look_at_record(struct flight *f, const struct record_header *h, struct bytes fragment)
{
	if (h->type == CONTENT_CHANGE_CIPHER_SPEC)
		f->ccs = true;
	else if (h->type == CONTENT_ALERT)
		f->alert = true;
	else if (h->type == CONTENT_HANDSHAKE && !f->ccs)
		look_into(f, fragment);
}

/* A record by itself is told by more than its header, where it is not there whole. */
static bool first_record_fits(const struct record_header *h, struct bytes fragment, uint64_t left)
{
	if (!(h->type >= CONTENT_CHANGE_CIPHER_SPEC && h->type <= CONTENT_APPLICATION_DATA) ||
		h->length == 0)
		return false;
	if (h->length <= left)
		return true;
	return h->type == CONTENT_APPLICATION_DATA ||
	       (h->type == CONTENT_HANDSHAKE && fragment.len >= HANDSHAKE_HEADER &&
		       name_handshake_type(fragment.data[0]) != NULL);
}

/* Do records follow one another from there to the end, or nearly? */
static bool chains_to_end(const struct holed *h, uint64_t at)
{
	uint64_t total = holed_total(h), begun = at;
	struct record_header header;

	for (unsigned n = 0; at + RECORD_HEADER <= total; n++) {
		struct bytes b = holed_from(h, at);

		if (!record_parse_plausible(b, &header) || header.length == 0)
			return false;
		at += RECORD_HEADER + header.length;
		if (n == CHAIN_ENOUGH)
			return true;
	}
	return at == total && at != begun;
}

/*
 * A record ends where no other begins: lines of it may be lost, of a dump without offsets. If the records
 * behind it are found before its end they are of the sender's stream too, and what lacks is missing from it:
 * where in it cannot be told, so only its beginning is kept.
 */
static bool mend(struct holed *h, uint64_t at, const struct record_header *header)
{
	enum { KEPT = RECORD_HEADER + HANDSHAKE_HEADER };
	uint64_t end = at + RECORD_HEADER + header->length, total = holed_total(h);

	for (uint64_t p = at + KEPT; p < end && p < total; p++) {
		struct bytes b = holed_from(h, p);

		if (b.len < RECORD_HEADER || b.data[1] != 3 || !chains_to_end(h, p))
			continue;
		holed_punch(h, at + KEPT, p, end - at - KEPT);
		return true;
	}
	return false;
}

/* At the end, or where another record may begin. */
static bool ends_well(const struct holed *h, uint64_t at)
{
	uint64_t total = holed_total(h);
	struct bytes b = holed_from(h, at);

	return at + RECORD_HEADER > total ? at <= total
					  : b.len < RECORD_HEADER || record_plausible(b);
}

static bool read_records(struct holed *h, struct flight *f)
{
	uint64_t at = 0, total = holed_total(h);
	struct record_header header;

	while (at < total) {
		struct bytes b = holed_from(h, at), fragment;

		if (!record_parse_plausible(b, &header))
			break;
		fragment = bytes_slice(b, RECORD_HEADER, header.length);
		if (at == 0 && !first_record_fits(&header, fragment, total - RECORD_HEADER))
			return false;
		look_at_record(f, &header, fragment);
		if (!ends_well(h, at + RECORD_HEADER + header.length) && mend(h, at, &header))
			total = holed_total(h);
		at += RECORD_HEADER + header.length;
		if (f->split == 0 && (f->client_hello || f->server_done || f->retry) && at <= total)
			f->split = at;
	}
	if (at == 0)
		return false;
	/* the header of a record may be cut in itself: a few bytes that could begin one */
	f->owed = at > total ? at - total : 0;
	f->end = at > total || total - at < RECORD_HEADER ? total : at;
	f->kind = FLIGHT_RECORDS;
	return true;
}

/* ---- messages without records ---- */

/* A message that is not there whole is told by what it holds. */
static bool message_begins(struct bytes b)
{
	uint8_t framed[RECORD_HEADER + HANDSHAKE_HEADER + 2] = { CONTENT_HANDSHAKE, 3, 1, 1, 0 };
	enum hello_probe probe;

	if (b.len < HANDSHAKE_HEADER + 6)
		return false;
	if (b.data[0] == HS_CERTIFICATE)
		return be24(b, 4) + 3 == be24(b, 1) && be24(b, 7) + 3 <= be24(b, 4) &&
		       (b.len == HANDSHAKE_HEADER + 6 || b.data[10] == 0x30);
	memcpy(framed + RECORD_HEADER, b.data, sizeof framed - RECORD_HEADER);
	probe = record_probe_hello(bytes_of(framed, sizeof framed));
	return probe == HELLO_CLIENT || probe == HELLO_SERVER;
}

static bool read_messages(const struct holed *h, struct flight *f)
{
	uint64_t at = 0, total = holed_total(h);

	if (total < MESSAGES_LEAST)
		return false;
	while (at < total) {
		struct bytes b = holed_from(h, at);

		if (b.len < HANDSHAKE_HEADER || name_handshake_type(b.data[0]) == NULL ||
			b.data[1] != 0)
			return false;
		if (at == 0 && be24(b, 1) == 0)
			return false;
		look_at_message(f, b);
		at += HANDSHAKE_HEADER + be24(b, 1);
	}
	if (at > total && !message_begins(holed_from(h, 0)))
		return false;
	f->owed = at - total;
	f->end = total;
	f->kind = FLIGHT_MESSAGES;
	return true;
}

/* ---- what they are ---- */

static bool read_datagram(const struct holed *h, struct flight *f)
{
	struct bytes b = holed_head(h);

	if (!dtls_record_plausible(b) || b.data[0] > CONTENT_APPLICATION_DATA)
		return false;
	f->kind = FLIGHT_DATAGRAM;
	f->end = holed_total(h);
	if (b.data[0] == CONTENT_HANDSHAKE && b.len > DTLS_RECORD_HEADER + HANDSHAKE_HEADER)
		look_at_message(f, bytes_slice(b, DTLS_RECORD_HEADER, b.len));
	f->alert = b.data[0] == CONTENT_ALERT;
	return true;
}

static bool read_at_start(struct holed *h, struct flight *f)
{
	if (read_datagram(h, f) || read_records(h, f))
		return true;
	*f = (struct flight){ .end = holed_total(h) };
	if (frame_link(holed_head(h), holed_total(h), &f->link)) {
		f->kind = FLIGHT_FRAME;
		return true;
	}
	if (read_messages(h, f))
		return true;
	*f = (struct flight){ 0 };
	return false;
}

/* Other bytes may stand before a hello: the header of whoever wrote the dump. */
static bool find_hello(struct holed *h, struct flight *f)
{
	struct bytes b = bytes_slice(holed_head(h), 0, SEARCHED_MAX);

	for (size_t at = 1; at < b.len; at++) {
		const uint8_t *p = memchr(b.data + at, CONTENT_HANDSHAKE, b.len - at);
		struct bytes rest;
		enum hello_probe probe;

		if (p == NULL)
			return false;
		at = (size_t)(p - b.data);
		rest = bytes_slice(holed_head(h), at, h->len);
		probe = rest.len > RECORD_HEADER + HANDSHAKE_HEADER + 2 ? record_probe_hello(rest)
									: HELLO_NO;
		if (probe != HELLO_CLIENT && probe != HELLO_SERVER)
			continue;
		holed_cut_front(h, at);
		return read_records(h, f);
	}
	return false;
}

bool flight_read(struct holed *h, struct flight *out)
{
	*out = (struct flight){ 0 };
	return read_at_start(h, out) || find_hello(h, out);
}

uint64_t flight_message_length(struct bytes b)
{
	return b.len >= HANDSHAKE_HEADER ? HANDSHAKE_HEADER + (uint64_t)be24(b, 1) : 0;
}

bool flight_begins(struct bytes b)
{
	uint32_t link;

	return record_plausible(b) || dtls_record_plausible(b) || message_begins(b) ||
	       frame_link(b, b.len, &link);
}
