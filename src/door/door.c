/* A run: the user's files, the conveyor, a source, reports. */
#include "base/memory.h"
#include "base/sanitized.h"
#include "door/address.h"
#include "door/log_pairs.h"
#include "door/run.h"
#include "session/prove.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEP_SECONDS = SLOW ? 20 : 10, EXPIRES_SOON = 30, WIDTH = 80 };

void tlsdiag_options_init(struct tlsdiag_options *o)
{
	*o = (struct tlsdiag_options){
		.deep_seconds = DEEP_SECONDS, .expires_soon = EXPIRES_SOON, .width = WIDTH
	};
}

const char *tlsdiag_version(void)
{
	return TLSDIAG_VERSION;
}

const char *tlsdiag_crypto_version(void)
{
	return crypto_library_version();
}

bool run_tell(struct tlsdiag_error *out, const struct err *e, enum tlsdiag_error_kind kind)
{
	if (e->code == ERR_USAGE)
		kind = TLSDIAG_BAD_OPTION;
	else if (e->code == ERR_MEMORY || e->code == ERR_LIBRARY || e->code == ERR_LIMIT)
		kind = TLSDIAG_FAILURE;
	out->kind = kind;
	out->system_error = e->code == ERR_OS ? e->detail : 0;
	(void)snprintf(out->message, sizeof out->message, "%s", e->msg);
	return false;
}

/* Does more of a pipe wait to be read? Of a file always. */
static bool more_waits(void *ctx)
{
	const struct tlsdiag *run = ctx;
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return !run->live || poll(&in, 1, 0) != 0;
}

static void see(void *ctx, const struct examined *ex)
{
	struct tlsdiag *run = ctx;

	run->handshakes++;
	reports_handshake(&run->reports, ex);
	if (run->options.report != TLSDIAG_NO_REPORT && run->live && !more_waits(run))
		(void)fflush(run->options.out);
	if (run->copy != NULL)
		log_copy_see(run->copy, ex->hs);
	if (run->spy != NULL)
		run->spy(run->spy_ctx, ex);
	if (run->options.on_handshake != NULL)
		show_handshake(&run->options, ex);
}

static void progress(void *ctx, uint64_t bytes, uint64_t total, uint64_t packets)
{
	struct tlsdiag *run = ctx;
	struct tlsdiag_progress p = { bytes - run->before.totals.bytes, total, packets,
		run->handshakes };

	run->options.on_progress(run->options.ctx, &p);
}

static bool open_pipeline(struct tlsdiag *run, struct err *e)
{
	const struct tlsdiag_options *o = &run->options;
	struct pipeline_options p = {
		.diagnose = { .deep_seconds = o->deep_seconds,
			.expectations = run->given.expectations,
			.n_expectations = o->n_expect,
			.memory_failures = run->memory_failures,
			.quiet = !reports_want_messages(o) && o->on_handshake == NULL },
		.evidence = &run->given.evidence,
		.store = run->given.store,
		.watcher = { see, run },
		.more = more_waits,
		.more_ctx = run,
	};

	if (!address_parse(o->server, "--server", &p.server, e) ||
		!address_parse(o->client, "--client", &p.client, e))
		return false;
	run->pipeline = pipeline_open(&p, e);
	if (run->pipeline != NULL && (o->keylog != NULL || run->given.rsa != NULL))
		keys_use(run, o->keylog != NULL);
	return run->pipeline != NULL;
}

static bool open_capture(struct tlsdiag *run, struct err *e)
{
	struct capture_options c = {
		.filter = run->options.filter,
		.progress = run->options.on_progress != NULL ? progress : NULL,
		.progress_ctx = run,
		.stop = run->options.stop,
		.stop_ctx = run->options.ctx,
		.secrets = keys_take,
		.secrets_ctx = run,
	};

	run->capture = capture_open(pipeline_sink(run->pipeline), &c, e);
	return run->capture != NULL;
}

static bool open_copy(struct tlsdiag *run, struct err *e)
{
	const struct tlsdiag_options *o = &run->options;

	if (o->redacted == NULL || !o->anonymised)
		return true;
	run->copy = log_copy_open();
	if (run->copy == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	log_copy_keep(run->copy, o->name);
	return true;
}

struct tlsdiag *tlsdiag_open(const struct tlsdiag_options *o, struct tlsdiag_error *e)
{
	struct tlsdiag *run = memory_new(sizeof *run);
	struct err err = { 0 };

	if (run == NULL) {
		err_set(&err, ERR_MEMORY, 0, "out of memory");
		run_tell(e, &err, TLSDIAG_FAILURE);
		return NULL;
	}
	run->options = *o;
	run->memory_failures = memory_failures();
	if (given_open(&run->given, o, &err) && reports_open(&run->reports, o, &err) &&
		open_pipeline(run, &err) && open_capture(run, &err) && open_copy(run, &err))
		return run;
	run_tell(e, &err, TLSDIAG_BAD_INPUT);
	tlsdiag_close(run);
	return NULL;
}

void tlsdiag_close(struct tlsdiag *run)
{
	if (run == NULL)
		return;
	capture_close(run->capture);
	log_pairs_close(run->logs.pairs);
	pipeline_close(run->pipeline);
	reports_close(&run->reports);
	log_copy_close(run->copy);
	given_close(&run->given);
	inputs_close(&run->inputs);
	free(run->findings);
	free(run);
}

/* What the lines of logs were taken for; in the run's arena. */
static const struct log_format *formats_tell(struct tlsdiag *run, size_t *n)
{
	struct log_format *list = arena_alloc(run->given.arena, N_LOG_READERS * sizeof *list);

	for (size_t i = 0; list != NULL && i < N_LOG_READERS; i++)
		if (run->logs.totals.taken[i] != 0)
			list[(*n)++] = (struct log_format){ log_readers[i]->name,
				log_readers[i]->title, run->logs.totals.taken[i] };
	return list;
}

static struct input_info input_info(struct tlsdiag *run)
{
	struct capture_totals c = capture_totals(run->capture);
	struct session_totals s = pipeline_totals(run->pipeline);
	struct prove_totals p = pipeline_proved(run->pipeline);
	struct unmade unmade = pipeline_unmade(run->pipeline);
	bool ran_out = desk_memory_ran_out(pipeline_desk(run->pipeline));
	size_t n_limits = 0, n_formats = 0;
	const struct log_format *formats = formats_tell(run, &n_formats);
	const struct limit_note *limits = limits_tell(run, &n_limits);
	const struct log_totals *logs = &run->logs.totals;

	return (struct input_info){
		.kind = run->inputs.kind != NULL ? run->inputs.kind : "pcap",
		.names = run->inputs.names,
		.n_names = run->inputs.n_names,
		.packets = c.packets,
		.bytes = c.bytes + logs->bytes,
		.lines = logs->lines,
		.formats = formats,
		.n_formats = n_formats,
		.problems = inputs_tell(&run->inputs, run->given.arena),
		.n_problems = run->inputs.told != NULL ? run->inputs.n_problems : 0,
		.n_unread = run->inputs.n_unread + ran_out,
		.memory_ran_out = ran_out,
		.stopped = run_is_stopped(run),
		.flows = s.flows - s.dtls_flows,
		.dtls_flows = s.dtls_flows,
		.plain_flows = s.plain_flows + unmade_all(&unmade),
		.refused = unmade.refused,
		.unanswered = unmade.unanswered,
		.unreachable = unmade.unreachable,
		.limits = limits,
		.n_limits = n_limits,
		.verified = p.verified,
		.with_signature = p.with_signature,
		.with_point = p.with_point,
		.with_chain = p.with_chain,
		.unlocked = s.unlocked,
		.not_verified = p.not_verified,
		.left_out = p.left_out + p.alike,
		.verify = run->given.evidence.verify,
		.crypto_version = crypto_library_version(),
		.replay = run->replayed ? &run->replay : NULL,
		.config = { run->given.evidence.config, run->given.evidence.config_path,
			run->given.evidence.config_said },
	};
}

static void begin(struct tlsdiag *run)
{
	struct input_info in = input_info(run);

	run->begun = true;
	reports_begin(&run->reports, &in);
}

static bool is_live(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 && fstat(STDIN_FILENO, &st) == 0 && !S_ISREG(st.st_mode);
}

static void note_count(struct tlsdiag *run, uint64_t n, const char *what)
{
	char text[120];

	if (n == 0)
		return;
	(void)snprintf(text, sizeof text, "%llu %s %s", (unsigned long long)n,
		n == 1 ? "packet has" : "packets have", what);
	inputs_note(&run->inputs, run->given.arena, 0, text);
}

/* What is wrong with the file just read. One that could not be begun has only the error. Packets
 * that nobody could read are no failure, but the user should know of them. */
static void take_problems(struct tlsdiag *run, bool ok, const struct err *e)
{
	const struct before *was = &run->before;
	struct capture_totals c = capture_totals(run->capture);
	const struct input_problem *problems;
	size_t n = capture_problems(run->capture, &problems);

	for (size_t i = was->problems; i < n; i++)
		inputs_note(&run->inputs, run->given.arena, problems[i].packet, problems[i].text);
	run->inputs.n_unread += !ok;
	if (!ok && n == was->problems)
		inputs_note(&run->inputs, run->given.arena, 0, e->msg);
	note_count(
		run, c.unknown_link - was->totals.unknown_link, "a link layer that is not known");
	note_count(run, c.unreadable - was->totals.unreadable, "headers that cannot be read");
}

bool run_is_stopped(const struct tlsdiag *run)
{
	return run->options.stop != NULL && run->options.stop(run->options.ctx) != NULL;
}

bool run_begin_input(struct tlsdiag *run, const char *kind, const char *name, struct err *e)
{
	const struct input_problem *ignored;

	if (!inputs_add(&run->inputs, run->given.arena, name))
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	run->inputs.kind = kind;
	if (!run->begun)
		begin(run);
	run->before.problems = capture_problems(run->capture, &ignored);
	run->before.totals = capture_totals(run->capture);
	run->live = false;
	if (run->inputs.n_names > 1)
		pipeline_next_input(run->pipeline);
	return true;
}

bool run_end_input(struct tlsdiag *run, bool ok, const struct err *e)
{
	pipeline_flush(run->pipeline);
	take_problems(run, ok, e);
	return ok;
}

bool tlsdiag_read_capture(struct tlsdiag *run, const char *path, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	bool ok;

	if (!run_begin_input(run, "pcap", path, &err))
		return run_tell(e, &err, TLSDIAG_FAILURE);
	run->live = is_live(path);
	ok = capture_read(run->capture, path, &err);
	return run_end_input(run, ok, &err) || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool tlsdiag_read_open_capture(
	struct tlsdiag *run, int fd, const char *name, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	bool ok;

	if (!run_begin_input(run, "pcap", name, &err)) {
		(void)close(fd);
		return run_tell(e, &err, TLSDIAG_FAILURE);
	}
	ok = capture_read_open(run->capture, fd, name, &err);
	return run_end_input(run, ok, &err) || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}

bool run_read_bytes(struct tlsdiag *run, const char *kind, const char *name, struct bytes file,
	const char *problem, struct err *e)
{
	bool ok;

	if (!run_begin_input(run, kind, name, e))
		return false;
	if (problem != NULL)
		inputs_note(&run->inputs, run->given.arena, 0, problem);
	ok = capture_read_bytes(run->capture, name, file, e);
	return run_end_input(run, ok, e) || run_is_stopped(run);
}

/* One that came after the last packet: nothing was left out, but the user is to know. */
static void note_stop(struct tlsdiag *run)
{
	const char *why = run_is_stopped(run) ? run->options.stop(run->options.ctx) : NULL;

	if (why != NULL && run->inputs.n_names != 0 && run->inputs.n_unread == 0) {
		run->inputs.n_unread++;
		inputs_note(&run->inputs, run->given.arena, 0, why);
	}
}

bool tlsdiag_finish(struct tlsdiag *run, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	struct input_info in;
	const struct desk *desk = pipeline_desk(run->pipeline);

	if (run->finished)
		return true;
	run->finished = true;
	if (!run->begun)
		begin(run);
	logs_end(run);
	pipeline_conclude(run->pipeline);
	note_stop(run);
	keys_tell(run);
	run->findings = shown_findings(desk, &run->n_findings);
	in = input_info(run);
	return reports_end(&run->reports, &in, desk, &err) || run_tell(e, &err, TLSDIAG_BAD_OUTPUT);
}

struct tlsdiag_summary tlsdiag_summarize(const struct tlsdiag *run)
{
	struct desk_summary d = desk_summary(pipeline_desk(run->pipeline));
	struct capture_totals c = capture_totals(run->capture);
	struct session_totals s = pipeline_totals(run->pipeline);
	struct prove_totals p = pipeline_proved(run->pipeline);
	struct unmade unmade = pipeline_unmade(run->pipeline);

	return (struct tlsdiag_summary){
		.handshakes = d.handshakes,
		.completed = d.completed,
		.failed = d.failed,
		.incomplete = d.incomplete,
		.errors = d.errors,
		.warnings = d.warnings,
		.unmet = d.unmet,
		.verified = p.verified,
		.not_verified = p.not_verified + p.left_out + p.alike,
		.connections = s.flows - s.dtls_flows,
		.connections_without_tls = s.plain_flows + unmade_all(&unmade),
		.dtls_flows = s.dtls_flows,
		.packets = c.packets,
		.bytes = c.bytes,
	};
}

const char *tlsdiag_expect_key(size_t i, const char **meaning)
{
	return expect_key_at(i, meaning);
}

size_t tlsdiag_n_findings(const struct tlsdiag *run)
{
	return run->n_findings;
}

struct tlsdiag_finding tlsdiag_finding_at(const struct tlsdiag *run, size_t i)
{
	return run->findings[i].finding;
}
