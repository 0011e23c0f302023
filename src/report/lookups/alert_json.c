/* Alerts and faults, for programs. */
#include "report/lookups/alert_lookup.h"

#include "names/names.h"

static const char *side_name(enum atlas_side side)
{
	return side == ATLAS_CLIENT ? "client" : "server";
}

void fault_json(struct json *j, const struct atlas_fault *fault)
{
	json_string(j, "fault", fault->id);
	json_string(j, "title", fault->title);
	json_string(j, "answered_by", side_name(fault->side));
	json_string(j, "message", name_handshake_type(fault->message));
	lookup_json_ids(j, "causes", fault->causes);
}

void fault_answer_json(struct json *j, enum stack stack, const struct atlas_answer *answer)
{
	static const char *const results[] = {
		[ATLAS_NOT_RUN] = "not-run",
		[ATLAS_ALERT] = "alert",
		[ATLAS_WARNING] = "warning",
		[ATLAS_CLOSED] = "closed",
		[ATLAS_ENCRYPTED] = "encrypted-alert",
		[ATLAS_ACCEPTED] = "accepted",
		[ATLAS_OK] = "tolerated",
		[ATLAS_APP] = "application",
	};

	json_object(j, NULL);
	json_string(j, "stack", stack_name(stack));
	json_string(j, "release", stack_measured(stack));
	json_string(j, "result", results[answer->result]);
	if (answer->alert >= 0)
		lookup_json_alert(j, "alert", answer->alert);
	if (answer->code != NULL && answer->code[0] != '\0')
		json_string(j, "code", answer->code);
	json_bool(j, "measured", !answer->from_source);
	json_end_object(j);
}

static void put_info(struct json *j, unsigned code)
{
	const struct alert_info *info = alert_find(code);

	json_uint(j, "code", code);
	json_string(j, "name", name_alert(code));
	if (info == NULL)
		return;
	json_string(j, "rfc", info->rfc);
	json_string(j, "meaning", info->meaning);
	json_string(j, "next", info->next);
}

static void put_reasons(struct json *j, const struct alert_lookup *a)
{
	size_t n = 0;
	const struct alert_reason *reasons =
		a->code != ATLAS_NO_ALERT ? alert_reasons((unsigned)a->code, &n) : NULL;

	json_array(j, "reasons");
	for (size_t i = 0; i < n; i++) {
		if (!alert_query_fits(&a->query, &reasons[i]))
			continue;
		json_object(j, NULL);
		json_string(j, "from", reasons[i].sender);
		json_string(j, "stacks", reasons[i].stacks);
		json_string(j, "text", reasons[i].text);
		lookup_json_ids(j, "causes", reasons[i].causes);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_measured(struct json *j, const struct alert_lookup *a)
{
	struct alert_hits h = alert_hits_find(a);

	j->out->failed = j->out->failed || h.failed;
	json_array(j, "measured");
	for (size_t i = 0; i < h.n;) {
		size_t end = i + alert_hits_same_fault(&h, i);

		json_object(j, NULL);
		fault_json(j, h.hits[i].fault);
		json_array(j, "answers");
		for (; i < end; i++)
			fault_answer_json(j, h.hits[i].stack, h.hits[i].answer);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
	alert_hits_free(&h);
}

void alert_lookup_json(struct json *j, const struct alert_lookup *a)
{
	json_object(j, NULL);
	if (a->code == ATLAS_NO_ALERT)
		json_null(j, "code");
	else
		put_info(j, (unsigned)a->code);
	if (a->sender != PASTE_SENDER_UNKNOWN)
		json_string(j, "sent_by", a->sender == PASTE_SENDER_PEER ? "peer" : "self");
	put_reasons(j, a);
	put_measured(j, a);
	alert_certificates_json(j, a);
	json_end_object(j);
}

void alert_table_json(struct json *j, const char *key)
{
	json_array(j, key);
	for (size_t i = 0; i < alert_count(); i++) {
		json_object(j, NULL);
		put_info(j, alert_at(i)->code);
		json_end_object(j);
	}
	json_end_array(j);
}

void fault_lookup_json(struct json *j, const char *key, const struct fault_lookup *f)
{
	json_array(j, key);
	for (size_t i = 0; i < atlas_fault_count(); i++) {
		const struct atlas_fault *fault = atlas_fault_at(i);

		if (!fault_lookup_has(f, fault))
			continue;
		json_object(j, NULL);
		fault_json(j, fault);
		json_array(j, "answers");
		for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++)
			if (fault->answers[s].result != ATLAS_NOT_RUN &&
				alert_query_has_stack(&f->query, s))
				fault_answer_json(j, s, &fault->answers[s]);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}
