/* src/pki: the files a user gives, and what is said when they are not what they should be. */
#include "support/unit.h"

#include "pki/material.h"
#include "pki/pem.h"
#include "support/certs.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/tlsdiag-test-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static void path_in_folder(const char *name, char out[static 128])
{
	(void)snprintf(out, 128, "%s/%s", folder, name);
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

/* Writes `text` with `%` in it replaced by the PEM of fixtures/certs/leaf.crt. */
static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	for (; *text != '\0'; text++) {
		FILE *in;
		int c;

		if (*text != '%') {
			(void)fputc(*text, out);
			continue;
		}
		in = fopen("fixtures/certs/leaf.crt", "rb");
		assert_non_null(in);
		while ((c = fgetc(in)) != EOF)
			(void)fputc(c, out);
		(void)fclose(in);
	}
	(void)fclose(out);
}

/* Opens a CA file of that text; -1 and e when that fails. */
static int count_trusted(const char *text, struct err *e)
{
	struct trust *t;
	char path[128];
	int n;

	path_in_folder("ca.pem", path);
	write_file(path, text);
	t = trust_open(path, e);
	n = t != NULL ? (int)trust_count(t) : -1;
	trust_close(t);
	(void)remove(path);
	return n;
}

static void test_trust__a_bundle_is_read_as_people_edit_it(void **state)
{
	static const struct {
		const char *text;
		int n;
	} rows[] = {
		{ "", 0 },
		{ " \r\n\t\n", 0 },
		{ "%", 1 },
		{ "%%", 1 }, /* equal ones count once */
		{ "\xef\xbb\xbf%", 1 },
		{ "# the CA of the plant\n\nsubject=CN = x\n%\n# end\n", 1 },
		{ "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n%", 1 },
		{ "  %", 1 },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(count_trusted(rows[i].text, &e), rows[i].n);
}

static void test_trust__what_is_no_ca_file_is_said(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "hello", "holds neither PEM nor DER, not a certificate" },
		{ "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
			"holds a private key, not a certificate" },
		{ "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
			"holds a certificate revocation list, not a certificate" },
		{ "%\n-----BEGIN CERTIFICATE-----\nMIIB\n", "has no END line" },
		{ "-----BEGIN CERTIFICATE-----\nMI!B\n-----END CERTIFICATE-----\n", "line 1 of" },
		{ "\n-----BEGIN CERTIFICATE-----\nMIIBA\n-----END CERTIFICATE-----\n",
			"is not valid base64" },
		{ "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
			"is not valid base64" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err e = { ERR_NONE, 0, "" };

		assert_int_equal(count_trusted(rows[i].text, &e), -1);
		assert_int_equal(e.code, ERR_INPUT);
		assert_non_null(strstr(e.msg, rows[i].message));
	}
}

static void test_trust__a_missing_file_is_an_error(void **state)
{
	struct err e = { ERR_NONE, 0, "" };

	(void)state;
	assert_null(trust_open("fixtures/certs/none.pem", &e));
	assert_int_equal(e.code, ERR_OS);
	assert_non_null(strstr(e.msg, "cannot open 'fixtures/certs/none.pem': "));
}

static void test_trust__a_folder_gives_its_certificates_and_skips_the_rest(void **state)
{
	static const char *const names[] = { "a.pem", "b.txt", "empty", "key.pem" };
	static const char *const texts[] = { "%", "notes", "",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" };
	char path[128], link[128], sub[128];
	struct err e = { ERR_NONE, 0, "" };
	struct trust *t;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		path_in_folder(names[i], path);
		write_file(path, texts[i]);
	}
	path_in_folder("nowhere", link);
	assert_int_equal(symlink("gone", link), 0);
	path_in_folder("sub", sub);
	assert_int_equal(mkdir(sub, 0700), 0);

	t = trust_open(folder, &e);
	assert_non_null(t);
	assert_int_equal(trust_count(t), 1);
	assert_string_equal(trust_at(t, 0)->subject, "CN=device.example");
	trust_close(t);

	(void)remove(link);
	(void)rmdir(sub);
	for (size_t i = 0; i < 4; i++) {
		path_in_folder(names[i], path);
		(void)remove(path);
	}
}

/* Of zeros, which take no room on the disk. */
static void write_zeros(const char *path, long len)
{
	write_file(path, "");
	assert_int_equal(truncate(path, len), 0);
}

/* A folder of CAs holds 64 MiB at most, whatever is in its files. */
static void test_trust__a_folder_is_read_to_its_limit(void **state)
{
	enum { FILES = 4, EACH = 16 * 1024 * 1024 };
	char path[FILES + 1][128];
	struct err e = { ERR_NONE, 0, "" };
	struct trust *t;

	(void)state;
	for (int i = 0; i <= FILES; i++) {
		const char name[] = { (char)('a' + i), '\0' };

		path_in_folder(name, path[i]);
		write_zeros(path[i], i < FILES ? EACH : 0);
	}
	t = trust_open(folder, &e);
	assert_non_null(t);
	trust_close(t);
	write_zeros(path[FILES], 1);
	assert_null(trust_open(folder, &e));
	assert_int_equal(e.code, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "hold more than '64 MiB'"));
	for (int i = 0; i <= FILES; i++)
		(void)remove(path[i]);
}

/* In folders down to a depth; below that nobody keeps a certificate, but a folder may be in itself. */
static void test_trust__folders_are_read_to_a_depth(void **state)
{
	enum { DEPTH = 8 };
	char path[DEPTH + 1][128], file[140];
	struct err e = { ERR_NONE, 0, "" };

	(void)state;
	for (int i = 0; i <= DEPTH; i++) {
		(void)snprintf(file, sizeof file, "%s/a", i == 0 ? folder : path[i - 1]);
		memcpy(path[i], file, sizeof path[i]);
		assert_int_equal(mkdir(path[i], 0700), 0);
	}
	for (int i = DEPTH; i >= 0; i--) {
		struct material m;
		bool ok;

		(void)snprintf(file, sizeof file, "%s/c.pem", path[i]);
		write_file(file, "%");
		assert_true(material_open(&m, &e));
		ok = material_read(&m, folder, FOR_ANY, NULL, &e);
		assert_int_equal(m.n_items, i < DEPTH);
		assert_true(ok || i == DEPTH);
		material_close(&m);
		(void)remove(file);
		(void)rmdir(path[i]);
	}
}

/* Of all files together, whichever of them goes beyond; a material that has looked at nearly as much already. */
static void test_material__a_folder_is_read_to_its_limit(void **state)
{
	static const uint64_t limit = UINT64_C(256) * 1024 * 1024;
	struct err e = { ERR_NONE, 0, "" };
	char path[128];

	(void)state;
	path_in_folder("three.pem", path);
	write_file(path, "abc");
	for (uint64_t beyond = 0; beyond < 2; beyond++) {
		struct material m;

		assert_true(material_open(&m, &e));
		m.looked_at = limit - 3 + beyond;
		assert_int_equal(material_read(&m, folder, FOR_ANY, NULL, &e), beyond == 0);
		assert_int_equal(m.n_files, 0);
		material_close(&m);
	}
	assert_int_equal(e.code, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "holds more than '256 MiB'"));
	(void)remove(path);
}

static void test_material__files_and_items_have_limits(void **state)
{
	enum { MOST = 4096 };
	static const char block[] = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
	static char text[(MOST + 1) * (sizeof block - 1)];
	struct err e = { ERR_NONE, 0, "" };
	struct material m;

	(void)state;
	for (size_t i = 0; i <= MOST; i++)
		memcpy(text + i * (sizeof block - 1), block, sizeof block - 1);
	for (size_t beyond = 0; beyond < 2; beyond++) {
		struct bytes b = bytes_of(text, (MOST + beyond) * (sizeof block - 1));

		assert_true(material_open(&m, &e));
		assert_int_equal(material_take(&m, "a.pem", FOR_CERT, b, NULL, &e), beyond == 0);
		assert_int_equal(m.n_items, MOST);
		material_close(&m);
	}
	assert_int_equal(e.code, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "more than '4096' items"));

	assert_true(material_open(&m, &e));
	for (size_t i = 0; i <= MOST; i++)
		assert_int_equal(
			material_take(&m, "a.pem", FOR_CERT, bytes_of("", 0), NULL, &e), i < MOST);
	assert_int_equal(m.n_files, MOST);
	material_close(&m);
}

static void test_trust__holds_so_many(void **state)
{
	enum { MOST = 8192 };
	struct trust *t = trust_new();

	(void)state;
	assert_non_null(t);
	for (unsigned i = 0; i <= MOST; i++) {
		const uint8_t der[] = { 0x30, 2, (uint8_t)(i >> 8), (uint8_t)i };

		assert_int_equal(trust_add(t, bytes_of(der, sizeof der)), i < MOST);
		assert_true(i == MOST || trust_add(t, bytes_of(der, sizeof der)));
	}
	assert_int_equal(trust_count(t), MOST);
	trust_close(t);
}

static void test_trust__der_is_read_too(void **state)
{
	struct err e = { ERR_NONE, 0, "" };
	struct trust *t = trust_open("fixtures/certs/mbedtls/rsa_single_san_uri.crt.der", &e);

	(void)state;
	assert_non_null(t);
	assert_int_equal(trust_count(t), 1);
	assert_true(trust_at(t, 0)->parsed);
	trust_close(t);
}

static void test_trust__none_counts_nothing(void **state)
{
	(void)state;
	assert_int_equal(trust_count(NULL), 0);
	trust_close(NULL);
}

/* ---- --cert ---- */

static void test_certs__all_of_a_file_in_order(void **state)
{
	struct cert_store *store = cert_store_open(1 << 20);
	const struct cert *certs[4];
	struct err e = { ERR_NONE, 0, "" };
	size_t n;

	(void)state;
	assert_true(certs_read_file(
		"fixtures/certs/mbedtls/server7_int-ca.crt", store, certs, 4, &n, &e));
	assert_int_equal(n, 2);
	assert_string_equal(certs[0]->common_name, "localhost");
	assert_string_equal(certs[1]->common_name, "PolarSSL Test Intermediate CA");
	cert_store_close(store);
}

static void test_certs__more_than_there_is_room_for_is_an_error(void **state)
{
	struct cert_store *store = cert_store_open(1 << 20);
	const struct cert *certs[1];
	struct err e = { ERR_NONE, 0, "" };
	size_t n = 9;

	(void)state;
	assert_false(certs_read_file(
		"fixtures/certs/mbedtls/server7_int-ca.crt", store, certs, 1, &n, &e));
	assert_int_equal(n, 0);
	assert_int_not_equal(e.code, ERR_NONE);
	cert_store_close(store);
}

static void test_certs__a_key_is_not_a_certificate(void **state)
{
	struct cert_store *store = cert_store_open(1 << 20);
	const struct cert *certs[4];
	struct err e = { ERR_NONE, 0, "" };
	size_t n;

	(void)state;
	assert_false(certs_read_file("fixtures/certs/key-sec1.pem", store, certs, 4, &n, &e));
	assert_non_null(strstr(e.msg, "holds a private key, not a certificate"));
	assert_false(certs_read_file("fixtures/certs/key-sec1.der", store, certs, 4, &n, &e));
	assert_non_null(strstr(e.msg, "holds a private key, not a certificate"));
	cert_store_close(store);
}

/* ---- --key ---- */

static void test_key__every_form_gives_the_same_public_key(void **state)
{
	static const struct {
		const char *path, *password;
	} rows[] = {
		{ "fixtures/certs/key-sec1.pem", NULL },
		{ "fixtures/certs/key-sec1.der", NULL },
		{ "fixtures/certs/key-pkcs8.pem", NULL },
		{ "fixtures/certs/key-public.pem", NULL },
		{ "fixtures/certs/key-encrypted.pem", "example" },
	};
	struct cert_store *store = cert_store_open(1 << 20);
	const struct cert *leaf = fixture_cert(store, "leaf");
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err e = { ERR_NONE, 0, "" };
		struct bytes spki;

		assert_true(key_read_public(rows[i].path, rows[i].password, arena, &spki, &e));
		assert_true(cert_same_key(spki, leaf->spki));
	}
	arena_free(arena);
	cert_store_close(store);
}

static void test_key__rsa_belongs_to_its_certificate(void **state)
{
	struct cert_store *store = cert_store_open(1 << 20);
	const struct cert *rsa = fixture_cert(store, "rsa");
	struct arena *arena = arena_new(1 << 20);
	struct err e = { ERR_NONE, 0, "" };
	struct bytes spki;

	(void)state;
	assert_true(key_read_public("fixtures/certs/key-pkcs1.pem", NULL, arena, &spki, &e));
	assert_true(cert_same_key(spki, rsa->spki));
	arena_free(arena);
	cert_store_close(store);
}

/* Kinds that the library lacks: the certificate beside each is of the same key. */
static void test_key__kinds_beyond_the_library_belong_to_their_certificates(void **state)
{
	static const struct {
		const char *key, *cert;
	} rows[] = {
		{ "ed25519-key.pem", "ed25519.pem" },
		{ "ed25519-key.der", "ed25519.pem" },
		{ "ed25519-public.pem", "ed25519.pem" },
		{ "ed448-public.pem", "ed448.pem" },
		{ "dsa-key.pem", "dsa.pem" },
		{ "dsa-key-traditional.pem", "dsa.pem" },
		{ "dsa-public.pem", "dsa.pem" },
		{ "rsa-pss-key.pem", "rsa-pss.pem" },
		{ "rsa-pss-public.pem", "rsa-pss.pem" },
		{ "ec-explicit-key.pem", "ec-explicit.pem" },
		{ "ec-explicit-key-traditional.pem", "ec-explicit.pem" },
		{ "ec-explicit-key-traditional.pem",
			"ec-named.pem" }, /* the same key, its curve by name */
		{ "ec-explicit-public.pem", "ec-explicit.pem" },
		{ "ec-binary-key.pem", "ec-binary.pem" },
		{ "ec-binary-key-traditional.pem", "ec-binary.pem" },
		{ "ec-binary-public.pem", "ec-binary.pem" },
	};
	struct cert_store *store = cert_store_open(1 << 20);
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err e = { ERR_NONE, 0, "" };
		char key[96], path[96];
		const struct cert *cert;
		struct bytes spki;
		size_t n;

		(void)snprintf(key, sizeof key, "fixtures/certs/kinds/%s", rows[i].key);
		(void)snprintf(path, sizeof path, "fixtures/certs/kinds/%s", rows[i].cert);
		assert_true(certs_read_file(path, store, &cert, 1, &n, &e));
		if (!key_read_public(key, NULL, arena, &spki, &e))
			fail_msg("%s: %s", rows[i].key, e.msg);
		if (!cert_same_key(spki, cert->spki))
			fail_msg("%s is not the key of %s", rows[i].key, rows[i].cert);
		cert_release(store, cert);
	}
	arena_free(arena);
	cert_store_close(store);
}

static void test_key__a_public_half_that_cannot_be_computed_is_no_failure(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct bytes spki = bytes_of("x", 1);
	struct err e = { ERR_NONE, 0, "" };

	(void)state;
	assert_true(key_read_public("fixtures/certs/kinds/ed448-key.pem", NULL, arena, &spki, &e));
	assert_int_equal(spki.len, 0);
	/* mbedTLS 3.6 reads this one */
	assert_true(key_read_public("fixtures/certs/kinds/x25519-key.pem", NULL, arena, &spki, &e));
	arena_free(arena);
}

static void test_key__what_cannot_be_used_is_explained(void **state)
{
	static const struct {
		const char *path, *password, *message;
	} rows[] = {
		{ "fixtures/certs/leaf.crt", NULL, "holds a certificate, not a private key" },
		{ "fixtures/certs/leaf-cut.der", NULL, "cannot read the key" },
		{ "fixtures/certs/key-cut.pem", NULL, "breaks off: it has no END line" },
		{ "fixtures/certs/key-encrypted.pem", NULL,
			"is encrypted and no password was given" },
		{ "fixtures/certs/key-encrypted.pem", "wrong", "the password does not open" },
		{ "fixtures/certs/README.md", NULL, "holds neither PEM nor DER" },
		{ "fixtures/certs", NULL, "it is a directory" },
		{ "fixtures/certs/none", NULL, "cannot open 'fixtures/certs/none': " },
	};
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err e = { ERR_NONE, 0, "" };
		struct bytes spki;

		assert_false(key_read_public(rows[i].path, rows[i].password, arena, &spki, &e));
		assert_int_equal(spki.len, 0);
		assert_non_null(strstr(e.msg, rows[i].message));
	}
	arena_free(arena);
}

/* ---- PEM ---- */

static void test_pem__blocks_with_their_lines(void **state)
{
	static const char text[] =
		"note\r\n-----BEGIN A-----\r\nQUJD\r\nREU=\r\n-----END A-----\r\n"
		"-----BEGIN B-----\nProc-Type: 4,ENCRYPTED\n\nQQ==\n"
		"-----BEGIN C-----\nQQ==\n-----END D-----\n";
	struct pem_reader r = { bytes_of(text, sizeof text - 1), 0 };
	struct pem_block b;
	uint8_t out[64];
	size_t len;

	(void)state;
	assert_true(pem_next(&r, &b));
	assert_string_equal(b.label, "A");
	assert_int_equal(b.line, 2);
	assert_true(b.ended && !b.encrypted);
	assert_true(pem_decode(b.body, out, &len));
	assert_int_equal(len, 5);
	assert_memory_equal(out, "ABCDE", 5);

	assert_true(pem_next(&r, &b));
	assert_string_equal(b.label, "B");
	assert_int_equal(b.line, 6);
	assert_true(!b.ended && b.encrypted);

	assert_true(pem_next(&r, &b));
	assert_string_equal(b.label, "C");
	assert_int_equal(b.line, 10);
	assert_false(b.ended);
	assert_false(pem_next(&r, &b));
}

static void test_pem__base64_and_what_is_none(void **state)
{
	static const struct {
		const char *body;
		bool good;
		size_t len;
	} rows[] = {
		{ "", true, 0 },
		{ "QQ==", true, 1 },
		{ "QUI=", true, 2 },
		{ " Q U\tJ\nD", true, 3 },
		{ "QQ", true, 1 }, /* padding left out */
		{ "QUJDR", false, 0 },
		{ "QQ=A", false, 0 },
		{ "Q===", false, 0 },
		{ "Q?==", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t out[64];
		size_t len;

		assert_int_equal(
			pem_decode(bytes_of(rows[i].body, strlen(rows[i].body)), out, &len),
			rows[i].good);
		if (rows[i].good)
			assert_int_equal(len, rows[i].len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trust__a_bundle_is_read_as_people_edit_it),
		cmocka_unit_test(test_trust__what_is_no_ca_file_is_said),
		cmocka_unit_test(test_trust__a_missing_file_is_an_error),
		cmocka_unit_test(test_trust__a_folder_gives_its_certificates_and_skips_the_rest),
		cmocka_unit_test(test_trust__a_folder_is_read_to_its_limit),
		cmocka_unit_test(test_trust__folders_are_read_to_a_depth),
		cmocka_unit_test(test_material__a_folder_is_read_to_its_limit),
		cmocka_unit_test(test_material__files_and_items_have_limits),
		cmocka_unit_test(test_trust__holds_so_many),
		cmocka_unit_test(test_trust__der_is_read_too),
		cmocka_unit_test(test_trust__none_counts_nothing),
		cmocka_unit_test(test_certs__all_of_a_file_in_order),
		cmocka_unit_test(test_certs__more_than_there_is_room_for_is_an_error),
		cmocka_unit_test(test_certs__a_key_is_not_a_certificate),
		cmocka_unit_test(test_key__every_form_gives_the_same_public_key),
		cmocka_unit_test(test_key__rsa_belongs_to_its_certificate),
		cmocka_unit_test(test_key__kinds_beyond_the_library_belong_to_their_certificates),
		cmocka_unit_test(test_key__a_public_half_that_cannot_be_computed_is_no_failure),
		cmocka_unit_test(test_key__what_cannot_be_used_is_explained),
		cmocka_unit_test(test_pem__blocks_with_their_lines),
		cmocka_unit_test(test_pem__base64_and_what_is_none),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
