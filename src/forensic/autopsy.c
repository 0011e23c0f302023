/*
 * The order of the work, for all servers of a run: what costs little, the plain trials, who else may
 * have signed, damaged bits, damaged bytes. A stage is done for every handshake of every server before
 * the next begins, so that a small budget still sees the likely bugs everywhere.
 */
#include "forensic/autopsy.h"

#include "base/array.h"
#include "base/memory.h"
#include "forensic/damage.h"
#include "forensic/nonce.h"
#include "forensic/point.h"
#include "forensic/signature.h"
#include "forensic/signer.h"
#include "session/handshake.h"

#include <stdlib.h>

static size_t find_suspects(struct autopsy_job *jobs, size_t n_jobs, struct suspect *out)
{
	size_t n = 0;

	for (size_t i = 0; i < n_jobs; i++) {
		struct autopsy *a = jobs[i].out;

		for (int side = SIDE_SERVER; side >= SIDE_CLIENT; side--)
			n += suspect_open(
				jobs[i].hs, (enum side)side, &a->signature[side], &out[n]);
	}
	return n;
}

/* One server on its way through the stages. */
struct operation {
	const struct autopsy_case *c;
	struct suspect *suspects;
	size_t n;          /* of suspects */
	struct hint hint;  /* the inquiry's, while another server has its turn */
	uint64_t cut_rest; /* handshakes with good signatures whose points had no turn */
};

static bool has_bad_signature(const struct handshake *hs)
{
	return hs->side[SIDE_SERVER].proof.signature.state == PROOF_INVALID ||
	       hs->side[SIDE_CLIENT].proof.signature.state == PROOF_INVALID;
}

static void examine_rest(struct inquiry *q, struct operation *o)
{
	for (size_t i = 0; i < o->c->n_jobs; i++) {
		const struct autopsy_job *job = &o->c->jobs[i];

		if (!meter_charge(&q->meter)) {
			job->out->point[SIDE_SERVER].cut = job->out->point[SIDE_CLIENT].cut = true;
			o->cut_rest += !has_bad_signature(job->hs);
			continue;
		}
		point_autopsy(job->hs, SIDE_SERVER, &job->out->point[SIDE_SERVER]);
		point_autopsy(job->hs, SIDE_CLIENT, &job->out->point[SIDE_CLIENT]);
		nonce_autopsy(job->hs, q->others, q->n_others, job->out);
	}
}

/* A key that is known to be the server's makes damage likelier than another key. */
static bool key_signs_well(const struct inquiry *q, const struct suspect *s)
{
	for (size_t i = 0; i < q->n_others; i++) {
		const struct handshake *hs = q->others[i];

		if (hs->side[s->signer].n_certs != 0 &&
			cert_same_key(hs->side[s->signer].certs[0]->spki, s->leaf->spki) &&
			(s->signer == SIDE_SERVER ? hs->side[SIDE_SERVER].proof.signature
						  : hs->side[SIDE_CLIENT].proof.signature)
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

static void try_digests(struct inquiry *q, struct operation *o)
{
	for (size_t i = 0; i < o->n; i++)
		signature_try(q, &o->suspects[i], PLAIN_OTHER_DIGEST);
}

static void try_readings(struct inquiry *q, struct operation *o)
{
	for (size_t i = 0; i < o->n; i++)
		signature_try(q, &o->suspects[i], PLAIN_OTHER_READING);
}

static void try_keys(struct inquiry *q, struct operation *o)
{
	for (size_t i = 0; i < o->n; i++)
		signature_try(q, &o->suspects[i], PLAIN_OTHER_KEY);
}

/* Out of time this is left out as a whole: what one signature says alone could be wrong. */
static void find_signers(struct inquiry *q, struct operation *o)
{
	if (!meter_charge(&q->meter))
		return;
	signer_find(o->suspects, o->n, SIDE_SERVER, q->ev, o->c->server_signer);
	signer_find(o->suspects, o->n, SIDE_CLIENT, q->ev, o->c->client_signer);
}

static void try_bits(struct inquiry *q, struct operation *o)
{
	for (size_t i = 0; i < o->n; i++)
		damage_try_bits(q, &o->suspects[i]);
}

static void try_bytes(struct inquiry *q, struct operation *o)
{
	for (size_t i = 0; i < o->n; i++)
		damage_try_bytes(q, &o->suspects[i]);
}

static void try_rsa_bytes(struct inquiry *q, struct operation *o)
{
	examine_rsa_bytes(q, o->suspects, o->n);
}

typedef void stage(struct inquiry *q, struct operation *o);
static stage *const stages[] = { examine_rest, try_digests, try_readings, try_keys, find_signers,
	try_bits, try_bytes, try_rsa_bytes };

/* ---- all servers ---- */

/* A share that is smaller than this sees nothing through: with too many servers the first have theirs,
 * and the others none. */
static const uint64_t share_min = 50000000; /* ns */

static uint64_t share(uint64_t left, size_t n)
{
	uint64_t equal = left / n;

	if (equal < share_min)
		equal = share_min;
	return equal < left ? equal : left;
}

/* One stage of one server, within so many ns; returns how many it took. */
static uint64_t operate(struct inquiry *q, struct operation *o, stage *run, uint64_t ns)
{
	budget_init_ns(&q->budget, ns);
	q->meter = meter_start(&q->budget);
	q->hint = o->hint;
	run(q, o);
	o->hint = q->hint;
	(void)meter_charge(&q->meter);
	return budget_spent(&q->budget);
}

static void operate_all(struct inquiry *q, struct operation *ops, size_t n, uint64_t ns)
{
	for (size_t k = 0; k < COUNT(stages); k++)
		for (size_t i = 0; i < n; i++) {
			uint64_t took = operate(q, &ops[i], stages[k], share(ns, n - i));

			ns -= took < ns ? took : ns;
		}
}

static void conclude(struct operation *o, struct autopsy_totals *out)
{
	out->signatures += o->n;
	out->cut += o->cut_rest;
	for (size_t i = 0; i < o->n; i++) {
		const struct suspect *s = &o->suspects[i];

		out->cut += s->out->tried.out_of_budget && !suspect_settled(s);
		signature_conclude(&o->suspects[i]);
	}
}

static int fewest_first(const void *a, const void *b)
{
	const struct operation *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return (x->c > y->c) - (x->c < y->c);
}

static struct operation *prepare(const struct autopsy_case *cases, size_t n_cases, size_t *n)
{
	struct operation *ops = memory_zeroed(n_cases + 1, sizeof *ops);

	*n = 0;
	for (size_t i = 0; ops != NULL && i < n_cases; i++) {
		struct operation *o = &ops[*n];

		*o = (struct operation){ .c = &cases[i] };
		o->suspects = memory_zeroed(2 * cases[i].n_jobs + 1, sizeof *o->suspects);
		if (o->suspects == NULL)
			continue; /* without memory its signatures stay as they are */
		o->n = find_suspects(cases[i].jobs, cases[i].n_jobs, o->suspects);
		++*n;
	}
	if (*n != 0)
		qsort(ops, *n, sizeof *ops, fewest_first);
	return ops;
}

void autopsies_run(const struct autopsy_case *cases, size_t n_cases,
	const struct handshake *const *others, size_t n_others, const struct evidence *ev,
	double seconds, struct autopsy_totals *out)
{
	struct inquiry q = { .others = others, .n_others = n_others, .ev = ev };
	struct operation *ops;
	size_t n;

	*out = (struct autopsy_totals){ 0 };
	for (size_t i = 0; i < n_cases; i++) {
		*cases[i].server_signer = (struct signer){ 0 };
		*cases[i].client_signer = (struct signer){ 0 };
	}
	if (seconds <= 0 || n_cases == 0)
		return;
	ops = prepare(cases, n_cases, &n);
	budget_init(&q.budget, seconds);
	operate_all(&q, ops, n, q.budget.limit);
	for (size_t i = 0; i < n; i++) {
		conclude(&ops[i], out);
		free(ops[i].suspects);
	}
	crypto_ecdsa_trials_close(q.spare);
	free(ops);
}

void autopsy_run(struct autopsy_job *jobs, size_t n_jobs, const struct handshake *const *others,
	size_t n_others, const struct evidence *ev, double seconds, struct signer *server_signer,
	struct signer *client_signer)
{
	const struct autopsy_case one = { jobs, n_jobs, server_signer, client_signer };
	struct autopsy_totals ignored;

	autopsies_run(&one, 1, others, n_others, ev, seconds, &ignored);
}
