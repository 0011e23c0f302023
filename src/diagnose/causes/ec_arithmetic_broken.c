/* A public key off its curve, or signatures that no key can have made, with nothing else to explain them. */
#include "diagnose/signatures.h"

/* Another explanation of an off-curve point was found, or it was damaged after signing. */
static bool point_explained(const struct examined *ex, enum side side)
{
	const struct point_autopsy *p =
		side == SIDE_SERVER ? &ex->autopsy.server_point : &ex->autopsy.client_point;

	if (p->found != POINT_FIND_NOTHING && p->found != POINT_FIND_X_ONLY &&
		p->found != POINT_FIND_OUT_OF_RANGE && p->found != POINT_FIND_BIT_RESTORED)
		return true;
	return side == SIDE_SERVER && (ex->autopsy.ske.found == FIND_BIT_RESTORED ||
					      ex->autopsy.ske.found == FIND_BYTE_RESTORED);
}

/* The trials ended before the likely ones were made: an explanation may have been missed. */
static bool hardly_tried(const struct examined *ex)
{
	const struct trial_counts *t = &ex->autopsy.ske.tried;

	return t->out_of_budget && t->bits == 0;
}

static bool computed_wrong(enum point_state state)
{
	return state == POINT_OFF_CURVE || state == POINT_INFINITY || state == POINT_OUT_OF_RANGE;
}

/* *read: false when there was no time to read them in the ways that drivers get points wrong. */
static size_t off_curve(const struct case_file *cf, struct finding *f, enum side side, bool *read)
{
	enum check_id id =
		side == SIDE_SERVER ? CHECK_ske_point_on_curve : CHECK_cke_point_on_curve;
	size_t n = 0;

	*read = true;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		enum point_state state =
			side == SIDE_SERVER ? ex->hs->ske_proof.point : ex->hs->client_point;

		if (!failed_check(ex, id) || !computed_wrong(state) || point_explained(ex, side))
			continue;
		*read &= side == SIDE_SERVER ? !ex->autopsy.server_point.cut
					     : !ex->autopsy.client_point.cut;
		finding_add(f, ex, point_explains);
		if (n++ != 0)
			continue;
		finding_quote(f, cf, ex, id);
		if (side == SIDE_SERVER && ex->answers[CHECK_ske_signature].status == FAIL)
			finding_quote(f, cf, ex, CHECK_ske_signature);
		if (side == SIDE_SERVER && ex->answers[CHECK_ske_signature].status == PASS)
			finding_prove(f, cf, 0,
				"and it was signed like that: it was wrong before signing");
		prove_trials(f, cf, &ex->autopsy.ske.tried);
	}
	return n;
}

static bool hopeless(const struct case_file *cf, const struct examined *ex)
{
	struct signature_view v = signature_of(ex, SIDE_SERVER);

	(void)cf;
	return v.bad && v.autopsy->found == FIND_NOTHING && !made_by_larger_key(&v);
}

/* Signatures that nothing explains: several without a common key, or one beside good ones. */
static size_t bad_signature(const struct case_file *cf, struct finding *f, bool off, bool *sure)
{
	const struct signer *s = &cf->signer;
	bool impossible = false;
	size_t n = 0;

	*sure = true;
	if (s->common_key || s->matches_given)
		return 0;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!hopeless(cf, cf->kept[i]))
			continue;
		*sure &= !hardly_tried(cf->kept[i]);
		if (n++ == 0 && !off) {
			finding_quote(f, cf, cf->kept[i], CHECK_ske_signature);
			prove_trials(f, cf, &cf->kept[i]->autopsy.ske.tried);
		}
		if (cf->kept[i]->autopsy.ske.no_key && !impossible) {
			impossible = true;
			finding_prove(f, cf,
				message_place(cf->kept[i]->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)
					.packet,
				"its r is the x-coordinate of no point of the curve: no key at all "
				"can have made it");
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
	bool sure, read;
	size_t off = off_curve(cf, f, SIDE_SERVER, &read), client, bad;

	bad = bad_signature(cf, f, off != 0, &sure);
	if (off + bad != 0) {
		bool several = sure && (cf->signer.n_signatures > 1 || cf->signer.n_without != 0 ||
					       good_signature_seen(cf, SIDE_SERVER));

		f->confidence = off != 0 && read      ? CONFIDENCE_CERTAIN
				: off != 0 || several ? CONFIDENCE_LIKELY
						      : CONFIDENCE_POSSIBLE;
		f->assumptions = off != 0 && read ? 0 : off != 0 || several ? 1 : 2;
		if (cf->n_completed != 0)
			finding_prove(f, cf, 0,
				"%llu handshakes with this server went well: it comes and goes",
				(unsigned long long)cf->n_completed);
		return true;
	}
	client = off_curve(cf, f, SIDE_CLIENT, &read);
	if (client == 0)
		return false;
	f->confidence = read ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	finding_say(f, cf, "The client computes elliptic curves wrongly");
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

/* Points on their curves, and signatures that some key did make. */
static bool innocent(const struct case_file *cf, const char **because)
{
	bool points = false, decoded = false;

	for (size_t i = 0; i < cf->n_kept; i++)
		decoded |= cf->kept[i]->autopsy.server_point.found != POINT_FIND_NOTHING &&
			   cf->kept[i]->hs->ske_proof.signature.state == PROOF_VALID;
	*because =
		"read the right way the point is on its curve, and the signature over it verifies";
	if (decoded && unexplained_signatures(cf, SIDE_SERVER) == 0)
		return true;
	if (!all_points_good(cf, CHECK_ske_point_on_curve, &points))
		return false;
	*because = "the public keys are on their curves, and one key made all the signatures";
	if (cf->signer.common_key || cf->signer.matches_given)
		return true;
	*because = "the public keys are on their curves, and every signature is explained";
	return (points || bad_signatures(cf, SIDE_SERVER) != 0) &&
	       unexplained_signatures(cf, SIDE_SERVER) == 0;
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

const struct cause cause_ec_arithmetic_broken = {
	.id = "ec-arithmetic-broken",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The server computes elliptic curves wrongly",
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
