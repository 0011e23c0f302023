/* Dates and times in UTC as text. */
#ifndef TLSDIAG_REPORT_WHEN_H
#define TLSDIAG_REPORT_WHEN_H

#include <stdint.h>

enum { WHEN_TEXT = 40 };

/* "2020-05-18T09:31:07.123456Z" from ns since 1970. */
void when_instant(int64_t ns, char out[static WHEN_TEXT]);
/* "2020-05-18T09:31:07Z" from seconds since 1970. */
void when_second(int64_t seconds, char out[static WHEN_TEXT]);
/* "2020-05-18 09:31:07 UTC", "2020-05-18": for people. */
void when_readable(int64_t seconds, char out[static WHEN_TEXT]);
void when_date(int64_t seconds, char out[static WHEN_TEXT]);

#endif
