/*
 * Parameters, randoms and digest are tried by hashing again, against an oracle that knows what was
 * signed. A damaged signature is a question of its own, for ECDSA and RSA differently.
 */
#include "forensic/damage.h"

#include "forensic/damage_scope.h"
#include "forensic/search.h"

enum { SIGNATURE_MAX = 1024 };

/* What a byte is exclusive-ored with: one bit, or the changes of several bits. */
struct masks {
	uint8_t at[255];
	size_t n;
};

/* ---- one change ---- */

struct change {
	enum damaged what;
	size_t at; /* in the region */
	uint8_t mask;
};

/* The i-th of n_masks changes of every byte of every region. */
struct sweep {
	const struct damage_scope *sc;
	const struct masks *masks;
};

static size_t sweep_size(const struct sweep *sw)
{
	size_t bytes = 0;

	for (size_t i = 0; i < sw->sc->n_regions; i++)
		bytes += sw->sc->region[i].len;
	return bytes * sw->masks->n;
}

static const struct region *sweep_change(const struct sweep *sw, size_t i, struct change *out)
{
	const struct region *r = sw->sc->region;
	size_t at = i / sw->masks->n;

	for (; at >= r->len; r++)
		at -= r->len;
	*out = (struct change){ r->what, at, sw->masks->at[i % sw->masks->n] };
	return r;
}

static bool try_change(const void *ctx, size_t i)
{
	const struct sweep *sw = ctx;
	const struct damage_scope *sc = sw->sc;
	struct change c;
	const struct region *r = sweep_change(sw, i, &c);
	struct digest d = sc->digest;
	size_t at = r->at + c.at;
	uint8_t byte;
	struct bytes parts[3];

	if (c.what == DAMAGED_DIGEST) {
		d.data[at] ^= c.mask;
		return oracle_says(sc->oracle, &d);
	}
	byte = sc->message.data[at] ^ c.mask;
	parts[0] = bytes_slice(sc->message, 0, at);
	parts[1] = bytes_of(&byte, 1);
	parts[2] = bytes_slice(sc->message, at + 1, sc->message.len);
	return crypto_hash(sc->hash, parts, 3, &d) && oracle_says(sc->oracle, &d);
}

/* ---- a damaged signature ---- */

/* Bytes of the signature that are tried one by one. */
struct spots {
	const struct damage_scope *sc;
	const uint16_t *at;
	size_t n;
	const struct masks *masks;
};

static bool verifies(const struct damage_scope *sc, struct bytes signature)
{
	struct ecdsa_signature e;
	struct reading reading = { .signature = signature };
	struct ecdsa_trials *none = NULL; /* RSA has no use for it */
	struct oracle *o;
	bool hit;

	if (sc->s->method.signature == SIG_ECDSA) {
		e = crypto_ecdsa_decode(signature);
		return e.strict_der &&
		       crypto_ecdsa_verify_rs(sc->leaf.group, sc->leaf.point, &sc->digest, e.r, e.s)
				       .state == PROOF_VALID;
	}
	o = oracle_open(sc->s, &sc->leaf, &reading, &none);
	hit = o != NULL && oracle_says(o, &sc->digest);
	oracle_close(o, &none);
	return hit;
}

static bool try_spot(const void *ctx, size_t i)
{
	const struct spots *sp = ctx;
	struct bytes sent = sp->sc->s->signature;
	uint8_t copy[SIGNATURE_MAX];

	memcpy(copy, sent.data, sent.len);
	copy[sp->at[i / sp->masks->n]] ^= sp->masks->at[i % sp->masks->n];
	return verifies(sp->sc, bytes_of(copy, sent.len));
}

/* The byte is one of r or s that mending looks at: not DER's own, nor the 00 in front. */
static bool is_in_number(const struct damage_scope *sc, struct bytes number, size_t at)
{
	const struct group *g = group_find(sc->leaf.group);
	size_t from = (size_t)(number.data - sc->s->signature.data);

	if (number.len == 0 || at < from || at >= from + number.len)
		return false;
	return at != from || (number.data[0] != 0 && g != NULL && number.len <= g->coordinate_len);
}

static size_t spots_to_try(const struct damage_scope *sc, uint16_t at[static SIGNATURE_MAX])
{
	const struct ecdsa_signature *e = &sc->s->ecdsa;
	size_t n = 0;

	if (sc->s->signature.len > SIGNATURE_MAX)
		return 0;
	for (size_t i = 0; i < sc->s->signature.len; i++)
		if (sc->s->method.signature != SIG_ECDSA || !e->readable ||
			(!is_in_number(sc, e->r, i) && !is_in_number(sc, e->s, i)))
			at[n++] = (uint16_t)i;
	return n;
}

/* ---- what was found ---- */

static const char *damaged_name(const struct suspect *s, enum damaged what)
{
	switch (what) {
	case DAMAGED_PARAMS:
		return s->signer == SIDE_SERVER ? "the parameters" : "ClientKeyExchange";
	case DAMAGED_CLIENT_RANDOM:
		return "the client random";
	case DAMAGED_SERVER_RANDOM:
		return "the server random";
	case DAMAGED_DIGEST:
		return "the digest";
	case DAMAGED_SIGNATURE:
		break;
	}
	return "the signature";
}

static unsigned lowest_bit(uint8_t mask)
{
	unsigned bit = 0;

	while (bit < 7 && (mask >> bit & 1) == 0)
		bit++;
	return bit;
}

static void note_damage(struct damage_scope *sc, struct change c, uint8_t sent)
{
	struct signature_autopsy *out = sc->s->out;
	bool one_bit = (c.mask & (c.mask - 1)) == 0;
	const char *name = damaged_name(sc->s, c.what);
	const char *what;

	out->damaged = c.what;
	out->damaged_at = c.at;
	out->damaged_bit = lowest_bit(c.mask);
	out->found_hash = sc->hash;
	if (one_bit)
		what = arena_printf(sc->scratch, "once bit %u of byte %zu of %s is flipped back",
			out->damaged_bit, c.at, name);
	else
		what = arena_printf(sc->scratch, "once byte %zu of %s is %02x again, not %02x",
			c.at, name, (unsigned)(sent ^ c.mask), (unsigned)sent);
	suspect_found(sc->s, one_bit ? FIND_BIT_RESTORED : FIND_BYTE_RESTORED, &what, 1);
}

/* ---- the sweeps ---- */

static struct search_result run(struct damage_scope *sc, const struct search *search)
{
	struct search_result r = { .hit = SEARCH_MISS, .out_of_budget = search->n != 0 };

	if (meter_charge(&sc->q->meter))
		r = search_run(search, &sc->q->budget);
	sc->q->meter = meter_start(&sc->q->budget); /* the search has charged itself */
	sc->s->out->tried.out_of_budget |= r.out_of_budget;
	return r;
}

static void count(struct damage_scope *sc, const struct masks *masks, size_t tried, size_t all)
{
	struct trial_counts *t = &sc->s->out->tried;

	*(masks->n == 8 ? &t->bits : &t->bytes) += (unsigned)tried;
	*(masks->n == 8 ? &t->bits_all : &t->bytes_all) += (unsigned)all;
}

static bool sweep_message(struct damage_scope *sc, const struct masks *masks)
{
	struct sweep sweep = { sc, masks };
	struct search search = { sweep_size(&sweep), try_change, &sweep };
	struct search_result r;
	const struct region *region;
	struct change c;

	if (sc->oracle == NULL) { /* it signs nothing at all: no change of the message helps */
		count(sc, masks, search.n, search.n);
		return false;
	}
	r = run(sc, &search);
	count(sc, masks, r.tried, search.n);
	if (r.hit == SEARCH_MISS)
		return false;
	region = sweep_change(&sweep, r.hit, &c);
	note_damage(sc, c,
		c.what == DAMAGED_DIGEST ? sc->digest.data[c.at]
					 : sc->message.data[region->at + c.at]);
	return true;
}

static bool sweep_signature(struct damage_scope *sc, const struct masks *masks)
{
	uint16_t at[SIGNATURE_MAX];
	struct spots spots = { sc, at, spots_to_try(sc, at), masks };
	struct search search = { spots.n * masks->n, try_spot, &spots };
	struct search_result r;
	struct change c;

	if (sc->s->key_proved)
		return false; /* RSA's padding is right, and with it the signature */
	r = run(sc, &search);
	count(sc, masks, r.tried, search.n);
	if (r.hit == SEARCH_MISS)
		return false;
	c = (struct change){ DAMAGED_SIGNATURE, at[r.hit / masks->n], masks->at[r.hit % masks->n] };
	note_damage(sc, c, sc->s->signature.data[c.at]);
	return true;
}

static bool mend_numbers(
	struct damage_scope *sc, const struct masks *bits, const struct masks *bytes)
{
	const struct ecdsa_signature *e = &sc->s->ecdsa;
	uint16_t spots[SIGNATURE_MAX];
	struct ecdsa_mended m;
	struct bytes number;
	size_t looked_at, at;

	if (sc->s->method.signature != SIG_ECDSA || !e->readable)
		return false;
	looked_at = sc->s->signature.len - spots_to_try(sc, spots);
	count(sc, bits, looked_at * bits->n, looked_at * bits->n);
	count(sc, bytes, looked_at * bytes->n, looked_at * bytes->n);
	if (!crypto_ecdsa_mend(sc->leaf.group, sc->leaf.point, &sc->digest, e->r, e->s, &m))
		return false;
	number = m.in_s ? e->s : e->r;
	at = (size_t)(number.data - sc->s->signature.data) + m.at;
	note_damage(sc,
		(struct change){ DAMAGED_SIGNATURE, at, (uint8_t)(m.byte ^ number.data[m.at]) },
		number.data[m.at]);
	return true;
}

static void make_masks(struct masks *bits, struct masks *bytes)
{
	bits->n = bytes->n = 0;
	for (unsigned mask = 1; mask < 256; mask++) {
		struct masks *m = (mask & (mask - 1)) == 0 ? bits : bytes;

		m->at[m->n++] = (uint8_t)mask;
	}
}

/* Everything that the stages share; false when there is nothing to do, or no time. */
static bool begin(struct damage_scope *sc, struct inquiry *q, struct suspect *s)
{
	if (suspect_settled(s))
		return false;
	if (!meter_charge(&q->meter)) {
		s->out->tried.out_of_budget = true;
		return false;
	}
	if (damage_scope_open(sc, q, s))
		return true;
	damage_scope_close(sc);
	return false;
}

void damage_try_bits(struct inquiry *q, struct suspect *s)
{
	struct masks bits, bytes;
	struct damage_scope sc;

	make_masks(&bits, &bytes);
	if (!begin(&sc, q, s))
		return;
	(void)(mend_numbers(&sc, &bits, &bytes) || sweep_signature(&sc, &bits) ||
		sweep_message(&sc, &bits));
	damage_scope_close(&sc);
}

static bool is_ecdsa(const struct suspect *s)
{
	return s->method.signature == SIG_ECDSA;
}

void damage_try_bytes(struct inquiry *q, struct suspect *s)
{
	struct masks bits, bytes;
	struct damage_scope sc;

	make_masks(&bits, &bytes);
	if (!begin(&sc, q, s))
		return;
	if (!is_ecdsa(s) || !sweep_signature(&sc, &bytes))
		(void)sweep_message(&sc, &bytes);
	damage_scope_close(&sc);
}

void damage_try_rsa_bytes(struct inquiry *q, struct suspect *s, bool worth_it)
{
	struct masks bits, bytes;
	struct damage_scope sc;

	make_masks(&bits, &bytes);
	if (is_ecdsa(s) || s->key_proved || !begin(&sc, q, s))
		return;
	if (worth_it)
		(void)sweep_signature(&sc, &bytes);
	else
		count(&sc, &bytes, 0, s->signature.len * bytes.n);
	damage_scope_close(&sc);
}
