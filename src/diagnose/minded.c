/* The properties of a refused chain, held against the answer that its receiver gave. */
#include "diagnose/minded.h"

#include "base/array.h"
#include "diagnose/refusers.h"
#include "names/atlas.h"

/* Every verifier of a stack that is known; else the nine. */
static bool counts(size_t i, enum stack stack)
{
	return stack == STACK_UNKNOWN ? refusers_is_one_of_nine(verifier_at(i))
				      : verifier_is_of(i, stack);
}

static bool is_this_ending(const struct verifier_answer *a, const struct ending_story *st)
{
	if (st->alert >= 0)
		return a->result == VERIFIER_ALERT && a->alert == st->alert;
	return st->closed && (a->result == VERIFIER_CLOSES || a->result == VERIFIER_CLOSE_NOTIFY);
}

/* bad_certificate to certificate_unknown: which of them is sent differs from version to version. */
static bool is_general(int alert)
{
	return alert >= 42 && alert <= 46;
}

static bool fits(
	const struct verifier_answer *a, const struct ending_story *st, enum minded_how how)
{
	if (how != MINDED_OTHERWISE)
		return is_this_ending(a, st);
	return is_general(st->alert) && verifier_refuses(a);
}

static bool is_minded(enum property p, enum stack stack, enum verifier_role role,
	const struct ending_story *st, enum minded_how how)
{
	for (size_t i = 0; i < verifier_count(); i++) {
		struct verifier_answer a;

		if (!counts(i, stack))
			continue;
		a = verifier_answer(p, i, role);
		if (fits(&a, st, how))
			return true;
	}
	return false;
}

/* Of a certificate that is signed by itself, and may not be trusted at all, nothing else is said. */
static bool is_asked(const struct handshake_view *v, enum side about, enum property p)
{
	bool alone = p == PROPERTY_selfsigned_trusted || p == PROPERTY_selfsigned_trusted_ca ||
		     p == PROPERTY_selfsigned_v1_trusted;

	return !alone || v->hs->side[about].chain.has_trust;
}

/* Where only the kind of answer fits, it takes a property that a cause stands for. */
static void hold(const struct handshake_view *v, enum stack stack, struct minded *out)
{
	const struct properties *p = &v->hs->side[out->about].properties;
	enum verifier_role role = out->about == SIDE_CLIENT ? VERIFIER_SERVER
				  : v->hs->tls13            ? VERIFIER_CLIENT_13
							    : VERIFIER_CLIENT_12;

	for (size_t i = 0; i < p->n && out->n < MINDED_MAX; i++) {
		enum property id = (enum property)p->list[i];

		if (is_asked(v, out->about, id) &&
			(out->how != MINDED_OTHERWISE || property_cause_of(id) != N_CAUSES) &&
			is_minded(id, stack, role, &v->st, out->how))
			out->list[out->n++] = id;
	}
}

/* What a client looks like is a guess: its hello may be another's. */
bool minded_in(const struct handshake_view *v, struct minded *out)
{
	enum stack stack = (enum stack)v->hs->looks.stack;

	*out = (struct minded){ .about = side_other(v->st.by) };
	if (!v->st.failed || !certificate_refused(v->hs, out->about))
		return false;
	if (out->about == SIDE_SERVER && stack != STACK_UNKNOWN) {
		out->how = MINDED_BY_STACK;
		hold(v, stack, out);
	}
	for (enum minded_how how = MINDED_BY_SOME; out->n == 0 && how <= MINDED_OTHERWISE; how++) {
		out->how = how;
		hold(v, STACK_UNKNOWN, out);
	}
	return out->n != 0;
}

bool minded_enough(const struct handshake_view *v)
{
	struct minded m;

	if (!minded_in(v, &m))
		return false;
	return m.how == MINDED_BY_STACK ||
	       (m.how == MINDED_BY_SOME &&
		       (m.about == SIDE_CLIENT || v->hs->looks.stack == STACK_UNKNOWN));
}

/* ---- causes of properties ---- */

#define LIST(...)                                                                                  \
	(const enum property[])                                                                    \
	{                                                                                          \
		__VA_ARGS__, N_PROPERTIES                                                          \
	}

const struct property_cause property_causes[] = {
	{ CAUSE_name_constraints_violated,
		LIST(PROPERTY_nc_permitted_other, PROPERTY_nc_permitted_other_noncrit,
			PROPERTY_nc_dirname_other, PROPERTY_nc_cn_only, PROPERTY_nc_root) },
	{ CAUSE_certificate_extension_unsupported,
		LIST(PROPERTY_unknown_crit_leaf, PROPERTY_unknown_crit_inter,
			PROPERTY_unknown_crit_root, PROPERTY_ct_poison, PROPERTY_nc_permitted_ok,
			PROPERTY_nc_empty, PROPERTY_nc_othername, PROPERTY_nc_dirname_ok,
			PROPERTY_nc_on_leaf, PROPERTY_aki_critical, PROPERTY_policy_critical,
			PROPERTY_policy_inhibit_any, PROPERTY_policy_mapping,
			PROPERTY_policy_require_met) },
	{ CAUSE_explicit_curve_parameters, LIST(PROPERTY_ec_explicit, PROPERTY_inter_ec_explicit) },
	{ CAUSE_certificate_version_old,
		LIST(PROPERTY_leaf_v1, PROPERTY_leaf_v1_ext, PROPERTY_leaf_v2_ext,
			PROPERTY_leaf_v3_noext, PROPERTY_exts_empty, PROPERTY_inter_v1,
			PROPERTY_selfsigned_v1_trusted) },
	{ CAUSE_serial_number_invalid,
		LIST(PROPERTY_serial_negative, PROPERTY_serial_zero, PROPERTY_serial_40_octets,
			PROPERTY_serial_padded, PROPERTY_serial_empty) },
	{ CAUSE_ca_certificate_as_leaf, LIST(PROPERTY_leaf_ca_true, PROPERTY_leaf_ca_true_ku,
						PROPERTY_selfsigned_trusted_ca) },
	{ CAUSE_leaf_named_as_its_ca, LIST(PROPERTY_dn_leaf_named_as_ca_no_aki) },
	{ CAUSE_issuer_name_encoding,
		LIST(PROPERTY_dn_printable_vs_utf8, PROPERTY_dn_printable_vs_utf8_root,
			PROPERTY_dn_case, PROPERTY_dn_spaces) },
};
const size_t n_property_causes = COUNT(property_causes);

enum cause_id property_cause_of(enum property p)
{
	for (size_t i = 0; i < n_property_causes; i++)
		for (const enum property *l = property_causes[i].list; *l != N_PROPERTIES; l++)
			if (*l == p)
				return property_causes[i].cause;
	return N_CAUSES;
}

/* What no cause stands for is told only where nothing is minded that one stands for. */
bool minded_shows(const struct handshake_view *v)
{
	bool any = false;
	struct minded m;

	if (!nothing_else_failed(v->ex) || !minded_in(v, &m))
		return false;
	for (size_t i = 0; i < m.n; i++) {
		enum cause_id id = property_cause_of(m.list[i]);

		if (id != N_CAUSES && causes[id] == v->cause)
			return true;
		any |= id != N_CAUSES;
	}
	return !any && v->cause == causes[CAUSE_certificate_property_refused];
}

static const char *answer_text_of(const struct handshake_view *v)
{
	if (v->st.alert < 0)
		return "closes without an alert";
	return case_text(v->cf, "answers %d", v->st.alert);
}

static void prove_who(const struct handshake_view *v, const struct minded *m, struct finding *f)
{
	enum stack stack = (enum stack)v->hs->looks.stack;

	switch (m->how) {
	case MINDED_BY_STACK:
		finding_prove(f, v->cf, v->st.packet, "%s, measured with it, %s",
			stack_family(stack), answer_text_of(v));
		return;
	case MINDED_BY_SOME:
		finding_prove(f, v->cf, v->st.packet, "a stack that was measured with it %s",
			answer_text_of(v));
		break;
	case MINDED_OTHERWISE:
		finding_prove(f, v->cf, v->st.packet,
			"stacks that were measured with it refuse it, with other alerts than %d",
			v->st.alert);
		break;
	}
	if (m->about == SIDE_SERVER && stack != STACK_UNKNOWN)
		finding_prove(f, v->cf, 0, "%s, which the client looks like, does not answer so",
			stack_family(stack));
}

void minded_prove(const struct handshake_view *v, struct finding *f)
{
	struct minded m;

	if (!minded_in(v, &m))
		return;
	for (size_t i = 0; i < m.n && i < 5; i++)
		finding_prove(f, v->cf,
			i == 0 ? message_place(v->hs, m.about, HS_CERTIFICATE).packet : 0, "%s%s",
			i != 0 ? "or: " : "", property_info(m.list[i])->title);
	prove_who(v, &m, f);
	if (m.n == 1 && m.how == MINDED_BY_STACK)
		f->confidence = CONFIDENCE_LIKELY;
}

const enum check_id minded_explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

const struct handshake_rule minded_rule = {
	.shows = minded_shows,
	.prove = minded_prove,
	.explains = minded_explains,
	.confidence = CONFIDENCE_POSSIBLE,
	.assumptions = 1,
};
