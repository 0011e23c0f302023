/* Each keeps few groups, suites and schemes of one version, in the order of how many servers they suit. */
#include "survey/small_hello.h"

#include "base/array.h"
#include "names/names.h"

enum { TLS10 = 0x0301, TLS12 = 0x0303, TLS13 = 0x0304 };

/* Lists end with 0. */
struct small {
	uint16_t version;
	uint16_t groups[3], suites[7], schemes[6];
};

static const struct small smalls[SMALL_HELLOS] = {
	{ TLS12, { 0x0017 }, { 0xc02b, 0xc02f, 0xc023, 0xc027 }, { 0x0403, 0x0401, 0x0804 } },
	{ TLS13, { 0x0017 }, { 0x1301 }, { 0x0403, 0x0804 } },
	{ TLS12, { 0x001d, 0x0017 }, { 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca8, 0xcca9 },
		{ 0x0403, 0x0503, 0x0401, 0x0804 } },
	{ TLS12, { 0x0017 }, { 0x009c, 0x003c, 0x002f, 0x009d, 0x0035 }, { 0x0401, 0x0403 } },
	{ TLS12, { 0x0017 }, { 0x009e, 0x0067, 0x0033 }, { 0x0401, 0x0804 } },
	{ TLS12, { 0x0018 }, { 0xc02c, 0xc030, 0xc02b, 0xc02f },
		{ 0x0503, 0x0403, 0x0501, 0x0401 } },
	{ TLS13, { 0x001d, 0x0018 }, { 0x1302, 0x1303 },
		{ 0x0503, 0x0603, 0x0805, 0x0403, 0x0804 } },
	{ TLS10, { 0x0017 }, { 0xc009, 0xc013, 0x002f, 0x0035 }, { 0x0203, 0x0201 } },
};

uint16_t small_hello_version(size_t which)
{
	return smalls[which].version;
}

static bool listed(const uint16_t *values, size_t n, uint16_t value)
{
	for (size_t i = 0; i < n && values[i] != 0; i++)
		if (values[i] == value)
			return true;
	return false;
}

static void keep(struct offer_list *l, const uint16_t *values, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (listed(values, n, l->value[i]))
			l->value[kept++] = l->value[i];
	l->n = kept;
}

static void keep_groups_and_schemes(const struct small *h, struct offer *out)
{
	keep(&out->groups, h->groups, COUNT(h->groups));
	keep(&out->schemes, h->schemes, COUNT(h->schemes));
}

/* Shares only of what is still offered. */
static void share(const struct offer *whole, struct offer *out)
{
	out->n_shares = 0;
	if (whole->n_shares != 0)
		offer_share_first(out);
}

static void leave_out_needless(struct offer *out)
{
	static const uint16_t needless[] = { EXT_RENEGOTIATION_INFO, EXT_EXTENDED_MASTER_SECRET,
		EXT_ENCRYPT_THEN_MAC, EXT_EC_POINT_FORMATS };

	for (size_t i = 0; i < COUNT(needless); i++) {
		(void)offer_list_remove(&out->extensions, needless[i]);
		offer_drop_body(out, needless[i]);
	}
	offer_name(out, NULL);
}

void small_hello(const struct offer *whole, size_t which, bool bare, struct offer *out)
{
	const struct small *h = &smalls[which];

	*out = *whole;
	keep_groups_and_schemes(h, out);
	keep(&out->suites, h->suites, COUNT(h->suites));
	out->n_versions = 0;
	if (offer_has_version(whole, h->version))
		out->versions[out->n_versions++] = h->version;
	if (h->version < out->legacy_version)
		out->legacy_version = h->version;
	if (bare)
		leave_out_needless(out);
	share(whole, out);
}

void small_hello_within(const struct offer *whole, size_t which, struct offer *out)
{
	const struct small *h = &smalls[which];
	size_t n = 0;

	*out = *whole;
	keep_groups_and_schemes(h, out);
	for (size_t i = 0; i < whole->suites.n; i++) {
		uint16_t value = whole->suites.value[i];
		const struct suite *suite = suite_find(value);

		if (suite == NULL || suite->tls13 != (h->version >= TLS13) ||
			listed(h->suites, COUNT(h->suites), value))
			out->suites.value[n++] = value;
	}
	out->suites.n = n;
	share(whole, out);
}
