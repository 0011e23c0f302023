/* One fact of a case at a time is another one, and the rule that a test asked is asked again. */
#include "rules/near.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "rules/said.h"

#include <stdio.h>
#include <stdlib.h>

/* A test that makes up many cases for one rule is not followed everywhere. PAIRS: see vary_pairs(). */
enum { CASES_MAX = 12, PAIRS = 500 };

enum where {
	OF_HANDSHAKE,
	OF_EVENT,
	OF_CLIENT_HELLO,
	OF_SERVER_HELLO,
	OF_LEAF,
	OF_CLIENT_LEAF,
	OF_LAST_STEP
};

enum how {
	FLAG,    /* the other way */
	NUMBER,  /* one more, one less */
	VALUE,   /* each up to `most` */
	ALERT,   /* each that there is */
	FEWER,   /* one less, and none */
	SHORTER, /* so many bytes: the same */
	DATE,    /* the first and the last second of the leaf's dates, and those around them */
};

struct field {
	const char *name;
	enum where where;
	enum how how;
	size_t at, size;
	unsigned most;
};

#define FIELD(where, type, member, how, most)                                                      \
	{                                                                                          \
#member, where, how, offsetof(struct type, member),                                \
			sizeof((struct type *)0)->member, most                                     \
	}
#define HS(member, how, most) FIELD(OF_HANDSHAKE, handshake, member, how, most)
#define STEP(n)                                                                                    \
	HS(side[SIDE_SERVER].chain.step[n].trusted, FLAG, 0),                                      \
		HS(side[SIDE_SERVER].chain.step[n].signature, VALUE, LINK_UNVERIFIABLE),           \
		HS(side[SIDE_SERVER].chain.step[n].expired, FLAG, 0),                              \
		HS(side[SIDE_SERVER].chain.step[n].not_yet, FLAG, 0),                              \
		HS(side[SIDE_SERVER].chain.step[n].ca_missing, FLAG, 0),                           \
		HS(side[SIDE_SERVER].chain.step[n].path_too_long, FLAG, 0),                        \
		HS(side[SIDE_SERVER].chain.step[n].weak_key, FLAG, 0),                             \
		HS(side[SIDE_SERVER].chain.step[n].very_weak_key, FLAG, 0),                        \
		HS(side[SIDE_SERVER].chain.step[n].weak_signature, FLAG, 0)
#define PARTY(s)                                                                                   \
	HS(side[s].clock, VALUE, CLOCK_WRONG), HS(side[s].clock_time, DATE, 0),                    \
		HS(side[s].chain.n_steps, FEWER, 0), HS(side[s].repeats.random, NUMBER, 0),        \
		HS(side[s].repeats.public_key, NUMBER, 0),                                         \
		HS(side[s].repeats.session_id, NUMBER, 0), HS(side[s].repeats.nonce, NUMBER, 0),   \
		HS(side[s].ccs, FLAG, 0), HS(side[s].protected_records, NUMBER, 0),                \
		HS(side[s].opened_records, NUMBER, 0), HS(side[s].refused_records, NUMBER, 0),     \
		HS(side[s].largest_record, NUMBER, 0), HS(side[s].record_oversized, FLAG, 0),      \
		HS(side[s].certificate.seen, FLAG, 0), HS(side[s].certs_from, VALUE, FROM_TOLD),   \
		HS(side[s].verify.seen, FLAG, 0), HS(side[s].verify.has_scheme, FLAG, 0),          \
		HS(side[s].verify.scheme, NUMBER, 0),                                              \
		HS(side[s].proof.signature.state, VALUE, PROOF_UNVERIFIABLE),                      \
		HS(side[s].proof.transcript_whole, FLAG, 0),                                       \
		HS(side[s].proof.ecdsa.readable, FLAG, 0),                                         \
		HS(side[s].proof.ecdsa.strict_der, FLAG, 0),                                       \
		HS(side[s].point, VALUE, POINT_LOW_ORDER), HS(side[s].chain.judged, FLAG, 0),      \
		HS(side[s].chain.end, VALUE, PATH_UNKNOWN), HS(side[s].chain.has_trust, FLAG, 0),  \
		HS(side[s].chain.out_of_order, FLAG, 0), HS(side[s].chain.n_unrelated, NUMBER, 0), \
		HS(side[s].chain.intermediate_missing, FLAG, 0),                                   \
		HS(side[s].chain.issuer_name_in_trust, FLAG, 0),                                   \
		HS(side[s].chain.signature_bad, FLAG, 0),                                          \
		HS(side[s].chain.usage_forbids, FLAG, 0),                                          \
		HS(side[s].chain.ext_usage_forbids, FLAG, 0),                                      \
		HS(side[s].chain.name, VALUE, NAME_MATCHES_CN_ONLY),                               \
		HS(side[s].chain.undated, FLAG, 0), HS(side[s].tcp.bytes, NUMBER, 0),              \
		HS(side[s].tcp.fin, FLAG, 0), HS(side[s].tcp.rst, FLAG, 0),                        \
		HS(side[s].tcp.acks, FLAG, 0), HS(side[s].tcp.lost, NUMBER, 0),                    \
		HS(side[s].tcp.window_shut, FLAG, 0), HS(side[s].tcp.zero_windows, NUMBER, 0),     \
		HS(side[s].tcp.retransmissions, NUMBER, 0), HS(horizon[s].ended, FLAG, 0),         \
		HS(horizon[s].counted, FLAG, 0), HS(horizon[s].acked, NUMBER, 0)
#define EXT(where, member, how, most) FIELD(where, extensions, member, how, most)
#define EXTENSIONS(w)                                                                              \
	EXT(w, has_server_name, FLAG, 0), EXT(w, has_groups, FLAG, 0),                             \
		EXT(w, has_schemes, FLAG, 0), EXT(w, has_versions, FLAG, 0),                       \
		EXT(w, selected_version, NUMBER, 0), EXT(w, has_alpn, FLAG, 0),                    \
		EXT(w, has_max_fragment_length, FLAG, 0), EXT(w, max_fragment_length, NUMBER, 0),  \
		EXT(w, has_record_size_limit, FLAG, 0), EXT(w, record_size_limit, NUMBER, 0),      \
		EXT(w, has_point_formats, FLAG, 0), EXT(w, has_renegotiation_info, FLAG, 0),       \
		EXT(w, extended_master_secret, FLAG, 0), EXT(w, encrypt_then_mac, FLAG, 0),        \
		EXT(w, has_session_ticket, FLAG, 0), EXT(w, has_pre_shared_key, FLAG, 0),          \
		EXT(w, n_psk_identities, NUMBER, 0), EXT(w, selected_identity, NUMBER, 0),         \
		EXT(w, early_data, FLAG, 0), EXT(w, cookie, FLAG, 0), EXT(w, n, FEWER, 0),         \
		EXT(w, n_shares, FEWER, 0), EXT(w, n_alpn, FEWER, 0),                              \
		EXT(w, server_name.len, SHORTER, 0), EXT(w, groups.raw.len, SHORTER, 0),           \
		EXT(w, schemes.raw.len, SHORTER, 0), EXT(w, versions.raw.len, SHORTER, 0),         \
		EXT(w, point_formats.len, SHORTER, 0),                                             \
		EXT(w, renegotiated_connection.len, SHORTER, 0),                                   \
		EXT(w, session_ticket.len, SHORTER, 0), EXT(w, psk_identity.len, SHORTER, 0)

#define CERT(where, member, how, most) FIELD(where, cert, member, how, most)
#define CERTIFICATE(w)                                                                             \
	CERT(w, parsed, FLAG, 0), CERT(w, version, NUMBER, 0), CERT(w, has_dates, FLAG, 0),        \
		CERT(w, not_before, NUMBER, 0), CERT(w, not_after, NUMBER, 0),                     \
		CERT(w, key, VALUE, KEY_ED448), CERT(w, key_bits, NUMBER, 0),                      \
		CERT(w, key_group, NUMBER, 0), CERT(w, key_explicit, FLAG, 0),                     \
		CERT(w, method.signature, NUMBER, 0), CERT(w, method.hash, NUMBER, 0),             \
		CERT(w, has_san, FLAG, 0), CERT(w, has_basic_constraints, FLAG, 0),                \
		CERT(w, ca, FLAG, 0), CERT(w, path_length, NUMBER, 0),                             \
		CERT(w, has_key_usage, FLAG, 0), CERT(w, key_usage, NUMBER, 0),                    \
		CERT(w, has_ext_key_usage, FLAG, 0), CERT(w, has_authority_key_id, FLAG, 0),       \
		CERT(w, bare, FLAG, 0), CERT(w, unknown_critical, FLAG, 0),                        \
		CERT(w, self_issued, FLAG, 0)

static const struct field fields[] = {
	HS(n_alerts, FEWER, 0),
	HS(client_hello.session_id.len, SHORTER, 0),
	HS(server_hello.session_id.len, SHORTER, 0),
	HS(client_hello.compression.len, SHORTER, 0),
	HS(client_hello.suites.raw.len, SHORTER, 0),
	HS(ske.public_key.len, SHORTER, 0),
	HS(ske.signature.len, SHORTER, 0),
	HS(ske.dh_p.len, SHORTER, 0),
	HS(cke.public_key.len, SHORTER, 0),
	HS(cke.encrypted_premaster.len, SHORTER, 0),
	HS(server_said.len, SHORTER, 0),
	HS(alpn.name.len, SHORTER, 0),
	HS(n_events, FEWER, 0),
	HS(n_gaps, FEWER, 0),
	HS(before, VALUE, PLAIN_LAST),
	HS(server_spoke, VALUE, PLAIN_LAST),
	HS(looks.stack, VALUE, STACK_COUNT - 1),
	HS(alerts[0].code, ALERT, 0),
	HS(alerts[0].level, NUMBER, 0),
	HS(outcome, VALUE, OUTCOME_INCOMPLETE),
	HS(ending, VALUE, ENDING_LIMIT),
	HS(ended_by, VALUE, SIDE_SERVER),
	HS(midway, FLAG, 0),
	HS(logged, FLAG, 0),
	HS(has_log, FLAG, 0),
	HS(rebuilt, FLAG, 0),
	HS(undated, FLAG, 0),
	HS(roles_guessed, FLAG, 0),
	HS(renegotiation, FLAG, 0),
	HS(only_protected, FLAG, 0),
	HS(last_message, NUMBER, 0),
	HS(has_last_message, FLAG, 0),
	HS(turn.known, FLAG, 0),
	HS(turn.owes, VALUE, SIDE_SERVER),
	HS(saw_syn, FLAG, 0),
	HS(server_spoke_first, FLAG, 0),
	HS(client_hello_split, FLAG, 0),
	HS(client_hello_segments, NUMBER, 0),
	HS(version, NUMBER, 0),
	HS(tls13, FLAG, 0),
	HS(has_suite, FLAG, 0),
	HS(suite_value, NUMBER, 0),
	HS(resumed_known, FLAG, 0),
	HS(resumed, FLAG, 0),
	HS(answers_retry, FLAG, 0),
	HS(server_hello_done, FLAG, 0),
	HS(events_dropped, FLAG, 0),
	HS(self_failed, FLAG, 0),
	HS(proved, FLAG, 0),
	HS(key_given, VALUE, LINK_UNVERIFIABLE),
	HS(cert_given, VALUE, LINK_UNVERIFIABLE),
	HS(certificate_request.seen, FLAG, 0),
	HS(certificate_request.has_schemes, FLAG, 0),
	HS(cke.seen, FLAG, 0),
	HS(ske.seen, FLAG, 0),
	HS(ske.has_group, FLAG, 0),
	HS(ske.group, NUMBER, 0),
	HS(ske.curve_type, NUMBER, 0),
	HS(ske.has_scheme, FLAG, 0),
	HS(ske.scheme, NUMBER, 0),
	HS(ske.has_signature, FLAG, 0),
	HS(hello_retry.is_retry, FLAG, 0),
	HS(server_hello.suite, NUMBER, 0),
	HS(server_hello.compression, NUMBER, 0),
	PARTY(SIDE_CLIENT),
	PARTY(SIDE_SERVER),
	STEP(0),
	STEP(1),
	HS(client_hello.seen, FLAG, 0),
	HS(client_hello.version, NUMBER, 0),
	HS(client_hello.has_random, FLAG, 0),
	HS(server_hello.seen, FLAG, 0),
	HS(server_hello.version, NUMBER, 0),
	HS(server_hello.has_random, FLAG, 0),
	EXTENSIONS(OF_CLIENT_HELLO),
	EXTENSIONS(OF_SERVER_HELLO),
	CERTIFICATE(OF_LEAF),
	CERTIFICATE(OF_CLIENT_LEAF),
	CERTIFICATE(OF_LAST_STEP),
};

#define EVENT(member, how, most) FIELD(OF_EVENT, event, member, how, most)

static const struct field event_fields[] = {
	EVENT(late, FLAG, 0),
	EVENT(unread, FLAG, 0),
	EVENT(unexpected, FLAG, 0),
	EVENT(opened, FLAG, 0),
	EVENT(told, FLAG, 0),
	EVENT(type, NUMBER, 0),
	EVENT(content_type, NUMBER, 0),
	EVENT(record_version, NUMBER, 0),
	EVENT(n_records, NUMBER, 0),
	EVENT(record_length, NUMBER, 0),
	EVENT(length, NUMBER, 0),
	EVENT(first_length, NUMBER, 0),
};

static const uint8_t alerts[] = { 0, 1, 10, 11, 20, 21, 22, 23, 30, 31, 40, 41, 42, 43, 44, 45, 46,
	47, 48, 49, 50, 51, 52, 60, 70, 71, 72, 80, 81, 86, 87, 90, 100, 109, 110, 111, 112, 113,
	114, 115, 116, 117, 120, 121, 255 };

/* ---- sums ---- */

struct sum {
	const char *rule;
	unsigned asked;
	unsigned times[8]; /* by answer */
	uint32_t sum;
};

static struct sum of_checks[N_CHECKS], of_causes[N_CAUSES];
static const char *told;

void near_tell(const char *rule)
{
	told = rule;
}

static uint32_t add_up(uint32_t sum, const char *text)
{
	for (; *text != '\0'; text++)
		sum = (sum ^ (uint8_t)*text) * 16777619u;
	return sum;
}

static void take(
	struct sum *s, const char *rule, const char *field, unsigned answer, struct strbuf *b)
{
	s->rule = rule;
	s->times[answer]++;
	s->sum = add_up(s->sum, strbuf_text(b));
	if (told != NULL && strcmp(told, rule) == 0)
		(void)printf("%u %s: %s\n", s->asked, field, strbuf_text(b));
	strbuf_free(b);
}

static void sum_up(const struct sum *s, const char *(*name)(unsigned))
{
	struct strbuf b = { 0 };

	if (s->asked == 0)
		return;
	strbuf_printf(&b, "near %s, %u cases:", s->rule, s->asked);
	for (unsigned i = 0; i < COUNT(s->times); i++)
		if (s->times[i] != 0)
			strbuf_printf(&b, " %s %u", name(i), s->times[i]);
	strbuf_printf(&b, " sum %08x", (unsigned)s->sum);
	said_line(&b);
}

static const char *answer_name(unsigned i)
{
	return status_name((enum status)i);
}

static const char *shown_name(unsigned i)
{
	return i != 0 ? "shown" : "not";
}

void near_sum_up(void)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		sum_up(&of_checks[i], answer_name);
	for (size_t i = 0; i < N_CAUSES; i++)
		sum_up(&of_causes[i], shown_name);
}

/* ---- changing a fact ---- */

static void *place_of(const struct handshake *hs, enum where where, size_t event)
{
	const struct chain_judgement *j = &hs->side[SIDE_SERVER].chain;
	const void *at = hs;

	if (where == OF_EVENT)
		at = &hs->events[event];
	else if (where == OF_CLIENT_HELLO)
		at = &hs->client_hello.ext;
	else if (where == OF_SERVER_HELLO)
		at = &hs->server_hello.ext;
	else if (where == OF_LEAF)
		at = hs->side[SIDE_SERVER].n_certs != 0 ? hs->side[SIDE_SERVER].certs[0] : NULL;
	else if (where == OF_CLIENT_LEAF)
		at = hs->side[SIDE_CLIENT].n_certs != 0 ? hs->side[SIDE_CLIENT].certs[0] : NULL;
	else if (where == OF_LAST_STEP)
		at = j->n_steps > 1 ? j->step[j->n_steps - 1].cert : NULL;
	return (void *)(uintptr_t)at;
}

static bool other_date(const struct handshake *hs, unsigned k, uint64_t *now)
{
	const struct cert *leaf = place_of(hs, OF_LEAF, 0);

	if (leaf == NULL || k >= 4)
		return false;
	*now = (uint64_t)((k < 2 ? leaf->not_before : leaf->not_after) + (k == 0 ? -1 : k == 3));
	return true;
}

/* The k-th other value of the field; false: there are no more. */
static bool other_value(
	const struct handshake *hs, const struct field *f, uint64_t was, unsigned k, uint64_t *now)
{
	switch (f->how) {
	case FLAG:
		*now = was == 0;
		return k == 0;
	case NUMBER:
		*now = k == 0 ? was + 1 : was - 1;
		return k < 2 && (k == 0 || was != 0);
	case VALUE:
		*now = k;
		return k <= f->most;
	case ALERT:
		*now = k < COUNT(alerts) ? alerts[k] : 0;
		return k < COUNT(alerts);
	case FEWER:
	case SHORTER:
		*now = k == 0 ? was - 1 : 0;
		return k < 2 && was != 0;
	case DATE:
		return other_date(hs, k, now);
	}
	return false;
}

static uint64_t read_field(const void *at, size_t size)
{
	uint64_t value = 0;

	if (size == 1)
		return *(const uint8_t *)at;
	if (size == 2)
		return *(const uint16_t *)at;
	if (size == 4)
		return *(const uint32_t *)at;
	memcpy(&value, at, sizeof value);
	return value;
}

static void write_field(void *at, size_t size, uint64_t value)
{
	if (size == 1)
		*(uint8_t *)at = (uint8_t)value;
	else if (size == 2)
		*(uint16_t *)at = (uint16_t)value;
	else if (size == 4)
		*(uint32_t *)at = (uint32_t)value;
	else
		memcpy(at, &value, sizeof value);
}

struct asking {
	void (*ask)(struct asking *a, const char *field);
	const struct handshake *hs;
	struct facts *f;
	size_t at; /* of hs in it */
	unsigned rule;
};

static void vary_field(struct asking *a, const struct field *f, size_t event)
{
	uint8_t *base = place_of(a->hs, f->where, event);
	uint64_t was, now;

	if (base == NULL || (f->how == ALERT && a->hs->n_alerts == 0))
		return;
	/* What is behind a list is poisoned, and then cleared, where causes are asked. */
	if (f->how == FEWER && a->f != NULL)
		return;
	was = read_field(base + f->at, f->size);
	for (unsigned k = 0; other_value(a->hs, f, was, k, &now); k++) {
		if (now == was)
			continue;
		write_field(base + f->at, f->size, now);
		a->ask(a, f->name);
	}
	write_field(base + f->at, f->size, was);
}

/* Another value of some fact. */
struct change {
	const struct field *field;
	uint8_t *at;
	uint64_t was, now;
};

/* What is told of the certificates of a side that has sent none, and of a path that has no step, leads nowhere. */
static bool presupposes_more(const struct handshake *hs, const char *name)
{
	const struct party *p =
		&hs->side[strstr(name, "SIDE_CLIENT") != NULL ? SIDE_CLIENT : SIDE_SERVER];

	return (p->n_certs == 0 || p->chain.n_steps == 0) &&
	       (strstr(name, ".chain.") != NULL || strstr(name, ".proof.") != NULL ||
		       strstr(name, ".certificate.") != NULL || strstr(name, ".verify.") != NULL);
}

/* False: this fact has no other value in this case. */
static bool draw_change(const struct asking *a, uint32_t draw, struct change *c)
{
	const size_t n = COUNT(fields), event = draw >> 20;
	size_t which = draw % (n + (a->hs->n_events != 0 ? COUNT(event_fields) : 0));
	const struct field *f = which < n ? &fields[which] : &event_fields[which - n];
	uint8_t *base =
		place_of(a->hs, f->where, a->hs->n_events != 0 ? event % a->hs->n_events : 0);
	unsigned values = 0;

	*c = (struct change){ .field = f };
	if (base == NULL || f->how == FEWER || (f->how == ALERT && a->hs->n_alerts == 0) ||
		presupposes_more(a->hs, f->name))
		return false;
	c->at = base + f->at;
	c->was = read_field(c->at, f->size);
	while (other_value(a->hs, f, c->was, values, &c->now))
		values++;
	return values != 0 && other_value(a->hs, f, c->was, (draw >> 10) % values, &c->now) &&
	       c->now != c->was;
}

/* Two facts are others at once, the same pairs each time. */
static void vary_pairs(struct asking *a)
{
	uint32_t draw = a->rule;

	for (size_t i = 0; i < PAIRS; i++) {
		struct change one, two;
		char names[160];

		draw = draw * 1664525u + 1013904223u;
		if (!draw_change(a, draw >> 3, &one))
			continue;
		write_field(one.at, one.field->size, one.now);
		draw = draw * 1664525u + 1013904223u;
		if (draw_change(a, draw >> 3, &two)) {
			(void)snprintf(
				names, sizeof names, "%s, %s", one.field->name, two.field->name);
			write_field(two.at, two.field->size, two.now);
			a->ask(a, names);
			write_field(two.at, two.field->size, two.was);
		}
		write_field(one.at, one.field->size, one.was);
	}
}

static void vary(struct asking *a)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		vary_field(a, &fields[i], 0);
	for (size_t event = 0; event < a->hs->n_events; event++)
		for (size_t i = 0; i < COUNT(event_fields); i++)
			vary_field(a, &event_fields[i], event);
	vary_pairs(a);
}

/* ---- checks ---- */

static void ask_check(struct asking *a, const char *field)
{
	struct answer answer = { .arena = arena_new(1 << 20) };
	struct strbuf b = { 0 };

	answer.status = checks[a->rule]->run(a->hs, &answer);
	strbuf_printf(&b, "%s %s", status_name(answer.status),
		answer.message != NULL ? answer.message : "");
	for (size_t i = 0; i < answer.n_evidence; i++)
		strbuf_printf(&b, " @%llu:%zu+%zu %s",
			(unsigned long long)answer.evidence[i].place.packet,
			(size_t)answer.evidence[i].place.offset,
			(size_t)answer.evidence[i].place.length, answer.evidence[i].what);
	take(&of_checks[a->rule], checks[a->rule]->id, field, answer.status, &b);
	arena_free(answer.arena);
}

void near_check(const struct handshake *hs, enum check_id id)
{
	struct asking a = { .ask = ask_check, .hs = hs, .rule = id };

	if (of_checks[id].asked++ < CASES_MAX)
		vary(&a);
}

/* ---- causes ---- */

static void tell_finding(struct strbuf *b, const struct finding *f)
{
	strbuf_printf(b, "%s %s %s assumes %u of %zu: %s", severity_name(f->severity),
		confidence_name(f->confidence), origin_name(f->origin), f->assumptions,
		f->n_handshakes, f->summary);
	for (size_t i = 0; i < f->n_proof; i++)
		strbuf_printf(
			b, " | @%llu %s", (unsigned long long)f->proof[i].packet, f->proof[i].text);
	for (size_t i = 0; i < f->n_explains; i++)
		strbuf_printf(b, " %s", checks[f->explains[i]]->id);
	for (size_t i = 0; i < f->n_steps; i++)
		strbuf_printf(b, " next: %s", f->next_steps[i]);
}

static void ask_cause(struct asking *a, const char *field)
{
	struct facts *f = a->f;
	struct arena *own = f->arena, *arena = arena_new(4 << 20);
	struct strbuf b = { 0 };
	struct finding finding;
	bool shown;

	facts_use_arena(f, arena);
	facts_examine_one(f, a->at);
	facts_count(f);
	shown = facts_ask(f, (enum cause_id)a->rule, &finding);
	if (shown)
		tell_finding(&b, &finding);
	take(&of_causes[a->rule], causes[a->rule]->id, field, shown, &b);
	facts_use_arena(f, own);
	arena_free(arena);
}

/* The same handshake once more, with the same server, minutes later; as its copy it has facts of its own. */
static struct handshake *add_copy(struct facts *f, size_t of)
{
	struct handshake *hs = facts_add(f);
	const uint64_t id = hs->id;
	struct event *events = hs->events;
	const int64_t later = hs->start + 300 * INT64_C(1000000000) - f->hs[of].start;

	if (f->hs[of].n_events != 0)
		memcpy(events, f->hs[of].events, f->hs[of].n_events * sizeof *events);
	*hs = f->hs[of];
	hs->id = id;
	hs->events = events;
	hs->start += later;
	hs->end += later;
	hs->ended_time += later;
	hs->first_packet += 100;
	hs->last_packet += 100;
	return hs;
}

static void ask_beside(struct asking *a, struct handshake *other, const char *what)
{
	facts_examine_one(a->f, (size_t)(other - a->f->hs));
	a->ask(a, what);
}

/* Beside another handshake: the same again, the same that got through, one of another version, and a healthy one. */
static void vary_company(struct asking *a)
{
	struct facts *f = a->f;
	const size_t n = f->file.n_kept;
	struct handshake *other;

	if (n == FACTS_MAX)
		return;
	other = add_copy(f, a->at);
	ask_beside(a, other, "the same again");
	other->outcome = OUTCOME_COMPLETED;
	other->ending = ENDING_SETTLED;
	other->n_alerts = 0;
	ask_beside(a, other, "the same, completed");
	other->outcome = OUTCOME_FAILED;
	other->version = other->version == 0x0303 ? 0x0302 : 0x0303;
	ask_beside(a, other, "of another version");
	f->file.n_kept = n;
	*other = (struct handshake){ .id = 0 };
	memset(f->events[n], 0, sizeof f->events[n]);
	f->examined[n] = (struct examined){ .hs = NULL };
	ask_beside(a, facts_add(f), "a healthy one");
	f->file.n_kept = n;
	f->hs[n] = (struct handshake){ .id = 0 };
	memset(f->events[n], 0, sizeof f->events[n]);
	f->examined[n] = (struct examined){ .hs = NULL };
	facts_count(f);
}

/* Of the last that failed; else of the last. */
void near_cause(struct facts *f, enum cause_id id)
{
	struct asking a = { .ask = ask_cause, .f = f, .rule = id };

	for (size_t i = 0; i < f->file.n_kept; i++)
		if (i == 0 || f->hs[i].outcome != OUTCOME_COMPLETED ||
			f->hs[a.at].outcome == OUTCOME_COMPLETED)
			a.at = i;
	a.hs = &f->hs[a.at];
	if (of_causes[id].asked++ >= CASES_MAX)
		return;
	facts_examine_quietly(f);
	vary_company(&a);
	vary(&a);
}
