/*
 * What is read of certificates and judged of chains, in whole, against tests/unit/facts/pki.txt
 * (support/listing.h):
 *
 *   > chains FILE       a line for each of its chains (JSON, one a line, as tests/verifiers/make_chains.py
 *                       and make_paths.py make them): the properties it has, and how it is judged
 *   > chain FILE NAME N what becomes of the properties of that chain when any byte of its certificate N is
 *                       another one; signatures are not verified
 *   > near chains FILE  a line for each of its chains: a sum of what becomes of it when elements of its
 *                       certificates are others (support/der_harm.h)
 *   > near cert FILE    the same of the first certificate in it
 *   > crossed N FILE    a sum of what becomes of N chains made of two of its chains
 *   > cert FILE         all that is read of each certificate in it
 *   >> cert FILE        the same, and what changes when any byte of the first is another one, or
 *                       when it ends there: the subjects of which something else is told
 */
#include "base/array.h"
#include "crypto/spki.h"
#include "pki/material.h"
#include "support/cert_text.h"
#include "support/damage.h"
#include "support/der_harm.h"
#include "support/listing.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#define LISTING "tests/unit/facts/pki.txt"

/* ---- chains ---- */

enum { SENT_AT_MOST = 300 };

struct case_file {
	struct cert_store *store;
	const struct cert *sent[SENT_AT_MOST]; /* NULL: it holds no certificate at all */
	uint8_t *der[2 * SENT_AT_MOST];
	size_t n_sent, n_der;
	struct trust *trust;
	bool damaged;
};

static struct bytes from_hex(struct case_file *f, const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *der = malloc(n + 1);

	assert_non_null(der);
	assert_true(f->n_der < COUNT(f->der));
	for (size_t i = 0; i < n; i++) {
		const char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		der[i] = (uint8_t)strtoul(two, NULL, 16);
	}
	f->der[f->n_der++] = der;
	return bytes_of(der, n);
}

static void case_open(struct case_file *f, const cJSON *json)
{
	const cJSON *item;

	*f = (struct case_file){ .store = cert_store_open(1 << 22), .trust = trust_new() };
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(json, "chain"))
	{
		struct bytes der = from_hex(f, item->valuestring);
		struct form form;

		form_read(der, &form);
		assert_true(f->n_sent < COUNT(f->sent));
		f->sent[f->n_sent++] = form.readable ? cert_store_get(f->store, der) : NULL;
	}
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(json, "trust"))
	{
		assert_true(trust_add(f->trust, from_hex(f, item->valuestring)));
	}
}

static void case_close(struct case_file *f)
{
	trust_close(f->trust);
	cert_store_close(f->store);
	for (size_t i = 0; i < f->n_der; i++)
		free(f->der[i]);
}

/* In most cases neither order nor signatures nor keys are the matter: each certificate is signed by the
 * next, and that needs no arithmetic. */
static struct link_memory *known_links(const struct case_file *f, const char *name)
{
	static const char *const plain[] = { "aki_", "bc_", "bool_", "dn_", "dup_", "eku_", "ext",
		"ip_", "ku_", "leaf_", "nc_", "pathlen_", "policy_", "san_", "serial_", "ski_",
		"subject_", "time_", "unknown_", "valid_" };
	struct link_memory *memory = link_memory_open();

	assert_non_null(memory);
	for (size_t i = 0; i < COUNT(plain); i++) {
		if (strncmp(name, plain[i], strlen(plain[i])) != 0)
			continue;
		for (size_t k = 0; k < f->n_sent; k++)
			link_memory_know(memory, f->sent[k]->sha256,
				k + 1 < f->n_sent ? f->sent[k + 1]->sha256
						  : trust_at(f->trust, 0)->sha256);
	}
	return memory;
}

static void judge_case(const struct case_file *f, const cJSON *json, struct chain_judgement *j,
	struct properties *p)
{
	const char *name = cJSON_GetObjectItem(json, "name")->valuestring;
	const char *host = cJSON_GetObjectItem(json, "host")->valuestring;
	const struct cert *readable[SENT_AT_MOST];
	struct chain_question cq = { .sent = readable,
		.trust = f->trust,
		.at = (int64_t)cJSON_GetObjectItem(json, "at")->valuedouble,
		.name = host,
		.verify_signatures = !f->damaged };
	struct property_question pq = { .sent = f->sent,
		.n_sent = f->n_sent,
		.chain = j,
		.trust = f->trust,
		.at = cq.at,
		.name = host };

	for (size_t i = 0; i < f->n_sent; i++)
		if (f->sent[i] != NULL)
			readable[cq.n_sent++] = f->sent[i];
	*j = (struct chain_judgement){ .judged = false };
	if (f->n_sent != 0 && f->sent[0] != NULL) {
		struct link_memory *memory = known_links(f, name);

		chain_judge(&cq, memory, j);
		link_memory_close(memory);
	}
	properties_find(&pq, p);
}

static void say_case(struct strbuf *now, const char *line)
{
	cJSON *json = cJSON_Parse(line);
	struct case_file f;
	struct chain_judgement j;
	struct properties p;

	assert_non_null(json);
	case_open(&f, json);
	judge_case(&f, json, &j, &p);
	strbuf_printf(now, "  %s:", cJSON_GetObjectItem(json, "name")->valuestring);
	tell_properties(now, &p);
	strbuf_puts(now, " | ");
	tell_chain(now, &j);
	strbuf_puts(now, "\n");
	case_close(&f);
	cJSON_Delete(json);
}

static void say_chains(struct strbuf *now, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	assert_non_null(f);
	while (getline(&line, &size, f) > 0)
		say_case(now, line);
	free(line);
	(void)fclose(f);
}

/* ---- certificates, and each byte of them ---- */

static void tell_spki(struct strbuf *b, struct bytes der)
{
	struct spki k;

	spki_read(der, &k);
	strbuf_printf(b, "  public: kind=%d group=%04x", (int)k.kind, k.group);
	tell_bytes(b, "point", k.point);
	tell_bytes(b, "modulus", k.modulus);
	tell_bytes(b, "exponent", k.exponent);
	if (k.broken != NULL)
		tell_text(b, "broken", k.broken);
	strbuf_puts(b, "\n");
}

static void say_der(struct strbuf *b, struct bytes der)
{
	struct cert *c = malloc(sizeof *c);
	struct form f;

	assert_non_null(c);
	cert_parse(der, c);
	tell_cert(b, c);
	tell_spki(b, c->spki);
	form_read(der, &f);
	tell_form(b, &f);
	free(c);
}

static void damage_each(struct strbuf *now, struct bytes der, uint8_t mask)
{
	const bool cut = mask == 0;
	struct damages d = { .from = 0 };
	struct strbuf whole = { 0 };
	uint8_t *copy = malloc(der.len);

	assert_non_null(copy);
	say_der(&whole, der);
	strbuf_printf(now, cut ? "  cut at\n" : "  byte xor %02x\n", mask);
	for (size_t i = 0; i < der.len; i++) {
		struct strbuf told = { 0 }, came_to = { 0 };

		memcpy(copy, der.data, der.len);
		copy[i] ^= mask;
		say_der(&told, bytes_of(copy, cut ? i : der.len));
		say_differences(&came_to, strbuf_text(&whole), strbuf_text(&told));
		say_place(now, &d, i, strbuf_text(&came_to), &told);
		strbuf_free(&told);
		strbuf_free(&came_to);
	}
	say_run(now, &d, der.len);
	strbuf_free(&d.last);
	strbuf_free(&whole);
	free(copy);
}

/* Of two other bits only a sum is told. */
static void damage_bits(struct strbuf *now, struct bytes der)
{
	struct strbuf runs = { 0 };

	damage_each(&runs, der, 0x04);
	damage_each(&runs, der, 0x20);
	strbuf_printf(
		now, "  other bits: %08x\n", (unsigned)add_up(2166136261u, strbuf_text(&runs)));
	strbuf_free(&runs);
}

static void say_certs(struct strbuf *now, const char *path, bool damaged)
{
	struct material m;
	struct err e;

	assert_true(material_open(&m, &e));
	assert_true(material_read(&m, path, FOR_CERT, NULL, &e));
	for (size_t i = 0; i < m.n_items; i++)
		if (m.items[i].cert != NULL)
			say_der(now, m.items[i].cert->der);
	if (damaged && m.n_items != 0 && m.items[0].cert != NULL) {
		damage_each(now, m.items[0].cert->der, 0);
		damage_each(now, m.items[0].cert->der, 0x01);
		damage_each(now, m.items[0].cert->der, 0x80);
		damage_bits(now, m.items[0].cert->der);
	}
	material_close(&m);
}

/* ---- a chain, and each byte of one of its certificates ---- */

static void say_damaged_chain(struct strbuf *now, const cJSON *json, size_t which)
{
	struct damages d = { .from = 0 };
	struct case_file f;
	uint8_t *der;
	size_t n;

	case_open(&f, json);
	f.damaged = true;
	assert_true(which < f.n_sent);
	der = f.der[which];
	n = f.sent[which] != NULL && der != NULL ? f.sent[which]->der.len : 0;
	for (size_t i = 0; i < n; i++) {
		const struct cert *whole = f.sent[which];
		struct cert *c = malloc(sizeof *c);
		struct strbuf told = { 0 };
		struct chain_judgement j;
		struct properties p;
		const uint8_t mask = 0x01;

		assert_non_null(c);
		der[i] ^= mask;
		cert_parse(bytes_of(der, n), c);
		f.sent[which] = c;
		judge_case(&f, json, &j, &p);
		tell_properties(&told, &p);
		say_place(now, &d, i, strbuf_text(&told), &told);
		tell_chain(&told, &j);
		d.sum = add_up(d.sum, strbuf_text(&told));
		der[i] ^= mask;
		f.sent[which] = whole;
		strbuf_free(&told);
		free(c);
	}
	say_run(now, &d, n);
	strbuf_free(&d.last);
	case_close(&f);
}

/* "FILE NAME N" */
static void say_chain(struct strbuf *now, const char *command)
{
	char *copy = strdup(command), *rest = NULL, *line = NULL;
	const char *path = strtok_r(copy, " ", &rest), *name = strtok_r(NULL, " ", &rest);
	const char *number = strtok_r(NULL, " ", &rest);
	size_t size = 0, which;
	FILE *f;

	assert_non_null(number);
	which = strtoul(number, NULL, 10);
	f = fopen(path, "r");
	assert_non_null(f);
	while (getline(&line, &size, f) > 0) {
		cJSON *json = cJSON_Parse(line);

		if (strcmp(cJSON_GetObjectItem(json, "name")->valuestring, name) == 0)
			say_damaged_chain(now, json, which);
		cJSON_Delete(json);
	}
	free(line);
	free(copy);
	(void)fclose(f);
}

/* ---- elements that are others ---- */

static uint32_t sum_of_elements(struct bytes der, size_t *n)
{
	uint32_t sum = 2166136261u;
	uint8_t other[DER_HARM_MAX];
	size_t len;

	for (size_t i = 0; der_harm(der, i, DER_HARM_NONE, other, &len); i++)
		for (enum der_harm how = DER_HARM_MORE; how < N_DER_HARMS; how++) {
			struct strbuf told = { 0 };

			(void)der_harm(der, i, how, other, &len);
			say_der(&told, bytes_of(other, len));
			sum = add_up(sum, strbuf_text(&told));
			++*n;
			strbuf_free(&told);
		}
	return sum;
}

static void say_near_cert(struct strbuf *now, const char *path)
{
	struct material m;
	struct err e;
	size_t n = 0;
	uint32_t sum;

	assert_true(material_open(&m, &e));
	assert_true(material_read(&m, path, FOR_CERT, NULL, &e));
	assert_true(m.n_items != 0);
	if (m.items[0].cert != NULL) {
		sum = sum_of_elements(m.items[0].cert->der, &n);
		strbuf_printf(now, "  %zu: %08x\n", n, (unsigned)sum);
	}
	material_close(&m);
}

enum { HARMS_OF_CERT = 24, ELEMENTS_DRAWN = 64 };

static void sum_near_chain(const struct case_file *f, const cJSON *json, struct strbuf *told)
{
	struct chain_judgement j;
	struct properties p;

	judge_case(f, json, &j, &p);
	tell_properties(told, &p);
	tell_chain(told, &j);
	strbuf_puts(told, "\n");
}

static void harm_one(
	struct case_file *f, const cJSON *json, size_t which, uint32_t *seed, struct strbuf *told)
{
	const struct cert *whole = f->sent[which];
	struct cert *c = malloc(sizeof *c);
	uint8_t other[DER_HARM_MAX];
	size_t n;

	assert_non_null(c);
	*seed = *seed * 1664525u + 1013904223u;
	if (der_harm(whole->der, (*seed >> 8) % ELEMENTS_DRAWN,
		    (enum der_harm)(1 + (*seed >> 20) % (N_DER_HARMS - 1)), other, &n)) {
		cert_parse(bytes_of(other, n), c);
		f->sent[which] = c;
		sum_near_chain(f, json, told);
		f->sent[which] = whole;
	}
	free(c);
}

static void say_near_case(struct strbuf *now, const char *line)
{
	cJSON *json = cJSON_Parse(line);
	const char *name = cJSON_GetObjectItem(json, "name")->valuestring;
	uint32_t seed = add_up(2166136261u, name);
	struct strbuf told = { 0 };
	struct case_file f;

	case_open(&f, json);
	f.damaged = true;
	for (size_t i = 0; i < f.n_sent && i < 3; i++)
		for (size_t k = 0; k < HARMS_OF_CERT && f.sent[i] != NULL; k++)
			harm_one(&f, json, i, &seed, &told);
	strbuf_printf(now, "  %s %08x\n", name, (unsigned)add_up(2166136261u, strbuf_text(&told)));
	strbuf_free(&told);
	case_close(&f);
	cJSON_Delete(json);
}

static void say_near_chains(struct strbuf *now, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	assert_non_null(f);
	while (getline(&line, &size, f) > 0)
		say_near_case(now, line);
	free(line);
	(void)fclose(f);
}

/* ---- chains crossed ---- */

enum { CASES_MAX = 400, CROSSED_LINE = 100 };

struct cases {
	cJSON *json[CASES_MAX];
	int n;
};

static void cases_read(struct cases *all, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	assert_non_null(f);
	while (getline(&line, &size, f) > 0) {
		assert_true(all->n < CASES_MAX);
		all->json[all->n++] = cJSON_Parse(line);
	}
	free(line);
	(void)fclose(f);
}

static int draw(uint32_t *dice, int n)
{
	*dice = *dice * 1664525u + 1013904223u;
	return (int)(*dice >> 8) % n;
}

/* Adds the items of an array from one on, so many. */
static void add_items(cJSON *to, const cJSON *from, int first, int n)
{
	for (int i = first; i < first + n && i < cJSON_GetArraySize(from); i++)
		cJSON_AddItemToArray(to, cJSON_Duplicate(cJSON_GetArrayItem(from, i), true));
}

/* The leaf of one case, and who knows who issued it, of whom, and who is trusted. */
static cJSON *crossed(const struct cases *all, uint32_t *dice)
{
	static const char *const lists[] = { "chain", "trust" };
	const cJSON *a = all->json[draw(dice, all->n)], *b = all->json[draw(dice, all->n)];
	cJSON *both = cJSON_CreateObject();

	cJSON_AddStringToObject(both, "name", "crossed");
	cJSON_AddItemToObject(both, "host", cJSON_Duplicate(cJSON_GetObjectItem(a, "host"), true));
	cJSON_AddItemToObject(both, "at",
		cJSON_Duplicate(cJSON_GetObjectItem(draw(dice, 4) != 0 ? a : b, "at"), true));
	for (size_t i = 0; i < COUNT(lists); i++) {
		cJSON *list = cJSON_AddArrayToObject(both, lists[i]);

		add_items(list, cJSON_GetObjectItem(a, lists[i]), 0,
			i == 0 ? 1 + draw(dice, 3) : draw(dice, 3));
		add_items(list, cJSON_GetObjectItem(b, lists[i]), draw(dice, 3), draw(dice, 4));
	}
	return both;
}

/* "N FILE": a line for each hundred. Of one in eight signatures are verified. */
static void say_crossed(struct strbuf *now, const char *command)
{
	char *path;
	unsigned long n = strtoul(command, &path, 10);
	struct cases all = { .n = 0 };
	uint32_t dice = 5, sum = 2166136261u;

	cases_read(&all, path + 1);
	for (unsigned long i = 1; i <= n; i++) {
		cJSON *json = crossed(&all, &dice);
		struct strbuf told = { 0 };
		struct case_file f;

		case_open(&f, json);
		f.damaged = i % 8 != 0;
		sum_near_chain(&f, json, &told);
		sum = add_up(sum, strbuf_text(&told));
		if (i % CROSSED_LINE == 0)
			strbuf_printf(now, "  to %lu: %08x\n", i, (unsigned)sum);
		strbuf_free(&told);
		case_close(&f);
		cJSON_Delete(json);
	}
	for (int i = 0; i < all.n; i++)
		cJSON_Delete(all.json[i]);
}

/* ---- the listing ---- */

static void say_command(struct strbuf *now, const char *line)
{
	bool damaged = line[1] == '>';
	const char *command = line + (damaged ? 3 : 2);

	if (strncmp(command, "chains ", 7) == 0)
		say_chains(now, command + 7);
	else if (strncmp(command, "chain ", 6) == 0)
		say_chain(now, command + 6);
	else if (strncmp(command, "cert ", 5) == 0)
		say_certs(now, command + 5, damaged);
	else if (strncmp(command, "near chains ", 12) == 0)
		say_near_chains(now, command + 12);
	else if (strncmp(command, "crossed ", 8) == 0)
		say_crossed(now, command + 8);
	else if (strncmp(command, "near cert ", 10) == 0)
		say_near_cert(now, command + 10);
	else
		fail_msg("no such command: %s", command);
}

static void test_pki__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_command);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pki__tells_what_the_listing_says),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_command);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
