/*
 * Bytes that a text shows, with holes where it leaves some out: rows of a dump that are lost, values that end
 * in "...". What is left out is counted, never made up.
 */
#ifndef TLSDIAG_LOG_HOLED_H
#define TLSDIAG_LOG_HOLED_H

#include "log/notes.h"

enum { HOLES_MAX = 32 };

struct hole {
	size_t at;        /* before the byte of this number of those that are there */
	uint64_t missing; /* bytes */
};

struct holed {
	uint8_t *data; /* the owner's room */
	size_t room, len;
	struct hole hole[HOLES_MAX];
	size_t n_holes;
	bool full; /* there was more than there is room for: it is not there */
};

void holed_clear(struct holed *h);
void holed_add(struct holed *h, struct bytes b);
void holed_miss(struct holed *h, uint64_t missing);
/* Of the bytes as they were sent: those that are there, and those that are missing. */
uint64_t holed_total(const struct holed *h);
/* The bytes before the first hole. */
struct bytes holed_head(const struct holed *h);

/* The bytes that stand at `at` of what was sent, up to the next hole: none in one, and behind the end. */
struct bytes holed_from(const struct holed *h, uint64_t at);
/* Only what was sent at `from` and later, or before `end`. */
void holed_cut_front(struct holed *h, uint64_t from);
void holed_cut_end(struct holed *h, uint64_t end);

/* Takes back what was sent from `from` to `to`, none of it in a hole; `missing` bytes were there. */
void holed_punch(struct holed *h, uint64_t from, uint64_t to, uint64_t missing);

/* As a part of the stream of `from`. */
void holed_note_wire(const struct holed *h, struct log_conn *c, enum side from, struct log_at at);

#endif
