/* What repeats, what is no random, and what is a clock. */
#include "base/siphash.h"
#include "session/fresh.h"
#include "session/handshake.h"
#include "session/multiples.h"
#include "session/pattern.h"
#include "support/tls_talk.h"

static const int64_t now = 1700000000;

static struct handshake *blank(struct arena *a, uint64_t id)
{
	struct handshake *hs = arena_alloc(a, sizeof *hs);
	struct wire *w = calloc(1, sizeof *w);

	assert_non_null(hs);
	hs->arena = a;
	hs->id = id;
	hs->start = (now + (int64_t)id) * 1000000000;
	hs->side[SIDE_CLIENT].address =
		(struct endpoint){ .family = 4, .addr = { 192, 0, 2, 1 }, .port = 50000 };
	hs->side[SIDE_SERVER].address =
		(struct endpoint){ .family = 4, .addr = { 192, 0, 2, 2 }, .port = 443 };
	hs->outcome = OUTCOME_COMPLETED;
	hs->version = 0x0303;
	hs->resumed_known = true;
	put_noise(w, (uint32_t)id * 7919, 64);
	hs->client_hello.seen = hs->client_hello.has_random = true;
	hs->server_hello.seen = hs->server_hello.has_random = true;
	memcpy(hs->client_hello.random, w->b, 32);
	memcpy(hs->server_hello.random, w->b + 32, 32);
	/* no date of the last years by accident */
	hs->client_hello.random[0] = hs->server_hello.random[0] = 0xf0;
	free(w);
	return hs;
}

static void put_time(uint8_t *random, int64_t t)
{
	for (int i = 0; i < 4; i++)
		random[i] = (uint8_t)(t >> 8 * (3 - i));
}

static void test_fresh__fresh_values_do_not_repeat(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (uint64_t id = 1; id <= 300; id++) {
		struct handshake *hs = blank(a, id);
		struct repeats none = { 0 };

		fresh_note(f, hs);
		for (unsigned side = 0; side < 2; side++)
			assert_memory_equal(&hs->side[side].repeats, &none, sizeof none);
		assert_int_equal(hs->side[SIDE_CLIENT].clock, CLOCK_RANDOM);
	}
	arena_free(a);
	fresh_close(f);
}

static void expect_repeats(size_t len)
{
	static const uint8_t key[32] = { 1, 2, 3 }, id[32] = { 4, 5 };
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	for (uint64_t i = 1; i <= 3; i++) {
		struct handshake *hs = blank(a, i);

		memcpy(hs->server_hello.random, blank(a, 1)->server_hello.random, 32);
		put_time(hs->server_hello.random, (int64_t)i * 99991); /* time goes on */
		hs->server_hello.session_id = bytes_of(id, len);
		hs->ske.has_group = true;
		hs->ske.group = 0x001d;
		hs->ske.public_key = bytes_of(key, len);
		hs->cke.public_key = bytes_of(key, len);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.random, i == 1 ? 0 : 1);
		assert_int_equal(hs->side[SIDE_CLIENT].repeats.random, 0);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.session_id, i == 1 ? 0 : 1);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.public_key, i == 1 ? 0 : 1);
		assert_int_equal(hs->side[SIDE_CLIENT].repeats.public_key, i == 1 ? 0 : 1);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__values_that_come_again_name_the_first(void **state)
{
	(void)state;
	expect_repeats(32);
	expect_repeats(2);
	expect_repeats(1);
}

/* Our own client sends one hello again and again: that is no fault of its random numbers. */
static void test_fresh__a_client_that_is_to_repeat_is_not_told_of(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	(void)state;
	fresh_client_repeats(f);
	for (uint64_t id = 1; id <= 3; id++) {
		struct handshake *hs = blank(a, id);

		memcpy(hs->client_hello.random, blank(a, 1)->client_hello.random, 32);
		memcpy(hs->server_hello.random, blank(a, 1)->server_hello.random, 32);
		hs->cke.public_key = bytes_of("the same key", 12);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_CLIENT].repeats.random, 0);
		assert_int_equal(hs->side[SIDE_CLIENT].repeats.public_key, 0);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.random, id == 1 ? 0 : 1);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__echoed_or_resumed_session_id_is_not_issued(void **state)
{
	static const uint8_t id[32] = { 4, 5 };
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (uint64_t i = 1; i <= 4; i++) {
		struct handshake *hs = blank(a, i);

		hs->server_hello.session_id = bytes_of(id, sizeof id);
		if (i % 2 == 0)
			hs->client_hello.session_id = bytes_of(id, sizeof id);
		else
			hs->resumed = true;
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.session_id, 0);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__connection_captured_twice_repeats_nothing(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *hs = blank(a, 1), *again = blank(a, 1);

	(void)state;
	again->id = 2;
	fresh_note(f, hs);
	fresh_note(f, again);
	assert_int_equal(again->side[SIDE_CLIENT].repeats.random, 0);
	assert_int_equal(again->side[SIDE_SERVER].repeats.random, 0);
	arena_free(a);
	fresh_close(f);
}

/* The ClientHello of handshake 1 once more, in the ladder too, so many ms later, with its key share. */
static struct handshake *hello_again(struct arena *a, uint64_t id, int64_t ms)
{
	static const uint8_t hello[64] = { 1, 0, 0, 60, 3, 3 }, key[32] = { 7, 7 };
	struct handshake *hs = blank(a, 1);

	hs->id = id;
	hs->start += ms * 1000000;
	hs->events = arena_alloc(a, sizeof *hs->events);
	*hs->events = (struct event){ .kind = EVENT_MESSAGE,
		.from = SIDE_CLIENT,
		.type = HS_CLIENT_HELLO,
		.raw = bytes_of(hello, sizeof hello) };
	hs->n_events = 1;
	hs->client_hello.ext.n_shares = 1;
	hs->client_hello.ext.shares[0] =
		(struct key_share){ .group = 0x001d, .key = bytes_of(key, sizeof key) };
	hs->server_hello.seen = hs->server_hello.has_random = false;
	hs->outcome = OUTCOME_INCOMPLETE;
	return hs;
}

static void expect_client_repeats(const struct handshake *hs, uint64_t first)
{
	assert_int_equal(hs->side[SIDE_CLIENT].repeats.random, first);
	assert_int_equal(hs->side[SIDE_CLIENT].repeats.public_key, first);
}

static void test_fresh__a_hello_that_passes_two_taps_repeats_nothing(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *hs[4];

	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		hs[i] = hello_again(a, i + 1, (int64_t)i * 3);
	hs[1]->side[SIDE_CLIENT].address.addr[3] = 77; /* its source is translated */
	hs[2]->side[SIDE_SERVER].address.addr[3] = 88; /* a balancer sends it on */
	hs[3]->side[SIDE_CLIENT].address.family = 6;
	for (size_t i = 0; i < 4; i++) {
		fresh_note(f, hs[i]);
		expect_client_repeats(hs[i], 0);
		assert_int_equal(
			hs[i]->side[SIDE_CLIENT].clock, i == 0 ? CLOCK_RANDOM : CLOCK_NONE);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__taps_may_be_seen_in_any_order(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *late = hello_again(a, 1, 40), *early = hello_again(a, 2, 0);

	(void)state;
	early->side[SIDE_CLIENT].address.addr[3] = 77;
	fresh_note(f, late);
	fresh_note(f, early);
	expect_client_repeats(early, 0);
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__a_hello_of_the_same_hosts_is_a_second_connection(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *hs = hello_again(a, 1, 0), *again = hello_again(a, 2, 3);

	(void)state;
	again->side[SIDE_CLIENT].address.port++;
	fresh_note(f, hs);
	fresh_note(f, again);
	expect_client_repeats(again, 1);
	arena_free(a);
	fresh_close(f);
}

/* Between two taps there is half a second at most. */
static void test_fresh__a_hello_that_comes_much_later_repeats(void **state)
{
	static const struct {
		int64_t ms, ns;
		uint64_t first;
	} rows[] = { { 500, 0, 0 }, { 500, 1, 1 }, { 2000, 0, 1 }, { -500, 0, 0 },
		{ -500, -1, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fresh *f = fresh_open();
		struct arena *a = arena_new(1 << 24);
		struct handshake *hs = hello_again(a, 1, 0);
		struct handshake *again = hello_again(a, 2, rows[i].ms);

		again->start += rows[i].ns;
		again->side[SIDE_CLIENT].address.addr[3] = 77;
		fresh_note(f, hs);
		fresh_note(f, again);
		expect_client_repeats(again, rows[i].first);
		arena_free(a);
		fresh_close(f);
	}
}

static void test_fresh__one_hello_with_two_answers_repeats(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *hs = hello_again(a, 1, 0), *again = hello_again(a, 2, 3);

	(void)state;
	again->side[SIDE_SERVER].address.addr[3] = 88;
	hs->server_hello.has_random = again->server_hello.has_random = true;
	again->server_hello.random[9] ^= 1;
	fresh_note(f, hs);
	fresh_note(f, again);
	expect_client_repeats(again, 1);
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__a_hello_with_one_byte_changed_repeats_its_random(void **state)
{
	static const uint8_t other[64] = { 1, 0, 0, 60, 3, 3, 1 };
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *hs = hello_again(a, 1, 0), *again = hello_again(a, 2, 3);

	(void)state;
	again->side[SIDE_SERVER].address.addr[3] = 88;
	again->events->raw = bytes_of(other, sizeof other);
	fresh_note(f, hs);
	fresh_note(f, again);
	expect_client_repeats(again, 1);
	arena_free(a);
	fresh_close(f);
}

/* SEQUENCE { INTEGER r, INTEGER s } */
static struct bytes signature_of(uint8_t *out, uint8_t r, uint8_t s)
{
	const uint8_t der[] = { 0x30, 6, 2, 1, r, 2, 1, s };

	memcpy(out, der, sizeof der);
	return bytes_of(out, sizeof der);
}

/* The order of secp256r1: no nonce gives such an r. */
static void test_fresh__an_r_that_no_nonce_gives_does_not_repeat_one(void **state)
{
	static const uint8_t spki[4] = { 1 };
	static const uint8_t order[] = { 0x02, 0x21, 0x00, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e,
		0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51, 0x02, 0x01 };
	struct cert cert = { .key = KEY_EC, .key_group = 23, .spki = bytes_of(spki, sizeof spki) };
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (uint64_t i = 1; i <= 2; i++) {
		struct handshake *hs = blank(a, i);
		uint8_t der[3 + sizeof order] = { 0x30, sizeof order + 1 };

		memcpy(der + 2, order, sizeof order);
		der[2 + sizeof order] = (uint8_t)i;
		hs->side[SIDE_SERVER].certs[0] = &cert;
		hs->side[SIDE_SERVER].n_certs = 1;
		hs->ske.has_signature = true;
		hs->ske.signature = bytes_of(der, sizeof der);
		assert_true(crypto_ecdsa_decode(hs->ske.signature).readable);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.nonce, 0);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__nonce_repeats_under_one_key_only(void **state)
{
	static const uint8_t spki[2][4] = { { 1 }, { 2 } };
	static const struct {
		int key;
		uint8_t r;
		uint64_t repeat;
	} rows[] = { { 0, 0x11, 0 }, { 1, 0x11, 0 }, { 0, 0x12, 0 }, { 0, 0x11, 1 },
		{ 1, 0x11, 2 } };
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct cert *certs = calloc(2, sizeof *certs);
	uint8_t der[16];

	(void)state;
	for (uint64_t i = 0; i < 5; i++) {
		struct handshake *hs = blank(a, i + 1);
		struct cert *c = &certs[rows[i].key];

		c->key = KEY_EC;
		c->spki = bytes_of(spki[rows[i].key], sizeof spki[0]);
		hs->side[SIDE_SERVER].certs[0] = c;
		hs->side[SIDE_SERVER].n_certs = 1;
		hs->ske.has_signature = true;
		hs->ske.signature = signature_of(der, rows[i].r, (uint8_t)(i + 1));
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.nonce, rows[i].repeat);
	}
	free(certs);
	arena_free(a);
	fresh_close(f);
}

/* Bytes like an ECDSA signature's that come again are no nonce where there is no such signature. */
static void test_fresh__a_nonce_is_that_of_a_signature_under_an_elliptic_curve_key(void **state)
{
	static const uint8_t spki[4] = { 1 };
	static const struct {
		enum key_kind key;
		bool has_signature, has_cert;
		uint8_t r;
		uint64_t repeat; /* in the second of two */
	} rows[] = { { KEY_EC, true, true, 0x11, 1 }, { KEY_RSA, true, true, 0x11, 0 },
		{ KEY_EC, false, true, 0x11, 0 }, { KEY_EC, true, false, 0x11, 0 },
		{ KEY_EC, true, true, 0x00, 0 } };
	uint8_t der[16];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fresh *f = fresh_open();
		struct arena *a = arena_new(1 << 24);
		struct cert *c = calloc(1, sizeof *c);

		c->key = rows[i].key;
		c->spki = bytes_of(spki, sizeof spki);
		for (uint64_t id = 1; id <= 2; id++) {
			struct handshake *hs = blank(a, id);

			hs->side[SIDE_SERVER].certs[0] = c;
			hs->side[SIDE_SERVER].n_certs = rows[i].has_cert;
			hs->ske.has_signature = rows[i].has_signature;
			hs->ske.signature = signature_of(der, rows[i].r, (uint8_t)id);
			fresh_note(f, hs);
			assert_int_equal(
				hs->side[SIDE_SERVER].repeats.nonce, id == 2 ? rows[i].repeat : 0);
		}
		free(c);
		arena_free(a);
		fresh_close(f);
	}
}

static void test_fresh__clocks_are_told_from_randoms(void **state)
{
	static const struct {
		int64_t reading;
		enum clock_reading clock;
	} rows[] = {
		{ 1700000000, CLOCK_PLAUSIBLE },
		{ 1700000000 + 80000, CLOCK_PLAUSIBLE },
		{ 1700000000 - 80000, CLOCK_PLAUSIBLE },
		{ 300, CLOCK_WRONG },         /* up for five minutes */
		{ 1600000000, CLOCK_RANDOM }, /* may be a clock: one reading does not tell */
		{ 0xf2345678, CLOCK_RANDOM },
	};
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fresh *f = fresh_open();
		struct handshake *hs = blank(a, 1);

		put_time(hs->client_hello.random, rows[i].reading);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_CLIENT].clock, rows[i].clock);
		assert_int_equal(hs->side[SIDE_CLIENT].clock_time, rows[i].reading);
		fresh_close(f);
	}
	arena_free(a);
}

/* A day to either side may be a clock that is set; the first day of 1970 is one that never was. */
static void test_fresh__a_clock_may_be_a_day_off(void **state)
{
	enum { DAY = 86400 };
	static const struct {
		bool from_now;
		int64_t seconds;
		enum clock_reading clock;
	} rows[] = {
		{ true, DAY, CLOCK_PLAUSIBLE },
		{ true, DAY + 1, CLOCK_RANDOM },
		{ true, -DAY, CLOCK_PLAUSIBLE },
		{ true, -DAY - 1, CLOCK_RANDOM },
		{ false, 0, CLOCK_WRONG },
		{ false, DAY - 1, CLOCK_WRONG },
		{ false, DAY, CLOCK_RANDOM },
	};
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fresh *f = fresh_open();
		struct handshake *hs = blank(a, 1);
		int64_t from = rows[i].from_now ? hs->start / 1000000000 : 0;

		put_time(hs->client_hello.random, from + rows[i].seconds);
		put_time(hs->server_hello.random, from + rows[i].seconds);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_CLIENT].clock, rows[i].clock);
		assert_int_equal(hs->side[SIDE_SERVER].clock, rows[i].clock);
		fresh_close(f);
	}
	arena_free(a);
}

/* mbedTLS puts the time there: one of the last years is a clock that has stood still, perhaps. */
static void test_fresh__a_past_time_is_suspect_where_the_stack_puts_one(void **state)
{
	enum { DAY = 86400, YEARS = 5 * 365 * DAY };
	static const struct {
		const char *stack;
		bool versions;
		int64_t seconds;
		enum clock_reading clock;
	} rows[] = {
		{ "mbedTLS 2.28", false, -DAY - 1, CLOCK_SUSPECT },
		{ "mbedTLS 2.28", false, -YEARS, CLOCK_SUSPECT },
		{ "mbedTLS 2.28", false, -YEARS - 1, CLOCK_RANDOM },
		{ "mbedTLS 2.28", false, DAY + 1, CLOCK_RANDOM },
		{ "mbedTLS 3.6", true, -DAY - 1, CLOCK_RANDOM },
		{ "OpenSSL 3", false, -DAY - 1, CLOCK_RANDOM },
		{ NULL, false, -DAY - 1, CLOCK_RANDOM },
	};
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fresh *f = fresh_open();
		struct handshake *hs = blank(a, 1);

		hs->looks.name = rows[i].stack;
		hs->client_hello.ext.has_versions = rows[i].versions;
		put_time(hs->client_hello.random, hs->start / 1000000000 + rows[i].seconds);
		put_time(hs->server_hello.random, hs->start / 1000000000 + rows[i].seconds);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_CLIENT].clock, rows[i].clock);
		assert_int_equal(hs->side[SIDE_SERVER].clock, CLOCK_RANDOM);
		fresh_close(f);
	}
	arena_free(a);
}

/* Where the capture's own clock was never set, there is nothing to hold a time of a set one against. */
static void test_fresh__beside_a_capture_without_a_clock_a_time_is_suspect(void **state)
{
	static const struct {
		const char *stack;
		int64_t reading;
		enum clock_reading clock;
	} rows[] = {
		{ "mbedTLS 2.28", OLDEST_CAPTURE, CLOCK_SUSPECT },
		{ "mbedTLS 2.28", 1760918400, CLOCK_SUSPECT },
		{ "mbedTLS 2.28", OLDEST_CAPTURE - 1, CLOCK_RANDOM },
		{ "OpenSSL 3", 1760918400, CLOCK_RANDOM },
	};
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fresh *f = fresh_open();
		struct handshake *hs = blank(a, 1);

		hs->start = INT64_C(946684800) * 1000000000; /* 2000 */
		hs->looks.name = rows[i].stack;
		put_time(hs->client_hello.random, rows[i].reading);
		put_time(hs->server_hello.random, rows[i].reading);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_CLIENT].clock, rows[i].clock);
		assert_int_equal(hs->side[SIDE_SERVER].clock, CLOCK_RANDOM);
		fresh_close(f);
	}
	arena_free(a);
}

/* TLS 1.3: of several shares the one that was chosen counts, and of two hellos the second. */
static void test_fresh__shares_of_tls13_repeat_in_the_group_that_was_chosen(void **state)
{
	enum { OLD, NEW };
	static const struct {
		int grease, other, chosen; /* a share of each, the same as before or a new one */
		bool retry;
		uint64_t repeat;
	} rows[] = {
		{ NEW, NEW, NEW, false, 0 },
		{ OLD, OLD, NEW, false, 0 },
		{ NEW, NEW, OLD, false, 1 },
		{ NEW, NEW, OLD, true, 1 },
	};
	uint8_t keys[16][32];
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fresh *f = fresh_open();

		memset(keys, 0, sizeof keys);
		for (uint64_t id = 1; id <= 2; id++) {
			struct handshake *hs = blank(a, id);
			struct client_hello *hello =
				rows[i].retry ? &hs->client_hello_2 : &hs->client_hello;
			const int fresh_ones[] = { rows[i].grease, rows[i].other, rows[i].chosen };
			static const uint16_t groups[] = { 0x1a1a, 23, 29 };

			hs->tls13 = hello->seen = true;
			hello->ext.n_shares = 3;
			for (size_t k = 0; k < 3; k++) {
				uint8_t *key = keys[4 * k + (fresh_ones[k] == NEW ? id : 0)];

				for (size_t n = 0; n < 32; n++)
					key[n] = (uint8_t)(((size_t)(key - keys[0]) + 1) * (n + 3) *
								   37 >>
							   2);
				hello->ext.shares[k] = (struct key_share){ .group = groups[k],
					.key = bytes_of(key, 32) };
			}
			hs->server_hello.ext.n_shares = 1;
			hs->server_hello.ext.shares[0] = (struct key_share){ .group = 29,
				.key = bytes_of(keys[12 + id], 32) };
			memset(keys[12 + id], (int)(0x50 + id), 32);
			fresh_note(f, hs);
			if (hs->side[SIDE_CLIENT].repeats.public_key !=
				(id == 2 ? rows[i].repeat : 0))
				fail_msg("row %zu", i);
		}
		fresh_close(f);
	}
	arena_free(a);
}

static void test_fresh__clock_that_keeps_its_distance_is_wrong(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (uint64_t i = 1; i <= 3; i++) {
		struct handshake *hs = blank(a, i * 60);

		put_time(hs->server_hello.random, 1600000000 + (int64_t)i * 60);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].clock, i == 1 ? CLOCK_RANDOM : CLOCK_WRONG);
		assert_int_equal(hs->side[SIDE_CLIENT].clock, CLOCK_RANDOM);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_fresh__random_that_repeats_is_no_clock(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);

	(void)state;
	for (uint64_t i = 1; i <= 3; i++) {
		struct handshake *hs = blank(a, i);

		memcpy(hs->server_hello.random, blank(a, 1)->server_hello.random, 32);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].clock, CLOCK_RANDOM);
	}
	arena_free(a);
	fresh_close(f);
}

static void test_pattern__regular_bytes_are_told(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint8_t b[32];
	} rows[] = {
		{ "every byte is 0x00", 32, { 0 } },
		{ "the bytes count up by 1", 28,
			{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
				22, 23, 24, 25, 26, 27, 28 } },
		{ "the bytes repeat every 4", 20,
			{ 9, 8, 7, 200, 9, 8, 7, 200, 9, 8, 7, 200, 9, 8, 7, 200, 9, 8, 7, 200 } },
		{ "its 32-bit words count by 1", 20,
			{ 0xde, 0xad, 0xbe, 0x10, 0xde, 0xad, 0xbe, 0x11, 0xde, 0xad, 0xbe, 0x12,
				0xde, 0xad, 0xbe, 0x13, 0xde, 0xad, 0xbe, 0x14 } },
		{ "8 bytes in a row are 0xff", 24,
			{ 1, 99, 13, 255, 255, 255, 255, 255, 255, 255, 255, 17, 4, 250, 61, 88, 37,
				7, 5, 19, 73, 2, 9, 11 } },
		{ "its 20 bytes take only 3 values", 20,
			{ 1, 2, 3, 3, 1, 2, 2, 1, 3, 1, 1, 2, 3, 2, 3, 3, 2, 1, 3, 2 } },
		{ "it is text", 28, "This is not random, you see" },
		{ NULL, 32,
			{ 0x2c, 0x51, 0x93, 0x61, 0xbb, 0xec, 0x91, 0x47, 0xf3, 0x68, 0x29, 0x16,
				0x25, 0xcf, 0x87, 0xbb, 0xc8, 0xa8, 0x11, 0x5e, 0x90, 0x00, 0x00,
				0x3d, 0x7e, 0x55, 0xa1, 0x08, 0xf6, 0xc2, 0x74, 0x1b } },
		{ NULL, 8, { 0 } }, /* too few to tell */
	};
	struct arena *a = arena_new(1 << 16);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t b[32];
		const char *text;

		memcpy(b, rows[i].b, sizeof b);
		if (i == 6)
			b[27] = '!';
		text = pattern_find(a, bytes_of(b, rows[i].n));
		if (text != NULL)
			assert_true(pattern_likely(bytes_of(b, rows[i].n), 4));
		if (rows[i].text == NULL)
			assert_null(text);
		else
			assert_string_equal(text != NULL ? text : "nothing", rows[i].text);
	}
	arena_free(a);
}

static void assert_pattern(const uint8_t *b, size_t n, const char *want)
{
	struct arena *a = arena_new(1 << 12);
	const char *text = pattern_find(a, bytes_of(b, n));

	if (want == NULL)
		assert_null(text);
	else
		assert_string_equal(text != NULL ? text : "nothing", want);
	if (want != NULL)
		assert_true(pattern_likely(bytes_of(b, n), 4));
	arena_free(a);
}

static const uint8_t noise[32] = { 0x2c, 0x51, 0x93, 0x61, 0xbb, 0xec, 0x91, 0x47, 0xf3, 0x68, 0x29,
	0x16, 0x25, 0xcf, 0x87, 0xb7, 0xc8, 0xa8, 0x11, 0x5e, 0x90, 0x00, 0x05, 0x3d, 0x7e, 0x55,
	0xa1, 0x08, 0xf6, 0xc2, 0x74, 0x1b };

/* How few values are too few depends on how many bytes there are. */
static void test_pattern__few_values_are_counted_to_the_last(void **state)
{
	static const uint8_t values[] = { 0x3f, 0x91, 0x07, 0xff, 0x40, 0xc8, 0x7f, 0x22, 0xbf,
		0x15, 0xe6, 0x00, 0x80 };
	static const struct {
		size_t n, n_values;
		const char *text;
	} rows[] = {
		{ 20, 8, "its 20 bytes take only 8 values" },
		{ 20, 9, NULL },
		{ 27, 9, NULL },
		{ 27, 12, NULL },
		{ 28, 12, "its 28 bytes take only 12 values" },
		{ 28, 13, NULL },
		{ 32, 12, "its 32 bytes take only 12 values" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t b[32];

		for (size_t k = 0; k < rows[i].n; k++)
			b[k] = values[k < rows[i].n_values
					      ? k
					      : (7 * k * k + k / 3) % rows[i].n_values];
		assert_pattern(b, rows[i].n, rows[i].text);
	}
}

static void test_pattern__a_run_is_seven_anywhere(void **state)
{
	(void)state;
	assert_pattern(noise, sizeof noise, NULL);
	for (size_t n = 20; n <= 32; n += 6)
		for (size_t at = 0; at + 7 <= n; at++) {
			uint8_t b[32];

			memcpy(b, noise, sizeof b);
			memset(b + at, 0xee, 6);
			assert_pattern(b, n, NULL);
			memset(b + at, 0xee, 7);
			assert_pattern(b, n, "7 bytes in a row are 0xee");
			assert_true(pattern_likely(bytes_of(b, n), 4));
		}
}

static void test_pattern__periods_are_up_to_eight(void **state)
{
	(void)state;
	for (size_t period = 2; period <= 9; period++) {
		uint8_t b[32];
		char want[40];

		for (size_t k = 0; k < sizeof b; k++)
			b[k] = noise[k % period];
		(void)snprintf(want, sizeof want, "the bytes repeat every %zu", period);
		assert_pattern(b, 20, period <= 8 ? want : NULL);
	}
}

static void test_pattern__steps_and_lengths_have_bounds(void **state)
{
	uint8_t b[32] = { 0 };

	(void)state;
	assert_pattern(b, 19, NULL);
	assert_pattern(b, 20, "every byte is 0x00");
	for (size_t k = 0; k < sizeof b; k++)
		b[k] = (uint8_t)(7 - k);
	assert_pattern(b, 32, "the bytes count up by 255");
	b[31]++;
	assert_pattern(b, 32, NULL);
	for (size_t k = 0; k < sizeof b; k++) /* little-endian, by 256 */
		b[k] = k % 4 == 1 ? (uint8_t)(0xfe + k / 4) : noise[k % 4];
	b[10] = b[6] = (uint8_t)(b[2] = 0x10);
	for (size_t k = 2; k < 8; k++)
		b[4 * k + 2] = 0x11; /* the carry */
	assert_pattern(b, 32, "its 32-bit words count by 256");
}

static void test_pattern__text_is_twenty_eight_printable_bytes(void **state)
{
	static const char text[] = " !This may be read~, you see";
	uint8_t b[28];

	(void)state;
	memcpy(b, text, sizeof b);
	assert_pattern(b, 28, "it is text");
	assert_pattern(b, 27, NULL);
	b[5] = 0x1f;
	assert_pattern(b, 28, NULL);
	b[5] = 0x7f;
	assert_pattern(b, 28, NULL);
}

static void test_pattern__noise_is_never_a_pattern(void **state)
{
	struct arena *a = arena_new(1 << 20);
	struct wire *w = calloc(1, sizeof *w);
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint8_t b[32];

		for (size_t k = 0; k < sizeof b; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			b[k] = (uint8_t)(x >> 32);
		}
		assert_null(pattern_find(a, bytes_of(b, sizeof b)));
		assert_null(pattern_find(a, bytes_of(b + 4, 28)));
		assert_null(pattern_find(a, bytes_of(b + 4, 20)));
		assert_false(pattern_likely(bytes_of(b, sizeof b), 4));
		assert_false(pattern_likely(bytes_of(b, 4 + PATTERN_BYTES_MIN), 4));
		assert_true(pattern_likely(bytes_of(b, 3 + PATTERN_BYTES_MIN), 4));
		memset(b, b[0], 7); /* a run that begins in the time */
		assert_true(pattern_likely(bytes_of(b, sizeof b), 4));
	}
	free(w);
	arena_free(a);
}

static void test_fresh__patterns_leave_out_the_time_and_the_sentinel(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 16);
	struct handshake *hs = blank(a, 1);

	(void)state;
	memset(hs->client_hello.random, 0xa5, 32);
	put_time(hs->client_hello.random, now);
	memcpy(hs->server_hello.random + 24, "DOWNGRD\1", 8);
	fresh_note(f, hs);
	assert_string_equal(hs->side[SIDE_CLIENT].repeats.pattern, "28 bytes in a row are 0xa5");
	assert_null(hs->side[SIDE_SERVER].repeats.pattern);
	memset(hs->server_hello.random, 0xa5, 24);
	fresh_note(f, hs);
	assert_string_equal(hs->side[SIDE_SERVER].repeats.pattern, "every byte is 0xa5");
	hs->server_hello.random[24] ^= 1; /* no sentinel */
	fresh_note(f, hs);
	assert_string_equal(hs->side[SIDE_SERVER].repeats.pattern, "24 bytes in a row are 0xa5");
	arena_free(a);
	fresh_close(f);
}

static void test_multiples__table_holds_the_multiples_of_every_curve(void **state)
{
	static const uint16_t groups[] = { 0x0013, 0x0015, 0x0017, 0x0018, 0x0019, 0x0012, 0x0014,
		0x0016, 0x001a, 0x001b, 0x001c, 0x001f, 0x0020, 0x0021 };

	(void)state;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		for (uint32_t k = 1; k <= 17; k++) {
			struct point p;

			assert_true(crypto_point_multiple(groups[i], k, &p));
			assert_int_equal(multiples_find_first(groups[i], bytes_of(p.data, p.len)),
				k <= 16 ? k : 0);
			p.data[p.len - 1] ^= 1; /* another y */
			assert_int_equal(
				multiples_find_first(groups[i], bytes_of(p.data, p.len)), 0);
		}
	}
	assert_int_equal(multiples_find_first(0x001d, bytes_of(talk_point, 32)), 0);
	assert_int_equal(multiples_find_first(0x0017, bytes_of(talk_point, 3)), 0);
}

static void test_fresh__large_multiple_is_found_where_something_failed(void **state)
{
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 20);

	(void)state;
	for (uint64_t i = 1; i <= 2; i++) {
		struct handshake *hs = blank(a, i);
		struct point p;

		assert_true(crypto_point_multiple(0x0017, 40000, &p));
		hs->outcome = i == 1 ? OUTCOME_COMPLETED : OUTCOME_FAILED;
		hs->ske.has_group = true;
		hs->ske.group = 0x0017;
		hs->ske.public_key = bytes_of(p.data, p.len);
		fresh_note(f, hs);
		assert_int_equal(hs->side[SIDE_SERVER].repeats.public_multiple, i == 1 ? 0 : 40000);
	}
	arena_free(a);
	fresh_close(f);
}

/* SipHash-1-3 with the key 00..0f of the message 00..n-1. */
/* Is 40,000 times the base point found after so many searches that find nothing? */
static bool found_after(uint16_t group, unsigned searches)
{
	static const uint8_t no_point[133] = { 5 };
	struct fresh *f = fresh_open();
	struct arena *a = arena_new(1 << 24);
	struct handshake *hs = blank(a, 1);
	struct point p;
	uint32_t k;

	hs->outcome = OUTCOME_FAILED;
	hs->ske.has_group = true;
	hs->ske.group = group;
	assert_true(crypto_point_multiple(group, 40000, &p));
	for (unsigned i = 0; i <= searches; i++) {
		hs->ske.public_key = bytes_of(i < searches ? no_point : p.data, p.len);
		hs->id = i + 1;
		memcpy(hs->client_hello.random + 4, &i, sizeof i); /* another one each time */
		memcpy(hs->server_hello.random + 4, &i, sizeof i);
		fresh_note(f, hs);
	}
	k = hs->side[SIDE_SERVER].repeats.public_multiple;
	arena_free(a);
	fresh_close(f);
	return k == 40000;
}

/* A thousand searches on P-256; one on P-384 counts as two, on P-521 as five. */
static void test_fresh__large_multiples_are_searched_for_as_long_as_there_is_a_budget(void **state)
{
	static const struct {
		uint16_t group;
		unsigned most;
	} rows[] = { { 0x0017, 1000 }, { 0x0018, 500 }, { 0x0019, 200 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(found_after(rows[i].group, rows[i].most - 1));
		assert_false(found_after(rows[i].group, rows[i].most));
	}
}

static void test_siphash__gives_the_reference_values(void **state)
{
	static const uint64_t key[2] = { 0x0706050403020100u, 0x0f0e0d0c0b0a0908u };
	static const struct {
		size_t n;
		uint64_t hash;
	} rows[] = { { 0, 0xabac0158050fc4dcu }, { 1, 0xc9f49bf37d57ca93u },
		{ 8, 0x369095118d299a8eu }, { 15, 0xd320d86d2a519956u } };
	uint8_t message[16];

	(void)state;
	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct siphash h;

		siphash_init(&h, key);
		siphash_add(&h, bytes_of(message, rows[i].n / 2));
		siphash_add(&h, bytes_of(message + rows[i].n / 2, rows[i].n - rows[i].n / 2));
		assert_true(siphash_end(&h) == rows[i].hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fresh__fresh_values_do_not_repeat),
		cmocka_unit_test(test_fresh__values_that_come_again_name_the_first),
		cmocka_unit_test(test_fresh__a_client_that_is_to_repeat_is_not_told_of),
		cmocka_unit_test(test_fresh__echoed_or_resumed_session_id_is_not_issued),
		cmocka_unit_test(test_fresh__connection_captured_twice_repeats_nothing),
		cmocka_unit_test(test_fresh__a_hello_that_passes_two_taps_repeats_nothing),
		cmocka_unit_test(test_fresh__taps_may_be_seen_in_any_order),
		cmocka_unit_test(test_fresh__a_hello_of_the_same_hosts_is_a_second_connection),
		cmocka_unit_test(test_fresh__a_hello_that_comes_much_later_repeats),
		cmocka_unit_test(test_fresh__one_hello_with_two_answers_repeats),
		cmocka_unit_test(test_fresh__a_hello_with_one_byte_changed_repeats_its_random),
		cmocka_unit_test(test_fresh__an_r_that_no_nonce_gives_does_not_repeat_one),
		cmocka_unit_test(test_fresh__nonce_repeats_under_one_key_only),
		cmocka_unit_test(
			test_fresh__a_nonce_is_that_of_a_signature_under_an_elliptic_curve_key),
		cmocka_unit_test(test_fresh__clocks_are_told_from_randoms),
		cmocka_unit_test(test_fresh__a_clock_may_be_a_day_off),
		cmocka_unit_test(test_fresh__a_past_time_is_suspect_where_the_stack_puts_one),
		cmocka_unit_test(test_fresh__beside_a_capture_without_a_clock_a_time_is_suspect),
		cmocka_unit_test(test_fresh__shares_of_tls13_repeat_in_the_group_that_was_chosen),
		cmocka_unit_test(test_fresh__clock_that_keeps_its_distance_is_wrong),
		cmocka_unit_test(test_fresh__random_that_repeats_is_no_clock),
		cmocka_unit_test(test_pattern__regular_bytes_are_told),
		cmocka_unit_test(test_pattern__few_values_are_counted_to_the_last),
		cmocka_unit_test(test_pattern__a_run_is_seven_anywhere),
		cmocka_unit_test(test_pattern__periods_are_up_to_eight),
		cmocka_unit_test(test_pattern__steps_and_lengths_have_bounds),
		cmocka_unit_test(test_pattern__text_is_twenty_eight_printable_bytes),
		cmocka_unit_test(test_pattern__noise_is_never_a_pattern),
		cmocka_unit_test(test_fresh__patterns_leave_out_the_time_and_the_sentinel),
		cmocka_unit_test(test_multiples__table_holds_the_multiples_of_every_curve),
		cmocka_unit_test(test_fresh__large_multiple_is_found_where_something_failed),
		cmocka_unit_test(
			test_fresh__large_multiples_are_searched_for_as_long_as_there_is_a_budget),
		cmocka_unit_test(test_siphash__gives_the_reference_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
