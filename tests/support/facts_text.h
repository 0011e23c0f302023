/*
 * A handshake written down as text, fact by fact: what is zero, false or unknown is left out. For
 * listings that tests hold against what was written down before.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_FACTS_TEXT_H
#define TLSDIAG_TESTS_SUPPORT_FACTS_TEXT_H

#include "names/sayings.h"
#include "support/fact_words.h"
#include "support/tls_talk.h"

static inline char side_letter(enum side side)
{
	return side == SIDE_CLIENT ? 'c' : 's';
}

/* Milliseconds since the talk began. */
static inline void say_time(struct strbuf *b, const char *name, int64_t time)
{
	const int64_t begin = 1700000000 * (int64_t)1000000000;

	if (time != 0)
		strbuf_printf(b, " %s=%lld", name, (long long)((time - begin) / 1000000));
}

static inline const char *outcome_word(enum outcome outcome)
{
	static const char *const words[] = { "completed", "failed", "incomplete" };

	return words[outcome];
}

static inline const char *ending_word(enum ending ending)
{
	static const char *const words[] = { "settled", "alert", "protected-alert", "fin", "rst",
		"silence", "capture", "refused", "unanswered", "unreachable", "cut-off", "gave-up",
		"limit" };

	_Static_assert(sizeof words / sizeof *words == ENDING_LIMIT + 1, "one word for each");
	return words[ending];
}

static inline void say_turn(struct strbuf *b, const struct turn *turn)
{
	if (turn->known)
		strbuf_printf(b, " turn=%c%s", side_letter(turn->owes), turn->midway ? "+" : "");
}

static inline void say_ladder(struct strbuf *b, const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		char word[64];

		event_word(&hs->events[i], word, sizeof word);
		strbuf_printf(b, " %c:%s%s%s", side_letter(hs->events[i].from), word,
			hs->events[i].unread ? "?" : "", hs->events[i].late ? "'" : "");
	}
}

/* What it came to, in one line; nothing in it depends on how the bytes are cut into segments. */
static inline void say_outcome(struct strbuf *b, const struct handshake *hs)
{
	strbuf_printf(b, "%s %s %c", outcome_word(hs->outcome), ending_word(hs->ending),
		side_letter(hs->ended_by));
	say_turn(b, &hs->turn);
	if (hs->version != 0)
		strbuf_printf(b, " version=%04x", hs->version);
	say_flag(b, "midway", hs->midway);
	say_flag(b, "guessed", hs->roles_guessed);
	say_flag(b, "hidden", hs->only_protected);
	say_flag(b, "renegotiation", hs->renegotiation);
	if (hs->has_last_message)
		strbuf_printf(b, " last=%u", hs->last_message);
	if (hs->resumed_known)
		strbuf_printf(b, " resumed=%d", hs->resumed);
	say_number(b, "gaps", hs->n_gaps);
	strbuf_puts(b, " |");
	say_ladder(b, hs);
	strbuf_puts(b, "\n");
}

static inline void say_wrong(struct strbuf *b, const struct parse_err *wrong)
{
	if (wrong->code != PARSE_OK)
		strbuf_printf(b, " wrong=%d:%s@%zu want=%zu have=%zu", (int)wrong->code,
			wrong->field != NULL ? wrong->field : "", wrong->at, wrong->need,
			wrong->have);
}

static inline void say_event(struct strbuf *b, const struct event *ev)
{
	char word[64];

	event_word(ev, word, sizeof word);
	strbuf_printf(
		b, "  #%llu %c:%s", (unsigned long long)ev->packet, side_letter(ev->from), word);
	say_time(b, "at", ev->time);
	say_number(b, "end", ev->stream_end);
	say_number(b, "length", ev->length);
	say_number(b, "raw", ev->raw.len);
	say_number(b, "records", ev->n_records);
	say_number(b, "longest", ev->record_length);
	say_number(b, "first", ev->first_length);
	if (ev->record_version != 0)
		strbuf_printf(b, " version=%04x", ev->record_version);
	for (size_t i = 0; i < ev->n_spans && ev->n_spans > 1; i++)
		strbuf_printf(b, " %u@%llu", ev->spans[i].offset,
			(unsigned long long)ev->spans[i].packet);
	say_flag(b, "late", ev->late);
	say_flag(b, "again", ev->again != NULL);
	say_flag(b, "repeats", ev->repeats);
	say_flag(b, "unread", ev->unread);
	say_flag(b, "told", ev->told);
	say_flag(b, "opened", ev->opened);
	say_flag(b, "unexpected", ev->unexpected);
	say_wrong(b, &ev->wrong);
	strbuf_puts(b, "\n");
}

static inline void say_party(struct strbuf *b, const struct handshake *hs, enum side side)
{
	const struct party *p = &hs->side[side];
	const struct horizon *h = &hs->horizon[side];

	strbuf_printf(b, "  %c: begun=%x", side_letter(side), p->begun);
	say_number(b, "port", p->address.port);
	say_number(b, "certs", p->n_certs);
	say_number(b, "certs-from", p->certs_from);
	say_number(b, "entries", p->certificate.n);
	say_flag(b, "verify", p->verify.seen);
	say_number(b, "scheme", p->verify.scheme);
	say_flag(b, "ccs", p->ccs);
	say_number(b, "protected", p->protected_records);
	say_number(b, "opened", p->opened_records);
	say_number(b, "largest", p->largest_record);
	say_flag(b, "oversized", p->record_oversized);
	if (p->empty.n != 0)
		strbuf_printf(b, " empty=%llu@%llu:%u", (unsigned long long)p->empty.n,
			(unsigned long long)p->empty.first_packet, p->empty.type);
	say_number(b, "tcp", p->tcp.bytes);
	if (h->ended) {
		say_number(b, "ended", h->packet);
		say_time(b, "at", h->time);
	}
	if (h->counted)
		strbuf_printf(b, " acked=%llu", (unsigned long long)h->acked);
	strbuf_puts(b, "\n");
}

static inline void say_word_of(struct strbuf *b, const struct library_word *w)
{
	if (w->release == NULL)
		return;
	strbuf_printf(b, " word=%s/%d", w->release, w->code);
	if (w->state != NULL)
		strbuf_printf(b, " state=%s", w->state);
	if (w->function != NULL)
		strbuf_printf(b, " in=%s", w->function);
	if (w->inner_function != NULL)
		strbuf_printf(b, " within=%s/%d", w->inner_function, w->inner_code);
	if (w->got_alert)
		strbuf_printf(b, " got=%u", w->alert);
	say_number(b, "flags", w->verify_flags);
	say_number(b, "line", w->line);
	say_flag(b, "went-round", w->went_round);
}

static inline void say_printed(struct strbuf *b, const struct party *p)
{
	for (size_t i = 0; i < p->n_printed; i++) {
		const struct printed_cert *c = &p->printed[i];

		strbuf_printf(b, " prints=%s@%llu/%u until=%lld key=%d/%u/%04x hash=%d", c->subject,
			(unsigned long long)c->line, c->depth, (long long)c->not_after, (int)c->key,
			c->key_bits, c->key_group, (int)c->hash);
		if (c->has_names)
			strbuf_printf(b, " names=%s", c->names);
		if (c->has_usage)
			strbuf_printf(b, " for=%x", c->usage);
		say_flag(b, "whole", c->whole);
	}
	for (unsigned i = 0; i < N_PRINTED_FAULTS; i++)
		if (p->printed_judged.fault[i] != NULL)
			strbuf_printf(b, " printed-fault=%u", i);
}

/* What is known of it besides its messages; a line of its own where there is anything. */
static inline void say_more(struct strbuf *b, const struct handshake *hs, enum side side)
{
	const struct party *p = &hs->side[side];
	struct strbuf more = { 0 };

	say_word_of(&more, &p->word);
	for (size_t i = 0; i < p->n_remarks; i++)
		strbuf_printf(&more, " says=%s@%llu:%s", saying_id(p->remarks[i].saying),
			(unsigned long long)p->remarks[i].line,
			p->remarks[i].words != NULL ? p->remarks[i].words : "");
	say_printed(&more, p);
	say_number(&more, "keys", p->keys);
	say_number(&more, "refused", p->refused_records);
	say_number(&more, "refused-from", p->refused_packet);
	if (p->finished.seen)
		strbuf_printf(&more, " finished=%zu/%d", p->finished.verify_data.len,
			(int)p->finished.verdict.state);
	say_number(&more, "proof", p->proof.signature.state);
	say_number(&more, "point", p->point);
	say_number(&more, "random-of", p->repeats.random);
	say_number(&more, "key-of", p->repeats.public_key);
	say_number(&more, "session-of", p->repeats.session_id);
	say_number(&more, "nonce-of", p->repeats.nonce);
	say_number(&more, "clock", p->clock);
	if (p->clock_time != 0)
		strbuf_printf(&more, " clock-time=%lld", (long long)p->clock_time);
	if (more.len != 0)
		strbuf_printf(b, "  %c more:%s\n", side_letter(side), strbuf_text(&more));
	strbuf_free(&more);
}

static inline void say_hello(struct strbuf *b, const char *name, const struct client_hello *hello)
{
	if (!hello->seen)
		return;
	strbuf_printf(b, "  %s: version=%04x id=%zu suites=%zu+%zu extensions=%zu", name,
		hello->version, hello->session_id.len, u16s_count(&hello->suites),
		hello->suites_v2.len / 3, hello->ext.n);
	say_flag(b, "sslv2", hello->sslv2_format);
	strbuf_puts(b, "\n");
}

static inline void say_server_hello(
	struct strbuf *b, const char *name, const struct server_hello *hello)
{
	if (!hello->seen)
		return;
	strbuf_printf(b, "  %s: version=%04x suite=%04x id=%zu extensions=%zu", name,
		hello->version, hello->suite, hello->session_id.len, hello->ext.n);
	say_flag(b, "retry", hello->is_retry);
	strbuf_puts(b, "\n");
}

static inline void say_said(struct strbuf *b, const struct handshake *hs)
{
	if (hs->before == PLAIN_NONE && hs->server_spoke == PLAIN_NONE && !hs->server_spoke_first)
		return;
	strbuf_printf(b, "  before: %s, server: %s", plain_protocol_name(hs->before),
		plain_protocol_name(hs->server_spoke));
	say_flag(b, "first", hs->server_spoke_first);
	say_number(b, "said", hs->server_said.len);
	say_number(b, "packet", hs->server_said_packet);
	strbuf_puts(b, "\n");
}

static inline void say_agreed(struct strbuf *b, const struct handshake *hs)
{
	strbuf_puts(b, "  agreed:");
	say_flag(b, "tls13", hs->tls13);
	if (hs->has_suite)
		strbuf_printf(b, " suite=%04x", hs->suite_value);
	say_flag(b, "unknown-suite", hs->has_suite && hs->suite == NULL);
	say_number(b, "alpn-from", hs->alpn.from);
	say_number(b, "alpn", hs->alpn.name.len);
	say_flag(b, "encrypted-extensions", hs->encrypted_extensions.seen);
	for (size_t i = 0; i < hs->encrypted_extensions.n; i++)
		strbuf_printf(b, " %u/%zu", hs->encrypted_extensions.list[i].type,
			hs->encrypted_extensions.list[i].body.len);
	say_flag(b, "beyond", hs->beyond);
	say_number(b, "told-group", hs->told_group);
	if (hs->told_sni != NULL)
		strbuf_printf(b, " told-name=%s", hs->told_sni);
	say_flag(b, "done", hs->server_hello_done);
	say_flag(b, "request", hs->certificate_request.seen);
	if (hs->ske.seen)
		strbuf_printf(b, " ske=%04x/%zu/%zu", hs->ske.group, hs->ske.public_key.len,
			hs->ske.signature.len);
	if (hs->outline.seen)
		strbuf_printf(b, " outline=%04x/%04x/%zu", hs->outline.group, hs->outline.scheme,
			hs->outline.signature_length);
	if (hs->cke.seen)
		strbuf_printf(
			b, " cke=%zu/%zu", hs->cke.public_key.len, hs->cke.encrypted_premaster.len);
	if (hs->ticket.seen)
		strbuf_printf(b, " ticket=%u/%zu", hs->ticket.lifetime, hs->ticket.ticket.len);
	strbuf_puts(b, "\n");
}

/* What the messages say, wherever they stood. */
static inline void say_messages(struct strbuf *b, const struct handshake *hs)
{
	say_hello(b, "hello", &hs->client_hello);
	say_hello(b, "hello 2", &hs->client_hello_2);
	say_server_hello(b, "retry", &hs->hello_retry);
	say_server_hello(b, "answer", &hs->server_hello);
	say_agreed(b, hs);
}

/* Everything that the session itself finds out, in lines of two spaces. */
static inline void say_facts(struct strbuf *b, const struct handshake *hs)
{
	strbuf_printf(b, "  packets %llu-%llu", (unsigned long long)hs->first_packet,
		(unsigned long long)hs->last_packet);
	say_time(b, "start", hs->start);
	say_time(b, "end", hs->end);
	say_time(b, "ended", hs->ended_time);
	say_time(b, "connect", hs->connect_time);
	say_number(b, "input", hs->input);
	say_number(b, "unreachable", hs->unreachable.packet);
	say_flag(b, "syn", hs->saw_syn);
	say_flag(b, "target", hs->target != NULL);
	say_number(b, "segments", hs->client_hello_segments);
	say_flag(b, "split", hs->client_hello_split);
	say_flag(b, "dropped", hs->events_dropped);
	if (hs->skimmed != SKIM_NOT)
		strbuf_printf(b, " skimmed=%d@%llu", (int)hs->skimmed,
			(unsigned long long)hs->skimmed_from);
	strbuf_puts(b, "\n");
	say_party(b, hs, SIDE_CLIENT);
	say_party(b, hs, SIDE_SERVER);
	say_more(b, hs, SIDE_CLIENT);
	say_more(b, hs, SIDE_SERVER);
	say_said(b, hs);
	say_messages(b, hs);
	for (size_t i = 0; i < hs->n_events; i++)
		say_event(b, &hs->events[i]);
	for (size_t i = 0; i < hs->n_alerts; i++)
		strbuf_printf(b, "  alert %c %u/%u #%llu after %u\n",
			side_letter(hs->alerts[i].from), hs->alerts[i].level, hs->alerts[i].code,
			(unsigned long long)hs->alerts[i].packet, hs->alerts[i].after);
	for (size_t i = 0; i < hs->n_gaps; i++)
		strbuf_printf(b, "  gap %c #%llu %lld reason %d in %d\n",
			side_letter(hs->gaps[i].from), (unsigned long long)hs->gaps[i].packet,
			(long long)hs->gaps[i].bytes, (int)hs->gaps[i].reason,
			hs->gaps[i].has_message ? hs->gaps[i].in_message : -1);
}

#endif
