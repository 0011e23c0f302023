/* The number in a text such as "-0x4C80" or "4294937344", in every way it can be meant. */
#ifndef TLSDIAG_NAMES_CODE_READING_H
#define TLSDIAG_NAMES_CODE_READING_H

#include "base/bytes.h"

struct code_reading {
	int64_t value; /* 16, 32 and 64-bit wrap-arounds of small negative numbers undone */
	uint64_t raw;  /* the digits as they stand, without the sign */
	bool decimal;  /* read as decimal, or unwrapped: what libraries without hex codes print */
};

/*
 * Fills out, likeliest first, and returns how many readings there are: none for what is not a
 * number, two for bare digits, which people also write for hexadecimal ("7280"). OpenSSL's "error:"
 * before the number and its ":..." behind it are skipped.
 */
size_t code_readings(const char *text, struct code_reading out[static 2]);

#endif
