/* Capture files: formats, byte orders, times, and what is said of a damaged one. */
#include "capture/capture.h"
#include "capture/link.h"
#include "support/hex.h"
#include "support/unit.h"

#include <stdio.h>
#include <unistd.h>

/* A file being written, in either byte order. */
struct file {
	uint8_t bytes[16384];
	size_t len;
	bool little;
};

static void put(struct file *f, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		f->bytes[f->len++] = (uint8_t)(value >> 8 * (f->little ? i : width - 1 - i));
}

static void put_bytes(struct file *f, struct bytes b)
{
	memcpy(f->bytes + f->len, b.data, b.len);
	f->len += b.len;
}

/* What a capture gave: how many flows ended, and the last chunk of data. */
struct result {
	unsigned ends, gaps;
	int64_t time;
	uint64_t packet;
	char text[64];
	struct flow flow;
};

static enum sink_answer take(void *ctx, const struct chunk *c)
{
	struct result *r = ctx;

	if (c->kind == CHUNK_DATA) {
		r->time = c->time;
		r->packet = c->packet;
		assert_true(c->bytes.len < sizeof r->text);
		memcpy(r->text, c->bytes.data, c->bytes.len);
		r->text[c->bytes.len] = '\0';
	}
	r->gaps += c->kind == CHUNK_GAP;
	if (c->kind == CHUNK_END) {
		r->ends++;
		r->flow = *c->flow;
	}
	return SINK_MORE;
}

struct reading {
	struct capture *capture;
	struct result result;
	struct err err;
	bool ok;
};

static void open_for(struct reading *r, const char *filter)
{
	struct capture_options o = { .filter = filter };

	*r = (struct reading){ 0 };
	r->capture = capture_open((struct sink){ take, &r->result }, &o, &r->err);
	assert_non_null(r->capture);
}

static void read_file(struct reading *r, const struct file *f)
{
	open_for(r, NULL);
	r->ok = capture_read_bytes(r->capture, "x", bytes_of(f->bytes, f->len), &r->err);
}

/* An IPv4 packet with "hello" in a TCP segment from port `sport`. */
static struct bytes hello(uint16_t sport)
{
	static uint8_t packet[64];
	size_t n = hex_decode("4500 002d 0000 0000 4006 0000 c000020a c0000201 0000 01bb 00000064 "
			      "000001f4 5018 0400 0000 0000 68656c6c6f",
		packet, sizeof packet);

	packet[20] = (uint8_t)(sport >> 8);
	packet[21] = (uint8_t)sport;
	return bytes_of(packet, n);
}

static void pcap_header(struct file *f, bool little, uint32_t magic, uint32_t link)
{
	f->len = 0;
	f->little = little;
	put(f, magic, 4);
	put(f, 2, 2);
	put(f, 4, 2);
	put(f, 0, 8);
	put(f, 65535, 4);
	put(f, link, 4);
}

static void pcap_packet(struct file *f, uint32_t seconds, uint32_t fraction, struct bytes b)
{
	put(f, seconds, 4);
	put(f, fraction, 4);
	put(f, b.len, 4);
	put(f, b.len, 4);
	put_bytes(f, b);
}

static void test_pcap__both_byte_orders_and_both_clocks(void **state)
{
	static const struct {
		uint32_t magic;
		bool little;
		int64_t ns;
	} rows[] = {
		{ 0xa1b2c3d4, true, 123456000 },
		{ 0xa1b2c3d4, false, 123456000 },
		{ 0xa1b23c4d, true, 123456 },
		{ 0xa1b23c4d, false, 123456 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct file f;
		struct reading r;

		pcap_header(&f, rows[i].little, rows[i].magic, LINK_RAW);
		pcap_packet(&f, 1600000000, 123456, hello(50000));
		read_file(&r, &f);
		assert_true(r.ok);
		assert_string_equal(r.result.text, "hello");
		assert_int_equal(r.result.time, 1600000000ll * 1000000000 + rows[i].ns);
		assert_int_equal(capture_totals(r.capture).bytes, f.len);
		capture_close(r.capture);
	}
}

static void test_pcap__longer_packet_headers_are_known(void **state)
{
	struct file f;
	struct reading r;

	(void)state;
	pcap_header(&f, true, 0xa1b2cd34, LINK_RAW);
	for (uint16_t port = 1; port < 3; port++) {
		put(&f, 1, 4);
		put(&f, 2, 4);
		put(&f, 45, 4);
		put(&f, 45, 4);
		put(&f, 0, 8);
		put_bytes(&f, hello(port));
	}
	read_file(&r, &f);
	assert_true(r.ok);
	assert_int_equal(r.result.ends, 2);
	capture_close(r.capture);
}

static void test_pcap__old_files_have_their_lengths_swapped(void **state)
{
	struct file f;
	struct reading r;

	(void)state;
	pcap_header(&f, true, 0xa1b2c3d4, LINK_RAW);
	f.bytes[6] = 2; /* version 2.2 */
	put(&f, 0, 8);
	put(&f, 1500, 4);
	put(&f, 45, 4);
	put_bytes(&f, hello(50000));
	read_file(&r, &f);
	assert_true(r.ok);
	assert_string_equal(r.result.text, "hello");
	capture_close(r.capture);
}

/* Cut after each byte: all whole packets come, and the message names the broken one. */
static void test_pcap__a_cut_file_gives_what_was_whole(void **state)
{
	struct file f;
	size_t ends[4], whole;

	(void)state;
	pcap_header(&f, true, 0xa1b2c3d4, LINK_RAW);
	for (size_t i = 0; i < 4; i++) {
		ends[i] = f.len;
		pcap_packet(&f, 0, 0, hello((uint16_t)(1 + i)));
	}
	whole = f.len;
	for (f.len = ends[0]; f.len <= whole; f.len++) {
		size_t n = (f.len - ends[0]) / (ends[1] - ends[0]);
		bool cut = (f.len - ends[0]) % (ends[1] - ends[0]) != 0;
		const struct input_problem *problems;
		struct reading r;
		char want[64];

		read_file(&r, &f);
		assert_int_equal(r.ok, !cut);
		assert_int_equal(r.result.ends, n);
		assert_int_equal(capture_totals(r.capture).truncated, cut);
		assert_int_equal(capture_problems(r.capture, &problems), cut);
		if (cut) {
			(void)snprintf(
				want, sizeof want, "'x' breaks off inside packet %zu", n + 1);
			assert_int_equal(r.err.code, ERR_INPUT);
			assert_string_equal(r.err.msg, want);
			assert_int_equal(problems[0].packet, n + 1);
		}
		capture_close(r.capture);
	}
}

static void test_pcap__an_impossible_length_is_told_with_its_place(void **state)
{
	struct file f;
	struct reading r;

	(void)state;
	pcap_header(&f, true, 0xa1b2c3d4, LINK_RAW);
	pcap_packet(&f, 0, 0, hello(1));
	put(&f, 0, 8);
	put(&f, 0x7fffffff, 4);
	put(&f, 0x7fffffff, 4);
	read_file(&r, &f);
	assert_false(r.ok);
	assert_int_equal(r.result.ends, 1);
	assert_string_equal(
		r.err.msg, "'x' is damaged: packet 2 at byte 85 claims 2147483647 bytes");
	assert_false(capture_totals(r.capture).truncated);
	capture_close(r.capture);
}

static void test_input__what_is_no_capture_is_named(void **state)
{
	static const struct {
		const char *bytes, *message;
	} rows[] = {
		{ "", "'x' is empty" },
		{ "GET / HTTP/1.1", "'x' is not a capture but text: tlsdiag log x" },
		{ "abc", "'x' is not a capture but text: tlsdiag log x" },
		{ "\x01\x02\x03\x04", "'x' is not a capture: begins with 01 02 03 04" },
		{ "\x1f\x8b\x08 whatever",
			"'x' is not a capture but compressed data (gzip): gunzip -c x >OUT" },
		{ "BZh91AY",
			"'x' is not a capture but compressed data (bzip2): bunzip2 -c x >OUT" },
		{ "-----BEGIN CERTIFICATE-----\nMIIB",
			"'x' is not a capture but a certificate: tlsdiag check x" },
		{ "Frame 1: 66 bytes on wire (528 bits), 66 bytes captured",
			"'x' is not a capture but a dissection as text (tshark -V): tlsdiag log "
			"x" },
		{ "\xd4\xc3\xb2\xa1\x02", "'x' breaks off inside its file header" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct file f = { .len = strlen(rows[i].bytes) };
		struct reading r;

		memcpy(f.bytes, rows[i].bytes, f.len);
		read_file(&r, &f);
		assert_false(r.ok);
		assert_int_equal(r.err.code, ERR_INPUT);
		assert_string_equal(r.err.msg, rows[i].message);
		capture_close(r.capture);
	}
}

static void test_input__a_file_that_is_not_there_is_the_systems_affair(void **state)
{
	struct reading r;

	(void)state;
	open_for(&r, NULL);
	assert_false(capture_read(r.capture, "no/such/file", &r.err));
	assert_int_equal(r.err.code, ERR_OS);
	assert_string_equal(r.err.msg, "cannot open 'no/such/file': No such file or directory");
	capture_close(r.capture);
}

static void test_input__a_pipe_is_read_like_a_file(void **state)
{
	int ends[2], saved = dup(STDIN_FILENO);
	struct file f;
	struct reading r;

	(void)state;
	pcap_header(&f, true, 0xa1b2c3d4, LINK_RAW);
	pcap_packet(&f, 0, 0, hello(50000));
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], f.bytes, f.len), f.len);
	(void)close(ends[1]);
	(void)dup2(ends[0], STDIN_FILENO);
	open_for(&r, NULL);
	r.ok = capture_read(r.capture, "-", &r.err);
	(void)dup2(saved, STDIN_FILENO);
	(void)close(saved);
	(void)close(ends[0]);
	assert_true(r.ok);
	assert_string_equal(r.result.text, "hello");
	capture_close(r.capture);
}

static void test_input__several_files_add_up(void **state)
{
	struct file f;
	struct reading r;

	(void)state;
	pcap_header(&f, true, 0xa1b2c3d4, LINK_RAW);
	pcap_packet(&f, 0, 0, hello(50000));
	open_for(&r, NULL);
	for (unsigned i = 0; i < 2; i++)
		assert_true(capture_read_bytes(r.capture, "x", bytes_of(f.bytes, f.len), &r.err));
	assert_int_equal(r.result.ends, 2);
	assert_int_equal(r.result.flow.id, 2);
	assert_int_equal(r.result.packet, 1); /* packets count anew in each file */
	assert_int_equal(capture_totals(r.capture).packets, 2);
	assert_int_equal(capture_totals(r.capture).bytes, 2 * f.len);
	capture_close(r.capture);
}

static void test_input__what_cannot_be_read_is_counted(void **state)
{
	const uint8_t junk[] = { 0xff, 0xff };
	const struct input_problem *problems;
	struct file f;
	struct reading r;

	(void)state;
	pcap_header(&f, true, 0xa1b2c3d4, LINK_RAW);
	pcap_packet(&f, 0, 0, bytes_of(junk, 2));
	read_file(&r, &f);
	assert_true(r.ok);
	assert_int_equal(capture_totals(r.capture).unreadable, 1);
	capture_close(r.capture);
	pcap_header(&f, true, 0xa1b2c3d4, 147);
	pcap_packet(&f, 0, 0, bytes_of(junk, 2));
	pcap_packet(&f, 0, 0, bytes_of(junk, 2));
	read_file(&r, &f);
	assert_int_equal(capture_totals(r.capture).unknown_link, 2);
	assert_int_equal(capture_problems(r.capture, &problems), 1);
	assert_string_equal(problems[0].text, "packet 1: link type 147 is not known");
	capture_close(r.capture);
}

static void test_filter__applies_to_each_link_type(void **state)
{
	static const uint32_t links[] = { LINK_RAW, LINK_IPV4, LINK_RAW_BSD };

	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		struct file f;
		struct reading r;

		pcap_header(&f, true, 0xa1b2c3d4, links[i]);
		pcap_packet(&f, 0, 0, hello(50000));
		pcap_packet(&f, 0, 0, hello(50001));
		open_for(&r, "src port 50001");
		assert_true(capture_read_bytes(r.capture, "x", bytes_of(f.bytes, f.len), &r.err));
		assert_int_equal(r.result.ends, 1);
		assert_int_equal(r.result.flow.end[0].port, 50001);
		assert_int_equal(r.result.packet, 2); /* numbers are the file's */
		assert_int_equal(capture_totals(r.capture).filtered, 1);
		capture_close(r.capture);
	}
}

static void test_filter__that_makes_no_sense_is_refused(void **state)
{
	struct capture_options o = { .filter = "src prt 1" };
	struct result ignored;
	struct err e;

	(void)state;
	assert_null(capture_open((struct sink){ take, &ignored }, &o, &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_int_equal(strncmp(e.msg, "bad filter 'src prt 1': ", 24), 0);
}

static void block(struct file *f, uint32_t type, const struct file *body)
{
	uint32_t length = (uint32_t)(12 + (body->len + 3) / 4 * 4);

	put(f, type, 4);
	put(f, length, 4);
	put_bytes(f, bytes_of(body->bytes, body->len));
	put(f, 0, length - 12 - body->len);
	put(f, length, 4);
}

static void section(struct file *f, bool little)
{
	struct file body = { .little = little };

	f->little = little;
	put(&body, 0x1a2b3c4d, 4);
	put(&body, 1, 2);
	put(&body, 0, 2);
	put(&body, UINT64_MAX, 8);
	block(f, 0x0a0d0d0a, &body);
}

/* if_tsresol and if_tsoffset are left out where 0. */
static void interface(struct file *f, uint16_t link, uint8_t tsresol, uint64_t tsoffset)
{
	struct file body = { .little = f->little };

	put(&body, link, 2);
	put(&body, 0, 2);
	put(&body, 0, 4);
	put(&body, 2, 2); /* if_name */
	put(&body, 3, 2);
	put_bytes(&body, bytes_of("lo0\0", 4));
	if (tsresol != 0) {
		put(&body, 9, 2);
		put(&body, 1, 2);
		put_bytes(&body, bytes_of(&tsresol, 1));
		put(&body, 0, 3);
	}
	if (tsoffset != 0) {
		put(&body, 14, 2);
		put(&body, 8, 2);
		put(&body, tsoffset, 8);
	}
	put(&body, 0, 4);
	block(f, 1, &body);
}

static void enhanced(struct file *f, uint32_t from, uint64_t ticks, struct bytes b)
{
	struct file body = { .little = f->little };

	put(&body, from, 4);
	put(&body, ticks >> 32, 4);
	put(&body, ticks & 0xffffffff, 4);
	put(&body, b.len, 4);
	put(&body, b.len, 4);
	put_bytes(&body, b);
	put(&body, 0, (4 - body.len % 4) % 4);
	put(&body, 0x00010004, 4); /* a comment, and no more */
	block(f, 6, &body);
}

static void test_pcapng__interfaces_of_other_link_types_and_clocks(void **state)
{
	const int64_t second = 1000000000;
	static const struct {
		uint8_t tsresol;
		uint64_t offset, ticks;
		int64_t ns;
	} rows[] = {
		{ 0, 0, 1600000000123456, 123456000 },
		{ 9, 0, 1600000000123456789, 123456789 },
		{ 3, 0, 1600000000123, 123000000 },
		{ 12, 1500000000, 100000000123456789, 123456 },
		{ 0x8a, 0, 1600000000ull << 10 | 512, 500000000 },
		{ 0xa8, 1599999999, 1ull << 40 | 1ull << 39, 500000000 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		struct file f = { 0 };
		struct reading r;

		section(&f, i % 2 == 0);
		interface(&f, LINK_ETHERNET, 0, 0);
		interface(&f, LINK_RAW, rows[i / 2].tsresol, rows[i / 2].offset);
		enhanced(&f, 1, rows[i / 2].ticks, hello(50000));
		read_file(&r, &f);
		if (!r.ok)
			fail_msg("row %zu: %s", i, r.err.msg);
		assert_string_equal(r.result.text, "hello");
		if (rows[i / 2].tsresol == 12)
			assert_int_equal(r.result.time, 1500100000 * second + rows[i / 2].ns);
		else
			assert_int_equal(r.result.time, 1600000000 * second + rows[i / 2].ns);
		capture_close(r.capture);
	}
}

/* Every time that 64 bits of ns hold is kept; of another one the user is told. */
static void test_pcapng__times_of_all_years_are_kept_or_told(void **state)
{
	const int64_t second = 1000000000;
	const struct {
		uint8_t tsresol;
		int64_t offset;
		uint64_t ticks;
		bool lost;
		int64_t time;
	} rows[] = {
		{ 6, 0, 4102444800000000, false, 4102444800 * second },   /* 2100 */
		{ 6, -2208988800, 5000000, false, -2208988795 * second }, /* 1900 */
		{ 9, -2208988801, 1, false, -2208988801 * second + 1 },
		{ 9, 0, INT64_MAX, false, INT64_MAX },
		{ 9, 0, (uint64_t)INT64_MAX + 1, true, 0 },
		{ 9, -9223372037, 145224192, false, INT64_MIN },
		{ 9, -9223372037, 145224191, true, 0 },
		{ 6, 0, UINT64_MAX, true, 0 },
		{ 0x80, 0, UINT64_MAX, true, 0 },
		{ 0x80, INT64_MIN, (uint64_t)INT64_MAX + 1 + 1600000000, false,
			1600000000 * second },
		{ 6, INT64_MAX, 1, true, 0 },
		{ 6, INT64_MIN, 1, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct input_problem *problems;
		struct file f = { 0 };
		struct reading r;

		section(&f, true);
		interface(&f, LINK_RAW, rows[i].tsresol, (uint64_t)rows[i].offset);
		enhanced(&f, 0, rows[i].ticks, hello(50000));
		enhanced(&f, 0, rows[i].ticks, hello(50001));
		read_file(&r, &f);
		if (!r.ok || r.result.time != rows[i].time)
			fail_msg("row %zu: %lld", i, (long long)r.result.time);
		assert_int_equal(capture_problems(r.capture, &problems), rows[i].lost);
		if (rows[i].lost)
			assert_non_null(strstr(problems[0].text, "not between the years"));
		capture_close(r.capture);
	}
}

static void test_pcapng__sections_have_their_own_order_and_interfaces(void **state)
{
	struct file f = { 0 };
	struct reading r;

	(void)state;
	section(&f, true);
	interface(&f, LINK_RAW, 0, 0);
	enhanced(&f, 0, 1, hello(1));
	section(&f, false);
	interface(&f, LINK_IPV4, 0, 0);
	enhanced(&f, 0, 1, hello(2));
	section(&f, true);
	enhanced(&f, 0, 1, hello(3));
	read_file(&r, &f);
	assert_false(r.ok);
	assert_int_equal(r.result.ends, 2);
	assert_string_equal(r.err.msg, "'x' is damaged after packet 2: the block at byte 316 names "
				       "an interface that was not described");
	capture_close(r.capture);
}

static void test_pcapng__other_blocks_are_passed_over(void **state)
{
	struct file f = { 0 }, body = { .little = true };
	struct reading r;

	(void)state;
	section(&f, true);
	put_bytes(&body, bytes_of("anything at all", 15));
	block(&f, 10, &body); /* secrets */
	interface(&f, LINK_RAW, 0, 0);
	block(&f, 4, &body);     /* names */
	block(&f, 0xbad, &body); /* custom */
	enhanced(&f, 0, 1, hello(1));
	block(&f, 5, &body); /* statistics */
	read_file(&r, &f);
	assert_true(r.ok);
	assert_int_equal(r.result.ends, 1);
	assert_int_equal(capture_totals(r.capture).bytes, f.len);
	capture_close(r.capture);
}

static void test_pcapng__simple_and_obsolete_packets_are_read(void **state)
{
	struct file f = { 0 }, body = { .little = true };
	struct reading r;

	(void)state;
	section(&f, true);
	interface(&f, LINK_RAW, 0, 0);
	put(&body, 45, 4);
	put_bytes(&body, hello(1));
	block(&f, 3, &body);
	body.len = 0;
	put(&body, 0, 2);
	put(&body, 0xffff, 2); /* drops unknown */
	put(&body, 0, 8);
	put(&body, 45, 4);
	put(&body, 45, 4);
	put_bytes(&body, hello(2));
	block(&f, 2, &body);
	read_file(&r, &f);
	assert_true(r.ok);
	assert_int_equal(r.result.ends, 2);
	capture_close(r.capture);
}

static void test_pcapng__a_cut_file_gives_what_was_whole(void **state)
{
	struct file f = { 0 };
	size_t first, second, whole;

	(void)state;
	section(&f, true);
	interface(&f, LINK_RAW, 0, 0);
	first = f.len;
	enhanced(&f, 0, 1, hello(1));
	second = f.len;
	enhanced(&f, 0, 1, hello(2));
	whole = f.len;
	for (f.len = 12; f.len <= whole; f.len++) {
		struct reading r;

		read_file(&r, &f);
		if (f.len == whole || f.len == first || f.len == second || f.len == 28)
			assert_true(r.ok);
		else
			assert_int_equal(r.err.code, ERR_INPUT);
		/* A packet is whole before its block is. */
		assert_in_range(r.result.ends, f.len >= second, f.len > second ? 2 : 1);
		assert_int_equal(capture_totals(r.capture).truncated, !r.ok);
		capture_close(r.capture);
	}
}

static void test_pcapng__damaged_blocks_are_told_with_their_place(void **state)
{
	static const struct {
		size_t at; /* from the start of the packet's block */
		uint32_t value;
		const char *what;
	} rows[] = {
		{ 4, 13, "has an impossible length" },
		{ 4, 8, "has an impossible length" },
		{ 4, 28, "is too short for a packet" },
		{ 20, 0x7fffffff, "claims a packet longer than any" },
		{ 20, 300, "is shorter than its packet" },
		{ 8, 1, "names an interface that was not described" },
		{ 80, 88, "has two lengths that differ" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct file f = { 0 };
		struct reading r;
		size_t at, end;
		char want[120];

		section(&f, true);
		interface(&f, LINK_RAW, 0, 0);
		at = f.len;
		enhanced(&f, 0, 1, hello(1));
		end = f.len;
		f.len = at + rows[i].at;
		put(&f, rows[i].value, 4);
		f.len = end;
		read_file(&r, &f);
		assert_false(r.ok);
		assert_int_equal(r.err.code, ERR_INPUT);
		(void)snprintf(want, sizeof want, "the block at byte %zu %s", at, rows[i].what);
		if (strstr(r.err.msg, want) == NULL)
			fail_msg("row %zu: %s, not: %s", i, r.err.msg, want);
		capture_close(r.capture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap__both_byte_orders_and_both_clocks),
		cmocka_unit_test(test_pcap__longer_packet_headers_are_known),
		cmocka_unit_test(test_pcap__old_files_have_their_lengths_swapped),
		cmocka_unit_test(test_pcap__a_cut_file_gives_what_was_whole),
		cmocka_unit_test(test_pcap__an_impossible_length_is_told_with_its_place),
		cmocka_unit_test(test_input__what_is_no_capture_is_named),
		cmocka_unit_test(test_input__a_file_that_is_not_there_is_the_systems_affair),
		cmocka_unit_test(test_input__a_pipe_is_read_like_a_file),
		cmocka_unit_test(test_input__several_files_add_up),
		cmocka_unit_test(test_input__what_cannot_be_read_is_counted),
		cmocka_unit_test(test_filter__applies_to_each_link_type),
		cmocka_unit_test(test_filter__that_makes_no_sense_is_refused),
		cmocka_unit_test(test_pcapng__interfaces_of_other_link_types_and_clocks),
		cmocka_unit_test(test_pcapng__times_of_all_years_are_kept_or_told),
		cmocka_unit_test(test_pcapng__sections_have_their_own_order_and_interfaces),
		cmocka_unit_test(test_pcapng__other_blocks_are_passed_over),
		cmocka_unit_test(test_pcapng__simple_and_obsolete_packets_are_read),
		cmocka_unit_test(test_pcapng__a_cut_file_gives_what_was_whole),
		cmocka_unit_test(test_pcapng__damaged_blocks_are_told_with_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
