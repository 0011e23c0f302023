/*
 * Finished (RFC 8446 4.4.4, RFC 5246 7.4.9): a MAC over all messages before it. Worked out when the
 * handshake is over and the order of its messages is known, while its secrets still are.
 */
#include "session/conn.h"
#include "session/sealed.h"
#include "session/transcript.h"

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

/* False: it cannot be worked out. */
static bool due13(
	const struct conn *c, enum side from, const struct digest *transcript, struct digest *out)
{
	struct schedule s = schedule_of(c->hs->version, transcript_hash(c->hs));
	const struct key_secret *secret = &c->sealed->handshake_secret[from];

	return secret->len != 0 && schedule_finished(&s, secret, transcript, out);
}

static bool due12(
	const struct conn *c, enum side from, const struct digest *transcript, struct digest *out)
{
	const struct key_secret *master = &c->sealed->master;

	out->len = VERIFY_DATA12;
	return master->len != 0 && prf_verify_data(transcript_hash(c->hs), master,
					   from == SIDE_CLIENT, transcript, out->data);
}

static struct verdict judge(const struct conn *c, enum side from, struct bytes verify_data)
{
	const struct handshake *hs = c->hs;
	struct transcript_parts t;
	struct digest transcript, due;

	if (!transcript_before(hs, from, HS_FINISHED, &t))
		return unverifiable("a message that it covers is missing from the capture");
	if (!crypto_hash(transcript_hash(hs), t.part, t.n, &transcript) ||
		!(hs->tls13 ? due13(c, from, &transcript, &due)
			    : due12(c, from, &transcript, &due)))
		return unverifiable("the secret that it is made with is not known");
	if (bytes_equal(verify_data, bytes_of(due.data, due.len)))
		return (struct verdict){ PROOF_VALID, NULL };
	return (struct verdict){ PROOF_INVALID, NULL };
}

void finished_verify(struct conn *c)
{
	for (unsigned side = 0; side < 2; side++) {
		struct finished *f = &c->hs->side[side].finished;

		if (f->seen && f->verdict.state == PROOF_NONE)
			f->verdict = judge(c, (enum side)side, f->verify_data);
	}
}
