/*
 * What bytes are that stand in a text without a word of what they are: records, handshake messages without
 * records, datagrams of DTLS, captured frames.
 */
#ifndef TLSDIAG_LOG_FLIGHT_H
#define TLSDIAG_LOG_FLIGHT_H

#include "log/holed.h"

enum flight_kind { FLIGHT_NONE, FLIGHT_RECORDS, FLIGHT_MESSAGES, FLIGHT_DATAGRAM, FLIGHT_FRAME };

struct flight {
	enum flight_kind kind;
	uint64_t owed;  /* bytes that the last record or message lacks */
	uint64_t end;   /* of what was understood */
	uint64_t split; /* behind the record after which it is the other side's turn; 0 nowhere */
	bool side_known;
	enum side side;
	bool client_hello, server_hello, retry, server_done, certificate, alert;
	bool ccs;      /* what follows it is encrypted */
	uint32_t link; /* of a frame */
};

/*
 * Tells what `h` holds. False: nothing that is known. Bytes before a hello are cut off its front, and where
 * lines of a record are lost, a hole is made for them.
 */
bool flight_read(struct holed *h, struct flight *out);

/* The length of the message, header and all, of which `b` is what there is of it; 0: too little. */
uint64_t flight_message_length(struct bytes b);

/* Would these bytes, the first of many, be known? For a reader that has to tell bytes from numbers. */
bool flight_begins(struct bytes b);

#endif
