/*
 * The order of the work, for all handshakes of a server: what costs nothing, the plain trials,
 * who else may have signed, damaged bits, damaged bytes. A stage is done for every handshake before
 * the next begins, so that a small budget still sees the likely bugs everywhere.
 */
#include "forensic/autopsy.h"

#include "base/memory.h"
#include "forensic/damage.h"
#include "forensic/nonce.h"
#include "forensic/point.h"
#include "forensic/signature.h"
#include "forensic/signer.h"

#include <stdlib.h>

static size_t find_suspects(struct autopsy_job *jobs, size_t n_jobs, struct suspect *out)
{
	size_t n = 0;

	for (size_t i = 0; i < n_jobs; i++) {
		struct autopsy *a = jobs[i].out;

		n += suspect_open(jobs[i].hs, SIDE_SERVER, &a->ske, &out[n]);
		n += suspect_open(jobs[i].hs, SIDE_CLIENT, &a->client_verify, &out[n]);
	}
	return n;
}

static void examine_rest(struct autopsy_job *jobs, size_t n_jobs,
	const struct handshake *const *others, size_t n_others)
{
	for (size_t i = 0; i < n_jobs; i++) {
		point_autopsy(jobs[i].hs, SIDE_SERVER, &jobs[i].out->server_point);
		point_autopsy(jobs[i].hs, SIDE_CLIENT, &jobs[i].out->client_point);
		nonce_autopsy(jobs[i].hs, others, n_others, jobs[i].out);
	}
}

/* A key that is known to be the server's makes damage likelier than another key. */
static bool key_signs_well(const struct inquiry *q, const struct suspect *s)
{
	for (size_t i = 0; i < q->n_others; i++) {
		const struct handshake *hs = q->others[i];

		if (hs->n_certs[s->signer] != 0 &&
			cert_same_key(hs->certs[s->signer][0]->spki, s->leaf->spki) &&
			(s->signer == SIDE_SERVER ? hs->ske_proof.signature
						  : hs->verify_proof.signature)
					.state == PROOF_VALID)
			return true;
	}
	return false;
}

/* Where no good signature is known, the first handshake has to do: a byte that is damaged every
 * time shows there, and else the key is the wrong one. */
static void examine_rsa_bytes(struct inquiry *q, struct suspect *suspects, size_t n)
{
	bool done[2] = { false, false };

	for (size_t i = 0; i < n; i++) {
		struct suspect *s = &suspects[i];

		if (suspect_settled(s) || s->key_proved)
			continue;
		damage_try_rsa_bytes(q, s, !done[s->signer] || key_signs_well(q, s));
		done[s->signer] = true;
	}
}

static void examine_suspects(struct inquiry *q, struct suspect *suspects, size_t n,
	struct signer *server_signer, struct signer *client_signer)
{
	for (int stage = 0; stage < N_PLAIN_STAGES; stage++)
		for (size_t i = 0; i < n; i++)
			signature_try(q, &suspects[i], (enum plain_stage)stage);
	signer_find(suspects, n, SIDE_SERVER, q->ev, server_signer);
	signer_find(suspects, n, SIDE_CLIENT, q->ev, client_signer);
	for (size_t i = 0; i < n; i++)
		damage_try_bits(q, &suspects[i]);
	for (size_t i = 0; i < n; i++)
		damage_try_bytes(q, &suspects[i]);
	examine_rsa_bytes(q, suspects, n);
	for (size_t i = 0; i < n; i++)
		signature_conclude(&suspects[i]);
}

void autopsy_run(struct autopsy_job *jobs, size_t n_jobs, const struct handshake *const *others,
	size_t n_others, const struct evidence *ev, double seconds, struct signer *server_signer,
	struct signer *client_signer)
{
	struct inquiry q = { .others = others, .n_others = n_others, .ev = ev };
	struct suspect *suspects;

	*server_signer = (struct signer){ 0 };
	*client_signer = (struct signer){ 0 };
	if (seconds <= 0 || n_jobs == 0)
		return;
	suspects = memory_zeroed(2 * n_jobs + 1, sizeof *suspects);
	if (suspects == NULL)
		return;
	budget_init(&q.budget, seconds);
	q.meter = meter_start(&q.budget);
	examine_rest(jobs, n_jobs, others, n_others);
	examine_suspects(
		&q, suspects, find_suspects(jobs, n_jobs, suspects), server_signer, client_signer);
	crypto_ecdsa_trials_close(q.spare);
	free(suspects);
}
