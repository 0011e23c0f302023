/* What a build can negotiate: rows for people, an object for programs. */
#include "report/config_build.h"

#include "diagnose/rule.h"
#include "names/names.h"

#include <string.h>

enum { VALUE_AT = 15, SUITES_SHOWN = 12 };

static void put_row(struct page *p, const char *label, const char *text)
{
	page_put(p, ROLE_PLAIN, "  ");
	page_put(p, ROLE_LABEL, label);
	page_tab(p, VALUE_AT);
	page_wrap(p, VALUE_AT, text);
	page_end_line(p);
}

static void put_list_row(struct page *p, const char *label, struct strbuf *text)
{
	put_row(p, label, text->len != 0 ? strbuf_text(text) : "none");
	strbuf_free(text);
}

static void add(struct strbuf *list, const char *text)
{
	strbuf_printf(list, "%s%s", list->len != 0 ? ", " : "", text);
}

/* ---- key exchanges ---- */

void report_key_exchange(struct strbuf *out, const struct suite *s)
{
	static const char begin[] = "TLS_";
	const char *with = strstr(s->name, "_WITH_");

	if (!s->tls13 && with != NULL && strncmp(s->name, begin, sizeof begin - 1) == 0)
		strbuf_add(out, s->name + sizeof begin - 1,
			(size_t)(with - s->name) - (sizeof begin - 1));
}

/* The next suite from *at on whose key exchange no earlier one has; NULL: there is none. */
static const struct suite *next_key_exchange(const struct build *b, size_t *at)
{
	while (*at < b->n_suites) {
		const struct suite *s = suite_find(b->suites[(*at)++].value);
		bool known = s == NULL || s->tls13;

		for (size_t i = 0; !known && i + 1 < *at; i++) {
			const struct suite *before = suite_find(b->suites[i].value);

			known = before != NULL && before->kx == s->kx && before->auth == s->auth;
		}
		if (!known)
			return s;
	}
	return NULL;
}

/* ---- text ---- */

static void put_roles(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };

	if (b->client)
		add(&text, "client");
	if (b->server)
		add(&text, "server");
	if (b->dtls)
		add(&text, "over TCP and UDP (DTLS)");
	put_list_row(p, "roles", &text);
}

static void put_versions(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < b->n_versions; i++)
		add(&text, version_title(b->versions[i]));
	put_list_row(p, "versions", &text);
}

static void put_key_exchanges(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };
	const struct suite *s;
	size_t at = 0;

	while ((s = next_key_exchange(b, &at)) != NULL) {
		strbuf_puts(&text, text.len != 0 ? ", " : "");
		report_key_exchange(&text, s);
	}
	if (text.len != 0)
		put_row(p, "key exchange", strbuf_text(&text));
	strbuf_free(&text);
}

static const char *whose_order(const struct build *b)
{
	if (!b->server)
		return "offered in this order";
	return b->follows_client ? "as a server it takes the client's order" : "in its own order";
}

static void put_suites(struct page *p, const struct build *b)
{
	char count[COUNT_TEXT];
	struct strbuf text = { 0 };

	if (b->n_suites == 0) {
		put_row(p, "suites", "none");
		return;
	}
	page_add_count(&text, b->n_suites, "suite", "suites");
	if (b->n_suites > 1)
		strbuf_printf(&text, ", %s", whose_order(b));
	put_list_row(p, "suites", &text);
	for (size_t i = 0; i < b->n_suites && i < SUITES_SHOWN; i++) {
		page_tab(p, VALUE_AT);
		page_put(p, ROLE_PLAIN, name_cipher_suite(b->suites[i].value));
		page_end_line(p);
	}
	if (b->n_suites > SUITES_SHOWN) {
		page_tab(p, VALUE_AT);
		page_printf(p, ROLE_FAINT, "and %s more (--json has all)",
			page_count(b->n_suites - SUITES_SHOWN, count));
		page_end_line(p);
	}
}

static void put_groups(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < b->n_groups; i++)
		add(&text, group_text(b->groups[i]).text);
	put_list_row(p, "groups", &text);
}

static void put_schemes(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < b->n_schemes; i++) {
		struct scheme s = scheme_decode(b->schemes[i]);

		strbuf_printf(&text, "%s%s with %s", i != 0 ? ", " : "",
			signature_kind_title(s.signature), hash_title(s.hash));
	}
	put_list_row(p, "signatures", &text);
}

static void put_certificates(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };

	if (b->rsa_keys)
		add(&text, "RSA keys");
	if (b->ec_keys)
		add(&text, "EC keys");
	if (b->rsa_keys || b->ec_keys) {
		strbuf_puts(&text, b->reads_pem ? "; read as PEM and DER" : "; read as DER alone");
		strbuf_puts(
			&text, b->checks_dates ? "; dates are checked" : "; dates are not checked");
	}
	put_list_row(p, "certificates", &text);
}

static void put_sizes(struct page *p, const struct build *b)
{
	struct strbuf text = { 0 };
	char in[COUNT_TEXT], out[COUNT_TEXT], heap[COUNT_TEXT];

	strbuf_printf(&text, "up to %s bytes in, %s out; %s bytes of heap for the two buffers",
		page_count((uint64_t)b->in.content, in), page_count((uint64_t)b->out.content, out),
		page_count((uint64_t)(b->in.buffer + b->out.buffer), heap));
	put_list_row(p, "records", &text);
}

/* Rounded: the estimate is no better than some percent. */
static uint64_t about(long bytes)
{
	return (uint64_t)((bytes + 50) / 100 * 100);
}

static void put_memory(struct page *p, const struct build *b)
{
	const struct build_memory *m = &b->memory;
	struct strbuf text = { 0 };
	char total[COUNT_TEXT], buffers[COUNT_TEXT];

	if (m->total == 0)
		return;
	strbuf_printf(&text,
		"about %s bytes of heap as a %s at its peak (%s), %s of them the buffers; without "
		"the device's own certificates and keys",
		page_count(about(m->total), total), m->client ? "client" : "server",
		m->by_rsa ? "RSA with 2048 bits" : "its largest curve",
		page_count((uint64_t)m->buffers, buffers));
	put_list_row(p, "handshake", &text);
}

struct feature {
	const char *title, *name;
	bool has;
};

enum { FEATURES = 6 };

static void list_features(const struct build *b, struct feature out[static FEATURES])
{
	const struct feature all[FEATURES] = {
		{ "max_fragment_length", "max_fragment_length", b->max_fragment_length },
		{ "record_size_limit", "record_size_limit", b->record_size_limit },
		{ "extended master secret", "extended_master_secret", b->extended_master_secret },
		{ "encrypt-then-MAC", "encrypt_then_mac", b->encrypt_then_mac },
		{ "session tickets", "session_tickets", b->tickets },
		{ "renegotiation", "renegotiation", b->renegotiation },
	};

	for (size_t i = 0; i < FEATURES; i++)
		out[i] = all[i];
}

static void put_features(struct page *p, const struct build *b)
{
	struct feature all[FEATURES];
	struct strbuf text = { 0 };

	list_features(b, all);
	for (size_t i = 0; i < FEATURES; i++)
		if (all[i].has)
			add(&text, all[i].title);
	put_list_row(p, "extensions", &text);
}

void report_build_text(struct page *p, const struct build *b)
{
	page_put(p, ROLE_LABEL, "what it can negotiate");
	page_printf(p, ROLE_PLAIN, " (as mbedTLS %s sets it by itself)",
		b->major >= 3 ? "3.6" : "2.28");
	page_end_line(p);
	put_roles(p, b);
	if (b->lacks_crypto) {
		put_row(p, "algorithms",
			"not known: PSA_WANT_... stand in a crypto_config.h, which was not at "
			"hand");
		put_sizes(p, b);
		put_features(p, b);
		return;
	}
	put_versions(p, b);
	put_key_exchanges(p, b);
	put_suites(p, b);
	put_groups(p, b);
	put_schemes(p, b);
	put_certificates(p, b);
	put_sizes(p, b);
	put_memory(p, b);
	put_features(p, b);
}

/* ---- JSON ---- */

static void json_named(struct json *j, uint16_t value, const char *name)
{
	json_object(j, NULL);
	json_code(j, "value", value);
	json_string(j, "name", name);
	json_end_object(j);
}

static void json_values(struct json *j, const char *key, const uint16_t *values, size_t n,
	const char *(*name)(uint16_t value))
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++)
		json_named(j, values[i], name(values[i]));
	json_end_array(j);
}

static void json_key_exchanges(struct json *j, const struct build *b)
{
	const struct suite *s;
	size_t at = 0;

	json_array(j, "key_exchanges");
	while ((s = next_key_exchange(b, &at)) != NULL) {
		struct strbuf text = { 0 };

		report_key_exchange(&text, s);
		json_string(j, NULL, strbuf_text(&text));
		strbuf_free(&text);
	}
	json_end_array(j);
}

static void json_suites(struct json *j, const struct build *b)
{
	json_array(j, "cipher_suites");
	for (size_t i = 0; i < b->n_suites; i++) {
		const struct build_suite *s = &b->suites[i];

		json_object(j, NULL);
		json_code(j, "value", s->value);
		json_string(j, "name", name_cipher_suite(s->value));
		json_string(j, "from", name_version(s->from));
		json_string(j, "to", name_version(s->to));
		json_end_object(j);
	}
	json_end_array(j);
	json_bool(j, "cipher_suites_listed", b->suites_listed);
	json_bool(j, "client_order", b->follows_client);
}

static void json_buffer(struct json *j, const char *key, struct build_buffer b)
{
	json_object(j, key);
	json_int(j, "content", b.content);
	json_int(j, "buffer", b.buffer);
	json_end_object(j);
}

static void json_certificates(struct json *j, const struct build *b)
{
	json_object(j, "certificates");
	json_bool(j, "rsa", b->rsa_keys);
	json_bool(j, "ec", b->ec_keys);
	json_bool(j, "pem", b->reads_pem);
	json_bool(j, "files", b->reads_files);
	json_bool(j, "dates", b->checks_dates);
	json_end_object(j);
}

static void json_features(struct json *j, const struct build *b)
{
	struct feature all[FEATURES];

	list_features(b, all);
	json_object(j, "extensions");
	for (size_t i = 0; i < FEATURES; i++)
		json_bool(j, all[i].name, all[i].has);
	json_end_object(j);
}

static void json_memory(struct json *j, const struct build *b)
{
	const struct build_memory *m = &b->memory;

	if (m->total == 0)
		return;
	json_object(j, "handshake_heap");
	json_string(j, "role", m->client ? "client" : "server");
	json_uint(j, "curve_bits", m->curve_bits);
	json_bool(j, "peak_by_rsa", m->by_rsa);
	json_int(j, "buffers", m->buffers);
	json_int(j, "structures", m->structures);
	json_int(j, "peak", m->peak);
	json_int(j, "total", m->total);
	json_end_object(j);
}

void report_build_json(struct json *j, const struct build *b)
{
	json_object(j, "build");
	json_string(j, "as", b->major >= 3 ? "3.6" : "2.28");
	if (b->lacks_crypto)
		json_bool(j, "lacks_crypto", true);
	json_bool(j, "client", b->client);
	json_bool(j, "server", b->server);
	json_bool(j, "dtls", b->dtls);
	json_values(j, "versions", b->versions, b->n_versions, name_version);
	json_key_exchanges(j, b);
	json_suites(j, b);
	json_values(j, "groups", b->groups, b->n_groups, name_group);
	json_values(j, "signature_schemes", b->schemes, b->n_schemes, name_scheme);
	json_certificates(j, b);
	json_buffer(j, "record_in", b->in);
	json_buffer(j, "record_out", b->out);
	json_memory(j, b);
	json_features(j, b);
	json_end_object(j);
}
