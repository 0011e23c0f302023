/*
 * Finished (RFC 8446 4.4.4, RFC 5246 7.4.9): a MAC over all messages before it. Worked out when the
 * handshake is over and the order of its messages is known, while its secrets still are.
 */
#include "session/conn.h"
#include "session/sealed.h"
#include "session/transcript.h"
#include "session/unlock.h"

/*
 * The secret that a Finished is made with. Where records opened under it, it is that of the handshake; where a
 * log shows what they hold, and the secret beside it, it has to show that (prove_secrets()).
 */
struct finished_secret {
	struct key_secret secret;
	bool opened; /* records under it */
};

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

static bool find_secret(const struct conn *c, enum side from, struct finished_secret *out)
{
	const struct key_secret *used = NULL;
	enum keylog_kind kind = !c->hs->tls13         ? KEYLOG_MASTER
				: from == SIDE_CLIENT ? KEYLOG_CLIENT_HANDSHAKE
						      : KEYLOG_SERVER_HANDSHAKE;

	if (c->sealed != NULL)
		used = c->hs->tls13 ? &c->sealed->handshake_secret[from] : &c->sealed->master;
	out->opened = used != NULL && used->len != 0;
	if (out->opened)
		out->secret = *used;
	return out->opened || (c->sealed == NULL && unlock_find(c, kind, 0, &out->secret));
}

/* What it has to be; false: it cannot be worked out. */
static bool due(const struct conn *c, enum side from, const struct key_secret *secret,
	const struct digest *transcript, struct digest *out)
{
	enum hash hash = transcript_hash(c->hs);
	struct schedule s = schedule_of(c->hs->version, hash);

	if (c->hs->tls13)
		return schedule_finished(&s, secret, transcript, out);
	out->len = VERIFY_DATA12;
	return prf_verify_data(hash, secret, from == SIDE_CLIENT, transcript, out->data);
}

static struct verdict judge(
	const struct conn *c, enum side from, struct bytes verify_data, bool *opened)
{
	const struct handshake *hs = c->hs;
	struct finished_secret s = { .opened = false };
	struct transcript_parts t;
	struct digest transcript, wanted;
	bool known;

	if (!transcript_before(hs, from, HS_FINISHED, &t))
		return unverifiable("a message that it covers is missing from the capture");
	known = find_secret(c, from, &s) &&
		crypto_hash(transcript_hash(hs), t.part, t.n, &transcript) &&
		due(c, from, &s.secret, &transcript, &wanted);
	wipe(&s.secret, sizeof s.secret);
	*opened = s.opened;
	if (!known)
		return unverifiable("the secret that it is made with is not known");
	if (bytes_equal(verify_data, bytes_of(wanted.data, wanted.len)))
		return (struct verdict){ PROOF_VALID, NULL };
	if (transcript_may_begin_late(hs))
		return unverifiable(BEGINS_LATE);
	return (struct verdict){ PROOF_INVALID, NULL };
}

/* A secret that opened nothing, and that no Finished fits, may be another handshake's, or damaged. */
static void prove_secrets(struct handshake *hs, const bool opened[static 2])
{
	const struct finished *f[2] = { &hs->side[0].finished, &hs->side[1].finished };

	if (f[0]->verdict.state == PROOF_VALID || f[1]->verdict.state == PROOF_VALID)
		return;
	for (unsigned side = 0; side < 2; side++)
		if (!opened[side] && hs->side[side].finished.verdict.state == PROOF_INVALID)
			hs->side[side].finished.verdict =
				unverifiable("the secret that is known may not be its own");
}

void finished_verify(struct conn *c)
{
	bool opened[2] = { false };

	if (c->session->keys.log == NULL)
		return;
	for (unsigned side = 0; side < 2; side++) {
		struct finished *f = &c->hs->side[side].finished;

		if (f->seen && f->verdict.state == PROOF_NONE)
			f->verdict = judge(c, (enum side)side, f->verify_data, &opened[side]);
	}
	prove_secrets(c->hs, opened);
}
