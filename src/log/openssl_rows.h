/*
 * The rows of hex that OpenSSL's programs print: "    16 03 01 00 ce" of -msg, "0010 - 35 21 ..." of -debug.
 * A heading says how many bytes follow; what other lines come in between does not end a dump.
 */
#ifndef TLSDIAG_LOG_OPENSSL_ROWS_H
#define TLSDIAG_LOG_OPENSSL_ROWS_H

#include "log/line.h"

enum {
	OPENSSL_ROWS_MAX = 68 * 1024
}; /* bytes of a dump that are kept: a record, or most messages */

enum openssl_row_form {
	OPENSSL_ROWS_NONE,
	OPENSSL_ROWS_MSG,   /* no offset */
	OPENSSL_ROWS_DEBUG, /* an offset and " - " */
};

/* How far a dump is read. */
struct openssl_place {
	uint64_t lost; /* bytes at the end that are not here */
	size_t len;
	size_t row;       /* where the last row begins */
	size_t first;     /* length of the first row */
	uint8_t half;     /* a digit before which other output broke the row */
	bool open;        /* other output broke the last row: the next line goes on with it */
	bool irregular;   /* a row in the middle was not whole, or one is there that does not fit */
	bool constant;    /* two rows of one repeated byte follow each other */
	bool interrupted; /* behind the last row came something else */
};

struct openssl_rows {
	enum openssl_row_form form; /* of the dump that is open */
	struct log_at at;           /* of its heading */
	uint64_t want;              /* bytes that the heading announces */
	struct openssl_place now;
	uint8_t bytes[OPENSSL_ROWS_MAX];
};

void openssl_rows_begin(
	struct openssl_rows *r, enum openssl_row_form form, uint64_t want, struct log_at at);

/*
 * Takes the bytes of a row; false: the text is none. `rest` is what other output stands behind them, where a
 * row was broken; else empty.
 */
bool openssl_rows_take(struct openssl_rows *r, struct bytes text, struct bytes *rest);

/*
 * The dump ends; with `cut`, because the log does. Rows may be lost, or there twice: what is not surely in its place
 * is not kept, and counts as missing.
 */
void openssl_rows_end(struct openssl_rows *r, bool cut);

/* Where output of the other stream begins in the middle of a line, or at its begin; text.len: nowhere. */
size_t openssl_interruption(struct bytes text);

static inline bool openssl_rows_full(const struct openssl_rows *r)
{
	return r->now.len + r->now.lost >= r->want;
}

/* Bytes at its end that the log does not have. */
static inline uint64_t openssl_rows_missing(const struct openssl_rows *r)
{
	return r->want > r->now.len ? r->want - r->now.len : 0;
}

#endif
