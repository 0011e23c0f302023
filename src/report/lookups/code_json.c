/* An error code, for programs. */
#include "report/lookups/code_lookup.h"

#include "names/names.h"

static void put_versions(struct json *j, const struct code *code)
{
	const char *version;

	if (code->first == NULL)
		return;
	json_array(j, "versions");
	for (size_t i = 0; (version = code_version(i)) != NULL; i++)
		if ((code->versions >> i & 1) != 0)
			json_string(j, NULL, version);
	json_end_array(j);
	json_string(j, "first_release", code->first);
	json_string(j, "last_release", code->last);
}

static void put_changes(struct json *j, const struct code *code)
{
	struct strbuf text = { 0 };

	code_changes(code, &text);
	if (text.len != 0)
		json_string(j, "changed", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_alert(struct json *j, const struct code *code)
{
	const char *sent = code->alert_received ? "by-peer" : "to-peer";

	if (code->alert == CODE_ALERT_UNKNOWN)
		return;
	if (code->alert == CODE_ALERT_NONE)
		sent = "none";
	else if (code->alert == CODE_ALERT_VARIES)
		sent = "varies";
	json_string(j, "alert_sent", sent);
	if (code->alert >= 0)
		lookup_json_alert(j, "alert", code->alert);
}

static void put_causes(struct json *j, const struct code *code)
{
	size_t n;
	const struct code_cause *causes = code_causes(code, &n);

	json_array(j, "causes");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_string(j, "text", causes[i].text);
		lookup_json_ids(j, "ids", causes[i].causes);
		if (causes[i].command[0] != '\0')
			json_string(j, "next", causes[i].command);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_next(struct json *j, const struct code *code)
{
	struct next_commands next;

	code_next(code, &next);
	json_array(j, "next_steps");
	for (size_t i = 0; i < next.n; i++)
		json_string(j, NULL, next.list[i]);
	json_end_array(j);
}

static void put_match(struct json *j, const struct code_match *m)
{
	static const char *const parts[] = {
		[CODE_WHOLE] = "whole",
		[CODE_HIGH_PART] = "high",
		[CODE_LOW_PART] = "low",
	};
	const struct code *code = m->code;
	char number[CODE_NUMBER];

	json_object(j, NULL);
	json_string(j, "library", code_library_name(code));
	json_string(j, "part", parts[m->part]);
	json_string(j, "number", code->numbered ? code_number(m, number) : NULL);
	if (code->numbered)
		json_int(j, "value", code->value);
	else
		json_null(j, "value");
	json_string(j, "name", code->name);
	json_string(j, "module", code->module);
	json_string(j, "meaning", code->meaning);
	put_versions(j, code);
	put_changes(j, code);
	put_alert(j, code);
	put_causes(j, code);
	if (code->see[0] != '\0')
		lookup_json_ids(j, "see", code->see);
	put_next(j, code);
	json_end_object(j);
}

void code_lookup_json(struct json *j, const struct code_lookup *c)
{
	json_object(j, NULL);
	json_string(j, "asked", c->asked);
	json_array(j, "matches");
	for (size_t i = 0; i < c->n; i++)
		put_match(j, &c->matches[i]);
	json_end_array(j);
	json_end_object(j);
}
