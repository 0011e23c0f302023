/* A handshake of our own against a server that does one thing wrong: what it is refused with, and when. */
#include "support/unit.h"

#include "client/profile.h"

#include "support/peer.h"

#include <stdio.h>

enum { NONE = -1, WHOLE = 1 << 20 };

static const struct {
	const char *claim;
	enum peer_fault fault;
	enum talk_state state;
	int alert;
} rows[] = {
	{ "an honest server", PEER_HONEST, TALK_COMPLETED, NONE },
	{ "it asks for a certificate", PEER_ASKS, TALK_COMPLETED, NONE },
	{ "it asks, and takes no scheme", PEER_ASKS_WITHOUT_SCHEMES, TALK_REFUSED, 50 },
	{ "another group is wanted", PEER_RETRIES, TALK_COMPLETED, NONE },
	{ "another group, twice", PEER_RETRIES_TWICE, TALK_REFUSED, 10 },
	{ "the same group again", PEER_RETRIES_SAME_GROUP, TALK_REFUSED, 47 },
	{ "a group that was not offered", PEER_RETRIES_UNOFFERED_GROUP, TALK_REFUSED, 47 },
	{ "a retry that changes nothing", PEER_RETRIES_FOR_NOTHING, TALK_REFUSED, 47 },
	{ "a suite that was not offered", PEER_OTHER_SUITE, TALK_REFUSED, 47 },
	{ "a version that was not offered", PEER_OTHER_VERSION, TALK_REFUSED, 47 },
	{ "another session id", PEER_SESSION_ID, TALK_REFUSED, 47 },
	{ "compression", PEER_COMPRESSES, TALK_REFUSED, 47 },
	{ "no key share", PEER_NO_SHARE, TALK_REFUSED, 109 },
	{ "a share of another group", PEER_OTHER_SHARE, TALK_REFUSED, 47 },
	{ "a share of zeros", PEER_ZERO_SHARE, TALK_REFUSED, 47 },
	{ "a hello with an extension of others", PEER_HELLO_EXTENSION, TALK_REFUSED, 47 },
	{ "a hello that is cut", PEER_HELLO_CUT, TALK_REFUSED, 50 },
	{ "an extension that was not offered", PEER_EXTENSION, TALK_REFUSED, 110 },
	{ "extensions that are cut", PEER_EXTENSIONS_CUT, TALK_REFUSED, 50 },
	{ "no certificate", PEER_NO_CERTIFICATE, TALK_REFUSED, 10 },
	{ "a list without a certificate", PEER_EMPTY_CERTIFICATE, TALK_REFUSED, 50 },
	{ "a compressed certificate", PEER_COMPRESSED, TALK_REFUSED, 10 },
	{ "one that was asked for", PEER_COMPRESSED_FOR_ONE, TALK_COMPLETED, NONE },
	{ "by an unknown algorithm", PEER_COMPRESSED_OTHERWISE, TALK_COMPLETED, NONE },
	{ "of another length", PEER_COMPRESSED_WRONG, TALK_REFUSED, 42 },
	{ "no CertificateVerify", PEER_NO_VERIFY, TALK_REFUSED, 10 },
	{ "a signature of something else", PEER_SIGNATURE, TALK_REFUSED, 51 },
	{ "a scheme that TLS 1.3 forbids", PEER_SCHEME, TALK_REFUSED, 47 },
	{ "a Finished of something else", PEER_FINISHED, TALK_REFUSED, 51 },
	{ "a tag that is wrong", PEER_TAG, TALK_REFUSED, 20 },
	{ "a record without content", PEER_EMPTY_RECORD, TALK_REFUSED, 10 },
	{ "a record without a type", PEER_BARE_RECORD, TALK_REFUSED, 10 },
	{ "data before the end", PEER_DATA_EARLY, TALK_REFUSED, 10 },
	{ "an alert for a hello", PEER_ALERTS, TALK_ALERTED, 40 },
	{ "an alert after all is done", PEER_ALERTS_LATE, TALK_ALERTED, 42 },
	{ "no TLS at all", PEER_NO_TLS, TALK_STUCK, NONE },
};

static void meet_all(size_t piece)
{
	static const struct talk_options plain = { .judge = NULL };

	assert_int_equal(sizeof rows / sizeof *rows, N_PEER_FAULTS);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct peer_outcome o = peer_meet(rows[i].fault, piece, &plain);

		if (o.view.state != rows[i].state ||
			(rows[i].alert != NONE && o.view.alert != rows[i].alert) ||
			o.client_finished != (rows[i].state == TALK_COMPLETED ||
						     rows[i].fault == PEER_ALERTS_LATE))
			fail_msg("%s: state %d, alert %d, Finished %s", rows[i].claim,
				(int)o.view.state, o.view.alert,
				o.client_finished ? "right" : "not sent");
	}
}

static void test_talk__each_fault_has_its_alert(void **state)
{
	(void)state;
	meet_all(WHOLE);
}

static void test_talk__pieces_of_any_size_are_the_same(void **state)
{
	(void)state;
	meet_all(1);
	meet_all(700);
}

/* All of the flight was read before it was refused: the chain is there whatever came before it. */
static void test_talk__reads_on_behind_a_fault(void **state)
{
	static const struct talk_options plain = { .judge = NULL };
	static const enum peer_fault early[] = { PEER_SESSION_ID, PEER_COMPRESSES,
		PEER_HELLO_EXTENSION, PEER_EXTENSION, PEER_BARE_RECORD };

	(void)state;
	for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
		struct peer_outcome o = peer_meet(early[i], WHOLE, &plain);

		/* a record without a type ends all: its keys say that it is no accident */
		assert_int_equal(o.view.n_chain, early[i] == PEER_BARE_RECORD ? 0 : 1);
	}
}

static void put(struct strbuf *out, const char *bytes, size_t n)
{
	strbuf_add(out, bytes, n);
}

/* A ServerHello of TLS 1.3 with X25519MLKEM768, which answers the hello that is sent. */
static void answer_with_hybrid(const struct talk *t, struct strbuf *out)
{
	static const char filler[1120];
	const uint8_t *id = talk_out(t).data + 5 + 4 + 2 + 32 + 1;

	put(out, "\x16\x03\x03\x04\xba\x02\x00\x04\xb6\x03\x03", 11);
	put(out, filler, 32);
	put(out, "\x20", 1);
	put(out, (const char *)id, 32);
	put(out, "\x13\x01\x00\x04\x6e\x00\x2b\x00\x02\x03\x04\x00\x33\x04\x64\x11\xec\x04\x60",
		19);
	put(out, filler, sizeof filler);
}

/* Offered as others offer it: a server that takes it is right, and here it ends. */
static void test_talk__a_choice_that_cannot_be_completed_is_seen(void **state)
{
	struct offer offer;
	const struct talk_options o = { .offer = &offer };
	struct strbuf answer = { 0 };
	struct talk *t;

	(void)state;
	assert_true(hello_profile_offer(hello_profile_find("chrome"), &offer));
	t = talk_open(&o);
	assert_non_null(t);
	answer_with_hybrid(t, &answer);
	talk_sent(t);
	talk_feed(t, bytes_of(answer.text, answer.len));
	assert_int_equal(talk_view(t).state, TALK_BEYOND);
	assert_int_equal(talk_view(t).version, 0x0304);
	assert_int_equal(talk_out(t).len, 0);
	talk_close(t);
	strbuf_free(&answer);
}

static int never(void *ctx, const struct bytes chain[], size_t n)
{
	assert_int_equal(n, 1);
	assert_true(chain[0].len > 100);
	++*(unsigned *)ctx;
	return 48;
}

static void test_talk__a_chain_that_is_not_good_enough_is_refused_at_the_end(void **state)
{
	unsigned asked = 0;
	const struct talk_options o = { .judge = never, .judge_ctx = &asked };
	struct peer_outcome out = peer_meet(PEER_HONEST, WHOLE, &o);

	(void)state;
	assert_int_equal(asked, 1);
	assert_int_equal(out.view.state, TALK_REFUSED);
	assert_int_equal(out.view.alert, 48);
	/* what was wrong before is what is said */
	assert_int_equal(peer_meet(PEER_FINISHED, WHOLE, &o).view.alert, 51);
}

static bool sign(void *ctx, uint16_t version, const struct u16s *accepted, struct bytes content,
	uint16_t *scheme, struct strbuf *signature)
{
	assert_int_equal(version, 0x0304);
	assert_int_equal(u16s_count(accepted), 1);
	assert_int_equal(content.len, 64 + 34 + 32);
	assert_memory_equal(content.data + 64, "TLS 1.3, client CertificateVerify", 34);
	*scheme = u16s_at(accepted, 0);
	strbuf_puts(signature, "signature");
	return *(bool *)ctx;
}

static void test_talk__a_certificate_is_sent_where_one_is_asked_for(void **state)
{
	static const struct bytes der = { (const uint8_t *)"certificate", 11 };
	bool can = true;
	struct talk_options o = { .credential = { &der, 1, sign, &can } };
	struct peer_outcome out = peer_meet(PEER_ASKS, WHOLE, &o);

	(void)state;
	assert_true(out.client_certificate && out.client_verify && out.client_finished);
	assert_true(out.view.certificate_asked && out.view.certificate_sent);
	out = peer_meet(PEER_HONEST, WHOLE, &o);
	assert_false(out.client_certificate || out.view.certificate_asked);
	o.credential.n = 0;
	out = peer_meet(PEER_ASKS, WHOLE, &o);
	assert_true(out.client_certificate && !out.client_verify && out.client_finished);
	assert_false(out.view.certificate_sent);
	o.credential.n = 1;
	can = false; /* no scheme that the server takes */
	out = peer_meet(PEER_ASKS, WHOLE, &o);
	assert_int_equal(out.view.state, TALK_REFUSED);
	assert_int_equal(out.view.alert, 40);
}

static void test_talk__a_retry_makes_a_second_hello(void **state)
{
	static const struct talk_options plain = { .judge = NULL };

	(void)state;
	assert_int_equal(peer_meet(PEER_HONEST, WHOLE, &plain).hellos, 1);
	assert_int_equal(peer_meet(PEER_RETRIES, WHOLE, &plain).hellos, 2);
	assert_int_equal(peer_meet(PEER_RETRIES_SAME_GROUP, WHOLE, &plain).hellos, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talk__each_fault_has_its_alert),
		cmocka_unit_test(test_talk__pieces_of_any_size_are_the_same),
		cmocka_unit_test(test_talk__reads_on_behind_a_fault),
		cmocka_unit_test(test_talk__a_choice_that_cannot_be_completed_is_seen),
		cmocka_unit_test(test_talk__a_chain_that_is_not_good_enough_is_refused_at_the_end),
		cmocka_unit_test(test_talk__a_certificate_is_sent_where_one_is_asked_for),
		cmocka_unit_test(test_talk__a_retry_makes_a_second_hello),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
