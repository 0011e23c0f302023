/* `tlsdiag check`: certificates, keys and CA against each other, without a network. */
#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/terminal.h"
#include "cli/time_option.h"

#include "pki/file.h"
#include "report/files_report.h"

#include <errno.h>
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
	struct given_file given[GIVEN_MAX];
	size_t n_given;
	const char *name, *password_file;
	enum purpose purpose;
	bool has_at;
	int64_t at;
	bool json, help;
	enum color_wish color;
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

static bool set_name(void *settings, const char *value, struct err *e)
{
	(void)e;
	((struct settings *)settings)->name = value;
	return true;
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

static bool set_at(void *settings, const char *value, struct err *e)
{
	struct settings *s = settings;

	s->has_at = true;
	return time_option_parse(value, &s->at, e);
}

static bool set_json(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct settings *)settings)->json = true;
	return true;
}

static bool set_color(void *settings, const char *value, struct err *e)
{
	static const struct choice choices[] = { { "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS },
		{ "never", COLOR_NEVER } };
	struct settings *s = settings;
	int chosen = COLOR_AUTO;
	bool ok = choice_parse("color", choices, 3, value, &chosen, e);

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
		.set = set_name,
		.help = "host name or address that the certificate must have" },
	{ .name = "purpose",
		.value = "ROLE",
		.set = set_purpose,
		.help = "whose certificate it is: server (default) or client" },
	{ .name = "at",
		.value = "TIME",
		.set = set_at,
		.help = "judge dates at this time, not now: 2020-05-18T09:31:07Z, 2020-05-18, "
			"@1589794267" },

	{ .heading = "What is written",
		.name = "json",
		.set = set_json,
		.help = "one JSON document" },
	{ .name = "color",
		.value = "WHEN",
		.set = set_color,
		.help = "auto (default: on a terminal, unless NO_COLOR is set), always, never" },
	{ .name = "help", .letter = 'h', .set = set_help, .help = "show this help" },
};

static const struct option_table table = { specs, sizeof specs / sizeof specs[0] };

/* ---- reading ---- */

struct run {
	const struct settings *settings;
	struct material material;
	struct trust *trust;
	struct secret password;
	const char *names[GIVEN_MAX];
	bool unread;
};

/* The first line, without its end, as a string. */
static bool read_password(struct run *r, struct err *e)
{
	if (r->settings->password_file == NULL)
		return true;
	if (!file_read(r->settings->password_file, &r->password, e))
		return err_context(e, "--key-password-file");
	r->password.data[strcspn((const char *)r->password.data, "\r\n")] = '\0';
	return true;
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

/* What cannot be read is told; the rest is checked all the same. */
static void read_all(struct run *r)
{
	struct err e = { 0 };

	for (size_t i = 0; i < r->settings->n_given; i++) {
		r->names[i] = r->settings->given[i].path;
		if (read_one(r, &r->settings->given[i], &e))
			continue;
		complain("%s", e.msg);
		r->unread = true;
	}
	secret_wipe(&r->password);
}

/* ---- judging ---- */

static int report(
	const struct run *r, const struct files_question *q, const struct files_verdict *v)
{
	struct report_options o = { .form = r->settings->json ? REPORT_JSON : REPORT_TEXT,
		.color = terminal_color(r->settings->color),
		.utf8 = terminal_utf8(),
		.width = terminal_width() };
	struct files_report fr = { q, v, r->names, r->settings->n_given, crypto_library_version() };
	struct err e = { 0 };

	if (!files_report(stdout, &o, &fr, &e)) {
		if (e.detail != EPIPE)
			complain("%s", e.msg);
		return EXIT_INPUT;
	}
	if (r->unread)
		return EXIT_INPUT;
	if (v->errors != 0)
		return EXIT_PROBLEM;
	for (size_t i = 0; i < r->material.n_items; i++)
		if (r->material.items[i].kind != ITEM_OTHER)
			return EXIT_WELL;
	return EXIT_NOTHING;
}

static int judge(const struct run *r)
{
	const struct settings *s = r->settings;
	struct credentials credentials;
	struct files_verdict verdict = { .findings = NULL };
	struct credential_question cq = { r->trust, s->has_at ? s->at : (int64_t)time(NULL),
		s->name, s->purpose };
	struct files_question q = { &r->material, &credentials, r->trust, cq.at, s->name,
		s->purpose };
	int status = EXIT_INPUT;

	if (!credentials_judge(&r->material, &cq, &credentials)) {
		complain("out of memory");
		return status;
	}
	if (files_judge(&q, r->material.arena, &verdict))
		status = report(r, &q, &verdict);
	else
		complain("out of memory");
	files_verdict_free(&verdict);
	credentials_free(&credentials);
	return status;
}

static int check(const struct settings *s)
{
	struct run r = { .settings = s };
	struct err e = { 0 };
	int status = EXIT_INPUT;

	if (material_open(&r.material, &e) && read_password(&r, &e)) {
		read_all(&r);
		if (r.material.n_files != 0 || !r.unread)
			status = judge(&r);
	} else {
		complain("%s", e.msg);
	}
	secret_wipe(&r.password);
	trust_close(r.trust);
	material_close(&r.material);
	return status;
}

static int run_check(const struct command *self, int argc, char **argv)
{
	struct settings s = { .color = COLOR_AUTO, .purpose = PURPOSE_SERVER };
	struct err e = { 0 };
	int first;

	if (!options_parse(&table, argc, argv, &s, &first, &e))
		return complain_usage(self->name, e.msg);
	if (s.help) {
		command_help(self);
		return EXIT_WELL;
	}
	for (int i = first; i < argc; i++)
		if (!add(&s, FOR_ANY, argv[i], &e))
			return complain_usage(self->name, e.msg);
	if (s.n_given == 0)
		return complain_usage(self->name, "no file is named");
	return check(&s);
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
		    "  tlsdiag check --cert client.pem --key client.key --purpose client --at "
		    "2030-01-01\n"
		    "  tlsdiag check certs/ firmware/certs.c",
	.options = &table,
	.run = run_check,
};
