/* A list in the order of telling; each entry goes with the handshake it is about. */
#include "session/told.h"

#include "base/memory.h"
#include "session/handshake.h"
#include "session/told_bytes.h"

#include <stdlib.h>

struct entry {
	struct told told; /* its strings and bytes are in the arena */
	struct entry *next;
};

struct told_list {
	struct arena *arena;
	struct entry *first, **end; /* in the order of telling, those not yet taken */
};

struct told_list *told_open(void)
{
	struct told_list *l = memory_new(sizeof *l);

	if (l == NULL)
		return NULL;
	l->end = &l->first;
	if ((l->arena = arena_new(TOLD_BYTES)) != NULL)
		return l;
	free(l);
	return NULL;
}

void told_close(struct told_list *l)
{
	if (l == NULL)
		return;
	arena_free(l->arena);
	free(l);
}

static const char *copy_text(struct arena *a, const char *text)
{
	return text != NULL ? arena_str(a, text) : NULL;
}

static bool copy_word(struct arena *a, const struct library_word *from, struct library_word *to)
{
	*to = *from;
	to->release = copy_text(a, from->release);
	to->state = copy_text(a, from->state);
	to->function = copy_text(a, from->function);
	to->inner_function = copy_text(a, from->inner_function);
	to->heap.words = copy_text(a, from->heap.words);
	return (to->release != NULL) == (from->release != NULL) &&
	       (to->state != NULL) == (from->state != NULL);
}

/* Where there is no room for all of them there are none. */
static bool copy_remarks(struct arena *a, const struct remark *from, size_t n,
	const struct remark **to, size_t *n_to)
{
	struct remark *copy;

	*to = NULL;
	*n_to = 0;
	if (n > REMARKS_MAX)
		n = REMARKS_MAX;
	if (n == 0)
		return true;
	if ((copy = arena_alloc(a, n * sizeof *copy)) == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		copy[i] = from[i];
		if ((copy[i].words = arena_str(a, from[i].words)) == NULL)
			return false;
	}
	*to = copy;
	*n_to = n;
	return true;
}

static bool copy_chain(struct arena *a, const struct told *from, struct told *to, unsigned side)
{
	size_t n = from->n_chain[side], total = 0;
	struct bytes *chain;

	to->chain[side] = NULL;
	to->n_chain[side] = 0;
	for (size_t i = 0; i < n; i++)
		total += from->chain[side][i].len;
	if (n == 0 || n > CERTIFICATES_MAX || total > TOLD_CHAIN_MAX)
		return n == 0;
	if ((chain = arena_alloc(a, n * sizeof *chain)) == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((chain[i] = arena_copy(a, from->chain[side][i])).data == NULL)
			return false;
	to->chain[side] = chain;
	to->n_chain[side] = n;
	return true;
}

/* What was taken is not needed any more once another telling comes: with none left, the room is free. */
static void forget_taken(struct told_list *l)
{
	if (l->first == NULL)
		arena_reset(l->arena);
}

bool told_add(struct told_list *l, const struct told *told)
{
	struct entry *e;
	bool whole;

	forget_taken(l);
	e = arena_alloc(l->arena, sizeof *e);
	if (e == NULL)
		return false;
	e->told = *told;
	e->told.story = (struct told_story){ .role_known = told->story.role_known };
	e->told.story.role = told->story.role;
	whole = copy_word(l->arena, &told->word[SIDE_CLIENT], &e->told.word[SIDE_CLIENT]) &&
		copy_word(l->arena, &told->word[SIDE_SERVER], &e->told.word[SIDE_SERVER]);
	e->told.name = copy_text(l->arena, told->name);
	e->told.alpn = copy_text(l->arena, told->alpn);
	e->told.n_printed[SIDE_CLIENT] = e->told.n_printed[SIDE_SERVER] =
		0; /* there are their bytes */
	for (unsigned side = 0; side < 2; side++) {
		whole &= copy_chain(l->arena, told, &e->told, side);
		whole &= copy_remarks(l->arena, told->remarks[side], told->n_remarks[side],
			&e->told.remarks[side], &e->told.n_remarks[side]);
		e->told.plain[side] = arena_copy(l->arena, told->plain[side]);
		if (e->told.plain[side].data == NULL)
			e->told.plain[side] = bytes_of(NULL, 0);
	}
	*l->end = e;
	l->end = &e->next;
	return whole;
}

static bool same_random(const struct told *told, enum side side, bool has, const uint8_t *random)
{
	return told->has_random[side] && has && memcmp(told->random[side], random, 32) == 0;
}

/* A log's telling is of the handshake with its randoms; of the next one where it has none. */
static bool is_of(const struct told *told, const struct handshake *hs)
{
	if (!told->beside)
		return endpoint_equal(&told->client, &hs->side[SIDE_CLIENT].address) &&
		       endpoint_equal(&told->server, &hs->side[SIDE_SERVER].address);
	if (!told->has_random[SIDE_CLIENT] && !told->has_random[SIDE_SERVER])
		return true;
	return same_random(
		       told, SIDE_CLIENT, hs->client_hello.has_random, hs->client_hello.random) ||
	       same_random(told, SIDE_SERVER, hs->server_hello.has_random, hs->server_hello.random);
}

/* Takes the earliest telling of that connection off the list; NULL: none. */
static const struct told *told_take(struct told_list *l, const struct handshake *hs)
{
	for (struct entry **at = &l->first; *at != NULL; at = &(*at)->next) {
		struct entry *e = *at;

		if (!is_of(&e->told, hs))
			continue;
		*at = e->next;
		if (l->end == &e->next)
			l->end = at;
		return &e->told;
	}
	return NULL;
}

/* Who was there knows what TLS 1.3 encrypts: which protocol, or that none was agreed on. */
static void take_alpn(struct handshake *hs, const struct told *told)
{
	bool none = told->alpn == NULL && hs->tls13 && hs->server_hello.seen &&
		    told->word[SIDE_CLIENT].release != NULL;

	if (told->alpn == NULL && !none)
		return;
	hs->alpn.from = FROM_TOLD;
	if (!none)
		hs->alpn.name = arena_copy(hs->arena, bytes_of(told->alpn, strlen(told->alpn)));
}

/* Equal certificates are held once, wherever they come from. */
static void take_chain(struct handshake *hs, const struct told *told, unsigned side)
{
	struct party *p = &hs->side[side];

	if ((!hs->tls13 && !hs->logged) || hs->resumed || p->certificate.seen)
		return;
	for (size_t i = 0; i < told->n_chain[side]; i++) {
		const struct cert *cert = cert_store_get(hs->store, told->chain[side][i]);

		if (cert == NULL)
			return;
		p->certs[p->n_certs++] = cert;
		p->certs_from = FROM_TOLD;
	}
}

/* As they are printed, of a log that is all there is. */
static void take_printed(struct handshake *hs, const struct told *told, unsigned side)
{
	size_t n = told->n_printed[side];
	struct printed_cert *copy = n != 0 ? arena_alloc_raw(hs->arena, n * sizeof *copy) : NULL;

	if (copy == NULL)
		return;
	memcpy(copy, told->printed[side], n * sizeof *copy);
	hs->side[side].printed = copy;
	hs->side[side].n_printed = n;
}

/* The server went without a word. */
static enum ending dropped_by(const struct handshake *hs)
{
	const struct direction *tcp = &hs->side[SIDE_SERVER].tcp;

	return tcp->rst ? ENDING_RST : tcp->fin ? ENDING_FIN : ENDING_PROTECTED_ALERT;
}

/*
 * An alert under the keys at once after both Finished may refuse or only close, and in TLS 1.3 the
 * server judges the client after the client is done: whoever was there knows.
 */
static void decide(struct handshake *hs, const struct told *told)
{
	const struct hearing *heard = &told->heard;
	const struct library_word *client = &hs->side[SIDE_CLIENT].word;

	if (hs->outcome != OUTCOME_COMPLETED)
		return;
	if (hs->tls13 && (told->dropped || (client->release != NULL && client->code != 0))) {
		hs->outcome = OUTCOME_FAILED;
		hs->ending = client->got_alert ? ENDING_PROTECTED_ALERT : dropped_by(hs);
		hs->ended_by = SIDE_SERVER;
		hs->ended_time = hs->end;
		return;
	}
	if (client->release != NULL && client->code != 0 && heard->cut == CUT_NONE) {
		hs->outcome = OUTCOME_FAILED;
		if (hs->ending == ENDING_SETTLED)
			hs->ending = ENDING_PROTECTED_ALERT;
		hs->ended_by = client->got_alert ? SIDE_SERVER : SIDE_CLIENT;
		return;
	}
	if ((hs->ending == ENDING_FIN || hs->ending == ENDING_RST) && hs->ended_by != SIDE_CLIENT)
		return;
	for (unsigned side = 0; side < 2 && handshake_ambiguous(hs); side++) {
		if (hs->side[side].word.release == NULL)
			continue;
		if (hs->side[side].word.code == 0 || heard->cut != CUT_NONE)
			hs->ending = ENDING_SETTLED;
		else if (hs->ending == ENDING_PROTECTED_ALERT)
			hs->outcome = OUTCOME_FAILED;
		return;
	}
}

/* What looked like an alert by its size was none, if whoever has the keys read none before the server went. */
static void decide_alert(struct handshake *hs)
{
	const struct library_word *client = &hs->side[SIDE_CLIENT].word;

	if (hs->outcome == OUTCOME_FAILED && hs->ending == ENDING_PROTECTED_ALERT &&
		hs->ended_by == SIDE_SERVER && client->release != NULL && client->code != 0 &&
		!client->got_alert)
		hs->ending = dropped_by(hs);
}

/* What that side sent last under the keys. */
static const struct event *last_protected(const struct handshake *hs, enum side from)
{
	for (size_t i = hs->n_events; i-- != 0;)
		if (hs->events[i].kind == EVENT_PROTECTED && hs->events[i].from == from)
			return &hs->events[i];
	return NULL;
}

/* An alert under the keys, as its receiver read it: from here on it is as good as one in the clear. */
static void open_alert(struct handshake *hs, enum side receiver)
{
	const struct library_word *w = &hs->side[receiver].word;
	enum side from = side_other(receiver);
	const struct event *ev = last_protected(hs, from);

	if (w->release == NULL || !w->got_alert || ev == NULL || hs->n_alerts == ALERTS_MAX ||
		hs->outcome == OUTCOME_COMPLETED || hs->ending == ENDING_ALERT)
		return;
	hs->alerts[hs->n_alerts++] = (struct sent_alert){ .from = from,
		.level = 2,
		.code = w->alert,
		.packet = ev->packet,
		.time = ev->time,
		.after = 0xffff };
	hs->ending = ENDING_ALERT;
	hs->ended_by = from;
	hs->ended_time = ev->time;
}

/* That a client of ours is not made for it says nothing of the server. */
static void go_no_further(struct handshake *hs)
{
	if (hs->outcome == OUTCOME_COMPLETED || hs->ended_by == SIDE_SERVER)
		return;
	hs->beyond = true;
	hs->outcome = OUTCOME_INCOMPLETE;
}

/*
 * How our own side hangs up is no sign of what it made of the server: it had no time or no room left.
 * But what it says in an alert it has said.
 */
static void cut_off(struct handshake *hs, const struct hearing *heard)
{
	if (heard->cut == CUT_NONE || hs->outcome == OUTCOME_COMPLETED)
		return;
	hs->heard = *heard;
	hs->outcome = OUTCOME_FAILED;
	if (hs->ending == ENDING_ALERT)
		return;
	hs->ending = ENDING_CUT_OFF;
	hs->ended_by = SIDE_CLIENT;
	hs->ended_time = hs->end;
}

/* How a log's handshake ended its own telling has settled (logged.c). */
void told_apply(struct told_list *l, struct handshake *hs, const struct told *told)
{
	if (told == NULL)
		told = told_take(l, hs);
	if (told == NULL)
		return;
	for (unsigned side = 0; side < 2; side++) {
		struct party *p = &hs->side[side];

		if (!copy_word(hs->arena, &told->word[side], &p->word))
			p->word = (struct library_word){ 0 };
		(void)copy_remarks(hs->arena, told->remarks[side], told->n_remarks[side],
			&p->remarks, &p->n_remarks);
	}
	hs->has_log = told->beside;
	told_compare(hs, told);
	hs->reference_name = copy_text(hs->arena, told->name);
	take_alpn(hs, told);
	hs->client_auth = told->client_auth;
	hs->otherwise = copy_text(hs->arena, told->otherwise);
	hs->client_verified = told->verified;
	hs->self_failed = told->self_failed;
	take_chain(hs, told, SIDE_SERVER);
	take_chain(hs, told, SIDE_CLIENT);
	take_printed(hs, told, SIDE_SERVER);
	take_printed(hs, told, SIDE_CLIENT);
	if (hs->logged)
		return;
	if (hs->self_failed) {
		hs->outcome = OUTCOME_INCOMPLETE;
		return;
	}
	cut_off(hs, &told->heard);
	decide_alert(hs);
	decide(hs, told);
	open_alert(hs, SIDE_CLIENT);
	open_alert(hs, SIDE_SERVER);
	if (told->beyond)
		go_no_further(hs);
}
