/* A ClientHello out of a file: in any form it is found, framed and validated, or refused with why. */
#include "drive/hello_file.h"

#include "support/hex.h"
#include "support/unit.h"
#include "wire/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RANDOM  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define BODY    "0303" RANDOM "00 0002 c02b 0100"
#define MESSAGE "01000029" BODY
#define RECORDS "160303002d" MESSAGE
#define SPLIT                                                                                      \
	"160301000a 01000029 0303 00010203 1603020001 04 1603030022"                               \
	"05060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 0002 c02b 0100"
#define DTLS "01000029 0000 000000 000029 fefd" RANDOM "00 00 0002 c02b 0100"
#define SSL2 "8018 01 0301 0003 0000 000c 00c02b 000102030405060708090a0b"
/* IPv4 and TCP, as tcpdump -x shows them */
#define HEADERS                                                                                    \
	"4500005a000040004006b680c0000201c0000202"                                                 \
	"115c01bb0000000100000001501801f600000000"

struct reading {
	struct arena *arena;
	struct hello_bytes hello;
	struct err err;
	bool ok;
};

static struct reading read_bytes(const void *data, size_t len)
{
	struct reading r = { .arena = arena_new((size_t)4 * HELLO_FILE_MAX) };

	assert_non_null(r.arena);
	r.ok = hello_bytes_read(bytes_of(data, len), r.arena, &r.hello, &r.err);
	return r;
}

static struct reading read_hex(struct message *m, const char *hex)
{
	(void)message_of(m, hex);
	return read_bytes(m->b.data, m->b.len);
}

static struct reading read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void test_hello_file__every_form_of_bytes_is_read(void **state)
{
	static const struct {
		const char *bytes, *records, *message;
		bool framed;
		uint16_t record_version;
		size_t n_records, skipped, left_over;
	} rows[] = {
		{ RECORDS, RECORDS, MESSAGE, true, 0x0303, 1, 0, 0 },
		{ SPLIT, SPLIT, MESSAGE, true, 0x0301, 3, 0, 0 },
		{ MESSAGE, "160301002d" MESSAGE, MESSAGE, false, 0x0301, 1, 0, 0 },
		{ SSL2, SSL2, SSL2, true, 0, 0, 0, 0 },
		{ HEADERS RECORDS, RECORDS, MESSAGE, true, 0x0303, 1, 40, 0 },
		{ RECORDS "140303000101", RECORDS, MESSAGE, true, 0x0303, 1, 0, 6 },
		{ MESSAGE "00", "160301002d" MESSAGE, MESSAGE, false, 0x0301, 1, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct reading r = read_hex(&m, rows[i].bytes);
		const struct hello_bytes *h = &r.hello;

		if (!r.ok)
			fail_msg("row %zu: %s", i, r.err.msg);
		assert_bytes_are_hex(h->records, rows[i].records);
		assert_bytes_are_hex(h->message, rows[i].message);
		assert_int_equal(h->framed, rows[i].framed);
		assert_int_equal(h->record_version, rows[i].record_version);
		assert_int_equal(h->n_records, rows[i].n_records);
		assert_int_equal(h->skipped, rows[i].skipped);
		assert_int_equal(h->left_over, rows[i].left_over);
		assert_true(h->hello.seen);
		assert_true(client_hello_offers_suite(&h->hello, 0xc02b));
		arena_free(r.arena);
	}
}

static void test_hello_file__texts_are_read(void **state)
{
	static const char *const texts[] = {
		"160303002d01000029 0303 " RANDOM " 00 0002c02b 0100",
		"static const unsigned char hello[] = {\n"
		"  0x16, 0x03, 0x03, 0x00, 0x2d, 0x01, 0x00, 0x00, 0x29, 0x03, 0x03, 0x00,\n"
		"  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c,\n"
		"  0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,\n"
		"  0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x00, 0x00, 0x02, 0xc0, 0x2b,\n"
		"  0x01, 0x00\n};\n",
		/* hexdump, on a machine that puts the lowest byte first */
		"0000000 0316 0003 012d 0000 0329 0003 0201 0403\n"
		"0000010 0605 0807 0a09 0c0b 0e0d 100f 1211 1413\n"
		"0000020 1615 1817 1a19 1c1b 1e1d 001f 0200 2bc0\n"
		"0000030 0001\n"
		"0000032\n",
		/* tcpdump -x: the packet before it holds no hello */
		"12:00:00.000000 IP 192.0.2.1.4444 > 192.0.2.2.443: Flags [S], length 0\n"
		"\t0x0000:  4500 0028 0000 4000 4006 b6b2 c000 0201\n"
		"\t0x0010:  c000 0202 115c 01bb 0000 0000 0000 0000\n"
		"\t0x0020:  5002 01f6 0000 0000\n"
		"12:00:00.000100 IP 192.0.2.1.4444 > 192.0.2.2.443: Flags [P.], length 50\n"
		"\t0x0000:  4500 005a 0000 4000 4006 b680 c000 0201\n"
		"\t0x0010:  c000 0202 115c 01bb 0000 0001 0000 0001\n"
		"\t0x0020:  5018 01f6 0000 0000 1603 0300 2d01 0000\n"
		"\t0x0030:  2903 0300 0102 0304 0506 0708 090a 0b0c\n"
		"\t0x0040:  0d0e 0f10 1112 1314 1516 1718 191a 1b1c\n"
		"\t0x0050:  1d1e 1f00 0002 c02b 0100\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct reading r = read_text(texts[i]);

		if (!r.ok)
			fail_msg("row %zu: %s", i, r.err.msg);
		assert_bytes_are_hex(r.hello.records, RECORDS);
		assert_bytes_are_hex(r.hello.message, MESSAGE);
		arena_free(r.arena);
	}
}

static void test_hello_file__what_cannot_be_sent_is_refused_with_why(void **state)
{
	static const struct {
		const char *hex, *says;
	} rows[] = {
		{ "", "it is empty" },
		{ "00ff", "no ClientHello in it" },
		{ HEADERS "160303002d 0100", "no ClientHello in it" }, /* not even its length */
		{ "d4c3b2a1 02000400", "a capture, not the bytes of a ClientHello" },
		{ "0a0d0d0a 1c000000" RECORDS, "a capture, not the bytes of a ClientHello" },
		{ "160303002a 02000026 0303" RANDOM "00 c02b 00",
			"a ServerHello, not a ClientHello" },
		{ "16fefd 0000 000000000000 0036" DTLS, "a ClientHello of DTLS, not of TLS" },
		{ DTLS, "a ClientHello of DTLS, not of TLS" },
		{ HEADERS "16fefd 0000 000000000000 0036" DTLS,
			"a ClientHello of DTLS, not of TLS" },
		{ "160303002d 01000029 0303 00", "the ClientHello is cut off: '7' bytes of '45'" },
		{ "160301000a 01000029 0303 00010203",
			"the ClientHello is cut off: '10' bytes of '45'" },
		{ "160301000a 01000029 0303 00010203 1603",
			"the ClientHello is cut off: '10' bytes of '45'" },
		{ "01000029 0303 00", "the ClientHello is cut off: '7' bytes of '45'" },
		{ "8018 01 0301 0003 0000 000c 00",
			"the ClientHello is cut off: '12' bytes of '26'" },
		{ "160301000a 01000029 0303 00010203 1503010002 0228",
			"no record goes on with the ClientHello at its byte '10'" },
		{ "160301000a 01000029 0303 00010203 1603010000",
			"no record goes on with the ClientHello at its byte '10'" },
		{ "160303002f" MESSAGE "0e00",
			"the record of the ClientHello's end has '2' bytes more" },
		{ "160303002d 01000029 0303" RANDOM "00 0004 c02b 0100",
			"the ClientHello is malformed, byte 41: compression_methods needs 1 byte, "
			"has 0" },
		{ "8018 01 0301 0003 0000 000c 00c02b 000102030405060708090a",
			"the ClientHello is cut off: '25' bytes of '26'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct reading r = read_hex(&m, rows[i].hex);

		if (r.ok)
			fail_msg("'%s' was read", rows[i].hex);
		assert_string_equal(r.err.msg, rows[i].says);
		assert_int_equal(r.err.code, ERR_INPUT);
		arena_free(r.arena);
	}
}

static void test_hello_file__texts_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "hello\n", "line 1, column 1: no hexadecimal digit" },
		{ "01 02 03", "no ClientHello in it" },
		{ "# cut\n160303002d 01000029 0303 00",
			"line 2: the ClientHello is cut off: '7' bytes of '45'" },
		{ "0000: 01\n0001: 02\n0003: 03",
			"line 3: its offset does not follow: a line is missing or cut" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r = read_text(rows[i].text);

		assert_false(r.ok);
		assert_string_equal(r.err.msg, rows[i].says);
		arena_free(r.arena);
	}
}

/* A hello with padding (RFC 7685) that needs two records. */
static void test_hello_file__long_message_gets_records_of_legal_size(void **state)
{
	enum { PADDING = 20000, EXTENSION = 4, LIST = 2, FIXED = 45 };
	enum { LENGTH = FIXED + LIST + EXTENSION + PADDING };
	static const uint8_t fixed[] = { 0x01, 0x00, 0x4e, 0x4f, 0x03, 0x03 };
	static const uint8_t behind[] = { 0x00, 0x00, 0x02, 0xc0, 0x2b, 0x01, 0x00, 0x4e, 0x24,
		0x00, 0x15, 0x4e, 0x20 };
	uint8_t *message = calloc(1, LENGTH);
	struct reading r;

	(void)state;
	assert_non_null(message);
	memcpy(message, fixed, sizeof fixed);
	memcpy(message + sizeof fixed + 32, behind, sizeof behind);
	r = read_bytes(message, LENGTH);
	if (!r.ok)
		fail_msg("%s", r.err.msg);
	assert_int_equal(r.hello.n_records, 2);
	assert_int_equal(r.hello.records.len, r.hello.message.len + (size_t)2 * RECORD_HEADER);
	assert_bytes_are_hex(bytes_slice(r.hello.records, 0, 6), "160301400001");
	assert_bytes_are_hex(bytes_slice(r.hello.records, RECORD_HEADER + RECORD_PLAINTEXT_MAX, 6),
		"1603010e5300");
	free(message);
	arena_free(r.arena);
}

static void test_hello_file__any_cut_is_noticed(void **state)
{
	struct message m;

	(void)state;
	(void)message_of(&m, RECORDS);
	for (size_t n = 0; n < m.b.len; n++) {
		struct reading r = read_bytes(m.b.data, n);

		assert_false(r.ok);
		arena_free(r.arena);
	}
}

/* Three lines of each dump stand for a quarter of a MiB. */
static void test_hello_file__what_lines_stand_for_is_bounded(void **state)
{
	static const char dump[] =
		"00000 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16\n*\n3fff0\n";
	enum { DUMPS = 1000, DUMP = sizeof dump - 1 };
	char *text = malloc((size_t)DUMPS * DUMP);
	struct reading r;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < DUMPS; i++)
		for (size_t k = 0; k < DUMP; k++)
			text[i * DUMP + k] = dump[k];
	r = read_bytes(text, (size_t)DUMPS * DUMP);
	assert_false(r.ok);
	assert_int_equal(r.err.code, ERR_LIMIT);
	assert_string_equal(r.err.msg, "line 13: the lines so far stand for more than '1 MiB', and "
				       "no ClientHello is in it");
	arena_free(r.arena);
	free(text);
}

static void test_hello_file__messages_name_the_file(void **state)
{
	char path[] = "build/hello-XXXXXX", says[80];
	struct reading r = { .arena = arena_new((size_t)4 * HELLO_FILE_MAX) };
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "16 03 03\n", 9), 9);
	(void)close(fd);
	assert_false(hello_file_read(path, r.arena, &r.hello, &r.err));
	(void)unlink(path);
	(void)snprintf(says, sizeof says, "'%s': no ClientHello in it", path);
	assert_string_equal(r.err.msg, says);
	assert_false(hello_file_read("build/none", r.arena, &r.hello, &r.err));
	assert_string_equal(r.err.msg, "cannot open 'build/none': No such file or directory");
	assert_int_equal(r.err.code, ERR_OS);
	assert_false(hello_file_read("src", r.arena, &r.hello, &r.err));
	assert_string_equal(r.err.msg, "cannot read 'src': it is a directory");
	arena_free(r.arena);
}

static void test_hello_file__without_memory_is_an_error(void **state)
{
	struct arena *small = arena_new(64);
	struct hello_bytes hello;
	struct message m;
	struct err e;

	(void)state;
	assert_non_null(small);
	(void)message_of(&m, RECORDS);
	while (arena_alloc(small, 8) != NULL)
		;
	assert_false(hello_bytes_read(m.b, small, &hello, &e));
	assert_int_equal(e.code, ERR_MEMORY);
	assert_false(hello_bytes_read(bytes_of("16", 2), small, &hello, &e));
	assert_int_equal(e.code, ERR_MEMORY);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hello_file__every_form_of_bytes_is_read),
		cmocka_unit_test(test_hello_file__texts_are_read),
		cmocka_unit_test(test_hello_file__what_cannot_be_sent_is_refused_with_why),
		cmocka_unit_test(test_hello_file__texts_are_refused_with_their_line),
		cmocka_unit_test(test_hello_file__long_message_gets_records_of_legal_size),
		cmocka_unit_test(test_hello_file__any_cut_is_noticed),
		cmocka_unit_test(test_hello_file__what_lines_stand_for_is_bounded),
		cmocka_unit_test(test_hello_file__messages_name_the_file),
		cmocka_unit_test(test_hello_file__without_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
