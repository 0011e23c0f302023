/*
 * Inside of the session: one connection while its handshake is being read. A connection becomes
 * a struct handshake when the first TLS bytes are found, and is forgotten when that is given out.
 */
#ifndef TLSDIAG_SESSION_CONN_H
#define TLSDIAG_SESSION_CONN_H

#include "session/detect.h"
#include "session/handshake.h"
#include "session/pool.h"
#include "session/session.h"
#include "session/told.h"
#include "session/wrap.h"

enum {
	SAID_MAX = 96,             /* first plain bytes kept of a side */
	SPANS_MAX = 256,           /* packets of one message that are told apart */
	BUFFER_KEPT = 64 * 1024,   /* a longer message buffer is not kept for the next message */
	PLAIN_MAX = 64 * 1024,     /* bytes of a direction searched for TLS */
	AFTERMATH_MAX = 64 * 1024, /* bytes read on after the outcome seems clear */
	AFTERMATH_OPEN_MAX = 256 * 1024, /* the same where alerts can be read: data is not opened */
	UNSETTLED_MAX = 4 * 1024 * 1024, /* bytes of which the messages are read, before an end */
	MIDWAY_RECORDS_MAX = 32, /* protected records after which a hello is not waited for */
};

/* What a direction said that is not TLS. */
struct plain_speech {
	uint64_t bytes;
	uint8_t said[SAID_MAX]; /* its first plain bytes */
	uint8_t n_said;
	uint64_t said_packet;
	uint8_t later[SAID_MAX]; /* the first plain bytes after the other side's hello */
	uint8_t n_later;
	uint64_t later_packet;
};

/* What is known of one direction, whatever transport it came on. */
struct lane {
	bool unsure;   /* the capture began midway or has a hole: a ChangeCipherSpec may be lost */
	bool lost;     /* a hole in this direction */
	bool reading;  /* its records are read: it is TLS, and not in a hole */
	bool ccs;      /* after ChangeCipherSpec */
	bool unplaced; /* a hole of unknown size: position is a guess */
	uint64_t position;      /* bytes of it up to the end of what is being read */
	uint64_t records;       /* begun so far */
	uint16_t version;       /* of the last record */
	uint16_t last_type;     /* of the last handshake message; 0xffff none */
	uint8_t last_rank;      /* its place in the flight (order.c) */
	bool unread;            /* a message was not read whole */
	bool opening;           /* what is being read was under the keys */
	bool keyed;             /* its records are opened */
	bool unopened;          /* one under keys that are known was not whole, and not opened */
	uint64_t early_records; /* protected ones before the ServerHello */
	struct plain_speech plain;
};

/* A record as its header has it. */
struct record {
	uint8_t type;
	uint16_t version, length;
	struct arrival began;
};

enum { HIDDEN_MAX = 4 };

/* A handshake message in the making: from pieces of records to one run of bytes. */
struct assembly {
	uint8_t *data;  /* malloc'ed, kept for the next message; NULL at first */
	size_t size;    /* of data */
	size_t have;    /* bytes in data; 0: between messages */
	size_t total;   /* header and body; 0: the header is not whole */
	size_t missing; /* bytes still to come, or to be skipped after a hole; of total */
	bool cut;       /* a hole in it: what follows is counted, not kept */
	/* Holes in one of which an outline is taken: what follows is kept, and zeros stand for them. */
	struct hidden hidden[HIDDEN_MAX];
	size_t n_hidden;
	bool lost;          /* a hole hid where the next message begins */
	struct span *spans; /* malloc'ed */
	size_t n_spans, spans_size;
	struct arrival began;
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
	RECORD_BROKEN, /* an alert or a ChangeCipherSpec in the clear, of a length that has none */
	RECORD_SKIPPED,
};

/* One direction of a byte stream: from its bytes to records. */
struct stream {
	enum stream_state state;
	enum record_kind kind;
	bool in_record;
	struct record record; /* the one being read, or the last */
	uint32_t left;        /* bytes of the record still to come */
	uint8_t header[5];
	uint8_t n_header;
	struct arrival header_at;
	uint8_t small[4]; /* start of an alert or undecided record */
	uint8_t n_small;
	struct assembly message;

	/* while seeking */
	struct carried carried;
	bool has_gap; /* a hole before TLS was found */
	struct gap_fact gap;
	int64_t gap_time;
};

/* A moment of one side: what it had acknowledged of the other's stream by then. packet 0: it never came. */
struct mark {
	struct arrival at;
	uint64_t acked;
};

/* What the settling of an outcome needs to know of one side's records so far (progress.c). */
struct side_progress {
	bool finished;          /* a protected record that holds the Finished, most likely */
	uint64_t short_records; /* TLS 1.3: protected ones too short for a Finished */
	uint64_t data_records;  /* of application data where there can be keys, up to TLS 1.2 */
	bool protected_alert;   /* up to TLS 1.2: type 21 under keys; TLS 1.3: closing, once */
	struct mark alert;      /* of that */
	bool closing;   /* TLS 1.3: after both Finished, its last record is of an alert's size */
	uint64_t after; /* TLS 1.3: records since both Finished */
	bool spoke;
	struct mark short_first; /* TLS 1.3: the first protected record too short for a Finished */
	/* Its first alert that ends the handshake: in the clear, or of type 21. */
	struct mark gave_up;
};

struct progress {
	struct side_progress side[2];
	enum side last_finished;
	int64_t finished_time; /* of the last Finished */
	bool server_flight;    /* TLS 1.3: a protected record too long for an alert */
	bool fatal;            /* a fatal alert in the clear */
	uint64_t bytes;        /* read since the first TLS byte */
	uint64_t decided_at;   /* of bytes, when the outcome first seemed clear; 0: not yet */
	int64_t last_time;     /* of the last TLS byte */
	enum side last_spoke;
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
	unsigned hellos_again; /* ClientHellos that nobody has asked for */
	struct sealed *sealed; /* of protected records that are opened; NULL: there was none yet */
	bool unsorted;         /* events stand behind others that came later */
	struct progress progress;
	struct wrap wrap;        /* what its bytes are taken out of */
	struct lane lane[2];     /* by direction */
	struct stream stream[2]; /* by direction; last: it outlives the connection */
};

struct session {
	struct cert_store *store;
	struct handshake_sink sink;
	struct session_limits limits;
	struct session_totals totals;
	struct handshake_pool *pool;
	struct told_list *told;
	struct session_keys keys;
	const char *target;      /* of the input; NULL none */
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

static inline struct lane *conn_lane(struct conn *c, enum side side)
{
	return &c->lane[conn_dir(c, side)];
}

static inline const struct lane *conn_lane_of(const struct conn *c, enum side side)
{
	return &c->lane[conn_dir(c, side)];
}

/* Bytes of either side are missing. */
static inline bool conn_lost_bytes(const struct conn *c)
{
	return c->lane[0].lost || c->lane[1].lost;
}

static inline void conn_set_state(struct conn *c, unsigned dir, enum stream_state state)
{
	c->stream[dir].state = state;
	c->lane[dir].reading = state == STREAM_RECORDS;
}

/*
 * The files of this room call each other in one direction, from the transport to the facts: session,
 * wrap and hole, stream (with detect), sealed, unlock, opened, assembly, messages, attempt, settle (with settle12,
 * settle13 and spoken), logged, finished, ladder, progress and order.
 */

/* ---- wrap.c: what TLS is wrapped in is taken off ---- */
void wrap_feed(struct conn *c, unsigned dir, struct bytes b, struct arrival at);
void wrap_hole(struct conn *c, unsigned dir, const struct chunk *gap);

/* ---- hole.c ---- */
void stream_hole(struct conn *c, unsigned dir, const struct chunk *gap);

/* ---- stream.c: bytes to records ---- */
void stream_feed(struct conn *c, unsigned dir, struct bytes b, struct arrival at);
void stream_end(struct conn *c, unsigned dir);
void stream_record_end(struct conn *c, unsigned dir); /* its last byte was read, or lost */
void stream_clear(struct stream *s); /* for another connection; keeps its buffers */
void stream_free(struct stream *s);

/* ---- sealed.c: protected records, where there are secrets ---- */
/* A protected record begins: true when it is told of once it is whole, or later. */
bool sealed_begin(struct conn *c, unsigned dir);
void sealed_collect(struct conn *c, unsigned dir, struct bytes piece); /* bytes of it */
void sealed_lose(struct conn *c, unsigned dir);                        /* bytes of it are missing */
void sealed_record_end(struct conn *c, unsigned dir);
void sealed_ccs(struct conn *c, unsigned dir); /* other keys from here on */
void sealed_end(struct conn *c);   /* no more will come: what waits for keys is let go */
void sealed_close(struct conn *c); /* accepts a connection without any */
size_t sealed_memory(const struct conn *c);

/* ---- opened.c: what is in protected records, where that is known ---- */
void opened_feed(struct conn *c, const struct chunk *k);

/* ---- assembly.c: records to messages ---- */
void assembly_feed(struct conn *c, unsigned dir, struct bytes piece, struct arrival at);
/* A ClientHello in the SSLv2 format (RFC 5246 E.2); returns the bytes taken, 0 when memory is out. It is
 * over when nothing of it is left in the assembly. */
size_t assembly_ssl2(struct conn *c, unsigned dir, struct bytes b, struct arrival at);
void assembly_hole(struct conn *c, unsigned dir, size_t bytes); /* inside a record */
void assembly_cut(struct conn *c, unsigned dir);    /* no more of this message will come */
void assembly_forget(struct conn *c, unsigned dir); /* it is not wanted */
/* Could these four bytes begin a handshake message in a record of that length? */
bool message_plausible(const uint8_t header[static 4], uint32_t record_length);

/* ---- messages.c: messages to facts ---- */
/* Takes a message of which raw is what there is: begins another handshake where it must, and copies what it
 * keeps. False: the budget of the handshake is used up. */
bool message_deliver(struct conn *c, struct event *ev, struct bytes raw, const struct span *spans,
	size_t n_spans);

/* What a ServerKeyExchange, delivered as one that was not read whole, tells all the same. */
void message_outline(struct conn *c, const struct event *ev, struct bytes body,
	const struct hidden *hidden, size_t n);

/* ---- attempt.c: one handshake of a connection ---- */
/* Begins it; false (and c->done) when memory is out. */
bool attempt_begin(struct conn *c, unsigned client_dir, bool guessed, struct arrival at);
void attempt_end(struct conn *c);         /* settles it and gives it out */
void attempt_unconnected(struct conn *c); /* the same for a connection that never came about */
/* Ends it; the connection goes on with another. */
bool attempt_renew(struct conn *c, struct arrival at);
/* Exchanges client and server of one whose roles were guessed. */
void attempt_swap_roles(struct conn *c);
/* From here on messages are not read, alerts and the end are. */
void attempt_skim(struct conn *c, enum skim why);
/* It is the last to have been active: of a limit on all of them it is the last to fall. */
void attempt_is_newest(struct conn *c);
/* A connection is counted once, whatever it meets with. */
void attempt_count(struct conn *c, uint64_t *total);

/* ---- settle.c (with settle12.c and settle13.c) ---- */
void settle_now(struct conn *c);         /* outcome, ending and all that waits for the end */
void settle_unconnected(struct conn *c); /* the same for one that never came about */

/* ---- spoken.c: what was spoken besides TLS; of a handshake with its outcome ---- */
void spoken_settle(struct conn *c);

/* ---- logged.c: what a log says besides the bytes it has; nothing happens where there is none ---- */
/* Before the ending is judged: what was said to be sent goes into the ladder, where its bytes are not. */
void logged_ladder(struct conn *c);
/* After it: what the sides say of it, and where the bytes leave it open. */
void logged_outcome(struct conn *c);
/* What was spoken in place of TLS, where too little of it is in the log to tell by. */
void logged_speech(struct conn *c);

/* ---- horizon.c, turn.c: of a handshake with all its events ---- */
void horizon_settle(struct conn *c);
struct turn turn_of(const struct conn *c);

/* ---- finished.c: are the Finished what they must be? Asked before the secrets go ---- */
void finished_verify(struct conn *c);

/* ---- ladder.c: the lines of the ladder, and what they mean ---- */
struct event *conn_event(struct conn *c, enum event_kind kind, enum side from, struct arrival at);
void ladder_sort(struct conn *c); /* by the order of the capture, where it is not */
/* Room for one more alert of that level. NULL: there is none; where there is none left a fatal one, which decides, has
 * that of a warning. */
struct sent_alert *ladder_alert(struct handshake *hs, uint8_t level);
void message_alert(struct conn *c, enum side from, struct alert alert, struct arrival at);
void message_ccs(struct conn *c, enum side from, const struct record *r, uint8_t value);
void message_broken(struct conn *c, enum side from, const struct record *r);
void message_protected(struct conn *c, enum side from, const struct record *r);
void message_empty(struct conn *c, enum side from, const struct record *r);
void message_gap(struct conn *c, const struct gap_fact *gap, int64_t time);
/* Bytes that are not TLS where TLS was expected. */
void message_plain(struct conn *c, enum side from, struct bytes b, struct arrival at);

/* ---- order.c ---- */
/* True when the message (or HS_CCS) is out of turn; remembers it as the last of its side. */
enum { ORDER_CCS = 256 };
bool order_unexpected(struct conn *c, enum side from, unsigned type);

/* ---- progress.c ---- */
struct closing {
	bool seen, rst;
	enum side by;
	bool displaced; /* captured too early: packet is where it belongs */
	int64_t time;
	uint64_t packet;
};
struct closing first_closing(const struct conn *c); /* who sent the first FIN or RST */
/* An alert of that side that came after the other had closed only closes in its turn. */
bool closes_in_turn(const struct conn *c, enum side from, const struct closing *closing);
bool both_finished(const struct progress *p); /* up to TLS 1.2 */
/* Failed or completed already: another hello begins another handshake. */
bool progress_is_over(const struct conn *c);
void progress_record(struct conn *c, enum side from, const struct record *r); /* a protected one */
/* A message that was under the keys: it is known, and not guessed from a record's size. */
void progress_opened(struct conn *c, enum side from, uint8_t type, struct arrival at);
/* It is TLS 1.3, or may be, as the ServerHello was not seen. */
bool progress_may_be_13(const struct conn *c);
/* Up to TLS 1.2 application data stands after ChangeCipherSpec only, and no server has keys before its
 * hello. */
bool progress_data_too_early(const struct conn *c, enum side from, const struct record *r);
/* Does it end the handshake it is sent in? */
bool progress_alert_ends(const struct handshake *hs, struct alert alert);
void progress_alert(struct conn *c, enum side from, struct alert alert, struct arrival at);
void progress_bytes(struct conn *c, unsigned dir, size_t bytes, struct arrival at);
/* So much was read without an end that messages are not read any further. */
bool progress_too_long(const struct conn *c);

#endif
