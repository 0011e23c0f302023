/*
 * Dates of a certificate (RFC 5280 4.1.2.5) as seconds since 1970. Forms that X.690 allows in BER
 * but RFC 5280 forbids (no seconds, an offset from UTC, a fraction) are read too, and told.
 */
#include "pki/cert_walk.h"

#include "base/calendar.h"

struct digits {
	struct bytes left;
	bool ok;
};

static int take_number(struct digits *d, size_t n)
{
	int v = 0;

	if (d->left.len < n)
		d->ok = false;
	for (size_t i = 0; i < n && d->ok; i++) {
		uint8_t c = d->left.data[i];

		d->ok = c >= '0' && c <= '9';
		v = v * 10 + (c - '0');
	}
	if (d->ok)
		d->left = bytes_slice(d->left, n, d->left.len);
	return d->ok ? v : 0;
}

static bool take_char(struct digits *d, char want)
{
	if (d->left.len == 0 || d->left.data[0] != (uint8_t)want)
		return false;
	d->left = bytes_slice(d->left, 1, d->left.len);
	return true;
}

static bool digit_ahead(const struct digits *d)
{
	return d->left.len != 0 && d->left.data[0] >= '0' && d->left.data[0] <= '9';
}

static int take_year(struct digits *d, uint8_t tag)
{
	int year;

	if (tag == DER_GENERALIZED_TIME)
		return take_number(d, 4);
	year = take_number(d, 2);
	return year < 50 ? 2000 + year : 1900 + year;
}

/* "Z", nothing, or an offset such as +0130; the seconds to take off. */
static int64_t take_zone(struct digits *d, bool *strict)
{
	int64_t sign, hours, minutes;

	if (take_char(d, 'Z'))
		return 0;
	*strict = false;
	if (d->left.len == 0)
		return 0;
	sign = take_char(d, '-') ? -1 : 1;
	if (sign == 1 && !take_char(d, '+'))
		d->ok = false;
	hours = take_number(d, 2);
	minutes = take_number(d, 2);
	return sign * (hours * 3600 + minutes * 60);
}

static void skip_fraction(struct digits *d, bool *strict)
{
	if (!take_char(d, '.') && !take_char(d, ','))
		return;
	*strict = false;
	if (!digit_ahead(d))
		d->ok = false;
	while (d->ok && digit_ahead(d))
		(void)take_number(d, 1);
}

bool cert_read_time(const struct der *time, int64_t *seconds, bool *strict)
{
	struct digits d = { time->body, true };
	int year = take_year(&d, time->tag), month = take_number(&d, 2), day = take_number(&d, 2);
	int64_t hour = take_number(&d, 2), minute = take_number(&d, 2), second = 0, offset;

	*strict = true;
	if (digit_ahead(&d))
		second = take_number(&d, 2);
	else
		*strict = false;
	if (time->tag == DER_GENERALIZED_TIME)
		skip_fraction(&d, strict);
	offset = take_zone(&d, strict);
	if (!d.ok || d.left.len != 0 || month < 1 || month > 12 || day < 1 ||
		day > (int)calendar_days_in(year, (unsigned)month) || hour > 23 || minute > 59 ||
		second > 60)
		return false;
	*seconds = calendar_days(year, (unsigned)month, (unsigned)day) * DAY_SECONDS + hour * 3600 +
		   minute * 60 + second - offset;
	return true;
}

static bool read_one(struct cert *c, struct cur *in, const char *field, int64_t *seconds)
{
	struct der time;
	bool strict;

	if (der_ahead(in, DER_GENERALIZED_TIME) ? !der_take(in, DER_GENERALIZED_TIME, field, &time)
						: !der_take(in, DER_UTC_TIME, field, &time))
		return false;
	if (!cert_read_time(&time, seconds, &strict)) {
		cert_note_value(c, field, time.at);
		return false;
	}
	if (!strict)
		cert_note_value(c, field, time.at);
	return true;
}

void cert_read_validity(struct cert *c, const struct der *validity)
{
	struct parse_err err;
	struct cur in = der_open(validity, &err);
	bool before = read_one(c, &in, "validity.notBefore", &c->not_before);
	bool after = read_one(c, &in, "validity.notAfter", &c->not_after);

	c->has_dates = before && after;
	(void)cur_end(&in, "validity");
	cert_note(c, &err);
}
