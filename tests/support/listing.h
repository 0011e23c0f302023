/*
 * A listing: a text file of titles (= ...), remarks (# ...) and commands (> ... or >> ...), with what is
 * told of each command below it. A test holds what is told now against it; a test program called
 * with --write writes down what it tells now, and what changed is to be read, line by line.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_LISTING_H
#define TLSDIAG_TESTS_SUPPORT_LISTING_H

#include "base/strbuf.h"
#include "support/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LISTING_LINE = 4000 };

/* say appends what is told of a command, in whole lines. What the listing should be: its own titles and commands, with what is told of them now. */
static inline void listing_now(
	FILE *f, void (*say)(struct strbuf *, const char *), struct strbuf *now)
{
	char line[LISTING_LINE];

	while (fgets(line, sizeof line, f) != NULL) {
		if (line[0] != '#' && line[0] != '=' && line[0] != '>' && line[0] != '\n')
			continue;
		strbuf_puts(now, line);
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '>')
			say(now, line);
	}
}

/* Stops at the first line that differs, with the title above it. */
static inline void assert_listing(const char *path, void (*say)(struct strbuf *, const char *))
{
	struct strbuf told = { 0 };
	const char *now;
	char want[LISTING_LINE], title[200] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	listing_now(f, say, &told);
	now = strbuf_text(&told);
	rewind(f);
	while (fgets(want, sizeof want, f) != NULL) {
		size_t n = strcspn(now, "\n");

		if (want[0] == '=' || want[0] == '>')
			(void)snprintf(title, sizeof title, "%.190s", want);
		if (n != strcspn(want, "\n") || strncmp(now, want, n) != 0)
			fail_msg("%swant: %snow:  %.*s", title, want, (int)n, now);
		now += n + (now[n] == '\n');
	}
	assert_string_equal(now, "");
	(void)fclose(f);
	strbuf_free(&told);
}

/* The exit status of a program. */
static inline int listing_write(const char *path, void (*say)(struct strbuf *, const char *))
{
	struct strbuf now = { 0 };
	FILE *f = fopen(path, "r+");

	if (f == NULL)
		return 1;
	listing_now(f, say, &now);
	rewind(f);
	(void)fputs(strbuf_text(&now), f);
	(void)fflush(f);
	if (ftruncate(fileno(f), (off_t)now.len) != 0)
		return 1;
	strbuf_free(&now);
	return fclose(f) != 0;
}

#endif
