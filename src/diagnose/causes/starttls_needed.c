/* SMTP, IMAP, POP3, FTP, XMPP and others begin in the clear and change to TLS on request (RFC 3207, 2595, 4217). */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	(void)cf;
	return ex->hs->server_spoke != PLAIN_NONE && starttls_protocol(ex->hs->server_spoke);
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	finding_say(f, cf, "The server speaks %s and waits for STARTTLS",
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
	"let the client ask for STARTTLS first, as tlsdiag probe --starttls smtp HOST:PORT does",
	"or use the port that begins with TLS: 465 SMTP, 993 IMAP, 995 POP3, 990 FTP, 5223 XMPP",
	NULL,
};

const struct cause cause_starttls_needed = {
	.id = "starttls-needed",
	.origin = ORIGIN_CONFIG,
	.summary = "The server waits for STARTTLS: it greets in plain text first",
	.run = run,
	.next_steps = steps,
};
