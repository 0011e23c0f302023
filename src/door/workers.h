/* Threads for independent jobs: the caller works too, and goes on when the last job is done. */
#ifndef TLSDIAG_DOOR_WORKERS_H
#define TLSDIAG_DOOR_WORKERS_H

#include <stddef.h>

struct workers;

/* Uses up to one thread per processor; they are started when there is first something to share. */
struct workers *workers_open(void);
void workers_close(struct workers *p); /* accepts NULL */

/* Calls job(ctx, i) for every i < n, each once, in any order and any thread. */
void workers_run(struct workers *p, size_t n, void (*job)(void *ctx, size_t i), void *ctx);

#endif
