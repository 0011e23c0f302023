/* getopt keeps the order of what is no option, so that two lists are walked along argv side by side. */
#include "cli/words.h"

#include "base/memory.h"

#include <stdlib.h>

/* "-0x4C80"; and no option begins with a blank or an arrow: "-> send alert", "- Status: ..." of a log. */
bool words_is_number(const char *arg)
{
	return arg[0] == '-' &&
	       ((arg[1] >= '0' && arg[1] <= '9') || arg[1] == ' ' || arg[1] == '>');
}

bool words_split(struct words *w, int argc, char **argv)
{
	*w = (struct words){ .rest = memory_zeroed((size_t)argc + 1, sizeof *w->rest) };
	w->list = memory_zeroed((size_t)argc + 1, sizeof *w->list);
	if (w->rest == NULL || w->list == NULL)
		return false;
	for (int i = 0; i < argc; i++)
		if (i == 0 || !words_is_number(argv[i]))
			w->rest[w->n_rest++] = argv[i];
	return true;
}

void words_merge(struct words *w, int argc, char **argv, int first)
{
	for (int i = 1; i < argc; i++) {
		bool operand = first < w->n_rest && w->rest[first] == argv[i];

		if (operand)
			first++;
		if (operand || words_is_number(argv[i]))
			w->list[w->n++] = argv[i];
	}
}

void words_free(struct words *w)
{
	free(w->rest);
	free(w->list);
}
