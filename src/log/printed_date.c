/* Dates of printed certificates: "2026-12-30 15:52:31 UTC", "Nov 30 18:47:22 2026 GMT", "Mon, 30 Nov 2026 ...". */
#include "base/calendar.h"
#include "log/printed.h"
#include "log/scan.h"

enum { MONTHS = 12 };

static unsigned month_of(struct bytes word)
{
	static const char *const months[MONTHS] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };

	for (unsigned i = 0; i < MONTHS; i++)
		if (text_begins(word, months[i]))
			return i + 1;
	return 0;
}

static bool is_day(struct bytes word)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		if (text_begins(word, days[i]))
			return true;
	return false;
}

/* ":22:47.000" behind the hour */
static bool clock_rest(struct scan *s, uint64_t hour, struct moment *m)
{
	uint64_t minute, second, part;

	if (hour > 23 || !scan_char(s, ':') || !scan_decimal(s, &minute) || minute > 59 ||
		!scan_char(s, ':') || !scan_decimal(s, &second) || second > 60)
		return false;
	if (scan_char(s, '.'))
		(void)scan_decimal(s, &part);
	m->hour = (unsigned)hour;
	m->minute = (unsigned)minute;
	m->second = (unsigned)second;
	return true;
}

/* "-12-30" behind the year */
static bool date_rest(struct scan *s, struct moment *m)
{
	uint64_t month, day;

	if (!scan_char(s, '-') || !scan_decimal(s, &month) || !scan_char(s, '-') ||
		!scan_decimal(s, &day) || month > MONTHS || day > 31)
		return false;
	m->month = (unsigned)month;
	m->day = (unsigned)day;
	return true;
}

static bool number(struct scan *s, struct moment *m)
{
	uint64_t n;

	if (!scan_decimal(s, &n))
		return false;
	if (scan_peek(s) == ':')
		return clock_rest(s, n, m);
	if (n >= 1000 && n <= 9999 && m->year == 0) {
		m->year = (int64_t)n;
		return scan_peek(s) != '-' || date_rest(s, m);
	}
	if (n == 0 || n > 31 || m->day != 0)
		return false;
	m->day = (unsigned)n;
	return true;
}

/* A month, a day of the week, a zone; another word ends the date. */
static bool word(struct bytes w, struct moment *m, bool *far)
{
	unsigned month = month_of(w);

	if (month != 0 && m->month == 0)
		m->month = month;
	else if (!is_day(w) && !text_is(w, "T") && !text_is(w, "Z") && !text_is(w, "UTC") &&
		 !text_is(w, "GMT")) {
		if (w.len > 5)
			return false;
		*far = true;
	}
	return true;
}

int64_t printed_date(struct bytes text, bool *far)
{
	struct scan s = scan_of(text);
	struct moment m = { 0 };
	bool goes_on = true;

	*far = false;
	while (goes_on && !scan_is_at_end(&s)) {
		struct scan before = s;
		struct bytes w;
		size_t letters = 0;

		while (s.at + letters < s.end && (s.at[letters] | 0x20) >= 'a' &&
			(s.at[letters] | 0x20) <= 'z')
			letters++;
		w = bytes_of(s.at, letters);
		if (letters != 0)
			s.at += letters;
		else if (scan_peek(&s) == ' ' || scan_peek(&s) == ',' || scan_peek(&s) == '\t')
			s.at++;
		else
			goes_on = number(&s, &m);
		if (letters != 0)
			goes_on = word(w, &m, far);
		if (!goes_on)
			s = before;
	}
	if (m.year == 0 || m.month == 0 || m.day == 0 || m.day > calendar_days_in(m.year, m.month))
		return PRINTED_NO_DATE;
	return calendar_days(m.year, m.month, m.day) * DAY_SECONDS + (int64_t)m.hour * 3600 +
	       (int64_t)m.minute * 60 + (int64_t)m.second;
}
