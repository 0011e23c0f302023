/* The inputs of a run and what was wrong with each, as the report lists them. */
#include "door/run.h"

#include <stdlib.h>

bool inputs_add(struct inputs *in, struct arena *a, const char *name)
{
	const char **more = realloc(in->names, (in->n_names + 1) * sizeof *more);

	if (more == NULL)
		return false;
	in->names = more;
	in->names[in->n_names] = arena_str(a, name);
	if (in->names[in->n_names] == NULL)
		return false;
	in->n_names++;
	return true;
}

void inputs_note(struct inputs *in, struct arena *a, uint64_t packet, const char *text)
{
	struct noted *more = realloc(in->problems, (in->n_problems + 1) * sizeof *more);
	char *copy = arena_str(a, text);

	if (more != NULL)
		in->problems = more;
	if (more != NULL && copy != NULL)
		in->problems[in->n_problems++] = (struct noted){ in->n_names - 1, packet, copy };
}

const struct input_problem *inputs_tell(struct inputs *in, struct arena *a)
{
	free(in->told);
	in->told = calloc(in->n_problems + 1, sizeof *in->told);
	for (size_t i = 0; in->told != NULL && i < in->n_problems; i++) {
		const struct noted *n = &in->problems[i];
		const char *text = n->text;

		if (in->n_names > 1 && strstr(n->text, in->names[n->input]) == NULL)
			text = arena_printf(a, "%s: %s", in->names[n->input], n->text);
		in->told[i] = (struct input_problem){ n->packet, text != NULL ? text : n->text };
	}
	return in->told;
}

void inputs_close(struct inputs *in)
{
	free(in->names);
	free(in->problems);
	free(in->told);
}
