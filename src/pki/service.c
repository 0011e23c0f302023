/* What a credential can serve, and what its Certificate message weighs. */
#include "base/array.h"
#include "pki/credential.h"

const unsigned fragment_sizes[FRAGMENTS] = { 512, 1024, 2048, 4096, 16384 };

static bool allows(const struct cert *c, unsigned usage)
{
	return !c->has_key_usage || (c->key_usage & usage) != 0;
}

static bool suite_fits(const struct cert *c, const struct suite *s)
{
	bool rsa = c->key == KEY_RSA || c->key == KEY_RSA_PSS;
	bool ecdsa = c->key == KEY_EC || c->key == KEY_ED25519 || c->key == KEY_ED448;

	if (s->kx == KX_RSA || s->kx == KX_RSA_PSK)
		return c->key == KEY_RSA && allows(c, KU_KEY_ENCIPHERMENT);
	return (s->kx == KX_DHE || s->kx == KX_ECDHE) && allows(c, KU_DIGITAL_SIGNATURE) &&
	       ((rsa && s->auth == AUTH_RSA) || (ecdsa && s->auth == AUTH_ECDSA));
}

static void list_suites(const struct cert *c, struct service *out)
{
	for (unsigned value = 0; value <= 0xffff && out->n_suites < SUITES_MAX; value++) {
		const struct suite *s = suite_find((uint16_t)value);

		if (s != NULL && !s->tls13 && !s->signalling && !s->weak && suite_fits(c, s))
			out->suites[out->n_suites++] = (uint16_t)value;
	}
}

static size_t hash_len(enum hash hash)
{
	return hash == HASH_SHA256 ? 32 : hash == HASH_SHA384 ? 48 : 64;
}

/* RFC 8017 9.1.1 and 9.2: a short modulus has no room for a long hash. */
static bool fits_modulus(const struct cert *c, const struct scheme *s)
{
	enum { PKCS1_OVERHEAD = 11 + 19 };
	size_t bytes = s->signature == SIG_RSA_PKCS1 ? PKCS1_OVERHEAD + hash_len(s->hash)
						     : 2 * hash_len(s->hash) + 2;

	return c->key_bits >= 8 * bytes;
}

static bool scheme_fits(const struct cert *c, const struct scheme *s)
{
	switch (s->signature) {
	case SIG_RSA_PKCS1:
		return c->key == KEY_RSA && fits_modulus(c, s);
	case SIG_RSA_PSS:
		return c->key == (s->pss_key ? KEY_RSA_PSS : KEY_RSA) && fits_modulus(c, s);
	case SIG_ECDSA:
		return c->key == KEY_EC;
	case SIG_ED25519:
		return c->key == KEY_ED25519;
	case SIG_ED448:
		return c->key == KEY_ED448;
	case SIG_ANONYMOUS:
	case SIG_DSA:
	case SIG_OTHER:
		break;
	}
	return false;
}

/* RFC 8446 4.2.3: in TLS 1.3 an ECDSA scheme fixes the curve, and PKCS #1 v1.5 is for certificates. */
static bool scheme_fits13(const struct cert *c, const struct scheme *s)
{
	return s->signature != SIG_RSA_PKCS1 &&
	       (s->signature != SIG_ECDSA || s->tls13_group == c->key_group);
}

static bool is_brainpool_13(uint16_t value)
{
	return value >= 0x081a && value <= 0x081c;
}

static void list_schemes(const struct cert *c, struct service *out)
{
	static const uint16_t schemes[] = { 0x0403, 0x0503, 0x0603, 0x081a, 0x081b, 0x081c, 0x0807,
		0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601 };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		struct scheme s = scheme_decode(schemes[i]);

		if (!scheme_fits(c, &s))
			continue;
		if (!is_brainpool_13(s.value) && out->n_schemes12 < SCHEMES_MAX)
			out->schemes12[out->n_schemes12++] = s.value;
		if (scheme_fits13(c, &s) && out->n_schemes13 < SCHEMES_MAX)
			out->schemes13[out->n_schemes13++] = s.value;
	}
}

void service_of(const struct cert *c, enum purpose purpose, struct service *out)
{
	*out = (struct service){ .curve = c->key == KEY_EC ? c->key_group : 0 };
	if (purpose == PURPOSE_SERVER)
		list_suites(c, out);
	if (allows(c, KU_DIGITAL_SIGNATURE))
		list_schemes(c, out);
	out->rsa_exchange_only = purpose == PURPOSE_SERVER && c->key == KEY_RSA &&
				 !allows(c, KU_DIGITAL_SIGNATURE) && allows(c, KU_KEY_ENCIPHERMENT);
}

/* RFC 5246 7.4.2; RFC 8446 4.4.2 adds the context and, for each, its extensions. */
void message_size_of(const struct cert *const *certs, size_t n, struct message_size *out)
{
	enum { HEADER = 4, LIST = 3, ENTRY = 3, CONTEXT = 1, EXTENSIONS = 2 };

	*out = (struct message_size){ .tls12 = HEADER + LIST, .tls13 = HEADER + CONTEXT + LIST };
	for (size_t i = 0; i < n; i++) {
		out->tls12 += ENTRY + certs[i]->der.len;
		out->tls13 += ENTRY + certs[i]->der.len + EXTENSIONS;
	}
	for (size_t i = 0; i < FRAGMENTS; i++)
		out->records[i] = (out->tls12 + fragment_sizes[i] - 1) / fragment_sizes[i];
}
