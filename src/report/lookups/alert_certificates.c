/* What certificates have that makes the stacks asked for send an alert, as measured. */
#include "report/lookups/alert_lookup.h"

#include "names/names.h"
#include "names/verifiers.h"

enum { PROPERTIES_SHOWN = 12 };

/* Only of a stack that is named: others would be half of the table. And only where a certificate has
 * arrived. */
static bool is_asked(const struct alert_lookup *a)
{
	return a->query.stack != NULL &&
	       (a->query.after == ATLAS_ANY_MESSAGE || a->query.after >= 8) &&
	       a->query.after != handshake_type_by_name("finished");
}

static bool is_of_query(const struct alert_lookup *a, size_t i)
{
	for (enum stack s = STACK_OPENSSL; s <= STACK_JSSE; s++)
		if (alert_query_has_stack(&a->query, s) && verifier_is_of(i, s))
			return true;
	return false;
}

/* Does the role send it from the side that is asked about? */
static bool role_fits(const struct alert_lookup *a, enum verifier_role role)
{
	return a->query.from == ALERT_FROM_ANY ||
	       (a->query.from == ATLAS_SERVER) == (role == VERIFIER_SERVER);
}

/* What the verifier answers to the property in that role, when that is the alert asked about. */
static bool answers_so(const struct alert_lookup *a, enum property p, size_t i,
	enum verifier_role role, struct verifier_answer *out)
{
	*out = verifier_answer(p, i, role);
	if (!role_fits(a, role))
		return false;
	if (a->code == ATLAS_NO_ALERT)
		return out->result == VERIFIER_CLOSES;
	return out->result == VERIFIER_ALERT && out->alert == a->code;
}

static bool is_answered_so(const struct alert_lookup *a, enum property p)
{
	struct verifier_answer answer;

	for (size_t i = 0; i < verifier_count(); i++)
		for (int r = 0; r < N_VERIFIER_ROLES && is_of_query(a, i); r++)
			if (answers_so(a, p, i, (enum verifier_role)r, &answer))
				return true;
	return false;
}

void alert_certificates_text(struct page *p, const struct alert_lookup *a)
{
	size_t n = 0;

	for (int id = 0; id < N_PROPERTIES && is_asked(a); id++) {
		if (!is_answered_so(a, (enum property)id))
			continue;
		if (n++ >= PROPERTIES_SHOWN)
			continue;
		lookup_label(p, n == 1 ? "certs" : "");
		page_wrap(p, LOOKUP_AT + 2, property_info((enum property)id)->title);
		page_end_line(p);
	}
	if (n <= PROPERTIES_SHOWN)
		return;
	lookup_label(p, "");
	page_wrapf(p, LOOKUP_AT,
		"and %zu more %s of certificates (--json has all); tlsdiag check FILE tells which "
		"a certificate has",
		n - PROPERTIES_SHOWN, n - PROPERTIES_SHOWN == 1 ? "property" : "properties");
	page_end_line(p);
}

static void put_answer(
	struct json *j, size_t i, enum verifier_role role, const struct verifier_answer *answer)
{
	json_object(j, NULL);
	json_string(j, "stack", verifier_at(i)->stack);
	json_string(j, "version", verifier_at(i)->version);
	json_string(j, "role", verifier_role_id(role));
	json_string(j, "code", answer->code[0] != '\0' ? answer->code : NULL);
	json_end_object(j);
}

static void put_property(struct json *j, const struct alert_lookup *a, enum property p)
{
	struct verifier_answer answer;

	json_object(j, NULL);
	json_string(j, "id", property_info(p)->id);
	json_string(j, "title", property_info(p)->title);
	json_array(j, "answers");
	for (size_t i = 0; i < verifier_count(); i++)
		for (int r = 0; r < N_VERIFIER_ROLES && is_of_query(a, i); r++)
			if (answers_so(a, p, i, (enum verifier_role)r, &answer))
				put_answer(j, i, (enum verifier_role)r, &answer);
	json_end_array(j);
	json_end_object(j);
}

void alert_certificates_json(struct json *j, const struct alert_lookup *a)
{
	if (!is_asked(a))
		return;
	json_array(j, "certificates");
	for (int id = 0; id < N_PROPERTIES; id++)
		if (is_answered_so(a, (enum property)id))
			put_property(j, a, (enum property)id);
	json_end_array(j);
}
