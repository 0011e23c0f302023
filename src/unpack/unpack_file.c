/* A file's bytes by way of unpack_read(). */
#include "unpack/unpack_file.h"

#include "unpack/unpack.h"

static void *open_reader(int fd, struct err *e)
{
	return unpack_open(fd, e);
}

static bool read_some(void *state, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	enum unpack_result result = unpack_read(state, out, room, got, e);

	*got = result == UNPACK_OK ? *got : 0;
	return result == UNPACK_OK || result == UNPACK_END;
}

static void close_reader(void *state)
{
	unpack_close(state);
}

static const struct file_through unpacked = { UNPACK_ROOM_MIN, open_reader, read_some,
	close_reader };

bool unpack_file_read(
	const char *path, const struct file_kind *kind, struct secret *out, struct err *e)
{
	return file_read_through(path, kind, &unpacked, out, e);
}

bool unpack_file_read_stdin(const struct file_kind *kind, struct secret *out, struct err *e)
{
	return file_read_through(NULL, kind, &unpacked, out, e);
}
