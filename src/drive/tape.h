/*
 * What a live connection sent and received, recorded as a capture: a pcap file in memory, with the
 * TCP packets that carried the bytes. A live source thus ends in the same bytes as a capture, is
 * read by the same code, and can be written out for other programs as it is.
 *
 * The file is classic pcap with nanoseconds and link type RAW (IPv4 and IPv6). What a socket does
 * not show (acknowledgements, segment sizes, repeats) is written as an undisturbed connection would
 * have it. Packets count from 1.
 */
#ifndef TLSDIAG_DRIVE_TAPE_H
#define TLSDIAG_DRIVE_TAPE_H

#include "session/source.h"

enum { TAPE_MAX = 8 << 20 }; /* bytes of the file */

struct tape;
struct tape *tape_open(void);    /* NULL: out of memory */
void tape_close(struct tape *t); /* accepts NULL */

/* Lets it become no longer than that, if it is less than TAPE_MAX. */
void tape_limit(struct tape *t, size_t bytes);

/* The file as it stands; borrowed until the next packet is added. */
struct bytes tape_file(const struct tape *t);
/* The same without the file's own header: what may be put behind another file of a tape. */
struct bytes tape_packets(const struct tape *t);
uint64_t tape_n_packets(const struct tape *t);
/* Memory ran out, or TAPE_MAX bytes (or tape_limit()) are full: packets are missing, those before are whole. */
bool tape_failed(const struct tape *t);
/* Adds all packets of another tape. */
void tape_append(struct tape *t, const struct tape *other);

/* One TCP connection on a tape; end[0] opens it, both are of one family. Times are ns since 1970. */
struct tape_flow {
	struct tape *tape;
	struct endpoint end[2];
	uint32_t next[2]; /* sequence number of the next byte, by end */
	uint32_t told[2]; /* the last acknowledgement sent, by end; 0: none */
};
struct tape_flow tape_flow(
	struct tape *t, const struct endpoint *client, const struct endpoint *server);

/* Each adds one packet, if nothing else is said. */
void tape_syn(struct tape_flow *f, int64_t time);
void tape_accepted(struct tape_flow *f, int64_t time); /* SYN ACK, and the ACK of it */
void tape_refused(struct tape_flow *f, int64_t time);  /* RST in answer to the SYN */
/*
 * Destination unreachable, quoting the SYN, from the client's own address: a socket does not tell
 * who said so. The code is ICMP's (RFC 792: 0 net, 1 host, 13 prohibited) or, for IPv6, ICMPv6's
 * (RFC 4443 3.1: 0 no route, 1 prohibited, 3 address).
 */
void tape_unreachable(struct tape_flow *f, uint8_t code, int64_t time);
/* Bytes of end[dir], split into several packets where one cannot hold them. */
void tape_data(struct tape_flow *f, unsigned dir, struct bytes bytes, int64_t time);
/* end[dir] acknowledges all it was sent; no packet when it has done so already. */
void tape_ack(struct tape_flow *f, unsigned dir, int64_t time);
void tape_fin(struct tape_flow *f, unsigned dir, int64_t time);
void tape_rst(struct tape_flow *f, unsigned dir, int64_t time);

#endif
