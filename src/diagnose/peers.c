/* A finding stands for a fault of the atlas; its row says what each stack answers to it. */
#include "diagnose/peers.h"

#include "base/array.h"
#include "diagnose/story.h"
#include "names/atlas.h"

#include <stdio.h>

static bool lists(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)) != NULL; p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

/* What was measured of this stack, and what the handshake shows: the same, as far as it was measured? */
static bool same_answer(const struct atlas_answer *a, const struct ending_story *st)
{
	return (a->result == ATLAS_ALERT && st->alert == a->alert) ||
	       (a->result == ATLAS_CLOSED && st->closed);
}

/* How many stacks are known to answer that fault as this client did: of a known client only its own. */
static unsigned alike(const struct atlas_fault *f, enum stack client, const struct ending_story *st)
{
	unsigned n = 0;

	if (client != STACK_UNKNOWN)
		return same_answer(&f->answers[client], st);
	for (size_t i = STACK_UNKNOWN + 1; i < STACK_COUNT; i++)
		n += same_answer(&f->answers[i], st);
	return n;
}

/* The fault is in a message that this handshake had. (Certificates were measured in TLS 1.2.) */
static bool has_place(const struct atlas_fault *f, const struct handshake *hs)
{
	bool tls13 = strncmp(f->id, "t13_", 4) == 0;

	if (f->side == ATLAS_SERVER)
		return true;
	if (!hs->server_hello.seen)
		return tls13 || !hs->hello_retry.seen;
	if (hs->tls13)
		return f->message != HS_SERVER_KEY_EXCHANGE;
	return !tls13 && handshake_began(hs, SIDE_SERVER, (uint8_t)f->message);
}

/* Several measured faults go with one cause (a suite, a group, an extension not offered): the one
 * that fits what the client answered best, else the first. */
static const struct atlas_fault *fault_of_cause(
	const char *id, enum atlas_side side, const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);
	const struct atlas_fault *best = NULL;
	unsigned most = 0;

	for (size_t i = 0; i < atlas_fault_count(); i++) {
		const struct atlas_fault *f = atlas_fault_at(i);
		unsigned n;

		if (f->side != side || strchr(f->id, '+') != NULL || !lists(f->causes, id) ||
			!has_place(f, ex->hs))
			continue;
		n = side == ATLAS_CLIENT ? alike(f, (enum stack)ex->hs->looks.stack, &st) : 0;
		if (best == NULL || n > most) {
			best = f;
			most = n;
		}
	}
	return best;
}

static bool is_about(const struct finding *f, enum check_id check)
{
	for (size_t i = 0; i < f->n_explains; i++)
		if (f->explains[i] == check)
			return true;
	return false;
}

static const struct examined *kept_by_id(const struct case_file *cf, uint64_t id)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->id == id)
			return cf->kept[i];
	return NULL;
}

/* One client refused the point and another the signature, where no check could see either. */
static bool both_refused(const struct case_file *cf, const struct finding *f)
{
	enum { ILLEGAL_PARAMETER = 47, DECRYPT_ERROR = 51 };
	bool point = false, signature = false;

	for (size_t i = 0; i < f->n_handshakes; i++) {
		const struct examined *ex = kept_by_id(cf, f->handshakes[i]);
		struct ending_story st;

		if (ex == NULL || failed_check(ex, CHECK_ske_point_on_curve) ||
			failed_check(ex, CHECK_ske_signature))
			continue;
		st = story_of(ex->hs);
		point |= st.by == SIDE_CLIENT && st.alert == ILLEGAL_PARAMETER;
		signature |= st.by == SIDE_CLIENT && st.alert == DECRYPT_ERROR;
	}
	return point && signature;
}

/* Of the many things that can be chosen without being offered the check that failed tells which. */
static const struct atlas_fault *fault_of_choice(const struct finding *f, const struct examined *ex)
{
	const struct handshake *hs = ex->hs;
	bool retry = hs->hello_retry.seen && !hs->server_hello.seen;
	const struct {
		enum check_id check;
		const char *id;
	} choices[] = {
		{ CHECK_version_offered, "sh_ver_high" },
		{ CHECK_cipher_suite_offered, hs->tls13 ? NULL : "sh_suite_notoffered" },
		{ CHECK_compression_offered, "sh_comp" },
		{ CHECK_group_offered, retry       ? "t13_hrr_notoffered"
				       : hs->tls13 ? "t13_ks_notoffered"
						   : "grp_notoffered" },
		{ CHECK_signature_scheme_offered, hs->tls13 ? NULL : "sigalg_notoffered" },
		{ CHECK_renegotiation_info, "sh_reneg_bad" },
	};

	if (f->cause != causes[CAUSE_parameter_not_offered] &&
		f->cause != causes[CAUSE_renegotiation_info_missing])
		return NULL;
	for (size_t i = 0; i < COUNT(choices); i++)
		if (choices[i].id != NULL && failed_check(ex, choices[i].check))
			return atlas_fault_find(ATLAS_CLIENT, choices[i].id);
	return f->cause == causes[CAUSE_renegotiation_info_missing]
		       ? atlas_fault_find(ATLAS_CLIENT, "sh_no_reneg")
		       : NULL;
}

/* Is it about what the client sent? What clients answer to the like of a server is no answer to it. */
static bool of_client(const struct finding *f)
{
	return is_about(f, CHECK_certificate_verify_signature) ||
	       is_about(f, CHECK_cke_point_on_curve);
}

/* The measured fault that this handshake shows. The two ServerKeyExchange faults together have a
 * row of their own, because the order of the checks decides there. */
static const struct atlas_fault *fault_of(
	const struct case_file *cf, const struct finding *f, const struct examined *ex)
{
	bool here = is_about(f, CHECK_ske_point_on_curve) || is_about(f, CHECK_ske_signature);
	bool point = here && failed_check(ex, CHECK_ske_point_on_curve);
	bool signature = here && failed_check(ex, CHECK_ske_signature);
	bool by_client = story_of(ex->hs).by == SIDE_CLIENT;
	enum atlas_side by = by_client ? ATLAS_CLIENT : ATLAS_SERVER;
	const struct atlas_fault *fault = NULL;

	/* what was measured is a weak certificate, not a group of DHE */
	if (f->cause == causes[CAUSE_weak_key] && is_about(f, CHECK_ske_params_valid))
		return NULL;
	if (point && signature)
		fault = atlas_fault_find(
			ATLAS_CLIENT, ex->autopsy.signature[SIDE_SERVER].found == FIND_BIT_RESTORED
					      ? "pt_flip"
					      : "pt_offcurve+sig_garbage");
	else if (point && !ex->hs->tls13)
		fault = atlas_fault_find(ATLAS_CLIENT, "pt_offcurve");
	else if (point)
		fault = atlas_fault_find(ATLAS_CLIENT, "t13_ks_offcurve");
	else if (f->cause == causes[CAUSE_ec_arithmetic_broken] && both_refused(cf, f))
		fault = atlas_fault_find(ATLAS_CLIENT, "pt_offcurve+sig_garbage");
	else if (signature && f->cause == causes[CAUSE_ec_arithmetic_broken])
		fault = atlas_fault_find(ATLAS_CLIENT, "sig_garbage");
	if (fault == NULL && by_client)
		fault = fault_of_choice(f, ex);
	if (fault == NULL)
		fault = fault_of_cause(f->cause->id, by, ex);
	if (fault != NULL || (!by_client && of_client(f)))
		return fault;
	return fault_of_cause(f->cause->id, by_client ? ATLAS_SERVER : ATLAS_CLIENT, ex);
}

static const char *answer_phrase(const struct case_file *cf, const struct atlas_answer *a)
{
	const char *name;

	switch (a->result) {
	case ATLAS_ALERT:
	case ATLAS_WARNING:
		name = name_alert((unsigned)a->alert);
		return case_text(cf, "%d %s", a->alert, name != NULL ? name : "");
	case ATLAS_CLOSED:
		return "closes without an alert";
	case ATLAS_ENCRYPTED:
		return "an alert under encryption";
	case ATLAS_ACCEPTED:
	case ATLAS_OK:
		return "does not notice";
	case ATLAS_APP:
	case ATLAS_NOT_RUN:
		break;
	}
	return "";
}

static const char *short_phrase(const struct case_file *cf, const struct atlas_answer *a)
{
	return a->alert >= 0 ? case_text(cf, "%d", a->alert) : "no alert";
}

static const char *seen_phrase(const struct case_file *cf, const struct ending_story *st)
{
	const char *name = st->alert >= 0 ? name_alert((unsigned)st->alert) : NULL;

	if (st->alert >= 0)
		return case_text(cf, "%d %s", st->alert, name != NULL ? name : "");
	if (st->hidden)
		return "an alert under encryption";
	return st->reset ? "resets without an alert" : "closes without an alert";
}

static bool agrees(const struct atlas_answer *a, const struct ending_story *st)
{
	if (a->result == ATLAS_ALERT) /* one under encryption has no number to differ */
		return st->alert == a->alert || st->hidden;
	if (a->result == ATLAS_CLOSED)
		return st->alert < 0;
	return a->result != ATLAS_ENCRYPTED || st->hidden; /* else nothing to contradict */
}

static const char *why(const struct atlas_fault *fault, enum stack stack)
{
	const struct stack_order *order = stack_order(stack);

	/* Only where the point is wrong does it matter which of the two is tested first. */
	if (strncmp(fault->id, "pt_", 3) != 0 || order == NULL)
		return "";
	switch (order->ske) {
	case SKE_POINT_FIRST:
		return "tests the point first";
	case SKE_SIGNATURE_FIRST:
		return "tests the signature first";
	case SKE_NO_POINT_CHECK:
		return "does not test the point";
	case SKE_ORDER_UNKNOWN:
		break;
	}
	return "";
}

static bool have_line(const struct finding *f, const char *stack, const char *answer)
{
	for (size_t i = 0; i < f->n_alerts; i++)
		if (strcmp(f->alerts[i].stack, stack) == 0 &&
			(answer == NULL || strcmp(f->alerts[i].answer, answer) == 0))
			return true;
	return false;
}

/* A line for the peer of one handshake. */
static bool add_seen(const struct case_file *cf, struct finding *f, const struct examined *ex,
	const struct atlas_fault *fault)
{
	struct ending_story st = story_of(ex->hs);
	enum stack stack = (enum stack)ex->hs->looks.stack;
	enum atlas_side by = st.by == SIDE_CLIENT ? ATLAS_CLIENT : ATLAS_SERVER;
	struct atlas_answer measured = { .result = ATLAS_NOT_RUN, .alert = -1 };
	struct alert_line line = { .text = "", .packet = st.packet };

	if (!st.failed || fault->side != by)
		return true;
	if (by == ATLAS_CLIENT && stack != STACK_UNKNOWN)
		measured = fault->answers[stack];
	line.stack = by == ATLAS_SERVER           ? "the server"
		     : ex->hs->looks.name != NULL ? ex->hs->looks.name
						  : "a client";
	line.answer = seen_phrase(cf, &st);
	line.contradicts = !agrees(&measured, &st);
	if (stack != STACK_UNKNOWN && by == ATLAS_CLIENT)
		line.text = line.contradicts ? case_text(cf, "(%s was measured)",
						       short_phrase(cf, &measured))
					     : why(fault, stack);
	if (!have_line(f, line.stack, line.answer) && f->n_alerts < ALERT_LINES_MAX)
		f->alerts[f->n_alerts++] = line;
	return !line.contradicts;
}

static void add_predicted(const struct case_file *cf, struct finding *f,
	const struct atlas_fault *fault, const struct handshake *hs)
{
	static const enum stack usual[] = { STACK_OPENSSL, STACK_MBEDTLS_2, STACK_MBEDTLS_3,
		STACK_GNUTLS };

	for (size_t i = 0; i < COUNT(usual) && f->n_alerts < ALERT_LINES_MAX; i++) {
		const struct atlas_answer *a = &fault->answers[usual[i]];
		bool seen = false;

		for (size_t k = 0; k < f->n_alerts; k++)
			seen |= strncmp(f->alerts[k].stack, stack_family(usual[i]),
					strlen(stack_family(usual[i]))) == 0;
		if (seen || a->result == ATLAS_NOT_RUN || a->result == ATLAS_APP ||
			(hs->tls13 && usual[i] == STACK_MBEDTLS_2)) /* it has no TLS 1.3 */
			continue;
		f->alerts[f->n_alerts++] = (struct alert_line){ .stack = stack_name(usual[i]),
			.text = why(fault, usual[i]),
			.answer = answer_phrase(cf, a) };
	}
}

void peers_explain(const struct case_file *cf, struct finding *f)
{
	const struct atlas_fault *fault = NULL;
	const struct handshake *last = NULL;
	size_t seen = 0, contradicted = 0;

	for (size_t i = 0; i < f->n_handshakes; i++) {
		const struct examined *ex = kept_by_id(cf, f->handshakes[i]);

		/* a client of ours that stopped listening has not answered the fault; how the one
		 * answered it whose log does not show that is not known */
		if (ex == NULL || ex->hs->outcome != OUTCOME_FAILED ||
			ex->hs->ending == ENDING_CUT_OFF || ex->hs->ending == ENDING_GAVE_UP)
			continue;
		fault = fault_of(cf, f, ex);
		if (fault == NULL)
			return;
		last = ex->hs;
		seen++;
		contradicted += !add_seen(cf, f, ex, fault);
	}
	if (fault == NULL)
		return;
	if (fault->side == ATLAS_CLIENT)
		add_predicted(cf, f, fault, last);
	if (seen == 0 || contradicted != seen)
		return;
	finding_prove(f, cf, 0,
		"no peer did what was measured of its stack for this fault: less sure for that");
	if (f->confidence == CONFIDENCE_CERTAIN)
		f->confidence = CONFIDENCE_LIKELY;
}
