/*
 * Dissections as JSON: tshark -T json, jsonraw, ek, with lines and without. No tree is built: a string
 * and the name before it are enough to know a field.
 */
#include "log/packet.h"
#include "log/reader.h"
#include "log/scan.h"

enum { KEY_MAX = 64 };

struct state {
	bool active; /* in the middle of a dissection */
	bool array;  /* the next string is a value of: */
	char key[KEY_MAX];
	size_t n_key;
	struct packet packet;
};

/* Names that no other JSON begins with. */
static bool begins_packet(struct bytes key)
{
	return text_is(key, "_index") || text_is(key, "layers") || text_is(key, "_source");
}

static bool is_of_wireshark(struct bytes key)
{
	static const char *const layers[] = { "frame.", "tcp.", "tls.", "ssl.", "ip.", "eth.",
		"ipv6.", "udp.", "dtls." };

	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		if (text_begins(key, layers[i]))
			return true;
	return begins_packet(key);
}

/* The string at the quotation mark; *cut: it does not end in this line. */
static struct bytes take_string(struct scan *s, bool *cut)
{
	const uint8_t *from;

	s->at++;
	from = s->at;
	while (!scan_is_at_end(s) && *s->at != '"')
		s->at += *s->at == '\\' && s->end - s->at > 1 ? 2 : 1;
	*cut = scan_is_at_end(s);
	if (!*cut)
		return bytes_of(from, (size_t)(s->at++ - from));
	return bytes_of(from, (size_t)(s->at - from));
}

static void keep_key(struct state *st, struct bytes key)
{
	st->n_key = key.len < KEY_MAX ? key.len : 0;
	memcpy(st->key, key.data, st->n_key);
}

static void take_value(struct state *st, struct bytes value, bool cut)
{
	struct bytes key = bytes_of(st->key, st->n_key);

	if (st->n_key != 0)
		(void)packet_field(&st->packet, key, value, cut);
	st->array = false;
	st->n_key = 0;
}

/* A name stands before a colon: what follows is its value, or the values in brackets. */
static void take_key(struct state *st, struct log_notes *notes, struct scan *s, struct bytes key,
	struct log_at at)
{
	struct bytes word;

	if (begins_packet(key)) {
		if (st->packet.any || !st->active)
			packet_begin(&st->packet, notes, LOG_READER_tshark_json, at);
		else
			st->packet.at = at;
	}
	st->active |= is_of_wireshark(key);
	keep_key(st, key);
	(void)scan_blanks(s);
	st->array = scan_char(s, '[');
	if (!st->array && scan_name(s, ".", &word)) /* a number, true, null */
		take_value(st, word, false);
}

static void take_line(
	struct state *st, struct log_notes *notes, struct bytes text, struct log_at at)
{
	struct scan s = scan_of(text);

	while (!scan_is_at_end(&s)) {
		struct bytes string;
		const uint8_t *quote = memchr(s.at, '"', (size_t)(s.end - s.at));
		bool cut;

		if (quote == NULL)
			return;
		s.at = quote;
		string = take_string(&s, &cut);
		(void)scan_blanks(&s);
		if (!cut && scan_char(&s, ':'))
			take_key(st, notes, &s, string, at);
		else
			take_value(st, string, cut);
	}
}

/* Does the first name of the line, or a name in its beginning, tell that it is a dissection? */
static bool begins(struct bytes text)
{
	static const char *const names[] = { "\"_index\"", "\"layers\"", "\"frame.", "\"tcp.",
		"\"tls.", "\"ip.", "\"ssl.", "\"_source\"" };
	struct bytes head = bytes_slice(text, 0, 160);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_has(head, names[i]))
			return true;
	return false;
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct state *st = state;
	struct bytes text = text_trim(line->text);
	uint8_t first = text.len != 0 ? text.data[0] : 0;
	bool numbers = first >= '0' && first <= '9' && text.len < 24;

	if (first == 0 || (strchr("\"{[]}", first) == NULL && !(st->active && numbers))) {
		st->active = st->active && first == 0;
		return LOG_NOT_MINE;
	}
	if (!st->active && !begins(text))
		return LOG_NOT_MINE;
	take_line(st, notes, text, line->at);
	return LOG_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct state *st = state;

	packet_finish(&st->packet, notes, LOG_READER_tshark_json);
}

const struct log_reader log_reader_tshark_json = {
	.name = "tshark-json",
	.title = "a dissection as JSON",
	.size = sizeof(struct state),
	.take = take,
	.end = end,
};
