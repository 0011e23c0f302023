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

#include "base/out_file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LITTER_MAX = 16, NAMES_TRIED = 64 };

struct out_file {
	FILE *stream;
	char *path;            /* where it is to be; links are resolved */
	char *temporary;       /* a name in the same folder; NULL: written directly */
	struct litter *litter; /* NULL: nothing stands under that name yet */
	char given[];          /* the path as the caller said it */
};

/* ---- what signals take away ---- */

/* A name that is to vanish with the process. Handlers read it: it is written before `used` is set. */
struct litter {
	atomic_bool claimed, used;
	char path[PATH_MAX];
};

static struct litter litters[LITTER_MAX];
static const int deadly[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

enum { N_DEADLY = sizeof deadly / sizeof deadly[0] };

/* SA_RESETHAND has put the default back: raised again, the signal ends the process as it would. */
static void take_away(int signal)
{
	int was = errno;

	for (size_t i = 0; i < LITTER_MAX; i++)
		if (atomic_load(&litters[i].used))
			(void)unlink(litters[i].path);
	errno = was;
	(void)raise(signal);
}

/* A signal that is ignored, or that the program handles, is left to it. */
static void watch_signals(void)
{
	struct sigaction act = { .sa_handler = take_away, .sa_flags = (int)SA_RESETHAND }, now;

	(void)sigfillset(&act.sa_mask);
	for (size_t i = 0; i < N_DEADLY; i++)
		if (sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			(void)sigaction(deadly[i], &act, NULL);
}

static void hold_signals(sigset_t *before)
{
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < N_DEADLY; i++)
		(void)sigaddset(&set, deadly[i]);
	(void)pthread_sigmask(SIG_BLOCK, &set, before);
}

static void release_signals(const sigset_t *before)
{
	(void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* NULL with errno when there are too many, or the name is too long. */
static struct litter *litter_add(const char *path)
{
	if (strlen(path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	for (size_t i = 0; i < LITTER_MAX; i++) {
		if (atomic_exchange(&litters[i].claimed, true))
			continue;
		memcpy(litters[i].path, path, strlen(path) + 1);
		atomic_store(&litters[i].used, true);
		watch_signals();
		return &litters[i];
	}
	errno = EMFILE;
	return NULL;
}

static void litter_forget(struct litter *l)
{
	if (l == NULL)
		return;
	atomic_store(&l->used, false);
	atomic_store(&l->claimed, false);
}

/* ---- names ---- */

/* "folder/.name.1f3a-0": hidden, of this process; other attempts have other ends. */
static bool name_temporary(struct out_file *f, unsigned attempt)
{
	const char *slash = strrchr(f->path, '/');
	int folder = slash != NULL ? (int)(slash - f->path) + 1 : 0;
	size_t size = strlen(f->path) + 64;
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	free(f->temporary);
	f->temporary = memory_get(size);
	if (f->temporary == NULL)
		return false;
	(void)snprintf(f->temporary, size, "%.*s.%.100s.%lx-%lx", folder, f->path, f->path + folder,
		(unsigned long)getpid(), (unsigned long)now.tv_nsec + attempt);
	return true;
}

/* The number in "/dev/fd/3"; -1: it is none. A descriptor may stand for a file that has no name. */
static int descriptor_of(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const char *digits = path + strlen(folders[i]);
		size_t n;

		if (strncmp(path, folders[i], strlen(folders[i])) != 0)
			continue;
		n = strspn(digits, "0123456789");
		if (n != 0 && n < 8 && digits[n] == '\0')
			return (int)strtol(digits, NULL, 10);
	}
	return -1;
}

/* ---- making ---- */

/* Fills *folder with the path of the folder that the file is to be in. */
static bool folder_of(const struct out_file *f, char folder[static PATH_MAX])
{
	const char *slash = strrchr(f->path, '/');
	size_t n = slash == NULL ? 0 : slash == f->path ? 1 : (size_t)(slash - f->path);

	if (n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(folder, slash == NULL ? "." : f->path, slash == NULL ? 1 : n);
	folder[slash == NULL ? 1 : n] = '\0';
	return true;
}

/* The descriptor of a file without a name; -1 when there can be none, or no way to name it later. */
static int open_unnamed(struct out_file *f, unsigned mode)
{
	char folder[PATH_MAX];

	if (access("/proc/self/fd", X_OK) != 0 || !folder_of(f, folder))
		return -1;
	return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, (mode_t)mode);
}

/* A file that stands under f->temporary until it is renamed. */
static int open_named(struct out_file *f, unsigned mode)
{
	sigset_t before;
	int fd = -1, code;

	hold_signals(&before);
	for (unsigned i = 0; i < NAMES_TRIED && fd < 0; i++) {
		if (!name_temporary(f, i))
			break;
		fd = open(f->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, (mode_t)mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd >= 0 && (f->litter = litter_add(f->temporary)) == NULL) {
		code = errno;
		(void)unlink(f->temporary);
		(void)close(fd);
		fd = -1;
		errno = code;
	}
	release_signals(&before);
	return fd;
}

/* Sets f->path to the file that path leads to; *direct: what stands there now is no regular file. */
static bool resolve(struct out_file *f, const char *path, bool *direct)
{
	struct stat st;
	char *real = NULL;

	*direct = false;
	if (stat(path, &st) == 0) {
		*direct = !S_ISREG(st.st_mode);
		if (S_ISDIR(st.st_mode))
			errno = EISDIR;
		if (S_ISDIR(st.st_mode) || access(path, W_OK) != 0)
			return false;
		real = realpath(path, NULL);
	} else if (errno == ENOENT && path[0] != '\0') {
		real = memory_text(path);
	}
	f->path = real;
	return real != NULL;
}

static int open_somehow(struct out_file *f, const char *path, unsigned mode, bool named)
{
	bool direct;
	int fd = descriptor_of(path);

	if (fd >= 0)
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (!resolve(f, path, &direct))
		return -1;
	if (direct)
		return open(f->path, O_WRONLY | O_CLOEXEC);
	if (!named && (fd = open_unnamed(f, mode)) >= 0) {
		if (name_temporary(f, 0))
			return fd;
		(void)close(fd);
		return -1;
	}
	return open_named(f, mode);
}

static struct out_file *make(const char *path, unsigned mode, bool named, struct err *e)
{
	struct out_file *f = memory_zeroed(1, sizeof *f + strlen(path) + 1);
	int fd, code;

	if (f == NULL) {
		err_set(e, ERR_MEMORY, 0, "out of memory");
		return NULL;
	}
	memcpy(f->given, path, strlen(path) + 1);
	fd = open_somehow(f, path, mode, named);
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

bool out_file_folder(const struct out_file *f, char *folder)
{
	return f->temporary != NULL && folder_of(f, folder);
}

FILE *out_file_stream(const struct out_file *f)
{
	return f->stream;
}

/* ---- the end ---- */

static void dispose(struct out_file *f)
{
	litter_forget(f->litter);
	free(f->path);
	free(f->temporary);
	free(f);
}

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

/* A file that has no name yet, to be put in the place of another, needs a name for the moment. */
static bool link_temporary(struct out_file *f)
{
	for (unsigned i = 0; i < NAMES_TRIED; i++) {
		if (link_unnamed(f, f->temporary))
			return true;
		if (errno != EEXIST || !name_temporary(f, i + 1))
			return false;
	}
	return false;
}

static bool give_name(struct out_file *f)
{
	int code;

	if (f->temporary == NULL)
		return true;
	if (f->litter == NULL) {
		if (link_unnamed(f, f->path))
			return true;
		if (errno != EEXIST || !link_temporary(f))
			return false;
	}
	if (rename(f->temporary, f->path) == 0)
		return true;
	code = errno;
	(void)unlink(f->temporary);
	errno = code;
	return false;
}

bool out_file_commit(struct out_file *f, struct err *e)
{
	sigset_t before;
	bool ok = is_written(f);
	int code = errno;

	if (ok) {
		hold_signals(&before);
		ok = give_name(f);
		code = errno;
		litter_forget(f->litter);
		f->litter = NULL;
		release_signals(&before);
	}
	if (!ok)
		err_set(e, ERR_OS, code, "cannot write '%s': %s", f->given, strerror(code));
	out_file_abandon(f);
	return ok;
}

void out_file_abandon(struct out_file *f)
{
	if (f == NULL)
		return;
	if (f->litter != NULL)
		(void)unlink(f->temporary);
	if (f->stream != NULL)
		(void)fclose(f->stream);
	dispose(f);
}
