/* Which key a server has is often not known: those that its build can have are tried. */
#include "negotiate/meet.h"

/* Two sides, of which the server's key is not known. */
struct pairing {
	const struct terms *client, *server;
	bool build_is_server;
	long longest; /* record of the server's, where the client is the build; 0 not known */
};

static void meet_with(const struct pairing *p, const struct credential *key, struct meeting *out)
{
	*out = (struct meeting){ .build_is_server = p->build_is_server, .has_key = key != NULL };
	if (key != NULL)
		out->key = *key;
	agree(p->client, p->server, key, &out->agreed);
	if (out->agreed.step == AGREED && p->client->record_in != 0 &&
		p->longest > p->client->record_in)
		out->agreed = (struct agreement){ .step = STOPS_AT_RECORD };
}

static bool has_suite_for(const struct terms *t, bool by_secret)
{
	for (size_t i = 0; i < t->n_suites; i++) {
		const struct suite *s = suite_find(t->suites[i].value);

		if (s != NULL && (s->auth == AUTH_NONE) == by_secret)
			return true;
	}
	return false;
}

/* On the curve of the server's with which they come farthest. */
static bool meet_with_ec(const struct pairing *p, struct meeting *best)
{
	bool any = false;

	for (size_t i = 0; i < p->server->groups.n; i++) {
		const struct credential key = { KEY_EC, p->server->groups.value[i] };
		const struct group *curve = group_find(key.group);
		struct meeting m;

		if (curve == NULL || curve->kind != GROUP_EC)
			continue;
		meet_with(p, &key, &m);
		if (!any || m.agreed.step > best->agreed.step)
			*best = m;
		any = true;
	}
	return any;
}

static size_t meet_all(const struct pairing *p, struct meeting *out)
{
	const struct credential rsa = { KEY_RSA, 0 };
	size_t n = 0;

	if (has_suite_for(p->server, false)) {
		if (p->server->ec_keys && meet_with_ec(p, &out[n]))
			n++;
		if (p->server->rsa_keys)
			meet_with(p, &rsa, &out[n++]);
	}
	if (n == 0 || has_suite_for(p->server, true))
		meet_with(p, NULL, &out[n++]);
	return n;
}

size_t meet_client(
	const struct build *b, const struct terms *client, struct meeting out[static MEETINGS_MAX])
{
	struct terms server;
	const struct pairing p = { client, &server, true, 0 };

	if (!b->server)
		return 0;
	terms_of_build(b, &server);
	return meet_all(&p, out);
}

void meet_client_with(const struct build *b, const struct terms *client,
	const struct credential *key, struct meeting *out)
{
	struct terms server;
	const struct pairing p = { client, &server, true, 0 };

	terms_of_build(b, &server);
	meet_with(&p, key, out);
}

size_t meet_server(const struct build *b, const struct terms *server, const struct credential *key,
	long longest, struct meeting out[static MEETINGS_MAX])
{
	struct terms client;
	const struct pairing p = { &client, server, false, longest };

	if (!b->client)
		return 0;
	terms_of_build(b, &client);
	if (key == NULL)
		return meet_all(&p, out);
	meet_with(&p, key, &out[0]);
	return 1;
}

const char *meeting_cause(const struct meeting *m)
{
	return !m->has_key && m->agreed.step == STOPS_AT_KEY ? agreement_cause(STOPS_AT_SUITE)
							     : agreement_cause(m->agreed.step);
}

const struct meeting *meet_farthest(const struct meeting *list, size_t n)
{
	const struct meeting *best = list;

	for (size_t i = 1; i < n; i++)
		if (list[i].agreed.step > best->agreed.step)
			best = &list[i];
	return best;
}
