/* Inside of a run (include/tlsdiag/tlsdiag.h): what its files share. */
#ifndef TLSDIAG_DOOR_RUN_H
#define TLSDIAG_DOOR_RUN_H

#include "capture/capture.h"
#include "config/reading.h"
#include "door/log_copy.h"
#include "door/pipeline.h"
#include "drive/probe.h"
#include "log/log.h"
#include "pki/rsa_key.h"
#include "report/handshakes/ranked.h"
#include "report/handshakes/report.h"
#include "tlsdiag/tlsdiag.h"

enum { CERTS_GIVEN_MAX = 16, STORE_BYTES = 8 << 20, KEY_BYTES = 64 << 10 };

/* The user's files, read. */
struct given {
	struct evidence evidence;
	struct keylog *keylog; /* NULL: out of memory */
	struct follow *follow; /* --keylog; NULL: it was not given */
	struct rsa_key *rsa;   /* --key, where that is one; NULL: none */
	struct trust *trust;
	struct config *config;
	struct config_reading reading; /* of it */
	struct cert_store *store;
	const struct cert *certs[CERTS_GIVEN_MAX];
	struct expectation *expectations;
	struct arena *arena; /* strings, the public half of the key, and the inputs' names */
};

bool given_open(struct given *g, const struct tlsdiag_options *o, struct err *e);
void given_close(struct given *g);

/* A problem of an input, as it will be told. */
struct noted {
	size_t input; /* index of its name */
	uint64_t packet;
	const char *text;
};

/* The inputs of a run: their names and what is wrong with them. */
struct inputs {
	const char *kind; /* "probe", "replay"; NULL: "pcap" */
	const char **names;
	size_t n_names;
	struct noted *problems;
	size_t n_problems;
	size_t n_unread;            /* could not be read to their end */
	struct input_problem *told; /* made by inputs_tell() */
};

bool inputs_add(struct inputs *in, struct arena *a, const char *name);
void inputs_note(struct inputs *in, struct arena *a, uint64_t packet, const char *text);
/* The problems; when there are several files, each names the one it is about. */
const struct input_problem *inputs_tell(struct inputs *in, struct arena *a);
void inputs_close(struct inputs *in);

/* The reports that are wanted of a run; there may be none. */
struct reports {
	struct report *list[TLSDIAG_OUTPUTS_MAX + 1];
	size_t n;
};

bool reports_open(struct reports *r, const struct tlsdiag_options *o, struct err *e);
/* Does any of them need the messages of all answers? */
bool reports_want_messages(const struct tlsdiag_options *o);
void reports_begin(struct reports *r, const struct input_info *in);
void reports_handshake(struct reports *r, const struct examined *ex);
/* All are ended, whatever happens to one; false with the first failure. */
bool reports_end(
	struct reports *r, const struct input_info *in, const struct desk *d, struct err *e);
void reports_close(struct reports *r);

/* What limits made the run leave out so far; in the run's arena. NULL and 0: nothing. */
const struct limit_note *limits_tell(struct tlsdiag *run, size_t *n);

/* What was read of logs, all of them together. */
struct log_pairs;
struct logs {
	struct log_totals totals;
	uint64_t remarks_dropped, said_dropped; /* of a connection: more than are kept */
	/* The first server whose address they name: what is said of one without an address is most likely
	 * about that one. family 0: none is named yet. */
	struct endpoint server;
	struct log_pairs *pairs; /* connections that wait for the other side's log; NULL: none do */
};

/* What had been counted before the input that is being read. */
struct before {
	struct capture_totals totals;
	size_t problems;
};

struct tlsdiag {
	struct tlsdiag_options options;
	struct given given;
	struct inputs inputs;
	struct pipeline *pipeline;
	struct capture *capture;
	struct logs logs;
	struct log_copy *copy; /* NULL: none is wanted, or not without names */
	struct reports reports;
	bool begun, live, finished;
	bool keys_used;           /* there were secrets, besides a key of the server's */
	bool keys_heard;          /* there are, but only those that logs show by themselves */
	uint64_t memory_failures; /* of the process, when the run was opened */
	/* Told of each handshake that was examined; NULL: nobody. */
	void (*spy)(void *ctx, const struct examined *ex);
	void *spy_ctx;
	struct replay replay;
	bool replayed; /* it holds something */
	struct before before;
	uint64_t handshakes;
	struct shown *findings;
	size_t n_findings;
};

/* The failure in the words of the public header; returns false. */
bool run_tell(struct tlsdiag_error *out, const struct err *e, enum tlsdiag_error_kind kind);

/* From now on the session opens what there are secrets for: of the key log, or under the server's RSA key. */
void keys_use(struct tlsdiag *run, bool log);
/* Secrets that a capture holds, as a key log. */
void keys_take(void *ctx, struct bytes text);
/* Lines of a key log that a log shows, or our own client left. Nobody said that it has the secrets of all handshakes. */
void keys_hear(struct tlsdiag *run, struct bytes line);
/* What the key log was, and what it was good for: notes among the inputs' problems. */
void keys_tell(struct tlsdiag *run);

/* Is nothing more to be read? The report is to be written all the same. */
bool run_is_stopped(const struct tlsdiag *run);

/* Begins one more input; at its end what could not be read of it is noted, with e where ok is false. */
bool run_begin_input(struct tlsdiag *run, const char *kind, const char *name, struct err *e);
bool run_end_input(struct tlsdiag *run, bool ok, const struct err *e);

/* Reads a capture in memory as one more input. problem: something to note of it; NULL none. What is
 * stopped is no failure: the report tells it. */
bool run_read_bytes(struct tlsdiag *run, const char *kind, const char *name, struct bytes file,
	const char *problem, struct err *e);

/* Reads what a probe (or a replay) recorded as one more input; counts it when it came to no TLS. */
bool run_read_probe(struct tlsdiag *run, const char *kind, const struct probe *p, bool by_proxy,
	size_t *unreached, struct err *e);

/* How to come to the target: "smtp", "HOST:PORT"; either may be NULL. */
bool ways_parse(const char *starttls, const char *proxy, enum starttls *protocol, struct target *by,
	struct err *e);
/* What 0 stands for is set in. */
int deadline_of(unsigned ms);
/* The port where none is given. */
uint16_t ways_port(const char *starttls);

/* Connections of logs that waited for the other side's are handed on: no more logs come. */
void logs_end(struct tlsdiag *run);

/* Takes in what `write` notes, as readers of a log do (log/notes.h). */
bool run_take_notes(struct tlsdiag *run, void (*write)(void *ctx, struct log_notes *n), void *ctx,
	struct err *e);

/* A finding as the door shows it, and the arrays it points to. */
struct shown {
	struct tlsdiag_finding finding;
	char server[ENDPOINT_TEXT];
	const char *proof[PROOFS_MAX];
	struct tlsdiag_reason ruled_out[RULED_OUT_MAX];
};

/* malloc'ed; *n is their number. */
struct shown *shown_findings(const struct desk *d, size_t *n);

/* Calls back with a handshake as the door shows it. */
void show_handshake(const struct tlsdiag_options *o, const struct examined *ex);

#endif
