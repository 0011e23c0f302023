/*
 * The facts that need arithmetic. Who is verified is decided in order, by one thread, so that a
 * report does not depend on how many work; the proofs themselves are independent of each other.
 */
#include "session/prove.h"

#include "base/table.h"
#include "session/prove_alike.h"
#include "session/prove_groups.h"
#include "session/prove_memo.h"
#include "session/prove_printed.h"
#include "session/prove_ration.h"
#include "session/prove_signature.h"
#include "session/prove_time.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* A bounded count of completed handshakes by server key, and of a log's by how they ended. When a table
 * of that size is full the count begins anew, which only verifies more than was promised. */
enum { SERVER_KEYS = 4096, SERVER_KEYS_MAX = SERVER_KEYS * 3 / 4 };

/* Chains under way, at their estimated cost, before prover_settle() is due: enough for every processor,
 * a tenth of what a run has at its start. */
enum { UNDER_WAY_MAX = RATION_START / 10 };

struct server_key {
	uint64_t hash; /* 0: free */
	unsigned verified;
};

struct prover {
	struct evidence ev;
	int64_t today; /* seconds since 1970: no capture is of a later day */
	struct link_memory *links;
	struct chain_memo *chains;
	struct group_memo *groups;
	struct server_key keys[SERVER_KEYS];
	size_t n_keys;
	unsigned beyond; /* completed ones verified although their key had its share */
	struct prove_totals totals;
	atomic_uint_fast64_t chains_left_out, properties_cut;
	uint64_t bytes;     /* of handshakes so far: the ration grows with them */
	uint64_t spent;     /* on signatures; links and groups count by themselves */
	uint64_t under_way; /* chains of handshakes that were wanted and are not settled */
};

struct prover *prover_open(const struct evidence *ev)
{
	struct prover *p = memory_new(sizeof *p);

	if (p == NULL)
		return NULL;
	p->ev = *ev;
	p->today = (int64_t)time(NULL);
	p->links = link_memory_open();
	p->chains = chain_memo_open();
	p->groups = group_memo_open();
	atomic_init(&p->chains_left_out, 0);
	atomic_init(&p->properties_cut, 0);
	if (p->links == NULL || p->chains == NULL || p->groups == NULL) {
		prover_close(p);
		return NULL;
	}
	return p;
}

void prover_close(struct prover *p)
{
	if (p == NULL)
		return;
	link_memory_close(p->links);
	chain_memo_close(p->chains);
	group_memo_close(p->groups);
	free(p);
}

struct prove_totals prover_totals(const struct prover *p)
{
	struct prove_totals t = p->totals;

	t.chains_left_out = atomic_load(&p->chains_left_out);
	t.properties_cut = atomic_load(&p->properties_cut);
	t.links = link_memory_totals(p->links).verified;
	t.groups = group_memo_totals(p->groups).tested;
	return t;
}

/* ---- the ration ---- */

static uint64_t left_of(uint64_t whole, uint64_t used)
{
	return used < whole ? whole - used : 0;
}

static uint64_t ration(const struct prover *p)
{
	return RATION_START + p->bytes * RATION_PER_KIB / 1024;
}

static uint64_t ration_left(const struct prover *p)
{
	return left_of(ration(p), p->spent + p->under_way + link_memory_totals(p->links).cost +
					  group_memo_totals(p->groups).cost);
}

/* Takes what the signatures and chains of the handshake need; false: it is not there. */
static bool take_ration(struct prover *p, const struct handshake *hs)
{
	unsigned signatures = ration_signatures(hs), chains = ration_chains(hs);

	if (p->ev.verify != VERIFY_ALL && signatures + chains > ration_left(p))
		return false;
	p->spent += signatures;
	p->under_way += chains;
	return true;
}

static void take_group(struct prover *p, struct handshake *hs)
{
	uint64_t left = left_of(ration(p) / RATION_GROUPS, group_memo_totals(p->groups).cost);

	if (!hs->ske.seen || hs->ske.dh_p.len == 0)
		return;
	if (left > ration_left(p))
		left = ration_left(p);
	if (p->ev.verify == VERIFY_ALL)
		left = UINT64_MAX;
	hs->dh_left_out = !group_memo_claim(p->groups, hs->ske.dh_p, left);
	p->totals.groups_left_out += hs->dh_left_out;
}

bool prover_full(const struct prover *p)
{
	return p->under_way >= UNDER_WAY_MAX;
}

void prover_settle(struct prover *p)
{
	p->under_way = 0;
}

/* ---- who is verified ---- */

static const struct cert *leaf_of(const struct handshake *hs, enum side s)
{
	return hs->side[s].n_certs != 0 ? hs->side[s].certs[0] : NULL;
}

/* Where TLS 1.3 or a resumption hides the certificate, the server's address stands for its key. */
static uint64_t server_key_hash(const struct handshake *hs)
{
	const struct cert *leaf = leaf_of(hs, SIDE_SERVER);
	uint8_t address[sizeof hs->side[SIDE_SERVER].address.addr +
			sizeof hs->side[SIDE_SERVER].address.port];

	if (leaf != NULL && leaf->spki.len != 0)
		return table_hash(leaf->spki);
	memcpy(address, hs->side[SIDE_SERVER].address.addr,
		sizeof hs->side[SIDE_SERVER].address.addr);
	memcpy(address + sizeof hs->side[SIDE_SERVER].address.addr,
		&hs->side[SIDE_SERVER].address.port, sizeof hs->side[SIDE_SERVER].address.port);
	return table_hash(bytes_of(address, sizeof address));
}

static struct server_key *find_key(struct prover *p, uint64_t hash)
{
	size_t i = hash % SERVER_KEYS;

	hash |= 1; /* 0 is free */
	if (p->n_keys == SERVER_KEYS_MAX) {
		memset(p->keys, 0, sizeof p->keys);
		p->n_keys = 0;
	}
	while (p->keys[i].hash != 0 && p->keys[i].hash != hash)
		i = (i + 1) % SERVER_KEYS;
	if (p->keys[i].hash == 0) {
		p->keys[i].hash = hash;
		p->n_keys++;
	}
	return &p->keys[i];
}

/* Is there anything to verify? A TLS 1.3 handshake has a point, a resumed one nothing. */
static bool has_proofs(const struct handshake *hs)
{
	uint16_t group;
	struct bytes key;
	struct place at;

	return hs->side[SIDE_SERVER].n_certs != 0 || hs->side[SIDE_CLIENT].n_certs != 0 ||
	       hs->ske.seen || hs->side[SIDE_CLIENT].verify.seen ||
	       hs->side[SIDE_SERVER].verify.seen || handshake_server_public(hs, &group, &key, &at);
}

static const char alike[] = "64 that ended in the same way were verified already";

/* Was it one of the first so many of that hash? Then it counts. */
static bool is_among(struct prover *p, uint64_t hash, unsigned most)
{
	struct server_key *key = find_key(p, hash);

	if (key->verified >= most)
		return false;
	key->verified++;
	return true;
}

/*
 * A log is large for what it says, and a device that fails does so again and again. Of a capture all failures are
 * verified, as far as the ration goes.
 */
static const char *why_not_of_log(struct prover *p, const struct handshake *hs)
{
	bool first = is_among(p, alike_hash(server_key_hash(hs), hs), VERIFY_AUTO_ALIKE);

	return first ? NULL : alike;
}

static const char *why_not(struct prover *p, const struct handshake *hs)
{
	if (p->ev.verify == VERIFY_NONE)
		return "--verify=none";
	if (p->ev.verify == VERIFY_ALL)
		return NULL;
	if (hs->logged)
		return why_not_of_log(p, hs);
	if (hs->outcome != OUTCOME_COMPLETED)
		return NULL;
	if (is_among(p, server_key_hash(hs), VERIFY_AUTO_COMPLETED))
		return NULL;
	if (p->beyond == VERIFY_AUTO_BEYOND)
		return "16 completed ones of this key were verified already";
	p->beyond++;
	return NULL;
}

/* There is a signature of that side's, and the key that it is verified with. */
static bool has_signature(const struct handshake *hs, enum side s)
{
	bool signs = hs->side[s].verify.seen ||
		     (s == SIDE_SERVER && hs->ske.seen && hs->ske.has_signature);

	return signs && hs->side[s].n_certs != 0;
}

/* What of it there is to verify: TLS 1.3 shows no more than the points. */
static void count_verified(struct prove_totals *t, const struct handshake *hs)
{
	uint16_t group;
	struct bytes key;
	struct place at;

	t->verified++;
	t->with_signature += has_signature(hs, SIDE_CLIENT) || has_signature(hs, SIDE_SERVER);
	t->with_point += handshake_server_public(hs, &group, &key, &at) ||
			 (hs->ske.seen && hs->ske.dh_p.len != 0) ||
			 (hs->cke.seen && hs->cke.public_key.len != 0);
	t->with_chain += hs->side[SIDE_SERVER].n_certs != 0 || hs->side[SIDE_CLIENT].n_certs != 0;
}

bool prover_wants(struct prover *p, struct handshake *hs)
{
	hs->proved = true;
	hs->not_proved_why = NULL;
	if (!has_proofs(hs)) {
		hs->proved = p->ev.verify != VERIFY_NONE;
		hs->not_proved_why = hs->proved ? NULL : "--verify=none";
		return hs->proved;
	}
	p->bytes += ration_bytes(hs);
	hs->not_proved_why = why_not(p, hs);
	hs->proved = hs->not_proved_why == NULL;
	if (!hs->proved) {
		if (hs->not_proved_why == alike)
			p->totals.alike++;
		else
			p->totals.not_verified++;
		return false;
	}
	hs->proved = take_ration(p, hs);
	if (!hs->proved) {
		hs->not_proved_why = "so much was to be verified before that the run's ration was "
				     "used up (--verify=all has none)";
		p->totals.left_out++;
		return false;
	}
	take_group(p, hs);
	count_verified(&p->totals, hs);
	return true;
}

/* ---- points ---- */

/* The curve of the client's share: the one the server chose, or that of its static key. */
static uint16_t client_group(const struct handshake *hs)
{
	const struct cert *leaf = leaf_of(hs, SIDE_SERVER);

	if (hs->suite == NULL)
		return 0;
	if (hs->suite->kx == KX_ECDHE || hs->suite->kx == KX_ECDHE_PSK)
		return hs->ske.group; /* 0: none was read */
	return hs->suite->kx == KX_ECDH && leaf != NULL ? leaf->key_group : 0;
}

static void prove_points(struct prover *p, struct handshake *hs)
{
	uint16_t group;
	struct bytes key;
	struct place at;

	if (handshake_server_public(hs, &group, &key, &at))
		hs->side[SIDE_SERVER].point = crypto_point_check(group, key);
	hs->side[SIDE_CLIENT].point = crypto_point_check(client_group(hs), hs->cke.public_key);
	if (!hs->ske.seen || hs->ske.dh_p.len == 0)
		return;
	if (hs->dh_left_out)
		group_look(hs->ske.dh_p, hs->ske.dh_g, hs->ske.public_key, &hs->dh);
	else
		group_memo_check(
			p->groups, hs->ske.dh_p, hs->ske.dh_g, hs->ske.public_key, &hs->dh);
}

/* ---- chains ---- */

/* RFC 5246 7.4.2, RFC 8422 2: what the leaf's key does in this key exchange. */
static unsigned server_key_usage(const struct handshake *hs)
{
	if (hs->tls13)
		return KU_DIGITAL_SIGNATURE;
	if (hs->suite == NULL)
		return 0;
	switch (hs->suite->kx) {
	case KX_RSA:
	case KX_RSA_PSK:
		return KU_KEY_ENCIPHERMENT;
	case KX_DH:
	case KX_ECDH:
		return KU_KEY_AGREEMENT;
	case KX_DHE:
	case KX_ECDHE:
	case KX_SRP:
	case KX_TLS13:
		return KU_DIGITAL_SIGNATURE;
	case KX_UNKNOWN:
	case KX_NULL:
	case KX_PSK:
	case KX_DHE_PSK:
	case KX_ECDHE_PSK:
	case KX_ECJPAKE:
	case KX_KRB5:
	case KX_GOST:
	case KX_ECCPWD:
		break;
	}
	return 0;
}

/* --name, else what the client says it wants, else what it asked for. A name with a NUL inside is no name. */
static const char *name_of(
	const struct prover *p, const struct handshake *hs, char room[static 256])
{
	struct bytes sni = hs->client_hello.ext.server_name;

	if (p->ev.name != NULL)
		return p->ev.name;
	if (hs->reference_name != NULL)
		return hs->reference_name;
	if (!hs->client_hello.ext.has_server_name || sni.len == 0 || sni.len > 255 ||
		memchr(sni.data, '\0', sni.len) != NULL)
		return NULL;
	memcpy(room, sni.data, sni.len);
	room[sni.len] = '\0';
	return room;
}

/* What somebody may have minded, where somebody gave up. */
static void find_properties(
	struct prover *p, struct handshake *hs, enum side s, const struct chain_question *q)
{
	struct property_question pq = { .sent = q->sent,
		.n_sent = q->n_sent,
		.chain = &hs->side[s].chain,
		.trust = q->trust,
		.at = q->at,
		.name = q->name,
		.rsa_exchange = s == SIDE_SERVER && hs->suite != NULL && hs->suite->kx == KX_RSA };

	if (hs->outcome != OUTCOME_FAILED)
		return;
	properties_find(&pq, &hs->side[s].properties);
	if (hs->side[s].properties.cut)
		atomic_fetch_add(&p->properties_cut, 1);
}

static void judge_chain(struct prover *p, struct handshake *hs, enum side s)
{
	char room[256];
	struct chain_question q = {
		.sent = hs->side[s].certs,
		.n_sent = hs->side[s].n_certs,
		.trust = p->ev.trust,
		.verify_signatures = hs->proved,
		.all_links = p->ev.verify == VERIFY_ALL,
		.purpose = s == SIDE_SERVER ? PURPOSE_SERVER : PURPOSE_CLIENT,
		.key_usage = s == SIDE_SERVER ? server_key_usage(hs) : KU_DIGITAL_SIGNATURE,
	};

	if (hs->side[s].n_certs + hs->side[s].n_printed == 0)
		return;
	q.at = prove_time(&p->ev, p->today, hs, s);
	q.name = s == SIDE_SERVER ? name_of(p, hs, room) : NULL;
	printed_judge(hs, s, prove_may_be_now(q.at, p->today) ? q.at : 0, q.name);
	if (hs->side[s].n_certs == 0)
		return;
	chain_memo_judge(p->chains, p->links, &q, &hs->side[s].chain);
	prove_doubt_dates(&p->ev, p->today, hs, &hs->side[s].chain);
	if (hs->side[s].chain.end == PATH_UNKNOWN)
		atomic_fetch_add(&p->chains_left_out, 1);
	find_properties(p, hs, s, &q);
}

/* ---- what the user gave ---- */

static bool given(const struct prover *p, const struct cert *leaf)
{
	for (size_t i = 0; i < p->ev.n_certs && leaf != NULL; i++)
		if (bytes_equal(p->ev.certs[i]->der, leaf->der))
			return true;
	return false;
}

static bool key_is(const struct prover *p, const struct cert *leaf)
{
	return leaf != NULL && cert_same_key(leaf->spki, p->ev.key_spki);
}

/*
 * --cert and --key belong to the device, which may be either side: they are the client's when they
 * fit what the client sent, else they are held against the server's leaf.
 */
static void compare_given(const struct prover *p, struct handshake *hs)
{
	const struct cert *server = leaf_of(hs, SIDE_SERVER), *client = leaf_of(hs, SIDE_CLIENT);
	const struct cert *leaf = server != NULL && !given(p, client) ? server : client;

	if (leaf == NULL)
		return;
	if (p->ev.n_certs != 0)
		hs->cert_given = given(p, leaf) ? LINK_VALID : LINK_BAD;
	if (p->ev.key_unread)
		hs->key_given = LINK_UNVERIFIABLE;
	if (p->ev.key_spki.len == 0)
		return;
	if (key_is(p, leaf) || (p->ev.n_certs == 0 && key_is(p, client)))
		hs->key_given = LINK_VALID;
	else
		hs->key_given = leaf->spki.len != 0 ? LINK_BAD : LINK_UNVERIFIABLE;
}

void prover_know_link(
	struct prover *p, const uint8_t child[static 32], const uint8_t issuer[static 32])
{
	link_memory_know(p->links, child, issuer);
}

void prove_handshake(struct prover *p, struct handshake *hs)
{
	compare_given(p, hs);
	read_signatures(hs);
	judge_chain(p, hs, SIDE_SERVER);
	judge_chain(p, hs, SIDE_CLIENT);
	if (!hs->proved)
		return;
	prove_points(p, hs);
	prove_signature(hs, SIDE_SERVER);
	prove_signature(hs, SIDE_CLIENT);
}
