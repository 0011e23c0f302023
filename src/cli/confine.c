/* The sandbox is the program's, not the library's: another program has its own idea of its rights. */
#include "cli/confine.h"

#include "sandbox/sandbox.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void confine_input(struct confine *c, const char *path)
{
	if (path == NULL || strcmp(path, "-") == 0 || c->failed)
		return;
	if (c->n_inputs == c->size) {
		size_t size = c->size != 0 ? c->size * 2 : 16;
		const char **more = realloc(c->inputs, size * sizeof *more);

		c->failed = more == NULL;
		if (more == NULL)
			return;
		c->inputs = more;
		c->size = size;
	}
	c->inputs[c->n_inputs++] = path;
}

void confine_output(struct confine *c, const struct out_file *file)
{
	char folder[PATH_MAX];
	char **more;

	if (c->failed || file == NULL || !out_file_folder(file, folder))
		return;
	more = realloc(c->folders, (c->n_folders + 1) * sizeof *more);
	if (more != NULL)
		c->folders = more;
	if (more != NULL && (more[c->n_folders] = strdup(folder)) != NULL)
		c->n_folders++;
	else
		c->failed = true;
}

void confine_run(struct confine *c, const struct run_settings *s, const struct run_files *also)
{
	confine_input(c, s->run.ca);
	confine_input(c, s->run.cert);
	confine_input(c, s->run.key);
	confine_input(c, s->run.config);
	for (size_t i = 0; i < also->n; i++)
		confine_output(c, also->files[i]);
}

static void confine_free(struct confine *c)
{
	while (c->n_folders != 0)
		free(c->folders[--c->n_folders]);
	free(c->folders);
	free(c->inputs);
	*c = (struct confine){ .failed = c->failed };
}

bool confine_enter(struct confine *c, const struct run_settings *s, bool network)
{
	const struct sandbox_policy policy = { .network = network,
		.inputs = c->inputs,
		.n_inputs = c->n_inputs,
		.folders = (const char *const *)c->folders,
		.n_folders = c->n_folders };

	if (!c->failed && !s->no_sandbox)
		(void)sandbox_enter(&policy);
	confine_free(c);
	if (c->failed)
		complain("out of memory");
	return !c->failed;
}

const char *confine_stop(void *ctx)
{
	(void)ctx;
	return sandbox_broken();
}

int confine_status(int status)
{
	const char *why = sandbox_broken();

	if (why == NULL)
		return status;
	complain("%s, for which this command has no use: its input attacks tlsdiag, or tlsdiag is "
		 "at fault",
		why);
	return EXIT_INPUT;
}
