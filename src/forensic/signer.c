/*
 * One ECDSA signature fits two keys (or four), whatever made it. A key that fits two signatures
 * over different bytes has made both: by chance it would take 2^128 of them.
 */
#include "forensic/signer.h"

#include "forensic/keys.h"

static void recover(struct suspect *s, const struct evidence *ev)
{
	struct signature_autopsy *out = s->out;
	struct known_key given = key_of_spki(ev->key_spki);
	struct digest d;

	out->n_candidates = 0;
	out->no_key = false;
	if (s->method.signature != SIG_ECDSA || !s->ecdsa.readable || s->leaf->key != KEY_EC ||
		!suspect_digest(s, s->method.hash, &d))
		return;
	out->n_candidates = crypto_ecdsa_recover(
		s->leaf->key_group, &d, s->ecdsa.r, s->ecdsa.s, out->candidates);
	out->no_key = crypto_ecdsa_r_is_no_point(s->leaf->key_group, s->ecdsa.r);
	for (size_t i = 0; i < out->n_candidates && ev->key_spki.len != 0; i++)
		out->key_matches_given |= key_has_point(&given, &out->candidates[i]);
}

static bool fits(const struct suspect *s, const struct point *key)
{
	for (size_t i = 0; i < s->out->n_candidates; i++)
		if (bytes_equal(bytes_of(s->out->candidates[i].data, s->out->candidates[i].len),
			    bytes_of(key->data, key->len)))
			return true;
	return false;
}

/* The same signature captured twice says nothing more than once. */
static bool is_repeat(const struct suspect *suspects, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (suspects[j].signer == suspects[i].signer &&
			bytes_equal(suspects[j].signature, suspects[i].signature))
			return true;
	return false;
}

static bool counts(const struct suspect *suspects, size_t i, enum side signer)
{
	const struct signature_autopsy *a = suspects[i].out;

	return suspects[i].signer == signer && (a->n_candidates != 0 || a->no_key) &&
	       !is_repeat(suspects, i);
}

static size_t count_fits(
	const struct suspect *suspects, size_t n, enum side signer, const struct point *key)
{
	size_t fitting = 0;

	for (size_t i = 0; i < n; i++)
		fitting += counts(suspects, i, signer) && fits(&suspects[i], key);
	return fitting;
}

/* The key that fits most of them. */
static void find_common(
	const struct suspect *suspects, size_t n, enum side signer, struct signer *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct signature_autopsy *a = suspects[i].out;

		if (!counts(suspects, i, signer))
			continue;
		out->n_signatures++;
		out->n_without += a->no_key;
		for (size_t k = 0; k < a->n_candidates; k++) {
			size_t fitting = count_fits(suspects, n, signer, &a->candidates[k]);

			if (fitting <= out->n_common)
				continue;
			out->n_common = fitting;
			out->key = a->candidates[k];
		}
	}
	out->common_key = out->n_common >= 2;
}

void signer_find(struct suspect *suspects, size_t n, enum side signer, const struct evidence *ev,
	struct signer *out)
{
	struct known_key given = key_of_spki(ev->key_spki);

	*out = (struct signer){ 0 };
	for (size_t i = 0; i < n; i++)
		if (suspects[i].signer == signer &&
			(!suspect_settled(&suspects[i]) ||
				suspects[i].out->found == FIND_OTHER_KEY))
			recover(&suspects[i], ev);
	find_common(suspects, n, signer, out);
	for (size_t i = 0; i < n; i++) {
		struct suspect *s = &suspects[i];

		if (s->signer != signer || s->out->n_candidates == 0)
			continue;
		s->fits_foreign_key =
			s->out->key_matches_given || (out->common_key && fits(s, &out->key));
		out->matches_given |= s->out->key_matches_given;
	}
	if (out->common_key)
		out->matches_given = ev->key_spki.len != 0 && key_has_point(&given, &out->key);
	else
		*out = (struct signer){ .n_signatures = out->n_signatures,
			.n_without = out->n_without,
			.matches_given = out->matches_given };
}
