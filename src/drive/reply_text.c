/* Replies made of lines: numbered ones, ones with a word in front, and the head of HTTP. */
#include "drive/reply.h"

enum { CODE = 3 };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* As far as both go, b and the text are the same; case does not matter. */
static bool agrees(struct bytes b, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n && i < b.len; i++)
		if (lower(b.data[i]) != lower((uint8_t)text[i]))
			return false;
	return true;
}

static bool starts(struct bytes b, const char *text)
{
	return b.len >= strlen(text) && agrees(b, text);
}

/* ---- numbered lines ---- */

/* Three digits, then a blank, '-' or nothing; or the beginning of that. */
static bool may_be_code(struct bytes line)
{
	for (size_t i = 0; i < line.len && i < CODE; i++)
		if (!is_digit(line.data[i]))
			return false;
	return line.len <= CODE || line.data[CODE] == ' ' || line.data[CODE] == '-' ||
	       line.data[CODE] == '\r';
}

static bool is_code(struct bytes line)
{
	return line.len >= CODE && may_be_code(line);
}

static bool goes_on(struct bytes line)
{
	return line.len > CODE && line.data[CODE] == '-';
}

static bool same_code(struct bytes line, struct bytes first)
{
	return is_code(line) &&
	       bytes_equal(bytes_slice(line, 0, CODE), bytes_slice(first, 0, CODE));
}

/* One reply off *b. Between its first and last line FTP allows lines of any kind. */
static enum reply_kind take_reply(bool free_lines, struct bytes *b, struct bytes *first)
{
	struct bytes line;

	if (!reply_next_line(b, first))
		return may_be_code(*b) ? REPLY_MORE : REPLY_STRANGE;
	if (!is_code(*first))
		return REPLY_STRANGE;
	line = *first;
	while (goes_on(line) || !same_code(line, *first)) {
		if (!reply_next_line(b, &line))
			return REPLY_MORE;
		if (!free_lines && !same_code(line, *first))
			return REPLY_STRANGE;
	}
	return REPLY_OK;
}

enum reply_kind reply_code(const struct step *step, struct bytes b, struct reply *out)
{
	struct bytes left = b, first;

	do { /* RFC 959 4.2: 1yz says that the reply comes later */
		enum reply_kind kind = take_reply(step->free_lines, &left, &first);

		if (kind != REPLY_OK)
			return kind;
	} while (first.data[0] == '1');
	if (first.data[0] == '4' || first.data[0] == '5')
		return reply_refuse(out, b.len - left.len, first);
	if (!starts(first, step->code))
		return REPLY_STRANGE;
	out->len = b.len - left.len;
	return REPLY_OK;
}

/* ---- lines with a word in front ---- */

static const struct reply_word *find_word(const struct step *step, struct bytes line)
{
	for (const struct reply_word *w = step->words; w->text != NULL; w++)
		if (starts(line, w->text))
			return w;
	return NULL;
}

static bool may_be_word(const struct step *step, struct bytes cut)
{
	for (const struct reply_word *w = step->words; w->text != NULL; w++)
		if (agrees(cut, w->text))
			return true;
	return false;
}

enum reply_kind reply_words(const struct step *step, struct bytes b, struct reply *out)
{
	struct bytes left = b, line;

	while (reply_next_line(&left, &line)) {
		const struct reply_word *word = find_word(step, line);

		if (word == NULL)
			return REPLY_STRANGE;
		if (word->kind == REPLY_REFUSED)
			return reply_refuse(out, b.len - left.len, line);
		if (word->kind == REPLY_OK) {
			out->len = b.len - left.len;
			return REPLY_OK;
		}
	}
	return may_be_word(step, left) ? REPLY_MORE : REPLY_STRANGE;
}

/* ---- HTTP ---- */

/* "HTTP/1.1 200 ..."; a '#' stands for a digit. */
static bool may_be_status_line(struct bytes line)
{
	static const char form[] = "HTTP/1.# ###";

	for (size_t i = 0; i < line.len && i < sizeof form - 1; i++)
		if (form[i] == '#' ? !is_digit(line.data[i]) : line.data[i] != (uint8_t)form[i])
			return false;
	return true;
}

static unsigned status_of(struct bytes line)
{
	enum { AT = 9, LEAST = 12 };

	if (line.len < LEAST || !may_be_status_line(line))
		return 0;
	return (unsigned)(line.data[AT] - '0') * 100 + (unsigned)(line.data[AT + 1] - '0') * 10 +
	       (unsigned)(line.data[AT + 2] - '0');
}

/* One head off *b; *status is its status line. */
static enum reply_kind take_head(struct bytes *b, struct bytes *status)
{
	struct bytes line;

	if (!reply_next_line(b, status))
		return may_be_status_line(*b) ? REPLY_MORE : REPLY_STRANGE;
	if (status_of(*status) == 0)
		return REPLY_STRANGE;
	do {
		if (!reply_next_line(b, &line))
			return REPLY_MORE;
	} while (line.len != 0);
	return REPLY_OK;
}

enum reply_kind reply_http(const struct step *step, struct bytes b, struct reply *out)
{
	struct bytes left = b, line;
	unsigned status;

	(void)step;
	do { /* RFC 9110 15.2: any number of interim responses may come first */
		enum reply_kind kind = take_head(&left, &line);

		if (kind != REPLY_OK)
			return kind;
		status = status_of(line);
	} while (status / 100 == 1);
	out->len = b.len - left.len;
	if (status / 100 == 2)
		return REPLY_OK;
	(void)reply_refuse(out, out->len, line);
	return status == 407 ? REPLY_CREDENTIALS : REPLY_REFUSED;
}
