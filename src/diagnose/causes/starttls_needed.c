/* SMTP, IMAP, POP3, FTP, XMPP and others begin in the clear and change to TLS on request (RFC 3207, 2595, 4217). */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->server_spoke != PLAIN_NONE && starttls_protocol(v->hs->server_spoke);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The server speaks %s and waits for STARTTLS",
		plain_protocol_name(v->hs->server_spoke));
	prove_plain(v->cf, v->ex, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"let the client ask for STARTTLS first, as tlsdiag probe --starttls smtp HOST:PORT does",
	"or use the port that begins with TLS: 465 SMTP, 993 IMAP, 995 POP3, 990 FTP, 5223 XMPP",
	NULL,
};

const struct cause cause_starttls_needed = {
	.id = "starttls-needed",
	.origin = ORIGIN_CONFIG,
	.summary = "The server waits for STARTTLS: it greets in plain text first",
	.handshake = &rule,
	.next_steps = steps,
};
