/*
 * A TCP connection of ours: opened within a time, every byte of it recorded on a tape. The one
 * place that includes the sockets' headers.
 */
#ifndef TLSDIAG_DRIVE_LINE_H
#define TLSDIAG_DRIVE_LINE_H

#include "drive/tape.h"
#include "drive/target.h"

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
	LINE_FAILED,      /* anything else: line_error() */
};

struct line;

/*
 * Resolves and connects, trying the addresses in the resolver's order. NULL only when out of memory:
 * line_state() says how it went. connect_ms bounds the connecting; the resolver has its own bounds.
 * The tape must outlive the line.
 */
struct line *line_open(const struct target *t, struct tape *tape, int connect_ms);
enum line_state line_state(const struct line *l);
/* "Name or service not known", "No route to host": what the system says of a failure. */
const char *line_error(const struct line *l);
/* Of an open line: the addresses before that did not answer, "[2001:db8::1]:443: No route to host"; ""
 * when the first one did. */
const char *line_passed(const struct line *l);
/* Our end and the peer's; family 0 where no address is known. */
struct endpoint line_end(const struct line *l, unsigned which);
/* Milliseconds since line_open() was called. */
double line_elapsed_ms(const struct line *l);

/* Sends all of it within the time. */
enum line_state line_send(struct line *l, struct bytes bytes, int timeout_ms);
/* Some bytes, as soon as there are any; *n is 0 unless LINE_OPEN. */
enum line_state line_recv(struct line *l, uint8_t *buffer, size_t size, size_t *n, int timeout_ms);

/* Says that no more is sent (FIN), and takes in what the peer still sends, until it closes too or
 * the time is over. */
void line_finish(struct line *l, int timeout_ms);
/* Ends the connection, on the tape with a FIN of ours. */
void line_close(struct line *l); /* accepts NULL */
/* The same without a trace on the tape: as if the recording had stopped before. */
void line_abandon(struct line *l); /* accepts NULL */

#endif
