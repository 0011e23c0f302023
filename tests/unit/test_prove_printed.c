/* src/session/prove_printed.c: what the text of a certificate says against it. */
#include "session/prove_printed.h"

#include "base/array.h"
#include "session/handshake.h"
#include "support/unit.h"

#include <stdio.h>

enum { BEGIN = 1700000000, AT = 1750000000, END = 1800000000 };

static const struct printed_cert sound = { .line = 9,
	.subject = "C=NL, O=Org, CN=dev.example",
	.issuer = "CN=Root",
	.not_before = BEGIN,
	.not_after = END,
	.has_names = true,
	.names = "dev.example *.dev.example 192.0.2.1 2001:db8::1",
	.key = KEY_EC,
	.key_bits = 256,
	.key_group = 0x0017,
	.hash = HASH_SHA256,
	.has_usage = true,
	.usage = PRINTED_FOR_SERVERS };

/* The faults found, a bit each. */
static unsigned faults_of(
	const struct printed_cert *certs, size_t n, enum side side, int64_t at, const char *name)
{
	static const struct printed_judgement none;
	struct handshake hs = { .arena = arena_new(SIZE_MAX), .version = 0x0303 };
	unsigned found = 0;

	assert_non_null(hs.arena);
	hs.side[side].printed = certs;
	hs.side[side].n_printed = n;
	printed_judge(&hs, side, at, name);
	assert_memory_equal(&hs.side[side_other(side)].printed_judged, &none, sizeof none);
	for (unsigned i = 0; i < N_PRINTED_FAULTS; i++)
		found |= (unsigned)(hs.side[side].printed_judged.fault[i] != NULL) << i;
	arena_free(hs.arena);
	return found;
}

static unsigned one(struct printed_cert cert, int64_t at, const char *name)
{
	return faults_of(&cert, 1, SIDE_SERVER, at, name);
}

static void test_printed__a_sound_one_has_no_fault(void **state)
{
	(void)state;
	assert_int_equal(one(sound, AT, "dev.example"), 0);
	assert_int_equal(one(sound, AT, "www.dev.example"), 0);
	assert_int_equal(one(sound, AT, "192.0.2.1"), 0);
	assert_int_equal(one(sound, AT, "2001:db8::1"), 0);
	assert_int_equal(one(sound, AT, NULL), 0);
	assert_int_equal(one(sound, 0, "dev.example"), 0);
}

static void test_printed__dates_are_held_against_a_time_that_is_known(void **state)
{
	struct printed_cert far = sound;

	(void)state;
	assert_int_equal(one(sound, END, NULL), 0);
	assert_int_equal(one(sound, END + 1, NULL), 1u << PRINTED_EXPIRED);
	assert_int_equal(one(sound, BEGIN - 1, NULL), 1u << PRINTED_NOT_YET);
	far.far = true; /* its zone may be another by half a day */
	assert_int_equal(one(far, END + 3600, NULL), 0);
	assert_int_equal(one(far, END + 86401, NULL), 1u << PRINTED_EXPIRED);
}

static void test_printed__names_count_where_all_are_there(void **state)
{
	struct printed_cert p = sound;

	(void)state;
	assert_int_equal(one(p, AT, "other.example"), 1u << PRINTED_OTHER_NAME);
	assert_int_equal(one(p, AT, "192.0.2.2"), 1u << PRINTED_OTHER_NAME);
	p.names_cut = true;
	assert_int_equal(one(p, AT, "other.example"), 0);
	p = sound;
	p.has_names = false;
	p.names[0] = '\0';
	assert_int_equal(one(p, AT, "other.example"), 0); /* they may not have been printed */
	p.whole = true;
	assert_int_equal(one(p, AT, "other.example"), 1u << PRINTED_OTHER_NAME);
	assert_int_equal(one(p, AT, "dev.example"), 0); /* by its common name */
}

static void test_printed__an_address_is_its_bytes_however_it_is_written(void **state)
{
	struct printed_cert p = sound;

	(void)state;
	assert_int_equal(one(p, AT, "2001:db8:0::1"), 0);
	assert_int_equal(one(p, AT, "2001:0db8:0000:0000:0000:0000:0000:0001"), 0);
	assert_int_equal(one(p, AT, "2001:db8::2"), 1u << PRINTED_OTHER_NAME);
	memcpy(p.names, "2001:DB8:0:0:0:0:0:1", sizeof "2001:DB8:0:0:0:0:0:1");
	assert_int_equal(one(p, AT, "2001:db8::1"), 0);
	assert_int_equal(one(p, AT, "2001:db8::2"), 1u << PRINTED_OTHER_NAME);
	for (size_t i = 0; i < sizeof p.names - 3; i += 3)
		memcpy(p.names + i, ":: ", sizeof ":: "); /* as many as there is room for */
	assert_int_equal(one(p, AT, "0:0::0"), 0);
	assert_int_equal(one(p, AT, "::1"), 1u << PRINTED_OTHER_NAME);
}

/* No label of the DNS is as long: it is left out, and the next counts. */
static void test_printed__a_name_beyond_all_bounds_is_passed_over(void **state)
{
	struct printed_cert p = sound;
	char name[129] = "";

	(void)state;
	for (size_t i = 0; i < 127; i++)
		name[i] = i % 32 == 31 ? '.' : 'a';
	(void)snprintf(p.names, sizeof p.names, "%s dev.example", name);
	assert_int_equal(one(p, AT, name), 0);
	name[127] = 'a';
	(void)snprintf(p.names, sizeof p.names, "%s dev.example", name);
	assert_int_equal(one(p, AT, name), 1u << PRINTED_OTHER_NAME);
	assert_int_equal(one(p, AT, "dev.example"), 0);
}

/* Every way in which programs print a subject. */
static void test_printed__the_common_name_is_found_in_a_subject(void **state)
{
	static const char *subjects[] = {
		"CN=dev.example",
		"CN = dev.example",
		"C = NL, O = Org, CN = dev.example",
		"C=NL,CN=dev.example,O=Org",
		"/C=NL/CN=dev.example/O=Org",
		"CN=dev.example + UID=7",
		"CN=dev.example+UID=7",
		"CN=Root, CN=dev.example",
		"CN=dev.example, O=A CN A",
		"CN=dev.example, CNX=other.example, XCN=other.example",
		"CN=dev.example, CN",
	};
	struct printed_cert p = sound;

	(void)state;
	p.has_names = false;
	p.names[0] = '\0';
	p.whole = true;
	for (size_t i = 0; i < COUNT(subjects); i++) {
		memcpy(p.subject, subjects[i], strlen(subjects[i]) + 1);
		assert_int_equal(one(p, AT, "dev.example"), 0);
		assert_int_equal(one(p, AT, "other.example"), 1u << PRINTED_OTHER_NAME);
	}
	memcpy(p.subject, "XCN=dev.example", sizeof "XCN=dev.example");
	assert_int_equal(one(p, AT, "other.example"), 0); /* it has none */
}

static void test_printed__keys_hashes_and_uses(void **state)
{
	struct printed_cert p = sound;

	(void)state;
	p.key_bits = 192;
	assert_int_equal(one(p, AT, NULL), 1u << PRINTED_WEAK_KEY);
	p.key = KEY_RSA;
	p.key_bits = 2047;
	assert_int_equal(one(p, AT, NULL), 1u << PRINTED_WEAK_KEY);
	p.key_bits = 0;
	assert_int_equal(one(p, AT, NULL), 0);
	p = sound;
	p.hash = HASH_MD5;
	assert_int_equal(one(p, AT, NULL), 1u << PRINTED_WEAK_HASH);
	memcpy(p.issuer, p.subject, sizeof p.issuer); /* nobody verifies a root's own */
	assert_int_equal(one(p, AT, NULL), 0);
	p = sound;
	assert_int_equal(faults_of(&p, 1, SIDE_CLIENT, AT, NULL), 1u << PRINTED_OTHER_USE);
	p.usage = PRINTED_FOR_CLIENTS | PRINTED_FOR_ANY;
	assert_int_equal(one(p, AT, NULL), 0);
	p.usage = PRINTED_FOR_OTHERS;
	assert_int_equal(one(p, AT, NULL), 1u << PRINTED_OTHER_USE);
}

static void test_printed__an_issuer_is_for_no_name_and_no_use(void **state)
{
	struct printed_cert chain[2] = { sound, sound };

	(void)state;
	chain[1].depth = 1;
	chain[1].has_names = false;
	chain[1].whole = true;
	chain[1].usage = PRINTED_FOR_CLIENTS;
	assert_int_equal(faults_of(chain, 2, SIDE_SERVER, AT, "dev.example"), 0);
	chain[1].not_after = AT - 1;
	assert_int_equal(
		faults_of(chain, 2, SIDE_SERVER, AT, "dev.example"), 1u << PRINTED_EXPIRED);
}

/* A post has a subject, too. */
static void test_printed__what_has_no_date_is_no_certificate(void **state)
{
	struct printed_cert p = sound;

	(void)state;
	p.not_after = PRINTED_NO_DATE;
	assert_int_equal(one(p, AT, "other.example"), 0);
}

static void test_printed__where_there_are_bytes_they_count(void **state)
{
	struct handshake hs = { .arena = arena_new(SIZE_MAX) };

	(void)state;
	assert_non_null(hs.arena);
	hs.side[SIDE_SERVER].printed = &sound;
	hs.side[SIDE_SERVER].n_printed = 1;
	hs.side[SIDE_SERVER].n_certs = 1;
	printed_judge(&hs, SIDE_SERVER, END + 1, NULL);
	assert_null(hs.side[SIDE_SERVER].printed_judged.fault[PRINTED_EXPIRED]);
	arena_free(hs.arena);
}

static void test_printed__a_curve_is_held_against_the_offer(void **state)
{
	uint8_t p256[] = { 0x00, 0x17 }, p521[] = { 0x00, 0x19 };
	struct handshake hs = { .arena = arena_new(SIZE_MAX), .version = 0x0303 };

	(void)state;
	assert_non_null(hs.arena);
	hs.side[SIDE_SERVER].printed = &sound;
	hs.side[SIDE_SERVER].n_printed = 1;
	hs.client_hello.seen = hs.client_hello.ext.has_groups = true;
	hs.client_hello.ext.groups = (struct u16s){ .raw = bytes_of(p256, sizeof p256) };
	printed_judge(&hs, SIDE_SERVER, AT, NULL);
	assert_null(hs.side[SIDE_SERVER].printed_judged.fault[PRINTED_CURVE]);
	hs.client_hello.ext.groups = (struct u16s){ .raw = bytes_of(p521, sizeof p521) };
	hs.tls13 = true;
	printed_judge(&hs, SIDE_SERVER, AT, NULL);
	assert_null(hs.side[SIDE_SERVER].printed_judged.fault[PRINTED_CURVE]);
	hs.tls13 = false;
	printed_judge(&hs, SIDE_SERVER, AT, NULL);
	assert_ptr_equal(hs.side[SIDE_SERVER].printed_judged.fault[PRINTED_CURVE], &sound);
	arena_free(hs.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed__a_sound_one_has_no_fault),
		cmocka_unit_test(test_printed__dates_are_held_against_a_time_that_is_known),
		cmocka_unit_test(test_printed__names_count_where_all_are_there),
		cmocka_unit_test(test_printed__an_address_is_its_bytes_however_it_is_written),
		cmocka_unit_test(test_printed__a_name_beyond_all_bounds_is_passed_over),
		cmocka_unit_test(test_printed__the_common_name_is_found_in_a_subject),
		cmocka_unit_test(test_printed__keys_hashes_and_uses),
		cmocka_unit_test(test_printed__an_issuer_is_for_no_name_and_no_use),
		cmocka_unit_test(test_printed__what_has_no_date_is_no_certificate),
		cmocka_unit_test(test_printed__where_there_are_bytes_they_count),
		cmocka_unit_test(test_printed__a_curve_is_held_against_the_offer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
