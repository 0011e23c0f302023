/* `tlsdiag check`: certificates, keys and CA against each other, without a network. */
#include "base/array.h"
#include "base/memory.h"
#include "cli/choice.h"
#include "cli/confine.h"
#include "cli/file_guard.h"
#include "cli/run_files.h"

#include "base/file.h"
#include "report/files/report.h"
#include "sandbox/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { GIVEN_MAX = 256 };

struct given_file {
	enum given_as as;
	const char *path;
};

struct settings {
	struct run_settings common; /* of the run: name, time, form of the report */
	struct given_file given[GIVEN_MAX];
	size_t n_given;
	const char *password_file;
	enum purpose purpose;
};

static bool add(struct settings *s, enum given_as as, const char *path, struct err *e)
{
	if (s->n_given == GIVEN_MAX)
		return err_set(e, ERR_USAGE, 0, "more than '%d' files are named: name a folder",
			GIVEN_MAX);
	s->given[s->n_given++] = (struct given_file){ as, path };
	return true;
}

static bool set_cert(void *settings, const char *value, struct err *e)
{
	return add(settings, FOR_CERT, value, e);
}

static bool set_chain(void *settings, const char *value, struct err *e)
{
	return add(settings, FOR_CHAIN, value, e);
}

static bool set_key(void *settings, const char *value, struct err *e)
{
	return add(settings, FOR_KEY, value, e);
}

static bool set_ca(void *settings, const char *value, struct err *e)
{
	return add(settings, FOR_CA, value, e);
}

static bool set_password_file(void *settings, const char *value, struct err *e)
{
	(void)e;
	((struct settings *)settings)->password_file = value;
	return true;
}

static bool set_purpose(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "server", PURPOSE_SERVER },
		{ "client", PURPOSE_CLIENT } };
	struct settings *s = settings;
	int chosen = PURPOSE_SERVER;
	bool ok = choice_parse("purpose", choices, 2, value, &chosen, e);

	s->purpose = (enum purpose)chosen;
	return ok;
}

static const struct option_spec specs[] = {
	{ .heading = "What is checked",
		.name = "cert",
		.value = "FILE",
		.set = set_cert,
		.help = "certificate, and what is sent behind it (PEM or DER)" },
	{ .name = "chain",
		.value = "FILE",
		.set = set_chain,
		.help = "intermediates that are sent behind the certificate" },
	{ .name = "key",
		.value = "FILE",
		.set = set_key,
		.help = "private key of the certificate; only its public half is kept" },
	{ .name = "key-password-file",
		.value = "FILE",
		.set = set_password_file,
		.help = "file whose first line opens encrypted keys" },
	{ .name = "ca",
		.value = "FILE|DIR",
		.set = set_ca,
		.help = "certificates that the other side trusts" },

	{ .heading = "Against what",
		.name = "name",
		.value = "NAME",
		.set = run_set_name,
		.help = "host name or address that the certificate must have" },
	{ .name = "purpose",
		.value = "ROLE",
		.set = set_purpose,
		.help = "whose certificate it is: server (default) or client" },
	RUN_OPTION_CONFIG,
	RUN_OPTION_AT("now"),
	RUN_OPTION_EXPIRES_SOON,

	{ .heading = "What is written",
		.name = "json",
		.set = run_set_json,
		.help = "one JSON document" },
	RUN_OPTIONS_CI,
	{ .name = "color",
		.value = "WHEN",
		.set = run_set_color,
		.help = "auto (default: on a terminal, unless NO_COLOR is set), always, never" },
	RUN_OPTION_NO_SANDBOX,
	{ .name = "help", .letter = 'h', .set = run_set_help, .help = "show this help" },
};

static const struct option_table table = { specs, COUNT(specs) };

/* ---- reading ---- */

struct run {
	const struct settings *settings;
	struct material material;
	struct trust *trust;
	struct secret password;
	struct config *config; /* --config; NULL: none */
	struct config_reading reading;
	const char *names[GIVEN_MAX];
	const char *unread[GIVEN_MAX + 1]; /* why a file could not be read */
	size_t n_unread;
	struct run_files also;
};

/* The first line, without its end, as a string. */
static bool read_password(struct run *r, struct err *e)
{
	if (r->settings->password_file == NULL)
		return true;
	if (!file_read(r->settings->password_file, &file_kind_password, &r->password, e))
		return err_context(e, "--key-password-file");
	r->password.data[strcspn((const char *)r->password.data, "\r\n")] = '\0';
	return true;
}

static bool read_config(struct run *r, struct err *e)
{
	const char *path = r->settings->common.run.config;

	if (path == NULL)
		return true;
	r->config = config_open(path, e);
	return (r->config != NULL && config_reading_of(r->config, &r->reading, e)) ||
	       err_context(e, "--config");
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A folder of CAs is what a system keeps: it is trusted, and not looked at for its form. */
static bool read_ca_folder(struct run *r, const char *path, struct err *e)
{
	if (r->trust != NULL)
		return err_set(e, ERR_USAGE, 0, "a folder of --ca goes with no other --ca");
	r->trust = trust_open(path, e);
	return r->trust != NULL;
}

static bool trust_items(struct run *r, size_t first, struct err *e)
{
	if (r->trust == NULL && (r->trust = trust_new()) == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	for (size_t i = first; i < r->material.n_items; i++) {
		const struct item *it = &r->material.items[i];

		if (it->kind == ITEM_CERT && it->cert != NULL && it->cert->parsed &&
			!trust_add(r->trust, it->cert->der))
			return err_set(e, ERR_MEMORY, 0, "out of memory");
	}
	return true;
}

static bool read_one(struct run *r, const struct given_file *g, struct err *e)
{
	const char *password = (const char *)r->password.data;
	size_t first = r->material.n_items;

	if (g->as == FOR_CA && is_folder(g->path))
		return read_ca_folder(r, g->path, e);
	return material_read(&r->material, g->path, g->as, password, e) &&
	       (g->as != FOR_CA || trust_items(r, first, e));
}

static void note_unread(struct run *r, const char *text)
{
	const char *why = arena_str(r->material.arena, text);

	complain("%s", text);
	r->unread[r->n_unread++] = why != NULL ? why : "a file cannot be read";
}

/* What cannot be read is told; the rest is checked all the same. After a file that broke the sandbox
 * no more are read. */
static void read_all(struct run *r)
{
	struct err e = { 0 };
	bool stopped = false;

	r->material.stop = sandbox_broken;
	for (size_t i = 0; i < r->settings->n_given; i++) {
		r->names[i] = r->settings->given[i].path;
		if (stopped || read_one(r, &r->settings->given[i], &e))
			continue;
		note_unread(r, e.msg);
		stopped = sandbox_broken() != NULL;
	}
	if (!stopped && sandbox_broken() != NULL)
		note_unread(r, sandbox_broken());
	secret_wipe(&r->password);
}

/* ---- judging ---- */

/* Why has been told then, and there is nothing to report on standard output. */
static bool nothing_read(const struct run *r)
{
	return r->material.n_files == 0 && r->n_unread != 0;
}

static bool write_reports(struct run *r, const struct files_report *fr, struct err *e)
{
	const struct tlsdiag_options *run = &r->settings->common.run;
	struct report_options o = { .color = run->color, .utf8 = run->utf8, .width = run->width };

	for (size_t i = 0; i < r->also.n; i++) {
		const struct tlsdiag_output *also = &r->also.outputs[i];

		o.form = also->form == TLSDIAG_JUNIT ? REPORT_JUNIT : REPORT_SARIF;
		if (!files_report(also->out, &o, fr, e))
			return false;
	}
	o.form = run->report == TLSDIAG_JSON ? REPORT_JSON : REPORT_TEXT;
	return nothing_read(r) || files_report(stdout, &o, fr, e);
}

static int status_of(const struct run *r, const struct files_verdict *v)
{
	if (r->n_unread != 0)
		return EXIT_INPUT;
	if (v->errors != 0 || (r->settings->common.run.warnings_fail && v->warnings != 0))
		return EXIT_PROBLEM;
	for (size_t i = 0; i < r->material.n_items; i++)
		if (r->material.items[i].kind != ITEM_OTHER)
			return EXIT_WELL;
	return EXIT_NOTHING;
}

static int report(struct run *r, const struct files_question *q, const struct files_verdict *v)
{
	struct files_report fr = { .question = q,
		.verdict = v,
		.names = r->names,
		.n_names = r->settings->n_given,
		.unread = r->unread,
		.n_unread = r->n_unread,
		.warnings_fail = r->settings->common.run.warnings_fail,
		.crypto_version = crypto_library_version() };
	struct err e = { 0 };

	if (write_reports(r, &fr, &e))
		return run_files_commit(&r->also, status_of(r, v));
	return run_files_not_written(&r->also, e.code == ERR_OS ? e.detail : 0, e.msg);
}

static int judge(struct run *r)
{
	const struct settings *s = r->settings;
	const struct tlsdiag_options *run = &s->common.run;
	struct credentials credentials;
	struct files_verdict verdict = { .findings = NULL };
	struct credential_question cq = { r->trust, run->has_at ? run->at : (int64_t)time(NULL),
		run->name, s->purpose };
	struct presented_chains chains;
	struct files_question q = { &r->material, &credentials, &chains, r->trust, cq.at, run->name,
		s->purpose, run->expires_soon, r->config != NULL ? &r->reading : NULL,
		run->config };
	int status = EXIT_INPUT;

	if (!credentials_judge(&r->material, &cq, &credentials)) {
		complain("out of memory: nothing is concluded");
		return status;
	}
	if (!presented_read(&r->material, &credentials, &cq, &chains)) {
		complain("out of memory: nothing is concluded");
		credentials_free(&credentials);
		return status;
	}
	if (files_judge(&q, r->material.arena, &verdict) && memory_failures() == 0)
		status = report(r, &q, &verdict);
	else
		complain("out of memory: nothing is concluded");
	files_verdict_free(&verdict);
	presented_free(&chains);
	credentials_free(&credentials);
	return status;
}

static void list_files(struct file_guard *g, const struct settings *s)
{
	guard_run(g, &s->common);
	for (size_t i = 0; i < s->n_given; i++)
		guard_reads_all(g, "is to be read", s->given[i].path);
	guard_reads(g, "--key-password-file reads", s->password_file);
}

static bool give_up_rights(
	const struct settings *s, const struct file_guard *reads, const struct run_files *also)
{
	struct confine c = { .folders = NULL };

	confine_reports(&c, also);
	return confine_enter(&c, &s->common, reads, false);
}

static int check(const struct command *self, struct settings *s)
{
	struct run r = { .settings = s };
	struct file_guard guard = { .n_inputs = 0 };
	struct err e = { 0 };
	bool ok;
	int status = EXIT_INPUT;

	list_files(&guard, s);
	ok = guard_pass(&guard, self, &status) &&
	     run_files_open(&r.also, &s->common, self, &status) &&
	     give_up_rights(s, &guard, &r.also);
	guard_free(&guard);
	if (!ok) {
		run_files_abandon(&r.also);
		return status;
	}
	if (material_open(&r.material, &e) && read_password(&r, &e) && read_config(&r, &e)) {
		read_all(&r);
		sandbox_seal();
		status = judge(&r);
	} else {
		complain("%s", e.msg);
	}
	secret_wipe(&r.password);
	trust_close(r.trust);
	config_close(r.config);
	material_close(&r.material);
	run_files_abandon(&r.also);
	return status;
}

static int run_check(const struct command *self, int argc, char **argv)
{
	struct settings s = { .purpose = PURPOSE_SERVER };
	struct err e = { 0 };
	int first;

	run_settings_init(&s.common);

	if (!options_parse(&table, argc, argv, &s, &first, &e))
		return complain_usage(self->name, e.msg);
	if (s.common.help) {
		command_help(self);
		return EXIT_WELL;
	}
	for (int i = first; i < argc; i++)
		if (!add(&s, FOR_ANY, argv[i], &e))
			return complain_usage(self->name, e.msg);
	if (s.n_given == 0)
		return complain_usage(self->name, "no file is named");
	run_settings_complete(&s.common);
	return check(self, &s);
}

const struct command command_check = {
	.name = "check",
	.synopsis = "[OPTION]... [FILE|DIR]...",
	.summary = "prove certificates, keys and CA against each other",
	.text = "Reads certificates and keys (PEM, DER, or in C sources), says where one does\n"
		"not read, whether they belong together and would be accepted, and what they\n"
		"can serve. Files and folders without an option are sorted out: which key\n"
		"belongs to which certificate, which CA signed which.",
	.examples = "  tlsdiag check --cert cert.pem --key key.pem --ca ca.pem --name "
		    "device.example\n"
		    "  tlsdiag check --cert client.pem --key client.key --purpose client\n"
		    "  tlsdiag check certs/ firmware/certs.c\n"
		    "  tlsdiag check --fail-on warning --junit certs.xml certs/",
	.options = &table,
	.run = run_check,
};
