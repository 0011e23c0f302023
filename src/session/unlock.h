/* From secrets to the keys that a direction's records are opened with. Inside of the session: sealed.c. */
#ifndef TLSDIAG_SESSION_UNLOCK_H
#define TLSDIAG_SESSION_UNLOCK_H

#include "session/conn.h"
#include "session/sealed.h"

/* May the record be opened, now or once its keys are known? */
bool unlock_hopeful(struct conn *c, unsigned dir, const struct record *r);

/* The n-th secret (from 0) of that kind that is known of the handshake; false: there is none. */
bool unlock_find(const struct conn *c, enum keylog_kind kind, size_t n, struct key_secret *out);

/* Has the direction its keys? Looks for them where it has not. */
bool unlock(struct conn *c, unsigned dir);

/* Opens its next record, with other keys of it where those in use do not; room: OPENED_MAX bytes. */
enum record_answer unlock_open(struct conn *c, unsigned dir, const struct sealed_record *r,
	uint8_t *room, struct opened_record *out);

/* What became of a record that did not open: is it early data, of which that is to be expected (RFC 8446 4.2.10)? */
bool unlock_is_early(const struct conn *c, unsigned dir);

/* So many records of it were not seen whole. */
void unlock_missing(struct conn *c, unsigned dir, uint64_t n);

/* A handshake message of that type was the last that a record held: do other keys follow? */
void unlock_next(struct conn *c, unsigned dir, uint16_t type);

/* Its keys are not used any more. */
void unlock_end(struct sealed_lane *l);

/* Reads the key log on, and waits for it, within bounds. */
void unlock_wait(struct conn *c);

#endif
