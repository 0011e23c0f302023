/* A name that is not known is answered with the nearest one. */
#include "cli/code_list.h"

#include "cli/nearest.h"
#include "names/names.h"

#include <stdlib.h>
#include <string.h>

const struct code_names code_names_suites = { "cipher suite", suite_by_name, suite_name_at };
const struct code_names code_names_groups = { "group", group_by_name, group_name_at };
const struct code_names code_names_schemes = { "signature scheme", scheme_by_name, scheme_name_at };

enum { WORD_MAX = 80 };

static const char *candidate(const void *ctx, size_t i)
{
	const struct code_names *names = ctx;

	return names->name_at(i);
}

static bool unknown(
	const char *option, const struct code_names *names, const char *word, struct err *e)
{
	size_t n = 0, near;

	while (names->name_at(n) != NULL)
		n++;
	near = nearest(word, n, candidate, names);
	if (near < n)
		return err_set(e, ERR_USAGE, 0, "--%s: unknown %s '%s'; did you mean '%s'?", option,
			names->what, word, names->name_at(near));
	return err_set(e, ERR_USAGE, 0, "--%s: unknown %s '%s'", option, names->what, word);
}

static int code_of(const struct code_names *names, const char *word)
{
	char *end;
	unsigned long value = strtoul(word, &end, 16);

	if (strncmp(word, "0x", 2) == 0 && word[2] != '\0' && *end == '\0' && value <= UINT16_MAX)
		return (int)value;
	return names->by_name(word);
}

bool code_list_parse(const char *option, const struct code_names *names, const char *text,
	struct code_list *out, struct err *e)
{
	out->n = 0;
	while (*text != '\0') {
		size_t len = strcspn(text, ",:");
		char word[WORD_MAX];
		int code;

		if (len == 0 || len >= sizeof word)
			return err_set(e, ERR_USAGE, 0,
				"--%s takes names parted by commas, not '%s'", option, text);
		memcpy(word, text, len);
		word[len] = '\0';
		code = code_of(names, word);
		if (code < 0)
			return unknown(option, names, word, e);
		if (out->n == CODES_MAX)
			return err_set(
				e, ERR_USAGE, 0, "--%s takes at most %d names", option, CODES_MAX);
		out->codes[out->n++] = (uint16_t)code;
		text += len;
		text += *text != '\0';
	}
	return out->n != 0 || err_set(e, ERR_USAGE, 0, "--%s takes a name", option);
}
