/*
 * Bytes that C sources hold: string literals (adjacent ones joined) and brace lists of numbers,
 * each with the name it is given. Not a compiler: macros are not expanded. Internal to pki.
 */
#ifndef TLSDIAG_PKI_C_SOURCE_H
#define TLSDIAG_PKI_C_SOURCE_H

#include "base/secret.h"

enum { C_NAME = 64 };

struct c_value {
	char name[C_NAME];  /* of the variable or macro; "" not known */
	size_t line;        /* where it begins, from 1 */
	struct bytes bytes; /* as the program has them, without the NUL of a string literal */
	bool literal;
	size_t declared; /* N of name[N]; 0: not a number, or none */
};

struct c_reader {
	struct bytes text;
	size_t at, line;
	struct secret room; /* of the value read last */
	char name[C_NAME];
	bool locked; /* name stood before a '[' of this declaration */
	size_t declared;
};

bool c_reader_open(struct c_reader *r, struct bytes text); /* false: out of memory */
void c_reader_close(struct c_reader *r);

/* The next value, which lives until the one after it; false at the end. */
bool c_reader_next(struct c_reader *r, struct c_value *out);

#endif
