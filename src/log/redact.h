/*
 * A log without its secrets: master and traffic secrets, keys made of them, pre-shared keys, private keys in
 * PEM or as arrays of C, passwords, application data that was in the clear, what lets somebody in by HTTP.
 * What is taken out is overwritten in place, 'x' for digits and letters, so that what is left reads as before;
 * handshakes are kept, under whatever keys they were.
 */
#ifndef TLSDIAG_LOG_REDACT_H
#define TLSDIAG_LOG_REDACT_H

#include "log/line.h"
#include "log/marks.h"
#include "log/mask.h"

struct redact {
	struct marks marks;
	struct mask mask; /* what was taken out, to be known again */
	bool in_dump;     /* rows that follow are secret ... */
	bool of_data;     /* ... as application data is */
	bool counted; /* ... as many as hold `left` bytes more; else up to the first line that is none */
	uint64_t left;
	unsigned n_between; /* lines since the last row */
	bool in_pem;        /* in a private key */
	bool in_array;      /* of C, up to its closing brace */
	bool in_payload; /* what is sent and received in the clear is application data from here on */
	unsigned n_finished; /* Java: of the two Finished */
};

/*
 * Overwrites what is secret of one line, in the order of the log: text is line->whole, where it may be written
 * to. Returns whether anything was.
 */
bool redact_line(struct redact *r, const struct log_line *line, uint8_t *text);
/* The same of words that stand by themselves, whatever was redacted before. */
void redact_words(struct redact *r, uint8_t *words, size_t len);

#endif
