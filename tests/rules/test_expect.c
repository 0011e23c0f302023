/* Expectations: how they are read, and how they are held against the facts. */
#include "diagnose/expect.h"
#include "rules/facts.h"

static struct expectation parsed(const char *text)
{
	struct expectation x;
	struct err e = { 0 };

	if (!expect_parse(text, &x, &e))
		fail_msg("'%s': %s", text, e.msg);
	return x;
}

static struct expected judged(void **state, const char *text)
{
	static struct expectation x; /* the answer points to it */
	struct facts *f = *state;
	struct expected out;

	x = parsed(text);
	facts_examine(f);
	expect_judge(&x, &f->file, &out);
	return out;
}

static void test_expect__facts_of_a_healthy_handshake(void **state)
{
	static const struct {
		const char *text;
		enum status status;
	} rows[] = {
		{ "outcome=completed", PASS },
		{ "version=TLS1.2", PASS },
		{ "version=TLSv1.2", PASS },
		{ "version=TLS1.3", FAIL },
		{ "version!=TLS1.1", PASS },
		{ "version>=TLS1.2", PASS },
		{ "version>=TLS1.3", FAIL },
		{ "version<=TLS1.2", PASS },
		{ "suite=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", PASS },
		{ "suite=TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256", PASS },
		{ "suite=0xc02b", PASS },
		{ "suite=TLS_RSA_WITH_AES_128_CBC_SHA", FAIL },
		{ "group=secp256r1", PASS },
		{ "group=P-256", PASS },
		{ "group!=x25519", PASS },
		{ "scheme=ecdsa_secp256r1_sha256", PASS },
		{ "scheme=ecdsa_sha256", PASS },
		{ "scheme=ecdsa_sha512", FAIL },
		{ "key=EC", PASS },
		{ "key=EC secp256r1", PASS },
		{ "key=RSA", FAIL },
		{ "key-bits>=256", PASS },
		{ "key-bits>=257", FAIL },
		{ "certificates=1", PASS },
		{ "alpn=none", PASS },
		{ "resumed=false", PASS },
		{ "client-certificate=false", PASS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct expected x = judged(state, rows[i].text);

		if (x.status != rows[i].status)
			fail_msg("%s: %s, %s", rows[i].text, status_name(x.status), x.message);
		assert_int_equal(x.handshake, first(state)->id);
	}
}

static void test_expect__names_are_whole_or_their_cn(void **state)
{
	struct facts *f = *state;

	name_cert(&f->leaf, "CN=device.example,O=Plant", "CN=Plant CA,O=Plant");
	assert_int_equal(judged(state, "issuer=Plant CA").status, PASS);
	assert_int_equal(judged(state, "issuer=CN=Plant CA,O=Plant").status, PASS);
	assert_int_equal(judged(state, "issuer=Plant").status, FAIL);
	assert_int_equal(judged(state, "subject=device.example").status, PASS);
}

static void test_expect__days_are_whole_and_of_the_first_to_end(void **state)
{
	struct facts *f = *state;
	int64_t day = 86400;

	f->leaf.not_after = NOW + 30 * day + day - 1;
	assert_int_equal(judged(state, "days-left=30").status, PASS);
	f->leaf.not_after = NOW + 30 * day - 1;
	assert_int_equal(judged(state, "days-left>=30").status, FAIL);
	f->leaf.not_after = NOW - 1;
	assert_int_equal(judged(state, "days-left=-1").status, PASS);
	make_long_chain(f, first(state));
	f->leaf.not_after = NOW + 300 * day;
	f->middle.not_after = NOW + 3 * day;
	assert_int_equal(judged(state, "days-left=3").status, PASS);
	f->evidence.has_at = true;
	f->evidence.at = NOW + day;
	assert_int_equal(judged(state, "days-left=2").status, PASS);
}

static void test_expect__newest_completed_one_that_shows_it_decides(void **state)
{
	struct facts *f = *state;
	struct handshake *later = facts_add(f);

	later->resumed = true;
	later->n_certs[SIDE_SERVER] = 0;
	memset(&later->certificate[SIDE_SERVER], 0, sizeof later->certificate[SIDE_SERVER]);
	memset(&later->chain[SIDE_SERVER], 0, sizeof later->chain[SIDE_SERVER]);
	memset(&later->ske, 0, sizeof later->ske);
	memset(&later->ske_proof, 0, sizeof later->ske_proof);
	assert_int_equal(judged(state, "resumed=true").status, PASS);
	assert_int_equal(judged(state, "resumed=true").handshake, later->id);
	assert_int_equal(judged(state, "key=EC").status, PASS);
	assert_int_equal(judged(state, "key=EC").handshake, first(state)->id);
	later->outcome = OUTCOME_FAILED;
	assert_int_equal(judged(state, "resumed=false").status, PASS);
}

static void test_expect__what_is_not_seen_is_not_met(void **state)
{
	struct expected x;

	make_tls13(first(state));
	first(state)->n_certs[SIDE_SERVER] = 0;
	x = judged(state, "key=EC");
	assert_int_equal(x.status, UNKNOWN);
	assert_int_equal(x.handshake, 0);
	assert_int_equal(judged(state, "alpn!=h2").status, UNKNOWN);
}

static void test_expect__what_the_client_itself_says_counts(void **state)
{
	make_tls13(first(state));
	first(state)->word[SIDE_CLIENT].release = "mbedTLS 3.6.2";
	assert_int_equal(judged(state, "alpn=none").status, PASS);
	first(state)->alpn_told = "h2";
	assert_int_equal(judged(state, "alpn=h2").status, PASS);
}

static void test_expect__what_cannot_be_expected_is_named(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "", "KEY=VALUE" },
		{ "version", "KEY=VALUE" },
		{ "version=", "KEY=VALUE" },
		{ "version<TLS1.2", "KEY=VALUE" },
		{ "colour=red", "knows no 'colour', but outcome, version" },
		{ "version=TLS9", "no version 'TLS9'" },
		{ "suite=NO_SUCH", "no suite 'NO_SUCH'" },
		{ "days-left>=soon", "takes a number, not 'soon'" },
		{ "days-left>=30d", "takes a number, not '30d'" },
		{ "key>=EC", "takes = or !=" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct expectation x;
		struct err e = { 0 };

		assert_false(expect_parse(rows[i].text, &x, &e));
		assert_int_equal(e.code, ERR_USAGE);
		if (strstr(e.msg, rows[i].message) == NULL)
			fail_msg("'%s': %s", rows[i].text, e.msg);
	}
}

static void test_expect__every_key_has_a_meaning(void **state)
{
	const char *meaning = NULL;
	size_t n = 0;

	(void)state;
	for (; expect_key_at(n, &meaning) != NULL; n++)
		assert_true(strlen(meaning) > 3);
	assert_true(n >= 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_expect__facts_of_a_healthy_handshake),
		RULE_TEST(test_expect__names_are_whole_or_their_cn),
		RULE_TEST(test_expect__days_are_whole_and_of_the_first_to_end),
		RULE_TEST(test_expect__newest_completed_one_that_shows_it_decides),
		RULE_TEST(test_expect__what_is_not_seen_is_not_met),
		RULE_TEST(test_expect__what_the_client_itself_says_counts),
		RULE_TEST(test_expect__what_cannot_be_expected_is_named),
		RULE_TEST(test_expect__every_key_has_a_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
