/*
 * A key log's file, read as it grows: a program that is still running writes it while its packets are
 * captured. Reading never waits but where that is said, and then not for long.
 */
#ifndef TLSDIAG_KEYLOG_FOLLOW_H
#define TLSDIAG_KEYLOG_FOLLOW_H

#include "base/err.h"
#include "keylog/keylog.h"

enum {
	FOLLOW_BYTES_MAX = 256 << 20, /* read of one: 1.5 million secrets */
	FOLLOW_WAIT_MS = 1000,        /* of silence: a pipe may yet bring more */
	FOLLOW_PATIENCE_MS = 3000,    /* of waiting, in a run */
};

struct follow;
/* Opens it (a pipe, too: whether somebody writes to it or not) and reads what is there. NULL when *e says why. */
struct follow *follow_open(const char *path, struct keylog *into, struct err *e);
void follow_close(struct follow *f); /* accepts NULL */

/* Reads on: true when there was more. */
bool follow_more(struct follow *f);
/*
 * Before something is given up for want of a secret, and before what was read is told: reads on, waits for the
 * writer of a pipe (until it leaves, or is silent for FOLLOW_WAIT_MS, or FOLLOW_PATIENCE_MS are spent), and
 * takes a last line that has no end. True when that gave secrets.
 */
bool follow_wait(struct follow *f);

/* Reading ended at FOLLOW_BYTES_MAX. */
bool follow_limited(const struct follow *f);

#endif
