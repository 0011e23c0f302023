/*
 * To which side of which connection the flights (flight.h) of a text belong, and in which order they were
 * sent.
 */
#ifndef TLSDIAG_LOG_CONVERSATION_H
#define TLSDIAG_LOG_CONVERSATION_H

#include "log/flight.h"

/* Who sent them, as the words around them have it. */
enum speaker {
	SPEAKER_UNKNOWN,
	SPEAKER_CLIENT,
	SPEAKER_SERVER,
	SPEAKER_OWN,   /* "tx": whoever wrote the text */
	SPEAKER_OTHER, /* "rx" */
};
enum speaker speaker_of(struct bytes words);

enum { CONVERSATION_HELD_MAX = 256 * 1024 };

/* The conversation that the flights of one text make up. Begins as zeros. */
struct conversation {
	bool begun, client_hello, server_hello, retry, server_done;
	bool alert;
	bool any; /* there was a flight, of: */
	enum side last;
	uint64_t owed[2]; /* bytes that the last record of each side still lacks */
	bool own_known;
	enum side own; /* who SPEAKER_OWN is */
	bool frames;   /* a connection of frames is open */
	/*
	 * What is known to be sent after something that the text shows later: a dump may have all that one
	 * side sent, and behind it all that the other did.
	 */
	bool holding;
	enum side held_side;
	uint64_t held_split; /* so many bytes go before what the other side says next */
	bool held_alert;
	struct log_at held_at;
	struct holed held;
	uint8_t held_room[CONVERSATION_HELD_MAX];
};

/*
 * Notes a flight in the connections of `reader` (keys 0 and 1). False: the bytes are nothing that is known,
 * and nothing was noted. What is no part of it is cut off `h`.
 */
bool conversation_take(struct conversation *t, struct log_notes *notes, unsigned reader,
	struct holed *h, enum speaker who, struct log_at at);

/* The text ends: what is held is noted. */
void conversation_end(struct conversation *t, struct log_notes *notes, unsigned reader);

#endif
