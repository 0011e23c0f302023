/*
 * Handshakes as a JUnit report: a suite for the input and one for each server; a case for each
 * check, over all its handshakes, and one for each diagnosis that is an error, so that a failed
 * server shows its cause.
 */
#include "base/memory.h"
#include "report/handshakes/form.h"
#include "report/handshakes/server_label.h"
#include "report/handshakes/tally.h"
#include "report/handshakes/text_parts.h"
#include "report/junit_suite.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of servers that share a suite, so many diagnoses are named; the rest is counted. */
enum { REST_FINDINGS_MAX = 256 };

/* What the suites are built from. */
struct scene {
	const struct report *report;
	const struct input_info *in;
	const struct desk *desk;
	const struct tally *tally;
	const struct server_result **own; /* servers that have a suite of their own, worst first */
	size_t n_own;
};

/* ---- the input ---- */

static const char *notes_text(const struct input_info *in, struct junit_suite *s)
{
	struct strbuf text = { 0 };
	const char *kept;

	for (size_t i = 0; i < in->n_problems; i++)
		strbuf_printf(&text, "%s\n", in->problems[i].text);
	for (size_t i = 0; i < in->n_limits; i++)
		strbuf_printf(&text, "left out: %s\n", in->limits[i].text);
	kept = text.len != 0 ? arena_str(s->arena, strbuf_text(&text)) : NULL;
	s->failed |= text.failed;
	strbuf_free(&text);
	return kept;
}

/* What could not be read: a capture, or a server that was to be talked to. */
static const char *why_unread(const struct input_info *in)
{
	if (in->memory_ran_out)
		return memory_ran_out_text;
	if (in->n_problems != 0)
		return in->problems[0].text;
	return strcmp(in->kind, "pcap") == 0 ? "it could not be read"
					     : "no handshake was had with a target";
}

/* "forum.pcap: 24 packets, 2 connections, 2 handshakes". */
static const char *input_words(
	const struct input_info *in, uint64_t handshakes, struct junit_suite *s)
{
	struct strbuf text = { 0 };
	const char *kept;

	input_title(in, &text);
	strbuf_puts(&text, ": ");
	page_add_count(&text, in->packets, "packet", "packets");
	strbuf_puts(&text, ", ");
	page_add_count(&text, in->flows, "connection", "connections");
	strbuf_puts(&text, ", ");
	page_add_count(&text, handshakes, "handshake", "handshakes");
	strbuf_puts(&text, "\n");
	kept = arena_str(s->arena, strbuf_text(&text));
	s->failed |= text.failed;
	strbuf_free(&text);
	return kept;
}

static void build_input(const struct scene *sc, struct junit_suite *s)
{
	const struct input_info *in = sc->in;
	struct desk_summary sum = desk_summary(sc->desk);
	bool judged = sum.completed + sum.failed != 0;
	struct junit_case *c;

	s->name = "input";
	c = junit_add(s, "read-to-the-end", in->n_unread != 0 ? CASE_BROKEN : CASE_PASSED);
	if (in->n_unread != 0)
		c->message = why_unread(in);
	c->text = notes_text(in, s);
	c = junit_add(s, "handshakes-found", judged ? CASE_PASSED : CASE_SKIPPED);
	c->message = "there was nothing to judge";
	c->text = input_words(in, sum.handshakes, s);
}

/* ---- a server ---- */

static uint64_t all_of(const struct server_tally *t)
{
	return t->completed + t->failed + t->incomplete;
}

static void add_outcomes(struct junit_suite *s, const struct server_tally *t)
{
	enum case_result result = t->failed != 0      ? CASE_FAILED
				  : t->completed != 0 ? CASE_PASSED
						      : CASE_SKIPPED;
	struct junit_case *c = junit_add(s, "handshakes-completed", result);

	c->ns = t->ns;
	s->has_start = true;
	s->start = t->start;
	if (result == CASE_FAILED) {
		c->type = "handshake";
		c->message = arena_printf(s->arena,
			"%" PRIu64 " of %" PRIu64 " failed, the first is handshake %" PRIu64,
			t->failed, all_of(t), t->first_failed);
	} else if (result == CASE_SKIPPED) {
		c->message = "the input has no handshake from its beginning to its end";
	}
}

/* "packet 8 of handshake 1; fails in 2 of 5 handshakes". */
static const char *where(
	struct junit_suite *s, const struct server_tally *t, const struct check_tally *c)
{
	char packet[40] = "";

	if (c->packet != 0)
		(void)snprintf(packet, sizeof packet, "%s %" PRIu64 " of ",
			source_words(t->logged)->place, c->packet);
	return arena_printf(s->arena,
		"%shandshake %" PRIu64 "; %ss in %" PRIu64 " of %" PRIu64 " handshakes", packet,
		c->handshake, status_name(c->status), c->n[c->status], all_of(t));
}

static void add_checks(struct junit_suite *s, const struct server_tally *t)
{
	for (size_t i = 0; i < N_CHECKS; i++) {
		const struct check_tally *c = &t->checks[i];
		struct junit_answer a = { c->status, c->message, NULL };

		if (c->status == FAIL || c->status == WARN)
			a.where = where(s, t, c);
		junit_add_answer(s, checks[i], &a);
	}
}

static bool counts_as_failure(const struct scene *sc, const struct finding *f)
{
	return f->severity == SEVERITY_ERROR ||
	       (f->severity == SEVERITY_WARNING && sc->report->options.warnings_fail);
}

static void add_expectations(struct junit_suite *s, const struct server_result *r)
{
	for (size_t i = 0; i < r->n_expected; i++) {
		const struct expected *x = &r->expected[i];
		const char *name = arena_printf(s->arena, "expect %s", x->expectation->text);
		struct junit_case *c;

		if (name == NULL)
			continue;
		c = junit_add(s, name, x->status == PASS ? CASE_PASSED : CASE_FAILED);
		c->type = "expectation";
		c->message = x->message;
	}
}

static const char *label(struct junit_suite *s, const struct case_file *cf)
{
	struct strbuf text = { 0 };
	const char *kept;

	server_label(cf, &text);
	kept = arena_str(s->arena, strbuf_text(&text));
	s->failed |= text.failed;
	strbuf_free(&text);
	return kept != NULL ? kept : "";
}

static void build_server(
	const struct scene *sc, const struct server_result *r, struct junit_suite *s)
{
	const struct server_tally *t = tally_of(sc->tally, r->file);

	s->name = label(s, r->file);
	add_outcomes(s, t);
	add_checks(s, t);
	for (size_t i = 0; i < r->n_findings; i++)
		if (counts_as_failure(sc, &r->findings[i]))
			junit_add_finding(s, &r->findings[i]);
	add_expectations(s, r);
}

/* ---- those that have no suite of their own ---- */

/* The diagnosis, which is of one server of many: its name says of which. */
static void add_rest_finding(
	struct junit_suite *s, const struct server_result *r, const struct finding *f)
{
	const char *name;

	junit_add_finding(s, f);
	name = arena_printf(s->arena, "%s of %s", f->cause->id, label(s, r->file));
	if (name != NULL && s->n != 0)
		s->cases[s->n - 1].name = name;
}

static void build_rest(const struct scene *sc, struct junit_suite *s)
{
	const struct server_tally *rest = tally_rest(sc->tally);
	uint64_t n = 0, unmet = 0;

	s->name = "other servers";
	add_outcomes(s, rest);
	add_checks(s, rest);
	for (size_t i = 0; i < desk_n_servers(sc->desk); i++) {
		const struct server_result *r = desk_server(sc->desk, i);

		if (tally_of(sc->tally, r->file) != NULL)
			continue;
		for (size_t k = 0; k < r->n_findings; k++)
			if (counts_as_failure(sc, &r->findings[k]) && n++ < REST_FINDINGS_MAX)
				add_rest_finding(s, r, &r->findings[k]);
		for (size_t k = 0; k < r->n_expected; k++)
			unmet += r->expected[k].status != PASS;
	}
	if (unmet != 0)
		junit_add(s, "expectations", CASE_FAILED)->message =
			arena_printf(s->arena, "%" PRIu64 " are not met: --json has them", unmet);
	if (n > REST_FINDINGS_MAX)
		junit_add(s, "more-diagnoses", CASE_FAILED)->message = arena_printf(s->arena,
			"%" PRIu64 " more diagnoses: --json has them", n - REST_FINDINGS_MAX);
}

/* ---- the report ---- */

static void build(const void *ctx, size_t i, struct junit_suite *s)
{
	const struct scene *sc = ctx;

	if (i == 0)
		build_input(sc, s);
	else if (i <= sc->n_own)
		build_server(sc, sc->own[i - 1], s);
	else
		build_rest(sc, s);
}

static bool find_own(struct scene *sc)
{
	size_t n = desk_n_servers(sc->desk);

	sc->own = memory_zeroed(n + 1, sizeof(struct server_result *));
	for (size_t i = 0; sc->own != NULL && i < n; i++) {
		const struct server_result *r = desk_server(sc->desk, i);

		if (tally_of(sc->tally, r->file) != NULL)
			sc->own[sc->n_own++] = r;
	}
	return sc->own != NULL;
}

static bool junit_open(struct report *r)
{
	r->state = tally_open();
	return r->state != NULL;
}

static void junit_begin(struct report *r, const struct input_info *in)
{
	(void)r;
	(void)in;
}

static void junit_one(struct report *r, const struct examined *ex)
{
	r->page.out.failed |= !tally_add(r->state, ex);
}

static void flush(void *ctx)
{
	report_flush(ctx);
}

static void junit_end(struct report *r, const struct input_info *in, const struct desk *d)
{
	struct scene sc = { .report = r, .in = in, .desk = d, .tally = r->state };
	struct junit_source source = { .build = build, .ctx = &sc };

	if (find_own(&sc)) {
		source.n = 1 + sc.n_own + (tally_rest(sc.tally) != NULL);
		r->page.out.failed |= !junit_document(&r->page.out, &source, flush, r);
	} else {
		r->page.out.failed = true;
	}
	free(sc.own);
}

static void junit_close(struct report *r)
{
	tally_close(r->state);
}

const struct form form_junit = { .open = junit_open,
	.begin = junit_begin,
	.handshake = junit_one,
	.end = junit_end,
	.close = junit_close };
