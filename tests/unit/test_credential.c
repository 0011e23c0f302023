/* Files of fixtures/check and fixtures/certs, read, held against each other and judged. */
#include "diagnose/files.h"

#include "base/array.h"
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
		{ { { FOR_CERT, CHECK_DIR "other.key" } }, NULL, "file-of-another-kind",
			SEVERITY_ERROR },
		{ { { FOR_ANY, "fixtures/foreign/req.der" } }, NULL, "file-of-another-kind",
			SEVERITY_WARNING },
		{ { { FOR_CA, "fixtures/foreign/crl.pem" } }, NULL, "file-of-another-kind",
			SEVERITY_ERROR },
		{ { { FOR_ANY, "fixtures/certs/README.md" } }, NULL, "file-of-another-kind",
			SEVERITY_WARNING },
		{ { { FOR_ANY, CHECK_DIR "joined.pem" } }, NULL, "certificate-malformed",
			SEVERITY_WARNING },
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

static bool lists(const uint16_t *list, size_t n, uint16_t value)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return false;
}

/* RFC 8017 9.1.1 and 9.2: the least number of bits that a hash leaves room in. */
static void test_service__a_short_modulus_has_no_room_for_a_long_hash(void **state)
{
	static const struct {
		uint16_t scheme;
		unsigned bits;
	} rows[] = { { 0x0401, 496 }, { 0x0501, 624 }, { 0x0601, 752 }, { 0x0804, 528 },
		{ 0x0805, 784 }, { 0x0806, 1040 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c = { .key = KEY_RSA, .key_bits = rows[i].bits };
		struct service s;

		service_of(&c, PURPOSE_SERVER, &s);
		assert_true(lists(s.schemes12, s.n_schemes12, rows[i].scheme));
		assert_int_equal(lists(s.schemes13, s.n_schemes13, rows[i].scheme),
			rows[i].scheme >= 0x0804);
		c.key_bits--;
		service_of(&c, PURPOSE_SERVER, &s);
		assert_false(lists(s.schemes12, s.n_schemes12, rows[i].scheme));
		assert_false(lists(s.schemes13, s.n_schemes13, rows[i].scheme));
	}
}

/* RFC 8446 4.2.3: TLS 1.3 ties a scheme to a curve, TLS 1.2 does not. */
static void test_service__each_kind_of_key_has_its_schemes(void **state)
{
	static const struct {
		enum key_kind key;
		uint16_t group;
		size_t n12, n13;
		uint16_t has12, has13;
	} rows[] = {
		{ KEY_EC, 23, 3, 1, 0x0603, 0x0403 },
		{ KEY_EC, 24, 3, 1, 0x0403, 0x0503 },
		{ KEY_EC, 25, 3, 1, 0x0503, 0x0603 },
		{ KEY_EC, 26, 3, 1, 0x0403, 0x081a },
		{ KEY_EC, 27, 3, 1, 0x0403, 0x081b },
		{ KEY_EC, 28, 3, 1, 0x0403, 0x081c },
		{ KEY_EC, 22, 3, 0, 0x0403, 0 },
		{ KEY_ED25519, 0, 1, 1, 0x0807, 0x0807 },
		{ KEY_ED448, 0, 1, 1, 0x0808, 0x0808 },
		{ KEY_RSA, 0, 6, 3, 0x0401, 0x0804 },
		{ KEY_RSA_PSS, 0, 3, 3, 0x0809, 0x080b },
		{ KEY_DSA, 0, 0, 0, 0, 0 },
		{ KEY_UNKNOWN, 0, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c = {
			.key = rows[i].key, .key_bits = 2048, .key_group = rows[i].group
		};
		struct service s;

		service_of(&c, PURPOSE_CLIENT, &s);
		assert_int_equal(s.n_schemes12, rows[i].n12);
		assert_int_equal(s.n_schemes13, rows[i].n13);
		assert_true(rows[i].n12 == 0 || lists(s.schemes12, s.n_schemes12, rows[i].has12));
		assert_true(rows[i].n13 == 0 || lists(s.schemes13, s.n_schemes13, rows[i].has13));
		assert_int_equal(s.curve, rows[i].group);
		assert_int_equal(s.n_suites, 0); /* a client's certificate chooses none */
		c.has_key_usage = true;
		c.key_usage = KU_KEY_ENCIPHERMENT;
		service_of(&c, PURPOSE_CLIENT, &s);
		assert_int_equal(s.n_schemes12 + s.n_schemes13, 0);
		assert_false(s.rsa_exchange_only);
	}
}

static void test_service__key_and_usage_choose_the_suites(void **state)
{
	enum { DS = KU_DIGITAL_SIGNATURE, KE = KU_KEY_ENCIPHERMENT, ANY = -1 };
	static const struct {
		enum key_kind key;
		int usage;
		bool ecdhe_ecdsa, ecdhe_rsa, dhe_rsa, rsa, only_rsa;
	} rows[] = {
		{ KEY_EC, ANY, true, false, false, false, false },
		{ KEY_EC, DS, true, false, false, false, false },
		{ KEY_EC, KE, false, false, false, false, false },
		{ KEY_ED25519, ANY, true, false, false, false, false },
		{ KEY_ED448, DS, true, false, false, false, false },
		{ KEY_RSA, ANY, false, true, true, true, false },
		{ KEY_RSA, DS, false, true, true, false, false },
		{ KEY_RSA, KE, false, false, false, true, true },
		{ KEY_RSA, DS | KE, false, true, true, true, false },
		{ KEY_RSA, KU_KEY_AGREEMENT, false, false, false, false, false },
		{ KEY_RSA_PSS, ANY, false, true, true, false, false },
		{ KEY_RSA_PSS, KE, false, false, false, false, false },
		{ KEY_DSA, ANY, false, false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c = { .key = rows[i].key, .key_bits = 2048 };
		struct service s;

		c.has_key_usage = rows[i].usage != ANY;
		c.key_usage = rows[i].usage != ANY ? (unsigned)rows[i].usage : 0;
		service_of(&c, PURPOSE_SERVER, &s);
		assert_int_equal(lists(s.suites, s.n_suites, 0xc02b), rows[i].ecdhe_ecdsa);
		assert_int_equal(lists(s.suites, s.n_suites, 0xc02f), rows[i].ecdhe_rsa);
		assert_int_equal(lists(s.suites, s.n_suites, 0x009e), rows[i].dhe_rsa);
		assert_int_equal(lists(s.suites, s.n_suites, 0x009c), rows[i].rsa);
		assert_int_equal(lists(s.suites, s.n_suites, 0x00ac), rows[i].rsa); /* RSA_PSK */
		assert_int_equal(s.rsa_exchange_only, rows[i].only_rsa);
		assert_false(lists(s.suites, s.n_suites, 0x1301)); /* any certificate will do */
		assert_false(lists(s.suites, s.n_suites, 0x00ff));
		assert_false(lists(s.suites, s.n_suites, 0x0005)); /* RC4 */
		assert_false(lists(s.suites, s.n_suites, 0x00a8)); /* no certificate at all */
	}
}

/* Bytes of the message, and how many records of each size take them. */
static void test_message_size__a_full_record_is_one(void **state)
{
	static const size_t sizes[] = { 512, 1024, 2048, 4096, 16384 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t more = 0; more < 2; more++) {
			struct cert c = { .der = { NULL, sizes[i] - 10 + more } };
			const struct cert *const certs[] = { &c };
			struct message_size size;

			message_size_of(certs, 1, &size);
			assert_int_equal(size.tls12, sizes[i] + more);
			assert_int_equal(size.records[i], 1 + more);
		}
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
		cmocka_unit_test(test_service__a_short_modulus_has_no_room_for_a_long_hash),
		cmocka_unit_test(test_service__each_kind_of_key_has_its_schemes),
		cmocka_unit_test(test_service__key_and_usage_choose_the_suites),
		cmocka_unit_test(test_message_size__a_full_record_is_one),
		cmocka_unit_test(test_message_size__is_counted_as_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
