/* Protected records whose keys are known, or may yet be. Inside of the session. */
#ifndef TLSDIAG_SESSION_SEALED_H
#define TLSDIAG_SESSION_SEALED_H

#include "base/secret.h"
#include "crypto/record_keys.h"
#include "session/event.h"

enum {
	HELD_BYTES_MAX = 32 * 1024, /* of a direction, that wait for their keys */
	HELD_RECORDS_MAX = 64,
	POST_HANDSHAKE_MAX =
		1024,     /* longer ones after both Finished are taken for data, unopened */
	REFUSED_MAX = 32, /* records of a side that do not open: what follows is not tried */
	HOLE_RECORDS_MAX =
		32, /* records that a hole may have swallowed: so many numbers are tried */
};

/* RFC 8446 7.1: which secret a side of TLS 1.3 sends under. Up to TLS 1.2 there is one: EPOCH_HANDSHAKE. */
enum epoch { EPOCH_NONE, EPOCH_EARLY, EPOCH_HANDSHAKE, EPOCH_APPLICATION };

/* A protected record as it was read. */
struct kept_record {
	uint8_t type;
	uint16_t version, length;
	struct arrival began;
	uint64_t position, acked; /* of its direction, when it ended */
	struct bytes fragment;
	uint64_t order; /* of arrival, among those of both directions */
	bool whole;     /* no byte of it is missing */
	struct kept_record *next;
};

/* One direction. */
struct sealed_lane {
	struct record_keys *keys;  /* NULL: not known */
	enum epoch epoch;          /* of keys */
	struct key_secret traffic; /* what they were made of */
	bool opened;               /* at least one record under them */
	uint64_t handshake;        /* for which they were found, by id */
	bool asked;                /* the key log was asked in vain, */
	uint64_t asked_at;         /* when it had grown to this */
	bool given_up;             /* there are none; what comes is not kept */

	bool collecting, broken; /* the record being read: a byte of it is missing */
	uint8_t *data;           /* malloc'ed; what was read of it, where it came in pieces */
	size_t size, have;
	struct bytes piece; /* where it came in one */

	struct kept_record *first, **end; /* that wait for keys; malloc'ed */
	size_t n_kept, kept_bytes;
};

/* In memory of its own that is wiped. */
struct sealed {
	struct secret room;         /* of this struct */
	uint64_t handshake;         /* whose keys these are, by id */
	uint64_t n_kept;            /* records that had to wait so far */
	struct sealed_lane lane[2]; /* by direction */
	/* TLS 1.3, by side, for the Finished: the handshake traffic secrets. len 0: not known. */
	struct key_secret handshake_secret[2];
	struct key_secret master; /* up to TLS 1.2 */
	uint8_t opened[OPENED_MAX];
};

#endif
