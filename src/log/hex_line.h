/* Bytes in a line of text: hexadecimal in any form without offsets, decimal lists, strings, base64. */
#ifndef TLSDIAG_LOG_HEX_LINE_H
#define TLSDIAG_LOG_HEX_LINE_H

#include "base/bytes.h"

enum hex_form {
	HEX_NOTHING,
	HEX_DIGITS,  /* 160301, 16 03 01, 16:03:01 */
	HEX_LIST,    /* 0x16, 0x03, 0x01; a line may hold a single one */
	HEX_DECIMAL, /* 22, 3, 1, -2 */
	HEX_STRING,  /* "\x16\x03\x01", and between them what can be printed */
	HEX_BASE64,
};

struct hex_line {
	enum hex_form form;
	struct bytes label; /* what stands before the bytes */
	size_t n;           /* bytes written to out */
	bool ends;          /* "};" and the like: nothing goes on behind it */
};

enum { HEX_LINE_BYTES = 64 * 1024 }; /* room that out has: enough for any line */

/*
 * Takes the bytes out of a line. With `form` the line is asked whether it goes on in that form, else
 * whether one begins here: then there have to be more of them to be believed.
 */
bool hex_line_read(struct bytes line, enum hex_form form, uint8_t *out, struct hex_line *result);

#endif
