/* Inside of the client (drive/client.h): what its setting up and its handshakes share. */
#ifndef TLSDIAG_DRIVE_CLIENT_INSIDE_H
#define TLSDIAG_DRIVE_CLIENT_INSIDE_H

#include "crypto/mbedtls_compat.h"
#include "drive/client.h"

#include <mbedtls/x509_crt.h>

enum { LIST_MAX = 64, ALPN_MAX = 16 };

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
	const char *alpn[ALPN_MAX + 1];
	struct compat_key_listener listener;
	struct strbuf *key_log;
};

#endif
