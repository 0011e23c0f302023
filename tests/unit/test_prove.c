/* src/session/prove.c: who is verified, and what is proved of one handshake. */
#include "session/handshake.h"

#include "session/prove.h"
#include "session/prove_memo.h"
#include "support/cert_text.h"
#include "support/proof_handshake.h"

#include <stdlib.h>
#include <time.h>

static void prove_with(const struct evidence *ev, struct handshake *hs)
{
	struct prover *p = prover_open(ev);

	assert_non_null(p);
	(void)prover_wants(p, hs);
	prove_handshake(p, hs);
	prover_close(p);
}

static void prove(struct handshake *hs)
{
	static const struct evidence none = { .verify = VERIFY_AUTO };

	prove_with(&none, hs);
}

/* ---- proofs ---- */

static void test_prove__a_sound_handshake(void **state)
{
	struct handshake hs = make();

	(void)state;
	prove(&hs);
	assert_true(hs.proved);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_VALID);
	assert_int_equal(hs.side[SIDE_SERVER].proof.method.signature, SIG_ECDSA);
	assert_int_equal(hs.side[SIDE_SERVER].proof.method.hash, HASH_SHA256);
	assert_true(hs.side[SIDE_SERVER].proof.ecdsa.strict_der);
	assert_int_equal(hs.side[SIDE_SERVER].point, POINT_ON_CURVE);
	assert_int_equal(hs.side[SIDE_CLIENT].point, POINT_ON_CURVE);
	assert_true(hs.side[SIDE_CLIENT].proof.transcript_whole);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_VALID);
	assert_true(hs.side[SIDE_SERVER].chain.judged && hs.side[SIDE_CLIENT].chain.judged);
	assert_int_equal(hs.side[SIDE_SERVER].chain.n_steps, 2);
	assert_int_equal(hs.side[SIDE_SERVER].chain.step[0].signature, LINK_VALID);
	assert_int_equal(hs.side[SIDE_SERVER].chain.usage_needed, KU_DIGITAL_SIGNATURE);
	assert_int_equal(hs.key_given, LINK_UNCHECKED);
	assert_int_equal(hs.cert_given, LINK_UNCHECKED);
}

static void test_prove__one_changed_byte_is_an_invalid_signature(void **state)
{
	struct handshake hs = make();

	(void)state;
	hs.client_hello.random[7] ^= 1;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_VALID);
}

/* Ours would not have completed it otherwise; the word of one that failed proves nothing. */
static void test_prove__what_the_live_client_verified_is_verified(void **state)
{
	struct handshake hs = make();

	(void)state;
	hs.client_hello.random[7] ^= 1;
	hs.side[SIDE_CLIENT].word.release = "mbedTLS 2.28.3";
	hs.outcome = OUTCOME_COMPLETED;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_VALID);
	hs.side[SIDE_CLIENT].word.code = -0x4e00;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);
	hs.side[SIDE_CLIENT].word.code = 0;
	hs.outcome = OUTCOME_FAILED;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);
	hs.side[SIDE_CLIENT].word.release = NULL;
	hs.client_verified = true;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);
	hs.outcome = OUTCOME_COMPLETED;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_VALID);
}

static void test_prove__a_point_off_its_curve_is_told(void **state)
{
	uint8_t bad[65];
	struct handshake hs = make();

	(void)state;
	memcpy(bad, hs.ske.public_key.data, sizeof bad);
	bad[64] ^= 1;
	hs.ske.public_key = bytes_of(bad, sizeof bad);
	hs.cke.public_key = bytes_of(bad, 64);
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].point, POINT_OFF_CURVE);
	assert_int_equal(hs.side[SIDE_CLIENT].point, POINT_BAD_LENGTH);
}

static void test_prove__a_scheme_for_another_kind_of_key_is_invalid(void **state)
{
	struct handshake hs = make();

	(void)state;
	hs.ske.scheme = 0x0401;                      /* SHA-256 with RSA */
	hs.side[SIDE_CLIENT].verify.scheme = 0x0804; /* RSA-PSS */
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);
	assert_non_null(strstr(hs.side[SIDE_SERVER].proof.signature.why, "scheme says RSA"));
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_INVALID);
}

static void test_prove__before_tls12_the_key_fixes_the_method(void **state)
{
	struct handshake hs = make();

	(void)state;
	hs.version = 0x0302;
	hs.ske.has_scheme = hs.side[SIDE_CLIENT].verify.has_scheme = false;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.method.signature, SIG_ECDSA);
	assert_int_equal(hs.side[SIDE_SERVER].proof.method.hash, HASH_SHA1);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);

	hs = make();
	hs.ske.has_scheme = false;
	hs.side[SIDE_SERVER].certs[0] = fixture_cert(store, "rsa");
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.method.signature, SIG_RSA_PKCS1);
	assert_int_equal(hs.side[SIDE_SERVER].proof.method.hash, HASH_MD5_SHA1);
}

/* RFC 4346 7.4.3, RFC 8422 5.4 */
static void test_prove__each_kind_of_key_has_a_method_of_its_own_before_tls12(void **state)
{
	static const struct {
		enum key_kind key;
		enum signature_kind signature;
		enum hash hash;
	} rows[] = {
		{ KEY_RSA, SIG_RSA_PKCS1, HASH_MD5_SHA1 },
		{ KEY_RSA_PSS, SIG_RSA_PKCS1, HASH_MD5_SHA1 },
		{ KEY_EC, SIG_ECDSA, HASH_SHA1 },
		{ KEY_DSA, SIG_DSA, HASH_SHA1 },
		{ KEY_ED25519, SIG_ED25519, HASH_INTRINSIC },
		{ KEY_ED448, SIG_ED448, HASH_INTRINSIC },
		{ KEY_UNKNOWN, SIG_OTHER, HASH_NONE },
		{ KEY_DH, SIG_OTHER, HASH_NONE },
		{ KEY_X25519, SIG_OTHER, HASH_NONE },
		{ KEY_GOST, SIG_OTHER, HASH_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct handshake hs = make();
		struct cert c = *leaf;

		c.key = rows[i].key;
		hs.version = 0x0302;
		hs.ske.has_scheme = hs.side[SIDE_CLIENT].verify.has_scheme = false;
		hs.side[SIDE_SERVER].certs[0] = hs.side[SIDE_CLIENT].certs[0] = &c;
		prove(&hs);
		assert_int_equal(hs.side[SIDE_SERVER].proof.method.signature, rows[i].signature);
		assert_int_equal(hs.side[SIDE_SERVER].proof.method.hash, rows[i].hash);
		assert_int_equal(hs.side[SIDE_CLIENT].proof.method.signature, rows[i].signature);
		assert_int_equal(hs.side[SIDE_CLIENT].proof.method.hash, rows[i].hash);
	}
}

/* A scheme says of which kind the key must be; where nothing is known against it, it is tried. */
static void test_prove__scheme_and_key_clash_or_not(void **state)
{
	static const struct {
		uint16_t scheme;
		enum key_kind key;
		const char *clash; /* NULL: none */
	} rows[] = {
		{ 0x0401, KEY_EC, "says RSA," },
		{ 0x0401, KEY_RSA_PSS, "says RSA," },
		{ 0x0401, KEY_RSA, NULL },
		{ 0x0804, KEY_EC, "says RSA-PSS," },
		{ 0x0804, KEY_RSA, NULL },
		{ 0x0809, KEY_RSA_PSS, NULL },
		{ 0x0402, KEY_RSA, "says DSA," },
		{ 0x0402, KEY_DSA, NULL },
		{ 0x0403, KEY_RSA, "says ECDSA," },
		{ 0x0403, KEY_ED25519, "says ECDSA," },
		{ 0x0403, KEY_EC, NULL },
		{ 0x0807, KEY_EC, "says EdDSA," },
		{ 0x0807, KEY_ED448, "says EdDSA," },
		{ 0x0807, KEY_ED25519, NULL },
		{ 0x0808, KEY_ED25519, "says EdDSA," },
		{ 0x0808, KEY_ED448, NULL },
		{ 0x0403, KEY_UNKNOWN, NULL },
		{ 0x0400, KEY_EC, NULL }, /* anonymous */
		{ 0xfefe, KEY_EC, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct handshake hs = make();
		struct cert c = *leaf;
		const char *why;

		c.key = rows[i].key;
		hs.ske.scheme = rows[i].scheme;
		hs.side[SIDE_SERVER].certs[0] = &c;
		prove(&hs);
		why = hs.side[SIDE_SERVER].proof.signature.why;
		if (rows[i].clash == NULL ? why != NULL && strstr(why, "the scheme says") != NULL
					  : why == NULL || strstr(why, rows[i].clash) == NULL)
			fail_msg("row %zu: %s", i, why != NULL ? why : "no reason");
		if (rows[i].clash != NULL)
			assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_INVALID);
	}
}

static void test_prove__what_is_missing_makes_it_unverifiable(void **state)
{
	struct handshake hs = make();

	(void)state;
	hs.side[SIDE_SERVER].n_certs = 0;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_UNVERIFIABLE);
	assert_false(hs.side[SIDE_SERVER].chain.judged);

	hs = make();
	hs.server_hello.has_random = false;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_UNVERIFIABLE);

	hs = make();
	hs.version = 0x0300;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_UNVERIFIABLE);
	assert_non_null(strstr(hs.side[SIDE_CLIENT].proof.signature.why, "SSL 3.0"));

	hs = make();
	hs.tls13 = true; /* the server's Finished, which it covers, was not seen */
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_UNVERIFIABLE);

	hs = make();
	hs.side[SIDE_CLIENT].verify.signature = bytes_of(NULL, 0);
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_UNVERIFIABLE);
	assert_string_equal(
		hs.side[SIDE_CLIENT].proof.signature.why, "the signature cannot be read");
	hs.side[SIDE_CLIENT].verify.signature = bytes_of("x", 1);
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_INVALID);

	hs = make();
	hs.side[SIDE_CLIENT].n_certs = 0;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_UNVERIFIABLE);
	assert_string_equal(
		hs.side[SIDE_CLIENT].proof.signature.why, "the client's certificate was not seen");
}

static void test_prove__a_transcript_with_a_hole_is_not_verified(void **state)
{
	/* each of these missing, then a gap between hello and CertificateVerify */
	static const size_t needed[] = { 0, 2, 4, 5, 7 };
	struct event fewer[N_EVENTS];
	struct handshake hs;

	(void)state;
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		hs = make();
		memcpy(fewer, events, sizeof events);
		fewer[needed[i]].kind = EVENT_ALERT;
		hs.events = fewer;
		prove(&hs);
		assert_false(hs.side[SIDE_CLIENT].proof.transcript_whole);
		assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_UNVERIFIABLE);
	}
	hs = make();
	memcpy(fewer, events, sizeof events);
	fewer[N_EVENTS - 1].packet = 9;
	hs.events = fewer;
	hs.n_gaps = 1;
	hs.gaps[0].packet = 5;
	prove(&hs);
	assert_false(hs.side[SIDE_CLIENT].proof.transcript_whole);

	hs.gaps[0].packet = 12; /* after it */
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_VALID);
}

/* Captures need not have both directions in step. */
static void test_prove__the_transcript_does_not_depend_on_interleaving(void **state)
{
	static const size_t order[N_EVENTS] = { 0, 6, 7, 8, 2, 1, 3, 4, 5 };
	struct event mixed[N_EVENTS];
	struct handshake hs = make();

	(void)state;
	for (size_t i = 0; i < N_EVENTS; i++)
		mixed[i] = events[order[i]];
	hs.events = mixed;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_VALID);
}

static void test_prove__an_sslv2_hello_is_signed_without_its_record_header(void **state)
{
	struct event v2[N_EVENTS];
	struct handshake hs = make();

	(void)state;
	memcpy(v2, events, sizeof events);
	v2[0].record_version = 0x0002;
	v2[0].raw = bytes_of("\x80\x05\1\0\0\1c", 7);
	hs.events = v2;
	prove(&hs);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_VALID);
}

/* ---- chains ---- */

static void test_chain__name_time_and_usage_come_from_the_handshake(void **state)
{
	struct evidence ev = { .verify = VERIFY_NONE };
	struct handshake hs = make();

	(void)state;
	prove_with(&ev, &hs);
	assert_int_equal(hs.side[SIDE_SERVER].chain.name, NAME_UNCHECKED);
	assert_int_equal(hs.side[SIDE_SERVER].chain.at, FIXTURE_TIME);

	hs = make();
	hs.client_hello.ext.has_server_name = true;
	hs.client_hello.ext.server_name = bytes_of("other.example", 13);
	hs.suite = suite_find(0x002f); /* TLS_RSA_WITH_AES_128_CBC_SHA */
	prove_with(&ev, &hs);
	assert_int_equal(hs.side[SIDE_SERVER].chain.name, NAME_DIFFERS);
	assert_int_equal(hs.side[SIDE_CLIENT].chain.name, NAME_UNCHECKED);
	assert_int_equal(hs.side[SIDE_SERVER].chain.usage_needed, KU_KEY_ENCIPHERMENT);
	assert_true(hs.side[SIDE_SERVER].chain.usage_forbids);

	hs.client_hello.ext.server_name = bytes_of("device.example\0x", 16);
	prove_with(&ev, &hs);
	assert_int_equal(hs.side[SIDE_SERVER].chain.name, NAME_UNCHECKED);

	ev.name = "device.example";
	ev.has_at = true;
	ev.at = 0;
	prove_with(&ev, &hs);
	assert_int_equal(hs.side[SIDE_SERVER].chain.name, NAME_MATCHES);
	assert_int_equal(hs.side[SIDE_SERVER].chain.at, 0);
	assert_true(hs.side[SIDE_SERVER].chain.step[0].not_yet);
}

/* Names of one byte and of 255 are asked for, longer ones and empty ones are not. */
static void test_chain__a_name_of_any_length_that_dns_has_is_asked_for(void **state)
{
	static const struct {
		size_t len;
		bool there;
		enum name_state want;
	} rows[] = {
		{ 0, true, NAME_UNCHECKED },
		{ 1, true, NAME_DIFFERS },
		{ 255, true, NAME_DIFFERS },
		{ 256, true, NAME_UNCHECKED },
		{ 1, false, NAME_UNCHECKED },
	};
	const struct evidence ev = { .verify = VERIFY_NONE };
	uint8_t name[256];

	(void)state;
	memset(name, 'x', sizeof name);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct handshake hs = make();

		hs.client_hello.ext.has_server_name = rows[i].there;
		hs.client_hello.ext.server_name = bytes_of(name, rows[i].len);
		prove_with(&ev, &hs);
		assert_int_equal(hs.side[SIDE_SERVER].chain.name, rows[i].want);
	}
}

/* What a user gives has no limit, and is too long for the memo. */
static void test_chain__a_name_of_any_length_that_is_given_is_asked_for(void **state)
{
	static const size_t lengths[] = { 256, 257, 20000 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		char *name = calloc(1, lengths[i] + 1);
		const struct evidence ev = { .verify = VERIFY_AUTO, .name = name };
		struct handshake hs = make();
		struct prover *p;

		assert_non_null(name);
		memset(name, 'a', lengths[i]);
		p = prover_open(&ev);
		assert_true(prover_wants(p, &hs));
		prove_handshake(p, &hs);
		assert_int_equal(hs.side[SIDE_SERVER].chain.name, NAME_DIFFERS);
		assert_int_equal(hs.side[SIDE_SERVER].chain.n_steps, 2);
		hs.side[SIDE_SERVER].n_certs = 1; /* another question, under the same name */
		prove_handshake(p, &hs);
		assert_int_equal(hs.side[SIDE_SERVER].chain.n_steps, 1);
		prover_close(p);
		free(name);
	}
}

static void test_chain__the_memo_forgets_when_a_date_passes(void **state)
{
	struct link_memory *links = link_memory_open();
	struct chain_memo *memo = chain_memo_open();
	/* before, at the two ends, after; and back again */
	static const struct {
		int64_t at;
		bool not_yet, expired;
	} rows[] = {
		{ 1704067199, true, false },
		{ 1704067200, false, false },
		{ 2524521600, false, false },
		{ 2524521601, false, true },
		{ 1800000000, false, false },
		{ 1800000001, false, false },
		{ 0, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct chain_question q = { .sent = &leaf, .n_sent = 1, .at = rows[i].at };
		struct chain_judgement j;

		chain_memo_judge(memo, links, &q, &j);
		assert_int_equal(j.at, rows[i].at);
		assert_int_equal(j.step[0].not_yet, rows[i].not_yet);
		assert_int_equal(j.step[0].expired, rows[i].expired);
		assert_ptr_equal(j.step[0].cert, leaf);
	}
	chain_memo_close(memo);
	link_memory_close(links);
}

/* The leaf is of 2024 to 2049. A clock that was never set says nothing of it, and what the user says is
 * taken as it is. */
static void test_chain__a_time_that_cannot_be_judges_no_date(void **state)
{
	static const struct {
		int64_t at;
		bool given;
		bool undated, not_yet, expired;
	} rows[] = {
		{ 1704067200, false, false, false, false },
		{ 1704067199, false, false, true, false }, /* a second too early */
		{ 1704067200 - 29 * 86400, false, false, true,
			false }, /* a month at most is a clock */
		{ 1704067200 - 31 * 86400, false, true, false, false },
		{ 1104537599, false, true, false, false },
		{ 0, false, true, false, false },
		{ 4102444800, false, true, false, false }, /* 2100 has not been yet */
		{ 4102444800, true, false, false, true },
		{ 1, true, false, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct evidence ev = {
			.verify = VERIFY_ALL, .has_at = rows[i].given, .at = rows[i].at
		};
		struct prover *p = prover_open(&ev);
		struct event timed[N_EVENTS];
		struct handshake hs = make();
		const struct chain_judgement *j = &hs.side[SIDE_SERVER].chain;

		memcpy(timed, events, sizeof events);
		for (size_t k = 0; k < N_EVENTS; k++)
			timed[k].time = rows[i].at * NS;
		hs.events = timed;
		(void)prover_wants(p, &hs);
		prove_handshake(p, &hs);
		if (j->undated != rows[i].undated || j->step[0].not_yet != rows[i].not_yet ||
			j->step[0].expired != rows[i].expired)
			fail_msg("row %zu: undated %d, not yet %d, expired %d", i, j->undated,
				j->step[0].not_yet, j->step[0].expired);
		prover_close(p);
	}
}

/* The leaf begins with 2024. Where the capture's clock was set in between, a date between its two times is open. */
static void test_chain__a_clock_that_was_set_while_it_was_captured_leaves_dates_between_open(
	void **state)
{
	enum { BEGINS = 1704067200, HOUR = 3600 };
	static const struct {
		int64_t first, others;
		bool undated, not_yet;
	} rows[] = {
		{ BEGINS + 86400, BEGINS - 1, true, false },
		{ BEGINS - 86400, BEGINS + 1, true, false },
		{ BEGINS + 86400, BEGINS + 1, false, false }, /* in date by either */
		{ BEGINS - 172800, BEGINS - 86400, false, true },
		{ BEGINS + HOUR - 1, BEGINS - 1, false, true }, /* an hour is a slow handshake */
		{ BEGINS + HOUR, BEGINS - 1, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct evidence ev = { .verify = VERIFY_ALL };
		struct prover *p = prover_open(&ev);
		struct event timed[N_EVENTS];
		struct handshake hs = make();
		const struct chain_judgement *j = &hs.side[SIDE_SERVER].chain;

		memcpy(timed, events, sizeof events);
		for (size_t k = 0; k < N_EVENTS; k++)
			timed[k].time = (k == 0 ? rows[i].first : rows[i].others) * NS;
		hs.events = timed;
		(void)prover_wants(p, &hs);
		prove_handshake(p, &hs);
		if (j->undated != rows[i].undated || j->step[0].not_yet != rows[i].not_yet)
			fail_msg("row %zu: undated %d, not yet %d", i, j->undated,
				j->step[0].not_yet);
		prover_close(p);
	}
}

/* A log without dates: the clock in an mbedTLS 2 hello, else today where somebody minds a date, else none. */
static void test_chain__the_time_of_a_log_without_dates_is_the_hello_s_or_today_s(void **state)
{
	enum { TODAY = -1, NONE = 0 };
	static const struct {
		const char *looks;
		bool has_random;
		uint32_t clock;
		uint32_t client_flags, server_flags;
		enum saying says;
		uint8_t alert;
		int64_t at;
	} rows[] = {
		{ "mbedTLS 2", true, 0x66a1b2c3, 0, 0, SAYING_NONE, 0, 0x66a1b2c3 },
		{ "mbedTLS 2.28", true, 0x66a1b2c3, 1, 0, SAYING_NONE, 45, 0x66a1b2c3 },
		{ "mbedTLS 3", true, 0x66a1b2c3, 0, 0, SAYING_NONE, 0, NONE },
		{ NULL, true, 0x66a1b2c3, 0, 0, SAYING_NONE, 0, NONE },
		{ "mbedTLS 2", false, 0x66a1b2c3, 0, 0, SAYING_NONE, 0, NONE },
		{ "mbedTLS 2", true, 1000, 0, 0, SAYING_NONE, 0, NONE },
		{ "mbedTLS 2", true, 0xf0000000, 0, 0, SAYING_NONE, 0, NONE },
		{ "mbedTLS 2", true, 1000, 1, 0, SAYING_NONE, 0, TODAY },
		{ NULL, false, 0, 0x200, 0, SAYING_NONE, 0, TODAY },
		{ NULL, false, 0, 0, 1, SAYING_NONE, 0, TODAY },
		{ NULL, false, 0, 0x8, 0x4, SAYING_NONE, 0, NONE },
		{ NULL, false, 0, 0, 0, SAYING_peer_expired, 0, TODAY },
		{ NULL, false, 0, 0, 0, SAYING_peer_not_yet_valid, 0, TODAY },
		{ NULL, false, 0, 0, 0, SAYING_peer_untrusted, 0, NONE },
		{ NULL, false, 0, 0, 0, SAYING_NONE, 45, TODAY },
		{ NULL, false, 0, 0, 0, SAYING_NONE, 46, NONE },
	};
	static const struct printed_cert of_the_future = { .not_before = 5000000000,
		.not_after = 6000000000 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct evidence ev = { .verify = VERIFY_ALL };
		struct remark remark = { .saying = rows[i].says, .words = "" };
		struct prover *p = prover_open(&ev);
		struct handshake hs = make();
		int64_t at, now = (int64_t)time(NULL);

		hs.undated = true;
		hs.looks.name = rows[i].looks;
		hs.client_hello.has_random = rows[i].has_random;
		for (unsigned k = 0; k < 4; k++)
			hs.client_hello.random[k] = (uint8_t)(rows[i].clock >> (24 - 8 * k));
		hs.side[SIDE_CLIENT].word.verify_flags = rows[i].client_flags;
		hs.side[SIDE_SERVER].word.verify_flags = rows[i].server_flags;
		hs.side[SIDE_SERVER].remarks = &remark;
		hs.side[SIDE_SERVER].n_remarks = rows[i].says != SAYING_NONE;
		if (rows[i].alert != 0)
			hs.alerts[hs.n_alerts++] = (struct sent_alert){ .code = rows[i].alert };
		(void)prover_wants(p, &hs);
		prove_handshake(p, &hs);
		at = hs.side[SIDE_SERVER].chain.at;
		if (rows[i].at == TODAY ? at < now - 60 || at > now + 60 : at != rows[i].at)
			fail_msg("row %zu: at %lld", i, (long long)at);
		assert_int_equal(hs.side[SIDE_SERVER].chain.undated, rows[i].at == NONE);
		hs.side[SIDE_SERVER].n_certs = 0; /* the same of one that is only printed */
		hs.side[SIDE_SERVER].printed = &of_the_future;
		hs.side[SIDE_SERVER].n_printed = 1;
		prove_handshake(p, &hs);
		assert_int_equal(hs.side[SIDE_SERVER].printed_judged.fault[PRINTED_NOT_YET] != NULL,
			rows[i].at != NONE);
		prover_close(p);
	}
}

static void test_chain__the_memo_tells_questions_apart(void **state)
{
	struct evidence ev = { .verify = VERIFY_NONE };
	struct prover *p = prover_open(&ev);
	struct handshake a = make(), b = make(), c = make();

	(void)state;
	b.side[SIDE_SERVER].certs[1] = other;
	c.client_hello.ext.has_server_name = true;
	c.client_hello.ext.server_name = bytes_of("device.example", 14);
	for (unsigned round = 0; round < 2; round++) {
		prove_handshake(p, &a);
		prove_handshake(p, &b);
		prove_handshake(p, &c);
		assert_int_equal(a.side[SIDE_SERVER].chain.n_steps, 2);
		assert_int_equal(a.side[SIDE_SERVER].chain.name, NAME_UNCHECKED);
		assert_int_equal(b.side[SIDE_SERVER].chain.n_steps, 1);
		assert_int_equal(b.side[SIDE_SERVER].chain.n_unrelated, 1);
		assert_int_equal(c.side[SIDE_SERVER].chain.name, NAME_MATCHES);
	}
	prover_close(p);
}

/* ---- the memo against the judge ---- */

struct asked {
	struct trust *trust;
	struct chain_memo *memo;
	struct link_memory *links;
};

static void assert_same_judgement(const struct asked *a, const struct chain_question *q)
{
	struct strbuf want = { 0 }, got = { 0 };
	struct chain_judgement j;

	chain_judge(q, a->links, &j);
	tell_chain(&want, &j);
	chain_memo_judge(a->memo, a->links, q, &j);
	tell_chain(&got, &j);
	assert_string_equal(strbuf_text(&got), strbuf_text(&want));
	assert_int_equal(j.at, q->at);
	strbuf_free(&want);
	strbuf_free(&got);
}

/* Everything that a question may differ in, at that time. */
static void ask_all(const struct asked *a, const struct cert *const *sent, size_t n, int64_t at)
{
	static const char *const names[] = { NULL, "", "device.example", "other.example" };

	for (unsigned i = 0; i < 32; i++)
		assert_same_judgement(
			a, &(struct chain_question){ .sent = sent,
				   .n_sent = n,
				   .trust = a->trust,
				   .at = at,
				   .name = names[i % 4],
				   .purpose = (i & 4) != 0 ? PURPOSE_CLIENT : PURPOSE_SERVER,
				   .key_usage = (i & 8) != 0 ? KU_KEY_ENCIPHERMENT : 0,
				   .verify_signatures = (i & 16) != 0 });
}

/* At the ends of every certificate's dates, on both sides of them, forwards and back. */
static void ask_at_all_dates(const struct asked *a, const struct cert *const *sent, size_t n)
{
	enum { CERTS = 8, TIMES = 6 * CERTS };
	int64_t times[TIMES];
	size_t n_times = 0;

	for (size_t i = 0; i < n + trust_count(a->trust); i++) {
		const struct cert *c = i < n ? sent[i] : trust_at(a->trust, i - n);

		for (int64_t d = -1; d <= 1; d++) {
			assert_true(n_times + 2 <= TIMES);
			times[n_times++] = c->not_before + d;
			times[n_times++] = c->not_after + d;
		}
	}
	for (size_t i = 0; i < 2 * n_times; i++)
		ask_all(a, sent, n, times[i < n_times ? i : 2 * n_times - 1 - i]);
}

static void test_chain__the_memo_answers_as_the_judge_does(void **state)
{
	static const char *const names[] = { "leaf", "sub", "leaf-expired", "sub-expired", "root",
		"old", NULL };
	const struct cert *certs[6];
	struct asked a = { .links = link_memory_open() };

	(void)state;
	assert_int_equal(fixture_certs(store, names, certs, 6), 6);
	for (unsigned with_trust = 0; with_trust < 2; with_trust++) {
		const struct cert *other_order[2] = { certs[1], certs[0] };

		a.trust = trust_new();
		a.memo = chain_memo_open();
		for (size_t i = 4; i < 6 && with_trust != 0; i++)
			assert_true(trust_add(a.trust, certs[i]->der));
		ask_at_all_dates(&a, certs, 1);
		ask_at_all_dates(&a, certs, 2);
		ask_at_all_dates(&a, other_order, 2);
		ask_at_all_dates(&a, certs + 2, 2);
		chain_memo_close(a.memo);
		trust_close(a.trust);
	}
	link_memory_close(a.links);
}

/* What is trusted is the same in all of a run, so the memo does not ask for it: that shows who answers. */
static void test_chain__what_was_judged_is_not_judged_again(void **state)
{
	static const char *const names[] = { "leaf", "sub", "root", NULL };
	const struct cert *certs[3];
	struct asked a = {
		.trust = trust_new(), .memo = chain_memo_open(), .links = link_memory_open()
	};
	struct chain_question q = { .sent = certs, .n_sent = 2, .trust = a.trust };
	struct chain_judgement j;

	(void)state;
	assert_int_equal(fixture_certs(store, names, certs, 3), 3);
	assert_true(trust_add(a.trust, certs[2]->der));
	q.at = certs[0]->not_before + 1;
	chain_memo_judge(a.memo, a.links, &q, &j);
	assert_true(j.has_trust);
	q.trust = NULL;
	chain_memo_judge(a.memo, a.links, &q, &j);
	assert_true(j.has_trust);
	q.name = "device.example"; /* another question */
	chain_memo_judge(a.memo, a.links, &q, &j);
	assert_false(j.has_trust);
	chain_memo_close(a.memo);
	link_memory_close(a.links);
	trust_close(a.trust);
}

/* ---- policy ---- */

static void test_policy__none_proves_nothing_but_judges_what_is_cheap(void **state)
{
	const struct evidence ev = { .verify = VERIFY_NONE };
	struct handshake hs = make();

	(void)state;
	prove_with(&ev, &hs);
	assert_false(hs.proved);
	assert_string_equal(hs.not_proved_why, "--verify=none");
	assert_int_equal(hs.side[SIDE_SERVER].proof.signature.state, PROOF_NONE);
	assert_int_equal(hs.side[SIDE_SERVER].point, POINT_UNCHECKED);
	assert_int_equal(hs.side[SIDE_CLIENT].proof.signature.state, PROOF_NONE);
	assert_true(hs.side[SIDE_SERVER].proof.ecdsa.readable);
	assert_true(hs.side[SIDE_SERVER].chain.judged);
	assert_int_equal(hs.side[SIDE_SERVER].chain.step[0].signature, LINK_UNCHECKED);
}

static void test_policy__auto_verifies_failures_and_the_first_completed_of_each_key(void **state)
{
	const struct evidence ev = { .verify = VERIFY_AUTO };
	struct prover *p = prover_open(&ev);
	struct handshake hs = make();
	struct prove_totals totals;

	(void)state;
	hs.outcome = OUTCOME_COMPLETED;
	for (unsigned i = 0; i < VERIFY_AUTO_COMPLETED + VERIFY_AUTO_BEYOND; i++)
		assert_true(prover_wants(p, &hs));
	assert_false(prover_wants(p, &hs));
	assert_string_equal(
		hs.not_proved_why, "16 completed ones of this key were verified already");

	hs.outcome = OUTCOME_FAILED;
	assert_true(prover_wants(p, &hs));
	assert_null(hs.not_proved_why);

	hs.outcome = OUTCOME_COMPLETED; /* another key counts anew */
	hs.side[SIDE_SERVER].certs[0] = other;
	assert_true(prover_wants(p, &hs));

	totals = prover_totals(p);
	assert_int_equal(totals.verified, VERIFY_AUTO_COMPLETED + VERIFY_AUTO_BEYOND + 2);
	assert_int_equal(totals.not_verified, 1);
	prover_close(p);
}

static void test_totals__begin_with_nothing(void **state)
{
	static const struct prove_totals nothing;
	const struct evidence ev = { .verify = VERIFY_AUTO };
	struct prover *p = prover_open(&ev);
	struct prove_totals totals = prover_totals(p);

	(void)state;
	assert_memory_equal(&totals, &nothing, sizeof nothing);
	prover_close(p);
}

static void test_policy__of_a_log_the_first_of_each_way_to_end_are_verified(void **state)
{
	const struct evidence ev = { .verify = VERIFY_AUTO };
	struct prover *p = prover_open(&ev);
	struct handshake hs = make();

	(void)state;
	hs.logged = true;
	hs.outcome = OUTCOME_FAILED;
	for (unsigned i = 0; i < VERIFY_AUTO_ALIKE; i++)
		assert_true(prover_wants(p, &hs));
	assert_false(prover_wants(p, &hs));
	assert_string_equal(
		hs.not_proved_why, "64 that ended in the same way were verified already");
	hs.side[SIDE_CLIENT].word.code = -0x4e00; /* its program says another thing of it */
	assert_true(prover_wants(p, &hs));
	hs.outcome = OUTCOME_COMPLETED;
	assert_true(prover_wants(p, &hs));
	hs.side[SIDE_SERVER].certs[0] = other;
	assert_true(prover_wants(p, &hs));

	hs = make(); /* of a capture every failure is */
	hs.outcome = OUTCOME_FAILED;
	for (unsigned i = 0; i <= VERIFY_AUTO_ALIKE; i++)
		assert_true(prover_wants(p, &hs));
	assert_int_equal(prover_totals(p).alike, 1);
	assert_int_equal(prover_totals(p).not_verified, 0);
	prover_close(p);
}

static void test_policy__without_a_certificate_the_address_counts(void **state)
{
	const struct evidence ev = { .verify = VERIFY_AUTO };
	struct prover *p = prover_open(&ev);
	struct handshake hs = make();

	(void)state;
	hs.outcome = OUTCOME_COMPLETED;
	hs.side[SIDE_SERVER].n_certs = 0;
	for (unsigned i = 0; i < VERIFY_AUTO_COMPLETED + VERIFY_AUTO_BEYOND; i++)
		assert_true(prover_wants(p, &hs));
	assert_false(prover_wants(p, &hs));
	hs.side[SIDE_SERVER].address.port = 8443;
	assert_true(prover_wants(p, &hs));
	prover_close(p);
}

/* Whether enough of that key were asked for; that the ration is used up is another reason. */
static bool is_enough(struct prover *p, struct handshake *hs, uint16_t port)
{
	hs->side[SIDE_SERVER].address.port = port;
	return !prover_wants(p, hs) && strncmp(hs->not_proved_why, "16 completed", 12) == 0;
}

/* Each takes one of 3072 places; the last of them that is taken makes all count anew. */
static void test_policy__who_is_counted_is_bounded(void **state)
{
	const struct evidence ev = { .verify = VERIFY_AUTO };
	struct prover *p = prover_open(&ev);
	struct handshake hs = make();

	(void)state;
	hs.outcome = OUTCOME_COMPLETED;
	hs.side[SIDE_SERVER].n_certs = 0;
	for (unsigned i = 0; i < VERIFY_AUTO_COMPLETED + VERIFY_AUTO_BEYOND; i++)
		assert_false(is_enough(p, &hs, 1));
	for (uint16_t port = 10001; port <= 13071; port++) {
		assert_false(is_enough(p, &hs, port));
		assert_int_equal(is_enough(p, &hs, 1), port != 13071);
	}
	for (unsigned i = 1; i < VERIFY_AUTO_COMPLETED; i++)
		assert_false(is_enough(p, &hs, 1));
	assert_true(is_enough(p, &hs, 1));
	for (uint16_t port = 20001; port <= 23071; port++) /* as many as before */
		assert_false(is_enough(p, &hs, port));
	assert_false(is_enough(p, &hs, 1));
	prover_close(p);
}

static void test_policy__all_verifies_all(void **state)
{
	const struct evidence ev = { .verify = VERIFY_ALL };
	struct prover *p = prover_open(&ev);
	struct handshake hs = make();

	(void)state;
	hs.outcome = OUTCOME_COMPLETED;
	for (unsigned i = 0; i < 2 * (VERIFY_AUTO_COMPLETED + VERIFY_AUTO_BEYOND); i++)
		assert_true(prover_wants(p, &hs));
	prover_close(p);
}

static void test_policy__a_handshake_with_nothing_to_verify_is_not_counted(void **state)
{
	const struct evidence ev = { .verify = VERIFY_ALL };
	struct prover *p = prover_open(&ev);
	struct handshake hs = { .outcome = OUTCOME_COMPLETED };

	(void)state;
	assert_true(prover_wants(p, &hs));
	prove_handshake(p, &hs);
	assert_int_equal(prover_totals(p).verified + prover_totals(p).not_verified, 0);
	prover_close(p);
}

static unsigned verified_of(const struct handshake *hs)
{
	const struct evidence ev = { .verify = VERIFY_ALL };
	struct handshake copy = *hs;
	struct prover *p = prover_open(&ev);
	unsigned n;

	assert_true(prover_wants(p, &copy));
	n = (unsigned)prover_totals(p).verified;
	prover_close(p);
	return n;
}

/* Any one of these is enough: certificates of either side, a key exchange, a CertificateVerify, a share. */
static void test_policy__each_thing_to_verify_is_enough(void **state)
{
	struct handshake none = { .outcome = OUTCOME_FAILED }, hs;

	(void)state;
	assert_int_equal(verified_of(&none), 0);
	for (unsigned side = 0; side < 2; side++) {
		hs = none;
		hs.side[side].certs[0] = leaf;
		hs.side[side].n_certs = 1;
		assert_int_equal(verified_of(&hs), 1);
	}
	hs = none;
	hs.ske.seen = true;
	assert_int_equal(verified_of(&hs), 1);
	hs = none;
	hs.side[SIDE_CLIENT].verify.seen = true;
	assert_int_equal(verified_of(&hs), 1);
	hs = none;
	hs.tls13 = true;
	hs.server_hello.seen = true;
	hs.server_hello.ext.n_shares = 1;
	hs.server_hello.ext.shares[0].group = 23;
	hs.server_hello.ext.shares[0].key = bytes_slice(params_b, 4, 65);
	assert_int_equal(verified_of(&hs), 1);
}

/* ---- what the user gave ---- */

static void test_given__held_against_the_side_it_belongs_to(void **state)
{
	/* leaf, sub and other are three keys; the server sends leaf, the client sends sub */
	static const struct {
		int cert, key; /* 0 none, 1 leaf, 2 sub, 3 other */
		enum link_state cert_given, key_given;
	} rows[] = {
		{ 0, 0, LINK_UNCHECKED, LINK_UNCHECKED },
		{ 0, 1, LINK_UNCHECKED, LINK_VALID },
		{ 0, 2, LINK_UNCHECKED, LINK_VALID },
		{ 0, 3, LINK_UNCHECKED, LINK_BAD },
		{ 1, 1, LINK_VALID, LINK_VALID },
		{ 1, 2, LINK_VALID, LINK_BAD },
		{ 2, 2, LINK_VALID, LINK_VALID },
		{ 2, 1, LINK_VALID, LINK_BAD },
		{ 3, 1, LINK_BAD, LINK_VALID },
		{ 3, 3, LINK_BAD, LINK_BAD },
	};
	const struct cert *const by_number[] = { NULL, leaf, sub, other };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct evidence ev = { .verify = VERIFY_NONE,
			.certs = &by_number[rows[i].cert],
			.n_certs = rows[i].cert != 0 };
		struct handshake hs = make();

		if (rows[i].key != 0)
			ev.key_spki = by_number[rows[i].key]->spki;
		hs.side[SIDE_CLIENT].certs[0] = sub;
		prove_with(&ev, &hs);
		assert_int_equal(hs.cert_given, rows[i].cert_given);
		assert_int_equal(hs.key_given, rows[i].key_given);
	}
}

static void test_given__nothing_sent_nothing_compared(void **state)
{
	struct evidence ev = { .verify = VERIFY_NONE, .certs = &leaf, .n_certs = 1 };
	struct handshake hs = make();

	(void)state;
	ev.key_spki = leaf->spki;
	hs.side[0].n_certs = hs.side[1].n_certs = 0;
	prove_with(&ev, &hs);
	assert_int_equal(hs.cert_given, LINK_UNCHECKED);
	assert_int_equal(hs.key_given, LINK_UNCHECKED);
}

/* ---- Diffie-Hellman ---- */

static void test_dh__a_group_seen_before_is_judged_by_its_public_value(void **state)
{
	static const uint8_t p23[] = { 23 }, g5[] = { 5 };
	static const struct {
		uint8_t y;
		bool ok;
	} rows[] = { { 8, true }, { 0, false }, { 1, false }, { 21, true }, { 22, false },
		{ 23, false }, { 8, true } };
	const struct evidence ev = { .verify = VERIFY_ALL };
	struct prover *prover = prover_open(&ev);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct handshake hs = make();

		hs.suite = suite_find(0x0033); /* TLS_DHE_RSA_WITH_AES_128_CBC_SHA */
		hs.ske.has_group = false;
		hs.ske.dh_p = bytes_of(p23, 1);
		hs.ske.dh_g = bytes_of(g5, 1);
		hs.ske.public_key = bytes_of(&rows[i].y, 1);
		(void)prover_wants(prover, &hs);
		prove_handshake(prover, &hs);
		assert_true(hs.dh.checked && hs.dh.prime);
		assert_int_equal(hs.dh.public_ok, rows[i].ok);
		assert_int_equal(hs.side[SIDE_CLIENT].point, POINT_UNCHECKED);
	}
	prover_close(prover);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prove__a_sound_handshake),
		cmocka_unit_test(test_prove__one_changed_byte_is_an_invalid_signature),
		cmocka_unit_test(test_prove__what_the_live_client_verified_is_verified),
		cmocka_unit_test(test_prove__a_point_off_its_curve_is_told),
		cmocka_unit_test(test_prove__a_scheme_for_another_kind_of_key_is_invalid),
		cmocka_unit_test(test_prove__before_tls12_the_key_fixes_the_method),
		cmocka_unit_test(test_prove__each_kind_of_key_has_a_method_of_its_own_before_tls12),
		cmocka_unit_test(test_prove__scheme_and_key_clash_or_not),
		cmocka_unit_test(test_prove__what_is_missing_makes_it_unverifiable),
		cmocka_unit_test(test_prove__a_transcript_with_a_hole_is_not_verified),
		cmocka_unit_test(test_prove__the_transcript_does_not_depend_on_interleaving),
		cmocka_unit_test(test_prove__an_sslv2_hello_is_signed_without_its_record_header),
		cmocka_unit_test(test_chain__name_time_and_usage_come_from_the_handshake),
		cmocka_unit_test(test_chain__a_name_of_any_length_that_dns_has_is_asked_for),
		cmocka_unit_test(test_chain__a_name_of_any_length_that_is_given_is_asked_for),
		cmocka_unit_test(test_chain__the_memo_forgets_when_a_date_passes),
		cmocka_unit_test(test_chain__a_time_that_cannot_be_judges_no_date),
		cmocka_unit_test(
			test_chain__a_clock_that_was_set_while_it_was_captured_leaves_dates_between_open),
		cmocka_unit_test(
			test_chain__the_time_of_a_log_without_dates_is_the_hello_s_or_today_s),
		cmocka_unit_test(test_chain__the_memo_tells_questions_apart),
		cmocka_unit_test(test_chain__the_memo_answers_as_the_judge_does),
		cmocka_unit_test(test_chain__what_was_judged_is_not_judged_again),
		cmocka_unit_test(test_policy__none_proves_nothing_but_judges_what_is_cheap),
		cmocka_unit_test(
			test_policy__auto_verifies_failures_and_the_first_completed_of_each_key),
		cmocka_unit_test(test_totals__begin_with_nothing),
		cmocka_unit_test(test_policy__of_a_log_the_first_of_each_way_to_end_are_verified),
		cmocka_unit_test(test_policy__without_a_certificate_the_address_counts),
		cmocka_unit_test(test_policy__who_is_counted_is_bounded),
		cmocka_unit_test(test_policy__all_verifies_all),
		cmocka_unit_test(test_policy__a_handshake_with_nothing_to_verify_is_not_counted),
		cmocka_unit_test(test_policy__each_thing_to_verify_is_enough),
		cmocka_unit_test(test_given__held_against_the_side_it_belongs_to),
		cmocka_unit_test(test_given__nothing_sent_nothing_compared),
		cmocka_unit_test(test_dh__a_group_seen_before_is_judged_by_its_public_value),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
