/* RFC 8446 6.2 decode_error: a length out of range, or bytes that fit no field. */
#include "diagnose/rule.h"

#include <string.h>

static void show_field(const struct event *ev, struct answer *a)
{
	size_t length = ev->wrong.have != 0 && !ev->unread ? ev->wrong.have : 1;

	answer_show(a, event_place(ev, ev->unread ? 0 : ev->wrong.at, length), ev->wrong.field);
}

static void show(const struct event *ev, struct answer *a)
{
	if (ev->kind != EVENT_MESSAGE) {
		answer_show(
			a, (struct place){ ev->packet, 0, (size_t)ev->length }, event_title(ev));
		return;
	}
	show_field(ev, a);
}

/* What is wrong with it may be a whole sentence of which it is the subject. */
static const char *behind_title(const char *where)
{
	return strncmp(where, "says ", 5) == 0 ? "" : ",";
}

static enum status judge(const struct handshake *hs, const struct event *ev, struct answer *a)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);
	char where[200];

	wrong_text(ev, where, sizeof where);
	show(ev, a);
	if (!ev->unread || ev->wrong.code == PARSE_RANGE || alert == NULL)
		return fail(a, "%s%s %s", event_title(ev), behind_title(where), where);
	return fail(a, "%s%s %s, and %s refused it as malformed", event_title(ev),
		behind_title(where), where, side_name(alert->from));
}

/* Of one that a log only names nothing was to be read. */
static const struct event *unread_message(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].unread &&
			!hs->events[i].told)
			return &hs->events[i];
	return NULL;
}

/* It holds more of something than is kept of it. */
static const struct event *long_list(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].wrong.code == PARSE_LIMIT)
			return &hs->events[i];
	return NULL;
}

static size_t count(const struct handshake *hs, bool told)
{
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++)
		n += hs->events[i].kind == EVENT_MESSAGE && hs->events[i].told == told;
	return n;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct event *ev = malformed_message(hs);
	char where[200];

	if (ev != NULL)
		return judge(hs, ev, a);
	if ((ev = unread_message(hs)) != NULL) {
		wrong_text(ev, where, sizeof where);
		show(ev, a);
		return unknown(a, "%s%s %s", event_title(ev), behind_title(where), where);
	}
	if (hs->skimmed != SKIM_NOT)
		return unknown(a, "messages after %s %llu were not read",
			source_words(hs->logged)->place, (unsigned long long)hs->skimmed_from);
	if (count(hs, false) == 0 && count(hs, true) != 0)
		return unknown(a, "the log names the messages and has no bytes of them");
	if (count(hs, false) == 0)
		return not_applicable(a, "no message in the clear was seen");
	if ((ev = long_list(hs)) != NULL)
		return pass(a, "no message breaks its structure; %s holds more than is kept",
			event_title(ev));
	if (count(hs, false) == 1)
		return pass(a, "the one message that could be read keeps to its structure");
	return pass(
		a, "all %zu messages that could be read keep to their structure", count(hs, false));
}

const struct check check_messages_well_formed = {
	.id = "messages-well-formed",
	.rfc = "RFC 8446 6.2, RFC 5246 7.2.2",
	.question = "Does every message keep to its structure, to the last byte?",
	.run = run,
};
