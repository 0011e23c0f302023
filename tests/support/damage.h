/*
 * What a change of any one byte comes to, for listings: places one after the other that come to the same
 * are one line, with a sum of all that is told of them.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_DAMAGE_H
#define TLSDIAG_TESTS_SUPPORT_DAMAGE_H

#include "base/strbuf.h"

#include <string.h>

/* FNV-1a, so that not even a value changes unseen. */
static inline uint32_t add_up(uint32_t sum, const char *text)
{
	for (; *text != '\0'; text++)
		sum = (sum ^ (uint8_t)*text) * 16777619u;
	return sum;
}

struct damages {
	struct strbuf last; /* what the last ones came to */
	size_t from;
	uint32_t sum;
};

/* Writes the line of those before `to`. */
static inline void say_run(struct strbuf *now, struct damages *d, size_t to)
{
	if (to > d->from)
		strbuf_printf(now, "  %zu-%zu:%s %08x\n", d->from, to - 1, strbuf_text(&d->last),
			(unsigned)d->sum);
	strbuf_clear(&d->last);
	d->from = to;
	d->sum = 2166136261u;
}

/* A change at that place, in short, and all that is told then. */
static inline void say_place(struct strbuf *now, struct damages *d, size_t at, const char *came_to,
	const struct strbuf *told)
{
	if (strcmp(strbuf_text(&d->last), came_to) != 0 || at == 0) {
		say_run(now, d, at);
		strbuf_puts(&d->last, came_to);
	}
	d->sum = add_up(d->sum, strbuf_text(told));
}

/* The subjects (what stands before the colon of a line) of which other things are told. */
static inline void say_differences(struct strbuf *b, const char *whole, const char *now)
{
	while (*whole != '\0') {
		size_t n = strcspn(whole, "\n"), n_now = strcspn(now, "\n");

		if (n != n_now || strncmp(whole, now, n) != 0)
			strbuf_add(b, whole + 1, strcspn(whole, ":") - 1);
		whole += n + 1;
		now += n_now + (now[n_now] == '\n');
	}
}

#endif
