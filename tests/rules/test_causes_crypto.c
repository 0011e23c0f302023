/* Causes about signatures, points, Finished and the first protected records. */
#include "rules/facts.h"
#include "rules/said.h"

#include "diagnose/closed_world.h"

#include "base/array.h"
#include "names/atlas.h"

/* ---- signatures ---- */

/* Breaks the server's signature; the autopsy found this. */
static struct signature_autopsy *break_signature(struct facts *f, size_t i, enum finding_kind found)
{
	struct signature_autopsy *a = &f->examined[i].autopsy.signature[SIDE_SERVER];

	end_with_alert(&f->hs[i], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	f->hs[i].side[SIDE_SERVER].proof.signature = (struct verdict){ PROOF_INVALID, NULL };
	*a = (struct signature_autopsy){ .done = true, .found = found };
	return a;
}

static struct signature_autopsy *break_client_signature(
	struct facts *f, size_t i, enum finding_kind found)
{
	struct signature_autopsy *a = &f->examined[i].autopsy.signature[SIDE_CLIENT];

	make_mutual(f, &f->hs[i]);
	end_with_alert(&f->hs[i], STAGE_CLIENT_FLIGHT, SIDE_SERVER, 51);
	f->hs[i].side[SIDE_CLIENT].proof.signature = (struct verdict){ PROOF_INVALID, NULL };
	*a = (struct signature_autopsy){
		.done = true, .message = SIGNED_CERTIFICATE_VERIFY, .found = found
	};
	return a;
}

/* Which cause a find of the autopsy belongs to. */
static const struct {
	enum finding_kind found;
	enum cause_id cause;
	const char *confidence;
} finds[] = {
	{ FIND_OTHER_HASH, CAUSE_signature_hash_mismatch, "certain" },
	{ FIND_DIGEST_HANDLING, CAUSE_signature_hash_mismatch, "certain" },
	{ FIND_RSA_WRONG_DIGEST, CAUSE_signature_hash_mismatch, "likely" },
	{ FIND_OTHER_TRANSCRIPT, CAUSE_signature_transcript_mismatch, "certain" },
	{ FIND_OTHER_ENCODING, CAUSE_signature_encoding, "certain" },
	{ FIND_BIT_RESTORED, CAUSE_message_corrupted, "certain" },
	{ FIND_BYTE_RESTORED, CAUSE_message_corrupted, "certain" },
	{ FIND_OTHER_KEY, CAUSE_wrong_private_key, "certain" },
	{ FIND_RSA_WRONG_KEY, CAUSE_wrong_private_key, "likely" },
};
enum { N_FINDS = sizeof finds / sizeof finds[0] };

static const enum cause_id about_signatures[] = { CAUSE_signature_hash_mismatch,
	CAUSE_signature_transcript_mismatch, CAUSE_signature_encoding, CAUSE_message_corrupted,
	CAUSE_wrong_private_key, CAUSE_ec_arithmetic_broken };
enum { N_ABOUT = sizeof about_signatures / sizeof about_signatures[0] };

static void test_signatures__what_the_autopsy_found_shows_its_own_cause_alone(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	for (size_t i = 0; i < N_FINDS; i++) {
		f->examined[0].autopsy.signature[SIDE_SERVER].found = finds[i].found;
		for (size_t k = 0; k < N_ABOUT; k++)
			assert_int_equal(facts_show(f, about_signatures[k]),
				about_signatures[k] == finds[i].cause);
		assert_true(facts_show(f, finds[i].cause));
		assert_string_equal(confidence_name(f->finding.confidence), finds[i].confidence);
		assert_string_equal(severity_name(f->finding.severity), "error");
		assert_explains(f, ske_signature);
		assert_explains(f, no_fatal_alert);
	}
}

static void test_signatures__a_completed_handshake_makes_it_a_warning(void **state)
{
	struct facts *f = *state;

	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	for (size_t i = 0; i < N_FINDS; i++) {
		f->examined[0].autopsy.signature[SIDE_SERVER] =
			(struct signature_autopsy){ .done = true, .found = finds[i].found };
		assert_true(facts_show(f, finds[i].cause));
		assert_string_equal(severity_name(f->finding.severity), "warning");
	}
}

static void test_signatures__a_signature_that_verifies_shows_nothing(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	for (size_t i = 0; i < N_ABOUT; i++)
		assert_false(facts_show(f, about_signatures[i]));
}

/* A label that contradicts the key is a cause of its own, whatever a trial may find. */
static void test_signatures__a_scheme_that_contradicts_the_key_comes_first(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_OTHER_HASH);
	f->hs->ske.scheme = 0x0401;
	for (size_t i = 0; i < N_ABOUT; i++)
		assert_false(facts_show(f, about_signatures[i]));
	assert_shown(f, signature_scheme_mismatch, "error", "certain");
}

static void test_signature_hash_mismatch__quotes_what_was_found(void **state)
{
	struct facts *f = *state;

	break_signature(f, 0, FIND_OTHER_HASH)->what = "over SHA-256 instead of SHA-512";
	assert_shown(f, signature_hash_mismatch, "error", "certain");
	assert_int_equal(proof_packet(&f->finding, "it verifies over SHA-256 instead of SHA-512"),
		PACKET_KEY_EXCHANGE);
}

static void test_signature_transcript_mismatch__counts_every_handshake(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 0, FIND_OTHER_TRANSCRIPT);
	(void)break_signature(f, 1, FIND_OTHER_TRANSCRIPT);
	assert_shown(f, signature_transcript_mismatch, "error", "certain");
	assert_int_equal(f->finding.n_handshakes_all, 2);
}

static void test_signature_transcript_mismatch__of_a_client_covers_all_messages(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_OTHER_TRANSCRIPT);
	assert_shown(f, signature_transcript_mismatch, "error", "certain");
	assert_true(advises(&f->finding, "RFC 5246 7.4.8"));
	assert_true(f->finding.steps_done);
}

static void test_signature_encoding__the_clients_signature_is_looked_at_too(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_OTHER_ENCODING);
	assert_shown(f, signature_encoding, "error", "certain");
	assert_explains(f, certificate_verify_signature);
}

static void test_message_corrupted__without_an_autopsy_nothing_is_said(void **state)
{
	struct facts *f = *state;

	break_signature(f, 0, FIND_BIT_RESTORED)->done = false;
	assert_not_shown(f, message_corrupted);
}

static bool signature_scheme_mismatch_shows(struct facts *f)
{
	const struct cause *cause = causes[CAUSE_signature_scheme_mismatch];
	struct finding out = { .cause = cause };

	return cause_shows(cause, &f->file, &out);
}

static void test_signature_scheme_mismatch__shows_label_and_key(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	f->hs->ske.scheme = 0x0401;
	assert_shown(f, signature_scheme_mismatch, "error", "certain");
	assert_explains(f, scheme_fits_key);
	assert_proves(f, "ServerKeyExchange says SHA-256 with RSA (0x0401)");
}

/* A number that nobody knows is told as one that nobody offered; a known one that does not fit is told as that. */
static void test_signature_scheme_mismatch__needs_a_scheme_that_is_known_or_offered(void **state)
{
	struct facts *f = *state;

	f->hs->ske.scheme = 0x0401;
	facts_examine(f);
	f->examined[0].answers[CHECK_signature_scheme_offered].status = FAIL;
	assert_true(signature_scheme_mismatch_shows(f));
	f->hs->ske.scheme = 0x0909;
	f->examined[0].answers[CHECK_scheme_fits_key].status = FAIL;
	assert_false(signature_scheme_mismatch_shows(f));
	f->examined[0].answers[CHECK_signature_scheme_offered].status = PASS;
	assert_true(signature_scheme_mismatch_shows(f));
}

/* A number that nobody knows contradicts no key; without the hello it may have been offered. */
static void test_signature_scheme_mismatch__an_unknown_scheme_is_first_one_not_offered(void **state)
{
	struct facts *f = *state;

	f->hs->ske.scheme = 0x0903;
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	assert_not_shown(f, signature_scheme_mismatch);
	assert_shown(f, parameter_not_offered, "error", "certain");
	f->hs->client_hello.seen = false;
	assert_not_shown(f, signature_scheme_mismatch);
}

static void test_signature_scheme_mismatch__is_a_warning_when_it_completed(void **state)
{
	struct facts *f = *state;

	f->hs->ske.scheme = 0x0401;
	assert_shown(f, signature_scheme_mismatch, "warning", "certain");
}

static void test_signature_scheme_mismatch__0603_on_another_curve_is_innocent(void **state)
{
	struct facts *f = *state;

	assert_innocent(f, signature_scheme_mismatch, "the scheme fits the certificate's key");
	f->hs->ske.scheme = 0x0603;
	assert_not_shown(f, signature_scheme_mismatch);
	assert_innocent(f, signature_scheme_mismatch,
		"0x0603 is SHA-512 with ECDSA on any curve in TLS 1.2: secp521r1 is not involved");
	f->hs->ske.scheme = 0x0401;
	assert_not_innocent(f, signature_scheme_mismatch);
}

static void test_signature_scheme_mismatch__an_outline_shows_the_size_of_the_curve(void **state)
{
	struct facts *f = *state;

	f->hs->ske = (struct server_key_exchange){ 0 };
	f->hs->side[SIDE_SERVER].n_certs = 0;
	f->hs->outline = (struct server_key_outline){ .seen = true,
		.group = 0x0018,
		.has_scheme = true,
		.scheme = 0x0603,
		.signature_length = 71 };
	assert_innocent(f, signature_scheme_mismatch,
		"0x0603 is SHA-512 with ECDSA on any curve in TLS 1.2, and the signature has the "
		"size of one of P-256: secp521r1 is not involved");
	f->hs->outline.signature_length = 73;
	assert_not_innocent(f, signature_scheme_mismatch);
	f->hs->outline.signature_length = 72;
	f->hs->outline.scheme = 0x0503;
	assert_not_innocent(f, signature_scheme_mismatch);
}

/* ---- whose key ---- */

static void test_wrong_private_key__one_key_behind_several_signatures_is_proof(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 0, FIND_NOTHING);
	(void)break_signature(f, 1, FIND_NOTHING);
	f->file.signer = (struct signer){ .n_signatures = 2, .common_key = true, .n_common = 2 };
	assert_shown(f, wrong_private_key, "error", "certain");
	assert_proves(f, "one and the same foreign key made 2 of the 2 signatures");
	assert_int_equal(f->finding.n_handshakes, 2);
	assert_not_shown(f, ec_arithmetic_broken);
	assert_innocent(f, ec_arithmetic_broken,
		"the public keys are on their curves, and one key made all the signatures");
	assert_not_innocent(f, wrong_private_key);
}

static void test_wrong_private_key__a_key_that_was_given_is_proof_for_one(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	f->file.signer = (struct signer){ .n_signatures = 1, .matches_given = true };
	assert_shown(f, wrong_private_key, "error", "certain");
	assert_proves(f, "it is the key given with --key");
}

static void test_wrong_private_key__one_signature_is_no_more_than_a_guess(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	f->file.signer.n_signatures = 1;
	assert_shown(f, wrong_private_key, "error", "possible");
	assert_true(advises(&f->finding, "capture a second handshake"));
	assert_proves(f, "one signature cannot tell another key from a random value");
	assert_not_innocent(f, wrong_private_key);
	f->hs->key_given = LINK_BAD; /* of no key of --key: it says nothing */
	assert_shown(f, wrong_private_key, "error", "possible");
	f->leaf.key = KEY_ED25519; /* of which one signature would tell */
	f->hs->ske.scheme = 0x0807;
	f->hs->ske.signature = bytes_of(f->hs->ske.signature.data, 64);
	assert_shown(f, wrong_private_key, "error", "possible");
	assert_false(proves(&f->finding, "two keys fit any signature"));
	assert_false(advises(&f->finding, "capture a second handshake"));
}

/* Two bad signatures of which one alone gave keys to compare: as good as one. */
static void test_wrong_private_key__one_that_can_be_compared_is_still_a_guess(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 0, FIND_NOTHING);
	(void)break_signature(f, 1, FIND_NOTHING);
	f->file.signer.n_signatures = 1;
	assert_shown(f, wrong_private_key, "error", "possible");
	assert_int_equal(f->finding.n_handshakes, 2);
	assert_not_innocent(f, wrong_private_key);
	f->file.signer.n_signatures = 2;
	assert_not_shown(f, wrong_private_key);
	f->examined[1].autopsy.signature[SIDE_SERVER].no_key =
		true; /* two compared, and one is left to guess about */
	assert_shown(f, wrong_private_key, "error", "possible");
}

/* What makes a guess impossible, each by itself. */
static void test_wrong_private_key__what_has_a_reason_of_its_own_is_no_guess(void **state)
{
	struct facts *f = *state;
	struct signature_autopsy *a = break_signature(f, 0, FIND_NOTHING);

	f->file.signer.n_signatures = 1;
	a->no_key = true;
	assert_not_shown(f, wrong_private_key);
	f->hs->key_given = LINK_BAD; /* another key may be on another curve */
	assert_shown(f, wrong_private_key, "error", "possible");
	f->hs->key_given = LINK_UNCHECKED;
	a->no_key = false;
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	assert_not_shown(f, wrong_private_key);
}

/* Each of these keeps several signatures without a common key from acquitting. */
static void test_wrong_private_key__several_acquit_only_without_any_common_key(void **state)
{
	static const uint8_t spki[] = { 0x30, 0x00 };
	static const struct {
		struct signer signer;
		const char *because; /* NULL: no proof of innocence */
	} rows[] = {
		{ { .n_signatures = 2 }, "no one key can have made the signatures seen" },
		{ { .n_signatures = 1 }, NULL },
		{ { .n_signatures = 2, .common_key = true }, NULL },
		{ { .n_signatures = 2, .matches_given = true }, NULL },
		{ { .n_signatures = 2, .n_without = 1 },
			"no key of the certificate's curve can have made a signature seen" },
		{ { .n_signatures = 1, .n_without = 1 },
			"no key of the certificate's curve can have made a signature seen" },
		{ { .n_signatures = 1, .n_without = 1, .common_key = true }, NULL },
		{ { .n_signatures = 1, .n_without = 1, .matches_given = true }, NULL },
	};
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 0, FIND_NOTHING);
	(void)break_signature(f, 1, FIND_NOTHING);
	for (size_t i = 0; i < COUNT(rows); i++) {
		f->file.signer = rows[i].signer;
		if (rows[i].because != NULL)
			assert_innocent(f, wrong_private_key, rows[i].because);
		else
			assert_not_innocent(f, wrong_private_key);
	}
	f->file.signer = rows[0].signer;
	f->hs->key_given = LINK_BAD;
	assert_innocent(f, wrong_private_key, rows[0].because);
	f->evidence.key_spki = bytes_of(spki, sizeof spki);
	assert_not_innocent(f, wrong_private_key);
	f->hs->key_given = LINK_UNCHECKED;
	assert_innocent(f, wrong_private_key, rows[0].because);
	f->examined[1].autopsy.signature[SIDE_SERVER].found =
		FIND_OTHER_KEY; /* one of them is explained */
	assert_not_innocent(f, wrong_private_key);
}

/* The signature is good under the certificate's key as soon as that is known, and only then. */
static void test_wrong_private_key__each_repair_acquits(void **state)
{
	static const struct {
		enum finding_kind found;
		bool acquits;
	} rows[] = {
		{ FIND_NOTHING, false },
		{ FIND_OTHER_HASH, true },
		{ FIND_OTHER_TRANSCRIPT, true },
		{ FIND_OTHER_ENCODING, true },
		{ FIND_DIGEST_HANDLING, true },
		{ FIND_BIT_RESTORED, true },
		{ FIND_BYTE_RESTORED, true },
		{ FIND_OTHER_KEY, false },
		{ FIND_RSA_WRONG_KEY, false },
		{ FIND_RSA_WRONG_DIGEST, false },
	};
	struct facts *f = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		(void)break_signature(f, 0, rows[i].found);
		if (rows[i].acquits)
			assert_innocent(f, wrong_private_key,
				"the certificate's own key made the signature, as shown above");
		else
			assert_not_innocent(f, wrong_private_key);
	}
}

/* TLS 1.3: what the client says of a signature counts when it was the client that failed so. */
static void test_wrong_private_key__in_tls13_the_refusal_must_be_of_a_signature(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x6e00, "CERTIFICATE_VERIFY");
	assert_shown(f, wrong_private_key, "error", "possible");
	f->hs->tls13 = false;
	assert_not_shown(f, wrong_private_key);
	f->hs->tls13 = true;
	f->hs->ended_by = SIDE_SERVER;
	assert_not_shown(f, wrong_private_key);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	assert_shown(f, wrong_private_key, "error", "possible");
	f->hs->alerts[0].code = 40;
	assert_not_shown(f, wrong_private_key);
}

static void test_wrong_private_key__in_tls13_the_clients_word_makes_it_possible(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x6e00, "CERTIFICATE_VERIFY");
	assert_shown(f, wrong_private_key, "error", "possible");
	assert_proves(f, "the client itself: mbedtls_ssl_handshake returned -0x6E00");
	assert_true(advises(&f->finding, "TLS 1.2 only"));
	assert_int_equal(f->finding.assumptions, 1);
	assert_not_shown(f, capture_incomplete);
	f->hs->key_given = LINK_BAD;
	assert_shown(f, wrong_private_key, "error", "likely");
	assert_explains(f, key_matches_certificate);
}

static void test_wrong_private_key__in_tls13_other_words_say_nothing_of_it(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x6e00, "ENCRYPTED_EXTENSIONS");
	assert_not_shown(f, wrong_private_key);
	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	assert_not_shown(f, wrong_private_key);
	f->hs->side[SIDE_CLIENT].word.release = NULL;
	assert_not_shown(f, wrong_private_key);
}

static void test_wrong_private_key__a_given_key_that_differs_makes_the_guess_likely(void **state)
{
	static const uint8_t spki[] = { 0x30, 0x00 };
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	f->evidence.key_spki = bytes_of(spki, sizeof spki);
	f->hs->key_given = LINK_BAD;
	assert_shown(f, wrong_private_key, "error", "likely");
	assert_not_innocent(f, wrong_private_key);
}

static void test_wrong_private_key__r_or_s_beyond_the_curve_is_likely(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	f->hs->side[SIDE_SERVER].proof.ecdsa.r_bits = 383;
	assert_shown(f, wrong_private_key, "error", "likely");
	assert_explains(f, ske_signature_size_fits_key);
	assert_proves(f, "more than a key on EC secp256r1 can give");
	assert_not_shown(f, ec_arithmetic_broken);
}

static void test_wrong_private_key__several_without_a_common_key_are_another_matter(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 0, FIND_NOTHING);
	(void)break_signature(f, 1, FIND_NOTHING);
	f->file.signer.n_signatures = 2;
	assert_not_shown(f, wrong_private_key);
	assert_innocent(f, wrong_private_key, "no one key can have made the signatures seen");
}

static void test_wrong_private_key__a_good_signature_acquits(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 1, FIND_NOTHING);
	assert_not_shown(f, wrong_private_key);
	assert_innocent(f, wrong_private_key, "a signature verifies under the certificate's key");
}

static void test_wrong_private_key__a_find_under_the_right_key_acquits(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_OTHER_HASH);
	assert_innocent(f, wrong_private_key,
		"the certificate's own key made the signature, as shown above");
	assert_innocent(f, ec_arithmetic_broken,
		"the public keys are on their curves, and each bad signature has another "
		"explanation");
}

static void test_client_key_mismatch__one_signature_is_likely(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_NOTHING);
	f->file.client_signer.n_signatures = 1;
	assert_shown(f, client_key_mismatch, "error", "likely");
	assert_explains(f, certificate_verify_signature);
	assert_true(advises(&f->finding, "capture a second handshake"));
}

static void test_client_key_mismatch__a_common_key_is_proof(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_NOTHING);
	f->file.client_signer =
		(struct signer){ .n_signatures = 3, .common_key = true, .n_common = 3 };
	assert_shown(f, client_key_mismatch, "error", "certain");
}

static void test_client_key_mismatch__no_common_key_is_a_possibility(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_NOTHING);
	f->file.client_signer.n_signatures = 2;
	assert_shown(f, client_key_mismatch, "error", "possible");
	assert_proves(f, "suspect the arithmetic");
}

static void test_client_key_mismatch__another_certificates_key_is_proof(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_OTHER_KEY);
	assert_shown(f, client_key_mismatch, "error", "certain");
}

static void test_client_key_mismatch__a_signature_explained_otherwise_is_not(void **state)
{
	struct facts *f = *state;

	(void)break_client_signature(f, 0, FIND_OTHER_HASH);
	assert_not_shown(f, client_key_mismatch);
}

/* ---- points ---- */

static void break_point(struct facts *f, size_t i, enum point_state state, uint8_t alert)
{
	end_with_alert(&f->hs[i], STAGE_SERVER_FLIGHT, SIDE_CLIENT, alert);
	f->hs[i].side[SIDE_SERVER].point = state;
	f->examined[i].autopsy.point[SIDE_SERVER].done = true;
}

static void test_ec_arithmetic_broken__a_point_off_its_curve_is_certain(void **state)
{
	struct facts *f = *state;

	break_point(f, 0, POINT_OFF_CURVE, 47);
	assert_shown(f, ec_arithmetic_broken, "error", "certain");
	assert_int_equal(f->finding.assumptions, 0);
	assert_explains(f, ske_point_on_curve);
	assert_explains(f, no_fatal_alert);
	assert_proves(f, "it was wrong before signing");
	assert_not_innocent(f, ec_arithmetic_broken);
}

/* Whether it was sent as it was signed cannot be told. */
static struct handshake *forget_signature(struct facts *f)
{
	break_point(f, 0, POINT_OFF_CURVE, 47);
	f->hs->client_hello.seen = f->hs->client_hello.has_random = false;
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_UNVERIFIABLE;
	return f->hs;
}

static void test_ec_arithmetic_broken__without_the_signature_it_is_likely(void **state)
{
	struct facts *f = *state;

	(void)forget_signature(f);
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	assert_not_shown(f, message_corrupted);
}

static void test_message_corrupted__one_bit_of_a_point_tells_where_the_signature_cannot(
	void **state)
{
	struct facts *f = *state;

	(void)forget_signature(f);
	f->examined[0].autopsy.point[SIDE_SERVER].found = POINT_FIND_BIT_RESTORED;
	assert_shown(f, message_corrupted, "error", "possible");
	assert_proves(f, "would tell whether it was wrong before signing");
	assert_explains(f, ske_point_on_curve);
	assert_not_shown(f, ec_arithmetic_broken);
}

static void test_ec_arithmetic_broken__completed_ones_show_that_it_comes_and_goes(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	break_point(f, 1, POINT_OFF_CURVE, 47);
	assert_shown(f, ec_arithmetic_broken, "error", "certain");
	assert_proves(f, "1 handshake with this server went well: it comes and goes");
}

static void test_ec_arithmetic_broken__signatures_of_no_one_key_are_likely(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 0, FIND_NOTHING);
	(void)break_signature(f, 1, FIND_NOTHING);
	f->file.signer.n_signatures = 2;
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	assert_int_equal(f->finding.assumptions, 1);
	assert_proves(f, "no one key can have made the 2 bad signatures");
	f->file.signer.n_signatures = 1; /* of which one could be compared: that says nothing */
	assert_shown(f, ec_arithmetic_broken, "error", "possible");
	assert_false(proves(&f->finding, "no one key can have made"));
}

static void test_ec_arithmetic_broken__one_bad_signature_beside_good_ones_is_likely(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)break_signature(f, 1, FIND_NOTHING);
	f->file.signer.n_signatures = 1;
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
}

static void test_ec_arithmetic_broken__one_bad_signature_alone_is_possible(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	f->file.signer.n_signatures = 1;
	assert_shown(f, ec_arithmetic_broken, "error", "possible");
	assert_int_equal(f->finding.assumptions, 2);
}

static void test_ec_arithmetic_broken__one_signature_that_no_key_makes_is_likely(void **state)
{
	struct facts *f = *state;

	break_signature(f, 0, FIND_NOTHING)->no_key = true;
	f->file.signer = (struct signer){ .n_signatures = 1, .n_without = 1 };
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	assert_proves(f, "its r is the x-coordinate of no point of the curve");
	assert_not_shown(f, wrong_private_key);
	assert_true(facts_innocent(f, CAUSE_wrong_private_key));
	assert_string_equal(
		f->because, "no key of the certificate's curve can have made a signature seen");
	f->hs->key_given = LINK_BAD; /* perhaps one of another curve */
	assert_shown(f, wrong_private_key, "error", "possible");
	f->evidence.key_spki = text_bytes("spki");
	assert_false(facts_innocent(f, CAUSE_wrong_private_key));
}

static void test_ec_arithmetic_broken__shows_what_was_tried(void **state)
{
	struct facts *f = *state;

	break_signature(f, 0, FIND_NOTHING)->tried =
		(struct trial_counts){ .hashes = 5, .transcripts = 6, .bits = 800 };
	assert_shown(f, ec_arithmetic_broken, "error", "possible");
	assert_proves(f, "tried 5 hashes, 6 transcripts, 0 encodings, 800 flipped bits");
}

static void test_ec_arithmetic_broken__a_byte_changed_after_signing_is_not_arithmetic(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_BIT_RESTORED);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	assert_not_shown(f, ec_arithmetic_broken);
	assert_shown(f, message_corrupted, "error", "certain");
	assert_explains(f, ske_point_on_curve);
}

static void test_ec_arithmetic_broken__the_clients_key_is_looked_at_too(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 47);
	f->hs->side[SIDE_CLIENT].point = POINT_OFF_CURVE;
	assert_shown(f, ec_arithmetic_broken, "error", "certain");
	assert_string_equal(f->finding.summary, "The client computes elliptic curves wrongly");
	assert_explains(f, cke_point_on_curve);
	assert_true(advises(&f->finding, "capture five more of this client"));
	assert_false(advises(&f->finding, "tlsdiag probe")); /* that is another client */
	assert_true(f->finding.steps_done);
}

static void test_point_encoding__every_other_reading_is_a_hit(void **state)
{
	static const enum point_finding readings[] = { POINT_FIND_OTHER_CURVE, POINT_FIND_SWAPPED,
		POINT_FIND_LITTLE_ENDIAN, POINT_FIND_LITTLE_ENDIAN_SWAPPED,
		POINT_FIND_WORDS_SWAPPED };
	struct facts *f = *state;

	break_point(f, 0, POINT_OFF_CURVE, 47);
	f->examined[0].autopsy.point[SIDE_SERVER].what = "x and y are exchanged";
	for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
		f->examined[0].autopsy.point[SIDE_SERVER].found = readings[i];
		assert_not_shown(f, ec_arithmetic_broken);
		assert_shown(f, point_encoding, "error", "certain");
		assert_proves(f, "x and y are exchanged");
		assert_proves(f, "it was sent as it was signed");
		assert_innocent(f, ec_arithmetic_broken,
			"read the right way the point is on its curve, and the signature over it "
			"verifies");
	}
}

static void test_point_encoding__a_wrong_length_or_form_needs_no_autopsy(void **state)
{
	struct facts *f = *state;

	break_point(f, 0, POINT_BAD_LENGTH, 47);
	assert_shown(f, point_encoding, "error", "certain");
	assert_string_equal(
		f->finding.summary, "The server's ECDHE public key does not have the form of one");
	assert_false(advises(&f->finding, "RFC 7748"));
	f->hs->ske.group = 29;
	assert_true(facts_show(f, CAUSE_point_encoding));
	assert_true(advises(&f->finding, "write the key as 32 bytes, little-endian"));
	f->hs->ske.group = 23;
	f->hs->side[SIDE_SERVER].point = POINT_BAD_FORM;
	assert_shown(f, point_encoding, "error", "certain");
	assert_not_shown(f, ec_arithmetic_broken);
}

static void test_point_encoding__what_no_reading_explains_is_arithmetic(void **state)
{
	static const enum point_finding none[] = { POINT_FIND_NOTHING, POINT_FIND_X_ONLY,
		POINT_FIND_OUT_OF_RANGE, POINT_FIND_BIT_RESTORED };
	struct facts *f = *state;

	break_point(f, 0, POINT_OFF_CURVE, 47);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		f->examined[0].autopsy.point[SIDE_SERVER].found = none[i];
		assert_not_shown(f, point_encoding);
		assert_shown(f, ec_arithmetic_broken, "error", "certain");
	}
}

static void test_point_encoding__the_clients_and_a_completed_one_is_a_warning(void **state)
{
	struct facts *f = *state;

	f->hs->side[SIDE_CLIENT].point = POINT_BAD_FORM;
	assert_shown(f, point_encoding, "warning", "certain");
	assert_string_equal(f->finding.summary, "The client's ECDHE public key is encoded wrongly");
}

/* ---- the receiver's own faults ---- */

static void test_verifier_broken__a_good_signature_refused_is_likely(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	assert_shown(f, verifier_broken, "error", "likely");
	assert_explains(f, no_fatal_alert);
	f->hs->alerts[0].code = 47;
	assert_shown(f, verifier_broken, "error", "likely");
}

static void test_verifier_broken__names_a_handshake_that_completes(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	end_with_alert(&f->hs[1], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	assert_shown(f, verifier_broken, "error", "likely");
	assert_int_equal(
		proof_packet(&f->finding, "another handshake with the same server completes"),
		PACKET_CLIENT_HELLO);
}

static void test_verifier_broken__a_fault_of_the_server_is_the_reason(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_not_shown(f, verifier_broken);
}

/* Its own log says that it is about the signature, or nothing of the kind; or it is about something else. */
static void test_verifier_broken__as_its_own_log_says(void **state)
{
	static const struct {
		enum saying saying;
		bool shown;
	} rows[] = { { SAYING_peer_signature, true }, { SAYING_decrypt_error, true },
		{ SAYING_illegal_parameter, true }, { SAYING_failed, true }, { SAYING_NONE, true },
		{ SAYING_peer_unknown_ca, false }, { SAYING_peer_expired, false } };
	struct facts *f = *state;
	struct remark remarks[2] = { { .saying = SAYING_failed, .words = "" },
		{ .saying = SAYING_failed, .words = "" } };

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	f->hs->side[SIDE_CLIENT].remarks = remarks;
	f->hs->side[SIDE_CLIENT].n_remarks = 2;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t which = 0; which < 2; which++) {
			remarks[which].saying = rows[i].saying;
			assert_int_equal(facts_show(f, CAUSE_verifier_broken), rows[i].shown);
			remarks[which].saying = SAYING_failed;
		}
}

static void test_verifier_broken__a_signature_not_verified_accuses_nobody(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_NONE;
	assert_not_shown(f, verifier_broken);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_VALID;
	f->hs->alerts[0].code = 40;
	assert_not_shown(f, verifier_broken);
}

static void test_heap_exhausted__an_mbedtls_client_that_refuses_a_good_chain(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	assert_shown(f, heap_exhausted, "error", "likely");
	assert_proves(f, "so the chain is good");
	assert_proves(f, "the client looks like mbedTLS 2");
}

static void test_heap_exhausted__a_refused_signature_is_a_possibility(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	assert_shown(f, heap_exhausted, "error", "possible");
	assert_proves(f, "so the signature is good");
	f->hs->alerts[0].code = 80;
	assert_shown(f, heap_exhausted, "error", "possible");
	assert_string_equal(f->finding.summary, "The client may have run out of memory");
	assert_false(proves(&f->finding, "so the signature is good"));
}

static void test_heap_exhausted__other_stacks_and_untrusted_chains_do_not_count(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	assert_not_shown(f, heap_exhausted);
	f->hs->looks = (struct looks){ NULL, STACK_UNKNOWN };
	f->hs->side[SIDE_SERVER].chain.has_trust = false;
	assert_not_shown(f, heap_exhausted);
	f->hs->side[SIDE_SERVER].chain.has_trust = true;
	f->hs->side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	assert_not_shown(f, heap_exhausted);
}

static void test_finished_mismatch__decrypt_error_after_the_keys(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 51);
	assert_shown(f, finished_mismatch, "error", "likely");
	assert_proves(f, "decrypt_error is said of a record that did decrypt");
	assert_explains(f, finished_accepted);
	assert_not_shown(f, record_cipher_broken);
}

/* TLS 1.3, with the keys: all that was checked is right, and the Finished that came with it was lost. */
static void test_finished_mismatch__unchecked_it_may_be_what_decrypt_error_is_about(void **state)
{
	struct facts *f = *state;
	struct party *server = &f->hs->side[SIDE_SERVER];

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	server->keys = KEYS_OPEN;
	server->certs[0] = &f->leaf;
	server->n_certs = 1;
	server->verify =
		(struct certificate_verify){ .seen = true, .has_scheme = true, .scheme = 0x0403 };
	server->proof.signature.state = PROOF_VALID;
	server->finished.verdict.state = PROOF_UNVERIFIABLE;
	assert_shown(f, finished_mismatch, "error", "possible");
	assert_proves(f, "could not be checked here");
	assert_not_shown(f, verifier_broken);
	server->finished.verdict.state = PROOF_VALID;
	assert_not_shown(f, finished_mismatch);
	server->finished.verdict.state = PROOF_UNVERIFIABLE;
	server->keys = KEYS_UNKNOWN;
	assert_not_shown(f, finished_mismatch);
}

static void test_finished_mismatch__a_bad_certificate_verify_is_the_reason(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 51);
	f->hs->side[SIDE_CLIENT].proof.signature.state = PROOF_INVALID;
	assert_not_shown(f, finished_mismatch);
}

static void test_finished_mismatch__an_unchecked_certificate_verify_may_be_the_reason(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 51);
	f->hs->side[SIDE_CLIENT].proof.signature.state = PROOF_UNVERIFIABLE;
	f->hs->side[SIDE_CLIENT].proof.signature.why = "a message was lost";
	assert_shown(f, finished_mismatch, "error", "possible");
	assert_int_equal(f->finding.assumptions, 1);
	assert_shown(f, client_key_mismatch, "error", "possible");
	assert_int_equal(f->finding.assumptions, 0);
	assert_string_equal(f->finding.summary,
		"The server may have found the client's proof of its key wrong");
	f->hs->side[SIDE_CLIENT].proof.signature.state = PROOF_VALID;
	assert_not_shown(f, client_key_mismatch);
}

static void test_finished_mismatch__before_the_keys_it_is_about_a_signature(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	assert_not_shown(f, finished_mismatch);
}

/* Without the ServerHello it may be TLS 1.3, where the signature that is hidden gets the same answer. */
static void test_finished_mismatch__needs_the_version(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 51);
	assert_shown(f, finished_mismatch, "error", "likely");
	f->hs->version = 0;
	assert_not_shown(f, finished_mismatch);
}

static void test_record_cipher_broken__bad_record_mac_after_good_keys(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 20);
	assert_shown(f, record_cipher_broken, "error", "likely");
	assert_explains(f, finished_accepted);
	assert_proves(f, "nothing that is in the clear up to the keys proves wrong");
	assert_not_shown(f, finished_mismatch);
}

/* A Finished has 16 bytes before anything protects it. */
static void test_record_cipher_broken__a_record_too_short_for_a_finished_is_one(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;
	struct event *ev = hs->events;

	while (ev->kind != EVENT_PROTECTED || ev->from != SIDE_SERVER)
		ev++;
	ev->content_type = CONTENT_HANDSHAKE;
	ev->n_records = 1;
	ev->first_length = 23;
	hs->outcome = OUTCOME_FAILED;
	hs->ending = ENDING_PROTECTED_ALERT;
	hs->ended_by = SIDE_CLIENT;
	assert_shown(f, record_cipher_broken, "error", "likely");
	assert_proves(f, "the server's Finished is a record of 23 bytes under the keys");
	ev->first_length = 24;
	assert_not_shown(f, record_cipher_broken);
	ev->first_length = 23;
	hs->ended_by = SIDE_SERVER;
	assert_not_shown(f, record_cipher_broken);
}

static void test_record_cipher_broken__without_the_server_hello_it_is_possible(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 20);
	f->hs->suite = NULL;
	assert_shown(f, record_cipher_broken, "error", "possible");
	assert_false(proves(&f->finding, "up to the keys proves wrong"));
}

static void test_record_cipher_broken__resumed_or_psk_or_bad_points_have_their_own(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 20);
	f->hs->resumed = true;
	assert_not_shown(f, record_cipher_broken);
	f->hs->resumed = false;
	f->hs->suite = suite_find(0xc037);
	assert_not_shown(f, record_cipher_broken);
	f->hs->suite = suite_find(0xc02b);
	f->hs->side[SIDE_CLIENT].point = POINT_OFF_CURVE;
	assert_not_shown(f, record_cipher_broken);
}

/* ---- what only the client's own word tells ---- */

/* The client gives up under the keys, with that code and in that state. */
static struct facts *say(
	void **state, enum stage stage, const char *release, int code, const char *at)
{
	struct facts *f = *state;
	struct handshake *hs = first(state);

	end_with(hs, stage, SIDE_CLIENT, ENDING_PROTECTED_ALERT);
	hs->side[SIDE_CLIENT].word =
		(struct library_word){ .release = release, .code = code, .state = at };
	return f;
}

static void test_finished_mismatch__the_clients_own_word_shows_it_under_the_keys(void **state)
{
	struct facts *f = say(state, STAGE_FINISHED, "mbedTLS 2.28.3", -0x7e80, "SERVER_FINISHED");

	assert_shown(f, finished_mismatch, "error", "likely");
	assert_proves(f, "-0x7E80, SSL_BAD_HS_FINISHED, in SERVER_FINISHED");
	(void)say(state, STAGE_FINISHED, "mbedTLS 3.6.6", -0x6e00, "SERVER_FINISHED");
	assert_shown(f, finished_mismatch, "error", "likely");
	(void)say(state, STAGE_FINISHED, "mbedTLS 3.6.6", -0x6e00, "CERTIFICATE_VERIFY");
	assert_not_shown(f, finished_mismatch);
}

static void test_record_cipher_broken__the_clients_own_word_shows_it_under_the_keys(void **state)
{
	struct facts *f = say(state, STAGE_FINISHED, "mbedTLS 2.28.3", -0x7180, "SERVER_FINISHED");

	assert_shown(f, record_cipher_broken, "error", "likely");
	assert_proves(f, "-0x7180");
	assert_not_shown(f, finished_mismatch);
}

/* A second ChangeCipherSpec stood where the Finished was due, and was taken for a record under the keys. */
static void test_record_cipher_broken__what_was_under_no_keys_does_not_accuse_the_cipher(
	void **state)
{
	struct facts *f = say(state, STAGE_FINISHED, "mbedTLS 2.28.3", -0x7180, "SERVER_FINISHED");
	struct remark short_one = { .saying = SAYING_record_short,
		.words = "msglen (1) < taglen (16)" };
	struct event *ev = f->hs->events;

	while (ev->kind != EVENT_CHANGE_CIPHER_SPEC || ev->from != SIDE_SERVER)
		ev++;
	ev->unexpected = true;
	assert_not_shown(f, record_cipher_broken);
	ev->late = true;
	assert_shown(f, record_cipher_broken, "error", "likely");
	ev->late = ev->unexpected = false;
	f->hs->side[SIDE_CLIENT].remarks = &short_one;
	f->hs->side[SIDE_CLIENT].n_remarks = 1;
	assert_not_shown(f, record_cipher_broken);
	assert_shown(f, unexpected_message, "error", "likely");
}

static void test_library_limit__a_sound_certificate_that_the_client_cannot_read(void **state)
{
	struct facts *f =
		say(state, STAGE_SERVER_FLIGHT, "mbedTLS 2.28.3", -0x2562, "SERVER_CERTIFICATE");

	assert_shown(f, library_limit, "error", "likely");
	assert_proves(f, "-0x2562, X509_INVALID_EXTENSIONS");
	first(state)->side[SIDE_CLIENT].word.code = -0x3c80;
	assert_shown(f, library_limit, "error", "likely");
	first(state)->side[SIDE_CLIENT].word.code = -0x2700;
	assert_not_shown(f, library_limit);
}

static void test_library_limit__a_hidden_certificate_may_as_well_be_broken(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = first(state);

	make_tls13(hs);
	(void)say(state, STAGE_SERVER_FLIGHT, "mbedTLS 3.6.6", -0x2562, "SERVER_CERTIFICATE");
	assert_shown(f, library_limit, "error", "possible");
}

/* ---- version-misreported ---- */

/* A log of a client that refuses to verify its server in TLS 1.3. */
static struct handshake *refuse_to_verify(void **state, const char *release)
{
	struct handshake *hs = first(state);

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	hs->logged = true;
	hs->tls13 = true;
	hs->version = 0x0304;
	hs->side[SIDE_CLIENT].word = (struct library_word){
		.release = release, .code = -0x2700, .state = "SERVER_CERTIFICATE"
	};
	return hs;
}

static void test_version_misreported__the_release_that_does_not_honour_it_is_possible(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refuse_to_verify(state, "mbedTLS 3.6.0");

	assert_shown(f, version_misreported, "error", "possible");
	assert_proves(f, "whether its program wants the server verified is not told");
	hs->side[SIDE_CLIENT].word.code = -0x2562;
	assert_not_shown(f, version_misreported);
	hs->side[SIDE_CLIENT].word.code = 0x2700;
	assert_not_shown(f, version_misreported);
	refuse_to_verify(state, "mbedTLS 3.6.1");
	assert_not_shown(f, version_misreported);
	refuse_to_verify(state, "mbedTLS 3.6");
	assert_not_shown(f, version_misreported);
	refuse_to_verify(state, NULL);
	assert_not_shown(f, version_misreported);
}

static void test_version_misreported__the_setting_beside_it_makes_it_likely(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refuse_to_verify(state, "mbedTLS 3.6.0");
	static struct remark set[2] = { { SAYING_peer_refused, 3, "refused" },
		{ SAYING_verify_optional, 7, "auth_mode=optional" } };

	hs->side[SIDE_CLIENT].remarks = set;
	hs->side[SIDE_CLIENT].n_remarks = 1;
	assert_shown(f, version_misreported, "error", "possible");
	hs->side[SIDE_CLIENT].n_remarks = 2;
	assert_shown(f, version_misreported, "error", "likely");
	assert_proves(f, "or off: auth_mode=optional");
	assert_int_equal(proof_packet(&f->finding, "or off: auth_mode=optional"), 7);
}

static void test_version_misreported__tls12_honours_it_and_an_unknown_version_may_be_either(
	void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refuse_to_verify(state, "mbedTLS 3.6.0");

	hs->tls13 = false;
	hs->version = 0x0303;
	assert_not_shown(f, version_misreported);
	hs->version = 0;
	assert_shown(f, version_misreported, "error", "possible");
	hs->logged = false;
	assert_not_shown(f, version_misreported);
}

/* ---- library-limit ---- */

/* A client that looks like mbedTLS 3 refuses, in TLS 1.2, RSA-PSS that is valid. */
static struct facts *refuse_pss(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = first(state);

	hs->looks.name = "mbedTLS 3";
	hs->looks.stack = STACK_MBEDTLS_3;
	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	hs->ske.scheme = 0x0804;
	return f;
}

static void test_library_limit__pss_that_mbedtls_3_refuses_in_tls12_is_likely(void **state)
{
	struct facts *f = refuse_pss(state);

	assert_shown(f, library_limit, "error", "likely");
	assert_explains(f, no_fatal_alert);
	assert_proves(f, "by its hello the client is mbedTLS 3");
}

static void test_library_limit__the_clients_own_word_makes_it_certain(void **state)
{
	struct facts *f = refuse_pss(state);

	first(state)->side[SIDE_CLIENT].word = (struct library_word){
		.release = "mbedTLS 3.6.6", .code = -0x6600, .state = "SERVER_KEY_EXCHANGE"
	};
	assert_shown(f, library_limit, "error", "certain");
	assert_string_equal(
		f->finding.summary, "mbedTLS 3.6.6 offers RSA-PSS in TLS 1.2 and cannot verify it");
	first(state)->side[SIDE_CLIENT].word.release = "mbedTLS 2.28.3";
	assert_not_shown(f, library_limit);
}

static void test_library_limit__another_client_or_scheme_or_signature_is_none(void **state)
{
	struct facts *f = refuse_pss(state);
	struct handshake *hs = first(state);

	hs->looks.stack = STACK_OPENSSL;
	assert_not_shown(f, library_limit);
	hs->looks.stack = STACK_MBEDTLS_3;
	hs->ske.scheme = 0x0401;
	assert_not_shown(f, library_limit);
	hs->ske.scheme = 0x0804;
	hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	assert_not_shown(f, library_limit);
}

static void test_library_limit__a_client_that_could_acquits_the_library(void **state)
{
	struct facts *f = refuse_pss(state);
	struct handshake *good = facts_add(f);

	good->looks = first(state)->looks;
	good->ske.scheme = 0x0804;
	assert_not_shown(f, library_limit);
}

static void test_library_limit__what_the_probe_went_round_is_a_note(void **state)
{
	struct facts *f = *state;

	first(state)->side[SIDE_CLIENT].word =
		(struct library_word){ .release = "mbedTLS 3.6.6", .went_round = true };
	assert_shown(f, library_limit, "note", "certain");
	first(state)->side[SIDE_CLIENT].word.went_round = false;
	assert_not_shown(f, library_limit);
}

static void test_library_limit__what_the_probe_can_only_see_chosen_is_a_note(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = first(state);

	hs->outcome = OUTCOME_INCOMPLETE;
	assert_not_shown(f, library_limit);
	hs->beyond = true;
	hs->server_hello.suite = 0x1301;
	hs->server_hello.ext.n_shares = 1;
	hs->server_hello.ext.shares[0].group = 0x11ec;
	assert_shown(f, library_limit, "note", "certain");
	assert_string_equal(f->finding.summary,
		"The server takes the ClientHello; what it chose cannot be completed here");
	assert_non_null(
		strstr(f->finding.proof[0].text, "TLS_AES_128_GCM_SHA256 with X25519MLKEM768"));
}

/* Cut, empty, or other bytes: there are no numbers to be wrong, and no key to be another. */
static void test_signature_encoding__what_is_no_signature_at_all(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	f->hs->side[SIDE_SERVER].proof.ecdsa.readable = false;
	assert_shown(f, signature_encoding, "error", "certain");
	assert_string_equal(f->finding.summary,
		"What is sent as an ECDSA signature is none: cut, empty, or other bytes");
	assert_not_shown(f, wrong_private_key);
	assert_not_shown(f, ec_arithmetic_broken);
}

static void test_signature_encoding__an_empty_one_needs_a_whole_message_and_who_minds(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 50);
	f->hs->ske.signature.len = 0;
	f->hs->side[SIDE_SERVER].proof.signature =
		(struct verdict){ PROOF_UNVERIFIABLE, "the signature cannot be read" };
	f->hs->side[SIDE_SERVER].proof.ecdsa.readable = false;
	assert_shown(f, signature_encoding, "error", "certain");
	assert_string_equal(
		f->finding.summary, "The server sends a signature without a byte in it");
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 50);
	assert_not_shown(f, signature_encoding);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 50);
	f->hs->ske.has_signature = false; /* the message is cut before it */
	assert_not_shown(f, signature_encoding);
}

/* r or s is 0, or not below the order: no key gives that. */
static void test_ec_arithmetic_broken__a_number_out_of_range_is_no_keys(void **state)
{
	struct facts *f = *state;

	(void)break_signature(f, 0, FIND_NOTHING);
	assert_shown(f, wrong_private_key, "error", "possible");
	f->hs->side[SIDE_SERVER].proof.out_of_range = "s";
	f->hs->side[SIDE_SERVER].repeats.nonce = 7; /* nor is it a nonce that repeats */
	assert_shown(f, ec_arithmetic_broken, "error", "likely");
	assert_proves(f, "its s is not between 1 and the order of the curve: no key at all");
	assert_not_shown(f, wrong_private_key);
	assert_not_shown(f, nonce_reused);
}

static void test_point_encoding__a_compressed_point_for_who_takes_none(void **state)
{
	static uint8_t compressed[33] = { 2 };
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	f->hs->ske.public_key = bytes_of(compressed, sizeof compressed);
	assert_shown(f, point_encoding, "error", "certain");
	assert_explains(f, point_format_offered);
	assert_not_shown(f, verifier_broken);
}

/* ---- blame by exclusion ---- */

/* What is measured anew needs a row, or nobody knows whether it was tested. */
static void test_closed_world__every_measured_fault_has_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < atlas_fault_count(); i++) {
		const struct atlas_fault *fault = atlas_fault_at(i);
		enum check_id check;

		if (fault->side == ATLAS_CLIENT && strchr(fault->id, '+') == NULL &&
			!tested_by(fault, &check))
			fail_msg("%s has no row in closed_world.c", fault->id);
	}
}

static void test_closed_world__what_was_not_tested_leaves_it_open(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	assert_shown(f, verifier_broken, "error", "likely");
	f->hs->side[SIDE_SERVER].chain.judged = false; /* a certificate's signature is 51 there */
	assert_shown(f, verifier_broken, "error", "possible");
	assert_proves(f, "not tested, and answered alike:");
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 }; /* and 48 here */
	assert_shown(f, verifier_broken, "error", "likely");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(
			test_version_misreported__the_release_that_does_not_honour_it_is_possible),
		RULE_TEST(test_version_misreported__the_setting_beside_it_makes_it_likely),
		RULE_TEST(
			test_version_misreported__tls12_honours_it_and_an_unknown_version_may_be_either),
		RULE_TEST(test_library_limit__a_hidden_certificate_may_as_well_be_broken),
		RULE_TEST(test_library_limit__a_sound_certificate_that_the_client_cannot_read),
		RULE_TEST(test_record_cipher_broken__the_clients_own_word_shows_it_under_the_keys),
		RULE_TEST(
			test_record_cipher_broken__what_was_under_no_keys_does_not_accuse_the_cipher),
		RULE_TEST(test_finished_mismatch__the_clients_own_word_shows_it_under_the_keys),
		RULE_TEST(test_library_limit__pss_that_mbedtls_3_refuses_in_tls12_is_likely),
		RULE_TEST(test_library_limit__the_clients_own_word_makes_it_certain),
		RULE_TEST(test_library_limit__another_client_or_scheme_or_signature_is_none),
		RULE_TEST(test_library_limit__a_client_that_could_acquits_the_library),
		RULE_TEST(test_library_limit__what_the_probe_went_round_is_a_note),
		RULE_TEST(test_library_limit__what_the_probe_can_only_see_chosen_is_a_note),
		RULE_TEST(test_signatures__what_the_autopsy_found_shows_its_own_cause_alone),
		RULE_TEST(test_signatures__a_completed_handshake_makes_it_a_warning),
		RULE_TEST(test_signatures__a_signature_that_verifies_shows_nothing),
		RULE_TEST(test_signatures__a_scheme_that_contradicts_the_key_comes_first),
		RULE_TEST(test_signature_hash_mismatch__quotes_what_was_found),
		RULE_TEST(test_signature_transcript_mismatch__counts_every_handshake),
		RULE_TEST(test_signature_transcript_mismatch__of_a_client_covers_all_messages),
		RULE_TEST(test_signature_encoding__the_clients_signature_is_looked_at_too),
		RULE_TEST(test_message_corrupted__without_an_autopsy_nothing_is_said),
		RULE_TEST(test_signature_scheme_mismatch__shows_label_and_key),
		RULE_TEST(test_signature_scheme_mismatch__needs_a_scheme_that_is_known_or_offered),
		RULE_TEST(
			test_signature_scheme_mismatch__an_unknown_scheme_is_first_one_not_offered),
		RULE_TEST(test_signature_scheme_mismatch__is_a_warning_when_it_completed),
		RULE_TEST(test_signature_scheme_mismatch__0603_on_another_curve_is_innocent),
		RULE_TEST(test_signature_scheme_mismatch__an_outline_shows_the_size_of_the_curve),
		RULE_TEST(test_wrong_private_key__one_key_behind_several_signatures_is_proof),
		RULE_TEST(test_wrong_private_key__a_key_that_was_given_is_proof_for_one),
		RULE_TEST(test_wrong_private_key__one_signature_is_no_more_than_a_guess),
		RULE_TEST(test_wrong_private_key__one_that_can_be_compared_is_still_a_guess),
		RULE_TEST(test_wrong_private_key__what_has_a_reason_of_its_own_is_no_guess),
		RULE_TEST(test_wrong_private_key__several_acquit_only_without_any_common_key),
		RULE_TEST(test_wrong_private_key__each_repair_acquits),
		RULE_TEST(test_wrong_private_key__in_tls13_the_refusal_must_be_of_a_signature),
		RULE_TEST(test_wrong_private_key__in_tls13_the_clients_word_makes_it_possible),
		RULE_TEST(test_wrong_private_key__in_tls13_other_words_say_nothing_of_it),
		RULE_TEST(test_wrong_private_key__a_given_key_that_differs_makes_the_guess_likely),
		RULE_TEST(test_wrong_private_key__r_or_s_beyond_the_curve_is_likely),
		RULE_TEST(test_wrong_private_key__several_without_a_common_key_are_another_matter),
		RULE_TEST(test_wrong_private_key__a_good_signature_acquits),
		RULE_TEST(test_wrong_private_key__a_find_under_the_right_key_acquits),
		RULE_TEST(test_client_key_mismatch__one_signature_is_likely),
		RULE_TEST(test_client_key_mismatch__a_common_key_is_proof),
		RULE_TEST(test_client_key_mismatch__no_common_key_is_a_possibility),
		RULE_TEST(test_client_key_mismatch__another_certificates_key_is_proof),
		RULE_TEST(test_client_key_mismatch__a_signature_explained_otherwise_is_not),
		RULE_TEST(test_ec_arithmetic_broken__a_point_off_its_curve_is_certain),
		RULE_TEST(test_ec_arithmetic_broken__without_the_signature_it_is_likely),
		RULE_TEST(
			test_message_corrupted__one_bit_of_a_point_tells_where_the_signature_cannot),
		RULE_TEST(test_ec_arithmetic_broken__completed_ones_show_that_it_comes_and_goes),
		RULE_TEST(test_ec_arithmetic_broken__signatures_of_no_one_key_are_likely),
		RULE_TEST(test_ec_arithmetic_broken__one_bad_signature_beside_good_ones_is_likely),
		RULE_TEST(test_ec_arithmetic_broken__one_bad_signature_alone_is_possible),
		RULE_TEST(test_ec_arithmetic_broken__one_signature_that_no_key_makes_is_likely),
		RULE_TEST(test_ec_arithmetic_broken__shows_what_was_tried),
		RULE_TEST(
			test_ec_arithmetic_broken__a_byte_changed_after_signing_is_not_arithmetic),
		RULE_TEST(test_ec_arithmetic_broken__the_clients_key_is_looked_at_too),
		RULE_TEST(test_point_encoding__every_other_reading_is_a_hit),
		RULE_TEST(test_point_encoding__a_wrong_length_or_form_needs_no_autopsy),
		RULE_TEST(test_point_encoding__what_no_reading_explains_is_arithmetic),
		RULE_TEST(test_point_encoding__the_clients_and_a_completed_one_is_a_warning),
		RULE_TEST(test_verifier_broken__a_good_signature_refused_is_likely),
		RULE_TEST(test_verifier_broken__names_a_handshake_that_completes),
		RULE_TEST(test_verifier_broken__a_fault_of_the_server_is_the_reason),
		RULE_TEST(test_verifier_broken__as_its_own_log_says),
		RULE_TEST(test_verifier_broken__a_signature_not_verified_accuses_nobody),
		RULE_TEST(test_heap_exhausted__an_mbedtls_client_that_refuses_a_good_chain),
		RULE_TEST(test_heap_exhausted__a_refused_signature_is_a_possibility),
		RULE_TEST(test_heap_exhausted__other_stacks_and_untrusted_chains_do_not_count),
		RULE_TEST(test_finished_mismatch__decrypt_error_after_the_keys),
		RULE_TEST(test_finished_mismatch__unchecked_it_may_be_what_decrypt_error_is_about),
		RULE_TEST(test_finished_mismatch__a_bad_certificate_verify_is_the_reason),
		RULE_TEST(
			test_finished_mismatch__an_unchecked_certificate_verify_may_be_the_reason),
		RULE_TEST(test_finished_mismatch__before_the_keys_it_is_about_a_signature),
		RULE_TEST(test_finished_mismatch__needs_the_version),
		RULE_TEST(test_record_cipher_broken__bad_record_mac_after_good_keys),
		RULE_TEST(test_record_cipher_broken__a_record_too_short_for_a_finished_is_one),
		RULE_TEST(test_record_cipher_broken__without_the_server_hello_it_is_possible),
		RULE_TEST(test_record_cipher_broken__resumed_or_psk_or_bad_points_have_their_own),
		RULE_TEST(test_signature_encoding__what_is_no_signature_at_all),
		RULE_TEST(
			test_signature_encoding__an_empty_one_needs_a_whole_message_and_who_minds),
		RULE_TEST(test_ec_arithmetic_broken__a_number_out_of_range_is_no_keys),
		RULE_TEST(test_point_encoding__a_compressed_point_for_who_takes_none),
		RULE_TEST(test_closed_world__every_measured_fault_has_its_row),
		RULE_TEST(test_closed_world__what_was_not_tested_leaves_it_open),
	};

	return RULE_TESTS(tests, argc, argv);
}
