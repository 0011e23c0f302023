/*
 * Opening protected records of one direction, and making them: AEAD (RFC 8446 5.2, RFC 5246 6.2.3.3), block ciphers with a
 * MAC before or behind encryption (RFC 5246 6.2.3.2, RFC 7366), stream ciphers and none at all (6.2.3.1).
 *
 * A record that does not open is an answer, not an error. Keys are wiped when they are closed. The records
 * of a direction must come in their order, as their numbers are part of what is authenticated.
 */
#ifndef TLSDIAG_CRYPTO_RECORD_KEYS_H
#define TLSDIAG_CRYPTO_RECORD_KEYS_H

#include "crypto/schedule.h"

enum {
	OPENED_MAX = (1 << 14) + 2048 + 256
}; /* no fragment of a record is longer: RFC 5246 6.2.3 */

/* How a suite protects records. */
struct protection {
	int cipher; /* the library's number; 0: none is applied */
	enum cipher_kind kind;
	uint8_t key_len, mac_len, tag_len, block_len;
	uint8_t iv_len;      /* of what comes from the key block, or from the traffic secret */
	enum hash mac;       /* HASH_NONE: the cipher authenticates */
	bool explicit_nonce; /* AEAD: eight bytes of it stand in the record (RFC 5288 3) */
	bool encrypt_then_mac;
};

/* What else was agreed on. */
struct protection_terms {
	uint16_t version; /* on the wire */
	bool encrypt_then_mac, truncated_hmac;
};

/* False with why (static): this build cannot open its records. *out is filled where only the library's cipher is missing. */
bool protection_of(const struct suite *suite, struct protection_terms terms, struct protection *out,
	const char **why);

/* Keys of one direction; NULL: out of memory, or the library failed. */
struct record_keys;
struct record_keys *record_keys_open13(const struct protection *p, const struct schedule *s,
	const struct key_secret *traffic, uint16_t version);
/* Of the key block (RFC 5246 6.3). */
struct record_keys *record_keys_open12(const struct protection *p, enum hash prf,
	const struct key_secret *master, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], bool client, uint16_t version);
void record_keys_close(struct record_keys *k); /* accepts NULL */

/* As it stood on the wire. */
struct sealed_record {
	uint8_t type;
	uint16_t version;
	struct bytes fragment;
};

/* Its content. */
struct opened_record {
	uint8_t type;         /* of TLS 1.3: the one inside */
	struct bytes content; /* in the room that was given */
};

enum record_answer {
	RECORD_OPENS,
	RECORD_REFUSED, /* it is not authentic under these keys */
	RECORD_BARE,    /* it is, and holds no content type (RFC 8446 5.4: unexpected_message) */
};

/*
 * Opens the next record. One that is refused leaves the keys as they were, where the cipher lets it (not
 * RC4): it was perhaps made with other keys. room: OPENED_MAX bytes; they may hold what was refused.
 */
enum record_answer record_keys_open(struct record_keys *k, const struct sealed_record *r,
	uint8_t room[static OPENED_MAX], struct opened_record *out);

/* Goes past one that is not to be opened: data, which counts all the same. */
void record_keys_pass(struct record_keys *k, const struct sealed_record *r);

/* ---- the other way: keys that protect what we send ---- */

enum { RECORD_CONTENT_MAX = 1 << 14 };

struct record_keys *record_keys_seal13(const struct protection *p, const struct schedule *s,
	const struct key_secret *traffic, uint16_t version);
struct record_keys *record_keys_seal12(const struct protection *p, enum hash prf,
	const struct key_secret *master, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], bool client, uint16_t version);

/* A protected record: the type in its header, and its fragment. */
struct sealed_room {
	uint8_t type;
	size_t len;
	uint8_t data[OPENED_MAX];
};

/* The next record, of at most RECORD_CONTENT_MAX bytes of content. False: the library failed, or these keys open. */
bool record_keys_seal(struct record_keys *k, uint8_t type, uint16_t version, struct bytes content,
	struct sealed_room *out);

/* Goes past n records that were not seen. False: what follows cannot be opened (RC4, CBC of TLS 1.0). */
bool record_keys_skip(struct record_keys *k, uint64_t n);

#endif
