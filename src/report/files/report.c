/* Hands the verdict to the form asked for, and writes what that lays out in one go. */
#include "report/files/report.h"

#include <errno.h>
#include <string.h>

enum { NARROWEST = 40, WIDEST = 120 };

static void lay_out(struct page *p, enum report_form form, const struct files_report *r)
{
	switch (form) {
	case REPORT_TEXT:
		files_text(p, r);
		break;
	case REPORT_JSON:
	case REPORT_NDJSON:
		files_json(&p->out, r);
		break;
	case REPORT_JUNIT:
		files_junit(&p->out, r);
		break;
	case REPORT_SARIF:
		files_sarif(&p->out, r);
		break;
	}
}

bool files_report(
	FILE *out, const struct report_options *o, const struct files_report *r, struct err *e)
{
	struct page p = { .width = o->width < NARROWEST ? NARROWEST
				   : o->width > WIDEST  ? WIDEST
							: o->width,
		.color = o->color,
		.utf8 = o->utf8 };
	int code = 0;

	lay_out(&p, o->form, r);
	errno = 0;
	if (p.out.failed)
		code = ENOMEM;
	else if (fwrite(p.out.text, 1, p.out.len, out) != p.out.len || fflush(out) != 0)
		code = errno != 0 ? errno : EIO;
	strbuf_free(&p.out);
	return code == 0 || err_set(e, ERR_OS, code, "cannot write the report: %s", strerror(code));
}
