/*
 * Certificates against a build: what mbedTLS needs to read one (oid.c, pkparse.c, rsa.c), to send a chain
 * (ssl_tls.c), and what its default profile takes (x509_crt.c).
 */
#include "config/deployment.h"

#include "base/array.h"

struct held {
	struct search search;
	const struct build *build;
	const struct deployment *deployment;
};

static bool holds(const struct held *h, const char *condition)
{
	return config_holds(h->search.config, condition);
}

/* ---- what it takes to read one ---- */

struct hash_macro {
	enum hash hash;
	const char *when_2, *macro_2, *when_3, *macro_3;
};

static const struct hash_macro hashes[] = {
	{ HASH_MD5, "defined(MBEDTLS_MD5_C)", "MBEDTLS_MD5_C", "defined(MBEDTLS_MD_CAN_MD5)",
		"MBEDTLS_MD5_C" },
	{ HASH_SHA1, "defined(MBEDTLS_SHA1_C)", "MBEDTLS_SHA1_C", "defined(MBEDTLS_MD_CAN_SHA1)",
		"MBEDTLS_SHA1_C" },
	{ HASH_SHA224, "defined(MBEDTLS_SHA256_C)", "MBEDTLS_SHA256_C",
		"defined(MBEDTLS_MD_CAN_SHA224)", "MBEDTLS_SHA224_C" },
	{ HASH_SHA256, "defined(MBEDTLS_SHA256_C)", "MBEDTLS_SHA256_C",
		"defined(MBEDTLS_MD_CAN_SHA256)", "MBEDTLS_SHA256_C" },
	{ HASH_SHA384, "defined(MBEDTLS_SHA512_C) && !defined(MBEDTLS_SHA512_NO_SHA384)",
		"MBEDTLS_SHA512_C", "defined(MBEDTLS_MD_CAN_SHA384)", "MBEDTLS_SHA384_C" },
	{ HASH_SHA512, "defined(MBEDTLS_SHA512_C)", "MBEDTLS_SHA512_C",
		"defined(MBEDTLS_MD_CAN_SHA512)", "MBEDTLS_SHA512_C" },
};

static const struct hash_macro *lacking_hash(const struct held *h, const struct deployed_cert *c)
{
	for (size_t i = 0; i < COUNT(hashes); i++)
		if (hashes[i].hash == c->hash &&
			!holds(h, h->build->major >= 3 ? hashes[i].when_3 : hashes[i].when_2))
			return &hashes[i];
	return NULL;
}

static bool lacks_hash(const struct held *h, const struct deployed_cert *c)
{
	return lacking_hash(h, c) != NULL;
}

static bool lacks_rsa(const struct held *h, const struct deployed_cert *c)
{
	bool rsa = c->key == DEPLOYED_RSA || c->signature == SIG_RSA_PKCS1 ||
		   c->signature == SIG_RSA_PSS;

	return rsa && !holds(h, "defined(MBEDTLS_RSA_C)");
}

static bool lacks_pss(const struct held *h, const struct deployed_cert *c)
{
	return c->signature == SIG_RSA_PSS && !lacks_rsa(h, c) &&
	       !holds(h, "defined(MBEDTLS_X509_RSASSA_PSS_SUPPORT)");
}

static bool lacks_ec_keys(const struct held *h, const struct deployed_cert *c)
{
	return c->key == DEPLOYED_EC &&
	       !holds(h, "defined(MBEDTLS_ECP_C) || defined(MBEDTLS_PK_HAVE_ECC_KEYS)");
}

static bool lacks_ecdsa(const struct held *h, const struct deployed_cert *c)
{
	return c->signature == SIG_ECDSA &&
	       !holds(h, "defined(MBEDTLS_ECDSA_C) || defined(MBEDTLS_PK_CAN_ECDSA_SOME)");
}

static bool lacks_curve(const struct held *h, const struct deployed_cert *c)
{
	return c->key == DEPLOYED_EC && !lacks_ec_keys(h, c) && !c->explicit_curve &&
	       (c->group == 0 || !config_has_group(h->search.config, c->group));
}

/* The library compares a with that of its own curves, which for NIST's is not kept: it is -3 (2.28.3, 3.6.6). */
static bool lacks_spelled_curves(const struct held *h, const struct deployed_cert *c)
{
	return c->key == DEPLOYED_EC && !lacks_ec_keys(h, c) && c->explicit_curve &&
	       (c->nist_curve || !holds(h, "defined(MBEDTLS_PK_PARSE_EC_EXTENDED)"));
}

static bool is_foreign(const struct held *h, const struct deployed_cert *c)
{
	(void)h;
	return c->key == DEPLOYED_OTHER || c->signature == SIG_ED25519 ||
	       c->signature == SIG_ED448 || c->signature == SIG_OTHER || c->signature == SIG_DSA;
}

/* An application may give it the same bytes as DER. */
static bool lacks_pem(const struct held *h, const struct deployed_cert *c)
{
	return c->pem && !holds(h, "defined(MBEDTLS_PEM_PARSE_C)");
}

/* ---- what the default profile takes, of the key that signs a peer's certificate ---- */

static bool is_weak_rsa(const struct held *h, const struct deployed_cert *c)
{
	return !c->own && c->key == DEPLOYED_RSA && c->key_bits < 2048 && !lacks_rsa(h, c);
}

static bool is_weak_curve(const struct held *h, const struct deployed_cert *c)
{
	return h->build->major >= 3 && !c->own && c->key == DEPLOYED_EC && c->group != 0 &&
	       (c->group < 23 || c->group > 28) && !lacks_curve(h, c);
}

/* ---- RSA keys against MBEDTLS_MPI_MAX_SIZE ---- */

static size_t modulus_bytes(const struct deployed_cert *c)
{
	return (c->key_bits + 7) / 8;
}

/* Below 256 bytes it has been said without certificates. */
static bool is_too_large(const struct held *h, const struct deployed_cert *c)
{
	long size = config_number(h->search.config, "MBEDTLS_MPI_MAX_SIZE", 1024);

	return c->key == DEPLOYED_RSA && !lacks_rsa(h, c) && size >= 256 &&
	       modulus_bytes(c) > (size_t)size;
}

/* ---- what is said of them ---- */

struct demand {
	bool (*unmet)(const struct held *h, const struct deployed_cert *c);
	enum config_severity severity;
	const char *id, *macro; /* "": depends */
	const char *reason;     /* behind the certificate's name */
	const char *fix;        /* NULL: depends */
};

static const struct demand demands[] = {
	{ is_foreign, CONFIG_ERROR, "config-certificate-unusable", "",
		"its key or its signature is of a kind that no mbedTLS reads",
		"take a certificate with RSA or ECDSA" },
	{ lacks_rsa, CONFIG_ERROR, "config-certificate-unusable", "MBEDTLS_RSA_C",
		"it has an RSA key or an RSA signature, and RSA is not compiled in: the library "
		"does not read it",
		"define MBEDTLS_RSA_C and MBEDTLS_PKCS1_V15, or take a chain with ECDSA alone" },
	{ lacks_pss, CONFIG_ERROR, "config-certificate-unusable", "MBEDTLS_X509_RSASSA_PSS_SUPPORT",
		"it is signed with RSA-PSS, which is not compiled in for certificates",
		"define MBEDTLS_X509_RSASSA_PSS_SUPPORT and MBEDTLS_PKCS1_V21" },
	{ lacks_ec_keys, CONFIG_ERROR, "config-certificate-unusable", "MBEDTLS_ECP_C",
		"it has an EC key, and elliptic curves are not compiled in",
		"define MBEDTLS_ECP_C, MBEDTLS_ECDSA_C and its curve" },
	{ lacks_ecdsa, CONFIG_ERROR, "config-certificate-unusable", "MBEDTLS_ECDSA_C",
		"it is signed with ECDSA, which is not compiled in", "define MBEDTLS_ECDSA_C" },
	{ lacks_curve, CONFIG_ERROR, "config-certificate-unusable", "",
		"its curve is not compiled in: the library does not read it (-0x3A00)", NULL },
	{ lacks_spelled_curves, CONFIG_ERROR, "config-certificate-unusable",
		"MBEDTLS_PK_PARSE_EC_EXTENDED",
		"its curve is spelled out instead of named, which the library reads of no curve of "
		"NIST's (-0x3D00), and of others only with MBEDTLS_PK_PARSE_EC_EXTENDED",
		"have it issued with the curve named" },
	{ lacks_hash, CONFIG_ERROR, "config-certificate-unusable", "",
		"it is signed with a hash that is not compiled in: the library does not read it "
		"(-0x262E)",
		NULL },
	{ is_too_large, CONFIG_ERROR, "config-mpi-too-small", "MBEDTLS_MPI_MAX_SIZE",
		"its RSA key has more bytes than MBEDTLS_MPI_MAX_SIZE: the library does not read "
		"it "
		"(-0x3B00)",
		NULL },
	{ lacks_pem, CONFIG_WARNING, "config-certificate-unusable", "MBEDTLS_PEM_PARSE_C",
		"the file is PEM, which the build does not read",
		"give it the certificate as DER, or define MBEDTLS_PEM_PARSE_C and "
		"MBEDTLS_BASE64_C" },
	{ is_weak_rsa, CONFIG_WARNING, "config-certificate-unusable", "",
		"its RSA key has fewer than 2048 bits: the default profile refuses what it signed",
		"take a CA with a longer key, or set a profile of your own" },
	{ is_weak_curve, CONFIG_WARNING, "config-certificate-unusable", "",
		"its curve is none of the default profile, which refuses what it signed",
		"take a CA on P-256 or P-384, or set a profile of your own" },
};

static const char *fix_of(
	const struct held *h, const struct demand *d, const struct deployed_cert *c)
{
	const struct hash_macro *hash = lacking_hash(h, c);

	if (d->fix != NULL)
		return d->fix;
	if (d->unmet == lacks_hash && hash != NULL)
		return arena_printf(h->search.arena, "define %s",
			h->build->major >= 3 ? hash->macro_3 : hash->macro_2);
	if (d->unmet == is_too_large)
		return arena_printf(h->search.arena, "set MBEDTLS_MPI_MAX_SIZE to %zu or more",
			modulus_bytes(c));
	return arena_printf(h->search.arena,
		"define %s, or take a certificate on a curve that is there",
		c->group != 0 ? config_group_macro(c->group) : "the macro of its curve");
}

static const char *macro_of(
	const struct held *h, const struct demand *d, const struct deployed_cert *c)
{
	const struct hash_macro *hash = lacking_hash(h, c);

	if (d->unmet == lacks_hash && hash != NULL)
		return h->build->major >= 3 ? hash->macro_3 : hash->macro_2;
	return d->unmet == lacks_curve ? config_group_macro(c->group) : d->macro;
}

/* One finding for all certificates that have the same in common. */
static void find_unmet(const struct held *h, const struct demand *d)
{
	const struct deployed_cert *first = NULL;
	const char *reason, *fix;
	size_t n = 0;

	for (size_t i = 0; i < h->deployment->n_certs; i++) {
		const struct deployed_cert *c = &h->deployment->certs[i];

		if (!d->unmet(h, c))
			continue;
		first = first != NULL ? first : c;
		n++;
	}
	if (first == NULL)
		return;
	reason = n == 1 ? arena_printf(h->search.arena, "%s (%s): %s.", first->name,
				  first->key_name, d->reason)
			: arena_printf(h->search.arena, "%s (%s), as well as %zu more: %s.",
				  first->name, first->key_name, n - 1, d->reason);
	fix = fix_of(h, d, first);
	if (reason != NULL && fix != NULL)
		config_finding_add(
			&h->search, d->severity, d->id, macro_of(h, d, first), reason, fix);
}

/* ---- sizes ---- */

static const char *content_macro(const struct held *h, const char *macro)
{
	return config_has(h->search.config, macro) ? macro : "MBEDTLS_SSL_MAX_CONTENT_LEN";
}

size_t deployment_chain(const struct deployment *d)
{
	size_t bytes = 0;

	for (size_t i = 0; i < d->n_certs; i++)
		if (d->certs[i].own)
			bytes += 3 + d->certs[i].bytes;
	return bytes != 0 ? 7 + bytes : 0;
}

static void find_chain(const struct held *h)
{
	size_t chain = deployment_chain(h->deployment);
	long size = h->build->out.content;
	const char *reason, *fix;

	if (h->build->n_versions == 0 || size < 1 || chain <= (size_t)size)
		return;
	reason = arena_printf(h->search.arena,
		"The Certificate message with your chain has %zu bytes, and a record that goes out "
		"may have %ld: sending it fails with %s, and the connection is closed.",
		chain, size, h->build->major >= 3 ? "-0x6A00" : "-0x7500");
	fix = arena_printf(h->search.arena,
		"set %s to %zu or more, or send a shorter chain: its root need not be sent",
		h->build->major >= 3 ? "MBEDTLS_SSL_OUT_CONTENT_LEN"
				     : content_macro(h, "MBEDTLS_SSL_OUT_CONTENT_LEN"),
		chain);
	if (reason != NULL && fix != NULL)
		config_finding_add(&h->search, CONFIG_ERROR, "config-content-too-small",
			content_macro(h, "MBEDTLS_SSL_OUT_CONTENT_LEN"), reason, fix);
}

size_t deployment_received(const struct deployment *d, const struct build *b)
{
	bool client = d->side == DEPLOYED_CLIENT ||
		      (d->side == DEPLOYED_UNKNOWN && b->client && !b->server);
	bool server = d->side == DEPLOYED_SERVER ||
		      (d->side == DEPLOYED_UNKNOWN && b->server && !b->client);

	return client ? d->from_server : server ? d->from_client : 0;
}

static void find_received(const struct held *h)
{
	size_t longest = deployment_received(h->deployment, h->build);
	long size = h->build->in.content;
	const char *reason, *fix;

	if (size < 1 || longest <= (size_t)size)
		return;
	reason = arena_printf(h->search.arena,
		"In the capture a record with %zu bytes is sent to the device, which takes %ld: "
		"such "
		"a connection ends with -0x7200 or -0x7900.",
		longest, size);
	fix = arena_printf(h->search.arena, "set %s to %zu or more",
		h->build->major >= 3 ? "MBEDTLS_SSL_IN_CONTENT_LEN"
				     : content_macro(h, "MBEDTLS_SSL_IN_CONTENT_LEN"),
		longest);
	if (reason != NULL && fix != NULL)
		config_finding_add(&h->search, CONFIG_ERROR, "config-content-too-small",
			content_macro(h, "MBEDTLS_SSL_IN_CONTENT_LEN"), reason, fix);
}

/* ---- a suite for the device's own key ---- */

static const struct deployed_cert *own_leaf(const struct deployment *d)
{
	for (size_t i = 0; i < d->n_certs; i++)
		if (d->certs[i].own)
			return &d->certs[i];
	return NULL;
}

static bool goes_with(const struct suite *s, enum deployed_key key)
{
	return s->tls13 || (s->auth == AUTH_RSA && key == DEPLOYED_RSA) ||
	       (s->auth == AUTH_ECDSA && key == DEPLOYED_EC);
}

static void find_suite(const struct held *h)
{
	const struct deployed_cert *leaf = own_leaf(h->deployment);
	const char *reason;

	if (leaf == NULL || leaf->key == DEPLOYED_OTHER || !h->build->server ||
		h->build->n_suites == 0)
		return;
	for (size_t i = 0; i < h->build->n_suites; i++) {
		const struct suite *s = suite_find(h->build->suites[i].value);

		if (s != NULL && goes_with(s, leaf->key))
			return;
	}
	reason = arena_printf(h->search.arena,
		"%s (%s): no suite that is compiled in goes with its key, so that a server refuses "
		"every client (handshake_failure).",
		leaf->name, leaf->key_name);
	if (reason != NULL)
		config_finding_add(&h->search, CONFIG_ERROR, "config-certificate-unusable",
			config_has(h->search.config, "MBEDTLS_SSL_CIPHERSUITES")
				? "MBEDTLS_SSL_CIPHERSUITES"
				: "",
			reason,
			leaf->key == DEPLOYED_RSA
				? "define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED, or name a suite "
				  "of RSA"
				: "define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED, or name a "
				  "suite "
				  "of ECDSA");
}

void config_findings_deployment(struct config_findings *f, const struct config *c,
	const struct config_version *v, const struct build *b, const struct deployment *d,
	struct arena *a)
{
	struct held h = { { f, c, v, a }, b, d };

	for (size_t i = 0; i < COUNT(demands); i++)
		find_unmet(&h, &demands[i]);
	find_chain(&h);
	find_received(&h);
	find_suite(&h);
}
