/*
 * From chunks to handshakes: finds TLS by content in each flow, puts records and messages back
 * together, keeps the facts of one attempt and gives it out when it is settled.
 */
#ifndef TLSDIAG_SESSION_SESSION_H
#define TLSDIAG_SESSION_SESSION_H

#include "crypto/schedule.h"
#include "keylog/follow.h"
#include "pki/chain.h"
#include "session/source.h"

struct handshake;

/* Takes over *hs: must call handshake_free() some time. Called in the order in which handshakes settle. */
struct handshake_sink {
	void (*take)(void *ctx, struct handshake *hs);
	void *ctx;
};

struct session_limits {
	size_t handshake_bytes; /* most memory of one handshake; default 1 MiB */
	size_t open_bytes;      /* most memory of all open handshakes together; default 24 MiB */
};

struct session;
struct session *session_open(struct cert_store *store, struct handshake_sink sink,
	const struct session_limits *limits /* NULL: defaults */);

/*
 * Secrets: from now on protected records are opened where they are known. Borrowed until session_close().
 */
struct session_keys {
	struct keylog *log;    /* NULL: there are none */
	struct follow *follow; /* a file that it still grows by; NULL: none */
	/* Decrypts what a client sent encrypted with the RSA key of the server; NULL: its key is not known. */
	bool (*decrypt)(void *ctx, struct bytes encrypted, struct key_secret *premaster);
	void *ctx;
	bool rsa_only; /* there is nothing but that key: other key exchanges stay closed */
};
void session_keys(struct session *s, const struct session_keys *keys);

/* The sink to give to a source. */
struct sink session_sink(struct session *s);

/* Marks the start of another input (counts from 1). */
void session_next_input(struct session *s);

/*
 * From now on every handshake is with this target of ours, as the user wrote it; NULL: with servers
 * that nobody asked for. Borrowed until the next call.
 */
void session_target(struct session *s, const char *target);

/*
 * Tells what is known of a connection besides its bytes, before these come. The next first
 * handshake between the two endpoints has it. Copies; false when there is no room, which costs the
 * report no more than that knowledge.
 */
bool session_tell(struct session *s, const struct told *told);

struct session_totals {
	uint64_t flows;
	uint64_t handshakes;
	uint64_t dtls_flows;
	uint64_t plain_flows; /* connections without TLS */
	/* Connections that a limit cost something, each counted once. */
	uint64_t given_up;       /* given up: all open ones need more memory than they may */
	uint64_t evicted;        /* given up: the source follows no more at a time */
	uint64_t skimmed_bytes;  /* messages not read any further: no end after so many bytes */
	uint64_t skimmed_memory; /* the same: they need more memory than one handshake may */
	uint64_t long_messages;  /* messages longer than any that is read */
	uint64_t full_ladders;   /* handshakes of which not every event was kept */
	uint64_t long_lists;     /* messages that hold more of something than is kept of it */
	/* Handshakes with protected records while there were secrets: opened, at least of one side; no
	 * secret found; some records did not open under the secrets found; none could, for want of the cipher. */
	uint64_t unlocked, locked, refused, unusable;
};
struct session_totals session_totals(const struct session *s);

void session_close(
	struct session *s); /* accepts NULL; flows must have ended (the source sends CHUNK_END) */

#endif
