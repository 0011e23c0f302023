/* What is known of one connection while it lasts: the flow as the sink sees it, and our side. */
#ifndef TLSDIAG_CAPTURE_CONNECTION_H
#define TLSDIAG_CAPTURE_CONNECTION_H

#include "base/table.h"
#include "capture/history.h"
#include "capture/queue.h"
#include "session/source.h"

/* The same for both directions: the smaller endpoint first. */
struct connection_key {
	uint8_t addr[2][16];
	uint16_t port[2];
	uint8_t family;
	uint8_t protocol;
	uint16_t zero;
};

enum { SCALE_NONE = -1, SCALE_UNKNOWN = -2 };

/* One direction of a TCP stream, in sequence numbers of its sender. */
struct half {
	uint32_t base;       /* the first byte of payload */
	uint32_t next;       /* the next byte to hand out */
	uint32_t high;       /* after the last byte seen */
	uint32_t ack;        /* what this side has acknowledged, of the other's numbers */
	uint64_t ack_packet; /* the packet that did so first */
	int64_t ack_time;
	uint32_t fin_seq, rst_seq;
	uint32_t queued; /* memory of the queue */
	uint16_t waited; /* packets since the other side acknowledged what we have not seen */
	int8_t scale;    /* its window scale, or SCALE_ */
	bool based;      /* base and next are known */
	bool told;   /* base is what the other side acknowledged first: bytes may stand before it */
	bool midway; /* the stream began before the capture, and the sink is not told yet */
	bool acks;   /* ack is known */
	uint32_t fin_ack; /* what its FIN acknowledges */
	bool fin, fin_acked, fin_acks;
	bool guessed_long; /* midway: an earlier beginning has been waited for long enough */
	uint8_t guessed;   /* packets since it is waited for */
	int64_t guessed_since;
	int64_t waited_since;
	struct piece *queue;
	struct history *history;
};

struct connection {
	struct flow flow; /* first: the sink knows the connection by it */
	struct connection_key key;
	struct half half[2];
	bool end0_is_key0;  /* flow.end[0] is the key's first endpoint */
	bool closing;       /* over but for late packets */
	uint64_t placed_at; /* when it was put at the end of its list, in segments of its table */
	int64_t closing_time;
	struct connection *prev, *next; /* among the open or the closing ones */
	UT_hash_handle hh;
};

#endif
