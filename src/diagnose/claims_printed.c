/*
 * What the text of a printed certificate says against it, as claims of the side that had it before it: certificates are
 * refused for many reasons, and of a text nothing is certain.
 */
#include "diagnose/claims.h"

#include "base/array.h"
#include "diagnose/word.h"

/* mbedTLS's flag of that fault, and what others say who found it. */
static const struct {
	enum printed_fault fault;
	enum saying saying, found;
} rows[] = {
	{ PRINTED_EXPIRED, SAYING_printed_expired, SAYING_peer_expired },
	{ PRINTED_NOT_YET, SAYING_printed_not_yet, SAYING_peer_not_yet_valid },
	{ PRINTED_OTHER_NAME, SAYING_printed_name, SAYING_peer_name },
	{ PRINTED_WEAK_KEY, SAYING_printed_weak_key, SAYING_peer_weak_key },
	{ PRINTED_WEAK_HASH, SAYING_printed_weak_hash, SAYING_peer_weak_hash },
	{ PRINTED_OTHER_USE, SAYING_printed_usage, SAYING_peer_usage },
	{ PRINTED_CURVE, SAYING_printed_curve, SAYING_NONE },
};

bool claims_of_print(enum saying saying)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].saying == saying)
			return true;
	return false;
}

/* What says which fault of a certificate it is: another that is printed was then let pass. */
static bool is_told_which(const struct claim *all, size_t n, enum side by)
{
	static const enum saying told[] = { SAYING_peer_expired, SAYING_peer_not_yet_valid,
		SAYING_peer_of_the_future, SAYING_peer_name, SAYING_peer_weak_key,
		SAYING_peer_weak_hash, SAYING_peer_usage, SAYING_peer_other_leaf,
		SAYING_peer_untrusted, SAYING_peer_unverified, SAYING_peer_unknown_ca,
		SAYING_peer_issuer_unknown, SAYING_peer_self_signed, SAYING_peer_root_untrusted,
		SAYING_peer_issuer_not_ca, SAYING_peer_chain_signature, SAYING_peer_revoked,
		SAYING_peer_critical_extension, SAYING_peer_constraints, SAYING_peer_issuer_limits,
		SAYING_no_trust_anchors };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; all[i].by == by && k < COUNT(told); k++)
			if (all[i].saying == told[k])
				return true;
	return false;
}

static bool is_said(const struct claim *all, size_t n, enum side by, enum saying saying)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].by == by && all[i].saying == saying)
			return true;
	return false;
}

size_t claims_by_printed(const struct handshake *hs, enum side by, const struct claim *all,
	size_t n, struct claim out[static N_PRINTED_FAULTS])
{
	const struct printed_judgement *j = &hs->side[side_other(by)].printed_judged;
	bool which = is_told_which(all, n, by);
	size_t k = 0;

	if (hs->outcome == OUTCOME_INCOMPLETE)
		return 0;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (j->fault[rows[i].fault] != NULL &&
			(!which || is_said(all, n, by, rows[i].found)))
			out[k++] = (struct claim){ rows[i].saying, by,
				j->fault[rows[i].fault]->line, NULL };
	return k;
}

enum confidence claims_print_sureness(const struct handshake *hs, enum side by)
{
	return hs->outcome == OUTCOME_COMPLETED || certificate_refused(hs, side_other(by)) ||
			       word_blames_certificate(&hs->side[by].word)
		       ? CONFIDENCE_LIKELY
		       : CONFIDENCE_POSSIBLE;
}

/* ---- in words ---- */

static const char *hash_text(enum hash hash)
{
	return hash == HASH_MD5 ? "MD5" : "SHA-1";
}

static void prove_dates(const struct case_file *cf, const struct handshake *hs,
	const struct printed_judgement *j, const struct printed_cert *p, bool expired,
	struct finding *f)
{
	char day[32], then[32];

	date_text(expired ? p->not_after : p->not_before, day);
	date_text(j->at, then);
	finding_prove(f, cf, p->line, "the certificate that the log prints, '%s', is valid %s %s",
		p->subject, expired ? "until" : "from", day);
	finding_prove(f, cf, 0,
		cf->evidence->has_at ? "it is judged at %s, the time given"
		: hs->undated        ? "the log has no dates: it is judged at %s"
				     : "the handshake took place at %s",
		then);
}

void printed_prove(const struct case_file *cf, const struct handshake *hs, const struct claim *s,
	struct finding *f)
{
	const struct printed_judgement *j = &hs->side[side_other(s->by)].printed_judged;
	const struct printed_cert *p = NULL;
	enum printed_fault fault = N_PRINTED_FAULTS;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].saying == s->saying) {
			fault = rows[i].fault;
			p = j->fault[fault];
		}
	if (p == NULL)
		return;
	switch (fault) {
	case PRINTED_EXPIRED:
	case PRINTED_NOT_YET:
		prove_dates(cf, hs, j, p, fault == PRINTED_EXPIRED, f);
		break;
	case PRINTED_OTHER_NAME:
		finding_prove(f, cf, p->line,
			"the certificate that the log prints, '%s'%s%s, is not for '%s'",
			p->subject, p->names[0] != '\0' ? ", with the names " : "", p->names,
			j->name != NULL ? j->name : "");
		break;
	case PRINTED_WEAK_KEY:
		finding_prove(f, cf, p->line, "the key of '%s' has %u bits, as the log prints it",
			p->subject, p->key_bits);
		break;
	case PRINTED_WEAK_HASH:
		finding_prove(f, cf, p->line, "'%s' is signed with %s, as the log prints it",
			p->subject, hash_text(p->hash));
		break;
	case PRINTED_OTHER_USE:
		finding_prove(f, cf, p->line,
			"extendedKeyUsage of '%s', as the log prints it, does not allow the use by "
			"%s",
			p->subject, side_name(side_other(s->by)));
		break;
	case PRINTED_CURVE:
		finding_prove(f, cf, p->line,
			"the key of '%s' is on %s, as the log prints it, which the client does not "
			"offer",
			p->subject, name_group(p->key_group));
		break;
	case N_PRINTED_FAULTS:
		break;
	}
}
