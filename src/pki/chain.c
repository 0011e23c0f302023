/*
 * What is to be said of a chain once its path is known: every fault, not the first. Which of them
 * made the handshake fail is for the rules to tell.
 */
#include "pki/chain.h"

#include "pki/kin.h"
#include "pki/path.h"

/* ---- strength: what mbedTLS's default profile, OpenSSL's level 2 and the browsers accept ---- */

static bool key_below(const struct cert *c, unsigned rsa, unsigned ec)
{
	if (c->key == KEY_RSA || c->key == KEY_RSA_PSS || c->key == KEY_DSA || c->key == KEY_DH)
		return c->key_bits < rsa;
	return c->key == KEY_EC && c->key_bits != 0 && c->key_bits < ec;
}

static bool weak_hash(const struct cert *c)
{
	return c->method.hash == HASH_SHA1 || cert_signed_with_md(c);
}

/* A root's signature on itself proves nothing, so nobody minds what it is made with. */
static void judge_strength(struct chain_judgement *j)
{
	for (size_t i = 0; i < j->n_steps; i++) {
		struct path_step *step = &j->step[i];
		bool root = i + 1 == j->n_steps && (step->trusted || j->end == PATH_SELF_SIGNED ||
							   step->cert->self_issued);

		step->weak_key = key_below(step->cert, 2048, 256);
		step->very_weak_key = key_below(step->cert, 1024, 160);
		step->weak_signature = !root && weak_hash(step->cert);
	}
}

/* ---- what was sent, against the path ---- */

static bool same_subject_and_key(const struct cert *a, const struct cert *b)
{
	return bytes_equal(a->subject_der, b->subject_der) && cert_same_key(a->spki, b->spki);
}

/* RFC 5246 7.4.2: each certificate must directly certify the one before. A leaf in the wrong place
 * is not part of its own path, so it shows by being somebody's issuer. */
static bool out_of_order(const struct chain_question *q, const struct chain_judgement *j)
{
	int last = -1;

	for (size_t i = 0; i < j->n_steps; i++) {
		if (j->step[i].sent_index < 0)
			continue;
		if (j->step[i].sent_index < last)
			return true;
		last = j->step[i].sent_index;
	}
	for (size_t i = 1; i < q->n_sent && q->sent[0]->ca; i++)
		if (!q->sent[i]->self_issued &&
			cert_names_equal(q->sent[i]->issuer_der, q->sent[0]->subject_der))
			return true;
	return false;
}

/* Marks what belongs to the path: its steps, their twins, and whatever issued one of these. */
static size_t count_unrelated(const struct chain_question *q, const struct chain_judgement *j)
{
	bool related[64] = { false };
	size_t n = q->n_sent < 64 ? q->n_sent : 64, left = n;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < j->n_steps && !related[i]; k++)
			related[i] = same_subject_and_key(q->sent[i], j->step[k].cert);
	for (bool grew = true; grew;) {
		grew = false;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n && !related[i]; k++)
				if (related[k] && cert_names_equal(q->sent[k]->issuer_der,
							  q->sent[i]->subject_der))
					related[i] = grew = true;
	}
	for (size_t i = 0; i < n; i++)
		left -= related[i];
	return left;
}

/* ---- trust ---- */

static bool is_cross_of(const struct cert *c, const struct cert *step)
{
	return !bytes_equal(c->issuer_der, step->issuer_der) && c->subject_der.len != 0 &&
	       same_subject_and_key(c, step);
}

static const struct cert *find_cross(
	const struct chain_question *q, const struct chain_judgement *j)
{
	for (size_t k = 0; k < j->n_steps; k++) {
		for (size_t i = 0; i < q->n_sent; i++)
			if (is_cross_of(q->sent[i], j->step[k].cert))
				return q->sent[i];
		for (size_t i = 0; i < trust_count(q->trust); i++)
			if (is_cross_of(trust_at(q->trust, i), j->step[k].cert))
				return trust_at(q->trust, i);
	}
	return NULL;
}

/*
 * The issuer looked for last is missing. Is it an intermediate that the sender kept back, or a root
 * that the CA file lacks? A server that sends a CA certificate along sends, as a rule, all but the
 * root. One that sends its leaf alone may have a root for an issuer, above all one that is called
 * so; but an address to fetch the issuer from, or a CA of the file that is of one family with it,
 * speaks for an intermediate.
 */
static bool lacks_intermediate(const struct chain_question *q, const struct chain_judgement *j)
{
	const struct cert *last = j->step[j->n_steps - 1].cert;

	if (j->end != PATH_ISSUER_MISSING || trust_count(q->trust) == 0 || j->issuer_name_in_trust)
		return false;
	for (size_t i = 0; i < trust_count(q->trust); i++)
		if (kin_issued_issuer(last, trust_at(q->trust, i)))
			return true;
	if (last->ca || kin_is_called_root(last->issuer))
		return false;
	if (last->ca_issuers_uri.len != 0)
		return true;
	for (size_t i = 0; i < trust_count(q->trust); i++)
		if (kin_related(last->issuer, trust_at(q->trust, i)->subject) ||
			kin_by_role(last->issuer, trust_at(q->trust, i)->subject))
			return true;
	return false;
}

static void judge_trust(
	const struct chain_question *q, const struct path *path, struct chain_judgement *j)
{
	const struct path_step *last = &j->step[j->n_steps - 1];

	j->issuer_name_in_trust = j->end != PATH_TRUSTED && path->name_with_other_key;
	j->intermediate_missing = lacks_intermediate(q, j);
	j->same_key_elsewhere = find_cross(q, j);
	if (j->end == PATH_TRUSTED && last->expired)
		j->expired_root = last->cert;
	if (trust_count(q->trust) == 0 &&
		(j->end == PATH_SELF_SIGNED || j->end == PATH_ISSUER_MISSING))
		j->end = PATH_NO_ANCHOR;
}

/* ---- the leaf ---- */

static void judge_leaf(const struct chain_question *q, struct chain_judgement *j)
{
	const struct cert *leaf = q->sent[0];
	unsigned wanted = q->purpose == PURPOSE_SERVER ? EKU_SERVER_AUTH : EKU_CLIENT_AUTH;

	j->usage_needed = q->key_usage;
	j->usage_forbids =
		leaf->has_key_usage && q->key_usage != 0 && (leaf->key_usage & q->key_usage) == 0;
	j->ext_usage_forbids =
		leaf->has_ext_key_usage && (leaf->ext_key_usage & (wanted | EKU_ANY)) == 0;
	j->name = cert_name_match(leaf, q->name);
}

const char chain_untried[] =
	"there are too many certificates that may be its issuer, or the issuer of "
	"one above it, to try the keys of all";

/* Of a path that may not be the best one only the leaf is sure. */
static void keep_leaf(struct path *path)
{
	path->n = 1;
	path->end = PATH_UNKNOWN;
	path->step[0].signature = LINK_UNVERIFIABLE;
	path->step[0].why = chain_untried;
}

void chain_judge(
	const struct chain_question *q, struct link_memory *memory, struct chain_judgement *out)
{
	struct path path;

	*out = (struct chain_judgement){
		.judged = true,
		.has_trust = q->trust != NULL,
		.at = q->at,
	};
	path_find(q, memory, &path);
	if (path.cut)
		keep_leaf(&path);
	memcpy(out->step, path.step, sizeof path.step);
	out->n_steps = path.n;
	out->end = path.end;
	if (path.n == 0)
		return;
	for (size_t i = 0; i < path.n; i++)
		out->signature_bad |= path.step[i].signature == LINK_BAD;
	judge_strength(out);
	judge_leaf(q, out);
	if (path.cut)
		return;
	out->out_of_order = out_of_order(q, out);
	out->n_unrelated = count_unrelated(q, out);
	judge_trust(q, &path, out);
}
