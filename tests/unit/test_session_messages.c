/* From segments to messages to facts: see support/tls_talk.h for how a connection is written. */
#include "support/tls_talk.h"

static const char full[] = "c:CH s:SH s:CERT s:SKE s:SHD c:CKE c:CCS c:e22 s:NST s:CCS s:e22 c:e23";
static const char full_ladder[] =
	"c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange s:ServerHelloDone "
	"c:ClientKeyExchange c:CCS c:e22x1 s:NewSessionTicket s:CCS s:e22x1 c:e23x1";

static void assert_full_facts(const struct handshake *hs)
{
	struct bytes part[3];

	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	assert_int_equal(hs->version, 0x0303);
	assert_int_equal(hs->suite_value, 0xc02f);
	assert_true(hs->resumed_known && !hs->resumed);
	assert_int_equal(hs->side[SIDE_SERVER].n_certs, 1);
	assert_int_equal(hs->side[SIDE_SERVER].certs[0]->der.len, sizeof talk_cert);
	assert_ptr_equal(hs->side[SIDE_SERVER].certificate.entry[0].data,
		hs->side[SIDE_SERVER].certs[0]->der.data);
	assert_int_equal(hs->ske.group, 0x0017);
	assert_int_equal(hs->ske.signature.len, 256);
	assert_int_equal(hs->cke.public_key.len, sizeof talk_point);
	assert_true(hs->server_hello_done && hs->ticket.seen);
	assert_true(handshake_ske_signed(hs, part));
	assert_int_equal(part[2].len, 4 + sizeof talk_point);
	assert_memory_equal(hs->client_hello.ext.server_name.data, "dev.example", 11);
}

static void test_session__what_a_server_signs_takes_both_randoms_and_its_parameters(void **state)
{
	static const uint8_t one[] = { 3 };
	struct handshake hs = { .client_hello.has_random = true,
		.server_hello.has_random = true,
		.ske.params = { one, 1 } };
	struct bytes part[3];

	(void)state;
	assert_true(handshake_ske_signed(&hs, part));
	assert_int_equal(part[0].len, 32);
	assert_int_equal(part[1].len, 32);
	assert_int_equal(part[2].len, 1);
	hs.ske.params.len = 0;
	assert_false(handshake_ske_signed(&hs, part));
	hs.ske.params.len = 1;
	hs.client_hello.has_random = false;
	assert_false(handshake_ske_signed(&hs, part));
	hs.client_hello.has_random = true;
	hs.server_hello.has_random = false;
	assert_false(handshake_ske_signed(&hs, part));
}

static void test_session__full_handshake_gives_its_facts(void **state)
{
	static const struct session_totals one = { .flows = 1, .handshakes = 1 };
	struct session_totals totals;
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, full);
	assert_full_facts(hs);
	assert_ladder(hs, full_ladder);
	assert_int_equal(hs->id, 1);
	assert_int_equal(hs->first_packet, 4);
	totals = session_totals(t.session);
	assert_memory_equal(&totals, &one, sizeof one); /* no limit cost anything */
	assert_int_equal(hs->side[SIDE_CLIENT].address.port, 50000);
	assert_int_equal(hs->side[SIDE_SERVER].address.port, 443);
	tls_talk_close(&t);
}

static void test_session__segments_of_any_size_give_the_same_facts(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 5, 7, 11, 64, 100, 333 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.segment = sizes[i];
		talk_say(&t, full);
		assert_int_equal(t.answer, SINK_DONE);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_full_facts(t.hs[0]);
		assert_ladder(t.hs[0], full_ladder);
		assert_int_equal(t.hs[0]->client_hello_split, sizes[i] < 100);
		tls_talk_close(&t);
	}
}

static void test_session__places_name_the_packet_that_brought_the_byte(void **state)
{
	struct tls_talk t;
	const struct event *ev;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH s:CERT");
	t.segment = 50;
	talk_say(&t, "s:SKE c:alert51 c:fin");
	talk_end(&t, FLOW_CLOSED);
	ev = handshake_message(t.hs[0], SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);
	assert_int_equal(ev->packet, 7);
	assert_int_equal(event_place(ev, 0, 1).packet, 7);
	assert_int_equal(event_place(ev, 40, 1).packet, 7); /* 5 + 4 + 40 = 49 */
	assert_int_equal(event_place(ev, 41, 1).packet, 8);
	assert_int_equal(event_place(ev, 91, 1).packet, 9);
	assert_int_equal(
		handshake_place(t.hs[0], SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, 141, 1).packet, 10);
	tls_talk_close(&t);
}

static void test_session__messages_share_a_record(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:CH s:SH+CERT+SKE+SHD c:CKE c:CCS c:e22 s:CCS s:e22 c:e23");
	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	assert_int_equal(hs->events[4].n_records, 1);
	assert_int_equal(hs->events[4].record_length, hs->side[SIDE_SERVER].largest_record);
	tls_talk_close(&t);
}

static void test_session__message_over_records_is_joined(void **state)
{
	struct wire *message = calloc(1, sizeof *message), *w = calloc(1, sizeof *w);
	const struct event *ev;
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH s:CERT");
	put_message(message, "SKE");
	for (size_t at = 0; at < message->n; at += 100)
		put_record(w, CONTENT_HANDSHAKE, message->b + at,
			message->n - at < 100 ? message->n - at : 100);
	talk_send(&t, 1, w->b, w->n);
	talk_say(&t, "s:SHD c:alert40 c:fin");
	talk_end(&t, FLOW_CLOSED);
	ev = handshake_message(t.hs[0], SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);
	assert_int_equal(ev->n_records, 4);
	assert_int_equal(ev->record_length, 100);
	assert_int_equal(ev->wrong.code, PARSE_OK);
	assert_int_equal(t.hs[0]->ske.signature.len, 256);
	free(w);
	free(message);
	tls_talk_close(&t);
}

static void test_session__alerts_stand_between_messages(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:CH s:warn112 s:SH s:CERT s:SKE s:SHD c:CKE c:CCS c:e22 s:CCS s:e22 "
			    "c:e23");
	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	assert_int_equal(hs->n_alerts, 1);
	assert_int_equal(hs->alerts[0].code, 112);
	assert_int_equal(hs->alerts[0].after, HS_CLIENT_HELLO);
	assert_null(handshake_fatal_alert(hs));
	tls_talk_close(&t);
}

static void test_session__empty_records_are_told_and_change_nothing_else(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH");
	talk_record(&t, 0, CONTENT_HANDSHAKE, 0);
	talk_say(&t, "s:SH s:CERT s:SKE");
	talk_record(&t, 1, CONTENT_ALERT, 0);
	talk_record(&t, 1, CONTENT_ALERT, 0);
	talk_record(&t, 1, CONTENT_CHANGE_CIPHER_SPEC, 0);
	talk_record(&t, 1, CONTENT_APPLICATION_DATA, 0); /* which is allowed */
	talk_say(&t, "s:SHD c:alert40 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_ladder(t.hs[0], "c:ClientHello c:empty22x1 s:ServerHello s:Certificate "
			       "s:ServerKeyExchange s:empty21x2 s:empty20x1 s:e23x1! "
			       "s:ServerHelloDone c:alert40 c:fin");
	assert_int_equal(t.hs[0]->side[SIDE_CLIENT].empty.n, 1);
	assert_int_equal(t.hs[0]->side[SIDE_CLIENT].empty.type, CONTENT_HANDSHAKE);
	assert_int_equal(t.hs[0]->side[SIDE_CLIENT].empty.first_packet, 5);
	assert_int_equal(t.hs[0]->side[SIDE_SERVER].empty.n, 3);
	assert_int_equal(t.hs[0]->side[SIDE_SERVER].empty.type, CONTENT_ALERT);
	assert_false(t.hs[0]->side[SIDE_SERVER].ccs);
	tls_talk_close(&t);
}

static void test_session__unknown_content_ends_the_reading_of_a_side(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH");
	talk_text(&t, 1, "HTTP/1.1 500 oops\r\n");
	talk_say(&t, "s:CERT c:alert10 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_ladder(t.hs[0], "c:ClientHello s:ServerHello s:plain c:alert10 c:fin");
	assert_memory_equal(t.hs[0]->events[2].raw.data, "HTTP/1.1", 8);
	assert_int_equal(t.hs[0]->server_spoke, PLAIN_NONE);
	tls_talk_close(&t);
}

static void test_session__long_record_is_read_and_noted(void **state)
{
	struct tls_talk t;
	struct wire *fragment = calloc(1, sizeof *fragment), *w = calloc(1, sizeof *w);

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH");
	put_message(fragment, "CERT");
	put_uint(fragment, HS_CERTIFICATE_STATUS, 1);
	put_uint(fragment, 17000, 3);
	put_fill(fragment, 0x5a, 17000);
	put_record(w, CONTENT_HANDSHAKE, fragment->b, fragment->n);
	talk_send(&t, 1, w->b, w->n);
	talk_say(&t, "c:alert22 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_true(t.hs[0]->side[SIDE_SERVER].record_oversized);
	assert_false(t.hs[0]->side[SIDE_CLIENT].record_oversized);
	assert_int_equal(t.hs[0]->side[SIDE_SERVER].largest_record, fragment->n);
	free(w);
	free(fragment);
	tls_talk_close(&t);
}

static void test_session__retry_belongs_to_its_handshake(void **state)
{
	struct tls_talk t;
	struct handshake *hs;
	struct bytes key;
	struct place at;
	uint16_t group;

	(void)state;
	hs = talk_whole(&t, "c:CH13 s:HRR s:CCS c:CCS c:CH13 s:SH13 s:d13 c:f13 s:d13");
	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	assert_true(hs->hello_retry.seen && hs->server_hello.seen);
	assert_true(hs->client_hello.seen && hs->client_hello_2.seen);
	assert_int_equal(hs->version, 0x0304);
	assert_true(handshake_server_public(hs, &group, &key, &at));
	assert_int_equal(at.packet, 9);
	assert_ladder(hs, "c:ClientHello s:ServerHello s:CCS c:CCS c:ClientHello s:ServerHello "
			  "s:e23x1 c:e23x1 s:e23x1");
	tls_talk_close(&t);
}

static void test_session__resumption_is_told_from_a_full_handshake(void **state)
{
	static const struct {
		const char *script;
		bool known, resumed;
	} rows[] = {
		{ "c:CHS s:SHR s:CCS s:e22 c:CCS c:e22 s:e23", true, true },
		{ "c:CHT s:SHR s:NST s:CCS s:e22 c:CCS c:e22 s:e23", true, true },
		{ "c:CHS s:SHR s:CERT s:SKE s:SHD c:alert40", true, false },
		{ "c:CHS s:SH c:alert40", true, false },   /* another session id */
		{ "c:CHS s:SHR c:alert40", false, false }, /* may go either way */
		{ "c:CHT s:SH c:alert40", false, false },
		{ "c:CH s:SH c:alert40", true, false }, /* nothing to resume */
		{ "c:CH13 s:SH13 c:alert47", true, false },
		{ "c:CH13 s:SHP c:alert47", true, true },
		{ "c:CH13 s:HRR c:alert47", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;
		struct handshake *hs = talk_whole(&t, rows[i].script);

		assert_int_equal(hs->resumed_known, rows[i].known);
		assert_int_equal(hs->resumed_known && hs->resumed, rows[i].resumed);
		tls_talk_close(&t);
	}
}

static void test_session__sslv2_format_hello_is_read(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 20 };
	struct wire *w = calloc(1, sizeof *w);

	(void)state;
	put_uint(w, 0x8000 + 9 + 6 + 16, 2);
	put_uint(w, 1, 1);
	put_uint(w, 0x0301, 2);
	put_uint(w, 6, 2);
	put_uint(w, 0, 2);
	put_uint(w, 16, 2);
	put_uint(w, 0x00002f, 3);
	put_uint(w, 0x010080, 3);
	put_noise(w, 2, 16);
	for (size_t i = 0; i < 4; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.segment = sizes[i];
		talk_send(&t, 0, w->b, w->n);
		t.segment = 0;
		talk_say(&t, "s:SHN s:CERT s:SHD c:CKE c:CCS c:e22 s:CCS s:e22 c:e23");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_COMPLETED);
		assert_true(t.hs[0]->client_hello.sslv2_format);
		assert_int_equal(t.hs[0]->events[0].type, HS_CLIENT_HELLO);
		assert_int_equal(t.hs[0]->events[0].record_version, 0x0002);
		assert_int_equal(t.hs[0]->events[0].raw.len, w->n);
		tls_talk_close(&t);
	}
	free(w);
}

static void test_session__hello_after_a_failure_begins_another_handshake(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:alert70 c:CH s:SH s:CERT s:SKE s:SHD c:alert40 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 2);
	assert_ladder(t.hs[0], "c:ClientHello s:alert70");
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	assert_false(t.hs[0]->renegotiation);
	assert_true(t.hs[1]->renegotiation);
	assert_int_equal(t.hs[1]->outcome, OUTCOME_FAILED);
	assert_ladder(t.hs[1], "c:ClientHello s:ServerHello s:Certificate s:ServerKeyExchange "
			       "s:ServerHelloDone c:alert40 c:fin");
	tls_talk_close(&t);
}

/* RFC 8446 4.4.2.4, RFC 5246 7.4.6: only a client may have none. */
static void test_session__a_server_without_certificates_is_malformed(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:CH s:SH s:NOCERT s:SKE s:CR s:SHD c:NOCERT c:CKE");
	assert_int_equal(
		handshake_message(hs, SIDE_SERVER, HS_CERTIFICATE)->wrong.code, PARSE_RANGE);
	assert_string_equal(handshake_message(hs, SIDE_SERVER, HS_CERTIFICATE)->wrong.field,
		"certificate_list");
	assert_int_equal(handshake_message(hs, SIDE_CLIENT, HS_CERTIFICATE)->wrong.code, PARSE_OK);
	tls_talk_close(&t);
}

static void test_session__equal_certificates_are_held_once(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	for (int i = 0; i < 3; i++) {
		talk_say(&t, "c:CH s:SH s:CERT s:SKE s:SHD c:alert42 c:fin");
		talk_end(&t, FLOW_CLOSED);
		talk_connect_again(&t);
	}
	assert_int_equal(t.n, 3);
	assert_ptr_equal(t.hs[0]->side[SIDE_SERVER].certs[0], t.hs[1]->side[SIDE_SERVER].certs[0]);
	assert_ptr_equal(t.hs[0]->side[SIDE_SERVER].certs[0], t.hs[2]->side[SIDE_SERVER].certs[0]);
	tls_talk_close(&t);
}

/* ---- lengths that lie ---- */

/* What a message says that claims `length` bytes and has those of the word; then an alert. */
static struct handshake *lying(
	struct tls_talk *t, const char *before, const char *word, size_t length)
{
	struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);
	bool client = strcmp(word, "CH") == 0 || strcmp(word, "CKE") == 0;

	tls_talk_open(t, NULL);
	talk_say(t, before);
	assert_true(put_message(m, word));
	m->b[1] = (uint8_t)(length >> 16);
	m->b[2] = (uint8_t)(length >> 8);
	m->b[3] = (uint8_t)length;
	put_record(w, CONTENT_HANDSHAKE, m->b, m->n);
	talk_send(t, !client, w->b, w->n);
	talk_say(t, client ? "s:alert50 s:fin c:fin" : "c:alert50 c:fin s:fin");
	talk_end(t, FLOW_CLOSED);
	assert_int_equal(t->n, 1);
	free(w);
	free(m);
	return t->hs[0];
}

static const struct event *unread_event(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].unread)
			return &hs->events[i];
	return NULL;
}

/* Too long for its kind, too long to be read, or longer than what came: nobody has read it. */
static void test_session__a_message_that_was_not_read_whole_gives_no_values(void **state)
{
	static const struct {
		const char *before, *word;
		uint8_t type;
		size_t length;
		enum parse_code code;
	} rows[] = {
		{ "c:CH", "SH", HS_SERVER_HELLO, 0xffffff, PARSE_RANGE },
		{ "c:CH", "SH", HS_SERVER_HELLO, 65608, PARSE_RANGE },
		{ "c:CH", "SH", HS_SERVER_HELLO, 65607, PARSE_CUT },
		{ "c:CH", "SH", HS_SERVER_HELLO, 73, PARSE_CUT },
		{ "c:CH13", "SH13", HS_SERVER_HELLO, 0xffffff, PARSE_RANGE },
		{ "c:CH13", "HRR", HS_SERVER_HELLO, 4000, PARSE_CUT },
		{ "", "CH", HS_CLIENT_HELLO, 4000, PARSE_CUT },
		{ "c:CH s:SH", "CERT", HS_CERTIFICATE, 0xffffff, PARSE_LIMIT },
		{ "c:CH s:SH", "CERT", HS_CERTIFICATE, 4000, PARSE_CUT },
		{ "c:CH s:SH s:CERT", "SKE", HS_SERVER_KEY_EXCHANGE, 0xffffff, PARSE_RANGE },
		{ "c:CH s:SH s:CERT", "SKE", HS_SERVER_KEY_EXCHANGE, 400, PARSE_CUT },
		{ "c:CH s:SH s:CERT s:SKE", "CR", HS_CERTIFICATE_REQUEST, 300000, PARSE_RANGE },
		{ "c:CH s:SH s:CERT s:SKE s:SHD", "CKE", HS_CLIENT_KEY_EXCHANGE, 200000,
			PARSE_RANGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_talk t;
		struct handshake *hs = lying(&t, rows[i].before, rows[i].word, rows[i].length);
		const struct event *ev = unread_event(hs);
		bool before = rows[i].type != HS_SERVER_HELLO && rows[i].type != HS_CLIENT_HELLO;

		assert_non_null(ev);
		assert_int_equal(ev->type, rows[i].type);
		assert_int_equal(ev->wrong.code, rows[i].code);
		assert_int_equal(ev->length, rows[i].length);
		assert_true(handshake_began(hs, ev->from, rows[i].type));
		assert_false(hs->hello_retry.seen);
		assert_int_equal(hs->client_hello.seen, rows[i].type != HS_CLIENT_HELLO);
		assert_int_equal(hs->server_hello.seen, before);
		assert_int_equal(hs->version, before ? 0x0303 : 0);
		assert_int_equal(hs->has_suite, before);
		assert_int_equal(hs->ske.seen, rows[i].type == HS_CERTIFICATE_REQUEST ||
						       rows[i].type == HS_CLIENT_KEY_EXCHANGE);
		assert_false(hs->certificate_request.seen || hs->cke.seen);
		assert_false(unread_event(hs)->unexpected);
		for (size_t k = 1; k < hs->n_events; k++)
			assert_true(hs->events[k - 1].packet <= hs->events[k].packet);
		assert_int_equal(hs->outcome, OUTCOME_FAILED);
		assert_int_equal(hs->ending, ENDING_ALERT);
		assert_int_equal(
			session_totals(t.session).long_messages, rows[i].code == PARSE_LIMIT);
		tls_talk_close(&t);
	}
}

/* What was not read leaves no room to call what follows out of order. */
static void test_session__what_follows_an_unread_message_is_in_its_turn(void **state)
{
	struct tls_talk t;
	struct handshake *hs;
	struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH");
	put_message(m, "CERT");
	m->b[1] = 0xff;
	put_record(w, CONTENT_HANDSHAKE, m->b, m->n);
	talk_send(&t, 1, w->b, w->n);
	talk_say(&t, "s:SKE s:SHD c:alert80 c:fin");
	talk_end(&t, FLOW_CLOSED);
	hs = t.hs[0];
	for (size_t i = 0; i < hs->n_events; i++)
		assert_false(hs->events[i].unexpected);
	assert_true(hs->ske.seen);
	free(w);
	free(m);
	tls_talk_close(&t);
}

/* So many messages of 16,000 bytes, each in a record of its own. */
static void say_long_ones(struct tls_talk *t, int n)
{
	struct wire *w = calloc(1, sizeof *w), *r = calloc(1, sizeof *r);

	put_fill(w, 0, 16000);
	w->b[0] = HS_CERTIFICATE_STATUS;
	w->b[2] = (16000 - 4) >> 8;
	w->b[3] = (16000 - 4) & 0xff;
	put_record(r, CONTENT_HANDSHAKE, w->b, w->n);
	for (int i = 0; i < n; i++)
		talk_send(t, 1, r->b, r->n);
	free(r);
	free(w);
}

static const struct event *event_of_kind(const struct handshake *hs, enum event_kind kind)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == kind)
			return &hs->events[i];
	return NULL;
}

static void test_session__beyond_its_memory_alerts_and_the_end_are_still_read(void **state)
{
	static const struct session_limits limits = { 1 << 17, 0 };
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, &limits);
	talk_say(&t, "c:CH s:SH");
	say_long_ones(&t, 20);
	assert_int_equal(t.answer, SINK_MORE);
	talk_say(&t, "s:SKE c:alert22 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.hs[0]->skimmed, SKIM_MEMORY);
	assert_false(t.hs[0]->ske.seen);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	assert_int_equal(t.hs[0]->ending, ENDING_ALERT);
	assert_int_equal(t.hs[0]->alerts[0].code, 22);
	assert_int_equal(session_totals(t.session).skimmed_memory, 1);
	assert_int_equal(session_totals(t.session).given_up, 0);
	tls_talk_close(&t);
}

/* Each of the certificates of both sides: nobody holds them when the handshake is gone. */
static void test_session__certificates_are_given_back_with_the_handshake(void **state)
{
	struct tls_talk t;
	const struct cert *c;
	uint32_t id;

	(void)state;
	tls_talk_open(&t, NULL);
	session_close(t.session);
	cert_store_close(t.store);
	t.store = cert_store_open(1); /* keeps none that nobody holds */
	t.session = session_open(t.store, (struct handshake_sink){ talk_take, &t }, NULL);
	t.sink = session_sink(t.session);
	talk_say(&t, "c:CH s:SH s:CERT s:SKE s:CR s:SHD c:CERT c:CKE c:alert80 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(
		t.hs[0]->side[SIDE_SERVER].n_certs + t.hs[0]->side[SIDE_CLIENT].n_certs, 2);
	id = t.hs[0]->side[SIDE_CLIENT].certs[0]->id;
	handshake_free(t.hs[--t.n]);
	c = cert_store_get(t.store, bytes_of(talk_cert, sizeof talk_cert));
	assert_int_not_equal(c->id, id);
	cert_release(t.store, c);
	tls_talk_close(&t);
}

/* A record with the first half of a message. */
static void say_half(struct tls_talk *t, unsigned dir, const char *word)
{
	struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);

	assert_true(put_message(m, word));
	put_record(w, CONTENT_HANDSHAKE, m->b, m->n / 2);
	talk_send(t, dir, w->b, w->n);
	free(w);
	free(m);
}

/* 4 MiB without an end: what it says then is not read, how it ends is. */
static void test_session__after_many_bytes_alerts_and_the_end_are_still_read(void **state)
{
	static const struct session_limits limits = { 16 << 20, 32 << 20 };
	struct tls_talk t;
	const struct event *ev;

	(void)state;
	tls_talk_open(&t, &limits);
	talk_say(&t, "c:CH s:SH");
	say_half(&t, 0, "CKE");
	say_long_ones(&t, 300);
	talk_say(&t, "s:CERT s:SKE s:SHD c:wait3 c:alert48 c:fin s:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	ev = event_of_kind(t.hs[0], EVENT_SKIMMED);
	assert_int_equal(t.hs[0]->skimmed, SKIM_BYTES);
	assert_non_null(ev);
	assert_int_equal(ev->packet, t.hs[0]->skimmed_from);
	assert_true(ev->length > 4 << 20);
	assert_false(t.hs[0]->side[SIDE_SERVER].certificate.seen || t.hs[0]->server_hello_done);
	assert_null(unread_event(t.hs[0])); /* what was begun before is forgotten, too */
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	assert_int_equal(t.hs[0]->ending, ENDING_ALERT);
	assert_int_equal(t.hs[0]->alerts[0].code, 48);
	assert_int_equal(session_totals(t.session).skimmed_bytes, 1);
	tls_talk_close(&t);
}

/* RFC 8446 6: any number of warnings may come before the one that ends it. */
static void test_session__a_fatal_alert_is_kept_after_any_number_of_warnings(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH");
	for (int i = 0; i < 400; i++)
		talk_say(&t, i % 2 == 0 ? "s:warn112" : "c:warn90");
	talk_say(&t, "s:alert80 s:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->n_alerts, ALERTS_MAX);
	assert_int_equal(handshake_fatal_alert(t.hs[0])->code, 80);
	assert_int_equal(t.hs[0]->ending, ENDING_ALERT);
	assert_int_equal(t.hs[0]->events[t.hs[0]->n_events - 1].kind, EVENT_FIN);
	assert_true(t.hs[0]->events_dropped);
	assert_int_equal(session_totals(t.session).full_ladders, 1);
	tls_talk_close(&t);
}

/* Read for what it says; the facts stay those of the first. */
static void test_session__a_hello_that_nobody_asked_for_is_read_apart(void **state)
{
	struct tls_talk t;
	const struct event *same, *other;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH c:CH c:CH13 s:alert10 s:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_ladder(t.hs[0], "c:ClientHello c:ClientHello! c:ClientHello! s:alert10 s:fin");
	same = &t.hs[0]->events[1];
	other = &t.hs[0]->events[2];
	assert_true(same->repeats);
	assert_int_equal(u16s_count(&same->again->suites), 3);
	assert_false(other->repeats);
	assert_true(other->again->ext.has_key_share);
	assert_false(t.hs[0]->client_hello.ext.has_key_share);
	assert_false(t.hs[0]->client_hello_2.seen);
	assert_null(t.hs[0]->events[0].again);
	tls_talk_close(&t);
}

/* The limit is the session's, not the capture's end. */
static void test_session__a_connection_that_is_taken_away_ended_at_a_limit(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:SH s:CERT");
	talk_end(&t, FLOW_EVICTED);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_INCOMPLETE);
	assert_int_equal(t.hs[0]->ending, ENDING_LIMIT);
	assert_int_equal(session_totals(t.session).evicted, 1);
	talk_connect_again(&t);
	talk_say(&t, "c:CH s:SH s:CERT s:SKE s:SHD c:CKE c:CCS c:e22 s:CCS s:e22 c:e23 s:e23");
	talk_end(&t, FLOW_EVICTED); /* nothing more was wanted of it */
	assert_int_equal(t.hs[1]->outcome, OUTCOME_COMPLETED);
	assert_int_equal(session_totals(t.session).evicted, 1);
	tls_talk_close(&t);
}

static void test_session__a_connection_is_counted_once_whatever_it_meets(void **state)
{
	static const struct session_limits limits = { 1 << 17, 0 };
	struct session_totals totals;
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, &limits);
	talk_say(&t, "c:CH s:SH");
	say_long_ones(&t, 400);
	talk_end(&t, FLOW_EVICTED);
	totals = session_totals(t.session);
	assert_int_equal(totals.flows, 1);
	assert_int_equal(
		totals.given_up + totals.evicted + totals.skimmed_bytes + totals.skimmed_memory, 1);
	assert_int_equal(t.hs[0]->ending, ENDING_LIMIT);
	tls_talk_close(&t);
}

static void test_session__open_handshakes_are_bounded(void **state)
{
	static const struct session_limits limits = { 0, 200000 };
	struct flow flows[20];
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, &limits);
	for (size_t i = 0; i < 20; i++) {
		struct wire *w = calloc(1, sizeof *w), *r = calloc(1, sizeof *r);
		struct chunk k = { .flow = &flows[i], .kind = CHUNK_DATA };

		flows[i] = t.flow;
		put_message(w, "CH");
		put_record(r, CONTENT_HANDSHAKE, w->b, w->n);
		k.bytes = bytes_of(r->b, r->n);
		k.packet = i + 1;
		k.time = t.time;
		(void)t.sink.take(t.sink.ctx, &k);
		if (t.n == TALK_HANDSHAKES)
			handshake_free(t.hs[--t.n]);
		free(r);
		free(w);
	}
	assert_true(session_totals(t.session).given_up >= 12);
	for (size_t i = 0; i < 20; i++) {
		struct chunk k = { .flow = &flows[i], .kind = CHUNK_END };

		(void)t.sink.take(t.sink.ctx, &k);
		if (t.n == TALK_HANDSHAKES)
			handshake_free(t.hs[--t.n]);
	}
	assert_int_equal(session_totals(t.session).handshakes, 20);
	tls_talk_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_session__what_a_server_signs_takes_both_randoms_and_its_parameters),
		cmocka_unit_test(test_session__full_handshake_gives_its_facts),
		cmocka_unit_test(test_session__segments_of_any_size_give_the_same_facts),
		cmocka_unit_test(test_session__places_name_the_packet_that_brought_the_byte),
		cmocka_unit_test(test_session__messages_share_a_record),
		cmocka_unit_test(test_session__message_over_records_is_joined),
		cmocka_unit_test(test_session__alerts_stand_between_messages),
		cmocka_unit_test(test_session__empty_records_are_told_and_change_nothing_else),
		cmocka_unit_test(test_session__unknown_content_ends_the_reading_of_a_side),
		cmocka_unit_test(test_session__long_record_is_read_and_noted),
		cmocka_unit_test(test_session__retry_belongs_to_its_handshake),
		cmocka_unit_test(test_session__resumption_is_told_from_a_full_handshake),
		cmocka_unit_test(test_session__sslv2_format_hello_is_read),
		cmocka_unit_test(test_session__hello_after_a_failure_begins_another_handshake),
		cmocka_unit_test(test_session__a_server_without_certificates_is_malformed),
		cmocka_unit_test(test_session__equal_certificates_are_held_once),
		cmocka_unit_test(test_session__a_message_that_was_not_read_whole_gives_no_values),
		cmocka_unit_test(test_session__what_follows_an_unread_message_is_in_its_turn),
		cmocka_unit_test(test_session__beyond_its_memory_alerts_and_the_end_are_still_read),
		cmocka_unit_test(test_session__certificates_are_given_back_with_the_handshake),
		cmocka_unit_test(test_session__after_many_bytes_alerts_and_the_end_are_still_read),
		cmocka_unit_test(test_session__a_fatal_alert_is_kept_after_any_number_of_warnings),
		cmocka_unit_test(test_session__a_hello_that_nobody_asked_for_is_read_apart),
		cmocka_unit_test(test_session__a_connection_that_is_taken_away_ended_at_a_limit),
		cmocka_unit_test(test_session__a_connection_is_counted_once_whatever_it_meets),
		cmocka_unit_test(test_session__open_handshakes_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
