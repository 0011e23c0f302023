/* A hello sent again: what was answered then, and what now. */
#include "base/moment.h"
#include "report/handshakes/text_parts.h"
#include "report/when.h"

#include <stdio.h>

enum { VERDICT_AT = 6, FACT_AT = 2, THEN_AT = 16, ANSWERS_SHOWN = 3 };

static void put_fact(struct page *p, const char *label, const char *fact)
{
	page_put(p, ROLE_PLAIN, "");
	page_tab(p, THEN_AT);
	page_put(p, ROLE_LABEL, label);
	page_wrap(p, THEN_AT + 6, fact[0] != '\0' ? fact : "not seen");
	page_end_line(p);
}

static void put_comparison(struct page *p, const struct replay *r, enum answer_fact f)
{
	const char *same = r->has_then ? r->then.fact[f] : r->now[0].fact[f];
	bool unchanged = replay_unchanged(r, f);

	if (unchanged && same[0] == '\0')
		return;
	page_tab(p, FACT_AT);
	page_put(p, ROLE_LABEL, answer_fact_name(f));
	if (unchanged) {
		page_tab(p, THEN_AT);
		page_wrapf(p, THEN_AT, "%s%s", same, r->has_then ? " (the same)" : "");
		page_end_line(p);
		return;
	}
	if (r->has_then)
		put_fact(p, "then  ", r->then.fact[f]);
	for (size_t i = 0; i < r->n_now && i < ANSWERS_SHOWN; i++) {
		if (i > 0 && strcmp(r->now[i].fact[f], r->now[i - 1].fact[f]) == 0)
			continue;
		put_fact(p, "now   ", r->now[i].fact[f]);
	}
}

void replay_put(struct page *p, const struct replay *r)
{
	bool bad = replay_verdict_bad(r->verdict), good = replay_verdict_good(r->verdict);
	const char *how = r->rekeyed ? " with a random and key shares of our own" : "";
	char when[WHEN_TEXT], times[32] = "";

	page_put(p,
		bad    ? ROLE_ERROR
		: good ? ROLE_GOOD
		       : ROLE_NOTE,
		bad    ? "FAIL"
		: good ? "OK"
		       : "NOTE");
	page_tab(p, VERDICT_AT);
	page_wrap(p, VERDICT_AT, replay_verdict_text(r->verdict));
	page_end_line(p);
	page_tab(p, VERDICT_AT);
	if (r->n_now > 1)
		(void)snprintf(times, sizeof times, " %zu times", r->n_now);
	if (r->has_then) {
		when_readable(moment_seconds(r->then.time), when);
		page_wrapf(p, VERDICT_AT,
			"the ClientHello of handshake %llu of %s (%s), sent again%s%s",
			(unsigned long long)r->then.handshake, r->name, when, times, how);
	} else {
		page_wrapf(p, VERDICT_AT, "the ClientHello of %s, sent%s%s", r->name, times, how);
	}
	page_end_line(p);
	if (r->n_now == 0)
		return;
	page_blank_line(p);
	for (int f = 0; f < N_ANSWER_FACTS; f++)
		put_comparison(p, r, (enum answer_fact)f);
}
