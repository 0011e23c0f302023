/* What makes a handshake fail, for programs. */
#include "report/survey/report.h"

#include "names/names.h"

static const char *verdict_name(enum isolate_verdict v)
{
	static const char *const names[] = { [ISOLATE_CUT] = "not-found-out",
		[ISOLATE_WELL] = "completes",
		[ISOLATE_FLAKY] = "flaky",
		[ISOLATE_NO_HELP] = "no-hello-helps",
		[ISOLATE_FOUND] = "found" };

	return names[v];
}

static const char *kind_name(enum isolate_kind kind)
{
	static const char *const names[] = { [ISOLATE_GROUP] = "group",
		[ISOLATE_SCHEME] = "signature-scheme",
		[ISOLATE_SUITE] = "cipher-suite",
		[ISOLATE_EXTENSION] = "extension",
		[ISOLATE_NAME] = "server-name",
		[ISOLATE_VERSION] = "version" };

	return names[kind];
}

static const char *value_name(const struct isolate_change *c)
{
	switch (c->kind) {
	case ISOLATE_GROUP:
		return name_group(c->value);
	case ISOLATE_SCHEME:
		return name_scheme(c->value);
	case ISOLATE_SUITE:
		return name_cipher_suite(c->value);
	case ISOLATE_EXTENSION:
		return name_extension(c->value);
	case ISOLATE_VERSION:
		return name_version(c->value);
	case ISOLATE_NAME:
		break;
	}
	return NULL;
}

static void put_changes(struct json *j, const struct isolation *f)
{
	json_array(j, "left_out");
	for (size_t i = 0; i < f->n_changes; i++) {
		json_object(j, NULL);
		json_string(j, "kind", kind_name(f->change[i].kind));
		if (f->change[i].kind != ISOLATE_NAME) {
			json_code(j, "value", f->change[i].value);
			json_string(j, "name", value_name(&f->change[i]));
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_side(struct json *j, const char *key, unsigned asked, unsigned so, const char *how)
{
	json_object(j, key);
	json_uint(j, "asked", asked);
	json_uint(j, how, so);
	json_end_object(j);
}

void isolation_json(struct json *j, const struct survey_told *t, const struct isolation *f)
{
	struct strbuf text = { 0 };

	json_object(j, NULL);
	json_string(j, "target", t->target);
	json_uint(j, "connections", f->questions);
	json_milliseconds(j, "took_ms", (int64_t)(t->took_ms * 1e6));
	json_string(j, "verdict", verdict_name(f->verdict));
	if (t->problem[0] != '\0')
		json_string(j, "problem", t->problem);
	put_changes(j, f);
	isolation_changes(f, &text);
	if (f->n_changes != 0)
		json_string(j, "text", strbuf_text(&text));
	put_side(j, "with", f->whole_asked, f->whole_failed, "failed");
	put_side(j, "without", f->changed_asked, f->changed_completed, "completed");
	json_end_object(j);
	strbuf_free(&text);
}
