/* One line of a dump with offsets, as xxd, hexdump, od, tcpdump and Wireshark write them. */
#ifndef TLSDIAG_BASE_HEX_ROW_H
#define TLSDIAG_BASE_HEX_ROW_H

#include "base/bytes.h"

enum {
	HEX_ROW_MAX = 256, /* bytes that a row may show */
	HEX_ROW_UNIT_MAX = 16,
	HEX_ROW_ROOM = HEX_ROW_MAX + HEX_ROW_UNIT_MAX,
};

/* An offset, and what stands behind it: bytes, and perhaps the same in ASCII; or nothing. */
struct hex_row {
	struct bytes digits; /* of the offset */
	struct bytes shown;
};

bool hex_row_parse(struct bytes line, struct hex_row *out);
/* Where a dump may begin. Without a colon only a zero can be told from bytes. */
bool hex_row_begins(struct bytes line);
bool hex_row_at_zero(const struct hex_row *r);
/* False: no number of that base (8, 10, 16), or too large. */
bool hex_row_offset(struct bytes digits, unsigned base, uint64_t *out);
/*
 * The bytes of a row into out (HEX_ROW_ROOM), up to the number that reaches `most` (at most HEX_ROW_MAX), or
 * to what does not look like bytes. *unit becomes at least the width of the widest number.
 */
size_t hex_row_bytes(struct bytes shown, size_t most, uint8_t *out, unsigned *unit);

struct bytes hex_skip_blank(struct bytes b);

#endif
