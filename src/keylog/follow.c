/* Everything is read without waiting, from wherever the last reading ended. */
#include "keylog/follow.h"

#include "base/memory.h"
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct follow {
	struct keylog *into;
	struct keylog_text text;
	int fd;
	bool waits; /* it is a pipe: what is not there yet may come */
	bool over;  /* nothing more will */
	bool limited;
	uint64_t bytes;
	int patience; /* ms left */
	uint8_t piece[16 * 1024];
};

static bool open_file(struct follow *f, const char *path, struct err *e)
{
	struct stat st;

	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0)
		return err_set(e, ERR_OS, errno, "cannot open '%.160s': %s", path, strerror(errno));
	if (fstat(f->fd, &st) != 0)
		return err_set(e, ERR_OS, errno, "cannot read '%.160s': %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_INPUT, 0, "'%.160s' is a folder", path);
	f->waits = S_ISFIFO(st.st_mode);
	return true;
}

struct follow *follow_open(const char *path, struct keylog *into, struct err *e)
{
	struct follow *f = memory_new(sizeof *f);

	if (f == NULL) {
		(void)err_set(e, ERR_MEMORY, 0, "out of memory");
		return NULL;
	}
	f->into = into;
	f->patience = FOLLOW_PATIENCE_MS;
	if (!open_file(f, path, e)) {
		follow_close(f);
		return NULL;
	}
	(void)follow_more(f);
	return f;
}

void follow_close(struct follow *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		(void)close(f->fd);
	wipe(f, sizeof *f);
	free(f);
}

bool follow_more(struct follow *f)
{
	uint64_t before = f->bytes;
	ssize_t n = 1;

	while (!f->over && n > 0) {
		n = read(f->fd, f->piece, sizeof f->piece);
		f->over |= n < 0 && errno != EAGAIN && errno != EINTR;
		if (n <= 0)
			break;
		keylog_feed(f->into, &f->text, bytes_of(f->piece, (size_t)n));
		f->bytes += (uint64_t)n;
		f->limited = f->over = f->bytes >= FOLLOW_BYTES_MAX;
	}
	return f->bytes != before;
}

static int ms_between(const struct timespec *from, const struct timespec *to)
{
	return (int)((to->tv_sec - from->tv_sec) * 1000 + (to->tv_nsec - from->tv_nsec) / 1000000);
}

/*
 * Its writer may be slower than the packets: is there more, within FOLLOW_WAIT_MS? A writer that has left is
 * the end; one that never came is waited for like one that is slow.
 */
static bool more_comes(struct follow *f)
{
	struct pollfd p = { .fd = f->fd, .events = POLLIN };
	int ms = f->patience < FOLLOW_WAIT_MS ? f->patience : FOLLOW_WAIT_MS;
	struct timespec before, after;

	if (!f->waits || f->over || ms <= 0)
		return false;
	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	(void)poll(&p, 1, ms);
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	f->patience -= ms_between(&before, &after);
	f->over |= (p.revents & (POLLHUP | POLLIN)) == POLLHUP;
	return (p.revents & POLLIN) != 0;
}

bool follow_wait(struct follow *f)
{
	uint64_t generation = keylog_generation(f->into);

	do
		(void)follow_more(f);
	while (more_comes(f));
	keylog_end(f->into,
		&f->text); /* what stands at the end is a line, whether or not it has an end itself */
	return keylog_generation(f->into) != generation;
}

bool follow_limited(const struct follow *f)
{
	return f->limited;
}
