/*
 * Many digests against one signature. (r, s) is valid for z when x(R) = r modulo n, where
 * s R = z G + r Q. All but z is known, so z G must be one of the few points s R - r Q.
 *
 * The fast arithmetic only proposes: a hit counts when the library verifies it too.
 */
#include "base/memory.h"
#include "crypto/ecdsa.h"
#include "crypto/fixed_base.h"

#include <stdlib.h>

struct target {
	bool infinity; /* z = 0 */
	struct affine at;
};

struct ecdsa_trials {
	struct curve curve;
	struct fixed_base table;
	struct target targets[2 * NONCE_POINTS_MAX];
	size_t n_targets;
	struct point q;
	uint8_t r[MOD_BYTES], s[MOD_BYTES]; /* as long as n */
};

/* s R - r Q for R and for -R. */
static void add_targets(struct ecdsa_trials *t, const struct affine *nonce, const struct residue *s,
	const struct affine *minus_rq)
{
	const struct curve *c = &t->curve;
	struct jacobian sr = curve_multiply(c, nonce, s), sum;

	for (int sign = 0; sign < 2; sign++) {
		struct target *target = &t->targets[t->n_targets++];

		curve_add(c, &sum, &sr, minus_rq);
		target->infinity = curve_is_infinity(c, &sum);
		if (!target->infinity)
			target->at = curve_affine(c, &sum);
		mod_neg(&c->p, &sr.y, &sr.y);
	}
}

static bool find_targets(struct ecdsa_trials *t, struct bytes q, struct bytes r, struct bytes s)
{
	const struct curve *c = &t->curve;
	struct affine nonces[NONCE_POINTS_MAX], key, minus_rq;
	struct residue r_scalar, s_scalar;
	struct jacobian rq;
	size_t n;

	t->n_targets = 0;
	if (!curve_read(c, q, &key) || !ecdsa_read_scalar(c, r, &r_scalar) ||
		!ecdsa_read_scalar(c, s, &s_scalar))
		return false;
	curve_write(c, &key, &t->q);
	mod_write(&c->n, &r_scalar, t->r);
	mod_write(&c->n, &s_scalar, t->s);
	rq = curve_multiply(c, &key, &r_scalar);
	minus_rq = curve_affine(c, &rq); /* not infinity: the order is prime, r below it */
	mod_neg(&c->p, &minus_rq.y, &minus_rq.y);
	n = ecdsa_nonce_points(c, r, nonces);
	for (size_t i = n; i-- != 0;)
		add_targets(t, &nonces[i], &s_scalar, &minus_rq);
	return n != 0;
}

struct ecdsa_trials *crypto_ecdsa_trials_open(
	uint16_t group, struct bytes q, struct bytes r, struct bytes s)
{
	struct ecdsa_trials *t = memory_new(sizeof(*t));

	if (t == NULL)
		return NULL;
	if (curve_load(group, &t->curve) && find_targets(t, q, r, s) &&
		fixed_base_open(&t->table, &t->curve))
		return t;
	free(t);
	return NULL;
}

bool crypto_ecdsa_trials_aim(
	struct ecdsa_trials *t, uint16_t group, struct bytes q, struct bytes r, struct bytes s)
{
	return t->curve.group == group && find_targets(t, q, r, s);
}

static bool is_target(const struct ecdsa_trials *t, const struct jacobian *zg)
{
	const bool infinity = curve_is_infinity(&t->curve, zg);

	for (size_t i = 0; i < t->n_targets; i++) {
		const struct target *target = &t->targets[i];

		if (infinity ? target->infinity
			     : !target->infinity && curve_same(&t->curve, zg, &target->at))
			return true;
	}
	return false;
}

bool crypto_ecdsa_trials_try(const struct ecdsa_trials *t, const struct digest *digest)
{
	const struct curve *c = &t->curve;
	const struct residue z = curve_digest_scalar(c, digest);
	const struct jacobian zg = fixed_base_multiply(&t->table, c, &z);

	return is_target(t, &zg) &&
	       crypto_ecdsa_verify_rs(c->group, bytes_of(t->q.data, t->q.len), digest,
		       bytes_of(t->r, c->n.len), bytes_of(t->s, c->n.len))
			       .state == PROOF_VALID;
}

void crypto_ecdsa_trials_close(struct ecdsa_trials *t)
{
	if (t == NULL)
		return;
	fixed_base_close(&t->table);
	free(t);
}
