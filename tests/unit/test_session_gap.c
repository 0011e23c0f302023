/* What stands after a hole is still read, and what stands before it is kept. */
#include "support/tls_talk.h"

/* Sends one record with a hole of `hole` bytes from `at` on. */
static void send_with_hole(
	struct tls_talk *t, unsigned dir, const struct wire *w, size_t at, size_t hole)
{
	talk_send(t, dir, w->b, at);
	talk_gap(t, dir, hole, GAP_LOST);
	talk_send(t, dir, w->b + at + hole, w->n - at - hole);
}

static void server_flight(struct wire *w, size_t filler)
{
	struct wire *f = calloc(1, sizeof *f);
	uint8_t *der = calloc(1, filler);

	put_uint(f, HS_CERTIFICATE, 1);
	put_uint(f, 3 + 3 + sizeof talk_cert + 3 + filler, 3);
	put_uint(f, 3 + sizeof talk_cert + 3 + filler, 3);
	put_uint(f, sizeof talk_cert, 3);
	put(f, talk_cert, sizeof talk_cert);
	put_uint(f, filler, 3);
	put(f, der, filler);
	put_message(f, "SKE");
	put_message(f, "SHD");
	put_record(w, CONTENT_HANDSHAKE, f->b, f->n);
	free(der);
	free(f);
}

static void test_gap__message_after_a_hole_in_its_record_is_read(void **state)
{
	struct wire *w = calloc(1, sizeof *w);
	struct tls_talk t;
	const struct event *ev;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH");
	server_flight(w, 3000);
	send_with_hole(&t, 1, w, 500, 1448);
	talk_say(&t, "c:alert48 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_ladder(t.hs[0], "c:ClientHello s:ServerHello s:gap s:Certificate~ "
			       "s:ServerKeyExchange s:ServerHelloDone c:alert48 c:fin");
	ev = handshake_message(t.hs[0], SIDE_SERVER, HS_CERTIFICATE);
	assert_true(ev->unread);
	assert_true(handshake_began(t.hs[0], SIDE_SERVER, HS_CERTIFICATE));
	assert_int_equal(t.hs[0]->side[SIDE_SERVER].n_certs, 0); /* though the first was whole */
	assert_false(t.hs[0]->side[SIDE_SERVER].certificate.seen);
	assert_int_equal(t.hs[0]->ske.signature.len, 256);
	assert_int_equal(t.hs[0]->n_gaps, 1);
	assert_int_equal(t.hs[0]->gaps[0].bytes, 1448);
	assert_true(t.hs[0]->gaps[0].has_message);
	assert_int_equal(t.hs[0]->gaps[0].in_message, HS_CERTIFICATE);
	assert_int_equal(ev->length, 3 + 3 + sizeof talk_cert + 3 + 3000);
	assert_int_equal(ev->raw.len, 500 - 5);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	free(w);
	tls_talk_close(&t);
}

static void test_gap__hole_over_the_end_of_a_record_is_passed(void **state)
{
	struct tls_talk t;
	struct wire *w = calloc(1, sizeof *w);

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH");
	server_flight(w, 1000);
	talk_send(&t, 1, w->b, 600);
	talk_gap(&t, 1, w->n - 600 + 200, GAP_LOST);     /* into a record not seen */
	talk_record(&t, 1, CONTENT_APPLICATION_DATA, 0); /* what is left of it is skipped */
	talk_say(&t, "c:CKE c:CCS c:e22 s:NST s:CCS s:e22 c:e23");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_COMPLETED);
	assert_true(t.hs[0]->ticket.seen);
	assert_false(t.hs[0]->ske.seen);
	free(w);
	tls_talk_close(&t);
}

static void test_gap__search_finds_the_next_record(void **state)
{
	struct wire *w = calloc(1, sizeof *w);
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH");
	talk_gap(&t, 1, GAP_UNKNOWN, GAP_LOST);
	put_noise(w, 77, 333); /* the end of some record */
	put_record(w, CONTENT_HANDSHAKE, "\016\0\0", 4);
	put_record(w, CONTENT_ALERT, "\002\120", 2);
	talk_send(&t, 1, w->b, w->n);
	talk_end(&t, FLOW_CLOSED);
	assert_ladder(t.hs[0], "c:ClientHello s:ServerHello s:gap s:ServerHelloDone s:alert80");
	free(w);
	tls_talk_close(&t);
}

static void test_gap__hole_in_protected_data_is_no_matter(void **state)
{
	struct tls_talk t;
	struct wire *w = calloc(1, sizeof *w), *fragment = calloc(1, sizeof *fragment);

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH13 s:SH13 s:CCS");
	put_noise(fragment, 1, 2000);
	put_record(w, CONTENT_APPLICATION_DATA, fragment->b, fragment->n);
	send_with_hole(&t, 1, w, 300, 1448);
	talk_say(&t, "s:f13 c:f13 s:d13");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_COMPLETED);
	assert_int_equal(t.hs[0]->n_gaps, 0);
	free(fragment);
	free(w);
	tls_talk_close(&t);
}

static void test_gap__lost_change_cipher_spec_is_told_by_what_follows(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:CH s:SH s:CERT s:SKE s:SHD c:CKE c:gap6 c:e22 s:CCS s:e22 c:e23");
	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	assert_int_equal(hs->n_gaps, 1);
	assert_int_equal(hs->gaps[0].from, SIDE_CLIENT);
	tls_talk_close(&t);
}

/* The number of the first record under a key of GCM is eight zeros, as two HelloRequests are. */
static void test_gap__behind_change_cipher_spec_only_a_hello_may_be_in_the_clear(void **state)
{
	static const struct {
		const char *script, *ladder;
	} rows[] = {
		{ "c:midway c:CKE c:CCS "
		  "c:x16030300280000000000000000e9ae9c13e9ae9c13e9ae9c13e9ae9c13"
		  "e9ae9c13e9ae9c13e9ae9c13e9ae9c13",
			"c:ClientKeyExchange c:CCS c:e22x1" },
		{ "c:midway c:CCS c:CH13 s:SH13", "c:CCS c:ClientHello s:ServerHello" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;
		char script[256];

		(void)snprintf(script, sizeof script, "%s", rows[i].script);
		tls_talk_open(&t, NULL);
		talk_say(&t, script);
		talk_end(&t, FLOW_CLOSED);
		assert_ladder(t.hs[0], rows[i].ladder);
		tls_talk_close(&t);
	}
}

static void test_gap__hole_before_the_hello_is_remembered(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:gap200 s:SH s:CERT s:SKE s:SHD c:alert42 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->n_gaps, 1);
	assert_int_equal(t.hs[0]->gaps[0].from, SIDE_CLIENT);
	assert_int_equal(t.hs[0]->gaps[0].bytes, 200);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	tls_talk_close(&t);
}

static void test_gap__closing_after_a_hole_proves_nothing(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:CH s:SH s:CERT s:SKE s:SHD c:gap7 c:fin");
	assert_int_equal(hs->outcome, OUTCOME_INCOMPLETE);
	assert_int_equal(hs->ending, ENDING_FIN);
	tls_talk_close(&t);
}

static void test_gap__message_cut_by_the_end_gives_no_values(void **state)
{
	static const struct {
		const char *before, *cut;
		size_t keep;
	} rows[] = {
		{ "", "CH13", 120 },
		{ "c:CH13", "SH13", 80 },
		{ "c:CH s:SH s:CERT", "SKE", 90 },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);
		const struct event *last;
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, rows[i].before);
		put_message(m, rows[i].cut);
		put_record(w, CONTENT_HANDSHAKE, m->b, m->n);
		talk_send(&t, i != 0, w->b, rows[i].keep);
		talk_end(&t, FLOW_INPUT_ENDED);
		last = &t.hs[0]->events[t.hs[0]->n_events - 1];
		assert_int_equal(last->wrong.code, PARSE_CUT);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_INCOMPLETE);
		assert_true(last->unread);
		assert_true(handshake_began(t.hs[0], last->from, last->type));
		assert_int_equal(t.hs[0]->client_hello.seen, i != 0);
		assert_int_equal(t.hs[0]->server_hello.seen, i == 2);
		assert_int_equal(t.hs[0]->version, i == 2 ? 0x0303 : 0);
		assert_int_equal(t.hs[0]->has_suite, i == 2);
		assert_false(t.hs[0]->ske.seen);
		free(w);
		free(m);
		tls_talk_close(&t);
	}
}

static void test_gap__capture_that_begins_in_data_shows_only_protected_records(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	t.flow.dir[0].syn = t.flow.dir[1].syn = t.flow.opener_known = false;
	talk_gap(&t, 0, GAP_UNKNOWN, GAP_MIDWAY);
	talk_say(&t, "c:e23");
	talk_gap(&t, 1, GAP_UNKNOWN, GAP_MIDWAY);
	talk_say(&t, "s:e23 s:e21 c:e21");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_true(t.hs[0]->only_protected && t.hs[0]->midway && t.hs[0]->roles_guessed);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_INCOMPLETE);
	tls_talk_close(&t);
}

static void test_gap__long_data_of_a_late_start_is_let_go(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	t.flow.dir[0].syn = t.flow.dir[1].syn = t.flow.opener_known = false;
	talk_gap(&t, 1, GAP_UNKNOWN, GAP_MIDWAY);
	for (int i = 0; i < 100 && t.answer == SINK_MORE; i++)
		talk_say(&t, "s:e23");
	assert_int_equal(t.answer, SINK_DONE);
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	tls_talk_close(&t);
}

static void test_gap__server_messages_alone_tell_who_is_the_server(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	t.flow.dir[0].syn = t.flow.dir[1].syn = t.flow.opener_known = false;
	talk_gap(&t, 0, GAP_UNKNOWN, GAP_MIDWAY);
	talk_say(&t, "c:SKE c:SHD"); /* sent by what would be taken for the client */
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_ladder(t.hs[0], "s:ServerKeyExchange s:ServerHelloDone");
	assert_int_equal(t.hs[0]->side[SIDE_SERVER].address.port, 50000);
	assert_false(t.hs[0]->roles_guessed);
	tls_talk_close(&t);
}

/* Of its 329 bytes of body the point is at 4 to 69, the scheme behind it, the signature at 73. */
static void say_key_exchange_with_holes(struct tls_talk *t, const size_t (*hole)[2], size_t n)
{
	struct wire *f = calloc(1, sizeof *f), *w = calloc(1, sizeof *w);
	size_t at = 0;

	assert_non_null(f);
	assert_non_null(w);
	tls_talk_open(t, NULL);
	talk_say(t, "c:CH s:SH s:CERT");
	put_message(f, "SKE");
	put_record(w, CONTENT_HANDSHAKE, f->b, f->n);
	for (size_t i = 0; i < n; i++) {
		size_t from = 5 + 4 + hole[i][0];

		talk_send(t, 1, w->b + at, from - at);
		talk_gap(t, 1, hole[i][1], GAP_LOST);
		at = from + hole[i][1];
	}
	talk_send(t, 1, w->b + at, w->n - at);
	talk_say(t, "s:SHD c:alert51 c:fin");
	talk_end(t, FLOW_CLOSED);
	free(f);
	free(w);
}

static void test_gap__key_exchange_with_holes_has_an_outline(void **state)
{
	static const size_t holes[][2] = { { 40, 20 }, { 100, 200 } };
	const struct event *ev;
	struct tls_talk t;

	(void)state;
	say_key_exchange_with_holes(&t, holes, 2);
	ev = handshake_message(t.hs[0], SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);
	assert_true(ev->unread);
	assert_int_equal(ev->raw.len, 4 + 40);
	assert_int_equal(ev->wrong.code, PARSE_CUT);
	assert_int_equal(ev->wrong.at, 40);
	assert_int_equal(ev->wrong.have, 329 - 220);
	assert_int_equal(ev->wrong.need, 329);
	assert_false(t.hs[0]->ske.seen);
	assert_true(t.hs[0]->outline.seen);
	assert_int_equal(t.hs[0]->outline.group, 0x0017);
	assert_int_equal(t.hs[0]->outline.scheme, 0x0401);
	assert_int_equal(t.hs[0]->outline.signature_length, 256);
	assert_true(t.hs[0]->server_hello_done);
	tls_talk_close(&t);
}

static void test_gap__key_exchange_without_its_lengths_has_none(void **state)
{
	static const size_t rows[][2] = { { 2, 10 }, { 60, 12 }, { 0, 329 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct tls_talk t;

		say_key_exchange_with_holes(&t, &rows[i], 1);
		assert_false(t.hs[0]->outline.seen);
		assert_false(t.hs[0]->ske.seen);
		assert_true(handshake_began(t.hs[0], SIDE_SERVER, HS_SERVER_KEY_EXCHANGE));
		tls_talk_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gap__message_after_a_hole_in_its_record_is_read),
		cmocka_unit_test(test_gap__key_exchange_with_holes_has_an_outline),
		cmocka_unit_test(test_gap__key_exchange_without_its_lengths_has_none),
		cmocka_unit_test(test_gap__hole_over_the_end_of_a_record_is_passed),
		cmocka_unit_test(test_gap__search_finds_the_next_record),
		cmocka_unit_test(test_gap__hole_in_protected_data_is_no_matter),
		cmocka_unit_test(test_gap__lost_change_cipher_spec_is_told_by_what_follows),
		cmocka_unit_test(
			test_gap__behind_change_cipher_spec_only_a_hello_may_be_in_the_clear),
		cmocka_unit_test(test_gap__hole_before_the_hello_is_remembered),
		cmocka_unit_test(test_gap__closing_after_a_hole_proves_nothing),
		cmocka_unit_test(test_gap__message_cut_by_the_end_gives_no_values),
		cmocka_unit_test(
			test_gap__capture_that_begins_in_data_shows_only_protected_records),
		cmocka_unit_test(test_gap__long_data_of_a_late_start_is_let_go),
		cmocka_unit_test(test_gap__server_messages_alone_tell_who_is_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
