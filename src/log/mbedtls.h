/*
 * The reader of mbedTLS debug output, shared by its files only: what it holds of each context (an
 * mbedtls_ssl_context, told apart by its pointer where that is printed) while the lines go by.
 */
#ifndef TLSDIAG_LOG_MBEDTLS_H
#define TLSDIAG_LOG_MBEDTLS_H

#include "log/reader.h"
#include "log/scan.h"

enum {
	MBED_CONTEXTS = 8,
	MBED_DUMP_MAX = 4096, /* mbedtls_debug_print_buf() stops there */
	MBED_HOLES_MAX = 16,
	MBED_NAME_MAX = 48,
	MBED_ROW_MAX = 16,
	MBED_SUITES_MAX = 512,
	MBED_EXTENSIONS_MAX = 2048,
	MBED_POINT_MAX = 66, /* bytes of a coordinate: secp521r1 */
	MBED_SIGNATURE_MAX = 1024,
	MBED_MESSAGE_MAX = 16 + 2 * MBED_SUITES_MAX + 1024 + MBED_EXTENSIONS_MAX,
	MBED_BANNER_MAX = 64,
	MBED_STATE_MAX = 40,
};

/* A line, taken apart. */
struct mbed_line {
	const struct log_line *line;
	struct log_at at;
	struct bytes before; /* what a program had printed on the same line */
	bool located;        /* "ssl_tls.c:0123: " stands in it */
	bool tls13; /* ... and the file is of TLS 1.3 alone; hellos of TLS 1.2 pass through it, too */
	uint32_t place;  /* file and line number as one value; 0 none */
	bool role_known; /* by the file's name */
	enum side role;
	const char *library; /* by the file's name; NULL: in all of them */
	unsigned level;      /* of "|3| "; 0 not printed */
	uint64_t pointer;    /* of "0x7ffc: "; 0 not printed */
	struct bytes body;
};

/* The bytes of a dump, or of a big number, that is being read row by row. */
struct mbed_dump {
	enum { MBED_NO_DUMP, MBED_BYTES, MBED_VALUE } kind;
	char name[MBED_NAME_MAX];
	uint32_t place;
	struct log_at at;
	size_t whole; /* bytes, as announced */
	size_t want;  /* of them to be printed */
	size_t have;  /* offset of what comes next */
	struct mbed_hole {
		size_t at, len;
	} holes[MBED_HOLES_MAX]; /* not in the log, in their order */
	size_t n_holes;
	bool torn; /* the last row ended early: the next line may be its rest */
	char row[80];
	size_t row_len, row_at, row_end;
	uint8_t bytes[MBED_DUMP_MAX];
};

/* A step of the handshake that is under way: one message is read or written. */
struct mbed_step {
	bool open;
	bool ours;    /* written by the program whose log it is */
	bool ccs;     /* it is no handshake message, but ChangeCipherSpec */
	bool arrived; /* a message was read */
	bool writing; /* a message is complete, though it may wait to be sent */
	bool noted;   /* its bytes or its name are noted */
	bool keys;    /* it is protected */
	uint8_t type;
	struct log_at at;
};

/* What is known of one hello, to make it anew. */
struct mbed_hello {
	bool has_random, has_sid, has_suites, has_extensions, has_compression, done;
	uint16_t version;
	uint8_t random[32];
	uint8_t sid[32];
	size_t n_sid;
	uint8_t cookie[255];
	size_t n_cookie;
	bool has_cookie;
	uint8_t suites[2 * MBED_SUITES_MAX];
	size_t n_suites; /* bytes */
	uint8_t extensions[MBED_EXTENSIONS_MAX];
	size_t n_extensions;      /* bytes there are */
	size_t extensions_length; /* bytes it says there are */
	bool has_length;
	size_t body; /* of the message, as told elsewhere; 0 not told */
};

/* ECDH public keys, as numbers without leading zeros. */
struct mbed_point {
	uint8_t x[MBED_POINT_MAX], y[MBED_POINT_MAX];
	size_t n_x, n_y;
	bool has_x, has_y;
};

struct mbed_context {
	bool used;
	uint64_t pointer, key, moment;
	bool role_known;
	enum side role; /* a guess until it is known */
	bool renewed; /* the program has begun another connection: the pointer is that of the one before */
	/* ---- of the connection ---- */
	bool begun; /* something of it has been noted */
	bool over;  /* it has failed, been completed or freed: what begins now is another */
	bool done, failed;
	bool reported;  /* the program has said what the handshake returned */
	bool verifying; /* DTLS: HelloVerifyRequest was sent, and the handshake begins anew */
	bool renegotiating;
	bool peeks;         /* it looks at a datagram without taking it: no verdict counts */
	bool dumps_records; /* level 4 */
	char state[MBED_STATE_MAX];
	struct mbed_step step;
	bool asked; /* "parse certificate request" has read something: either that, or the next message */
	struct log_at asked_at;
	bool keys_in, keys_out;
	/* ---- the record that is being read, or written ---- */
	uint8_t header[32];
	size_t n_header;
	struct log_at header_at;
	uint8_t in_type, out_type;
	bool in_bytes, in_promised;
	uint64_t in_len, out_len;
	uint64_t in_print; /* of the last record's content, to know it again */
	bool alert_noted, alert_sent;
	uint8_t sent_level, sent_code;
	struct log_at sent_at;
	unsigned fetched; /* calls of "fetch input" in this step that came to their end */
	uint64_t hello_len;
	/* plaintext that is on its way out */
	bool holds;
	struct log_at held_at;
	uint64_t held_missing;
	size_t n_held;
	uint8_t held[MBED_DUMP_MAX];
	/* ---- to make messages of ---- */
	struct mbed_hello hello[2];
	struct mbed_point own, peer;
	uint16_t group, suite;
	bool suite_known;
	uint16_t version;
	uint8_t hash; /* of the signature, RFC 5246 7.4.1.4.1; 0 not known */
	bool hashed;
	uint8_t signature[MBED_SIGNATURE_MAX];
	size_t n_signature;
	bool has_signature;
	uint8_t verify_data[64];
	size_t n_verify_data;
	bool hello_left; /* 3.x: what read the ClientHello leaves it to the code of TLS 1.2 */
	bool told;       /* the last message that was read is noted */
	uint8_t pending; /* type of a message that was read; 0xff none */
	uint64_t pending_len;
	bool pending_keys;
	struct log_at pending_at;
	/* ---- verdicts ---- */
	uint32_t flags, flags_noted;
	struct log_at flags_at;
	bool has_flags;
	uint32_t last_place; /* of the last code */
	int64_t last_code;
	bool record_short;  /* it is told of, and the code that comes of it says no more */
	char malformed[64]; /* "bad certificate message", until a code tells why */
	struct log_at malformed_at;
	uint8_t last_read; /* type of the message that was read last; 0xff not known */
	char mismatch[80]; /* of the last suite that was tried */
	struct mbed_dump dump;
};

struct mbed {
	struct log_notes *notes;
	uint64_t moment, serial;
	struct mbed_context contexts[MBED_CONTEXTS];
	size_t current;          /* the one of the line before */
	struct mbed_dump joined; /* two dumps that are one record */
	/* ---- of the program, for the connections to come ---- */
	char library[MBED_BANNER_MAX];
	bool role_known;
	enum side role;
	char address[64];
	uint16_t port;
	char lenient
		[MBED_BANNER_MAX]; /* the setting by which a peer need not verify; "": none seen */
	struct log_at lenient_at;
	struct log_at last; /* line */
};

enum { MBED_NONE_PENDING = 0xff };

/* ---- mbedtls_place.c: taking a line apart ---- */
/* False: it is no debug line of mbedTLS. */
bool mbed_take_apart(const struct log_line *line, struct mbed_line *out);
/* All of it as the body: a row of a dump whose place a program does not print, or lost. */
void mbed_take_whole(const struct log_line *line, struct mbed_line *out);

/* ---- mbedtls_context.c ---- */
/* Which context a line is of; it becomes the current one. */
struct mbed_context *mbed_context_of(struct mbed *m, const struct mbed_line *l);
struct mbed_context *mbed_current(struct mbed *m);
/* The connection to note in; it is begun where there is none. NULL without memory. */
struct log_conn *mbed_conn(struct mbed *m, struct mbed_context *c, struct log_at at);
/* A handshake begins: another connection, unless this one has only begun. */
void mbed_begin(struct mbed *m, struct mbed_context *c);
/* The same of one that is over, whose role was not known; then another begins. */
void mbed_turn_over(struct mbed *m, struct mbed_context *c, enum side role);
void mbed_set_role(struct mbed *m, struct mbed_context *c, enum side role);
/* What is half known is noted; the connection is over. */
void mbed_over(struct mbed *m, struct mbed_context *c);
/* The device boots, or the log ends. */
void mbed_break_off(struct mbed *m, struct log_at at);
static inline enum side mbed_side(const struct mbed_context *c, bool ours)
{
	return ours ? c->role : side_other(c->role);
}

/* ---- mbedtls_dump.c: rows of dumps ---- */
/* "dumping 'x' (5 bytes)", "value of 'x' (12 bits) is:" */
bool mbed_dump_begin(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
/* A row of the dump that is being read; false: it is none. */
bool mbed_dump_row(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
/* No more rows come: what there is goes to mbed_dump_done(). */
void mbed_dump_end(struct mbed *m, struct mbed_context *c);

/* ---- mbedtls_bytes.c: what dumps hold ---- */
void mbed_dump_done(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d);
/* Bytes that wait for others which do not come: a record's header, a plaintext. */
void mbed_bytes_flush(struct mbed *m, struct mbed_context *c);

/* ---- mbedtls_build.c: messages made of their fields ---- */
/* A message that a line tells of. */
struct mbed_told {
	uint8_t type;
	bool ours, keys;
	uint64_t body; /* its length without the header; 0 not told */
	struct log_at at;
};
/* Notes the message; false: not enough is known of it. */
bool mbed_build(struct mbed *m, struct mbed_context *c, const struct mbed_told *t);
/* A big number that was dumped; true: it is one of those that messages are made of. */
void mbed_build_value(struct mbed_context *c, const struct mbed_dump *d);
/* A field that was dumped. */
void mbed_build_field(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d);

/* ---- mbedtls_steps.c: states, steps and records that are only told ---- */
bool mbed_step_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
void mbed_steps_flush(struct mbed *m, struct mbed_context *c);
/* Before a verdict is noted: the message that it is on. */
void mbed_steps_settle(struct mbed *m, struct mbed_context *c);

/* ---- mbedtls_records.c ---- */
bool mbed_record_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
void mbed_alert_flush(struct mbed *m, struct mbed_context *c);

/* ---- mbedtls_fields.c: suite, version, group, names ---- */
bool mbed_field_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
void mbed_set_suite(struct mbed *m, struct mbed_context *c, int suite, struct log_at at);
void mbed_set_version(struct mbed *m, struct mbed_context *c, uint16_t version, struct log_at at);
void mbed_set_group(struct mbed *m, struct mbed_context *c, int group, struct log_at at);

/* ---- mbedtls_words.c: what went wrong, in words ---- */
bool mbed_words_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
void mbed_words_flush(struct mbed *m, struct mbed_context *c);
/* Before a code is noted: words that it tells more of. */
void mbed_words_settle(struct mbed *m, struct mbed_context *c, int64_t code);
/* What a code says by itself. */
void mbed_words_of_code(struct mbed *m, struct mbed_context *c, struct bytes function, int64_t code,
	struct bytes words, struct log_at at);

/* ---- mbedtls_results.c: codes ---- */
/* "f() returned -9984 (-0x2700)" */
bool mbed_result_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
void mbed_result(struct mbed *m, struct mbed_context *c, struct bytes function, int64_t code,
	struct bytes words, struct log_at at);

/* ---- mbedtls_verify.c: verify flags and their words ---- */
bool mbed_verify_line(struct mbed *m, struct bytes text, struct log_at at);
bool mbed_verify_flags_line(struct mbed *m, struct mbed_context *c, const struct mbed_line *l);
void mbed_verify_flush(struct mbed *m, struct mbed_context *c);

/* ---- mbedtls_program.c: lines of programs that use it ---- */
bool mbed_program_line(struct mbed *m, struct bytes text, const struct log_line *line);
/* A setting of the program by which a peer need not verify: remarked of its connections. */
bool mbed_setting_line(struct mbed *m, struct bytes text, struct log_at at);
bool mbed_boot_line(struct mbed *m, struct bytes text, struct log_at at);

#endif
