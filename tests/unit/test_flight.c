/* Where a server's first flight ends, whatever the pieces it comes in. */
#include "drive/flight.h"
#include "support/hex.h"
#include "support/unit.h"

#include <stdio.h>

/* Records in hex: a ServerHello of TLS 1.2 and of TLS 1.3, a HelloRetryRequest, and short ones. */
#define RANDOM       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define RETRY_RANDOM "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
#define HELLO12      "160303002a020000260303" RANDOM "00c02b00"
#define HELLO13                                                                                    \
	"1603030032"                                                                               \
	"0200002e0303" RANDOM "001301000006002b00020304"
#define RETRY                                                                                      \
	"1603030032"                                                                               \
	"0200002e0303" RETRY_RANDOM "001301000006002b00020304"
#define CERTIFICATE                                                                                \
	"1603030007"                                                                               \
	"0b000003000000"
#define DONE                                                                                       \
	"1603030004"                                                                               \
	"0e000000"
#define ALERT   "15030300020228"
#define WARNING "15030300020170"
#define CCS     "140303000101"
#define SECRET                                                                                     \
	"1603030010"                                                                               \
	"00112233445566778899aabbccddeeff"
#define DATA13                                                                                     \
	"1703030010"                                                                               \
	"00112233445566778899aabbccddeeff"

static const struct {
	const char *claim, *hex;
	enum flight_state state;
} rows[] = {
	{ "nothing yet", "", FLIGHT_MORE },
	{ "a hello alone", HELLO12, FLIGHT_MORE },
	{ "up to the certificate", HELLO12 CERTIFICATE, FLIGHT_MORE },
	{ "ServerHelloDone ends it", HELLO12 CERTIFICATE DONE, FLIGHT_WHOLE },
	{ "all in one record",
		"1603030035"
		"020000260303" RANDOM "00c02b00"
		"0b000003000000"
		"0e000000",
		FLIGHT_WHOLE },
	{ "a message over two records",
		HELLO12 "16030300020e00"
			"1603030002"
			"0000",
		FLIGHT_WHOLE },
	{ "Finished of a resumed session", HELLO12 CCS SECRET, FLIGHT_WHOLE },
	{ "a fatal alert", ALERT, FLIGHT_ALERT },
	{ "a fatal alert after a hello", HELLO12 ALERT, FLIGHT_ALERT },
	{ "a warning does not end it", WARNING HELLO12, FLIGHT_MORE },
	{ "TLS 1.3 hides the rest", HELLO13, FLIGHT_HIDDEN },
	{ "and what follows changes nothing", HELLO13 CCS DATA13, FLIGHT_HIDDEN },
	{ "a retry", RETRY, FLIGHT_RETRY },
	{ "HTTP", "485454502f312e3120", FLIGHT_NOT_TLS },
	{ "a hello and then no record", HELLO12 "00000000000000", FLIGHT_NOT_TLS },
};

enum { N_ROWS = sizeof rows / sizeof *rows };

static enum flight_state state_of(const char *hex, size_t piece)
{
	struct flight f = { .state = FLIGHT_MORE };
	enum flight_state state;
	uint8_t bytes[512];
	size_t len = hex_decode(hex, bytes, sizeof bytes);

	for (size_t at = 0; at < len; at += piece)
		flight_feed(&f, bytes_of(bytes + at, len - at < piece ? len - at : piece));
	state = f.state;
	flight_free(&f);
	return state;
}

static void test_flight__ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS; i++)
		if (state_of(rows[i].hex, 512) != rows[i].state)
			fail_msg("%s: state %d", rows[i].claim, (int)state_of(rows[i].hex, 512));
}

static void test_flight__pieces_do_not_matter(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS; i++)
		for (size_t piece = 1; piece < 12; piece++)
			if (state_of(rows[i].hex, piece) != rows[i].state)
				fail_msg("%s in pieces of %zu", rows[i].claim, piece);
}

static void test_flight__one_without_an_end_is_given_up(void **state)
{
	static uint8_t record[5 + 16384] = { 22, 3, 3, 0x40, 0 };
	struct flight f = { .state = FLIGHT_MORE };

	(void)state;
	record[5] = 11; /* a Certificate of 16 MiB */
	record[6] = record[7] = record[8] = 0xff;
	for (int i = 0; i < 70 && f.state == FLIGHT_MORE; i++)
		flight_feed(&f, bytes_of(record, sizeof record));
	assert_int_equal(f.state, FLIGHT_ENDLESS);
	assert_true(f.received <= FLIGHT_BYTES_MAX + sizeof record);
	flight_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flight__ends),
		cmocka_unit_test(test_flight__pieces_do_not_matter),
		cmocka_unit_test(test_flight__one_without_an_end_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
