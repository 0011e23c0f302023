/*
 * Secrets and what is made of them: the key schedule of TLS 1.3 (RFC 8446 7) and the PRF before it
 * (RFC 5246 5, RFC 2246 5).
 *
 * Pure, like the rest of the façade. Lengths are bytes. What comes out is secret: it belongs to the
 * caller, who wipes it (base/secret.h). False: the library lacks the hash, or failed.
 */
#ifndef TLSDIAG_CRYPTO_SCHEDULE_H
#define TLSDIAG_CRYPTO_SCHEDULE_H

#include "crypto/crypto.h"

/* A secret of the schedule: as long as its hash; a master secret has 48 bytes. */
struct key_secret {
	uint8_t data[DIGEST_MAX];
	size_t len;
};

static inline struct bytes key_secret_bytes(const struct key_secret *s)
{
	return bytes_of(s->data, s->len);
}

/* ---- TLS 1.3 ---- */

/* With which hash, and with which words in front of its labels: drafts up to 19 had others. */
struct schedule {
	enum hash hash;
	const char *prefix;
};

/* Of a version as on the wire: 0x0304, 0x7f12 and its like (drafts), 0xfb17 (drafts as one company ran them). */
struct schedule schedule_of(uint16_t version, enum hash hash);

/* HKDF-Extract. An empty salt or ikm stands for as many zeros as the hash is long, as in 7.1. */
bool schedule_extract(
	const struct schedule *s, struct bytes salt, struct bytes ikm, struct key_secret *out);

/* HKDF-Expand-Label: the label without its prefix; len bytes, at most 255. */
bool schedule_expand(const struct schedule *s, struct bytes secret, const char *label,
	struct bytes context, uint8_t *out, size_t len);

/* Derive-Secret, over the hash of a transcript: "c hs traffic", "s ap traffic", ... */
bool schedule_derive(const struct schedule *s, const struct key_secret *secret, const char *label,
	const struct digest *transcript, struct key_secret *out);

/* From the early to the handshake to the master secret: one step down the schedule's left side. */
bool schedule_step(const struct schedule *s, const struct key_secret *secret, struct bytes ikm,
	struct key_secret *out);

/* verify_data of a Finished (4.4.4), or a binder (4.2.11.2), under the secret of its sender. */
bool schedule_finished(const struct schedule *s, const struct key_secret *secret,
	const struct digest *transcript, struct digest *out);

/* application_traffic_secret_N to N + 1 (7.2). */
bool schedule_update(const struct schedule *s, struct key_secret *secret);

/* ---- up to TLS 1.2 ---- */

enum { MASTER_SECRET = 48, VERIFY_DATA12 = 12 };

/* The PRF of a version and a suite's hash: TLS 1.0 and 1.1 have MD5 and SHA-1 together. */
enum hash prf_hash_of(uint16_t version, enum hash suite_hash);

/* PRF(secret, label, seed), the seed in up to two parts. */
bool prf_expand(enum hash hash, struct bytes secret, const char *label, struct bytes seed_a,
	struct bytes seed_b, uint8_t *out, size_t len);

/*
 * The master secret of a premaster secret (RFC 5246 8.1). session: the hash of the messages up to
 * ClientKeyExchange where extended_master_secret was agreed on (RFC 7627 4); else NULL.
 */
bool prf_master(enum hash hash, struct bytes premaster, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], const struct digest *session,
	struct key_secret *out);

/* verify_data of the Finished of the client, or of the server (RFC 5246 7.4.9). */
bool prf_verify_data(enum hash hash, const struct key_secret *master, bool client,
	const struct digest *transcript, uint8_t out[static VERIFY_DATA12]);

#endif
