/*
 * A log, a paste or a dump as a source: text in pieces as it is read, connections out. One pass, bounded
 * memory.
 */
#ifndef TLSDIAG_LOG_LOG_H
#define TLSDIAG_LOG_LOG_H

#include "base/err.h"
#include "log/printed.h"
#include "log/reader.h"

struct log_options {
	const struct log_reader *format; /* only this one is asked; NULL: all */
	/* Gets each line without its secrets and without its end (redact.h). NULL: nobody wants them. */
	void (*redacted)(void *ctx, struct bytes line);
	void *redacted_ctx;
	bool only_copied; /* no reader is asked */
	/* Gets each line that is one of a key log (keylog/keylog.h), dress off. NULL: nobody wants them. */
	void (*secret)(void *ctx, struct bytes line);
	void *secret_ctx;
	/* Gets each certificate that is printed as text, again with each line of it. NULL: nobody wants them. */
	void (*printed)(void *ctx, const struct printed_cert *cert);
	void *printed_ctx;
};

struct log_totals {
	uint64_t bytes, lines;
	uint64_t clipped;              /* lines longer than LOG_LINE_MAX */
	uint64_t taken[N_LOG_READERS]; /* lines, by reader */
	uint64_t conns;
	uint64_t dropped; /* notes without room */
};

struct log;
struct log *log_open(
	struct log_conn_sink sink, const struct log_options *o); /* NULL: out of memory */
void log_close(struct log *l);                                   /* accepts NULL */
void log_feed(struct log *l, struct bytes piece);
/* The input ends; another may follow, whose lines count from 1 again. */
void log_end(struct log *l);
struct log_totals log_totals(const struct log *l);

#endif
