/* RFC 3339 with what people leave out of it, a date alone, or seconds since 1970. */
#include "cli/time_option.h"

#include "base/calendar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Takes exactly n digits off *p. */
static bool digits(const char **p, int n, unsigned *out)
{
	*out = 0;
	for (; n > 0; n--, ++*p) {
		if (**p < '0' || **p > '9')
			return false;
		*out = 10 * *out + (unsigned)(**p - '0');
	}
	return true;
}

static bool letter(const char **p, const char *set)
{
	if (**p == '\0' || strchr(set, **p) == NULL)
		return false;
	++*p;
	return true;
}

static bool date(const char **p, int64_t *seconds)
{
	unsigned year, month, day;

	if (!digits(p, 4, &year) || !letter(p, "-") || !digits(p, 2, &month) || !letter(p, "-") ||
		!digits(p, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > calendar_days_in(year, month))
		return false;
	*seconds = DAY_SECONDS * calendar_days(year, month, day);
	return true;
}

static bool zone(const char **p, int64_t *seconds)
{
	int64_t sign = **p == '-' ? 1 : -1;
	unsigned hour, minute;

	if (letter(p, "Zz"))
		return true;
	if (!letter(p, "+-") || !digits(p, 2, &hour) || !letter(p, ":") || !digits(p, 2, &minute) ||
		hour > 23 || minute > 59)
		return false;
	*seconds += sign * (int64_t)(hour * 3600 + minute * 60);
	return true;
}

/* A leap second (60) is the second after it: certificates know none. */
static bool clock_time(const char **p, int64_t *seconds)
{
	unsigned hour, minute, second;

	if (!letter(p, "Tt ") || !digits(p, 2, &hour) || !letter(p, ":") ||
		!digits(p, 2, &minute) || !letter(p, ":") || !digits(p, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*seconds += hour * 3600 + minute * 60 + second;
	if (letter(p, ".")) {
		if (**p < '0' || **p > '9')
			return false;
		*p += strspn(*p, "0123456789");
	}
	return zone(p, seconds);
}

static bool since_1970(const char *text, int64_t *seconds)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	*seconds = value;
	return errno == 0 && end != text && *end == '\0' && text[0] != ' ' &&
	       value > INT64_MIN / 1000000000 && value < INT64_MAX / 1000000000;
}

bool time_option_parse(const char *text, int64_t *seconds, struct err *e)
{
	const char *p = text;

	if (text[0] == '@' && since_1970(text + 1, seconds))
		return true;
	if (date(&p, seconds) && (*p == '\0' || (clock_time(&p, seconds) && *p == '\0')))
		return true;
	return err_set(e, ERR_USAGE, 0,
		"--at takes a time such as 2020-05-18T09:31:07Z, 2020-05-18 or @1589794267, not "
		"'%s'",
		text);
}
