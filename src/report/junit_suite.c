/*
 * Where dialects differ, what Jenkins, GitLab and GitHub's actions all read is written: counts as
 * attributes of each suite and of the root, a reason as an attribute and in full as text.
 */
#include "report/junit_suite.h"

#include "base/memory.h"
#include "base/moment.h"
#include "report/finding_words.h"
#include "report/when.h"

#include <stdlib.h>

enum { SUITE_BYTES = 16 << 20 };

struct counts {
	uint64_t tests, failures, errors, skipped;
	int64_t ns;
};

/* ---- putting together ---- */

struct junit_case *junit_add(struct junit_suite *s, const char *name, enum case_result result)
{
	struct junit_case *c = &s->nowhere;

	if (s->n == s->size) {
		size_t size = s->size != 0 ? 2 * s->size : 64;
		struct junit_case *more = memory_resize(s->cases, size * sizeof *more);

		if (more != NULL) {
			s->cases = more;
			s->size = size;
		}
	}
	if (s->n < s->size)
		c = &s->cases[s->n++];
	else
		s->failed = true;
	*c = (struct junit_case){ .name = name, .result = result };
	return c;
}

/* The cause's id; from its second time in the suite on with a number, since names tell cases apart. */
static const char *finding_name(struct junit_suite *s, const struct finding *f)
{
	size_t times = 1, len = strlen(f->cause->id);

	for (size_t i = 0; i < s->n; i++)
		times += strncmp(s->cases[i].name, f->cause->id, len) == 0 &&
			 (s->cases[i].name[len] == '\0' || s->cases[i].name[len] == ' ');
	return times == 1 ? f->cause->id : arena_printf(s->arena, "%s %zu", f->cause->id, times);
}

void junit_add_finding(struct junit_suite *s, const struct finding *f)
{
	const char *name = finding_name(s, f);
	struct junit_case *c = junit_add(s, name != NULL ? name : f->cause->id, CASE_FAILED);
	struct strbuf text = { 0 };

	finding_words(&text, f);
	c->message = f->summary;
	c->type = origin_name(f->origin) != NULL ? origin_name(f->origin) : "unknown";
	c->text = arena_str(s->arena, strbuf_text(&text));
	s->failed |= text.failed;
	strbuf_free(&text);
}

/* What stands below the message of a check: where it was seen, what was asked, where to read on. */
static const char *answer_words(
	struct junit_suite *s, const struct check *c, const struct junit_answer *a)
{
	return arena_printf(s->arena, "%s%s%s\ntlsdiag explain %s\n",
		a->where != NULL ? a->where : "", a->where != NULL ? "\n" : "", c->question, c->id);
}

void junit_add_answer(struct junit_suite *s, const struct check *c, const struct junit_answer *a)
{
	struct junit_case *added = junit_add(s, c->id, CASE_PASSED);

	switch (a->status) {
	case FAIL:
		added->result = CASE_FAILED;
		added->type = "check";
		added->message = a->message != NULL ? a->message : c->question;
		added->text = answer_words(s, c, a);
		break;
	case WARN:
		added->text = arena_printf(s->arena, "warning: %s\n%s",
			a->message != NULL ? a->message : c->question, answer_words(s, c, a));
		break;
	case UNKNOWN:
		added->result = CASE_SKIPPED;
		added->message = a->message != NULL ? a->message : "it cannot be told";
		break;
	case NOT_APPLICABLE:
		added->result = CASE_SKIPPED;
		added->message = a->message != NULL ? a->message : "it does not apply";
		break;
	case PASS:
		break;
	}
}

/* ---- writing ---- */

static void count(struct counts *total, const struct junit_suite *s)
{
	for (size_t i = 0; i < s->n; i++) {
		total->tests++;
		total->failures += s->cases[i].result == CASE_FAILED;
		total->errors += s->cases[i].result == CASE_BROKEN;
		total->skipped += s->cases[i].result == CASE_SKIPPED;
		total->ns += s->cases[i].ns;
	}
}

static void put_counts(struct xml *x, const struct counts *c)
{
	xml_attribute_uint(x, "tests", c->tests);
	xml_attribute_uint(x, "failures", c->failures);
	xml_attribute_uint(x, "errors", c->errors);
	xml_attribute_uint(x, "skipped", c->skipped);
	xml_attribute_seconds(x, "time", c->ns);
}

static void put_result(struct xml *x, const struct junit_case *c)
{
	static const char *const elements[] = { [CASE_PASSED] = "system-out",
		[CASE_FAILED] = "failure",
		[CASE_BROKEN] = "error",
		[CASE_SKIPPED] = "skipped" };
	const char *element = elements[c->result];

	if (c->result == CASE_PASSED && c->text == NULL)
		return;
	xml_start(x, element);
	if (c->result != CASE_PASSED)
		xml_attribute(x, "message", c->message);
	xml_attribute(x, "type", c->type);
	if (c->text != NULL)
		xml_text(x, c->text);
	xml_end(x, element);
}

static void put_case(struct xml *x, const struct junit_suite *s, const struct junit_case *c)
{
	xml_start(x, "testcase");
	xml_attribute(x, "classname", s->name);
	xml_attribute(x, "name", c->name);
	xml_attribute_seconds(x, "time", c->ns);
	put_result(x, c);
	xml_end(x, "testcase");
}

/* The dialects' schemas want a time without a zone: UTC, to the second. */
static void put_start(struct xml *x, int64_t ns)
{
	char text[WHEN_TEXT];

	when_second(moment_seconds(ns), text);
	text[strcspn(text, "Z")] = '\0';
	xml_attribute(x, "timestamp", text);
}

static void put_suite(struct xml *x, const struct junit_suite *s)
{
	struct counts counts = { 0 };

	count(&counts, s);
	xml_start(x, "testsuite");
	xml_attribute(x, "name", s->name);
	put_counts(x, &counts);
	if (s->has_start)
		put_start(x, s->start);
	for (size_t i = 0; i < s->n; i++)
		put_case(x, s, &s->cases[i]);
	xml_end(x, "testsuite");
}

/* ---- the document ---- */

static void build(const struct junit_source *source, size_t i, struct junit_suite *s)
{
	arena_reset(s->arena);
	s->n = 0;
	s->has_start = false;
	source->build(source->ctx, i, s);
	s->failed |= arena_failed(s->arena);
}

bool junit_document(
	struct strbuf *out, const struct junit_source *source, void (*flush)(void *ctx), void *ctx)
{
	struct junit_suite s = { .arena = arena_new(SUITE_BYTES) };
	struct counts total = { 0 };
	struct xml x;

	if (s.arena == NULL)
		return false;
	for (size_t i = 0; i < source->n; i++) {
		build(source, i, &s);
		count(&total, &s);
	}
	xml_begin(&x, out);
	xml_start(&x, "testsuites");
	xml_attribute(&x, "name", "tlsdiag");
	put_counts(&x, &total);
	for (size_t i = 0; i < source->n; i++) {
		build(source, i, &s);
		put_suite(&x, &s);
		if (flush != NULL)
			flush(ctx);
	}
	xml_end(&x, "testsuites");
	free(s.cases);
	arena_free(s.arena);
	return !s.failed;
}
