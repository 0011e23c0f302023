/* X25519 is our own; all other arithmetic is the library's, blinded by the system's generator. */
#include "crypto/exchange.h"

#include "base/memory.h"
#include "base/secret.h"
#include "crypto/group.h"
#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"
#include "crypto/x25519.h"

#include <mbedtls/bignum.h>
#include <mbedtls/dhm.h>
#include <mbedtls/ecdh.h>
#include <stdlib.h>

/* RFC 7919: which prime is whose; g is 2 in each. */
static const uint8_t ffdhe2048[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN;
static const uint8_t ffdhe3072[] = MBEDTLS_DHM_RFC7919_FFDHE3072_P_BIN;
static const uint8_t ffdhe4096[] = MBEDTLS_DHM_RFC7919_FFDHE4096_P_BIN;
static const uint8_t ffdhe6144[] = MBEDTLS_DHM_RFC7919_FFDHE6144_P_BIN;
static const uint8_t ffdhe8192[] = MBEDTLS_DHM_RFC7919_FFDHE8192_P_BIN;
static const struct {
	uint16_t group;
	const uint8_t *p;
	size_t len;
} primes[] = {
	{ 0x0100, ffdhe2048, sizeof ffdhe2048 },
	{ 0x0101, ffdhe3072, sizeof ffdhe3072 },
	{ 0x0102, ffdhe4096, sizeof ffdhe4096 },
	{ 0x0103, ffdhe6144, sizeof ffdhe6144 },
	{ 0x0104, ffdhe8192, sizeof ffdhe8192 },
};

/*
 * As long as keys of the size need (RFC 7919 5.2 asks for 225 to 400 bits): twice that strength and more, so
 * that a small device's 2048 bits do not take a second here.
 */
enum { DH_EXPONENT = 64 };

enum exchange_kind { EXCHANGE_CURVE, EXCHANGE_X25519, EXCHANGE_PRIME };

struct exchange {
	enum exchange_kind kind;
	mbedtls_ecp_group group; /* curve */
	mbedtls_ecp_point q;
	mbedtls_mpi p, x; /* a prime, and an exponent of ours; x is a curve's private key, too */
	uint8_t scalar[X25519_BYTES];
	uint8_t own[EXCHANGE_MAX];
	size_t own_len;
};

static struct exchange *new_exchange(enum exchange_kind kind)
{
	struct exchange *x = memory_new(sizeof *x);

	if (x == NULL)
		return NULL;
	x->kind = kind;
	mbedtls_ecp_group_init(&x->group);
	mbedtls_ecp_point_init(&x->q);
	mbedtls_mpi_init(&x->p);
	mbedtls_mpi_init(&x->x);
	return x;
}

void exchange_close(struct exchange *x)
{
	if (x == NULL)
		return;
	mbedtls_ecp_group_free(&x->group);
	mbedtls_ecp_point_free(&x->q);
	mbedtls_mpi_free(&x->p);
	mbedtls_mpi_free(&x->x);
	wipe(x->scalar, sizeof x->scalar);
	free(x);
}

static struct exchange *closed_unless(struct exchange *x, bool ok)
{
	if (ok)
		return x;
	exchange_close(x);
	return NULL;
}

static struct exchange *open_curve(uint16_t group)
{
	struct exchange *x = new_exchange(EXCHANGE_CURVE);

	if (x == NULL)
		return NULL;
	return closed_unless(x,
		group_load(group, &x->group) &&
			library_ok(mbedtls_ecp_gen_keypair(
				&x->group, &x->x, &x->q, compat_random, NULL)) &&
			library_ok(mbedtls_ecp_point_write_binary(&x->group, &x->q,
				MBEDTLS_ECP_PF_UNCOMPRESSED, &x->own_len, x->own, sizeof x->own)));
}

static struct exchange *open_x25519(void)
{
	struct exchange *x = new_exchange(EXCHANGE_X25519);

	if (x == NULL)
		return NULL;
	x->own_len = X25519_BYTES;
	if (compat_random(NULL, x->scalar, sizeof x->scalar) != 0)
		return closed_unless(x, false);
	x25519(x->own, x->scalar, x25519_base);
	return x;
}

/* g^x mod p, as long as p. */
static bool make_public(struct exchange *x, struct bytes g)
{
	mbedtls_mpi base, result;
	bool ok;

	mbedtls_mpi_init(&base);
	mbedtls_mpi_init(&result);
	x->own_len = mbedtls_mpi_size(&x->p);
	ok = library_ok(mbedtls_mpi_read_binary(&base, g.data, g.len)) &&
	     library_ok(mbedtls_mpi_exp_mod(&result, &base, &x->x, &x->p, NULL)) &&
	     library_ok(mbedtls_mpi_write_binary(&result, x->own, x->own_len));
	mbedtls_mpi_free(&base);
	mbedtls_mpi_free(&result);
	return ok;
}

struct exchange *exchange_open_dh(struct bytes p, struct bytes g)
{
	struct bytes prime = bytes_skip_zeros(p), base = bytes_skip_zeros(g);
	size_t exponent = prime.len < DH_EXPONENT ? prime.len : DH_EXPONENT;
	struct exchange *x;

	if (prime.len == 0 || prime.len > EXCHANGE_MAX || base.len == 0 ||
		base.len > EXCHANGE_MAX || (prime.data[prime.len - 1] & 1) == 0)
		return NULL;
	x = new_exchange(EXCHANGE_PRIME);
	if (x == NULL)
		return NULL;
	return closed_unless(x,
		library_ok(mbedtls_mpi_read_binary(&x->p, prime.data, prime.len)) &&
			library_ok(mbedtls_mpi_fill_random(&x->x, exponent, compat_random, NULL)) &&
			make_public(x, base));
}

struct exchange *exchange_open(uint16_t group)
{
	static const uint8_t two = 2;

	for (size_t i = 0; i < COUNT(primes); i++)
		if (primes[i].group == group)
			return exchange_open_dh(
				bytes_of(primes[i].p, primes[i].len), bytes_of(&two, 1));
	if (group == 0x001d)
		return open_x25519();
	return group_shape(group) != CURVE_UNKNOWN ? open_curve(group) : NULL;
}

bool exchange_knows(uint16_t group)
{
	for (size_t i = 0; i < COUNT(primes); i++)
		if (primes[i].group == group)
			return true;
	return group_shape(group) != CURVE_UNKNOWN;
}

struct bytes exchange_public(const struct exchange *x)
{
	return bytes_of(x->own, x->own_len);
}

/* RFC 7748 5: the u-coordinate is little-endian, and so is what both compute. */
static bool write_secret(struct exchange *x, const mbedtls_mpi *z, struct exchange_secret *out)
{
	bool montgomery = mbedtls_ecp_get_type(&x->group) == MBEDTLS_ECP_TYPE_MONTGOMERY;

	out->len = (x->group.pbits + 7) / 8;
	return library_ok(montgomery ? mbedtls_mpi_write_binary_le(z, out->data, out->len)
				     : mbedtls_mpi_write_binary(z, out->data, out->len));
}

static bool agree_on_curve(struct exchange *x, struct bytes peer, struct exchange_secret *out)
{
	mbedtls_ecp_point q;
	mbedtls_mpi z;
	bool ok;

	mbedtls_ecp_point_init(&q);
	mbedtls_mpi_init(&z);
	ok = peer.len != 0 &&
	     library_ok(mbedtls_ecp_point_read_binary(&x->group, &q, peer.data, peer.len)) &&
	     library_ok(mbedtls_ecp_check_pubkey(&x->group, &q)) &&
	     library_ok(
		     mbedtls_ecdh_compute_shared(&x->group, &z, &q, &x->x, compat_random, NULL)) &&
	     write_secret(x, &z, out);
	mbedtls_ecp_point_free(&q);
	mbedtls_mpi_free(&z);
	return ok;
}

/* RFC 7919 3, 5.1: 1 < Y < p - 1. */
static bool inside(const struct exchange *x, const mbedtls_mpi *y)
{
	mbedtls_mpi last;
	bool ok;

	mbedtls_mpi_init(&last);
	ok = library_ok(mbedtls_mpi_sub_int(&last, &x->p, 1)) && mbedtls_mpi_cmp_int(y, 1) > 0 &&
	     mbedtls_mpi_cmp_mpi(y, &last) < 0;
	mbedtls_mpi_free(&last);
	return ok;
}

static bool agree_over_prime(struct exchange *x, struct bytes peer, struct exchange_secret *out)
{
	struct bytes number = bytes_skip_zeros(peer);
	mbedtls_mpi y, z;
	bool ok;

	if (number.len == 0 || number.len > x->own_len)
		return false;
	mbedtls_mpi_init(&y);
	mbedtls_mpi_init(&z);
	out->len = x->own_len;
	ok = library_ok(mbedtls_mpi_read_binary(&y, number.data, number.len)) && inside(x, &y) &&
	     library_ok(mbedtls_mpi_exp_mod(&z, &y, &x->x, &x->p, NULL)) &&
	     library_ok(mbedtls_mpi_write_binary(&z, out->data, out->len));
	mbedtls_mpi_free(&y);
	mbedtls_mpi_free(&z);
	return ok;
}

/* RFC 8446 7.4.2: all zeros are what a point of small order gives, and no secret. */
static bool agree_x25519(struct exchange *x, struct bytes peer, struct exchange_secret *out)
{
	uint8_t any = 0;

	if (peer.len != X25519_BYTES)
		return false;
	out->len = X25519_BYTES;
	x25519(out->data, x->scalar, peer.data);
	for (size_t i = 0; i < X25519_BYTES; i++)
		any |= out->data[i];
	return any != 0;
}

bool exchange_agree(struct exchange *x, struct bytes peer, struct exchange_secret *out)
{
	static bool (*const agree[])(struct exchange *, struct bytes, struct exchange_secret *) = {
		[EXCHANGE_CURVE] = agree_on_curve,
		[EXCHANGE_X25519] = agree_x25519,
		[EXCHANGE_PRIME] = agree_over_prime,
	};
	bool ok = agree[x->kind](x, peer, out);

	if (!ok)
		wipe(out, sizeof *out);
	return ok;
}
