/*
 * What a server sends once TLS may begin, counted as it comes: a peer that never comes to an end is
 * known by its numbers. Records and what is in the clear are counted, nothing is kept of them.
 */
#ifndef TLSDIAG_DRIVE_METER_H
#define TLSDIAG_DRIVE_METER_H

#include "session/source.h"

/* Of one handshake. What honest servers send is far below each: a flight in records of one byte
 * would be a few thousand, messages are a dozen, and one warning or ChangeCipherSpec is usual. */
enum {
	METER_RECORDS_MAX = 16384,
	METER_EMPTY_MAX = 64,
	METER_MESSAGES_MAX = 64,
	METER_WARNINGS_MAX = 32,
	METER_CHANGES_MAX = 16,
};

struct meter {
	struct hearing heard; /* cut: the first of the limits that was passed */
	bool lost;            /* no record any more: only bytes are counted */
	bool protected; /* after a ChangeCipherSpec messages are not in the clear, up to TLS 1.2 */
	uint8_t header[5], n_header;
	uint8_t type;
	uint32_t length, left; /* of the record */
	uint8_t first[4];      /* its first bytes */
	uint8_t n_first;
	uint8_t message[4], n_message; /* header of a handshake message, over any records */
	uint32_t message_left;
	double began_ms,
		last_ms; /* of the first wait, of the last byte; the clock is the caller's */
};

/* Zero but for this: the listening begins. */
void meter_begin(struct meter *m, double now_ms);
void meter_feed(struct meter *m, struct bytes b, double now_ms);

/*
 * The time is over: was the server still speaking, in its own pace? A server that said something and
 * then nothing for long is silent, and not cut off. Sets heard.cut and returns true when it was.
 */
bool meter_overdue(struct meter *m, double now_ms);
/* The line has had too much: of bytes, else in pieces. */
void meter_flooded(struct meter *m, bool bytes, double now_ms);

#endif
