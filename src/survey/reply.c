/* The server's choice is in its hello; in TLS 1.3 a request for another hello tells as much of it. */
#include "survey/reply.h"

static const struct server_hello *choice_of(const struct handshake *hs)
{
	return hs->server_hello.seen ? &hs->server_hello : &hs->hello_retry;
}

static void take_hello(const struct handshake *hs, struct survey_reply *out)
{
	const struct server_hello *hello = choice_of(hs);
	const struct extensions *ext = &hello->ext;

	out->version = server_hello_version(hello);
	out->suite = hello->has_suite ? hello->suite : 0;
	if (ext->n_shares != 0)
		out->group = ext->shares[0].group;
	out->extended_master_secret = ext->extended_master_secret;
	out->encrypt_then_mac = ext->encrypt_then_mac;
	out->renegotiation_info = ext->has_renegotiation_info;
	out->session_ticket = ext->has_session_ticket;
	out->status_request = ext->status_request;
	out->max_fragment_length = ext->has_max_fragment_length;
}

static void take_protocol(const struct handshake *hs, struct survey_reply *out)
{
	struct bytes name = hs->alpn.name;

	if (name.len != 0 && name.len < sizeof out->protocol && bytes_printable(name))
		memcpy(out->protocol, name.data, name.len);
}

static void take_flight(const struct handshake *hs, struct survey_reply *out)
{
	struct bytes authorities = hs->certificate_request.authorities, name;

	if (hs->ske.seen && hs->ske.has_group)
		out->group = hs->ske.group;
	if (hs->ske.seen && hs->ske.has_scheme)
		out->scheme = hs->ske.scheme;
	if (hs->side[SIDE_SERVER].verify.seen && hs->side[SIDE_SERVER].verify.has_scheme)
		out->scheme = hs->side[SIDE_SERVER].verify.scheme;
	if (hs->side[SIDE_SERVER].n_certs != 0)
		out->key_group = hs->side[SIDE_SERVER].certs[0]->key_group;
	out->flight = hs->server_hello_done || hs->side[SIDE_SERVER].finished.seen;
	out->certificate_request = hs->certificate_request.seen;
	while (certificate_request_next_authority(&authorities, &name))
		out->n_authorities++;
	out->status_request |= handshake_message(hs, SIDE_SERVER, HS_CERTIFICATE_STATUS) != NULL ||
			       hs->side[SIDE_SERVER].certificate.has_status;
	out->session_ticket |= handshake_message(hs, SIDE_SERVER, HS_NEW_SESSION_TICKET) != NULL;
}

/* A fatal alert of the server's. */
static const struct sent_alert *alert_of(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == SIDE_SERVER && hs->alerts[i].level == ALERT_LEVEL_FATAL)
			return &hs->alerts[i];
	return NULL;
}

static enum survey_outcome outcome_of(const struct handshake *hs)
{
	const struct direction *tcp = &hs->side[SIDE_SERVER].tcp;

	if (hs->server_spoke != PLAIN_NONE)
		return SURVEY_NO_TLS;
	if (alert_of(hs) != NULL)
		return SURVEY_ALERT;
	if (tcp->rst)
		return SURVEY_RESET;
	return tcp->fin ? SURVEY_CLOSED : SURVEY_SILENT;
}

void survey_reply_of(const struct handshake *hs, struct survey_reply *out)
{
	const struct sent_alert *alert;
	const struct event *hello;

	*out = (struct survey_reply){ .outcome = SURVEY_NO_TLS };
	if (hs == NULL)
		return;
	hello = handshake_message(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	out->hello_length = hello != NULL ? hello->raw.len : 0;
	alert = alert_of(hs);
	out->outcome = outcome_of(hs);
	out->alert = alert != NULL ? alert->code : 0;
	if (!hs->server_hello.seen && !hs->hello_retry.seen)
		return;
	out->outcome = SURVEY_CHOSE;
	out->completed = hs->outcome == OUTCOME_COMPLETED;
	take_hello(hs, out);
	take_protocol(hs, out);
	take_flight(hs, out);
}
