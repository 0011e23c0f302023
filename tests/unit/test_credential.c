/* Files of fixtures/check and fixtures/certs, read, held against each other and judged. */
#include "diagnose/files.h"

#include "support/certs.h"
#include "support/unit.h"

struct bench {
	struct material m;
	struct trust *trust;
	struct credentials credentials;
	struct files_question q;
	struct files_verdict v;
};

struct given {
	enum given_as as;
	const char *path;
};

static void open_bench(struct bench *b, const struct given *files, const char *password)
{
	struct err e = { 0 };

	*b = (struct bench){ .q = { .at = FIXTURE_TIME, .purpose = PURPOSE_SERVER } };
	assert_true(material_open(&b->m, &e));
	for (; files->path != NULL; files++) {
		assert_true(material_read(&b->m, files->path, files->as, password, &e));
		if (files->as == FOR_CA)
			b->trust = trust_open(files->path, &e);
	}
}

static void judge(struct bench *b, const char *name)
{
	struct credential_question cq = { b->trust, FIXTURE_TIME, name, b->q.purpose };

	assert_true(credentials_judge(&b->m, &cq, &b->credentials));
	b->q.material = &b->m;
	b->q.credentials = &b->credentials;
	b->q.trust = b->trust;
	b->q.name = name;
	assert_true(files_judge(&b->q, b->m.arena, &b->v));
}

static void close_bench(struct bench *b)
{
	files_verdict_free(&b->v);
	credentials_free(&b->credentials);
	trust_close(b->trust);
	material_close(&b->m);
}

#define CHECK_DIR "fixtures/check/"
#define CERT_DIR  "fixtures/certs/"

/* ---- what is said first ---- */

static void test_files__first_finding_names_the_fault(void **state)
{
	static const struct {
		struct given files[5];
		const char *name, *first; /* NULL: none */
		enum severity severity;
	} cases[] = {
		{ { { FOR_CERT, CHECK_DIR "chain.pem" }, { FOR_KEY, CHECK_DIR "pair/server.key" },
			  { FOR_CA, CHECK_DIR "pair/root.pem" } },
			"device.example", NULL, SEVERITY_NOTE },
		{ { { FOR_CERT, CHECK_DIR "chain.pem" }, { FOR_KEY, CHECK_DIR "other.key" } }, NULL,
			"wrong-private-key", SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "chain.pem" }, { FOR_KEY, CHECK_DIR "rsa.key" } }, NULL,
			"wrong-private-key", SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "reversed.pem" },
			  { FOR_KEY, CHECK_DIR "pair/server.key" } },
			NULL, "chain-out-of-order", SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "reversed.pem" } }, "device.example",
			"chain-out-of-order", SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "pair/server.pem" },
			  { FOR_CA, CHECK_DIR "pair/root.pem" } },
			NULL, "intermediate-missing", SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "chain.pem" }, { FOR_CA, CERT_DIR "other.crt" } }, NULL,
			"ca-not-trusted", SEVERITY_ERROR },
		{ { { FOR_CERT, CERT_DIR "leaf-expired.crt" } }, NULL, "certificate-expired",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "chain.pem" } }, "other.example", "name-mismatch",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "chain.pem" } }, "192.0.2.10", "ip-san-unsupported",
			SEVERITY_NOTE },
		{ { { FOR_CERT, CHECK_DIR "chain.pem" } }, "line.plant.example", NULL,
			SEVERITY_NOTE },
		{ { { FOR_CERT, CERT_DIR "leaf-client.crt" } }, NULL, "ext-key-usage-forbids",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CERT_DIR "leaf-encipher.crt" } }, NULL, "key-usage-forbids",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CERT_DIR "leaf-rsa768.crt" } }, NULL, "weak-key", SEVERITY_ERROR },
		{ { { FOR_CERT, CERT_DIR "leaf-sha1.crt" } }, NULL, "weak-signature",
			SEVERITY_WARNING },
		{ { { FOR_CERT, CERT_DIR "leaf-bad.crt" }, { FOR_CHAIN, CERT_DIR "sub.crt" } },
			NULL, "chain-signature-bad", SEVERITY_ERROR },
		{ { { FOR_CERT, CERT_DIR "leaf-cut.der" } }, NULL, "certificate-malformed",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "digit.pem" } }, NULL, "certificate-malformed",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "no-end.pem" } }, NULL, "certificate-malformed",
			SEVERITY_ERROR },
		{ { { FOR_CERT, CHECK_DIR "trailing.der" } }, NULL, "certificate-malformed",
			SEVERITY_WARNING },
		{ { { FOR_CERT, CHECK_DIR "glued.pem" } }, NULL, "certificate-malformed",
			SEVERITY_WARNING },
		{ { { FOR_CERT, CHECK_DIR "mark.pem" } }, NULL, "certificate-malformed",
			SEVERITY_NOTE },
		{ { { FOR_CERT, CHECK_DIR "crlf.pem" } }, NULL, NULL, SEVERITY_NOTE },
		{ { { FOR_CERT, CHECK_DIR "other.key" } }, NULL, "certificate-malformed",
			SEVERITY_ERROR },
		{ { { FOR_KEY, CHECK_DIR "chain.pem" } }, NULL, "key-file-unusable",
			SEVERITY_ERROR },
		{ { { FOR_KEY, CERT_DIR "key-public.pem" } }, NULL, "key-file-unusable",
			SEVERITY_ERROR },
		{ { { FOR_KEY, CERT_DIR "key-cut.pem" } }, NULL, "key-file-unusable",
			SEVERITY_ERROR },
		{ { { FOR_KEY, CHECK_DIR "key-des3.pem" } }, NULL, "key-file-unusable",
			SEVERITY_WARNING },
		{ { { FOR_KEY, CHECK_DIR "key-aes.pem" } }, NULL, "key-encryption-unsupported",
			SEVERITY_WARNING },
		{ { { FOR_KEY, CHECK_DIR "key-scrypt.pem" } }, NULL, "key-encryption-unsupported",
			SEVERITY_ERROR },
		{ { { FOR_ANY, CHECK_DIR "pair" } }, NULL, NULL, SEVERITY_NOTE },
		{ { { FOR_ANY, CHECK_DIR "pair/server.pem" }, { FOR_ANY, CHECK_DIR "other.key" } },
			NULL, "wrong-private-key", SEVERITY_ERROR },
		{ { { FOR_ANY, CHECK_DIR "firmware.c" } }, NULL, NULL, SEVERITY_NOTE },
		{ { { FOR_ANY, CHECK_DIR "broken.c" } }, NULL, "pem-not-terminated",
			SEVERITY_ERROR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		open_bench(&b, cases[i].files, NULL);
		judge(&b, cases[i].name);
		if (cases[i].first == NULL) {
			assert_int_equal(b.v.n_findings, 0);
		} else {
			assert_true(b.v.n_findings > 0);
			assert_string_equal(b.v.findings[0].finding.cause->id, cases[i].first);
			assert_int_equal(b.v.findings[0].finding.severity, cases[i].severity);
		}
		close_bench(&b);
	}
}

/* ---- keys ---- */

static void test_key_file__encryption_is_told(void **state)
{
	static const struct {
		const char *path, *cipher;
		bool aes, unknown;
	} cases[] = {
		{ CHECK_DIR "key-aes.pem", "PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC", true,
			false },
		{ CHECK_DIR "key-des3.pem", "PBES2: PBKDF2 with HMAC-SHA256, 3DES-CBC", false,
			false },
		{ CHECK_DIR "key-scrypt.pem", "PBES2: scrypt, AES-256-CBC", true, true },
		{ CHECK_DIR "key-traditional.pem", "traditional PEM, AES-128-CBC", false, false },
		{ CERT_DIR "key-encrypted.pem", "PKCS #12 with SHA-1 and 3DES-CBC", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct given files[] = { { FOR_KEY, cases[i].path }, { FOR_ANY, NULL } };
		struct bench b;

		open_bench(&b, files, NULL);
		assert_int_equal(b.m.n_items, 1);
		assert_int_equal(b.m.items[0].key.state, KEY_LOCKED);
		assert_string_equal(b.m.items[0].key.cipher.text, cases[i].cipher);
		assert_int_equal(b.m.items[0].key.cipher.aes_in_pbes2, cases[i].aes);
		assert_int_equal(b.m.items[0].key.cipher.unknown_to_mbedtls, cases[i].unknown);
		close_bench(&b);
	}
}

static void test_key_file__password_opens_or_not(void **state)
{
	static const struct {
		const char *path, *password;
		enum key_state state;
	} cases[] = {
		{ CHECK_DIR "key-des3.pem", "example", KEY_READ },
		{ CHECK_DIR "key-des3.pem", "wrong", KEY_WRONG_PASSWORD },
		{ CHECK_DIR "key-traditional.pem", "example", KEY_READ },
		{ CHECK_DIR "key-scrypt.pem", "example", KEY_CIPHER_LACKING },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct given files[] = { { FOR_KEY, cases[i].path }, { FOR_ANY, NULL } };
		struct bench b;

		open_bench(&b, files, cases[i].password);
		assert_int_equal(b.m.items[0].key.state, cases[i].state);
		close_bench(&b);
	}
}

/* ---- relations ---- */

static void test_credential__folder_is_sorted_out(void **state)
{
	static const struct given files[] = { { FOR_ANY, CHECK_DIR "pair" }, { FOR_ANY, NULL } };
	struct bench b;
	size_t self = 0, keyed = 0;

	(void)state;
	open_bench(&b, files, NULL);
	judge(&b, NULL);
	assert_int_equal(b.credentials.n_relations, 3);
	assert_int_equal(b.credentials.n, 1);
	assert_int_equal(b.credentials.list[0].fit, FIT_BELONGS);
	for (size_t i = 0; i < 3; i++) {
		assert_non_null(b.credentials.relations[i].issuer);
		self += b.credentials.relations[i].issuer == b.credentials.relations[i].item;
		keyed += b.credentials.relations[i].key != NULL;
	}
	assert_int_equal(self, 1);
	assert_int_equal(keyed, 1);
	close_bench(&b);
}

static void test_material__lines_are_those_of_the_file(void **state)
{
	static const struct given files[] = { { FOR_ANY, CHECK_DIR "glued.pem" },
		{ FOR_ANY, CHECK_DIR "chain.pem" }, { FOR_ANY, NULL } };
	struct bench b;

	(void)state;
	open_bench(&b, files, NULL);
	assert_int_equal(b.m.n_items, 4);
	assert_int_equal(b.m.items[0].line, 1);
	assert_int_equal(b.m.items[1].line, b.m.files[0].glued_line);
	assert_int_equal(b.m.items[3].line, b.m.items[1].line + 1);
	close_bench(&b);
}

/* ---- service and size ---- */

static void test_service__key_and_usage_decide(void **state)
{
	static const struct {
		const char *file;
		size_t n12, n13;
		uint16_t first13, curve;
	} cases[] = {
		{ "leaf", 3, 1, 0x0403, 23 },
		{ "ed25519", 1, 1, 0x0807, 0 },
		{ "rsa", 0, 0, 0, 0 }, /* a CA: keyUsage has keyCertSign only */
		{ "leaf-rsa768", 4, 1, 0x0804, 0 },
	};
	struct cert_store *store = cert_store_open(SIZE_MAX);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct service s;

		service_of(fixture_cert(store, cases[i].file), PURPOSE_SERVER, &s);
		assert_int_equal(s.n_schemes12, cases[i].n12);
		assert_int_equal(s.n_schemes13, cases[i].n13);
		assert_int_equal(s.schemes13[0], cases[i].first13);
		assert_int_equal(s.curve, cases[i].curve);
	}
	cert_store_close(store);
}

static void test_message_size__is_counted_as_sent(void **state)
{
	struct cert a = { .der = { NULL, 600 } }, b = { .der = { NULL, 500 } };
	const struct cert *const certs[] = { &a, &b };
	struct message_size size;

	(void)state;
	message_size_of(certs, 2, &size);
	assert_int_equal(size.tls12, 4 + 3 + 3 + 600 + 3 + 500);
	assert_int_equal(size.tls13, size.tls12 + 5);
	assert_int_equal(size.records[0], 3);
	assert_int_equal(size.records[4], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files__first_finding_names_the_fault),
		cmocka_unit_test(test_key_file__encryption_is_told),
		cmocka_unit_test(test_key_file__password_opens_or_not),
		cmocka_unit_test(test_credential__folder_is_sorted_out),
		cmocka_unit_test(test_material__lines_are_those_of_the_file),
		cmocka_unit_test(test_service__key_and_usage_decide),
		cmocka_unit_test(test_message_size__is_counted_as_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
