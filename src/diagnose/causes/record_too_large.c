/* RFC 6066 4, RFC 8449; MBEDTLS_SSL_IN_CONTENT_LEN. Too big a record makes mbedTLS close without an alert. */
#include "diagnose/configured.h"
#include "diagnose/handshakes.h"
#include "diagnose/record_limit.h"
#include "diagnose/transport.h"

/* What that side's build can hold, in bytes of content: from --config, else 0. */
static long buffer_of(const struct case_file *cf, enum side s)
{
	const struct build *whole = configured_build(cf, s);

	if (s == SIDE_SERVER)
		return whole != NULL ? whole->in.content : 0;
	return configured_is(cf, s) ? config_in_content_len(cf->evidence->config->config) : 0;
}

/* It was sent a record that its build cannot hold. */
static bool outgrown(const struct handshake_view *v, enum side s)
{
	long buffer = buffer_of(v->cf, s);

	return buffer > 0 && (long)v->hs->side[side_other(s)].largest_record > buffer;
}

/* The smallest content length that is common on devices: below it nobody gives up for size. */
enum { SMALL_BUFFER = 1024 };

static bool quiet_end(const struct ending_story *st)
{
	return st->by == SIDE_CLIENT && st->stage == STAGE_SERVER_FLIGHT && st->closed;
}

/* The one who was sent it closed over it, as far as its place tells; a client's own come after the server's flight. */
static bool closed_over(const struct handshake_view *v)
{
	struct long_record r;

	if (!long_record_of(v->hs, &r) || v->st.by == r.from)
		return false;
	return r.from == SIDE_SERVER
		       ? quiet_end(&v->st)
		       : v->st.closed && (r.agreed == 0 || v->st.stage >= STAGE_CLIENT_FLIGHT);
}

/* A message that claims more than came: whether a buffer was large enough is not what ended it. */
static bool claims_more(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == SIDE_SERVER &&
			(hs->events[i].wrong.code == PARSE_LIMIT ||
				hs->events[i].wrong.code == PARSE_CUT))
			return true;
	return false;
}

static const enum check_id explains[] = { CHECK_record_sizes, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_hello_answered, N_CHECKS };

/* The server's buffer is too small for the ClientHello: mbedTLS closes then, without a word (-0x7200, -0x7900). */
static bool hello_outgrown(const struct handshake_view *v)
{
	return v->st.by == SIDE_SERVER && v->st.stage == STAGE_CLIENT_HELLO && v->st.closed &&
	       outgrown(v, SIDE_SERVER);
}

static bool shows(const struct handshake_view *v)
{
	if (!v->st.failed)
		return false;
	if (v->st.alert == 22 || hello_outgrown(v))
		return true;
	if (buffer_of(v->cf, SIDE_CLIENT) > 0)
		return quiet_end(&v->st) && outgrown(v, SIDE_CLIENT);
	if (failed_check(v->ex, CHECK_record_sizes))
		return closed_over(v);
	return quiet_end(&v->st) && !claims_more(v->hs) && looks_like_mbedtls(v->hs) &&
	       server_flight_sound(v->ex) &&
	       v->hs->side[SIDE_SERVER].largest_record > SMALL_BUFFER &&
	       v->hs->side[SIDE_CLIENT].tcp.zero_windows == 0 && !split_message(v->hs);
}

/*
 * The alert alone is its sender's word: no record need have been longer than any version allows. And to a
 * small hello it is hardly about that.
 */
static enum confidence sureness(const struct handshake_view *v)
{
	uint32_t largest = v->hs->side[side_other(v->st.by)].largest_record;
	struct long_record r;
	bool said = v->st.alert == 22, seen = long_record_of(v->hs, &r) && r.from != v->st.by;

	if (outgrown(v, v->st.by))
		return v->st.by == SIDE_SERVER && !configured_sure_of_server(v->cf)
			       ? CONFIDENCE_LIKELY
			       : CONFIDENCE_CERTAIN;
	if (said && seen)
		return CONFIDENCE_CERTAIN;
	if (said && v->st.stage <= STAGE_CLIENT_HELLO && largest <= SMALL_BUFFER)
		return CONFIDENCE_POSSIBLE;
	return said || seen ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

/* The receiver's buffer is as large as it has to be: it is the sender who went beyond. */
static void prove_broken(const struct handshake_view *v, struct finding *f)
{
	struct long_record r;

	if (!long_record_of(v->hs, &r) || r.from == v->st.by)
		return;
	f->origin = r.from == SIDE_CLIENT ? ORIGIN_CLIENT : ORIGIN_SERVER;
	if (r.agreed == 0) {
		finding_say(
			f, v->cf, "A record of %s is longer than TLS allows", side_name(r.from));
		return;
	}
	finding_say(f, v->cf, "A record of %s is longer than the two agreed on", side_name(r.from));
	finding_step(f, v->cf,
		"let %s keep to what was agreed: mbedTLS sends a handshake message of up to "
		"MBEDTLS_SSL_OUT_CONTENT_LEN in one record all the same, OpenSSL keeps to it",
		side_name(r.from));
	finding_step(
		f, v->cf, "or do without max_fragment_length, where the receiver has the room");
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	long buffer = buffer_of(v->cf, v->st.by);
	enum side sender = side_other(v->st.by);

	finding_prove(f, v->cf,
		message_place(
			v->hs, sender, sender == SIDE_SERVER ? HS_CERTIFICATE : HS_CLIENT_HELLO)
			.packet,
		"the longest record of %s has %u bytes", side_name(sender),
		v->hs->side[sender].largest_record);
	if (buffer > 0) {
		f->by_configuration = true;
		finding_prove(
			f, v->cf, 0, "the configuration given holds records of %ld bytes", buffer);
	}
	if (failed_check(v->ex, CHECK_record_sizes))
		finding_quote(f, v->cf, v->ex, CHECK_record_sizes);
	if (v->st.alert == 22)
		finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	else
		finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
	prove_broken(v, f);
	f->confidence = sureness(v);
}

/* ---- the server's own chain ---- */

/* A Certificate message with the certificates given: header, and three bytes of length for the list and for each
 * certificate (RFC 5246 7.4.2). */
static size_t own_message(const struct evidence *ev)
{
	size_t length = 4 + 3;

	for (size_t i = 0; i < ev->n_certs; i++)
		length += 3 + ev->certs[i]->der.len;
	return length;
}

/* The build has no room for what it would send: it says its ServerHello, or not even that, and closes. */
static bool own_chain_shows(const struct handshake_view *v)
{
	const struct build *b = configured_build(v->cf, SIDE_SERVER);

	return b != NULL && v->cf->evidence->n_certs != 0 && v->st.failed &&
	       v->st.by == SIDE_SERVER && v->st.closed && v->st.stage <= STAGE_SERVER_FLIGHT &&
	       v->hs->client_hello.seen && v->hs->side[SIDE_SERVER].n_certs == 0 &&
	       (long)own_message(v->cf->evidence) > b->out.content;
}

static void own_chain_prove(const struct handshake_view *v, struct finding *f)
{
	const struct build *b = configured_build(v->cf, SIDE_SERVER);

	f->by_configuration = true;
	finding_say(f, v->cf, "The server's certificates do not fit into its buffer");
	finding_prove(f, v->cf, 0,
		"with the certificates given the Certificate message takes %zu bytes",
		own_message(v->cf->evidence));
	finding_prove(f, v->cf, 0, "the configuration given sends records of up to %ld bytes",
		b->out.content);
	finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
	finding_step(f, v->cf,
		"raise MBEDTLS_SSL_OUT_CONTENT_LEN (2.x: or MBEDTLS_SSL_MAX_CONTENT_LEN) to %zu "
		"or more",
		own_message(v->cf->evidence));
	finding_step(f, v->cf, "or send a shorter chain: its root need not be sent");
	f->steps_done = true;
}

static const struct handshake_rule own_chain = {
	.shows = own_chain_shows,
	.prove = own_chain_prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
	.otherwise = &own_chain,
};

static const char *const steps[] = {
	"raise MBEDTLS_SSL_IN_CONTENT_LEN (2.x: also MBEDTLS_SSL_MAX_CONTENT_LEN); 16384 is "
	"enough for any record",
	"or send less: a shorter chain, EC certificates instead of RSA",
	"max_fragment_length helps only if the server honours it and the library can join "
	"fragments (mbedTLS 3.6.3 and later)",
	NULL,
};

const struct cause cause_record_too_large = {
	.id = "record-too-large",
	.origin = ORIGIN_MEMORY,
	.summary = "A record is larger than the receiver's buffer",
	.handshake = &rule,
	.next_steps = steps,
};
