/*
 * Files of certificates and keys as `check` reads them: PEM, DER, C sources. The first byte says
 * whether a password is given; the rest is a file.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "pki/cert_file.h"
#include "pki/material.h"

static void check_text(const char *text)
{
	must(text != NULL);
	for (; *text != '\0'; text++)
		must((uint8_t)*text >= 0x20 && *text != 0x7f);
}

/* One line, whatever the label or the byte that it quotes. */
static void check_item(const struct material *m, const struct item *it)
{
	const struct item_file *file = &m->files[it->file];

	must(it->what != NULL && it->at <= file->bytes && it->line <= file->bytes + 1);
	must(it->block_len <= 2 * file->bytes + 1);
	must(it->kind != ITEM_CERT || it->cert != NULL || it->broken != NULL);
	must(it->cert == NULL || it->kind == ITEM_CERT);
	must((it->variable != NULL) == (file->form == FORM_C));
	must(it->broken == NULL || it->broken[0] != '\0');
	if (it->variable != NULL)
		check_text(it->variable);
	if (it->kind != ITEM_KEY)
		return;
	check_text(it->key.name);
	check_text(it->key.cipher.text);
	must(it->key.spki.len == 0 || it->key.state == KEY_READ);
	must(!it->key.too_costly || it->broken != NULL);
}

static void check_material(struct bytes text, const char *password)
{
	struct material m;
	struct err e = { .code = ERR_NONE };

	must(material_open(&m, &e));
	if (!material_take(&m, "file", FOR_ANY, text, password, &e))
		must(e.code == ERR_LIMIT);
	for (size_t i = 0; i < m.n_items; i++)
		check_item(&m, &m.items[i]);
	for (size_t i = 0; i < m.n_files; i++)
		must(m.files[i].form != FORM_NEITHER || m.files[i].holds != NULL);
	must(m.stretched <= KEY_ITERATIONS_MAX);
	material_close(&m);
}

/* Every window on a block lies in the text, and no block begins before the one before it ends. */
static void check_blocks(struct bytes text)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;
	size_t line = 0, end = 0;

	while (pem_next(&r, &block)) {
		must_be_inside(text, block.whole);
		must_be_inside(block.whole, block.body);
		must(block.whole.len != 0 && (size_t)(block.whole.data - text.data) >= end);
		must(block.line > line && r.line >= block.line);
		must(memchr(block.label, '\0', sizeof block.label) != NULL);
		line = block.line;
		end = (size_t)(block.whole.data - text.data) + block.whole.len;
	}
}

static bool take(void *ctx, struct bytes der)
{
	size_t *n = ctx;

	must(der.data != NULL);
	return ++*n < 1000;
}

static void check_ca(struct bytes text)
{
	size_t n = 0;
	const char *instead = NULL;
	struct err e = { .code = ERR_NONE };
	bool ok = cert_file_walk("file", text, (struct cert_taker){ take, &n }, &instead, &e);

	must(ok || (e.code != ERR_NONE && e.msg[0] != '\0'));
	must(!ok || instead == NULL || n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_slice(bytes_of(data, size), 1, size);

	if (size == 0)
		return 0;
	check_material(text, data[0] % 2 != 0 ? "tlsdiag" : NULL);
	check_blocks(text);
	check_ca(text);
	return 0;
}
