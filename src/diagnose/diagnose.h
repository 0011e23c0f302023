/*
 * The desk: takes handshakes as they settle, examines each, keeps the telling ones per server in
 * bounded memory, and at the end gives the ranked findings of each server.
 */
#ifndef TLSDIAG_DIAGNOSE_DIAGNOSE_H
#define TLSDIAG_DIAGNOSE_DIAGNOSE_H

#include "diagnose/expect.h"

struct diagnose_options {
	double deep_seconds; /* CPU budget of forensics, for all servers together; 0 none */
	const struct expectation *expectations; /* of every server; live as long as the desk */
	size_t n_expectations;
	uint64_t memory_failures; /* of the process before this run: base/memory.h */
	bool quiet; /* answers need no messages, but for the telling handshakes that are kept */
};

/* _CONTRASTED: completed ones of a server with which others failed. */
enum { KEEP_FAILED = 32, KEEP_COMPLETED = 4, KEEP_CONTRASTED = 12, KEEP_BYTES = 24 << 20 };

struct desk;
struct desk *desk_open(const struct evidence *ev, const struct diagnose_options *o);

/*
 * Examines a proved handshake: the answers go to *out, which the caller may report at once. Then
 * desk_keep() takes the handshake over (keeps or frees it).
 */
void desk_examine(struct desk *d, struct handshake *hs, struct examined *out);
void desk_keep(struct desk *d, struct examined *ex);

/* Another budget of forensics than that of the options, before desk_conclude(). */
void desk_set_deep(struct desk *d, double seconds);

/* Runs forensics and causes. After it the results below can be read. */
void desk_conclude(struct desk *d);

/*
 * Has memory run out since the run began? A cause may rest on what was not kept, and our failure is
 * no fact about a peer: no answer to a check is given from then on, and no finding at all.
 */
bool desk_memory_ran_out(const struct desk *d);

struct server_result {
	const struct case_file *file;
	struct finding *findings; /* ranked: errors, warnings, notes; most likely first */
	size_t n_findings;
	struct expected *expected; /* one for each expectation */
	size_t n_expected;
	uint64_t n_dropped; /* handshakes of this server that were not kept */
};
size_t desk_n_servers(const struct desk *d);
const struct server_result *desk_server(const struct desk *d, size_t i); /* worst first */

struct desk_summary {
	uint64_t handshakes, completed, failed, incomplete;
	uint64_t errors, warnings; /* findings of that severity */
	uint64_t unmet;            /* expectations that are not met */
	uint64_t autopsies_cut;    /* bad signatures and points whose trials deep_seconds ended */
	uint64_t unlisted;         /* handshakes with servers that are only counted */
	uint64_t unlisted_failed;  /* those of them that failed or are incomplete */
	uint64_t not_judged;       /* others that show something and were not kept */
};
struct desk_summary desk_summary(const struct desk *d);

void desk_close(struct desk *d);

#endif
