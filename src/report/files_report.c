#include "report/files_report.h"

#include <errno.h>
#include <string.h>

enum { NARROWEST = 40, WIDEST = 120 };

bool files_report(
	FILE *out, const struct report_options *o, const struct files_report *r, struct err *e)
{
	struct page p = { .width = o->width < NARROWEST ? NARROWEST
				   : o->width > WIDEST  ? WIDEST
							: o->width,
		.color = o->color,
		.utf8 = o->utf8 };
	int code = 0;

	if (o->form == REPORT_TEXT)
		files_text(&p, r);
	else
		files_json(&p.out, r);
	errno = 0;
	if (p.out.failed)
		code = ENOMEM;
	else if (fwrite(p.out.text, 1, p.out.len, out) != p.out.len || fflush(out) != 0)
		code = errno != 0 ? errno : EIO;
	strbuf_free(&p.out);
	return code == 0 || err_set(e, ERR_OS, code, "cannot write the report: %s", strerror(code));
}
