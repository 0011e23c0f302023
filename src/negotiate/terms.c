/* Lists as they stand, without values that are none (RFC 8701, signalling suites). */
#include "negotiate/terms.h"

#include <string.h>

enum { SSL3_0 = 0x0300, TLS1_2 = 0x0303, TLS1_3 = 0x0304 };

static void add(struct terms_list *l, uint16_t value)
{
	if (!is_grease(value) && !terms_list_has(l, value) && l->n < TERMS_LIST_MAX)
		l->value[l->n++] = value;
}

static void add_all(struct terms_list *l, const struct u16s *values)
{
	for (size_t i = 0; i < u16s_count(values); i++)
		add(l, u16s_at(values, i));
}

/* Highest first, whatever the list's order: a server takes the highest that both have (RFC 8446 4.2.1). */
static void sort_versions(struct terms_list *l)
{
	for (size_t i = 1; i < l->n; i++)
		for (size_t k = i; k > 0 && l->value[k] > l->value[k - 1]; k--) {
			uint16_t lower = l->value[k - 1];

			l->value[k - 1] = l->value[k];
			l->value[k] = lower;
		}
}

static void add_suite(struct terms *p, struct build_suite suite)
{
	if (p->n_suites < TERMS_SUITES_MAX)
		p->suites[p->n_suites++] = suite;
}

/* Which of the older versions have it is known of builds alone: the other side's word counts. */
static struct build_suite suite_of(uint16_t value)
{
	const struct suite *s = suite_find(value);

	if (s != NULL && s->tls13)
		return (struct build_suite){ value, TLS1_3, TLS1_3 };
	return (struct build_suite){ value, 0, TLS1_2 };
}

static void take_suites(struct terms *p, const struct client_hello *hello)
{
	for (size_t i = 0; i < u16s_count(&hello->suites); i++) {
		uint16_t value = u16s_at(&hello->suites, i);
		const struct suite *s = suite_find(value);

		if (!is_grease(value) && (s == NULL || !s->signalling))
			add_suite(p, suite_of(value));
	}
}

static void take_versions(struct terms *p, const struct client_hello *hello)
{
	unsigned highest = hello->version < TLS1_2 ? hello->version : TLS1_2;

	if (hello->ext.has_versions)
		add_all(&p->versions, &hello->ext.versions);
	else
		for (unsigned v = highest; v >= SSL3_0; v--)
			add(&p->versions, (uint16_t)v);
	sort_versions(&p->versions);
}

void terms_of_hello(const struct client_hello *hello, size_t length, struct terms *out)
{
	*out = (struct terms){
		.has_groups = hello->ext.has_groups,
		.has_schemes = hello->ext.has_schemes,
		.shared_key = hello->ext.has_pre_shared_key,
		.rsa_keys = true,
		.ec_keys = true,
		.hello = (long)length,
	};
	take_versions(out, hello);
	take_suites(out, hello);
	add_all(&out->groups, &hello->ext.groups);
	add_all(&out->schemes, &hello->ext.schemes);
	for (size_t i = 0; i < hello->ext.n_shares; i++)
		add(&out->shares, hello->ext.shares[i].group);
}

void terms_of_build(const struct build *build, struct terms *out)
{
	*out = (struct terms){
		.has_groups = build->n_groups != 0,
		.has_schemes = build->n_schemes != 0,
		.shared_key = true,
		.rsa_keys = build->rsa_keys,
		.ec_keys = build->ec_keys,
		.follows_client = build->follows_client,
		.mbedtls = true,
		.record_in = build->in.content,
	};
	for (size_t i = 0; i < build->n_versions; i++)
		add(&out->versions, build->versions[i]);
	for (size_t i = 0; i < build->n_suites; i++)
		add_suite(out, build->suites[i]);
	for (size_t i = 0; i < build->n_groups; i++)
		add(&out->groups, build->groups[i]);
	for (size_t i = 0; i < build->n_schemes; i++)
		add(&out->schemes, build->schemes[i]);
	if (out->groups.n != 0 && terms_highest_version(out) == TLS1_3)
		add(&out->shares, out->groups.value[0]);
}

void terms_add_choice(struct terms *p, const struct terms_choice *choice)
{
	p->seen_only = p->rsa_keys = p->ec_keys = true;
	if (choice->version != 0)
		add(&p->versions, choice->version);
	sort_versions(&p->versions);
	if (choice->suite != 0 && !terms_have_suite(p, choice->suite))
		add_suite(p, suite_of(choice->suite));
	if (choice->group != 0)
		add(&p->groups, choice->group);
	if (choice->scheme != 0)
		add(&p->schemes, choice->scheme);
	p->has_groups = p->groups.n != 0;
	p->has_schemes = p->schemes.n != 0;
}

static bool lists_equal(const struct terms_list *a, const struct terms_list *b)
{
	return a->n == b->n && memcmp(a->value, b->value, a->n * sizeof *a->value) == 0;
}

static bool suites_equal(const struct terms *a, const struct terms *b)
{
	if (a->n_suites != b->n_suites)
		return false;
	for (size_t i = 0; i < a->n_suites; i++)
		if (a->suites[i].value != b->suites[i].value)
			return false;
	return true;
}

bool terms_equal(const struct terms *a, const struct terms *b)
{
	return lists_equal(&a->versions, &b->versions) && suites_equal(a, b) &&
	       a->has_groups == b->has_groups && a->has_schemes == b->has_schemes &&
	       lists_equal(&a->groups, &b->groups) && lists_equal(&a->schemes, &b->schemes) &&
	       lists_equal(&a->shares, &b->shares) && a->hello == b->hello;
}

bool terms_list_has(const struct terms_list *l, uint16_t value)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->value[i] == value)
			return true;
	return false;
}

bool terms_have_suite(const struct terms *p, uint16_t suite)
{
	for (size_t i = 0; i < p->n_suites; i++)
		if (p->suites[i].value == suite)
			return true;
	return false;
}

uint16_t terms_highest_version(const struct terms *p)
{
	return p->versions.n != 0 ? p->versions.value[0] : 0;
}
