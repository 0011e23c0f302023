/* Lines of Kconfig: "CONFIG_X=y", "CONFIG_X=n", "CONFIG_X=4096", "# CONFIG_X is not set"; all else is passed over. */
#include "config/kconfig.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_LEN = 512, HEADING_LINES = 8, MANY_OPTIONS = 150 };

/* "12:", as grep puts it in front. */
static size_t number_length(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && isdigit((unsigned char)p[n]))
		n++;
	return n != 0 && n < len && p[n] == ':' ? n + 1 : 0;
}

/* One line without its spaces, and without the marks of a quotation, with a zero behind it; a longer one is cut. */
static bool next_line(struct bytes *text, char line[static LINE_MAX_LEN])
{
	const char *p = (const char *)text->data;
	size_t len = text->len - bytes_from(*text, '\n').len, n;

	if (text->len == 0)
		return false;
	*text = bytes_slice(*text, len + 1, text->len);
	n = number_length(p, len);
	p += n;
	len -= n;
	while (len != 0 && (isspace((unsigned char)*p) || strchr(">|`", *p) != NULL)) {
		p++;
		len--;
	}
	n = len < LINE_MAX_LEN - 1 ? len : LINE_MAX_LEN - 1;
	memcpy(line, p, n);
	while (n != 0 && (isspace((unsigned char)line[n - 1]) || line[n - 1] == '`'))
		n--;
	line[n] = '\0';
	return true;
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	if (strncmp(p, "CONFIG_", 7) != 0)
		return 0;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

/* "y # why": people put comments there, and Kconfig looks at the first letter. */
static void cut_comment(char *value)
{
	char *mark = *value != '"' ? strpbrk(value, " \t#") : NULL;

	if (mark != NULL)
		*mark = '\0';
}

/* The option that a line is about, cut off in place. *value: NULL, it is off. False: about none. */
static bool take_option(char *line, char **name, char **value)
{
	char *p = line + (*line == '#') * (1 + strspn(line + 1, " "));
	size_t n = name_length(p);

	*name = p;
	*value = NULL;
	if (*line == '#' && n != 0 && strcmp(p + n, " is not set") == 0) {
		p[n] = '\0';
		return true;
	}
	if (*line == '#' || n == 0 || p[n] != '=')
		return false;
	p[n] = '\0';
	cut_comment(p + n + 1);
	*value = strcmp(p + n + 1, "n") == 0 ? NULL : p + n + 1;
	return true;
}

static bool is_directive(const char *line)
{
	static const char *const words[] = { "define", "undef", "if", "include" };
	const char *p = line + 1;

	if (*line != '#')
		return false;
	p += strspn(p, " \t");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(p, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

bool kconfig_looks(struct bytes text)
{
	char line[LINE_MAX_LEN], *name, *value;
	size_t options = 0, directives = 0;

	while (next_line(&text, line)) {
		directives += is_directive(line);
		options += take_option(line, &name, &value);
	}
	return options != 0 && options > directives;
}

static bool is_mbedtls(const char *name)
{
	return strncmp(name, "CONFIG_MBEDTLS", 14) == 0 || strncmp(name, "CONFIG_PSA_", 11) == 0;
}

static bool define_option(struct preprocessor *p, const char *name, const char *value,
	struct source_place at, struct arena *a)
{
	const char *off = arena_printf(a, "NOT_SET_%s", name);

	if (off == NULL)
		return false;
	/* The last line of several holds. */
	preprocess_undefine(p, value != NULL ? off : name);
	if (value == NULL)
		return preprocess_define(p, off, "1", at);
	return preprocess_define(
		p, name, strcmp(value, "y") == 0 || strcmp(value, "m") == 0 ? "1" : value, at);
}

/* "5.1.2" in "... (ESP-IDF) 5.1.2 Project Configuration", or in quotes. */
static void take_version(struct kconfig *k, const char *at, struct arena *a)
{
	at += strspn(at, " \"v");
	if (*k->version == '\0' && isdigit((unsigned char)*at)) {
		const char *version = arena_printf(a, "%.*s", (int)strspn(at, "0123456789."), at);

		if (version != NULL)
			k->version = version;
	}
}

static void take_heading(struct kconfig *k, const char *line, struct arena *a)
{
	const char *idf = strstr(line, "(ESP-IDF)");

	if (strstr(line, "enerated") != NULL || strstr(line, "DO NOT EDIT") != NULL)
		k->whole = true;
	if (idf != NULL)
		take_version(k, idf + strlen("(ESP-IDF)"), a);
}

bool kconfig_read(struct preprocessor *p, const char *file, struct bytes text, struct kconfig *k,
	struct arena *a, struct err *e)
{
	char line[LINE_MAX_LEN], *name, *value;
	size_t all = 0;

	k->version = "";
	for (unsigned number = 1; next_line(&text, line); number++) {
		if (*line == '#' && number <= HEADING_LINES)
			take_heading(k, line, a);
		if (!take_option(line, &name, &value))
			continue;
		if (!define_option(p, name, value, (struct source_place){ file, number }, a))
			return err_set(e, ERR_LIMIT, 0,
				"'%s' has more than %d options, or memory ran out", file,
				MACROS_MAX);
		if (strcmp(name, "CONFIG_IDF_INIT_VERSION") == 0 && value != NULL)
			take_version(k, value, a);
		k->options += is_mbedtls(name);
		all++;
	}
	k->whole |= all >= MANY_OPTIONS;
	return k->options != 0 || err_set(e, ERR_INPUT, 0, "'%s' sets no option of mbedTLS", file);
}
