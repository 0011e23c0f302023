/* Which segment belongs to which connection, and which connections are kept. */
#ifndef TLSDIAG_CAPTURE_FLOW_TABLE_H
#define TLSDIAG_CAPTURE_FLOW_TABLE_H

#include "capture/segment.h"
#include "session/source.h"

/* What bounds the memory of the table: about 23 MiB with the defaults. */
struct flow_limits {
	size_t flows;      /* connections at a time; the least recently used gives way */
	size_t queue_flow; /* bytes that wait behind a hole, in one connection */
	size_t queue_all;  /* and in all of them */
};

extern const struct flow_limits flow_limits_default;

struct flow_table;

/* NULL when memory is out. limits NULL: the defaults. */
struct flow_table *flow_table_open(struct sink sink, const struct flow_limits *limits);

/* Takes a segment to its connection. UDP is kept only where it looks like DTLS. */
void flow_table_take(struct flow_table *t, const struct segment *s);

/* Takes the news that a segment did not arrive: of a connection that nobody has answered yet. */
void flow_table_unreachable(struct flow_table *t, const struct segment *quoted);

/* Ends every connection, in order of appearance, and forgets the dead ones. */
void flow_table_end_all(struct flow_table *t);

uint64_t flow_table_flows(const struct flow_table *t); /* so far */
uint64_t flow_table_evicted(const struct flow_table *t);
/* Segments that were sent again and could not be compared with what they repeat. */
uint64_t flow_table_uncompared(const struct flow_table *t);

/* Accepts NULL; flows that are still there get no CHUNK_END: call flow_table_end_all() before. */
void flow_table_close(struct flow_table *t);

#endif
