/*
 * struct handshake: every fact of one attempt on one connection. Facts are computed once, here and
 * in prove.c; rules only read them.
 *
 * A handshake and all it points to live in its own arena and are freed together by
 * handshake_free(); certificates are held in the run's store until then.
 */
#ifndef TLSDIAG_SESSION_HANDSHAKE_H
#define TLSDIAG_SESSION_HANDSHAKE_H

#include "base/arena.h"
#include "crypto/crypto.h"
#include "pki/chain.h"
#include "session/source.h"
#include "wire/handshake.h"
#include "wire/record.h"

struct handshake_pool;

enum side { SIDE_CLIENT, SIDE_SERVER }; /* by TLS role; also the index of arrays */
static inline enum side side_other(enum side s)
{
	return s == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

/* Evidence: bytes of a message body (or of an alert, or of plain bytes) and the packet they began in. */
struct place {
	uint64_t packet; /* from 1; 0: nowhere */
	size_t offset;   /* from the start of the message body */
	size_t length;
};

/* Where the bytes of a message stood: from offset on (header included) they came in packet. */
struct span {
	uint32_t offset;
	uint64_t packet;
	int64_t time;
};

enum event_kind {
	EVENT_MESSAGE, /* a handshake message in the clear */
	EVENT_CHANGE_CIPHER_SPEC,
	EVENT_ALERT,     /* in the clear */
	EVENT_PROTECTED, /* a run of protected records of one direction and content type */
	EVENT_GAP,       /* bytes missing here */
	EVENT_FIN,
	EVENT_RST,
	EVENT_UNREACHABLE, /* an ICMP error about the SYN, as if from the server */
	EVENT_PLAIN,       /* bytes that are not TLS, where TLS was expected */
};

/* One line of the ladder, in the order of the capture. */
struct event {
	enum event_kind kind;
	enum side from;
	int64_t time;             /* ns since 1970 */
	uint64_t packet;          /* where it began */
	uint8_t content_type;     /* EVENT_PROTECTED: outer type (22, 21 or 23) */
	uint8_t type;             /* EVENT_MESSAGE: handshake type */
	uint16_t record_version;  /* of the record it began in */
	uint32_t n_records;       /* records it is spread over */
	uint32_t record_length;   /* the longest record fragment that carries (part of) it */
	uint64_t length;          /* body length (message), bytes (protected, gap, plain) */
	uint32_t first_length;    /* EVENT_PROTECTED: fragment length of the first record */
	struct bytes raw;         /* EVENT_MESSAGE: header and body; EVENT_PLAIN: the first bytes */
	const struct span *spans; /* EVENT_MESSAGE */
	size_t n_spans;
	struct parse_err wrong; /* EVENT_MESSAGE: what is malformed; code PARSE_OK: nothing */
	bool unexpected; /* EVENT_MESSAGE/CCS/PROTECTED: out of order for the flow of the handshake */
	struct alert alert; /* EVENT_ALERT */
};

enum { EVENTS_MAX = 256, ALERTS_MAX = 16 };

struct sent_alert {
	enum side from;
	uint8_t level, code;
	uint64_t packet;
	int64_t time;
	uint16_t after; /* the handshake type last sent by the other side before it, 0xffff none */
};

enum outcome { OUTCOME_COMPLETED, OUTCOME_FAILED, OUTCOME_INCOMPLETE };

enum ending {
	ENDING_SETTLED, /* it completed; what came later was not looked at */
	ENDING_ALERT,   /* a fatal alert in the clear */
	/* Most likely an alert under the session keys, then the end. With OUTCOME_COMPLETED: both Finished
	 * were sent, and who verifies the last sent such an alert at once, which may be a refusal
	 * or a mere closure. */
	ENDING_PROTECTED_ALERT,
	ENDING_FIN, /* a side closed without an alert */
	ENDING_RST,
	ENDING_SILENCE,    /* nothing more came until the capture or the patience of a side ended */
	ENDING_CAPTURE,    /* the capture ended while things were moving */
	ENDING_REFUSED,    /* TCP SYN answered by RST */
	ENDING_UNANSWERED, /* TCP SYN not answered */
	ENDING_UNREACHABLE, /* TCP SYN answered by an ICMP error */
};

/* What a side spoke that is not TLS. */
enum plain_protocol {
	PLAIN_NONE,
	PLAIN_UNKNOWN,
	PLAIN_HTTP,
	PLAIN_SMTP,
	PLAIN_IMAP,
	PLAIN_POP3,
	PLAIN_FTP,
	PLAIN_LDAP,
	PLAIN_XMPP,
	PLAIN_POSTGRES,
	PLAIN_MYSQL,
	PLAIN_SSH,
	PLAIN_SOCKS,
	PLAIN_RDP,
	PLAIN_MQTT,
	PLAIN_REDIS,
	PLAIN_TELNET,
	PLAIN_SIEVE,
	PLAIN_NNTP,
	PLAIN_IRC,
	PLAIN_PROXY,
};
const char *plain_protocol_name(enum plain_protocol p); /* "SMTP" */

/* A gap in one direction of the capture, as it touches this handshake. */
struct gap_fact {
	enum side from;
	uint64_t packet; /* the packet after it */
	uint64_t bytes;  /* GAP_UNKNOWN: not known */
	enum gap_reason reason;
	uint8_t in_message; /* handshake type that was being read; 0xff: between messages */
	bool has_message;
};
enum { GAPS_MAX = 8 };

/* ---- facts that need arithmetic (prove.c) ---- */

enum verify_policy { VERIFY_AUTO, VERIFY_ALL, VERIFY_NONE };

struct ske_proof {
	struct verdict signature;       /* of ServerKeyExchange under the leaf's key */
	struct signature_method method; /* as labelled, or as the version fixes it */
	struct ecdsa_signature ecdsa;   /* of ECDSA signatures */
	enum point_state point;         /* of the server's ECDHE key (also TLS 1.3 key_share) */
	struct dh_check dh;
};

struct verify_proof { /* the client's CertificateVerify up to TLS 1.2 */
	struct verdict signature;
	struct signature_method method;
	struct ecdsa_signature ecdsa;
	bool transcript_whole; /* every message it covers was seen */
};

/* Repeats against all handshakes seen earlier in this run (fresh.c); 0: none. */
struct repeats {
	/* Each the id of the earliest handshake with the same value. */
	uint64_t client_random, server_random;
	uint64_t session_id; /* a server-issued id repeated although not resumed */
	uint64_t server_public, client_public;
	uint64_t nonce; /* an ECDSA r seen before under the same certificate key */
	bool client_random_patterned, server_random_patterned;
	/* "every byte is 0xa5"; in the arena, or static. */
	const char *client_pattern, *server_pattern;
	uint32_t server_public_multiple; /* k when the server's ECDHE key is k*G */
	uint32_t client_public_multiple;
};

enum clock_reading {
	CLOCK_NONE,
	CLOCK_RANDOM, /* not a time, as far as can be told */
	CLOCK_PLAUSIBLE,
	CLOCK_WRONG, /* a clock, and more than a day off */
	/* A date of the last years, from a stack that puts its clock there. One random value in thirty
	 * reads so: weigh it with other evidence. */
	CLOCK_SUSPECT,
};

/* Who sent the ClientHello, guessed from its shape (fingerprint.c). */
struct looks {
	const char *name; /* "OpenSSL 3", "mbedTLS 2", ...; NULL unknown */
	int stack;        /* enum stack of names/atlas.h */
};

struct handshake {
	uint64_t id;                 /* counts from 1 in order of start */
	uint64_t input;              /* which input file, from 1 */
	struct arena *arena;         /* owns everything below */
	struct handshake_pool *pool; /* where the arena goes back to; NULL: it is freed */
	struct cert_store *store;    /* holds the certificates below */

	enum transport transport;
	struct endpoint client, server;
	bool roles_guessed; /* no hello was seen: client and server may be swapped */
	int64_t start, end; /* ns since 1970: its first and last byte */
	uint64_t first_packet, last_packet;
	bool midway; /* the capture began inside this connection */
	bool renegotiation;
	bool only_protected; /* no message in the clear was seen */

	enum outcome outcome;
	enum ending ending;
	enum side ended_by; /* of FIN, RST, alert: who sent it first; of silence: who fell silent */
	int64_t ended_time;
	uint8_t last_message; /* type of the last handshake message in the clear */
	bool has_last_message;
	bool dtls; /* a DTLS flow: recognised, counted, not diagnosed */

	/* TCP */
	int64_t connect_time; /* first packet of the connection */
	bool saw_syn;
	struct unreachable unreachable; /* of ENDING_UNREACHABLE */
	struct direction tcp[2];        /* by side, as it stood when the handshake was given out */
	enum plain_protocol before;     /* what was spoken before TLS (STARTTLS, CONNECT, ...) */
	enum plain_protocol server_spoke; /* what the server answered instead of TLS */
	struct bytes server_said;         /* its first bytes (up to 96) */
	uint64_t server_said_packet;
	bool server_spoke_first; /* before the ClientHello */
	bool client_hello_split; /* over several TCP segments */
	uint32_t client_hello_segments;

	/* what was said */
	uint16_t version; /* negotiated, wire value (0x0303, drafts 0x7f..); 0 unknown */
	struct client_hello client_hello;   /* the first */
	struct client_hello client_hello_2; /* after a HelloRetryRequest */
	struct server_hello hello_retry, server_hello;
	const struct suite *suite; /* of server_hello (or hello_retry); NULL unknown */
	bool has_suite;
	uint16_t suite_value;
	bool resumed_known, resumed;
	bool tls13;
	struct certificate_message certificate[2]; /* by side that sent it */
	const struct cert *certs[2][CERTIFICATES_MAX];
	size_t n_certs[2];
	const char *alpn_told; /* agreed on, by the client itself: TLS 1.3 encrypts it */
	/* Of the server's certificate, by the client's own word; NULL unknown. */
	const char *name_wanted;
	bool certs_told; /* the server's, by the client: TLS 1.3 encrypts them on the wire */
	struct server_key_exchange ske;
	struct certificate_request certificate_request;
	struct client_key_exchange cke;
	struct certificate_verify client_verify; /* CertificateVerify of the client, in the clear */
	struct new_session_ticket ticket;
	bool server_hello_done;

	struct event *events; /* in order */
	size_t n_events;
	bool events_dropped; /* there were more than EVENTS_MAX */
	struct sent_alert alerts[ALERTS_MAX];
	size_t n_alerts;
	struct gap_fact gaps[GAPS_MAX];
	size_t n_gaps;
	bool ccs[2];                   /* ChangeCipherSpec sent, by side */
	uint64_t protected_records[2]; /* seen after it (or TLS 1.3), by side, until settled */
	uint32_t largest_record[2];    /* longest record fragment of the handshake, by side */
	bool record_oversized[2];      /* a record longer than the version allows */

	/* facts with arithmetic, filled by prove.c */
	bool proved; /* signatures were checked under the policy */
	/* "--verify=none", "16 completed ones of this key verified already". */
	const char *not_proved_why;
	struct ske_proof ske_proof;
	struct verify_proof verify_proof;
	enum point_state client_point;   /* of the client's ECDHE key in ClientKeyExchange */
	struct chain_judgement chain[2]; /* by side that sent the certificates */
	struct repeats repeats;
	enum clock_reading client_clock, server_clock;
	int64_t client_clock_time, server_clock_time; /* gmt_unix_time, seconds */
	struct looks looks;
	struct library_word word[2]; /* by side; library NULL: nothing is known */
	/* --key against the leaf: LINK_VALID same key, LINK_BAD another; LINK_UNCHECKED not given. */
	enum link_state key_given;
	enum link_state cert_given; /* --cert against the leaf sent */
};

/* The event of the first message of that type from that side; NULL none. */
const struct event *handshake_message(const struct handshake *hs, enum side from, uint8_t type);

/* The place of [offset, offset + length) of a message's body, with the right packet. */
struct place event_place(const struct event *ev, size_t offset, size_t length);
/* The same for the first message of that type from that side; {0} when it was not seen. */
struct place handshake_place(
	const struct handshake *hs, enum side from, uint8_t type, size_t offset, size_t length);

/* The client_random || server_random || params that ServerKeyExchange signs; false when a part is missing. */
bool handshake_ske_signed(const struct handshake *hs, struct bytes part[static 3]);

/* The server's ECDHE or key_share public key and its group; false when there is none. */
bool handshake_server_public(
	const struct handshake *hs, uint16_t *group, struct bytes *key, struct place *at);

/* The last fatal alert in the clear; NULL none. */
const struct sent_alert *handshake_fatal_alert(const struct handshake *hs);

void handshake_free(struct handshake *hs); /* accepts NULL */

#endif
