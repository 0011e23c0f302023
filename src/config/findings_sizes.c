/* Sizes that are out of range, or too small for what is compiled in. */
#include "config/finding.h"

#include "base/array.h"

struct range {
	const char *macro;
	long least, most;
	enum config_release first, last; /* that have it */
};

/* What ecp.c, ssl_internal.h, ssl_misc.h, entropy.h and rsa.h can do with them. */
static const struct range ranges[] = {
	{ "MBEDTLS_ECP_WINDOW_SIZE", 2, 7, RELEASE_2_7, RELEASE_3_6 },
	{ "MBEDTLS_MPI_WINDOW_SIZE", 1, 6, RELEASE_2_7, RELEASE_3_6 },
	{ "MBEDTLS_SSL_MAX_CONTENT_LEN", 1, 16384, RELEASE_2_7, RELEASE_2_28 },
	{ "MBEDTLS_SSL_IN_CONTENT_LEN", 1, 16384, RELEASE_2_7, RELEASE_4 },
	{ "MBEDTLS_SSL_OUT_CONTENT_LEN", 1, 16384, RELEASE_2_7, RELEASE_4 },
	{ "MBEDTLS_ENTROPY_MAX_SOURCES", 1, 255, RELEASE_2_7, RELEASE_3_6 },
	/* as long as its numbers may be (MBEDTLS_MPI_MAX_BITS) */
	{ "MBEDTLS_RSA_GEN_KEY_MIN_BITS", 128, 8192, RELEASE_3_6, RELEASE_4 },
};

static void find_ranges(const struct search *s)
{
	for (size_t i = 0; i < COUNT(ranges); i++) {
		const struct range *r = &ranges[i];
		long v = config_number(s->config, r->macro, r->least);
		const char *reason, *fix;

		if (s->version->release < r->first || s->version->release > r->last ||
			(v >= r->least && v <= r->most))
			continue;
		reason = arena_printf(s->arena,
			"%s is %ld: the library works with %ld to %ld only, and does not compile, "
			"or fails "
			"when it runs.",
			r->macro, v, r->least, r->most);
		fix = arena_printf(s->arena, "set %s to %ld to %ld", r->macro, r->least, r->most);
		if (reason != NULL && fix != NULL)
			config_finding_add(
				s, CONFIG_ERROR, "config-out-of-range", r->macro, reason, fix);
	}
}

struct curve {
	const char *macro, *name;
	long bits;
};

/* The largest first. */
static const struct curve curves[] = {
	{ "MBEDTLS_ECP_DP_SECP521R1_ENABLED", "secp521r1", 521 },
	{ "MBEDTLS_ECP_DP_BP512R1_ENABLED", "brainpoolP512r1", 512 },
	{ "MBEDTLS_ECP_DP_CURVE448_ENABLED", "x448", 448 },
	{ "MBEDTLS_ECP_DP_SECP384R1_ENABLED", "secp384r1", 384 },
	{ "MBEDTLS_ECP_DP_BP384R1_ENABLED", "brainpoolP384r1", 384 },
	{ "MBEDTLS_ECP_DP_SECP256R1_ENABLED", "secp256r1", 256 },
	{ "MBEDTLS_ECP_DP_SECP256K1_ENABLED", "secp256k1", 256 },
	{ "MBEDTLS_ECP_DP_BP256R1_ENABLED", "brainpoolP256r1", 256 },
	{ "MBEDTLS_ECP_DP_CURVE25519_ENABLED", "x25519", 255 },
	{ "MBEDTLS_ECP_DP_SECP224R1_ENABLED", "secp224r1", 224 },
	{ "MBEDTLS_ECP_DP_SECP192R1_ENABLED", "secp192r1", 192 },
};

static const struct curve *largest_curve(const struct config *c)
{
	for (size_t i = 0; i < COUNT(curves); i++)
		if (config_has(c, curves[i].macro))
			return &curves[i];
	return NULL;
}

/* Numbers of curves and of RSA are kept in MPI_MAX_SIZE bytes. */
static void find_mpi(const struct search *s, const struct curve *curve)
{
	long size = config_number(s->config, "MBEDTLS_MPI_MAX_SIZE", 1024);
	const char *reason = NULL;

	if (curve != NULL && size < (curve->bits + 7) / 8)
		reason = arena_printf(s->arena,
			"MBEDTLS_MPI_MAX_SIZE is %ld bytes, but a coordinate of %s has %ld: its "
			"handshakes "
			"fail.",
			size, curve->name, (curve->bits + 7) / 8);
	else if (config_has(s->config, "MBEDTLS_RSA_C") && size < 256)
		reason = arena_printf(s->arena,
			"MBEDTLS_MPI_MAX_SIZE is %ld bytes, but RSA with 2048 bits needs 256: such "
			"certificates do not parse (-0x3B00).",
			size);
	if (reason != NULL)
		config_finding_add(s, CONFIG_ERROR, "config-mpi-too-small", "MBEDTLS_MPI_MAX_SIZE",
			reason,
			"set it to the bytes of the largest key, or remove the line (1024)");
}

static void find_ecp_bits(const struct search *s, const struct curve *curve)
{
	long bits = config_number(s->config, "MBEDTLS_ECP_MAX_BITS", 521);
	const char *reason;

	if (s->version->release > RELEASE_2_28 || curve == NULL || bits >= curve->bits)
		return;
	reason = arena_printf(s->arena,
		"MBEDTLS_ECP_MAX_BITS is %ld, but %s has %ld bits: it does not compile, and 2.16.0 "
		"to "
		"2.16.10 write past the end of a buffer on the stack.",
		bits, curve->name, curve->bits);
	if (reason != NULL)
		config_finding_add(s, CONFIG_ERROR, "config-ecp-bits-too-small",
			"MBEDTLS_ECP_MAX_BITS", reason,
			"set it to the bits of the largest curve, or remove the line");
}

/* Of a message that comes in several records. */
static const char *put_together(enum config_release r)
{
	if (r >= RELEASE_4)
		return "";
	return r >= RELEASE_3_6
		       ? " A message in several records is put together from 3.6.3 on alone."
		       : " A message in several records is not put together by this release.";
}

/* A ClientHello with X25519MLKEM768 has about 1.7 kB; other peers send records of up to 16384. */
static void find_content(const struct search *s)
{
	bool old = s->version->release <= RELEASE_2_28 &&
		   !config_has(s->config, "MBEDTLS_SSL_IN_CONTENT_LEN");
	long size = config_in_content_len(s->config);
	const char *reason;

	if (!config_has(s->config, "MBEDTLS_SSL_TLS_C") || size >= 16384 || size < 1)
		return;
	reason = arena_printf(s->arena,
		size < 1800 ? "A record that comes in may have %ld bytes. The ClientHello of "
			      "browsers has about 1,700 "
			      "with a post-quantum key share, and other peers send records of up "
			      "to 16,384: such "
			      "connections end with -0x7200 or -0x7900.%s"
			    : "A record that comes in may have %ld bytes, peers send up to 16,384 "
			      "unless they honour "
			      "max_fragment_length: such connections end with -0x7200.%s",
		size, put_together(s->version->release));
	if (reason != NULL)
		config_finding_add(s, size < 1800 ? CONFIG_WARNING : CONFIG_NOTE,
			"config-content-too-small",
			old ? "MBEDTLS_SSL_MAX_CONTENT_LEN" : "MBEDTLS_SSL_IN_CONTENT_LEN", reason,
			"raise it to 16384 where peers are not under your control");
}

void config_findings_sizes(const struct search *s)
{
	const struct curve *curve = largest_curve(s->config);

	find_ranges(s);
	find_mpi(s, config_has(s->config, "MBEDTLS_ECP_C") ? curve : NULL);
	find_ecp_bits(s, curve);
	find_content(s);
}
