/*
 * A ClientHello out of a file, to be sent again: TLS records, a bare handshake message, a hello in
 * SSLv2 format, or any of them in hexadecimal (base/hex_text.h). Link, IP and TCP headers before it
 * are passed over, as long as one packet holds all of it.
 */
#ifndef TLSDIAG_DRIVE_HELLO_FILE_H
#define TLSDIAG_DRIVE_HELLO_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "wire/handshake.h"

enum { HELLO_FILE_MAX = 1024 * 1024, HELLO_BYTES_MAX = 256 * 1024 };

struct hello_bytes {
	struct bytes records;    /* as they go on the wire */
	bool framed;             /* they stood like that; else the message was bare */
	uint16_t record_version; /* of the first; 0 in SSLv2 format, which has no records */
	size_t n_records;
	struct bytes message;      /* header and body; in SSLv2 format the same as `records` */
	struct client_hello hello; /* the message read; its windows borrow from it */
	size_t skipped, left_over; /* bytes before and behind it */
};

/*
 * Reads a file, "-" for standard input. The arena holds all that *out borrows; it needs room for
 * HELLO_FILE_MAX and twice HELLO_BYTES_MAX. False with ERR_OS, ERR_LIMIT, ERR_MEMORY, or with
 * ERR_INPUT when it is no ClientHello, or one that is cut off or malformed, saying where.
 */
bool hello_file_read(const char *path, struct arena *a, struct hello_bytes *out, struct err *e);

/* The same for bytes in memory, which must outlive *out. */
bool hello_bytes_read(struct bytes file, struct arena *a, struct hello_bytes *out, struct err *e);

#endif
