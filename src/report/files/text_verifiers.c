/*
 * Who refuses what the files would send, for people: one line for each property that somebody minds,
 * with those who do. A stack of which every version answers alike is named without them.
 */
#include "diagnose/refusers.h"
#include "report/files/report.h"

enum { ITEM_AT = 2, PROPERTY_AT = 4 };

struct asked {
	enum property property;
	enum verifier_role role, also; /* also: TLS 1.3, as a client; the same as role: none */
};

static struct verifier_answer answer_of(const struct asked *a, size_t i, enum verifier_role role)
{
	return verifier_answer(a->property, i, role);
}

static void add_alert(struct strbuf *out, const struct verifier_answer *a)
{
	switch (a->result) {
	case VERIFIER_ALERT:
		strbuf_printf(out, "%d", a->alert);
		break;
	case VERIFIER_CLOSE_NOTIFY:
		strbuf_puts(out, "close_notify");
		break;
	case VERIFIER_CLOSES:
		strbuf_puts(out, "no alert");
		break;
	case VERIFIER_STORE:
		strbuf_puts(out, "does not load the store");
		break;
	case VERIFIER_UNMEASURED:
	case VERIFIER_ACCEPTS:
		strbuf_puts(out, "accepts");
		break;
	}
}

static bool same_answer(const struct verifier_answer *a, const struct verifier_answer *b)
{
	return a->result == b->result && a->alert == b->alert;
}

/* Do all versions of its stack answer alike, where they were measured? */
static bool alike(const struct asked *a, size_t first, size_t end)
{
	for (size_t i = first + 1; i < end; i++) {
		struct verifier_answer one = answer_of(a, first, a->role);
		struct verifier_answer other = answer_of(a, i, a->role);
		struct verifier_answer one13 = answer_of(a, first, a->also);
		struct verifier_answer other13 = answer_of(a, i, a->also);

		if (!same_answer(&one, &other) ||
			(other13.result != VERIFIER_UNMEASURED && !same_answer(&one13, &other13)))
			return false;
	}
	return true;
}

/* " (42)", " (42; TLS 1.3: 46)". */
static void add_answer(struct strbuf *out, const struct asked *a, size_t i)
{
	struct verifier_answer one = answer_of(a, i, a->role), other = answer_of(a, i, a->also);

	strbuf_puts(out, " (");
	add_alert(out, &one);
	if (other.result != VERIFIER_UNMEASURED && !same_answer(&one, &other)) {
		strbuf_puts(out, "; TLS 1.3: ");
		add_alert(out, &other);
	}
	strbuf_puts(out, ")");
}

static bool refuses(const struct asked *a, size_t i)
{
	struct verifier_answer one = answer_of(a, i, a->role), other = answer_of(a, i, a->also);

	return verifier_refuses(&one) || verifier_refuses(&other);
}

static size_t end_of_stack(size_t first)
{
	size_t end = first + 1;

	while (verifier_at(end) != NULL &&
		strcmp(verifier_at(end)->stack, verifier_at(first)->stack) == 0)
		end++;
	return end;
}

static void add_stack(struct strbuf *out, const struct asked *a, size_t first, size_t end)
{
	bool whole = alike(a, first, end);

	for (size_t i = first; i < end; i++) {
		const struct verifier *v = verifier_at(i);

		if (!refuses(a, i))
			continue;
		strbuf_printf(out, "%s%s", out->len != 0 ? ", " : "", v->stack);
		if (!whole)
			strbuf_printf(out, " %s", v->version);
		add_answer(out, a, i);
		if (whole)
			return;
	}
}

static void add_stacks(struct strbuf *out, const struct asked *a)
{
	for (size_t i = 0; verifier_at(i) != NULL; i = end_of_stack(i))
		if (refusers_is_one_of_nine(verifier_at(i)))
			add_stack(out, a, i, end_of_stack(i));
}

static void put_property(struct page *p, const struct asked *a)
{
	struct strbuf who = { 0 };

	add_stacks(&who, a);
	if (who.len != 0) {
		page_tab(p, ITEM_AT);
		page_wrapf(p, PROPERTY_AT, "%s: %s", property_info(a->property)->title,
			strbuf_text(&who));
		page_end_line(p);
	}
	strbuf_free(&who);
}

static const char *assumption(const struct presented *c, enum purpose purpose)
{
	bool name = c->name_given || purpose == PURPOSE_CLIENT;

	if (c->trust_given)
		return name ? "" : "; the name is taken to fit";
	return name ? "; the root is taken to be trusted"
		    : "; the root is taken to be trusted, the name to fit";
}

/* A server's certificate is judged by clients, a client's by servers. */
static unsigned judges_of(enum purpose purpose)
{
	return purpose == PURPOSE_SERVER ? 1u << VERIFIER_CLIENT_12 | 1u << VERIFIER_CLIENT_13
					 : 1u << VERIFIER_SERVER;
}

size_t files_refusers(const struct presented_chains *chains, enum purpose purpose)
{
	size_t most = 0;

	for (size_t i = 0; chains != NULL && i < chains->n; i++) {
		size_t n = refusers_count(&chains->list[i].properties, judges_of(purpose));

		most = n > most ? n : most;
	}
	return most;
}

/* What limits of ours kept from being judged. */
static void put_left_out(struct page *p, const struct presented *c)
{
	if (c->n_left_out != 0) {
		page_tab(p, ITEM_AT);
		page_wrapf(p, PROPERTY_AT,
			"%zu more certificate%s not looked at: of one chain the "
			"first %d are",
			c->n_left_out, c->n_left_out == 1 ? " was" : "s were", PRESENTED_MAX);
		page_end_line(p);
	}
	if (c->properties.cut) {
		page_tab(p, ITEM_AT);
		page_wrapf(p, PROPERTY_AT,
			"it has more properties than the %d that are kept of one "
			"chain",
			PROPERTIES_MAX);
		page_end_line(p);
	}
}

static void put_chain(struct page *p, const struct presented *c, enum purpose purpose)
{
	bool server = purpose == PURPOSE_SERVER;
	size_t n = refusers_count(&c->properties, judges_of(purpose));

	page_blank_line(p);
	page_put(p, ROLE_LABEL, c->file != NULL ? c->file->path : "the chain");
	page_wrapf(p, ITEM_AT, ": who refuses it, by measurement (the number is the alert%s)",
		assumption(c, purpose));
	page_end_line(p);
	if (n == 0) {
		page_tab(p, ITEM_AT);
		page_put(p, ROLE_PLAIN, "none of the nine stacks measured");
		page_end_line(p);
	}
	for (size_t i = 0; i < c->properties.n; i++) {
		struct asked a = { (enum property)c->properties.list[i],
			server ? VERIFIER_CLIENT_12 : VERIFIER_SERVER,
			server ? VERIFIER_CLIENT_13 : VERIFIER_SERVER };

		put_property(p, &a);
	}
	put_left_out(p, c);
}

void files_text_verifiers(
	struct page *p, const struct presented_chains *chains, enum purpose purpose)
{
	for (size_t i = 0; chains != NULL && i < chains->n; i++)
		put_chain(p, &chains->list[i], purpose);
}
