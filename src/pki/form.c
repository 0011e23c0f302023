/*
 * A lenient walk over a certificate. It stops at the first element that is not where it should be, and
 * what was read before stays; it never reads past its bytes, and nothing recurses.
 */
#include "pki/form.h"

#include "base/array.h"
#include "base/der.h"

/* ---- elements ---- */

static size_t read_length(struct cur *c, struct ber *out)
{
	uint8_t first = cur_u8(c, "length");
	size_t n = first & 0x7fu, len = 0;

	if (first < 0x80)
		return first;
	if (n == 0) {
		out->indefinite = true;
		return cur_left(c);
	}
	for (size_t i = 0; i < n; i++) {
		if (len >> 24 != 0) { /* longer than anything that can be here */
			out->cut = true;
			return cur_left(c);
		}
		len = len << 8 | cur_u8(c, "length");
	}
	out->padded = len < 0x80 || n > 4 || len >> (8 * (n - 1)) == 0;
	return len;
}

bool ber_next(struct bytes *from, struct ber *out)
{
	struct parse_err err;
	struct cur c = cur_init(*from, &err);
	size_t len;

	*out = (struct ber){ .tag = cur_u8(&c, "tag") };
	len = read_length(&c, out);
	if (!cur_ok(&c)) {
		*out = (struct ber){ 0 };
		return false;
	}
	if (len > c.left) {
		out->cut = true;
		len = c.left;
	}
	out->body = cur_bytes(&c, len, "value");
	out->whole = bytes_slice(*from, 0, from->len - c.left);
	*from = bytes_slice(*from, out->whole.len, from->len);
	return true;
}

bool ber_take(struct bytes *from, uint8_t tag, struct ber *out)
{
	*out = (struct ber){ 0 };
	return from->len != 0 && from->data[0] == tag && ber_next(from, out);
}

/* ---- extensions ---- */

struct known_extension {
	uint8_t len, oid[10];
	enum form_extension_kind kind;
};

static const struct known_extension known[] = {
	{ 3, { 0x55, 0x1d, 14 }, FORM_SUBJECT_KEY_ID }, { 3, { 0x55, 0x1d, 15 }, FORM_KEY_USAGE },
	{ 3, { 0x55, 0x1d, 16 }, FORM_OTHER_KNOWN }, /* privateKeyUsagePeriod */
	{ 3, { 0x55, 0x1d, 17 }, FORM_ALT_NAME },
	{ 3, { 0x55, 0x1d, 18 }, FORM_OTHER_KNOWN }, /* issuerAltName */
	{ 3, { 0x55, 0x1d, 19 }, FORM_BASIC_CONSTRAINTS },
	{ 3, { 0x55, 0x1d, 30 }, FORM_NAME_CONSTRAINTS },
	{ 3, { 0x55, 0x1d, 31 }, FORM_OTHER_KNOWN }, /* cRLDistributionPoints */
	{ 3, { 0x55, 0x1d, 32 }, FORM_POLICIES }, { 3, { 0x55, 0x1d, 33 }, FORM_POLICY_MAPPINGS },
	{ 3, { 0x55, 0x1d, 35 }, FORM_AUTHORITY_KEY_ID },
	{ 3, { 0x55, 0x1d, 36 }, FORM_POLICY_CONSTRAINTS },
	{ 3, { 0x55, 0x1d, 37 }, FORM_EXT_KEY_USAGE },
	{ 3, { 0x55, 0x1d, 54 }, FORM_INHIBIT_ANY_POLICY },
	{ 8, { 0x2b, 6, 1, 5, 5, 7, 1, 1 }, FORM_OTHER_KNOWN }, /* authorityInfoAccess */
	{ 8, { 0x2b, 6, 1, 5, 5, 7, 1, 24 }, FORM_TLS_FEATURE },
	{ 9, { 0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1 }, FORM_NETSCAPE_TYPE },
	{ 10, { 0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 3 }, FORM_CT_POISON },
	{ 10, { 0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2 }, FORM_OTHER_KNOWN }, /* SCT list */
};

static enum form_extension_kind kind_of(struct bytes oid)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (bytes_equal(oid, bytes_of(known[i].oid, known[i].len)))
			return known[i].kind;
	return FORM_UNKNOWN;
}

static void read_extension(struct form *f, struct bytes body)
{
	struct form_extension e = { .kind = FORM_UNKNOWN };
	struct ber el;

	if (!ber_take(&body, DER_OID, &el))
		return;
	e.oid = el.body;
	e.kind = kind_of(el.body);
	if (ber_take(&body, DER_BOOLEAN, &el) && el.body.len == 1) {
		e.critical = el.body.data[0] != 0;
		e.odd_boolean = el.body.data[0] != 0 && el.body.data[0] != 0xff;
	}
	if (ber_take(&body, DER_OCTET_STRING, &el))
		e.value = el.body;
	if (f->n_extensions < FORM_EXTENSIONS_MAX)
		f->extension[f->n_extensions++] = e;
}

static void read_extensions(struct form *f, struct bytes body)
{
	struct ber list, el;

	f->has_extensions = true;
	if (!ber_take(&body, DER_SEQUENCE, &list))
		return;
	while (ber_take(&list.body, DER_SEQUENCE, &el))
		read_extension(f, el.body);
}

const struct form_extension *form_find(const struct form *f, enum form_extension_kind kind)
{
	for (size_t i = 0; i < f->n_extensions; i++)
		if (f->extension[i].kind == kind)
			return &f->extension[i];
	return NULL;
}

bool form_critical(const struct form *f, enum form_extension_kind kind)
{
	const struct form_extension *e = form_find(f, kind);

	return e != NULL && e->critical;
}

bool form_take(const struct form *f, enum form_extension_kind kind, uint8_t tag, struct ber *out)
{
	const struct form_extension *e = form_find(f, kind);
	struct bytes value = e != NULL ? e->value : bytes_of(NULL, 0);

	return ber_take(&value, tag, out);
}

/* ---- TBSCertificate ---- */

/* Takes an element of that tag off the TBSCertificate. */
static bool take(struct form *f, struct bytes *tbs, uint8_t tag, struct ber *out)
{
	bool there = ber_take(tbs, tag, out);

	f->inner_padded |= out->padded;
	return there;
}

static void read_version(struct form *f, struct bytes *tbs)
{
	struct ber outer, number;

	if (!take(f, tbs, DER_CONTEXT_CONSTRUCTED, &outer))
		return;
	f->has_version = true;
	(void)ber_take(&outer.body, DER_INTEGER, &number);
	f->version = number.body;
}

static void read_dates(struct form *f, struct bytes validity)
{
	(void)ber_next(&validity, &f->not_before);
	(void)ber_next(&validity, &f->not_after);
}

static void read_tail(struct form *f, struct bytes tbs)
{
	struct ber el;

	for (uint8_t n = 1; n <= 2; n++)
		f->unique_id |= take(f, &tbs, (uint8_t)(DER_CONTEXT + n), &el);
	if (take(f, &tbs, DER_CONTEXT_CONSTRUCTED + 3, &el))
		read_extensions(f, el.body);
	f->element_behind = tbs.len != 0;
}

static void read_tbs(struct form *f, struct bytes tbs)
{
	struct ber el;

	read_version(f, &tbs);
	if (!take(f, &tbs, DER_INTEGER, &el))
		return;
	f->serial = el.body;
	if (!take(f, &tbs, DER_SEQUENCE, &el))
		return;
	f->inner_algorithm = el.whole;
	if (!take(f, &tbs, DER_SEQUENCE, &el))
		return;
	f->issuer = el.body;
	if (!take(f, &tbs, DER_SEQUENCE, &el))
		return;
	read_dates(f, el.body);
	if (!take(f, &tbs, DER_SEQUENCE, &el))
		return;
	f->subject = el.body;
	if (!take(f, &tbs, DER_SEQUENCE, &el))
		return;
	f->spki = el.body;
	read_tail(f, tbs);
}

static void read_outer(struct form *f, const struct ber *outer, size_t behind)
{
	struct bytes body = outer->body;
	struct ber el;

	f->cut = outer->cut;
	f->padded = outer->padded;
	f->indefinite = outer->indefinite;
	f->trailing = behind;
	if (!ber_take(&body, DER_SEQUENCE, &el))
		return;
	f->readable = true;
	f->inner_padded = el.padded;
	read_tbs(f, el.body);
	(void)ber_take(&body, DER_SEQUENCE, &el);
	f->outer_algorithm = el.whole;
	(void)ber_take(&body, DER_BIT_STRING, &el);
	f->signature = el.body;
}

void form_read(struct bytes der, struct form *out)
{
	struct ber outer;

	*out = (struct form){ .readable = false };
	if (ber_take(&der, DER_SEQUENCE, &outer))
		read_outer(out, &outer, der.len);
}
