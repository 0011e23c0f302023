/*
 * Properties of chains made for the purpose, against tests/unit/facts/properties.txt (support/listing.h):
 *
 *   > FIELD=DER ... | FIELD=DER ... | trusted FIELD=DER ...
 *
 * The leaf, what else was sent, and what is trusted. Each is a certificate of v3 with a key on P-256, in
 * date, issued by the next one, and with no extension. A field is written as support/der_text.h has it,
 * and replaces what would stand there: version, serial, subject, issuer, dates, key, algorithm (inner),
 * outer, signature, unique; or it is an extension: san, nc, ku, eku, bc, policies, constraints, mapping,
 * inhibit, aki, ski, ns, tls, ct, and x for a whole Extension. `!` before the = makes it critical.
 * `name=TEXT` is the name that is asked for, `rsa` a key exchange of static RSA; `leaf` and `ca` stand for the
 * extensions that such a one usually has.
 */
#include "base/array.h"
#include "support/cert_text.h"
#include "support/der_text.h"
#include "support/listing.h"
#include "support/unit.h"

#include <stdlib.h>

#define LISTING "tests/unit/facts/properties.txt"

enum { CERTS_MAX = 32, DER_MAX = 4096, NOW = 1796040000 };

struct made {
	uint8_t der[CERTS_MAX][DER_MAX];
	const struct cert *sent[CERTS_MAX];
	size_t n, n_sent;
	struct cert_store *store;
	struct trust *trust;
	const char *name;
	bool rsa;
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

static size_t field_named(const char *word, size_t n)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strlen(fields[i].name) == n && strncmp(word, fields[i].name, n) == 0)
			return i;
	fail_msg("no such field: %s", word);
	return 0;
}

static void take_field(struct written *w, char *word)
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

static void put_field(struct written *w, const char *name, const char *value, bool critical)
{
	size_t i = field_named(name, strlen(name));

	w->field[i] = value;
	w->critical[i] = critical;
}

static void take_usual(struct written *w, bool ca)
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
static void put_name(struct strbuf *b, const char *given, size_t place)
{
	if (given != NULL)
		strbuf_puts(b, given);
	else
		strbuf_printf(b, "30(31(30(06(550403)0c('%zu'))))", place);
}

static void put_extensions(struct strbuf *b, const struct written *w)
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

static size_t make_cert(const struct written *w, size_t place, size_t issuer, uint8_t *out)
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

static void take_cert(struct made *m, char *text, bool last)
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
	m->n++;
	if (trusted)
		assert_true(trust_add(m->trust, der));
	else
		m->sent[m->n_sent++] = cert_store_get(m->store, der);
}

static void say_made(struct strbuf *now, const char *line)
{
	char *copy = strdup(line + 2), *part = copy;
	struct made *m = calloc(1, sizeof *m);
	struct chain_judgement j;
	struct properties p;

	assert_non_null(m);
	m->store = cert_store_open(1 << 20);
	m->trust = trust_new();
	while (part != NULL) {
		char *bar = strchr(part, '|');

		if (bar != NULL)
			*bar++ = '\0';
		take_cert(m, part, bar == NULL);
		part = bar;
	}
	chain_judge(&(struct chain_question){ .sent = m->sent,
			    .n_sent = m->n_sent,
			    .trust = trust_count(m->trust) != 0 ? m->trust : NULL,
			    .at = NOW,
			    .name = m->name },
		NULL, &j);
	properties_find(&(struct property_question){ .sent = m->sent,
				.n_sent = m->n_sent,
				.chain = &j,
				.trust = trust_count(m->trust) != 0 ? m->trust : NULL,
				.at = NOW,
				.name = m->name,
				.rsa_exchange = m->rsa },
		&p);
	strbuf_puts(now, " ");
	tell_properties(now, &p);
	strbuf_puts(now, " | ");
	tell_chain(now, &j);
	strbuf_puts(now, "\n");
	trust_close(m->trust);
	cert_store_close(m->store);
	free(m);
	free(copy);
}

static void test_properties__are_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_made);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_properties__are_what_the_listing_says),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_made);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
