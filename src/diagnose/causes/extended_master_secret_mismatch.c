/* RFC 7627 5.3: client and server must give up when the two differ. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

static bool agreed(const struct handshake *hs)
{
	return hs->client_hello.ext.extended_master_secret &&
	       hs->server_hello.ext.extended_master_secret;
}

/* The full handshake that made the session: same session id, or the ticket that is shown. */
static const struct handshake *original(const struct case_file *cf, const struct handshake *hs)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *full = cf->kept[i]->hs;

		if (full == hs || full->id > hs->id || !full->server_hello.seen)
			continue;
		if (full->ticket.seen && full->ticket.ticket.len != 0 &&
			bytes_equal(full->ticket.ticket, hs->client_hello.ext.session_ticket))
			return full;
		if (full->server_hello.session_id.len != 0 &&
			bytes_equal(full->server_hello.session_id, hs->client_hello.session_id))
			return full;
	}
	return NULL;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs, *full;
		struct ending_story st = story_of(hs);

		if (!st.failed || !hs->client_hello.seen || (st.alert != 40 && st.alert != 20))
			continue;
		full = original(cf, hs);
		if (full == NULL ||
			(hs->server_hello.seen
					? agreed(full) == agreed(hs)
					: full->client_hello.ext.extended_master_secret ==
						  hs->client_hello.ext.extended_master_secret))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		finding_prove(f, cf, full->first_packet,
			"the session began %s extended_master_secret",
			agreed(full) ? "with" : "without");
		finding_prove(f, cf, hs->first_packet, "and is resumed %s it",
			hs->client_hello.ext.extended_master_secret ? "with" : "without");
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"switch the extension on at both ends and for every library that shares the session cache",
	"drop the sessions kept from before the change",
	NULL,
};

const struct cause cause_extended_master_secret_mismatch = {
	.id = "extended-master-secret-mismatch",
	.origin = ORIGIN_INTEROP,
	.summary = "A session was resumed with another extended_master_secret than it began with",
	.run = run,
	.next_steps = steps,
};
