/* Checks of what the hellos, the key exchange and the certificates agree on. */
#include "rules/facts.h"
#include "rules/said.h"

#include "base/array.h"

/* Without the ClientHello nobody can tell what it offered. */
static void lose_hello(struct handshake *hs)
{
	memset(&hs->client_hello, 0, sizeof hs->client_hello);
	hs->midway = true;
}

static void test_version_offered__the_highest_or_a_lower_one_passes(void **state)
{
	assert_answer(first(state), version_offered, "pass", "TLS 1.2 was chosen, and offered");
	first(state)->server_hello.version = 0x0301;
	assert_answer(first(state), version_offered, "pass", "TLS 1.0 was chosen, and offered");
}

static void test_version_offered__a_higher_one_fails(void **state)
{
	first(state)->client_hello.version = 0x0302;
	assert_answer(first(state), version_offered, "fail",
		"the server chose TLS 1.2, the client offers at most TLS 1.1");
}

static void test_version_offered__tls13_must_stand_in_supported_versions(void **state)
{
	make_tls13(first(state));
	assert_answer(first(state), version_offered, "pass", "TLS 1.3 was chosen, and offered");
	first(state)->client_hello.ext.versions = LIST(first(state), 0x0303);
	assert_answer(first(state), version_offered, "fail", "the server chose TLS 1.3");
}

/* RFC 8446 4.2.1: a server of TLS 1.3 goes by the list, an older one by the field. */
static void test_version_offered__beside_the_list_the_field_is_told(void **state)
{
	struct extensions *ask = &first(state)->client_hello.ext;

	ask->has_versions = true;
	ask->versions = LIST(first(state), 0x0304);
	assert_answer(first(state), version_offered, "pass",
		"TLS 1.2 was chosen by client_version; supported_versions");
	first(state)->server_hello.version = 0x0305;
	assert_answer(first(state), version_offered, "fail", "the client offers at most TLS 1.3");
}

static void test_hello__of_a_log_it_is_the_log_that_lacks_it(void **state)
{
	struct handshake *hs = first(state);

	make_tls13(hs);
	hs->logged = true;
	hs->client_hello.seen = false;
	assert_answer(hs, session_id_echoed, "unknown", "the ClientHello is not in the log");
	assert_answer(hs, compression_offered, "unknown", "the ClientHello is not in the log");
}

static void test_version_offered__the_field_offers_ssl3_to_tls12_and_nothing_else(void **state)
{
	static const struct {
		uint16_t chosen, highest;
		const char *status;
	} rows[] = {
		{ 0x0300, 0x0303, "pass" }, { 0x0303, 0x0303, "pass" }, { 0x0303, 0x0302, "fail" },
		{ 0x02ff, 0x0303, "fail" }, { 0x0002, 0x0303, "fail" }, { 0x0304, 0x0304, "fail" },
		{ 0x7f1c, 0x7f1c, "fail" },
		{ 0x0305, 0x0305, "pass" }, /* of a version to come we know no other place */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		first(state)->server_hello.version = rows[i].chosen;
		first(state)->client_hello.version = rows[i].highest;
		assert_answer(first(state), version_offered, rows[i].status, "");
	}
}

static void test_version_offered__needs_both_hellos(void **state)
{
	lose_hello(first(state));
	assert_answer(
		first(state), version_offered, "unknown", "ClientHello is not in the capture");
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 70);
	assert_answer(first(state), version_offered, "n/a", "no ServerHello was seen");
}

static void test_cipher_suite_offered__one_of_the_list_passes(void **state)
{
	assert_answer(first(state), cipher_suite_offered, "pass",
		"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 was chosen, and offered");
}

static void test_cipher_suite_offered__another_fails(void **state)
{
	first(state)->server_hello.suite = 0xc02c;
	assert_answer(first(state), cipher_suite_offered, "fail",
		"the server chose TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, which the client does "
		"not offer");
}

static void test_cipher_suite_offered__a_signal_is_no_suite(void **state)
{
	first(state)->server_hello.suite = 0x00ff;
	first(state)->suite = suite_find(0x00ff);
	assert_answer(first(state), cipher_suite_offered, "fail", "a signal and no cipher suite");
}

static void test_cipher_suite_offered__one_of_another_version_fails(void **state)
{
	first(state)->client_hello.suites = LIST(first(state), 0x1301);
	first(state)->server_hello.suite = 0x1301;
	first(state)->suite = suite_find(0x1301);
	assert_answer(first(state), cipher_suite_offered, "fail",
		"TLS_AES_128_GCM_SHA256 does not belong to TLS 1.2");
}

static void test_cipher_suite_offered__needs_both_hellos(void **state)
{
	lose_hello(first(state));
	assert_answer(
		first(state), cipher_suite_offered, "unknown", "ClientHello is not in the capture");
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_answer(first(state), cipher_suite_offered, "n/a", "no ServerHello was seen");
}

static void test_group_offered__one_of_the_list_passes(void **state)
{
	assert_answer(first(state), group_offered, "pass", "secp256r1 was chosen, and offered");
	first(state)->client_hello.ext.has_groups = false;
	assert_answer(first(state), group_offered, "pass", "names no groups, so any will do");
}

static void test_group_offered__another_fails(void **state)
{
	first(state)->ske.group = 25;
	assert_answer(first(state), group_offered, "fail",
		"ServerKeyExchange names secp521r1, which the client does not offer");
}

static void test_group_offered__a_tls13_share_answers_a_share(void **state)
{
	make_tls13(first(state));
	assert_answer(first(state), group_offered, "pass", "x25519 was chosen, and offered");
	first(state)->server_hello.ext.shares[0].group = 23;
	assert_answer(first(state), group_offered, "fail",
		"the server answers with a share of secp256r1, but the client sent none");
	first(state)->server_hello.ext.shares[0].group = 25;
	assert_answer(first(state), group_offered, "fail", "the key share names secp521r1");
}

static void test_group_offered__a_retry_asks_for_a_group_without_a_share(void **state)
{
	make_retry(first(state));
	assert_answer(first(state), group_offered, "pass", "x25519 was chosen, and offered");
	first(state)->client_hello.ext.shares[0].group = 29;
	assert_answer(first(state), group_offered, "fail",
		"HelloRetryRequest asks for x25519, for which a share was sent already");
	first(state)->hello_retry.ext.shares[0].group = 25;
	assert_answer(first(state), group_offered, "fail",
		"HelloRetryRequest names secp521r1, which the client does not offer");
}

/* Where the report points: the bytes that say it. */
static void assert_shows(struct facts *f, enum check_id id, size_t i, size_t offset, size_t length)
{
	const struct answer *a = &f->examined[0].answers[id];

	facts_examine(f);
	assert_true(a->n_evidence > i);
	assert_int_equal(a->evidence[i].place.offset, offset);
	assert_int_equal(a->evidence[i].place.length, length);
}

static void test_group_offered__points_at_the_group(void **state)
{
	struct facts *f = *state;

	make_retry(f->hs);
	f->hs->client_hello.ext.shares[0].group = 29;
	f->hs->hello_retry.ext.shares[0].at = 60;
	assert_shows(f, CHECK_group_offered, 0, 58, 2);
}

static void test_hello_retry_kept__points_at_what_differs(void **state)
{
	struct facts *f = *state;

	make_retry(f->hs);
	/* the retry is a ServerHello, too, and the first */
	f->hs->events[f->hs->n_events++] = *event_of(f->hs, SIDE_SERVER, HS_SERVER_HELLO);
	f->hs->server_hello.ext.shares[0].at = 70;
	f->hs->server_hello.ext.shares[0].group = 24;
	assert_shows(f, CHECK_hello_retry_kept, 0, 66, 2);
	f->hs->server_hello.ext.selected_version = 0x0303;
	assert_shows(f, CHECK_hello_retry_kept, 0, 0, 2);
	f->hs->server_hello.suite = 0x1302;
	assert_shows(f, CHECK_hello_retry_kept, 0, 35 + f->hs->server_hello.session_id.len, 2);
}

static void test_group_offered__needs_a_choice_and_the_offer(void **state)
{
	lose_hello(first(state));
	assert_answer(first(state), group_offered, "unknown", "ClientHello is not in the capture");
	memset(&first(state)->ske, 0, sizeof first(state)->ske);
	assert_answer(first(state), group_offered, "n/a", "no group was chosen");
}

static void test_signature_scheme_offered__one_of_the_list_passes(void **state)
{
	assert_answer(first(state), signature_scheme_offered, "pass",
		"SHA-256 with ECDSA (0x0403) was offered");
}

static void test_signature_scheme_offered__another_fails(void **state)
{
	first(state)->client_hello.ext.schemes = LIST(first(state), 0x0603);
	assert_answer(first(state), signature_scheme_offered, "fail",
		"ServerKeyExchange is signed with SHA-256 with ECDSA (0x0403), which the client "
		"does not offer");
}

static void test_signature_scheme_offered__without_the_extension_sha1_is_assumed(void **state)
{
	first(state)->client_hello.ext.has_schemes = false;
	assert_answer(first(state), signature_scheme_offered, "fail", "(0x0403)");
	first(state)->ske.scheme = 0x0203;
	assert_answer(first(state), signature_scheme_offered, "pass", "SHA-1 with ECDSA");
}

static void test_signature_scheme_offered__the_client_keeps_to_the_request(void **state)
{
	struct handshake *hs = first(state);

	make_mutual(*state, hs);
	assert_answer(hs, signature_scheme_offered, "pass", "was offered");
	hs->certificate_request.schemes = LIST(hs, 0x0401);
	assert_answer(hs, signature_scheme_offered, "fail",
		"the client's CertificateVerify uses SHA-256 with ECDSA (0x0403), which the server "
		"does not ask for");
	hs->certificate_request.seen = false;
	assert_answer(hs, signature_scheme_offered, "unknown", "CertificateRequest is not in");
}

static void test_signature_scheme_offered__needs_the_offer(void **state)
{
	lose_hello(first(state));
	assert_answer(first(state), signature_scheme_offered, "unknown",
		"ClientHello is not in the capture");
}

static void test_signature_scheme_offered__before_tls12_there_is_none(void **state)
{
	struct answer a = { .arena = first(state)->arena };

	first(state)->ske.has_scheme = false;
	assert_int_equal(
		checks[CHECK_signature_scheme_offered]->run(first(state), &a), NOT_APPLICABLE);
}

static void test_extensions_offered__answers_to_what_was_sent_pass(void **state)
{
	assert_answer(first(state), extensions_offered, "pass",
		"the server answers only extensions the client sent");
}

static void test_extensions_offered__another_fails(void **state)
{
	add_extension(&first(state)->server_hello.ext, EXT_ENCRYPT_THEN_MAC);
	assert_answer(first(state), extensions_offered, "fail",
		"the server answers encrypt_then_mac, which the client did not send");
}

static void test_extensions_offered__renegotiation_info_needs_the_signal(void **state)
{
	first(state)->client_hello.suites = LIST(first(state), 0xc02b);
	assert_answer(
		first(state), extensions_offered, "fail", "the server answers renegotiation_info");
	first(state)->client_hello.sslv2_format = true;
	assert_answer(first(state), extensions_offered, "pass", "only extensions the client sent");
}

/* What stands under the keys, where they are known. */
static void answer_under_keys(struct handshake *hs, uint16_t type)
{
	struct encrypted_extensions *e = &hs->encrypted_extensions;

	e->seen = true;
	e->list[e->n++] = (struct extension){ .type = type, .at = 6 };
}

static void test_extensions__under_the_keys_keep_the_same_rules(void **state)
{
	struct handshake *hs = first(state);

	assert_non_null(extensions_find(&hs->client_hello.ext, EXT_SUPPORTED_GROUPS));
	answer_under_keys(hs, EXT_SUPPORTED_GROUPS);
	assert_answer(hs, extensions_offered, "pass", "only extensions the client sent");
	assert_answer(hs, extensions_once, "pass", "no hello has an extension twice");
	assert_answer(hs, server_hello_fits_version, "pass", "and nothing of another");
	answer_under_keys(hs, EXT_SUPPORTED_GROUPS);
	assert_answer(hs, extensions_once, "fail",
		"EncryptedExtensions has the extension supported_groups twice");
	hs->encrypted_extensions.n = 1;
	answer_under_keys(hs, 0x1234);
	assert_answer(hs, extensions_offered, "fail",
		"in EncryptedExtensions the server answers 0x1234, which the client did not send");
	hs->encrypted_extensions.n = 1;
	answer_under_keys(hs, EXT_KEY_SHARE);
	assert_answer(hs, server_hello_fits_version, "fail",
		"EncryptedExtensions has the extension key_share, which has no place there");
	hs->encrypted_extensions.n = 1;
	answer_under_keys(hs, EXT_COOKIE); /* a retry's alone */
	assert_answer(hs, extensions_offered, "fail", "the server answers cookie");
}

static void test_extensions_offered__a_retry_may_bring_a_cookie(void **state)
{
	make_retry(first(state));
	add_extension(&first(state)->hello_retry.ext, EXT_COOKIE);
	assert_answer(first(state), extensions_offered, "pass", "only extensions the client sent");
	add_extension(&first(state)->hello_retry.ext, EXT_ALPN);
	assert_answer(first(state), extensions_offered, "fail", "the server answers");
}

static void test_extensions_offered__needs_both_hellos(void **state)
{
	lose_hello(first(state));
	assert_answer(
		first(state), extensions_offered, "unknown", "ClientHello is not in the capture");
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_answer(first(state), extensions_offered, "n/a", "no ServerHello was seen");
}

/* ---- keys ---- */

static void test_scheme_fits_key__no_scheme_of_tls12_names_a_curve(void **state)
{
	assert_answer(first(state), scheme_fits_key, "pass",
		"0x0403 is SHA-256 with ECDSA and fits the key, EC secp256r1; it names no curve");
	first(state)->ske.scheme = 0x0603;
	assert_answer(first(state), scheme_fits_key, "pass", "0x0603 is SHA-512 with ECDSA");
}

static void test_scheme_fits_key__another_kind_of_signature_fails(void **state)
{
	first(state)->ske.scheme = 0x0401;
	assert_answer(first(state), scheme_fits_key, "fail",
		"ServerKeyExchange says SHA-256 with RSA (0x0401), but the certificate's key is EC "
		"secp256r1");
}

static void test_scheme_fits_key__every_kind_of_key_makes_its_own(void **state)
{
	static const struct {
		enum key_kind key;
		uint16_t suite, scheme;
	} rows[] = {
		{ KEY_RSA, 0xc02f, 0x0401 },
		{ KEY_RSA, 0xc02f, 0x0804 },
		{ KEY_RSA_PSS, 0xc02f, 0x0809 },
		{ KEY_ED25519, 0xc02b, 0x0807 },
		{ KEY_ED448, 0xc02b, 0x0808 },
		{ KEY_DSA, 0x0032, 0x0202 },
	};
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		f->leaf.key = rows[i].key;
		f->hs->suite = suite_find(rows[i].suite);
		f->hs->ske.scheme = rows[i].scheme;
		assert_answer(f->hs, scheme_fits_key, "pass", "fits the key");
		f->hs->ske.scheme = rows[i].key == KEY_RSA ? 0x0403 : 0x0401;
		assert_answer(f->hs, scheme_fits_key, "fail", "but the certificate's key is");
	}
}

static void test_scheme_fits_key__a_suite_for_another_key_fails(void **state)
{
	first(state)->suite = suite_find(0xc02f);
	assert_answer(first(state), scheme_fits_key, "fail",
		"the suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 does not go with the "
		"certificate's key, EC secp256r1");
}

static void test_scheme_fits_key__before_tls12_the_key_decides(void **state)
{
	first(state)->ske.has_scheme = false;
	assert_answer(
		first(state), scheme_fits_key, "pass", "the key's type fixes the signature's");
}

static void test_scheme_fits_key__the_clients_is_asked_too(void **state)
{
	make_mutual(*state, first(state));
	assert_answer(first(state), scheme_fits_key, "pass", "fits the key");
	first(state)->side[SIDE_CLIENT].verify.scheme = 0x0401;
	assert_answer(first(state), scheme_fits_key, "fail",
		"the client's CertificateVerify says SHA-256 with RSA (0x0401), but its key is EC "
		"secp256r1");
}

static void test_scheme_fits_key__needs_the_certificate(void **state)
{
	first(state)->side[SIDE_SERVER].n_certs = 0;
	assert_answer(first(state), scheme_fits_key, "unknown",
		"the server's certificate was not seen: it was not sent before the end");
	first(state)->gaps[first(state)->n_gaps++] = (struct gap_fact){ .from = SIDE_SERVER };
	assert_answer(first(state), scheme_fits_key, "unknown", "the capture lost packets there");
	first(state)->gaps[0].reason = GAP_CUT;
	assert_answer(first(state), scheme_fits_key, "unknown", "packets were cut short");
}

static void test_certificate_curve_offered__the_leafs_curve_must_be_listed(void **state)
{
	assert_answer(first(state), certificate_curve_offered, "pass", "every EC key");
	first(state)->client_hello.ext.groups = LIST(first(state), 29, 24);
	assert_answer(first(state), certificate_curve_offered, "fail",
		"the leaf's key is EC secp256r1, a curve the client does not offer");
	first(state)->client_hello.ext.has_groups = false;
	assert_answer(first(state), certificate_curve_offered, "pass",
		"the client names no groups, so any will do");
}

static void test_certificate_curve_offered__tls13_has_schemes_for_that(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	f->hs->client_hello.ext.groups = LIST(f->hs, 29);
	assert_answer(f->hs, certificate_curve_offered, "n/a", "for key exchange alone");
	assert_not_shown(f, certificate_curve_unsupported);
}

static void test_certificate_curve_offered__an_issuers_curve_is_a_warning(void **state)
{
	struct facts *f = *state;

	make_long_chain(f, f->hs);
	f->middle.key_group = 25;
	assert_answer(f->hs, certificate_curve_offered, "warn",
		"the issuer 'CN=Test Issuer' has a key on a curve the client does not offer");
}

static void test_certificate_curve_offered__needs_an_ec_key_and_the_offer(void **state)
{
	struct facts *f = *state;

	lose_hello(f->hs);
	assert_answer(f->hs, certificate_curve_offered, "unknown", "ClientHello is not in");
	f->leaf.key = KEY_RSA;
	assert_answer(f->hs, certificate_curve_offered, "n/a", "no certificate has an EC key");
	f->hs->side[SIDE_SERVER].n_certs = 0;
	assert_answer(f->hs, certificate_curve_offered, "n/a", "no server certificate");
}

/* ---- hellos that the capture has cut ---- */

/* What stands behind the cut was offered or not: nobody knows. */
static void test_offers__a_hello_that_is_cut_accuses_nobody(void **state)
{
	static const enum check_id about[] = { CHECK_version_offered, CHECK_cipher_suite_offered,
		CHECK_group_offered, CHECK_signature_scheme_offered, CHECK_extensions_offered,
		CHECK_certificate_curve_offered };
	struct facts *f = *state;
	struct client_hello *hello = &f->hs->client_hello;

	hello->version = 0x0302;
	hello->suites = LIST(f->hs, 0x002f);
	hello->ext.groups = LIST(f->hs, 29);
	hello->ext.schemes = LIST(f->hs, 0x0401);
	hello->ext.n = 0;
	facts_examine(f);
	for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
		assert_int_equal(f->examined[0].answers[about[i]].status, FAIL);
	event_of(f->hs, SIDE_CLIENT, HS_CLIENT_HELLO)->wrong.code = PARSE_CUT;
	facts_examine(f);
	for (size_t i = 0; i < sizeof about / sizeof about[0]; i++) {
		assert_int_equal(f->examined[0].answers[about[i]].status, UNKNOWN);
		assert_string_equal(f->examined[0].answers[about[i]].message,
			"the ClientHello was not read to its end");
		assert_int_equal(f->examined[0].answers[about[i]].n_evidence, 0);
	}
}

/* Asks all checks again with that hello cut: those named do not answer any more. */
static void assert_unread(struct facts *f, enum side from, const enum check_id *about, size_t n)
{
	struct event *hello =
		event_of(f->hs, from, from == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO);

	facts_examine(f);
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(f->examined[0].answers[about[i]].status, UNKNOWN);
	hello->wrong.code = PARSE_CUT;
	facts_examine(f);
	for (size_t i = 0; i < n; i++) {
		const struct answer *a = &f->examined[0].answers[about[i]];

		if (a->status != UNKNOWN)
			fail_msg("%s: %s", checks[about[i]]->id, a->message);
		assert_string_equal(a->message,
			from == SIDE_CLIENT ? "the ClientHello was not read to its end"
					    : "the ServerHello was not read to its end");
	}
	hello->wrong.code = PARSE_OK;
}

static void mark(struct handshake *hs, uint8_t last);

static void test_signals__a_hello_that_is_cut_accuses_nobody(void **state)
{
	static const enum check_id about[] = { CHECK_no_downgrade_signal,
		CHECK_renegotiation_info };
	struct facts *f = *state;

	mark(f->hs, 1);
	f->hs->client_hello.ext.has_versions = true;
	f->hs->client_hello.ext.versions = LIST(f->hs, 0x0304, 0x0303);
	f->hs->server_hello.ext.has_renegotiation_info = false;
	assert_unread(f, SIDE_CLIENT, about, COUNT(about));
	assert_unread(f, SIDE_SERVER, about, COUNT(about));
}

static void test_choices__a_server_hello_that_is_cut_accuses_nobody(void **state)
{
	static const enum check_id about[] = { CHECK_version_offered, CHECK_cipher_suite_offered,
		CHECK_extensions_offered };
	struct facts *f = *state;

	f->hs->client_hello.version = 0x0302;
	f->hs->client_hello.suites = LIST(f->hs, 0x002f);
	f->hs->client_hello.ext.n = 0;
	assert_unread(f, SIDE_SERVER, about, COUNT(about));
}

static void test_choices__a_group_of_tls13_stands_in_a_server_hello_that_was_read(void **state)
{
	static const enum check_id about[] = { CHECK_group_offered };
	struct facts *f = *state;

	make_tls13(f->hs);
	f->hs->client_hello.ext.groups = LIST(f->hs, 25);
	assert_unread(f, SIDE_SERVER, about, COUNT(about));
	assert_unread(f, SIDE_CLIENT, about, COUNT(about));
}

static void test_hello_retry_consistent__a_hello_that_is_cut_accuses_nobody(void **state)
{
	static const enum check_id about[] = { CHECK_hello_retry_consistent };
	struct facts *f = *state;

	make_retry(f->hs);
	f->hs->client_hello_2.version = 0x0302;
	assert_unread(f, SIDE_CLIENT, about, COUNT(about));
}

/* ---- signals ---- */

static void test_renegotiation_info__an_empty_one_passes(void **state)
{
	assert_answer(
		first(state), renegotiation_info, "pass", "the server knows secure renegotiation");
}

static void test_renegotiation_info__none_warns(void **state)
{
	first(state)->server_hello.ext.has_renegotiation_info = false;
	assert_answer(first(state), renegotiation_info, "warn", "has no renegotiation_info");
	event_of(first(state), SIDE_SERVER, HS_SERVER_HELLO)->wrong.code = PARSE_SHORT;
	facts_examine(*state);
	assert_int_equal(
		((struct facts *)*state)->examined[0].answers[CHECK_renegotiation_info].status,
		UNKNOWN);
}

static void test_renegotiation_info__one_that_is_not_empty_fails_in_a_first_handshake(void **state)
{
	first(state)->server_hello.ext.renegotiated_connection = text_bytes("verify data");
	assert_answer(first(state), renegotiation_info, "fail", "not empty in a first handshake");
	first(state)->renegotiation = true;
	assert_answer(first(state), renegotiation_info, "pass", "knows secure renegotiation");
}

static void test_renegotiation_info__applies_where_the_client_signals_it(void **state)
{
	first(state)->client_hello.suites = LIST(first(state), 0xc02b);
	assert_answer(first(state), renegotiation_info, "n/a", "the client does not signal it");
	first(state)->client_hello.ext.has_renegotiation_info = true;
	assert_answer(first(state), renegotiation_info, "pass", "knows secure renegotiation");
	lose_hello(first(state));
	assert_answer(first(state), renegotiation_info, "unknown", "ClientHello is not in");
	first(state)->tls13 = true;
	assert_answer(first(state), renegotiation_info, "n/a", "TLS 1.3");
}

static void test_hello_retry_consistent__an_unchanged_hello_passes(void **state)
{
	make_retry(first(state));
	assert_answer(first(state), hello_retry_consistent, "pass", "changes only what it may");
}

static void test_hello_retry_consistent__each_other_change_fails_by_name(void **state)
{
	struct handshake *hs = first(state);
	struct client_hello *two = &hs->client_hello_2, whole;

	make_retry(hs);
	whole = *two;
	two->random[31] ^= 1;
	assert_answer(hs, hello_retry_consistent, "fail", "changes its random");
	*two = whole;
	two->version = 0x0302;
	assert_answer(hs, hello_retry_consistent, "fail", "changes its legacy_version");
	*two = whole;
	two->session_id = text_bytes("another");
	assert_answer(hs, hello_retry_consistent, "fail", "changes its legacy_session_id");
	*two = whole;
	two->suites = LIST(hs, 0x1301);
	assert_answer(hs, hello_retry_consistent, "fail", "changes its cipher_suites");
	*two = whole;
	two->compression = text_bytes("\x01");
	assert_answer(hs, hello_retry_consistent, "fail", "changes its legacy_compression_methods");
	*two = whole;
	two->ext.groups = LIST(hs, 29);
	assert_answer(hs, hello_retry_consistent, "fail", "changes its supported_groups");
	*two = whole;
	two->ext.schemes = LIST(hs, 0x0403);
	assert_answer(hs, hello_retry_consistent, "fail", "changes its signature_algorithms");
	*two = whole;
	two->ext.server_name = text_bytes("other.example");
	assert_answer(hs, hello_retry_consistent, "fail", "changes its server_name");
}

static void test_hello_retry_consistent__without_a_retry_it_does_not_apply(void **state)
{
	assert_answer(first(state), hello_retry_consistent, "n/a", "no second ClientHello");
}

static void test_hello_retry_consistent__it_takes_both_hellos_and_the_retry(void **state)
{
	struct handshake *hs = first(state);
	bool *const messages[] = { &hs->hello_retry.seen, &hs->client_hello_2.seen,
		&hs->client_hello.seen };

	make_retry(hs);
	for (size_t i = 0; i < 3; i++) {
		*messages[i] = false;
		assert_answer(hs, hello_retry_consistent, "n/a", "no second ClientHello");
		*messages[i] = true;
	}
	assert_answer(hs, hello_retry_consistent, "pass", "changes only what it may");
}

static void test_no_downgrade_signal__a_plain_random_passes(void **state)
{
	assert_answer(first(state), no_downgrade_signal, "pass", "carries no downgrade mark");
}

static void mark(struct handshake *hs, uint8_t last)
{
	memcpy(hs->server_hello.random + 24, "DOWNGRD", 7);
	hs->server_hello.random[31] = last;
}

static void test_no_downgrade_signal__a_mark_for_a_client_that_can_more_fails(void **state)
{
	struct handshake *hs = first(state);

	mark(hs, 1);
	hs->client_hello.ext.has_versions = true;
	hs->client_hello.ext.versions = list_of(hs, 2, (const uint16_t[]){ 0x0304, 0x0303 });
	assert_answer(hs, no_downgrade_signal, "fail",
		"the server's random says it could do TLS 1.3, and it chose TLS 1.2");
	mark(hs, 0);
	hs->version = 0x0302;
	assert_answer(hs, no_downgrade_signal, "fail", "could do TLS 1.2 or better");
	hs->version = 0x0303; /* the mark of one that chose less than it did */
	assert_answer(hs, no_downgrade_signal, "fail",
		"the server's random bears the mark of TLS 1.1 or lower, and it chose TLS 1.2");
}

static void test_no_downgrade_signal__a_mark_for_a_client_that_cannot_passes(void **state)
{
	mark(first(state), 1);
	assert_answer(first(state), no_downgrade_signal, "pass", "the client offers no more");
	mark(first(state), 2);
	assert_answer(first(state), no_downgrade_signal, "pass", "carries no downgrade mark");
}

/* JSSE lists its only version, TLS 1.2, in supported_versions. */
static void test_no_downgrade_signal__a_mark_for_a_client_that_lists_no_more_passes(void **state)
{
	struct handshake *hs = first(state);

	mark(hs, 1);
	hs->client_hello.ext.has_versions = true;
	hs->client_hello.ext.versions = list_of(hs, 1, (const uint16_t[]){ 0x0303 });
	assert_answer(hs, no_downgrade_signal, "pass", "the client offers no more");
}

static void test_no_downgrade_signal__needs_both_hellos(void **state)
{
	mark(first(state), 1);
	lose_hello(first(state));
	assert_answer(first(state), no_downgrade_signal, "unknown", "ClientHello is not in");
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_answer(first(state), no_downgrade_signal, "n/a", "no ServerHello was seen");
}

/* ---- the form of the server's hellos ---- */

static uint8_t no_compression[] = { 0 }, compressions[] = { 1, 0 };

static void test_compression_offered__null_or_one_of_the_list_passes(void **state)
{
	struct handshake *hs = first(state);

	hs->client_hello.compression = bytes_of(compressions, sizeof compressions);
	assert_answer(hs, compression_offered, "pass", "no compression was chosen");
	hs->server_hello.compression = 1;
	assert_answer(hs, compression_offered, "pass", "method 1 was chosen, and offered");
}

static void test_compression_offered__another_fails(void **state)
{
	struct handshake *hs = first(state);

	hs->client_hello.compression = bytes_of(no_compression, sizeof no_compression);
	hs->server_hello.compression = 1;
	assert_answer(hs, compression_offered, "fail",
		"the server chose compression method 1, which the client does not offer");
	lose_hello(hs);
	assert_answer(hs, compression_offered, "unknown", "ClientHello is not in the capture");
}

static void test_compression_offered__tls13_has_none(void **state)
{
	struct handshake *hs = first(state);

	make_retry(hs);
	hs->client_hello.compression = bytes_of(compressions, sizeof compressions);
	assert_answer(hs, compression_offered, "pass", "no compression");
	hs->server_hello.compression = 1;
	assert_answer(hs, compression_offered, "fail", "TLS 1.3 has none");
	hs->server_hello.compression = 0;
	hs->hello_retry.compression = 1;
	assert_answer(hs, compression_offered, "fail", "TLS 1.3 has none");
}

static uint8_t session_id[] = { 1, 2, 3, 4 }, other_session_id[] = { 1, 2, 3, 5 };

static void test_session_id_echoed__in_tls13_it_comes_back(void **state)
{
	struct handshake *hs = first(state);

	assert_answer(hs, session_id_echoed, "n/a", "no ServerHello of TLS 1.3 was seen");
	make_tls13(hs);
	hs->client_hello.session_id = hs->server_hello.session_id =
		bytes_of(session_id, sizeof session_id);
	assert_answer(hs, session_id_echoed, "pass", "the client's session id came back");
	hs->server_hello.session_id = bytes_of(other_session_id, sizeof other_session_id);
	assert_answer(hs, session_id_echoed, "fail", "another session id");
	hs->server_hello.session_id = bytes_of(NULL, 0);
	assert_answer(
		hs, session_id_echoed, "fail", "a session id of 0 bytes back, the client sent 4");
	lose_hello(hs);
	assert_answer(hs, session_id_echoed, "unknown", "ClientHello is not in the capture");
}

static void test_session_id_echoed__by_a_retry_too(void **state)
{
	struct handshake *hs = first(state);

	make_retry(hs);
	hs->hello_retry.session_id = bytes_of(session_id, sizeof session_id);
	assert_answer(
		hs, session_id_echoed, "fail", "a session id of 4 bytes back, the client sent 0");
}

static void test_extensions_once__a_second_copy_fails_in_each_hello(void **state)
{
	struct handshake *hs = first(state);

	make_retry(hs);
	assert_answer(hs, extensions_once, "pass", "no hello has an extension twice");
	add_extension(&hs->server_hello.ext, EXT_KEY_SHARE);
	assert_answer(
		hs, extensions_once, "fail", "the ServerHello has the extension key_share twice");
	add_extension(&hs->hello_retry.ext, EXT_SUPPORTED_VERSIONS);
	assert_answer(hs, extensions_once, "fail",
		"the HelloRetryRequest has the extension supported_versions twice");
	add_extension(&hs->client_hello_2.ext, EXT_KEY_SHARE);
	assert_answer(hs, extensions_once, "fail", "the second ClientHello has");
	add_extension(&hs->client_hello.ext, EXT_KEY_SHARE);
	assert_answer(hs, extensions_once, "fail", "the ClientHello has");
}

static void test_server_hello_fits_version__each_version_has_its_extensions(void **state)
{
	struct handshake *hs = first(state);

	assert_answer(hs, server_hello_fits_version, "pass", "what its version wants");
	add_extension(&hs->server_hello.ext, EXT_KEY_SHARE);
	assert_answer(hs, server_hello_fits_version, "fail",
		"the ServerHello has the extension key_share, which has no place there in TLS 1.2");
	make_tls13(hs);
	assert_answer(hs, server_hello_fits_version, "pass", "what its version wants");
	add_extension(&hs->server_hello.ext, EXT_EXTENDED_MASTER_SECRET);
	assert_answer(hs, server_hello_fits_version, "fail",
		"the extension extended_master_secret, which has no place there in TLS 1.3");
}

/* A number nobody knows is asked for elsewhere: it may belong there. */
static void test_server_hello_fits_version__an_unknown_extension_is_not_judged(void **state)
{
	make_tls13(first(state));
	add_extension(&first(state)->server_hello.ext, 0x1234);
	assert_answer(first(state), server_hello_fits_version, "pass", "what its version wants");
}

static void test_server_hello_fits_version__keys_need_a_share_or_a_shared_key(void **state)
{
	struct handshake *hs = first(state);

	make_tls13(hs);
	hs->server_hello.ext.has_key_share = false;
	assert_answer(
		hs, server_hello_fits_version, "fail", "neither key_share nor pre_shared_key");
	hs->server_hello.ext.has_pre_shared_key = true;
	assert_answer(hs, server_hello_fits_version, "pass", "what its version wants");
}

static void test_server_hello_fits_version__the_old_field_says_tls12(void **state)
{
	struct handshake *hs = first(state);

	make_tls13(hs);
	hs->server_hello.ext.has_versions = true;
	hs->server_hello.version = 0x0304;
	assert_answer(hs, server_hello_fits_version, "fail",
		"legacy_version of the ServerHello is 0x0304, and has to be 0x0303");
	hs->server_hello.version = 0x0303;
	hs->server_hello.ext.selected_version = 0x0303;
	assert_answer(hs, server_hello_fits_version, "fail", "names TLS 1.2 in supported_versions");
}

static uint8_t compressed[33] = { 3 }, formats[] = { 0, 1 };

static void test_point_format_offered__compressed_only_for_who_takes_it(void **state)
{
	struct handshake *hs = first(state);

	assert_answer(hs, point_format_offered, "pass", "is not compressed");
	hs->ske.public_key = bytes_of(compressed, sizeof compressed);
	assert_answer(hs, point_format_offered, "fail",
		"the server's ECDHE public key is compressed (03), which the client does not "
		"offer");
	hs->client_hello.ext.point_formats = bytes_of(formats, sizeof formats);
	assert_answer(hs, point_format_offered, "pass", "compressed, as the client allows");
	lose_hello(hs);
	assert_answer(hs, point_format_offered, "unknown", "ClientHello is not in the capture");
}

static void test_point_format_offered__tls13_and_other_curves_have_none(void **state)
{
	struct handshake *hs = first(state);

	make_tls13(hs);
	hs->server_hello.ext.shares[0].key = bytes_of(compressed, 32);
	assert_answer(hs, point_format_offered, "pass", "is not compressed"); /* of x25519 */
	hs->server_hello.ext.shares[0].group = 23;
	hs->client_hello.ext.point_formats = bytes_of(formats, sizeof formats);
	assert_answer(hs, point_format_offered, "fail", "which TLS 1.3 does not allow");
	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_answer(hs, point_format_offered, "n/a", "the server sent no ECDHE public key");
}

static void test_hello_retry_kept__a_retry_asks_for_a_change(void **state)
{
	struct handshake *hs = first(state);

	assert_answer(hs, hello_retry_kept, "n/a", "no HelloRetryRequest was seen");
	make_retry(hs);
	assert_answer(hs, hello_retry_kept, "pass", "the ServerHello keeps to what");
	hs->hello_retry.ext.has_key_share = false;
	assert_answer(hs, hello_retry_kept, "fail", "asks for no change");
	hs->hello_retry.ext.cookie = true;
	assert_answer(hs, hello_retry_kept, "pass", "");
	hs->server_hello.seen = false;
	assert_answer(hs, hello_retry_kept, "pass", "asks for a change");
}

static void test_hello_retry_kept__the_answer_keeps_suite_version_and_group(void **state)
{
	struct handshake *hs = first(state);

	make_retry(hs);
	hs->server_hello.suite = 0x1302;
	assert_answer(hs, hello_retry_kept, "fail",
		"another suite (0x1302) than the HelloRetryRequest (0x1301)");
	hs->server_hello.suite = 0x1301;
	hs->server_hello.ext.selected_version = 0x0303;
	assert_answer(hs, hello_retry_kept, "fail", "of another version");
	hs->server_hello.ext.selected_version = 0x0304;
	hs->server_hello.ext.shares[0].group = 24;
	assert_answer(hs, hello_retry_kept, "fail",
		"asks for x25519, and the ServerHello answers with secp384r1");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_certificate_curve_offered__tls13_has_schemes_for_that),
		RULE_TEST(test_version_offered__the_highest_or_a_lower_one_passes),
		RULE_TEST(test_version_offered__a_higher_one_fails),
		RULE_TEST(test_version_offered__tls13_must_stand_in_supported_versions),
		RULE_TEST(test_version_offered__the_field_offers_ssl3_to_tls12_and_nothing_else),
		RULE_TEST(test_version_offered__beside_the_list_the_field_is_told),
		RULE_TEST(test_hello__of_a_log_it_is_the_log_that_lacks_it),
		RULE_TEST(test_version_offered__needs_both_hellos),
		RULE_TEST(test_cipher_suite_offered__one_of_the_list_passes),
		RULE_TEST(test_cipher_suite_offered__another_fails),
		RULE_TEST(test_cipher_suite_offered__a_signal_is_no_suite),
		RULE_TEST(test_cipher_suite_offered__one_of_another_version_fails),
		RULE_TEST(test_cipher_suite_offered__needs_both_hellos),
		RULE_TEST(test_group_offered__one_of_the_list_passes),
		RULE_TEST(test_group_offered__another_fails),
		RULE_TEST(test_group_offered__a_tls13_share_answers_a_share),
		RULE_TEST(test_group_offered__a_retry_asks_for_a_group_without_a_share),
		RULE_TEST(test_group_offered__points_at_the_group),
		RULE_TEST(test_hello_retry_kept__points_at_what_differs),
		RULE_TEST(test_group_offered__needs_a_choice_and_the_offer),
		RULE_TEST(test_signature_scheme_offered__one_of_the_list_passes),
		RULE_TEST(test_signature_scheme_offered__another_fails),
		RULE_TEST(test_signature_scheme_offered__without_the_extension_sha1_is_assumed),
		RULE_TEST(test_signature_scheme_offered__the_client_keeps_to_the_request),
		RULE_TEST(test_signature_scheme_offered__needs_the_offer),
		RULE_TEST(test_signature_scheme_offered__before_tls12_there_is_none),
		RULE_TEST(test_extensions_offered__answers_to_what_was_sent_pass),
		RULE_TEST(test_extensions_offered__another_fails),
		RULE_TEST(test_extensions_offered__renegotiation_info_needs_the_signal),
		RULE_TEST(test_extensions__under_the_keys_keep_the_same_rules),
		RULE_TEST(test_extensions_offered__a_retry_may_bring_a_cookie),
		RULE_TEST(test_extensions_offered__needs_both_hellos),
		RULE_TEST(test_scheme_fits_key__no_scheme_of_tls12_names_a_curve),
		RULE_TEST(test_scheme_fits_key__another_kind_of_signature_fails),
		RULE_TEST(test_scheme_fits_key__every_kind_of_key_makes_its_own),
		RULE_TEST(test_scheme_fits_key__a_suite_for_another_key_fails),
		RULE_TEST(test_scheme_fits_key__before_tls12_the_key_decides),
		RULE_TEST(test_scheme_fits_key__the_clients_is_asked_too),
		RULE_TEST(test_scheme_fits_key__needs_the_certificate),
		RULE_TEST(test_certificate_curve_offered__the_leafs_curve_must_be_listed),
		RULE_TEST(test_certificate_curve_offered__an_issuers_curve_is_a_warning),
		RULE_TEST(test_certificate_curve_offered__needs_an_ec_key_and_the_offer),
		RULE_TEST(test_offers__a_hello_that_is_cut_accuses_nobody),
		RULE_TEST(test_signals__a_hello_that_is_cut_accuses_nobody),
		RULE_TEST(test_choices__a_server_hello_that_is_cut_accuses_nobody),
		RULE_TEST(test_choices__a_group_of_tls13_stands_in_a_server_hello_that_was_read),
		RULE_TEST(test_hello_retry_consistent__a_hello_that_is_cut_accuses_nobody),
		RULE_TEST(test_renegotiation_info__an_empty_one_passes),
		RULE_TEST(test_renegotiation_info__none_warns),
		RULE_TEST(
			test_renegotiation_info__one_that_is_not_empty_fails_in_a_first_handshake),
		RULE_TEST(test_renegotiation_info__applies_where_the_client_signals_it),
		RULE_TEST(test_hello_retry_consistent__an_unchanged_hello_passes),
		RULE_TEST(test_hello_retry_consistent__each_other_change_fails_by_name),
		RULE_TEST(test_hello_retry_consistent__without_a_retry_it_does_not_apply),
		RULE_TEST(test_hello_retry_consistent__it_takes_both_hellos_and_the_retry),
		RULE_TEST(test_no_downgrade_signal__a_plain_random_passes),
		RULE_TEST(test_no_downgrade_signal__a_mark_for_a_client_that_can_more_fails),
		RULE_TEST(test_no_downgrade_signal__a_mark_for_a_client_that_cannot_passes),
		RULE_TEST(test_no_downgrade_signal__a_mark_for_a_client_that_lists_no_more_passes),
		RULE_TEST(test_no_downgrade_signal__needs_both_hellos),
		RULE_TEST(test_compression_offered__null_or_one_of_the_list_passes),
		RULE_TEST(test_compression_offered__another_fails),
		RULE_TEST(test_compression_offered__tls13_has_none),
		RULE_TEST(test_session_id_echoed__in_tls13_it_comes_back),
		RULE_TEST(test_session_id_echoed__by_a_retry_too),
		RULE_TEST(test_extensions_once__a_second_copy_fails_in_each_hello),
		RULE_TEST(test_server_hello_fits_version__each_version_has_its_extensions),
		RULE_TEST(test_server_hello_fits_version__an_unknown_extension_is_not_judged),
		RULE_TEST(test_server_hello_fits_version__keys_need_a_share_or_a_shared_key),
		RULE_TEST(test_server_hello_fits_version__the_old_field_says_tls12),
		RULE_TEST(test_point_format_offered__compressed_only_for_who_takes_it),
		RULE_TEST(test_point_format_offered__tls13_and_other_curves_have_none),
		RULE_TEST(test_hello_retry_kept__a_retry_asks_for_a_change),
		RULE_TEST(test_hello_retry_kept__the_answer_keeps_suite_version_and_group),
	};

	return RULE_TESTS(tests, argc, argv);
}
