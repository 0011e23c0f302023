/* Inside of a talk (client/talk.h): what its records, its hellos and the two protocols share. */
#ifndef TLSDIAG_CLIENT_TALK_INSIDE_H
#define TLSDIAG_CLIENT_TALK_INSIDE_H

#include "client/put.h"
#include "client/talk.h"
#include "crypto/exchange.h"
#include "crypto/record_keys.h"
#include "wire/record.h"

enum { /* RFC 8446 6 */
	ALERT_UNEXPECTED_MESSAGE = 10,
	ALERT_BAD_RECORD_MAC = 20,
	ALERT_RECORD_OVERFLOW = 22,
	ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_BAD_CERTIFICATE = 42,
	ALERT_ILLEGAL_PARAMETER = 47,
	ALERT_DECODE_ERROR = 50,
	ALERT_DECRYPT_ERROR = 51,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_MISSING_EXTENSION = 109,
	ALERT_UNSUPPORTED_EXTENSION = 110,
};

struct talk {
	const struct talk_options *options;
	enum talk_state state;
	int refusal; /* the first fault's alert, to be sent when the flight is over; TALK_NO_ALERT */
	uint8_t alert; /* sent, or received */
	bool stuck;    /* we have nothing to answer with */
	bool beyond;   /* ... for what was chosen is none of what this build can do */
	bool word, closed;

	/* records */
	struct strbuf in, messages, out;
	size_t received;
	unsigned n_messages;
	struct record_keys *reads, *writes; /* NULL: in the clear */
	bool flight_done;                   /* the server's first flight was answered */

	/* what both know */
	struct strbuf
		transcript; /* all messages, one after the other; its hash is made when needed */
	struct offer_parts parts;
	struct exchange
		*shares[OFFER_SHARES_MAX]; /* NULL: of a group that cannot be agreed in here, */
	struct strbuf fillers[OFFER_SHARES_MAX]; /* ... its share */
	uint8_t server_random[32];
	uint16_t version;
	const struct suite *suite;
	struct protection protection;
	bool can_protect;
	bool retried;
	uint16_t retry_group, retry_suite;
	struct strbuf cookie;

	/* the server's flight */
	struct strbuf certificates; /* the body of Certificate; the chain's windows are in it */
	struct bytes chain[TALK_CHAIN_MAX];
	size_t n_chain;
	bool got_certificate, got_verify, got_finished;
	bool compressed; /* its certificate, by what this build cannot unpack: nor can what it signs be judged */
	bool asked, sent_certificate;
	bool verified;                    /* its signature was, and is good */
	struct strbuf request;            /* the body of CertificateRequest */
	struct certificate_request wants; /* its windows are in it */

	/* a session, or a key that both have */
	struct bytes psk; /* of TLS 1.3, the options'; empty: none is offered */
	enum hash psk_hash;
	bool psk_external;           /* it is no ticket's */
	bool resumes;                /* the server took it */
	struct talk_session session; /* what can be offered next time */

	/* TLS 1.3 */
	struct key_secret main_secret, resumption;
	struct key_secret handshake_secret, traffic[2]; /* by side: 0 ours */
	struct key_secret application[2];

	/* up to TLS 1.2 */
	bool extended_master;
	struct exchange *exchange;
	struct strbuf peer_public;
	struct key_secret master;

	struct strbuf keys; /* lines of a key log */
};

/* ---- talk.c ---- */

/* Only the first fault is answered. */
void talk_refuse(struct talk *t, int alert);
/* Nothing can be said of the server any more. */
void talk_fail(struct talk *t);
void talk_send_record(struct talk *t, uint8_t type, struct bytes content);
/* A message of ours: into the transcript, and out. */
void talk_send_message(struct talk *t, const struct strbuf *message);
/* Of one that is not to go further: that is the end. False: it goes on. */
bool talk_seen(struct talk *t, enum talk_depth reached);
/* The alert goes out, and that is the end. */
void talk_end_refused(struct talk *t, int alert);
bool talk_hash(const struct talk *t, struct digest *out);
void talk_log_key(struct talk *t, const char *label, const struct key_secret *secret);
/* A message's body. */
static inline struct bytes talk_body(struct bytes message)
{
	return bytes_slice(message, HANDSHAKE_HEADER, SIZE_MAX);
}
/* What it held is wiped. */
void talk_free_secret(struct strbuf *b);
/* Bytes that stay: false, and the talk failed, when memory is out. */
bool talk_keep(struct talk *t, struct strbuf *into, struct bytes b);

/* ---- talk_hello.c ---- */

/* The ClientHello, the first or the second; false: the talk failed. */
bool talk_say_hello(struct talk *t);
void talk_server_hello(struct talk *t, struct bytes message);

/* ---- talk_session.c ---- */

/* What is offered of a session, or of a key: before the hello is written. */
bool talk_offer_session(struct talk *t);
/* The binder at the end of a hello that has a place for it. */
bool talk_bind(struct talk *t, struct strbuf *hello);
/* Did the server take it? False: the talk has ended, refused. */
bool talk_session_taken(struct talk *t, const struct server_hello *hello);
/* Another suite is asked for: what does not go with its hash is not offered again. */
void talk_session_after_retry(struct talk *t, uint16_t suite);
/* A ticket of TLS 1.3, and one before. */
void talk13_take_ticket(struct talk *t, struct bytes message);
void talk12_take_ticket(struct talk *t, struct bytes message);

/* ---- talk_certificate.c ---- */

void talk_take_certificate(struct talk *t, struct bytes message);
/* RFC 8879 4: what it stands for is taken. */
void talk_take_compressed(struct talk *t, struct bytes message);
void talk_take_request(struct talk *t, struct bytes message);
/* Is it made with the leaf's key, under a scheme that was offered? Refuses if not. */
void talk_judge_signature(struct talk *t, uint16_t scheme, bool has_scheme,
	const struct bytes parts[], size_t n, struct bytes signature);
/* Our own Certificate, and CertificateVerify: where they were asked for. */
void talk_send_certificate(struct talk *t);
void talk_send_verify(struct talk *t);
/* Is the server's chain good enough? */
void talk_judge_chain(struct talk *t);

/* ---- talk13.c, talk12.c ---- */

/* The secrets of a ServerHello that was agreed on. */
void talk13_begin(struct talk *t, const struct server_hello *hello);
/* false: no such message belongs here. The message is in the transcript when this returns. */
bool talk13_message(struct talk *t, uint8_t type, struct bytes message);
bool talk12_message(struct talk *t, uint8_t type, struct bytes message);
void talk12_change_cipher_spec(struct talk *t);

#endif
