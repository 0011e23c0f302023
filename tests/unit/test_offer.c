/* What a client of ours offers: the lists, and the hello that they make, read by the parser of hellos. */
#include "support/unit.h"

#include "client/offer.h"
#include "client/put.h"

enum { HEADER = 4 };

static struct client_hello read_back(const struct strbuf *message)
{
	struct parse_err err;
	struct bytes all = put_text(message);
	struct cur body = cur_init(bytes_slice(all, HEADER, SIZE_MAX), &err);
	struct client_hello hello;

	assert_false(message->failed);
	assert_int_equal(all.data[0], HS_CLIENT_HELLO);
	assert_int_equal((all.data[1] << 16) + (all.data[2] << 8) + all.data[3], all.len - HEADER);
	assert_true(parse_client_hello(&body, &hello));
	return hello;
}

static void test_offer__reads_back_as_it_was_meant(void **state)
{
	static const uint8_t share[32] = { 1 };
	struct offer o;
	struct offer_parts p = { .random = { 9 },
		.session_id = { 8 },
		.session_id_len = 32,
		.share_group = { 0x001d },
		.share = { { share, 32 } },
		.n_shares = 1,
		.cookie = bytes_of("cookie", 6) };
	struct strbuf m = { .text = NULL };
	struct client_hello h;

	(void)state;
	offer_all(&o, 0, 0);
	o.sni = "server.example";
	o.alpn[0] = "h2";
	o.alpn[1] = "http/1.1";
	o.max_fragment_length = 2048;
	offer_write(&o, &p, &m);
	h = read_back(&m);
	assert_int_equal(h.version, 0x0303);
	assert_int_equal(h.random[0], 9);
	assert_int_equal(h.session_id.len, 32);
	assert_int_equal(u16s_count(&h.suites), o.suites.n);
	for (size_t i = 0; i < o.suites.n; i++)
		assert_int_equal(u16s_at(&h.suites, i), o.suites.value[i]);
	assert_int_equal(u16s_count(&h.ext.groups), o.groups.n);
	assert_int_equal(u16s_count(&h.ext.schemes), o.schemes.n);
	assert_int_equal(u16s_count(&h.ext.versions), 4);
	assert_int_equal(u16s_at(&h.ext.versions, 0), 0x0304);
	assert_int_equal(u16s_at(&h.ext.versions, 3), 0x0301);
	assert_int_equal(h.ext.n_shares, 1);
	assert_int_equal(h.ext.shares[0].group, 0x001d);
	assert_memory_equal(h.ext.server_name.data, "server.example", h.ext.server_name.len);
	assert_int_equal(h.ext.n_alpn, 2);
	assert_memory_equal(h.ext.alpn[1].data, "http/1.1", 8);
	assert_int_equal(h.ext.max_fragment_length, 3);
	assert_true(h.ext.cookie && h.ext.extended_master_secret && h.ext.encrypt_then_mac);
	assert_true(h.ext.has_renegotiation_info && h.ext.has_psk_modes);
	strbuf_free(&m);
}

static bool has_tls13_suite(const struct offer *o)
{
	for (size_t i = 0; i < o->suites.n; i++)
		if (suite_find(o->suites.value[i])->tls13)
			return true;
	return false;
}

static void test_offer__versions_bound_what_goes_with_them(void **state)
{
	static const struct {
		uint16_t min, max;
		size_t versions;
		uint16_t field;
		bool tls13, old, schemes;
	} rows[] = {
		{ 0x0304, 0, 1, 0x0303, true, false, true },
		{ 0, 0x0303, 3, 0x0303, false, true, true },
		{ 0x0301, 0x0301, 1, 0x0301, false, true, false },
		{ 0x0303, 0x0304, 2, 0x0303, true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const struct offer_parts none = { .n_shares = 0 };
		struct strbuf m = { .text = NULL };
		struct client_hello h;
		struct offer o;

		offer_all(&o, rows[i].min, rows[i].max);
		offer_write(&o, &none, &m);
		h = read_back(&m);
		assert_int_equal(o.n_versions, rows[i].versions);
		assert_int_equal(h.version, rows[i].field);
		assert_int_equal(h.ext.has_versions, rows[i].tls13);
		assert_int_equal(has_tls13_suite(&o), rows[i].tls13);
		assert_int_equal(h.ext.extended_master_secret, rows[i].old);
		assert_int_equal(h.ext.has_schemes, rows[i].schemes);
		assert_int_equal(offer_has_extension(&o, EXT_KEY_SHARE), rows[i].tls13);
		assert_false(offer_has_extension(&o, EXT_SERVER_NAME));
		strbuf_free(&m);
	}
}

/* AEAD is of TLS 1.2 and later: a hello of TLS 1.0 does not name it. */
static void test_offer__no_suite_is_older_than_its_version(void **state)
{
	struct offer o;

	(void)state;
	offer_all(&o, 0x0301, 0x0302);
	assert_true(o.suites.n > 5);
	for (size_t i = 0; i < o.suites.n; i++)
		assert_int_not_equal(suite_find(o.suites.value[i])->kind, CIPHER_AEAD);
}

static void set(struct offer_list *l, uint16_t value)
{
	l->value[0] = value;
	l->n = 1;
}

static void test_offer__a_list_that_leaves_nothing_for_a_version_drops_it(void **state)
{
	static const struct {
		uint16_t suite, group, scheme, min; /* 0: as offered of itself */
		uint16_t highest, lowest;
	} rows[] = {
		{ 0, 0, 0, 0, 0x0304, 0x0301 },
		{ 0xc02b, 0, 0, 0, 0x0303, 0x0301 },
		{ 0x1301, 0, 0, 0, 0x0304, 0x0304 },
		{ 0, 0x001a, 0, 0, 0x0303, 0x0301 }, /* brainpoolP256r1 */
		{ 0, 0x0016, 0, 0, 0x0303, 0x0301 }, /* secp256k1 */
		{ 0, 0x001f, 0, 0, 0x0304, 0x0301 }, /* brainpoolP256r1tls13 */
		{ 0, 0x0100, 0, 0, 0x0304, 0x0301 },
		{ 0, 0x11ec, 0, 0, 0x0304, 0x0301 },
		{ 0, 0, 0x0401, 0, 0x0303, 0x0301 },
		{ 0, 0, 0x0203, 0, 0x0303, 0x0301 },
		{ 0, 0, 0x0804, 0, 0x0304, 0x0301 },
		{ 0, 0, 0x0807, 0, 0x0304, 0x0301 },
		/* what was asked for in so many words stays */
		{ 0, 0, 0x0401, 0x0304, 0x0304, 0x0304 },
		{ 0xc02b, 0, 0, 0x0304, 0x0304, 0x0304 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct offer o;

		offer_all(&o, rows[i].min, 0);
		if (rows[i].suite != 0)
			set(&o.suites, rows[i].suite);
		if (rows[i].group != 0)
			set(&o.groups, rows[i].group);
		if (rows[i].scheme != 0)
			set(&o.schemes, rows[i].scheme);
		offer_keep_usable_versions(&o, rows[i].min);
		if (o.versions[0] != rows[i].highest ||
			o.versions[o.n_versions - 1] != rows[i].lowest)
			fail_msg("row %zu: from %04x to %04x", i, o.versions[o.n_versions - 1],
				o.versions[0]);
	}
}

static void test_offer__the_share_is_of_the_first_group_that_can_be_calculated(void **state)
{
	static const uint16_t groups[] = { 0x11ec, 0x001a, 0x0019, 0x001d };
	struct offer o;

	(void)state;
	offer_all(&o, 0, 0);
	assert_int_equal(o.n_shares, 1);
	assert_int_equal(o.shares[0], 0x001d);
	offer_groups(&o, groups, 4);
	assert_int_equal(o.groups.n, 4);
	assert_int_equal(o.n_shares, 1);
	assert_int_equal(o.shares[0], 0x0019);
	assert_true(offer_list_has(&o.groups, 0x11ec) && !offer_list_has(&o.groups, 0x001e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer__reads_back_as_it_was_meant),
		cmocka_unit_test(test_offer__versions_bound_what_goes_with_them),
		cmocka_unit_test(test_offer__no_suite_is_older_than_its_version),
		cmocka_unit_test(test_offer__a_list_that_leaves_nothing_for_a_version_drops_it),
		cmocka_unit_test(
			test_offer__the_share_is_of_the_first_group_that_can_be_calculated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
