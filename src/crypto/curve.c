/*
 * Points are Jacobian inside and affine at the border. Values are public: nothing here is
 * constant-time.
 */
#include "crypto/curve.h"

#include "crypto/group.h"
#include "crypto/library.h"

/* A number of the library's, which is not negative and fits, as an element. */
static bool read_mpi(const struct modulus *f, const mbedtls_mpi *number, struct residue *out)
{
	uint8_t buf[MOD_BYTES];

	return library_ok(mbedtls_mpi_write_binary(number, buf, sizeof(buf))) &&
	       mod_read(f, bytes_of(buf, sizeof(buf)), out);
}

static bool init_from_mpi(struct modulus *f, const mbedtls_mpi *modulus)
{
	uint8_t buf[MOD_BYTES];

	return library_ok(mbedtls_mpi_write_binary(modulus, buf, sizeof(buf))) &&
	       mod_init(f, bytes_of(buf, sizeof(buf)));
}

static bool read_generator(struct curve *c, const mbedtls_ecp_group *from)
{
	uint8_t buf[POINT_MAX];
	size_t len;

	return library_ok(mbedtls_ecp_point_write_binary(
		       from, &from->G, MBEDTLS_ECP_PF_UNCOMPRESSED, &len, buf, sizeof(buf))) &&
	       len == 1 + 2 * c->p.len && mod_read(&c->p, bytes_of(buf + 1, c->p.len), &c->g.x) &&
	       mod_read(&c->p, bytes_of(buf + 1 + c->p.len, c->p.len), &c->g.y);
}

/* y^2 - x^3 - ax */
static struct residue constant_term(const struct curve *c, const struct affine *at)
{
	const struct modulus *f = &c->p;
	struct residue left, right;

	mod_sqr(f, &right, &at->x);
	mod_add(f, &right, &right, &c->a);
	mod_mul(f, &right, &right, &at->x);
	mod_sqr(f, &left, &at->y);
	mod_sub(f, &left, &left, &right);
	return left;
}

/*
 * The library leaves `a` unset where it is -3, and how to see that differs between its versions;
 * the generator's equation gives it in any: a = (y^2 - x^3 - b) / x.
 */
static void find_a(struct curve *c)
{
	const struct modulus *f = &c->p;
	struct residue inverse, three = mod_small(f, 3);

	c->a = (struct residue){ { 0 } };
	c->a = constant_term(c, &c->g);
	mod_sub(f, &c->a, &c->a, &c->b);
	mod_inv(f, &inverse, &c->g.x);
	mod_mul(f, &c->a, &c->a, &inverse);

	c->a_is_zero = mod_is_zero(f, &c->a);
	mod_add(f, &three, &three, &c->a);
	c->a_is_minus_3 = mod_is_zero(f, &three);
}

bool curve_load(uint16_t group, struct curve *out)
{
	mbedtls_ecp_group from;
	bool ok;

	if (group_shape(group) != CURVE_WEIERSTRASS)
		return false;
	mbedtls_ecp_group_init(&from);
	ok = group_load(group, &from) && init_from_mpi(&out->p, &from.P) &&
	     init_from_mpi(&out->n, &from.N) && read_mpi(&out->p, &from.B, &out->b) &&
	     read_generator(out, &from);
	mbedtls_ecp_group_free(&from);
	if (ok) {
		out->group = group;
		find_a(out);
	}
	return ok;
}

bool curve_lift(const struct curve *c, const struct residue *x, bool odd_y, struct affine *out)
{
	const struct modulus *f = &c->p;
	struct residue square;

	mod_sqr(f, &square, x);
	mod_add(f, &square, &square, &c->a);
	mod_mul(f, &square, &square, x);
	mod_add(f, &square, &square, &c->b);
	if (!mod_sqrt(f, &out->y, &square))
		return false;
	out->x = *x;
	if (mod_is_odd(f, &out->y) != odd_y)
		mod_neg(f, &out->y, &out->y);
	return true;
}

bool curve_read(const struct curve *c, struct bytes point, struct affine *out)
{
	size_t len = c->p.len;
	struct bytes x = bytes_slice(point, 1, len), y = bytes_slice(point, 1 + len, len);
	struct residue b, in;

	if (point.len == 1 + len && (point.data[0] == 2 || point.data[0] == 3))
		return mod_read(&c->p, x, &in) && curve_lift(c, &in, point.data[0] == 3, out);
	if (point.len != 1 + 2 * len || point.data[0] != 4 || !mod_read(&c->p, x, &out->x) ||
		!mod_read(&c->p, y, &out->y))
		return false;
	b = constant_term(c, out);
	return mod_equal(&c->p, &b, &c->b);
}

void curve_write(const struct curve *c, const struct affine *a, struct point *out)
{
	*out = (struct point){ .len = 1 + 2 * c->p.len };
	out->data[0] = 4;
	mod_write(&c->p, &a->x, out->data + 1);
	mod_write(&c->p, &a->y, out->data + 1 + c->p.len);
}

struct jacobian curve_infinity(void)
{
	return (struct jacobian){ .z = { { 0 } } };
}

struct jacobian curve_from_affine(const struct curve *c, const struct affine *a)
{
	return (struct jacobian){ a->x, a->y, c->p.one };
}

bool curve_is_infinity(const struct curve *c, const struct jacobian *a)
{
	return mod_is_zero(&c->p, &a->z);
}

/* 3x^2 + az^4 */
static struct residue tangent(const struct curve *c, const struct jacobian *a)
{
	const struct modulus *f = &c->p;
	struct residue zz, sum, t;

	if (c->a_is_minus_3) { /* 3(x - z^2)(x + z^2) */
		mod_sqr(f, &zz, &a->z);
		mod_add(f, &sum, &a->x, &zz);
		mod_sub(f, &t, &a->x, &zz);
		mod_mul(f, &t, &t, &sum);
	} else {
		mod_sqr(f, &t, &a->x);
	}
	mod_add(f, &sum, &t, &t);
	mod_add(f, &t, &sum, &t);
	if (!c->a_is_minus_3 && !c->a_is_zero) {
		mod_sqr(f, &zz, &a->z);
		mod_sqr(f, &zz, &zz);
		mod_mul(f, &zz, &zz, &c->a);
		mod_add(f, &t, &t, &zz);
	}
	return t;
}

/* Infinity stays infinity by itself: z' = 2yz. */
void curve_double(const struct curve *c, struct jacobian *out, const struct jacobian *a)
{
	const struct modulus *f = &c->p;
	struct residue slope = tangent(c, a), yy, s, x, y, z;

	mod_mul(f, &z, &a->y, &a->z);
	mod_add(f, &z, &z, &z);
	mod_sqr(f, &yy, &a->y);
	mod_add(f, &yy, &yy, &yy); /* 2y^2 */
	mod_mul(f, &s, &a->x, &yy);
	mod_add(f, &s, &s, &s); /* 4xy^2 */
	mod_sqr(f, &x, &slope);
	mod_sub(f, &x, &x, &s);
	mod_sub(f, &x, &x, &s);
	mod_sub(f, &s, &s, &x);
	mod_mul(f, &y, &slope, &s);
	mod_sqr(f, &yy, &yy);
	mod_add(f, &yy, &yy, &yy); /* 8y^4 */
	mod_sub(f, &y, &y, &yy);
	*out = (struct jacobian){ x, y, z };
}

void curve_add(const struct curve *c, struct jacobian *out, const struct jacobian *a,
	const struct affine *b)
{
	const struct modulus *f = &c->p;
	struct residue zz, h, r, hh, hhh, v, x, y, z;

	if (curve_is_infinity(c, a)) {
		*out = curve_from_affine(c, b);
		return;
	}
	mod_sqr(f, &zz, &a->z);
	mod_mul(f, &h, &b->x, &zz);
	mod_sub(f, &h, &h, &a->x);
	mod_mul(f, &zz, &zz, &a->z);
	mod_mul(f, &r, &b->y, &zz);
	mod_sub(f, &r, &r, &a->y);
	if (mod_is_zero(f, &h)) {
		if (mod_is_zero(f, &r))
			curve_double(c, out, a);
		else
			*out = curve_infinity();
		return;
	}
	mod_mul(f, &z, &a->z, &h);
	mod_sqr(f, &hh, &h);
	mod_mul(f, &hhh, &hh, &h);
	mod_mul(f, &v, &a->x, &hh);
	mod_sqr(f, &x, &r);
	mod_sub(f, &x, &x, &hhh);
	mod_sub(f, &x, &x, &v);
	mod_sub(f, &x, &x, &v);
	mod_sub(f, &v, &v, &x);
	mod_mul(f, &y, &r, &v);
	mod_mul(f, &hhh, &hhh, &a->y);
	mod_sub(f, &y, &y, &hhh);
	*out = (struct jacobian){ x, y, z };
}

struct jacobian curve_multiply(
	const struct curve *c, const struct affine *a, const struct residue *scalar)
{
	struct jacobian sum = curve_infinity();
	uint8_t bits[MOD_BYTES];

	mod_write(&c->n, scalar, bits);
	for (size_t i = 0; i < 8 * c->n.len; i++) {
		curve_double(c, &sum, &sum);
		if (bits[i / 8] >> (7 - i % 8) & 1)
			curve_add(c, &sum, &sum, a);
	}
	return sum;
}

bool curve_same(const struct curve *c, const struct jacobian *a, const struct affine *b)
{
	const struct modulus *f = &c->p;
	struct residue zz, t;

	mod_sqr(f, &zz, &a->z);
	mod_mul(f, &t, &b->x, &zz);
	if (!mod_equal(f, &t, &a->x))
		return false;
	mod_mul(f, &zz, &zz, &a->z);
	mod_mul(f, &t, &b->y, &zz);
	return mod_equal(f, &t, &a->y);
}

/* inverse: of the point's z. */
static struct affine scaled(
	const struct curve *c, const struct jacobian *a, const struct residue *inverse)
{
	const struct modulus *f = &c->p;
	struct residue power;
	struct affine out;

	mod_sqr(f, &power, inverse);
	mod_mul(f, &out.x, &a->x, &power);
	mod_mul(f, &power, &power, inverse);
	mod_mul(f, &out.y, &a->y, &power);
	return out;
}

struct affine curve_affine(const struct curve *c, const struct jacobian *a)
{
	struct residue inverse;

	mod_inv(&c->p, &inverse, &a->z);
	return scaled(c, a, &inverse);
}

/* Montgomery's trick: the inverse of the product of all z gives each one's by multiplication. */
void curve_normalize(const struct curve *c, struct affine *out, const struct jacobian *in, size_t n)
{
	const struct modulus *f = &c->p;
	struct residue before[CURVE_BATCH], inverse = f->one, own;

	for (size_t i = 0; i < n; i++) {
		before[i] = inverse;
		mod_mul(f, &inverse, &inverse, &in[i].z);
	}
	mod_inv(f, &inverse, &inverse);
	for (size_t i = n; i-- > 0;) {
		mod_mul(f, &own, &inverse, &before[i]);
		mod_mul(f, &inverse, &inverse, &in[i].z);
		out[i] = scaled(c, &in[i], &own);
	}
}

struct residue curve_digest_scalar(const struct curve *c, const struct digest *digest)
{
	struct bytes left = bytes_slice(bytes_of(digest->data, digest->len), 0, c->n.len);
	/* Of a digest as long as n the last byte is cut; of a shorter one nothing is. */
	size_t surplus = left.len == c->n.len ? 8 * c->n.len - c->n.bits : 0;
	uint8_t cut[DIGEST_MAX];
	unsigned above = 0;
	struct residue out;

	for (size_t i = 0; i < left.len; i++) {
		above = above << 8 | left.data[i];
		cut[i] = (uint8_t)(above >> surplus);
	}
	(void)mod_read_wrapped(&c->n, bytes_of(cut, left.len), &out);
	return out;
}
