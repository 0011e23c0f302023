/*
 * What readers note of a text, held against what was expected, whatever pieces it comes in. Besides, the text is
 * read with each of its lines missing, cut, without its beginning, run into the next one or ended early by another:
 * what is noted then is summed up, and a program's last test holds the sum against the line with its name in
 * tests/unit/facts/near-logs.txt.
 */
#ifndef TLSDIAG_TESTS_LOG_NOTES_H
#define TLSDIAG_TESTS_LOG_NOTES_H

#include "base/bytes.h"
#include "base/strbuf.h"
#include "support/damage.h"
#include "support/log_dump.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_LOGS "tests/unit/facts/near-logs.txt"

enum near_line { NEAR_MISSING, NEAR_CUT, NEAR_HEADLESS, NEAR_JOINED, NEAR_LONGER, N_NEAR_LINES };

static struct {
	uint32_t sum;
	unsigned n;
} near_logs;

static inline void near_put_line(struct strbuf *b, const char *line, size_t len, enum near_line how)
{
	size_t text = len != 0 && line[len - 1] == '\n' ? len - 1 : len;

	if (how == NEAR_CUT)
		strbuf_printf(b, "%.*s\n", (int)(text / 2), line);
	else if (how == NEAR_HEADLESS)
		strbuf_printf(b, "%.*s\n", (int)(text - text / 3), line + text / 3);
	else if (how == NEAR_JOINED)
		strbuf_add(b, line, text);
	else if (how == NEAR_LONGER)
		strbuf_printf(b, "%.*s0: x\n", (int)text, line);
}

static inline void near_log(const char *text, const char *at, size_t len, enum near_line how)
{
	struct strbuf b = { 0 };
	char *notes;

	strbuf_add(&b, text, (size_t)(at - text));
	near_put_line(&b, at, len, how);
	strbuf_puts(&b, at + len);
	notes = log_dump(strbuf_text(&b), b.len, NULL, 0);
	assert_non_null(notes);
	near_logs.sum = add_up(near_logs.sum, notes);
	near_logs.n++;
	free(notes);
	strbuf_free(&b);
}

static inline void near_lines(const char *text)
{
	for (const char *at = text; *at != '\0';) {
		size_t len = strcspn(at, "\n");

		len += at[len] == '\n';
		for (enum near_line how = NEAR_MISSING; how < N_NEAR_LINES; how++)
			near_log(text, at, len, how);
		at += len;
	}
}

static inline void assert_near_logs(const char *name)
{
	char now[80], line[80] = "";
	FILE *f = fopen(NEAR_LOGS, "r");
	size_t n = strlen(name);

	assert_non_null(f);
	(void)snprintf(now, sizeof now, "%s %u %08x\n", name, near_logs.n, (unsigned)near_logs.sum);
	while (fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, name, n) == 0 && line[n] == ' ')
			break;
	(void)fclose(f);
	if (strcmp(line, now) != 0)
		fail_msg(NEAR_LOGS " should say: %s", now);
}

static inline void assert_notes(const char *text, const char *expected)
{
	static const size_t pieces[] = { 0, 1, 7, 64 };

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		char *notes = log_dump(text, strlen(text), NULL, pieces[i]);

		assert_non_null(notes);
		assert_string_equal(notes, expected);
		free(notes);
	}
	near_lines(text);
}

/* What comes behind is of no matter. */
static inline void assert_begins(const char *text, const char *expected)
{
	char *notes = log_dump(text, strlen(text), NULL, 0);

	assert_non_null(notes);
	if (strncmp(notes, expected, strlen(expected)) != 0)
		fail_msg("of\n%sis noted\n%snot\n%s", text, notes, expected);
	free(notes);
}

#endif
