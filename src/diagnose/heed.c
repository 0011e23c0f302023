/* An answer is late when every byte that it shows came in a message which was late itself. */
#include "diagnose/heed.h"

#include "diagnose/story.h"

static bool holds(const struct event *ev, uint64_t packet)
{
	return ev->kind == EVENT_MESSAGE && packet >= ev->packet && packet <= event_end_packet(ev);
}

/* Was the packet's part of what `from` said late, all of it? */
static bool late_packet(const struct handshake *hs, enum side from, uint64_t packet)
{
	bool late = false;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->from != from || !holds(ev, packet))
			continue;
		if (!ev->late)
			return false;
		late = true;
	}
	return late;
}

static bool late_answer(const struct handshake *hs, enum side by, const struct answer *a)
{
	for (size_t i = 0; i < a->n_evidence; i++)
		if (!late_packet(hs, side_other(by), a->evidence[i].place.packet))
			return false;
	return a->n_evidence != 0;
}

void answers_heed(const struct handshake *hs, struct answer answers[static N_CHECKS])
{
	struct ending_story st = story_of(hs);

	if (!st.failed || !hs->horizon[st.by].ended)
		return;
	for (size_t i = 0; i < N_CHECKS; i++) {
		struct answer *a = &answers[i];

		if (a->status != FAIL || !late_answer(hs, st.by, a))
			continue;
		a->status = WARN;
		if (a->message != NULL && a->arena != NULL)
			a->message = arena_printf(a->arena, "%s (it came after %s had given up)",
				a->message, side_name(st.by));
	}
}
