/*
 * Names are numbered as they come, those of each length and kind by themselves, and the number is written in
 * their letters. No two names have one pseudonym, as long as the letters suffice.
 */
#include "log/pseudonym.h"

#include "base/array.h"
#include "base/table.h"

#include <arpa/inet.h>
#include <stdlib.h>

enum kind { WORD, IPV4, GROUP, MAC, HOST, KEPT, N_KINDS };

struct entry {
	UT_hash_handle hh;
	uint64_t number;
	size_t len;
	uint8_t key[]; /* its kind, and the name in lower case */
};

struct pseudonyms {
	struct entry *entries;
	size_t n;
	uint64_t numbers[N_KINDS][PSEUDONYM_NAME_MAX + 1]; /* the last that was given, by length */
	struct bytes hosts[PSEUDONYM_HOSTS_MAX];
	size_t n_hosts;
};

struct pseudonyms *pseudonyms_open(void)
{
	return memory_new(sizeof(struct pseudonyms));
}

void pseudonyms_close(struct pseudonyms *p)
{
	struct entry *e, *next;

	if (p == NULL)
		return;
	HASH_ITER(hh, p->entries, e, next)
	{
		HASH_DEL(p->entries, e);
		free(e);
	}
	free(p);
}

/* ---- the table ---- */

struct key {
	uint8_t text[1 + PSEUDONYM_NAME_MAX];
	size_t len;
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool make_key(struct key *k, enum kind kind, struct bytes name)
{
	if (name.len == 0 || name.len > PSEUDONYM_NAME_MAX)
		return false;
	k->text[0] = (uint8_t)kind;
	for (size_t i = 0; i < name.len; i++)
		k->text[1 + i] = lower(name.data[i]);
	k->len = 1 + name.len;
	return true;
}

static struct entry *find(const struct pseudonyms *p, enum kind kind, struct bytes name)
{
	struct entry *e = NULL;
	struct key k;

	if (make_key(&k, kind, name))
		HASH_FIND(hh, p->entries, k.text, k.len, e);
	return e;
}

static struct entry *add(struct pseudonyms *p, enum kind kind, struct bytes name)
{
	struct entry *e = find(p, kind, name);
	struct key k;

	if (e != NULL || p->n == PSEUDONYMS_MAX || !make_key(&k, kind, name))
		return e;
	e = memory_new(sizeof *e + k.len);
	if (e == NULL)
		return NULL;
	memcpy(e->key, k.text, k.len);
	e->len = k.len;
	if (!TABLE_ADD(p->entries, key[0], k.len, e)) {
		free(e);
		return NULL;
	}
	p->n++;
	return e;
}

static bool is_kept(const struct pseudonyms *p, struct bytes name)
{
	return find(p, KEPT, name) != NULL;
}

/*
 * The number of a name; `write` makes letters of it. Where they are those of the name itself, which is no
 * pseudonym, the next number is taken.
 */
static void number(struct pseudonyms *p, enum kind kind, struct bytes name, uint8_t *text,
	void (*write)(uint64_t number, struct bytes name, uint8_t *text))
{
	struct entry *e = add(p, kind, name);

	if (e == NULL) {
		write(0, name, text);
		return;
	}
	if (e->number == 0) {
		e->number = ++p->numbers[kind][name.len];
		write(e->number, name, text);
		if (bytes_equal(name, bytes_of(text, name.len)))
			e->number = ++p->numbers[kind][name.len];
	}
	write(e->number, name, text);
}

/* ---- words and hosts ---- */

/* Of no one in particular; in the names of domains and of certificates. */
static const char *const plain[] = { "localhost", "localdomain", "local", "example", "test",
	"invalid", "www", "server", "client", "device", "broker", "gateway", "host", "ca", "root",
	"sub", "intermediate", "issuing", "self", "signed", "certificate", "authority", "unknown",
	"none", "null", "any", "the", "a", "of", "and", "to", "in", "is", "not", "tls", "ssl",
	"mbedtls", "openssl", "gnutls", "wolfssl", "default", "rsa", "ecdsa", "ec" };

static const char *const domains[] = { "com", "net", "org", "edu", "gov", "mil", "int", "info",
	"biz", "io", "dev", "app", "cloud", "local", "lan", "internal", "intranet", "home", "corp",
	"example", "test", "invalid", "arpa", "localdomain", "de", "uk", "fr", "it", "es", "nl",
	"se", "no", "dk", "fi", "cz", "at", "ch", "eu", "us", "ca", "au", "nz", "jp", "cn", "kr",
	"in", "br", "mx", "ru", "ua", "tr", "il", "za", "be", "pt", "ie", "gr", "hu", "ro", "bg",
	"sk", "si", "hr", "lt", "lv", "ee", "lu", "li", "tw", "hk", "sg", "vn", "ar", "cl", "co",
	"tv", "ai", "pl" };

static bool listed(struct bytes word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < word.len && list[i][k] != '\0' &&
			lower(word.data[k]) == (uint8_t)list[i][k])
			k++;
		if (k == word.len && list[i][k] == '\0')
			return true;
	}
	return false;
}

static void copy(struct bytes from, uint8_t *text)
{
	if (from.len != 0)
		memcpy(text, from.data, from.len);
}

/* "nnna", "nnnb": the most common letter stands for nothing. Capitals stay where they are. */
static void write_letters(uint64_t number, struct bytes name, uint8_t *text)
{
	static const char letters[] = "nabcdefghijklmopqrstuvwxyz";
	enum { LETTERS = sizeof letters - 1 };

	for (size_t i = name.len; i-- > 0; number /= LETTERS) {
		uint8_t c = (uint8_t)letters[number % LETTERS];

		text[i] = name.data[i] >= 'A' && name.data[i] <= 'Z' ? (uint8_t)(c - 32) : c;
	}
}

/* Up to four digits are a year, a size, a part of a name that many have. */
static bool is_short_number(struct bytes word)
{
	size_t digits = 0;

	while (digits < word.len && is_digit(word.data[digits]))
		digits++;
	return digits == word.len && digits <= 4;
}

void pseudonym_word(struct pseudonyms *p, struct bytes word, uint8_t *text)
{
	if (word.len == 0 || word.len > PSEUDONYM_NAME_MAX || is_short_number(word) ||
		listed(word, plain, COUNT(plain)) || is_kept(p, word))
		copy(word, text);
	else
		number(p, WORD, word, text, write_letters);
}

static size_t last_dot(struct bytes name)
{
	size_t at = name.len;

	while (at != 0 && name.data[at - 1] != '.')
		at--;
	return at;
}

bool pseudonym_is_host(struct bytes name)
{
	size_t last = last_dot(name);

	return last > 1 && name.len <= PSEUDONYM_NAME_MAX &&
	       listed(bytes_slice(name, last, name.len), domains, COUNT(domains));
}

void pseudonym_host(struct pseudonyms *p, struct bytes host, uint8_t *text)
{
	size_t last = last_dot(host);

	copy(host, text);
	if (host.len > PSEUDONYM_NAME_MAX || is_kept(p, host))
		return;
	for (size_t from = 0; from < host.len;) {
		size_t end = from;
		struct bytes label;

		while (end < host.len && host.data[end] != '.')
			end++;
		label = bytes_slice(host, from, end - from);
		if (label.len != 0 && label.data[0] != '*' &&
			(from == 0 || from != last || !pseudonym_is_host(host)))
			pseudonym_word(p, label, text + from);
		from = end + 1;
	}
}

void pseudonyms_keep(struct pseudonyms *p, struct bytes name)
{
	(void)add(p, KEPT, name);
}

void pseudonyms_learn(struct pseudonyms *p, struct bytes host)
{
	struct entry *e;

	if (listed(host, plain, COUNT(plain)) || is_short_number(host) ||
		find(p, HOST, host) != NULL)
		return;
	e = add(p, HOST, host);
	if (e != NULL && p->n_hosts < PSEUDONYM_HOSTS_MAX && !is_kept(p, host))
		p->hosts[p->n_hosts++] = bytes_of(e->key + 1, e->len - 1);
}

bool pseudonyms_know(const struct pseudonyms *p, struct bytes host)
{
	return find(p, HOST, host) != NULL;
}

size_t pseudonyms_hosts(const struct pseudonyms *p, const struct bytes **out)
{
	*out = p->hosts;
	return p->n_hosts;
}

void pseudonyms_spare(struct pseudonyms *p, bool (*is)(void *ctx, struct bytes host), void *ctx)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_hosts; i++)
		if (!is(ctx, p->hosts[i]))
			p->hosts[n++] = p->hosts[i];
	p->n_hosts = n;
}

/* ---- addresses ---- */

static bool parse(int family, struct bytes address, uint8_t out[static 16])
{
	char text[INET6_ADDRSTRLEN];

	if (address.len == 0 || address.len >= sizeof text)
		return false;
	memcpy(text, address.data, address.len);
	text[address.len] = '\0';
	return inet_pton(family, text, out) == 1;
}

/* How many octets of an address tell of no one: of networks that everybody has (RFC 1918, RFC 3927). */
static size_t private_octets(const uint8_t a[static 4])
{
	if (a[0] == 10)
		return 1;
	if ((a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
		(a[0] == 169 && a[1] == 254))
		return 2;
	return 0;
}

/* This host, loopback, multicast, broadcast; and the first arcs of object identifiers. */
static bool is_nobody(const uint8_t a[static 4])
{
	return a[0] == 0 || a[0] == 127 || a[0] >= 224 || (a[0] == 1 && (a[1] == 2 || a[1] == 3)) ||
	       (a[0] == 2 && (a[1] == 5 || a[1] == 16 || a[1] == 23));
}

/* Octets from the last on, each with as many digits as it had; those in front are fixed or stay. */
static void write_octets(uint64_t number, struct bytes name, uint8_t *text)
{
	static const struct {
		unsigned first, n;
	} of_digits[] = { { 0, 1 }, { 1, 9 }, { 10, 90 }, { 100, 155 } };
	static const char *const heads[] = { "", "5", "51", "198" };
	uint8_t address[16];
	size_t stay = parse(AF_INET, name, address) ? private_octets(address) : 0, octet = 4;
	size_t end = name.len;

	while (octet-- > 0) {
		size_t from = end, digits;
		unsigned value;

		while (from != 0 && name.data[from - 1] != '.')
			from--;
		digits = end - from;
		value = of_digits[digits & 3].first + (unsigned)(number % of_digits[digits & 3].n);
		if (octet >= (stay != 0 ? stay : 1)) {
			for (size_t i = end; i-- > from; value /= 10)
				text[i] = (uint8_t)('0' + value % 10);
			number /= of_digits[digits & 3].n;
		} else if (stay == 0) {
			memcpy(text + from, heads[digits & 3], digits & 3);
		}
		end = from != 0 ? from - 1 : 0;
	}
}

bool pseudonym_ipv4(struct pseudonyms *p, struct bytes address, uint8_t *text)
{
	uint8_t a[16];

	if (!parse(AF_INET, address, a))
		return false;
	copy(address, text);
	if (!is_nobody(a) && !is_kept(p, address))
		number(p, IPV4, address, text, write_octets);
	return true;
}

static void write_hex(uint64_t number, struct bytes name, uint8_t *text)
{
	for (size_t i = name.len; i-- > 0; number >>= 4) {
		uint8_t digit = (uint8_t)(number & 0xf);

		text[i] = (uint8_t)(digit < 10 ? '0' + digit : 'a' + digit - 10);
	}
}

/* Zeros, and what is before link-local addresses (RFC 4291 2.5.6). */
static bool is_plain_group(struct bytes group)
{
	size_t zeros = 0;

	while (zeros < group.len && group.data[zeros] == '0')
		zeros++;
	return zeros == group.len ||
	       (group.len == 4 && listed(group, (const char *const[]){ "fe80", "ffff" }, 2));
}

/* ::1 and ::, in whatever spelling. */
static bool is_own(const uint8_t a[static 16])
{
	uint8_t any = 0;

	for (size_t i = 0; i < 15; i++)
		any |= a[i];
	return any == 0 && a[15] <= 1;
}

/* Group by group, so that what two addresses share is shared by what stands for them. */
bool pseudonym_ipv6(struct pseudonyms *p, struct bytes address, uint8_t *text)
{
	uint8_t a[16];

	if (!parse(AF_INET6, address, a))
		return false;
	copy(address, text);
	if (is_own(a) || is_kept(p, address))
		return true;
	for (size_t from = 0; from < address.len;) {
		size_t end = from;
		struct bytes group;

		while (end < address.len && address.data[end] != ':')
			end++;
		group = bytes_slice(address, from, end - from);
		if (memchr(group.data, '.', group.len) != NULL)
			(void)pseudonym_ipv4(p, group, text + from);
		else if (!is_plain_group(group))
			number(p, GROUP, group, text + from, write_hex);
		from = end + 1;
	}
	return true;
}

enum { MAC_TEXT = 17 };

/* Between marks, which stay: 02 is the first byte of those that are nobody's (IEEE 802, local). */
static void write_mac(uint64_t number, struct bytes name, uint8_t *text)
{
	for (size_t at = name.len; at >= 2; at = at >= 3 ? at - 3 : 0, number >>= 8)
		write_hex(at == 2 ? 2 : number & 0xff, bytes_slice(name, at - 2, 2), text + at - 2);
}

bool pseudonym_mac(struct pseudonyms *p, struct bytes address, uint8_t *text)
{
	size_t plain_digits = 0;

	if (address.len != MAC_TEXT || (address.data[2] != ':' && address.data[2] != '-'))
		return false;
	for (size_t i = 0; i < MAC_TEXT; i++) {
		uint8_t c = lower(address.data[i]);

		if (i % 3 == 2 ? c != address.data[2] : !is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		plain_digits += i % 3 != 2 && (c == '0' || c == 'f');
	}
	copy(address, text);
	if (plain_digits != MAC_TEXT - 5)
		number(p, MAC, address, text, write_mac);
	return true;
}
