/*
 * One buffer that is filled up to what is asked for: the readers above see whole headers and
 * packets.
 */
#include "capture/input.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One read; small enough that what was read is still in the processor's cache when it is used. */
enum { READ_SIZE = 128 * 1024, BUFFER_SIZE = INPUT_PEEK_MAX + READ_SIZE };

bool input_open(struct input *in, const char *path, struct err *e)
{
	int fd;

	*in = (struct input){ .fd = -1, .name = path };
	if (strcmp(path, "-") == 0)
		return input_open_fd(in, STDIN_FILENO, "standard input", e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	return input_open_fd(in, fd, path, e);
}

bool input_open_fd(struct input *in, int fd, const char *name, struct err *e)
{
	struct stat st;

	*in = (struct input){ .fd = fd, .name = name };
	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode))
		in->total = (uint64_t)st.st_size;
	in->bytes = in->buffer = memory_get(BUFFER_SIZE);
	in->reader = in->buffer != NULL ? unpack_open(fd, e) : NULL;
	if (in->reader != NULL)
		return true;
	input_close(in);
	return err_set(e, ERR_MEMORY, 0, "no memory to read '%s'", name);
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
	unpack_close(in->reader);
	*in = (struct input){ .fd = -1 };
}

/* Why it ends here, when that is not the end of the file. */
static void note_end(struct input *in, enum unpack_result result)
{
	in->at_end = true;
	if (unpack_packing(in->reader) != PACKING_NONE)
		in->total = 0;
	if (result == UNPACK_END)
		return;
	in->failed = in->why.code == ERR_OS ? in->why.detail : -1;
	in->cut = result == UNPACK_CUT;
	in->limited = result == UNPACK_LIMIT;
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
		size_t got = 0;
		enum unpack_result result =
			unpack_read(in->reader, in->buffer + in->end, READ_SIZE, &got, &in->why);

		if (result == UNPACK_OK)
			in->end += got;
		else
			note_end(in, result);
	}
}

const char *input_failure(const struct input *in)
{
	return in->failed > 0 ? strerror(in->failed) : in->why.msg;
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
