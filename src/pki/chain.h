/*
 * Judging a chain as a verifier would (RFC 5280 6, RFC 8446 4.4.2, RFC 9525), but telling every
 * fault instead of the first, and without a clock: the time is the packet's or the user's.
 */
#ifndef TLSDIAG_PKI_CHAIN_H
#define TLSDIAG_PKI_CHAIN_H

#include "base/err.h"
#include "base/secret.h"
#include "pki/cert.h"

/* ---- what the user trusts ---- */
struct trust; /* the certificates of --ca FILE|DIR */

/* Reads PEM (several) or DER, or every such file of a directory. An empty file is a trust with no
 * certificate, not an error. */
struct trust *trust_open(const char *path, struct err *e);
/* One without a certificate, and one more in it. NULL, false: out of memory. */
struct trust *trust_new(void);
bool trust_add(struct trust *t, struct bytes der);
void trust_close(struct trust *t); /* accepts NULL */
size_t trust_count(const struct trust *t);
const struct cert *trust_at(const struct trust *t, size_t i);

/* ---- the judgement ---- */
enum purpose { PURPOSE_SERVER, PURPOSE_CLIENT };

enum { PATH_MAX_CERTS = 16 };

enum link_state { LINK_UNCHECKED, LINK_VALID, LINK_BAD, LINK_UNVERIFIABLE };

/* One step of the path: a certificate and what its issuer's key says of it. */
struct path_step {
	const struct cert *cert;
	int sent_index; /* place in the Certificate message, -1: taken from the CA file */
	bool trusted;   /* this very certificate (or its key and name) is in the CA file */
	/* By the next step's key. Last: by its own when self-signed, but UNCHECKED when trusted, as
	 * no verifier looks at an anchor's own signature. */
	enum link_state signature;
	const char *why;       /* of LINK_BAD and LINK_UNVERIFIABLE */
	bool expired, not_yet; /* at the given time */
	bool ca_missing;    /* signs the step below, but is not a CA or may not sign certificates */
	bool path_too_long; /* its pathLenConstraint is exceeded */
	bool weak_key;      /* RSA < 2048, EC < 256 bits: below mbedTLS 3's default profile */
	bool very_weak_key; /* RSA < 1024, EC < 160 bits: also too short to sign with SHA-512 */
	bool weak_signature; /* MD5 or SHA-1 (not of a trusted root's own signature) */
};

enum path_end {
	PATH_TRUSTED,     /* reaches a certificate of the CA file */
	PATH_SELF_SIGNED, /* whole, ends in a self-signed certificate the CA file does not hold */
	PATH_ISSUER_MISSING, /* the last issuer was neither sent nor in the CA file */
	PATH_NO_ANCHOR,      /* the CA file holds no certificate at all, or none was given */
	PATH_LOOP,
	PATH_UNKNOWN, /* too many certificates may be the issuers: not all of them were tried */
	PATH_EMPTY,   /* no readable leaf */
};

enum name_state {
	NAME_UNCHECKED,
	NAME_MATCHES,
	NAME_DIFFERS,
	NAME_CN_IGNORED /* CN fits but a SAN is there */,
	NAME_IP_SAN_ONLY /* matches, but only an iPAddress entry does */,
	NAME_MATCHES_CN_ONLY /* no SAN, CN fits */
};

struct chain_judgement {
	bool judged;
	struct path_step step[PATH_MAX_CERTS]; /* leaf first; of PATH_UNKNOWN the leaf alone */
	size_t n_steps;
	enum path_end end;
	bool has_trust;     /* a CA file was given */
	bool out_of_order;  /* sent certificates are not each the issuer of the one before */
	size_t n_unrelated; /* sent but not part of the path */
	/* The issuer of the last sent one is missing, the CA file does not have its name, and there is
	 * reason to take it for an intermediate (caIssuers, authorityCertIssuer, a CA of the file that
	 * is of one family). False: it may as well be a root that the file lacks. */
	bool intermediate_missing;
	bool issuer_name_in_trust; /* a CA of that name is there, but with another key */
	/* Cross-signing: sent or trusted, with a step's subject and key, by another issuer. */
	const struct cert *same_key_elsewhere;
	const struct cert *expired_root; /* the path's only trusted end has expired */
	bool signature_bad;              /* any link is LINK_BAD */
	bool usage_forbids;              /* leaf keyUsage excludes the use */
	unsigned usage_needed;           /* the KU_ bit that was needed */
	bool ext_usage_forbids;          /* leaf extendedKeyUsage excludes the purpose */
	enum name_state name;
	int64_t at;     /* seconds since 1970 that dates were judged by */
	bool clock_set; /* ... for the clock was set in between, over one of the dates */
	bool undated;   /* that time cannot be true: expired and not_yet say nothing */
};

struct chain_question {
	const struct cert *const *sent; /* leaf first, as in the message */
	size_t n_sent;
	const struct trust *trust; /* NULL: none given */
	int64_t at;                /* seconds since 1970 */
	const char *name;          /* host name or address expected; NULL: not asked */
	enum purpose purpose;
	unsigned key_usage;     /* KU_ bit the key exchange needs of the leaf, 0 any */
	bool verify_signatures; /* false: links stay LINK_UNCHECKED */
	bool sent_more; /* what was sent is more than is listed: a missing issuer may be there */
	bool all_links; /* LINKS_TRIED_ALL instead of LINKS_TRIED */
};

/*
 * How many different signatures are verified for the path of one chain: a name may have any number of
 * keys, and a stranger chooses them. When that was not enough to find a path without a fault, nothing
 * is said but of the leaf, and the end is PATH_UNKNOWN.
 */
enum { LINKS_TRIED = 20, LINKS_TRIED_ALL = 128 };
extern const char chain_untried[]; /* that in words: "there are too many certificates that ..." */

/*
 * Thread-safe; results of signature checks are remembered in *memory (may be NULL) by certificate and
 * issuer's key, so that a chain seen before costs no arithmetic.
 */
struct link_memory;
struct link_totals {
	uint64_t verified; /* signatures, each once */
	uint64_t cost;     /* in the unit of crypto_verify_cost() */
};
struct link_totals link_memory_totals(struct link_memory *m);
struct link_memory *link_memory_open(void);
void link_memory_close(struct link_memory *m);
/* Known from elsewhere: the certificate with the digest `issuer` (SHA-256 of its DER) signed that with
 * the digest `child`. */
void link_memory_know(
	struct link_memory *m, const uint8_t child[static 32], const uint8_t issuer[static 32]);
void chain_judge(
	const struct chain_question *q, struct link_memory *memory, struct chain_judgement *out);

/* RFC 9525 6: does the certificate name this host? `name` is a DNS name or an address literal. */
enum name_state cert_name_match(const struct cert *c, const char *name);

/* ---- files the user gives ---- */

/* --cert FILE: PEM (several) or DER; certificates are parsed into the store and held. */
bool certs_read_file(const char *path, struct cert_store *store, const struct cert **out,
	size_t max, size_t *n, struct err *e);

/*
 * --key FILE: only the public half is kept (SPKI DER in the arena); the private half is wiped
 * before the function returns. password may be NULL. *spki is empty when the key is of a kind whose
 * public half cannot be computed here, and the file does not hold it (Ed448).
 */
bool key_read_public(
	const char *path, const char *password, struct arena *a, struct bytes *spki, struct err *e);
/* The same of a file's bytes, behind which a NUL stands that is not counted. */
bool key_take_public(const char *path, const struct secret *text, const char *password,
	struct arena *a, struct bytes *spki, struct err *e);

#endif
