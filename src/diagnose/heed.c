/*
 * An answer is late when every byte that it shows came in a message which was late itself. And nobody minds
 * a certificate of its own: what is wrong with it is no reason of the side that sent it.
 */
#include "diagnose/heed.h"

#include "base/array.h"
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

/* Of certificates; what else a side sends may tell of the fault for which it gives up itself. */
static bool about_certificates(enum check_id id)
{
	static const enum check_id those[] = { CHECK_certificate_well_formed, CHECK_chain_complete,
		CHECK_chain_dates, CHECK_chain_signatures, CHECK_chain_strength,
		CHECK_chain_trusted, CHECK_chain_usages, CHECK_name_matches };

	for (size_t i = 0; i < COUNT(those); i++)
		if (those[i] == id)
			return true;
	return false;
}

/* Does it show nothing but the certificates of that side? */
static bool own_answer(const struct handshake *hs, enum side by, const struct answer *a)
{
	const struct event *ev = handshake_message(hs, by, HS_CERTIFICATE);

	for (size_t i = 0; i < a->n_evidence; i++)
		if (ev == NULL || !holds(ev, a->evidence[i].place.packet))
			return false;
	return a->n_evidence != 0;
}

/* A warning that says why it is no more. */
static void soften(struct answer *a, const char *before, enum side by, const char *after)
{
	a->status = WARN;
	if (a->message != NULL && a->arena != NULL)
		a->message = arena_printf(
			a->arena, "%s (%s %s%s)", a->message, before, side_name(by), after);
}

void answers_heed(const struct handshake *hs, struct answer answers[static N_CHECKS])
{
	struct ending_story st = story_of(hs);

	for (size_t i = 0; st.failed && i < N_CHECKS; i++) {
		struct answer *a = &answers[i];

		if (a->status != FAIL)
			continue;
		if (hs->horizon[st.by].ended && late_answer(hs, st.by, a))
			soften(a, "it came after", st.by, " had given up");
		else if (about_certificates((enum check_id)i) && own_answer(hs, st.by, a))
			soften(a, "no reason for", st.by, ", which sent it, to give up");
	}
}
