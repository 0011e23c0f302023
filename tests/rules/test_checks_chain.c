/* Checks of certificates and chains, of the server's and of the client's. */
#include "rules/facts.h"
#include "rules/said.h"

static struct chain_judgement *chain(void **state)
{
	return &first(state)->side[SIDE_SERVER].chain;
}

static const enum check_id about_chains[] = { CHECK_chain_complete, CHECK_chain_signatures,
	CHECK_chain_trusted, CHECK_chain_dates, CHECK_chain_usages, CHECK_chain_strength };
enum { N_ABOUT = sizeof about_chains / sizeof about_chains[0] };

static enum status status_of(const struct handshake *hs, enum check_id id)
{
	struct answer a = { .arena = hs->arena };

	return checks[id]->run(hs, &a);
}

static void test_chains__without_a_certificate_none_applies(void **state)
{
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	for (size_t i = 0; i < N_ABOUT; i++)
		assert_int_equal(status_of(first(state), about_chains[i]), NOT_APPLICABLE);
	assert_int_equal(status_of(first(state), CHECK_name_matches), NOT_APPLICABLE);
	assert_int_equal(status_of(first(state), CHECK_certificate_well_formed), NOT_APPLICABLE);
}

static void test_chains__one_that_cannot_be_read_is_unknown(void **state)
{
	chain(state)->n_steps = 0;
	chain(state)->end = PATH_EMPTY;
	for (size_t i = 0; i < N_ABOUT; i++)
		assert_int_equal(status_of(first(state), about_chains[i]), UNKNOWN);
}

/* The worse of the two sides is the answer, with its own message. */
static void test_chains__the_clients_fault_shows_beside_a_good_server(void **state)
{
	struct handshake *hs = first(state);

	make_mutual(*state, hs);
	hs->side[SIDE_CLIENT].chain.step[0].expired = true;
	assert_answer(hs, chain_dates, "fail", "'CN=client.example' expired on");
	hs->side[SIDE_SERVER].chain.step[0].not_yet = true;
	assert_answer(hs, chain_dates, "fail", "'CN=device.example' is not valid before");
}

static void test_chains__a_doubt_about_the_client_does_not_pass(void **state)
{
	make_mutual(*state, first(state));
	first(state)->side[SIDE_CLIENT].chain.has_trust = false;
	assert_answer(first(state), chain_trusted, "unknown", "no CA file was given");
}

/* ---- a path that was not searched to its end ---- */

static void test_chains__of_a_path_that_is_not_known_nothing_is_said_but_of_the_leaf(void **state)
{
	chain(state)->n_steps = 1;
	chain(state)->end = PATH_UNKNOWN;
	for (size_t i = 0; i < N_ABOUT; i++)
		assert_int_equal(status_of(first(state), about_chains[i]), UNKNOWN);
	assert_answer(first(state), chain_signatures, "unknown", "there are too many certificates");
	chain(state)->step[0].expired = true;
	assert_answer(first(state), chain_dates, "fail", "'CN=device.example' expired on");
	chain(state)->usage_forbids = true;
	assert_answer(first(state), chain_usages, "fail", "keyUsage of 'CN=device.example' lacks");
	chain(state)->step[0].very_weak_key = true;
	assert_answer(first(state), chain_strength, "fail", "the key of 'CN=device.example'");
}

/* ---- chain-complete ---- */

static void end_at(struct chain_judgement *j, enum path_end end)
{
	j->n_steps = 1;
	j->end = end;
}

static void test_chain_complete__a_path_to_its_root_passes(void **state)
{
	assert_answer(first(state), chain_complete, "pass",
		"the server's chain is whole: 2 certificates to 'CN=Test Root'");
}

static void test_chain_complete__a_root_alone_may_be_left_out(void **state)
{
	end_at(chain(state), PATH_ISSUER_MISSING);
	assert_answer(first(state), chain_complete, "pass",
		"only the root 'CN=Test Root' is not sent, as is usual");
}

static void test_chain_complete__a_missing_intermediate_fails(void **state)
{
	end_at(chain(state), PATH_ISSUER_MISSING);
	chain(state)->intermediate_missing = true;
	assert_answer(first(state), chain_complete, "fail",
		"the issuer 'CN=Test Root' is neither sent nor in the CA file");
}

static void test_chain_complete__half_a_certificate_message_is_unknown(void **state)
{
	end_at(chain(state), PATH_ISSUER_MISSING);
	chain(state)->intermediate_missing = true;
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->wrong.code = PARSE_CUT;
	assert_answer(first(state), chain_complete, "unknown", "may have been sent");
}

static void test_chain_complete__without_a_ca_file_it_is_unknown(void **state)
{
	end_at(chain(state), PATH_ISSUER_MISSING);
	chain(state)->has_trust = false;
	assert_answer(first(state), chain_complete, "unknown", "without --ca");
}

static void test_chain_complete__a_self_signed_leaf_is_whole(void **state)
{
	struct facts *f = *state;

	name_cert(&f->leaf, "CN=device.example", "CN=device.example");
	end_at(chain(state), PATH_NO_ANCHOR);
	assert_answer(f->hs, chain_complete, "pass", "the server's chain is whole");
}

static void test_chain_complete__a_wrong_order_warns(void **state)
{
	chain(state)->out_of_order = true;
	assert_answer(
		first(state), chain_complete, "warn", "not each the issuer of the one before");
}

/* ---- chain-signatures ---- */

static void test_chain_signatures__counts_those_that_verify(void **state)
{
	make_long_chain(*state, first(state));
	assert_answer(first(state), chain_signatures, "pass",
		"all 2 signatures on the server's certificates whose issuer is at hand verify");
}

static void test_chain_signatures__a_bad_one_fails(void **state)
{
	chain(state)->step[0].signature = LINK_BAD;
	assert_answer(first(state), chain_signatures, "fail",
		"'CN=device.example' is not signed by the key of 'CN=Test Root'");
}

static void test_chain_signatures__one_that_cannot_be_verified_is_unknown(void **state)
{
	chain(state)->step[0].signature = LINK_UNVERIFIABLE;
	chain(state)->step[0].why = "this build has no Ed25519";
	assert_answer(first(state), chain_signatures, "unknown", "this build has no Ed25519");
}

static void test_chain_signatures__none_looked_at_is_unknown(void **state)
{
	chain(state)->step[0].signature = LINK_UNCHECKED;
	assert_answer(first(state), chain_signatures, "unknown", "no issuer's key is at hand");
	first(state)->proved = false;
	first(state)->not_proved_why = "--verify=none";
	assert_answer(
		first(state), chain_signatures, "unknown", "were not verified: --verify=none");
}

/* ---- chain-trusted ---- */

static void test_chain_trusted__an_anchor_reached_passes(void **state)
{
	assert_answer(first(state), chain_trusted, "pass",
		"the server's chain ends at 'CN=Test Root' of the CA file");
}

static void test_chain_trusted__every_other_end_fails_in_its_own_words(void **state)
{
	end_at(chain(state), PATH_ISSUER_MISSING);
	assert_answer(first(state), chain_trusted, "fail",
		"the CA file does not hold 'CN=Test Root', the issuer of 'CN=device.example'");
	chain(state)->end = PATH_SELF_SIGNED;
	assert_answer(first(state), chain_trusted, "fail",
		"the server's chain ends at 'CN=device.example', which the CA file does not hold");
	chain(state)->issuer_name_in_trust = true;
	assert_answer(first(state), chain_trusted, "fail",
		"the CA file's 'CN=Test Root' has another key than the one that signed");
	chain(state)->end = PATH_NO_ANCHOR;
	assert_answer(first(state), chain_trusted, "fail", "the CA file holds no certificate");
}

static void test_chain_trusted__what_was_not_seen_whole_is_unknown(void **state)
{
	end_at(chain(state), PATH_ISSUER_MISSING);
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->wrong.code = PARSE_CUT;
	assert_answer(first(state), chain_trusted, "unknown", "only a part of the server's");
	chain(state)->has_trust = false;
	assert_answer(first(state), chain_trusted, "unknown", "no CA file was given (--ca)");
}

/* ---- chain-dates ---- */

static void test_chain_dates__certificates_in_date_pass(void **state)
{
	assert_answer(first(state), chain_dates, "pass", "path were in date");
}

/* Of a certificate whose dates cannot be read nobody knows whether it was. */
static void test_chain_dates__that_cannot_be_read_are_unknown(void **state)
{
	struct cert undated = *first(state)->side[SIDE_SERVER].chain.step[0].cert;

	undated.has_dates = false;
	first(state)->side[SIDE_SERVER].chain.step[0].cert = &undated;
	assert_answer(first(state), chain_dates, "unknown",
		"the dates of 'CN=device.example' cannot be read");
}

static void test_chain_dates__an_expired_one_fails_with_the_day(void **state)
{
	struct facts *f = *state;

	f->leaf.not_after = NOW - YEAR;
	chain(state)->step[0].expired = true;
	assert_answer(f->hs, chain_dates, "fail",
		"'CN=device.example' expired on 2023-06-01 12:00:00 UTC");
}

static void test_chain_dates__one_not_valid_yet_fails_with_the_day(void **state)
{
	struct facts *f = *state;

	f->leaf.not_before = NOW + YEAR;
	chain(state)->step[0].not_yet = true;
	assert_answer(f->hs, chain_dates, "fail",
		"'CN=device.example' is not valid before 2025-05-31 12:00:00 UTC");
}

/* ---- chain-usages ---- */

static void test_chain_usages__each_misuse_fails_in_its_own_words(void **state)
{
	struct facts *f = *state;

	assert_answer(f->hs, chain_usages, "pass", "may be used as it is");
	chain(state)->ext_usage_forbids = true;
	assert_answer(f->hs, chain_usages, "fail",
		"extendedKeyUsage of 'CN=device.example' lacks serverAuth");
	chain(state)->usage_forbids = true;
	chain(state)->usage_needed = KU_DIGITAL_SIGNATURE;
	assert_answer(f->hs, chain_usages, "fail",
		"keyUsage of 'CN=device.example' lacks digitalSignature");
	f->root.path_length = 0;
	chain(state)->step[1].path_too_long = true;
	assert_answer(f->hs, chain_usages, "fail",
		"the path below 'CN=Test Root' is longer than its pathlen 0 allows");
	chain(state)->step[1].ca_missing = true;
	assert_answer(
		f->hs, chain_usages, "fail", "'CN=Test Root' signs certificates but is not a CA");
}

static void test_chain_usages__a_client_needs_client_auth(void **state)
{
	make_mutual(*state, first(state));
	first(state)->side[SIDE_CLIENT].chain.ext_usage_forbids = true;
	assert_answer(first(state), chain_usages, "fail",
		"extendedKeyUsage of 'CN=client.example' lacks clientAuth");
}

/* ---- chain-strength ---- */

static void test_chain_strength__weak_warns_and_very_weak_fails(void **state)
{
	struct path_step *step = &chain(state)->step[0];

	assert_answer(first(state), chain_strength, "pass", "strong enough");
	step->weak_signature = true;
	assert_answer(first(state), chain_strength, "warn",
		"'CN=device.example' is signed with ecdsa-with-SHA256, which verifiers refuse");
	step->weak_key = true;
	assert_answer(first(state), chain_strength, "warn", "the key of 'CN=device.example' is EC");
	step->very_weak_key = true;
	assert_answer(first(state), chain_strength, "fail", "the key of 'CN=device.example' is EC");
}

/* ---- name-matches ---- */

static void test_name_matches__says_why_there_is_no_name(void **state)
{
	struct handshake *hs = first(state);

	hs->side[SIDE_SERVER].chain.name = NAME_UNCHECKED;
	hs->client_hello.ext.has_server_name = true; /* with a NUL inside, say */
	assert_answer(hs, name_matches, "unknown", "what was sent as server_name is no name");
	hs->client_hello.ext.has_server_name = false;
	assert_answer(hs, name_matches, "unknown", "no server_name was sent and no --name given");
	hs->client_hello.seen = false;
	assert_answer(hs, name_matches, "unknown", "the ClientHello was not seen");
}

static void test_name_matches__every_reading_has_its_answer(void **state)
{
	static const struct {
		enum name_state name;
		const char *status, *text;
	} rows[] = {
		{ NAME_MATCHES, "pass", "is for the name asked for" },
		{ NAME_MATCHES_CN_ONLY, "pass", "only the common name fits" },
		{ NAME_IP_SAN_ONLY, "warn", "only an iPAddress entry fits" },
		{ NAME_CN_IGNORED, "fail", "the common name 'device.example' fits, but" },
		{ NAME_DIFFERS, "fail", "of 'CN=device.example' is not for the name asked for" },
		{ NAME_UNCHECKED, "unknown", "no name to look for" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		chain(state)->name = rows[i].name;
		assert_answer(first(state), name_matches, rows[i].status, rows[i].text);
	}
}

/* ---- certificate-well-formed ---- */

static void test_certificate_well_formed__readable_ones_pass(void **state)
{
	assert_answer(first(state), certificate_well_formed, "pass",
		"every certificate reads to its last");
}

static void test_certificate_well_formed__a_broken_one_fails_with_its_place(void **state)
{
	struct facts *f = *state;
	const struct answer *a = &f->examined[0].answers[CHECK_certificate_well_formed];

	make_long_chain(f, f->hs);
	f->middle.parsed = false;
	f->middle.broken = (struct parse_err){ PARSE_SHORT, "tbsCertificate", 1, 100, 20 };
	assert_answer(f->hs, certificate_well_formed, "fail",
		"certificate 2 of the server, byte 1: tbsCertificate");
	facts_examine(f);
	assert_int_equal(a->evidence[0].place.packet, PACKET_CERTIFICATE);
	assert_int_equal(a->evidence[0].place.offset, 7);
}

static void test_certificate_well_formed__the_clients_are_read_too(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	f->client_leaf.parsed = false;
	f->client_leaf.broken = (struct parse_err){ PARSE_SHORT, "Certificate", 0, 100, 4 };
	assert_answer(f->hs, certificate_well_formed, "fail", "certificate 1 of the client");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_chains__of_a_path_that_is_not_known_nothing_is_said_but_of_the_leaf),
		RULE_TEST(test_chains__without_a_certificate_none_applies),
		RULE_TEST(test_chains__one_that_cannot_be_read_is_unknown),
		RULE_TEST(test_chains__the_clients_fault_shows_beside_a_good_server),
		RULE_TEST(test_chains__a_doubt_about_the_client_does_not_pass),
		RULE_TEST(test_chain_complete__a_path_to_its_root_passes),
		RULE_TEST(test_chain_complete__a_root_alone_may_be_left_out),
		RULE_TEST(test_chain_complete__a_missing_intermediate_fails),
		RULE_TEST(test_chain_complete__half_a_certificate_message_is_unknown),
		RULE_TEST(test_chain_complete__without_a_ca_file_it_is_unknown),
		RULE_TEST(test_chain_complete__a_self_signed_leaf_is_whole),
		RULE_TEST(test_chain_complete__a_wrong_order_warns),
		RULE_TEST(test_chain_signatures__counts_those_that_verify),
		RULE_TEST(test_chain_signatures__a_bad_one_fails),
		RULE_TEST(test_chain_signatures__one_that_cannot_be_verified_is_unknown),
		RULE_TEST(test_chain_signatures__none_looked_at_is_unknown),
		RULE_TEST(test_chain_trusted__an_anchor_reached_passes),
		RULE_TEST(test_chain_trusted__every_other_end_fails_in_its_own_words),
		RULE_TEST(test_chain_trusted__what_was_not_seen_whole_is_unknown),
		RULE_TEST(test_chain_dates__certificates_in_date_pass),
		RULE_TEST(test_chain_dates__that_cannot_be_read_are_unknown),
		RULE_TEST(test_chain_dates__an_expired_one_fails_with_the_day),
		RULE_TEST(test_chain_dates__one_not_valid_yet_fails_with_the_day),
		RULE_TEST(test_chain_usages__each_misuse_fails_in_its_own_words),
		RULE_TEST(test_chain_usages__a_client_needs_client_auth),
		RULE_TEST(test_chain_strength__weak_warns_and_very_weak_fails),
		RULE_TEST(test_name_matches__says_why_there_is_no_name),
		RULE_TEST(test_name_matches__every_reading_has_its_answer),
		RULE_TEST(test_certificate_well_formed__readable_ones_pass),
		RULE_TEST(test_certificate_well_formed__a_broken_one_fails_with_its_place),
		RULE_TEST(test_certificate_well_formed__the_clients_are_read_too),
	};

	return RULE_TESTS(tests, argc, argv);
}
