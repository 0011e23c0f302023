/* Fills the facts as a capture of that handshake would, message by message. */
#include "rules/facts.h"

#include "base/array.h"
#include "diagnose/configured.h"
#include "diagnose/contrast.h"
#include "rules/near.h"
#include "rules/said.h"

#include <stdio.h>
#include <stdlib.h>

static const uint8_t point[65] = { 0x04, 0x11 };
static const uint8_t der[4] = { 0x30, 0x02, 0x05, 0x00 };
static const uint8_t ecdsa[8] = { 0x30, 0x06, 0x02, 0x01, 0x11, 0x02, 0x01, 0x22 };

/* Behind the text stands what nobody may look at: more of the same kind. */
struct bytes text_bytes(const char *text)
{
	static char pool[1 << 20];
	static size_t used;
	static const char behind[] = ":.*-/@ 1a\xff";
	size_t len = strlen(text);
	char *copy = pool + used;

	if (sizeof pool - used < len + sizeof behind)
		return bytes_of(text, len);
	memcpy(copy, text, len);
	memcpy(copy + len, behind, sizeof behind);
	used += len + sizeof behind;
	return bytes_of(copy, len);
}

struct u16s list_of(const struct handshake *hs, size_t n, const uint16_t *values)
{
	uint8_t *data = arena_alloc(hs->arena, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		data[2 * i] = (uint8_t)(values[i] >> 8);
		data[2 * i + 1] = (uint8_t)values[i];
	}
	return (struct u16s){ .raw = bytes_of(data, 2 * n), .at = 50 };
}

void add_extension(struct extensions *ext, uint16_t type)
{
	ext->present = true;
	ext->list[ext->n++] = (struct extension){ .type = type, .at = 100 };
}

/* ---- certificates ---- */

void name_cert(struct cert *c, const char *subject, const char *issuer)
{
	(void)snprintf(c->subject, sizeof c->subject, "%s", subject);
	(void)snprintf(c->issuer, sizeof c->issuer, "%s", issuer);
	c->self_issued = strcmp(subject, issuer) == 0;
}

static void fill_cert(struct cert *c, const char *subject, const char *issuer)
{
	name_cert(c, subject, issuer);
	c->der = c->spki = bytes_of(der, sizeof der);
	c->parsed = c->has_dates = true;
	c->version = 3;
	c->not_before = NOW - 2 * YEAR;
	c->not_after = NOW + 2 * YEAR;
	c->key = KEY_EC;
	c->key_bits = 256;
	c->key_group = 23;
	c->path_length = -1;
	c->has_authority_key_id = true;
	c->method = (struct signature_method){ SIG_ECDSA, HASH_SHA256 };
	(void)snprintf(c->key_name, sizeof c->key_name, "EC secp256r1");
	(void)snprintf(c->signature_name, sizeof c->signature_name, "ecdsa-with-SHA256");
}

static void fill_certs(struct facts *f)
{
	fill_cert(&f->leaf, "CN=device.example", "CN=Test Root");
	f->leaf.has_san = true;
	f->leaf.n_san = 1;
	f->leaf.san[0] = (struct san){ SAN_DNS, text_bytes("device.example") };
	(void)snprintf(f->leaf.common_name, sizeof f->leaf.common_name, "device.example");
	fill_cert(&f->middle, "CN=Test Issuer", "CN=Test Root");
	f->middle.has_basic_constraints = f->middle.ca = true;
	fill_cert(&f->root, "CN=Test Root", "CN=Test Root");
	f->root.has_basic_constraints = f->root.ca = true;
	fill_cert(&f->client_leaf, "CN=client.example", "CN=Test Root");
}

/* The path from that leaf to the root, as a verifier with the CA file would find it. */
static void judge(struct facts *f, struct chain_judgement *j, const struct cert *leaf_cert)
{
	*j = (struct chain_judgement){
		.judged = true,
		.n_steps = 2,
		.end = PATH_TRUSTED,
		.has_trust = true,
		.at = NOW,
	};
	j->step[0] = (struct path_step){ .cert = leaf_cert, .signature = LINK_VALID };
	j->step[1] = (struct path_step){ .cert = &f->root, .sent_index = -1, .trusted = true };
}

static void send_cert(struct handshake *hs, enum side s, const struct cert *c)
{
	struct certificate_message *m = &hs->side[s].certificate;

	m->seen = true;
	m->entry[m->n] = c->der;
	m->at[m->n++] = 6;
	hs->side[s].certs[hs->side[s].n_certs++] = c;
}

/* ---- the healthy handshake ---- */

static uint64_t packet(const struct handshake *hs, uint64_t in_first)
{
	return in_first + 100 * (hs->id - 1);
}

static struct event *say(struct handshake *hs, enum event_kind kind, enum side from, uint64_t at)
{
	struct event *ev = &hs->events[hs->n_events++];

	assert_true(hs->n_events <= FACTS_EVENTS);
	*ev = (struct event){
		.kind = kind,
		.from = from,
		.packet = packet(hs, at),
		.time = hs->start + (int64_t)at * 1000000,
		.n_records = 1,
		.length = 90,
		.record_length = 94,
		.record_version = 0x0303,
	};
	return ev;
}

static void say_message(struct handshake *hs, enum side from, uint8_t type, uint64_t at)
{
	say(hs, EVENT_MESSAGE, from, at)->type = type;
	hs->side[from].begun |= UINT32_C(1) << type;
}

static void fill_client_hello(struct handshake *hs)
{
	struct client_hello *hello = &hs->client_hello;
	static const uint16_t sent[] = { EXT_SERVER_NAME, EXT_SUPPORTED_GROUPS,
		EXT_SIGNATURE_ALGORITHMS, EXT_EXTENDED_MASTER_SECRET };

	hello->seen = hello->has_random = true;
	hello->version = 0x0303;
	memset(hello->random, 0x20 + (int)hs->id, sizeof hello->random);
	hello->suites = LIST(hs, 0xc02b, 0xc02f, 0x00ff);
	hello->ext.has_server_name = hello->ext.has_groups = hello->ext.has_schemes = true;
	hello->ext.server_name = text_bytes("device.example");
	hello->ext.groups = LIST(hs, 29, 23, 24);
	hello->ext.schemes = LIST(hs, 0x0403, 0x0503, 0x0603, 0x0401);
	hello->ext.extended_master_secret = true;
	hello->ext.selected_identity = -1;
	for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++)
		add_extension(&hello->ext, sent[i]);
	say_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO, PACKET_CLIENT_HELLO);
}

static void fill_server_hello(struct handshake *hs)
{
	struct server_hello *hello = &hs->server_hello;

	hello->seen = hello->has_random = hello->has_suite = true;
	hello->version = 0x0303;
	memset(hello->random, 0x50 + (int)hs->id, sizeof hello->random);
	hello->suite = 0xc02b;
	hello->ext.has_renegotiation_info = hello->ext.extended_master_secret = true;
	hello->ext.selected_identity = -1;
	add_extension(&hello->ext, EXT_RENEGOTIATION_INFO);
	add_extension(&hello->ext, EXT_EXTENDED_MASTER_SECRET);
	hs->version = 0x0303;
	hs->alpn.from = FROM_CLEAR;
	hs->has_suite = hs->resumed_known = true;
	hs->suite_value = 0xc02b;
	hs->suite = suite_find(0xc02b);
	say_message(hs, SIDE_SERVER, HS_SERVER_HELLO, PACKET_SERVER_HELLO);
}

static void fill_key_exchange(struct handshake *hs)
{
	hs->ske = (struct server_key_exchange){
		.seen = true,
		.kx = KX_ECDHE,
		.params = bytes_of(point, sizeof point),
		.has_curve_type = true,
		.curve_type = 3,
		.has_group = true,
		.group = 23,
		.public_key = bytes_of(point, sizeof point),
		.public_at = 4,
		.has_scheme = true,
		.scheme = 0x0403,
		.scheme_at = 69,
		.has_signature = true,
		.signature = bytes_of(ecdsa, sizeof ecdsa),
		.signature_at = 73,
	};
	hs->proved = true;
	hs->side[SIDE_SERVER].proof = (struct signature_proof){
		.signature = { PROOF_VALID, NULL },
		.method = { SIG_ECDSA, HASH_SHA256 },
		.ecdsa = { .readable = true, .strict_der = true, .r_bits = 255, .s_bits = 256 },
	};
	hs->side[SIDE_SERVER].point = POINT_ON_CURVE;
	say_message(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, PACKET_KEY_EXCHANGE);
	say_message(hs, SIDE_SERVER, HS_SERVER_HELLO_DONE, PACKET_KEY_EXCHANGE);
	hs->server_hello_done = true;
	hs->cke = (struct client_key_exchange){
		.seen = true, .public_key = bytes_of(point, sizeof point), .public_at = 1
	};
	hs->side[SIDE_CLIENT].point = POINT_ON_CURVE;
	say_message(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE, PACKET_CLIENT_FLIGHT);
}

static void fill_finished(struct handshake *hs)
{
	static const enum side order[] = { SIDE_CLIENT, SIDE_SERVER };

	for (size_t i = 0; i < 2; i++) {
		uint64_t at = PACKET_CLIENT_FLIGHT + 2 * i;

		(void)say(hs, EVENT_CHANGE_CIPHER_SPEC, order[i], at);
		say(hs, EVENT_PROTECTED, order[i], at)->content_type = CONTENT_HANDSHAKE;
		hs->side[order[i]].ccs = true;
		hs->side[order[i]].protected_records = 1;
	}
}

struct handshake *facts_add(struct facts *f)
{
	size_t i = f->file.n_kept++;
	struct handshake *hs = &f->hs[i];

	hs->id = i + 1;
	hs->input = 1;
	hs->arena = f->arena;
	hs->events = f->events[i];
	hs->side[SIDE_CLIENT].address =
		(struct endpoint){ 4, { 192, 0, 2, 10 }, (uint16_t)(50000 + i) };
	hs->side[SIDE_SERVER].address = f->file.server;
	hs->start = (NOW + (int64_t)i) * 1000000000;
	hs->end = hs->ended_time = hs->start + 500000000;
	hs->first_packet = packet(hs, PACKET_CLIENT_HELLO);
	hs->last_packet = packet(hs, PACKET_FINISHED);
	hs->saw_syn = true;
	for (size_t s = 0; s < 2; s++)
		hs->side[s].tcp =
			(struct direction){ .syn = true, .bytes = 800, .window_min = UINT32_MAX };
	hs->client_hello_segments = 1;
	fill_client_hello(hs);
	fill_server_hello(hs);
	send_cert(hs, SIDE_SERVER, &f->leaf);
	judge(f, &hs->side[SIDE_SERVER].chain, &f->leaf);
	hs->side[SIDE_SERVER].chain.name = NAME_MATCHES;
	say_message(hs, SIDE_SERVER, HS_CERTIFICATE, PACKET_CERTIFICATE);
	fill_key_exchange(hs);
	fill_finished(hs);
	hs->has_last_message = true;
	hs->last_message = HS_CLIENT_KEY_EXCHANGE;
	hs->side[SIDE_CLIENT].largest_record = 250;
	hs->side[SIDE_SERVER].largest_record = 700;
	hs->outcome = OUTCOME_COMPLETED;
	hs->ending = ENDING_SETTLED;
	f->kept[i] = &f->examined[i];
	f->examined[i].hs = hs;
	return hs;
}

int facts_setup(void **state)
{
	struct facts *f = calloc(1, sizeof *f);

	if (f == NULL)
		return -1;
	f->arena = arena_new(8 << 20);
	fill_certs(f);
	f->evidence.trust_given = true;
	f->file = (struct case_file){
		.server = { 4, { 192, 0, 2, 1 }, 443 },
		.kept = f->kept,
		.evidence = &f->evidence,
		.bystander = false,
		.arena = f->arena,
	};
	(void)facts_add(f);
	*state = f;
	return 0;
}

void facts_configure(struct facts *f, const char *text)
{
	struct err e = { .code = ERR_NONE };

	config_close(f->config);
	f->config = config_read("config.h", bytes_of(text, strlen(text)), &e);
	assert_non_null(f->config);
	assert_true(config_reading_of(f->config, &f->reading, &e));
	f->evidence.config = &f->reading;
}

int facts_teardown(void **state)
{
	struct facts *f = *state;

	config_close(f->config);

	free(f->file.contrasts);
	arena_free(f->arena);
	free(f);
	return 0;
}

/* ---- changing it ---- */

struct event *event_of(struct handshake *hs, enum side from, uint8_t type)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == from &&
			hs->events[i].type == type)
			return &hs->events[i];
	return NULL;
}

static enum stage stage_of_event(const struct handshake *hs, const struct event *ev)
{
	if (ev->kind == EVENT_PROTECTED)
		return hs->tls13 && ev->from == SIDE_SERVER ? STAGE_SERVER_FLIGHT : STAGE_FINISHED;
	if (ev->kind == EVENT_CHANGE_CIPHER_SPEC)
		return STAGE_FINISHED;
	if (ev->from == SIDE_SERVER)
		return STAGE_SERVER_FLIGHT;
	return ev->type == HS_CLIENT_HELLO ? STAGE_CLIENT_HELLO : STAGE_CLIENT_FLIGHT;
}

static bool is_ending(const struct event *ev)
{
	return ev->kind == EVENT_ALERT || ev->kind == EVENT_FIN || ev->kind == EVENT_RST;
}

/* An ending before is none any more. */
static void cut_events(struct handshake *hs, enum stage stage)
{
	size_t kept = 0;

	for (size_t i = 0; i < hs->n_events; i++)
		if (!is_ending(&hs->events[i]) && stage_of_event(hs, &hs->events[i]) <= stage)
			hs->events[kept++] = hs->events[i];
	hs->n_events = kept;
	hs->has_last_message = false;
	hs->side[SIDE_CLIENT].begun = hs->side[SIDE_SERVER].begun = 0;
	for (size_t i = 0; i < kept; i++)
		if (hs->events[i].kind == EVENT_MESSAGE) {
			hs->side[hs->events[i].from].begun |= UINT32_C(1) << hs->events[i].type;
			hs->has_last_message = true;
			hs->last_message = hs->events[i].type;
		}
}

static void cut_server_flight(struct handshake *hs)
{
	memset(&hs->server_hello, 0, sizeof hs->server_hello);
	memset(&hs->side[SIDE_SERVER].certificate, 0, sizeof hs->side[SIDE_SERVER].certificate);
	memset(&hs->side[SIDE_SERVER].chain, 0, sizeof hs->side[SIDE_SERVER].chain);
	memset(&hs->ske, 0, sizeof hs->ske);
	memset(&hs->side[SIDE_SERVER].proof, 0, sizeof hs->side[SIDE_SERVER].proof);
	memset(&hs->certificate_request, 0, sizeof hs->certificate_request);
	hs->side[SIDE_SERVER].n_certs = 0;
	hs->side[SIDE_SERVER].protected_records = 0;
	hs->server_hello_done = hs->has_suite = hs->resumed_known = hs->tls13 = false;
	hs->suite = NULL;
	hs->version = 0;
	hs->side[SIDE_SERVER].largest_record = 0;
}

/* What was never sent because the handshake had ended before. */
static void cut(struct handshake *hs, enum stage stage)
{
	cut_events(hs, stage);
	hs->outcome = OUTCOME_FAILED;
	hs->side[SIDE_SERVER].ccs = false;
	if (!hs->tls13)
		hs->side[SIDE_SERVER].protected_records = 0;
	if (stage < STAGE_FINISHED) {
		hs->side[SIDE_CLIENT].ccs = false;
		hs->side[SIDE_CLIENT].protected_records = 0;
	}
	if (stage < STAGE_CLIENT_FLIGHT) {
		memset(&hs->cke, 0, sizeof hs->cke);
		memset(&hs->side[SIDE_CLIENT].verify, 0, sizeof hs->side[SIDE_CLIENT].verify);
		memset(&hs->side[SIDE_CLIENT].certificate, 0,
			sizeof hs->side[SIDE_CLIENT].certificate);
		memset(&hs->side[SIDE_CLIENT].chain, 0, sizeof hs->side[SIDE_CLIENT].chain);
		memset(&hs->side[SIDE_CLIENT].proof, 0, sizeof hs->side[SIDE_CLIENT].proof);
		hs->side[SIDE_CLIENT].n_certs = 0;
		hs->side[SIDE_CLIENT].point = POINT_UNCHECKED;
	}
	if (stage < STAGE_SERVER_FLIGHT)
		cut_server_flight(hs);
	if (stage < STAGE_CLIENT_HELLO)
		memset(&hs->client_hello, 0, sizeof hs->client_hello);
}

void end_with_alert(struct handshake *hs, enum stage stage, enum side by, uint8_t alert)
{
	cut(hs, stage);
	hs->n_alerts = 0; /* of an ending before */
	hs->ending = ENDING_ALERT;
	hs->ended_by = by;
	say(hs, EVENT_ALERT, by, PACKET_END)->alert = (struct alert){ 2, alert };
	hs->alerts[hs->n_alerts++] = (struct sent_alert){ .from = by,
		.level = 2,
		.code = alert,
		.packet = packet(hs, PACKET_END),
		.after = hs->has_last_message ? hs->last_message : 0xffff };
	hs->last_packet = packet(hs, PACKET_END);
}

void end_with(struct handshake *hs, enum stage stage, enum side by, enum ending ending)
{
	cut(hs, stage);
	hs->ending = ending;
	hs->ended_by = by;
	hs->last_packet = packet(hs, PACKET_END);
	if (ending == ENDING_FIN) {
		hs->side[by].tcp.fin = true;
		hs->side[by].tcp.fin_packet = hs->last_packet;
		(void)say(hs, EVENT_FIN, by, PACKET_END);
	} else if (ending == ENDING_RST) {
		hs->side[by].tcp.rst = true;
		hs->side[by].tcp.rst_packet = hs->last_packet;
		(void)say(hs, EVENT_RST, by, PACKET_END);
	}
}

void make_tls13(struct handshake *hs)
{
	struct extensions *ask = &hs->client_hello.ext, *got = &hs->server_hello.ext;

	cut(hs, STAGE_CLIENT_HELLO);
	hs->client_hello.suites = LIST(hs, 0x1301, 0x1302, 0xc02b);
	ask->has_versions = ask->has_key_share = true;
	ask->versions = LIST(hs, 0x0304, 0x0303);
	ask->shares[0] = (struct key_share){ 29, bytes_of(point, 32), 200 };
	ask->n_shares = 1;
	add_extension(ask, EXT_SUPPORTED_VERSIONS);
	add_extension(ask, EXT_KEY_SHARE);
	hs->server_hello = (struct server_hello){ .seen = true,
		.version = 0x0303,
		.has_random = true,
		.random = { 0x33 },
		.has_suite = true,
		.suite = 0x1301 };
	got->selected_version = 0x0304;
	got->has_key_share = true;
	got->shares[0] = (struct key_share){ 29, bytes_of(point, 32), 60 };
	got->n_shares = 1;
	got->selected_identity = -1;
	add_extension(got, EXT_SUPPORTED_VERSIONS);
	add_extension(got, EXT_KEY_SHARE);
	hs->tls13 = hs->has_suite = true;
	hs->version = 0x0304;
	hs->alpn.from = FROM_NOWHERE; /* its answer is encrypted */
	hs->suite_value = 0x1301;
	hs->suite = suite_find(0x1301);
	hs->side[SIDE_SERVER].point = POINT_ON_CURVE;
	hs->side[SIDE_SERVER].largest_record = 700;
	say_message(hs, SIDE_SERVER, HS_SERVER_HELLO, PACKET_SERVER_HELLO);
	say(hs, EVENT_PROTECTED, SIDE_SERVER, PACKET_CERTIFICATE)->content_type =
		CONTENT_APPLICATION_DATA;
	say(hs, EVENT_PROTECTED, SIDE_CLIENT, PACKET_FINISHED)->content_type =
		CONTENT_APPLICATION_DATA;
	hs->side[SIDE_SERVER].protected_records = hs->side[SIDE_CLIENT].protected_records = 1;
	hs->has_last_message = true;
	hs->last_message = HS_SERVER_HELLO;
	hs->outcome = OUTCOME_COMPLETED;
}

void refuse_in_tls13(struct facts *f, struct handshake *hs, int code, const char *at)
{
	make_tls13(hs);
	end_with(hs, STAGE_FINISHED, SIDE_CLIENT, ENDING_PROTECTED_ALERT);
	hs->side[SIDE_CLIENT].word = (struct library_word){
		.release = "mbedTLS 3.6.2", .code = code, .state = at, .verify_flags = 0
	};
	hs->side[SIDE_SERVER].certs[0] = &f->leaf;
	hs->side[SIDE_SERVER].n_certs = 1;
	hs->side[SIDE_SERVER].certs_from = FROM_TOLD;
	judge(f, &hs->side[SIDE_SERVER].chain, &f->leaf);
	hs->side[SIDE_SERVER].chain.name = NAME_MATCHES;
}

void make_retry(struct handshake *hs)
{
	make_tls13(hs);
	hs->hello_retry = hs->server_hello;
	hs->hello_retry.is_retry = true;
	hs->hello_retry.ext.shares[0] = (struct key_share){ .group = 29, .at = 60 };
	hs->client_hello_2 = hs->client_hello;
	hs->client_hello.ext.shares[0].group = 23;
}

static void ask_for_certificate(struct handshake *hs)
{
	hs->certificate_request = (struct certificate_request){
		.seen = true, .has_schemes = true, .schemes = LIST(hs, 0x0403, 0x0401)
	};
	say_message(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST, PACKET_KEY_EXCHANGE);
	say_message(hs, SIDE_CLIENT, HS_CERTIFICATE, PACKET_CLIENT_FLIGHT);
}

void make_mutual_empty(struct handshake *hs)
{
	ask_for_certificate(hs);
	hs->side[SIDE_CLIENT].certificate.seen = true;
}

void make_mutual(struct facts *f, struct handshake *hs)
{
	ask_for_certificate(hs);
	send_cert(hs, SIDE_CLIENT, &f->client_leaf);
	judge(f, &hs->side[SIDE_CLIENT].chain, &f->client_leaf);
	hs->side[SIDE_CLIENT].verify = (struct certificate_verify){
		.seen = true,
		.has_scheme = true,
		.scheme = 0x0403,
		.signature = bytes_of(ecdsa, sizeof ecdsa),
		.signature_at = 4,
	};
	hs->side[SIDE_CLIENT].proof = (struct signature_proof){
		.signature = { PROOF_VALID, NULL },
		.method = { SIG_ECDSA, HASH_SHA256 },
		.ecdsa = { .readable = true, .strict_der = true, .r_bits = 256, .s_bits = 254 },
		.transcript_whole = true,
	};
	say_message(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY, PACKET_CLIENT_FLIGHT);
}

void make_long_chain(struct facts *f, struct handshake *hs)
{
	struct chain_judgement *j = &hs->side[SIDE_SERVER].chain;

	name_cert(&f->leaf, "CN=device.example", "CN=Test Issuer");
	send_cert(hs, SIDE_SERVER, &f->middle);
	j->step[2] = j->step[1];
	j->step[1] =
		(struct path_step){ .cert = &f->middle, .sent_index = 1, .signature = LINK_VALID };
	j->n_steps = 3;
}

/* ---- asking ---- */

/*
 * Behind the last of each list stands what no rule may look at: who reads on sees all flags set, and
 * pointers that lead nowhere. Before a test goes on all of it is zero again.
 */
static void fill_behind(const void *list, size_t n, size_t most, size_t size, int byte)
{
	if (list != NULL && n < most)
		memset((char *)(uintptr_t)list + n * size, byte, (most - n) * size);
}

#define FILL_BEHIND(list, n, byte) fill_behind(list, n, COUNT(list), sizeof *(list), byte)

static void fill_behind_extensions(const struct extensions *ext, int byte)
{
	FILL_BEHIND(ext->list, ext->n, byte);
	FILL_BEHIND(ext->shares, ext->n_shares, byte);
	FILL_BEHIND(ext->alpn, ext->n_alpn, byte);
}

static void fill_behind_lists(const struct handshake *hs, int byte)
{
	fill_behind(hs->events, hs->n_events, FACTS_EVENTS, sizeof *hs->events, byte);
	FILL_BEHIND(hs->alerts, hs->n_alerts, byte);
	FILL_BEHIND(hs->gaps, hs->n_gaps, byte);
	for (unsigned side = 0; side < 2; side++) {
		const struct party *p = &hs->side[side];

		FILL_BEHIND(p->certs, p->n_certs, byte);
		FILL_BEHIND(p->chain.step, p->chain.n_steps, byte);
	}
	fill_behind_extensions(&hs->client_hello.ext, byte);
	fill_behind_extensions(&hs->client_hello_2.ext, byte);
	fill_behind_extensions(&hs->hello_retry.ext, byte);
	fill_behind_extensions(&hs->server_hello.ext, byte);
}

void expect_answer(
	const struct handshake *hs, enum check_id id, const char *status, const char *text)
{
	struct answer a = { .arena = hs->arena };

	near_check(hs, id);
	fill_behind_lists(hs, 0xff);
	a.status = checks[id]->run(hs, &a);
	fill_behind_lists(hs, 0);
	said_answer(id, &a);
	if (strcmp(status_name(a.status), status) != 0 || a.message == NULL ||
		strstr(a.message, text) == NULL)
		fail_msg("%s answers %s: '%s'", checks[id]->id, status_name(a.status),
			a.message != NULL ? a.message : "");
}

/* As the forensics do where they have the time: every bad point is looked at. */
static void take_apart(struct examined *ex)
{
	for (unsigned side = 0; side < 2; side++) {
		struct point_autopsy *a = &ex->autopsy.point[side];
		enum point_state state = ex->hs->side[side].point;

		if (state != POINT_UNCHECKED && state != POINT_ON_CURVE && !a->cut)
			a->done = true;
	}
}

void facts_examine_one(struct facts *f, size_t i)
{
	fill_behind_lists(&f->hs[i], 0xff);
	checks_run(&f->hs[i], false, f->examined[i].answers);
	fill_behind_lists(&f->hs[i], 0);
	take_apart(&f->examined[i]);
}

void facts_count(struct facts *f)
{
	uint64_t n[3] = { 0 };

	for (size_t i = 0; i < f->file.n_kept; i++)
		n[f->hs[i].outcome]++;
	f->file.n_completed = n[OUTCOME_COMPLETED];
	f->file.n_failed = n[OUTCOME_FAILED];
	f->file.n_incomplete = n[OUTCOME_INCOMPLETE];
	f->file.configured = configured_find(&f->file);
	contrast_keep(&f->file);
}

void facts_examine_quietly(struct facts *f)
{
	for (size_t i = 0; i < f->file.n_kept; i++)
		facts_examine_one(f, i);
	facts_count(f);
}

void facts_examine(struct facts *f)
{
	facts_examine_quietly(f);
	for (size_t i = 0; i < f->file.n_kept; i++)
		for (size_t id = 0; id < N_CHECKS; id++)
			said_answer((enum check_id)id, &f->examined[i].answers[id]);
}

void facts_use_arena(struct facts *f, struct arena *arena)
{
	f->arena = f->file.arena = arena;
	for (size_t i = 0; i < f->file.n_kept; i++)
		f->hs[i].arena = arena;
}

bool facts_ask(struct facts *f, enum cause_id id, struct finding *out)
{
	bool shown;

	*out = (struct finding){ .cause = causes[id],
		.origin = causes[id]->origin,
		.summary = causes[id]->summary,
		.severity = SEVERITY_ERROR,
		.confidence = CONFIDENCE_LIKELY };
	for (size_t i = 0; i < f->file.n_kept; i++)
		fill_behind_lists(&f->hs[i], 0xff);
	shown = cause_shows(causes[id], &f->file, out);
	for (size_t i = 0; i < f->file.n_kept; i++)
		fill_behind_lists(&f->hs[i], 0);
	return shown;
}

bool facts_show(struct facts *f, enum cause_id id)
{
	bool shown;

	near_cause(f, id);
	facts_examine(f);
	shown = facts_ask(f, id, &f->finding);
	if (shown)
		said_finding(&f->finding);
	return shown;
}

bool facts_innocent(struct facts *f, enum cause_id id)
{
	facts_examine(f);
	f->because = NULL;
	if (!causes[id]->innocent(&f->file, &f->because))
		return false;
	said_innocent(id, f->because);
	return true;
}

bool explains_check(const struct finding *f, enum check_id id)
{
	for (size_t i = 0; i < f->n_explains; i++)
		if (f->explains[i] == id)
			return true;
	return false;
}

static const struct proof_line *proof_of(const struct finding *f, const char *text)
{
	for (size_t i = 0; i < f->n_proof; i++)
		if (strstr(f->proof[i].text, text) != NULL)
			return &f->proof[i];
	return NULL;
}

bool proves(const struct finding *f, const char *text)
{
	return proof_of(f, text) != NULL;
}

uint64_t proof_packet(const struct finding *f, const char *text)
{
	const struct proof_line *line = proof_of(f, text);

	return line != NULL ? line->packet : 0;
}

bool advises(const struct finding *f, const char *text)
{
	for (size_t i = 0; i < f->n_steps; i++)
		if (strstr(f->next_steps[i], text) != NULL)
			return true;
	return false;
}
