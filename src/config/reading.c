/* What `tlsdiag config` finds is counted here, and thrown away: beside handshakes it is a side matter. */
#include "config/reading.h"

#include "base/memory.h"
#include "config/derived.h"
#include "config/finding.h"

#include <stdlib.h>

enum { TEXTS_BYTES = 4 << 20 };

static bool count_findings(
	struct config *c, struct config_reading *out, struct arena *texts, struct err *e)
{
	struct config_findings *found = memory_zeroed(1, sizeof *found);
	bool ok;

	if (found == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	config_findings_written(found, c, &out->version, texts);
	ok = config_derive(c, &out->version, e);
	config_findings_derived(found, c, &out->version, texts);
	out->errors = found->errors;
	out->warnings = found->warnings;
	free(found);
	return ok;
}

bool config_reading_of(struct config *c, struct config_reading *out, struct err *e)
{
	struct arena *texts = arena_new(TEXTS_BYTES);
	bool ok;

	if (texts == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	*out = (struct config_reading){ .config = c, .count = config_count(c) };
	config_version_guess(c, &out->version);
	build_of(c, config_release_major(out->version.release), &out->build);
	ok = count_findings(c, out, texts, e);
	arena_free(texts);
	return ok;
}
