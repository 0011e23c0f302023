/* Copies of logs without names and addresses: what is taken out, what stays, and that none is forgotten. */
#include "base/array.h"
#include "base/strbuf.h"
#include "door/log_copy.h"
#include "log/anonymise.h"
#include "log/dump_names.h"
#include "log/marks.h"
#include "support/certs.h"
#include "support/unit.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* What fixtures/certs/leaf.crt is for: *.plant.example; and a word of that, as bytes. */
#define LEAF_NAME     "plc7.plant.example"
#define LEAF_WORD     "plant"
#define LEAF_WORD_HEX "70 6c 61 6e 74"

static struct bytes text_of(const char *s)
{
	return bytes_of(s, strlen(s));
}

static void keep(void *ctx, struct bytes line)
{
	strbuf_add(ctx, (const char *)line.data, line.len);
	strbuf_puts(ctx, "\n");
}

static void walk_lines(struct pseudonyms *p, const char *text, struct dump_names *to)
{
	uint8_t copy[4096];

	while (*text != '\0') {
		struct bytes line = bytes_of(text, strcspn(text, "\n"));

		assert_true(line.len < sizeof copy);
		memcpy(copy, line.data, line.len);
		anonymise_line(p, line, copy);
		if (to != NULL)
			assert_true(dump_names_take(to, bytes_of(copy, line.len)));
		text += line.len + (text[line.len] == '\n');
	}
}

/* The copy of a text that was walked through once for its names; the caller's to free. */
static struct strbuf copy_under(struct pseudonyms *p, const char *text)
{
	struct strbuf out = { 0 };
	struct dump_names *d = dump_names_open(p, keep, &out);

	assert_non_null(d);
	walk_lines(p, text, NULL);
	walk_lines(p, text, d);
	dump_names_end(d);
	dump_names_close(d);
	return out;
}

static void expect(const char *text, const char *wanted)
{
	struct pseudonyms *p = pseudonyms_open();
	struct strbuf out;

	assert_non_null(p);
	out = copy_under(p, text);
	if (strcmp(strbuf_text(&out), wanted) != 0)
		fail_msg("the copy of\n%sis\n%snot\n%s", text, strbuf_text(&out), wanted);
	strbuf_free(&out);
	pseudonyms_close(p);
}

static void test_anonymise__names_have_pseudonyms_of_their_length_and_kind(void **state)
{
	static const struct {
		const char *text, *copy;
	} rows[] = {
		{ "client hello, adding server name extension: plc7.acme-plant.de\n",
			"client hello, adding server name extension: nnna.nnnnnnnnna.de\n" },
		{ "  . Connecting to tcp/plc7/8883... ok\n",
			"  . Connecting to tcp/nnna/8883... ok\n" },
		{ "subject name      : C=DE, O=Acme Plant GmbH, CN=Acme Root CA 2024\n",
			"subject name      : C=DE, O=Nnna Nnnna NnnB, CN=Nnna Root CA 2024\n" },
		{ "depth=0 C = DE, O = \"Acme, Inc.\", CN = *.acme.io\n",
			"depth=0 C = DE, O = \"Nnna, Nna.\", CN = *.nnna.io\n" },
		{ "0 s:/C=DE/O=Acme/emailAddress=bob@acme.io\n",
			"0 s:/C=DE/O=Nnna/emailAddress=nna@nnna.io\n" },
		{ "id-at-commonName=plc7,id-at-organizationName=Acme)\n",
			"id-at-commonName=nnna,id-at-organizationName=Nnnb)\n" },
		{ "x509sat.uTF8String: ACME West\n", "x509sat.uTF8String: NNNA Nnnb\n" },
		{ "\"subject\" : \"CN=Müller, OU=x\", \"serial\" : 5\n",
			"\"subject\" : \"CN=Nnnnnna, OU=a\", \"serial\" : 5\n" },
		{ "CN=plc7, expired in May\n", "CN=nnna, expired in May\n" },
		{ "from 192.168.17.5:443 to 85.214.132.117.51000\n",
			"from 192.168.10.2:443 to 51.100.100.101.51000\n" },
		{ "IP Address:192.0.2.10, DNS:q7, IP:2a02:8071::5\n",
			"IP Address:198.1.1.11, DNS:na, IP:0001:0002::1\n" },
		{ "Added q.io:4433:192.0.2.10 to\n", "Added a.io:4433:198.1.1.11 to\n" },
		{ "ssl_client2 psk_identity=sensor-17\n", "ssl_client2 psk_identity=nnnnnnnna\n" },
		{ "10.1.2.3 and 10.1.2.3 and 10.1.2.4\n", "10.1.1.2 and 10.1.1.2 and 10.1.1.3\n" },
		{ "fe80::a1b2:3 [2a02:8071::5]:443\n", "fe80::0001:1 [0002:0003::2]:443\n" },
		{ "mac b8:27:eb:12:34:56, B8-27-EB-12-34-57\n",
			"mac 02:00:00:00:00:01, 02-00-00-00-00-02\n" },
		{ "see https://bob:x@wiki.acme.io/tls?u=1\n",
			"see https://nna:a@nnna.nnnb.io/tls?u=1\n" },
		{ "jdoe@plc7:~$ /"
		  "home/jdoe/a C:\\Users\\jdoe\\b\n",
			"nnna@nnnb:~$ /"
			"home/nnna/a C:\\Users\\nnna\\b\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(rows[i].text, rows[i].copy);
}

static void test_anonymise__what_tells_of_no_one_stays(void **state)
{
	static const char *const texts[] = {
		"ssl_tls.c:1078: |3| 0x7ffd81ce2e60: => handshake\n",
		"  . Connecting to tcp/localhost/4433... 127.0.0.1 ::1 0.0.0.0\n",
		"javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException\n",
		"802B3C51437F0000:error:0A000086:SSL routines:tls_process:failed:../ssl/t1.c:18:\n",
		"2024-05-01 12:34:56.789 [12:00:01] mbed TLS 2.28.3, OpenSSL 3.0.15\n",
		"1.2.840.10045.4.3.2 2.5.29.17\n",
		"serial number     : 0A:1B:2C:3D:4E:5F:60:71\n",
		"connect to the server, host is down, hostname mismatch\n",
		"CN=localhost\n",
		"MIIBszCCAVmgAwIBAgIUO+L/CN9zZQ==\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		expect(texts[i], texts[i]);
}

static void test_anonymise__names_in_bytes_go_from_row_to_row_and_from_arrays(void **state)
{
	(void)state;
	expect("SNI: plc7.acme.io\n"
	       "ssl_cli.c:1: |4| 0000:  00 0c 70 6c 63 37 2e 61  ..plc7.a\n"
	       "ssl_cli.c:1: |4| 0008:  63 6d 65 2e 69 6f 00 0b  cme.io..\n"
	       "0x50, 0x4C, 0x43, 0x37, 0x2E, 0x61, 0x63, 0x6D, 0x65, 0x2E,\n"
	       "0x69, 0x6F\n"
	       "160301706c63372e61636d652e696fff\n",
		"SNI: nnna.nnnb.io\n"
		"ssl_cli.c:1: |4| 0000:  00 0c 6e 6e 6e 61 2e 6e  ..nnna.n\n"
		"ssl_cli.c:1: |4| 0008:  6e 6e 62 2e 69 6f 00 0b  nnb.io..\n"
		"0x6e, 0x6E, 0x6e, 0x61, 0x2E, 0x6e, 0x6e, 0x6E, 0x62, 0x2E,\n"
		"0x69, 0x6F\n"
		"1603016e6e6e612e6e6e6e622e696fff\n");
}

/* A name is told in the last line only, and stands in all of them. */
static void test_anonymise__a_name_is_known_before_it_is_told(void **state)
{
	(void)state;
	expect("warm up plc7\n"
	       "0000: 70 6c 63 37 00 00 00 00  plc7....\n"
	       "hostname=plc7\n",
		"warm up nnna\n"
		"0000: 6e 6e 6e 61 00 00 00 00  nnna....\n"
		"hostname=nnna\n");
}

static void test_anonymise__no_two_names_become_one(void **state)
{
	enum { NAMES = 2000 };
	struct pseudonyms *p = pseudonyms_open();
	char seen[NAMES][8];

	(void)state;
	assert_non_null(p);
	for (unsigned i = 0; i < NAMES; i++) {
		char name[8];

		(void)snprintf(name, sizeof name, "q%05u", i);
		memset(seen[i], 0, sizeof seen[i]);
		pseudonym_word(p, text_of(name), (uint8_t *)seen[i]);
		assert_string_not_equal(seen[i], name);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(seen[i], seen[k]);
	}
	pseudonyms_close(p);
}

/* Beyond what is remembered names still go: all of them look alike then. */
static void test_anonymise__more_names_than_are_remembered_go_as_well(void **state)
{
	struct pseudonyms *p = pseudonyms_open();
	uint8_t text[8];

	(void)state;
	assert_non_null(p);
	for (unsigned i = 0; i < PSEUDONYMS_MAX + 2; i++) {
		char name[9];

		(void)snprintf(name, sizeof name, "q%07u", i);
		pseudonym_word(p, text_of(name), text);
	}
	assert_memory_equal(text, "nnnnnnnn", 8);
	pseudonyms_close(p);
}

/* ---- whole logs ---- */

static const char log_text[] =
	"jdoe@build-77:~$ ./ssl_client2 server_name=plc7.acme-plant.de server_addr=192.168.17.5\n"
	"  . Connecting to tcp/plc7.acme-plant.de/8883... ok\n"
	"  . Performing the SSL/TLS handshake...ssl_tls.c:1: |2| => handshake\n"
	"ssl_cli.c:106: |3| client hello, adding server name extension: plc7.acme-plant.de\n"
	"ssl_msg.c:1: |4| dumping 'output record sent to network' (47 bytes)\n"
	"ssl_msg.c:1: |4| 0000:  00 00 00 17 00 15 00 00 12 70 6c 63 37 2e 61 63  "
	".........plc7.ac\n"
	"ssl_msg.c:1: |4| 0010:  6d 65 2d 70 6c 61 6e 74 2e 64 65 00 0b 00 02 01  "
	"me-plant.de.....\n"
	"* Could not resolve host: mirror9; trying 85.214.132.117, 2a02:8071:5::9\n"
	"subject: C=DE; O=Westwerk AG; CN=plc7.acme-plant.de\n"
	"b8:27:eb:12:34:56 talks, mail to Bob.Smith@westwerk.com, /"
	"home/jdoe/keys\n"
	"mirror9 is back, build-77 too\n";

/* In lower case. */
static const char *const originals[] = { "plc7", "acme", "192.168.17", "mirror9", "85.214", "2a02",
	"westwerk", "b8:27:eb", "bob", "smith", "jdoe", "build-77", "706c6337", "70 6c 63 37",
	"61 63 6d 65" };

static int file_of(const char *text)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	assert_int_equal(fputs(text, f) < 0, 0);
	assert_int_equal(fflush(f), 0);
	fd = dup(fileno(f));
	assert_true(fd >= 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	(void)fclose(f);
	return fd;
}

static void read_once(struct log_copy *c, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		log_copy_line(c, bytes_of(text, len));
		text += len + (text[len] == '\n');
	}
}

/* What is written of a log in which that handshake was seen; the caller's to free. hs NULL: none. */
static char *written(struct log_copy *c, const char *text, const struct handshake *hs)
{
	int fd = file_of(text);
	char *copy = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&copy, &size);
	struct err e = { 0 };

	assert_non_null(out);
	assert_true(log_copy_add(c, fd, "x.log", &e));
	read_once(c, text);
	if (hs != NULL)
		log_copy_see(c, hs);
	assert_true(log_copy_write(c, out, &e));
	(void)fclose(out);
	(void)close(fd);
	return copy;
}

static void test_copy__no_original_name_is_left(void **state)
{
	struct log_copy *c = log_copy_open();
	char *copy;

	(void)state;
	assert_non_null(c);
	copy = written(c, log_text, NULL);
	assert_int_equal(strlen(copy), strlen(log_text));
	for (size_t i = 0; i < COUNT(originals); i++)
		if (mark_behind(text_of(copy), originals[i]) != MARK_NOWHERE)
			fail_msg("'%s' is left in\n%s", originals[i], copy);
	assert_null(log_copy_name(c, 0));
	free(copy);
	log_copy_close(c);
}

/* The hello asks for `name`; the server shows a certificate for server.example, or none. */
static char *copy_with(struct log_copy *c, const char *name, bool certificate, bool verify)
{
	struct cert_store *store = cert_store_open(1 << 20);
	struct handshake hs = { .id = 1 };
	char text[256], *copy;

	assert_non_null(store);
	hs.client_hello.ext.server_name = text_of(name);
	hs.side[SIDE_SERVER].verify.seen = verify;
	if (certificate) {
		hs.side[SIDE_SERVER].certs[0] = fixture_cert(store, "leaf");
		hs.side[SIDE_SERVER].n_certs = 1;
	}
	(void)snprintf(text, sizeof text, "SNI: %s\n0000: %02x %02x %02x %02x\n", name, name[0],
		name[1], name[2], name[3]);
	copy = written(c, text, &hs);
	cert_store_close(store);
	return copy;
}

static void expect_copy(const char *name, bool certificate, bool verify, bool stays)
{
	struct log_copy *c = log_copy_open();
	char *copy;

	assert_non_null(c);
	copy = copy_with(c, name, certificate, verify);
	assert_int_equal(strstr(copy, name) != NULL, stays);
	assert_int_equal(log_copy_name(c, 0) != NULL, stays);
	if (stays)
		assert_string_equal(log_copy_name(c, 0), name);
	assert_int_equal(log_copy_certificates(c), certificate);
	free(copy);
	log_copy_close(c);
}

static void test_copy__a_name_stays_that_a_certificate_or_a_signature_must_agree_with(void **state)
{
	(void)state;
	expect_copy(LEAF_NAME, true, false, true);
	expect_copy("sister." LEAF_NAME, true, false, true);
	expect_copy(LEAF_NAME, false, false, false);
	expect_copy("plc7.acme.io", true, false, false);
	expect_copy("plc7.acme.io", false, true, true);
}

static void test_copy__a_name_that_was_given_stays(void **state)
{
	struct log_copy *c = log_copy_open();
	char *copy;

	(void)state;
	assert_non_null(c);
	log_copy_keep(c, NULL);
	log_copy_keep(c, "plc7.acme.io");
	copy = written(c, "SNI: plc7.acme.io\nSNI: plc8.acme.io\n", NULL);
	assert_string_equal(copy, "SNI: plc7.acme.io\nSNI: nnna.nnnb.io\n");
	assert_string_equal(log_copy_name(c, 0), "plc7.acme.io");
	assert_null(log_copy_name(c, 1));
	free(copy);
	log_copy_close(c);
}

/* Bytes of a certificate cannot be told from those of a hello: what is in one stays in both. */
static void test_copy__bytes_that_a_certificate_has_stay(void **state)
{
	struct cert_store *store = cert_store_open(1 << 20);
	struct log_copy *c = log_copy_open();
	struct handshake hs = { .id = 1 };
	char *copy;

	(void)state;
	assert_non_null(c);
	hs.side[SIDE_SERVER].certs[0] = fixture_cert(store, "leaf");
	hs.side[SIDE_SERVER].n_certs = 1;
	copy = written(c, "hostname=" LEAF_WORD "\n0000: " LEAF_WORD_HEX "\n", &hs);
	assert_non_null(strstr(copy, LEAF_WORD_HEX));
	assert_null(strstr(copy, LEAF_WORD "\n"));
	free(copy);
	log_copy_close(c);
	cert_store_close(store);
}

static void test_copy__what_cannot_be_read_twice_is_refused(void **state)
{
	struct log_copy *c = log_copy_open();
	struct err e = { 0 };
	int fds[2];

	(void)state;
	assert_non_null(c);
	assert_int_equal(pipe(fds), 0);
	assert_false(log_copy_add(c, fds[0], "-", &e));
	assert_non_null(strstr(e.msg, "put it into a file"));
	(void)close(fds[0]);
	(void)close(fds[1]);
	log_copy_close(c);
}

/* CPU time for so many bytes of that, in lines of `len`. */
static clock_t time_of(const char *part, size_t bytes, size_t len)
{
	struct pseudonyms *p = pseudonyms_open();
	uint8_t *line = malloc(len), *copy = malloc(len);
	clock_t begun;

	assert_non_null(p);
	assert_non_null(line);
	assert_non_null(copy);
	for (size_t k = 0; k < len; k++)
		line[k] = (uint8_t)part[k % strlen(part)];
	begun = clock();
	for (size_t n = 0; n < bytes; n += len) {
		memcpy(copy, line, len);
		anonymise_line(p, bytes_of(line, len), copy);
	}
	begun = clock() - begun;
	free(line);
	free(copy);
	pseudonyms_close(p);
	return begun;
}

/* A line is walked through a few times, not once for each of its parts: else it would be hundreds of times. */
static void test_anonymise__a_long_line_takes_no_longer_than_many_short_ones(void **state)
{
	static const char *const parts[] = { "CN=", "O = x ",
		"utf8string: ", "host=", "1:", "a.de ", "/users/", "sni ", "a@", "1.2.3.4." };
	enum { BYTES = 260000, LONG = 65000, SHORT = 130, TIMES_MOST = 20 };

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		clock_t many = time_of(parts[i], BYTES, SHORT),
			one = time_of(parts[i], BYTES, LONG);

		if (one > TIMES_MOST * (many + CLOCKS_PER_SEC / 100))
			fail_msg("lines of '%s': %ld and %ld", parts[i], (long)many, (long)one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anonymise__names_have_pseudonyms_of_their_length_and_kind),
		cmocka_unit_test(test_anonymise__what_tells_of_no_one_stays),
		cmocka_unit_test(test_anonymise__names_in_bytes_go_from_row_to_row_and_from_arrays),
		cmocka_unit_test(test_anonymise__a_name_is_known_before_it_is_told),
		cmocka_unit_test(test_anonymise__no_two_names_become_one),
		cmocka_unit_test(test_anonymise__more_names_than_are_remembered_go_as_well),
		cmocka_unit_test(test_anonymise__a_long_line_takes_no_longer_than_many_short_ones),
		cmocka_unit_test(test_copy__no_original_name_is_left),
		cmocka_unit_test(
			test_copy__a_name_stays_that_a_certificate_or_a_signature_must_agree_with),
		cmocka_unit_test(test_copy__a_name_that_was_given_stays),
		cmocka_unit_test(test_copy__bytes_that_a_certificate_has_stay),
		cmocka_unit_test(test_copy__what_cannot_be_read_twice_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
