/*
 * Three ways, the best first:
 *   unnamed  O_TMPFILE, linked to its name when it is whole: nothing can be left over, whatever
 *            kills the process (but between a link and a rename, where a file is to be replaced)
 *   named    a hidden file beside the target, which the signals that end a process take away
 *   direct   what is no regular file
 * mkostemp() is not used: it makes files of mode 0600, and a process with threads cannot ask for
 * its umask without changing it.
 */
#define _GNU_SOURCE /* O_TMPFILE */

#include "cli/out_file.h"

#include "base/memory.h"
#include "cli/litter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

struct out_file {
	FILE *stream;
	char *path;      /* where it is to be; links are resolved */
	char *temporary; /* a name in the same folder that nobody else has; NULL: written directly */
	bool named;      /* it stands under that name */
	char given[];    /* the path as the caller said it */
};

/* ---- names ---- */

/* How much of the path is its folder, the slash counted. */
static size_t folder_len(const struct out_file *f)
{
	const char *slash = strrchr(f->path, '/');

	return slash != NULL ? (size_t)(slash - f->path) + 1 : 0;
}

bool out_file_folder(const struct out_file *f, char *folder)
{
	size_t n;

	if (f->temporary == NULL || (n = folder_len(f)) >= PATH_MAX)
		return false;
	if (n != 0)
		(void)snprintf(folder, PATH_MAX, "%.*s", (int)n, f->path);
	else
		(void)snprintf(folder, PATH_MAX, ".");
	return true;
}

/* "folder/.name.5be0c1d2a3f49687": hidden; who guesses it can only make the writing fail. */
static bool choose_temporary(struct out_file *f)
{
	size_t size = strlen(f->path) + 24;
	int folder = (int)folder_len(f);
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
		return false;
	f->temporary = memory_get(size);
	if (f->temporary != NULL)
		(void)snprintf(f->temporary, size, "%.*s.%.100s.%016llx", folder, f->path,
			f->path + folder, (unsigned long long)random);
	return f->temporary != NULL;
}

/* The number in "/dev/fd/3"; -1: it is none. A descriptor may stand for a file that has no name. */
static int descriptor_of(const char *path)
{
	char digits[8];
	int end = 0;

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	if ((sscanf(path, "/dev/fd/%7[0-9]%n", digits, &end) == 1 ||
		    sscanf(path, "/proc/self/fd/%7[0-9]%n", digits, &end) == 1) &&
		path[end] == '\0')
		return (int)strtol(digits, NULL, 10);
	return -1;
}

/* Sets f->path to the file that path leads to; *direct: what stands there now is no regular file. */
static bool resolve(struct out_file *f, const char *path, bool *direct)
{
	struct stat st;

	*direct = false;
	if (stat(path, &st) == 0) {
		*direct = !S_ISREG(st.st_mode);
		if (S_ISDIR(st.st_mode))
			errno = EISDIR;
		else if (access(path, W_OK) == 0)
			f->path = realpath(path, NULL);
	} else if (errno == ENOENT && path[0] != '\0') {
		f->path = memory_text(path);
	}
	return f->path != NULL;
}

/* ---- making ---- */

/* The descriptor of a file without a name; -1 when there can be none, or no way to name it later. */
static int open_unnamed(const struct out_file *f, mode_t mode)
{
	char folder[PATH_MAX];

	if (access("/proc/self/fd", X_OK) != 0 || !out_file_folder(f, folder))
		return -1;
	return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
}

/* A file that stands under f->temporary until it is renamed. */
static int open_named(struct out_file *f, mode_t mode)
{
	int fd;

	if (!litter_add(f->temporary))
		return -1;
	fd = open(f->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
	f->named = fd >= 0;
	if (!f->named)
		litter_forget(f->temporary);
	return fd;
}

static int open_somehow(struct out_file *f, mode_t mode, bool named)
{
	bool direct;
	int fd = descriptor_of(f->given);

	if (fd >= 0)
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (!resolve(f, f->given, &direct))
		return -1;
	if (direct)
		return open(f->path, O_WRONLY | O_CLOEXEC);
	if (!choose_temporary(f))
		return -1;
	fd = named ? -1 : open_unnamed(f, mode);
	return fd >= 0 ? fd : open_named(f, mode);
}

static struct out_file *make(const char *path, unsigned mode, bool named, struct err *e)
{
	struct out_file *f = memory_new(sizeof *f + strlen(path) + 1);
	int fd, code;

	if (f == NULL) {
		err_set(e, ERR_MEMORY, 0, "out of memory");
		return NULL;
	}
	memcpy(f->given, path, strlen(path) + 1);
	fd = open_somehow(f, (mode_t)mode, named);
	f->stream = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (f->stream != NULL)
		return f;
	code = errno;
	if (fd >= 0)
		(void)close(fd);
	out_file_abandon(f);
	err_set(e, ERR_OS, code, "cannot write '%s': %s", path, strerror(code));
	return NULL;
}

struct out_file *out_file_open(const char *path, unsigned mode, struct err *e)
{
	return make(path, mode, false, e);
}

struct out_file *out_file_open_named(const char *path, unsigned mode, struct err *e)
{
	return make(path, mode, true, e);
}

const char *out_file_name(const struct out_file *f)
{
	return f->given;
}

FILE *out_file_stream(const struct out_file *f)
{
	return f->stream;
}

/* ---- the end ---- */

/* All of it is in the file, and the file on its disk; errno where it is not. */
static bool is_written(struct out_file *f)
{
	if (ferror(f->stream)) {
		errno = EIO; /* the write that failed knew better, and is long past */
		return false;
	}
	if (fflush(f->stream) != 0)
		return false;
	return f->temporary == NULL || fsync(fileno(f->stream)) == 0 || errno == EINVAL ||
	       errno == EROFS;
}

/* linkat() to a name that must be free; the way by /proc needs no privilege. */
static bool link_unnamed(const struct out_file *f, const char *name)
{
	char source[40];

	(void)snprintf(source, sizeof source, "/proc/self/fd/%d", fileno(f->stream));
	return linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* A file that has no name yet, to be put in the place of another, needs one for the moment. */
static bool link_temporary(struct out_file *f)
{
	if (!litter_add(f->temporary))
		return false;
	f->named = link_unnamed(f, f->temporary);
	if (!f->named)
		litter_forget(f->temporary);
	return f->named;
}

static bool give_name(struct out_file *f)
{
	if (f->temporary == NULL)
		return true;
	if (!f->named) {
		if (link_unnamed(f, f->path))
			return true;
		if (errno != EEXIST || !link_temporary(f))
			return false;
	}
	if (rename(f->temporary, f->path) != 0)
		return false;
	litter_forget(f->temporary);
	f->named = false;
	return true;
}

bool out_file_commit(struct out_file *f, struct err *e)
{
	bool ok = is_written(f) && give_name(f);
	int code = errno;

	if (!ok)
		err_set(e, ERR_OS, code, "cannot write '%s': %s", f->given, strerror(code));
	out_file_abandon(f);
	return ok;
}

void out_file_abandon(struct out_file *f)
{
	if (f == NULL)
		return;
	if (f->named) {
		(void)unlink(f->temporary);
		litter_forget(f->temporary);
	}
	if (f->stream != NULL)
		(void)fclose(f->stream);
	free(f->path);
	free(f->temporary);
	free(f);
}
