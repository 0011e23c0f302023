/* What collectors of logs and logging frameworks put in front of a line. */
#include "base/array.h"
#include "log/dress_prefix.h"

#include <string.h>

enum { PRIORITY_MAX = 191, WORDS_OF_5424 = 4 };

static const char *const months[] = { "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ",
	"Aug ", "Sep ", "Oct ", "Nov ", "Dec " };

/* A word without blanks, and the blank behind it. */
static bool word_and_blank(struct scan *s, struct bytes *word)
{
	struct scan t = *s;
	const uint8_t *from = t.at;

	while (t.at<t.end && * t.at> ' ')
		t.at++;
	*word = bytes_of(from, (size_t)(t.at - from));
	if (word->len == 0 || !scan_char(&t, ' '))
		return false;
	*s = t;
	return true;
}

/* ---- syslog ---- */

/* "app[12]: ", "app: " */
static bool ident(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	struct bytes tag;
	uint64_t pid;

	if (!scan_name(&t, "-./@", &tag))
		return false;
	if (scan_char(&t, '[') && !(scan_decimal(&t, &pid) && scan_char(&t, ']')))
		return false;
	if (!scan_word(&t, ": "))
		return false;
	if (tag.len <= LOG_TAG_MAX)
		line->tag = tag;
	*s = t;
	return true;
}

/* RFC 3164 4.1.2: the day without a year, the time, the host. */
static bool bsd_syslog(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	bool month = false;
	struct bytes host;
	uint64_t day;
	int64_t ns;

	for (size_t i = 0; i < COUNT(months) && !month; i++)
		month = scan_word(&t, months[i]);
	(void)scan_blanks(&t);
	if (!month || !scan_decimal(&t, &day) || day == 0 || day > 31 || !scan_char(&t, ' ') ||
		!dress_time_of_day(&t, &ns) || !scan_char(&t, ' ') || !word_and_blank(&t, &host) ||
		!ident(&t, line))
		return false;
	line->at.time = ns;
	*s = t;
	return true;
}

/* RFC 5424 6: "<134>1 TIME HOST APP PID MSGID SD MSG"; the time is read by whoever reads times. */
static bool ietf_syslog(struct scan *s)
{
	struct scan t = *s;
	struct bytes word;
	uint64_t n;

	if (!scan_char(&t, '<') || !scan_decimal(&t, &n) || n > PRIORITY_MAX ||
		!scan_word(&t, ">1 ") || !word_and_blank(&t, &word))
		return false;
	for (unsigned i = 0; i < WORDS_OF_5424; i++)
		if (!word_and_blank(&t, &word))
			return false;
	if (!scan_word(&t, "- ") && !scan_until(&t, "] ", &word))
		return false;
	*s = t;
	return true;
}

bool dress_syslog(struct scan *s, struct log_line *line)
{
	if (scan_peek(s) == '<')
		return ietf_syslog(s);
	return strchr("JFMASOND", scan_peek(s)) != NULL && bsd_syslog(s, line);
}

/* ---- containers ---- */

bool dress_container(struct scan *s, struct log_line *line)
{
	static const char *const streams[] = { "stdout F ", "stderr F ", "stdout P ", "stderr P " };
	struct scan t = *s;
	struct bytes name;

	(void)line;
	for (size_t i = 0; i < COUNT(streams); i++)
		if (scan_word(s, streams[i]))
			return true;
	if (!scan_name(&t, "-.", &name) || name.len > (size_t)2 * LOG_TAG_MAX || !scan_blanks(&t) ||
		!scan_word(&t, "| "))
		return false;
	*s = t;
	return true;
}

/* ---- frameworks ---- */

static bool level_letter(struct scan *s, char *level)
{
	uint8_t c = scan_peek(s);

	if (c == 0 || strchr("VDIWEF", c) == NULL)
		return false;
	*level = (char)c;
	s->at++;
	return true;
}

bool dress_logcat(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	uint64_t month, day, pid, tid;
	struct bytes tag;
	int64_t ns;
	char level;

	if (!scan_decimal(&t, &month) || month == 0 || month > 12 || t.at - s->at != 2 ||
		!scan_char(&t, '-') || !scan_decimal(&t, &day) || day == 0 || day > 31 ||
		!scan_char(&t, ' ') || !dress_time_of_day(&t, &ns) || !scan_blanks(&t) ||
		!scan_decimal(&t, &pid) || !scan_blanks(&t) || !scan_decimal(&t, &tid) ||
		!scan_char(&t, ' ') || !level_letter(&t, &level) || !scan_char(&t, ' ') ||
		!scan_name(&t, "-.", &tag))
		return false;
	(void)scan_blanks(&t);
	if (!scan_char(&t, ':'))
		return false;
	(void)scan_char(&t, ' ');
	line->level = level;
	line->at.time = ns;
	*s = t;
	return true;
}

bool dress_platformio(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	uint64_t ms;
	struct bytes place, function;
	char level;

	if (!scan_char(&t, '['))
		return false;
	(void)scan_blanks(&t);
	if (!scan_decimal(&t, &ms) || ms > INT32_MAX || !scan_word(&t, "][") ||
		!level_letter(&t, &level) || !scan_word(&t, "][") ||
		!scan_until(&t, "] ", &place) || !scan_name(&t, "", &function) ||
		!scan_word(&t, "(): "))
		return false;
	line->level = level;
	line->at.time = (int64_t)ms * 1000000;
	*s = t;
	return true;
}

static bool level_word(struct scan *s, char *level)
{
	static const struct {
		const char *word;
		char level;
	} words[] = { { "DEBUG", 'D' }, { "INFO", 'I' }, { "WARNING", 'W' }, { "WARN", 'W' },
		{ "ERROR", 'E' }, { "TRACE", 'V' }, { "CRITICAL", 'E' }, { "FATAL", 'E' } };

	for (size_t i = 0; i < COUNT(words); i++)
		if (scan_word(s, words[i].word)) {
			*level = words[i].level;
			return true;
		}
	return false;
}

/* "[main] tls.Client : " of Spring, behind "4711 --- " */
static bool spring(struct scan *s)
{
	struct scan t = *s;
	struct bytes thread, logger;
	uint64_t pid;

	if (!scan_decimal(&t, &pid) || !scan_word(&t, " --- [") || !scan_until(&t, "] ", &thread) ||
		!scan_name(&t, ".$-[]/", &logger))
		return false;
	(void)scan_blanks(&t);
	if (!scan_word(&t, ": "))
		return false;
	*s = t;
	return true;
}

static bool is_number(struct bytes name)
{
	struct scan s = scan_of(name);
	uint64_t value;

	return scan_hex(&s, &value) && scan_is_at_end(&s);
}

/* "tls: ", "tls.client - " of a logger, but no "0010 - " of a dump; a file of mbedTLS's ("ssl_tls.c:10: ") is none. */
static void logger(struct scan *s)
{
	struct scan t = *s;
	struct bytes name;

	if (scan_name(&t, ".-", &name) && name.len <= LOG_TAG_MAX && !is_number(name) &&
		(scan_word(&t, ": ") || scan_word(&t, " - ")))
		*s = t;
}

bool dress_level(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	bool bracket = scan_char(&t, '[');
	char level;

	if (!level_word(&t, &level))
		return false;
	if (bracket) {
		if (!scan_char(&t, ']'))
			return false;
		(void)scan_blanks(&t);
	} else if (scan_blanks(&t)) {
		if (!spring(&t)) /* a level behind a clock, and whose it is */
			logger(&t);
		if (line->at.time == LOG_NO_TIME)
			return false; /* "ERROR text" are a program's own words */
	} else {
		return false;
	}
	line->level = level;
	*s = t;
	return true;
}

/* ---- pages ---- */

/* Only what stands around a quotation of code; anything else in "<>" is the log's own. */
bool dress_markup(struct scan *s, struct log_line *line)
{
	static const char *const tags[] = { "p>", "pre>", "code>", "/code>", "/pre>", "br>", "br/>",
		"br />", "blockquote>", "div>", "/p>", "li>", "td>", "tt>" };
	struct scan t = *s;

	(void)line;
	if (!scan_char(&t, '<'))
		return false;
	for (size_t i = 0; i < COUNT(tags); i++)
		if (scan_word_nocase(&t, tags[i])) {
			*s = t;
			return true;
		}
	return false;
}

/* "- ", "* ", "12. ": what an item of a list begins with */
static void skip_bullet(struct scan *s)
{
	struct scan t = *s;
	uint64_t number;

	if (scan_word(&t, "- ") || scan_word(&t, "* ") || scan_word(&t, "+ ") ||
		(scan_decimal(&t, &number) && (scan_word(&t, ". ") || scan_word(&t, ") "))))
		*s = t;
}

/* A line that is code as a whole. Items without are left as they are: programs print such, too. */
bool dress_code(struct scan *s, struct log_line *line)
{
	struct scan t = *s;

	(void)line;
	skip_bullet(&t);
	if (!scan_char(&t, '`'))
		return false;
	while (t.end > t.at && t.end[-1] == ' ')
		t.end--;
	if (t.end == t.at || t.end[-1] != '`')
		return false;
	t.end--;
	*s = t;
	return true;
}

/* One cell, or a number before it. */
bool dress_table(struct scan *s, struct log_line *line)
{
	struct scan t = *s, u;
	uint64_t number;

	(void)line;
	if (!scan_word(&t, "| "))
		return false;
	while (t.end > t.at && t.end[-1] == ' ')
		t.end--;
	if (t.end - t.at < 2 || t.end[-1] != '|' || t.end[-2] != ' ')
		return false;
	t.end -= 2;
	u = t;
	if (scan_decimal(&u, &number) && scan_word(&u, " | "))
		t = u;
	*s = t;
	return true;
}
