/* Hellos that are alike are one peer; what a server of a capture chose in several handshakes adds up. */
#include "cli/config_peers.h"

#include "base/arena.h"
#include "base/memory.h"
#include "client/profile.h"
#include "config/reading.h"
#include "diagnose/rule.h"
#include "door/captured.h"
#include "sandbox/sandbox.h"
#include "wire/record.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_BYTES = 256 << 10, MESSAGE_HEADER = 4 };

/* Of a server in a capture. */
struct seen_server {
	struct endpoint at;
	bool has_key;
	struct credential key;
};

struct peers {
	struct config_peer list[PEERS_MAX];
	struct seen_server server[PEERS_MAX]; /* of PEER_SERVER */
	struct build build[PEERS_NAMED_MAX];  /* of PEER_BUILD, in their order */
	struct config *config[PEERS_NAMED_MAX];
	size_t n, n_builds, left_out;
	struct arena *names;
};

bool peers_add(struct peers_named *p, const char *name, struct err *e)
{
	if (p->n == PEERS_NAMED_MAX)
		return err_set(e, ERR_USAGE, 0, "more than %d peers are named", PEERS_NAMED_MAX);
	p->list[p->n++] = name;
	return true;
}

static bool is_all(const char *name)
{
	return strcmp(name, "all") == 0;
}

static bool is_file(const char *name)
{
	return !is_all(name) && hello_profile_find(name) == NULL;
}

void peers_guard(const struct peers_named *p, struct file_guard *g)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_file(p->list[i]))
			guard_reads_source(g, "--with-peer reads", p->list[i]);
}

static struct config_peer *add(struct peers *p)
{
	if (p->n < PEERS_MAX)
		return &p->list[p->n++];
	p->left_out++;
	return NULL;
}

/* ---- known stacks ---- */

static void add_profile(struct peers *p, const struct hello_profile *profile)
{
	struct config_peer *peer = add(p);
	struct client_hello hello = { 0 };
	struct record_header h = { 0 };
	struct parse_err why = { 0 };
	struct cur body;

	if (peer == NULL)
		return;
	(void)record_parse_header(profile->records, &h);
	body = cur_init(bytes_slice(profile->records, RECORD_HEADER + MESSAGE_HEADER,
				(size_t)h.length - MESSAGE_HEADER),
		&why);
	(void)parse_client_hello(&body, &hello);
	peer->kind = PEER_KNOWN;
	peer->name = profile->name;
	peer->title = profile->title;
	terms_of_hello(&hello, h.length, &peer->terms);
}

static void add_profiles(struct peers *p, const char *name)
{
	size_t n;
	const struct hello_profile *all = hello_profiles(&n);

	for (size_t i = 0; is_all(name) && i < n; i++)
		add_profile(p, &all[i]);
	if (!is_all(name))
		add_profile(p, hello_profile_find(name));
}

/* ---- captures ---- */

static struct config_peer *find_alike(
	struct peers *p, enum config_peer_kind kind, const struct terms *terms)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].kind == kind && terms_equal(&p->list[i].terms, terms))
			return &p->list[i];
	return NULL;
}

static void see_client(struct peers *p, const struct handshake *hs)
{
	const struct client_hello *hello = &hs->client_hello;
	char address[ENDPOINT_TEXT];
	struct terms terms;
	struct config_peer *peer;

	terms_of_hello(hello, hs->side[SIDE_CLIENT].largest_record, &terms);
	if (terms.n_suites == 0 || find_alike(p, PEER_CLIENT, &terms) != NULL ||
		(peer = add(p)) == NULL)
		return;
	endpoint_address_text(&hs->side[SIDE_CLIENT].address, address);
	peer->kind = PEER_CLIENT;
	peer->name = arena_str(p->names, address);
	peer->title = hs->looks.name;
	peer->handshake = hs->id;
	peer->terms = terms;
}

static struct config_peer *server_at(struct peers *p, const struct handshake *hs)
{
	const struct endpoint *at = &hs->side[SIDE_SERVER].address;
	char address[ENDPOINT_TEXT];
	struct config_peer *peer;

	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].kind == PEER_SERVER && endpoint_equal(&p->server[i].at, at))
			return &p->list[i];
	if ((peer = add(p)) == NULL)
		return NULL;
	endpoint_text(at, address);
	peer->kind = PEER_SERVER;
	peer->name = arena_str(p->names, address);
	p->server[peer - p->list].at = *at;
	return peer;
}

static void see_server(struct peers *p, const struct handshake *hs)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);
	struct terms_choice choice = { .version = hs->version,
		.suite = hs->has_suite ? hs->suite_value : 0,
		.scheme = hs->ske.has_scheme ? hs->ske.scheme : 0 };
	struct config_peer *peer = server_at(p, hs);
	struct seen_server *seen = peer != NULL ? &p->server[peer - p->list] : NULL;
	struct place at;

	if (seen == NULL)
		return;
	if (!server_group(hs, &choice.group, &at))
		choice.group = 0;
	terms_add_choice(&peer->terms, &choice);
	if (c != NULL && (c->key == KEY_EC || c->key == KEY_RSA)) {
		seen->has_key = true;
		seen->key = (struct credential){ c->key, c->key_group };
	}
	if ((long)hs->side[SIDE_SERVER].largest_record > peer->longest)
		peer->longest = (long)hs->side[SIDE_SERVER].largest_record;
}

static void see(void *ctx, const struct examined *ex)
{
	struct peers *p = ctx;
	const struct handshake *hs = ex->hs;

	if (hs->client_hello.seen && !message_partial(hs, SIDE_CLIENT, HS_CLIENT_HELLO))
		see_client(p, hs);
	if (hs->server_hello.seen && hs->has_suite)
		see_server(p, hs);
}

static const char *stop(void *ctx)
{
	(void)ctx;
	return sandbox_broken();
}

static bool add_capture(struct peers *p, const char *path, struct err *e)
{
	struct captured_reader reader = { see, p, stop };
	size_t before = p->n + p->left_out;
	uint64_t dtls;

	if (!captured_read(path, &reader, &dtls, e))
		return err_context(e, "--with-peer");
	return p->n + p->left_out != before ||
	       err_set(e, ERR_INPUT, 0, "--with-peer: '%s' holds no ClientHello and no ServerHello",
		       path);
}

/* ---- configurations ---- */

/* True, with nothing added, where the file is none. */
static bool add_config(struct peers *p, const char *path, struct err *e)
{
	struct config *c = config_open(path, e);
	struct config_reading reading;
	struct config_peer *peer;

	if (c == NULL)
		return e->code != ERR_MEMORY;
	if (config_count(c).mbedtls == 0) {
		config_close(c);
		return true;
	}
	p->config[p->n_builds] = c;
	if (!config_reading_of(c, &reading, e))
		return false;
	p->build[p->n_builds++] = reading.build;
	if ((peer = add(p)) == NULL)
		return true;
	peer->kind = PEER_BUILD;
	peer->name = path;
	peer->config = c;
	terms_of_build(&reading.build, &peer->terms);
	return true;
}

static bool add_file(struct peers *p, const char *path, struct err *e)
{
	size_t builds = p->n_builds;

	if (!add_config(p, path, e))
		return false;
	return p->n_builds != builds || add_capture(p, path, e);
}

/* ---- all of them ---- */

static bool add_named(struct peers *p, const struct peers_named *named, struct err *e)
{
	for (size_t i = 0; i < named->n; i++)
		if (!is_file(named->list[i]))
			add_profiles(p, named->list[i]);
		else if (!add_file(p, named->list[i], e))
			return false;
	return true;
}

struct peers *peers_open(const struct peers_named *named, struct err *e)
{
	struct peers *p = memory_zeroed(1, sizeof *p);

	if (p == NULL || (p->names = arena_new(NAMES_BYTES)) == NULL) {
		err_set(e, ERR_MEMORY, 0, "out of memory");
		peers_close(p);
		return NULL;
	}
	if (add_named(p, named, e))
		return p;
	peers_close(p);
	return NULL;
}

void peers_close(struct peers *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < PEERS_NAMED_MAX; i++)
		config_close(p->config[i]);
	arena_free(p->names);
	free(p);
}

size_t peers_left_out(const struct peers *p)
{
	return p->left_out;
}

/* ---- meetings ---- */

static void meet_as_server(struct config_peer *peer, const struct build *b,
	const struct terms *client, const struct credential *own, size_t n_own)
{
	if (!b->server)
		return;
	for (size_t i = 0; i < n_own && i < MEETINGS_MAX; i++)
		meet_client_with(b, client, &own[i], &peer->met[peer->n_met++]);
	if (n_own == 0)
		peer->n_met += meet_client(b, client, &peer->met[peer->n_met]);
}

static void meet_build(struct config_peer *peer, const struct build *b, const struct build *other,
	const struct credential *own, size_t n_own)
{
	if (other->client)
		meet_as_server(peer, b, &peer->terms, own, n_own);
	if (other->server)
		peer->n_met += meet_server(b, &peer->terms, NULL, 0, &peer->met[peer->n_met]);
}

const struct config_peer *peers_meet(struct peers *p, const struct build *b,
	const struct credential *own, size_t n_own, size_t *n)
{
	size_t builds = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct config_peer *peer = &p->list[i];
		const struct seen_server *seen = &p->server[i];

		peer->n_met = 0;
		if (peer->kind == PEER_BUILD)
			meet_build(peer, b, &p->build[builds++], own, n_own);
		else if (peer->kind == PEER_SERVER)
			peer->n_met = meet_server(b, &peer->terms,
				seen->has_key ? &seen->key : NULL, peer->longest, peer->met);
		else
			meet_as_server(peer, b, &peer->terms, own, n_own);
	}
	*n = p->n;
	return p->list;
}
