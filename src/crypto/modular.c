/* Numbers in and out of Montgomery form, and what can be done with them there. */
#include "crypto/modular.h"

#include "crypto/limbs.h"

/*
 * What every addition of points calls a dozen times is inlined once for each usual length, so that the
 * compiler can unroll the loops: that is what makes trials fast.
 */
#define ONCE_FOR_EACH static inline __attribute__((always_inline))
#define AT_LENGTH(length, call)                                                                    \
	switch (length) {                                                                          \
	case 3:                                                                                    \
		call(3);                                                                           \
		break;                                                                             \
	case 4:                                                                                    \
		call(4);                                                                           \
		break;                                                                             \
	case 6:                                                                                    \
		call(6);                                                                           \
		break;                                                                             \
	case 8:                                                                                    \
		call(8);                                                                           \
		break;                                                                             \
	case 9:                                                                                    \
		call(9);                                                                           \
		break;                                                                             \
	default:                                                                                   \
		call(length);                                                                      \
		break;                                                                             \
	}

static const struct residue zero;

/* t has n + 1 limbs and is below twice the modulus. */
ONCE_FOR_EACH void reduce_once(const struct modulus *f, limb *out, const limb *t, size_t n)
{
	limb less[MOD_LIMBS];
	limb keep = limbs_sub(less, t, f->m.v, n) > t[n] ? (limb)-1 : 0;

	for (size_t i = 0; i < n; i++)
		out[i] = (t[i] & keep) | (less[i] & ~keep);
}

/* One column of a product, and what it carries into the next. */
struct column {
	wide low;
	limb high;
};

ONCE_FOR_EACH void column_add(struct column *c, limb a, limb b)
{
	c->high += __builtin_add_overflow(c->low, (wide)a * b, &c->low);
}

ONCE_FOR_EACH limb column_next(struct column *c)
{
	const limb done = (limb)c->low;

	*c = (struct column){ c->low >> LIMB_BITS | (wide)c->high << LIMB_BITS, 0 };
	return done;
}

/* Finely integrated product scanning (Koc, Acar, Kaliski 1996): column by column, a b and q m together,
 * where q makes the lower half zero. */
ONCE_FOR_EACH void multiply(
	const struct modulus *f, limb *out, const limb *a, const limb *b, size_t n)
{
	limb t[MOD_LIMBS + 1] = { 0 }, q[MOD_LIMBS] = { 0 };
	struct column c = { 0, 0 };

#pragma GCC unroll 9
	for (size_t i = 0; i < n; i++) {
#pragma GCC unroll 9
		for (size_t j = 0; j < i; j++) {
			column_add(&c, a[j], b[i - j]);
			column_add(&c, q[j], f->m.v[i - j]);
		}
		column_add(&c, a[i], b[0]);
		q[i] = (limb)((limb)c.low * f->neg_inv);
		column_add(&c, q[i], f->m.v[0]);
		(void)column_next(&c);
	}
#pragma GCC unroll 9
	for (size_t i = n; i < 2 * n - 1; i++) {
#pragma GCC unroll 9
		for (size_t j = i - n + 1; j < n; j++) {
			column_add(&c, a[j], b[i - j]);
			column_add(&c, q[j], f->m.v[i - j]);
		}
		t[i - n] = column_next(&c);
	}
	t[n - 1] = column_next(&c);
	t[n] = (limb)c.low;
	reduce_once(f, out, t, n);
}

ONCE_FOR_EACH void add(const struct modulus *f, limb *out, const limb *a, const limb *b, size_t n)
{
	limb t[MOD_LIMBS + 1];

	t[n] = limbs_add(t, a, b, n);
	reduce_once(f, out, t, n);
}

ONCE_FOR_EACH void subtract(
	const struct modulus *f, limb *out, const limb *a, const limb *b, size_t n)
{
	limb t[MOD_LIMBS], more[MOD_LIMBS];
	const limb keep = limbs_sub(t, a, b, n) != 0 ? 0 : (limb)-1;

	(void)limbs_add(more, t, f->m.v, n);
	for (size_t i = 0; i < n; i++)
		out[i] = (t[i] & keep) | (more[i] & ~keep);
}

static inline void clear_above(struct residue *a, size_t n)
{
	for (size_t i = n; i < MOD_LIMBS; i++)
		a->v[i] = 0;
}

void mod_mul(const struct modulus *f, struct residue *out, const struct residue *a,
	const struct residue *b)
{
#define CALL(n) multiply(f, out->v, a->v, b->v, n)
	AT_LENGTH(f->n, CALL)
#undef CALL
	clear_above(out, f->n);
}

void mod_sqr(const struct modulus *f, struct residue *out, const struct residue *a)
{
	mod_mul(f, out, a, a);
}

void mod_add(const struct modulus *f, struct residue *out, const struct residue *a,
	const struct residue *b)
{
#define CALL(n) add(f, out->v, a->v, b->v, n)
	AT_LENGTH(f->n, CALL)
#undef CALL
	clear_above(out, f->n);
}

void mod_sub(const struct modulus *f, struct residue *out, const struct residue *a,
	const struct residue *b)
{
#define CALL(n) subtract(f, out->v, a->v, b->v, n)
	AT_LENGTH(f->n, CALL)
#undef CALL
	clear_above(out, f->n);
}

void mod_neg(const struct modulus *f, struct residue *out, const struct residue *a)
{
	mod_sub(f, out, &zero, a);
}

bool mod_is_zero(const struct modulus *f, const struct residue *a)
{
	limb any = 0;

	for (size_t i = 0; i < f->n; i++)
		any |= a->v[i];
	return any == 0;
}

bool mod_equal(const struct modulus *f, const struct residue *a, const struct residue *b)
{
	return memcmp(a->v, b->v, f->n * sizeof(limb)) == 0;
}

/* Newton: each round doubles the number of right bits; m * m = 1 modulo 8 starts with three. */
static limb negative_inverse(limb m)
{
	limb x = m;

	for (unsigned bits = 3; bits < LIMB_BITS; bits *= 2)
		x = (limb)(x * (2 - m * x));
	return (limb)(0 - x);
}

bool mod_init(struct modulus *f, struct bytes modulus)
{
	struct bytes m = bytes_skip_zeros(modulus);

	if (m.len == 0 || m.len > MOD_BYTES || m.data[m.len - 1] % 2 == 0 ||
		(m.len == 1 && m.data[0] < 3))
		return false;
	*f = (struct modulus){ .len = m.len, .m = limbs_read(m) };
	f->n = (m.len + sizeof(limb) - 1) / sizeof(limb);
	for (f->bits = 8 * m.len; !limbs_bit(&f->m, f->bits - 1);)
		f->bits--;
	f->neg_inv = negative_inverse(f->m.v[0]);

	f->rr.v[0] = 1;
	for (size_t i = 0; i < 2 * f->n * LIMB_BITS; i++) {
		if (i == f->n * LIMB_BITS)
			f->one = f->rr;
		mod_add(f, &f->rr, &f->rr, &f->rr);
	}
	return true;
}

bool mod_read(const struct modulus *f, struct bytes number, struct residue *out)
{
	struct bytes b = bytes_skip_zeros(number);
	struct residue plain;

	if (b.len > f->len)
		return false;
	plain = limbs_read(b);
	if (!limbs_below(plain.v, f->m.v, f->n))
		return false;
	mod_mul(f, out, &plain, &f->rr);
	return true;
}

bool mod_read_wrapped(const struct modulus *f, struct bytes number, struct residue *out)
{
	struct bytes b = bytes_skip_zeros(number);
	limb t[MOD_LIMBS + 1] = { 0 };
	struct residue plain;

	if (b.len > f->len)
		return false;
	plain = limbs_read(b);
	memcpy(t, plain.v, sizeof(plain.v));
	reduce_once(f, plain.v, t, f->n);
	if (!limbs_below(plain.v, f->m.v, f->n))
		return false;
	mod_mul(f, out, &plain, &f->rr);
	return true;
}

static struct residue mod_plain(const struct modulus *f, const struct residue *a)
{
	static const struct residue unit = { { 1 } };
	struct residue plain;

	mod_mul(f, &plain, a, &unit);
	return plain;
}

static void limbs_write(const struct residue *plain, size_t len, uint8_t *out)
{
	for (size_t i = 0; i < len; i++) {
		limb v = plain->v[i / sizeof(limb)] >> 8 * (i % sizeof(limb));

		out[len - 1 - i] = (uint8_t)v;
	}
}

void mod_write(const struct modulus *f, const struct residue *a, uint8_t *out)
{
	struct residue plain = mod_plain(f, a);

	limbs_write(&plain, f->len, out);
}

void mod_write_modulus(const struct modulus *f, uint8_t *out)
{
	limbs_write(&f->m, f->len, out);
}

struct residue mod_small(const struct modulus *f, limb value)
{
	struct residue plain = { { value } };

	mod_mul(f, &plain, &plain, &f->rr);
	return plain;
}

bool mod_is_odd(const struct modulus *f, const struct residue *a)
{
	return mod_plain(f, a).v[0] % 2 != 0;
}

bool mod_has_modulus(const struct modulus *f, struct bytes number)
{
	struct bytes b = bytes_skip_zeros(number);
	struct residue plain;

	if (b.len != f->len)
		return false;
	plain = limbs_read(b);
	return memcmp(plain.v, f->m.v, sizeof(plain.v)) == 0;
}

/* exponent is a plain number. */
static void power(const struct modulus *f, struct residue *out, const struct residue *base,
	const struct residue *exponent)
{
	struct residue x = f->one;

	for (size_t bit = f->bits; bit-- > 0;) {
		mod_sqr(f, &x, &x);
		if (limbs_bit(exponent, bit))
			mod_mul(f, &x, &x, base);
	}
	*out = x;
}

/* Fermat: a^(m-2). */
void mod_inv(const struct modulus *f, struct residue *out, const struct residue *a)
{
	static const struct residue two = { { 2 } };
	struct residue exponent = f->m;

	(void)limbs_sub(exponent.v, exponent.v, two.v, f->n);
	power(f, out, a, &exponent);
}

/* Half of the elements are no squares, so a handful of small ones always holds one. */
static bool find_non_square(const struct modulus *f, struct residue *out)
{
	struct residue exponent = f->m, minus_one, symbol;

	limbs_halve(&exponent);
	mod_neg(f, &minus_one, &f->one);
	for (limb i = 2; i < 200; i++) {
		*out = mod_small(f, i);
		power(f, &symbol, out, &exponent);
		if (mod_equal(f, &symbol, &minus_one))
			return true;
	}
	return false;
}

/* How often t has to be squared to give 1, if fewer than `limit` times; else limit. */
static size_t order_exponent(const struct modulus *f, const struct residue *t, size_t limit)
{
	struct residue x = *t;
	size_t k = 0;

	while (k < limit && !mod_equal(f, &x, &f->one)) {
		mod_sqr(f, &x, &x);
		k++;
	}
	return k;
}

/*
 * Tonelli and Shanks, for the primes that are not 3 modulo 4 (the two of 224 bits); for the others
 * the loop ends at once. m - 1 = q * 2^s; throughout x * x = a * t, and t has order 2^k, k < s.
 */
bool mod_sqrt(const struct modulus *f, struct residue *out, const struct residue *a)
{
	struct residue q = f->m, x, t, c;
	size_t s = 0, k;

	*out = *a;
	if (mod_is_zero(f, a))
		return true;
	for (q.v[0] &= ~(limb)1; !limbs_bit(&q, 0); s++)
		limbs_halve(&q);
	if (!find_non_square(f, &c))
		return false;
	power(f, &c, &c, &q);
	limbs_halve(&q); /* (q - 1) / 2 */
	power(f, &x, a, &q);
	mod_sqr(f, &t, &x);
	mod_mul(f, &t, &t, a);
	mod_mul(f, &x, &x, a);

	while ((k = order_exponent(f, &t, s)) != 0) {
		if (k == s)
			return false;
		for (; s > k + 1; s--)
			mod_sqr(f, &c, &c);
		mod_mul(f, &x, &x, &c);
		mod_sqr(f, &c, &c);
		mod_mul(f, &t, &t, &c);
		s = k;
	}
	*out = x;
	return true;
}
