/*
 * What the checks said of each server, counted as its handshakes pass by: memory does not grow with
 * their number, and only up to a limit with that of the servers.
 */
#ifndef TLSDIAG_REPORT_HANDSHAKES_TALLY_H
#define TLSDIAG_REPORT_HANDSHAKES_TALLY_H

#include "diagnose/cause.h"

enum {
	TALLY_SERVERS_MAX = 1024,   /* those after them are counted as one */
	TALLY_TEXT_BYTES = 4 << 20, /* messages kept; then only counts are */
};

enum { N_STATUS = UNKNOWN + 1 };

/* One check over all handshakes of a server. */
struct check_tally {
	uint64_t n[N_STATUS]; /* handshakes, by answer */
	/* The answer that stands for all: fail, warn, pass, unknown, n/a, the first of them given. */
	enum status status;
	/* The first answer of that status. */
	const char *message; /* NULL: it had none */
	uint64_t packet;     /* of its first evidence; 0 none */
	uint64_t handshake;
};

struct server_tally {
	uint64_t completed, failed, incomplete;
	uint64_t first_failed; /* id of the handshake; 0 none */
	bool logged;           /* they were read from a log, if only the first */
	int64_t start;         /* ns since 1970, of the first handshake */
	int64_t ns;            /* all handshakes took, together */
	struct check_tally checks[N_CHECKS];
};

struct tally;
struct tally *tally_open(void); /* NULL: out of memory */
void tally_close(struct tally *t);

/* False: out of memory. */
bool tally_add(struct tally *t, const struct examined *ex);

/* NULL: the server is among the rest, or has no handshake. */
const struct server_tally *tally_of(const struct tally *t, const struct case_file *server);
/* All servers that have none of their own, together; NULL when there is no such. */
const struct server_tally *tally_rest(const struct tally *t);

#endif
