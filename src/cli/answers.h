/*
 * The answers of a look-up: what was asked for, or all that a pasted text names, each told in the form
 * of its kind. strerror, alert, explain and a command line without a command share it.
 */
#ifndef TLSDIAG_CLI_ANSWERS_H
#define TLSDIAG_CLI_ANSWERS_H

#include "cli/lookup.h"
#include "names/paste.h"

struct found_answer {
	char *asked; /* the part of the text that it answers */
	struct paste_find find;
	struct code_match *more; /* of a code that can be more than find holds; else NULL */
	size_t n_codes;
	bool brief; /* told in a line: not what was asked for first */
};

struct answers {
	struct found_answer *list;
	size_t n, size;
	size_t unknown;          /* texts that nothing was found in */
	size_t left_out, unread; /* of pasted texts, as in struct paste */
	bool failed;             /* memory is out */
};

/*
 * A number that is asked for as a cipher suite, group, signature scheme or alert more often than as a code, with what
 * else it can be. False when it is none: nothing is added.
 */
bool answers_add_number(struct answers *a, const char *text);

/* A code and nothing else; as codes_find() takes it. False when it is none: nothing is added. */
bool answers_add_code(struct answers *a, const char *text);
/* All that a text names. False when nothing is. */
bool answers_add_paste(struct answers *a, const char *text);
/* That the text is not known. */
void answers_add_unknown(struct answers *a, const char *text);

/* Writes them under the name of the look-up and frees them. Returns the exit status. */
int answers_write(struct answers *a, const char *lookup, const struct lookup_settings *s);

void answers_free(struct answers *a);

/* The words of a command line as one text, parted by blanks. NULL when memory is out; free() it. */
char *answers_join(char *const *words, int n);

#endif
