/* `tlsdiag pcap FILE...`: every handshake in the captures. */
#include "base/array.h"
#include "cli/captures.h"
#include "cli/choice.h"
#include "cli/confine.h"
#include "cli/file_guard.h"
#include "cli/progress.h"
#include "cli/run_files.h"

#include <string.h>

#define SET_TEXT(field) static RUN_SET_TEXT(field)

struct settings {
	struct run_settings shared; /* first */
	const char *log;            /* of one of the sides; NULL: there is none */
};

SET_TEXT(cert)
SET_TEXT(key)
SET_TEXT(server)
SET_TEXT(client)
SET_TEXT(filter)

static bool set_verify(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "auto", TLSDIAG_VERIFY_AUTO },
		{ "all", TLSDIAG_VERIFY_ALL }, { "none", TLSDIAG_VERIFY_NONE } };
	struct run_settings *s = settings;
	int chosen = 0;
	bool ok = choice_parse("verify", choices, COUNT(choices), value, &chosen, e);

	s->run.verify = (enum tlsdiag_verify)chosen;
	return ok;
}

static bool set_log(void *settings, const char *value, struct err *e)
{
	((struct settings *)settings)->log = value;
	if (strcmp(value, "-") != 0)
		return true;
	return err_set(e, ERR_USAGE, 0, "--log takes a file, not standard input");
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
	{ .name = "log",
		.value = "FILE",
		.set = set_log,
		.help = "debug log of one of the sides: what it says is held against its packets" },
	RUN_OPTION_AT("the packet's"),
	RUN_OPTION_EXPIRES_SOON,

	{ .heading = "What is looked at",
		.name = "server",
		.value = "ADDR[:PORT]",
		.set = run_set_server,
		.help = "only handshakes with this server" },
	{ .name = "client",
		.value = "ADDR[:PORT]",
		.set = run_set_client,
		.help = "only handshakes of this client" },
	{ .name = "filter",
		.value = "BPF",
		.set = run_set_filter,
		.help = "only packets that pass this capture filter, as in tcpdump" },
	{ .name = "verify",
		.value = "POLICY",
		.set = set_verify,
		.help = "signatures to verify: auto (default: those of failed handshakes, and of "
			"16 "
			"completed ones of each server key), all, none" },
	RUN_OPTION_DEEP,
	RUN_OPTIONS_OUTPUT,
};

static const struct option_table table = { specs, COUNT(specs) };

static void on_progress(void *ctx, const struct tlsdiag_progress *now)
{
	progress_show(ctx, now);
}

/* Where a report could not be written, those beside it are not put in place either. */
static int diagnose(struct tlsdiag *run, const struct run_settings *s, struct run_files *also,
	struct progress *progress, struct captures *files)
{
	struct tlsdiag_error e;
	bool unread = false, ok;

	while (captures_read(files, run, &ok, &e)) {
		progress_end(progress);
		if (!ok)
			complain("%s", e.message);
		unread |= !ok;
	}
	if (!tlsdiag_finish(run, &e))
		return run_files_not_written(also, e.system_error, e.message);
	return run_files_commit(also, run_status(run, s, unread));
}

static bool give_up_rights(
	const struct run_settings *s, const struct file_guard *reads, const struct run_files *also)
{
	struct confine c = { .folders = NULL };

	confine_reports(&c, also);
	return confine_enter(&c, s, reads, false);
}

/* A filter may hold names, which the resolver looks up: then rights are kept until it is compiled. */
/* What is to be told of the captures is known before they are read. */
static bool read_log(struct tlsdiag *run, const char *log)
{
	struct tlsdiag_error e;

	if (log == NULL || tlsdiag_read_log_beside(run, log, &e))
		return true;
	complain("%s", e.message);
	return false;
}

static int run_on(const struct command *self, struct run_settings *s, const char *log,
	const struct file_guard *reads, struct run_files *also, char **files)
{
	struct captures captures;
	struct progress progress;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	int status;

	run_settings_complete(s);
	if (s->run.filter == NULL && !give_up_rights(s, reads, also))
		return EXIT_INPUT;
	progress_start(
		&progress, s->run.report != TLSDIAG_TEXT || s->run.list != TLSDIAG_LIST_TELLING);
	s->run.on_progress = progress.wanted ? on_progress : NULL;
	s->run.ctx = &progress;
	run = tlsdiag_open(&s->run, &e);
	if (run == NULL)
		return run_not_opened(self, &e);
	status = EXIT_INPUT;
	if ((s->run.filter == NULL || give_up_rights(s, reads, also)) && read_log(run, log)) {
		captures_open(&captures, files);
		status = diagnose(run, s, also, &progress, &captures);
		captures_close(&captures);
	}
	tlsdiag_close(run);
	return status;
}

static int run_pcap(const struct command *self, int argc, char **argv)
{
	struct settings all = { .log = NULL };
	struct run_settings *s = &all.shared;
	struct file_guard guard = { .n_inputs = 0 };
	struct run_files also;
	struct err err = { 0 };
	int first, status;

	run_settings_init(s);
	if (!options_parse(&table, argc, argv, &all, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s->help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (first == argc)
		return complain_usage(self->name, "no capture is named");
	guard_run(&guard, s);
	guard_reads(&guard, "--log reads", all.log);
	for (int i = first; i < argc; i++)
		guard_reads(&guard, "is to be read", argv[i]);
	if (guard_pass(&guard, self, &status) && run_files_open(&also, s, self, &status)) {
		status = run_on(self, s, all.log, &guard, &also, argv + first);
		run_files_abandon(&also);
	}
	guard_free(&guard);
	return status;
}

const struct command command_pcap = {
	.name = "pcap",
	.synopsis = "[OPTION]... FILE...",
	.summary = "diagnose every TLS handshake in captures",
	.text = "Reads pcap and pcapng files (-: standard input), finds TLS on any port, and says\n"
		"why handshakes failed, whose fault it is, and what to do.",
	.examples =
		"  tlsdiag pcap device.pcapng --ca ca.pem\n"
		"  tlsdiag pcap --server 192.0.2.1:443 --name device.example mon.pcap tue.pcap\n"
		"  tlsdiag pcap --junit tls.xml --sarif tls.sarif --fail-on warning device.pcapng\n"
		"  tcpdump -i eth0 -s 0 -U -w - tcp port 4433 | tlsdiag pcap --ndjson -",
	.options = &table,
	.run = run_pcap,
};
