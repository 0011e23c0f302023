/* src/base/threads: all that can be had are started, all are waited for, and none is no failure. */
#define _GNU_SOURCE /* pthread_setattr_default_np */

#include "base/threads.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "support/unit.h"

static atomic_size_t calls, on_caller;
static pthread_t caller;

static void count_call(void *ctx)
{
	assert_ptr_equal(ctx, &calls);
	atomic_fetch_add(&calls, 1);
	if (pthread_equal(pthread_self(), caller))
		atomic_fetch_add(&on_caller, 1);
}

static void reset(void)
{
	caller = pthread_self();
	atomic_store(&calls, 0);
	atomic_store(&on_caller, 0);
}

/* Lets threads be had, or not: no system has memory for stacks of this size. */
static void threads_to_be_had(bool yes)
{
	static size_t usual;
	pthread_attr_t a;

	assert_int_equal(pthread_getattr_default_np(&a), 0);
	if (usual == 0)
		assert_int_equal(pthread_attr_getstacksize(&a, &usual), 0);
	assert_int_equal(pthread_attr_setstacksize(&a, yes ? usual : (size_t)1 << 60), 0);
	assert_int_equal(pthread_setattr_default_np(&a), 0);
	assert_int_equal(pthread_attr_destroy(&a), 0);
}

static void test_start__each_calls_once_and_is_waited_for(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, THREADS_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct threads t;

		reset();
		threads_start(&t, sizes[i], count_call, &calls);
		assert_int_equal(t.n, sizes[i]);
		threads_join(&t);
		assert_int_equal(atomic_load(&calls), sizes[i]);
		assert_int_equal(atomic_load(&on_caller), 0);
		assert_int_equal(t.n, 0);
	}
}

static void test_start__never_more_than_there_is_room_for(void **state)
{
	struct threads t;

	(void)state;
	reset();
	threads_start(&t, (size_t)-1, count_call, &calls);
	assert_int_equal(t.n, THREADS_MAX);
	threads_join(&t);
	assert_int_equal(atomic_load(&calls), THREADS_MAX);
}

static void test_join__of_none_returns(void **state)
{
	struct threads t = { .n = 0 };

	(void)state;
	threads_join(&t);
	assert_int_equal(t.n, 0);
}

static void test_run__the_caller_is_one_of_them(void **state)
{
	static const size_t sizes[][2] = { { 0, 1 }, { 1, 1 }, { 2, 2 }, { 5, 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		reset();
		threads_run(sizes[i][0], count_call, &calls);
		assert_int_equal(atomic_load(&calls), sizes[i][1]);
		assert_int_equal(atomic_load(&on_caller), 1);
	}
}

static void test_run__without_threads_the_caller_does_it(void **state)
{
	struct threads t;

	(void)state;
	reset();
	threads_to_be_had(false);
	threads_run(4, count_call, &calls);
	threads_start(&t, 4, count_call, &calls);
	threads_to_be_had(true);
	assert_int_equal(t.n, 0);
	threads_join(&t);
	assert_int_equal(atomic_load(&calls), 1);
	assert_int_equal(atomic_load(&on_caller), 1);
}

static void test_useful__is_at_least_the_caller(void **state)
{
	(void)state;
	assert_in_range(threads_useful(), 1, THREADS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start__each_calls_once_and_is_waited_for),
		cmocka_unit_test(test_start__never_more_than_there_is_room_for),
		cmocka_unit_test(test_join__of_none_returns),
		cmocka_unit_test(test_run__the_caller_is_one_of_them),
		cmocka_unit_test(test_run__without_threads_the_caller_does_it),
		cmocka_unit_test(test_useful__is_at_least_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
