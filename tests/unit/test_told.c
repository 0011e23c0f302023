/* What is told of a connection besides its bytes goes to the handshake it is about. */
#include "session/told.h"

#include "base/array.h"
#include "session/told_bytes.h"
#include "support/certs.h"
#include "support/tls_talk.h"

#define FULL13 "c:CH13 s:SH13 s:CCS s:d13 "
#define FULL12 "c:CH s:SH s:CERT s:SHD c:CKE c:CCS c:e22 s:CCS s:e22 "

/* Of the connection that tls_talk.h opens. */
static struct told telling(const struct tls_talk *t)
{
	return (struct told){ .client = t->flow.end[0],
		.server = t->flow.end[1],
		.word[SIDE_CLIENT] = { .release = "mbedTLS 2.28.3",
			.code = -0x2700,
			.state = "SERVER_CERTIFICATE",
			.verify_flags = 0x08 } };
}

static void test_told__the_clients_word_is_copied_to_its_handshake(void **state)
{
	char library[] = "mbedTLS 2.28.3", at[] = "SERVER_CERTIFICATE";
	const struct library_word *w;
	struct tls_talk t;
	struct told told;

	(void)state;
	tls_talk_open(&t, NULL);
	told = telling(&t);
	told.word[SIDE_CLIENT].release = library;
	told.word[SIDE_CLIENT].state = at;
	assert_true(session_tell(t.session, &told));
	memset(library, 'x', sizeof library - 1);
	memset(at, 'x', sizeof at - 1);
	talk_say(&t, "c:CH s:SH s:CERT s:SHD c:alert48 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	w = &t.hs[0]->side[SIDE_CLIENT].word;
	assert_string_equal(w->release, "mbedTLS 2.28.3");
	assert_string_equal(w->state, "SERVER_CERTIFICATE");
	assert_int_equal(w->code, -0x2700);
	assert_int_equal(w->verify_flags, 8);
	assert_null(t.hs[0]->side[SIDE_SERVER].word.release);
	tls_talk_close(&t);
}

enum { PLAIN_MAX = 8192 };

static struct bytes plain_of(const struct handshake *hs, enum side from, uint8_t *room)
{
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++) {
		struct bytes raw = hs->events[i].raw;

		if (hs->events[i].kind != EVENT_MESSAGE || hs->events[i].from != from)
			continue;
		assert_true(n + raw.len <= PLAIN_MAX);
		memcpy(room + n, raw.data, raw.len);
		n += raw.len;
	}
	return bytes_of(room, n);
}

/* What the client's log says of a connection that is captured: remarks of it. */
static size_t compared(const char *script, size_t changed, size_t len, char words[static 160])
{
	uint8_t room[2][PLAIN_MAX];
	struct tls_talk t;
	struct told told;
	size_t n;

	for (unsigned round = 0; round < 2; round++) {
		tls_talk_open(&t, NULL);
		told = (struct told){ .beside = true, .story.role = SIDE_CLIENT };
		told.plain[SIDE_CLIENT] = bytes_of(room[0], 0);
		if (round == 1) {
			room[1][changed] ^= 1;
			told.plain[SIDE_SERVER] = bytes_of(room[1], len);
		}
		assert_true(session_tell(t.session, &told));
		talk_say(&t, script);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		n = t.hs[0]->side[SIDE_CLIENT].n_remarks;
		assert_true(n <= 1);
		if (round == 0) {
			assert_int_equal(n, 0);
			n = plain_of(t.hs[0], SIDE_SERVER, room[1]).len;
			len = len < n ? len : n;
		} else if (n != 0) {
			assert_int_equal(t.hs[0]->side[SIDE_CLIENT].remarks[0].saying,
				SAYING_altered_on_way);
			assert_true(t.hs[0]->side[SIDE_CLIENT].remarks[0].line != 0);
			(void)snprintf(
				words, 160, "%s", t.hs[0]->side[SIDE_CLIENT].remarks[0].words);
		}
		tls_talk_close(&t);
	}
	return n;
}

static void test_told__a_log_is_held_against_the_capture_byte_by_byte(void **state)
{
	static const char failed[] = "c:CH s:SH s:CERT s:SHD c:alert48 c:fin";
	char words[160];

	(void)state;
	assert_int_equal(compared(failed, 5, SIZE_MAX, words), 1);
	assert_non_null(strstr(words, "ServerHello, byte 5: "));
	assert_non_null(strstr(words, " in the log, "));
	assert_int_equal(compared(failed, 3, SIZE_MAX, words), 1); /* its length */
	assert_non_null(strstr(words, "ServerHello"));
	assert_int_equal(compared(failed, 5, 4, words), 0); /* the log breaks off before it */
	assert_int_equal(compared(failed, 0, SIZE_MAX, words), 0); /* another message */
	/* by its Finished both sides have the same: the log's line is garbled */
	assert_int_equal(compared(FULL12, 5, SIZE_MAX, words), 0);
}

/* TLS 1.3 encrypts it; who was there knows, also that there is none. */
static void test_told__the_protocol_agreed_on_is_known_to_who_was_there(void **state)
{
	static const struct {
		const char *script, *alpn, *release, *want;
		enum provenance from;
	} rows[] = {
		{ FULL13, "h2", "mbedTLS 2.28.3", "h2", FROM_TOLD },
		{ FULL13, "h2", NULL, "h2", FROM_TOLD },
		{ FULL13, NULL, "mbedTLS 2.28.3", "", FROM_TOLD },
		{ FULL13, NULL, NULL, "", FROM_NOWHERE },
		{ FULL12, NULL, "mbedTLS 2.28.3", "", FROM_CLEAR },
		{ FULL12, "h2", "mbedTLS 2.28.3", "h2", FROM_TOLD },
		{ "c:CH13 c:fin", NULL, "mbedTLS 2.28.3", "", FROM_NOWHERE },
		{ "c:CH13 s:HRR c:fin", NULL, "mbedTLS 2.28.3", "", FROM_NOWHERE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct agreed_protocol *alpn;
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.alpn = rows[i].alpn;
		told.word[SIDE_CLIENT].release = rows[i].release;
		assert_true(session_tell(t.session, &told));
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		alpn = &t.hs[0]->alpn;
		assert_int_equal(alpn->from, rows[i].from);
		assert_int_equal(alpn->name.len, strlen(rows[i].want));
		if (alpn->name.len != 0)
			assert_memory_equal(alpn->name.data, rows[i].want, alpn->name.len);
		tls_talk_close(&t);
	}
}

/* As many as there is room for, each as it was said, and no longer the teller's. */
static void test_told__remarks_are_copied(void **state)
{
	static const size_t rows[] = { 0, 1, 2, REMARKS_MAX, REMARKS_MAX + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct remark remarks[REMARKS_MAX + 1];
		char words[REMARKS_MAX + 1][24];
		const struct party *client;
		struct tls_talk t;
		struct told told;

		for (size_t k = 0; k < rows[i]; k++) {
			(void)snprintf(words[k], sizeof words[k], "no %zu", k);
			remarks[k] = (struct remark){ SAYING_peer_expired, 7 + k, words[k] };
		}
		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.remarks[SIDE_CLIENT] = remarks;
		told.n_remarks[SIDE_CLIENT] = rows[i];
		assert_true(session_tell(t.session, &told));
		memset(words, 'x', sizeof words);
		memset(remarks, 0, sizeof remarks);
		talk_say(&t, "c:CH s:SH s:CERT s:SHD c:alert48 c:fin");
		talk_end(&t, FLOW_CLOSED);
		client = &t.hs[0]->side[SIDE_CLIENT];
		assert_int_equal(
			client->n_remarks, rows[i] < REMARKS_MAX ? rows[i] : (size_t)REMARKS_MAX);
		for (size_t k = 0; k < client->n_remarks; k++) {
			char want[24];

			(void)snprintf(want, sizeof want, "no %zu", k);
			assert_int_equal(client->remarks[k].saying, SAYING_peer_expired);
			assert_int_equal(client->remarks[k].line, 7 + k);
			assert_string_equal(client->remarks[k].words, want);
		}
		assert_int_equal(t.hs[0]->side[SIDE_SERVER].n_remarks, 0);
		tls_talk_close(&t);
	}
}

static void test_told__other_connections_do_not_have_it(void **state)
{
	struct tls_talk t;
	struct told told;

	(void)state;
	tls_talk_open(&t, NULL);
	told = telling(&t);
	told.client.port++;
	assert_true(session_tell(t.session, &told));
	talk_say(&t, "c:CH s:SH s:CERT s:SHD c:alert48 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_null(t.hs[0]->side[SIDE_CLIENT].word.release);
	tls_talk_close(&t);
}

/* Two connections one after the other between the same ports, and a renegotiation in the first. */
static void test_told__each_telling_is_of_one_connection(void **state)
{
	struct tls_talk t;
	struct told told;

	(void)state;
	tls_talk_open(&t, NULL);
	for (int code = 0; code > -2; code--) {
		told = telling(&t);
		told.word[SIDE_CLIENT].code = code;
		assert_true(session_tell(t.session, &told));
	}
	talk_say(&t, "c:CH s:SH s:alert40 c:CH s:alert40 s:fin c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 2);
	assert_non_null(t.hs[0]->side[SIDE_CLIENT].word.release);
	assert_int_equal(t.hs[0]->side[SIDE_CLIENT].word.code, 0);
	assert_true(t.hs[1]->renegotiation);
	assert_null(t.hs[1]->side[SIDE_CLIENT].word.release);
	talk_connect_again(&t);
	talk_say(&t, "c:CH s:alert40 s:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 3);
	assert_int_equal(t.hs[2]->side[SIDE_CLIENT].word.code, -1);
	talk_connect_again(&t);
	talk_say(&t, "c:CH s:alert40 s:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_null(t.hs[3]->side[SIDE_CLIENT].word.release);
	tls_talk_close(&t);
}

/* Says the script after telling of a chain of one certificate. */
static struct handshake *with_chain(struct tls_talk *t, struct bytes der, const char *script)
{
	struct told told;

	tls_talk_open(t, NULL);
	told = telling(t);
	told.chain[SIDE_SERVER] = &der;
	told.n_chain[SIDE_SERVER] = 1;
	assert_true(session_tell(t->session, &told));
	talk_say(t, script);
	talk_end(t, FLOW_CLOSED);
	assert_int_equal(t->n, 1);
	return t->hs[0];
}

static void test_told__the_chain_stands_in_where_tls13_hides_it(void **state)
{
	struct cert_store *store = cert_store_open(1 << 20);
	const struct cert *leaf = fixture_cert(store, "leaf");
	const struct handshake *hs;
	struct tls_talk t;

	(void)state;
	hs = with_chain(&t, leaf->der, FULL13 "c:CCS c:a13 c:fin");
	assert_int_equal(hs->outcome, OUTCOME_FAILED);
	assert_int_equal(hs->side[SIDE_SERVER].certs_from, FROM_TOLD);
	assert_int_equal(hs->side[SIDE_SERVER].n_certs, 1);
	assert_string_equal(hs->side[SIDE_SERVER].certs[0]->subject, leaf->subject);
	assert_false(hs->side[SIDE_SERVER].certificate.seen);
	tls_talk_close(&t);
	cert_release(store, leaf);
	cert_store_close(store);
}

static void test_told__the_chain_is_for_a_full_handshake_of_tls13_alone(void **state)
{
	static const char *const scripts[] = {
		"c:CH s:SH s:CERT s:SHD c:alert48 c:fin",
		"c:CH s:SH s:SHD c:alert48 c:fin",
		"c:CH13 s:SHP s:CCS s:d13 c:f13 c:fin",
	};

	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		const struct handshake *hs;
		struct tls_talk t;

		hs = with_chain(&t, bytes_of("\x30\x00", 2), scripts[i]);
		assert_int_not_equal(hs->side[SIDE_SERVER].certs_from, FROM_TOLD);
		tls_talk_close(&t);
	}
}

/* An alert under the keys right after both Finished: refused, or only closed? */
static void test_told__the_word_decides_where_the_bytes_leave_it_open(void **state)
{
	static const struct {
		int code;
		enum outcome outcome;
		enum ending ending;
	} rows[] = {
		{ 0, OUTCOME_COMPLETED, ENDING_SETTLED },
		{ -0x7180, OUTCOME_FAILED, ENDING_PROTECTED_ALERT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.word[SIDE_CLIENT].code = rows[i].code;
		assert_true(session_tell(t.session, &told));
		talk_say(&t, FULL12 "c:e21 c:fin s:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.hs[0]->outcome, rows[i].outcome);
		assert_int_equal(t.hs[0]->ending, rows[i].ending);
		tls_talk_close(&t);
	}
}

/* A record as short as an alert may be one, and may be EncryptedExtensions: whoever has the keys read it. */
static void test_told__what_was_read_and_is_no_alert_is_none(void **state)
{
	static const struct {
		int code;
		bool got_alert;
		enum ending ending;
	} rows[] = {
		{ -0x7280, false, ENDING_FIN },
		{ -0x7780, true, ENDING_ALERT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.word[SIDE_CLIENT].code = rows[i].code;
		told.word[SIDE_CLIENT].got_alert = rows[i].got_alert;
		assert_true(session_tell(t.session, &told));
		talk_say(&t, "c:CH13 s:SH13 s:CCS s:a13 s:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
		assert_int_equal(t.hs[0]->ending, rows[i].ending);
		tls_talk_close(&t);
	}
}

/* TLS 1.3: what the server thinks of the client's certificate comes under the keys. */
static void test_told__an_alert_that_was_read_is_as_good_as_one_in_the_clear(void **state)
{
	struct tls_talk t;
	struct told told;

	(void)state;
	tls_talk_open(&t, NULL);
	told = telling(&t);
	told.word[SIDE_CLIENT].code = -0x7780;
	told.word[SIDE_CLIENT].got_alert = true;
	told.word[SIDE_CLIENT].alert = 116;
	assert_true(session_tell(t.session, &told));
	talk_say(&t, "c:CH13 s:SH13 s:d13 s:f13 c:f13 c:a13 s:a13 s:fin c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	assert_int_equal(t.hs[0]->ending, ENDING_ALERT);
	assert_int_equal(t.hs[0]->ended_by, SIDE_SERVER);
	assert_int_equal(t.hs[0]->n_alerts, 1);
	assert_int_equal(t.hs[0]->alerts[0].code, 116);
	assert_int_equal(t.hs[0]->alerts[0].from, SIDE_SERVER);
	assert_int_not_equal(t.hs[0]->alerts[0].packet, 0);
	tls_talk_close(&t);
}

/* There must have been something under the keys, and there must be room. */
static void test_told__an_alert_that_was_read_needs_a_place(void **state)
{
	static const struct {
		const char *before, *script;
		size_t warnings, alerts;
	} rows[] = {
		{ "c:CH13 s:SH13 s:d13 s:f13 ", "c:f13 c:a13 s:a13 s:fin c:fin", 0, 1 },
		{ "c:CH13 s:SH13 ", "s:d13 s:f13 c:f13 c:a13 s:a13 s:fin c:fin", ALERTS_MAX - 1,
			ALERTS_MAX },
		{ "c:CH13 s:SH13 ", "s:d13 s:f13 c:f13 c:a13 s:a13 s:fin c:fin", ALERTS_MAX,
			ALERTS_MAX },
		{ "c:CH ", "s:fin c:fin", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.word[SIDE_CLIENT].got_alert = true;
		told.word[SIDE_CLIENT].alert = 116;
		assert_true(session_tell(t.session, &told));
		talk_say(&t, rows[i].before);
		for (size_t k = 0; k < rows[i].warnings; k++)
			talk_say(&t, "c:warn90");
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.hs[0]->n_alerts, rows[i].alerts);
		tls_talk_close(&t);
	}
}

static void test_told__a_connection_that_never_came_about_has_its_word(void **state)
{
	struct tls_talk t;
	struct told told;

	(void)state;
	tls_talk_open(&t, NULL);
	told = telling(&t);
	told.word[SIDE_CLIENT].code = -0x44;
	assert_true(session_tell(t.session, &told));
	t.flow.refused = true;
	talk_end(&t, FLOW_RESET);
	assert_int_equal(t.hs[0]->side[SIDE_CLIENT].word.code, -0x44);
	tls_talk_close(&t);
}

static void tell_cut(struct tls_talk *t, enum cut_off why)
{
	struct told told;

	tls_talk_open(t, NULL);
	told = telling(t);
	told.heard = (struct hearing){ .cut = why, .bytes = 700, .warnings = 100, .ms = 30000 };
	assert_true(session_tell(t->session, &told));
}

/* How our own client hangs up is not what it made of the server. */
static void test_told__who_comes_to_no_end_is_cut_off(void **state)
{
	struct tls_talk t;

	(void)state;
	tell_cut(&t, CUT_WARNINGS);
	talk_say(&t, "c:CH s:SH s:CERT c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
	assert_int_equal(t.hs[0]->ending, ENDING_CUT_OFF);
	assert_int_equal(t.hs[0]->ended_by, SIDE_CLIENT);
	assert_int_equal(t.hs[0]->heard.warnings, 100);
	tls_talk_close(&t);
}

static void test_told__what_our_client_said_in_an_alert_it_has_said(void **state)
{
	struct tls_talk t;

	(void)state;
	tell_cut(&t, CUT_MESSAGES);
	talk_say(&t, "c:CH s:SH s:CERT c:alert50 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->ending, ENDING_ALERT);
	assert_int_equal(t.hs[0]->heard.cut, CUT_MESSAGES);
	tls_talk_close(&t);
}

/* Both Finished were sent, and the client says that it took the server's for none. */
static void test_told__a_client_that_failed_has_failed(void **state)
{
	static const bool alerts[] = { false, true };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.word[SIDE_CLIENT].code = -0x7e80;
		told.word[SIDE_CLIENT].got_alert = alerts[i];
		assert_true(session_tell(t.session, &told));
		talk_say(&t, FULL12 "c:fin s:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
		assert_int_equal(t.hs[0]->ended_by, alerts[i] ? SIDE_SERVER : SIDE_CLIENT);
		tls_talk_close(&t);
	}
}

static void test_told__after_a_whole_handshake_a_server_may_go_on(void **state)
{
	struct tls_talk t;

	(void)state;
	tell_cut(&t, CUT_BYTES);
	talk_say(&t, FULL12 "s:e23 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->outcome, OUTCOME_COMPLETED);
	assert_int_equal(t.hs[0]->heard.cut, CUT_NONE);
	tls_talk_close(&t);
}

/* Room is of what is told and not taken yet: a run of many targets does not use it up. */
static void test_told__what_was_taken_makes_room(void **state)
{
	enum { LARGE = 60000, MANY = 4 * TOLD_BYTES / LARGE };
	static uint8_t der[LARGE];
	struct bytes chain = { der, LARGE };
	struct handshake hs = { .tls13 = false };
	struct told told = { .client = { .family = 4, .port = 1 },
		.server = { .family = 4, .port = 2 },
		.chain = { [SIDE_SERVER] = &chain },
		.n_chain = { [SIDE_SERVER] = 1 } };
	struct told_list *l = told_open();

	(void)state;
	hs.side[SIDE_CLIENT].address = told.client;
	hs.side[SIDE_SERVER].address = told.server;
	hs.arena = arena_new(1 << 20);
	for (int i = 0; i < MANY; i++) {
		assert_true(told_add(l, &told));
		told_apply(l, &hs, NULL);
	}
	arena_free(hs.arena);
	told_close(l);
}

static void test_told__too_much_is_left_out(void **state)
{
	enum { LARGE = 40000 };
	static uint8_t der[LARGE];
	struct bytes chain[2] = { { der, LARGE }, { der, LARGE } };
	struct tls_talk t;
	struct told told;
	size_t taken = 0;

	(void)state;
	tls_talk_open(&t, NULL);
	told = telling(&t);
	told.chain[SIDE_SERVER] = chain;
	told.n_chain[SIDE_SERVER] = 2;
	assert_false(session_tell(t.session, &told)); /* the word is kept all the same */
	told.n_chain[SIDE_SERVER] = 1;
	while (taken < 1000 && session_tell(t.session, &told))
		taken++;
	assert_in_range(taken, 50, 110);
	talk_say(&t, FULL13 "c:CCS c:a13 c:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->side[SIDE_CLIENT].word.code, -0x2700);
	assert_int_not_equal(t.hs[0]->side[SIDE_SERVER].certs_from, FROM_TOLD);
	tls_talk_close(&t);
}

/* Whatever alert our own client sent when memory ran out: it is no fact about the server. */
static void test_told__what_our_client_gave_up_by_itself_is_incomplete(void **state)
{
	static const char *const endings[] = { "c:alert51 c:fin", "c:alert80 c:fin", "c:fin" };

	(void)state;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.self_failed = true;
		assert_true(session_tell(t.session, &told));
		talk_say(&t, "c:CH s:SH s:CERT s:SHD");
		talk_say(&t, endings[i]);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_true(t.hs[0]->self_failed);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_INCOMPLETE);
		tls_talk_close(&t);
	}
}

/* What a client of ours was not made for it gives up; but what the server refused before, it has refused. */
static void test_told__what_our_client_cannot_do_says_nothing_of_the_server(void **state)
{
	static const struct {
		const char *script;
		enum outcome outcome;
		bool beyond;
	} rows[] = {
		{ "c:CH s:SH s:CERT s:SHD c:alert80 c:fin", OUTCOME_INCOMPLETE, true },
		{ "c:CH s:SH s:CERT s:SHD c:fin", OUTCOME_INCOMPLETE, true },
		{ "c:CH s:alert40 s:fin", OUTCOME_FAILED, false },
		{ "c:CH s:SH s:CERT s:SHD s:fin", OUTCOME_FAILED, false },
		{ FULL12 "c:e23 s:e23 c:fin", OUTCOME_COMPLETED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_talk t;
		struct told told;

		tls_talk_open(&t, NULL);
		told = telling(&t);
		told.word[SIDE_CLIENT].code = 0;
		told.beyond = true;
		assert_true(session_tell(t.session, &told));
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		if (t.hs[0]->outcome != rows[i].outcome || t.hs[0]->beyond != rows[i].beyond)
			fail_msg("%s: outcome %d, beyond %d", rows[i].script, (int)t.hs[0]->outcome,
				t.hs[0]->beyond);
		tls_talk_close(&t);
	}
}

/* ---- the log's bytes, and the capture's ---- */

/* The message of two bytes that the capture has, beside what the log has of that direction; NULL: they agree. */
static const struct remark *altered(struct event ev, const char *log, size_t n)
{
	static struct remark kept;
	static char said[100];
	const struct remark before = { SAYING_reset, 3, "before" };
	struct handshake hs = { .arena = arena_new(SIZE_MAX),
		.transport = TRANSPORT_TCP,
		.outcome = OUTCOME_FAILED,
		.events = &ev,
		.n_events = 1 };
	const struct told told = { .beside = true,
		.story.role = SIDE_CLIENT,
		.plain[SIDE_SERVER] = bytes_of((const uint8_t *)log, n) };
	const struct party *p = &hs.side[SIDE_CLIENT];

	assert_non_null(hs.arena);
	hs.side[SIDE_CLIENT].remarks = &before;
	hs.side[SIDE_CLIENT].n_remarks = 1;
	told_compare(&hs, &told);
	assert_int_equal(hs.side[SIDE_SERVER].n_remarks, 0);
	assert_string_equal(p->remarks[0].words, "before");
	kept = p->remarks[p->n_remarks - 1];
	if (p->n_remarks == 2) {
		assert_int_equal(kept.saying, SAYING_altered_on_way);
		assert_int_equal(kept.line, ev.packet);
		(void)snprintf(said, sizeof said, "%s", kept.words);
		kept.words = said;
	}
	arena_free(hs.arena);
	return p->n_remarks == 2 ? &kept : NULL;
}

static void test_told__bytes_that_differ_on_the_way_are_told_with_their_place(void **state)
{
	static const uint8_t raw[] = { HS_CERTIFICATE_STATUS, 0, 0, 2, 7, 8 };
	struct event ev = { .kind = EVENT_MESSAGE,
		.from = SIDE_SERVER,
		.type = HS_CERTIFICATE_STATUS,
		.packet = 9,
		.raw = { raw, sizeof raw } };
	struct event cut = ev, opened = ev, other = ev, client = ev, unknown = ev;
	static const char same[] = "\x16\0\0\2\7\x8", changed[] = "\x16\0\0\2\7\x9",
			  longer[] = "\x16\0\0\3\7\x8\x1", first[] = "\x14\0\0\0";

	(void)state;
	assert_null(altered(ev, same, 6));
	assert_string_equal(altered(ev, changed, 6)->words,
		"CertificateStatus, byte 5: 09 in the log, 08 in the capture");
	assert_string_equal(altered(ev, longer, 7)->words,
		"CertificateStatus, byte 3: 03 in the log, 02 in the capture");
	assert_null(altered(ev, changed, 5)); /* the log has not all of it */
	assert_null(altered(ev, changed, 3));
	assert_null(altered(ev, first, 4)); /* another message: one may be missing */
	cut.raw.len = 5;
	assert_string_equal(altered(cut, changed, 6)->words,
		"CertificateStatus: 6 bytes in the log, 5 in the capture");
	cut.unread = true;
	assert_null(altered(cut, changed, 6));
	cut.raw.len = 3;
	assert_null(altered(cut, longer, 7));
	opened.opened = true;
	assert_null(altered(opened, changed, 6));
	other.kind = EVENT_PROTECTED;
	assert_null(altered(other, changed, 6));
	client.from = SIDE_CLIENT;
	assert_null(altered(client, changed, 6));
	unknown.type = 0x77;
	assert_string_equal(altered(unknown, "\x77\0\0\2\7\x8", 6)->words,
		"a message, byte 0: 77 in the log, 16 in the capture");
}

static void test_told__bytes_are_held_against_a_capture_that_failed_and_is_whole(void **state)
{
	static const uint8_t raw[] = { HS_SERVER_HELLO_DONE, 0, 0, 0, 0 };
	static const uint8_t log[] = { HS_SERVER_HELLO_DONE, 0, 0, 0 };
	static const struct {
		bool beside, midway;
		enum outcome outcome;
		size_t remarks, told;
	} rows[] = {
		{ true, false, OUTCOME_FAILED, 0, 1 },
		{ false, false, OUTCOME_FAILED, 0, 0 },
		{ true, true, OUTCOME_FAILED, 0, 0 },
		{ true, false, OUTCOME_COMPLETED, 0, 0 },
		{ true, false, OUTCOME_FAILED, REMARKS_MAX - 1, REMARKS_MAX },
		{ true, false, OUTCOME_FAILED, REMARKS_MAX, REMARKS_MAX },
	};
	static struct remark before[REMARKS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct event ev = { .kind = EVENT_MESSAGE,
			.from = SIDE_CLIENT,
			.type = HS_SERVER_HELLO_DONE,
			.raw = { raw, sizeof raw } };
		struct handshake hs = { .arena = arena_new(SIZE_MAX),
			.transport = TRANSPORT_TCP,
			.outcome = rows[i].outcome,
			.midway = rows[i].midway,
			.events = &ev,
			.n_events = 1 };
		const struct told told = { .beside = rows[i].beside,
			.story.role = SIDE_SERVER,
			.plain[SIDE_CLIENT] = { log, sizeof log } };

		assert_non_null(hs.arena);
		hs.side[SIDE_SERVER].remarks = before;
		hs.side[SIDE_SERVER].n_remarks = (uint32_t)rows[i].remarks;
		told_compare(&hs, &told);
		assert_int_equal(hs.side[SIDE_SERVER].n_remarks, rows[i].told);
		arena_free(hs.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told__the_clients_word_is_copied_to_its_handshake),
		cmocka_unit_test(test_told__a_log_is_held_against_the_capture_byte_by_byte),
		cmocka_unit_test(test_told__the_protocol_agreed_on_is_known_to_who_was_there),
		cmocka_unit_test(test_told__remarks_are_copied),
		cmocka_unit_test(test_told__other_connections_do_not_have_it),
		cmocka_unit_test(test_told__each_telling_is_of_one_connection),
		cmocka_unit_test(test_told__the_chain_stands_in_where_tls13_hides_it),
		cmocka_unit_test(test_told__the_chain_is_for_a_full_handshake_of_tls13_alone),
		cmocka_unit_test(test_told__the_word_decides_where_the_bytes_leave_it_open),
		cmocka_unit_test(test_told__what_was_read_and_is_no_alert_is_none),
		cmocka_unit_test(test_told__an_alert_that_was_read_is_as_good_as_one_in_the_clear),
		cmocka_unit_test(test_told__an_alert_that_was_read_needs_a_place),
		cmocka_unit_test(test_told__a_connection_that_never_came_about_has_its_word),
		cmocka_unit_test(test_told__who_comes_to_no_end_is_cut_off),
		cmocka_unit_test(test_told__what_our_client_said_in_an_alert_it_has_said),
		cmocka_unit_test(test_told__after_a_whole_handshake_a_server_may_go_on),
		cmocka_unit_test(test_told__what_was_taken_makes_room),
		cmocka_unit_test(test_told__too_much_is_left_out),
		cmocka_unit_test(test_told__what_our_client_gave_up_by_itself_is_incomplete),
		cmocka_unit_test(test_told__what_our_client_cannot_do_says_nothing_of_the_server),
		cmocka_unit_test(test_told__a_client_that_failed_has_failed),
		cmocka_unit_test(test_told__bytes_that_differ_on_the_way_are_told_with_their_place),
		cmocka_unit_test(
			test_told__bytes_are_held_against_a_capture_that_failed_and_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
