/*
 * Names of codes and what libraries say instead of them. Names of one word are taken as they are
 * spelt; sentences in any case. Where several stand at one place the longest counts: "certificate has
 * expired" is a part of "x509: certificate has expired or is not yet valid".
 */
#include "names/paste_inside.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

enum { SHORT_MIN = 8 }; /* a name without its prefix: shorter ones are words like any other */

/* Prefixes that logs and bindings leave out: "[SSL: CERTIFICATE_VERIFY_FAILED]" of Python. */
static const char *const prefixes[] = { "MBEDTLS_ERR_", "SSL_R_", "X509_V_ERR_", "PSA_ERROR_",
	"CURLE_", "X509_R_", "PEM_R_", "EVP_R_", "PROV_R_" };

/* A way to say a code, and how it is compared. */
enum spelling {
	AS_IT_IS, /* a name of one word */
	FOLDED,   /* a sentence */
	REASON,   /* OpenSSL's reasons as sentences: "SSL routines::bad ecpoint" */
};

struct phrase {
	const char *text;
	size_t len;
	const struct code *code;
	enum spelling spelling;
	size_t next; /* the next that begins with the same character; 0 none */
};

/* All of them, by their first characters; place 0 is not used. */
struct phrases {
	struct phrase *list;
	size_t n, size;
	size_t first[256];
};

static void add(struct phrases *p, const struct code *code, const char *text, size_t len,
	enum spelling spelling)
{
	uint8_t begin = (uint8_t)paste_fold(text[0]);

	if (len == 0 || p->n == p->size)
		return;
	p->list[p->n] = (struct phrase){ text, len, code, spelling, p->first[begin] };
	p->first[begin] = p->n++;
}

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

static bool is_sentence(const char *name)
{
	return strchr(name, ' ') != NULL || strchr(name, ':') != NULL;
}

static void add_code(struct phrases *p, const struct code *code)
{
	const char *shorter = without_prefix(code->name), *says = code->says;

	add(p, code, code->name, strlen(code->name), is_sentence(code->name) ? FOLDED : AS_IT_IS);
	if (shorter != NULL)
		add(p, code, shorter, strlen(shorter), AS_IT_IS);
	if (shorter != NULL && code->library == CODE_OPENSSL)
		add(p, code, shorter, strlen(shorter), REASON);
	while (*says != '\0') {
		size_t len = strcspn(says, "|");

		add(p, code, says, len, FOLDED);
		says += len;
		says += *says == '|';
	}
}

/* How many phrases a code has at most: its name in three forms, and what it says. */
static size_t count(const struct code *code)
{
	size_t n = 4;

	for (const char *c = code->says; *c != '\0'; c++)
		n += *c == '|';
	return n;
}

/* False when memory is out. Those added last are found first: the table is walked from its end. */
static bool phrases_open(struct phrases *p)
{
	const struct code *code;
	size_t n = 0;

	*p = (struct phrases){ .n = 1, .size = 1 };
	for (; (code = code_at(n)) != NULL; n++)
		p->size += count(code);
	p->list = memory_get(p->size * sizeof *p->list);
	while (p->list != NULL && n-- > 0)
		if ((code = code_at(n))->kind != CODE_PSA_ALIAS)
			add_code(p, code);
	return p->list != NULL;
}

/* ---- looking ---- */

static size_t name_at(const struct paste_text *t, size_t at, const struct phrase *f)
{
	if (f->len > t->raw.len - at || memcmp(t->raw.data + at, f->text, f->len) != 0 ||
		(paste_is_word((uint8_t)f->text[f->len - 1]) && !paste_ends(t, at + f->len)))
		return 0;
	return f->len;
}

static bool speaks_of_openssl(struct bytes line)
{
	return paste_line_has(line, "ssl") || paste_line_has(line, "openssl") ||
	       paste_line_has(line, "x509") || paste_line_has(line, "error");
}

/* How much of the text at folded[i] the phrase is; 0 none. */
static size_t phrase_at(const struct paste_text *t, size_t i, const struct phrase *f)
{
	size_t len = f->spelling == AS_IT_IS ? name_at(t, t->at[i], f)
					     : paste_phrase_at(t, i, f->text, f->len);

	if (len != 0 && f->spelling == REASON && !speaks_of_openssl(paste_line(t, t->at[i])))
		return 0;
	return len;
}

/* Of two that say the same in the same words, the one whose library the line speaks of. */
static bool suits_better(
	const struct code *code, const struct code *than, const struct paste_text *t, size_t i)
{
	unsigned libraries = paste_libraries(paste_line(t, t->at[i]));

	return (libraries >> code->library & 1) != 0 && (libraries >> than->library & 1) == 0;
}

static void find_at(const struct paste_reader *r, const struct phrases *p, size_t i,
	const struct code **best, size_t *longest)
{
	size_t k = p->first[(uint8_t)r->text.folded[i]];

	for (; k != 0; k = p->list[k].next) {
		const struct phrase *f = &p->list[k];
		size_t len = phrase_at(&r->text, i, f);

		if (len > *longest || (len != 0 && len == *longest &&
					      suits_better(f->code, *best, &r->text, i))) {
			*longest = len;
			*best = f->code;
		}
	}
}

/* Node.js puts this in front of OpenSSL's reasons: how many bytes of it stand at folded[i]. */
static size_t reason_prefix(const struct paste_text *t, size_t i)
{
	static const char prefix[] = "ERR_SSL_";
	size_t len = sizeof prefix - 1;

	return t->n - i > len && memcmp(t->raw.data + t->at[i], prefix, len) == 0 ? len : 0;
}

/* Only at the beginning of a word; what is found is passed over with all that stands in it. */
bool paste_find_words(struct paste_reader *r)
{
	const struct paste_text *t = &r->text;
	struct phrases phrases;
	size_t i = 0;

	if (!phrases_open(&phrases))
		return false;

	while (i < t->n) {
		const struct code *best = NULL;
		size_t longest = 0, from = t->at[i];

		if (t->taken[from] != 0) {
			i++;
			continue;
		}
		if (paste_is_word(t->raw.data[from]) && paste_begins(t, from))
			find_at(r, &phrases, i, &best, &longest);
		if (best == NULL && paste_begins(t, from) && reason_prefix(t, i) != 0) {
			find_at(r, &phrases, i + reason_prefix(t, i), &best, &longest);
			longest += reason_prefix(t, i);
		}
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
	free(phrases.list);
	return true;
}
