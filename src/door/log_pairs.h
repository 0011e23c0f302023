/*
 * Connections of logs that wait for the other side's log of the same: in the same file, or in one that is read later.
 * Bounded: the one that has waited longest is told without it.
 */
#ifndef TLSDIAG_DOOR_LOG_PAIRS_H
#define TLSDIAG_DOOR_LOG_PAIRS_H

#include "log/notes.h"

enum { LOG_PAIRS_MAX = 64, LOG_PAIRS_BYTES = 8 << 20 };

/* Gets them, in the order in which they came. input: the number of the file, from 1. */
struct log_pairs_sink {
	void (*take)(void *ctx, const struct log_conn *c, unsigned input);
	/* Two were one: the views of these two files. */
	void (*joined)(void *ctx, unsigned input, const char *name, const char *other);
	void *ctx;
};

struct log_pairs;
struct log_pairs *log_pairs_open(void);    /* NULL: out of memory */
void log_pairs_close(struct log_pairs *p); /* frees what waits; accepts NULL */

/* Copies the connection, or hands it on where it cannot wait. name: of its file. */
void log_pairs_take(struct log_pairs *p, const struct log_conn *c, unsigned input, const char *name,
	struct log_pairs_sink sink);

/* No more come: what fits is joined, and all are handed on. */
void log_pairs_end(struct log_pairs *p, struct log_pairs_sink sink);

#endif
