/* The built-in pages: found by id, and by an id with a slip in it. */
#include "names/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_pages__each_is_found_by_its_id(void **state)
{
	(void)state;
	assert_null(rule_page_at(rule_page_count()));
	for (size_t i = 0; i < rule_page_count(); i++) {
		const struct rule_page *page = rule_page_at(i);

		assert_ptr_equal(rule_page_find(page->id), page);
		assert_ptr_equal(rule_page_nearest(page->id), page);
		assert_non_null(page->lines[0]);
		assert_true(page->title[0] != '\0');
	}
}

static void test_pages__one_wrong_letter_still_suggests_the_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_page_count(); i++) {
		const struct rule_page *page = rule_page_at(i);
		char id[128];

		(void)snprintf(id, sizeof id, "%sq", page->id);
		assert_null(rule_page_find(id));
		assert_ptr_equal(rule_page_nearest(id), page);
	}
}

static void test_pages__nonsense_suggests_nothing(void **state)
{
	char longer[300];

	(void)state;
	memset(longer, 'q', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_null(rule_page_find(""));
	assert_null(rule_page_nearest(""));
	assert_null(rule_page_nearest("zzzzzzzzzzzzzzz"));
	assert_null(rule_page_nearest(longer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages__each_is_found_by_its_id),
		cmocka_unit_test(test_pages__one_wrong_letter_still_suggests_the_page),
		cmocka_unit_test(test_pages__nonsense_suggests_nothing),
	};

	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
