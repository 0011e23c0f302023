/* What was expected of a server, and what it is. */
#include "report/handshakes/text_parts.h"

enum { LABEL_AT = 6, MESSAGE_AT = 34 };

static void put_one(struct page *p, const struct expected *x)
{
	page_put(p, x->status == PASS ? ROLE_GOOD : ROLE_ERROR, x->status == PASS ? "ok" : "NO");
	page_tab(p, LABEL_AT);
	page_put(p, ROLE_PLAIN, "expect ");
	page_put(p, ROLE_PLAIN, x->expectation->text);
	page_tab(p, MESSAGE_AT);
	page_wrap(p, MESSAGE_AT, x->message);
	page_end_line(p);
}

bool expectations_met(const struct server_result *s)
{
	for (size_t i = 0; i < s->n_expected; i++)
		if (s->expected[i].status != PASS)
			return false;
	return true;
}

void expectations_put(struct page *p, const struct server_result *s)
{
	for (size_t i = 0; i < s->n_expected; i++)
		put_one(p, &s->expected[i]);
}
