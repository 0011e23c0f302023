/* The options of `tlsdiag probe`, and which of them go together. */
#include "base/array.h"
#include "base/memory.h"
#include "cli/probe_settings.h"
#include "names/names.h"

#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS_MAX = 64, JOBS_MAX = 64, BUDGET_MAX = 10000, DELAY_MAX_MS = 60000 };

#define SET(field, member)                                                                         \
	static bool set_##field(void *settings, const char *value, struct err *e)                  \
	{                                                                                          \
		(void)e;                                                                           \
		((struct probe_settings *)settings)->member = value;                               \
		return true;                                                                       \
	}

SET(sni, probe.sni)
SET(psk, psk_file)
SET(psk_identity, probe.psk_identity)
SET(targets, targets_file)
SET(keylog, keylog_file)

static bool set_no_sni(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct probe_settings *)settings)->probe.no_sni = true;
	return true;
}

static bool set_suites(void *settings, const char *value, struct err *e)
{
	return code_list_parse("suites", &code_names_suites, value,
		&((struct probe_settings *)settings)->suites, e);
}

static bool set_groups(void *settings, const char *value, struct err *e)
{
	return code_list_parse("groups", &code_names_groups, value,
		&((struct probe_settings *)settings)->groups, e);
}

static bool set_sigalgs(void *settings, const char *value, struct err *e)
{
	return code_list_parse("sigalgs", &code_names_schemes, value,
		&((struct probe_settings *)settings)->schemes, e);
}

static bool set_alpn(void *settings, const char *value, struct err *e)
{
	struct probe_settings *s = settings;
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
	return version(
		"min-version", value, &((struct probe_settings *)settings)->probe.min_version, e);
}

static bool set_max_version(void *settings, const char *value, struct err *e)
{
	return version(
		"max-version", value, &((struct probe_settings *)settings)->probe.max_version, e);
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
			((struct probe_settings *)settings)->probe.client = clients[i].client;
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
	((struct probe_settings *)settings)->probe.max_fragment_length = n;
	return true;
}

static bool set_attempts(void *settings, const char *value, struct err *e)
{
	struct probe_settings *s = settings;

	s->probe.insist = true;
	return number_parse("attempts", value, 1, ATTEMPTS_MAX, &s->probe.attempts, e);
}

static bool set_enumerate(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct probe_settings *)settings)->enumerate = true;
	return true;
}

static bool set_isolate(void *settings, const char *value, struct err *e)
{
	struct probe_settings *s = settings;

	s->isolate = true;
	if (value == NULL)
		return true;
	s->terms.always = strcmp(value, "always") == 0;
	return s->terms.always || isolate_ends_parse(value, &s->terms.ends) ||
	       err_set(e, ERR_USAGE, 0,
		       "--isolate takes nothing, =always, or two ClientHellos such as "
		       "=openssl-3:mbedtls-2.28, not '%.40s'",
		       value);
}

static bool set_hello(void *settings, const char *value, struct err *e)
{
	struct tlsdiag_error bad;

	((struct probe_settings *)settings)->probe.hello = value;
	return tlsdiag_hello_valid(value, &bad) ||
	       err_set(e, ERR_USAGE, 0, "--hello: %s", bad.message);
}

static bool set_budget(void *settings, const char *value, struct err *e)
{
	return number_parse("budget", value, 1, BUDGET_MAX,
		&((struct probe_settings *)settings)->terms.budget, e);
}

static bool set_delay(void *settings, const char *value, struct err *e)
{
	return number_parse("delay", value, 0, DELAY_MAX_MS,
		&((struct probe_settings *)settings)->terms.delay_ms, e);
}

static bool set_jobs(void *settings, const char *value, struct err *e)
{
	return number_parse(
		"jobs", value, 1, JOBS_MAX, &((struct probe_settings *)settings)->probe.jobs, e);
}

/* Whether a session is resumed shows only in a second handshake. */
static bool set_expect(void *settings, const char *value, struct err *e)
{
	struct probe_settings *s = settings;

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
	{ .name = "hello",
		.value = "STACK",
		.set = set_hello,
		.help = "the ClientHello of a known stack, as that sends it: openssl-3, "
			"mbedtls-2.28, "
			"gnutls, go, java, chrome, ...; man tlsdiag-probe lists them" },
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
	NET_OPTIONS_CREDENTIAL,
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
		.value = "A:B",
		.optional = true,
		.set = set_isolate,
		.help = "the smallest change of the ClientHello with which a handshake that fails "
			"completes; between those of two stacks (openssl-3:mbedtls-2.28); =always: "
			"also of any known stack's that fails" },
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

const struct option_table probe_options = { specs, COUNT(specs) };

/* ---- together ---- */

/* Its report is one of its own, and what is offered it chooses itself. */
static bool survey_fits(const struct probe_settings *s)
{
	const struct run_settings *run = &s->net.run;

	return run->run.report != TLSDIAG_NDJSON && run->junit == NULL && run->sarif == NULL &&
	       run->run.n_expect == 0 && s->suites.n == 0 && s->groups.n == 0 &&
	       s->schemes.n == 0 && s->alpn[0] == NULL && s->psk_file == NULL &&
	       s->probe.max_fragment_length == 0 && run->run.ca == NULL && run->run.name == NULL &&
	       run->run.config == NULL && !run->run.has_at && !s->probe.insist &&
	       s->probe.client == TLSDIAG_CLIENT_DEFAULT;
}

bool probe_options_fit(const struct probe_settings *s, struct err *e)
{
	if (!net_credential_fits(&s->net, e))
		return false;
	if (s->probe.psk_identity != NULL && s->psk_file == NULL)
		return err_set(
			e, ERR_USAGE, 0, "--psk-identity goes with --psk, which is not given");
	if (!s->enumerate && !s->isolate && (s->terms.delay_ms != 0 || s->terms.budget != BUDGET))
		return err_set(e, ERR_USAGE, 0,
			"--budget and --delay go with --enumerate or --isolate, which are not "
			"given");
	if (s->probe.hello != NULL && s->probe.client != TLSDIAG_CLIENT_DEFAULT &&
		s->probe.client != TLSDIAG_CLIENT_DIAG)
		return err_set(e, ERR_USAGE, 0,
			"--hello is for tlsdiag's own client: --client mbedtls and both do not go "
			"with it");
	if (s->probe.hello != NULL && (s->enumerate || s->terms.ends.one != NULL))
		return err_set(e, ERR_USAGE, 0,
			"--hello does not go with %s, which chooses its own",
			s->enumerate ? "--enumerate" : "--isolate A:B");
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
