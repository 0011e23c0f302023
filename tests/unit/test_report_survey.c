/* What a survey found, for people and for programs. */
#include "support/unit.h"

#include "report/survey/report.h"

static struct survey sample(void)
{
	static const uint16_t suites13[] = { 0x1301 }, suites12[] = { 0xc02b, 0x0005, 0x0018 };
	struct survey s = { .questions = 1234 };

	for (size_t i = 0; i < SURVEY_VERSIONS; i++)
		s.version[i].version = (uint16_t)(0x0304 - i);
	s.version[0].taken = s.version[1].taken = SURVEY_YES;
	memcpy(s.version[0].suites.value, suites13, sizeof suites13);
	s.version[0].suites.n = 1;
	s.version[0].suites.whole = true;
	memcpy(s.version[1].suites.value, suites12, sizeof suites12);
	s.version[1].suites.n = 3;
	s.version[1].suites.order = SURVEY_ORDER_SERVER;
	s.version[2].taken = SURVEY_NO;
	s.version[2].refusal = SURVEY_ALERT;
	s.version[2].alert = 70;
	s.groups[SURVEY_OLDER] =
		(struct survey_values){ { 0x001d, 0x4321 }, 2, SURVEY_ORDER_CLIENT, false };
	s.schemes[SURVEY_TLS13] = (struct survey_values){ { 0x0403 }, 1, 0, true };
	s.feature[SURVEY_EXTENDED_MASTER_SECRET] = SURVEY_YES;
	s.feature[SURVEY_STATUS_REQUEST] = SURVEY_NO;
	s.feature[SURVEY_HELLO_IN_RECORDS] = SURVEY_NO;
	s.protocols_asked = true;
	s.client_auth = SURVEY_AUTH_DEMANDED;
	s.n_authorities = 2;
	s.hello_taken = 512;
	s.hello_refused = 1000;
	s.stack[0] = (struct survey_stack){
		hello_profile_find("go"), SURVEY_YES,
		{ .outcome = SURVEY_CHOSE, .version = 0x0304, .suite = 0x1301, .completed = true }
	};
	s.stack[1] = (struct survey_stack){ hello_profile_find("chrome"), SURVEY_YES,
		{ .outcome = SURVEY_CHOSE, .group = 0x11ec, .beyond = true } };
	s.stack[2] = (struct survey_stack){ hello_profile_find("botan"), SURVEY_NO,
		{ .outcome = SURVEY_ALERT, .alert = 40 } };
	s.stack[3] = (struct survey_stack){ hello_profile_find("nss"), SURVEY_NO,
		{ .outcome = SURVEY_CLOSED } };
	s.n_stacks = 4;
	return s;
}

static void test_survey_text__is_a_table(void **state)
{
	const struct survey s = sample();
	struct page p = { .width = 80 };

	(void)state;
	survey_text(&p, &(struct survey_told){ "device:4433", "", 1500, &s });
	assert_string_equal(strbuf_text(&p.out),
		"device:4433: what it takes, by 1,234 connections in 1.5 s\n"
		"\n"
		"takes       TLS 1.3, TLS 1.2\n"
		"refuses     TLS 1.1 (alert 70 protocol_version)\n"
		"\n"
		"TLS 1.3     TLS_AES_128_GCM_SHA256\n"
		"  signs     ecdsa_secp256r1_sha256\n"
		"\n"
		"TLS 1.2     TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n"
		"            TLS_RSA_WITH_RC4_128_SHA  weak\n"
		"            TLS_DH_anon_WITH_RC4_128_MD5  nobody proves who he is\n"
		"            the server's order; there may be more\n"
		"  groups    x25519, 0x4321 (the client's order decides; there may be more)\n"
		"\n"
		"knows       extended_master_secret\n"
		"knows not   status_request\n"
		"ALPN        none of the protocols asked for\n"
		"clients     a certificate is demanded; 2 CAs are named\n"
		"ClientHello of 512 bytes is taken, of 1000 is not; not taken in records of 64\n"
		"            bytes\n"
		"lets in     go-1.24, chrome-156 (with X25519MLKEM768)\n"
		"keeps out   botan-2.19: alert 40 handshake_failure\n"
		"            nss-3.87: it closes without an alert\n");
	strbuf_free(&p.out);
}

static void test_survey_text__says_what_was_not_asked(void **state)
{
	struct survey s = { .questions = 1, .cut_short = true };
	static const struct {
		enum survey_outcome refusal;
		const char *text;
	} rows[] = { { SURVEY_CLOSED, "refuses     TLS 1.3 (it closes without an alert)\n" },
		{ SURVEY_RESET, "refuses     TLS 1.3 (it resets the connection)\n" },
		{ SURVEY_SILENT, "refuses     TLS 1.3 (it does not answer)\n" },
		{ SURVEY_NO_TLS, "refuses     TLS 1.3 (what it answers is no TLS)\n" } };

	(void)state;
	s.version[0] = (struct survey_version){ .version = 0x0304, .taken = SURVEY_NO };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct page p = { .width = 80 };

		s.version[0].refusal = rows[i].refusal;
		survey_text(&p, &(struct survey_told){ "d:1", "nobody is there", 0, &s });
		assert_non_null(
			strstr(strbuf_text(&p.out), "d:1: what it takes, by 1 connection in 0.0 s\n"
						    "Not all was asked: nobody is there.\n"));
		assert_non_null(strstr(strbuf_text(&p.out), rows[i].text));
		assert_null(strstr(strbuf_text(&p.out), "ALPN"));
		assert_null(strstr(strbuf_text(&p.out), "clients"));
		strbuf_free(&p.out);
	}
}

static void test_survey_text__is_one_line_where_nothing_was_asked(void **state)
{
	const struct survey s = { .cut_short = true };
	const struct isolation f = { .verdict = ISOLATE_CUT };
	const struct survey_told told = { "d:1", "nobody is there", 0, &s };
	struct page p = { .width = 80 }, q = { .width = 80 };

	(void)state;
	survey_text(&p, &told);
	assert_string_equal(strbuf_text(&p.out), "d:1: nothing was asked: nobody is there\n");
	isolation_text(&q, &told, &f);
	assert_string_equal(strbuf_text(&q.out), "d:1: nothing was asked: nobody is there\n");
	strbuf_free(&p.out);
	strbuf_free(&q.out);
}

static void test_survey_json__has_the_same(void **state)
{
	const struct survey s = sample();
	struct strbuf out = { 0 };
	struct json j = { .out = &out };
	static const char *const parts[] = {
		"\"target\":\"device:4433\"",
		"\"connections\":1234",
		"\"took_ms\":1500",
		"\"whole\":true",
		"\"taken\":false,\"refused_by\":\"alert\",\"alert\":70}",
		"{\"version\":\"TLS1.0\",\"taken\":null}",
		"\"suites\":{\"order\":\"server\",\"whole\":false,",
		"\"values\":[{\"value\":\"0xc02b\",",
		"\"groups\":{\"order\":\"client\",\"whole\":false,",
		"{\"value\":\"0x4321\",\"name\":null}]}",
		"\"extended_master_secret\":true,\"encrypt_then_mac\":null",
		"\"status_request\":false",
		"\"alpn\":[]",
		"\"client_certificate\":\"demanded\"",
		"\"client_certificate_authorities\":2",
		"\"client_hello_bytes\":{\"taken\":512,\"refused\":1000}",
	};

	(void)state;
	survey_json(&j, &(struct survey_told){ "device:4433", "", 1500, &s });
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(strbuf_text(&out), parts[i]) == NULL)
			fail_msg("%s is not in %s", parts[i], strbuf_text(&out));
	assert_null(strstr(strbuf_text(&out), "problem"));
	strbuf_free(&out);
}

/* ---- isolation ---- */

static struct isolation isolated(enum isolate_verdict verdict)
{
	return (struct isolation){ .verdict = verdict,
		.changes = { { { CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x0018 },
				     { CHANGE_SUITE, CHANGE_LEAVE_OUT, 0xc02b },
				     { CHANGE_SCHEME, CHANGE_LEAVE_OUT, 0x0603 } },
			3 },
		.whole_asked = 4,
		.whole_failed = verdict == ISOLATE_FLAKY ? 3 : 4,
		.changed_asked = 4,
		.changed_completed = 4,
		.failed = { .outcome = SURVEY_ALERT, .alert = 40 },
		.completed = { .outcome = SURVEY_CHOSE,
			.version = 0x0303,
			.suite = 0xc02f,
			.group = 0x0017,
			.scheme = 0x0804 },
		.questions = 17 };
}

static void test_isolation_text__is_a_fact_with_its_counts(void **state)
{
	const struct isolation f = isolated(ISOLATE_FOUND);
	struct page p = { .width = 80 };

	(void)state;
	isolation_text(&p, &(struct survey_told){ "device:4433", "", 1500, NULL }, &f);
	assert_string_equal(strbuf_text(&p.out),
		"device:4433: what makes it fail, by 17 connections in 1.5 s\n"
		"\n"
		"FAIL  The handshake fails only when the client offers the group secp384r1,\n"
		"      TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and the signature scheme\n"
		"      ecdsa_secp521r1_sha512\n"
		"\n"
		"as it is 4 of 4 failed: alert 40 handshake_failure\n"
		"changed  4 of 4 completed: TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,\n"
		"         secp256r1, rsa_pss_rsae_sha256\n"
		"next     1. in the server: take the group secp384r1,\n"
		"         TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and the signature scheme\n"
		"         ecdsa_secp521r1_sha512 out of what it accepts, until what is wrong with\n"
		"         it is mended (tlsdiag probe tells what the answer looks like)\n"
		"         2. in the client: do not offer it (mbedtls_ssl_conf_curves (2.x) or\n"
		"         _groups (3.x), -groups, -curves)\n");
	strbuf_free(&p.out);
}

static void test_isolation_text__says_so_where_nothing_was_isolated(void **state)
{
	static const struct {
		enum isolate_verdict verdict;
		const char *text;
	} rows[] = {
		{ ISOLATE_WELL, "OK    The handshake completes with all that is offered" },
		{ ISOLATE_NO_HELP, "FAIL  No hello that was tried gets through" },
		{ ISOLATE_FLAKY, "The same hello failed 3 of 4 times, a smaller one 0 of 4" },
		{ ISOLATE_CUT, "It was not found out: nobody is there." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct isolation f = isolated(rows[i].verdict);
		const bool cut = rows[i].verdict == ISOLATE_CUT;
		struct page p = { .width = 100 };

		isolation_text(&p,
			&(struct survey_told){ "d:1", cut ? "nobody is there" : "", 0, NULL }, &f);
		if (strstr(strbuf_text(&p.out), rows[i].text) == NULL)
			fail_msg("%s is not in %s", rows[i].text, strbuf_text(&p.out));
		assert_null(strstr(strbuf_text(&p.out), "fails only when"));
		strbuf_free(&p.out);
	}
}

/* Each kind of change, by itself, among others of its act, and of mixed acts. */
static void test_isolation_sentence__says_what_has_to_change(void **state)
{
	static const struct {
		struct change change[3];
		size_t n;
		const char *text;
	} rows[] = {
		{ { { CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x11ec } }, 1,
			"The handshake fails only when the client offers the group "
			"X25519MLKEM768" },
		{ { { CHANGE_SUITE, CHANGE_ADD, 0xc02b } }, 1,
			"The handshake fails when the client does not offer "
			"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
		{ { { CHANGE_SUITE, CHANGE_LEAVE_OUT, 0x8a8a } }, 1,
			"The handshake fails only when the client offers 0x8a8a (a value of RFC "
			"8701)" },
		{ { { CHANGE_NAME, CHANGE_LEAVE_OUT, 0 } }, 1,
			"The handshake fails only when the client offers the server name" },
		{ { { CHANGE_VERSION, CHANGE_LEAVE_OUT, 0x0304 },
			  { CHANGE_EXTENSION, CHANGE_ADD, 23 } },
			2,
			"The handshake fails, and completes without TLS 1.3, with the extension "
			"extended_master_secret" },
		{ { { CHANGE_SUITE_ORDER, CHANGE_OTHERWISE, 0 },
			  { CHANGE_CONTENT, CHANGE_OTHERWISE, 11 } },
			2,
			"The handshake fails, and completes with a change of the order of the "
			"cipher "
			"suites and what it says in the extension ec_point_formats" },
		{ { { CHANGE_RECORD_VERSION, CHANGE_OTHERWISE, 0x0303 } }, 1,
			"The handshake fails, and completes with a change of the version of its "
			"record, TLS 1.2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct isolation f = { .verdict = ISOLATE_FOUND };
		struct strbuf out = { 0 };

		memcpy(f.changes.at, rows[i].change, sizeof rows[i].change);
		f.changes.n = rows[i].n;
		isolation_sentence(&f, &out);
		assert_string_equal(strbuf_text(&out), rows[i].text);
		strbuf_free(&out);
	}
}

static void test_isolation_text__of_a_length_says_both_bounds(void **state)
{
	static const struct {
		enum change_kind kind;
		const char *text, *next;
	} rows[] = {
		{ CHANGE_SIZE,
			"FAIL  The handshake fails when the ClientHello is long: 594 bytes get "
			"through, 606 do not, whatever they say\n",
			"MBEDTLS_SSL_IN_CONTENT_LEN" },
		{ CHANGE_SEGMENTS,
			"FAIL  The handshake fails when the ClientHello comes in more than one TCP "
			"segment\n",
			"it has to read on until the record is whole" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct isolation f = isolated(ISOLATE_FOUND);
		struct page p = { .width = 200 };

		f.changes.at[0] = (struct change){ rows[i].kind, CHANGE_OTHERWISE, 0 };
		f.changes.n = 1;
		f.size_taken = 594;
		f.size_refused = 606;
		f.failing = hello_profile_find("chrome");
		isolation_text(&p, &(struct survey_told){ "d:1", "", 0, NULL }, &f);
		assert_non_null(strstr(strbuf_text(&p.out), rows[i].text));
		assert_non_null(strstr(strbuf_text(&p.out), rows[i].next));
		assert_non_null(
			strstr(strbuf_text(&p.out), "the ClientHello of Chromium 156: 4 of 4"));
		strbuf_free(&p.out);
	}
}

/* Without one no hello gets further: that is what is to be given, and not another hello. */
static void test_isolation_text__names_the_certificate_that_is_wanted(void **state)
{
	struct isolation f = isolated(ISOLATE_NO_HELP);
	struct page p = { .width = 200 };

	(void)state;
	f.failed = (struct survey_reply){ .outcome = SURVEY_CHOSE,
		.version = 0x0304,
		.suite = 0x1301,
		.certificate_request = true };
	isolation_text(&p, &(struct survey_told){ "d:1", "", 0, NULL }, &f);
	assert_non_null(strstr(strbuf_text(&p.out), "answer   TLS 1.3, TLS_AES_128_GCM_SHA256; "
						    "then it asks for a client certificate\n"));
	assert_non_null(
		strstr(strbuf_text(&p.out), "give the client a certificate (--cert, --key)"));
	strbuf_free(&p.out);
}

static void test_isolation_text__of_two_says_whose_they_are(void **state)
{
	static const struct {
		enum isolate_verdict verdict;
		unsigned profiles;
		const char *text;
	} rows[] = {
		{ ISOLATE_WELL, 0,
			"OK    Both get through, Chromium 156 and Go 1.24 (crypto/tls): nothing "
			"parts them here" },
		{ ISOLATE_WELL, 14,
			"OK    The handshake completes, and so it does with the ClientHello of "
			"each of "
			"14 known stacks" },
		{ ISOLATE_NO_HELP, 0, "FAIL  Neither of the two gets through" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct isolation f = isolated(rows[i].verdict);
		struct page p = { .width = 200 };

		f.failing = hello_profile_find("chrome");
		f.passing = hello_profile_find("go");
		f.profiles = rows[i].profiles;
		isolation_text(&p, &(struct survey_told){ "d:1", "", 0, NULL }, &f);
		if (strstr(strbuf_text(&p.out), rows[i].text) == NULL)
			fail_msg("%s is not in %s", rows[i].text, strbuf_text(&p.out));
		strbuf_free(&p.out);
	}
}

static void test_isolation_json__has_the_same(void **state)
{
	const struct isolation f = isolated(ISOLATE_FOUND);
	struct strbuf out = { 0 };
	struct json j = { .out = &out };
	static const char *const parts[] = {
		"\"connections\":17",
		"\"verdict\":\"found\"",
		"\"hellos\":{\"failing\":null,\"completing\":null}",
		"\"changes\":[{\"act\":\"leave-out\",\"kind\":\"group\",",
		"\"value\":\"0x0018\",\"name\":\"secp384r1\"}",
		"\"as_it_is\":{\"asked\":4,\"failed\":4}",
		"\"changed\":{\"asked\":4,\"completed\":4}",
	};

	(void)state;
	isolation_json(&j, &(struct survey_told){ "device:4433", "", 1500, NULL }, &f);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(strbuf_text(&out), parts[i]) == NULL)
			fail_msg("%s is not in %s", parts[i], strbuf_text(&out));
	strbuf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_survey_text__is_a_table),
		cmocka_unit_test(test_survey_text__says_what_was_not_asked),
		cmocka_unit_test(test_survey_text__is_one_line_where_nothing_was_asked),
		cmocka_unit_test(test_survey_json__has_the_same),
		cmocka_unit_test(test_isolation_text__is_a_fact_with_its_counts),
		cmocka_unit_test(test_isolation_text__says_so_where_nothing_was_isolated),
		cmocka_unit_test(test_isolation_sentence__says_what_has_to_change),
		cmocka_unit_test(test_isolation_text__of_a_length_says_both_bounds),
		cmocka_unit_test(test_isolation_text__names_the_certificate_that_is_wanted),
		cmocka_unit_test(test_isolation_text__of_two_says_whose_they_are),
		cmocka_unit_test(test_isolation_json__has_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
