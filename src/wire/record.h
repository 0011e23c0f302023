/*
 * TLS records (RFC 8446 5.1, RFC 5246 6.2.1) and the SSLv2-format ClientHello (RFC 5246 E.2).
 *
 * Pure: bytes in, windows out. Putting records together across segments is the session's work.
 */
#ifndef TLSDIAG_WIRE_RECORD_H
#define TLSDIAG_WIRE_RECORD_H

#include "base/cur.h"

enum content_type {
	CONTENT_CHANGE_CIPHER_SPEC = 20,
	CONTENT_ALERT = 21,
	CONTENT_HANDSHAKE = 22,
	CONTENT_APPLICATION_DATA = 23,
	CONTENT_HEARTBEAT = 24,
};

enum {
	RECORD_HEADER = 5,
	RECORD_PLAINTEXT_MAX = 1 << 14,
	RECORD_CIPHERTEXT_MAX = (1 << 14) + 2048, /* RFC 5246 6.2.3; the most any version allows */
	HANDSHAKE_HEADER = 4,
};

struct record_header {
	uint8_t type;
	uint16_t version;
	uint16_t length; /* bytes of the fragment */
};

/* Reads the five header bytes. False when fewer are there; judges nothing. */
bool record_parse_header(struct bytes b, struct record_header *out);

/* Could these bytes begin a TLS record: known type, version 0x03xx, length a version allows? */
bool record_plausible(struct bytes b);
/* The same; where they could, out is its header. */
bool record_parse_plausible(struct bytes b, struct record_header *out);

/*
 * Do these bytes begin a TLS or SSLv2-format hello? Looks at the record header, the handshake
 * type and the lengths, as far as they are there; needs at least 6 bytes, and as many as
 * HELLO_MAYBE_MAX where the hello comes in records of a byte each.
 */
enum { HELLO_MAYBE_MAX = 6 * (5 + 1) };
enum hello_probe {
	HELLO_NO,
	HELLO_MAYBE /* too few bytes */,
	HELLO_CLIENT,
	HELLO_CLIENT_SSL2,
	HELLO_SERVER
};
enum hello_probe record_probe_hello(struct bytes b);

/* A DTLS record header (RFC 6347 4.1): recognised only. */
bool dtls_record_plausible(struct bytes b);

/* Those of which it matters which they are: they end a handshake whatever their level, or never. */
enum { ALERT_CLOSE_NOTIFY = 0, ALERT_USER_CANCELED = 90 };
enum { ALERT_LEVEL_WARNING = 1, ALERT_LEVEL_FATAL = 2 };

/* An alert of two bytes in the clear (RFC 8446 6). */
struct alert {
	uint8_t level; /* 1 warning, 2 fatal */
	uint8_t code;
};
bool parse_alert(struct cur *fragment, struct alert *out);

#endif
