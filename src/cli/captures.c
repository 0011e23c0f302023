/* Pipes are opened in turn: whoever fills them may do that one after the other. */
#include "cli/captures.h"

#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* Some are left for what else a run opens. */
static size_t descriptors_to_spend(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return CAPTURES_AHEAD_MAX;
	return limit.rlim_cur / 2 < CAPTURES_AHEAD_MAX ? (size_t)limit.rlim_cur / 2
						       : CAPTURES_AHEAD_MAX;
}

static int open_file(const char *path)
{
	struct stat st;

	if (is_stdin(path) || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	return open(path, O_RDONLY | O_CLOEXEC);
}

void captures_open(struct captures *c, char *const *paths)
{
	size_t most = descriptors_to_spend();

	*c = (struct captures){ .paths = paths };
	for (; paths[c->n] != NULL; c->n++) {
		int fd = c->n < most ? open_file(paths[c->n]) : -1;

		if (c->n < CAPTURES_AHEAD_MAX)
			c->ahead[c->n] = fd;
		if (fd < 0 && !is_stdin(paths[c->n]))
			c->to_open = c->n + 1;
	}
}

/* Why a file cannot be opened is found, and told, where it is read. */
static int take_next(struct captures *c)
{
	size_t i = c->next++;
	int fd = i < CAPTURES_AHEAD_MAX ? c->ahead[i] : -1;

	if (i < CAPTURES_AHEAD_MAX)
		c->ahead[i] = -1;
	if (fd < 0 && !is_stdin(c->paths[i]))
		fd = open(c->paths[i], O_RDONLY | O_CLOEXEC);
	return fd;
}

static bool read_one(
	struct captures *c, struct tlsdiag *run, int fd, const char *path, struct tlsdiag_error *e)
{
	if (c->logs)
		return fd >= 0 ? tlsdiag_read_open_log(run, fd, path, c->format, e)
			       : tlsdiag_read_log(run, path, c->format, e);
	return fd >= 0 ? tlsdiag_read_open_capture(run, fd, path, e)
		       : tlsdiag_read_capture(run, path, e);
}

bool captures_read(struct captures *c, struct tlsdiag *run, bool *ok, struct tlsdiag_error *e)
{
	size_t i = c->next;
	bool missing;
	int fd;

	if (i >= c->n)
		return false;
	fd = take_next(c);
	missing = fd < 0 && !is_stdin(c->paths[i]);
	if (c->next >= c->to_open && !missing)
		sandbox_seal();
	*ok = read_one(c, run, fd, c->paths[i], e);
	return true;
}

void captures_close(struct captures *c)
{
	for (size_t i = c->next; i < c->n && i < CAPTURES_AHEAD_MAX; i++)
		if (c->ahead[i] >= 0)
			(void)close(c->ahead[i]);
}
