/* One finding for people: verdict, proof, what it is not, alerts, next steps. */
#include "report/finding_text.h"

#include "report/contrast_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	VERDICT_AT = 6, /* columns of what stands behind FAIL and behind the labels */
	SECTION_AT = 8,
	BRIEF_PROOFS = 2,
	BRIEF_STEPS = 1,
	INNOCENTS_SHOWN = 6, /* groups of them */
	HANDSHAKES_SHOWN = 8,
	ALERTS_WHO = 42, /* the widest that the first column of the alerts may be */
};

static void put_label(struct page *p, const char *label)
{
	page_put(p, ROLE_LABEL, label);
	page_tab(p, SECTION_AT);
}

/* ", in handshakes 3, 7 and 20 more", when it is not all of the server's. */
static void which_handshakes(
	const struct server_result *s, const struct finding *f, struct strbuf *out)
{
	const struct case_file *cf = s->file;
	uint64_t all =
		f->n_handshakes_all > f->n_handshakes ? f->n_handshakes_all : f->n_handshakes;
	size_t shown = f->n_handshakes < HANDSHAKES_SHOWN ? f->n_handshakes : HANDSHAKES_SHOWN;

	if (shown == 0 || all >= cf->n_completed + cf->n_failed + cf->n_incomplete)
		return;
	strbuf_puts(out, all == 1 ? ", in handshake" : ", in handshakes");
	for (size_t i = 0; i < shown; i++)
		strbuf_printf(out, "%s %" PRIu64, i != 0 ? "," : "", f->handshakes[i]);
	if (all > shown)
		strbuf_printf(out, " and %" PRIu64 " more", all - shown);
}

static void put_verdict(struct page *p, const struct server_result *s, const struct finding *f)
{
	static const struct {
		enum role role;
		const char *word;
	} words[] = {
		[SEVERITY_ERROR] = { ROLE_ERROR, "FAIL" },
		[SEVERITY_WARNING] = { ROLE_WARNING, "WARN" },
		[SEVERITY_NOTE] = { ROLE_NOTE, "NOTE" },
	};
	struct strbuf where = { 0 };

	page_put(p, words[f->severity].role, words[f->severity].word);
	page_tab(p, VERDICT_AT);
	page_wrap(p, VERDICT_AT, f->summary);
	page_end_line(p);
	which_handshakes(s, f, &where);
	page_tab(p, VERDICT_AT);
	page_wrapf(p, VERDICT_AT, "%s, %s, %s%s", f->cause->id, confidence_name(f->confidence),
		origin_phrase(f->origin), strbuf_text(&where));
	page_end_line(p);
	strbuf_free(&where);
}

static void put_proof(struct page *p, const struct finding *f, size_t n)
{
	const char *mark = source_words(f->logged)->mark;
	char packet[24];
	unsigned width = 0;

	for (size_t i = 0; i < n; i++) {
		if (f->proof[i].packet == 0)
			continue;
		unsigned w = (unsigned)snprintf(
			packet, sizeof packet, "%s%" PRIu64, mark, f->proof[i].packet);
		width = w > width ? w : width;
	}
	width = width != 0 ? width + 2 : 0;
	for (size_t i = 0; i < n; i++) {
		put_label(p, i == 0 ? "proof" : "");
		if (f->proof[i].packet != 0) {
			(void)snprintf(
				packet, sizeof packet, "%s%" PRIu64, mark, f->proof[i].packet);
			page_put(p, ROLE_FAINT, packet);
		}
		if (p->column < SECTION_AT + width)
			page_tab(p, SECTION_AT + width);
		page_wrap(p, SECTION_AT + width, f->proof[i].text);
		page_end_line(p);
	}
}

/* Is this the first of those that the same reason acquits? */
static bool first_so(const struct finding *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(f->ruled_out[k].because, f->ruled_out[i].because) == 0)
			return false;
	return true;
}

/* Suspects with one reason share its line. */
static void put_innocents(struct page *p, const struct finding *f)
{
	struct strbuf line = { 0 };
	size_t shown = 0, groups = 0;

	for (size_t i = 0; i < f->n_ruled_out && groups < INNOCENTS_SHOWN; i++) {
		if (!first_so(f, i))
			continue;
		strbuf_clear(&line);
		for (size_t k = i; k < f->n_ruled_out; k++) {
			if (strcmp(f->ruled_out[k].because, f->ruled_out[i].because) != 0)
				continue;
			strbuf_printf(&line, "%s%s", k != i ? ", " : "", f->ruled_out[k].id);
			shown++;
		}
		strbuf_printf(&line, ": %s", f->ruled_out[i].because);
		put_label(p, groups++ == 0 ? "not" : "");
		page_wrap(p, SECTION_AT + 2, strbuf_text(&line));
		page_end_line(p);
	}
	strbuf_free(&line);
	if (shown == f->n_ruled_out)
		return;
	put_label(p, "");
	page_printf(p, ROLE_FAINT, "and %zu more (--json has them)", f->n_ruled_out - shown);
	page_end_line(p);
}

/* Where the second and third column of the alerts begin. */
struct alert_columns {
	unsigned answer, packet;
};

static struct alert_columns alert_columns(const struct page *p, const struct finding *f)
{
	unsigned who = 0, answer = 0;

	for (size_t i = 0; i < f->n_alerts; i++) {
		const struct alert_line *a = &f->alerts[i];
		unsigned w = page_columns(p, a->stack) + 1 + page_columns(p, a->text);

		who = w > who ? w : who;
		w = page_columns(p, a->answer);
		answer = w > answer ? w : answer;
	}
	who = SECTION_AT + (who < ALERTS_WHO ? who : ALERTS_WHO) + 2;
	return (struct alert_columns){ who, who + answer + 2 };
}

/* What each stack does with this fault, and what this capture shows of it. */
static void put_alerts(struct page *p, const struct finding *f)
{
	struct alert_columns at = alert_columns(p, f);
	unsigned width = p->width;

	for (size_t i = 0; i < f->n_alerts; i++) {
		const struct alert_line *a = &f->alerts[i];

		put_label(p, i == 0 ? "alerts" : "");
		p->width = at.answer - 2 < width ? at.answer - 2 : width;
		page_wrapf(p, SECTION_AT + 2, "%s %s", a->stack, a->text);
		p->width = width;
		page_tab(p, at.answer);
		page_wrap(p, at.answer, a->answer);
		if (a->packet != 0) {
			page_tab(p, at.packet);
			page_printf(p, ROLE_FAINT, "%s%" PRIu64, source_words(f->logged)->mark,
				a->packet);
		}
		page_end_line(p);
	}
}

/* The steps, then where to read on. */
static void put_steps(struct page *p, const struct finding *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put_label(p, i == 0 ? "next" : "");
		if (n > 1)
			page_printf(p, ROLE_PLAIN, "%zu. ", i + 1);
		page_wrap(p, p->column, f->next_steps[i]);
		page_end_line(p);
	}
	put_label(p, n == 0 ? "next" : "");
	page_printf(p, ROLE_FAINT, "tlsdiag explain %s", f->cause->id);
	page_end_line(p);
}

void finding_put(struct page *p, const struct server_result *s, const struct finding *f, bool brief)
{
	put_verdict(p, s, f);
	if (!brief)
		page_blank_line(p);
	put_proof(p, f, brief && f->n_proof > BRIEF_PROOFS ? BRIEF_PROOFS : f->n_proof);
	if (!brief) {
		contrast_put(p, s, f->n_handshakes != 0 ? f->handshakes[0] : 0, f);
		put_innocents(p, f);
		put_alerts(p, f);
	}
	put_steps(p, f, brief && f->n_steps > BRIEF_STEPS ? BRIEF_STEPS : f->n_steps);
}
