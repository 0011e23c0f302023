/*
 * A TCP connection of ours: opened within a time, every byte of it recorded on a tape. The one
 * place that includes the sockets' headers.
 */
#ifndef TLSDIAG_DRIVE_LINE_H
#define TLSDIAG_DRIVE_LINE_H

#include "drive/tape.h"

enum { LINE_HOST_MAX = 256 };

/* Where to connect to. */
struct target {
	char host[LINE_HOST_MAX]; /* name or address, without brackets */
	uint16_t port;
	int family; /* 4, 6, or 0: either */
};

/* "HOST", "HOST:PORT", "IPV6", "[IPV6]:PORT". False with ERR_USAGE, saying what it takes. */
bool target_parse(const char *text, uint16_t default_port, struct target *out, struct err *e);
/* Is the host an address, not a name? */
bool target_is_address(const struct target *t);

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
 * Resolves and connects, trying the addresses in the resolver's order. Never NULL but when out of
 * memory: line_state() says how it went. connect_ms bounds all of it.
 */
struct line *line_open(const struct target *t, struct tape *tape, int connect_ms);
enum line_state line_state(const struct line *l);
/* "Name or service not known", "No route to host": what the system says of a failure. */
const char *line_error(const struct line *l);
/* Our end and the peer's; family 0 where no address is known. */
struct endpoint line_end(const struct line *l, unsigned which);
/* Milliseconds since line_open() was called. */
double line_elapsed_ms(const struct line *l);

/* Sends all of it within the time. */
enum line_state line_send(struct line *l, struct bytes bytes, int timeout_ms);
/* Some bytes, as soon as there are any; *n is 0 unless LINE_OPEN. */
enum line_state line_recv(struct line *l, uint8_t *buffer, size_t size, size_t *n, int timeout_ms);

/* Ends the connection and its record: with a FIN of ours, or (silently) without. */
void line_close(struct line *l);   /* accepts NULL */
void line_abandon(struct line *l); /* accepts NULL */

#endif
