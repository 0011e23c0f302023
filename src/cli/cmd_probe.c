/* `tlsdiag probe HOST[:PORT]...`: live handshakes, diagnosed like captured ones. */
#include "base/memory.h"
#include "cli/net_run.h"
#include "cli/probe_settings.h"

#include <stdlib.h>

static void take_lists(struct probe_settings *s)
{
	s->probe.starttls = s->net.starttls;
	s->probe.proxy = s->net.proxy;
	s->probe.family = s->net.family;
	s->probe.connect_ms = s->net.connect_ms;
	s->probe.timeout_ms = s->net.timeout_ms;
	s->probe.deadline_ms = s->net.deadline_ms;
	s->probe.suites = s->suites.codes;
	s->probe.n_suites = s->suites.n;
	s->probe.groups = s->groups.codes;
	s->probe.n_groups = s->groups.n;
	s->probe.schemes = s->schemes.codes;
	s->probe.n_schemes = s->schemes.n;
	s->probe.alpn = s->alpn[0] != NULL ? (const char *const *)s->alpn : NULL;
}

/* ---- the run ---- */

static bool talk(void *settings, struct tlsdiag *run, size_t *unreached, struct tlsdiag_error *e)
{
	struct probe_settings *s = settings;

	return tlsdiag_probe(run, &s->probe, s->targets, s->n_targets, unreached, e);
}

static void inputs(const void *settings, struct file_guard *g)
{
	const struct probe_settings *s = settings;

	net_credential_guard(&s->net, g);
	guard_reads(g, "--psk reads", s->psk_file);
	guard_reads(g, "--targets reads", s->targets_file);
}

static int question(void *settings, bool *done)
{
	const struct probe_settings *s = settings;
	const struct enumerate_work work = { .net = &s->net,
		.probe = &s->probe,
		.terms = s->terms,
		.isolate = s->isolate,
		.targets = s->targets,
		.n_targets = s->n_targets };

	return enumerate_targets(&work, done);
}

static int probe(const struct command *self, struct probe_settings *s)
{
	const struct net_work work = { .talk = talk,
		.instead = s->enumerate || s->isolate ? question : NULL,
		.inputs = inputs,
		.outputs = { { "--write-pcap", s->net.pcap_file, 0644, &s->probe.pcap },
			{ "--keylog", s->keylog_file, 0600, &s->probe.keylog } } };

	take_lists(s);
	return net_run(self, s, &work);
}

static int run_probe(const struct command *self, int argc, char **argv)
{
	struct probe_settings *s = memory_new(sizeof *s);
	struct err e = { 0 };
	int first = 0, status = EXIT_WELL;
	bool ok;

	if (s == NULL) {
		complain("out of memory");
		return EXIT_INPUT;
	}
	tlsdiag_probe_options_init(&s->probe);
	s->terms.budget = BUDGET;
	net_settings_init(&s->net);
	ok = options_parse(&probe_options, argc, argv, s, &first, &e) &&
	     (s->net.run.help || (probe_options_fit(s, &e) && probe_read_files(s, &e)));
	ok = ok && (s->net.run.help || probe_add_targets(s, argv + first, argc - first, &e));
	if (ok && !s->net.run.help && s->n_targets == 0)
		ok = err_set(&e, ERR_USAGE, 0, "no target is named");
	if (ok && s->net.run.help) {
		command_help(self);
	} else if (ok) {
		status = probe(self, s);
	} else if (e.code == ERR_USAGE) {
		status = complain_usage(self->name, e.msg);
	} else {
		complain("%s", e.msg);
		status = EXIT_INPUT;
	}
	probe_settings_close(s);
	free(s);
	return status;
}

const struct command command_probe = {
	.name = "probe",
	.synopsis = "[OPTION]... HOST[:PORT]...",
	.summary = "drive a TLS handshake with a server and diagnose it",
	.text = "Connects (port 443 where none is given), shakes hands, and diagnoses what was\n"
		"said like a capture. A failure is repeated, for the causes that several\n"
		"handshakes prove. HOST PORT and https://HOST:PORT/ will do, too.",
	.examples = "  tlsdiag probe 192.0.2.254:4433 --ca ca.pem --name device.example\n"
		    "  tlsdiag probe device.example --cert client.pem --key client.key\n"
		    "  tlsdiag probe device.example:8883 --max-version TLS1.2 --write-pcap p.pcap\n"
		    "  tlsdiag probe mail.example:587 --starttls smtp --expect version=TLS1.2 \\\n"
		    "      --expect 'days-left>=30' --fail-on warning\n"
		    "  tlsdiag probe --isolate device.example:4433\n"
		    "  tlsdiag probe --enumerate device.example:4433\n"
		    "  tlsdiag probe --targets devices.txt --jobs 16 --json",
	.status = "0 all is well, 1 a problem was found or an expectation not met,\n"
		  "2 the command line is wrong, 3 a target was not reached, or a file not read or\n"
		  "written, 4 there was nothing to judge.",
	.options = &probe_options,
	.run = run_probe,
};
