/*
 * Arenas of handshakes, used again: a handshake that is freed gives its memory to the next one.
 * Handshakes may be freed by any thread, and after the session that made them.
 */
#ifndef TLSDIAG_SESSION_POOL_H
#define TLSDIAG_SESSION_POOL_H

#include "base/arena.h"

struct handshake_pool;

/* A pool of arenas with at most `limit` bytes each; NULL: out of memory. */
struct handshake_pool *pool_open(size_t limit);
/* The pool itself goes when its last arena has come back. Accepts NULL. */
void pool_close(struct handshake_pool *p);

struct arena *pool_take(struct handshake_pool *p); /* NULL: out of memory */
void pool_give_back(struct handshake_pool *p, struct arena *a);

#endif
