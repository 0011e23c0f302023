/* A request, a key store, a capture where a certificate or key was meant: nothing is wrong with it but its place. */
#include "diagnose/claims.h"

static const char *const steps[] = {
	"name the file that is meant, or put the files in the order of the options",
	NULL,
};

const struct cause cause_file_of_another_kind = {
	.id = "file-of-another-kind",
	.origin = ORIGIN_CONFIG,
	.summary = "A file holds something else than it was named for",
	.next_steps = steps,
};
