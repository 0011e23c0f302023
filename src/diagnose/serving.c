/*
 * RFC 5246 7.4.2, RFC 8446 4.4.2.2: a server picks its certificate by what the client lists. What it
 * has is not in a capture that ends before; the user may know.
 */
#include "diagnose/serving.h"

const enum check_id unserved_explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_hello_answered, N_CHECKS };

enum unserved unserved_by(const struct client_hello *hello, const struct cert *cert)
{
	struct credential key = { cert->key, cert->key_group };
	struct terms client;

	terms_of_hello(hello, 0, &client);
	return credential_unserved(&client, &key);
}

/* ---- what was given ---- */

static bool for_clients_only(const struct cert *c)
{
	return c->has_ext_key_usage && (c->ext_key_usage & (EKU_SERVER_AUTH | EKU_ANY)) == 0;
}

/* A certificate that may be the server's own, and is read far enough to be judged. */
static bool may_serve(const struct cert *c)
{
	return !for_clients_only(c) && c->key != KEY_UNKNOWN &&
	       (c->key != KEY_EC || c->key_group != 0);
}

static bool is_an_issuer(const struct cert *c)
{
	return c->has_basic_constraints && c->ca;
}

/* The given one that is judged: the first, be it marked as a CA; NULL when there is none, or another could serve. */
static const struct cert *unserved_one(
	const struct evidence *ev, const struct client_hello *hello, enum unserved *why)
{
	const struct cert *first = NULL;

	*why = SERVED;
	for (size_t i = 0; i < ev->n_certs; i++) {
		enum unserved lacks;

		if (!may_serve(ev->certs[i]) || (i != 0 && is_an_issuer(ev->certs[i])))
			continue;
		lacks = unserved_by(hello, ev->certs[i]);
		if (lacks == SERVED)
			return NULL;
		if (first == NULL)
			*why = lacks;
		first = first != NULL ? first : ev->certs[i];
	}
	return first;
}

/* The server showed another certificate in some handshake: the one given is not its, or not all. */
static bool shows_another(const struct handshake_view *v)
{
	return v->hs->side[SIDE_SERVER].n_certs != 0 && v->hs->cert_given != LINK_VALID;
}

static bool turned_down(const struct handshake_view *v)
{
	int alert = v->st.alert;

	return v->st.failed && v->st.by == SIDE_SERVER && v->st.stage == STAGE_CLIENT_HELLO &&
	       v->hs->client_hello.seen && !v->hs->client_hello.sslv2_format &&
	       !message_partial(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO) &&
	       (alert == 40 || alert == 47 || alert == 71 || alert == 80);
}

static const struct client_hello *last_hello(const struct handshake *hs)
{
	return hs->client_hello_2.seen ? &hs->client_hello_2 : &hs->client_hello;
}

bool given_unserved(const struct handshake_view *v, enum unserved why)
{
	enum unserved found;

	return turned_down(v) && unserved_one(v->cf->evidence, last_hello(v->hs), &found) != NULL &&
	       found == why && find_handshake(v->cf, shows_another) == NULL;
}

/* The certificate itself says that it is a server's; --cert may also be a client's. */
static bool is_a_servers(const struct cert *c, const struct handshake *hs)
{
	struct bytes name = hs->client_hello.ext.server_name;
	char asked[NAME_TEXT];

	if (c->has_ext_key_usage && (c->ext_key_usage & (EKU_CLIENT_AUTH | EKU_ANY)) == 0)
		return true;
	if (name.len == 0 || name.len >= sizeof asked || !bytes_printable(name))
		return false;
	memcpy(asked, name.data, name.len);
	asked[name.len] = '\0';
	return cert_name_match(c, asked) == NAME_MATCHES ||
	       cert_name_match(c, asked) == NAME_MATCHES_CN_ONLY;
}

static void prove_lack(
	const struct handshake_view *v, const struct cert *c, enum unserved why, struct finding *f)
{
	uint64_t packet = message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet;

	if (why == UNSERVED_SUITES)
		finding_prove(f, v->cf, packet,
			"none of the suites that the client offers is for such a key");
	else if (why == UNSERVED_SCHEMES)
		finding_prove(f, v->cf, packet,
			"none of the signature schemes that the client offers goes with it");
	else
		finding_prove(f, v->cf, packet, "the client's supported_groups do not list %s",
			group_text(c->key_group).text);
}

void prove_given_unserved(const struct handshake_view *v, struct finding *f)
{
	enum unserved why;
	const struct cert *c = unserved_one(v->cf->evidence, last_hello(v->hs), &why);

	finding_prove(f, v->cf, 0, "the certificate given, '%s', has the key %s", c->subject,
		c->key_name);
	prove_lack(v, c, why, f);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (v->st.alert != 40 || !is_a_servers(c, v->hs))
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
	finding_step(f, v->cf,
		"give the server a certificate with an RSA key of 2048 bits or an EC key on "
		"secp256r1, alone or besides");
}
