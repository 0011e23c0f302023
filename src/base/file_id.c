/*
 * Identity is device and inode, so that links of both kinds, "..", and /proc/self/fd need no thought.
 * A file that is not there yet is known by its folder and its name there.
 */
#include "base/file_id.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as many as Linux follows */

static struct file_id id_of(const struct stat *st)
{
	return (struct file_id){ .known = true,
		.exists = true,
		.regular = S_ISREG(st->st_mode),
		.folder = S_ISDIR(st->st_mode),
		.device_file = S_ISCHR(st->st_mode),
		.device = st->st_dev,
		.inode = st->st_ino };
}

/* Splits path in place: the folder ("." where none is named, "/" alone) and the name in it. */
static const char *split(char *path, char folder[static PATH_MAX])
{
	char *slash = strrchr(path, '/');

	(void)snprintf(folder, PATH_MAX, "%s", slash == NULL ? "." : slash == path ? "/" : path);
	if (slash != NULL && slash != path)
		folder[slash - path] = '\0';
	return slash != NULL ? slash + 1 : path;
}

/* Puts where a link leads in the place of its path; false: it is no link, or the path too long. */
static bool follow(char path[static PATH_MAX])
{
	char to[PATH_MAX], folder[PATH_MAX], joined[2 * PATH_MAX];
	ssize_t n = readlink(path, to, sizeof to - 1);
	int len;

	if (n <= 0)
		return false;
	to[n] = '\0';
	(void)split(path, folder);
	len = to[0] == '/' ? snprintf(joined, sizeof joined, "%s", to)
			   : snprintf(joined, sizeof joined, "%s/%s", folder, to);
	if (len < 0 || len >= PATH_MAX)
		return false;
	memcpy(path, joined, (size_t)len + 1);
	return true;
}

struct file_id file_id_of(const char *path)
{
	struct file_id id = { .known = false };
	char at[PATH_MAX], folder[PATH_MAX];
	const char *name;
	struct stat st;

	if (stat(path, &st) == 0)
		return id_of(&st);
	if (errno != ENOENT || strlen(path) >= sizeof at)
		return id;
	memcpy(at, path, strlen(path) + 1);
	for (unsigned i = 0; i < LINKS_MAX && follow(at); i++)
		;
	name = split(at, folder);
	if (name[0] == '\0' || strlen(name) >= sizeof id.name || stat(folder, &st) != 0)
		return id;
	id = id_of(&st);
	id.exists = id.folder = false;
	memcpy(id.name, name, strlen(name) + 1);
	return id;
}

struct file_id file_id_of_descriptor(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? id_of(&st) : (struct file_id){ .known = false };
}

bool file_id_same(const struct file_id *a, const struct file_id *b)
{
	return a->known && b->known && a->exists == b->exists && a->device == b->device &&
	       a->inode == b->inode && !a->folder && !a->device_file &&
	       strcmp(a->name, b->name) == 0;
}
