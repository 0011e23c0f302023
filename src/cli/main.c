/* Finds the subcommand; everything else is in its own file. */
#include "base/array.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/confine.h"
#include "cli/guess.h"
#include "cli/nearest.h"
#include "report/utf8.h"
#include "sandbox/sandbox.h"
#include "tlsdiag/tlsdiag.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = { &command_pcap, &command_log, &command_probe,
	&command_replay, &command_check, &command_config, &command_strerror, &command_alert,
	&command_explain };

enum { N_COMMANDS = COUNT(commands) };

/* A user who has been told of it once need not be told again. */
static bool said_memory;

/* In place, where there is no memory to do it well. */
static void make_plain(char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void complain(const char *fmt, ...)
{
	struct strbuf safe = { 0 };
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	utf8_put_safe(&safe, bytes_of(text, strlen(text)), true, SIZE_MAX);
	(void)fflush(stdout);
	if (safe.failed)
		make_plain(text);
	(void)fprintf(stderr, "tlsdiag: %s\n", safe.failed ? text : strbuf_text(&safe));
	said_memory |= strstr(text, "memory") != NULL;
	strbuf_free(&safe);
}

int complain_usage(const char *command, const char *message)
{
	complain("%s", message);
	if (memory_failures() != 0)
		return EXIT_INPUT;
	(void)fprintf(stderr, "Try 'tlsdiag%s%s --help'.\n", command != NULL ? " " : "",
		command != NULL ? command : "");
	return EXIT_LINE;
}

static const char usual_status[] =
	"0 all is well, 1 a problem was found, 2 the command line is wrong,\n"
	"3 input cannot be read, output not be written, or memory ran out,\n"
	"4 there was nothing to judge.";

void command_help(const struct command *c)
{
	printf("usage: tlsdiag %s %s\n\n%s\n\n", c->name, c->synopsis, c->text);
	options_help(c->options);
	printf("\nExamples:\n%s\n", c->examples);
	printf("\nExit status: %s\n", c->status != NULL ? c->status : usual_status);
}

static int help(void)
{
	printf("usage: tlsdiag COMMAND [OPTION]... [ARGUMENT]...\n"
	       "       tlsdiag FILE|TEXT [OPTION]...\n\n"
	       "Why did this TLS handshake fail, whose fault is it, and what is to be changed?\n\n"
	       "Commands:\n");
	for (size_t i = 0; i < N_COMMANDS; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("\nWithout a command a FILE goes to the command that reads such files, and any "
	       "other TEXT\n"
	       "(an error code, an alert, a line of a log) to explain.\n");
	printf("\n'tlsdiag COMMAND --help' shows what a command takes; --version the version.\n");
	return EXIT_WELL;
}

static int version(void)
{
	printf("tlsdiag %s (mbedTLS %s)\n", tlsdiag_version(), tlsdiag_crypto_version());
	printf("sandbox: %s\n", sandbox_describe());
	printf("unpacks:");
	for (int p = PACKING_GZIP; p < N_PACKINGS; p++)
		if (packing_built_in((enum packing)p))
			printf(" %s", packing_name((enum packing)p));
	printf("\n");
	return EXIT_WELL;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static const char *name_at(const void *ctx, size_t i)
{
	(void)ctx;
	return commands[i]->name;
}

static int unknown_command(const char *word)
{
	char text[320];
	size_t i = nearest(word, N_COMMANDS, name_at, NULL);

	if (word[0] == '-')
		(void)snprintf(text, sizeof text, "unknown option '%.100s'", word);
	else if (i < N_COMMANDS)
		(void)snprintf(text, sizeof text, "unknown command '%.100s'; did you mean '%s'?",
			word, commands[i]->name);
	else
		(void)snprintf(text, sizeof text, "unknown command '%.100s'", word);
	return complain_usage(NULL, text);
}

static int dispatch(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct command *c;
	int status;

	if (word == NULL)
		return complain_usage(NULL, "no command is named");
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return version();
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
		if (argc < 3)
			return help();
		c = find(argv[2]);
		if (c == NULL)
			return unknown_command(argv[2]);
		command_help(c);
		return EXIT_WELL;
	}
	c = find(word);
	if (c != NULL)
		return c->run(c, argc - 1, argv + 1);
	return guess_run(argc, argv, find, &status) ? status : unknown_command(word);
}

/* Whatever was left out for want of memory, and wherever: the result is not whole. */
static int memory_status(int status)
{
	if (memory_failures() == 0)
		return status;
	if (!said_memory)
		complain("out of memory: the result is not whole");
	return EXIT_INPUT;
}

/* Text that never reached its file is a failure, whatever was to be said. */
int main(int argc, char **argv)
{
	int status = confine_status(memory_status(dispatch(argc, argv)));

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE && status != EXIT_INPUT)
		complain("cannot write to standard output: %s", strerror(errno));
	return EXIT_INPUT;
}
