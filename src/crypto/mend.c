/*
 * One wrong byte in r or s. A byte at 256^k that is off by d moves s R by d 256^k R, and the point
 * that r should be the x of by d 256^k Q / s: so the next trial is one addition away from the last.
 *
 * The fast arithmetic only proposes: a hit counts when the library verifies it too.
 */
#include "crypto/ecdsa.h"

struct mender {
	struct curve curve;
	struct residue r, s, z; /* scalars as sent */
	struct bytes number[2]; /* r and s as sent, no longer than n */
	size_t skipped[2];      /* zeros in front that make them so */
	struct point q;
	const struct digest *digest;
	struct ecdsa_mended *out;
};

/* Is x the x-coordinate of this point? */
static bool has_x(const struct curve *c, const struct jacobian *a, const struct residue *x)
{
	struct residue zz;

	if (curve_is_infinity(c, a))
		return false;
	mod_sqr(&c->p, &zz, &a->z);
	mod_mul(&c->p, &zz, &zz, x);
	return mod_equal(&c->p, &zz, &a->x);
}

/* Puts the byte at `at` of r or s (0, 1) right and asks the library. */
static bool confirm(const struct mender *m, int which, size_t at, uint8_t byte)
{
	uint8_t bytes[MOD_BYTES];
	struct bytes fixed = bytes_of(bytes, m->number[which].len);

	memcpy(bytes, m->number[which].data, fixed.len);
	bytes[at] = byte;
	if (crypto_ecdsa_verify_rs(m->curve.group, bytes_of(m->q.data, m->q.len), m->digest,
		    which == 0 ? fixed : m->number[0], which == 1 ? fixed : m->number[1])
			.state != PROOF_VALID)
		return false;
	*m->out = (struct ecdsa_mended){ which == 1, m->skipped[which] + at, byte };
	return true;
}

/* The walk of one byte through its other values, upwards or downwards. */
struct walk {
	int which;         /* r 0, s 1 */
	size_t at;         /* of the byte in its number */
	int step;          /* 1 or -1 */
	struct affine by;  /* what a step adds to the point */
	struct residue dx; /* what it adds to the x looked for; zero for s */
};

static bool walk_byte(const struct mender *m, const struct walk *w, const struct jacobian *start,
	const struct residue *x)
{
	const struct curve *c = &m->curve;
	struct jacobian at = *start;
	struct residue want = *x;

	for (int byte = m->number[w->which].data[w->at] + w->step; byte >= 0 && byte <= 255;
		byte += w->step) {
		curve_add(c, &at, &at, &w->by);
		mod_add(&c->p, &want, &want, &w->dx);
		if (has_x(c, &at, &want) && confirm(m, w->which, w->at, (uint8_t)byte))
			return true;
	}
	return false;
}

static bool walk_number(const struct mender *m, int which, const struct jacobian *start,
	const struct affine *unit, const struct residue *x)
{
	const struct curve *c = &m->curve;
	struct residue dx = which == 0 ? mod_small(&c->p, 1) : mod_small(&c->p, 0);
	struct affine by = *unit;

	for (size_t i = m->number[which].len; i-- > 0;) {
		struct walk up = { which, i, 1, by, dx }, down = { which, i, -1, by, dx };
		struct jacobian next = curve_from_affine(c, &by);

		mod_neg(&c->p, &down.by.y, &down.by.y);
		mod_neg(&c->p, &down.dx, &down.dx);
		if (walk_byte(m, &up, start, x) || walk_byte(m, &down, start, x))
			return true;
		for (int bit = 0; bit < 8; bit++) {
			curve_double(c, &next, &next);
			mod_add(&c->p, &dx, &dx, &dx);
		}
		by = curve_affine(c, &next);
	}
	return false;
}

/*
 * s' R must be z G + r Q but for the sign. R has r as its x; that it has r + n is as likely as one of 2^96 or
 * more, and is left out.
 */
static bool mend_s(const struct mender *m, const struct jacobian *sum)
{
	const struct curve *c = &m->curve;
	const struct affine due = curve_affine(c, sum);
	struct affine nonces[NONCE_POINTS_MAX];
	struct jacobian sr;

	if (ecdsa_nonce_points(c, m->number[0], nonces) == 0)
		return false;
	sr = curve_multiply(c, &nonces[0], &m->s);
	return walk_number(m, 1, &sr, &nonces[0], &due.x);
}

/* (z G + r' Q) / s must have r' as its x. */
static bool mend_r(const struct mender *m, const struct jacobian *sum, const struct affine *q)
{
	const struct curve *c = &m->curve;
	const struct affine due = curve_affine(c, sum);
	struct residue inverse, x;
	struct affine unit;
	struct jacobian start, step;

	if (!mod_read_wrapped(&c->p, m->number[0], &x))
		return false;
	mod_inv(&c->n, &inverse, &m->s);
	start = curve_multiply(c, &due, &inverse);
	step = curve_multiply(c, q, &inverse);
	unit = curve_affine(c, &step);
	return walk_number(m, 0, &start, &unit, &x);
}

static bool read_number(struct mender *m, int which, struct bytes b, struct residue *out)
{
	size_t *skipped = &m->skipped[which];

	while (b.len > *skipped + m->curve.n.len && b.data[*skipped] == 0)
		++*skipped;
	m->number[which] = bytes_slice(b, *skipped, b.len);
	return mod_read_wrapped(&m->curve.n, m->number[which], out);
}

bool crypto_ecdsa_mend(uint16_t group, struct bytes q, const struct digest *digest, struct bytes r,
	struct bytes s, struct ecdsa_mended *out)
{
	struct mender m = { .digest = digest, .out = out };
	struct affine key, zg_affine;
	struct jacobian zg, sum;

	if (!curve_load(group, &m.curve) || !curve_read(&m.curve, q, &key) ||
		!read_number(&m, 0, r, &m.r) || !read_number(&m, 1, s, &m.s))
		return false;
	curve_write(&m.curve, &key, &m.q);
	m.z = curve_digest_scalar(&m.curve, digest);
	zg = curve_multiply(&m.curve, &m.curve.g, &m.z);
	sum = curve_multiply(&m.curve, &key, &m.r);
	if (!curve_is_infinity(&m.curve, &zg)) {
		zg_affine = curve_affine(&m.curve, &zg);
		curve_add(&m.curve, &sum, &sum, &zg_affine);
	}
	if (curve_is_infinity(&m.curve, &sum) || mod_is_zero(&m.curve.n, &m.s))
		return false;
	return mend_r(&m, &sum, &key) || mend_s(&m, &sum);
}
