/* What was used counts, not what was offered: a peer that offers P-384 goes on without it. */
#include "diagnose/deployment.h"

#include "base/array.h"

#include <string.h>

/* ---- certificates and keys ---- */

static void note_hash(struct needs *n, enum hash hash, const char *where)
{
	if (hash == HASH_SHA384)
		needs_found(n, NEED_SHA384, where);
	if (hash == HASH_SHA512)
		needs_found(n, NEED_SHA512, where);
}

static void note_group(struct needs *n, uint16_t group, const char *where)
{
	if (group == 24)
		needs_found(n, NEED_SECP384R1, where);
	if (group == 29)
		needs_found(n, NEED_X25519, where);
}

static void note_signature(struct needs *n, enum signature_kind kind, const char *where)
{
	if (kind == SIG_RSA_PKCS1 || kind == SIG_RSA_PSS)
		needs_found(n, NEED_RSA, where);
}

/* A curve that is spelled out, by the first bytes of its b (FIPS 186-4 D.1.2). */
static bool spells_nist_curve(struct bytes spki)
{
	static const uint8_t b[][8] = {
		{ 0x64, 0x21, 0x05, 0x19, 0xe5, 0x9c, 0x80, 0xe7 }, /* P-192 */
		{ 0xb4, 0x05, 0x0a, 0x85, 0x0c, 0x04, 0xb3, 0xab },
		{ 0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7 },
		{ 0xb3, 0x31, 0x2f, 0xa7, 0xe2, 0x3e, 0xe7, 0xe4 },
		{ 0x51, 0x95, 0x3e, 0xb9, 0x61, 0x8e, 0x1c, 0x9a }, /* P-521 */
	};

	for (size_t i = 0; i < COUNT(b); i++)
		for (size_t at = 0; at + sizeof b[0] <= spki.len; at++)
			if (memcmp(spki.data + at, b[i], sizeof b[0]) == 0)
				return true;
	return false;
}

static void note_cert(struct needs *n, const struct cert *c, const char *where)
{
	note_hash(n, c->method.hash, where);
	note_signature(n, c->method.signature, where);
	note_group(n, c->key_group, where);
	if (c->key == KEY_RSA || c->key == KEY_RSA_PSS)
		needs_found(n, NEED_RSA, where);
	if (c->key_explicit &&
		!spells_nist_curve(c->spki)) /* those are not read, whatever is defined */
		needs_found(n, NEED_EXPLICIT_CURVES, where);
}

static enum deployed_key key_of(enum key_kind kind)
{
	return kind == KEY_RSA || kind == KEY_RSA_PSS ? DEPLOYED_RSA
	       : kind == KEY_EC                       ? DEPLOYED_EC
						      : DEPLOYED_OTHER;
}

bool deployment_add_cert(struct deployment *d, const struct cert *c, const char *name, bool own,
	bool pem, const char *where)
{
	note_cert(&d->needs, c, where);
	if (pem)
		needs_found(&d->needs, NEED_PEM, where);
	if (d->n_certs == DEPLOYED_CERTS_MAX) {
		d->n_left_out++;
		return false;
	}
	d->certs[d->n_certs++] = (struct deployed_cert){
		.name = name,
		.own = own,
		.pem = pem,
		.bytes = c->der.len,
		.key = key_of(c->key),
		.key_name = c->key_name,
		.key_bits = c->key_bits,
		.group = c->key_group,
		.explicit_curve = c->key_explicit,
		.nist_curve = c->key_explicit && spells_nist_curve(c->spki),
		.signature = c->method.signature,
		.hash = c->method.hash,
	};
	return true;
}

void deployment_add_key(
	struct deployment *d, const struct key_facts *key, bool pem, const char *where)
{
	if (pem)
		needs_found(&d->needs, NEED_PEM, where);
	if (key_of(key->kind) == DEPLOYED_RSA)
		needs_found(&d->needs, NEED_RSA, where);
	if (strstr(key->name, "secp384r1") != NULL)
		needs_found(&d->needs, NEED_SECP384R1, where);
}

/* ---- handshakes ---- */

static void note_suite(struct needs *n, const struct suite *s, const char *where)
{
	if (s == NULL)
		return;
	note_hash(n, (enum hash)s->prf_hash, where);
	if (s->auth == AUTH_RSA || s->kx == KX_RSA || s->kx == KX_RSA_PSK)
		needs_found(n, NEED_RSA, where);
	if (s->kind == CIPHER_CBC)
		needs_found(n, NEED_CBC, where);
	if (strstr(s->name, "_AES_256_") != NULL)
		needs_found(n, NEED_AES256, where);
	if (strstr(s->name, "_CHACHA20_") != NULL)
		needs_found(n, NEED_CHACHAPOLY, where);
}

static void note_side(
	struct needs *n, const struct handshake *hs, enum side side, const char *where)
{
	const struct party *p = &hs->side[side];
	struct shown_signature shown;

	for (size_t i = 0; i < p->n_certs; i++)
		note_cert(n, p->certs[i], where);
	if (handshake_signature(hs, side, &shown) && shown.has_scheme) {
		struct scheme s = scheme_decode(shown.scheme);

		note_hash(n, s.hash, where);
		note_signature(n, s.signature, where);
	}
}

static bool is_encrypted(const struct handshake *hs)
{
	return hs->tls13 && !hs->encrypted_extensions.seen;
}

static bool server_answers(const struct handshake *hs, uint16_t extension)
{
	if (extensions_find(&hs->server_hello.ext, extension) != NULL)
		return true;
	for (size_t i = 0; i < hs->encrypted_extensions.n; i++)
		if (hs->encrypted_extensions.list[i].type == extension)
			return true;
	return false;
}

static void note_extensions(struct needs *n, const struct handshake *hs, const char *where)
{
	static const struct {
		uint16_t extension;
		enum need need;
	} answered[] = { { EXT_MAX_FRAGMENT_LENGTH, NEED_MAX_FRAGMENT_LENGTH },
		{ EXT_EXTENDED_MASTER_SECRET, NEED_EXTENDED_MASTER_SECRET },
		{ EXT_ALPN, NEED_ALPN }, { EXT_SESSION_TICKET, NEED_TICKETS } };

	for (size_t i = 0; i < COUNT(answered); i++)
		if (server_answers(hs, answered[i].extension))
			needs_found(n, answered[i].need, where);
	if (hs->client_hello.ext.has_server_name)
		needs_found(n, NEED_SERVER_NAME, where);
	if (hs->ticket.seen || (hs->tls13 && hs->server_hello.ext.has_pre_shared_key))
		needs_found(n, NEED_TICKETS, where);
	if (hs->resumed_known && hs->resumed && hs->client_hello.ext.session_ticket.len != 0)
		needs_found(n, NEED_TICKETS, where);
	if (hs->alpn.name.len != 0)
		needs_found(n, NEED_ALPN, where);
	if (hs->renegotiation)
		needs_found(n, NEED_RENEGOTIATION, where);
}

/* Under the keys of TLS 1.3, unless they were given. */
static void note_hidden(struct needs *n, const struct handshake *hs)
{
	static const enum need certificates[] = { NEED_RSA, NEED_SHA384, NEED_SHA512,
		NEED_SECP384R1 };

	if (is_encrypted(hs))
		n->hidden[NEED_MAX_FRAGMENT_LENGTH] = n->hidden[NEED_ALPN] = true;
	if (hs->tls13)
		n->hidden[NEED_TICKETS] = true; /* they come after the handshake */
	if (!hs->tls13 || hs->side[SIDE_SERVER].n_certs != 0 ||
		hs->server_hello.ext.has_pre_shared_key)
		return;
	for (size_t i = 0; i < COUNT(certificates); i++)
		n->hidden[certificates[i]] = true;
}

static bool sends(const struct party *p, const struct cert *own)
{
	return p->n_certs != 0 && own->der.len == p->certs[0]->der.len &&
	       memcmp(own->der.data, p->certs[0]->der.data, own->der.len) == 0;
}

static void note_role(
	struct deployment *d, const struct handshake *hs, const struct cert *own, const char *where)
{
	bool client = own != NULL && sends(&hs->side[SIDE_CLIENT], own);
	bool server = own != NULL && sends(&hs->side[SIDE_SERVER], own);

	if (client == server)
		return;
	d->side = client ? DEPLOYED_CLIENT : DEPLOYED_SERVER;
	if (client)
		needs_found(&d->needs, NEED_CLIENT, where);
}

/* Without what encryption adds, in TLS 1.3: the type, and a tag (RFC 8446 5.2). */
static size_t content_of(const struct handshake *hs, enum side side)
{
	size_t len = hs->side[side].largest_record;
	size_t more = hs->tls13 ? 17 : 0;

	return len > more ? len - more : 0;
}

static void note_sizes(struct deployment *d, const struct handshake *hs)
{
	size_t client = content_of(hs, SIDE_CLIENT), server = content_of(hs, SIDE_SERVER);

	if (client > d->from_client)
		d->from_client = client;
	if (server > d->from_server)
		d->from_server = server;
}

void deployment_add_handshake(
	struct deployment *d, const struct handshake *hs, const struct cert *own, const char *where)
{
	struct needs *n = &d->needs;
	struct bytes key;
	uint16_t group;
	struct place at;

	note_sizes(d, hs);
	if (!hs->server_hello.seen && !hs->has_suite)
		return;
	d->n_handshakes++;
	note_suite(n, hs->suite, where);
	note_side(n, hs, SIDE_SERVER, where);
	note_side(n, hs, SIDE_CLIENT, where);
	note_extensions(n, hs, where);
	if (handshake_server_public(hs, &group, &key, &at))
		note_group(n, group, where);
	if (hs->tls13)
		needs_found(n, NEED_TLS13, where);
	if (hs->transport == TRANSPORT_UDP)
		needs_found(n, NEED_DTLS, where);
	note_hidden(n, hs);
	note_role(d, hs, own, where);
}

void deployment_end(struct deployment *d, bool files)
{
	/* Which of the two the device is, is known by its certificate alone. */
	d->needs.hidden[NEED_CLIENT] = d->side == DEPLOYED_UNKNOWN;
	needs_looked(&d->needs, files, d->n_handshakes != 0);
}
