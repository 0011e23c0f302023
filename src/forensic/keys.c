/* The key given, those of the certificates given, those of the rest of the chain; none twice. */
#include "forensic/keys.h"

#include "crypto/spki.h"
#include "session/handshake.h"

struct known_key key_of_cert(const struct cert *c)
{
	return (struct known_key){ .kind = c->key,
		.spki = c->spki,
		.group = c->key_group,
		.point = c->key_point,
		.bits = c->key_bits };
}

struct known_key key_of_spki(struct bytes der)
{
	struct spki key;
	unsigned unused = 0;

	spki_read(der, &key);
	if (key.modulus.len != 0)
		while (unused < 7 && key.modulus.data[0] >> (7 - unused) == 0)
			unused++;
	return (struct known_key){ .kind = key.kind,
		.spki = der,
		.group = key.group,
		.point = key.point,
		.bits = (unsigned)(8 * key.modulus.len) - unused };
}

static size_t add(struct known_key *out, size_t n, const struct suspect *s, struct known_key key)
{
	if (n == KEYS_MAX || key.spki.len == 0 || cert_same_key(key.spki, s->leaf->spki))
		return n;
	for (size_t i = 0; i < n; i++)
		if (cert_same_key(key.spki, out[i].spki))
			return n;
	out[n] = key;
	return n + 1;
}

size_t keys_besides(const struct suspect *s, const struct evidence *ev, struct arena *a,
	struct known_key out[static KEYS_MAX])
{
	const struct handshake *hs = s->hs;
	struct known_key key;
	size_t n = 0;

	if (ev->key_spki.len != 0) {
		key = key_of_spki(ev->key_spki);
		key.what = "under the key given with --key";
		n = add(out, n, s, key);
	}
	for (size_t i = 0; i < ev->n_certs; i++) {
		key = key_of_cert(ev->certs[i]);
		key.what = "under the key of the certificate given with --cert";
		n = add(out, n, s, key);
	}
	for (size_t i = 1; i < hs->side[s->signer].n_certs; i++) {
		key = key_of_cert(hs->side[s->signer].certs[i]);
		key.what = arena_printf(a, "under the key of certificate %zu of the chain", i + 1);
		n = add(out, n, s, key);
	}
	return n;
}

bool key_has_point(const struct known_key *k, const struct point *p)
{
	size_t len = (p->len - 1) / 2;

	if (k->kind != KEY_EC || p->len == 0)
		return false;
	if (k->point.len == 1 + len && (k->point.data[0] == 2 || k->point.data[0] == 3))
		return (k->point.data[0] & 1) == (p->data[p->len - 1] & 1) &&
		       memcmp(k->point.data + 1, p->data + 1, len) == 0;
	return bytes_equal(k->point, bytes_of(p->data, p->len));
}
