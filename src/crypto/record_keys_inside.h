/* Inside of record keys (crypto/record_keys.h): what opening and sealing share. */
#ifndef TLSDIAG_CRYPTO_RECORD_KEYS_INSIDE_H
#define TLSDIAG_CRYPTO_RECORD_KEYS_INSIDE_H

#include "crypto/record_keys.h"

#include <mbedtls/version.h> /* first: 3.x takes its configuration from there */

#include <mbedtls/cipher.h>

enum {
	KEY_MAX = 32,
	IV_MAX = 16,
	NONCE = 12,
	EXPLICIT = 8,
	HEADER = 5,
	PSEUDO_HEADER = 8 + HEADER, /* the record's number stands in front (RFC 5246 6.2.3.1) */
	KEY_BLOCK_MAX = 2 * (DIGEST_MAX + KEY_MAX + IV_MAX),

	TLS11 = 0x0302,
	HEADER_AUTHENTIC = 25, /* the first draft of TLS 1.3 with the header under the tag */
};

struct record_keys {
	struct protection p;
	mbedtls_cipher_context_t cipher;
	uint8_t mac_key[DIGEST_MAX];
	uint8_t iv[IV_MAX];
	uint64_t number; /* of the next record */
	bool tls13;
	bool header_authentic; /* TLS 1.3: the record's header is */
	bool chained;          /* CBC of TLS 1.0: the last block of a record is the next one's IV */
	bool seals;            /* they protect what is sent, and open nothing */
};

void record_put_number(uint64_t number, uint8_t out[static 8]);
/* Type, version and that length, as in a record's header. */
void record_put_header(const struct sealed_record *r, size_t length, uint8_t out[static HEADER]);
/* Of the next record (RFC 5246 6.2.3.1): as long as the hash, of which p.mac_len bytes are sent. */
bool record_make_mac(const struct record_keys *k, const struct sealed_record *r,
	struct bytes content, uint8_t mac[static DIGEST_MAX]);
/* Of the next record: its number (RFC 8446 5.3), or what stands in it (RFC 5288 3). */
void record_make_nonce(
	const struct record_keys *k, const uint8_t *explicit, uint8_t nonce[static NONCE]);
/* CBC of TLS 1.0: whatever a record holds, its last block is what the next one begins with. */
void record_chain(struct record_keys *k, const struct sealed_record *r);

#endif
