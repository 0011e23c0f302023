/* What was spoken besides TLS: before it, or by the server in its place. */
#include "session/conn.h"

/* Too few bytes for a record's header, and all of them fit one: it broke off, and is nothing else. */
static bool begins_record(struct bytes b)
{
	return b.len != 0 && b.len < RECORD_HEADER && b.data[0] >= CONTENT_CHANGE_CIPHER_SPEC &&
	       b.data[0] <= CONTENT_HEARTBEAT && (b.len < 2 || b.data[1] == 3) &&
	       (b.len < 3 || b.data[2] <= 4);
}

/* What the client said to a proxy is not what the server behind it speaks. */
static struct bytes said_to_server(struct bytes client_said, enum plain_protocol before)
{
	return before == PLAIN_HTTP || before == PLAIN_PROXY ? bytes_of(NULL, 0) : client_said;
}

/* The client has answered a flight, or both got through: whatever else was read of the server, it speaks TLS. */
static bool was_understood(const struct handshake *hs)
{
	return hs->outcome == OUTCOME_COMPLETED || hs->cke.seen ||
	       hs->side[SIDE_CLIENT].certificate.seen;
}

void spoken_settle(struct conn *c)
{
	struct handshake *hs = c->hs;
	const struct plain_speech *client = &conn_lane_of(c, SIDE_CLIENT)->plain;
	const struct plain_speech *server = &conn_lane_of(c, SIDE_SERVER)->plain;
	bool first = server->n_said != 0 && server->said_packet < hs->first_packet;
	struct bytes client_said = bytes_of(client->said, client->n_said);
	struct bytes server_said = bytes_of(server->said, server->n_said);

	if (client->n_said != 0 || first)
		hs->before = plain_guess(client_said, server_said);
	hs->server_spoke_first = first;
	if (conn_lane_of(c, SIDE_SERVER)->records != 0 || server->n_said == 0 || was_understood(hs))
		return;
	hs->server_said_packet = server->said_packet;
	if (client->n_said != 0) { /* they agreed to begin TLS: only what came after counts */
		if (server->n_later == 0)
			return;
		server_said = bytes_of(server->later, server->n_later);
		client_said = said_to_server(client_said, hs->before);
		hs->server_said_packet = server->later_packet;
	}
	if (begins_record(server_said))
		return;
	hs->server_spoke = plain_guess(client_said, server_said);
	if (hs->server_spoke == PLAIN_UNKNOWN && (conn_lane_of(c, SIDE_CLIENT)->lost || c->midway))
		hs->server_spoke = PLAIN_NONE; /* it may answer what was not seen */
	hs->server_said = arena_copy(hs->arena, server_said);
}
