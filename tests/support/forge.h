/*
 * Handshakes whose signatures a test makes as wrong as it likes: keys, hellos, ServerKeyExchange,
 * and the flight that a client's CertificateVerify covers. No capture is read.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_FORGE_H
#define TLSDIAG_TESTS_SUPPORT_FORGE_H

#include "session/handshake.h"

enum { FORGE_BYTES = 1024, FORGE_EVENTS = 9, RSA_BYTES = 192 };

/* A key pair that is the same in every run. */
struct forge_key;
struct forge_key *forge_ec_key(uint16_t group, uint64_t seed);
struct forge_key *forge_rsa_key(uint64_t seed); /* of RSA_BYTES */
void forge_key_free(struct forge_key *k);
/* The facts of a certificate for this key, as far as signatures need them; borrows from the key. */
void forge_cert(const struct forge_key *k, struct cert *out);

/* Bytes with room for them. */
struct blob {
	uint8_t data[FORGE_BYTES];
	size_t len;
};
static inline struct bytes blob_bytes(const struct blob *b)
{
	return bytes_of(b->data, b->len);
}

/* r and s, big-endian, as long as the order of the curve each. nonce chooses k. */
void forge_ecdsa(const struct forge_key *k, const struct digest *digest, uint64_t nonce,
	struct blob *r, struct blob *s);
/* The DER of two positive numbers. */
struct blob forge_der(struct bytes r, struct bytes s);
/* forge_ecdsa() and forge_der(). */
struct blob forge_ecdsa_der(const struct forge_key *k, const struct digest *digest, uint64_t nonce);

/* The signature that opens to this encoded message. */
struct blob forge_rsa(const struct forge_key *k, const struct blob *em);
/* 00 01 FF.. 00 and what is given. */
struct blob forge_pkcs1(struct bytes inside);
/* DigestInfo of a digest, under the OBJECT IDENTIFIER of the hash. */
struct blob forge_digest_info(enum hash hash, const struct digest *digest);
/* RFC 8017 9.1.1 with this salt length, mask and encoding with one hash. */
struct blob forge_pss(enum hash hash, const struct digest *digest, size_t salt_len);

struct forge {
	struct handshake hs;
	struct cert leaf[2];
	struct event events[FORGE_EVENTS];
	struct blob raw[FORGE_EVENTS], signature[2];
};

/*
 * TLS 1.2 over ECDHE with a point on secp256r1 drawn from the seed, and client authentication:
 * ClientHello to ClientKeyExchange and CertificateVerify. Neither signature is there yet. The arena
 * is the caller's to free.
 */
void forge_open(struct forge *f, uint64_t seed, const struct forge_key *server,
	const struct forge_key *client);
void forge_close(struct forge *f);

/*
 * Puts pieces of the handshake together, a letter each: C and S the randoms, P the parameters, H the
 * header of ServerKeyExchange (E with the length of the parameters, N with none), Z 32 zeros; 0 to 8
 * are the messages in the order of the flight, of which 0 to 7 are what CertificateVerify covers.
 */
struct blob forge_pieces(const struct forge *f, const char *pieces);
struct digest forge_digest(const struct forge *f, enum hash hash, const char *pieces);

/* Puts the signature in and judges it as prove.c would. */
void forge_sign(struct forge *f, enum side signer, struct signature_method method,
	const struct blob *signature);

#endif
