/* What parts the failed handshakes from the completed, in facts and in words. */
#include "diagnose/contrast.h"
#include "rules/facts.h"
#include "rules/said.h"

/* One more handshake, that the server refuses right after its hello. */
static struct handshake *refused(struct facts *f, uint8_t alert)
{
	struct handshake *hs = facts_add(f);

	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, alert);
	return hs;
}

static void drop_extension(struct handshake *hs, uint16_t type)
{
	struct extensions *ext = &hs->client_hello.ext;
	size_t n = 0;

	for (size_t i = 0; i < ext->n; i++)
		if (ext->list[i].type != type)
			ext->list[n++] = ext->list[i];
	ext->n = n;
	if (type == EXT_EXTENDED_MASTER_SECRET)
		ext->extended_master_secret = false;
}

static struct handshake *refused_without(struct facts *f, uint16_t type)
{
	struct handshake *hs = refused(f, 40);

	drop_extension(hs, type);
	return hs;
}

static const struct contrast *only_contrast(struct facts *f)
{
	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 1);
	return f->file.contrasts;
}

static void expect_text(
	const struct contrast *c, enum feature_kind kind, uint32_t value, const char *text)
{
	const struct difference *d = contrast_find(c, kind, value);
	struct strbuf out = { 0 };

	assert_non_null(d);
	difference_text(c, d, &out);
	assert_string_equal(strbuf_text(&out), text);
	strbuf_free(&out);
}

static void expect_doubt(const struct contrast *c, const char *text)
{
	struct strbuf out = { 0 };

	contrast_doubt_text(c, &out);
	assert_string_equal(strbuf_text(&out), text);
	strbuf_free(&out);
}

static void test_contrast__an_extension_that_none_of_the_failed_has(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	(void)facts_add(f);
	(void)facts_add(f);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	c = only_contrast(f);
	assert_true(contrast_only(c, FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET));
	assert_int_equal(c->confidence, CONFIDENCE_LIKELY);
	expect_text(c, FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET,
		"all 3 that failed lack extended_master_secret; all 3 that completed have it");
	expect_text(c, FEATURE_TIME, 0, "all 3 that failed came after all 3 that completed");
	expect_doubt(c, "");
}

static void test_contrast__one_that_completed_without_it_is_enough_against_it(void **state)
{
	struct facts *f = *state;

	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	drop_extension(facts_add(f), EXT_EXTENDED_MASTER_SECRET);
	facts_examine(f);
	assert_null(contrast_find(contrast_of(&f->file, &f->hs[1]), FEATURE_EXTENSION, 0));
}

static void test_contrast__one_that_failed_with_it_is_enough_against_it(void **state)
{
	struct facts *f = *state;

	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	(void)refused(f, 40);
	(void)facts_add(f);
	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 0);
}

static void test_contrast__needs_one_of_each(void **state)
{
	struct facts *f = *state;

	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 0);
	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 0);
}

static void test_contrast__one_against_one_is_weak_and_says_so(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	c = only_contrast(f);
	assert_int_equal(c->n_own, 1);
	assert_int_equal(c->confidence, CONFIDENCE_POSSIBLE);
	expect_text(c, FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET,
		"the one that failed lacks extended_master_secret; the one that completed has it");
	expect_doubt(c, "one against one shows little: it may be chance");
}

static void test_contrast__what_was_not_compared_makes_it_unsure(void **state)
{
	struct facts *f = *state;
	struct contrast c[WAYS_MAX];

	(void)facts_add(f);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	facts_examine(f);
	f->file.n_completed = 20;
	assert_int_equal(contrast_make(&f->file, c), 1);
	assert_int_equal(c->confidence, CONFIDENCE_POSSIBLE);
	expect_text(c, FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET,
		"both that failed lack extended_master_secret; both compared that completed have "
		"it");
	expect_doubt(c, "the counts are too small to be sure of it");
}

static void test_contrast__another_client_altogether_is_blamed_for_nothing(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	const struct contrast *c;

	hs->client_hello.suites = LIST(hs, 0xc00a);
	hs->client_hello.ext.groups = LIST(hs, 25);
	hs->client_hello.ext.schemes = LIST(hs, 0x0203);
	c = only_contrast(f);
	assert_true(contrast_differs_much(c));
	assert_false(contrast_only(c, FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET));
	assert_non_null(contrast_find(c, FEATURE_GROUP, 0));
}

static void test_contrast__what_comes_with_tls13_counts_once(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	make_tls13(f->hs);
	make_tls13(facts_add(f));
	(void)refused(f, 40);
	(void)refused(f, 40);
	for (size_t i = 0; i < 2; i++)
		f->hs[i].client_hello.suites = LIST(f->hs, 0x1301, 0x1302, 0xc02b, 0xc02f, 0x00ff);
	c = only_contrast(f);
	assert_true(contrast_only(c, FEATURE_VERSION, 0x0304));
	assert_true(contrast_find(c, FEATURE_SUITE, 0)->follows);
	expect_text(c, FEATURE_VERSION, 0x0304,
		"neither that failed offers TLS 1.3; both that completed offer it");
	expect_text(c, FEATURE_SUITE, 0,
		"neither that failed offers TLS_AES_128_GCM_SHA256 (and 1 more); both that "
		"completed offer them");
}

/* A hello of TLS 1.1 has none of what came later. */
static void test_contrast__what_comes_with_tls12_counts_once(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	make_tls13(f->hs);
	make_tls13(facts_add(f));
	for (size_t i = 0; i < 2; i++)
		f->hs[i].client_hello.suites = LIST(f->hs, 0x1301, 0xc02b, 0xc023, 0xc00a);
	for (size_t i = 0; i < 2; i++) {
		struct handshake *hs = refused(f, 80);

		drop_extension(hs, EXT_SIGNATURE_ALGORITHMS);
		hs->client_hello.ext.has_schemes = false;
		hs->client_hello.version = 0x0302;
		hs->client_hello.suites = LIST(hs, 0xc00a);
	}
	c = only_contrast(f);
	assert_true(contrast_only(c, FEATURE_VERSION, 0x0303));
	assert_true(contrast_find(c, FEATURE_VERSION, 0x0304)->follows);
	assert_true(contrast_find(c, FEATURE_EXTENSION, EXT_SIGNATURE_ALGORITHMS)->follows);
	/* A suite that TLS 1.1 has, too, is another difference. */
	f->hs[2].client_hello.suites = f->hs[3].client_hello.suites = LIST(f->hs, 0xc009);
	c = only_contrast(f);
	assert_false(contrast_only(c, FEATURE_VERSION, 0x0303));
}

static void test_contrast__another_order_is_one_difference(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	for (size_t i = 0; i < 2; i++) {
		struct extensions *ext = &refused(f, 10)->client_hello.ext;
		struct extension swapped = ext->list[0];

		ext->list[0] = ext->list[1];
		ext->list[1] = swapped;
	}
	(void)facts_add(f);
	c = only_contrast(f);
	assert_int_equal(c->n_own, 1);
	assert_true(contrast_only(c, FEATURE_ORDER, 0));
}

static void test_contrast__grease_is_no_difference(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refused(f, 40);

	hs->client_hello.suites = LIST(hs, 0x2a2a, 0xc02b, 0xc02f, 0x00ff);
	hs->client_hello.ext.groups = LIST(hs, 0x3a3a, 29, 23, 24);
	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 0);
}

static void test_contrast__each_way_of_failing_is_compared_by_itself(void **state)
{
	struct facts *f = *state;
	struct handshake *other;

	(void)facts_add(f);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	(void)refused_without(f, EXT_EXTENDED_MASTER_SECRET);
	other = refused(f, 112);
	other->client_hello.ext.server_name = text_bytes("other.example");
	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 2);
	assert_int_equal(f->file.contrasts[0].n_failed, 2);
	assert_ptr_equal(contrast_of(&f->file, other), &f->file.contrasts[1]);
	expect_text(&f->file.contrasts[0], FEATURE_EXTENSION, EXT_EXTENDED_MASTER_SECRET,
		"both compared that failed lack extended_master_secret; both that completed have "
		"it");
	expect_text(&f->file.contrasts[1], FEATURE_NAME_IS, 0,
		"the one compared that failed asks for the server name 'other.example'; neither "
		"that completed does");
}

static void test_contrast__a_session_id_of_a_tls13_client_names_no_session(void **state)
{
	struct facts *f = *state;
	struct handshake *hs;
	const struct contrast *c;

	make_tls13(f->hs);
	hs = refused(f, 40);
	make_tls13(hs);
	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	hs->client_hello.session_id = text_bytes("middlebox");
	c = only_contrast(f);
	assert_null(contrast_find(c, FEATURE_RESUMPTION, 0));
	expect_text(c, FEATURE_SESSION_ID, 0,
		"the one that failed has a session id of 9 bytes; the one that completed has one "
		"of 0 bytes");
}

static void test_contrast__size_and_segments_follow_from_what_was_added(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refused(f, 40);
	const struct contrast *c;

	hs->client_hello.ext.groups = LIST(hs, 4588, 29, 23, 24);
	hs->client_hello_segments = 2;
	event_of(hs, SIDE_CLIENT, HS_CLIENT_HELLO)->length = 1700;
	c = only_contrast(f);
	assert_true(contrast_only(c, FEATURE_GROUP, 4588));
	assert_true(contrast_find(c, FEATURE_SIZE, 0)->follows);
	assert_true(contrast_find(c, FEATURE_SEGMENTS, 0)->follows);
	expect_text(c, FEATURE_SEGMENTS, 0,
		"the one that failed has a ClientHello in 2 TCP segments; the one that completed "
		"has one in 1 TCP segment");
}

static void test_contrast__an_empty_last_extension_says_more_than_the_order(void **state)
{
	struct facts *f = *state;
	struct extension *last;
	const struct contrast *c;

	(void)facts_add(f);
	(void)refused(f, 10);
	(void)refused(f, 10);
	for (size_t i = 0; i < 2; i++) {
		last = &f->hs[i].client_hello.ext.list[f->hs[i].client_hello.ext.n - 1];
		last->body = text_bytes("x");
	}
	c = only_contrast(f);
	assert_true(contrast_only(c, FEATURE_LAST_EMPTY, 0));
	expect_text(c, FEATURE_LAST_EMPTY, 0,
		"both that failed end the hello with an empty extension; neither that completed "
		"does");
}

static void test_contrast__a_client_of_its_own_is_a_circumstance(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	(void)facts_add(f);
	for (size_t i = 0; i < 2; i++)
		refused(f, 40)->side[SIDE_CLIENT].address.addr[3] = 77;
	c = only_contrast(f);
	assert_int_equal(c->n_own, 0);
	assert_int_equal(c->confidence, CONFIDENCE_POSSIBLE);
	expect_text(c, FEATURE_ADDRESS, 0,
		"both that failed come from 192.0.2.77; neither that completed does");
}

static void test_contrast__a_hello_read_in_part_is_not_compared(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = refused_without(f, EXT_EXTENDED_MASTER_SECRET);

	event_of(hs, SIDE_CLIENT, HS_CLIENT_HELLO)->unread = true;
	facts_examine(f);
	assert_int_equal(f->file.n_contrasts, 0);
}

static void swap_extensions(struct handshake *hs, size_t i, size_t k)
{
	struct extension *list = hs->client_hello.ext.list, swapped = list[i];

	list[i] = list[k];
	list[k] = swapped;
}

/* Of a client that shuffles, some two always stand otherwise in the few that failed. */
static void test_contrast__a_shuffled_order_says_nothing(void **state)
{
	struct facts *f = *state;

	swap_extensions(refused(f, 10), 0, 1);
	swap_extensions(refused(f, 10), 0, 1);
	swap_extensions(&f->hs[2], 1, 2);
	(void)facts_add(f);
	facts_examine(f);
	assert_null(contrast_find(contrast_of(&f->file, &f->hs[1]), FEATURE_ORDER, 0));
}

/* Made of two that are refused so and two that complete; names a session in the first two. */
static enum confidence confidence_of(struct facts *f, enum ending ending)
{
	for (size_t i = 0; i < 2; i++) {
		struct handshake *hs = facts_add(f);

		end_with(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ending);
		hs->client_hello.session_id = text_bytes("session");
	}
	(void)facts_add(f);
	return only_contrast(f)->confidence;
}

static void test_contrast__a_close_may_be_an_accident(void **state)
{
	assert_int_equal(confidence_of(*state, ENDING_FIN), CONFIDENCE_POSSIBLE);
}

static void test_contrast__a_reset_may_be_an_accident(void **state)
{
	assert_int_equal(confidence_of(*state, ENDING_RST), CONFIDENCE_POSSIBLE);
}

static void test_contrast__a_length_may_be_an_accident(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	(void)facts_add(f);
	for (size_t i = 0; i < 2; i++)
		event_of(refused(f, 80), SIDE_CLIENT, HS_CLIENT_HELLO)->length = 96;
	c = only_contrast(f);
	assert_true(contrast_only(c, FEATURE_SIZE, 0));
	assert_int_equal(c->confidence, CONFIDENCE_POSSIBLE);
	expect_text(c, FEATURE_SIZE, 0,
		"both that failed have a ClientHello of at least 96 bytes; both that completed "
		"have "
		"one of at most 90 bytes");
}

/* Where the packets of a client come from: what their TTL, and the SYN, tell of the path. */
static void come_by(struct handshake *hs, uint8_t hops_left, uint16_t mss)
{
	hs->side[SIDE_CLIENT].tcp.hops_left = hops_left;
	hs->side[SIDE_CLIENT].tcp.mss = mss;
}

static void test_contrast__another_path_is_a_circumstance(void **state)
{
	struct facts *f = *state;
	const struct contrast *c;

	come_by(f->hs, 64, 1460);
	come_by(facts_add(f), 64, 1440);
	come_by(refused(f, 40), 61, 1380);
	come_by(refused(f, 40), 60, 1400);
	c = only_contrast(f);
	expect_text(c, FEATURE_HOPS, 0,
		"both that failed have a TTL (hop limit) of at most 61; both that completed have "
		"one of "
		"at least 64");
	expect_text(c, FEATURE_MSS, 0,
		"both that failed have a client that asks for TCP segments of at most 1400 bytes; "
		"both "
		"that completed have one that asks for at least 1440 bytes");
	assert_int_equal(c->n_own, 0);
	assert_int_equal(c->confidence, CONFIDENCE_POSSIBLE);
	come_by(&f->hs[2], 61, 1440);
	assert_null(contrast_find(only_contrast(f), FEATURE_MSS, 0));
}

static void test_contrast__a_path_not_seen_is_no_difference(void **state)
{
	struct facts *f = *state;

	come_by(f->hs, 64, 1460);
	come_by(refused(f, 40), 0, 0); /* a capture without its SYN; a log */
	facts_examine(f);
	assert_null(contrast_of(&f->file, &f->hs[1]));
	come_by(&f->hs[1], 65, 0);
	expect_text(only_contrast(f), FEATURE_HOPS, 0,
		"the one that failed has a TTL (hop limit) of 65; the one that completed has one "
		"of 64");
	assert_null(contrast_find(only_contrast(f), FEATURE_MSS, 0));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_contrast__an_extension_that_none_of_the_failed_has),
		RULE_TEST(test_contrast__one_that_completed_without_it_is_enough_against_it),
		RULE_TEST(test_contrast__one_that_failed_with_it_is_enough_against_it),
		RULE_TEST(test_contrast__needs_one_of_each),
		RULE_TEST(test_contrast__one_against_one_is_weak_and_says_so),
		RULE_TEST(test_contrast__what_was_not_compared_makes_it_unsure),
		RULE_TEST(test_contrast__another_client_altogether_is_blamed_for_nothing),
		RULE_TEST(test_contrast__what_comes_with_tls13_counts_once),
		RULE_TEST(test_contrast__what_comes_with_tls12_counts_once),
		RULE_TEST(test_contrast__another_order_is_one_difference),
		RULE_TEST(test_contrast__grease_is_no_difference),
		RULE_TEST(test_contrast__each_way_of_failing_is_compared_by_itself),
		RULE_TEST(test_contrast__a_session_id_of_a_tls13_client_names_no_session),
		RULE_TEST(test_contrast__size_and_segments_follow_from_what_was_added),
		RULE_TEST(test_contrast__an_empty_last_extension_says_more_than_the_order),
		RULE_TEST(test_contrast__a_client_of_its_own_is_a_circumstance),
		RULE_TEST(test_contrast__a_hello_read_in_part_is_not_compared),
		RULE_TEST(test_contrast__a_shuffled_order_says_nothing),
		RULE_TEST(test_contrast__a_close_may_be_an_accident),
		RULE_TEST(test_contrast__a_reset_may_be_an_accident),
		RULE_TEST(test_contrast__a_length_may_be_an_accident),
		RULE_TEST(test_contrast__another_path_is_a_circumstance),
		RULE_TEST(test_contrast__a_path_not_seen_is_no_difference),
	};

	return RULE_TESTS(tests, argc, argv);
}
