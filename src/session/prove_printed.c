/* What the text of a printed certificate says against it, where there are no bytes to judge it by. */
#include "session/prove_printed.h"

#include "pki/chain.h"
#include "session/handshake.h"
#include "wire/extension.h"

#include <arpa/inet.h>

enum { DAY = 24 * 60 * 60, RSA_LEAST = 2048, EC_LEAST = 256, NAME_MAX = 127 };

/* One GeneralName (RFC 5280 4.2.1.6), for the words of the text: a dNSName or an iPAddress. */
static size_t put_name(uint8_t *out, const char *name, size_t len)
{
	enum { DNS = 0x82, IP = 0x87 };
	char text[NAME_MAX + 1];
	uint8_t value[NAME_MAX];
	uint8_t tag = DNS;

	if (len > NAME_MAX)
		return 0;
	memcpy(text, name, len);
	text[len] = '\0';
	memcpy(value, name, len);
	if (inet_pton(AF_INET, text, value) == 1) {
		tag = IP;
		len = 4;
	} else if (inet_pton(AF_INET6, text, value) == 1) {
		tag = IP;
		len = 16;
	}
	out[0] = tag;
	out[1] = (uint8_t)len;
	memcpy(out + 2, value, len);
	return len + 2;
}

static size_t put_names(uint8_t *out, const char *names)
{
	size_t n = 0;

	while (*names != '\0') {
		size_t len = strcspn(names, " ");

		n += put_name(out + n, names, len);
		names += len + (names[len] == ' ');
	}
	return n;
}

/* "C=NL, O=PolarSSL, CN=localhost", "CN = x": the last of them */
static void common_name(const char *subject, char out[static NAME_TEXT])
{
	const char *from = "";
	size_t n;

	_Static_assert(sizeof((struct printed_cert *)NULL)->subject <= NAME_TEXT, "it fits");
	for (const char *p = strstr(subject, "CN"); p != NULL; p = strstr(p + 2, "CN")) {
		const char *value = p + 2 + strspn(p + 2, " ");

		if (*value == '=' && (p == subject || strchr(", /+", p[-1]) != NULL))
			from = value + 1 + strspn(value + 1, " ");
	}
	n = strcspn(from, ",/+");
	while (n != 0 && from[n - 1] == ' ')
		n--;
	memcpy(out, from, n);
	out[n] = '\0';
}

/* Only where all the names it has are there. */
static bool is_for_another(const struct printed_cert *p, const char *name)
{
	uint8_t names[6 * PRINTED_NAMES]; /* 18 bytes for "::" and what parts it from the next */
	struct cert c = { .has_san = p->has_names };

	if (name == NULL || p->names_cut || (!p->has_names && !p->whole))
		return false;
	common_name(p->subject, c.common_name);
	c.san_der = bytes_of(names, put_names(names, p->names));
	if (c.common_name[0] == '\0' && c.san_der.len == 0)
		return false;
	return cert_name_match(&c, name) == NAME_DIFFERS;
}

static bool is_weak_key(const struct printed_cert *p)
{
	return p->key_bits != 0 && ((p->key == KEY_RSA && p->key_bits < RSA_LEAST) ||
					   (p->key == KEY_EC && p->key_bits < EC_LEAST));
}

/* A root's own signature is verified by nobody. */
static bool is_weak_hash(const struct printed_cert *p)
{
	return (p->hash == HASH_MD5 || p->hash == HASH_SHA1) && strcmp(p->subject, p->issuer) != 0;
}

static bool is_for_another_use(const struct printed_cert *p, enum side side)
{
	unsigned wanted = side == SIDE_SERVER ? PRINTED_FOR_SERVERS : PRINTED_FOR_CLIENTS;

	return p->has_usage && (p->usage & (wanted | PRINTED_FOR_ANY)) == 0;
}

/* RFC 8422 5.3; in TLS 1.3 the groups are for key exchange alone. */
static bool is_curve_unknown(const struct printed_cert *p, const struct handshake *hs)
{
	const struct extensions *ext = &hs->client_hello.ext;

	return p->key == KEY_EC && p->key_group != 0 && !hs->tls13 && hs->version != 0 &&
	       hs->client_hello.seen && ext->has_groups && !u16s_has(&ext->groups, p->key_group);
}

static void add(struct printed_judgement *j, enum printed_fault fault, const struct printed_cert *p)
{
	if (j->fault[fault] == NULL)
		j->fault[fault] = p;
}

void printed_judge(struct handshake *hs, enum side side, int64_t at, const char *name)
{
	struct party *party = &hs->side[side];
	struct printed_judgement *j = &party->printed_judged;

	if (party->n_certs != 0)
		return;
	j->at = at;
	for (size_t i = 0; i < party->n_printed; i++) {
		const struct printed_cert *p = &party->printed[i];
		int64_t slack = p->far ? DAY : 0;
		bool leaf = p->depth == 0;

		if (p->not_after == PRINTED_NO_DATE) /* prose has subjects as well */
			continue;
		if (at != 0 && at > p->not_after + slack)
			add(j, PRINTED_EXPIRED, p);
		if (at != 0 && p->not_before != PRINTED_NO_DATE && at < p->not_before - slack)
			add(j, PRINTED_NOT_YET, p);
		if (leaf && is_for_another(p, name)) {
			add(j, PRINTED_OTHER_NAME, p);
			j->name = arena_str(hs->arena, name);
		}
		if (is_weak_key(p))
			add(j, PRINTED_WEAK_KEY, p);
		if (is_weak_hash(p))
			add(j, PRINTED_WEAK_HASH, p);
		if (leaf && is_for_another_use(p, side))
			add(j, PRINTED_OTHER_USE, p);
		if (leaf && side == SIDE_SERVER && is_curve_unknown(p, hs))
			add(j, PRINTED_CURVE, p);
	}
}
