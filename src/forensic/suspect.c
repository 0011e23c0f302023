/* What the trials ask again and again: due digest, key and signature, once. */
#include "forensic/suspect.h"

#include "forensic/transcripts.h"

bool suspect_open(const struct handshake *hs, enum side signer, struct signature_autopsy *out,
	struct suspect *s)
{
	const struct signature_proof *p = &hs->side[signer].proof;
	struct shown_signature shown;

	if (hs->side[signer].n_certs == 0 || !handshake_signature(hs, signer, &shown))
		return false;
	*s = (struct suspect){
		.hs = hs,
		.out = out,
		.signer = signer,
		.leaf = hs->side[signer].certs[0],
		.method = p->method,
		.signature = shown.signature,
		.ecdsa = p->ecdsa,
	};
	if (p->signature.state != PROOF_INVALID)
		return false;
	out->message = shown.message == HS_SERVER_KEY_EXCHANGE ? SIGNED_SERVER_KEY_EXCHANGE
							       : SIGNED_CERTIFICATE_VERIFY;
	out->done = true;
	return true;
}

bool suspect_settled(const struct suspect *s)
{
	return s->out->found != FIND_NOTHING || s->fits_foreign_key;
}

void suspect_found(struct suspect *s, enum finding_kind found, const char *const text[], size_t n)
{
	const char *what = NULL;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == NULL)
			continue;
		what = what == NULL ? arena_str(s->hs->arena, text[i])
				    : arena_printf(s->hs->arena, "%s, %s", what, text[i]);
		if (what == NULL)
			break; /* the finding counts without its text */
	}
	s->out->found = found;
	s->out->what = what;
}

bool suspect_digest(const struct suspect *s, enum hash hash, struct digest *out)
{
	struct transcript t;

	return transcript_due(s->hs, s->signer, &t) && crypto_hash(hash, t.part, t.n, out);
}

struct bytes suspect_message(const struct suspect *s, struct arena *a)
{
	struct transcript t;
	size_t len = 0, at = 0;
	uint8_t *all;

	if (!transcript_due(s->hs, s->signer, &t))
		return bytes_of(NULL, 0);
	for (size_t i = 0; i < t.n; i++)
		len += t.part[i].len;
	all = arena_alloc(a, len);
	if (all == NULL)
		return bytes_of(NULL, 0);
	for (size_t i = 0; i < t.n; i++) {
		memcpy(all + at, t.part[i].data, t.part[i].len);
		at += t.part[i].len;
	}
	return bytes_of(all, len);
}
