/* TLS 1.3 puts all after the hellos under its keys: who gave up is seen, and over what is not. */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_chain_complete, N_CHECKS };

/* Before a client that was there, and says what it met, nothing was hidden. */
static bool was_there(const struct examined *ex)
{
	return word_failed(&ex->hs->side[SIDE_CLIENT].word);
}

/* What the server sent in the clear is wrong already: the client need not have minded more. */
static bool clear_enough(const struct handshake_view *v)
{
	return v->st.by == SIDE_CLIENT && hellos_break(v->ex);
}

/* A server's certificate_required and unknown_ca speak of the client's certificate, hidden or not. */
static bool blames_client(const struct ending_story *st)
{
	return gave_up_with(st, SIDE_SERVER, 116) || gave_up_with(st, SIDE_SERVER, 48);
}

/* With its keys all that the server sent is as good as in the clear. */
static bool opened(const struct handshake *hs)
{
	return hs->side[SIDE_SERVER].keys == KEYS_OPEN &&
	       hs->side[SIDE_SERVER].refused_records == 0;
}

/* TLS 1.3 puts the certificate and its proof under encryption (RFC 8446 2): an alert after them
 * cannot be held against them without a key log. */
static bool encrypted(const struct handshake_view *v)
{
	return v->st.failed && v->hs->tls13 && v->hs->server_hello.seen &&
	       v->hs->side[SIDE_SERVER].protected_records != 0 && !clear_enough(v) &&
	       !opened(v->hs) && !blames_client(&v->st) && !was_there(v->ex);
}

/* Neither side closed: it may be that nobody gave up, and only this connection was not captured further. */
static bool only_silent(const struct handshake *hs)
{
	const struct direction *client = &hs->side[SIDE_CLIENT].tcp,
			       *server = &hs->side[SIDE_SERVER].tcp;

	return hs->ending == ENDING_SILENCE && !client->fin && !client->rst && !server->fin &&
	       !server->rst;
}

static void prove_encrypted(const struct handshake_view *v, struct finding *f)
{
	const struct ending_story *st = &v->st;
	const char *name = st->alert >= 0 ? name_alert((unsigned)st->alert) : NULL;

	if (name != NULL)
		finding_say(f, v->cf, "TLS 1.3: %s says %s (%d), about something that is encrypted",
			side_name(st->by), name, st->alert);
	else if (only_silent(v->hs))
		finding_say(f, v->cf, "TLS 1.3: %s fell silent where all is encrypted",
			side_name(st->by));
	else
		finding_say(f, v->cf, "TLS 1.3: %s gave up over something that is encrypted",
			side_name(st->by));
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (st->hidden)
		finding_prove(f, v->cf, v->hs->last_packet,
			"%s sends one short protected record, the size of an alert, and then all "
			"ends",
			side_name(st->by));
	finding_prove(
		f, v->cf, 0, "in TLS 1.3 the certificate and its signature are under encryption");
	finding_step(f, v->cf,
		"shake hands with TLS 1.2 only, as tlsdiag probe --max-version TLS1.2 HOST:PORT "
		"does: what is wrong with a certificate or its signature then shows in the clear");
	finding_step(f, v->cf, "or look at what the side that gave up logs");
	if (st->alert == 45 || only_silent(v->hs)) /* it has a word of its own; or none at all */
		f->confidence = CONFIDENCE_POSSIBLE;
}

static const struct handshake_rule rule = {
	.shows = encrypted,
	.prove = prove_encrypted,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
	.assumptions = 1,
};

static const char *const steps[] = {
	"let the client write its keys (SSLKEYLOGFILE, openssl s_client -keylogfile) and give "
	"them with --keylog: the rest is then judged as well",
	NULL,
};

const struct cause cause_hidden_by_encryption = {
	.id = "hidden-by-encryption",
	.origin = ORIGIN_UNKNOWN,
	.summary = "What decides is under the keys of TLS 1.3",
	.handshake = &rule,
	.next_steps = steps,
};
