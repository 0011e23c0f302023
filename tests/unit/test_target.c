/* Targets as people write them, and what is none. */
#include "drive/target.h"
#include "support/unit.h"

#include <stdio.h>

static void test_target__forms(void **state)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
		const char *again;
	} rows[] = {
		{ "device.example", "device.example", 443, "device.example:443" },
		{ "device.example:4433", "device.example", 4433, "device.example:4433" },
		{ "192.0.2.1", "192.0.2.1", 443, "192.0.2.1:443" },
		{ "192.0.2.1:65535", "192.0.2.1", 65535, "192.0.2.1:65535" },
		{ "2001:db8::1", "2001:db8::1", 443, "[2001:db8::1]:443" },
		{ "[2001:db8::1]", "2001:db8::1", 443, "[2001:db8::1]:443" },
		{ "[2001:db8::1]:1", "2001:db8::1", 1, "[2001:db8::1]:1" },
		{ "fe80::1%eth0", "fe80::1%eth0", 443, "[fe80::1%eth0]:443" },
		{ "[fe80::1%eth0]:8443", "fe80::1%eth0", 8443, "[fe80::1%eth0]:8443" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char again[TARGET_TEXT];
		struct err e = { 0 };
		struct target t;

		assert_true(target_parse(rows[i].text, 443, &t, &e));
		assert_string_equal(t.host, rows[i].host);
		assert_int_equal(t.port, rows[i].port);
		target_text(&t, again);
		assert_string_equal(again, rows[i].again);
	}
}

static void test_target__what_is_none_is_named(void **state)
{
	static const char *const rows[] = { "", ":443", "host:", "host:0", "host:65536", "host:-1",
		"host:44x", "host: 443", "[2001:db8::1", "[host]:443", "[2001:db8::1]443", "a:b:c",
		"two words", "user@host", "host/path", "https://host" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = { 0 };
		struct target t;

		assert_false(target_parse(rows[i], 443, &t, &e));
		assert_int_equal(e.code, ERR_USAGE);
		assert_non_null(strstr(e.msg, rows[i]));
	}
}

static void test_target__longest_host_fits(void **state)
{
	char text[TARGET_HOST_MAX + 8], again[TARGET_TEXT];
	struct err e = { 0 };
	struct target t;

	(void)state;
	memset(text, 'a', TARGET_HOST_MAX - 1);
	(void)snprintf(text + TARGET_HOST_MAX - 1, 8, ":65535");
	assert_true(target_parse(text, 443, &t, &e));
	target_text(&t, again);
	assert_string_equal(again, text);
	memset(text, 'a', TARGET_HOST_MAX);
	text[TARGET_HOST_MAX] = '\0';
	assert_false(target_parse(text, 443, &t, &e));
}

static void test_target__addresses_are_told_from_names(void **state)
{
	static const struct {
		const char *host;
		bool address;
	} rows[] = { { "192.0.2.1", true }, { "2001:db8::1", true }, { "fe80::1%eth0", true },
		{ "device.example", false }, { "192.0.2", false }, { "192.0.2.1.example", false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target t = { .port = 443 };

		(void)snprintf(t.host, sizeof t.host, "%s", rows[i].host);
		assert_int_equal(target_is_address(&t), rows[i].address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_target__forms),
		cmocka_unit_test(test_target__what_is_none_is_named),
		cmocka_unit_test(test_target__longest_host_fits),
		cmocka_unit_test(test_target__addresses_are_told_from_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
