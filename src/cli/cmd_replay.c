/* `tlsdiag replay FILE HOST[:PORT]`: a captured ClientHello sent again, and the answers compared. */
#include "cli/net_run.h"

#include "base/array.h"

#include <errno.h>
#include <stdlib.h>

enum { TIMES_MAX = 64 };

struct settings {
	struct net_settings net; /* first */
	struct tlsdiag_replay_options replay;
	const char *target;
	char pair[NET_TARGET_MAX]; /* a target of two arguments */
};

static bool set_handshake(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;
	char *end;

	errno = 0;
	s->replay.handshake = strtoull(value, &end, 10);
	if (errno == 0 && *value >= '0' && *value <= '9' && *end == '\0' &&
		s->replay.handshake != 0)
		return true;
	return err_set(e, ERR_USAGE, 0, "--handshake takes the number of one, not '%s'", value);
}

static bool set_times(void *settings, const char *value, struct err *e)
{
	return number_parse(
		"times", value, 1, TIMES_MAX, &((struct settings *)settings)->replay.times, e);
}

static bool set_as_is(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->replay.form = TLSDIAG_REPLAY_AS_IS;
	return true;
}

static bool set_rekeyed(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->replay.form = TLSDIAG_REPLAY_REKEYED;
	return true;
}

static const struct option_spec specs[] = {
	RUN_OPTIONS_TRUST,
	RUN_OPTION_CONFIG,
	RUN_OPTION_KEYLOG,
	RUN_OPTION_AT("the packet's"),
	RUN_OPTION_EXPIRES_SOON,
	NET_OPTIONS_CREDENTIAL,

	{ .heading = "What is done",
		.name = "handshake",
		.value = "N",
		.set = set_handshake,
		.help = "send the hello of this handshake of the capture (default: the first that "
			"failed)" },
	{ .name = "times",
		.value = "N",
		.set = set_times,
		.help = "send it so often, for the causes that several answers prove (default 1)" },
	{ .name = "as-is",
		.set = set_as_is,
		.help = "send it byte for byte and read the first flight (default, but for TLS "
			"1.3)" },
	{ .name = "rekeyed",
		.set = set_rekeyed,
		.help = "send it with a random and key shares of our own, all else as it was, and "
			"go on to the end (default where it offers TLS 1.3)" },
	RUN_OPTION_DEEP,

	NET_OPTIONS,

	NET_OPTION_WRITE_PCAP,
	RUN_OPTIONS_OUTPUT,
};

static const struct option_table table = { specs, COUNT(specs) };

/* A hello that is answered well leaves a handshake that nobody completes. */
static int judge(const struct tlsdiag *run, int status)
{
	if (status != EXIT_WELL && status != EXIT_NOTHING)
		return status;
	if (tlsdiag_replay_open(run))
		return EXIT_NOTHING;
	return tlsdiag_replay_well(run) ? EXIT_WELL : EXIT_PROBLEM;
}

static bool talk(void *settings, struct tlsdiag *run, size_t *unreached, struct tlsdiag_error *e)
{
	struct settings *s = settings;

	return tlsdiag_replay(run, &s->replay, s->target, unreached, e);
}

static void inputs(const void *settings, struct file_guard *g)
{
	const struct settings *s = settings;

	guard_reads(g, "is to be read", s->replay.file);
	net_credential_guard(&s->net, g);
}

/* FILE HOST[:PORT], or FILE HOST PORT. */
static bool take_operands(struct settings *s, char **args, int n)
{
	if (n < 2 || n > 3 || (n == 3 && !net_target_pair(args[1], args[2], s->pair)))
		return false;
	s->replay.file = args[0];
	s->target = n == 3 ? s->pair : args[1];
	return true;
}

/* A certificate is shown by who goes on to the end. */
static bool options_fit(struct settings *s, struct err *e)
{
	if (!net_credential_fits(&s->net, e))
		return false;
	if (s->net.cert != NULL && s->replay.form == TLSDIAG_REPLAY_AS_IS)
		return err_set(e, ERR_USAGE, 0,
			"--cert needs keys of our own (--rekeyed): a hello that is sent --as-is "
			"is not gone on with");
	if (s->net.cert != NULL)
		s->replay.form = TLSDIAG_REPLAY_REKEYED;
	return true;
}

static void take_settings(struct settings *s)
{
	s->replay.cert = s->net.cert;
	s->replay.key = s->net.key;
	s->replay.starttls = s->net.starttls;
	s->replay.proxy = s->net.proxy;
	s->replay.family = s->net.family;
	s->replay.connect_ms = s->net.connect_ms;
	s->replay.timeout_ms = s->net.timeout_ms;
	s->replay.deadline_ms = s->net.deadline_ms;
}

static int replay(const struct command *self, struct settings *s)
{
	const struct net_work work = { .talk = talk,
		.judge = judge,
		.inputs = inputs,
		.outputs = { { "--write-pcap", s->net.pcap_file, 0644, &s->replay.pcap } } };
	struct err e = { 0 };
	int status;

	take_settings(s);
	if (!net_password_read(&s->net, &s->replay.key_password, &e)) {
		complain("%s", e.msg);
		return EXIT_INPUT;
	}
	status = net_run(self, s, &work);
	net_settings_close(&s->net);
	return status;
}

static int run_replay(const struct command *self, int argc, char **argv)
{
	struct settings s;
	struct err e = { 0 };
	int first;

	tlsdiag_replay_options_init(&s.replay);
	net_settings_init(&s.net);
	if (!options_parse(&table, argc, argv, &s, &first, &e))
		return complain_usage(self->name, e.msg);
	if (s.net.run.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (!options_fit(&s, &e))
		return complain_usage(self->name, e.msg);
	if (!take_operands(&s, argv + first, argc - first))
		return complain_usage(self->name,
			argc == first ? "no file and no target are named"
				      : "it takes a file and a target: FILE HOST[:PORT]");
	return replay(self, &s);
}

const struct command command_replay = {
	.name = "replay",
	.synopsis = "[OPTION]... FILE HOST[:PORT]",
	.summary = "send a captured ClientHello again and compare the answers",
	.text = "Sends the ClientHello of a captured handshake (or one that FILE holds as bytes\n"
		"or in hex): byte for byte, or in TLS 1.3 with keys of its own, so that all of\n"
		"the answer can be read. Diagnoses the answer, and puts it beside the captured\n"
		"one: what changed, and what did not.",
	.examples = "  tlsdiag replay monday.pcap 192.0.2.254:4433 --ca ca.pem\n"
		    "  tlsdiag replay --handshake 7 --times 5 monday.pcap device.example:4433\n"
		    "  tlsdiag replay monday.pcap device.example:4433 --cert client.pem\n"
		    "  tlsdiag replay hello.hex 192.0.2.254:4433 --write-pcap answer.pcap",
	.status = "0 it answers well, 1 it does not, or a problem was found,\n"
		  "2 the command line is wrong, 3 the target was not reached, or a file not read\n"
		  "or written, 4 it cannot be told: TLS 1.3 hides it, or the client refused the\n"
		  "same answer before.",
	.options = &table,
	.run = run_replay,
};
