/* The ladder of a handshake: its events in the order of the capture, and the places of bytes in it. */
#ifndef TLSDIAG_SESSION_EVENT_H
#define TLSDIAG_SESSION_EVENT_H

#include "base/bytes.h"
#include "session/side.h"
#include "session/source.h"
#include "wire/handshake.h"
#include "wire/record.h"

/* Where and when bytes came. */
struct arrival {
	uint64_t packet; /* from 1 */
	int64_t time;    /* ns since 1970 */
};

/* Evidence: bytes of a message body (or of an alert, or of plain bytes) and the packet they began in. */
struct place {
	uint64_t packet; /* from 1; 0: nowhere */
	size_t offset;   /* from the start of the message body */
	size_t length;
};

/* Where the bytes of a message stood: from offset on (header included) they came in packet. */
struct span {
	uint32_t offset;
	uint64_t packet;
	int64_t time;
};

enum event_kind {
	EVENT_MESSAGE, /* a handshake message */
	EVENT_CHANGE_CIPHER_SPEC,
	EVENT_ALERT,     /* in the clear */
	EVENT_PROTECTED, /* a run of protected records of one direction and content type */
	EVENT_GAP,       /* bytes missing here */
	EVENT_FIN,
	EVENT_RST,
	EVENT_UNREACHABLE, /* an ICMP error about the SYN, as if from the server */
	EVENT_PLAIN,       /* bytes that are not TLS, where TLS was expected */
	EVENT_SKIMMED,     /* from here on messages were not read: see handshake.skimmed */
	EVENT_BROKEN, /* a record in the clear that is too short or too long for what it has to hold */
	EVENT_EMPTY, /* a run of empty records in the clear, of one direction and content type */
};

/* One line of the ladder, in the order of the capture. */
struct event {
	enum event_kind kind;
	enum side from;
	int64_t time;    /* ns since 1970: when it began */
	uint64_t packet; /* where it began */
	uint64_t
		stream_end; /* bytes of its direction up to its end; of a run: of its first record */
	/* Whoever it is for had given up before it was there, and can have given up over anything but
	 * this. See struct horizon. */
	bool late;
	uint8_t content_type; /* EVENT_PROTECTED, EVENT_EMPTY, EVENT_BROKEN: outer type (20 to 23) */
	uint8_t type;         /* EVENT_MESSAGE: handshake type */
	uint16_t record_version;  /* of the record it began in */
	uint32_t n_records;       /* records it is spread over */
	uint32_t record_length;   /* the longest record fragment that carries (part of) it */
	uint64_t length;          /* body length (message), bytes (protected, gap, plain) */
	uint32_t first_length;    /* EVENT_PROTECTED: fragment length of the first record */
	struct bytes raw;         /* EVENT_MESSAGE: header and body; EVENT_PLAIN: the first bytes */
	const struct span *spans; /* EVENT_MESSAGE */
	size_t n_spans;
	/* What is malformed; code PARSE_OK: nothing. Of EVENT_PLAIN: it follows TLS of the same side. */
	struct parse_err wrong;
	/* EVENT_MESSAGE: a ClientHello that is neither the first nor the answer to a
	 * HelloRetryRequest; in the arena. NULL: it is one of them, or was not read. */
	const struct client_hello *again;
	bool repeats; /* EVENT_MESSAGE: byte for byte the ClientHello before */
	/* EVENT_MESSAGE: it breaks off, or claims a length that is not read. Nobody has seen all of
	 * it: it gives no facts but that it was begun, and raw is what there is of it. */
	bool unread;
	/* It was under the keys, and its content is known all the same. */
	bool opened;
	/* EVENT_MESSAGE: a Certificate that came compressed, by this algorithm (RFC 8879 7.3); raw is what came,
	 * and of what is in it the places are not known. 0: it came as it is. */
	uint16_t compression;
	/* A log says that it was there, and that is all: raw is empty, and of a message unread holds. */
	bool told;
	bool unexpected; /* EVENT_MESSAGE/CCS/PROTECTED: out of order for the flow of the handshake */
	struct alert alert; /* EVENT_ALERT */
};

/* RFC 8446 5.1, RFC 5246 6.2.1: of handshake, alert and ChangeCipherSpec none may be empty. */
struct empty_records {
	uint64_t n;
	uint64_t first_packet;
	uint8_t type; /* of the first */
};

enum { EVENTS_MAX = 256, ALERTS_MAX = 16 };

struct sent_alert {
	enum side from;
	uint8_t level, code;
	uint64_t packet;
	int64_t time;
	uint16_t after; /* the handshake type last sent by the other side before it, 0xffff none */
};

/* A gap in one direction of the capture, as it touches this handshake. */
struct gap_fact {
	enum side from;
	uint64_t packet; /* the packet after it */
	uint64_t bytes;  /* GAP_UNKNOWN: not known */
	enum gap_reason reason;
	uint8_t in_message; /* handshake type that was being read; 0xff: between messages */
	bool has_message;
};
enum { GAPS_MAX = 8 };

/* The packet that brought the last of it. */
uint64_t event_end_packet(const struct event *ev);
/* The place of [offset, offset + length) of a message's body, with the right packet. */
struct place event_place(const struct event *ev, size_t offset, size_t length);

#endif
