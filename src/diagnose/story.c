/*
 * Who gave up, when and with what is read in one place: the rules compare, they do not look for
 * events.
 */
#include "diagnose/story.h"

#include "base/array.h"
#include "diagnose/word.h"

#include <stdarg.h>
#include <stdio.h>

/* What counts for the side that gave up: its own messages, and those that were there for it. */
static bool counts(const struct handshake *hs, enum side by, enum side from, uint8_t type)
{
	return from == by || !handshake_late(hs, from, type);
}

static bool client_answered(const struct handshake *hs, enum side by)
{
	return (hs->cke.seen && counts(hs, by, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE)) ||
	       (hs->side[SIDE_CLIENT].certificate.seen &&
		       counts(hs, by, SIDE_CLIENT, HS_CERTIFICATE)) ||
	       (hs->side[SIDE_CLIENT].verify.seen &&
		       counts(hs, by, SIDE_CLIENT, HS_CERTIFICATE_VERIFY));
}

/* Did protected records of that side count? The ladder may not have all of them. */
static bool went_under_keys(const struct handshake *hs, enum side by, enum side from)
{
	bool late = false;

	/* in TLS 1.3 what was opened tells: an alert alone is no Finished */
	if (hs->tls13 && hs->side[from].keys == KEYS_OPEN && hs->side[from].refused_records == 0)
		return handshake_began(hs, from, HS_FINISHED) && counts(hs, by, from, HS_FINISHED);
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind != EVENT_PROTECTED || ev->from != from)
			continue;
		if (!ev->late)
			return true;
		late = true;
	}
	return hs->side[from].protected_records != 0 && (from == by || !late);
}

/* TLS 1.3: all that the client sends under its keys is an alert, too short for a Finished. */
static bool refused_under_keys(const struct handshake *hs)
{
	return hs->tls13 && hs->outcome == OUTCOME_FAILED && hs->ending == ENDING_PROTECTED_ALERT &&
	       hs->ended_by == SIDE_CLIENT;
}

static enum stage stage_of(const struct handshake *hs, enum side by)
{
	if (refused_under_keys(hs))
		return STAGE_SERVER_FLIGHT;
	if (went_under_keys(hs, by, SIDE_CLIENT) ||
		(!hs->tls13 && went_under_keys(hs, by, SIDE_SERVER)))
		return STAGE_FINISHED;
	if (client_answered(hs, by) || (!hs->tls13 && hs->side[SIDE_CLIENT].ccs))
		return STAGE_CLIENT_FLIGHT;
	if (hs->server_hello.seen || hs->hello_retry.seen ||
		handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO))
		return STAGE_SERVER_FLIGHT;
	return hs->client_hello.seen || handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO)
		       ? STAGE_CLIENT_HELLO
		       : STAGE_NOTHING;
}

/* OpenSSL, as either side, answers a bare FIN with decode_error, others with other codes: it had ended
 * before, and that alert says nothing. */
static bool answers_a_fin(const struct handshake *hs, const struct sent_alert *alert)
{
	const struct direction *other = &hs->side[side_other(alert->from)].tcp;
	bool ended = hs->ended_by != alert->from &&
		     (hs->ending == ENDING_FIN || hs->ending == ENDING_RST);

	return (alert->code == 50 || ended) && other->fin &&
	       (hs->logged || direction_fin_place(other) < alert->packet);
}

/* Did the client close before the first message of the server was there? What it said then was on its
 * way, and is not what the client closed for. */
static bool closed_before_answer(const struct handshake *hs)
{
	return hs->server_hello.seen && handshake_late(hs, SIDE_SERVER, HS_SERVER_HELLO) &&
	       !hs->hello_retry.seen;
}

/* Without an alert that means anything, or whose sender only answered. */
static void tell_close(const struct handshake *hs, bool echoed, struct ending_story *st)
{
	st->hidden = !echoed && hs->ending == ENDING_PROTECTED_ALERT;
	st->reset = !echoed && hs->ending == ENDING_RST;
	st->closed = echoed || hs->ending == ENDING_FIN || st->reset;
	st->early = st->closed && st->by == SIDE_CLIENT && closed_before_answer(hs);
	if (st->early)
		st->stage = STAGE_CLIENT_HELLO;
}

struct ending_story story_of(const struct handshake *hs)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);
	bool echo = alert != NULL && answers_a_fin(hs, alert);
	struct ending_story st = {
		.failed = hs->outcome == OUTCOME_FAILED, .by = hs->ended_by, .alert = -1
	};

	if (alert != NULL)
		st.by = echo ? side_other(alert->from) : alert->from;
	st.stage = stage_of(hs, st.by);
	if (alert == NULL || echo) {
		tell_close(hs, echo, &st);
		return st;
	}
	st.alert = alert->code;
	st.packet = alert->packet;
	return st;
}

bool gave_up_with(const struct ending_story *st, enum side by, int alert)
{
	return st->failed && st->by == by && st->alert == alert;
}

static bool certificate_alert(int code)
{
	switch (code) {
	case 40: /* JSSE */
	case 41: /* no_certificate: mbedTLS 3.6 */
	case 42: /* bad_certificate */
	case 43:
	case 44:
	case 45:
	case 46:
	case 47: /* key type or curve: OpenSSL, Chrome's strict keyUsage */
	case 48: /* unknown_ca */
	case 49: /* access_denied: mbedTLS, other */
	case 50: /* OpenSSL, BoringSSL: DER */
	case 51: /* decrypt_error: OpenSSL, rustls, BoringSSL for a certificate's signature */
	case 71: /* insufficient_security: Botan */
	case 80: /* internal_error: GnuTLS for keyUsage */
		return true;
	default:
		return false;
	}
}

bool certificate_refused(const struct handshake *hs, enum side about)
{
	struct ending_story st;

	if (hs->outcome != OUTCOME_FAILED || hs->side[about].n_certs == 0)
		return false;
	st = story_of(hs);
	if (st.by != side_other(about) || handshake_late(hs, about, HS_CERTIFICATE))
		return false;
	if (st.stage == STAGE_NOTHING && hs->logged) /* nothing but its word, and the chain */
		return word_blames_certificate(&hs->side[st.by].word);
	if (about == SIDE_SERVER && st.stage != STAGE_SERVER_FLIGHT)
		return false;
	if (about == SIDE_CLIENT && st.stage < STAGE_CLIENT_FLIGHT)
		return false;
	if (st.hidden && about == SIDE_SERVER)
		return word_blames_certificate(&hs->side[SIDE_CLIENT].word);
	return st.alert >= 0 ? certificate_alert(st.alert) : st.closed;
}

bool nothing_else_failed(const struct examined *ex)
{
	for (enum check_id id = 0; id < N_CHECKS; id++)
		if (ex->answers[id].status == FAIL && id != CHECK_closed_cleanly &&
			id != CHECK_no_fatal_alert && id != CHECK_hello_answered)
			return false;
	return true;
}

bool failed_check(const struct examined *ex, enum check_id id)
{
	return ex->answers[id].status == FAIL;
}

bool passed_check(const struct examined *ex, enum check_id id)
{
	return ex->answers[id].status == PASS;
}

bool server_flight_sound(const struct examined *ex)
{
	static const enum check_id flight[] = { CHECK_messages_well_formed, CHECK_messages_in_order,
		CHECK_version_offered, CHECK_cipher_suite_offered, CHECK_compression_offered,
		CHECK_session_id_echoed, CHECK_extensions_once, CHECK_server_hello_fits_version,
		CHECK_hello_retry_kept, CHECK_group_offered, CHECK_point_format_offered,
		CHECK_signature_scheme_offered, CHECK_extensions_offered, CHECK_scheme_fits_key,
		CHECK_certificate_curve_offered, CHECK_ske_params_valid, CHECK_ske_point_on_curve,
		CHECK_ske_signature, CHECK_certificate_well_formed, CHECK_chain_complete,
		CHECK_chain_signatures, CHECK_chain_trusted, CHECK_chain_dates, CHECK_chain_usages,
		CHECK_chain_strength, CHECK_no_downgrade_signal, CHECK_record_sizes };

	for (size_t i = 0; i < COUNT(flight); i++)
		if (ex->answers[flight[i]].status == FAIL || ex->answers[flight[i]].status == WARN)
			return false;
	return true;
}

bool hellos_break(const struct examined *ex)
{
	static const enum check_id clear[] = { CHECK_messages_well_formed, CHECK_messages_in_order,
		CHECK_version_offered, CHECK_cipher_suite_offered, CHECK_compression_offered,
		CHECK_session_id_echoed, CHECK_extensions_once, CHECK_server_hello_fits_version,
		CHECK_hello_retry_kept, CHECK_group_offered, CHECK_point_format_offered,
		CHECK_extensions_offered, CHECK_ske_point_on_curve, CHECK_no_downgrade_signal };

	for (size_t i = 0; i < COUNT(clear); i++)
		if (ex->answers[clear[i]].status == FAIL &&
			(clear[i] != CHECK_extensions_once ||
				extensions_repeated(&ex->hs->client_hello.ext) == NULL))
			return true;
	return false;
}

const struct examined *completed_one(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->outcome == OUTCOME_COMPLETED)
			return cf->kept[i];
	return NULL;
}

static void explain(struct finding *f, enum check_id id)
{
	for (size_t i = 0; i < f->n_explains; i++)
		if (f->explains[i] == id)
			return;
	if (f->n_explains < EXPLAINS_MAX)
		f->explains[f->n_explains++] = id;
}

void finding_add(struct finding *f, const struct examined *ex, const enum check_id *explains)
{
	f->n_handshakes_all++;
	if (f->n_handshakes < FINDING_HANDSHAKES_MAX)
		f->handshakes[f->n_handshakes++] = ex->hs->id;
	finding_explain(f, ex, explains);
}

void finding_explain(struct finding *f, const struct examined *ex, const enum check_id *explains)
{
	for (; explains != NULL && *explains < N_CHECKS; explains++)
		if (ex->answers[*explains].status == FAIL || ex->answers[*explains].status == WARN)
			explain(f, *explains);
}

static const char *format(const struct case_file *cf, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static const char *format(const struct case_file *cf, const char *fmt, va_list ap)
{
	char text[512];
	char *kept;

	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		return "";
	kept = arena_str(cf->arena, text);
	return kept != NULL ? kept : "";
}

const char *case_text(const struct case_file *cf, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = format(cf, fmt, ap);
	va_end(ap);
	return text;
}

void finding_prove(
	struct finding *f, const struct case_file *cf, uint64_t packet, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	if (f->n_proof == PROOFS_MAX)
		return;
	va_start(ap, fmt);
	text = format(cf, fmt, ap);
	va_end(ap);
	f->proof[f->n_proof++] = (struct proof_line){ packet, text };
}

void finding_say(struct finding *f, const struct case_file *cf, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	f->summary = format(cf, fmt, ap);
	va_end(ap);
}

void finding_step(struct finding *f, const struct case_file *cf, const char *fmt, ...)
{
	va_list ap;

	if (f->n_steps == STEPS_MAX)
		return;
	va_start(ap, fmt);
	f->next_steps[f->n_steps++] = format(cf, fmt, ap);
	va_end(ap);
}

void finding_prove_word(struct finding *f, const struct case_file *cf, const struct handshake *hs)
{
	struct strbuf text = { 0 };

	if (!word_failed(&hs->side[SIDE_CLIENT].word) || hs->ending == ENDING_CUT_OFF)
		return;
	word_text(&hs->side[SIDE_CLIENT].word, &text);
	finding_prove(f, cf, 0, "the client itself: %s", strbuf_text(&text));
	strbuf_free(&text);
}

const char *answer_text(const struct examined *ex, enum check_id id)
{
	return ex->answers[id].message != NULL ? ex->answers[id].message : "";
}

void finding_quote(
	struct finding *f, const struct case_file *cf, const struct examined *ex, enum check_id id)
{
	const struct answer *a = &ex->answers[id];

	/* What was not there to be judged proves nothing, nor that there was no alert. */
	if (a->message == NULL || a->status == NOT_APPLICABLE ||
		(id == CHECK_no_fatal_alert && a->status != FAIL))
		return;
	finding_prove(
		f, cf, a->n_evidence != 0 ? a->evidence[0].place.packet : 0, "%s", a->message);
}
