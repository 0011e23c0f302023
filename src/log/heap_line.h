/* Lines in which a device says how much of its heap is free, in the words of any framework. */
#ifndef TLSDIAG_LOG_HEAP_LINE_H
#define TLSDIAG_LOG_HEAP_LINE_H

#include "base/bytes.h"

struct heap_line {
	uint64_t bytes;
	bool lowest; /* it is the least there ever was */
};

/*
 * "Free heap: 34212 bytes", "xPortGetMinimumEverFreeHeapSize() = 1044", "heap: 81 kB free, min 12 kB". Of several
 * numbers the least there ever was counts, else the first. False: nothing is said of free heap.
 */
bool heap_line_read(struct bytes text, struct heap_line *out);

#endif
