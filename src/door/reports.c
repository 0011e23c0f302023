/* The reports of a run: the one that is its main output, and those beside it. */
#include "door/run.h"

static const enum report_form forms[] = {
	[TLSDIAG_TEXT] = REPORT_TEXT,
	[TLSDIAG_JSON] = REPORT_JSON,
	[TLSDIAG_NDJSON] = REPORT_NDJSON,
	[TLSDIAG_JUNIT] = REPORT_JUNIT,
	[TLSDIAG_SARIF] = REPORT_SARIF,
};

static bool add(struct reports *r, FILE *out, const struct report_options *o, struct err *e)
{
	r->list[r->n] = report_open(out, o, e);
	if (r->list[r->n] == NULL)
		return false;
	r->n++;
	return true;
}

bool reports_open(struct reports *r, const struct tlsdiag_options *o, struct err *e)
{
	static const enum report_only lists[] = {
		[TLSDIAG_LIST_TELLING] = ONLY_DEFAULT,
		[TLSDIAG_LIST_FAILED] = ONLY_FAILED,
		[TLSDIAG_LIST_COMPLETED] = ONLY_COMPLETED,
		[TLSDIAG_LIST_ALL] = ONLY_ALL,
	};
	struct report_options with = { .only = lists[o->list],
		.utf8 = o->utf8,
		.width = o->width,
		.warnings_fail = o->warnings_fail };

	if (o->n_also > TLSDIAG_OUTPUTS_MAX)
		return err_set(e, ERR_USAGE, 0, "more than '%d' reports beside the first",
			TLSDIAG_OUTPUTS_MAX);
	for (size_t i = 0; i < o->n_also; i++) {
		with.form = forms[o->also[i].form];
		if (o->also[i].form != TLSDIAG_NO_REPORT && !add(r, o->also[i].out, &with, e))
			return false;
	}
	if (o->report == TLSDIAG_NO_REPORT)
		return true;
	with.form = forms[o->report];
	with.color = o->color;
	return add(r, o->out, &with, e);
}

bool reports_want_messages(const struct tlsdiag_options *o)
{
	bool wanted = o->report != TLSDIAG_NO_REPORT && report_wants_messages(forms[o->report]);

	for (size_t i = 0; i < o->n_also; i++)
		wanted |= o->also[i].form != TLSDIAG_NO_REPORT &&
			  report_wants_messages(forms[o->also[i].form]);
	return wanted;
}

void reports_begin(struct reports *r, const struct input_info *in)
{
	for (size_t i = 0; i < r->n; i++)
		report_begin(r->list[i], in);
}

void reports_handshake(struct reports *r, const struct examined *ex)
{
	for (size_t i = 0; i < r->n; i++)
		report_handshake(r->list[i], ex);
}

bool reports_end(
	struct reports *r, const struct input_info *in, const struct desk *d, struct err *e)
{
	struct err other;
	bool ok = true;

	for (size_t i = 0; i < r->n; i++)
		ok &= report_end(r->list[i], in, d, ok ? e : &other);
	return ok;
}

void reports_close(struct reports *r)
{
	while (r->n != 0)
		report_close(r->list[--r->n]);
}
