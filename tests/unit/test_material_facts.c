/*
 * What is found in files, which of it belongs together and how it is judged, in whole, against
 * tests/unit/facts/material.txt, and what the library linked makes of keys against keys-mbedtls-2.28.txt or
 * keys-mbedtls-3.6.txt beside it (support/listing.h):
 *
 *   > files WORD...     ROLE:PATH (cert, chain, key, ca, any) for each file; name=, password=, client, trust=
 *   >> files ROLE:PATH  the same, and what changes when any byte of the file is another one, is missing,
 *                       or is the last
 *   > throws N SEED     a sum of all that is told of files thrown together, so often
 *   >* files ROLE:PATH  the same, and what changes when any element of its DER is another one, each with a sum of
 *                       all that is told of its items, and one of its public half
 */
#include "base/array.h"
#include "base/file.h"
#include "pki/cert_file.h"
#include "pki/pem.h"
#include "support/certs.h"
#include "support/damage.h"
#include "support/der_harm.h"
#include "support/listing.h"
#include "support/material_text.h"

#include <stdlib.h>

#define LISTING "tests/unit/facts/material.txt"

static const char *library_listing(void)
{
	return strstr(crypto_library_version(), "2.28.") != NULL
		       ? "tests/unit/facts/keys-mbedtls-2.28.txt"
		       : "tests/unit/facts/keys-mbedtls-3.6.txt";
}

/* ---- the words of a command ---- */

struct request {
	struct material m;
	struct trust *trust;
	const char *name, *password, *path;
	enum given_as role;
	enum purpose purpose;
};

static bool role_named(const char *word, size_t n, enum given_as *role)
{
	static const char *const roles[] = { "cert", "chain", "key", "ca", "any" };

	for (size_t i = 0; i < COUNT(roles); i++) {
		if (strlen(roles[i]) != n || strncmp(word, roles[i], n) != 0)
			continue;
		*role = (enum given_as)i;
		return true;
	}
	return false;
}

static void take_word(struct request *r, const char *word)
{
	size_t n = strcspn(word, ":=");
	struct err e = { 0 };

	if (role_named(word, n, &r->role)) {
		r->path = word + n + 1;
		assert_true(material_read(&r->m, r->path, r->role, r->password, &e));
	} else if (strcmp(word, "client") == 0) {
		r->purpose = PURPOSE_CLIENT;
	} else if (strncmp(word, "name=", 5) == 0) {
		r->name = word + 5;
	} else if (strncmp(word, "password=", 9) == 0) {
		r->password = word + 9;
	} else if (strncmp(word, "trust=", 6) == 0) {
		r->trust = trust_open(word + 6, &e);
		assert_non_null(r->trust);
	} else {
		fail_msg("no such word: %s", word);
	}
}

static void say_taken(struct strbuf *b, const struct request *r, const uint8_t *text, size_t n)
{
	struct material m;
	struct err e = { 0 };

	assert_true(material_open(&m, &e));
	if (material_take(&m, r->path, r->role, bytes_of(text, n), r->password, &e))
		tell_material(b, &m);
	else
		strbuf_printf(b, "  failed: %d\n", (int)e.code);
	material_close(&m);
}

/* 0: cut there; 1: another byte; 2: it is missing. */
static size_t damaged(uint8_t *out, const uint8_t *text, size_t n, size_t at, unsigned how)
{
	memcpy(out, text, n);
	if (how == 0)
		return at;
	if (how == 1) {
		out[at] ^= 0x01;
		return n;
	}
	memmove(out + at, out + at + 1, n - at - 1);
	return n - 1;
}

static void say_damages(struct strbuf *now, const struct request *r, unsigned how)
{
	static const char *const titles[] = { "cut at", "byte xor 01", "byte missing" };
	struct damages d = { .from = 0 };
	struct strbuf whole = { 0 };
	struct secret text;
	struct err e = { 0 };
	uint8_t *copy;

	assert_true(file_read(r->path, &file_kind_certs, &text, &e));
	copy = malloc(text.len + 1);
	assert_non_null(copy);
	say_taken(&whole, r, text.data, text.len);
	strbuf_printf(now, "  %s\n", titles[how]);
	for (size_t i = 0; i < text.len; i++) {
		struct strbuf told = { 0 }, came_to = { 0 };
		size_t n = damaged(copy, text.data, text.len, i, how);

		say_taken(&told, r, copy, n);
		say_differences(&came_to, strbuf_text(&whole), strbuf_text(&told));
		say_place(now, &d, i, strbuf_text(&came_to), &told);
		strbuf_free(&told);
		strbuf_free(&came_to);
	}
	say_run(now, &d, text.len);
	strbuf_free(&d.last);
	strbuf_free(&whole);
	secret_wipe(&text);
	free(copy);
}

/* ---- a key of which an element is another one ---- */

/* The DER of a file, or of its first block in PEM. */
static struct bytes der_of(const char *path, uint8_t out[static DER_HARM_MAX])
{
	struct secret text;
	struct err e = { 0 };
	size_t len = 0;

	assert_true(file_read(path, &file_kind_certs, &text, &e));
	assert_true(text.len <= DER_HARM_MAX);
	if (file_is_der(bytes_of(text.data, text.len))) {
		len = text.len;
		memcpy(out, text.data, len);
	} else {
		struct pem_reader reader = { bytes_of(text.data, text.len), 0 };
		struct pem_block block;

		assert_true(pem_next(&reader, &block));
		assert_true(pem_decode(block.body, out, &len));
	}
	secret_wipe(&text);
	return bytes_of(out, len);
}

/* What is kept of the public half, or why there is none. */
static void say_public(struct strbuf *told, const struct request *r, const uint8_t *text, size_t n)
{
	struct arena *arena = arena_new(1 << 20);
	struct secret copy;
	struct bytes spki;
	struct err e = { 0 };

	assert_true(secret_new(&copy, n + 1)); /* a NUL stands behind it */
	memcpy(copy.data, text, n);
	copy.len = n;
	if (!key_take_public(r->path, &copy, r->password, arena, &spki, &e))
		strbuf_printf(told, "  failed: %d\n", (int)e.code);
	for (size_t i = 0; i < spki.len; i++)
		strbuf_printf(told, "%02x", spki.data[i]);
	secret_wipe(&copy);
	arena_free(arena);
}

static void say_harms(struct strbuf *now, const struct request *r)
{
	uint8_t whole[DER_HARM_MAX], harmed[DER_HARM_MAX];
	struct bytes der = der_of(r->path, whole);

	for (enum der_harm how = DER_HARM_NONE; how < N_DER_HARMS; how++) {
		uint32_t items = 2166136261u, public = items;
		size_t n, which = 0;

		for (; der_harm(der, which, how, harmed, &n); which++) {
			struct strbuf told = { 0 }, half = { 0 };

			say_taken(&told, r, harmed, n);
			items = add_up(items, strbuf_text(&told));
			say_public(&half, r, harmed, n);
			public = add_up(public, strbuf_text(&half));
			strbuf_free(&told);
			strbuf_free(&half);
		}
		strbuf_printf(now, "  harm %d of %zu: %08x %08x\n", (int)how, which,
			(unsigned)items, (unsigned)public);
	}
}

/* ---- files thrown together ---- */

static const char *const thrown[] = { "check/pair/server.pem", "check/pair/sub.pem",
	"check/pair/root.pem", "check/pair/server.key", "check/chain.pem", "check/reversed.pem",
	"check/other.key", "check/rsa.key", "check/no-end.pem", "check/digit.pem",
	"check/firmware.c", "certs/leaf.crt", "certs/sub.crt", "certs/root.crt", "certs/cross.crt",
	"certs/leaf-cut.der", "certs/leaf-loop.crt", "certs/loop-a.crt", "certs/loop-b.crt",
	"certs/rsa.crt", "certs/leaf-client.crt", "certs/leaf-encipher.crt", "certs/leaf-v1.crt",
	"certs/leaf-explicit.crt", "certs/self.crt", "certs/ed25519.crt", "certs/sub-expired.crt",
	"certs/kinds/ed25519-key.pem", "certs/leaf-no-aki.crt", "certs/root-again.crt" };

static size_t draw(uint32_t *dice, size_t n)
{
	*dice = *dice * 1664525u + 1013904223u;
	return (*dice >> 8) % n;
}

/* The words of one throw: up to five files, of which neighbours in the list often belong together. */
static void put_throw(struct strbuf *words, uint32_t *dice)
{
	static const char *const roles[] = { "any", "any", "any", "cert", "chain", "key", "ca" };
	static const char *const asked[] = { "", "", " client", " name=device.example",
		" trust=fixtures/check/pair/root.pem", " trust=fixtures/certs/root.crt",
		" trust=fixtures/certs/root.crt name=device.example" };
	size_t near = draw(dice, COUNT(thrown)), n = 1 + draw(dice, 5);
	bool found = draw(dice, 2) != 0;

	strbuf_puts(words, "> files");
	for (size_t i = 0; i < n; i++) {
		size_t which = draw(dice, 4) != 0 ? near + draw(dice, 8) : draw(dice, 1000);

		strbuf_printf(words, " %s:fixtures/%s",
			found ? "any" : roles[draw(dice, COUNT(roles))],
			thrown[which % COUNT(thrown)]);
	}
	strbuf_puts(words, asked[draw(dice, COUNT(asked))]);
}

static void say_command(struct strbuf *now, const char *line);

/* > throws N SEED: a line for each ten, with a sum of all that is told of them. */
static void say_throws(struct strbuf *now, unsigned long n, uint32_t dice)
{
	uint32_t sum = 2166136261u;

	for (unsigned long i = 1; i <= n; i++) {
		struct strbuf words = { 0 }, told = { 0 };

		put_throw(&words, &dice);
		say_command(&told, strbuf_text(&words));
		sum = add_up(sum, strbuf_text(&told));
		if (i % 10 == 0)
			strbuf_printf(now, "  to %lu: %08x  %s\n", i, (unsigned)sum,
				strbuf_text(&words) + 2);
		strbuf_free(&told);
		strbuf_free(&words);
	}
}

static void say_command(struct strbuf *now, const char *line)
{
	bool damages = line[1] == '>', harms = line[1] == '*', told;
	char *copy = strdup(line), *rest = NULL;
	struct request r = { .purpose = PURPOSE_SERVER };
	struct credential_question q;
	struct err e = { 0 };

	assert_true(material_open(&r.m, &e));
	(void)strtok_r(copy, " ", &rest);
	if (strncmp(rest, "throws", 6) == 0) {
		unsigned long n = strtoul(rest + 6, &rest, 10);

		say_throws(now, n, (uint32_t)strtoul(rest, NULL, 10));
		material_close(&r.m);
		free(copy);
		return;
	}
	assert_string_equal(strtok_r(NULL, " ", &rest), "files");
	for (char *word; (word = strtok_r(NULL, " ", &rest)) != NULL;)
		take_word(&r, word);
	tell_material(now, &r.m);
	q = (struct credential_question){ r.trust, FIXTURE_TIME, r.name, r.purpose };
	tell_judgement(now, &r.m, &q);
	told = codes_told;
	codes_told = false; /* what a damaged key comes to is one number or another */
	for (unsigned how = 0; how < 3 && damages; how++)
		say_damages(now, &r, how);
	if (harms)
		say_harms(now, &r);
	codes_told = told;
	trust_close(r.trust);
	material_close(&r.m);
	free(copy);
}

static void test_material__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_command);
}

static void test_material__keys_are_what_the_library_makes_of_them(void **state)
{
	(void)state;
	codes_told = true;
	assert_listing(library_listing(), say_command);
}

static int write_both(void)
{
	int wrong = listing_write(LISTING, say_command);

	codes_told = true;
	return listing_write(library_listing(), say_command) | wrong;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_material__tells_what_the_listing_says),
		cmocka_unit_test(test_material__keys_are_what_the_library_makes_of_them),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return write_both();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
