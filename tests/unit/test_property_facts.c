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
 *
 * In properties-near.txt stands a sum for each title, of what is told of these chains when an element of one of
 * their certificates is another one (support/der_harm.h), or the time is. `--near TITLE` tells it in full. `> crossed N` is a
 * sum of N chains that are made of several of these.
 */
#include "base/array.h"
#include "support/cert_text.h"
#include "support/der_harm.h"
#include "support/der_text.h"
#include "support/listing.h"
#include "support/near_words.h"
#include "support/unit.h"

#include <stdlib.h>

#define LISTING      "tests/unit/facts/properties.txt"
#define LISTING_NEAR "tests/unit/facts/properties-near.txt"

enum { CERTS_MAX = 32, DER_MAX = DER_HARM_MAX, NOW = 1796040000 };

struct made {
	uint8_t der[CERTS_MAX][DER_MAX];
	const struct cert *sent[CERTS_MAX];
	size_t n, n_sent;
	struct cert_store *store;
	struct trust *trust;
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

static struct bytes harmed_cert(struct made *m, struct bytes der)
{
	uint8_t other[DER_HARM_MAX];
	size_t n;

	if (!der_harm(der, m->element, m->how, other, &n))
		return der;
	memcpy(m->der[m->n], other, n);
	return bytes_of(m->der[m->n], n);
}

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
	if (m->how != DER_HARM_NONE && m->n == m->harmed)
		der = harmed_cert(m, der);
	m->n++;
	if (trusted)
		assert_true(trust_add(m->trust, der));
	else
		m->sent[m->n_sent++] = cert_store_get(m->store, der);
}

static void say_chain(struct strbuf *now, const char *text, struct made *m)
{
	char *copy = strdup(text), *part = copy;
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
	chain_judge(&(struct chain_question){ .sent = m->sent,
			    .n_sent = m->n_sent,
			    .trust = trust_count(m->trust) != 0 ? m->trust : NULL,
			    .at = m->at,
			    .name = m->name },
		NULL, &j);
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
	trust_close(m->trust);
	cert_store_close(m->store);
	free(copy);
}

static void say_made(struct strbuf *now, const char *line)
{
	struct made *m = calloc(1, sizeof *m);

	assert_non_null(m);
	m->at = NOW;
	say_chain(now, line + 2, m);
	free(m);
}

/* ---- chains near to these ---- */

enum { DRAWS = 20, ELEMENTS_DRAWN = 56, CERTS_DRAWN = 3 };

static void take_near(struct nearby *all, const char *text, const struct made *how)
{
	struct made *m = calloc(1, sizeof *m);
	struct strbuf b = { 0 };
	char title[80];

	assert_non_null(m);
	m->at = how->at;
	m->harmed = how->harmed;
	m->element = how->element;
	m->how = how->how;
	say_chain(&b, text, m);
	(void)snprintf(title, sizeof title, "certificate %zu element %zu way %d at %lld: %.20s",
		m->harmed, m->element, (int)m->how, (long long)m->at, text);
	near_take(all, title, &b);
	strbuf_free(&b);
	free(m);
}

/* A day and a second before its dates begin, a day, a second, their first, their last and the one behind them. */
static void take_times(struct nearby *all, const char *text, struct made *how)
{
	static const int64_t times[] = { 1793447999, 1793448000, 1793534399, 1793534400, 1801483200,
		1801483201, 0 };

	how->how = DER_HARM_NONE;
	for (size_t i = 0; i < COUNT(times); i++) {
		how->at = times[i];
		take_near(all, text, how);
	}
	how->at = NOW;
}

static void take_chain(struct nearby *all, const char *text)
{
	struct made *how = calloc(1, sizeof *how);
	uint32_t seed = add_up(2166136261u, text);

	assert_non_null(how);
	take_times(all, text, how);
	for (size_t i = 0; i < DRAWS; i++) {
		seed = seed * 1664525u + 1013904223u;
		how->harmed = (seed >> 8) % CERTS_DRAWN;
		how->element = (seed >> 12) % ELEMENTS_DRAWN;
		how->how = (enum der_harm)(1 + (seed >> 20) % (N_DER_HARMS - 1));
		take_near(all, text, how);
	}
	free(how);
}

/* ---- chains crossed ---- */

enum { LINES_MAX = 2000, CROSSED_LINE = 250 };

struct lines {
	char *text[LINES_MAX];
	size_t n;
};

static void lines_read(struct lines *all)
{
	char line[LISTING_LINE];
	FILE *f = fopen(LISTING, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '>')
			continue;
		assert_true(all->n < LINES_MAX);
		all->text[all->n++] = strdup(line + 2);
	}
	(void)fclose(f);
}

static const char *drawn(const struct lines *all, uint32_t *dice)
{
	*dice = *dice * 1664525u + 1013904223u;
	return all->text[(*dice >> 8) % all->n];
}

/* Adds the certificates of a chain from one on, so many. */
static void add_parts(struct strbuf *b, const char *text, size_t from, size_t n)
{
	for (size_t i = 0; *text != '\0'; i++) {
		size_t len = strcspn(text, "|");

		if (i >= from && i < from + n)
			strbuf_printf(b, "%s%.*s", b->len != 0 ? " | " : "", (int)len, text);
		text += len + (text[len] == '|');
	}
}

/* Adds one field of a chain's leaf to the certificate that is written last. */
static void add_field(struct strbuf *b, const char *text, size_t which)
{
	const char *end = text + strcspn(text, "|");

	for (const char *p = text; p < end; which--) {
		size_t len = strcspn(p, " |");

		if (which == 0 && memchr(p, '=', len) != NULL)
			strbuf_printf(b, " %.*s", (int)len, p);
		p += len + 1;
	}
}

/* A leaf with a field of another one's, issuers of a third and a fourth chain: a line for so many. */
static void say_crossed(struct strbuf *now, unsigned long times)
{
	struct lines all = { .n = 0 };
	struct nearby sum = { .sum = 2166136261u };
	struct made *how = calloc(1, sizeof *how);
	uint32_t dice = 3;

	assert_non_null(how);
	how->at = NOW;
	lines_read(&all);
	for (unsigned long i = 1; i <= times; i++) {
		struct strbuf b = { 0 };

		add_parts(&b, drawn(&all, &dice), 0, 1);
		add_field(&b, drawn(&all, &dice), 1 + dice % 3);
		add_parts(&b, drawn(&all, &dice), 1, dice % 3);
		add_parts(&b, drawn(&all, &dice), 1 + dice % 2, 3);
		if (strlen(strbuf_text(&b)) < LISTING_LINE)
			take_near(&sum, strbuf_text(&b), how);
		if (i % CROSSED_LINE == 0)
			strbuf_printf(now, "  to %lu: %u %08x\n", i, sum.n, (unsigned)sum.sum);
		strbuf_free(&b);
	}
	for (size_t i = 0; i < all.n; i++)
		free(all.text[i]);
	free(how);
}

static void say_near(struct strbuf *now, const char *line)
{
	struct nearby all = { .sum = 2166136261u };

	if (strncmp(line, "> crossed ", 10) == 0) {
		say_crossed(now, strtoul(line + 10, NULL, 10));
		return;
	}
	near_below(&all, LISTING, line + 2, take_chain);
	strbuf_printf(now, "  %u %08x\n", all.n, (unsigned)all.sum);
}

static void test_properties__are_the_same_of_what_is_near(void **state)
{
	(void)state;
	assert_listing(LISTING_NEAR, say_near);
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
		cmocka_unit_test(test_properties__are_the_same_of_what_is_near),
	};
	struct nearby all = { .told = true };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_made) | listing_write(LISTING_NEAR, say_near);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		near_below(&all, LISTING, argv[2], take_chain);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
