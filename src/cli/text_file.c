/* Lines end at LF or CRLF, and a last line needs neither. */
#include "cli/text_file.h"

#include "pki/file.h"

#include <ctype.h>
#include <string.h>

bool text_file_read(const char *path, struct text_file *out, struct err *e)
{
	*out = (struct text_file){ .at = 0 };
	return file_read(path, &out->text, e);
}

void text_file_close(struct text_file *f)
{
	secret_wipe(&f->text);
}

char *text_file_line(struct text_file *f)
{
	char *line;
	size_t len;

	if (f->text.data == NULL || f->at >= f->text.len)
		return NULL;
	line = (char *)f->text.data + f->at;
	len = strcspn(line, "\n");
	f->at += len + 1;
	f->lines++;
	line[len] = '\0';
	if (len != 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	return line;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

bool text_file_hex(const struct text_file *f, struct secret *out)
{
	const char *p = (const char *)f->text.data;

	if (p == NULL || !secret_new(out, f->text.len / 2 + 1))
		return false;
	out->len = 0;
	p += strspn(p, " \t\r\n");
	p += strncmp(p, "0x", 2) == 0 ? 2 : 0;
	for (; *p != '\0'; p += strspn(p, " \t\r\n:")) {
		int high = digit(p[0]), low = high >= 0 ? digit(p[1]) : -1;

		if (low < 0)
			return false;
		out->data[out->len++] = (uint8_t)(high << 4 | low);
		p += 2;
	}
	return out->len != 0;
}
