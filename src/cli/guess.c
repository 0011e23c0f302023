/* A file before a text: who has a file named "47" means the file. */
#include "cli/guess.h"

#include "base/memory.h"
#include "cli/answers.h"
#include "cli/words.h"
#include "content/look.h"
#include "names/pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- files ---- */

/* No command reads it: what it is, and the command line that helps. */
static int say_kind(const char *path, const struct content_look *l)
{
	struct strbuf help = { 0 };

	if (l->packing != PACKING_NONE)
		content_help(content_of_packing(l->packing), path, false, &help);
	else
		content_help(l->kind, path, l->text, &help);
	complain("'%s' is %s%s%s%s", path, content_name(l->kind),
		l->packing != PACKING_NONE ? ", compressed" : "",
		help.len != 0 ? "; this helps: " : "", strbuf_text(&help));
	strbuf_free(&help);
	return EXIT_INPUT;
}

static int run_with(const struct command *c, const char *what, int argc, char **argv)
{
	complain("'%s' is %s: tlsdiag %s", argv[1], what, c->name);
	return c->run(c, argc, argv);
}

static int run_file(const struct stat *st, int argc, char **argv, command_finder *find)
{
	const struct command *c;
	struct content_look l;
	struct err e = { 0 };
	const char *name;

	if (S_ISDIR(st->st_mode))
		return run_with(find("check"), "a folder", argc, argv);
	if (!S_ISREG(st->st_mode)) {
		complain("'%s' is no file that can be looked into before it is read: name the "
			 "command, such as tlsdiag pcap",
			argv[1]);
		return EXIT_LINE;
	}
	if (!content_look(argv[1], &l, &e)) {
		complain("%s", e.msg);
		return EXIT_INPUT;
	}
	name = content_command(l.kind);
	c = name != NULL ? find(name) : NULL;
	return c != NULL ? run_with(c, content_name(l.kind), argc, argv) : say_kind(argv[1], &l);
}

/* ---- texts ---- */

/* Are the words the id of a rule, or is something known in them? Options are none of them. */
static bool is_question(int argc, char **argv)
{
	char **words = memory_zeroed((size_t)argc, sizeof *words);
	struct paste p = { .finds = NULL };
	char *text = NULL;
	bool is = false;
	int n = 0;

	for (int i = 1; words != NULL && i < argc; i++)
		if (argv[i][0] != '-' || words_is_number(argv[i]))
			words[n++] = argv[i];
	if (n != 0 && (text = answers_join(words, n)) != NULL)
		is = rule_page_find(words[0]) != NULL ||
		     (paste_read(bytes_of(text, strlen(text)), &p) && p.n != 0);
	paste_free(&p);
	free(text);
	free(words);
	return is;
}

/* "CERT_VERIFY_FAILED": a part of a code's name, which strerror knows. */
static bool is_part_of_code(int argc, char **argv)
{
	return argv[1][0] != '-' && strchr(argv[1], '_') != NULL && strchr(argv[1], ' ') == NULL &&
	       (argc == 2 || argv[2][0] == '-') && codes_find(argv[1], NULL, 0) != 0;
}

bool guess_run(int argc, char **argv, command_finder *find, int *status)
{
	struct stat st;

	if (stat(argv[1], &st) == 0) {
		*status = run_file(&st, argc, argv, find);
		return true;
	}
	if (is_question(argc, argv))
		*status = command_explain.run(&command_explain, argc, argv);
	else if (is_part_of_code(argc, argv))
		*status = command_strerror.run(&command_strerror, argc, argv);
	else
		return false;
	return true;
}
