/* Names of the host that is asked for: verifiers differ in wildcards, addresses and the common name. */
#include "base/array.h"
#include "base/der.h"
#include "pki/properties_rules.h"

#include <arpa/inet.h>

enum { TAG_EMAIL = 0x81, TAG_DNS = 0x82, TAG_URI = 0x86, TAG_IP = 0x87 };

/* ---- text of host names ---- */

static bool contains(struct bytes b, uint8_t c)
{
	return bytes_from(b, c).len != 0;
}

static bool has_high_byte(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] >= 0x80)
			return true;
	return false;
}

/* Takes the first label off; the dot behind it goes with it. */
static struct bytes take_label(struct bytes *b)
{
	struct bytes rest = bytes_from(*b, '.');
	struct bytes label = bytes_slice(*b, 0, b->len - rest.len);

	*b = bytes_slice(rest, 1, rest.len);
	return label;
}

/* A label with at most one '*', which stands for any text. */
static bool label_fits(struct bytes pattern, struct bytes label)
{
	struct bytes star = bytes_from(pattern, '*'), before, after;

	if (star.len == 0)
		return bytes_equal_nocase(pattern, label);
	before = bytes_slice(pattern, 0, pattern.len - star.len);
	after = bytes_slice(star, 1, star.len);
	return before.len + after.len <= label.len &&
	       bytes_equal_nocase(before, bytes_slice(label, 0, before.len)) &&
	       bytes_equal_nocase(after, bytes_slice(label, label.len - after.len, after.len));
}

/* Label by label, as the most lenient verifier would. */
static bool pattern_fits(struct bytes pattern, struct bytes host)
{
	while (pattern.len != 0 && host.len != 0)
		if (!label_fits(take_label(&pattern), take_label(&host)))
			return false;
	return pattern.len == 0 && host.len == 0;
}

static struct bytes without_last_dot(struct bytes b)
{
	return b.len > 1 && b.data[b.len - 1] == '.' ? bytes_slice(b, 0, b.len - 1) : b;
}

static bool ends_with(struct bytes b, struct bytes end)
{
	return b.len > end.len && bytes_equal_nocase(bytes_slice(b, b.len - end.len, b.len), end);
}

/* ---- one name against the host ---- */

enum fit {
	FITS_NOT,
	FITS_BUT, /* in a way that some take and others do not; *how tells */
	FITS,
};

/* A wildcard that fits the host label by label. Fully well-formed is '*' as the first label alone,
 * above two labels at least. */
static enum fit wildcard_fit(struct bytes pattern, enum property *how)
{
	struct bytes rest = pattern, first = take_label(&rest);

	if (!contains(first, '*')) {
		*how = PROPERTY_san_wild_middle;
	} else if (contains(rest, '*')) {
		*how = PROPERTY_san_wild_double;
	} else if (rest.len == 0) {
		*how = PROPERTY_san_wild_alone;
	} else if (first.len > 1) {
		*how = contains(rest, '.') ? PROPERTY_san_wild_partial3 : PROPERTY_san_wild_partial;
	} else if (!contains(rest, '.')) {
		*how = PROPERTY_san_wild_tld;
	} else {
		return FITS;
	}
	return FITS_BUT;
}

/* Why it does not fit, where there is more to say than that. */
static enum property mismatch(struct bytes name, struct bytes host)
{
	struct bytes rest = name, first = take_label(&rest);

	if (contains(name, 0))
		return PROPERTY_san_nul;
	if (has_high_byte(name))
		return PROPERTY_san_idn_ulabel;
	if (name.len != 0 && name.data[name.len - 1] == ' ')
		return PROPERTY_san_space;
	if (first.len != 1 || first.data[0] != '*')
		return PROPERTY_san_other;
	if (rest.len == 0)
		return PROPERTY_san_wild_alone;
	if (bytes_equal_nocase(rest, host))
		return PROPERTY_san_wild_apex;
	return ends_with(host, rest) ? PROPERTY_san_wild_two_labels : PROPERTY_san_other;
}

static enum fit dns_fit(struct bytes name, struct bytes host, enum property *how)
{
	*how = mismatch(name, host);
	if (bytes_equal_nocase(name, host))
		return FITS;
	if (bytes_equal_nocase(without_last_dot(name), host)) {
		*how = PROPERTY_san_trailing_dot;
		return FITS_BUT;
	}
	if (contains(name, '*') && pattern_fits(name, host))
		return wildcard_fit(name, how);
	return FITS_NOT;
}

/* ---- all names ---- */

struct wanted {
	struct bytes text;
	uint8_t address[16], mapped[16];
	size_t address_len; /* 0: a host name */
};

static struct wanted wanted_of(const char *name)
{
	struct wanted w = { .text = without_last_dot(bytes_of(name, strlen(name))) };

	if (inet_pton(AF_INET, name, w.address) == 1) {
		w.address_len = 4;
		w.mapped[10] = w.mapped[11] = 0xff;
		memcpy(w.mapped + 12, w.address, 4);
	} else if (inet_pton(AF_INET6, name, w.address) == 1) {
		w.address_len = 16;
	}
	return w;
}

struct names_seen {
	size_t dns, ip, uri, email, all;
	enum fit best;
	enum property how;
	bool address, mapped, address_as_text;
	bool nul, high, bad_address;
};

static void see_dns(struct names_seen *seen, struct bytes name, const struct wanted *w)
{
	enum property how;
	enum fit fit;

	seen->nul |= contains(name, 0);
	seen->high |= has_high_byte(name);
	if (w == NULL)
		return;
	if (w->address_len != 0) {
		seen->address_as_text |= bytes_equal_nocase(name, w->text);
		return;
	}
	fit = dns_fit(name, w->text, &how);
	if (seen->dns == 1 || fit > seen->best) {
		seen->best = fit;
		seen->how = how;
	}
}

static void see_address(struct names_seen *seen, struct bytes b, const struct wanted *w)
{
	seen->bad_address |= b.len != 4 && b.len != 16;
	if (w == NULL || w->address_len == 0)
		return;
	seen->address |= bytes_equal(b, bytes_of(w->address, w->address_len));
	seen->mapped |= w->address_len == 4 && bytes_equal(b, bytes_of(w->mapped, 16));
}

/* w is NULL when no name is asked for. */
static void see_names(
	const struct form_extension *san, const struct wanted *w, struct names_seen *seen)
{
	struct bytes value = san->value;
	struct ber list, el;

	if (!ber_take(&value, DER_SEQUENCE, &list))
		return;
	while (ber_next(&list.body, &el)) {
		seen->all++;
		seen->email += el.tag == TAG_EMAIL;
		seen->uri += el.tag == TAG_URI;
		seen->dns += el.tag == TAG_DNS;
		seen->ip += el.tag == TAG_IP;
		if (el.tag == TAG_DNS)
			see_dns(seen, el.body, w);
		if (el.tag == TAG_IP)
			see_address(seen, el.body, w);
	}
}

/* ---- the common name ---- */

/* As ASCII, if it can be; of a BMPString every second byte. */
static struct bytes common_name(
	const struct property_search *s, uint8_t room[static 256], struct ber *value)
{
	size_t n;

	*value = (struct ber){ 0 };
	if (!name_attribute(s->leaf.form.subject, 3, value) || value->tag != DER_BMP_STRING)
		return value->body;
	n = value->body.len / 2 < 256 ? value->body.len / 2 : 256;
	for (size_t i = 0; i < n; i++)
		room[i] = value->body.data[2 * i] == 0 ? value->body.data[2 * i + 1] : 0;
	return bytes_of(room, n);
}

static bool common_name_fits(const struct property_search *s, const struct wanted *w)
{
	uint8_t room[256];
	struct ber value;
	struct bytes cn = common_name(s, room, &value);

	if (cn.len == 0 || contains(cn, 0))
		return false;
	return bytes_equal_nocase(cn, w->text) ||
	       (w->address_len == 0 && pattern_fits(cn, w->text));
}

/* No subjectAltName, and a name to be compared. */
static void find_common_name(struct property_search *s, const struct wanted *w)
{
	uint8_t room[256];
	struct ber value;
	struct bytes cn = common_name(s, room, &value);

	if (contains(cn, 0))
		property_add(s, PROPERTY_cn_nul_no_san);
	else if (!common_name_fits(s, w))
		property_add(s, PROPERTY_san_other_cn_other);
	else if (leaf_has_no_extensions(s))
		return; /* all that is to be said of it */
	else if (w->address_len != 0)
		property_add(s, PROPERTY_ip_cn_only);
	else if (value.tag == DER_BMP_STRING)
		property_add(s, PROPERTY_dn_bmp_no_san);
	else
		property_add(s, contains(cn, '*') ? PROPERTY_cn_wild_no_san : PROPERTY_san_none);
}

/* A subjectAltName without a dNSName. */
static void find_other_kinds(
	struct property_search *s, const struct names_seen *seen, const struct wanted *w)
{
	bool cn = common_name_fits(s, w);

	if (seen->all == 0)
		property_add(s, cn ? PROPERTY_san_empty : PROPERTY_san_other_cn_other);
	else if (seen->ip != 0)
		property_add(s, cn ? PROPERTY_san_ip : PROPERTY_san_ip_noCN);
	else if (seen->email != 0 && seen->uri == 0)
		property_add(s, cn ? PROPERTY_san_email_cn : PROPERTY_san_uri);
	else
		property_add(s, cn ? PROPERTY_san_uri_cn : PROPERTY_san_uri);
}

static void find_host(
	struct property_search *s, const struct names_seen *seen, const struct wanted *w)
{
	if (seen->dns == 0) {
		find_other_kinds(s, seen, w);
		return;
	}
	property_add_if(s, seen->best == FITS && contains(w->text, '_'), PROPERTY_san_underscore);
	if (seen->best == FITS)
		return;
	if (seen->how == PROPERTY_san_other && !common_name_fits(s, w))
		property_add(s, PROPERTY_san_other_cn_other);
	else
		property_add(s, seen->how);
}

static void find_address(
	struct property_search *s, const struct names_seen *seen, const struct wanted *w)
{
	if (seen->address)
		property_add(s, PROPERTY_ip_san_ip);
	else if (seen->address_as_text)
		property_add(s, PROPERTY_ip_san_dns);
	else if (seen->mapped)
		property_add(s, PROPERTY_ip_san_mapped);
	else if (seen->ip == 0 && common_name_fits(s, w))
		property_add(s, PROPERTY_ip_san_dnsname_cn_ip);
	else
		property_add(s, PROPERTY_ip_san_other);
}

/* What is said of a subjectAltName whatever host is asked for. */
static void find_odd_names(struct property_search *s, const struct names_seen *seen)
{
	property_add_if(s, seen->bad_address, PROPERTY_san_bad_ip_len);
	property_add_if(s, seen->nul && (s->q->name == NULL || seen->best == FITS),
		PROPERTY_san_nul_second);
	property_add_if(
		s, seen->high && (s->q->name == NULL || seen->best == FITS), PROPERTY_san_utf8);
	property_add_if(s, s->q->name == NULL && seen->all == 0, PROPERTY_san_empty);
}

void find_names(struct property_search *s)
{
	const struct form_extension *san = form_find(&s->leaf.form, FORM_ALT_NAME);
	bool asked = s->q->name != NULL && s->q->name[0] != '\0';
	struct wanted w = wanted_of(asked ? s->q->name : "");
	struct names_seen seen = { .how = PROPERTY_san_other };

	if (s->leaf.form.spki.len == 0)
		return;
	find_subject(s);
	if (san == NULL) {
		if (asked)
			find_common_name(s, &w);
		else
			property_add_if(s, !leaf_has_no_extensions(s), PROPERTY_san_none);
		return;
	}
	see_names(san, asked ? &w : NULL, &seen);
	find_odd_names(s, &seen);
	if (asked && w.address_len != 0)
		find_address(s, &seen, &w);
	else if (asked)
		find_host(s, &seen, &w);
}
