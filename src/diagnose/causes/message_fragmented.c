/* RFC 8446 5.1 allows it; mbedTLS joins them from 3.6.3 on (a ClientHello on a TLS 1.2 server from 3.6.6 on). */
#include "diagnose/contrast.h"
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_no_fatal_alert,
	CHECK_hello_answered, CHECK_window_open, N_CHECKS };

/* The same receiver got through with a message in pieces: it can join them. */
static bool joins(const struct handshake_view *v)
{
	for (size_t i = 0; i < v->cf->n_kept; i++) {
		const struct handshake *other = v->cf->kept[i]->hs;

		if (other->outcome == OUTCOME_COMPLETED &&
			split_from(other, side_other(v->st.by)) != NULL &&
			(v->st.by == SIDE_SERVER || same_client(other, v->hs)))
			return true;
	}
	return false;
}

static bool shows(const struct handshake_view *v)
{
	enum stage met = v->st.by == SIDE_CLIENT ? STAGE_SERVER_FLIGHT : STAGE_CLIENT_HELLO;

	return v->st.failed && v->st.stage == met && v->st.closed &&
	       split_from(v->hs, side_other(v->st.by)) != NULL && server_flight_sound(v->ex) &&
	       !joins(v);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct event *ev = split_from(v->hs, side_other(v->st.by));

	finding_prove(f, v->cf, ev->packet,
		"%s (%llu bytes) comes in %u records of at most %u bytes", event_title(ev),
		(unsigned long long)ev->length, ev->n_records, ev->record_length);
	finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
	finding_prove(f, v->cf, 0,
		"nothing that was sent proves wrong, so that it is most likely its form that is "
		"refused");
	if (v->st.by == SIDE_SERVER)
		f->origin = ORIGIN_INTEROP;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"update the receiver: mbedTLS 3.6.3 joins handshake fragments, 3.6.6 also a ClientHello "
	"on a TLS 1.2 server",
	"or let the sender use larger records (OpenSSL: no -max_send_frag), or send less",
	"do not ask for max_fragment_length with a library that cannot join fragments",
	NULL,
};

const struct cause cause_message_fragmented = {
	.id = "message-fragmented",
	.origin = ORIGIN_INTEROP,
	.summary = "A handshake message is spread over several records, and the receiver cannot "
		   "join them",
	.handshake = &rule,
	.next_steps = steps,
};
