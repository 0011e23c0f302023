/* A form is a row of functions; what a form does not want is not asked of it. */
#include "base/memory.h"
#include "report/handshakes/form.h"
#include "session/handshake.h"

#include <errno.h>
#include <stdlib.h>

enum {
	NARROWEST = 40,
	WIDEST = 120,
	RESERVE = 64 << 10, /* of text: the longest single piece fits, also when memory runs out */
};

const char memory_ran_out_text[] =
	"nothing is concluded: this machine ran out of memory, and what is missing cannot be told";

static const struct form *const forms[] = {
	[REPORT_TEXT] = &form_text,
	[REPORT_JSON] = &form_json,
	[REPORT_NDJSON] = &form_ndjson,
	[REPORT_JUNIT] = &form_junit,
	[REPORT_SARIF] = &form_sarif,
};

/* A text shows those of handshakes that went wrong, SARIF only the findings. */
bool report_wants_messages(enum report_form form)
{
	return form == REPORT_JSON || form == REPORT_NDJSON || form == REPORT_JUNIT;
}

/* A report that was begun is brought to its end in the memory it has. */
static void spill(struct strbuf *page, void *ctx)
{
	(void)page;
	report_flush(ctx);
}

struct report *report_open(FILE *out, const struct report_options *o, struct err *e)
{
	struct report *r = memory_new(sizeof *r);

	if (r != NULL) {
		r->form = forms[o->form];
		r->options = *o;
		r->out = out;
		r->page.color = o->color;
		r->page.utf8 = o->utf8;
		r->page.width = o->width < NARROWEST ? NARROWEST
				: o->width > WIDEST  ? WIDEST
						     : o->width;
		r->page.out.spill = spill;
		r->page.out.spill_ctx = r;
		if (strbuf_reserve(&r->page.out, RESERVE) &&
			(r->form->open == NULL || r->form->open(r)))
			return r;
		strbuf_free(&r->page.out);
	}
	free(r);
	err_set(e, ERR_MEMORY, 0, "out of memory");
	return NULL;
}

void report_close(struct report *r)
{
	if (r == NULL)
		return;
	if (r->form->close != NULL)
		r->form->close(r);
	strbuf_free(&r->page.out);
	free(r);
}

bool report_failed(const struct report *r)
{
	return r->write_error != 0;
}

bool report_lists(const struct report *r, const struct handshake *hs)
{
	switch (r->options.only) {
	case ONLY_FAILED:
		return hs->outcome == OUTCOME_FAILED;
	case ONLY_COMPLETED:
		return hs->outcome == OUTCOME_COMPLETED;
	case ONLY_DEFAULT:
	case ONLY_ALL:
		break;
	}
	return true;
}

void report_flush(struct report *r)
{
	struct strbuf *page = &r->page.out;

	if (page->failed && r->write_error == 0)
		r->write_error = ENOMEM;
	if (page->len != 0 && r->write_error == 0 &&
		fwrite(page->text, 1, page->len, r->out) != page->len)
		r->write_error = errno != 0 ? errno : EIO;
	strbuf_clear(page);
}

void report_begin(struct report *r, const struct input_info *in)
{
	r->replay = strcmp(in->kind, "replay") == 0;
	r->live = strcmp(in->kind, "probe") == 0 || strcmp(in->kind, "replay") == 0;
	r->form->begin(r, in);
	report_flush(r);
}

void report_handshake(struct report *r, const struct examined *ex)
{
	if (report_failed(r))
		return;
	r->form->handshake(r, ex);
	report_flush(r);
}

bool report_end(struct report *r, const struct input_info *in, const struct desk *d, struct err *e)
{
	r->form->end(r, in, d);
	report_flush(r);
	if (r->write_error == 0 && fflush(r->out) != 0)
		r->write_error = errno;
	if (r->write_error == 0)
		return true;
	return err_set(
		e, ERR_OS, r->write_error, "cannot write the report: %s", strerror(r->write_error));
}
