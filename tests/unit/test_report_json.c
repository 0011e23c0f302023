/* src/report/json: what is written is read back with a reader that is not ours. */
#include "report/json_writer.h"
#include "support/lone_desk.h"

#include <cjson/cJSON.h>
#include <string.h>

/* Last: cmocka has a macro of the name fail. */
#include "support/unit.h"

static const struct report_options as_json = { .form = REPORT_JSON };
static const struct report_options as_ndjson = { .form = REPORT_NDJSON };

/* The member at "a/b/0/c"; fails the test when there is none. */
static const cJSON *at(const cJSON *json, const char *path)
{
	char copy[128], *rest = copy, *step;

	(void)snprintf(copy, sizeof copy, "%s", path);
	while ((step = strsep(&rest, "/")) != NULL) {
		if (cJSON_IsArray(json))
			json = cJSON_GetArrayItem(json, (int)strtol(step, NULL, 10));
		else
			json = cJSON_GetObjectItemCaseSensitive(json, step);
		if (json == NULL)
			fail_msg("there is no %s in %s", step, path);
	}
	return json;
}

static const char *text_at(const cJSON *json, const char *path)
{
	const char *text = cJSON_GetStringValue(at(json, path));

	assert_non_null(text);
	return text;
}

static cJSON *parse(char *text)
{
	cJSON *json = cJSON_ParseWithOpts(text, NULL, true);

	assert_non_null(json);
	free(text);
	return json;
}

/* ---- the writer ---- */

static void test_writer__commas_stand_between_values_only(void **state)
{
	struct strbuf out = { 0 };
	struct json j = { &out, false };

	(void)state;
	json_object(&j, NULL);
	json_array(&j, "a");
	json_uint(&j, NULL, 1);
	json_bool(&j, NULL, true);
	json_null(&j, NULL);
	json_end_array(&j);
	json_object(&j, "b");
	json_end_object(&j);
	json_code(&j, "c", 0x0603);
	json_end_object(&j);
	assert_string_equal(strbuf_text(&out), "{\"a\":[1,true,null],\"b\":{},\"c\":\"0x0603\"}");
	strbuf_free(&out);
}

struct text_row {
	const char *in;
	size_t len;
	const char *out;
};

static void test_writer__any_bytes_give_valid_text(void **state)
{
	static const struct text_row rows[] = {
		{ "plain", 5, "\"plain\"" },
		{ "q\"\\b", 4, "\"q\\\"\\\\b\"" },
		{ "\033[0m\n", 5, "\"\\u001b[0m\\n\"" },
		{ "a\0b", 3, "\"a\\u0000b\"" },
		{ "\xff\xc3", 2, "\"\\ufffd\\ufffd\"" },
		{ "\xc3\xbc", 2, "\"\xc3\xbc\"" },
		{ "\xe2\x80\xae", 3, "\"\\u202e\"" },
		{ "\xf3\xa0\x80\x81", 4, "\"\\udb40\\udc01\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 };
		struct json j = { &out, false };

		json_text(&j, NULL, bytes_of(rows[i].in, rows[i].len));
		assert_string_equal(strbuf_text(&out), rows[i].out);
		strbuf_free(&out);
	}
}

struct time_row {
	int64_t ns;
	const char *out;
};

static void test_writer__milliseconds_have_microseconds_and_no_noise(void **state)
{
	static const struct time_row rows[] = {
		{ 0, "0" },
		{ 12300000, "12.3" },
		{ 1000, "0.001" },
		{ 999, "0" },
		{ 1305000000, "1305" },
		{ 86400000000001000, "86400000000.001" },
		{ -1500000, "-1.5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 };
		struct json j = { &out, false };

		json_milliseconds(&j, NULL, rows[i].ns);
		assert_string_equal(strbuf_text(&out), rows[i].out);
		strbuf_free(&out);
	}
}

static void test_writer__packet_numbers_keep_all_their_digits(void **state)
{
	struct strbuf out = { 0 };
	struct json j = { &out, false };

	(void)state;
	json_uint(&j, NULL, UINT64_MAX);
	assert_string_equal(strbuf_text(&out), "18446744073709551615");
	strbuf_free(&out);
}

/* ---- the document ---- */

static void test_document__follows_the_contract(void **state)
{
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	doc = parse(sample_report(&s, &as_json));
	assert_string_equal(text_at(doc, "schema"), "tlsdiag/1");
	assert_string_equal(text_at(doc, "tool/name"), "tlsdiag");
	assert_string_equal(text_at(doc, "input/kind"), "pcap");
	assert_string_equal(text_at(doc, "input/name"), "forum.pcap");
	assert_int_equal(cJSON_GetArraySize(at(doc, "handshakes")), 2);
	assert_int_equal(at(doc, "summary/failed")->valueint, 2);
	assert_int_equal(at(doc, "summary/errors")->valueint, 1);
	cJSON_Delete(doc);
}

static void test_document__a_handshake_has_its_facts(void **state)
{
	static const struct {
		const char *path, *text;
	} rows[] = {
		{ "transport", "tls" },
		{ "client/address", "192.0.2.10" },
		{ "start", "2020-05-18T09:31:07.123456Z" },
		{ "outcome", "failed" },
		{ "ending", "alert" },
		{ "last_message", "server_key_exchange" },
		{ "version", "TLS1.2" },
		{ "cipher_suite/value", "0xc02c" },
		{ "cipher_suite/name", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ "sni", "forum.example" },
		{ "offered/versions/0", "TLS1.2" },
		{ "offered/cipher_suites/1", "0xc02c" },
		{ "offered/groups/0", "0x0018" },
		{ "certificates/server/0/subject", "CN=forum.example" },
		{ "certificates/server/0/key", "EC secp256r1" },
		{ "certificates/server/0/not_after", "2030-01-01T00:00:00Z" },
		{ "server_key_exchange/kind", "ecdhe" },
		{ "server_key_exchange/group/name", "secp384r1" },
		{ "server_key_exchange/public_key", "04aabb" },
		{ "server_key_exchange/signature_scheme/value", "0x0603" },
		{ "server_key_exchange/signature_scheme/hash", "sha512" },
		{ "server_key_exchange/signature_scheme/signature", "ecdsa" },
		{ "server_key_exchange/signature_status", "invalid" },
		{ "alerts/0/name", "illegal_parameter" },
	};
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	doc = parse(sample_report(&s, &as_json));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(text_at(at(doc, "handshakes/0"), rows[i].path), rows[i].text);
	assert_int_equal(at(doc, "handshakes/0/duration_ms")->valueint, 1305);
	assert_true(cJSON_IsFalse(at(doc, "handshakes/0/server_key_exchange/point_on_curve")));
	assert_true(cJSON_IsFalse(at(doc, "handshakes/0/resumed")));
	assert_true(cJSON_IsNull(at(doc, "handshakes/0/alpn")));
	cJSON_Delete(doc);
}

static void test_document__a_diagnosis_says_why_and_what_it_is_not(void **state)
{
	struct sample s;
	cJSON *doc;
	const cJSON *d;

	(void)state;
	sample_fill(&s);
	doc = parse(sample_report(&s, &as_json));
	d = at(doc, "diagnoses/0");
	assert_string_equal(text_at(d, "id"), "ec-arithmetic-broken");
	assert_string_equal(text_at(d, "severity"), "error");
	assert_string_equal(text_at(d, "confidence"), "certain");
	assert_string_equal(text_at(d, "origin"), "device-crypto");
	assert_string_equal(text_at(d, "server"), "192.0.2.254:4433");
	assert_string_equal(text_at(d, "explains/0"), "ske-point-on-curve");
	assert_string_equal(text_at(d, "ruled_out/0/id"), "wrong-private-key");
	assert_string_equal(text_at(d, "next_steps/1"), "capture five more");
	assert_int_equal(at(d, "handshakes/1")->valueint, 2);
	cJSON_Delete(doc);
}

static void test_document__what_is_unknown_is_null_or_absent(void **state)
{
	struct sample s;
	cJSON *doc;
	const cJSON *h;

	(void)state;
	sample_fill(&s);
	memset(&s.hs[0].client_hello, 0, sizeof s.hs[0].client_hello);
	memset(&s.hs[0].side[SIDE_SERVER].proof, 0, sizeof s.hs[0].side[SIDE_SERVER].proof);
	s.hs[0].side[SIDE_SERVER].point = POINT_UNCHECKED;
	s.hs[0].version = 0;
	s.hs[0].has_suite = s.hs[0].resumed_known = s.hs[0].has_last_message = false;
	doc = parse(sample_report(&s, &as_json));
	h = at(doc, "handshakes/0");
	assert_true(cJSON_IsNull(at(h, "version")));
	assert_true(cJSON_IsNull(at(h, "cipher_suite")));
	assert_true(cJSON_IsNull(at(h, "resumed")));
	assert_true(cJSON_IsNull(at(h, "sni")));
	assert_true(cJSON_IsNull(at(h, "last_message")));
	assert_null(cJSON_GetObjectItem(h, "client_random"));
	assert_null(cJSON_GetObjectItem(h, "offered"));
	assert_null(cJSON_GetObjectItem(at(h, "server_key_exchange"), "point_on_curve"));
	assert_null(cJSON_GetObjectItem(at(h, "server_key_exchange"), "signature_status"));
	cJSON_Delete(doc);
}

static void test_document__names_that_are_no_utf8_stay_valid_json(void **state)
{
	static const uint8_t name[] = { 'a', 0xff, 0x1b, '"', 0x00 };
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	s.hs[0].client_hello.ext.server_name = bytes_of(name, sizeof name - 1);
	doc = parse(sample_report(&s, &as_json));
	assert_string_equal(text_at(doc, "handshakes/0/sni"), "a\xef\xbf\xbd\033\"");
	cJSON_Delete(doc);
}

static void test_document__a_draft_is_tls13_with_its_number(void **state)
{
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	s.hs[0].version = 0x7f12;
	doc = parse(sample_report(&s, &as_json));
	assert_string_equal(text_at(doc, "handshakes/0/version"), "TLS1.3");
	assert_int_equal(at(doc, "handshakes/0/version_draft")->valueint, 18);
	cJSON_Delete(doc);
}

static void test_document__only_limits_the_list_and_not_the_counts(void **state)
{
	struct report_options o = { .form = REPORT_JSON, .only = ONLY_COMPLETED };
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	doc = parse(sample_report(&s, &o));
	assert_int_equal(cJSON_GetArraySize(at(doc, "handshakes")), 0);
	assert_int_equal(at(doc, "summary/handshakes")->valueint, 2);
	cJSON_Delete(doc);
}

static void test_document__several_files_are_listed(void **state)
{
	static const char *const two[] = { "a.pcap", "b.pcap" };
	static const struct input_problem problem = { 17, "packet 17: cut off" };
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	s.input.names = two;
	s.input.n_names = 2;
	s.input.problems = &problem;
	s.input.n_problems = 1;
	doc = parse(sample_report(&s, &as_json));
	assert_string_equal(text_at(doc, "input/name"), "a.pcap");
	assert_string_equal(text_at(doc, "input/names/1"), "b.pcap");
	assert_int_equal(at(doc, "input/problems/0/packet")->valueint, 17);
	cJSON_Delete(doc);
}

static void test_document__diagnoses_of_all_servers_come_worst_first(void **state)
{
	struct sample s, other;
	struct desk d;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	sample_fill(&other);
	s.finding.severity = SEVERITY_NOTE;
	other.cause.id = "certificate-expired";
	d = lone_desk(&s);
	d.results[d.n_results++] = &other.result;
	doc = parse(whole_report(&s, &d, &as_json));
	assert_string_equal(text_at(doc, "diagnoses/0/id"), "certificate-expired");
	assert_string_equal(text_at(doc, "diagnoses/1/severity"), "note");
	cJSON_Delete(doc);
}

static void test_ndjson__each_line_is_a_document(void **state)
{
	struct sample s;
	char *text, *rest, *line;
	size_t n = 0;

	(void)state;
	sample_fill(&s);
	text = rest = sample_report(&s, &as_ndjson);
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		cJSON *json = cJSON_ParseWithOpts(line, NULL, true);

		assert_non_null(json);
		assert_string_equal(text_at(json, "schema"), "tlsdiag/1");
		if (n++ < 2) {
			assert_int_equal(at(json, "id")->valueint, n);
		} else {
			assert_int_equal(at(json, "summary/handshakes")->valueint, 2);
			assert_string_equal(
				text_at(json, "diagnoses/0/id"), "ec-arithmetic-broken");
			assert_null(cJSON_GetObjectItem(json, "handshakes"));
		}
		cJSON_Delete(json);
	}
	assert_int_equal(n, 3);
	free(text);
}

static void test_report__a_full_disk_is_told(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct err e = { 0 };
	struct report *r;
	struct sample s;
	struct desk d;

	(void)state;
	assert_non_null(full);
	sample_fill(&s);
	d = lone_desk(&s);
	r = report_open(full, &as_json, &e);
	report_begin(r, &s.input);
	report_handshake(r, s.kept[0]);
	assert_false(report_end(r, &s.input, &d, &e));
	assert_int_equal(e.code, ERR_OS);
	assert_true(report_failed(r));
	report_close(r);
	(void)fclose(full);
}

static void test_json__what_the_client_knows_stands_beside_the_bytes(void **state)
{
	struct sample s;
	cJSON *json;

	(void)state;
	sample_fill(&s);
	s.hs[0].side[SIDE_CLIENT].word = (struct library_word){ .release = "mbedTLS 2.28.3",
		.code = -0x262e,
		.state = "SERVER_CERTIFICATE",
		.verify_flags = 0x09 };
	s.hs[0].side[SIDE_SERVER].certs_from = FROM_TOLD;
	s.hs[1].side[SIDE_SERVER].word = (struct library_word){
		.release = "mbedTLS 3.6.2", .code = 0, .state = NULL, .verify_flags = 0
	};
	json = parse(sample_report(&s, &as_json));
	assert_string_equal(text_at(json, "handshakes/0/client_result/library"), "mbedTLS 2.28.3");
	assert_string_equal(text_at(json, "handshakes/0/client_result/code"), "-0x262e");
	assert_string_equal(text_at(json, "handshakes/0/client_result/name"),
		"MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG + MBEDTLS_ERR_OID_NOT_FOUND");
	assert_string_equal(
		text_at(json, "handshakes/0/client_result/state"), "SERVER_CERTIFICATE");
	assert_string_equal(text_at(json, "handshakes/0/client_result/verify_flags/1"),
		"MBEDTLS_X509_BADCERT_NOT_TRUSTED");
	assert_string_equal(text_at(json, "handshakes/0/certificates/server_source"), "client");
	assert_string_equal(text_at(json, "handshakes/1/server_result/code"), "0");
	assert_true(cJSON_IsNull(at(json, "handshakes/1/server_result/name")));
	assert_null(cJSON_GetObjectItem(at(json, "handshakes/1"), "client_result"));
	assert_null(cJSON_GetObjectItem(at(json, "handshakes/1/certificates"), "server_source"));
	cJSON_Delete(json);
}

/* Text is copied eight bytes at a time: what has to be written in another way is seen at every place. */
static void test_json__special_characters_are_seen_wherever_they_stand(void **state)
{
	static const struct {
		char c;
		const char *written;
	} rows[] = { { 0x1f, "\\u001f" }, { ' ', " " }, { '!', "!" }, { '"', "\\\"" }, { '#', "#" },
		{ '[', "[" }, { '\\', "\\\\" }, { ']', "]" }, { 0x7e, "~" }, { 0x7f, "\\u007f" },
		{ (char)0x80, "\\ufffd" }, { (char)0xff, "\\ufffd" } };
	const char *around = "an even eighteen ..";
	size_t len = strlen(around) - 1;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t at = 0; at < len; at++) {
			struct strbuf b = { 0 }, want = { 0 };
			struct json j = { .out = &b };
			uint8_t text[32];

			for (size_t k = 0; k < len; k++)
				text[k] = (uint8_t)around[k];
			text[at] = (uint8_t)rows[i].c;
			json_text(&j, NULL, bytes_of(text, len));
			strbuf_printf(&want, "\"%.*s%s%.*s\"", (int)at, around, rows[i].written,
				(int)(len - at - 1), around + at + 1);
			assert_string_equal(strbuf_text(&b), strbuf_text(&want));
			strbuf_free(&b);
			strbuf_free(&want);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json__what_the_client_knows_stands_beside_the_bytes),
		cmocka_unit_test(test_writer__commas_stand_between_values_only),
		cmocka_unit_test(test_writer__any_bytes_give_valid_text),
		cmocka_unit_test(test_writer__milliseconds_have_microseconds_and_no_noise),
		cmocka_unit_test(test_writer__packet_numbers_keep_all_their_digits),
		cmocka_unit_test(test_document__follows_the_contract),
		cmocka_unit_test(test_document__a_handshake_has_its_facts),
		cmocka_unit_test(test_document__a_diagnosis_says_why_and_what_it_is_not),
		cmocka_unit_test(test_document__what_is_unknown_is_null_or_absent),
		cmocka_unit_test(test_document__names_that_are_no_utf8_stay_valid_json),
		cmocka_unit_test(test_document__a_draft_is_tls13_with_its_number),
		cmocka_unit_test(test_document__only_limits_the_list_and_not_the_counts),
		cmocka_unit_test(test_document__several_files_are_listed),
		cmocka_unit_test(test_document__diagnoses_of_all_servers_come_worst_first),
		cmocka_unit_test(test_ndjson__each_line_is_a_document),
		cmocka_unit_test(test_report__a_full_disk_is_told),
		cmocka_unit_test(test_json__special_characters_are_seen_wherever_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
