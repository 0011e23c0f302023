/*
 * A TLS record out of the lines of a dissection, "Cipher Suite: TLS_RSA_WITH_NULL_MD5 (0x0001)": the bytes that
 * its fields stand for, in their order, and holes where values are cut or not printed.
 */
#ifndef TLSDIAG_LOG_TLS_LINES_H
#define TLSDIAG_LOG_TLS_LINES_H

#include "log/holed.h"

enum { TLS_LINES_RECORD_MAX = 32 * 1024 };

/* A part of a record whose length is printed before it. */
struct tls_part {
	bool open, length_known;
	uint64_t begun, length; /* of what stands behind its header */
};

struct tls_lines {
	bool record, message; /* in one */
	bool header_done;     /* of the record: its length was there */
	uint8_t content_type; /* 0 not known */
	uint16_t version;
	bool datagrams;
	struct tls_part whole, handshake, extension;
	uint8_t handshake_type;
	bool type_known, encrypted;
	bool dh;           /* in parameters of Diffie-Hellman over a prime field */
	uint64_t expected; /* the length that was printed last, of what comes next; */
	bool has_expected;
	struct holed bytes;
	uint8_t room[TLS_LINES_RECORD_MAX];
	/* facts that stand in it */
	uint16_t agreed_version, suite, group;
	bool has_suite;
	uint8_t alert_level, alert_code;
	bool has_alert;
	char sni[128];
};

void tls_lines_begin(struct tls_lines *t); /* a record, or a message without one */
/* One line of it, without blanks around it. False: it belongs to no record. */
bool tls_lines_take(struct tls_lines *t, struct bytes line);
/*
 * It ends. False: it holds nothing. Its bytes begin with the header of the record where that was printed, else
 * (framed false) with that of the message.
 */
bool tls_lines_end(struct tls_lines *t, bool *framed);

#endif
