/* The order of what is offered is that of strength: a server that follows the client's takes the best. */
#include "client/offer.h"

#include "base/array.h"
#include "crypto/exchange.h"
#include "crypto/record_keys.h"

enum { TLS10 = 0x0301, TLS12 = 0x0303, TLS13 = 0x0304 };

/* ECDHE before DHE before RSA, AEAD before CBC, and by size; TLS 1.3's in front. */
static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc02b, 0xc02c, 0xcca9,
	0xc02f, 0xc030, 0xcca8, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0xc05c, 0xc05d, 0xc086, 0xc087,
	0xc08a, 0xc08b, 0x009e, 0x009f, 0xccaa, 0xc09e, 0xc09f, 0xc0a2, 0xc0a3, 0xc023, 0xc024,
	0xc027, 0xc028, 0xc072, 0xc073, 0xc076, 0xc077, 0xc009, 0xc00a, 0xc013, 0xc014, 0x0067,
	0x006b, 0x0033, 0x0039, 0x0045, 0x0088, 0x009c, 0x009d, 0xc09c, 0xc09d, 0xc0a0, 0xc0a1,
	0x003c, 0x003d, 0x002f, 0x0035, 0x0041, 0x0084, 0xc008, 0xc012, 0x0016, 0x000a };

static const uint16_t groups[] = { 0x001d, 0x0017, 0x0018, 0x0019, 0x001e, 0x001a, 0x001b, 0x001c,
	0x0016, 0x0100, 0x0101, 0x0102 };

static const uint16_t schemes[] = { 0x0403, 0x0503, 0x0603, 0x081a, 0x081b, 0x081c, 0x0804, 0x0805,
	0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0203, 0x0201 };

static const uint16_t extensions[] = { EXT_SERVER_NAME, EXT_RENEGOTIATION_INFO,
	EXT_EXTENDED_MASTER_SECRET, EXT_SUPPORTED_GROUPS, EXT_EC_POINT_FORMATS,
	EXT_SIGNATURE_ALGORITHMS, EXT_ALPN, EXT_MAX_FRAGMENT_LENGTH, EXT_ENCRYPT_THEN_MAC,
	EXT_SUPPORTED_VERSIONS, EXT_COOKIE, EXT_PSK_KEY_EXCHANGE_MODES, EXT_KEY_SHARE };

bool offer_list_has(const struct offer_list *l, uint16_t value)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->value[i] == value)
			return true;
	return false;
}

void offer_list_add(struct offer_list *l, uint16_t value)
{
	if (l->n < OFFER_LIST_MAX)
		l->value[l->n++] = value;
}

bool offer_list_remove(struct offer_list *l, uint16_t value)
{
	size_t n = 0;
	const size_t had = l->n;

	for (size_t i = 0; i < l->n; i++)
		if (l->value[i] != value)
			l->value[n++] = l->value[i];
	l->n = n;
	return n != had;
}

bool offer_has_version(const struct offer *o, uint16_t version)
{
	for (size_t i = 0; i < o->n_versions; i++)
		if (o->versions[i] == version)
			return true;
	return false;
}

uint16_t offer_highest_version(const struct offer *o)
{
	uint16_t highest = 0;

	for (size_t i = 0; i < o->n_versions; i++)
		if (!is_grease(o->versions[i]) && o->versions[i] > highest)
			highest = o->versions[i];
	return highest;
}

uint16_t offer_lowest_version(const struct offer *o)
{
	uint16_t lowest = offer_highest_version(o);

	for (size_t i = 0; i < o->n_versions; i++)
		if (o->versions[i] < lowest)
			lowest = o->versions[i];
	return lowest;
}

uint16_t offer_legacy_version(const struct offer *o)
{
	uint16_t highest = offer_highest_version(o);

	if (o->legacy_version != 0)
		return o->legacy_version;
	return highest != 0 && highest < TLS12 ? highest : TLS12;
}

const struct offer_body *offer_body(const struct offer *o, uint16_t type)
{
	for (size_t i = 0; i < o->n_bodies; i++)
		if (o->body[i].type == type)
			return &o->body[i];
	return NULL;
}

void offer_drop_body(struct offer *o, uint16_t type)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_bodies; i++)
		if (o->body[i].type != type)
			o->body[n++] = o->body[i];
	o->n_bodies = n;
}

void offer_name(struct offer *o, const char *name)
{
	offer_drop_body(o, EXT_SERVER_NAME);
	o->sni = name;
	if (name != NULL && !offer_list_has(&o->extensions, EXT_SERVER_NAME))
		offer_list_add(&o->extensions, EXT_SERVER_NAME);
}

/* ---- which ---- */

static bool can_protect(uint16_t value, uint16_t version)
{
	const struct protection_terms terms = { .version = version };
	struct protection p;
	const char *why;

	return protection_of(suite_find(value), terms, &p, &why);
}

/* AEAD came with TLS 1.2; a suite of TLS 1.3 belongs to that alone. */
static bool is_of_versions(const struct offer *o, uint16_t value)
{
	const struct suite *s = suite_find(value);
	bool tls12 = offer_has_version(o, TLS12);

	if (s == NULL)
		return false;
	if (s->tls13)
		return offer_has_version(o, TLS13) && can_protect(value, TLS13);
	if (offer_lowest_version(o) > TLS12)
		return false;
	return can_protect(value, TLS12) && (tls12 || s->kind != CIPHER_AEAD);
}

/* RFC 8446 4.2.7 has taken the older curves out, RFC 8734 gave Brainpool's other numbers. */
static bool is_tls13_group(uint16_t group)
{
	return group >= 0x0017 && (group < 0x001a || group > 0x001c);
}

static void add_share(struct offer *o, uint16_t group)
{
	o->shares[o->n_shares] = group;
	o->share_length[o->n_shares++] = 0; /* as long as it is made */
}

void offer_groups(struct offer *o, const uint16_t *list, size_t n)
{
	o->groups.n = 0;
	o->n_shares = 0;
	for (size_t i = 0; i < n; i++)
		offer_list_add(&o->groups, list[i]);
	for (size_t i = 0; i < n && o->n_shares == 0; i++)
		if (is_tls13_group(list[i]) && exchange_knows(list[i]))
			add_share(o, list[i]);
}

void offer_share_first(struct offer *o)
{
	o->n_shares = 0;
	for (size_t i = 0; i < o->groups.n && o->n_shares == 0; i++)
		if (exchange_knows(o->groups.value[i]))
			add_share(o, o->groups.value[i]);
}

/* RFC 8446 4.2.3: neither PKCS #1 nor SHA-1 signs a handshake. */
static bool is_tls13_scheme(uint16_t value)
{
	struct scheme s = scheme_decode(value);

	return s.signature != SIG_RSA_PKCS1 && s.signature != SIG_DSA && s.hash != HASH_SHA1 &&
	       s.hash != HASH_SHA224;
}

static bool any(const struct offer_list *l, bool (*is)(uint16_t value))
{
	for (size_t i = 0; i < l->n; i++)
		if (is(l->value[i]))
			return true;
	return l->n == 0;
}

static bool is_tls13_suite(uint16_t value)
{
	const struct suite *s = suite_find(value);

	return s != NULL && s->tls13;
}

static bool is_older_suite(uint16_t value)
{
	return !is_tls13_suite(value);
}

static bool is_usable(const struct offer *o, uint16_t version)
{
	if (version < TLS13)
		return any(&o->suites, is_older_suite);
	return any(&o->suites, is_tls13_suite) && any(&o->groups, is_tls13_group) &&
	       any(&o->schemes, is_tls13_scheme);
}

void offer_keep_usable_versions(struct offer *o, uint16_t min)
{
	uint16_t kept[OFFER_VERSIONS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < o->n_versions; i++)
		if (o->versions[i] == min || is_grease(o->versions[i]) ||
			is_usable(o, o->versions[i]))
			kept[n++] = o->versions[i];
	if (n == 0) /* they fit no version at all: to be told by the server */
		return;
	memcpy(o->versions, kept, n * sizeof *kept);
	o->n_versions = n;
}

/* RFC 4279, 4785, 5487, 5489, 7905, 8442: those with forward secrecy first. */
void offer_psk_suites(struct offer *o)
{
	static const uint16_t psk[] = { 0xd001, 0xd002, 0xccac, 0xd003, 0xd005, 0xc037, 0xc038,
		0xc035, 0xc036, 0x00aa, 0x00ab, 0xccad, 0x00b2, 0x00b3, 0x0090, 0x0091, 0x00a8,
		0x00a9, 0xccab, 0xc0a4, 0xc0a5, 0xc0a8, 0xc0a9, 0x00ae, 0x00af, 0x008c, 0x008d,
		0x00ac, 0x00ad, 0xccae, 0x00b6, 0x00b7, 0x0094, 0x0095 };
	const struct offer_list others = o->suites;

	o->suites.n = 0;
	for (size_t i = 0; i < COUNT(psk); i++)
		if (is_of_versions(o, psk[i]))
			offer_list_add(&o->suites, psk[i]);
	for (size_t i = 0; i < others.n; i++)
		offer_list_add(&o->suites, others.value[i]);
}

static void add_known_groups(struct offer *o)
{
	uint16_t known[COUNT(groups)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(groups); i++)
		if (exchange_knows(groups[i]))
			known[n++] = groups[i];
	offer_groups(o, known, n);
}

void offer_all(struct offer *o, uint16_t min, uint16_t max)
{
	*o = (struct offer){ .sni = NULL };
	for (uint16_t v = TLS13; v >= TLS10; v--)
		if (v >= min && (max == 0 || v <= max))
			o->versions[o->n_versions++] = v;
	for (size_t i = 0; o->n_versions != 0 && i < COUNT(suites); i++)
		if (is_of_versions(o, suites[i]))
			offer_list_add(&o->suites, suites[i]);
	for (size_t i = 0; i < COUNT(schemes); i++)
		offer_list_add(&o->schemes, schemes[i]);
	for (size_t i = 0; i < COUNT(extensions); i++)
		offer_list_add(&o->extensions, extensions[i]);
	add_known_groups(o);
}
