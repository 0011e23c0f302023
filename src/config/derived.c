/* The directives are data (data/config/derived-3.6.tsv), run by the preprocessor like a file of the user's. */
#include "config/derived.h"

#include "base/strbuf.h"
#include "config/tables.h"

bool config_derive(struct config *c, const struct config_version *v, struct err *e)
{
	struct text_table t = table_derived(config_release_major(v->release));
	struct strbuf text = { 0 };
	bool ok;

	for (size_t i = 0; i < t.n; i++)
		strbuf_printf(&text, "%s\n", t.rows[i]);
	ok = !text.failed ? config_run(c, bytes_of(text.text, text.len), e)
			  : err_set(e, ERR_MEMORY, 0, "out of memory");
	strbuf_free(&text);
	return ok;
}
