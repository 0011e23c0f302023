/*
 * Path building (RFC 4158). Verifiers differ in how hard they look; this looks as hard as the best:
 * over every issuer of the right name, among the certificates sent and those of the CA file, and
 * keeps the path with the fewest faults. What is at fault in that one is at fault for everybody.
 */
#include "pki/path.h"

#include "pki/link.h"

enum { STEPS_TRIED = 64, CANDIDATES_MAX = 16 };

struct candidate {
	const struct cert *cert;
	int sent_index;
	bool trusted;
	struct link link;
};

/* A signature that this search has verified. */
struct tried {
	const struct cert *child;
	struct bytes key; /* the issuer's SubjectPublicKeyInfo */
	struct link link;
	bool made_it, asked; /* link_key_made_it(), once asked */
};

struct search {
	const struct chain_question *q;
	struct link_memory *memory;
	struct path now, *best;
	unsigned best_score;
	unsigned steps; /* left */
	struct tried tried[LINKS_TRIED_ALL];
	size_t n_tried, tries; /* verified; how many may be */
	bool spent, cut, done; /* no tries left; something was left out; nothing better is there */
};

enum { PERFECT = 31 };

bool path_key_ids_conflict(const struct cert *child, const struct cert *issuer)
{
	return child->authority_key_id.len != 0 && issuer->subject_key_id.len != 0 &&
	       !bytes_equal(child->authority_key_id, issuer->subject_key_id);
}

static bool key_ids_agree(const struct cert *child, const struct cert *issuer)
{
	return child->authority_key_id.len != 0 &&
	       bytes_equal(child->authority_key_id, issuer->subject_key_id);
}

int path_likelihood(const struct cert *child, const struct cert *issuer)
{
	if (key_ids_agree(child, issuer))
		return 0;
	return path_key_ids_conflict(child, issuer) ? 2 : 1;
}

static bool same_cert(const struct cert *a, const struct cert *b)
{
	return a == b || bytes_equal(a->der, b->der);
}

static int sent_index(const struct chain_question *q, const struct cert *c)
{
	for (size_t i = 0; i < q->n_sent; i++)
		if (same_cert(q->sent[i], c))
			return (int)i;
	return -1;
}

static const struct cert *in_trust(const struct trust *trust, const struct cert *c)
{
	for (size_t i = 0; i < trust_count(trust); i++)
		if (same_cert(trust_at(trust, i), c))
			return trust_at(trust, i);
	return NULL;
}

/* ---- judging a step ---- */

static void judge_dates(struct path_step *step, int64_t at)
{
	step->expired = step->cert->has_dates && at > step->cert->not_after;
	step->not_yet = step->cert->has_dates && at < step->cert->not_before;
}

/* RFC 5280 6.1.4 (k), (n). Before v3 nothing in a certificate could say so: such a CA is one
 * because somebody trusts it, which for a root may still be. */
static bool lacks_ca_rights(const struct path_step *step)
{
	const struct cert *c = step->cert;

	if (c->version < 3)
		return !step->trusted && !c->self_issued;
	return !c->ca || (c->has_key_usage && (c->key_usage & KU_KEY_CERT_SIGN) == 0);
}

/* RFC 5280 4.2.1.9: intermediates below, the leaf and self-issued ones not counted. */
static bool too_long(const struct path *p, size_t i)
{
	int below = 0;

	if (p->step[i].cert->path_length < 0)
		return false;
	for (size_t j = 1; j < i; j++)
		below += !p->step[j].cert->self_issued;
	return below > p->step[i].cert->path_length;
}

static void judge_steps(struct path *p, int64_t at)
{
	for (size_t i = 0; i < p->n; i++) {
		judge_dates(&p->step[i], at);
		p->step[i].ca_missing = i != 0 && lacks_ca_rights(&p->step[i]);
		p->step[i].path_too_long = i != 0 && too_long(p, i);
	}
}

/* ---- comparing whole paths ---- */

static unsigned score(const struct path *p)
{
	bool bad = false, undated = false, unfit = false;

	for (size_t i = 0; i < p->n; i++) {
		bad |= p->step[i].signature == LINK_BAD;
		undated |= p->step[i].expired || p->step[i].not_yet;
		unfit |= p->step[i].ca_missing || p->step[i].path_too_long;
	}
	return (bad ? 0 : 16u) + (p->end == PATH_TRUSTED ? 8u : 0) + (undated ? 0 : 4u) +
	       (unfit ? 0 : 2u) + (p->end == PATH_TRUSTED || p->end == PATH_SELF_SIGNED ? 1u : 0);
}

static void finish(struct search *s, enum path_end end)
{
	unsigned points;

	s->now.end = end;
	judge_steps(&s->now, s->q->at);
	points = score(&s->now);
	if (s->best->n != 0 && points <= s->best_score)
		return;
	*s->best = s->now;
	s->best_score = points;
	s->done = points == PERFECT;
}

/* ---- issuers ---- */

static bool is_rsa(enum key_kind kind)
{
	return kind == KEY_RSA || kind == KEY_RSA_PSS;
}

/* Without arithmetic: does the signature have the shape of one by this key? A self-signed
 * certificate names its key itself. */
static bool looks_signed_by(const struct cert *child, const struct cert *issuer)
{
	if (path_key_ids_conflict(child, issuer))
		return false;
	if (child->self_issued && !path_key_ids_conflict(child, child))
		return cert_same_key(child->spki, issuer->spki);
	if (child->method.signature == SIG_RSA_PKCS1 || child->method.signature == SIG_RSA_PSS)
		return is_rsa(issuer->key) && child->signature.len == (issuer->key_bits + 7) / 8;
	return child->method.signature != SIG_ECDSA || issuer->key == KEY_EC;
}

/* ---- signatures, each once and not too many ---- */

static struct tried *recall(struct search *s, const struct cert *child, const struct cert *issuer)
{
	for (size_t i = 0; i < s->n_tried; i++)
		if (s->tried[i].child == child && bytes_equal(s->tried[i].key, issuer->spki))
			return &s->tried[i];
	return NULL;
}

/* False: not verified, as enough were. What is told without arithmetic does not count. */
static bool verify(struct search *s, const struct cert *child, const struct cert *issuer,
	struct link *out, struct tried **kept)
{
	*kept = recall(s, child, issuer);
	if (*kept != NULL) {
		*out = (*kept)->link;
		return true;
	}
	if (link_cost(child, issuer) != 0 && s->n_tried == s->tries) {
		s->spent = s->cut = true;
		return false;
	}
	*out = link_check(s->memory, child, issuer);
	if (link_cost(child, issuer) == 0)
		return true;
	*kept = &s->tried[s->n_tried++];
	**kept = (struct tried){ .child = child, .key = issuer->spki, .link = *out };
	return true;
}

static bool made_it(struct tried *t, const struct cert *child, const struct cert *issuer)
{
	if (t == NULL)
		return false;
	if (!t->asked)
		t->made_it = link_key_made_it(child, issuer);
	t->asked = true;
	return t->made_it;
}

struct issuers {
	struct candidate list[CANDIDATES_MAX];
	size_t n;
	bool looped;
	const struct cert *proven; /* its key made the signature: no other did */
};

/*
 * Could this be the issuer? A signature that verifies settles it. One that does not, under a
 * certificate of the right name, is either damaged or of another key of that name (a CA made anew):
 * the key identifiers tell, or what RSA gives back. Where nothing tells, a certificate that was sent
 * along is taken as meant to be the issuer, one that only the CA file holds as another CA.
 */
static bool may_be_issuer(
	struct search *s, const struct cert *child, struct candidate *c, struct issuers *found)
{
	struct tried *tried;

	if (!s->q->verify_signatures)
		return looks_signed_by(child, c->cert);
	if (found->proven != NULL && !bytes_equal(found->proven->spki, c->cert->spki))
		return false;
	if (!verify(s, child, c->cert, &c->link, &tried))
		return false;
	if (c->link.state == LINK_VALID) {
		found->proven = c->cert;
		return true;
	}
	if (path_key_ids_conflict(child, c->cert))
		return false;
	return c->link.state == LINK_UNVERIFIABLE || key_ids_agree(child, c->cert) ||
	       c->sent_index >= 0 || made_it(tried, child, c->cert);
}

static bool in_path(const struct path *p, const struct cert *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (same_cert(p->step[i].cert, c))
			return true;
	return false;
}

static bool has_name_and(const struct cert *child, const struct cert *issuer, int likelihood)
{
	return path_likelihood(child, issuer) == likelihood &&
	       cert_names_equal(issuer->subject_der, child->issuer_der);
}

/* The one whose key made the signature goes first, and has its place when all are taken. */
static void list(struct search *s, struct issuers *found, const struct candidate *c)
{
	bool full = found->n == CANDIDATES_MAX;

	s->cut |= full && c->link.state != LINK_BAD; /* of bad ones one is as bad as another */
	if (full && c->link.state != LINK_VALID)
		return;
	if (!full)
		found->n++;
	found->list[found->n - 1] = *c;
	if (c->link.state == LINK_VALID && found->list[0].link.state != LINK_VALID) {
		found->list[found->n - 1] = found->list[0];
		found->list[0] = *c;
	}
}

static void consider(struct search *s, struct issuers *found, struct candidate c)
{
	const struct cert *child = s->now.step[s->now.n - 1].cert;

	if (in_path(&s->now, c.cert))
		found->looped = true;
	else if (may_be_issuer(s, child, &c, found))
		list(s, found, &c);
	else if (c.trusted)
		s->now.name_with_other_key = true;
}

static void gather_likely(struct search *s, struct issuers *found, int likelihood)
{
	const struct cert *child = s->now.step[s->now.n - 1].cert;

	for (size_t i = 0; i < trust_count(s->q->trust) && !s->spent; i++) {
		const struct cert *c = trust_at(s->q->trust, i);

		if (has_name_and(child, c, likelihood))
			consider(s, found,
				(struct candidate){ c, sent_index(s->q, c), true, { 0 } });
	}
	for (size_t i = 0; i < s->q->n_sent && !s->spent; i++)
		if (has_name_and(child, s->q->sent[i], likelihood) &&
			in_trust(s->q->trust, s->q->sent[i]) == NULL)
			consider(s, found,
				(struct candidate){ s->q->sent[i], (int)i, false, { 0 } });
}

/* proven: a certificate whose key is known to have made the signature; NULL none. */
static void gather(struct search *s, struct issuers *found, const struct cert *proven)
{
	found->n = 0;
	found->looped = false;
	found->proven = proven;
	s->now.name_with_other_key = false;
	for (int likelihood = 0; likelihood < PATH_LIKELIHOODS; likelihood++)
		gather_likely(s, found, likelihood);
}

/* ---- the search ---- */

/* A self-signed certificate ends a path; its own signature is a link like any other. */
static bool ends_in_itself(struct search *s, struct path_step *top)
{
	struct link own = { LINK_UNCHECKED, NULL };
	struct tried *tried;

	if (!top->cert->self_issued || path_key_ids_conflict(top->cert, top->cert))
		return false;
	if (s->q->verify_signatures)
		(void)verify(s, top->cert, top->cert, &own, &tried);
	top->signature = own.state;
	top->why = own.why;
	return own.state != LINK_BAD;
}

static void search_on(struct search *s);

static void step_up(struct search *s, const struct candidate *c)
{
	struct path_step *top = &s->now.step[s->now.n - 1];

	top->signature = c->link.state;
	top->why = c->link.why;
	s->now.step[s->now.n++] = (struct path_step){
		.cert = c->cert,
		.sent_index = c->sent_index,
		.trusted = c->trusted,
	};
	search_on(s);
	s->now.n--;
}

static void search_on(struct search *s)
{
	struct path_step *top = &s->now.step[s->now.n - 1];
	struct issuers found;
	bool whole;

	if (s->done || s->steps == 0) {
		s->cut |= !s->done;
		return;
	}
	s->steps--;
	top->signature = LINK_UNCHECKED;
	s->now.name_with_other_key = false;
	if (top->trusted) { /* no verifier looks further, nor at an anchor's own signature */
		finish(s, PATH_TRUSTED);
		return;
	}
	whole = ends_in_itself(s, top);
	gather(s, &found, top->signature == LINK_VALID ? top->cert : NULL);
	if (whole || (found.n == 0 && top->cert->self_issued && top->signature == LINK_BAD))
		finish(s, PATH_SELF_SIGNED);
	else if (found.n == 0 || s->now.n == PATH_MAX_CERTS)
		finish(s, found.looped ? PATH_LOOP : PATH_ISSUER_MISSING);
	for (size_t i = 0; i < found.n && s->now.n < PATH_MAX_CERTS && !s->done; i++)
		if (found.proven == NULL || found.list[i].link.state == LINK_VALID)
			step_up(s, &found.list[i]);
}

void path_find(const struct chain_question *q, struct link_memory *memory, struct path *out)
{
	struct search s = { .q = q, .memory = memory, .best = out, .steps = STEPS_TRIED };
	const struct cert *leaf = q->n_sent != 0 ? q->sent[0] : NULL;

	*out = (struct path){ .end = PATH_EMPTY };
	if (leaf == NULL || (leaf->issuer_der.len == 0 && leaf->spki.len == 0))
		return;
	s.tries = q->all_links ? LINKS_TRIED_ALL : LINKS_TRIED;
	s.now.n = 1;
	s.now.step[0] = (struct path_step){
		.cert = leaf,
		.sent_index = 0,
		.trusted = in_trust(q->trust, leaf) != NULL,
	};
	search_on(&s);
	out->cut = (s.cut && !s.done) || (q->sent_more && out->end == PATH_ISSUER_MISSING);
}
