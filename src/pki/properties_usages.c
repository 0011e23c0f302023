/* basicConstraints, keyUsage and extendedKeyUsage of leaf, intermediates and root. */
#include "base/array.h"
#include "base/der.h"
#include "pki/properties_rules.h"

/* ---- keyUsage ---- */

struct key_usage {
	bool there, reads;
	unsigned bits; /* KU_ */
};

static struct key_usage key_usage_of(const struct form *f)
{
	struct key_usage ku = { .there = form_find(f, FORM_KEY_USAGE) != NULL };
	struct ber el;

	ku.reads = form_take(f, FORM_KEY_USAGE, DER_BIT_STRING, &el) && !el.cut && el.body.len != 0;
	if (ku.reads)
		ku.bits = cert_key_usage(bytes_slice(el.body, 1, el.body.len));
	return ku;
}

static enum property without_signing(const struct property_search *s, unsigned bits)
{
	bool rsa = s->leaf.cert->key == KEY_RSA || s->leaf.cert->key == KEY_RSA_PSS;

	if ((bits & KU_KEY_ENCIPHERMENT) != 0)
		return rsa ? PROPERTY_ku_rsa_ke_only : PROPERTY_ku_ke_only_ec;
	if ((bits & KU_KEY_AGREEMENT) != 0)
		return PROPERTY_ku_ka_only_ec;
	return (bits & KU_KEY_CERT_SIGN) != 0 ? PROPERTY_ku_certsign_only : PROPERTY_ku_nr_only;
}

static void find_leaf_key_usage(struct property_search *s)
{
	struct key_usage ku = key_usage_of(&s->leaf.form);
	bool rsa = s->leaf.cert->key == KEY_RSA;
	bool signs = (ku.bits & KU_DIGITAL_SIGNATURE) != 0;
	bool decrypts = (ku.bits & KU_KEY_ENCIPHERMENT) != 0;

	if (!ku.there)
		return;
	if (!ku.reads)
		property_add(s, PROPERTY_ext_garbage);
	else if (ku.bits == 0)
		property_add(s, PROPERTY_ku_empty);
	else if (s->q->rsa_exchange && !decrypts)
		property_add(s, PROPERTY_ku_rsa_ds_only_kx);
	else if (s->q->rsa_exchange)
		property_add_if(s, !signs, PROPERTY_ku_rsa_ke_only_kx);
	else if (!signs)
		property_add(s, without_signing(s, ku.bits));
	else
		property_add_if(s, rsa && !decrypts, PROPERTY_ku_rsa_ds_only);
	property_add_if(s, signs && (ku.bits & KU_KEY_CERT_SIGN) != 0 && !s->leaf.cert->ca,
		PROPERTY_ku_ds_certsign);
}

/* ---- extendedKeyUsage ---- */

enum { USE_SERVER = 1, USE_CLIENT = 2, USE_CODE = 4, USE_ANY = 8, USE_OTHER = 16, USE_NONE = 32 };

static unsigned purpose_of(struct bytes oid)
{
	static const uint8_t pkix[] = { 0x2b, 6, 1, 5, 5, 7, 3 }, any[] = { 0x55, 0x1d, 0x25, 0 };

	if (bytes_equal(oid, bytes_of(any, sizeof any)))
		return USE_ANY;
	if (oid.len != sizeof pkix + 1 || memcmp(oid.data, pkix, sizeof pkix) != 0)
		return USE_OTHER;
	switch (oid.data[sizeof pkix]) {
	case 1:
		return USE_SERVER;
	case 2:
		return USE_CLIENT;
	case 3:
		return USE_CODE;
	default:
		return USE_OTHER;
	}
}

/* 0: there is no such extension. */
static unsigned purposes_of(const struct form *f)
{
	struct ber list, oid;
	unsigned uses = 0;

	if (form_find(f, FORM_EXT_KEY_USAGE) == NULL)
		return 0;
	(void)form_take(f, FORM_EXT_KEY_USAGE, DER_SEQUENCE, &list);
	while (ber_take(&list.body, DER_OID, &oid))
		uses |= purpose_of(oid.body);
	return uses != 0 ? uses : USE_NONE;
}

static void find_leaf_purposes(struct property_search *s)
{
	unsigned uses = purposes_of(&s->leaf.form);
	bool server = (uses & USE_SERVER) != 0, client = (uses & USE_CLIENT) != 0;

	if (uses == 0 || (server && client))
		return;
	if (uses == USE_NONE)
		property_add(s, PROPERTY_eku_empty);
	else if (server)
		property_add_if(s, (uses & USE_ANY) == 0, PROPERTY_eku_server);
	else if ((uses & USE_ANY) != 0)
		property_add_if(s, !client, PROPERTY_eku_any);
	else if (client)
		property_add(s, PROPERTY_eku_client);
	else
		property_add(s, (uses & USE_CODE) != 0 ? PROPERTY_eku_code : PROPERTY_eku_odd);
}

static void find_ca_purposes(struct property_search *s, const struct form *f)
{
	unsigned uses = purposes_of(f);
	bool server = (uses & USE_SERVER) != 0, client = (uses & USE_CLIENT) != 0;

	if (uses == 0 || (server && client))
		return;
	if (server)
		property_add(s, PROPERTY_eku_inter_server);
	else if ((uses & USE_ANY) != 0)
		property_add(s, PROPERTY_eku_inter_any);
	else
		property_add(s, client ? PROPERTY_eku_inter_client : PROPERTY_eku_inter_code);
}

/* ---- basicConstraints ---- */

struct basic_constraints {
	bool there, critical, ca, written_false;
	bool has_length;
	struct bytes length;
};

static struct basic_constraints constraints_of(const struct form *f)
{
	struct basic_constraints bc = { .there = form_find(f, FORM_BASIC_CONSTRAINTS) != NULL };
	struct ber list, el;

	if (!form_take(f, FORM_BASIC_CONSTRAINTS, DER_SEQUENCE, &list))
		return bc;
	bc.critical = form_critical(f, FORM_BASIC_CONSTRAINTS);
	if (ber_take(&list.body, DER_BOOLEAN, &el)) {
		bc.ca = el.body.len == 1 && el.body.data[0] != 0;
		bc.written_false = !bc.ca;
	}
	bc.has_length = ber_take(&list.body, DER_INTEGER, &el);
	bc.length = el.body;
	return bc;
}

static void find_leaf_constraints(struct property_search *s)
{
	struct basic_constraints bc = constraints_of(&s->leaf.form);
	struct key_usage ku = key_usage_of(&s->leaf.form);

	property_add_if(s, bc.written_false, PROPERTY_leaf_bc_explicit_false);
	property_add_if(s, bc.has_length && !bc.ca, PROPERTY_leaf_bc_pathlen_nonca);
	if (!bc.ca)
		return;
	if (s->lone)
		property_add(s, PROPERTY_selfsigned_trusted_ca);
	else
		property_add(s, (ku.bits & KU_KEY_CERT_SIGN) != 0 ? PROPERTY_leaf_ca_true_ku
								  : PROPERTY_leaf_ca_true);
}

static bool is_negative(struct bytes number)
{
	return number.len != 0 && (number.data[0] & 0x80) != 0;
}

static bool before_v3(const struct form *f)
{
	return f->version.len != 1 || f->version.data[0] < 2;
}

static void find_intermediate(struct property_search *s, const struct form *f)
{
	struct basic_constraints bc = constraints_of(f);
	struct key_usage ku = key_usage_of(f);

	if (before_v3(f))
		return;
	property_add_if(s, !bc.there, PROPERTY_bc_inter_absent);
	property_add_if(s, bc.there && !bc.ca, PROPERTY_bc_inter_false);
	property_add_if(s, bc.ca && !bc.critical, PROPERTY_bc_inter_noncrit);
	property_add_if(s, bc.has_length && is_negative(bc.length), PROPERTY_pathlen_negative);
	property_add_if(s, bc.has_length && !is_negative(bc.length) && bc.length.len > 4,
		PROPERTY_pathlen_huge);
	property_add_if(s, !ku.there, PROPERTY_ku_inter_absent);
	property_add_if(
		s, ku.there && (ku.bits & KU_KEY_CERT_SIGN) == 0, PROPERTY_ku_inter_no_certsign);
	find_ca_purposes(s, f);
}

static void find_root(struct property_search *s)
{
	const struct form *f = &s->root.form;
	struct basic_constraints bc = constraints_of(f);
	struct key_usage ku = key_usage_of(f);
	unsigned uses = purposes_of(f);

	if (before_v3(f))
		return;
	property_add_if(s, !bc.there, PROPERTY_bc_root_absent);
	property_add_if(s, bc.there && !bc.ca, PROPERTY_bc_root_false);
	property_add_if(s, bc.ca && !bc.critical, PROPERTY_bc_root_noncrit);
	property_add_if(
		s, ku.there && (ku.bits & KU_KEY_CERT_SIGN) == 0, PROPERTY_ku_root_no_certsign);
	property_add_if(s, !ku.there && form_find(f, FORM_SUBJECT_KEY_ID) == NULL,
		PROPERTY_root_no_aki_ski_ku);
	property_add_if(
		s, uses != 0 && (uses & (USE_SERVER | USE_ANY)) == 0, PROPERTY_eku_root_code);
}

/* The path is longer than one of its CAs allows (RFC 5280 4.2.1.9). */
static void find_too_long(struct property_search *s)
{
	const struct chain_judgement *j = s->q->chain;

	for (size_t i = 1; j != NULL && i < j->n_steps; i++)
		if (j->step[i].path_too_long)
			property_add(s, j->step[i].cert == s->root.cert
						? PROPERTY_pathlen_root0
						: PROPERTY_pathlen_inter0_two);
}

void find_usages(struct property_search *s)
{
	if (!leaf_has_no_extensions(s)) {
		find_leaf_constraints(s);
		find_leaf_key_usage(s);
		find_leaf_purposes(s);
	}
	for (size_t i = 0; i < s->n_cas; i++)
		if (s->ca[i].form.spki.len != 0)
			find_intermediate(s, &s->ca[i].form);
	if (s->root.cert != NULL)
		find_root(s);
	find_too_long(s);
}
