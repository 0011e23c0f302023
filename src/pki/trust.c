/* What the user trusts: --ca FILE|DIR. */
#include "base/memory.h"
#include "pki/cert_file.h"
#include "pki/chain.h"
#include "unpack/unpack_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { TRUST_MAX = 8192, FOLDER_FILES_MAX = 16384 };
enum { FOLDER_BYTES_MAX = 64 * 1024 * 1024 }; /* all of a folder's files; a system's have one */

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
	struct trust *t = memory_new(sizeof *t);

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

/* Only a file named by the user must hold what it was named for. *bytes is what was read. */
static bool read_file(struct trust *t, const char *path, bool named, uint64_t *bytes, struct err *e)
{
	struct secret text;
	const char *instead;
	bool ok;

	if (!unpack_file_read(path, &file_kind_certs, &text, e))
		return false;
	*bytes += text.len;
	ok = cert_file_walk(
		path, bytes_of(text.data, text.len), (struct cert_taker){ take, t }, &instead, e);
	secret_wipe(&text);
	if (ok && named && instead != NULL)
		return err_set(e, ERR_INPUT, 0, "'%s' holds %s, not a certificate", path, instead);
	return ok;
}

static bool read_entry(
	struct trust *t, const char *dir, const char *name, uint64_t *bytes, struct err *e)
{
	char path[4096];
	struct stat st;
	int n = snprintf(path, sizeof path, "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(e, ERR_LIMIT, 0, "the path of '%.160s' is too long", name);
	if (stat(path, &st) != 0) /* a link to nowhere, as certificate updates leave behind */
		return true;
	if (!S_ISREG(st.st_mode))
		return true;
	if (!read_file(t, path, false, bytes, e))
		return false;
	return *bytes <= FOLDER_BYTES_MAX ||
	       err_set(e, ERR_LIMIT, 0,
		       "the files of '%.160s' hold more than '64 MiB': not a folder of CAs", dir);
}

static bool read_dir(struct trust *t, const char *path, struct err *e)
{
	struct folder folder;
	uint64_t bytes = 0;
	bool ok = folder_list(path, FOLDER_FILES_MAX, &folder, e);

	for (size_t i = 0; ok && i < folder.n; i++)
		ok = read_entry(t, path, folder.names[i], &bytes, e);
	folder_free(&folder);
	return ok;
}

struct trust *trust_open(const char *path, struct err *e)
{
	struct trust *t = trust_new();
	uint64_t bytes = 0;
	struct stat st;
	bool ok;

	if (t == NULL) {
		(void)err_set(e, ERR_MEMORY, 0, "out of memory reading '%s'", path);
		return NULL;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		ok = read_dir(t, path, e);
	else
		ok = read_file(t, path, true, &bytes, e);
	if (ok)
		return t;
	trust_close(t);
	return NULL;
}
