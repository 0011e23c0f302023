/* The answer to the ClientHello is another protocol. */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	(void)cf;
	return ex->hs->server_spoke != PLAIN_NONE && ex->hs->server_spoke != PLAIN_HTTP &&
	       !starttls_protocol(ex->hs->server_spoke);
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	if (ex->hs->server_spoke != PLAIN_UNKNOWN)
		finding_say(f, cf, "The server speaks %s on this port, not TLS",
			plain_protocol_name(ex->hs->server_spoke));
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
	"connect to the port that speaks TLS, or switch TLS on in that server",
	"many databases want a request for TLS in their own protocol first",
	NULL,
};

const struct cause cause_not_tls = {
	.id = "not-tls",
	.origin = ORIGIN_CONFIG,
	.summary = "The server does not speak TLS on this port",
	.run = run,
	.next_steps = steps,
};
