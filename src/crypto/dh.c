/* Diffie-Hellman over primes: is p prime, who published it, do g and Y lie inside. */
#include "base/array.h"
#include "crypto/digest.h"
#include "crypto/library.h"

#include <mbedtls/bignum.h>
#include <stdio.h>

enum { PRIME_BITS_MAX = 8192 };

/* The published primes by the SHA-256 of their bytes. ffdhe is 0 for the MODP groups. */
static const struct known_prime {
	const char *sha256;
	uint16_t ffdhe;
	bool safe;
} known_primes[] = {
	/* RFC 7919: ffdhe2048, 3072, 4096, 6144, 8192 */
	{ "9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966", 0x0100, true },
	{ "0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17", 0x0101, true },
	{ "4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e", 0x0102, true },
	{ "227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7", 0x0103, true },
	{ "770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833", 0x0104, true },
	/* RFC 2409: 768 and 1024 bits */
	{ "b52ba6a3026520a6c49d37e4587601801bee500123b3259b6bf03e7cecc3e63d", 0, true },
	{ "3f35a3f5f6c4376a744acad409bb22f8d897f949d2311d885adaa890981b67a0", 0, true },
	/* RFC 3526: 1536, 2048, 3072, 4096, 6144, 8192 bits */
	{ "64fcc83ec403930bf18393dbc883ccaa1fbb08ac876f77f7aa99748ca945019b", 0, true },
	{ "d66436f79bbd6b2e38c0ffbd079be904d2641415e2e67140e09448be9a60890e", 0, true },
	{ "48cf8b092fbce4359d9871abf74f98e25b6163379eaa15cd9087e800c6d1c55c", 0, true },
	{ "4ee95187682bcb230ad26a95205f6920e84708f6251b3894329b09ec23919e33", 0, true },
	{ "d1bfe6d0925ce7e4da262b62861514a7755e35831e429f343e7b864848657efd", 0, true },
	{ "39ab4feab950a3128fb71accb9fc3965d857012e081998a85996e3ea8b3c3bcf", 0, true },
	/* RFC 5114: 1024 bits, 2048 with subgroups of 224 and 256. Not safe primes, by design */
	{ "44c55cfee5c075927cf682da5b681bdecbd5c3eb0784c14f5dce7610f0ef133d", 0, false },
	{ "bfe545862ca102ad1eeddb5fbfa5bf855ac4995c56a8b408ce3fe099dce93a9d", 0, false },
	{ "0b7835722cb619827610c2549fdda5587421686c4409a13865e76225522ddcc9", 0, false },
};

static const struct known_prime *find_known(struct bytes p)
{
	struct digest digest;
	char hex[65] = "";

	if (!crypto_hash(HASH_SHA256, &p, 1, &digest))
		return NULL;
	for (size_t i = 0; i < digest.len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest.data[i]);
	for (size_t i = 0; i < COUNT(known_primes); i++) {
		if (strcmp(hex, known_primes[i].sha256) == 0)
			return &known_primes[i];
	}
	return NULL;
}

/*
 * Witnesses for Miller and Rabin. Nothing here is secret and two runs should agree, so they come
 * from the number itself; its maker cannot choose it by what they will be.
 */
struct witnesses {
	struct digest last; /* each block is the hash of the one before */
};

static int draw(void *context, unsigned char *out, size_t len)
{
	struct witnesses *w = context;
	struct digest block;

	for (size_t at = 0; at < len;) {
		const struct bytes last = bytes_of(w->last.data, w->last.len);

		if (!crypto_hash(HASH_SHA256, &last, 1, &block))
			return MBEDTLS_ERR_MPI_BAD_INPUT_DATA;
		w->last = block;
		for (size_t i = 0; i < block.len && at < len; i++)
			out[at++] = block.data[i];
	}
	return 0;
}

/*
 * A round costs as much as an RSA private operation of that size. A number drawn at random passes
 * even one wrongly with a chance below 2^-80 from 1024 bits on, and the longer the rarer (HAC 4.4);
 * one made to deceive passes each with 1/4.
 */
static int rounds_for(size_t bits)
{
	return bits <= 2048 ? 8 : bits <= 4096 ? 4 : 2;
}

/* A round is an exponentiation with an exponent as long as the number. */
static unsigned round_cost(size_t bits)
{
	return 1 + (unsigned)((uint64_t)bits * bits * bits >> 27);
}

unsigned crypto_dh_cost(struct bytes p)
{
	struct bytes prime = bytes_skip_zeros(p);

	if (prime.len == 0 || prime.len > PRIME_BITS_MAX / 8 || find_known(prime) != NULL)
		return 0;
	return 2 * (unsigned)rounds_for(8 * prime.len) * round_cost(8 * prime.len);
}

/* prime and safe_prime of a p that nobody published. False: the library failed. */
static bool test_prime(mbedtls_mpi *p, struct bytes number, struct dh_check *out)
{
	struct witnesses w;
	int rounds = rounds_for(out->prime_bits), ret;

	out->cost = round_cost(out->prime_bits);

	if (!crypto_hash(HASH_SHA256, &number, 1, &w.last))
		return false;
	ret = mbedtls_mpi_is_prime_ext(p, rounds, draw, &w);
	if (!library_ok(ret))
		return ret == MBEDTLS_ERR_MPI_NOT_ACCEPTABLE;
	out->prime = true;
	out->cost *= (unsigned)rounds + 1;
	if (!library_ok(mbedtls_mpi_shift_r(p, 1)))
		return false;
	ret = mbedtls_mpi_is_prime_ext(p, rounds, draw, &w);
	if (library_ok(ret))
		out->cost = crypto_dh_cost(number);
	out->safe_prime = ret == 0;
	return ret == 0 || ret == MBEDTLS_ERR_MPI_NOT_ACCEPTABLE;
}

/* 1 < number < p - 1; last is p - 1. False: the library failed. */
static bool look_inside(const mbedtls_mpi *last, struct bytes number, bool *inside)
{
	mbedtls_mpi x;
	bool ok;

	mbedtls_mpi_init(&x);
	ok = number.len == 0 || library_ok(mbedtls_mpi_read_binary(&x, number.data, number.len));
	*inside = ok && mbedtls_mpi_cmp_int(&x, 1) > 0 && mbedtls_mpi_cmp_mpi(&x, last) < 0;
	mbedtls_mpi_free(&x);
	return ok;
}

static bool check(
	mbedtls_mpi *p, struct bytes prime, struct bytes g, struct bytes y, struct dh_check *out)
{
	const struct known_prime *known = find_known(prime);
	mbedtls_mpi last;
	bool ok;

	mbedtls_mpi_init(&last);
	ok = library_ok(mbedtls_mpi_read_binary(p, prime.data, prime.len)) &&
	     library_ok(mbedtls_mpi_sub_int(&last, p, 1)) &&
	     look_inside(&last, g, &out->generator_ok) && look_inside(&last, y, &out->public_ok);
	if (ok)
		out->prime_bits = (unsigned)mbedtls_mpi_bitlen(p);
	mbedtls_mpi_free(&last);
	if (!ok || known == NULL)
		return ok && test_prime(p, prime, out);
	out->prime = true;
	out->safe_prime = known->safe;
	out->named_group = known->ffdhe;
	out->well_known = known->ffdhe == 0;
	return true;
}

void crypto_dh_check(struct bytes p, struct bytes g, struct bytes y, struct dh_check *out)
{
	struct bytes prime = bytes_skip_zeros(p);
	mbedtls_mpi number;

	*out = (struct dh_check){ 0 };
	if (prime.len == 0 || prime.len > PRIME_BITS_MAX / 8)
		return;
	mbedtls_mpi_init(&number);
	out->checked = check(&number, prime, bytes_skip_zeros(g), bytes_skip_zeros(y), out);
	mbedtls_mpi_free(&number);
}
