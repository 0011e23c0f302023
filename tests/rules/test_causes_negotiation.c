/* Causes about what the two hellos agree on, and about sessions and pre-shared keys. */
#include "rules/facts.h"
#include "rules/said.h"

/* The server turns the ClientHello down. */
static void refuse(struct handshake *hs, uint8_t alert)
{
	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, alert);
}

/* A second client that the server refuses, beside the first that gets through. */
static struct client_hello *other_refused(struct facts *f)
{
	struct handshake *hs = facts_add(f);

	refuse(hs, 40);
	return &hs->client_hello;
}

static const enum cause_id lists[] = { CAUSE_no_common_cipher_suite, CAUSE_no_common_group,
	CAUSE_no_common_signature_scheme, CAUSE_sni_missing, CAUSE_no_common_version };

/* Of the lists only this one is blamed. */
static void expect_blame(struct facts *f, enum cause_id cause, const char *confidence)
{
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (facts_show(f, lists[i]) != (lists[i] == cause))
			fail_msg("%s", causes[lists[i]]->id);
	(void)facts_show(f, cause);
	assert_string_equal(severity_name(f->finding.severity), "error");
	assert_string_equal(confidence_name(f->finding.confidence), confidence);
	assert_explains(f, no_fatal_alert);
}

/* ---- held against a client that gets through ---- */

static void test_no_common_cipher_suite__the_other_client_has_one_it_lacks(void **state)
{
	struct facts *f = *state;

	other_refused(f)->suites = LIST(f->hs, 0xc02f, 0xc030, 0x009c, 0x00ff);
	expect_blame(f, CAUSE_no_common_cipher_suite, "likely");
	assert_proves(f, "the client offers TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "
			 "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 and 1 more");
	assert_proves(f, "with another ClientHello from there the server takes "
			 "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
}

static void test_no_common_cipher_suite__one_of_the_same_kind_makes_it_likely(void **state)
{
	struct facts *f = *state;

	other_refused(f)->suites = LIST(f->hs, 0xc02c);
	expect_blame(f, CAUSE_no_common_cipher_suite, "likely");
}

static void test_no_common_group__the_other_client_has_one_it_lacks(void **state)
{
	struct facts *f = *state;

	other_refused(f)->ext.groups = LIST(f->hs, 0x0a0a, 29, 25);
	expect_blame(f, CAUSE_no_common_group, "likely");
	assert_proves(f, "the client offers the groups x25519, secp521r1");
	f->hs[1].client_hello.ext.groups = LIST(f->hs, 0x0a0a, 29);
	expect_blame(f, CAUSE_no_common_group, "likely");
	assert_proves(f, "the client offers only the group x25519");
	assert_proves(f, "with another ClientHello from there the server takes secp256r1");
}

/* Neither the group nor the very suite is on offer, and every server has secp256r1. */
static void test_no_common_cipher_suite__a_usual_group_leaves_the_suite(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	f->hs->ske.group = 29;
	hello->suites = LIST(f->hs, 0xc02c);
	hello->ext.groups = LIST(f->hs, 24, 23);
	expect_blame(f, CAUSE_no_common_cipher_suite, "likely");
	hello->ext.groups = LIST(f->hs, 24);
	expect_blame(f, CAUSE_no_common_group, "likely");
}

static void test_no_common_signature_scheme__the_other_client_has_one_it_lacks(void **state)
{
	struct facts *f = *state;

	other_refused(f)->ext.schemes = LIST(f->hs, 0x0401, 0x0501);
	expect_blame(f, CAUSE_no_common_signature_scheme, "likely");
	assert_proves(
		f, "the client offers the signature schemes SHA-256 with RSA, SHA-384 with RSA");
	assert_proves(
		f, "with another ClientHello from there the server signs with SHA-256 with ECDSA");
}

static void test_sni_missing__the_other_client_sends_a_name(void **state)
{
	struct facts *f = *state;

	other_refused(f)->ext.has_server_name = false;
	expect_blame(f, CAUSE_sni_missing, "likely");
	assert_proves(f, "with a server_name the same server goes on");
}

/* Two against two from one address leave nothing but the list; one against one may be chance, and another
 * device has more that is its own. */
static void test_no_common_group__only_counts_from_one_address_are_certain(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	for (size_t i = 0; i < 2; i++)
		other_refused(f)->ext.groups = LIST(f->hs, 0x0a0a, 29, 25);
	expect_blame(f, CAUSE_no_common_group, "certain");
	for (size_t i = 2; i < 4; i++)
		f->hs[i].side[SIDE_CLIENT].address.addr[3] = 77;
	expect_blame(f, CAUSE_no_common_group, "likely");
}

/* A server is an address and a name: who sends a name is with another one. */
static void test_sni_missing__who_names_another_at_the_address_gets_through(void **state)
{
	struct facts *f = *state;
	struct case_file other;

	(void)facts_add(f);
	refuse(f->hs, 40);
	f->hs[0].client_hello.ext.has_server_name = false;
	facts_examine(f);
	other = f->file;
	other.kept = &f->kept[1];
	other.n_kept = f->file.n_kept = 1;
	other.beside = &f->file;
	f->file.n_contrasts = 0; /* it is held against none of another name */
	f->file.beside = &other;
	memset(&f->finding, 0, sizeof f->finding);
	f->finding.cause = causes[CAUSE_sni_missing];
	assert_true(cause_shows(causes[CAUSE_sni_missing], &f->file, &f->finding));
	assert_string_equal(confidence_name(f->finding.confidence), "likely");
	assert_proves(f, "with a server_name the same server goes on");
	assert_false(proves(&f->finding, "what the server has is not known"));
}

static void test_no_common_cipher_suite__two_differences_are_no_certainty(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	hello->suites = LIST(f->hs, 0xc02f);
	hello->ext.groups = LIST(f->hs, 29);
	expect_blame(f, CAUSE_no_common_cipher_suite, "likely");
}

/* Two differences in the hellos: the list that met nothing is one of them only. */
static void test_no_common_group__another_difference_beside_it_is_no_certainty(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	hello->ext.groups = LIST(f->hs, 29, 25);
	hello->ext.n--;
	expect_blame(f, CAUSE_no_common_group, "likely");
}

static void test_no_common_group__an_alert_that_says_nothing_of_it_is_no_certainty(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = facts_add(f);

	refuse(hs, 80);
	hs->client_hello.ext.groups = LIST(f->hs, 29, 25);
	expect_blame(f, CAUSE_no_common_group, "likely");
}

/* Another client got through with TLS 1.3: that its suite is not offered by one that stops at 1.2 says nothing. */
static void test_no_common_group__a_suite_of_tls13_is_no_difference_to_an_older_hello(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	hello->ext.groups = LIST(f->hs, 29, 25);
	expect_blame(f, CAUSE_no_common_group, "likely");
	f->hs->tls13 = true;
	f->hs->version = 0x0304;
	f->hs->suite_value = 0x1301;
	f->hs->suite = suite_find(0x1301);
	assert_shown(f, no_common_group, "error", "likely");
	assert_not_shown(f, no_common_cipher_suite);
}

static void test_no_common_cipher_suite__who_got_through_is_told_as_it_was(void **state)
{
	struct facts *f = *state;

	other_refused(f)->suites = LIST(f->hs, 0xc02f, 0xc030, 0x009c, 0x00ff);
	f->hs[1].side[SIDE_CLIENT].address.addr[3] = 77;
	expect_blame(f, CAUSE_no_common_cipher_suite, "likely");
	assert_proves(f, "with another client the server takes "
			 "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
}

/* The server went on with the very lists it is said to have nothing of. */
static void test_no_common_cipher_suite__not_where_the_same_lists_got_through(void **state)
{
	struct facts *f = *state;

	other_refused(f)->ext.extended_master_secret = false;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		assert_false(facts_show(f, lists[i]));
}

static void test_no_common_cipher_suite__another_name_may_be_set_up_otherwise(void **state)
{
	struct facts *f = *state;

	other_refused(f)->ext.server_name = text_bytes("other.example");
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible");
	assert_proves(f, "the server answered 1 other, for another name");
	assert_false(proves(&f->finding, "no handshake with it completed"));
}

static void test_no_common_cipher_suite__those_not_kept_completed_all_the_same(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	facts_examine(f);
	f->file.n_completed = 7;
	f->finding = (struct finding){ .cause = causes[CAUSE_no_common_cipher_suite] };
	assert_true(cause_shows(f->finding.cause, &f->file, &f->finding));
	assert_proves(f, "of those that completed none is kept to compare with");
}

/* ---- without signature_algorithms ---- */

static void test_no_common_signature_scheme__without_the_extension_sha1_is_meant(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	f->hs->client_hello.ext.has_schemes = false;
	f->hs->client_hello.suites = LIST(f->hs, 0xc02b, 0x00ff);
	expect_blame(f, CAUSE_no_common_signature_scheme, "possible");
	f->hs->client_hello.suites = LIST(f->hs, 0xc02b, 0xc02f, 0xc02c, 0xc030);
	expect_blame(f, CAUSE_no_common_signature_scheme, "likely");
	assert_proves(f, "the ClientHello has no signature_algorithms: in TLS 1.2 SHA-1 is meant");
	/* TLS 1.1 signs with MD5 and SHA-1 whatever is offered: RFC 4346 7.4.3. */
	f->hs->client_hello.version = 0x0302;
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible");
}

static void test_no_common_signature_scheme__sha1_is_held_against_what_others_got(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	hello->ext.has_schemes = false;
	hello->ext.schemes = (struct u16s){ .at = 0 };
	expect_blame(f, CAUSE_no_common_signature_scheme, "likely");
	assert_proves(f, "the server signs with SHA-256 with ECDSA");
	f->hs->ske.scheme = 0x0203;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		assert_false(facts_show(f, lists[i]));
}

/* ---- nobody gets through ---- */

static void test_no_common_cipher_suite__old_suites_alone_are_suspected(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	f->hs->client_hello.suites = LIST(f->hs, 0x002f, 0x0005);
	f->hs->client_hello.ext.groups = LIST(f->hs, 25);
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible");
	assert_proves(f, "no handshake with it completed here");
	assert_true(advises(&f->finding, "add a capture of a client that gets through"));
}

static void test_no_common_group__unusual_groups_alone_are_suspected(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	f->hs->client_hello.ext.groups = LIST(f->hs, 25);
	expect_blame(f, CAUSE_no_common_group, "possible");
}

static void test_no_common_group__one_group_of_a_tls13_client_is_narrower_than_its_suites(
	void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = &f->hs->client_hello;

	refuse(f->hs, 40);
	hello->ext.has_versions = true;
	hello->ext.versions = LIST(f->hs, 0x2a2a, 0x0304);
	hello->suites = LIST(f->hs, 0x1302, 0x1301);
	hello->ext.groups = LIST(f->hs, 23);
	expect_blame(f, CAUSE_no_common_group, "possible");
	hello->ext.groups = LIST(f->hs, 23, 29); /* and every server of TLS 1.3 has 0x1301 */
	expect_blame(f, CAUSE_no_common_version, "possible");
	hello->ext.groups = LIST(f->hs, 23);
	hello->suites = LIST(f->hs, 0x1301);
	expect_blame(f, CAUSE_no_common_version, "possible");
	hello->suites = LIST(f->hs, 0x1303);
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible");
}

/* mbedTLS 2.28 and GnuTLS find no suite in it that they know, and say 40. */
static void test_no_common_version__tls13_alone_for_a_server_that_took_less(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	hello->ext.has_versions = true;
	hello->ext.versions = LIST(f->hs, 0x0304, 0x1a1a);
	hello->suites = LIST(f->hs, 0x1301, 0x1302);
	expect_blame(f, CAUSE_no_common_version, "likely");
	assert_proves(f, "the client offers TLS 1.3 and nothing else");
	assert_proves(f, "the server speaks TLS 1.2");
	hello->ext.versions = LIST(f->hs, 0x0304, 0x0303);
	assert_not_shown(f, no_common_version);
}

/* Who was taken with TLS 1.3 says nothing for an older hello. */
static void test_no_common_cipher_suite__an_older_hello_is_no_more_of_the_same(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = other_refused(f);

	make_tls13(&f->hs[hello == &f->hs[0].client_hello]);
	hello->ext.has_versions = false;
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible");
}

static void test_no_common_cipher_suite__an_old_client_may_meet_a_server_of_tls13_only(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible");
	assert_true(advises(&f->finding, "whether the server speaks TLS 1.3 only"));
}

static void test_no_common_signature_scheme__unusual_schemes_alone_are_suspected(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	f->hs->client_hello.ext.schemes = LIST(f->hs, 0x0603);
	expect_blame(f, CAUSE_no_common_signature_scheme, "possible");
}

static void test_sni_missing__a_hello_without_a_name_is_suspected(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	f->hs->client_hello.ext.has_server_name = false;
	expect_blame(f, CAUSE_no_common_cipher_suite, "possible"); /* of two suites, rather */
	f->hs->client_hello.suites = LIST(f->hs, 0xc02b, 0xc02f, 0xc02c, 0x00ff);
	expect_blame(f, CAUSE_sni_missing, "possible");
	assert_string_equal(f->finding.summary,
		"The client sends no server name: perhaps this server needs one");
	assert_proves(f, "the alert names no reason");
	assert_true(advises(&f->finding, "whether the server speaks TLS 1.3 only"));
	event_of(f->hs, SIDE_CLIENT, HS_CLIENT_HELLO)->wrong.code = PARSE_CUT;
	assert_not_shown(f, sni_missing);
}

static void test_no_common_cipher_suite__alerts_of_another_kind_are_not_about_lists(void **state)
{
	static const uint8_t other[] = { 10, 50, 70, 112, 120 };
	struct facts *f = *state;

	refuse(f->hs, 40);
	for (size_t i = 0; i < sizeof other; i++) {
		f->hs->alerts[0].code = other[i];
		for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++)
			assert_int_equal(facts_show(f, lists[k]),
				other[i] == 70 && lists[k] == CAUSE_no_common_version);
	}
}

static void test_no_common_group__without_a_comparison_only_alert_40_is_about_lists(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 47);
	f->hs->client_hello.ext.groups = LIST(f->hs, 25);
	assert_not_shown(f, no_common_group);
}

static void test_no_common_cipher_suite__agreement_acquits(void **state)
{
	struct facts *f = *state;

	assert_innocent(f, no_common_cipher_suite, "a cipher suite was agreed");
	assert_innocent(f, no_common_group, "a group was agreed that the client offers");
	assert_innocent(f, no_common_signature_scheme, "the scheme used was offered");
}

static void test_no_common_group__a_refused_hello_acquits_of_nothing(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 40);
	assert_not_innocent(f, no_common_cipher_suite);
	assert_not_innocent(f, no_common_group);
	assert_not_innocent(f, no_common_signature_scheme);
}

/* ---- versions ---- */

static void test_no_common_version__the_server_refuses_the_hello(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	refuse(&f->hs[1], 70);
	f->hs[1].client_hello.version = 0x0301;
	assert_shown(f, no_common_version, "error", "certain");
	assert_proves(f, "the client offers at most TLS 1.0");
	assert_proves(f, "with another ClientHello from there the server speaks TLS 1.2");
	assert_explains(f, no_fatal_alert);
}

/* The alert is the server's word; what it did with another hello speaks against it. */
static void test_no_common_version__not_sure_where_the_version_was_taken_from_another(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	refuse(&f->hs[1], 70);
	assert_shown(f, no_common_version, "error", "possible");
	assert_proves(f, "against it: with another ClientHello from there the server took TLS 1.2");
	f->hs[0].version = 0x0304;
	assert_shown(f, no_common_version, "error", "certain");
}

/* OpenSSL 3 refuses TLS 1.1 with internal_error: that alone says nothing. */
static void test_no_common_version__another_hello_gets_through_with_a_newer_one(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	make_tls13(&f->hs[1]);
	f->hs[1].client_hello.suites = LIST(f->hs, 0x1301, 0xc02b, 0xc02f, 0x00ff);
	refuse(f->hs, 80);
	facts_examine(f);
	assert_shown(f, no_common_version, "error", "possible");
	assert_proves(f, "with another ClientHello from there the server speaks TLS 1.3");
	f->hs[0].client_hello.ext.schemes = LIST(f->hs, 0x0201);
	facts_examine(f);
	assert_not_shown(f, no_common_version);
}

static void test_no_common_version__a_proxy_line_gets_the_same_answer(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 70);
	assert_shown(f, no_common_version, "error", "certain");
	f->hs->before = PLAIN_PROXY;
	assert_shown(f, no_common_version, "error", "possible");
}

/* Our own client of mbedTLS 2.28 offers all versions that it has, and one is left. */
static void test_no_common_version__a_client_without_tls13_may_lack_just_that(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 70);
	f->hs->side[SIDE_CLIENT].word.release = "mbedTLS 2.28.3";
	assert_shown(f, no_common_version, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The server wants TLS 1.3 only, which this client does not have");
	assert_proves(f, "the client is mbedTLS 2.28.3, which has no TLS 1.3");
	assert_true(advises(&f->finding, "probe with tlsdiag's own client (--client diag)"));
	f->hs->client_hello.version = 0x0302; /* not all that it has */
	assert_shown(f, no_common_version, "error", "certain");
	assert_false(proves(&f->finding, "which has no TLS 1.3"));
	f->hs->client_hello.version = 0x0303;
	f->hs->side[SIDE_CLIENT].word.release = "mbedTLS 3.6.0";
	assert_shown(f, no_common_version, "error", "certain");
	assert_false(proves(&f->finding, "which has no TLS 1.3"));
}

static void test_no_common_version__the_client_refuses_the_choice(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 70);
	f->hs->server_hello.version = f->hs->version = 0x0301;
	f->hs->client_hello.ext.has_versions = true;
	f->hs->client_hello.ext.versions = LIST(f->hs, 0x1a1a, 0x0303, 0x0304);
	assert_shown(f, no_common_version, "error", "certain");
	assert_proves(f, "the client offers at most TLS 1.3");
	assert_proves(f, "the server chooses TLS 1.0");
	f->hs->version = 0x0304; /* what it wants most: then the alert is about something else */
	assert_not_shown(f, no_common_version);
}

static void test_no_common_version__a_choice_that_was_not_offered_is_another_fault(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 70);
	f->hs->client_hello.version = 0x0302;
	f->hs->client_hello.ext.has_versions = false;
	assert_not_shown(f, no_common_version);
	assert_shown(f, parameter_not_offered, "error", "certain");
}

static void test_no_common_version__protocol_version_later_is_not_about_hellos(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 70);
	assert_not_shown(f, no_common_version);
	f->hs->alerts[0].code = 40;
	assert_not_shown(f, no_common_version);
}

/* ---- what the server picks ---- */

static void choose_version(struct handshake *hs)
{
	hs->server_hello.version = 0x0300;
	hs->client_hello.version = 0x0303;
	hs->server_hello.ext.selected_version = 0x0304;
}

static void choose_suite(struct handshake *hs)
{
	hs->server_hello.suite = 0xc02c;
}

static void choose_group(struct handshake *hs)
{
	hs->ske.group = 25;
}

static void choose_scheme(struct handshake *hs)
{
	hs->ske.scheme = 0x0203;
}

static void choose_extension(struct handshake *hs)
{
	add_extension(&hs->server_hello.ext, EXT_ALPN);
}

static void test_parameter_not_offered__whatever_it_is_is_a_warning_unless_refused(void **state)
{
	static const struct {
		void (*choose)(struct handshake *hs);
		enum check_id check;
	} choices[] = {
		{ choose_version, CHECK_version_offered },
		{ choose_suite, CHECK_cipher_suite_offered },
		{ choose_group, CHECK_group_offered },
		{ choose_scheme, CHECK_signature_scheme_offered },
		{ choose_extension, CHECK_extensions_offered },
	};

	(void)state;
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		struct facts *f;
		void *fresh;

		assert_int_equal(facts_setup(&fresh), 0);
		f = fresh;
		choices[i].choose(f->hs);
		assert_shown(f, parameter_not_offered, "warning", "certain");
		assert_true(explains_check(&f->finding, choices[i].check));
		end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
		assert_shown(f, parameter_not_offered, "error", "certain");
		assert_explains(f, no_fatal_alert);
		(void)facts_teardown(&fresh);
	}
}

/* No stack says so of what was not offered: the client has passed it over. */
static void test_parameter_not_offered__a_client_that_speaks_of_the_certificate_let_it_pass(
	void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	choose_suite(f->hs);
	assert_shown(f, parameter_not_offered, "error", "certain");
	f->hs->alerts[0].code = 48;
	assert_shown(f, parameter_not_offered, "error", "possible");
	event_of(f->hs, SIDE_SERVER, HS_CERTIFICATE)->late = true;
	assert_shown(f, parameter_not_offered, "error", "certain");
}

static void test_parameter_not_offered__a_clients_wrong_type_is_another_cause(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	f->hs->certificate_request.schemes = LIST(f->hs, 0x0401);
	assert_not_shown(f, parameter_not_offered);
}

/* ---- extensions ---- */

static void test_sni_unknown__unrecognized_name_is_certain(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 112);
	assert_shown(f, sni_unknown, "error", "certain");
	assert_proves(f, "the client asks for server_name 'device.example'");
	assert_explains(f, no_fatal_alert);
}

static void test_sni_unknown__a_server_that_was_told_no_name_means_something_else(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 112);
	f->hs->client_hello.ext.has_server_name = false;
	f->hs->client_hello.ext.server_name = (struct bytes){ 0 };
	assert_shown(f, sni_unknown, "error", "possible");
	assert_string_equal(f->finding.summary,
		"The server says that it does not know the name, and was told none");
	assert_proves(f, "the ClientHello has no server_name");
}

static void test_sni_unknown__a_name_that_got_through_is_not_unknown_to_all(void **state)
{
	struct facts *f = *state;

	refuse(facts_add(f), 112);
	assert_shown(f, sni_unknown, "error", "likely");
}

static void test_sni_unknown__a_warning_that_is_passed_over_is_not(void **state)
{
	struct facts *f = *state;

	f->hs->alerts[f->hs->n_alerts++] = (struct sent_alert){
		.from = SIDE_SERVER, .level = 1, .code = 112, .packet = PACKET_SERVER_HELLO
	};
	assert_not_shown(f, sni_unknown);
	refuse(f->hs, 40);
	assert_not_shown(f, sni_unknown);
}

static void test_alpn_mismatch__shows_what_the_client_offers(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 120);
	assert_shown(f, alpn_mismatch, "error", "possible"); /* an alert against what was seen */
	assert_proves(f, "the client offers no protocol");
	f->hs->client_hello.seen = false; /* nobody knows what it offered */
	assert_true(facts_show(f, CAUSE_alpn_mismatch));
	assert_false(proves(&f->finding, "the client offers"));
	f->hs->client_hello.seen = true;
	f->hs->client_hello.ext.alpn[0] = text_bytes("mqtt");
	f->hs->client_hello.ext.n_alpn = 1;
	assert_shown(f, alpn_mismatch, "error", "certain");
	assert_proves(f, "the client offers 'mqtt'");
}

static void test_alpn_mismatch__shows_of_the_first_four_what_can_be_shown(void **state)
{
	static const char *const names[] = { "one", "two", "three", "four", "five" };
	struct facts *f = *state;
	struct extensions *ext = &f->hs->client_hello.ext;

	refuse(f->hs, 120);
	for (ext->n_alpn = 0; ext->n_alpn < 5; ext->n_alpn++)
		ext->alpn[ext->n_alpn] = text_bytes(names[ext->n_alpn]);
	assert_shown(f, alpn_mismatch, "error", "certain");
	assert_proves(f, "the client offers 'four'");
	assert_false(proves(&f->finding, "the client offers 'five'"));
	ext->alpn[0] = text_bytes("\x1b");
	assert_shown(f, alpn_mismatch, "error", "certain");
	assert_false(proves(&f->finding, "the client offers '\x1b'"));
	assert_proves(f, "the client offers 'two'");
}

static void test_alpn_mismatch__only_the_server_refuses_it(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 120);
	assert_not_shown(f, alpn_mismatch);
}

static void forget_renegotiation_info(struct handshake *hs)
{
	hs->server_hello.ext.has_renegotiation_info = false;
	hs->server_hello.ext.n = 0;
}

static void test_renegotiation_info_missing__is_a_note_until_a_client_refuses(void **state)
{
	struct facts *f = *state;

	forget_renegotiation_info(f->hs);
	assert_shown(f, renegotiation_info_missing, "note", "certain");
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 40);
	assert_shown(f, renegotiation_info_missing, "error", "certain");
	assert_explains(f, renegotiation_info);
	assert_explains(f, no_fatal_alert);
}

static void test_renegotiation_info_missing__a_failure_of_another_kind_is_not_its(void **state)
{
	struct facts *f = *state;

	forget_renegotiation_info(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_not_shown(f, renegotiation_info_missing);
}

static void mark_random(struct handshake *hs)
{
	memcpy(hs->server_hello.random + 24, "DOWNGRD\x01", 8);
	hs->client_hello.ext.has_versions = true;
	hs->client_hello.ext.versions = LIST(hs, 0x0304, 0x0303);
}

static void test_downgrade_sentinel__is_a_note_until_a_client_refuses(void **state)
{
	struct facts *f = *state;

	mark_random(f->hs);
	assert_shown(f, downgrade_sentinel, "note", "certain");
	assert_string_equal(f->finding.summary,
		"The server signals that the version was lowered, and the client passes over it");
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	assert_shown(f, downgrade_sentinel, "error", "certain");
	assert_explains(f, no_downgrade_signal);
}

static void test_downgrade_sentinel__a_failure_of_another_kind_is_not_its(void **state)
{
	struct facts *f = *state;

	mark_random(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_not_shown(f, downgrade_sentinel);
}

static void test_hello_retry_random_changed__is_a_warning_until_a_server_refuses(void **state)
{
	struct facts *f = *state;

	make_retry(f->hs);
	f->hs->client_hello_2.random[0] ^= 1;
	assert_shown(f, hello_retry_random_changed, "warning", "certain");
	assert_string_equal(
		f->finding.summary, "After a HelloRetryRequest the client changed its random");
	assert_true(advises(&f->finding, "mbedTLS keeps its random from 3.6.0 on"));
	f->hs->client_hello_2.random[0] ^= 1;
	f->hs->client_hello_2.version ^= 1; /* which is no habit of mbedTLS's */
	assert_shown(f, hello_retry_random_changed, "warning", "certain");
	assert_false(advises(&f->finding, "mbedTLS"));
	f->hs->client_hello_2.random[0] ^= 1;
	f->hs->client_hello_2.version ^= 1;
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, 47);
	assert_shown(f, hello_retry_random_changed, "error", "certain");
	assert_proves(f, "the second ClientHello changes its random");
	assert_explains(f, hello_retry_consistent);
}

static void test_hello_retry_random_changed__an_unchanged_one_shows_nothing(void **state)
{
	struct facts *f = *state;

	make_retry(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, 47);
	assert_not_shown(f, hello_retry_random_changed);
}

/* ---- sessions ---- */

/* A second handshake that resumes the session of the first and is refused. */
static struct handshake *resume(struct facts *f, uint8_t alert)
{
	struct handshake *hs = facts_add(f);

	f->hs[0].server_hello.session_id = text_bytes("session 1");
	hs->client_hello.session_id = text_bytes("session 1");
	hs->resumed = true;
	end_with_alert(hs, STAGE_FINISHED, SIDE_CLIENT, alert);
	return hs;
}

static void test_extended_master_secret_mismatch__resumed_with_another_one(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = resume(f, 40);

	hs->server_hello.ext.extended_master_secret = false;
	hs->client_hello.ext.extended_master_secret = false;
	assert_shown(f, extended_master_secret_mismatch, "error", "certain");
	assert_proves(f, "the session began with extended_master_secret");
	assert_proves(f, "and is resumed without it");
	hs->client_hello.ext.extended_master_secret =
		true; /* it is the server that leaves it out */
	assert_shown(f, extended_master_secret_mismatch, "error", "certain");
	assert_proves(f, "and is resumed without it");
}

static void test_extended_master_secret_mismatch__a_ticket_names_the_session_too(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = resume(f, 40);

	f->hs[0].server_hello.session_id = (struct bytes){ 0 };
	f->hs[0].ticket = (struct new_session_ticket){
		.seen = true, .lifetime = 300, .ticket = text_bytes("ticket 1")
	};
	hs->client_hello.ext.session_ticket = text_bytes("ticket 1");
	hs->client_hello.ext.extended_master_secret = false;
	assert_shown(f, extended_master_secret_mismatch, "error", "certain");
}

static void test_extended_master_secret_mismatch__the_same_in_both_is_none(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = resume(f, 40);

	assert_not_shown(f, extended_master_secret_mismatch);
	hs->client_hello.ext.extended_master_secret = false;
	hs->client_hello.session_id = text_bytes("session 2");
	assert_not_shown(f, extended_master_secret_mismatch);
}

static void test_extended_master_secret_mismatch__not_where_an_offer_was_lost(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = resume(f, 40);

	hs->client_hello.ext.extended_master_secret = false;
	assert_shown(f, extended_master_secret_mismatch, "error", "certain");
	f->hs->client_hello.seen = false;
	assert_not_shown(f, extended_master_secret_mismatch);
}

static void test_stale_session__full_handshakes_that_succeed_make_it_certain(void **state)
{
	struct facts *f = *state;

	(void)resume(f, 20);
	assert_shown(f, stale_session, "error", "certain");
	assert_proves(f, "full handshakes with the same server succeed");
	assert_explains(f, finished_accepted);
}

static void test_stale_session__alone_it_is_likely(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_CLIENT, 20);
	f->hs->resumed = true;
	assert_shown(f, stale_session, "error", "likely");
}

static void test_stale_session__a_full_handshake_is_none(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_CLIENT, 20);
	assert_not_shown(f, stale_session);
	f->hs->resumed = true;
	f->hs->alerts[0].code = 48;
	assert_not_shown(f, stale_session);
}

static void test_stale_session__a_close_alone_is_possible(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_FINISHED, SIDE_CLIENT, ENDING_FIN);
	f->hs->resumed = true;
	assert_shown(f, stale_session, "error", "possible");
}

static void test_stale_session__another_that_resumes_well_takes_certainty_away(void **state)
{
	struct facts *f = *state;

	(void)resume(f, 20);
	facts_add(f)->resumed = true;
	assert_shown(f, stale_session, "error", "likely");
	assert_proves(f, "so do others that resume");
}

/* ---- the failing against the completed ---- */

/* Handshakes 2 and 3 name a session and are refused; as many do not and complete. */
static void refuse_resumption(struct facts *f, uint8_t alert)
{
	for (size_t i = 0; i < 2; i++) {
		struct handshake *hs = facts_add(f);

		refuse(hs, alert);
		hs->client_hello.session_id = text_bytes("session");
	}
	(void)facts_add(f);
}

static void test_stale_session__only_hellos_that_name_a_session_are_refused(void **state)
{
	struct facts *f = *state;

	refuse_resumption(f, 40);
	assert_shown(f, stale_session, "error", "likely");
	assert_string_equal(
		f->finding.summary, "Only handshakes that name a session to resume fail");
	assert_proves(f, "both that failed name a session to resume; neither that completed does");
	assert_int_equal(f->finding.n_handshakes, 2);
	f->hs[1].client_hello.ext.groups = f->hs[2].client_hello.ext.groups = LIST(f->hs, 29, 25);
	assert_not_shown(f, stale_session);
}

static void test_stale_session__not_where_another_that_names_one_gets_through(void **state)
{
	struct facts *f = *state;

	refuse_resumption(f, 40);
	f->hs[3].client_hello.session_id = text_bytes("session");
	assert_not_shown(f, stale_session);
}

static void test_session_context_missing__the_server_verifies_clients(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	refuse_resumption(f, 80);
	assert_shown(f, session_context_missing, "error", "likely");
	assert_proves(f, "the server asks clients for a certificate");
	assert_not_shown(f, stale_session);
}

static void test_session_context_missing__possible_where_tls13_hides_the_request(void **state)
{
	struct facts *f = *state;

	refuse_resumption(f, 80);
	for (size_t i = 0; i < 4; i++) {
		make_tls13(&f->hs[i]);
		if (i == 1 || i == 2) {
			refuse(&f->hs[i], 80);
			f->hs[i].client_hello.ext.has_pre_shared_key = true;
		}
		f->hs[i].client_hello.session_id = text_bytes("middlebox");
	}
	assert_shown(f, session_context_missing, "error", "possible");
	assert_not_shown(f, stale_session);
}

static void test_session_context_missing__not_without_a_request_or_another_alert(void **state)
{
	struct facts *f = *state;

	refuse_resumption(f, 80);
	assert_not_shown(f, session_context_missing);
	assert_shown(f, stale_session, "error", "likely");
	make_mutual(f, f->hs);
	f->hs[1].alerts[0].code = f->hs[2].alerts[0].code = 40;
	assert_not_shown(f, session_context_missing);
}

/* Handshakes 2 and 3 are refused; as many complete. What parts them is up to the test. */
static void refuse_two(struct facts *f, uint8_t alert)
{
	refuse(facts_add(f), alert);
	refuse(facts_add(f), alert);
	(void)facts_add(f);
}

static void drop_master_secret(struct handshake *hs)
{
	struct extensions *ext = &hs->client_hello.ext;
	size_t n = 0;

	for (size_t i = 0; i < ext->n; i++)
		if (ext->list[i].type != EXT_EXTENDED_MASTER_SECRET)
			ext->list[n++] = ext->list[i];
	ext->n = n;
	ext->extended_master_secret = false;
}

static void test_extended_master_secret_required__all_that_lack_it_fail(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 71);
	drop_master_secret(&f->hs[1]);
	drop_master_secret(&f->hs[2]);
	assert_shown(f, extended_master_secret_required, "error", "likely");
	assert_proves(
		f, "both that failed lack extended_master_secret; both that completed have it");
	assert_explains(f, no_fatal_alert);
	f->hs[1].client_hello.compression = f->hs[2].client_hello.compression =
		bytes_of("\x01\x00", 2);
	assert_shown(f, extended_master_secret_required, "error", "possible");
}

static void test_extended_master_secret_required__not_when_one_without_it_completes(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 40);
	for (size_t i = 1; i < 4; i++)
		drop_master_secret(&f->hs[i]);
	assert_not_shown(f, extended_master_secret_required);
}

static void test_extended_master_secret_required__not_when_the_client_gave_up(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 40);
	for (size_t i = 1; i < 3; i++) {
		drop_master_secret(&f->hs[i]);
		f->hs[i].alerts[0].from = f->hs[i].ended_by = SIDE_CLIENT;
	}
	assert_not_shown(f, extended_master_secret_required);
}

static void test_extended_master_secret_required__not_of_a_resumption_that_lost_it(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 40);
	for (size_t i = 1; i < 3; i++) {
		drop_master_secret(&f->hs[i]);
		f->hs[i].client_hello.session_id = text_bytes("session");
	}
	assert_not_shown(f, extended_master_secret_required);
}

/* Some front ends say handshake_failure of a name that they do not serve. */
static void test_sni_unknown__another_name_is_all_that_parts_them(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 40);
	for (size_t i = 1; i < 3; i++)
		f->hs[i].client_hello.ext.server_name = text_bytes("other.example");
	assert_shown(f, sni_unknown, "error", "likely");
	assert_proves(f, "both that failed ask for the server name 'other.example'; neither that "
			 "completed does");
	for (size_t i = 1; i < 3; i++)
		f->hs[i].client_hello.ext.groups = LIST(f->hs, 29, 25);
	assert_not_shown(f, sni_unknown);
}

static void test_sni_unknown__not_when_that_name_got_through(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 40);
	for (size_t i = 1; i < 4; i++)
		f->hs[i].client_hello.ext.server_name = text_bytes("other.example");
	assert_not_shown(f, sni_unknown);
}

static void fill_last_extension(struct handshake *hs)
{
	hs->client_hello.ext.list[hs->client_hello.ext.n - 1].body = text_bytes("x");
}

static void test_extension_order_intolerance__an_empty_extension_last(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 10);
	fill_last_extension(&f->hs[0]);
	fill_last_extension(&f->hs[3]);
	assert_shown(f, extension_order_intolerance, "error", "likely");
	assert_proves(f, "both that failed end the hello with an empty extension");
	f->hs[1].alerts[0].code = f->hs[2].alerts[0].code = 70;
	assert_not_shown(f, extension_order_intolerance);
}

static void test_extension_order_intolerance__not_when_one_of_them_completes(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 10);
	fill_last_extension(&f->hs[0]);
	assert_not_shown(f, extension_order_intolerance);
}

static void test_extension_order_intolerance__not_when_a_list_differs_too(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 40);
	fill_last_extension(&f->hs[0]);
	fill_last_extension(&f->hs[3]);
	f->hs[1].client_hello.ext.groups = f->hs[2].client_hello.ext.groups = LIST(f->hs, 29, 25);
	assert_not_shown(f, extension_order_intolerance);
}

static void test_extension_order_intolerance__two_in_another_order(void **state)
{
	struct facts *f = *state;

	refuse_two(f, 47);
	for (size_t i = 1; i < 3; i++) {
		struct extension *list = f->hs[i].client_hello.ext.list, swapped = list[0];

		list[0] = list[1];
		list[1] = swapped;
	}
	assert_shown(f, extension_order_intolerance, "error", "likely");
	assert_proves(f, "have them the other way round");
}

/* ---- pre-shared keys ---- */

static void make_psk(struct handshake *hs)
{
	hs->suite = suite_find(0xc037);
	hs->cke.has_psk_identity = true;
	hs->cke.psk_identity = text_bytes("device-1");
}

static void test_psk_unknown_identity__names_it(void **state)
{
	struct facts *f = *state;

	make_psk(f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 115);
	assert_shown(f, psk_unknown_identity, "error", "certain");
	assert_proves(f, "the client names the identity 'device-1'");
	assert_not_shown(f, psk_mismatch);
}

/* RFC 8446 4.2.11: a server goes on without a key whose name it does not know. */
static void test_psk_unknown_identity__of_tls13_is_possible_where_nothing_else_is_left(void **state)
{
	static const uint8_t common[] = { 0x13, 0x01 }, other[] = { 0x13, 0x02 };
	struct facts *f = *state;
	struct extensions *ext = &f->hs->client_hello.ext;

	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 109);
	assert_not_shown(f, psk_unknown_identity);
	ext->has_pre_shared_key = true;
	ext->psk_identity = text_bytes("device-1");
	f->hs->client_hello.suites = (struct u16s){ .raw = bytes_of(other, 2) };
	assert_shown(f, psk_unknown_identity, "error", "possible");
	assert_proves(f, "the client names the identity 'device-1'");
	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_shown(f, psk_unknown_identity, "error", "possible");
	f->hs->client_hello.suites = (struct u16s){ .raw = bytes_of(common, 2) };
	assert_shown(f, psk_unknown_identity, "error", "likely");
	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 70);
	assert_not_shown(f, psk_unknown_identity);
	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	ext->psk_identity = bytes_of((const uint8_t *)"\x9a\x01ticket", 8);
	assert_not_shown(f, psk_unknown_identity);
}

static void test_psk_unknown_identity__a_server_that_goes_on_with_its_certificate_is_noted(
	void **state)
{
	struct facts *f = *state;
	struct extensions *ext = &f->hs->client_hello.ext;

	f->hs->tls13 = true;
	assert_not_shown(f, psk_unknown_identity);
	ext->has_pre_shared_key = true;
	ext->psk_identity = text_bytes("device-1");
	assert_shown(f, psk_unknown_identity, "note", "certain");
	assert_proves(f, "the client names the identity 'device-1'");
	f->hs->server_hello.ext.has_pre_shared_key = true;
	assert_not_shown(f, psk_unknown_identity);
	f->hs->server_hello.ext.has_pre_shared_key = false;
	ext->psk_identity = bytes_of((const uint8_t *)"\x9a\x01ticket", 8);
	assert_not_shown(f, psk_unknown_identity);
}

static void test_psk_unknown_identity__other_alerts_are_not_about_it(void **state)
{
	struct facts *f = *state;

	make_psk(f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 40);
	assert_not_shown(f, psk_unknown_identity);
}

static void test_psk_mismatch__the_first_protected_record_does_not_decrypt(void **state)
{
	struct facts *f = *state;

	make_psk(f->hs);
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 20);
	assert_shown(f, psk_mismatch, "error", "likely");
	assert_proves(f, "the keys come from the PSK");
	assert_explains(f, finished_accepted);
}

static void test_psk_mismatch__a_server_that_only_closes_leaves_it_possible(void **state)
{
	struct facts *f = *state;

	make_psk(f->hs);
	end_with(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, ENDING_FIN);
	assert_shown(f, psk_mismatch, "error", "possible");
}

static void test_psk_mismatch__a_refused_binder_of_tls13_is_likely(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	f->hs->client_hello.ext.has_pre_shared_key = true;
	refuse(f->hs, 51);
	assert_shown(f, psk_mismatch, "error", "likely");
}

static void test_psk_mismatch__without_a_psk_it_is_not(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 20);
	assert_not_shown(f, psk_mismatch);
}

/* A number that nobody knows contradicts no key; nobody has offered it. */
static void test_parameter_not_offered__an_unknown_scheme(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	f->hs->ske.scheme = 0x0903;
	assert_shown(f, parameter_not_offered, "error", "certain");
	assert_not_shown(f, signature_scheme_mismatch);
	event_of(f->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)->wrong =
		(struct parse_err){ PARSE_TRAILING, "ServerKeyExchange", 140, 0, 2 };
	assert_not_shown(
		f, parameter_not_offered); /* where it does not read to its end: not known */
}

/* RFC 8446 6.2: insufficient_security asks for better parameters than those on offer. */
static void test_no_common_cipher_suite__insufficient_security_is_about_suites(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 71);
	assert_shown(f, no_common_cipher_suite, "error", "possible");
	f->hs->alerts[0].code = 80;
	assert_not_shown(f, no_common_cipher_suite);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_no_common_cipher_suite__the_other_client_has_one_it_lacks),
		RULE_TEST(test_no_common_cipher_suite__one_of_the_same_kind_makes_it_likely),
		RULE_TEST(test_no_common_group__the_other_client_has_one_it_lacks),
		RULE_TEST(test_no_common_cipher_suite__a_usual_group_leaves_the_suite),
		RULE_TEST(test_no_common_signature_scheme__the_other_client_has_one_it_lacks),
		RULE_TEST(test_sni_missing__the_other_client_sends_a_name),
		RULE_TEST(test_no_common_group__only_counts_from_one_address_are_certain),
		RULE_TEST(test_sni_missing__who_names_another_at_the_address_gets_through),
		RULE_TEST(test_no_common_cipher_suite__two_differences_are_no_certainty),
		RULE_TEST(test_no_common_group__another_difference_beside_it_is_no_certainty),
		RULE_TEST(test_no_common_group__an_alert_that_says_nothing_of_it_is_no_certainty),
		RULE_TEST(
			test_no_common_group__a_suite_of_tls13_is_no_difference_to_an_older_hello),
		RULE_TEST(test_no_common_cipher_suite__who_got_through_is_told_as_it_was),
		RULE_TEST(test_no_common_cipher_suite__not_where_the_same_lists_got_through),
		RULE_TEST(test_no_common_cipher_suite__another_name_may_be_set_up_otherwise),
		RULE_TEST(test_no_common_cipher_suite__those_not_kept_completed_all_the_same),
		RULE_TEST(test_no_common_signature_scheme__without_the_extension_sha1_is_meant),
		RULE_TEST(test_no_common_signature_scheme__sha1_is_held_against_what_others_got),
		RULE_TEST(test_no_common_cipher_suite__old_suites_alone_are_suspected),
		RULE_TEST(test_no_common_group__unusual_groups_alone_are_suspected),
		RULE_TEST(
			test_no_common_group__one_group_of_a_tls13_client_is_narrower_than_its_suites),
		RULE_TEST(
			test_no_common_cipher_suite__an_old_client_may_meet_a_server_of_tls13_only),
		RULE_TEST(test_no_common_signature_scheme__unusual_schemes_alone_are_suspected),
		RULE_TEST(test_sni_missing__a_hello_without_a_name_is_suspected),
		RULE_TEST(test_no_common_cipher_suite__alerts_of_another_kind_are_not_about_lists),
		RULE_TEST(test_no_common_group__without_a_comparison_only_alert_40_is_about_lists),
		RULE_TEST(test_no_common_cipher_suite__agreement_acquits),
		RULE_TEST(test_no_common_group__a_refused_hello_acquits_of_nothing),
		RULE_TEST(test_no_common_version__tls13_alone_for_a_server_that_took_less),
		RULE_TEST(test_no_common_cipher_suite__an_older_hello_is_no_more_of_the_same),
		RULE_TEST(test_no_common_version__the_server_refuses_the_hello),
		RULE_TEST(
			test_no_common_version__not_sure_where_the_version_was_taken_from_another),
		RULE_TEST(test_no_common_version__another_hello_gets_through_with_a_newer_one),
		RULE_TEST(test_no_common_version__a_proxy_line_gets_the_same_answer),
		RULE_TEST(test_no_common_version__a_client_without_tls13_may_lack_just_that),
		RULE_TEST(test_no_common_version__the_client_refuses_the_choice),
		RULE_TEST(test_no_common_version__a_choice_that_was_not_offered_is_another_fault),
		RULE_TEST(test_no_common_version__protocol_version_later_is_not_about_hellos),
		RULE_TEST(test_parameter_not_offered__whatever_it_is_is_a_warning_unless_refused),
		RULE_TEST(
			test_parameter_not_offered__a_client_that_speaks_of_the_certificate_let_it_pass),
		RULE_TEST(test_parameter_not_offered__a_clients_wrong_type_is_another_cause),
		RULE_TEST(test_sni_unknown__unrecognized_name_is_certain),
		RULE_TEST(test_sni_unknown__a_server_that_was_told_no_name_means_something_else),
		RULE_TEST(test_sni_unknown__a_name_that_got_through_is_not_unknown_to_all),
		RULE_TEST(test_sni_unknown__a_warning_that_is_passed_over_is_not),
		RULE_TEST(test_alpn_mismatch__shows_what_the_client_offers),
		RULE_TEST(test_alpn_mismatch__shows_of_the_first_four_what_can_be_shown),
		RULE_TEST(test_alpn_mismatch__only_the_server_refuses_it),
		RULE_TEST(test_renegotiation_info_missing__is_a_note_until_a_client_refuses),
		RULE_TEST(test_renegotiation_info_missing__a_failure_of_another_kind_is_not_its),
		RULE_TEST(test_downgrade_sentinel__is_a_note_until_a_client_refuses),
		RULE_TEST(test_downgrade_sentinel__a_failure_of_another_kind_is_not_its),
		RULE_TEST(test_hello_retry_random_changed__is_a_warning_until_a_server_refuses),
		RULE_TEST(test_hello_retry_random_changed__an_unchanged_one_shows_nothing),
		RULE_TEST(test_extended_master_secret_mismatch__resumed_with_another_one),
		RULE_TEST(test_extended_master_secret_mismatch__a_ticket_names_the_session_too),
		RULE_TEST(test_extended_master_secret_mismatch__the_same_in_both_is_none),
		RULE_TEST(test_extended_master_secret_mismatch__not_where_an_offer_was_lost),
		RULE_TEST(test_stale_session__full_handshakes_that_succeed_make_it_certain),
		RULE_TEST(test_stale_session__alone_it_is_likely),
		RULE_TEST(test_stale_session__a_full_handshake_is_none),
		RULE_TEST(test_stale_session__a_close_alone_is_possible),
		RULE_TEST(test_stale_session__another_that_resumes_well_takes_certainty_away),
		RULE_TEST(test_stale_session__only_hellos_that_name_a_session_are_refused),
		RULE_TEST(test_stale_session__not_where_another_that_names_one_gets_through),
		RULE_TEST(test_session_context_missing__the_server_verifies_clients),
		RULE_TEST(test_session_context_missing__possible_where_tls13_hides_the_request),
		RULE_TEST(test_session_context_missing__not_without_a_request_or_another_alert),
		RULE_TEST(test_extended_master_secret_required__all_that_lack_it_fail),
		RULE_TEST(test_extended_master_secret_required__not_when_one_without_it_completes),
		RULE_TEST(test_extended_master_secret_required__not_when_the_client_gave_up),
		RULE_TEST(test_extended_master_secret_required__not_of_a_resumption_that_lost_it),
		RULE_TEST(test_sni_unknown__another_name_is_all_that_parts_them),
		RULE_TEST(test_sni_unknown__not_when_that_name_got_through),
		RULE_TEST(test_extension_order_intolerance__an_empty_extension_last),
		RULE_TEST(test_extension_order_intolerance__not_when_one_of_them_completes),
		RULE_TEST(test_extension_order_intolerance__not_when_a_list_differs_too),
		RULE_TEST(test_extension_order_intolerance__two_in_another_order),
		RULE_TEST(test_psk_unknown_identity__names_it),
		RULE_TEST(
			test_psk_unknown_identity__of_tls13_is_possible_where_nothing_else_is_left),
		RULE_TEST(
			test_psk_unknown_identity__a_server_that_goes_on_with_its_certificate_is_noted),
		RULE_TEST(test_psk_unknown_identity__other_alerts_are_not_about_it),
		RULE_TEST(test_psk_mismatch__the_first_protected_record_does_not_decrypt),
		RULE_TEST(test_psk_mismatch__a_server_that_only_closes_leaves_it_possible),
		RULE_TEST(test_psk_mismatch__a_refused_binder_of_tls13_is_likely),
		RULE_TEST(test_psk_mismatch__without_a_psk_it_is_not),
		RULE_TEST(test_parameter_not_offered__an_unknown_scheme),
		RULE_TEST(test_no_common_cipher_suite__insufficient_security_is_about_suites),
	};

	return RULE_TESTS(tests, argc, argv);
}
