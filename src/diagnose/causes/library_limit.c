/*
 * mbedTLS 3 offers the RSA-PSS schemes in every hello that may end in TLS 1.3, where RFC 8446 4.2.3 lets
 * a server of TLS 1.2 choose them too; but its client verifies a ServerKeyExchange of RSA with PKCS #1
 * v1.5 only, and refuses what it has asked for (seen with 3.6.6).
 */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"
#include "names/atlas.h"

static bool is_pss(uint16_t scheme)
{
	return (scheme >= 0x0804 && scheme <= 0x0806) || (scheme >= 0x0809 && scheme <= 0x080b);
}

static bool signed_with_pss(const struct handshake *hs)
{
	return !hs->tls13 && hs->ske.seen && hs->ske.has_scheme && is_pss(hs->ske.scheme);
}

/* The client itself says which library it is. */
static bool says_so(const struct handshake *hs)
{
	const struct library_word *w = &hs->side[SIDE_CLIENT].word;

	return word_failed(w) && strncmp(w->release, "mbedTLS 3.", 10) == 0 && w->state != NULL &&
	       strcmp(w->state, "SERVER_KEY_EXCHANGE") == 0;
}

static bool looks_so(const struct handshake *hs)
{
	return hs->side[SIDE_CLIENT].word.release == NULL && hs->looks.stack == STACK_MBEDTLS_3;
}

/* A client of that look that can do it: then it is not the library. */
static bool another_could(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (hs->outcome == OUTCOME_COMPLETED && signed_with_pss(hs) &&
			hs->looks.stack == STACK_MBEDTLS_3)
			return true;
	}
	return false;
}

static bool shows(const struct handshake_view *v)
{
	return v->st.failed && v->st.by == SIDE_CLIENT && v->st.stage == STAGE_SERVER_FLIGHT &&
	       signed_with_pss(v->hs) && passed_check(v->ex, CHECK_ske_signature) &&
	       (says_so(v->hs) || looks_so(v->hs)) && !another_could(v->cf);
}

static void advise_pss(const struct handshake_view *v, struct finding *f)
{
	finding_step(f, v->cf,
		"the server needs no change: other clients of TLS 1.2 verify this signature");
	finding_step(f, v->cf,
		"in the client's build: no RSA-PSS among its schemes (mbedtls_ssl_conf_sig_algs) "
		"as long as it may meet servers without TLS 1.3");
	finding_step(f, v->cf,
		"or let the server speak TLS 1.3, in which the same library verifies RSA-PSS");
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const char *library = v->hs->side[SIDE_CLIENT].word.release;
	bool said = library != NULL;

	f->confidence = said ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	library = said ? library : v->hs->looks.name;
	finding_say(f, v->cf, "%s offers RSA-PSS in TLS 1.2 and cannot verify it", library);
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE).packet,
		"the server signs with %s, which the client offered",
		scheme_text12(v->hs->ske.scheme).text);
	finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
	finding_prove_word(f, v->cf, v->hs);
	if (!said)
		finding_prove(f, v->cf, 0, "by its hello the client is %s", library);
	advise_pss(v, f);
}

/*
 * The client cannot read the certificate: where ours reads it and finds it well-formed, it is the
 * library; where TLS 1.3 hides it, it may as well be broken.
 */
static bool cannot_read(const struct handshake_view *v)
{
	return v->st.failed && word_cannot_read_certificate(&v->hs->side[SIDE_CLIENT].word) &&
	       !failed_check(v->ex, CHECK_certificate_well_formed) &&
	       !failed_check(v->ex, CHECK_messages_well_formed);
}

static void prove_cannot_read(const struct handshake_view *v, struct finding *f)
{
	const struct library_word *w = &v->hs->side[SIDE_CLIENT].word;
	bool seen = v->hs->side[SIDE_SERVER].n_certs != 0;

	f->confidence = seen ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
	f->assumptions = 1; /* what is known to be amiss with the certificate says more */
	finding_say(f, v->cf, "%s cannot read a certificate that the server sends", w->release);
	finding_prove_word(f, v->cf, v->hs);
	if (seen)
		finding_quote(f, v->cf, v->ex, CHECK_certificate_well_formed);
	else
		finding_prove(f, v->cf, 0,
			"TLS 1.3 hides which one: it may be broken, or only more than this library "
			"knows");
	finding_step(f, v->cf,
		seen ? "hold the certificate against what the library was built with: its kinds of "
		       "keys, its curves, critical extensions that it does not know"
		     : "ask for TLS 1.2 (--max-version TLS1.2), which shows the certificate in the "
		       "clear, or check its file (tlsdiag check)");
}

/* The probe met it before, and went round it: nothing has failed. */
static bool went_round(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED &&
	       v->hs->side[SIDE_CLIENT].word.release != NULL &&
	       v->hs->side[SIDE_CLIENT].word.went_round;
}

static void prove_went_round(const struct handshake_view *v, struct finding *f)
{
	f->severity = SEVERITY_NOTE;
	f->confidence = CONFIDENCE_CERTAIN;
	finding_say(f, v->cf,
		"%s offers RSA-PSS in TLS 1.2 and cannot verify it: this handshake was made "
		"without",
		v->hs->side[SIDE_CLIENT].word.release);
	finding_prove(f, v->cf, 0,
		"a handshake before, in which the server chose RSA-PSS, was given up by the client "
		"and is not counted");
	advise_pss(v, f);
}

/* The probe offers what it can only see chosen: nothing has failed. */
static bool goes_no_further(const struct handshake_view *v)
{
	return v->hs->beyond;
}

static void prove_no_further(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;
	const struct server_hello *hello =
		hs->server_hello.seen ? &hs->server_hello : &hs->hello_retry;
	uint16_t group = hello->ext.n_shares != 0 ? hello->ext.shares[0].group : 0;

	f->severity = SEVERITY_NOTE;
	f->confidence = CONFIDENCE_CERTAIN;
	finding_say(f, v->cf,
		"The server takes the ClientHello; what it chose cannot be completed here");
	finding_prove(f, v->cf, message_place(hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
		"the server chose %s%s%s, which tlsdiag offers as other clients do, and cannot "
		"calculate with",
		name_cipher_suite(hello->suite) != NULL ? name_cipher_suite(hello->suite)
							: "a suite",
		group != 0 ? " with " : "", group != 0 ? group_text(group).text : "");
	finding_step(f, v->cf,
		"see the rest of the handshake with what can be completed: tlsdiag probe --groups "
		"x25519,secp256r1 with the same --hello");
}

static bool limited(const struct handshake_view *v)
{
	return shows(v) || went_round(v) || cannot_read(v) || goes_no_further(v);
}

static void prove_limited(const struct handshake_view *v, struct finding *f)
{
	if (goes_no_further(v))
		prove_no_further(v, f);
	else if (went_round(v))
		prove_went_round(v, f);
	else if (cannot_read(v))
		prove_cannot_read(v, f);
	else
		prove(v, f);
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static const struct handshake_rule rule = {
	.shows = limited,
	.prove = prove_limited,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"the fault is not the server's: see whether a newer version of the client's library can do "
	"it",
	NULL,
};

const struct cause cause_library_limit = {
	.id = "library-limit",
	.origin = ORIGIN_INTEROP,
	.summary = "The client's library cannot do what it has offered",
	.handshake = &rule,
	.next_steps = steps,
};
