/* Files and folders, and the items of each; blocks of PEM are taken apart in pem_items.c. */
#include "pki/material.h"

#include "base/der.h"
#include "pki/cert_file.h"
#include "pki/file.h"
#include "pki/items.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILES_MAX = 4096, ITEMS_MAX = 2048, DEPTH_MAX = 8 };

bool material_open(struct material *m, struct err *e)
{
	*m = (struct material){ .arena = arena_new(SIZE_MAX), .store = cert_store_open(SIZE_MAX) };
	if (m->arena != NULL && m->store != NULL)
		return true;
	material_close(m);
	return err_set(e, ERR_MEMORY, 0, "out of memory");
}

void material_close(struct material *m)
{
	cert_store_close(m->store);
	arena_free(m->arena);
	free(m->files);
	free(m->items);
	*m = (struct material){ .files = NULL };
}

/* Room for one more of an array that doubles. */
static void *more(void *array, size_t n, size_t *size, size_t max, size_t of)
{
	size_t wanted = *size != 0 ? *size * 2 : 16;
	void *grown = array;

	if (n < *size)
		return array;
	grown = n < max ? realloc(array, wanted * of) : NULL;
	if (grown != NULL)
		*size = wanted;
	return grown;
}

struct item *items_add(struct material *m, enum item_kind kind, const char *what)
{
	struct item *grown =
		more(m->items, m->n_items, &m->items_size, ITEMS_MAX, sizeof *m->items);

	if (grown == NULL)
		return NULL;
	m->items = grown;
	m->files[m->n_files - 1].n_items++;
	m->items[m->n_items] = (struct item){ .file = m->n_files - 1, .kind = kind, .what = what };
	return &m->items[m->n_items++];
}

bool items_add_cert(struct material *m, struct item *it, struct bytes der)
{
	char text[160];

	it->cert = cert_store_get(m->store, der);
	if (it->cert == NULL)
		return false;
	if (it->cert->parsed)
		return true;
	parse_err_text(&it->cert->broken, text, sizeof text);
	it->broken = arena_str(m->arena, text);
	return it->broken != NULL;
}

bool der_items(struct material *m, struct bytes text, const char *password)
{
	struct item_file *file = &m->files[m->n_files - 1];
	struct parse_err err;
	struct cur in = cur_init(text, &err);
	struct der el;

	while (der_ahead(&in, DER_SEQUENCE)) {
		struct bytes rest = bytes_slice(text, in.at, text.len);
		const char *what = file_holds(rest);
		bool cert = strcmp(what, "a certificate") == 0 ||
			    strcmp(what, "DER that breaks off") == 0;
		bool key = strstr(what, "key") != NULL;
		bool whole = der_next(&in, what, &el);
		struct bytes der = whole ? el.whole : rest;
		struct item *it = items_add(m,
			cert  ? ITEM_CERT
			: key ? ITEM_KEY
			      : ITEM_OTHER,
			cert ? "a certificate" : what);

		if (it == NULL)
			return false;
		it->at = text.len - rest.len;
		it->block_len = der.len;
		if (cert && !items_add_cert(m, it, der))
			return false;
		if (key && !key_examine(&(struct key_source){ .der = der,
						.password = password,
						.is_public = strcmp(what, "a public key") == 0 },
				   m->arena, &it->key))
			return false;
		if (!whole)
			return true;
	}
	file->after_der = cur_left(&in);
	return true;
}

static bool add_file(struct material *m, const char *path, enum given_as role, struct bytes text)
{
	struct item_file *grown =
		more(m->files, m->n_files, &m->files_size, FILES_MAX, sizeof *m->files);
	const char *name;

	if (grown == NULL)
		return false;
	m->files = grown; /* before anything else can fail: the old array is gone */
	name = arena_str(m->arena, path);
	if (name == NULL)
		return false;
	m->files[m->n_files++] =
		(struct item_file){ .path = name, .role = role, .bytes = text.len };
	return true;
}

static bool read_items(struct material *m, struct bytes text, const char *password)
{
	struct item_file *file = &m->files[m->n_files - 1];

	if (file_is_der(text)) {
		file->form = FORM_DER;
		return der_items(m, text, password);
	}
	if (!pem_items(m, text, password))
		return false;
	if (file->n_items == 0) {
		file->form = FORM_C;
		if (!c_items(m, text, password))
			return false;
		file->after_der = 0; /* an array may be padded */
	}
	if (file->n_items == 0) {
		file->form = FORM_NEITHER;
		file->holds = file_holds(text);
		file->holds = file->holds != NULL ? file->holds : "nothing";
	}
	return true;
}

static bool has_use(const struct material *m, size_t first)
{
	for (size_t i = first; i < m->n_items; i++)
		if (m->items[i].kind != ITEM_OTHER)
			return true;
	return false;
}

static bool read_file(struct material *m, const char *path, enum given_as role,
	const char *password, bool in_folder, struct err *e)
{
	size_t first = m->n_items;
	struct secret text;
	bool ok;

	if (!file_read(path, &text, e))
		return false;
	ok = add_file(m, path, role, bytes_of(text.data, text.len)) &&
	     read_items(m, bytes_of(text.data, text.len), password);
	secret_wipe(&text);
	if (!ok)
		return err_set(e, ERR_LIMIT, 0, "no room for what '%s' holds", path);
	if (in_folder && !has_use(m, first)) {
		m->n_items = first;
		m->n_files--;
	}
	return true;
}

static bool read_entry(
	struct material *m, const char *path, const char *password, unsigned depth, struct err *e);

static bool read_folder(
	struct material *m, const char *path, const char *password, unsigned depth, struct err *e)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort); /* sorted: the same answer every time */
	bool ok = true;

	if (n < 0)
		return err_set(e, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		char name[4096];
		int len = snprintf(name, sizeof name, "%s%s%s", path,
			path[strlen(path) - 1] == '/' ? "" : "/", names[i]->d_name);

		if (ok && names[i]->d_name[0] != '.' && len > 0 && (size_t)len < sizeof name)
			ok = read_entry(m, name, password, depth, e);
		free(names[i]);
	}
	free(names);
	return ok;
}

/* What is too large for a key or a certificate is passed over, not an error: it was not named. */
static bool read_entry(
	struct material *m, const char *path, const char *password, unsigned depth, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0) /* a link to nowhere */
		return true;
	if (S_ISDIR(st.st_mode))
		return depth == 0 || read_folder(m, path, password, depth - 1, e);
	return !S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MAX ||
	       read_file(m, path, FOR_ANY, password, true, e);
}

bool material_read(struct material *m, const char *path, enum given_as role, const char *password,
	struct err *e)
{
	struct stat st;

	if (role == FOR_ANY && *path != '\0' && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return read_folder(m, path, password, DEPTH_MAX, e);
	return read_file(m, path, role, password, false, e);
}
