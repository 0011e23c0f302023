/* `tlsdiag pcap FILE...`: every handshake in the captures. */
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "cli/time_option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct settings {
	struct tlsdiag_options run;
	enum color_wish color;
	bool help;
};

struct word {
	const char *text;
	int value;
};

static bool choose(const char *option, const struct word *words, size_t n, const char *value,
	int *out, struct err *e)
{
	char list[80] = "";
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i].text, value) == 0) {
			*out = words[i].value;
			return true;
		}
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
			i == 0       ? ""
			: i + 1 == n ? " or "
				     : ", ",
			words[i].text);
	}
	return err_set(e, ERR_USAGE, 0, "--%s takes %s, not '%s'", option, list, value);
}

#define N_OF(a) (sizeof(a) / sizeof *(a))

/* A setter of one string of the run's options. */
#define SET_TEXT(field)                                                                            \
	static bool set_##field(void *settings, const char *value, struct err *e)                  \
	{                                                                                          \
		(void)e;                                                                           \
		((struct settings *)settings)->run.field = value;                                  \
		return true;                                                                       \
	}

SET_TEXT(ca)
SET_TEXT(cert)
SET_TEXT(key)
SET_TEXT(config)
SET_TEXT(name)
SET_TEXT(server)
SET_TEXT(client)
SET_TEXT(filter)

static bool set_at(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;

	s->run.has_at = true;
	return time_option_parse(value, &s->run.at, e);
}

static bool set_verify(void *settings, const char *value, struct err *e)
{
	static const struct word words[] = { { "auto", TLSDIAG_VERIFY_AUTO },
		{ "all", TLSDIAG_VERIFY_ALL }, { "none", TLSDIAG_VERIFY_NONE } };
	struct settings *s = settings;
	int chosen = 0;
	bool ok = choose("verify", words, N_OF(words), value, &chosen, e);

	s->run.verify = (enum tlsdiag_verify)chosen;
	return ok;
}

static bool set_deep(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;
	char *end;

	errno = 0;
	s->run.deep_seconds = strtod(value, &end);
	if (errno == 0 && end != value && *end == '\0' && s->run.deep_seconds >= 0 &&
		s->run.deep_seconds <= 86400)
		return true;
	return err_set(e, ERR_USAGE, 0, "--deep takes seconds from 0 to 86400, not '%s'", value);
}

static bool set_only(void *settings, const char *value, struct err *e)
{
	static const struct word words[] = { { "failed", TLSDIAG_LIST_FAILED },
		{ "completed", TLSDIAG_LIST_COMPLETED }, { "all", TLSDIAG_LIST_ALL } };
	struct settings *s = settings;
	int chosen = 0;
	bool ok = choose("only", words, N_OF(words), value, &chosen, e);

	s->run.list = (enum tlsdiag_list)chosen;
	return ok;
}

static bool set_all(void *settings, const char *value, struct err *e)
{
	(void)value;
	return set_only(settings, "all", e);
}

static bool set_json(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->run.report = TLSDIAG_JSON;
	return true;
}

static bool set_ndjson(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->run.report = TLSDIAG_NDJSON;
	return true;
}

static bool set_color(void *settings, const char *value, struct err *e)
{
	static const struct word words[] = { { "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS },
		{ "never", COLOR_NEVER } };
	struct settings *s = settings;
	int chosen = 0;
	bool ok = choose("color", words, N_OF(words), value, &chosen, e);

	s->color = (enum color_wish)chosen;
	return ok;
}

static bool set_help(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->help = true;
	return true;
}

static const struct option_spec specs[] = {
	{ .heading = "What you know",
		.name = "ca",
		.value = "FILE|DIR",
		.set = set_ca,
		.help = "certificates that the verifying side trusts (PEM or DER)" },
	{ .name = "name",
		.value = "NAME",
		.set = set_name,
		.help = "host name or address that the certificate must have (default: the SNI)" },
	{ .name = "cert",
		.value = "FILE",
		.set = set_cert,
		.help = "certificate that the server should send" },
	{ .name = "key",
		.value = "FILE",
		.set = set_key,
		.help = "private key that the server should sign with; only its public half is "
			"kept" },
	{ .name = "config",
		.value = "FILE",
		.set = set_config,
		.help = "mbedTLS configuration header of the device: its buffer sizes and curves" },
	{ .name = "at",
		.value = "TIME",
		.set = set_at,
		.help = "judge dates at this time, not the packet's: 2020-05-18T09:31:07Z, "
			"2020-05-18, "
			"@1589794267" },

	{ .heading = "What is looked at",
		.name = "server",
		.value = "ADDR[:PORT]",
		.set = set_server,
		.help = "only handshakes with this server" },
	{ .name = "client",
		.value = "ADDR[:PORT]",
		.set = set_client,
		.help = "only handshakes of this client" },
	{ .name = "filter",
		.value = "BPF",
		.set = set_filter,
		.help = "only packets that pass this capture filter, as in tcpdump" },
	{ .name = "verify",
		.value = "POLICY",
		.set = set_verify,
		.help = "signatures to verify: auto (default: those of failed handshakes, and of "
			"16 "
			"completed ones of each server key), all, none" },
	{ .name = "deep",
		.value = "SECONDS",
		.set = set_deep,
		.help = "most CPU time for taking bad signatures apart, for each server (default "
			"10; 0: "
			"none)" },

	{ .heading = "What is written",
		.name = "json",
		.set = set_json,
		.help = "one JSON document" },
	{ .name = "ndjson",
		.set = set_ndjson,
		.help = "a line of JSON for each handshake, and a closing line" },
	{ .name = "only",
		.value = "OUTCOME",
		.set = set_only,
		.help = "list the handshakes that failed, completed, or all; what is diagnosed and "
			"counted "
			"stays the same" },
	{ .name = "all", .set = set_all, .help = "the same as --only all" },
	{ .name = "color",
		.value = "WHEN",
		.set = set_color,
		.help = "auto (default: on a terminal, unless NO_COLOR is set), always, never" },
	{ .name = "help", .letter = 'h', .set = set_help, .help = "show this help" },
};

static const struct option_table table = { specs, N_OF(specs) };

static void on_progress(void *ctx, const struct tlsdiag_progress *now)
{
	progress_show(ctx, now);
}

/* A reader that went away needs no message: it does not want to know. */
static int output_failed(const struct tlsdiag_error *e)
{
	if (e->kind != TLSDIAG_BAD_OUTPUT || e->system_error != EPIPE)
		complain("%s", e->message);
	return EXIT_INPUT;
}

static int status_of(const struct tlsdiag *run, bool unread)
{
	struct tlsdiag_summary s = tlsdiag_summarize(run);

	if (unread)
		return EXIT_INPUT;
	if (s.errors != 0 || s.failed != 0)
		return EXIT_PROBLEM;
	return s.completed != 0 ? EXIT_WELL : EXIT_NOTHING;
}

static int diagnose(struct tlsdiag *run, struct progress *progress, char **files)
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
		return output_failed(&e);
	return status_of(run, unread);
}

static int run_pcap(const struct command *self, int argc, char **argv)
{
	struct settings s = { .color = COLOR_AUTO };
	struct progress progress;
	struct err err = { 0 };
	struct tlsdiag_error e;
	struct tlsdiag *run;
	int first, status;

	tlsdiag_options_init(&s.run);
	s.run.report = TLSDIAG_TEXT;
	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (first == argc)
		return complain_usage(self->name, "no capture is named");
	progress_start(
		&progress, s.run.report != TLSDIAG_TEXT || s.run.list != TLSDIAG_LIST_TELLING);
	s.run.out = stdout;
	s.run.color = terminal_color(s.color);
	s.run.utf8 = terminal_utf8();
	s.run.width = terminal_width();
	s.run.on_progress = progress.wanted ? on_progress : NULL;
	s.run.ctx = &progress;
	run = tlsdiag_open(&s.run, &e);
	if (run == NULL) {
		if (e.kind == TLSDIAG_BAD_OPTION)
			return complain_usage(self->name, e.message);
		complain("%s", e.message);
		return EXIT_INPUT;
	}
	status = diagnose(run, &progress, argv + first);
	tlsdiag_close(run);
	return status;
}

const struct command command_pcap = {
	.name = "pcap",
	.synopsis = "[OPTION]... FILE...",
	.summary = "diagnose every TLS handshake in captures",
	.text = "Reads pcap and pcapng files (-: standard input), finds TLS on any port, and says\n"
		"why handshakes failed, whose fault it is, and what to do.",
	.examples = "  tlsdiag pcap device.pcapng --ca ca.pem\n"
		    "  tlsdiag pcap --server 192.0.2.1:443 --name device.example monday.pcap "
		    "tuesday.pcap\n"
		    "  tcpdump -i eth0 -s 0 -U -w - tcp port 4433 | tlsdiag pcap --ndjson -",
	.options = &table,
	.run = run_pcap,
};
