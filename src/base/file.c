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

/* As they are: the state is the descriptor. */
static bool read_plain(void *state, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	ssize_t n;

	do
		n = read(*(const int *)state, out, room);
	while (n < 0 && errno == EINTR);
	*got = n > 0 ? (size_t)n : 0;
	return n >= 0 || err_set(e, ERR_OS, errno, "%s", strerror(errno));
}

static const struct file_through plain = { .room_least = 1, .read = read_plain };

static bool read_all(const struct file_through *through, void *state, const char *path,
	const struct file_kind *kind, struct secret *out, struct err *e)
{
	char name[NAME_QUOTED];
	size_t used = 0, got = 1;

	while (got != 0) {
		if (out->len < used + through->room_least + 1 && !grow(out, used))
			return err_set(e, ERR_MEMORY, 0, "out of memory reading %s", kind->name);
		if (!through->read(state, out->data + used, out->len - used - 1, &got, e))
			return err_context(e, "cannot read %s", quoted(path, kind, name));
		used += got;
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

static bool read_open(int fd, const char *path, const struct file_kind *kind,
	const struct file_through *through, struct secret *out, struct err *e)
{
	void *state = through->open != NULL ? through->open(fd, e) : &fd;
	bool ok = state != NULL && acceptable(fd, path, kind, e) &&
		  read_all(through, state, path, kind, out, e);

	if (through->close != NULL)
		through->close(state);
	if (!ok)
		secret_wipe(out);
	return ok;
}

bool file_read_through(const char *path, const struct file_kind *kind,
	const struct file_through *through, struct secret *out, struct err *e)
{
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	bool ok;

	*out = (struct secret){ 0 };
	if (fd < 0)
		return failed("open", path, kind, errno, e);
	ok = read_open(fd, path, kind, through, out, e);
	if (path != NULL)
		(void)close(fd);
	return ok;
}

bool file_read(const char *path, const struct file_kind *kind, struct secret *out, struct err *e)
{
	return file_read_through(path, kind, &plain, out, e);
}

bool file_read_stdin(const struct file_kind *kind, struct secret *out, struct err *e)
{
	return file_read_through(NULL, kind, &plain, out, e);
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
