/* What the reader of OpenSSL's programs keeps from line to line. */
#ifndef TLSDIAG_LOG_OPENSSL_STATE_H
#define TLSDIAG_LOG_OPENSSL_STATE_H

#include "log/openssl_bytes.h"
#include "log/openssl_trace.h"
#include "log/pem_block.h"
#include "log/said.h"

enum { OPENSSL_HALF_MAX = 96 };

struct openssl_state {
	bool server;           /* it is s_server: it said ACCEPT */
	bool over;             /* what comes next is of another connection */
	bool connected;        /* CONNECTED was printed */
	bool summary;          /* the summary behind the handshake was printed */
	bool failed;           /* an error or a fatal alert was */
	bool ended;            /* so was how the connection ended */
	bool alert_seen;       /* of the peer */
	int verdict;           /* the last one of a verification that was noted */
	unsigned chain_len;    /* certificates that are listed */
	unsigned certificates; /* that were printed */
	struct log_at suite_at;
	/* of errors, which often stand before the bytes that they are about: noted at the end */
	struct said late;
	struct log_at late_at;
	struct openssl_bytes bytes;
	struct openssl_trace trace;
	struct pem_block pem;
	/* the beginning of a heading that the other stream's output broke, until the line that goes on with it */
	uint8_t half[2 * OPENSSL_HALF_MAX];
	size_t n_half;
};

#endif
