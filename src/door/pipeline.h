/*
 * The conveyor from chunks to findings: session, bench, freshness, proof, examination, report, desk.
 *
 * Handshakes are reported in the order in which they settle, whatever the threads do; attempts without
 * a byte when it is known that they matter (bench.h).
 */
#ifndef TLSDIAG_DOOR_PIPELINE_H
#define TLSDIAG_DOOR_PIPELINE_H

#include "diagnose/diagnose.h"
#include "door/bench.h"
#include "session/session.h"

/* Told of each handshake when it has been examined; ex is the callee's to read during the call. */
struct watcher {
	void (*see)(void *ctx, const struct examined *ex);
	void *ctx;
};

struct pipeline_options {
	const struct evidence *evidence; /* stays the caller's; lives as long as the pipeline */
	struct cert_store *store;        /* the same */
	struct diagnose_options diagnose;
	struct endpoint server, client; /* only handshakes with these; family 0: any, port 0: any */
	struct watcher watcher;
	/* Is more input waiting? While none is, results are not held back. NULL: more is coming. */
	bool (*more)(void *ctx);
	void *more_ctx;
};

struct pipeline;
struct pipeline *pipeline_open(const struct pipeline_options *o, struct err *e);
void pipeline_close(struct pipeline *p); /* accepts NULL */

/* Where a source pushes its chunks. */
struct sink pipeline_sink(struct pipeline *p);
/* A link of a chain that the live client has verified: prove.h. */
void pipeline_know_link(
	struct pipeline *p, const uint8_t child[static 32], const uint8_t issuer[static 32]);
/* From now on clients send old hellos again: that theirs repeat is no news. */
void pipeline_client_repeats(struct pipeline *p);
/* From now on every handshake is with this target, as it was written; NULL: none. Borrowed until the
 * next call. */
void pipeline_keys(struct pipeline *p, const struct session_keys *keys);
void pipeline_target(struct pipeline *p, const char *target);
/* What a source knows of a connection besides its bytes, before it pushes them; copied. */
void pipeline_tell(struct pipeline *p, const struct told *told);
/* Another input begins. */
void pipeline_next_input(struct pipeline *p);

/* Another budget of forensics than that of the options, before pipeline_conclude(). */
void pipeline_set_deep(struct pipeline *p, double seconds);

/* Everything that was taken in is examined and, if asked for, concluded. */
void pipeline_flush(struct pipeline *p);
void pipeline_conclude(struct pipeline *p);

const struct desk *pipeline_desk(const struct pipeline *p);
struct session_totals pipeline_totals(const struct pipeline *p);
struct unmade pipeline_unmade(const struct pipeline *p); /* all of them after pipeline_conclude() */
struct prove_totals pipeline_proved(const struct pipeline *p);

#endif
