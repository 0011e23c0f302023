/* The findings of all servers as a SARIF report. */
#include "base/memory.h"
#include "report/handshakes/form.h"
#include "report/handshakes/ranked.h"
#include "report/handshakes/server_label.h"
#include "report/sarif_parts.h"
#include "session/handshake.h"

#include <stdlib.h>

static void sarif_begins(struct report *r, const struct input_info *in)
{
	(void)r;
	(void)in;
}

static void sarif_one(struct report *r, const struct examined *ex)
{
	(void)r;
	(void)ex;
}

/* Of several captures, the one with the first handshake that is blamed. */
static const char *input_of(const struct input_info *in, const struct ranked *found)
{
	const struct case_file *cf = found->server->file;
	const struct finding *f = found->finding;

	for (size_t i = 0; f->n_handshakes != 0 && i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (hs->id == f->handshakes[0] && hs->input >= 1 && hs->input <= in->n_names)
			return in->names[hs->input - 1];
	}
	return in->names[0];
}

static void put_result(struct report *r, struct json *j, const struct ranked *found,
	const struct input_info *in, struct sarif_rules *rules)
{
	struct strbuf server = { 0 };
	struct sarif_place place = { .input = input_of(in, found) };

	server_label(found->server->file, &server);
	place.server = strbuf_text(&server);
	sarif_result(j, found->finding, sarif_rule(rules, found->finding->cause), &place);
	j->out->failed |= server.failed;
	strbuf_free(&server);
	report_flush(r);
}

static void put_end(struct json *j, const struct input_info *in)
{
	const char **notes = memory_zeroed(in->n_problems + in->n_limits + 2, sizeof(const char *));
	struct sarif_run run = { .inputs = in->names,
		.n_inputs = in->n_names,
		.notes = notes,
		.complete = in->n_unread == 0 };

	if (notes != NULL && in->memory_ran_out)
		notes[run.n_notes++] = memory_ran_out_text;
	for (size_t i = 0; notes != NULL && i < in->n_problems; i++)
		notes[run.n_notes++] = in->problems[i].text;
	for (size_t i = 0; notes != NULL && i < in->n_limits; i++)
		notes[run.n_notes++] = in->limits[i].text;
	sarif_end(j, &run);
	j->out->failed |= notes == NULL;
	free(notes);
}

static void sarif_ends(struct report *r, const struct input_info *in, const struct desk *d)
{
	struct json j = { &r->page.out, false };
	struct sarif_rules rules = { .n = 0 };
	size_t n;
	struct ranked *list = ranked_findings(d, &n);

	for (size_t i = 0; i < n; i++)
		(void)sarif_rule(&rules, list[i].finding->cause);
	sarif_begin(&j, &rules, in->crypto_version);
	for (size_t i = 0; i < n; i++)
		put_result(r, &j, &list[i], in, &rules);
	put_end(&j, in);
	free(list);
}

const struct form form_sarif = { .begin = sarif_begins, .handshake = sarif_one, .end = sarif_ends };
