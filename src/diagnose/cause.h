/*
 * A cause: one explanation of what is wrong with one server's handshakes, with a stable id. Looks
 * at the checks of all of them and at what the user added; pure.
 */
#ifndef TLSDIAG_DIAGNOSE_CAUSE_H
#define TLSDIAG_DIAGNOSE_CAUSE_H

#include "diagnose/check.h"
#include "forensic/autopsy.h"
#include "session/evidence.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };
enum confidence { CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };
enum origin {
	ORIGIN_CERTIFICATE,
	ORIGIN_KEY,
	ORIGIN_CONFIG,
	ORIGIN_DEVICE_CRYPTO,
	ORIGIN_ENTROPY,
	ORIGIN_MEMORY,
	ORIGIN_CLOCK,
	ORIGIN_CLIENT,
	ORIGIN_SERVER,
	ORIGIN_NETWORK,
	ORIGIN_INTEROP,
	ORIGIN_UNKNOWN, /* what is seen accuses nobody */
};
const char *severity_name(enum severity s);     /* "error" */
const char *confidence_name(enum confidence c); /* "certain" */
const char *origin_name(enum origin o);         /* "device-crypto"; NULL: unknown */
const char *origin_phrase(enum origin o);       /* "fault of the device's cryptography" */

/* A handshake as the rules see it: facts, answers, autopsy. */
struct examined {
	struct handshake *hs;
	uint64_t server; /* number of its server at the desk (case_file.number); 0: it has none */
	struct answer answers[N_CHECKS];
	struct autopsy autopsy;
	/* The client closed over the server's certificates without an alert; and this is the
	 * handshake in which somebody took the very same. 0: none did (accepted.c). */
	uint64_t accepted_in;
};

struct contrast;

/* Whose build the configuration is that was given (--config): configured.h. */
enum configured_side {
	CONFIGURED_NOBODY,  /* none was given */
	CONFIGURED_NEITHER, /* each side does what such a build cannot */
	CONFIGURED_EITHER,  /* nothing tells, or it is only a part of a configuration */
	CONFIGURED_CLIENT,
	CONFIGURED_SERVER,
};

struct configured {
	enum configured_side of;
	/* What each side did that such a build cannot, and where; NULL: nothing. */
	const char *against[2];
	uint64_t packet[2];
};

/* All that is known of one server. */
struct case_file {
	uint64_t number; /* from 1, of this run */
	struct endpoint server;
	/* With one address there may be several: one for each name. What its clients asked for is in
	 * lower case. */
	const char *target; /* as it was written, where it was asked for; NULL: a capture */
	struct bytes
		name; /* the server_name of the hellos; empty: they have none, or were not seen */
	/* The next server of the same address, under another name, and so on until it comes round to this
	 * one; NULL: there is no other. */
	const struct case_file *beside;
	/* Failed and incomplete ones first kept, and some completed; by id. */
	struct examined **kept;
	size_t n_kept;
	uint64_t n_completed, n_failed, n_incomplete; /* all, kept or not */
	uint64_t n_open_ends;                         /* of the completed: see open_ends.h */
	/* What all that completed agreed on, kept or not: the versions from the lowest to the highest (0: none
	 * is known), and the suite where it was the same each time. */
	uint16_t version_min, version_max, suite;
	bool suites_differ;
	const struct evidence *evidence;
	struct signer signer; /* forensic, over the kept ones */
	struct signer client_signer;
	/* What parts those that failed from those that completed (contrast.h); one for each way of
	 * failing that has something to tell. */
	struct contrast *contrasts;
	size_t n_contrasts;
	struct configured configured;
	bool logged;    /* its handshakes were read from logs */
	bool bystander; /* a capture has handshakes with other servers too: it may be of no interest */
	struct arena *arena; /* for texts of findings; lives as long as the report */
};

enum {
	EXPLAINS_MAX = N_CHECKS,
	RULED_OUT_MAX = 24,
	STEPS_MAX = 8,
	PROOFS_MAX = 10,
	FINDING_HANDSHAKES_MAX = 64,
	ALERT_LINES_MAX = 8
};

struct ruled_out {
	const char *id; /* a cause id, or a check-like suspect of the catalogue */
	const char *because;
};

/* One line of evidence in the report: "#8  the ECDHE public key is not a point on secp384r1". */
struct proof_line {
	uint64_t packet; /* 0: none in particular */
	const char *text;
};

/* What one stack does with the fault found, held against what the capture shows. */
struct alert_line {
	const char *stack;  /* "OpenSSL" */
	const char *text;   /* "tests the point first" */
	const char *answer; /* "47 illegal_parameter", "closes without an alert" */
	uint64_t packet;    /* the alert in this capture, 0 none */
	bool contradicts;   /* predicted and seen differ */
};

struct finding {
	const struct cause *cause;
	enum severity severity;
	enum confidence confidence;
	enum origin origin;
	const char *summary; /* one line: "The server computes elliptic curves wrongly" */
	struct proof_line proof[PROOFS_MAX];
	size_t n_proof;
	enum check_id explains[EXPLAINS_MAX];
	size_t n_explains;
	uint64_t handshakes[FINDING_HANDSHAKES_MAX];
	size_t n_handshakes;
	uint64_t n_handshakes_all; /* may be more than are listed */
	struct ruled_out ruled_out[RULED_OUT_MAX];
	size_t n_ruled_out;
	struct alert_line alerts[ALERT_LINES_MAX];
	size_t n_alerts;
	const char *next_steps[STEPS_MAX];
	size_t n_steps;
	const char *
		asks; /* the next piece of evidence, which would settle most; NULL: none is asked for */
	bool steps_done;       /* these are all: the defaults of the cause do not fit this case */
	bool logged;           /* the packets of its proofs are lines of a log */
	bool of_chain;         /* a chain that was refused shows it (chain_cause()) */
	bool by_configuration; /* the configuration given (--config) is what shows it, or a part of it */
	bool of_words;         /* programs say so, and no byte shows it (claims.h) */
	unsigned assumptions; /* what must be believed beyond the bytes; fewer ranks higher */
};

/*
 * What shows a cause by the bytes: a rule about chains of certificates (chains.h), and where no chain does one
 * about single handshakes (handshakes.h); or run(), which looks at the case as a whole. One that no byte
 * shows has none of them. What programs say in its favour stands in claims.def.
 */
struct cause {
	const char *id;
	enum origin origin;
	const char *summary; /* default of finding.summary */
	const struct chain_rule *chain;
	const struct handshake_rule *handshake;
	bool (*run)(const struct case_file *cf, struct finding *f);
	/* True, with a reason in *because, when the case shows it is NOT this; may be NULL. */
	bool (*innocent)(const struct case_file *cf, const char **because);
	const char *const *next_steps; /* NULL-terminated defaults */
};

enum cause_id {
#define CAUSE(name) CAUSE_##name,
#include "diagnose/causes.def"
#undef CAUSE
	N_CAUSES
};
extern const struct cause *const causes[N_CAUSES];
const struct cause *cause_find(const char *id); /* NULL: none */

/* Fills *f, which holds the defaults, and returns true when the case shows this cause. */
bool cause_shows(const struct cause *cause, const struct case_file *cf, struct finding *f);

#endif
