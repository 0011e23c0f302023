/*
 * What small texts come to in the public-key room, and what texts near to them do: each that is cut short, has a
 * character more, twice, or another one at one place. In tests/unit/facts/pki-near.txt:
 *
 *   > time TAG TEXT       a date
 *   > san PATTERN HOST    an entry held against a host; near are other patterns
 *   > host HOST PATTERN   the same; near are other hosts
 *   > cn NAME HOST        the same of a certificate without entries, by its common name
 *   > kin NAME NAME       two names of CAs; near are others than the first
 *   > oid HEX             an object identifier
 *   > source PATH         a file as it is found among others
 *   > services, > sizes   what certificates of any kind can serve, and how long their message is
 *
 * with what is told of it, and a sum of what is told of all that is near. In names _ stands for a blank. What stands
 * behind a text is not looked at: each is asked about with several characters there. `test_pki_near --write` writes
 * down what is told now; `--near COMMAND` tells all that is near, in full.
 */
#include "base/array.h"
#include "base/file.h"
#include "pki/cert_walk.h"
#include "pki/credential.h"
#include "pki/kin.h"
#include "pki/oid.h"
#include "support/damage.h"
#include "support/hex.h"
#include "support/listing.h"

#include <stdio.h>
#include <stdlib.h>

#define LISTING "tests/unit/facts/pki-near.txt"

enum { TEXT_MAX = 4096, BEHIND = 4 };

struct request {
	const char *first, *second; /* arguments; "" where there is none */
};

/* ---- time TAG TEXT ---- */

static void say_time(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct der time = { .tag = (uint8_t)strtoul(q->first, NULL, 16), .body = b };
	int64_t seconds = 0;
	bool strict = false, ok = cert_read_time(&time, &seconds, &strict);

	strbuf_printf(out, "%s %lld%s", ok ? "read" : "no date", ok ? (long long)seconds : 0,
		ok && strict ? " strict" : "");
}

/* ---- names and hosts ---- */

static void say_match(struct bytes pattern, const char *host, struct strbuf *out)
{
	struct cert *c = calloc(1, sizeof *c);
	uint8_t der[300];

	assert_non_null(c);
	assert_true(pattern.len < 128);
	der[0] = 0x82;
	der[1] = (uint8_t)pattern.len;
	memcpy(der + 2, pattern.data, pattern.len);
	c->has_san = true;
	c->san_der = bytes_of(der, 2 + pattern.len);
	strbuf_printf(out, "%d", (int)cert_name_match(c, host));
	free(c);
}

static void say_san(const struct request *q, struct bytes b, struct strbuf *out)
{
	say_match(b, q->second, out);
}

static char *text_of(struct bytes b)
{
	char *text = strndup((const char *)b.data, b.len);

	assert_non_null(text);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	return text;
}

static void say_host(const struct request *q, struct bytes b, struct strbuf *out)
{
	char *host = text_of(b);

	say_match(bytes_of(q->second, strlen(q->second)), host, out);
	free(host);
}

static void say_cn(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct cert *c = calloc(1, sizeof *c);
	char *name = text_of(b);

	assert_non_null(c);
	(void)snprintf(c->common_name, sizeof c->common_name, "%s", name);
	strbuf_printf(out, "%d", (int)cert_name_match(c, q->second));
	free(name);
	free(c);
}

static void say_kin(const struct request *q, struct bytes b, struct strbuf *out)
{
	char *a = text_of(b), *c = text_of(bytes_of(q->second, strlen(q->second)));

	strbuf_printf(out, "related %d %d by role %d %d root %d", kin_related(a, c),
		kin_related(c, a), kin_by_role(a, c), kin_by_role(c, a), kin_is_called_root(a));
	free(a);
	free(c);
}

/* ---- oid HEX ---- */

static void say_oid(const struct request *q, struct bytes b, struct strbuf *out)
{
	char dotted[OID_TEXT];
	const struct oid_key *key;
	const struct oid_signature *signature;
	bool ok = oid_text(b, dotted);

	(void)q;
	key = oid_key_find(dotted);
	signature = oid_signature_find(dotted);
	strbuf_printf(out, "%d %s", ok, dotted);
	if (key != NULL)
		strbuf_printf(out, " key %d %s", (int)key->kind, key->name);
	if (signature != NULL)
		strbuf_printf(out, " signature %d %d %s", (int)signature->method.signature,
			(int)signature->method.hash, signature->name);
	strbuf_printf(out, " curve %04x hash %d", oid_curve(dotted), (int)oid_hash(dotted));
}

/* ---- source PATH ---- */

static void say_source(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct material m;
	struct err e = { 0 };

	assert_true(material_open(&m, &e));
	if (!material_take(&m, q->first, FOR_ANY, b, NULL, &e))
		strbuf_printf(out, "failed %d", (int)e.code);
	for (size_t i = 0; i < m.n_items; i++)
		strbuf_printf(out, "%s%zu:%s %d at %zu of %zu %s%s %s", i == 0 ? "" : ", ",
			m.items[i].line, m.items[i].what != NULL ? m.items[i].what : "",
			(int)m.items[i].kind, m.items[i].at, m.items[i].block_len,
			m.items[i].variable != NULL ? m.items[i].variable : "",
			m.items[i].unterminated ? " unterminated" : "",
			m.items[i].broken != NULL ? m.items[i].broken : "");
	for (size_t i = 0; i < m.n_files; i++)
		strbuf_printf(out, " form %d holds %s%s%s%s glued %zu nul %zu",
			(int)m.files[i].form, m.files[i].holds != NULL ? m.files[i].holds : "",
			m.files[i].bom ? " bom" : "", m.files[i].crlf ? " crlf" : "",
			m.files[i].lf ? " lf" : "", (size_t)m.files[i].glued_line,
			(size_t)m.files[i].nul_at);
	material_close(&m);
}

/* ---- services ---- */

static void say_service(struct cert *c, enum purpose purpose, uint32_t *sum, struct strbuf *out)
{
	struct service s;
	struct strbuf b = { 0 };

	service_of(c, purpose, &s);
	for (size_t i = 0; i < s.n_suites; i++)
		strbuf_printf(&b, " %04x", s.suites[i]);
	for (size_t i = 0; i < s.n_schemes12; i++)
		strbuf_printf(&b, " %04x", s.schemes12[i]);
	for (size_t i = 0; i < s.n_schemes13; i++)
		strbuf_printf(&b, " %04x", s.schemes13[i]);
	strbuf_printf(&b, " %04x %d", s.curve, s.rsa_exchange_only);
	*sum = add_up(*sum, strbuf_text(&b));
	if (out != NULL)
		strbuf_printf(out, " %zu/%zu/%zu%s", s.n_suites, s.n_schemes12, s.n_schemes13,
			s.rsa_exchange_only ? "x" : "");
	strbuf_free(&b);
}

static void say_kind(struct cert *c, struct strbuf *out)
{
	static const unsigned usages[] = { 0, KU_DIGITAL_SIGNATURE, KU_KEY_ENCIPHERMENT,
		KU_KEY_AGREEMENT, KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT, 0x1ff };
	uint32_t sum = 2166136261u;

	strbuf_printf(out, "\n  kind %d group %04x:", (int)c->key, c->key_group);
	c->key_bits = 2048;
	for (int purpose = PURPOSE_SERVER; purpose <= PURPOSE_CLIENT; purpose++) {
		c->has_key_usage = false;
		say_service(c, (enum purpose)purpose, &sum, out);
		c->has_key_usage = true;
		for (size_t i = 0; i < COUNT(usages); i++) {
			c->key_usage = usages[i];
			say_service(c, (enum purpose)purpose, &sum, out);
		}
	}
	c->has_key_usage = false;
	for (c->key_bits = 0; c->key_bits <= 1100; c->key_bits++)
		say_service(c, PURPOSE_CLIENT, &sum, NULL);
	strbuf_printf(out, " sum %08x", (unsigned)sum);
}

static void say_services(const struct request *q, struct bytes b, struct strbuf *out)
{
	static const uint16_t groups[] = { 0, 23, 24, 25, 26, 27, 28, 22, 31 };
	struct cert *c = calloc(1, sizeof *c);

	(void)q;
	(void)b;
	assert_non_null(c);
	for (int key = KEY_UNKNOWN; key <= KEY_GOST; key++)
		for (size_t i = 0; i < (key == KEY_EC ? COUNT(groups) : 1); i++) {
			c->key = (enum key_kind)key;
			c->key_group = groups[i];
			say_kind(c, out);
		}
	free(c);
}

static void say_sizes(const struct request *q, struct bytes b, struct strbuf *out)
{
	struct cert *c = calloc(2, sizeof *c);
	const struct cert *list[] = { c, c + 1 };

	(void)q;
	(void)b;
	assert_non_null(c);
	for (size_t len = 0; len < 20000; len++) {
		struct message_size size;
		bool edge = false;

		c->der.len = c[1].der.len = len / 2;
		message_size_of(list, len % 3, &size);
		for (size_t i = 0; i < FRAGMENTS; i++)
			edge |= (size.tls12 + 1) % fragment_sizes[i] < 3 && len % 3 == 2;
		if (!edge && len > 4)
			continue;
		strbuf_printf(out, " %zu/%zu", size.tls12, size.tls13);
		for (size_t i = 0; i < FRAGMENTS; i++)
			strbuf_printf(out, "%c%zu", i == 0 ? ':' : ',', size.records[i]);
	}
	free(c);
}

/* ---- commands ---- */

static const struct kind {
	const char *name;
	void (*say)(const struct request *q, struct bytes b, struct strbuf *out);
	const char *others; /* characters that come in another's place; NULL: nothing is near */
	enum { OF_FIRST, OF_SECOND, OF_HEX, OF_FILE } text;
} kinds[] = {
	{ "time", say_time, "01359Z+-.,/:a", OF_SECOND },
	{ "san", say_san, "aZ*.-x", OF_FIRST },
	{ "host", say_host, "aZ*.-x:1", OF_FIRST },
	{ "cn", say_cn, "aZ*.-x:1", OF_FIRST },
	{ "kin", say_kin, "aC,=\\_+-", OF_FIRST },
	{ "oid", say_oid, "\x01\x02\x2a\x7f\x80\x81\xff", OF_HEX },
	{ "source", say_source, "\"/*'\n-", OF_FILE },
	{ "services", say_services, NULL, OF_FIRST },
	{ "sizes", say_sizes, NULL, OF_FIRST },
};

static void ask(
	const struct kind *k, const struct request *q, struct bytes text, struct strbuf *out)
{
	static const char behind[] = { '\0', '0', '.', 'a' };

	for (size_t i = 0; i < (k->text == OF_FILE || k->others == NULL ? 1 : COUNT(behind)); i++) {
		uint8_t room[TEXT_MAX + BEHIND];
		struct strbuf one = { 0 };

		memcpy(room, text.data, text.len);
		memset(room + text.len, behind[i], BEHIND);
		k->say(q, bytes_of(room, text.len), &one);
		if (i == 0)
			strbuf_puts(out, strbuf_text(&one));
		else
			assert_string_equal(strbuf_text(&one), strbuf_text(out));
		strbuf_free(&one);
	}
}

struct nearby {
	const struct kind *kind;
	const struct request *q;
	uint32_t sum;
	unsigned n;
	bool told;
};

static void ask_near(struct nearby *all, const uint8_t *text, size_t n)
{
	struct strbuf b = { 0 };

	ask(all->kind, all->q, bytes_of(text, n), &b);
	all->sum = add_up(all->sum, strbuf_text(&b));
	if (all->told)
		(void)printf("%u '%.*s' %s\n", all->n, (int)n, (const char *)text, strbuf_text(&b));
	all->n++;
	strbuf_free(&b);
}

static void each_near(struct nearby *all, struct bytes text)
{
	uint8_t other[TEXT_MAX];
	const char *others = all->kind->others;

	assert_true(text.len + 1 < TEXT_MAX);
	for (size_t n = 0; n < text.len; n++)
		ask_near(all, text.data, n);
	for (size_t at = 0; at <= text.len; at++) {
		size_t rest = text.len - at;

		memcpy(other, text.data, at);
		for (const char *p = others; *p != '\0'; p++) { /* in between */
			other[at] = (uint8_t)*p;
			memcpy(other + at + 1, text.data + at, rest);
			ask_near(all, other, text.len + 1);
		}
		for (const char *p = others; *p != '\0' && rest != 0; p++) { /* in its place */
			memcpy(other + at + 1, text.data + at + 1, rest - 1);
			ask_near(all, other, text.len);
			other[at] = (uint8_t)*p;
		}
		if (rest == 0)
			continue;
		memcpy(other + at, text.data + at + 1, rest - 1); /* it is missing */
		ask_near(all, other, text.len - 1);
		memcpy(other, text.data, text.len);
		other[at] ^= 0x20;
		ask_near(all, other, text.len);
	}
}

static bool told;

static size_t take_text(const struct kind *k, const struct request *q, uint8_t out[static TEXT_MAX])
{
	const char *text = k->text == OF_SECOND ? q->second : q->first;
	struct secret file;
	struct err e = { 0 };
	const struct bytes given = bytes_of(text, strlen(text));
	size_t n;

	if (k->text == OF_HEX)
		return hex_decode(text, out, TEXT_MAX);
	if (k->text != OF_FILE) {
		assert_true(given.len < TEXT_MAX);
		memcpy(out, given.data, given.len);
		return given.len;
	}
	assert_true(file_read(text, &file_kind_certs, &file, &e));
	n = file.len;
	assert_true(n < TEXT_MAX - 1);
	memcpy(out, file.data, n);
	secret_wipe(&file);
	return n;
}

static void say_command(struct strbuf *now, const char *line)
{
	char *copy = strdup(line + strspn(line, "> ")), *rest = NULL;
	const char *name = strtok_r(copy, " ", &rest), *first = strtok_r(NULL, " ", &rest),
		   *second = strtok_r(NULL, " ", &rest);
	struct request q = { first != NULL ? first : "", second != NULL ? second : "" };
	struct nearby all = { .q = &q, .sum = 2166136261u, .told = told };
	uint8_t text[TEXT_MAX];
	struct strbuf one = { 0 };
	size_t n;

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			all.kind = &kinds[i];
	if (all.kind == NULL) {
		fail_msg("no kind: %s", name);
		return;
	}
	n = take_text(all.kind, &q, text);
	ask(all.kind, &q, bytes_of(text, n), &one);
	strbuf_printf(now, "  %s\n", strbuf_text(&one));
	if (all.kind->others != NULL) {
		each_near(&all, bytes_of(text, n));
		strbuf_printf(now, "  near: %u %08x\n", all.n, (unsigned)all.sum);
	}
	strbuf_free(&one);
	free(copy);
}

static void test_pki__tells_the_same_of_texts_and_of_what_is_near(void **state)
{
	(void)state;
	assert_listing(LISTING, say_command);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pki__tells_the_same_of_texts_and_of_what_is_near),
	};
	struct strbuf b = { 0 };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_command);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		told = true;
		say_command(&b, argv[2]);
		strbuf_free(&b);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
