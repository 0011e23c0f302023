/* A word that is none of them is answered with the list of those that are. */
#include "cli/choice.h"

#include <stdio.h>
#include <string.h>

bool choice_parse(const char *option, const struct choice *choices, size_t n, const char *word,
	int *out, struct err *e)
{
	char list[80] = "";
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		const char *before = i == 0 ? "" : i + 1 == n ? " or " : ", ";

		if (strcmp(choices[i].word, word) == 0) {
			*out = choices[i].value;
			return true;
		}
		if (used < sizeof list)
			used += (size_t)snprintf(
				list + used, sizeof list - used, "%s%s", before, choices[i].word);
	}
	return err_set(e, ERR_USAGE, 0, "--%s takes %s, not '%s'", option, list, word);
}
