/* The handshakes of a capture, for who asks nothing else of it: no report is made, and nothing is verified. */
#ifndef TLSDIAG_DOOR_CAPTURED_H
#define TLSDIAG_DOOR_CAPTURED_H

#include "base/err.h"
#include "diagnose/cause.h"

/* ex is the callee's to read during the call. */
struct captured_reader {
	void (*see)(void *ctx, const struct examined *ex);
	void *ctx;
	const char *(*stop)(void *ctx); /* as in struct tlsdiag_options; ctx is not given */
};

/* *dtls: flows of DTLS, which are counted alone. False when it cannot be read to its end; what came before was told. */
bool captured_read(
	const char *path, const struct captured_reader *r, uint64_t *dtls, struct err *e);

#endif
