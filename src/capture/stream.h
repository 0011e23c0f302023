/*
 * The bytes of a connection put in order and handed out: repeats, overlaps and holes.
 *
 * Two streams belong together, because one side's acknowledgements tell what the capture has
 * lost of the other. Sequence numbers are all it knows of TCP.
 */
#ifndef TLSDIAG_CAPTURE_STREAM_H
#define TLSDIAG_CAPTURE_STREAM_H

#include "capture/connection.h"

/* Numbers farther off than this are not believed. */
enum { STREAM_FAR = 16 * 1024 * 1024 };

/* What all streams share. */
struct streams {
	struct sink sink;
	size_t queue_flow; /* most bytes that wait in one connection before a hole is given up */
	size_t queue_all;  /* and in all */
	size_t queued;     /* memory of all queues */
	struct history_pool histories;
	uint64_t uncompared; /* segments that repeat what is not remembered any more */
};

/*
 * Takes bytes of flow.end[dir], whose half is based, in any order. The sink gets what is in order
 * now; *p may be changed.
 */
void stream_take(struct streams *t, struct connection *c, unsigned dir, struct piece_of *p);

/* Hands bytes out as they are: datagrams. */
void stream_deliver(
	struct streams *t, struct connection *c, unsigned dir, const struct piece_of *p);

/* To be called after each packet of the connection: ends the wait for what will not come. */
void stream_watch(struct streams *t, struct connection *c, uint64_t packet, int64_t time);

/* The beginning of a stream is not a guess any more: hands out what is in order now. */
void stream_resume(struct streams *t, struct connection *c);

/* Hands out all that waits, whatever is missing before it. */
void stream_flush(struct streams *t, struct connection *c, uint64_t packet, int64_t time);

/* Frees the memory of a connection's bytes. */
void stream_forget(struct streams *t, struct connection *c);

#endif
