/* Values of C sources: joined literals, escapes, byte lists, names, sizes. */
#include "pki/c_source.h"

#include "base/array.h"
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

#define LITERAL(source, bytes)                                                                     \
	{                                                                                          \
		source, "x", bytes, sizeof(bytes) - 1, 1, true, 0                                  \
	}
#define LIST(source, bytes)                                                                        \
	{                                                                                          \
		source, "x", bytes, sizeof(bytes) - 1, 1, false, 0                                 \
	}

static void test_c_source__escapes_end_where_they_end(void **state)
{
	static const struct expected cases[] = {
		LITERAL("x = \"\\n\\r\\t\\v\\f\\a\\b\\q\\'\";", "\n\r\t\v\f\a\bq'"),
		LITERAL("x = \"\\7\\8\\377\";", "\7"
						"8\377"),
		LITERAL("x = \"\\0123\";", "\n3"),
		LITERAL("x = \"\\x4142\";", "A42"),
		LITERAL("x = \"\\xaF\\xfA\";", "\xaf\xfa"),
		LITERAL("x = \"\\x4g\\xg\";", "\4g\0g"),
		LITERAL("x = \"\\/\\:\\g\\@\\`\";", "/:g@`"),
		LITERAL("x = \"a\\\nb\";", "ab"),
		LITERAL("x = \"a\\\r\nb\";", "ab"),
		LITERAL("x = \"a\nb", "a"),
		LITERAL("x = \"\";", ""),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_first(&cases[i]);
}

static void test_c_source__comments_stand_anywhere_between(void **state)
{
	static const struct expected cases[] = {
		LITERAL("x = /* \"no\" */ \"a\" // b\n \"c\";", "ac"),
		LITERAL("x = /**/ \"a\" /***/ \"b\" /* * / */ \"c\";", "abc"),
		LITERAL("x = \"a//b\" \"/*c\";", "a//b/*c"),
		LITERAL("x = \"a\" \\\n \"b\" \\\r\n \"c\";", "abc"),
		LITERAL("x = \"a\" \\ \"b\";", "a"),
		LITERAL("x = \"a\" / \"b\";", "a"),
		LIST("x = { /* 2, */ 1, // 3,\n 4 };", "\1\4"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_first(&cases[i]);
}

/* A list that is not one of bytes is passed over: the value is the one behind it. */
static void test_c_source__a_list_holds_bytes_or_is_none(void **state)
{
	static const struct expected cases[] = {
		LIST("x = { 0, 255, 0x0, 0xfF, 0XA };", "\0\377\0\377\n"),
		LIST("x = { 1u, 2L, 3UL, 4lu };", "\1\2\3\4"),
		LIST("x = { 'a', ' ', '9' };", "a 9"),
		LIST("x = { 1,2 , 3 };", "\1\2\3"),
		LIST("w = { 256 }; x = { 1 };", "\1"),
		LIST("w = { 0x100 }; x = { 1 };", "\1"),
		LIST("w = { -1 }; x = { 1 };", "\1"),
		LIST("w = { 1 2 }; x = { 1 };", "\1"),
		LIST("w = { 1; 2 }; x = { 1 };", "\1"),
		LIST("w = { 0x }; x = { 1 };", "\1"),
		LIST("w = { 0xg }; x = { 1 };", "\1"),
		LIST("w = { a }; x = { 1 };", "\1"),
		LIST("w = { }; x = { 1 };", "\1"),
		LIST("w = { '\\n' }; x = { 1 };", "\1"),
		LIST("w = { 'ab' }; x = { 1 };", "\1"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_first(&cases[i]);
}

static void test_c_source__names_and_sizes_are_those_of_the_declaration(void **state)
{
#define N60 "a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_"
	static const struct expected cases[] = {
		{ "Z_9z = \"a\";", "Z_9z", "a", 1, 1, true, 0 },
		{ "\n\n x = \"a\";", "x", "a", 1, 3, true, 0 },
		{ N60 "123 = \"a\";", N60 "123", "a", 1, 1, true, 0 },
		{ N60 "1234 = \"a\";", N60 "123", "a", 1, 1, true, 0 },
		{ "\"a\";", "", "a", 1, 1, true, 0 },
		{ "char x[ 12 ] = \"a\";", "x", "a", 1, 1, true, 12 },
		{ "char x[12+1] = \"a\";", "x", "a", 1, 1, true, 0 },
		{ "char x[N] = \"a\";", "x", "a", 1, 1, true, 0 },
		{ "char x[999999] = \"a\";", "x", "a", 1, 1, true, 999999 },
		{ "char x[1000000] = \"a\";", "x", "a", 1, 1, true, 1000000 },
		{ "char x[10000000] = \"a\";", "x", "a", 1, 1, true, 0 },
		{ "char x[2] ATTR = \"a\";", "x", "a", 1, 1, true, 2 },
		{ "char x[2]; y = \"a\";", "y", "a", 1, 1, true, 0 },
		{ "char x[2]\n#define Y \"a\"\n", "Y", "a", 1, 2, true, 0 },
		{ "char *x{ \"a\" };", "x", "a", 1, 1, true, 0 },
		{ "f(x, \"a\");", "", "a", 1, 1, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
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
		cmocka_unit_test(test_c_source__escapes_end_where_they_end),
		cmocka_unit_test(test_c_source__comments_stand_anywhere_between),
		cmocka_unit_test(test_c_source__a_list_holds_bytes_or_is_none),
		cmocka_unit_test(test_c_source__names_and_sizes_are_those_of_the_declaration),
		cmocka_unit_test(test_c_source__breaking_off_ends_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
