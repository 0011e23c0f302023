/* Failures of our own: a file that cannot be opened, a library that failed, a budget used up. */
#ifndef TLSDIAG_BASE_ERR_H
#define TLSDIAG_BASE_ERR_H

#include <stdbool.h>

enum err_code {
	ERR_NONE,
	ERR_USAGE,   /* the command line is wrong */
	ERR_OS,      /* detail is errno */
	ERR_INPUT,   /* what was given is not what it should be */
	ERR_LIBRARY, /* detail is the library's code */
	ERR_LIMIT,   /* a named budget is used up */
	ERR_MEMORY,
	ERR_NETWORK, /* the target was not reached; detail is errno or 0 */
};

/* Fixed size: reporting a failure never allocates. Messages are lower case, failure first, no full stop. */
struct err {
	enum err_code code;
	int detail;
	char msg[240];
};

/* Fills *e and returns false, so that a failing function can `return err_set(...)`. */
bool err_set(struct err *e, enum err_code code, int detail, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "context: " before the message and returns false. */
bool err_context(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
