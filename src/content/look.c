/* The first CONTENT_LOOK bytes, through unpack.h. */
#include "content/look.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static bool read_head(int fd, uint8_t *head, size_t *len, enum packing *packing, struct err *e)
{
	struct unpack_reader *r = unpack_open(fd, e);
	enum unpack_result result = UNPACK_OK;
	size_t got = 0;

	*len = 0;
	if (r == NULL)
		return false;
	while (result == UNPACK_OK && CONTENT_LOOK - *len >= UNPACK_ROOM_MIN) {
		result = unpack_read(r, head + *len, CONTENT_LOOK - *len, &got, e);
		*len += result == UNPACK_OK ? got : 0;
	}
	*packing = unpack_packing(r);
	unpack_close(r);
	return result != UNPACK_FAILED;
}

bool content_look(const char *path, struct content_look *out, struct err *e)
{
	uint8_t *head = memory_get(CONTENT_LOOK);
	int fd = head != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	size_t len = 0;
	bool ok = false;

	*out = (struct content_look){ .kind = CONTENT_UNKNOWN };
	if (head == NULL)
		(void)err_set(e, ERR_MEMORY, 0, "out of memory");
	else if (fd < 0)
		(void)err_set(e, ERR_OS, errno, "cannot open '%.160s': %s", path, strerror(errno));
	else if (!read_head(fd, head, &len, &out->packing, e))
		(void)err_context(e, "cannot read '%.160s'", path);
	else
		ok = true;
	if (ok) {
		out->kind = content_tell(bytes_of(head, len));
		out->text = content_is_text(bytes_of(head, len));
	}
	if (fd >= 0)
		(void)close(fd);
	free(head);
	return ok;
}

enum content_kind content_of_packing(enum packing packing)
{
	static const enum content_kind kinds[N_PACKINGS] = { CONTENT_UNKNOWN, CONTENT_GZIP,
		CONTENT_XZ, CONTENT_ZSTD };

	return kinds[packing];
}
