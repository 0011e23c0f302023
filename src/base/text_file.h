/* Small text files that options name: lines, a password, bytes in hex. Wiped when closed. */
#ifndef TLSDIAG_BASE_TEXT_FILE_H
#define TLSDIAG_BASE_TEXT_FILE_H

#include "base/file.h"

struct text_file {
	struct secret text; /* a NUL follows */
	size_t at;          /* of the next line */
	size_t lines;       /* taken so far */
};

bool text_file_read(
	const char *path, const struct file_kind *kind, struct text_file *out, struct err *e);
void text_file_close(struct text_file *f); /* accepts one that was never read */

/* The next line without its end ("\n", "\r\n"), as a string inside the file; NULL at the end. */
char *text_file_line(struct text_file *f);

/* All of it as pairs of hex digits, with white space and colons between them, "0x" before. False: it
 * is something else, or empty. Release with secret_wipe(). */
bool text_file_hex(const struct text_file *f, struct secret *out);

#endif
