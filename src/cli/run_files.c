/* A report that failed leaves the file of before as it was. */
#include "cli/run_files.h"

#include <string.h>

enum { REPORT_MODE = 0644 };

static bool add(struct run_files *f, const char *path, enum tlsdiag_report form, struct err *e)
{
	struct out_file *file;

	if (path == NULL)
		return true;
	file = out_file_open(path, REPORT_MODE, e);
	if (file == NULL)
		return false;
	f->files[f->n] = file;
	f->outputs[f->n++] = (struct tlsdiag_output){ form, out_file_stream(file) };
	return true;
}

static bool open_all(struct run_files *f, const struct run_settings *s, struct err *e)
{
	if (s->junit != NULL && s->sarif != NULL && strcmp(s->junit, s->sarif) == 0)
		return err_set(e, ERR_USAGE, 0, "--junit and --sarif name the same file");
	return add(f, s->junit, TLSDIAG_JUNIT, e) && add(f, s->sarif, TLSDIAG_SARIF, e);
}

bool run_files_open(
	struct run_files *f, struct run_settings *s, const struct command *self, int *status)
{
	struct err e = { 0 };

	*f = (struct run_files){ .n = 0 };
	if (open_all(f, s, &e)) {
		s->run.also = f->outputs;
		s->run.n_also = f->n;
		return true;
	}
	run_files_abandon(f);
	if (e.code == ERR_USAGE) {
		*status = complain_usage(self->name, e.msg);
	} else {
		complain("%s", e.msg);
		*status = EXIT_INPUT;
	}
	return false;
}

int run_files_commit(struct run_files *f, int status)
{
	struct err e;

	for (size_t i = 0; i < f->n; i++) {
		if (!out_file_commit(f->files[i], &e)) {
			complain("%s", e.msg);
			status = EXIT_INPUT;
		}
		f->files[i] = NULL;
	}
	f->n = 0;
	return status;
}

void run_files_abandon(struct run_files *f)
{
	while (f->n != 0)
		out_file_abandon(f->files[--f->n]);
}
