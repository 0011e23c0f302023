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

static void tell(struct output *out, const struct survey_course *course, const struct survey *found)
{
	const struct survey_told told = { .target = course->target,
		.problem = course->problem,
		.took_ms = course->took_ms,
		.found = found };

	if (out->is_json) {
		survey_json(&out->json, &told);
	} else {
		if (out->n != 0)
			page_blank_line(&out->page);
		survey_text(&out->page, &told);
	}
	out->n++;
}

static int ask_all(const struct enumerate_work *w, struct output *out, struct survey *found)
{
	int status = EXIT_WELL;

	for (size_t i = 0; i < w->n_targets; i++) {
		struct survey_course course;
		struct err e = { 0 };

		if (!survey_target(w->probe, &w->terms, w->targets[i], found, &course, &e)) {
			complain("%s", e.msg);
			return e.code == ERR_USAGE ? EXIT_LINE : EXIT_INPUT;
		}
		tell(out, &course, found);
		if (!course.reached)
			status = EXIT_INPUT;
	}
	return status;
}

int enumerate_targets(const struct enumerate_work *w, bool *done)
{
	const struct tlsdiag_options *run = &w->net->run.run;
	struct survey *found = memory_get(sizeof *found);
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
		lookup_json_begin(&out.json, "enumerate", tlsdiag_crypto_version());
		json_array(&out.json, "surveys");
	}
	status = ask_all(w, &out, found);
	if (out.is_json) {
		json_end_array(&out.json);
		lookup_json_end(&out.json);
	}
	free(found);
	*done = status == EXIT_WELL || out.n != 0;
	if (*done)
		return lookup_write(&out.page, status);
	strbuf_free(&out.page.out);
	return status;
}
