/*
 * PEM as it comes out of editors, mails and `cat`: every block with its line, and what a strict
 * reader would stumble over.
 */
#include "pki/items.h"

#include "pki/pem.h"

#include "base/secret.h"
#include "pki/cert_file.h"

#include <stdio.h>

static const char begin_mark[] = "-----BEGIN ";
static const char bom[] = "\xef\xbb\xbf";

enum { BEGIN_LEN = sizeof begin_mark - 1, BOM_LEN = 3, GLUED_MAX = 64 };

/*
 * The text with every BEGIN on a line of its own: files put together without a line end, or with a
 * byte order mark between them, hide one there. Offsets of the line ends put in are kept, so that
 * lines can be told as they stand in the file.
 */
struct straightened {
	struct secret text;
	size_t glued[GLUED_MAX];
	size_t n_glued;
};

static bool starts_at(struct bytes text, size_t at, const char *what, size_t len)
{
	return at + len <= text.len && memcmp(text.data + at, what, len) == 0;
}

static bool straighten(struct bytes text, struct item_file *file, struct straightened *out)
{
	size_t room = text.len + text.len / BEGIN_LEN + 1, n = 0;

	*out = (struct straightened){ .n_glued = 0 };
	if (!secret_new(&out->text, room))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (starts_at(text, i, bom, BOM_LEN) &&
			starts_at(text, i + BOM_LEN, begin_mark, BEGIN_LEN)) {
			file->bom = true;
			i += BOM_LEN;
		}
		if (n >= 5 && starts_at(text, i, begin_mark, BEGIN_LEN) &&
			memcmp(out->text.data + n - 5, "-----", 5) == 0 &&
			out->n_glued < GLUED_MAX) {
			out->glued[out->n_glued++] = n;
			out->text.data[n++] = '\n';
		}
		out->text.data[n++] = text.data[i];
	}
	out->text.len = n;
	return true;
}

/* A line of the straightened text as it is counted in the file. */
static size_t file_line(const struct straightened *s, size_t line, size_t offset)
{
	for (size_t i = 0; i < s->n_glued && s->glued[i] < offset; i++)
		line--;
	return line;
}

static void note_line_ends(struct item_file *file, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\0' && file->nul_at == 0 && i + 1 < text.len)
			file->nul_at = i + 1;
		if (text.data[i] != '\n')
			continue;
		if (i != 0 && text.data[i - 1] == '\r')
			file->crlf = true;
		else
			file->lf = true;
	}
}

static bool is_base64(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/' || c == '=' || c <= ' ';
}

/* Which line of a body is no base64, and why. */
static const char *base64_flaw(struct arena *a, struct bytes body, size_t line)
{
	size_t digits = 0;

	for (size_t i = 0; i < body.len; i++) {
		uint8_t c = body.data[i];

		line += c == '\n';
		digits += c > ' ' && c != '=';
		if (is_base64(c))
			continue;
		if (c > ' ' && c < 0x7f)
			return arena_printf(a, "line %zu: '%c' is not base64", line, c);
		return arena_printf(a, "line %zu: byte 0x%02x is not base64", line, c);
	}
	if (digits == 0)
		return "there is nothing between BEGIN and END";
	return arena_printf(a,
		"its base64 has %zu digits, which make no whole bytes: some are missing or too "
		"many",
		digits);
}

struct block_text {
	size_t line; /* of its BEGIN, as the file has it */
	const char *password;
};

static bool add_key(struct material *m, struct item *it, const struct pem_block *block,
	const struct block_text *text, struct bytes der)
{
	struct key_source from = {
		.der = block->encrypted ? (struct bytes){ NULL, 0 } : der,
		.password = text->password,
	};

	if (strstr(it->what, "encrypted") != NULL)
		from.pem = block->whole;
	return items_add_key(m, it, from);
}

static bool add_decoded(struct material *m, struct item *it, const struct pem_block *block,
	const struct block_text *text)
{
	struct secret der;
	size_t len = 0;
	bool ok = true;

	if (!secret_new(&der, block->body.len))
		return false;
	if (!block->encrypted && (!pem_decode(block->body, der.data, &len) || len == 0)) {
		it->broken = base64_flaw(m->arena, block->body, text->line + 1);
		ok = it->broken != NULL;
		it->key.state = KEY_BROKEN;
	} else if (it->kind == ITEM_CERT) {
		ok = items_add_cert(m, it, pem_certificate(block, bytes_of(der.data, len)));
	} else if (it->kind == ITEM_KEY) {
		ok = add_key(m, it, block, text, bytes_of(der.data, len));
	}
	secret_wipe(&der);
	return ok;
}

static bool add_block(
	struct material *m, const struct pem_block *block, const struct block_text *text)
{
	const char *what = pem_holds(block);
	enum item_kind kind = strcmp(what, "a certificate") == 0 ? ITEM_CERT
			      : strstr(what, "key") != NULL      ? ITEM_KEY
								 : ITEM_OTHER;
	struct item *it = items_add(m, kind, what);

	if (it == NULL)
		return false;
	it->line = text->line;
	it->block_len = block->whole.len;
	if (!block->ended) {
		it->broken = arena_printf(m->arena,
			"the block that begins at line %zu has no line '-----END %s-----'",
			text->line, block->label);
		it->key.state = KEY_BROKEN;
		return it->broken != NULL;
	}
	return add_decoded(m, it, block, text);
}

bool pem_items(struct material *m, struct bytes text, const char *password)
{
	struct item_file *file = &m->files[m->n_files - 1];
	struct straightened s;
	struct pem_reader r;
	struct pem_block block;
	bool ok = true;

	note_line_ends(file, text);
	if (!straighten(text, file, &s))
		return false;
	r = (struct pem_reader){ bytes_of(s.text.data, s.text.len), 0 };
	while (ok && pem_next(&r, &block)) {
		size_t begin = (size_t)(block.whole.data - s.text.data);
		struct block_text at = { file_line(&s, block.line, begin), password };

		ok = add_block(m, &block, &at);
	}
	if (s.n_glued != 0) {
		struct bytes before = bytes_of(s.text.data, s.glued[0]);

		file->glued_line = 1;
		for (size_t i = 0; i < before.len; i++)
			file->glued_line += before.data[i] == '\n';
	}
	secret_wipe(&s.text);
	return ok;
}
