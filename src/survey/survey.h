/*
 * What a server takes, found out by asking. Each question is a ClientHello that offers all that is left; what
 * the server chooses is taken out of the next one, until it refuses: so many connections as the longest of the lists
 * that can be shortened together has values, and a few more. Who asks, and how, is handed in: nothing here has a socket or a clock.
 */
#ifndef TLSDIAG_SURVEY_SURVEY_H
#define TLSDIAG_SURVEY_SURVEY_H

#include "client/profile.h"
#include "client/talk.h"

/* ---- one question ---- */

struct survey_question {
	struct offer offer;
	enum talk_depth depth;
	bool patient;        /* it is waited for what the server may do late, when all is done */
	size_t hello_record; /* bytes of the hello in each record; 0: all in one */
	size_t hello_segment; /* bytes of it that are sent at a time, with a rest between; 0: all at once */
};

enum survey_outcome {
	SURVEY_CHOSE,  /* the server answered with a hello, or asks for another one */
	SURVEY_ALERT,  /* it refused: alert */
	SURVEY_CLOSED, /* it went without a word */
	SURVEY_RESET,
	SURVEY_SILENT,
	SURVEY_NO_TLS,
};

enum { SURVEY_PROTOCOL_MAX = 64 };

struct survey_reply {
	enum survey_outcome outcome;
	uint8_t alert;
	uint16_t version, suite, group, scheme; /* chosen; 0: not told, or not seen */
	uint16_t
		key_group; /* of the curve that the certificate's key is on; 0: none, or not known */
	size_t hello_length; /* bytes of the ClientHello as a message, as it was sent */
	bool flight;         /* all that it says before the client's turn was seen */
	bool completed;      /* the handshake came to its end */
	bool beyond; /* the server goes on with what our client offered and cannot complete */
	bool extended_master_secret, encrypt_then_mac, renegotiation_info, session_ticket,
		status_request, max_fragment_length;
	bool certificate_request;
	size_t n_authorities;               /* CAs that it names in that */
	char protocol[SURVEY_PROTOCOL_MAX]; /* by ALPN; "": none */
};

/* False: nothing more can be asked, and *reply holds nothing. */
typedef bool survey_ask(void *ctx, const struct survey_question *q, struct survey_reply *reply);

/* ---- what was found ---- */

enum survey_fact { SURVEY_UNKNOWN, SURVEY_NO, SURVEY_YES };

enum survey_order {
	SURVEY_ORDER_UNKNOWN, /* there is one value, or none; or it is neither: they stand in ours */
	SURVEY_ORDER_SERVER,  /* the values stand in the server's order, whatever a client's is */
	SURVEY_ORDER_CLIENT,  /* it follows the client's: they stand in ours */
};

struct survey_values {
	uint16_t value[OFFER_LIST_MAX];
	size_t n;
	enum survey_order order;
	bool whole; /* it was asked until it refused */
};

struct survey_version {
	uint16_t version;
	enum survey_fact taken;
	enum survey_outcome refusal; /* of SURVEY_NO */
	uint8_t alert;
	struct survey_values suites;
};

enum survey_feature {
	SURVEY_EXTENDED_MASTER_SECRET,
	SURVEY_ENCRYPT_THEN_MAC,
	SURVEY_RENEGOTIATION_INFO,
	SURVEY_SESSION_TICKET,
	SURVEY_STATUS_REQUEST,
	SURVEY_MAX_FRAGMENT_LENGTH,
	SURVEY_HELLO_IN_RECORDS, /* a ClientHello parted into several records */
	N_SURVEY_FEATURES,
};

enum survey_client_auth {
	SURVEY_AUTH_UNKNOWN,
	SURVEY_AUTH_NOT_ASKED,
	SURVEY_AUTH_ASKED,   /* and done without */
	SURVEY_AUTH_DEMANDED /* without one the handshake fails */
};

/* How far a known stack comes with its hello. */
struct survey_stack {
	const struct hello_profile *profile;
	enum survey_fact
		taken; /* SURVEY_YES: it completed, or went as far as it can without a certificate */
	struct survey_reply reply;
};

enum { SURVEY_VERSIONS = 4, SURVEY_PROTOCOLS_MAX = 12, SURVEY_STACKS_MAX = 24 };
enum survey_kind { SURVEY_TLS13, SURVEY_OLDER, N_SURVEY_KINDS };

struct survey {
	struct survey_version version[SURVEY_VERSIONS]; /* TLS 1.3 first */
	/* Of TLS 1.3, and of the highest older version that is taken. */
	struct survey_values groups[N_SURVEY_KINDS], schemes[N_SURVEY_KINDS];
	enum survey_fact feature[N_SURVEY_FEATURES];
	char protocol[SURVEY_PROTOCOLS_MAX][SURVEY_PROTOCOL_MAX];
	size_t n_protocols;
	bool protocols_asked;
	enum survey_client_auth client_auth;
	size_t n_authorities;
	/* Bytes of a ClientHello as a message: the longest that was answered, the shortest that was not; 0: none. */
	size_t hello_taken, hello_refused;
	struct survey_stack stack[SURVEY_STACKS_MAX]; /* of each the newest that is known */
	size_t n_stacks;
	unsigned questions;
	bool cut_short; /* not all was asked: nothing more could be */
};

struct survey_options {
	uint16_t min_version, max_version; /* 0: from TLS 1.0, to TLS 1.3 */
	const char *sni;                   /* NULL: none */
};

void survey_run(const struct survey_options *o, survey_ask *ask, void *ctx, struct survey *out);

#endif
