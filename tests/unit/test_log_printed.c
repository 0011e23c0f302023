/* Certificates that logs print as text: what of them is read, in the words of each program. */
#include "log/printed.h"

#include "support/unit.h"

#include <stdlib.h>

static bool put(struct printed *p, const char *text, uint64_t number)
{
	struct log_line line = { .at = { number, LOG_NO_TIME } };

	line.text = line.whole = bytes_of(text, strlen(text));
	return printed_take(p, &line);
}

static void put_all(struct printed *p, const char *text)
{
	uint64_t number = 1;
	char *copy = strdup(text), *rest = copy, *one;

	assert_non_null(copy);
	while ((one = strsep(&rest, "\n")) != NULL)
		(void)put(p, one, number++);
	free(copy);
}

enum { FROM = 1796064442, UNTIL = FROM + 365 * 86400 }; /* 2026-11-30 18:47:22 UTC, 2027-11-30 */

/* Each as the program printed it of one certificate; the lines of its key's bytes are cut. */
static const struct {
	const char *name, *text;
	struct printed_cert want;
} rows[] = {
	{ "mbedTLS 2.28, level 3",
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: peer certificate #1:\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: cert. version     : 3\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: serial number     : 4C:8E:6D\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: issuer name       : CN=Test Root\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: subject name      : CN=dev.example\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: issued  on        : 2026-11-30 18:47:22\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: expires on        : 2027-11-30 18:47:22\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: signed using      : RSA with SHA1\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: RSA key size      : 1024 bits\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: subject alt name  :\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920:     dNSName : dev.example\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920:     iPAddress : 127.0.0.1\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: ext key usage     : TLS Web Client "
		"Authentication\n"
		"ssl_tls.c:2454: |3| 0x7ffd1fe36920: value of 'crt->rsa.N' (1024 bits) is:",
		{ .line = 2,
			.whole = true,
			.has_names = true,
			.names = "dev.example 127.0.0.1",
			.key = KEY_RSA,
			.key_bits = 1024,
			.hash = HASH_SHA1,
			.has_usage = true,
			.usage = PRINTED_FOR_CLIENTS } },
	{ "mbedTLS's verify callback",
		"Verify requested for (Depth 0):\ncert. version     : 3\n"
		"issuer name       : CN=Test Root\nsubject name      : CN=dev.example\n"
		"issued  on        : 2026-11-30 18:47:22\nexpires on        : 2027-11-30 18:47:22\n"
		"signed using      : ECDSA with SHA256\nEC key size       : 256 bits\n"
		"basic constraints : CA=false\nkey usage         : Digital Signature\n"
		"  This certificate has no flags",
		{ .line = 2, .whole = true, .key = KEY_EC, .key_bits = 256, .hash = HASH_SHA256 } },
	{ "openssl x509 -text",
		"Certificate:\n    Data:\n        Version: 3 (0x2)\n"
		"        Signature Algorithm: sha1WithRSAEncryption\n"
		"        Issuer: CN = Test Root\n        Validity\n"
		"            Not Before: Nov 30 18:47:22 2026 GMT\n"
		"            Not After : Nov 30 18:47:22 2027 GMT\n"
		"        Subject: CN = dev.example\n        Subject Public Key Info:\n"
		"            Public Key Algorithm: rsaEncryption\n"
		"                Public-Key: (1024 bit)\n        X509v3 extensions:\n"
		"            X509v3 Subject Alternative Name: \n"
		"                DNS:dev.example, IP Address:192.0.2.1\n"
		"            X509v3 Extended Key Usage: \n"
		"                TLS Web Client Authentication, TLS Web Server Authentication\n"
		"    Signature Algorithm: sha1WithRSAEncryption",
		{ .line = 3,
			.whole = true,
			.has_names = true,
			.names = "dev.example 192.0.2.1",
			.key = KEY_RSA,
			.key_bits = 1024,
			.hash = HASH_SHA1,
			.has_usage = true,
			.usage = PRINTED_FOR_SERVERS | PRINTED_FOR_CLIENTS } },
	{ "the same of a key on a curve, of which the end is missing",
		"        Version: 3 (0x2)\n        Signature Algorithm: ecdsa-with-SHA256\n"
		"        Issuer: CN = Test Root\n"
		"            Not Before: Nov 30 18:47:22 2026 GMT\n"
		"            Not After : Nov 30 18:47:22 2027 GMT\n"
		"        Subject: CN = dev.example\n"
		"            Public Key Algorithm: id-ecPublicKey\n"
		"                Public-Key: (521 bit)\n                ASN1 OID: secp521r1\n"
		"                NIST CURVE: P-521",
		{ .line = 1,
			.key = KEY_EC,
			.key_bits = 521,
			.key_group = 0x0019,
			.hash = HASH_SHA256 } },
	{ "s_client's chain",
		"Certificate chain\n 0 s:CN = dev.example\n   i:CN = Test Root\n"
		"   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n"
		"   v:NotBefore: Nov 30 18:47:22 2026 GMT; NotAfter: Nov 30 18:47:22 2027 GMT",
		{ .line = 2, .key = KEY_RSA, .key_bits = 2048, .hash = HASH_SHA256 } },
	{ "gnutls-cli",
		"- Certificate[0] info:\n - subject `CN=dev.example', issuer `CN=Test Root', "
		"serial "
		"0x4c8e, RSA key 2048 bits, signed using RSA-SHA256, activated `2026-11-30 "
		"18:47:22 UTC', expires `2027-11-30 18:47:22 UTC', pin-sha256=\"x\"",
		{ .line = 2, .key = KEY_RSA, .key_bits = 2048, .hash = HASH_SHA256 } },
	{ "Java",
		"    \"certificate\" : {\n      \"version\"            : \"v3\",\n"
		"      \"signature algorithm\": \"SHA1withRSA\",\n"
		"      \"issuer\"             : \"CN=Test Root\",\n"
		"      \"not before\"         : \"2026-11-30 18:47:22.000 UTC\",\n"
		"      \"not  after\"         : \"2027-11-30 18:47:22.000 UTC\",\n"
		"      \"subject\"            : \"CN=dev.example\",\n"
		"      \"subject public key\" : \"RSA\",\n"
		"          ExtendedKeyUsages [\n            clientAuth\n          ]\n"
		"          SubjectAlternativeName [\n            DNSName: dev.example\n          ]",
		{ .line = 2,
			.has_names = true,
			.names = "dev.example",
			.key = KEY_RSA,
			.hash = HASH_SHA1,
			.has_usage = true,
			.usage = PRINTED_FOR_CLIENTS } },
	{ "Java's toString()",
		"[\n  Version: V3\n  Subject: CN=dev.example\n"
		"  Signature Algorithm: SHA256withRSA, OID = 1.2.840.113549.1.1.11\n\n"
		"  Key:  Sun RSA public key, 2048 bits\n"
		"  Validity: [From: Mon Nov 30 18:47:22 UTC 2026,\n"
		"               To: Tue Nov 30 18:47:22 UTC 2027]\n  Issuer: CN=Test Root\n"
		"SubjectAlternativeName [\n  DNSName: dev.example\n  IPAddress: 192.0.2.1\n]",
		{ .line = 2,
			.has_names = true,
			.names = "dev.example 192.0.2.1",
			.key = KEY_RSA,
			.key_bits = 2048,
			.hash = HASH_SHA256 } },
	{ "curl",
		"* Server certificate:\n*  subject: CN=dev.example\n"
		"*  start date: Nov 30 18:47:22 2026 GMT\n*  expire date: Nov 30 18:47:22 2027 "
		"GMT\n"
		"*  issuer: CN=Test Root",
		{ .line = 2 } },
	{ "curl with GnuTLS",
		"*  subject: CN=dev.example\n*  start date: Mon, 30 Nov 2026 18:47:22 GMT\n"
		"*  expire date: Tue, 30 Nov 2027 18:47:22 GMT\n*  issuer: CN=Test Root",
		{ .line = 1 } },
};

/* OpenSSL puts blanks around the '='. */
static bool same_name(const char *have, const char *want)
{
	for (;; have++, want++) {
		while (*have == ' ' && (have[1] == '=' || have[-1] == '='))
			have++;
		if (*have != *want)
			return false;
		if (*have == '\0')
			return true;
	}
}

static void test_printed__each_program_in_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct printed_cert *want = &rows[i].want;
		struct printed p = { 0 };

		put_all(&p, rows[i].text);
		print_message("%s\n", rows[i].name);
		assert_true(p.open);
		assert_true(same_name(p.cert.subject, "CN=dev.example"));
		assert_true(p.cert.issuer[0] == '\0' || same_name(p.cert.issuer, "CN=Test Root"));
		assert_int_equal(p.cert.not_before, FROM);
		assert_int_equal(p.cert.not_after, UNTIL);
		assert_int_equal(p.cert.line, want->line);
		assert_int_equal(p.cert.depth, 0);
		assert_int_equal(p.cert.whole, want->whole);
		assert_int_equal(p.cert.has_names, want->has_names);
		assert_string_equal(p.cert.names, want->names);
		assert_int_equal(p.cert.key, want->key);
		assert_int_equal(p.cert.key_bits, want->key_bits);
		assert_int_equal(p.cert.key_group, want->key_group);
		assert_int_equal(p.cert.hash, want->hash);
		assert_int_equal(p.cert.has_usage, want->has_usage);
		assert_int_equal(p.cert.usage, want->usage);
		assert_false(p.cert.far);
	}
}

static void test_printed__a_heading_says_whose_it_is_and_how_deep(void **state)
{
	struct printed p = { 0 };

	(void)state;
	put_all(&p, "own certificate #1:\ncert. version     : 3\nsubject name      : CN=a");
	assert_true(p.cert.own);
	assert_int_equal(p.cert.depth, 0);
	put_all(&p, "peer certificate #2:\ncert. version     : 3\nsubject name      : CN=b");
	assert_false(p.cert.own);
	assert_int_equal(p.cert.depth, 1);
	put_all(&p,
		"Verify requested for (Depth 2):\ncert. version     : 3\nsubject name      : CN=c");
	assert_int_equal(p.cert.depth, 2);
	put_all(&p, " 1 s:CN = d");
	assert_int_equal(p.cert.depth, 1);
}

/* Without a heading the second is the first one's issuer. */
static void test_printed__the_next_is_one_deeper(void **state)
{
	struct printed p = { 0 };

	(void)state;
	put_all(&p, "Subject: CN=a\nNot After : Nov 30 18:47:22 2027 GMT\nIssuer: CN=b");
	assert_int_equal(p.cert.depth, 0);
	put_all(&p, "Subject: CN=b\nNot After : Nov 30 18:47:22 2028 GMT");
	assert_int_equal(p.cert.depth, 1);
	assert_string_equal(p.cert.subject, "CN=b");
	assert_string_equal(p.cert.issuer, "");
}

static void test_printed__dates_of_each_form(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
		bool far;
	} dates[] = {
		{ "2026-11-30 18:47:22", FROM, false },
		{ "2026-11-30 18:47:22.000 UTC", FROM, false },
		{ "2026-11-30T18:47:22Z", FROM, false },
		{ "Nov 30 18:47:22 2026 GMT", FROM, false },
		{ "Mon, 30 Nov 2026 18:47:22 GMT", FROM, false },
		{ "Mon Nov 30 18:47:22 UTC 2026", FROM, false },
		{ "Mon Nov 30 18:47:22 CET 2026", FROM, true },
		{ "Nov  3 18:47:22 2026 GMT", FROM - 27 * 86400, false },
		{ "2026-11-30", FROM - (18 * 60 + 47) * 60 - 22, false },
		{ "", PRINTED_NO_DATE, false },
		{ "18:47:22", PRINTED_NO_DATE, false },
		{ "2026-02-30 00:00:00", PRINTED_NO_DATE, false },
		{ "2026-13-01", PRINTED_NO_DATE, false },
		{ "Nov 30", PRINTED_NO_DATE, false },
		{ "tomorrow, at 2026", PRINTED_NO_DATE, false },
		{ "99999999999999999999 Nov 30", PRINTED_NO_DATE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		bool far;
		int64_t t = printed_date(bytes_of(dates[i].text, strlen(dates[i].text)), &far);

		print_message("%s\n", dates[i].text);
		assert_int_equal(t, dates[i].want);
		if (t != PRINTED_NO_DATE)
			assert_int_equal(far, dates[i].far);
	}
}

static void test_printed__other_lines_say_nothing(void **state)
{
	static const char *const lines[] = { "", ":", "  :", "expires on: Monday",
		"my subject name : the weather", "- subject `CN=x', issuer `CN=y'",
		"Re: Subject: CN = x", "Not After : the weekend", "To: you", "DNS:x.example",
		"a:PKEY: rsaEncryption, 1024 (bit); sigalg: RSA-SHA1" };
	struct printed p = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_false(put(&p, lines[i], 1));
	assert_false(p.open);
}

/* So many names that there is no room: nothing is concluded from those that are kept. */
static void test_printed__names_without_room_are_told(void **state)
{
	struct printed p = { 0 };

	(void)state;
	put_all(&p, "Subject: CN=a\nX509v3 Subject Alternative Name:");
	for (unsigned i = 0; i < 40; i++) {
		assert_true(put(&p, "DNS:a-name-of-some-length.example", 3 + i));
		assert_true(strlen(p.cert.names) < PRINTED_NAMES);
	}
	assert_true(p.cert.names_cut);
}

/* Every beginning, in room of its own: nothing is read behind the end. */
static void test_printed__a_line_may_end_anywhere(void **state)
{
	static const char *const lines[] = {
		"- subject `CN=x', RSA key 10 bits, signed using MD5, expires `2023-01-02'",
		"0x7fff: expires on        : 2024-01-02 03:04:05",
		" 0 s:CN = x",
		"   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256",
		"   v:NotBefore: Nov 30 18:47:22 2026 GMT; NotAfter: Nov 30 18:47:22 2027 GMT",
		"X509v3 Subject Alternative Name: DNS:a, DNS:b, IP Address:192.0.2.1",
		"\"not  after\"         : \"2027-11-30 18:47:22.000 UTC\",",
		"Verify requested for (Depth 2):",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		for (size_t len = 0; len <= strlen(lines[i]); len++) {
			struct printed p = { .open = true };
			char *cut = malloc(len + 1);
			struct log_line line = { .at = { 1, LOG_NO_TIME } };

			assert_non_null(cut);
			memcpy(cut, lines[i], len);
			line.text = line.whole = bytes_of(cut, len);
			for (int wait = PRINTED_WAITS_NOT; wait <= PRINTED_WAITS_USAGE; wait++) {
				p.wait = (enum printed_wait)wait;
				(void)printed_take(&p, &line);
			}
			assert_true(strlen(p.cert.until) < PRINTED_TEXT);
			free(cut);
		}
}

/* Nothing in front of the blanks: it was looked for before the line began. */
static void test_printed__a_line_that_is_shorter_than_the_words_is_none(void **state)
{
	(void)state;
	for (size_t blanks = 0; blanks < 24; blanks++) {
		char *exact = malloc(blanks + 1); /* so that a byte too far is seen */
		struct printed p = { 0 };
		struct log_line line = { .at = { 1, LOG_NO_TIME } };

		assert_non_null(exact);
		memset(exact, ' ', blanks);
		exact[blanks] = ':';
		exact[0] = blanks != 0 ? '.' : ':'; /* or it is trimmed */
		line.text = line.whole = bytes_of(exact, blanks + 1);
		assert_false(printed_take(&p, &line));
		free(exact);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed__each_program_in_its_words),
		cmocka_unit_test(test_printed__a_heading_says_whose_it_is_and_how_deep),
		cmocka_unit_test(test_printed__the_next_is_one_deeper),
		cmocka_unit_test(test_printed__dates_of_each_form),
		cmocka_unit_test(test_printed__other_lines_say_nothing),
		cmocka_unit_test(test_printed__names_without_room_are_told),
		cmocka_unit_test(test_printed__a_line_may_end_anywhere),
		cmocka_unit_test(test_printed__a_line_that_is_shorter_than_the_words_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
