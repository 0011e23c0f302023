/* Files first, so that a capture's certificates can be known for the device's own. */
#include "cli/deployed.h"

#include "base/memory.h"
#include "diagnose/deployment.h"
#include "door/captured.h"
#include "sandbox/sandbox.h"

#include <stdlib.h>
#include <string.h>

bool deployed_add(struct deployed_files *f, enum deployed_as as, const char *path, struct err *e)
{
	if (f->n == DEPLOYED_FILES_MAX)
		return err_set(e, ERR_USAGE, 0,
			"more than '%d' certificates, keys and captures are named",
			DEPLOYED_FILES_MAX);
	f->list[f->n++] = (struct deployed_file){ as, path };
	return true;
}

void deployed_guard(const struct deployed_files *f, struct file_guard *g)
{
	static const char *const roles[] = { "--cert reads", "--key reads", "--ca reads",
		"--capture reads" };

	for (size_t i = 0; i < f->n; i++)
		guard_reads(g, roles[f->list[i].as], f->list[i].path);
}

/* ---- certificates and keys ---- */

/* "cert.pem (CN=device.example)": of the strings that messages show. */
static const char *name_of(struct deployed *d, const char *path, const struct cert *c)
{
	return arena_printf(d->material.arena, "%s (%s)", path, c->subject);
}

/* Certificates beside an own key, and keys beside a CA, are what else stands in the file. */
static bool take_items(struct deployed *d, size_t first, enum deployed_as as, struct err *e)
{
	for (size_t i = first; i < d->material.n_items; i++) {
		const struct item *it = &d->material.items[i];
		const char *path = d->material.files[it->file].path;
		bool pem = d->material.files[it->file].form == FORM_PEM;
		const char *name;

		if (it->kind == ITEM_KEY && as != DEPLOYED_CA)
			deployment_add_key(&d->deployment, &it->key, pem, path);
		if (it->kind != ITEM_CERT || it->cert == NULL || !it->cert->parsed ||
			as == DEPLOYED_KEY)
			continue;
		if ((name = name_of(d, path, it->cert)) == NULL)
			return err_set(e, ERR_MEMORY, 0, "out of memory");
		deployment_add_cert(&d->deployment, it->cert, name, as == DEPLOYED_CERT, pem, path);
	}
	return true;
}

static bool read_file(struct deployed *d, const struct deployed_file *f, struct err *e)
{
	static const enum given_as roles[] = { FOR_CERT, FOR_KEY, FOR_CA };
	size_t first = d->material.n_items;

	if (!material_read(&d->material, f->path, roles[f->as], NULL, e))
		return false;
	if (d->material.n_items == first)
		return err_set(
			e, ERR_INPUT, 0, "'%s' holds neither a certificate nor a key", f->path);
	return take_items(d, first, f->as, e);
}

const struct cert *deployed_own(const struct deployed *d)
{
	for (size_t i = 0; i < d->material.n_items; i++) {
		const struct item *it = &d->material.items[i];

		if (it->kind == ITEM_CERT && it->cert != NULL &&
			d->material.files[it->file].role == FOR_CERT)
			return it->cert;
	}
	return NULL;
}

/* ---- captures ---- */

struct looking {
	struct deployed *deployed;
	const struct cert *own;
	const char *path;
};

static void see(void *ctx, const struct examined *ex)
{
	struct looking *l = ctx;
	const char *where = arena_printf(l->deployed->material.arena, "%s, packet %llu", l->path,
		(unsigned long long)ex->hs->first_packet);

	deployment_add_handshake(
		&l->deployed->deployment, ex->hs, l->own, where != NULL ? where : l->path);
}

static const char *stop(void *ctx)
{
	(void)ctx;
	return sandbox_broken();
}

static bool read_capture(struct deployed *d, const char *path, struct err *e)
{
	struct looking l = { d, deployed_own(d), path };
	struct captured_reader reader = { see, &l, stop };
	uint64_t dtls = 0;
	bool ok = captured_read(path, &reader, &dtls, e);

	if (dtls != 0)
		needs_found(&d->deployment.needs, NEED_DTLS, path);
	return ok;
}

static bool read_all(struct deployed *d, const struct deployed_files *f, struct err *e)
{
	bool files = false;

	d->material.stop = sandbox_broken;
	for (size_t i = 0; i < f->n; i++) {
		if (f->list[i].as == DEPLOYED_CAPTURE)
			continue;
		files = true;
		if (!read_file(d, &f->list[i], e))
			return false;
	}
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].as == DEPLOYED_CAPTURE && !read_capture(d, f->list[i].path, e))
			return false;
	deployment_end(&d->deployment, files);
	return true;
}

struct deployed *deployed_open(const struct deployed_files *f, struct err *e)
{
	struct deployed *d = memory_new(sizeof *d);

	if (d == NULL) {
		err_set(e, ERR_MEMORY, 0, "out of memory");
		return NULL;
	}
	if (material_open(&d->material, e) && read_all(d, f, e))
		return d;
	deployed_close(d);
	return NULL;
}

void deployed_close(struct deployed *d)
{
	if (d == NULL)
		return;
	material_close(&d->material);
	free(d);
}
