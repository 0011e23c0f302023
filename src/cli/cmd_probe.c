/* `tlsdiag probe HOST[:PORT]...`: live handshakes, diagnosed like captured ones. */
#include "base/array.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "cli/code_list.h"
#include "cli/enumerate.h"
#include "cli/net_run.h"

#include "drive/target_list.h"
#include "names/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	TARGETS_MAX = 4096,
	PROTOCOLS_MAX = 16,
	ATTEMPTS_MAX = 64,
	JOBS_MAX = 64,
	BUDGET = 200,
	BUDGET_MAX = 10000,
	DELAY_MAX_MS = 60000,
};

/* The targets of a list, one after the other, each with its NUL. */
struct target_lines {
	char *text;
	size_t len;
};

struct settings {
	struct net_settings net; /* first */
	struct tlsdiag_probe_options probe;
	struct code_list suites, groups, schemes;
	char *alpn[PROTOCOLS_MAX + 1];
	const char *targets_file, *password_file, *psk_file;
	const char *keylog_file;
	struct text_file password, psk_text;
	struct target_lines listed;
	struct secret psk;
	const char *targets[TARGETS_MAX];
	size_t n_targets;
	char *pairs[TARGETS_MAX]; /* targets of two arguments each */
	size_t n_pairs;
	bool enumerate, isolate;
	struct survey_terms terms;
};

#define SET(field, member)                                                                         \
	static bool set_##field(void *settings, const char *value, struct err *e)                  \
	{                                                                                          \
		(void)e;                                                                           \
		((struct settings *)settings)->member = value;                                     \
		return true;                                                                       \
	}

SET(sni, probe.sni)
SET(cert, probe.cert)
SET(key, probe.key)
SET(password_file, password_file)
SET(psk, psk_file)
SET(psk_identity, probe.psk_identity)
SET(targets, targets_file)
SET(keylog, keylog_file)

static bool set_no_sni(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->probe.no_sni = true;
	return true;
}

static bool set_suites(void *settings, const char *value, struct err *e)
{
	return code_list_parse(
		"suites", &code_names_suites, value, &((struct settings *)settings)->suites, e);
}

static bool set_groups(void *settings, const char *value, struct err *e)
{
	return code_list_parse(
		"groups", &code_names_groups, value, &((struct settings *)settings)->groups, e);
}

static bool set_sigalgs(void *settings, const char *value, struct err *e)
{
	return code_list_parse(
		"sigalgs", &code_names_schemes, value, &((struct settings *)settings)->schemes, e);
}

static bool set_alpn(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;
	size_t n = 0;

	free(s->alpn[0]);
	s->alpn[0] = memory_text(value);
	if (s->alpn[0] == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	for (char *p = s->alpn[0], *next; p != NULL; p = next) {
		if (n == PROTOCOLS_MAX)
			return err_set(
				e, ERR_USAGE, 0, "--alpn takes at most %d names", PROTOCOLS_MAX);
		next = strchr(p, ',');
		if (next != NULL)
			*next++ = '\0';
		if (*p == '\0' || strlen(p) > 255) /* RFC 7301 3.1 */
			return err_set(e, ERR_USAGE, 0,
				"--alpn takes names of 1 to 255 bytes parted by commas, not '%s'",
				value);
		s->alpn[n++] = p;
	}
	s->alpn[n] = NULL;
	return true;
}

static bool version(const char *option, const char *value, uint16_t *out, struct err *e)
{
	int v = version_by_name(value);

	if (v < 0x0301 || v > 0x0304)
		return err_set(e, ERR_USAGE, 0,
			"--%s takes TLS1.0, TLS1.1, TLS1.2 or TLS1.3, not '%s'", option, value);
	*out = (uint16_t)v;
	return true;
}

static bool set_min_version(void *settings, const char *value, struct err *e)
{
	return version("min-version", value, &((struct settings *)settings)->probe.min_version, e);
}

static bool set_max_version(void *settings, const char *value, struct err *e)
{
	return version("max-version", value, &((struct settings *)settings)->probe.max_version, e);
}

static bool set_client(void *settings, const char *value, struct err *e)
{
	static const struct {
		const char *name;
		enum tlsdiag_client client;
	} clients[] = { { "diag", TLSDIAG_CLIENT_DIAG }, { "mbedtls", TLSDIAG_CLIENT_MBEDTLS },
		{ "both", TLSDIAG_CLIENT_BOTH } };

	for (size_t i = 0; i < COUNT(clients); i++) {
		if (strcmp(value, clients[i].name) == 0) {
			((struct settings *)settings)->probe.client = clients[i].client;
			return true;
		}
	}
	return err_set(e, ERR_USAGE, 0, "--client takes diag, mbedtls or both, not '%s'", value);
}

static bool set_max_fragment_length(void *settings, const char *value, struct err *e)
{
	unsigned n = 0;

	if (!number_parse("max-fragment-length", value, 512, 4096, &n, e))
		return false;
	if ((n & (n - 1)) != 0)
		return err_set(e, ERR_USAGE, 0,
			"--max-fragment-length takes 512, 1024, 2048 or 4096, not '%s'", value);
	((struct settings *)settings)->probe.max_fragment_length = n;
	return true;
}

static bool set_attempts(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;

	s->probe.insist = true;
	return number_parse("attempts", value, 1, ATTEMPTS_MAX, &s->probe.attempts, e);
}

static bool set_enumerate(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->enumerate = true;
	return true;
}

static bool set_isolate(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->isolate = true;
	return true;
}

static bool set_budget(void *settings, const char *value, struct err *e)
{
	return number_parse(
		"budget", value, 1, BUDGET_MAX, &((struct settings *)settings)->terms.budget, e);
}

static bool set_delay(void *settings, const char *value, struct err *e)
{
	return number_parse(
		"delay", value, 0, DELAY_MAX_MS, &((struct settings *)settings)->terms.delay_ms, e);
}

static bool set_jobs(void *settings, const char *value, struct err *e)
{
	return number_parse(
		"jobs", value, 1, JOBS_MAX, &((struct settings *)settings)->probe.jobs, e);
}

/* Whether a session is resumed shows only in a second handshake. */
static bool set_expect(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;

	s->probe.resume |= strncmp(value, "resumed", strlen("resumed")) == 0;
	return run_set_expect(settings, value, e);
}

static const struct option_spec specs[] = {
	{ .heading = "What you know",
		.name = "ca",
		.value = "FILE|DIR",
		.set = run_set_ca,
		.help = "certificates to trust (PEM or DER); without it any issuer will do" },
	{ .name = "name",
		.value = "NAME",
		.set = run_set_name,
		.help = "host name or address that the certificate must have (default: the "
			"target's host, when it is a name)" },
	{ .name = "expect",
		.value = "KEY=VALUE",
		.set = set_expect,
		.help = "what the server must be like: version=TLS1.2, 'days-left>=30', ...; may "
			"be given several times; man tlsdiag-probe lists the keys" },
	RUN_OPTION_CONFIG,
	RUN_OPTION_AT("now"),
	RUN_OPTION_EXPIRES_SOON,

	{ .heading = "What is offered",
		.name = "client",
		.value = "WHICH",
		.set = set_client,
		.help = "diag: tlsdiag's own, TLS 1.0 to 1.3, which reads on after a fault; "
			"mbedtls: the "
			"library's; both (default: diag, and mbedtls beside it on failure)" },
	{ .name = "sni",
		.value = "NAME",
		.set = set_sni,
		.help = "server_name to send (default: the target's host, when it is a name)" },
	{ .name = "no-sni", .set = set_no_sni, .help = "send no server_name" },
	{ .name = "min-version",
		.value = "VERSION",
		.set = set_min_version,
		.help = "lowest version to accept: TLS1.0, TLS1.1, TLS1.2, TLS1.3" },
	{ .name = "max-version",
		.value = "VERSION",
		.set = set_max_version,
		.help = "highest version to offer" },
	{ .name = "suites",
		.value = "LIST",
		.set = set_suites,
		.help = "cipher suites by name (TLS_ECDHE_..., TLS-ECDHE-...) or number, parted by "
			"commas" },
	{ .name = "groups",
		.value = "LIST",
		.set = set_groups,
		.help = "groups: x25519,secp256r1,..." },
	{ .name = "sigalgs",
		.value = "LIST",
		.set = set_sigalgs,
		.help = "signature schemes: ecdsa_secp256r1_sha256,...; of mbedTLS 2.28's "
			"client their hashes" },
	{ .name = "alpn",
		.value = "LIST",
		.set = set_alpn,
		.help = "application protocols: h2,http/1.1" },
	{ .name = "max-fragment-length",
		.value = "BYTES",
		.set = set_max_fragment_length,
		.help = "ask for records of at most 512, 1024, 2048 or 4096 bytes" },
	{ .name = "cert",
		.value = "FILE",
		.set = set_cert,
		.help = "the client's own certificate, with its chain" },
	{ .name = "key",
		.value = "FILE",
		.set = set_key,
		.help = "its private key (default: in the file of --cert)" },
	{ .name = "key-password-file",
		.value = "FILE",
		.set = set_password_file,
		.help = "the first line is the password of that key" },
	{ .name = "psk",
		.value = "FILE",
		.set = set_psk,
		.help = "pre-shared key: a file with its bytes in hex" },
	{ .name = "psk-identity",
		.value = "TEXT",
		.set = set_psk_identity,
		.help = "its name (default: Client_identity)" },

	NET_OPTIONS,

	{ .heading = "What is done",
		.name = "enumerate",
		.set = set_enumerate,
		.help = "not one handshake but all that the server takes: versions, suites, "
			"groups, "
			"schemes, extensions, in its order" },
	{ .name = "isolate",
		.set = set_isolate,
		.help = "the smallest part of the ClientHello without which a handshake that fails "
			"completes" },
	{ .name = "budget",
		.value = "N",
		.set = set_budget,
		.help = "of these two: most connections to a target (default 200)" },
	{ .name = "delay",
		.value = "MS",
		.set = set_delay,
		.help = "of these two: milliseconds of rest before each connection (default 0)" },
	{ .name = "attempts",
		.value = "N",
		.set = set_attempts,
		.help = "handshakes in all while they fail (default 3, or 1 where no answer "
			"comes)" },
	{ .name = "targets",
		.value = "FILE",
		.set = set_targets,
		.help = "more targets: a file with one on each line (#: a remark)" },
	{ .name = "jobs",
		.value = "N",
		.set = set_jobs,
		.help = "targets probed at the same time (default 8)" },
	RUN_OPTION_DEEP,

	NET_OPTION_WRITE_PCAP,
	{ .name = "keylog",
		.value = "FILE",
		.set = set_keylog,
		.help = "keep the session secrets, for programs that decrypt that capture" },
	RUN_OPTIONS_OUTPUT,
};

static const struct option_table table = { specs, COUNT(specs) };

/* ---- the files that options name ---- */

static bool add_target(struct settings *s, const char *target, struct err *e)
{
	struct tlsdiag_error bad;

	if (s->n_targets == TARGETS_MAX)
		return err_set(e, ERR_USAGE, 0, "more than '%d' targets are named", TARGETS_MAX);
	if (!tlsdiag_target_valid(target, &bad))
		return err_set(e, ERR_USAGE, 0, "%s", bad.message);
	s->targets[s->n_targets++] = target;
	return true;
}

/* "localhost 4433": a host and, as an argument of its own, its port. */
static bool add_pair(
	struct settings *s, const char *host, const char *port, bool *is, struct err *e)
{
	char text[NET_TARGET_MAX];

	*is = net_target_pair(host, port, text);
	if (!*is)
		return true;
	s->pairs[s->n_pairs] = memory_text(text);
	if (s->pairs[s->n_pairs] == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	return add_target(s, s->pairs[s->n_pairs++], e);
}

static bool add_targets(struct settings *s, char **args, int n, struct err *e)
{
	for (int i = 0; i < n; i++) {
		bool pair = false;

		if (i + 1 < n && s->n_pairs < TARGETS_MAX &&
			!add_pair(s, args[i], args[i + 1], &pair, e))
			return false;
		if (pair)
			i++;
		else if (!add_target(s, args[i], e))
			return false;
	}
	return true;
}

/* Each is shorter than the line it stands on, so the text has room for all. */
static bool take_targets(struct settings *s, struct bytes text, struct err *e)
{
	struct target_list list = { text, 0 };
	char one[TARGET_LINE_MAX];

	s->listed.text = memory_get(text.len + 1);
	if (s->listed.text == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	while (target_list_next(&list, one, e)) {
		char *kept = s->listed.text + s->listed.len;

		if (one[0] == '\0')
			return true;
		memcpy(kept, one, strlen(one) + 1);
		s->listed.len += strlen(one) + 1;
		if (!add_target(s, kept, e))
			return false;
	}
	return false;
}

static bool read_targets(struct settings *s, struct err *e)
{
	struct secret text;
	bool ok;

	if (s->targets_file == NULL)
		return true;
	if (!file_read(s->targets_file, &file_kind_targets, &text, e))
		return err_context(e, "--targets");
	ok = take_targets(s, bytes_of(text.data, text.len), e);
	secret_wipe(&text);
	return ok || err_context(e, "--targets");
}

static bool read_password(struct settings *s, struct err *e)
{
	if (s->password_file == NULL)
		return true;
	if (!text_file_read(s->password_file, &file_kind_password, &s->password, e))
		return err_context(e, "--key-password-file");
	s->probe.key_password = text_file_line(&s->password);
	return true;
}

static bool read_psk(struct settings *s, struct err *e)
{
	if (s->psk_file == NULL)
		return true;
	if (!text_file_read(s->psk_file, &file_kind_psk, &s->psk_text, e))
		return err_context(e, "--psk");
	if (!text_file_hex(&s->psk_text, &s->psk))
		return err_set(e, ERR_INPUT, 0, "--psk: the file does not hold bytes in hex");
	s->probe.psk = s->psk.data;
	s->probe.psk_len = s->psk.len;
	if (s->probe.psk_identity == NULL)
		s->probe.psk_identity = "Client_identity";
	return true;
}

/* Its report is one of its own, and what is offered it chooses itself. */
static bool survey_fits(const struct settings *s)
{
	const struct run_settings *run = &s->net.run;

	return run->run.report != TLSDIAG_NDJSON && run->junit == NULL && run->sarif == NULL &&
	       run->run.n_expect == 0 && s->suites.n == 0 && s->groups.n == 0 &&
	       s->schemes.n == 0 && s->alpn[0] == NULL && s->psk_file == NULL &&
	       s->probe.max_fragment_length == 0 && run->run.ca == NULL && run->run.name == NULL &&
	       run->run.config == NULL && !run->run.has_at && !s->probe.insist &&
	       s->probe.client == TLSDIAG_CLIENT_DEFAULT;
}

/* An option that would be ignored is a mistake. */
static bool options_fit(const struct settings *s, struct err *e)
{
	if (s->probe.key != NULL && s->probe.cert == NULL)
		return err_set(e, ERR_USAGE, 0, "--key goes with --cert, which is not given");
	if (s->password_file != NULL && s->probe.cert == NULL)
		return err_set(e, ERR_USAGE, 0,
			"--key-password-file goes with --cert and --key, which are not given");
	if (s->probe.psk_identity != NULL && s->psk_file == NULL)
		return err_set(
			e, ERR_USAGE, 0, "--psk-identity goes with --psk, which is not given");
	if (!s->enumerate && !s->isolate && (s->terms.delay_ms != 0 || s->terms.budget != BUDGET))
		return err_set(e, ERR_USAGE, 0,
			"--budget and --delay go with --enumerate or --isolate, which are not "
			"given");
	if (s->enumerate && s->isolate)
		return err_set(e, ERR_USAGE, 0, "--enumerate and --isolate do not go together");
	if ((s->enumerate || s->isolate) && !survey_fits(s))
		return err_set(e, ERR_USAGE, 0,
			"%s asks and judges nothing: no report but text and --json goes with it, "
			"no --ca, --name, --config, --at, --expect, --client or --attempts, and "
			"no list of what is offered",
			s->enumerate ? "--enumerate" : "--isolate");
	if (s->probe.sni != NULL && s->probe.no_sni)
		return err_set(e, ERR_USAGE, 0, "--sni and --no-sni do not go together");
	return true;
}

static bool read_files(struct settings *s, struct err *e)
{
	return read_targets(s, e) && read_password(s, e) && read_psk(s, e);
}

static void take_lists(struct settings *s)
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

static void settings_close(struct settings *s)
{
	free(s->alpn[0]);
	free(s->listed.text);
	while (s->n_pairs != 0)
		free(s->pairs[--s->n_pairs]);
	text_file_close(&s->password);
	text_file_close(&s->psk_text);
	secret_wipe(&s->psk);
}

/* ---- the run ---- */

static bool talk(void *settings, struct tlsdiag *run, size_t *unreached, struct tlsdiag_error *e)
{
	struct settings *s = settings;

	return tlsdiag_probe(run, &s->probe, s->targets, s->n_targets, unreached, e);
}

static void inputs(const void *settings, struct file_guard *g)
{
	const struct settings *s = settings;

	guard_reads(g, "--cert reads", s->probe.cert);
	guard_reads(g, "--key reads", s->probe.key);
	guard_reads(g, "--key-password-file reads", s->password_file);
	guard_reads(g, "--psk reads", s->psk_file);
	guard_reads(g, "--targets reads", s->targets_file);
}

static int question(void *settings, bool *done)
{
	const struct settings *s = settings;
	const struct enumerate_work work = { .net = &s->net,
		.probe = &s->probe,
		.terms = s->terms,
		.isolate = s->isolate,
		.targets = s->targets,
		.n_targets = s->n_targets };

	return enumerate_targets(&work, done);
}

static int probe(const struct command *self, struct settings *s)
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
	struct settings *s = memory_zeroed(1, sizeof *s);
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
	ok = options_parse(&table, argc, argv, s, &first, &e) &&
	     (s->net.run.help || (options_fit(s, &e) && read_files(s, &e)));
	ok = ok && (s->net.run.help || add_targets(s, argv + first, argc - first, &e));
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
	settings_close(s);
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
	.options = &table,
	.run = run_probe,
};
