/*
 * Numbers of TLS. That a signature scheme of TLS 1.2 names no curve is what most often misleads who reads
 * a dissection: viewers show the name that TLS 1.3 has for the same two bytes.
 */
#include "report/lookups/value_lookup.h"

#include "names/extension_notes.h"
#include "names/names.h"

static const char *name_of(const struct value_lookup *v)
{
	switch (v->kind) {
	case PASTE_SCHEME:
		return name_scheme(v->value);
	case PASTE_GROUP:
		return name_group(v->value);
	case PASTE_SUITE:
		return name_cipher_suite(v->value);
	case PASTE_EXTENSION:
		return name_extension(v->value);
	case PASTE_CODE:
	case PASTE_ALERT:
	case PASTE_SAYING:
		break;
	}
	return NULL;
}

static const char *const kinds[PASTE_SAYING + 1] = {
	[PASTE_SCHEME] = "signature scheme",
	[PASTE_GROUP] = "group",
	[PASTE_SUITE] = "cipher suite",
	[PASTE_EXTENSION] = "extension",
};

static const char *kind_of(const struct value_lookup *v)
{
	const char *kind = kinds[v->kind];

	return kind != NULL ? kind : "";
}

/* ---- signature schemes ---- */

enum { DER_AROUND = 7 }; /* bytes of an ECDSA signature besides its two numbers, give or take one */

static void describe_ecdsa(const struct scheme *s, struct strbuf *out)
{
	const struct group *g = group_find(s->tls13_group);

	strbuf_printf(out,
		"In TLS 1.2 these two bytes are %s with ECDSA on any curve (RFC 5246 7.4.1.4.1): "
		"they name no curve, whatever a viewer calls them.",
		hash_title(s->hash));
	if (g == NULL)
		return;
	strbuf_printf(out,
		" Only TLS 1.3 ties them to a key on %s (RFC 8446 4.2.3). Whose key signed is told "
		"by the signature's length: about %zu bytes from a key on %s, about 71 from one on "
		"P-256; and the curve of the key exchange is another matter still.",
		g->name, 2 * g->coordinate_len + DER_AROUND, g->name);
}

static void describe_scheme(uint16_t value, struct strbuf *out)
{
	struct scheme s = scheme_decode(value);

	if (s.signature == SIG_ECDSA)
		describe_ecdsa(&s, out);
	else if (s.signature == SIG_RSA_PSS)
		strbuf_printf(out,
			"RSA-PSS with %s, by a key of %s. TLS 1.3 has no other RSA signature in "
			"the "
			"handshake; TLS 1.2 may use it too. The key needs to be long enough for "
			"the hash.",
			hash_title(s.hash),
			s.pss_key ? "the type RSASSA-PSS, which few certificates have"
				  : "the usual RSA type");
	else if (s.signature == SIG_RSA_PKCS1)
		strbuf_printf(out,
			"RSA (PKCS #1 v1.5) with %s. In TLS 1.3 for signatures in certificates "
			"only.",
			hash_title(s.hash));
	else if (s.signature == SIG_OTHER || s.signature == SIG_ANONYMOUS)
		strbuf_puts(out, "A scheme that TLS stacks hardly use.");
	else
		strbuf_printf(
			out, "%s with %s.", signature_kind_title(s.signature), hash_title(s.hash));
}

/* ---- groups, suites ---- */

static void describe_group(uint16_t value, struct strbuf *out)
{
	const struct group *g = group_find(value);

	if (g->kind == GROUP_EC)
		strbuf_printf(out,
			"An elliptic curve of %u bits: an uncompressed point has %zu bytes (04, x, "
			"y), and has to satisfy the curve's equation. As the group of a key "
			"exchange it says nothing of the certificate's key, which may be on "
			"another curve.",
			g->bits, g->public_len);
	else if (g->kind == GROUP_MONTGOMERY)
		strbuf_printf(out,
			"A Montgomery curve, for key exchange only: a public key has %zu bytes.",
			g->public_len);
	else if (g->kind == GROUP_FFDHE)
		strbuf_printf(out, "Diffie-Hellman over a prime of %u bits (RFC 7919).", g->bits);
	else if (g->kind == GROUP_HYBRID && g->client_len != 0)
		strbuf_printf(out,
			"A curve and ML-KEM at once, against quantum computers: the client's share "
			"has %zu bytes, so that its hello fills more than one packet.",
			g->client_len);
	else
		strbuf_puts(out, "A group that few stacks have.");
}

static const char *proof_of(enum authentication auth)
{
	switch (auth) {
	case AUTH_RSA:
		return "needs a certificate with an RSA key";
	case AUTH_ECDSA:
		return "needs a certificate with an EC key";
	case AUTH_DSS:
		return "needs a certificate with a DSA key";
	case AUTH_NONE:
		return "needs no certificate";
	case AUTH_TLS13:
		return "goes with a certificate of any type, and with TLS 1.3 only";
	case AUTH_GOST:
	case AUTH_UNKNOWN:
		break;
	}
	return "is rare";
}

static const char *exchange_of(enum key_exchange kx)
{
	static const char *const exchanges[KX_TLS13 + 1] = {
		[KX_ECDHE] =
			"; the key exchange is ECDHE, so that both sides need a curve in common",
		[KX_ECDHE_PSK] = "; the key exchange is ECDHE under a pre-shared key",
		[KX_DHE] = "; the key exchange is DHE",
		[KX_DHE_PSK] = "; the key exchange is DHE under a pre-shared key",
		[KX_RSA] = "; the secret is encrypted to the RSA key, without forward secrecy",
		[KX_RSA_PSK] = "; the secret is encrypted to the RSA key, under a pre-shared key",
		[KX_PSK] = "; the keys come from a pre-shared one alone",
		[KX_ECJPAKE] = "; both sides prove that they know a password (EC-JPAKE, Thread)",
	};

	return exchanges[kx] != NULL ? exchanges[kx] : "";
}

static void describe_suite(uint16_t value, struct strbuf *out)
{
	const struct suite *s = suite_find(value);

	if (s->signalling) {
		strbuf_puts(out, "No suite, but a flag in the list of them.");
		return;
	}
	strbuf_printf(out, "It %s%s.%s", proof_of(s->auth), exchange_of(s->kx),
		s->weak ? " Its cipher or its MAC is too weak for today." : "");
}

/* ---- all ---- */

static void describe(const struct value_lookup *v, struct strbuf *out)
{
	const struct extension_note *note;

	if (v->kind == PASTE_SCHEME) {
		describe_scheme(v->value, out);
	} else if (v->kind == PASTE_GROUP) {
		describe_group(v->value, out);
	} else if (v->kind == PASTE_SUITE) {
		describe_suite(v->value, out);
	} else if ((note = extension_note(v->value)) != NULL) {
		strbuf_puts(out, note->meaning);
		strbuf_puts(out, ".");
	} else {
		strbuf_puts(out, "An extension that is registered, and rare.");
	}
}

static const char *see_of(const struct value_lookup *v)
{
	const struct extension_note *note =
		v->kind == PASTE_EXTENSION ? extension_note(v->value) : NULL;

	switch (v->kind) {
	case PASTE_SCHEME:
		return "no-common-signature-scheme signature-scheme-mismatch "
		       "ske-signature-size-fits-key";
	case PASTE_GROUP:
		return "no-common-group ske-point-on-curve certificate-curve-unsupported";
	case PASTE_SUITE:
		return "no-common-cipher-suite certificate-type-unusable";
	case PASTE_EXTENSION:
		return note != NULL ? note->see : "";
	case PASTE_CODE:
	case PASTE_ALERT:
	case PASTE_SAYING:
		break;
	}
	return "";
}

bool value_lookup_has(enum paste_kind kind)
{
	return kind >= PASTE_SCHEME && kind <= PASTE_EXTENSION;
}

void value_lookup_text(struct page *p, const struct value_lookup *v)
{
	struct strbuf text = { 0 };

	page_blank_line(p);
	page_printf(p, ROLE_LABEL, "0x%04X", (unsigned)v->value);
	page_tab(p, LOOKUP_AT);
	page_put(p, ROLE_NOTE, name_of(v));
	page_end_line(p);
	lookup_row(p, "", kind_of(v));
	page_blank_line(p);
	describe(v, &text);
	lookup_row(p, "meaning", strbuf_text(&text));
	strbuf_clear(&text);
	lookup_put_ids(&text, see_of(v));
	if (text.len != 0)
		lookup_row(p, "see", strbuf_text(&text));
	p->out.failed = p->out.failed || text.failed;
	strbuf_free(&text);
}

void value_lookup_json(struct json *j, const struct value_lookup *v)
{
	struct strbuf text = { 0 };

	json_object(j, NULL);
	json_string(j, "asked", v->asked);
	json_string(j, "kind", kind_of(v));
	strbuf_printf(&text, "0x%04x", (unsigned)v->value);
	json_string(j, "value", strbuf_text(&text));
	json_string(j, "name", name_of(v));
	strbuf_clear(&text);
	describe(v, &text);
	json_string(j, "meaning", strbuf_text(&text));
	lookup_json_ids(j, "see", see_of(v));
	j->out->failed = j->out->failed || text.failed;
	strbuf_free(&text);
	json_end_object(j);
}
