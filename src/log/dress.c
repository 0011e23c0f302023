/* One kind of prefix after the other, as often as one fits; the clock nearest to the text counts. */
#include "log/dress.h"

#include "base/array.h"
#include "base/calendar.h"
#include "log/dress_prefix.h"

enum { LAYERS_MAX = 8, NS_PER_MS = 1000000 };
static const int64_t ns_per_s = 1000000000;

/* ---- clocks ---- */

/* ".123", ",123456": any number of digits, as ns. Absent: 0. */
static int64_t fraction(struct scan *s)
{
	struct scan t = *s;
	int64_t ns = 0, unit = ns_per_s / 10;

	if (!scan_char(&t, '.') && !scan_char(&t, ','))
		return 0;
	if (scan_peek(&t) < '0' || scan_peek(&t) > '9')
		return 0;
	while (scan_peek(&t) >= '0' && scan_peek(&t) <= '9') {
		ns += (scan_peek(&t) - '0') * unit;
		unit /= 10;
		t.at++;
	}
	*s = t;
	return ns;
}

static bool two_digits(struct scan *s, unsigned most, unsigned *value)
{
	struct scan t = *s;
	uint64_t v;

	if (!scan_decimal(&t, &v) || t.at - s->at != 2 || v > most)
		return false;
	*s = t;
	*value = (unsigned)v;
	return true;
}

/* "19:18:06.629", "00:00:01.123,000" */
bool dress_time_of_day(struct scan *s, int64_t *ns)
{
	struct scan t = *s;
	unsigned h, m, sec;

	if (!two_digits(&t, 99, &h) || !scan_char(&t, ':') || !two_digits(&t, 59, &m) ||
		!scan_char(&t, ':') || !two_digits(&t, 60, &sec))
		return false;
	*ns = ((int64_t)h * 3600 + (int64_t)m * 60 + (int64_t)sec) * ns_per_s + fraction(&t);
	(void)fraction(&t); /* Zephyr's microseconds, behind another comma */
	*s = t;
	return true;
}

/* "2026-11-29", "2026/11/29": days since 1970 as ns. */
static bool date(struct scan *s, int64_t *ns)
{
	struct scan t = *s;
	uint64_t year;
	unsigned month, day;
	char between;

	if (!scan_decimal(&t, &year) || t.at - s->at != 4 || year < 1970)
		return false;
	between = (char)scan_peek(&t);
	if ((between != '-' && between != '/') || !scan_char(&t, between) ||
		!two_digits(&t, 12, &month) || !scan_char(&t, between) ||
		!two_digits(&t, 31, &day) || month == 0 || day == 0)
		return false;
	*ns = calendar_days((int)year, month, day) * 86400 * ns_per_s;
	*s = t;
	return true;
}

/* "2026-11-29T19:18:06.629Z", "2026-11-29 19:18:06,629 +0100 " */
static bool moment(struct scan *s, int64_t *ns)
{
	struct scan t = *s;
	int64_t day = 0, clock = 0, zone;

	if (!date(&t, &day) || !(scan_char(&t, 'T') || scan_blanks(&t)) ||
		!dress_time_of_day(&t, &clock))
		return false;
	if (!scan_char(&t, 'Z') && scan_word(&t, " UTC") == false) {
		struct scan z = t;

		(void)scan_char(&z, ' ');
		if ((scan_peek(&z) == '+' || scan_peek(&z) == '-') && scan_integer(&z, &zone) &&
			zone % 100 < 60 && zone > -1500 && zone < 1500) {
			clock -= (zone / 100 * 3600 + zone % 100 * 60) * ns_per_s;
			t = z;
		}
	}
	*s = t;
	*ns = day + clock;
	return true;
}

/* A clock of any of these kinds, in brackets or not, and what parts it from the text. */
static bool clock_before(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	char open = (char)scan_peek(&t);
	int64_t ns = 0;
	uint64_t seconds;

	if (open == '[' || open == '(')
		t.at++;
	else
		open = 0;
	if (!moment(&t, &ns) && !dress_time_of_day(&t, &ns)) {
		/* "[    1.204911]", the kernel's */
		const uint8_t *dot;

		if (open != '[')
			return false;
		(void)scan_blanks(&t);
		if (!scan_decimal(&t, &seconds) || seconds > INT32_MAX)
			return false;
		dot = t.at;
		ns = (int64_t)seconds * ns_per_s + fraction(&t);
		if (t.at == dot)
			return false;
	}
	if (open != 0 && !scan_char(&t, open == '[' ? ']' : ')'))
		return false;
	(void)scan_char(&t, ':');
	if (!scan_word(&t, " -> ") && !scan_blanks(&t))
		return false;
	line->at.time = ns;
	*s = t;
	return true;
}

/* ---- frameworks ---- */

/* ESP-IDF: "I (1234) mbedtls: ", "I (12:00:01.234) mbedtls: "; clock and tag by its own rules. */
static bool esp_idf(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	char level = (char)scan_peek(&t);
	uint64_t ms;
	int64_t ns;
	struct bytes tag;

	if (level == 0 || strchr("EWIDV", level) == NULL)
		return false;
	t.at++;
	if (!scan_word(&t, " ("))
		return false;
	if (dress_time_of_day(&t, &ns))
		line->at.time = ns;
	else if (scan_decimal(&t, &ms) && ms < INT64_MAX / NS_PER_MS)
		line->at.time = (int64_t)ms * NS_PER_MS;
	else
		return false;
	if (!scan_word(&t, ") ") || !scan_name(&t, "-./ ", &tag) || tag.len > LOG_TAG_MAX ||
		!scan_char(&t, ':'))
		return false;
	(void)scan_char(&t, ' ');
	line->level = level;
	line->tag = tag;
	*s = t;
	return true;
}

/* "zephyr_mbedtls_debug: ": Zephyr names the function in lines of this level. */
static void skip_function(struct scan *s)
{
	struct scan t = *s;
	struct bytes name;

	if (scan_name(&t, "", &name) && memchr(name.data, '_', name.len) != NULL &&
		scan_word(&t, ": "))
		*s = t;
}

/* Zephyr: "<inf> mbedtls: " */
static bool zephyr(struct scan *s, struct log_line *line)
{
	static const struct {
		const char *word;
		char level;
	} levels[] = { { "<err> ", 'E' }, { "<wrn> ", 'W' }, { "<inf> ", 'I' }, { "<dbg> ", 'D' } };
	struct bytes tag;

	for (size_t i = 0; i < COUNT(levels); i++) {
		struct scan t = *s;

		if (!scan_word(&t, levels[i].word) || !scan_name(&t, "-.", &tag) ||
			tag.len > LOG_TAG_MAX || !scan_char(&t, ':'))
			continue;
		(void)scan_char(&t, ' ');
		if (levels[i].level == 'D')
			skip_function(&t);
		line->level = levels[i].level;
		line->tag = tag;
		*s = t;
		return true;
	}
	return false;
}

/* SEGGER's RTT viewer: "00> " */
static bool rtt(struct scan *s, struct log_line *line)
{
	struct scan t = *s;
	unsigned channel;

	(void)line;
	if (!two_digits(&t, 99, &channel) || !scan_word(&t, "> "))
		return false;
	*s = t;
	return true;
}

/* "> quoted", ">> quoted"; ">>> " is of another making. */
static bool quotation(struct scan *s, struct log_line *line)
{
	struct scan t = *s;

	(void)line;
	if (!scan_word(&t, "> ") && !scan_word(&t, ">> "))
		return false;
	*s = t;
	return true;
}

/* A post may be indented: blanks before a prefix with a clock are none of the text's. */
static void skip_indentation(struct scan *s, struct log_line *line)
{
	static dress_prefix *const clocks[] = { dress_logcat, dress_platformio, clock_before,
		esp_idf };
	struct scan t = *s;

	if (!scan_blanks(&t))
		return;
	for (size_t i = 0; i < COUNT(clocks); i++)
		if (clocks[i](&t, line)) {
			*s = t;
			return;
		}
}

void dress_take_off(struct log_line *line)
{
	static dress_prefix *const prefixes[] = { rtt, dress_logcat, dress_platformio, clock_before,
		esp_idf, zephyr, quotation, dress_syslog, dress_container, dress_level,
		dress_markup, dress_code, dress_table };
	struct scan s = scan_of(line->whole);

	line->tag = bytes_of(NULL, 0);
	line->level = 0;
	line->at.time = LOG_NO_TIME;
	skip_indentation(&s, line);
	for (unsigned layer = 0; layer < LAYERS_MAX; layer++) {
		bool found = false;

		for (size_t i = 0; i < COUNT(prefixes) && !found; i++)
			found = prefixes[i](&s, line);
		if (!found)
			break;
	}
	line->text = scan_rest(&s);
}
