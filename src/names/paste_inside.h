/* What the files of paste.c share. The text is read in this order: mbedTLS's sentences, words, alerts, names, numbers,
 * sentences. */
#ifndef TLSDIAG_NAMES_PASTE_INSIDE_H
#define TLSDIAG_NAMES_PASTE_INSIDE_H

#include "names/paste.h"

/*
 * The text as it is compared: letters in lower case, '-' and '_' and any run of white space as one
 * '_', typographic quotes as plain ones. at[i] is where folded[i] stands in raw; at[n] is its end.
 */
struct paste_text {
	struct bytes raw;
	char *folded;
	uint32_t *at;
	size_t n;
	uint8_t *taken; /* of each byte of raw: 1 when something was found there */
};

struct paste_reader {
	struct paste_text text;
	struct paste *out;
};

/* ---- text (paste_text.c) ---- */

bool paste_text_open(struct paste_text *t, struct bytes raw);
void paste_text_close(struct paste_text *t);

char paste_fold(char c);
bool paste_is_word(uint8_t c); /* a letter of ASCII, a digit or '_' */

/* May something begin, or end, at this place of raw: does no word go on there? */
bool paste_begins(const struct paste_text *t, size_t at);
bool paste_ends(const struct paste_text *t, size_t end);

/* Is any of it taken already? */
bool paste_is_taken(const struct paste_text *t, size_t at, size_t len);

/* The line that a place stands on; of a very long one what is near. */
struct bytes paste_line(const struct paste_text *t, size_t at);
/* Does it hold the word, in letters of either case, at the beginning of a word? */
bool paste_line_has(struct bytes line, const char *word);

/*
 * The length in raw of a phrase that stands at folded[i], in any spelling that folds to the same, with
 * nothing going on before and behind it; 0: another text stands there.
 */
size_t paste_phrase_at(const struct paste_text *t, size_t i, const char *phrase, size_t len);

/* ---- finding ---- */

/* Adds a thing unless it is there already, and takes its place in the text. */
void paste_add(struct paste_reader *r, const struct paste_find *find);

void paste_find_strerror(
	struct paste_reader *r);                /* paste_strerror.c: those of mbedtls_strerror() */
bool paste_find_words(struct paste_reader *r);  /* paste_words.c; false: memory is out */
void paste_find_alerts(struct paste_reader *r); /* paste_alerts.c */
void paste_find_values(struct paste_reader *r); /* paste_values.c: names of TLS */
void paste_find_lone(struct paste_reader *r);   /* paste_lone.c: a number of TLS and nothing else */
void paste_find_numbers(struct paste_reader *r); /* paste_numbers.c */
void paste_find_sayings(struct paste_reader *r); /* paste_sayings.c: what has no code */

/* Bit 1 << enum code_library of those that a line speaks of. */
unsigned paste_libraries(struct bytes line);

#endif
