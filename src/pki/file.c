/* The buffer is wiped before it grows and before it goes: it may hold a private key. */
#include "pki/file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* Grows in steps that double, each wiped as it is left: the file may be a pipe, and a key. */
static bool grow(struct secret *s, size_t used)
{
	struct secret bigger;

	if (!secret_new(&bigger, s->len != 0 ? s->len * 2 : 16384))
		return false;
	if (used != 0)
		memcpy(bigger.data, s->data, used);
	secret_wipe(s);
	*s = bigger;
	return true;
}

static bool read_all(FILE *f, const char *path, struct secret *out, struct err *e)
{
	size_t used = 0, got;

	do {
		if (used + 1 >= out->len && !grow(out, used))
			return err_set(e, ERR_MEMORY, 0, "out of memory reading '%s'", path);
		got = fread(out->data + used, 1, out->len - used - 1, f);
		used += got;
		if (used > FILE_BYTES_MAX)
			return err_set(e, ERR_LIMIT, 0, "'%s' is larger than '16 MiB'", path);
	} while (got != 0);
	if (ferror(f))
		return err_set(e, ERR_OS, errno, "cannot read '%s': %s", path, strerror(errno));
	out->data[used] = '\0';
	out->len = used;
	return true;
}

bool file_read(const char *path, struct secret *out, struct err *e)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	bool ok;

	*out = (struct secret){ 0 };
	if (f == NULL)
		return err_set(e, ERR_OS, errno, "cannot open '%s': %s", path, strerror(errno));
	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		(void)fclose(f);
		return err_set(e, ERR_OS, EISDIR, "cannot read '%s': it is a directory", path);
	}
	(void)setvbuf(f, NULL, _IONBF, 0); /* no copy of a key in stdio's buffer */
	ok = read_all(f, path, out, e);
	(void)fclose(f);
	if (!ok)
		secret_wipe(out);
	return ok;
}
