/*
 * What a build of mbedTLS with a configuration can negotiate, with what the library sets by itself at run time
 * (mbedtls_ssl_config_defaults()): a program can narrow it, and for a few things widen it.
 *
 * Held against ssl_server2 of such builds in tests/unit/test_build.c. Releases up to 2.28 are read as 2.28.3, later
 * ones as 3.6.6 without drivers for PSA.
 */
#ifndef TLSDIAG_CONFIG_BUILD_H
#define TLSDIAG_CONFIG_BUILD_H

#include "config/config.h"

enum {
	BUILD_VERSIONS_MAX = 4,
	BUILD_SUITES_MAX = 256,
	BUILD_GROUPS_MAX = 32,
	BUILD_SCHEMES_MAX = 32,
	BUILD_LOST_MAX = 16,
};

/* Versions are as on the wire: 0x0301 TLS 1.0 to 0x0304 TLS 1.3. */
struct build_suite {
	uint16_t value, from, to;
};

/* A suite that MBEDTLS_SSL_CIPHERSUITES names and that is not compiled in; value: 0 no suite of this release. */
struct build_lost {
	const char *name; /* len bytes, borrowed from the configuration */
	unsigned len;
	uint16_t value;
	const char *
		needs; /* what its definition stands under, as #if has it; NULL: no suite of this release */
};

/* Bytes of the content of one record, and of the buffer on the heap that holds it (ssl_internal.h, ssl_misc.h). */
struct build_buffer {
	long content, buffer;
};

/* Bytes of heap for one handshake: config/memory.h. total 0: not known. */
struct build_memory {
	bool client;         /* as one; it is the role that needs more, where the build has both */
	unsigned curve_bits; /* of the largest curve that the peer may choose; 0: none */
	bool by_rsa;         /* the peak is RSA's with 2048 bits, else the curve's */
	long buffers, structures, peak, total;
};

struct build {
	unsigned major;    /* whose rules: 2 or 3 */
	bool lacks_crypto; /* 4.x without its crypto_config.h: algorithms are not known */
	bool client, server, dtls;

	uint16_t versions[BUILD_VERSIONS_MAX]; /* the newest first; those that have a suite */
	size_t n_versions;

	/* In the order of its preference. */
	struct build_suite suites[BUILD_SUITES_MAX];
	size_t n_suites;
	bool suites_listed; /* by MBEDTLS_SSL_CIPHERSUITES */
	struct build_lost lost[BUILD_LOST_MAX];
	size_t n_lost; /* may be more than are kept */

	uint16_t groups[BUILD_GROUPS_MAX];
	size_t n_groups;
	uint16_t schemes
		[BUILD_SCHEMES_MAX]; /* that it takes for signatures of handshakes, and of TLS 1.3 */
	size_t n_schemes;

	bool rsa_keys, ec_keys; /* keys of certificates, one's own and the peer's */
	bool reads_pem, reads_files;
	bool checks_dates;        /* of certificates */
	bool follows_client;      /* as a server: the order of suites is the client's */
	bool max_fragment_length; /* RFC 6066 4 */
	bool record_size_limit;   /* RFC 8449 */
	bool extended_master_secret, encrypt_then_mac, tickets, renegotiation;
	struct build_buffer in, out;
	struct build_memory memory;
};

/* major: of the release, 2 or 3 and more; 4.x is read by the lists of 3.6. */
void build_of(const struct config *c, unsigned major, struct build *b);

/*
 * What a version, a suite, a group or a scheme needs of a configuration, as #if has it; NULL: no release of that
 * kind has it.
 */
const char *build_version_needs(const struct build *b, uint16_t version);
const char *build_suite_needs(const struct build *b, uint16_t suite);
const char *build_group_needs(const struct build *b, uint16_t group);
const char *build_scheme_needs(const struct build *b, uint16_t scheme);

bool build_has_version(const struct build *b, uint16_t version);
bool build_has_group(const struct build *b, uint16_t group);
/* Does the library use that group in that version? */
bool build_group_is_for(uint16_t group, uint16_t version);
bool build_has_suite(const struct build *b, uint16_t suite);
bool build_has_scheme(const struct build *b, uint16_t scheme);

#endif
