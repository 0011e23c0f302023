/* Certificates and keys in C sources, where firmware keeps them. */
#include "pki/c_source.h"
#include "pki/items.h"

#include <stdio.h>

static const char begin_mark[] = "-----BEGIN ";

static bool contains(struct bytes text, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = 0; i + n <= text.len; i++)
		if (memcmp(text.data + i, what, n) == 0)
			return true;
	return false;
}

/*
 * A table of numbers may begin with 0x30 as well. A SEQUENCE of a length in two bytes, as every
 * certificate and most keys have, and about as many bytes behind it, is no chance.
 */
static bool looks_like_der(struct bytes b)
{
	enum { SMALLEST = 40 };

	if (b.len < SMALLEST || b.data[0] != 0x30)
		return false;
	if (b.data[1] == 0x82)
		return b.len > 128;
	return b.data[1] == 0x81 ? b.data[2] + 3u == b.len : b.data[1] + 2u == b.len;
}

/* A literal whose lines lack their \n is one long line to a reader of PEM. */
static bool add_unbroken(struct material *m, struct bytes text)
{
	bool key = contains(text, "PRIVATE KEY");
	struct item *it =
		items_add(m, key ? ITEM_KEY : ITEM_CERT, key ? "a private key" : "a certificate");

	if (it == NULL)
		return false;
	it->key.state = KEY_BROKEN;
	it->broken = "no line ends behind BEGIN: the string has no \\n there";
	return true;
}

static bool add_pem(struct material *m, const struct c_value *v, const char *password)
{
	bool nul = v->bytes.len != 0 && v->bytes.data[v->bytes.len - 1] == '\0';
	bool terminated = nul || (v->literal && (v->declared == 0 || v->declared > v->bytes.len));
	struct bytes text = bytes_slice(v->bytes, 0, v->bytes.len - nul);
	size_t first = m->n_items;

	if (!pem_items(m, text, password) || (m->n_items == first && !add_unbroken(m, text)))
		return false;
	for (size_t i = first; i < m->n_items; i++)
		m->items[i].unterminated = !terminated;
	return true;
}

static bool add_value(struct material *m, const struct c_value *v, const char *password)
{
	size_t first = m->n_items;
	const char *name;

	if (contains(v->bytes, begin_mark)) {
		if (!add_pem(m, v, password))
			return false;
	} else if (!v->literal && looks_like_der(v->bytes)) {
		if (!der_items(m, v->bytes, password))
			return false;
	}
	if (m->n_items == first)
		return true;
	name = arena_str(m->arena, v->name);
	for (size_t i = first; i < m->n_items; i++) {
		m->items[i].variable = name;
		m->items[i].line = v->line;
	}
	return name != NULL;
}

bool c_items(struct material *m, struct bytes text, const char *password)
{
	struct c_reader r;
	struct c_value v;
	bool ok = true;

	if (!c_reader_open(&r, text))
		return false;
	while (ok && c_reader_next(&r, &v))
		ok = add_value(m, &v, password);
	c_reader_close(&r);
	return ok;
}
