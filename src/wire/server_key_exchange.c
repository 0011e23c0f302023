/*
 * ServerKeyExchange: its form follows from the suite's key exchange alone, so every kind has a
 * reader of its parameters; what is signed, and whether, is the same for all.
 *
 * RFC 5246 7.4.3 (DHE), RFC 8422 5.4 (ECDHE), RFC 4279 and 5489 (PSK), RFC 5054 2.5.3 (SRP),
 * RFC 2246 7.4.3 (RSA with a short key), draft-cragie-tls-ecjpake.
 */
#include "wire/field.h"
#include "wire/handshake.h"

enum { NAMED_CURVE = 3 };

static void read_hint(struct cur *c, struct server_key_exchange *out)
{
	out->psk_identity_hint = field_opaque16(c, "psk_identity_hint", 0);
	out->has_hint = cur_ok(c);
}

/* Explicit curves (1 and 2) nobody takes; RFC 8422 5.4 knows named curves only. */
static void read_curve(struct cur *c, struct server_key_exchange *out)
{
	struct cur at_type = *c;

	out->curve_type = cur_u8(c, "curve_type");
	out->has_curve_type = cur_ok(c);
	if (out->has_curve_type && out->curve_type != NAMED_CURVE)
		cur_fail(&at_type, PARSE_VALUE, "curve_type", NAMED_CURVE);
	out->group = cur_u16(c, "namedcurve");
	out->has_group = cur_ok(c);
}

static void keep_public(struct cur *key, struct server_key_exchange *out)
{
	out->public_at = key->at;
	out->public_key = cur_rest(key);
}

static void read_ecdh(struct cur *c, struct server_key_exchange *out)
{
	struct cur point;

	read_curve(c, out);
	point = cur_vec8(c, "ECPoint.point", 1, 255);
	keep_public(&point, out);
}

static void read_ecjpake(struct cur *c, struct server_key_exchange *out)
{
	read_curve(c, out);
	out->public_key = field_ecjpake_key(c, &out->public_at);
}

static void read_dh(struct cur *c, struct server_key_exchange *out)
{
	struct cur p = cur_vec16(c, "dh_p", 1, 65535);
	struct cur ys;

	out->dh_p_at = p.at;
	out->dh_p = cur_rest(&p);
	out->dh_g = field_opaque16(c, "dh_g", 1);
	ys = cur_vec16(c, "dh_Ys", 1, 65535);
	keep_public(&ys, out);
}

static void read_srp(struct cur *c, struct server_key_exchange *out)
{
	struct cur b;

	(void)field_opaque16(c, "srp_N", 1);
	(void)field_opaque16(c, "srp_g", 1);
	(void)field_opaque8(c, "srp_s", 1);
	b = cur_vec16(c, "srp_B", 1, 65535);
	keep_public(&b, out);
}

/* The key with which an export suite encrypts, when the certificate's is too long for it. */
static void read_rsa(struct cur *c)
{
	(void)field_opaque16(c, "rsa_modulus", 1);
	(void)field_opaque16(c, "rsa_exponent", 1);
}

/* False for a key exchange that has no such message, or one whose form we do not know. */
static bool read_params(struct cur *c, struct server_key_exchange *out)
{
	switch (out->kx) {
	case KX_RSA:
		read_rsa(c);
		return true;
	case KX_DHE:
		read_dh(c, out);
		return true;
	case KX_ECDHE:
		read_ecdh(c, out);
		return true;
	case KX_PSK:
	case KX_RSA_PSK:
		read_hint(c, out);
		return true;
	case KX_DHE_PSK:
		read_hint(c, out);
		read_dh(c, out);
		return true;
	case KX_ECDHE_PSK:
		read_hint(c, out);
		read_ecdh(c, out);
		return true;
	case KX_SRP:
		read_srp(c, out);
		return true;
	case KX_ECJPAKE:
		read_ecjpake(c, out);
		return true;
	case KX_UNKNOWN:
	case KX_NULL:
	case KX_DH:
	case KX_ECDH:
	case KX_KRB5:
	case KX_GOST:
	case KX_ECCPWD:
	case KX_TLS13:
		break;
	}
	return false;
}

/*
 * The PSK mixtures sign nothing (RFC 4279 3 and 4, RFC 5489 2): with RSA_PSK the certificate's key
 * decrypts. SRP signs when its suite names a kind of key.
 */
static bool is_signed(enum key_exchange kx, enum authentication auth)
{
	bool mixed = kx == KX_PSK || kx == KX_RSA_PSK || kx == KX_DHE_PSK || kx == KX_ECDHE_PSK;

	return !mixed && kx != KX_ECJPAKE && auth != AUTH_NONE;
}

static void read_signature(struct cur *c, uint16_t version, struct server_key_exchange *out)
{
	struct cur signature;

	if (version_has_scheme(version)) {
		out->scheme_at = c->at;
		out->scheme = cur_u16(c, "SignatureAndHashAlgorithm");
		out->has_scheme = cur_ok(c);
	}
	signature = cur_vec16(c, "signature", 0, 65535);
	out->signature_at = signature.at;
	out->signature = cur_rest(&signature);
	out->has_signature = cur_ok(c);
}

bool parse_server_key_exchange(struct cur *body, uint16_t version, enum key_exchange kx,
	enum authentication auth, struct server_key_exchange *out)
{
	struct cur start = *body;

	*out = (struct server_key_exchange){ .seen = true, .kx = kx };
	if (!read_params(body, out)) {
		(void)cur_rest(body);
		return cur_ok(body);
	}
	if (cur_ok(body))
		out->params = field_between(start, body);
	if (is_signed(kx, auth))
		read_signature(body, version, out);
	return cur_end(body, "ServerKeyExchange");
}

/* ---- of one with holes ---- */

static bool is_seen(const struct hidden *hidden, size_t n, size_t at, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (at < hidden[i].at + hidden[i].length && hidden[i].at < at + length)
			return false;
	return true;
}

bool outline_server_key_exchange(struct bytes body, const struct hidden *hidden, size_t n,
	uint16_t version, struct server_key_outline *out)
{
	enum { CURVE_AND_LENGTH = 4 }; /* ECParameters of a named curve, the length of the point */
	struct server_key_exchange ske;
	struct parse_err err;
	struct cur cur = cur_init(body, &err);
	size_t after;

	*out = (struct server_key_outline){ 0 };
	if (!parse_server_key_exchange(&cur, version, KX_ECDHE, AUTH_RSA, &ske) ||
		!is_seen(hidden, n, 0, CURVE_AND_LENGTH))
		return false;
	after = ske.public_at + ske.public_key.len;
	if (!is_seen(hidden, n, after, ske.signature_at - after))
		return false;
	*out = (struct server_key_outline){ .seen = true,
		.group = ske.group,
		.has_scheme = ske.has_scheme,
		.scheme = ske.scheme,
		.signature_length = ske.signature.len };
	return true;
}
