/*
 * The field by field listing of -trace, from which messages are put together again. A message of which a
 * field is missing, or is printed as words that cannot be turned back into bytes, is noted by name.
 */
#ifndef TLSDIAG_LOG_OPENSSL_TRACE_H
#define TLSDIAG_LOG_OPENSSL_TRACE_H

#include "log/notes.h"
#include "log/openssl_bytes.h"
#include "log/pem_block.h"

enum { OPENSSL_TRACE_MAX = 32 * 1024 };

struct openssl_trace {
	bool open; /* a record is being listed */
	bool any;  /* one was, in this connection */
	enum openssl_whose whose;
	struct log_at at;
	uint8_t record_type, inner_type;
	uint16_t record_version, record_len;
	uint8_t type; /* of the message that is open */
	bool message, spoilt;
	bool cut;         /* from len on it cannot be turned back */
	size_t want, len; /* of its body */
	uint16_t extension;
	size_t extension_len, extension_end;
	bool tls13_certificate;
	bool keys[2];
	uint32_t seen[2];     /* handshake types, as bits */
	bool certificates[2]; /* a Certificate of that side was put together */
	struct pem_block pem;
	uint8_t body[OPENSSL_TRACE_MAX];
};

struct openssl_state;

/* Does a record's listing begin here? */
bool openssl_trace_begins(const struct openssl_state *s, struct bytes text);
/* A line of it; rest as in openssl_rows_take(). */
bool openssl_trace_take(struct openssl_state *s, struct log_conn *c, const struct log_line *line,
	struct bytes *rest);
void openssl_trace_end(struct openssl_state *s, struct log_conn *c);

#endif
