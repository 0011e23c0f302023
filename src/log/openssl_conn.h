/* Lines of OpenSSL's programs: what each kind of them is taken with, and the connection it is of. */
#ifndef TLSDIAG_LOG_OPENSSL_CONN_H
#define TLSDIAG_LOG_OPENSSL_CONN_H

#include "log/line.h"
#include "log/openssl_state.h"
#include "log/reader.h"
#include "log/scan.h"

struct openssl_input {
	struct openssl_state *s;
	struct log_notes *notes;
	const struct log_line *line;
	struct bytes text; /* of the line, or the part of it that is to be read */
};

/* A kind of line. */
struct openssl_kind {
	const char *begins;
	/* `rest` is what stands behind that; false: it is no such line after all. */
	bool (*take)(const struct openssl_input *in, struct scan rest);
};

/* Lines of the summary behind a handshake, and what is said of the verification of certificates. */
extern const struct openssl_kind openssl_summary_kinds[];
extern const size_t n_openssl_summary_kinds;
/* Lines of what happens: -state, alerts, and what the operating system said of the connection. */
extern const struct openssl_kind openssl_step_kinds[];
extern const size_t n_openssl_step_kinds;

/* The connection that what comes next is of: the last one, or a new one where that is over. NULL: no room. */
struct log_conn *openssl_current(
	struct openssl_state *s, struct log_notes *notes, struct log_at at);
/* The same for a line that only the library prints, only a client, only a handshake before its summary. */
struct log_conn *openssl_conn_of(const struct openssl_input *in);
struct log_conn *openssl_client_of(const struct openssl_input *in);
struct log_conn *openssl_before_summary(const struct openssl_input *in);
/* The connection that there is; NULL: none has begun. */
struct log_conn *openssl_known(const struct openssl_input *in);

/* It has ended: what is held back of it is noted. */
void openssl_finish(struct openssl_state *s, struct log_conn *c);

#endif
