/* What rules say in tests, gathered and held against what they said before. */
#include "rules/said.h"

#include "base/strbuf.h"
#include "rules/near.h"

#include <stdio.h>
#include <stdlib.h>

static char **lines;
static size_t n_lines, room;

/* Takes the text over. */
static void add(struct strbuf *b)
{
	if (n_lines == room) {
		char **more = realloc(lines, 2 * (room + 128) * sizeof *lines);

		assert_non_null(more);
		lines = more;
		room = 2 * (room + 128);
	}
	lines[n_lines] = strdup(strbuf_text(b));
	assert_non_null(lines[n_lines++]);
	strbuf_free(b);
}

/* On one line, whatever it is. */
static void put_text(struct strbuf *b, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= ' ')
			strbuf_add(b, text, 1);
		else
			strbuf_printf(b, "\\%02x", (unsigned char)*text);
}

void said_line(struct strbuf *b)
{
	add(b);
}

void said_answer(enum check_id id, const struct answer *a)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s %s: ", checks[id]->id, status_name(a->status));
	put_text(&b, a->message != NULL ? a->message : "");
	for (size_t i = 0; i < a->n_evidence; i++)
		strbuf_printf(&b, " | @%llu:%zu+%zu %s",
			(unsigned long long)a->evidence[i].place.packet,
			(size_t)a->evidence[i].place.offset, (size_t)a->evidence[i].place.length,
			a->evidence[i].what);
	add(&b);
}

static bool is_default(const struct cause *cause, const char *step)
{
	for (size_t i = 0; cause->next_steps != NULL && cause->next_steps[i] != NULL; i++)
		if (cause->next_steps[i] == step)
			return true;
	return false;
}

void said_finding(const struct finding *f)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s %s %s %s assumes %u of %zu: ", f->cause->id,
		severity_name(f->severity), confidence_name(f->confidence), origin_name(f->origin),
		f->assumptions, f->n_handshakes);
	put_text(&b, f->summary);
	for (size_t i = 0; i < f->n_proof; i++) {
		strbuf_printf(&b, " | @%llu ", (unsigned long long)f->proof[i].packet);
		put_text(&b, f->proof[i].text);
	}
	for (size_t i = 0; i < f->n_explains; i++)
		strbuf_printf(&b, "%s%s", i == 0 ? " explains " : " ", checks[f->explains[i]]->id);
	for (size_t i = 0; i < f->n_steps; i++)
		if (!is_default(f->cause, f->next_steps[i])) {
			strbuf_puts(&b, " next: ");
			put_text(&b, f->next_steps[i]);
		}
	add(&b);
}

void said_innocent(enum cause_id id, const char *because)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s is not it: ", causes[id]->id);
	put_text(&b, because);
	add(&b);
}

/* ---- held against the file ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_lines(void)
{
	size_t n = 0;

	if (n_lines != 0)
		qsort(lines, n_lines, sizeof *lines, by_text);
	for (size_t i = 0; i < n_lines; i++)
		if (n != 0 && strcmp(lines[n - 1], lines[i]) == 0)
			free(lines[i]);
		else
			lines[n++] = lines[i];
	n_lines = n;
}

/* "tests/rules/test_desk.c" to "tests/rules/said/desk.txt" */
static void name_listing(const char *file, char *out, size_t size)
{
	const char *name = strrchr(file, '/');

	name = (name != NULL ? name + 1 : file) + strlen("test_");
	(void)snprintf(out, size, "tests/rules/said/%.*s.txt", (int)strcspn(name, "."), name);
}

static int write_lines(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return 1;
	for (size_t i = 0; i < n_lines; i++)
		(void)fprintf(f, "%s\n", lines[i]);
	return fclose(f) != 0;
}

/* 0: the file says the same. */
static int hold_lines(const char *path)
{
	FILE *f = fopen(path, "r");
	char *want = NULL;
	size_t size = 0, i = 0, n_missing = 0, n_new = 0;

	while (f != NULL && getline(&want, &size, f) > 0) {
		want[strcspn(want, "\n")] = '\0';
		while (i < n_lines && strcmp(lines[i], want) < 0 && ++n_new < 9)
			(void)fprintf(stderr, "%s: said now: %s\n", path, lines[i++]);
		if (i < n_lines && strcmp(lines[i], want) == 0)
			i++;
		else if (++n_missing < 9)
			(void)fprintf(stderr, "%s: no longer: %s\n", path, want);
	}
	for (; i < n_lines && ++n_new < 9; i++)
		(void)fprintf(stderr, "%s: said now: %s\n", path, lines[i]);
	free(want);
	if (f != NULL)
		(void)fclose(f);
	return n_missing + n_new != 0;
}

int said_run(const char *file, const struct CMUnitTest *tests, size_t n, int argc, char **argv)
{
	bool write = argc == 2 && strcmp(argv[1], "--write") == 0;
	int failed, other;
	char path[200];

	if (argc == 3 && strcmp(argv[1], "--near") == 0)
		near_tell(argv[2]);
	failed = _cmocka_run_group_tests("tests", tests, n, NULL, NULL);
	near_sum_up();
	name_listing(file, path, sizeof path);
	sort_lines();
	other = failed != 0 ? 0 : write ? write_lines(path) : hold_lines(path);
	while (n_lines != 0)
		free(lines[--n_lines]);
	free(lines);
	return failed != 0 ? failed : other;
}
