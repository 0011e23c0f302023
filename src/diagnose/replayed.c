/* Each fact is a text, so that comparing and showing them is the same for all. */
#include "diagnose/replayed.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "diagnose/rule.h"
#include "diagnose/story.h"

#include <stdio.h>

const char *answer_fact_name(enum answer_fact f)
{
	static const char *const names[] = {
		[ANSWER_VERSION] = "version",
		[ANSWER_SUITE] = "cipher suite",
		[ANSWER_GROUP] = "group",
		[ANSWER_EXTENSIONS] = "extensions",
		[ANSWER_ENCRYPTED] = "encrypted",
		[ANSWER_ALPN] = "ALPN",
		[ANSWER_CERTIFICATE] = "certificate",
		[ANSWER_SCHEME] = "scheme",
		[ANSWER_POINT] = "point",
		[ANSWER_SIGNATURE] = "signature",
		[ANSWER_END] = "end",
	};

	return names[f];
}

/* ---- reading an answer ---- */

static void put(struct server_answer *a, enum answer_fact f, const char *text)
{
	(void)snprintf(a->fact[f], ANSWER_TEXT, "%s", text);
}

static void read_certificate(const struct handshake *hs, struct server_answer *out)
{
	const struct cert *c = leaf(hs, SIDE_SERVER);

	if (c == NULL)
		return;
	(void)snprintf(out->fact[ANSWER_CERTIFICATE], ANSWER_TEXT,
		"%.60s, %s, sha256 %02x%02x%02x%02x..., %zu sent", c->subject, c->key_name,
		c->sha256[0], c->sha256[1], c->sha256[2], c->sha256[3],
		hs->side[SIDE_SERVER].n_certs);
}

static void read_signature(const struct handshake *hs, struct server_answer *out)
{
	static const char *const states[] = { [PROOF_VALID] = "valid",
		[PROOF_INVALID] = "does not verify",
		[PROOF_UNVERIFIABLE] = "cannot be verified" };
	const struct certificate_verify *verify = &hs->side[SIDE_SERVER].verify;
	enum proof state = hs->side[SIDE_SERVER].proof.signature.state;

	if (hs->ske.seen && hs->ske.has_scheme)
		put(out, ANSWER_SCHEME, scheme_text12(hs->ske.scheme).text);
	if (hs->tls13 && verify->seen && verify->has_scheme)
		name_or_hex(out->fact[ANSWER_SCHEME], name_scheme(verify->scheme), verify->scheme);
	if ((hs->ske.seen || (hs->tls13 && verify->seen)) && state != PROOF_NONE)
		put(out, ANSWER_SIGNATURE, states[state]);
	if (hs->side[SIDE_SERVER].point != POINT_UNCHECKED)
		put(out, ANSWER_POINT,
			hs->side[SIDE_SERVER].point == POINT_ON_CURVE
				? "on its curve"
				: point_state_text(hs->side[SIDE_SERVER].point));
}

static void read_negotiated(const struct handshake *hs, struct server_answer *out)
{
	struct place at;
	uint16_t group;

	if (hs->server_hello.seen && hs->version != 0)
		put(out, ANSWER_VERSION, version_title(hs->version));
	if (hs->has_suite)
		name_or_hex(out->fact[ANSWER_SUITE], name_cipher_suite(hs->suite_value),
			hs->suite_value);
	if (server_group(hs, &group, &at))
		put(out, ANSWER_GROUP, group_text(group).text);
}

/* "key_share, supported_versions", in the order of their numbers: no order of theirs means anything. */
static void list_types(
	const struct extension *list, size_t n, struct server_answer *out, enum answer_fact f)
{
	uint32_t last = 0;
	struct strbuf text = { 0 };

	for (size_t done = 0; done < n;) {
		uint32_t next = UINT32_MAX;

		for (size_t i = 0; i < n; i++)
			if (list[i].type + 1U > last && list[i].type + 1U < next)
				next = list[i].type + 1U;
		if (next == UINT32_MAX)
			break;
		strbuf_printf(&text, "%s%s", text.len != 0 ? ", " : "",
			extension_text((uint16_t)(next - 1)).text);
		last = next;
		done++;
	}
	put(out, f, n == 0 ? "none" : strbuf_text(&text));
	strbuf_free(&text);
}

static void read_extensions(const struct handshake *hs, struct server_answer *out)
{
	const struct server_hello *hello =
		hs->server_hello.seen ? &hs->server_hello : &hs->hello_retry;

	if (hello->seen)
		list_types(hello->ext.list, hello->ext.n, out, ANSWER_EXTENSIONS);
	if (hs->encrypted_extensions.seen)
		list_types(hs->encrypted_extensions.list, hs->encrypted_extensions.n, out,
			ANSWER_ENCRYPTED);
	if (hs->alpn.from != FROM_NOWHERE && hs->alpn.name.len == 0)
		put(out, ANSWER_ALPN, "none");
	else if (hs->alpn.from != FROM_NOWHERE && bytes_printable(hs->alpn.name))
		(void)snprintf(out->fact[ANSWER_ALPN], ANSWER_TEXT, "%.*s", (int)hs->alpn.name.len,
			(const char *)hs->alpn.name.data);
}

/* The server has said all it says before the client has to answer. */
static bool flight_whole(const struct handshake *hs)
{
	return hs->server_hello_done || hs->outcome == OUTCOME_COMPLETED ||
	       (hs->tls13 && hs->server_hello.seen &&
		       hs->side[SIDE_SERVER].protected_records != 0) ||
	       (hs->hello_retry.seen && !hs->server_hello.seen) ||
	       (hs->resumed_known && hs->resumed && hs->side[SIDE_SERVER].protected_records != 0);
}

static const struct sent_alert *alert_of_server(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == SIDE_SERVER && hs->alerts[i].level == 2)
			return &hs->alerts[i];
	return NULL;
}

static void read_end(const struct handshake *hs, struct server_answer *out)
{
	const struct sent_alert *alert = alert_of_server(hs);
	char name[48];

	if (alert != NULL) {
		name_or_hex(name, name_alert(alert->code), alert->code);
		(void)snprintf(
			out->fact[ANSWER_END], ANSWER_TEXT, "alert %u %s", alert->code, name);
	} else if (hs->server_spoke != PLAIN_NONE) {
		(void)snprintf(out->fact[ANSWER_END], ANSWER_TEXT, "no TLS but %s",
			plain_protocol_name(hs->server_spoke));
	} else if (flight_whole(hs) && hs->ending != ENDING_CUT_OFF) {
		put(out, ANSWER_END,
			hs->hello_retry.seen && !hs->server_hello.seen ? "a retry is asked for"
								       : "the flight is whole");
		out->whole = true;
	} else if (hs->ending == ENDING_FIN && hs->ended_by == SIDE_SERVER) {
		put(out, ANSWER_END, "the server closes");
	} else if (hs->ending == ENDING_RST && hs->ended_by == SIDE_SERVER) {
		put(out, ANSWER_END, "the server resets");
	} else if (hs->ending == ENDING_CUT_OFF) {
		put(out, ANSWER_END, "it comes to no end");
	} else {
		out->cut = hs->server_hello.seen && hs->ended_by == SIDE_CLIENT &&
			   hs->ending != ENDING_CAPTURE;
		put(out, ANSWER_END,
			out->cut                ? "the client breaks off"
			: hs->server_hello.seen ? "the flight stops midway"
						: "no answer");
	}
}

/* What a check says of the client, of the keys or of the end is not about this answer. */
static bool about_answer(enum check_id id)
{
	static const enum check_id about_others[] = { CHECK_capture_complete,
		CHECK_certificate_verify_signature, CHECK_random_fresh, CHECK_ephemeral_fresh,
		CHECK_nonce_fresh, CHECK_finished_accepted, CHECK_closed_cleanly,
		CHECK_cke_point_on_curve, CHECK_no_fatal_alert, CHECK_hello_answered,
		CHECK_window_open };

	for (size_t i = 0; i < COUNT(about_others); i++)
		if (id == about_others[i])
			return false;
	return true;
}

static void read_client(const struct handshake *hs, struct server_answer *out)
{
	struct ending_story st = story_of(hs);

	out->completed = hs->outcome == OUTCOME_COMPLETED;
	out->refused = st.failed && st.by == SIDE_CLIENT && st.stage >= STAGE_SERVER_FLIGHT;
	out->refused_with = st.alert;
	out->wanted = hs->certificate_request.seen && hs->side[SIDE_CLIENT].n_certs == 0 &&
		      hs->side[SIDE_CLIENT].finished.seen && hs->outcome == OUTCOME_FAILED &&
		      hs->ended_by == SIDE_SERVER;
	out->hidden = hs->tls13 && hs->server_hello.seen && hs->side[SIDE_SERVER].n_certs == 0;
}

void answer_read(const struct examined *ex, struct server_answer *out)
{
	*out = (struct server_answer){ .handshake = ex->hs->id, .time = ex->hs->start };
	read_client(ex->hs, out);
	read_negotiated(ex->hs, out);
	read_extensions(ex->hs, out);
	read_certificate(ex->hs, out);
	read_signature(ex->hs, out);
	read_end(ex->hs, out);
	for (size_t i = 0; i < N_CHECKS; i++)
		out->failing[i] = ex->answers[i].status == FAIL && about_answer((enum check_id)i);
}

/* ---- judging ---- */

static bool any_failing(const struct server_answer *a)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		if (a->failing[i])
			return true;
	return false;
}

bool answer_sound(const struct server_answer *a)
{
	return !any_failing(a) && (a->whole || a->cut);
}

/* The same checks fail, or none and it ends alike. Of an answer that was cut the rest is not known:
 * more may fail in the other. */
static bool fails_alike(const struct server_answer *then, const struct server_answer *now)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		if (then->failing[i] != now->failing[i] && (then->failing[i] || !then->cut))
			return false;
	return any_failing(then) || strcmp(then->fact[ANSWER_END], now->fact[ANSWER_END]) == 0;
}

static bool differs(
	const struct server_answer *x, const struct server_answer *y, enum answer_fact fact)
{
	return strcmp(x->fact[fact], y->fact[fact]) != 0;
}

/* Is what the client may have refused then another now? An alert of the certificate family is about
 * that, any other one about what was chosen, and none may be about either. */
static bool otherwise(const struct server_answer *then, const struct server_answer *now)
{
	static const enum answer_fact chosen[] = { ANSWER_VERSION, ANSWER_SUITE, ANSWER_GROUP,
		ANSWER_SCHEME };
	bool about_certificate =
		then->refused_with >= 42 && then->refused_with <= 49 && then->refused_with != 47;

	if ((about_certificate || then->refused_with < 0) && differs(then, now, ANSWER_CERTIFICATE))
		return true;
	for (size_t i = 0; i < COUNT(chosen) && !about_certificate; i++)
		if (differs(then, now, chosen[i]))
			return true;
	return false;
}

static bool alike_in_the_clear(const struct server_answer *then, const struct server_answer *now)
{
	for (int f = 0; f < ANSWER_END; f++)
		if (differs(then, now, (enum answer_fact)f))
			return false;
	return true;
}

static enum replay_verdict compare_sound(const struct replay *r, const struct server_answer *now)
{
	const struct server_answer *then = r->has_then ? &r->then : NULL;

	if (now->hidden)
		return then != NULL && then->completed && alike_in_the_clear(then, now)
			       ? REPLAY_ANSWERS_AS_THEN
			       : REPLAY_ANSWERS_HIDDEN;
	if (then == NULL || !answer_sound(then))
		return REPLAY_ANSWERS_WELL;
	return then->refused && !otherwise(then, now) ? REPLAY_REFUSED_THEN
	       : then->refused || then->hidden        ? REPLAY_ANSWERS_WELL
						      : REPLAY_ANSWERS_AS_THEN;
}

static enum replay_verdict compare(const struct replay *r, const struct server_answer *now)
{
	bool then_sound = answer_sound(&r->then);

	if (answer_sound(now))
		return compare_sound(r, now);
	if (r->rekeyed && now->wanted && !any_failing(now) && !(r->has_then && r->then.wanted))
		return REPLAY_WANTS_MORE;
	if (!r->has_then || then_sound)
		return REPLAY_FAILS_NEW;
	return fails_alike(&r->then, now) ? REPLAY_FAILS_AS_THEN : REPLAY_FAILS_OTHERWISE;
}

void replay_judge(struct replay *r)
{
	r->verdict = r->n_now != 0 ? compare(r, &r->now[0]) : REPLAY_NO_ANSWER;
	for (size_t i = 1; i < r->n_now; i++)
		if (compare(r, &r->now[i]) != r->verdict)
			r->verdict = REPLAY_VARIES;
}

bool replay_unchanged(const struct replay *r, enum answer_fact f)
{
	const char *first = r->has_then ? r->then.fact[f] : r->n_now != 0 ? r->now[0].fact[f] : "";

	for (size_t i = 0; i < r->n_now; i++)
		if (strcmp(r->now[i].fact[f], first) != 0)
			return false;
	return true;
}

enum tone { TONE_GOOD, TONE_BAD, TONE_OPEN };

static const struct {
	const char *id, *text;
	enum tone tone;
} verdicts[] = {
	[REPLAY_FAILS_AS_THEN] = { "fails-as-then", "It fails now as it did then", TONE_BAD },
	[REPLAY_FAILS_OTHERWISE] = { "fails-otherwise", "It fails now too, but in another way",
		TONE_BAD },
	[REPLAY_FAILS_NEW] = { "fails-now", "It fails now", TONE_BAD },
	[REPLAY_ANSWERS_WELL] = { "answers-well", "It answers now, and no fault is seen in that",
		TONE_GOOD },
	[REPLAY_ANSWERS_AS_THEN] = { "answers-as-then",
		"What is seen of its answer is as it was then, and no fault is in that",
		TONE_GOOD },
	[REPLAY_REFUSED_THEN] = { "refused-then",
		"It answers as it did then, when the client refused that: no fault is seen in it, "
		"and nothing shows that the client would take it now",
		TONE_OPEN },
	[REPLAY_ANSWERS_HIDDEN] = { "answers-hidden",
		"It answers, and TLS 1.3 hides most of that: no fault is seen in what is in the "
		"clear",
		TONE_OPEN },
	[REPLAY_WANTS_MORE] = { "wants-certificate",
		"It answers without a fault, and then refuses a client without a certificate: the "
		"one "
		"that was captured may have had it",
		TONE_OPEN },
	[REPLAY_VARIES] = { "varies", "It answers the same hello in different ways", TONE_BAD },
	[REPLAY_NO_ANSWER] = { "no-answer", "There is no answer to compare", TONE_BAD },
};

const char *replay_verdict_id(enum replay_verdict v)
{
	return verdicts[v].id;
}

const char *replay_verdict_text(enum replay_verdict v)
{
	return verdicts[v].text;
}

bool replay_verdict_bad(enum replay_verdict v)
{
	return verdicts[v].tone == TONE_BAD;
}

bool replay_verdict_good(enum replay_verdict v)
{
	return verdicts[v].tone == TONE_GOOD;
}
