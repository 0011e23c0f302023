/* What every JSON document holds, whatever its input was. */
#include "report/json_parts.h"

#include "report/when.h"

#include <arpa/inet.h>

const char json_schema[] = "tlsdiag/1";

void json_tool(struct json *j, const char *crypto_version)
{
	json_object(j, "tool");
	json_string(j, "name", "tlsdiag");
	json_string(j, "version", TLSDIAG_VERSION);
	json_string(j, "mbedtls", crypto_version);
	json_end_object(j);
}

void json_named_code(struct json *j, const char *key, uint16_t value, const char *name)
{
	json_object(j, key);
	json_code(j, "value", value);
	json_string(j, "name", name);
	json_end_object(j);
}

/* ---- certificates ---- */

static void put_date(struct json *j, const char *key, int64_t seconds)
{
	char text[WHEN_TEXT];

	when_second(seconds, text);
	json_string(j, key, text);
}

static void put_address(struct json *j, struct bytes ip)
{
	char text[INET6_ADDRSTRLEN];
	int family = ip.len == 4 ? AF_INET : AF_INET6;

	if ((ip.len == 4 || ip.len == 16) && inet_ntop(family, ip.data, text, sizeof text) != NULL)
		json_string(j, NULL, text);
}

static void put_alternative_names(struct json *j, const struct cert *c)
{
	json_array(j, "names");
	for (size_t i = 0; i < c->n_san; i++) {
		if (c->san[i].kind == SAN_DNS)
			json_text(j, NULL, c->san[i].value);
		else if (c->san[i].kind == SAN_IP)
			put_address(j, c->san[i].value);
	}
	json_end_array(j);
}

/* A certificate that breaks off is told as far as it was read. */
void json_certificate(struct json *j, const char *key, const struct cert *c)
{
	json_object(j, key);
	json_hex(j, "sha256", bytes_of(c->sha256, sizeof c->sha256));
	if (c->subject_der.len != 0)
		json_string(j, "subject", c->subject);
	if (c->issuer_der.len != 0)
		json_string(j, "issuer", c->issuer);
	if (c->key_name[0] != '\0')
		json_string(j, "key", c->key_name);
	if (c->signature_name[0] != '\0')
		json_string(j, "signature", c->signature_name);
	if (c->has_dates) {
		put_date(j, "not_before", c->not_before);
		put_date(j, "not_after", c->not_after);
	}
	if (c->has_san)
		put_alternative_names(j, c);
	if (!c->parsed) {
		char where[200];

		parse_err_text(&c->broken, where, sizeof where);
		json_string(j, "malformed", where);
	}
	json_end_object(j);
}

/* ---- checks and findings ---- */

static void put_evidence(struct json *j, const struct answer *a, bool logged)
{
	json_array(j, "evidence");
	for (size_t i = 0; i < a->n_evidence; i++) {
		const struct evidence_item *item = &a->evidence[i];

		json_object(j, NULL);
		json_uint(j, source_words(logged)->place, item->place.packet);
		json_uint(j, "offset", item->place.offset);
		json_uint(j, "length", item->place.length);
		json_string(j, "what", item->what);
		json_end_object(j);
	}
	json_end_array(j);
}

void json_check(struct json *j, const struct check *check, const struct answer *a, bool logged)
{
	json_object(j, NULL);
	json_string(j, "id", check->id);
	json_string(j, "status", status_name(a->status));
	if (a->message != NULL)
		json_string(j, "message", a->message);
	if (a->n_evidence != 0)
		put_evidence(j, a, logged);
	json_end_object(j);
}

void json_handshakes(struct json *j, const struct finding *f)
{
	json_array(j, "handshakes");
	for (size_t i = 0; i < f->n_handshakes; i++)
		json_uint(j, NULL, f->handshakes[i]);
	json_end_array(j);
	if (f->n_handshakes_all > f->n_handshakes)
		json_uint(j, "handshakes_in_all", f->n_handshakes_all);
}

void json_ruled_out(struct json *j, const struct finding *f)
{
	json_array(j, "ruled_out");
	for (size_t i = 0; i < f->n_ruled_out; i++) {
		json_object(j, NULL);
		json_string(j, "id", f->ruled_out[i].id);
		json_string(j, "because", f->ruled_out[i].because);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_explained(struct json *j, const struct finding *f)
{
	json_array(j, "explains");
	for (size_t i = 0; i < f->n_explains; i++)
		json_string(j, NULL, checks[f->explains[i]]->id);
	json_end_array(j);
	json_ruled_out(j, f);
	json_array(j, "next_steps");
	for (size_t i = 0; i < f->n_steps; i++)
		json_string(j, NULL, f->next_steps[i]);
	json_end_array(j);
	if (f->asks != NULL)
		json_string(j, "next_evidence", f->asks);
}

static void put_proof(struct json *j, const struct finding *f)
{
	json_array(j, "proof");
	for (size_t i = 0; i < f->n_proof; i++) {
		json_object(j, NULL);
		if (f->proof[i].packet != 0)
			json_uint(j, source_words(f->logged)->place, f->proof[i].packet);
		json_string(j, "text", f->proof[i].text);
		json_end_object(j);
	}
	json_end_array(j);
	if (f->n_alerts == 0)
		return;
	json_array(j, "stacks");
	for (size_t i = 0; i < f->n_alerts; i++) {
		json_object(j, NULL);
		json_string(j, "stack", f->alerts[i].stack);
		json_string(j, "does", f->alerts[i].text);
		json_string(j, "answer", f->alerts[i].answer);
		if (f->alerts[i].packet != 0)
			json_uint(j, source_words(f->logged)->place, f->alerts[i].packet);
		json_bool(j, "contradicts", f->alerts[i].contradicts);
		json_end_object(j);
	}
	json_end_array(j);
}

void json_finding(struct json *j, const char *server, const struct finding *f)
{
	json_string(j, "id", f->cause->id);
	json_string(j, "severity", severity_name(f->severity));
	json_string(j, "confidence", confidence_name(f->confidence));
	json_string(j, "origin", origin_name(f->origin));
	json_string(j, "server", server);
	json_handshakes(j, f);
	json_string(j, "summary", f->summary);
	put_proof(j, f);
	put_explained(j, f);
}
