/* The words that listings of facts are made of: what is zero or false is left out. */
#ifndef TLSDIAG_TESTS_SUPPORT_FACT_WORDS_H
#define TLSDIAG_TESTS_SUPPORT_FACT_WORDS_H

#include "base/strbuf.h"

#include <inttypes.h>

static inline void say_number(struct strbuf *b, const char *name, uint64_t value)
{
	if (value != 0)
		strbuf_printf(b, " %s=%" PRIu64, name, value);
}

static inline void say_flag(struct strbuf *b, const char *name, bool value)
{
	if (value)
		strbuf_printf(b, " %s", name);
}

/* NULL: left out. */
static inline void say_string(struct strbuf *b, const char *name, const char *value)
{
	if (value != NULL)
		strbuf_printf(b, " %s='%s'", name, value);
}

#endif
