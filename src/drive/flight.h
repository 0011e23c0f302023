/*
 * Where the server's first flight ends: told from its bytes as they come, so that a client that
 * cannot answer knows when to stop listening. Facts are the session's work.
 */
#ifndef TLSDIAG_DRIVE_FLIGHT_H
#define TLSDIAG_DRIVE_FLIGHT_H

#include "base/strbuf.h"

enum { FLIGHT_BYTES_MAX = 1 << 20 };

enum flight_state {
	FLIGHT_MORE,    /* the server has not said all */
	FLIGHT_WHOLE,   /* ServerHelloDone, or Finished of a session that is resumed */
	FLIGHT_HIDDEN,  /* TLS 1.3: what follows is encrypted, and over when nothing more comes */
	FLIGHT_RETRY,   /* HelloRetryRequest: it waits for another hello */
	FLIGHT_ALERT,   /* a fatal alert */
	FLIGHT_NOT_TLS, /* no record */
	FLIGHT_ENDLESS, /* FLIGHT_BYTES_MAX without an end */
};

struct flight {
	enum flight_state state;
	struct strbuf in;       /* received, and of no whole record yet */
	struct strbuf messages; /* of handshake records, and of no whole message yet */
	size_t received;
	bool ccs; /* ChangeCipherSpec came */
};

/* An empty one is all zero. Once the state is another than FLIGHT_MORE nothing is kept. */
void flight_feed(struct flight *f, struct bytes b);
void flight_free(struct flight *f);

#endif
