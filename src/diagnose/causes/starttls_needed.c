/* SMTP, IMAP, POP3, FTP, XMPP and others begin in the clear and change to TLS on request (RFC 3207, 2595, 4217). */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->server_spoke != PLAIN_NONE && starttls_protocol(v->hs->server_spoke);
}

static const char *const steps[] = {
	"let the client ask for STARTTLS first, as tlsdiag probe --starttls PROTOCOL HOST:PORT "
	"does",
	"or use the port that begins with TLS: 465 SMTP, 993 IMAP, 995 POP3, 990 FTP, 5223 XMPP",
	NULL,
};

/* The value of --starttls for it; NULL: there is none, or it may be another. */
static const char *option_of(enum plain_protocol p)
{
	static const char *const options[PLAIN_LAST + 1] = {
		[PLAIN_SMTP] = "smtp",
		[PLAIN_IMAP] = "imap",
		[PLAIN_POP3] = "pop3",
		[PLAIN_FTP] = "ftp",
		[PLAIN_XMPP] = "xmpp",
	};

	return options[p];
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The server speaks %s and waits for STARTTLS",
		plain_protocol_name(v->hs->server_spoke));
	prove_plain(v->cf, v->ex, f);
	if (option_of(v->hs->server_spoke) == NULL)
		return;
	finding_step(f, v->cf,
		"let the client ask for STARTTLS first, as tlsdiag probe --starttls %s HOST:PORT "
		"does",
		option_of(v->hs->server_spoke));
	finding_step(f, v->cf, "%s", steps[1]);
	f->steps_done = true;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

const struct cause cause_starttls_needed = {
	.id = "starttls-needed",
	.origin = ORIGIN_CONFIG,
	.summary = "The server waits for STARTTLS: it greets in plain text first",
	.handshake = &rule,
	.next_steps = steps,
};
