/* Dates and times in UTC, without a locale or a time zone. */
#ifndef TLSDIAG_REPORT_WHEN_H
#define TLSDIAG_REPORT_WHEN_H

#include <stdint.h>

enum { WHEN_TEXT = 40 };

/* Days from 1970-01-01 to a date of the Gregorian calendar; month and day count from 1. */
int64_t when_days(int64_t year, unsigned month, unsigned day);

/* "2020-05-18T09:31:07.123456Z" from ns since 1970. */
void when_instant(int64_t ns, char out[static WHEN_TEXT]);
/* "2020-05-18T09:31:07Z" from seconds since 1970. */
void when_second(int64_t seconds, char out[static WHEN_TEXT]);
/* "2020-05-18 09:31:07 UTC", "2020-05-18": for people. */
void when_readable(int64_t seconds, char out[static WHEN_TEXT]);
void when_date(int64_t seconds, char out[static WHEN_TEXT]);

#endif
