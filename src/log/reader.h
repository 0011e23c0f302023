/*
 * A reader knows what one kind of program prints. It is offered each line, takes those it knows, and
 * notes what they say (notes.h). It decides nothing: what follows from it is told by the rules.
 */
#ifndef TLSDIAG_LOG_READER_H
#define TLSDIAG_LOG_READER_H

#include "log/line.h"
#include "log/notes.h"

enum log_answer {
	LOG_NOT_MINE, /* it is offered to the others */
	LOG_MINE,
};

struct log_reader {
	const char *name;  /* "mbedtls": of --format and JSON */
	const char *title; /* "mbedTLS debug output" */
	size_t size;       /* of its state, which begins as zeros and holds no memory of its own */
	/*
	 * The reader that took the line before is asked first, then the others in their order. So a
	 * reader may take a line on its form alone (a row of a hex dump) where it is in the middle of
	 * something, and else only what it knows for its own.
	 */
	enum log_answer (*take)(void *state, struct log_notes *notes, const struct log_line *line);
	/* The input ends, or breaks off (a reboot): what is half done is noted as cut. May be NULL. */
	void (*end)(void *state, struct log_notes *notes);
};

/* All of them, in the order in which they are asked: READER(x) lines name log_reader_x. */
enum log_reader_id {
#define READER(name) LOG_READER_##name,
#include "log/readers.def"
#undef READER
	N_LOG_READERS
};
extern const struct log_reader *const log_readers[N_LOG_READERS];
const struct log_reader *log_reader_find(const char *name); /* NULL: none */

#endif
