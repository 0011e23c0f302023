/* What `tlsdiag strerror` writes of one code. */
#ifndef TLSDIAG_REPORT_LOOKUPS_CODE_LOOKUP_H
#define TLSDIAG_REPORT_LOOKUPS_CODE_LOOKUP_H

#include "names/codes.h"
#include "report/lookups/lookup.h"

struct code_lookup {
	const char *asked; /* as given */
	const struct code_match *matches;
	size_t n;   /* 0: not known */
	bool brief; /* a line for each */
};

/* Up to so many codes are told in full; of more, each is told in brief. */
enum { CODES_IN_FULL = 4 };

void code_lookup_text(struct page *p, const struct code_lookup *c);
/* One element of the array "codes". */
void code_lookup_json(struct json *j, const struct code_lookup *c);

/* The number as its library writes it: "-0x4C80", "0A000132", "-332", "0x08"; "" when it has none. */
enum { CODE_NUMBER = 32 };
const char *code_number(const struct code_match *m, char out[static CODE_NUMBER]);

/* What to run next, best first; at least one. */
enum { NEXT_COMMANDS = 5, NEXT_COMMAND = 96 };
struct next_commands {
	char list[NEXT_COMMANDS][NEXT_COMMAND];
	size_t n;
};
void code_next(const struct code *code, struct next_commands *out);

#endif
