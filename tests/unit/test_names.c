/* Names of alerts, suites, versions, groups and schemes, both ways. */
#include "names/icmp.h"
#include "names/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Also when the name is NULL, which assert_string_equal() does not take. */
static void expect_name(const char *have, const char *want)
{
	if (want == NULL) {
		assert_null(have);
		return;
	}
	assert_non_null(have);
	assert_string_equal(have, want);
}

static void test_alert__names_are_the_rfcs(void **state)
{
	(void)state;
	expect_name(name_alert(0), "close_notify");
	expect_name(name_alert(40), "handshake_failure");
	expect_name(name_alert(47), "illegal_parameter");
	expect_name(name_alert(51), "decrypt_error");
	expect_name(name_alert(115), "unknown_psk_identity");
	expect_name(name_alert(116), "certificate_required");
	expect_name(name_alert(120), "no_application_protocol");
	expect_name(name_alert(2), NULL);
	expect_name(name_alert(255), NULL);
	expect_name(name_alert(0x1002f), NULL);
}

static void test_suite__found_by_every_spelling(void **state)
{
	static const struct {
		const char *name;
		int suite;
	} rows[] = {
		{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xc02c },
		{ "tls-ecdhe-ecdsa-with-aes-256-gcm-sha384", 0xc02c },
		{ "ECDHE-ECDSA-AES256-GCM-SHA384", 0xc02c },
		{ "ECDHE-RSA-AES128-SHA256", 0xc027 },
		{ "ECDHE-RSA-CHACHA20-POLY1305", 0xcca8 },
		{ "ECDHE-ECDSA-AES128-CCM8", 0xc0ae },
		{ "AES128-SHA", 0x002f },
		{ "AES256-GCM-SHA384", 0x009d },
		{ "DES-CBC3-SHA", 0x000a },
		{ "DHE-RSA-CAMELLIA256-SHA", 0x0088 },
		{ "ADH-AES128-SHA", 0x0034 },
		{ "AECDH-AES256-SHA", 0xc019 },
		{ "aecdh-null-sha", 0xc015 },
		{ "ECDHE-ECDSA-ARIA256-GCM-SHA384", 0xc05d },
		{ "ECDHE-ARIA256-GCM-SHA384", 0xc061 },
		{ "DHE-PSK-AES256-CCM8", 0xc0ab },
		{ "SRP-RSA-AES-128-CBC-SHA", 0xc01e },
		{ "PSK-AES128-CBC-SHA", 0x008c },
		{ "RSA-PSK-AES256-CBC-SHA384", 0x00b7 },
		{ "NULL-SHA", 0x0002 },
		{ "TLS_AES_128_GCM_SHA256", 0x1301 },
		{ "AES128", -1 },
		{ "", -1 },
		{ "ECDHE", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (suite_by_name(rows[i].name) != rows[i].suite)
			fail_msg("'%s' is %04x", rows[i].name,
				(unsigned)suite_by_name(rows[i].name));
}

static void test_version_group_and_scheme__found_by_name(void **state)
{
	(void)state;
	assert_int_equal(version_by_name("TLS1.2"), 0x0303);
	assert_int_equal(version_by_name("TLSv1.3"), 0x0304);
	assert_int_equal(version_by_name("tls 1.0"), 0x0301);
	assert_int_equal(version_by_name("TLS1.4"), -1);
	assert_int_equal(version_by_name("TLS1.2 and a long tail"), -1);
	assert_int_equal(group_by_name("X25519"), 0x001d);
	assert_int_equal(group_by_name("P-384"), 0x0018);
	assert_int_equal(group_by_name("prime256v1"), 0x0017);
	assert_int_equal(group_by_name("P-255"), -1);
	assert_int_equal(scheme_by_name("ecdsa_secp256r1_sha256"), 0x0403);
	assert_int_equal(scheme_by_name("rsa_pss_rsae_sha512"), 0x0806);
	assert_int_equal(scheme_by_name("ecdsa"), -1);
}

static void test_alert__found_by_name_in_any_spelling(void **state)
{
	(void)state;
	assert_int_equal(alert_by_name("illegal_parameter"), 47);
	assert_int_equal(alert_by_name("Unknown CA"), 48);
	assert_int_equal(alert_by_name("decrypt-error"), 51);
	assert_int_equal(alert_by_name("decrypt"), -1);
	assert_int_equal(alert_by_name(""), -1);
}

static void test_handshake_type__has_name_and_title(void **state)
{
	static const struct {
		unsigned type;
		const char *name, *title;
	} rows[] = {
		{ 0, "hello_request", "HelloRequest" },
		{ 1, "client_hello", "ClientHello" },
		{ 4, "new_session_ticket", "NewSessionTicket" },
		{ 8, "encrypted_extensions", "EncryptedExtensions" },
		{ 12, "server_key_exchange", "ServerKeyExchange" },
		{ 21, "certificate_url", "CertificateURL" },
		{ 254, "message_hash", "MessageHash" },
		{ 7, NULL, NULL },
		{ 255, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		expect_name(name_handshake_type(rows[i].type), rows[i].name);
		expect_name(name_handshake_title(rows[i].type), rows[i].title);
		if (rows[i].name != NULL) {
			assert_int_equal(handshake_type_by_name(rows[i].name), rows[i].type);
			assert_int_equal(handshake_type_by_name(rows[i].title), rows[i].type);
		}
	}
	assert_int_equal(handshake_type_by_name("client hello"), 1);
	assert_int_equal(handshake_type_by_name("nothing"), -1);
}

static void test_version__names_drafts_and_dtls(void **state)
{
	static const struct {
		uint16_t wire;
		const char *name;
		unsigned draft;
	} rows[] = {
		{ 0x0002, "SSL2.0", 0 },
		{ 0x0300, "SSL3.0", 0 },
		{ 0x0301, "TLS1.0", 0 },
		{ 0x0302, "TLS1.1", 0 },
		{ 0x0303, "TLS1.2", 0 },
		{ 0x0304, "TLS1.3", 0 },
		{ 0x0305, NULL, 0 },
		{ 0x7f12, "TLS1.3", 18 },
		{ 0x7f1c, "TLS1.3", 28 },
		{ 0xfb1a, "TLS1.3", 26 },
		{ 0xfeff, "DTLS1.0", 0 },
		{ 0xfefd, "DTLS1.2", 0 },
		{ 0xfefc, "DTLS1.3", 0 },
		{ 0xfefe, NULL, 0 },
		{ 0x0000, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		expect_name(name_version(rows[i].wire), rows[i].name);
		assert_int_equal(version_draft(rows[i].wire), rows[i].draft);
	}
}

static void test_extension_and_group__names(void **state)
{
	(void)state;
	expect_name(name_extension(0), "server_name");
	expect_name(name_extension(16), "application_layer_protocol_negotiation");
	expect_name(name_extension(51), "key_share");
	expect_name(name_extension(0xff01), "renegotiation_info");
	expect_name(name_extension(0xfefe), NULL);
	expect_name(name_group(24), "secp384r1");
	expect_name(name_group(0x11ec), "X25519MLKEM768");
	expect_name(name_group(0), NULL);
	expect_name(name_group(0x2a2a), NULL);
}

static void test_grease__only_the_sixteen_values(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned v = 0; v <= 0xffff; v++)
		n += is_grease((uint16_t)v);
	assert_int_equal(n, 16);
	assert_true(is_grease(0x0a0a));
	assert_true(is_grease(0xfafa));
	assert_false(is_grease(0x0a1a));
	assert_false(is_grease(0x0b0b));
}

static void test_name_or_hex__number_when_there_is_no_name(void **state)
{
	char out[48];

	(void)state;
	name_or_hex(out, "secp384r1", 24);
	assert_string_equal(out, "secp384r1");
	name_or_hex(out, NULL, 7);
	assert_string_equal(out, "0x07");
	name_or_hex(out, NULL, 0xfe01);
	assert_string_equal(out, "0xfe01");
}

static void test_names__fit_the_buffer_and_are_one_word(void **state)
{
	(void)state;
	for (unsigned v = 0; v <= 0xffff; v++) {
		const char *names[] = { name_cipher_suite((uint16_t)v), name_group((uint16_t)v),
			name_scheme((uint16_t)v), name_extension((uint16_t)v), name_alert(v),
			name_handshake_type(v) };

		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			if (names[i] == NULL)
				continue;
			assert_in_range(strlen(names[i]), 1, 47);
			assert_null(strpbrk(names[i], " ()\t"));
		}
	}
}

static void test_suite__parts_follow_from_the_name(void **state)
{
	static const struct suite rows[] = {
		{ 0x0000, "TLS_NULL_WITH_NULL_NULL", KX_NULL, AUTH_NONE, CIPHER_NULL, HASH_SHA256,
			false, false, false, true },
		{ 0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", KX_RSA, AUTH_RSA, CIPHER_STREAM,
			HASH_SHA256, false, false, true, true },
		{ 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", KX_RSA, AUTH_RSA, CIPHER_CBC,
			HASH_SHA256, false, false, false, true },
		{ 0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", KX_DHE, AUTH_NONE, CIPHER_CBC,
			HASH_SHA256, false, false, false, true },
		{ 0x001e, "TLS_KRB5_WITH_DES_CBC_SHA", KX_KRB5, AUTH_NONE, CIPHER_CBC, HASH_SHA256,
			false, false, false, true },
		{ 0x0030, "TLS_DH_DSS_WITH_AES_128_CBC_SHA", KX_DH, AUTH_DSS, CIPHER_CBC,
			HASH_SHA256, false, false, false, false },
		{ 0x0081, "TLS_GOSTR341001_WITH_28147_CNT_IMIT", KX_GOST, AUTH_GOST, CIPHER_OTHER,
			HASH_NONE, false, false, false, false },
		{ 0x008c, "TLS_PSK_WITH_AES_128_CBC_SHA", KX_PSK, AUTH_NONE, CIPHER_CBC,
			HASH_SHA256, false, false, false, false },
		{ 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", KX_DHE, AUTH_RSA, CIPHER_AEAD,
			HASH_SHA384, false, false, false, false },
		{ 0x00ad, "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384", KX_RSA_PSK, AUTH_RSA, CIPHER_AEAD,
			HASH_SHA384, false, false, false, false },
		{ 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", KX_UNKNOWN, AUTH_UNKNOWN,
			CIPHER_OTHER, HASH_NONE, false, true, false, false },
		{ 0x1302, "TLS_AES_256_GCM_SHA384", KX_TLS13, AUTH_TLS13, CIPHER_AEAD, HASH_SHA384,
			true, false, false, false },
		{ 0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", KX_ECDHE, AUTH_ECDSA, CIPHER_NULL,
			HASH_SHA256, false, false, false, true },
		{ 0xc00e, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", KX_ECDH, AUTH_RSA, CIPHER_CBC,
			HASH_SHA256, false, false, false, false },
		{ 0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", KX_ECDHE, AUTH_NONE, CIPHER_CBC,
			HASH_SHA256, false, false, false, false },
		{ 0xc022, "TLS_SRP_SHA_DSS_WITH_AES_256_CBC_SHA", KX_SRP, AUTH_DSS, CIPHER_CBC,
			HASH_SHA256, false, false, false, false },
		{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", KX_ECDHE, AUTH_ECDSA,
			CIPHER_AEAD, HASH_SHA384, false, false, false, false },
		{ 0xc037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", KX_ECDHE_PSK, AUTH_NONE,
			CIPHER_CBC, HASH_SHA256, false, false, false, false },
		{ 0xc0aa, "TLS_PSK_DHE_WITH_AES_128_CCM_8", KX_DHE_PSK, AUTH_NONE, CIPHER_AEAD,
			HASH_SHA256, false, false, false, false },
		{ 0xc0b2, "TLS_ECCPWD_WITH_AES_128_CCM_SHA256", KX_ECCPWD, AUTH_NONE, CIPHER_AEAD,
			HASH_SHA256, false, false, false, false },
		{ 0xc0b4, "TLS_SHA256_SHA256", KX_TLS13, AUTH_TLS13, CIPHER_NULL, HASH_SHA256, true,
			false, false, true },
		{ 0xc0ff, "TLS_ECJPAKE_WITH_AES_128_CCM_8", KX_ECJPAKE, AUTH_NONE, CIPHER_AEAD,
			HASH_SHA256, false, false, false, false },
		{ 0xc103, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L", KX_TLS13, AUTH_TLS13,
			CIPHER_AEAD, HASH_NONE, true, false, false, false },
		{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", KX_ECDHE, AUTH_ECDSA,
			CIPHER_AEAD, HASH_SHA256, false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct suite *want = &rows[i], *have = suite_find(want->value);

		assert_non_null(have);
		assert_string_equal(have->name, want->name);
		assert_int_equal(have->kx, want->kx);
		assert_int_equal(have->auth, want->auth);
		assert_int_equal(have->kind, want->kind);
		assert_int_equal(have->prf_hash, want->prf_hash);
		assert_int_equal(have->tls13, want->tls13);
		assert_int_equal(have->signalling, want->signalling);
		assert_int_equal(have->export_grade, want->export_grade);
		assert_int_equal(have->weak, want->weak);
	}
	assert_null(suite_find(0xfefe));
	assert_null(suite_find(0x0a0a));
}

static void test_suite__every_registered_one_is_understood(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned v = 0; v <= 0xffff; v++) {
		const struct suite *suite = suite_find((uint16_t)v);

		if (suite == NULL)
			continue;
		n++;
		assert_int_equal(suite->value, v);
		assert_int_equal(suite->kx == KX_UNKNOWN, suite->signalling);
		assert_int_equal(suite->kx == KX_TLS13, suite->tls13);
	}
	assert_in_range(n, 300, 1000);
}

static void test_scheme__tls12_reads_a_pair_and_names_no_curve(void **state)
{
	struct scheme scheme = scheme_decode(0x0603);

	(void)state;
	assert_int_equal(scheme.value, 0x0603);
	assert_int_equal(scheme.hash, HASH_SHA512);
	assert_int_equal(scheme.signature, SIG_ECDSA);
	assert_int_equal(scheme.tls13_group, 0x0019);
	expect_name(name_scheme(0x0603), "ecdsa_secp521r1_sha512");
	expect_name(hash_name(scheme.hash), "sha512");
	expect_name(signature_kind_name(scheme.signature), "ecdsa");
}

static void test_scheme__any_value_decodes(void **state)
{
	static const struct {
		uint16_t value;
		enum hash hash;
		enum signature_kind signature;
		uint16_t group;
		bool pss_key;
	} rows[] = {
		{ 0x0000, HASH_NONE, SIG_ANONYMOUS, 0, false },
		{ 0x0101, HASH_MD5, SIG_RSA_PKCS1, 0, false },
		{ 0x0202, HASH_SHA1, SIG_DSA, 0, false },
		{ 0x0203, HASH_SHA1, SIG_ECDSA, 0, false },
		{ 0x0303, HASH_SHA224, SIG_ECDSA, 0, false },
		{ 0x0403, HASH_SHA256, SIG_ECDSA, 0x17, false },
		{ 0x0501, HASH_SHA384, SIG_RSA_PKCS1, 0, false },
		{ 0x0600, HASH_SHA512, SIG_ANONYMOUS, 0, false },
		{ 0x0604, HASH_SHA512, SIG_OTHER, 0, false },
		{ 0x0703, HASH_NONE, SIG_OTHER, 0, false },
		{ 0x0804, HASH_SHA256, SIG_RSA_PSS, 0, false },
		{ 0x0807, HASH_INTRINSIC, SIG_ED25519, 0, false },
		{ 0x0808, HASH_INTRINSIC, SIG_ED448, 0, false },
		{ 0x080b, HASH_SHA512, SIG_RSA_PSS, 0, true },
		{ 0x081b, HASH_SHA384, SIG_ECDSA, 0x1b, false },
		{ 0x0904, HASH_INTRINSIC, SIG_OTHER, 0, false },
		{ 0xfefe, HASH_NONE, SIG_OTHER, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct scheme have = scheme_decode(rows[i].value);

		assert_int_equal(have.value, rows[i].value);
		assert_int_equal(have.hash, rows[i].hash);
		assert_int_equal(have.signature, rows[i].signature);
		assert_int_equal(have.tls13_group, rows[i].group);
		assert_int_equal(have.pss_key, rows[i].pss_key);
	}
}

static void test_scheme__table_agrees_with_the_tls12_pair(void **state)
{
	static const enum signature_kind kinds[] = { SIG_ANONYMOUS, SIG_RSA_PKCS1, SIG_DSA,
		SIG_ECDSA };

	(void)state;
	for (uint16_t hash = 1; hash <= 6; hash++) {
		for (uint16_t kind = 0; kind <= 3; kind++) {
			struct scheme s = scheme_decode((uint16_t)(hash << 8 | kind));

			assert_int_equal(s.hash, HASH_MD5 + hash - 1);
			assert_int_equal(s.signature, kinds[kind]);
		}
	}
}

static void test_group__sizes_follow_from_the_curve(void **state)
{
	static const struct {
		uint16_t value;
		enum group_kind kind;
		unsigned bits;
		size_t coordinate, public, client, server;
	} rows[] = {
		{ 0x0017, GROUP_EC, 256, 32, 65, 65, 65 },
		{ 0x0018, GROUP_EC, 384, 48, 97, 97, 97 },
		{ 0x0019, GROUP_EC, 521, 66, 133, 133, 133 },
		{ 0x0001, GROUP_EC, 163, 21, 43, 43, 43 },
		{ 0x001d, GROUP_MONTGOMERY, 255, 32, 32, 32, 32 },
		{ 0x001e, GROUP_MONTGOMERY, 448, 56, 56, 56, 56 },
		{ 0x0101, GROUP_FFDHE, 3072, 0, 384, 384, 384 },
		{ 0x11ec, GROUP_HYBRID, 255, 0, 1216, 1216, 1120 },
		{ 0x11ed, GROUP_HYBRID, 384, 0, 1665, 1665, 1665 },
		{ 0xff01, GROUP_OTHER, 0, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct group *group = group_find(rows[i].value);

		assert_non_null(group);
		assert_int_equal(group->kind, rows[i].kind);
		assert_int_equal(group->bits, rows[i].bits);
		assert_int_equal(group->coordinate_len, rows[i].coordinate);
		assert_int_equal(group->public_len, rows[i].public);
		assert_int_equal(group->client_len, rows[i].client);
		assert_int_equal(group->server_len, rows[i].server);
	}
	assert_null(group_find(0xfe01));
}

static void test_icmp__codes_mean_what_their_family_says(void **state)
{
	(void)state;
	assert_int_equal(icmp_meaning(4, 3, 1), ICMP_HOST_UNREACHABLE);
	assert_int_equal(icmp_meaning(6, 3, 1), ICMP_OTHER);
	assert_int_equal(icmp_meaning(6, 1, 1), ICMP_PROHIBITED);
	assert_int_equal(icmp_meaning(6, 1, 3), ICMP_HOST_UNREACHABLE);
	assert_int_equal(icmp_meaning(6, 3, 0), ICMP_EXPIRED);
	expect_name(icmp_text(4, 3, 13), "communication administratively prohibited");
	expect_name(icmp_text(6, 1, 0), "no route to destination");
	expect_name(icmp_text(4, 3, 200), "unreachable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_icmp__codes_mean_what_their_family_says),
		cmocka_unit_test(test_alert__names_are_the_rfcs),
		cmocka_unit_test(test_suite__found_by_every_spelling),
		cmocka_unit_test(test_version_group_and_scheme__found_by_name),
		cmocka_unit_test(test_alert__found_by_name_in_any_spelling),
		cmocka_unit_test(test_handshake_type__has_name_and_title),
		cmocka_unit_test(test_version__names_drafts_and_dtls),
		cmocka_unit_test(test_extension_and_group__names),
		cmocka_unit_test(test_grease__only_the_sixteen_values),
		cmocka_unit_test(test_name_or_hex__number_when_there_is_no_name),
		cmocka_unit_test(test_names__fit_the_buffer_and_are_one_word),
		cmocka_unit_test(test_suite__parts_follow_from_the_name),
		cmocka_unit_test(test_suite__every_registered_one_is_understood),
		cmocka_unit_test(test_scheme__tls12_reads_a_pair_and_names_no_curve),
		cmocka_unit_test(test_scheme__any_value_decodes),
		cmocka_unit_test(test_scheme__table_agrees_with_the_tls12_pair),
		cmocka_unit_test(test_group__sizes_follow_from_the_curve),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
