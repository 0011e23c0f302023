/* The switch that makes a handshake fail, at servers that fail for one thing. */
#include "support/unit.h"

#include "names/names.h"
#include "survey/isolate.h"

enum { TLS12 = 0x0303, TLS13 = 0x0304 };

/* Fails when what is chosen, or offered, is this; 0: nothing. */
struct model {
	uint16_t bad_group, bad_suite, bad_scheme;            /* chosen */
	uint16_t bad_offer_group, bad_extension, bad_version; /* offered */
	bool name_is_bad, name_is_wanted, always, never, every_other;
	uint16_t wanted_suite, wanted_extension, last_extension; /* without which nothing goes */
	size_t longest;                                          /* hello that it takes; 0: any */
	bool whole;                                              /* ... and in one segment */
	bool new_groups; /* it chooses what nobody here can complete */
	uint16_t highest;
	unsigned budget, asked;
};

static uint16_t first_of(const struct offer_list *l, const uint16_t *own)
{
	for (; *own != 0; own++)
		if (offer_list_has(l, *own))
			return *own;
	return 0;
}

static uint16_t suite_of(const struct offer_list *l, bool tls13)
{
	for (size_t i = 0; i < l->n; i++)
		if (suite_find(l->value[i]) != NULL && suite_find(l->value[i])->tls13 == tls13)
			return l->value[i];
	return 0;
}

static size_t length_of(const struct offer *o)
{
	static const uint8_t filler[2048];
	struct offer_parts p = { .n_shares = o->n_shares, .session_id_len = OFFER_SESSION_ID };
	struct strbuf out = { 0 };
	size_t len;

	for (size_t i = 0; i < o->n_shares; i++) {
		p.share_group[i] = o->shares[i];
		p.share[i] = bytes_of(filler, o->share_length[i] != 0 ? o->share_length[i] : 32);
	}
	offer_write(o, &p, &out);
	len = out.len;
	strbuf_free(&out);
	return len;
}

static bool lacks(const struct model *m, const struct offer *o)
{
	size_t n = o->extensions.n;

	return (m->wanted_suite != 0 && !offer_list_has(&o->suites, m->wanted_suite)) ||
	       (m->wanted_extension != 0 && !offer_has_extension(o, m->wanted_extension)) ||
	       (m->last_extension != 0 &&
		       (n == 0 || o->extensions.value[n - 1] != m->last_extension));
}

static bool fails(const struct model *m, const struct offer *o, const struct survey_reply *r)
{
	if (lacks(m, o) || (m->longest != 0 && r->hello_length > m->longest))
		return true;

	return m->always || (m->every_other && m->asked % 2 != 0) || r->suite == 0 ||
	       r->group == 0 || r->scheme == 0 || r->group == m->bad_group ||
	       r->suite == m->bad_suite || r->scheme == m->bad_scheme ||
	       (m->bad_offer_group != 0 && offer_list_has(&o->groups, m->bad_offer_group)) ||
	       (m->bad_extension != 0 && offer_has_extension(o, m->bad_extension)) ||
	       (m->bad_version != 0 && offer_has_version(o, m->bad_version)) ||
	       (m->name_is_bad && o->sni != NULL) || (m->name_is_wanted && o->sni == NULL);
}

static bool answer(void *ctx, const struct survey_question *q, struct survey_reply *r)
{
	static const uint16_t groups[] = { 0x0019, 0x0018, 0x0017, 0x001d, 0 },
			      schemes[] = { 0x0603, 0x0503, 0x0403, 0 };
	struct model *m = ctx;
	uint16_t version = m->highest != 0 ? m->highest : TLS13;

	if (m->budget != 0 && m->asked == m->budget)
		return false;
	m->asked++;
	*r = (struct survey_reply){ .outcome = SURVEY_CHOSE };
	assert_int_equal(q->depth, TALK_WHOLE);
	if (!offer_has_version(&q->offer, version))
		version = q->offer.versions[0] < version ? q->offer.versions[0] : 0;
	r->version = version;
	r->suite = version != 0 ? suite_of(&q->offer.suites, version == TLS13) : 0;
	r->group = first_of(&q->offer.groups, groups);
	r->scheme = first_of(&q->offer.schemes, schemes);
	r->hello_length = length_of(&q->offer);
	r->completed = !fails(m, &q->offer, r) && (!m->whole || q->hello_segment == 0);
	if (m->new_groups && offer_list_has(&q->offer.groups, 0x11ec)) {
		r->beyond = r->completed;
		r->completed = false;
	}
	return true;
}

static struct isolation *isolated_with(struct model *m, struct isolate_options o)
{
	static struct isolation found;

	o.survey.sni = "server.example";
	m->asked = 0;
	isolate_run(&o, answer, m, &found);
	assert_int_equal(found.questions, m->asked);
	return &found;
}

static struct isolation *isolated(struct model *m)
{
	return isolated_with(m, (struct isolate_options){ .always = false });
}

static struct isolation *between(struct model *m, const char *ends)
{
	struct isolate_options o = { .always = false };

	assert_true(isolate_ends_parse(ends, &o.ends));
	return isolated_with(m, o);
}

static void test_isolate__names_the_one_thing(void **state)
{
	static const struct {
		struct model model;
		struct change change;
	} rows[] = {
		{ { .bad_offer_group = 0x0018 }, { CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x0018 } },
		{ { .bad_offer_group = 0x001b }, { CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x001b } },
		{ { .bad_group = 0x0019 }, { CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x0019 } },
		{ { .bad_scheme = 0x0603 }, { CHANGE_SCHEME, CHANGE_LEAVE_OUT, 0x0603 } },
		{ { .bad_suite = 0x1301 }, { CHANGE_SUITE, CHANGE_LEAVE_OUT, 0x1301 } },
		{ { .bad_suite = 0xc02b, .highest = TLS12 },
			{ CHANGE_SUITE, CHANGE_LEAVE_OUT, 0xc02b } },
		{ { .bad_extension = EXT_EXTENDED_MASTER_SECRET },
			{ CHANGE_EXTENSION, CHANGE_LEAVE_OUT, EXT_EXTENDED_MASTER_SECRET } },
		{ { .bad_version = TLS13 }, { CHANGE_VERSION, CHANGE_LEAVE_OUT, TLS13 } },
		{ { .name_is_bad = true }, { CHANGE_NAME, CHANGE_LEAVE_OUT, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct model m = rows[i].model;
		const struct isolation *found = isolated(&m);

		if (found->verdict != ISOLATE_FOUND || found->changes.n != 1 ||
			found->changes.at[0].kind != rows[i].change.kind ||
			found->changes.at[0].value != rows[i].change.value)
			fail_msg("row %zu: verdict %d, %zu changes, the first %d 0x%04x", i,
				(int)found->verdict, found->changes.n,
				(int)found->changes.at[0].kind, found->changes.at[0].value);
		assert_in_range(found->questions, 10, 32);
		assert_int_equal(found->whole_asked, ISOLATE_AGAIN);
		assert_int_equal(found->whole_failed, ISOLATE_AGAIN);
		assert_int_equal(found->changed_completed, ISOLATE_AGAIN);
		assert_true(found->completed.completed);
		assert_false(found->failed.completed);
	}
}

static void test_isolate__what_takes_two_changes_has_both(void **state)
{
	struct model m = { .bad_group = 0x0019, .bad_scheme = 0x0603, .name_is_wanted = true };
	const struct isolation *found = isolated(&m);

	(void)state;
	assert_int_equal(found->verdict, ISOLATE_FOUND);
	assert_int_equal(found->changes.n, 2);
	assert_int_equal(found->changes.at[0].kind, CHANGE_GROUP);
	assert_int_equal(found->changes.at[1].kind, CHANGE_SCHEME);
}

/* A device whose arithmetic is wrong on one curve, and that prefers it, as long as it is offered. */
static void test_isolate__a_bad_curve_takes_no_more_than_twenty_questions(void **state)
{
	struct model m = { .bad_group = 0x0019 };

	(void)state;
	assert_int_equal(isolated(&m)->verdict, ISOLATE_FOUND);
	assert_in_range(m.asked, 1, 20);
	m = (struct model){ .bad_group = 0x0019, .highest = TLS12 };
	assert_int_equal(isolated(&m)->verdict, ISOLATE_FOUND);
	assert_in_range(m.asked, 1, 20);
}

static void test_isolate__says_when_there_is_nothing_to_find(void **state)
{
	struct model m = { .never = true };

	(void)state;
	assert_int_equal(isolated(&m)->verdict, ISOLATE_WELL);
	assert_int_equal(m.asked, 1);
	m = (struct model){ .always = true };
	assert_int_equal(isolated(&m)->verdict, ISOLATE_NO_HELP);
	assert_in_range(m.asked, 8, 20);
}

static void test_isolate__what_comes_and_goes_is_no_fact(void **state)
{
	struct model m = { .every_other = true };
	const struct isolation *found = isolated(&m);

	(void)state;
	assert_int_equal(found->verdict, ISOLATE_FLAKY);
}

static void assert_one(
	const struct isolation *found, enum change_kind kind, enum change_act act, uint16_t value)
{
	assert_int_equal(found->verdict, ISOLATE_FOUND);
	assert_int_equal(found->changes.n, 1);
	assert_int_equal(found->changes.at[0].kind, kind);
	assert_int_equal(found->changes.at[0].act, act);
	assert_int_equal(found->changes.at[0].value, value);
}

static void test_isolate__of_two_stacks_says_what_parts_them(void **state)
{
	struct model m = { .bad_offer_group = 0x11ec };
	const struct isolation *found = between(&m, "openssl-3.5:mbedtls-2.28");

	(void)state;
	assert_one(found, CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x11ec);
	assert_string_equal(found->failing->name, "openssl-3.5");
	assert_string_equal(found->passing->name, "mbedtls-2.28");
	assert_in_range(found->questions, 10, 40);

	m = (struct model){ .wanted_suite = 0x009e };
	found = between(&m, "openssl-3.0:chrome");
	assert_one(found, CHANGE_SUITE, CHANGE_ADD, 0x009e);
	assert_string_equal(found->failing->name, "chrome-156");

	m = (struct model){ .wanted_extension = EXT_EXTENDED_MASTER_SECRET };
	assert_one(between(&m, "openssl-3.0:go-1.19"), CHANGE_EXTENSION, CHANGE_ADD,
		EXT_EXTENDED_MASTER_SECRET);

	m = (struct model){ .last_extension = EXT_KEY_SHARE };
	assert_one(between(&m, "openssl-3.0:mbedtls-3.6"), CHANGE_EXTENSION_ORDER, CHANGE_OTHERWISE,
		0);
}

static void test_isolate__of_two_alike_has_nothing_to_say(void **state)
{
	struct model m = { .never = true };
	const struct isolation *found = between(&m, "openssl-3.0:go-1.19");

	(void)state;
	assert_int_equal(found->verdict, ISOLATE_WELL);
	assert_int_equal(m.asked, 2);
	assert_non_null(found->failing);
	assert_non_null(found->passing);
	m = (struct model){ .always = true };
	assert_int_equal(between(&m, "openssl-3.0:go-1.19")->verdict, ISOLATE_NO_HELP);
	assert_int_equal(m.asked, 2);
}

static void test_isolate__measures_the_length_where_it_is_the_length(void **state)
{
	static const size_t longest[] = { 400, 511, 600, 1024, 1300, 1447 };
	(void)state;
	for (size_t i = 0; i < sizeof longest / sizeof longest[0]; i++)
		for (int whole = 0; whole < 2; whole++) {
			struct model m = { .longest = longest[i], .whole = whole };
			const struct isolation *found = between(&m, "openssl-3.5:openssl-3.0");

			assert_one(
				found, whole ? CHANGE_SEGMENTS : CHANGE_SIZE, CHANGE_OTHERWISE, 0);
			assert_in_range(found->size_taken, longest[i] - 16, longest[i]);
			assert_in_range(found->size_refused, longest[i] + 1, longest[i] + 16);
			assert_in_range(found->questions, 10, 24);
		}
}

/* Shorter, but that is not why. */
static void test_isolate__a_shorter_hello_need_not_be_it(void **state)
{
	struct model m = { .bad_extension = 27, .longest = 4000 };

	(void)state;
	assert_one(between(&m, "openssl-3.5:openssl-3.0"), CHANGE_EXTENSION, CHANGE_LEAVE_OUT, 27);
}

static void test_isolate__of_a_stack_looks_for_a_hello_that_gets_through(void **state)
{
	struct model m = { .bad_offer_group = 0x11ec };
	struct isolate_options o = { .hello = hello_profile_find("chrome") };
	const struct isolation *found = isolated_with(&m, o);

	(void)state;
	assert_one(found, CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x11ec);
	assert_string_equal(found->failing->name, "chrome-156");
	assert_null(found->passing);
	m = (struct model){ .wanted_suite = 0xc0ac };
	assert_one(isolated_with(&m, o), CHANGE_SUITE, CHANGE_ADD, 0xc0ac);
}

static void test_isolate__always_asks_with_the_stacks_that_are_known(void **state)
{
	struct model m = { .bad_offer_group = 0x11ec };
	const struct isolate_options o = { .always = true };
	const struct isolation *found = isolated_with(&m, o);

	(void)state;
	assert_one(found, CHANGE_GROUP, CHANGE_LEAVE_OUT, 0x11ec);
	assert_string_equal(found->failing->name, "chrome-156");
	assert_int_equal(found->profiles, 1); /* botan got through */
	m = (struct model){ .never = true };
	found = isolated_with(&m, o);
	assert_int_equal(found->verdict, ISOLATE_WELL);
	assert_in_range(found->profiles, 12, 20);
	assert_int_equal(m.asked, found->profiles + 1);
}

/* What our own client can only see chosen is no failure of the server's. */
static void test_isolate__a_choice_beyond_us_gets_through(void **state)
{
	struct model m = { .new_groups = true };

	(void)state;
	assert_int_equal(between(&m, "chrome:go-1.19")->verdict, ISOLATE_WELL);
}

static void test_isolate__ends_are_two_stacks_that_are_known(void **state)
{
	static const char *const bad[] = { "", ":", "openssl-3", "openssl-3:", ":go", "go:go",
		"openssl-3:openssl-3.5", "openssl-3:nobody", "localhost:4433", "go:443" };
	struct isolate_ends ends = { NULL, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(isolate_ends_parse(bad[i], &ends));
	assert_null(ends.one);
	assert_true(isolate_ends_parse("openssl-3:go", &ends));
	assert_string_equal(ends.one->name, "openssl-3.5");
	assert_string_equal(ends.other->name, "go-1.24");
}

static void test_isolate__ends_with_the_budget(void **state)
{
	(void)state;
	for (unsigned budget = 1; budget < 16; budget++) {
		struct model m = { .bad_group = 0x0019, .budget = budget };

		assert_int_equal(isolated(&m)->verdict, ISOLATE_CUT);
		assert_int_equal(m.asked, budget);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_isolate__names_the_one_thing),
		cmocka_unit_test(test_isolate__what_takes_two_changes_has_both),
		cmocka_unit_test(test_isolate__a_bad_curve_takes_no_more_than_twenty_questions),
		cmocka_unit_test(test_isolate__says_when_there_is_nothing_to_find),
		cmocka_unit_test(test_isolate__what_comes_and_goes_is_no_fact),
		cmocka_unit_test(test_isolate__of_two_stacks_says_what_parts_them),
		cmocka_unit_test(test_isolate__of_two_alike_has_nothing_to_say),
		cmocka_unit_test(test_isolate__measures_the_length_where_it_is_the_length),
		cmocka_unit_test(test_isolate__a_shorter_hello_need_not_be_it),
		cmocka_unit_test(test_isolate__of_a_stack_looks_for_a_hello_that_gets_through),
		cmocka_unit_test(test_isolate__always_asks_with_the_stacks_that_are_known),
		cmocka_unit_test(test_isolate__a_choice_beyond_us_gets_through),
		cmocka_unit_test(test_isolate__ends_are_two_stacks_that_are_known),
		cmocka_unit_test(test_isolate__ends_with_the_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
