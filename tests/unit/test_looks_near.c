/*
 * Whose hello one is taken for when it differs in one thing from a stack's, in tests/unit/facts/looks.txt:
 *
 *   > ROW          of support/hello_rows.h
 *
 * Below it stands what each extension, scheme, suite and group comes to when it is put in at any place, one after the
 * other: the place from which it is so, and the name. Then what comes of it when one is left out, and with other point
 * formats. `test_looks_near --write` writes down what is told now.
 */
#include "base/array.h"
#include "session/fingerprint.h"
#include "support/hello_rows.h"
#include "support/listing.h"

#define LISTING "tests/unit/facts/looks.txt"

static const uint16_t values[] = { 0, 1, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23,
	27, 28, 34, 35, 41, 42, 43, 44, 45, 47, 49, 50, 51, 54, 55, 256, 13172, 0xff01, 0xfe0d,
	0x2a2a, 0x0203, 0x0301, 0x0401, 0x0403, 0x0501, 0x0503, 0x0601, 0x0603, 0x0804, 0x0805,
	0x0806, 0x0807, 0x0808, 0x0809, 0x002f, 0x00ff, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c,
	0xc02f, 0xc030 };

static const char *looks_of(const struct hello_row *row)
{
	static const uint8_t random[32];
	struct wire *w = wire_new();
	struct client_hello *hello = calloc(1, sizeof *hello);
	struct parse_err err;
	struct cur cur;
	struct looks looks;

	assert_non_null(hello);
	put_hello(w, row, random, bytes_of(NULL, 0));
	cur = cur_init(bytes_of(w->b, w->n), &err);
	(void)parse_client_hello(&cur, hello);
	looks = fingerprint_client_hello(hello);
	free(hello);
	free(w);
	return looks.name != NULL ? looks.name : "-";
}

static size_t list_length(const uint16_t *list)
{
	size_t n = 0;

	while (list[n] != STOP)
		n++;
	return n;
}

/* A list of a row, by its number. */
static uint16_t *list_of(struct hello_row *row, size_t which)
{
	uint16_t *const lists[] = { row->ext, row->schemes, row->suites, row->groups };

	return lists[which];
}

static void say_change(struct strbuf *b, size_t at, const char *name, const char **last)
{
	if (*last == NULL || strcmp(name, *last) != 0)
		strbuf_printf(b, " %zu:%s", at, name);
	*last = name;
}

static void say_put_in(struct strbuf *b, const struct hello_row *row, size_t which, uint16_t value)
{
	struct hello_row other = *row;
	size_t n = list_length(list_of(&other, which));
	const char *last = NULL;

	for (size_t at = 0; at <= n; at++) {
		uint16_t *list;

		other = *row;
		list = list_of(&other, which);
		memmove(list + at + 1, list + at, (n - at + 1) * sizeof *list);
		list[at] = value;
		say_change(b, at, looks_of(&other), &last);
	}
}

static void say_left_out(struct strbuf *b, const struct hello_row *row, size_t which)
{
	struct hello_row other = *row;
	size_t n = list_length(list_of(&other, which));
	const char *last = NULL;

	for (size_t at = 0; at < n; at++) {
		uint16_t *list;

		other = *row;
		list = list_of(&other, which);
		memmove(list + at, list + at + 1, (n - at) * sizeof *list);
		say_change(b, at, looks_of(&other), &last);
	}
}

static void say_formats(struct strbuf *b, const struct hello_row *row)
{
	static const char *const formats[] = { NULL, "", "00", "01", "0001", "000102", "000103",
		"00010203" };

	strbuf_puts(b, "  formats:");
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct hello_row other = *row;

		other.formats = formats[i];
		strbuf_printf(b, " %s", looks_of(&other));
	}
	strbuf_puts(b, "\n");
}

static void say_row(struct strbuf *b, const char *line)
{
	static const char *const lists[] = { "extension", "scheme", "suite", "group" };
	const struct hello_row *row = &rows[strtoul(line + 2, NULL, 10) % COUNT(rows)];

	strbuf_printf(b, "  %s\n", looks_of(row));
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct strbuf last = { 0 };

		for (size_t k = 0; k < COUNT(values); k++) {
			struct strbuf now = { 0 };

			say_put_in(&now, row, i, values[k]);
			if (k == 0 || strcmp(strbuf_text(&now), strbuf_text(&last)) != 0)
				strbuf_printf(b, "  %s from %04x on:%s\n", lists[i], values[k],
					strbuf_text(&now));
			strbuf_free(&last);
			last = now;
		}
		strbuf_free(&last);
		strbuf_printf(b, "  %s left out:", lists[i]);
		say_left_out(b, row, i);
		strbuf_puts(b, "\n");
	}
	say_formats(b, row);
}

static void test_looks__are_what_the_listing_says_of_hellos_near_to_a_stacks(void **state)
{
	(void)state;
	assert_listing(LISTING, say_row);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks__are_what_the_listing_says_of_hellos_near_to_a_stacks),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_row);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
