/* Handshakes with one target, until one completes or the attempts are used up. */
#ifndef TLSDIAG_DRIVE_PROBE_H
#define TLSDIAG_DRIVE_PROBE_H

#include "drive/client.h"
#include "drive/dialogue.h"
#include "drive/starttls.h"

enum { PROBE_ATTEMPTS_MAX = 64 };

struct probe_options {
	struct client_options client; /* sni and name NULL: the target's host, when it is a name */
	bool no_sni;
	const struct target *proxy; /* an HTTP proxy that is asked to CONNECT; NULL: none */
	enum starttls starttls;
	int connect_ms;
	unsigned attempts; /* most in all, after failures */
	bool insist;       /* also where another attempt can hardly tell more: no answer came */
	bool log_keys;
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
	bool handshaken;   /* the client began: result holds */
	bool silent;       /* ... and waited in vain for the peer */
	struct client_result result;
};

struct probe {
	struct target target;
	struct tape *tape; /* all attempts, one after the other */
	struct probe_attempt attempt[PROBE_ATTEMPTS_MAX];
	size_t n_attempts;
	struct strbuf keys; /* lines of a key log */
	struct arena *arena;
	bool by_client; /* the attempts are mbedTLS's: their results are its word */
};

/*
 * Fills *out, to be released with probe_free() in any case. False when the attempts could not even be
 * begun: an option that this mbedTLS cannot do, or memory. A target that is not reached is an
 * answer.
 */
bool probe_run(
	const struct probe_options *o, const struct target *t, struct probe *out, struct err *e);
void probe_free(struct probe *p);

/* ---- the steps of an attempt, for other drivers ---- */

/* An empty probe; false: out of memory. Release it with probe_free() in any case. */
bool probe_open(struct probe *p, const struct target *t, struct err *e);
/* Calls the target, or the proxy before it, and notes in *a how it went. NULL: out of memory. */
struct line *probe_call(
	struct probe *p, const struct target *proxy, int connect_ms, struct probe_attempt *a);
/* Says on an open line what comes before TLS; false when it came to nothing. */
bool probe_lead(const struct probe *p, struct line *l, const struct target *proxy,
	enum starttls starttls, int timeout_ms, struct probe_attempt *a);

/* Was it reached: did any attempt get as far as TLS? */
bool probe_reached(const struct probe *p);

#endif
