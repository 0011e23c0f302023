/* Files are compared by device and inode: a file has many names. */
#include "cli/file_guard.h"

#include "base/file.h"
#include "base/file_id.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As deep and as many as `check` reads of a folder: what is not read is no input. */
enum { DEPTH_MAX = 8, ENTRIES_MAX = 65536, HEADERS_MAX = 4096 };

static void add_input(struct file_guard *g, struct guarded one)
{
	struct guarded *more;

	if (one.path == NULL || g->failed)
		return;
	if (g->n_inputs == g->inputs_size) {
		g->inputs_size = g->inputs_size != 0 ? g->inputs_size * 2 : 16;
		more = memory_resize(g->inputs, g->inputs_size * sizeof *more);
		if (more == NULL) {
			g->failed = true;
			return;
		}
		g->inputs = more;
	}
	g->inputs[g->n_inputs++] = one;
}

void guard_reads(struct file_guard *g, const char *role, const char *path)
{
	add_input(g, (struct guarded){ .role = role, .path = path });
}

void guard_reads_all(struct file_guard *g, const char *role, const char *path)
{
	add_input(g, (struct guarded){ .role = role, .path = path, .recursive = true });
}

static bool is_header(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && strcmp(name + len - 2, ".h") == 0;
}

static void add_header(struct file_guard *g, const char *role, const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = memory_get(size);

	if (path == NULL) {
		g->failed = true;
		return;
	}
	(void)snprintf(path, size, "%s/%s", folder, name);
	add_input(g, (struct guarded){ .role = role, .path = path, .own = path });
	if (g->failed)
		free(path);
}

void guard_reads_source(struct file_guard *g, const char *role, const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;
	struct folder folder;
	struct err ignored;
	char *name;

	guard_reads(g, role, path);
	if (path == NULL)
		return;
	name = memory_text(slash != NULL ? path : ".");
	if (name == NULL) {
		g->failed = true;
		return;
	}
	if (slash != NULL)
		name[slash - path + (slash == path)] = '\0';
	if (folder_list(name, HEADERS_MAX, &folder, &ignored)) {
		for (size_t i = 0; i < folder.n; i++)
			if (is_header(folder.names[i]))
				add_header(g, role, name, folder.names[i]);
		folder_free(&folder);
	}
	free(name);
}

void guard_writes(struct file_guard *g, const char *role, const char *path)
{
	if (path != NULL && g->n_outputs < GUARD_OUTPUTS_MAX)
		g->outputs[g->n_outputs++] = (struct guarded){ .role = role, .path = path };
}

void guard_run(struct file_guard *g, const struct run_settings *s)
{
	guard_reads(g, "--ca reads", s->run.ca);
	guard_reads(g, "--cert reads", s->run.cert);
	guard_reads(g, "--key reads", s->run.key);
	guard_reads_source(g, "--config reads", s->run.config);
	guard_reads(g, "--keylog reads", s->run.keylog);
	guard_writes(g, "--junit", s->junit);
	guard_writes(g, "--sarif", s->sarif);
}

/* ---- comparing ---- */

static struct file_id input_id(const struct guarded *in)
{
	return strcmp(in->path, "-") == 0 ? file_id_of_descriptor(STDIN_FILENO)
					  : file_id_of(in->path);
}

/* Is the file one of those in the folder that a reader of it takes? */
static bool folder_has(const char *path, const struct file_id *file, bool recursive, unsigned depth,
	size_t *entries)
{
	struct folder folder;
	struct err ignored;
	bool found = false;

	if (!folder_list(path, ENTRIES_MAX, &folder, &ignored))
		return false;
	for (size_t i = 0; !found && i < folder.n && ++*entries <= ENTRIES_MAX; i++) {
		char name[4096];
		int len = snprintf(name, sizeof name, "%s/%s", path, folder.names[i]);
		struct file_id id;

		if (len < 0 || (size_t)len >= sizeof name)
			continue;
		id = file_id_of(name);
		found = file_id_same(&id, file) ||
			(recursive && id.folder && depth != 0 &&
				folder_has(name, file, recursive, depth - 1, entries));
	}
	folder_free(&folder);
	return found;
}

static bool reads(const struct guarded *in, const struct file_id *file)
{
	struct file_id id = input_id(in);
	size_t entries = 0;

	if (!id.folder)
		return file_id_same(&id, file);
	return file->exists && folder_has(in->path, file, in->recursive, DEPTH_MAX, &entries);
}

static bool destroys(const struct guarded *out, const struct guarded *in, struct err *e)
{
	const char *path = strcmp(in->path, "-") == 0 ? "standard input" : in->path;

	return err_set(e, ERR_USAGE, 0, "%s would overwrite %s'%.120s', which %s", out->role,
		input_id(in).folder ? "a file of " : "", path, in->role);
}

static bool inputs_spared(const struct file_guard *g, const struct guarded *out,
	const struct file_id *file, struct err *e)
{
	for (size_t i = 0; i < g->n_inputs; i++)
		if (reads(&g->inputs[i], file))
			return destroys(out, &g->inputs[i], e);
	return true;
}

/* What was redirected to a file; a terminal and a pipe take several reports as they are told to. */
static bool stdout_apart(const struct file_guard *g, struct err *e)
{
	static const struct guarded out = { .role = "standard output", .path = "" };
	struct file_id file = file_id_of_descriptor(STDOUT_FILENO), other;

	if (!file.regular)
		return true;
	if (!inputs_spared(g, &out, &file, e))
		return false;
	for (size_t i = 0; i < g->n_outputs; i++) {
		other = file_id_of(g->outputs[i].path);
		if (file_id_same(&file, &other))
			return err_set(e, ERR_USAGE, 0, "%s and standard output are the same file",
				g->outputs[i].role);
	}
	return true;
}

bool guard_check(const struct file_guard *g, struct err *e)
{
	struct file_id ids[GUARD_OUTPUTS_MAX];

	if (g->failed)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	for (size_t i = 0; i < g->n_outputs; i++) {
		ids[i] = file_id_of(g->outputs[i].path);
		if (!inputs_spared(g, &g->outputs[i], &ids[i], e))
			return false;
		for (size_t k = 0; k < i; k++)
			if (file_id_same(&ids[i], &ids[k]))
				return err_set(e, ERR_USAGE, 0, "%s and %s name the same file",
					g->outputs[k].role, g->outputs[i].role);
	}
	return stdout_apart(g, e);
}

bool guard_pass(const struct file_guard *g, const struct command *self, int *status)
{
	struct err e = { 0 };

	if (guard_check(g, &e))
		return true;
	if (e.code == ERR_USAGE) {
		*status = complain_usage(self->name, e.msg);
	} else {
		complain("%s", e.msg);
		*status = EXIT_INPUT;
	}
	return false;
}

void guard_free(struct file_guard *g)
{
	while (g->n_inputs != 0)
		free(g->inputs[--g->n_inputs].own);
	free(g->inputs);
	*g = (struct file_guard){ .n_inputs = 0 };
}
