/* Files are opened first: whoever cannot write what was asked for does not disturb a server. */
#include "cli/net_run.h"

#include "base/out_file.h"
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

static int talk_and_report(void *settings, struct tlsdiag *run, const struct net_work *w,
	struct run_files *also, bool *done)
{
	const struct net_settings *s = settings;
	struct tlsdiag_error e;
	size_t unreached = 0;
	int status;

	*done = w->talk(settings, run, &unreached, &e);
	if (!*done) {
		complain("%s", e.message);
		return e.kind == TLSDIAG_BAD_OPTION ? EXIT_LINE : EXIT_INPUT;
	}
	if (!tlsdiag_finish(run, &e))
		return run_not_written(&e);
	status = run_status(run, &s->run, unreached != 0);
	if (w->judge != NULL)
		status = w->judge(run, status);
	return run_files_commit(also, status);
}

static int run_one(const struct command *self, void *settings, const struct net_work *w,
	struct run_files *also)
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
	if (open_outputs(w, &outputs, &err))
		status = talk_and_report(settings, run, w, also, &done);
	else
		complain("%s", err.msg);
	tlsdiag_close(run);
	return close_outputs(&outputs, done, status);
}

int net_run(const struct command *self, void *settings, const struct net_work *w)
{
	struct net_settings *s = settings;
	struct run_files also;
	int status;

	run_settings_complete(&s->run);
	if (run_files_open(&also, &s->run, self, &status)) {
		status = run_one(self, settings, w, &also);
		run_files_abandon(&also);
	}
	return status;
}
