/*
 * The differences between mbedTLS 2.28 and 3.6. Nothing else asks for the library's version.
 *
 * Only what a public header declares is used, so no access to private members is needed; points
 * and numbers travel as bytes.
 */
#ifndef TLSDIAG_CRYPTO_MBEDTLS_COMPAT_H
#define TLSDIAG_CRYPTO_MBEDTLS_COMPAT_H

#include "base/array.h"

#include <mbedtls/version.h> /* first: 3.x takes its configuration from there */

#include <mbedtls/cipher.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* RC4 went with 3.0; 0 is no cipher. */
#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define COMPAT_CIPHER_RC4 MBEDTLS_CIPHER_ARC4_128
#else
#define COMPAT_CIPHER_RC4 MBEDTLS_CIPHER_NONE
#endif

/* The system's generator, for what the library blinds. 0, or the library's kind of error. */
static inline int compat_random(void *context, unsigned char *out, size_t len)
{
	enum { AT_ONCE = 256 }; /* getentropy() gives no more */

	(void)context;
	for (size_t at = 0; at < len; at += AT_ONCE) {
		if (getentropy(out + at, len - at < AT_ONCE ? len - at : AT_ONCE) != 0)
			return MBEDTLS_ERR_PK_BAD_INPUT_DATA;
	}
	return 0;
}

/* As mbedtls_pk_parse_key() of 2.28; from 3.0 on it takes a generator too. */
static inline int compat_pk_parse_key(mbedtls_pk_context *pk, const unsigned char *key, size_t len,
	const unsigned char *password, size_t password_len)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return mbedtls_pk_parse_key(pk, key, len, password, password_len, compat_random, NULL);
#else
	return mbedtls_pk_parse_key(pk, key, len, password, password_len);
#endif
}

/* Do the two halves of one key belong together? 0, or the library's code. From 3.0 on it takes a
 * generator too. */
static inline int compat_pk_check_pair(mbedtls_pk_context *pk)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return mbedtls_pk_check_pair(pk, pk, compat_random, NULL);
#else
	return mbedtls_pk_check_pair(pk, pk);
#endif
}

/* Signs a digest, an RSA key as PKCS #1 v1.5 or with PSS, the salt as long as the hash. 0, or the library's code. */
static inline int compat_pk_sign(mbedtls_pk_context *pk, bool pss, mbedtls_md_type_t md,
	const unsigned char *digest, size_t len, unsigned char *out, size_t size, size_t *out_len)
{
	mbedtls_rsa_context *rsa;
	int code;

	if (!pss) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
		return mbedtls_pk_sign(
			pk, md, digest, len, out, size, out_len, compat_random, NULL);
#else
		(void)size;
		return mbedtls_pk_sign(pk, md, digest, len, out, out_len, compat_random, NULL);
#endif
	}
	rsa = mbedtls_pk_rsa(*pk);
	*out_len = mbedtls_rsa_get_len(rsa);
	if (*out_len > size)
		return MBEDTLS_ERR_PK_BAD_INPUT_DATA;
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	code = mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, md);
	if (code == 0)
		code = mbedtls_rsa_rsassa_pss_sign(
			rsa, compat_random, NULL, md, (unsigned)len, digest, out);
	(void)mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V15, MBEDTLS_MD_NONE);
#else
	mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, (int)md);
	code = mbedtls_rsa_rsassa_pss_sign(
		rsa, compat_random, NULL, MBEDTLS_RSA_PRIVATE, md, (unsigned)len, digest, out);
	mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V15, 0);
#endif
	return code;
}

/* The curve of an EC key, as TLS numbers it; 0: it is none. */
static inline uint16_t compat_pk_curve(const mbedtls_pk_context *pk)
{
	const mbedtls_ecp_curve_info *info;

	if (!mbedtls_pk_can_do(pk, MBEDTLS_PK_ECKEY))
		return 0;
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	info = mbedtls_ecp_curve_info_from_grp_id(mbedtls_pk_ec(*pk)->MBEDTLS_PRIVATE(grp).id);
#else
	info = mbedtls_ecp_curve_info_from_grp_id(mbedtls_pk_ec(*pk)->grp.id);
#endif
	return info != NULL ? info->tls_id : 0;
}

/* ---- the TLS client ---- */

/* Versions as on the wire; 0 leaves the bound as the library has it. */
static inline void compat_ssl_conf_versions(mbedtls_ssl_config *conf, uint16_t min, uint16_t max)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	if (min != 0)
		mbedtls_ssl_conf_min_tls_version(conf, (mbedtls_ssl_protocol_version)min);
	if (max != 0)
		mbedtls_ssl_conf_max_tls_version(conf, (mbedtls_ssl_protocol_version)max);
#else
	if (min != 0)
		mbedtls_ssl_conf_min_version(conf, min >> 8, min & 0xff);
	if (max != 0)
		mbedtls_ssl_conf_max_version(conf, max >> 8, max & 0xff);
#endif
}

/* The versions that the library's client speaks. */
static inline uint16_t compat_ssl_lowest(void)
{
#if defined(MBEDTLS_SSL_PROTO_TLS1)
	return 0x0301;
#elif defined(MBEDTLS_SSL_PROTO_TLS1_1)
	return 0x0302;
#else
	return 0x0303;
#endif
}

static inline uint16_t compat_ssl_highest(void)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && defined(MBEDTLS_SSL_PROTO_TLS1_3)
	return 0x0304;
#else
	return 0x0303;
#endif
}

/* Must PSA be initialised before a handshake? (3.x: for TLS 1.3) */
static inline int compat_ssl_init(void)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return (int)psa_crypto_init();
#else
	return 0;
#endif
}

/* A value of enum mbedtls_ssl_states: where the handshake stands. */
static inline int compat_ssl_state(const mbedtls_ssl_context *ssl)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return ssl->MBEDTLS_PRIVATE(state);
#else
	return ssl->state;
#endif
}

/* Its name without the prefix "MBEDTLS_SSL_"; NULL for one that a client does not reach. */
static inline const char *compat_ssl_state_name(int state)
{
	static const char *const names[] = {
		[MBEDTLS_SSL_HELLO_REQUEST] = "HELLO_REQUEST",
		[MBEDTLS_SSL_CLIENT_HELLO] = "CLIENT_HELLO",
		[MBEDTLS_SSL_SERVER_HELLO] = "SERVER_HELLO",
		[MBEDTLS_SSL_SERVER_CERTIFICATE] = "SERVER_CERTIFICATE",
		[MBEDTLS_SSL_SERVER_KEY_EXCHANGE] = "SERVER_KEY_EXCHANGE",
		[MBEDTLS_SSL_CERTIFICATE_REQUEST] = "CERTIFICATE_REQUEST",
		[MBEDTLS_SSL_SERVER_HELLO_DONE] = "SERVER_HELLO_DONE",
		[MBEDTLS_SSL_CLIENT_CERTIFICATE] = "CLIENT_CERTIFICATE",
		[MBEDTLS_SSL_CLIENT_KEY_EXCHANGE] = "CLIENT_KEY_EXCHANGE",
		[MBEDTLS_SSL_CERTIFICATE_VERIFY] = "CERTIFICATE_VERIFY",
		[MBEDTLS_SSL_CLIENT_CHANGE_CIPHER_SPEC] = "CLIENT_CHANGE_CIPHER_SPEC",
		[MBEDTLS_SSL_CLIENT_FINISHED] = "CLIENT_FINISHED",
		[MBEDTLS_SSL_SERVER_CHANGE_CIPHER_SPEC] = "SERVER_CHANGE_CIPHER_SPEC",
		[MBEDTLS_SSL_SERVER_FINISHED] = "SERVER_FINISHED",
		[MBEDTLS_SSL_FLUSH_BUFFERS] = "FLUSH_BUFFERS",
		[MBEDTLS_SSL_HANDSHAKE_WRAPUP] = "HANDSHAKE_WRAPUP",
		[MBEDTLS_SSL_HANDSHAKE_OVER] = "HANDSHAKE_OVER",
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
		[MBEDTLS_SSL_NEW_SESSION_TICKET] = "NEW_SESSION_TICKET",
		[MBEDTLS_SSL_HELLO_RETRY_REQUEST] = "HELLO_RETRY_REQUEST",
		[MBEDTLS_SSL_ENCRYPTED_EXTENSIONS] = "ENCRYPTED_EXTENSIONS",
		[MBEDTLS_SSL_CLIENT_CERTIFICATE_VERIFY] = "CLIENT_CERTIFICATE_VERIFY",
		[MBEDTLS_SSL_CLIENT_CCS_AFTER_SERVER_FINISHED] = "CLIENT_CCS_AFTER_SERVER_FINISHED",
		[MBEDTLS_SSL_CLIENT_CCS_BEFORE_2ND_CLIENT_HELLO] =
			"CLIENT_CCS_BEFORE_2ND_CLIENT_HELLO",
		[MBEDTLS_SSL_CLIENT_CCS_AFTER_CLIENT_HELLO] = "CLIENT_CCS_AFTER_CLIENT_HELLO",
#endif
	};

	return state >= 0 && (size_t)state < COUNT(names) ? names[state] : NULL;
}

/* The alert that a call has just returned MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE for. */
static inline uint8_t compat_ssl_alert(const mbedtls_ssl_context *ssl)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return ssl->MBEDTLS_PRIVATE(in_msg)[1];
#else
	return ssl->in_msg[1];
#endif
}

/* The wire version of a connection; 0 not known yet. */
static inline uint16_t compat_ssl_version(const mbedtls_ssl_context *ssl)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return (uint16_t)mbedtls_ssl_get_version_number(ssl);
#else
	return (uint16_t)(ssl->major_ver << 8 | ssl->minor_ver);
#endif
}

/* Groups by their numbers on the wire. 2.28 wants a list of its own numbers, which has to live as
 * long as the configuration: room for n + 1 of them. False when the library lacks one. */
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
typedef uint16_t compat_group;
#else
typedef mbedtls_ecp_group_id compat_group;
#endif

static inline bool compat_group_of(uint16_t wire, compat_group *out)
{
	const mbedtls_ecp_curve_info *info = mbedtls_ecp_curve_info_from_tls_id(wire);

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	*out = wire;
	return info != NULL || (wire >= 0x0100 && wire <= 0x0104); /* ffdhe2048 to ffdhe8192 */
#else
	*out = info != NULL ? info->grp_id : MBEDTLS_ECP_DP_NONE;
	return info != NULL;
#endif
}

/*
 * All groups of the library, those that cost least first: 2.28 begins with P-521, and a server that
 * follows the client's order then has both sides compute on it. 3.x has such an order by itself: 0.
 * Else the number of groups in out, which has room for max and a 0 behind them.
 */
static inline size_t compat_default_groups(compat_group *out, size_t max)
{
	size_t n = 0;

#if MBEDTLS_VERSION_NUMBER < 0x03000000
	static const mbedtls_ecp_group_id first[] = { MBEDTLS_ECP_DP_CURVE25519,
		MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1 };
	const mbedtls_ecp_curve_info *all = mbedtls_ecp_curve_list();

	for (size_t i = 0; i < COUNT(first) && n < max; i++)
		if (mbedtls_ecp_curve_info_from_grp_id(first[i]) != NULL)
			out[n++] = first[i];
	for (; all->grp_id != MBEDTLS_ECP_DP_NONE && n < max; all++)
		if (all->grp_id != first[0] && all->grp_id != first[1] && all->grp_id != first[2])
			out[n++] = all->grp_id;
	out[n] = MBEDTLS_ECP_DP_NONE;
#else
	(void)out;
	(void)max;
#endif
	return n;
}

static inline void compat_ssl_conf_groups(mbedtls_ssl_config *conf, const compat_group *list)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	mbedtls_ssl_conf_groups(conf, list);
#else
	mbedtls_ssl_conf_curves(conf, list);
#endif
}

/* Signature schemes by their numbers. 2.28 chooses by hash alone, and offers it with RSA and with
 * ECDSA. The list ends with 0 and lives as long as the configuration. */
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
typedef uint16_t compat_scheme;
#else
typedef int compat_scheme;
#endif

static inline bool compat_scheme_of(uint16_t wire, compat_scheme *out)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	*out = wire;
	return true;
#else
	static const mbedtls_md_type_t hashes[] = { MBEDTLS_MD_NONE, MBEDTLS_MD_MD5,
		MBEDTLS_MD_SHA1, MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384,
		MBEDTLS_MD_SHA512 };

	*out = wire >> 8 < 7 ? (int)hashes[wire >> 8] : (int)MBEDTLS_MD_NONE;
	return *out != (int)MBEDTLS_MD_NONE && ((wire & 0xff) == 1 || (wire & 0xff) == 3) &&
	       mbedtls_md_info_from_type((mbedtls_md_type_t)*out) != NULL;
#endif
}

/*
 * mbedTLS 3 offers RSA-PSS to servers of TLS 1.2, too, and its client cannot verify that there (seen with
 * 3.6.6: ILLEGAL_PARAMETER in SERVER_KEY_EXCHANGE). What it would offer without, up to six and a zero;
 * false: this library knows no such limit.
 */
static inline bool compat_schemes_without_pss(compat_scheme out[static 7])
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	static const compat_scheme list[] = { 0x0403, 0x0503, 0x0603, 0x0601, 0x0501, 0x0401, 0 };

	memcpy(out, list, sizeof list);
	return true;
#else
	(void)out;
	return false;
#endif
}

static inline void compat_ssl_conf_schemes(mbedtls_ssl_config *conf, const compat_scheme *list)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	mbedtls_ssl_conf_sig_algs(conf, list);
#else
	mbedtls_ssl_conf_sig_hashes(conf, list);
#endif
}

/* Did the peer choose what the library does not accept? 2.28 has no such code. */
static inline bool compat_illegal_parameter(int code)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return code == MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER;
#else
	(void)code;
	return false;
#endif
}

static inline const compat_scheme *compat_ssl_schemes(const mbedtls_ssl_config *conf)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return conf->MBEDTLS_PRIVATE(sig_algs);
#else
	return conf->sig_hashes;
#endif
}

/*
 * Told of each secret of a connection, under the label of a key log ("CLIENT_RANDOM",
 * "CLIENT_HANDSHAKE_TRAFFIC_SECRET", ...). The struct lives as long as the context.
 */
struct compat_key_listener {
	void (*told)(void *ctx, const char *label, const unsigned char client_random[32],
		const unsigned char *secret, size_t len);
	void *ctx;
};

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
static inline void compat_keys_exported(void *listener, mbedtls_ssl_key_export_type type,
	const unsigned char *secret, size_t len, const unsigned char client_random[32],
	const unsigned char server_random[32], mbedtls_tls_prf_types prf)
{
	const struct compat_key_listener *l = listener;
	const char *label = NULL;

	(void)server_random;
	(void)prf;
	switch (type) {
	case MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET:
		label = "CLIENT_RANDOM";
		break;
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
	case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_EARLY_SECRET:
		label = "CLIENT_EARLY_TRAFFIC_SECRET";
		break;
	case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_EARLY_EXPORTER_SECRET:
		label = "EARLY_EXPORTER_SECRET";
		break;
	case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_HANDSHAKE_TRAFFIC_SECRET:
		label = "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
		break;
	case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_SERVER_HANDSHAKE_TRAFFIC_SECRET:
		label = "SERVER_HANDSHAKE_TRAFFIC_SECRET";
		break;
	case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_APPLICATION_TRAFFIC_SECRET:
		label = "CLIENT_TRAFFIC_SECRET_0";
		break;
	case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_SERVER_APPLICATION_TRAFFIC_SECRET:
		label = "SERVER_TRAFFIC_SECRET_0";
		break;
#endif
	default:
		return;
	}
	l->told(l->ctx, label, client_random, secret, len);
}
#else
static inline int compat_keys_exported(void *listener, const unsigned char *master,
	const unsigned char *key_block, size_t mac_len, size_t key_len, size_t iv_len,
	const unsigned char client_random[32], const unsigned char server_random[32],
	mbedtls_tls_prf_types prf)
{
	enum { MASTER_SECRET_LEN = 48 };
	const struct compat_key_listener *l = listener;

	(void)key_block;
	(void)mac_len;
	(void)key_len;
	(void)iv_len;
	(void)server_random;
	(void)prf;
	l->told(l->ctx, "CLIENT_RANDOM", client_random, master, MASTER_SECRET_LEN);
	return 0;
}
#endif

/* conf is the one that ssl was set up with: 2.28 keeps the listener there. */
static inline void compat_ssl_listen(
	mbedtls_ssl_config *conf, mbedtls_ssl_context *ssl, struct compat_key_listener *l)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	(void)conf;
	mbedtls_ssl_set_export_keys_cb(ssl, compat_keys_exported, l);
#else
	(void)ssl;
	mbedtls_ssl_conf_export_keys_ext_cb(conf, compat_keys_exported, l);
#endif
}

/* From 3.6.1 on a reader is told of tickets only when it asks for that. */
static inline void compat_ssl_want_tickets(mbedtls_ssl_config *conf)
{
#if defined(MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED)
	mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
		conf, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#else
	(void)conf;
#endif
}

/* Reading found a ticket of TLS 1.3, not data; there is more to read. */
static inline bool compat_ssl_got_ticket(int code)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && defined(MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
	return code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET;
#else
	(void)code;
	return false;
#endif
}

#endif
