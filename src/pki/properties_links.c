/* A name of an issuer that is the subject of the next certificate, but not byte for byte. */
#include "base/der.h"
#include "pki/properties_rules.h"

enum difference { DIFFERS_NOT, DIFFERS_IN_TYPE, DIFFERS_IN_CASE, DIFFERS_IN_SPACES };

static enum difference of_values(const struct ber *a, const struct ber *b)
{
	if (bytes_equal(a->whole, b->whole))
		return DIFFERS_NOT;
	if (bytes_equal(a->body, b->body))
		return DIFFERS_IN_TYPE;
	return bytes_equal_nocase(a->body, b->body) ? DIFFERS_IN_CASE : DIFFERS_IN_SPACES;
}

/* The value of the next attribute; RDNs of one attribute, as nearly all are. */
static bool next_value(struct bytes *name, struct ber *out)
{
	struct ber rdn, pair, type;

	return ber_take(name, DER_SET, &rdn) && ber_take(&rdn.body, DER_SEQUENCE, &pair) &&
	       ber_take(&pair.body, DER_OID, &type) && ber_next(&pair.body, out);
}

/* The greatest difference between two names that RFC 5280 7.1 holds for equal. */
static enum difference difference(struct bytes a, struct bytes b)
{
	enum difference most = DIFFERS_NOT;
	struct ber x, y;

	while (next_value(&a, &x) && next_value(&b, &y)) {
		enum difference d = of_values(&x, &y);

		most = d > most ? d : most;
	}
	return most;
}

/* (Under the root all differences were measured alike.) */
static void compare(struct property_search *s, const struct form *child, const struct form *issuer,
	bool under_root)
{
	switch (difference(child->issuer, issuer->subject)) {
	case DIFFERS_NOT:
		break;
	case DIFFERS_IN_TYPE:
		property_add(s, under_root ? PROPERTY_dn_printable_vs_utf8_root
					   : PROPERTY_dn_printable_vs_utf8);
		break;
	case DIFFERS_IN_CASE:
		property_add(s, PROPERTY_dn_case);
		break;
	case DIFFERS_IN_SPACES:
		property_add(s, PROPERTY_dn_spaces);
		break;
	}
}

/* The key identifier says whose signature it is, and the name says another. */
static bool meant_by_key_id(const struct cert *child, const struct cert *issuer)
{
	return issuer != NULL && child->authority_key_id.len != 0 &&
	       bytes_equal(child->authority_key_id, issuer->subject_key_id) &&
	       issuer->subject_der.len != 0 && child->issuer_der.len != 0 &&
	       !cert_names_equal(child->issuer_der, issuer->subject_der);
}

static bool issuer_has_other_name(const struct property_search *s)
{
	const struct property_question *q = s->q;

	for (size_t i = 1; i < q->n_sent; i++)
		if (meant_by_key_id(s->leaf.cert, q->sent[i]))
			return true;
	for (size_t i = 0; i < trust_count(q->trust); i++)
		if (meant_by_key_id(s->leaf.cert, trust_at(q->trust, i)))
			return true;
	return false;
}

/* Is its key of the kind that makes such a signature as it bears? */
static bool signs_so(const struct cert *c)
{
	return (c->method.signature == SIG_ECDSA) == (c->key == KEY_EC);
}

/*
 * OpenSSL takes a certificate for self-signed that has its issuer's name, unless a key identifier says that its issuer
 * is another, or a key of its kind makes no such signature.
 */
static bool seems_self_signed(const struct cert *c)
{
	bool other = c->authority_key_id.len != 0 && c->subject_key_id.len != 0 &&
		     !bytes_equal(c->authority_key_id, c->subject_key_id);

	return c->self_issued && !other && signs_so(c);
}

void find_name_links(struct property_search *s)
{
	const struct chain_judgement *j = s->q->chain;
	const struct form *below = &s->leaf.form;

	if (j == NULL || j->n_steps < 2) {
		property_add_if(s, j != NULL && j->n_steps == 1 && issuer_has_other_name(s),
			PROPERTY_dn_issuer_other);
		return;
	}
	property_add_if(s,
		!bytes_equal(j->step[1].cert->der, s->leaf.cert->der) &&
			seems_self_signed(s->leaf.cert),
		PROPERTY_dn_leaf_named_as_ca_no_aki);
	for (size_t i = 0; i < s->n_cas; i++) {
		compare(s, below, &s->ca[i].form, false);
		below = &s->ca[i].form;
	}
	if (s->root.cert != NULL)
		compare(s, below, &s->root.form, true);
}
