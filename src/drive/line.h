/*
 * A TCP connection of ours: opened within a time, every byte of it recorded on a tape. What is done
 * on it has a time as a whole, and what the peer may send a bound: both are kept here, so that
 * nobody who talks on a line can forget them. The one place that includes the sockets' headers.
 */
#ifndef TLSDIAG_DRIVE_LINE_H
#define TLSDIAG_DRIVE_LINE_H

#include "drive/tape.h"
#include "drive/target.h"

enum {
	LINE_RECEIVED_MAX = 1 << 20, /* bytes that a peer may send on a line, */
	LINE_PIECES_MAX = 16384,     /* and pieces they may come in: each is a packet on the tape */
};

/* How the last operation ended. */
enum line_state {
	LINE_OPEN,        /* well */
	LINE_NO_NAME,     /* the name could not be resolved */
	LINE_REFUSED,     /* RST in answer to the SYN */
	LINE_UNREACHABLE, /* the network said there is no way */
	LINE_UNANSWERED,  /* no answer to the SYN in time */
	LINE_TIMEOUT,     /* open, but nothing came (or could be sent) in time */
	LINE_CLOSED,      /* the peer sent FIN */
	LINE_RESET,       /* the peer sent RST */
	LINE_OVERDUE,     /* the time of the line as a whole is over */
	LINE_FLOODED,     /* the peer has sent more than LINE_RECEIVED_MAX, or in too many pieces */
	LINE_STARVED,     /* our own system has no socket or no memory: nothing was tried */
	LINE_FAILED,      /* anything else: line_error() */
};

struct line_limits {
	int connect_ms; /* longest to get a connection, with all addresses of a name */
	int whole_ms;   /* longest for all that is done on the line, resolving and connecting too */
};

struct line;

/*
 * Resolves and connects, trying the addresses in the resolver's order. NULL only when out of memory:
 * line_state() says how it went. The tape must outlive the line.
 */
struct line *line_open(const struct target *t, struct tape *tape, const struct line_limits *limits);
enum line_state line_state(const struct line *l);
/* Of LINE_FLOODED: was it by the number of bytes, or by that of their pieces? */
bool line_flood_of_bytes(const struct line *l);
/* "Name or service not known", "No route to host": what the system says of a failure. */
const char *line_error(const struct line *l);
/* Of an open line: the addresses before that did not answer, "[2001:db8::1]:443: No route to host"; ""
 * when the first one did. */
const char *line_passed(const struct line *l);
/* Our end and the peer's; family 0 where no address is known. */
struct endpoint line_end(const struct line *l, unsigned which);
/* Milliseconds since line_open() was called. */
double line_elapsed_ms(const struct line *l);

/* Sends all of it within the time; no operation takes longer than what is left of the line's own. */
enum line_state line_send(struct line *l, struct bytes bytes, int timeout_ms);
/* Some bytes, as soon as there are any; *n is 0 unless LINE_OPEN. */
enum line_state line_recv(struct line *l, uint8_t *buffer, size_t size, size_t *n, int timeout_ms);
/* What was received, and not asked for yet; borrowed until more is. */
struct bytes line_ahead(const struct line *l);
/* Nobody will ask for it; returns how many bytes that are. */
size_t line_drop_ahead(struct line *l);

/* Ends the connection, on the tape with a FIN of ours. */
void line_close(struct line *l); /* accepts NULL */
/* The same without a trace on the tape: as if the recording had stopped before. */
void line_abandon(struct line *l); /* accepts NULL */

#endif
