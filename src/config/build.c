/*
 * What is compiled in is asked as #if, with the conditions of the library's sources; the tables below are in the
 * order in which the library prefers what they name.
 */
#include "config/build.h"

#include "base/array.h"
#include "config/memory.h"
#include "config/version.h"
#include "names/names.h"

#include <stdlib.h>
#include <string.h>

struct library_suite {
	uint16_t value;
	const char *macro;
	uint16_t from, to;
	const char *needs;
};

#define BUILDS_SUITES
#include "builds.inc"

/* A group, scheme or version, and what it needs. */
struct library_item {
	uint16_t value;
	const char *needs;
};

struct library_list {
	const struct library_item *items;
	size_t n;
};
#define LIST_OF(array) ((struct library_list){ array, COUNT(array) })

static size_t take_items(
	const struct config *c, struct library_list list, uint16_t *out, size_t max)
{
	size_t taken = 0;

	for (size_t i = 0; i < list.n && taken < max; i++)
		if (config_holds(c, list.items[i].needs))
			out[taken++] = list.items[i].value;
	return taken;
}

static const char *needs_of(struct library_list list, uint16_t value)
{
	for (size_t i = 0; i < list.n; i++)
		if (list.items[i].value == value)
			return list.items[i].needs;
	return NULL;
}

static bool has_value(const uint16_t *list, size_t n, uint16_t value)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return false;
}

/* ---- versions ---- */

static struct library_list library_versions(unsigned major)
{
	/* SSL 3.0 is not among them: compiled in, it is still refused unless the program lowers the minimum. */
	static const struct library_item old[] = {
		{ 0x0303, "defined(MBEDTLS_SSL_PROTO_TLS1_2)" },
		{ 0x0302, "defined(MBEDTLS_SSL_PROTO_TLS1_1)" },
		{ 0x0301, "defined(MBEDTLS_SSL_PROTO_TLS1)" },
	};
	static const struct library_item now[] = {
		{ 0x0304, "defined(MBEDTLS_SSL_PROTO_TLS1_3)" },
		{ 0x0303, "defined(MBEDTLS_SSL_PROTO_TLS1_2)" },
	};

	return major >= 3 ? LIST_OF(now) : LIST_OF(old);
}

static void take_versions(const struct config *c, struct build *b)
{
	if (!config_has(c, "MBEDTLS_SSL_TLS_C"))
		return;
	b->n_versions = take_items(c, library_versions(b->major), b->versions, BUILD_VERSIONS_MAX);
	b->client = config_has(c, "MBEDTLS_SSL_CLI_C");
	b->server = config_has(c, "MBEDTLS_SSL_SRV_C");
	b->dtls = config_has(c, "MBEDTLS_SSL_PROTO_DTLS");
}

bool build_has_version(const struct build *b, uint16_t version)
{
	return has_value(b->versions, b->n_versions, version);
}

const char *build_version_needs(const struct build *b, uint16_t version)
{
	return needs_of(library_versions(b->major), version);
}

/* ---- suites ---- */

static const struct library_suite *library_suites(const struct build *b, size_t *n)
{
	*n = b->major >= 3 ? COUNT(suites_3) : COUNT(suites_2);
	return b->major >= 3 ? suites_3 : suites_2;
}

static bool is_spoken(const struct build *b, const struct library_suite *s)
{
	for (size_t i = 0; i < b->n_versions; i++)
		if (b->versions[i] >= s->from && b->versions[i] <= s->to)
			return true;
	return false;
}

/* RC4 needs mbedtls_ssl_conf_arc4_support() besides. */
static bool is_off_at_run_time(const struct library_suite *s)
{
	return strstr(s->macro, "_RC4_") != NULL;
}

static void take_suite(struct build *b, const struct library_suite *s)
{
	if (is_spoken(b, s) && !is_off_at_run_time(s) && b->n_suites < BUILD_SUITES_MAX)
		b->suites[b->n_suites++] = (struct build_suite){ s->value, s->from, s->to };
}

static bool is_word(char ch)
{
	return ch == '_' || (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') ||
	       (ch >= 'a' && ch <= 'z');
}

/* By the name of its macro, or the number. */
static const struct library_suite *suite_of_word(
	const struct build *b, const char *word, size_t len)
{
	size_t n;
	const struct library_suite *all = library_suites(b, &n);
	unsigned long value = strtoul(word, NULL, 0);

	for (size_t i = 0; i < n; i++)
		if ((strncmp(all[i].macro, word, len) == 0 && all[i].macro[len] == '\0') ||
			value == all[i].value)
			return &all[i];
	return NULL;
}

static void lose_suite(
	struct build *b, const char *word, size_t len, const struct library_suite *suite)
{
	if (b->n_lost < BUILD_LOST_MAX)
		b->lost[b->n_lost] = (struct build_lost){ word, (unsigned)len,
			suite != NULL ? suite->value : 0, suite != NULL ? suite->needs : NULL };
	b->n_lost++;
}

/* A list of the user's takes the place of the library's; what it names and is not there is passed over. */
static void take_listed_suites(const struct config *c, const char *list, struct build *b)
{
	while (*list != '\0') {
		const struct library_suite *s;
		size_t len = 0;

		if (!is_word(*list)) {
			list++;
			continue;
		}
		while (is_word(list[len]))
			len++;
		s = suite_of_word(b, list, len);
		if (s != NULL && config_holds(c, s->needs))
			take_suite(b, s);
		else
			lose_suite(b, list, len, s);
		list += len;
	}
}

static void take_suites(const struct config *c, struct build *b)
{
	const struct macro_text *list = config_macro(c, "MBEDTLS_SSL_CIPHERSUITES");
	size_t n;
	const struct library_suite *all = library_suites(b, &n);

	b->suites_listed = list != NULL;
	if (list != NULL)
		take_listed_suites(c, list->value, b);
	for (size_t i = 0; list == NULL && i < n; i++)
		if (config_holds(c, all[i].needs))
			take_suite(b, &all[i]);
}

/* A version without a suite of its own is compiled in for nothing: nobody comes to an agreement on it. */
static void drop_idle_versions(struct build *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n_versions; i++) {
		uint16_t version = b->versions[i];
		size_t n = 0;

		while (n < b->n_suites &&
			(version < b->suites[n].from || version > b->suites[n].to))
			n++;
		if (n < b->n_suites)
			b->versions[kept++] = version;
	}
	b->n_versions = kept;
}

bool build_has_suite(const struct build *b, uint16_t suite)
{
	for (size_t i = 0; i < b->n_suites; i++)
		if (b->suites[i].value == suite)
			return true;
	return false;
}

const char *build_suite_needs(const struct build *b, uint16_t suite)
{
	size_t n;
	const struct library_suite *all = library_suites(b, &n);

	for (size_t i = 0; i < n; i++)
		if (all[i].value == suite)
			return all[i].needs;
	return NULL;
}

/* ---- groups ---- */

#define CURVE(legacy, psa)                                                                         \
	"defined(MBEDTLS_ECP_DP_" legacy "_ENABLED) || defined(PSA_WANT_ECC_" psa ")"
/* Without PSA_CRYPTO_CONFIG, what PSA has follows from what the library has. */
#define FFDH                                                                                       \
	"defined(PSA_WANT_ALG_FFDH) || (defined(MBEDTLS_PSA_CRYPTO_C) && defined(MBEDTLS_DHM_C) "  \
	"&& "                                                                                      \
	"!defined(MBEDTLS_PSA_CRYPTO_CONFIG))"

/* ecp_supported_curves of ecp.c */
static const struct library_item groups_2[] = {
	{ 25, "defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED)" },
	{ 28, "defined(MBEDTLS_ECP_DP_BP512R1_ENABLED)" },
	{ 24, "defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED)" },
	{ 27, "defined(MBEDTLS_ECP_DP_BP384R1_ENABLED)" },
	{ 23, "defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED)" },
	{ 22, "defined(MBEDTLS_ECP_DP_SECP256K1_ENABLED)" },
	{ 26, "defined(MBEDTLS_ECP_DP_BP256R1_ENABLED)" },
	{ 21, "defined(MBEDTLS_ECP_DP_SECP224R1_ENABLED)" },
	{ 20, "defined(MBEDTLS_ECP_DP_SECP224K1_ENABLED)" },
	{ 19, "defined(MBEDTLS_ECP_DP_SECP192R1_ENABLED)" },
	{ 18, "defined(MBEDTLS_ECP_DP_SECP192K1_ENABLED)" },
	{ 29, "defined(MBEDTLS_ECP_DP_CURVE25519_ENABLED)" },
	{ 30, "defined(MBEDTLS_ECP_DP_CURVE448_ENABLED)" },
};

/* ssl_preset_default_groups of ssl_tls.c */
static const struct library_item groups_3[] = {
	{ 29, CURVE("CURVE25519", "MONTGOMERY_255") },
	{ 23, CURVE("SECP256R1", "SECP_R1_256") },
	{ 24, CURVE("SECP384R1", "SECP_R1_384") },
	{ 30, CURVE("CURVE448", "MONTGOMERY_448") },
	{ 25, CURVE("SECP521R1", "SECP_R1_521") },
	{ 26, CURVE("BP256R1", "BRAINPOOL_P_R1_256") },
	{ 27, CURVE("BP384R1", "BRAINPOOL_P_R1_384") },
	{ 28, CURVE("BP512R1", "BRAINPOOL_P_R1_512") },
	{ 256, FFDH },
	{ 257, FFDH },
	{ 258, FFDH },
	{ 259, FFDH },
	{ 260, FFDH },
};

/* ECDHE and static ECDH up to TLS 1.2. */
static bool has_curves_of_12(const struct build *b)
{
	for (size_t i = 0; i < b->n_suites; i++) {
		const struct suite *suite = suite_find(b->suites[i].value);

		if (suite != NULL && !suite->tls13 &&
			(suite->kx == KX_ECDHE || suite->kx == KX_ECDH ||
				suite->kx == KX_ECDHE_PSK || suite->kx == KX_ECJPAKE))
			return true;
	}
	return false;
}

static bool has_key_shares(const struct config *c, const struct build *b)
{
	return build_has_version(b, 0x0304) &&
	       config_holds(c,
		       "defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED) || "
		       "defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED)");
}

/* TLS 1.3 has no Brainpool, and TLS 1.2 no finite fields by name (ssl_misc.h). */
bool build_group_is_for(uint16_t group, uint16_t version)
{
	if (version < 0x0304)
		return group < 256;
	return (group >= 23 && group <= 25) || group == 29 || group == 30 || group >= 256;
}

static struct library_list library_groups(unsigned major)
{
	return major >= 3 ? LIST_OF(groups_3) : LIST_OF(groups_2);
}

static void take_groups(const struct config *c, struct build *b)
{
	bool old = has_curves_of_12(b), shares = has_key_shares(c, b);
	size_t n = take_items(c, library_groups(b->major), b->groups, BUILD_GROUPS_MAX);

	for (size_t i = 0; i < n; i++)
		if ((old && build_group_is_for(b->groups[i], 0x0303)) ||
			(shares && build_group_is_for(b->groups[i], 0x0304)))
			b->groups[b->n_groups++] = b->groups[i];
}

bool build_has_group(const struct build *b, uint16_t group)
{
	return has_value(b->groups, b->n_groups, group);
}

const char *build_group_needs(const struct build *b, uint16_t group)
{
	return needs_of(library_groups(b->major), group);
}

/* ---- signatures ---- */

#define ECDSA       "(defined(MBEDTLS_ECDSA_C) || defined(PSA_WANT_ALG_ECDSA)) && "
#define RSA         "defined(MBEDTLS_RSA_C) && "
#define PSS         "defined(MBEDTLS_X509_RSASSA_PSS_SUPPORT) && "
#define SHA512      "(defined(MBEDTLS_SHA512_C) || defined(PSA_WANT_ALG_SHA_512))"
#define SHA384      "(defined(MBEDTLS_SHA384_C) || defined(PSA_WANT_ALG_SHA_384))"
#define SHA256      "(defined(MBEDTLS_SHA256_C) || defined(PSA_WANT_ALG_SHA_256))"
#define SHA384_OF_2 "defined(MBEDTLS_SHA512_C) && !defined(MBEDTLS_SHA512_NO_SHA384)"
#define SHA1_OF_2                                                                                  \
	"defined(MBEDTLS_SHA1_C) && defined(MBEDTLS_TLS_DEFAULT_ALLOW_SHA1_IN_KEY_EXCHANGE)"

/* ssl_preset_default_hashes, each with ECDSA and RSA */
static const struct library_item schemes_2[] = {
	{ 0x0603, ECDSA "defined(MBEDTLS_SHA512_C)" },
	{ 0x0601, RSA "defined(MBEDTLS_SHA512_C)" },
	{ 0x0503, ECDSA SHA384_OF_2 },
	{ 0x0501, RSA SHA384_OF_2 },
	{ 0x0403, ECDSA "defined(MBEDTLS_SHA256_C)" },
	{ 0x0401, RSA "defined(MBEDTLS_SHA256_C)" },
	{ 0x0303, ECDSA "defined(MBEDTLS_SHA256_C)" },
	{ 0x0301, RSA "defined(MBEDTLS_SHA256_C)" },
	{ 0x0203, ECDSA SHA1_OF_2 },
	{ 0x0201, RSA SHA1_OF_2 },
};

/* ssl_preset_default_sig_algs: where TLS 1.3 is compiled in, also for a handshake that may be one of TLS 1.2 */
static const struct library_item schemes_13[] = {
	{ 0x0403, ECDSA SHA256 " && (" CURVE("SECP256R1", "SECP_R1_256") ")" },
	{ 0x0503, ECDSA SHA384 " && (" CURVE("SECP384R1", "SECP_R1_384") ")" },
	{ 0x0603, ECDSA SHA512 " && (" CURVE("SECP521R1", "SECP_R1_521") ")" },
	{ 0x0806, PSS SHA512 },
	{ 0x0805, PSS SHA384 },
	{ 0x0804, PSS SHA256 },
	{ 0x0601, RSA SHA512 },
	{ 0x0501, RSA SHA384 },
	{ 0x0401, RSA SHA256 },
};

/* ssl_tls12_preset_default_sig_algs, without those of RSA-PSS, which a handshake of TLS 1.2 alone passes over */
static const struct library_item schemes_12[] = {
	{ 0x0603, ECDSA SHA512 },
	{ 0x0601, RSA SHA512 },
	{ 0x0503, ECDSA SHA384 },
	{ 0x0501, RSA SHA384 },
	{ 0x0403, ECDSA SHA256 },
	{ 0x0401, RSA SHA256 },
};

static bool takes_certificates(const struct build *b)
{
	for (size_t i = 0; i < b->n_suites; i++) {
		const struct suite *suite = suite_find(b->suites[i].value);

		if (suite != NULL && suite->auth != AUTH_NONE)
			return true;
	}
	return false;
}

static struct library_list library_schemes(const struct build *b)
{
	if (b->major < 3)
		return LIST_OF(schemes_2);
	return b->n_versions != 0 && b->versions[0] == 0x0304 ? LIST_OF(schemes_13)
							      : LIST_OF(schemes_12);
}

static void take_schemes(const struct config *c, struct build *b)
{
	if (takes_certificates(b) && b->n_versions != 0 && b->versions[0] >= 0x0303)
		b->n_schemes = take_items(c, library_schemes(b), b->schemes, BUILD_SCHEMES_MAX);
}

bool build_has_scheme(const struct build *b, uint16_t scheme)
{
	return has_value(b->schemes, b->n_schemes, scheme);
}

const char *build_scheme_needs(const struct build *b, uint16_t scheme)
{
	return needs_of(library_schemes(b), scheme);
}

/* ---- sizes ---- */

#define CBC_SUITES_2                                                                               \
	"(defined(MBEDTLS_CIPHER_MODE_CBC) && (defined(MBEDTLS_AES_C) || "                         \
	"defined(MBEDTLS_CAMELLIA_C)"                                                              \
	" || defined(MBEDTLS_ARIA_C) || defined(MBEDTLS_DES_C)))"
#define CBC_SUITES_3                                                                               \
	"((defined(MBEDTLS_CIPHER_MODE_CBC) || defined(PSA_WANT_ALG_CBC_NO_PADDING)) && "          \
	"(defined(MBEDTLS_AES_C) || defined(PSA_WANT_KEY_TYPE_AES) || "                            \
	"defined(MBEDTLS_CAMELLIA_C) "                                                             \
	"|| defined(PSA_WANT_KEY_TYPE_CAMELLIA) || defined(MBEDTLS_ARIA_C) "                       \
	"|| defined(PSA_WANT_KEY_TYPE_ARIA)))"

/* A MAC's bytes; a tag's, where no suite has a MAC. */
static long mac_bytes(const struct config *c, const struct build *b)
{
	const char *macs = b->major >= 3 ? "defined(MBEDTLS_SSL_PROTO_TLS1_2) && "
					   "(defined(MBEDTLS_CIPHER_NULL_CIPHER) || " CBC_SUITES_3
					   ")"
					 : "defined(MBEDTLS_ARC4_C) || "
					   "defined(MBEDTLS_CIPHER_NULL_CIPHER) || " CBC_SUITES_2;

	if (!config_holds(c, macs))
		return 16;
	if (config_holds(c, b->major >= 3 ? SHA384 : "defined(MBEDTLS_SHA512_C)"))
		return 48;
	return config_holds(c, SHA256) ? 32 : 20;
}

/* Beside the content: header, initialisation vector, MAC or tag, padding, compression. */
static long record_overhead(const struct config *c, const struct build *b)
{
	bool padding = config_holds(
		c, "defined(MBEDTLS_CIPHER_MODE_CBC) || defined(PSA_WANT_ALG_CBC_NO_PADDING)");
	bool zlib = b->major < 3 && config_has(c, "MBEDTLS_ZLIB_SUPPORT");

	return 13 + 16 + mac_bytes(c, b) + (padding ? 256 : 0) + (zlib ? 1024 : 0);
}

static long connection_ids(const struct config *c, const char *length)
{
	if (!config_holds(c,
		    "defined(MBEDTLS_SSL_DTLS_CONNECTION_ID) && defined(MBEDTLS_SSL_PROTO_DTLS)"))
		return 0;
	return config_number(c, length, 32) +
	       config_number(c, "MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY",
		       config_number(c, "MBEDTLS_SSL_CID_PADDING_GRANULARITY", 16));
}

static void take_sizes(const struct config *c, struct build *b)
{
	long overhead = record_overhead(c, b);
	long both = b->major >= 3 ? 16384 : config_number(c, "MBEDTLS_SSL_MAX_CONTENT_LEN", 16384);

	b->in.content = config_number(c, "MBEDTLS_SSL_IN_CONTENT_LEN", both);
	b->out.content = config_number(c, "MBEDTLS_SSL_OUT_CONTENT_LEN", both);
	b->in.buffer = b->in.content + overhead + connection_ids(c, "MBEDTLS_SSL_CID_IN_LEN_MAX");
	b->out.buffer =
		b->out.content + overhead + connection_ids(c, "MBEDTLS_SSL_CID_OUT_LEN_MAX");
}

/* ---- what else there is ---- */

static void take_features(const struct config *c, struct build *b)
{
	bool x509 = config_has(c, "MBEDTLS_X509_CRT_PARSE_C");
	bool tls12 = b->n_versions != 0 && b->versions[b->n_versions - 1] <= 0x0303;

	b->rsa_keys = x509 &&
		      config_holds(c,
			      "defined(MBEDTLS_RSA_C) || defined(PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY) "
			      "|| defined(PSA_WANT_KEY_TYPE_RSA_KEY_PAIR) || "
			      "defined(PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC)");
	b->ec_keys = x509 &&
		     config_holds(c, "defined(MBEDTLS_ECDSA_C) || defined(PSA_WANT_ALG_ECDSA) || "
				     "defined(PSA_WANT_ALG_DETERMINISTIC_ECDSA)");
	b->reads_pem = config_has(c, "MBEDTLS_PEM_PARSE_C");
	b->reads_files = config_has(c, "MBEDTLS_FS_IO");
	b->checks_dates = x509 && config_has(c, "MBEDTLS_HAVE_TIME_DATE");
	b->follows_client =
		b->major < 3 && config_has(c, "MBEDTLS_SSL_SRV_RESPECT_CLIENT_PREFERENCE");
	b->max_fragment_length = config_has(c, "MBEDTLS_SSL_MAX_FRAGMENT_LENGTH");
	b->record_size_limit =
		build_has_version(b, 0x0304) && config_has(c, "MBEDTLS_SSL_RECORD_SIZE_LIMIT");
	b->extended_master_secret = tls12 && config_has(c, "MBEDTLS_SSL_EXTENDED_MASTER_SECRET");
	b->encrypt_then_mac = tls12 && config_has(c, "MBEDTLS_SSL_ENCRYPT_THEN_MAC");
	b->tickets = config_has(c, "MBEDTLS_SSL_SESSION_TICKETS");
	b->renegotiation = tls12 && config_has(c, "MBEDTLS_SSL_RENEGOTIATION");
}

void build_of(const struct config *c, unsigned major, struct build *b)
{
	*b = (struct build){ .major = major >= 3 ? 3 : 2,
		.lacks_crypto = major >= 4 && config_lacks_crypto(c, RELEASE_4) };
	take_versions(c, b);
	take_suites(c, b);
	drop_idle_versions(b);
	take_groups(c, b);
	take_schemes(c, b);
	take_sizes(c, b);
	take_features(c, b);
	memory_of(c, b);
}
