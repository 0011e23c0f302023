/* Handshakes with one target, until one completes or the attempts are used up. */
#ifndef TLSDIAG_DRIVE_PROBE_H
#define TLSDIAG_DRIVE_PROBE_H

#include "drive/client.h"
#include "drive/dialogue.h"
#include "drive/starttls.h"

enum {
	PROBE_ATTEMPTS_MAX = 64,
	PROBE_BYTES_MAX = 8 << 20, /* of memory for what was said with one target */
	PROBE_BYTES_MIN = 512 << 10,
};

/* How to come to a target, and how long that and all that follows may take. */
struct probe_way {
	const struct target *proxy; /* an HTTP proxy that is asked to CONNECT; NULL: none */
	enum starttls starttls;
	int connect_ms;
	int deadline_ms; /* for an attempt as a whole */
	size_t bytes;    /* of memory for all that is said: PROBE_BYTES_MIN or more; 0: the most */
};

/* Who is asked: our own client, mbedTLS's, or both. */
enum probe_clients {
	PROBE_OWN_FIRST, /* our own; where it does not complete, mbedTLS's after it */
	PROBE_OWN,
	PROBE_MBEDTLS,
	PROBE_BOTH,
};

struct probe_options {
	enum probe_clients clients;
	struct client_options client; /* sni and name NULL: the target's host, when it is a name */
	bool no_sni;
	struct probe_way way;
	/* Most attempts in all, after failures. What is repeated unasked has no time of its own: all
	 * of it together keeps to the deadline. */
	unsigned attempts;
	bool repeat; /* as many as `attempts`, whatever comes of them */
	bool insist; /* also where another attempt can hardly tell more, each with its own deadline */
};

/* What there is to tell of an attempt besides its packets. */
struct probe_attempt {
	struct endpoint client, server; /* family 0: no connection was tried */
	enum line_state line;           /* LINE_OPEN: connected; else how far it came */
	char error[120];                /* the system's words for what kept it from connecting */
	bool talked;                    /* something was said before TLS: before holds */
	struct dialogue_result before;
	char passed[240];  /* addresses of the name that did not answer before one did */
	double connect_ms; /* until it was connected, or had failed to */
	const char *
		otherwise; /* in what its hello is another than was asked for (struct told); NULL */
	bool handshaken;   /* the client began: result holds */
	bool silent;       /* ... and waited in vain for the peer */
	struct client_result result; /* of a replay only what was heard */
};

struct probe {
	struct target target;
	struct tape *tape;             /* all attempts, one after the other */
	size_t tape_bytes;             /* that it may have */
	struct probe_attempt *attempt; /* malloc'ed */
	size_t n_attempts, size;
	struct strbuf keys; /* lines of a key log */
	struct arena *arena;
	bool by_client; /* the attempts are a client's, which has a word on them */
	bool starved;   /* the last attempt came to nothing for want of sockets or memory of ours */
};

/*
 * Fills *out, to be released with probe_free() in any case. False when the attempts could not even be
 * begun: an option that this mbedTLS cannot do, or memory. A target that is not reached is an
 * answer.
 */
bool probe_run(
	const struct probe_options *o, const struct target *t, struct probe *out, struct err *e);
void probe_free(struct probe *p); /* once, or again after the next probe_run() */
/* Bytes that it holds. */
size_t probe_memory(const struct probe *p);

/* ---- the steps of an attempt, for other drivers ---- */

/* An empty probe, with room for so many attempts; false: out of memory. Release it with probe_free()
 * in any case. */
bool probe_open(
	struct probe *p, const struct target *t, unsigned attempts, size_t bytes, struct err *e);
/* Calls the target, or the proxy before it, and notes in *a how it went; all that is done on the line
 * may take whole_ms. NULL: out of memory. */
struct line *probe_call(
	struct probe *p, const struct probe_way *way, int whole_ms, struct probe_attempt *a);
/* Says on an open line what comes before TLS; false when it came to nothing. */
bool probe_lead(const struct probe *p, struct line *l, const struct probe_way *way, int timeout_ms,
	struct probe_attempt *a);

/* Was it reached: did any attempt get as far as TLS? */
bool probe_reached(const struct probe *p);

#endif
