/*
 * Two configurations compared: what the build of the one can negotiate and that of the other cannot, and which
 * macros make the difference.
 *
 * A macro makes a difference when it alone, set as the other configuration has it, gives or takes the ability in
 * question, in either of the two. So of several that an ability needs all are told, and what changes nothing is not.
 */
#ifndef TLSDIAG_CONFIG_DIFFER_H
#define TLSDIAG_CONFIG_DIFFER_H

#include "config/build.h"
#include "config/finding.h"

enum {
	ABILITIES_MAX = 512,
	DIFFERENCES_MAX = 2 * ABILITIES_MAX,
	DECIDERS_MAX = 6,   /* macros told of one ability */
	CHANGES_MAX = 1024, /* macros that are looked at */
	DIFFER_FINDINGS_MAX = 64,
};

enum ability_kind {
	ABILITY_ROLE,
	ABILITY_VERSION,
	ABILITY_KEY_EXCHANGE, /* value: enum key_exchange << 8 | enum authentication */
	ABILITY_SUITE,
	ABILITY_GROUP,
	ABILITY_SCHEME,
	ABILITY_CERTIFICATE,
	ABILITY_EXTENSION,
	N_ABILITY_KINDS
};

enum ability_role { CAN_BE_CLIENT, CAN_BE_SERVER, CAN_DTLS };
enum ability_certificate { CAN_RSA_KEYS, CAN_EC_KEYS, CAN_PEM, CAN_FILES, CAN_CHECK_DATES };
enum ability_extension {
	CAN_MAX_FRAGMENT_LENGTH,
	CAN_RECORD_SIZE_LIMIT,
	CAN_EXTENDED_MASTER_SECRET,
	CAN_ENCRYPT_THEN_MAC,
	CAN_TICKETS,
	CAN_RENEGOTIATION
};

struct ability {
	enum ability_kind kind;
	uint16_t value;
};

/* In the order of the kinds, and within one in that of the build. */
size_t abilities_of(const struct build *b, struct ability out[static ABILITIES_MAX]);

struct difference {
	struct ability ability;
	bool second;                     /* the second has it; else the first */
	uint16_t deciders[DECIDERS_MAX]; /* indices of changes */
	size_t n_deciders;               /* may be more than are kept */
};

/* A macro that the two have otherwise; NULL: not at all. Both borrow from the configurations. */
struct macro_change {
	const char *name;
	const struct macro_text *first, *second;
	unsigned n_decided[N_ABILITY_KINDS];
	bool sizes; /* it decides the size of records */
	bool order; /* in which order suites or groups stand */
	bool heap;  /* what a handshake takes besides records */
};

struct differ {
	struct build first, second;
	struct difference list[DIFFERENCES_MAX]; /* what the second has is before what it lacks */
	size_t n;
	struct macro_change changes[CHANGES_MAX];
	size_t n_changes;
	size_t n_deciding; /* of these, those that change anything of the build */
	size_t left_out;   /* macros beyond those that are kept */
	size_t n_untried; /* of those kept, the last: what they decide is not known, since asking takes too much */
	bool suite_order, group_order; /* of those that both have is another */
	bool client_order;             /* only one of them, as a server, follows the client's */

	/* Found of the one and not of the other; borrowed. */
	const struct config_finding *new[DIFFER_FINDINGS_MAX], *gone[DIFFER_FINDINGS_MAX];
	size_t n_new, n_gone; /* may be more than are kept */
};

/* One of the two, as it was written: before config_derive(). */
struct differ_side {
	const struct config *config;
	unsigned major; /* 2 or 3 */
	const struct config_findings *findings;
};

/* False with ERR_MEMORY. */
bool differ_of(const struct differ_side *first, const struct differ_side *second, struct differ *d,
	struct err *e);

/* Can they do the same, in the same way? */
bool differ_is_nothing(const struct differ *d);
bool macro_change_decides(const struct macro_change *m);

#endif
