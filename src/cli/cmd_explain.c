/* `tlsdiag explain [ID]`: the page behind a check or a cause. */
#include "base/array.h"
#include "cli/answers.h"
#include "cli/words.h"
#include "report/lookups/page_lookup.h"
#include "report/markdown.h"
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>
#include <stdlib.h>

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
	else
		(void)snprintf(text, sizeof text,
			"no check or cause is named '%.100s'; tlsdiag explain lists them", id);
	return complain_usage(self->name, text);
}

/* No rule: an alert, a code, the name of something in TLS, or a text that holds some. */
static int explain_paste(
	const struct command *self, const struct lookup_settings *s, char **words, int n)
{
	struct answers answers = { .list = NULL };
	char *text = answers_join(words, n);
	int status;

	if (text == NULL || answers_add_paste(&answers, text) || answers.failed) {
		answers.failed = answers.failed || text == NULL;
		status = answers_write(&answers, "explain", s);
	} else {
		status = n > 1 ? complain_usage(self->name, "one id at a time")
			       : unknown_id(self, words[0]);
	}
	free(text);
	return status;
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

/* A page, or the list of them. */
static int show(const struct lookup_settings *s, const struct rule_page *rule)
{
	struct page page = lookup_page(s);

	if (s->json)
		write_json(&page, rule);
	else
		write_text(&page, rule);
	return lookup_write(&page, EXIT_WELL);
}

static int explain(const struct command *self, const struct lookup_settings *s, struct words *w)
{
	const struct rule_page *rule = w->n != 0 ? rule_page_find(w->list[0]) : NULL;

	if (w->n != 0 && rule == NULL)
		return explain_paste(self, s, w->list, w->n);
	if (w->n > 1)
		return complain_usage(self->name, "one id at a time");
	return show(s, rule);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct lookup_settings s = { .color = COLOR_AUTO };
	struct err err = { 0 };
	struct words words;
	int first, status;

	if (!words_split(&words, argc, argv)) {
		complain("out of memory");
		status = EXIT_INPUT;
	} else if (!options_parse(&table, words.n_rest, words.rest, &s, &first, &err)) {
		status = complain_usage(self->name, err.msg);
	} else if (s.help) {
		command_help(self);
		status = EXIT_WELL;
	} else {
		words_merge(&words, argc, argv, first);
		status = explain(self, &s, &words);
	}
	words_free(&words);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.synopsis = "[OPTION]... [ID|TEXT]",
	.summary = "show the page behind a check or a cause",
	.text = "What the id of a check or a cause in a report means, how it is proved, what\n"
		"looks like it, and what to do. Without an ID: the list of them. Of any other\n"
		"TEXT it tells the alerts, codes, signature schemes, groups, cipher suites and\n"
		"extensions that it names.",
	.examples = "  tlsdiag explain\n"
		    "  tlsdiag explain ec-arithmetic-broken\n"
		    "  tlsdiag explain 'ecdsa_secp521r1_sha512 (0x0603)'\n"
		    "  tlsdiag explain --color=always ske-signature | less -R",
	.status = "0 all is well, 2 the command line is wrong, or there is no such ID,\n"
		  "3 the output cannot be written.",
	.options = &table,
	.run = run,
};
