/* Small multiples of the generator: what a private key of 1, 2, 3, ... makes. */
#include "base/memory.h"
#include "crypto/curve.h"

#include <stdlib.h>

enum { STEP = CURVE_BATCH }; /* baby and giant steps: STEP * STEP multiples */

bool crypto_point_multiple(uint16_t group, uint32_t k, struct point *out)
{
	const uint8_t number[] = { (uint8_t)(k >> 24), (uint8_t)(k >> 16), (uint8_t)(k >> 8),
		(uint8_t)k };
	struct jacobian sum;
	struct affine a;
	struct curve c;
	struct residue scalar;

	if (k == 0 || !curve_load(group, &c) ||
		!mod_read(&c.n, bytes_of(number, sizeof(number)), &scalar))
		return false;
	sum = curve_multiply(&c, &c.g, &scalar);
	a = curve_affine(&c, &sum);
	curve_write(&c, &a, out);
	return true;
}

/* Points out[i] = start + i * step, STEP of them; fewer when the next would be at infinity. */
static size_t walk(const struct curve *c, const struct affine *start, const struct affine *step,
	struct jacobian at[static STEP], struct affine out[static STEP])
{
	size_t n = 1;

	at[0] = curve_from_affine(c, start);
	for (; n < STEP; n++) {
		curve_add(c, &at[n], &at[n - 1], step);
		if (curve_is_infinity(c, &at[n]))
			break;
	}
	curve_normalize(c, out, at, n);
	return n;
}

/* Asked 65536 times for one point, and nearly always answered by the first limb. */
static inline bool same(const struct curve *c, const struct affine *a, const struct affine *b)
{
	return a->x.v[0] == b->x.v[0] && mod_equal(&c->p, &a->x, &b->x) &&
	       mod_equal(&c->p, &a->y, &b->y);
}

struct steps {
	struct jacobian scratch[STEP];
	struct affine small[STEP]; /* 1 G, 2 G, ... STEP G */
	struct affine large[STEP]; /* P, P - STEP G, P - 2 STEP G, ... */
};

/* P = (STEP i + j) G  <=>  P - i STEP G = j G, for 0 <= i < STEP and 1 <= j <= STEP. */
static uint32_t meet(const struct curve *c, const struct affine *p, struct steps *s)
{
	struct affine back;
	size_t n;

	(void)walk(c, &c->g, &c->g, s->scratch, s->small);
	back = s->small[STEP - 1];
	mod_neg(&c->p, &back.y, &back.y);
	n = walk(c, p, &back, s->scratch, s->large);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < STEP; j++) {
			if (same(c, &s->large[i], &s->small[j]))
				return (uint32_t)(STEP * i + j + 1);
		}
	}
	return 0;
}

uint32_t crypto_point_small_multiple(uint16_t group, struct bytes point, uint32_t max)
{
	struct steps *s;
	struct affine p;
	struct curve c;
	uint32_t k;

	if (!curve_load(group, &c) || !curve_read(&c, point, &p))
		return 0;
	s = memory_get(sizeof(*s));
	if (s == NULL)
		return 0;
	k = meet(&c, &p, s);
	free(s);
	return k <= max ? k : 0;
}
