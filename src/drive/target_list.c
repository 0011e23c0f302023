/* Lists of targets out of files; what one target is, target.c says. */
#include "drive/target_list.h"

#include "drive/target.h"

enum { LABEL_MAX = 63, NAME_MAX_BYTES = 253 }; /* RFC 1035 2.3.4 */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct bytes trim(struct bytes b)
{
	while (b.len != 0 && is_blank(b.data[0]))
		b = bytes_slice(b, 1, b.len);
	while (b.len != 0 && is_blank(b.data[b.len - 1]))
		b.len--;
	return b;
}

/* The next line without its remark and the blanks around what is left. */
static struct bytes take_line(struct target_list *l)
{
	const uint8_t *end = memchr(l->left.data, '\n', l->left.len), *remark;
	size_t len = end != NULL ? (size_t)(end - l->left.data) : l->left.len;
	struct bytes line = bytes_slice(l->left, 0, len);

	l->left = bytes_slice(l->left, len + (end != NULL), l->left.len);
	l->line++;
	if (l->line == 1 && line.len >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
		line = bytes_slice(line, 3, line.len);
	remark = line.len != 0 ? memchr(line.data, '#', line.len) : NULL;
	if (remark != NULL)
		line.len = (size_t)(remark - line.data);
	return trim(line);
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters, digits, '-' and '_' in labels that do not begin or end with '-'; a dot may end it. */
static bool is_host_name(const char *host)
{
	size_t label = 0;
	char before = '.';

	if (strlen(host) > NAME_MAX_BYTES)
		return false;
	for (const char *p = host; *p != '\0'; before = *p++) {
		if (*p == '.' ? label == 0 || before == '-'
			      : !is_alnum(*p) && *p != '_' && (*p != '-' || label == 0))
			return false;
		label = *p == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return false;
	}
	return host[0] != '\0' && before != '-';
}

static bool is_target(const char *text)
{
	struct target t;
	struct err ignored;

	return target_parse(text, 1, &t, &ignored) &&
	       (target_is_address(&t) || is_host_name(t.host));
}

bool target_list_next(struct target_list *l, char out[static TARGET_LINE_MAX], struct err *e)
{
	out[0] = '\0';
	while (l->left.len != 0) {
		struct bytes line = take_line(l);

		if (line.len == 0)
			continue;
		if (line.len < TARGET_LINE_MAX && bytes_printable(line)) {
			memcpy(out, line.data, line.len);
			out[line.len] = '\0';
			if (is_target(out))
				return true;
			out[0] = '\0';
		}
		return err_set(e, ERR_INPUT, 0,
			"line %zu is no target: HOST, HOST:PORT or [IPV6]:PORT, and nothing else "
			"on "
			"the line",
			l->line);
	}
	return true;
}
