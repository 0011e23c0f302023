/* Extensions that are there twice, that nobody knows, that are critical where they should not be, and
 * the identifiers of keys. */
#include "base/der.h"
#include "pki/path.h"
#include "pki/properties_rules.h"

/* ---- twice, or unknown ---- */

static bool is_there_before(const struct form *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (bytes_equal(f->extension[k].oid, f->extension[i].oid))
			return true;
	return false;
}

static void find_twice(struct property_search *s)
{
	const struct form *f = &s->leaf.form;

	for (size_t i = 1; i < f->n_extensions; i++)
		if (is_there_before(f, i))
			property_add(s, f->extension[i].kind == FORM_UNKNOWN ? PROPERTY_dup_unknown
					: f->extension[i].kind == FORM_ALT_NAME ? PROPERTY_dup_san
										: PROPERTY_dup_eku);
	for (size_t k = 0; k < s->n_cas; k++)
		for (size_t i = 1; i < s->ca[k].form.n_extensions; i++)
			property_add_if(s,
				s->ca[k].form.extension[i].kind != FORM_UNKNOWN &&
					is_there_before(&s->ca[k].form, i),
				PROPERTY_dup_bc_inter);
}

static bool has_unknown_critical(const struct form *f)
{
	for (size_t i = 0; i < f->n_extensions; i++)
		if (f->extension[i].kind == FORM_UNKNOWN && f->extension[i].critical)
			return true;
	return false;
}

static void find_critical(struct property_search *s)
{
	property_add_if(s, has_unknown_critical(&s->leaf.form), PROPERTY_unknown_crit_leaf);
	property_add_if(s, form_critical(&s->leaf.form, FORM_CT_POISON), PROPERTY_ct_poison);
	for (size_t i = 0; i < s->n_cas; i++)
		property_add_if(
			s, has_unknown_critical(&s->ca[i].form), PROPERTY_unknown_crit_inter);
	property_add_if(s, s->root.cert != NULL && has_unknown_critical(&s->root.form),
		PROPERTY_unknown_crit_root);
}

/* ---- what a certificate demands or limits by itself ---- */

/* RFC 7633: status_request among the features. */
static bool must_staple(const struct form *f)
{
	struct ber list, el;

	(void)form_take(f, FORM_TLS_FEATURE, DER_SEQUENCE, &list);
	while (ber_take(&list.body, DER_INTEGER, &el))
		if (el.body.len == 1 && el.body.data[0] == 5)
			return true;
	return false;
}

/* Netscape's certificate type: an SSL client (bit 0) and no SSL server (bit 1). */
static bool for_clients_only(const struct form *f)
{
	struct ber el;

	return form_take(f, FORM_NETSCAPE_TYPE, DER_BIT_STRING, &el) && el.body.len >= 2 &&
	       (el.body.data[1] & 0xc0) == 0x80;
}

static void find_demands(struct property_search *s)
{
	property_add_if(s, must_staple(&s->leaf.form), PROPERTY_must_staple);
	for (size_t i = 0; i < s->n_cas; i++)
		property_add_if(s, must_staple(&s->ca[i].form), PROPERTY_must_staple_inter);
	property_add_if(s, for_clients_only(&s->leaf.form), PROPERTY_ns_certtype_client);
}

/* ---- key identifiers ---- */

enum { AKI_KEY_ID = 0x80, AKI_ISSUER = 0xa1, AKI_SERIAL = 0x82, NAME_DIRECTORY = 0xa4 };

struct authority {
	bool there, critical, reads, empty, has_key_id, has_serial;
	struct bytes issuer, serial; /* the body of the Name, the body of the INTEGER */
};

static struct authority authority_of(const struct form *f)
{
	struct authority a = { .there = form_find(f, FORM_AUTHORITY_KEY_ID) != NULL,
		.critical = form_critical(f, FORM_AUTHORITY_KEY_ID) };
	struct ber list, el, name;

	a.reads = form_take(f, FORM_AUTHORITY_KEY_ID, DER_SEQUENCE, &list) && !list.cut;
	if (!a.reads)
		return a;
	a.empty = list.body.len == 0;
	while (ber_next(&list.body, &el)) {
		a.has_key_id |= el.tag == AKI_KEY_ID;
		if (el.tag == AKI_ISSUER && ber_take(&el.body, NAME_DIRECTORY, &name) &&
			ber_take(&name.body, DER_SEQUENCE, &el))
			a.issuer = el.body;
		if (el.tag == AKI_SERIAL) {
			a.has_serial = true;
			a.serial = el.body;
		}
	}
	return a;
}

/* It names its issuer by that one's own issuer and serial number, and they are another's. */
static bool names_another(const struct authority *a, const struct form *issuer)
{
	return a->has_serial && issuer != NULL && issuer->serial.len != 0 &&
	       (!bytes_equal(a->serial, issuer->serial) ||
		       (a->issuer.len != 0 && !bytes_equal(a->issuer, issuer->issuer)));
}

static const struct looked_at *above(const struct property_search *s, size_t i)
{
	if (i < s->n_cas)
		return &s->ca[i];
	return s->root.cert != NULL ? &s->root : NULL;
}

static void find_leaf_authority(struct property_search *s)
{
	struct authority a = authority_of(&s->leaf.form);
	const struct looked_at *issuer = above(s, 0);

	if (s->lone)
		return;
	if (!a.there) {
		property_add(s, PROPERTY_aki_missing);
		return;
	}
	property_add_if(s, !a.reads, PROPERTY_ext_garbage_aki);
	property_add_if(s, a.empty, PROPERTY_aki_empty);
	property_add_if(s, a.critical, PROPERTY_aki_critical);
	property_add_if(s, issuer != NULL && path_key_ids_conflict(s->leaf.cert, issuer->cert),
		PROPERTY_aki_wrong);
	property_add_if(s, names_another(&a, issuer != NULL ? &issuer->form : NULL),
		a.has_key_id ? PROPERTY_aki_issuer_wrong : PROPERTY_aki_issuer_only_wrong);
}

static void find_ca_ids(struct property_search *s, size_t i)
{
	const struct looked_at *ca = &s->ca[i], *issuer = above(s, i + 1);

	if (ca->form.n_extensions == 0)
		return;
	property_add_if(
		s, form_find(&ca->form, FORM_AUTHORITY_KEY_ID) == NULL, PROPERTY_aki_missing_inter);
	property_add_if(
		s, form_find(&ca->form, FORM_SUBJECT_KEY_ID) == NULL, PROPERTY_ski_missing_inter);
	property_add_if(s, issuer != NULL && path_key_ids_conflict(ca->cert, issuer->cert),
		PROPERTY_aki_wrong_inter);
}

void find_extensions(struct property_search *s)
{
	find_twice(s);
	find_critical(s);
	find_demands(s);
	if (!leaf_has_no_extensions(s))
		find_leaf_authority(s);
	for (size_t i = 0; i < s->n_cas; i++)
		find_ca_ids(s, i);
	property_add_if(s,
		s->root.cert != NULL && s->root.form.n_extensions != 0 &&
			form_find(&s->root.form, FORM_SUBJECT_KEY_ID) == NULL &&
			form_find(&s->root.form, FORM_KEY_USAGE) != NULL,
		PROPERTY_ski_missing_root);
}
