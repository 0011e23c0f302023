/*
 * No report of a log has a secret in it, whatever its form: what the redactor knows for a secret is looked for in
 * all of them, in any grouping of its digits. Run at the top of the sources.
 */
#include "tlsdiag/tlsdiag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "log/dress.h"
#include "log/redact.h"
#include "support/unit.h"

/* What people post: a handshake that failed, and everything around it. */
static const char post[] =
	"$ ./ssl_client2 server_name=device.example psk=0123456789abcdef0011223344556677 "
	"psk_identity=x\n"
	"CLIENT_RANDOM aa00112233445566778899aabbccddeeff00112233445566778899aabbccddee "
	"c0ffee00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899"
	"00ab\n"
	"CLIENT_RANDOM c0ffee0011 c0ffee00112233445566778899aabb\n"
	"ssl_tls.c:5804: |2| => handshake\n"
	"ssl_cli.c:0106: |3| client hello, adding server name extension: device.example\n"
	"ssl_tls.c:1078: |3| dumping 'premaster secret' (32 bytes)\n"
	"ssl_tls.c:1078: |3| 0000:  f0 0d 00 11 22 33 44 55 66 77 88 99 aa bb cc dd  ....\"3DU\n"
	"ssl_tls.c:1078: |3| 0010:  f0 0d 00 11 22 33 44 55 66 77 88 99 aa bb cc dd  ....\"3DU\n"
	"    Master-Key: "
	"C0DEC0DE00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF0011223344556677\n"
	"> Authorization: Bearer deadbeefcafe0123456789deadbeef\n"
	"mqtts://sensor:dadadada00112233445566@device.example:8883/\n"
	"static const unsigned char psk[] = { 0xab, 0xad, 0x1d, 0xea, 0x00, 0x11, 0x22, 0x33, "
	"0x44, 0x55 };\n"
	"-----BEGIN EC PRIVATE KEY-----\n"
	"MHcCAQEEIOfakefakefakefakefakefakefakefakefakefakefakefakeoAoGCCqG\n"
	"-----END EC PRIVATE KEY-----\n"
	"mbedtls: x509_verify_cert() returned -9984 (-0x2700) password=0123456789abcdef99\n"
	"curl: (60) SSL certificate problem: self-signed certificate "
	"https://bob:fedcba98765432100123@host.example/\n"
	"mosquitto: certificate verify failed psk=0f0e0d0c0b0a09080706050403020100\n"
	"error: psk:0a0b0c0d0e0f101112131415 handshake failure, alert 40\n"
	"ssl_tls.c:5804: |1| mbedtls_ssl_handshake() returned -9984 (-0x2700)\n";

/* Of what is no hexadecimal, or not known again. */
static const char *const words[] = { "fedcba9876543210", "0f0e0d0c0b0a", "deadbeefcafe",
	"dadadada0011", "IOfakefake", "0123456789abcdef" };

static const char *const files[] = { "fixtures/log/well.log", "fixtures/log/untrusted.log",
	"fixtures/log/agree/device-well.log", "fixtures/log/agree/device-client-certificate.log",
	"fixtures/log/agree/openssl-well.log", "fixtures/log/agree/openssl-tls13.log",
	"fixtures/fuzz/log/secrets" };

static void learn(struct redact *r, const char *text)
{
	uint8_t copy[4096];

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		struct log_line line = { .whole = bytes_of(text, len) };

		assert_true(len < sizeof copy);
		memcpy(copy, text, len);
		dress_take_off(&line);
		(void)redact_line(r, &line, copy);
		text += len + (text[len] == '\n');
	}
}

/* The report, without its line ends: a secret may be wrapped. */
static void expect_silent(const struct redact *r, const char *name, char *report)
{
	uint8_t *copy = malloc(strlen(report) + 1);
	size_t n = 0;

	assert_non_null(copy);
	for (const char *p = report; *p != '\0'; p++)
		if (*p != '\n' && (*p != ' ' || (n != 0 && report[n - 1] != ' ')))
			report[n++] = *p;
	report[n] = '\0';
	memcpy(copy, report, n + 1);
	if (n != 0 && mask_known(&r->mask, bytes_of(report, n), copy))
		fail_msg("a secret of %s is in its report: %s", name, report);
	free(copy);
	for (size_t i = 0; i < COUNT(words); i++)
		if (strstr(report, words[i]) != NULL)
			fail_msg("%s is in the report of %s: %s", words[i], name, report);
}

static const enum tlsdiag_report forms[] = { TLSDIAG_TEXT, TLSDIAG_JSON, TLSDIAG_NDJSON,
	TLSDIAG_JUNIT, TLSDIAG_SARIF };

static void read_as(enum tlsdiag_report form, const char *name, int fd, const struct redact *r)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	char *report = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&report, &size);
	const struct tlsdiag_output also = { form, out };

	assert_non_null(out);
	tlsdiag_options_init(&o);
	o.list = TLSDIAG_LIST_ALL;
	o.has_at = true;
	o.at = 1798761600;
	o.deep_seconds = 0;
	if (form == TLSDIAG_JUNIT || form == TLSDIAG_SARIF) {
		o.also = &also;
		o.n_also = 1;
	} else {
		o.report = form;
		o.out = out;
	}
	run = tlsdiag_open(&o, &e);
	assert_non_null(run);
	assert_true(tlsdiag_read_open_log(run, fd, name, NULL, &e));
	assert_true(tlsdiag_finish(run, &e));
	tlsdiag_close(run);
	(void)fclose(out);
	assert_true(size > 100);
	expect_silent(r, name, report);
	free(report);
}

/* A descriptor of the text for each form; the file closes with the last. */
static void expect_no_secret(const char *name, const char *text)
{
	struct redact *r = calloc(1, sizeof *r);
	FILE *f = tmpfile();

	assert_non_null(r);
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fflush(f), 0);
	learn(r, text);
	for (size_t i = 0; i < COUNT(forms); i++) {
		int fd = dup(fileno(f));

		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		read_as(forms[i], name, fd, r);
	}
	(void)fclose(f);
	free(r);
}

static void test_silence__no_report_of_a_post_has_a_secret(void **state)
{
	struct redact *r = calloc(1, sizeof *r);
	char again[] = "\"words\": \"f0:0d:00:11:22:33:44:55:66:77\"";
	uint8_t copy[sizeof again];

	(void)state;
	assert_non_null(r);
	learn(r, post); /* what is looked for would be found */
	memcpy(copy, again, sizeof again);
	assert_true(mask_known(&r->mask, bytes_of(again, strlen(again)), copy));
	free(r);
	expect_no_secret("post", post);
}

static void test_silence__no_report_of_a_log_has_a_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		FILE *f = fopen(files[i], "r");
		char *text = calloc(1, 1 << 20);

		assert_non_null(f);
		assert_non_null(text);
		assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
		(void)fclose(f);
		expect_no_secret(files[i], text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence__no_report_of_a_post_has_a_secret),
		cmocka_unit_test(test_silence__no_report_of_a_log_has_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
