/* Inside of the client (drive/client.h): what its setting up and its handshakes share. */
#ifndef TLSDIAG_DRIVE_CLIENT_INSIDE_H
#define TLSDIAG_DRIVE_CLIENT_INSIDE_H

#include "crypto/mbedtls_compat.h"
#include "drive/client.h"

#include <mbedtls/x509_crt.h>

enum { LIST_MAX = 64, CLIENT_ALPN_MAX = 16 };

/*
 * How long, and how much, is listened to a server after the handshake. One that closes when it is told
 * to costs a round trip; one that stays open OPEN_MS, and before that up to WORD_MS where it has asked for
 * a certificate, which in TLS 1.3 it judges when the client is done, or where a ticket is wanted of it.
 */
enum { OPEN_MS = 300, WORD_MS = 1000, DRAIN_BYTES = 64 * 1024 };

struct client {
	const struct client_options *options;
	mbedtls_ssl_config config;
	mbedtls_x509_crt trusted, own;
	mbedtls_pk_context own_key;
	mbedtls_ssl_session session;
	bool has_session;
	int suites[LIST_MAX + 1];
	compat_group groups[LIST_MAX + 1];
	compat_scheme schemes[LIST_MAX + 1];
	const compat_scheme
		*own_schemes; /* the library's: what it offers when nothing is asked for */
	bool avoids_pss;
	const char *alpn[CLIENT_ALPN_MAX + 1];
	struct compat_key_listener listener;
	struct strbuf *key_log;
	struct talk_session own_session; /* of client_talk() */
	double own_session_ms;           /* when it was kept; CLOCK_MONOTONIC */
};

/* What judging one chain takes and leaves. */
struct client_judging {
	const struct client_options *options;
	struct arena *arena;
	struct client_result *result;
	struct digest above; /* of the certificate that was judged before this; len 0: none */
	bool by_library;     /* in any case, not only where our own arithmetic finds fault */
};
/* The library calls it for each certificate of the path, the leaf (depth 0) last. */
int client_judge(void *judging, mbedtls_x509_crt *crt, int depth, uint32_t *flags);
/* A chain as it was sent is judged; what is wrong with it is in the result. False: the library cannot read it. */
bool client_judge_chain(
	struct client_judging *j, mbedtls_x509_crt *trusted, const struct bytes chain[], size_t n);
/*
 * Without the library, of certificates that it can read: is the chain one that every mbedTLS accepts? The result's
 * chain and links are filled then. False says nothing against it.
 */
bool client_sound(struct client_judging *j, const struct bytes chain[], size_t n);

/* What client_talk() offers. */
void client_make_offer(const struct client_options *o, struct offer *out);

#endif
