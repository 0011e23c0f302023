/*
 * What people paste, and files of any kind: the reader of pasted texts, and what tells files apart. Whatever
 * the bytes are, a find stands inside them, is something that can be told, and is there once.
 */
#include "content/content.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "names/names.h"
#include "names/paste.h"

static void must_be_known(const struct paste_find *f)
{
	uint16_t value = (uint16_t)f->value;

	switch (f->kind) {
	case PASTE_CODE:
		must(f->n_matches != 0 && f->n_matches <= PASTE_MATCHES);
		for (size_t i = 0; i < f->n_matches; i++)
			must(f->match[i].code->name[0] != '\0');
		break;
	case PASTE_ALERT:
		must(name_alert(f->value) != NULL);
		break;
	case PASTE_SCHEME:
		must(name_scheme(value) != NULL);
		break;
	case PASTE_GROUP:
		must(name_group(value) != NULL);
		break;
	case PASTE_SUITE:
		must(name_cipher_suite(value) != NULL);
		break;
	case PASTE_EXTENSION:
		must(name_extension(value) != NULL);
		break;
	case PASTE_SAYING:
		must(f->sentence != NULL && f->sentence->saying == (enum saying)f->value &&
			f->sentence->saying != SAYING_NONE);
		break;
	}
}

static bool same(const struct paste_find *a, const struct paste_find *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == PASTE_CODE ? a->match[0].code == b->match[0].code : a->value == b->value;
}

static void read_paste(struct bytes b)
{
	struct paste p;

	must(paste_read(b, &p));
	must(p.n <= PASTE_FINDS_MAX && (p.left_out == 0 || p.n == PASTE_FINDS_MAX));
	for (size_t i = 0; i < p.n; i++) {
		must(p.finds[i].at <= b.len && p.finds[i].len <= b.len - p.finds[i].at);
		must(i == 0 || p.finds[i - 1].at <= p.finds[i].at);
		must_be_known(&p.finds[i]);
		for (size_t k = 0; k < i; k++)
			must(!same(&p.finds[i], &p.finds[k]));
	}
	paste_free(&p);
}

static void tell(struct bytes b)
{
	enum content_kind kind = content_tell(b);
	struct strbuf help = { 0 };

	must(kind < N_CONTENT_KINDS && content_name(kind)[0] != '\0');
	must(content_name(content_by_name(content_name(kind))) == content_name(kind) ||
		kind == CONTENT_PCAPNG);
	content_help(kind, "a file's name", content_is_text(b), &help);
	must(help.len == 0 || bytes_printable(bytes_of(strbuf_text(&help), help.len)));
	strbuf_free(&help);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size);

	read_paste(b);
	tell(b);
	return 0;
}
