/* Nothing in TLS tells why. */
#include "base/moment.h"
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly, N_CHECKS };

/* In the middle of a message it is its sending that stopped: peer-closed says how far it came. */
static bool broke_off(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == SIDE_SERVER &&
			hs->events[i].unread)
			return true;
	return false;
}

/* It had answered, and then said nothing more although it was its turn. */
static bool fell_silent(const struct handshake_view *v)
{
	const struct handshake *hs = v->hs;

	return v->st.failed && hs->ending == ENDING_SILENCE && hs->ended_by == SIDE_SERVER &&
	       hs->side[SIDE_SERVER].tcp.bytes != 0 && hs->server_spoke == PLAIN_NONE &&
	       !broke_off(hs) && nothing_else_failed(v->ex);
}

static bool shows(const struct handshake_view *v)
{
	return v->hs->ending == ENDING_UNANSWERED || silent_server(v->hs) || fell_silent(v);
}

static void prove_wait(const struct handshake_view *v, struct finding *f)
{
	const struct direction *client = &v->hs->side[SIDE_CLIENT].tcp;

	finding_prove(f, v->cf, 0,
		client->fin || client->rst ? "after %.1f s the client gives up"
					   : "after %.1f s there is still no answer",
		(double)moment_apart(v->hs->ended_time, v->hs->start) / 1e9);
}

/* Why it stopped nothing tells: whether it hangs, or waits for something that it did not get. */
static void prove_fell_silent(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The server falls silent in the handshake, and the client gives up");
	f->origin = ORIGIN_UNKNOWN;
	f->confidence = CONFIDENCE_POSSIBLE;
	f->assumptions = 1;
	finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
	if (v->hs->has_last_message)
		finding_prove(f, v->cf, v->hs->last_packet, "the last message in the clear was %s",
			message_title(v->hs->last_message));
	prove_wait(v, f);
	finding_prove_word(f, v->cf, v->hs);
	step_before_ske(v, f);
}

/* Its TCP answers for itself: did the hello arrive? */
static void prove_arrival(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	uint64_t sent = hs->side[SIDE_CLIENT].tcp.sent_max, acked = hs->side[SIDE_SERVER].tcp.acked;

	if (sent == 0)
		return;
	if (acked >= sent) {
		f->origin = ORIGIN_SERVER;
		finding_prove(f, cf, 0,
			"the server's TCP acknowledged all of it: it arrived, and the program does "
			"not read or does not answer");
	} else if (acked == 0)
		finding_prove(f, cf, 0,
			"the server's TCP acknowledged none of it: it was lost on the way, or the "
			"server's stack hangs");
	else
		finding_prove(f, cf, 0,
			"the server's TCP acknowledged %llu of its %llu bytes: the rest does not "
			"come through, or finds no buffer",
			(unsigned long long)acked, (unsigned long long)sent);
}

/*
 * Silence may be the answer to what came before the hello, or to its size; and where the connection's
 * beginning was not seen the server may have spoken, or closed, already. So it may where the client's FIN was not
 * captured, and only the acknowledgement tells of it: neither need have been the server's.
 */
static void take(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;
	const struct direction *client = &hs->side[SIDE_CLIENT].tcp;

	if (hs->ending != ENDING_UNANSWERED &&
		(!hs->saw_syn || hs->before != PLAIN_NONE || large_hello(hs) ||
			(client->fin && client->fin_packet == 0 && !hs->logged)))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	f->assumptions = CONFIDENCE_LIKELY - f->confidence;
}

static void prove_no_answer(
	const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	const struct direction *server = &hs->side[SIDE_SERVER].tcp;

	if (server->stray_resets == 0) {
		finding_prove(f, cf, hs->first_packet, "the SYN gets no answer");
		return;
	}
	finding_say(f, cf, "Nothing that counts answers the connection request");
	finding_prove(f, cf, server->stray_packet,
		server->stray_resets == 1
			? "the SYN gets no answer but a reset that does not acknowledge it"
			: "the SYN gets no answer but resets that do not acknowledge it");
	finding_prove(f, cf, 0,
		"a client passes over such a reset (RFC 9293 3.10.7.3): a refusing host "
		"acknowledges the SYN, so that it is more likely something on the way");
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (fell_silent(v)) {
		prove_fell_silent(v, f);
		return;
	}
	if (v->hs->ending == ENDING_UNANSWERED) {
		finding_say(f, v->cf, "Nothing answers the connection request");
		prove_no_answer(v->cf, v->hs, f);
		return;
	}
	finding_say(
		f, v->cf, "The server accepts the connection and never answers the ClientHello");
	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the ClientHello is not answered by a single byte");
	prove_arrival(v->cf, v->hs, f);
	prove_wait(v, f);
}

static void conclude(const struct case_file *cf, struct finding *f, size_t n)
{
	if (cf->kept[0]->hs->ending == ENDING_UNANSWERED)
		quiet_beside_others(cf, f, n);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.take = take,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
	.conclude = conclude,
};

static const char *const steps[] = {
	"is the task that accepts the connection alive, and is the handshake called?",
	"does the server wait for something else first (STARTTLS, a PROXY line, another port)?",
	"ask with a small ClientHello, as a large one may get stuck in a buffer: tlsdiag probe "
	"--groups secp256r1 HOST:PORT",
	NULL,
};

const struct cause cause_server_silent = {
	.id = "server-silent",
	.origin = ORIGIN_NETWORK,
	.summary = "The server does not answer in time",
	.handshake = &rule,
	.next_steps = steps,
};
