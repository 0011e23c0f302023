/*
 * Line by line: a block that never ends or ends as another is what it is, and the next one is
 * found.
 */
#include "pki/pem.h"

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";

static bool starts_with(struct bytes text, const char *prefix)
{
	size_t n = strlen(prefix);

	return text.len >= n && memcmp(text.data, prefix, n) == 0;
}

static bool ends_with(struct bytes text, const char *end)
{
	size_t n = strlen(end);

	return text.len >= n && memcmp(text.data + text.len - n, end, n) == 0;
}

/* The next line, without its end and the blanks around it. */
static struct bytes take_line(struct pem_reader *r)
{
	const uint8_t *end = r->left.len != 0 ? memchr(r->left.data, '\n', r->left.len) : NULL;
	size_t len = end != NULL ? (size_t)(end - r->left.data) : r->left.len;
	struct bytes line = bytes_slice(r->left, 0, len);

	r->left = bytes_slice(r->left, len + (end != NULL), r->left.len);
	r->line++;
	if (r->line == 1 && starts_with(line, "\xef\xbb\xbf"))
		line = bytes_slice(line, 3, line.len);
	while (line.len != 0 && line.data[0] <= ' ')
		line = bytes_slice(line, 1, line.len);
	while (line.len != 0 && line.data[line.len - 1] <= ' ')
		line.len--;
	return line;
}

/* "-----BEGIN label-----" */
static bool read_label(struct bytes line, const char *mark, char label[static PEM_LABEL])
{
	size_t skip = strlen(mark), len;

	if (!starts_with(line, mark) || line.len < skip + 5 || !ends_with(line, "-----"))
		return false;
	len = line.len - skip - 5;
	if (len >= PEM_LABEL || (len != 0 && !bytes_printable(bytes_of(line.data + skip, len))))
		return false;
	memcpy(label, line.data + skip, len);
	label[len] = '\0';
	return true;
}

/* The body up to its END line, or to where another block begins. */
static void read_body(struct pem_reader *r, struct pem_block *out)
{
	struct bytes from = r->left;
	char label[PEM_LABEL];

	for (;;) {
		struct pem_reader before = *r;
		struct bytes line = take_line(r);

		out->body = bytes_slice(from, 0, from.len - before.left.len);
		if (read_label(line, end_mark, label)) {
			out->ended = strcmp(label, out->label) == 0;
			return;
		}
		if (before.left.len == 0 || read_label(line, begin_mark, label)) {
			*r = before;
			return;
		}
		if (starts_with(line, "Proc-Type:") && ends_with(line, "ENCRYPTED"))
			out->encrypted = true;
	}
}

bool pem_next(struct pem_reader *r, struct pem_block *out)
{
	*out = (struct pem_block){ .ended = false };
	while (r->left.len != 0) {
		struct bytes line = take_line(r);

		if (!read_label(line, begin_mark, out->label))
			continue;
		out->line = r->line;
		read_body(r, out);
		out->whole = bytes_of(line.data, (size_t)(r->left.data - line.data));
		return true;
	}
	return false;
}

static int sextet(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool pem_decode(struct bytes body, uint8_t *out, size_t *len)
{
	uint32_t bits = 0;
	unsigned held = 0, padding = 0;

	*len = 0;
	for (size_t i = 0; i < body.len; i++) {
		int v = sextet(body.data[i]);

		if (body.data[i] <= ' ')
			continue;
		if (body.data[i] == '=')
			padding++;
		else if (v < 0 || padding != 0)
			return false;
		else {
			bits = (bits << 6 | (uint32_t)v) & 0xffffff;
			held += 6;
		}
		if (held >= 8) {
			held -= 8;
			out[(*len)++] = (uint8_t)(bits >> held);
		}
	}
	return padding <= 2 && held < 6;
}
