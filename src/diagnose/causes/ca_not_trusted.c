/* The path is whole, and its end is not among the anchors. */
#include "diagnose/chains.h"
#include "diagnose/handshakes.h"
#include "diagnose/minded.h"
#include "diagnose/transport.h"
#include "diagnose/word.h"

enum { BADCERT_NOT_TRUSTED = 0x08 }; /* of mbedTLS */

/* The root is named, and a CA file is there that may not be the peer's. */
static void steps_with_file(const struct case_file *cf, struct finding *f)
{
	finding_step(
		f, cf, "load the root named above into the client (mbedtls_ssl_conf_ca_chain)");
	finding_step(f, cf,
		"if that root is not the one meant, the server has a certificate of another CA: "
		"reissue or replace it");
	finding_step(f, cf,
		"if the CA file given here is not what the client has loaded, run again with the "
		"right --ca");
	f->steps_done = true;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct chain_judgement *j = v->judgement;
	const struct path_step *last;

	if (v->side != SIDE_SERVER || !j->has_trust || j->n_steps == 0 || j->intermediate_missing ||
		j->signature_bad || message_cut(v->hs, v->side, HS_CERTIFICATE) ||
		(j->end != PATH_SELF_SIGNED && j->end != PATH_ISSUER_MISSING))
		return false;
	last = &j->step[j->n_steps - 1];
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "The chain ends at a root that the CA file does not hold");
	steps_with_file(v->cf, f);
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"the chain of %s ends at '%s'", side_name(v->side),
		j->end == PATH_SELF_SIGNED ? last->cert->subject : last->cert->issuer);
	if (j->issuer_name_in_trust)
		finding_prove(f, v->cf, 0, "the CA file has one of that name, with another key");
	for (size_t i = 0; i < trust_count(v->cf->evidence->trust) && i < 3; i++)
		finding_prove(f, v->cf, 0, "the CA file holds '%s'",
			trust_at(v->cf->evidence->trust, i)->subject);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_trusted, CHECK_chain_complete, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48, 46, 42 }, SEVERITY_WARNING, 0x08 };

/* The alert, or the flag of mbedTLS where the alert is encrypted. */
static bool untrusted_by(const struct handshake *hs, const struct ending_story *st)
{
	return gave_up_with(st, SIDE_CLIENT, 48) ||
	       (st->failed && st->by == SIDE_CLIENT && st->hidden &&
		       word_blames_certificate(&hs->side[SIDE_CLIENT].word) &&
		       (hs->side[SIDE_CLIENT].word.verify_flags & BADCERT_NOT_TRUSTED) != 0);
}

/* A certificate that is its own issuer, alone: who was not told to trust it refuses it, with any of the
 * alerts about certificates. */
static bool refuses_self_signed(const struct handshake *hs, const struct ending_story *st)
{
	const struct chain_judgement *j = &hs->side[SIDE_SERVER].chain;

	return certificate_refused(hs, SIDE_SERVER) && j->n_steps == 1 &&
	       j->step[0].cert->self_issued && !j->has_trust &&
	       (st->alert == 42 || st->alert == 46 || st->alert == 48);
}

/* Without a CA file, or with one that the client may not have, its own word is all there is. An
 * mbedTLS client that was given the right one says the same when its heap runs out. */
static bool said_so(const struct handshake_view *v)
{
	const struct chain_judgement *j = &v->hs->side[SIDE_SERVER].chain;

	if ((!untrusted_by(v->hs, &v->st) && !refuses_self_signed(v->hs, &v->st)) ||
		v->st.stage != STAGE_SERVER_FLIGHT || !j->judged || j->n_steps == 0 ||
		!server_flight_sound(v->ex))
		return false;
	/* What the client's stack is known to refuse so explains it without a file that nobody has seen. */
	return !j->has_trust ||
	       (v->hs->looks.name != NULL && !looks_like_mbedtls(v->hs) && !minded_enough(v));
}

/*
 * A lone leaf: its issuer may be a root that the client lacks, or an intermediate that the server left out.
 * From outside the two look alike.
 */
static bool lone_leaf(const struct chain_judgement *j)
{
	return j->n_steps == 1 && !j->step[0].cert->self_issued && !j->has_trust;
}

static void prove_lone_leaf(const struct handshake_view *v, struct finding *f)
{
	const struct cert *leaf = v->hs->side[SIDE_SERVER].chain.step[0].cert;

	finding_say(
		f, v->cf, "The client finds no issuer of the server's certificate that it trusts");
	finding_prove(f, v->cf, 0,
		"only the leaf was sent: '%s' may be a root that the client lacks, or an "
		"intermediate that the server left out",
		leaf->issuer);
	finding_step(f, v->cf,
		"look at '%s' itself: one that is issued by another CA is an intermediate, which "
		"the server has to send (intermediate-missing)",
		leaf->issuer);
	LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static void prove_word(const struct handshake_view *v, struct finding *f)
{
	const struct chain_judgement *j = &v->hs->side[SIDE_SERVER].chain;
	const struct cert *last = j->step[j->n_steps - 1].cert;

	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_prove_word(f, v->cf, v->hs);
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_CERTIFICATE).packet,
		"the chain sent leads to '%s'", last->self_issued ? last->subject : last->issuer);
	if (lone_leaf(j))
		prove_lone_leaf(v, f);
	if (minded_enough(v))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	if (j->has_trust)
		finding_prove(f, v->cf, 0,
			"the CA file given here would do: then the client has another");
	else
		finding_step(f, v->cf,
			"run again with --ca and the file that the client has loaded: then "
			"it can be told what is missing");
}

static const enum check_id alert[] = { CHECK_no_fatal_alert, N_CHECKS };
static const struct handshake_rule by_its_word = {
	.shows = said_so,
	.prove = prove_word,
	.explains = alert,
	.confidence = CONFIDENCE_LIKELY,
	.assumptions = 1,
};

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "the chain ends at a certificate of the CA file";
	return chains_pass(cf, CHECK_chain_trusted);
}

static const char *const steps[] = {
	"load the root of the server's chain into the client (mbedtls_ssl_conf_ca_chain, -CAfile, "
	"--cacert)",
	"if that root is not the one meant, the server has a certificate of another CA: reissue or "
	"replace it",
	NULL,
};

const struct cause cause_ca_not_trusted = {
	.id = "ca-not-trusted",
	.origin = ORIGIN_CONFIG,
	.summary = "The client does not trust the CA of the server's certificate",
	.chain = &rule,
	.handshake = &by_its_word,
	.innocent = innocent,
	.next_steps = steps,
};
