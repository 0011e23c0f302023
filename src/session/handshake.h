/*
 * struct handshake: every fact of one attempt on one connection. Facts are computed once, here and
 * in prove.c; rules only read them. What both sides have stands in side[2], by who it is of; what
 * only one of them can say stands beside it under the name of the message that says it.
 *
 * A handshake and all it points to live in its own arena and are freed together by
 * handshake_free(); certificates are held in the run's store until then.
 */
#ifndef TLSDIAG_SESSION_HANDSHAKE_H
#define TLSDIAG_SESSION_HANDSHAKE_H

#include "base/arena.h"
#include "pki/properties.h"
#include "session/ending.h"
#include "session/event.h"
#include "session/plain.h"
#include "session/proof.h"

struct handshake_pool;

/* Who sent the ClientHello, guessed from its shape (fingerprint.c). */
struct looks {
	const char *name; /* "OpenSSL 3", "mbedTLS 2", ...; NULL unknown */
	int stack;        /* enum stack of names/atlas.h */
};

/* A protocol agreed on by ALPN (RFC 7301): in the ServerHello, or where TLS 1.3 encrypts it. */
struct agreed_protocol {
	struct bytes name;    /* empty: none was agreed on */
	enum provenance from; /* FROM_NOWHERE: not known */
};

/* The server's answers of TLS 1.3 that stand under the keys (RFC 8446 4.3.1), as they were opened. */
enum { ENCRYPTED_EXTENSIONS_MAX = 32 };
struct encrypted_extensions {
	bool seen;
	struct extension
		list[ENCRYPTED_EXTENSIONS_MAX]; /* in the order sent, duplicates included */
	size_t n;
};

/* What became of a side's protected records. */
enum keys_known {
	KEYS_NOT_GIVEN, /* nobody gave secrets, or there was nothing to open */
	KEYS_UNKNOWN,   /* secrets were given, and none is of this connection */
	KEYS_OPEN,      /* they open its records */
	KEYS_REFUSED,   /* there are secrets of this connection, and no record opens under them */
	KEYS_UNUSABLE,  /* there may be, and the suite's cipher is not known here */
};

/* A Finished that could be read. */
struct finished {
	bool seen;
	struct bytes verify_data;
	struct verdict verdict; /* VALID: it is what the secrets and all messages before it give */
};

/* What one side is, said and did. */
struct party {
	struct endpoint address;
	struct direction tcp;         /* as it stood when the handshake was given out */
	struct library_word word;     /* of its own library; release NULL: nothing is known */
	const struct remark *remarks; /* of its own program, where there is a log; in their order */
	size_t n_remarks;

	/* its messages: the same in all versions, wherever they can be read */
	uint32_t begun; /* a bit for each handshake type; see handshake_began() */
	struct certificate_message certificate;
	const struct cert *certs[CERTIFICATES_MAX]; /* those of the message, or as told */
	size_t n_certs;
	enum provenance certs_from;
	const struct printed_cert *printed; /* as a log prints them; n_printed, mostly none */
	size_t n_printed;
	struct certificate_verify verify; /* CertificateVerify; of the server in TLS 1.3 only */

	/* its records */
	bool ccs;                   /* ChangeCipherSpec sent */
	uint64_t protected_records; /* seen after it (or TLS 1.3), until settled */
	uint64_t opened_records;  /* whose content is known; their records may not have been seen */
	enum keys_known keys;     /* to its protected records */
	const char *keys_why;     /* KEYS_UNUSABLE; static */
	uint64_t refused_records; /* that did not open under the keys there are */
	uint64_t refused_packet;  /* the first such */
	struct finished finished;
	uint32_t largest_record; /* longest record fragment of the handshake */
	bool record_oversized;   /* a record longer than the version allows */
	struct empty_records empty;

	/* facts with arithmetic, filled by prove.c and fresh.c */
	struct signature_proof proof; /* of the signature that shows that it has its key */
	enum point_state point;       /* of its key in the key exchange */
	struct chain_judgement chain; /* of its certificates */
	struct properties properties; /* of the same, of a failed handshake only */
	struct printed_judgement
		printed_judged; /* where nothing but what is printed of them is there */
	struct repeats repeats;
	enum clock_reading clock;
	int64_t clock_time; /* gmt_unix_time, seconds */
};

struct handshake {
	uint64_t id;                 /* counts from 1 in order of start */
	uint64_t input;              /* which input file, from 1 */
	struct arena *arena;         /* owns everything below */
	struct handshake_pool *pool; /* where the arena goes back to; NULL: it is freed */
	struct cert_store *store;    /* holds the certificates below */

	struct party side[2];
	enum transport transport;
	bool has_log; /* it was captured, and a log tells of it, too: words and remarks are from it */
	bool logged;    /* read from a log: what packets are elsewhere are its lines */
	bool elsewhere; /* with another server than the one that the log is about */
	bool rebuilt;   /* its messages are put together from fields that a text names */
	bool undated; /* times are not those of the calendar: a log counts them from anywhere, or */
	bool untimed; /* has none at all */
	bool roles_guessed; /* no hello was seen: client and server may be swapped */
	int64_t start, end; /* ns since 1970: its first and last byte */
	uint64_t first_packet, last_packet;
	bool midway; /* the capture began inside this connection */
	bool renegotiation;
	bool only_protected; /* no message in the clear was seen */

	enum outcome outcome;
	bool beyond; /* the client, which is ours, could not go on with what was agreed on */
	enum ending ending;
	enum side ended_by; /* of FIN, RST, alert: who sent it first; of silence: who fell silent */
	int64_t ended_time;
	uint8_t last_message; /* type of the last handshake message that could be read */
	bool has_last_message;
	struct horizon horizon[2]; /* by side */
	struct turn turn;
	enum skim skimmed;
	uint64_t skimmed_from; /* packet */

	/* the connection */
	int64_t connect_time; /* first packet */
	bool saw_syn;
	struct unreachable unreachable;   /* of ENDING_UNREACHABLE */
	enum plain_protocol before;       /* what was spoken before TLS (STARTTLS, CONNECT, ...) */
	enum plain_protocol server_spoke; /* what the server answered instead of TLS */
	struct bytes server_said;         /* its first bytes (up to 96) */
	uint64_t server_said_packet;
	bool server_spoke_first; /* before the ClientHello */
	bool client_hello_split; /* over several TCP segments */
	uint32_t client_hello_segments;

	/* what was agreed on */
	uint16_t version; /* wire value (0x0303, drafts 0x7f..); 0 unknown */
	bool tls13;
	const struct suite *suite; /* of server_hello (or hello_retry); NULL unknown */
	bool has_suite;
	uint16_t suite_value;
	bool resumed_known, resumed;
	struct agreed_protocol alpn;
	struct encrypted_extensions encrypted_extensions;
	uint16_t told_group;  /* of the key exchange, where only a log tells; 0 unknown */
	const char *told_sni; /* sent, where only a log tells; NULL unknown */

	/* the messages of one side only */
	struct client_hello client_hello;   /* the first */
	struct client_hello client_hello_2; /* after a HelloRetryRequest */
	bool answers_retry; /* the first was not seen: client_hello is what came after hello_retry */
	struct server_hello hello_retry, server_hello;
	struct server_key_exchange ske;
	struct server_key_outline outline; /* of one that was not seen whole, and gives no ske */
	struct certificate_request certificate_request;
	bool server_hello_done;
	struct client_key_exchange cke;
	struct new_session_ticket ticket;

	struct event *events; /* in order */
	size_t n_events;
	bool events_dropped; /* there were more than EVENTS_MAX */
	struct sent_alert alerts[ALERTS_MAX];
	size_t n_alerts;
	struct gap_fact gaps[GAPS_MAX];
	size_t n_gaps;

	/* what a client of ours says of it besides */
	const char *target; /* the server as it was asked for, "HOST:PORT"; NULL: a capture */
	const char *reference_name; /* the certificate's, as it wants it (RFC 6125); NULL unknown */
	enum client_auth client_auth; /* of TLS 1.3, where the messages do not show it */
	const char
		*otherwise; /* in what its hello is another than was asked for; NULL: in nothing */
	bool client_verified; /* the server's signature: with this library, and it is good */
	bool self_failed;     /* for a reason of its own: nothing is said of the handshake */
	struct hearing heard; /* cut: the server came to no end */

	/* facts with arithmetic of the handshake as a whole */
	bool proved; /* signatures were checked under the policy */
	/* "--verify=none", "16 completed ones of this key verified already". */
	const char *not_proved_why;
	struct dh_check dh;
	bool dh_left_out; /* whether p is a prime was not tested: the run's ration is used up */
	struct looks looks;
	/* --key against the leaf: LINK_VALID same key, LINK_BAD another; LINK_UNCHECKED not given. */
	enum link_state key_given;
	enum link_state cert_given; /* --cert against the leaf sent */
};

/* The event of the first message of that type from that side; NULL none. */
const struct event *handshake_message(const struct handshake *hs, enum side from, uint8_t type);

/* Are both Finished what the secrets give? */
static inline bool handshake_finished_right(const struct handshake *hs)
{
	return hs->side[SIDE_CLIENT].finished.verdict.state == PROOF_VALID &&
	       hs->side[SIDE_SERVER].finished.verdict.state == PROOF_VALID;
}

/* Both Finished were sent, and whether the last was accepted cannot be told: see enum ending. */
static inline bool handshake_ambiguous(const struct handshake *hs)
{
	return hs->outcome == OUTCOME_COMPLETED &&
	       (hs->ending == ENDING_PROTECTED_ALERT || hs->ending == ENDING_FIN ||
		       hs->ending == ENDING_RST || hs->ending == ENDING_CAPTURE);
}

/* Had the other side given up before such a message of `from` was there whole? See event.late. */
bool handshake_late(const struct handshake *hs, enum side from, uint8_t type);

/* Does its own log, where there is one, say so? */
static inline bool party_says(const struct party *p, enum saying saying)
{
	for (size_t i = 0; i < p->n_remarks; i++)
		if (p->remarks[i].saying == saying)
			return true;
	return false;
}

/* Was such a message (of a type below 32) begun, read whole or not? */
static inline bool handshake_began(const struct handshake *hs, enum side from, uint8_t type)
{
	return type < 32 && (hs->side[from].begun >> type & 1) != 0;
}

/* The place of bytes of the first message of that type from that side (event_place()); {0} when it was
 * not seen. */
struct place handshake_place(
	const struct handshake *hs, enum side from, uint8_t type, size_t offset, size_t length);

/* The signature by which a side shows that it has its certificate's key, as its message has it. */
struct shown_signature {
	uint8_t message; /* HS_SERVER_KEY_EXCHANGE, or HS_CERTIFICATE_VERIFY */
	bool has_scheme;
	uint16_t scheme;
	struct bytes signature;
	size_t scheme_at, signature_at; /* in the message's body */
};
/* False: it sent none that could be read. */
bool handshake_signature(const struct handshake *hs, enum side signer, struct shown_signature *out);

/* The client_random || server_random || params that ServerKeyExchange signs; false when a part is missing. */
bool handshake_ske_signed(const struct handshake *hs, struct bytes part[static 3]);

/* The server's ECDHE or key_share public key and its group; false when there is none. */
bool handshake_server_public(
	const struct handshake *hs, uint16_t *group, struct bytes *key, struct place *at);

/* The first fatal alert in the clear: what follows it answers it. NULL none. */
const struct sent_alert *handshake_fatal_alert(const struct handshake *hs);

void handshake_free(struct handshake *hs); /* accepts NULL */

#endif
