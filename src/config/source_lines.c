/* One character after the other; what it is part of is all that is remembered. */
#include "config/source_lines.h"

#include <string.h>

enum part { CODE, LINE_COMMENT, BLOCK_COMMENT, QUOTED };

struct source_lines source_lines_of(struct bytes text)
{
	return (struct source_lines){ .rest = text };
}

void source_lines_close(struct source_lines *l)
{
	strbuf_free(&l->text);
}

static bool begins(const struct source_lines *l, const char *word)
{
	size_t n = strlen(word);

	return l->rest.len >= n && memcmp(l->rest.data, word, n) == 0;
}

static void pass(struct source_lines *l, size_t n)
{
	l->rest = bytes_slice(l->rest, n, l->rest.len);
}

/* A backslash before the end of the line: the next one goes on. */
static bool joins(struct source_lines *l)
{
	size_t n = begins(l, "\\\n") ? 2 : begins(l, "\\\r\n") ? 3 : 0;

	pass(l, n);
	l->read += n != 0;
	return n != 0;
}

static enum part begin_comment(struct source_lines *l, enum part comment)
{
	pass(l, 2);
	strbuf_puts(&l->text, " ");
	return comment;
}

/* Of a quoted text: an escaped quote does not end it. */
static void take_escaped(struct source_lines *l)
{
	strbuf_add(&l->text, (const char *)l->rest.data, 2);
	pass(l, 2);
}

static enum part take_character(struct source_lines *l, enum part part, char *quote)
{
	const char c = (char)l->rest.data[0];

	if (part == CODE && begins(l, "/*"))
		return begin_comment(l, BLOCK_COMMENT);
	if (part == CODE && begins(l, "//"))
		return begin_comment(l, LINE_COMMENT);
	if (part == BLOCK_COMMENT && begins(l, "*/")) {
		pass(l, 2);
		return CODE;
	}
	if (part == QUOTED && c == '\\' && l->rest.len > 1 && l->rest.data[1] != '\n') {
		take_escaped(l);
		return QUOTED;
	}
	if (part == CODE || part == QUOTED)
		strbuf_add(&l->text, &c, 1);
	pass(l, 1);
	if (part == CODE && (c == '"' || c == '\'')) {
		*quote = c;
		return QUOTED;
	}
	return part == QUOTED && c == *quote ? CODE : part;
}

bool source_lines_next(struct source_lines *l)
{
	enum part part = CODE;
	char quote = '\0';

	strbuf_clear(&l->text);
	l->number = l->read + 1;
	if (l->rest.len == 0)
		return false;
	while (l->rest.len != 0 && !l->text.failed) {
		if (joins(l))
			continue;
		if (l->rest.data[0] == '\n') {
			pass(l, 1);
			l->read++;
			if (part != BLOCK_COMMENT)
				break;
			continue;
		}
		part = take_character(l, part, &quote);
	}
	return !l->text.failed;
}
