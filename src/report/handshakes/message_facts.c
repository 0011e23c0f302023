/* One function for each type of message; a line holds three or four facts. */
#include "report/handshakes/message_facts.h"

#include "diagnose/rule.h"
#include "report/page.h"
#include "report/utf8.h"
#include "report/when.h"

#include <stdarg.h>
#include <stdio.h>

enum { NAME_SHOWN = 34, FEW_SUITES = 2 }; /* what the narrowest column has room for */

struct facts {
	struct strbuf *out;
	size_t start;
	bool utf8;
};

static void part(struct facts *f)
{
	if (f->out->len != f->start)
		strbuf_puts(f->out, ", ");
}

static void fact(struct facts *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fact(struct facts *f, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	part(f);
	strbuf_puts(f->out, text);
}

/* A name that the peer chose. */
static void named(struct facts *f, const char *label, struct bytes name)
{
	part(f);
	strbuf_puts(f->out, label);
	utf8_put_safe(f->out, name, f->utf8, NAME_SHOWN);
}

static void counted(struct facts *f, uint64_t n, const char *one, const char *many)
{
	part(f);
	page_add_count(f->out, n, one, many);
}

/* The registry's name; where it is long, without the "TLS_" that all have. */
static const char *suite_shown(uint16_t value, char number[static 48])
{
	const struct suite *s = suite_find(value);

	name_or_hex(number, name_cipher_suite(value), value);
	return s != NULL && !s->tls13 && strncmp(s->name, "TLS_", 4) == 0 ? number + 4 : number;
}

/* Drafts of TLS 1.3 come between 1.2 and 1.3. */
static unsigned version_rank(uint16_t v)
{
	return version_draft(v) != 0 ? 2 * 0x0303 + 1 : 2U * v;
}

static uint16_t highest_version(const struct client_hello *ch)
{
	uint16_t best = 0;

	for (size_t i = 0; ch->ext.has_versions && i < u16s_count(&ch->ext.versions); i++) {
		uint16_t v = u16s_at(&ch->ext.versions, i);

		if (!is_grease(v) && name_version(v) != NULL &&
			version_rank(v) > version_rank(best))
			best = v;
	}
	return best != 0 ? best : ch->version;
}

static void suites_offered(struct facts *f, const struct client_hello *ch)
{
	char name[48];
	size_t n = 0;

	if (ch->sslv2_format) {
		counted(f, ch->suites_v2.len / 3, "suite", "suites");
		return;
	}
	for (size_t i = 0; i < u16s_count(&ch->suites); i++) {
		uint16_t v = u16s_at(&ch->suites, i);
		const struct suite *s = suite_find(v);

		n += !is_grease(v) && (s == NULL || !s->signalling);
	}
	if (n == 0 || n > FEW_SUITES) {
		counted(f, n, "suite", "suites");
		return;
	}
	for (size_t i = 0; i < u16s_count(&ch->suites); i++) {
		const struct suite *s = suite_find(u16s_at(&ch->suites, i));

		if (!is_grease(u16s_at(&ch->suites, i)) && (s == NULL || !s->signalling))
			fact(f, "%s", suite_shown(u16s_at(&ch->suites, i), name));
	}
}

static void shares(struct facts *f, const struct extensions *ext)
{
	bool first = true;

	for (size_t i = 0; i < ext->n_shares; i++) {
		if (is_grease(ext->shares[i].group))
			continue;
		if (first)
			fact(f, "share %s", group_text(ext->shares[i].group).text);
		else
			strbuf_printf(f->out, " %s", group_text(ext->shares[i].group).text);
		first = false;
	}
}

static void client_hello(struct facts *f, const struct client_hello *ch)
{
	const struct extensions *ext = &ch->ext;

	if (ch->sslv2_format)
		fact(f, "in SSLv2 format");
	fact(f, "%s", version_title(highest_version(ch)));
	suites_offered(f, ch);
	if (ext->has_server_name)
		named(f, "SNI ", ext->server_name);
	else
		fact(f, "no SNI");
	if (ext->n_alpn != 0)
		named(f, "ALPN ", ext->alpn[0]);
	shares(f, ext);
	if (ext->has_max_fragment_length && ext->max_fragment_length - 1U < 4)
		fact(f, "records of at most %u bytes", 256U << ext->max_fragment_length);
	if (ext->has_pre_shared_key)
		fact(f, "a pre-shared key");
	else if (ext->has_session_ticket && ext->session_ticket.len != 0)
		fact(f, "a session ticket");
}

/* The answer to a HelloRetryRequest. */
static const struct event *second_hello(const struct handshake *hs)
{
	size_t n = 0;

	for (size_t i = 0; hs->client_hello_2.seen && i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_MESSAGE && ev->from == SIDE_CLIENT &&
			ev->type == HS_CLIENT_HELLO && ev->again == NULL && !ev->unread && n++ == 1)
			return ev;
	}
	return NULL;
}

/* One that nobody has asked for. */
static void hello_again(struct facts *f, const struct event *ev)
{
	fact(f, ev->repeats ? "the same hello once more" : "another hello in the same handshake");
	if (ev->again != NULL)
		client_hello(f, ev->again);
}

static void server_hello(struct facts *f, const struct server_hello *sh, bool resumed)
{
	char name[48];

	fact(f, "%s", version_title(server_hello_version(sh)));
	if (sh->has_suite)
		fact(f, "%s", suite_shown(sh->suite, name));
	shares(f, &sh->ext);
	if (sh->ext.n_alpn != 0)
		named(f, "ALPN ", sh->ext.alpn[0]);
	if (resumed)
		fact(f, "resumes a session");
}

static void hello_retry(struct facts *f, const struct server_hello *hrr)
{
	if (hrr->ext.n_shares != 0)
		fact(f, "asks for a share of %s", group_text(hrr->ext.shares[0].group).text);
	if (hrr->ext.cookie)
		fact(f, "sends a cookie");
}

static void certificate(struct facts *f, const struct handshake *hs, const struct event *ev)
{
	enum side from = ev->from;
	const struct cert *c = hs->side[from].n_certs != 0 ? hs->side[from].certs[0] : NULL;
	const char *name;

	if (c == NULL) {
		if (ev->wrong.code == PARSE_OK)
			fact(f, "no certificate");
		return;
	}
	name = c->common_name[0] != '\0' ? c->common_name : c->subject;
	if (name[0] != '\0')
		named(f, "", bytes_of(name, strlen(name)));
	if (c->key_name[0] != '\0')
		fact(f, "%s", c->key_name);
	counted(f, hs->side[from].n_certs, "certificate", "certificates");
	if (c->has_dates) {
		char day[WHEN_TEXT];

		when_date(c->not_after, day);
		fact(f, "until %s", day);
	}
}

static void method(
	struct facts *f, const struct signature_method *m, bool has_scheme, uint16_t scheme)
{
	if (has_scheme)
		fact(f, "%s", scheme_text12(scheme).text);
	else if (m->signature != SIG_ANONYMOUS)
		fact(f, "%s with %s", hash_title(m->hash), signature_kind_title(m->signature));
}

/* Of one with bytes missing. */
static void outline(struct facts *f, const struct server_key_outline *o)
{
	fact(f, "%s", group_text(o->group).text);
	if (o->has_scheme)
		fact(f, "%s", scheme_text12(o->scheme).text);
	fact(f, "signature of %zu bytes", o->signature_length);
}

static void server_key_exchange(struct facts *f, const struct handshake *hs)
{
	const struct server_key_exchange *ske = &hs->ske;

	if (ske->has_group)
		fact(f, "%s", group_text(ske->group).text);
	else if (ske->dh_p.len != 0)
		fact(f, "DH of %zu bits", 8 * ske->dh_p.len);
	if (ske->has_hint && ske->psk_identity_hint.len != 0)
		named(f, "hint ", ske->psk_identity_hint);
	if (ske->has_signature) {
		method(f, &hs->side[SIDE_SERVER].proof.method, ske->has_scheme, ske->scheme);
		fact(f, "signature of %zu bytes", ske->signature.len);
	}
}

static void certificate_request(struct facts *f, const struct certificate_request *cr)
{
	struct bytes rest = cr->authorities, name;
	size_t n = 0;

	while (certificate_request_next_authority(&rest, &name))
		n++;
	if (n == 0)
		fact(f, "of any CA");
	else
		counted(f, n, "CA accepted", "CAs accepted");
}

static void client_key_exchange(struct facts *f, const struct client_key_exchange *cke)
{
	if (cke->has_psk_identity)
		named(f, "identity ", cke->psk_identity);
	if (cke->public_key.len != 0)
		fact(f, "key of %zu bytes", cke->public_key.len);
	else if (cke->encrypted_premaster.len != 0)
		fact(f, "RSA, %zu bytes", cke->encrypted_premaster.len);
}

static void certificate_verify(struct facts *f, const struct party *p)
{
	method(f, &p->proof.method, p->verify.has_scheme, p->verify.scheme);
	if (p->verify.signature.len != 0)
		fact(f, "signature of %zu bytes", p->verify.signature.len);
}

static void by_type(struct facts *f, const struct handshake *hs, const struct event *ev)
{
	bool first = handshake_message(hs, ev->from, ev->type) == ev;

	switch (ev->type) {
	case HS_CLIENT_HELLO:
		if (first || ev == second_hello(hs))
			client_hello(f, first ? &hs->client_hello : &hs->client_hello_2);
		else
			hello_again(f, ev);
		break;
	case HS_SERVER_HELLO:
		if (hs->hello_retry.seen && first)
			hello_retry(f, &hs->hello_retry);
		else
			server_hello(f, &hs->server_hello, hs->resumed_known && hs->resumed);
		break;
	case HS_HELLO_RETRY_REQUEST:
		hello_retry(f, &hs->hello_retry);
		break;
	case HS_CERTIFICATE:
		certificate(f, hs, ev);
		if (ev->compression != 0)
			fact(f, "compressed by %s", name_certificate_compression(ev->compression));
		break;
	case HS_SERVER_KEY_EXCHANGE:
		server_key_exchange(f, hs);
		break;
	case HS_CERTIFICATE_REQUEST:
		certificate_request(f, &hs->certificate_request);
		break;
	case HS_CLIENT_KEY_EXCHANGE:
		client_key_exchange(f, &hs->cke);
		break;
	case HS_CERTIFICATE_VERIFY:
		certificate_verify(f, &hs->side[ev->from]);
		break;
	default:
		break;
	}
}

void message_facts(
	struct strbuf *out, const struct handshake *hs, const struct event *ev, bool utf8)
{
	struct facts f = { out, out->len, utf8 };

	if (!ev->unread)
		by_type(&f, hs, ev);
	else if (ev->type == HS_SERVER_KEY_EXCHANGE && hs->outline.seen)
		outline(&f, &hs->outline);
	if (ev->n_records > 1)
		fact(&f, "in %u records", ev->n_records);
	if (ev->unexpected)
		fact(&f, "out of order");
	if (ev->wrong.code != PARSE_OK) {
		char where[200];

		wrong_text(ev, where, sizeof where);
		fact(&f, "%s", where);
	}
}
