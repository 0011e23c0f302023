/* One line of a log as readers see it: decoded, and what others put in front of it taken off. */
#ifndef TLSDIAG_LOG_LINE_H
#define TLSDIAG_LOG_LINE_H

#include "base/bytes.h"

enum {
	LOG_LINE_MAX = 64 * 1024, /* bytes of a line that are kept */
	LOG_TAG_MAX = 32,
};

#define LOG_NO_TIME INT64_MIN

/* Where something is said, and when, where the log tells. */
struct log_at {
	uint64_t line; /* from 1 */
	int64_t time;  /* ns since 1970, or since the device's boot; LOG_NO_TIME */
};

struct log_line {
	struct log_at at;
	/*
	 * UTF-8 (what was not is replaced), no line end, no colours. Text is what the program itself
	 * printed: behind the serial monitor's clock, the RTT channel, the logging framework's level and
	 * tag, the quotation marks of a post. Whole has all of that. Both are valid during the call.
	 */
	struct bytes text, whole;
	struct bytes tag; /* "mbedtls" of "I (1234) mbedtls: "; empty: none */
	char level;       /* of the framework: E W I D V; 0 none */
	bool clipped;     /* it was longer than LOG_LINE_MAX */
};

#endif
