/* The names of sayings. */
#include "names/sayings.h"

#include "base/array.h"

#include <stddef.h>

struct saying_row {
	const char *id, *title;
};

static const struct saying_row rows[N_SAYINGS] = {
	[SAYING_NONE] = { "none", "nothing" },
#define SAYING(name, text) [SAYING_##name] = { #name, text },
#include "names/sayings.def"
#undef SAYING
};

const char *saying_id(enum saying s)
{
	return rows[s].id;
}

const char *saying_title(enum saying s)
{
	return rows[s].title;
}
