/* What a file is said to be that holds no certificate and no key, and how sure. */
#include "diagnose/files.h"
#include "pki/presented.h"
#include "support/unit.h"

#include <stdio.h>

struct judged {
	char summary[200], id[40], step[120];
	enum confidence confidence;
	enum severity severity;
	size_t n;
};

static struct judged judge(enum given_as as, struct bytes content)
{
	struct material m = { .arena = NULL };
	struct credentials credentials;
	struct presented_chains chains;
	struct credential_question cq = { NULL, 1700000000, NULL, PURPOSE_SERVER };
	struct files_question q = { &m, &credentials, &chains, NULL, cq.at, NULL, cq.purpose, 0,
		NULL, NULL };
	struct files_verdict v = { .findings = NULL };
	struct err e = { 0 };
	struct judged out = { .n = 0 };

	assert_true(material_open(&m, &e));
	assert_true(material_take(&m, "x.bin", as, content, NULL, &e));
	assert_true(credentials_judge(&m, &cq, &credentials));
	assert_true(presented_read(&m, &credentials, &cq, &chains));
	assert_true(files_judge(&q, m.arena, &v));
	out.n = v.n_findings;
	if (v.n_findings != 0) {
		const struct finding *f = &v.findings[0].finding;

		(void)snprintf(out.summary, sizeof out.summary, "%s", f->summary);
		(void)snprintf(out.id, sizeof out.id, "%s", f->cause->id);
		(void)snprintf(
			out.step, sizeof out.step, "%s", f->n_steps != 0 ? f->next_steps[0] : "");
		out.confidence = f->confidence;
		out.severity = f->severity;
	}
	files_verdict_free(&v);
	presented_free(&chains);
	credentials_free(&credentials);
	material_close(&m);
	return out;
}

#define BYTES(text) bytes_of((text), sizeof(text) - 1)

static void test_file_of_another_kind__is_named_for_what_it_is(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *name;
	} rows[] = {
		{ "<html><body>403</body></html>", 29, "an HTML page" },
		{ "\xd4\xc3\xb2\xa1\2\0\4\0", 8, "a capture" },
		{ "\xfe\xed\xfe\xed\0\0\0\2", 8, "a Java key store (JKS)" },
		{ "hello\n", 6, "neither PEM nor DER" },
		{ "", 0, "nothing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes b = bytes_of(rows[i].bytes, rows[i].len);
		struct judged any = judge(FOR_ANY, b), cert = judge(FOR_CERT, b);

		assert_string_equal(any.id, "file-of-another-kind");
		assert_string_equal(cert.id, "file-of-another-kind");
		assert_int_equal(any.severity, SEVERITY_WARNING);
		assert_int_equal(cert.severity, SEVERITY_ERROR);
		assert_non_null(strstr(any.summary, rows[i].name));
		assert_non_null(strstr(any.summary, "no certificate, no key"));
		assert_non_null(strstr(cert.summary, "not a certificate"));
	}
}

static void test_file_of_another_kind__is_no_broken_certificate(void **state)
{
	struct judged cut = judge(FOR_ANY, BYTES("\x30\x82\x01\x80\x30\x82\x01\x25\xa0\x03\x02\x01"
						 "\x02\x02\x01\x07\x30\x0a"));
	struct judged header = judge(FOR_ANY, BYTES("\x30\x82\x01\x80"));
	struct judged joined = judge(FOR_ANY,
		BYTES("-----BEGIN CERTIFICATE-----MIIBfjCCASWgAwIBAgIUOevSEPjqnBu6qYk0oYkYq1"
		      "c7cUQwCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKeC5leGFtcGxlMB4XDTI2MTEzMDE1-----END "
		      "CERTIFICATE-----"));

	(void)state;
	assert_string_equal(cut.id, "certificate-malformed");
	assert_int_equal(cut.confidence, CONFIDENCE_CERTAIN); /* its serial number was read */
	assert_true(header.n == 0 || header.confidence == CONFIDENCE_POSSIBLE ||
		    strcmp(header.id, "file-of-another-kind") == 0);
	assert_string_equal(joined.id, "certificate-malformed");
	assert_non_null(strstr(joined.summary, "in a form that nobody reads"));
	assert_non_null(strstr(joined.step, "lines of their own"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_of_another_kind__is_named_for_what_it_is),
		cmocka_unit_test(test_file_of_another_kind__is_no_broken_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
