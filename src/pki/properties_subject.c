/* The attributes of a subject, and how its strings are written. */
#include "base/der.h"
#include "pki/properties_rules.h"

/* ---- attributes of a Name ---- */

/* Takes the next attribute of a Name's body, whichever RDN it is in. */
struct attribute_walk {
	struct bytes name, rdn;
	bool first; /* of its RDN */
};

static bool next_attribute(struct attribute_walk *w, struct bytes *oid, struct ber *value)
{
	struct ber el, pair, type;

	w->first = w->rdn.len == 0;
	if (w->rdn.len == 0) {
		if (!ber_take(&w->name, DER_SET, &el))
			return false;
		w->rdn = el.body;
	}
	if (!ber_take(&w->rdn, DER_SEQUENCE, &pair) || !ber_take(&pair.body, DER_OID, &type) ||
		!ber_next(&pair.body, value))
		return false;
	*oid = type.body;
	return true;
}

bool name_attribute(struct bytes name, uint8_t number, struct ber *out)
{
	const uint8_t want[] = { 0x55, 4, number };
	struct attribute_walk w = { .name = name };
	struct bytes oid;
	struct ber value;
	bool found = false;

	while (next_attribute(&w, &oid, &value))
		if (bytes_equal(oid, bytes_of(want, sizeof want))) {
			*out = value;
			found = true;
		}
	return found;
}

static bool is_printable_string(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
			(c == 0 || strchr(" '()+,-./:=?", c) == NULL))
			return false;
	}
	return true;
}

/* RFC 3629 3: well-formed? */
static bool is_utf8(struct bytes b)
{
	size_t follow = 0;
	uint8_t low = 0x80, high = 0xbf;

	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];

		if (follow != 0) {
			if (c < low || c > high)
				return false;
			follow--;
			low = 0x80;
			high = 0xbf;
			continue;
		}
		if (c < 0x80)
			continue;
		if (c < 0xc2 || c > 0xf4)
			return false;
		follow = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
		low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
		high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	}
	return follow == 0;
}

void find_subject(struct property_search *s)
{
	struct attribute_walk w = { .name = s->leaf.form.subject };
	const struct form_extension *san = form_find(&s->leaf.form, FORM_ALT_NAME);
	struct bytes oid;
	struct ber value;

	while (next_attribute(&w, &oid, &value)) {
		property_add_if(s, !w.first, PROPERTY_dn_multi_rdn);
		property_add_if(s, value.tag == DER_UTF8_STRING && !is_utf8(value.body),
			PROPERTY_dn_bad_utf8);
		property_add_if(s,
			value.tag == DER_PRINTABLE_STRING && !is_printable_string(value.body),
			PROPERTY_dn_printable_bad);
	}
	property_add_if(s,
		s->leaf.form.subject.len == 0 && s->leaf.form.spki.len != 0 && san != NULL &&
			!san->critical,
		PROPERTY_subject_empty);
}
