/* What stacks answer: the table against what was measured, and the search through it. */
#include "base/array.h"
#include "names/alerts.h"
#include "names/atlas.h"
#include "names/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_atlas__cells_are_those_measured(void **state)
{
	static const struct {
		const char *fault;
		enum stack stack;
		enum atlas_result result;
		int alert;
		const char *code;
	} rows[] = {
		{ "pt_offcurve", STACK_OPENSSL, ATLAS_ALERT, 47, "0A000132" },
		{ "pt_offcurve", STACK_MBEDTLS_2, ATLAS_CLOSED, -1, "-0x4C80" },
		{ "pt_offcurve", STACK_MBEDTLS_3, ATLAS_CLOSED, -1, "-0x4C80" },
		{ "pt_offcurve", STACK_WOLFSSL, ATLAS_ACCEPTED, -1, "" },
		{ "pt_offcurve", STACK_JSSE, ATLAS_ALERT, 40, "" },
		{ "pt_flip", STACK_OPENSSL, ATLAS_ALERT, 47, "0A000132" },
		{ "pt_flip", STACK_MBEDTLS_2, ATLAS_ALERT, 51, "-0x4E00" },
		{ "pt_offcurve+sig_garbage", STACK_OPENSSL, ATLAS_ALERT, 47, "0A000132" },
		{ "pt_offcurve+sig_garbage", STACK_MBEDTLS_3, ATLAS_ALERT, 51, "-0x4E00" },
		{ "sig_garbage", STACK_OPENSSL, ATLAS_ALERT, 51, "0A00007B" },
		{ "sig_garbage", STACK_WOLFSSL, ATLAS_CLOSED, -1, "-330" },
		{ "s0603", STACK_OPENSSL, ATLAS_OK, -1, "" },
		{ "s0603", STACK_RUSTLS, ATLAS_ALERT, 47, "" },
		{ "grp_notoffered", STACK_MBEDTLS_2, ATLAS_ALERT, 47, "-0x7B00" },
		{ "crt_nointer", STACK_MBEDTLS_2, ATLAS_ALERT, 48, "-0x2700" },
		{ "hello_request", STACK_WOLFSSL, ATLAS_WARNING, 100, "-308" },
		{ "ord_double_shd", STACK_OPENSSL, ATLAS_ENCRYPTED, -1, "" },
		{ "crt_host", STACK_BORINGSSL, ATLAS_APP, -1, "" },
		{ "t13_cv_0603", STACK_MBEDTLS_3, ATLAS_OK, -1, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct atlas_answer answer;

		assert_true(atlas_find(rows[i].fault, rows[i].stack, &answer));
		assert_int_equal(answer.result, rows[i].result);
		assert_int_equal(answer.alert, rows[i].alert);
		if (rows[i].result != ATLAS_ENCRYPTED)
			assert_string_equal(answer.code, rows[i].code);
		assert_false(answer.from_source);
	}
}

static void test_atlas__what_was_not_run_is_not_guessed(void **state)
{
	struct atlas_answer answer;

	(void)state;
	assert_false(atlas_find("t13_cv_0603", STACK_MBEDTLS_2, &answer));
	assert_int_equal(answer.result, ATLAS_NOT_RUN);
	assert_int_equal(answer.alert, -1);
	assert_false(atlas_find("pt_offcurve", STACK_UNKNOWN, &answer));
	assert_false(atlas_find("no_such_fault", STACK_OPENSSL, &answer));
	assert_false(atlas_find("no_cipher", STACK_OPENSSL, &answer));
}

static void test_atlas__read_in_source_is_marked(void **state)
{
	struct atlas_answer answer;

	(void)state;
	assert_true(atlas_find("crt_expired", STACK_BOTAN, &answer));
	assert_int_equal(answer.alert, 42);
	assert_true(answer.from_source);
}

static void test_atlas__every_row_is_sound(void **state)
{
	(void)state;
	assert_null(atlas_fault_at(atlas_fault_count()));
	for (size_t i = 0; i < atlas_fault_count(); i++) {
		const struct atlas_fault *fault = atlas_fault_at(i);
		unsigned run = 0;

		assert_ptr_equal(atlas_fault_find(fault->side, fault->id), fault);
		assert_non_null(name_handshake_type(fault->message));
		assert_true(strlen(fault->title) > 3);
		assert_int_equal(fault->answers[STACK_UNKNOWN].result, ATLAS_NOT_RUN);
		for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++) {
			const struct atlas_answer *answer = &fault->answers[s];
			bool numbered =
				answer->result == ATLAS_ALERT || answer->result == ATLAS_WARNING;

			if (answer->result == ATLAS_NOT_RUN)
				continue;
			run++;
			assert_int_equal(numbered, answer->alert >= 0);
			assert_non_null(answer->code);
			if (numbered)
				assert_non_null(name_alert((unsigned)answer->alert));
		}
		assert_true(run != 0);
	}
}

static bool finds(const struct atlas_query *query, const char *fault, enum stack stack)
{
	struct atlas_hit hits[512];
	size_t n = atlas_search(query, hits, COUNT(hits));

	assert_true(n <= COUNT(hits));
	for (size_t i = 0; i < n; i++) {
		if (hits[i].stack == stack && strcmp(hits[i].fault->id, fault) == 0)
			return true;
	}
	return false;
}

static void test_search__alert_51_after_the_key_exchange(void **state)
{
	struct atlas_query query = { .sender = ATLAS_CLIENT, .alert = 51, .after = 12 };

	(void)state;
	assert_true(finds(&query, "sig_garbage", STACK_OPENSSL));
	assert_true(finds(&query, "pt_flip", STACK_MBEDTLS_2));
	assert_true(finds(&query, "crt_badsig", STACK_OPENSSL)); /* judged late */
	assert_false(finds(&query, "pt_flip", STACK_OPENSSL));
	assert_false(finds(&query, "fin_wrong", STACK_OPENSSL)); /* a later flight */
	query.stack = STACK_GNUTLS;
	assert_true(finds(&query, "sig_garbage", STACK_GNUTLS));
	assert_false(finds(&query, "sig_garbage", STACK_OPENSSL));
}

static void test_search__last_message_comes_first_and_pairs_last(void **state)
{
	struct atlas_query query = {
		.sender = ATLAS_CLIENT, .alert = 47, .after = 12, .stack = STACK_OPENSSL
	};
	struct atlas_hit hits[512];
	size_t n = atlas_search(&query, hits, COUNT(hits));
	unsigned tier = 0;

	(void)state;
	assert_in_range(n, 3, COUNT(hits));
	for (size_t i = 0; i < n; i++) {
		unsigned now = strchr(hits[i].fault->id, '+') != NULL ? 2
			       : hits[i].fault->message != 12         ? 1
								      : 0;

		assert_true(now >= tier);
		tier = now;
	}
	assert_int_equal(tier, 2);
	assert_int_equal(atlas_search(&query, hits, 1), n);
}

static void test_search__closing_without_an_alert_is_an_answer(void **state)
{
	struct atlas_query query = { .sender = ATLAS_CLIENT, .alert = ATLAS_NO_ALERT, .after = 14 };

	(void)state;
	assert_true(finds(&query, "pt_offcurve", STACK_MBEDTLS_2));
	query = (struct atlas_query){ .sender = ATLAS_SERVER, .alert = ATLAS_NO_ALERT, .after = 1 };
	assert_true(finds(&query, "frag", STACK_MBEDTLS_2));
	assert_false(finds(&query, "no_cert", STACK_MBEDTLS_2));
	query.after = 20;
	assert_true(finds(&query, "no_cert", STACK_MBEDTLS_2));
	assert_false(finds(&query, "frag", STACK_MBEDTLS_2));
	query.after = ATLAS_ANY_MESSAGE;
	assert_true(finds(&query, "frag", STACK_MBEDTLS_2));
}

static void test_search__finished_of_tls12_stands_alone(void **state)
{
	struct atlas_query query = { .sender = ATLAS_CLIENT, .alert = 51, .after = 20 };

	(void)state;
	assert_true(finds(&query, "fin_wrong", STACK_OPENSSL));
	assert_true(finds(&query, "t13_cv_garbage", STACK_OPENSSL));
	assert_false(finds(&query, "sig_garbage", STACK_OPENSSL));
}

static void test_stack__names_and_families(void **state)
{
	(void)state;
	assert_string_equal(stack_name(STACK_OPENSSL), "OpenSSL 3.0");
	assert_string_equal(stack_family(STACK_MBEDTLS_2), "mbedTLS");
	assert_string_equal(stack_family(STACK_MBEDTLS_3), "mbedTLS");
	assert_string_equal(stack_measured(STACK_UNKNOWN), "");
	assert_true(stack_matches(STACK_MBEDTLS_2, "mbedtls"));
	assert_true(stack_matches(STACK_MBEDTLS_2, "mbedTLS 2.28"));
	assert_false(stack_matches(STACK_MBEDTLS_3, "mbedTLS 2.28"));
	assert_false(stack_matches(STACK_OPENSSL, ""));
	assert_false(stack_matches(STACK_UNKNOWN, "openssl"));
	for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++) {
		assert_true(stack_matches(s, stack_name(s)));
		assert_true(strlen(stack_measured(s)) > 1);
	}
}

/* The order of checks must agree with what was measured for two faults at once. */
static void test_stack__order_agrees_with_the_pairs_measured(void **state)
{
	(void)state;
	assert_null(stack_order(STACK_UNKNOWN));
	assert_int_equal(stack_order(STACK_OPENSSL)->ske, SKE_POINT_FIRST);
	assert_int_equal(stack_order(STACK_MBEDTLS_2)->ske, SKE_SIGNATURE_FIRST);
	assert_int_equal(stack_order(STACK_WOLFSSL)->ske, SKE_NO_POINT_CHECK);
	for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++) {
		const struct stack_order *order = stack_order(s);
		struct atlas_answer both, alone;

		assert_true(strlen(order->steps) > 10 && strlen(order->note) > 10);
		assert_true(atlas_find("pt_offcurve+sig_garbage", s, &both));
		if (order->ske == SKE_NO_POINT_CHECK)
			assert_true(atlas_find("pt_offcurve", s, &alone) &&
				    alone.result == ATLAS_ACCEPTED);
		else if (order->ske == SKE_POINT_FIRST)
			assert_true(
				atlas_find("pt_offcurve", s, &alone) && alone.alert == both.alert);
		else
			assert_true(
				atlas_find("sig_garbage", s, &alone) && alone.alert == both.alert);
		assert_true(atlas_find("crt_expired+sig_garbage", s, &both));
		assert_int_equal(order->chain_before_ske, both.alert != 51);
	}
}

static void test_alerts__every_registered_one_is_explained(void **state)
{
	(void)state;
	for (unsigned code = 0; code <= 255; code++)
		assert_int_equal(name_alert(code) != NULL, alert_find(code) != NULL);
	for (size_t i = 0; i < alert_count(); i++) {
		const struct alert_info *alert = alert_at(i);

		assert_true(strlen(alert->rfc) > 5);
		assert_true(strlen(alert->meaning) > 10);
		assert_true(strlen(alert->next) > 10);
		if (i != 0)
			assert_true(alert->code > alert_at(i - 1)->code);
	}
	assert_null(alert_at(alert_count()));
}

static void test_alerts__reasons_name_known_senders(void **state)
{
	size_t total = 0, n;

	(void)state;
	for (unsigned code = 0; code <= 255; code++) {
		const struct alert_reason *reasons = alert_reasons(code, &n);

		for (size_t i = 0; i < n; i++) {
			assert_int_equal(reasons[i].code, code);
			assert_true(strcmp(reasons[i].sender, "client") == 0 ||
				    strcmp(reasons[i].sender, "server") == 0 ||
				    strcmp(reasons[i].sender, "either") == 0);
		}
		total += n;
	}
	assert_true(total > 60);
	(void)alert_reasons(40, &n);
	assert_true(n >= 5);
	assert_null(alert_reasons(255, &n));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_atlas__cells_are_those_measured),
		cmocka_unit_test(test_atlas__what_was_not_run_is_not_guessed),
		cmocka_unit_test(test_atlas__read_in_source_is_marked),
		cmocka_unit_test(test_atlas__every_row_is_sound),
		cmocka_unit_test(test_search__alert_51_after_the_key_exchange),
		cmocka_unit_test(test_search__last_message_comes_first_and_pairs_last),
		cmocka_unit_test(test_search__closing_without_an_alert_is_an_answer),
		cmocka_unit_test(test_search__finished_of_tls12_stands_alone),
		cmocka_unit_test(test_stack__names_and_families),
		cmocka_unit_test(test_stack__order_agrees_with_the_pairs_measured),
		cmocka_unit_test(test_alerts__every_registered_one_is_explained),
		cmocka_unit_test(test_alerts__reasons_name_known_senders),
	};

	return cmocka_run_group_tests_name("atlas", tests, NULL, NULL);
}
