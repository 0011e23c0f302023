/* Rows for people, the array "peers" for programs: one entry for each kind of key that the server may have. */
#include "report/config_peer.h"

#include "config/missing.h"
#include "diagnose/rule.h"
#include "negotiate/wanted.h"

#include <inttypes.h>
#include <stdio.h>

enum { VALUE_AT = 15, LABEL_TEXT = 64 };

static bool has_scheme(const struct agreement *a)
{
	return a->scheme != 0;
}

/* "EC key, secp384r1", "RSA key", "shared key". */
static void key_label(const struct meeting *m, char out[static LABEL_TEXT])
{
	if (!m->has_key)
		(void)snprintf(out, LABEL_TEXT, "shared key");
	else if (m->key.key == KEY_EC && m->key.group != 0)
		(void)snprintf(out, LABEL_TEXT, "EC key on %s", group_text(m->key.group).text);
	else
		(void)snprintf(out, LABEL_TEXT, "%s key", m->key.key == KEY_EC ? "EC" : "RSA");
}

/* ---- why not ---- */

static const char *why_not(const struct meeting *m)
{
	static const char *const words[] = {
		[STOPS_AT_RECORD] = "",
		[STOPS_AT_VERSION] = "no version in common",
		[STOPS_AT_SUITE] = "no cipher suite in common",
		[STOPS_AT_KEY] = "no cipher suite in common is for such a key",
		[STOPS_AT_GROUP] = "no group in common",
		[STOPS_AT_SCHEME] = "no signature scheme in common goes with such a key",
		[STOPS_AT_CURVE] = "the client does not list the curve of the server's key",
		[AGREED] = "",
	};

	if (!m->has_key && m->agreed.step == STOPS_AT_KEY)
		return "the client offers nothing for a key that both have";
	return words[m->agreed.step];
}

static const char *wanted_name(const struct wanted *w, char hex[static LABEL_TEXT])
{
	const char *name = NULL;

	switch (w->kind) {
	case WANTED_VERSION:
		return version_title(w->value);
	case WANTED_SUITE:
		name = name_cipher_suite(w->value);
		break;
	case WANTED_GROUP:
		name = name_group(w->value);
		break;
	case WANTED_SCHEME:
		name = name_scheme(w->value);
		break;
	}
	if (name == NULL)
		(void)snprintf(hex, LABEL_TEXT, "0x%04x", w->value);
	return name != NULL ? name : hex;
}

/* What the peer has and the build lacks; false: nothing that a macro would bring. */
static bool find_wanted(const struct build *b, const struct config *c,
	const struct config_peer *peer, const struct meeting *m, struct wanted *out,
	struct strbuf *macros)
{
	if (!wanted_of(b, c, &peer->terms, m->agreed.step, out))
		return false;
	config_missing(c, out->needs, macros);
	return macros->len != 0;
}

/* ---- text ---- */

static void put_agreed(struct page *p, const struct agreement *a)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%s, %s", version_title(a->version), name_cipher_suite(a->suite));
	if (a->group != 0)
		strbuf_printf(&text, ", %s", group_text(a->group).text);
	if (has_scheme(a))
		strbuf_printf(&text, ", signed %s",
			a->version == 0x0304 ? scheme_text13(a->scheme).text
					     : scheme_text12(a->scheme).text);
	if (a->retry)
		strbuf_puts(&text, ", after a HelloRetryRequest");
	page_wrap(p, VALUE_AT, strbuf_text(&text));
	strbuf_free(&text);
}

/* "its ClientHello of 1,580 bytes is longer than the 1,024 of a record that the build can read" */
static void put_sizes(struct strbuf *text, const struct build *b, const struct config_peer *peer,
	const struct meeting *m)
{
	long sent = m->build_is_server ? peer->terms.hello : peer->longest;
	char has[COUNT_TEXT], room[COUNT_TEXT];

	strbuf_printf(text,
		"its %s of %s bytes is longer than the %s of a record that the build can read",
		m->build_is_server ? "ClientHello" : "longest record",
		page_count((uint64_t)sent, has), page_count((uint64_t)b->in.content, room));
}

static void put_not_agreed(struct page *p, const struct build *b, const struct config *c,
	const struct config_peer *peer, const struct meeting *m)
{
	struct strbuf text = { 0 }, macros = { 0 };
	struct wanted w;
	char hex[LABEL_TEXT];

	page_put(p, ROLE_ERROR, "no: ");
	if (m->agreed.step == STOPS_AT_RECORD)
		put_sizes(&text, b, peer, m);
	else
		strbuf_puts(&text, why_not(m));
	strbuf_printf(&text, " (%s)", meeting_cause(m));
	if (find_wanted(b, c, peer, m, &w, &macros))
		strbuf_printf(
			&text, "; for %s it lacks %s", wanted_name(&w, hex), strbuf_text(&macros));
	page_wrap(p, VALUE_AT, strbuf_text(&text));
	strbuf_free(&text);
	strbuf_free(&macros);
}

static void put_meeting(struct page *p, const struct build *b, const struct config *c,
	const struct config_peer *peer, const struct meeting *m)
{
	char label[LABEL_TEXT];

	key_label(m, label);
	page_put(p, ROLE_PLAIN, "  ");
	page_put(p, ROLE_LABEL, label);
	if (page_columns(p, label) + 2 >= VALUE_AT)
		page_end_line(p);
	page_tab(p, VALUE_AT);
	if (m->agreed.step == AGREED)
		put_agreed(p, &m->agreed);
	else
		put_not_agreed(p, b, c, peer, m);
	page_end_line(p);
}

/* "with openssl-3.0 (OpenSSL 3.0 (s_client)), this build as the server" */
static void put_heading(struct page *p, const struct config_peer *peer, bool as_server)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "with %s", peer->name);
	if (peer->title != NULL)
		strbuf_printf(&text, ", %s", peer->title);
	if (peer->handshake != 0)
		strbuf_printf(&text, ", as in handshake %" PRIu64, peer->handshake);
	strbuf_printf(&text, "; this build is the %s", as_server ? "server" : "client");
	if (peer->kind == PEER_SERVER)
		strbuf_puts(&text,
			", and what that server was not seen to choose it may have all the same");
	page_wrap(p, 0, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void put_peer(struct page *p, const struct build *b, const struct config *c,
	const struct config_peer *peer)
{
	if (peer->n_met == 0) {
		page_wrapf(p, 0, "with %s: this build is no %s", peer->name,
			peer->kind == PEER_SERVER ? "client" : "server");
		page_end_line(p);
	}
	for (size_t i = 0; i < peer->n_met; i++) {
		const struct meeting *m = &peer->met[i];

		if (i == 0 || m->build_is_server != peer->met[i - 1].build_is_server)
			put_heading(p, peer, m->build_is_server);
		put_meeting(p, b, c, peer, m);
	}
}

void report_peers_text(struct page *p, const struct build *b, const struct config *c,
	const struct config_peer *peers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			page_blank_line(p);
		put_peer(p, b, c, &peers[i]);
	}
}

/* ---- JSON ---- */

static void json_named(struct json *j, const char *key, uint16_t value, const char *name)
{
	if (value == 0)
		return;
	json_object(j, key);
	json_code(j, "value", value);
	if (name != NULL)
		json_string(j, "name", name);
	else
		json_null(j, "name");
	json_end_object(j);
}

static void json_agreed(struct json *j, const struct agreement *a)
{
	json_named(j, "version", a->version, name_version(a->version));
	json_named(j, "cipher_suite", a->suite, name_cipher_suite(a->suite));
	json_named(j, "group", a->group, name_group(a->group));
	json_named(j, "signature_scheme", a->scheme, name_scheme(a->scheme));
	json_bool(j, "retry", a->retry);
}

static void json_not_agreed(struct json *j, const struct build *b, const struct config *c,
	const struct config_peer *peer, const struct meeting *m)
{
	struct strbuf macros = { 0 };
	struct wanted w;
	char hex[LABEL_TEXT];

	json_string(j, "stops_at", agreement_step_name(m->agreed.step));
	json_string(j, "cause", meeting_cause(m));
	if (find_wanted(b, c, peer, m, &w, &macros)) {
		json_string(j, "for", wanted_name(&w, hex));
		json_string(j, "lacks", strbuf_text(&macros));
	}
	strbuf_free(&macros);
}

static void json_meeting(struct json *j, const struct build *b, const struct config *c,
	const struct config_peer *peer, const struct meeting *m)
{
	char label[LABEL_TEXT];

	key_label(m, label);
	json_object(j, NULL);
	json_string(j, "build_is", m->build_is_server ? "server" : "client");
	json_string(j, "key", label);
	json_bool(j, "agreed", m->agreed.step == AGREED);
	if (m->agreed.step == AGREED)
		json_agreed(j, &m->agreed);
	else
		json_not_agreed(j, b, c, peer, m);
	json_end_object(j);
}

void report_peers_json(struct json *j, const struct build *b, const struct config *c,
	const struct config_peer *peers, size_t n)
{
	static const char *const kinds[] = {
		[PEER_KNOWN] = "known-hello",
		[PEER_CLIENT] = "client",
		[PEER_SERVER] = "server",
		[PEER_BUILD] = "config",
	};

	json_array(j, "peers");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_string(j, "name", peers[i].name);
		json_string(j, "kind", kinds[peers[i].kind]);
		if (peers[i].handshake != 0)
			json_uint(j, "handshake", peers[i].handshake);
		json_array(j, "meetings");
		for (size_t k = 0; k < peers[i].n_met; k++)
			json_meeting(j, b, c, &peers[i], &peers[i].met[k]);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}
