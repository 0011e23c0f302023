/* src/drive/target_list: what is a target in a file, and that what is none is never quoted. */
#include "drive/target_list.h"

#include "base/file.h"
#include "support/unit.h"

#include <stdio.h>

/* The targets joined by blanks into out; false with e at the first line that is none. */
static bool read_list(struct bytes text, char out[static 1024], struct err *e)
{
	struct target_list l = { text, 0 };
	char one[TARGET_LINE_MAX];
	size_t used = 0;

	for (out[0] = '\0'; target_list_next(&l, one, e);) {
		if (one[0] == '\0')
			return true;
		used += (size_t)snprintf(
			out + used, 1024 - used, "%s%s", used != 0 ? " " : "", one);
		assert_true(used < 1024);
	}
	return false;
}

static void test_target_list__targets_stand_one_on_each_line(void **state)
{
	static const struct {
		const char *text, *targets;
	} rows[] = {
		{ "", "" },
		{ "\n \t\n# none\n", "" },
		{ "a.example", "a.example" },
		{ "\xef\xbb\xbf# list\r\n  a.example:8443 # the first\r\n\r\n192.0.2.1\n",
			"a.example:8443 192.0.2.1" },
		{ "[2001:db8::1]:443\n2001:db8::2\nfe80::1%eth0\n",
			"[2001:db8::1]:443 2001:db8::2 fe80::1%eth0" },
		{ "https://a.example:8443/x\nb.example 4433\n",
			"https://a.example:8443/x b.example 4433" },
		{ "a_b.example.\nx-y:1\nlocalhost", "a_b.example. x-y:1 localhost" },
	};
	char targets[1024];
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(read_list(bytes_of(rows[i].text, strlen(rows[i].text)), targets, &e));
		assert_string_equal(targets, rows[i].targets);
	}
}

static void test_target_list__anything_else_is_told_by_its_line_alone(void **state)
{
	static const struct {
		const char *text;
		size_t line;
	} rows[] = {
		{ "a.example b.example", 1 },
		{ "\n\nhttp://a.example/", 3 },
		{ "a.example:0", 1 },
		{ "a.example:65536", 1 },
		{ "a..example", 1 },
		{ "-a.example", 1 },
		{ "a-.example", 1 },
		{ "a-", 1 },
		{ ".a", 1 },
		{ "a+b=", 1 },
		{ "a\x01", 1 },
		{ "b\xc3\xa9.example", 1 },
		{ "password: hunter2", 1 },
		{ "secretsecretsecretsecretsecretsecretsecretsecretsecretsecretsecretx", 1 },
	};
	char targets[1024], says[160];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err e = { 0 };

		assert_false(read_list(bytes_of(rows[i].text, strlen(rows[i].text)), targets, &e));
		assert_int_equal(e.code, ERR_INPUT);
		(void)snprintf(says, sizeof says,
			"line %zu is no target: HOST, HOST:PORT or [IPV6]:PORT, and nothing else "
			"on the line",
			rows[i].line);
		assert_string_equal(e.msg, says);
	}
}

/* No line of a key is ever a name to be looked up. */
static void test_target_list__a_key_file_gives_no_target(void **state)
{
	static const char *const files[] = { "fixtures/certs/key-ed25519.pem",
		"fixtures/certs/key-pkcs8.pem", "fixtures/certs/key-sec1.der",
		"fixtures/check/key-aes.pem", "fixtures/certs/leaf.crt" };
	char targets[1024];

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct secret text;
		struct err e = { 0 };

		assert_true(file_read(files[i], &file_kind_targets, &text, &e));
		assert_false(read_list(bytes_of(text.data, text.len), targets, &e));
		assert_string_equal(targets, "");
		secret_wipe(&text);
	}
}

static void test_target_list__a_nul_does_not_end_a_line(void **state)
{
	static const char text[] = "a.example\0.other\n";
	char targets[1024];
	struct err e = { 0 };

	(void)state;
	assert_false(read_list(bytes_of(text, sizeof text - 1), targets, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_target_list__targets_stand_one_on_each_line),
		cmocka_unit_test(test_target_list__anything_else_is_told_by_its_line_alone),
		cmocka_unit_test(test_target_list__a_key_file_gives_no_target),
		cmocka_unit_test(test_target_list__a_nul_does_not_end_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
