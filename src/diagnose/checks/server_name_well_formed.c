/*
 * RFC 6066 3: a HostName is a DNS name in ASCII, without a trailing dot; literal addresses are not
 * permitted. Most servers take what comes, so this is a warning.
 */
#include "diagnose/rule.h"

enum { LABEL_MAX = 63, HOST_NAME_MAX = 253 }; /* RFC 1035 2.3.4, as text */

static bool is_digit(uint8_t ch)
{
	return ch >= '0' && ch <= '9';
}

/* The underscore is no letter of a host name, and common in device names: all stacks take it. */
static bool is_host_char(uint8_t ch)
{
	uint8_t lower = ch | 0x20;

	return (lower >= 'a' && lower <= 'z') || is_digit(ch) || ch == '-' || ch == '.' ||
	       ch == '_';
}

static bool all_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!is_digit(b.data[i]))
			return false;
	return b.len != 0;
}

/* Where the last label begins. */
static size_t last_label(struct bytes name)
{
	size_t at = name.len;

	while (at > 0 && name.data[at - 1] != '.')
		at--;
	return at;
}

static size_t longest_label(struct bytes name, bool *empty)
{
	size_t longest = 0, from = 0;

	*empty = false;
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.data[i] != '.')
			continue;
		*empty |= i == from;
		longest = i - from > longest ? i - from : longest;
		from = i + 1;
	}
	return longest;
}

static size_t count_of(struct bytes name, uint8_t ch)
{
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++)
		n += name.data[i] == ch;
	return n;
}

/* Hexadecimal digits and colons, maybe with a zone or an IPv4 address at the end. */
static bool looks_ipv6(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t ch = name.data[i], lower = ch | 0x20;

		if (ch == '%')
			break;
		if (!is_digit(ch) && (lower < 'a' || lower > 'f') && ch != ':' && ch != '.')
			return false;
	}
	return count_of(name, ':') >= 2;
}

static bool ends_in_port(struct bytes name)
{
	size_t at = name.len;

	while (at > 0 && is_digit(name.data[at - 1]))
		at--;
	return at > 0 && at < name.len && name.data[at - 1] == ':';
}

/* What is wrong with the letters; NULL nothing. */
static const char *wrong_letters(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t ch = name.data[i];

		if (ch >= 0x80)
			return "has bytes beyond ASCII (an international name is sent as its "
			       "A-labels, xn--...)";
		if (ch < 0x20 || ch == 0x7f)
			return "has control characters";
		if (!is_host_char(ch))
			return "has characters that no host name has";
	}
	return NULL;
}

/* What the name is instead of a host name; NULL: it is one. */
static const char *fault_of(struct bytes name)
{
	bool empty;
	size_t longest = longest_label(name, &empty);

	if (name.len == 0)
		return "is empty";
	if (name.data[0] == '[')
		return "is an address in brackets";
	if (looks_ipv6(name))
		return "is an IPv6 address";
	if (ends_in_port(name))
		return "has a port at its end";
	if (wrong_letters(name) != NULL)
		return wrong_letters(name);
	if (name.data[name.len - 1] == '.')
		return "ends in a dot";
	if (all_digits(bytes_slice(name, last_label(name), name.len)))
		return count_of(name, '.') == 3 ? "is an IPv4 address"
						: "ends in a number, as an address does";
	if (empty)
		return "has an empty label";
	if (longest > LABEL_MAX || name.len > HOST_NAME_MAX)
		return "is longer than a host name may be";
	return NULL;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct extensions *ext = &hs->client_hello.ext;
	struct bytes name = ext->server_name, shown = bytes_slice(name, 0, 80);
	const struct extension *at = extensions_find(ext, EXT_SERVER_NAME);
	const char *fault;

	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (!ext->has_server_name)
		return not_applicable(a, "the client sends no server_name");
	if (message_partial(hs, SIDE_CLIENT, HS_CLIENT_HELLO) && name.len == 0)
		return unknown(a, "the ClientHello was not read to its end");
	fault = fault_of(name);
	if (fault == NULL)
		return pass(a, "it is a host name");
	if (at != NULL)
		answer_show(a,
			handshake_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO, at->at, at->body.len),
			"server_name");
	if (!bytes_printable(shown))
		return warn(a, "the server_name %s", fault);
	return warn(
		a, "the server_name '%.*s' %s", (int)shown.len, (const char *)shown.data, fault);
}

const struct check check_server_name_well_formed = {
	.id = "server-name-well-formed",
	.rfc = "RFC 6066 3",
	.question = "Is the server_name a host name?",
	.run = run,
	.reads_offer = true,
};
