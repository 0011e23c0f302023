/* Three columns: where it stands, who said it, what is telling about it. */
#include "report/handshakes/ladder.h"

#include "base/moment.h"
#include "diagnose/endless.h"
#include "diagnose/rule.h"
#include "diagnose/word.h"
#include "names/icmp.h"
#include "names/names.h"
#include "report/handshakes/marks.h"
#include "report/handshakes/message_facts.h"
#include "report/utf8.h"
#include "report/when.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	PLAIN_SHOWN = 40,
	FACT_SHOWN = 256,
	FACTS_LEAST = 8, /* the least indent of a line of facts */
	NAME_WIDTH = 18, /* "CertificateRequest" fits */
	RUN_SHOWN = 3,   /* of equal events in a row; what is longer is counted */
};

struct rung {
	struct page *page;
	const struct examined *ex;
	unsigned packet_width; /* of "#1234" */
	unsigned time_width;   /* of "0.000" */
	struct strbuf facts;
};

static const char *event_name(
	const struct handshake *hs, const struct event *ev, char number[static 48])
{
	switch (ev->kind) {
	case EVENT_MESSAGE:
		if (ev->type == HS_SERVER_HELLO && hs->hello_retry.seen &&
			handshake_message(hs, ev->from, ev->type) == ev)
			return "HelloRetryRequest";
		name_or_hex(number, name_handshake_title(ev->type), ev->type);
		return number;
	case EVENT_CHANGE_CIPHER_SPEC:
		return "ChangeCipherSpec";
	case EVENT_ALERT:
		return "Alert";
	case EVENT_PROTECTED:
		return ev->content_type == 22   ? "Finished"
		       : ev->content_type == 21 ? "Alert"
						: "protected";
	case EVENT_GAP:
		return "(missing)";
	case EVENT_SKIMMED:
		return "(not read)";
	case EVENT_EMPTY:
		return "(empty)";
	case EVENT_BROKEN:
		return ev->content_type == CONTENT_ALERT ? "Alert" : "ChangeCipherSpec";
	case EVENT_FIN:
		return "FIN";
	case EVENT_RST:
		return "RST";
	case EVENT_UNREACHABLE:
		return "ICMP";
	case EVENT_PLAIN:
		return "not TLS";
	}
	return "";
}

static void count_fact(struct rung *r, uint64_t n, const char *one, const char *many)
{
	if (r->facts.len != 0)
		strbuf_puts(&r->facts, ", ");
	page_add_count(&r->facts, n, one, many);
}

static void alert_facts(struct rung *r, const struct alert *alert)
{
	const char *level = alert->level == 1 ? "warning" : alert->level == 2 ? "fatal" : "level?";
	const char *name = name_alert(alert->code);

	strbuf_printf(&r->facts, "%s %u %s", level, alert->code, name != NULL ? name : "(unknown)");
}

static void gap_facts(struct rung *r, const struct event *ev)
{
	if (ev->length != GAP_UNKNOWN && ev->length != 0)
		count_fact(r, ev->length, "byte", "bytes");
	else
		strbuf_puts(&r->facts, "bytes");
	strbuf_printf(&r->facts, " not in the %s", source_words(r->ex->hs->logged)->name);
}

static void plain_facts(struct rung *r, const struct event *ev)
{
	strbuf_puts(&r->facts, "begins \"");
	utf8_put_safe(&r->facts, bytes_slice(ev->raw, 0, PLAIN_SHOWN), r->page->utf8, PLAIN_SHOWN);
	strbuf_puts(&r->facts, "\"");
}

static void unreachable_facts(struct rung *r)
{
	const struct unreachable *u = &r->ex->hs->unreachable;
	char by[ENDPOINT_TEXT];

	endpoint_address_text(&u->by, by);
	strbuf_printf(&r->facts, "%s, says %s", icmp_text(u->by.family, u->type, u->code), by);
}

/* What is not known by its own bytes in the clear. */
static void note_how(struct rung *r, const struct event *ev)
{
	if (!ev->opened && !ev->told)
		return;
	if (r->facts.len != 0)
		strbuf_puts(&r->facts, ", ");
	strbuf_puts(&r->facts, ev->told ? "as the log says" : "under the keys");
}

static void gather_facts(struct rung *r, const struct event *ev)
{
	strbuf_clear(&r->facts);
	switch (ev->kind) {
	case EVENT_MESSAGE:
		message_facts(&r->facts, r->ex->hs, ev, r->page->utf8);
		note_how(r, ev);
		break;
	case EVENT_ALERT:
		alert_facts(r, &ev->alert);
		note_how(r, ev);
		break;
	case EVENT_PROTECTED:
		count_fact(r, ev->n_records, "encrypted record", "encrypted records");
		count_fact(r, ev->length, "byte", "bytes");
		break;
	case EVENT_GAP:
		gap_facts(r, ev);
		break;
	case EVENT_FIN:
		if (r->ex->hs->ending == ENDING_CUT_OFF && ev->from == SIDE_CLIENT)
			strbuf_puts(&r->facts, "this client listens no longer");
		else
			strbuf_printf(&r->facts, "%s closes", side_name(ev->from));
		if (ev->packet == 0 && !r->ex->hs->logged)
			strbuf_printf(
				&r->facts, ", as %s acknowledges", side_name(side_other(ev->from)));
		break;
	case EVENT_RST:
		strbuf_printf(&r->facts, "%s %s the connection", side_name(ev->from),
			r->ex->hs->ending == ENDING_REFUSED ? "refuses" : "resets");
		break;
	case EVENT_UNREACHABLE:
		unreachable_facts(r);
		break;
	case EVENT_PLAIN:
		plain_facts(r, ev);
		break;
	case EVENT_BROKEN:
		count_fact(r, ev->length, "byte", "bytes");
		strbuf_puts(&r->facts, ", which it cannot have");
		break;
	case EVENT_EMPTY:
		count_fact(r, ev->n_records, "empty record", "empty records");
		strbuf_printf(&r->facts, " of %s",
			ev->content_type == CONTENT_HANDSHAKE ? "handshake messages"
			: ev->content_type == CONTENT_ALERT   ? "alerts"
							      : "ChangeCipherSpec");
		break;
	case EVENT_SKIMMED:
		strbuf_puts(&r->facts,
			r->ex->hs->skimmed == SKIM_BYTES
				? "messages from here on, after too many bytes without an end"
				: "messages from here on, more than is kept of one handshake");
		break;
	case EVENT_CHANGE_CIPHER_SPEC:
		if (ev->unexpected)
			strbuf_puts(&r->facts, "out of order");
		break;
	}
}

static const char *place_mark(const struct rung *r)
{
	return source_words(r->ex->hs->logged)->mark;
}

/* "  #8  1.304  <--", "  L812  <--": packets may be unknown, times are seconds since the handshake's start. */
static void put_place(struct rung *r, uint64_t packet, int64_t time, const char *arrow)
{
	struct page *p = r->page;
	char text[40];

	if (time < 0 && time > -500000)
		time = 0; /* no "-0.000" */
	page_put(p, ROLE_PLAIN, "  ");
	if (packet != 0) {
		(void)snprintf(text, sizeof text, "%s%" PRIu64, place_mark(r), packet);
		page_put(p, ROLE_FAINT, text);
	}
	page_tab(p, 2 + r->packet_width + 2);
	if (!r->ex->hs->untimed) {
		(void)snprintf(text, sizeof text, "%*.3f", (int)r->time_width, (double)time / 1e9);
		page_put(p, ROLE_PLAIN, text);
		page_put(p, ROLE_PLAIN, "  ");
	}
	page_put(p, ROLE_PLAIN, arrow);
	page_put(p, ROLE_PLAIN, " ");
}

/* Lines break between facts. One that is wider than the room begins further left. */
static void put_facts(struct page *p, const char *facts)
{
	unsigned at = p->column;

	while (*facts != '\0') {
		const char *comma = strstr(facts, ", ");
		size_t len = comma != NULL ? (size_t)(comma - facts) + 1 : strlen(facts);
		char one[FACT_SHOWN];
		unsigned columns;

		(void)snprintf(one, sizeof one, "%.*s", (int)len, facts);
		columns = page_columns(p, one);
		if (p->column > at && p->column + 1 + columns > p->width) {
			page_end_line(p);
			page_tab(p, at + columns > p->width && columns < p->width - FACTS_LEAST
					    ? p->width - columns
					    : at);
		} else if (p->column > at) {
			page_put(p, ROLE_PLAIN, " ");
		}
		page_wrap(p, at, one);
		facts += len;
		facts += strspn(facts, " ");
	}
}

static void put_event(struct rung *r, const struct event *ev)
{
	struct page *p = r->page;
	enum status mark = mark_of(r->ex, ev);
	char number[48];
	unsigned name_at;

	put_place(r, ev->packet, moment_apart(ev->time, r->ex->hs->start),
		ev->from == SIDE_CLIENT ? "-->" : "<--");
	name_at = p->column;
	page_put(p, ev->kind == EVENT_ALERT ? ROLE_LABEL : ROLE_PLAIN,
		event_name(r->ex->hs, ev, number));
	page_tab(p, name_at + NAME_WIDTH);
	if (mark == FAIL)
		page_put(p, ROLE_ERROR, "x");
	else if (mark == WARN)
		page_put(p, ROLE_WARNING, "!");
	page_tab(p, name_at + NAME_WIDTH + 3);
	gather_facts(r, ev);
	put_facts(p, strbuf_text(&r->facts));
	page_end_line(p);
}

static void put_remark(struct rung *r, int64_t time, const char *text)
{
	unsigned at;

	put_place(r, 0, moment_apart(time, r->ex->hs->start), "...");
	at = r->page->column;
	page_wrap(r->page, at, text);
	page_end_line(r->page);
}

/* Of two that claim the same place the first are read; which its receiver got nobody can tell. */
static void put_conflicts(struct rung *r)
{
	const struct handshake *hs = r->ex->hs;
	char text[120];

	for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++) {
		if (hs->side[s].tcp.conflicts == 0)
			continue;
		(void)snprintf(text, sizeof text,
			"%s sent bytes again that differ from the first, in #%" PRIu64,
			side_name(s), hs->side[s].tcp.conflict_packet);
		put_remark(r, hs->end, text);
	}
}

/* What no event shows: nobody said anything more, or nobody answered at all. */
static void put_ending(struct rung *r)
{
	const struct handshake *hs = r->ex->hs;
	int64_t end =
		hs->ending == ENDING_SILENCE && hs->ended_time > hs->end ? hs->ended_time : hs->end;

	if (hs->events_dropped)
		put_remark(r, hs->end, "more was said than is shown here");
	if (hs->ending == ENDING_UNANSWERED)
		put_remark(r, end, "nobody answers the TCP connection request");
	else if (hs->ending == ENDING_SILENCE)
		put_remark(r, end, "nothing more is said");
	else if (hs->ending == ENDING_CAPTURE)
		put_remark(r, end, hs->logged ? "the log ends here" : "the recording ends here");
	else if (hs->ending == ENDING_LIMIT)
		put_remark(
			r, end, "reading stopped here: more was open at a time than is followed");
	else if (hs->ending == ENDING_CUT_OFF && hs->heard.cut != CUT_TIME)
		put_remark(r, end, "more of it came than is listened to");
	else if (hs->ending == ENDING_CUT_OFF)
		put_remark(r, end, "the time is over, and more is to come");
}

static void put_cut_off(struct rung *r, const struct library_word *w)
{
	strbuf_clear(&r->facts);
	heard_text(&r->ex->hs->heard, &r->facts);
	page_put(r->page, ROLE_PLAIN, "  ");
	page_wrapf(r->page, 4, "this client: stopped listening after %s%s%s",
		strbuf_text(&r->facts), w->state != NULL ? ", in " : "",
		w->state != NULL ? w->state : "");
	page_end_line(r->page);
}

/* What the bytes cannot show: a side's own library, if it is there to be asked, has the last word. */
static void put_words(struct rung *r)
{
	static const char *const who[] = { [SIDE_CLIENT] = "client", [SIDE_SERVER] = "server" };

	for (unsigned side = 0; side < 2; side++) {
		const struct library_word *w = &r->ex->hs->side[side].word;

		if (side == SIDE_CLIENT && r->ex->hs->ending == ENDING_CUT_OFF) {
			put_cut_off(r, w);
			continue;
		}
		if (!word_failed(w))
			continue;
		strbuf_clear(&r->facts);
		word_text(w, &r->facts);
		page_put(r->page, ROLE_PLAIN, "  ");
		page_wrapf(r->page, 4, "%s %s: %s", r->ex->hs->logged ? "the" : "this", who[side],
			strbuf_text(&r->facts));
		page_end_line(r->page);
	}
}

static void measure(struct rung *r)
{
	const struct handshake *hs = r->ex->hs;
	char text[40];
	uint64_t packet = 1;
	int64_t time = moment_apart(hs->end, hs->start);

	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].packet > packet)
			packet = hs->events[i].packet;
	r->packet_width =
		(unsigned)snprintf(text, sizeof text, "%s%" PRIu64, place_mark(r), packet);
	if (moment_apart(hs->ended_time, hs->start) > time)
		time = moment_apart(hs->ended_time, hs->start);
	r->time_width = (unsigned)snprintf(text, sizeof text, "%.3f", (double)time / 1e9);
}

/* Where ladders are shown they have mostly failed: only the others say how they ended. */
static void put_title(struct page *p, const struct handshake *hs)
{
	static const char *const endings[] = {
		[OUTCOME_COMPLETED] = " completed",
		[OUTCOME_FAILED] = "",
		[OUTCOME_INCOMPLETE] = " is incomplete",
	};
	char client[ENDPOINT_TEXT], start[WHEN_TEXT];
	struct strbuf text = { 0 };

	endpoint_text(&hs->side[SIDE_CLIENT].address, client);
	when_readable(moment_seconds(hs->start), start);
	page_put(p, ROLE_LABEL, hs->side[SIDE_CLIENT].address.family != 0 ? client : "the client");
	if (hs->roles_guessed)
		strbuf_puts(&text, ", perhaps the client");
	if (hs->looks.name != NULL)
		strbuf_printf(&text, ", looks like %s", hs->looks.name);
	if (plain_wraps(hs->before))
		strbuf_printf(&text, ", inside of %s", plain_protocol_name(hs->before));
	strbuf_printf(&text, "; handshake %" PRIu64 "%s", hs->id, endings[hs->outcome]);
	if (!hs->undated)
		strbuf_printf(&text, ", %s", start);
	else if (hs->logged)
		strbuf_printf(&text, ", line %" PRIu64 " on", hs->first_packet);
	if (hs->input > 1)
		strbuf_printf(&text, ", file %" PRIu64, hs->input);
	page_wrap(p, 2, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

/* Does this event end the connection? What closes it after that is only its echo. */
static bool ends(const struct event *ev)
{
	return ev->kind == EVENT_FIN || ev->kind == EVENT_RST ||
	       (ev->kind == EVENT_ALERT && ev->alert.level == 2);
}

/* Does it say the same as the one before? */
static bool same(const struct rung *r, const struct event *a, const struct event *b)
{
	return a->kind == b->kind && a->from == b->from && a->type == b->type &&
	       a->content_type == b->content_type && a->length == b->length &&
	       a->alert.level == b->alert.level && a->alert.code == b->alert.code &&
	       mark_of(r->ex, a) == mark_of(r->ex, b) &&
	       (a->kind == EVENT_MESSAGE || a->kind == EVENT_ALERT ||
		       a->kind == EVENT_CHANGE_CIPHER_SPEC);
}

/* How many events from i on say the same; a short run is 1, as each of its events has its line. */
static size_t run_of(const struct rung *r, size_t i)
{
	const struct handshake *hs = r->ex->hs;
	size_t n = 1;

	while (i + n < hs->n_events && same(r, &hs->events[i], &hs->events[i + n]))
		n++;
	return n > RUN_SHOWN ? n : 1;
}

static void put_run(struct rung *r, size_t more, int64_t time)
{
	char text[COUNT_TEXT];
	unsigned at;

	put_place(r, 0, time - r->ex->hs->start, "...");
	at = r->page->column;
	page_wrapf(r->page, at, "%s more of the same", page_count(more, text));
	page_end_line(r->page);
}

void ladder_put(struct page *p, const struct examined *ex)
{
	struct rung r = { .page = p, .ex = ex };
	bool ended = false;
	size_t n;

	put_title(p, ex->hs);
	measure(&r);
	for (size_t i = 0; i < ex->hs->n_events; i += n) {
		const struct event *ev = &ex->hs->events[i];

		n = run_of(&r, i);

		if (!ended || (ev->kind != EVENT_FIN && ev->kind != EVENT_RST))
			put_event(&r, ev);
		if (n > 1)
			put_run(&r, n - 1, ev[n - 1].time);
		ended |= ends(ev);
	}
	put_conflicts(&r);
	put_ending(&r);
	put_words(&r);
	strbuf_free(&r.facts);
}

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

uint64_t ladder_likeness(const struct examined *ex)
{
	const struct handshake *hs = ex->hs;
	uint64_t h =
		mix(mix((uint64_t)hs->outcome, (uint64_t)hs->ending), (uint64_t)hs->looks.stack);

	h = mix(mix(h, hs->version), hs->suite_value);
	h = mix(h, (uint64_t)hs->heard.cut);
	h = mix(mix(h, (uint64_t)hs->side[SIDE_CLIENT].word.code),
		(uint64_t)hs->side[SIDE_SERVER].word.code);
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		h = mix(h, (uint64_t)ev->kind << 32 | (uint64_t)ev->from << 24 |
				   (uint64_t)ev->type << 16 | (uint64_t)ev->alert.code << 8 |
				   ev->content_type);
	}
	for (size_t i = 0; i < N_CHECKS; i++)
		h = mix(h, ex->answers[i].status == FAIL);
	return h;
}
