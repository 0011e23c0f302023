/*
 * What should never come twice. Values are remembered as 64-bit keyed hashes in one table of fixed
 * size, in buckets of one cache line: on a full bucket the oldest value is forgotten, so the table
 * looks back over the last 40,000 handshakes or so. Two different values are taken for one with a
 * chance of 2^-64 each.
 */
#include "session/fresh.h"

#include "base/moment.h"
#include "base/recent.h"
#include "base/siphash.h"
#include "base/table.h"
#include "session/handshake.h"
#include "session/multiples.h"
#include "session/pattern.h"

#include <stdlib.h>

enum {
	BUCKETS = 1 << 16,
	BUCKET = 4,          /* entries; 64 bytes: a cache line */
	SEARCHES_MAX = 1000, /* searches for large multiples on P-256 in one run: 0.3 ms each */
	SEARCHES_LOGGED =
		64, /* ... for handshakes of logs, where one failure comes a thousand times */
	MULTIPLE_MAX = 65536,
	RANDOM = 32,
	TIME_BYTES = 4,
	SENTINEL = 8,
	HELLO_BUCKETS = 1 << 12,
};

/* Between two taps on one way: a queue of a router or a balancer, not a client's second try. */
static const int64_t TAPS_APART = 500000000;

enum kind {
	KIND_CLIENT_RANDOM = 1,
	KIND_SERVER_RANDOM,
	KIND_SESSION_ID,
	KIND_SERVER_PUBLIC,
	KIND_CLIENT_PUBLIC,
	KIND_NONCE,
	KIND_HOST,
	KIND_HELLO,
	KIND_ADDRESS
};

struct entry {
	uint64_t hash; /* never 0 when used */
	uint64_t id;
};

/* The clock of a host, as it was read last: how far it is off the capture's. */
struct host {
	int64_t offset; /* seconds */
};

/* A ClientHello as a whole, and where it was seen first. */
struct seen_hello {
	uint64_t hash; /* never 0 when used */
	uint64_t id;
	int64_t time;
	uint64_t client, server; /* hashes of their addresses, without ports */
	uint64_t random;         /* of the ServerHello; 0: none was seen */
};

struct fresh {
	uint64_t searches;
	uint64_t doubted;    /* hash of the last r that came again, and its group; 0: none has */
	bool doubted_wrong;  /* it is no nonce's */
	bool client_repeats; /* on purpose: not compared */
	struct recent known_hosts;
	struct host hosts[RECENT_SIZE]; /* as in known_hosts */
	struct entry entries[BUCKETS][BUCKET];
	struct seen_hello hellos[HELLO_BUCKETS][BUCKET];
};

struct fresh *fresh_open(void)
{
	return memory_new(sizeof(struct fresh)); /* pages come as they are touched */
}

void fresh_close(struct fresh *f)
{
	free(f);
}

void fresh_client_repeats(struct fresh *f)
{
	f->client_repeats = true;
}

/* ---- values seen before ---- */

static uint64_t value_hash(enum kind kind, struct bytes a, struct bytes b)
{
	uint8_t head[8] = { (uint8_t)kind, (uint8_t)a.len }; /* a whole word */
	struct siphash h;
	uint64_t hash;

	siphash_init(&h, table_key());
	siphash_add(&h, bytes_of(head, sizeof head));
	siphash_add(&h, a);
	siphash_add(&h, b);
	hash = siphash_end(&h);
	return hash != 0 ? hash : 1;
}

/* The earliest handshake with this value; 0: none, and it is now this one. */
static uint64_t seen_before(struct fresh *f, uint64_t hash, uint64_t id)
{
	struct entry *bucket = f->entries[hash % BUCKETS], *oldest = bucket;

	for (size_t i = 0; i < BUCKET; i++) {
		if (bucket[i].hash == hash)
			return bucket[i].id;
		if (bucket[i].id < oldest->id)
			oldest = &bucket[i];
	}
	*oldest = (struct entry){ hash, id };
	return 0;
}

/*
 * The values of one handshake are gathered first and looked up together, so that the memory of
 * their buckets is under way while the next hash is made.
 */
struct lookups {
	struct {
		uint64_t hash;
		uint64_t *first; /* gets the id */
	} at[KIND_NONCE];
	size_t n;
};

static void gather(struct fresh *f, struct lookups *l, enum kind kind, struct bytes a,
	struct bytes b, uint64_t *first)
{
	uint64_t hash = value_hash(kind, a, b);

	__builtin_prefetch(f->entries[hash % BUCKETS], 1);
	l->at[l->n].hash = hash;
	l->at[l->n++].first = first;
}

static void look_up(struct fresh *f, const struct lookups *l, uint64_t id)
{
	for (size_t i = 0; i < l->n; i++)
		*l->at[i].first = seen_before(f, l->at[i].hash, id);
}

/* A random that differs in nothing but the time before it repeats all the same. */
static struct bytes without_time(const uint8_t *random)
{
	return bytes_of(random + TIME_BYTES, RANDOM - TIME_BYTES);
}

static void gather_randoms(struct fresh *f, struct lookups *l, struct handshake *hs)
{
	if (hs->client_hello.has_random && !f->client_repeats)
		gather(f, l, KIND_CLIENT_RANDOM, without_time(hs->client_hello.random),
			bytes_of(NULL, 0), &hs->side[SIDE_CLIENT].repeats.random);
	if (hs->server_hello.has_random)
		gather(f, l, KIND_SERVER_RANDOM, without_time(hs->server_hello.random),
			bytes_of(NULL, 0), &hs->side[SIDE_SERVER].repeats.random);
}

/* A server that resumes, or that echoes what the client sent, issues nothing. */
static void gather_session_id(struct fresh *f, struct lookups *l, struct handshake *hs)
{
	const struct server_hello *hello = &hs->server_hello;

	if (hs->tls13 || hello->session_id.len == 0 || !hs->resumed_known || hs->resumed ||
		bytes_equal(hello->session_id, hs->client_hello.session_id))
		return;
	gather(f, l, KIND_SESSION_ID, hello->session_id, bytes_of(NULL, 0),
		&hs->side[SIDE_SERVER].repeats.session_id);
}

static bool client_public(const struct handshake *hs, uint16_t *group, struct bytes *key)
{
	const struct extensions *ext = &hs->client_hello.ext;
	uint16_t chosen;
	struct place at;
	struct bytes server;

	if (hs->cke.public_key.len != 0) {
		*group = hs->ske.group; /* 0: none was read */
		*key = hs->cke.public_key;
		return true;
	}
	if (hs->client_hello_2.seen)
		ext = &hs->client_hello_2.ext;
	if (!handshake_server_public(hs, &chosen, &server, &at))
		chosen = 0;
	for (size_t i = 0; i < ext->n_shares; i++) {
		if (is_grease(ext->shares[i].group) ||
			(chosen != 0 && ext->shares[i].group != chosen))
			continue;
		*group = ext->shares[i].group;
		*key = ext->shares[i].key;
		return key->len != 0;
	}
	return false;
}

static bool server_public(const struct handshake *hs, uint16_t *group, struct bytes *key)
{
	struct place at;

	if (handshake_server_public(hs, group, key, &at))
		return true;
	*group = 0; /* DHE: the group is p, and Y alone is as unlikely to come twice */
	*key = hs->ske.public_key;
	return key->len != 0;
}

/* In searches on P-256. */
static unsigned search_cost(const struct group *g)
{
	return g->coordinate_len <= 32 ? 1 : g->coordinate_len <= 48 ? 2 : 5;
}

/* What is left of the budget for large multiples goes to handshakes that did not complete. */
static uint32_t small_multiple(
	struct fresh *f, const struct handshake *hs, uint16_t group, struct bytes key)
{
	uint32_t k = multiples_find_first(group, key);
	const struct group *g = group_find(group);

	if (k != 0 || hs->outcome == OUTCOME_COMPLETED || g == NULL || g->kind != GROUP_EC)
		return k;
	if (f->searches + search_cost(g) > (hs->logged ? SEARCHES_LOGGED : SEARCHES_MAX))
		return 0;
	f->searches += search_cost(g);
	return crypto_point_small_multiple(group, key, MULTIPLE_MAX);
}

static void gather_public_keys(struct fresh *f, struct lookups *l, struct handshake *hs)
{
	struct repeats *client = &hs->side[SIDE_CLIENT].repeats;
	struct repeats *server = &hs->side[SIDE_SERVER].repeats;
	uint16_t group;
	struct bytes key;

	if (server_public(hs, &group, &key)) {
		gather(f, l, KIND_SERVER_PUBLIC, key, bytes_of(&group, sizeof group),
			&server->public_key);
		server->public_multiple = small_multiple(f, hs, group, key);
	}
	if (!f->client_repeats && client_public(hs, &group, &key)) {
		gather(f, l, KIND_CLIENT_PUBLIC, key, bytes_of(&group, sizeof group),
			&client->public_key);
		client->public_multiple = small_multiple(f, hs, group, key);
	}
}

/* SEC 1 4.1.3: r is the nonce's x-coordinate; once more under the same key it gives the key away. */
static void gather_nonce(struct fresh *f, struct lookups *l, struct handshake *hs)
{
	const struct cert *leaf =
		hs->side[SIDE_SERVER].n_certs != 0 ? hs->side[SIDE_SERVER].certs[0] : NULL;
	struct ecdsa_signature signature;
	struct shown_signature shown;

	if (leaf == NULL || leaf->key != KEY_EC || !handshake_signature(hs, SIDE_SERVER, &shown))
		return;
	signature = crypto_ecdsa_decode(shown.signature);
	if (!signature.readable || bytes_skip_zeros(signature.r).len == 0)
		return;
	gather(f, l, KIND_NONCE, bytes_skip_zeros(signature.r), leaf->spki,
		&hs->side[SIDE_SERVER].repeats.nonce);
}

/* What comes again comes often: the last one is remembered. */
static bool is_no_nonce(struct fresh *f, uint16_t group, struct bytes r)
{
	uint64_t hash = value_hash(KIND_NONCE, r, bytes_of(&group, sizeof group));

	if (f->doubted != hash) {
		f->doubted = hash;
		f->doubted_wrong = crypto_ecdsa_r_is_no_nonce(group, r);
	}
	return f->doubted_wrong;
}

/* An r that no nonce gives, such as the order of the curve, comes again because it is wrong. */
static void doubt_nonce(struct fresh *f, struct handshake *hs)
{
	uint64_t *first = &hs->side[SIDE_SERVER].repeats.nonce;
	struct shown_signature shown;

	(void)handshake_signature(hs, SIDE_SERVER, &shown);
	if (*first != 0 && is_no_nonce(f, hs->side[SIDE_SERVER].certs[0]->key_group,
				   crypto_ecdsa_decode(shown.signature).r))
		*first = 0;
}

/*
 * Both randoms of one earlier handshake at once: that is the same connection captured twice (on
 * two interfaces, or before and after a translation of addresses), and says nothing of entropy.
 */
static bool captured_twice(const struct handshake *hs)
{
	uint64_t client = hs->side[SIDE_CLIENT].repeats.random;

	return client != 0 && client == hs->side[SIDE_SERVER].repeats.random;
}

/* ---- one hello that passed two taps ---- */

static uint64_t address_hash(const struct endpoint *e)
{
	return value_hash(KIND_ADDRESS, bytes_of(&e->family, 1),
		bytes_of(e->addr, e->family == 4 ? 4 : sizeof e->addr));
}

static struct seen_hello hello_of(const struct handshake *hs, struct bytes raw)
{
	const struct server_hello *answer = &hs->server_hello;

	return (struct seen_hello){
		.hash = value_hash(KIND_HELLO, raw, bytes_of(NULL, 0)),
		.id = hs->id,
		.time = hs->start,
		.client = address_hash(&hs->side[SIDE_CLIENT].address),
		.server = address_hash(&hs->side[SIDE_SERVER].address),
		.random = answer->has_random
				  ? value_hash(KIND_HELLO, bytes_of(answer->random, RANDOM),
					    bytes_of(NULL, 0))
				  : 0,
	};
}

/* The same two hosts again would be a second connection; and two answers are two handshakes. */
static bool same_passage(const struct seen_hello *a, const struct seen_hello *b)
{
	int64_t apart = moment_apart(a->time, b->time);

	return a->hash == b->hash && apart <= TAPS_APART && apart >= -TAPS_APART &&
	       (a->client != b->client || a->server != b->server) &&
	       (a->random == 0 || b->random == 0 || a->random == b->random);
}

/*
 * The handshake whose ClientHello, byte for byte, is this one's, moments before or after and between
 * other hosts: one message on its way through a translation of addresses or a balancer. 0: none.
 */
static uint64_t find_twin(struct fresh *f, const struct handshake *hs)
{
	const struct event *ev = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	struct seen_hello hello, *bucket, *oldest;

	if (ev == NULL || ev->raw.len == 0)
		return 0;
	hello = hello_of(hs, ev->raw);
	oldest = bucket = f->hellos[hello.hash % HELLO_BUCKETS];
	for (size_t i = 0; i < BUCKET; i++) {
		if (same_passage(&bucket[i], &hello))
			return bucket[i].id;
		if (bucket[i].id < oldest->id)
			oldest = &bucket[i];
	}
	*oldest = hello;
	return 0;
}

static void forget_id(uint64_t *first, uint64_t id)
{
	if (*first == id)
		*first = 0;
}

/* What comes again in the twin is the same value, not another. */
static void forget_twin(struct handshake *hs, uint64_t twin)
{
	for (unsigned side = 0; side < 2; side++) {
		struct repeats *r = &hs->side[side].repeats;

		forget_id(&r->random, twin);
		forget_id(&r->public_key, twin);
		forget_id(&r->session_id, twin);
		forget_id(&r->nonce, twin);
	}
}

/* ---- randoms that are none ---- */

static const char *random_pattern(struct handshake *hs, struct bytes random)
{
	const char *pattern;

	if (!pattern_likely(random, TIME_BYTES))
		return NULL;
	pattern = pattern_find(hs->arena, random);
	if (pattern != NULL)
		return pattern;
	pattern = pattern_find(hs->arena, bytes_slice(random, TIME_BYTES, random.len));
	return pattern != NULL ? arena_printf(hs->arena, "after its first four bytes %s", pattern)
			       : NULL;
}

/* RFC 8446 4.1.3: a server that could do better ends its random with "DOWNGRD" and 0 or 1. */
static struct bytes without_sentinel(struct bytes random)
{
	static const char downgrade[] = "DOWNGRD";
	struct bytes end = bytes_slice(random, random.len - SENTINEL, sizeof downgrade - 1);

	if (bytes_equal(end, bytes_of(downgrade, sizeof downgrade - 1)))
		return bytes_slice(random, 0, random.len - SENTINEL);
	return random;
}

static void find_patterns(struct handshake *hs)
{
	struct repeats *client = &hs->side[SIDE_CLIENT].repeats;
	struct repeats *server = &hs->side[SIDE_SERVER].repeats;

	/* the challenge of an SSLv2-format hello is padded with zeros */
	if (hs->client_hello.has_random && !hs->client_hello.sslv2_format)
		client->pattern = random_pattern(hs, bytes_of(hs->client_hello.random, RANDOM));
	if (hs->server_hello.has_random)
		server->pattern = random_pattern(
			hs, without_sentinel(bytes_of(hs->server_hello.random, RANDOM)));
}

/* ---- clocks ---- */

enum {
	DAY = 24 * 60 * 60,
	DRIFT = 5, /* seconds by which two readings of one clock may differ */
	YEARS = 5 * 365 * DAY,
};

/*
 * Two readings of one host that are off by the same are a clock: random ones would agree within
 * the drift with a chance of 2^-28. The hosts that came first are forgotten first.
 */
static bool same_clock(struct fresh *f, const struct endpoint *host, enum side side, int64_t offset)
{
	uint8_t by = (uint8_t)side;
	uint64_t hash =
		value_hash(KIND_HOST, bytes_of(host->addr, sizeof host->addr), bytes_of(&by, 1));
	int place = recent_find(&f->known_hosts, hash);
	bool same = place >= 0 && f->hosts[place].offset - offset <= DRIFT &&
		    offset - f->hosts[place].offset <= DRIFT;

	if (place < 0)
		place = recent_add(&f->known_hosts, hash);
	f->hosts[place] = (struct host){ offset };
	return same;
}

/* mbedTLS does, where it has a clock, and in a hello that goes up to TLS 1.2 at most. */
static bool puts_time(const struct handshake *hs)
{
	return hs->looks.name != NULL && !hs->client_hello.ext.has_versions &&
	       strncmp(hs->looks.name, "mbedTLS", strlen("mbedTLS")) == 0;
}

/*
 * RFC 5246 7.4.1.2 has a clock in the first four bytes; most stacks have put random bytes there
 * since. A time near the packet's is plausible; one of the first day of 1970 is a device that has
 * started at zero (a random value reads so once in 50,000); any other is a clock when it keeps
 * its distance from one handshake to the next.
 */
static enum clock_reading read_clock(struct fresh *f, const struct handshake *hs, enum side side,
	const uint8_t *random, int64_t *reading)
{
	const struct party *party = &hs->side[side];
	int64_t now = moment_seconds(hs->start);
	int64_t t = (int64_t)random[0] << 24 | random[1] << 16 | random[2] << 8 | random[3];
	bool keeps;

	*reading = t;
	if (party->repeats.random != 0 || party->repeats.pattern != NULL)
		return CLOCK_RANDOM;
	if (hs->undated) /* there is nothing to hold it against */
		return t < DAY ? CLOCK_WRONG : CLOCK_RANDOM;
	keeps = same_clock(f, &party->address, side, t - now);
	if (t - now <= DAY && now - t <= DAY)
		return CLOCK_PLAUSIBLE;
	if (t < DAY || keeps)
		return CLOCK_WRONG;
	if (side != SIDE_CLIENT || !puts_time(hs))
		return CLOCK_RANDOM;
	/* the time of a capture without a clock is nothing to hold it against */
	if (now < OLDEST_CAPTURE ? t >= OLDEST_CAPTURE : t < now && now - t <= YEARS)
		return CLOCK_SUSPECT;
	return CLOCK_RANDOM;
}

/* A random that is patterned or has come before holds no clock, whatever it reads as. */
static void read_clocks(struct fresh *f, struct handshake *hs)
{
	struct party *client = &hs->side[SIDE_CLIENT], *server = &hs->side[SIDE_SERVER];

	if (hs->client_hello.has_random && !hs->client_hello.sslv2_format)
		client->clock = read_clock(
			f, hs, SIDE_CLIENT, hs->client_hello.random, &client->clock_time);
	if (hs->server_hello.has_random)
		server->clock = read_clock(
			f, hs, SIDE_SERVER, hs->server_hello.random, &server->clock_time);
}

void fresh_note(struct fresh *f, struct handshake *hs)
{
	struct lookups l = { .n = 0 };
	uint64_t twin = find_twin(f, hs);

	gather_randoms(f, &l, hs);
	gather_session_id(f, &l, hs);
	gather_public_keys(f, &l, hs);
	gather_nonce(f, &l, hs);
	find_patterns(hs);
	look_up(f, &l, hs->id);
	doubt_nonce(f, hs);
	if (captured_twice(hs))
		hs->side[SIDE_CLIENT].repeats = hs->side[SIDE_SERVER].repeats =
			(struct repeats){ 0 };
	else if (twin != 0)
		forget_twin(hs, twin); /* nor is its clock a second reading */
	else
		read_clocks(f, hs);
}
