/* An alert, for people: what it means, what makes which stack send it, what to look at. */
#include "report/lookups/alert_lookup.h"

#include "names/names.h"
#include "names/pages.h"

#include <stdio.h>

enum {
	NAME_AT = 5, /* columns of the table */
	MEANING_AT = 38,
	FAULTS_SHOWN = 12,
};

static const char unregistered[] = "no RFC has an alert of this number";
static const char silent_next[] =
	"read the log of the side that closed: 'tlsdiag strerror' looks up the code in it";

static void put_title(struct page *p, const struct alert_lookup *a, const struct alert_info *info)
{
	char name[48];

	if (a->code == ATLAS_NO_ALERT) {
		page_put(p, ROLE_NOTE, "The connection is closed without an alert");
		page_end_line(p);
		return;
	}
	name_or_hex(name, name_alert((unsigned)a->code), (unsigned)a->code);
	page_printf(p, ROLE_LABEL, "%d", a->code);
	page_tab(p, LOOKUP_AT);
	page_put(p, ROLE_NOTE, info != NULL ? name : "not registered");
	page_end_line(p);
	if (info != NULL)
		lookup_row(p, "", info->rfc);
}

static void put_sender(struct page *p, enum paste_sender sender)
{
	if (sender == PASTE_SENDER_PEER)
		lookup_row(p, "sent by", "the peer of the program that says so");
	else if (sender == PASTE_SENDER_SELF)
		lookup_row(p, "sent by", "the program itself that says so");
}

/* Likeliest first. Returns the causes of the first, for the page to read next. */
static const char *put_reasons(struct page *p, const struct alert_lookup *a)
{
	size_t n = 0, shown = 0;
	const struct alert_reason *reasons =
		a->code != ATLAS_NO_ALERT ? alert_reasons((unsigned)a->code, &n) : NULL;
	const char *causes = "";
	char text[512];

	for (size_t i = 0; i < n; i++) {
		const struct alert_reason *r = &reasons[i];

		if (!alert_query_fits(&a->query, r))
			continue;
		if (shown == 0)
			causes = r->causes;
		(void)snprintf(text, sizeof text, "%s (%s): %s",
			strcmp(r->sender, "either") == 0 ? "either side" : r->sender,
			strcmp(r->stacks, "any") == 0 ? "any stack" : r->stacks, r->text);
		lookup_reason(p, shown == 0 ? "why" : "", shown + 1, text, r->causes);
		shown++;
	}
	return causes;
}

static void put_next(struct page *p, const char *next, const char *causes)
{
	struct strbuf id = { 0 };

	if (next != NULL)
		lookup_row(p, "next", next);
	lookup_put_first_id(&id, causes);
	if (rule_page_find(strbuf_text(&id)) != NULL) {
		lookup_label(p, next != NULL ? "" : "next");
		page_wrapf(p, LOOKUP_AT, "tlsdiag explain %s", strbuf_text(&id));
		page_end_line(p);
	}
	strbuf_free(&id);
}

/* A fault, and below it the stacks that gave this alert for it. */
static void put_hits(
	struct page *p, const struct alert_lookup *a, const struct atlas_hit *hits, size_t n)
{
	const struct atlas_fault *fault = hits[0].fault;
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%s: %s", fault->id, fault->title);
	if ((int)fault->message != a->query.after) {
		strbuf_puts(&text, ", ");
		fault_put_place(&text, fault);
	}
	page_wrap(p, LOOKUP_AT + 2, strbuf_text(&text));
	page_end_line(p);
	strbuf_clear(&text);
	for (size_t i = 0; i < n; i++) {
		strbuf_puts(&text, i != 0 ? ", " : "");
		fault_put_stack(&text, hits[i].stack, hits[i].answer);
	}
	page_tab(p, LOOKUP_AT + 4);
	page_wrap(p, LOOKUP_AT + 4, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static size_t count_faults(const struct alert_hits *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i += alert_hits_same_fault(h, i))
		n++;
	return n;
}

/* The whole list says little until it is known which stack it was, or after which message. */
static bool is_narrow(const struct alert_lookup *a)
{
	return a->query.stack != NULL || a->query.after != ATLAS_ANY_MESSAGE;
}

static void put_measured(struct page *p, const struct alert_lookup *a)
{
	struct alert_hits h = alert_hits_find(a);
	size_t n = count_faults(&h), shown = is_narrow(a) ? FAULTS_SHOWN : 0, k = 0;

	p->out.failed = p->out.failed || h.failed;
	for (size_t i = 0; i < h.n && k < shown; k++) {
		size_t same = alert_hits_same_fault(&h, i);

		lookup_label(p, k == 0 ? "measured" : "");
		put_hits(p, a, h.hits + i, same);
		i += same;
	}
	if (n > k) {
		lookup_label(p, k == 0 ? "measured" : "");
		page_wrapf(p, LOOKUP_AT,
			k == 0 ? "%zu %s got this answer: --stack and --after tell which come into "
				 "question"
			       : "and %zu more %s (--json has all)",
			n - k, n - k == 1 ? "fault" : "faults");
		page_end_line(p);
	} else if (n == 0 && is_narrow(a)) {
		lookup_row(p, "measured", "no fault had this answer");
	}
	alert_hits_free(&h);
}

/* In which order the stacks asked for look at a ServerKeyExchange, if that may be the matter. */
static void put_order(struct page *p, const struct alert_lookup *a)
{
	bool first = true;

	if (a->query.stack == NULL || a->query.from == ATLAS_SERVER ||
		(a->query.after != ATLAS_ANY_MESSAGE &&
			a->query.after != handshake_type_by_name("server_key_exchange")))
		return;
	for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++) {
		const struct stack_order *order = stack_order(s);

		if (!alert_query_has_stack(&a->query, s))
			continue;
		lookup_label(p, first ? "order" : "");
		page_wrapf(p, LOOKUP_AT + 2, "%s as a client, in a ServerKeyExchange: %s",
			stack_name(s), order->steps);
		page_end_line(p);
		first = false;
	}
}

void alert_lookup_text(struct page *p, const struct alert_lookup *a)
{
	const struct alert_info *info =
		a->code != ATLAS_NO_ALERT ? alert_find((unsigned)a->code) : NULL;
	const char *next = info != NULL ? info->next : NULL, *causes;

	put_title(p, a, info);
	page_blank_line(p);
	if (a->code != ATLAS_NO_ALERT)
		lookup_row(p, "meaning", info != NULL ? info->meaning : unregistered);
	put_sender(p, a->sender);
	causes = put_reasons(p, a);
	put_measured(p, a);
	alert_certificates_text(p, a);
	put_order(p, a);
	put_next(p, a->code == ATLAS_NO_ALERT ? silent_next : next, causes);
}

void alert_table_text(struct page *p)
{
	for (size_t i = 0; i < alert_count(); i++) {
		const struct alert_info *info = alert_at(i);
		char name[48];

		name_or_hex(name, name_alert(info->code), info->code);
		page_printf(p, ROLE_LABEL, "%3u", info->code);
		page_tab(p, NAME_AT);
		page_put(p, ROLE_NOTE, name);
		page_tab(p, MEANING_AT);
		page_wrap(p, MEANING_AT, info->meaning);
		page_end_line(p);
	}
}
