/*
 * Distinguished names: as text (RFC 4514, the most specific part first) and compared (RFC 5280
 * 7.1). A certificate is written by a stranger: whatever could steer a terminal, hide or turn text
 * around is shown as \xHH.
 */
#include "pki/cert_walk.h"

#include "pki/oid.h"

#include <stdio.h>

enum { RDN_MAX = 48 };

/* ---- one character of a string, whatever its kind ---- */

struct glyph {
	uint32_t code;
	size_t len; /* bytes it takes up in the source */
	bool valid;
};

static bool continues(struct bytes b, size_t at)
{
	return at < b.len && (b.data[at] & 0xc0u) == 0x80;
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
static struct glyph utf8_glyph(struct bytes b)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t lead = b.data[0];
	size_t len = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	struct glyph g = { lead, 1, lead < 0x80 };

	if (len < 2 || lead > 0xf4)
		return g;
	g.code = lead & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if (!continues(b, i))
			return (struct glyph){ lead, 1, false };
		g.code = g.code << 6 | (b.data[i] & 0x3fu);
	}
	if (g.code < least[len] || g.code > 0x10ffff || (g.code >= 0xd800 && g.code < 0xe000))
		return (struct glyph){ lead, 1, false };
	return (struct glyph){ g.code, len, true };
}

static struct glyph wide_glyph(struct bytes b, size_t width)
{
	struct glyph g = { 0, b.len < width ? b.len : width, b.len >= width };

	for (size_t i = 0; i < g.len; i++)
		g.code = g.code << 8 | b.data[i];
	if (g.code > 0x10ffff || (g.code >= 0xd800 && g.code < 0xe000))
		g.valid = false;
	return g;
}

static struct glyph next_glyph(uint8_t tag, struct bytes b)
{
	switch (tag) {
	case DER_UTF8_STRING:
		return utf8_glyph(b);
	case DER_BMP_STRING:
		return wide_glyph(b, 2);
	case DER_UNIVERSAL_STRING:
		return wide_glyph(b, 4);
	case DER_T61_STRING: /* in certificates always Latin-1, never T.61 */
		return (struct glyph){ b.data[0], 1, true };
	default:
		return (struct glyph){ b.data[0], 1, b.data[0] < 0x80 };
	}
}

static bool is_text(uint8_t tag)
{
	return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_T61_STRING ||
	       tag == DER_IA5_STRING || tag == DER_BMP_STRING || tag == DER_NUMERIC_STRING ||
	       tag == DER_VISIBLE_STRING || tag == DER_UNIVERSAL_STRING;
}

/* Controls, marks that reorder or hide text, line separators, and code points that are none. */
static bool is_unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff0 && code <= 0xfffb) || (code & 0xfffe) == 0xfffe ||
	       (code >= 0xe0000 && code <= 0xe0fff);
}

/* ---- text that is cut only between characters ---- */

struct text {
	char *out;
	size_t len;
	bool full;
};

static void text_put(struct text *t, const char *part, size_t len)
{
	if (!t->full && t->len + len > NAME_TEXT - sizeof "...") {
		t->full = true;
		memcpy(t->out + t->len, "...", sizeof "...");
	}
	if (t->full)
		return;
	memcpy(t->out + t->len, part, len);
	t->len += len;
	t->out[t->len] = '\0';
}

static void text_puts(struct text *t, const char *part)
{
	text_put(t, part, strlen(part));
}

static void text_hex(struct text *t, const char *before, struct bytes b)
{
	char hex[8];

	for (size_t i = 0; i < b.len; i++) {
		(void)snprintf(hex, sizeof hex, "%s%02x", before, b.data[i]);
		text_puts(t, hex);
	}
}

static void text_code(struct text *t, uint32_t code)
{
	char utf8[4];
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; code >>= 6)
		utf8[i] = (char)(0x80u | (code & 0x3fu));
	utf8[0] = (char)(lead[n - 1] | code);
	text_put(t, utf8, n);
}

/* RFC 4514 2.4: what has a meaning in the text of a name, and a blank where it would be lost. */
static bool needs_escape(uint32_t code, bool first, bool last)
{
	switch (code) {
	case '"':
	case '+':
	case ',':
	case ';':
	case '<':
	case '>':
	case '\\':
		return true;
	case '#':
		return first;
	case ' ':
		return first || last;
	default:
		return false;
	}
}

static void put_string(struct text *t, const struct der *value, bool escape)
{
	struct bytes b = value->body;

	for (bool first = true; b.len != 0; first = false) {
		struct glyph g = next_glyph(value->tag, b);

		if (!g.valid || is_unsafe(g.code)) {
			text_hex(t, "\\x", bytes_slice(b, 0, g.len));
		} else {
			if (escape && needs_escape(g.code, first, g.len == b.len))
				text_puts(t, "\\");
			text_code(t, g.code);
		}
		b = bytes_slice(b, g.len, b.len);
	}
}

/* ---- RelativeDistinguishedName ---- */

struct attribute {
	struct der type, value;
};

static bool take_attribute(struct cur *rdn, struct attribute *out)
{
	struct der pair;
	struct cur in;

	if (!der_take(rdn, DER_SEQUENCE, "AttributeTypeAndValue", &pair))
		return false;
	in = (struct cur){ pair.body.data, pair.body.len, pair.body_at, rdn->err };
	return der_take(&in, DER_OID, "AttributeType", &out->type) &&
	       der_next(&in, "AttributeValue", &out->value) &&
	       cur_end(&in, "AttributeTypeAndValue");
}

static void put_attribute(struct text *t, const struct attribute *a)
{
	char dotted[OID_TEXT];
	const char *name;

	(void)oid_text(a->type.body, dotted);
	name = oid_attribute(dotted);
	text_puts(t, name != NULL ? name : dotted);
	text_puts(t, "=");
	if (is_text(a->value.tag)) {
		put_string(t, &a->value, true);
		return;
	}
	text_puts(t, "#");
	text_hex(t, "", a->value.whole);
}

static bool is_common_name(const struct attribute *a)
{
	return bytes_equal(a->type.body, bytes_of("\x55\x04\x03", 3));
}

static void put_rdn(struct text *t, const struct der *rdn, char *common_name, struct parse_err *err)
{
	struct cur in = der_open(rdn, err);
	struct attribute a;

	for (size_t n = 0; cur_left(&in) != 0 && take_attribute(&in, &a); n++) {
		if (n != 0)
			text_puts(t, "+");
		put_attribute(t, &a);
		if (common_name != NULL && common_name[0] == '\0' && is_common_name(&a)) {
			struct text cn = { common_name, 0, false };

			put_string(&cn, &a.value, false);
		}
	}
}

void cert_read_name(const struct der *name, char text[static NAME_TEXT], char *common_name,
	struct parse_err *err)
{
	struct cur in = der_open(name, err);
	struct text t = { text, 0, false };
	struct der rdn[RDN_MAX];
	size_t n = 0;

	text[0] = '\0';
	while (cur_left(&in) != 0 && n < RDN_MAX && der_take(&in, DER_SET, "RDN", &rdn[n]))
		n++;
	if (cur_left(&in) != 0)
		cur_fail(&in, PARSE_LIMIT, "RDNSequence", RDN_MAX);
	for (size_t i = n; i-- > 0;) { /* a name goes from the general to the specific */
		struct parse_err rdn_err;

		put_rdn(&t, &rdn[i], common_name, &rdn_err);
		if (i != 0)
			text_puts(&t, ",");
		if (err->code == PARSE_OK)
			*err = rdn_err;
	}
}

/* ---- comparing ---- */

static uint32_t fold(uint32_t code)
{
	return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code;
}

/* The next character that counts: blanks at the ends do not, runs of them are one. */
static bool next_folded(uint8_t tag, struct bytes *b, bool *begun, uint32_t *out)
{
	bool blank = false;

	while (b->len != 0) {
		struct glyph g = next_glyph(tag, *b);

		if (g.code == ' ') {
			blank = true;
		} else if (blank && *begun) {
			*out = ' ';
			return true;
		} else {
			*out = g.valid ? fold(g.code) : 0x110000 + g.code;
			*begun = true;
			*b = bytes_slice(*b, g.len, b->len);
			return true;
		}
		*b = bytes_slice(*b, g.len, b->len);
	}
	return false;
}

static bool strings_equal(const struct der *a, const struct der *b)
{
	struct bytes left = a->body, right = b->body;
	bool begun_a = false, begun_b = false;

	for (;;) {
		uint32_t x = 0, y = 0;
		bool more_a = next_folded(a->tag, &left, &begun_a, &x);
		bool more_b = next_folded(b->tag, &right, &begun_b, &y);

		if (more_a != more_b || x != y)
			return false;
		if (!more_a)
			return true;
	}
}

static bool values_equal(const struct der *a, const struct der *b)
{
	if (is_text(a->tag) && is_text(b->tag))
		return strings_equal(a, b);
	return bytes_equal(a->whole, b->whole);
}

/* Where one has no more of them nothing can be taken of it. */
static bool rdns_equal(const struct der *a, const struct der *b)
{
	struct parse_err err_a, err_b;
	struct cur in_a = der_open(a, &err_a), in_b = der_open(b, &err_b);
	struct attribute x, y;

	while (cur_left(&in_a) != 0 || cur_left(&in_b) != 0)
		if (!take_attribute(&in_a, &x) || !take_attribute(&in_b, &y) ||
			!bytes_equal(x.type.body, y.type.body) || !values_equal(&x.value, &y.value))
			return false;
	return true;
}

bool cert_names_equal(struct bytes a, struct bytes b)
{
	struct parse_err err_a, err_b;
	struct cur outer_a = cur_init(a, &err_a), outer_b = cur_init(b, &err_b), in_a, in_b;
	struct der x, y;

	if (bytes_equal(a, b))
		return true;
	if (!der_take(&outer_a, DER_SEQUENCE, "Name", &x) ||
		!der_take(&outer_b, DER_SEQUENCE, "Name", &y))
		return false;
	in_a = der_open(&x, &err_a);
	in_b = der_open(&y, &err_b);
	while (cur_left(&in_a) != 0 || cur_left(&in_b) != 0)
		if (!der_take(&in_a, DER_SET, "RDN", &x) || !der_take(&in_b, DER_SET, "RDN", &y) ||
			!rdns_equal(&x, &y))
			return false;
	return true;
}
