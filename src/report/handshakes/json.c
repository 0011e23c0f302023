/* One document (`--json`), or a line per handshake and a closing line (`--ndjson`). */
#include "base/array.h"
#include "diagnose/configured.h"
#include "report/config_reading.h"
#include "report/handshakes/form.h"
#include "report/handshakes/json_contrast.h"
#include "report/handshakes/json_handshake.h"
#include "report/handshakes/ranked.h"
#include "report/handshakes/server_label.h"
#include "report/json_parts.h"

#include <stdlib.h>

static void put_verification(struct json *j, const struct input_info *in)
{
	static const char *const policies[] = {
		[VERIFY_AUTO] = "auto",
		[VERIFY_ALL] = "all",
		[VERIFY_NONE] = "none",
	};

	json_object(j, "verification");
	json_string(j, "policy", policies[in->verify]);
	json_uint(j, "verified", in->verified);
	json_uint(j, "not_verified", in->not_verified + in->left_out);
	json_end_object(j);
}

static void put_problems(struct json *j, const struct input_info *in)
{
	json_array(j, "problems");
	if (in->memory_ran_out) {
		json_object(j, NULL);
		json_string(j, "text", memory_ran_out_text);
		json_end_object(j);
	}
	for (size_t i = 0; i < in->n_problems; i++) {
		json_object(j, NULL);
		if (in->problems[i].packet != 0)
			json_uint(j, "packet", in->problems[i].packet);
		json_string(j, "text", in->problems[i].text);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_limits(struct json *j, const struct input_info *in)
{
	json_array(j, "limits");
	for (size_t i = 0; i < in->n_limits; i++) {
		json_object(j, NULL);
		json_string(j, "id", in->limits[i].id);
		json_uint(j, "count", in->limits[i].count);
		json_string(j, "text", in->limits[i].text);
		if (in->limits[i].option != NULL)
			json_string(j, "option", in->limits[i].option);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_formats(struct json *j, const struct input_info *in)
{
	if (in->lines == 0)
		return;
	json_uint(j, "lines", in->lines);
	json_array(j, "formats");
	for (size_t i = 0; i < in->n_formats; i++) {
		json_object(j, NULL);
		json_string(j, "name", in->formats[i].name);
		json_string(j, "title", in->formats[i].title);
		json_uint(j, "lines", in->formats[i].lines);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_input(struct json *j, const struct input_info *in)
{
	json_object(j, "input");
	json_string(j, "kind", in->kind);
	json_string(j, "name", in->n_names != 0 ? in->names[0] : NULL);
	if (in->n_names > 1) {
		json_array(j, "names");
		for (size_t i = 0; i < in->n_names; i++)
			json_string(j, NULL, in->names[i]);
		json_end_array(j);
	}
	json_uint(j, "packets", in->packets);
	json_uint(j, "bytes", in->bytes);
	put_formats(j, in);
	config_reading_json(j, &in->config);
	json_uint(j, "connections", in->flows);
	json_uint(j, "connections_without_tls", in->plain_flows);
	json_object(j, "attempts_only_counted");
	json_uint(j, "refused", in->refused);
	json_uint(j, "unanswered", in->unanswered);
	json_uint(j, "unreachable", in->unreachable);
	json_end_object(j);
	json_uint(j, "dtls_flows", in->dtls_flows);
	put_verification(j, in);
	put_problems(j, in);
	put_limits(j, in);
	json_end_object(j);
}

/* Whose build the configuration given can be; texts say what the others did that it cannot. */
static void put_configuration(struct json *j, const struct case_file *cf)
{
	static const char *const members[] = {
		[SIDE_CLIENT] = "not_the_clients", [SIDE_SERVER] = "not_the_servers"
	};
	const struct configured *c = &cf->configured;

	if (c->of == CONFIGURED_NOBODY)
		return;
	json_object(j, "configuration");
	json_string(j, "of", configured_side_name(c->of));
	for (size_t s = 0; s < COUNT(members); s++)
		if (c->against[s] != NULL)
			json_string(j, members[s], c->against[s]);
	json_end_object(j);
}

static void put_diagnoses(struct json *j, const struct desk *d)
{
	size_t n;
	struct ranked *list = ranked_findings(d, &n);

	json_array(j, "diagnoses");
	for (size_t i = 0; i < n; i++) {
		char server[ENDPOINT_TEXT];

		endpoint_text(&list[i].server->file->server, server);
		json_object(j, NULL);
		json_server_name(j, list[i].server->file);
		json_finding(j, server, list[i].finding);
		json_end_object(j);
	}
	json_end_array(j);
	free(list);
}

static void put_answer(struct json *j, const char *key, const struct server_answer *a)
{
	static const char *const keys[] = {
		[ANSWER_VERSION] = "version",
		[ANSWER_SUITE] = "cipher_suite",
		[ANSWER_GROUP] = "group",
		[ANSWER_EXTENSIONS] = "extensions",
		[ANSWER_ENCRYPTED] = "encrypted_extensions",
		[ANSWER_ALPN] = "alpn",
		[ANSWER_CERTIFICATE] = "certificate",
		[ANSWER_SCHEME] = "signature_scheme",
		[ANSWER_POINT] = "point",
		[ANSWER_SIGNATURE] = "signature",
		[ANSWER_END] = "end",
	};

	json_object(j, key);
	json_uint(j, "handshake", a->handshake);
	for (size_t i = 0; i < N_ANSWER_FACTS; i++)
		json_string(j, keys[i], a->fact[i][0] != '\0' ? a->fact[i] : NULL);
	json_array(j, "failing");
	for (size_t i = 0; i < N_CHECKS; i++)
		if (a->failing[i])
			json_string(j, NULL, checks[i]->id);
	json_end_array(j);
	json_end_object(j);
}

static void put_severities(struct json *j, const struct server_result *s)
{
	uint64_t n[] = { [SEVERITY_ERROR] = 0, [SEVERITY_WARNING] = 0, [SEVERITY_NOTE] = 0 };

	for (size_t i = 0; i < s->n_findings; i++)
		n[s->findings[i].severity]++;
	json_uint(j, "errors", n[SEVERITY_ERROR]);
	json_uint(j, "warnings", n[SEVERITY_WARNING]);
}

/* What is judged by itself: an address and port under one name, or one target. */
static void put_servers(struct json *j, const struct desk *d)
{
	json_array(j, "servers");
	for (size_t i = 0; i < desk_n_servers(d); i++) {
		const struct server_result *s = desk_server(d, i);
		char server[ENDPOINT_TEXT];

		endpoint_text(&s->file->server, server);
		json_object(j, NULL);
		json_string(j, "server", server);
		json_server_name(j, s->file);
		json_uint(j, "completed", s->file->n_completed);
		json_uint(j, "failed", s->file->n_failed);
		json_uint(j, "incomplete", s->file->n_incomplete);
		put_severities(j, s);
		put_configuration(j, s->file);
		json_end_object(j);
	}
	json_end_array(j);
}

/* Present in a replay: the answers to one hello. "handshake" of "then" is an id in that file. */
static void put_replay(struct json *j, const struct replay *r)
{
	if (r == NULL)
		return;
	json_object(j, "replay");
	json_string(j, "file", r->name);
	json_bool(j, "rekeyed", r->rekeyed);
	json_string(j, "verdict", replay_verdict_id(r->verdict));
	if (r->has_then)
		put_answer(j, "then", &r->then);
	json_array(j, "now");
	for (size_t i = 0; i < r->n_now; i++)
		put_answer(j, NULL, &r->now[i]);
	json_end_array(j);
	json_end_object(j);
}

/* Present when something was expected. */
static void put_expectations(struct json *j, const struct desk *d)
{
	if (desk_n_servers(d) == 0 || desk_server(d, 0)->n_expected == 0)
		return;
	json_array(j, "expectations");
	for (size_t i = 0; i < desk_n_servers(d); i++) {
		const struct server_result *s = desk_server(d, i);
		char server[ENDPOINT_TEXT];

		endpoint_text(&s->file->server, server);
		for (size_t k = 0; k < s->n_expected; k++) {
			json_object(j, NULL);
			json_string(j, "server", server);
			json_server_name(j, s->file);
			json_string(j, "expect", s->expected[k].expectation->text);
			json_string(j, "status", status_name(s->expected[k].status));
			json_string(j, "message", s->expected[k].message);
			if (s->expected[k].handshake != 0)
				json_uint(j, "handshake", s->expected[k].handshake);
			json_end_object(j);
		}
	}
	json_end_array(j);
}

static void put_summary(struct json *j, const struct desk *d)
{
	struct desk_summary s = desk_summary(d);

	json_object(j, "summary");
	json_uint(j, "handshakes", s.handshakes);
	json_uint(j, "completed", s.completed);
	json_uint(j, "failed", s.failed);
	json_uint(j, "incomplete", s.incomplete);
	json_uint(j, "errors", s.errors);
	json_uint(j, "warnings", s.warnings);
	json_end_object(j);
}

/* The document is written in parts: each handshake stands on a line of its own. */
static void json_begin(struct report *r, const struct input_info *in)
{
	struct json j = { &r->page.out, false };

	json_object(&j, NULL);
	json_string(&j, "schema", json_schema);
	json_tool(&j, in->crypto_version);
	json_array(&j, "handshakes");
}

static void json_one(struct report *r, const struct examined *ex)
{
	struct json j = { &r->page.out, r->listed != 0 };

	if (!report_lists(r, ex->hs))
		return;
	r->listed++;
	if (j.comma)
		strbuf_puts(j.out, ",");
	strbuf_puts(j.out, "\n");
	j.comma = false;
	json_object(&j, NULL);
	json_handshake(&j, ex);
	json_end_object(&j);
}

/* The rest of a document, or of the line that closes the others. */
static void put_conclusions(struct json *j, const struct input_info *in, const struct desk *d)
{
	put_diagnoses(j, d);
	json_contrast(j, d);
	put_servers(j, d);
	put_expectations(j, d);
	put_replay(j, in->replay);
	put_input(j, in);
	put_summary(j, d);
	json_end_object(j);
	strbuf_puts(j->out, "\n");
}

static void json_end(struct report *r, const struct input_info *in, const struct desk *d)
{
	struct json j = { &r->page.out, true };

	json_end_array(&j);
	put_conclusions(&j, in, d);
}

static void ndjson_begin(struct report *r, const struct input_info *in)
{
	(void)r;
	(void)in;
}

static void ndjson_one(struct report *r, const struct examined *ex)
{
	struct json j = { &r->page.out, false };

	if (!report_lists(r, ex->hs))
		return;
	json_object(&j, NULL);
	json_string(&j, "schema", json_schema);
	json_handshake(&j, ex);
	json_end_object(&j);
	strbuf_puts(j.out, "\n");
}

static void ndjson_end(struct report *r, const struct input_info *in, const struct desk *d)
{
	struct json j = { &r->page.out, false };

	json_object(&j, NULL);
	json_string(&j, "schema", json_schema);
	json_tool(&j, in->crypto_version);
	put_conclusions(&j, in, d);
}

const struct form form_json = { .begin = json_begin, .handshake = json_one, .end = json_end };
const struct form form_ndjson = {
	.begin = ndjson_begin, .handshake = ndjson_one, .end = ndjson_end
};
