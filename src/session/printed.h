/*
 * Certificates that a log prints as text, where their bytes are not there. Text is no proof of anything: what is said of
 * them is never certain.
 */
#ifndef TLSDIAG_SESSION_PRINTED_H
#define TLSDIAG_SESSION_PRINTED_H

#include "crypto/crypto.h"

enum {
	PRINTED_MAX = 3,    /* of a connection, both sides' together */
	PRINTED_TEXT = 96,  /* of a subject, with its end */
	PRINTED_NAMES = 256 /* of all names together, with its end */
};

#define PRINTED_NO_DATE INT64_MIN

struct printed_cert {
	uint64_t line;                 /* of the log: where it begins */
	unsigned depth;                /* 0: the leaf */
	bool own;                      /* it is of the side whose log it is */
	char subject[PRINTED_TEXT];    /* as printed */
	char issuer[PRINTED_TEXT];     /* as printed */
	char until[PRINTED_TEXT];      /* notAfter, as printed */
	int64_t not_before, not_after; /* seconds since 1970; PRINTED_NO_DATE */
	bool far;                      /* ... of a time zone that is not known */
	bool whole;                    /* what is not printed of its extensions is not there */
	bool has_names;                /* subjectAltName */
	bool names_cut;                /* more of them than there is room for */
	char names[PRINTED_NAMES];     /* DNS names and addresses, parted by blanks */
	enum key_kind key;             /* KEY_UNKNOWN: not printed */
	unsigned key_bits;             /* 0: not printed */
	uint16_t key_group;            /* of KEY_EC; 0: not printed */
	enum hash hash;                /* of its signature; HASH_NONE: not printed */
	bool has_usage;                /* extendedKeyUsage */
	unsigned usage;                /* what it allows: */
};

enum {
	PRINTED_FOR_SERVERS = 1,
	PRINTED_FOR_CLIENTS = 2,
	PRINTED_FOR_ANY = 4,
	PRINTED_FOR_OTHERS = 8
};

/* What may be wrong with one, as far as its text tells. */
enum printed_fault {
	PRINTED_EXPIRED,
	PRINTED_NOT_YET,
	PRINTED_OTHER_NAME,
	PRINTED_WEAK_KEY,
	PRINTED_WEAK_HASH,
	PRINTED_OTHER_USE,
	PRINTED_CURVE, /* of its key: none that the client offers */
	N_PRINTED_FAULTS
};

/* Of one side's. */
struct printed_judgement {
	const struct printed_cert *fault[N_PRINTED_FAULTS]; /* the first that has it; NULL: none */
	int64_t at;                                         /* what the dates were held against */
	const char *name;                                   /* what the names were */
};

#endif
