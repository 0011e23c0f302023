/* What the commands that look things up share: their common options, and how they write. */
#ifndef TLSDIAG_CLI_LOOKUP_H
#define TLSDIAG_CLI_LOOKUP_H

#include "cli/cli.h"
#include "cli/terminal.h"
#include "report/lookups/lookup.h"

/* The first member of each such command's settings, so that the setters below find it. */
struct lookup_settings {
	enum color_wish color;
	bool json, help;
};

bool lookup_set_json(void *settings, const char *value, struct err *e);
bool lookup_set_color(void *settings, const char *value, struct err *e);
bool lookup_set_help(void *settings, const char *value, struct err *e);

/* Rows of an option table; the first on its own, to stand behind a heading. */
#define LOOKUP_FIRST_OPTION .name = "json", .set = lookup_set_json, .help = "one JSON document"
#define LOOKUP_OTHER_OPTIONS                                                                       \
	{ .name = "color",                                                                         \
		.value = "WHEN",                                                                   \
		.set = lookup_set_color,                                                           \
		.help = "auto (default: on a terminal, unless NO_COLOR is set), always, "          \
			"never" },                                                                 \
	{                                                                                          \
		.name = "help", .letter = 'h', .set = lookup_set_help, .help = "show this help"    \
	}
#define LOOKUP_OPTIONS { LOOKUP_FIRST_OPTION }, LOOKUP_OTHER_OPTIONS

/* An empty page for this terminal; lookup_write() frees it. */
struct page lookup_page(const struct lookup_settings *s);
/* To standard output. Returns status, or EXIT_INPUT when memory ran out. */
int lookup_write(struct page *p, int status);

#endif
