/* Records of RFC 8448 3 under the keys of its trace, and of every kind of suite up to TLS 1.2
 * (fixtures/crypto/sealed.tsv). */
#include "support/unit.h"

#include "base/memory.h"
#include "crypto/mbedtls_compat.h"
#include "crypto/record_keys.h"
#include "support/hex.h"
#include "support/tsv.h"

#include <stdlib.h>

enum { HEADER = 5, RECORDS = 4, FRAGMENT_MAX = 256 };

/* ---- TLS 1.3 ---- */

static struct key_secret secret_of(const char *hex)
{
	struct key_secret s = { .len = 0 };

	s.len = hex_decode(hex, s.data, sizeof s.data);
	return s;
}

static struct record_keys *keys13(const char *secret, uint16_t suite, uint16_t version)
{
	const struct schedule s = schedule_of(version, HASH_SHA256);
	const struct protection_terms terms = { .version = version };
	struct key_secret traffic = secret_of(secret);
	struct protection p;
	const char *why;

	assert_true(protection_of(suite_find(suite), terms, &p, &why));
	return record_keys_open13(&p, &s, &traffic, version);
}

/* A whole record, header and all. */
static struct sealed_record record_of(const char *hex, uint8_t *room, size_t size)
{
	size_t n = hex_decode(hex, room, size);

	return (struct sealed_record){ room[0], (uint16_t)(room[1] << 8 | room[2]),
		bytes_of(room + HEADER, n - HEADER) };
}

static const char client_handshake[] =
	"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21";
static const char client_finished[] = "170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a"
				      "4bfc44d87f38f80338ac98fc46deb384"
				      "bd1caeacab6867d726c40546";
static const char client_application[] =
	"9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
static const char client_data[] = "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f"
				  "2b9819a8a5b46b395bd54a9a2044"
				  "1e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4";
static const char client_alert[] = "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3";

static void test_record__a_finished_of_tls13_opens(void **state)
{
	struct record_keys *k = keys13(client_handshake, 0x1301, 0x0304);
	static uint8_t room[OPENED_MAX];
	uint8_t bytes[FRAGMENT_MAX];
	struct sealed_record r = record_of(client_finished, bytes, sizeof bytes);
	struct opened_record o;

	(void)state;
	assert_int_equal(record_keys_open(k, &r, room, &o), RECORD_OPENS);
	assert_int_equal(o.type, 22);
	assert_bytes_are_hex(o.content,
		"14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
	record_keys_close(k);
}

/* Each record has its number: what was passed by counts. */
static void test_record__numbers_count_whether_records_are_opened_or_not(void **state)
{
	static uint8_t room[OPENED_MAX];
	uint8_t bytes[2][FRAGMENT_MAX];
	struct sealed_record data = record_of(client_data, bytes[0], FRAGMENT_MAX),
			     alert = record_of(client_alert, bytes[1], FRAGMENT_MAX);
	struct opened_record o;

	(void)state;
	for (int how = 0; how < 3; how++) {
		struct record_keys *k = keys13(client_application, 0x1301, 0x0304);

		if (how == 0)
			assert_int_equal(record_keys_open(k, &data, room, &o), RECORD_OPENS);
		else if (how == 1)
			record_keys_pass(k, &data);
		else
			assert_true(record_keys_skip(k, 1));
		assert_int_equal(record_keys_open(k, &alert, room, &o), RECORD_OPENS);
		assert_int_equal(o.type, 21);
		assert_bytes_are_hex(o.content, "0100");
		record_keys_close(k);
	}
}

static void test_record__what_is_refused_leaves_the_keys_as_they_were(void **state)
{
	struct record_keys *k = keys13(client_application, 0x1301, 0x0304);
	static uint8_t room[OPENED_MAX];
	uint8_t bytes[2][FRAGMENT_MAX];
	struct sealed_record data = record_of(client_data, bytes[0], FRAGMENT_MAX),
			     alert = record_of(client_alert, bytes[1], FRAGMENT_MAX);
	struct opened_record o;

	(void)state;
	assert_int_equal(record_keys_open(k, &alert, room, &o), RECORD_REFUSED);
	data.version ^= 1; /* the header is authentic, too */
	assert_int_equal(record_keys_open(k, &data, room, &o), RECORD_REFUSED);
	data.version ^= 1;
	bytes[0][HEADER] ^= 0x80;
	assert_int_equal(record_keys_open(k, &data, room, &o), RECORD_REFUSED);
	bytes[0][HEADER] ^= 0x80;
	data.fragment.len--;
	assert_int_equal(record_keys_open(k, &data, room, &o), RECORD_REFUSED);
	data.fragment.len++;
	assert_int_equal(record_keys_open(k, &data, room, &o), RECORD_OPENS);
	record_keys_close(k);
}

/* Drafts before 25 had no header under the tag: its bytes then do not matter. */
static void test_record__of_a_draft_the_header_is_not_authentic(void **state)
{
	struct record_keys *k = keys13(client_handshake, 0x1301, 0x7f14);
	static uint8_t room[OPENED_MAX];
	uint8_t bytes[FRAGMENT_MAX];
	struct sealed_record r = record_of(client_finished, bytes, sizeof bytes);
	struct opened_record o;

	(void)state;
	assert_int_equal(record_keys_open(k, &r, room, &o), RECORD_REFUSED);
	record_keys_close(k);
}

static void test_record__no_length_is_too_short_to_be_refused(void **state)
{
	struct record_keys *k = keys13(client_handshake, 0x1301, 0x0304);
	static uint8_t room[OPENED_MAX];
	uint8_t bytes[FRAGMENT_MAX] = { 0 };
	struct opened_record o;

	(void)state;
	for (size_t len = 0; len <= 40; len++) {
		struct sealed_record r = { 23, 0x0303, bytes_of(bytes, len) };

		assert_int_equal(record_keys_open(k, &r, room, &o), RECORD_REFUSED);
	}
	record_keys_close(k);
}

/* ---- up to TLS 1.2 ---- */

static const char client_random[] =
	"5b08b3b6a50562dad6cd51faa225f70e35e5b3fb9c911425b5471cfd035f2171";
static const char server_random[] =
	"14d89eb49dae8733f5bf261617fc46a2ae9acc63930aaede6e76ded004c650c3";
static const char master[] = "a660e9bc9e23edbd8dda751690a8dae763d784ec3b304522b29ebb18ad706a32079f0"
			     "104dbd9fcfc820c64da9fb8"
			     "06be";
/* "verify data.", decrypt_error, 61 bytes of data, close_notify */
static const char *const contents[RECORDS] = { "1400000c"
					       "766572696679206461"
					       "74612e",
	"0233",
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c"
	"2d"
	"2e2f303132333435363738393a3b3c",
	"0100" };

struct row {
	uint16_t version, suite;
	const char *terms;
	struct sealed_record record[RECORDS];
	uint8_t room[RECORDS][FRAGMENT_MAX];
	struct tsv table;
};

static void rows_open(struct row *r)
{
	assert_true(tsv_open(&r->table, "fixtures/crypto/sealed.tsv"));
}

static bool row_next(struct row *r)
{
	char *columns[4], *word, *rest;

	do {
		if (!tsv_next(&r->table, columns, 4)) {
			tsv_close(&r->table);
			return false;
		}
	} while (columns[0][0] == '#');
	r->version = (uint16_t)strtoul(columns[0], NULL, 16);
	r->suite = (uint16_t)strtoul(columns[1], NULL, 16);
	r->terms = columns[2];
	rest = columns[3];
	for (size_t i = 0; i < RECORDS; i++) {
		word = strtok_r(rest, " ", &rest);
		r->record[i] = (struct sealed_record){ (uint8_t)strtoul(word, NULL, 10), r->version,
			bytes_of(r->room[i],
				hex_decode(strchr(word, ':') + 1, r->room[i], FRAGMENT_MAX)) };
	}
	return true;
}

/* NULL: this library has not got the cipher. */
static struct record_keys *keys12(const struct row *r)
{
	const struct suite *suite = suite_find(r->suite);
	const struct protection_terms terms = { .version = r->version,
		.encrypt_then_mac = strstr(r->terms, "etm") != NULL,
		.truncated_hmac = strstr(r->terms, "truncated") != NULL };
	struct key_secret m = secret_of(master);
	uint8_t client[32], server[32];
	struct protection p;
	const char *why;

	if (!protection_of(suite, terms, &p, &why)) {
		assert_string_equal(why, "this build's mbedTLS does not have the suite's cipher");
		assert_true(
			strstr(suite->name, "RC4") != NULL || strstr(suite->name, "DES") != NULL);
		return NULL;
	}
	(void)hex_decode(client_random, client, 32);
	(void)hex_decode(server_random, server, 32);
	return record_keys_open12(&p, prf_hash_of(r->version, (enum hash)suite->prf_hash), &m,
		client, server, true, r->version);
}

static void test_record__every_kind_of_suite_opens(void **state)
{
	static struct row row;
	static uint8_t room[OPENED_MAX];
	size_t n = 0, lacking = 0;

	(void)state;
	for (rows_open(&row); row_next(&row); n++) {
		struct record_keys *k = keys12(&row);

		lacking += k == NULL;
		for (size_t i = 0; k != NULL && i < RECORDS; i++) {
			struct opened_record o;

			if (record_keys_open(k, &row.record[i], room, &o) != RECORD_OPENS)
				fail_msg("suite %04x, version %04x, %s: record %zu is refused",
					row.suite, row.version, row.terms, i);
			assert_int_equal(o.type, row.record[i].type);
			assert_bytes_are_hex(o.content, contents[i]);
		}
		record_keys_close(k);
	}
	assert_int_equal(n, 19);
	assert_true(lacking <= 4);
}

/* What is sealed opens again, in each kind of suite, and not as another record than it was. */
static void seal_some(
	struct record_keys *seals, struct record_keys *opens, uint16_t version, const char *what)
{
	static const size_t lengths[] = { 0, 1, 15, 16, 17, 255, RECORD_CONTENT_MAX };
	static uint8_t content[RECORD_CONTENT_MAX], room[OPENED_MAX];
	static struct sealed_room sealed;

	memset(content, 0x5a, sizeof content);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct sealed_record r = { .version = version };
		struct opened_record o;

		if (!record_keys_seal(seals, 22, version, bytes_of(content, lengths[i]), &sealed))
			fail_msg("%s: %zu bytes are not sealed", what, lengths[i]);
		r.type = sealed.type;
		r.fragment = bytes_of(sealed.data, sealed.len);
		if (record_keys_open(opens, &r, room, &o) != RECORD_OPENS || o.type != 22 ||
			!bytes_equal(o.content, bytes_of(content, lengths[i])))
			fail_msg("%s: %zu bytes do not open", what, lengths[i]);
	}
	assert_false(record_keys_seal(
		seals, 22, version, bytes_of(content, RECORD_CONTENT_MAX + 1), &sealed));
	assert_false(record_keys_seal(opens, 22, version, bytes_of(content, 1), &sealed));
}

static void test_record__what_is_sealed_opens(void **state)
{
	static const struct {
		uint16_t suite, version;
		bool etm;
	} rows[] = {
		{ 0x1301, 0x0304, false },
		{ 0x1302, 0x0304, false },
		{ 0x1303, 0x0304, false },
		{ 0x1304, 0x0304, false },
		{ 0x1305, 0x0304, false },
		{ 0xc02f, 0x0303, false },
		{ 0xcca8, 0x0303, false },
		{ 0xc0ac, 0x0303, false },
		{ 0xc0ae, 0x0303, false },
		{ 0xc027, 0x0303, false },
		{ 0xc027, 0x0303, true },
		{ 0xc028, 0x0303, true },
		{ 0x002f, 0x0303, false },
		{ 0x002f, 0x0302, false },
		{ 0x002f, 0x0301, false },
		{ 0x002f, 0x0301, true },
		{ 0x000a, 0x0303, false },
		{ 0x003b, 0x0303, false },
	};
	static const uint8_t random[32] = { 3 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct protection_terms terms = { .version = rows[i].version,
			.encrypt_then_mac = rows[i].etm };
		const struct suite *suite = suite_find(rows[i].suite);
		struct key_secret secret = secret_of(client_handshake);
		struct schedule s = schedule_of(0x0304, (enum hash)suite->prf_hash);
		enum hash prf = prf_hash_of(rows[i].version, (enum hash)suite->prf_hash);
		struct record_keys *seals, *opens;
		struct protection p;
		const char *why;

		assert_true(protection_of(suite, terms, &p, &why));
		secret.len = rows[i].version == 0x0304 ? crypto_hash_length(s.hash) : 48;
		seals = rows[i].version == 0x0304 ? record_keys_seal13(&p, &s, &secret, 0x0304)
						  : record_keys_seal12(&p, prf, &secret, random,
							    random, true, rows[i].version);
		opens = rows[i].version == 0x0304 ? record_keys_open13(&p, &s, &secret, 0x0304)
						  : record_keys_open12(&p, prf, &secret, random,
							    random, true, rows[i].version);
		assert_true(seals != NULL && opens != NULL);
		seal_some(seals, opens, rows[i].version, suite->name);
		record_keys_close(seals);
		record_keys_close(opens);
	}
}

/* Passing by the third record, the data, or the first two of those whose records stand alone. */
static void test_record__data_that_is_passed_by_does_not_hide_what_follows(void **state)
{
	static struct row row;
	static uint8_t room[OPENED_MAX];

	(void)state;
	for (rows_open(&row); row_next(&row);) {
		struct record_keys *k = keys12(&row);
		struct opened_record o;

		if (k == NULL)
			continue;
		for (size_t i = 0; i < RECORDS - 1; i++)
			record_keys_pass(k, &row.record[i]);
		assert_int_equal(record_keys_open(k, &row.record[3], room, &o), RECORD_OPENS);
		assert_bytes_are_hex(o.content, contents[3]);
		record_keys_close(k);
	}
}

/* Every bit of a fragment is authentic, and so are type, version and number. */
static void test_record__no_changed_bit_opens(void **state)
{
	static struct row row;
	static uint8_t room[OPENED_MAX];

	(void)state;
	for (rows_open(&row); row_next(&row);) {
		for (size_t bit = 0; bit < 8 * row.record[0].fragment.len; bit++) {
			struct record_keys *k = keys12(&row);
			struct opened_record o;

			if (k == NULL)
				break;
			row.room[0][bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(
				record_keys_open(k, &row.record[0], room, &o), RECORD_REFUSED);
			row.room[0][bit / 8] ^= (uint8_t)(1 << bit % 8);
			record_keys_close(k);
		}
	}
}

static void test_record__type_version_and_number_are_authentic(void **state)
{
	static struct row row;
	static uint8_t room[OPENED_MAX];

	(void)state;
	for (rows_open(&row); row_next(&row);)
		for (int what = 0; what < 3; what++) {
			struct record_keys *k = keys12(&row);
			struct sealed_record r = row.record[what == 2 ? 1 : 0];
			struct opened_record o;

			if (k == NULL)
				break;
			r.type ^= what == 0 ? 1 : 0;
			r.version ^= what == 1 ? 0x0100 : 0;
			assert_int_equal(record_keys_open(k, &r, room, &o), RECORD_REFUSED);
			record_keys_close(k);
		}
}

/* What needs the record before it says so. */
static void test_record__a_gap_is_told_where_it_cannot_be_bridged(void **state)
{
	static struct row row;

	(void)state;
	for (rows_open(&row); row_next(&row);) {
		struct record_keys *k = keys12(&row);
		const struct suite *suite = suite_find(row.suite);
		bool chained = suite->kind == CIPHER_STREAM ||
			       (suite->kind == CIPHER_CBC && row.version == 0x0301);

		if (k == NULL)
			continue;
		assert_int_equal(record_keys_skip(k, 1), !chained);
		record_keys_close(k);
	}
}

static void test_protection__what_no_build_opens_is_told(void **state)
{
	static const uint16_t suites[] = { 0x0003 /* export */, 0x0007 /* IDEA */,
		0xc100 /* GOST */, 0x00ff /* no suite */, 0x0000 /* nothing at all is applied */ };
	const struct protection_terms terms = { .version = 0x0303 };
	struct protection p;
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
		assert_false(protection_of(suite_find(suites[i]), terms, &p, &why));
	assert_false(protection_of(NULL, terms, &p, &why));
	assert_string_equal(why, "how this suite protects records is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record__a_finished_of_tls13_opens),
		cmocka_unit_test(test_record__numbers_count_whether_records_are_opened_or_not),
		cmocka_unit_test(test_record__what_is_refused_leaves_the_keys_as_they_were),
		cmocka_unit_test(test_record__of_a_draft_the_header_is_not_authentic),
		cmocka_unit_test(test_record__no_length_is_too_short_to_be_refused),
		cmocka_unit_test(test_record__every_kind_of_suite_opens),
		cmocka_unit_test(test_record__what_is_sealed_opens),
		cmocka_unit_test(test_record__data_that_is_passed_by_does_not_hide_what_follows),
		cmocka_unit_test(test_record__no_changed_bit_opens),
		cmocka_unit_test(test_record__type_version_and_number_are_authentic),
		cmocka_unit_test(test_record__a_gap_is_told_where_it_cannot_be_bridged),
		cmocka_unit_test(test_protection__what_no_build_opens_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
