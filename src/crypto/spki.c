/* A key that cannot be used is still told: what it is, and what about it is wrong. */
#include "crypto/spki.h"

#include "base/array.h"
#include "crypto/asn1.h"
#include "crypto/curve.h"
#include "crypto/group.h"

#define OID(...)                                                                                   \
	{                                                                                          \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })         \
	}

static const struct algorithm {
	enum key_kind kind;
	struct bytes oid;
} algorithms[] = {
	{ KEY_RSA, OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1) },
	{ KEY_RSA_PSS, OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10) },
	{ KEY_EC, OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1) }, { KEY_ED25519, OID(0x2b, 0x65, 112) },
	{ KEY_ED448, OID(0x2b, 0x65, 113) }, { KEY_X25519, OID(0x2b, 0x65, 110) },
	{ KEY_X448, OID(0x2b, 0x65, 111) }, { KEY_DSA, OID(0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1) },
	{ KEY_DH, OID(0x2a, 0x86, 0x48, 0xce, 0x3e, 2, 1) },          /* X9.42 */
	{ KEY_DH, OID(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 3, 1) }, /* PKCS #3 */
	{ KEY_GOST, OID(0x2a, 0x85, 3, 2, 2, 19) },                   /* 34.10-2001 */
	{ KEY_GOST, OID(0x2a, 0x85, 3, 7, 1, 1, 1, 1) },              /* 34.10-2012, 256 bits */
	{ KEY_GOST, OID(0x2a, 0x85, 3, 7, 1, 1, 1, 2) },              /* 512 bits */
};

static enum key_kind kind_of(struct bytes oid)
{
	for (size_t i = 0; i < COUNT(algorithms); i++) {
		if (bytes_equal(oid, algorithms[i].oid))
			return algorithms[i].kind;
	}
	return KEY_UNKNOWN;
}

/* SpecifiedECDomain (X9.62, SEC 1 C.2), of a prime field. */
struct explicit_curve {
	struct bytes prime, a, b, generator, order, cofactor;
};

static const struct bytes prime_field = OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 1);

static bool read_explicit(struct cur *parameters, struct explicit_curve *out)
{
	struct cur domain = asn1_enter(parameters, DER_SEQUENCE, "ECParameters"), field, curve;
	struct bytes version = asn1_unsigned(&domain, "version");

	field = asn1_enter(&domain, DER_SEQUENCE, "fieldID");
	if (!bytes_equal(asn1_content(&field, DER_OID, "fieldType"), prime_field))
		return false;
	out->prime = asn1_unsigned(&field, "Prime-p");
	curve = asn1_enter(&domain, DER_SEQUENCE, "curve");
	out->a = asn1_content(&curve, DER_OCTET_STRING, "a");
	out->b = asn1_content(&curve, DER_OCTET_STRING, "b");
	if (der_ahead(&curve, DER_BIT_STRING))
		(void)asn1_bytes(&curve, "seed");
	out->generator = asn1_content(&domain, DER_OCTET_STRING, "base");
	out->order = asn1_unsigned(&domain, "order");
	out->cofactor = bytes_of(NULL, 0);
	if (der_ahead(&domain, DER_INTEGER))
		out->cofactor = asn1_unsigned(&domain, "cofactor");
	return cur_end(&field, "fieldID") && cur_end(&curve, "curve") &&
	       cur_end(&domain, "ECParameters") && version.len == 1 && version.data[0] <= 3;
}

/*
 * All numbers must be the curve's own. With another generator of the same curve anyone can make a
 * private key for a public key that is not his (CVE-2020-0601).
 */
static bool is_curve(const struct explicit_curve *e, uint16_t group)
{
	struct affine g;
	struct curve c;
	struct residue a, b;

	return curve_load(group, &c) && mod_has_modulus(&c.p, e->prime) &&
	       mod_has_modulus(&c.n, e->order) && mod_read(&c.p, e->a, &a) &&
	       mod_equal(&c.p, &a, &c.a) && mod_read(&c.p, e->b, &b) && mod_equal(&c.p, &b, &c.b) &&
	       curve_read(&c, e->generator, &g) && mod_equal(&c.p, &g.x, &c.g.x) &&
	       mod_equal(&c.p, &g.y, &c.g.y) &&
	       (e->cofactor.data == NULL || (e->cofactor.len == 1 && e->cofactor.data[0] == 1));
}

static uint16_t explicit_group(struct cur *parameters)
{
	struct explicit_curve e;
	uint16_t group = 0;

	if (!read_explicit(parameters, &e))
		return 0;
	for (size_t i = 0; (group = group_at(i)) != 0; i++) {
		if (is_curve(&e, group))
			break;
	}
	return group;
}

static void read_ec(struct cur *parameters, struct bytes key, struct spki *out)
{
	out->point = key;
	if (der_ahead(parameters, DER_OID)) {
		out->group = group_by_oid(asn1_content(parameters, DER_OID, "namedCurve"));
		if (out->group == 0)
			out->broken = "the key's curve is not one that mbedTLS has";
	} else if (der_ahead(parameters, DER_SEQUENCE)) {
		out->group = explicit_group(parameters);
		if (out->group == 0)
			out->broken = "the key's explicit curve parameters are no known curve's";
	} else {
		out->broken = "the key does not name its curve";
	}
}

/* RSAPublicKey (RFC 8017 A.1.1) */
static void read_rsa(struct bytes key, struct spki *out)
{
	struct parse_err err;
	struct cur c = cur_init(key, &err), body = asn1_enter(&c, DER_SEQUENCE, "RSAPublicKey");

	out->modulus = asn1_unsigned(&body, "modulus");
	out->exponent = asn1_unsigned(&body, "publicExponent");
	if (!cur_end(&body, "RSAPublicKey") || !cur_end(&c, "RSAPublicKey"))
		out->broken = "the RSA key is not a DER RSAPublicKey";
}

void spki_read(struct bytes der, struct spki *out)
{
	struct parse_err err;
	struct cur c = cur_init(der, &err), body, algorithm;
	struct bytes key;

	*out = (struct spki){ .kind = KEY_UNKNOWN };
	body = asn1_enter(&c, DER_SEQUENCE, "SubjectPublicKeyInfo");
	algorithm = asn1_enter(&body, DER_SEQUENCE, "algorithm");
	out->kind = kind_of(asn1_content(&algorithm, DER_OID, "algorithm"));
	key = asn1_bytes(&body, "subjectPublicKey");
	if (!cur_end(&body, "SubjectPublicKeyInfo") || !cur_end(&c, "SubjectPublicKeyInfo")) {
		out->broken = "the key is not a DER SubjectPublicKeyInfo";
		return;
	}
	if (out->kind == KEY_RSA || out->kind == KEY_RSA_PSS)
		read_rsa(key, out);
	else if (out->kind == KEY_EC)
		read_ec(&algorithm, key, out);
}

bool crypto_key_makes(enum key_kind key, enum signature_kind signature)
{
	switch (signature) {
	case SIG_RSA_PKCS1:
		return key == KEY_RSA;
	case SIG_RSA_PSS:
		return key == KEY_RSA || key == KEY_RSA_PSS;
	case SIG_ECDSA:
		return key == KEY_EC;
	case SIG_DSA:
		return key == KEY_DSA;
	case SIG_ED25519:
		return key == KEY_ED25519;
	case SIG_ED448:
		return key == KEY_ED448;
	case SIG_ANONYMOUS:
	case SIG_OTHER:
		break;
	}
	return false;
}
