/*
 * Long names may be cut short while they stay unique; both "--name value" and "--name=value" are
 * taken.
 */
#include "cli/options.h"

#include "base/memory.h"
#include "cli/nearest.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_BASE = 256, HELP_AT = 28, HELP_WIDTH = 80 };

/* What getopt_long() needs of the table: an entry per option, and "+:hV..." for the letters. */
struct getopt_form {
	struct option *longs;
	char *letters;
};

static bool form_of(const struct option_table *t, struct getopt_form *f)
{
	char *p;

	f->longs = memory_zeroed(t->n + 1, sizeof *f->longs);
	f->letters = memory_get(2 * t->n + 2);
	if (f->longs == NULL || f->letters == NULL)
		return false;
	p = f->letters;
	*p++ = ':';
	for (size_t i = 0; i < t->n; i++) {
		const struct option_spec *s = &t->specs[i];

		f->longs[i] = (struct option){
			.name = s->name,
			.has_arg = s->value == NULL ? no_argument
				   : s->optional    ? optional_argument
						    : required_argument,
			.val = LONG_BASE + (int)i,
		};
		if (s->letter == 0)
			continue;
		*p++ = s->letter;
		if (s->value != NULL)
			*p++ = ':';
	}
	*p = '\0';
	return true;
}

static const struct option_spec *spec_of(const struct option_table *t, int code)
{
	if (code >= LONG_BASE && (size_t)(code - LONG_BASE) < t->n)
		return &t->specs[code - LONG_BASE];
	for (size_t i = 0; i < t->n; i++)
		if (t->specs[i].letter != 0 && t->specs[i].letter == code)
			return &t->specs[i];
	return NULL;
}

static const char *name_at(const void *ctx, size_t i)
{
	const struct option_table *t = ctx;

	return t->specs[i].name;
}

/* Options that begin with word, when there are several: getopt takes an abbreviation of one. */
static bool ambiguous(const struct option_table *t, const char *word, struct err *e)
{
	char list[160] = "";
	size_t used = 0, n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (strncmp(t->specs[i].name, word, strlen(word)) != 0 || used >= sizeof list)
			continue;
		used += (size_t)snprintf(list + used, sizeof list - used, "%s--%s",
			n++ != 0 ? ", " : "", t->specs[i].name);
	}
	if (n < 2)
		return false;
	(void)err_set(e, ERR_USAGE, 0, "option '--%s' may be any of %s", word, list);
	return true;
}

/* `arg` is the argument as typed, with its dashes and perhaps "=value". */
static bool unknown_long(const struct option_table *t, const char *arg, struct err *e)
{
	char word[64];
	size_t i;

	(void)snprintf(word, sizeof word, "%.*s", (int)strcspn(arg + 2, "="), arg + 2);
	for (i = 0; i < t->n; i++)
		if (t->specs[i].value == NULL && strcmp(t->specs[i].name, word) == 0)
			return err_set(e, ERR_USAGE, 0, "option '--%s' takes no value", word);
	if (ambiguous(t, word, e))
		return false;
	i = nearest(word, t->n, name_at, t);
	if (i < t->n)
		return err_set(e, ERR_USAGE, 0, "unknown option '--%s'; did you mean '--%s'?", word,
			t->specs[i].name);
	return err_set(e, ERR_USAGE, 0, "unknown option '--%s'", word);
}

/* getopt's '?' and ':'. optopt is the letter, the code of a long option, or 0. */
static bool misused(const struct option_table *t, int code, char **argv, struct err *e)
{
	const struct option_spec *s = optopt != 0 ? spec_of(t, optopt) : NULL;

	if (code == ':' && s != NULL)
		return err_set(
			e, ERR_USAGE, 0, "option '--%s' needs a value: %s", s->name, s->value);
	if (optopt != 0 && optopt < LONG_BASE)
		return err_set(e, ERR_USAGE, 0, "unknown option '-%c'", optopt);
	return unknown_long(t, argv[optind - 1], e);
}

bool options_parse(const struct option_table *t, int argc, char **argv, void *settings, int *first,
	struct err *e)
{
	struct getopt_form f = { 0 };
	bool ok = form_of(t, &f);
	int code;

	if (!ok)
		(void)err_set(e, ERR_MEMORY, 0, "out of memory");
	opterr = 0;
	optind = 1;
	while (ok && (code = getopt_long(argc, argv, f.letters, f.longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			ok = misused(t, code, argv, e);
		else
			ok = spec_of(t, code)->set(settings, optarg, e);
	}
	free(f.longs);
	free(f.letters);
	*first = optind;
	return ok;
}

/* One text, wrapped at spaces from column HELP_AT on; the line under way stands at `column`. */
static void put_help(const char *text, int column)
{
	while (*text != '\0') {
		int room = HELP_WIDTH - HELP_AT, length = (int)strlen(text);

		if (length > room) {
			length = room;
			while (length > 0 && text[length] != ' ')
				length--;
			if (length == 0)
				length = (int)strcspn(text, " ");
		}
		printf("%*s%.*s\n", HELP_AT - column, "", length, text);
		column = 0;
		text += length;
		text += strspn(text, " ");
	}
}

void options_help(const struct option_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct option_spec *s = &t->specs[i];
		const char letter[] = { '-', s->letter, ',', '\0' };
		int column;

		if (s->heading != NULL)
			printf("%s%s:\n", i != 0 ? "\n" : "", s->heading);
		column = printf("  %s --%s%s%s%s", s->letter != 0 ? letter : "   ", s->name,
			s->value == NULL ? ""
			: s->optional    ? "[="
					 : " ",
			s->value != NULL ? s->value : "", s->optional ? "]" : "");
		if (column >= HELP_AT) {
			printf("\n");
			column = 0;
		}
		put_help(s->help, column);
	}
}
