/* RFC 7627 5.3: client and server must give up when the two differ. */
#include "diagnose/handshakes.h"

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

		if (full == hs || full->id > hs->id || !full->server_hello.seen ||
			!full->client_hello.seen)
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

/* Does the handshake resume `full` on other terms? Without a ServerHello the offers must tell. */
static bool differs(const struct handshake *full, const struct handshake *hs)
{
	if (hs->server_hello.seen)
		return agreed(full) != agreed(hs);
	return full->client_hello.ext.extended_master_secret !=
	       hs->client_hello.ext.extended_master_secret;
}

static bool shows(const struct handshake_view *v)
{
	const struct handshake *full;

	if (!v->st.failed || !v->hs->client_hello.seen || (v->st.alert != 40 && v->st.alert != 20))
		return false;
	full = original(v->cf, v->hs);
	return full != NULL && differs(full, v->hs);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *full = original(v->cf, v->hs);

	finding_prove(f, v->cf, full->first_packet, "the session began %s extended_master_secret",
		agreed(full) ? "with" : "without");
	if (v->hs->server_hello.seen)
		finding_prove(f, v->cf, v->hs->first_packet, "and is resumed %s it",
			agreed(v->hs) ? "with" : "without");
	else
		finding_prove(f, v->cf, v->hs->first_packet, "the client asks to resume it %s",
			v->hs->client_hello.ext.extended_master_secret ? "with it" : "without it");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"switch the extension on at both ends and for every library that shares the session cache",
	"drop the sessions kept from before the change",
	NULL,
};

const struct cause cause_extended_master_secret_mismatch = {
	.id = "extended-master-secret-mismatch",
	.origin = ORIGIN_INTEROP,
	.summary = "A session was resumed with another extended_master_secret than it began with",
	.handshake = &rule,
	.next_steps = steps,
};
