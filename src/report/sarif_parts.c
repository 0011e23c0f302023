/*
 * Code scanning (GitHub's, and what follows it) takes no result without an artifact and a line, so
 * both are always there: a capture, which has no lines, is pointed to as a whole at line 1.
 */
#include "report/sarif_parts.h"

#include "names/pages.h"
#include "report/finding_words.h"
#include "report/json_parts.h"
#include "report/uri.h"

static const char schema[] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
			     "sarif-schema-2.1.0.json";

size_t sarif_rule(struct sarif_rules *rules, const struct cause *cause)
{
	size_t i = 0;

	while (i < rules->n && strcmp(rules->list[i]->id, cause->id) != 0)
		i++;
	if (i == rules->n && i < SARIF_RULES_MAX)
		rules->list[rules->n++] = cause;
	return i;
}

static void put_message(struct json *j, const char *key, const char *text)
{
	json_object(j, key);
	json_string(j, "text", text);
	json_end_object(j);
}

/* ---- rules ---- */

/* The lines of a page from `first` on; of a paragraph: up to an empty one, as one line. */
static void add_lines(
	struct strbuf *out, const struct rule_page *page, size_t first, bool paragraph)
{
	for (size_t i = first; page->lines[i] != NULL; i++) {
		if (paragraph && page->lines[i][0] == '\0')
			return;
		strbuf_printf(out, "%s%s",
			i == first  ? ""
			: paragraph ? " "
				    : "\n",
			page->lines[i]);
	}
}

/* A page begins with its title and an empty line; the first paragraph says what is meant. */
static void put_page(struct json *j, const struct rule_page *page)
{
	struct strbuf text = { 0 };
	size_t first = page->lines[0] != NULL && page->lines[1] != NULL ? 2 : 0;

	add_lines(&text, page, first, true);
	put_message(j, "fullDescription", strbuf_text(&text));
	strbuf_clear(&text);
	add_lines(&text, page, 0, false);
	json_object(j, "help");
	json_string(j, "text", strbuf_text(&text));
	json_string(j, "markdown", strbuf_text(&text));
	json_end_object(j);
	j->out->failed |= text.failed;
	strbuf_free(&text);
}

static void put_rule(struct json *j, const struct cause *cause)
{
	const struct rule_page *page = rule_page_find(cause->id);

	json_object(j, NULL);
	json_string(j, "id", cause->id);
	put_message(j, "shortDescription", cause->summary != NULL ? cause->summary : cause->id);
	if (page != NULL)
		put_page(j, page);
	json_object(j, "properties");
	json_array(j, "tags");
	json_string(j, NULL, "tls");
	if (origin_name(cause->origin) != NULL)
		json_string(j, NULL, origin_name(cause->origin));
	json_end_array(j);
	json_end_object(j);
	json_end_object(j);
}

void sarif_begin(struct json *j, const struct sarif_rules *rules, const char *crypto_version)
{
	json_object(j, NULL);
	json_string(j, "$schema", schema);
	json_string(j, "version", "2.1.0");
	json_array(j, "runs");
	json_object(j, NULL);
	json_object(j, "tool");
	json_object(j, "driver");
	json_string(j, "name", "tlsdiag");
	json_string(j, "version", TLSDIAG_VERSION);
	json_array(j, "rules");
	for (size_t i = 0; i < rules->n; i++)
		put_rule(j, rules->list[i]);
	json_end_array(j);
	json_object(j, "properties");
	json_string(j, "mbedtls", crypto_version);
	json_end_object(j);
	json_end_object(j);
	json_end_object(j);
	json_array(j, "results");
}

/* ---- results ---- */

/* What has no path has a name all the same. */
static void put_artifact(struct json *j, const char *key, const char *input)
{
	struct strbuf uri = { 0 };

	uri_put_path(&uri, strcmp(input, "-") == 0 ? "stdin" : input);
	json_object(j, key);
	json_string(j, "uri", strbuf_text(&uri));
	json_end_object(j);
	j->out->failed |= uri.failed;
	strbuf_free(&uri);
}

static void put_region(struct json *j, const struct sarif_place *p)
{
	json_object(j, "region");
	json_uint(j, "startLine", p->line != 0 ? p->line : 1);
	if (p->len != 0) {
		json_uint(j, "byteOffset", p->at);
		json_uint(j, "byteLength", p->len);
	}
	json_end_object(j);
}

static void put_locations(struct json *j, const struct sarif_place *p)
{
	json_array(j, "locations");
	json_object(j, NULL);
	json_object(j, "physicalLocation");
	put_artifact(j, "artifactLocation", p->input);
	put_region(j, p);
	json_end_object(j);
	if (p->server != NULL) {
		json_array(j, "logicalLocations");
		json_object(j, NULL);
		json_string(j, "fullyQualifiedName", p->server);
		json_string(j, "kind", "server");
		json_end_object(j);
		json_end_array(j);
	}
	json_end_object(j);
	json_end_array(j);
}

static void put_properties(struct json *j, const struct finding *f)
{
	json_object(j, "properties");
	json_string(j, "confidence", confidence_name(f->confidence));
	json_string(j, "origin", origin_name(f->origin));
	json_handshakes(j, f);
	json_ruled_out(j, f);
	json_end_object(j);
}

/* The same fault of the same server, or in the same file, is one alert from run to run. */
static void put_fingerprint(struct json *j, const struct finding *f, const struct sarif_place *p)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%s %s", f->cause->id, p->server != NULL ? p->server : p->input);
	json_object(j, "partialFingerprints");
	json_string(j, "causeAndPlace/v1", strbuf_text(&text));
	json_end_object(j);
	j->out->failed |= text.failed;
	strbuf_free(&text);
}

void sarif_result(struct json *j, const struct finding *f, size_t rule, const struct sarif_place *p)
{
	struct strbuf words = { 0 };

	finding_words(&words, f);
	json_object(j, NULL);
	json_string(j, "ruleId", f->cause->id);
	json_uint(j, "ruleIndex", rule);
	json_string(j, "level", severity_name(f->severity));
	put_message(j, "message", strbuf_text(&words));
	put_locations(j, p);
	put_fingerprint(j, f, p);
	put_properties(j, f);
	json_end_object(j);
	j->out->failed |= words.failed;
	strbuf_free(&words);
}

/* ---- the run ---- */

static void put_invocation(struct json *j, const struct sarif_run *run)
{
	json_array(j, "invocations");
	json_object(j, NULL);
	json_bool(j, "executionSuccessful", run->complete);
	json_array(j, "toolExecutionNotifications");
	for (size_t i = 0; i < run->n_notes; i++) {
		json_object(j, NULL);
		json_string(j, "level", run->complete ? "warning" : "error");
		put_message(j, "message", run->notes[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
	json_end_array(j);
}

void sarif_end(struct json *j, const struct sarif_run *run)
{
	json_end_array(j);
	json_array(j, "artifacts");
	for (size_t i = 0; i < run->n_inputs; i++) {
		json_object(j, NULL);
		put_artifact(j, "location", run->inputs[i]);
		json_end_object(j);
	}
	json_end_array(j);
	put_invocation(j, run);
	json_end_object(j);
	json_end_array(j);
	json_end_object(j);
	strbuf_puts(j->out, "\n");
}
