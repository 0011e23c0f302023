/*
 * Where connection attempts without a byte wait until it is known whether they are of any interest.
 *
 * A port scan is no failed handshake, nor is a peer that is away in a protocol that is not TLS. What
 * is refused, unanswered or unreachable is judged when its port has spoken TLS in this run, or when
 * the run knows a handful of servers at most, so that a capture of one device keeps its diagnosis. The
 * rest is counted. Memory is bounded: of more than BENCH_MAX that wait some are only counted.
 */
#ifndef TLSDIAG_DOOR_BENCH_H
#define TLSDIAG_DOOR_BENCH_H

#include <stdbool.h>
#include <stdint.h>

struct handshake;

enum { BENCH_MAX = 256, HANDFUL = 4 };

/* Attempts that were only counted, by what came of them. */
struct unmade {
	uint64_t refused, unanswered, unreachable;
};
uint64_t unmade_all(const struct unmade *u);

/* Gets back those that are to be judged, in the order of their ids. */
struct bench_sink {
	void (*take)(void *ctx, struct handshake *hs);
	void *ctx;
};

struct bench;
struct bench *bench_open(struct bench_sink sink); /* NULL: out of memory */
void bench_close(struct bench *b);                /* frees what still waits; accepts NULL */

/* Takes over a handshake, and hands on to the sink what is to be judged, this one or others. */
void bench_take(struct bench *b, struct handshake *hs);
/* No more will come: hands on or counts what waits. */
void bench_conclude(struct bench *b);
struct unmade bench_unmade(const struct bench *b);

#endif
