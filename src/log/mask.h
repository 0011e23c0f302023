/*
 * Bytes of a text made unreadable in place: digits become 'x', so that nothing that reads hexadecimal takes
 * them for bytes. And a memory of secrets that were masked, by which they are found again in any other
 * grouping of their digits.
 */
#ifndef TLSDIAG_LOG_MASK_H
#define TLSDIAG_LOG_MASK_H

#include "base/bytes.h"

enum {
	MASK_CHAR = 'x',
	MASK_WINDOW = 8, /* bytes in a row by which a secret is known again */
	MASK_KNOWN = 4096,
};

/* Windows of secrets, by a hash of them: of two in one place the newer one is known. */
struct mask {
	uint64_t known[MASK_KNOWN]; /* 0: none */
	bool any;
};

/* Of hexadecimal. */
static inline bool mask_is_digit(uint8_t c)
{
	return (uint8_t)(c - '0') < 10 || (uint8_t)((c | 0x20) - 'a') < 6;
}

/* All but blanks. */
void mask_all(uint8_t *text, size_t from, size_t to);
/* Digits of hexadecimal; a 0x before them stays. */
void mask_digits(uint8_t *text, size_t from, size_t to);

/* What the digits from..to of a text stand for, in whatever grouping, is a secret from now on. */
void mask_learn(struct mask *m, struct bytes text, size_t from, size_t to);
/* Masks what is known in a line. Returns whether there was anything. */
bool mask_known(const struct mask *m, struct bytes line, uint8_t *text);

#endif
