/* Writes dates and times digit by digit: a list of handshakes is mostly these. */
#include "report/when.h"

#include "base/calendar.h"

#include <stdio.h>

enum { NS = 1000000000 };

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
	int64_t seconds = ns / NS - (ns % NS < 0);
	struct moment m = calendar_moment(seconds);
	char *p = put_date(out, &m);

	*p++ = 'T';
	p = put_time(p, &m);
	*p++ = '.';
	p = digits(p, (uint64_t)(ns - seconds * NS) / 1000, 6);
	*p++ = 'Z';
	*p = '\0';
}

void when_second(int64_t seconds, char out[static WHEN_TEXT])
{
	struct moment m = calendar_moment(seconds);
	char *p = put_date(out, &m);

	*p++ = 'T';
	p = put_time(p, &m);
	*p++ = 'Z';
	*p = '\0';
}

void when_readable(int64_t seconds, char out[static WHEN_TEXT])
{
	struct moment m = calendar_moment(seconds);
	char *p = put_date(out, &m);

	*p++ = ' ';
	p = put_time(p, &m);
	(void)snprintf(p, 5, " UTC");
}

void when_date(int64_t seconds, char out[static WHEN_TEXT])
{
	struct moment m = calendar_moment(seconds);

	*put_date(out, &m) = '\0';
}
