/* nameConstraints of the CAs held against the names of the leaf (RFC 5280 4.2.1.10), and policies. */
#include "base/der.h"
#include "pki/properties_rules.h"

enum {
	NAME_OTHER = 0xa0,
	NAME_EMAIL = 0x81,
	NAME_DNS = 0x82,
	NAME_DIRECTORY = 0xa4,
	NAME_URI = 0x86,
	NAME_IP = 0x87,
	NAMES_TRIED = 4096, /* of the leaf, for all subtrees together: a stranger chooses both */
};

/* ---- one name within one subtree ---- */

static bool ends_with(struct bytes b, struct bytes end)
{
	return b.len >= end.len &&
	       bytes_equal_nocase(bytes_slice(b, b.len - end.len, end.len), end);
}

/* "example" holds itself and all below; ".example" what is below. */
static bool dns_within(struct bytes name, struct bytes base)
{
	if (!ends_with(name, base))
		return false;
	if (base.len == 0 || (name.len == base.len && base.data[0] != '.'))
		return true;
	return name.len > base.len &&
	       (base.data[0] == '.' || name.data[name.len - base.len - 1] == '.');
}

static bool address_within(struct bytes name, struct bytes base)
{
	if (base.len != 2 * name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (((name.data[i] ^ base.data[i]) & base.data[name.len + i]) != 0)
			return false;
	return true;
}

/* Behind the first byte of that kind. */
static struct bytes behind(struct bytes b, char c)
{
	struct bytes from = bytes_from(b, (uint8_t)c);

	return from.len != 0 ? bytes_slice(from, 1, from.len) : b;
}

/* The host of "scheme://host:port/path". */
static struct bytes host_of(struct bytes uri)
{
	struct bytes host = bytes_skip(behind(uri, ':'), '/');
	size_t n = 0;

	while (n < host.len && host.data[n] != '/' && host.data[n] != ':')
		n++;
	return bytes_slice(host, 0, n);
}

static bool within(uint8_t kind, struct bytes name, struct bytes base)
{
	struct ber inner;

	switch (kind) {
	case NAME_DNS:
		return dns_within(name, base);
	case NAME_IP:
		return address_within(name, base);
	case NAME_URI:
		return dns_within(host_of(name), base);
	case NAME_EMAIL:
		return dns_within(behind(name, '@'), behind(base, '@'));
	case NAME_DIRECTORY: /* the first RDNs are those of the base */
		return ber_take(&base, DER_SEQUENCE, &inner) && name.len >= inner.body.len &&
		       bytes_equal(bytes_slice(name, 0, inner.body.len), inner.body);
	default:
		return true;
	}
}

/* ---- all names against all subtrees ---- */

struct subtrees {
	struct bytes permitted, excluded; /* GeneralSubtree one after the other */
	bool empty, critical;
};

/* What was found, over all names. */
struct found {
	bool violated, by_common_name, by_directory;
	bool permits_other_name, permits_directory;
	unsigned tried;
};

static bool next_base(struct bytes *subtrees, struct ber *base)
{
	struct ber subtree;

	return ber_take(subtrees, DER_SEQUENCE, &subtree) && ber_next(&subtree.body, base);
}

/* Is there a subtree of that kind, and is the name in one? */
static bool in_any(
	struct found *f, struct bytes subtrees, uint8_t kind, struct bytes name, bool *any)
{
	struct ber base;

	*any = false;
	while (f->tried < NAMES_TRIED && next_base(&subtrees, &base)) {
		f->tried++;
		if (base.tag != kind)
			continue;
		*any = true;
		if (within(kind, name, base.body))
			return true;
	}
	return false;
}

static bool violates(struct found *f, const struct subtrees *t, uint8_t kind, struct bytes name)
{
	bool limited, any;
	bool permitted = in_any(f, t->permitted, kind, name, &limited);

	return (limited && !permitted && f->tried < NAMES_TRIED) ||
	       in_any(f, t->excluded, kind, name, &any);
}

static void hold_names(const struct property_search *s, const struct subtrees *t, struct found *f)
{
	struct ber list, el, cn;

	if (form_take(&s->leaf.form, FORM_ALT_NAME, DER_SEQUENCE, &list))
		while (f->tried < NAMES_TRIED && ber_next(&list.body, &el))
			f->violated |= violates(f, t, el.tag, el.body);
	else if (name_attribute(s->leaf.form.subject, 3, &cn))
		f->by_common_name = violates(f, t, NAME_DNS, cn.body);
	if (s->leaf.form.subject.len != 0)
		f->by_directory = violates(f, t, NAME_DIRECTORY, s->leaf.form.subject);
}

static struct found hold(const struct property_search *s, const struct subtrees *t)
{
	struct found f = { .tried = 0 };
	struct bytes subtrees = t->permitted;
	struct ber base;

	while (next_base(&subtrees, &base)) {
		f.permits_other_name |= base.tag == NAME_OTHER;
		f.permits_directory |= base.tag == NAME_DIRECTORY;
	}
	hold_names(s, t, &f);
	return f;
}

static bool read_subtrees(const struct form *f, struct subtrees *out)
{
	struct ber list, permitted, excluded;

	*out = (struct subtrees){ .critical = form_critical(f, FORM_NAME_CONSTRAINTS) };
	if (!form_take(f, FORM_NAME_CONSTRAINTS, DER_SEQUENCE, &list))
		return false;
	out->empty = list.body.len == 0;
	(void)ber_take(&list.body, 0xa0, &permitted);
	(void)ber_take(&list.body, 0xa1, &excluded);
	out->permitted = permitted.body;
	out->excluded = excluded.body;
	return true;
}

static enum property kind_of(const struct subtrees *t, const struct found *f)
{
	if (t->empty)
		return PROPERTY_nc_empty;
	if (f->by_common_name)
		return PROPERTY_nc_cn_only;
	if (f->violated)
		return t->critical ? PROPERTY_nc_permitted_other
				   : PROPERTY_nc_permitted_other_noncrit;
	if (f->by_directory)
		return PROPERTY_nc_dirname_other;
	if (f->permits_directory)
		return PROPERTY_nc_dirname_ok;
	return f->permits_other_name ? PROPERTY_nc_othername : PROPERTY_nc_permitted_ok;
}

/* One that is kept and not critical nobody minds. */
static void find_name_constraints(struct property_search *s)
{
	struct subtrees t;
	struct found f;

	for (size_t i = 0; i < s->n_cas; i++) {
		if (!read_subtrees(&s->ca[i].form, &t))
			continue;
		f = hold(s, &t);
		property_add_if(s,
			t.critical || kind_of(&t, &f) == PROPERTY_nc_permitted_other_noncrit ||
				f.by_common_name || f.by_directory,
			kind_of(&t, &f));
	}
	if (s->root.cert != NULL && read_subtrees(&s->root.form, &t)) {
		f = hold(s, &t);
		property_add_if(
			s, f.violated || f.by_common_name || f.by_directory, PROPERTY_nc_root);
	}
	property_add_if(s, read_subtrees(&s->leaf.form, &t) && t.critical, PROPERTY_nc_on_leaf);
}

/* ---- policies ---- */

enum { POLICIES_MAX = 64 };

struct policies {
	struct bytes oid[POLICIES_MAX];
	size_t n;
	bool twice;
};

static bool has_policy(const struct policies *p, struct bytes oid)
{
	for (size_t i = 0; i < p->n; i++)
		if (bytes_equal(p->oid[i], oid))
			return true;
	return false;
}

static void read_policies(const struct form *f, struct policies *out)
{
	struct ber list, policy, oid;

	*out = (struct policies){ .n = 0 };
	if (!form_take(f, FORM_POLICIES, DER_SEQUENCE, &list))
		return;
	while (out->n < POLICIES_MAX && ber_take(&list.body, DER_SEQUENCE, &policy))
		if (ber_take(&policy.body, DER_OID, &oid)) {
			out->twice |= has_policy(out, oid.body);
			out->oid[out->n++] = oid.body;
		}
}

/* requireExplicitPolicy, [0] of PolicyConstraints. */
static bool requires_policy(const struct form *f)
{
	struct ber list, el;

	return form_take(f, FORM_POLICY_CONSTRAINTS, DER_SEQUENCE, &list) &&
	       ber_take(&list.body, DER_CONTEXT, &el);
}

static bool share_a_policy(const struct policies *a, const struct policies *b)
{
	static const uint8_t any[] = { 0x55, 0x1d, 0x20, 0 };

	for (size_t i = 0; i < a->n; i++)
		if (has_policy(b, a->oid[i]))
			return true;
	return has_policy(a, bytes_of(any, sizeof any)) || has_policy(b, bytes_of(any, sizeof any));
}

static void find_ca_policies(
	struct property_search *s, const struct form *ca, const struct policies *leaf)
{
	struct policies own;

	property_add_if(s, form_critical(ca, FORM_POLICY_MAPPINGS), PROPERTY_policy_mapping);
	property_add_if(s, form_critical(ca, FORM_INHIBIT_ANY_POLICY), PROPERTY_policy_inhibit_any);
	if (!requires_policy(ca))
		return;
	read_policies(ca, &own);
	if (leaf->n == 0)
		property_add(s, PROPERTY_policy_require);
	else
		property_add(s, share_a_policy(leaf, &own) ? PROPERTY_policy_require_met
							   : PROPERTY_policy_disjoint);
}

void find_constraints(struct property_search *s)
{
	struct policies leaf;

	find_name_constraints(s);
	read_policies(&s->leaf.form, &leaf);
	property_add_if(s, form_critical(&s->leaf.form, FORM_POLICIES), PROPERTY_policy_critical);
	property_add_if(s, leaf.twice, PROPERTY_policy_dup);
	for (size_t i = 0; i < s->n_cas; i++)
		find_ca_policies(s, &s->ca[i].form, &leaf);
}
