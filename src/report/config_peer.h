/* What a build and its peers would negotiate, as a section of the report on a configuration. */
#ifndef TLSDIAG_REPORT_CONFIG_PEER_H
#define TLSDIAG_REPORT_CONFIG_PEER_H

#include "negotiate/meet.h"
#include "report/json_writer.h"
#include "report/page.h"

enum config_peer_kind {
	PEER_KNOWN,  /* the ClientHello of a known stack */
	PEER_CLIENT, /* one of a capture */
	PEER_SERVER, /* what a server of a capture chose */
	PEER_BUILD   /* another configuration */
};

struct config_peer {
	enum config_peer_kind kind;
	const char *name;   /* as given, or of the server in a capture: "192.0.2.1:443" */
	const char *title;  /* "OpenSSL 3.0 (s_client)"; NULL: none */
	uint64_t handshake; /* of the capture; 0 none */
	struct terms terms; /* of a build as its server or its client, by build_is_server */
	long longest;       /* of PEER_SERVER: bytes of its longest record; 0 not known */
	struct meeting met[2 * MEETINGS_MAX];
	size_t n_met;
	const struct config *config; /* of PEER_BUILD; else NULL */
};

/* c: of the build that meets them. */
void report_peers_text(struct page *p, const struct build *b, const struct config *c,
	const struct config_peer *peers, size_t n);
/* The member "peers". */
void report_peers_json(struct json *j, const struct build *b, const struct config *c,
	const struct config_peer *peers, size_t n);

#endif
