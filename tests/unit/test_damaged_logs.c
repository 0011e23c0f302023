/*
 * What becomes of logs when they are damaged: a line is missing, comes twice, is exchanged with the next, or cut,
 * and where two lines run into one. Against tests/unit/facts/damaged-logs.txt (support/listing.h):
 *
 *   > fixtures/log/.../device.log
 *
 * What stands below is that of test_damaged_captures.c; `--tell FILE` tells all of it.
 */
#define _GNU_SOURCE

#include "base/array.h"
#include "support/run_text.h"

#include "support/listing.h"

#include <sys/mman.h>

#define LISTING "tests/unit/facts/damaged-logs.txt"

enum { LINES_MAX = 4000, LOG_MAX = 128 * 1024, DAMAGES = 24 };

struct lines {
	char bytes[LOG_MAX];
	struct bytes line[LINES_MAX]; /* each with its end */
	size_t n;
};

static void lines_read(struct lines *l, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes left;

	assert_non_null(f);
	left = bytes_of((const uint8_t *)l->bytes, fread(l->bytes, 1, sizeof l->bytes, f));
	assert_int_equal(fclose(f), 0);
	for (l->n = 0; left.len != 0 && l->n < LINES_MAX; l->n++) {
		const uint8_t *end = memchr(left.data, '\n', left.len);

		l->line[l->n] = bytes_slice(
			left, 0, end != NULL ? (size_t)(end - left.data) + 1 : left.len);
		left = bytes_slice(left, l->line[l->n].len, left.len);
	}
}

enum how { WHOLE, MISSING, TWICE, EXCHANGED, CUT, JOINED, WITHOUT_ITS_FRONT, N_HOWS };

static void put_bytes(FILE *f, struct bytes b)
{
	assert_int_equal(fwrite(b.data, 1, b.len, f), b.len);
}

static void put_harmed(FILE *f, struct bytes line, enum how how)
{
	if (how == MISSING)
		return;
	if (how == CUT) {
		put_bytes(f, bytes_slice(line, 0, line.len / 2));
		put_bytes(f, bytes_of("\n", 1));
	} else if (how == JOINED) {
		put_bytes(f, bytes_slice(line, 0, line.len - 1));
	} else if (how == WITHOUT_ITS_FRONT) {
		put_bytes(f, bytes_slice(line, line.len / 3, line.len));
	} else {
		put_bytes(f, line);
		if (how == TWICE)
			put_bytes(f, line);
	}
}

/* The log as a file without a name. */
static int write_harmed(const struct lines *l, size_t at, enum how how)
{
	int fd = memfd_create("damaged", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "wb");

	assert_non_null(f);
	for (size_t i = 0; i < l->n; i++) {
		bool exchanged = how == EXCHANGED && i == at && at + 1 < l->n;

		if (exchanged)
			put_bytes(f, l->line[++i]);
		if (exchanged)
			put_bytes(f, l->line[at]);
		else
			put_harmed(f, l->line[i], i == at ? how : WHOLE);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void take_harm(struct tally *y, const struct lines *l, size_t at, enum how how)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e = { 0 };
	struct telling t = { { 0 }, { 0 } };
	struct tlsdiag *run;
	char title[80];

	tlsdiag_options_init(&o);
	o.deep_seconds = 0;
	o.verify = TLSDIAG_VERIFY_NONE;
	run = run_open_telling(&o, &t);
	(void)tlsdiag_read_open_log(run, write_harmed(l, at, how), "damaged", NULL, &e);
	run_end_telling(run, &t, &e);
	(void)snprintf(title, sizeof title, "line %zu way %d", at + 1, (int)how);
	tally_take(y, &t, title);
}

static void take_all(struct tally *y, const char *path)
{
	struct lines *l = calloc(1, sizeof *l);
	uint32_t seed = add_up(2166136261u, path);

	assert_non_null(l);
	lines_read(l, path);
	take_harm(y, l, 0, WHOLE);
	for (size_t i = 0; i < DAMAGES; i++)
		take_harm(y, l, draw(&seed, l->n), (enum how)(1 + i % (N_HOWS - 1)));
	free(l);
}

static void say_damages(struct strbuf *now, const char *line)
{
	struct tally y = { .sum = 2166136261u };

	take_all(&y, line + 2);
	say_tally(now, &y);
}

static void test_damaged_logs__come_to_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_damages);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_logs__come_to_what_the_listing_says),
	};
	struct tally y = { .whole = stdout };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_damages);
	if (argc == 3 && strcmp(argv[1], "--tell") == 0) {
		take_all(&y, argv[2]);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
