/*
 * A list of targets: one on each line, blanks around it; "#" begins a remark. What is said of a list
 * that is none never quotes it, because it may be any file, a private key among them: a line has to
 * be made of what names and addresses are made of before it is taken for a target.
 */
#ifndef TLSDIAG_DRIVE_TARGET_LIST_H
#define TLSDIAG_DRIVE_TARGET_LIST_H

#include "base/bytes.h"
#include "base/err.h"

/* A place in a text; start with {text, 0}. */
struct target_list {
	struct bytes left;
	size_t line; /* taken so far */
};

enum { TARGET_LINE_MAX = 320 };

/*
 * The next target as a string; "" at the end. False with ERR_INPUT, "line 3: ...", when the line
 * holds anything else.
 */
bool target_list_next(struct target_list *l, char out[static TARGET_LINE_MAX], struct err *e);

#endif
