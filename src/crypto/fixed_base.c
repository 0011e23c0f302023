/* The windows of k do not overlap, so that each takes one entry of the table. */
#include "crypto/fixed_base.h"

#include <stdlib.h>

/* Fills one window with multiples of *base, and moves *base to the next window's. */
static void fill_window(
	const struct curve *c, struct affine *base, struct affine window[static WINDOW_ENTRIES])
{
	struct jacobian multiples[WINDOW_ENTRIES + 1];
	struct affine all[WINDOW_ENTRIES + 1];

	multiples[0] = curve_from_affine(c, base);
	for (size_t j = 1; j <= WINDOW_ENTRIES; j++)
		curve_add(c, &multiples[j], &multiples[j - 1], base);
	curve_normalize(c, all, multiples, WINDOW_ENTRIES + 1);
	memcpy(window, all, WINDOW_ENTRIES * sizeof(all[0]));
	*base = all[WINDOW_ENTRIES];
}

bool fixed_base_open(struct fixed_base *t, const struct curve *c)
{
	struct affine base = c->g;

	t->n_windows = (c->n.bits + WINDOW_BITS - 1) / WINDOW_BITS;
	t->windows = malloc(t->n_windows * sizeof(t->windows[0]));
	if (t->windows == NULL)
		return false;
	for (size_t i = 0; i < t->n_windows; i++)
		fill_window(c, &base, t->windows[i]);
	return true;
}

void fixed_base_close(struct fixed_base *t)
{
	free(t->windows);
	t->windows = NULL;
}

/* The i-th group of WINDOW_BITS bits, lowest first, of a big-endian number. */
static unsigned digit(const uint8_t *number, size_t len, size_t i)
{
	size_t bit = i * WINDOW_BITS, byte = bit / 8;
	unsigned low = number[len - 1 - byte];
	unsigned high = byte + 1 < len ? number[len - 2 - byte] : 0;

	return (high << 8 | low) >> bit % 8 & WINDOW_ENTRIES;
}

struct jacobian fixed_base_multiply(
	const struct fixed_base *t, const struct curve *c, const struct residue *scalar)
{
	struct jacobian sum = curve_infinity();
	uint8_t number[MOD_BYTES];

	mod_write(&c->n, scalar, number);
	for (size_t i = 0; i < t->n_windows; i++) {
		unsigned d = digit(number, c->n.len, i);

		if (d != 0)
			curve_add(c, &sum, &sum, &t->windows[i][d - 1]);
	}
	return sum;
}
