/* The label "differ" and up to three differences; a difference that follows from another is left to JSON. */
#include "report/contrast_text.h"

#include "diagnose/contrast.h"
#include "session/handshake.h"

#include <string.h>

enum { SECTION_AT = 8, DIFFERENCES_TOLD = 3 };

static const struct contrast *find(const struct server_result *s, uint64_t handshake)
{
	const struct case_file *cf = s->file;

	if (cf == NULL) /* a finding about files */
		return NULL;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (handshake == 0 ? hs->outcome == OUTCOME_FAILED : hs->id == handshake)
			return contrast_of(cf, hs);
	}
	return NULL;
}

static bool said(const struct finding *f, const char *text)
{
	for (size_t i = 0; f != NULL && i < f->n_proof; i++)
		if (strcmp(f->proof[i].text, text) == 0)
			return true;
	return false;
}

/* Where the bytes prove the cause, only a clear difference adds to it. */
static bool worth_telling(const struct contrast *c, const struct finding *f)
{
	if (c->n_own == 0 && c->n_failed + c->n_completed == 2)
		return false;
	return f == NULL ||
	       (f->severity == SEVERITY_ERROR &&
		       (f->confidence != CONFIDENCE_CERTAIN || c->confidence == CONFIDENCE_LIKELY));
}

static void put_line(struct page *p, bool first, const char *text)
{
	page_put(p, ROLE_LABEL, first ? "differ" : "");
	page_tab(p, SECTION_AT);
	page_wrap(p, SECTION_AT, text);
	page_end_line(p);
}

void contrast_put(
	struct page *p, const struct server_result *s, uint64_t handshake, const struct finding *f)
{
	const struct contrast *c = find(s, handshake);
	struct strbuf text = { 0 };
	size_t n = 0;

	if (c == NULL || !worth_telling(c, f))
		return;
	for (size_t i = 0; i < c->n && n < DIFFERENCES_TOLD; i++) {
		if (c->differences[i].follows)
			continue;
		strbuf_clear(&text);
		difference_text(c, &c->differences[i], &text);
		if (!said(f, strbuf_text(&text)))
			put_line(p, n++ == 0, strbuf_text(&text));
	}
	strbuf_clear(&text);
	if (n != 0 || (f != NULL && f->confidence == CONFIDENCE_POSSIBLE))
		contrast_doubt_text(c, &text);
	if (text.len != 0)
		put_line(p, n == 0, strbuf_text(&text));
	strbuf_free(&text);
}
