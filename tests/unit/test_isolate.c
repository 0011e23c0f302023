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
		if (suite_find(l->value[i])->tls13 == tls13)
			return l->value[i];
	return 0;
}

static bool fails(const struct model *m, const struct offer *o, const struct survey_reply *r)
{
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
	r->completed = !fails(m, &q->offer, r);
	return true;
}

static struct isolation *isolated(struct model *m)
{
	static struct isolation found;
	const struct survey_options o = { .sni = "server.example" };

	m->asked = 0;
	isolate_run(&o, answer, m, &found);
	assert_int_equal(found.questions, m->asked);
	return &found;
}

static void test_isolate__names_the_one_thing(void **state)
{
	static const struct {
		struct model model;
		struct isolate_change change;
	} rows[] = {
		{ { .bad_offer_group = 0x0018 }, { ISOLATE_GROUP, 0x0018 } },
		{ { .bad_offer_group = 0x001b }, { ISOLATE_GROUP, 0x001b } },
		{ { .bad_group = 0x0019 }, { ISOLATE_GROUP, 0x0019 } },
		{ { .bad_scheme = 0x0603 }, { ISOLATE_SCHEME, 0x0603 } },
		{ { .bad_suite = 0x1301 }, { ISOLATE_SUITE, 0x1301 } },
		{ { .bad_suite = 0xc02b, .highest = TLS12 }, { ISOLATE_SUITE, 0xc02b } },
		{ { .bad_extension = EXT_EXTENDED_MASTER_SECRET },
			{ ISOLATE_EXTENSION, EXT_EXTENDED_MASTER_SECRET } },
		{ { .bad_version = TLS13 }, { ISOLATE_VERSION, TLS13 } },
		{ { .name_is_bad = true }, { ISOLATE_NAME, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct model m = rows[i].model;
		const struct isolation *found = isolated(&m);

		if (found->verdict != ISOLATE_FOUND || found->n_changes != 1 ||
			found->change[0].kind != rows[i].change.kind ||
			found->change[0].value != rows[i].change.value)
			fail_msg("row %zu: verdict %d, %zu changes, the first %d 0x%04x", i,
				(int)found->verdict, found->n_changes, (int)found->change[0].kind,
				found->change[0].value);
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
	assert_int_equal(found->n_changes, 2);
	assert_int_equal(found->change[0].kind, ISOLATE_GROUP);
	assert_int_equal(found->change[1].kind, ISOLATE_SCHEME);
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
		cmocka_unit_test(test_isolate__says_when_there_is_nothing_to_find),
		cmocka_unit_test(test_isolate__what_comes_and_goes_is_no_fact),
		cmocka_unit_test(test_isolate__ends_with_the_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
