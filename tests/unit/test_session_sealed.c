/*
 * Protected records in the session: the trace of RFC 8448 3 with its secrets, whole and in pieces, with
 * secrets that come late, not at all, or are wrong, and with bytes that are missing.
 */
#include "support/sealed_talk.h"

#include "session/prove.h"
#include "session/transcript.h"
#include "support/hex.h"

/* ---- RFC 8448 3 ---- */

static const char client_hello_hex[] = "16030100c4010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21"
				       "a8d9912ec18a2ef6283024dece7000006"
				       "130113031302010000910000000b0009000006736572766572ff0100010"
				       "0000a00140012001d0017001800190100"
				       "010101020103010400230000003300260024001d002099381de560e4bd4"
				       "3d23d8e435a7dbafeb3c06e51c13cae4d"
				       "5413691e529aaf2c002b0003020304000d0020001e04030503060302030"
				       "804080508060401050106010201040205"
				       "0206020202002d00020101001c00024001";
static const char server_hello_hex[] = "160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8"
				       "ac5cb1434dac155772ed3e26928001301"
				       "00002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6c"
				       "c253b833df1dd69b1b04e751f0f002b00"
				       "020304";
static const char server_flight_hex[] =
	"17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f8"
	"48"
	"a7ca07612ef9f945cb960b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df828"
	"b5"
	"ecf7b13bd9aefb0e57f271585b8ea9bb355c7c79020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e122a4"
	"cf"
	"51427325250c7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8bf2d0b227812cbb360987255cc7441"
	"10"
	"c453baa4fcd610928d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead686945ba246ab66"
	"e5"
	"edd8044b4c6de3fcf2a89441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650f563aad274"
	"09"
	"960dca63d3e688611ea5e22f4415cf9538d51a200c27034272968a264ed6540c84838d89f72c24461aad6d26f5"
	"9e"
	"caba9acbbb317b66d902f4f292a36ac1b639c637ce343117b659622245317b49eeda0c6258f100d7d961ffb138"
	"64"
	"7e92ea330faeea6dfa31c7a84dc3bd7e1b7a6c7178af36879018e3f252107f243d243dc7339d5684c8b0378bf3"
	"02"
	"44da8c87c843f5e56eb4c5e8280a2b48052cf93b16499a66db7cca71e4599426f7d461e66f99882bd89fc50800"
	"be"
	"cca62d6c74116dbd2972fda1fa80f85df881edbe5a37668936b335583b599186dc5c6918a396fa48a181d6b6fa"
	"4f"
	"9d62d513afbb992f2b992f67f8afe67f76913fa388cb5630c8ca01e0c65d11c66a1e2ac4c85977b7c7a6999bbf"
	"10"
	"dc35ae69f5515614636c0b9b68c19ed2e31c0b3b66763038ebba42f3b38edc0399f3a9f23faa63978c317fc9fa"
	"66"
	"a73f60f0504de93b5b845e275592c12335ee340bbc4fddd502784016e4b3be7ef04dda49f4b440a30cb5d2af93"
	"98"
	"28fd4ae3794e44f94df5a631ede42c1719bfdabf0253fe5175be898e750edc53370d2b";
static const char client_finished_hex[] = "170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b9"
					  "3c7a4bfc44d87f38f80338ac98fc46deb384"
					  "bd1caeacab6867d726c40546";
static const char ticket_hex[] =
	"17030300de3a6b8f90414a97d6959c3487680de5134a2b240e6cffac116e95d41d6af8f6b580dcf3d11d63c758"
	"db"
	"289a015940252f55713e061dc13e078891a38efbcf5753ad8ef170ad3c7353d16d9da773b9ca7f2b9fa1b6c0d4"
	"a3"
	"d03f75e09c30ba1e62972ac46f75f7b981be63439b2999ce13064615139891d5e4c5b406f16e3fc181a77ca475"
	"84"
	"0025db2f0a77f81b5ab05b94c01346755f69232c86519d86cbeeac87aac347d143f9605d64f650db4d023e70e9"
	"52"
	"ca49fe5137121c74bc2697687e248746d6df353005f3bce18696129c8153556b3b6c6779b37bf15985684f";
static const char client_data_hex[] = "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bc"
				      "ab3f2b9819a8a5b46b395bd54a9a2044"
				      "1e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4";
static const char server_data_hex[] = "17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa"
				      "1b36e30efaf97d90e6dffc602dcb501a"
				      "59a8fcc49c4bf2e5f0a21c0047c2abf332540dd032e167c2955d";
static const char client_alert_hex[] = "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3";
static const char server_alert_hex[] = "1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9";

#define RANDOM "cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7 "
#define CLIENT_HANDSHAKE                                                                           \
	"CLIENT_HANDSHAKE_TRAFFIC_SECRET " RANDOM                                                  \
	"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21\n"
#define SERVER_HANDSHAKE                                                                           \
	"SERVER_HANDSHAKE_TRAFFIC_SECRET " RANDOM                                                  \
	"b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38\n"
#define CLIENT_APPLICATION                                                                         \
	"CLIENT_TRAFFIC_SECRET_0 " RANDOM                                                          \
	"9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5\n"
#define SERVER_APPLICATION                                                                         \
	"SERVER_TRAFFIC_SECRET_0 " RANDOM                                                          \
	"a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643\n"
#define ALL CLIENT_HANDSHAKE SERVER_HANDSHAKE CLIENT_APPLICATION SERVER_APPLICATION

/* ---- the conversation ---- */

struct keyed_talk {
	struct tls_talk t;
	struct keylog *log;
};

static void keys_add(struct keyed_talk *k, const char *text)
{
	keylog_take(k->log, bytes_of(text, strlen(text)));
}

static void keyed_open(struct keyed_talk *k, const char *text)
{
	struct session_keys keys = { 0 };

	tls_talk_open(&k->t, NULL);
	keys.log = k->log = keylog_open();
	assert_non_null(k->log);
	keys_add(k, text);
	session_keys(k->t.session, &keys);
}

static void keyed_close(struct keyed_talk *k)
{
	tls_talk_close(&k->t);
	keylog_close(k->log);
}

static void say(struct keyed_talk *k, unsigned dir, const char *hex)
{
	static uint8_t bytes[MESSAGE_MAX];

	talk_send(&k->t, dir, bytes, hex_decode(hex, bytes, sizeof bytes));
}

/* Up to both Finished. */
static void say_handshake(struct keyed_talk *k)
{
	say(k, 0, client_hello_hex);
	say(k, 1, server_hello_hex);
	say(k, 1, server_flight_hex);
	say(k, 0, client_finished_hex);
}

static void say_rest(struct keyed_talk *k)
{
	say(k, 1, ticket_hex);
	say(k, 0, client_data_hex);
	say(k, 1, server_data_hex);
	say(k, 0, client_alert_hex);
	say(k, 1, server_alert_hex);
}

static const struct handshake *end(struct keyed_talk *k)
{
	talk_end(&k->t, FLOW_CLOSED);
	assert_int_equal(k->t.n, 1);
	return k->t.hs[0];
}

/* The message of that event, as a program prints it that has opened the record. */
static void show_opened(struct keyed_talk *k, const struct event *ev)
{
	struct tls_talk *t = &k->t;
	struct chunk shown = { .flow = &t->flow,
		.kind = CHUNK_OPENED,
		.dir = (uint8_t)ev->from,
		.content_type = CONTENT_HANDSHAKE,
		.packet = ++t->packet,
		.time = t->time += 1000000,
		.bytes = ev->raw };

	t->flow.last_time = t->time;
	t->answer = t->sink.take(t->sink.ctx, &shown);
}

#define FLIGHT                                                                                     \
	"c:ClientHello s:ServerHello s:EncryptedExtensions s:Certificate s:CertificateVerify "     \
	"s:Finished c:Finished"

static void assert_all_known(const struct handshake *hs)
{
	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	assert_int_equal(hs->side[SIDE_SERVER].n_certs, 1);
	assert_int_equal(hs->side[SIDE_SERVER].certs_from, FROM_DECRYPTED);
	assert_int_equal(hs->side[SIDE_SERVER].verify.scheme, 0x0804);
	for (size_t side = 0; side < 2; side++) {
		assert_int_equal(hs->side[side].keys, KEYS_OPEN);
		assert_int_equal(hs->side[side].refused_records, 0);
		assert_int_equal(hs->side[side].finished.verdict.state, PROOF_VALID);
	}
}

static void test_sealed__with_its_secrets_a_handshake_is_as_good_as_in_the_clear(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;

	(void)state;
	keyed_open(&k, ALL);
	say_handshake(&k);
	say_rest(&k);
	hs = end(&k);
	assert_all_known(hs);
	assert_ladder(hs, FLIGHT " s:NewSessionTicket c:e23x1 s:e23x1 c:alert0 s:alert0");
	assert_bytes_are_hex(hs->side[SIDE_CLIENT].finished.verify_data,
		"a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
	assert_int_equal(session_totals(k.t.session).unlocked, 1);
	keyed_close(&k);
}

/* RFC 8446 4.4.3, under the key of the certificate that was just as closed. */
static void test_sealed__the_signature_under_the_keys_is_verified(void **state)
{
	const struct evidence ev = { .verify = VERIFY_ALL };
	struct keyed_talk k;
	struct prover *p = prover_open(&ev);
	struct handshake *hs;

	(void)state;
	keyed_open(&k, ALL);
	say_handshake(&k);
	(void)end(&k);
	hs = k.t.hs[0];
	assert_true(prover_wants(p, hs));
	prove_handshake(p, hs);
	assert_int_equal(hs->side[SIDE_SERVER].proof.signature.state, PROOF_VALID);
	keyed_close(&k);
	prover_close(p);
}

static void test_sealed__the_size_of_segments_does_not_matter(void **state)
{
	(void)state;
	for (size_t size = 1; size < 700; size += size < 16 ? 1 : 97) {
		struct keyed_talk k;

		keyed_open(&k, ALL);
		k.t.segment = size;
		say_handshake(&k);
		say_rest(&k);
		assert_all_known(end(&k));
		assert_ladder(
			k.t.hs[0], FLIGHT " s:NewSessionTicket c:e23x1 s:e23x1 c:alert0 s:alert0");
		keyed_close(&k);
	}
}

/* A program may write its secrets later than its packets are captured. */
static void test_sealed__secrets_may_come_after_the_records(void **state)
{
	(void)state;
	for (int when = 0; when < 3; when++) {
		struct keyed_talk k;

		keyed_open(&k, "");
		say_handshake(&k);
		if (when == 0)
			keys_add(&k, ALL);
		say(&k, 1, ticket_hex);
		if (when == 1)
			keys_add(&k, ALL);
		say(&k, 0, client_alert_hex);
		if (when == 2)
			keys_add(&k, ALL);
		(void)end(&k);
		assert_int_equal(k.t.hs[0]->side[SIDE_SERVER].finished.verdict.state, PROOF_VALID);
		assert_int_equal(k.t.hs[0]->side[SIDE_CLIENT].finished.verdict.state, PROOF_VALID);
		/* without the data before it the alert has not its number */
		assert_ladder(k.t.hs[0], FLIGHT " s:NewSessionTicket c:e23x1");
		keyed_close(&k);
	}
}

static void test_sealed__without_secrets_all_is_as_it_was(void **state)
{
	static const char *const texts[] = { "",
		"CLIENT_HANDSHAKE_TRAFFIC_SECRET "
		"0000000000000000000000000000000000000000000000000000000000000000 "
		"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21\n" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct keyed_talk k;
		const struct handshake *hs;

		keyed_open(&k, texts[i]);
		say_handshake(&k);
		say_rest(&k);
		hs = end(&k);
		assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
		assert_int_equal(hs->side[SIDE_SERVER].keys, KEYS_UNKNOWN);
		assert_int_equal(hs->side[SIDE_SERVER].finished.seen, false);
		assert_int_equal(session_totals(k.t.session).locked, 1);
		keyed_close(&k);
	}
}

static void test_sealed__one_side_opens_without_the_other(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;

	(void)state;
	keyed_open(&k, SERVER_HANDSHAKE SERVER_APPLICATION);
	say_handshake(&k);
	say_rest(&k);
	hs = end(&k);
	assert_int_equal(hs->side[SIDE_SERVER].keys, KEYS_OPEN);
	assert_int_equal(hs->side[SIDE_SERVER].finished.verdict.state, PROOF_VALID);
	assert_int_equal(hs->side[SIDE_CLIENT].keys, KEYS_UNKNOWN);
	assert_false(hs->side[SIDE_CLIENT].finished.seen);
	assert_int_equal(hs->outcome, OUTCOME_COMPLETED);
	keyed_close(&k);
}

static void test_sealed__wrong_secrets_are_told_from_missing_ones(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;

	(void)state;
	keyed_open(&k, "SERVER_HANDSHAKE_TRAFFIC_SECRET " RANDOM
		       "c67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"
		       "\n" CLIENT_HANDSHAKE);
	say_handshake(&k);
	hs = end(&k);
	assert_int_equal(hs->side[SIDE_SERVER].keys, KEYS_REFUSED);
	assert_int_equal(hs->side[SIDE_SERVER].refused_records, 1);
	assert_int_equal(hs->side[SIDE_CLIENT].keys, KEYS_OPEN);
	assert_int_equal(hs->side[SIDE_CLIENT].finished.verdict.state, PROOF_UNVERIFIABLE);
	assert_int_equal(session_totals(k.t.session).refused, 1);
	keyed_close(&k);
}

/* Of several connections with one client random the secrets that open are the right ones. */
static void test_sealed__the_right_of_several_secrets_is_found(void **state)
{
	struct keyed_talk k;

	(void)state;
	keyed_open(&k, "SERVER_HANDSHAKE_TRAFFIC_SECRET " RANDOM
		       "c67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38\n"
		       "SERVER_HANDSHAKE_TRAFFIC_SECRET " RANDOM /* of a suite with SHA-384 */
		       "c67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"
		       "c67b7d690cc16c4e75e54213cb2d37b4\n" ALL);
	say_handshake(&k);
	say_rest(&k);
	assert_all_known(end(&k));
	keyed_close(&k);
}

/* The Finished of the client is lost: its alert is under keys that its number tells nothing of. */
static void test_sealed__after_a_hole_the_next_records_open(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;
	size_t n = strlen(client_finished_hex) / 2;

	(void)state;
	for (int known = 0; known < 2; known++) {
		keyed_open(&k, ALL);
		say(&k, 0, client_hello_hex);
		say(&k, 1, server_hello_hex);
		say(&k, 1, server_flight_hex);
		talk_gap(&k.t, 0, known ? n : GAP_UNKNOWN, GAP_LOST);
		say(&k, 0, client_data_hex);
		say(&k, 0, client_alert_hex);
		hs = end(&k);
		assert_int_equal(hs->n_alerts, 1);
		assert_int_equal(hs->alerts[0].code, 0);
		assert_int_equal(hs->side[SIDE_CLIENT].keys, KEYS_OPEN);
		keyed_close(&k);
	}
	keyed_open(&k, ALL); /* so many records of data were lost besides */
	say_handshake(&k);
	talk_gap(&k.t, 0, GAP_UNKNOWN, GAP_LOST);
	say(&k, 0, client_alert_hex);
	assert_int_equal(end(&k)->n_alerts, 1);
	keyed_close(&k);
}

/* A byte of a record is missing: it does not open, and the next one does. */
static void test_sealed__a_record_with_a_hole_counts_all_the_same(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;

	(void)state;
	keyed_open(&k, ALL);
	say_handshake(&k);
	k.t.keep = 30;
	k.t.lose = 10;
	say(&k, 0, client_data_hex);
	k.t.lose = 0;
	say(&k, 0, client_alert_hex);
	hs = end(&k);
	assert_int_equal(hs->n_alerts, 1);
	assert_int_equal(hs->side[SIDE_CLIENT].refused_records, 0);
	keyed_close(&k);
}

/*
 * A record of the flight that could not be opened, as the capture has not all of it, may hold a message: what it
 * would be hashed with is not known. What the server sends behind its Finished, and early data, is none.
 */
static void test_sealed__a_flight_that_is_not_opened_whole_gives_no_transcript(void **state)
{
	static const struct {
		size_t at; /* in FLIGHT */
		enum side from;
		bool early;
		bool server, client; /* the transcripts up to their Finished are known */
	} rows[] = {
		{ 3, SIDE_SERVER, false, false, false },
		{ 3, SIDE_CLIENT, false, false, false },
		{ 3, SIDE_CLIENT, true, true, true },
		{ 6, SIDE_SERVER, false, true, true },
	};
	static struct transcript_parts parts;
	struct keyed_talk k;
	struct handshake hs;

	(void)state;
	keyed_open(&k, ALL);
	say_handshake(&k);
	hs = *end(&k);
	assert_int_equal(hs.n_events, 7);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct event events[8], *ev = events;

		for (size_t j = 0; j < 7; j++) {
			if (j == rows[i].at)
				*ev++ = (struct event){ .kind = EVENT_PROTECTED,
					.from = rows[i].from };
			*ev++ = k.t.hs[0]->events[j];
		}
		hs.events = events;
		hs.n_events = 8;
		hs.client_hello.ext.early_data = rows[i].early;
		assert_int_equal(
			transcript_before(&hs, SIDE_SERVER, HS_FINISHED, &parts), rows[i].server);
		assert_int_equal(
			transcript_before(&hs, SIDE_CLIENT, HS_FINISHED, &parts), rows[i].client);
	}
	keyed_close(&k);
}

/* A log that shows what the records held, beside a key log: each side's Finished is held against its own secret. */
static void test_sealed__what_a_log_shows_opened_is_held_against_the_secrets(void **state)
{
	static const char *const texts[] = { ALL, CLIENT_HANDSHAKE, SERVER_HANDSHAKE };
	struct keyed_talk sealed;
	const struct handshake *was;

	(void)state;
	keyed_open(&sealed, ALL);
	say_handshake(&sealed);
	was = end(&sealed);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct keyed_talk k;
		const struct handshake *hs;

		keyed_open(&k, texts[i]);
		k.t.flow.opened[0] = k.t.flow.opened[1] = true;
		say(&k, 0, client_hello_hex);
		say(&k, 1, server_hello_hex);
		for (size_t e = 0; e < was->n_events; e++)
			if (was->events[e].opened)
				show_opened(&k, &was->events[e]);
		hs = end(&k);
		assert_int_equal(hs->side[SIDE_CLIENT].finished.verdict.state,
			i == 2 ? PROOF_UNVERIFIABLE : PROOF_VALID);
		assert_int_equal(hs->side[SIDE_SERVER].finished.verdict.state,
			i == 1 ? PROOF_UNVERIFIABLE : PROOF_VALID);
		keyed_close(&k);
	}
	keyed_close(&sealed);
}

/* The premaster secret is enough, whichever of the two master secrets is made of it. */
static void test_sealed__a_premaster_secret_opens_both_ways_of_making_a_master_secret(void **state)
{
	static const char *const hellos[] = { "SHN", "SHNX" };

	(void)state;
	for (size_t i = 0; i < COUNT(hellos); i++) {
		struct session_keys keys = { .decrypt = talk_decrypt };
		struct sealed_talk *k = calloc(1, sizeof *k);
		char hello[8];

		assert_non_null(k);
		tls_talk_open(&k->t, NULL);
		keys.log = k->log = keylog_open();
		assert_non_null(k->log);
		session_keys(k->t.session, &keys);
		k->decrypted = true;
		(void)snprintf(hello, sizeof hello, "s:%s", hellos[i]);
		say_word(k, "c:CH");
		say_word(k, hello);
		say_word(k, "s:CERT");
		say_word(k, "s:SHD");
		say_word(k, "c:CKR");
		say_word(k, "c:CCS");
		say_word(k, "c:kF");
		say_word(k, "s:CCS");
		say_word(k, "s:kF");
		talk_end(&k->t, FLOW_CLOSED);
		assert_int_equal(k->t.n, 1);
		for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++) {
			assert_int_equal(k->t.hs[0]->side[s].keys, KEYS_OPEN);
			assert_int_equal(k->t.hs[0]->side[s].finished.verdict.state, PROOF_VALID);
		}
		tls_talk_close(&k->t);
		record_keys_close(k->keys[0]);
		record_keys_close(k->keys[1]);
		keylog_close(k->log);
		free(k);
	}
}

/* Every byte of the server's flight, changed on the way: it does not open, and nothing else is said. */
static void test_sealed__a_changed_record_is_refused(void **state)
{
	static uint8_t bytes[MESSAGE_MAX];
	size_t n = hex_decode(server_flight_hex, bytes, sizeof bytes);

	(void)state;
	for (size_t at = 5; at < n; at += 41) {
		struct keyed_talk k;
		const struct handshake *hs;

		keyed_open(&k, ALL);
		say(&k, 0, client_hello_hex);
		say(&k, 1, server_hello_hex);
		bytes[at] ^= 1;
		talk_send(&k.t, 1, bytes, n);
		bytes[at] ^= 1;
		hs = end(&k);
		assert_int_equal(hs->side[SIDE_SERVER].keys, KEYS_REFUSED);
		assert_int_equal(hs->side[SIDE_SERVER].n_certs, 0);
		keyed_close(&k);
	}
}

/* Trying keys costs: a side whose records never open is left alone after some. */
static void test_sealed__what_never_opens_is_given_up(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;

	(void)state;
	keyed_open(&k, ALL);
	say(&k, 0, client_hello_hex);
	say(&k, 1, server_hello_hex);
	for (int i = 0; i < 100; i++)
		talk_record(&k.t, 1, 23, 100);
	hs = end(&k);
	assert_int_equal(hs->side[SIDE_SERVER].refused_records, 32);
	assert_int_equal(hs->side[SIDE_SERVER].protected_records, 100);
	keyed_close(&k);
}

/* What waits for keys has a bound; beyond it all is told as it was without them. */
static void test_sealed__what_waits_is_bounded(void **state)
{
	struct keyed_talk k;
	const struct handshake *hs;

	(void)state;
	keyed_open(&k, "");
	say(&k, 0, client_hello_hex);
	say(&k, 1, server_hello_hex);
	for (int i = 0; i < 40; i++)
		talk_record(&k.t, 1, 23, 1000);
	keys_add(&k, ALL);
	say(&k, 0, client_finished_hex);
	hs = end(&k);
	assert_int_equal(hs->side[SIDE_SERVER].keys, KEYS_UNKNOWN);
	assert_int_equal(hs->side[SIDE_CLIENT].keys, KEYS_OPEN);
	keyed_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_sealed__with_its_secrets_a_handshake_is_as_good_as_in_the_clear),
		cmocka_unit_test(test_sealed__the_signature_under_the_keys_is_verified),
		cmocka_unit_test(test_sealed__the_size_of_segments_does_not_matter),
		cmocka_unit_test(test_sealed__secrets_may_come_after_the_records),
		cmocka_unit_test(test_sealed__without_secrets_all_is_as_it_was),
		cmocka_unit_test(test_sealed__one_side_opens_without_the_other),
		cmocka_unit_test(test_sealed__wrong_secrets_are_told_from_missing_ones),
		cmocka_unit_test(test_sealed__the_right_of_several_secrets_is_found),
		cmocka_unit_test(test_sealed__after_a_hole_the_next_records_open),
		cmocka_unit_test(test_sealed__a_record_with_a_hole_counts_all_the_same),
		cmocka_unit_test(
			test_sealed__a_flight_that_is_not_opened_whole_gives_no_transcript),
		cmocka_unit_test(test_sealed__what_a_log_shows_opened_is_held_against_the_secrets),
		cmocka_unit_test(
			test_sealed__a_premaster_secret_opens_both_ways_of_making_a_master_secret),
		cmocka_unit_test(test_sealed__a_changed_record_is_refused),
		cmocka_unit_test(test_sealed__what_never_opens_is_given_up),
		cmocka_unit_test(test_sealed__what_waits_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
