/*
 * Which of the client's lists met nothing at the server: found by holding a refused ClientHello
 * against one that the same server answered.
 */
#ifndef TLSDIAG_DIAGNOSE_NEGOTIATION_H
#define TLSDIAG_DIAGNOSE_NEGOTIATION_H

#include "diagnose/story.h"

enum empty { EMPTY_NOTHING, EMPTY_SUITES, EMPTY_GROUPS, EMPTY_SCHEMES, EMPTY_NAME };

/* A finding for every refused ClientHello whose likeliest reason is `which`. */
bool negotiation_cause(const struct case_file *cf, struct finding *f, enum empty which,
	const enum check_id *explains);

/* Every kept handshake got a ServerHello, at least one; for innocent(). */
bool every_server_hello(const struct case_file *cf);

#endif
