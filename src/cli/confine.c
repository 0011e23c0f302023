/* The sandbox is the program's, not the library's: another program has its own idea of its rights. */
#include "cli/confine.h"

#include "base/memory.h"
#include "sandbox/sandbox.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void confine_output(struct confine *c, const struct out_file *file)
{
	char folder[PATH_MAX];
	char **more;

	if (c->failed || file == NULL || !out_file_folder(file, folder))
		return;
	more = memory_resize(c->folders, (c->n_folders + 1) * sizeof *more);
	if (more != NULL)
		c->folders = more;
	if (more != NULL && (more[c->n_folders] = memory_text(folder)) != NULL)
		c->n_folders++;
	else
		c->failed = true;
}

void confine_reports(struct confine *c, const struct run_files *also)
{
	for (size_t i = 0; i < also->n; i++)
		confine_output(c, also->files[i]);
}

static void confine_free(struct confine *c)
{
	while (c->n_folders != 0)
		free(c->folders[--c->n_folders]);
	free(c->folders);
	*c = (struct confine){ .failed = c->failed };
}

/* Standard input is open already. */
static const char **paths_of(const struct file_guard *reads, size_t *n)
{
	const char **paths = memory_zeroed(reads->n_inputs + 1, sizeof *paths);

	*n = 0;
	for (size_t i = 0; paths != NULL && i < reads->n_inputs; i++)
		if (strcmp(reads->inputs[i].path, "-") != 0)
			paths[(*n)++] = reads->inputs[i].path;
	return paths;
}

bool confine_enter(struct confine *c, const struct run_settings *s, const struct file_guard *reads,
	bool network)
{
	size_t n;
	const char **paths = paths_of(reads, &n);
	const struct sandbox_policy policy = { .network = network,
		.inputs = paths,
		.n_inputs = n,
		.folders = (const char *const *)c->folders,
		.n_folders = c->n_folders };

	c->failed = c->failed || paths == NULL;
	if (!c->failed && !s->no_sandbox)
		(void)sandbox_enter(&policy);
	free(paths);
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
