/*
 * Names are known by their form (a domain at the end, an address), by the words before them ("SNI:"), or because
 * they were told in one of these ways elsewhere. What is read is the line as it was; so each way may find what
 * another has found.
 */
#include "log/anonymise.h"

#include "base/array.h"
#include "log/dump_row.h"
#include "log/scan.h"

struct place {
	size_t from, end;
};

static uint8_t at(struct bytes b, size_t i)
{
	return i < b.len ? b.data[i] : 0;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26 || c >= 0x80;
}

static bool is_alnum(uint8_t c)
{
	return is_digit(c) || is_letter(c);
}

/* Of what a name in a text is made; its last mark may be the sentence's. */
static bool is_of_name(uint8_t c)
{
	return is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static struct bytes part(struct bytes line, struct place where)
{
	return bytes_slice(line, where.from, where.end - where.from);
}

static struct place name_at(struct bytes line, size_t from)
{
	struct place name = { from, from };

	while (is_of_name(at(line, name.end)))
		name.end++;
	while (name.end > from && !is_alnum(line.data[name.end - 1]))
		name.end--;
	return name;
}

static bool begins_here(struct bytes line, size_t i)
{
	return i == 0 || !is_of_name(line.data[i - 1]);
}

static bool folded_at(struct bytes line, size_t from, const char *word)
{
	struct scan s = scan_of(bytes_slice(line, from, line.len));

	return from < line.len && scan_word_nocase(&s, word);
}

/* ---- addresses ---- */

static bool is_of_address(uint8_t c)
{
	return is_digit(c) || (uint8_t)((c | 0x20) - 'a') < 6 || c == ':' || c == '.';
}

/* The end of the four octets that begin there; 0: none do. A fifth is a port, as some print it. */
static size_t octets_end(struct bytes line, struct place run)
{
	size_t i = run.from, dots = 0;

	for (; i < run.end && (is_digit(line.data[i]) || line.data[i] == '.'); i++)
		if (line.data[i] == '.' && ++dots == 4)
			break;
	while (i > run.from && line.data[i - 1] == '.')
		i--;
	return dots >= 3 && (i == run.end || line.data[i] == ':' || line.data[i] == '.') ? i : 0;
}

/* A row of a dump that has six bytes is no address. */
static bool is_alone(struct bytes line, struct place where)
{
	struct bytes before = text_trim(bytes_slice(line, 0, where.from));
	struct bytes behind = text_trim(bytes_slice(line, where.end, line.len));

	return before.len == 0 && behind.len == 0;
}

static size_t take_mac(struct pseudonyms *p, struct bytes line, size_t from, uint8_t *text)
{
	enum { MAC = 17 };
	struct place where = { from, from + MAC };
	uint8_t next = at(line, where.end);

	if (line.len - from < MAC || is_alnum(next) || next == ':' || next == '-' ||
		is_alone(line, where) || !pseudonym_mac(p, part(line, where), text + from))
		return 0;
	return MAC;
}

/* How many bytes of the line they are; 0: there is none. */
static size_t take_address(struct pseudonyms *p, struct bytes line, size_t from, uint8_t *text)
{
	struct place run = { from, from };
	size_t end, mac = take_mac(p, line, from, text);

	if (mac != 0)
		return mac;
	while (is_of_address(at(line, run.end)))
		run.end++;
	if (is_alnum(at(line, run.end)) || at(line, run.end) == '_')
		return 0;
	while (run.end > from + 2 &&
		(line.data[run.end - 1] == '.' ||
			(line.data[run.end - 1] == ':' && line.data[run.end - 2] != ':')))
		run.end--;
	end = octets_end(line, run);
	if (end != 0 && pseudonym_ipv4(p, bytes_slice(line, from, end - from), text + from))
		return end - from;
	return pseudonym_ipv6(p, part(line, run), text + from) ? run.end - from : 0;
}

/* ---- host names and users ---- */

static void take_host(struct pseudonyms *p, struct bytes line, struct place where, uint8_t *text)
{
	pseudonyms_learn(p, part(line, where));
	pseudonym_host(p, part(line, where), text + where.from);
}

/* "somebody@device.example", "somebody@device:~$": what is before the mark, and a host behind it. */
static bool take_user(struct pseudonyms *p, struct bytes line, struct place user, uint8_t *text)
{
	struct place host = name_at(line, user.end + 1);

	if (at(line, user.end) != '@' || user.end == user.from || host.end == host.from ||
		(!pseudonym_is_host(part(line, host)) && at(line, host.end) != ':'))
		return false;
	pseudonym_word(p, part(line, user), text + user.from);
	if (!is_digit(line.data[host.from]) || take_address(p, line, host.from, text) == 0)
		take_host(p, line, host, text);
	return true;
}

static void take_name(struct pseudonyms *p, struct bytes line, struct place name, uint8_t *text)
{
	if (take_user(p, line, name, text))
		return;
	if (pseudonym_is_host(part(line, name)) || pseudonyms_know(p, part(line, name)))
		take_host(p, line, name, text);
}

/* Behind "Address:" one may begin; behind another group of its own it goes on, but for four octets. */
static bool may_begin(struct bytes line, size_t i)
{
	struct place run = { i, i };

	while (is_digit(at(line, run.end)) || at(line, run.end) == '.')
		run.end++;
	if (is_digit(line.data[i]) && octets_end(line, run) != 0)
		return true;
	if (!is_of_address(line.data[i]) || line.data[i] == '.')
		return false;
	return i == 0 || line.data[i - 1] != ':' || (i > 1 && !is_of_address(line.data[i - 2]));
}

static void find_forms(struct pseudonyms *p, struct bytes line, uint8_t *text)
{
	for (size_t i = 0; i < line.len;) {
		size_t taken = 0;
		struct place name;

		if (!begins_here(line, i)) {
			i++;
			continue;
		}
		if (may_begin(line, i))
			taken = take_address(p, line, i, text);
		name = name_at(line, i);
		if (taken == 0 && name.end > i)
			take_name(p, line, name, text);
		i += taken != 0 ? taken : name.end > i ? name.end - i : 1;
	}
}

/* ---- behind words ---- */

struct lead {
	const char *word; /* in lower case */
	bool weak;        /* of prose, too: what follows must look like a name */
};

static const struct lead leads[] = {
	{ "server_name=", false },
	{ "server_name: ", false },
	{ "server_name\": \"", false },
	{ "server name: ", false },
	{ "server name extension: ", false },
	{ "servername ", false },
	{ "servername=", false },
	{ "server_addr=", false },
	{ "verify_hostname ", false },
	{ "host_name (0), value=", false },
	{ "hostname=", false },
	{ "hostname: ", false },
	{ "hostname '", false },
	{ "hostname \"", false },
	{ "host=", false },
	{ "host: ", false },
	{ "host '", false },
	{ "host \"", false },
	{ "psk_identity=", false },
	{ "psk_identity ", false },
	{ "identity: ", false },
	{ "sni: ", false },
	{ "sni=", false },
	{ "sni '", false },
	{ "sni \"", false },
	{ "dns:", false },
	{ "dnsname: ", false },
	{ "-connect ", false },
	{ "-host ", false },
	{ "tcp/", false },
	{ "udp/", false },
	{ "://", false },
	{ "hostname ", true },
	{ "host ", true },
	{ "sni ", true },
	{ "connecting to ", true },
	{ "connect to ", true },
	{ "connected to ", true },
	{ "resolving ", true },
	{ "trying ", true },
};

static bool looks_like_name(struct bytes line, struct place name)
{
	for (size_t i = name.from; i < name.end; i++)
		if (is_digit(line.data[i]) || line.data[i] == '.' || line.data[i] == '-')
			return true;
	return (at(line, name.end) == ':' && is_digit(at(line, name.end + 1))) ||
	       (at(line, name.end) == ' ' && at(line, name.end + 1) == '(' &&
		       is_digit(at(line, name.end + 2)));
}

static void take_led(struct pseudonyms *p, struct bytes line, size_t from, bool weak, uint8_t *text)
{
	struct place name;

	while (at(line, from) == ' ' || at(line, from) == '*' ||
		(at(line, from) == '.' && from != 0 && line.data[from - 1] == '*'))
		from++;
	name = name_at(line, from);
	if (name.end == name.from || (weak && !looks_like_name(line, name)) ||
		take_user(p, line, name, text) ||
		(is_of_address(line.data[from]) && take_address(p, line, from, text) != 0))
		return;
	take_host(p, line, name, text);
}

static void find_led(struct pseudonyms *p, struct bytes line, uint8_t *text)
{
	bool first[256] = { false };

	for (size_t k = 0; k < COUNT(leads); k++)
		first[(uint8_t)leads[k].word[0]] = true;
	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = line.data[i] >= 'A' && line.data[i] <= 'Z'
				    ? (uint8_t)(line.data[i] + 32)
				    : line.data[i];

		for (size_t k = 0; first[c] && k < COUNT(leads); k++)
			if (leads[k].word[0] == (char)c && folded_at(line, i, leads[k].word))
				take_led(p, line, i + strlen(leads[k].word), leads[k].weak, text);
	}
}

/* Whose folder it is stands behind the folder of all users. */
static void find_folders(struct pseudonyms *p, struct bytes line, uint8_t *text)
{
	static const char *const folders[] = { "\x2fhome/", "/users/", "\\users\\" };

	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] != '/' && line.data[i] != '\\')
			continue;
		for (size_t k = 0; k < COUNT(folders); k++) {
			size_t from = i + strlen(folders[k]);
			struct place user = name_at(line, from);

			if (folded_at(line, i, folders[k]) && user.end > user.from)
				pseudonym_word(p, part(line, user), text + user.from);
		}
	}
}

/* ---- names of certificates ---- */

/* Attributes of distinguished names (RFC 4514 3, RFC 5280 A.1), as programs write them; not the country. */
static const char *const attributes[] = { "cn", "o", "ou", "l", "st", "s", "street", "serialnumber",
	"emailaddress", "email", "uid", "dc", "gn", "sn", "commonname", "organizationname",
	"organizationalunitname", "localityname", "stateorprovincename", "id-at-commonname",
	"id-at-organizationname", "id-at-organizationalunitname", "id-at-localityname",
	"id-at-stateorprovincename" };

/* How the text of a name is led in where a dissector shows its type. */
static const char *const strings[] = { "utf8string: ", "printablestring: ", "ia5string: ",
	"utf8string\": \"", "printablestring\": \"", "ia5string\": \"" };

/* Where the value behind "CN=", "CN = " begins; 0: there is no attribute. */
static size_t attribute_end(struct bytes line, size_t from)
{
	size_t end = from;

	while (is_alnum(at(line, end)) || at(line, end) == '-')
		end++;
	for (size_t k = 0; k < COUNT(attributes); k++) {
		size_t value = end;

		if (end - from != strlen(attributes[k]) || !folded_at(line, from, attributes[k]))
			continue;
		while (at(line, value) == ' ')
			value++;
		if (at(line, value) != '=')
			return 0;
		do
			value++;
		while (at(line, value) == ' ' || at(line, value) == '"' || at(line, value) == '\\');
		return value;
	}
	return 0;
}

static bool attribute_follows(struct bytes line, size_t i)
{
	while (at(line, i) == ' ')
		i++;
	return attribute_end(line, i) != 0 || folded_at(line, i, "c=") || folded_at(line, i, "c =");
}

/* A comma that is of the value is one before a capital or a digit: "Acme, Inc."; prose goes on small. */
static size_t value_end(struct bytes line, size_t from)
{
	size_t i = from;

	for (; i < line.len; i++) {
		uint8_t c = line.data[i], next = at(line, i + 1);

		if (strchr("\"'`;<>+)", c) != NULL && c != 0)
			break;
		if ((c == ',' || c == '/') && attribute_follows(line, i + 1))
			break;
		if (c == ',' &&
			!(next == ' ' && (at(line, i + 2) < 'a' && is_alnum(at(line, i + 2)))))
			break;
		if (c == ' ' && next == ' ')
			break;
	}
	return i;
}

/* Word by word, so that one that two names share is shared by what stands for them. */
static void take_value(
	struct pseudonyms *p, struct bytes line, size_t from, size_t end, uint8_t *text)
{
	for (size_t i = from; i < end;) {
		struct place word = name_at(bytes_slice(line, 0, end), i);

		if (word.end == i) {
			i++;
			continue;
		}
		if (take_address(p, line, i, text) != 0 || take_user(p, line, word, text)) {
			while (i < end && line.data[i] != ' ')
				i++;
			continue;
		}
		if (pseudonym_is_host(part(line, word)))
			take_host(p, line, word, text);
		else
			pseudonym_host(p, part(line, word), text + word.from);
		i = word.end;
	}
}

/* Where a value begins that is led in there; 0: none is. */
static size_t value_at(struct bytes line, size_t i)
{
	size_t value = is_letter(line.data[i]) && begins_here(line, i) ? attribute_end(line, i) : 0;

	for (size_t k = 0; value == 0 && is_letter(line.data[i]) && k < COUNT(strings); k++)
		if (folded_at(line, i, strings[k]))
			value = i + strlen(strings[k]);
	return value;
}

/* What is in a value is taken with it: a line is walked through once. */
static void find_subjects(struct pseudonyms *p, struct bytes line, uint8_t *text)
{
	for (size_t i = 0; i < line.len;) {
		size_t value = value_at(line, i), end = value != 0 ? value_end(line, value) : 0;

		if (end > value)
			take_value(p, line, value, end, text);
		i = end > i ? end : i + 1;
	}
}

/* ---- a line ---- */

enum { PAIRS_LEAST = 8 }; /* without an offset: six of them may be an address */

void anonymise_line(struct pseudonyms *p, struct bytes line, uint8_t *text)
{
	struct dump_row row = dump_row_find(line);
	size_t letters;

	if ((row.offset || row.n >= PAIRS_LEAST) && dump_row_is_whole(line, &row, &letters))
		line = bytes_slice(line, 0, row.from);
	find_subjects(p, line, text);
	find_led(p, line, text);
	find_folders(p, line, text);
	find_forms(p, line, text);
}
