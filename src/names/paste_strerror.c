/* Sentences of mbedtls_strerror(), line by line. Those without the module's name are among the words. */
#include "names/paste_inside.h"
#include "names/strerror_text.h"

#include <stdio.h>

static void add(struct paste_reader *r, struct bytes line, const struct strerror_text *s)
{
	struct paste_find find = { .kind = PASTE_CODE, .len = s->len };
	char number[24];

	find.at = (size_t)(line.data - r->text.raw.data) + s->at;
	if (s->sum != s->code[0]->value) {
		(void)snprintf(number, sizeof number, "-0x%04X", (unsigned)-s->sum);
		find.n_matches =
			codes_find_in(number, 1u << CODE_MBEDTLS, find.match, PASTE_MATCHES);
	} else {
		for (size_t i = 0; i < s->n && i < PASTE_MATCHES; i++)
			find.match[find.n_matches++] =
				(struct code_match){ s->code[i], CODE_WHOLE, s->code[i]->value };
	}
	if (find.n_matches > PASTE_MATCHES)
		find.n_matches = PASTE_MATCHES;
	if (find.n_matches != 0)
		paste_add(r, &find);
}

void paste_find_strerror(struct paste_reader *r)
{
	struct bytes left = r->text.raw;

	while (left.len != 0) {
		const uint8_t *end = memchr(left.data, '\n', left.len);
		struct bytes line =
			bytes_slice(left, 0, end != NULL ? (size_t)(end - left.data) : left.len);
		struct strerror_text found;

		left = bytes_slice(left, line.len + (end != NULL), left.len);
		while (strerror_text_find(line, &found)) {
			add(r, line, &found);
			line = bytes_slice(line, found.at + found.len, line.len);
		}
	}
}
