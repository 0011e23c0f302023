/* The public operation by the library, and the reasons why a key cannot do it. */
#include "crypto/rsa.h"

#include <mbedtls/bignum.h>

/* Beyond this size an exponent of any length costs seconds: what OpenSSL refuses, too. */
enum { MODULUS_LARGE = 3072 / 8, EXPONENT_SHORT = 64 / 8 };

static struct verdict invalid(const char *why)
{
	return (struct verdict){ PROOF_INVALID, why };
}

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

static const char *key_problem(const struct spki *key)
{
	const struct bytes n = key->modulus, e = key->exponent;

	if (key->broken != NULL)
		return key->broken;
	if (n.len == 0 || n.data[n.len - 1] % 2 == 0)
		return "the RSA modulus is even";
	if (n.len > RSA_MAX)
		return "the RSA key is longer than the 8192 bits mbedTLS takes";
	if (e.len == 0 || e.data[e.len - 1] % 2 == 0)
		return "the RSA exponent is even";
	if (e.len > EXPONENT_SHORT && n.len > MODULUS_LARGE)
		return "the RSA exponent is longer than 64 bits";
	return NULL;
}

struct verdict rsa_raise(const struct spki *key, struct bytes signature, uint8_t em[static RSA_MAX])
{
	const char *problem = key_problem(key);
	struct bytes in[3] = { key->modulus, key->exponent, signature };
	struct verdict verdict = unverifiable("mbedTLS could not raise the signature");
	mbedtls_mpi x[3], out;

	if (problem != NULL)
		return unverifiable(problem);
	if (signature.len != key->modulus.len)
		return invalid("the signature is not as long as the RSA key");
	mbedtls_mpi_init(&out);
	for (size_t i = 0; i < 3; i++)
		mbedtls_mpi_init(&x[i]);
	for (size_t i = 0; i < 3; i++) {
		if (mbedtls_mpi_read_binary(&x[i], in[i].data, in[i].len) != 0)
			goto done;
	}
	if (mbedtls_mpi_cmp_mpi(&x[2], &x[0]) >= 0)
		verdict = invalid("the signature is a number above the RSA modulus");
	else if (mbedtls_mpi_exp_mod(&out, &x[2], &x[1], &x[0], NULL) == 0 &&
		 mbedtls_mpi_write_binary(&out, em, key->modulus.len) == 0)
		verdict = (struct verdict){ PROOF_VALID, NULL };
done:
	for (size_t i = 0; i < 3; i++)
		mbedtls_mpi_free(&x[i]);
	mbedtls_mpi_free(&out);
	return verdict;
}
