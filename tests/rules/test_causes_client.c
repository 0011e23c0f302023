/* Causes about clocks, the client's certificate, and curves that one side lacks. */
#include "names/atlas.h"
#include "rules/facts.h"
#include "rules/said.h"

#include "base/array.h"

static void refuse(struct handshake *hs, uint8_t alert)
{
	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alert);
}

/* ---- clocks ---- */

static void test_clock_wrong__the_time_in_the_hello_proves_it(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 46);
	f->hs->side[SIDE_CLIENT].clock = CLOCK_WRONG;
	f->hs->side[SIDE_CLIENT].clock_time = 86400;
	assert_shown(f, clock_wrong, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The clock of the client is wrong: it reads 1970-01-02 00:00:00 UTC");
	assert_int_equal(proof_packet(&f->finding, "the hello's random begins with the time"),
		PACKET_CLIENT_HELLO);
	assert_proves(f, "by that clock the certificate is not valid yet");
	assert_explains(f, no_fatal_alert);
}

static void test_clock_wrong__a_date_that_may_be_chance_is_likely(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 45);
	f->hs->side[SIDE_CLIENT].clock = CLOCK_SUSPECT;
	f->hs->side[SIDE_CLIENT].clock_time = NOW + 5 * (int64_t)YEAR;
	assert_shown(f, clock_wrong, "error", "likely");
}

/* The packets are of 1970, say: the hello's is the only clock, and may be right. */
static void test_clock_wrong__by_the_only_clock_it_may_be_the_certificate(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 45);
	f->hs->side[SIDE_CLIENT].clock = CLOCK_SUSPECT;
	f->hs->side[SIDE_CLIENT].clock_time = NOW + 5 * (int64_t)YEAR;
	f->hs->side[SIDE_SERVER].chain.undated = true;
	assert_shown(f, clock_wrong, "error", "possible");
	assert_string_equal(
		f->finding.summary, "By the clock of the client the certificate is out of date");
	assert_proves(f, "it is the certificate that is out of date");
	/* a clock that was never set runs behind */
	assert_int_equal(f->finding.assumptions, 2);
	assert_shown(f, certificate_expired, "error", "possible");
	assert_int_equal(f->finding.assumptions, 1);
	assert_int_equal(proof_packet(&f->finding, "its hello's random begins with the time"),
		PACKET_CLIENT_HELLO);
	f->hs->side[SIDE_CLIENT].clock_time = NOW - 20 * (int64_t)YEAR;
	assert_shown(f, clock_wrong, "error", "possible");
	assert_int_equal(f->finding.assumptions, 0);
}

static void test_clock_wrong__without_a_time_a_date_alert_is_a_possibility(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 45);
	assert_shown(f, clock_wrong, "error", "possible");
}

static void test_clock_wrong__without_a_time_46_speaks_of_it_from_mbedtls_alone(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 46);
	assert_not_shown(f, clock_wrong);
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	assert_shown(f, clock_wrong, "error", "possible");
}

static void test_clock_wrong__a_clock_within_the_dates_says_nothing(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 42);
	f->hs->side[SIDE_CLIENT].clock = CLOCK_WRONG;
	f->hs->side[SIDE_CLIENT].clock_time = NOW - YEAR;
	assert_not_shown(f, clock_wrong);
}

static void test_clock_wrong__a_certificate_that_is_out_of_date_is_the_reason_itself(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 45);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	f->hs->side[SIDE_CLIENT].clock = CLOCK_WRONG;
	assert_not_shown(f, clock_wrong);
}

static void test_clock_wrong__the_servers_clock_judges_the_clients_certificate(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 45);
	f->hs->side[SIDE_SERVER].clock = CLOCK_WRONG;
	f->hs->side[SIDE_SERVER].clock_time = 0;
	assert_shown(f, clock_wrong, "error", "certain");
	assert_int_equal(proof_packet(&f->finding, "the hello's random begins with the time"),
		PACKET_SERVER_HELLO);
}

/* ---- the client's certificate ---- */

static void refuse_client(struct facts *f, uint8_t alert)
{
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, alert);
}

static void test_client_certificate_missing__an_empty_certificate_ends_it(void **state)
{
	struct facts *f = *state;

	make_mutual_empty(f->hs);
	refuse_client(f, 40);
	assert_shown(f, client_certificate_missing, "error", "certain");
	assert_int_equal(proof_packet(&f->finding, "answers with an empty Certificate"),
		PACKET_CLIENT_FLIGHT);
	assert_explains(f, no_fatal_alert);
}

/* Words about records, keys and names are not about a certificate; a close says nothing. */
static void test_client_certificate_missing__the_alert_has_to_bear_it_out(void **state)
{
	static const struct {
		uint8_t alert;
		const char *sure;
	} rows[] = { { 42, "certain" }, { 46, "likely" }, { 80, "possible" }, { 10, "possible" },
		{ 20, NULL }, { 22, NULL }, { 51, NULL }, { 70, NULL }, { 120, NULL } };
	struct facts *f = *state;

	make_mutual_empty(f->hs);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f->hs->n_alerts = 0;
		refuse_client(f, rows[i].alert);
		assert_int_equal(
			facts_show(f, CAUSE_client_certificate_missing), rows[i].sure != NULL);
		if (rows[i].sure != NULL)
			assert_string_equal(confidence_name(f->finding.confidence), rows[i].sure);
	}
	f->hs->n_alerts = 0;
	end_with(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, ENDING_FIN);
	assert_shown(f, client_certificate_missing, "error", "likely");
}

static void test_client_certificate_missing__alert_116_says_so_in_tls13(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 116);
	assert_shown(f, client_certificate_missing, "error", "certain");
	assert_false(proves(&f->finding, "CertificateRequest")); /* it is under the keys */
}

/* Up to TLS 1.2 the request would be in the clear: an alert against what was seen is no proof. */
static void test_client_certificate_missing__a_server_that_never_asked_misses_none(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 116);
	assert_not_shown(f, client_certificate_missing);
}

static void test_client_certificate_missing__a_server_that_goes_on_does_not_mind(void **state)
{
	struct facts *f = *state;

	make_mutual_empty(f->hs);
	assert_not_shown(f, client_certificate_missing);
}

static void test_client_certificate_missing__a_client_that_gives_up_is_not_refused(void **state)
{
	struct facts *f = *state;

	make_mutual_empty(f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_CLIENT, 40);
	assert_not_shown(f, client_certificate_missing);
}

/* certificate_authorities with one name, which is or is not the issuer's. */
static void list_authority(struct facts *f, bool issuers)
{
	static const uint8_t listed[] = { 0, 4, 0x30, 0x02, 0x31, 0x00 };
	static const uint8_t other[] = { 0x30, 0x02, 0x31, 0x01 };

	f->hs->certificate_request.authorities = bytes_of(listed, sizeof listed);
	f->client_leaf.issuer_der =
		issuers ? bytes_of(listed + 2, 4) : bytes_of(other, sizeof other);
}

static void test_client_certificate_untrusted__an_issuer_not_listed_is_certain(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	list_authority(f, false);
	refuse_client(f, 48);
	f->hs->certificate_request.seen = true;
	assert_shown(f, client_certificate_untrusted, "error", "certain");
	assert_proves(f, "the client's certificate is issued by 'CN=Test Root'");
	assert_proves(f, "the CertificateRequest does not list that issuer");
}

static void test_client_certificate_untrusted__unknown_ca_alone_is_likely(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	refuse_client(f, 48);
	assert_shown(f, client_certificate_untrusted, "error", "likely");
}

static void test_client_certificate_untrusted__a_listed_name_means_another_key(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	list_authority(f, true);
	refuse_client(f, 48);
	assert_shown(f, client_certificate_untrusted, "error", "likely");
	assert_proves(f, "lists that name: it may mean another key");
	f->hs->alerts[0].code = 42;
	assert_not_shown(f, client_certificate_untrusted);
}

static void test_client_certificate_untrusted__a_bare_close_needs_the_list(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	end_with(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, ENDING_FIN);
	assert_not_shown(f, client_certificate_untrusted);
	list_authority(f, false);
	assert_shown(f, client_certificate_untrusted, "error", "likely");
	list_authority(f, true);
	assert_not_shown(f, client_certificate_untrusted);
}

/* Which alerts speak of trust, with the issuer listed, not listed, and without a list. */
static void test_client_certificate_untrusted__alerts_and_the_list_decide_together(void **state)
{
	static const struct {
		uint8_t alert;
		const char *without, *listed, *unlisted; /* confidence; NULL: not shown */
	} rows[] = {
		{ 48, "likely", "likely", "certain" },
		{ 46, "likely", NULL, "likely" },
		{ 42, "likely", NULL, "likely" },
		{ 49, "likely", NULL, "likely" },
		{ 47, NULL, NULL, NULL },
		{ 43, NULL, NULL, NULL },
		{ 41, NULL, NULL, NULL },
		{ 50, NULL, NULL, NULL },
		{ 0, NULL, NULL, NULL },
	};
	struct facts *f = *state;

	make_mutual(f, f->hs);
	refuse_client(f, 48);
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t list = 0; list < 3; list++) {
			const char *want = list == 0   ? rows[i].without
					   : list == 1 ? rows[i].listed
						       : rows[i].unlisted;

			f->hs->certificate_request.authorities = bytes_of(NULL, 0);
			if (list != 0)
				list_authority(f, list == 1);
			f->hs->alerts[0].code = rows[i].alert;
			if (want == NULL)
				assert_not_shown(f, client_certificate_untrusted);
			else
				assert_shown(f, client_certificate_untrusted, "error", want);
		}
}

/* Any certificate of its chain may be the listed issuer's. */
static void test_client_certificate_untrusted__any_listed_issuer_of_the_chain_will_do(void **state)
{
	static const uint8_t root[] = { 0x30, 0x02, 0x31, 0x02 };
	static const uint8_t two[] = { 0, 4, 0x30, 0x02, 0x31, 0x03, 0, 4, 0x30, 0x02, 0x31, 0x02 };
	struct facts *f = *state;

	make_mutual(f, f->hs);
	list_authority(f, false);
	f->hs->certificate_request.authorities = bytes_of(two, sizeof two);
	f->middle.issuer_der = bytes_of(root, sizeof root);
	f->hs->side[SIDE_CLIENT].certs[f->hs->side[SIDE_CLIENT].n_certs++] = &f->middle;
	refuse_client(f, 48);
	assert_shown(f, client_certificate_untrusted, "error", "likely");
	assert_proves(f, "lists that name: it may mean another key");
	f->hs->side[SIDE_CLIENT].n_certs = 1;
	assert_shown(f, client_certificate_untrusted, "error", "certain");
}

static void test_client_certificate_untrusted__its_own_faults_come_first(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	refuse_client(f, 48);
	f->hs->side[SIDE_CLIENT].chain.step[0].expired = true;
	assert_not_shown(f, client_certificate_untrusted);
	f->hs->side[SIDE_CLIENT].chain.step[0].expired = false;
	f->hs->side[SIDE_CLIENT].chain.step[0].not_yet = true;
	assert_not_shown(f, client_certificate_untrusted);
	f->hs->side[SIDE_CLIENT].chain.step[0].not_yet = false;
	f->hs->side[SIDE_CLIENT].chain.ext_usage_forbids = true;
	assert_not_shown(f, client_certificate_untrusted);
	f->hs->side[SIDE_CLIENT].chain.ext_usage_forbids = false;
	f->hs->side[SIDE_CLIENT].chain.signature_bad = true;
	assert_not_shown(f, client_certificate_untrusted);
	f->hs->side[SIDE_CLIENT].chain.signature_bad = false;
	assert_shown(f, client_certificate_untrusted, "error", "likely");
	f->hs->side[SIDE_CLIENT].proof.signature.state = PROOF_INVALID;
	assert_not_shown(f, client_certificate_untrusted);
}

static void test_client_certificate_untrusted__unknown_ca_says_so_in_tls13(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 48);
	assert_shown(f, client_certificate_untrusted, "error", "likely");
	assert_explains(f, no_fatal_alert);
	assert_not_shown(f, hidden_by_encryption);
	f->hs->alerts[0].code = 42;
	assert_not_shown(f, client_certificate_untrusted);
	assert_shown(f, hidden_by_encryption, "error", "likely");
}

static void test_client_certificate_untrusted__a_client_that_says_it_means_the_server(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_not_shown(f, client_certificate_untrusted);
}

static void test_certificate_type_unusable__no_scheme_asked_for_fits_its_key(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	f->hs->certificate_request.schemes = LIST(f->hs, 0x0401, 0x0804);
	refuse_client(f, 43);
	assert_shown(f, certificate_type_unusable, "error", "certain");
	assert_proves(f, "the client's certificate has the key EC secp256r1");
	assert_explains(f, signature_scheme_offered);
	refuse_client(f, 48); /* the chain is judged before the key is used */
	assert_shown(f, certificate_type_unusable, "error", "likely");
}

static void test_certificate_type_unusable__one_that_fits_is_enough(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	refuse_client(f, 43);
	assert_not_shown(f, certificate_type_unusable);
	f->hs->certificate_request.has_schemes = false;
	assert_not_shown(f, certificate_type_unusable);
}

static void test_certificate_curve_unsupported__the_leafs_curve_was_not_offered(void **state)
{
	struct facts *f = *state;

	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 24);
	f->hs->ske.group = 29;
	refuse(f->hs, 47);
	assert_shown(f, certificate_curve_unsupported, "error", "certain");
	assert_proves(f, "the key of 'CN=device.example' is EC secp256r1");
	assert_proves(f, "supported_groups do not list secp256r1");
	assert_explains(f, certificate_curve_offered);
}

/* A bare close proves nothing, and bad_certificate nothing while trust was not tested. */
static void test_certificate_curve_unsupported__the_alert_decides_how_sure(void **state)
{
	struct facts *f = *state;

	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 24);
	f->hs->ske.group = 29;
	refuse(f->hs, 43);
	assert_shown(f, certificate_curve_unsupported, "error", "certain");
	f->hs->alerts[0].code = 42;
	f->hs->side[SIDE_SERVER].chain.has_trust = false;
	assert_shown(f, certificate_curve_unsupported, "error", "likely");
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	f->hs->n_alerts = 0;
	assert_shown(f, certificate_curve_unsupported, "error", "likely");
}

static void test_certificate_curve_unsupported__a_configuration_can_tell(void **state)
{
	struct facts *f = *state;

	refuse(f->hs, 47);
	facts_configure(f, "#define MBEDTLS_ECP_C\n#define MBEDTLS_ECP_DP_SECP256R1_ENABLED\n");
	assert_not_shown(f, certificate_curve_unsupported);
	facts_configure(f, "#define MBEDTLS_ECP_C\n#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n");
	assert_true(facts_show(f, CAUSE_certificate_curve_unsupported));
	assert_proves(f, "the configuration given has that curve switched off");
	assert_proves(f, "it lacks MBEDTLS_ECP_DP_SECP256R1_ENABLED");
	f->hs->client_hello.ext.has_groups = false;
	f->hs->client_hello.ext.groups = (struct u16s){ 0 };
	assert_true(facts_show(f, CAUSE_certificate_curve_unsupported));
	assert_false(proves(&f->finding, "supported_groups do not list"));
}

static void test_certificate_curve_unsupported__a_bad_signature_is_the_better_reason(void **state)
{
	struct facts *f = *state;

	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 24);
	refuse(f->hs, 51);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	assert_not_shown(f, certificate_curve_unsupported);
}

static void test_certificate_curve_unsupported__a_peer_that_goes_on_supports_it(void **state)
{
	struct facts *f = *state;

	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 24);
	assert_not_shown(f, certificate_curve_unsupported);
	refuse(f->hs, 48);
	assert_not_shown(f, certificate_curve_unsupported);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_clock_wrong__the_time_in_the_hello_proves_it),
		RULE_TEST(test_clock_wrong__a_date_that_may_be_chance_is_likely),
		RULE_TEST(test_clock_wrong__by_the_only_clock_it_may_be_the_certificate),
		RULE_TEST(test_clock_wrong__without_a_time_a_date_alert_is_a_possibility),
		RULE_TEST(test_clock_wrong__without_a_time_46_speaks_of_it_from_mbedtls_alone),
		RULE_TEST(test_clock_wrong__a_clock_within_the_dates_says_nothing),
		RULE_TEST(test_clock_wrong__a_certificate_that_is_out_of_date_is_the_reason_itself),
		RULE_TEST(test_clock_wrong__the_servers_clock_judges_the_clients_certificate),
		RULE_TEST(test_client_certificate_missing__an_empty_certificate_ends_it),
		RULE_TEST(test_client_certificate_missing__the_alert_has_to_bear_it_out),
		RULE_TEST(test_client_certificate_missing__alert_116_says_so_in_tls13),
		RULE_TEST(test_client_certificate_missing__a_server_that_never_asked_misses_none),
		RULE_TEST(test_client_certificate_missing__a_server_that_goes_on_does_not_mind),
		RULE_TEST(test_client_certificate_missing__a_client_that_gives_up_is_not_refused),
		RULE_TEST(test_client_certificate_untrusted__an_issuer_not_listed_is_certain),
		RULE_TEST(test_client_certificate_untrusted__unknown_ca_alone_is_likely),
		RULE_TEST(test_client_certificate_untrusted__a_listed_name_means_another_key),
		RULE_TEST(test_client_certificate_untrusted__a_bare_close_needs_the_list),
		RULE_TEST(test_client_certificate_untrusted__alerts_and_the_list_decide_together),
		RULE_TEST(
			test_client_certificate_untrusted__any_listed_issuer_of_the_chain_will_do),
		RULE_TEST(test_client_certificate_untrusted__its_own_faults_come_first),
		RULE_TEST(test_client_certificate_untrusted__unknown_ca_says_so_in_tls13),
		RULE_TEST(
			test_client_certificate_untrusted__a_client_that_says_it_means_the_server),
		RULE_TEST(test_certificate_type_unusable__no_scheme_asked_for_fits_its_key),
		RULE_TEST(test_certificate_type_unusable__one_that_fits_is_enough),
		RULE_TEST(test_certificate_curve_unsupported__the_alert_decides_how_sure),
		RULE_TEST(test_certificate_curve_unsupported__a_configuration_can_tell),
		RULE_TEST(test_certificate_curve_unsupported__the_leafs_curve_was_not_offered),
		RULE_TEST(test_certificate_curve_unsupported__a_bad_signature_is_the_better_reason),
		RULE_TEST(test_certificate_curve_unsupported__a_peer_that_goes_on_supports_it),
	};

	return RULE_TESTS(tests, argc, argv);
}
