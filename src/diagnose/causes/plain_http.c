/* HTTP in answer to a ClientHello. */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	(void)cf;
	return ex->hs->server_spoke == PLAIN_HTTP;
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	prove_plain(cf, ex, f);
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_CERTAIN;
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
	"use the HTTPS port (443, or what the server is configured for), or http:// for this one",
	"on a device: is the TLS listener really on this port?",
	NULL,
};

const struct cause cause_plain_http = {
	.id = "plain-http",
	.origin = ORIGIN_CONFIG,
	.summary = "The server speaks plain HTTP on this port",
	.run = run,
	.next_steps = steps,
};
