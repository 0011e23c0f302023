/*
 * What TLS may be wrapped in inside of one connection: OpenVPN's control channel over TCP, and frames
 * of a WebSocket (RFC 6455). It is taken off before the bytes are looked at; all else passes as it is.
 */
#ifndef TLSDIAG_SESSION_WRAP_H
#define TLSDIAG_SESSION_WRAP_H

#include "session/plain.h"

enum {
	WRAP_HEAD = 128,           /* the longest header that is gathered, or start of a line */
	WRAP_HTTP_MAX = 16 * 1024, /* a longer request or answer is not read to its end */
};

enum wrap_state {
	WRAP_START, /* no byte yet */
	WRAP_HTTP,  /* in a request or answer that may agree on a WebSocket */
	WRAP_FIRST, /* in what may be OpenVPN's first packet */
	WRAP_PLAIN, /* not wrapped: all passes */
	WRAP_FRAMES,
	WRAP_PACKETS,
	WRAP_LOST, /* wrapped, and cannot be read any further */
};

/* One direction. All zero at first. */
struct wrap_side {
	enum wrap_state state;
	uint8_t head[WRAP_HEAD];
	uint8_t n_head;
	uint16_t taken; /* WRAP_HTTP: bytes so far */
	bool asks;      /* WRAP_HTTP: an Upgrade to a WebSocket stands in it */
	bool first_line_read;
	uint64_t left;   /* of the frame or packet */
	bool wanted;     /* its content is the stream's */
	bool masked;     /* WRAP_FRAMES */
	uint8_t mask[4]; /* turns as bytes are taken */
	bool has_id;     /* WRAP_PACKETS: next_id is known */
	uint32_t next_id;
};

struct wrap {
	enum plain_protocol in; /* PLAIN_NONE: it is not wrapped */
	uint8_t auth; /* PLAIN_OPENVPN: bytes of HMAC, packet id and time in each packet */
	struct wrap_side side[2]; /* by direction */
};

#endif
