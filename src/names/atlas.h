/*
 * What each TLS stack answers to each fault of its peer, as measured, and in which order it checks.
 *
 * An alert's number says little without the stack that sent it: the same fault gets 47 from one and
 * 51 from another, or no alert at all. The versions measured are those of stack_name().
 */
#ifndef TLSDIAG_NAMES_ATLAS_H
#define TLSDIAG_NAMES_ATLAS_H

#include <stdbool.h>
#include <stddef.h>

enum stack {
	STACK_UNKNOWN,
	STACK_OPENSSL,
	STACK_MBEDTLS_2,
	STACK_MBEDTLS_3,
	STACK_GNUTLS,
	STACK_WOLFSSL,
	STACK_NSS,
	STACK_BOTAN,
	STACK_GO,
	STACK_RUSTLS,
	STACK_BORINGSSL,
	STACK_JSSE,
};

enum { STACK_COUNT = STACK_JSSE + 1 };

const char *stack_name(enum stack stack);     /* "OpenSSL 3.0"; "an unknown stack" */
const char *stack_family(enum stack stack);   /* "OpenSSL", "mbedTLS" for both of its lines */
const char *stack_measured(enum stack stack); /* the exact version: "3.0.22"; "" when unknown */

/* True when text names a stack: its family or the beginning of its name, in any case. */
bool stack_matches(enum stack stack, const char *text);

/* Who meets the fault, and so sends the alert. */
enum atlas_side { ATLAS_CLIENT, ATLAS_SERVER };

enum atlas_result {
	ATLAS_NOT_RUN,   /* not measured, or the stack has no such protocol version */
	ATLAS_ALERT,     /* a fatal alert */
	ATLAS_WARNING,   /* a warning alert */
	ATLAS_CLOSED,    /* the connection is closed without an alert */
	ATLAS_ENCRYPTED, /* an alert under the session's keys */
	ATLAS_ACCEPTED,  /* not noticed: the handshake goes on */
	ATLAS_OK,        /* tolerated: the handshake completes */
	ATLAS_APP,       /* left to the application */
};

struct atlas_answer {
	enum atlas_result result;
	int alert;        /* for ATLAS_ALERT and ATLAS_WARNING; else -1 */
	bool from_source; /* read in the stack's source, not measured */
	const char *code; /* what the library reports: "-0x4E00", "0A000132"; "" when not known,
			     NULL when not run */
};

/* Several faults at once are joined by '+', in alphabetical order: "pt_offcurve+sig_garbage". */
struct atlas_fault {
	const char *id;
	enum atlas_side side;
	unsigned message;   /* handshake type of the message that holds the fault */
	const char *causes; /* ids of causes that give this fault, separated by spaces */
	const char *title;  /* "a point that is not on the curve" */
	struct atlas_answer answers[STACK_COUNT];
};

size_t atlas_fault_count(void);
const struct atlas_fault *atlas_fault_at(size_t i); /* NULL past the end */
const struct atlas_fault *atlas_fault_find(enum atlas_side side, const char *id);

/*
 * What a stack, as a client, answers to a fault of its server. False, and *out cleared, when the
 * fault is not in the table or was not run with that stack.
 */
bool atlas_find(const char *fault_id, enum stack stack, struct atlas_answer *out);

enum { ATLAS_NO_ALERT = -1, ATLAS_ANY_MESSAGE = -1 };

struct atlas_query {
	enum atlas_side sender; /* of the alert */
	int alert;              /* its number; ATLAS_NO_ALERT: closed without one */
	int after;              /* handshake type of the last message that the sender got */
	enum stack stack;       /* STACK_UNKNOWN: any */
};

struct atlas_hit {
	enum stack stack;
	const struct atlas_fault *fault;
	const struct atlas_answer *answer;
};

/*
 * Every fault and stack that fit a query. Faults of the last message come first, then those of the
 * messages before it in the same flight, which the sender may have judged late; faults that
 * need two things to go wrong come last. Fills at most max; returns how many there are.
 */
size_t atlas_search(const struct atlas_query *query, struct atlas_hit *out, size_t max);

/* What a client looks at first in a ServerKeyExchange of TLS 1.2. */
enum ske_order {
	SKE_ORDER_UNKNOWN,
	SKE_POINT_FIRST,     /* the curve equation, then the signature */
	SKE_SIGNATURE_FIRST, /* the signature, then the curve equation */
	SKE_NO_POINT_CHECK,  /* the curve equation is never tested */
};

struct stack_order {
	enum ske_order ske;
	bool chain_before_ske; /* a bad chain hides a bad ServerKeyExchange */
	const char *steps;     /* each check and its alert */
	const char *note;      /* a clause that can follow the stack's name */
};

/* NULL for STACK_UNKNOWN. */
const struct stack_order *stack_order(enum stack stack);

#endif
