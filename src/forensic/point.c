/*
 * Points are re-read in the ways drivers get them wrong. A random pair of numbers lies on a curve
 * of n bits with a chance of 2^-n, so that a hit is no accident; only "x alone fits" is one in two.
 */
#include "forensic/point.h"

#include "base/array.h"
#include "forensic/reorder.h"
#include "session/handshake.h"

enum { FORM = 4 };

static const uint16_t group_first = 1, group_last = 0x3f; /* where IANA has the curves */

struct wrong_point {
	uint16_t group;
	struct bytes key;
	enum point_state state;
	struct arena *arena;
	struct point_autopsy *out;
};

/* How the coordinates are put in order again. */
struct repair {
	enum order order;
	bool swapped;
	enum point_finding found;
	const char *text;
};

static const struct repair repairs[] = {
	{ ORDER_AS_SENT, true, POINT_FIND_SWAPPED, "with x and y exchanged" },
	{ ORDER_BYTES_REVERSED, false, POINT_FIND_LITTLE_ENDIAN,
		"with x and y read as little-endian numbers" },
	{ ORDER_BYTES_REVERSED, true, POINT_FIND_LITTLE_ENDIAN_SWAPPED,
		"with x and y exchanged and read as little-endian numbers" },
	{ ORDER_WORDS_REVERSED, false, POINT_FIND_WORDS_SWAPPED,
		"with the 32-bit words of x and y in reverse order" },
	{ ORDER_BYTES_IN_WORDS, false, POINT_FIND_WORDS_SWAPPED,
		"with the bytes of each 32-bit word of x and y reversed" },
	{ ORDER_WORDS_REVERSED, true, POINT_FIND_WORDS_SWAPPED,
		"with x and y exchanged and their 32-bit words in reverse order" },
	{ ORDER_BYTES_IN_WORDS, true, POINT_FIND_WORDS_SWAPPED,
		"with x and y exchanged and the bytes of each 32-bit word reversed" },
};

static size_t coordinate_len(uint16_t group)
{
	const struct group *g = group_find(group);

	return g != NULL && g->kind == GROUP_EC ? g->coordinate_len : 0;
}

static const char *curve_name(uint16_t group)
{
	const char *name = name_group(group);

	return name != NULL ? name : "its curve";
}

static bool on_curve(uint16_t group, struct bytes point)
{
	return crypto_point_check(group, point) == POINT_ON_CURVE;
}

/* 04 and the two coordinates; false when the curve's do not have this length. */
static bool compose(uint16_t group, struct bytes coordinates, struct point *out)
{
	size_t len = coordinate_len(group);

	if (len == 0 || coordinates.len != 2 * len || 1 + 2 * len > sizeof out->data)
		return false;
	out->len = 1 + 2 * len;
	out->data[0] = FORM;
	memcpy(out->data + 1, coordinates.data, 2 * len);
	return true;
}

static bool repaired(uint16_t group, struct bytes coordinates, const struct repair *r)
{
	size_t len = coordinates.len / 2;
	struct point p;

	if (!compose(group, coordinates, &p))
		return false;
	return reorder(r->order, bytes_slice(coordinates, 0, len),
		       p.data + 1 + (r->swapped ? len : 0)) &&
	       reorder(r->order, bytes_slice(coordinates, len, len),
		       p.data + 1 + (r->swapped ? 0 : len)) &&
	       on_curve(group, bytes_of(p.data, p.len));
}

static bool say(const struct wrong_point *w, enum point_finding found, const char *what)
{
	w->out->found = found;
	w->out->what = what;
	return true;
}

/* ---- its own curve, put together in another way ---- */

static bool find_form(const struct wrong_point *w)
{
	size_t len = coordinate_len(w->group);
	const char *name = curve_name(w->group);
	struct bytes key = w->key;
	struct point p;

	if (compose(w->group, key, &p) && on_curve(w->group, bytes_of(p.data, p.len)))
		return say(w, POINT_FIND_NO_FORM_BYTE,
			arena_printf(w->arena, "with a 04 put in front it is a point on %s", name));
	if (len != 0 && key.len == 1 + 2 * len && key.data[0] != FORM &&
		compose(w->group, bytes_slice(key, 1, 2 * len), &p) &&
		on_curve(w->group, bytes_of(p.data, p.len)))
		return say(w, POINT_FIND_NO_FORM_BYTE,
			arena_printf(w->arena,
				"with 04 in place of %02x as its first byte it is a point on %s",
				key.data[0], name));
	if (key.len > 2 && key.data[0] == 0x04 && key.data[1] == key.len - 2 &&
		on_curve(w->group, bytes_slice(key, 2, key.len - 2)))
		return say(w, POINT_FIND_NO_FORM_BYTE,
			arena_printf(w->arena,
				"without the two bytes of an OCTET STRING in front it is a point "
				"on %s",
				name));
	if (len != 0 && key.len == 1 + len && key.data[0] == FORM &&
		crypto_point_x_on_curve(w->group, bytes_slice(key, 1, len)))
		return say(w, POINT_FIND_NO_FORM_BYTE,
			arena_printf(w->arena,
				"it has the length of a compressed point, and its first byte says "
				"uncompressed"));
	return false;
}

/* The coordinates, with or without the form byte. */
static struct bytes coordinates_of(struct bytes key)
{
	return key.len % 2 == 1 ? bytes_slice(key, 1, key.len - 1) : key;
}

static bool find_order(const struct wrong_point *w, uint16_t group)
{
	struct bytes coordinates = coordinates_of(w->key);

	for (size_t i = 0; i < COUNT(repairs); i++) {
		if (!repaired(group, coordinates, &repairs[i]))
			continue;
		w->out->other_curve = group != w->group ? group : 0;
		return say(w, repairs[i].found,
			arena_printf(w->arena, "%s it is a point on %s%s", repairs[i].text,
				curve_name(group),
				w->key.len % 2 == 0 ? " that lacks its 04" : ""));
	}
	return false;
}

static bool find_other_curve(const struct wrong_point *w)
{
	for (uint16_t g = group_first; g <= group_last; g++) {
		if (g == w->group || coordinate_len(g) == 0 || !on_curve(g, w->key))
			continue;
		w->out->other_curve = g;
		return say(w, POINT_FIND_OTHER_CURVE,
			arena_printf(w->arena, "it is a point on %s", curve_name(g)));
	}
	for (uint16_t g = group_first; g <= group_last; g++)
		if (g != w->group && find_order(w, g))
			return true;
	return false;
}

/* ---- a wrong number ---- */

static bool find_bit(const struct wrong_point *w)
{
	struct point p = { .len = w->key.len };

	if (w->key.len != 1 + 2 * coordinate_len(w->group) || w->key.len > sizeof p.data ||
		w->key.data[0] != FORM)
		return false;
	memcpy(p.data, w->key.data, p.len);
	for (size_t bit = 8; bit < 8 * p.len; bit++) {
		uint8_t mask = (uint8_t)(1 << bit % 8);

		p.data[bit / 8] ^= mask;
		if (on_curve(w->group, bytes_of(p.data, p.len)))
			return say(w, POINT_FIND_BIT_RESTORED,
				arena_printf(w->arena,
					"with bit %zu of its byte %zu flipped it is a point on %s",
					bit % 8, bit / 8, curve_name(w->group)));
		p.data[bit / 8] ^= mask;
	}
	return false;
}

static void describe_number(const struct wrong_point *w)
{
	size_t len = coordinate_len(w->group);

	if (w->state == POINT_OUT_OF_RANGE)
		say(w, POINT_FIND_OUT_OF_RANGE,
			arena_printf(w->arena, "a coordinate is not below the prime of %s",
				curve_name(w->group)));
	else if (w->state == POINT_OFF_CURVE && w->key.len == 1 + 2 * len &&
		 crypto_point_x_on_curve(w->group, bytes_slice(w->key, 1, len)))
		say(w, POINT_FIND_X_ONLY,
			arena_printf(w->arena,
				"its x belongs to a point on %s, as every other number does, "
				"but y is not that point's",
				curve_name(w->group)));
}

static bool is_wrong(enum point_state state)
{
	return state == POINT_OFF_CURVE || state == POINT_INFINITY || state == POINT_OUT_OF_RANGE ||
	       state == POINT_BAD_LENGTH || state == POINT_BAD_FORM;
}

void point_autopsy(const struct handshake *hs, enum side from, struct point_autopsy *out)
{
	struct wrong_point w = { .arena = hs->arena, .out = out };
	struct place at;

	out->from = from;
	if (from == SIDE_SERVER) {
		w.state = hs->side[SIDE_SERVER].point;
		if (!handshake_server_public(hs, &w.group, &w.key, &at))
			return;
	} else {
		w.state = hs->side[SIDE_CLIENT].point;
		w.group = hs->ske.group;
		w.key = hs->cke.public_key;
	}
	if (!is_wrong(w.state) || w.key.len == 0)
		return;
	out->done = true;
	if (!find_form(&w) && !find_order(&w, w.group) && !find_other_curve(&w) && !find_bit(&w))
		describe_number(&w);
}
