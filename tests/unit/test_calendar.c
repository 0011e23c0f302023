/* The calendar: days counted both ways, leap years, and what lies before 1970. */
#include "support/unit.h"

#include "base/calendar.h"

#include <stdbool.h>

static void assert_moment(int64_t seconds, struct moment want)
{
	struct moment have = calendar_moment(seconds);

	assert_int_equal(have.year, want.year);
	assert_int_equal(have.month, want.month);
	assert_int_equal(have.day, want.day);
	assert_int_equal(have.hour, want.hour);
	assert_int_equal(have.minute, want.minute);
	assert_int_equal(have.second, want.second);
}

static void test_calendar__every_day_of_eight_centuries_comes_back(void **state)
{
	static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t day = calendar_days(1700, 1, 1);

	(void)state;
	for (unsigned year = 1700; year < 2500; year++)
		for (unsigned month = 1; month <= 12; month++) {
			bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
			unsigned n = lengths[month - 1] + (month == 2 && leap);

			assert_int_equal(calendar_days_in(year, month), n);
			for (unsigned d = 1; d <= n; d++, day++) {
				assert_int_equal(calendar_days(year, month, d), day);
				assert_moment(day * DAY_SECONDS + 86399,
					(struct moment){ year, month, d, 23, 59, 59 });
			}
		}
}

static void test_calendar__counts_from_1970(void **state)
{
	(void)state;
	assert_int_equal(calendar_days(1970, 1, 1), 0);
	assert_int_equal(calendar_days(1969, 12, 31), -1);
	assert_int_equal(calendar_days(2000, 2, 29), 11016);
	assert_int_equal(calendar_days(0, 1, 1), -719528);
	assert_int_equal(calendar_days(9999, 12, 31), 2932896);
}

static void test_calendar__a_time_before_1970_is_of_the_day_before(void **state)
{
	(void)state;
	assert_moment(0, (struct moment){ 1970, 1, 1, 0, 0, 0 });
	assert_moment(-1, (struct moment){ 1969, 12, 31, 23, 59, 59 });
	assert_moment(-86400, (struct moment){ 1969, 12, 31, 0, 0, 0 });
	assert_moment(-86401, (struct moment){ 1969, 12, 30, 23, 59, 59 });
	assert_moment(-62167219200, (struct moment){ 0, 1, 1, 0, 0, 0 });
	assert_moment(-62167219201, (struct moment){ -1, 12, 31, 23, 59, 59 });
}

static void test_calendar__the_year_2038_is_no_end(void **state)
{
	(void)state;
	assert_moment(2147483648, (struct moment){ 2038, 1, 19, 3, 14, 8 });
	assert_moment(253402300799, (struct moment){ 9999, 12, 31, 23, 59, 59 });
	assert_moment(253402300800, (struct moment){ 10000, 1, 1, 0, 0, 0 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calendar__every_day_of_eight_centuries_comes_back),
		cmocka_unit_test(test_calendar__counts_from_1970),
		cmocka_unit_test(test_calendar__a_time_before_1970_is_of_the_day_before),
		cmocka_unit_test(test_calendar__the_year_2038_is_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
