/* What hangs on the connection as a whole, asked with what is known to be answered well. */
#include "survey/surveyor.h"

#include "base/array.h"

#include <stdio.h>

enum { NO_APPLICATION_PROTOCOL = 120 };

/* The older versions show it in the clear. */
static bool begin_open(struct surveyor *s)
{
	struct offer *o = &s->q.offer;

	for (size_t i = 1; i < SURVEY_VERSIONS; i++)
		if (s->out->version[i].taken == SURVEY_YES) {
			surveyor_begin(s, s->out->version[i].version);
			survey_list(&o->suites, &s->out->version[i].suites);
			return true;
		}
	return surveyor_begin_well(s, TALK_FLIGHT);
}

static size_t protocol_index(const struct offer *o, const char *name)
{
	size_t i = 0;

	while (o->alpn[i] != NULL && strcmp(o->alpn[i], name) != 0)
		i++;
	return i;
}

void survey_offer_protocols(struct offer *o)
{
	static const char *const names[] = { "h2", "http/1.1", "http/1.0", "mqtt", "coap", "imap",
		"pop3", "ftp", "xmpp-client", "dot" };

	for (size_t i = 0; i < COUNT(names); i++)
		o->alpn[i] = names[i];
}

void survey_note_protocol(struct surveyor *s)
{
	struct survey *out = s->out;
	const struct offer *o = &s->q.offer;
	size_t i = protocol_index(o, s->reply.protocol);

	out->protocols_asked = true;
	s->protocols_end = o->alpn[i] == NULL;
	if (!s->protocols_end)
		(void)snprintf(
			out->protocol[out->n_protocols++], SURVEY_PROTOCOL_MAX, "%s", o->alpn[i]);
}

/* What was chosen is not offered again. */
static void leave_out_protocols(const struct survey *out, struct offer *o)
{
	for (size_t n = 0; n < out->n_protocols; n++)
		for (size_t i = protocol_index(o, out->protocol[n]); o->alpn[i] != NULL; i++)
			o->alpn[i] = o->alpn[i + 1];
}

static void survey_protocols(struct surveyor *s)
{
	struct survey *out = s->out;
	struct offer *o = &s->q.offer;

	if (s->protocols_end || !begin_open(s))
		return;
	survey_offer_protocols(o);
	leave_out_protocols(out, o);
	while (o->alpn[0] != NULL && surveyor_ask(s)) {
		surveyor_note_authentication(s);
		survey_note_protocol(s);
		if (s->protocols_end)
			return;
		leave_out_protocols(out, o);
	}
	/* RFC 7301 3.2: a server that has others refuses with alert 120. */
	out->protocols_asked |= !out->cut_short && s->reply.outcome == SURVEY_ALERT &&
				s->reply.alert == NO_APPLICATION_PROTOCOL;
}

static void survey_fragments(struct surveyor *s)
{
	if (s->out->feature[SURVEY_MAX_FRAGMENT_LENGTH] != SURVEY_UNKNOWN || !begin_open(s))
		return;
	s->q.offer.max_fragment_length = SURVEY_FRAGMENT;
	if (surveyor_ask(s))
		surveyor_note_feature(s, SURVEY_MAX_FRAGMENT_LENGTH, s->reply.max_fragment_length);
}

static void survey_records(struct surveyor *s)
{
	if (s->out->feature[SURVEY_HELLO_IN_RECORDS] != SURVEY_UNKNOWN ||
		!surveyor_begin_well(s, TALK_HELLO))
		return;
	s->q.hello_record = SURVEY_SMALL_RECORD;
	if (surveyor_ask(s) || !s->out->cut_short)
		surveyor_note_feature(s, SURVEY_HELLO_IN_RECORDS, s->reply.outcome == SURVEY_CHOSE);
}

static bool takes_hello_of(struct surveyor *s, size_t bytes)
{
	s->q.offer.padded_to = bytes;
	if (surveyor_ask(s)) {
		s->out->hello_taken = bytes;
		return true;
	}
	if (!s->out->cut_short)
		s->out->hello_refused = bytes;
	return false;
}

/* Between what is taken and what is not, by halves; no finer than a few hundred bytes. */
static void survey_sizes(struct surveyor *s)
{
	enum { LARGEST = 16000, FINE = 512 };
	struct survey *out = s->out;

	if (!surveyor_begin_well(s, TALK_HELLO))
		return;
	offer_list_add(&s->q.offer.extensions, EXT_PADDING);
	if (takes_hello_of(s, LARGEST) || !takes_hello_of(s, FINE))
		return;
	while (!out->cut_short && out->hello_refused - out->hello_taken > FINE)
		(void)takes_hello_of(s, (out->hello_taken + out->hello_refused) / 2);
}

/* Only a handshake that comes to its end shows it. */
static void survey_tickets13(struct surveyor *s)
{
	if (s->out->version[0].taken != SURVEY_YES || s->came_through ||
		s->out->feature[SURVEY_SESSION_TICKET] == SURVEY_YES ||
		!surveyor_begin_well(s, TALK_WHOLE))
		return;
	s->q.patient = true;
	if (surveyor_ask(s))
		surveyor_note(s);
	s->q.patient = false;
}

static void survey_authentication(struct surveyor *s)
{
	struct survey *out = s->out;

	if (out->client_auth == SURVEY_AUTH_UNKNOWN && begin_open(s) && surveyor_ask(s))
		surveyor_note_authentication(s);
	if (out->client_auth != SURVEY_AUTH_ASKED || s->came_through ||
		!surveyor_begin_well(s, TALK_WHOLE))
		return;
	s->q.patient = true;
	if (surveyor_ask(s) && !s->reply.completed)
		out->client_auth = SURVEY_AUTH_DEMANDED;
	s->q.patient = false;
}

/* Where a certificate is demanded, nobody comes further without one than to the end of the server's flight. */
static bool comes_in(const struct surveyor *s)
{
	return s->reply.completed || s->reply.beyond ||
	       (s->out->client_auth == SURVEY_AUTH_DEMANDED && s->reply.flight);
}

static void survey_stacks(struct surveyor *s)
{
	struct survey *out = s->out;
	size_t n;
	const struct hello_profile *profiles = hello_profiles(&n);

	s->as_it_is = true;
	for (size_t i = 0; i < n && out->n_stacks < SURVEY_STACKS_MAX; i++) {
		struct survey_stack *stack = &out->stack[out->n_stacks];

		if (!hello_profile_is_newest(&profiles[i]))
			continue;
		s->q = (struct survey_question){ .depth = TALK_WHOLE };
		(void)hello_profile_offer(&profiles[i], &s->q.offer);
		offer_name(&s->q.offer, s->options->sni);
		(void)surveyor_ask(s);
		if (out->cut_short)
			return;
		*stack = (struct survey_stack){ &profiles[i], comes_in(s) ? SURVEY_YES : SURVEY_NO,
			s->reply };
		out->n_stacks++;
	}
}

void survey_rest(struct surveyor *s)
{
	survey_protocols(s);
	survey_fragments(s);
	survey_authentication(s);
	survey_tickets13(s);
	survey_records(s);
	survey_sizes(s);
	survey_stacks(s);
}
