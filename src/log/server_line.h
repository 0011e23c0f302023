/*
 * Lines of servers that serve many at once: which connection one is about, by what the program prints in front (a
 * number, a process and thread, the client's address), and whose that is. The words are data/sayings.tsv's.
 */
#ifndef TLSDIAG_LOG_SERVER_LINE_H
#define TLSDIAG_LOG_SERVER_LINE_H

#include "base/bytes.h"

#include <stdbool.h>

struct server_line {
	const char *program; /* "nginx" */
	uint64_t key;        /* of the connection, among those of all programs; never 0 */
	bool begins;         /* it is the first line of the connection */
	bool done;           /* it says that the handshake was completed */
	bool as_client;      /* the program is this connection's client */
	struct bytes client; /* address; empty: not told */
	uint16_t client_port;
	struct bytes server;
	uint16_t server_port;
};

/* May it be the first line of a connection of such a program, where none was seen yet? Cheap: most lines are not. */
bool server_line_begins(struct bytes whole);

/* whole: the line as it stands in the log, with times and names in front. False: it is no line of such a program. */
bool server_line_read(struct bytes whole, struct server_line *out);

#endif
