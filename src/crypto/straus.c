/*
 * u P + v Q in one pass (Straus 1964): both share their doublings, and each adds a small odd multiple of its
 * point at about every sixth bit.
 */
#include "crypto/curve.h"

#include "base/array.h"

enum {
	WIDTH = 5,
	MULTIPLES = 1 << (WIDTH - 2), /* P, 3P, ... 15P */
};

/* A scalar as digits that are zero or odd, of which of any WIDTH neighbours one is not zero. */
struct digits {
	int8_t at[8 * MOD_BYTES + 1]; /* recoding may carry into one more */
	size_t n;
};

static unsigned bit_of(const uint8_t *number, size_t len, size_t i)
{
	return i < 8 * len ? (unsigned)number[len - 1 - i / 8] >> i % 8 & 1U : 0;
}

static void recode(const struct curve *c, const struct residue *scalar, struct digits *out)
{
	uint8_t number[MOD_BYTES];
	const size_t len = c->n.len;
	unsigned carry = 0;

	*out = (struct digits){ .n = 8 * len + 1 };
	mod_write(&c->n, scalar, number);
	for (size_t i = 0; i < out->n;) {
		int digit = (int)carry;

		if (bit_of(number, len, i) == carry) {
			i++;
			continue;
		}
		for (unsigned j = 0; j < WIDTH; j++)
			digit += (int)(bit_of(number, len, i + j) << j);
		carry = digit >= 1 << (WIDTH - 1);
		out->at[i] = (int8_t)(carry ? digit - (1 << WIDTH) : digit);
		i += WIDTH;
	}
}

struct tables {
	struct affine of[2][MULTIPLES];
};

/* The order of the curve is a prime, and far above 15: none of these is at infinity. */
static void fill(const struct curve *c, struct tables *t, const struct affine *const points[2])
{
	struct jacobian doubles[2], odd[2 * MULTIPLES];
	struct affine steps[2];

	for (size_t i = 0; i < 2; i++) {
		odd[i * MULTIPLES] = curve_from_affine(c, points[i]);
		curve_double(c, &doubles[i], &odd[i * MULTIPLES]);
	}
	curve_normalize(c, steps, doubles, 2);
	for (size_t i = 0; i < 2; i++) {
		struct jacobian *next = odd + i * MULTIPLES;

		for (size_t j = 1; j < MULTIPLES; j++, next++)
			curve_add(c, &next[1], next, &steps[i]);
	}
	curve_normalize(c, t->of[0], odd, COUNT(odd));
}

static void add_digit(const struct curve *c, struct jacobian *sum, int digit,
	const struct affine multiples[static MULTIPLES])
{
	struct affine a;

	if (digit == 0)
		return;
	a = multiples[(digit < 0 ? -digit : digit) / 2];
	if (digit < 0)
		mod_neg(&c->p, &a.y, &a.y);
	curve_add(c, sum, sum, &a);
}

struct jacobian curve_multiply_both(const struct curve *c, const struct residue *u,
	const struct affine *p, const struct residue *v, const struct affine *q)
{
	struct jacobian sum = curve_infinity();
	struct digits du, dv;
	struct tables t;

	fill(c, &t, (const struct affine *const[2]){ p, q });
	recode(c, u, &du);
	recode(c, v, &dv);
	for (size_t i = du.n; i-- > 0;) {
		curve_double(c, &sum, &sum);
		add_digit(c, &sum, du.at[i], t.of[0]);
		add_digit(c, &sum, dv.at[i], t.of[1]);
	}
	return sum;
}
