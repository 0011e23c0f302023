/* What a peer sent as a point: is it one? */
#include "crypto/curve.h"
#include "crypto/group.h"
#include "crypto/library.h"

#include <mbedtls/bignum.h>

const char *point_state_text(enum point_state state)
{
	switch (state) {
	case POINT_UNCHECKED:
		return "not checked";
	case POINT_ON_CURVE:
		return "on the curve";
	case POINT_OFF_CURVE:
		return "not on the curve";
	case POINT_INFINITY:
		return "the point at infinity";
	case POINT_OUT_OF_RANGE:
		return "has a coordinate that is not below the curve's prime";
	case POINT_BAD_LENGTH:
		return "has the wrong length";
	case POINT_BAD_FORM:
		return "does not begin with 04, an uncompressed point";
	case POINT_LOW_ORDER:
		return "of low order, which makes the shared secret zero";
	}
	return "not checked";
}

/* -1: no memory; else whether the big-endian number is below p. */
static int is_below(const mbedtls_mpi *p, struct bytes number)
{
	mbedtls_mpi x;
	int below = -1;

	mbedtls_mpi_init(&x);
	if (library_ok(mbedtls_mpi_read_binary(&x, number.data, number.len)))
		below = mbedtls_mpi_cmp_mpi(&x, p) < 0;
	mbedtls_mpi_free(&x);
	return below;
}

/* Here the library decides, for it is the arithmetic that the peers trust. */
static enum point_state check_uncompressed(
	const mbedtls_ecp_group *grp, struct bytes point, size_t len)
{
	int x = is_below(&grp->P, bytes_slice(point, 1, len));
	int y = is_below(&grp->P, bytes_slice(point, 1 + len, len));
	enum point_state state = POINT_UNCHECKED;
	mbedtls_ecp_point p;
	int ret;

	if (x == 0 || y == 0)
		return POINT_OUT_OF_RANGE;
	mbedtls_ecp_point_init(&p);
	ret = mbedtls_ecp_point_read_binary(grp, &p, point.data, point.len);
	if (ret == 0)
		ret = mbedtls_ecp_check_pubkey(grp, &p);
	if (library_ok(ret))
		state = POINT_ON_CURVE;
	else if (ret == MBEDTLS_ERR_ECP_INVALID_KEY)
		state = POINT_OFF_CURVE;
	mbedtls_ecp_point_free(&p);
	return state;
}

static enum point_state check_compressed(uint16_t group, struct bytes point)
{
	struct affine a;
	struct curve c;
	struct residue x;

	if (!curve_load(group, &c))
		return POINT_UNCHECKED;
	if (!mod_read(&c.p, bytes_slice(point, 1, c.p.len), &x))
		return POINT_OUT_OF_RANGE;
	return curve_read(&c, point, &a) ? POINT_ON_CURVE : POINT_OFF_CURVE;
}

static enum point_state check_weierstrass(
	uint16_t group, const mbedtls_ecp_group *grp, struct bytes point)
{
	size_t len = (grp->pbits + 7) / 8;

	if (point.len == 1 && point.data[0] == 0) /* SEC 1 2.3.3 */
		return POINT_INFINITY;
	if (point.len == 1 + len && (point.data[0] == 2 || point.data[0] == 3))
		return check_compressed(group, point);
	if (point.len != 1 + 2 * len)
		return POINT_BAD_LENGTH;
	if (point.data[0] != 4)
		return POINT_BAD_FORM;
	return check_uncompressed(grp, point, len);
}

/* (x : z) = 2 (x : z) on v^2 = u^3 + a u^2 + u and on its twist (RFC 7748 5). */
static void montgomery_double(
	const struct modulus *f, struct residue *x, struct residue *z, const struct residue *a)
{
	struct residue xx, zz, xz, t;

	mod_sqr(f, &xx, x);
	mod_sqr(f, &zz, z);
	mod_mul(f, &xz, x, z);
	mod_sub(f, x, &xx, &zz);
	mod_sqr(f, x, x);
	mod_mul(f, &t, &xz, a);
	mod_add(f, &t, &t, &xx);
	mod_add(f, &t, &t, &zz);
	mod_mul(f, z, &xz, &t);
	mod_add(f, z, z, z);
	mod_add(f, z, z, z);
}

/*
 * Private keys are multiples of the cofactor (8, and 4 for X448), so a point that the cofactor
 * takes to infinity gives zero with every key. All other values are fine, also those that are not
 * below the prime (RFC 7748 5).
 */
static enum point_state check_montgomery(const mbedtls_ecp_group *grp, struct bytes point)
{
	const bool is_448 = grp->pbits == 448;
	uint8_t prime[MOD_BYTES], number[MOD_BYTES] = { 0 };
	struct modulus f;
	struct residue x, z, a;

	if (point.len != (grp->pbits + 7) / 8)
		return POINT_BAD_LENGTH;
	if (mbedtls_mpi_write_binary(&grp->P, prime, sizeof(prime)) != 0 ||
		!mod_init(&f, bytes_of(prime, sizeof(prime))))
		return POINT_UNCHECKED;
	for (size_t i = 0; i < point.len; i++)
		number[i] = point.data[point.len - 1 - i];
	if (!is_448)
		number[0] &= 0x7f;
	if (!mod_read_wrapped(&f, bytes_of(number, point.len), &x))
		return POINT_UNCHECKED;
	z = f.one;
	a = mod_small(&f, is_448 ? 156326 : 486662);
	/* Three times: cofactor 8. Of curve448 it is 4, and zero stays zero. */
	montgomery_double(&f, &x, &z, &a);
	montgomery_double(&f, &x, &z, &a);
	montgomery_double(&f, &x, &z, &a);
	return mod_is_zero(&f, &z) ? POINT_LOW_ORDER : POINT_ON_CURVE;
}

enum point_state crypto_point_check(uint16_t group, struct bytes point)
{
	const enum curve_shape shape = group_shape(group);
	enum point_state state = POINT_UNCHECKED;
	mbedtls_ecp_group grp;

	if (shape == CURVE_UNKNOWN || point.len == 0)
		return POINT_UNCHECKED;
	mbedtls_ecp_group_init(&grp);
	if (group_load(group, &grp)) {
		state = shape == CURVE_MONTGOMERY ? check_montgomery(&grp, point)
						  : check_weierstrass(group, &grp, point);
	}
	mbedtls_ecp_group_free(&grp);
	return state;
}

bool crypto_point_x_on_curve(uint16_t group, struct bytes x)
{
	struct affine a;
	struct curve c;
	struct residue in;

	return curve_load(group, &c) && mod_read(&c.p, x, &in) && curve_lift(&c, &in, false, &a);
}
