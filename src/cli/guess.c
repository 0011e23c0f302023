/* A file before a text: who has a file named "47" means the file. */
#include "cli/guess.h"

#include "base/memory.h"
#include "cli/answers.h"
#include "cli/words.h"
#include "content/content.h"
#include "names/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---- */

/* The beginning of a file, CONTENT_LOOK bytes at most. False with errno when it cannot be read. */
static bool read_head(const char *path, uint8_t *out, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), wrong = 0;
	ssize_t got = 1;

	if (fd < 0)
		return false;
	for (*len = 0; got > 0 && *len < CONTENT_LOOK; *len += (size_t)(got > 0 ? got : 0)) {
		do
			got = read(fd, out + *len, CONTENT_LOOK - *len);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			wrong = errno;
	}
	(void)close(fd);
	errno = wrong;
	return wrong == 0;
}

struct looked {
	enum content_kind kind;
	bool text;
};

/* False when it cannot be read, which has been told then. */
static bool look_into(const char *path, struct looked *out)
{
	uint8_t *head = memory_get(CONTENT_LOOK);
	size_t len = 0;
	bool ok = head != NULL && read_head(path, head, &len);

	if (head == NULL)
		complain("out of memory");
	else if (!ok)
		complain("cannot read '%s': %s", path, strerror(errno));
	else
		*out = (struct looked){ content_tell(bytes_of(head, len)),
			content_is_text(bytes_of(head, len)) };
	free(head);
	return ok;
}

/* No command reads it: what it is, and the command line that helps. */
static int say_kind(const char *path, const struct looked *l)
{
	struct strbuf help = { 0 };

	content_help(l->kind, path, l->text, &help);
	complain("'%s' is %s%s%s", path, content_name(l->kind),
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
	const char *name;
	struct looked l;

	if (S_ISDIR(st->st_mode))
		return run_with(find("check"), "a folder", argc, argv);
	if (!S_ISREG(st->st_mode)) {
		complain("'%s' is no file that can be looked into before it is read: name the "
			 "command, such as tlsdiag pcap",
			argv[1]);
		return EXIT_LINE;
	}
	if (!look_into(argv[1], &l))
		return EXIT_INPUT;
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

bool guess_run(int argc, char **argv, command_finder *find, int *status)
{
	struct stat st;

	if (stat(argv[1], &st) == 0) {
		*status = run_file(&st, argc, argv, find);
		return true;
	}
	if (!is_question(argc, argv))
		return false;
	*status = command_explain.run(&command_explain, argc, argv);
	return true;
}
