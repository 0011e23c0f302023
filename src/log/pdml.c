/*
 * Dissections as PDML. It is read by the line, as tshark and Wireshark write it, an element on each: so a part
 * of it that was pasted is read as well, which is no well-formed XML, and one that is cut off.
 */
#include "log/packet.h"
#include "log/reader.h"
#include "log/scan.h"

struct state {
	struct packet packet;
};

/* The value of an attribute; *cut: the line ends in it. */
static bool attribute(struct bytes line, const char *lead, struct bytes *value, bool *cut)
{
	size_t at = text_find(line, lead);
	const uint8_t *end;

	if (at == line.len)
		return false;
	*value = bytes_slice(line, at + strlen(lead), line.len);
	end = value->len != 0 ? memchr(value->data, '"', value->len) : NULL;
	*cut = end == NULL;
	if (end != NULL)
		value->len = (size_t)(end - value->data);
	return true;
}

static void take_element(struct state *st, struct bytes text)
{
	struct bytes name, shown, value;
	bool cut, value_cut;

	if (!attribute(text, " name=\"", &name, &cut) || cut)
		return;
	if (!attribute(text, " show=\"", &shown, &cut))
		return;
	/* bytes are read from the value, which is plain */
	if (text_has(name, "payload") && attribute(text, " value=\"", &value, &value_cut)) {
		shown = value;
		cut = value_cut;
	}
	(void)packet_field(&st->packet, name, shown, cut);
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct state *st = state;
	struct bytes text = text_trim(line->text);

	if (text.len < 2 || text.data[0] != '<')
		return LOG_NOT_MINE;
	if (text_begins(text, "<packet>"))
		packet_begin(&st->packet, notes, LOG_READER_pdml, line->at);
	else if (text_begins(text, "</packet>"))
		packet_end(&st->packet, notes, LOG_READER_pdml);
	else if (text_begins(text, "<field name=\"") || text_begins(text, "<proto name=\""))
		take_element(st, text);
	else if (!text_begins(text, "</field>") && !text_begins(text, "</proto>") &&
		 !text_begins(text, "<pdml") && !text_begins(text, "</pdml"))
		return LOG_NOT_MINE;
	return LOG_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct state *st = state;

	packet_finish(&st->packet, notes, LOG_READER_pdml);
}

const struct log_reader log_reader_pdml = {
	.name = "pdml",
	.title = "a dissection as PDML",
	.size = sizeof(struct state),
	.take = take,
	.end = end,
};
