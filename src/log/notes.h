/*
 * What a log says of connections, noted by its readers in the order of its lines, and given out
 * connection by connection. The session makes handshakes of them (door/log.c pushes them as chunks and
 * tellings), so that they meet the same checks and causes as those of a capture.
 *
 * Nothing is judged here. What is not said is not noted.
 */
#ifndef TLSDIAG_LOG_NOTES_H
#define TLSDIAG_LOG_NOTES_H

#include "base/arena.h"
#include "log/line.h"
#include "names/sayings.h"
#include "session/free_heap.h"
#include "session/printed.h"
#include "session/side.h"

enum {
	LOG_CONNS_MAX = 64,        /* open at a time; the one longest without a note ends */
	LOG_CONN_BYTES = 1 << 20,  /* most memory of one: what comes later is counted, not kept */
	LOG_REMARK_TEXT_MAX = 160, /* bytes kept of the words of a remark */
};

enum log_note_kind {
	/* ---- bytes ---- */
	LOG_WIRE,    /* of the byte stream of `from`, in its order: records, whole or in pieces */
	LOG_OPENED,  /* content (type: its content type) of protected records, in the clear */
	LOG_MESSAGE, /* a handshake message with its header, without its record */
	LOG_LOST, /* `missing` bytes of the stream of `from` are not in the log; 0: unknown how many */
	LOG_DATAGRAM, /* one or more records of DTLS, as they came in one datagram */
	/* ---- what is said of them, where the bytes are not there ---- */
	LOG_SEEN,  /* type: a handshake message of `from` */
	LOG_CCS,   /* ChangeCipherSpec of `from` */
	LOG_ALERT, /* level, code: of `from` */
	LOG_CHAIN, /* one certificate (DER) of the chain of `from`; the leaf first */
	/* ---- what a side's own program says ---- */
	LOG_STATE, /* text: where it stands, in mbedTLS's names without prefix, "SERVER_KEY_EXCHANGE" */
	LOG_RESULT, /* value: what its handshake (text: the function) returned; 0 well */
	LOG_FLAGS,  /* value: what it found wrong with the peer's certificate; mbedTLS's bits */
	LOG_REMARK, /* saying, text: see names/sayings.def */
	LOG_DONE,   /* it says that the handshake is complete */
	LOG_END,    /* value: enum log_ending; from: whose doing, as far as it is told */
	LOG_SECRET, /* text: label of an NSS key log line; bytes: client_random || secret */
	/* ---- of a connection of its own, which has nothing else ---- */
	LOG_FRAME, /* as it was captured; value: its LINKTYPE_, missing: what was cut off its end */
};

enum log_ending {
	LOG_CLOSED,      /* the stream of `from` ended */
	LOG_RESET,       /* ... by a reset */
	LOG_TIMED_OUT,   /* the other side waited for `from` in vain */
	LOG_REFUSED,     /* the connection was refused */
	LOG_UNREACHABLE, /* no way to the host */
	LOG_UNANSWERED,  /* the connection was not answered */
	LOG_BROKEN_OFF,  /* the log ends, or the device boots anew, in the middle of it */
};

struct log_note {
	enum log_note_kind kind;
	enum side from; /* whose bytes, message, alert, words or doing */
	struct log_at at;
	uint8_t type;        /* LOG_OPENED: content type; LOG_SEEN: handshake type */
	uint8_t level, code; /* LOG_ALERT */
	bool under_keys;     /* LOG_ALERT, LOG_MESSAGE, LOG_SEEN: it was protected on the wire */
	enum saying saying;  /* LOG_REMARK */
	int64_t value;
	uint64_t
		missing; /* LOG_LOST; bytes that the dump leaves out behind those here: LOG_WIRE, ... */
	struct bytes bytes;
	const char *text;
	struct log_note *next;
};

/* How much of the device's heap was free, as a line of its log says. */
struct log_heap {
	enum heap_moment moment; /* HEAP_UNKNOWN: nothing is known */
	uint64_t bytes;
	struct log_at at;
	const char *words;
};

/* Facts of the connection as a whole that a log may state. NULL, 0, false: it does not. */
struct log_facts {
	bool role_known;
	enum side role;         /* whose log it is */
	const char *library[2]; /* by side, "mbedTLS 2.28", "OpenSSL 3.0.19", "Java" */
	bool datagrams;         /* it is DTLS */
	bool rebuilt; /* messages were put together again from their fields, as a text names them */
	uint16_t version; /* agreed on, wire value */
	bool suite_known;
	uint16_t suite;   /* agreed on */
	uint16_t group;   /* of the key exchange */
	const char *sni;  /* sent */
	const char *name; /* that the client wants the certificate to have */
	const char *alpn;
	const char *address[2]; /* by side, "192.0.2.10", as printed */
	uint16_t port[2];
	bool resumed;
	struct log_heap heap; /* of the device whose log it is */
	/* certificates that it prints; of whose bytes nothing is known by that. NULL with none */
	struct printed_cert *printed; /* n_printed <= PRINTED_MAX */
	size_t n_printed;
};

struct log_conn {
	uint64_t number;    /* from 1, in the order of beginning */
	const char *reader; /* name of the one that noted it first */
	struct log_at began, last;
	struct log_facts facts; /* readers set them; strings by conn_text() */
	struct log_note *notes, **tail;
	size_t n_notes;
	uint64_t dropped; /* notes that found no room */
	/* private to notes.c */
	struct redact *redact; /* for words that are quoted */
	struct arena *arena;
	unsigned owner;
	uint64_t key;
	uint64_t used;
};

/* Gets each connection when it has ended; it is freed after the call. */
struct log_conn_sink {
	void (*take)(void *ctx, const struct log_conn *c);
	void *ctx;
};

struct log_notes;
struct log_notes *log_notes_open(struct log_conn_sink sink); /* NULL: out of memory */
void log_notes_close(struct log_notes *n); /* what is open is freed, not given out; accepts NULL */
void log_notes_end(struct log_notes *n);   /* the input ends: what is open is given out */

/*
 * The connection that a reader has open under a key of its own (a context pointer, a thread; 0 where
 * there is but one); NULL none. A pointer holds until the next conn_open() or conn_end() of anybody: do not
 * keep it from line to line.
 */
struct log_conn *conn_find(struct log_notes *n, unsigned reader, uint64_t key);
/* Begins one; what was open under that key ends. NULL: out of memory. */
struct log_conn *conn_open(struct log_notes *n, unsigned reader, uint64_t key, struct log_at at);
/* conn_find(), else conn_open(). */
struct log_conn *conn_get(struct log_notes *n, unsigned reader, uint64_t key, struct log_at at);
void conn_end(struct log_notes *n, struct log_conn *c); /* accepts NULL */

/* Adds a note; what it points to is copied. Nothing happens with c NULL, or without room. */
void conn_note(struct log_conn *c, const struct log_note *note);

/* Shorthands of it. */
void conn_wire(
	struct log_conn *c, enum side from, struct bytes b, uint64_t missing, struct log_at at);
void conn_opened(struct log_conn *c, enum side from, uint8_t content_type, struct bytes b,
	uint64_t missing, struct log_at at);
void conn_message(struct log_conn *c, enum side from, struct bytes message, uint64_t missing,
	bool under_keys, struct log_at at);
void conn_seen(struct log_conn *c, enum side from, uint8_t type, bool under_keys, struct log_at at);
void conn_alert(struct log_conn *c, enum side from, uint8_t level, uint8_t code, bool under_keys,
	struct log_at at);
void conn_result(
	struct log_conn *c, enum side by, int code, const char *function, struct log_at at);
void conn_remark(
	struct log_conn *c, enum side by, enum saying saying, struct bytes words, struct log_at at);
void conn_ending(struct log_conn *c, enum side from, enum log_ending ending, struct log_at at);

/* A copy of text that lives as long as the connection, for its facts; NULL without room. */
const char *conn_text(struct log_conn *c, struct bytes text);

/* The one that was noted last and is open, whosever it is; else a new one of this reader, under key 0. */
struct log_conn *log_notes_latest(struct log_notes *n, unsigned reader, struct log_at at);

/*
 * How much heap is free is said of a device: it goes to the connection that was noted last, where one is open, and
 * to the next one that begins. lowest: it is the least there ever was.
 */
void log_notes_heap(
	struct log_notes *n, uint64_t bytes, bool lowest, struct bytes words, struct log_at at);

/*
 * A certificate that is printed goes to the connection that was noted last, where one is open, else to the next one
 * that begins; one of the same line replaces what was known of it.
 */
void log_notes_printed(struct log_notes *n, const struct printed_cert *cert);

/*
 * What is said of no connection in particular (an error of a certificate file before any hello, prose):
 * it goes to the one that is open or was last, else to one of its own.
 */
void log_notes_remark(struct log_notes *n, enum side by, enum saying saying, struct bytes words,
	struct log_at at);

#endif
