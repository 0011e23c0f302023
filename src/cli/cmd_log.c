/* `tlsdiag log FILE...`: every handshake that logs, pastes and dumps tell of. */
#include "base/array.h"
#include "cli/captures.h"
#include "cli/confine.h"
#include "cli/file_guard.h"
#include "cli/net_options.h"
#include "cli/run_files.h"

#include <stdio.h>
#include <string.h>

struct settings {
	struct run_settings shared; /* first */
	const char *format;
	const char *redact; /* file; NULL: no copy is wanted */
	bool anonymise;
	struct tlsdiag_code code;
};

static RUN_SET_TEXT(cert) static RUN_SET_TEXT(key)

	static bool is_format(const char *value)
{
	for (size_t i = 0; tlsdiag_log_format(i, NULL) != NULL; i++)
		if (strcmp(tlsdiag_log_format(i, NULL), value) == 0)
			return true;
	return false;
}

static bool set_format(void *settings, const char *value, struct err *e)
{
	char known[160] = "";
	size_t len = 0;

	((struct settings *)settings)->format = value;
	if (is_format(value))
		return true;
	for (size_t i = 0; tlsdiag_log_format(i, NULL) != NULL && len < sizeof known; i++)
		len += (size_t)snprintf(known + len, sizeof known - len, "%s%s", i != 0 ? ", " : "",
			tlsdiag_log_format(i, NULL));
	return err_set(e, ERR_USAGE, 0, "--format takes %s, not '%.40s'", known, value);
}

#define SET_CODE(field)                                                                            \
	static bool set_##field(void *settings, const char *value, struct err *e)                  \
	{                                                                                          \
		(void)e;                                                                           \
		((struct settings *)settings)->code.field = value;                                 \
		return true;                                                                       \
	}
SET_CODE(code)
SET_CODE(state)
SET_CODE(mbedtls)
SET_CODE(role)

static bool set_alert(void *settings, const char *value, struct err *e)
{
	unsigned n = 0;
	bool ok = number_parse("alert-received", value, 0, 255, &n, e);

	((struct settings *)settings)->code.alert_received = (int)n;
	return ok;
}

static bool set_redact(void *settings, const char *value, struct err *e)
{
	(void)e;
	((struct settings *)settings)->redact = value;
	return true;
}

static bool set_anonymise(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->anonymise = true;
	return true;
}

static const struct option_spec specs[] = {
	RUN_OPTIONS_TRUST,
	{ .name = "cert",
		.value = "FILE",
		.set = run_set_cert,
		.help = "certificate that the server should send" },
	{ .name = "key",
		.value = "FILE",
		.set = run_set_key,
		.help = "private key that the server should sign with; an RSA key opens RSA "
			"key exchanges, of others the public half is kept" },
	RUN_OPTION_CONFIG,
	RUN_OPTION_KEYLOG,
	RUN_OPTION_AT("the log's"),
	RUN_OPTION_EXPIRES_SOON,

	{ .heading = "What is looked at",
		.name = "format",
		.value = "NAME",
		.set = set_format,
		.help = "what the log is; without it that is found out, line by line" },
	RUN_OPTION_DEEP,

	{ .heading = "Where there is nothing but a code",
		.name = "code",
		.value = "CODE",
		.set = set_code,
		.help = "error code of mbedTLS; no file is read then" },
	{ .name = "state",
		.value = "N|NAME",
		.set = set_state,
		.help = "where the handshake stood: 3, SERVER_CERTIFICATE" },
	{ .name = "mbedtls",
		.value = "VERSION",
		.set = set_mbedtls,
		.help = "release of the device's mbedTLS: 3.6.3" },
	{ .name = "role",
		.value = "ROLE",
		.set = set_role,
		.help = "what the device is: client or server" },
	{ .name = "alert-received",
		.value = "N",
		.set = set_alert,
		.help = "number of the alert that it received" },
	RUN_OPTIONS_OUTPUT,
	{ .name = "redact",
		.value = "FILE",
		.set = set_redact,
		.help = "write a copy of the log without secrets: keys, master secrets, "
			"application "
			"data" },
	{ .name = "anonymise",
		.set = set_anonymise,
		.help = "with --redact: without names and addresses, too" },
};

static const struct option_table table = { specs, COUNT(specs) };

/* What nobody but the user can judge: whether what is left may be shown. */
static void tell_what_is_left(const struct tlsdiag *run)
{
	size_t certificates = tlsdiag_copied_certificates(run);

	if (certificates != 0)
		complain("the copy has %zu certificate%s as bytes, with all that %s", certificates,
			certificates == 1 ? "" : "s", certificates == 1 ? "it says" : "they say");
	for (size_t i = 0; tlsdiag_copied_name(run, i) != NULL; i++)
		complain("the copy keeps the name '%s': what is signed or given must agree with it",
			tlsdiag_copied_name(run, i));
}

/* Where a report could not be written, those beside it are not put in place either. */
static int diagnose(struct tlsdiag *run, const struct run_settings *s, struct run_files *also,
	struct captures *files)
{
	struct tlsdiag_error e;
	bool unread = false, ok;

	while (captures_read(files, run, &ok, &e)) {
		if (!ok)
			complain("%s", e.message);
		unread |= !ok;
	}
	if (!tlsdiag_write_copy(run, &e)) {
		complain("%s", e.message);
		unread = true;
	}
	tell_what_is_left(run);
	if (!tlsdiag_finish(run, &e))
		return run_files_not_written(also, e.system_error, e.message);
	return run_files_commit(also, run_status(run, s, unread));
}

static int run_on(const struct command *self, struct settings *s, const struct file_guard *reads,
	struct run_files *also, const struct out_file *redacted, char **files)
{
	struct confine c = { .folders = NULL };
	struct captures logs;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	int status;

	run_settings_complete(&s->shared);
	s->shared.run.key_may_fail = true;
	confine_reports(&c, also);
	confine_output(&c, redacted);
	s->shared.run.anonymised = s->anonymise;
	s->shared.run.several_logs = files[0] != NULL && files[1] != NULL;
	s->shared.run.redacted = redacted != NULL ? out_file_stream(redacted) : NULL;
	if (!confine_enter(&c, &s->shared, reads, false))
		return EXIT_INPUT;
	run = tlsdiag_open(&s->shared.run, &e);
	if (run == NULL)
		return run_not_opened(self, &e);
	if (s->code.code != NULL && !tlsdiag_read_code(run, &s->code, &e)) {
		status = complain_usage(self->name, e.message);
		tlsdiag_close(run);
		return status;
	}
	captures_open(&logs, files);
	logs.logs = true;
	logs.format = s->format;
	status = diagnose(run, &s->shared, also, &logs);
	captures_close(&logs);
	tlsdiag_close(run);
	return status;
}

enum { REDACT_MODE = 0600 };

/* The copy is in place when all of it was written, whatever the report says. */
static int run_and_copy(const struct command *self, struct settings *s,
	const struct file_guard *reads, struct run_files *also, char **files)
{
	struct out_file *redacted = NULL;
	struct err e = { 0 };
	int status;

	if (s->redact != NULL && (redacted = out_file_open(s->redact, REDACT_MODE, &e)) == NULL) {
		complain("%s", e.msg);
		return EXIT_INPUT;
	}
	status = run_on(self, s, reads, also, redacted, files);
	if (redacted != NULL && !out_file_commit(redacted, &e)) {
		complain("%s", e.msg);
		status = EXIT_INPUT;
	}
	return status;
}

static int run_log(const struct command *self, int argc, char **argv)
{
	struct settings s = { .code = { .alert_received = -1 } };
	struct file_guard guard = { .n_inputs = 0 };
	struct run_files also;
	struct err err = { 0 };
	int first, status;

	run_settings_init(&s.shared);
	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.shared.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (first == argc && s.code.code == NULL)
		return complain_usage(self->name, "no log is named");
	if (s.code.code == NULL && (s.code.state != NULL || s.code.mbedtls != NULL ||
					   s.code.role != NULL || s.code.alert_received >= 0))
		return complain_usage(self->name,
			"--state, --mbedtls, --role and --alert-received go with --code: a log "
			"tells them itself");
	if (s.anonymise && s.redact == NULL)
		return complain_usage(self->name, "--anonymise goes with --redact FILE");
	if (first != argc && s.code.code != NULL)
		return complain_usage(self->name, "--code is for where there is no log");
	guard_run(&guard, &s.shared);
	for (int i = first; i < argc; i++)
		guard_reads(&guard, "is to be read", argv[i]);
	guard_writes(&guard, "--redact", s.redact);
	if (guard_pass(&guard, self, &status) && run_files_open(&also, &s.shared, self, &status)) {
		status = run_and_copy(self, &s, &guard, &also, argv + first);
		run_files_abandon(&also);
	}
	guard_free(&guard);
	return status;
}

const struct command command_log = {
	.name = "log",
	.synopsis = "[OPTION]... FILE...",
	.summary = "diagnose what debug logs, pastes and dumps tell of handshakes",
	.text = "Reads debug output of TLS libraries and tools (-: standard input), hex dumps and\n"
		"dissections, in any mixture, and says why handshakes failed, whose fault it is,\n"
		"and what to do. What it is made of is found out.",
	.examples = "  tlsdiag log device.log --ca ca.pem\n"
		    "  tlsdiag log client.log server.log\n"
		    "  tlsdiag log - < post.txt\n"
		    "  tlsdiag log --config mbedtls_config.h --json serial.txt",
	.options = &table,
	.run = run_log,
};
