/* `tlsdiag config FILE...`: mbedTLS configuration headers, each read and judged by itself. */
#include "base/array.h"
#include "base/memory.h"
#include "cli/config_peers.h"
#include "cli/confine.h"
#include "cli/deployed.h"
#include "cli/lookup.h"
#include "config/derived.h"
#include "config/differ.h"
#include "report/config_build.h"
#include "report/config_deployment.h"
#include "report/config_differ.h"
#include "report/config_flash.h"
#include "report/config_report.h"
#include "report/json_parts.h"
#include "tlsdiag/tlsdiag.h"

#include <stdlib.h>

enum { DEFINES_MAX = 64, FILES_MAX = 16, TEXTS_BYTES = 4 << 20 };

struct config_settings {
	struct lookup_settings look; /* first: its setters find it there */
	struct config_version version;
	const char *defines[DEFINES_MAX];
	size_t n_defines;
	bool flash, no_sandbox;
	struct deployed_files files;
	const struct deployed *deployed; /* what they hold; NULL: none are named */
	struct peers_named named;
	struct peers *peers; /* NULL: none are named */
};

static bool set_version(void *settings, const char *value, struct err *e)
{
	return config_version_parse(value, &((struct config_settings *)settings)->version, e);
}

static bool set_define(void *settings, const char *value, struct err *e)
{
	struct config_settings *s = settings;

	if (s->n_defines == DEFINES_MAX)
		return err_set(
			e, ERR_USAGE, 0, "more than %d macros are defined with -D", DEFINES_MAX);
	s->defines[s->n_defines++] = value;
	return true;
}

static bool set_flash(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct config_settings *)settings)->flash = true;
	return true;
}

/* Each may be repeated. */
static bool set_cert(void *settings, const char *value, struct err *e)
{
	return deployed_add(&((struct config_settings *)settings)->files, DEPLOYED_CERT, value, e);
}

static bool set_key(void *settings, const char *value, struct err *e)
{
	return deployed_add(&((struct config_settings *)settings)->files, DEPLOYED_KEY, value, e);
}

static bool set_ca(void *settings, const char *value, struct err *e)
{
	return deployed_add(&((struct config_settings *)settings)->files, DEPLOYED_CA, value, e);
}

static bool set_capture(void *settings, const char *value, struct err *e)
{
	return deployed_add(
		&((struct config_settings *)settings)->files, DEPLOYED_CAPTURE, value, e);
}

static bool set_peer(void *settings, const char *value, struct err *e)
{
	return peers_add(&((struct config_settings *)settings)->named, value, e);
}

static bool set_no_sandbox(void *settings, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	((struct config_settings *)settings)->no_sandbox = true;
	return true;
}

static const struct option_spec specs[] = {
	{ .name = "mbedtls-version",
		.value = "VERSION",
		.set = set_version,
		.help = "2.7 to 4.x (default: guessed from the macros, and said)" },
	{ .name = "define",
		.letter = 'D',
		.value = "NAME[=VALUE]",
		.set = set_define,
		.help = "a macro that the build defines besides; may be repeated" },
	{ .name = "flash",
		.set = set_flash,
		.help = "what could be left out, with the bytes that it saves" },
	{ .heading = "Where it is deployed",
		.name = "cert",
		.value = "FILE",
		.set = set_cert,
		.help = "certificate of the device, and what is sent behind it" },
	{ .name = "key", .value = "FILE", .set = set_key, .help = "its private key" },
	{ .name = "ca",
		.value = "FILE",
		.set = set_ca,
		.help = "certificates that the device trusts" },
	{ .name = "capture",
		.value = "FILE",
		.set = set_capture,
		.help = "handshakes of the device: what they used, and what --flash may leave "
			"out" },
	{ .heading = "Whom it is to meet",
		.name = "with-peer",
		.value = "PEER",
		.set = set_peer,
		.help = "a known stack (openssl-3.0, or all), a capture, or another "
			"configuration: what the two would agree on, or where they would stop" },
	{ .heading = "What is written", LOOKUP_FIRST_OPTION },
	LOOKUP_OTHER_OPTIONS,
	{ .name = "no-sandbox",
		.set = set_no_sandbox,
		.help = "keep the rights to open files and start programs that are given up "
			"before reading" },
};

static const struct option_table table = { specs, COUNT(specs) };

/* A configuration that is open, and what is told of it. */
struct judged {
	struct config *config, *written; /* as the release makes of it, and as the user wrote it */
	struct arena *texts;
	struct config_report report;
	struct differ *differ; /* against the first; NULL: it is the first, or the only one */
};

static unsigned major_of(const struct config_report *r)
{
	return r->version.release >= RELEASE_3_0 ? 3 : 2;
}

/* The two files of one configuration: that of TLS, and crypto_config.h of PSA. *path: the first, which may be the
 * second of them. NULL: the next is a configuration of its own. */
static const char *crypto_beside(const char **path, const char *next)
{
	struct err ignored = { 0 };
	struct config *first = config_open(*path, &ignored);
	struct config *second = first != NULL ? config_open(next, &ignored) : NULL;
	const char *crypto = NULL;

	if (second != NULL && config_is_of_crypto(second) &&
		config_lacks_crypto(first, RELEASE_4)) {
		crypto = next;
	} else if (second != NULL && config_is_of_crypto(first) &&
		   config_lacks_crypto(second, RELEASE_4)) {
		crypto = *path;
		*path = next;
	}
	config_close(first);
	config_close(second);
	return crypto;
}

static bool judge(struct judged *j, const char *path, const char *crypto,
	const struct config_settings *s, struct err *e)
{
	struct config_report *r = &j->report;

	r->path = path;
	r->crypto_path = crypto;
	if ((j->config = config_open(path, e)) == NULL ||
		(crypto != NULL && !config_add(j->config, crypto, e)))
		return false;
	for (size_t i = 0; i < s->n_defines; i++)
		if (!config_define(j->config, s->defines[i], e))
			return false;
	if ((j->texts = arena_new(TEXTS_BYTES)) == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	r->config = j->config;
	r->count = config_count(j->config);
	if (s->version.given)
		r->version = s->version;
	else
		config_version_guess(j->config, &r->version);
	build_of(j->config, config_release_major(r->version.release), &r->build);
	r->flash = s->flash;
	if (s->flash)
		r->n_savings = savings_of(j->config, major_of(r),
			s->deployed != NULL ? &s->deployed->deployment.needs : NULL, r->savings);
	config_findings_written(&r->findings, j->config, &r->version, j->texts);
	j->written = config_copy(j->config, e);
	if (j->written == NULL || !config_derive(j->config, &r->version, e))
		return false;
	config_findings_derived(&r->findings, j->config, &r->version, j->texts);
	if (s->deployed != NULL)
		config_findings_deployment(&r->findings, j->config, &r->version, &r->build,
			&s->deployed->deployment, j->texts);
	config_findings_sort(&r->findings);
	return true;
}

static struct differ_side side_of(const struct judged *j)
{
	return (struct differ_side){ j->written, config_release_major(j->report.version.release),
		&j->report.findings };
}

static bool compare(const struct judged *first, struct judged *second, struct err *e)
{
	struct differ_side one = side_of(first), two = side_of(second);

	second->differ = memory_new(sizeof *second->differ);
	if (second->differ == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	return differ_of(&one, &two, second->differ, e);
}

static void release(struct judged *j)
{
	free(j->differ);
	config_close(j->written);
	config_close(j->config);
	arena_free(j->texts);
}

static struct differ_names names_of(const struct judged *list, size_t i)
{
	return (struct differ_names){ list[0].report.path, list[i].report.path };
}

/* The device's own keys, as a server's. */
static size_t own_keys(const struct config_settings *s, struct credential out[static MEETINGS_MAX])
{
	const struct cert *own = s->deployed != NULL ? deployed_own(s->deployed) : NULL;

	if (own == NULL)
		return 0;
	out[0] = (struct credential){ own->key, own->key_group };
	return 1;
}

static void write_peers(struct page *p, const struct config_settings *s, const struct judged *j)
{
	struct credential own[MEETINGS_MAX];
	size_t n, n_own = own_keys(s, own);
	const struct config_peer *peers;

	if (s->peers == NULL)
		return;
	peers = peers_meet(s->peers, &j->report.build, own, n_own, &n);
	page_blank_line(p);
	report_peers_text(p, &j->report.build, j->config, peers, n);
	if (peers_left_out(s->peers) != 0) {
		page_wrapf(
			p, 0, "and %zu more peers, which were left out", peers_left_out(s->peers));
		page_end_line(p);
	}
}

static struct buffers_used buffers_used(const struct config_settings *s, const struct build *b)
{
	const struct deployment *d = s->deployed != NULL ? &s->deployed->deployment : NULL;

	return d != NULL ? (struct buffers_used){ deployment_chain(d), deployment_received(d, b) }
			 : (struct buffers_used){ 0, 0 };
}

/* What several can negotiate is told by how they differ. */
static void write_one(
	struct page *p, const struct config_settings *s, const struct judged *j, bool alone)
{
	struct buffers_used used;

	config_report_text(p, &j->report);
	if (alone) {
		page_blank_line(p);
		report_build_text(p, &j->report.build);
	}
	write_peers(p, s, j);
	if (!j->report.flash)
		return;
	page_blank_line(p);
	report_flash_text(p, major_of(&j->report), j->report.savings, j->report.n_savings);
	used = buffers_used(s, &j->report.build);
	report_buffers_text(p, &j->report.build, &used);
}

static void write_text(
	struct page *p, const struct config_settings *s, const struct judged *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			page_blank_line(p);
		write_one(p, s, &list[i], n == 1);
	}
	if (s->deployed != NULL) {
		page_blank_line(p);
		report_deployment_text(p, &s->deployed->deployment);
	}
	for (size_t i = 1; i < n; i++) {
		struct differ_names names = names_of(list, i);

		page_blank_line(p);
		report_differ_text(p, &names, list[i].differ);
	}
}

/* What a report of one configuration goes on with. */
struct more {
	const struct config_settings *settings;
	const struct judged *list;
	size_t at;
};

static void json_peers(struct json *j, const struct config_settings *s, const struct judged *own)
{
	struct credential keys[MEETINGS_MAX];
	size_t n, n_own = own_keys(s, keys);
	const struct config_peer *peers;

	if (s->peers == NULL)
		return;
	peers = peers_meet(s->peers, &own->report.build, keys, n_own, &n);
	report_peers_json(j, &own->report.build, own->config, peers, n);
}

static void write_more(struct json *j, const struct config_report *r, void *ctx)
{
	const struct more *more = ctx;
	struct differ_names names = names_of(more->list, more->at);

	report_build_json(j, &r->build);
	json_peers(j, more->settings, &more->list[more->at]);
	if (r->flash) {
		const struct buffers_used used = buffers_used(more->settings, &r->build);

		report_flash_json(j, major_of(r), r->savings, r->n_savings);
		report_buffers_json(j, &r->build, &used);
	}
	if (more->at != 0)
		report_differ_json(j, &names, more->list[more->at].differ);
}

static void write_json(
	struct page *p, const struct config_settings *s, const struct judged *list, size_t n)
{
	struct json j = { &p->out, false };
	size_t errors = 0, warnings = 0;

	json_object(&j, NULL);
	json_string(&j, "schema", json_schema);
	json_tool(&j, tlsdiag_crypto_version());
	json_object(&j, "input");
	json_string(&j, "kind", "config");
	json_string(&j, "name", list[0].report.path);
	json_end_object(&j);
	json_array(&j, "configs");
	for (size_t i = 0; i < n; i++) {
		struct more more = { s, list, i };

		config_report_json(&j, &list[i].report, write_more, &more);
		errors += list[i].report.findings.errors;
		warnings += list[i].report.findings.warnings;
	}
	json_end_array(&j);
	if (s->deployed != NULL)
		report_deployment_json(&j, &s->deployed->deployment);
	json_object(&j, "summary");
	json_uint(&j, "errors", errors);
	json_uint(&j, "warnings", warnings);
	json_end_object(&j);
	lookup_json_end(&j);
}

static int status_of(const struct judged *list, size_t n)
{
	int status = EXIT_NOTHING;

	for (size_t i = 0; i < n; i++)
		if (list[i].report.findings.errors != 0)
			return EXIT_PROBLEM;
		else if (list[i].report.count.mbedtls != 0)
			status = EXIT_WELL;
	return status;
}

static int tell(const struct config_settings *s, const struct judged *list, size_t n)
{
	struct page page = lookup_page(&s->look);

	if (s->look.json)
		write_json(&page, s, list, n);
	else
		write_text(&page, s, list, n);
	return lookup_write(&page, status_of(list, n));
}

static int judge_all(const struct config_settings *s, char **paths, size_t n)
{
	struct judged *list = memory_new(n * sizeof *list);
	struct err e = { 0 };
	int status = EXIT_INPUT;
	size_t done = 0, read = 0;

	if (list == NULL) {
		complain("out of memory");
		return EXIT_INPUT;
	}
	while (read < n) {
		const char *path = paths[read++];
		const char *crypto = read < n ? crypto_beside(&path, paths[read]) : NULL;

		read += crypto != NULL;
		if (!judge(&list[done++], path, crypto, s, &e))
			break;
	}
	for (size_t i = 1; e.code == ERR_NONE && i < done; i++)
		if (!compare(&list[0], &list[i], &e))
			break;
	if (e.code == ERR_NONE)
		status = tell(s, list, done);
	else
		complain("%s", e.msg);
	for (size_t i = 0; i < n; i++)
		release(&list[i]);
	free(list);
	return e.code == ERR_USAGE ? EXIT_LINE : status;
}

/* Where it is deployed comes first: a file that cannot be read ends it. */
static int judge_deployed(struct config_settings *s, char **paths, size_t n)
{
	struct deployed *deployed = NULL;
	struct err e = { 0 };
	int status = EXIT_INPUT;

	if (s->files.n != 0)
		deployed = deployed_open(&s->files, &e);
	s->deployed = deployed;
	if (s->named.n != 0 && (s->files.n == 0 || deployed != NULL))
		s->peers = peers_open(&s->named, &e);
	if ((s->files.n == 0 || deployed != NULL) && (s->named.n == 0 || s->peers != NULL))
		status = judge_all(s, paths, n);
	else
		complain("%s", e.msg);
	peers_close(s->peers);
	deployed_close(deployed);
	return status;
}

/* The headers of a file's folder can be read besides, since it may include them. */
static int confined(const struct command *self, struct config_settings *s, char **paths, size_t n)
{
	const struct run_settings common = { .no_sandbox = s->no_sandbox };
	struct file_guard guard = { .n_inputs = 0 };
	struct confine c = { .folders = NULL };
	int status = EXIT_INPUT;
	bool ok;

	for (size_t i = 0; i < n; i++)
		guard_reads_source(&guard, "is to be read", paths[i]);
	deployed_guard(&s->files, &guard);
	peers_guard(&s->named, &guard);
	ok = guard_pass(&guard, self, &status) && confine_enter(&c, &common, &guard, false);
	guard_free(&guard);
	return ok ? confine_status(judge_deployed(s, paths, n)) : status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct config_settings s = { .look.color = COLOR_AUTO };
	struct err err = { 0 };
	int first;

	if (!options_parse(&table, argc, argv, &s, &first, &err))
		return complain_usage(self->name, err.msg);
	if (s.look.help) {
		command_help(self);
		return EXIT_WELL;
	}
	if (first == argc)
		return complain_usage(self->name, "no configuration is named");
	if (argc - first > FILES_MAX)
		return complain_usage(self->name, "at most 16 configurations at a time");
	return confined(self, &s, argv + first, (size_t)(argc - first));
}

const struct command command_config = {
	.name = "config",
	.synopsis = "[OPTION]... FILE...",
	.summary = "tell what contradicts itself in an mbedTLS configuration",
	.text = "Reads mbedtls_config.h or config.h as the C preprocessor would, with the files\n"
		"of the same folder that it includes, or a list of #define lines in any text;\n"
		"and options of Kconfig: sdkconfig of ESP-IDF, .config or prj.conf of Zephyr.\n"
		"Tells what does not compile, what compiles and cannot work, and what is legal\n"
		"and hurts, each with its line and what to change; what the build can negotiate;\n"
		"and what could be left out. Of several files each is compared with the first.",
	.examples = "  tlsdiag config mbedtls_config.h\n"
		    "  tlsdiag config --mbedtls-version 2.28 -D MBEDTLS_HAVE_ASM config.h\n"
		    "  tlsdiag config old.h new.h\n"
		    "  tlsdiag config --flash --ca ca.pem --capture device.pcapng config.h\n"
		    "  tlsdiag config --with-peer openssl --with-peer device.pcapng config.h\n"
		    "  tlsdiag config sdkconfig\n"
		    "  tlsdiag config --json config.h",
	.status = "0 no error was found, 1 one was, 2 the command line is wrong,\n"
		  "3 a file cannot be read, or memory ran out, 4 it defines no macro of mbedTLS.",
	.options = &table,
	.run = run,
};
