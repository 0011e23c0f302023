/*
 * mbedTLS's codes, states and verify flags, and alerts of which nothing is known but their number, as
 * sayings. The same number means one thing in 2.x and another from 3.0 on.
 */
#include "diagnose/claims.h"

#include "base/array.h"
#include "names/codes.h"

#include <stdlib.h>

static size_t put(struct claim *out, size_t n, size_t max, enum saying saying, enum side by)
{
	if (n == max)
		return n;
	out[n] = (struct claim){ .saying = saying, .by = by };
	return n + 1;
}

/* ---- verify flags (x509.h of mbedTLS) ---- */

enum { FLAGS_ALL = -1 };

static const struct {
	uint32_t flag;
	enum saying saying;
} flag_rows[] = {
	{ 0x01, SAYING_peer_expired },
	{ 0x02, SAYING_peer_revoked },
	{ 0x04, SAYING_peer_name },
	{ 0x08, SAYING_peer_untrusted },
	{ 0x40, SAYING_no_certificate_from_peer },
	{ 0x0200, SAYING_peer_not_yet_valid },
	{ 0x0800, SAYING_peer_usage }, /* keyUsage, extKeyUsage, nsCertType */
	{ 0x1000, SAYING_peer_usage },
	{ 0x2000, SAYING_peer_usage },
	{ 0x4000, SAYING_peer_weak_hash },
	{ 0x8000, SAYING_peer_weak_key }, /* an algorithm that the profile does not allow */
	{ 0x010000, SAYING_peer_weak_key },
};

static size_t by_flags(uint32_t flags, enum side by, struct claim *out, size_t max)
{
	/* expired and not valid yet, none sent and none asked for: a word in which nothing was written yet */
	static const uint32_t contradiction = 0x0001 | 0x0040 | 0x0080 | 0x0200;
	size_t n = 0;

	if (flags == (uint32_t)FLAGS_ALL || (flags & contradiction) == contradiction)
		return put(out, 0, max, SAYING_all_flags, by);
	for (size_t i = 0; i < COUNT(flag_rows); i++)
		if ((flags & flag_rows[i].flag) != 0)
			n = put(out, n, max, flag_rows[i].saying, by);
	return n;
}

/* ---- codes ---- */

enum { BOTH = 3, CLIENT = 1 << SIDE_CLIENT, SERVER = 1 << SIDE_SERVER };

struct code_row {
	/* Of the code, or of a part of it, as data/mbedtls-errors.tsv has it; NULL: any. */
	const char *name;
	const char *where; /* the state in which, or a part of the function by which; NULL: any */
	unsigned by;
	enum saying saying;
};

/* The first that fits counts. */
static const struct code_row code_rows[] = {
	/* memory first: it may be the low part of anything */
	{ "MBEDTLS_ERR_MPI_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_SSL_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_X509_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_PK_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_ECP_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_MD_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_CIPHER_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_DHM_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_PEM_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "MBEDTLS_ERR_ASN1_ALLOC_FAILED", NULL, BOTH, SAYING_out_of_memory },
	{ "PSA_ERROR_INSUFFICIENT_MEMORY", NULL, BOTH, SAYING_out_of_memory },
	{ "PSA_ERROR_BAD_STATE", NULL, BOTH, SAYING_psa_not_initialised },
	/* files, before any handshake */
	{ NULL, "crt_parse_der", BOTH, SAYING_peer_malformed }, /* of the handshake: sent in DER */
	{ "MBEDTLS_ERR_X509_INVALID_FORMAT", "crt_parse", BOTH, SAYING_pem_not_terminated },
	{ "MBEDTLS_ERR_PKCS5_FEATURE_UNAVAILABLE", "pk_parse", BOTH, SAYING_key_encrypted },
	{ "MBEDTLS_ERR_PKCS12_FEATURE_UNAVAILABLE", "pk_parse", BOTH, SAYING_key_encrypted },
	{ "MBEDTLS_ERR_PEM_UNKNOWN_ENC_ALG", "pk_parse", BOTH, SAYING_key_encrypted },
	{ "MBEDTLS_ERR_PEM_FEATURE_UNAVAILABLE", "pk_parse", BOTH, SAYING_key_encrypted },
	{ NULL, "pk_parse", BOTH, SAYING_key_unreadable },
	{ NULL, "crt_parse", BOTH, SAYING_certificate_unreadable },
	{ NULL, "psa_generate_key", BOTH, SAYING_psa_not_initialised },
	{ "MBEDTLS_ERR_SSL_INTERNAL_ERROR", "CLIENT_HELLO", CLIENT, SAYING_psa_not_initialised },
	/* certificates */
	{ "MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME", NULL, BOTH,
		SAYING_hostname_not_set },
	{ "MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED", NULL, BOTH, SAYING_no_trust_anchors },
	{ "MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE", NULL, SERVER, SAYING_no_certificate_from_peer },
	{ "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED", NULL, BOTH, SAYING_peer_refused },
	{ "MBEDTLS_ERR_X509_UNKNOWN_EXTENSION", NULL, BOTH, SAYING_peer_critical_extension },
	{ "MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE", NULL, BOTH, SAYING_peer_certificate_bad },
	{ "MBEDTLS_ERR_SSL_BAD_CERTIFICATE", NULL, BOTH, SAYING_peer_certificate_bad },
	/* signatures and points */
	{ "MBEDTLS_ERR_ECP_VERIFY_FAILED", NULL, BOTH, SAYING_peer_signature },
	{ "MBEDTLS_ERR_RSA_VERIFY_FAILED", NULL, BOTH, SAYING_peer_signature },
	{ "MBEDTLS_ERR_RSA_INVALID_PADDING", NULL, BOTH, SAYING_peer_signature },
	{ "MBEDTLS_ERR_ECP_INVALID_KEY", NULL, CLIENT, SAYING_peer_point },
	{ "MBEDTLS_ERR_ECP_INVALID_KEY", NULL, SERVER, SAYING_own_arithmetic },
	{ "MBEDTLS_ERR_ECP_RANDOM_FAILED", NULL, BOTH, SAYING_entropy },
	{ "MBEDTLS_ERR_ENTROPY_SOURCE_FAILED", NULL, BOTH, SAYING_entropy },
	{ "MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED", NULL, BOTH, SAYING_entropy },
	{ "MBEDTLS_ERR_SSL_BAD_HS_CLIENT_KEY_EXCHANGE_RP", NULL, SERVER, SAYING_peer_point },
	{ "MBEDTLS_ERR_SSL_BAD_HS_FINISHED", NULL, BOTH, SAYING_finished },
	{ "MBEDTLS_ERR_SSL_INVALID_MAC", NULL, BOTH, SAYING_bad_record },
	/* negotiation */
	{ "MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN", NULL, BOTH, SAYING_no_common_suite },
	{ "MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE", NULL, BOTH, SAYING_certificate_unusable },
	{ "MBEDTLS_ERR_SSL_UNKNOWN_CIPHER", NULL, CLIENT, SAYING_not_offered },
	{ "MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION", NULL, BOTH, SAYING_no_common_version },
	{ "MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION", NULL, BOTH, SAYING_no_common_version },
	{ "MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL", NULL, BOTH, SAYING_alpn },
	{ "MBEDTLS_ERR_SSL_UNRECOGNIZED_NAME", NULL, BOTH, SAYING_sni },
	{ "MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY", NULL, BOTH, SAYING_psk_identity },
	/* messages and records */
	{ "MBEDTLS_ERR_SSL_INVALID_RECORD", "SERVER_HELLO", CLIENT, SAYING_not_tls },
	{ "MBEDTLS_ERR_SSL_CERTIFICATE_TOO_LARGE", NULL, BOTH, SAYING_own_too_large },
	{ "MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE", NULL, BOTH, SAYING_unexpected },
	{ "MBEDTLS_ERR_SSL_UNEXPECTED_RECORD", NULL, BOTH, SAYING_unexpected },
	{ "MBEDTLS_ERR_SSL_DECODE_ERROR", NULL, BOTH, SAYING_malformed },
	{ "MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER", NULL, BOTH, SAYING_illegal_parameter },
	{ "MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE", NULL, BOTH, SAYING_nothing_in_common },
	/* the connection */
	{ "MBEDTLS_ERR_SSL_CONN_EOF", NULL, BOTH, SAYING_peer_closed },
	{ "MBEDTLS_ERR_NET_CONN_RESET", NULL, BOTH, SAYING_reset },
	{ "MBEDTLS_ERR_NET_CONNECT_FAILED", NULL, CLIENT, SAYING_refused },
	{ "MBEDTLS_ERR_SSL_TIMEOUT", NULL, BOTH, SAYING_timeout },
};

/* Codes beside which nothing is known of the handshake; a log that tells of messages tells more by those. */
static const struct bare_row {
	const char *name;
	enum saying saying;
	const char *since, *until; /* releases: from, and before; NULL: any */
} bare_rows[] = {
	{ "MBEDTLS_ERR_SSL_INVALID_RECORD", SAYING_record_refused, NULL, NULL },
	{ "MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE", SAYING_not_available, NULL, "3.6.3" },
	{ "MBEDTLS_ERR_SSL_INTERNAL_ERROR", SAYING_internal_error, "3.0.0", NULL },
	{ "MBEDTLS_ERR_X509_INVALID_EXTENSIONS", SAYING_extension_unreadable, NULL, NULL },
	{ "MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE", SAYING_peer_curve, NULL, NULL },
};

/* One return code of the library, and by what and where it was returned. */
struct returned {
	const char *release; /* "2.28.3"; NULL: any of those below */
	int code;
	const char *function, *state; /* NULL unknown */
};

static bool fits(const struct code_row *row, const struct returned *r, enum side by)
{
	if ((row->by >> by & 1) == 0)
		return false;
	return row->where == NULL || (r->state != NULL && strcmp(row->where, r->state) == 0) ||
	       (r->function != NULL && strstr(r->function, row->where) != NULL);
}

static enum saying row_says(const struct returned *r, enum side by, const char *release)
{
	struct code_match match[2];
	size_t n = code_of_mbedtls(r->code, release, match);

	for (size_t i = 0; i < COUNT(code_rows); i++)
		for (size_t k = 0; k < n; k++)
			if ((code_rows[i].name == NULL ||
				    strcmp(code_rows[i].name, match[k].code->name) == 0) &&
				fits(&code_rows[i], r, by))
				return code_rows[i].saying;
	return SAYING_NONE;
}

/* Where the release is not told, what all lines agree on, or the only one that has a meaning for it. */
static enum saying code_says(const struct returned *r, enum side by)
{
	enum saying older, newer;

	if (r->code == 0)
		return SAYING_NONE;
	if (r->release != NULL)
		return row_says(r, by, r->release);
	older = row_says(r, by, "2.28.3");
	newer = row_says(r, by, "3.6.3");
	if (older == newer || newer == SAYING_NONE)
		return older;
	return older == SAYING_NONE ? newer : SAYING_NONE;
}

/* "2.28.3" against "3.6.3", part by part. */
static int compare_releases(const char *a, const char *b)
{
	for (unsigned part = 0; part < 3; part++) {
		unsigned long x = strtoul(a, NULL, 10), y = strtoul(b, NULL, 10);

		if (x != y)
			return x < y ? -1 : 1;
		a += strspn(a, "0123456789");
		b += strspn(b, "0123456789");
		a += *a == '.';
		b += *b == '.';
	}
	return 0;
}

static bool is_between(const char *release, const char *since, const char *until)
{
	return release == NULL || ((since == NULL || compare_releases(release, since) >= 0) &&
					  (until == NULL || compare_releases(release, until) < 0));
}

static bool has_messages(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE)
			return true;
	return false;
}

static enum saying bare_code_says(const struct handshake *hs, const struct returned *r)
{
	const char *release = r->release != NULL ? r->release : "3.6.0";
	struct code_match match[2];
	size_t n = has_messages(hs) ? 0 : code_of_mbedtls(r->code, release, match);

	for (size_t i = 0; i < COUNT(bare_rows); i++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(bare_rows[i].name, match[k].code->name) == 0 &&
				is_between(r->release, bare_rows[i].since, bare_rows[i].until))
				return bare_rows[i].saying;
	return SAYING_NONE;
}

/* The words of another library are no codes of mbedTLS. */
static bool is_mbedtls(const struct library_word *w, const char **release)
{
	static const char mbedtls[] = "mbedTLS";

	if (w->release == NULL || strncmp(w->release, mbedtls, sizeof mbedtls - 1) != 0)
		return false;
	*release = w->release[sizeof mbedtls - 1] == ' ' ? w->release + sizeof mbedtls : NULL;
	return true;
}

/* What failed first says more than what came of it. */
size_t claims_by_word(const struct handshake *hs, enum side by, struct claim *out, size_t max)
{
	const struct library_word *w = &hs->side[by].word;
	struct returned r = { .state = w->state };
	enum saying says;
	size_t n;

	if (!hs->logged || !is_mbedtls(w, &r.release) || w->code == 0)
		return 0;
	n = by_flags(w->verify_flags, by, out, max);
	r.code = w->inner_code;
	r.function = w->inner_function;
	says = code_says(&r, by);
	if (says == SAYING_NONE) {
		r.code = w->code;
		r.function = w->function;
		says = code_says(&r, by);
	}
	if (says == SAYING_NONE)
		says = bare_code_says(hs, &r);
	if (says == SAYING_peer_refused && w->verify_flags == 0)
		says = SAYING_peer_unjudged;
	/* The flags say why it was refused. */
	if (says == SAYING_NONE || (says == SAYING_peer_refused && n != 0))
		return n;
	return put(out, n, max, says, by);
}

/* ---- alerts ---- */

struct alert_row {
	uint8_t code;
	unsigned by;
	enum saying saying;
};

static const struct alert_row alert_rows[] = {
	{ 10, BOTH, SAYING_unexpected },
	{ 20, BOTH, SAYING_bad_record },
	{ 21, BOTH, SAYING_bad_record },
	{ 22, BOTH, SAYING_record_too_large },
	{ 40, BOTH, SAYING_nothing_in_common },
	{ 42, BOTH, SAYING_peer_refused },
	{ 43, BOTH, SAYING_peer_certificate_bad },
	{ 44, BOTH, SAYING_peer_revoked },
	{ 45, BOTH, SAYING_peer_expired },
	{ 46, BOTH, SAYING_peer_refused },
	{ 47, BOTH, SAYING_illegal_parameter },
	{ 48, BOTH, SAYING_peer_unknown_ca },
	{ 50, BOTH, SAYING_malformed },
	{ 51, BOTH, SAYING_decrypt_error },
	{ 70, BOTH, SAYING_no_common_version },
	{ 112, SERVER, SAYING_sni },
	{ 115, SERVER, SAYING_psk_identity },
	{ 116, SERVER, SAYING_no_certificate_from_peer },
	{ 120, SERVER, SAYING_alpn },
};

static bool is_about_certificates(uint8_t code)
{
	return (code >= 42 && code <= 46) || code == 48;
}

/* Are the bytes there over which the alert may have been sent? Then the rules know better. */
static bool bytes_are_there(const struct handshake *hs, const struct sent_alert *a)
{
	enum side about = side_other(a->from);
	const struct party *p = &hs->side[about];

	if (is_about_certificates(a->code))
		return p->n_certs != 0;
	switch (a->code) {
	case 51:
		return about == SIDE_CLIENT ? p->verify.seen : hs->ske.seen || p->verify.seen;
	case 20:
	case 21:
	case 22:
		return false;
	default:
		return about == SIDE_CLIENT ? hs->client_hello.seen : hs->server_hello.seen;
	}
}

/*
 * The log names the messages that passed, and none of them is a certificate of the client's: a server's alert is not
 * about one, whatever its number says.
 */
static bool no_certificate_passed(const struct handshake *hs, const struct sent_alert *a)
{
	bool told = handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	bool first = !handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO) &&
		     gap_hides(hs, SIDE_SERVER, HS_SERVER_HELLO) == NULL;
	bool hidden = hs->tls13 && handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO) &&
		      !handshake_began(hs, SIDE_CLIENT, HS_FINISHED);

	return a->from == SIDE_SERVER && is_about_certificates(a->code) && told && !hidden &&
	       (hs->n_gaps == 0 || first) && !handshake_began(hs, SIDE_CLIENT, HS_CERTIFICATE);
}

/* A server has refused the offer before its ServerHello, or takes it. */
static bool is_agreed(const struct handshake *hs)
{
	return handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO);
}

/* Up to TLS 1.2 a client that has no certificate answers with an empty one, and many a server with this alert. */
static bool asked_in_vain(const struct handshake *hs)
{
	return handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST) &&
	       (handshake_began(hs, SIDE_CLIENT, HS_CERTIFICATE) ||
		       handshake_began(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE));
}

/*
 * Versions are agreed on with the ServerHello (RFC 8446 4.1.3): a client that says so behind it has read a record of
 * no version that there is.
 */
static enum saying of_alert(const struct handshake *hs, const struct sent_alert *a)
{
	bool later = handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE) ||
		     handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO_DONE) ||
		     handshake_began(hs, SIDE_SERVER, HS_ENCRYPTED_EXTENSIONS);

	if (a->code == 70 && a->from == SIDE_CLIENT && later)
		return SAYING_not_tls;
	if (a->code == 40 && a->from == SIDE_SERVER && is_agreed(hs))
		return asked_in_vain(hs) ? SAYING_refused_after_request : SAYING_failed;
	for (size_t i = 0; i < COUNT(alert_rows); i++)
		if (alert_rows[i].code == a->code && (alert_rows[i].by >> a->from & 1) != 0)
			return alert_rows[i].saying;
	return SAYING_NONE;
}

/* "wrong version number": what was read was no record, and the alert says it with the name that fits best. */
static bool is_of_no_tls(const struct handshake *hs, const struct sent_alert *a)
{
	const struct party *p = &hs->side[a->from];

	return (a->code == 70 || a->code == 10) &&
	       (party_says(p, SAYING_not_tls) || party_says(p, SAYING_version_refused));
}

/* Had the other side hung up when it was sent? Then the alert is about that. */
static bool after_the_end(const struct handshake *hs, const struct sent_alert *a)
{
	const struct party *p = &hs->side[a->from];

	for (size_t i = 0; i < hs->n_events && hs->events[i].packet < a->packet; i++)
		if ((hs->events[i].kind == EVENT_FIN || hs->events[i].kind == EVENT_RST) &&
			hs->events[i].from != a->from)
			return true;
	return party_says(p, SAYING_peer_closed) || party_says(p, SAYING_reset);
}

size_t claims_by_alert(const struct handshake *hs, struct claim *out, size_t max)
{
	const struct sent_alert *a = handshake_fatal_alert(hs);

	if (a == NULL || !hs->logged)
		return 0;
	if (after_the_end(hs, a))
		return put(out, 0, max, SAYING_peer_closed, a->from);
	if (bytes_are_there(hs, a) || no_certificate_passed(hs, a) || is_of_no_tls(hs, a))
		return 0;
	return of_alert(hs, a) != SAYING_NONE ? put(out, 0, max, of_alert(hs, a), a->from) : 0;
}
