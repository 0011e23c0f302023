/*
 * A table of macros and a stack of the conditions that are open: no expression is worked out beyond
 * defined(), 0 and 1.
 */
#include "config/config.h"

#include "base/array.h"
#include "base/table.h"
#include "unpack/unpack_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096, NESTING_MAX = 64, MACROS_MAX = 8192 };

struct macro {
	char *name;
	char *value;
	UT_hash_handle hh;
};

struct config {
	struct macro *macros;
};

/* How a conditional block stands: read it, pass over it. A condition we cannot decide (anything
 * but defined(), #ifdef and #ifndef of one name) is passed over with its #else. */
enum block { BLOCK_TAKEN, BLOCK_PASSED, BLOCK_UNDECIDED };

struct reader {
	struct config *config;
	enum block block[NESTING_MAX];
	size_t depth;
	bool too_deep, out_of_memory, in_comment;
	size_t directives;
};

static struct macro *find(const struct config *c, const char *name)
{
	struct macro *m;

	HASH_FIND_STR(c->macros, name, m);
	return m;
}

static void undefine(struct config *c, const char *name)
{
	struct macro *m = find(c, name);

	if (m == NULL)
		return;
	HASH_DEL(c->macros, m);
	free(m->name);
	free(m->value);
	free(m);
}

static bool define(struct config *c, const char *name, const char *value)
{
	struct macro *m;

	undefine(c, name);
	if (HASH_COUNT(c->macros) >= MACROS_MAX || (m = memory_new(sizeof *m)) == NULL)
		return false;
	m->name = memory_text(name);
	m->value = memory_text(value);
	if (m->name == NULL || m->value == NULL ||
		!TABLE_ADD_POINTED(c->macros, m->name, strlen(m->name), m)) {
		free(m->name);
		free(m->value);
		free(m);
		return false;
	}
	return true;
}

/* Blanks out comments; a block comment may go on over lines. */
static void strip_comments(struct reader *r, char *line)
{
	for (char *p = line; *p != '\0'; p++) {
		if (r->in_comment) {
			r->in_comment = strncmp(p, "*/", 2) != 0;
			if (!r->in_comment)
				p[1] = ' ';
			*p = ' ';
		} else if (strncmp(p, "//", 2) == 0) {
			*p = '\0';
			return;
		} else if (strncmp(p, "/*", 2) == 0) {
			r->in_comment = true;
			p[0] = p[1] = ' ';
			p++;
		}
	}
}

/* Cuts the next word of identifier characters off *p. */
static char *word(char **p)
{
	char *start;

	while (isspace((unsigned char)**p))
		++*p;
	start = *p;
	while (isalnum((unsigned char)**p) || **p == '_')
		++*p;
	if (**p != '\0')
		*(*p)++ = '\0';
	return start;
}

static char *rest(char *p)
{
	size_t n;

	while (isspace((unsigned char)*p))
		p++;
	n = strlen(p);
	while (n != 0 && isspace((unsigned char)p[n - 1]))
		p[--n] = '\0';
	return p;
}

static bool reading(const struct reader *r)
{
	for (size_t i = 0; i < r->depth; i++)
		if (r->block[i] != BLOCK_TAKEN)
			return false;
	return true;
}

static void open_block(struct reader *r, enum block b)
{
	if (r->depth == NESTING_MAX)
		r->too_deep = true;
	else
		r->block[r->depth++] = b;
}

/* "defined(X)", "!defined(X)", "defined X", alone. */
static enum block decide(const struct reader *r, char *condition)
{
	bool negated = false;
	char *name;

	condition = rest(condition);
	if (strcmp(condition, "0") == 0 || strcmp(condition, "1") == 0)
		return condition[0] == '1' ? BLOCK_TAKEN : BLOCK_PASSED;
	if (*condition == '!') {
		negated = true;
		condition = rest(condition + 1);
	}
	if (strncmp(condition, "defined", 7) != 0)
		return BLOCK_UNDECIDED;
	condition += 7;
	while (*condition == ' ' || *condition == '(')
		condition++;
	name = word(&condition);
	if (*name == '\0' || condition[strspn(condition, " \t)")] != '\0')
		return BLOCK_UNDECIDED;
	return (find(r->config, name) != NULL) != negated ? BLOCK_TAKEN : BLOCK_PASSED;
}

static void other_branch(struct reader *r, enum block when_passed)
{
	if (r->depth == 0)
		return;
	if (r->block[r->depth - 1] == BLOCK_TAKEN)
		r->block[r->depth - 1] = BLOCK_UNDECIDED; /* taken already: nothing after it */
	else if (r->block[r->depth - 1] == BLOCK_PASSED)
		r->block[r->depth - 1] = when_passed;
}

static void conditional(struct reader *r, const char *directive, char *args)
{
	bool defined;

	if (strcmp(directive, "if") == 0) {
		open_block(r, decide(r, args));
	} else if (strcmp(directive, "ifdef") == 0 || strcmp(directive, "ifndef") == 0) {
		defined = find(r->config, word(&args)) != NULL;
		open_block(r, defined == (directive[2] == 'd') ? BLOCK_TAKEN : BLOCK_PASSED);
	} else if (strcmp(directive, "elif") == 0) {
		other_branch(r, decide(r, args));
	} else if (strcmp(directive, "else") == 0) {
		other_branch(r, BLOCK_TAKEN);
	} else if (strcmp(directive, "endif") == 0 && r->depth != 0) {
		r->depth--;
	}
}

static void read_line(struct reader *r, char *line)
{
	char *p = line, *directive, *name;

	strip_comments(r, line);
	p = rest(p);
	if (*p != '#')
		return;
	p++;
	directive = word(&p);
	if (strcmp(directive, "define") != 0 && strcmp(directive, "undef") != 0) {
		conditional(r, directive, p);
		return;
	}
	if (!reading(r))
		return;
	r->directives++;
	name = word(&p);
	if (*name == '\0')
		return;
	if (directive[0] == 'u')
		undefine(r->config, name);
	else if (!define(r->config, name, rest(p)))
		r->out_of_memory = true;
}

/* Cuts the next line off *text into line, in pieces when it is longer than that. */
static void take_line(struct bytes *text, char line[static LINE_MAX_BYTES])
{
	const uint8_t *end = memchr(text->data, '\n', text->len);
	size_t len = end != NULL ? (size_t)(end - text->data) + 1 : text->len;

	if (len > LINE_MAX_BYTES - 1)
		len = LINE_MAX_BYTES - 1;
	memcpy(line, text->data, len);
	line[len] = '\0';
	*text = bytes_slice(*text, len, text->len);
}

static bool read_all(struct reader *r, struct bytes text, const char *path, struct err *e)
{
	char line[LINE_MAX_BYTES];

	while (text.len != 0 && !r->out_of_memory && !r->too_deep) {
		take_line(&text, line);
		read_line(r, line);
	}
	if (r->out_of_memory && HASH_COUNT(r->config->macros) < MACROS_MAX)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	if (r->out_of_memory)
		return err_set(
			e, ERR_LIMIT, 0, "'%s' defines more than %d macros", path, MACROS_MAX);
	if (r->too_deep)
		return err_set(
			e, ERR_INPUT, 0, "'%s' nests more than %d conditions", path, NESTING_MAX);
	if (r->directives == 0)
		return err_set(e, ERR_INPUT, 0,
			"'%s' is not a configuration header: it defines no macro", path);
	return true;
}

struct config *config_read(const char *path, struct bytes text, struct err *e)
{
	struct reader r = { .config = memory_new(sizeof(struct config)) };

	if (r.config == NULL) {
		err_set(e, ERR_MEMORY, 0, "out of memory");
		return NULL;
	}
	if (read_all(&r, text, path, e))
		return r.config;
	config_close(r.config);
	return NULL;
}

struct config *config_open(const char *path, struct err *e)
{
	struct config *c;
	struct secret text;

	if (!unpack_file_read(path, &file_kind_config, &text, e))
		return NULL;
	c = config_read(path, bytes_of(text.data, text.len), e);
	secret_wipe(&text);
	return c;
}

void config_close(struct config *c)
{
	struct macro *m, *next;

	if (c == NULL)
		return;
	HASH_ITER(hh, c->macros, m, next)
	{
		HASH_DEL(c->macros, m);
		free(m->name);
		free(m->value);
		free(m);
	}
	free(c);
}

bool config_has(const struct config *c, const char *macro)
{
	return find(c, macro) != NULL;
}

/* "16384", "(0x4000u)", "(16 * 1024)". Of any other expression its first number would be a wrong one. */
static bool product(const char *text, long *out)
{
	char *end;
	long v;

	*out = 1;
	do {
		text += strspn(text, "( \t");
		errno = 0;
		v = strtol(text, &end, 0);
		if (end == text || errno != 0 || __builtin_mul_overflow(*out, v, out))
			return false;
		text = end + strspn(end, "uUlL");
		text += strspn(text, ") \t");
	} while (*text++ == '*');
	return text[-1] == '\0';
}

long config_number(const struct config *c, const char *macro, long otherwise)
{
	const struct macro *m = find(c, macro);
	long v;

	return m != NULL && product(m->value, &v) ? v : otherwise;
}

long config_in_content_len(const struct config *c)
{
	return config_number(c, "MBEDTLS_SSL_IN_CONTENT_LEN",
		config_number(c, "MBEDTLS_SSL_MAX_CONTENT_LEN", 16384));
}

struct curve_macro {
	uint16_t group;
	const char *macro;
};

bool config_has_group(const struct config *c, uint16_t group)
{
	static const struct curve_macro curves[] = {
		{ 18, "MBEDTLS_ECP_DP_SECP192K1_ENABLED" },
		{ 19, "MBEDTLS_ECP_DP_SECP192R1_ENABLED" },
		{ 20, "MBEDTLS_ECP_DP_SECP224K1_ENABLED" },
		{ 21, "MBEDTLS_ECP_DP_SECP224R1_ENABLED" },
		{ 22, "MBEDTLS_ECP_DP_SECP256K1_ENABLED" },
		{ 23, "MBEDTLS_ECP_DP_SECP256R1_ENABLED" },
		{ 24, "MBEDTLS_ECP_DP_SECP384R1_ENABLED" },
		{ 25, "MBEDTLS_ECP_DP_SECP521R1_ENABLED" },
		{ 26, "MBEDTLS_ECP_DP_BP256R1_ENABLED" },
		{ 27, "MBEDTLS_ECP_DP_BP384R1_ENABLED" },
		{ 28, "MBEDTLS_ECP_DP_BP512R1_ENABLED" },
		{ 29, "MBEDTLS_ECP_DP_CURVE25519_ENABLED" },
		{ 30, "MBEDTLS_ECP_DP_CURVE448_ENABLED" },
	};

	for (size_t i = 0; i < COUNT(curves); i++)
		if (curves[i].group == group)
			return config_has(c, curves[i].macro);
	return true;
}
