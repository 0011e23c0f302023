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
		{ "2001:db8::10:1", "2001:db8::10:1", 443, "[2001:db8::10:1]:443" },
		{ "[::1:4433]", "::1:4433", 443, "[::1:4433]:443" },
		{ "2001:db8:0:0:0:0:10:4433", "2001:db8:0:0:0:0:10:4433", 443,
			"[2001:db8:0:0:0:0:10:4433]:443" },
		{ "https://device.example", "device.example", 443, "device.example:443" },
		{ "https://device.example/a/b?c=d:1#e", "device.example", 443,
			"device.example:443" },
		{ "HTTPS://device.example:8443/", "device.example", 8443, "device.example:8443" },
		{ "https://user:pass@device.example:8443/x", "device.example", 8443,
			"device.example:8443" },
		{ "https://[2001:db8::1]:4433/", "2001:db8::1", 4433, "[2001:db8::1]:4433" },
		{ "https://192.0.2.1?x", "192.0.2.1", 443, "192.0.2.1:443" },
		{ "mqtts://broker.example", "broker.example", 8883, "broker.example:8883" },
		{ "ldaps://ldap.example:1636", "ldap.example", 1636, "ldap.example:1636" },
		{ "tls://device.example", "device.example", 443, "device.example:443" },
		{ "localhost 4433", "localhost", 4433, "localhost:4433" },
		{ "192.0.2.1\t 4433", "192.0.2.1", 4433, "192.0.2.1:4433" },
		{ "::1 4433", "::1", 4433, "[::1]:4433" },
		{ "3com.example", "3com.example", 443, "3com.example:443" },
		{ "1.example", "1.example", 443, "1.example:443" },
		{ " device.example:4433\t", "device.example", 4433, "device.example:4433" },
		{ "device.example:4433/a?b#c", "device.example", 4433, "device.example:4433" },
		{ "device.example/", "device.example", 443, "device.example:443" },
		{ "user@device.example", "device.example", 443, "device.example:443" },
		{ "https://user:p@ss@device.example/", "device.example", 443,
			"device.example:443" },
		{ "https://[fe80::1%25eth0]:4433/", "fe80::1%eth0", 4433, "[fe80::1%eth0]:4433" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", 443, "[::ffff:192.0.2.1]:443" },
		{ "device.example.", "device.example.", 443, "device.example.:443" },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example", 443,
			"xn--bcher-kva.example:443" },
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
		"two words", "host/path", "folder/x.pcap", "user@", "//host.example/", "h..example",
		".example", "*.example", "\"h.example\"", "h.example,443", "h.example;443",
		"https://", "https:///path", "http://host", "mailto://host", "https://host:0/",
		"https://a b/", "host 0", "host:1 4433", "a b 4433", "::1 443x",
		/* addresses to a resolver, and meant as none */
		"4433", "4433:4433", "65536", "10.1", "192.0.2", "192.0.2.1.5", "0x7f000001",
		"192.0.2.0x1", "https://4433/", "4433 4433", "::1:4433", "2001:db8::1:443",
		"fe80::1:22" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = { 0 };
		struct target t;

		assert_false(target_parse(rows[i], 443, &t, &e));
		assert_int_equal(e.code, ERR_USAGE);
		assert_non_null(strstr(e.msg, rows[i]));
	}
}

static void test_target__what_is_refused_comes_with_what_was_meant(void **state)
{
	static const struct {
		const char *text, *hint;
	} rows[] = {
		{ "4433", "'localhost:4433'" },
		{ "::1:4433", "'[::1]:4433'" },
		{ "2001:db8::1:443", "'[2001:db8::1]:443'" },
		{ "http://device.example", "does not begin with TLS" },
		{ "10.1", "an address has four numbers" },
		{ "2001:db8:0:0:0:0:0:1:443", "write '[2001:db8:0:0:0:0:0:1]:443'" },
		{ "b\xc3\xbc"
		  "cher.example",
			"'idn2 b\xc3\xbc"
			"cher.example'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = { 0 };
		struct target t;

		assert_false(target_parse(rows[i].text, 443, &t, &e));
		assert_non_null(strstr(e.msg, rows[i].hint));
	}
}

static void test_target__a_port_is_told_from_a_host(void **state)
{
	(void)state;
	assert_true(target_is_port("4433"));
	assert_true(target_is_port("1"));
	assert_false(target_is_port("0"));
	assert_false(target_is_port("65536"));
	assert_false(target_is_port("4433x"));
	assert_false(target_is_port(""));
	assert_false(target_is_port("device"));
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
		cmocka_unit_test(test_target__what_is_refused_comes_with_what_was_meant),
		cmocka_unit_test(test_target__a_port_is_told_from_a_host),
		cmocka_unit_test(test_target__longest_host_fits),
		cmocka_unit_test(test_target__addresses_are_told_from_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
