/* TLS is taken out of OpenVPN over TCP and of WebSockets, however the segments are cut. */
#include "base/array.h"
#include "support/tls_talk.h"

static const uint8_t client_session[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t server_session[8] = { 9, 10, 11, 12, 13, 14, 15, 16 };

/* The record that a word stands for: messages in the clear, e22, e23, CCS or alert40. */
static void put_word(struct wire *w, const char *word)
{
	struct wire *m = calloc(1, sizeof *m);

	if (put_message(m, word)) {
		put_record(w, CONTENT_HANDSHAKE, m->b, m->n);
	} else if (strcmp(word, "CCS") == 0) {
		put_record(w, CONTENT_CHANGE_CIPHER_SPEC, "\1", 1);
	} else if (strcmp(word, "alert40") == 0) {
		put_record(w, CONTENT_ALERT, "\2\50", 2);
	} else {
		put_noise(m, 11, 40);
		put_record(w,
			word[1] == '2' && word[2] == '3' ? CONTENT_APPLICATION_DATA
							 : CONTENT_HANDSHAKE,
			m->b, m->n);
	}
	free(m);
}

/* ---- OpenVPN ---- */

struct tunnel {
	struct tls_talk t;
	size_t hmac;        /* bytes of the HMAC; 0: no --tls-auth */
	uint32_t id[2];     /* of the next control packet */
	uint32_t packet[2]; /* of the next packet under an HMAC */
};

static void put_session(struct tunnel *v, struct wire *w, unsigned dir)
{
	put(w, dir == 0 ? client_session : server_session, 8);
	if (v->hmac == 0)
		return;
	put_noise(w, 5, v->hmac);
	put_uint(w, ++v->packet[dir], 4);
	put_uint(w, 0x65000000, 4);
}

static void send_packet(struct tunnel *v, unsigned dir, const struct wire *packet)
{
	struct wire *w = calloc(1, sizeof *w);

	put_vec(w, packet, 2);
	talk_send(&v->t, dir, w->b, w->n);
	free(w);
}

/* A control packet with that id; acknowledges one of the other side's. */
static void control(struct tunnel *v, unsigned dir, uint8_t opcode, bool acks, uint32_t id,
	const uint8_t *content, size_t n)
{
	struct wire *w = calloc(1, sizeof *w);

	put_uint(w, opcode, 1);
	put_session(v, w, dir);
	put_uint(w, acks, 1);
	if (acks) {
		put_uint(w, 0, 4);
		put(w, dir == 0 ? server_session : client_session, 8);
	}
	put_uint(w, id, 4);
	put(w, content, n);
	send_packet(v, dir, w);
	free(w);
}

static void tunnel_open(struct tunnel *v, size_t segment, size_t hmac)
{
	*v = (struct tunnel){ .hmac = hmac, .id = { 1, 1 } };
	tls_talk_open(&v->t, NULL);
	v->t.segment = segment;
	control(v, 0, 0x38, false, 0, client_session, 0);
	control(v, 1, 0x40, true, 0, client_session, 0);
}

/* An acknowledgement alone, and a packet of data, which are not the control channel's. */
static void put_beside(struct tunnel *v, unsigned dir)
{
	struct wire *w = calloc(1, sizeof *w);

	put_uint(w, 0x28, 1);
	put_session(v, w, dir);
	put_uint(w, 1, 1);
	put_uint(w, 1, 4);
	put(w, dir == 0 ? server_session : client_session, 8);
	send_packet(v, dir, w);
	w->n = 0;
	put_uint(w, 0x48, 1);
	put_noise(w, 21, 90);
	send_packet(v, dir, w);
	free(w);
}

/* In packets of 100 bytes at most. */
static void through(struct tunnel *v, unsigned dir, const char *word)
{
	struct wire *w = calloc(1, sizeof *w);

	put_word(w, word);
	for (size_t at = 0; at < w->n; at += 100)
		control(v, dir, 0x20, at == 0, v->id[dir]++, w->b + at,
			w->n - at < 100 ? w->n - at : 100);
	put_beside(v, dir);
	free(w);
}

static void test_openvpn__the_control_channel_is_read(void **state)
{
	static const size_t segments[] = { 0, 1, 7 }, hmacs[] = { 0, 20, 32, 64 };

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		struct tunnel v;

		tunnel_open(&v, segments[i % 3], hmacs[i / 3]);
		through(&v, 0, "CH");
		through(&v, 1, "SH");
		through(&v, 1, "CERT");
		through(&v, 1, "SKE");
		through(&v, 1, "SHD");
		through(&v, 0, "CKE");
		through(&v, 0, "CCS");
		through(&v, 0, "e22");
		through(&v, 1, "CCS");
		through(&v, 1, "e22");
		through(&v, 0, "e23");
		talk_end(&v.t, FLOW_CLOSED);
		assert_int_equal(v.t.n, 1);
		assert_int_equal(v.t.hs[0]->outcome, OUTCOME_COMPLETED);
		assert_int_equal(v.t.hs[0]->before, PLAIN_OPENVPN);
		assert_int_equal(v.t.hs[0]->server_spoke, PLAIN_NONE);
		assert_true(v.t.hs[0]->ske.has_signature);
		tls_talk_close(&v.t);
	}
}

static void test_openvpn__a_packet_sent_again_is_read_once(void **state)
{
	struct wire *w = calloc(1, sizeof *w);
	struct tunnel v;

	(void)state;
	tunnel_open(&v, 0, 20);
	put_word(w, "CH");
	for (int again = 0; again < 2; again++)
		control(&v, 0, 0x20, true, 1, w->b, w->n);
	through(&v, 1, "alert40");
	talk_end(&v.t, FLOW_CLOSED);
	assert_int_equal(v.t.n, 1);
	assert_int_equal(v.t.hs[0]->outcome, OUTCOME_FAILED);
	assert_int_equal(v.t.hs[0]->n_alerts, 1);
	for (size_t i = 0; i < v.t.hs[0]->n_events; i++)
		assert_null(v.t.hs[0]->events[i].again);
	tls_talk_close(&v.t);
	free(w);
}

/* A packet that is none ends the reading: what follows has no known place. */
static void test_openvpn__a_packet_with_a_header_that_cannot_be_ends_it(void **state)
{
	static const struct {
		uint8_t acks;
		size_t room; /* bytes behind the acknowledgements' number */
		bool read;
	} rows[] = { { 0, 200, true }, { 8, 200, true }, { 9, 200, false }, { 255, 2000, false },
		{ 8, 43, false }, { 8, 44, true }, { 0, 3, false }, { 0, 4, true } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct wire *w = calloc(1, sizeof *w);
		struct tunnel v;

		assert_non_null(w);
		tunnel_open(&v, 0, 0);
		through(&v, 0, "CH");
		put_uint(w, 0x20, 1);
		put_session(&v, w, 1);
		put_uint(w, rows[i].acks, 1);
		put_fill(w, 0, rows[i].room);
		send_packet(&v, 1, w);
		v.id[1] = 1;
		through(&v, 1, "alert40");
		talk_end(&v.t, FLOW_CLOSED);
		assert_int_equal(v.t.n, 1);
		assert_int_equal(v.t.hs[0]->n_alerts, rows[i].read);
		tls_talk_close(&v.t);
		free(w);
	}
}

static void test_openvpn__what_is_encrypted_is_no_tls(void **state)
{
	struct wire *w = calloc(1, sizeof *w);
	struct tunnel v = { .hmac = 0 };

	(void)state;
	tls_talk_open(&v.t, NULL);
	put_uint(w, 0x38, 1);
	put(w, client_session, 8);
	put_uint(w, 1, 4);
	put_uint(w, 0x65000000, 4);
	put_noise(w, 3, 37);
	send_packet(&v, 0, w);
	talk_say(&v.t, "c:CH s:SH"); /* by accident, inside of what nobody can read */
	talk_end(&v.t, FLOW_CLOSED);
	assert_int_equal(v.t.n, 0);
	assert_int_equal(session_totals(v.t.session).plain_flows, 1);
	tls_talk_close(&v.t);
	free(w);
}

static void test_openvpn__after_a_hole_nothing_more_is_made_up(void **state)
{
	struct tunnel v;

	(void)state;
	tunnel_open(&v, 0, 0);
	through(&v, 0, "CH");
	through(&v, 1, "SH");
	talk_gap(&v.t, 1, 300, GAP_LOST);
	through(&v, 1, "SKE");
	talk_end(&v.t, FLOW_INPUT_ENDED);
	assert_int_equal(v.t.n, 1);
	assert_int_equal(v.t.hs[0]->outcome, OUTCOME_INCOMPLETE);
	assert_false(v.t.hs[0]->ske.seen);
	assert_int_equal(v.t.hs[0]->n_gaps, 1);
	tls_talk_close(&v.t);
}

/* DNS over TCP has a length of two bytes too, and its first byte may be anything. */
static void test_openvpn__other_protocols_with_a_length_are_not_taken_for_it(void **state)
{
	static const char dns[] = "\0\035\070\0\1\0\0\1\0\0\0\0\0\0\6device\7example\0\0\1\0\1";
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_send(&t, 0, dns, sizeof dns - 1);
	talk_say(&t, "c:CH s:SH s:alert40");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_int_not_equal(t.hs[0]->before, PLAIN_OPENVPN);
	tls_talk_close(&t);
}

/* ---- WebSocket ---- */

#define UPGRADE                                                                                    \
	"GET /tunnel HTTP/1.1\r\nHost: dev.example\r\nConnection: Upgrade\r\n"                     \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nuPGRADE:  WebSocket\r\n\r\n"
#define SWITCHES "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

/* A frame; the client's are masked. */
static void frame(struct tls_talk *t, unsigned dir, uint8_t opcode, const uint8_t *b, size_t n)
{
	static const uint8_t mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	struct wire *w = calloc(1, sizeof *w);

	put_uint(w, 0x80 | opcode, 1);
	put_uint(w, (dir == 0 ? 0x80 : 0) | (n < 126 ? n : 126), 1);
	if (n >= 126)
		put_uint(w, n, 2);
	if (dir == 0)
		put(w, mask, 4);
	for (size_t i = 0; i < n; i++)
		put_uint(w, b[i] ^ (dir == 0 ? mask[i % 4] : 0), 1);
	talk_send(t, dir, w->b, w->n);
	free(w);
}

/* In frames of so many bytes at most, with a ping after each. */
static void framed(struct tls_talk *t, unsigned dir, const char *word, size_t most)
{
	struct wire *w = calloc(1, sizeof *w);

	put_word(w, word);
	for (size_t at = 0; at < w->n; at += most) {
		frame(t, dir, at == 0 ? 2 : 0, w->b + at, w->n - at < most ? w->n - at : most);
		frame(t, dir, 9, (const uint8_t *)"\x16\x03\x01", 3);
	}
	free(w);
}

static void test_websocket__tls_in_frames_is_read(void **state)
{
	static const char *const words[] = { "0CH", "1SH", "1CERT", "1SKE", "1SHD", "0CKE", "0CCS",
		"0e22", "1CCS", "1e22", "0e23" };
	static const size_t segments[] = { 0, 1, 7 }, frames[] = { 1000, 33, 125 };

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.segment = segments[i % 3];
		talk_text(&t, 0, UPGRADE);
		talk_text(&t, 1, SWITCHES);
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			framed(&t, words[k][0] == '1', words[k] + 1, frames[i / 3]);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_COMPLETED);
		assert_int_equal(t.hs[0]->before, PLAIN_WEBSOCKET);
		assert_true(t.hs[0]->client_hello.seen && t.hs[0]->ske.has_signature);
		tls_talk_close(&t);
	}
}

static void test_websocket__chatter_is_no_handshake(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_text(&t, 0, UPGRADE);
	talk_text(&t, 1, SWITCHES);
	for (int i = 0; i < 50; i++) {
		frame(&t, 0, 1, (const uint8_t *)"{\"temperature\": 21}", 19);
		frame(&t, 1, 1, (const uint8_t *)"{\"ok\": true}", 12);
	}
	frame(&t, 1, 8, (const uint8_t *)"\3\350", 2);
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 0);
	assert_int_equal(session_totals(t.session).plain_flows, 1);
	tls_talk_close(&t);
}

static void test_websocket__a_request_that_is_declined_leaves_plain_bytes(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_text(&t, 0, "GET / HTTP/1.1\r\nHost: dev.example\r\n\r\n");
	talk_text(&t, 1, "HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.2\r\n\r\n");
	talk_say(&t, "c:CH s:SH s:alert40");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.hs[0]->before, PLAIN_HTTP);
	assert_true(t.hs[0]->server_hello.seen);
	tls_talk_close(&t);
}

static void test_websocket__frames_are_read_from_any_one_on(void **state)
{
	static const char *const words[] = { "0CH", "1SH", "1CERT", "1SKE", "1SHD", "0CKE", "0CCS",
		"0e22", "1CCS", "1e22", "0e23" };
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_gap(&t, 0, GAP_UNKNOWN, GAP_MIDWAY);
	talk_gap(&t, 1, GAP_UNKNOWN, GAP_MIDWAY);
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		framed(&t, words[k][0] == '1', words[k] + 1, 1000);
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_COMPLETED);
	assert_int_equal(t.hs[0]->before, PLAIN_WEBSOCKET);
	tls_talk_close(&t);
}

/* What stands in each packet was agreed on in the first, which was not captured. */
static void test_openvpn__of_before_the_capture_nothing_is_made_up(void **state)
{
	/* before the capture, or lost: of the client alone, or of both */
	static const struct {
		size_t hmac;
		uint64_t client, server;
		enum gap_reason reason;
	} rows[] = { { 0, GAP_UNKNOWN, GAP_UNKNOWN, GAP_MIDWAY },
		{ 20, GAP_UNKNOWN, GAP_UNKNOWN, GAP_MIDWAY }, { 0, 16, 0, GAP_LOST },
		{ 20, 44, 0, GAP_LOST }, { 0, 16, 28, GAP_LOST } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tunnel v = { .hmac = rows[i].hmac, .id = { 1, 1 } };

		tls_talk_open(&v.t, NULL);
		talk_gap(&v.t, 0, rows[i].client, rows[i].reason);
		if (rows[i].server != 0)
			talk_gap(&v.t, 1, rows[i].server, rows[i].reason);
		through(&v, 0, "CH");
		through(&v, 1, "SH");
		through(&v, 1, "CERT");
		talk_end(&v.t, FLOW_CLOSED);
		assert_int_equal(v.t.n, 0);
		tls_talk_close(&v.t);
	}
}

static void test_websocket__frames_that_are_none_end_the_reading(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_text(&t, 0, UPGRADE);
	talk_text(&t, 1, SWITCHES);
	frame(&t, 1, 0x43, (const uint8_t *)"compressed", 10); /* RSV1 */
	framed(&t, 1, "SH", 100);
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 0);
	tls_talk_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openvpn__the_control_channel_is_read),
		cmocka_unit_test(test_openvpn__a_packet_sent_again_is_read_once),
		cmocka_unit_test(test_openvpn__a_packet_with_a_header_that_cannot_be_ends_it),
		cmocka_unit_test(test_openvpn__what_is_encrypted_is_no_tls),
		cmocka_unit_test(test_openvpn__after_a_hole_nothing_more_is_made_up),
		cmocka_unit_test(test_openvpn__other_protocols_with_a_length_are_not_taken_for_it),
		cmocka_unit_test(test_websocket__tls_in_frames_is_read),
		cmocka_unit_test(test_websocket__chatter_is_no_handshake),
		cmocka_unit_test(test_websocket__a_request_that_is_declined_leaves_plain_bytes),
		cmocka_unit_test(test_websocket__frames_are_read_from_any_one_on),
		cmocka_unit_test(test_openvpn__of_before_the_capture_nothing_is_made_up),
		cmocka_unit_test(test_websocket__frames_that_are_none_end_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
