/* What a server sends is counted however it is cut, and each kind of too much has its limit. */
#include "drive/meter.h"
#include "support/hex.h"
#include "support/unit.h"

#include <stdio.h>

#define HELLO_REQUEST "160303000400000000"
#define WARNING       "15030300020170"
#define EMPTY         "1603030000"
#define CCS           "140303000101"
#define TICKET        "160303000404000000"
#define TINY          "170303000100"
#define SECRET                                                                                     \
	"1603030010"                                                                               \
	"00112233445566778899aabbccddeeff"

static void feed(struct meter *m, const char *hex, size_t piece, double now_ms)
{
	uint8_t bytes[512];
	size_t len = hex_decode(hex, bytes, sizeof bytes);

	for (size_t at = 0; at < len; at += piece)
		meter_feed(m, bytes_of(bytes + at, len - at < piece ? len - at : piece), now_ms);
}

static void test_meter__each_kind_has_its_limit(void **state)
{
	static const struct {
		const char *hex;
		unsigned limit;
		enum cut_off cut;
	} rows[] = {
		{ HELLO_REQUEST, METER_MESSAGES_MAX, CUT_MESSAGES },
		{ TICKET, METER_MESSAGES_MAX, CUT_MESSAGES },
		{ WARNING, METER_WARNINGS_MAX, CUT_WARNINGS },
		{ EMPTY, METER_EMPTY_MAX, CUT_EMPTY },
		{ CCS, METER_CHANGES_MAX, CUT_CHANGES },
		{ TINY, METER_RECORDS_MAX, CUT_RECORDS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t piece = 1; piece <= 64; piece = piece * 4 - 1) {
			struct meter m;

			meter_begin(&m, 0);
			for (unsigned n = 0; n < rows[i].limit; n++)
				feed(&m, rows[i].hex, piece, 1);
			assert_int_equal(m.heard.cut, CUT_NONE);
			feed(&m, rows[i].hex, piece, 1);
			assert_int_equal(m.heard.cut, rows[i].cut);
		}
}

static void test_meter__counts_what_there_is(void **state)
{
	struct meter m;

	(void)state;
	meter_begin(&m, 0);
	feed(&m, WARNING HELLO_REQUEST EMPTY TICKET "15030300020228" CCS SECRET, 3, 10);
	assert_int_equal(m.heard.records, 7);
	assert_int_equal(m.heard.warnings, 1); /* a fatal one is none */
	assert_int_equal(m.heard.messages, 2); /* after ChangeCipherSpec they are hidden */
	assert_int_equal(m.heard.requests, 1);
	assert_int_equal(m.heard.empty, 1);
	assert_int_equal(m.heard.changes, 1);
	assert_int_equal(m.heard.bytes, 9 + 7 + 5 + 9 + 7 + 6 + 21);
	assert_int_equal(m.heard.cut, CUT_NONE);
}

/* A message of 16 MiB, of which the head comes a byte a record. */
static void test_meter__a_message_over_records_is_one(void **state)
{
	struct meter m;

	(void)state;
	meter_begin(&m, 0);
	feed(&m,
		"16030300010b"
		"160303000100"
		"1603030002ffff"
		"1603030003010000",
		7, 1);
	assert_int_equal(m.heard.records, 4);
	assert_int_equal(m.heard.messages, 1);
}

static void test_meter__what_is_no_record_is_only_bytes(void **state)
{
	struct meter m;

	(void)state;
	meter_begin(&m, 0);
	for (int i = 0; i < 100000; i++)
		feed(&m, "485454502f312e31", 8, 1);
	assert_int_equal(m.heard.records, 0);
	assert_int_equal(m.heard.bytes, 800000);
	assert_int_equal(m.heard.cut, CUT_NONE);
}

/* Bytes come at these moments; nothing comes until the last, when the time is over. */
static void test_meter__a_pace_that_is_kept_is_not_silence(void **state)
{
	static const struct {
		const char *claim;
		double at[8], over;
		bool speaking;
	} rows[] = {
		{ "a byte each two seconds", { 2000, 4000, 6000 }, 7000, true },
		{ "from the start", { 1, 2001, 4001 }, 5000, true },
		{ "the first after two seconds", { 2000 }, 3000, true },
		{ "all at once, and then nothing", { 1, 2, 3 }, 3000, false },
		{ "three in a second, and then nothing", { 400, 800, 1200 }, 6000, false },
		{ "a flood till the end", { 1, 1000, 2000, 2900, 2999 }, 3000, true },
		{ "nothing", { 0 }, 3000, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct meter m;

		meter_begin(&m, 0);
		for (const double *at = rows[i].at; *at != 0; at++)
			feed(&m, "16", 1, *at);
		if (meter_overdue(&m, rows[i].over) != rows[i].speaking)
			fail_msg("%s", rows[i].claim);
		assert_int_equal(m.heard.cut, rows[i].speaking ? CUT_TIME : CUT_NONE);
	}
}

static void test_meter__the_first_limit_is_the_reason(void **state)
{
	struct meter m;

	(void)state;
	meter_begin(&m, 500);
	for (unsigned n = 0; n <= METER_WARNINGS_MAX; n++)
		feed(&m, WARNING, 7, 600);
	meter_flooded(&m, true, 700);
	assert_true(meter_overdue(&m, 800));
	assert_int_equal(m.heard.cut, CUT_WARNINGS);
	assert_int_equal(m.heard.ms, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meter__each_kind_has_its_limit),
		cmocka_unit_test(test_meter__counts_what_there_is),
		cmocka_unit_test(test_meter__a_message_over_records_is_one),
		cmocka_unit_test(test_meter__what_is_no_record_is_only_bytes),
		cmocka_unit_test(test_meter__a_pace_that_is_kept_is_not_silence),
		cmocka_unit_test(test_meter__the_first_limit_is_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
