/* One target after the other: a small device has enough of one connection at a time. */
#include "cli/enumerate.h"

#include "base/memory.h"
#include "cli/lookup.h"
#include "report/survey/report.h"

#include <stdio.h>
#include <stdlib.h>

struct output {
	struct page page;
	struct json json;
	bool is_json;
	size_t n; /* targets told */
};

/* What is found out about one target; large. */
struct findings {
	struct survey survey;
	struct isolation isolation;
};

static void begin_target(struct output *out)
{
	if (!out->is_json && out->n != 0)
		page_blank_line(&out->page);
	out->n++;
}

static struct survey_told told_of(const struct survey_course *course)
{
	return (struct survey_told){
		.target = course->target, .problem = course->problem, .took_ms = course->took_ms
	};
}

static struct survey_terms terms_of(const struct enumerate_work *w, const struct output *out)
{
	struct survey_terms terms = w->terms;

	terms.follows = out->n != 0;
	return terms;
}

static bool survey_one(const struct enumerate_work *w, const char *target, struct output *out,
	struct findings *found, int *status, struct err *e)
{
	const struct survey_terms terms = terms_of(w, out);
	struct survey_course course;
	struct survey_told told;

	if (!survey_target(w->probe, &terms, target, &found->survey, &course, e))
		return false;
	begin_target(out);
	told = told_of(&course);
	told.found = &found->survey;
	if (out->is_json)
		survey_json(&out->json, &told);
	else
		survey_text(&out->page, &told);
	if (!course.reached)
		*status = EXIT_INPUT;
	return true;
}

static bool isolate_one(const struct enumerate_work *w, const char *target, struct output *out,
	struct findings *found, int *status, struct err *e)
{
	const struct survey_terms terms = terms_of(w, out);
	struct survey_course course;
	struct survey_told told;

	if (!isolate_target(w->probe, &terms, target, &found->isolation, &course, e))
		return false;
	begin_target(out);
	told = told_of(&course);
	if (out->is_json)
		isolation_json(&out->json, &told, &found->isolation);
	else
		isolation_text(&out->page, &told, &found->isolation);
	if (!course.reached)
		*status = EXIT_INPUT;
	else if (found->isolation.verdict != ISOLATE_WELL && *status == EXIT_WELL)
		*status = EXIT_PROBLEM;
	return true;
}

static int ask_all(const struct enumerate_work *w, struct output *out, struct findings *found)
{
	int status = EXIT_WELL;

	for (size_t i = 0; i < w->n_targets; i++) {
		struct err e = { 0 };
		bool ok = w->isolate ? isolate_one(w, w->targets[i], out, found, &status, &e)
				     : survey_one(w, w->targets[i], out, found, &status, &e);

		if (!ok) {
			complain("%s", e.msg);
			return e.code == ERR_USAGE ? EXIT_LINE : EXIT_INPUT;
		}
	}
	return status;
}

int enumerate_targets(const struct enumerate_work *w, bool *done)
{
	const struct tlsdiag_options *run = &w->net->run.run;
	struct findings *found = memory_get(sizeof *found);
	struct output out = {
		.page = { .width = run->width, .color = run->color, .utf8 = run->utf8 },
		.json = { .out = &out.page.out },
		.is_json = run->report == TLSDIAG_JSON
	};
	int status;

	if (found == NULL) {
		complain("out of memory");
		return EXIT_INPUT;
	}
	if (out.is_json) {
		lookup_json_begin(
			&out.json, w->isolate ? "isolate" : "enumerate", tlsdiag_crypto_version());
		json_array(&out.json, w->isolate ? "isolations" : "surveys");
	}
	status = ask_all(w, &out, found);
	if (out.is_json) {
		json_end_array(&out.json);
		lookup_json_end(&out.json);
	}
	free(found);
	*done = out.n != 0;
	if (*done)
		return lookup_write(&out.page, status);
	strbuf_free(&out.page.out);
	return status;
}
