/* The arithmetic counts years from March, so that a leap day is the last day of one. */
#include "base/calendar.h"

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_0000_TO_1970 = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t calendar_days(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, YEARS_PER_ERA);
	int64_t year_of_era = y - era * YEARS_PER_ERA;
	int64_t day_of_year = (153 * (int64_t)((month + 9) % 12) + 2) / 5 + day - 1;

	return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - DAYS_0000_TO_1970;
}

unsigned calendar_days_in(int64_t year, unsigned month)
{
	return (unsigned)(calendar_days(month == 12 ? year + 1 : year, month % 12 + 1, 1) -
			  calendar_days(year, month, 1));
}

struct moment calendar_moment(int64_t seconds)
{
	int64_t days = floor_div(seconds, DAY_SECONDS);
	unsigned rest = (unsigned)(seconds - days * DAY_SECONDS);
	int64_t era = floor_div(days + DAYS_0000_TO_1970, DAYS_PER_ERA);
	int64_t day = days + DAYS_0000_TO_1970 - era * DAYS_PER_ERA;
	int64_t year = (day - day / 1460 + day / 36524 - day / (DAYS_PER_ERA - 1)) / 365;
	int64_t in_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;
	struct moment m;

	m.day = (unsigned)(in_year - (153 * month + 2) / 5 + 1);
	m.month = (unsigned)(month < 10 ? month + 3 : month - 9);
	m.year = era * YEARS_PER_ERA + year + (m.month <= 2);
	m.hour = rest / 3600;
	m.minute = rest / 60 % 60;
	m.second = rest % 60;
	return m;
}
