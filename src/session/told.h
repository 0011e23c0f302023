/* What sources know besides the bytes, kept until the handshake it is about is given out. */
#ifndef TLSDIAG_SESSION_TOLD_H
#define TLSDIAG_SESSION_TOLD_H

#include "session/source.h"

struct handshake;

enum {
	TOLD_BYTES = 4 << 20,       /* most memory of all that is told in a session */
	TOLD_CHAIN_MAX = 64 * 1024, /* a longer chain is not taken */
};

struct told_list;
struct told_list *told_open(void);    /* NULL: out of memory */
void told_close(struct told_list *l); /* accepts NULL */

/* Copies; false when there is no room. */
bool told_add(struct told_list *l, const struct told *told);

/*
 * Gives a settled handshake what was told of its connection, each telling once. Where the bytes
 * leave an end open, or hide the certificates, that decides. told: what its flow brought along; NULL: it is
 * looked for in the list.
 */
void told_apply(struct told_list *l, struct handshake *hs, const struct told *told);

#endif
