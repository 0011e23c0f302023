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

enum {
	OFFER_LIST_MAX = 384,
	OFFER_SHARES_MAX = 4,
	OFFER_ALPN_MAX = 16,
	OFFER_VERSIONS_MAX = 8,
	OFFER_BODIES_MAX = 32,
	OFFER_SESSION_ID = 32, /* bytes, where there is one */
};

struct offer_list {
	uint16_t value[OFFER_LIST_MAX];
	size_t n;
};

/* What an extension says, as bytes: of one that is not made of the offer's lists. */
struct offer_body {
	uint16_t type;
	struct bytes bytes; /* borrowed */
};

enum offer_session_id {
	OFFER_ID_BY_VERSION, /* with TLS 1.3, for middleboxes (RFC 8446 D.4) */
	OFFER_ID_NONE,
	OFFER_ID_RANDOM,
};

struct offer {
	uint16_t record_version; /* of the hello's records; 0: TLS 1.0 (RFC 8446 5.1) */
	uint16_t legacy_version; /* 0: the highest up to TLS 1.2 */
	enum offer_session_id session_id;
	struct bytes compression;              /* its methods, borrowed; empty: null alone */
	uint16_t versions[OFFER_VERSIONS_MAX]; /* the highest first, behind a value of RFC 8701 */
	size_t n_versions;
	struct offer_list suites, groups, schemes;
	uint16_t shares[OFFER_SHARES_MAX];     /* groups to send a key share of */
	size_t share_length[OFFER_SHARES_MAX]; /* of one that this build cannot make */
	size_t n_shares;
	struct offer_body body[OFFER_BODIES_MAX]; /* these are written as they are told */
	size_t n_bodies;
	struct offer_list
		extensions; /* their types, in their order; each is written if there is anything to say */
	const char *sni;                  /* NULL: none */
	const char *alpn[OFFER_ALPN_MAX]; /* NULL ends them */
	unsigned max_fragment_length;     /* 512, 1024, 2048, 4096; 0: not asked for */
	/* The whole message is made that long by the padding extension (RFC 7685), where it is listed; 0: as
	 * long as it gets. */
	size_t padded_to;
};

/* A key that both have, to be offered in TLS 1.3 (RFC 8446 4.2.11). */
struct offer_psk {
	struct bytes identity; /* empty: none is offered */
	uint32_t ticket_age;   /* obfuscated; 0 of a key that is no ticket */
	size_t binder_length;  /* the hello is written with zeros in its place, at its end */
};

/* What one hello has of its own. */
struct offer_parts {
	uint8_t random[32];
	uint8_t session_id[OFFER_SESSION_ID];
	size_t session_id_len;
	struct bytes cookie; /* of a HelloRetryRequest; empty: none */
	struct bytes ticket; /* of session_ticket, where that is listed; empty: one is wanted */
	struct offer_psk psk;
	uint16_t share_group[OFFER_SHARES_MAX];
	struct bytes share[OFFER_SHARES_MAX]; /* public values */
	size_t n_shares;
};

bool offer_list_has(const struct offer_list *l, uint16_t value);
void offer_list_add(struct offer_list *l, uint16_t value);    /* as long as there is room */
bool offer_list_remove(struct offer_list *l, uint16_t value); /* false: it is not in it */
bool offer_has_version(const struct offer *o, uint16_t version);
uint16_t offer_highest_version(const struct offer *o); /* 0: it offers none */
uint16_t offer_lowest_version(const struct offer *o);
uint16_t offer_legacy_version(const struct offer *o); /* as its hello says it */
/* NULL: what it says is made of the lists. */
const struct offer_body *offer_body(const struct offer *o, uint16_t type);
bool offer_has_extension(const struct offer *o, uint16_t type);

/*
 * All that this build can complete, strongest first, in the versions from min to max (0: from TLS 1.0, to TLS
 * 1.3): what a server is asked with that is met for the first time.
 */
void offer_all(struct offer *o, uint16_t min, uint16_t max);
/*
 * A ClientHello that was seen, to be said again with a random, a session id and key shares of our own, and
 * without what belongs to another session (cookie, pre_shared_key, early_data, a ticket). message: header and
 * body, borrowed as long as the offer is. False: it is no whole hello, or has more than an offer holds.
 */
bool offer_of_hello(struct bytes message, struct offer *out);
/* The list is the user's own: the key share is of the first group of TLS 1.3 that this build knows. */
void offer_groups(struct offer *o, const uint16_t *groups, size_t n);
/* Another name, or none (NULL), than what it says. */
void offer_name(struct offer *o, const char *name);
/* An extension that is written as it was told is made of the lists again, or is not there. */
void offer_drop_body(struct offer *o, uint16_t type);
/* A key share of the first of its groups that this build can make one of. */
void offer_share_first(struct offer *o);
/*
 * After lists were changed: versions that they leave nothing for are not offered, down to min, which stays. A
 * server that speaks such a version would choose it, and then find nothing to go on with.
 */
void offer_keep_usable_versions(struct offer *o, uint16_t min);

/* What an extension of it says in a first hello: its body alone, without shares. */
void offer_write_extension(const struct offer *o, uint16_t type, struct strbuf *out);
/* Bytes at the end of a hello that its binder does not cover: the list of binders (4.2.11.2). */
size_t offer_binders_length(const struct offer_psk *psk);
/* Suites of keys that both have, before all others: for a client that has one. */
void offer_psk_suites(struct offer *o);

/* The whole handshake message. */
void offer_write(const struct offer *o, const struct offer_parts *parts, struct strbuf *out);

#endif
