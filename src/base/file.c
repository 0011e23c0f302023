/* Whole files within the size of their kind, and the names in a folder within a number. */
#include "base/file.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 16384, NAME_QUOTED = 160 };

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/* The largest CA bundle in use has a quarter of a MiB; firmware sources hold whole file systems. */
const struct file_kind file_kind_certs = { "a file of certificates or keys", 16 * MIB, false };
const struct file_kind file_kind_key = { "a private key", MIB, false };
const struct file_kind file_kind_config = { "a configuration header", MIB, false };
const struct file_kind file_kind_targets = { "a list of targets", MIB, false };
const struct file_kind file_kind_hello = { "a ClientHello", MIB, false };
const struct file_kind file_kind_password = { "a password", 64 * KIB, true };
const struct file_kind file_kind_psk = { "a pre-shared key", 64 * KIB, true };

/* How messages call the file; NULL is standard input. */
static const char *quoted(
	const char *path, const struct file_kind *kind, char out[static NAME_QUOTED])
{
	if (kind->unquoted)
		return "the file";
	if (path == NULL)
		return "standard input";
	(void)snprintf(out, NAME_QUOTED, "'%.*s'", NAME_QUOTED - 3, path);
	return out;
}

static bool too_large(const char *path, const struct file_kind *kind, struct err *e)
{
	char name[NAME_QUOTED];

	return err_set(e, ERR_LIMIT, 0, "%s is larger than '%zu %s': not %s",
		quoted(path, kind, name), kind->max >= MIB ? kind->max / MIB : kind->max / KIB,
		kind->max >= MIB ? "MiB" : "KiB", kind->name);
}

static bool failed(
	const char *what, const char *path, const struct file_kind *kind, int code, struct err *e)
{
	char name[NAME_QUOTED];

	return err_set(e, ERR_OS, code, "cannot %s %s: %s", what, quoted(path, kind, name),
		strerror(code));
}

/* Grows in steps that double, each wiped as it is left: the file may be a pipe, and a key. */
static bool grow(struct secret *s, size_t used)
{
	struct secret bigger;

	if (!secret_new(&bigger, s->len != 0 ? s->len * 2 : FIRST_ROOM))
		return false;
	if (used != 0)
		memcpy(bigger.data, s->data, used);
	secret_wipe(s);
	*s = bigger;
	return true;
}

static bool read_all(
	int fd, const char *path, const struct file_kind *kind, struct secret *out, struct err *e)
{
	size_t used = 0;
	ssize_t got = 1;

	while (got > 0) {
		if (used + 1 >= out->len && !grow(out, used))
			return err_set(e, ERR_MEMORY, 0, "out of memory reading %s", kind->name);
		do
			got = read(fd, out->data + used, out->len - used - 1);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return failed("read", path, kind, errno, e);
		used += (size_t)got;
		if (used > kind->max)
			return too_large(path, kind, e);
	}
	out->data[used] = '\0';
	out->len = used;
	return true;
}

/* A directory is told as what it is; a sparse file of a terabyte is not read at all. */
static bool acceptable(int fd, const char *path, const struct file_kind *kind, struct err *e)
{
	char name[NAME_QUOTED];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return failed("read", path, kind, errno, e);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_OS, EISDIR, "cannot read %s: it is a directory",
			quoted(path, kind, name));
	if (S_ISREG(st.st_mode) && st.st_size > 0 && (uintmax_t)st.st_size > kind->max)
		return too_large(path, kind, e);
	return true;
}

static bool read_open(
	int fd, const char *path, const struct file_kind *kind, struct secret *out, struct err *e)
{
	if (acceptable(fd, path, kind, e) && read_all(fd, path, kind, out, e))
		return true;
	secret_wipe(out);
	return false;
}

bool file_read(const char *path, const struct file_kind *kind, struct secret *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	*out = (struct secret){ 0 };
	if (fd < 0)
		return failed("open", path, kind, errno, e);
	ok = read_open(fd, path, kind, out, e);
	(void)close(fd);
	return ok;
}

bool file_read_stdin(const struct file_kind *kind, struct secret *out, struct err *e)
{
	*out = (struct secret){ 0 };
	return read_open(STDIN_FILENO, NULL, kind, out, e);
}

/* ---- folders ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_name(struct folder *f, size_t *room, const char *name)
{
	char **more;

	if (f->n == *room) {
		*room = *room != 0 ? *room * 2 : 64;
		more = memory_resize(f->names, *room * sizeof *more);
		if (more == NULL)
			return false;
		f->names = more;
	}
	f->names[f->n] = memory_text(name);
	return f->names[f->n] != NULL && ++f->n != 0;
}

static bool read_names(DIR *d, const char *path, size_t max, struct folder *out, struct err *e)
{
	const struct dirent *entry;
	size_t room = 0;

	/* cppcheck-suppress readdirCalled; nobody else reads this folder stream */
	while ((errno = 0, entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (out->n == max)
			return err_set(
				e, ERR_LIMIT, 0, "'%.160s' holds more than '%zu' files", path, max);
		if (!add_name(out, &room, entry->d_name))
			return err_set(e, ERR_MEMORY, 0, "out of memory reading '%.160s'", path);
	}
	if (errno != 0)
		return err_set(e, ERR_OS, errno, "cannot read '%.160s': %s", path, strerror(errno));
	if (out->n != 0) /* sorted: the same answer every time */
		qsort(out->names, out->n, sizeof *out->names, by_name);
	return true;
}

bool folder_list(const char *path, size_t max, struct folder *out, struct err *e)
{
	DIR *d = opendir(path);
	bool ok;

	*out = (struct folder){ .n = 0 };
	if (d == NULL)
		return err_set(e, ERR_OS, errno, "cannot open '%.160s': %s", path, strerror(errno));
	ok = read_names(d, path, max, out, e);
	(void)closedir(d);
	if (!ok)
		folder_free(out);
	return ok;
}

void folder_free(struct folder *f)
{
	while (f->n != 0)
		free(f->names[--f->n]);
	free(f->names);
	f->names = NULL;
}
