/*
 * The bounds: n random bytes are all alike by 2^-8(n-1); have a period p by 2^-8(n-p); hold a run
 * of 7 by 26 * 2^-48; take at most 8 values of 256 in 20 bytes by C(256,8) (8/256)^20 = 2^-51, at
 * most 12 in 28 bytes by 2^-57; are printable, 28 of them, by (95/256)^28 = 2^-40.04.
 */
#include "session/pattern.h"

enum { PERIOD_MAX = 8, RUN_MIN = 7, TEXT_MIN = 28, FEW_SHORT = 8, FEW_LONG = 12, LONG = 28 };

static bool has_period(struct bytes b, size_t period)
{
	for (size_t i = period; i < b.len; i++)
		if (b.data[i] != b.data[i - period])
			return false;
	return true;
}

static size_t find_period(struct bytes b)
{
	for (size_t p = 1; p <= PERIOD_MAX; p++)
		if (has_period(b, p))
			return p;
	return 0;
}

/* The step from one byte to the next, where it is always the same; -1 where not. */
static int find_step(struct bytes b)
{
	uint8_t step = (uint8_t)(b.data[1] - b.data[0]);

	for (size_t i = 2; i < b.len; i++)
		if ((uint8_t)(b.data[i] - b.data[i - 1]) != step)
			return -1;
	return step;
}

static uint32_t word_at(struct bytes b, size_t i, bool big)
{
	uint32_t w = 0;

	for (size_t k = 0; k < 4; k++)
		w = w << 8 | b.data[4 * i + (big ? k : 3 - k)];
	return w;
}

/* A counter of 32 bits: words that differ by the same small step. */
static bool counts_words(struct bytes b, bool big, uint32_t *step)
{
	size_t n = b.len / 4;

	*step = word_at(b, 1, big) - word_at(b, 0, big);
	for (size_t i = 2; i < n; i++)
		if (word_at(b, i, big) - word_at(b, i - 1, big) != *step)
			return false;
	return true;
}

static size_t longest_run(struct bytes b, uint8_t *value)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < b.len; i++) {
		run = i != 0 && b.data[i] == b.data[i - 1] ? run + 1 : 1;
		if (run > longest) {
			longest = run;
			*value = b.data[i];
		}
	}
	return longest;
}

/* How many different values; counting ends beyond `most`. */
static size_t count_values(struct bytes b, size_t most)
{
	uint64_t seen[4] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < b.len && n <= most; i++) {
		uint64_t *word = &seen[b.data[i] / 64];
		uint64_t bit = (uint64_t)1 << b.data[i] % 64;

		n += (*word & bit) == 0;
		*word |= bit;
	}
	return n;
}

static bool is_text(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < 0x20 || b.data[i] > 0x7e)
			return false;
	return b.len >= TEXT_MIN;
}

static const char *words_of(struct arena *a, struct bytes b)
{
	size_t values = count_values(b, FEW_LONG);
	uint8_t value = 0;
	uint32_t step;
	size_t n;

	if (counts_words(b, true, &step) || counts_words(b, false, &step))
		return arena_printf(a, "its 32-bit words count by %u", (unsigned)step);
	if ((n = longest_run(b, &value)) >= RUN_MIN)
		return arena_printf(a, "%zu bytes in a row are 0x%02x", n, value);
	if (values <= FEW_SHORT || (b.len >= LONG && values <= FEW_LONG))
		return arena_printf(a, "its %zu bytes take only %zu values", b.len, values);
	return is_text(b) ? "it is text" : NULL;
}

static bool has_run(struct bytes b)
{
	uint8_t value = 0;

	return longest_run(b, &value) >= RUN_MIN;
}

/* Nearly all true random bytes take many values and leave here at once. */
static bool looks_random(struct bytes b)
{
	uint32_t step;

	return count_values(b, FEW_LONG) > FEW_LONG && !has_run(b) && find_step(b) < 0 &&
	       !counts_words(b, true, &step) && !counts_words(b, false, &step) && !is_text(b);
}

/*
 * What b could show, b without its first bytes shows too, for it has no more values, steps or
 * counters than they: except for a run of one value, and text that is just long enough.
 */
bool pattern_likely(struct bytes b, size_t skip)
{
	struct bytes rest = bytes_slice(b, skip, b.len);

	return rest.len < PATTERN_BYTES_MIN || !looks_random(rest) || has_run(b) || is_text(b);
}

const char *pattern_find(struct arena *a, struct bytes b)
{
	size_t period;
	int step;

	if (b.len < PATTERN_BYTES_MIN || looks_random(b))
		return NULL;
	period = find_period(b);
	if (period == 1)
		return arena_printf(a, "every byte is 0x%02x", b.data[0]);
	if ((step = find_step(b)) >= 0)
		return arena_printf(a, "the bytes count up by %d", step);
	if (period != 0)
		return arena_printf(a, "the bytes repeat every %zu", period);
	return words_of(a, b);
}
