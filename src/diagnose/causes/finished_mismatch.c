/* RFC 5246 7.4.9: the two ends saw different transcripts, or compute the PRF differently. */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_finished_accepted,
	CHECK_closed_cleanly, N_CHECKS };

/* With the keys at hand both values are known. */
static bool is_wrong(const struct handshake *hs, enum side from)
{
	return hs->side[from].finished.verdict.state == PROOF_INVALID;
}

static bool proved(const struct handshake_view *v)
{
	return is_wrong(v->hs, SIDE_CLIENT) || is_wrong(v->hs, SIDE_SERVER);
}

/* Then it is something else that an alert is about. */
static bool disproved(const struct handshake_view *v)
{
	const struct party *blamed = &v->hs->side[side_other(v->st.by)];

	return blamed->keys == KEYS_OPEN && blamed->finished.verdict.state != PROOF_UNVERIFIABLE;
}

/* The client that was there may say so itself: its alert is under the keys. */
static bool said(const struct handshake_view *v)
{
	return v->st.failed && word_blames_finished(&v->hs->side[SIDE_CLIENT].word);
}

/*
 * TLS 1.3, with the keys: the signature is right, and so it is the server's Finished, lost or not to be checked, that
 * decrypt_error is about; or a client that verifies wrongly.
 */
static bool unchecked(const struct handshake_view *v)
{
	return v->hs->tls13 && v->st.failed && v->st.stage == STAGE_SERVER_FLIGHT &&
	       gave_up_with(&v->st, SIDE_CLIENT, 51) &&
	       v->hs->side[SIDE_SERVER].keys == KEYS_OPEN &&
	       v->hs->side[SIDE_SERVER].finished.verdict.state != PROOF_VALID &&
	       passed_check(v->ex, CHECK_ske_signature);
}

/* Where a message is missing, or was sent twice, both hash what they believe to have said. */
static bool shows(const struct handshake_view *v)
{
	if (v->hs->tls13 && failed_check(v->ex, CHECK_messages_in_order))
		return false;
	if (proved(v))
		return true;
	if (disproved(v))
		return false;
	if (said(v) || unchecked(v))
		return true;
	/* in TLS 1.3 the client's CertificateVerify, which is hidden, gets the same answer */
	return v->st.failed && v->st.stage == STAGE_FINISHED && v->st.alert == 51 &&
	       v->hs->version != 0 && !failed_check(v->ex, CHECK_certificate_verify_signature) &&
	       !failed_check(v->ex, CHECK_ske_signature) &&
	       (!v->hs->tls13 ||
		       (v->st.by == SIDE_SERVER && v->hs->client_auth == CLIENT_AUTH_NOT_ASKED));
}

/* The client's signature, over all that came before, is judged with the same alert. */
static void take(const struct handshake_view *v, struct finding *f)
{
	if (proved(v)) {
		f->confidence = CONFIDENCE_CERTAIN;
		warn_unless_failed(v, f);
		return;
	}
	if (!said(v) && unchecked(v))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	if (!said(v) && v->st.by == SIDE_SERVER &&
		v->ex->answers[CHECK_certificate_verify_signature].status == UNKNOWN) {
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
		f->assumptions = 1; /* that the client's key is its certificate's */
	}
}

static bool is_zero(struct bytes b)
{
	return b.len != 0 && bytes_skip_zeros(b).len == 0;
}

/* The other side saw what the capture shows, and its own Finished is right. */
static void prove_from(const struct handshake_view *v, struct finding *f, enum side from)
{
	const struct party *p = &v->hs->side[from], *other = &v->hs->side[side_other(from)];

	finding_say(f, v->cf, "The keys agree, and the Finished of %s is wrong", side_name(from));
	finding_quote(f, v->cf, v->ex, CHECK_finished_accepted);
	if (is_zero(p->finished.verify_data))
		finding_prove(f, v->cf, 0, "all of it is zero: it was never computed");
	if (other->finished.verdict.state == PROOF_VALID)
		finding_prove(f, v->cf, message_place(v->hs, side_other(from), HS_FINISHED).packet,
			"that of %s is right", side_name(side_other(from)));
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (proved(v)) {
		prove_from(v, f, is_wrong(v->hs, SIDE_SERVER) ? SIDE_SERVER : SIDE_CLIENT);
		return;
	}
	if (said(v)) {
		finding_prove_word(f, v->cf, v->hs);
		finding_prove(f, v->cf, 0,
			"the server's Finished came under the right keys, and its verify_data is "
			"not what the client computes");
		return;
	}
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (unchecked(v)) {
		finding_say(f, v->cf, "The client may have found the server's Finished wrong");
		finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
		finding_prove(f, v->cf, 0,
			"the server's Finished, of which the client may say the same, could not be "
			"checked here");
		return;
	}
	finding_prove(f, v->cf, 0,
		"decrypt_error is said of a record that did decrypt: then the keys are right, and "
		"verify_data is not");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.take = take,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"compare which messages each side hashes: HelloRequest and retries are the usual "
	"difference",
	"run the self test of the suite's hash on the device",
	"a key log from either side (--keylog) shows whose value is wrong",
	NULL,
};

const struct cause cause_finished_mismatch = {
	.id = "finished-mismatch",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "Keys agree, but the Finished values do not",
	.handshake = &rule,
	.next_steps = steps,
};
