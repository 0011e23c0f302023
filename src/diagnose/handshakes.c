/* Walks the kept handshakes for the causes that look at one at a time. */
#include "diagnose/handshakes.h"

struct handshake_view handshake_view_of(const struct case_file *cf, const struct examined *ex)
{
	return (struct handshake_view){ cf, ex, ex->hs, story_of(ex->hs), NULL };
}

static void take(const struct handshake_view *v, struct finding *f,
	const struct handshake_rule *rule, bool first)
{
	if (first) {
		f->severity = rule->severity;
		f->confidence = rule->confidence;
		f->assumptions = rule->assumptions;
	}
	finding_add(f, v->ex, rule->explains);
	if (rule->take != NULL)
		rule->take(v, f);
	if (first && rule->prove != NULL)
		rule->prove(v, f);
}

static size_t ask(const struct case_file *cf, struct finding *f, const struct handshake_rule *rule)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		struct handshake_view v = handshake_view_of(cf, cf->kept[i]);

		v.cause = f->cause;
		if (rule->shows(&v))
			take(&v, f, rule, n++ == 0);
	}
	if (n != 0 && rule->conclude != NULL)
		rule->conclude(cf, f, n);
	return n;
}

size_t handshake_cause(
	const struct case_file *cf, struct finding *f, const struct handshake_rule *rule)
{
	size_t n = 0;

	for (; n == 0 && rule != NULL; rule = rule->otherwise)
		n = ask(cf, f, rule);
	return n;
}

const struct examined *find_handshake(const struct case_file *cf, handshake_test *test)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		struct handshake_view v = handshake_view_of(cf, cf->kept[i]);

		if (test(&v))
			return v.ex;
	}
	return NULL;
}

const struct examined *find_beside(const struct case_file *cf, handshake_test *test)
{
	const struct examined *found = NULL;

	for (const struct case_file *other = cf->beside;
		other != NULL && other != cf && found == NULL; other = other->beside)
		found = find_handshake(other, test);
	return found;
}

void warn_unless_failed(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->outcome != OUTCOME_FAILED)
		f->severity = SEVERITY_WARNING;
}

void doubt_beside_certificate(const struct handshake_view *v, struct finding *f)
{
	int alert = v->st.alert;
	bool of_certificates = (alert >= 42 && alert <= 46) || alert == 48 || alert == 49;

	if (v->st.failed && v->st.by == SIDE_CLIENT && of_certificates &&
		v->hs->side[SIDE_SERVER].n_certs != 0 &&
		!handshake_late(v->hs, SIDE_SERVER, HS_CERTIFICATE))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

void note_beside_failure(const struct handshake_view *v, struct finding *f)
{
	if (f->severity == SEVERITY_ERROR)
		return;
	if (!v->st.failed)
		f->severity = SEVERITY_WARNING;
	else if (f->n_handshakes_all == 1)
		f->severity = SEVERITY_NOTE;
}

void raise_when_failed(const struct handshake_view *v, struct finding *f)
{
	if (v->st.failed)
		f->severity = SEVERITY_ERROR;
}

bool breach_let_pass_or_refused(
	const struct handshake_view *v, enum check_id id, enum side by, const int *alerts)
{
	enum status s = v->ex->answers[id].status;

	if (s != FAIL && s != WARN)
		return false;
	if (!v->st.failed)
		return true;
	for (; v->st.by == by && *alerts != 0; alerts++)
		if (*alerts == v->st.alert)
			return true;
	return false;
}

void breach_prove(const struct handshake_view *v, struct finding *f, enum check_id id)
{
	finding_quote(f, v->cf, v->ex, id);
	if (v->st.failed)
		finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

void finding_quote_end(struct finding *f, const struct handshake_view *v)
{
	finding_quote(
		f, v->cf, v->ex, v->st.alert >= 0 ? CHECK_no_fatal_alert : CHECK_closed_cleanly);
}

bool never_failed(const struct case_file *cf, enum check_id id)
{
	bool any = false;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (failed_check(cf->kept[i], id))
			return false;
		any |= passed_check(cf->kept[i], id);
	}
	return any;
}
