/* What ECDSA signatures give away: the keys that can have made one, the secret that two share. */
#include "crypto/ecdsa.h"

#include "base/secret.h"

bool ecdsa_read_scalar(const struct curve *c, struct bytes number, struct residue *out)
{
	return mod_read(&c->n, number, out) && !mod_is_zero(&c->n, out);
}

/* Reads r + n as a coordinate; false when it is not below p. r is below n. */
static bool read_next_x(const struct curve *c, const struct residue *r, struct residue *out)
{
	uint8_t a[MOD_BYTES], n[MOD_BYTES], sum[MOD_BYTES + 1];
	unsigned carry = 0;
	size_t len = c->n.len;

	mod_write(&c->n, r, a);
	mod_write_modulus(&c->n, n);
	for (size_t i = len; i-- > 0;) {
		carry += (unsigned)a[i] + n[i];
		sum[i + 1] = (uint8_t)carry;
		carry >>= 8;
	}
	sum[0] = (uint8_t)carry;
	return mod_read(&c->p, bytes_of(sum, len + 1), out);
}

/* Is the x-coordinate of a point that is not at infinity r modulo n? Costs no division. */
static bool has_x(const struct curve *c, const struct jacobian *a, const struct residue *x)
{
	struct residue t;

	mod_sqr(&c->p, &t, &a->z);
	mod_mul(&c->p, &t, &t, x);
	return mod_equal(&c->p, &t, &a->x);
}

bool ecdsa_signs(
	uint16_t group, struct bytes q, const struct digest *digest, struct bytes r, struct bytes s)
{
	struct residue u, v, x, z;
	struct affine key;
	struct jacobian sum;
	struct curve c;

	if (!curve_load(group, &c) || !curve_read(&c, q, &key) || !ecdsa_read_scalar(&c, r, &v) ||
		!ecdsa_read_scalar(&c, s, &u))
		return false;
	z = curve_digest_scalar(&c, digest);
	x = v;
	mod_inv(&c.n, &u, &u);
	mod_mul(&c.n, &v, &v, &u);
	mod_mul(&c.n, &u, &u, &z);
	sum = curve_multiply_both(&c, &u, &c.g, &v, &key);
	if (curve_is_infinity(&c, &sum))
		return false;
	z = x;
	return (mod_read(&c.p, r, &x) && has_x(&c, &sum, &x)) ||
	       (read_next_x(&c, &z, &x) && has_x(&c, &sum, &x));
}

size_t ecdsa_nonce_points(
	const struct curve *c, struct bytes r, struct affine out[static NONCE_POINTS_MAX])
{
	struct residue scalar, x;
	size_t n = 0;

	if (!ecdsa_read_scalar(c, r, &scalar))
		return 0;
	if (mod_read(&c->p, r, &x) && curve_lift(c, &x, false, &out[n]))
		n++;
	if (read_next_x(c, &scalar, &x) && curve_lift(c, &x, false, &out[n]))
		n++;
	return n;
}

bool crypto_ecdsa_r_is_no_point(uint16_t group, struct bytes r)
{
	struct affine nonces[NONCE_POINTS_MAX];
	struct residue scalar;
	struct curve c;

	return curve_load(group, &c) && ecdsa_read_scalar(&c, r, &scalar) &&
	       ecdsa_nonce_points(&c, r, nonces) == 0;
}

bool crypto_ecdsa_r_is_no_nonce(uint16_t group, struct bytes r)
{
	struct affine nonces[NONCE_POINTS_MAX];
	struct curve c;

	return curve_load(group, &c) && ecdsa_nonce_points(&c, r, nonces) == 0;
}

const char *crypto_ecdsa_out_of_range(uint16_t group, const struct ecdsa_signature *signature)
{
	struct residue scalar;
	struct curve c;

	if (!signature->readable || !curve_load(group, &c))
		return NULL;
	if (!ecdsa_read_scalar(&c, signature->r, &scalar))
		return "r";
	return ecdsa_read_scalar(&c, signature->s, &scalar) ? NULL : "s";
}

/* Q = (s/r) R - (z/r) G, for R and for -R. */
static size_t recover_both(const struct curve *c, const struct affine *nonce,
	const struct residue *u, const struct jacobian *minus_zg, struct point *out)
{
	struct jacobian sr = curve_multiply(c, nonce, u), sum;
	struct affine zg, q;
	size_t n = 0;

	if (!curve_is_infinity(c, minus_zg))
		zg = curve_affine(c, minus_zg);
	for (int sign = 0; sign < 2; sign++) {
		sum = sr;
		if (!curve_is_infinity(c, minus_zg))
			curve_add(c, &sum, &sum, &zg);
		if (!curve_is_infinity(c, &sum)) {
			q = curve_affine(c, &sum);
			curve_write(c, &q, &out[n++]);
		}
		mod_neg(&c->p, &sr.y, &sr.y);
	}
	return n;
}

size_t crypto_ecdsa_recover(uint16_t group, const struct digest *digest, struct bytes r,
	struct bytes s, struct point out[static RECOVERED_MAX])
{
	struct affine nonces[NONCE_POINTS_MAX];
	struct residue r_scalar, s_scalar, z, inverse;
	struct jacobian minus_zg;
	struct curve c;
	size_t n = 0, n_nonces;

	if (!curve_load(group, &c) || !ecdsa_read_scalar(&c, r, &r_scalar) ||
		!ecdsa_read_scalar(&c, s, &s_scalar))
		return 0;
	n_nonces = ecdsa_nonce_points(&c, r, nonces);
	mod_inv(&c.n, &inverse, &r_scalar);
	z = curve_digest_scalar(&c, digest);
	mod_mul(&c.n, &z, &z, &inverse);
	mod_neg(&c.n, &z, &z);
	minus_zg = curve_multiply(&c, &c.g, &z);
	mod_mul(&c.n, &s_scalar, &s_scalar, &inverse);
	for (size_t i = 0; i < n_nonces; i++)
		n += recover_both(&c, &nonces[i], &s_scalar, &minus_zg, &out[n]);
	return n;
}

/* Does this private key make this public key? */
static bool key_makes(const struct curve *c, const struct residue *d, const struct affine *q)
{
	struct jacobian have = curve_multiply(c, &c->g, d);

	return !curve_is_infinity(c, &have) && curve_same(c, &have, q);
}

struct twins {
	struct residue z[2], s[2], r[2];
};

/* With k = (z1 - z2) / divisor, is d = (s1 k - z1) / r the key of q? */
static bool divisor_reveals(const struct curve *c, const struct twins *t,
	const struct residue *divisor, const struct affine *q)
{
	const struct modulus *f = &c->n;
	struct residue k, d, inverse;
	bool hit;

	mod_inv(f, &inverse, divisor);
	mod_sub(f, &k, &t->z[0], &t->z[1]);
	mod_mul(f, &k, &k, &inverse);
	mod_mul(f, &d, &t->s[0], &k);
	mod_sub(f, &d, &d, &t->z[0]);
	mod_inv(f, &inverse, &t->r[0]);
	mod_mul(f, &d, &d, &inverse);
	hit = key_makes(c, &d, q);
	wipe(&k, sizeof(k));
	wipe(&d, sizeof(d));
	return hit;
}

/*
 * s1 = (z1 + r d) / k and s2 = (z2 + r d) / k give k = (z1 - z2) / (s1 - s2), then d. A signer may
 * send n - s for s (both are valid), which stands for the nonce -k; then s1 + s2 divides.
 */
static bool reveals(const struct curve *c, const struct twins *t, const struct affine *q)
{
	struct residue difference, sum;

	mod_sub(&c->n, &difference, &t->s[0], &t->s[1]);
	mod_add(&c->n, &sum, &t->s[0], &t->s[1]);
	return divisor_reveals(c, t, &difference, q) || divisor_reveals(c, t, &sum, q);
}

bool crypto_ecdsa_nonce_reuse(uint16_t group, struct bytes q, const struct digest digest[2],
	const struct ecdsa_signature signature[2])
{
	struct twins t;
	struct affine point;
	struct curve c;

	if (!curve_load(group, &c) || !curve_read(&c, q, &point))
		return false;
	for (int i = 0; i < 2; i++) {
		if (!ecdsa_read_scalar(&c, signature[i].r, &t.r[i]) ||
			!ecdsa_read_scalar(&c, signature[i].s, &t.s[i]))
			return false;
		t.z[i] = curve_digest_scalar(&c, &digest[i]);
	}
	return mod_equal(&c.n, &t.r[0], &t.r[1]) && reveals(&c, &t, &point);
}
