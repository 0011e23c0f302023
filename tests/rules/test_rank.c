/* Causes compete: their order, what is folded under another, and who is acquitted. */
#include "base/strbuf.h"
#include "diagnose/rank.h"
#include "rules/facts.h"
#include "rules/said.h"

#include <stdlib.h>

struct ranking {
	struct finding *f;
	size_t n;
};

static struct ranking rank(struct facts *f)
{
	struct ranking r;

	facts_examine(f);
	rank_findings(&f->file, &r.f, &r.n);
	return r;
}

/* The ids of the findings in their order, separated by spaces. */
static void expect_findings(struct facts *f, const char *ids)
{
	struct ranking r = rank(f);
	struct strbuf text = { 0 };

	for (size_t i = 0; i < r.n; i++)
		strbuf_printf(&text, "%s%s", i != 0 ? " " : "", r.f[i].cause->id);
	free(r.f);
	assert_string_equal(strbuf_text(&text), ids);
	strbuf_free(&text);
}

static void refuse(struct handshake *hs, uint8_t alert)
{
	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alert);
}

static void test_rank__a_healthy_server_has_no_findings(void **state)
{
	struct ranking r = rank(*state);

	assert_null(r.f);
	assert_int_equal(r.n, 0);
}

static void test_rank__handshakes_are_named_in_their_order(void **state)
{
	struct facts *f = *state;
	struct ranking r;

	(void)facts_add(f);
	(void)facts_add(f);
	f->hs[1].side[SIDE_SERVER].point = POINT_OFF_CURVE; /* shows it by another rule */
	for (size_t i = 0; i < 3; i++)
		refuse(&f->hs[i], 51);
	f->hs[0].side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->hs[2].side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->examined[0].autopsy.signature[SIDE_SERVER].done = true;
	f->examined[2].autopsy.signature[SIDE_SERVER].done = true;
	f->file.signer.n_signatures = 2;
	r = rank(f);
	assert_string_equal(r.f[0].cause->id, "ec-arithmetic-broken");
	for (size_t i = 1; i < r.f[0].n_handshakes; i++)
		assert_true(r.f[0].handshakes[i - 1] < r.f[0].handshakes[i]);
	assert_int_equal(r.f[0].n_handshakes, 3);
	free(r.f);
}

/* ---- order ---- */

static void test_rank__an_error_stands_before_a_warning_before_a_note(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	f->hs[0].server_hello.ext.has_renegotiation_info = false;
	f->hs[0].server_hello.ext.n = 0;
	f->hs[1].side[SIDE_SERVER].repeats.public_key = 1;
	refuse(facts_add(f), 45);
	f->hs[2].side[SIDE_SERVER].chain.step[0].expired = true;
	expect_findings(f, "certificate-expired ephemeral-key-repeats renegotiation-info-missing");
}

static void test_rank__the_surer_one_stands_first(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	f->hs->side[SIDE_SERVER].chain.end = PATH_SELF_SIGNED;
	end_with(facts_add(f), STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	expect_findings(f, "ca-not-trusted peer-closed");
}

static void test_rank__the_one_with_fewer_assumptions_stands_first(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	f->hs->side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	f->hs->alerts[0].code = 45;
	expect_findings(f, "certificate-expired name-mismatch");
}

static void test_rank__the_one_that_explains_more_stands_first(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 48);
	f->hs->side[SIDE_SERVER].chain.step[1].path_too_long = true;
	f->hs->side[SIDE_SERVER].chain.n_steps = 2;
	f->hs->side[SIDE_SERVER].chain.end = PATH_ISSUER_MISSING;
	f->hs->side[SIDE_SERVER].chain.intermediate_missing = true;
	name_cert(&f->root, "CN=Test Root", "CN=Lost Issuer");
	expect_findings(f, "intermediate-missing path-too-long");
}

static void test_rank__the_one_of_more_handshakes_stands_first(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	refuse(facts_add(f), 42);
	refuse(facts_add(f), 42);
	for (size_t i = 0; i < 3; i++)
		f->hs[i].side[SIDE_SERVER].chain.usage_forbids = true;
	f->hs[0].side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	expect_findings(f, "key-usage-forbids name-mismatch");
}

static void test_rank__between_equals_the_catalogue_decides(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	f->hs->side[SIDE_SERVER].chain.usage_forbids = true;
	f->hs->side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	expect_findings(f, "name-mismatch key-usage-forbids");
}

/* ---- folding ---- */

static void test_rank__what_a_better_one_explains_is_folded_under_it(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 47);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->examined[0].autopsy.signature[SIDE_SERVER].done = true;
	expect_findings(f, "ec-arithmetic-broken");
}

static void test_rank__a_weaker_guess_at_the_same_alert_is_folded(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 51);
	assert_shown(f, heap_exhausted, "error", "possible");
	expect_findings(f, "verifier-broken");
}

static void test_rank__a_fault_in_another_handshake_stays(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 51);
	f->hs[0].side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->examined[0].autopsy.signature[SIDE_SERVER] =
		(struct signature_autopsy){ .done = true, .found = FIND_OTHER_HASH };
	refuse(facts_add(f), 51);
	expect_findings(f, "signature-hash-mismatch verifier-broken");
}

static void test_rank__independent_faults_of_one_handshake_stay(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 47);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	f->hs->side[SIDE_SERVER].chain.step[0].weak_signature = true;
	f->hs->side[SIDE_SERVER].repeats.random = 7;
	expect_findings(f, "ec-arithmetic-broken random-repeats weak-signature");
}

/* ---- what a finding carries ---- */

static void test_rank__own_steps_stand_before_the_usual_ones(void **state)
{
	struct facts *f = *state;
	struct ranking r;

	refuse(f->hs, 51);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->examined[0].autopsy.signature[SIDE_SERVER].done = true;
	r = rank(f);
	assert_string_equal(r.f[0].cause->id, "wrong-private-key");
	assert_string_equal(r.f[0].next_steps[0],
		"capture a second handshake: if one key fits both, this is proved");
	assert_string_equal(r.f[0].next_steps[1], causes[CAUSE_wrong_private_key]->next_steps[0]);
	free(r.f);
}

static const char *reason(const struct finding *f, const char *id)
{
	for (size_t i = 0; i < f->n_ruled_out; i++)
		if (strcmp(f->ruled_out[i].id, id) == 0)
			return f->ruled_out[i].because;
	return NULL;
}

static void test_rank__the_first_finding_carries_the_innocent(void **state)
{
	struct facts *f = *state;
	struct ranking r;

	refuse(f->hs, 47);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	r = rank(f);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.f[0].cause->id, "ec-arithmetic-broken");
	assert_string_equal(reason(&r.f[0], "ca-not-trusted"),
		"the chain ends at a certificate of the CA file");
	assert_string_equal(reason(&r.f[0], "wrong-private-key"),
		"a signature verifies under the certificate's key");
	assert_null(reason(&r.f[0], "ec-arithmetic-broken"));
	assert_null(reason(&r.f[0], "certificate-expired"));
	assert_int_equal(r.f[1].n_ruled_out, 0);
	free(r.f);
}

static void test_rank__the_usual_suspects_are_acquitted_first_and_once(void **state)
{
	struct facts *f = *state;
	struct ranking r;

	refuse(f->hs, 47);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	r = rank(f);
	assert_string_equal(r.f[0].ruled_out[0].id, "signature-scheme-mismatch");
	assert_string_equal(r.f[0].ruled_out[1].id, "wrong-private-key");
	for (size_t i = 0; i < r.f[0].n_ruled_out; i++)
		for (size_t k = i + 1; k < r.f[0].n_ruled_out; k++)
			assert_string_not_equal(r.f[0].ruled_out[i].id, r.f[0].ruled_out[k].id);
	free(r.f);
}

/* ---- servers ---- */

static void test_rank__the_server_with_the_worse_first_finding_comes_first(void **state)
{
	struct finding error = { .severity = SEVERITY_ERROR, .confidence = CONFIDENCE_LIKELY };
	struct finding certain = { .severity = SEVERITY_ERROR, .confidence = CONFIDENCE_CERTAIN };
	struct finding warning = { .severity = SEVERITY_WARNING, .confidence = CONFIDENCE_CERTAIN };
	const struct server_result order[] = {
		{ .findings = &certain, .n_findings = 1 },
		{ .findings = &error, .n_findings = 1 },
		{ .findings = &warning, .n_findings = 1 },
		{ .n_findings = 0 },
	};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++) {
			int c = rank_compare_servers(&order[i], &order[k]);

			assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
		}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_rank__a_healthy_server_has_no_findings),
		RULE_TEST(test_rank__handshakes_are_named_in_their_order),
		RULE_TEST(test_rank__an_error_stands_before_a_warning_before_a_note),
		RULE_TEST(test_rank__the_surer_one_stands_first),
		RULE_TEST(test_rank__the_one_with_fewer_assumptions_stands_first),
		RULE_TEST(test_rank__the_one_that_explains_more_stands_first),
		RULE_TEST(test_rank__the_one_of_more_handshakes_stands_first),
		RULE_TEST(test_rank__between_equals_the_catalogue_decides),
		RULE_TEST(test_rank__what_a_better_one_explains_is_folded_under_it),
		RULE_TEST(test_rank__a_weaker_guess_at_the_same_alert_is_folded),
		RULE_TEST(test_rank__a_fault_in_another_handshake_stays),
		RULE_TEST(test_rank__independent_faults_of_one_handshake_stay),
		RULE_TEST(test_rank__own_steps_stand_before_the_usual_ones),
		RULE_TEST(test_rank__the_first_finding_carries_the_innocent),
		RULE_TEST(test_rank__the_usual_suspects_are_acquitted_first_and_once),
		RULE_TEST(test_rank__the_server_with_the_worse_first_finding_comes_first),
	};

	return RULE_TESTS(tests, argc, argv);
}
