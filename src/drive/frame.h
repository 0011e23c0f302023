/*
 * IP packets as a wire carries them: the headers, their checksums right, before a body that stays
 * the caller's. IPv4 and IPv6, by the family of the endpoints.
 */
#ifndef TLSDIAG_DRIVE_FRAME_H
#define TLSDIAG_DRIVE_FRAME_H

#include "session/source.h"

enum {
	FRAME_HEAD_MAX = 40 + 24,
	FRAME_BODY_MAX = 65535 - 20 - 20, /* what IPv4 can carry in one TCP segment */
};

/* Flags of TCP (RFC 9293 3.1). */
enum { FRAME_FIN = 0x01, FRAME_SYN = 0x02, FRAME_RST = 0x04, FRAME_PSH = 0x08, FRAME_ACK = 0x10 };

struct frame {
	uint8_t head[FRAME_HEAD_MAX];
	size_t len; /* of the head */
	struct bytes body;
};

struct frame_tcp {
	struct endpoint from, to; /* of one family */
	uint32_t seq, ack;
	uint8_t flags;     /* with SYN go the options of one */
	struct bytes body; /* at most FRAME_BODY_MAX */
};

void frame_tcp(struct frame *out, const struct frame_tcp *tcp);

/*
 * Destination unreachable (RFC 792, RFC 4443 3.1), to the sender of `quoted` from its own address,
 * as a system tells itself. quoted has no body; the new frame's body borrows its head.
 */
void frame_unreachable(struct frame *out, const struct frame *quoted, uint8_t code);

#endif
