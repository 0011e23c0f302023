/* What an extension is for, in a sentence, and what goes wrong with it. */
#ifndef TLSDIAG_NAMES_EXTENSION_NOTES_H
#define TLSDIAG_NAMES_EXTENSION_NOTES_H

#include <stdint.h>

struct extension_note {
	const char *name;
	const char *meaning;
	const char *see; /* ids of rules, parted by blanks */
};

/* NULL when nothing is written of it. */
const struct extension_note *extension_note(uint16_t value);

#endif
