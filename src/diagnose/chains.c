/*
 * A chain that was refused counts before one that nobody minded; only one of the two makes the
 * finding.
 */
#include "diagnose/chains.h"

#include "base/array.h"
#include "diagnose/minded.h"

/* RFC 8446 6.2: no_certificate to access_denied; the others have other things to say. */
enum { ALERT_CERTIFICATE_FIRST = 41, ALERT_CERTIFICATE_LAST = 49 };

static bool typical(const struct chain_rule *rule, int alert)
{
	for (size_t i = 0; i < COUNT(rule->typical); i++)
		if (rule->typical[i] != 0 && rule->typical[i] == alert)
			return true;
	return false;
}

/* bad_certificate and certificate_unknown: most stacks say one of them of anything. */
static bool is_general(int alert)
{
	return alert == 42 || alert == 46;
}

/* What was not tested, and gets the same general answer; NULL: nothing. */
static const char *left_untested(const struct examined *ex, enum side side)
{
	if (ex->answers[CHECK_chain_trusted].status == UNKNOWN)
		return "whether it is trusted";
	if (side == SIDE_SERVER && ex->answers[CHECK_name_matches].status == UNKNOWN)
		return "whether it is for the name asked for";
	return NULL;
}

/* Something else that the chain has, and that is refused in just this way; N_PROPERTIES: nothing. */
static enum property other_reason(
	const struct case_file *cf, const struct examined *ex, const struct cause *cause)
{
	struct handshake_view v = handshake_view_of(cf, ex);
	struct minded m;

	if (!minded_in(&v, &m) || m.how == MINDED_OTHERWISE)
		return N_PROPERTIES;
	for (size_t i = 0; i < m.n; i++) {
		enum cause_id id = property_cause_of(m.list[i]);

		if (id != N_CAUSES && causes[id] != cause)
			return m.list[i];
	}
	return N_PROPERTIES;
}

/* What is so of the chain is proved; that it was refused for this, only where nothing else is left. */
static const char *doubt(
	const struct case_file *cf, const struct examined *ex, const struct cause *cause)
{
	struct ending_story st = story_of(ex->hs);
	enum property other = other_reason(cf, ex, cause);
	const char *untested = is_general(st.alert) ? left_untested(ex, side_other(st.by)) : NULL;

	if (untested != NULL)
		return case_text(cf, "not tested, and answered alike: %s", untested);
	return other != N_PROPERTIES ? case_text(cf, "refused with that alert too: %s",
					       property_info(other)->title)
				     : NULL;
}

/* What a refusal leaves behind, whatever it was about. */
static const enum check_id refusal[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

enum { ALERT_INTERNAL = 80 };

/* illegal_parameter, which stands among them, is no word about certificates. */
static bool of_certificates(int alert)
{
	enum { ILLEGAL_PARAMETER = 47 };

	return alert >= ALERT_CERTIFICATE_FIRST && alert <= ALERT_CERTIFICATE_LAST &&
	       alert != ILLEGAL_PARAMETER;
}

/* Of a fault that most verifiers let pass, an alert about certificates in general is no proof. */
static enum confidence sureness(const struct ending_story *st, const struct chain_rule *rule)
{
	bool let_pass = rule->when_completed == SEVERITY_NOTE;

	if (st->hidden) /* the client itself says that it is the certificate */
		return CONFIDENCE_CERTAIN;
	if (st->alert < 0)
		return let_pass ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
	if (typical(rule, st->alert)) /* internal_error says nothing of what it was over */
		return let_pass || st->alert == ALERT_INTERNAL ? CONFIDENCE_LIKELY
							       : CONFIDENCE_CERTAIN;
	return of_certificates(st->alert) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

enum { DATES = 0x01 | 0x0200 }; /* verify flags of mbedTLS: expired, not valid yet */

/* Does the library of the side that gave up name this very fault, among those it found? */
static bool named(const struct handshake *hs, enum side by, const struct chain_rule *rule)
{
	return (hs->side[by].word.verify_flags & rule->flags) != 0;
}

static void take_refused(const struct case_file *cf, struct finding *f,
	const struct chain_rule *rule, const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);
	enum confidence sure = sureness(&st, rule);
	const char *why = named(ex->hs, st.by, rule) ? NULL : doubt(cf, ex, f->cause);

	/* Of a log without dates only today is known, or what the user says. */
	if (ex->hs->undated && !cf->evidence->has_at && (rule->flags & DATES) != 0 &&
		sure == CONFIDENCE_CERTAIN)
		sure = CONFIDENCE_LIKELY;
	if (sure == CONFIDENCE_CERTAIN && why != NULL) {
		sure = CONFIDENCE_LIKELY;
		if (f->n_handshakes == 0)
			finding_prove(f, cf, 0, "%s", why);
	}
	f->severity = SEVERITY_ERROR;
	f->of_chain |= !named(ex->hs, st.by, rule);
	if (f->n_handshakes == 0 || f->confidence < sure)
		f->confidence = sure;
	finding_add(f, ex, rule->explains);
	finding_explain(f, ex, refusal);
	if (st.hidden && f->n_handshakes == 1)
		finding_prove_word(f, cf, ex->hs);
	if (st.alert >= 0 && rule->typical[0] != 0 && !typical(rule, st.alert))
		f->assumptions = 1;
}

static bool explains(const struct chain_rule *rule, enum check_id id)
{
	for (const enum check_id *e = rule->explains; *e != N_CHECKS; e++)
		if (*e == id)
			return true;
	return false;
}

/* And not because of what the rule says of the chain. */
static bool key_at_work_wrong(
	const struct examined *ex, enum side side, const struct chain_rule *rule)
{
	if (explains(rule,
		    side == SIDE_CLIENT ? CHECK_certificate_verify_signature : CHECK_ske_signature))
		return false;
	if (side == SIDE_CLIENT)
		return failed_check(ex, CHECK_certificate_verify_signature);
	return failed_check(ex, CHECK_ske_signature) || failed_check(ex, CHECK_ske_point_on_curve);
}

/*
 * A refusal that does not speak of certificates, over a handshake with a signature or a point that
 * is wrong, is about these, whatever else may be said of the chain. Nor is one about what most
 * peers let pass.
 */
static bool refused_for(const struct examined *ex, enum side side, const struct chain_rule *rule)
{
	int alert = story_of(ex->hs).alert;

	if (!certificate_refused(ex->hs, side) || ex->accepted_in != 0)
		return false;
	if (typical(rule, alert) || of_certificates(alert))
		return true;
	return !key_at_work_wrong(ex, side, rule) &&
	       (alert < 0 || rule->when_completed != SEVERITY_NOTE);
}

/* Is the first certificate sent the issuer of that one, or the issuer of its issuer among those sent, and so on? */
static bool leads_to_first(const struct party *p, const struct cert *below)
{
	for (size_t steps = 0; steps < p->n_certs; steps++) {
		size_t next = 0;

		while (next < p->n_certs &&
			!cert_names_equal(below->issuer_der, p->certs[next]->subject_der))
			next++;
		if (next == 0 || next == p->n_certs)
			return next == 0;
		below = p->certs[next];
	}
	return false;
}

bool leaf_comes_later(const struct handshake *hs, enum side side)
{
	const struct party *p = &hs->side[side];

	for (size_t i = 1; i < p->n_certs && p->certs[0]->ca; i++)
		if (!p->certs[i]->ca && p->certs[i]->spki.len != 0 &&
			leads_to_first(p, p->certs[i]))
			return true;
	return false;
}

/* Asks the server's chain, then the client's, of one handshake. */
static bool ask(const struct case_file *cf, const struct examined *ex, bool refused,
	struct finding *f, const struct chain_rule *rule)
{
	static const enum side order[] = { SIDE_SERVER, SIDE_CLIENT };

	for (size_t i = 0; i < 2; i++) {
		struct chain_view v = { cf, ex, ex->hs, order[i], &ex->hs->side[order[i]].chain };

		if (v.judgement->judged && refused_for(ex, order[i], rule) == refused &&
			rule->shows(&v, f))
			return true;
	}
	return false;
}

/*
 * The fact is certain, and nobody minded it. Where the handshake failed all the same, it was over
 * something else: then this is not what a reader is to see first.
 */
static void take_passed_over(
	struct finding *f, const struct chain_rule *rule, const struct examined *ex, bool first)
{
	enum severity severity =
		ex->hs->outcome == OUTCOME_FAILED ? SEVERITY_NOTE : rule->when_completed;

	if (first || severity < f->severity)
		f->severity = severity;
	f->confidence = CONFIDENCE_CERTAIN;
	finding_add(f, ex, rule->explains);
}

bool chain_cause(const struct case_file *cf, struct finding *f, const struct chain_rule *rule)
{
	size_t refused = 0, other = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		if (ask(cf, cf->kept[i], true, refused == 0 ? f : NULL, rule)) {
			take_refused(cf, f, rule, cf->kept[i]);
			refused++;
		}
	for (size_t i = 0; refused == 0 && i < cf->n_kept; i++)
		if (ask(cf, cf->kept[i], false, other == 0 ? f : NULL, rule)) {
			take_passed_over(f, rule, cf->kept[i], other++ == 0);
		}
	return refused + other != 0;
}

const struct path_step *chain_step(
	const struct chain_judgement *j, bool (*test)(const struct path_step *))
{
	for (size_t i = 0; i < j->n_steps; i++)
		if (test(&j->step[i]))
			return &j->step[i];
	return NULL;
}

void chain_prove_date(
	const struct chain_view *v, struct finding *f, const char *field, int64_t date)
{
	char day[32], then[32];

	date_text(date, day);
	date_text(v->judgement->at, then);
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet, "%s is %s",
		field, day);
	finding_prove(f, v->cf, 0,
		v->cf->evidence->has_at ? "it is judged at %s, the time given"
		: v->hs->undated        ? "the log has no dates: it is judged at %s"
					: "the handshake took place at %s",
		then);
}

bool chains_pass(const struct case_file *cf, enum check_id id)
{
	bool any = false;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (!hs->side[SIDE_SERVER].chain.judged && !hs->side[SIDE_CLIENT].chain.judged)
			continue;
		if (cf->kept[i]->answers[id].status != PASS)
			return false;
		any = true;
	}
	return any;
}

bool chains_in_date(const struct case_file *cf, const char **because)
{
	*because = "every certificate of the path was in date at the time";
	return chains_pass(cf, CHECK_chain_dates);
}
