/*
 * What a live connection sent and received, recorded as a capture: a pcap file in memory, with the
 * TCP packets that carried the bytes. A live source thus ends in the same bytes as a capture, is
 * read by the same code, and can be written out for other programs as it is.
 *
 * The file is classic pcap with nanoseconds and link type RAW (IPv4 and IPv6). Every call below
 * adds one packet, but for tape_accepted(), which adds two; packets count from 1.
 */
#ifndef TLSDIAG_DRIVE_TAPE_H
#define TLSDIAG_DRIVE_TAPE_H

#include "session/source.h"

struct tape;
struct tape *tape_open(void);    /* NULL: out of memory */
void tape_close(struct tape *t); /* accepts NULL */

/* The file as it stands; borrowed until the next packet is added. */
struct bytes tape_file(const struct tape *t);
uint64_t tape_n_packets(const struct tape *t);
/* Memory ran out: packets are missing. */
bool tape_failed(const struct tape *t);
/* Adds all packets of another tape. */
void tape_append(struct tape *t, const struct tape *other);

/* One TCP connection on a tape; end[0] opens it. Times are ns since 1970. */
struct tape_flow {
	struct tape *tape;
	struct endpoint end[2];
	uint32_t next[2]; /* sequence number of the next byte, by end */
	uint32_t told[2]; /* the last acknowledgement sent, by end */
};
struct tape_flow tape_flow(
	struct tape *t, const struct endpoint *client, const struct endpoint *server);

void tape_syn(struct tape_flow *f, int64_t time);
void tape_accepted(struct tape_flow *f, int64_t time); /* SYN ACK, and the ACK of it */
void tape_refused(struct tape_flow *f, int64_t time);  /* RST in answer to the SYN */
/* ICMP (or ICMPv6) destination unreachable with this code, quoting the SYN, from the peer's address. */
void tape_unreachable(struct tape_flow *f, uint8_t code, int64_t time);
/* Bytes of end[dir], split into several packets where one cannot hold them. */
void tape_data(struct tape_flow *f, unsigned dir, struct bytes bytes, int64_t time);
/* end[dir] acknowledges all it was sent. */
void tape_ack(struct tape_flow *f, unsigned dir, int64_t time);
void tape_fin(struct tape_flow *f, unsigned dir, int64_t time);
void tape_rst(struct tape_flow *f, unsigned dir, int64_t time);

#endif
