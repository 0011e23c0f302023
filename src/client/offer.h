/*
 * What a client of ours offers: the ClientHello as data (RFC 8446 4.1.2, RFC 5246 7.4.1.2), and as bytes.
 *
 * Lists go on the wire as they stand. What is offered need not be what could be completed: a server's choice
 * is an answer, too.
 */
#ifndef TLSDIAG_CLIENT_OFFER_H
#define TLSDIAG_CLIENT_OFFER_H

#include "base/strbuf.h"
#include "wire/handshake.h"

enum { OFFER_LIST_MAX = 384, OFFER_SHARES_MAX = 4, OFFER_ALPN_MAX = 16, OFFER_VERSIONS_MAX = 8 };

struct offer_list {
	uint16_t value[OFFER_LIST_MAX];
	size_t n;
};

struct offer {
	uint16_t versions[OFFER_VERSIONS_MAX]; /* the highest first */
	size_t n_versions;
	struct offer_list suites, groups, schemes;
	uint16_t shares[OFFER_SHARES_MAX]; /* groups to send a key share of */
	size_t n_shares;
	struct offer_list
		extensions; /* their types, in their order; each is written if there is anything to say */
	const char *sni;                  /* NULL: none */
	const char *alpn[OFFER_ALPN_MAX]; /* NULL ends them */
	unsigned max_fragment_length;     /* 512, 1024, 2048, 4096; 0: not asked for */
	/* The whole message is made that long by the padding extension (RFC 7685), where it is listed; 0: as
	 * long as it gets. */
	size_t padded_to;
};

/* What one hello has of its own. */
struct offer_parts {
	uint8_t random[32];
	uint8_t session_id[32];
	size_t session_id_len;
	struct bytes cookie; /* of a HelloRetryRequest; empty: none */
	uint16_t share_group[OFFER_SHARES_MAX];
	struct bytes share[OFFER_SHARES_MAX]; /* public values */
	size_t n_shares;
};

bool offer_list_has(const struct offer_list *l, uint16_t value);
void offer_list_add(struct offer_list *l, uint16_t value);    /* as long as there is room */
bool offer_list_remove(struct offer_list *l, uint16_t value); /* false: it is not in it */
bool offer_has_version(const struct offer *o, uint16_t version);
bool offer_has_extension(const struct offer *o, uint16_t type);

/*
 * All that this build can complete, strongest first, in the versions from min to max (0: from TLS 1.0, to TLS
 * 1.3): what a server is asked with that is met for the first time.
 */
void offer_all(struct offer *o, uint16_t min, uint16_t max);
/* The list is the user's own: the key share is of the first group of TLS 1.3 that this build knows. */
void offer_groups(struct offer *o, const uint16_t *groups, size_t n);
/* A key share of the first of its groups that this build can make one of. */
void offer_share_first(struct offer *o);
/*
 * After lists were changed: versions that they leave nothing for are not offered, down to min, which stays. A
 * server that speaks such a version would choose it, and then find nothing to go on with.
 */
void offer_keep_usable_versions(struct offer *o, uint16_t min);

/* The whole handshake message. */
void offer_write(const struct offer *o, const struct offer_parts *parts, struct strbuf *out);

#endif
