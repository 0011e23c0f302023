/* RFC 8446 5.1 allows it; mbedTLS joins them from 3.6.3 on (a ClientHello on a TLS 1.2 server from 3.6.6 on). */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_no_fatal_alert,
	CHECK_hello_answered, CHECK_window_open, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);
	enum stage met = st.by == SIDE_CLIENT ? STAGE_SERVER_FLIGHT : STAGE_CLIENT_HELLO;

	(void)cf;
	return st.failed && st.stage == met && st.closed &&
	       split_from(ex->hs, side_other(st.by)) != NULL && server_flight_sound(ex);
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	struct ending_story st = story_of(ex->hs);
	const struct event *ev = split_from(ex->hs, side_other(st.by));

	finding_prove(f, cf, ev->packet, "%s (%llu bytes) comes in %u records of at most %u bytes",
		name_handshake_title(ev->type), (unsigned long long)ev->length, ev->n_records,
		ev->record_length);
	finding_quote(f, cf, ex, CHECK_closed_cleanly);
	finding_prove(
		f, cf, 0, "all that was sent proves right, so it is its form that is refused");
	if (st.by == SIDE_SERVER)
		f->origin = ORIGIN_INTEROP;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_LIKELY;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!shows(cf, cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ == 0)
			prove(cf, cf->kept[i], f);
	}
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
