/* Signatures that are good in themselves, under another key than the one in the certificate. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"
#include "diagnose/word.h"

/* One foreign key behind two signatures or more: recovery from a random value gives a new key
 * each time, so this is proof. */
static bool common_key(const struct case_file *cf, struct finding *f)
{
	const struct signer *s = &cf->signer;

	if (!s->common_key && !s->matches_given)
		return false;
	f->confidence = CONFIDENCE_CERTAIN;
	if (s->common_key)
		finding_prove(f, cf, 0,
			"one and the same foreign key made %zu of the %zu signatures", s->n_common,
			s->n_signatures);
	if (s->matches_given)
		finding_prove(f, cf, 0, "it is the key given with --key");
	return true;
}

static bool found_other_key(const struct signature_view *v)
{
	return v->signer == SIDE_SERVER && v->autopsy->found == FIND_OTHER_KEY;
}

static bool rsa_padding_wrong(const struct signature_view *v)
{
	return v->signer == SIDE_SERVER && v->autopsy->found == FIND_RSA_WRONG_KEY;
}

static bool larger_key(const struct case_file *cf, struct finding *f)
{
	if (!signature_cause(cf, f, made_by_larger_key))
		return false;
	f->confidence = CONFIDENCE_LIKELY;
	for (size_t i = 0; i < cf->n_kept; i++)
		if (f->n_handshakes != 0 && cf->kept[i]->hs->id == f->handshakes[0])
			finding_quote(f, cf, cf->kept[i], CHECK_ske_signature_size_fits_key);
	return true;
}

static void take_all(const struct case_file *cf, struct finding *f)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		struct signature_view v = signature_of(cf->kept[i], SIDE_SERVER);

		if (v.bad && !no_signature_at_all(&v) &&
			(v.autopsy->found == FIND_NOTHING || found_other_key(&v)))
			finding_add(f, cf->kept[i], signature_explains);
	}
}

/* Under the certificate's curve; a key that is known to be another may be on another curve. */
static bool impossible(const struct examined *ex)
{
	return (ex->autopsy.signature[SIDE_SERVER].no_key ||
		       ex->hs->side[SIDE_SERVER].proof.out_of_range != NULL) &&
	       ex->hs->key_given != LINK_BAD;
}

/* A single signature, or the budget spent: another key is the plainest guess, no more. */
static bool guess(const struct case_file *cf, struct finding *f)
{
	const struct examined *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		struct signature_view v = signature_of(cf->kept[i], SIDE_SERVER);

		if (!v.bad || v.autopsy->found != FIND_NOTHING || no_signature_at_all(&v) ||
			impossible(cf->kept[i]) ||
			failed_check(cf->kept[i], CHECK_ske_point_on_curve) ||
			failed_check(cf->kept[i], CHECK_ske_signature_size_fits_key))
			continue;
		first = first != NULL ? first : cf->kept[i];
		n++;
	}
	if (n == 0 || good_signature_seen(cf, SIDE_SERVER))
		return false;
	if (n > 1 && cf->signer.n_signatures > 1)
		return false; /* several, and no common key: not a wrong key */
	f->confidence = cf->evidence->key_spki.len != 0 && first->hs->key_given == LINK_BAD
				? CONFIDENCE_LIKELY
				: CONFIDENCE_POSSIBLE;
	finding_quote(f, cf, first, CHECK_ske_signature);
	prove_trials(f, cf, &first->autopsy.signature[SIDE_SERVER].tried);
	if (leaf(first->hs, SIDE_SERVER) != NULL && leaf(first->hs, SIDE_SERVER)->key == KEY_EC) {
		finding_prove(f, cf, 0,
			"one signature cannot tell another key from a random value: two keys fit "
			"any signature");
		finding_step(
			f, cf, "capture a second handshake: if one key fits both, this is proved");
	}
	take_all(cf, f);
	return true;
}

static bool refused_in_tls13(const struct handshake_view *v)
{
	return v->hs->tls13 && v->st.failed && v->st.by == SIDE_CLIENT &&
	       (v->st.hidden || v->st.alert == 51) &&
	       word_blames_signature(&v->hs->side[SIDE_CLIENT].word);
}

static void prove_refusal(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The client finds the server's signature bad: perhaps another key's");
	finding_prove_word(f, v->cf, v->hs);
	if (v->hs->key_given == LINK_BAD) {
		finding_quote(f, v->cf, v->ex, CHECK_key_matches_certificate);
		f->confidence = CONFIDENCE_LIKELY;
	}
	finding_prove(f, v->cf, 0,
		v->hs->side[SIDE_SERVER].verify.seen
			? "what is wrong with a signature of TLS 1.3 is not looked for"
		: v->hs->logged
			? "the log does not show the signature: what is wrong with it is not seen"
			: "in TLS 1.3 the signature is under encryption: what is wrong with it is "
			  "not seen");
	finding_step(f, v->cf,
		"try again with TLS 1.2 only (--max-version TLS1.2): the signature is then in the "
		"clear, and can be taken apart");
}

/* TLS 1.3 hides the signature; a client that was there says that it is bad, not why. */
static const enum check_id refusal[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_key_matches_certificate, N_CHECKS };
static const struct handshake_rule by_the_clients_word = {
	.shows = refused_in_tls13,
	.prove = prove_refusal,
	.explains = refusal,
	.confidence = CONFIDENCE_POSSIBLE,
	.assumptions = 1,
};

static bool run(const struct case_file *cf, struct finding *f)
{
	if (common_key(cf, f)) {
		take_all(cf, f);
		return f->n_handshakes != 0;
	}
	if (signature_cause(cf, f, found_other_key))
		return true;
	if (signature_cause(cf, f, rsa_padding_wrong)) {
		f->confidence = good_signature_seen(cf, SIDE_SERVER) ? CONFIDENCE_POSSIBLE
								     : CONFIDENCE_LIKELY;
		finding_prove(f, cf, 0,
			"opened with the certificate's key the signature shows no padding: another "
			"key made it");
		return true;
	}
	if (larger_key(cf, f))
		return true;
	f->severity = SEVERITY_ERROR;
	f->confidence = CONFIDENCE_LIKELY;
	return guess(cf, f) || handshake_cause(cf, f, &by_the_clients_word) != 0;
}

static bool repaired(const struct handshake_view *v)
{
	struct signature_view s = signature_of(v->ex, SIDE_SERVER);
	enum finding_kind found = s.autopsy->found;

	return s.bad && (found == FIND_OTHER_HASH || found == FIND_OTHER_TRANSCRIPT ||
				found == FIND_OTHER_ENCODING || found == FIND_DIGEST_HANDLING ||
				found == FIND_BIT_RESTORED || found == FIND_BYTE_RESTORED);
}

static bool given_key_differs(const struct handshake_view *v)
{
	return v->hs->key_given == LINK_BAD;
}

/* Proved by a good signature, by what the autopsy found instead, or by several without a common key. */
static bool innocent(const struct case_file *cf, const char **because)
{
	if (cf->evidence->key_spki.len != 0 && find_handshake(cf, given_key_differs) != NULL)
		return false;
	*because = "the certificate's own key made the signature, as shown above";
	if (find_handshake(cf, repaired) != NULL)
		return true;
	*because = "a signature verifies under the certificate's key";
	if (good_signature_seen(cf, SIDE_SERVER))
		return true;
	*because = "no key of the certificate's curve can have made a signature seen";
	if (cf->signer.n_without != 0 && !cf->signer.common_key && !cf->signer.matches_given)
		return true;
	*because = "no one key can have made the signatures seen";
	return cf->signer.n_signatures >= 2 && !cf->signer.common_key &&
	       !cf->signer.matches_given && unexplained_signatures(cf, SIDE_SERVER) >= 2;
}

static const char *const steps[] = {
	"compare: openssl pkey -in key.pem -pubout, and openssl x509 -in cert.pem -noout -pubkey",
	"load the key that belongs to the certificate; call mbedtls_pk_check_pair() at start-up, "
	"no stack does it for you",
	"if both were renewed, only one of them reached the device",
	NULL,
};

const struct cause cause_wrong_private_key = {
	.id = "wrong-private-key",
	.origin = ORIGIN_KEY,
	.summary = "The server signs with a private key that is not its certificate's",
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
