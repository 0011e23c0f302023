/*
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7): what kind of key, how long, on which curve; and whether
 * two are the same key. Whether its point is on the curve is for crypto to say.
 */
#include "pki/cert_walk.h"

#include "crypto/spki.h"
#include "pki/oid.h"

#include <stdio.h>

struct public_key {
	char oid[OID_TEXT];
	const struct oid_key *known; /* NULL: unknown algorithm */
	struct bytes bits;           /* the key's own encoding */
	unsigned n_bits;
	uint16_t group;       /* EC, 0 unknown or explicit */
	char curve[OID_TEXT]; /* EC: the named curve's OID, "" explicit */
};

static unsigned bit_length(struct bytes magnitude)
{
	unsigned top = 0;

	if (magnitude.len == 0 || magnitude.len > 1 << 20)
		return 0;
	for (uint8_t b = magnitude.data[0]; b != 0; b >>= 1)
		top++;
	return (unsigned)(magnitude.len - 1) * 8 + top;
}

/* The INTEGER that a SEQUENCE of them begins with (p of Dss-Parms, p of DomainParameters). */
static unsigned first_integer_bits(const struct der *sequence)
{
	struct parse_err err;
	struct cur in = der_open(sequence, &err);
	struct der number;

	if (sequence->tag != DER_SEQUENCE || !der_take(&in, DER_INTEGER, "parameters", &number))
		return 0;
	return bit_length(der_magnitude(&number));
}

static void read_rsa(struct public_key *k, const struct der *bits, struct parse_err *err)
{
	struct cur in = der_open(bits, err), body;
	struct der key, number;

	(void)cur_u8(&in, "subjectPublicKey");
	if (!der_take(&in, DER_SEQUENCE, "RSAPublicKey", &key))
		return;
	body = der_open(&key, err);
	if (der_take(&body, DER_INTEGER, "modulus", &number))
		k->n_bits = bit_length(der_magnitude(&number));
	(void)der_take(&body, DER_INTEGER, "publicExponent", &number);
	(void)cur_end(&body, "RSAPublicKey");
	(void)cur_end(&in, "RSAPublicKey");
}

/* SEC 1 C.2: explicit parameters; only the size of the field is of interest. */
static unsigned explicit_curve_bits(const struct der *parameters)
{
	struct parse_err err;
	struct cur in = der_open(parameters, &err);
	struct der el, field;

	if (parameters->tag != DER_SEQUENCE || !der_take(&in, DER_INTEGER, "version", &el) ||
		!der_take(&in, DER_SEQUENCE, "fieldID", &field))
		return 0;
	in = der_open(&field, &err);
	if (!der_take(&in, DER_OID, "fieldType", &el) || !der_ahead(&in, DER_INTEGER) ||
		!der_take(&in, DER_INTEGER, "prime", &el))
		return 0;
	return bit_length(der_magnitude(&el));
}

static void read_ec(struct public_key *k, const struct der *parameters)
{
	const struct group *group;

	if (parameters->tag == DER_OID) {
		(void)oid_text(parameters->body, k->curve);
		k->group = oid_curve(k->curve);
	}
	group = group_find(k->group);
	if (k->group != 0 && group != NULL)
		k->n_bits = group->bits;
	else
		k->n_bits = explicit_curve_bits(parameters);
	if (k->n_bits == 0 && k->bits.len > 1) /* an unknown curve: its point tells about */
		k->n_bits = (unsigned)(k->bits.len - 1) * (k->bits.data[0] == 4 ? 4 : 8);
}

static void read_by_kind(struct public_key *k, const struct der *parameters, const struct der *bits,
	struct parse_err *err)
{
	enum key_kind kind = k->known != NULL ? k->known->kind : KEY_UNKNOWN;

	if (kind == KEY_RSA || kind == KEY_RSA_PSS)
		read_rsa(k, bits, err);
	else if (kind == KEY_EC)
		read_ec(k, parameters);
	else if (kind == KEY_DSA || kind == KEY_DH)
		k->n_bits = first_integer_bits(parameters);
	else
		k->n_bits = (unsigned)k->bits.len * 8;
}

static void read_public_key(const struct der *spki, struct public_key *k, struct parse_err *err)
{
	struct cur in = der_open(spki, err), inner;
	struct der algorithm, oid, parameters = { 0 }, bits;

	*k = (struct public_key){ 0 };
	if (!der_take(&in, DER_SEQUENCE, "subjectPublicKeyInfo.algorithm", &algorithm))
		return;
	inner = der_open(&algorithm, err);
	if (!der_take(&inner, DER_OID, "subjectPublicKeyInfo.algorithm", &oid))
		return;
	(void)oid_text(oid.body, k->oid);
	k->known = oid_key_find(k->oid);
	if (cur_left(&inner) != 0)
		(void)der_next(&inner, "subjectPublicKeyInfo.parameters", &parameters);
	if (!der_take(&in, DER_BIT_STRING, "subjectPublicKey", &bits))
		return;
	k->bits = der_bits(&bits);
	read_by_kind(k, &parameters, &bits, err);
	(void)cur_end(&in, "subjectPublicKeyInfo");
}

static void name_key(struct cert *c, const struct public_key *k)
{
	const char *curve = name_group(k->group);

	if (k->known == NULL)
		(void)snprintf(c->key_name, sizeof c->key_name, "%s", k->oid);
	else if (c->key == KEY_EC && k->group != 0 && curve != NULL)
		(void)snprintf(c->key_name, sizeof c->key_name, "EC %s", curve);
	else if (c->key == KEY_EC && k->curve[0] != '\0')
		(void)snprintf(c->key_name, sizeof c->key_name, "EC curve %.50s", k->curve);
	else if (c->key == KEY_EC)
		(void)snprintf(c->key_name, sizeof c->key_name, "EC %u, explicit curve", k->n_bits);
	else if (c->key == KEY_RSA || c->key == KEY_RSA_PSS || c->key == KEY_DSA ||
		 c->key == KEY_DH)
		(void)snprintf(c->key_name, sizeof c->key_name, "%s %u", k->known->name, k->n_bits);
	else
		(void)snprintf(c->key_name, sizeof c->key_name, "%s", k->known->name);
}

void cert_read_key(struct cert *c, const struct der *spki)
{
	struct parse_err err;
	struct public_key k;

	read_public_key(spki, &k, &err);
	c->key = k.known != NULL ? k.known->kind : KEY_UNKNOWN;
	c->key_bits = k.n_bits;
	c->key_group = k.group;
	c->key_explicit = c->key == KEY_EC && k.group == 0 && k.curve[0] == '\0';
	if (c->key == KEY_EC)
		c->key_point = k.bits;
	name_key(c, &k);
	cert_note(c, &err);
}

/* ---- comparing ---- */

static bool is_compressed(struct bytes point)
{
	return point.len != 0 && (point.data[0] == 2 || point.data[0] == 3);
}

/* A compressed point is x and the lowest bit of y (SEC 1 2.3.3). */
static bool same_half(struct bytes compressed, struct bytes full)
{
	size_t len = compressed.len - 1;

	return full.len == 1 + 2 * len && full.data[0] == 4 &&
	       bytes_equal(bytes_slice(compressed, 1, len), bytes_slice(full, 1, len)) &&
	       (full.data[full.len - 1] & 1u) == (compressed.data[0] & 1u);
}

static bool same_point(struct bytes a, struct bytes b)
{
	if (is_compressed(a) && !is_compressed(b))
		return same_half(a, b);
	if (is_compressed(b) && !is_compressed(a))
		return same_half(b, a);
	return a.len != 0 && bytes_equal(a, b);
}

static bool is_rsa(const struct spki *k)
{
	return (k->kind == KEY_RSA || k->kind == KEY_RSA_PSS) && k->modulus.len != 0;
}

bool cert_same_key(struct bytes spki_a, struct bytes spki_b)
{
	struct spki a, b;

	if (bytes_equal(spki_a, spki_b))
		return spki_a.len != 0;
	spki_read(spki_a, &a);
	spki_read(spki_b, &b);
	if (is_rsa(&a) && is_rsa(&b))
		return bytes_equal(a.modulus, b.modulus) && bytes_equal(a.exponent, b.exponent);
	/* A curve that is written out, or not known here, has no name: the same point then is the same key. */
	return a.kind == KEY_EC && b.kind == KEY_EC &&
	       (a.group == b.group || a.group == 0 || b.group == 0) && same_point(a.point, b.point);
}
