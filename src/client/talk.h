/*
 * A handshake of our own, TLS 1.0 to 1.3: the server's bytes go in, ours come out. No socket and no clock.
 *
 * It speaks as an honest client does, with one difference: what it finds wrong it remembers and reads on, to
 * the end of the server's flight, so that all of it is seen. Then it refuses with the alert that the RFC names,
 * or completes. What is wrong is not told here: who reads the recorded bytes under the key log finds it.
 */
#ifndef TLSDIAG_CLIENT_TALK_H
#define TLSDIAG_CLIENT_TALK_H

#include "client/offer.h"
#include "crypto/schedule.h"

enum { TALK_CHAIN_MAX = 16, TALK_BYTES_MAX = 1 << 20, TALK_MESSAGES_MAX = 64 };

/* The client's own certificate, and who signs with its key. */
struct talk_credential {
	const struct bytes *chain; /* DER, leaf first; n 0: none */
	size_t n;
	/* Signs content under one of the schemes that the server takes (the first that the key can), and says
	 * which. version: before TLS 1.2 the content is signed as RFC 5246's forerunners say. False: it cannot. */
	bool (*sign)(void *ctx, uint16_t version, const struct u16s *accepted, struct bytes content,
		uint16_t *scheme, struct strbuf *signature);
	void *ctx;
};

/* How far it is to go. */
enum talk_depth {
	TALK_WHOLE, /* until both are done */
	TALK_HELLO, /* until the server has chosen: in TLS 1.3 its hello, before that its whole flight */
	TALK_FLIGHT, /* until its flight is over */
};

/* What was agreed on in an earlier talk, to be offered again (RFC 8446 2.2, RFC 5077, RFC 5246 F.1.4). Secret. */
struct talk_session {
	uint16_t version; /* 0: there is none */
	uint16_t suite;
	bool extended_master;
	struct key_secret secret; /* up to TLS 1.2 the master secret, then the key */
	struct strbuf ticket;     /* empty up to TLS 1.2: by its id alone */
	uint8_t id[OFFER_SESSION_ID];
	size_t id_len;
	uint32_t age_add;
};
void talk_session_free(struct talk_session *s); /* wiped; there is none afterwards */

struct talk_options {
	const struct offer *offer;
	const struct talk_session *session; /* NULL, or without a version: none */
	uint32_t session_age_ms;            /* since its ticket came */
	enum talk_depth depth;
	size_t hello_record; /* bytes of the ClientHello in each record; 0: all in one */
	struct talk_credential credential;
	struct bytes psk; /* empty: none */
	const char *psk_identity;
	/* Is the chain good enough? The alert that refuses it, or TALK_NO_ALERT. NULL: any is. */
	int (*judge)(void *ctx, const struct bytes chain[], size_t n);
	void *judge_ctx;
};

enum { TALK_NO_ALERT = -1 };

enum talk_state {
	TALK_READING,   /* the handshake goes on: more of the server is needed */
	TALK_COMPLETED, /* both are done; what comes is read on */
	TALK_REFUSED,   /* by us: alert says with what */
	TALK_ALERTED,   /* by the server's fatal alert */
	TALK_SEEN,      /* it came as far as it was to go: nothing is wrong with that */
	TALK_BEYOND, /* what it chose cannot be completed here; as far as it can be read, it was */
	TALK_STUCK,  /* it is no TLS */
	TALK_FAILED, /* memory, or the library: nothing is said of the server */
};

/* How far it is. */
struct talk_view {
	enum talk_state state;
	uint16_t version;                         /* negotiated; 0 not yet */
	uint8_t alert;                            /* of TALK_REFUSED, TALK_ALERTED */
	bool certificate_asked, certificate_sent; /* a list that is not empty */
	bool refusing; /* a fault was found, and will be refused when the server's flight is over */
	bool word;     /* after completion the server said something under the keys */
	bool closed;   /* ... or close_notify */
	bool verified; /* the server's signature, and it is good */
	bool resumed;  /* the session that was offered, or the key, was taken */
	const struct bytes *chain; /* the server's; borrowed */
	size_t n_chain;
};

struct talk;
/* Begins: talk_out() has the ClientHello. NULL: out of memory, or no random numbers. */
struct talk *talk_open(const struct talk_options *o);
void talk_close(struct talk *t); /* accepts NULL */

/* What is to be sent, borrowed until the next call; talk_sent() when it is. */
struct bytes talk_out(const struct talk *t);
void talk_sent(struct talk *t);

void talk_feed(struct talk *t, struct bytes b);
struct talk_view talk_view(const struct talk *t);

/* The server says no more: what it has to be refused for is refused now. */
void talk_give_up(struct talk *t);

/* Tells the server that this is the end (close_notify), under the keys where there are any: of one that completed,
 * or was not to. */
void talk_goodbye(struct talk *t);

/* What can be offered again, of one that completed: moved out. False: the server gave nothing for that. */
bool talk_take_session(struct talk *t, struct talk_session *out);

/* Lines of the NSS key log format: what was agreed on so far. Secret; wiped with the talk. */
struct bytes talk_keys(const struct talk *t);

#endif
