/* Version, serial number, encoding and dates: what parsers differ in before anything is judged. */
#include "base/der.h"
#include "pki/cert_walk.h"
#include "pki/properties_rules.h"

enum { DAY = 86400, WOLFSSL_SERIAL_MAX = 32 };

bool leaf_has_no_extensions(const struct property_search *s)
{
	return s->leaf.form.n_extensions == 0;
}

static uint8_t version_of(const struct form *f)
{
	return f->version.len == 1 ? f->version.data[0] : 0;
}

static void find_version(struct property_search *s)
{
	const struct form *f = &s->leaf.form;
	uint8_t v = version_of(f);

	if (!f->has_version || v == 0)
		property_add(s, !f->has_extensions ? (s->lone ? PROPERTY_selfsigned_v1_trusted
							      : PROPERTY_leaf_v1)
						   : PROPERTY_leaf_v1_ext);
	else if (v == 1)
		property_add(s, f->has_extensions ? PROPERTY_leaf_v2_ext : PROPERTY_leaf_v1);
	else if (v > 2)
		property_add(s, PROPERTY_leaf_v4);
	else if (!f->has_extensions)
		property_add(s, PROPERTY_leaf_v3_noext);
	else if (f->n_extensions == 0)
		property_add(s, PROPERTY_exts_empty);
	for (size_t i = 0; i < s->n_cas; i++)
		property_add_if(s, version_of(&s->ca[i].form) < 2 && s->ca[i].form.spki.len != 0,
			PROPERTY_inter_v1);
	property_add_if(s, s->root.cert != NULL && version_of(&s->root.form) < 2, PROPERTY_root_v1);
}

static void find_serial(struct property_search *s)
{
	struct bytes b = s->leaf.form.serial;

	if (s->leaf.form.inner_algorithm.len == 0) /* not read that far */
		return;
	if (b.len == 0) {
		property_add(s, PROPERTY_serial_empty);
		return;
	}
	property_add_if(s, (b.data[0] & 0x80) != 0, PROPERTY_serial_negative);
	property_add_if(s, b.len == 1 && b.data[0] == 0, PROPERTY_serial_zero);
	property_add_if(s,
		b.len > 1 && ((b.data[0] == 0 && b.data[1] < 0x80) ||
				     (b.data[0] == 0xff && b.data[1] >= 0x80)),
		PROPERTY_serial_padded);
	property_add_if(s, b.len > WOLFSSL_SERIAL_MAX, PROPERTY_serial_40_octets);
}

static bool has_odd_boolean(const struct form *f)
{
	for (size_t i = 0; i < f->n_extensions; i++)
		if (f->extension[i].odd_boolean)
			return true;
	return false;
}

/* Bytes behind the element that an extension's value is. */
static bool has_bytes_behind(struct bytes value)
{
	struct ber el;

	return ber_next(&value, &el) && !el.cut && value.len != 0;
}

static void find_encoding(struct property_search *s)
{
	const struct form *f = &s->leaf.form;
	const struct form_extension *san = form_find(f, FORM_ALT_NAME);

	property_add_if(s, f->cut, PROPERTY_der_truncated);
	property_add_if(s, f->trailing != 0 && !f->indefinite, PROPERTY_der_trailing);
	property_add_if(s, f->padded, PROPERTY_ber_len_outer);
	property_add_if(s, f->indefinite, PROPERTY_ber_indefinite);
	property_add_if(s, f->inner_padded, PROPERTY_ber_len_tbs);
	property_add_if(s, f->element_behind && !f->cut, PROPERTY_tbs_trailing);
	property_add_if(s, has_odd_boolean(f), PROPERTY_bool_true_01);
	property_add_if(s, f->unique_id, PROPERTY_uniqueid);
	property_add_if(s, san != NULL && has_bytes_behind(san->value), PROPERTY_ext_trailing);
	for (size_t i = 0; i < s->n_cas; i++)
		property_add_if(s, s->ca[i].form.trailing != 0, PROPERTY_der_trailing_inter);
}

void find_shape(struct property_search *s)
{
	if (!s->leaf.form.readable) {
		property_add(s, PROPERTY_der_truncated);
		return;
	}
	find_encoding(s);
	if (s->leaf.form.spki.len != 0)
		find_version(s);
	find_serial(s);
}

/* ---- dates ---- */

struct date {
	bool there, reads, strict;
	int64_t at;
};

static struct date date_of(const struct ber *el)
{
	struct der time = { .tag = el->tag, .whole = el->whole, .body = el->body };
	struct date d = { .there = el->whole.len != 0 };

	d.reads = d.there && (el->tag == DER_UTC_TIME || el->tag == DER_GENERALIZED_TIME) &&
		  cert_read_time(&time, &d.at, &d.strict);
	return d;
}

static bool has_byte(struct bytes b, char c)
{
	return b.len != 0 && memchr(b.data, c, b.len) != NULL;
}

/* In what way a date is not written as RFC 5280 4.1.2.5 wants it. */
static void find_date_form(struct property_search *s, const struct ber *el, const struct date *d)
{
	if (!d->there)
		return;
	if (!d->reads) {
		property_add(s, PROPERTY_time_month13);
		return;
	}
	property_add_if(s, d->at < 0, PROPERTY_time_1950);
	if (d->strict)
		return;
	if (has_byte(el->body, '.') || has_byte(el->body, ','))
		property_add(s, PROPERTY_time_gen_frac);
	else if (!has_byte(el->body, 'Z')) /* it ends with an offset, or with nothing */
		property_add(s, PROPERTY_time_utc_offset);
	else
		property_add(s, PROPERTY_time_utc_nosec);
}

static bool is_9999(const struct ber *el)
{
	return el->tag == DER_GENERALIZED_TIME && el->body.len >= 4 &&
	       memcmp(el->body.data, "9999", 4) == 0;
}

/* Where the time cannot be true, no date is past or to come. */
static bool has_time(const struct property_search *s)
{
	return s->q->chain == NULL || !s->q->chain->undated;
}

static void find_leaf_dates(struct property_search *s)
{
	struct date from = date_of(&s->leaf.form.not_before), to = date_of(&s->leaf.form.not_after);
	int64_t at = s->q->at;

	find_date_form(s, &s->leaf.form.not_before, &from);
	find_date_form(s, &s->leaf.form.not_after, &to);
	property_add_if(s, is_9999(&s->leaf.form.not_after), PROPERTY_time_9999);
	if (!from.reads || !to.reads || !has_time(s))
		return;
	if (to.at < from.at) {
		property_add_if(s, at > to.at, PROPERTY_na_before_nb);
		property_add_if(s, at <= to.at, PROPERTY_na_before_nb_future);
		return;
	}
	property_add_if(s, at > to.at, PROPERTY_expired);
	if (at < from.at)
		property_add(s, from.at - at <= DAY ? PROPERTY_notyet : PROPERTY_notyet_30d);
}

static void find_ca_dates(struct property_search *s, const struct cert *c)
{
	if (!c->has_dates)
		return;
	property_add_if(s, s->q->at > c->not_after, PROPERTY_expired_inter);
	if (s->q->at < c->not_before)
		property_add(s, c->not_before - s->q->at <= DAY ? PROPERTY_notyet_inter
								: PROPERTY_notyet_inter_30d);
}

void find_dates(struct property_search *s)
{
	const struct cert *root = s->root.cert;

	if (s->leaf.form.readable)
		find_leaf_dates(s);
	if (!has_time(s))
		return;
	for (size_t i = 0; i < s->n_cas; i++)
		find_ca_dates(s, s->ca[i].cert);
	if (root == NULL || !root->has_dates)
		return;
	property_add_if(s, s->q->at > root->not_after, PROPERTY_expired_root);
	property_add_if(s, s->q->at < root->not_before, PROPERTY_notyet_root);
}
