/* In text they stand in the order of what was pasted; in JSON those of a kind stand together. */
#include "cli/answers.h"

#include "base/array.h"
#include "base/memory.h"
#include "names/alert_query.h"
#include "report/lookups/alert_lookup.h"
#include "report/lookups/code_lookup.h"
#include "report/lookups/saying_lookup.h"
#include "report/lookups/value_lookup.h"
#include "tlsdiag/tlsdiag.h"

#include <stdlib.h>
#include <string.h>

enum { ASKED_MAX = 160 }; /* of a text that is not known, so much is quoted */

/* Room for one more; NULL when memory is out. */
static struct found_answer *add(struct answers *a, const char *asked, size_t len)
{
	size_t wanted = a->size != 0 ? a->size * 2 : 8;
	struct found_answer *grown;

	if (a->n == a->size) {
		grown = memory_resize(a->list, wanted * sizeof *grown);
		if (grown == NULL) {
			a->failed = true;
			return NULL;
		}
		a->list = grown;
		a->size = wanted;
	}
	grown = &a->list[a->n];
	*grown = (struct found_answer){ .asked = memory_get(len + 1) };
	if (grown->asked == NULL) {
		a->failed = true;
		return NULL;
	}
	if (len != 0)
		memcpy(grown->asked, asked, len);
	grown->asked[len] = '\0';
	a->n++;
	return grown;
}

bool answers_add_code(struct answers *a, const char *text)
{
	size_t n = codes_find(text, NULL, 0);
	struct found_answer *one = n != 0 ? add(a, text, strlen(text)) : NULL;

	if (one == NULL)
		return false;
	one->more = memory_zeroed(n, sizeof *one->more);
	if (one->more == NULL) {
		a->failed = true;
		return false;
	}
	one->find.kind = PASTE_CODE;
	one->n_codes = codes_find(text, one->more, n);
	return true;
}

bool answers_add_paste(struct answers *a, const char *text)
{
	struct paste p;
	bool found;

	if (!paste_read(bytes_of(text, strlen(text)), &p))
		a->failed = true;
	found = !a->failed && p.n != 0;
	for (size_t i = 0; i < p.n && !a->failed; i++) {
		const struct paste_find *find = &p.finds[i];
		struct found_answer *one = add(a, text + find->at, find->len);

		if (one == NULL)
			break;
		one->find = *find;
		one->n_codes = find->n_matches;
		/* a bare number is an alert before it is anything else */
		one->brief = i != 0 && find->kind == PASTE_CODE && p.finds[0].kind != PASTE_CODE &&
			     (p.finds[0].len == 0 || p.finds[0].at == find->at);
	}
	a->left_out += p.left_out;
	a->unread += p.unread;
	paste_free(&p);
	return found;
}

/* Numbers below 0x80 that only mbedTLS has, and writes with a sign: without one it is hardly one of them. */
static bool only_low_codes(const char *text)
{
	struct code_match match[8];
	size_t n = codes_find(text, match, COUNT(match));

	for (size_t i = 0; i < n && i < COUNT(match); i++)
		if (match[i].code->library != CODE_MBEDTLS || match[i].value <= -0x80)
			return false;
	return text[0] != '-';
}

bool answers_add_number(struct answers *a, const char *text)
{
	struct paste p;
	enum paste_kind kind;

	if (!paste_read(bytes_of(text, strlen(text)), &p))
		a->failed = true;
	kind = p.n != 0 ? p.finds[0].kind : PASTE_CODE;
	paste_free(&p);
	if (kind != PASTE_SCHEME && kind != PASTE_GROUP && kind != PASTE_SUITE &&
		(kind != PASTE_ALERT || !only_low_codes(text)))
		return false;
	return answers_add_paste(a, text);
}

void answers_add_unknown(struct answers *a, const char *text)
{
	struct found_answer *one = add(a, text, strnlen(text, ASKED_MAX));

	if (one != NULL)
		one->find.kind = PASTE_CODE;
	a->unknown++;
}

void answers_free(struct answers *a)
{
	while (a->n != 0) {
		a->n--;
		free(a->list[a->n].asked);
		free(a->list[a->n].more);
	}
	free(a->list);
	*a = (struct answers){ .list = NULL };
}

/* ---- writing ---- */

static struct code_lookup code_of(const struct found_answer *one)
{
	return (struct code_lookup){ one->asked, one->more != NULL ? one->more : one->find.match,
		one->n_codes, one->brief };
}

static struct alert_lookup alert_of(const struct found_answer *one)
{
	return (struct alert_lookup){ (int)one->find.value,
		{ ALERT_FROM_ANY, NULL, ATLAS_ANY_MESSAGE }, one->find.sender };
}

static struct value_lookup value_of(const struct found_answer *one)
{
	return (struct value_lookup){ one->find.kind, (uint16_t)one->find.value, one->asked };
}

static struct saying_lookup saying_of(const struct found_answer *one)
{
	return (struct saying_lookup){ one->find.sentence, one->asked };
}

static void put_text(struct page *p, const struct found_answer *one)
{
	const struct code_lookup code = code_of(one);
	const struct alert_lookup alert = alert_of(one);
	const struct value_lookup value = value_of(one);
	const struct saying_lookup saying = saying_of(one);

	if (one->find.kind == PASTE_CODE)
		code_lookup_text(p, &code);
	else if (one->find.kind == PASTE_ALERT)
		alert_lookup_text(p, &alert);
	else if (one->find.kind == PASTE_SAYING)
		saying_lookup_text(p, &saying);
	else
		value_lookup_text(p, &value);
}

static void put_codes(struct json *j, const struct answers *a)
{
	json_array(j, "codes");
	for (size_t i = 0; i < a->n; i++) {
		const struct code_lookup code = code_of(&a->list[i]);

		if (a->list[i].find.kind == PASTE_CODE)
			code_lookup_json(j, &code);
	}
	json_end_array(j);
}

static void put_alerts(struct json *j, const struct answers *a)
{
	json_array(j, "alerts");
	for (size_t i = 0; i < a->n; i++) {
		const struct alert_lookup alert = alert_of(&a->list[i]);

		if (a->list[i].find.kind == PASTE_ALERT)
			alert_lookup_json(j, &alert);
	}
	json_end_array(j);
}

static void put_values(struct json *j, const struct answers *a)
{
	json_array(j, "values");
	for (size_t i = 0; i < a->n; i++) {
		const struct value_lookup value = value_of(&a->list[i]);

		if (value_lookup_has(a->list[i].find.kind))
			value_lookup_json(j, &value);
	}
	json_end_array(j);
}

static void put_sayings(struct json *j, const struct answers *a)
{
	json_array(j, "sayings");
	for (size_t i = 0; i < a->n; i++) {
		const struct saying_lookup saying = saying_of(&a->list[i]);

		if (a->list[i].find.kind == PASTE_SAYING)
			saying_lookup_json(j, &saying);
	}
	json_end_array(j);
}

static bool has_kind(const struct answers *a, enum paste_kind least, enum paste_kind most)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].find.kind >= least && a->list[i].find.kind <= most)
			return true;
	return false;
}

static void put_json(struct json *j, const struct answers *a, const char *lookup)
{
	lookup_json_begin(j, lookup, tlsdiag_crypto_version());
	put_codes(j, a);
	if (has_kind(a, PASTE_ALERT, PASTE_ALERT))
		put_alerts(j, a);
	if (has_kind(a, PASTE_SCHEME, PASTE_EXTENSION))
		put_values(j, a);
	if (has_kind(a, PASTE_SAYING, PASTE_SAYING))
		put_sayings(j, a);
	if (a->left_out != 0)
		json_uint(j, "left_out", a->left_out);
	if (a->unread != 0)
		json_uint(j, "unread_bytes", a->unread);
	lookup_json_end(j);
}

static void put_rest(struct page *p, const struct answers *a)
{
	if (a->left_out == 0 && a->unread == 0)
		return;
	page_blank_line(p);
	if (a->left_out != 0) {
		page_wrapf(p, 0, "%zu more that the text names are left out: paste a part of it.",
			a->left_out);
		page_end_line(p);
	}
	if (a->unread != 0) {
		page_wrapf(p, 0, "The last %zu bytes of the text were not read.", a->unread);
		page_end_line(p);
	}
}

int answers_write(struct answers *a, const char *lookup, const struct lookup_settings *s)
{
	struct page page = lookup_page(s);
	struct json j = { &page.out, false };
	int status = a->unknown == 0 ? EXIT_WELL : EXIT_PROBLEM;

	page.out.failed = a->failed;
	if (s->json) {
		put_json(&j, a, lookup);
	} else {
		for (size_t i = 0; i < a->n; i++)
			put_text(&page, &a->list[i]);
		put_rest(&page, a);
	}
	answers_free(a);
	return lookup_write(&page, status);
}

char *answers_join(char *const *words, int n)
{
	size_t len = 1, at = 0;
	char *text;

	for (int i = 0; i < n; i++)
		len += strlen(words[i]) + 1;
	text = memory_get(len);
	for (int i = 0; text != NULL && i < n; i++) {
		size_t one = strlen(words[i]);

		memcpy(text + at, words[i], one);
		at += one;
		if (i + 1 < n)
			text[at++] = ' ';
	}
	if (text != NULL)
		text[at] = '\0';
	return text;
}
