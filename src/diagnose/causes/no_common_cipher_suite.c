/* RFC 5246 7.2.2 handshake_failure right after the ClientHello; what the server does choose with others narrows it. */
#include "diagnose/negotiation.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return hello_refused_for(v, EMPTY_SUITES);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove_refused_hello,
	.explains = explains,
};

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "a cipher suite was agreed";
	return every_server_hello(cf);
}

static const char *const steps[] = {
	"let one side offer what the other has: ECDHE with AES-GCM is what every current stack can "
	"do",
	"check that the server's certificate type goes with the suites offered (an EC key serves "
	"no RSA suite)",
	"mbedTLS: a suite in MBEDTLS_SSL_CIPHERSUITES whose key exchange or hash is compiled out "
	"is not offered",
	NULL,
};

const struct cause cause_no_common_cipher_suite = {
	.id = "no-common-cipher-suite",
	.origin = ORIGIN_CONFIG,
	.summary = "Client and server have no usable cipher suite in common",
	.handshake = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
