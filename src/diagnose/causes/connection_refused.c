/* SYN answered by RST. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	(void)cf;
	return ex->hs->ending == ENDING_REFUSED;
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	finding_prove(f, cf, ex->hs->first_packet, "the SYN is answered by a RST");
	if (cf->n_completed != 0)
		finding_prove(f, cf, 0,
			"other connections to the same port succeed: it listens at times");
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
	/* Beside real handshakes with other servers, a refused port is everyday traffic. */
	if (n != 0 && cf->n_completed + cf->n_failed == n && cf->bystander)
		f->severity = SEVERITY_NOTE;
	return n != 0;
}

static const char *const steps[] = {
	"is the server task running, and did bind and listen succeed on that port and address?",
	"a small listen backlog also refuses: one connection at a time is usual on lwIP",
	"a firewall that rejects looks the same",
	NULL,
};

const struct cause cause_connection_refused = {
	.id = "connection-refused",
	.origin = ORIGIN_NETWORK,
	.summary = "The connection is refused: nothing listens on that port",
	.run = run,
	.next_steps = steps,
};
