/* The report for people: the verdict first, one block per server that has one. */
#include "base/array.h"
#include "diagnose/ask.h"
#include "diagnose/rule.h"
#include "diagnose/word.h"
#include "report/contrast_text.h"
#include "report/handshakes/ladder.h"
#include "report/handshakes/text_parts.h"

#include <inttypes.h>
#include <string.h>

enum { VERDICT_AT = 6, SECTION_AT = 8, FAILS_SHOWN = 6, UNFINISHED_SHOWN = 3 };

/* Servers are told in this order; the healthy ones share a line. */
enum standing { ACCUSED, UNEXPLAINED, UNEXPECTED, SUSPECTED, UNFINISHED, HEALTHY, N_STANDINGS };

/* That nobody answered, beside handshakes with others, is a note, and the reason all the same. */
static bool explained_by_note(const struct server_result *s)
{
	for (size_t i = 0; i < s->n_findings; i++) {
		const struct finding *f = &s->findings[i];

		for (size_t k = 0; k < f->n_explains; k++)
			if (f->explains[k] == CHECK_hello_answered &&
				f->n_handshakes_all >= s->file->n_failed)
				return true;
	}
	return false;
}

static enum standing standing_of(const struct server_result *s)
{
	if (s->n_findings != 0 && s->findings[0].severity == SEVERITY_ERROR)
		return ACCUSED;
	if (s->file->n_failed != 0 && !explained_by_note(s))
		return UNEXPLAINED;
	if (!expectations_met(s))
		return UNEXPECTED;
	if (s->n_findings != 0)
		return SUSPECTED;
	return s->file->n_incomplete != 0 ? UNFINISHED : HEALTHY;
}

static bool lists(const struct report *r)
{
	return r->options.only != ONLY_DEFAULT;
}

static void text_begin(struct report *r, const struct input_info *in)
{
	(void)r;
	(void)in;
}

static void text_handshake(struct report *r, const struct examined *ex)
{
	if (!lists(r) || !report_lists(r, ex->hs))
		return;
	page_blank_line(&r->page);
	ladder_put(&r->page, ex);
	r->listed++;
}

/* ---- one server ---- */

/* The first that failed of those kept; NULL: none was kept. */
static const struct examined *first_failed(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->outcome == OUTCOME_FAILED)
			return cf->kept[i];
	return NULL;
}

static bool speaks(const struct answer *a)
{
	return a->status == FAIL || a->status == WARN;
}

/* These fail because it failed, whatever it was over. */
static bool of_the_end(size_t id)
{
	return id == CHECK_no_fatal_alert || id == CHECK_closed_cleanly ||
	       id == CHECK_hello_answered || id == CHECK_finished_accepted;
}

/* Is anything wrong but that it failed, and that not all of it was seen? */
static bool something_is_wrong(const struct examined *ex)
{
	for (size_t i = 0; ex != NULL && i < N_CHECKS; i++)
		if (speaks(&ex->answers[i]) && !of_the_end(i) && i != CHECK_capture_complete)
			return true;
	return false;
}

static bool said_before(const struct examined *ex, size_t id)
{
	const char *message = ex->answers[id].message;

	for (size_t i = 0; message != NULL && i < id; i++)
		if (speaks(&ex->answers[i]) && ex->answers[i].message != NULL &&
			strcmp(ex->answers[i].message, message) == 0)
			return true;
	return false;
}

/* An id says what should hold: beside what is so it would read as its opposite. */
static void put_failed_check(struct page *p, const struct examined *ex, size_t id)
{
	const struct answer *a = &ex->answers[id];

	page_tab(p, VERDICT_AT);
	if (a->message != NULL)
		page_wrap(p, VERDICT_AT + 2, a->message);
	else
		page_wrapf(p, VERDICT_AT + 2, "%s: %s", checks[id]->id, status_name(a->status));
	page_end_line(p);
}

/* No log was given that could show more. */
static bool only_a_code(const struct examined *ex)
{
	return ex->hs->logged && ex->hs->first_packet == 0;
}

/* A failure without a cause: what of the checks speaks, so that the reader can go on. */
static void put_failed_checks(struct page *p, const struct examined *ex)
{
	size_t n = 0;

	for (unsigned end = 0; ex != NULL && end < 2; end++)
		for (size_t i = 0; i < N_CHECKS && n < FAILS_SHOWN; i++)
			if (of_the_end(i) == (end == 1) && speaks(&ex->answers[i]) &&
				!said_before(ex, i) &&
				!(i == CHECK_capture_complete && only_a_code(ex))) {
				put_failed_check(p, ex, i);
				n++;
			}
	if (n != 0 || (ex != NULL && only_a_code(ex)))
		return;
	page_tab(p, VERDICT_AT);
	page_wrap(p, VERDICT_AT,
		ex != NULL ? "every check that can be answered here is passed"
			   : "none of its failed handshakes was kept: the room for all servers is "
			     "used up");
	page_end_line(p);
}

static void put_verdict_line(struct page *p, enum role role, const char *word, const char *text)
{
	page_put(p, role, word);
	page_tab(p, VERDICT_AT);
	page_wrap(p, VERDICT_AT, text);
	page_end_line(p);
}

static bool only_protected(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (!cf->kept[i]->hs->only_protected)
			return false;
	return cf->n_kept != 0;
}

/* Whom to ask, where nothing that was seen tells. */
static void put_whom_to_ask(struct report *r, const struct examined *ex)
{
	const struct sent_alert *alert = ex != NULL ? handshake_fatal_alert(ex->hs) : NULL;
	const char *asked = ex != NULL ? ask_unexplained(ex->hs) : NULL;
	struct page *p = &r->page;

	if (ex == NULL ||
		(r->live && (alert != NULL ? alert->from : ex->hs->ended_by) == SIDE_CLIENT))
		return; /* a client of ours has said all it knows */
	page_put(p, ROLE_LABEL, "next");
	page_tab(p, SECTION_AT);
	if (asked != NULL)
		page_wrap(p, SECTION_AT, asked);
	else if (alert != NULL && ex->hs->logged)
		page_wrapf(p, SECTION_AT, "tlsdiag alert %u tells over what each stack sends it",
			alert->code);
	else if (alert != NULL)
		page_wrapf(p, SECTION_AT,
			"tlsdiag alert %u tells over what each stack sends it; the log of %s may "
			"name its reason",
			alert->code, side_name(alert->from));
	else
		page_wrapf(p, SECTION_AT, "the log of %s, which %s, may name its reason",
			side_name(ex->hs->ended_by),
			ex->hs->ending == ENDING_SILENCE ? "fell silent" : "gave up");
	page_end_line(p);
}

static const char *unexplained(const struct report *r, const struct case_file *cf, bool wrong)
{
	if (wrong)
		return "No known cause explains the failure; this is wrong in it:";
	return r->live      ? "Why it failed cannot be told from what the two sides said"
	       : cf->logged ? "Why it failed cannot be told from this log"
			    : "Why it failed cannot be told from this capture";
}

/* What one side's own library says is not the cause, but more than nothing. */
static const struct library_word *own_word(const struct case_file *cf, const char **who)
{
	static const struct {
		enum side side;
		const char *name;
	} sides[] = { { SIDE_CLIENT, "the client itself" }, { SIDE_SERVER, "the server itself" } };

	for (size_t k = 0; k < COUNT(sides); k++)
		for (size_t i = 0; i < cf->n_kept; i++) {
			const struct handshake *hs = cf->kept[i]->hs;
			const struct library_word *w = &hs->side[sides[k].side].word;

			if (hs->outcome != OUTCOME_FAILED || !word_failed(w))
				continue;
			*who = sides[k].name;
			return w;
		}
	return NULL;
}

static void put_unexplained(struct report *r, const struct server_result *s)
{
	const struct examined *ex = first_failed(s->file);
	bool wrong = something_is_wrong(ex);
	const char *who = "";
	const struct library_word *w = own_word(s->file, &who);
	struct strbuf text = { 0 };

	if (w != NULL) {
		strbuf_printf(&text, "%s; %s: ",
			wrong ? "No known cause explains the failure"
			      : "Nothing that was seen says why it failed",
			who);
		word_text(w, &text);
		strbuf_puts(&text, wrong ? "; and this is wrong in it:" : "");
	} else {
		strbuf_puts(&text, unexplained(r, s->file, wrong));
	}
	put_verdict_line(&r->page, ROLE_ERROR, "FAIL", strbuf_text(&text));
	strbuf_free(&text);
	put_failed_checks(&r->page, ex);
	contrast_put(&r->page, s, 0, NULL);
	if (w == NULL || !only_a_code(ex) || ask_unexplained(ex->hs) != NULL ||
		code_causes_put(&r->page, w) == 0)
		put_whom_to_ask(r, ex);
}

static void put_verdicts(struct report *r, const struct server_result *s)
{
	struct page *p = &r->page;
	enum standing standing = standing_of(s);

	if (standing == UNEXPLAINED) {
		put_unexplained(r, s);
	} else if (standing == UNEXPECTED) {
		put_verdict_line(p, ROLE_ERROR, "FAIL", "It is not as expected");
	} else if (standing == UNFINISHED && r->replay) {
		put_verdict_line(p, ROLE_NOTE, "NOTE",
			"It ends after the server's first flight: only the client that made the "
			"hello could go on");
	} else if (standing == UNFINISHED) {
		put_verdict_line(p, ROLE_NOTE, "NOTE",
			only_protected(s->file) && !s->file->logged
				? "Only encrypted records were captured: the handshake came before "
				  "them"
			: r->live ? "The handshake was not brought to an end"
			: s->file->logged
				? "The log does not hold the handshake from beginning to end"
				: "The capture does not hold the handshake from beginning to end");
	}
	for (size_t i = 0; i < s->n_findings; i++) {
		if (i != 0 || standing == UNEXPLAINED || standing == UNEXPECTED)
			page_blank_line(p);
		finding_put(p, s, &s->findings[i], i != 0 && r->options.only != ONLY_ALL);
	}
	if (s->n_expected != 0) {
		if (s->n_findings != 0)
			page_blank_line(p);
		expectations_put(p, s);
	}
}

static void put_server(struct report *r, const struct server_result *s, bool titled)
{
	struct page *p = &r->page;
	struct strbuf title = { 0 };

	page_blank_line(p);
	if (titled) {
		server_title(s, p->utf8, &title);
		page_put(p, ROLE_LABEL, strbuf_text(&title));
		strbuf_clear(&title);
		strbuf_puts(&title, ": ");
		server_story(s, &title);
		page_wrap(p, 2, strbuf_text(&title));
		page_end_line(p);
		page_blank_line(p);
		strbuf_free(&title);
	}
	put_verdicts(r, s);
	if (!lists(r) && !only_protected(s->file))
		ladders_put(p, s);
}

/* ---- the whole ---- */

/* Was it the handshake that returned the code, and no parser of files? */
static bool in_handshake(const struct handshake *hs)
{
	const char *client = hs->side[SIDE_CLIENT].word.function;
	const char *server = hs->side[SIDE_SERVER].word.function;
	const char *function = client != NULL ? client : server;

	return function == NULL || strstr(function, "handshake") != NULL;
}

/* A code that was given by itself, read for each side that may have returned it. False: there is more than that. */
static bool code_title(const struct case_file *cf, struct strbuf *out)
{
	const struct handshake *hs = cf->n_kept != 0 ? cf->kept[0]->hs : NULL;

	for (size_t i = 0; i < cf->n_kept; i++)
		if (!only_a_code(cf->kept[i]))
			return false;
	if (hs == NULL || cf->n_kept > 2)
		return false;
	strbuf_puts(out, "an error code and nothing else");
	if (cf->n_kept == 2)
		strbuf_puts(out,
			", of a client (handshake 1) or of a server (handshake 2): --role tells");
	else if (in_handshake(hs))
		strbuf_printf(out, ", of a %s",
			hs->side[SIDE_CLIENT].word.code != 0 ? "client" : "server");
	return true;
}

static void put_headline(struct report *r, const struct input_info *in, const struct desk *d)
{
	struct desk_summary sum = desk_summary(d);
	const uint64_t counts[] = { sum.completed, sum.failed, sum.incomplete };
	const char *const words[] = { "completed", "failed", "incomplete" };
	struct strbuf text = { 0 };
	char number[COUNT_TEXT];
	const char *sep = ": ";

	input_title(in, &text);
	strbuf_puts(&text, ": ");
	if (desk_n_servers(d) == 1 && code_title(desk_server(d, 0)->file, &text)) {
		;
	} else if (desk_n_servers(d) == 1) {
		server_title(desk_server(d, 0), r->page.utf8, &text);
		strbuf_puts(&text, ", ");
		server_story(desk_server(d, 0), &text);
	} else {
		strbuf_puts(&text, sum.unlisted != 0 ? "at least " : "");
		page_add_count(&text, desk_n_servers(d), "server", "servers");
		strbuf_puts(&text, ", ");
		page_add_count(&text, sum.handshakes, "handshake", "handshakes");
		for (size_t i = 0; i < 3; i++) {
			if (counts[i] == 0)
				continue;
			strbuf_printf(
				&text, "%s%s %s", sep, page_count(counts[i], number), words[i]);
			sep = ", ";
		}
	}
	page_wrap(&r->page, 2, strbuf_text(&text));
	page_end_line(&r->page);
	strbuf_free(&text);
}

/* " with TLS 1.2, TLS_ECDHE_ECDSA_...", " with TLS 1.1 to TLS 1.3": what is so of all that completed. */
static void agreed(const struct case_file *cf, struct strbuf *out)
{
	const char *name = cf->suites_differ ? NULL : name_cipher_suite(cf->suite);

	if (cf->version_min == 0)
		return;
	strbuf_printf(out, " with %s", version_title(cf->version_min));
	if (cf->version_max != cf->version_min)
		strbuf_printf(out, " to %s", version_title(cf->version_max));
	if (name != NULL)
		strbuf_printf(out, ", %s", name);
}

static bool by_probe(const struct input_info *in)
{
	return strcmp(in->kind, "probe") == 0 || strcmp(in->kind, "replay") == 0;
}

/* Of so many completed handshakes it cannot be told; see open_ends.h. */
static void put_ambiguous(struct strbuf *out, uint64_t n, uint64_t handshakes)
{
	strbuf_puts(out, ", as far as it can be told: nothing that was seen ");
	if (handshakes != 1)
		strbuf_printf(out, "of %" PRIu64 " of them ", n);
	strbuf_puts(out, "shows that the last Finished was accepted");
}

/* "192.0.2.1:443 (device.example), 2 handshakes, both completed with TLS 1.2, ...". */
static void put_well(struct page *p, const struct input_info *in, const struct server_result *only,
	uint64_t servers, uint64_t handshakes, uint64_t ambiguous)
{
	struct strbuf text = { 0 };

	if (in != NULL) {
		input_title(in, &text);
		strbuf_puts(&text, ": ");
	}
	if (only != NULL)
		server_title(only, p->utf8, &text);
	else
		page_add_count(&text, servers, "server", "servers");
	strbuf_puts(&text, ", ");
	page_add_count(&text, handshakes, "handshake", "handshakes");
	strbuf_puts(&text, handshakes == 1   ? " completed"
			   : handshakes == 2 ? ", both completed"
					     : ", all completed");
	if (only != NULL)
		agreed(only->file, &text);
	if (ambiguous != 0)
		put_ambiguous(&text, ambiguous, handshakes);
	put_verdict_line(p, ambiguous != 0 ? ROLE_NOTE : ROLE_GOOD, ambiguous != 0 ? "NOTE" : "OK",
		strbuf_text(&text));
	if (only != NULL)
		expectations_put(p, only);
	strbuf_free(&text);
}

/* Of no interest by itself: nothing is wrong with it but that its handshakes are not whole. */
static bool only_unfinished(const struct report *r, const struct server_result *s)
{
	return standing_of(s) == UNFINISHED && s->n_findings == 0 && s->n_expected == 0 &&
	       !lists(r) && !r->live && !r->replay;
}

static size_t count_unfinished(const struct report *r, const struct desk *d)
{
	size_t n = 0;

	for (size_t i = 0; i < desk_n_servers(d); i++)
		n += only_unfinished(r, desk_server(d, i));
	return n;
}

/* "12 servers, 13 handshakes: the capture does not hold them from beginning to end". */
static void put_unfinished(struct report *r, const struct input_info *in, const struct desk *d)
{
	uint64_t handshakes = 0, protected = 0;
	struct strbuf text = { 0 };
	char number[COUNT_TEXT];

	for (size_t i = 0; i < desk_n_servers(d); i++) {
		const struct server_result *s = desk_server(d, i);

		if (!only_unfinished(r, s))
			continue;
		handshakes += s->file->n_completed + s->file->n_incomplete;
		protected += only_protected(s->file) ? s->file->n_incomplete : 0;
	}
	page_blank_line(&r->page);
	page_add_count(&text, count_unfinished(r, d), "server", "servers");
	strbuf_puts(&text, ", ");
	page_add_count(&text, handshakes, "handshake", "handshakes");
	strbuf_printf(&text, ": the %s does not hold all of them from beginning to end",
		source_words(strcmp(in->kind, "log") == 0)->name);
	if (protected != 0)
		strbuf_printf(&text, ", and of %s nothing but encrypted records",
			page_count(protected, number));
	strbuf_puts(&text, " (--only all lists them)");
	put_verdict_line(&r->page, ROLE_NOTE, "NOTE", strbuf_text(&text));
	strbuf_free(&text);
}

/* Each on its own where each was asked for, or has expectations to meet; else all in one line. */
static void put_healthy(struct report *r, const struct input_info *in, const struct desk *d)
{
	const struct server_result *only = NULL;
	const struct input_info *title = desk_n_servers(d) == 1 ? in : NULL;
	bool each = by_probe(in);
	uint64_t handshakes = 0, servers = 0, ambiguous = 0;

	for (size_t i = 0; i < desk_n_servers(d); i++) {
		const struct server_result *s = desk_server(d, i);

		if (standing_of(s) != HEALTHY)
			continue;
		if (servers++ == 0)
			page_blank_line(&r->page);
		only = s;
		handshakes += s->file->n_completed;
		ambiguous += s->file->n_open_ends;
		if (each || s->n_expected != 0)
			put_well(&r->page, title, s, 1, s->file->n_completed, s->file->n_open_ends);
	}
	if (servers != 0 && !each && only->n_expected == 0)
		put_well(&r->page, title, servers == 1 ? only : NULL, servers, handshakes,
			ambiguous);
}

/* A single healthy server needs one line, and no headline above it. */
static bool all_well(const struct desk *d)
{
	return desk_n_servers(d) == 1 && standing_of(desk_server(d, 0)) == HEALTHY;
}

/* The worst first; of many that only lack their ends one line is enough. */
static void put_servers(struct report *r, const struct input_info *in, const struct desk *d)
{
	size_t n = desk_n_servers(d);
	bool together = count_unfinished(r, d) > UNFINISHED_SHOWN;

	for (int standing = ACCUSED; standing < HEALTHY; standing++)
		for (size_t i = 0; i < n; i++) {
			const struct server_result *s = desk_server(d, i);

			if ((int)standing_of(s) != standing || (together && only_unfinished(r, s)))
				continue;
			put_server(r, s, n > 1);
			report_flush(r);
		}
	if (together)
		put_unfinished(r, in, d);
}

static void text_end(struct report *r, const struct input_info *in, const struct desk *d)
{
	if (by_probe(in) && in->n_problems != 0 && desk_summary(d).handshakes == 0) {
		unreached_put(&r->page, in);
		return;
	}
	if (in->packets + in->lines == 0 && in->n_problems != 0 && !in->stopped)
		return; /* what could not be opened is not worth a report */
	page_blank_line(&r->page);
	if (in->replay != NULL) {
		replay_put(&r->page, in->replay);
		page_blank_line(&r->page);
	}
	if (in->memory_ran_out) {
		put_headline(r, in, d);
		page_blank_line(&r->page);
		put_verdict_line(&r->page, ROLE_NOTE, "NOTE", memory_ran_out_text);
	} else if (desk_summary(d).handshakes == 0) {
		nothing_put(&r->page, in);
	} else {
		if (!all_well(d))
			put_headline(r, in, d);
		put_servers(r, in, d);
		put_healthy(r, in, d);
	}
	trailer_put(&r->page, in, desk_summary(d).handshakes);
}

const struct form form_text = { .begin = text_begin, .handshake = text_handshake, .end = text_end };
