/* What the user trusts: --ca FILE|DIR. */
#include "base/memory.h"
#include "pki/cert_file.h"
#include "pki/chain.h"
#include "pki/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { TRUST_MAX = 8192 };

struct trust {
	struct cert_store *store; /* holds the DER, and equal certificates only once */
	const struct cert **certs;
	size_t n, size;
};

size_t trust_count(const struct trust *t)
{
	return t != NULL ? t->n : 0;
}

const struct cert *trust_at(const struct trust *t, size_t i)
{
	return t->certs[i];
}

void trust_close(struct trust *t)
{
	if (t == NULL)
		return;
	cert_store_close(t->store);
	free(t->certs);
	free(t);
}

struct trust *trust_new(void)
{
	struct trust *t = memory_zeroed(1, sizeof *t);

	if (t != NULL && (t->store = cert_store_open(SIZE_MAX)) == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

static bool has(const struct trust *t, const struct cert *c)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->certs[i] == c)
			return true;
	return false;
}

bool trust_add(struct trust *t, struct bytes der)
{
	const struct cert *c = cert_store_get(t->store, der);

	if (c == NULL)
		return false;
	if (has(t, c))
		return true;
	if (t->n == t->size) {
		size_t size = t->size != 0 ? t->size * 2 : 16;
		const struct cert **more = memory_resize(t->certs, size * sizeof *more);

		if (more == NULL || size > TRUST_MAX) {
			t->certs = more != NULL ? more : t->certs;
			return false;
		}
		t->certs = more;
		t->size = size;
	}
	t->certs[t->n++] = c;
	return true;
}

static bool take(void *ctx, struct bytes der)
{
	return trust_add(ctx, der);
}

/* Only a file named by the user must hold what it was named for. */
static bool read_file(struct trust *t, const char *path, bool named, struct err *e)
{
	struct secret text;
	const char *instead;
	bool ok;

	if (!file_read(path, &text, e))
		return false;
	ok = cert_file_walk(
		path, bytes_of(text.data, text.len), (struct cert_taker){ take, t }, &instead, e);
	secret_wipe(&text);
	if (ok && named && instead != NULL)
		return err_set(e, ERR_INPUT, 0, "'%s' holds %s, not a certificate", path, instead);
	return ok;
}

static bool read_entry(struct trust *t, const char *dir, const char *name, struct err *e)
{
	char path[4096];
	struct stat st;
	int n = snprintf(path, sizeof path, "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(e, ERR_LIMIT, 0, "the path of '%s' is too long", name);
	if (stat(path, &st) != 0) /* a link to nowhere, as certificate updates leave behind */
		return true;
	return !S_ISREG(st.st_mode) || read_file(t, path, false, e);
}

static bool read_dir(struct trust *t, const char *path, struct err *e)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort); /* sorted: the same answer every time */
	bool ok = true;

	if (n < 0)
		return err_set(e, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (ok && names[i]->d_name[0] != '.')
			ok = read_entry(t, path, names[i]->d_name, e);
		free(names[i]);
	}
	free(names);
	return ok;
}

struct trust *trust_open(const char *path, struct err *e)
{
	struct trust *t = trust_new();
	struct stat st;
	bool ok;

	if (t == NULL) {
		(void)err_set(e, ERR_MEMORY, 0, "out of memory reading '%s'", path);
		return NULL;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		ok = read_dir(t, path, e);
	else
		ok = read_file(t, path, true, e);
	if (ok)
		return t;
	trust_close(t);
	return NULL;
}
