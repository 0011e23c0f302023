/* How much of its heap a device had left, where a log tells. */
#ifndef TLSDIAG_SESSION_FREE_HEAP_H
#define TLSDIAG_SESSION_FREE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* When a device printed how much of its heap was free. */
enum heap_moment {
	HEAP_UNKNOWN, /* it did not */
	HEAP_BEFORE,  /* the handshake began */
	HEAP_WITHIN,  /* ... the handshake, or right after it */
	HEAP_LOWEST,  /* the least there ever was */
};

struct free_heap {
	enum heap_moment moment;
	uint64_t bytes;
	uint64_t line; /* of the log */
	int64_t time;  /* ns, as of the log's lines; has_time */
	bool has_time;
	const char *words; /* the line */
};

#endif
