/*
 * Threads that all do the same, and are all waited for. One that cannot be had is no failure: whoever
 * shares work out does so such that any number of threads does all of it, the caller among them.
 *
 * For threads that somebody must wait for. One that may be left behind is another thing (resolve.c).
 */
#ifndef TLSDIAG_BASE_THREADS_H
#define TLSDIAG_BASE_THREADS_H

#include <pthread.h>
#include <stddef.h>

enum { THREADS_MAX = 64 };

/* Stays where it is from threads_start() to threads_join(). */
struct threads {
	size_t n; /* that run */
	void (*work)(void *ctx);
	void *ctx;
	pthread_t each[THREADS_MAX];
};

/* Processors that threads are of use for, the caller's counted: 1 to THREADS_MAX. */
size_t threads_useful(void);

/* Has up to n threads (at most THREADS_MAX) call work(ctx); as many as can be had. */
void threads_start(struct threads *t, size_t n, void (*work)(void *ctx), void *ctx);

/* Waits until all have returned. It is as if none had been started then. */
void threads_join(struct threads *t);

/* The caller and up to n - 1 others call work(ctx); returns when all of them have. */
void threads_run(size_t n, void (*work)(void *ctx), void *ctx);

#endif
