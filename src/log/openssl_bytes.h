/*
 * The bytes of a connection that `openssl s_client` or `s_server` printed: the stream itself (-debug), or
 * records and messages in the clear (-msg), of which the stream is put together again where it was in the
 * clear. Where both are printed the stream counts, and of -msg only what was under keys on the wire.
 */
#ifndef TLSDIAG_LOG_OPENSSL_BYTES_H
#define TLSDIAG_LOG_OPENSSL_BYTES_H

#include "log/notes.h"
#include "log/openssl_rows.h"

enum {
	OPENSSL_HEADERS_MAX = 16, /* of records whose content was not printed yet */
	OPENSSL_HELD_MAX = 8 * 1024,
	OPENSSL_HELD_PARTS = 8,
};

enum openssl_whose { OPENSSL_OWN, OPENSSL_PEERS };

enum openssl_content { /* of a dump of -msg */
	OPENSSL_HEADER,
	OPENSSL_HANDSHAKE,
	OPENSSL_ALERT,
	OPENSSL_CCS,
	OPENSSL_OTHER,
};

struct openssl_header {
	uint8_t bytes[13]; /* 5 of TLS, 13 of DTLS */
	uint8_t len;
	bool given; /* noted already: a message before filled a part of the record */
	uint64_t left;
};

struct openssl_lane { /* one direction of -msg */
	struct openssl_header headers[OPENSSL_HEADERS_MAX];
	size_t n;
	bool keys, ccs;
};

struct openssl_part { /* of the stream, put together from -msg */
	enum openssl_whose whose;
	struct log_at at;
	size_t from, len;
};

struct openssl_bytes {
	struct openssl_rows rows; /* the dump that is being read */
	enum openssl_whose whose; /* of it */
	enum openssl_content content;
	struct openssl_lane lanes[2];
	/* the first of -msg, until it is known whether the stream is printed too */
	struct openssl_part held[OPENSSL_HELD_PARTS];
	size_t n_held, held_len;
	uint8_t held_bytes[OPENSSL_HELD_MAX];
	bool debug;    /* the stream is printed */
	bool no_debug; /* it is not */
	bool datagrams;
	bool peers_alert;
	/* of -debug: a dump was the header of a handshake record alone; and whose side it is was not known yet, so
	 * that it waits */
	bool lone_header, waits, any_stream;
	uint8_t waiting[5];
	struct log_at waits_from;
	struct log_at own_alert; /* where one was printed; line 0: none was */
	bool any;                /* bytes of either kind were seen */
	uint32_t seen[2];        /* handshake types, as bits */
};

/* A heading of -debug or -msg: ends the dump before it. */
void openssl_bytes_stream(struct openssl_bytes *b, struct log_conn *c, enum openssl_whose whose,
	uint64_t len, struct log_at at);
void openssl_bytes_content(struct openssl_bytes *b, struct log_conn *c, enum openssl_whose whose,
	enum openssl_content content, uint64_t len, struct log_at at);
/* A row of the dump that is open; false: it is none. See openssl_rows_take(). */
bool openssl_bytes_row(
	struct openssl_bytes *b, struct log_conn *c, struct bytes text, struct bytes *rest);
/* Something else is to be noted: what is held back comes before it. */
void openssl_bytes_settle(struct openssl_bytes *b, struct log_conn *c);
/* The connection, or the log, ends. */
void openssl_bytes_end(struct openssl_bytes *b, struct log_conn *c);

/* Which side it is that the words "own" and "peer's" mean. */
enum side openssl_side(const struct log_conn *c, enum openssl_whose whose);

#endif
