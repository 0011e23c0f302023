/* RFC 5280 4.1; the offset of the first wrong byte is the proof. */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"

static const enum check_id explains[] = { CHECK_certificate_well_formed, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_chain_complete, CHECK_chain_signatures, CHECK_chain_trusted,
	CHECK_chain_usages, CHECK_chain_dates, CHECK_name_matches, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return failed_check(v->ex, CHECK_certificate_well_formed);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_certificate_well_formed);
}

/* TLS 1.3 hides it; the client that was there says that what came is no certificate. */
static bool said(const struct handshake_view *v)
{
	return v->st.failed && v->hs->tls13 && v->hs->side[SIDE_SERVER].n_certs == 0 &&
	       word_breaks_certificate(&v->hs->side[SIDE_CLIENT].word);
}

static void prove_said(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "What the server sends as a certificate is none");
	finding_prove_word(f, v->cf, v->hs);
	finding_step(f, v->cf,
		"ask for TLS 1.2 (--max-version TLS1.2), which shows its bytes in the clear");
}

static const struct handshake_rule by_the_clients_word = {
	.shows = said,
	.prove = prove_said,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = warn_unless_failed,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &by_the_clients_word,
};

static const char *const steps[] = {
	"compare the certificate on the device with the file that was issued: its length, its last "
	"bytes",
	"a truncated array or a strlen() on DER are the usual ways to lose the end",
	"openssl asn1parse -inform DER shows how far it reads",
	NULL,
};

const struct cause cause_certificate_malformed = {
	.id = "certificate-malformed",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate is not well-formed DER",
	.handshake = &rule,
	.next_steps = steps,
};
