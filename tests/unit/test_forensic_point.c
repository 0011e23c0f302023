/* Points off their curve, read again in the ways that drivers get them wrong. */
#include "session/handshake.h"
#include "support/unit.h"

#include "forensic/point.h"

enum { P256 = 0x17, P384 = 0x18, K256 = 0x16 };

static struct {
	struct arena *arena;
	struct handshake hs;
	struct point good, sent;
	struct point_autopsy out;
} t;

static int set_up(void **state)
{
	(void)state;
	memset(&t, 0, sizeof t);
	t.hs.arena = t.arena = arena_new(1 << 16);
	assert_non_null(t.arena);
	assert_true(crypto_point_multiple(P256, 12345, &t.good));
	t.sent = t.good;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(t.arena);
	return 0;
}

static void examine(uint16_t group)
{
	struct bytes key = bytes_of(t.sent.data, t.sent.len);

	memset(&t.out, 0, sizeof t.out);
	t.hs.ske.has_group = true;
	t.hs.ske.group = group;
	t.hs.ske.public_key = key;
	t.hs.side[SIDE_SERVER].point = crypto_point_check(group, key);
	point_autopsy(&t.hs, SIDE_SERVER, &t.out);
}

static void assert_found(enum point_finding found, const char *what)
{
	assert_true(t.out.done);
	assert_int_equal(t.out.from, SIDE_SERVER);
	assert_int_equal(t.out.found, found);
	assert_string_equal(t.out.what, what);
}

/* The coordinates of the good point, turned. */
static void send_turned(bool swapped, size_t unit, size_t block)
{
	size_t len = (t.good.len - 1) / 2;

	for (size_t c = 0; c < 2; c++)
		for (size_t i = 0; i < len; i++) {
			size_t within = i % block, start = i - within;
			size_t from =
				start + (block / unit - 1 - within / unit) * unit + within % unit;

			t.sent.data[1 + c * len + i] =
				t.good.data[1 + (swapped ? 1 - c : c) * len + from];
		}
}

static void test_point__a_good_one_is_not_examined(void **state)
{
	(void)state;
	examine(P256);
	assert_false(t.out.done);
	t.sent.len = 0;
	examine(P256);
	assert_false(t.out.done);
}

static void test_point__coordinates_in_another_order_are_named(void **state)
{
	static const struct {
		bool swapped;
		size_t unit, block;
		enum point_finding found;
		const char *what;
	} rows[] = {
		{ true, 1, 1, POINT_FIND_SWAPPED,
			"with x and y exchanged it is a point on secp256r1" },
		{ false, 1, 32, POINT_FIND_LITTLE_ENDIAN,
			"with x and y read as little-endian numbers it is a point on secp256r1" },
		{ true, 1, 32, POINT_FIND_LITTLE_ENDIAN_SWAPPED,
			"with x and y exchanged and read as little-endian numbers it is a point on "
			"secp256r1" },
		{ false, 4, 32, POINT_FIND_WORDS_SWAPPED,
			"with the 32-bit words of x and y in reverse order it is a point on "
			"secp256r1" },
		{ false, 1, 4, POINT_FIND_WORDS_SWAPPED,
			"with the bytes of each 32-bit word of x and y reversed it is a point on "
			"secp256r1" },
		{ true, 1, 4, POINT_FIND_WORDS_SWAPPED,
			"with x and y exchanged and the bytes of each 32-bit word reversed it is a "
			"point on secp256r1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		send_turned(rows[i].swapped, rows[i].unit, rows[i].block);
		examine(P256);
		assert_found(rows[i].found, rows[i].what);
	}
}

static void test_point__another_curve_is_named(void **state)
{
	(void)state;
	assert_true(crypto_point_multiple(K256, 777, &t.sent));
	examine(P256);
	assert_found(POINT_FIND_OTHER_CURVE, "it is a point on secp256k1");
	assert_int_equal(t.out.other_curve, K256);

	t.sent = t.good;
	examine(P384); /* of another length */
	assert_found(POINT_FIND_OTHER_CURVE, "it is a point on secp256r1");
	assert_int_equal(t.out.other_curve, P256);

	assert_true(crypto_point_multiple(K256, 777, &t.good));
	send_turned(true, 1, 1);
	examine(P256);
	assert_found(POINT_FIND_SWAPPED, "with x and y exchanged it is a point on secp256k1");
	assert_int_equal(t.out.other_curve, K256);
}

static void test_point__a_wrong_form_is_named(void **state)
{
	(void)state;
	memmove(t.sent.data, t.good.data + 1, t.sent.len = t.good.len - 1);
	examine(P256);
	assert_found(POINT_FIND_NO_FORM_BYTE, "with a 04 put in front it is a point on secp256r1");

	t.sent = t.good;
	t.sent.data[0] = 5;
	examine(P256);
	assert_found(POINT_FIND_NO_FORM_BYTE,
		"with 04 in place of 05 as its first byte it is a point on secp256r1");

	memcpy(t.sent.data + 2, t.good.data, t.good.len);
	t.sent.data[0] = 4;
	t.sent.data[1] = (uint8_t)t.good.len;
	t.sent.len = t.good.len + 2;
	examine(P256);
	assert_found(POINT_FIND_NO_FORM_BYTE,
		"without the two bytes of an OCTET STRING in front it is a point on secp256r1");

	t.sent = t.good;
	t.sent.len = 33;
	examine(P256);
	assert_found(POINT_FIND_NO_FORM_BYTE,
		"it has the length of a compressed point, and its first byte says uncompressed");
}

static void test_point__one_bit_is_put_back(void **state)
{
	(void)state;
	t.sent.data[40] ^= 0x10;
	examine(P256);
	assert_found(POINT_FIND_BIT_RESTORED,
		"with bit 4 of its byte 40 flipped it is a point on secp256r1");
}

static void test_point__numbers_that_nothing_explains_are_described(void **state)
{
	(void)state;
	t.sent.data[40] ^= 0x11;
	examine(P256);
	assert_found(POINT_FIND_X_ONLY,
		"its x belongs to a point on secp256r1, as every other number does, but y is not "
		"that point's");
	memset(t.sent.data + 1, 0xff, 32);
	examine(P256);
	assert_found(POINT_FIND_OUT_OF_RANGE, "a coordinate is not below the prime of secp256r1");
}

static void test_point__what_is_no_point_at_all_stays_unexplained(void **state)
{
	(void)state;
	t.sent.len = 20;
	examine(P256);
	assert_true(t.out.done);
	assert_int_equal(t.out.found, POINT_FIND_NOTHING);
	assert_null(t.out.what);
}

static void test_point__the_clients_is_examined_too(void **state)
{
	(void)state;
	send_turned(true, 1, 1);
	t.hs.ske.has_group = true;
	t.hs.ske.group = P256;
	t.hs.cke.seen = true;
	t.hs.cke.public_key = bytes_of(t.sent.data, t.sent.len);
	t.hs.side[SIDE_CLIENT].point = POINT_OFF_CURVE;
	point_autopsy(&t.hs, SIDE_CLIENT, &t.out);
	assert_true(t.out.done);
	assert_int_equal(t.out.from, SIDE_CLIENT);
	assert_int_equal(t.out.found, POINT_FIND_SWAPPED);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_point__a_good_one_is_not_examined),
		CASE(test_point__coordinates_in_another_order_are_named),
		CASE(test_point__another_curve_is_named),
		CASE(test_point__a_wrong_form_is_named),
		CASE(test_point__one_bit_is_put_back),
		CASE(test_point__numbers_that_nothing_explains_are_described),
		CASE(test_point__what_is_no_point_at_all_stays_unexplained),
		CASE(test_point__the_clients_is_examined_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
