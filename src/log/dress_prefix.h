/* What is taken off a line, by dress.c alone: one kind of prefix each. */
#ifndef TLSDIAG_LOG_DRESS_PREFIX_H
#define TLSDIAG_LOG_DRESS_PREFIX_H

#include "log/line.h"
#include "log/scan.h"

/* Moves *s past the prefix and fills what it tells; false: it does not stand there, and nothing has changed. */
typedef bool dress_prefix(struct scan *s, struct log_line *line);

/* "19:18:06.629" as ns of the day. */
bool dress_time_of_day(struct scan *s, int64_t *ns);

/* ---- dress_frame.c: collectors of logs, and logging frameworks ---- */
dress_prefix
	dress_syslog; /* "Nov 30 08:00:01 host app[12]: ", "<134>1 2026-...Z host app 12 - - " */
dress_prefix dress_container;  /* "device-1  | ", "stdout F " */
dress_prefix dress_logcat;     /* "11-30 08:00:01.123  2231  2240 I tag : " */
dress_prefix dress_platformio; /* "[   800][D][ssl_client.cpp:210] debug(): " */
dress_prefix dress_level;      /* "[DEBUG] ", "DEBUG tls: ", "INFO 4711 --- [main] tls.Client : " */
dress_prefix dress_markup;     /* "<pre><code>" */
dress_prefix dress_code;       /* "- `text`": what closes it goes as well */
dress_prefix dress_table;      /* "| 12 | text |": the same */

#endif
