/* Nothing in TLS tells why. */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	(void)cf;
	return ex->hs->ending == ENDING_UNANSWERED || silent_server(ex->hs);
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	const struct direction *client = &ex->hs->tcp[SIDE_CLIENT];

	if (ex->hs->ending == ENDING_UNANSWERED) {
		finding_say(f, cf, "Nothing answers the connection request");
		finding_prove(f, cf, ex->hs->first_packet, "the SYN gets no answer");
		return;
	}
	finding_prove(f, cf, message_place(ex->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the ClientHello is not answered by a single byte");
	finding_prove(f, cf, 0,
		client->fin || client->rst ? "after %.1f s the client gives up"
					   : "after %.1f s there is still no answer",
		(double)(ex->hs->ended_time - ex->hs->start) / 1e9);
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
	/* Beside real handshakes with other servers, a host that is not there is everyday traffic. */
	if (n != 0 && cf->n_completed + cf->n_failed == n && !cf->only_server &&
		cf->kept[0]->hs->ending == ENDING_UNANSWERED)
		f->severity = SEVERITY_NOTE;
	return n != 0;
}

static const char *const steps[] = {
	"is the task that accepts the connection alive, and is the handshake called?",
	"does the server wait for something else first (STARTTLS, a PROXY line, another port)?",
	"ask with a small ClientHello, as a large one may get stuck in a buffer: tlsdiag probe "
	"--groups secp256r1 HOST:PORT",
	NULL,
};

const struct cause cause_server_silent = {
	.id = "server-silent",
	.origin = ORIGIN_NETWORK,
	.summary = "The server accepts the connection and never answers the ClientHello",
	.run = run,
	.next_steps = steps,
};
