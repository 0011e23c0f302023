/* What the commands that diagnose share: the options that mean the same with every source. */
#ifndef TLSDIAG_CLI_RUN_OPTIONS_H
#define TLSDIAG_CLI_RUN_OPTIONS_H

#include "cli/cli.h"
#include "cli/terminal.h"
#include "tlsdiag/tlsdiag.h"

enum { EXPECTATIONS_MAX = 64 };

/* The first member of each such command's settings, so that the setters below find it. */
struct run_settings {
	struct tlsdiag_options run;
	const char *junit, *sarif; /* files; NULL not wanted */
	enum color_wish color;
	bool help, no_sandbox;
	const char *expect[EXPECTATIONS_MAX];
};

/* The defaults: a text report to standard output. */
void run_settings_init(struct run_settings *s);
/* What depends on the terminal, once the options are parsed. */
void run_settings_complete(struct run_settings *s);

bool run_set_ca(void *settings, const char *value, struct err *e);
bool run_set_name(void *settings, const char *value, struct err *e);
bool run_set_expect(void *settings, const char *value, struct err *e);
bool run_set_config(void *settings, const char *value, struct err *e);
bool run_set_keylog(void *settings, const char *value, struct err *e);
bool run_set_at(void *settings, const char *value, struct err *e);
bool run_set_expires_soon(void *settings, const char *value, struct err *e);
bool run_set_deep(void *settings, const char *value, struct err *e);
bool run_set_json(void *settings, const char *value, struct err *e);
bool run_set_ndjson(void *settings, const char *value, struct err *e);
bool run_set_only(void *settings, const char *value, struct err *e);
bool run_set_all(void *settings, const char *value, struct err *e);
bool run_set_junit(void *settings, const char *value, struct err *e);
bool run_set_sarif(void *settings, const char *value, struct err *e);
bool run_set_fail_on(void *settings, const char *value, struct err *e);
bool run_set_color(void *settings, const char *value, struct err *e);
bool run_set_no_sandbox(void *settings, const char *value, struct err *e);
bool run_set_help(void *settings, const char *value, struct err *e);

/* A setter of one string of the run's options. */
#define RUN_SET_TEXT(field)                                                                        \
	bool run_set_##field(void *settings, const char *value, struct err *e)                     \
	{                                                                                          \
		(void)e;                                                                           \
		((struct run_settings *)settings)->run.field = value;                              \
		return true;                                                                       \
	}

/* Rows of an option table. */
#define RUN_OPTIONS_TRUST                                                                          \
	{ .heading = "What you know",                                                              \
		.name = "ca",                                                                      \
		.value = "FILE|DIR",                                                               \
		.set = run_set_ca,                                                                 \
		.help = "certificates that the verifying side trusts (PEM or DER)" },              \
	{                                                                                          \
		.name = "name", .value = "NAME", .set = run_set_name,                              \
		.help = "host name or address that the certificate must have (default: the SNI)"   \
	}
/* otherwise: the time that is taken without it. */
#define RUN_OPTION_AT(otherwise)                                                                   \
	{                                                                                          \
		.name = "at", .value = "TIME", .set = run_set_at,                                  \
		.help = "judge dates at this time, not " otherwise ": 2020-05-18T09:31:07Z, "      \
			"2020-05-18, @1589794267"                                                  \
	}
#define RUN_OPTION_EXPIRES_SOON                                                                    \
	{                                                                                          \
		.name = "expires-soon", .value = "DAYS", .set = run_set_expires_soon,              \
		.help = "warn of a certificate that has fewer days left (default 30; 0: never)"    \
	}
#define RUN_OPTION_CONFIG                                                                          \
	{                                                                                          \
		.name = "config", .value = "FILE", .set = run_set_config,                          \
		.help = "mbedTLS configuration header of the device: what it lacks and can hold"   \
	}
#define RUN_OPTION_KEYLOG                                                                          \
	{                                                                                          \
		.name = "keylog", .value = "FILE", .set = run_set_keylog,                          \
		.help = "secrets of the connections (SSLKEYLOGFILE; a pipe, too): what is under "  \
			"their keys is opened and judged"                                          \
	}
#define RUN_OPTION_DEEP                                                                            \
	{                                                                                          \
		.name = "deep", .value = "SECONDS", .set = run_set_deep,                           \
		.help = "most CPU time of the run for taking bad signatures apart (default 10, "   \
			"for logs of over 15 MB less; 0: none)"                                    \
	}
#define RUN_OPTIONS_CI                                                                             \
	{ .name = "junit",                                                                         \
		.value = "FILE",                                                                   \
		.set = run_set_junit,                                                              \
		.help = "write a JUnit report, too" },                                             \
		{ .name = "sarif",                                                                 \
			.value = "FILE",                                                           \
			.set = run_set_sarif,                                                      \
			.help = "write a SARIF 2.1.0 report, too" },                               \
	{                                                                                          \
		.name = "fail-on", .value = "SEVERITY", .set = run_set_fail_on,                    \
		.help = "end with 1 on an error (default), or on a warning, too"                   \
	}
#define RUN_OPTION_NO_SANDBOX                                                                      \
	{                                                                                          \
		.name = "no-sandbox", .set = run_set_no_sandbox,                                   \
		.help = "keep the rights to open files and start programs that are given up "      \
			"before reading"                                                           \
	}
#define RUN_OPTIONS_OUTPUT                                                                         \
	{ .heading = "What is written",                                                            \
		.name = "json",                                                                    \
		.set = run_set_json,                                                               \
		.help = "one JSON document" },                                                     \
		{ .name = "ndjson",                                                                \
			.set = run_set_ndjson,                                                     \
			.help = "a line of JSON for each handshake, and a closing line" },         \
		{ .name = "only",                                                                  \
			.value = "OUTCOME",                                                        \
			.set = run_set_only,                                                       \
			.help = "list the handshakes that failed, completed, or all; what is "     \
				"diagnosed and counted stays the same" },                          \
		{ .name = "all", .set = run_set_all, .help = "the same as --only all" },           \
		RUN_OPTIONS_CI,                                                                    \
		{ .name = "color",                                                                 \
			.value = "WHEN",                                                           \
			.set = run_set_color,                                                      \
			.help = "auto (default: on a terminal, unless NO_COLOR is set), always, "  \
				"never" },                                                         \
		RUN_OPTION_NO_SANDBOX,                                                             \
	{                                                                                          \
		.name = "help", .letter = 'h', .set = run_set_help, .help = "show this help"       \
	}

/* Why a run could not be begun; returns the exit status. */
int run_not_opened(const struct command *self, const struct tlsdiag_error *e);
/* What a finished run ends with; unread: an input could not be read, or a target not be reached. */
int run_status(const struct tlsdiag *run, const struct run_settings *s, bool unread);

#endif
