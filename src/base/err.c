/* A failure keeps the message it was set with; context goes in front of it. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *e, enum err_code code, int detail, const char *fmt, ...)
{
	va_list ap;

	e->code = code;
	e->detail = detail;
	va_start(ap, fmt);
	(void)vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	return false;
}

bool err_context(struct err *e, const char *fmt, ...)
{
	char inner[sizeof e->msg];
	va_list ap;
	int n;

	memcpy(inner, e->msg, sizeof inner);
	va_start(ap, fmt);
	n = vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof e->msg)
		(void)snprintf(e->msg + n, sizeof e->msg - (size_t)n, ": %.*s",
			(int)(sizeof e->msg - (size_t)n), inner);
	return false;
}
