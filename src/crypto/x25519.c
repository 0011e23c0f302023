/*
 * The Montgomery ladder over 2^255 - 19 (RFC 7748 5). A number is ten limbs of 26 and 25 bits in turn, so that
 * products and their sums fit 64 bits on every machine.
 */
#include "crypto/x25519.h"

#include "base/array.h"
#include "base/secret.h"

#include <string.h>

enum { FIELD_LIMBS = 10, FIELD_BITS = 255 };

/* Limbs may hold a little more than their bits between the steps. */
struct field {
	uint32_t l[FIELD_LIMBS];
};

const uint8_t x25519_base[X25519_BYTES] = { 9 };

static unsigned bits_of(size_t limb)
{
	return limb % 2 == 0 ? 26 : 25;
}

static uint32_t mask_of(size_t limb)
{
	return (UINT32_C(1) << bits_of(limb)) - 1;
}

/* The highest bit is passed over. */
static struct field decode(const uint8_t b[static X25519_BYTES])
{
	struct field f = { { 0 } };
	size_t limb = 0;
	unsigned at = 0;

	for (size_t bit = 0; bit < FIELD_BITS; bit++) {
		f.l[limb] |= (uint32_t)(b[bit / 8] >> bit % 8 & 1) << at;
		if (++at == bits_of(limb)) {
			limb++;
			at = 0;
		}
	}
	return f;
}

/* What a sum has over goes to the next one; of the highest it comes back times 19. */
static struct field carry(const uint64_t sum[static FIELD_LIMBS])
{
	struct field r;
	uint64_t over = 0;

	for (size_t i = 0; i < FIELD_LIMBS; i++) {
		over += sum[i];
		r.l[i] = (uint32_t)over & mask_of(i);
		over >>= bits_of(i);
	}
	over = over * 19 + r.l[0];
	r.l[0] = (uint32_t)over & mask_of(0);
	r.l[1] += (uint32_t)(over >> bits_of(0));
	return r;
}

static struct field carried(struct field f)
{
	uint64_t sum[FIELD_LIMBS];

	for (size_t i = 0; i < FIELD_LIMBS; i++)
		sum[i] = f.l[i];
	return carry(sum);
}

/* The one number below 2^255 - 19, which is taken away when 19 more would reach 2^255. */
static void encode(struct field f, uint8_t out[static X25519_BYTES])
{
	uint32_t over = 19;
	size_t at = 0;

	f = carried(carried(f));
	for (size_t i = 0; i < FIELD_LIMBS; i++)
		over = (f.l[i] + over) >> bits_of(i);
	over *= 19;
	memset(out, 0, X25519_BYTES);
	for (size_t i = 0; i < FIELD_LIMBS; i++) {
		over += f.l[i];
		for (unsigned bit = 0; bit < bits_of(i); bit++, at++)
			out[at / 8] |= (uint8_t)((over >> bit & 1) << at % 8);
		over >>= bits_of(i);
	}
}

static struct field add(const struct field *a, const struct field *b)
{
	struct field r;

	for (size_t i = 0; i < FIELD_LIMBS; i++)
		r.l[i] = a->l[i] + b->l[i];
	return r;
}

/* Of two products. Twice the prime is added first, so that no limb goes below zero. */
static struct field sub(const struct field *a, const struct field *b)
{
	uint64_t sum[FIELD_LIMBS];

	for (size_t i = 0; i < FIELD_LIMBS; i++)
		sum[i] = (uint64_t)a->l[i] + (uint64_t)mask_of(i) * 2 - (i == 0 ? 36 : 0) - b->l[i];
	return carry(sum);
}

/*
 * Two odd limbs stand half a bit higher each than their sum's place. Of limbs up to 2^27, sums of two products, the
 * largest sum is below 2^63.
 */
static struct field mul(const struct field *a, const struct field *b)
{
	uint64_t sum[FIELD_LIMBS] = { 0 };

	for (size_t i = 0; i < FIELD_LIMBS; i++)
		for (size_t k = 0; k < FIELD_LIMBS; k++) {
			uint64_t once = (uint64_t)a->l[i] * b->l[k] << (i & k & 1);

			if (i + k < FIELD_LIMBS)
				sum[i + k] += once;
			else
				sum[i + k - FIELD_LIMBS] += once * 19;
		}
	return carry(sum);
}

static struct field times(const struct field *a, uint32_t n)
{
	uint64_t sum[FIELD_LIMBS];

	for (size_t i = 0; i < FIELD_LIMBS; i++)
		sum[i] = (uint64_t)a->l[i] * n;
	return carry(sum);
}

static struct field squared(struct field a, size_t n)
{
	while (n-- != 0)
		a = mul(&a, &a);
	return a;
}

/* a^(p - 2), and p - 2 is 2^255 - 21: 250 ones, then 01011. A run of ones behind another makes a longer one. */
static struct field invert(const struct field *a)
{
	static const struct {
		size_t ones, behind; /* in a run; which of the runs comes behind it for the next */
	} runs[] = { { 5, 0 }, { 10, 1 }, { 20, 2 }, { 40, 1 }, { 50, 4 }, { 100, 5 }, { 200, 4 },
		{ 250, 0 } };
	struct field two = mul(a, a), nine, eleven, next, run[COUNT(runs)];

	nine = squared(two, 2);
	nine = mul(&nine, a);
	eleven = mul(&nine, &two);
	next = mul(&eleven, &eleven);
	run[0] = mul(&next, &nine);
	for (size_t i = 0; i + 1 < COUNT(runs); i++) {
		next = squared(run[i], runs[runs[i].behind].ones);
		run[i + 1] = mul(&next, &run[runs[i].behind]);
	}
	next = squared(run[COUNT(runs) - 1], 5);
	return mul(&next, &eleven);
}

static void swap_if(uint32_t bit, struct field *a, struct field *b)
{
	for (size_t i = 0; i < FIELD_LIMBS; i++) {
		uint32_t both = (a->l[i] ^ b->l[i]) & (0 - bit);

		a->l[i] ^= both;
		b->l[i] ^= both;
	}
}

/* The two points of a ladder's rung, whose difference has the u-coordinate `u`. */
struct rung {
	struct field x2, z2, x3, z3;
};

static void step(struct rung *r, const struct field *u)
{
	struct field a = add(&r->x2, &r->z2), b = sub(&r->x2, &r->z2);
	struct field c = add(&r->x3, &r->z3), d = sub(&r->x3, &r->z3);
	struct field aa = mul(&a, &a), bb = mul(&b, &b), e = sub(&aa, &bb);
	struct field da = mul(&d, &a), cb = mul(&c, &b), t;

	t = add(&da, &cb);
	r->x3 = mul(&t, &t);
	t = sub(&da, &cb);
	t = mul(&t, &t);
	r->z3 = mul(u, &t);
	r->x2 = mul(&aa, &bb);
	t = times(&e, 121665);
	t = add(&aa, &t);
	r->z2 = mul(&e, &t);
}

void x25519(uint8_t out[static X25519_BYTES], const uint8_t scalar[static X25519_BYTES],
	const uint8_t u[static X25519_BYTES])
{
	struct field at = decode(u), inverse;
	struct rung r = { .x2 = { { 1 } }, .x3 = at, .z3 = { { 1 } } };
	uint8_t k[X25519_BYTES];
	uint32_t swapped = 0;

	memcpy(k, scalar, sizeof k);
	k[0] &= 248;
	k[31] = (uint8_t)((k[31] & 127) | 64);
	for (size_t i = 255; i-- != 0;) {
		uint32_t bit = (uint32_t)(k[i / 8] >> i % 8 & 1);

		swap_if(swapped ^ bit, &r.x2, &r.x3);
		swap_if(swapped ^ bit, &r.z2, &r.z3);
		swapped = bit;
		step(&r, &at);
	}
	swap_if(swapped, &r.x2, &r.x3);
	swap_if(swapped, &r.z2, &r.z3);
	inverse = invert(&r.z2);
	r.x2 = mul(&r.x2, &inverse);
	encode(r.x2, out);
	wipe(k, sizeof k);
	wipe(&r, sizeof r);
	wipe(&inverse, sizeof inverse);
}
