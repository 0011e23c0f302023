/* The findings about files as a SARIF report: each with its file and, of a text, its line. */
#include "base/memory.h"
#include "report/files/report.h"
#include "report/sarif_parts.h"

#include <stdlib.h>

static struct sarif_place place_of(const struct file_finding *f)
{
	const struct item *it = f->item;

	return (struct sarif_place){
		.input = f->about,
		.line = it != NULL ? it->line : 0,
		.at = it != NULL ? it->at : 0,
		.len = it != NULL && it->line == 0 ? it->block_len : 0,
	};
}

static const char **paths_of(const struct material *m)
{
	const char **paths = memory_zeroed(m->n_files + 1, sizeof(const char *));

	for (size_t i = 0; paths != NULL && i < m->n_files; i++)
		paths[i] = m->files[i].path;
	return paths;
}

void files_sarif(struct strbuf *out, const struct files_report *r)
{
	const struct files_verdict *v = r->verdict;
	const char **paths = paths_of(r->question->material);
	struct sarif_run run = { .inputs = paths,
		.n_inputs = paths != NULL ? r->question->material->n_files : 0,
		.notes = r->unread,
		.n_notes = r->n_unread,
		.complete = r->n_unread == 0 };
	struct sarif_rules rules = { .n = 0 };
	struct json j = { out, false };

	for (size_t i = 0; i < v->n_findings; i++)
		(void)sarif_rule(&rules, v->findings[i].finding.cause);
	sarif_begin(&j, &rules, r->crypto_version);
	for (size_t i = 0; i < v->n_findings; i++) {
		const struct finding *f = &v->findings[i].finding;
		struct sarif_place place = place_of(&v->findings[i]);

		sarif_result(&j, f, sarif_rule(&rules, f->cause), &place);
	}
	sarif_end(&j, &run);
	out->failed |= paths == NULL;
	free(paths);
}
