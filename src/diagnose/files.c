/* Findings: every rule is asked of every file, item and pair, and what they say is put in order. */
#include "base/memory.h"
#include "diagnose/files_config.h"
#include "diagnose/files_rules.h"
#include "diagnose/minded.h"
#include "diagnose/refusers.h"

#include <stdlib.h>

struct collector {
	struct file_rule_context context;
	struct files_verdict *out;
	size_t size;
	bool failed;
};

static struct finding begin(const struct cause *cause, enum severity severity)
{
	return (struct finding){ .cause = cause,
		.origin = cause->origin,
		.summary = cause->summary,
		.severity = severity,
		.confidence = CONFIDENCE_CERTAIN };
}

static void add_steps(struct finding *f, const char *const *steps)
{
	if (steps == NULL)
		steps = f->cause->next_steps;
	for (; steps != NULL && *steps != NULL && f->n_steps < STEPS_MAX; steps++)
		f->next_steps[f->n_steps++] = *steps;
}

static void collect(
	struct collector *c, const struct finding *f, const char *file, const struct item *item)
{
	struct files_verdict *v = c->out;

	if (v->n_findings == c->size) {
		size_t size = c->size != 0 ? 2 * c->size : 16;
		struct file_finding *grown = memory_resize(v->findings, size * sizeof *grown);

		if (grown == NULL) {
			c->failed = true;
			return;
		}
		v->findings = grown;
		c->size = size;
	}
	v->findings[v->n_findings++] = (struct file_finding){ *f, file, item };
	v->errors += f->severity == SEVERITY_ERROR;
	v->warnings += f->severity == SEVERITY_WARNING;
}

static void ask_items(struct collector *c)
{
	const struct material *m = c->context.q->material;

	for (size_t i = 0; i < m->n_items; i++)
		for (size_t k = 0; k < n_item_rules; k++) {
			struct finding f = begin(item_rules[k].cause, item_rules[k].severity);

			if (!item_rules[k].shows(&c->context, &m->items[i], &f))
				continue;
			add_steps(&f, item_rules[k].steps);
			collect(c, &f, m->files[m->items[i].file].path, &m->items[i]);
		}
}

/* A fault of a file counts as one of what it holds, or was to hold. */
static const struct cause *cause_of(const struct material *m, const struct item_file *file)
{
	bool key = file->role == FOR_KEY;

	for (size_t i = 0; i < m->n_items && file->role == FOR_ANY; i++)
		if (&m->files[m->items[i].file] == file)
			key = m->items[i].kind == ITEM_KEY;
	return key ? &unusable_key_file : causes[CAUSE_certificate_malformed];
}

static void ask_files(struct collector *c)
{
	const struct material *m = c->context.q->material;

	for (size_t i = 0; i < m->n_files; i++)
		for (size_t k = 0; k < n_form_rules; k++) {
			struct finding f = begin(cause_of(m, &m->files[i]), form_rules[k].severity);

			if (!form_rules[k].shows(&c->context, &m->files[i], &f))
				continue;
			add_steps(&f, form_rules[k].steps);
			collect(c, &f, m->files[i].path, NULL);
		}
}

static const struct answer *answer_of(const struct file_answers *fa, enum check_id id)
{
	for (size_t i = 0; i < FILE_CHECKS; i++)
		if (file_checks[i] == id)
			return &fa->answers[i];
	return NULL;
}

static bool accused(const struct file_finding *f, size_t n, const struct cause *cause)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].finding.cause == cause)
			return true;
	return false;
}

static bool named(const struct finding *f, const char *id)
{
	for (size_t i = 0; i < f->n_ruled_out; i++)
		if (strcmp(f->ruled_out[i].id, id) == 0)
			return true;
	return false;
}

/* A suspect whose check passed is named as ruled out, in the first finding of its pair. */
static void acquit(const struct file_answers *fa, struct file_finding *found, size_t n)
{
	struct finding *f = &found[0].finding;

	for (size_t k = 0; n != 0 && k < n_credential_rules; k++) {
		const struct credential_rule *r = &credential_rules[k];
		const struct answer *a = answer_of(fa, r->explains);

		if (a == NULL || a->status != PASS || a->message == NULL ||
			f->n_ruled_out == RULED_OUT_MAX || accused(found, n, r->cause) ||
			named(f, r->cause->id))
			continue;
		f->ruled_out[f->n_ruled_out++] = (struct ruled_out){ r->cause->id, a->message };
	}
}

static void ask_credential(struct collector *c, const struct file_answers *fa)
{
	size_t before = c->out->n_findings;

	for (size_t k = 0; k < n_credential_rules; k++) {
		const struct credential_rule *r = &credential_rules[k];
		struct finding f = begin(r->cause, r->severity);

		if (c->context.q->credentials->n > 1)
			finding_prove(&f, c->context.cf, 0, "it is about '%s'", fa->about);
		if ((fa->credential->chain.n_steps == 0 &&
			    r->explains != CHECK_key_matches_certificate) ||
			!r->shows(&c->context, fa->credential, &f))
			continue;
		f.explains[f.n_explains++] = r->explains;
		add_steps(&f, r->steps);
		collect(c, &f, fa->about,
			fa->credential->leaf != NULL ? fa->credential->leaf : fa->credential->key);
	}
	if (c->out->n_findings > before)
		acquit(fa, &c->out->findings[before], c->out->n_findings - before);
}

/* A cause that stands for a property which some of the nine stacks refuse: a warning, since others do
 * not. An error where there is one already says more. */
static void ask_presented(struct collector *c, const struct presented *p)
{
	unsigned judges = c->context.q->purpose == PURPOSE_SERVER
				  ? 1u << VERIFIER_CLIENT_12 | 1u << VERIFIER_CLIENT_13
				  : 1u << VERIFIER_SERVER;
	const struct presented_chains *chains = c->context.q->chains;

	for (size_t i = 0; i < p->properties.n; i++) {
		enum property id = (enum property)p->properties.list[i];
		struct properties alone = { .list = { (uint16_t)id }, .n = 1 };
		enum cause_id cause = property_cause_of(id);
		size_t refusing = refusers_count(&alone, judges);
		struct finding f;

		if (cause == N_CAUSES || refusing == 0)
			continue;
		f = begin(causes[cause], SEVERITY_WARNING);
		if (chains->n > 1)
			finding_prove(&f, c->context.cf, 0, "it is about '%s'", p->file->path);
		finding_prove(&f, c->context.cf, 0, "%s", property_info(id)->title);
		finding_prove(&f, c->context.cf, 0, "%zu of the nine stacks measured %s it",
			refusing, refusing == 1 ? "refuses" : "refuse");
		add_steps(&f, NULL);
		collect(c, &f, p->file->path, NULL);
	}
}

static const char *place_text(const struct collector *c, const struct config_finding *f)
{
	return f->at.file != NULL ? case_text(c->context.cf, "%s:%u: %s", f->at.file,
					    (unsigned)f->at.line, f->macro)
				  : case_text(c->context.cf, "%s: %s is not defined",
					    c->context.q->config_path, f->macro);
}

static void collect_configured(struct collector *c, const struct config_finding *found)
{
	static const enum severity severities[] = { [CONFIG_ERROR] = SEVERITY_ERROR,
		[CONFIG_WARNING] = SEVERITY_WARNING,
		[CONFIG_NOTE] = SEVERITY_NOTE };
	struct finding f = begin(files_config_cause(found), severities[found->severity]);

	f.summary = files_config_summary(f.cause);
	finding_prove(&f, c->context.cf, 0, "%s", found->reason);
	if (*found->macro != '\0')
		finding_prove(&f, c->context.cf, 0, "%s", place_text(c, found));
	finding_step(&f, c->context.cf, "%s", found->fix);
	f.by_configuration = true;
	f.origin = ORIGIN_CONFIG;
	collect(c, &f, c->context.q->config_path, NULL);
}

/* The build whose configuration was given: what it cannot read, send or accept of all this; else it is innocent. */
static void ask_config(struct collector *c, struct arena *a)
{
	struct config_findings *found;

	if (c->context.q->config == NULL)
		return;
	if ((found = files_against_config(c->context.q, a)) == NULL) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < found->n; i++)
		collect_configured(c, &found->list[i]);
	if (found->n == 0 && c->out->n_findings != 0 &&
		c->out->findings[0].finding.n_ruled_out < RULED_OUT_MAX) {
		struct finding *f = &c->out->findings[0].finding;

		f->ruled_out[f->n_ruled_out++] = (struct ruled_out){ "configuration",
			"a build of it reads, sends and accepts these certificates" };
	}
	free(found);
}

/* Stable: within a severity the order is that of the tables. */
static void sort(struct files_verdict *v, struct collector *c)
{
	struct file_finding *sorted = memory_zeroed(v->n_findings + 1, sizeof *sorted);
	size_t n = 0;

	if (sorted == NULL) {
		c->failed = true;
		return;
	}
	for (int severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++)
		for (size_t i = 0; i < v->n_findings; i++)
			if ((int)v->findings[i].finding.severity == severity)
				sorted[n++] = v->findings[i];
	free(v->findings);
	v->findings = sorted;
}

bool files_judge(const struct files_question *q, struct arena *a, struct files_verdict *out)
{
	struct case_file cf = { .arena = a };
	struct collector c = { { q, &cf }, out, 0, false };

	*out = (struct files_verdict){ .n_answers = q->credentials->n };
	out->answers = memory_zeroed(out->n_answers + 1, sizeof *out->answers);
	if (out->answers == NULL)
		return false;
	ask_items(&c);
	ask_files(&c);
	for (size_t i = 0; i < out->n_answers; i++) {
		files_answer(q, &q->credentials->list[i], a, &out->answers[i]);
		ask_credential(&c, &out->answers[i]);
	}
	for (size_t i = 0; q->chains != NULL && i < q->chains->n; i++)
		if (q->chains->list[i].file != NULL)
			ask_presented(&c, &q->chains->list[i]);
	ask_config(&c, a);
	sort(out, &c);
	return !c.failed && !arena_failed(a);
}

void files_verdict_free(struct files_verdict *v)
{
	free(v->findings);
	free(v->answers);
	*v = (struct files_verdict){ .findings = NULL };
}
