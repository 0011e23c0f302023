/*
 * Files as a JUnit report: a suite for the input, one for each certificate with its key, and one for
 * each other file with a diagnosis that is an error.
 */
#include "base/memory.h"
#include "report/files/report.h"
#include "report/junit_suite.h"

#include <stdlib.h>

struct scene {
	const struct files_report *report;
	const char **others; /* paths of files that belong to no credential, and have an error */
	size_t n_others;
};

static bool counts_as_failure(const struct files_report *r, const struct finding *f)
{
	return f->severity == SEVERITY_ERROR ||
	       (f->severity == SEVERITY_WARNING && r->warnings_fail);
}

static void build_input(const struct files_report *r, struct junit_suite *s)
{
	const struct material *m = r->question->material;
	struct junit_case *c;
	size_t n = 0;

	for (size_t i = 0; i < m->n_items; i++)
		n += m->items[i].kind != ITEM_OTHER;
	s->name = "input";
	c = junit_add(s, "read-to-the-end", r->n_unread != 0 ? CASE_BROKEN : CASE_PASSED);
	if (r->n_unread != 0)
		c->message = arena_printf(s->arena, "%zu of %zu could not be read: %s", r->n_unread,
			r->n_names, r->unread[0]);
	c = junit_add(s, "files-found", n != 0 ? CASE_PASSED : CASE_SKIPPED);
	c->message = "there was neither a certificate nor a key";
}

static void add_findings(struct junit_suite *s, const struct files_report *r, const char *about)
{
	for (size_t i = 0; i < r->verdict->n_findings; i++) {
		const struct file_finding *f = &r->verdict->findings[i];

		if (strcmp(f->about, about) == 0 && counts_as_failure(r, &f->finding))
			junit_add_finding(s, &f->finding);
	}
}

/* Several credentials may be in one file: its diagnoses stand with the first. */
static bool is_first_about(const struct files_verdict *v, size_t credential)
{
	for (size_t i = 0; i < credential; i++)
		if (strcmp(v->answers[i].about, v->answers[credential].about) == 0)
			return false;
	return true;
}

static void build_credential(const struct files_report *r, size_t i, struct junit_suite *s)
{
	const struct file_answers *fa = &r->verdict->answers[i];

	s->name = fa->about;
	for (size_t k = 0; k < FILE_CHECKS; k++)
		junit_add_answer(s, checks[file_checks[k]],
			&(struct junit_answer){
				fa->answers[k].status, fa->answers[k].message, NULL });
	if (is_first_about(r->verdict, i))
		add_findings(s, r, fa->about);
}

static void build(const void *ctx, size_t i, struct junit_suite *s)
{
	const struct scene *sc = ctx;
	size_t n = sc->report->verdict->n_answers;

	if (i == 0) {
		build_input(sc->report, s);
	} else if (i <= n) {
		build_credential(sc->report, i - 1, s);
	} else {
		s->name = sc->others[i - 1 - n];
		add_findings(s, sc->report, s->name);
	}
}

static bool has_suite(const struct scene *sc, const char *about)
{
	const struct files_verdict *v = sc->report->verdict;

	for (size_t i = 0; i < v->n_answers; i++)
		if (strcmp(v->answers[i].about, about) == 0)
			return true;
	for (size_t i = 0; i < sc->n_others; i++)
		if (strcmp(sc->others[i], about) == 0)
			return true;
	return false;
}

static bool find_others(struct scene *sc)
{
	const struct files_verdict *v = sc->report->verdict;

	sc->others = memory_zeroed(v->n_findings + 1, sizeof(const char *));
	for (size_t i = 0; sc->others != NULL && i < v->n_findings; i++)
		if (counts_as_failure(sc->report, &v->findings[i].finding) &&
			!has_suite(sc, v->findings[i].about))
			sc->others[sc->n_others++] = v->findings[i].about;
	return sc->others != NULL;
}

void files_junit(struct strbuf *out, const struct files_report *r)
{
	struct scene sc = { .report = r };
	struct junit_source source = { .build = build, .ctx = &sc };

	if (find_others(&sc)) {
		source.n = 1 + r->verdict->n_answers + sc.n_others;
		out->failed |= !junit_document(out, &source, NULL, NULL);
	} else {
		out->failed = true;
	}
	free(sc.others);
}
