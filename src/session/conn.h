/*
 * Inside of the session: one connection while its handshake is being read. A connection becomes
 * a struct handshake when the first TLS bytes are found, and is forgotten when that is given out.
 */
#ifndef TLSDIAG_SESSION_CONN_H
#define TLSDIAG_SESSION_CONN_H

#include "session/pool.h"
#include "session/session.h"
#include "session/told.h"

enum {
	CARRY_MAX = HELLO_MAYBE_MAX, /* bytes at the end of a segment that may begin a hello */
	SAID_MAX = 96,               /* first plain bytes kept of a side */
	SPANS_MAX = 256,             /* packets of one message that are told apart */
	BUFFER_KEPT = 64 * 1024,     /* a longer message buffer is not kept for the next message */
	PLAIN_MAX = 64 * 1024,       /* bytes of a direction searched for TLS */
	AFTERMATH_MAX = 64 * 1024,   /* bytes read on after the outcome seems clear */
	UNSETTLED_MAX = 4 * 1024 * 1024, /* bytes of which the messages are read, before an end */
	MIDWAY_RECORDS_MAX = 32, /* protected records after which a hello is not waited for */
};

/* Where bytes came from. */
struct origin {
	uint64_t packet;
	int64_t time;
};

/* A handshake message in the making: from pieces of records to one run of bytes. */
struct assembly {
	uint8_t *data;      /* malloc'ed, kept for the next message; NULL at first */
	size_t size;        /* of data */
	size_t have;        /* bytes in data; 0: between messages */
	size_t total;       /* header and body; 0: the header is not whole */
	size_t missing;     /* bytes still to come, or to be skipped after a hole; of total */
	bool cut;           /* a hole in it: what follows is counted, not kept */
	bool lost;          /* a hole hid where the next message begins */
	struct span *spans; /* malloc'ed */
	size_t n_spans, spans_size;
	struct origin began;
	uint16_t record_version;
	uint32_t n_records;
	uint32_t record_length;
	uint64_t record; /* number of the record last added */
};

enum stream_state {
	STREAM_SEEKING, /* no TLS found yet in this direction */
	STREAM_SSL2,    /* in a ClientHello of the SSLv2 format */
	STREAM_RECORDS, /* in a record or at the start of one */
	STREAM_LOST,    /* after a hole: the next record is searched for */
	STREAM_OFF,     /* not TLS any more: nothing is read */
};

/* What the record being read holds. */
enum record_kind {
	RECORD_MESSAGES,
	RECORD_ALERTS,
	RECORD_CCS,
	RECORD_PROTECTED,
	RECORD_UNDECIDED, /* a handshake record after a hole: in the clear or not is told by its bytes */
	RECORD_SKIPPED,
};

/* One direction: from its bytes to records. */
struct stream {
	enum stream_state state;
	enum record_kind kind;
	bool in_record;
	uint8_t type;
	uint16_t version, length;
	uint32_t left;    /* bytes of the record still to come */
	uint64_t records; /* begun so far */
	uint8_t header[5];
	uint8_t n_header;
	uint8_t small[4]; /* start of an alert or undecided record */
	uint8_t n_small;
	struct origin began; /* of the record */
	bool unsure; /* the capture began midway or has a hole: a ChangeCipherSpec may be lost */
	bool lost;   /* a hole in this direction */
	bool ccs;
	struct assembly message;

	/* while seeking */
	uint8_t carry[CARRY_MAX];
	uint8_t n_carry;
	struct origin carried;
	uint64_t plain_bytes;
	uint8_t said[SAID_MAX]; /* its first plain bytes */
	uint8_t n_said;
	uint64_t said_packet;
	uint8_t later[SAID_MAX]; /* the first plain bytes after the other side's hello */
	uint8_t n_later;
	uint64_t later_packet;
	bool has_gap; /* a hole before TLS was found */
	struct gap_fact gap;
	int64_t gap_time;
};

/* What the settling of an outcome needs to know of the records so far (settle.c). By side. */
struct progress {
	bool finished[2]; /* a protected record that holds the Finished, most likely */
	enum side last_finished;
	int64_t finished_time;     /* of the last Finished, up to TLS 1.2 */
	bool server_flight;        /* TLS 1.3: a protected record too long for an alert */
	uint64_t short_records[2]; /* TLS 1.3: protected ones too short for a Finished */
	uint64_t data_records[2];  /* of application data, up to TLS 1.2 */
	bool protected_alert[2];   /* up to TLS 1.2: type 21 under keys; TLS 1.3: closing, once */
	uint64_t alert_packet[2];
	int64_t alert_time[2];
	bool closing[2];   /* TLS 1.3: after both Finished, its last record is of an alert's size */
	uint64_t after[2]; /* TLS 1.3: records since both Finished */
	bool fatal;        /* a fatal alert in the clear */
	uint64_t bytes;    /* read since the first TLS byte */
	uint64_t decided_at; /* of bytes, when the outcome first seemed clear; 0: not yet */
	int64_t last_time;   /* of the last TLS byte */
	enum side last_spoke;
	bool spoke[2];
};

struct conn {
	struct session *session;
	struct flow *flow;
	struct conn *older, *newer; /* among those with an open handshake, by last activity */
	struct handshake *hs;       /* NULL: no TLS found yet */
	size_t event_capacity;
	size_t memory;      /* counted in session->open_bytes */
	uint8_t client_dir; /* valid with hs */
	bool midway;
	bool done;             /* nothing more is wanted */
	bool evicted;          /* a limit takes it away while its sides go on */
	bool counted;          /* as one that a limit cost something */
	bool gave_out;         /* at least one handshake */
	uint16_t last_type[2]; /* of the last handshake message, by side; 0xffff none */
	uint8_t last_rank[2];  /* its place in the flight (order.c) */
	unsigned hellos_again; /* ClientHellos that nobody has asked for */
	bool unread[2];        /* a message of that side was not read whole */
	struct progress progress;
	struct stream stream[2]; /* by direction; last: it outlives the connection */
};

struct session {
	struct cert_store *store;
	struct handshake_sink sink;
	struct session_limits limits;
	struct session_totals totals;
	struct handshake_pool *pool;
	struct told_list *told;
	struct conn *free_conns; /* linked by newer */
	struct conn *oldest, *newest;
	size_t open_bytes;
	uint64_t input;
	uint64_t next_id;
	int64_t now; /* the latest time of a chunk */
};

static inline enum side conn_side(const struct conn *c, unsigned dir)
{
	return dir == c->client_dir ? SIDE_CLIENT : SIDE_SERVER;
}

static inline unsigned conn_dir(const struct conn *c, enum side side)
{
	return side == SIDE_CLIENT ? c->client_dir : !c->client_dir;
}

/* ---- session.c ---- */

/* Begins the handshake of a connection; false (and c->done) when memory is out. */
bool conn_open(struct conn *c, unsigned client_dir, bool guessed, struct origin at);
/* Settles and gives out the handshake; the connection goes on with another. */
bool conn_renew(struct conn *c, struct origin at);

/* From here on messages are not read, alerts and the end are. */
void conn_skim(struct conn *c, enum skim why);

/* ---- roles.c ---- */
/* Exchanges client and server of a handshake whose roles were guessed. */
void conn_swap_roles(struct conn *c);

/* ---- stream.c: bytes to records ---- */
void stream_feed(struct conn *c, unsigned dir, struct bytes b, struct origin at);
void stream_end(struct conn *c, unsigned dir);
void stream_record_end(struct conn *c, unsigned dir); /* its last byte was read, or lost */
void stream_clear(struct stream *s); /* for another connection; keeps its buffers */
void stream_free(struct stream *s);

/* ---- hole.c ---- */
void stream_hole(struct conn *c, unsigned dir, const struct chunk *gap);

/* ---- assembly.c: records to messages ---- */
void assembly_feed(struct conn *c, unsigned dir, struct bytes piece, struct origin at);
/* A ClientHello in the SSLv2 format (RFC 5246 E.2); returns the bytes taken. */
size_t assembly_ssl2(struct conn *c, unsigned dir, struct bytes b, struct origin at);
void assembly_hole(struct conn *c, unsigned dir, size_t bytes); /* inside a record */
void assembly_cut(struct conn *c, unsigned dir);    /* no more of this message will come */
void assembly_forget(struct conn *c, unsigned dir); /* it is not wanted */
/* Could these four bytes begin a handshake message in a record of that length? */
bool message_plausible(const uint8_t header[static 4], uint32_t record_length);

/* ---- detect.c: where TLS begins ---- */
/* Looks at plain bytes; returns how many are dealt with. May switch the stream to records. */
size_t detect_feed(struct conn *c, unsigned dir, struct bytes b, struct origin at);
void detect_end(struct conn *c, unsigned dir); /* no more bytes will come */
/* Where in b the record layer goes on, b.len when nowhere. at_start: b begins a segment. */
size_t detect_record(struct bytes b, bool at_start);

/* ---- messages.c: messages and alerts to facts ---- */
struct event *conn_event(struct conn *c, enum event_kind kind, enum side from, struct origin at);
/* Before a message is kept: one that begins another handshake settles the one before. */
void message_begins(struct conn *c, struct event *ev);
void message_take(struct conn *c, struct event *ev); /* appends a copy of *ev */
void message_alert(struct conn *c, enum side from, struct alert alert, struct origin at);
void message_ccs(struct conn *c, enum side from, const struct stream *s);
void message_protected(struct conn *c, enum side from, const struct stream *s);
void message_empty(struct conn *c, enum side from, const struct stream *s);
void message_gap(struct conn *c, const struct gap_fact *gap, int64_t time);
/* Bytes that are not TLS where TLS was expected. */
void message_plain(struct conn *c, enum side from, struct bytes b, struct origin at);

/* ---- order.c ---- */
/* True when the message (or HS_CCS) is out of turn; remembers it as the last of its side. */
enum { ORDER_CCS = 256 };
bool order_unexpected(struct conn *c, enum side from, unsigned type);

/* ---- progress.c ---- */
struct closing {
	bool seen, rst;
	enum side by;
	int64_t time;
	uint64_t packet;
};
struct closing first_closing(const struct conn *c); /* who sent the first FIN or RST */
bool both_finished(const struct progress *p);       /* up to TLS 1.2 */
/* Failed or completed already: another hello begins another handshake. */
bool settle_is_over(const struct conn *c);
void settle_record(struct conn *c, enum side from, const struct stream *s); /* a protected one */
void settle_alert(struct conn *c, struct alert alert);
void settle_progress(struct conn *c, unsigned dir, size_t bytes, struct origin at);

/* ---- settle.c ---- */
void settle_now(struct conn *c);         /* outcome, ending and all that waits for the end */
void settle_unconnected(struct conn *c); /* the same for one that never came about */

#endif
