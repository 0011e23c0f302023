/* Causes about certificates and chains, of the server and of the client. */
#include "names/atlas.h"
#include "rules/facts.h"
#include "rules/said.h"

static struct chain_judgement *chain(void **state)
{
	return &first(state)->side[SIDE_SERVER].chain;
}

static void refuse(struct handshake *hs, uint8_t alert)
{
	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alert);
}

/* ---- what all of them share ---- */

/* Makes each fault in a chain, and what is said of it when nobody refuses the chain. */
static void lose_intermediate(struct facts *f, struct chain_judgement *j)
{
	name_cert(&f->leaf, "CN=device.example", "CN=Lost Issuer");
	j->n_steps = 1;
	j->step[0].signature = LINK_UNCHECKED;
	j->end = PATH_ISSUER_MISSING;
	j->intermediate_missing = true;
}

static void trust_another(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->step[1].trusted = false;
	j->step[1].sent_index = 1;
	j->end = PATH_SELF_SIGNED;
}

static void trust_nothing(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->n_steps = 1;
	j->end = PATH_NO_ANCHOR;
}

/* ---- certificate-expires-soon ---- */

enum { A_DAY = 86400 };

/* The leaf of the first handshake has so many days left, of thirty that are asked for. */
static struct facts *leave_days(void **state, int days)
{
	struct facts *f = *state;

	f->evidence.expires_soon = 30;
	f->leaf.not_after = NOW + days * A_DAY + A_DAY / 2;
	return f;
}

static void test_certificate_expires_soon__nine_days_left_are_a_warning(void **state)
{
	struct facts *f = leave_days(state, 9);

	assert_shown(f, certificate_expires_soon, "warning", "certain");
	assert_string_equal(
		f->finding.summary, "The certificate 'CN=device.example' expires in 9 days");
	assert_proves(f, "notAfter is 2024-06-10 00:00:00 UTC");
}

static void test_certificate_expires_soon__as_many_days_as_asked_for_are_enough(void **state)
{
	struct facts *f = leave_days(state, 30);

	assert_not_shown(f, certificate_expires_soon);
	(void)leave_days(state, 29);
	assert_shown(f, certificate_expires_soon, "warning", "certain");
	f->evidence.expires_soon = 29;
	assert_not_shown(f, certificate_expires_soon);
	f->evidence.expires_soon = 0;
	assert_not_shown(f, certificate_expires_soon);
}

/* Packets of 1970. */
static void test_undated__who_says_expired_is_believed_and_nothing_is_counted(void **state)
{
	struct facts *f = *state;

	f->evidence.expires_soon = 30;
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 45);
	f->hs->side[SIDE_SERVER].chain.undated = true;
	f->hs->side[SIDE_SERVER].chain.at = 100;
	assert_not_shown(f, certificate_expires_soon);
	assert_not_shown(f, clock_wrong);
	assert_shown(f, certificate_expired, "error", "possible");
	assert_proves(f, "--at gives the time to judge by");
	f->hs->alerts[0].code = 46;
	assert_not_shown(f, certificate_expired);
}

static void test_certificate_expires_soon__what_has_expired_is_another_cause(void **state)
{
	struct facts *f = leave_days(state, 9);

	first(state)->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_not_shown(f, certificate_expires_soon);
}

static void test_certificate_expires_soon__is_a_note_beside_a_failure_of_another_kind(void **state)
{
	struct facts *f = leave_days(state, 9);

	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 40);
	assert_shown(f, certificate_expires_soon, "note", "certain");
	assert_int_equal(f->finding.n_explains, 0);
}

static void test_certificate_expires_soon__the_newest_handshake_counts(void **state)
{
	struct facts *f = leave_days(state, 9);
	struct handshake *renewed = facts_add(f);
	struct cert leaf = f->leaf;

	leaf.not_after = NOW + YEAR;
	renewed->side[SIDE_SERVER].chain.step[0].cert = &leaf;
	assert_not_shown(f, certificate_expires_soon);
}

static void expire_root(struct facts *f, struct chain_judgement *j)
{
	f->root.not_after = NOW - YEAR;
	j->step[1].expired = true;
	j->expired_root = &f->root;
}

static void expire_leaf(struct facts *f, struct chain_judgement *j)
{
	f->leaf.not_after = NOW - YEAR;
	j->step[0].expired = true;
}

static void postpone_leaf(struct facts *f, struct chain_judgement *j)
{
	f->leaf.not_before = NOW + YEAR;
	j->step[0].not_yet = true;
}

static void rename_leaf(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->name = NAME_DIFFERS;
}

static void address_only(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->name = NAME_IP_SAN_ONLY;
}

static void forbid_usage(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->usage_forbids = true;
	j->usage_needed = KU_DIGITAL_SIGNATURE;
}

static void forbid_ext_usage(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->ext_usage_forbids = true;
}

static void issue_from_no_ca(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->step[1].ca_missing = true;
}

static void lengthen_path(struct facts *f, struct chain_judgement *j)
{
	f->root.path_length = 0;
	j->step[1].path_too_long = true;
}

static void lose_key_id(struct facts *f, struct chain_judgement *j)
{
	(void)j;
	f->leaf.has_authority_key_id = false;
}

static void shorten_key(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->step[0].weak_key = true;
}

static void sign_with_sha1(struct facts *f, struct chain_judgement *j)
{
	f->leaf.method.hash = HASH_SHA1;
	j->step[0].weak_signature = true;
}

static void break_signature(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->step[0].signature = LINK_BAD;
	j->signature_bad = true;
}

static void shuffle(struct facts *f, struct chain_judgement *j)
{
	(void)f;
	j->out_of_order = true;
}

struct fault {
	enum cause_id cause;
	void (*make)(struct facts *f, struct chain_judgement *j);
	const char *unrefused; /* its severity when the handshake completes */
	uint8_t typical[6];    /* the alerts that speak of it */
	bool server_only;      /* nothing is said of a client's chain */
	enum check_id check;   /* explained by it; N_CHECKS none */
};

static const struct fault faults[] = {
	{ CAUSE_intermediate_missing, lose_intermediate, "warning", { 48 }, true,
		CHECK_chain_complete },
	{ CAUSE_ca_not_trusted, trust_another, "warning", { 48, 46, 42 }, true,
		CHECK_chain_trusted },
	{ CAUSE_no_trust_anchor, trust_nothing, "warning", { 48 }, true, CHECK_chain_trusted },
	{ CAUSE_root_expired, expire_root, "warning", { 45, 46, 42 }, false, CHECK_chain_dates },
	{ CAUSE_certificate_expired, expire_leaf, "warning", { 45, 46, 42 }, false,
		CHECK_chain_dates },
	{ CAUSE_certificate_not_yet_valid, postpone_leaf, "warning", { 46, 42, 45 }, false,
		CHECK_chain_dates },
	{ CAUSE_name_mismatch, rename_leaf, "warning", { 42, 46 }, true, CHECK_name_matches },
	{ CAUSE_ip_san_unsupported, address_only, "note", { 42 }, true, CHECK_name_matches },
	{ CAUSE_key_usage_forbids, forbid_usage, "warning", { 43, 42, 46, 47, 80 }, false,
		CHECK_chain_usages },
	{ CAUSE_ext_key_usage_forbids, forbid_ext_usage, "warning", { 43, 42, 46 }, false,
		CHECK_chain_usages },
	{ CAUSE_issuer_not_a_ca, issue_from_no_ca, "warning", { 48, 46, 42 }, false,
		CHECK_chain_usages },
	{ CAUSE_path_too_long, lengthen_path, "warning", { 48, 42, 46 }, false,
		CHECK_chain_usages },
	{ CAUSE_authority_key_id_missing, lose_key_id, "note", { 48, 46, 42 }, false, N_CHECKS },
	{ CAUSE_weak_key, shorten_key, "warning", { 43, 42, 46, 71 }, false, CHECK_chain_strength },
	{ CAUSE_weak_signature, sign_with_sha1, "note", { 46, 42, 43 }, false,
		CHECK_chain_strength },
	{ CAUSE_chain_signature_bad, break_signature, "warning", { 51, 48, 42 }, false,
		CHECK_chain_signatures },
	{ CAUSE_chain_out_of_order, shuffle, "note", { 48, 46, 42 }, false, CHECK_chain_complete },
};
enum { N_FAULTS = sizeof faults / sizeof faults[0] };

/* Runs `ask` on fresh facts for each fault. */
static void each_fault(void (*ask)(struct facts *f, const struct fault *fault))
{
	for (size_t i = 0; i < N_FAULTS; i++) {
		void *state;

		assert_int_equal(facts_setup(&state), 0);
		ask(state, &faults[i]);
		(void)facts_teardown(&state);
	}
}

/* How sure a refusal makes of a fault: one step less of what most verifiers let pass. */
static const char *sure(const struct fault *fault, const char *of_others)
{
	if (strcmp(fault->unrefused, "note") != 0)
		return of_others;
	return strcmp(of_others, "certain") == 0 ? "likely" : "possible";
}

static void expect_shown(struct facts *f, const struct fault *fault, const char *severity,
	const char *confidence, unsigned assumptions)
{
	if (!facts_show(f, fault->cause))
		fail_msg("%s is not shown", causes[fault->cause]->id);
	assert_string_equal(severity_name(f->finding.severity), severity);
	assert_string_equal(confidence_name(f->finding.confidence), confidence);
	assert_int_equal(f->finding.assumptions, assumptions);
	assert_true(fault->check == N_CHECKS || explains_check(&f->finding, fault->check));
}

static void refused_is_an_error(struct facts *f, const struct fault *fault)
{
	refuse(f->hs, fault->typical[0]);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "error", sure(fault, "certain"), 0);
	assert_explains(f, no_fatal_alert);
	assert_int_equal(f->finding.n_handshakes, 1);
	assert_int_not_equal(f->finding.n_proof, 0);
}

static void test_chains__a_refused_fault_is_an_error_that_explains_the_alert(void **state)
{
	(void)state;
	each_fault(refused_is_an_error);
}

/* Every one that shows it is counted; the first proves it. */
static void each_refusal_counts(struct facts *f, const struct fault *fault)
{
	struct handshake *other = facts_add(f);
	size_t n_proof;

	refuse(f->hs, fault->typical[0]);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "error", sure(fault, "certain"), 0);
	n_proof = f->finding.n_proof;
	refuse(other, fault->typical[0]);
	other->side[SIDE_SERVER].chain = f->hs->side[SIDE_SERVER].chain;
	expect_shown(f, fault, "error", sure(fault, "certain"), 0);
	assert_int_equal(f->finding.n_handshakes, 2);
	assert_int_equal(f->finding.n_proof, n_proof);
}

static void test_chains__each_refusal_counts_and_the_first_proves(void **state)
{
	(void)state;
	each_fault(each_refusal_counts);
}

/* Each alert there is: those that speak of the fault, and no others, cost nothing. */
static void alerts_speak_of_it(struct facts *f, const struct fault *fault)
{
	refuse(f->hs, fault->typical[0]);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	for (int alert = 1; alert < 256; alert++) {
		bool speaks = memchr(fault->typical, alert, sizeof fault->typical) != NULL;

		f->hs->alerts[0].code = (uint8_t)alert;
		if (speaks)
			expect_shown(f, fault, "error",
				sure(fault, alert == 80 ? "likely" : "certain"), 0);
		else if (facts_show(f, fault->cause) && f->finding.severity == SEVERITY_ERROR)
			assert_int_not_equal(f->finding.assumptions, 0);
	}
}

static void test_chains__some_alerts_speak_of_a_fault(void **state)
{
	(void)state;
	each_fault(alerts_speak_of_it);
}

static void untypical_alert_costs(struct facts *f, const struct fault *fault)
{
	refuse(f->hs, 49);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "error", "likely", 1);
}

static void test_chains__an_alert_that_speaks_of_something_else_costs_an_assumption(void **state)
{
	(void)state;
	each_fault(untypical_alert_costs);
}

/* decrypt_error, over a signature that is bad: what the chain has wrong besides is no error. */
static void bad_signature_was_refused(struct facts *f, const struct fault *fault)
{
	if (fault->typical[0] == 51)
		return;
	refuse(f->hs, 51);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "note", "certain", 0);
	refuse(f->hs, 46);
	assert_true(facts_show(f, fault->cause));
	assert_string_equal(severity_name(f->finding.severity), "error");
}

static void test_chains__an_alert_about_the_signature_is_not_about_the_chain(void **state)
{
	(void)state;
	each_fault(bad_signature_was_refused);
}

/* Without any other fault it may be about the chain, but not about what most peers let pass. */
static void decrypt_error_alone(struct facts *f, const struct fault *fault)
{
	refuse(f->hs, 51);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	assert_true(facts_show(f, fault->cause));
	assert_string_equal(severity_name(f->finding.severity),
		strcmp(fault->unrefused, "note") == 0 ? "note" : "error");
}

static void test_chains__an_alert_of_another_kind_is_not_about_trifles(void **state)
{
	(void)state;
	each_fault(decrypt_error_alone);
}

static void close_refuses_too(struct facts *f, const struct fault *fault)
{
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "error", sure(fault, "likely"), 0);
	assert_explains(f, closed_cleanly);
}

static void test_chains__a_close_without_an_alert_refuses_it_too(void **state)
{
	(void)state;
	each_fault(close_refuses_too);
}

/* TLS 1.3 encrypts the certificate and the alert; the client tells both. */
static void word_refuses_too(struct facts *f, const struct fault *fault)
{
	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "error", "certain", 0);
	assert_proves(f, "the client itself: mbedtls_ssl_handshake returned -0x2700");
	assert_not_shown(f, wrong_private_key);
}

static void test_chains__a_client_that_is_asked_refuses_it_too(void **state)
{
	(void)state;
	each_fault(word_refuses_too);
}

/* What a client refused for another reason it has not refused for its certificate. */
static void other_word_is_less(struct facts *f, const struct fault *fault)
{
	refuse_in_tls13(f, f->hs, -0x7180, "ENCRYPTED_EXTENSIONS");
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "note", "certain", 0);
}

static void test_chains__a_client_that_says_something_else_has_not(void **state)
{
	(void)state;
	each_fault(other_word_is_less);
}

static void completed_is_less(struct facts *f, const struct fault *fault)
{
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, fault->unrefused, "certain", 0);
}

static void test_chains__a_fault_that_nobody_minds_is_less_than_an_error(void **state)
{
	(void)state;
	each_fault(completed_is_less);
}

static void other_alert_is_no_refusal(struct facts *f, const struct fault *fault)
{
	refuse(f->hs, 10);
	fault->make(f, &f->hs->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "note", "certain", 0);
	assert_false(explains_check(&f->finding, CHECK_no_fatal_alert));
}

static void test_chains__an_alert_of_another_family_is_not_laid_at_its_door(void **state)
{
	(void)state;
	each_fault(other_alert_is_no_refusal);
}

static void faultless_is_silent(struct facts *f, const struct fault *fault)
{
	refuse(f->hs, fault->typical[0]);
	if (fault->cause == CAUSE_name_mismatch)
		f->hs->side[SIDE_SERVER].chain.name = NAME_MATCHES_CN_ONLY;
	if (facts_show(f, fault->cause))
		fail_msg("%s is shown", causes[fault->cause]->id);
}

static void test_chains__a_refusal_without_the_fault_shows_nothing(void **state)
{
	(void)state;
	each_fault(faultless_is_silent);
}

static void client_side(struct facts *f, const struct fault *fault)
{
	make_mutual(f, f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, fault->typical[0]);
	fault->make(f, &f->hs->side[SIDE_CLIENT].chain);
	f->leaf.has_authority_key_id = true;
	f->client_leaf.has_authority_key_id = fault->cause != CAUSE_authority_key_id_missing;
	f->client_leaf.not_after = f->leaf.not_after;
	if (fault->server_only)
		assert_false(facts_show(f, fault->cause));
	else
		expect_shown(f, fault, "error", sure(fault, "certain"), 0);
}

static void test_chains__the_clients_chain_is_judged_like_the_servers(void **state)
{
	(void)state;
	each_fault(client_side);
}

static void refused_ones_come_first(struct facts *f, const struct fault *fault)
{
	struct handshake *second = facts_add(f);

	refuse(second, fault->typical[0]);
	fault->make(f, &f->hs[0].side[SIDE_SERVER].chain);
	fault->make(f, &second->side[SIDE_SERVER].chain);
	expect_shown(f, fault, "error", sure(fault, "certain"), 0);
	assert_int_equal(f->finding.n_handshakes, 1);
	assert_int_equal(f->finding.handshakes[0], 2);
}

static void test_chains__only_the_handshakes_that_failed_for_it_are_counted(void **state)
{
	(void)state;
	each_fault(refused_ones_come_first);
}

/* ---- innocence ---- */

static const struct {
	enum cause_id cause;
	const char *because;
} acquitted[] = {
	{ CAUSE_intermediate_missing, "nothing between the leaf and its root is missing" },
	{ CAUSE_ca_not_trusted, "the chain ends at a certificate of the CA file" },
	{ CAUSE_certificate_expired, "every certificate of the path was in date at the time" },
	{ CAUSE_certificate_not_yet_valid,
		"every certificate of the path was in date at the time" },
	{ CAUSE_name_mismatch, "the certificate is for the name asked for" },
	{ CAUSE_key_usage_forbids, "keyUsage and extendedKeyUsage allow this use" },
	{ CAUSE_weak_signature, "keys and hashes of the chain are strong enough" },
	{ CAUSE_chain_signature_bad,
		"each certificate whose issuer is at hand is signed by that issuer's key" },
};

static const struct fault *fault_of(enum cause_id id)
{
	for (size_t i = 0; i < N_FAULTS; i++)
		if (faults[i].cause == id)
			return &faults[i];
	return NULL;
}

static void test_chains__a_chain_that_passes_acquits(void **state)
{
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof acquitted / sizeof acquitted[0]; i++) {
		assert_true(facts_innocent(f, acquitted[i].cause));
		assert_string_equal(f->because, acquitted[i].because);
	}
}

static void test_chains__the_fault_in_any_handshake_does_not_acquit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof acquitted / sizeof acquitted[0]; i++) {
		struct facts *f;
		void *fresh;

		assert_int_equal(facts_setup(&fresh), 0);
		f = fresh;
		(void)facts_add(f);
		fault_of(acquitted[i].cause)->make(f, &f->hs[1].side[SIDE_SERVER].chain);
		assert_false(facts_innocent(f, acquitted[i].cause));
		(void)facts_teardown(&fresh);
	}
}

static void test_chains__without_a_certificate_nobody_is_acquitted(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	for (size_t i = 0; i < sizeof acquitted / sizeof acquitted[0]; i++)
		assert_false(facts_innocent(f, acquitted[i].cause));
}

/* ---- each by itself ---- */

static void test_intermediate_missing__names_the_issuer_and_where_to_get_it(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	lose_intermediate(f, chain(state));
	f->leaf.ca_issuers_uri = text_bytes("http://ca.example/lost.crt");
	assert_shown(f, intermediate_missing, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The server sent its certificate without the intermediate 'CN=Lost Issuer'");
	assert_int_equal(
		proof_packet(&f->finding, "1 sent; the last is issued by"), PACKET_CERTIFICATE);
	assert_true(advises(&f->finding, "published at http://ca.example/lost.crt"));
}

static void test_intermediate_missing__half_a_certificate_message_accuses_nobody(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	lose_intermediate(f, chain(state));
	event_of(f->hs, SIDE_SERVER, HS_CERTIFICATE)->wrong.code = PARSE_CUT;
	assert_not_shown(f, intermediate_missing);
	assert_not_shown(f, ca_not_trusted);
}

static void test_ca_not_trusted__a_missing_intermediate_is_not_a_missing_root(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	lose_intermediate(f, chain(state));
	assert_not_shown(f, ca_not_trusted);
}

static void test_ca_not_trusted__a_bad_signature_comes_before_trust(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	trust_another(f, chain(state));
	break_signature(f, chain(state));
	assert_not_shown(f, ca_not_trusted);
}

static void test_ca_not_trusted__says_that_the_name_is_there_with_another_key(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	trust_another(f, chain(state));
	chain(state)->issuer_name_in_trust = true;
	assert_shown(f, ca_not_trusted, "error", "certain");
	assert_proves(f, "the chain of the server ends at 'CN=Test Root'");
	assert_proves(f, "of that name, with another key");
}

static void test_ca_not_trusted__without_a_ca_file_the_clients_word_is_likely(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	trust_another(f, chain(state));
	chain(state)->has_trust = false;
	assert_shown(f, ca_not_trusted, "error", "likely");
	assert_proves(f, "the chain sent leads to 'CN=Test Root'");
	assert_int_equal(f->finding.assumptions, 1);
	assert_string_equal(
		f->finding.summary, "The client does not trust the CA of the server's certificate");
	assert_true(advises(&f->finding, "run again with --ca"));
}

/* A root that the client lacks, and an intermediate that the server left out, look alike. */
static void test_ca_not_trusted__a_lone_leaf_may_lack_an_intermediate_as_well(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	chain(state)->n_steps = 1;
	chain(state)->end = PATH_ISSUER_MISSING;
	chain(state)->has_trust = false;
	assert_shown(f, ca_not_trusted, "error", "possible");
	assert_proves(f, "may be a root that the client lacks, or an intermediate that the server");
	assert_true(advises(&f->finding, "is an intermediate, which the server has to send"));
	f->leaf.self_issued = true;
	assert_shown(f, ca_not_trusted, "error", "likely");
}

static void test_ca_not_trusted__without_a_ca_file_a_flag_is_the_clients_word_too(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	f->hs->side[SIDE_CLIENT].word.verify_flags = 0x08;
	f->hs->side[SIDE_SERVER].chain.has_trust = false;
	assert_shown(f, ca_not_trusted, "error", "likely");
	assert_proves(f, "X509_CERT_VERIFY_FAILED, in SERVER_CERTIFICATE (BADCERT_NOT_TRUSTED)");
	f->hs->side[SIDE_CLIENT].word.verify_flags = 0x01;
	assert_not_shown(f, ca_not_trusted);
}

static void test_ca_not_trusted__without_a_ca_file_other_alerts_say_nothing(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	trust_another(f, chain(state));
	chain(state)->has_trust = false;
	assert_not_shown(f, ca_not_trusted);
}

static void test_ca_not_trusted__a_stack_that_means_it_may_have_another_file(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	assert_shown(f, ca_not_trusted, "error", "likely");
	assert_proves(f, "the CA file given here would do: then the client has another");
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	assert_not_shown(f, ca_not_trusted);
}

static void test_no_trust_anchor__without_a_ca_file_there_is_none_to_be_empty(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	trust_nothing(f, chain(state));
	chain(state)->has_trust = false;
	assert_not_shown(f, no_trust_anchor);
}

static void test_no_trust_anchor__a_path_without_end_is_not_an_empty_file(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	trust_another(f, chain(state));
	assert_not_shown(f, no_trust_anchor);
}

static void test_root_expired__is_told_apart_from_an_expired_leaf(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 45);
	expire_root(f, chain(state));
	chain(state)->same_key_elsewhere = &f->middle;
	assert_not_shown(f, certificate_expired);
	assert_shown(f, root_expired, "error", "certain");
	assert_proves(f, "the root 'CN=Test Root' expired on 2023-06-01");
	assert_proves(f, "the key of 'CN=Test Issuer' also exists under the issuer 'CN=Test Root'");
	assert_true(advises(&f->finding, "trust the newer self-signed certificate"));
	chain(state)->same_key_elsewhere = NULL; /* there may be none */
	assert_shown(f, root_expired, "error", "certain");
	assert_false(advises(&f->finding, "trust the newer"));
	chain(state)->step[0].expired = true; /* the nearer reason */
	assert_not_shown(f, root_expired);
	chain(state)->step[0].expired = false;
	assert_shown(f, root_expired, "error", "certain");
	chain(state)->expired_root = NULL;
	assert_not_shown(f, root_expired);
}

static void test_certificate_expired__says_whose_and_when(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 45);
	expire_leaf(f, chain(state));
	assert_shown(f, certificate_expired, "error", "certain");
	assert_string_equal(f->finding.summary, "The certificate 'CN=device.example' has expired");
	assert_int_equal(proof_packet(&f->finding, "notAfter is 2023-06-01 12:00:00 UTC"),
		PACKET_CERTIFICATE);
	assert_proves(f, "the handshake took place at 2024-05-31 12:00:00 UTC");
	f->evidence.has_at = true;
	assert_shown(f, certificate_expired, "error", "certain");
	assert_proves(f, "it is judged at 2024-05-31 12:00:00 UTC, the time given");
}

static void test_certificate_not_yet_valid__says_from_when(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 46);
	postpone_leaf(f, chain(state));
	assert_shown(f, certificate_not_yet_valid, "error", "certain");
	assert_proves(f, "notBefore is 2025-05-31 12:00:00 UTC");
}

static void test_name_mismatch__shows_what_was_asked_for_and_what_is_there(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	rename_leaf(f, chain(state));
	f->hs->client_hello.ext.server_name = text_bytes("other.example");
	assert_shown(f, name_mismatch, "error", "certain");
	assert_proves(f, "asked for: other.example");
	assert_proves(f, "the certificate names device.example");
	f->evidence.name = "given.example";
	assert_shown(f, name_mismatch, "error", "certain");
	assert_proves(f, "asked for: given.example");
}

static void test_name_mismatch__a_common_name_beside_a_san_does_not_count(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	chain(state)->name = NAME_CN_IGNORED;
	assert_shown(f, name_mismatch, "error", "certain");
	assert_proves(f, "its common name would fit");
}

static void test_name_mismatch__the_subject_is_shown_without_a_san(void **state)
{
	struct facts *f = *state;

	rename_leaf(f, chain(state));
	f->leaf.has_san = false;
	f->leaf.n_san = 0;
	assert_shown(f, name_mismatch, "warning", "certain");
	assert_proves(f, "the certificate names CN=device.example");
}

static void test_ip_san_unsupported__a_name_that_fits_is_no_such_case(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	rename_leaf(f, chain(state));
	assert_not_shown(f, ip_san_unsupported);
	address_only(f, chain(state));
	assert_not_shown(f, name_mismatch);
	assert_shown(f, ip_san_unsupported, "error", "likely");
	assert_proves(f, "mbedTLS up to 3.4, 2.28 included, ignores such entries");
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL }; /* looks at such entries */
	assert_not_shown(f, ip_san_unsupported);
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	assert_shown(f, ip_san_unsupported, "error", "likely");
}

static void test_ip_san_unsupported__of_a_client_that_went_on_nothing_is_said(void **state)
{
	struct facts *f = *state;

	address_only(f, chain(state));
	assert_shown(f, ip_san_unsupported, "note", "certain");
	assert_string_equal(f->finding.summary,
		"Only an iPAddress entry fits, which old clients do not look at");
	assert_proves(f, "the address is in the certificate only as an iPAddress");
}

static void test_key_usage_forbids__names_the_usage_and_the_suite(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 43);
	forbid_usage(f, chain(state));
	assert_shown(f, key_usage_forbids, "error", "certain");
	assert_string_equal(
		f->finding.summary, "keyUsage of the certificate lacks digitalSignature");
	assert_proves(f, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 needs digitalSignature");
}

/* A client's key signs, whatever the suite. */
static void test_key_usage_forbids__of_a_client_the_suite_says_nothing(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 43);
	forbid_usage(f, &f->hs->side[SIDE_CLIENT].chain);
	assert_shown(f, key_usage_forbids, "error", "certain");
	assert_false(proves(&f->finding, "TLS_ECDHE"));
	assert_false(advises(&f->finding, "keyEncipherment"));
}

static void test_chain_out_of_order__of_a_client_is_the_clients(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	shuffle(f, &f->hs->side[SIDE_CLIENT].chain);
	assert_shown(f, chain_out_of_order, "note", "certain");
	assert_string_equal(origin_name(f->finding.origin), "client");
}

/* internal_error is also what comes of a heap that ran out. */
static void test_key_usage_forbids__of_an_internal_error_is_not_certain(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 80);
	forbid_usage(f, chain(state));
	assert_shown(f, key_usage_forbids, "error", "likely");
}

static void test_ext_key_usage_forbids__names_the_purpose_of_the_side(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 43);
	forbid_ext_usage(f, chain(state));
	assert_shown(f, ext_key_usage_forbids, "error", "certain");
	assert_string_equal(
		f->finding.summary, "extendedKeyUsage of the certificate lacks serverAuth");
}

static void test_issuer_not_a_ca__says_what_is_lacking(void **state)
{
	struct facts *f = *state;

	issue_from_no_ca(f, chain(state));
	assert_shown(f, issuer_not_a_ca, "warning", "certain");
	assert_proves(f, "and its keyUsage lacks keyCertSign");
	f->root.ca = false;
	assert_shown(f, issuer_not_a_ca, "warning", "certain");
	assert_proves(f, "and has basicConstraints CA:FALSE");
	f->root.has_basic_constraints = false;
	assert_shown(f, issuer_not_a_ca, "warning", "certain");
	assert_proves(f, "and has no basicConstraints");
}

static void test_path_too_long__shows_the_limit(void **state)
{
	struct facts *f = *state;

	lengthen_path(f, chain(state));
	assert_shown(f, path_too_long, "warning", "certain");
	assert_proves(f, "'CN=Test Root' has pathlen 0");
}

static void test_authority_key_id_missing__is_blamed_only_in_an_otherwise_good_chain(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	lose_key_id(f, chain(state));
	expire_leaf(f, chain(state));
	assert_not_shown(f, authority_key_id_missing);
	f->leaf.authority_key_id_malformed = true;
	assert_shown(f, authority_key_id_missing, "error", "likely");
	assert_proves(f, "the authorityKeyIdentifier of 'CN=device.example' is malformed");
}

static void test_authority_key_id_missing__version_1_certificates_have_none(void **state)
{
	struct facts *f = *state;

	lose_key_id(f, chain(state));
	f->leaf.version = 1;
	assert_not_shown(f, authority_key_id_missing);
}

static void test_weak_key__one_too_short_to_sign_ends_it_at_the_server(void **state)
{
	struct facts *f = *state;

	f->leaf.key = KEY_RSA;
	f->leaf.key_bits = 512;
	memcpy(f->leaf.key_name, "RSA 512", 8);
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_FIN);
	memset(&f->hs->ske, 0, sizeof f->hs->ske);
	f->hs->server_hello_done = false;
	chain(state)->step[0].very_weak_key = true;
	assert_shown(f, weak_key, "error", "likely");
	assert_string_equal(
		f->finding.summary, "RSA 512 is too short to hold the signature asked for");
	assert_explains(f, closed_cleanly);
	assert_explains(f, chain_strength);
	chain(state)->step[0].very_weak_key = false;
	f->leaf.key_bits = 751; /* 94 bytes are needed, and 752 bits */
	assert_shown(f, weak_key, "error", "likely");
	assert_proves(f, "the key has 751 bits; a SHA-512 signature needs 752");
	assert_proves(f, "the server gives up where its ServerKeyExchange is due");
	f->leaf.key_bits = 752;
	assert_not_shown(f, weak_key);
}

static void test_weak_signature__names_the_hash(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 46);
	sign_with_sha1(f, chain(state));
	assert_shown(f, weak_signature, "error", "likely");
	assert_string_equal(f->finding.summary, "A certificate of the chain is signed with SHA-1");
}

static void test_chain_signature_bad__names_both_certificates(void **state)
{
	struct facts *f = *state;

	break_signature(f, chain(state));
	chain(state)->step[0].why = "the digest differs";
	assert_shown(f, chain_signature_bad, "warning", "certain");
	assert_proves(f, "the signature on 'CN=device.example' does not verify");
	assert_proves(f, "under the key of 'CN=Test Root': the digest differs");
}

static void test_chain_out_of_order__lists_what_was_sent(void **state)
{
	struct facts *f = *state;

	make_long_chain(f, f->hs);
	shuffle(f, chain(state));
	assert_shown(f, chain_out_of_order, "note", "certain");
	assert_proves(f, "1. 'CN=device.example', issued by 'CN=Test Issuer'");
	assert_proves(f, "2. 'CN=Test Issuer', issued by 'CN=Test Root'");
}

static void test_certificate_malformed__is_an_error_when_the_handshake_failed(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 50);
	f->leaf.parsed = false;
	f->leaf.broken = (struct parse_err){ PARSE_SHORT, "tbsCertificate", 4, 100, 20 };
	assert_shown(f, certificate_malformed, "error", "certain");
	assert_explains(f, certificate_well_formed);
	assert_proves(f, "certificate 1 of the server");
}

static void test_certificate_malformed__is_a_warning_when_it_completed(void **state)
{
	struct facts *f = *state;

	f->leaf.parsed = false;
	f->leaf.broken = (struct parse_err){ PARSE_SHORT, "tbsCertificate", 4, 100, 20 };
	assert_shown(f, certificate_malformed, "warning", "certain");
}

static void test_certificate_malformed__a_refused_but_readable_one_is_not(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 50);
	assert_not_shown(f, certificate_malformed);
}

/* Everyone takes the first for the leaf: that it has another name, and other uses, is no fault of its own. */
static void test_chain_out_of_order__the_issuer_first_explains_the_rest(void **state)
{
	struct facts *f = *state;

	make_long_chain(f, f->hs);
	f->leaf.issuer_der = f->middle.subject_der = text_bytes("the same name");
	f->middle.ca = true;
	f->hs->side[SIDE_SERVER].certs[0] = &f->middle;
	f->hs->side[SIDE_SERVER].certs[1] = &f->leaf;
	f->hs->side[SIDE_SERVER].chain.out_of_order = true;
	f->hs->side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	f->hs->side[SIDE_SERVER].chain.usage_forbids = true;
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 42);
	assert_shown(f, chain_out_of_order, "error", "certain");
	assert_explains(f, name_matches);
	assert_not_shown(f, name_mismatch);
	assert_not_shown(f, key_usage_forbids);
	/* a CA further up may be the first */
	f->leaf.issuer_der = text_bytes("a name between");
	f->hs->side[SIDE_SERVER].certs[f->hs->side[SIDE_SERVER].n_certs++] = &f->root;
	f->root.subject_der = f->leaf.issuer_der;
	f->root.issuer_der = f->middle.subject_der;
	assert_shown(f, chain_out_of_order, "error", "certain");
	f->root.issuer_der = text_bytes("nobody's name");
	assert_shown(f, name_mismatch, "error", "certain");
	f->root.issuer_der = f->middle.subject_der;
	/* so is the signature, which the leaf's own key made: even where the client only closes */
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->hs->n_alerts = 0;
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	assert_shown(f, chain_out_of_order, "error", "likely");
	assert_explains(f, ske_signature);
}

/* RFC 8446 6.2 has illegal_parameter among the alerts about certificates by its number alone. */
static void test_certificate_expired__illegal_parameter_is_no_word_about_it(void **state)
{
	struct facts *f = *state;

	chain(state)->step[0].expired = true;
	refuse(f->hs, 47);
	assert_shown(f, certificate_expired, "error", "possible");
	f->hs->alerts[0].code = 48;
	assert_shown(f, certificate_expired, "error", "likely");
}

/* ---- what is left untested ---- */

/* Without --ca an untrusted issuer is as good a reason for bad_certificate; expired says what it means. */
static void test_certificate_expired__a_general_alert_may_be_about_what_was_not_tested(void **state)
{
	struct facts *f = *state;

	chain(state)->step[0].expired = true;
	refuse(f->hs, 42);
	assert_shown(f, certificate_expired, "error", "certain");
	chain(state)->has_trust = false;
	assert_shown(f, certificate_expired, "error", "likely");
	assert_proves(f, "not tested, and answered alike: whether it is trusted");
	f->hs->alerts[0].code = 45;
	assert_shown(f, certificate_expired, "error", "certain");
}

static void test_certificate_expired__nor_sure_where_the_name_asked_for_is_not_known(void **state)
{
	struct facts *f = *state;

	chain(state)->step[0].expired = true;
	chain(state)->name = NAME_UNCHECKED;
	refuse(f->hs, 46);
	assert_shown(f, certificate_expired, "error", "likely");
	assert_proves(f, "not tested, and answered alike: whether it is for the name asked for");
}

/* The server gave up, and cannot have minded its own certificate. */
static void test_name_mismatch__is_a_note_where_the_handshake_failed_over_something_else(
	void **state)
{
	struct facts *f = *state;

	chain(state)->name = NAME_DIFFERS;
	assert_shown(f, name_mismatch, "warning", "certain");
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 80);
	assert_shown(f, name_mismatch, "note", "certain");
	facts_add(f)->side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	assert_shown(f, name_mismatch, "warning", "certain");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(
			test_certificate_expired__a_general_alert_may_be_about_what_was_not_tested),
		RULE_TEST(test_certificate_expired__nor_sure_where_the_name_asked_for_is_not_known),
		RULE_TEST(
			test_name_mismatch__is_a_note_where_the_handshake_failed_over_something_else),
		RULE_TEST(test_certificate_expires_soon__nine_days_left_are_a_warning),
		RULE_TEST(test_certificate_expires_soon__as_many_days_as_asked_for_are_enough),
		RULE_TEST(test_undated__who_says_expired_is_believed_and_nothing_is_counted),
		RULE_TEST(test_certificate_expires_soon__what_has_expired_is_another_cause),
		RULE_TEST(
			test_certificate_expires_soon__is_a_note_beside_a_failure_of_another_kind),
		RULE_TEST(test_certificate_expires_soon__the_newest_handshake_counts),
		RULE_TEST(test_chains__a_client_that_is_asked_refuses_it_too),
		RULE_TEST(test_chains__a_client_that_says_something_else_has_not),
		RULE_TEST(test_chains__some_alerts_speak_of_a_fault),
		RULE_TEST(test_chains__a_refused_fault_is_an_error_that_explains_the_alert),
		RULE_TEST(test_chains__an_alert_that_speaks_of_something_else_costs_an_assumption),
		RULE_TEST(test_chains__an_alert_about_the_signature_is_not_about_the_chain),
		RULE_TEST(test_chains__an_alert_of_another_kind_is_not_about_trifles),
		RULE_TEST(test_chains__a_close_without_an_alert_refuses_it_too),
		RULE_TEST(test_chains__a_fault_that_nobody_minds_is_less_than_an_error),
		RULE_TEST(test_chains__an_alert_of_another_family_is_not_laid_at_its_door),
		RULE_TEST(test_chains__a_refusal_without_the_fault_shows_nothing),
		RULE_TEST(test_chains__the_clients_chain_is_judged_like_the_servers),
		RULE_TEST(test_chains__only_the_handshakes_that_failed_for_it_are_counted),
		RULE_TEST(test_chains__a_chain_that_passes_acquits),
		RULE_TEST(test_chains__the_fault_in_any_handshake_does_not_acquit),
		RULE_TEST(test_chains__without_a_certificate_nobody_is_acquitted),
		RULE_TEST(test_intermediate_missing__names_the_issuer_and_where_to_get_it),
		RULE_TEST(test_intermediate_missing__half_a_certificate_message_accuses_nobody),
		RULE_TEST(test_ca_not_trusted__a_lone_leaf_may_lack_an_intermediate_as_well),
		RULE_TEST(test_ca_not_trusted__a_missing_intermediate_is_not_a_missing_root),
		RULE_TEST(test_ca_not_trusted__a_bad_signature_comes_before_trust),
		RULE_TEST(test_ca_not_trusted__says_that_the_name_is_there_with_another_key),
		RULE_TEST(test_ca_not_trusted__without_a_ca_file_the_clients_word_is_likely),
		RULE_TEST(test_ca_not_trusted__without_a_ca_file_a_flag_is_the_clients_word_too),
		RULE_TEST(test_ca_not_trusted__without_a_ca_file_other_alerts_say_nothing),
		RULE_TEST(test_ca_not_trusted__a_stack_that_means_it_may_have_another_file),
		RULE_TEST(test_no_trust_anchor__without_a_ca_file_there_is_none_to_be_empty),
		RULE_TEST(test_no_trust_anchor__a_path_without_end_is_not_an_empty_file),
		cmocka_unit_test(test_chains__each_refusal_counts_and_the_first_proves),
		RULE_TEST(test_root_expired__is_told_apart_from_an_expired_leaf),
		RULE_TEST(test_certificate_expired__says_whose_and_when),
		RULE_TEST(test_certificate_not_yet_valid__says_from_when),
		RULE_TEST(test_name_mismatch__shows_what_was_asked_for_and_what_is_there),
		RULE_TEST(test_name_mismatch__a_common_name_beside_a_san_does_not_count),
		RULE_TEST(test_name_mismatch__the_subject_is_shown_without_a_san),
		RULE_TEST(test_ip_san_unsupported__a_name_that_fits_is_no_such_case),
		RULE_TEST(test_ip_san_unsupported__of_a_client_that_went_on_nothing_is_said),
		RULE_TEST(test_key_usage_forbids__of_an_internal_error_is_not_certain),
		RULE_TEST(test_key_usage_forbids__names_the_usage_and_the_suite),
		RULE_TEST(test_key_usage_forbids__of_a_client_the_suite_says_nothing),
		RULE_TEST(test_chain_out_of_order__of_a_client_is_the_clients),
		RULE_TEST(test_ext_key_usage_forbids__names_the_purpose_of_the_side),
		RULE_TEST(test_issuer_not_a_ca__says_what_is_lacking),
		RULE_TEST(test_path_too_long__shows_the_limit),
		RULE_TEST(test_authority_key_id_missing__is_blamed_only_in_an_otherwise_good_chain),
		RULE_TEST(test_authority_key_id_missing__version_1_certificates_have_none),
		RULE_TEST(test_weak_key__one_too_short_to_sign_ends_it_at_the_server),
		RULE_TEST(test_weak_signature__names_the_hash),
		RULE_TEST(test_chain_signature_bad__names_both_certificates),
		RULE_TEST(test_chain_out_of_order__lists_what_was_sent),
		RULE_TEST(test_certificate_malformed__is_an_error_when_the_handshake_failed),
		RULE_TEST(test_certificate_malformed__is_a_warning_when_it_completed),
		RULE_TEST(test_certificate_malformed__a_refused_but_readable_one_is_not),
		RULE_TEST(test_chain_out_of_order__the_issuer_first_explains_the_rest),
		RULE_TEST(test_certificate_expired__illegal_parameter_is_no_word_about_it),
	};

	return RULE_TESTS(tests, argc, argv);
}
