/* Keys and signatures: kinds, sizes, curves, encodings, and algorithms of a signature. */
#include "base/array.h"
#include "base/der.h"
#include "crypto/spki.h"
#include "pki/properties_rules.h"

/* ---- keys ---- */

struct curve_row {
	uint8_t len, oid[9];
	enum property leaf, ca; /* N_PROPERTIES: nobody minds, or it was not measured */
};

static const struct curve_row curves[] = {
	{ 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1 }, PROPERTY_key_p192, N_PROPERTIES },
	{ 5, { 0x2b, 0x81, 4, 0, 33 }, PROPERTY_key_p224, N_PROPERTIES },
	{ 5, { 0x2b, 0x81, 4, 0, 35 }, PROPERTY_key_p521, PROPERTY_inter_p521 },
	{ 5, { 0x2b, 0x81, 4, 0, 10 }, PROPERTY_key_k256, PROPERTY_inter_k256 },
	{ 9, { 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7 }, PROPERTY_key_bp256, PROPERTY_inter_bp256 },
	{ 9, { 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11 }, PROPERTY_key_bp256, PROPERTY_inter_bp256 },
	{ 9, { 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13 }, PROPERTY_key_bp256, PROPERTY_inter_bp256 },
};

/* The parameters of the key's AlgorithmIdentifier; false: there are none. */
static bool key_parameters(const struct form *f, struct ber *out)
{
	struct bytes spki = f->spki;
	struct ber algorithm, oid;

	*out = (struct ber){ 0 };
	return ber_take(&spki, DER_SEQUENCE, &algorithm) &&
	       ber_take(&algorithm.body, DER_OID, &oid) && ber_next(&algorithm.body, out);
}

static const struct curve_row *curve_of(const struct ber *parameters)
{
	static const struct curve_row other = { .leaf = N_PROPERTIES, .ca = N_PROPERTIES };

	for (size_t i = 0; i < COUNT(curves); i++)
		if (bytes_equal(parameters->body, bytes_of(curves[i].oid, curves[i].len)))
			return &curves[i];
	return &other;
}

static void find_leaf_point(struct property_search *s, const struct cert *c)
{
	uint8_t first = c->key_point.len != 0 ? c->key_point.data[0] : 0;

	if (first == 2 || first == 3)
		property_add(s, PROPERTY_ec_compressed);
	else if (first == 6 || first == 7)
		property_add(s, PROPERTY_ec_hybrid);
	else
		property_add_if(s,
			crypto_point_check(c->key_group, c->key_point) == POINT_OFF_CURVE,
			PROPERTY_ec_offcurve);
}

static void find_leaf_curve(struct property_search *s)
{
	struct ber parameters;

	(void)key_parameters(&s->leaf.form, &parameters);
	if (parameters.tag == DER_SEQUENCE) {
		property_add(s, PROPERTY_ec_explicit);
		return;
	}
	property_add(s, curve_of(&parameters)->leaf);
	find_leaf_point(s, s->leaf.cert);
}

/* Of e the measured ones are 1 and 35 bits; rustls takes up to 33 bits, Go up to 31. */
static void find_rsa(struct property_search *s, const struct cert *c)
{
	struct spki k;

	spki_read(c->spki, &k);
	if (c->key_bits < 768)
		property_add(s, PROPERTY_key_rsa512);
	else if (c->key_bits < 1024)
		property_add(s, PROPERTY_key_rsa768);
	else if (c->key_bits < 2047)
		property_add(s, PROPERTY_key_rsa1024);
	else if (c->key_bits == 2047)
		property_add(s, PROPERTY_key_rsa2047);
	else
		property_add_if(s, c->key_bits > 4096, PROPERTY_key_rsa8192);
	property_add_if(s, k.exponent.len == 1 && k.exponent.data[0] == 1, PROPERTY_key_rsa_e1);
	property_add_if(s, k.exponent.len > 4, PROPERTY_key_rsa_e35);
}

static void find_leaf_key(struct property_search *s)
{
	struct ber parameters;

	switch (s->leaf.cert->key) {
	case KEY_EC:
		find_leaf_curve(s);
		break;
	case KEY_RSA:
		find_rsa(s, s->leaf.cert);
		break;
	case KEY_RSA_PSS:
		property_add(s, key_parameters(&s->leaf.form, &parameters) ? PROPERTY_key_rsapss_par
									   : PROPERTY_key_rsapss);
		break;
	case KEY_ED25519:
		property_add(s, PROPERTY_key_ed25519);
		break;
	case KEY_ED448:
		property_add(s, PROPERTY_key_ed448);
		break;
	case KEY_DSA:
		property_add(s, PROPERTY_key_dsa);
		break;
	case KEY_UNKNOWN:
	case KEY_DH:
	case KEY_X25519:
	case KEY_X448:
	case KEY_GOST:
		break;
	}
}

static void find_ca_curve(struct property_search *s, const struct looked_at *ca)
{
	uint8_t first = ca->cert->key_point.len != 0 ? ca->cert->key_point.data[0] : 0;
	struct ber parameters;

	(void)key_parameters(&ca->form, &parameters);
	if (parameters.tag == DER_SEQUENCE) {
		property_add(s, PROPERTY_inter_ec_explicit);
		return;
	}
	property_add(s, curve_of(&parameters)->ca);
	property_add_if(s, first == 2 || first == 3, PROPERTY_inter_ec_compressed);
}

static void find_ca_key(struct property_search *s, const struct looked_at *ca)
{
	if (ca->cert->key == KEY_EC)
		find_ca_curve(s, ca);
	property_add_if(
		s, ca->cert->key == KEY_RSA && ca->cert->key_bits < 2048, PROPERTY_inter_rsa1024);
	property_add_if(s, ca->cert->key == KEY_ED25519, PROPERTY_inter_ed25519);
	property_add_if(s, ca->cert->key == KEY_DSA, PROPERTY_inter_dsa);
}

void find_keys(struct property_search *s)
{
	find_leaf_key(s);
	property_add_if(s, s->q->rsa_exchange, PROPERTY_ok_rsa_kx);
	for (size_t i = 0; i < s->n_cas; i++)
		find_ca_key(s, &s->ca[i]);
}

/* ---- signatures ---- */

static bool is_rsa(const struct cert *c)
{
	return c->method.signature == SIG_RSA_PKCS1 || c->method.signature == SIG_RSA_PSS;
}

/* What an ECDSA key on P-521 signs with SHA-512 is one pair; rustls with ring knows no other. */
static bool is_odd_sha512(const struct property_search *s)
{
	const struct cert *c = s->leaf.cert;
	const struct cert *issuer = s->n_cas != 0 ? s->ca[0].cert : s->root.cert;

	return c->method.signature == SIG_ECDSA && c->method.hash == HASH_SHA512 &&
	       (issuer == NULL || issuer->key_bits < 500);
}

static void find_algorithm(struct property_search *s)
{
	const struct cert *c = s->leaf.cert;

	if (cert_signed_with_md(c))
		property_add(s, PROPERTY_sig_md5_rsa);
	else if (c->method.hash == HASH_SHA1)
		property_add(s, is_rsa(c) ? PROPERTY_sig_sha1_rsa : PROPERTY_sig_sha1_ecdsa);
	else if (c->method.hash == HASH_SHA224)
		property_add(s, PROPERTY_sig_sha224);
	else
		property_add_if(s, is_odd_sha512(s), PROPERTY_sig_sha512_p256);
	property_add_if(s, c->signature_name[0] >= '0' && c->signature_name[0] <= '9',
		PROPERTY_sig_unknown_oid);
}

/* RFC 3279 2.2.1: NULL with RSA; RFC 5758 3.2: nothing with ECDSA. */
static void find_parameters(struct property_search *s)
{
	struct bytes whole = s->leaf.form.outer_algorithm;
	struct ber algorithm, oid, parameters;
	bool there;

	if (!ber_take(&whole, DER_SEQUENCE, &algorithm) ||
		!ber_take(&algorithm.body, DER_OID, &oid))
		return;
	there = ber_next(&algorithm.body, &parameters);
	property_add_if(
		s, there && s->leaf.cert->method.signature == SIG_ECDSA, PROPERTY_sig_ecdsa_null);
	property_add_if(s, !there && s->leaf.cert->method.signature == SIG_RSA_PKCS1,
		PROPERTY_sig_rsa_nonull);
}

/* What is known to make a signature fail, or unreadable, is not a wrong signature beside. */
static void find_wrong(struct property_search *s)
{
	const struct form *f = &s->leaf.form;
	const struct chain_judgement *j = s->q->chain;
	bool differ = f->outer_algorithm.len != 0 && f->inner_algorithm.len != 0 &&
		      !bytes_equal(f->outer_algorithm, f->inner_algorithm);
	bool unused = f->signature.len != 0 && f->signature.data[0] != 0;

	property_add_if(s, differ, PROPERTY_sig_alg_mismatch);
	property_add_if(s, unused, PROPERTY_sig_unusedbits);
	if (j == NULL || j->n_steps < 2)
		return;
	property_add_if(s,
		j->step[0].signature == LINK_BAD && !differ && !unused && !f->cut &&
			!f->indefinite && s->leaf.cert->tbs.len != 0,
		PROPERTY_sig_bad);
	for (size_t i = 1; i + 1 < j->n_steps; i++)
		property_add_if(s, j->step[i].signature == LINK_BAD, PROPERTY_sig_bad_inter);
}

void find_signatures(struct property_search *s)
{
	if (!s->lone) {
		find_algorithm(s);
		find_parameters(s);
	}
	find_wrong(s);
	for (size_t i = 0; i < s->n_cas; i++)
		property_add_if(s,
			s->ca[i].cert->method.hash == HASH_SHA1 ||
				cert_signed_with_md(s->ca[i].cert),
			PROPERTY_sig_sha1_inter);
}
