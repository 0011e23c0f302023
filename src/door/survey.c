/* Each question is a probe of one attempt, whose tape goes through a session of its own. */
#include "door/survey.h"

#include "base/memory.h"
#include "capture/capture.h"
#include "door/run.h"
#include "survey/reply.h"

#include <stdio.h>
#include <time.h>

enum {
	CHAIN_BYTES = 4 << 20,
	DEADLINES = 10, /* that all questions together may take, whatever the server does */
};

struct questioner {
	struct probe_options driver;
	struct target target, proxy;
	struct survey_terms terms;
	struct survey_course *course;
	const struct hello_profile *hello; /* NULL: our own */
	struct cert_store *store;
	unsigned asked;
	struct timespec begin;
	FILE *pcap, *keylog;
	struct err err; /* why it could not go on, where that is not the server's */
};

/* ---- what was said ---- */

/* The first handshake of a connection is the answer. */
static void take(void *ctx, struct handshake *hs)
{
	struct handshake **first = ctx;

	if (*first == NULL)
		*first = hs;
	else
		handshake_free(hs);
}

static bool read_back(struct questioner *q, const struct probe *p, struct survey_reply *reply)
{
	struct handshake *hs = NULL;
	struct session *s = session_open(q->store, (struct handshake_sink){ take, &hs }, NULL);
	struct keylog *log = keylog_open();
	const struct session_keys keys = { .log = log };
	struct capture *c = NULL;
	bool ok = false;

	if (s != NULL && log != NULL) {
		keylog_take(log, bytes_of(strbuf_text(&p->keys), p->keys.len));
		session_keys(s, &keys);
		c = capture_open(
			session_sink(s), &(struct capture_options){ .filter = NULL }, &q->err);
		ok = c != NULL && capture_read_bytes(c, "probe", tape_file(p->tape), &q->err);
	}
	if (ok)
		survey_reply_of(hs, reply);
	if (hs != NULL)
		handshake_free(hs);
	capture_close(c);
	session_close(s);
	keylog_close(log);
	return ok;
}

/* ---- one connection ---- */

static void wait_ms(unsigned ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	int slept = ms != 0 ? -1 : 0;

	while (slept != 0) /* a signal wakes it */
		slept = nanosleep(&left, &left);
}

static void note_unreached(struct questioner *q, const struct probe *p)
{
	const struct probe_attempt *a = p->n_attempts != 0 ? &p->attempt[0] : NULL;
	char text[320] = "";

	if (a != NULL && a->talked && !a->handshaken && a->line == LINE_OPEN)
		dialogue_result_text(&a->before, text, sizeof text);
	(void)snprintf(q->course->problem, sizeof q->course->problem, "%s: %s",
		q->asked <= 1 ? "it cannot be reached" : "it can no longer be reached",
		text[0] != '\0'                    ? text
		: a != NULL && a->error[0] != '\0' ? a->error
						   : "no connection");
}

static bool write_out(struct questioner *q, const struct probe *p)
{
	bool first = q->asked == 1 && !q->terms.follows;
	struct bytes packets = first ? tape_file(p->tape) : tape_packets(p->tape);
	bool ok = q->pcap == NULL || fwrite(packets.data, 1, packets.len, q->pcap) == packets.len;

	ok &= q->keylog == NULL || p->keys.len == 0 ||
	      fwrite(strbuf_text(&p->keys), 1, p->keys.len, q->keylog) == p->keys.len;
	return ok || err_set(&q->err, ERR_OS, 0, "cannot write what was said");
}

static double elapsed_ms(const struct questioner *q)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - q->begin.tv_sec) * 1e3 +
	       (double)(now.tv_nsec - q->begin.tv_nsec) / 1e6;
}

/* Connections, or time: whatever is used up first. */
static bool may_ask(const struct questioner *q)
{
	struct survey_course *course = q->course;
	double spent_ms = elapsed_ms(q) - (double)q->asked * q->terms.delay_ms;

	if (q->asked == q->terms.budget)
		(void)snprintf(course->problem, sizeof course->problem,
			"the budget of %u connections is used up", q->terms.budget);
	else if (spent_ms > (double)DEADLINES * q->driver.way.deadline_ms)
		(void)snprintf(course->problem, sizeof course->problem,
			"its answers take too long: %.0f seconds for %u connections",
			spent_ms / 1e3, q->asked);
	return course->problem[0] == '\0';
}

static bool ask_server(
	void *ctx, const struct survey_question *question, struct survey_reply *reply)
{
	struct questioner *q = ctx;
	struct probe_options o = q->driver;
	struct probe p;
	bool ok;

	if (!may_ask(q))
		return false;
	if (q->asked++ != 0)
		wait_ms(q->terms.delay_ms);
	o.client.offer = &question->offer;
	o.client.depth = question->depth;
	o.client.brief = !question->patient;
	o.client.hello_record = question->hello_record;
	o.client.hello_segment = question->hello_segment;
	ok = probe_run(&o, &q->target, &p, &q->err);
	if (ok && (!probe_reached(&p) || p.starved)) {
		note_unreached(q, &p);
		ok = false;
	}
	if (ok && p.attempt[0].result.self_failed)
		ok = err_set(&q->err, ERR_MEMORY, 0,
			"a connection failed for a reason of this machine's own");
	q->course->reached |= ok;
	ok = ok && write_out(q, &p) && read_back(q, &p, reply);
	if (ok)
		reply->beyond = p.attempt[0].result.beyond;
	probe_free(&p);
	return ok;
}

/* ---- a survey ---- */

static struct probe_options driver_of(const struct tlsdiag_probe_options *o)
{
	return (struct probe_options){
		.client = { .timeout_ms = (int)o->timeout_ms,
			.cert = o->cert,
			.key = o->key != NULL ? o->key : o->cert,
			.key_password = o->key_password },
		.no_sni = true, /* the question says it */
		.way = { .connect_ms = (int)o->connect_ms,
			.deadline_ms = deadline_of(o->deadline_ms) },
		.attempts = 1,
		.clients = PROBE_OWN,
	};
}

static bool prepare(struct questioner *q, const struct tlsdiag_probe_options *o, const char *target,
	struct err *e)
{
	q->driver = driver_of(o);
	if (!ways_parse(o->starttls, o->proxy, &q->driver.way.starttls, &q->proxy, e) ||
		!target_parse(target, ways_port(o->starttls), &q->target, e))
		return false;
	q->target.family = o->family;
	q->driver.way.proxy = o->proxy != NULL ? &q->proxy : NULL;
	q->hello = o->hello != NULL ? hello_profile_find(o->hello) : NULL;
	q->pcap = o->pcap;
	q->keylog = o->keylog;
	q->store = cert_store_open(CHAIN_BYTES);
	return q->store != NULL || err_set(e, ERR_MEMORY, 0, "out of memory");
}

typedef void questioning(const struct survey_options *o, struct questioner *q, void *out);

/* From the first question to the last. */
static bool question(const struct tlsdiag_probe_options *o, const struct survey_terms *terms,
	const char *target, struct survey_course *course, questioning *ask_all, void *out,
	struct err *e)
{
	struct survey_options options = { .min_version = o->min_version,
		.max_version = o->max_version };
	struct questioner q = { .terms = *terms, .course = course };

	*course = (struct survey_course){ .reached = false };
	if (!prepare(&q, o, target, e))
		return false;
	target_text(&q.target, course->target);
	options.sni = o->sni;
	if (options.sni == NULL && !o->no_sni && !target_is_address(&q.target))
		options.sni = q.target.host;
	(void)clock_gettime(CLOCK_MONOTONIC, &q.begin);
	ask_all(&options, &q, out);
	course->took_ms = elapsed_ms(&q);
	cert_store_close(q.store);
	if (q.err.code != ERR_NONE)
		*e = q.err;
	return q.err.code == ERR_NONE;
}

static void explain_cut(struct survey_course *course, bool cut)
{
	if (cut && course->problem[0] == '\0')
		(void)snprintf(course->problem, sizeof course->problem, "%s",
			course->reached ? "it does not answer, or not in TLS" : "out of memory");
}

static void ask_survey(const struct survey_options *o, struct questioner *q, void *out)
{
	survey_run(o, ask_server, q, out);
}

static void ask_isolation(const struct survey_options *o, struct questioner *q, void *out)
{
	const struct isolate_options options = {
		.survey = *o, .hello = q->hello, .ends = q->terms.ends, .always = q->terms.always
	};

	isolate_run(&options, ask_server, q, out);
}

bool survey_target(const struct tlsdiag_probe_options *o, const struct survey_terms *terms,
	const char *target, struct survey *out, struct survey_course *course, struct err *e)
{
	bool ok = question(o, terms, target, course, ask_survey, out, e);

	explain_cut(course, ok && out->cut_short);
	return ok;
}

bool isolate_target(const struct tlsdiag_probe_options *o, const struct survey_terms *terms,
	const char *target, struct isolation *out, struct survey_course *course, struct err *e)
{
	bool ok = question(o, terms, target, course, ask_isolation, out, e);

	explain_cut(course, ok && out->verdict == ISOLATE_CUT);
	return ok;
}
