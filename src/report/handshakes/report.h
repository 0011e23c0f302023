/*
 * The same findings, several ways. A reporter never decides: it lays out what diagnose found.
 *
 * Order of calls: report_begin, report_handshake for each (as they settle), report_end. Output is
 * written as the work goes; memory stays flat.
 */
#ifndef TLSDIAG_REPORT_HANDSHAKES_REPORT_H
#define TLSDIAG_REPORT_HANDSHAKES_REPORT_H

#include "diagnose/diagnose.h"
#include "diagnose/replayed.h"
#include "report/config_reading.h"
#include "report/options.h"

#include <stdio.h>

/* What a limit of our own made the run leave out. Every form of report tells all of them. */
struct limit_note {
	const char *id;     /* "connections": an interface, like the ids of causes */
	uint64_t count;     /* how many were left out; at least 1 */
	const char *text;   /* one sentence that holds the count */
	const char *option; /* what raises the limit: "--deep"; NULL: nothing does */
};

/* What a log, or a part of it, was taken for. */
struct log_format {
	const char *name, *title; /* "mbedtls", "mbedTLS debug output" */
	uint64_t lines;
};

struct input_info {
	const char *kind;         /* "pcap", "log"; "probe", "replay": a conversation of ours */
	const char *const *names; /* files, or targets, as given; at least one */
	size_t n_names;
	uint64_t packets, bytes;
	uint64_t lines; /* of logs */
	const struct log_format *formats;
	size_t n_formats;
	const struct input_problem *problems;
	size_t n_problems;
	size_t n_unread; /* inputs that could not be read to their end */
	bool stopped;    /* one of the problems says why no more was to be read */
	uint64_t flows;  /* connections, TLS or not */
	uint64_t dtls_flows, plain_flows;
	/* Of plain_flows: attempts without a byte, which are only counted (door/bench.h). */
	uint64_t refused, unanswered, unreachable;
	const struct limit_note *limits;
	size_t n_limits;
	uint64_t verified, not_verified;
	/* Of the verified, those that had one to verify. */
	uint64_t with_signature, with_point, with_chain;
	uint64_t unlocked; /* handshakes of which protected records were opened */
	uint64_t left_out; /* not verified for a limit, which `limits` tells */
	enum verify_policy verify;
	bool memory_ran_out;         /* nothing is concluded then: the desk gives no findings */
	const char *crypto_version;  /* of the library linked */
	const struct replay *replay; /* of a replay; else NULL */
	struct config_shown config;  /* --config */
};

/* What a report says of memory_ran_out. */
extern const char memory_ran_out_text[];

struct report;
/* Do answers need their messages, of handshakes that go well too? */
bool report_wants_messages(enum report_form form);
struct report *report_open(FILE *out, const struct report_options *o, struct err *e);
void report_begin(struct report *r, const struct input_info *in);
void report_handshake(struct report *r, const struct examined *ex);
/* in: as at the end, with the counts now known. False when writing failed. */
bool report_end(struct report *r, const struct input_info *in, const struct desk *d, struct err *e);
void report_close(struct report *r);

/* Writing has failed: what comes next is for nothing. */
bool report_failed(const struct report *r);

#endif
