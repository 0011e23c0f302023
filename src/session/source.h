/*
 * What every source hands to the session: the bytes of two directions, with times and places.
 *
 * A source pushes chunks into a sink in the order of the input. Per direction the bytes come in
 * stream order; what the capture lost comes as a CHUNK_GAP. After this point nothing can tell a
 * capture from a live connection.
 */
#ifndef TLSDIAG_SESSION_SOURCE_H
#define TLSDIAG_SESSION_SOURCE_H

#include "base/bytes.h"
#include "base/err.h"
#include "names/sayings.h"
#include "session/free_heap.h"
#include "session/printed.h"
#include "session/side.h"

enum transport { TRANSPORT_TCP, TRANSPORT_UDP };

struct endpoint {
	uint8_t family;   /* 4 or 6; 0: a log does not tell the address */
	uint8_t addr[16]; /* network order; IPv4 in the first four bytes */
	uint16_t port;
};

/* "192.0.2.1:443", "[2001:db8::1]:443"; "unknown" where nothing tells it. */
enum { ENDPOINT_TEXT = 64 };
void endpoint_text(const struct endpoint *e, char out[static ENDPOINT_TEXT]);
void endpoint_address_text(const struct endpoint *e, char out[static ENDPOINT_TEXT]);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* How one speaks of where a handshake was read from. */
struct source_words {
	const char *name;  /* "capture", "log" */
	const char *place; /* "packet", "line" */
	const char *mark;  /* before the number of one: "#", "L" */
};
const struct source_words *source_words(bool logged);

/* What the transport knows of one direction. Times are ns since 1970; packets count from 1. */
struct direction {
	uint64_t bytes;     /* payload in stream order delivered so far */
	uint64_t lost;      /* bytes given up as gaps */
	bool syn, fin, rst; /* sent by this side */
	bool acks;          /* so was an acknowledgement */
	int64_t fin_time, rst_time;
	uint64_t fin_packet, rst_packet;
	/* the last packet that stands before it (with its own bytes, or with the FIN that it answers), where it
	 * was captured too early, or not at all (fin_packet is 0 then: it was acknowledged); 0: in its place */
	uint64_t fin_after, rst_after;
	uint32_t retransmissions;    /* segments that brought nothing new */
	int64_t retransmission_time; /* the last such */
	uint32_t conflicts;          /* overlaps whose bytes differ; the first were kept */
	uint64_t conflict_packet;    /* the first such packet */
	uint32_t zero_windows;       /* segments that advertise a window of 0 (not RST/SYN) */
	uint64_t zero_window_packet; /* the first */
	bool window_shut;            /* the last one advertised was 0 */
	uint32_t window_min; /* smallest scaled window advertised after SYN; UINT32_MAX: unknown */
	uint64_t sent_max;   /* payload bytes ever sent, acknowledged or not (from seq numbers) */
	uint64_t acked;      /* payload bytes of the other side this side has acknowledged */
	uint64_t fin_acked, rst_acked; /* the same when it sent its FIN, its RST */
	uint32_t stray_resets; /* that answer the other side's SYN, and acknowledge nothing of it */
	uint64_t stray_packet; /* the first */
	uint64_t cut_bytes;    /* bytes missing because packets were cut (snaplen) */
	uint64_t first_packet; /* first packet of this side */
	uint8_t hops_left;     /* its TTL or hop limit as it passed the capture; 0 unknown */
	uint16_t mss;          /* that its SYN asks for (RFC 9293 3.7.1); 0 unknown */
	uint64_t last_packet;
	int64_t last_time;
	uint32_t data_segments;
	uint32_t first_flight_segments; /* segments with data before the other side sent any */
};

/* Where a FIN or a reset stands among the packets, as what it ends tells. */
static inline uint64_t direction_fin_place(const struct direction *d)
{
	return d->fin_after > d->fin_packet ? d->fin_after : d->fin_packet;
}

static inline uint64_t direction_rst_place(const struct direction *d)
{
	return d->rst_after > d->rst_packet ? d->rst_after : d->rst_packet;
}

/* What an ICMP error says of the SYN. names/icmp.h puts it in words. */
struct unreachable {
	bool seen;
	uint8_t type, code; /* ICMP's (RFC 792), or ICMPv6's (RFC 4443) by the family of `by` */
	struct endpoint by; /* who says so: a router on the way, or the host; no port */
	uint64_t packet;
	int64_t time;
};

struct flow {
	uint64_t id; /* counts from 1 in order of appearance */
	enum transport transport;
	struct endpoint
		end[2];    /* [0] opened the connection where the SYN was seen, else spoke first */
	bool opener_known; /* a SYN was seen */
	bool refused;      /* the SYN was answered by RST */
	bool unanswered;   /* SYNs without any answer */
	struct unreachable unreachable; /* no answer to the SYN but this */
	int64_t start_time, last_time;
	uint64_t first_packet;
	uint16_t vlan;           /* 0 none */
	struct direction dir[2]; /* [i]: sent by end[i] */
	void *session;           /* belongs to the sink; NULL at first */
	bool settled;            /* the sink has answered SINK_DONE */
	/*
	 * It is read from a log: what TCP did is not known, and no place in a stream. Packets are then
	 * lines, and times may be counted from anywhere, or from nowhere at all.
	 */
	bool logged;
	unsigned
		input; /* the number of its file, from 1, where another is read by now; 0: it is that one */
	bool elsewhere; /* the log names another server's address before: this one is not that one */
	bool undated, untimed; /* a log's times are not those of the calendar; it has none at all */
	bool opened[2]; /* [i]: what is in dir[i]'s protected records comes as CHUNK_OPENED */
	const struct told *told; /* a log's: what it tells besides; NULL: session_tell() knows */
};

enum chunk_kind {
	CHUNK_DATA,   /* bytes of dir */
	CHUNK_OPENED, /* what protected records of dir hold, in the clear; of which content_type */
	CHUNK_GAP, /* `gap` bytes of dir are missing; GAP_UNKNOWN when their number cannot be told */
	CHUNK_END, /* the flow is over (both closed, reset, evicted, or the input ends): last chunk.
	               Always sent exactly once per flow; `ended` says why */
};

enum flow_end { FLOW_CLOSED, FLOW_RESET, FLOW_INPUT_ENDED, FLOW_EVICTED, FLOW_REUSED };

enum gap_reason {
	GAP_LOST /* the capture misses segments */,
	GAP_CUT /* packets cut short */,
	GAP_MIDWAY /* capture began midway */,
	GAP_UNLOGGED /* the log does not show them */
};

#define GAP_UNKNOWN UINT64_MAX

struct chunk {
	struct flow *flow;
	enum chunk_kind kind;
	uint8_t dir;          /* 0: sent by end[0]; 1: by end[1] */
	int64_t time;         /* ns since 1970 of the packet that brought the bytes */
	uint64_t packet;      /* its number, from 1 */
	struct bytes bytes;   /* valid during the call */
	uint8_t content_type; /* CHUNK_OPENED: of TLS, 20 to 23 */
	uint64_t gap;
	enum gap_reason reason;
	enum flow_end ended;
};

enum sink_answer {
	SINK_MORE, /* go on */
	SINK_DONE, /* nothing more of this flow is wanted but CHUNK_END */
};

struct sink {
	enum sink_answer (*take)(void *ctx, const struct chunk *chunk);
	void *ctx;
};

/*
 * What a side's own library made of the handshake: known of a live client, or from a log, and not
 * to be read from the bytes. Strings are static, or the giver's until they are copied.
 */
struct library_word {
	const char *release;  /* "mbedTLS 2.28.3"; NULL: nothing is known */
	int code;             /* what the handshake returned: 0 well, -0x4e00 */
	const char *state;    /* where it stood, "SERVER_KEY_EXCHANGE"; NULL unknown */
	const char *function; /* that returned it, as a log names it; NULL: the handshake itself */
	/* What failed first within it, where a log tells; NULL and 0: not known. */
	const char *inner_function;
	int inner_code;
	bool got_alert;        /* the other side sent it a fatal one, perhaps under the keys */
	uint8_t alert;         /* its number */
	uint32_t verify_flags; /* what it found wrong with the peer's certificate; mbedTLS's bits */
	bool went_round; /* it does not offer RSA-PSS, which it refused from this server before */
	uint64_t line;   /* of the log that says it; 0 none */
	struct free_heap heap;
};

/* What a server did beyond all measure, when a client of ours stopped listening to it. */
enum cut_off {
	CUT_NONE,   /* it did not */
	CUT_TIME,   /* its time as a whole was over, and the server was still speaking */
	CUT_BYTES,  /* so many of these had come, and the handshake was no further: */
	CUT_PIECES, /* of TCP's stream */
	CUT_RECORDS,
	CUT_EMPTY,    /* records without content */
	CUT_MESSAGES, /* handshake messages in the clear */
	CUT_WARNINGS, /* alerts in the clear that end nothing */
	CUT_CHANGES,  /* ChangeCipherSpec */
};

/* What such a client had heard since TLS began. */
struct hearing {
	enum cut_off cut;
	uint64_t bytes, records, empty, messages, warnings, changes;
	uint64_t requests; /* of the messages: HelloRequest */
	uint64_t pieces;   /* of the bytes, with a pause before each */
	uint64_t ms;       /* until it stopped */
};

/* What became of the server's wish for a certificate of the client's. */
enum client_auth {
	CLIENT_AUTH_UNKNOWN,
	CLIENT_AUTH_NOT_ASKED,
	CLIENT_AUTH_NONE, /* it was asked for one, and sent an empty list */
	CLIENT_AUTH_SENT,
};

/* What a side's own program said in so many words: a line of a log, as a fact. */
struct remark {
	enum saying saying;
	uint64_t line;     /* of the log, from 1; 0 none */
	const char *words; /* as they stand there, cut; "" none */
};
enum { REMARKS_MAX = 32 }; /* of a side: the first are kept */

/* What a log says was sent, where it may not have the bytes of it. */
struct said {
	enum said_kind {
		SAID_MESSAGE, /* a handshake message of `type` */
		SAID_CHANGE_CIPHER_SPEC,
		SAID_ALERT,
	} kind;
	enum side from;
	uint8_t type;        /* SAID_MESSAGE */
	uint8_t level, code; /* SAID_ALERT; level 0: unknown */
	bool under_keys;     /* it was protected on the wire */
	uint64_t line;
	int64_t time;
};
enum { SAYINGS_TOLD_MAX = 128 };

/* How a connection ended, as a log tells. */
enum told_end {
	TOLD_NO_END,
	TOLD_CLOSED,      /* the stream of `ended_by` ended */
	TOLD_RESET,       /* ... by a reset */
	TOLD_TIMED_OUT,   /* the other side waited for `ended_by` in vain */
	TOLD_REFUSED,     /* the server did not take the connection */
	TOLD_UNREACHABLE, /* there was no way to the server */
	TOLD_UNANSWERED,  /* nobody answered the request to connect */
};

/* What a log tells of a connection as a whole. */
struct told_story {
	const struct said *said; /* in the order of the log */
	size_t n_said;
	bool done[2]; /* that side says that the handshake is complete */
	bool role_known;
	enum side role; /* whose log it is; role_known */
	enum told_end end;
	enum side ended_by;
	uint64_t end_line;
	int64_t end_time;
	bool rebuilt;     /* messages were put together again from their fields */
	uint16_t version; /* agreed on; 0 unknown */
	bool suite_known;
	uint16_t suite;
	uint16_t group;  /* of the key exchange; 0 unknown */
	const char *sni; /* sent; NULL unknown */
	bool resumed;
	const char *format; /* which program's log it is: "mbedtls" */
};

/* What is known of one connection besides its bytes. */
struct told {
	struct endpoint client, server; /* by TLS role */
	struct library_word word[2];    /* the client's, the server's */
	const struct remark *remarks[2];
	size_t n_remarks[2];
	/* The certificates of a side as the other received them, DER, the leaf first: what TLS 1.3
	 * encrypts. NULL and 0: not known. */
	const struct bytes *chain[2];
	size_t n_chain[2];
	/* The certificates of a side as a log prints them; n_printed <= PRINTED_MAX, mostly 0. */
	const struct printed_cert *printed[2];
	size_t n_printed[2];
	const char *alpn; /* protocol that was agreed on, which TLS 1.3 encrypts; NULL unknown */
	const char *name; /* that the client wants the server's certificate to have; NULL unknown */
	enum client_auth client_auth; /* of TLS 1.3, which encrypts it */
	/* In what our client's hello is another than was asked for: "with every version on offer"; NULL: in nothing. */
	const char *otherwise;
	bool self_failed; /* the client, which is ours, gave up for a reason of its own */
	bool verified; /* ... completed, and has verified the server's signature with this library */
	bool beyond; /* what the server chose the client, which is ours, can offer and not complete */
	bool dropped; /* TLS 1.3: the server, which had asked for a certificate, went without a word */
	struct hearing heard; /* by the client, of a server that came to no end; all zero: it did */
	struct told_story story; /* of a log; all zero: there is none */
	/*
	 * It is of a log that goes with a capture: who the sides are is not compared, but the randoms of
	 * their hellos, where the log has them, else nothing but the order.
	 */
	bool beside;
	/* ... The handshake messages in the clear of each side, one after the other, as that log has them. */
	struct bytes plain[2];
	bool has_random[2];
	uint8_t random[2][32];
};

/* A problem of the input itself, reported in the JSON's input.problems. */
struct input_problem {
	uint64_t packet; /* 0: none in particular */
	const char *text;
};

#endif
