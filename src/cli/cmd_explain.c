/* `tlsdiag explain [ID]`: the page behind a check or a cause. */
#include "base/array.h"
#include "cli/lookup.h"
#include "names/names.h"
#include "report/lookups/page_lookup.h"
#include "report/markdown.h"
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>

enum { PROSE_WIDTH = 100 }; /* longer lines are hard to read */

static const struct option_spec specs[] = { LOOKUP_OPTIONS };

static const struct option_table table = { specs, COUNT(specs) };

static int unknown_id(const struct command *self, const char *id)
{
	const struct rule_page *near = rule_page_nearest(id);
	char text[320];

	if (near != NULL)
		(void)snprintf(text, sizeof text,
			"no check or cause is named '%.100s'; did you mean '%s'?", id, near->id);
	else if (alert_by_name(id) >= 0)
		(void)snprintf(text, sizeof text,
			"'%.100s' is an alert: tlsdiag alert %d tells of it", id,
			alert_by_name(id));
	else
		(void)snprintf(text, sizeof text,
			"no check or cause is named '%.100s'; tlsdiag explain lists them", id);
	return complain_usage(self->name, text);
}

static void write_json(struct page *p, const struct rule_page *page)
{
	struct json j = { &p->out, false };

	lookup_json_begin(&j, "explain", tlsdiag_crypto_version());
	if (page == NULL) {
		page_list_json(&j, "pages");
	} else {
		json_array(&j, "pages");
		page_lookup_json(&j, page);
		json_end_array(&j);
	}
	lookup_json_end(&j);
}

static void write_text(struct page *p, const struct rule_page *page)
{
	p->width = p->width < PROSE_WIDTH ? p->width : PROSE_WIDTH;
	if (page == NULL)
		page_list_text(p);
	else
		markdown_put(p, page->lines);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct lookup_settings s = { .color = COLOR_AUTO };
	const struct rule_page *rule = NULL;
	struct err err = { 0 };
	struct page page;
	int first;

	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (argc - first > 1)
		return complain_usage(self->name, "one id at a time");
	if (first < argc && (rule = rule_page_find(argv[first])) == NULL)
		return unknown_id(self, argv[first]);
	page = lookup_page(&s);
	if (s.json)
		write_json(&page, rule);
	else
		write_text(&page, rule);
	return lookup_write(&page, EXIT_WELL);
}

const struct command command_explain = {
	.name = "explain",
	.synopsis = "[OPTION]... [ID]",
	.summary = "show the page behind a check or a cause",
	.text = "What the id of a check or a cause in a report means, how it is proved, what\n"
		"looks like it, and what to do. Without an ID: the list of them.",
	.examples = "  tlsdiag explain\n"
		    "  tlsdiag explain ec-arithmetic-broken\n"
		    "  tlsdiag explain --color=always ske-signature | less -R",
	.status = "0 all is well, 2 the command line is wrong, or there is no such ID,\n"
		  "3 the output cannot be written.",
	.options = &table,
	.run = run,
};
