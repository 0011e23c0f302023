/* RST in place of an alert: a crash, a socket closed with unread bytes, a firewall. */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_hello_answered,
	CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);

	(void)cf;
	return nothing_else_failed(ex) && st.failed && st.closed && st.reset &&
	       ex->hs->server_spoke == PLAIN_NONE;
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	struct ending_story st = story_of(ex->hs);

	finding_say(f, cf, "%s reset the connection without an alert",
		st.by == SIDE_CLIENT ? "The client" : "The server");
	finding_quote(f, cf, ex, CHECK_closed_cleanly);
	if (ex->hs->has_last_message)
		finding_prove(f, cf, ex->hs->last_packet, "the last message in the clear was %s",
			name_handshake_title(ex->hs->last_message));
	if (st.early) {
		finding_say(f, cf, "The client closed the connection before the server answered");
		f->severity = SEVERITY_WARNING;
	}
	f->assumptions = 1;
	if (gave_up_before_ske(ex->hs))
		finding_step(f, cf,
			"an mbedTLS server that stops here failed to make its key or its "
			"signature: -0x4C80 is arithmetic or memory, -0x4D00 the random "
			"numbers, -0x7500 its output buffer");
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_LIKELY;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!shows(cf, cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ == 0)
			prove(cf, cf->kept[i], f);
	}
	return n != 0;
}

static const char *const steps[] = {
	"did the side that reset it crash, or run into a watchdog? look at its uptime",
	"a socket closed with unread bytes resets too: was the handshake given up early?",
	"a firewall in between resets as well: capture on both ends",
	NULL,
};

const struct cause cause_connection_reset = {
	.id = "connection-reset",
	.origin = ORIGIN_NETWORK,
	.summary = "A side reset the connection without saying why",
	.run = run,
	.next_steps = steps,
};
