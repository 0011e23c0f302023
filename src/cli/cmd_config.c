/* `tlsdiag config FILE...`: mbedTLS configuration headers, each read and judged by itself. */
#include "base/array.h"
#include "base/memory.h"
#include "cli/confine.h"
#include "cli/lookup.h"
#include "config/derived.h"
#include "report/config_build.h"
#include "report/config_flash.h"
#include "report/config_report.h"
#include "report/json_parts.h"
#include "tlsdiag/tlsdiag.h"

#include <stdlib.h>

enum { DEFINES_MAX = 64, FILES_MAX = 16, TEXTS_BYTES = 4 << 20 };

struct config_settings {
	struct lookup_settings look; /* first: its setters find it there */
	struct config_version version;
	const char *defines[DEFINES_MAX];
	size_t n_defines;
	bool flash, no_sandbox;
};

static bool set_version(void *settings, const char *value, struct err *e)
{
	return config_version_parse(value, &((struct config_settings *)settings)->version, e);
}

static bool set_define(void *settings, const char *value, struct err *e)
{
	struct config_settings *s = settings;

	if (s->n_defines == DEFINES_MAX)
		return err_set(
			e, ERR_USAGE, 0, "more than %d macros are defined with -D", DEFINES_MAX);
	s->defines[s->n_defines++] = value;
	return true;
}

static bool set_flash(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct config_settings *)settings)->flash = true;
	return true;
}

static bool set_no_sandbox(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct config_settings *)settings)->no_sandbox = true;
	return true;
}

static const struct option_spec specs[] = {
	{ .name = "mbedtls-version",
		.value = "VERSION",
		.set = set_version,
		.help = "2.7 to 4.x (default: guessed from the macros, and said)" },
	{ .name = "define",
		.letter = 'D',
		.value = "NAME[=VALUE]",
		.set = set_define,
		.help = "a macro that the build defines besides; may be repeated" },
	{ .name = "flash",
		.set = set_flash,
		.help = "what could be left out, with the bytes that it saves" },
	{ LOOKUP_FIRST_OPTION },
	LOOKUP_OTHER_OPTIONS,
	{ .name = "no-sandbox",
		.set = set_no_sandbox,
		.help = "keep the rights to open files and start programs that are given up "
			"before reading" },
};

static const struct option_table table = { specs, COUNT(specs) };

/* A configuration that is open, and what is told of it. */
struct judged {
	struct config *config;
	struct arena *texts;
	struct config_report report;
};

static unsigned major_of(const struct config_report *r)
{
	return r->version.release >= RELEASE_3_0 ? 3 : 2;
}

/* The two files of one configuration: that of TLS, and crypto_config.h of PSA. *path: the first, which may be the
 * second of them. NULL: the next is a configuration of its own. */
static const char *crypto_beside(const char **path, const char *next)
{
	struct err ignored = { 0 };
	struct config *first = config_open(*path, &ignored);
	struct config *second = first != NULL ? config_open(next, &ignored) : NULL;
	const char *crypto = NULL;

	if (second != NULL && config_is_of_crypto(second) &&
		config_lacks_crypto(first, RELEASE_4)) {
		crypto = next;
	} else if (second != NULL && config_is_of_crypto(first) &&
		   config_lacks_crypto(second, RELEASE_4)) {
		crypto = *path;
		*path = next;
	}
	config_close(first);
	config_close(second);
	return crypto;
}

static bool judge(struct judged *j, const char *path, const char *crypto,
	const struct config_settings *s, struct err *e)
{
	struct config_report *r = &j->report;

	r->path = path;
	r->crypto_path = crypto;
	if ((j->config = config_open(path, e)) == NULL ||
		(crypto != NULL && !config_add(j->config, crypto, e)))
		return false;
	for (size_t i = 0; i < s->n_defines; i++)
		if (!config_define(j->config, s->defines[i], e))
			return false;
	if ((j->texts = arena_new(TEXTS_BYTES)) == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	r->config = j->config;
	r->count = config_count(j->config);
	if (s->version.given)
		r->version = s->version;
	else
		config_version_guess(j->config, &r->version);
	build_of(j->config, config_release_major(r->version.release), &r->build);
	r->flash = s->flash;
	if (s->flash)
		r->n_savings = savings_of(j->config, major_of(r), NULL, r->savings);
	config_findings_written(&r->findings, j->config, &r->version, j->texts);
	if (!config_derive(j->config, &r->version, e))
		return false;
	config_findings_derived(&r->findings, j->config, &r->version, j->texts);
	config_findings_sort(&r->findings);
	return true;
}

static void release(struct judged *j)
{
	config_close(j->config);
	arena_free(j->texts);
}

static void write_text(struct page *p, const struct judged *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			page_blank_line(p);
		config_report_text(p, &list[i].report);
		page_blank_line(p);
		report_build_text(p, &list[i].report.build);
		if (!list[i].report.flash)
			continue;
		page_blank_line(p);
		report_flash_text(p, major_of(&list[i].report), list[i].report.savings,
			list[i].report.n_savings);
	}
}

static void write_more(struct json *j, const struct config_report *r)
{
	report_build_json(j, &r->build);
	if (r->flash)
		report_flash_json(j, major_of(r), r->savings, r->n_savings);
}

static void write_json(struct page *p, const struct judged *list, size_t n)
{
	struct json j = { &p->out, false };
	size_t errors = 0, warnings = 0;

	json_object(&j, NULL);
	json_string(&j, "schema", json_schema);
	json_tool(&j, tlsdiag_crypto_version());
	json_object(&j, "input");
	json_string(&j, "kind", "config");
	json_string(&j, "name", list[0].report.path);
	json_end_object(&j);
	json_array(&j, "configs");
	for (size_t i = 0; i < n; i++) {
		config_report_json(&j, &list[i].report, write_more);
		errors += list[i].report.findings.errors;
		warnings += list[i].report.findings.warnings;
	}
	json_end_array(&j);
	json_object(&j, "summary");
	json_uint(&j, "errors", errors);
	json_uint(&j, "warnings", warnings);
	json_end_object(&j);
	lookup_json_end(&j);
}

static int status_of(const struct judged *list, size_t n)
{
	int status = EXIT_NOTHING;

	for (size_t i = 0; i < n; i++)
		if (list[i].report.findings.errors != 0)
			return EXIT_PROBLEM;
		else if (list[i].report.count.mbedtls != 0)
			status = EXIT_WELL;
	return status;
}

static int tell(const struct config_settings *s, const struct judged *list, size_t n)
{
	struct page page = lookup_page(&s->look);

	if (s->look.json)
		write_json(&page, list, n);
	else
		write_text(&page, list, n);
	return lookup_write(&page, status_of(list, n));
}

static int judge_all(const struct config_settings *s, char **paths, size_t n)
{
	struct judged *list = memory_new(n * sizeof *list);
	struct err e = { 0 };
	int status = EXIT_INPUT;
	size_t done = 0, read = 0;

	if (list == NULL) {
		complain("out of memory");
		return EXIT_INPUT;
	}
	while (read < n) {
		const char *path = paths[read++];
		const char *crypto = read < n ? crypto_beside(&path, paths[read]) : NULL;

		read += crypto != NULL;
		if (!judge(&list[done++], path, crypto, s, &e))
			break;
	}
	if (e.code == ERR_NONE)
		status = tell(s, list, done);
	else
		complain("%s", e.msg);
	for (size_t i = 0; i < n; i++)
		release(&list[i]);
	free(list);
	return e.code == ERR_USAGE ? EXIT_LINE : status;
}

/* The headers of a file's folder can be read besides, since it may include them. */
static int confined(
	const struct command *self, const struct config_settings *s, char **paths, size_t n)
{
	const struct run_settings common = { .no_sandbox = s->no_sandbox };
	struct file_guard guard = { .n_inputs = 0 };
	struct confine c = { .folders = NULL };
	int status = EXIT_INPUT;
	bool ok;

	for (size_t i = 0; i < n; i++)
		guard_reads_source(&guard, "is to be read", paths[i]);
	ok = guard_pass(&guard, self, &status) && confine_enter(&c, &common, &guard, false);
	guard_free(&guard);
	return ok ? confine_status(judge_all(s, paths, n)) : status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct config_settings s = { .look.color = COLOR_AUTO };
	struct err err = { 0 };
	int first;

	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.look.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (first == argc)
		return complain_usage(self->name, "no configuration is named");
	if (argc - first > FILES_MAX)
		return complain_usage(self->name, "at most 16 configurations at a time");
	return confined(self, &s, argv + first, (size_t)(argc - first));
}

const struct command command_config = {
	.name = "config",
	.synopsis = "[OPTION]... FILE...",
	.summary = "tell what contradicts itself in an mbedTLS configuration",
	.text = "Reads mbedtls_config.h or config.h as the C preprocessor would, with the files\n"
		"of the same folder that it includes, or a list of #define lines in any text;\n"
		"and options of Kconfig: sdkconfig of ESP-IDF, .config or prj.conf of Zephyr.\n"
		"Tells what does not compile, what compiles and cannot work, and what is legal\n"
		"and hurts, each with its line and what to change; what the build can negotiate;\n"
		"and what could be left out.",
	.examples = "  tlsdiag config mbedtls_config.h\n"
		    "  tlsdiag config --mbedtls-version 2.28 -D MBEDTLS_HAVE_ASM config.h\n"
		    "  tlsdiag config sdkconfig\n"
		    "  tlsdiag config --json config.h",
	.status = "0 no error was found, 1 one was, 2 the command line is wrong,\n"
		  "3 a file cannot be read, or memory ran out, 4 it defines no macro of mbedTLS.",
	.options = &table,
	.run = run,
};
