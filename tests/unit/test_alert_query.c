/* src/names/alert_query: which reasons for an alert are left when more is known of it. */
#include "support/unit.h"

#include "names/alert_query.h"
#include "names/names.h"

static const struct alert_query anything = { ALERT_FROM_ANY, NULL, ATLAS_ANY_MESSAGE };

static bool fits(struct alert_query q, const char *sender, const char *stacks, const char *text)
{
	const struct alert_reason reason = { 47, sender, stacks, text, "" };

	return alert_query_fits(&q, &reason);
}

static void test_alert_query__nothing_known_leaves_every_reason(void **state)
{
	(void)state;
	for (unsigned code = 0; code < 256; code++) {
		size_t n;
		const struct alert_reason *reasons = alert_reasons(code, &n);

		for (size_t i = 0; i < n; i++)
			assert_true(alert_query_fits(&anything, &reasons[i]));
	}
}

static void test_alert_query__sender_is_compared(void **state)
{
	struct alert_query q = anything;

	(void)state;
	q.from = ATLAS_CLIENT;
	assert_true(fits(q, "client", "any", "x"));
	assert_true(fits(q, "either", "any", "x"));
	assert_false(fits(q, "server", "any", "x"));
	q.from = ATLAS_SERVER;
	assert_true(fits(q, "server", "any", "x"));
	assert_false(fits(q, "client", "any", "x"));
}

static void test_alert_query__stacks_are_read_as_a_list(void **state)
{
	static const struct {
		const char *stack, *list;
		bool fits;
	} rows[] = {
		{ "Go", "any", true },
		{ "Go", "any but Go", false },
		{ "NSS", "any but Go", true },
		{ "mbedtls", "OpenSSL, mbedTLS", true },
		{ "mbedTLS", "mbedTLS 3.6", true },
		{ "mbedTLS 2", "mbedTLS 3.6", false },
		{ "mbedTLS 3", "mbedTLS", true },
		{ "openssl", "GnuTLS, BoringSSL", false },
		{ "JSSE", "GnuTLS, JSSE", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct alert_query q = anything;

		q.stack = rows[i].stack;
		if (fits(q, "client", rows[i].list, "x") != rows[i].fits)
			fail_msg("'%s' in '%s'", rows[i].stack, rows[i].list);
	}
}

static void test_alert_query__a_reason_for_another_message_is_dropped(void **state)
{
	static const struct {
		const char *after, *text;
		bool fits;
	} rows[] = {
		{ "server_key_exchange", "after the ServerKeyExchange: a bad point", true },
		{ "certificate", "after the ServerKeyExchange: a bad point", false },
		{ "server_hello", "after the ServerHello or ServerKeyExchange: a suite", true },
		{ "server_hello_done", "after the ServerHello: a suite", false },
		{ "certificate_verify", "after the Certificate: a signature", false },
		{ "finished", "right after the client's Finished: other keys", true },
		{ "client_hello", "right after the client's Finished: other keys", false },
		{ "certificate", "the heap ran out", true },
		{ "certificate", "the CA is missing: look after the Finished", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct alert_query q = anything;

		q.after = handshake_type_by_name(rows[i].after);
		assert_true(q.after >= 0);
		if (fits(q, "client", "any", rows[i].text) != rows[i].fits)
			fail_msg("after %s: '%s'", rows[i].after, rows[i].text);
	}
}

static void test_alert_query__some_messages_tell_who_got_them(void **state)
{
	static const struct {
		const char *after;
		int from;
	} rows[] = {
		{ "server_key_exchange", ATLAS_CLIENT },
		{ "server_hello_done", ATLAS_CLIENT },
		{ "client_key_exchange", ATLAS_SERVER },
		{ "client_hello", ALERT_FROM_ANY },
		{ "certificate", ALERT_FROM_ANY },
		{ "finished", ALERT_FROM_ANY },
	};

	(void)state;
	assert_int_equal(alert_query_sender(ATLAS_ANY_MESSAGE), ALERT_FROM_ANY);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
			alert_query_sender(handshake_type_by_name(rows[i].after)), rows[i].from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alert_query__nothing_known_leaves_every_reason),
		cmocka_unit_test(test_alert_query__sender_is_compared),
		cmocka_unit_test(test_alert_query__stacks_are_read_as_a_list),
		cmocka_unit_test(test_alert_query__a_reason_for_another_message_is_dropped),
		cmocka_unit_test(test_alert_query__some_messages_tell_who_got_them),
	};

	return cmocka_run_group_tests_name("alert_query", tests, NULL, NULL);
}
