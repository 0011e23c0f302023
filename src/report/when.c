/* The calendar arithmetic counts years from March, so that a leap day is the last day of one. */
#include "report/when.h"

#include <stdio.h>

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_0000_TO_1970 = 719468, DAY = 86400 };

struct moment {
	int64_t year;
	unsigned month, day, hour, minute, second;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t when_days(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, YEARS_PER_ERA);
	int64_t year_of_era = y - era * YEARS_PER_ERA;
	int64_t day_of_year = (153 * (int64_t)((month + 9) % 12) + 2) / 5 + day - 1;

	return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - DAYS_0000_TO_1970;
}

static struct moment moment_of(int64_t seconds)
{
	int64_t days = floor_div(seconds, DAY);
	unsigned rest = (unsigned)(seconds - days * DAY);
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

static char *digits(char *out, uint64_t value, int n)
{
	for (int i = n; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + n;
}

static char *put_date(char *out, const struct moment *m)
{
	if (m->year < 0 || m->year > 9999)
		out += snprintf(out, WHEN_TEXT / 2, "%lld", (long long)m->year);
	else
		out = digits(out, (uint64_t)m->year, 4);
	*out++ = '-';
	out = digits(out, m->month, 2);
	*out++ = '-';
	return digits(out, m->day, 2);
}

static char *put_time(char *out, const struct moment *m)
{
	out = digits(out, m->hour, 2);
	*out++ = ':';
	out = digits(out, m->minute, 2);
	*out++ = ':';
	return digits(out, m->second, 2);
}

void when_instant(int64_t ns, char out[static WHEN_TEXT])
{
	int64_t seconds = floor_div(ns, 1000000000);
	struct moment m = moment_of(seconds);
	char *p = put_date(out, &m);

	*p++ = 'T';
	p = put_time(p, &m);
	*p++ = '.';
	p = digits(p, (uint64_t)(ns - seconds * 1000000000) / 1000, 6);
	*p++ = 'Z';
	*p = '\0';
}

void when_second(int64_t seconds, char out[static WHEN_TEXT])
{
	struct moment m = moment_of(seconds);
	char *p = put_date(out, &m);

	*p++ = 'T';
	p = put_time(p, &m);
	*p++ = 'Z';
	*p = '\0';
}

void when_readable(int64_t seconds, char out[static WHEN_TEXT])
{
	struct moment m = moment_of(seconds);
	char *p = put_date(out, &m);

	*p++ = ' ';
	p = put_time(p, &m);
	(void)snprintf(p, 5, " UTC");
}

void when_date(int64_t seconds, char out[static WHEN_TEXT])
{
	struct moment m = moment_of(seconds);

	*put_date(out, &m) = '\0';
}
