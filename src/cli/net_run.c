/* Files are opened first: whoever cannot write what was asked for does not disturb a server. */
#include "cli/net_run.h"

#include "cli/confine.h"
#include "cli/out_file.h"
#include "cli/run_files.h"

struct opened {
	struct out_file *files[NET_OUTPUTS_MAX];
};

static bool open_outputs(const struct net_work *w, struct opened *o, struct err *e)
{
	for (size_t i = 0; i < NET_OUTPUTS_MAX; i++) {
		if (w->outputs[i].path == NULL)
			continue;
		o->files[i] = out_file_open(w->outputs[i].path, w->outputs[i].mode, e);
		if (o->files[i] == NULL)
			return false;
		*w->outputs[i].stream = out_file_stream(o->files[i]);
	}
	return true;
}

/* Whole or not at all. Returns status, or EXIT_INPUT when a file could not be written. */
static int close_outputs(struct opened *o, bool keep, int status)
{
	struct err e = { 0 };

	for (size_t i = 0; i < NET_OUTPUTS_MAX; i++) {
		if (o->files[i] == NULL)
			continue;
		if (!keep) {
			out_file_abandon(o->files[i]);
		} else if (!out_file_commit(o->files[i], &e)) {
			complain("%s", e.msg);
			status = EXIT_INPUT;
		}
	}
	return status;
}

static void not_begun(const struct opened *o, const struct tlsdiag_error *e)
{
	for (size_t i = 0; e->system_error != 0 && i < NET_OUTPUTS_MAX; i++)
		if (out_file_complain(o->files[i], e->system_error))
			return;
	complain("%s", e->message);
}

static int talk_and_report(void *settings, struct tlsdiag *run, const struct net_work *w,
	const struct opened *outputs, struct run_files *also, bool *done)
{
	const struct net_settings *s = settings;
	struct tlsdiag_error e;
	size_t unreached = 0;
	int status;

	*done = w->talk(settings, run, &unreached, &e);
	if (!*done) {
		not_begun(outputs, &e);
		return e.kind == TLSDIAG_BAD_OPTION ? EXIT_LINE : EXIT_INPUT;
	}
	if (!tlsdiag_finish(run, &e))
		return run_files_not_written(also, e.system_error, e.message);
	status = run_status(run, &s->run, unreached != 0);
	if (w->judge != NULL)
		status = w->judge(run, status);
	return run_files_commit(also, status);
}

static bool give_up_rights(const struct net_settings *s, const struct file_guard *reads,
	const struct opened *o, const struct run_files *also)
{
	struct confine c = { .folders = NULL };

	confine_reports(&c, also);
	for (size_t i = 0; i < NET_OUTPUTS_MAX; i++)
		confine_output(&c, o->files[i]);
	return confine_enter(&c, &s->run, reads, true);
}

static int run_one(const struct command *self, void *settings, const struct net_work *w,
	const struct file_guard *reads, struct run_files *also)
{
	const struct net_settings *s = settings;
	struct opened outputs = { { NULL } };
	struct tlsdiag_error e;
	struct err err = { 0 };
	struct tlsdiag *run = tlsdiag_open(&s->run.run, &e);
	bool done = false;
	int status = EXIT_INPUT;

	if (run == NULL)
		return run_not_opened(self, &e);
	if (!open_outputs(w, &outputs, &err))
		complain("%s", err.msg);
	else if (give_up_rights(s, reads, &outputs, also))
		status = w->instead != NULL
				 ? w->instead(settings, &done)
				 : talk_and_report(settings, run, w, &outputs, also, &done);
	tlsdiag_close(run);
	return close_outputs(&outputs, done, status);
}

static void list_files(struct file_guard *g, const void *settings, const struct net_work *w)
{
	const struct net_settings *s = settings;

	guard_run(g, &s->run);
	w->inputs(settings, g);
	for (size_t i = 0; i < NET_OUTPUTS_MAX; i++)
		guard_writes(g, w->outputs[i].option, w->outputs[i].path);
}

int net_run(const struct command *self, void *settings, const struct net_work *w)
{
	struct net_settings *s = settings;
	struct file_guard guard = { .n_inputs = 0 };
	struct run_files also;
	int status;

	run_settings_complete(&s->run);
	list_files(&guard, settings, w);
	if (guard_pass(&guard, self, &status) && run_files_open(&also, &s->run, self, &status)) {
		status = run_one(self, settings, w, &guard, &also);
		run_files_abandon(&also);
	}
	guard_free(&guard);
	return status;
}
