/*
 * Names of codes and what libraries say instead of them. Names of one word are taken as they are
 * spelt; sentences in any case. Where several stand at one place the longest counts: "certificate has
 * expired" is a part of "x509: certificate has expired or is not yet valid".
 */
#include "names/paste_inside.h"

#include "base/array.h"

enum { SHORT_MIN = 8 }; /* a name without its prefix: shorter ones are words like any other */

/* Prefixes that logs and bindings leave out: "[SSL: CERTIFICATE_VERIFY_FAILED]" of Python. */
static const char *const prefixes[] = { "MBEDTLS_ERR_", "SSL_R_", "X509_V_ERR_", "PSA_ERROR_",
	"CURLE_" };

static const char *without_prefix(const char *name)
{
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (strncmp(name, prefixes[i], n) == 0 && strlen(name + n) >= SHORT_MIN &&
			strchr(name + n, '_') != NULL)
			return name + n;
	}
	return NULL;
}

/* As it is spelt. */
static size_t name_at(const struct paste_text *t, size_t at, const char *name)
{
	size_t len = strlen(name);

	if (len > t->raw.len - at || memcmp(t->raw.data + at, name, len) != 0 ||
		(paste_is_word((uint8_t)name[len - 1]) && !paste_ends(t, at + len)))
		return 0;
	return len;
}

static bool is_sentence(const char *name)
{
	return strchr(name, ' ') != NULL || strchr(name, ':') != NULL;
}

/* OpenSSL prints a reason as its name in lower case and with blanks, behind "SSL routines". */
static size_t reason_at(const struct paste_text *t, size_t i, const char *reason)
{
	size_t len = paste_phrase_at(t, i, reason, strlen(reason));
	struct bytes line = paste_line(t, t->at[i]);

	return len != 0 && (paste_line_has(line, "ssl") || paste_line_has(line, "openssl") ||
				   paste_line_has(line, "error"))
		       ? len
		       : 0;
}

static size_t says_at(const struct paste_text *t, size_t i, const char *says)
{
	size_t best = 0;

	while (*says != '\0') {
		size_t len = strcspn(says, "|"), found = paste_phrase_at(t, i, says, len);

		best = found > best ? found : best;
		says += len;
		says += *says == '|';
	}
	return best;
}

/* How much of the text at folded[i] is this code; 0 none. */
static size_t code_at_place(const struct paste_text *t, size_t i, const struct code *code)
{
	const char *shorter;
	size_t len, says;

	len = is_sentence(code->name) ? paste_phrase_at(t, i, code->name, strlen(code->name))
				      : name_at(t, t->at[i], code->name);
	if (len == 0 && (shorter = without_prefix(code->name)) != NULL) {
		len = name_at(t, t->at[i], shorter);
		if (len == 0 && code->library == CODE_OPENSSL)
			len = reason_at(t, i, shorter);
	}
	says = says_at(t, i, code->says);
	return says > len ? says : len;
}

/* Of two that say the same in the same words, the one whose library the line speaks of. */
static bool suits_better(
	const struct code *code, const struct code *than, const struct paste_text *t, size_t i)
{
	unsigned libraries = paste_libraries(paste_line(t, t->at[i]));

	return (libraries >> code->library & 1) != 0 && (libraries >> than->library & 1) == 0;
}

static void find_at(struct paste_reader *r, size_t i, const struct code **best, size_t *longest)
{
	const struct code *code;

	for (size_t k = 0; (code = code_at(k)) != NULL; k++) {
		size_t len = code->kind != CODE_PSA_ALIAS ? code_at_place(&r->text, i, code) : 0;

		if (len > *longest ||
			(len != 0 && len == *longest && suits_better(code, *best, &r->text, i))) {
			*longest = len;
			*best = code;
		}
	}
}

/* Only at the beginning of a word; what is found is passed over with all that stands in it. */
void paste_find_words(struct paste_reader *r)
{
	const struct paste_text *t = &r->text;
	size_t i = 0;

	while (i < t->n) {
		const struct code *best = NULL;
		size_t longest = 0, from = t->at[i];

		if (paste_is_word(t->raw.data[from]) && paste_begins(t, from))
			find_at(r, i, &best, &longest);
		if (best == NULL) {
			i++;
			continue;
		}
		paste_add(r, &(struct paste_find){ .kind = PASTE_CODE,
				     .at = from,
				     .len = longest,
				     .match = { { best, CODE_WHOLE, best->value } },
				     .n_matches = 1 });
		while (i < t->n && t->at[i] < from + longest)
			i++;
	}
}
