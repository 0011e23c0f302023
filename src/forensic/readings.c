/* r and s turned, cut, padded and packed as drivers and accelerators do. */
#include "forensic/readings.h"

#include "base/array.h"
#include "forensic/reorder.h"

enum { WORD = 4, WIDTH_MAX = 72, INTEGER_TAG = 2 };

struct list {
	struct reading *at;
	size_t n;
	struct arena *arena;
};

static void add(struct list *l, const struct reading *r)
{
	if (l->n < READINGS_MAX)
		l->at[l->n++] = *r;
}

/* ---- ECDSA ---- */

/* Two numbers somehow found in the signature. */
struct pair {
	struct bytes r, s;
	const char *what; /* "read as raw bytes"; NULL: they stood in DER */
};

static const struct {
	enum order order;
	bool words; /* the numbers stand in whole 32-bit words */
	const char *what;
} turns[] = {
	{ ORDER_AS_SENT, false, NULL },
	{ ORDER_BYTES_REVERSED, false, "turned from little-endian" },
	{ ORDER_WORDS_REVERSED, true, "taken with their 32-bit words in reverse order" },
	{ ORDER_BYTES_IN_WORDS, true, "taken with the bytes of each 32-bit word reversed" },
};

/* The number, filled up to this width, turned. */
static struct bytes turned(struct arena *a, struct bytes number, enum order order, size_t width)
{
	struct bytes b = bytes_skip_zeros(number);
	uint8_t wide[WIDTH_MAX] = { 0 }, *out = arena_alloc(a, width);

	if (out == NULL || b.len == 0 || b.len > width || width > sizeof wide)
		return bytes_of(NULL, 0);
	memcpy(wide + width - b.len, b.data, b.len);
	return reorder(order, bytes_of(wide, width), out) ? bytes_of(out, width)
							  : bytes_of(NULL, 0);
}

static const char *turn_text(
	struct arena *a, const char *first, const char *second, const char *third)
{
	const char *part[3] = { first, second, third };
	const char *text = NULL;

	for (size_t i = 0; i < 3; i++) {
		if (part[i] == NULL)
			continue;
		text = text == NULL ? arena_printf(a, "once r and s are %s", part[i])
				    : arena_printf(a, "%s and %s", text, part[i]);
		if (text == NULL)
			return "once r and s are put in order";
	}
	return text;
}

static void add_turns(struct list *l, const struct pair *p, size_t len)
{
	size_t words = (len + WORD - 1) / WORD * WORD;

	for (size_t i = 0; i < COUNT(turns); i++) {
		size_t width = turns[i].words ? words : len;

		for (int exchanged = 0; exchanged < 2; exchanged++) {
			struct reading r = { .r = turned(l->arena, p->r, turns[i].order, width),
				.s = turned(l->arena, p->s, turns[i].order, width) };

			if (r.r.len == 0 || r.s.len == 0 ||
				(turns[i].what == NULL && !exchanged && p->what == NULL))
				continue;
			if (exchanged) {
				struct bytes first = r.r;

				r.r = r.s;
				r.s = first;
			}
			r.what = turn_text(
				l->arena, p->what, exchanged ? "exchanged" : NULL, turns[i].what);
			add(l, &r);
		}
	}
}

static const char *der_text(const struct ecdsa_signature *e)
{
	if (e->strict_der)
		return NULL;
	if (e->negative)
		return "once r and s are read as the positive numbers they are, without the 00 "
		       "that DER wants in front of a high bit";
	if (e->padded)
		return "once the needless zeros in front of r and s are dropped";
	if (e->trailing != 0)
		return "once the bytes behind it are dropped";
	return "once the wrong lengths in its DER are forgiven";
}

static struct bytes read_integer(struct cur *c)
{
	if (cur_u8(c, "INTEGER") != INTEGER_TAG)
		cur_fail(c, PARSE_VALUE, "INTEGER", INTEGER_TAG);
	return cur_bytes(c, cur_u8(c, "length"), "INTEGER");
}

/* Two INTEGERs one after the other, which nothing holds together. */
static bool bare_integers(struct bytes signature, struct pair *out)
{
	struct parse_err err;
	struct cur c = cur_init(signature, &err);

	out->r = read_integer(&c);
	out->s = read_integer(&c);
	out->what = "taken as two INTEGERs without the SEQUENCE around them";
	return cur_end(&c, "signature") && out->r.len != 0 && out->s.len != 0;
}

static void add_raw(struct list *l, struct bytes signature, size_t len)
{
	size_t words = (len + WORD - 1) / WORD * WORD, half = signature.len / 2;
	struct pair p = { bytes_slice(signature, 0, half), bytes_slice(signature, half, half),
		"read as raw bytes" };

	if (signature.len == 2 * len || signature.len == 2 * words)
		add_turns(l, &p, len);
}

static void ecdsa_readings(const struct suspect *s, struct list *l)
{
	const struct ecdsa_signature *e = &s->ecdsa;
	const struct group *g = group_find(s->leaf->key_group);
	size_t len = g != NULL ? g->coordinate_len : 0;
	struct pair p;

	if (e->readable)
		add(l, &(struct reading){ .r = e->r, .s = e->s, .what = der_text(e) });
	if (len == 0)
		return;
	add_raw(l, s->signature, len);
	if (bare_integers(s->signature, &p))
		add_turns(l, &p, len);
	p = (struct pair){ e->r, e->s, NULL };
	if (e->readable)
		add_turns(l, &p, len);
}

/* ---- RSA ---- */

static void add_rsa_length(const struct suspect *s, struct list *l, size_t len)
{
	struct bytes number = bytes_skip_zeros(s->signature);
	uint8_t *wide;

	if (s->signature.len == len || number.len > len)
		return;
	wide = arena_alloc(l->arena, len);
	if (wide == NULL)
		return;
	memcpy(wide + len - number.len, number.data, number.len);
	add(l, &(struct reading){ .signature = bytes_of(wide, len),
		       .what = s->signature.len < len
				       ? "once the zeros that are missing in front are put back"
				       : "once the needless zeros in front are dropped" });
}

static void add_rsa_order(
	const struct suspect *s, struct list *l, enum order order, const char *what)
{
	uint8_t *out = arena_alloc(l->arena, s->signature.len);

	if (out != NULL && reorder(order, s->signature, out))
		add(l, &(struct reading){
			       .signature = bytes_of(out, s->signature.len), .what = what });
}

static void rsa_readings(const struct suspect *s, struct list *l)
{
	add(l, &(struct reading){ .signature = s->signature });
	add_rsa_length(s, l, (s->leaf->key_bits + 7) / 8);
	add_rsa_order(s, l, ORDER_BYTES_REVERSED, "once its bytes are taken in reverse order");
	add_rsa_order(
		s, l, ORDER_WORDS_REVERSED, "once its 32-bit words are taken in reverse order");
	add_rsa_order(s, l, ORDER_BYTES_IN_WORDS,
		"once the bytes of each of its 32-bit words are reversed");
}

size_t readings_make(
	const struct suspect *s, struct arena *a, struct reading out[static READINGS_MAX])
{
	struct list l = { out, 0, a };

	if (s->method.signature == SIG_ECDSA)
		ecdsa_readings(s, &l);
	else
		rsa_readings(s, &l);
	return l.n;
}
