/* A condition is taken apart at its top level: each part that does not hold is told as it stands, without defined(). */
#include "config/missing.h"

#include <string.h>

/* Up to the next "&&" outside of parentheses. */
static size_t part_len(const char *condition)
{
	size_t len = 0;
	int depth = 0;

	while (condition[len] != '\0' && (depth != 0 || condition[len] != '&')) {
		depth += condition[len] == '(';
		depth -= condition[len] == ')';
		len++;
	}
	while (len > 0 && condition[len - 1] == ' ')
		len--;
	return len;
}

/* "(defined(A) || !defined(B))" as "A or no B". */
static void put_part(struct strbuf *out, const char *part, size_t len)
{
	static const struct {
		const char *from, *to;
	} words[] = { { "!defined(", "no " }, { "defined(", "" }, { "||", "or" }, { "&&", "and" },
		{ "(", "" }, { ")", "" } };

	for (size_t at = 0; at < len;) {
		size_t i = 0, n = sizeof words / sizeof *words;

		while (i < n && strncmp(part + at, words[i].from, strlen(words[i].from)) != 0)
			i++;
		if (i == n) {
			strbuf_printf(out, "%c", part[at]);
			at++;
			continue;
		}
		strbuf_puts(out, words[i].to);
		at += strlen(words[i].from);
	}
}

void config_missing(const struct config *c, const char *condition, struct strbuf *out)
{
	char part[256];
	size_t from = out->len;

	while (*condition != '\0') {
		size_t len = part_len(condition);

		if (len < sizeof part) {
			memcpy(part, condition, len);
			part[len] = '\0';
			if (!config_holds(c, part)) {
				strbuf_puts(out, out->len != from ? ", " : "");
				put_part(out, part, len);
			}
		}
		condition += len;
		condition += strspn(condition, " &");
	}
}
