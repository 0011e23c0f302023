/* `tlsdiag pcap FILE...`: every handshake in the captures. */
#include "base/array.h"
#include "cli/choice.h"
#include "cli/progress.h"
#include "cli/run_files.h"

#define SET_TEXT(field) static RUN_SET_TEXT(field)

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

static const struct option_spec specs[] = {
	{ .heading = "What you know",
		.name = "ca",
		.value = "FILE|DIR",
		.set = run_set_ca,
		.help = "certificates that the verifying side trusts (PEM or DER)" },
	{ .name = "name",
		.value = "NAME",
		.set = run_set_name,
		.help = "host name or address that the certificate must have (default: the SNI)" },
	{ .name = "cert",
		.value = "FILE",
		.set = run_set_cert,
		.help = "certificate that the server should send" },
	{ .name = "key",
		.value = "FILE",
		.set = run_set_key,
		.help = "private key that the server should sign with; only its public half is "
			"kept" },
	RUN_OPTION_CONFIG,
	{ .name = "at",
		.value = "TIME",
		.set = run_set_at,
		.help = "judge dates at this time, not the packet's: 2020-05-18T09:31:07Z, "
			"2020-05-18, "
			"@1589794267" },

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
	struct progress *progress, char **files)
{
	struct tlsdiag_error e;
	bool unread = false, ok;

	for (; *files != NULL; files++) {
		ok = tlsdiag_read_capture(run, *files, &e);
		progress_end(progress);
		if (!ok)
			complain("%s", e.message);
		unread |= !ok;
	}
	if (!tlsdiag_finish(run, &e))
		return run_not_written(&e);
	return run_files_commit(also, run_status(run, s, unread));
}

static int run_on(
	const struct command *self, struct run_settings *s, struct run_files *also, char **files)
{
	struct progress progress;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	int status;

	progress_start(
		&progress, s->run.report != TLSDIAG_TEXT || s->run.list != TLSDIAG_LIST_TELLING);
	run_settings_complete(s);
	s->run.on_progress = progress.wanted ? on_progress : NULL;
	s->run.ctx = &progress;
	run = tlsdiag_open(&s->run, &e);
	if (run == NULL)
		return run_not_opened(self, &e);
	status = diagnose(run, s, also, &progress, files);
	tlsdiag_close(run);
	return status;
}

static int run_pcap(const struct command *self, int argc, char **argv)
{
	struct run_settings s;
	struct run_files also;
	struct err err = { 0 };
	int first, status;

	run_settings_init(&s);
	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (first == argc)
		return complain_usage(self->name, "no capture is named");
	if (!run_files_open(&also, &s, self, &status))
		return status;
	status = run_on(self, &s, &also, argv + first);
	run_files_abandon(&also);
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
