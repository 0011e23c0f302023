/*
 * Chains of certificates made for the purpose, with what is judged of them:
 *
 *   FIELD=DER ... | FIELD=DER ... | trusted FIELD=DER ...
 *
 * The leaf, what else was sent, and what is trusted. Each is a certificate of v3 with a key on P-256, in
 * date, issued by the next one, and with no extension. A field is written as support/der_text.h has it,
 * and replaces what would stand there: version, serial, subject, issuer, dates, key, algorithm (inner),
 * outer, signature, unique; or it is an extension: san, nc, ku, eku, bc, policies, constraints, mapping,
 * inhibit, aki, ski, ns, tls, ct, and x for a whole Extension. `!` before the = makes it critical.
 * `name=TEXT` is the name that is asked for, `rsa` a key exchange of static RSA; `leaf` and `ca` stand for the
 * extensions that such a one usually has.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_MADE_CHAIN_H
#define TLSDIAG_TESTS_SUPPORT_MADE_CHAIN_H

#include "base/array.h"
#include "support/cert_text.h"
#include "support/der_harm.h"
#include "support/der_text.h"
#include "support/unit.h"

#include <stdlib.h>

enum { CERTS_MAX = 32, DER_MAX = DER_HARM_MAX, NOW = 1796040000 };

struct made {
	uint8_t der[CERTS_MAX][DER_MAX];
	const struct cert *sent[CERTS_MAX];
	size_t n, n_sent;
	struct cert_store *store;
	struct trust *trust;
	bool certs_told; /* what is read of each certificate is told, too */
	bool linked;     /* each is known to be signed by the next */
	const char *name;
	bool rsa;
	int64_t at;
	size_t harmed, element; /* which certificate, and which of its elements */
	enum der_harm how;      /* DER_HARM_NONE: none is */
};

/* ---- one certificate ---- */

struct field {
	const char *name, *usual; /* NULL: an extension */
	const char *oid;
};

static const struct field fields[] = {
	{ "version", "a0(02(02))", NULL },
	{ "serial", "02(05)", NULL },
	{ "algorithm", "30(06(2a8648ce3d040302))", NULL },
	{ "issuer", "", NULL }, /* by the place in the chain */
	{ "dates", "30(17('261101120000Z')17('270201120000Z'))", NULL },
	{ "subject", "", NULL },
	{ "key",
		"30(30(06(2a8648ce3d0201)06(2a8648ce3d030107))03(0004"
		"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
		"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5))",
		NULL },
	{ "unique", "", NULL },
	{ "outer", "30(06(2a8648ce3d040302))", NULL },
	{ "signature", "03(003006020101020101)", NULL },
	{ "san", NULL, "551d11" },
	{ "nc", NULL, "551d1e" },
	{ "ku", NULL, "551d0f" },
	{ "eku", NULL, "551d25" },
	{ "bc", NULL, "551d13" },
	{ "policies", NULL, "551d20" },
	{ "constraints", NULL, "551d24" },
	{ "mapping", NULL, "551d21" },
	{ "inhibit", NULL, "551d36" },
	{ "aki", NULL, "551d23" },
	{ "ski", NULL, "551d0e" },
	{ "ns", NULL, "6086480186f8420101" },
	{ "tls", NULL, "2b06010505070118" },
	{ "ct", NULL, "2b06010401d679020403" },
};

enum { EXTENSIONS_FROM = 10 };

struct written {
	const char *field[COUNT(fields)];
	bool critical[COUNT(fields)];
	const char *whole; /* extensions as they are */
};

static inline size_t field_named(const char *word, size_t n)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strlen(fields[i].name) == n && strncmp(word, fields[i].name, n) == 0)
			return i;
	fail_msg("no such field: %s", word);
	return 0;
}

static inline void take_field(struct written *w, char *word)
{
	size_t n = strcspn(word, "!=");
	bool critical = word[n] == '!';
	const char *value = word + n + critical + 1;
	size_t i;

	if (n == 1 && word[0] == 'x') {
		w->whole = value;
		return;
	}
	i = field_named(word, n);
	w->field[i] = value;
	w->critical[i] = critical;
}

static inline void put_field(struct written *w, const char *name, const char *value, bool critical)
{
	size_t i = field_named(name, strlen(name));

	w->field[i] = value;
	w->critical[i] = critical;
}

static inline void take_usual(struct written *w, bool ca)
{
	if (ca) {
		put_field(w, "bc", "30(01(ff))", true);
		put_field(w, "ku", "03(0106)", true);
		put_field(w, "ski", "04(01)", false);
	} else {
		put_field(w, "san", "30(82('a.example'))", false);
	}
	put_field(w, "aki", "30(80(01))", false);
}

/* The Name of the certificate at that place: CN=0, CN=1 ... */
static inline void put_name(struct strbuf *b, const char *given, size_t place)
{
	if (given != NULL)
		strbuf_puts(b, given);
	else
		strbuf_printf(b, "30(31(30(06(550403)0c('%zu'))))", place);
}

static inline void put_extensions(struct strbuf *b, const struct written *w)
{
	struct strbuf list = { 0 };

	for (size_t i = EXTENSIONS_FROM; i < COUNT(fields); i++)
		if (w->field[i] != NULL)
			strbuf_printf(&list, "30(06(%s)%s04(%s))", fields[i].oid,
				w->critical[i] ? "01(ff)" : "", w->field[i]);
	if (w->whole != NULL)
		strbuf_puts(&list, w->whole);
	if (list.len != 0)
		strbuf_printf(b, "a3(30(%s))", strbuf_text(&list));
	strbuf_free(&list);
}

static inline size_t make_cert(const struct written *w, size_t place, size_t issuer, uint8_t *out)
{
	struct strbuf b = { 0 };
	size_t n;

	strbuf_puts(&b, "30(30(");
	for (size_t i = 0; i < 8; i++)
		if (strcmp(fields[i].name, "issuer") == 0)
			put_name(&b, w->field[i], issuer);
		else if (strcmp(fields[i].name, "subject") == 0)
			put_name(&b, w->field[i], place);
		else
			strbuf_puts(&b, w->field[i] != NULL ? w->field[i] : fields[i].usual);
	put_extensions(&b, w);
	strbuf_puts(&b, ")");
	for (size_t i = 8; i < 10; i++)
		strbuf_puts(&b, w->field[i] != NULL ? w->field[i] : fields[i].usual);
	strbuf_puts(&b, ")");
	n = der_text(strbuf_text(&b), out, DER_MAX);
	strbuf_free(&b);
	return n;
}

/* ---- a chain ---- */

static inline struct bytes harmed_cert(struct made *m, struct bytes der)
{
	uint8_t other[DER_HARM_MAX];
	size_t n;

	if (!der_harm(der, m->element, m->how, other, &n))
		return der;
	memcpy(m->der[m->n], other, n);
	return bytes_of(m->der[m->n], n);
}

static inline void take_cert(struct made *m, char *text, bool last)
{
	struct written w = { .whole = NULL };
	bool trusted = false;
	char *rest = NULL;
	struct bytes der;

	for (char *word = strtok_r(text, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest))
		if (strcmp(word, "trusted") == 0)
			trusted = true;
		else if (strcmp(word, "rsa") == 0)
			m->rsa = true;
		else if (strcmp(word, "leaf") == 0 || strcmp(word, "ca") == 0)
			take_usual(&w, word[0] == 'c');
		else if (strncmp(word, "name=", 5) == 0)
			m->name = word + 5;
		else
			take_field(&w, word);
	assert_true(m->n < CERTS_MAX);
	der = bytes_of(m->der[m->n], make_cert(&w, m->n, last ? m->n : m->n + 1, m->der[m->n]));
	if (m->how != DER_HARM_NONE && m->n == m->harmed)
		der = harmed_cert(m, der);
	m->n++;
	if (trusted)
		assert_true(trust_add(m->trust, der));
	else
		m->sent[m->n_sent++] = cert_store_get(m->store, der);
}

/* Needs no arithmetic. */
static inline void know_links(const struct made *m, struct link_memory *known)
{
	for (size_t i = 0; i < m->n_sent && m->sent[i] != NULL; i++) {
		const struct cert *next = i + 1 < m->n_sent            ? m->sent[i + 1]
					  : trust_count(m->trust) != 0 ? trust_at(m->trust, 0)
								       : NULL;

		if (next != NULL)
			link_memory_know(known, m->sent[i]->sha256, next->sha256);
	}
}

static inline void tell_sent(struct strbuf *now, const struct cert *c)
{
	struct form f;

	if (c == NULL)
		return;
	tell_cert(now, c);
	form_read(c->der, &f);
	tell_form(now, &f);
}

static inline void say_chain(struct strbuf *now, const char *text, struct made *m)
{
	char *copy = strdup(text), *part = copy;
	struct link_memory *known = m->linked ? link_memory_open() : NULL;
	struct chain_judgement j;
	struct properties p;

	m->store = cert_store_open(1 << 20);
	m->trust = trust_new();
	while (part != NULL) {
		char *bar = strchr(part, '|');

		if (bar != NULL)
			*bar++ = '\0';
		take_cert(m, part, bar == NULL);
		part = bar;
	}
	if (known != NULL)
		know_links(m, known);
	chain_judge(&(struct chain_question){ .sent = m->sent,
			    .n_sent = m->n_sent,
			    .trust = trust_count(m->trust) != 0 ? m->trust : NULL,
			    .at = m->at,
			    .name = m->name,
			    .verify_signatures = m->linked },
		known, &j);
	properties_find(&(struct property_question){ .sent = m->sent,
				.n_sent = m->n_sent,
				.chain = &j,
				.trust = trust_count(m->trust) != 0 ? m->trust : NULL,
				.at = m->at,
				.name = m->name,
				.rsa_exchange = m->rsa },
		&p);
	strbuf_puts(now, " ");
	tell_properties(now, &p);
	strbuf_puts(now, " | ");
	tell_chain(now, &j);
	strbuf_puts(now, "\n");
	for (size_t i = 0; i < m->n_sent && m->certs_told; i++)
		tell_sent(now, m->sent[i]);
	link_memory_close(known);
	trust_close(m->trust);
	cert_store_close(m->store);
	free(copy);
}

#endif
