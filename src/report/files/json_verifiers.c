/* Who refuses what the files would send, one member for each verifier, version and role. */
#include "diagnose/refusers.h"
#include "report/files/report.h"
#include "report/json_parts.h"

/* What ends the connection, and with which number. */
static void put_ending(struct json *j, const struct judged_by *by)
{
	static const char *const endings[] = { [VERIFIER_ALERT] = "alert",
		[VERIFIER_CLOSE_NOTIFY] = "close_notify",
		[VERIFIER_CLOSES] = "none",
		[VERIFIER_STORE] = "store" };
	const struct verifier_answer *first = &by->refusal[0].answer;

	if (by->n_refusals == 0) {
		json_null(j, "alert");
		return;
	}
	json_string(j, "ending", endings[first->result]);
	if (first->alert >= 0)
		json_int(j, "alert", first->alert);
	else
		json_null(j, "alert");
}

/* Of several properties the first answers; another may be met first. */
static void put_alerts(struct json *j, const struct judged_by *by)
{
	json_array(j, "alerts");
	for (size_t i = 0; i < by->n_refusals; i++) {
		int alert = by->refusal[i].answer.alert;
		bool said = alert < 0;

		for (size_t k = 0; k < i; k++)
			said |= by->refusal[k].answer.alert == alert;
		if (!said)
			json_int(j, NULL, alert);
	}
	json_end_array(j);
}

static void put_verifier(struct json *j, const char *file, size_t i, enum verifier_role role,
	const struct judged_by *by)
{
	const struct verifier *v = verifier_at(i);
	const char *code = by->n_refusals != 0 ? by->refusal[0].answer.code : "";

	json_object(j, NULL);
	json_string(j, "certificate", file);
	json_string(j, "stack", v->stack);
	json_string(j, "version", v->version);
	json_string(j, "verifier", v->id);
	json_string(j, "role", verifier_role_id(role));
	json_string(j, "verdict", verdict_text(by->verdict));
	put_ending(j, by);
	put_alerts(j, by);
	json_string(j, "code", code[0] != '\0' ? code : NULL);
	json_array(j, "because");
	for (size_t k = 0; k < by->n_refusals; k++)
		json_string(j, NULL, property_info(by->refusal[k].property)->id);
	json_end_array(j);
	json_end_object(j);
}

static void put_chain(struct json *j, const struct presented *p)
{
	struct judged_by by;

	for (size_t i = 0; i < verifier_count(); i++)
		for (int r = 0; r < N_VERIFIER_ROLES; r++)
			if (refusers_ask(&p->properties, i, (enum verifier_role)r, &by))
				put_verifier(j, p->file != NULL ? p->file->path : NULL, i,
					(enum verifier_role)r, &by);
}

static void put_properties(struct json *j, const struct presented *p)
{
	json_object(j, NULL);
	json_string(j, "certificate", p->file != NULL ? p->file->path : NULL);
	json_uint(j, "sent", p->n_sent);
	if (p->n_left_out != 0)
		json_uint(j, "left_out", p->n_left_out);
	json_array(j, "properties");
	for (size_t i = 0; i < p->properties.n; i++) {
		const struct property_info *info =
			property_info((enum property)p->properties.list[i]);

		json_object(j, NULL);
		json_string(j, "id", info->id);
		json_string(j, "title", info->title);
		json_end_object(j);
	}
	json_end_array(j);
	if (p->properties.cut)
		json_bool(j, "more_properties", true);
	json_array(j, "assumed");
	if (!p->trust_given)
		json_string(j, NULL, "the end of the chain is trusted");
	if (!p->name_given)
		json_string(j, NULL, "the name that is asked for is one of the certificate's");
	json_end_array(j);
	json_end_object(j);
}

void files_json_verifiers(struct json *j, const struct presented_chains *chains)
{
	size_t n = chains != NULL ? chains->n : 0;

	json_array(j, "presented");
	for (size_t i = 0; i < n; i++)
		put_properties(j, &chains->list[i]);
	json_end_array(j);
	json_array(j, "verifiers");
	for (size_t i = 0; i < n; i++)
		put_chain(j, &chains->list[i]);
	json_end_array(j);
}
