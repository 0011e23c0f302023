/* What readers note of a text, held against what was expected, whatever pieces it comes in. */
#ifndef TLSDIAG_TESTS_LOG_NOTES_H
#define TLSDIAG_TESTS_LOG_NOTES_H

#include "support/log_dump.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

static inline void assert_notes(const char *text, const char *expected)
{
	static const size_t pieces[] = { 0, 1, 7, 64 };

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		char *notes = log_dump(text, strlen(text), NULL, pieces[i]);

		assert_non_null(notes);
		assert_string_equal(notes, expected);
		free(notes);
	}
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
