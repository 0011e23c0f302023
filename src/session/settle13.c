/*
 * The open ends of TLS 1.3, where an alert under keys shows only its size, and the client is done before the server
 * has judged its Finished.
 */
#include "session/settle.h"

/*
 * TLS 1.3: did it come so soon after the client's Finished that the server may have said it in answer to that, or to
 * the certificate before? It has signatures to verify, and may have others to ask. Later than that it has listened.
 */
static bool soon13(const struct conn *c, int64_t time)
{
	return moment_apart(time, c->progress.finished_time) <= PATIENCE;
}

/*
 * TLS 1.3: a client that has sent only records too short for a Finished has refused, unless the server was gone
 * before; and so has
 * a server whose answer to the Finished is one record of an alert's size and nothing else.
 */
bool settle13_refused(const struct conn *c, const struct closing *closing, enum side *by)
{
	const struct side_progress *client = &c->progress.side[SIDE_CLIENT];
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];

	if (!client->finished) {
		bool first = client->short_records != 0 &&
			     !(closing->seen && closing->by == SIDE_SERVER &&
				     closing->packet < client->short_first.at.packet);

		*by = first ? SIDE_CLIENT : SIDE_SERVER;
		return first || (server->short_records != 0 && !c->progress.server_flight);
	}
	*by = SIDE_SERVER;
	return server->closing && server->after == 1 && !client->closing &&
	       soon13(c, server->alert.at.time) && !closes_in_turn(c, SIDE_SERVER, closing);
}

/* It has sent no more than tickets, or a greeting, and is gone before the client has said anything. */
static bool went_unasked(const struct conn *c, const struct closing *closing)
{
	return c->progress.side[SIDE_CLIENT].after == 0 && !c->progress.side[SIDE_SERVER].closing &&
	       moment_apart(closing->time, c->progress.last_time) <= IMPATIENCE;
}

/*
 * ... unless the client had said goodbye: where both Finished are right, so that no message is missing, and no
 * certificate was asked for, a server that had said something after the client's Finished, and then goes without a
 * word, has answered that.
 */
static bool was_told_to_go(const struct handshake *hs, const struct closing *closing)
{
	if (!handshake_finished_right(hs) || hs->certificate_request.seen || closing->rst)
		return false;
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == SIDE_CLIENT && hs->alerts[i].code == ALERT_CLOSE_NOTIFY &&
			hs->alerts[i].time <= closing->time)
			return true;
	return false;
}

/* Under keys that are known: it ends in good order what it had accepted. */
static bool says_goodbye(const struct handshake *hs)
{
	if (hs->side[SIDE_SERVER].keys != KEYS_OPEN)
		return false;
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == SIDE_SERVER && hs->alerts[i].code == ALERT_CLOSE_NOTIFY)
			return true;
	return false;
}

/*
 * TLS 1.3: the server judges the client's Finished and certificate after the client is done, which has no need to
 * wait: its first request, or its closing, may be on the way by then and is no sign of anything. Until the server has
 * said more than an alert may be, nothing shows that it accepted them. Where its library sends tickets before
 * its program judges (Node), there are those.
 */
bool settle13_unproved(
	const struct conn *c, const struct closing *closing, enum ending *ending, enum side *by)
{
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];

	if (!progress_may_be_13(c) || says_goodbye(c->hs))
		return false;
	*by = SIDE_SERVER;
	*ending = ENDING_PROTECTED_ALERT;
	if (server->after == 1 && server->closing)
		return soon13(c, server->alert.at.time);
	if (!closing->seen)
		return false;
	*by = closing->by;
	*ending = closing->rst ? ENDING_RST : ENDING_FIN;
	if (server->after != 0)
		return closing->by == SIDE_SERVER && went_unasked(c, closing) &&
		       !was_told_to_go(c->hs, closing);
	return soon13(c, closing->time);
}

/* Nothing is heard of the server after the client's Finished. */
bool settle13_unheard(const struct conn *c)
{
	return c->progress.side[SIDE_SERVER].after == 0 && !says_goodbye(c->hs);
}
