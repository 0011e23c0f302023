/*
 * One buffer that is filled up to what is asked for: the readers above see whole headers and
 * packets.
 */
#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One read; small enough that what was read is still in the processor's cache when it is used. */
enum { READ_SIZE = 128 * 1024, BUFFER_SIZE = INPUT_PEEK_MAX + READ_SIZE };

bool input_open(struct input *in, const char *path, struct err *e)
{
	struct stat st;

	*in = (struct input){ .fd = STDIN_FILENO, .name = path };
	if (strcmp(path, "-") == 0)
		in->name = "standard input";
	else if ((in->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return err_set(e, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode))
		in->total = (uint64_t)st.st_size;
	in->bytes = in->buffer = malloc(BUFFER_SIZE);
	if (in->buffer != NULL)
		return true;
	input_close(in);
	return err_set(e, ERR_MEMORY, 0, "no memory to read '%s'", path);
}

void input_open_bytes(struct input *in, const char *name, struct bytes file)
{
	*in = (struct input){ .fd = -1,
		.name = name,
		.bytes = file.data,
		.end = file.len,
		.total = file.len,
		.at_end = true };
}

void input_close(struct input *in)
{
	if (in->fd > STDERR_FILENO)
		(void)close(in->fd);
	free(in->buffer);
	*in = (struct input){ .fd = -1 };
}

void input_fill(struct input *in, size_t n)
{
	if (in->at_end)
		return;
	if (in->start != 0)
		memmove(in->buffer, in->buffer + in->start, in->end - in->start);
	in->end -= in->start;
	in->start = 0;
	while (in->end < n && !in->at_end) {
		ssize_t got = read(in->fd, in->buffer + in->end, READ_SIZE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			in->failed = errno;
		if (got <= 0)
			in->at_end = true;
		else
			in->end += (size_t)got;
	}
}

bool input_skip(struct input *in, uint64_t n)
{
	while (n != 0) {
		size_t step = n < READ_SIZE ? (size_t)n : READ_SIZE;
		size_t have = input_peek(in, step).len;

		input_consume(in, have);
		if (have < step)
			return false;
		n -= step;
	}
	return true;
}
