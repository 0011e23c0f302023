/* Of a key that the library cannot read the shape is known all the same, and often its other half. */
#include "pki/key_foreign.h"

#include "base/der.h"
#include "crypto/public_half.h"
#include "pki/oid.h"

enum { HEADER_MAX = 4 };

/* ---- writing DER ---- */

/* Tag, length, the parts one after the other. In the arena; empty when it is used up. */
static struct bytes der_join(struct arena *a, uint8_t tag, const struct bytes *part, size_t n)
{
	size_t len = 0, at = 0;
	uint8_t *out;

	for (size_t i = 0; i < n; i++)
		len += part[i].len;
	out = len <= UINT16_MAX ? arena_alloc(a, HEADER_MAX + len) : NULL;
	if (out == NULL)
		return bytes_of(NULL, 0);
	out[at++] = tag;
	if (len > 0xff) {
		out[at++] = 0x82;
		out[at++] = (uint8_t)(len >> 8);
	} else if (len > 0x7f) {
		out[at++] = 0x81;
	}
	out[at++] = (uint8_t)len;
	for (size_t i = 0; i < n; i++) {
		if (part[i].len != 0)
			memcpy(out + at, part[i].data, part[i].len);
		at += part[i].len;
	}
	return bytes_of(out, at);
}

/* SubjectPublicKeyInfo of an AlgorithmIdentifier and the bits of the key. */
static struct bytes spki_of(struct arena *a, struct bytes algorithm, struct bytes key)
{
	static const uint8_t unused_bits = 0;
	const struct bytes bits[] = { bytes_of(&unused_bits, 1), key };
	const struct bytes parts[] = { algorithm, der_join(a, DER_BIT_STRING, bits, 2) };

	return algorithm.len != 0 && parts[1].len != 0 ? der_join(a, DER_SEQUENCE, parts, 2)
						       : bytes_of(NULL, 0);
}

static struct bytes integer_of(struct arena *a, struct bytes number)
{
	static const uint8_t zero = 0;
	struct bytes magnitude = bytes_skip_zeros(number);
	bool pads = magnitude.len == 0 || (magnitude.data[0] & 0x80) != 0;
	const struct bytes parts[] = { bytes_of(&zero, pads ? 1 : 0), magnitude };

	return der_join(a, DER_INTEGER, parts, 2);
}

/* ---- DSA ---- */

static struct bytes number(struct cur *in, const char *field)
{
	struct der el;

	return der_take(in, DER_INTEGER, field, &el) ? der_magnitude(&el) : bytes_of(NULL, 0);
}

/* Parameters (RFC 3279 2.3.2): p, q, g; and the private x. */
static struct bytes dsa_spki(
	struct arena *a, struct bytes algorithm, const struct der *parameters, struct bytes x)
{
	struct parse_err err;
	struct cur in = der_open(parameters, &err);
	struct bytes p = number(&in, "p"), q = number(&in, "q"), g = number(&in, "g");
	uint8_t y[DSA_PRIME_MAX];

	if (q.len == 0 || !cur_ok(&in) || !crypto_dsa_public(p, g, x, y))
		return bytes_of(NULL, 0);
	return spki_of(a, algorithm, integer_of(a, bytes_of(y, p.len)));
}

/* OpenSSL's "DSA PRIVATE KEY": SEQUENCE { 0, p, q, g, y, x }. */
static bool read_dsa(struct bytes der, struct arena *a, struct bytes *spki)
{
	static const uint8_t dsa_oid[] = { DER_OID, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1 };
	struct bytes value[6], algorithm[2];
	struct parse_err err;
	struct cur in = cur_init(der, &err);
	struct der outer;

	if (!der_take(&in, DER_SEQUENCE, "DSAPrivateKey", &outer))
		return false;
	in = der_open(&outer, &err);
	for (size_t i = 0; i < 6; i++) {
		struct der el;

		if (!der_take(&in, DER_INTEGER, "DSAPrivateKey", &el))
			return false;
		value[i] = el.whole;
	}
	if (cur_left(&in) != 0)
		return false; /* RSA has nine */
	algorithm[0] = bytes_of(dsa_oid, sizeof dsa_oid);
	algorithm[1] = der_join(a, DER_SEQUENCE, &value[1], 3);
	*spki = spki_of(a, der_join(a, DER_SEQUENCE, algorithm, 2), value[4]);
	return true;
}

/* ---- RSA and EC: their parameters are what the library does not take ---- */

/* RSAPrivateKey (RFC 8017 A.1.2): version, n, e, and what stays where it is. */
static struct bytes rsa_spki(struct arena *a, struct bytes algorithm, struct bytes key)
{
	struct parse_err err;
	struct cur in = cur_init(key, &err);
	struct der outer, version, n, e;
	struct bytes parts[2];

	if (!der_take(&in, DER_SEQUENCE, "RSAPrivateKey", &outer))
		return bytes_of(NULL, 0);
	in = der_open(&outer, &err);
	if (!der_take(&in, DER_INTEGER, "version", &version) ||
		!der_take(&in, DER_INTEGER, "modulus", &n) ||
		!der_take(&in, DER_INTEGER, "publicExponent", &e))
		return bytes_of(NULL, 0);
	parts[0] = n.whole;
	parts[1] = e.whole;
	return spki_of(a, algorithm, der_join(a, DER_SEQUENCE, parts, 2));
}

/* ECPrivateKey (RFC 5915 3): version, the key, [0] parameters, [1] publicKey. */
struct ec_private_key {
	struct bytes parameters, point; /* empty: not there */
};

static bool read_ec(struct bytes der, struct ec_private_key *out)
{
	struct parse_err err;
	struct cur in = cur_init(der, &err), inside;
	struct der outer, version, key, el, held;

	*out = (struct ec_private_key){ { NULL, 0 }, { NULL, 0 } };
	if (!der_take(&in, DER_SEQUENCE, "ECPrivateKey", &outer))
		return false;
	in = der_open(&outer, &err);
	if (!der_take(&in, DER_INTEGER, "version", &version) ||
		!der_take(&in, DER_OCTET_STRING, "privateKey", &key))
		return false;
	while (der_next(&in, "parameters or publicKey", &el)) {
		inside = der_open(&el, &err);
		if (el.tag == DER_CONTEXT_CONSTRUCTED && der_next(&inside, "parameters", &held))
			out->parameters = held.whole;
		if (el.tag == (DER_CONTEXT_CONSTRUCTED | 1) &&
			der_take(&inside, DER_BIT_STRING, "publicKey", &held))
			out->point = der_bits(&held);
	}
	return true;
}

/* OpenSSL's "EC PRIVATE KEY", which names its curve, or writes it out. */
static bool read_sec1(struct bytes der, struct arena *a, struct bytes *spki)
{
	static const uint8_t ec_oid[] = { DER_OID, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1 };
	struct ec_private_key key;
	struct bytes algorithm[2] = { bytes_of(ec_oid, sizeof ec_oid) };

	if (!read_ec(der, &key) || key.parameters.len == 0)
		return false;
	algorithm[1] = key.parameters;
	if (key.point.len != 0)
		*spki = spki_of(a, der_join(a, DER_SEQUENCE, algorithm, 2), key.point);
	return true;
}

/* ---- PKCS #8 ---- */

struct private_key_info {
	struct der algorithm, oid, parameters; /* parameters: tag 0 when there are none */
	struct bytes key;                      /* what the OCTET STRING holds */
	struct bytes public_key;               /* of version 1; empty: none */
};

/* RFC 5958 2: [0] attributes, [1] publicKey, an IMPLICIT BIT STRING. */
static void read_public_key(struct cur *in, struct private_key_info *out)
{
	struct der el;

	while (cur_left(in) != 0 && der_next(in, "attributes or publicKey", &el))
		if (el.tag == (DER_CONTEXT | 1))
			out->public_key = der_bits(&el);
}

static bool read_info(struct bytes der, struct private_key_info *out)
{
	struct parse_err err;
	struct cur in = cur_init(der, &err), inside;
	struct der outer, version, key;

	*out = (struct private_key_info){ 0 };
	if (!der_take(&in, DER_SEQUENCE, "PrivateKeyInfo", &outer))
		return false;
	in = der_open(&outer, &err);
	if (!der_take(&in, DER_INTEGER, "version", &version) ||
		!der_take(&in, DER_SEQUENCE, "privateKeyAlgorithm", &out->algorithm) ||
		!der_take(&in, DER_OCTET_STRING, "privateKey", &key))
		return false;
	out->key = key.body;
	read_public_key(&in, out);
	inside = der_open(&out->algorithm, &err);
	if (!der_take(&inside, DER_OID, "algorithm", &out->oid))
		return false;
	if (cur_left(&inside) != 0)
		(void)der_next(&inside, "parameters", &out->parameters);
	return true;
}

/* RFC 8410 7: CurvePrivateKey is an OCTET STRING once more; in DSA it is the INTEGER x. */
static struct bytes private_value(const struct private_key_info *info, unsigned tag)
{
	struct parse_err err;
	struct cur in = cur_init(info->key, &err);
	struct der el;

	return der_take(&in, tag, "privateKey", &el) ? el.body : bytes_of(NULL, 0);
}

static struct bytes ed25519_spki(struct arena *a, const struct private_key_info *info)
{
	struct bytes seed = private_value(info, DER_OCTET_STRING);
	uint8_t key[ED25519_BYTES];

	if (seed.len != ED25519_BYTES || !crypto_ed25519_public(seed.data, key))
		return bytes_of(NULL, 0);
	return spki_of(a, info->algorithm.whole, bytes_of(key, sizeof key));
}

static bool read_pkcs8(struct bytes der, struct arena *a, struct bytes *spki)
{
	struct private_key_info info;
	const struct oid_key *known;
	struct ec_private_key ec;
	char dotted[OID_TEXT];

	if (!read_info(der, &info) || !oid_text(info.oid.body, dotted))
		return false;
	known = oid_key_find(dotted);
	if (known == NULL || known->kind == KEY_RSA)
		return false;
	if (known->kind == KEY_EC && !read_ec(info.key, &ec))
		return false;
	if (info.public_key.len != 0)
		*spki = spki_of(a, info.algorithm.whole, info.public_key);
	else if (known->kind == KEY_EC && ec.point.len != 0)
		*spki = spki_of(a, info.algorithm.whole, ec.point);
	else if (known->kind == KEY_RSA_PSS)
		*spki = rsa_spki(a, info.algorithm.whole, info.key);
	else if (known->kind == KEY_ED25519)
		*spki = ed25519_spki(a, &info);
	else if (known->kind == KEY_DSA && info.parameters.tag == DER_SEQUENCE)
		*spki = dsa_spki(a, info.algorithm.whole, &info.parameters,
			bytes_skip_zeros(private_value(&info, DER_INTEGER)));
	return true;
}

bool key_foreign_public(struct bytes der, struct arena *a, struct bytes *spki)
{
	*spki = (struct bytes){ NULL, 0 };
	return read_pkcs8(der, a, spki) || read_dsa(der, a, spki) || read_sec1(der, a, spki);
}
