/* How a handshake ended, who knew what by then, and whose turn it was. */
#ifndef TLSDIAG_SESSION_ENDING_H
#define TLSDIAG_SESSION_ENDING_H

#include "session/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum outcome { OUTCOME_COMPLETED, OUTCOME_FAILED, OUTCOME_INCOMPLETE };

enum ending {
	ENDING_SETTLED, /* it completed; what came later was not looked at */
	ENDING_ALERT,   /* a fatal alert in the clear */
	/* Most likely an alert under the session keys, then the end. With OUTCOME_COMPLETED: both
	 * Finished were sent, and who verifies the last sent such an alert at once, which may be a
	 * refusal or a mere closure. */
	ENDING_PROTECTED_ALERT,
	/* A side closed without an alert. With OUTCOME_COMPLETED: in TLS 1.3, soon after the client's
	 * Finished and before the server showed that it accepted it and the client's certificate. */
	ENDING_FIN,
	ENDING_RST,
	ENDING_SILENCE, /* nothing more came until the capture or the patience of a side ended */
	/* The capture ended while things were moving. With OUTCOME_COMPLETED: with the last Finished. */
	ENDING_CAPTURE,
	ENDING_REFUSED,     /* TCP SYN answered by RST */
	ENDING_UNANSWERED,  /* TCP SYN not answered */
	ENDING_UNREACHABLE, /* TCP SYN answered by an ICMP error */
	ENDING_CUT_OFF, /* a client of ours stopped listening: hs->heard says why. ended_by: client */
	/* A side's own log says that it gave up; how it told the other is not shown. */
	ENDING_GAVE_UP,
	ENDING_LIMIT, /* a limit of ours ended the reading of this connection, not its sides */
};

/*
 * Why messages were not read any further. Records still were: their sizes, alerts in the clear, and
 * how the connection ended are known all the same.
 */
enum skim {
	SKIM_NOT,
	SKIM_BYTES,  /* so many came without an end of the handshake */
	SKIM_MEMORY, /* what it says is more than is kept of one handshake */
};

/*
 * What a side can have known when it ended the handshake. A segment acknowledges all that its sender
 * has received (RFC 9293 3.4), so the one that carries an alert, a FIN or a reset tells which bytes of
 * the other side's can be the reason. Where no acknowledgement was seen, or the places of bytes are not
 * known, the order of the capture must do.
 */
struct horizon {
	bool ended; /* by its first alert that ends the handshake, its FIN or its reset; else */
	uint64_t
		packet; /* it was there until the end of what was seen. Where it ended; 0: it did not */
	int64_t time;
	bool counted;   /* acked is known */
	uint64_t acked; /* bytes of the other side's stream that it had received */
};

/* Whose message was due when it ended (RFC 5246 7.3, RFC 8446 2), messages that were late left out. */
struct turn {
	bool known; /* false: bytes are missing, or what is encrypted hides it, or nothing was due */
	enum side owes;
	bool midway; /* it had begun its flight, or even the message, and did not go on */
};

#endif
