/*
 * Where nobody got through there is nothing to compare: then the narrowest list is the likeliest.
 */
#include "diagnose/negotiation.h"

#include <stdio.h>

/* The server turned the ClientHello down, and said no more than that it cannot go on. */
static bool refused(const struct handshake_view *v)
{
	int alert = v->st.alert;

	return v->st.failed && v->st.by == SIDE_SERVER && v->st.stage == STAGE_CLIENT_HELLO &&
	       v->hs->client_hello.seen && !v->hs->client_hello.sslv2_format &&
	       !message_cut(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO) &&
	       (alert == 40 || alert == 47 || alert == 71 || alert == 80);
}

/* A suite of the same key exchange and authentication: the server's key could serve it. */
static bool offers_class(const struct client_hello *hello, const struct suite *like)
{
	for (size_t i = 0; i < u16s_count(&hello->suites); i++) {
		const struct suite *s = suite_find(u16s_at(&hello->suites, i));

		if (s != NULL && !s->signalling && s->kx == like->kx && s->auth == like->auth)
			return true;
	}
	return false;
}

/* What the server used with another client, and this one does not offer. */
static enum empty difference(
	const struct handshake *refused_hs, const struct handshake *good, unsigned *n)
{
	const struct client_hello *hello = &refused_hs->client_hello;
	enum empty first = EMPTY_NOTHING;
	struct place at;
	uint16_t group;

	*n = 0;
	if (good->suite != NULL && !offers_class(hello, good->suite)) {
		first = EMPTY_SUITES;
		++*n;
	}
	if (server_group(good, &group, &at) && hello->ext.has_groups &&
		!u16s_has(&hello->ext.groups, group)) {
		first = first != EMPTY_NOTHING ? first : EMPTY_GROUPS;
		++*n;
	}
	if (good->ske.has_scheme && hello->ext.has_schemes &&
		!u16s_has(&hello->ext.schemes, good->ske.scheme)) {
		first = first != EMPTY_NOTHING ? first : EMPTY_SCHEMES;
		++*n;
	}
	if (good->client_hello.ext.has_server_name && !hello->ext.has_server_name) {
		first = first != EMPTY_NOTHING ? first : EMPTY_NAME;
		++*n;
	}
	if (first == EMPTY_NOTHING && good->has_suite &&
		!client_hello_offers_suite(hello, good->suite_value)) {
		first = EMPTY_SUITES;
		*n = 2;
	}
	return first;
}

static bool only_old_suites(const struct client_hello *hello)
{
	for (size_t i = 0; i < u16s_count(&hello->suites); i++) {
		const struct suite *s = suite_find(u16s_at(&hello->suites, i));

		if (s != NULL && !s->signalling && !s->weak &&
			(s->kx == KX_ECDHE || s->kx == KX_TLS13))
			return false;
	}
	return true;
}

static bool usual_group(const struct client_hello *hello)
{
	return !hello->ext.has_groups || u16s_has(&hello->ext.groups, 23) ||
	       u16s_has(&hello->ext.groups, 29);
}

static bool usual_scheme(const struct client_hello *hello)
{
	return !hello->ext.has_schemes ||
	       (u16s_has(&hello->ext.schemes, 0x0403) && u16s_has(&hello->ext.schemes, 0x0401));
}

static size_t count_values(const struct u16s *l)
{
	size_t n = 0;

	for (size_t i = 0; i < u16s_count(l); i++)
		n += !is_grease(u16s_at(l, i));
	return n;
}

/* RFC 8446 9.1: TLS_AES_128_GCM_SHA256 is what every server of TLS 1.3 must have. */
static bool one_group_for_tls13(const struct client_hello *hello)
{
	const struct u16s *versions = &hello->ext.versions;

	return count_values(versions) == 1 && u16s_has(versions, 0x0304) &&
	       u16s_has(&hello->suites, 0x1301) && count_values(&hello->suites) > 1 &&
	       hello->ext.has_groups && count_values(&hello->ext.groups) == 1;
}

/* Nobody got through: the list that is narrowest is the likeliest. */
static enum empty narrowest(const struct client_hello *hello)
{
	if (only_old_suites(hello))
		return EMPTY_SUITES;
	if (one_group_for_tls13(hello))
		return EMPTY_GROUPS;
	if (!usual_group(hello))
		return EMPTY_GROUPS;
	if (!usual_scheme(hello))
		return EMPTY_SCHEMES;
	return hello->ext.has_server_name ? EMPTY_SUITES : EMPTY_NAME;
}

struct blame {
	enum empty which;
	enum confidence confidence;
	const struct handshake *good; /* the other client's handshake, NULL none */
};

static struct blame blame(const struct case_file *cf, const struct handshake *hs)
{
	struct blame best = { EMPTY_NOTHING, CONFIDENCE_POSSIBLE, NULL };
	unsigned fewest = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *good = cf->kept[i]->hs;
		enum empty which;
		unsigned n;

		if (!good->server_hello.seen || !good->client_hello.seen)
			continue;
		which = difference(hs, good, &n);
		if (which == EMPTY_NOTHING || (best.good != NULL && n >= fewest))
			continue;
		fewest = n;
		best = (struct blame){ which, n == 1 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
			good };
	}
	/* Only handshake_failure says that a list is empty; the others need a comparison. */
	if (best.which == EMPTY_NOTHING && story_of(hs).alert == 40)
		best.which = narrowest(&hs->client_hello);
	return best;
}

static void list_groups(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	const struct u16s *l = &hs->client_hello.ext.groups;
	char text[200] = "";
	size_t used = 0;

	for (size_t i = 0; i < u16s_count(l) && used < sizeof text - 40; i++)
		if (!is_grease(u16s_at(l, i)))
			used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
				used != 0 ? ", " : "", group_text(u16s_at(l, i)).text);
	finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the client offers the groups %s", used != 0 ? text : "(none)");
}

static void list_suites(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	const struct u16s *l = &hs->client_hello.suites;
	size_t n = 0, rest;
	char name[48];
	const struct suite *s;
	const char *shown[2] = { NULL, NULL };

	for (size_t i = 0; i < u16s_count(l); i++) {
		s = suite_find(u16s_at(l, i));
		if (is_grease(u16s_at(l, i)) || (s != NULL && s->signalling))
			continue;
		name_or_hex(name, name_cipher_suite(u16s_at(l, i)), u16s_at(l, i));
		if (n < 2)
			shown[n] = case_text(cf, "%s", name);
		n++;
	}
	rest = n > 2 ? n - 2 : 0;
	finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the client offers %s%s%s%s", n != 0 ? shown[0] : "no suite at all",
		n > 1 ? ", " : "", n > 1 ? shown[1] : "",
		rest != 0 ? case_text(cf, " and %zu more", rest) : "");
}

static void list_schemes(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	const struct u16s *l = &hs->client_hello.ext.schemes;
	char text[200] = "";
	size_t used = 0;

	for (size_t i = 0; i < u16s_count(l) && used < sizeof text - 50; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
			used != 0 ? ", " : "", scheme_text12(u16s_at(l, i)).text);
	finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the client offers the schemes %s", used != 0 ? text : "(none)");
}

static void prove_good(const struct case_file *cf, const struct blame *b, struct finding *f)
{
	const struct handshake *good = b->good;
	struct place at;
	uint16_t group;
	char name[48];

	if (good == NULL) {
		finding_prove(
			f, cf, 0, "what the server has is not known: no other client got through");
		finding_step(f, cf,
			"add a capture of a client that gets through: the difference names the "
			"list");
		return;
	}
	if (b->which == EMPTY_SUITES && good->has_suite) {
		name_or_hex(name, name_cipher_suite(good->suite_value), good->suite_value);
		finding_prove(
			f, cf, good->first_packet, "with another client the server takes %s", name);
	} else if (b->which == EMPTY_GROUPS && server_group(good, &group, &at)) {
		finding_prove(f, cf, at.packet, "with another client the server takes %s",
			group_text(group).text);
	} else if (b->which == EMPTY_SCHEMES) {
		finding_prove(f, cf, good->first_packet,
			"with another client the server signs with %s",
			scheme_text12(good->ske.scheme).text);
	} else if (b->which == EMPTY_NAME) {
		finding_prove(
			f, cf, good->first_packet, "with a server_name the same server goes on");
	}
}

/* The list of the client's that met nothing. */
static void prove_list(const struct handshake_view *v, const struct blame *b, struct finding *f)
{
	switch (b->which) {
	case EMPTY_SUITES:
		list_suites(v->cf, v->hs, f);
		if (b->good == NULL && !u16s_has(&v->hs->client_hello.ext.versions, 0x0304))
			finding_step(f, v->cf,
				"see whether the server speaks TLS 1.3 only: GnuTLS answers an "
				"older client the same");
		break;
	case EMPTY_GROUPS:
		list_groups(v->cf, v->hs, f);
		break;
	case EMPTY_SCHEMES:
		list_schemes(v->cf, v->hs, f);
		break;
	case EMPTY_NAME:
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the ClientHello has no server_name");
		break;
	case EMPTY_NOTHING:
		break;
	}
}

bool hello_refused_for(const struct handshake_view *v, enum empty which)
{
	return refused(v) && blame(v->cf, v->hs).which == which;
}

void prove_refused_hello(const struct handshake_view *v, struct finding *f)
{
	struct blame b = blame(v->cf, v->hs);

	f->confidence = b.confidence;
	prove_list(v, &b, f);
	prove_good(v->cf, &b, f);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

bool every_server_hello(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (!cf->kept[i]->hs->server_hello.seen)
			return false;
	return cf->n_kept != 0;
}
