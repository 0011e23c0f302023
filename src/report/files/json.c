/* docs/tlsdiag.schema.json describes every member. */
#include "diagnose/rule.h"
#include "report/config_reading.h"
#include "report/files/limits.h"
#include "report/files/report.h"
#include "report/json_parts.h"

static const char *path_of(const struct files_report *r, const struct item *it)
{
	return it != NULL ? r->question->material->files[it->file].path : NULL;
}

/* ---- files ---- */

static void put_key(struct json *j, const struct key_facts *k)
{
	static const char *const states[] = {
		[KEY_READ] = "read",
		[KEY_LOCKED] = "locked",
		[KEY_WRONG_PASSWORD] = "wrong-password",
		[KEY_CIPHER_LACKING] = "encryption-unsupported",
		[KEY_TYPE_LACKING] = "type-unsupported",
		[KEY_BROKEN] = "broken",
	};

	json_object(j, "key");
	json_string(j, "state", states[k->state]);
	json_string(j, "type", k->name[0] != '\0' ? k->name : NULL);
	json_bool(j, "private", k->has_private);
	json_bool(j, "encrypted", k->encrypted);
	if (k->encrypted)
		json_string(j, "encryption", k->cipher.text[0] != '\0' ? k->cipher.text : NULL);
	json_end_object(j);
}

static void put_item(struct json *j, const struct item *it)
{
	static const char *const kinds[] = {
		[ITEM_CERT] = "certificate", [ITEM_KEY] = "key", [ITEM_OTHER] = "other"
	};

	json_object(j, NULL);
	json_string(j, "kind", kinds[it->kind]);
	json_string(j, "what", it->what);
	if (it->line != 0)
		json_uint(j, "line", it->line);
	else
		json_uint(j, "offset", it->at);
	if (it->variable != NULL) {
		json_string(j, "variable", it->variable);
		json_bool(j, "unterminated", it->unterminated);
	}
	json_string(j, "broken", it->broken);
	if (it->kind == ITEM_KEY)
		put_key(j, &it->key);
	if (it->cert != NULL)
		json_certificate(j, "certificate", it->cert);
	json_end_object(j);
}

static void put_file(struct json *j, const struct files_report *r, size_t i)
{
	static const char *const forms[] = {
		[FORM_PEM] = "PEM", [FORM_DER] = "DER", [FORM_C] = "C", [FORM_NEITHER] = NULL
	};
	const struct material *m = r->question->material;
	const struct item_file *file = &m->files[i];

	json_object(j, NULL);
	json_string(j, "name", file->path);
	json_string(j, "form", forms[file->form]);
	json_uint(j, "bytes", file->bytes);
	if (file->form == FORM_PEM) {
		json_uint(j, "bytes_in_c", file->bytes + 1);
		json_bool(j, "byte_order_mark", file->bom);
		json_string(j, "line_ends",
			file->crlf && file->lf ? "mixed"
			: file->crlf           ? "CRLF"
					       : "LF");
	}
	json_array(j, "items");
	for (size_t k = 0; k < m->n_items; k++)
		if (m->items[k].file == i)
			put_item(j, &m->items[k]);
	json_end_array(j);
	json_end_object(j);
}

static void put_relation(struct json *j, const struct files_report *r, const struct relation *rel)
{
	json_object(j, NULL);
	json_string(j, "certificate", path_of(r, rel->item));
	json_hex(j, "sha256", bytes_of(rel->item->cert->sha256, sizeof rel->item->cert->sha256));
	json_string(j, "subject", rel->item->cert->subject);
	json_bool(j, "self_signed", rel->issuer == rel->item);
	json_string(j, "issuer", path_of(r, rel->issuer));
	if (rel->issuer != NULL)
		json_bool(j, "verified", rel->verified);
	if (rel->untried)
		json_bool(j, "untried", true);
	json_string(j, "key", path_of(r, rel->key));
	json_end_object(j);
}

/* ---- credentials ---- */

static void put_schemes(
	struct json *j, const char *key, const uint16_t *schemes, size_t n, bool tls13)
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++) {
		struct code_text t = tls13 ? scheme_text13(schemes[i]) : scheme_text12(schemes[i]);

		json_object(j, NULL);
		json_code(j, "value", schemes[i]);
		json_string(j, "name", t.text);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_service(struct json *j, const struct service *s)
{
	json_object(j, "serves");
	json_array(j, "cipher_suites");
	for (size_t i = 0; i < s->n_suites; i++)
		json_named_code(j, NULL, s->suites[i], name_cipher_suite(s->suites[i]));
	json_end_array(j);
	put_schemes(j, "signature_schemes_tls12", s->schemes12, s->n_schemes12, false);
	put_schemes(j, "signature_schemes_tls13", s->schemes13, s->n_schemes13, true);
	if (s->curve != 0)
		json_named_code(j, "group_needed", s->curve, name_group(s->curve));
	json_end_object(j);
}

static void put_size(struct json *j, const struct message_size *size)
{
	json_object(j, "certificate_message");
	json_uint(j, "bytes_tls12", size->tls12);
	json_uint(j, "bytes_tls13", size->tls13);
	json_array(j, "records");
	for (size_t i = 0; i < FRAGMENTS; i++) {
		json_object(j, NULL);
		json_uint(j, "content_length", fragment_sizes[i]);
		json_uint(j, "count", size->records[i]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void put_credential(
	struct json *j, const struct files_report *r, const struct file_answers *fa)
{
	const struct credential *c = fa->credential;

	json_object(j, NULL);
	json_string(j, "certificate", path_of(r, c->leaf));
	json_string(j, "key", path_of(r, c->key));
	json_string(j, "purpose", r->question->purpose == PURPOSE_SERVER ? "server" : "client");
	json_array(j, "checks");
	for (size_t i = 0; i < FILE_CHECKS; i++)
		json_check(j, checks[file_checks[i]], &fa->answers[i], false);
	json_end_array(j);
	if (c->n_sent != 0) {
		put_service(j, &c->service);
		put_size(j, &c->size);
	}
	json_end_object(j);
}

/* ---- the document ---- */

static void put_limits(struct json *j, const struct presented_chains *chains)
{
	struct files_limit limits[FILES_LIMITS_MAX];
	size_t n = files_limits(chains, limits);
	char text[FILES_LIMIT_TEXT];

	json_array(j, "limits");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_string(j, "id", limits[i].id);
		json_uint(j, "count", limits[i].count);
		json_string(j, "text", files_limit_text(&limits[i], text));
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_input(struct json *j, const struct files_report *r)
{
	const struct config_shown shown = { r->question->config, r->question->config_path, false };

	json_object(j, "input");
	json_string(j, "kind", "check");
	json_string(j, "name", r->n_names != 0 ? r->names[0] : NULL);
	json_array(j, "names");
	for (size_t i = 0; i < r->n_names; i++)
		json_string(j, NULL, r->names[i]);
	json_end_array(j);
	config_reading_json(j, &shown);
	json_array(j, "problems");
	for (size_t i = 0; i < r->n_unread; i++) {
		json_object(j, NULL);
		json_string(j, "text", r->unread[i]);
		json_end_object(j);
	}
	json_end_array(j);
	put_limits(j, r->question->chains);
	json_end_object(j);
}

static void put_summary(struct json *j, const struct files_verdict *v)
{
	json_object(j, "summary");
	json_uint(j, "handshakes", 0);
	json_uint(j, "completed", 0);
	json_uint(j, "failed", 0);
	json_uint(j, "incomplete", 0);
	json_uint(j, "errors", v->errors);
	json_uint(j, "warnings", v->warnings);
	json_end_object(j);
}

void files_json(struct strbuf *out, const struct files_report *r)
{
	const struct credentials *c = r->question->credentials;
	const struct files_verdict *v = r->verdict;
	struct json j = { out, false };

	json_object(&j, NULL);
	json_string(&j, "schema", json_schema);
	json_tool(&j, r->crypto_version);
	put_input(&j, r);
	json_array(&j, "handshakes");
	json_end_array(&j);
	json_array(&j, "files");
	for (size_t i = 0; i < r->question->material->n_files; i++)
		put_file(&j, r, i);
	json_end_array(&j);
	json_array(&j, "relations");
	for (size_t i = 0; i < c->n_relations; i++)
		put_relation(&j, r, &c->relations[i]);
	json_end_array(&j);
	json_array(&j, "credentials");
	for (size_t i = 0; i < v->n_answers; i++)
		put_credential(&j, r, &v->answers[i]);
	json_end_array(&j);
	files_json_verifiers(&j, r->question->chains);
	json_array(&j, "diagnoses");
	for (size_t i = 0; i < v->n_findings; i++) {
		json_object(&j, NULL);
		json_finding(&j, v->findings[i].about, &v->findings[i].finding);
		json_end_object(&j);
	}
	json_end_array(&j);
	put_summary(&j, v);
	json_end_object(&j);
	strbuf_puts(out, "\n");
}
