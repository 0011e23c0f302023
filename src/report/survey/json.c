/* A survey for programs: every list as it was found, with the order that it stands in. */
#include "report/survey/report.h"

#include "names/names.h"

typedef const char *namer(uint16_t value);

static const char *order_name(enum survey_order order)
{
	static const char *const names[] = { [SURVEY_ORDER_UNKNOWN] = NULL,
		[SURVEY_ORDER_SERVER] = "server",
		[SURVEY_ORDER_CLIENT] = "client" };

	return names[order];
}

static void put_values(struct json *j, const char *key, const struct survey_values *v, namer *name)
{
	json_object(j, key);
	json_string(j, "order", order_name(v->order));
	json_bool(j, "whole", v->whole);
	json_array(j, "values");
	for (size_t i = 0; i < v->n; i++) {
		json_object(j, NULL);
		json_code(j, "value", v->value[i]);
		json_string(j, "name", name(v->value[i]));
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void put_fact(struct json *j, const char *key, enum survey_fact fact)
{
	if (fact == SURVEY_UNKNOWN)
		json_null(j, key);
	else
		json_bool(j, key, fact == SURVEY_YES);
}

static bool is_detailed(const struct survey *s, size_t i)
{
	for (size_t k = 1; k < i; k++)
		if (s->version[k].taken == SURVEY_YES)
			return false;
	return true;
}

static void put_version(struct json *j, const struct survey *s, size_t i)
{
	const struct survey_version *v = &s->version[i];
	enum survey_kind kind = i == 0 ? SURVEY_TLS13 : SURVEY_OLDER;

	json_object(j, NULL);
	json_string(j, "version", name_version(v->version));
	put_fact(j, "taken", v->taken);
	if (v->taken == SURVEY_NO) {
		json_string(j, "refused_by", survey_outcome_name(v->refusal));
		if (v->refusal == SURVEY_ALERT)
			json_uint(j, "alert", v->alert);
	}
	if (v->taken == SURVEY_YES) {
		put_values(j, "suites", &v->suites, name_cipher_suite);
		if (is_detailed(s, i)) {
			put_values(j, "groups", &s->groups[kind], name_group);
			put_values(j, "schemes", &s->schemes[kind], name_scheme);
		}
	}
	json_end_object(j);
}

static void put_protocols(struct json *j, const struct survey *s)
{
	if (!s->protocols_asked) {
		json_null(j, "alpn");
		return;
	}
	json_array(j, "alpn");
	for (size_t i = 0; i < s->n_protocols; i++)
		json_string(j, NULL, s->protocol[i]);
	json_end_array(j);
}

static const char *auth_name(enum survey_client_auth a)
{
	static const char *const names[] = { [SURVEY_AUTH_UNKNOWN] = NULL,
		[SURVEY_AUTH_NOT_ASKED] = "not-asked",
		[SURVEY_AUTH_ASKED] = "asked",
		[SURVEY_AUTH_DEMANDED] = "demanded" };

	return names[a];
}

static void put_stacks(struct json *j, const struct survey *s)
{
	json_array(j, "stacks");
	for (size_t i = 0; i < s->n_stacks; i++) {
		const struct survey_reply *r = &s->stack[i].reply;

		json_object(j, NULL);
		json_string(j, "name", s->stack[i].profile->name);
		put_fact(j, "taken", s->stack[i].taken);
		json_string(j, "answer", survey_outcome_name(r->outcome));
		if (r->outcome == SURVEY_ALERT)
			json_uint(j, "alert", r->alert);
		if (r->outcome == SURVEY_CHOSE) {
			json_string(j, "version", name_version(r->version));
			json_string(j, "suite", name_cipher_suite(r->suite));
			json_string(j, "group", r->group != 0 ? name_group(r->group) : NULL);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

void survey_json(struct json *j, const struct survey_told *t)
{
	const struct survey *s = t->found;

	json_object(j, NULL);
	json_string(j, "target", t->target);
	json_uint(j, "connections", s->questions);
	json_milliseconds(j, "took_ms", (int64_t)(t->took_ms * 1e6));
	json_bool(j, "whole", !s->cut_short);
	if (t->problem[0] != '\0')
		json_string(j, "problem", t->problem);
	json_array(j, "versions");
	for (size_t i = 0; i < SURVEY_VERSIONS; i++)
		put_version(j, s, i);
	json_end_array(j);
	json_object(j, "features");
	for (int f = 0; f < N_SURVEY_FEATURES; f++)
		put_fact(j, survey_feature_name((enum survey_feature)f), s->feature[f]);
	json_end_object(j);
	put_protocols(j, s);
	json_string(j, "client_certificate", auth_name(s->client_auth));
	json_uint(j, "client_certificate_authorities", s->n_authorities);
	put_stacks(j, s);
	json_object(j, "client_hello_bytes");
	json_uint(j, "taken", s->hello_taken);
	json_uint(j, "refused", s->hello_refused);
	json_end_object(j);
	json_end_object(j);
}
