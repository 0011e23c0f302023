/*
 * What a build has to do with where it is deployed: certificates of its own and those that it trusts, and the
 * records of handshakes.
 */
#ifndef TLSDIAG_CONFIG_DEPLOYMENT_H
#define TLSDIAG_CONFIG_DEPLOYMENT_H

#include "config/build.h"
#include "config/finding.h"
#include "config/flash.h"
#include "names/names.h"

enum { DEPLOYED_CERTS_MAX = 512 };

enum deployed_key { DEPLOYED_RSA, DEPLOYED_EC, DEPLOYED_OTHER };

/* Strings are borrowed. */
struct deployed_cert {
	const char *name; /* "cert.pem (CN=device.example)" */
	bool own;         /* sent by the device; else a CA that it trusts */
	bool pem;         /* its file is */
	size_t bytes;     /* DER */
	enum deployed_key key;
	const char *key_name; /* "EC secp384r1", "Ed25519" */
	unsigned key_bits;
	uint16_t group;      /* of an EC key; 0 unknown */
	bool explicit_curve; /* spelled out, not named */
	bool nist_curve;     /* ... and it is one of NIST's */
	enum signature_kind signature;
	enum hash hash;
};

enum deployed_side { DEPLOYED_UNKNOWN, DEPLOYED_CLIENT, DEPLOYED_SERVER };

struct deployment {
	struct deployed_cert certs[DEPLOYED_CERTS_MAX]; /* own ones in the order sent */
	size_t n_certs;
	size_t n_left_out;
	struct needs needs;
	enum deployed_side side; /* the device's in the handshakes, where its certificate tells */
	/* The longest content of a record of handshakes that the client, and that the server sent; 0: none was seen. */
	size_t from_client, from_server;
	size_t n_handshakes;
};

/* Bytes of a TLS 1.2 Certificate message with all its own certificates, header included; 0: there are none. */
size_t deployment_chain(const struct deployment *d);
/* Bytes of the longest record that was sent to the device, by its role in the handshakes, else by the one role that the
 * build has; 0: not known. */
size_t deployment_received(const struct deployment *d, const struct build *b);

/* After config_derive(): what of the certificates the build cannot read, send or accept. */
void config_findings_deployment(struct config_findings *f, const struct config *c,
	const struct config_version *v, const struct build *b, const struct deployment *d,
	struct arena *a);

#endif
