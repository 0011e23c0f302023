/*
 * Where nobody got through there is nothing to compare: then the narrowest list is the likeliest.
 */
#include "diagnose/negotiation.h"

#include "diagnose/configured.h"
#include "diagnose/contrast.h"

#include <stdio.h>

enum { INSUFFICIENT_SECURITY = 71 };

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

/* RFC 5246 7.4.1.4.1: without the extension a client of TLS 1.2 means SHA-1, with each kind of key. */
static bool means_sha1(const struct client_hello *hello)
{
	return !hello->ext.has_schemes && client_hello_highest(hello) == 0x0303;
}

static bool takes_scheme(const struct client_hello *hello, uint16_t scheme)
{
	if (means_sha1(hello))
		return scheme >> 8 == 0x02;
	return !hello->ext.has_schemes || u16s_has(&hello->ext.schemes, scheme);
}

/* A suite of TLS 1.3 says nothing of those that a hello of older versions may choose among (RFC 8446 B.4). */
static bool of_other_versions(const struct client_hello *hello, const struct handshake *good)
{
	return good->tls13 && client_hello_highest(hello) < 0x0304;
}

static size_t count_values(const struct u16s *l)
{
	size_t n = 0;

	for (size_t i = 0; i < u16s_count(l); i++)
		n += !is_grease(u16s_at(l, i));
	return n;
}

/*
 * TLS 1.3 and nothing else, with the suite that every server of it must have (RFC 8446 9.1): one that stops at
 * TLS 1.2 and does not look at supported_versions finds no suite that it knows.
 */
static bool only_tls13(const struct client_hello *hello)
{
	const struct u16s *versions = &hello->ext.versions;

	return count_values(versions) == 1 && u16s_has(versions, 0x0304) &&
	       u16s_has(&hello->suites, 0x1301);
}

static bool usual_group(const struct client_hello *hello)
{
	return !hello->ext.has_groups || u16s_has(&hello->ext.groups, 23) ||
	       u16s_has(&hello->ext.groups, 29);
}

/* The very suite is not offered either, and some group that every server has is: the suite it was, then. */
static bool rather_the_suite(const struct client_hello *hello, const struct handshake *good)
{
	return good->has_suite && !of_other_versions(hello, good) && usual_group(hello) &&
	       !client_hello_offers_suite(hello, good->suite_value);
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
	if (only_tls13(hello) && good->version != 0 && !good->tls13) {
		*n = 1;
		return EMPTY_VERSIONS;
	}
	if (good->suite != NULL && !of_other_versions(hello, good) &&
		!offers_class(hello, good->suite)) {
		first = EMPTY_SUITES;
		++*n;
	}
	if (server_group(good, &group, &at) && hello->ext.has_groups &&
		!u16s_has(&hello->ext.groups, group)) {
		if (first == EMPTY_NOTHING && rather_the_suite(hello, good)) {
			first = EMPTY_SUITES;
			++*n;
		}
		first = first != EMPTY_NOTHING ? first : EMPTY_GROUPS;
		++*n;
	}
	if (good->ske.has_scheme && !takes_scheme(hello, good->ske.scheme)) {
		first = first != EMPTY_NOTHING ? first : EMPTY_SCHEMES;
		++*n;
	}
	if (good->client_hello.ext.has_server_name && !hello->ext.has_server_name) {
		first = first != EMPTY_NOTHING ? first : EMPTY_NAME;
		++*n;
	}
	if (first == EMPTY_NOTHING && good->has_suite && !of_other_versions(hello, good) &&
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

static bool usual_scheme(const struct client_hello *hello)
{
	return !hello->ext.has_schemes ||
	       (u16s_has(&hello->ext.schemes, 0x0403) && u16s_has(&hello->ext.schemes, 0x0401));
}

static bool one_group_for_tls13(const struct client_hello *hello)
{
	return only_tls13(hello) && count_values(&hello->suites) > 1 && hello->ext.has_groups &&
	       count_values(&hello->ext.groups) == 1;
}

/* A server with either kind of key finds a suite, and is told its name. */
static bool usual_but_for_schemes(const struct client_hello *hello)
{
	bool ecdsa = false, rsa = false;

	for (size_t i = 0; i < u16s_count(&hello->suites); i++) {
		const struct suite *s = suite_find(u16s_at(&hello->suites, i));

		if (s == NULL || s->weak || s->kx != KX_ECDHE)
			continue;
		ecdsa |= s->auth == AUTH_ECDSA;
		rsa |= s->auth == AUTH_RSA;
	}
	return ecdsa && rsa && usual_group(hello) && hello->ext.has_server_name;
}

/* One suite or two: fewer servers have those than do without a name. */
static bool few_suites(const struct client_hello *hello)
{
	enum { FEW = 2 };
	size_t n = 0;

	for (size_t i = 0; i < u16s_count(&hello->suites); i++) {
		const struct suite *s = suite_find(u16s_at(&hello->suites, i));

		n += !is_grease(u16s_at(&hello->suites, i)) && (s == NULL || !s->signalling);
	}
	return n <= FEW;
}

/* Nobody got through: the list that is narrowest is the likeliest. */
static enum empty narrowest(const struct client_hello *hello)
{
	if (only_old_suites(hello))
		return EMPTY_SUITES;
	if (means_sha1(hello))
		return EMPTY_SCHEMES;
	if (one_group_for_tls13(hello))
		return EMPTY_GROUPS;
	if (!usual_group(hello))
		return EMPTY_GROUPS;
	if (!usual_scheme(hello))
		return EMPTY_SCHEMES;
	if (only_tls13(hello))
		return EMPTY_VERSIONS;
	return hello->ext.has_server_name || few_suites(hello) ? EMPTY_SUITES : EMPTY_NAME;
}

struct blame {
	enum empty which;
	enum confidence confidence;
	const struct handshake *good; /* the other handshake, NULL none */
	size_t n_answered;            /* others that got a ServerHello */
	bool alike; /* ... and one of them nothing but what this one offers, for the same name */
	bool by_config; /* the server's configuration tells what it lacks: at that step */
	enum agreement_step stop;
	bool served; /* the server's configuration has all that this one asks for */
};

/* Of the lists that are all the two hellos differ in, this one. */
static enum feature_kind feature_of(enum empty which)
{
	static const enum feature_kind kinds[] = {
		[EMPTY_NOTHING] = N_FEATURES,
		[EMPTY_SUITES] = FEATURE_SUITE,
		[EMPTY_GROUPS] = FEATURE_GROUP,
		[EMPTY_SCHEMES] = FEATURE_SCHEME,
		[EMPTY_NAME] = FEATURE_NAME,
		[EMPTY_VERSIONS] = FEATURE_VERSION,
	};

	return kinds[which];
}

static bool only_difference(
	const struct case_file *cf, const struct handshake *hs, enum empty which)
{
	const struct contrast *c = contrast_of(cf, hs);

	return contrast_only(c, feature_of(which), 0) ||
	       (which == EMPTY_SCHEMES &&
		       contrast_only(c, FEATURE_EXTENSION, EXT_SIGNATURE_ALGORITHMS));
}

/*
 * One hello against one, two devices, a before and an after: each has more in it than the lists. Several from
 * one address, where nothing but the list parts them, leave nothing else.
 */
static bool shown_by_counts(const struct case_file *cf, const struct handshake *hs)
{
	const struct contrast *c = contrast_of(cf, hs);

	return c != NULL && c->confidence == CONFIDENCE_LIKELY &&
	       contrast_find(c, FEATURE_ADDRESS, 0) == NULL &&
	       contrast_find(c, FEATURE_TIME, 0) == NULL;
}

/* insufficient_security and handshake_failure speak of what is on offer, the others of anything. */
static enum confidence how_sure(
	const struct case_file *cf, const struct handshake *hs, enum empty which, unsigned n)
{
	int alert = story_of(hs).alert;

	return n == 1 && which != EMPTY_VERSIONS && (alert == 40 || alert == 71) &&
			       only_difference(cf, hs, which) && shown_by_counts(cf, hs)
		       ? CONFIDENCE_CERTAIN
		       : CONFIDENCE_LIKELY;
}

static bool same_name(const struct handshake *a, const struct handshake *b)
{
	const struct extensions *x = &a->client_hello.ext, *y = &b->client_hello.ext;

	return x->has_server_name == y->has_server_name &&
	       (!x->has_server_name || bytes_equal(x->server_name, y->server_name));
}

/* Who names a server at the same address gets an answer: what it has for that name says nothing else of what
 * it has for none. */
static void compare_beside(
	const struct case_file *cf, const struct handshake *hs, struct blame *best)
{
	for (const struct case_file *o = cf->beside; o != NULL && o != cf; o = o->beside)
		for (size_t i = 0; i < o->n_kept && best->good == NULL; i++) {
			const struct handshake *good = o->kept[i]->hs;
			unsigned n;

			if (!good->server_hello.seen || !good->client_hello.seen ||
				difference(hs, good, &n) != EMPTY_NAME)
				continue;
			best->which = EMPTY_NAME;
			best->good = good;
			best->confidence = how_sure(cf, hs, EMPTY_NAME, n);
		}
}

/* Held against each that the server answered: the least that this one lacks of what the server took. */
static struct blame compared(const struct case_file *cf, const struct handshake *hs)
{
	struct blame best = { .which = EMPTY_NOTHING, .confidence = CONFIDENCE_POSSIBLE };
	unsigned fewest = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *good = cf->kept[i]->hs;
		enum empty which;
		unsigned n;

		if (good == hs || !good->server_hello.seen || !good->client_hello.seen)
			continue;
		best.n_answered++;
		which = difference(hs, good, &n);
		best.alike |= which == EMPTY_NOTHING && same_name(hs, good) &&
			      !of_other_versions(&hs->client_hello, good);
		if (which == EMPTY_NOTHING || (best.good != NULL && n >= fewest))
			continue;
		fewest = n;
		best.which = which;
		best.good = good;
		best.confidence = how_sure(cf, hs, which, n);
	}
	if (best.n_answered == 0)
		compare_beside(cf, hs, &best);
	return best;
}

/* What a list is called by how far a build and the hello come; the key of the certificate is another cause's. */
static enum empty empty_at(enum agreement_step step)
{
	static const enum empty lists[] = {
		[STOPS_AT_RECORD] = EMPTY_NOTHING,
		[STOPS_AT_VERSION] = EMPTY_VERSIONS,
		[STOPS_AT_SUITE] = EMPTY_SUITES,
		[STOPS_AT_KEY] = EMPTY_NOTHING,
		[STOPS_AT_GROUP] = EMPTY_GROUPS,
		[STOPS_AT_SCHEME] = EMPTY_SCHEMES,
		[STOPS_AT_CURVE] = EMPTY_NOTHING,
		[AGREED] = EMPTY_NOTHING,
	};

	return lists[step];
}

static const struct client_hello *last_hello(const struct handshake *hs)
{
	return hs->client_hello_2.seen ? &hs->client_hello_2 : &hs->client_hello;
}

/* The server's configuration knows better than any comparison what it has. */
static bool by_configuration(
	const struct case_file *cf, const struct handshake *hs, struct blame *best)
{
	enum agreement_step step;

	if (!configured_meets(cf, last_hello(hs), &step))
		return false;
	best->served = step == AGREED;
	if (empty_at(step) == EMPTY_NOTHING)
		return false;
	best->which = empty_at(step);
	best->good = NULL;
	best->confidence = configured_sure_of_server(cf) ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	best->by_config = true;
	best->stop = step;
	return true;
}

static struct blame blame(const struct case_file *cf, const struct handshake *hs)
{
	struct blame best = compared(cf, hs);

	if (by_configuration(cf, hs, &best))
		return best;

	/* The server went on with one that offers no more: no list of this one is at fault. */
	if (best.alike) {
		best.which = EMPTY_NOTHING;
		best.good = NULL;
		return best;
	}
	/* Only handshake_failure says that a list is empty; the others need a comparison. */
	if (best.which == EMPTY_NOTHING && story_of(hs).alert == 40)
		best.which = narrowest(&hs->client_hello);
	/* RFC 8446 6.2: the server requires parameters more secure than those on offer */
	if (best.which == EMPTY_NOTHING && story_of(hs).alert == INSUFFICIENT_SECURITY)
		best.which = EMPTY_SUITES;
	if (best.which == EMPTY_SCHEMES && best.n_answered == 0 && means_sha1(&hs->client_hello) &&
		usual_but_for_schemes(&hs->client_hello))
		best.confidence = CONFIDENCE_LIKELY;
	return best;
}

/* "the group ", before its name; "the groups "; "no group". */
static const char *offered_kind(
	const struct case_file *cf, size_t n, const char *one, const char *many)
{
	return n == 0   ? case_text(cf, "no %s", one)
	       : n == 1 ? case_text(cf, "only the %s ", one)
			: case_text(cf, "the %s ", many);
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
		"the client offers %s%s", offered_kind(cf, count_values(l), "group", "groups"),
		text);
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

	if (means_sha1(&hs->client_hello)) {
		finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the ClientHello has no signature_algorithms: in TLS 1.2 SHA-1 is meant "
			"then, which OpenSSL 3 and others refuse");
		finding_step(
			f, cf, "let the client send signature_algorithms with SHA-256 and better");
		return;
	}
	for (size_t i = 0; i < u16s_count(l) && used < sizeof text - 50; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
			used != 0 ? ", " : "", scheme_text12(u16s_at(l, i)).text);
	finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"the client offers %s%s",
		offered_kind(cf, u16s_count(l), "signature scheme", "signature schemes"), text);
}

static void prove_by_config(
	const struct handshake_view *v, const struct blame *b, struct finding *f)
{
	if (configured_prove_end(v->cf, f, last_hello(v->hs), b->stop))
		return;
	f->by_configuration = true;
	if (b->stop == STOPS_AT_SUITE && configured_build(v->cf, SIDE_SERVER)->suites_listed) {
		finding_prove(f, v->cf, 0,
			"MBEDTLS_SSL_CIPHERSUITES of the configuration given names none of them");
		finding_step(
			f, v->cf, "add one that the client offers to MBEDTLS_SSL_CIPHERSUITES");
		return;
	}
	finding_prove(f, v->cf, 0, "the configuration given has none of them");
}

/* The client's: it would have offered what the server took from another, were it compiled in. */
static void prove_clients_lack(
	const struct handshake_view *v, const struct blame *b, struct finding *f)
{
	const struct handshake *good = b->good;
	struct place at;
	uint16_t group;

	if (configured_build(v->cf, SIDE_CLIENT) == NULL || good == NULL)
		return;
	if (b->which == EMPTY_SUITES && good->has_suite)
		(void)configured_prove_lack(v->cf, f, WANTED_SUITE, good->suite_value);
	else if (b->which == EMPTY_GROUPS && server_group(good, &group, &at))
		(void)configured_prove_lack(v->cf, f, WANTED_GROUP, group);
	else if (b->which == EMPTY_SCHEMES)
		(void)configured_prove_lack(v->cf, f, WANTED_SCHEME, good->ske.scheme);
	else if (b->which == EMPTY_VERSIONS)
		(void)configured_prove_lack(v->cf, f, WANTED_VERSION, good->version);
}

/* Nothing to compare with, or nothing in it that tells. */
static void prove_no_good(const struct case_file *cf, const struct blame *b, struct finding *f)
{
	if (b->n_answered == 0 && cf->n_completed != 0)
		finding_prove(f, cf, 0,
			"what the server has is not known: of those that completed none is kept to "
			"compare with");
	else if (b->n_answered == 0)
		finding_prove(f, cf, 0,
			cf->beside != NULL
				? "what the server has for this name is not known: none but other "
				  "names were asked for with success"
				: "what the server has is not known: no handshake with it "
				  "completed here");
	else
		finding_prove(f, cf, 0,
			"the server answered %zu other%s, for another name, with what this one "
			"offers too: it may be set up otherwise for this name",
			b->n_answered, b->n_answered == 1 ? "" : "s");
	finding_step(f, cf,
		"add a capture of a client that gets through: what the two hellos differ in names "
		"what "
		"the server asks for");
}

const char *with_whom(const struct handshake *hs, const struct handshake *good)
{
	if (good->otherwise != NULL)
		return good->otherwise;
	return same_client(hs, good) ? "with another ClientHello from there"
				     : "with another client";
}

static void prove_good(const struct handshake_view *v, const struct blame *b, struct finding *f)
{
	const struct case_file *cf = v->cf;
	const struct handshake *good = b->good;
	struct place at;
	uint16_t group;
	char name[48];

	if (good == NULL) {
		prove_no_good(cf, b, f);
	} else if (b->which == EMPTY_SUITES && good->has_suite) {
		name_or_hex(name, name_cipher_suite(good->suite_value), good->suite_value);
		finding_prove(f, cf, good->first_packet, "%s the server takes %s",
			with_whom(v->hs, good), name);
	} else if (b->which == EMPTY_GROUPS && server_group(good, &group, &at)) {
		finding_prove(f, cf, at.packet, "%s the server takes %s", with_whom(v->hs, good),
			group_text(group).text);
	} else if (b->which == EMPTY_SCHEMES) {
		finding_prove(f, cf, good->first_packet, "%s the server signs with %s",
			with_whom(v->hs, good), scheme_text12(good->ske.scheme).text);
	} else if (b->which == EMPTY_VERSIONS) {
		finding_prove(f, cf, good->first_packet, "%s the server speaks %s",
			with_whom(v->hs, good), version_title(good->version));
	} else if (b->which == EMPTY_NAME) {
		finding_prove(
			f, cf, good->first_packet, "with a server_name the same server goes on");
	}
}

static void step_of_version(
	const struct handshake_view *v, const struct blame *b, struct finding *f)
{
	if (b->good == NULL && !b->by_config &&
		!u16s_has(&v->hs->client_hello.ext.versions, 0x0304))
		finding_step(f, v->cf,
			"see whether the server speaks TLS 1.3 only: GnuTLS answers an older "
			"client "
			"the same");
}

/* The list of the client's that met nothing. */
static void prove_list(const struct handshake_view *v, const struct blame *b, struct finding *f)
{
	switch (b->which) {
	case EMPTY_SUITES:
		list_suites(v->cf, v->hs, f);
		step_of_version(v, b, f);
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
		if (b->good != NULL)
			break;
		finding_say(
			f, v->cf, "The client sends no server name: perhaps this server needs one");
		finding_prove(f, v->cf, 0,
			"the alert names no reason: versions, suites, groups or signature schemes "
			"that do not meet are answered alike");
		step_of_version(v, b, f);
		break;
	case EMPTY_VERSIONS:
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the client offers TLS 1.3 and nothing else");
		finding_prove(f, v->cf, 0,
			"a server that stops at TLS 1.2 may say so in these words: mbedTLS 2.28 "
			"and GnuTLS do");
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
	if (b.by_config)
		prove_by_config(v, &b, f);
	else
		prove_good(v, &b, f);
	prove_clients_lack(v, &b, f);
	if (b.served)
		finding_prove(f, v->cf, 0,
			"against it: a server of the configuration given would find all that it "
			"needs");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

bool every_server_hello(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (!cf->kept[i]->hs->server_hello.seen)
			return false;
	return cf->n_kept != 0;
}
