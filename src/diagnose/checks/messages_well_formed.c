/* RFC 8446 6.2 decode_error: a length out of range, or bytes that fit no field. */
#include "diagnose/rule.h"

static enum status judge(const struct event *ev, struct answer *a)
{
	char where[200];

	parse_err_text(&ev->wrong, where, sizeof where);
	answer_show(a, event_place(ev, ev->wrong.at, ev->wrong.have != 0 ? ev->wrong.have : 1),
		ev->wrong.field);
	if (ev->wrong.code == PARSE_CUT)
		return unknown(a, "%s, %s", name_handshake_title(ev->type), where);
	return fail(a, "%s, %s", name_handshake_title(ev->type), where);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct event *cut = NULL;
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind != EVENT_MESSAGE)
			continue;
		n++;
		if (ev->wrong.code == PARSE_CUT && cut == NULL)
			cut = ev;
		if (ev->wrong.code != PARSE_OK && ev->wrong.code != PARSE_CUT &&
			ev->wrong.code != PARSE_LIMIT)
			return judge(ev, a);
	}
	if (cut != NULL)
		return judge(cut, a);
	if (n == 0)
		return not_applicable(a, "no message in the clear was seen");
	return pass(a, "all %zu messages in the clear read to their last byte", n);
}

const struct check check_messages_well_formed = {
	.id = "messages-well-formed",
	.rfc = "RFC 8446 6.2, RFC 5246 7.2.2",
	.question = "Does every message keep to its structure, to the last byte?",
	.run = run,
};
