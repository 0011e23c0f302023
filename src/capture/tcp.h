/*
 * TCP segments (RFC 9293) to the facts of a connection: its beginning, numbers, windows, end.
 *
 * Works on one connection at a time; which segment belongs to which connection, and how long a
 * connection is kept, is flow_table's affair.
 */
#ifndef TLSDIAG_CAPTURE_TCP_H
#define TLSDIAG_CAPTURE_TCP_H

#include "capture/segment.h"
#include "capture/stream.h"

enum tcp_state {
	TCP_LIVE,
	TCP_CLOSING, /* reset, or both FINs seen: only late packets are to come */
	TCP_OVER,    /* nothing more can come */
};

/* Prepares both halves of a new connection. */
void tcp_begin(struct connection *c);

enum tcp_fit {
	TCP_FITS,
	TCP_FITS_NOT,    /* its numbers are not of this connection: to be passed over */
	TCP_BEGINS_ANEW, /* it begins another connection between the same ports */
};

/* How a segment that flow.end[dir] sent relates to the connection. */
enum tcp_fit tcp_fits(const struct connection *c, unsigned dir, const struct segment *s);

/* flow.end[opener] sent the SYN: the two change places where that is not [0], and the sink does not know them
 * yet. The directions of segments are to be asked for again. */
void tcp_open(struct connection *c, unsigned opener);

/* Takes a segment that flow.end[dir] sent. */
enum tcp_state tcp_take(
	struct streams *t, struct connection *c, unsigned dir, const struct segment *s);

/* An ICMP error quotes a segment of flow.end[dir]: news, if it is the SYN and nobody has answered. */
void tcp_unreachable(struct connection *c, unsigned dir, const struct segment *quoted);

/* Hands out bytes of a datagram, or of a stream, without further ado. */
void tcp_hand_out(struct streams *t, struct connection *c, unsigned dir, const struct segment *s);

/* How a connection that is TCP_CLOSING or TCP_OVER ended. */
enum flow_end tcp_ending(const struct connection *c);

/* Hands out what still waits and sends CHUNK_END. Frees all but the connection itself. */
void tcp_end(struct streams *t, struct connection *c, enum flow_end ended);

#endif
