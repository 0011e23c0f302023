/* Chains as files hold them, judged as they are. */
#include "pki/presented.h"

#include "base/memory.h"

#include <stdlib.h>

struct gathering {
	const struct material *m;
	const struct credential_question *q;
	struct presented_chains *out;
	struct link_memory *memory;
	const struct cert *sent[PRESENTED_MAX];
	size_t n, n_left_out;
	const struct item_file *file;
};

static void put(struct gathering *g, const struct item *it)
{
	if (g->file == NULL)
		g->file = &g->m->files[it->file];
	if (g->n < PRESENTED_MAX)
		g->sent[g->n++] = it->cert;
	else
		g->n_left_out++;
}

static bool has(const struct gathering *g, const struct cert *c)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->sent[i] == c)
			return true;
	return false;
}

/* Entries without a certificate (no bytes, or none that read) stay as such. */
static void put_file(struct gathering *g, size_t file)
{
	for (size_t i = 0; i < g->m->n_items; i++)
		if (g->m->items[i].file == file && g->m->items[i].kind == ITEM_CERT)
			put(g, &g->m->items[i]);
}

/* Items stand in the order of their files. */
static void put_role(struct gathering *g, enum given_as role)
{
	for (size_t i = 0; i < g->m->n_items; i++)
		if (g->m->files[g->m->items[i].file].role == role &&
			g->m->items[i].kind == ITEM_CERT)
			put(g, &g->m->items[i]);
}

/* Judges what was gathered, and begins anew. */
static void finish(struct gathering *g)
{
	struct presented *p = &g->out->list[g->out->n];
	const struct cert *readable[PRESENTED_MAX];
	struct chain_judgement judgement = { .judged = false };
	struct chain_question cq = { .sent = readable,
		.trust = g->q->trust,
		.at = g->q->at,
		.name = g->q->name,
		.purpose = g->q->purpose,
		.verify_signatures = true };
	struct property_question pq = { g->sent, g->n, &judgement, g->q->trust, g->q->at,
		g->q->purpose == PURPOSE_SERVER ? g->q->name : NULL, false };

	for (size_t i = 0; i < g->n; i++)
		if (g->sent[i] != NULL)
			readable[cq.n_sent++] = g->sent[i];
	if (g->n != 0 && g->sent[0] != NULL)
		chain_judge(&cq, g->memory, &judgement);
	*p = (struct presented){ .file = g->file,
		.n_sent = g->n,
		.n_left_out = g->n_left_out,
		.trust_given = g->q->trust != NULL,
		.name_given = pq.name != NULL };
	properties_find(&pq, &p->properties);
	g->out->n++;
	g->n = g->n_left_out = 0;
	g->file = NULL;
}

/* A leaf that was found, not named. What does not even have a key is none, but part of its file. */
static bool is_found_leaf(const struct credential *c)
{
	return !c->named && c->leaf != NULL && c->leaf->cert->spki.len != 0;
}

static size_t leaves_in(const struct credentials *c, size_t file)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += is_found_leaf(&c->list[i]) && c->list[i].leaf->file == file;
	return n;
}

static const struct item *item_of(const struct material *m, const struct cert *c)
{
	for (size_t i = 0; i < m->n_items; i++)
		if (m->items[i].kind == ITEM_CERT && m->items[i].cert == c)
			return &m->items[i];
	return NULL;
}

/* One that was found: its file as it stands, when it has no other leaf; then what its path needs of
 * the other files. A root is not sent. */
static void put_found(
	struct gathering *g, const struct credentials *all, const struct credential *c)
{
	if (leaves_in(all, c->leaf->file) == 1 && c->leaf->variable == NULL)
		put_file(g, c->leaf->file);
	else
		put(g, c->leaf);
	for (size_t i = 1; i < c->chain.n_steps; i++) {
		const struct cert *step = c->chain.step[i].cert;
		const struct item *it = item_of(g->m, step);

		if (c->chain.step[i].sent_index >= 0 && !step->self_issued && !has(g, step) &&
			it != NULL)
			put(g, it);
	}
}

static const struct item_file *first_of(const struct material *m, enum given_as role)
{
	for (size_t i = 0; i < m->n_files; i++)
		if (m->files[i].role == role)
			return &m->files[i];
	return NULL;
}

/* What is named stands for its first file, whether or not there is a certificate in it. */
static void gather_named(struct gathering *g)
{
	g->file = first_of(g->m, FOR_CERT);
	if (g->file == NULL)
		return;
	put_role(g, FOR_CERT);
	put_role(g, FOR_CHAIN);
	finish(g);
}

/*
 * Nothing but CAs, or what does not read, and no CA that was named as one. Alone, without a question that is
 * asked of servers, such a file is what it seems: the CA file of somebody.
 */
static void gather_rest(struct gathering *g)
{
	if (g->q->trust == NULL && g->q->name == NULL)
		return;
	for (size_t i = 0; i < g->m->n_files && g->out->n == 0; i++) {
		if (g->m->files[i].role != FOR_ANY)
			continue;
		put_file(g, i);
		if (g->n != 0)
			finish(g);
	}
}

bool presented_read(const struct material *m, const struct credentials *c,
	const struct credential_question *q, struct presented_chains *out)
{
	struct gathering g = { .m = m, .q = q, .out = out, .memory = link_memory_open() };

	/* one of each credential, and of files in which there is none one at most */
	*out = (struct presented_chains){ .list = memory_zeroed(
						  c->n + m->n_files, sizeof *out->list) };
	if (out->list == NULL || g.memory == NULL) {
		link_memory_close(g.memory);
		presented_free(out);
		return false;
	}
	gather_named(&g);
	for (size_t i = 0; i < c->n; i++)
		if (is_found_leaf(&c->list[i])) {
			put_found(&g, c, &c->list[i]);
			finish(&g);
		}
	gather_rest(&g);
	link_memory_close(g.memory);
	return true;
}

void presented_free(struct presented_chains *p)
{
	free(p->list);
	*p = (struct presented_chains){ .list = NULL };
}
