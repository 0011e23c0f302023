/*
 * What arithmetic costs before it is done. The numbers are ratios, measured once on one machine: a
 * budget that is counted in them gives every machine the same report.
 */
#include "crypto/spki.h"

#include "base/array.h"
#include "crypto/bits.h"

enum { EC_UNKNOWN = 250 /* brainpoolP512r1 costs as much */, RSA_WIDEST = 8192, RSA_BASE = 1 };

/* Verifying one ECDSA signature. mbedTLS reduces fast by NIST's primes and slowly by Brainpool's. */
static const struct curve_cost {
	uint16_t group;
	unsigned verify;
} curve_costs[] = {
	{ 18, 12 },
	{ 19, 9 },
	{ 20, 16 },
	{ 21, 13 },
	{ 22, 18 },
	{ 23, 18 },
	{ 24, 29 },
	{ 25, 45 },
	{ 26, 56 },
	{ 27, 115 },
};

static unsigned ec_cost(uint16_t group)
{
	for (size_t i = 0; i < COUNT(curve_costs); i++)
		if (curve_costs[i].group == group)
			return curve_costs[i].verify;
	return EC_UNKNOWN;
}

/* A squaring for each bit of the exponent, which its maker may choose as long as the modulus. */
static unsigned rsa_cost(const struct spki *key)
{
	unsigned bits = number_bits(key->modulus), e_bits = number_bits(key->exponent);

	if (bits > RSA_WIDEST || e_bits > bits)
		return 0; /* the library refuses it */
	return RSA_BASE + (unsigned)((uint64_t)e_bits * bits * bits * 56 / 100 /
				     ((uint64_t)RSA_WIDEST * RSA_WIDEST));
}

unsigned crypto_verify_cost(
	struct bytes spki, struct signature_method method, struct bytes signature)
{
	struct spki key;

	spki_read(spki, &key);
	if (key.broken != NULL)
		return 0;
	if (method.signature == SIG_ECDSA)
		return key.kind == KEY_EC ? ec_cost(key.group) : 0;
	if (method.signature != SIG_RSA_PKCS1 && method.signature != SIG_RSA_PSS)
		return 0; /* not in the library */
	if ((key.kind != KEY_RSA && key.kind != KEY_RSA_PSS) || signature.len != key.modulus.len)
		return 0;
	return rsa_cost(&key);
}
