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

static const char *kind_name(enum change_kind kind)
{
	static const char *const names[N_CHANGE_KINDS] = { [CHANGE_GROUP] = "group",
		[CHANGE_SCHEME] = "signature-scheme",
		[CHANGE_SUITE] = "cipher-suite",
		[CHANGE_EXTENSION] = "extension",
		[CHANGE_CONTENT] = "extension-content",
		[CHANGE_NAME] = "server-name",
		[CHANGE_SHARES] = "key-shares",
		[CHANGE_GROUP_ORDER] = "group-order",
		[CHANGE_SCHEME_ORDER] = "signature-scheme-order",
		[CHANGE_SUITE_ORDER] = "cipher-suite-order",
		[CHANGE_EXTENSION_ORDER] = "extension-order",
		[CHANGE_SESSION_ID] = "session-id",
		[CHANGE_COMPRESSION] = "compression-methods",
		[CHANGE_RECORD_VERSION] = "record-version",
		[CHANGE_LEGACY_VERSION] = "legacy-version",
		[CHANGE_VERSION] = "version",
		[CHANGE_SIZE] = "size",
		[CHANGE_SEGMENTS] = "segments" };

	return names[kind];
}

static const char *act_name(enum change_act act)
{
	static const char *const names[] = { [CHANGE_LEAVE_OUT] = "leave-out",
		[CHANGE_ADD] = "add",
		[CHANGE_OTHERWISE] = "change" };

	return names[act];
}

typedef const char *namer(uint16_t value);

/* What names its value; NULL: it has none. */
static namer *namer_of(enum change_kind kind)
{
	static namer *const namers[N_CHANGE_KINDS] = { [CHANGE_GROUP] = name_group,
		[CHANGE_SCHEME] = name_scheme,
		[CHANGE_SUITE] = name_cipher_suite,
		[CHANGE_EXTENSION] = name_extension,
		[CHANGE_CONTENT] = name_extension,
		[CHANGE_RECORD_VERSION] = name_version,
		[CHANGE_LEGACY_VERSION] = name_version,
		[CHANGE_VERSION] = name_version };

	return namers[kind];
}

static void put_changes(struct json *j, const struct changes *c)
{
	json_array(j, "changes");
	for (size_t i = 0; i < c->n; i++) {
		json_object(j, NULL);
		json_string(j, "act", act_name(c->at[i].act));
		json_string(j, "kind", kind_name(c->at[i].kind));
		if (namer_of(c->at[i].kind) != NULL) {
			json_code(j, "value", c->at[i].value);
			json_string(j, "name", namer_of(c->at[i].kind)(c->at[i].value));
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_hellos(struct json *j, const struct isolation *f)
{
	json_object(j, "hellos");
	json_string(j, "failing", f->failing != NULL ? f->failing->name : NULL);
	json_string(j, "completing", f->passing != NULL ? f->passing->name : NULL);
	json_end_object(j);
}

static void put_sizes(struct json *j, const struct isolation *f)
{
	if (f->size_refused == 0)
		return;
	json_object(j, "client_hello_bytes");
	json_uint(j, "taken", f->size_taken);
	json_uint(j, "refused", f->size_refused);
	json_end_object(j);
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
	put_hellos(j, f);
	put_changes(j, &f->changes);
	isolation_sentence(f, &text);
	if (f->changes.n != 0)
		json_string(j, "text", strbuf_text(&text));
	put_sizes(j, f);
	put_side(j, "as_it_is", f->whole_asked, f->whole_failed, "failed");
	put_side(j, "changed", f->changed_asked, f->changed_completed, "completed");
	json_end_object(j);
	strbuf_free(&text);
}
