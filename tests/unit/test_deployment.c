/* src/diagnose/deployment.c, src/door/captured.c: what files and captures show of a deployment. */
#include "diagnose/deployment.h"

#include "door/captured.h"
#include "pki/material.h"
#include "report/config_deployment.h"
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

struct bench {
	struct material m;
	struct deployment d;
	const struct cert *own;
};

static void open_bench(struct bench *b)
{
	struct err e = { 0 };

	memset(b, 0, sizeof *b);
	assert_true(material_open(&b->m, &e));
}

static void add_file(struct bench *b, const char *path, bool own)
{
	struct err e = { 0 };
	size_t first = b->m.n_items;

	assert_true(material_read(&b->m, path, own ? FOR_CERT : FOR_CA, NULL, &e));
	for (size_t i = first; i < b->m.n_items; i++) {
		const struct item *it = &b->m.items[i];

		if (it->kind == ITEM_KEY)
			deployment_add_key(&b->d, &it->key, true, path);
		if (it->kind != ITEM_CERT)
			continue;
		b->own = own && b->own == NULL ? it->cert : b->own;
		assert_true(deployment_add_cert(&b->d, it->cert, path, own, false, path));
	}
}

static void see(void *ctx, const struct examined *ex)
{
	struct bench *b = ctx;

	deployment_add_handshake(&b->d, ex->hs, b->own, "capture");
}

static void add_capture(struct bench *b, const char *path)
{
	struct captured_reader r = { see, b, NULL };
	struct err e = { 0 };
	uint64_t dtls;

	if (!captured_read(path, &r, &dtls, &e))
		print_message("# %s\n", e.msg);
	assert_int_equal(e.code, 0);
}

static void close_bench(struct bench *b)
{
	material_close(&b->m);
}

/* ---- files ---- */

static void test_deployment__a_certificate_needs_its_key_and_its_signature(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	add_file(&b, "fixtures/certs/rsa.crt", false);
	assert_true(b.d.needs.found[NEED_RSA]);
	assert_string_equal(b.d.needs.where[NEED_RSA], "fixtures/certs/rsa.crt");
	assert_false(b.d.needs.found[NEED_PEM]);
	assert_int_equal(b.d.n_certs, 1);
	assert_int_equal(b.d.certs[0].key, DEPLOYED_RSA);
	assert_int_equal(b.d.certs[0].key_bits, 2048);
	assert_int_equal(deployment_chain(&b.d), 0);
	add_file(&b, "fixtures/certs/leaf-explicit.crt", true);
	assert_true(b.d.certs[1].explicit_curve);
	assert_true(b.d.certs[1].nist_curve);
	assert_false(b.d.needs.found[NEED_EXPLICIT_CURVES]); /* it is read by no build */
	assert_int_equal(deployment_chain(&b.d), 7 + 3 + b.d.certs[1].bytes);
	close_bench(&b);
}

static void test_deployment__a_curve_of_others_may_be_spelled_out(void **state)
{
	struct cert c = { .key = KEY_EC, .key_explicit = true };
	struct bench b;

	(void)state;
	open_bench(&b);
	assert_true(deployment_add_cert(&b.d, &c, "x", true, false, "x"));
	assert_true(b.d.needs.found[NEED_EXPLICIT_CURVES]);
	assert_false(b.d.certs[0].nist_curve);
	close_bench(&b);
}

static void test_deployment__a_key_is_in_a_file_of_some_form(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	add_file(&b, "fixtures/certs/key-pkcs8.pem", true);
	assert_true(b.d.needs.found[NEED_PEM]);
	assert_int_equal(b.d.n_certs, 0);
	close_bench(&b);
}

/* Roots are in files alone, peers' certificates on the wire alone. */
static void test_needs__are_known_by_where_they_show(void **state)
{
	struct needs n = { 0 };

	(void)state;
	needs_looked(&n, true, false);
	assert_true(needs_lacks(&n, NEED_PEM));
	assert_true(needs_lacks(&n, NEED_EXPLICIT_CURVES));
	assert_false(needs_lacks(&n, NEED_RSA));
	assert_false(needs_lacks(&n, NEED_ALPN));
	needs_looked(&n, false, true);
	assert_true(needs_lacks(&n, NEED_ALPN));
	assert_false(needs_lacks(&n, NEED_RSA));
	needs_looked(&n, true, true);
	assert_true(needs_lacks(&n, NEED_RSA));
	n.hidden[NEED_RSA] = true;
	assert_false(needs_lacks(&n, NEED_RSA));
	needs_found(&n, NEED_SHA512, "a");
	needs_found(&n, NEED_SHA512, "b");
	assert_string_equal(n.where[NEED_SHA512], "a");
	assert_true(needs_has(&n, NEED_SHA384));
	assert_false(needs_lacks(&n, NEED_SHA384));
}

/* ---- captures ---- */

struct capture_claim {
	const char *capture;
	enum need need;
	bool found;
};

static const struct capture_claim claims[] = {
	{ "alpn", NEED_ALPN, true },
	{ "ecdsa", NEED_ALPN, false },
	{ "rsa", NEED_RSA, true },
	{ "ecdsa", NEED_RSA, false },
	{ "static-rsa", NEED_RSA, true },
	{ "secp384r1", NEED_SECP384R1, true },
	{ "ecdsa-sha512", NEED_SHA512, true },
	{ "fragment-length", NEED_MAX_FRAGMENT_LENGTH, true },
	{ "ecdsa", NEED_MAX_FRAGMENT_LENGTH, false },
	{ "alpn", NEED_TICKETS, true },
	{ "tls13", NEED_TLS13, true },
	{ "ecdsa", NEED_TLS13, false },
	{ "tls11", NEED_CBC, true },
	{ "ecdsa", NEED_CBC, false },
	{ "alpn", NEED_SERVER_NAME, true },
	{ "alpn", NEED_EXTENDED_MASTER_SECRET, true },
	{ "psk", NEED_AES256, false },
	{ "alpn", NEED_AES256, true },
	{ "alpn", NEED_X25519, true },
	{ "ecdsa", NEED_DTLS, false },
};

static void test_deployment__what_a_handshake_used_is_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		struct bench b;
		char path[128];

		open_bench(&b);
		(void)snprintf(
			path, sizeof path, "fixtures/healthy/%s/capture.pcap", claims[i].capture);
		add_capture(&b, path);
		deployment_end(&b.d, true);
		if (b.d.needs.found[claims[i].need] != claims[i].found)
			print_message("# %s: %s\n", claims[i].capture, need_name(claims[i].need));
		assert_int_equal(b.d.needs.found[claims[i].need], claims[i].found);
		assert_true(b.d.n_handshakes != 0);
		assert_int_equal(needs_lacks(&b.d.needs, claims[i].need),
			!claims[i].found && !b.d.needs.hidden[claims[i].need]);
		close_bench(&b);
	}
}

/* Certificates of TLS 1.3 are under its keys. */
static void test_deployment__what_is_encrypted_is_not_known(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	add_capture(&b, "fixtures/healthy/tls13/capture.pcap");
	deployment_end(&b.d, true);
	assert_false(needs_lacks(&b.d.needs, NEED_SECP384R1));
	assert_false(needs_lacks(&b.d.needs, NEED_ALPN));
	assert_true(needs_lacks(&b.d.needs, NEED_RENEGOTIATION));
	close_bench(&b);
}

/* What was only asked for used nothing. */
static void test_deployment__an_unanswered_hello_shows_no_need(void **state)
{
	struct handshake hs = { .client_hello = { .seen = true } };
	struct bench b;

	(void)state;
	open_bench(&b);
	hs.client_hello.ext.has_server_name = true;
	hs.side[SIDE_CLIENT].largest_record = 517;
	deployment_add_handshake(&b.d, &hs, NULL, "x");
	deployment_end(&b.d, false);
	assert_int_equal(b.d.n_handshakes, 0);
	assert_int_equal(b.d.from_client, 517);
	assert_false(b.d.needs.found[NEED_SERVER_NAME]);
	assert_false(needs_lacks(&b.d.needs, NEED_TLS13));
	close_bench(&b);
}

/* Whose certificate it is tells which side is the device. */
static void test_deployment__its_certificate_tells_the_device(void **state)
{
	struct bench b;
	struct cert own = { .der = { 0 } }, other = { .der = { 0 } };
	struct handshake hs = { .has_suite = true };

	(void)state;
	open_bench(&b);
	own.der = bytes_of("own", 3);
	other.der = bytes_of("not", 3);
	hs.side[SIDE_SERVER].certs[0] = &other;
	hs.side[SIDE_SERVER].n_certs = 1;
	deployment_add_handshake(&b.d, &hs, &own, "x");
	assert_int_equal(b.d.side, DEPLOYED_UNKNOWN);
	hs.side[SIDE_SERVER].certs[0] = &own;
	deployment_add_handshake(&b.d, &hs, &own, "x");
	assert_int_equal(b.d.side, DEPLOYED_SERVER);
	deployment_end(&b.d, true);
	assert_true(needs_lacks(&b.d.needs, NEED_CLIENT));
	hs.side[SIDE_SERVER].n_certs = 0;
	hs.side[SIDE_CLIENT].certs[0] = &own;
	hs.side[SIDE_CLIENT].n_certs = 1;
	deployment_add_handshake(&b.d, &hs, &own, "x");
	assert_int_equal(b.d.side, DEPLOYED_CLIENT);
	assert_true(b.d.needs.found[NEED_CLIENT]);
	close_bench(&b);
}

static void test_captured__a_file_that_is_none_is_told(void **state)
{
	struct captured_reader r = { see, NULL, NULL };
	struct err e = { 0 };
	uint64_t dtls;

	(void)state;
	assert_false(captured_read("fixtures/config/forum/config.h", &r, &dtls, &e));
	assert_true(e.msg[0] != '\0');
}

/* ---- the report ---- */

static void test_report_deployment__text_and_json(void **state)
{
	static struct deployment d;
	struct page p = { .width = 80 };
	struct strbuf out = { 0 };
	struct json j = { .out = &out };

	(void)state;
	memset(&d, 0, sizeof d);
	report_deployment_text(&p, &d);
	assert_non_null(strstr(p.out.text, "no certificate, and no handshake"));
	strbuf_free(&p.out);
	d.certs[0] = (struct deployed_cert){ .own = true, .bytes = 1000 };
	d.n_certs = 2;
	d.n_handshakes = 3;
	needs_found(&d.needs, NEED_SHA512, "a.pem");
	needs_looked(&d.needs, false, true);
	p = (struct page){ .width = 200 };
	report_deployment_text(&p, &d);
	assert_non_null(strstr(p.out.text,
		"  looked at    1 certificate of its own (a Certificate message of 1,010 bytes), 1 "
		"CA, 3 handshakes\n"
		"  used         SHA-384, SHA-512 (a.pem)\n"
		"  not used     AES-256, "));
	assert_non_null(strstr(p.out.text, "  not known    PEM, RSA, P-384, "));
	report_deployment_json(&j, &d);
	assert_non_null(strstr(out.text, "\"own_certificates\":1,\"cas\":1,"
					 "\"certificate_message\":1010,\"handshakes\":3,"));
	assert_non_null(
		strstr(out.text, "{\"name\":\"SHA-512\",\"use\":\"used\",\"where\":\"a.pem\"}"));
	assert_non_null(strstr(out.text, "{\"name\":\"PEM\",\"use\":\"not-known\"}"));
	assert_non_null(strstr(out.text, "{\"name\":\"ALPN\",\"use\":\"not-used\"}"));
	strbuf_free(&p.out);
	strbuf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deployment__a_certificate_needs_its_key_and_its_signature),
		cmocka_unit_test(test_deployment__a_curve_of_others_may_be_spelled_out),
		cmocka_unit_test(test_deployment__a_key_is_in_a_file_of_some_form),
		cmocka_unit_test(test_needs__are_known_by_where_they_show),
		cmocka_unit_test(test_deployment__what_a_handshake_used_is_needed),
		cmocka_unit_test(test_deployment__what_is_encrypted_is_not_known),
		cmocka_unit_test(test_deployment__an_unanswered_hello_shows_no_need),
		cmocka_unit_test(test_deployment__its_certificate_tells_the_device),
		cmocka_unit_test(test_captured__a_file_that_is_none_is_told),
		cmocka_unit_test(test_report_deployment__text_and_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
