/*
 * What a code of mbedTLS usually stands for, where there is nothing else that a cause could rest on: each with its
 * page, likeliest first, and none held for more than possible.
 */
#include "base/array.h"
#include "names/codes.h"
#include "report/handshakes/text_parts.h"

#include <string.h>

enum { AT = 8, CODES_MAX = 4, SHOWN_MAX = 6 };

struct meanings {
	const struct code *code[CODES_MAX];
	size_t n;
};

static void add(struct meanings *m, int value, const char *release)
{
	struct code_match match[2];
	size_t n = code_of_mbedtls(value, release, match);

	for (size_t i = 0; i < n && m->n < CODES_MAX; i++) {
		size_t k = 0;

		while (k < m->n && m->code[k] != match[i].code)
			k++;
		if (k == m->n)
			m->code[m->n++] = match[i].code;
	}
}

/* Of a release that is not told what either line means by it. */
static struct meanings meanings_of(const struct library_word *w)
{
	static const char name[] = "mbedTLS";
	struct meanings m = { .n = 0 };

	if (w->release == NULL || strncmp(w->release, name, strlen(name)) != 0)
		return m;
	if (w->release[strlen(name)] == ' ') {
		add(&m, w->code, w->release + sizeof name);
	} else {
		add(&m, w->code, "3.6.3");
		add(&m, w->code, "2.28.3");
	}
	return m;
}

static void put_cause(struct page *p, const struct code_cause *cause, bool first)
{
	struct strbuf text = { 0 };

	if (first)
		page_put(p, ROLE_LABEL, "may be");
	strbuf_puts(&text, cause->text);
	for (const char *id = cause->causes; *id != '\0';) {
		size_t len = strcspn(id, " ");

		strbuf_printf(&text, "%s%.*s", id == cause->causes ? " (" : ", ", (int)len, id);
		id += len + (id[len] == ' ');
	}
	strbuf_puts(&text, *cause->causes != '\0' ? ")" : "");
	page_tab(p, AT);
	page_wrap(p, AT + 2, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

size_t code_causes_put(struct page *p, const struct library_word *w)
{
	struct meanings m = meanings_of(w);
	const char *command = "";
	size_t shown = 0;

	for (size_t i = 0; i < m.n; i++) {
		size_t n = 0;
		const struct code_cause *known = code_causes(m.code[i], &n);

		for (size_t k = 0; k < n && shown < SHOWN_MAX; k++) {
			put_cause(p, &known[k], shown++ == 0);
			command = *command == '\0' ? known[k].command : command;
		}
	}
	if (shown == 0)
		return 0;
	page_put(p, ROLE_LABEL, "next");
	page_tab(p, AT);
	if (*command != '\0')
		page_wrapf(p, AT, "%s; and tlsdiag explain with one of these names", command);
	else
		page_wrap(p, AT, "tlsdiag explain with one of these names");
	page_end_line(p);
	return shown;
}
