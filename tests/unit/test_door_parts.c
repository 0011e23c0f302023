/* src/door: addresses as the user types them, and the threads. */
#include "door/address.h"
#include "door/workers.h"

#include <stdatomic.h>
#include <string.h>

#include "support/unit.h"

struct address_row {
	const char *text;
	unsigned family, port;
	const char *shown;
};

static void test_address__any_usual_spelling_is_read(void **state)
{
	static const struct address_row rows[] = {
		{ "192.0.2.1", 4, 0, "192.0.2.1" },
		{ "192.0.2.1:443", 4, 443, "192.0.2.1:443" },
		{ "2001:db8::1", 6, 0, "2001:db8::1" },
		{ "[2001:db8::1]", 6, 0, "2001:db8::1" },
		{ "[2001:db8::1]:65535", 6, 65535, "[2001:db8::1]:65535" },
		{ ":443", 0, 443, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct endpoint e;
		struct err err;
		char text[ENDPOINT_TEXT];

		assert_true(address_parse(rows[i].text, "--server", &e, &err));
		assert_int_equal(e.family, rows[i].family);
		assert_int_equal(e.port, rows[i].port);
		if (rows[i].shown == NULL)
			continue;
		endpoint_text(&e, text);
		assert_string_equal(text, rows[i].shown);
	}
}

static void test_address__what_is_none_is_named_with_its_option(void **state)
{
	static const char *const rows[] = { "", ":", ":0", ":65536", "192.0.2.1:", "192.0.2.1:x",
		"192.0.2.300", "host.example", "[192.0.2.1", "[2001:db8::1]443", "192.0.2.1:443 ",
		"0123456789012345678901234567890123456789012345678901234567890123456789" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct endpoint e;
		struct err err = { 0 };

		assert_false(address_parse(rows[i], "--client", &e, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.msg, "--client"));
	}
}

static void test_address__none_given_is_any(void **state)
{
	struct endpoint e;
	struct err err;

	(void)state;
	assert_true(address_parse(NULL, "--server", &e, &err));
	assert_int_equal(e.family, 0);
	assert_int_equal(e.port, 0);
}

enum { JOBS = 1000 };

struct tally {
	atomic_int times[JOBS];
};

static void count(void *ctx, size_t i)
{
	struct tally *t = ctx;

	atomic_fetch_add(&t->times[i], 1);
}

static void test_workers__every_job_is_done_once_in_every_round(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 64, JOBS };
	static struct tally tally;
	struct workers *w = workers_open();

	(void)state;
	assert_non_null(w);
	for (size_t round = 0; round < 60; round++) {
		size_t n = sizes[round % (sizeof sizes / sizeof sizes[0])];

		memset(&tally, 0, sizeof tally);
		workers_run(w, n, count, &tally);
		for (size_t i = 0; i < JOBS; i++)
			assert_int_equal(atomic_load(&tally.times[i]), i < n);
	}
	workers_close(w);
}

static void test_workers__closes_without_work_and_when_null(void **state)
{
	(void)state;
	workers_close(workers_open());
	workers_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address__any_usual_spelling_is_read),
		cmocka_unit_test(test_address__what_is_none_is_named_with_its_option),
		cmocka_unit_test(test_address__none_given_is_any),
		cmocka_unit_test(test_workers__every_job_is_done_once_in_every_round),
		cmocka_unit_test(test_workers__closes_without_work_and_when_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
