/* Files and folders, and the items of each; blocks of PEM are taken apart in pem_items.c. */
#include "pki/material.h"

#include "base/der.h"
#include "base/memory.h"
#include "pki/cert_file.h"
#include "pki/items.h"
#include "unpack/unpack_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILES_MAX = 4096, ITEMS_MAX = 4096, DEPTH_MAX = 8 };
/* Of a folder named and those in it: what is looked at, and how many bytes of all files. */
enum { ENTRIES_MAX = 65536, FOLDER_BYTES_MAX = 256 * 1024 * 1024 };

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
	grown = n < max ? memory_resize(array, wanted * of) : NULL;
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

bool items_add_key(struct material *m, struct item *it, struct key_source from)
{
	from.is_public = strstr(it->what, "public") != NULL;
	from.iterations_max = KEY_ITERATIONS_MAX - m->stretched;
	if (!key_examine(&from, m->arena, &it->key))
		return false;
	if (it->key.too_costly) {
		it->broken = arena_printf(m->arena,
			"its password is stretched '%" PRIu64 "' times: with the keys before it "
			"more than the '%d' that are tried",
			it->key.cipher.iterations, KEY_ITERATIONS_MAX);
		return it->broken != NULL;
	}
	if (it->key.encrypted && from.password != NULL)
		m->stretched += it->key.cipher.iterations;
	return true;
}

bool der_items(struct material *m, struct bytes text, const char *password)
{
	struct item_file *file = &m->files[m->n_files - 1];
	struct parse_err err;
	struct cur in = cur_init(text, &err);
	struct der el;

	while (der_ahead(&in, DER_SEQUENCE)) {
		struct bytes rest = bytes_slice(text, in.at, text.len);
		const char *what = der_holds(rest);
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
		if (key && !items_add_key(
				   m, it, (struct key_source){ .der = der, .password = password }))
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

bool material_take(struct material *m, const char *path, enum given_as role, struct bytes text,
	const char *password, struct err *e)
{
	if (add_file(m, path, role, text) && read_items(m, text, password))
		return true;
	return err_set(e, ERR_LIMIT, 0,
		"no room for what '%.160s' holds: more than '%d' items, or memory is out", path,
		ITEMS_MAX);
}

static bool read_file(struct material *m, const char *path, enum given_as role,
	const char *password, struct err *e)
{
	const char *why = m->stop != NULL ? m->stop() : NULL;
	struct secret text;
	bool ok;

	if (why != NULL)
		return err_set(e, ERR_LIMIT, 0, "reading was stopped before '%s': %s", path, why);
	if (!unpack_file_read(path, &file_kind_certs, &text, e))
		return false;
	m->looked_at += text.len;
	ok = material_take(m, path, role, bytes_of(text.data, text.len), password, e);
	secret_wipe(&text);
	return ok;
}

/* ---- folders ---- */

/* What is read of a folder and of those in it. */
struct visit {
	struct material *m;
	const char *top; /* the folder named */
	const char *password;
	size_t entries;
};

/* Of a file that nobody named, what is of no use leaves no trace. */
static bool read_found(struct visit *v, const char *path, struct err *e)
{
	struct material *m = v->m;
	size_t first = m->n_items;

	if (!read_file(m, path, FOR_ANY, v->password, e))
		return false;
	if (!has_use(m, first)) {
		m->n_items = first;
		m->n_files--;
	}
	return m->looked_at <= FOLDER_BYTES_MAX ||
	       err_set(e, ERR_LIMIT, 0,
		       "'%.160s' holds more than '256 MiB': name the folder of the certificates",
		       v->top);
}

static bool read_entry(struct visit *v, const char *path, unsigned depth, struct err *e);

static bool read_folder(struct visit *v, const char *path, unsigned depth, struct err *e)
{
	struct folder folder;
	bool ok = folder_list(path, ENTRIES_MAX, &folder, e);

	for (size_t i = 0; ok && i < folder.n; i++) {
		char name[4096];
		int len = snprintf(name, sizeof name, "%s%s%s", path,
			path[strlen(path) - 1] == '/' ? "" : "/", folder.names[i]);

		if (++v->entries > ENTRIES_MAX)
			ok = err_set(e, ERR_LIMIT, 0,
				"'%.160s' and the folders in it hold more than '%d' files", v->top,
				ENTRIES_MAX);
		else if (len > 0 && (size_t)len < sizeof name)
			ok = read_entry(v, name, depth, e);
	}
	folder_free(&folder);
	return ok;
}

/* What is too large for a key or a certificate is passed over, not an error: it was not named. */
static bool read_entry(struct visit *v, const char *path, unsigned depth, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0) /* a link to nowhere */
		return true;
	if (S_ISDIR(st.st_mode))
		return depth == 0 || read_folder(v, path, depth - 1, e);
	return !S_ISREG(st.st_mode) || (size_t)st.st_size > file_kind_certs.max ||
	       read_found(v, path, e);
}

bool material_read(struct material *m, const char *path, enum given_as role, const char *password,
	struct err *e)
{
	struct visit v = { m, path, password, 0 };
	struct stat st;

	if (role == FOR_ANY && *path != '\0' && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return read_folder(&v, path, DEPTH_MAX, e);
	return read_file(m, path, role, password, e);
}
