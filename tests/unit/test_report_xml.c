/* src/report: the XML writer, and paths as URIs. */
#include "report/uri.h"
#include "report/xml_writer.h"

#include "support/unit.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void test_xml__elements_close_themselves_or_hold_others(void **state)
{
	struct strbuf out = { 0 };
	struct xml x;

	(void)state;
	xml_begin(&x, &out);
	xml_start(&x, "a");
	xml_attribute_uint(&x, "n", UINT64_MAX);
	xml_start(&x, "b");
	xml_attribute(&x, "none", NULL);
	xml_end(&x, "b");
	xml_start(&x, "c");
	xml_text(&x, "two\nlines");
	xml_end(&x, "c");
	xml_end(&x, "a");
	assert_string_equal(strbuf_text(&out),
		HEAD "<a n=\"18446744073709551615\">\n  <b/>\n  <c>two\nlines</c>\n</a>\n");
	strbuf_free(&out);
}

struct text_row {
	const char *in, *attribute, *text;
};

static void test_xml__any_bytes_give_well_formed_text(void **state)
{
	static const struct text_row rows[] = {
		{ "plain", "plain", "plain" },
		{ "<&>\"'", "&lt;&amp;&gt;&quot;'", "&lt;&amp;&gt;&quot;'" },
		{ "]]>", "]]&gt;", "]]&gt;" },
		{ "a\nb\tc\r", "a\\x0ab\\x09c\\x0d", "a\nb\\x09c\\x0d" },
		{ "\033[2J\x7f", "\\x1b[2J\\x7f", "\\x1b[2J\\x7f" },
		{ "\xff\xc3", "\\xff\\xc3", "\\xff\\xc3" },
		{ "\xc3\xbc\xe2\x82\xac", "\xc3\xbc\xe2\x82\xac", "\xc3\xbc\xe2\x82\xac" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80" },
		{ "\xef\xbf\xbe", "\\xef\\xbf\\xbe", "\\xef\\xbf\\xbe" },
		{ "\xef\xbf\xbf", "\\xef\\xbf\\xbf", "\\xef\\xbf\\xbf" },
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae", "\\xe2\\x80\\xae" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 }, want = { 0 };
		struct xml x;

		xml_begin(&x, &out);
		xml_start(&x, "t");
		xml_attribute(&x, "a", rows[i].in);
		xml_text(&x, rows[i].in);
		xml_end(&x, "t");
		strbuf_printf(&want, HEAD "<t a=\"%s\">%s</t>\n", rows[i].attribute, rows[i].text);
		assert_string_equal(strbuf_text(&out), strbuf_text(&want));
		strbuf_free(&out);
		strbuf_free(&want);
	}
}

struct time_row {
	int64_t ns;
	const char *text;
};

static void test_xml__seconds_are_decimal_and_never_negative(void **state)
{
	static const struct time_row rows[] = {
		{ 0, "0.000000" },
		{ 999, "0.000000" },
		{ 1305000000, "1.305000" },
		{ 86400000000001000, "86400000.000001" },
		{ -5000000000, "0.000000" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 }, want = { 0 };
		struct xml x = { .out = &out };

		xml_attribute_seconds(&x, "time", rows[i].ns);
		strbuf_printf(&want, " time=\"%s\"", rows[i].text);
		assert_string_equal(strbuf_text(&out), strbuf_text(&want));
		strbuf_free(&out);
		strbuf_free(&want);
	}
}

struct path_row {
	const char *path, *uri;
};

static void test_uri__a_path_is_encoded_byte_by_byte(void **state)
{
	static const struct path_row rows[] = {
		{ "forum.pcap", "forum.pcap" },
		{ "../captures/a-b_c~1.pcap", "../captures/a-b_c~1.pcap" },
		{ "/var/a b.pcap", "file:///var/a%20b.pcap" },
		{ "c:d.pcap", "c%3Ad.pcap" },
		{ "100%?#[x]", "100%25%3F%23%5Bx%5D" },
		{ "gr\xc3\xbc\xc3\x9f"
		  "e",
			"gr%C3%BC%C3%9Fe" },
		{ "\xff\n", "%FF%0A" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 };

		uri_put_path(&out, rows[i].path);
		assert_string_equal(strbuf_text(&out), rows[i].uri);
		strbuf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xml__elements_close_themselves_or_hold_others),
		cmocka_unit_test(test_xml__any_bytes_give_well_formed_text),
		cmocka_unit_test(test_xml__seconds_are_decimal_and_never_negative),
		cmocka_unit_test(test_uri__a_path_is_encoded_byte_by_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
