/* What RFC 3986 does not reserve stands for itself, the slash too; all else is percent-encoded. */
#include "report/uri.h"

/* RFC 3986 2.3, and the slash between the parts of a path. */
static bool stands_for_itself(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~/", c) != NULL);
}

void uri_put_path(struct strbuf *out, const char *path)
{
	if (path[0] == '/')
		strbuf_puts(out, "file://");
	for (; *path != '\0'; path++) {
		if (stands_for_itself(*path))
			strbuf_add(out, path, 1);
		else
			strbuf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
	}
}
