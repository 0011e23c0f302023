/*
 * Inputs that were found by looking for ones that reach something new (tests/found/): bytes that say what is done,
 * each with what is told of it then. A listing (support/listing.h) of lines
 *
 *   > 2a0107            the input
 *     failed alert c ... 8d2f11a0
 *
 * holds the first line that is told, and a sum of all, of that input and of some near to it. A program of such a
 * kind, called with --write, writes down what it tells now; with --tell HEX it tells of one input in full, so that
 * what is told before and after a change can be compared.
 *
 * Built for exploring (TLSDIAG_EXPLORE), the same program is a target of libFuzzer, and each word that is told for
 * the first time counts as something new.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_FOUND_H
#define TLSDIAG_TESTS_SUPPORT_FOUND_H

#include "support/damage.h"
#include "support/hex.h"
#include "support/listing.h"

#include <ctype.h>

enum { FOUND_MAX = 1900, FOUND_SHORT = 70 };

/* Tells all that comes of an input of any bytes, in lines; nothing in it may change from run to run. */
static void play(struct bytes input, struct strbuf *out);

#ifdef TLSDIAG_EXPLORE

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_COUNTED = 1 << 14 };

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t told_words[WORDS_COUNTED];

/* Where and when something was is nothing new. */
static inline bool is_place(const char *word)
{
	return strchr("#@0123456789-", *word) != NULL;
}

/* A word is known by its line's first one, too. */
static inline void count_told(const char *text)
{
	while (*text != '\0') {
		const char *end = text + strcspn(text, "\n");
		uint32_t line = 2166136261u;

		for (bool first = true; text < end; first = false) {
			size_t n;
			uint32_t sum = line;

			text += strspn(text, " ");
			n = strcspn(text, " \n");
			for (size_t i = 0; i < n && !is_place(text); i++)
				sum = (sum ^ (uint8_t)text[i]) * 16777619u;
			told_words[sum % WORDS_COUNTED] = 1;
			if (first)
				line = sum;
			text += n;
		}
		text += *text == '\n';
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf told = { 0 };

	if (size > FOUND_MAX)
		return 0;
	play(bytes_of(data, size), &told);
	count_told(strbuf_text(&told));
	strbuf_free(&told);
	return 0;
}

/* The test's main is no part of it. */
#define FOUND_PROGRAM(path)

#else

/* How many inputs near to one are played besides: one of its bytes is one more. */
enum { FOUND_NEAR = 1 };

static inline uint32_t found_near(uint8_t *bytes, size_t n, uint32_t sum)
{
	uint32_t dice = sum;

	for (size_t i = 0; i < FOUND_NEAR && n != 0; i++) {
		struct strbuf told = { 0 };
		size_t at;

		dice = dice * 1664525u + 1013904223u;
		at = (dice >> 8) % n;
		bytes[at]++;
		play(bytes_of(bytes, n), &told);
		bytes[at]--;
		sum = add_up(sum, strbuf_text(&told));
		strbuf_free(&told);
	}
	return sum;
}

/* "> HEX" */
static void say_found(struct strbuf *now, const char *line)
{
	static uint8_t bytes[FOUND_MAX];
	size_t n = hex_decode(line + 2, bytes, sizeof bytes), len;
	struct strbuf told = { 0 };
	uint32_t sum, seed = 2166136261u;

	play(bytes_of(bytes, n), &told);
	sum = add_up(2166136261u, strbuf_text(&told));
	for (size_t i = 0; i < n; i++)
		seed = (seed ^ bytes[i]) * 16777619u;
	len = strcspn(strbuf_text(&told), "\n");
	strbuf_printf(now, "  %.*s %08x %08x\n", (int)(len < FOUND_SHORT ? len : FOUND_SHORT),
		strbuf_text(&told), (unsigned)sum, (unsigned)found_near(bytes, n, seed));
	strbuf_free(&told);
}

/* Input by input, so that the first that comes to something else ends it. */
static inline void assert_found(const char *path)
{
	char line[2 * FOUND_MAX + 4], want[200];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL && fgets(want, sizeof want, f) != NULL) {
		struct strbuf now = { 0 };

		line[strcspn(line, "\n")] = '\0';
		say_found(&now, line);
		if (strcmp(strbuf_text(&now), want) != 0)
			fail_msg("%s\nwant: %snow:  %s", line, want, strbuf_text(&now));
		strbuf_free(&now);
	}
	(void)fclose(f);
}

static inline int found_tell(const char *hex)
{
	static uint8_t bytes[FOUND_MAX];
	struct strbuf told = { 0 };

	play(bytes_of(bytes, hex_decode(hex, bytes, sizeof bytes)), &told);
	(void)fputs(strbuf_text(&told), stdout);
	strbuf_free(&told);
	return 0;
}

#define FOUND_PROGRAM(path)                                                                        \
	static void test_found__comes_to_what_the_listing_says(void **state)                       \
	{                                                                                          \
		(void)state;                                                                       \
		assert_found(path);                                                                \
	}                                                                                          \
                                                                                                   \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		const struct CMUnitTest tests[] = {                                                \
			cmocka_unit_test(test_found__comes_to_what_the_listing_says),              \
		};                                                                                 \
                                                                                                   \
		if (argc == 2 && strcmp(argv[1], "--write") == 0)                                  \
			return listing_write(path, say_found);                                     \
		if (argc == 3 && strcmp(argv[1], "--tell") == 0)                                   \
			return found_tell(argv[2]);                                                \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

#endif

#endif
