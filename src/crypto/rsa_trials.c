/*
 * Many signatures that differ in one byte, under one RSA key: the public operation without what
 * the library sets up for each number. Montgomery's multiplication, operands scanned (CIOS); the
 * values are public, nothing runs in constant time.
 */
#include "crypto/rsa.h"

#include "crypto/limbs.h"

#include <stdlib.h>

enum { LIMBS = RSA_MAX / sizeof(limb), PADDING_SEEN = 10, TRAILER = 0xbc };

struct rsa_trials {
	size_t n;       /* limbs of the modulus */
	size_t len;     /* bytes of it, and of the signature */
	limb neg_inv;   /* -1/m modulo one limb */
	limb m[LIMBS];  /* the modulus */
	limb rr[LIMBS]; /* takes a number into Montgomery form */
	uint64_t exponent;
	uint8_t signature[RSA_MAX];
};

static void read_limbs(limb out[static LIMBS], const uint8_t *number, size_t len)
{
	memset(out, 0, LIMBS * sizeof out[0]);
	for (size_t i = 0; i < len; i++)
		out[i / sizeof(limb)] |= (limb)number[len - 1 - i] << 8 * (i % sizeof(limb));
}

static uint8_t byte_at(const limb *a, size_t i)
{
	return (uint8_t)(a[i / sizeof(limb)] >> 8 * (i % sizeof(limb)));
}

static bool below(const struct rsa_trials *t, const limb *a)
{
	limb unused[LIMBS];

	return limbs_sub(unused, a, t->m, t->n) != 0;
}

/* acc += a * b; acc has n + 2 limbs. */
static void add_product(limb *acc, const limb *a, limb b, size_t n)
{
	limb carry = 0;
	wide sum;

	for (size_t i = 0; i < n; i++) {
		sum = (wide)a[i] * b + acc[i] + carry;
		acc[i] = (limb)sum;
		carry = (limb)(sum >> LIMB_BITS);
	}
	sum = (wide)acc[n] + carry;
	acc[n] = (limb)sum;
	acc[n + 1] += (limb)(sum >> LIMB_BITS);
}

/* out = a b / R modulo m, where R is what n limbs can count to. */
static void multiply(const struct rsa_trials *t, limb *out, const limb *a, const limb *b)
{
	limb acc[LIMBS + 2] = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		add_product(acc, a, b[i], t->n);
		add_product(acc, t->m, acc[0] * t->neg_inv, t->n);
		memmove(acc, acc + 1, (t->n + 1) * sizeof acc[0]);
		acc[t->n + 1] = 0;
	}
	if (acc[t->n] != 0 || !below(t, acc))
		limbs_sub(acc, acc, t->m, t->n);
	memcpy(out, acc, t->n * sizeof out[0]);
}

/* R^2 modulo m, by doubling 1. */
static void find_rr(struct rsa_trials *t)
{
	limb *x = t->rr;

	memset(x, 0, sizeof t->rr);
	x[0] = 1;
	for (size_t i = 0; i < 2 * t->n * LIMB_BITS; i++)
		if (limbs_add(x, x, x, t->n) != 0 || !below(t, x))
			limbs_sub(x, x, t->m, t->n);
}

/* Newton: each step doubles the bits that are right, of which an odd number has three. */
static limb negative_inverse(limb m)
{
	limb inverse = m;

	for (size_t bits = 3; bits < LIMB_BITS; bits *= 2)
		inverse *= 2 - m * inverse;
	return (limb)0 - inverse;
}

static uint64_t read_exponent(struct bytes e)
{
	uint64_t value = 0;

	for (size_t i = 0; i < e.len; i++)
		value = value << 8 | e.data[i];
	return value;
}

struct rsa_trials *crypto_rsa_trials_open(struct bytes spki, struct bytes signature)
{
	struct rsa_trials *t;
	struct spki key;

	spki_read(spki, &key);
	if ((key.kind != KEY_RSA && key.kind != KEY_RSA_PSS) || key.modulus.len > RSA_MAX ||
		key.modulus.len < PADDING_SEEN || key.modulus.len != signature.len ||
		key.modulus.data[key.modulus.len - 1] % 2 == 0 || key.exponent.len == 0 ||
		key.exponent.len > sizeof t->exponent)
		return NULL;
	t = calloc(1, sizeof *t);
	if (t == NULL)
		return NULL;
	t->len = key.modulus.len;
	t->n = (t->len + sizeof(limb) - 1) / sizeof(limb);
	t->exponent = read_exponent(key.exponent);
	read_limbs(t->m, key.modulus.data, t->len);
	memcpy(t->signature, signature.data, t->len);
	t->neg_inv = negative_inverse(t->m[0]);
	find_rr(t);
	return t;
}

/* number^exponent, a plain number: the last multiplication, by the plain number, leaves
 * Montgomery form. The exponent is odd. */
static void raise(const struct rsa_trials *t, limb *out, const limb *number)
{
	limb base[LIMBS];
	unsigned bit = 63;

	while ((t->exponent >> bit & 1) == 0)
		bit--;
	multiply(t, base, number, t->rr);
	memcpy(out, base, t->n * sizeof out[0]);
	while (bit-- > 1) {
		multiply(t, out, out, out);
		if (t->exponent >> bit & 1)
			multiply(t, out, out, base);
	}
	multiply(t, out, out, out);
	multiply(t, out, out, number);
}

static bool looks_padded(const struct rsa_trials *t, const limb *em)
{
	if (byte_at(em, 0) == TRAILER)
		return true;
	if (byte_at(em, t->len - 1) != 0 || byte_at(em, t->len - 2) != 1)
		return false;
	for (size_t i = 3; i <= PADDING_SEEN; i++)
		if (byte_at(em, t->len - i) != 0xff)
			return false;
	return true;
}

bool crypto_rsa_trials_try(const struct rsa_trials *t, size_t at, uint8_t byte)
{
	uint8_t changed[RSA_MAX];
	limb number[LIMBS], em[LIMBS] = { 0 };

	memcpy(changed, t->signature, t->len);
	changed[at] = byte;
	read_limbs(number, changed, t->len);
	if (!below(t, number))
		return false;
	raise(t, em, number);
	return looks_padded(t, em);
}

void crypto_rsa_trials_close(struct rsa_trials *t)
{
	free(t);
}
