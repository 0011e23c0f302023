/*
 * Properties of certificates: the tables of who refuses them, the lenient walk, and what is said of a
 * chain by itself. That each property is recognised is tested on chains, by tests/verifiers/agree.py.
 */
#include "base/array.h"
#include "pki/form.h"
#include "pki/properties.h"
#include "support/unit.h"

#include "diagnose/refusers.h"
#include "report/files/limits.h"

/* ---- the tables ---- */

static void test_verifiers__every_property_has_its_row(void **state)
{
	(void)state;
	for (int p = 0; p < N_PROPERTIES; p++) {
		const struct property_info *info = property_info((enum property)p);

		assert_non_null(info->id);
		assert_true(info->title[0] != '\0');
		assert_true((info->roles & 1u << VERIFIER_CLIENT_12) != 0);
		assert_true(info->like < N_PROPERTIES);
	}
}

static size_t verifier_named(const char *id)
{
	for (size_t i = 0; i < verifier_count(); i++)
		if (strcmp(verifier_at(i)->id, id) == 0)
			return i;
	fail_msg("no verifier '%s'", id);
	return 0;
}

static struct verifier_answer answer(enum property p, const char *id, enum verifier_role role)
{
	return verifier_answer(p, verifier_named(id), role);
}

static void test_verifiers__answers_are_those_measured(void **state)
{
	struct verifier_answer a = answer(PROPERTY_serial_negative, "go124", VERIFIER_CLIENT_12);

	(void)state;
	assert_int_equal(a.result, VERIFIER_ALERT);
	assert_int_equal(a.alert, 42);
	assert_string_equal(a.code, "x509: negative serial number");
	a = answer(PROPERTY_serial_negative, "go119", VERIFIER_CLIENT_12);
	assert_int_equal(a.result, VERIFIER_ACCEPTS);
	a = answer(PROPERTY_ec_explicit, "nss", VERIFIER_CLIENT_12);
	assert_int_equal(a.result, VERIFIER_CLOSES);
	a = answer(PROPERTY_nc_root, "mbedtls36", VERIFIER_CLIENT_12);
	assert_int_equal(a.result, VERIFIER_STORE);
	a = answer(PROPERTY_ok, "openssl35", VERIFIER_SERVER);
	assert_int_equal(a.result, VERIFIER_ACCEPTS);
}

static void test_verifiers__what_was_not_measured_is_not_said(void **state)
{
	struct verifier_answer a = answer(PROPERTY_ok, "nss", VERIFIER_CLIENT_13);

	(void)state;
	assert_int_equal(a.result, VERIFIER_UNMEASURED);
	a = answer(PROPERTY_ok_rsa_kx, "rustls", VERIFIER_CLIENT_12);
	assert_int_equal(a.result, VERIFIER_UNMEASURED);
	a = answer(PROPERTY_ok_rsa_kx, "openssl", VERIFIER_SERVER);
	assert_int_equal(a.result, VERIFIER_UNMEASURED);
	a = verifier_answer(PROPERTY_ok, verifier_count(), VERIFIER_CLIENT_12);
	assert_int_equal(a.result, VERIFIER_UNMEASURED);
}

static void test_verifiers__a_like_property_answers_in_a_role_not_measured(void **state)
{
	struct verifier_answer a = answer(PROPERTY_expired_30d, "go124", VERIFIER_SERVER);

	(void)state;
	assert_int_equal(a.result, VERIFIER_ALERT);
	assert_int_equal(a.alert, 45);
}

static void test_refusers__who_refuses_one_refuses_the_chain(void **state)
{
	struct properties p = { .list = { PROPERTY_leaf_ca_true, PROPERTY_san_none }, .n = 2 };
	struct judged_by by;

	(void)state;
	assert_true(refusers_ask(&p, verifier_named("rustls"), VERIFIER_CLIENT_12, &by));
	assert_int_equal(by.verdict, VERDICT_REFUSES);
	assert_int_equal(by.n_refusals, 2);
	assert_int_equal(by.refusal[0].answer.alert, 46);
	assert_int_equal(by.refusal[1].answer.alert, 42);
	assert_true(refusers_ask(&p, verifier_named("openssl"), VERIFIER_CLIENT_12, &by));
	assert_int_equal(by.verdict, VERDICT_ACCEPTS);
	assert_false(refusers_ask(&p, verifier_named("nss"), VERIFIER_CLIENT_13, &by));
	assert_int_equal(refusers_count(&p, 1u << VERIFIER_CLIENT_12), 5);
}

/* ---- the walk ---- */

static void test_form__reads_lengths_that_der_forbids(void **state)
{
	static const uint8_t padded[] = { 0x30, 0x82, 0, 2, 5, 0 },
			     endless[] = { 0x30, 0x80, 5, 0, 0, 0 };
	static const uint8_t cut[] = { 0x30, 9, 5, 0 },
			     huge[] = { 4, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct bytes b = bytes_of(padded, sizeof padded);
	struct ber el;

	(void)state;
	assert_true(ber_next(&b, &el));
	assert_true(el.padded && !el.cut && el.body.len == 2 && b.len == 0);
	b = bytes_of(endless, sizeof endless);
	assert_true(ber_next(&b, &el));
	assert_true(el.indefinite && el.body.len == 4);
	b = bytes_of(cut, sizeof cut);
	assert_true(ber_next(&b, &el));
	assert_true(el.cut && el.body.len == 2);
	b = bytes_of(huge, sizeof huge);
	assert_true(ber_next(&b, &el));
	assert_true(el.cut && b.len == 0);
	assert_false(ber_next(&b, &el));
}

static void test_form__what_is_no_certificate_is_not_readable(void **state)
{
	static const uint8_t text[] = "0 certificates";
	struct form f;

	(void)state;
	form_read(bytes_of(text, sizeof text - 1), &f);
	assert_false(f.readable);
	form_read(bytes_of(NULL, 0), &f);
	assert_false(f.readable);
}

/* ---- a chain by itself ---- */

static void test_properties__no_certificate_at_all_is_one(void **state)
{
	struct property_question q = { .sent = NULL };
	struct properties p;

	(void)state;
	properties_find(&q, &p);
	assert_int_equal(p.n, 1);
	assert_true(properties_have(&p, PROPERTY_chain_empty));
}

/* What stands in the leaf's place and is no certificate is refused by all, whatever comes behind it. */
static void test_properties__no_certificate_in_the_leafs_place_is_one_that_is_cut_short(
	void **state)
{
	static const uint8_t der[] = { 0x30, 0 };
	static const struct cert behind = { .der = { der, sizeof der }, .parsed = true };
	const struct cert *sent[] = { NULL, &behind };
	struct property_question q = { .sent = sent, .n_sent = 1 };
	struct properties p;

	(void)state;
	for (; q.n_sent <= 2; q.n_sent++) {
		properties_find(&q, &p);
		assert_int_equal(p.n, 1);
		assert_true(properties_have(&p, PROPERTY_der_truncated));
	}
}

/* Beyond what is read at most: a message of 16, 32 and 64 KiB, a byte more. */
static void test_properties__a_message_is_long_from_its_bound_on(void **state)
{
	static const uint8_t der[65536];
	static const struct {
		size_t size;
		bool big_17k, san_2000, big_70k;
	} rows[] = {
		{ 16384, false, false, false },
		{ 16385, true, false, false },
		{ 32768, true, false, false },
		{ 32769, false, true, false },
		{ 65536, false, true, false },
		{ 65537, false, false, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert leaf = { .der = { der, rows[i].size - 6 }, .parsed = true };
		const struct cert *sent[] = { &leaf };
		struct property_question q = { .sent = sent, .n_sent = 1 };
		struct properties p;

		properties_find(&q, &p);
		assert_int_equal(properties_have(&p, PROPERTY_big_17k), rows[i].big_17k);
		assert_int_equal(properties_have(&p, PROPERTY_san_2000), rows[i].san_2000);
		assert_int_equal(properties_have(&p, PROPERTY_big_70k), rows[i].big_70k);
	}
}

/* Behind a path of one. */
static void assert_unneeded(size_t n_sent, size_t first, size_t size, unsigned of)
{
	static const uint8_t der[2][8192] = { { 1 }, { 2 } };
	struct cert leaf = { .der = { der[0], first }, .parsed = true };
	struct cert other = { .der = { der[1], size }, .parsed = true };
	struct chain_judgement chain = { .n_steps = 1, .step = { { .cert = &leaf } } };
	const struct cert *sent[20] = { &leaf };
	struct property_question q = { .sent = sent, .n_sent = n_sent, .chain = &chain };
	struct properties p;

	for (size_t i = 1; i < n_sent; i++)
		sent[i] = of == 0 ? &leaf : &other;
	properties_find(&q, &p);
	assert_int_equal(properties_have(&p, PROPERTY_chain_unneeded_9), of == 9);
	assert_int_equal(properties_have(&p, PROPERTY_chain_unneeded_20), of == 20);
	assert_int_equal(properties_have(&p, PROPERTY_chain_unneeded_120), of == 120);
}

static void test_properties__who_is_sent_more_than_is_needed_may_mind(void **state)
{
	(void)state;
	assert_unneeded(10, 100, 100, 1);
	assert_unneeded(11, 100, 100, 9);
	assert_unneeded(16, 100, 100, 9);
	assert_unneeded(17, 100, 100, 20);
	assert_unneeded(17, 74, 2040, 20); /* of 32 KiB */
	assert_unneeded(17, 75, 2040, 120);
	assert_unneeded(16, 100, 2300, 9);
	assert_unneeded(17, 100, 0, 0); /* all of them are of the path */
}

/* ---- what was left out ---- */

static void test_limits__what_check_did_not_look_at_is_told(void **state)
{
	struct presented list[2] = { { .n_left_out = 0 }, { .n_left_out = 44 } };
	struct presented_chains chains = { list, 2 };
	struct files_limit limits[FILES_LIMITS_MAX];
	char text[FILES_LIMIT_TEXT];

	(void)state;
	assert_int_equal(files_limits(NULL, limits), 0);
	assert_int_equal(files_limits(&chains, limits), 1);
	assert_string_equal(limits[0].id, "presented");
	assert_non_null(strstr(files_limit_text(&limits[0], text),
		"44 certificates stand behind the 256th of their chain"));
	list[0].properties.cut = true;
	list[1].n_left_out = 0;
	assert_int_equal(files_limits(&chains, limits), 1);
	assert_string_equal(limits[0].id, "properties");
	assert_non_null(strstr(
		files_limit_text(&limits[0], text), "1 chain has more properties that somebody"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verifiers__every_property_has_its_row),
		cmocka_unit_test(test_verifiers__answers_are_those_measured),
		cmocka_unit_test(test_verifiers__what_was_not_measured_is_not_said),
		cmocka_unit_test(test_verifiers__a_like_property_answers_in_a_role_not_measured),
		cmocka_unit_test(test_refusers__who_refuses_one_refuses_the_chain),
		cmocka_unit_test(test_form__reads_lengths_that_der_forbids),
		cmocka_unit_test(test_properties__a_message_is_long_from_its_bound_on),
		cmocka_unit_test(test_properties__who_is_sent_more_than_is_needed_may_mind),
		cmocka_unit_test(test_form__what_is_no_certificate_is_not_readable),
		cmocka_unit_test(test_properties__no_certificate_at_all_is_one),
		cmocka_unit_test(
			test_properties__no_certificate_in_the_leafs_place_is_one_that_is_cut_short),
		cmocka_unit_test(test_limits__what_check_did_not_look_at_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
