/* It verifies under the certificate's key over those bytes. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"

/* A message that is missing, or was sent twice, is the fault then: the signature covers what came of it. */
static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_OTHER_TRANSCRIPT &&
	       !(v->ex->hs->tls13 && failed_check(v->ex, CHECK_messages_in_order));
}

static bool of_server(const struct handshake_view *v)
{
	struct signature_view s = signature_of(v->ex, SIDE_SERVER);

	return s.bad && s.autopsy->done && found(&s);
}

/* What a CertificateVerify covers is another thing than what a ServerKeyExchange does. */
static void steps_for_client(const struct case_file *cf, struct finding *f)
{
	finding_step(f, cf,
		"let the client sign all handshake messages so far, each with its header, from the "
		"ClientHello to its own ClientKeyExchange (RFC 5246 7.4.8)");
	finding_step(f, cf,
		"look for a message that is hashed too late, twice, or with its record header");
	f->steps_done = true;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	if (!signature_cause(cf, f, found))
		return false;
	if (find_handshake(cf, of_server) == NULL)
		steps_for_client(cf, f);
	return true;
}

static const char *const steps[] = {
	"sign client_random + server_random + the parameters, in that order (RFC 5246 7.4.3)",
	"look for a random that is copied too early, or kept from the connection before",
	NULL,
};

const struct cause cause_signature_transcript_mismatch = {
	.id = "signature-transcript-mismatch",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The signature was made over other bytes than it should cover",
	.run = run,
	.next_steps = steps,
};
