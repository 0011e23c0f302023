/*
 * A check: one yes/no question about one handshake, with a stable id. Pure functions of facts.
 */
#ifndef TLSDIAG_DIAGNOSE_CHECK_H
#define TLSDIAG_DIAGNOSE_CHECK_H

#include "session/event.h"

struct arena;
struct handshake;

enum status { NOT_APPLICABLE, PASS, FAIL, WARN, UNKNOWN };
const char *status_name(enum status s); /* "pass", "fail", "warn", "unknown", "n/a" */

enum { EVIDENCE_MAX = 6 };
struct evidence_item {
	struct place place;
	const char *what; /* "ECDHE public key"; static or in the handshake's arena */
};

struct answer {
	enum status status;
	const char *message;            /* in the arena; NULL when quiet or nothing to say */
	struct evidence_item *evidence; /* in the arena */
	size_t n_evidence;
	struct arena *arena; /* where messages and evidence go */
	bool quiet;          /* messages are not wanted */
};

/* Each sets the message and returns its status, so a check can `return fail(a, ...)`. */
enum status pass_saying(struct answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
enum status fail(struct answer *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum status warn(struct answer *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum status unknown(struct answer *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum status not_applicable(struct answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Most checks of most handshakes pass: what they would say is worked out only when it is wanted. */
#define pass(a, ...) ((a)->quiet ? PASS : pass_saying((a), __VA_ARGS__))
/* Adds evidence; a place of packet 0 is left out. */
void answer_show(struct answer *a, struct place place, const char *what);

struct check {
	const char *id;
	const char *rfc;      /* "RFC 8446 4.2.8" */
	const char *question; /* "Is the ECDHE public key on its curve?" */
	enum status (*run)(const struct handshake *hs, struct answer *a);
	/* It reads what a ClientHello offers, or what a ServerHello chooses: one that was not read to
	 * its end cannot tell what it lacks. */
	bool reads_offer, reads_choice;
};

/* The checks, in the order of the catalogue. CHECK(x) lines in checks.def name `check_x`. */
enum check_id {
#define CHECK(name) CHECK_##name,
#include "diagnose/checks.def"
#undef CHECK
	N_CHECKS
};
extern const struct check *const checks[N_CHECKS];
/* N_CHECKS when there is none of that id. */
enum check_id check_find(const char *id);

/* Runs all checks on one handshake. */
void checks_run(const struct handshake *hs, bool quiet, struct answer out[static N_CHECKS]);

#endif
