/* Files, what was found in them, which of it belongs together and how it is judged, written down as text. */
#ifndef TLSDIAG_TESTS_SUPPORT_MATERIAL_TEXT_H
#define TLSDIAG_TESTS_SUPPORT_MATERIAL_TEXT_H

#include "pki/credential.h"
#include "pki/presented.h"
#include "support/cert_text.h"
#include "support/unit.h"

/* Of the library's own numbers only that there is one is told, where it is not asked about them. */
static bool codes_told;

static inline void tell_file(struct strbuf *b, const struct item_file *f)
{
	strbuf_printf(b, "  file: %s role=%d form=%d bytes=%zu", f->path, (int)f->role,
		(int)f->form, f->bytes);
	say_string(b, "holds", f->holds);
	say_number(b, "items", f->n_items);
	say_flag(b, "bom", f->bom);
	say_flag(b, "crlf", f->crlf);
	say_flag(b, "lf", f->lf);
	say_number(b, "glued", f->glued_line);
	say_number(b, "nul", f->nul_at);
	say_number(b, "after", f->after_der);
	strbuf_puts(b, "\n");
}

static inline void tell_key(struct strbuf *b, const struct key_facts *k)
{
	strbuf_printf(b, " key=%d code=%d kind=%d bits=%u", (int)k->state,
		codes_told ? k->code : -(k->code != 0), (int)k->kind, k->bits);
	tell_text(b, "name", k->name);
	tell_bytes(b, "spki", k->spki);
	say_flag(b, "private", k->has_private);
	say_flag(b, "differ", k->halves_differ);
	say_flag(b, "encrypted", k->encrypted);
	say_flag(b, "too-costly", k->too_costly);
	tell_text(b, "cipher", k->cipher.text);
}

static inline void tell_item(struct strbuf *b, const struct item *it)
{
	strbuf_printf(b, "  item %zu/%zu: kind=%d", it->file, it->line, (int)it->kind);
	say_string(b, "what", it->what);
	say_number(b, "at", it->at);
	say_number(b, "length", it->block_len);
	say_string(b, "variable", it->variable);
	say_flag(b, "unterminated", it->unterminated);
	say_string(b, "broken", it->broken);
	if (it->kind == ITEM_KEY)
		tell_key(b, &it->key);
	if (it->cert != NULL)
		strbuf_printf(b, " cert='%s'%s", it->cert->subject, it->cert->parsed ? "" : "~");
	strbuf_puts(b, "\n");
}

static inline void tell_material(struct strbuf *b, const struct material *m)
{
	for (size_t i = 0; i < m->n_files; i++)
		tell_file(b, &m->files[i]);
	for (size_t i = 0; i < m->n_items; i++)
		tell_item(b, &m->items[i]);
	strbuf_printf(b, "  read: %d stretched %d\n", (int)m->looked_at, (int)m->stretched);
}

static inline void tell_service(struct strbuf *b, const struct service *s)
{
	strbuf_puts(b, "  serves:");
	for (size_t i = 0; i < s->n_suites; i++)
		strbuf_printf(b, " %04x", s->suites[i]);
	strbuf_puts(b, " |");
	for (size_t i = 0; i < s->n_schemes12; i++)
		strbuf_printf(b, " %04x", s->schemes12[i]);
	strbuf_puts(b, " |");
	for (size_t i = 0; i < s->n_schemes13; i++)
		strbuf_printf(b, " %04x", s->schemes13[i]);
	strbuf_printf(b, " | curve=%04x", s->curve);
	say_flag(b, "rsa-exchange-only", s->rsa_exchange_only);
	strbuf_puts(b, "\n");
}

static inline void tell_credential(
	struct strbuf *b, const struct material *m, const struct credential *c)
{
	strbuf_printf(b, "  credential: leaf=%d key=%d fit=%d",
		c->leaf != NULL ? (int)(c->leaf - m->items) : -1,
		c->key != NULL ? (int)(c->key - m->items) : -1, (int)c->fit);
	say_number(b, "index", c->fit_index);
	say_number(b, "sent", c->n_sent);
	say_number(b, "left-out", c->n_left_out);
	say_number(b, "own", c->n_own);
	say_flag(b, "named", c->named);
	say_flag(b, "own-out-of-order", c->own_out_of_order);
	strbuf_printf(b, " size=%zu/%zu", c->size.tls12, c->size.tls13);
	for (size_t i = 0; i < FRAGMENTS; i++)
		strbuf_printf(b, "%c%zu", i == 0 ? ' ' : ',', c->size.records[i]);
	strbuf_puts(b, "\n  judged: ");
	tell_chain(b, &c->chain);
	strbuf_puts(b, "\n");
	tell_service(b, &c->service);
}

static inline void tell_relation(
	struct strbuf *b, const struct material *m, const struct relation *r)
{
	strbuf_printf(b, "  relation: %d by %d%s", (int)(r->item - m->items),
		r->issuer != NULL ? (int)(r->issuer - m->items) : -1,
		r->verified ? " verified" : "");
	say_flag(b, "untried", r->untried);
	if (r->key != NULL)
		strbuf_printf(b, " key=%d", (int)(r->key - m->items));
	strbuf_puts(b, "\n");
}

static inline void tell_presented(struct strbuf *b, const struct presented *p)
{
	strbuf_printf(b, "  presented: %zu", p->n_sent);
	say_string(b, "of", p->file != NULL ? p->file->path : NULL);
	say_number(b, "left-out", p->n_left_out);
	say_flag(b, "trust", p->trust_given);
	say_flag(b, "name", p->name_given);
	tell_properties(b, &p->properties);
	strbuf_puts(b, "\n");
}

static inline void tell_judgement(
	struct strbuf *b, const struct material *m, const struct credential_question *q)
{
	struct credentials c;
	struct presented_chains p;

	assert_true(credentials_judge(m, q, &c));
	assert_true(presented_read(m, &c, q, &p));
	for (size_t i = 0; i < c.n_relations; i++)
		tell_relation(b, m, &c.relations[i]);
	for (size_t i = 0; i < c.n; i++)
		tell_credential(b, m, &c.list[i]);
	for (size_t i = 0; i < p.n; i++)
		tell_presented(b, &p.list[i]);
	presented_free(&p);
	credentials_free(&c);
}

#endif
