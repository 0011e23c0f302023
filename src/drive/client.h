/*
 * A handshake of our own: mbedTLS's client over a line. What it sends and receives is on the line's
 * tape; what only the library itself can tell is in struct client_result.
 */
#ifndef TLSDIAG_DRIVE_CLIENT_H
#define TLSDIAG_DRIVE_CLIENT_H

#include "base/strbuf.h"
#include "client/profile.h"
#include "client/talk.h"
#include "config/build.h"
#include "drive/line.h"
#include "pki/chain.h"

enum { CLIENT_CHAIN_MAX = 16 };

/* What is offered and what is accepted. Lists are as on the wire; n 0 leaves the library's own. */
struct client_options {
	bool own; /* for client_talk() alone: nothing has to be what the library can do */
	/* ... which offers just that (NULL: what follows says), goes so far, and parts its hello so, in
	 * records, and in what is sent at a time. */
	const struct offer *offer;
	enum talk_depth depth;
	size_t hello_record, hello_segment;
	/* ... or says the hello of a known stack, with what follows in its place; NULL: its own. */
	const struct hello_profile *profile;
	/* ... or that of a client of mbedTLS which was built so (drive/client_build.h); NULL: of none. */
	const struct build *build;
	const char *sni;  /* NULL: no server_name extension */
	const char *name; /* the certificate has to be for it; NULL: for any */
	bool brief; /* ... when it completed it is not waited for the server to close, if nothing is due */
	bool any_chain; /* of client_talk(): it is not judged, so that nothing is refused for it */
	const struct trust *trust; /* NULL: any issuer is good enough */
	bool has_at;               /* judge dates at `at` (seconds since 1970), not now */
	int64_t at;
	uint16_t min_version, max_version; /* 0: the library's bounds */
	const uint16_t *suites, *groups, *schemes;
	size_t n_suites, n_groups, n_schemes;
	const char *const *alpn;      /* ends with NULL; NULL: none */
	unsigned max_fragment_length; /* 512, 1024, 2048, 4096; 0: not asked for */
	const char *cert, *key;       /* files of the client's own credential; NULL: none */
	const char *key_password;     /* NULL: none */
	struct bytes psk;             /* empty: none */
	const char *psk_identity;
	bool resume;    /* offer the session of the handshake before */
	int timeout_ms; /* longest wait for the peer, each time */
};

/* The second certificate's key signed the first, by their SHA-256. */
struct client_link {
	uint8_t child[32], issuer[32];
};

struct client_result {
	bool own;              /* of client_talk(): what it knows is on the tape, under its keys */
	bool verified;         /* ... it completed, and the server's signature is good */
	bool chosen;           /* ... the server chose a version: it took the hello */
	bool beyond;           /* ... what the server chose it can offer, and not complete */
	bool dropped;          /* ... the server wanted a certificate, and went without a word */
	bool completed;        /* the handshake came to its end, and was not taken back */
	int code;              /* of mbedtls_ssl_handshake(); 0 well */
	const char *state;     /* "SERVER_KEY_EXCHANGE": where it stopped; static */
	uint32_t verify_flags; /* MBEDTLS_X509_BADCERT_*; 0 well or not judged */
	bool got_alert;        /* a fatal one came, perhaps under the keys: its number is alert */
	uint8_t alert;
	bool self_failed; /* for a reason of this machine's own: the code says nothing of the server */
	bool tls13;
	bool asked_known;      /* of TLS 1.3, where it is encrypted: */
	bool asked;            /* the server wanted a certificate, */
	bool sent_certificate; /* and had one, or an empty list */
	bool pss_refused;      /* by the library: RSA-PSS in TLS 1.2, which it had offered */
	bool went_round; /* that was not offered, because of an attempt before: client_avoid_pss() */
	const char *alpn; /* the protocol that was chosen, in the arena; NULL: none, or not known */
	struct bytes chain[CLIENT_CHAIN_MAX]; /* certificates received, leaf first; in the arena */
	size_t n_chain;
	struct client_link links[CLIENT_CHAIN_MAX]; /* of the chain, as far as they were verified */
	size_t n_links;
	struct hearing heard; /* of the server; cut: why it was not listened to any longer */
};

/* Set up once, used for any number of handshakes, one at a time. Options are borrowed. */
struct client;
struct client *client_open(const struct client_options *o, struct err *e);
void client_close(struct client *c); /* accepts NULL */

/* The highest version that the library's client speaks, as on the wire. */
uint16_t client_highest(void);

/* Lines of the NSS key log format are appended for each secret. NULL: not wanted. */
void client_log_keys(struct client *c, struct strbuf *log);

/* Does the library offer RSA-PSS where it cannot verify it, and was the offer left to it? */
bool client_may_refuse_pss(const struct client *c);
/* From now on it is not offered: for servers that speak no TLS 1.3. */
void client_avoid_pss(struct client *c);
/* As it was. */
void client_offer_pss(struct client *c);

/*
 * One handshake, then an orderly end of the TLS connection; the line stays the caller's to close. True
 * when the handshake came to its end and the server did not take it back.
 */
bool client_handshake(struct client *c, struct line *l, struct arena *a, struct client_result *out);

/*
 * The same with our own client (client/talk.h), TLS 1.0 to 1.3 whatever the library speaks. It reads the
 * server's whole flight before it refuses; of the result only what is not on the tape is filled.
 */
bool client_talk(struct client *c, struct line *l, struct arena *a, struct client_result *out);

#endif
