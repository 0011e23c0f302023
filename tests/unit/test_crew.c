/* How many are at work at a time, and that their work comes back in order, whatever is wanting. */
#include "door/crew.h"
#include "support/unit.h"

#include <pthread.h>
#include <stdio.h>

/* ---- a driver that only says what it was asked, and is starved at times ---- */

static unsigned starve; /* so many probes have nothing to go with */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

bool probe_run(
	const struct probe_options *o, const struct target *t, struct probe *out, struct err *e)
{
	(void)e;
	*out = (struct probe){ .target = *t };
	(void)pthread_mutex_lock(&mutex);
	out->starved = starve != 0;
	starve -= starve != 0;
	(void)pthread_mutex_unlock(&mutex);
	assert_true(o->way.bytes >= PROBE_BYTES_MIN);
	return true;
}

void probe_free(struct probe *p)
{
	*p = (struct probe){ .starved = false };
}

size_t probe_memory(const struct probe *p)
{
	return (size_t)p->target.port * (1 << 20);
}

/* Each target's port is how many MiB are said with it. */
static void expect_order(unsigned jobs, uint16_t mib, size_t n, size_t starved)
{
	struct probe_options o = { .attempts = 1 };
	struct target targets[300] = { { .port = 0 } };
	struct crew *c;
	struct crew_job *j;
	size_t i = 0, wanting = 0;

	for (size_t k = 0; k < n; k++) {
		targets[k].port = mib;
		(void)snprintf(targets[k].host, sizeof targets[k].host, "%zu", k);
	}
	c = crew_open(&o, targets, n, jobs);
	assert_non_null(c);
	while ((j = crew_next(c)) != NULL) {
		char host[24];

		(void)snprintf(host, sizeof host, "%zu", i++);
		assert_string_equal(j->probe.target.host, host);
		assert_true(j->ok);
		wanting += j->probe.starved;
	}
	assert_int_equal(i, n);
	assert_int_equal(wanting, starved);
	crew_close(c);
}

static void test_crew__comes_back_in_order(void **state)
{
	(void)state;
	for (unsigned jobs = 1; jobs <= 64; jobs *= 4)
		expect_order(jobs, 0, 300, 0);
	expect_order(8, 0, 1, 0);
}

/* More than may be held: those ahead wait until the reader has come to them. */
static void test_crew__what_is_not_read_yet_is_bounded(void **state)
{
	(void)state;
	expect_order(8, CREW_HELD_MAX / (1 << 20), 100, 0);
}

static void test_crew__who_finds_nothing_to_go_with_tries_again(void **state)
{
	(void)state;
	starve = 10;
	expect_order(8, 0, 100, 0);
	assert_int_equal(starve, 0);
	starve = 3;
	expect_order(1, 0, 5, 0);
}

static void test_crew__one_that_stays_without_is_told(void **state)
{
	(void)state;
	starve = 21;
	expect_order(1, 0, 2, 1);
	assert_int_equal(starve, 0);
}

static void test_crew__may_be_sent_home(void **state)
{
	struct probe_options o = { .attempts = 1 };
	struct target targets[100] = { { .port = 1 } };
	struct crew *c = crew_open(&o, targets, 100, 8);

	(void)state;
	assert_non_null(crew_next(c));
	crew_close(c);
	crew_close(NULL);
}

static void test_crew__its_size_is_what_descriptors_allow(void **state)
{
	(void)state;
	assert_int_equal(crew_size(8, 1000), 8);
	assert_int_equal(crew_size(64, 1000), 64);
	assert_int_equal(crew_size(1000, 1000), CREW_MAX);
	assert_int_equal(crew_size(8, 9), 2);
	assert_int_equal(crew_size(8, 0), 1);
	assert_int_equal(crew_size(0, 1000), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crew__comes_back_in_order),
		cmocka_unit_test(test_crew__what_is_not_read_yet_is_bounded),
		cmocka_unit_test(test_crew__who_finds_nothing_to_go_with_tries_again),
		cmocka_unit_test(test_crew__one_that_stays_without_is_told),
		cmocka_unit_test(test_crew__may_be_sent_home),
		cmocka_unit_test(test_crew__its_size_is_what_descriptors_allow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
