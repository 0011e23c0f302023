/*
 * ClientKeyExchange: RFC 5246 7.4.7, RFC 8422 5.7, RFC 4279 and 5489 (PSK), RFC 5054 2.5.4 (SRP),
 * RFC 6101 5.6.7 (SSL 3.0), draft-cragie-tls-ecjpake.
 */
#include "wire/field.h"
#include "wire/handshake.h"

enum { SSL_3_0 = 0x0300 };

static void read_identity(struct cur *c, struct client_key_exchange *out)
{
	out->psk_identity = field_opaque16(c, "psk_identity", 0);
	out->has_psk_identity = cur_ok(c);
}

/* In SSL 3.0 the encrypted secret is the whole message; TLS put a length before it. */
static void read_rsa(struct cur *c, uint16_t version, struct client_key_exchange *out)
{
	out->encrypted_premaster = version <= SSL_3_0
					   ? cur_rest(c)
					   : field_opaque16(c, "encrypted_pre_master_secret", 0);
}

static void keep_public(struct cur *key, struct client_key_exchange *out)
{
	out->public_at = key->at;
	out->public_key = cur_rest(key);
}

static void read_dh(struct cur *c, const char *field, struct client_key_exchange *out)
{
	struct cur yc = cur_vec16(c, field, 1, 65535);

	keep_public(&yc, out);
}

static void read_ecdh(struct cur *c, struct client_key_exchange *out)
{
	struct cur point = cur_vec8(c, "ecdh_Yc", 1, 255);

	keep_public(&point, out);
}

/* The client's key may be in its certificate, and then the message is empty ("implicit"). */
static bool is_implicit(const struct cur *c)
{
	return cur_left(c) == 0;
}

static void read_exchange(
	struct cur *c, uint16_t version, enum key_exchange kx, struct client_key_exchange *out)
{
	switch (kx) {
	case KX_RSA:
		read_rsa(c, version, out);
		break;
	case KX_DH:
	case KX_DHE:
		if (!is_implicit(c))
			read_dh(c, "dh_Yc", out);
		break;
	case KX_ECDH:
	case KX_ECDHE:
		if (!is_implicit(c))
			read_ecdh(c, out);
		break;
	case KX_PSK:
		read_identity(c, out);
		break;
	case KX_RSA_PSK:
		read_identity(c, out);
		read_rsa(c, version, out);
		break;
	case KX_DHE_PSK:
		read_identity(c, out);
		read_dh(c, "dh_Yc", out);
		break;
	case KX_ECDHE_PSK:
		read_identity(c, out);
		read_ecdh(c, out);
		break;
	case KX_SRP:
		read_dh(c, "srp_A", out);
		break;
	case KX_ECJPAKE:
		out->public_key = field_ecjpake_key(c, &out->public_at);
		break;
	case KX_KRB5:
	case KX_GOST:
	case KX_ECCPWD:
	case KX_UNKNOWN:
	case KX_NULL:
	case KX_TLS13: /* of no use to us */
		(void)cur_rest(c);
		break;
	}
}

bool parse_client_key_exchange(
	struct cur *body, uint16_t version, enum key_exchange kx, struct client_key_exchange *out)
{
	*out = (struct client_key_exchange){ .seen = true };
	read_exchange(body, version, kx, out);
	return cur_end(body, "ClientKeyExchange");
}
