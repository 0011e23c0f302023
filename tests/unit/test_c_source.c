/* Values of C sources: joined literals, escapes, byte lists, names, sizes. */
#include "pki/c_source.h"

#include "support/unit.h"

struct expected {
	const char *source, *name, *bytes;
	size_t len, line;
	bool literal;
	size_t declared;
};

static void assert_first(const struct expected *x)
{
	struct c_reader r;
	struct c_value v;

	assert_true(c_reader_open(&r, bytes_of(x->source, strlen(x->source))));
	assert_true(c_reader_next(&r, &v));
	assert_string_equal(v.name, x->name);
	assert_int_equal(v.bytes.len, x->len);
	assert_memory_equal(v.bytes.data, x->bytes, x->len);
	assert_int_equal(v.line, x->line);
	assert_int_equal(v.literal, x->literal);
	assert_int_equal(v.declared, x->declared);
	c_reader_close(&r);
}

static void test_c_source__values_are_read(void **state)
{
	static const struct expected cases[] = {
		{ "const char pem[] = \"ab\";", "pem", "ab", 2, 1, true, 0 },
		{ "char p[3] =\n\"ab\" /* c */\n  \"c\";", "p", "abc", 3, 2, true, 3 },
		{ "#define PEM \\\n  \"a\\r\\n\" \\\n  \"b\"\n", "PEM", "a\r\nb", 4, 2, true, 0 },
		{ "x = \"\\x41\\102\\0\\\"\\\\\";", "x", "AB\0\"\\", 5, 1, true, 0 },
		{ "uint8_t der[] = { 0x30, 129, 'a', 0xFFu };", "der", "\x30\x81\x61\xff", 4, 1,
			false, 0 },
		{ "uint8_t k[N] ATTR = { 1, };", "k", "\x01", 1, 1, false, 0 },
		{ "// \"no\"\nint f(void) { return 1; }\nchar y[] = { 7 };", "y", "\x07", 1, 3,
			false, 0 },
		{ "int t[] = { 256 }; char z[] = { 1 };", "z", "\x01", 1, 1, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_first(&cases[i]);
}

static void test_c_source__breaking_off_ends_the_walk(void **state)
{
	static const char *const sources[] = { "", "\\", "\"", "\"\\", "{", "{ 0x", "{ 1,", "/*",
		"a[", "a[1", "'", "{ '", "\"\\x", "/", "{ }", "{{{" };
	struct c_reader r;
	struct c_value v;

	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		size_t n = 0;

		assert_true(c_reader_open(&r, bytes_of(sources[i], strlen(sources[i]))));
		while (c_reader_next(&r, &v))
			n++;
		assert_true(n <= 1);
		c_reader_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_c_source__values_are_read),
		cmocka_unit_test(test_c_source__breaking_off_ends_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
