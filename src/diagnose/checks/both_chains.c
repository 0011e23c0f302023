/* The server's chain first; the worse answer of the two is the check's. */
#include "diagnose/checks/both_chains.h"

enum status both_chains(const struct handshake *hs, struct answer *a,
	enum status (*ask)(const struct handshake *hs, enum side s, const struct chain_judgement *j,
		struct answer *a))
{
	const struct chain_judgement *server = &hs->side[SIDE_SERVER].chain;
	const struct chain_judgement *client = &hs->side[SIDE_CLIENT].chain;
	enum status s = NOT_APPLICABLE, c;
	const char *message;

	if (server->judged)
		s = ask(hs, SIDE_SERVER, server, a);
	if (s == FAIL || !client->judged)
		return s;
	message = a->message;
	c = ask(hs, SIDE_CLIENT, client, a);
	if (status_worse(s, c) == s)
		a->message = message;
	return status_worse(s, c);
}

enum status chain_unknown(const struct chain_judgement *j, struct answer *a)
{
	return unknown(
		a, "the path of '%s' is not known: %s", j->step[0].cert->subject, chain_untried);
}

void show_step(const struct handshake *hs, enum side s, const struct path_step *step,
	struct answer *a, const char *what)
{
	size_t i;

	if (step->sent_index < 0)
		return;
	i = (size_t)step->sent_index;
	answer_show(a,
		handshake_place(hs, s, HS_CERTIFICATE, hs->side[s].certificate.at[i],
			hs->side[s].certificate.entry[i].len),
		what);
}
