/* Of the server first, then of the client: a capture rarely has both bad. */
#include "diagnose/signatures.h"

const enum check_id signature_explains[] = { CHECK_ske_signature,
	CHECK_certificate_verify_signature, CHECK_ske_signature_size_fits_key,
	CHECK_ske_point_on_curve, CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };
const enum check_id point_explains[] = { CHECK_ske_point_on_curve, CHECK_point_format_offered,
	CHECK_cke_point_on_curve, CHECK_ske_signature, CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, CHECK_messages_well_formed, N_CHECKS };

struct signature_view signature_of(const struct examined *ex, enum side signer)
{
	bool server = signer == SIDE_SERVER;
	struct signature_view v = { .ex = ex,
		.hs = ex->hs,
		.signer = signer,
		.autopsy = server ? &ex->autopsy.signature[SIDE_SERVER]
				  : &ex->autopsy.signature[SIDE_CLIENT],
		.check = server ? CHECK_ske_signature : CHECK_certificate_verify_signature,
		.message =
			server && !ex->hs->tls13 ? HS_SERVER_KEY_EXCHANGE : HS_CERTIFICATE_VERIFY };

	v.bad = failed_check(ex, v.check) && !failed_check(ex, CHECK_scheme_fits_key);
	return v;
}

struct point_view point_of(const struct examined *ex, enum side side)
{
	bool server = side == SIDE_SERVER;

	return (struct point_view){
		.autopsy =
			server ? &ex->autopsy.point[SIDE_SERVER] : &ex->autopsy.point[SIDE_CLIENT],
		.state = server ? ex->hs->side[SIDE_SERVER].point : ex->hs->side[SIDE_CLIENT].point,
		.check = server ? CHECK_ske_point_on_curve : CHECK_cke_point_on_curve,
	};
}

static void take(
	struct finding *f, const struct case_file *cf, const struct signature_view *v, bool first)
{
	finding_add(f, v->ex, signature_explains);
	if (v->hs->outcome == OUTCOME_FAILED)
		f->severity = SEVERITY_ERROR;
	if (!first)
		return;
	if (v->signer == SIDE_CLIENT && f->origin == ORIGIN_SERVER)
		f->origin = ORIGIN_CLIENT;
	finding_quote(f, cf, v->ex, v->check);
	if (v->autopsy->what != NULL)
		finding_prove(f, cf, message_place(v->hs, v->signer, v->message).packet,
			"it verifies %s", v->autopsy->what);
}

bool signature_cause(const struct case_file *cf, struct finding *f,
	bool (*found)(const struct signature_view *v))
{
	static const enum side order[] = { SIDE_SERVER, SIDE_CLIENT };
	size_t n = 0;

	f->severity = SEVERITY_WARNING;
	f->confidence = CONFIDENCE_CERTAIN;
	for (size_t s = 0; s < 2 && n == 0; s++)
		for (size_t i = 0; i < cf->n_kept; i++) {
			struct signature_view v = signature_of(cf->kept[i], order[s]);

			if (v.bad && v.autopsy->done && found(&v))
				take(f, cf, &v, n++ == 0);
		}
	return n != 0;
}

size_t bad_signatures(const struct case_file *cf, enum side signer)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		n += signature_of(cf->kept[i], signer).bad;
	return n;
}

size_t unexplained_signatures(const struct case_file *cf, enum side signer)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		struct signature_view v = signature_of(cf->kept[i], signer);

		n += v.bad && !no_signature_at_all(&v) &&
		     (v.autopsy->found == FIND_NOTHING ||
			     v.autopsy->found == FIND_RSA_WRONG_DIGEST ||
			     v.autopsy->found == FIND_RSA_WRONG_KEY);
	}
	return n;
}

bool made_by_larger_key(const struct signature_view *v)
{
	const struct cert *cert = leaf(v->hs, v->signer);
	const struct ecdsa_signature *sig = v->signer == SIDE_SERVER
						    ? &v->hs->side[SIDE_SERVER].proof.ecdsa
						    : &v->hs->side[SIDE_CLIENT].proof.ecdsa;

	return v->bad && v->autopsy->found == FIND_NOTHING && cert != NULL && cert->key == KEY_EC &&
	       sig->readable && (sig->r_bits > cert->key_bits || sig->s_bits > cert->key_bits);
}

bool no_signature_at_all(const struct signature_view *v)
{
	const struct signature_proof *p = &v->hs->side[v->signer].proof;
	const struct ecdsa_signature *e = &p->ecdsa;
	/* what can still be read is not DER, and not for one of the usual reasons: its lengths lie */
	bool lies = e->readable && !e->strict_der && !e->negative && !e->padded && e->trailing == 0;

	return v->bad && v->autopsy->found == FIND_NOTHING && p->method.signature == SIG_ECDSA &&
	       (!e->readable || lies);
}

bool good_signature_seen(const struct case_file *cf, enum side signer)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (passed_check(cf->kept[i], signature_of(cf->kept[i], signer).check))
			return true;
	return false;
}

void prove_trials(struct finding *f, const struct case_file *cf, const struct trial_counts *t)
{
	if (t->hashes + t->transcripts + t->encodings + t->bits == 0)
		return;
	finding_prove(f, cf, 0,
		"tried %u hashes, %u transcripts, %u encodings, %u flipped bits, %u bytes: no "
		"hit%s",
		t->hashes, t->transcripts, t->encodings, t->bits, t->bytes,
		t->out_of_budget ? " (stopped by --deep)" : "");
}

bool client_answers_wrong_type(const struct examined *ex)
{
	return ex->hs->side[SIDE_CLIENT].verify.seen &&
	       failed_check(ex, CHECK_signature_scheme_offered) &&
	       !failed_check(ex, CHECK_ske_signature);
}
