/* Compressed bytes: whole, in several streams, cut, damaged, and made to unpack without end. */
#include "unpack/unpack.h"

#include "base/array.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

/* "packed " eight times, by each program. */
static const uint8_t gzip_bytes[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
	0x2b, 0x48, 0x4c, 0xce, 0x4e, 0x4d, 0x51, 0x28, 0x20, 0x95, 0x02, 0x00, 0x69, 0x94, 0x96,
	0x80, 0x38, 0x00, 0x00, 0x00 };
static const uint8_t xz_bytes[] = { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6,
	0xb4, 0x46, 0x02, 0x00, 0x21, 0x01, 0x0c, 0x00, 0x00, 0x00, 0x8f, 0x98, 0x41, 0x9c, 0xe0,
	0x00, 0x37, 0x00, 0x0e, 0x5d, 0x00, 0x38, 0x18, 0x48, 0x99, 0xcd, 0x5c, 0x1c, 0x28, 0x59,
	0xe1, 0x02, 0x68, 0x00, 0x00, 0x00, 0x00, 0x00, 0x59, 0x2a, 0xc1, 0xca, 0xa9, 0xa5, 0xb0,
	0x3b, 0x00, 0x01, 0x2a, 0x38, 0x9d, 0xc1, 0xef, 0x67, 0x1f, 0xb6, 0xf3, 0x7d, 0x01, 0x00,
	0x00, 0x00, 0x00, 0x04, 0x59, 0x5a };
static const uint8_t zstd_bytes[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x6d, 0x00, 0x00, 0x38,
	0x70, 0x61, 0x63, 0x6b, 0x65, 0x64, 0x20, 0x01, 0x00, 0x2a, 0x2a, 0x46, 0xb8, 0x5d, 0x60,
	0x45 };
static const char plain[] = "packed packed packed packed packed packed packed packed ";

static const struct {
	enum packing packing;
	const uint8_t *bytes;
	size_t n;
} packed[] = {
	{ PACKING_GZIP, gzip_bytes, sizeof gzip_bytes },
	{ PACKING_XZ, xz_bytes, sizeof xz_bytes },
	{ PACKING_ZSTD, zstd_bytes, sizeof zstd_bytes },
};

/* A file with those bytes, to be read from its beginning. */
static FILE *file_with(const void *bytes, size_t n)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fflush(f), 0);
	rewind(f);
	return f;
}

#define STEP ((size_t)128 * 1024)

struct outcome {
	enum unpack_result result;
	enum packing packing;
	size_t n; /* bytes that came out */
	char text[256];
	struct err e;
};

static struct outcome read_all(FILE *f, size_t room)
{
	struct outcome o = { .n = 0 };
	uint8_t *out = malloc(room);
	struct unpack_reader *r = unpack_open(fileno(f), &o.e);
	size_t got = 0;

	assert_non_null(r);
	assert_non_null(out);
	while ((o.result = unpack_read(r, out, room, &got, &o.e)) == UNPACK_OK) {
		assert_true(got != 0 && got <= room);
		for (size_t i = 0; i < got && o.n + i + 1 < sizeof o.text; i++)
			o.text[o.n + i] = (char)out[i];
		o.n += got;
	}
	o.packing = unpack_packing(r);
	unpack_close(r);
	free(out);
	(void)fclose(f);
	return o;
}

static void test_unpack__what_is_not_compressed_is_handed_on(void **state)
{
	static const char *const rows[] = { "", "a", "hello, this is text", "\x1f\x8b" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct outcome o = read_all(file_with(rows[i], strlen(rows[i])), 16);

		assert_int_equal(o.result, UNPACK_END);
		assert_int_equal(o.packing, PACKING_NONE);
		assert_string_equal(o.text, rows[i]);
	}
}

static void test_unpack__each_format_gives_its_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(packed); i++) {
		struct outcome o;

		if (!packing_built_in(packed[i].packing))
			continue;
		o = read_all(file_with(packed[i].bytes, packed[i].n), 16);
		assert_int_equal(o.result, UNPACK_END);
		assert_int_equal(o.packing, packed[i].packing);
		assert_string_equal(o.text, plain);
	}
	assert_true(packing_built_in(PACKING_GZIP));
	assert_int_equal(packing_tell(bytes_of("BZh9....", 8)), PACKING_NONE);
}

static void test_unpack__streams_one_after_the_other_are_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(packed); i++) {
		uint8_t twice[512] = { 0 }; /* with zeros behind, as tapes and tar leave them */
		size_t n = packed[i].n;
		struct outcome o;

		if (!packing_built_in(packed[i].packing))
			continue;
		memcpy(twice, packed[i].bytes, n);
		memcpy(twice + n, packed[i].bytes, n);
		o = read_all(file_with(twice, 2 * n + 32), 64);
		assert_int_equal(o.result, UNPACK_END);
		assert_int_equal(o.n, 2 * (sizeof plain - 1));
	}
}

static void test_unpack__every_cut_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(packed); i++) {
		for (size_t n = 6; packing_built_in(packed[i].packing) && n < packed[i].n; n++) {
			struct outcome o = read_all(file_with(packed[i].bytes, n), 64);

			assert_int_equal(o.result, UNPACK_CUT);
			assert_string_equal(o.e.msg, "its compressed data breaks off");
			assert_true(o.n < sizeof plain);
		}
	}
}

/* In a byte that means nothing (a time, a name) no damage is seen; then all the bytes are right. */
static void test_unpack__damage_is_told_or_does_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(packed); i++) {
		size_t told = 0;

		for (size_t k = 6; packing_built_in(packed[i].packing) && k < packed[i].n; k++) {
			uint8_t bad[256];
			struct outcome o;

			memcpy(bad, packed[i].bytes, packed[i].n);
			bad[k] ^= 0x55;
			o = read_all(file_with(bad, packed[i].n), 64);
			told += o.result != UNPACK_END;
			assert_true(o.result != UNPACK_OK && o.result != UNPACK_FAILED);
			if (o.result == UNPACK_END && packed[i].packing != PACKING_ZSTD)
				assert_string_equal(o.text, plain);
		}
		assert_true(told != 0 || !packing_built_in(packed[i].packing));
	}
}

/* So many MiB of zeros, as gzip -9 would write them. */
static FILE *zeros_packed(size_t mib)
{
	static uint8_t zeros[1 << 20], out[1 << 16];
	z_stream z = { .next_in = NULL };
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(
		deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
	for (size_t i = 0; i <= mib; i++) {
		z.next_in = zeros;
		z.avail_in = i < mib ? sizeof zeros : 0;
		do {
			z.next_out = out;
			z.avail_out = sizeof out;
			(void)deflate(&z, i < mib ? Z_NO_FLUSH : Z_FINISH);
			assert_int_equal(fwrite(out, 1, sizeof out - z.avail_out, f),
				sizeof out - z.avail_out);
		} while (z.avail_out == 0);
	}
	(void)deflateEnd(&z);
	assert_int_equal(fflush(f), 0);
	rewind(f);
	return f;
}

static void test_unpack__what_unpacks_without_end_is_given_up(void **state)
{
	struct outcome o;

	(void)state;
	o = read_all(zeros_packed(96), STEP);
	assert_int_equal(o.result, UNPACK_LIMIT);
	assert_string_equal(o.e.msg, "it unpacks to more than '250' times its size");
	assert_true(o.n > UNPACK_FREE && o.n <= UNPACK_FREE + STEP);
	o = read_all(zeros_packed(8), STEP);
	assert_int_equal(o.result, UNPACK_END);
	assert_int_equal(o.n, 8 << 20);
}

static void test_unpack__a_pipe_may_give_a_byte_at_a_time(void **state)
{
	int ends[2];
	struct unpack_reader *r;
	struct err e = { 0 };
	uint8_t out[64];
	size_t got = 0;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < sizeof gzip_bytes; i++)
		assert_int_equal(write(ends[1], gzip_bytes + i, 1), 1);
	(void)close(ends[1]);
	r = unpack_open(ends[0], &e);
	assert_non_null(r);
	assert_int_equal(unpack_read(r, out, sizeof out, &got, &e), UNPACK_OK);
	assert_memory_equal(out, plain, got);
	unpack_close(r);
	(void)close(ends[0]);
	r = unpack_open(-1, &e);
	assert_int_equal(unpack_read(r, out, sizeof out, &got, &e), UNPACK_FAILED);
	assert_int_equal(e.code, ERR_OS);
	unpack_close(r);
	unpack_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unpack__what_is_not_compressed_is_handed_on),
		cmocka_unit_test(test_unpack__each_format_gives_its_bytes),
		cmocka_unit_test(test_unpack__streams_one_after_the_other_are_one),
		cmocka_unit_test(test_unpack__every_cut_is_told),
		cmocka_unit_test(test_unpack__damage_is_told_or_does_nothing),
		cmocka_unit_test(test_unpack__what_unpacks_without_end_is_given_up),
		cmocka_unit_test(test_unpack__a_pipe_may_give_a_byte_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
