/* RFC 8446 6.2 protocol_version; RFC 5246 E.1. */
#include "diagnose/configured.h"
#include "diagnose/contrast.h"
#include "diagnose/negotiation.h"
#include "diagnose/word.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_hello_answered,
	CHECK_version_offered, CHECK_closed_cleanly, N_CHECKS };

static bool speaks_no_tls(const struct handshake *hs)
{
	const struct event *ev = malformed_message(hs);

	return (ev != NULL && ev->kind != EVENT_MESSAGE) ||
	       party_says(&hs->side[SIDE_CLIENT], SAYING_not_tls);
}

/* The version that the hellos that got through offer, this one does not, and nothing else parts them; 0 none.
 * OpenSSL 3 refuses TLS 1.1 with 80, others with 40. */
static uint16_t lacks_version(const struct handshake_view *v)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);
	const struct difference *d = contrast_find(c, FEATURE_VERSION, 0);

	return d != NULL && !d->failed_have && contrast_only(c, FEATURE_VERSION, 0) &&
			       d->feature.value > client_hello_highest(&v->hs->client_hello)
		       ? (uint16_t)d->feature.value
		       : 0;
}

static bool says_less(int alert)
{
	return alert == 40 || alert == 47 || alert == 71 || alert == 80;
}

static bool shows(const struct handshake_view *v)
{
	if (!v->hs->client_hello.seen || !v->st.failed)
		return false;
	if (v->st.by == SIDE_SERVER && v->st.stage == STAGE_CLIENT_HELLO && says_less(v->st.alert))
		return lacks_version(v) != 0;
	if (v->st.alert != 70)
		return false;
	if (v->st.by == SIDE_SERVER)
		return v->st.stage == STAGE_CLIENT_HELLO;
	/* Of the very version that the client offers first the alert cannot speak; a server that chooses
	 * what was not offered has gone beyond the list, whatever there is in common; and some say the same
	 * to what is no record of TLS. */
	return v->st.stage == STAGE_SERVER_FLIGHT && !speaks_no_tls(v->hs) &&
	       !failed_check(v->ex, CHECK_version_offered) &&
	       v->hs->version != client_hello_highest(&v->hs->client_hello);
}

/*
 * A live client of mbedTLS 2.28 that offers all it has: the server refuses each version up to TLS 1.2,
 * which leaves one.
 */
static void tell_tls13_only(
	const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	const char *release;

	if (!word_lacks_tls13(&hs->side[SIDE_CLIENT].word, &release) || hs->server_hello.seen ||
		client_hello_highest(&hs->client_hello) != 0x0303)
		return;
	finding_say(f, cf, "The server wants TLS 1.3 only, which this client does not have");
	finding_prove(f, cf, 0, "the client is mbedTLS %s, which has no TLS 1.3", release);
	finding_step(f, cf,
		"probe with tlsdiag's own client (--client diag): it speaks TLS 1.3, whatever the "
		"library does");
}

static bool offers(const struct client_hello *hello, uint16_t version)
{
	if (hello->ext.has_versions)
		return u16s_has(&hello->ext.versions, version);
	return version >= 0x0300 && version <= hello->version;
}

/* A version that the server took from another hello, and that this one offers too; NULL: none. */
static const struct handshake *took_it_from_another(const struct handshake_view *v)
{
	for (size_t i = 0; i < v->cf->n_kept; i++) {
		const struct handshake *hs = v->cf->kept[i]->hs;

		if (hs != v->hs && hs->server_hello.seen && hs->outcome == OUTCOME_COMPLETED &&
			offers(&v->hs->client_hello, hs->version))
			return hs;
	}
	return NULL;
}

/* What the server says of itself is believed, as long as nothing that it did speaks against it; and to a
 * line of the PROXY protocol OpenSSL says the same. */
static void take(const struct handshake_view *v, struct finding *f)
{
	if (says_less(v->st.alert))
		LOWER_CONFIDENCE(f, contrast_of(v->cf, v->hs)->confidence);
	if (v->st.by == SIDE_SERVER &&
		(took_it_from_another(v) != NULL || v->hs->before == PLAIN_PROXY))
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static void prove_contradiction(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *other = took_it_from_another(v);

	if (v->st.by == SIDE_SERVER && other != NULL)
		finding_prove(f, v->cf, other->first_packet,
			"against it: %s the server took %s, which this one offers too",
			with_whom(v->hs, other), version_title(other->version));
}

/* What the build has whose configuration was given, the server's or the client's. */
static void prove_build(const struct handshake_view *v, struct finding *f)
{
	const struct build *b = configured_build(v->cf, SIDE_SERVER);
	const struct examined *good = completed_one(v->cf);
	uint16_t wanted = client_hello_highest(&v->hs->client_hello);

	if (b != NULL && b->n_versions == 1 && b->versions[0] != wanted) {
		f->by_configuration = true;
		finding_prove(f, v->cf, 0, "the configuration given speaks %s and nothing else",
			version_title(b->versions[0]));
		(void)configured_prove_lack(v->cf, f, WANTED_VERSION, wanted);
	} else if (configured_build(v->cf, SIDE_CLIENT) != NULL && good != NULL) {
		(void)configured_prove_lack(v->cf, f, WANTED_VERSION, good->hs->version);
	}
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct examined *good = completed_one(v->cf);

	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the client offers at most %s",
		version_title(client_hello_highest(&v->hs->client_hello)));
	if (v->hs->server_hello.seen)
		finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
			"the server chooses %s", version_title(v->hs->version));
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	tell_tls13_only(v->cf, v->hs, f);
	prove_build(v, f);
	prove_contradiction(v, f);
	if (good != NULL && good->hs->version != 0 && took_it_from_another(v) == NULL)
		finding_prove(f, v->cf, good->hs->first_packet, "%s the server speaks %s",
			with_whom(v->hs, good->hs), version_title(good->hs->version));
}

/* handshake_failure, of a hello in which nothing else is wanting. */
static bool told_otherwise(const struct handshake_view *v)
{
	return hello_refused_for(v, EMPTY_VERSIONS);
}

static const struct handshake_rule by_hello = {
	.shows = told_otherwise,
	.prove = prove_refused_hello,
	.explains = explains,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = take,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &by_hello,
};

static const char *const steps[] = {
	"let the versions that client and server speak overlap: TLS 1.2 is what both can usually "
	"do",
	"mbedTLS 3.x and later speak only TLS 1.2 and 1.3; 2.28 nothing above 1.2",
	NULL,
};

const struct cause cause_no_common_version = {
	.id = "no-common-version",
	.origin = ORIGIN_CONFIG,
	.summary = "Client and server have no protocol version in common",
	.handshake = &rule,
	.next_steps = steps,
};
