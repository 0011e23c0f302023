/* What the handshakes with one server have in common, in words. */
#include "base/memory.h"
#include "report/handshakes/ladder.h"
#include "report/handshakes/text_parts.h"
#include "report/utf8.h"
#include "session/handshake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LADDERS_SHOWN = 3, LIKE_SHOWN = 6, NAME_SHOWN = 64 };

/* The SNI of all that are kept; empty when there is none or they differ. */
static struct bytes common_name(const struct case_file *cf)
{
	struct bytes name = { NULL, 0 };

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct extensions *ext = &cf->kept[i]->hs->client_hello.ext;

		if (!ext->has_server_name)
			continue;
		if (name.len != 0 && !bytes_equal(name, ext->server_name))
			return bytes_of(NULL, 0);
		name = ext->server_name;
	}
	return name;
}

/* Was it asked for by what neither its address nor the name in the hello shows? */
static bool by_other_name(const char *target, const char *address, struct bytes name)
{
	if (target == NULL || strcmp(target, address) == 0)
		return false;
	return name.len == 0 || strncmp(target, (const char *)name.data, name.len) != 0 ||
	       target[name.len] != ':';
}

void server_title(const struct server_result *s, bool utf8, struct strbuf *out)
{
	struct bytes name = common_name(s->file);
	char address[ENDPOINT_TEXT];

	endpoint_text(&s->file->server, address);
	strbuf_puts(out, s->file->server.family != 0 ? address : "the server");
	if (by_other_name(s->file->target, address, name)) {
		strbuf_printf(out, " (%s%s", s->file->target, name.len != 0 ? ", SNI " : ")");
		utf8_put_safe(out, name, utf8, NAME_SHOWN);
		strbuf_puts(out, name.len != 0 ? ")" : "");
	} else if (name.len != 0) {
		strbuf_puts(out, " (");
		utf8_put_safe(out, name, utf8, NAME_SHOWN);
		strbuf_puts(out, ")");
	}
}

/* " after ServerKeyExchange" when every failed one ended at the same message. Of one that was not kept nobody
 * knows. */
static void common_end(const struct case_file *cf, struct strbuf *out)
{
	const struct handshake *first = NULL;
	uint64_t kept = 0;
	char name[48];

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (hs->outcome != OUTCOME_FAILED)
			continue;
		kept++;
		if (!hs->has_last_message ||
			(first != NULL && first->last_message != hs->last_message))
			return;
		first = first != NULL ? first : hs;
	}
	if (first == NULL || kept < cf->n_failed)
		return;
	name_or_hex(name, name_handshake_title(first->last_message), first->last_message);
	strbuf_printf(out, " after %s", name);
}

/* What tlsdiag asked of itself is told from what it was told to ask. */
static void put_otherwise(const struct case_file *cf, struct strbuf *out)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (hs->otherwise == NULL)
			continue;
		strbuf_printf(out, " when asked %s", hs->otherwise);
		return;
	}
}

void server_story(const struct server_result *s, struct strbuf *out)
{
	const struct case_file *cf = s->file;
	const uint64_t counts[] = { cf->n_failed, cf->n_completed, cf->n_incomplete };
	const char *const words[] = { "failed", "completed", "incomplete" };
	uint64_t all = counts[0] + counts[1] + counts[2];
	const char *sep = ", ";
	char number[COUNT_TEXT];

	page_add_count(out, all, "handshake", "handshakes");
	for (size_t i = 0; i < 3; i++) {
		if (counts[i] == 0)
			continue;
		strbuf_puts(out, sep);
		if (counts[i] < all)
			strbuf_printf(out, "%s ", page_count(counts[i], number));
		else if (all > 1)
			strbuf_puts(out, all == 2 ? "both " : "all ");
		strbuf_puts(out, words[i]);
		if (i == 0)
			common_end(cf, out);
		else if (i == 1)
			put_otherwise(cf, out);
		sep = ", ";
	}
}

/* ---- which ladders are shown ---- */

struct kind {
	const struct examined *first;
	uint64_t likeness;
	size_t n; /* handshakes of this kind */
};

/* The kinds of handshakes with that outcome; out has room for n_kept. */
static size_t kinds_of(const struct case_file *cf, enum outcome outcome, struct kind *out)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		uint64_t likeness;
		size_t k = 0;

		if (ex->hs->outcome != outcome)
			continue;
		likeness = ladder_likeness(ex);
		while (k < n && out[k].likeness != likeness)
			k++;
		if (k == n)
			out[n++] = (struct kind){ .first = ex, .likeness = likeness };
		out[k].n++;
	}
	return n;
}

static void put_rest(struct page *p, const struct case_file *cf, uint64_t shown)
{
	bool failed = cf->n_failed != 0;
	uint64_t all = failed ? cf->n_failed : cf->n_incomplete;
	char number[COUNT_TEXT];

	if (all <= shown)
		return;
	page_blank_line(p);
	page_wrapf(p, 0, "%s more %s; --only %s lists every one.", page_count(all - shown, number),
		failed ? "failed" : "incomplete", failed ? "failed" : "all");
	page_end_line(p);
}

static void put_kinds(
	struct page *p, const struct case_file *cf, const struct kind *kinds, size_t n)
{
	uint64_t told = 0;

	for (size_t i = 0; i < n && i < LADDERS_SHOWN; i++) {
		page_blank_line(p);
		ladder_put(p, kinds[i].first);
		told += kinds[i].n;
		if (kinds[i].n > 1) {
			page_printf(p, ROLE_PLAIN, "  and %zu more like it", kinds[i].n - 1);
			page_end_line(p);
		}
	}
	put_rest(p, cf, told);
}

/* A finding about handshakes that completed is shown in the first of them. */
static void put_completed(struct page *p, const struct server_result *s)
{
	const struct finding *f = s->n_findings != 0 ? &s->findings[0] : NULL;

	if (f == NULL || f->n_handshakes == 0 || f->severity != SEVERITY_ERROR)
		return;
	for (size_t i = 0; i < s->file->n_kept; i++)
		if (s->file->kept[i]->hs->id == f->handshakes[0]) {
			page_blank_line(p);
			ladder_put(p, s->file->kept[i]);
			return;
		}
}

void ladders_put(struct page *p, const struct server_result *s)
{
	const struct case_file *cf = s->file;
	struct kind *kinds = memory_zeroed(cf->n_kept + 1, sizeof *kinds);
	enum outcome shown = cf->n_failed != 0 ? OUTCOME_FAILED : OUTCOME_INCOMPLETE;

	if (kinds == NULL)
		return;
	if (cf->n_failed + cf->n_incomplete != 0)
		put_kinds(p, cf, kinds, kinds_of(cf, shown, kinds));
	else
		put_completed(p, s);
	free(kinds);
}
