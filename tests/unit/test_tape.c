/* What was recorded on a tape is what the reader of captures, and tshark, find on it. */
#include "drive/tape.h"

#include "capture/capture.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOG_SIZE = 1024, BIG = 200000 };

static const int64_t T0 = 1700000000123456789;

/* What a tape gave: a line of words, the bytes of each direction, and the last flow. */
struct reading {
	char log[LOG_SIZE];
	uint8_t *bytes[2];
	size_t len[2];
	int64_t first_time[2];
	struct flow flow;
	struct capture_totals totals;
};

static void note(struct reading *r, const char *word)
{
	size_t used = strlen(r->log);

	(void)snprintf(r->log + used, sizeof r->log - used, "%s%s", used != 0 ? " " : "", word);
}

static void keep(struct reading *r, const struct chunk *c)
{
	char word[64];

	if (r->len[c->dir] == 0)
		r->first_time[c->dir] = c->time;
	r->bytes[c->dir] = realloc(r->bytes[c->dir], r->len[c->dir] + c->bytes.len);
	assert_non_null(r->bytes[c->dir]);
	memcpy(r->bytes[c->dir] + r->len[c->dir], c->bytes.data, c->bytes.len);
	r->len[c->dir] += c->bytes.len;
	(void)snprintf(word, sizeof word, "%c:%zu#%llu", c->dir == 0 ? 'c' : 's', c->bytes.len,
		(unsigned long long)c->packet);
	note(r, word);
}

static enum sink_answer take(void *ctx, const struct chunk *c)
{
	static const char *const ends[] = { "closed", "reset", "input-ended", "evicted", "reused" };
	struct reading *r = ctx;

	if (c->kind == CHUNK_DATA)
		keep(r, c);
	if (c->kind == CHUNK_GAP)
		note(r, "gap");
	if (c->kind == CHUNK_END) {
		note(r, ends[c->ended]);
		r->flow = *c->flow;
	}
	return SINK_MORE;
}

static void read_tape(const struct tape *t, struct reading *r)
{
	struct err e = { 0 };
	struct capture *c;

	*r = (struct reading){ 0 };
	c = capture_open((struct sink){ take, r }, NULL, &e);
	assert_non_null(c);
	assert_true(capture_read_bytes(c, "tape", tape_file(t), &e));
	r->totals = capture_totals(c);
	assert_int_equal(r->totals.packets, tape_n_packets(t));
	assert_int_equal(r->totals.unreadable, 0);
	capture_close(c);
}

static void forget(struct reading *r)
{
	free(r->bytes[0]);
	free(r->bytes[1]);
}

static struct endpoint end_of(uint8_t family, uint8_t last, uint16_t port)
{
	struct endpoint e = { .family = family, .port = port };

	memcpy(e.addr, family == 6 ? "\x20\x01\x0d\xb8" : "\xc0\x00\x02", family == 6 ? 4 : 3);
	e.addr[family == 6 ? 15 : 3] = last;
	return e;
}

static struct tape_flow flow_on(struct tape *t, uint8_t family)
{
	struct endpoint client = end_of(family, 10, 50000), server = end_of(family, 1, 443);

	return tape_flow(t, &client, &server);
}

static struct bytes text(const char *s)
{
	return bytes_of(s, strlen(s));
}

static void assert_said(const struct reading *r, unsigned dir, const char *want)
{
	assert_int_equal(r->len[dir], strlen(want));
	assert_memory_equal(r->bytes[dir], want, r->len[dir]);
}

/* A whole conversation, both sides closing. */
static void converse(struct tape_flow *f)
{
	tape_syn(f, T0);
	tape_accepted(f, T0 + 1);
	tape_data(f, 0, text("hello"), T0 + 2);
	tape_data(f, 1, text("who are"), T0 + 3);
	tape_data(f, 1, text(" you?"), T0 + 4);
	tape_ack(f, 0, T0 + 5);
	tape_data(f, 0, text("nobody"), T0 + 6);
	tape_fin(f, 0, T0 + 7);
	tape_fin(f, 1, T0 + 8);
	tape_ack(f, 0, T0 + 9);
}

static void test_tape__a_conversation_reads_as_it_was(void **state)
{
	static const uint8_t families[] = { 4, 6 };

	(void)state;
	for (size_t i = 0; i < sizeof families; i++) {
		struct tape *t = tape_open();
		struct tape_flow f = flow_on(t, families[i]);
		struct reading r;

		converse(&f);
		read_tape(t, &r);
		assert_string_equal(r.log, "c:5#4 s:7#5 s:5#6 c:6#8 closed");
		assert_said(&r, 0, "hellonobody");
		assert_said(&r, 1, "who are you?");
		assert_true(endpoint_equal(&r.flow.end[0], &f.end[0]));
		assert_true(endpoint_equal(&r.flow.end[1], &f.end[1]));
		assert_true(r.flow.opener_known);
		for (unsigned d = 0; d < 2; d++) {
			assert_true(r.flow.dir[d].syn && r.flow.dir[d].fin && !r.flow.dir[d].rst);
			assert_int_equal(r.flow.dir[d].fin_time, T0 + 7 + d);
			assert_int_equal(r.flow.dir[d].retransmissions, 0);
			assert_int_equal(r.flow.dir[d].acked, r.len[!d]);
			assert_int_equal(r.first_time[d], T0 + 2 + d);
		}
		assert_int_equal(r.flow.start_time, T0);
		forget(&r);
		tape_close(t);
	}
}

static void test_tape__more_than_a_packet_holds_goes_into_several(void **state)
{
	uint8_t *big = malloc(BIG);
	struct tape *t = tape_open();
	struct tape_flow f = flow_on(t, 4);
	struct reading r;

	(void)state;
	assert_non_null(big);
	for (size_t i = 0; i < BIG; i++)
		big[i] = (uint8_t)(i * 7 + i / 251);
	tape_syn(&f, T0);
	tape_accepted(&f, T0);
	tape_data(&f, 1, bytes_of(big, BIG), T0);
	read_tape(t, &r);
	assert_string_equal(r.log, "s:65495#4 s:65495#5 s:65495#6 s:3515#7 input-ended");
	assert_int_equal(r.len[1], BIG);
	assert_memory_equal(r.bytes[1], big, BIG);
	forget(&r);
	tape_close(t);
	free(big);
}

static void test_tape__how_a_connection_ends(void **state)
{
	struct tape *t = tape_open();
	struct tape_flow f = flow_on(t, 4);
	struct reading r;

	(void)state;
	tape_syn(&f, T0);
	read_tape(t, &r);
	assert_string_equal(r.log, "input-ended");
	assert_true(r.flow.unanswered && !r.flow.refused);
	tape_refused(&f, T0 + 5);
	read_tape(t, &r);
	assert_string_equal(r.log, "reset");
	assert_true(r.flow.refused && !r.flow.unanswered);
	assert_int_equal(r.flow.dir[1].rst_time, T0 + 5);
	tape_close(t);

	t = tape_open();
	f = flow_on(t, 6);
	tape_syn(&f, T0);
	tape_unreachable(&f, 3, T0 + 5);
	read_tape(t, &r);
	assert_string_equal(r.log, "input-ended");
	assert_true(r.flow.unreachable.seen && !r.flow.unanswered);
	assert_int_equal(r.flow.unreachable.type, 1);
	assert_int_equal(r.flow.unreachable.code, 3);
	assert_int_equal(r.flow.unreachable.time, T0 + 5);
	assert_memory_equal(r.flow.unreachable.by.addr, f.end[0].addr, 16);
	tape_close(t);

	t = tape_open();
	f = flow_on(t, 6);
	tape_syn(&f, T0);
	tape_accepted(&f, T0 + 1);
	tape_data(&f, 0, text("hello"), T0 + 2);
	tape_rst(&f, 1, T0 + 3);
	read_tape(t, &r);
	assert_string_equal(r.log, "c:5#4 reset");
	assert_true(r.flow.dir[1].rst && !r.flow.dir[0].rst && !r.flow.refused);
	assert_int_equal(r.flow.dir[1].rst_packet, 5);
	forget(&r);
	tape_close(t);
}

static void test_tape__what_is_acknowledged_already_is_not_again(void **state)
{
	struct tape *t = tape_open();
	struct tape_flow f = flow_on(t, 4);
	struct reading r;

	(void)state;
	tape_syn(&f, T0);
	tape_accepted(&f, T0);
	tape_ack(&f, 0, T0);
	assert_int_equal(tape_n_packets(t), 3);
	tape_data(&f, 0, text("hello"), T0);
	read_tape(t, &r);
	assert_int_equal(r.flow.dir[1].acked, 0);
	forget(&r);
	tape_ack(&f, 1, T0);
	tape_ack(&f, 1, T0);
	assert_int_equal(tape_n_packets(t), 5);
	read_tape(t, &r);
	assert_int_equal(r.flow.dir[1].acked, 5);
	forget(&r);
	tape_close(t);
}

static void test_tape__the_same_ports_can_be_used_again(void **state)
{
	struct tape *t = tape_open(), *other = tape_open();
	struct reading r;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct tape_flow f = flow_on(t, 4);

		converse(&f);
	}
	tape_append(other, t);
	assert_true(bytes_equal(tape_file(other), tape_file(t)));
	read_tape(other, &r);
	assert_string_equal(
		r.log, "c:5#4 s:7#5 s:5#6 c:6#8 closed c:5#15 s:7#16 s:5#17 c:6#19 closed");
	assert_int_equal(r.totals.flows, 2);
	forget(&r);
	tape_close(t);
	tape_close(other);
}

static void test_tape__a_full_tape_stays_a_capture(void **state)
{
	uint8_t *big = calloc(1, BIG);
	struct tape *t = tape_open(), *other = tape_open();
	struct tape_flow f = flow_on(t, 4);
	struct reading r;

	(void)state;
	assert_non_null(big);
	tape_syn(&f, T0);
	tape_accepted(&f, T0);
	for (size_t sent = 0; sent <= TAPE_MAX; sent += BIG)
		tape_data(&f, 1, bytes_of(big, BIG), T0);
	assert_true(tape_failed(t));
	assert_true(tape_file(t).len <= TAPE_MAX);
	/* A later packet that is small enough would leave a hole before it. */
	tape_data(&f, 1, text("x"), T0);
	read_tape(t, &r);
	assert_true(r.len[1] > TAPE_MAX - 2 * BIG);
	assert_non_null(strstr(r.log, "s:65495#5 "));
	forget(&r);
	tape_append(other, t);
	tape_append(other, t);
	assert_true(tape_failed(other));
	assert_int_equal(tape_n_packets(other), tape_n_packets(t));
	tape_close(other);
	tape_close(t);
	free(big);
}

/* Every packet of every kind, for both families. */
static struct tape *all_packets(void)
{
	struct tape *t = tape_open();

	for (uint8_t family = 4; family <= 6; family += 2) {
		struct tape_flow f = flow_on(t, family);

		converse(&f);
		f = flow_on(t, family);
		tape_syn(&f, T0 + 20);
		tape_refused(&f, T0 + 21);
		f = flow_on(t, family);
		f.end[0].port = 50001;
		tape_syn(&f, T0 + 22);
		tape_unreachable(&f, 1, T0 + 23);
		f.end[0].port = 50002;
		tape_syn(&f, T0 + 24);
		tape_accepted(&f, T0 + 25);
		tape_data(&f, 0, text("odd"), T0 + 26);
		tape_rst(&f, 1, T0 + 27);
	}
	return t;
}

static void write_file(const char *path, int fd, struct bytes b)
{
	FILE *f = fdopen(fd, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(b.data, 1, b.len, f), b.len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(access(path, R_OK), 0);
}

/*
 * tshark checks every checksum when told to. What it remarks upon at the level of a warning or an
 * error is printed: the resets are all it may have something to say about.
 */
static void test_tape__tshark_has_nothing_to_complain_of(void **state)
{
	char path[] = "/tmp/tlsdiag-test-XXXXXX", command[512], line[256];
	struct tape *t = all_packets();
	unsigned lines = 0;
	FILE *out;

	(void)state;
	/* NOLINTNEXTLINE(cert-env33-c): a fixed command */
	if (system("command -v tshark >/dev/null 2>&1") != 0) {
		tape_close(t);
		skip();
	}
	write_file(path, mkstemp(path), tape_file(t));
	(void)snprintf(command, sizeof command,
		"tshark -n -r %s -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -T fields "
		"-e frame.number -e ip.checksum.status -e tcp.checksum.status "
		"-e icmp.checksum.status -e icmpv6.checksum.status -e _ws.expert.message "
		"-Y '_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0 or "
		"icmp.checksum.status == 0 or icmpv6.checksum.status == 0 or "
		"(_ws.expert.severity >= warning and !tcp.flags.reset == 1)' 2>/dev/null",
		path);
	/* NOLINTNEXTLINE(cert-env33-c): the path is of our own making */
	out = popen(command, "r");
	assert_non_null(out);
	while (fgets(line, sizeof line, out) != NULL) {
		print_message("tshark: %s", line);
		lines++;
	}
	assert_int_equal(pclose(out), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(lines, 0);
	tape_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tape__a_conversation_reads_as_it_was),
		cmocka_unit_test(test_tape__more_than_a_packet_holds_goes_into_several),
		cmocka_unit_test(test_tape__how_a_connection_ends),
		cmocka_unit_test(test_tape__what_is_acknowledged_already_is_not_again),
		cmocka_unit_test(test_tape__the_same_ports_can_be_used_again),
		cmocka_unit_test(test_tape__a_full_tape_stays_a_capture),
		cmocka_unit_test(test_tape__tshark_has_nothing_to_complain_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
