/* A fault, for people: what each stack answers to it. */
#include "report/lookups/alert_lookup.h"

enum { STACKS_AT = 28 };

static bool same_answer(const struct atlas_answer *a, const struct atlas_answer *b)
{
	return a->result == b->result && a->alert == b->alert;
}

static bool wanted(const struct fault_lookup *f, const struct atlas_fault *fault, enum stack s)
{
	return fault->answers[s].result != ATLAS_NOT_RUN && alert_query_has_stack(&f->query, s);
}

/* Stacks with one answer share its line; this is the line of the stack `first`. */
static void put_answer(struct page *p, const struct fault_lookup *f,
	const struct atlas_fault *fault, enum stack first)
{
	const struct atlas_answer *answer = &fault->answers[first];
	struct strbuf stacks = { 0 };
	char text[ANSWER_TEXT];

	for (enum stack s = first; s <= STACK_JSSE; s++) {
		if (!wanted(f, fault, s) || !same_answer(&fault->answers[s], answer))
			continue;
		strbuf_puts(&stacks, stacks.len != 0 ? ", " : "");
		fault_put_stack(&stacks, s, &fault->answers[s]);
	}
	page_tab(p, 2);
	page_put(p, ROLE_PLAIN, fault_answer_text(answer, text));
	page_tab(p, STACKS_AT);
	page_wrap(p, STACKS_AT, strbuf_text(&stacks));
	page_end_line(p);
	strbuf_free(&stacks);
}

static void put_answers(
	struct page *p, const struct fault_lookup *f, const struct atlas_fault *fault)
{
	size_t n = 0;

	for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++) {
		bool first = wanted(f, fault, s);

		for (enum stack before = STACK_OPENSSL; first && before < s; before++)
			first = !wanted(f, fault, before) ||
				!same_answer(&fault->answers[before], &fault->answers[s]);
		if (!first)
			continue;
		put_answer(p, f, fault, s);
		n++;
	}
	if (n != 0)
		return;
	page_tab(p, 2);
	page_put(p, ROLE_PLAIN, "not measured");
	page_end_line(p);
}

static void put_fault(struct page *p, const struct fault_lookup *f, const struct atlas_fault *fault)
{
	struct strbuf text = { 0 };

	page_blank_line(p);
	page_put(p, ROLE_LABEL, fault->id);
	page_put(p, ROLE_PLAIN, ": ");
	strbuf_puts(&text, fault->title);
	strbuf_puts(&text, ", ");
	fault_put_place(&text, fault);
	strbuf_printf(
		&text, "; answered by the %s", fault->side == ATLAS_CLIENT ? "client" : "server");
	page_wrap(p, 2, strbuf_text(&text));
	page_end_line(p);
	put_answers(p, f, fault);
	strbuf_clear(&text);
	if (fault->causes[0] != '\0') {
		strbuf_puts(&text, "see ");
		lookup_put_ids(&text, fault->causes);
		page_tab(p, 2);
		page_wrap(p, 6, strbuf_text(&text));
		page_end_line(p);
	}
	strbuf_free(&text);
}

/* Two faults at once: told when it is they that were asked for, else counted. */
static bool is_pair(const struct fault_lookup *f, const struct atlas_fault *fault)
{
	return strchr(fault->id, '+') != NULL && strcmp(fault->id, f->id) != 0;
}

void fault_lookup_text(struct page *p, const struct fault_lookup *f)
{
	size_t pairs = 0;

	for (size_t i = 0; i < atlas_fault_count(); i++) {
		const struct atlas_fault *fault = atlas_fault_at(i);

		if (!fault_lookup_has(f, fault))
			continue;
		if (is_pair(f, fault))
			pairs++;
		else
			put_fault(p, f, fault);
	}
	if (pairs == 0)
		return;
	page_blank_line(p);
	page_wrapf(p, 0,
		"It was also measured together with another fault: %zu %s (--json has %s).", pairs,
		pairs == 1 ? "pair" : "pairs", pairs == 1 ? "it" : "them");
	page_end_line(p);
}
