/* What comes is cut into records and messages by their headers, and counted by kind. */
#include "drive/meter.h"

#include "wire/handshake.h"
#include "wire/record.h"

enum { PAUSE_MS = 50, STILL_MS = 500 };

void meter_begin(struct meter *m, double now_ms)
{
	*m = (struct meter){ .began_ms = now_ms, .last_ms = now_ms };
}

static void cut(struct meter *m, enum cut_off why)
{
	if (m->heard.cut == CUT_NONE)
		m->heard.cut = why;
}

static void count(struct meter *m, uint64_t *n, uint64_t max, enum cut_off why)
{
	if (++*n > max)
		cut(m, why);
}

/* ---- what is in a record ---- */

static size_t collect(uint8_t *to, uint8_t *have, size_t size, struct bytes b)
{
	size_t n = size - *have;

	if (n > b.len)
		n = b.len;
	memcpy(to + *have, b.data, n);
	*have = (uint8_t)(*have + n);
	return n;
}

static void message_begins(struct meter *m)
{
	const uint8_t *h = m->message;

	m->n_message = 0;
	m->message_left = (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];
	m->heard.requests += h[0] == HS_HELLO_REQUEST;
	count(m, &m->heard.messages, METER_MESSAGES_MAX, CUT_MESSAGES);
}

static void feed_messages(struct meter *m, struct bytes b)
{
	while (b.len != 0) {
		size_t n;

		if (m->message_left != 0) {
			n = b.len < m->message_left ? b.len : m->message_left;
			m->message_left -= (uint32_t)n;
		} else {
			n = collect(m->message, &m->n_message, sizeof m->message, b);
			if (m->n_message == sizeof m->message)
				message_begins(m);
		}
		b = bytes_slice(b, n, b.len);
	}
}

/* ---- records ---- */

static void record_ends(struct meter *m)
{
	if (m->type == CONTENT_ALERT && m->length == 2 && m->first[0] == ALERT_LEVEL_WARNING &&
		m->first[1] != ALERT_CLOSE_NOTIFY)
		count(m, &m->heard.warnings, METER_WARNINGS_MAX, CUT_WARNINGS);
	if (m->type == CONTENT_CHANGE_CIPHER_SPEC) {
		count(m, &m->heard.changes, METER_CHANGES_MAX, CUT_CHANGES);
		m->protected = true;
	}
}

static void record_begins(struct meter *m)
{
	struct bytes header = bytes_of(m->header, sizeof m->header);
	struct record_header h;

	m->n_header = 0;
	m->n_first = 0;
	if (!record_parse_plausible(header, &h)) {
		m->lost = true;
		return;
	}
	m->type = h.type;
	m->length = m->left = h.length;
	count(m, &m->heard.records, METER_RECORDS_MAX, CUT_RECORDS);
	if (h.length == 0)
		count(m, &m->heard.empty, METER_EMPTY_MAX, CUT_EMPTY);
}

static size_t feed_record(struct meter *m, struct bytes b)
{
	struct bytes piece = bytes_slice(b, 0, m->left);

	(void)collect(m->first, &m->n_first, sizeof m->first, piece);
	if (m->type == CONTENT_HANDSHAKE && !m->protected)
		feed_messages(m, piece);
	m->left -= (uint32_t)piece.len;
	if (m->left == 0)
		record_ends(m);
	return piece.len;
}

void meter_feed(struct meter *m, struct bytes b, double now_ms)
{
	if (b.len == 0)
		return;
	m->heard.pieces += m->heard.bytes == 0 || now_ms - m->last_ms >= PAUSE_MS;
	m->last_ms = now_ms;
	m->heard.bytes += b.len;
	m->heard.ms = (uint64_t)(now_ms - m->began_ms);
	while (b.len != 0 && !m->lost) {
		size_t n;

		if (m->left != 0)
			n = feed_record(m, b);
		else
			n = collect(m->header, &m->n_header, sizeof m->header, b);
		if (m->n_header == sizeof m->header)
			record_begins(m);
		b = bytes_slice(b, n, b.len);
	}
}

/* ---- the end ---- */

bool meter_overdue(struct meter *m, double now_ms)
{
	double silence = now_ms - m->last_ms, pace = 0;

	if (m->heard.pieces != 0)
		pace = (m->last_ms - m->began_ms) / (double)m->heard.pieces;
	if (m->heard.bytes == 0 || (silence > STILL_MS && silence > 2 * pace))
		return false;
	cut(m, CUT_TIME);
	m->heard.ms = (uint64_t)(now_ms - m->began_ms);
	return true;
}

void meter_flooded(struct meter *m, bool bytes, double now_ms)
{
	cut(m, bytes ? CUT_BYTES : CUT_PIECES);
	m->heard.ms = (uint64_t)(now_ms - m->began_ms);
}
