/* The Gregorian calendar in UTC, before and after 1970, without a locale or a time zone. */
#ifndef TLSDIAG_BASE_CALENDAR_H
#define TLSDIAG_BASE_CALENDAR_H

#include <stdint.h>

enum { DAY_SECONDS = 86400 };

/* A date and a time of day; month and day count from 1. */
struct moment {
	int64_t year;
	unsigned month, day, hour, minute, second;
};

/* Days from 1970-01-01 to a date. */
int64_t calendar_days(int64_t year, unsigned month, unsigned day);

/* How many days the month, 1 to 12, has in that year. */
unsigned calendar_days_in(int64_t year, unsigned month);

/* What the calendar and the clock show that many seconds after 1970 began. */
struct moment calendar_moment(int64_t seconds);

#endif
