/*
 * Does a certificate name a host (RFC 9525 6)? Where verifiers differ, the answer says in what:
 * by the common name alone, which RFC 9525 no longer counts, or by an iPAddress entry alone, which
 * mbedTLS before 3.5 does not look at.
 */
#include "pki/cert.h"
#include "pki/chain.h"

#include <arpa/inet.h>

/* The dot of a fully qualified name is not part of what is compared. */
static struct bytes without_last_dot(struct bytes b)
{
	if (b.len > 1 && b.data[b.len - 1] == '.')
		b.len--;
	return b;
}

/* RFC 9525 6.3: '*' only as the whole left-most label, and for exactly one label. */
static bool wildcard_fits(struct bytes pattern, struct bytes host)
{
	struct bytes rest = bytes_from(host, '.');

	return pattern.len >= 3 && pattern.data[0] == '*' && pattern.data[1] == '.' &&
	       rest.len != host.len &&
	       bytes_equal_nocase(bytes_slice(pattern, 1, pattern.len), rest);
}

static bool dns_fits(struct bytes presented, struct bytes host)
{
	presented = without_last_dot(presented);
	return host.len != 0 &&
	       (bytes_equal_nocase(presented, host) || wildcard_fits(presented, host));
}

struct wanted {
	struct bytes text;
	uint8_t address[16];
	size_t address_len; /* 0: a DNS name */
};

static struct wanted wanted_of(const char *name)
{
	struct wanted w = { .text = without_last_dot(bytes_of(name, strlen(name))) };

	if (inet_pton(AF_INET, name, w.address) == 1)
		w.address_len = 4;
	else if (inet_pton(AF_INET6, name, w.address) == 1)
		w.address_len = 16;
	return w;
}

static bool common_name_fits(const struct cert *c, const struct wanted *w)
{
	struct bytes cn = bytes_of(c->common_name, strlen(c->common_name));

	if (w->address_len != 0)
		return bytes_equal_nocase(cn, w->text);
	return cn.len != 0 && dns_fits(cn, w->text);
}

/*
 * An address written out in a dNSName is against RFC 9525, and OpenSSL does not look there; but it
 * is what old mbedTLS compares, and what its users therefore put into their certificates.
 */
static bool dns_entry_fits(const struct san *san, const struct wanted *w)
{
	if (w->address_len != 0)
		return bytes_equal_nocase(san->value, w->text);
	return dns_fits(san->value, w->text);
}

enum name_state cert_name_match(const struct cert *c, const char *name)
{
	struct bytes names = c->san_der;
	struct wanted w;
	struct san san;
	bool address = false;

	if (name == NULL || name[0] == '\0')
		return NAME_UNCHECKED;
	w = wanted_of(name);
	while (cert_san_next(&names, &san)) {
		if (san.kind == SAN_DNS && dns_entry_fits(&san, &w))
			return NAME_MATCHES;
		if (san.kind == SAN_IP && w.address_len != 0)
			address |= bytes_equal(san.value, bytes_of(w.address, w.address_len));
	}
	if (address)
		return NAME_IP_SAN_ONLY;
	if (!common_name_fits(c, &w))
		return NAME_DIFFERS;
	return c->has_san ? NAME_CN_IGNORED : NAME_MATCHES_CN_ONLY;
}
