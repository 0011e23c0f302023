/* Expectations: how they are read, and how they are held against the facts. */
#include "diagnose/expect.h"
#include "rules/facts.h"
#include "rules/said.h"

#include <stdio.h>

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
		{ "outcome!=completed", FAIL },
		{ "outcome=failed", FAIL },
		{ "version=TLS1.2", PASS },
		{ "version=TLSv1.2", PASS },
		{ "version=TLS1.3", FAIL },
		{ "version!=TLS1.1", PASS },
		{ "version>=TLS1.2", PASS },
		{ "version>=TLS1.3", FAIL },
		{ "version<=TLS1.2", PASS },
		{ "version<=TLS1.1", FAIL },
		{ "version=0x0303", PASS },
		{ "version=0x303", PASS },
		{ "version!=0x0303", FAIL },
		{ "version=0x0304", FAIL },
		{ "version>=0x0303", PASS },
		{ "version>=0x0304", FAIL },
		{ "version<=0x0303", PASS },
		{ "version<=0x0304", PASS },
		{ "version<=0x0302", FAIL },
		{ "suite=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", PASS },
		{ "suite=TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256", PASS },
		{ "suite=0xc02b", PASS },
		{ "suite=0xC02B", PASS },
		{ "suite!=0xc02b", FAIL },
		{ "suite=0xc02c", FAIL },
		{ "suite!=TLS_RSA_WITH_AES_128_CBC_SHA", PASS },
		{ "suite=TLS_RSA_WITH_AES_128_CBC_SHA", FAIL },
		{ "group=secp256r1", PASS },
		{ "group=P-256", PASS },
		{ "group!=x25519", PASS },
		{ "group=x25519", FAIL },
		{ "group=0x0017", PASS },
		{ "group!=0x0017", FAIL },
		{ "group=0x001d", FAIL },
		{ "scheme=ecdsa_secp256r1_sha256", PASS },
		{ "scheme=ecdsa_sha256", PASS },
		{ "scheme=ecdsa_sha512", FAIL },
		{ "scheme!=ecdsa_sha512", PASS },
		{ "scheme=0x0403", PASS },
		{ "scheme!=0x0403", FAIL },
		{ "scheme=0x0603", FAIL },
		{ "key=EC", PASS },
		{ "key=EC secp256r1", PASS },
		{ "key=RSA", FAIL },
		{ "key!=RSA", PASS },
		{ "key-bits=256", PASS },
		{ "key-bits!=256", FAIL },
		{ "key-bits>=256", PASS },
		{ "key-bits>=257", FAIL },
		{ "key-bits<=256", PASS },
		{ "key-bits<=255", FAIL },
		{ "certificates=1", PASS },
		{ "certificates!=1", FAIL },
		{ "certificates>=2", FAIL },
		{ "certificates<=1", PASS },
		{ "milliseconds>=0", PASS },
		{ "milliseconds<=-1", FAIL },
		{ "milliseconds!=-1", PASS },
		{ "alpn=none", PASS },
		{ "alpn!=none", FAIL },
		{ "resumed=false", PASS },
		{ "resumed!=true", PASS },
		{ "client-certificate=false", PASS },
		{ "client-certificate=true", FAIL },
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
	assert_int_equal(judged(state, "issuer!=Plant CA").status, FAIL);
	assert_int_equal(judged(state, "subject=device.example").status, PASS);
	assert_int_equal(judged(state, "subject!=device.example").status, FAIL);
	assert_int_equal(judged(state, "subject!=other.example").status, PASS);
}

static void test_expect__fingerprints_are_hex_in_either_case(void **state)
{
	struct facts *f = *state;
	char text[80] = "sha256=";

	for (size_t i = 0; i < sizeof f->leaf.sha256; i++) {
		f->leaf.sha256[i] = (uint8_t)(0xa0 + i);
		(void)snprintf(
			text + 7 + 2 * i, 3, i % 2 != 0 ? "%02X" : "%02x", f->leaf.sha256[i]);
	}
	assert_int_equal(judged(state, text).status, PASS);
	f->leaf.sha256[31] ^= 1;
	assert_int_equal(judged(state, text).status, FAIL);
}

static void test_expect__days_are_whole_and_of_the_first_to_end(void **state)
{
	struct facts *f = *state;
	int64_t day = 86400;

	f->leaf.not_after = NOW + 30 * day + day - 1;
	assert_int_equal(judged(state, "days-left=30").status, PASS);
	assert_int_equal(judged(state, "days-left!=30").status, FAIL);
	assert_int_equal(judged(state, "days-left<=30").status, PASS);
	assert_int_equal(judged(state, "days-left<=29").status, FAIL);
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
	later->side[SIDE_SERVER].n_certs = 0;
	memset(&later->side[SIDE_SERVER].certificate, 0,
		sizeof later->side[SIDE_SERVER].certificate);
	memset(&later->side[SIDE_SERVER].chain, 0, sizeof later->side[SIDE_SERVER].chain);
	memset(&later->ske, 0, sizeof later->ske);
	memset(&later->side[SIDE_SERVER].proof, 0, sizeof later->side[SIDE_SERVER].proof);
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
	first(state)->side[SIDE_SERVER].n_certs = 0;
	x = judged(state, "key=EC");
	assert_int_equal(x.status, UNKNOWN);
	assert_int_equal(x.handshake, 0);
	assert_int_equal(judged(state, "alpn!=h2").status, UNKNOWN);
}

static void test_expect__what_the_client_itself_says_counts(void **state)
{
	make_tls13(first(state));
	first(state)->alpn.from = FROM_TOLD;
	assert_int_equal(judged(state, "alpn=none").status, PASS);
	first(state)->alpn.name = text_bytes("h2");
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
		{ "outcome<=completed", "takes = or !=" },
		{ "suite>=0xc02b", "takes = or !=" },
		{ "version=0x", "takes a name or a number like 0x0303, not '0x'" },
		{ "version>=0x0304x", "a number like 0x0303" },
		{ "version=0x10303", "a number like 0x0303" },
		{ "suite=0xc02bz", "a number like 0x0303" },
		{ "key-bits=0x100", "takes a number, not '0x100'" },
		{ "days-left>=9223372036854775808", "takes a number" },
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

/* The message is of a fixed length: it holds all keys behind the longest word that it repeats. */
static void test_expect__an_unknown_key_is_answered_with_all_there_are(void **state)
{
	struct expectation x;
	struct err e = { 0 };
	const char *key, *meaning;
	size_t n = 0;

	(void)state;
	assert_false(expect_parse("a-word-that-is-longer-than-any-key-there-is=1", &x, &e));
	while ((key = expect_key_at(n++, &meaning)) != NULL) {
		if (strstr(strstr(e.msg, ", but "), key) == NULL)
			fail_msg("no '%s' in: %s", key, e.msg);
	}
	key = expect_key_at(n - 2, &meaning);
	assert_string_equal(e.msg + strlen(e.msg) - strlen(key), key);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_expect__facts_of_a_healthy_handshake),
		RULE_TEST(test_expect__names_are_whole_or_their_cn),
		RULE_TEST(test_expect__fingerprints_are_hex_in_either_case),
		RULE_TEST(test_expect__days_are_whole_and_of_the_first_to_end),
		RULE_TEST(test_expect__newest_completed_one_that_shows_it_decides),
		RULE_TEST(test_expect__what_is_not_seen_is_not_met),
		RULE_TEST(test_expect__what_the_client_itself_says_counts),
		RULE_TEST(test_expect__what_cannot_be_expected_is_named),
		RULE_TEST(test_expect__every_key_has_a_meaning),
		RULE_TEST(test_expect__an_unknown_key_is_answered_with_all_there_are),
	};

	return RULE_TESTS(tests, argc, argv);
}
