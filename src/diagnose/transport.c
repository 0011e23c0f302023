/* Asked of the ending and of the TCP facts beside the handshake; no message is needed. */
#include "diagnose/transport.h"

#include "base/array.h"
#include "names/atlas.h"

enum { ONE_SEGMENT = 1400 };

bool unanswered_hello(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	return hs->client_hello.seen && st.failed && !st.early && st.alert < 0 &&
	       st.stage == STAGE_CLIENT_HELLO && hs->server_spoke == PLAIN_NONE && hs->n_gaps == 0;
}

bool silent_server(const struct handshake *hs)
{
	/* a program that gave up over something has been told something, whether or not its log has the bytes */
	return unanswered_hello(hs) && hs->ending != ENDING_GAVE_UP &&
	       (hs->ending == ENDING_SILENCE || hs->ended_by == SIDE_CLIENT) &&
	       hs->side[SIDE_SERVER].tcp.bytes == 0;
}

size_t hello_size(const struct handshake *hs)
{
	const struct event *ev = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);

	return ev != NULL ? (size_t)ev->length : 0;
}

bool large_hello(const struct handshake *hs)
{
	return hello_size(hs) > ONE_SEGMENT;
}

bool gave_up_before_ske(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	return st.failed && st.by == SIDE_SERVER && st.closed && st.stage == STAGE_SERVER_FLIGHT &&
	       hs->suite != NULL && (hs->suite->kx == KX_ECDHE || hs->suite->kx == KX_DHE) &&
	       !hs->ske.seen && !hs->server_hello_done;
}

void step_before_ske(const struct handshake_view *v, struct finding *f)
{
	if (gave_up_before_ske(v->hs))
		finding_step(f, v->cf,
			"an mbedTLS server that stops here failed to make its key or its "
			"signature: -0x4C80 is arithmetic or memory, -0x4D00 the random "
			"numbers, -0x7500 its output buffer");
}

/* It may mean by it what others say fatally. */
static void prove_warning(const struct handshake_view *v, struct finding *f)
{
	for (size_t i = 0; i < v->hs->n_alerts; i++) {
		const struct sent_alert *a = &v->hs->alerts[i];
		char name[48];

		if (a->from != v->st.by || a->level != ALERT_LEVEL_WARNING)
			continue;
		name_or_hex(name, name_alert(a->code), a->code);
		finding_prove(f, v->cf, a->packet, "%s warned: %s (%u)", side_name(a->from), name,
			a->code);
		return;
	}
}

void prove_end(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
	prove_warning(v, f);
	if (v->hs->has_last_message)
		finding_prove(f, v->cf, v->hs->last_packet, "the last message in the clear was %s",
			message_title(v->hs->last_message));
	if (!v->st.early)
		return;
	finding_say(f, v->cf, "The client closed the connection before the server answered");
	f->severity = SEVERITY_WARNING;
}

const struct event *split_from(const struct handshake *hs, enum side s)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == s &&
			hs->events[i].n_records > 1)
			return &hs->events[i];
	return NULL;
}

bool split_message(const struct handshake *hs)
{
	return split_from(hs, SIDE_SERVER) != NULL || split_from(hs, SIDE_CLIENT) != NULL;
}

bool starttls_protocol(enum plain_protocol p)
{
	static const enum plain_protocol those[] = { PLAIN_SMTP, PLAIN_IMAP, PLAIN_POP3, PLAIN_FTP,
		PLAIN_SMTP_OR_FTP, PLAIN_XMPP, PLAIN_SIEVE, PLAIN_NNTP };

	for (size_t i = 0; i < COUNT(those); i++)
		if (p == those[i])
			return true;
	return false;
}

void prove_plain(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	const struct handshake *hs = ex->hs;
	struct bytes said = bytes_slice(hs->server_said, 0, 48);
	size_t line = 0;

	while (line < said.len && said.data[line] >= 0x20 && said.data[line] <= 0x7e)
		line++;
	if (line >= 3)
		finding_prove(f, cf, hs->server_said_packet, "the server %s '%.*s'",
			hs->server_spoke_first ? "begins with" : "answers", (int)line,
			(const char *)said.data);
	else
		finding_quote(f, cf, ex, CHECK_hello_answered);
	if (hs->server_spoke_first)
		finding_prove(f, cf, hs->server_said_packet,
			"it speaks before the ClientHello, as no TLS server does");
}

void quiet_beside_others(const struct case_file *cf, struct finding *f, size_t n)
{
	if (cf->bystander && cf->n_completed + cf->n_failed == n)
		f->severity = SEVERITY_NOTE;
}

bool looks_like_mbedtls(const struct handshake *hs)
{
	return hs->looks.stack == STACK_MBEDTLS_2 || hs->looks.stack == STACK_MBEDTLS_3;
}
