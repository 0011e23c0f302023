/* A public key off its curve, or signatures that no key can have made, with nothing else to explain them. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"

/* Another explanation of an off-curve point was found, or it was damaged after signing. */
static bool point_explained(const struct examined *ex, const struct point_view *p, enum side side)
{
	enum point_finding found = p->autopsy->found;

	if (found != POINT_FIND_NOTHING && found != POINT_FIND_X_ONLY &&
		found != POINT_FIND_OUT_OF_RANGE && found != POINT_FIND_BIT_RESTORED)
		return true;
	/* signed or not cannot be told: then one bit is a message that was damaged */
	if (side == SIDE_SERVER && found == POINT_FIND_BIT_RESTORED &&
		ex->answers[CHECK_ske_signature].status == UNKNOWN)
		return true;
	return side == SIDE_SERVER &&
	       (ex->autopsy.signature[SIDE_SERVER].found == FIND_BIT_RESTORED ||
		       ex->autopsy.signature[SIDE_SERVER].found == FIND_BYTE_RESTORED);
}

/* The trials ended before the likely ones were made: an explanation may have been missed. */
static bool hardly_tried(const struct examined *ex)
{
	const struct trial_counts *t = &ex->autopsy.signature[SIDE_SERVER].tried;

	return t->out_of_budget && t->bits == 0;
}

static bool computed_wrong(enum point_state state)
{
	return state == POINT_OFF_CURVE || state == POINT_INFINITY || state == POINT_OUT_OF_RANGE;
}

static bool off_curve(const struct handshake_view *v, enum side side)
{
	struct point_view p = point_of(v->ex, side);

	return failed_check(v->ex, p.check) && computed_wrong(p.state) &&
	       !point_explained(v->ex, &p, side) && !failed_check(v->ex, CHECK_group_offered);
}

static bool server_off_curve(const struct handshake_view *v)
{
	return off_curve(v, SIDE_SERVER);
}

static bool client_off_curve(const struct handshake_view *v)
{
	return off_curve(v, SIDE_CLIENT);
}

static void prove_server_point(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_ske_point_on_curve);
	if (failed_check(v->ex, CHECK_ske_signature))
		finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
	if (passed_check(v->ex, CHECK_ske_signature))
		finding_prove(
			f, v->cf, 0, "and it was signed like that: it was wrong before signing");
	prove_trials(f, v->cf, &v->ex->autopsy.signature[SIDE_SERVER].tried);
}

static const char *const steps[] = {
	"run mbedtls_mpi_self_test and mbedtls_ecp_self_test on the device, before and after the "
	"scheduler starts",
	"build without MBEDTLS_HAVE_ASM and without any *_ALT of bignum, ECP or ECDSA: if it "
	"heals, that code is at fault",
	"give the TLS task twice its stack, and look at interrupt handlers that use the FPU or the "
	"DMA",
	"check the RNG: constant or failing entropy shows in the other checks",
	"take five more (tlsdiag probe --attempts 5 HOST:PORT): a fault that comes and goes is "
	"memory or interrupts, a steady one arithmetic",
	NULL,
};

static void prove_client_point(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The client computes elliptic curves wrongly");
	for (size_t i = 0; steps[i + 1] != NULL; i++) /* the last is about a server */
		finding_step(f, v->cf, "%s", steps[i]);
	finding_step(f, v->cf,
		"capture five more of this client: a fault that comes and goes is memory or "
		"interrupts, a steady one arithmetic");
	f->steps_done = true;
	finding_quote(f, v->cf, v->ex, CHECK_cke_point_on_curve);
	prove_trials(f, v->cf, &v->ex->autopsy.signature[SIDE_SERVER].tried);
}

/* There was no time to read it in the ways that drivers get points wrong; or the signature over it, which
 * tells whether it was sent as it was computed, cannot be checked. */
static void take_server_point(const struct handshake_view *v, struct finding *f)
{
	if (!v->ex->autopsy.point[SIDE_SERVER].done ||
		v->ex->answers[CHECK_ske_signature].status == UNKNOWN)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static void take_client_point(const struct handshake_view *v, struct finding *f)
{
	if (!v->ex->autopsy.point[SIDE_CLIENT].done)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static const struct handshake_rule server_point = {
	.shows = server_off_curve,
	.take = take_server_point,
	.prove = prove_server_point,
	.explains = point_explains,
	.confidence = CONFIDENCE_CERTAIN,
};
static const struct handshake_rule client_point = {
	.shows = client_off_curve,
	.take = take_client_point,
	.prove = prove_client_point,
	.explains = point_explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static bool hopeless(const struct examined *ex)
{
	struct signature_view v = signature_of(ex, SIDE_SERVER);

	return v.bad && v.autopsy->found == FIND_NOTHING && !made_by_larger_key(&v) &&
	       !no_signature_at_all(&v);
}

/* No key at all can have made it: what shows that; NULL nothing. */
static const char *made_by_none(const struct case_file *cf, const struct examined *ex)
{
	const char *number = ex->hs->side[SIDE_SERVER].proof.out_of_range;

	if (number != NULL)
		return case_text(cf,
			"its %s is not between 1 and the order of the curve: no key "
			"at all can have made it",
			number);
	return ex->autopsy.signature[SIDE_SERVER].no_key
		       ? "its r is the x-coordinate of no point of the curve: no key at all "
			 "can have made it"
		       : NULL;
}

/* Signatures that nothing explains: several without a common key, or one beside good ones. */
static size_t bad_signature(
	const struct case_file *cf, struct finding *f, bool off, bool *sure, bool *impossible)
{
	const struct signer *s = &cf->signer;
	size_t n = 0;

	*sure = true;
	*impossible = false;
	if (s->common_key || s->matches_given)
		return 0;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const char *why = made_by_none(cf, cf->kept[i]);

		if (!hopeless(cf->kept[i]))
			continue;
		*sure &= !hardly_tried(cf->kept[i]);
		if (n++ == 0 && !off) {
			finding_quote(f, cf, cf->kept[i], CHECK_ske_signature);
			prove_trials(f, cf, &cf->kept[i]->autopsy.signature[SIDE_SERVER].tried);
		}
		if (why != NULL && !*impossible) {
			*impossible = true;
			finding_prove(f, cf,
				message_place(cf->kept[i]->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)
					.packet,
				"%s", why);
		}
		if (!failed_check(cf->kept[i], CHECK_ske_point_on_curve))
			finding_add(f, cf->kept[i], signature_explains);
	}
	if (n > 1 && s->n_signatures > 1)
		finding_prove(f, cf, 0, "no one key can have made the %zu bad signatures",
			s->n_signatures);
	return n;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t off = handshake_cause(cf, f, &server_point), bad;
	bool sure, several, impossible;

	bad = bad_signature(cf, f, off != 0, &sure, &impossible);
	several = sure && (cf->signer.n_signatures > 1 || impossible ||
				  good_signature_seen(cf, SIDE_SERVER));
	if (off + bad == 0)
		return handshake_cause(cf, f, &client_point) != 0;
	if (off == 0)
		f->confidence = several ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
	f->assumptions = CONFIDENCE_CERTAIN - f->confidence;
	if (cf->n_completed != 0)
		finding_prove(f, cf, 0,
			"%llu handshake%s with this server went well: it comes and goes",
			(unsigned long long)cf->n_completed, cf->n_completed == 1 ? "" : "s");
	return true;
}

static bool all_points_good(const struct case_file *cf, enum check_id id, bool *any)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (failed_check(cf->kept[i], id))
			return false;
		*any |= passed_check(cf->kept[i], id);
	}
	return true;
}

static bool decoded_point(const struct handshake_view *v)
{
	return v->ex->autopsy.point[SIDE_SERVER].found != POINT_FIND_NOTHING &&
	       v->hs->side[SIDE_SERVER].proof.signature.state == PROOF_VALID;
}

/* What is known of the signatures where no point is off its curve. */
static const char *with_points_good(const struct case_file *cf, bool points)
{
	if (bad_signatures(cf, SIDE_SERVER) != 0)
		return points ? "the public keys are on their curves, and each bad signature has "
				"another explanation"
			      : "each bad signature has another explanation";
	return good_signature_seen(cf, SIDE_SERVER)
		       ? "the public keys are on their curves, and the signatures verify"
		       : "the public keys are on their curves; no signature is in the clear";
}

/* Points on their curves, and signatures that some key did make. */
static bool innocent(const struct case_file *cf, const char **because)
{
	bool points = false, decoded = find_handshake(cf, decoded_point) != NULL;

	*because =
		"read the right way the point is on its curve, and the signature over it verifies";
	if (decoded && unexplained_signatures(cf, SIDE_SERVER) == 0)
		return true;
	if (!all_points_good(cf, CHECK_ske_point_on_curve, &points))
		return false;
	*because = "the public keys are on their curves, and one key made all the signatures";
	if (cf->signer.common_key || cf->signer.matches_given)
		return true;
	*because = with_points_good(cf, points);
	return (points || bad_signatures(cf, SIDE_SERVER) != 0) &&
	       unexplained_signatures(cf, SIDE_SERVER) == 0;
}

const struct cause cause_ec_arithmetic_broken = {
	.id = "ec-arithmetic-broken",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The server computes elliptic curves wrongly",
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
